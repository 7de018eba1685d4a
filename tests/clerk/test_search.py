#!/usr/bin/env python3
"""`gongkai search` on a terminal: a site's folder will do, addresses are readable, and what cannot be
opened is told with cause and remedy."""
import os
import shutil
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from clerk import CONFIG, THEME, page  # noqa: E402
from support import Repository, Tap, gongkai, scratch  # noqa: E402


def search(*arguments, language="zh"):
    return gongkai("search", *arguments, "--lang", language)


def faults(tap, folder, site):
    database = os.path.join(site, "data/search.db")
    copies = {}
    for name in ("short", "foreign", "open", "version"):
        copies[name] = shutil.copy(database, os.path.join(folder, name + ".db"))
    os.truncate(copies["short"], os.path.getsize(database) - 4096)
    with open(copies["foreign"], "wb") as file:
        file.write(b"x" * 8192)
    os.chmod(copies["open"], 0o666)
    with open(copies["version"], "r+b") as file:
        file.seek(63)
        file.write(b"\xfe")
    rows = (
        ("a file that is not there", os.path.join(folder, "none.db"), "没有这个文件或文件夹", "No such file"),
        ("a folder that is no site", folder, "里面没有 data/search.db", "no data/search.db"),
        ("a database that is cut short", copies["short"], "重新下载", "download it again"),
        ("somebody else's file", copies["foreign"], "不是 gongkai 的数据库", "not a database of gongkai"),
        ("one that others may write", copies["open"], "chmod go-w", "chmod go-w"),
        ("one of another version", copies["version"], "重新生成网站", "build the site anew"),
    )
    for what, path, zh, en in rows:
        for language, want in (("zh", zh), ("en", en)):
            status, _, said = search(path, "路灯", language=language)
            tap.ok(f"{what} ({language}): path, cause and remedy", status == 3 and want in said and path in said, said)
    status, _, said = search(site)
    tap.ok("words are missing: an example", status == 2 and "gongkai search public 路灯" in said, said)


def main():
    with scratch() as folder, Tap() as tap:
        repository = Repository(os.path.join(folder, "repo"))
        repository.write("gongkai.yml", CONFIG)
        repository.write("甲村/路灯 50%.md", page("路灯亮了。", title="路灯"))
        repository.commit()
        site = os.path.join(folder, "site")
        status, _, said = gongkai("build", "-C", repository.path, "-o", site, "--theme", THEME, "--as-of", "2026-03-10")
        tap.ok("it is published", status == 0, said)
        for where in (site, site + "/", os.path.join(site, "data/search.db")):
            status, out, said = search(where, "路灯")
            tap.ok(f"found by {where[len(folder):]}", status == 0 and "共 1 条" in out, out + said)
        tap.ok("the address is readable, but for what must be encoded", "\n  /甲村/路灯%2050%25/\n" in out, out)
        tap.ok("in JSON it is a URI", "%E8%B7%AF%E7%81%AF%2050%25/" in search(site, "路灯", "--json")[1])
        _, out, _ = search(site, "龘龘龘")
        tap.ok("nothing is found: what to do", "没有找到：换一种说法" in out, out)
        _, out, _ = search(site, "龘龘龘", language="en")
        tap.ok("nothing is found: what to do (en)", "nothing found: say it" in out, out)
        _, out, _ = search(site, "路灯", "--page", "3")
        tap.ok("a page past the last", "没有第 3 页：共 1 条，一共 1 页" in out, out)
        _, out, _ = search(site, "路灯", "--page", "3", language="en")
        tap.ok("a page past the last (en)", "there is no page 3" in out and "last page is 1" in out, out)
        faults(tap, folder, site)


main()
