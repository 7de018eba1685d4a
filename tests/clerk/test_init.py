#!/usr/bin/env python3
"""`gongkai init`: what it lays out passes check and build at once, and nothing is overwritten."""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from clerk import THEME, environment, run  # noqa: E402
from support import Tap, all_files, contents, gongkai, scratch  # noqa: E402


def fresh(tap, folder):
    site, out = os.path.join(folder, "县"), os.path.join(folder, "out")
    status, said, err = gongkai("init", site, "--as-of", "2026-03-01")
    tap.ok("a folder is laid out", status == 0 and "gongkai check" in said, said + err)
    status, _, said = gongkai("check", "-C", site, "--theme", THEME, "--as-of", "2026-03-01")
    tap.ok("it passes the check", status == 0 and "error" not in said, said)
    status, _, said = gongkai("build", "-C", site, "-o", out, "--theme", THEME, "--as-of", "2026-03-01")
    tap.ok("it is published", status == 0 and os.path.exists(os.path.join(out, "index.html")), said)
    pages = [path for path in all_files(out) if "模板" in path]
    tap.same("no template is a page", [], pages)
    tap.ok("no template is in the database",
           "收支计划".encode() not in open(os.path.join(out, "data/search.db"), "rb").read())
    tap.same("git has nothing to add", "", run("git", "status", "--short", cwd=site, env=environment())[1])
    templates = [path for path in all_files(site) if path.startswith("模板/")]
    tap.ok("every item of the catalogue has a template", len([t for t in templates if t.endswith(".md")]) > 60,
           templates)
    return site, templates


def copied(tap, site, templates):
    """Every template, copied as it is, says what is still to be filled in, and nothing else."""
    target = os.path.join(site, "示例镇/示例村")
    odd = []
    for number, path in enumerate(templates):
        with open(os.path.join(site, path), encoding="utf-8-sig") as file:
            text = file.read()
        if path.endswith(".csv"):
            continue
        text = text.replace("标题:", "标题: 名称", 1)
        with open(os.path.join(target, f"{number}.md"), "w", encoding="utf-8") as file:
            file.write(text)
    status, _, said = gongkai("check", "-C", site, "--worktree", "--theme", THEME, "--lang", "zh")
    for line in said.splitlines():
        if "error[" in line and "E236" not in line and "E291" not in line:
            odd.append(line)
    tap.none("a copied template has no fault but what is missing", odd)
    tap.ok("and says so", status == 1 and "还空着" in said, said[:2000])
    run("git", "clean", "-fdq", cwd=site, env=environment())


def again(tap, site):
    with open(os.path.join(site, "README.md"), "w", encoding="utf-8") as file:
        file.write("我的\n")
    os.remove(os.path.join(site, "模板/财务/财务收支.csv"))
    with open(os.path.join(site, "gongkai.yml"), "a", encoding="utf-8") as file:
        file.write("")
    with open(os.path.join(site, "gongkai.yml"), encoding="utf-8") as file:
        config = file.read()
    config = config.replace("items:\n", "items:\n  - {key: new-one, name: 新的/事项, category: 村务, every: event}\n", 1)
    with open(os.path.join(site, "gongkai.yml"), "w", encoding="utf-8") as file:
        file.write(config)
    before = contents(site)
    status, said, err = gongkai("init", site)
    after = contents(site)
    tap.ok("a second time only adds what is missing",
           status == 0 and sorted(set(after) - set(before)) == ["模板/村务/新的-事项.md", "模板/财务/财务收支.csv"],
           sorted(set(after) - set(before)))
    tap.none("and changes nothing", [path for path in before if before[path] != after.get(path)])
    with open(os.path.join(site, "gongkai.yml"), "w", encoding="utf-8") as file:
        file.write("tilte: x\n")
    before = contents(site)
    status, said, err = gongkai("init", site)
    tap.ok("a faulty configuration is told, and nothing written",
           status == 1 and "gongkai.yml:1:1" in err and contents(site) == before, err)


def renamed(tap, folder):
    """The example county becomes another: what nobody touched follows, and the first steps are over."""
    site = os.path.join(folder, "云溪县")
    status, said, err = gongkai("init", site, "--as-of", "2026-03-01", "--lang", "zh")
    tap.ok("first the names are asked for", status == 0 and "把示例县、示例镇、示例村改成您的" in said, said + err)
    again = gongkai("init", site, "--as-of", "2026-03-02", "--lang", "zh")[1]
    tap.ok("and again as long as they are the example's", "改成您的" in again, again)
    path = os.path.join(site, "gongkai.yml")
    with open(path, encoding="utf-8") as file:
        config = file.read()
    with open(path, "w", encoding="utf-8") as file:
        file.write(config.replace("示例县", "云溪县").replace("示例镇", "柳湾镇").replace("示例村", "柳湾村"))
    guide = os.path.join(site, "填报指南.md")
    with open(guide, encoding="utf-8") as file:
        text = file.read()
    with open(guide, "w", encoding="utf-8", newline="\r\n") as file:
        file.write(text)
    status, said, err = gongkai("init", ".", "--as-of", "2026-03-05", "--lang", "zh", cwd=site)
    left = [one for one in all_files(site) if "示例" in one and not one.startswith(".git/")]
    tap.same("no file of the example is left", [], left)
    wrong = [name for name in ("README.md", "填报指南.md", "柳湾镇/README.md", "柳湾镇/柳湾村/README.md")
             if "示例" in open(os.path.join(site, name), encoding="utf-8").read()]
    tap.same("nor its names in what nobody touched, CRLF or not", [], wrong)
    with open(guide, encoding="utf-8") as file:
        text = file.read()
    tap.ok("the guide has the village's", "git add '柳湾镇/柳湾村'" in text and "柳湾村11月财务收支" in text, text[:1500])
    tap.ok("the first steps are not told again", status == 0 and "改成您的" not in said and "cd " not in said and
           "gongkai check --worktree" in said and "示例县的 2 个已移走" in said, said + err)
    status, checked, err = gongkai("check", "--worktree", "--theme", THEME, "--as-of", "2026-03-05", cwd=site)
    tap.ok("it passes the check", status == 0, checked + err)
    said = gongkai("init", ".", "--as-of", "2026-03-06", "--lang", "zh", cwd=site)[1]
    tap.ok("a third time nothing is missing", "没有要补的" in said, said)


def touched(tap, folder):
    """What somebody wrote stays, be it in a folder of the example."""
    site = os.path.join(folder, "mine-too")
    gongkai("init", site, "--as-of", "2026-03-01")
    with open(os.path.join(site, "README.md"), "a", encoding="utf-8") as file:
        file.write("我的一句。\n")
    with open(os.path.join(site, "示例镇/示例村/甲.md"), "w", encoding="utf-8") as file:
        file.write("# 甲\n")
    path = os.path.join(site, "gongkai.yml")
    with open(path, encoding="utf-8") as file:
        config = file.read()
    with open(path, "w", encoding="utf-8") as file:
        file.write(config.replace("示例镇", "柳湾镇").replace("示例村", "柳湾村"))
    gongkai("init", site, "--as-of", "2026-03-05")
    with open(os.path.join(site, "README.md"), encoding="utf-8") as file:
        text = file.read()
    tap.ok("a page that was touched stays", "我的一句" in text and "示例县" in text, text)
    tap.ok("so does a record in the example's folder", os.path.exists(os.path.join(site, "示例镇/示例村/甲.md")) and
           not os.path.exists(os.path.join(site, "示例镇/示例村/README.md")))


def guide(tap, folder):
    """What a clerk looks for in the guides that are laid out."""
    site = os.path.join(folder, "guide")
    gongkai("init", site, "--as-of", "2026-03-01")
    with open(os.path.join(site, "填报指南.md"), encoding="utf-8") as file:
        text = file.read()
    missing = [word for word in ("草稿: 是", "定时发布:", "撤下日期:", "公开范围: 公示栏", "已撤回:", "gongkai notice",
                                 "(字段一览.md)") if word not in text]
    tap.same("the guide tells of drafts, days, the board and withdrawals", [], missing)
    with open(os.path.join(site, "字段一览.md"), encoding="utf-8") as file:
        laid = file.read()
    with open("content/字段一览.md", encoding="utf-8") as file:
        ours = file.read()
    tap.ok("the list of fields is laid out with the day", "\n发布日期: 2026-03-01\n" in laid and
           laid.partition("摘要")[2] == ours.partition("摘要")[2], laid[:300])


def odd(tap, folder):
    mine = os.path.join(folder, "mine")
    os.makedirs(mine)
    with open(os.path.join(mine, "a.md"), "w", encoding="utf-8") as file:
        file.write("# 我的\n")
    status, _, err = gongkai("init", mine)
    tap.ok("a folder with files in it is not committed",
           status == 0 and run("git", "-C", mine, "rev-parse", "-q", "--verify", "HEAD")[0] != 0, err)
    bare = os.path.join(folder, "bare.git")
    run("git", "init", "-q", "--bare", bare)
    tap.same("a bare repository is no folder for content", 3, gongkai("init", bare)[0])
    tap.same("a clerk's folder is no server", 3, gongkai("init", "--server", mine)[0])
    status, _, err = gongkai("init", os.path.join(mine, "a.md"), "--lang", "zh")
    tap.ok("a file is no folder", status == 3 and "是文件，不是文件夹" in err, err)
    server = os.path.join(folder, "twice.git")
    first, second = (gongkai("init", "--server", server, "--lang", "zh")[1] for _ in range(2))
    tap.ok("a server's steps are told once", "git push -u" in first and "没有要补的" in second and
           "git push" not in second, second)
    tap.same("a folder must be named", 2, gongkai("init")[0])
    status, _, err = gongkai("init", "--server", os.path.join(folder, "with blank.git"))
    tap.ok("a server's path has no blanks, since it stands in scripts", status == 3, err)
    status, said, _ = gongkai("init", "--json", os.path.join(folder, "json"))
    tap.ok("JSON where asked", status == 0 and '"written":9' in said.replace(" ", ""), said)


def main():
    with scratch() as folder, Tap() as tap:
        site, templates = fresh(tap, folder)
        copied(tap, site, templates)
        again(tap, site)
        renamed(tap, folder)
        touched(tap, folder)
        guide(tap, folder)
        odd(tap, folder)


main()
