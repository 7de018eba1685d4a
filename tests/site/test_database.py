#!/usr/bin/env python3
"""data/search.db in clients that know nothing of us: Debian's sqlite3, Python, and SQLite compiled
to WebAssembly run every statement of site/README.md and agree."""
import json
import os
import re
import sqlite3

from support import Tap, gongkai, run, scratch

WASM = """
const { Database } = require("node-sqlite3-wasm");
const db = new Database(process.argv[1], { readOnly: true });
const out = process.argv.slice(2).map(sql => db.all(sql).map(row => Object.values(row)));
console.log(JSON.stringify(out, (key, value) => typeof value === "bigint" ? Number(value) : value));
"""


def recipes():
    with open("site/README.md", encoding="utf-8") as file:
        return [text.strip() for text in re.findall(r"```sql\n(.*?)```", file.read(), re.DOTALL)]


def plain(rows):
    """Rows as all clients can agree on them: a sum of yuan to the fen."""
    return [[round(value, 2) if isinstance(value, float) else value for value in row] for row in rows]


def ask_shell(path, sql):
    status, out, err = run("sqlite3", "-json", "-readonly", path, sql)
    if status != 0:
        return err
    return plain([list(row.values()) for row in json.loads(out or "[]")])


def ask_wasm(path, statements):
    status, out, err = run("node", "-e", WASM, path, *statements)
    return [plain(rows) for rows in json.loads(out)] if status == 0 else [err] * len(statements)


def pairs(word):
    if len(word) == 1:
        return f'"{word}" *'
    return '"' + " ".join(word[i:i + 2] for i in range(len(word) - 1)) + '"'


def check_words(tap, path):
    db = sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)
    records = db.execute("SELECT title, text FROM records").fetchall()
    faults = []
    for word in ["低保", "村", "路灯", "柳湾村", "一事一议", "村民委员会", "道路硬化工程", "水", "公示栏"]:
        want = sum(word in title or word in text for title, text in records)
        got = ask_shell(path, f"SELECT count(*) FROM search WHERE search MATCH '{pairs(word)}'")
        if got != [[want]] or want == 0:
            faults.append(f"{word}: {want} records hold it; the shell found {got}")
    tap.none("Chinese words of one to six characters are found in the stock shell", faults)


def check_documented(tap, db):
    """Whoever lists what is in the file finds each name explained, the keys of meta too."""
    with open("site/README.md", encoding="utf-8") as file:
        readme = file.read().split("\n## The database\n")[1]
    with open("generator/RECORDS.md", encoding="utf-8") as file:
        views = file.read()
    keys = [key for key, in db.execute("SELECT key FROM meta")]
    names = db.execute("SELECT name, type FROM sqlite_master WHERE type IN ('table', 'view')"
                       " AND name NOT LIKE 'sqlite_%'").fetchall()
    tap.none("every table, view and key of meta is explained",
             [key for key in keys if f"`{key}`" not in readme] +
             [name for name, kind in names if f"`{name}`" not in readme + (views if kind == "view" else "")])


def main():
    with Tap() as tap, scratch() as folder:
        site = os.path.join(folder, "site")
        status, _, err = gongkai("build", "-C", ".", "--content", "content", "-o", site)
        tap.ok("content/ is published", status == 0, err)
        path = os.path.join(site, "data/search.db")
        statements = recipes()
        tap.ok(f"site/README.md has {len(statements)} statements", len(statements) >= 8)
        wasm = ask_wasm(path, statements)
        db = sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)
        for sql, from_wasm in zip(statements, wasm):
            name = " ".join(sql.split())[:60]
            rows = plain(db.execute(sql).fetchall())
            shell = ask_shell(path, sql)
            tap.ok(f"{name}…: rows, the same in three clients",
                   rows and rows != [[0]] and rows == shell == from_wasm,
                   f"Python {rows}\nshell {shell}\nWebAssembly {from_wasm}")
        check_words(tap, path)
        check_documented(tap, db)
        meta = dict(db.execute("SELECT key, value FROM meta"))
        head = run("git", "rev-parse", "HEAD")[1].strip()
        tap.same("meta names the commit", head, meta.get("commit"))
        tap.none("and what a citation needs", [key for key in ("as_of", "licence_name", "schema_version",
                                                               "rows_digest", "program") if key not in meta])


main()
