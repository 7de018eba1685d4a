#!/usr/bin/env python3
"""The as-of day moves, nothing else: what a build goes on from must be refused, or published, as a
build of everything would.
"""
# builds: release asan
import os
import shutil

from incremental import files_of
from publishing import Repository
from support import Tap, gongkai, scratch

CONFIG = """title: 测试县
url: https://example.invalid/base/
organisations:
  - {key: liu, name: 柳湾村, type: village, folder: .}
items:
  - {key: aid, name: 最低生活保障, category: 救助, every: event, issuers: [village]}
"""
NAMES = "| 姓名 | 金额（元） |\n|---|---|\n| 张甲明 | 380.00 |\n| 合计 | 380.00 |\n"


def build(folder, name, as_of):
    return gongkai("build", "-C", os.path.join(folder, "repository"), "-o",
                   os.path.join(folder, name), "--as-of", as_of, "--lang", "en")


def check(tap, folder, name, as_of, code, is_current=False):
    """Going on and built at once; `code` names the error of both, None where there is none."""
    for out, kind in (("web", "going on"), (f"whole{tap.number}", "built at once")):
        status, said, err = build(folder, out, as_of)
        is_good = (status == 0 if code is None
                   else status == 1 and f"error[{code}]" in err)
        tap.ok(f"{name}, {kind}", is_good, f"{status}\n{said}{err}")


def check_future(tap, folder):
    repository = Repository(os.path.join(folder, "repository"))
    repository.write("gongkai.yml", CONFIG)
    repository.write("a.md", "---\ntitle: 甲\ndate: 2026-05-07\n---\n正文。\n")
    repository.write("b.md", "---\ntitle: 乙\ndate: 2026-05-07\npublish_at: 2026-05-07\n---\n正文。\n")
    repository.commit()
    check(tap, folder, "a record of that day", "2026-05-07", None)
    check(tap, folder, "the day before it", "2026-05-06", "R30B")
    check(tap, folder, "the day itself again", "2026-05-07", None)
    repository.commit("later", date="2026-05-09T10:00:00+0800")
    check(tap, folder, "days before it, of a commit behind it", "2026-04-01", None)


def check_law(tap, folder):
    """A record without a day is judged by the law of the day on which the site is built."""
    repository = Repository(os.path.join(folder, "repository"))
    repository.write("gongkai.yml", CONFIG)
    repository.write("a.md", f"---\ntitle: 低保\nkind: disclosure\nitem: aid\n---\n\n{NAMES}")
    repository.commit(date="2014-03-05T10:00:00+0800")
    check(tap, folder, "no law yet", "2014-04-29", None)
    check(tap, folder, "the last day without it", "2014-04-30", None)
    check(tap, folder, "the day on which it comes into force", "2014-05-01", "R17A")
    check(tap, folder, "and back", "2014-04-30", None)
    repository.write("gongkai.yml", CONFIG + "rules:\n  数字:\n    公示天数: [{值: 15}, {值: 30, 自: 2014-04-10}]\n")


def check_left(tap, folder):
    """A theme may show the days that are left whether the notice runs or not."""
    theme = os.path.join(folder, "theme")
    shutil.copytree("themes/default", theme)
    for name in ("entry", "record_key"):
        with open(os.path.join(theme, f"{name}.mustache"), "a", encoding="utf-8") as file:
            file.write("{{days_left}}{{#notice}}{{days_left}}{{/notice}}")
    repository = Repository(os.path.join(folder, "repository"))
    repository.write("gongkai.yml", CONFIG)
    repository.write("a.md", "---\ntitle: 甲\ndate: 2026-01-01\ncontact: 0999-5550121\n"
                     "notice_start: 2026-02-01\nnotice_end: 2026-03-01\n---\n正文。\n")
    repository.commit()
    for day in ("2026-01-10", "2026-01-20", "2026-02-01", "2026-03-01", "2026-03-02", "2026-05-01", "2026-01-15"):
        for out, more in (("web", []), ("whole", ["--full"])):
            gongkai("build", "-C", repository.path, "-o", os.path.join(folder, out), "--as-of", day,
                    "--theme", theme, *more)
        sites = [files_of(os.path.join(folder, out)) for out in ("web", "whole")]
        tap.same(f"days left on {day}", [], [path for path in sites[1] if sites[0].get(path) != sites[1][path]])


with Tap() as tap:
    for check_part in (check_future, check_law, check_left):
        with scratch() as folder:
            check_part(tap, folder)
