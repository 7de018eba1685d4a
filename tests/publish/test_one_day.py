#!/usr/bin/env python3
"""A repository without dates, committed at once, is one day of thousands of records in one folder: what
four times as many cost rises about as much, built whole and one added, and going on gives the same site.
"""
# builds: release
import os
import resource
import subprocess

from publishing import contents, difference, scratch_folder
from support import GONGKAI, Tap

SMALL, LARGE = 5000, 20000


def make(path, count):
    """Two commits: `count` records, and one more amid them."""
    subprocess.run(["git", "init", "-q", "--bare", path], check=True)
    head = "commit refs/heads/main\nmark :{0}\ncommitter 文书 <a@example.invalid> {1} +0800\ndata 1\n{0}"
    parts = [head.format(1, 1790000000).encode()]
    texts = [(f"村/{number}.md", f"# 第{number}件\n\n正文{number}。\n".encode()) for number in range(count)]
    for name, text in texts + [(f"村/{count // 2}甲.md", b"# x\n\ny\n")]:
        if "甲" in name:
            parts.append((head.format(2, 1790000100) + "\nfrom :1").encode())
        parts.append(f"M 100644 inline {name}\ndata {len(text)}".encode())
        parts.append(text)
    subprocess.run(["git", "fast-import", "--quiet"], cwd=path, input=b"\n".join(parts) + b"\n",
                   check=True)


def build(path, commit, out):
    """Seconds of the processor, for the program alone."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    subprocess.run([GONGKAI, "build", "-C", path, "--ref", commit, "-o", out, "--as-of", "2026-11-20",
                    "--theme", "themes/default", "-j1"], check=True, capture_output=True)
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before


def measure(folder, count):
    path = os.path.join(folder, f"{count}.git")
    make(path, count)
    whole, added = [], []
    for number in range(3):
        out = os.path.join(folder, f"{count}.{number}")
        whole.append(build(path, "main~1", out))
        added.append(build(path, "main", out))
    return path, out, min(whole), min(added)


with Tap() as tap, scratch_folder() as folder:
    _, _, whole, added = measure(folder, SMALL)
    path, out, more_whole, more_added = measure(folder, LARGE)
    for name, small, large in (("whole", whole, more_whole), ("one added", added, more_added)):
        tap.ok(f"{name}: four times as many cost less than eight times as much", large < 8 * small,
               f"{small:.2f} s for {SMALL}, {large:.2f} s for {LARGE}")
    anew = os.path.join(folder, "anew")
    build(path, "main", anew)
    tap.none("going on gives the same site", [name for name in difference(contents(anew), contents(out))
                                              if not name.startswith("data/")])
