#!/usr/bin/env python3
"""The gate of a push: every new commit is looked at, what is refused says what to type, and what it
says works when it is typed. What cannot be read is refused."""
import os
import re
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from clerk import (CONFIG, GONGKAI, IDENTITY, Clone, make_server, page, run, tip,  # noqa: E402
                   write_hook)
from support import Tap, scratch  # noqa: E402


class World:
    """A server with one good commit, and a clone of it."""

    count = 0

    def __init__(self, folder, with_commit=True):
        World.count += 1
        self.server = make_server(os.path.join(folder, f"server{World.count}.git"))
        self.clone = Clone(self.server, os.path.join(folder, f"clone{World.count}"))
        if with_commit:
            self.clone.write("gongkai.yml", CONFIG)
            self.clone.put("甲.md", page("好的正文。"))
            assert self.clone.push()[0] == 0
            self.clone.git("fetch", "-q")
            self.clone.git("branch", "-q", "-u", "origin/main")

    def refused(self, tap, name, wants, *arguments):
        """The push is refused with these words, shows no digit of the number, moves nothing."""
        before = tip(self.server)
        status, said = self.clone.push(*arguments)
        missing = [want for want in wants if want not in said]
        tap.ok(name, status != 0 and not missing and IDENTITY[:17] not in said and
               tip(self.server) == before, f"{missing}\n{said}")
        return said

    def mended(self, tap, name, said):
        """What was printed is typed; the push passes, and no number is in the server's history."""
        status, answer = self.clone.type(said)
        objects = run("git", "-C", self.server, "cat-file", "--batch-all-objects", "--batch")[1]
        tap.ok(name, status == 0 and tip(self.server) == self.clone.head() and
               IDENTITY not in objects, answer)


def content_faults(tap, folder):
    world = World(folder)
    world.clone.put("甲.md", page("好").replace("发布日期", "发步日期"))
    world.clone.put("乙.md", page("好").replace("2026-01-01", "2026-02-31"))
    said = world.refused(tap, "every fault of the last commit is told at its place",
                         ["甲.md:3:1: error[E233]", "乙.md:3:7: error[E241]", "改法", "推送被退回：2 处错误（乙.md、甲.md）"])
    world.clone.write("甲.md", page("好"))
    world.clone.write("乙.md", page("好"))
    world.mended(tap, "a fault of content needs one commit more", said)
    world.clone.put("丙.md", page("好").replace("发布日期", "发步日期"))
    world.clone.put("丙.md", page("好"))
    tap.same("a fault of content that a later commit mends is none", 0, world.clone.push()[0])


def warnings(tap, folder):
    world = World(folder)
    world.clone.put("旧.md", page("[没有](foo:b)"))
    status, said = world.clone.push()
    tap.ok("a warning is told to who brings it", status == 0 and "旧.md:6:1: warning[E303]" in said, said)
    world.clone.put("新.md", page("[没有](foo:b)"))
    status, said = world.clone.push()
    tap.ok("and to nobody after", status == 0 and "新.md:6:1: warning[E303]" in said and "旧.md" not in said,
           said)


def leaks(tap, folder):
    leak = page(f"张三，身份证号{IDENTITY}。")
    world = World(folder)
    world.clone.put("乙.md", leak)
    said = world.refused(tap, "a leak in the last commit is refused", ["乙.md:6:8: error[R16A]", "--amend"])
    world.clone.write("乙.md", page("张三。"))
    world.mended(tap, "the last commit is amended as printed", said)

    world.clone.put("丙.md", leak)
    world.clone.put("丙.md", page("张三。"), "去掉号码")
    said = world.refused(tap, "a leak that only an earlier commit has is refused",
                         ["丙.md:6:8: error[R16P]", "文件不用改", "git reset --soft"])
    world.mended(tap, "commits are put together as printed", said)

    world.clone.put("丁.md", leak)
    world.clone.put("戊.md", page("好"))
    said = world.refused(tap, "a leak of an earlier commit that still stands there is told once",
                         ["丁.md:6:8: error[R16A]", "git reset --soft"])
    tap.ok("and not twice", "R16P" not in said, said)
    world.clone.write("丁.md", page("张三。"))
    world.mended(tap, "mended, added and put together as printed", said)

    world.clone.put("己.md", leak)
    os.remove(os.path.join(world.clone.path, "己.md"))
    world.clone.commit("删掉")
    said = world.refused(tap, "a file that came and went is refused", ["己.md:6:8: error[R16P]"])
    status, answer = world.clone.type(said)
    tap.ok("nothing is left to push", status == 0 and world.clone.head() == tip(world.server), answer)

    world.clone.put("附件.bin", b"\0\1 " + IDENTITY.encode() + b" \0")
    said = world.refused(tap, "a file that no page shows is looked at too", ["附件.bin"])
    os.remove(os.path.join(world.clone.path, "附件.bin"))
    status, answer = world.clone.type(said)
    tap.ok("it is taken out, and nothing is left of it",
           IDENTITY not in run("git", "-C", world.server, "cat-file", "--batch-all-objects",
                               "--batch")[1], answer)


def odd_leaks(tap, folder):
    world = World(folder)
    world.clone.put("乙.md", page("好"), f"张三 {IDENTITY}")
    said = world.refused(tap, "a leak in a commit's message is refused", ["error[R16Q]", "--amend -m"])
    world.mended(tap, "another message is given as printed", said)

    world.clone.git("config", "user.email", "13812345678@example.invalid")
    world.clone.put("丙.md", page("好"))
    said = world.refused(tap, "a mobile number as the author's address is refused",
                         ["error[R16R]", "git config user.email"])
    tap.ok("and not shown", "13812345678" not in said, said)
    world.mended(tap, "the author is changed as printed", said)

    world.clone.git("config", "user.email", "13812345678@example.invalid")
    world.clone.put("丁.md", page("一"))
    world.clone.git("config", "user.email", "office@example.invalid")
    world.clone.put("丁.md", page("二"))
    said = world.refused(tap, "also of an earlier commit", ["error[R16R]", "git reset --soft"])
    world.mended(tap, "which is put together with the others", said)

    world.clone.git("checkout", "-q", "-b", "other", "HEAD~1")
    world.clone.put("戊.md", page(f"身份证号{IDENTITY}"))
    world.clone.put("戊.md", page("好"))
    world.clone.git("checkout", "-q", "main")
    world.clone.git("merge", "-q", "--no-edit", "other")
    said = world.refused(tap, "a leak that a merge brings is refused", ["error[R16P]", "戊.md"])
    world.mended(tap, "merged commits are put together as printed", said)

    world.clone.git("checkout", "-q", "-b", "topic")
    world.clone.put("庚.md", page(f"身份证号{IDENTITY}"))
    world.clone.put("庚.md", page("好"))
    before = tip(world.server)
    status, said = world.clone.push("origin", "HEAD:refs/heads/topic")
    tap.ok("another branch is looked at as well", status != 0 and "R16P" in said and
           tip(world.server, "topic") is None and tip(world.server) == before, said)
    status, answer = world.clone.type(said)
    tap.ok("and mended as printed", status == 0 and tip(world.server, "topic") == world.clone.head(),
           answer)
    tap.same("another branch may be deleted", 0, world.clone.push("origin", ":topic")[0])


def links(tap, folder):
    """A symbolic link is published nowhere, and what it says stands in the history all the same."""
    world = World(folder)
    os.symlink(f"身份证号{IDENTITY}", os.path.join(world.clone.path, "链"))
    world.clone.commit()
    os.remove(os.path.join(world.clone.path, "链"))
    world.clone.put("乙.md", page("好"))
    said = world.refused(tap, "a leak in a symbolic link is refused", ["链:1:5: error[R16P]"])
    world.mended(tap, "and mended as printed", said)
    world.clone.put(f"名单{IDENTITY}.md", page("好"))
    world.clone.git("mv", f"名单{IDENTITY}.md", "名单.md")
    world.clone.commit()
    said = world.refused(tap, "a leak in a name is refused, and not shown", ["error[R16P]"])
    world.mended(tap, "and mended as printed too", said)


def raw_commit(clone, header="", parent=None):
    """A commit of the index, with a line more in its header than git would write."""
    tree = clone.git("write-tree")[1].strip()
    who = "文书 <office@example.invalid> 1767225600 +0800"
    text = (f"tree {tree}\nparent {parent or clone.head()}\nauthor {who}\ncommitter {who}\n"
            f"{header}\n改动\n")
    made = run("git", "-C", clone.path, "hash-object", "-t", "commit", "-w", "--stdin", "--literally",
               stdin=text.encode())[1].strip()
    clone.git("reset", "-q", "--hard", made)


def hidden_places(tap, folder):
    """What no file has, and goes with the history all the same."""
    world = World(folder)
    world.clone.write("乙.md", page("好"))
    world.clone.git("add", "-A")
    raw_commit(world.clone, f"mergetag object {world.clone.head()}\n 身份证号{IDENTITY}\n")
    said = world.refused(tap, "a leak in a merged tag is refused", ["error[R16Q]"])
    world.mended(tap, "and mended as printed", said)

    world.clone.git("tag", "-a", "v1", "-m", f"身份证号{IDENTITY}")
    world.refused(tap, "a tag is no branch", ["error[E603]"], "origin", "v1:refs/heads/tag")
    objects = run("git", "-C", world.server, "cat-file", "--batch-all-objects", "--batch")[1]
    tap.ok("and nothing of it is kept", IDENTITY not in objects)
    status, said = world.clone.push("origin", f"HEAD:refs/heads/{IDENTITY}")
    tap.ok("a number is no name of a branch", status != 0 and "error[R16A]" in said and
           tip(world.server, IDENTITY) is None, said)

    world.clone.git("update-index", "--add", "--cacheinfo", f"160000,{world.clone.head()},{IDENTITY}")
    world.clone.git("commit", "-q", "-m", "子模块")
    world.clone.git("rm", "-q", "--cached", IDENTITY)
    world.clone.put("丙.md", page("好"))
    said = world.refused(tap, "a submodule has a name too", ["error[R16P]"])
    world.mended(tap, "and is left out as printed", said)


def large(tap, folder):
    """What is too large to be looked at is a fault of the file, which the clerk can mend."""
    world = World(folder)
    world.clone.put(f"录像{IDENTITY}.mp4", bytes(64 * 1024 * 1024 + 1))
    world.clone.git("rm", "-q", "--cached", f"录像{IDENTITY}.mp4")
    os.remove(os.path.join(world.clone.path, f"录像{IDENTITY}.mp4"))
    world.clone.put("乙.md", page("好"))
    said = world.refused(tap, "a file that is too large is refused in any commit", ["error[E119]", "压缩"])
    world.mended(tap, "and left out as printed", said)


def encodings(tap, folder):
    """A spreadsheet's \"Unicode\" need not say so at its beginning."""
    world = World(folder)
    for name, encoding in (("甲", "utf-16-le"), ("乙", "utf-16-be"), ("丙", "utf-32"), ("丁", "gb18030")):
        world.clone.put(f"{name}.txt", f"姓名,号码\n张三,{IDENTITY}\n".encode(encoding))
    world.refused(tap, "numbers are found in every encoding",
                  [f"{name}.txt:2:4: error[R16A]" for name in "甲乙丁"] + ["丙.txt"])


def exceptions(tap, folder):
    world = World(folder)
    excepted = page(f"身份证号{IDENTITY}。").replace(
        "---\n\n", "豁免:\n  - 规则: R16A\n    理由: 法院公告\n    批准人: 王\n---\n\n")
    world.clone.put("乙.md", excepted)
    world.clone.put("丙.md", page("好"))
    status, said = world.clone.push()
    tap.ok("what a record excepts passes in every commit", status == 0 and IDENTITY not in said, said)


def withdrawal(tap, folder):
    """What must go goes at once: the files that went with it are no fault of the record."""
    world = World(folder)
    world.clone.write("乙.txt", "名单\n")
    world.clone.put("乙.md", page("见[名单](乙.txt)。"))
    assert world.clone.push()[0] == 0
    os.remove(os.path.join(world.clone.path, "乙.txt"))
    world.clone.commit()
    world.refused(tap, "a link to a file that is gone is refused", ["error[E304]"])
    text = page("见[名单](乙.txt)。").replace(
        "---\n\n", "公示开始: 2026-01-01\n公示结束: 2026-01-02\n相关记录: [丙.md]\n已撤回:\n"
        "  撤回日期: 2026-01-02\n  撤回理由: 不该公开\n  批准人: 王\n---\n\n")
    world.clone.put("乙.md", text)
    status, said = world.clone.push()
    tap.ok("but not in a record that is withdrawn", status == 0, said)


def first_push(tap, folder):
    world = World(folder, with_commit=False)
    world.clone.write("gongkai.yml", CONFIG)
    world.clone.put("甲.md", page(f"身份证号{IDENTITY}"))
    world.clone.put("甲.md", page("好"))
    said = world.refused(tap, "a leak in the root of a first push is refused", ["error[R16P]", "update-ref"])
    world.mended(tap, "the first commits are put together as printed", said)


def history(tap, folder):
    world = World(folder)
    world.clone.put("乙.md", page("好"))
    world.clone.push()
    world.clone.git("commit", "-q", "--amend", "-m", "改写")
    said = world.refused(tap, "a rewritten history is refused", ["error[E602]", "git pull"], "-f", "origin",
                         "HEAD:main")
    status, answer = world.clone.type(said)
    tap.ok("and brought together as printed", status == 0 and tip(world.server) == world.clone.head(),
           answer)
    world.refused(tap, "the published branch is not deleted", ["error[E601]"], "origin", ":main")
    world.clone.git("tag", "v1")
    world.refused(tap, "only branches are taken", ["error[E603]", "refs/tags/v1"], "origin", "v1")
    os.remove(os.path.join(world.clone.path, "gongkai.yml"))
    world.clone.commit()
    world.refused(tap, "the configuration is not taken away", ["error[E604]"])


def several(tap, folder):
    """A push of two branches is refused whole where one is bad."""
    world = World(folder)
    world.clone.put("好.md", page("好"))
    world.clone.git("branch", "good")
    world.clone.put("坏.md", page("坏").replace("发布日期", "发步日期"))
    status, said = world.clone.push("origin", "good:main", "HEAD:refs/heads/draft")
    tap.ok("one bad branch keeps the good one out", status != 0 and "坏.md:3:1" in said and
           tip(world.server) != world.clone.git("rev-parse", "good")[1].strip() and
           tip(world.server, "draft") is None, said)


def laundering(tap, folder):
    """Without a configuration nothing is refused: what passed there would be known to the server."""
    world = World(folder)
    world.clone.git("checkout", "-q", "-b", "side")
    os.remove(os.path.join(world.clone.path, "gongkai.yml"))
    world.clone.put("乙.md", page(f"身份证号{IDENTITY}"))
    status, said = world.clone.push("origin", "HEAD:refs/heads/side")
    tap.ok("no branch does without the configuration that the published one has", status != 0 and
           "error[E604]" in said and tip(world.server, "side") is None and IDENTITY not in said, said)
    world.clone.git("checkout", "-q", "main", "--", "gongkai.yml")
    world.clone.put("乙.md", page("没有了"))
    said = world.refused(tap, "and what stood there is found all the same", ["error[R16P]"], "origin",
                         "HEAD:refs/heads/side")
    tap.ok("without being shown", IDENTITY not in said, said)


def below_a_folder(tap, folder):
    """The content stands in a folder of a repository that holds other things too."""
    server = make_server(os.path.join(folder, "below.git"), "--content", "content")
    clone = Clone(server, os.path.join(folder, "below"))
    clone.write("content/gongkai.yml", CONFIG)
    clone.write("程序.txt", "别的东西\n")
    clone.put("content/甲.md", page("好"))
    tap.same("content below a folder passes", 0, clone.push()[0])
    clone.put("content/乙.md", page(f"身份证号{IDENTITY}"))
    clone.put("content/乙.md", page("没有了"))
    clone.put("程序.txt", f"{IDENTITY}\n")
    status, said = clone.push()
    tap.ok("places begin at the content, and what stands beside it is looked at too",
           status != 0 and re.search(r"^remote: 乙\.md:6:5: error\[R16P\]", said, re.MULTILINE) and
           "程序.txt:1:1" in said, said)
    clone.write("程序.txt", "别的东西\n")
    status, answer = clone.type(said)
    tap.ok("and mended as printed", status == 0 and tip(server) == clone.head(), answer)


def packs(tap, folder):
    """From a hundred objects on git keeps what is pushed as a pack, beside the repository's own."""
    world = World(folder)
    for number in range(150):
        world.clone.write(f"村{number % 7}/{number}.md", page(f"第{number}份。", f"份{number}"))
    world.clone.commit()
    world.clone.put("村1/1.md", page(f"身份证号{IDENTITY}"))
    world.clone.put("村1/1.md", page("没有了"))
    said = world.refused(tap, "a leak in a pushed pack is refused", ["村1/1.md:6:5: error[R16P]"])
    world.mended(tap, "and mended as printed", said)
    run("git", "-C", world.server, "repack", "-adq")
    world.clone.put("村1/1.md", page("再改。"))
    tap.same("a small push to a packed repository passes", 0, world.clone.push()[0])


def closed(tap, folder):
    world = World(folder)
    world.clone.put("乙.md", page("好"))
    blob = world.clone.git("hash-object", "-w", "--stdin")[1].strip()
    cases = [
        ("a missing program", "exec /nonexistent/gongkai check --pushed\n"),
        ("a killed program", "kill -9 $$\n"),
        ("a repository elsewhere", f"exec '{GONGKAI}' check --pushed -C /nonexistent\n"),
        ("blind to what is pushed",
         f"env -u GIT_OBJECT_DIRECTORY -u GIT_QUARANTINE_PATH '{GONGKAI}' check --pushed\n"),
        ("no memory", f"ulimit -v 16000; exec '{GONGKAI}' check --pushed\n"),
        ("a wrong line", f"echo nonsense | '{GONGKAI}' check --pushed\n"),
        ("no line", f"'{GONGKAI}' check --pushed </dev/null\n"),
        ("a closed input", f"'{GONGKAI}' check --pushed <&-\n"),
        ("no commit", f"echo {'0' * 40} {blob} refs/heads/x | '{GONGKAI}' check --pushed\n"),
    ]
    for name, script in cases:
        write_hook(world.server, "pre-receive", script)
        world.refused(tap, f"refused where it cannot look: {name}", [])


def main():
    with scratch() as folder, Tap() as tap:
        content_faults(tap, folder)
        warnings(tap, folder)
        leaks(tap, folder)
        odd_leaks(tap, folder)
        links(tap, folder)
        hidden_places(tap, folder)
        large(tap, folder)
        encodings(tap, folder)
        exceptions(tap, folder)
        withdrawal(tap, folder)
        first_push(tap, folder)
        history(tap, folder)
        several(tap, folder)
        laundering(tap, folder)
        below_a_folder(tap, folder)
        packs(tap, folder)
        closed(tap, folder)


main()
