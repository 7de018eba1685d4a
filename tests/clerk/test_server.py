#!/usr/bin/env python3
"""A county's server as `gongkai init --server` lays it out, with real git: a good push is live and
found by the search, a bad one is refused and nothing moves, two at once both arrive, and whatever
is killed or full leaves the old site, and is told."""
import os
import shutil
import subprocess
import sys
import threading

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from clerk import GONGKAI, IDENTITY, THEME, Clone, environment, page, run, tip  # noqa: E402
from support import BUILD, Tap, contents, gongkai, scratch  # noqa: E402


def search(site, words):
    """What search.cgi answers."""
    done = subprocess.run([os.path.join(BUILD, "search.cgi")], capture_output=True, timeout=60, env={
        "GATEWAY_INTERFACE": "CGI/1.1", "GONGKAI_SITE": site, "REQUEST_METHOD": "GET",
        "QUERY_STRING": f"format=json&q={words}", "ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", "")})
    return done.stdout.decode(errors="replace")


class County:
    """Content and server, both laid out by the program, and a clerk."""

    def __init__(self, folder):
        self.server = os.path.join(folder, "server.git")
        self.site = os.path.join(folder, "web", "public")
        content = os.path.join(folder, "content")
        assert gongkai("init", content)[0] == 0
        assert gongkai("init", "--server", self.server, "-o", self.site)[0] == 0
        run("git", "-C", self.server, "config", "gongkai.theme", THEME)
        status, _, self.first = run("git", "push", "-q", self.server, "HEAD:main", cwd=content,
                                    env=environment())
        assert status == 0, self.first
        self.li = Clone(self.server, os.path.join(folder, "li"))
        self.wang = Clone(self.server, os.path.join(folder, "wang"))

    def state(self):
        return tip(self.server), contents(self.site)


def good_and_bad(tap, county):
    tap.ok("the first push is published", os.path.exists(os.path.join(county.site, "index.html")) and
           "已发布" in county.first, county.first)
    county.li.put("示例镇/示例村/2026-03-水渠.md", page("清淤水渠三百米。", "水渠清淤"))
    status, said = county.li.push()
    tap.ok("a good push is published, and told", status == 0 and "已发布" in said, said)
    tap.ok("it is live", os.path.exists(os.path.join(
        county.site, "示例镇/示例村/2026-03-水渠/index.html")))
    answer = search(county.site, "%E6%B8%85%E6%B7%A4")
    tap.ok("and found by the search", "2026-03-%E6%B0%B4%E6%B8%A0" in answer and '"total":1' in
           answer.replace(" ", ""), answer)

    before = county.state()
    county.li.put("示例镇/示例村/坏.md", page("正文").replace("发布日期", "发步日期"))
    status, said = county.li.push()
    tap.ok("a bad push is refused at its place", status != 0 and "示例镇/示例村/坏.md:3:1: error[E233]" in said,
           said)
    tap.ok("and nothing has moved", county.state() == before)
    county.li.git("reset", "-q", "--hard", "origin/main")
    county.li.put("漏.md", page(f"身份证号{IDENTITY}"))
    county.li.put("漏.md", page("没有了"))
    status, said = county.li.push()
    tap.ok("a number in a commit between is refused", status != 0 and "漏.md:6:5: error[R16P]" in said and
           IDENTITY not in said, said)
    tap.ok("and nothing has moved then", county.state() == before)
    objects = run("git", "-C", county.server, "cat-file", "--batch-all-objects", "--batch")[1]
    tap.ok("the server does not keep what it refused", IDENTITY not in objects)
    county.li.git("reset", "-q", "--hard", "origin/main")


def side_branches(tap, county):
    before = county.state()
    county.li.put("示例镇/草稿.md", page("还没有定。"))
    status, said = county.li.push("origin", "HEAD:refs/heads/draft")
    tap.ok("another branch is checked and not published", status == 0 and "已发布" not in said and
           county.state() == before, said)
    county.li.git("reset", "-q", "--hard", "origin/main")


def at_once(tap, county):
    """Both fetch, both commit; who is second brings it together as git's own words tell."""
    results = {}

    def publish(name, clone):
        clone.git("pull", "-q", "--no-rebase", "--no-edit")
        clone.put(f"示例镇/示例村/{name}.md", page(f"{name}的事。", name))
        for _ in range(8):
            results[name] = clone.push()
            if results[name][0] == 0:
                break
            clone.git("pull", "-q", "--no-rebase", "--no-edit", "origin", "main")

    threads = [threading.Thread(target=publish, args=pair)
               for pair in (("李", county.li), ("王", county.wang))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    tap.ok("two at once both arrive", all(status == 0 for status, _ in results.values()), results)
    there = [os.path.exists(os.path.join(county.site, f"示例镇/示例村/{name}/index.html"))
             for name in ("李", "王")]
    tap.same("and both are live", [True, True], there)
    tap.ok("neither is told that history was rewritten",
           not any("改写" in said for _, said in results.values()), results)
    tap.ok("the site verifies", gongkai("verify", county.site)[0] == 0)


def broken(tap, county):
    """The publishing is disturbed: the push stays, the site is the old one, and it is told."""
    post = os.path.join(county.server, "gongkai/publish")
    with open(post, encoding="utf-8") as file:
        whole = file.read()

    def disturb(name, script, wants, is_whole=True):
        with open(post, "w", encoding="utf-8") as file:
            file.write(script)
        county.li.git("pull", "-q", "--no-rebase", "--no-edit", "origin", "main")
        before = contents(county.site)
        county.li.put("示例镇/示例村/扰.md", page(name, "扰"), name)
        status, said = county.li.push()
        missing = [want for want in wants if want not in said]
        tap.ok(f"{name}: the push is taken, and what failed is told", status == 0 and not missing,
               f"{missing}\n{said}")
        if is_whole:
            tap.ok(f"{name}: the old site stands", contents(county.site) == before)
        with open(post, "w", encoding="utf-8") as file:
            file.write(whole)
        status, said, err = run(post, env=environment())
        answer = search(county.site, name)
        tap.ok(f"{name}: the next run publishes it", status == 0 and '"total":1' in answer.replace(" ", ""),
               said + err + answer)

    program = f"'{GONGKAI}'"
    assert '"$program" build' in whole
    disturb("fulldisk", whole.replace('"$program" build', 'ulimit -f 8; trap "" XFSZ; "$program" build'),
            ["没有发布：服务器出了问题", "告诉管理员"])
    disturb("killed", whole.replace('"$program" build', 'timeout -s KILL 0.02 "$program" build'),
            ["没有发布：服务器出了问题"], is_whole=False)
    disturb("noprogram", whole.replace(f"program={program}", "program=/nonexistent"),
            ["没有发布：服务器出了问题"])
    run("git", "-C", county.server, "config", "--unset", "gongkai.output")
    status, said, err = run(post, env=environment())
    tap.ok("a server that does not know where to publish says how to tell it",
           status == 3 and "config gongkai.output" in said, said + err)
    run("git", "-C", county.server, "config", "gongkai.output", county.site)


def lost_memory(tap, county):
    """What a build remembers beside the site is gone: everything is built anew, and told as usual."""
    county.li.git("pull", "-q", "--no-rebase", "--no-edit", "origin", "main")
    county.li.put("示例镇/示例村/又.md", page("又一份", "又"))
    shutil.rmtree(os.path.join(os.path.dirname(county.site), ".public.gongkai"))
    status, said = county.li.push()
    tap.ok("a lost memory is no harm", status == 0 and "已发布" in said, said)


def units(tap, county):
    folder = os.path.join(county.server, "gongkai")
    with open(os.path.join(folder, "gongkai.service"), encoding="utf-8") as file:
        service = file.read()
    with open(os.path.join(folder, "nginx.conf"), encoding="utf-8") as file:
        nginx = file.read()
    tap.ok("the unit runs what the hook runs", f"ExecStart={folder}/publish" in service, service)
    tap.ok("the web server serves the site", f"root {county.site};" in nginx and "/srv/" not in nginx, nginx)
    if shutil.which("systemd-analyze"):
        status, said, err = run("systemd-analyze", "verify", os.path.join(folder, "gongkai.timer"),
                                os.path.join(folder, "gongkai.service"))
        tap.ok("systemd understands the units", "gongkai." not in err or status == 0, err)
    before = contents(os.path.join(county.server, "hooks"))
    status, said, _ = gongkai("init", "--server", county.server, "-o", county.site)
    tap.ok("a second time nothing is overwritten", status == 0 and
           contents(os.path.join(county.server, "hooks")) == before, said)


def main():
    with scratch() as folder, Tap() as tap:
        county = County(folder)
        good_and_bad(tap, county)
        side_branches(tap, county)
        at_once(tap, county)
        broken(tap, county)
        lost_memory(tap, county)
        units(tap, county)


main()
