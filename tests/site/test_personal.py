#!/usr/bin/env python3
"""Personal data from end to end: no seeded leak is missed, and no digit of one is said."""
import json
import os
import re
import shutil

from leaks import leaks
from support import Repository, Tap, all_files, contents, gongkai, scratch

SEED = 20261125
CODE, CREDIT = "621228200201010003", "526201198912304746"
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


def build(repository, out, *more):
    return gongkai("build", "-C", repository.path, "-o", out, "--as-of", "2026-10-31", "--lang", "zh",
                   *more)


def memory_bytes(folder):
    found = b""
    for path in all_files(folder):
        with open(os.path.join(folder, path), "rb") as file:
            found += file.read()
    return found


def test_labelled(tap, folder):
    """What a label lets pass is published, also by an update that does not read its record."""
    repository, out = Repository(os.path.join(folder, "labelled")), os.path.join(folder, "labelled.web")
    repository.write("gongkai.yml", CONFIG)
    repository.write("甲村/地.md", f"# 地块\n\n| 户 | 承包方编码 |\n|--|--|\n| 1 | {CODE} |\n\n"
                                   f"统一社会信用代码:{CREDIT}\n")
    repository.write("甲村/乙.md", "# 乙\n\n[地块](地.md)\n")
    repository.commit()
    tap.same("labelled codes are published", (0, ""), build(repository, out)[::2])
    page = os.path.join(out, "甲村/地/index.html")
    tap.ok("they stand on the page", CODE in open(page, encoding="utf-8").read())
    repository.write("甲村/乙.md", "# 另一个题目\n\n[地块](地.md)\n")
    repository.write("甲村/丙.md", "# 丙\n\n[地块](地.md)\n")
    repository.commit()
    tap.same("and by an update", (0, ""), build(repository, out)[::2])
    remembered = memory_bytes(os.path.join(folder, ".labelled.web.gongkai"))
    tap.ok("no memory holds them", CODE.encode() not in remembered and CREDIT.encode() not in remembered)


def test_output(tap, folder):
    """A theme that shows a number in parts that no source holds in a row."""
    repository, out = Repository(os.path.join(folder, "output")), os.path.join(folder, "output.web")
    theme = os.path.join(folder, "theme")
    shutil.copytree("themes/default", theme)
    repository.write("gongkai.yml", CONFIG)
    repository.write("甲村/甲.md", "---\n标题: \"138001\"\n---\n\n正文。\n")
    repository.commit()
    tap.same("half a number is none", (0, ""), build(repository, out)[::2])
    before = contents(out)
    name = os.path.join(theme, "record_header.mustache")
    with open(name, encoding="utf-8") as file:
        text = file.read()
    assert "{{record.title}}" in text
    with open(name, "w", encoding="utf-8") as file:
        file.write(text.replace("{{record.title}}", "{{record.title}}38000"))
    repository.write("甲村/乙.md", "# 乙\n\n正文。\n")
    repository.commit()
    status, said, err = build(repository, out, "--theme", theme)
    tap.same("a page with a whole one is refused", 1, status)
    tap.ok("with file and record", "甲村/甲.md: error[R16I]" in err and "甲村/甲/index.html" in err, err)
    tap.ok("without a digit", "13800" not in said + err and "38000" not in said + err, err)
    tap.ok("nothing is published", contents(out) == before)


def main():
    with Tap() as tap, scratch() as folder:
        test_recall(tap, folder)
        test_labelled(tap, folder)
        test_output(tap, folder)


if __name__ == "__main__":
    main()
