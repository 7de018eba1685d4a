#!/usr/bin/env python3
"""`gongkai notice` and what is not public: what was withdrawn or has expired is refused with reason, day
and what to do; a draft and what is still to come are printed, and say so on the sheet."""
import os
import shutil
import stat
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from clerk import CONFIG, THEME  # noqa: E402
from support import Repository, Tap, gongkai, scratch  # noqa: E402

INDEX = "9901011A3/2026-00001"
WITHDRAWN = """已撤回:
  撤回日期: 2026-08-21
  撤回理由: 写了不该公开的姓名
  批准人: 甲镇人民政府
"""


def record(more="", title="甲"):
    return f"---\n标题: {title}\n发布日期: 2026-08-20\n{more}---\n\n正文在这里。\n"


class Sheet:
    """What `notice` made of 甲.md with this front matter beside `others`, on that day."""

    def __init__(self, folder, more="", others=(), as_of="2026-09-01", language="zh"):
        self.path = os.path.join(folder, "sheet.html")
        if os.path.exists(self.path):
            os.remove(self.path)
        files = {"gongkai.yml": CONFIG, "甲.md": record(more), **dict(others)}
        shutil.rmtree(os.path.join(folder, "repo"), ignore_errors=True)
        repository = Repository(os.path.join(folder, "repo"))
        for path, content in files.items():
            repository.write(path, content)
        repository.commit()
        self.status, self.out, self.said = gongkai(
            "notice", "甲", "-C", repository.path, "--theme", THEME, "--as-of", as_of, "--lang", language,
            "-o", self.path)
        self.text = ""
        if os.path.exists(self.path):
            with open(self.path, encoding="utf-8") as file:
                self.text = file.read()

    def is_refused(self, *words):
        return self.status == 1 and not self.text and all(word in self.said for word in words)


def refused(tap, folder):
    sheet = Sheet(folder, WITHDRAWN)
    tap.ok("a withdrawn record is refused: when, why, by whom, what to do", sheet.is_refused(
        "甲.md:5:", "E651", "2026-08-21", "写了不该公开的姓名", "甲镇人民政府", "请揭下来"), sheet.said)
    sheet = Sheet(folder, "草稿: 是\n" + WITHDRAWN)
    tap.ok("a withdrawn draft too", sheet.is_refused("E651"), sheet.said)
    sheet = Sheet(folder, WITHDRAWN, language="en")
    tap.ok("in English too", sheet.is_refused("withdrawn on 2026-08-21", "take down"), sheet.said)
    sheet = Sheet(folder, "撤下日期: 2026-09-01\n")
    tap.ok("an expired one is refused from its day on", sheet.is_refused("甲.md:4:", "E653", "2026-09-01"), sheet.said)
    tap.ok("and printed the day before", Sheet(folder, "撤下日期: 2026-09-02\n").status == 0)


def by_another(tap, folder):
    order = f"撤回: {INDEX}\n索引号: 9901011A3/2026-00002\n"
    mine = f"索引号: {INDEX}\n"
    sheet = Sheet(folder, mine, {"通知.md": record(order)})
    tap.ok("one that another withdraws is refused, and the other named",
           sheet.is_refused("通知.md:4:", "E652", INDEX, "请揭下来"), sheet.said)
    sheet = Sheet(folder, mine, {"通知.md": record(order).encode("utf-16")})
    tap.ok("in whatever encoding that is", sheet.is_refused("通知.md", "E652"), sheet.said)
    sheet = Sheet(folder, mine, {"通知.md": record("草稿: 是\n" + order)})
    tap.ok("a draft withdraws nothing yet", sheet.status == 0 and "正文在这里" in sheet.text, sheet.said)
    sheet = Sheet(folder, mine, {"通知.md": record("定时发布: 2026-09-02\n" + order)})
    tap.ok("nor does what is still to come", sheet.status == 0, sheet.said)
    sheet = Sheet(folder, mine, {"乙.md": record(f"更正: {INDEX}\n")})
    tap.ok("to name the number is not to withdraw it", sheet.status == 0 and not sheet.said, sheet.said)


def not_yet(tap, folder):
    plain = Sheet(folder)
    tap.ok("a public record's sheet bears no mark",
           plain.status == 0 and 'class="mark"' not in plain.text and not plain.said, plain.said)
    draft = Sheet(folder, "草稿: 是\n")
    tap.ok("a draft is printed, and says so in words and behind the text",
           draft.status == 0 and draft.text.count(">草稿") == 2 and "请勿张贴" in draft.text, draft.text)
    tap.ok("whoever prints it hears it", "甲.md:4:" in draft.said and "E654" in draft.said, draft.said)
    tap.same("and nobody else reads it", 0o600, stat.S_IMODE(os.stat(draft.path).st_mode))
    early = Sheet(folder, "定时发布: 2026-09-02\n")
    tap.ok("what is still to come is printed with its day",
           early.status == 0 and "2026年9月2日公布，在此以前请勿张贴" in early.text and "草稿" not in early.text,
           early.text)
    tap.ok("and told", "E655" in early.said and "2026-09-02" in early.said, early.said)
    tap.ok("on its day it is as any other",
           'class="mark"' not in Sheet(folder, "定时发布: 2026-09-01\n").text)


def main():
    with scratch() as folder, Tap() as tap:
        refused(tap, folder)
        by_another(tap, folder)
        not_yet(tap, folder)


main()
