#!/usr/bin/env python3
"""The search finds exactly the records that contain what was asked for: random pieces of one to
eight characters, a third around letters and digits, a fifth around punctuation, some changed at
random, over the sample county and over invented records."""
# builds: release
import concurrent.futures
import json
import os
import random
import re
import shutil
import sqlite3

from substrings import contains, fold
from support import Repository, Tap, gongkai, run, scratch

ASKED = 12000 if "SOAK" in os.environ else 1000  # of each corpus
RECORDS = 300
LATIN = re.compile("[0-9A-Za-z]")
MARKS = re.compile("[，。、；：（）《》〔〕“”/.,%-]")
NOT_ASKED = set('\n\t"')  # blocks' ends, and what ends a quoted phrase


def build(folder, name, repository):
    out = os.path.join(folder, name)
    status, _, errors = gongkai("build", "-C", repository, "-o", out, "--as-of", "2026-11-20",
                                "--theme", "themes/default")
    if status != 0:
        raise SystemExit(f"Bail out! {name}: {errors}")
    return os.path.join(out, "data", "search.db")


def sample_county(folder):
    repository = Repository(os.path.join(folder, "county"))
    shutil.copytree("content", repository.path, dirs_exist_ok=True)
    repository.commit("sample")
    return build(folder, "county-site", repository.path)


def invented_records(folder):
    repository = os.path.join(folder, "invented")
    run("scripts/bench-content", repository, str(RECORDS))
    return build(folder, "invented-site", repository)


def piece(rng, texts):
    """A random piece of a random text, or None."""
    text = rng.choice(texts)
    at, kind = rng.randrange(len(text)), rng.random()
    if kind < 0.5:
        found = [match.start() for match in (LATIN if kind < 0.3 else MARKS).finditer(text)]
        if not found:
            return None
        at = max(0, rng.choice(found) - rng.randint(0, 4))
    out = list(text[at:at + rng.randint(1, 8)])
    if kind > 0.9:
        out[rng.randrange(len(out))] = rng.choice(rng.choice(texts))
    out = "".join(out)
    return None if NOT_ASKED & set(out) or not fold(out).strip() else out


def pieces(rng, texts, synonyms):
    found = []
    while len(found) < ASKED:
        out = piece(rng, texts)
        if out is not None and out.strip() not in synonyms:
            found.append(out)
    return found


def found(database, operand):
    """How many records the search says it found."""
    status, answer, errors = gongkai("search", database, "--json", f'"{operand}"')
    if status != 0:
        return f"status {status}: {errors}"
    result = json.loads(answer)
    return 0 if result.get("nearest") else result["total"]


def compare(tap, name, database, seed):
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as db:
        rows = db.execute("SELECT title, text FROM records ORDER BY path").fetchall()
        synonyms = {word for (word,) in db.execute("SELECT word FROM synonyms")}
    folded = [(fold(title), fold(text)) for title, text in rows]
    asked = pieces(random.Random(seed), ["\n".join(row) for row in rows], synonyms)
    faults, hits = [], 0
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        answers = pool.map(lambda operand: found(database, operand), asked)
        for operand, got in zip(asked, answers):
            wanted = fold(operand).strip()
            want = sum(contains(a, wanted) or contains(b, wanted) for a, b in folded)
            hits += want > 0
            if got != want:
                faults.append(f"{operand!r}: {got}, not {want}")
    tap.none(f"{name}: {len(asked)} pieces, {len(rows)} records", faults)
    tap.ok(f"{name}: most of them are found", hits > len(asked) * 0.6, hits)


with Tap() as tap, scratch() as folder:
    compare(tap, "the sample county", sample_county(folder), 1)
    compare(tap, "invented records", invented_records(folder), 2)
