#!/usr/bin/env python3
"""What people ask for comes first: the judged queries of relevance.tsv over the sample county, nine
in ten with their record first and all with it among the first three."""
# builds: release
import json
import os
import sqlite3

from support import Tap, gongkai, sample_site, scratch


def judged():
    with open("tests/site/relevance.tsv", encoding="utf-8") as file:
        lines = [line.rstrip("\n") for line in file if line.strip() and not line.startswith("#")]
    return [tuple(line.split("\t")) for line in lines]


def found(database, query):
    """Paths of the first page, the best first."""
    status, answer, _ = gongkai("search", database, "--json", query)
    return [hit["path"] for hit in json.loads(answer)["results"]] if status == 0 else []


with Tap() as tap, scratch() as folder:
    database = os.path.join(sample_site(folder), "data", "search.db")
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as db:
        titles = {title for (title,) in db.execute("SELECT title FROM records")}
    rows = judged()
    tap.ok("40 queries or more", len(rows) >= 40, len(rows))
    tap.none("no query is a title", [query for query, _ in rows if query in titles])
    places = [(query, path, found(database, query)) for query, path in rows]
    late = [f"{query}: {answer[:3]}, not {path}" for query, path, answer in places
            if answer[:1] != [path]]
    tap.ok("nine in ten come first", len(late) * 10 <= len(rows), "\n".join(late))
    tap.none("all are among the first three", [f"{query}: {answer[:3]}, not {path}"
                                               for query, path, answer in places
                                               if path not in answer[:3]])
