#!/usr/bin/env python3
"""Chinese texts have Chinese punctuation: a comma, semicolon or colon beside a Han character is
full-width in every message, string and file that is laid out."""
import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "site"))

from support import Tap, run  # noqa: E402

HAN = "\u4e00-\u9fff“”"
# A colon before a closing quote is a key of YAML, as it is to be typed.
HALF = re.compile(f"[{HAN}）][,;](?![ ])|[{HAN}）]:(?![ ”]|$)|[,;][{HAN}]|:[\u4e00-\u9fff“]")
LITERAL = re.compile(r'"(?:[^"\\]|\\.)*"')
# Columns of a CSV file, a list of SQL, keys of YAML: data, not prose.
DATA = ("\\xef\\xbb\\xbf标题,日期",)


def texts(path):
    """Line and text of what a person reads in it."""
    with open(path, encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            line = line.rstrip("\n")
            if not path.endswith((".c", ".h", ".def")):
                yield number, line
            elif not line.lstrip().startswith(("/*", "*")):
                yield from ((number, text[1:-1]) for text in LITERAL.findall(line))


def main():
    files = run("git", "ls-files", "-z", "generator/*.c", "generator/base/diag.def", "generator/commands/layout/*",
                "themes/default/strings/*", "site/cgi/*.c")[1].split("\0")
    wrong = [f"{path}:{number}: {text.strip()}" for path in filter(None, files) for number, text in texts(path)
             if HALF.search(text) and not text.startswith(DATA)]
    with Tap() as tap:
        tap.ok("there are files to look at", len(files) > 200, len(files))
        tap.ok("half-width punctuation is found", HALF.search("内容有错误,什么也没有发布"))
        tap.none("no half-width punctuation beside Chinese", wrong)


main()
