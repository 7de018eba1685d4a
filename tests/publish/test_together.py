#!/usr/bin/env python3
"""Many builds at once, and readers all the while: every file whole, every answer of one version.

Twenty builds of one folder take their turns. Two readers go over the files and the database, as the
server and the search do, while commits are published one after another and some builds are killed.
"""
# builds: release
import copy
import fcntl
import os
import random
import shutil
import sqlite3
import subprocess
import threading
import time

from publishing import SOAK, Site, contents, difference, run, scratch_folder
from support import Tap, all_files, read

QUERY = "正文"


def check_many(tap, site):
    outcome = site.start("old")
    builds = [subprocess.Popen(site.command(site.second, threads=1 + number % 5),
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
              for number in range(20)]
    said = [build.communicate() + (build.returncode,) for build in builds]
    tap.none("twenty builds at once all end well", [one for one in said if one[2] != 0])
    tap.none("and give the new site", outcome.unlike(contents(site.out)))
    tap.ok("one publishes, the others find nothing to do",
           sum("nothing to do" in out for out, _, _ in said) == 19, said)
    outcome = site.start("nothing")
    builds = [subprocess.Popen(site.command((site.first, site.second)[number % 2]),
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
              for number in range(20)]
    ends = {build.wait() for build in builds}
    tap.ok("twenty builds of two commits: published, or refused as history that went back",
           ends <= {0, 1}, ends)
    tap.none("and the later commit stands", [path for path in contents(site.out)
                                              if contents(site.out)[path] not in
                                              (site.fresh.get(path), site.new.get(path))])


def check_lock(tap, site):
    outcome = site.start("old")
    with open(os.path.join(site.beside(), "lock"), "rb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        build = subprocess.Popen(site.command(site.second), stdout=subprocess.PIPE,
                                 stderr=subprocess.PIPE, text=True)
        line = build.stderr.readline()
        time.sleep(0.3)
        tap.same("a build says that it waits",
                 "gongkai: another build is publishing here; waiting for it\n", line)
        tap.ok("and waits", build.poll() is None and contents(site.out) == outcome.before)
    build.communicate()
    tap.ok("and goes on when the other is done",
           build.returncode == 0 and not outcome.unlike(contents(site.out)), build.returncode)


def verify(site):
    return run(site.program, "verify", site.out, "--lang", "en")


def check_verify(tap, site):
    """Half of an update is no damage: whoever verifies waits for the build, and a build for them."""
    site.start("old")
    commits = (site.first, site.second)
    builds = [subprocess.Popen(site.command(commits[number % 2], "--allow-rewrite", "又来"),
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
              for number in range(16)]
    answers = []
    while any(build.poll() is None for build in builds):
        answers.append(verify(site))
    tap.none(f"{len(answers)} times verified while 16 builds publish",
             [answer for answer in answers if answer[0] != 0])
    tap.ok("some had to wait", any("waiting" in err for _, _, err in answers), answers)
    with open(os.path.join(site.beside(), "lock"), "rb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        waiting = subprocess.Popen([site.program, "verify", site.out, "--lang", "zh"],
                                   stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        line = waiting.stderr.readline()
        tap.same("it says that it waits", "gongkai: 正在这里发布，等它完成再核对\n", line)
    tap.same("and goes on", 0, waiting.wait())
    waiting.stderr.close()
    shutil.rmtree(site.beside())
    tap.same("a copy that nobody publishes to is verified at once", 0, verify(site)[0])


def check_threads(tap, site):
    for state in ("old", "nothing"):
        for threads in (1, 2, 8):
            site.put_back(state)
            site.build(site.second, threads=threads)
            want = site.new if state == "old" else site.fresh
            tap.none(f"-j{threads} gives the same bytes from {state}",
                     difference(want, contents(site.out)))


def check_file_and_folder(tap, folder):
    """What was a file becomes a folder, and a file again."""
    os.mkdir(folder)
    site = Site(folder)
    repository = site.repository
    steps = []
    for number in range(4):
        if number % 2:
            repository.remove("村/x")
            repository.write("村/x/y.md", f"# 页\n\n正文 {number}\n")
            repository.remove("村/n.md")
        else:
            if number:
                repository.remove("村/x/y.md")
                os.rmdir(os.path.join(repository.path, "村/x"))
            repository.write("村/x", "附件\n")
            repository.write("村/n.md", f"# 链接\n\n[附件](x) {number}\n")
        steps.append(repository.commit(f"{number}", date=f"2026-04-0{number + 1}T10:00:00+0800"))
    site.put_back("nothing")
    for number, commit in enumerate(steps):
        status, _, err = run(*site.command(commit))
        went_on = contents(site.out)
        kept = site.out
        site.out = os.path.join(folder, f"anew{number}")
        site.build(commit)
        anew, site.out = contents(site.out), kept
        tap.ok(f"村/x is {'a folder' if number % 2 else 'a file'}", status == 0, err)
        tap.none("as if built anew", [path for path in difference(anew, went_on)
                                      if not path.startswith("data/")])


def make_chain(site, count):
    """Commits upon the second; with each one another text."""
    chain = []
    for number in range(count):
        site.repository.write("村/2026-01-02-乙.md", f"# 路灯\n\n第 {number} 次的正文。\n" * 9)
        site.repository.write(f"村/2026-05-0{1 + number % 3}-戊.md", f"# 戊\n\n正文 {number}。\n")
        gone = os.path.join(site.repository.path, f"村/2026-05-0{1 + (number + 1) % 3}-戊.md")
        if os.path.exists(gone):
            os.remove(gone)
        chain.append(site.repository.commit(f"{number}", date=f"2026-06-01T10:{number:02}:00+0800"))
    return chain


def search(site):
    return run(site.program, "search", os.path.join(site.out, "data/search.db"), QUERY)


def rows(site):
    """The database, read as the search opens it: its commit, and all its records."""
    path = os.path.join(site.out, "data/search.db")
    db = sqlite3.connect(f"file:{path}?immutable=1&mode=ro", uri=True)
    try:
        return (db.execute("SELECT value FROM meta WHERE key = 'commit'").fetchall(),
                db.execute("SELECT * FROM records ORDER BY path").fetchall(),
                db.execute("PRAGMA quick_check").fetchall())
    finally:
        db.close()


class Versions:
    """What each file, answer and database may be: collected while nobody disturbs."""

    def __init__(self):
        self.files, self.answers, self.rows = {}, set(), set()

    def add(self, site):
        for path, content in contents(site.out).items():
            self.files.setdefault(path, set()).add(content)
        self.answers.add(search(site))
        self.rows.add(repr(rows(site)))


class Reader(threading.Thread):
    def __init__(self, look):
        super().__init__(daemon=True)
        self.look, self.faults, self.count, self.is_over = look, [], 0, False

    def run(self):
        while not self.is_over:
            self.count += 1
            try:
                self.faults += self.look()
            except Exception as error:  # a reader that falls is a fault of what it read
                self.faults.append(repr(error))


def look_at_files(site, versions):
    faults = []
    for path in all_files(site.out):
        try:
            content = read(site.out, path)
        except FileNotFoundError:
            continue  # removed since the folder was read
        if content not in versions.files.get(path, ()):
            faults.append(f"{path}: {len(content)} bytes of no version")
    return faults


def look_at_home(site, versions):
    return ([] if read(site.out, "index.html") in versions.files["index.html"]
            else ["the home page is of no version"])


def publish_chain(site, chain, rng):
    """Publishes each, with some builds killed on the way; the number of kills."""
    kills = 0
    for commit in chain:
        while rng.random() < 0.5:
            build = subprocess.Popen(site.command(commit, threads=2), stdout=subprocess.DEVNULL,
                                     stderr=subprocess.DEVNULL)
            time.sleep(rng.random() * 0.12)
            kills += build.poll() is None
            build.kill()
            build.wait()
        site.build(commit, threads=2)
    return kills


def check_readers(tap, site):
    chain = make_chain(site, 50 if SOAK else 25)
    versions = Versions()
    site.start("old")
    versions.add(site)
    for commit in chain:
        site.build(commit)
        versions.add(site)
    want = contents(site.out)
    readers = [
        Reader(lambda: look_at_files(site, versions)),
        Reader(lambda: look_at_home(site, versions)),
        Reader(lambda: [] if search(site) in versions.answers else [search(site)]),
        Reader(lambda: [] if repr(rows(site)) in versions.rows else ["rows of no version"]),
    ]
    site.start("old")
    for reader in readers:
        reader.start()
    began, kills, rounds = time.monotonic(), 0, 0
    while rounds == 0 or SOAK and time.monotonic() - began < 1200:
        # The start again is itself no publishing: readers would see what no build made.
        kills += publish_chain(site, chain, random.Random(rounds)) if rounds == 0 else \
            publish_again(site, versions, rounds)
        rounds += 1
    for reader in readers:
        reader.is_over = True
    for reader in readers:
        reader.join()
    for name, reader in zip(("all files", "the home page", "the search", "the database"), readers):
        tap.none(f"{name}: read {reader.count} times, {kills} builds killed", reader.faults)
    if rounds == 1:
        tap.none("the last commit stands in the end", difference(want, contents(site.out)))


def publish_again(site, versions, rounds):
    """In the long form the chain grows, each piece built once beforehand beside the site."""
    chain = make_chain(site, 25)
    ahead = copy.copy(site)  # the readers go on looking at the site's own folder
    ahead.out = os.path.join(site.folder, f"ahead{rounds}")
    subprocess.run(["cp", "-a", site.out, ahead.out], check=True)
    subprocess.run(["cp", "-a", site.beside(), ahead.beside()], check=True)
    for commit in chain:
        ahead.build(commit)
        versions.add(ahead)
    ahead.remove()
    return publish_chain(site, chain, random.Random(rounds))


def main():
    with scratch_folder() as folder, Tap() as tap:
        site = Site(folder)
        check_many(tap, site)
        check_lock(tap, site)
        check_verify(tap, site)
        check_threads(tap, site)
        check_readers(tap, site)
        check_file_and_folder(tap, os.path.join(folder, "kinds"))


main()
