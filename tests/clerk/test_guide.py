#!/usr/bin/env python3
"""The clerks' guides tell what to type when git refuses. Each refusal of their table is provoked with
real git, which must say the words of the table; then exactly the commands that stand there are typed,
and the push passes."""
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from clerk import CONFIG, Clone, environment, make_server, page, run, tip  # noqa: E402
from support import Tap, scratch  # noqa: E402

GUIDES = ("content/填报指南.md", "generator/commands/layout/guide.md")


def read_table(path):
    """Words of git -> commands; both guides have the same."""
    rows = {}
    with open(path, encoding="utf-8") as file:
        text = file.read()
    for line in text[text.index("| git 说 |"):].split("\n\n")[0].splitlines()[2:]:
        words, _, commands = line.strip("|").split(" | ")
        for word in re.findall(r"`([^`]+)`", words):
            rows[word] = re.findall(r"`([^`]+)`", commands)
    return rows


class Scene:
    """A server, a clerk and a colleague; what git said last."""

    count = 0

    def __init__(self, folder):
        Scene.count += 1
        self.folder = os.path.join(folder, str(Scene.count))
        os.makedirs(self.folder)
        self.server = make_server(os.path.join(self.folder, "server.git"))
        self.me = Clone(self.server, os.path.join(self.folder, "村务公开"))
        self.me.write("gongkai.yml", CONFIG)
        self.me.put("甲.md", page("一。"))
        self.me.git("push", "-q", "-u", "origin", "HEAD:main")
        self.other = Clone(self.server, os.path.join(self.folder, "other"))
        self.said, self.home, self.at = "", os.path.join(self.folder, "home"), self.me.path
        os.makedirs(os.path.join(self.home, ".ssh"))

    def git(self, *arguments, **more):
        self.said = self.me.git(*arguments, **more)[1]

    def theirs(self, path="乙.md", text="二。"):
        self.other.put(path, page(text))
        assert self.other.push()[0] == 0

    def type(self, commands):
        for command in commands:
            if command.startswith("cd "):
                self.at = os.path.join(self.at, command[3:])
                continue
            done = subprocess.run(["sh", "-c", command], cwd=self.at, capture_output=True, timeout=120,
                                  env=environment(HOME=self.home))
            if done.returncode != 0:
                return f"$ {command}\n" + (done.stdout + done.stderr).decode(errors="replace")
        return ""


def fetch_first(scene):
    scene.theirs()
    scene.me.put("丙.md", page("三。"))
    scene.git("push")


def non_fast_forward(scene):
    fetch_first(scene)
    scene.me.git("fetch", "-q")
    scene.git("push")


def reconcile(scene):
    scene.theirs()
    scene.me.put("丙.md", page("三。"))
    scene.git("pull")


def overwritten(scene):
    scene.theirs("甲.md", "一。\n\n他们加的。")
    scene.me.write("甲.md", page("一。").replace("标题: 甲", "标题: 我的甲"))
    scene.git("pull")


def conflict(scene):
    scene.theirs("甲.md", "他们的。")
    scene.me.put("甲.md", page("我的。"))
    scene.git("pull", "--no-rebase", "--no-edit")


def solve(scene):
    with open(os.path.join(scene.me.path, "甲.md"), encoding="utf-8") as file:
        lines = file.readlines()
    assert any(line.startswith("<<<<<<<") for line in lines)
    with open(os.path.join(scene.me.path, "甲.md"), "w", encoding="utf-8") as file:
        file.writelines(line for line in lines if line[:7] not in ("<<<<<<<", "=======", ">>>>>>>"))


def not_concluded(scene):
    conflict(scene)
    solve(scene)
    scene.me.git("add", "甲.md")
    scene.git("pull", "--no-rebase", "--no-edit")


def nothing_added(scene):
    scene.me.write("甲.md", page("改了。"))
    scene.git("commit", "-m", "x")


def untracked(scene):
    scene.me.write("新.md", page("新的。"))
    scene.git("commit", "-m", "x")


def clean(scene):
    scene.me.put("甲.md", page("改了。"))
    scene.git("commit", "-m", "x")


def no_match(scene):
    scene.me.write("甲.md", page("改了。"))
    scene.git("add", "甲乙丙.md")


def who(scene):
    for key in ("user.name", "user.email"):
        scene.me.git("config", "--unset", key)
    scene.me.git("config", "user.useConfigOnly", "true")
    scene.me.write("甲.md", page("改了。"))
    scene.me.git("add", "-A")
    scene.git("commit", "-m", "x")


def detached(scene):
    scene.me.git("checkout", "-q", "--detach")
    scene.me.put("甲.md", page("在旧的上改的。"))
    scene.git("push")


def no_upstream(scene):
    scene.me.git("checkout", "-q", "-b", "draft")
    scene.me.put("甲.md", page("草稿。"))
    scene.git("push")


def no_repository(scene):
    scene.at = scene.folder
    done = subprocess.run(["git", "status"], cwd=scene.folder, capture_output=True, env=environment(
        GIT_CEILING_DIRECTORIES=os.path.dirname(scene.folder)))
    scene.said = done.stderr.decode()


def locked(scene):
    scene.me.write("甲.md", page("改了。"))
    with open(os.path.join(scene.me.path, ".git/index.lock"), "w", encoding="utf-8"):
        pass
    scene.git("add", "-A")


def no_host(scene):
    scene.me.put("甲.md", page("改了。"))
    scene.me.git("remote", "set-url", "origin", "git@nowhere.invalid:gongkai")
    scene.git("push", GIT_SSH_COMMAND="ssh -F /dev/null")


def network_back(scene):
    scene.me.git("remote", "set-url", "origin", scene.server)


def refused_key(scene):
    """What OpenSSH says where no key fits; no server of the test's own is asked."""
    scene.me.put("甲.md", page("改了。"))
    ssh = os.path.join(scene.folder, "ssh")
    with open(ssh, "w", encoding="utf-8") as file:
        file.write("#!/bin/sh\necho 'git@host: Permission denied (publickey).' >&2\nexit 255\n")
    os.chmod(ssh, 0o755)
    scene.me.git("remote", "set-url", "origin", "git@host:gongkai")
    scene.git("push", GIT_SSH=ssh, GIT_SSH_VARIANT="simple")


def denied(scene):
    """What gitolite says, through its own shell: tests/clerk/test_gitolite.py provokes it in full."""
    scene.me.put("甲.md", page("改了。"))
    home = os.path.join(scene.folder, "gitolite")
    os.makedirs(home)
    run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", os.path.join(home, "admin"))
    more = {"HOME": home, "USER": "git", "GIT_CONFIG_GLOBAL": os.path.join(home, ".gitconfig")}
    subprocess.run("git config --global user.name g; git config --global user.email g@localhost; "
                   "gitolite setup -pk admin.pub", shell=True, cwd=home, env=environment(**more),
                   capture_output=True, check=True)
    ssh = os.path.join(scene.folder, "ssh")
    with open(ssh, "w", encoding="utf-8") as file:
        file.write(f"#!/bin/sh\nwhile [ $# -gt 1 ]; do shift; done\nexport HOME='{home}' "
                   "SSH_ORIGINAL_COMMAND=\"$1\" SSH_CONNECTION='127.0.0.1 1 127.0.0.1 22'\n"
                   "exec /usr/share/gitolite3/gitolite-shell stranger\n")
    os.chmod(ssh, 0o755)
    scene.me.git("remote", "set-url", "origin", "git@host:gitolite-admin")
    scene.git("push", GIT_SSH=ssh, GIT_SSH_VARIANT="simple")


def declined(scene):
    scene.me.put("甲.md", page("错").replace("发布日期", "发步日期"))
    scene.git("push")


# Words of the table: how to provoke them, what a person does before typing, and the branch that must
# then stand on the server; None where nothing is to be pushed.
SCENES = {
    "fetch first": (fetch_first, None, "main"),
    "non-fast-forward": (non_fast_forward, None, "main"),
    "Need to specify how to reconcile": (reconcile, None, "main"),
    "would be overwritten by merge": (overwritten, None, "main"),
    "CONFLICT": (conflict, solve, "main"),
    "You have not concluded your merge": (not_concluded, None, "main"),
    "no changes added to commit": (nothing_added, None, "main"),
    "untracked files present": (untracked, None, "main"),
    "working tree clean": (clean, None, "main"),
    "did not match any files": (no_match, None, "main"),
    "Please tell me who you are": (who, None, "main"),
    "not currently on a branch": (detached, None, "main"),
    "has no upstream branch": (no_upstream, None, "draft"),
    "not a git repository": (no_repository, None, None),
    "index.lock": (locked, None, "main"),
    "Could not resolve hostname": (no_host, network_back, "main"),
    "Permission denied (publickey)": (refused_key, None, None),
    "DENIED by": (denied, None, None),
    "pre-receive hook declined": (declined, None, None),
}


def main():
    table = read_table(GUIDES[0])
    with scratch() as folder, Tap() as tap:
        tap.same("both guides have the same table", table, read_table(GUIDES[1]))
        tap.same("every row is provoked", set(table), set(SCENES))
        for words, (provoke, act, branch) in SCENES.items():
            scene = Scene(folder)
            provoke(scene)
            tap.ok(f"git says: {words}", words in scene.said, scene.said)
            if act is not None:
                act(scene)
            fault = scene.type(table.get(words, []))
            arrived = branch is None or tip(scene.server, branch) == scene.me.head()
            tap.ok(f"what the table says helps: {words}", not fault and arrived, fault or "not pushed")


main()
