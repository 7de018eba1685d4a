#!/usr/bin/env python3
"""The list of diagnostics shows each message to its last character, whatever quotes it ends in."""
import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "site"))

from support import Tap  # noqa: E402


def main():
    with open("generator/base/diag.def", encoding="utf-8") as file:
        ends = re.findall(r'([^"\\]{4,}\\")"', file.read())
    with open("generator/DIAGNOSTICS.md", encoding="utf-8") as file:
        shown = file.read()
    wanted = [end.replace('\\"', '"').replace("\\\\", "\\").replace("|", "\\|") for end in ends]
    with Tap() as tap:
        tap.ok("messages end in quotes", len(wanted) > 5, len(wanted))
        tap.none("each is shown whole", [end for end in wanted if not re.search(re.escape(end) + "( \\||<br>)", shown)])


main()
