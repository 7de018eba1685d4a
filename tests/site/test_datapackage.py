#!/usr/bin/env python3
"""data/datapackage.json describes the database that stands beside it."""
# builds: release asan
import hashlib
import json
import os
import sqlite3

from support import Repository, Tap, gongkai, read, scratch

with Tap() as tap, scratch() as folder:
    repository = Repository(os.path.join(folder, "repository"))
    repository.write("gongkai.yml", "title: 试验县\nurl: https://example.invalid/\nlanguage: zh-CN\n"
                                    "licence:\n  name: CC0\n  url: https://example.invalid/cc0\n")
    repository.write("a.md", "---\n标题: 甲\n---\n\n正文。\n")
    commit = repository.commit(date="2026-03-05T10:00:00+0800")
    out = os.path.join(folder, "site")
    status, _, errors = gongkai("build", "-C", repository.path, "-o", out, "--theme",
                                "themes/default")
    tap.ok("it builds", status == 0, errors)
    package = json.loads(read(out, "data", "datapackage.json"))
    database = read(out, "data", "search.db")
    resource = package["resources"][0]
    tap.same("the version is the commit", commit, package["version"])
    tap.same("the moment is the commit's", "2026-03-05T02:00:00Z", package["created"])
    tap.same("the licence", [{"path": "https://example.invalid/cc0", "title": "CC0"}],
             package["licenses"])
    tap.same("the size", len(database), resource["bytes"])
    tap.same("the hash", "sha256:" + hashlib.sha256(database).hexdigest(), resource["hash"])
    db = sqlite3.connect(f"file:{out}/data/search.db?mode=ro&immutable=1", uri=True)
    faults = []
    for view in resource["views"]:
        names = [row[1] for row in db.execute(f"PRAGMA table_info(\"{view['name']}\")")]
        told = [field["name"] for field in view["fields"]]
        faults += [] if told == names else [f"{view['name']} has {names}, told {told}"]
    tap.none("of every view that it names it tells the columns, all and in their order", faults)
    named = {view["name"] for view in resource["views"]}
    there = {name for name, in db.execute("SELECT name FROM sqlite_master WHERE type = 'view'")}
    tap.same("and no view is left out but those that serve the others",
             {"cells", "placed_records", "placed_entries", "publications"}, there - named)
