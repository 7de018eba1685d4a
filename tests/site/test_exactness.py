#!/usr/bin/env python3
"""The search finds exactly the records that contain what was asked for: random pieces of one to
eight characters, a third around letters and digits, a fifth around punctuation, some changed at
random, over the sample county, over invented records and over odd ones."""
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


# Rare and compatible forms, marks, numbers, and what joins or parts them.
CHARACTERS = (
    "中国村民委员会条第的一二三〇○◯々〆〻𠀀𠮷𫝀𪚥𰻞㐂﨑塚神⼀⺀㊙㍻㎡㏒℃①½Ⅷ",
    ("abcXYZ", "éÉñß", "ſİıςΑйЖ", "ﬁ", "㌀", "e\u0301", "o\u0308\u0301", "中\u0301", "1\u0301",
     "กำ", "한", "ﾊﾟ", "パ", "アイー", "क्षि"),
    ("0", "12", "1,234", "12,345,678", "1,23", "１，２３４", "0,123", "a1,234", "1.5", "12%", "٣"),
    "，。、；：（）《》“”…—·～-_/.,%+@!?= 　\u00a0\u200b\u00ad\ufe0f\u200d\u2028\U000f0000😀",
)


def mixed(rng, count):
    return "".join(rng.choice(rng.choice(CHARACTERS)) for _ in range(count))


def odd_records(folder):
    """Every second one has a word or a run of Han longer than what is handed over at once."""
    rng, repository = random.Random(4), Repository(os.path.join(folder, "odd"))
    for i in range(RECORDS):
        han = "".join(chr(rng.randrange(0x4e00, 0x9fa0)) for _ in range(rng.randint(200, 600)))
        run_on = rng.choice([han, han, han, "a1" * rng.randint(60, 200)])
        body = [mixed(rng, rng.randint(1, 200)), run_on if i % 2 == 0 else "",
                f"| 甲 | 乙 |\n|---|---|\n| {mixed(rng, 6)} | {mixed(rng, 6)} |"]
        repository.write(f"村/r{i}.md", f"# 题{mixed(rng, 5)}\n\n" + "\n\n".join(body) + "\n")
    repository.commit("odd")
    return build(folder, "odd-site", repository.path)


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


def compare(tap, name, database, seed, least=0.6):
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
    tap.ok(f"{name}: enough of them are found", hits > len(asked) * least, hits)


with Tap() as tap, scratch() as folder:
    compare(tap, "the sample county", sample_county(folder), 1)
    compare(tap, "invented records", invented_records(folder), 2)
    compare(tap, "odd records", odd_records(folder), 3, least=0.4)
