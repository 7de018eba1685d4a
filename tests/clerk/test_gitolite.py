#!/usr/bin/env python3
"""The recipe of site/server/gitolite.md, followed to the letter with Debian's gitolite: a key changes
its organisation's folder alone, and what is published was signed off by a second person."""
import os
import re
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from clerk import GONGKAI, THEME, environment, page, run  # noqa: E402
from support import Tap, contents, gongkai, scratch  # noqa: E402

CONFIG = """title: 乙县
url: https://example.invalid/
organisations:
  - key: county
    name: 乙县
    type: county
    folder: .
    children:
      - key: liuwan-town
        name: 柳湾镇
        type: township
        folder: 柳湾镇
        children:
          - {key: liuwan, name: 柳湾村, type: village, folder: 柳湾镇/柳湾村}
          - {key: shiqiao, name: 石桥村, type: village, folder: 柳湾镇/石桥村}
"""
# Stands for ssh: the host's sshd would start gitolite-shell with the key's name, as authorized_keys
# has it, and the command in SSH_ORIGINAL_COMMAND.
SSH = """#!/bin/sh
while [ $# -gt 1 ]; do shift; done
export HOME='{home}' SSH_ORIGINAL_COMMAND="$1" SSH_CONNECTION='127.0.0.1 1 127.0.0.1 22'
exec /usr/share/gitolite3/gitolite-shell "$GITOLITE_KEY"
"""


class Host:
    """The server: a home of its own."""

    def __init__(self, folder):
        self.home = os.path.join(folder, "srv")
        self.site = os.path.join(folder, "public")
        self.repository = os.path.join(self.home, "repositories/gongkai.git")
        os.makedirs(os.path.join(self.home, "local/VREF"))
        self.ssh = os.path.join(folder, "ssh")
        with open(self.ssh, "w", encoding="utf-8") as file:
            file.write(SSH.format(home=self.home))
        os.chmod(self.ssh, 0o755)
        self.keys = os.path.join(folder, "keys")
        os.makedirs(self.keys)

    def run(self, *command, cwd=None):
        """As the user git."""
        # GL_BINDIR and such of an outer gitolite, and git's own variables, would be in the way.
        env = {**{name: value for name, value in environment().items() if not name.startswith("GL_")},
               "HOME": self.home, "USER": "git", "GIT_CONFIG_GLOBAL": os.path.join(self.home, ".gitconfig")}
        done = subprocess.run(command, cwd=cwd or self.home, env=env, capture_output=True, timeout=300)
        return done.returncode, (done.stdout + done.stderr).decode(errors="replace")

    def key(self, name):
        path = os.path.join(self.keys, name)
        run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", path)
        return path + ".pub"

    def set_up(self):
        self.run("git", "config", "--global", "user.name", "git")
        self.run("git", "config", "--global", "user.email", "git@localhost")
        status, said = self.run("gitolite", "setup", "-pk", self.key("admin"))
        assert status == 0, said
        path = os.path.join(self.home, ".gitolite.rc")
        with open(path, encoding="utf-8") as file:
            settings = file.read()
        mended, count = re.subn(r'# *(LOCAL_CODE *=> *"\$ENV\{HOME\}/local")', r"\1", settings)
        assert count == 1, "the settings have no such line"
        with open(path, "w", encoding="utf-8") as file:
            file.write(mended)
        for name in ("FOLDER", "SIGNOFF"):
            shutil.copy(f"site/server/gitolite-{name}", os.path.join(self.home, "local/VREF", name))


class Person:
    """Somebody with a key."""

    def __init__(self, host, folder, name, repository="gongkai"):
        self.host, self.name = host, name
        self.path = os.path.join(folder, name + "-" + repository)
        status, said = self.git("clone", "-q", f"git@host:{repository}", self.path, cwd=folder)
        assert status == 0, said
        self.git("config", "user.name", name)
        self.git("config", "user.email", f"{name}@example.invalid")

    def git(self, *arguments, cwd=None):
        done = subprocess.run(["git", *arguments], cwd=cwd or self.path, capture_output=True, timeout=300,
                              env=environment(GIT_SSH=self.host.ssh, GIT_SSH_VARIANT="simple",
                                              GITOLITE_KEY=self.name))
        return done.returncode, (done.stdout + done.stderr).decode(errors="replace")

    def put(self, path, text, message="改动"):
        full = os.path.join(self.path, path)
        os.makedirs(os.path.dirname(full), exist_ok=True)
        with open(full, "w", encoding="utf-8") as file:
            file.write(text)
        self.git("add", "-A")
        status, said = self.git("commit", "-q", "-m", message)
        assert status == 0, said

    def begin(self):
        """From what is published."""
        self.git("fetch", "-q", "--prune")
        self.git("checkout", "-q", "-B", "work", "origin/main")

    def push(self, target):
        return self.git("push", "origin", f"HEAD:refs/heads/{target}")


def install(host, folder):
    host.set_up()
    admin = Person(host, folder, "admin", "gitolite-admin")
    for name in ("liuwan-li", "shiqiao-zhao", "town-wang"):
        shutil.copy(host.key(name), os.path.join(admin.path, "keydir", name + ".pub"))
    with open("site/server/gitolite.conf", encoding="utf-8") as file:
        rules = file.read()
    with open(os.path.join(admin.path, "conf/gitolite.conf"), encoding="utf-8") as file:
        before = file.read()
    admin.put("conf/gitolite.conf", before.split("repo testing")[0] + rules)
    status, said = admin.git("push")
    assert status == 0 and os.path.isdir(host.repository), said
    content = os.path.join(folder, "content")
    run("git", "init", "-q", "-b", "main", content, env=environment())
    for path, text in (("gongkai.yml", CONFIG), ("README.md", page("乙县")),
                       ("柳湾镇/柳湾村/旧.md", page("旧的").replace("标题", "索引号: 柳湾-1\n标题")),
                       ("柳湾镇/石桥村/旧.md", page("旧的").replace("标题", "索引号: 石桥-1\n标题"))):
        os.makedirs(os.path.dirname(os.path.join(content, path)), exist_ok=True)
        with open(os.path.join(content, path), "w", encoding="utf-8") as file:
            file.write(text)
    run("git", "add", "-A", cwd=content, env=environment())
    run("git", "-c", "user.name=a", "-c", "user.email=a@b", "commit", "-q", "-m", "开始", cwd=content,
        env=environment())
    host.run("git", "-C", host.repository, "symbolic-ref", "HEAD", "refs/heads/main")
    status, said = host.run("git", "-C", host.repository, "fetch", "-q", content, "HEAD:refs/heads/main")
    assert status == 0, said
    status, said = host.run(GONGKAI, "init", "--server", host.repository, "-o", host.site)
    assert status == 0, said
    host.run("git", "-C", host.repository, "config", "gongkai.theme", THEME)
    return host.run(os.path.join(host.repository, "gongkai/publish"))


def tip(host, branch):
    status, said = host.run("git", "-C", host.repository, "rev-parse", "-q", "--verify",
                            f"refs/heads/{branch}")
    return said.strip() if status == 0 else None


def folders(tap, host, li, zhao):
    li.begin()
    li.put("柳湾镇/柳湾村/11月.md", page("十一月的账。", "柳湾11月"))
    status, said = li.push("draft/liuwan-li/2026-11")
    tap.ok("a clerk pushes a draft of his village", status == 0 and "已发布" not in said, said)
    cases = [("another village", "柳湾镇/石桥村/x.md"), ("the town", "柳湾镇/x.md"),
             ("a village whose name begins alike", "柳湾镇/柳湾村二/x.md"), ("the configuration", "gongkai.yml")]
    for name, path in cases:
        li.begin()
        li.put(path, CONFIG + "# x\n" if path == "gongkai.yml" else page("越界"))
        status, said = li.push("draft/liuwan-li/x")
        tap.ok(f"not {name}", status != 0 and f"{path}: error[E605]" in said and
               tip(host, "draft/liuwan-li/x") is None, said)
    li.begin()
    li.put("柳湾镇/石桥村/x.md", page("越界"))
    li.git("rm", "-q", "柳湾镇/石桥村/x.md")
    li.git("commit", "-q", "-m", "删掉")
    status, said = li.push("draft/liuwan-li/x")
    tap.ok("not in a commit between either", status != 0 and "E605" in said, said)
    li.begin()
    li.git("rm", "-q", "README.md")
    li.git("commit", "-q", "-m", "删掉")
    status, said = li.push("draft/liuwan-li/x")
    tap.ok("nor is anything of others taken away", status != 0 and "README.md: error[E605]" in said, said)
    li.begin()
    li.put("柳湾镇/柳湾村/冒名.md", page("冒名").replace("标题", "单位: 石桥村\n标题"))
    status, said = li.push("draft/liuwan-li/x")
    tap.ok("nor is anything published in another's name", status != 0 and
           "柳湾镇/柳湾村/冒名.md:2:5: error[E606]" in said and "石桥村" in said, said)
    li.begin()
    li.put("柳湾镇/柳湾村/撤.md", page("撤").replace("标题", "撤回: 石桥-1\n标题"))
    status, said = li.push("draft/liuwan-li/x")
    tap.ok("nor is what is another's withdrawn", status != 0 and
           "柳湾镇/柳湾村/撤.md:2:5: error[E607]" in said and "石桥村" in said, said)
    li.begin()
    li.put("柳湾镇/柳湾村/撤.md", page("撤").replace("标题", "单位: 柳湾村\n撤回: 柳湾-1\n标题"))
    status, said = li.push("draft/liuwan-li/own")
    tap.ok("what is one's own is", status == 0, said)
    li.begin()
    status, said = li.push("draft/shiqiao-zhao/x")
    tap.ok("nor under another's name", status != 0 and "DENIED" in said, said)
    zhao.begin()
    zhao.put("柳湾镇/石桥村/11月.md", page("石桥的账。", "石桥11月"))
    tap.same("another clerk, another village", 0, zhao.push("draft/shiqiao-zhao/2026-11")[0])


def sign_off(tap, host, li, wang):
    before = tip(host, "main"), contents(host.site)
    li.begin()
    li.put("柳湾镇/柳湾村/直接.md", page("直接"))
    status, said = li.push("main")
    tap.ok("a clerk does not publish", status != 0 and "DENIED" in said, said)
    wang.begin()
    wang.put("柳湾镇/柳湾村/自己.md", page("自己"))
    status, said = wang.push("main")
    tap.ok("a reviewer does not publish what he wrote", status != 0 and "第二个人" in said, said)
    wang.begin()
    wang.git("merge", "-q", "--no-ff", "--no-commit", "origin/draft/liuwan-li/2026-11")
    wang.put("柳湾镇/柳湾村/11月.md", page("改过的账。", "柳湾11月"), "合并")
    status, said = wang.push("main")
    tap.ok("nor smuggles it into a merge", status != 0 and "改了内容" in said, said)
    tap.ok("and nothing has moved", (tip(host, "main"), contents(host.site)) == before)
    wang.begin()
    wang.git("merge", "-q", "--no-ff", "-m", "同意", "origin/draft/liuwan-li/2026-11")
    status, said = wang.push("main")
    tap.ok("what a clerk drafted a reviewer publishes", status == 0 and "已发布" in said, said)
    tap.ok("and it is live", os.path.exists(os.path.join(host.site, "柳湾镇/柳湾村/11月/index.html")))
    wang.begin()
    wang.git("merge", "-q", "--no-ff", "-m", "同意", "origin/draft/shiqiao-zhao/2026-11")
    status, said = wang.push("main")
    tap.ok("of every village of the town", status == 0, said)


def review_lines(tap, host, li, wang):
    record = page("要审的。", "要审").replace(
        "发布日期: 2026-01-01\n", "发布日期: 2026-01-01\n审核:\n  审核人:\n  意见:\n")
    li.begin()
    li.put("柳湾镇/柳湾村/要审.md", record)
    tap.same("a draft to be reviewed", 0, li.push("draft/liuwan-li/review")[0])
    wang.begin()
    wang.git("merge", "-q", "--no-ff", "-m", "同意", "origin/draft/liuwan-li/review")
    wang.put("柳湾镇/柳湾村/要审.md", record.replace("审核人:", "审核人: 王").replace("意见:", "意见: 同意公布"), "审核")
    status, said = wang.push("main")
    tap.ok("the reviewer fills in the review", status == 0 and "已发布" in said, said)
    wang.begin()
    wang.put("柳湾镇/柳湾村/要审.md", record.replace("审核人:", "审核人: 王").replace("要审的。", "别的。"), "审核")
    status, said = wang.push("main")
    tap.ok("and nothing else", status != 0 and "第二个人" in said, said)


def put_back(tap, host, zhao):
    """A merge may take the older of two versions: no file is new in it, and one of them is undone."""
    zhao.begin()
    first = zhao.git("rev-list", "--max-parents=0", "HEAD")[1].strip()
    zhao.git("checkout", "-q", "-B", "old", first)
    zhao.put("柳湾镇/石桥村/12月.md", page("十二月。", "石桥12月"))
    zhao.git("merge", "-q", "--no-edit", "origin/main")
    status, said = zhao.push("draft/shiqiao-zhao/merged")
    tap.ok("a draft may be merged with what was published since", status == 0, said)
    zhao.git("reset", "-q", "--hard", "HEAD^1")
    zhao.git("merge", "-q", "-s", "ours", "--no-edit", "origin/main")
    status, said = zhao.push("draft/shiqiao-zhao/x")
    tap.ok("but not undo what others published", status != 0 and
           "柳湾镇/柳湾村/11月.md: error[E605]" in said and
           tip(host, "draft/shiqiao-zhao/x") is None, said)


def closed(tap, host, li):
    """A check that cannot be made refuses."""
    host.run("git", "-C", host.repository, "config", "gongkai.program", "/nonexistent")
    li.begin()
    li.put("柳湾镇/柳湾村/后来.md", page("后来"))
    status, said = li.push("draft/liuwan-li/later")
    tap.ok("refused where the folder cannot be checked", status != 0 and tip(host, "draft/liuwan-li/later") is None,
           said)
    host.run("git", "-C", host.repository, "config", "gongkai.program", GONGKAI)
    tap.same("and taken where it can", 0, li.push("draft/liuwan-li/later")[0])
    tap.same("a clerk deletes his draft", 0, li.git("push", "origin", ":draft/liuwan-li/later")[0])
    status, said = li.git("clone", "-q", "git@host:gitolite-admin", os.path.join(li.path, "x"))
    tap.ok("and does not see who may what", status != 0 and "DENIED" in said, said)


def main():
    with scratch() as folder, Tap() as tap:
        host = Host(folder)
        status, said = install(host, folder)
        tap.ok("the recipe works to its end", status == 0 and "已发布" in said, said)
        li, zhao, wang = (Person(host, folder, name) for name in ("liuwan-li", "shiqiao-zhao", "town-wang"))
        folders(tap, host, li, zhao)
        sign_off(tap, host, li, wang)
        review_lines(tap, host, li, wang)
        put_back(tap, host, zhao)
        closed(tap, host, li)


main()
