#!/usr/bin/env python3
"""csv-metadata.json against the CSV files that it describes, read here by the rules of CSV on the Web:
headings are among the titles, cells have the form of their datatype or are null, keys are unique."""
# builds: release asan
import csv
import datetime
import io
import json
import os
import re
import sqlite3

from support import Repository, Tap, all_files, gongkai, read, scratch

NUMBER = re.compile(r"[+-]?\d+(,\d{3})*(\.\d+)?")
FREE = """---
title: 各种写法
---

| 序号 | 日期 | 摘要 | 收入（元） | 支出 | 收入 | 备忘 |
|---|---|---|---|---|---|---|
| 1 | 2026-03-01 | 无 | 1,200.50 | - | x | y |
| 2 | — | 路灯 | -3.5 | 7 | | |
| 合计 | | | 1,197.00 | 7 | | |

## 乱写的

| 日期 | 摘要 | 收入 |
|---|---|---|
| 2026/3/1 | 路灯 | 12,00 |

## 别的

| 甲 | 乙 |
|---|---|
| 1 | 2 |
"""


def is_date(text):
    try:
        return len(text) == 10 and bool(datetime.date.fromisoformat(text))
    except ValueError:
        return False


FORMS = {"string": lambda text: True, "integer": lambda text: re.fullmatch(r"[+-]?\d+", text),
         "decimal": NUMBER.fullmatch, "date": is_date,
         "gYearMonth": lambda text: re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", text)}


def titles_of(column):
    titles = column["titles"]
    return [titles] if isinstance(titles, str) else list(titles.values())


def faults_of_table(group, table, data):
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    columns = table["tableSchema"]["columns"]
    if len(rows[0]) != len(columns):
        return [f"{len(columns)} columns for {rows[0]}"]
    faults = [f"{heading} is no title of {column}" for heading, column in zip(rows[0], columns)
              if heading not in titles_of(column)]
    names = [column["name"] for column in columns]
    faults += [f"twice: {names}"] if len(set(names)) < len(names) else []
    for number, row in enumerate(rows[1:], 1):
        for text, column in zip(row, columns):
            datatype = column.get("datatype", "string")
            form = FORMS[datatype if isinstance(datatype, str) else datatype["base"]]
            if text not in column.get("null", group["null"]) and not form(text):
                faults.append(f"row {number}, {column['name']}: {text!r} is no {datatype}")
    key = table["tableSchema"].get("primaryKey")
    if key:
        keys = [row[names.index(key)] for row in rows[1:]]
        faults += [f"key {key}: {keys}"] if len(set(keys)) < len(keys) or "" in keys else []
    return faults


def check_content(tap, folder):
    site = os.path.join(folder, "content")
    status, _, errors = gongkai("build", "-C", ".", "--content", "content", "-o", site, "--as-of", "2026-11-20")
    tap.ok("the county's content builds", status == 0, errors)
    files = [file for file in all_files(site) if os.path.basename(file) == "csv-metadata.json"]
    faults, typed, keys, tables = [], 0, 0, set()
    for file in files:
        group, there = json.loads(read(site, file)), os.path.dirname(file)
        for table in group["tables"]:
            path = os.path.join(there, table["url"])
            tables.add(path)
            faults += [f"{path}: {fault}" for fault in faults_of_table(group, table, read(site, path))]
            typed += sum(column.get("datatype", "string") != "string" for column in table["tableSchema"]["columns"])
            keys += "primaryKey" in table["tableSchema"]
    tap.none(f"{len(tables)} CSV files are as they are described", faults)
    tap.ok("most columns of figures and days are told so", typed > 400 and keys > 10, (typed, keys))
    db = sqlite3.connect(f"file:{site}/data/search.db?mode=ro&immutable=1", uri=True)
    known = {path for path, in db.execute("SELECT DISTINCT record FROM tables WHERE kind <> ''")}
    tap.same("every record with a table that is known has one", len(known), len(files))
    beside = {file for file in all_files(site) if re.fullmatch(r"table-\d+\.csv", os.path.basename(file))
              and os.path.join(os.path.dirname(file), "csv-metadata.json") in set(files)}
    tap.same("and all its tables are in it", beside, tables)
    views = {view["name"]: {field["name"]: field["title"] for field in view["fields"]}
             for view in json.loads(read(site, "data", "datapackage.json"))["resources"][0]["views"]}
    odd = [(file, column["name"]) for file in files for table in json.loads(read(site, file))["tables"]
           if "dc:type" in table for column in table["tableSchema"]["columns"]
           if not column["name"].startswith("column_") and column["name"] not in views[table["dc:type"]]]
    tap.none("columns are called as in datapackage.json", odd)


def check_free(tap, folder):
    repository = Repository(os.path.join(folder, "repository"))
    repository.write("free.md", FREE)
    repository.write("plain.md", "---\ntitle: 没有认得的表\n---\n\n| 甲 | 乙 |\n|---|---|\n| 1 | 2 |\n")
    repository.write("free/csv-metadata.json", "{}")
    repository.write("link.md", "---\ntitle: 链接\n---\n\n[文件](free/csv-metadata.json)\n")
    repository.commit()
    site = os.path.join(folder, "free")
    status, _, errors = gongkai("build", "-C", repository.path, "-o", site, "--theme", "themes/default")
    tap.ok("a free site builds", status == 0, errors)
    tap.ok("a record without a known table has none", "plain/csv-metadata.json" not in all_files(site))
    tap.ok("and content's own file of that name stands elsewhere",
           [file for file in all_files(site) if re.fullmatch(r"free/csv-metadata-\w+\.json", file)], all_files(site))
    group = json.loads(read(site, "free", "csv-metadata.json"))
    first, second, third = [table["tableSchema"] for table in group["tables"]]
    for number, table in enumerate(group["tables"], 1):
        tap.none(f"table {number} is as it is described",
                 faults_of_table(group, table, read(site, "free", f"table-{number}.csv")))
    kinds = [(column["name"], column.get("datatype", "string")) for column in first["columns"]]
    money = {"base": "decimal", "format": {"decimalChar": ".", "groupChar": ","}}
    tap.same("its columns", [("number", "integer"), ("date", "date"), ("summary", "string"), ("income", money),
                             ("expense", money), ("column_6", "string"), ("column_7", "string")], kinds)
    tap.ok("the word of the totals is null among numbers", "合计" in first["columns"][0]["null"])
    tap.ok("rows are not named by a number that totals lack", "primaryKey" not in first)
    tap.same("what is not written as its type is text", ["string"] * 3,
             [column.get("datatype") for column in second["columns"]])
    tap.same("a table that is not known has its headings alone", ["甲", "乙"],
             [column["titles"] for column in third["columns"]])


with Tap() as tap, scratch() as folder:
    check_content(tap, folder)
    check_free(tap, folder)
