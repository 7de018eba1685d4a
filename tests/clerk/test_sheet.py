#!/usr/bin/env python3
"""`gongkai notice` as a clerk types it: which record is meant, where the sheet goes, and what the names
are held against. What a refusal prints is typed as it stands there."""
import os
import re
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from clerk import CONFIG as PLAIN, THEME  # noqa: E402
from support import BUILD, GONGKAI, Repository, Tap, scratch  # noqa: E402

CONFIG = PLAIN + "items:\n  - {key: aid, name: 救助, category: 救助, every: event}\n"
TYPED = re.compile(r"^    (gongkai .*)$", re.MULTILINE)


def record(more="", title="低保", kind="页面"):
    return f"---\n标题: {title}\n类型: {kind}\n发布日期: 2026-03-01\n{more}---\n\n名单如下。\n"


class Desk:
    """A clerk's home with the repository in it."""

    def __init__(self, folder, files):
        shutil.rmtree(folder, ignore_errors=True)
        self.home = folder
        self.repository = Repository(os.path.join(folder, "村务公开"))
        for path, text in {"gongkai.yml": CONFIG, **files}.items():
            self.repository.write(path, text)
        self.repository.commit()
        self.status, self.out, self.said = None, "", ""

    def write(self, path, text):
        with open(os.path.join(self.home, path), "w", encoding="utf-8") as file:
            file.write(text)

    def type(self, command, below=""):
        """As in a shell in the repository, or in a folder of it."""
        path = BUILD + os.pathsep + os.environ["PATH"]
        done = subprocess.run(["sh", "-c", command], cwd=os.path.join(self.repository.path, below), capture_output=True,
                              env={**os.environ, "HOME": self.home, "PATH": path, "LANG": "zh_CN.UTF-8", "LC_ALL": ""},
                              timeout=300)
        self.status, self.out, self.said = done.returncode, done.stdout.decode(), done.stderr.decode()
        return self.status

    def notice(self, arguments, below=""):
        return self.type(f"'{GONGKAI}' notice --theme '{THEME}' {arguments}", below)

    def has(self, path):
        full = os.path.join(self.home, path)
        is_there = os.path.exists(full)
        if is_there:
            os.remove(full)
        return is_there

    def type_printed(self, below=""):
        """The last command that was printed."""
        commands = TYPED.findall(self.said)
        return self.notice(commands[-1].split(" ", 2)[2], below) if commands else -1


FILES = {"甲镇/甲村/低保.md": record(), "甲镇/乙村/低保.md": record(), "甲镇/README.md": record(title="甲镇")}


def which(tap, folder):
    desk = Desk(folder, FILES)
    sheet = "甲镇-甲村-低保.html"
    for said, below in (("甲镇/甲村/低保", ""), ("甲镇/甲村/低保.md", ""), ("./甲镇/甲村/低保", ""),
                        ("低保", "甲镇/甲村"), ("低保.md", "甲镇/甲村"), ("../甲村/低保.md", "甲镇/乙村"),
                        ("甲村/低保", "甲镇"), ("甲镇/甲村/低保", "甲镇/乙村"),
                        (f"'{desk.repository.path}/甲镇/甲村/低保.md'", "甲镇")):
        status = desk.notice(said, below)
        tap.ok(f"found: {said} from /{below}", status == 0 and desk.has(sheet), desk.said)
    tap.ok("a folder is its page", desk.notice("甲镇") == 0 and desk.has("甲镇.html"), desk.said)
    desk.repository.git("mv", "甲镇", "content")
    desk.repository.git("mv", "gongkai.yml", "content/gongkai.yml")
    desk.repository.commit()
    for said, below in (("content/甲村/低保", ""), ("甲村/低保", ""), ("低保", "content/甲村")):
        status = desk.notice(f"--content content {said}", below)
        tap.ok(f"found in the content's folder: {said} from /{below}",
               status == 0 and desk.has("甲村-低保.html"), desk.said)


def missing(tap, folder):
    desk = Desk(folder, FILES)
    tap.same("a record that is not there is a wrong word, not a fault of the machine", 2, desk.notice("没有.md"))
    tap.ok("its name is told as it was given", "“没有.md”" in desk.said and ".md.md" not in desk.said, desk.said)
    tap.ok("with what to do", "git ls-files" in desk.said, desk.said)
    tap.ok("without the extension too", desk.notice("没有") == 2 and "“没有.md”" in desk.said, desk.said)
    desk.notice("低保")
    tap.ok("others of the name are offered", len(TYPED.findall(desk.said)) == 2, desk.said)
    tap.ok("and found when typed", desk.type_printed() == 0 and desk.has("甲镇-甲村-低保.html"), desk.said)
    desk.repository.write("甲镇/新的.md", record(title="新的"))
    tap.ok("what is not committed is told to be", desk.notice("新的", "甲镇") == 2 and "还没有提交" in desk.said,
           desk.said)
    tap.ok("and drawn as the message says", desk.type_printed() == 0 and desk.has("甲镇-新的.html"), desk.said)


def where(tap, folder):
    desk = Desk(folder, FILES)
    desk.notice("甲镇/甲村/低保")
    desk.notice("甲镇/乙村/低保")
    tap.ok("without -o beside the repository, each village's by its own name",
           desk.has("甲镇-甲村-低保.html") and desk.has("甲镇-乙村-低保.html"), desk.said)
    tap.same("nothing of it in the repository", "", desk.repository.git("status", "--short"))
    os.mkdir(os.path.join(desk.home, "打印"))
    tap.ok("into a folder", desk.notice("甲镇/甲村/低保 -o ../打印/") == 0 and desk.has("打印/甲镇-甲村-低保.html"),
           desk.said)
    tap.ok("not into the repository", desk.notice("甲镇/甲村/低保 -o 甲.html") == 1 and "仓库" in desk.said, desk.said)
    tap.ok("the command that is printed goes elsewhere", desk.type_printed() == 0 and desk.has("甲.html"), desk.said)
    tap.ok("a folder that is not there", desk.notice("甲镇/甲村/低保 -o ../无/甲.html") == 3 and "先建好" in desk.said
           and "没有这个文件或文件夹" in desk.said, desk.said)


def names(tap, folder):
    people = "姓名,人数,金额（元）\n" + "".join(f"甲{i},2,10\n" for i in range(3))
    plain = "姓名,金额（元）\n" + "".join(f"甲{i},10\n" for i in range(3))
    rows = (
        ("households alone", "户数: 3\n", plain, 0, ["“户数” 3：与名单的 3 行一致"]),
        ("people alone", "人数: 3\n", plain, 0, ["“人数” 3：与名单的 3 行一致"]),
        ("a list of households beside a number of people", "户数: 3\n人数: 7\n金额: 30\n", plain, 0,
         ["“户数” 3：与名单的 3 行一致", "“人数” 7：没有核对", "“金额” 30.00：与名单“金额（元）”一列的合计一致"]),
        ("a list of people beside a number of households", "户数: 2\n人数: 3\n", plain, 0,
         ["“人数” 3：与名单的 3 行一致", "“户数” 2：没有核对"]),
        ("a column of people", "户数: 3\n人数: 6\n", people, 0, ["“人数” 6：与名单“人数”一列的合计一致"]),
        ("a column of people that says otherwise", "户数: 3\n人数: 7\n", people, 1,
         ["甲.md:8:", "“人数”是 7，名单“人数”一列合计 6"]),
        ("people where the rows are neither", "人数: 7\n", plain, 1, ["“人数”是 7，名单有 3 行", "户数", "什么也没有写"]),
        ("both where the rows are neither", "户数: 4\n人数: 7\n", plain, 1, ["“户数”是 4，名单有 3 行", "“人数”是 7"]),
        ("an amount", "金额: 31\n", plain, 1, ["“金额”是 31.00，名单“金额（元）”一列合计 30"]),
        ("no column of money", "金额: 30\n", "姓名\n甲\n", 1, ["没有金额的列"]),
        ("nothing to compare", "", plain, 0, ["没有可以核对的数"]),
    )
    for what, more, text, status, words in rows:
        desk = Desk(folder, {"甲.md": record("目录事项: 救助\n监督电话: 0999-5550121\n" + more, kind="公开事项")})
        desk.write("名单.csv", text)
        got = desk.notice("甲 --names ../名单.csv")
        tap.ok(f"names: {what}", got == status and all(word in desk.said for word in words) and
               desk.has("甲.html") == (status == 0), desk.said)
    desk.repository.write("甲镇/名单.csv", plain)
    tap.ok("names inside the repository", desk.notice("甲 --names 甲镇/名单.csv") == 1 and "先移到仓库外面" in desk.said,
           desk.said)
    tap.ok("what is printed moves them", "mv '甲镇/名单.csv' ~/" in desk.said and "--names ~/'名单.csv'" in desk.said,
           desk.said)
    desk.notice("甲 --names ../没有.csv")
    tap.ok("names that are not there", "打不开 ../没有.csv：没有这个文件或文件夹" in desk.said, desk.said)


def main():
    with scratch() as folder, Tap() as tap:
        desk = os.path.join(folder, "家")
        which(tap, desk)
        missing(tap, desk)
        where(tap, desk)
        names(tap, desk)


main()
