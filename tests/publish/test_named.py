#!/usr/bin/env python3
"""A record that corrects or withdraws another names its index number: what is withdrawn, has expired,
is not public yet or a draft has one too; a number that nobody has is an error. Asked by check, of a
site that goes on and of one built at once.
"""
# builds: release asan
import os

from publishing import Repository, VILLAGE as CONFIG
from support import Tap, gongkai, scratch

HEAD = "---\ntitle: 题\nkind: disclosure\nitem: road\ndate: 2026-02-03\n"
NUMBER = "9901011A3/2026-00001"
WITHDRAWN = "withdrawn: {date: 2026-03-02, reason: 不该公开, approved_by: 镇人民政府}\n"


class World:
    def __init__(self, tap, folder):
        self.tap, self.folder = tap, folder
        self.repository = Repository(os.path.join(folder, "repository"))
        self.repository.write("gongkai.yml", CONFIG)

    def write(self, name, fields):
        self.repository.write(name, f"{HEAD}{fields}---\n正文。\n")

    def check(self, name, code=None, as_of="2026-03-10", checked=None):
        """`code` is the error of all three, None where there is none; `checked` that of check."""
        checked = checked or code
        self.repository.commit(date="2026-03-05T10:00:00+0800")
        place = ("-C", self.repository.path, "--as-of", as_of, "--lang", "en")
        for kind, want, words in (("check", checked, ["check"]),
                                  ("going on", code, ["build", "-o", os.path.join(self.folder, "web")]),
                                  ("at once", code, ["build", "-o", os.path.join(self.folder, f"w{self.tap.number}")])):
            status, said, err = gongkai(*words, *place)
            told = said + err
            is_good = status == 0 and "R29" not in told if want is None else status == 1 and f"error[{want}]" in told
            self.tap.ok(f"{name}, {kind}", is_good, f"{status}\n{told}")


def check_states(world):
    """Going on, each step touches one of the two records and not the other."""
    index = f"index: {NUMBER}\n"
    world.write("a.md", index)
    for key in ("corrects", "withdraws"):
        for name, fields in (("public", ""), ("withdrawn", WITHDRAWN), ("expired", "depublish_at: 2026-03-01\n"),
                             ("to come", "publish_at: 2026-04-01\n"), ("a draft", "draft: true\n")):
            world.write("b.md", f"{key}: {NUMBER}\n")
            world.write("a.md", index + fields)
            world.check(f"{key} one that is {name}")
            world.write("b.md", f"{key}: {NUMBER}\ntags: [{name}]\n")
            world.check(f"{key} it again")
    world.write("a.md", "draft: true\n")
    world.check("the draft has its number no more", "R29E")
    world.write("a.md", index)
    world.check("and has it again")
    world.repository.remove("a.md")
    world.check("its file is gone", "R29E")


def check_typed(world):
    world.write("a.md", f"index: {NUMBER}\n")
    for key in ("corrects", "withdraws"):
        for name, number, code in (("mistyped", "9901011A3/2026-00099", "R29D"), ("no number", "柳湾村2026年10月账", "R29E"),
                                   ("full-width", NUMBER.replace("/", "／"), "R29F")):
            world.write("b.md", f"{key}: {number}\n")
            world.check(f"{key}, {name}", code)
        world.write("b.md", f"{key}: {NUMBER}\n")
        world.check(f"{key}, mended")


def check_embargoed(world):
    world.write("a.md", f"index: {NUMBER}\n")
    world.write("b.md", "withdraws: 9901011A3/2026-00099\npublish_at: 2026-03-20\n")
    world.check("check tells it before its day", checked="R29D")
    world.check("and then it would not be published", "R29D", as_of="2026-03-20")
    world.write("b.md", "withdraws: 9901011A3/2026-00099\ndraft: true\n")
    world.check("a draft may name what it likes")


with Tap() as tap:
    for part in (check_states, check_typed, check_embargoed):
        with scratch() as folder:
            part(World(tap, folder))
