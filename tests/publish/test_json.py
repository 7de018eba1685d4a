#!/usr/bin/env python3
"""`--json`: one document on standard output, whatever came of it, and what people read on standard error."""
import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "site"))

from support import ROOT, Repository, Tap, gongkai, scratch  # noqa: E402

THEME = os.path.join(ROOT, "themes/default")
KEYS = {"version", "status", "next_build", "counts", "diagnostics"}


def page(more="", title="甲"):
    return f"---\n标题: {title}\n发布日期: 2026-01-01\n{more}---\n\n正文。\n"


class Site:
    def __init__(self, folder):
        self.repository, self.out = Repository(os.path.join(folder, "repo")), os.path.join(folder, "out")

    def commit(self, path, text):
        self.repository.write(path, text)
        self.repository.commit()

    def build(self, *more):
        """Status, the document and standard error; fails where standard output is more than one."""
        status, out, said = gongkai("build", "-C", self.repository.path, "-o", self.out, "--theme", THEME, "--json",
                                    "--as-of", "2026-02-01", "--lang", "zh", *more)
        return status, json.loads(out), said


def main():
    with scratch() as folder, Tap() as tap:
        site = Site(folder)
        status, answer, said = site.build()
        tap.ok("no commit: failed, and told to people", status == 3 and answer["status"] == "failed" and
               "还没有提交" in said, said)
        site.commit("gongkai.yml", "title: 甲县\nurl: https://example.invalid/\n")
        site.commit("甲.md", page())
        site.commit("乙.md", page("定时发布: 2026-03-01\n", "乙"))
        status, answer, said = site.build("--dry-run")
        tap.ok("planned: what would be done to each record", status == 0 and answer["status"] == "planned" and
               [(row["action"], row["path"]) for row in answer["records"]] ==
               [("added", "甲.md"), ("embargoed", "乙.md")] and not os.path.exists(site.out + "/index.html"), answer)
        status, answer, said = site.build()
        tap.ok("published", status == 0 and answer["status"] == "published" and set(answer) == KEYS, answer)
        tap.ok("version, next build, counts", answer["version"] == 1 and answer["next_build"] == "2026-03-01" and
               answer["counts"]["added"] > 10 and answer["counts"]["read"] == 2 and answer["counts"]["removed"] == 0,
               answer)
        tap.ok("people are told on standard error", "读取 2 条记录" in said, said)
        status, answer, said = site.build()
        tap.ok("current", status == 0 and answer["status"] == "current" and answer["next_build"] == "2026-03-01", answer)
        site.commit("丙.md", "---\n标题: 丙\n发步日期: 2026-01-01\n---\n")
        status, answer, said = site.build()
        faults = [(entry["code"], entry["path"], entry["line"], entry["level"]) for entry in answer["diagnostics"]]
        tap.ok("refused, with the faults", status == 1 and answer["status"] == "refused" and
               ("E233", "丙.md", 3, "error") in faults and all(entry["hint"] for entry in answer["diagnostics"]), answer)
        site.repository.git("reset", "-q", "--hard", "HEAD~2")
        site.commit("丁.md", page(title="丁"))
        status, answer, said = site.build()
        tap.ok("rewritten", status == 1 and answer["status"] == "rewritten" and "--allow-rewrite" in said, answer)
        status, out, said = gongkai("check", "-C", site.repository.path, "--json", "--theme", THEME)
        tap.ok("check answers with the array", status == 0 and isinstance(json.loads(out), list), out + said)


main()
