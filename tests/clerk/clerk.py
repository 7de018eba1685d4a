"""What the tests of the clerks' tools share: a server repository with its hooks, clones of it, and
the commands that a refusal prints, which are run exactly as they stand there."""
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "site"))

from support import GONGKAI, run  # noqa: E402

CONFIG = "title: 甲县\nurl: https://example.invalid/\n"
THEME = os.path.abspath("themes/default")
# A valid number of nobody: GB 11643's own example.
IDENTITY = "11010519491231002X"
COMMAND = re.compile(r"^(?:remote: )?    (git .*?)\s*$", re.MULTILINE)


def page(text, title="甲", date="2026-01-01"):
    return f"---\n标题: {title}\n发布日期: {date}\n---\n\n{text}\n"


def environment(**more):
    """As on a clerk's machine: no configuration but the clone's own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return {**kept, "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1", "LC_ALL": "C.UTF-8",
            **more}


class Clone:
    """A clerk's folder."""

    def __init__(self, server, path, mail="office@example.invalid"):
        self.path = path
        status, _, said = run("git", "clone", "-q", server, path, env=environment())
        assert status == 0, said
        self.git("config", "user.name", "文书")
        self.git("config", "user.email", mail)
        if not self.has_commit():
            self.git("symbolic-ref", "HEAD", "refs/heads/main")

    def has_commit(self):
        return self.git("rev-parse", "-q", "--verify", "HEAD")[0] == 0

    def git(self, *arguments, **more):
        done = subprocess.run(["git", *arguments], cwd=self.path, capture_output=True,
                              env=environment(**more), timeout=300)
        return done.returncode, (done.stdout + done.stderr).decode(errors="replace")

    def write(self, path, content):
        full = os.path.join(self.path, path)
        os.makedirs(os.path.dirname(full), exist_ok=True)
        with open(full, "wb") as file:
            file.write(content if isinstance(content, bytes) else content.encode())

    def commit(self, message="改动"):
        self.git("add", "-A")
        status, said = self.git("commit", "-q", "-m", message)
        assert status == 0, said

    def put(self, path, content, message="改动"):
        self.write(path, content)
        self.commit(message)

    def push(self, *arguments):
        return self.git("push", *(arguments or ("origin", "HEAD:main")))

    def head(self):
        return self.git("rev-parse", "HEAD")[1].strip()

    def type(self, said):
        """Runs each command that a refusal printed; what the last one answered."""
        commands = COMMAND.findall(said)
        status, answer = 1, "no command was printed:\n" + said
        for command in commands:
            done = subprocess.run(["sh", "-c", command], cwd=self.path, capture_output=True,
                                  env=environment(), timeout=300)
            status = done.returncode
            answer = f"$ {command}\n" + (done.stdout + done.stderr).decode(errors="replace")
            if status != 0:
                break
        return status, answer


def make_server(path, *more):
    """A bare repository whose pre-receive hook is the check alone."""
    status, _, said = run("git", "init", "-q", "--bare", "-b", "main", path, env=environment())
    assert status == 0, said
    write_hook(path, "pre-receive",
               f"exec '{GONGKAI}' check --pushed --lang zh --theme '{THEME}' {' '.join(more)}\n")
    return path


def write_hook(server, name, script):
    hook = os.path.join(server, "hooks", name)
    with open(hook, "w", encoding="utf-8") as file:
        file.write("#!/bin/sh\n" + script)
    os.chmod(hook, 0o755)


def tip(server, branch="main"):
    status, out, _ = run("git", "-C", server, "rev-parse", "-q", "--verify", f"refs/heads/{branch}",
                         env=environment())
    return out.strip() if status == 0 else None
