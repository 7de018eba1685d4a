#!/usr/bin/env python3
"""Random histories, published step by step and all at once: both must give the same site.

usage: incremental.py GONGKAI SEED SEQUENCES STEPS

Every sequence makes a repository, then commits random changes; after each the site that went on
from the last is compared with one built from nothing: every file byte for byte but the database
and what tells its size or digest, the database row for row but for internal ids.
"""
import datetime
import os
import random
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile

from dense_steps import DENSE_DAYS, DENSE_STEPS, PATH_STEPS
from histories import STEPS, Repository, step_add, step_nothing
from odd_steps import ODD_STEPS

# What states the size or the digest of the database, or is it.
DIFFERENT = {"data/search.db", "data/SHA256SUMS", "data/index.html", "data/datapackage.json",
             "data/catalog.jsonld"}


def number_of(day):
    return datetime.date.fromisoformat(day).toordinal() if day else 0


def varints(row):
    """Numbers of FTS5: seven bits a byte, the last byte of each below 128."""
    value = 0
    for byte in row:
        value = value << 7 | byte & 127
        if byte < 128:
            yield value
            value = 0


def facts_of(database):
    """Path -> what search_facts has of it, read as generator/search/facts.h says; and ids of nothing."""
    facts, strays = {}, []
    paths = dict(database.execute("SELECT id, path FROM records"))
    orgs, items = (dict(database.execute(f"SELECT id, key FROM {table}")) for table in ("organisations", "items"))
    blocks = dict(database.execute("SELECT block, bytes FROM search_facts"))
    kinds = [line.split("\t")[0] for line in blocks.pop(-1, b"").decode().split("\n")]
    for row, copied in ((-2, "SELECT key, value FROM meta ORDER BY key"),
                        (-3, "SELECT id, key, name, lineage FROM organisations ORDER BY lineage"),
                        (-4, "SELECT word, same FROM synonyms ORDER BY word, same")):
        lines = "".join("\t".join(map(str, values)) + "\n" for values in database.execute(copied))
        strays += [f"row {row}"] if blocks.pop(row, b"").decode() != lines else []
    for block, row in blocks.items():
        for at in range(0, len(row), 16):
            slot = row[at:at + 16]
            field = lambda first, size: int.from_bytes(slot[first:first + size], "big")
            date = field(0, 3)
            if any(slot):
                fact = (date and f"{date >> 9:04}-{date >> 5 & 15:02}-{date & 31:02}" or "", field(3, 3),
                        orgs.get(field(6, 2), ""), items.get(field(8, 2), ""), kinds[slot[10] - 1],
                        field(11, 3), field(14, 2))
                path = paths.get(block * 1000 + at // 16)
                strays += [] if path else [block * 1000 + at // 16]
                facts[path] = fact
        strays += ["an empty end"] if not any(row[-16:]) else []
    return facts, strays


def wrong_facts(database):
    """What is wrong with search_facts: it must be what the records and the index say."""
    facts, strays = facts_of(database)
    words = {id: sum(varints(row)) for id, row in database.execute("SELECT id, sz FROM search_docsize")}
    want = {}
    for id, path, date, org, item, kind, start, end in database.execute(
            "SELECT id, path, date, coalesce((SELECT key FROM organisations WHERE key = org), ''),"
            " coalesce((SELECT key FROM items WHERE key = item), ''), kind,"
            " json_extract(fields, '$.notice_start'), json_extract(fields, '$.notice_end')"
            " FROM records"):
        first, last = number_of(start), number_of(end)
        days = last - first if first and last >= first else 0
        want[path] = (date, words.get(id, 0), org, item, kind, first if last >= first else 0, days)
    odd = sorted(set(map(repr, facts.items())) ^ set(map(repr, want.items())))
    return f"facts: {odd[:4]} {strays[:4]}" if odd or strays else None


def tables(path):
    queries = {
        "meta": "SELECT key, value FROM meta WHERE key NOT IN ('x')",
        "records": "SELECT path, url, folder, kind, title, date, org, item, summary, text, body_length,"
        " table_length, fields, index_number, corrects, blob, created, updated FROM records",
        "tables": "SELECT path, number, caption, source, columns, tables.url FROM tables JOIN records"
        " ON records.id = record",
        "cells": "SELECT * FROM cells",
        "ledger": "SELECT * FROM ledger",
        "points": "SELECT * FROM points",
        "replies": "SELECT * FROM replies",
        "motions": "SELECT * FROM motions",
        "entries": "SELECT count(*) FROM entries",
        "exceptions": "SELECT path, rule, count FROM exceptions JOIN records ON records.id = record",
        "tags": "SELECT path, tag FROM tags JOIN records ON records.id = record",
        "links": "SELECT path, target, links.text FROM links JOIN records ON records.id = record",
        "attachments": "SELECT * FROM attachments",
        "moved": "SELECT moved.url, path FROM moved JOIN records ON records.id = record",
        "board_tables": "SELECT path, number, row_count, sums FROM board_tables JOIN records ON"
        " records.id = record",
        "withdrawals": "SELECT * FROM withdrawals",
        "withdrawn_addresses": "SELECT * FROM withdrawn_addresses",
        "events": "SELECT path, events.kind, number, events.org, starts, ends, place, about FROM events"
                  " JOIN records ON records.id = record",
        "organisations": "SELECT key, name, lineage FROM organisations",
        "search_pages": "SELECT * FROM search_pages",
    }
    database = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    verdict = database.execute("PRAGMA integrity_check").fetchall()
    if wrong_facts(database):
        verdict.append(wrong_facts(database))
    rows = {name: sorted(map(repr, database.execute(sql))) for name, sql in queries.items()}
    words = "CREATE VIRTUAL TABLE temp.words USING fts5vocab(main, search, instance)"
    database.execute(words)
    rows["words"] = sorted(map(repr, database.execute(  # those of no record too, of which there are none
        "SELECT term, records.path, col, offset FROM temp.words"
        " LEFT JOIN records ON records.id = doc")))
    database.close()
    return rows, verdict


def files_of(out):
    found = {}
    for folder, _, names in os.walk(out):
        for name in names:
            path = os.path.relpath(os.path.join(folder, name), out)
            if path not in DIFFERENT:
                with open(os.path.join(folder, name), "rb") as file:
                    found[path] = file.read()
            else:
                found[path] = None
    return found


def difference(one, other):
    a, b = files_of(one), files_of(other)
    for path in sorted(a.keys() | b.keys()):
        if path not in a or path not in b:
            return f"only in the {'whole' if path in b else 'grown'} site: {path}"
        if a[path] != b[path]:
            return f"differs: {path}"
    rows_a, verdict_a = tables(os.path.join(one, "data/search.db"))
    rows_b, _ = tables(os.path.join(other, "data/search.db"))
    if verdict_a != [("ok",)]:
        return f"integrity: {verdict_a}"
    for name, rows in rows_a.items():
        if rows != rows_b[name]:
            odd = sorted(set(rows) ^ set(rows_b[name]))
            return f"table {name}: {odd[:4]}"
    return None


def build(gongkai, repository, out, as_of, *options):
    return subprocess.run(
        [gongkai, "build", "-C", repository.path, "-o", out, "--as-of", as_of, "--lang", "en",
         "--theme", repository.theme, *options],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False,
    )


def another_month(rng, month):
    """Seldom in the other half of the year: between them a law comes into force, and all is built
    anew."""
    half = month > 6 if rng.random() < 0.85 else month <= 6
    return rng.randint(1, 6) + 6 * half


def run_sequence(gongkai, seed, steps, scratch):
    rng = random.Random(seed)
    work = os.path.join(scratch, "work")
    os.makedirs(work)
    theme = os.path.join(scratch, "theme")
    shutil.copytree("themes/default", theme)
    repository = Repository(work, rng, rng.random() < 0.5, theme)
    grown, whole = os.path.join(scratch, "grown"), os.path.join(scratch, "whole")
    is_dense = rng.random() < 0.4
    family = rng.choice([DENSE_STEPS, DENSE_STEPS, PATH_STEPS])
    refused = partial = 0
    month = 6
    for number in range(steps):
        if is_dense:
            step = rng.choice(family + [step_nothing])
        else:
            step = rng.choice(rng.choice([STEPS, ODD_STEPS])) if number > 0 else step_add
        step(rng, repository)
        repository.commit()
        if rng.random() < 0.3 or step is step_nothing:
            month = another_month(rng, month)
        as_of = f"2026-{month:02}-{rng.choice([1, 2, 9, 15, 28]):02}"
        if is_dense:
            as_of = rng.choice(DENSE_DAYS) if number == 0 or rng.random() < 0.4 else day
        day = as_of
        first = build(gongkai, repository, grown, as_of)
        shutil.rmtree(whole, ignore_errors=True)
        shutil.rmtree(os.path.join(scratch, ".whole.gongkai"), ignore_errors=True)
        second = build(gongkai, repository, whole, as_of, f"-j{rng.randint(1, 3)}")
        if first.returncode != second.returncode:
            return f"step {number} {step.__name__}: exit {first.returncode} grown, {second.returncode} whole: {first.stderr.decode()} {second.stderr.decode()}", 0
        if first.returncode == 1:
            refused += 1
            if refused % 2 == 0:
                repository.give_back()
            continue
        if first.returncode != 0:
            return f"step {number} {step.__name__}: {first.stderr.decode()}", 0
        due = [re.findall(rb"next build due: [-0-9]+", done.stdout) for done in (first, second)]
        if due[0] != due[1]:
            return f"step {number} {step.__name__}: due {due}", 0
        repository.published()
        partial += b"anew" not in first.stderr and number > 0
        found = difference(grown, whole)
        if found:
            return f"step {number} {step.__name__}: {found}", 0
    return None, partial


def main():
    gongkai, seed, sequences, steps = os.path.abspath(sys.argv[1]), *map(int, sys.argv[2:5])
    base = "/dev/shm" if os.path.isdir("/dev/shm") else None
    total = 0
    for number in range(seed, seed + sequences):
        scratch = tempfile.mkdtemp(dir=base)
        fault, partial = run_sequence(gongkai, number, steps, scratch)
        total += partial
        if fault:
            print(f"not ok - sequence {number}: {fault}")
            if os.environ.get("KEEP"):
                print(f"# kept: {scratch}")
                return 1
        shutil.rmtree(scratch, ignore_errors=True)
        if fault:
            return 1
    print(f"ok - {sequences} sequences of {steps} steps, {total} of them incremental")
    return 0


if __name__ == "__main__":
    sys.exit(main())
