#!/usr/bin/env python3
"""`gongkai new`: what can be known of a record is known, and no file is ever overwritten."""
import json
import os
import re
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from clerk import GONGKAI, THEME, environment, run  # noqa: E402
from support import Tap, contents, gongkai, read, scratch  # noqa: E402


class Site:
    def __init__(self, folder):
        self.path = os.path.join(folder, "县")
        assert gongkai("init", self.path, "--as-of", "2026-01-01")[0] == 0

    def new(self, *arguments, as_of="2026-12-10", cwd=None):
        return run(GONGKAI, "new", *arguments, "--as-of", as_of, cwd=cwd or self.path,
                   env=environment())

    def made(self, *arguments, **more):
        """Its JSON and the lines of its file."""
        status, said, err = self.new(*arguments, "--json", **more)
        assert status == 0, said + err
        answer = json.loads(said)
        return answer, read(self.path, answer["path"]).decode()


def ledger(tap, site):
    status, said, err = site.new("公开事项", "--item", "财务收支（按月）")
    path = "示例镇/示例村/财务/2026-11-财务收支（按月）.md"
    tap.ok("path and next commands are printed", status == 0 and path in said and "git push" in said and
           "git commit" in said, said + err)
    text = read(site.path, path).decode()
    wants = ["标题: 示例村2026年11月财务收支（按月）", "类型: 公开事项", "发布日期: 2026-12-10",
             "目录事项: 财务收支（按月）", "索引号: 990101XX1/2026-00001", "公示开始: 2026-12-10",
             "公示结束: 2026-12-26", "所属期: 2026-11", "期初余额:  #"]
    tap.none("what can be known stands in it", [want for want in wants if want not in text])
    table = read(site.path, path.replace(".md", ".csv")).decode("utf-8-sig")
    tap.same("its table has the columns of the schema",
             "序号,日期,凭证号,摘要,科目,收入（元）,支出（元）,结余（元）,经手人,证明人,审批人,监委会审核\n", table)
    with open(os.path.join(site.path, path), "w", encoding="utf-8") as file:
        file.write(text.replace("期末余额:  #", "期末余额: 123.45\n#"))
    answer, text = site.made("公开事项", "--item", "finance-monthly", as_of="2027-01-10")
    tap.same("the next one begins with what was left", "123.45", answer.get("opening"))
    tap.same("the period follows the calendar", ("2026-12", "示例村2026年12月财务收支（按月）"),
             (answer["period"], answer["title"]))
    tap.same("numbers begin anew with the year", "990101XX1/2027-00001", answer["index"])
    status, said, _ = run(GONGKAI, "check", "-C", site.path, "--worktree", "--theme", THEME)
    tap.ok("the record has no fault of form", "error[E2" not in said, said)


def numbers(tap, site):
    for want in ("00002", "00003"):
        answer, _ = site.made("财务收支")
        tap.same("the next number is given", f"990101XX1/2026-{want}", answer["index"])
    with open(os.path.join(site.path, "旧.md"), "w", encoding="utf-8") as file:
        file.write("---\n标题: 旧\n撤回: 990101XX1/2026-00041\n---\n")
    answer, _ = site.made("财务收支")
    tap.same("a number that is mentioned was given", "990101XX1/2026-00042", answer["index"])
    tap.ok("of one name the second gets a number", answer["path"].endswith("2026-Q3-财务收支-3.md"),
           answer["path"])


def periods(tap, site):
    cases = [("2026-01-05", "财务收支", "2025-Q4"), ("2026-04-01", "财务收支", "2026-Q1"),
             ("2026-01-05", "财务收支（按月）", "2025-12"), ("2026-07-01", "债权债务", "2026-H1"),
             ("2026-06-30", "债权债务", "2025-H2"), ("2026-03-01", "财务计划", "2025"),
             ("2026-03-01", "工程项目", None)]
    got = [(day, item, site.made(item, as_of=day)[0].get("period")) for day, item, _ in cases]
    tap.same("the period that ended last", cases, got)


def kinds(tap, site):
    answer, text = site.made("会议与决议", "12月代表会议")
    tap.ok("an item names its kind", answer["kind"] == "会议记录" and "\n会议:" in text and "\n议题:" not in text
           and "# 议题:" in text, text)
    tap.ok("a title is taken", answer["title"] == "12月代表会议" and
           answer["path"].endswith("/2026-12-10-12月代表会议.md"), answer)
    answer, text = site.made("页面", "村史: 一")
    tap.ok("a page needs no number", "index" not in answer and 'title' in answer and
           '标题: "村史: 一"' in text and answer["path"] == "示例镇/示例村/2026-12-10-村史- 一.md", (answer, text))
    inside = os.path.join(site.path, "示例镇")
    answer, _ = site.made("页面", "镇里", cwd=inside)
    tap.same("the folder that we stand in says whose it is", ("示例镇", "示例镇/2026-12-10-镇里.md"),
             (answer["org"], answer["path"]))
    answer, _ = site.made("资产与资源台账")
    tap.same("the body of the village that publishes it", "示例村股份经济合作社", answer["org"])
    answer, text = site.made("年度计划与工作报告", "--org", "village-committee")
    tap.ok("or the one that is named", answer["org"] == "示例村村民委员会" and "单位: 示例村村民委员会" in text, text)
    path = os.path.join(site.path, "模板/村务/协助政府工作.md")
    with open(path, "w", encoding="utf-8") as file:
        file.write("---\n标题: 县里的样子\n类型: 公开事项\n密级: 无\n---\n\n县里写的话。\n")
    _, text = site.made("协助政府工作")
    tap.ok("the county's own template counts", "密级: 无" in text and "县里写的话。" in text and
           "标题: 示例村协助政府工作" in text and "索引号: 990101XX1" in text, text)


def several_bodies(tap, site):
    """Two bodies of one village publish their accounts apart: each has its own numbers and balance."""
    for name, prefix, closing in (("示例村村民委员会", "990101AA1", "10.00"), ("示例村股份经济合作社", "990101AA2", "20.00")):
        path = os.path.join(site.path, f"示例镇/示例村/账/{prefix}.md")
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(f"---\n标题: 账\n单位: {name}\n目录事项: 收益分配\n索引号: {prefix}/2026-00007\n"
                       f"期末余额: {closing}\n---\n")
    with open(os.path.join(site.path, "gongkai.yml"), encoding="utf-8") as file:
        config = file.read()
    with open(os.path.join(site.path, "gongkai.yml"), "w", encoding="utf-8") as file:
        file.write(config.replace('            agency: "990101XX1"\n', ""))
    _, said, _ = site.new("收益分配")
    tap.ok("who it is of several must be said", "--org" in said, said)
    for org, want in (("village-committee", ("990101AA1/2026-00008", "10.00")),
                      ("village-collective", ("990101AA2/2026-00008", "20.00"))):
        answer, _ = site.made("收益分配", "--org", org)
        tap.same(f"number and balance are those of {org}", want, (answer["index"], answer.get("opening")))
        tap.ok("beside its like", answer["path"].startswith("示例镇/示例村/账/"), answer["path"])


def twice(tap, site):
    """The same again is most often a mistake: the number would be another."""
    first = site.new("积分", "--lang", "zh")[1]
    said = site.new("积分", "--lang", "zh")[1]
    path = re.search("写好了：(.*)", first)[1]
    tap.ok("the first says nothing of another", "已经有一份" not in first, first)
    tap.ok("the second names the first", f"已经有一份 {path}：" in said and f"写好了：{path}\n" not in said, said)


def refusals(tap, site):
    before = contents(site.path)
    status, _, err = site.new("公文")
    tap.ok("an unknown kind is told, with all there are", status == 2 and "公开事项" in err and "财务收支" in err, err)
    tap.same("an unknown item", 2, site.new("公开事项", "--item", "没有")[0])
    status, _, err = site.new("页面", "--org", "没有", "--lang", "zh")
    tap.same("an unknown organisation", 2, status)
    tap.ok("those that there are are named", "单位：" in err and "；示例村村民委员会" in err, err)
    nearest = [(("低保",), "最低生活保障与特困供养"), (("会议",), "会议记录、会议与决议"),
               (("公开事项", "--item", "耕地补贴"), "耕地地力保护补贴"),
               (("页面", "--org", "示例村村委会"), "示例村村民委员会")]
    for arguments, want in nearest:
        said = site.new(*arguments, "--lang", "zh")[2]
        tap.same(f"what was meant by {arguments[-1]} is told last", f"是不是要写：{want}？", said.splitlines()[-1])
    tap.same("nothing at all", 2, site.new()[0])
    bare = os.path.join(os.path.dirname(site.path), "bare.git")
    run("git", "clone", "-q", "--bare", site.path, bare, env=environment())
    tap.same("a bare repository", 3, run(GONGKAI, "new", "页面", "-C", bare)[0])
    tap.ok("nothing was written", contents(site.path) == before)


def main():
    with scratch() as folder, Tap() as tap:
        site = Site(folder)
        ledger(tap, site)
        numbers(tap, site)
        periods(tap, site)
        kinds(tap, site)
        several_bodies(tap, site)
        twice(tap, site)
        refusals(tap, site)


main()
