#!/usr/bin/env python3
"""What every way of checking knows of the history: of two records with one index number the one
that others have already is left in peace, and what was changed after publication is told."""
import json
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from clerk import Clone, make_server  # noqa: E402
from support import Tap, gongkai, scratch  # noqa: E402

CONFIG = """title: 测试县
url: https://example.invalid/
organisations:
  - {key: liu, name: 柳湾村, type: village, folder: 柳湾}
items:
  - {key: project, name: 工程项目, category: 三资与工程, every: event, issuers: [village]}
"""
AS_OF = ("--as-of", "2026-11-25")
THEME = ("--theme", os.path.abspath("themes/default"))


def record(number, text="正文。", more=""):
    return (f"---\n标题: 公示\n类型: 公开事项\n目录事项: 工程项目\n"
            f"索引号: 9901011A2/2026-{number:05}\n发布日期: 2026-03-01\n{more}---\n\n{text}\n")


class World:
    """A server whose hook checks, and a clone; 乙.md with the number 1 is published."""

    count = 0

    def __init__(self, folder):
        World.count += 1
        self.folder = folder
        self.server = make_server(os.path.join(folder, f"server{World.count}.git"), "--json", *AS_OF)
        self.clone = self.another()
        self.clone.write("gongkai.yml", CONFIG)
        self.clone.write("柳湾/乙.md", record(1))
        self.commit("2026-03-01T08:00:00+0800")
        assert self.clone.push()[0] == 0
        self.out = os.path.join(folder, f"web{World.count}")
        assert self.build(self.out) == []

    def another(self):
        World.count += 1
        return Clone(self.server, os.path.join(self.folder, f"clone{World.count}"))

    def commit(self, date, clone=None):
        clone = clone or self.clone
        clone.git("add", "-A")
        status, said = clone.git("commit", "-q", "-m", "改动", GIT_AUTHOR_DATE=date,
                                 GIT_COMMITTER_DATE=date)
        assert status == 0, said

    def check(self, *options, clone=None):
        return told(gongkai("check", "-C", (clone or self.clone).path, "--json", *THEME, *AS_OF,
                            *options)[1])

    def build(self, out):
        return told(gongkai("build", "-C", self.clone.path, "-o", out, "--json", *THEME, *AS_OF)[1])

    def push(self, clone=None):
        said = (clone or self.clone).push()[1]
        lines = [line[len("remote: "):] for line in said.splitlines() if line.startswith("remote: [")]
        return told(lines[0] if lines else "[]")


def told(text):
    """Who has whose number, who was changed, who came late."""
    found = json.loads(text.partition("\n")[0] or "[]")
    found = found if isinstance(found, list) else found["diagnostics"]
    return sorted((entry["code"], entry["path"], entry["line"])
                  for entry in found if entry["code"] in ("R29A", "R26A", "R01H"))


NEWCOMER = [("R29A", "柳湾/甲.md", 5)]


def before_a_commit(tap, folder):
    world = World(folder)
    world.clone.write("柳湾/甲.md", record(1))
    tap.same("a new file in the folder is the newcomer", NEWCOMER, world.check("--worktree"))
    world.clone.git("add", "-A")
    tap.same("so is what is staged", NEWCOMER, world.check("--staged"))


def after_it(tap, folder):
    """Whatever the clock of the machine said."""
    for name, date in (("by the clock", "2026-03-05T08:00:00+0800"),
                       ("in the very second", "2026-03-01T08:00:00+0800"),
                       ("by a slow clock", "2026-02-01T08:00:00+0800")):
        world = World(folder)
        world.clone.write("柳湾/甲.md", record(1))
        world.commit(date)
        tap.same(f"{name}: a commit's newcomer", NEWCOMER, world.check())
        tap.same(f"{name}: a push's", NEWCOMER, world.push())
        tap.same(f"{name}: an update's", NEWCOMER, world.build(world.out))
        tap.same(f"{name}: a whole build's", NEWCOMER, world.build(world.out + "-anew"))
        world.clone.put("柳湾/说明.md", "# 说明\n")
        tap.same(f"{name}: a later commit still knows", NEWCOMER, world.check())
        tap.same(f"{name}: so does a later push", NEWCOMER, world.push())


def number_changed(tap, folder):
    """0.md is older than 乙.md, and is given its number."""
    world = World(folder)
    world.clone.write("柳湾/0.md", record(2))
    world.commit("2026-01-02T08:00:00+0800")
    assert world.push() == []
    world.clone.write("柳湾/0.md", record(1))
    want = [("R29A", "柳湾/0.md", 5)]
    tap.same("an older file that takes a number is the newcomer",
             want, [one for one in world.check("--worktree") if one[0] == "R29A"])
    world.commit("2026-03-06T08:00:00+0800")
    tap.same("committed", want, [one for one in world.check() if one[0] == "R29A"])
    tap.same("pushed", want, [one for one in world.push() if one[0] == "R29A"])


def edited_and_moved(tap, folder):
    """What others have may change its text or its name at the same time: the number stays its own."""
    world = World(folder)
    world.clone.write("柳湾/乙.md", record(1, "正文，改过。"))
    world.clone.write("柳湾/甲.md", record(1))
    tap.same("an edit takes no number away", NEWCOMER,
             [one for one in world.check("--worktree") if one[0] == "R29A"])
    world.clone.git("checkout", "-q", "柳湾/乙.md")
    world.clone.git("mv", "柳湾/乙.md", "柳湾/丁.md")
    world.clone.git("add", "-A")
    tap.same("nor does another name", NEWCOMER,
             [one for one in world.check("--staged") if one[0] == "R29A"])


def merged(tap, folder):
    """A clerk wrote his record first, and comes to the server last."""
    world = World(folder)
    late = world.another()
    late.write("柳湾/甲.md", record(7))
    world.commit("2026-03-02T08:00:00+0800", late)
    world.clone.write("柳湾/丙.md", record(7))
    world.commit("2026-03-03T08:00:00+0800")
    assert world.push() == []
    late.git("pull", "-q", "--no-rebase", "--no-edit", "origin", "main")
    tap.same("what the server has already is left in peace", NEWCOMER, world.push(late))
    late.git("reset", "-q", "--hard", "HEAD^1")
    late.git("merge", "-q", "--no-commit", "--no-ff", "origin/main")
    tap.same("and while the merge waits to be committed", NEWCOMER,
             world.check("--staged", clone=late))


def new_branch(tap, folder):
    world = World(folder)
    world.clone.git("checkout", "-q", "-b", "draft")
    world.clone.write("柳湾/甲.md", record(1))
    world.commit("2026-02-01T08:00:00+0800")
    said = world.clone.push("origin", "HEAD:draft")[1]
    tap.ok("on a new branch too", '"柳湾/甲.md"' in said and "R29A" in said and
           '"柳湾/乙.md"' not in said, said)


def not_public(tap, folder):
    """A number stays with what was withdrawn, has expired, or is still to come; a draft may wait."""
    gone = "已撤回:\n  撤回日期: 2026-03-02\n  撤回理由: 写错了\n  批准人: 王主任\n"
    for name, more, has_number in (("withdrawn", gone, True), ("expired", "撤下日期: 2026-04-01\n", True),
                                   ("embargoed", "定时发布: 2027-01-01\n", True),
                                   ("a draft", "草稿: 是\n", False)):
        world = World(folder)
        world.clone.write("柳湾/丙.md", record(8, more=more))
        world.commit("2026-03-02T08:00:00+0800")
        assert world.push() == [] and world.build(world.out) == []
        world.clone.write("柳湾/一.md", record(8))
        world.commit("2026-03-03T08:00:00+0800")
        want = [("R29A", "柳湾/一.md", 5)] if has_number else []
        tap.same(f"the number of what is {name}: a commit", want, world.check())
        tap.same(f"the number of what is {name}: a push", want, world.push())
        if "发布" not in more:
            tap.same(f"the number of what is {name}: an update", want, world.build(world.out))
            tap.same(f"the number of what is {name}: a whole build", want, world.build(world.out + "-anew"))


def changed(tap, folder):
    world = World(folder)
    edited, want = record(1, "正文，改过。"), [("R26A", "柳湾/乙.md", 2)]
    tap.same("nothing was changed", [], world.check("--worktree"))
    world.clone.write("柳湾/乙.md", edited)
    tap.same("a change in the folder is told", want, world.check("--worktree"))
    world.clone.git("add", "-A")
    tap.same("a staged one", want, world.check("--staged"))
    world.commit("2026-03-09T08:00:00+0800")
    tap.same("a committed one", want, world.check())
    tap.same("a pushed one", want, world.push())
    tap.same("a build tells the same", want, world.build(world.out))
    world.clone.write("柳湾/乙.md", record(1, "正文，改过。", "更正记录:\n  - 更正日期: 2026-03-09\n    原因: 错字\n"))
    world.commit("2026-03-09T09:00:00+0800")
    tap.same("a correction is enough", [], world.check())
    world.push()
    world.build(world.out)
    world.clone.write("柳湾/乙.csv", "项目,金额（元）\n路灯,5.00\n")
    world.commit("2026-03-10T09:00:00+0800")
    tap.same("a table beside the record is the record's", [want, want, want],
             [world.check(), world.push(), world.build(world.out)])
    world.clone.write("柳湾/乙.csv", "项目,金额（元）\n路灯,6.00\n")
    world.clone.git("add", "-A")
    tap.same("where it alone is staged, its record is told of", want, world.check("--staged"))
    with open(os.path.join(world.out, "柳湾/乙/index.html"), encoding="utf-8") as file:
        tap.ok("and its page says when it was changed", "2026-03-10" in file.read())


def late(tap, folder):
    """A notice that was committed after its first day is told to who brings it, and to nobody later."""
    world = World(folder)
    notice = "公示开始: 2026-03-01\n公示结束: 2026-03-16\n监督电话: 0999-5550121\n"
    want = [("R01H", "柳湾/丙.md", 8)]
    world.clone.write("柳湾/丙.md", record(3, more=notice))
    world.commit("2026-03-02T08:00:00+0800")
    tap.same("a late notice: a commit", want, world.check())
    tap.same("a late notice: a push", want, world.push())
    tap.same("a late notice: an update", want, world.build(world.out))
    world.clone.write("柳湾/丁.md", record(4))
    world.commit("2026-03-03T08:00:00+0800")
    tap.same("the next commit hears nothing of it", [], world.check() + world.push() + world.build(world.out))


def main():
    with scratch() as folder, Tap() as tap:
        before_a_commit(tap, folder)
        after_it(tap, folder)
        number_changed(tap, folder)
        edited_and_moved(tap, folder)
        merged(tap, folder)
        new_branch(tap, folder)
        not_public(tap, folder)
        changed(tap, folder)
        late(tap, folder)


main()
