#!/usr/bin/env python3
"""However a repository is stored, one commit gives the same bytes; what cannot be read is told in a
line that says what to do.
"""
# builds: release
import os
import subprocess

from publishing import Repository, contents, difference, scratch_folder
from support import Tap, gongkai


def git(folder, *arguments):
    subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True,
                   env={**os.environ, "GIT_CONFIG_GLOBAL": "/dev/null"})


def build(folder, name, *more):
    out = os.path.join(folder, f"web.{name}")
    status, _, err = gongkai("build", "-C", os.path.join(folder, name), "-o", out, "--as-of",
                             "2026-10-31", "--lang", "en", *more)
    return status, err, contents(out) if status == 0 else {}


def make(folder):
    repository = Repository(os.path.join(folder, "plain"))
    repository.write("gongkai.yml", "title: 甲县\nurl: https://example.invalid/\n")
    for number in range(6):
        repository.write(f"村/{number}.md", f"# 第 {number} 件\n\n正文。\n" * 9)
        repository.commit(date=f"2026-03-0{number + 1}T10:00:00+0800")
    return repository


def check_same(tap, folder):
    plain = os.path.join(folder, "plain")
    git(folder, "clone", "-q", "--bare", plain, "bare")
    git(folder, "clone", "-q", "--bare", plain, "packed")
    git(folder + "/packed", "gc", "-q")
    git(folder + "/packed", "commit-graph", "write", "--reachable")
    git(folder + "/packed", "multi-pack-index", "write")
    git(folder, "clone", "-q", "--shared", plain, "borrowing")
    git(folder, "clone", "-q", "--shared", "--bare", folder + "/packed", "borrowing-packed")
    git(plain, "worktree", "add", "-q", "../worktree", "-b", "other")
    git(folder, "clone", "-q", plain, "grafted")
    with open(folder + "/grafted/.git/info/grafts", "wb") as grafts:
        grafts.write(subprocess.check_output(["git", "rev-parse", "HEAD~2"], cwd=plain))
    git(folder, "clone", "-q", plain, "replaced")
    git(folder + "/replaced", "replace", "HEAD~3", "HEAD~5")
    _, err, want = build(folder, "plain")
    tap.ok("a plain repository", want, err)
    for name in ("bare", "packed", "borrowing", "borrowing-packed", "worktree", "grafted", "replaced"):
        status, err, got = build(folder, name)
        tap.ok(f"{name}: the same bytes", status == 0 and not difference(want, got), err)


def check_refused(tap, folder):
    plain = "file://" + os.path.join(folder, "packed")
    git(folder, "clone", "-q", "--depth", "2", plain, "shallow")
    git(folder + "/packed", "config", "uploadpack.allowFilter", "true")
    git(folder, "clone", "-q", "--bare", "--filter=blob:none", plain, "partial")
    git(folder, "init", "-q", "--object-format=sha256", "sha256")
    for name, said in (("shallow", "git fetch --unshallow"), ("partial", "without --filter"),
                       ("sha256", "is not supported")):
        status, err, _ = build(folder, name)
        tap.ok(f"{name}: refused in a line", status == 3 and said in err and err.count("\n") == 1,
               f"{status} {err}")


with Tap() as tap, scratch_folder() as folder:
    make(folder)
    check_same(tap, folder)
    check_refused(tap, folder)
