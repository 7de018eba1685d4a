#!/usr/bin/env python3
"""The typed views of data/search.db: what the tables and front matter of content/ say, as numbers
and days, against the same files read by Python."""
import csv
import glob
import os
import sqlite3

from support import Tap, gongkai, scratch

VILLAGES = {"990101100201": "柳湾镇/柳湾村", "990101100202": "柳湾镇/石桥村", "990101100203": "柳湾镇/白鹤村",
            "990101200201": "岚口乡/杉坳村"}


def fen(text):
    return round(float(text.replace(",", "")) * 100) if text else 0


def spent_on(folder, subject):
    total = 0
    for path in glob.glob(f"content/{folder}/财务/*.csv"):
        with open(path, encoding="utf-8-sig") as file:
            total += sum(fen(row["支出（元）"]) for row in csv.DictReader(file) if row["科目"] == subject)
    return total


def views(db):
    return [name for name, in db.execute("SELECT name FROM sqlite_master WHERE type = 'view'")]


def check_ledger(tap, db):
    for code, folder in VILLAGES.items():
        for subject in ("公共照明", "办公", "村庄保洁"):
            got = db.execute("SELECT ifnull(sum(expense), 0) FROM ledger WHERE org_code = ? AND subject = ?",
                             (code, subject)).fetchone()[0]
            tap.same(f"{folder}: what was spent on {subject}", spent_on(folder, subject), got)


def check_types(tap, db):
    columns = {"ledger": {"date": "text", "income": "integer", "expense": "integer", "number": "integer"},
               "subsidies": {"area": "real", "rate": "integer", "amount": "integer"},
               "bids": {"price": "integer"}, "points": {"month": "integer"},
               "meetings": {"due": "integer", "held": "text"},
               "motions": {"yes": "integer", "deadline": "text"},
               "disclosures": {"closing": "integer"}}
    faults = []
    for view, types in columns.items():
        for column, want in types.items():
            got = {kind for kind, in db.execute(f'SELECT DISTINCT typeof("{column}") FROM "{view}"')}
            if want not in got or got - {want, "null"}:
                faults.append(f"{view}.{column}: {got}")
    tap.none("money is fen, days are ISO text, shares are real", faults)
    bad = db.execute("SELECT count(*) FROM ledger WHERE date IS NOT date(date)").fetchone()[0]
    tap.same("every day of a ledger is one that SQLite knows", 0, bad)


def check_totals(tap, db):
    rows = db.execute("SELECT count(*) FROM cells WHERE value IN ('合计', '总计')").fetchone()[0]
    tap.ok("tables of the content have rows of totals", rows > 0)
    texts = [row for view in ("account_totals", "aid_totals", "subsidies", "works", "grids")
             for row in db.execute(f"SELECT * FROM {view}") if "合计" in row or "总计" in row]
    tap.none("and none of them is an entry", texts)


def main():
    with Tap() as tap, scratch() as folder:
        site = os.path.join(folder, "site")
        status, _, err = gongkai("build", "-C", ".", "--content", "content", "-o", site)
        tap.ok("content/ is published", status == 0, err)
        db = sqlite3.connect(f"file:{site}/data/search.db?mode=ro&immutable=1", uri=True)
        broken = []
        for view in views(db):
            try:
                db.execute(f'SELECT * FROM "{view}"').fetchall()
            except sqlite3.Error as error:
                broken.append(f"{view}: {error}")
        tap.none("every view can be read", broken)
        check_ledger(tap, db)
        check_types(tap, db)
        check_totals(tap, db)


main()
