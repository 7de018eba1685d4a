#!/usr/bin/env python3
"""What hangs on the notice board, was withdrawn or has expired stands nowhere: not in a file, not in
an index's leaf; only totals, and a page that says so. Step by step and built at once.
"""
# builds: release asan
import os
import re
import sqlite3

from fts_leaves import all_words
from publishing import Repository, VILLAGE as CONFIG
from support import Tap, all_files, gongkai, read, scratch

SECRETS = ["麤麤", "鱻鱻", "犇犇", "骉骉", "淼淼", "zqxwvkj"]
HEAD = "---\n标题: 第一季度用工\n类型: 公开事项\n目录事项: 道路工程\n发布日期: 2026-02-03\n索引号: 9901011A3/2026-00001\n"
BODY = ("---\n\n# 麤麤\n\n犇犇的家庭情况，zqxwvkj。[淼淼](名单.txt)\n\n"
        "| 姓名 | 月金额（元） |\n|---|---|\n| 鱻鱻 | 210 |\n| 犇犇 | 300.5 |\n")
CSV = "姓名,人数,金额（元）\n骉骉,2,1200\n淼淼,3,3400\n合　计,5,4600\n"
BOARD = "公开范围: 公示栏\n公示开始: 2026-02-03\n公示结束: 2026-02-20\n监督电话: 0999-5550121\n摘要: 麤麤等\n"
ORDER = HEAD.replace("00001", "00009").replace("第一季度用工", "撤回通知") + "撤回: 9901011A3/2026-00001\n---\n\n写错了。\n"
LINKING = "---\n标题: 另一页\n类型: 页面\n---\n\n看[明细](用工.csv)、[附件](名单.txt)和[那份](用工.md)。\n"
WITHDRAWN = "已撤回:\n  日期: 2026-03-02\n  理由: 不该公开\n  批准人: 镇人民政府\n"


def traces(out):
    found = {f"{path}: {secret}" for path in all_files(out) for secret in SECRETS
             if secret.encode() in read(out, path)}
    database = sqlite3.connect(f"file:{out}/data/search.db?mode=ro&immutable=1", uri=True)
    words = {word.decode(errors="replace") for word in all_words(database)}
    database.close()
    return found | {f"leaf: {word}" for word in words for secret in SECRETS if secret[0] in word and
                    (ord(secret[0]) > 127 or secret in word)}


def rows(out, sql):
    database = sqlite3.connect(f"file:{out}/data/search.db?mode=ro&immutable=1", uri=True)
    found = database.execute(sql).fetchall()
    database.close()
    return found


class Site:
    def __init__(self, tap, folder):
        self.tap, self.folder, self.day = tap, folder, 0
        self.repository = Repository(os.path.join(folder, "repository"))
        self.out = os.path.join(folder, "web")
        self.repository.write("gongkai.yml", CONFIG)
        self.repository.write("另一页.md", LINKING)
        self.repository.write("名单.txt", "zqxwvkj\n")
        self.repository.write("用工.csv", CSV)

    def publish(self, as_of="2026-03-10"):
        """Where the record names people the rules warn of it: the build is not refused."""
        self.day += 1
        self.repository.commit(date=f"2026-03-{self.day:02}T10:00:00+0800")
        for out in (self.out, os.path.join(self.folder, f"whole{self.day}")):
            status, _, err = gongkai("build", "-C", self.repository.path, "-o", out, "--as-of", as_of,
                                     "--lang", "en")
            if status != 0:
                raise SystemExit(f"status {status}: {err}")
        return out

    def check_none(self, name, as_of="2026-03-10"):
        whole = self.publish(as_of)
        self.tap.none(f"{name}: no file and no leaf has a word of it", traces(self.out))
        self.tap.none(f"{name}: nor of a site built at once", traces(whole))

    def page(self, name="用工"):
        return read(self.out, name, "index.html").decode()


def check_board(site):
    tap = site.tap
    site.repository.write("用工.md", HEAD + BODY)
    site.publish()
    tap.ok("control: before it hangs on the board it is found", len(traces(site.out)) > 8)
    site.repository.write("用工.md", HEAD + BOARD + BODY)
    site.check_none("moved to the board")
    tap.ok("its page says where, from when to when, and the totals",
           all(word in site.page() for word in ("柳湾村公示栏", "2026年2月20日", "510.50", "4,600.00", "共 2 行")))
    tap.same("the database has the totals alone", [(1, 2, '{"月金额（元）":"510.50"}'),
                                                  (2, 2, '{"人数":"5","金额（元）":"4600.00"}')],
             rows(site.out, "SELECT number, row_count, sums FROM board_tables ORDER BY number"))
    other = site.page("另一页")
    tap.ok("a link to its table leads to its page, one to its attachment nowhere",
           other.count('href="/base/%E7%94%A8%E5%B7%A5/"') == 2 and 'href="#"' in other)
    site.repository.write("用工.md", HEAD + BODY)
    site.publish()
    tap.ok("back on the web it is found again", len(traces(site.out)) > 8)


def check_one_table(site):
    tap = site.tap
    site.repository.write("用工.csv", "项目,金额（元）\n电费,5\n")
    site.repository.write("用工.公示栏.csv", CSV)
    site.repository.write("用工.md", HEAD + "只贴公示栏的表: [1]\n" + BODY.replace("麤麤", "题").replace(
        "犇犇的家庭情况，zqxwvkj。[淼淼](名单.txt)", "正文在网上。"))
    site.repository.write("另一页.md", LINKING.replace("用工.csv", "用工.公示栏.csv").replace("、[附件](名单.txt)", ""))
    site.check_none("a piped table and a CSV file on the board")
    tap.ok("the rest is published", "正文在网上" in site.page() and "电费" in site.page())
    site.repository.remove("用工.公示栏.csv")
    site.repository.write("用工.csv", CSV)
    site.repository.write("另一页.md", LINKING)


def check_gone(site):
    tap = site.tap
    site.repository.write("另一页.md", LINKING.replace("、[附件](名单.txt)", ""))
    site.repository.write("用工.md", HEAD.replace("第一季度", "麤麤") + WITHDRAWN + BODY)
    site.check_none("withdrawn")
    page = site.page()
    tap.ok("its page says when and why, with its index number",
           all(word in page for word in ("2026年3月2日", "不该公开", "镇人民政府", "9901011A3/2026-00001", "noindex")))
    tap.ok("the feeds tell it", "已撤回：公开事项 9901011A3/2026-00001" in read(site.out, "feed.xml").decode() and
           "不该公开" in read(site.out, "archive", "org", "liu", "feed.xml").decode())
    tap.same("the database too", [("用工.md", "withdrawn", "2026-03-02", "")],
             rows(site.out, "SELECT path, cause, date, title FROM withdrawals"))
    site.repository.remove("用工.md")
    site.repository.write("用工新.md", HEAD.replace("第一季度", "麤麤") + WITHDRAWN + BODY)
    site.repository.write("用工新.csv", CSV)
    site.repository.remove("用工.csv")
    site.repository.write("另一页.md", "---\n标题: 另一页\n类型: 页面\n---\n\n看[附件](用工新.csv)。\n")
    site.check_none("withdrawn and renamed")
    tap.ok("its former address leads to the page that says so",
           "url=/base/%E7%94%A8%E5%B7%A5%E6%96%B0/" in site.page() and "已撤回" in site.page())
    site.repository.write("用工新.md", HEAD + BODY)
    site.publish()
    tap.ok("given back, it is found again", len(traces(site.out)) > 8)
    site.repository.write("通知.md", ORDER)
    site.check_none("withdrawn by another record")
    tap.ok("both say so", "撤回通知" in site.page("用工新") and "9901011A3/2026-00001" in site.page("通知"))
    site.repository.remove("通知.md")
    site.repository.write("用工新.md", HEAD + "撤下日期: 2026-04-01\n" + BODY)
    site.publish()
    tap.ok("before its day it stands", len(traces(site.out)) > 8)
    site.check_none("its day has come", as_of="2026-04-01")
    tap.ok("the page and the feed say that its time is over",
           "公示期满" in site.page("用工新") and "期满撤下" in read(site.out, "feed.xml").decode())
    site.publish()
    tap.ok("the day before, it stands again", len(traces(site.out)) > 8)
    site.repository.remove("用工新.md")
    site.repository.remove("用工新.csv")
    site.repository.write("另一页.md", "---\n标题: 另一页\n类型: 页面\n---\n\n字。\n")
    site.check_none("removed")
    tap.ok("of what is removed no page stays", not os.path.exists(os.path.join(site.out, "用工新")))


def check_changed(site):
    """Two records written and edited: one in public, one before its day."""
    for text in ("初稿。", "定稿。"):
        site.repository.write("公开改.md", f"---\n标题: 公开改\n类型: 页面\n---\n\n{text}\n")
        site.repository.write("事先改.md", f"---\n标题: 事先改\n类型: 页面\n定时发布: 2026-04-20\n---\n\n{text}\n")
        site.publish("2026-04-30")
    site.tap.ok("a page says that it was changed, and when", re.search("本页于 2026年3月[0-9]+日 修改过", site.page("公开改")))
    site.tap.ok("one that was changed before it came out does not", "修改过" not in site.page("事先改"))
    site.tap.ok("what it said before is nowhere", "初稿" not in site.page("公开改") and
                not rows(site.out, "SELECT 1 FROM records WHERE text LIKE '%初稿%'"))
    site.repository.remove("公开改.md")
    site.repository.remove("事先改.md")
    site.publish()


def check_dry_run(site):
    site.repository.write("新.md", HEAD + "定时发布: 2026-05-01\n---\n\n字。\n")
    site.repository.write("另一页.md", "---\n标题: 另一页\n类型: 页面\n---\n\n改。\n")
    site.repository.write("加.md", "---\n标题: 加\n类型: 页面\n---\n\n改。\n")
    site.repository.commit(date="2026-03-30T10:00:00+0800")
    _, said, _ = gongkai("build", "-C", site.repository.path, "-o", site.out, "--as-of", "2026-03-10",
                         "--dry-run", "--lang", "en")
    site.tap.same("a dry run tells what becomes of each record",
                  ["added 加.md", "changed 另一页.md", "embargoed 新.md 2026-05-01"],
                  sorted(re.findall(r"^  ((?:added|changed|embargoed|removed).*)$", said, re.M),
                         key=lambda line: line.split()[1].encode()))
    site.tap.ok("and when the next build is due", "next build due: 2026-05-01" in said)


def main():
    with scratch() as folder, Tap() as tap:
        site = Site(tap, folder)
        check_board(site)
        check_one_table(site)
        check_gone(site)
        check_changed(site)
        check_dry_run(site)


if __name__ == "__main__":
    main()
