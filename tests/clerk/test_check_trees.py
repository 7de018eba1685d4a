#!/usr/bin/env python3
"""What `gongkai check` looks at: a commit, what is staged, the files in the folder. Nothing of it is
written to the repository, and the pre-commit hook sees what the commit that is being made has."""
import hashlib
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "site"))

from support import GONGKAI, Repository, Tap, all_files, gongkai, read, run, scratch  # noqa: E402

CONFIG = "title: 甲县\nurl: https://example.invalid/\n"
GOOD = "---\n标题: 甲\n发布日期: 2026-01-01\n---\n正文\n"
BAD = "---\n标题: 甲\n发步日期: 2026-01-01\n---\n正文\n"
THEME = ("--theme", os.path.abspath("themes/default"), "--lang", "en")


def check(repository, *options, **more):
    status, _, said = gongkai("check", "-C", repository.path, *THEME, *options, **more)
    return status, said


def state(repository):
    """A digest of everything below .git."""
    root = os.path.join(repository.path, ".git")
    digest = hashlib.sha256()
    for path in all_files(root):
        digest.update(path.encode() + b"\0" + read(root, path))
    return digest.hexdigest()


def before_the_first_commit(tap, folder):
    repository = Repository(os.path.join(folder, "new"))
    repository.write("gongkai.yml", CONFIG)
    repository.write("a.md", BAD)
    tap.same("nothing is staged yet: nothing is wrong", 0, check(repository, "--staged")[0])
    status, said = check(repository, "--worktree")
    tap.ok("the folder is read before anything is staged", status == 1 and "a.md:3:1" in said, said)
    repository.git("add", "-A")
    status, said = check(repository, "--staged")
    tap.ok("what is staged is read before the first commit", status == 1 and "a.md:3:1" in said, said)
    tap.ok("and what to type is told", said.endswith("git add -A, and commit again\n"), said)
    status, said = check(repository, "--staged", "--lang", "zh")
    tap.ok("in Chinese too", said.endswith("再输入 git add -A，重新提交\n"), said)


def the_three_differ(tap, folder):
    repository = Repository(os.path.join(folder, "three"))
    repository.write("gongkai.yml", CONFIG)
    repository.write("a.md", GOOD)
    repository.commit()
    repository.write("a.md", BAD)
    repository.git("add", "a.md")
    repository.write("a.md", GOOD)
    repository.write("b.md", BAD)
    before = state(repository)
    got = [check(repository, *option) for option in ((), ("--staged",), ("--worktree",))]
    tap.same("commit, index and folder are three things", [0, 1, 1], [status for status, _ in got])
    tap.ok("the index is told by its own place", "a.md:3:1" in got[1][1] and "b.md" not in got[1][1],
           got[1][1])
    tap.ok("the folder by its own", "b.md:3:1" in got[2][1] and "a.md" not in got[2][1], got[2][1])
    tap.same("nothing is written to the repository", before, state(repository))
    repository.write(".gitignore", "b.md\n")
    tap.same("what git ignores is no part of the folder", 0, check(repository, "--worktree")[0])
    repository.remove(".gitignore")
    repository.remove("b.md")
    repository.remove("a.md")
    status, said = check(repository, "--worktree")
    tap.ok("a file that was taken away is gone", status == 0 and "0 records" in said, said)


def only_what_is_staged(tap, folder):
    """Of files that the commit does not touch only errors are told."""
    repository = Repository(os.path.join(folder, "near"))
    repository.write("gongkai.yml", CONFIG)
    repository.write("旧.md", GOOD + "[没有](foo:b)\n")
    repository.commit()
    repository.write("新.md", GOOD + "[没有](foo:b)\n")
    repository.git("add", "-A")
    status, said = check(repository, "--staged")
    tap.ok("warnings of what is staged are told, and no others", status == 0 and "新.md:6:1: warning" in said and
           "旧.md" not in said, said)
    repository.write("旧.md", BAD)
    repository.commit()
    status, said = check(repository, "--staged")
    tap.ok("errors always are", status == 1 and "旧.md:3:1: error" in said, said)


def files_that_no_record_links_to(tap, folder):
    """What they betray would stay in the history: it is told before the commit, and not at the push."""
    card = "11010519491231002X"  # the example of GB 11643
    repository = Repository(os.path.join(folder, "unlinked"))
    for name in ("before the first commit", "later"):
        repository.write("gongkai.yml", CONFIG)
        repository.write("甲.md", GOOD + "[附件](连着.txt)\n")
        repository.write("连着.txt", f"身份证号 {card}\n")
        repository.write("草稿/名单.txt", f"第一行\n张三 身份证号 {card}\n")
        repository.write("草稿/表.csv", f"姓名,身份证号\n张三,{card}\n")
        repository.git("add", "-A")
        for tree in ("--staged", "--worktree"):
            status, said = check(repository, tree)
            places = [line.split(": ")[0] for line in said.splitlines() if ": error[" in line]
            tap.same(f"{name}, {tree}: each is told once, at its place", (1, [
                "草稿/名单.txt:2:9", "草稿/表.csv:2:4", "连着.txt:1:6"]), (status, sorted(places)))
        for path in ("连着.txt", "草稿/名单.txt", "草稿/表.csv"):
            repository.write(path, "好\n")
        repository.git("add", "-A")
        tap.same(f"{name}: without them nothing is wrong", 0, check(repository, "--staged")[0])
        repository.commit()


def hook_sees_the_commit(tap, folder):
    repository = Repository(os.path.join(folder, "hook"))
    repository.write("gongkai.yml", CONFIG)
    repository.write("a.md", GOOD)
    repository.commit()
    hook = os.path.join(repository.path, ".git/hooks/pre-commit")
    os.makedirs(os.path.dirname(hook), exist_ok=True)
    with open(hook, "w", encoding="utf-8") as file:
        file.write(f"#!/bin/sh\nexec '{GONGKAI}' check --staged {' '.join(THEME)}\n")
    os.chmod(hook, 0o755)

    def commit(*arguments):
        return run("git", "-c", "user.name=a", "-c", "user.email=a@example.invalid", "commit", "-q",
                   "-m", "x", *arguments, cwd=repository.path)[0]

    repository.write("a.md", BAD)
    tap.same("commit -a with a fault is refused", 1, commit("-a"))
    tap.same("commit FILE with a fault is refused", 1, commit("a.md"))
    repository.write("b.md", GOOD)
    repository.git("add", "b.md")
    tap.same("commit FILE of a good file passes beside a bad one", 0, commit("b.md"))
    repository.write("a.md", GOOD + "多一行。\n")
    tap.same("commit -a of the mended file passes", 0, commit("-a"))


def odd_ones(tap, folder):
    repository = Repository(os.path.join(folder, "conflict"))
    repository.write("a.md", "# 甲\n")
    repository.commit()
    repository.git("checkout", "-q", "-b", "side")
    repository.write("a.md", "# 乙\n")
    repository.commit()
    repository.git("checkout", "-q", "main")
    repository.write("a.md", "# 丙\n")
    repository.commit()
    run("git", "-c", "user.name=a", "-c", "user.email=a@b", "merge", "side", cwd=repository.path)
    status, said = check(repository, "--staged")
    tap.ok("an unsolved conflict is told by its file", status == 3 and '"a.md" has a conflict' in said,
           said)
    run("git", "clone", "-q", "--bare", repository.path, os.path.join(folder, "bare.git"))
    status, _, said = gongkai("check", "-C", os.path.join(folder, "bare.git"), "--staged", *THEME)
    tap.ok("a bare repository has nothing staged", status == 3 and "bare" in said, said)


def a_configuration_that_is_no_yaml(tap, folder):
    """Records are not held against what could not be read: every item would be told as unknown."""
    repository = Repository(os.path.join(folder, "config"))
    repository.write("gongkai.yml", CONFIG)
    repository.write("a.md", GOOD)
    repository.commit()
    site = os.path.join(folder, "config-site")
    tap.same("the site is built", 0, gongkai("build", "-C", repository.path, "-o", site, *THEME)[0])
    before = read(site, "index.html")
    repository.write("gongkai.yml", CONFIG + "\titems: x\n")
    repository.write("a.md", BAD)
    status, said = check(repository, "--worktree")
    tap.ok("the configuration alone is told", status == 1 and "gongkai.yml:3:1" in said and "note[E287]" in said
           and "a.md" not in said, said)
    repository.commit()
    status, _, said = gongkai("build", "-C", repository.path, "-o", site, *THEME)
    tap.ok("nothing is published by it", status == 1 and "a.md" not in said and read(site, "index.html") == before, said)
    repository.write("gongkai.yml", CONFIG)
    status, said = check(repository, "--worktree")
    tap.ok("once it is mended, the records are told", status == 1 and "a.md:3:1" in said, said)


def unfit_text(tap, folder):
    """Text that is too large or lies in Git LFS is told alike wherever git has it, and whether all
    is read or only what changed: below an ignored folder too."""
    repository = Repository(os.path.join(folder, "unfit"))
    repository.write("gongkai.yml", CONFIG + "ignore: [草稿]\n")
    repository.write("a.md", GOOD)
    repository.commit()
    site = os.path.join(folder, "unfit-site")
    tap.same("the good ones are published", 0, gongkai("build", "-C", repository.path, "-o", site, *THEME)[0])
    before = read(site, "index.html")
    pointer = ("version https://git-lfs.github.com/spec/v1\noid sha256:" + "0" * 64
               + "\nsize 12345\n")
    for place in ("", "草稿/"):
        repository.write(f"{place}大.md", GOOD + "文" * (4 * 1024 * 1024 // 3))
        repository.write(f"{place}针.csv", pointer)
    want = ["大.md: error[E119]", "草稿/大.md: error[E119]", "草稿/针.csv: error[E118]",
            "针.csv: error[E118]"]

    def told(done):
        return done[0], [line[:line.index("]") + 1] for line in done[-1].splitlines() if "error[" in line]

    tap.same("in the folder", (1, want), told(check(repository, "--worktree")))
    repository.commit()
    for state_name in ("loose", "packed"):
        tap.same(f"{state_name}, to a check", (1, want), told(check(repository)))
        for options in ((), ("--full",)):
            tap.same(f"{state_name}, to a build {options}", (1, want),
                     told(gongkai("build", "-C", repository.path, "-o", site, *THEME, *options)))
        repository.git("repack", "-qad")
    tap.same("and the old site stands", before, read(site, "index.html"))


def main():
    with scratch() as folder, Tap() as tap:
        before_the_first_commit(tap, folder)
        a_configuration_that_is_no_yaml(tap, folder)
        the_three_differ(tap, folder)
        only_what_is_staged(tap, folder)
        files_that_no_record_links_to(tap, folder)
        hook_sees_the_commit(tap, folder)
        odd_ones(tap, folder)
        unfit_text(tap, folder)


main()
