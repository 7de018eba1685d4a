#!/usr/bin/env python3
"""The rules as a publisher meets them: check, a whole build and one that goes on from what is
published refuse the same commits, with the same errors, and what is published stays as it is."""
# builds: release
import json
import os

from support import Repository, Tap, contents, gongkai, scratch

CONFIG = """title: 测试县
url: https://example.invalid/
organisations:
  - {key: liu, name: 柳湾村, type: village, folder: 柳湾}
items:
  - {key: finance, name: 财务收支, category: 财务, every: month, issuers: [village]}
"""
AS_OF = ("--as-of", "2026-11-25", "--lang", "en")


def account(month, opening, closing, index=None):
    return (f"---\n标题: {month}月账\n类型: 公开事项\n目录事项: 财务收支\n所属期: 2026-{month:02}\n"
            f"索引号: 9901011A2/2026-{index or month:05}\n发布日期: 2026-{month + 1:02}-12\n"
            f"期初余额: {opening}\n收入合计: 0.00\n支出合计: {opening - closing:.2f}\n"
            f"期末余额: {closing}\n审核:\n  审核人: 甲\n---\n\n账。\n")


class Site:
    def __init__(self, folder):
        self.folder = folder
        self.repository = Repository(os.path.join(folder, "repository"))
        self.put("gongkai.yml", CONFIG)
        self.put("柳湾/08.md", account(8, 5.0, 5.0))
        self.put("柳湾/说明.md", "# 说明\n\n见[八月](08.md)。\n")
        self.repository.commit()
        self.out = os.path.join(folder, "web")
        self.first = self.build(self.out)

    def put(self, path, text):
        self.repository.write(path, text)

    def build(self, out, *more):
        status, text, _ = gongkai("build", "-C", self.repository.path, "-o", out, "--json", *AS_OF,
                                  *more)
        return status, errors(text)


def diagnostics(text):
    """A check prints the array alone, a build an object that has it."""
    found = json.loads(text)
    return found if isinstance(found, list) else found["diagnostics"]


def errors(text):
    return sorted((entry["code"], entry["path"], entry["line"], entry["column"])
                  for entry in diagnostics(text) if entry["level"] == "error")


def refused(tap, name, change, want):
    """The three verdicts on one commit that comes after the published one."""
    with scratch() as folder:
        site = Site(folder)
        tap.same(f"{name}: before it, all is well", (0, []), site.first)
        before = contents(site.out)
        change(site)
        site.repository.commit("change", date="2026-03-06T10:00:00+0800")
        status, text, _ = gongkai("check", "-C", site.repository.path, "--json", *AS_OF)
        verdict = (1 if want else 0, want)
        tap.same(f"{name}: check", verdict, (status, errors(text)))
        tap.same(f"{name}: a whole build", verdict, site.build(os.path.join(folder, "other")))
        tap.same(f"{name}: an update", verdict, site.build(site.out))
        if want:
            tap.ok(f"{name}: nothing moved", contents(site.out) == before)


def cases(tap):
    refused(tap, "a month that follows", lambda site: site.put("柳湾/09.md", account(9, 5.0, 4.0)), [])
    refused(tap, "a balance that is lost", lambda site: site.put("柳湾/09.md", account(9, 4.0, 4.0)),
            [("R06A", "柳湾/09.md", 8, 7)])
    refused(tap, "an earlier month is edited", lambda site: (
        site.put("柳湾/09.md", account(9, 5.0, 5.0)), site.put("柳湾/08.md", account(8, 5.0, 4.0))),
            [("R06A", "柳湾/09.md", 8, 7)])
    refused(tap, "a number twice", lambda site: site.put("柳湾/09.md", account(9, 5.0, 5.0, 8)),
            [("R29A", "柳湾/09.md", 6, 6)])
    refused(tap, "sums that do not fit", lambda site: site.put(
        "柳湾/09.md", account(9, 5.0, 5.0).replace("期末余额: 5.0", "期末余额: 6.0")),
            [("R05A", "柳湾/09.md", 11, 7)])
    refused(tap, "what is linked to goes", lambda site: site.repository.remove("柳湾/08.md"),
            [("E304", "柳湾/说明.md", 3, 2)])
    refused(tap, "it goes, where a county calls that a warning", lambda site: (
        site.put("gongkai.yml", CONFIG + "rules: {级别: {R24: 警告}}\n"),
        site.repository.remove("柳湾/08.md")), [])
    refused(tap, "a county below the floor", lambda site: site.put(
        "gongkai.yml", CONFIG + "rules:\n  数字: {公示天数: 10}\n"), [("R32A", "gongkai.yml", 8, 14)])


def free(tap):
    """Without a configuration nothing is refused."""
    with scratch() as folder:
        repository = Repository(os.path.join(folder, "repository"))
        repository.write("09.md", account(9, 4.0, 3.0).replace("支出合计: 1.00", "支出合计: 2.00") +
                         "\n[没有](没有.md)\n")
        repository.commit()
        status, text, _ = gongkai("check", "-C", repository.path, "--json", *AS_OF)
        levels = {entry["code"]: entry["level"] for entry in diagnostics(text)}
        tap.same("a site without gongkai.yml is told in notes", (0, "note", "note"),
                 (status, levels.get("R05A"), levels.get("E304")))


LEDGER = "日期,摘要,收入（元）,支出（元）,结余（元）\n2026-08-01,租金,9.00,,14.00\n2026-08-02,电费,,4.00,11.00\n"


def tables(tap):
    """A fault in a table beside the record shows that table's line, and names both files."""
    for name, encoding in (("UTF-8", "utf-8"), ("GB18030", "gb18030"), ("a byte-order mark", "utf-8-sig")):
        with scratch() as folder:
            repository = Repository(os.path.join(folder, "repository"))
            repository.write("gongkai.yml", CONFIG)
            repository.write("柳湾/08.md", account(8, 5.0, 10.0).replace("收入合计: 0.00", "收入合计: 8.00")
                             .replace("支出合计: -5.00", "支出合计: 3.00"))
            repository.write("柳湾/08.csv", LEDGER.encode(encoding))
            repository.commit()
            _, _, said = gongkai("check", "-C", repository.path, "--as-of", "2026-11-25", "--lang", "zh")
            wants = ["柳湾/08.csv:3:21: error[R05D]: 第 3 行的余额接不上", "  | 2026-08-02,电费,,4.00,11.00\n",
                     "柳湾/08.csv:1:7: error[R05C]", "（在 柳湾/08.md:9）", "  | 日期,摘要,收入（元）,支出（元）,结余（元）\n"]
            tap.same(f"what is wrong in a table in {name} is shown", [],
                     [want for want in wants if want not in said] and [said])
            repository.write("柳湾/08.csv", LEDGER.replace("电费", "身份证11010519491231002X").encode(encoding))
            repository.commit("leak")
            _, _, said = gongkai("check", "-C", repository.path, "--as-of", "2026-11-25", "--lang", "zh")
            tap.ok(f"but no number of a person ({name})", "error[R05D]" in said and "error[R16A]" in said and
                   "身份证" in said and "1949123" not in said, said)


FOOTER = """title: 县
url: https://x.example/
footer:
  {主办单位: 县政府, 备案号: 某ICP备1号, 公安备案号: 某公网安备2号, 网站标识码: "9901010001",
   党政机关标识: "https://mark.example/", 网站找错: "https://report.example/"}
"""


def footer(tap):
    """What a government site must carry is on each of its pages, and the tags of its kind."""
    with scratch() as folder:
        repository = Repository(os.path.join(folder, "repository"))
        repository.write("gongkai.yml", FOOTER)
        repository.write("a.md", "---\n标题: 甲\n发布日期: 2026-01-05\n---\n\n乙\n")
        repository.commit()
        out = os.path.join(folder, "site")
        gongkai("build", "-C", repository.path, "-o", out, *AS_OF)
        for page, tags in (("index.html", []), ("a/index.html", ["ArticleTitle", "PubDate", "ContentSource"]),
                           ("archive/2026/index.html", ["ColumnName", "ColumnDescription",
                                                        "ColumnKeywords", "ColumnType"])):
            with open(os.path.join(out, page), encoding="utf-8") as file:
                text = file.read()
            wanted = ["县政府", "某ICP备1号", "某公网安备2号", "https://mark.example/",
                      "https://report.example/", 'name="SiteIDCode" content="9901010001"'] + [
                          f'<meta name="{tag}"' for tag in ["SiteName", "SiteDomain", *tags]]
            tap.none(f"{page} has what a government site owes", [part for part in wanted if part not in text])


def main():
    with Tap() as tap:
        cases(tap)
        free(tap)
        tables(tap)
        footer(tap)


if __name__ == "__main__":
    main()
