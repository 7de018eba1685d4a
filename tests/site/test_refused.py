#!/usr/bin/env python3
"""R23: a program with a fault of its own publishes nothing. tests/tools/broken_gongkai.c draws one
output wrong; what reads it back must refuse it, in both languages, and the old site must stand."""
# builds: release asan
import os

from support import BUILD, Repository, Tap, contents, gongkai, run, scratch

BROKEN = os.path.join(BUILD, "tools", "broken_gongkai")
CONFIG = """title: 试验县
url: https://a.example/
licence: {name: CC0, url: https://a.example/cc0}
organisations:
  - {key: liu, name: 柳湾村, type: village, folder: 柳湾}
"""
RECORD = """---
title: 九月的账
date: 2026-03-04
schedule: [{what: 开会, date: 2026-03-25, start: "14:30"}]
---

| 日期 | 摘要 | 收入（元） |
|---|---|---|
| 2026-03-01 | 路灯 | 1,200.50 |
"""
CALENDAR, COLUMNS, PACKAGE = "archive/org/liu/calendar.ics", "柳湾/账/csv-metadata.json", "data/datapackage.json"
CATALOG, DATASETS = "data/catalog.jsonld", "archive/org/liu/catalog.jsonld"
# File, what it says, what the broken program writes in its place, the code, what the message names.
ROWS = [
    ("calendar.ics", "DTSTAMP:2", "DTSTAMP:X", "R23A", "VEVENT DTSTAMP"),
    (CALENDAR, "END:VTIMEZONE\r\n", "", "R23A", "BEGIN VEVENT"),
    (CALENDAR, "\r\nSUMMARY", "\nSUMMARY", "R23A", "CRLF"),
    (COLUMNS, '"tables"', '"tables', "R23B", ""),
    (COLUMNS, '"name":"income"', '"name":"date"', "R23C", "tables[0].tableSchema.columns[2]"),
    (COLUMNS, "http://www.w3.org/ns/csvw", "csvw", "R23C", "@context"),
    (PACKAGE, '"path":"search.db"', '"path":"/search.db"', "R23C", "resources[0]"),
    (PACKAGE, '"hash":"sha256:', '"hash":"', "R23C", "hash"),
    (PACKAGE, '"name":"ledger"', '"nom":"ledger"', "R23C", "views["),
    (CATALOG, '"dcat:accessURL"', '"dcat:url"', "R23C", "https://a.example/data/search.db#file"),
    (CATALOG, 'data/#database"', 'data/#nothing"', "R23C", "dcat:dataset"),
    (CATALOG, '"@type":"xsd:hexBinary"', '"@type":"xsd:anyURI"', "R23C", "@value"),
    (DATASETS, '"dct:publisher"', '"dct:by"', "R23C", "dct:publisher"),
    (DATASETS, '"@graph":[', '"@graph":[,', "R23B", ""),
]
WORDS = {"zh": {"R23A": "要发布的日历“{}”第 ", "R23B": "要发布的“{}”从第 ", "R23C": "要发布的“{}”里，"},
         "en": {"R23A": 'of the calendar "{}", about to be published, is not as RFC 5545 asks (',
                "R23B": '"{}", about to be published, is no JSON from byte ',
                "R23C": 'in "{}", about to be published, '}}


def main():
    with Tap() as tap, scratch() as folder:
        repository, site = Repository(os.path.join(folder, "repository")), os.path.join(folder, "site")
        options = ["-C", repository.path, "-o", site, "--theme", "themes/default", "--as-of", "2026-03-10"]
        repository.write("gongkai.yml", CONFIG)
        repository.write("柳湾/账.md", RECORD)
        repository.commit()
        status, _, errors = gongkai("build", *options)
        tap.ok("the sound program publishes it", status == 0, errors)
        before = contents(site)
        repository.write("柳湾/账.md", RECORD.replace("路灯", "电费"))
        repository.commit(date="2026-03-07T10:00:00+0800")
        for number, (file, old, new, code, names) in enumerate(ROWS):
            if old.encode() not in before.get(file, b""):
                tap.ok(f"{file} says {old!r}", False, before.get(file, b"")[:400])
                continue
            language = ("zh", "en")[number % 2]
            status, _, errors = run(BROKEN, "build", *options, "--lang", language,
                                    env={"BREAK_FILE": file, "BREAK_FROM": old, "BREAK_TO": new})
            wants = [f"error[{code}]: ", WORDS[language][code].format(file), names]
            tap.ok(f"{file}: {old.strip()!r} as {new.strip()!r} is refused",
                   status == 1 and all(want in errors for want in wants), f"{status} want {wants}\n{errors}")
            tap.ok("and the old site stands", contents(site) == before)
        status, _, errors = gongkai("build", *options)
        tap.ok("the sound program publishes the change", status == 0 and contents(site) != before, errors)


main()
