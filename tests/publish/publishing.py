"""What the tests of publishing share: two commits, the sites that they must give, a published
folder that is put back for every case, and calls that are made to fail.

A case begins from the published first commit, or from nothing. A build of the second commit is
disturbed; the readers' check follows, then an undisturbed build, after which the folder must hold
the second site exactly: the same files with the same bytes, whatever happened before.
"""
import collections
import os
import re
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "site"))

from support import GONGKAI, Repository, contents, run  # noqa: E402

SOAK = "SOAK" in os.environ
# A county of one village, whose folder is all of the content.
VILLAGE = """title: 测试县
url: https://example.invalid/base/
organisations:
  - {key: liu, name: 柳湾村, type: village, folder: .}
items:
  - {key: road, name: 道路工程, category: 工程, every: event, issuers: [village]}
"""
SHARED_MEMORY = "/dev/shm"
# Calls whose failure means nothing, or that a program cannot see: the loader's and the exit's.
BLIND = {"execve", "exit", "exit_group", "rt_sigreturn", "+++", "---"}


def make_repository(folder):
    """Two commits that change, add, remove and rename pages."""
    repository = Repository(os.path.join(folder, "repository"))
    repository.write("gongkai.yml", "title: 甲县\nurl: https://example.invalid/\n")
    repository.write("村/2026-01-01-甲.md", "# 水费\n\n第一期。[附件](甲.txt)\n")
    repository.write("村/甲.txt", b"%PDF-1.4 old\n")
    repository.write("村/2026-01-02-乙.md", "# 路灯\n\n旧的正文。\n")
    repository.write("村/2026-01-03-丙.md", "# 不变\n\n不变的正文。\n")
    first = repository.commit("一")
    repository.remove("村/2026-01-01-甲.md")
    repository.remove("村/甲.txt")
    repository.write("村/2026-01-02-乙.md", "# 路灯\n\n新的正文,[表](表.csv)。\n")
    repository.write("村/表.csv", "项目,金额\n路灯,12\n")
    repository.write("镇/2026-02-03-丁.md", "# 新的\n\n道路。\n")
    second = repository.commit("二", date="2026-03-06T10:00:00+0800")
    return repository, first, second


class Site:
    """A published folder at a fixed place, its states kept to be put back."""

    def __init__(self, folder, out=None):
        self.folder = folder
        self.program = os.path.join(folder, "gongkai")  # one and the same all through the test
        shutil.copy(GONGKAI, self.program)
        self.repository, self.first, self.second = make_repository(folder)
        self.out = out or os.path.join(folder, "web")
        self.build(self.first)
        self.old = contents(self.out)
        self.keep("old")
        self.build(self.second)
        self.new = contents(self.out)
        self.remove()
        os.mkdir(self.out)
        self.keep("nothing")
        self.build(self.second)
        self.fresh = contents(self.out)

    def command(self, commit, *more, threads=1):
        return [self.program, "build", "-C", self.repository.path, "--ref", commit, "-o", self.out,
                "--as-of", "2026-10-31", "--theme", "themes/default", "--lang", "en",
                f"-j{threads}", *more]

    def build(self, commit, *more, threads=1):
        status, said, err = run(*self.command(commit, *more, threads=threads))
        if status != 0:
            raise RuntimeError(f"an undisturbed build ended with {status}: {said}{err}")

    def beside(self):
        head, tail = os.path.split(self.out)
        return os.path.join(head, f".{tail}.gongkai")

    def remove(self):
        shutil.rmtree(self.out, ignore_errors=True)
        shutil.rmtree(self.beside(), ignore_errors=True)

    def keep(self, name):
        for number, part in enumerate((self.out, self.beside())):
            kept = os.path.join(self.folder, f"{name}.{number}")
            shutil.rmtree(kept, ignore_errors=True)
            if os.path.exists(part):
                shutil.copytree(part, kept)

    def put_back(self, name):
        self.remove()
        for number, part in enumerate((self.out, self.beside())):
            kept = os.path.join(self.folder, f"{name}.{number}")
            if os.path.exists(kept):
                shutil.copytree(kept, part)

    def start(self, state):
        """Puts it back; what a build of the second commit may make of it."""
        self.put_back(state)
        return (Outcome(self.old, self.new, self.fresh) if state == "old"
                else Outcome({}, self.fresh))


def difference(want, got):
    return sorted(path for path in want.keys() | got.keys() if want.get(path) != got.get(path))


class Outcome:
    """What may stand in OUT: before, the site that goes on from it, or the one built anew, which
    differs in the database's internal numbers alone."""

    def __init__(self, before, *afters):
        self.before, self.afters = before, afters

    def torn(self, now):
        """Files that belong to no version, or that went too early."""
        after = self.afters[0]
        faults = [path for path in now
                  if now[path] not in [side.get(path) for side in (self.before, *self.afters)]]
        return faults + [path for path in self.before if path in after and path not in now]

    def unlike(self, now):
        """Where `now` is not the new site as a whole."""
        return min((difference(after, now) for after in self.afters), key=len)


class Calls:
    """The calls of one undisturbed build: [(name, number among its name, place)], and where the
    journal was put in place."""

    def __init__(self, site, state):
        site.put_back(state)
        trace = os.path.join(site.folder, "trace")
        subprocess.run(["strace", "-f", "-o", trace, *site.command(site.second)], check=True,
                       stdout=subprocess.DEVNULL)
        counts = collections.Counter()
        self.calls, self.decided = {}, None
        with open(trace, encoding="utf-8", errors="replace") as file:
            for line in file:
                found = re.match(r"(\d+) +(\w+)\(", line)
                if not found or found[2] in BLIND:
                    continue
                # strace counts for every thread by itself.
                thread, name = found[1], found[2]
                counts[thread, name] += 1
                self.calls.setdefault((name, counts[thread, name]), len(self.calls))
                if name == "renameat" and '"journal.new"' in line and self.decided is None:
                    self.decided = len(self.calls)
        if self.decided is None:
            raise RuntimeError("the trace shows no journal")

    def chosen(self, names=None, early=40, late=None):
        """All of them; in the short form those from the journal on and some of the earlier ones,
        or `late` of those, spread evenly."""
        pairs = [pair for pair in self.calls if names is None or pair[0] in names]
        if SOAK:
            return pairs
        before = [pair for pair in pairs if self.calls[pair] < self.decided]
        after = [pair for pair in pairs if self.calls[pair] >= self.decided]
        return spread(before, early) + (after if late is None else spread(after, late))


def spread(items, count):
    """At most `count` of the items, evenly."""
    if count >= len(items):
        return list(items)
    return [items[i * len(items) // count] for i in range(count)]


def disturb(command, call, number, effect, timeout=60):
    """Runs it with the call's number-th occurrence changed; "K+" for every one from the K-th."""
    return run("strace", "-f", "-qqq", "-o", "/dev/null", "-e", f"trace={call}",
               "-e", f"inject={call}:{effect}:when={number}", *command, timeout=timeout)


def can_trace():
    return shutil.which("strace") and disturb(["/bin/echo"], "write", 1, "signal=KILL")[0] != 0


def scratch_folder():
    """In memory where that can be had: thousands of builds need no disk."""
    place = SHARED_MEMORY if os.access(SHARED_MEMORY, os.W_OK) else None
    return tempfile.TemporaryDirectory(prefix="gongkai-publish.", dir=place)


def preload(folder, name):
    """The library tests/publish/NAME.c, built; its path."""
    path = os.path.join(folder, name + ".so")
    source = os.path.join(os.path.dirname(os.path.abspath(__file__)), name + ".c")
    subprocess.run([*os.environ.get("CC", "cc").split(), "-std=c11", "-D_GNU_SOURCE", "-O2", "-shared",
                    "-fPIC", "-fno-builtin", "-o", path, source], check=True)
    return path
