#!/usr/bin/env python3
"""What clerks' machines do to files is understood, and told: encodings, line ends, full-width signs,
dates. Places count characters, and the caret stands under the right one on a terminal where Han
characters are two columns wide."""
import os
import re
import sqlite3
import sys
import unicodedata

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from clerk import CONFIG, THEME  # noqa: E402
from support import Repository, Tap, gongkai, scratch  # noqa: E402

HEAD = "---\n标题: 路灯\n发布日期: 2026-01-01\n---\n\n"


def width(text):
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 0 if unicodedata.combining(c) else 1
               for c in text)


class Site:
    def __init__(self, folder, files):
        self.folder = folder
        self.repository = Repository(os.path.join(folder, "r"))
        self.repository.write("gongkai.yml", CONFIG)
        for path, content in files.items():
            self.repository.write(path, content)
        self.repository.commit()

    def check(self, *options):
        status, out, said = gongkai("check", "-C", self.repository.path, "--theme", THEME, "--lang", "zh",
                                    *options)
        return status, out + said

    def database(self):
        out = os.path.join(self.folder, "out")
        status, _, said = gongkai("build", "-C", self.repository.path, "-o", out, "--theme", THEME,
                                  "--as-of", "2026-12-31")
        assert status == 0, said
        return sqlite3.connect(os.path.join(out, "data/search.db"))


def encodings(tap, folder):
    crlf = (HEAD + "修好了。\n").replace("\n", "\r\n")
    table = "项目,金额\r\n路灯,5\r\n"
    files = {"国标.md": crlf.encode("gb18030"), "十六.md": crlf.encode("utf-16"),
             "十六大.md": b"\xfe\xff" + crlf.encode("utf-16-be"), "记号.md": b"\xef\xbb\xbf" + crlf.encode(),
             "表.md": HEAD + "看表。\n", "表.csv": table.encode("gb18030"),
             "旧机.md": crlf.replace("\r\n", "\r").encode()}
    site = Site(folder, files)
    status, said = site.check()
    tap.ok("files of every encoding pass", status == 0, said)
    tap.same("and those that are not UTF-8 are noted", 4, said.count("note[E206]"))
    rows = site.database().execute("SELECT title, date, text FROM records WHERE path LIKE '%.md'").fetchall()
    tap.ok("and read as what they say", len(rows) == 6 and all(
        (row[0], row[1]) == ("路灯", "2026-01-01") for row in rows) and
        sum("修好了。" in row[2] for row in rows) == 5 and any("路灯\t5" in row[2] for row in rows), rows)


def damaged(tap, folder):
    text = (HEAD + "村口的路灯修好了，一共花了一千二百元。\n").encode()
    files = {"坏.md": text.replace("修好".encode(), b"\xe4\xbf\xe5\xa5\xbd"),
             "截.md": text[:-2] + b"\n", "半.md": b"\xff\xfe" + HEAD.encode("utf-16-le")[:-1]}
    site = Site(folder, files)
    status, said = site.check()
    wants = ["坏.md:6:6: error[E201]", "截.md:6:19: error[E201]", "半.md: error[E202]"]
    tap.ok("what is damaged is not guessed at", status == 1 and all(want in said for want in wants) and
           "E206" not in said, said)


def signs(tap, folder):
    files = {"号.md": "---\n标题：路灯\n发布日期：2026年9月5日\n生效日期: 2026/9/6\n---\n\n正文\n",
             "表.md": HEAD + "｜ 项目 ｜ 金额 ｜\n｜ --- ｜ ---: ｜\n｜ 路灯 ｜ 5 ｜\n\n"
             "| 项目 | 金额 |\n| --- | ---: |\n｜ 水渠 ｜ 6 ｜\n| 甲｜乙 | 7 |\n\n这里的｜是字。\n\n"
             "```\n｜ 不是 ｜ 表 ｜\n｜ --- ｜ --- ｜\n```\n"}
    site = Site(folder, files)
    status, said = site.check()
    wants = ["号.md:2:3: note[E257]", "号.md:3:5: note[E257]", "号.md:3:6: note[E256]", "号.md:4:7: note[E256]",
             "表.md:6:1: note[E309]", "表.md:12:1: note[E309]"]
    tap.ok("full-width signs and dates are noted at their places", status == 0 and
           all(want in said for want in wants), said)
    database = site.database()
    tap.same("the date is the date", "2026-09-05",
             database.execute("SELECT date FROM records WHERE path = '号.md'").fetchone()[0])
    text = database.execute("SELECT text FROM records WHERE path = '表.md'").fetchone()[0]
    tap.ok("bars make tables, and are text elsewhere", all(want in text for want in (
        "项目\t金额\n路灯\t5\n", "水渠\t6\n甲｜乙\t7\n", "这里的｜是字。", "｜ 不是 ｜ 表 ｜")), text)


def dates(tap, folder):
    cases = {"26.11.5": "E292", "5/11/26": "E292", "2026-11-31": "E241", "昨天": "E240", "2026.11.5": "E256"}
    files = {f"{number}.md": HEAD.replace("2026-01-01", date) for number, date in enumerate(cases)}
    site = Site(folder, files)
    _, said = site.check()
    got = {date: re.search(rf"^{number}\.md:3:7: \w+\[(\w+)\]", said, re.MULTILINE)
           for number, date in enumerate(cases)}
    tap.same("each date is told rightly", cases, {date: found and found[1] for date, found in got.items()})


def carets(tap, folder):
    """Below every quote the caret stands under the character of the fault."""
    files = {"短.md": "---\n标题: 甲\n发步日期: 2026-01-01\n---\n", "合.md": HEAD + "é́ 路灯 [坏](没.md) 后\n"}
    for count in (0, 1, 9, 20, 31, 32, 33, 60, 300):
        for rest in (0, 1, 30, 300):
            files[f"长{count}-{rest}.md"] = HEAD + "路，" * count + "[坏](没.md)" + "灯。" * rest + "\n"
    site = Site(folder, files)
    _, said = site.check()
    lines, odd, seen = said.splitlines(), [], 0
    for at, line in enumerate(lines):
        if not line.endswith("^"):
            continue
        seen += 1
        quoted, column = lines[at - 1][4:], width(line[4:-1])
        found = next((i for i in range(len(quoted)) if width(quoted[:i]) == column), None)
        if found is None or quoted[found] not in "[发" or width(quoted) > 68:
            odd += lines[at - 2:at + 1]
    tap.none("the caret is under its character", odd)
    tap.same("of every one", len(files), seen)


def unread(tap, folder):
    files = {"孤.csv": "a,b\n1,2\n", "有.md": HEAD, "有.csv": "a\n1\n", "有.二.csv": "a\n1\n",
             "链.md": HEAD + "[表](附/被链.csv)\n", "附/被链.csv": "a\n1\n",
             "页.html": "<p>", "指.md": HEAD + "[页](页.html) [没](没有.html) [模](模板/a.md)\n",
             "模板/a.md": "# 模板\n"}
    site = Site(folder, files)
    site.repository.write("gongkai.yml", CONFIG + "ignore: [模板]\nrules: {levels: {R24: warning}}\n")
    site.repository.commit()
    status, said = site.check()
    tap.ok("a table that nobody reads is told, and no other", said.count("E351") == 1 and
           "孤.csv: warning[E351]" in said and status == 0, said)
    tap.ok("a link to what is there and not published says so",
           all(want in said for want in ("指.md:6:1: warning[E308]", "指.md:6:13: warning[E304]",
                                         "指.md:6:26: warning[E308]")), said)


def main():
    with Tap() as tap:
        for test in (encodings, damaged, signs, dates, carets, unread):
            with scratch() as folder:
                test(tap, folder)


main()
