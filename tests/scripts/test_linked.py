#!/usr/bin/env python3
"""The libraries are linked into gongkai where their archives are there, so that a start looks few up;
and the program is hardened all the same.
"""
# builds: release
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "site"))

from support import GONGKAI, Tap  # noqa: E402


def said(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def archives():
    """Does the compiler find those of all libraries that the Makefile links in?"""
    with open("Makefile", encoding="utf-8") as file:
        words = re.search(r"^LINKED_IN := (.*?[^\\])$", file.read(), re.MULTILINE | re.DOTALL)[1].split()
    linked = words[words.index("-Wl,-Bstatic") + 1:words.index("-Wl,-Bdynamic")]
    names = [f"lib{word[2:]}.a" for word in linked if word.startswith("-l")]
    return all(os.path.isabs(said("gcc", f"-print-file-name={name}").strip()) for name in names)


with Tap() as tap:
    name = "libc and the codes' library alone are looked up"
    if archives():
        needed = set(re.findall(r"NEEDED.*\[(\w+)", said("readelf", "-dW", GONGKAI)))
        tap.same(name, set(), needed - {"libqrencode", "libm", "libc", "libpthread"})
    else:
        tap.skip(name, "an archive is missing")
    dynamic, segments = said("readelf", "-dW", GONGKAI), said("readelf", "-lW", GONGKAI)
    tap.ok("it lies where the system puts it, and what is looked up is bound at the start",
           "NOW PIE" in dynamic, dynamic)
    tap.ok("tables of addresses are read-only, and no stack holds code",
           "GNU_RELRO" in segments and re.search(r"GNU_STACK.* RW ", segments), segments)
