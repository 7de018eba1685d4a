#!/usr/bin/env python3
"""Personal data from end to end: no seeded leak is missed, and no digit of one is said."""
import json
import os
import re

from leaks import leaks
from support import Repository, Tap, gongkai, scratch

SEED = 20261125
CONFIG = "title: 甲县\nurl: https://example.invalid/\n"
DOUBT = {"R16A": "R16B", "R16C": "R16D", "R16E": "R16F"}
DIGIT = re.compile("[0-9]")


def check(repository, *more):
    return gongkai("check", "-C", repository.path, "--lang", "zh", *more)


def told_of(said):
    """By the number of the record that a path begins with: (level, code)."""
    found = {}
    for entry in json.loads(said):
        number = re.match(r"甲村/(\d{4})", entry["path"])
        if number:
            found.setdefault(number[1], set()).add((entry["level"], entry["code"]))
    return found


def pieces(number):
    """Any five places of it give something away."""
    return {number[i:i + 5] for i in range(len(number) - 4)}


def shown(text, written, number):
    """Is a part of the number on one of the lines that speak of its files?"""
    return any(piece in text for piece in pieces(number)) or (len(written) < 200 and written in text)


def test_recall(tap, folder):
    repository = Repository(os.path.join(folder, "leaks"))
    repository.write("gongkai.yml", CONFIG)
    seeded = {}
    for name, code, number, files, may_doubt in leaks(SEED):
        stem = min(files).split("/")[1][:4]
        seeded[stem] = (name, code, number, files, may_doubt)
        for path, content in files.items():
            repository.write(path, content)
    repository.commit()
    status, said, err = check(repository, "--json")
    found, missed, doubted = told_of(said), [], 0
    for stem, (name, code, number, files, may_doubt) in seeded.items():
        told = found.get(stem, set())
        is_certain = ("error", code) in told
        is_doubted = ("warning", DOUBT[code]) in told and may_doubt
        doubted += is_doubted and not is_certain
        if not (is_certain or is_doubted):
            missed.append((name, sorted(told), list(files.items())))
    print(f"# {len(seeded)} leaks, {doubted} of them told as doubtful, {len(missed)} missed")
    tap.ok("a thousand leaks at least", len(seeded) >= 1000, len(seeded))
    tap.none("none is missed", missed)
    tap.same("they are refused", 1, status)
    test_silence(tap, repository, seeded)


def test_silence(tap, repository, seeded):
    """What check says, line by line, each beside the file that it speaks of."""
    _, said, err = check(repository)
    blocks = re.split(r"\n(?=甲村/\d{4})", said + err)
    faults = []
    for block in blocks:
        number = re.match(r"甲村/(\d{4})", block)
        if number is None or number[1] not in seeded:
            continue
        name, _, raw, _, _ = seeded[number[1]]
        body = re.sub(r"^甲村/\d{4}", "", block)
        if shown(body, raw, raw):
            faults.append((name, raw, block))
    tap.none("no digit of them is said", faults)


def main():
    with Tap() as tap, scratch() as folder:
        test_recall(tap, folder)


if __name__ == "__main__":
    main()
