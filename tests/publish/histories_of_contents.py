#!/usr/bin/env python3
"""Histories of real contents, published step by step and all at once: both must give the same site.

usage: histories_of_contents.py GONGKAI SEED SEQUENCES STEPS [CONTENT]

It begins from content/, a county with records of every kind, or a part of it, and changes it as
people and git do. A second opinion beside incremental.py: no step of that one is used, only its
eyes. After every step the site that went on from the last is held against one that is built whole:
each file, each row, the day of the next build, and what a refused commit is refused for.
"""
import collections
import json
import os
import random
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile

from contents_moves import COMMIT_STEPS, MOVES, SITE_STEPS
from contents_steps import FATE_STEPS, RECORD_STEPS
from contents_world import LENIENT, World
from incremental import difference

# How often the steps of each sort are taken, by sequence.
MIXES = [(8, 5, 2, 0, 1), (3, 2, 6, 0, 2), (4, 3, 3, 1, 4), (5, 2, 3, 3, 2), (1, 1, 0, 0, 0), (1, 6, 1, 0, 1),
         (1, 6, 0, 0, 0)]
SORTS = (RECORD_STEPS, FATE_STEPS, MOVES, SITE_STEPS, COMMIT_STEPS)
# Of two records with one number, whoever is newer since the published commit is blamed: a build of
# everything has none.
BLAMED = {"R29"}


def begin(world, rng):
    """A part of the contents, with its settings as they are, more lenient, or none."""
    path = world.full("gongkai.yml")
    folders = [folder for folder in world.folders() if folder.count("/") <= 1]
    for folder in rng.sample(folders, min(len(folders), rng.choice([0, 4, 8, 10, 12]))):
        world.remove(folder)
    if os.path.isfile(path) and rng.random() < 0.2:
        os.remove(path)
    elif os.path.isfile(path) and rng.random() < 0.8:
        world.write("gongkai.yml", world.read("gongkai.yml").replace("  级别:\n", LENIENT, 1))
    if rng.random() < 0.3:  # one commit for each file
        world.write(".gitignore", "")
        for name in world.files()[:40]:
            world.git("add", world.full(name))
            world.clock += 1000
            world.git("commit", "-q", "-m", name)
    world.commit()


def build(gongkai, world, out, *options, repository=None):
    command = [gongkai, "build", "-C", repository or world.path, "-o", out, "--as-of", world.day.isoformat(), "--lang", "en",
               "--theme", world.theme, "--json", *options]
    command += ["--content", world.root] if world.root else []
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
    try:
        said = json.loads(done.stdout)
    except ValueError:
        said = {"status": "died", "next_build": "", "diagnostics": []}
    said["code"], said["is_whole"] = done.returncode, b"anew" in done.stderr
    said["why"] = done.stderr.decode()[-400:] if done.returncode not in (0, 1) else ""
    return said


def errors(said):
    """What is refused, and why; warnings are told of what was read alone."""
    return sorted(("", 0, 0, one["code"], "") if one["code"][:3] in BLAMED
                  else (one["path"], one["line"], one["column"], one["code"], one["text"])
                  for one in said["diagnostics"] if one["level"] == "error")


def remembered(out):
    """What the next build knows of this one; what was let pass is kept as digests of another key."""
    path = os.path.join(os.path.dirname(out), f".{os.path.basename(out)}.gongkai", "memory.db")
    database = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    database.text_factory = bytes  # a history knows names that are not UTF-8
    rows = {name: sorted(map(repr, database.execute(f"SELECT * FROM {name}")))
            for name in ("files", "hidden", "hidden_links", "withheld", "withdraws", "due", "history")}
    rows["cleared"] = sorted(map(repr, database.execute("SELECT path, count(*) FROM cleared GROUP BY path")))
    database.close()
    return rows


def other_memory(grown, whole):
    a, b = remembered(grown), remembered(whole)
    for name in a:
        if a[name] != b[name]:
            return f"memory {name}: {sorted(set(a[name]) ^ set(b[name]))[:4]}"
    return None


def mend(world, said):
    """The commit is refused: the files that are blamed are as they were, or go."""
    blamed = {one["path"] for one in said["diagnostics"] if one["level"] == "error" and one["path"]}
    if len(blamed) > 10:  # it is rather the settings
        blamed = {"gongkai.yml"}
    for path in sorted(blamed):
        if path.startswith("theme/") or not os.path.lexists(world.full(path)):
            continue
        full = os.path.join(world.root, path)
        done, _ = world.git("checkout", "-q", "published", "--", full)
        if path != "gongkai.yml" and (done != 0 or world.rng.random() < 0.3):
            world.remove(path)


def compare(first, second, grown, whole):
    for key in ("code", "status", "next_build"):
        if first[key] != second[key]:
            why = [f"{said[key]!r} {errors(said)[:3]} {said['why']}" for said in (first, second)]
            return f"{key}: {why[0]} grown, {why[1]} whole"
    if first["code"] not in (0, 1) and "no folder" not in first["why"]:
        return f"exit {first['code']}: {first['why']}"
    if errors(first) != errors(second):
        a, b = collections.Counter(errors(first)), collections.Counter(errors(second))
        return f"errors: {list((a - b).items())[:3]} grown, {list((b - a).items())[:3]} whole"
    if first["code"] != 0:
        return None
    return difference(grown, whole) or other_memory(grown, whole)


class Sequence:
    def __init__(self, gongkai, seed, scratch, content):
        self.rng, self.gongkai = random.Random(seed), gongkai
        self.world = World(scratch, self.rng, content)
        self.grown, self.whole = os.path.join(scratch, "grown"), os.path.join(scratch, "whole")
        self.mix = self.rng.choice(MIXES)
        self.keeps = False  # a rewrite is told of for good: only what stood there knows of it
        self.refused, self.partial, self.names = 0, 0, []
        begin(self.world, self.rng)

    def change(self):
        rng = self.rng
        for _ in range(rng.choice([1, 1, 1, 2, 3])):
            step = rng.choice(rng.choices(SORTS, self.mix)[0])
            self.names.append(step.__name__)
            step(rng, self.world)
            if rng.random() < 0.7:
                self.world.commit()
        self.world.commit()
        if rng.random() < 0.45:
            self.world.pass_days()

    def prepare_whole(self):
        shutil.rmtree(self.whole, ignore_errors=True)
        shutil.rmtree(os.path.join(os.path.dirname(self.whole), ".whole.gongkai"), ignore_errors=True)
        if self.keeps and os.path.isdir(self.grown):
            shutil.copytree(self.grown, self.whole)
            beside = [os.path.join(os.path.dirname(self.whole), name) for name in (".grown.gongkai", ".whole.gongkai")]
            shutil.copytree(*beside)

    def elsewhere(self):
        """The same commits in another repository, in one pack or with none."""
        bare = self.grown + ".git"
        shutil.rmtree(bare, ignore_errors=True)
        self.world.git("clone", "-q", "--bare", self.rng.choice(["--no-local", "--shared"]), ".", bare)
        return bare

    def publish(self):
        """Both ways; what differs."""
        rng, world = self.rng, self.world
        self.keeps |= world.is_rewritten
        self.prepare_whole()
        more = ["--allow-rewrite", "改写"] if world.is_rewritten else []
        second = build(self.gongkai, world, self.whole, f"-j{rng.randint(1, 3)}", *more, "--full")
        options = [f"-j{rng.randint(1, 3)}", *more]
        repository = self.elsewhere() if rng.random() < 0.15 else world.path
        dry = build(self.gongkai, world, self.grown, *options, "-n") if rng.random() < 0.15 else None
        first = build(self.gongkai, world, self.grown, *options, repository=repository)
        fault = compare(first, second, self.grown, self.whole)
        if fault is None and dry is not None and (dry["code"], errors(dry)) != (first["code"], errors(first)):
            fault = f"dry run: {dry['code']} {errors(dry)[:3]} {dry['why']}, then {first['code']} {errors(first)[:3]}"
        if fault is None and first["code"] == 0:
            world.is_rewritten, self.refused = False, 0
            world.git("tag", "-f", "published")
            self.partial += not first["is_whole"]
        elif fault is None:
            self.refused += 1
            if rng.random() < 0.8 or self.refused > 3:
                mend(world, first)
            if self.refused > 5:
                self.refused = 0
                world.git("rm", "-rqf", "--ignore-unmatch", ".")
                world.git("checkout", "-q", "published", "--", ".")
            world.commit()
        return fault


def run_sequence(gongkai, seed, steps, scratch, content):
    sequence = Sequence(gongkai, seed, scratch, content)
    for number in range(steps):
        if number > 0:
            sequence.change()
        fault = sequence.publish()
        if fault:
            return f"step {number} {' '.join(sequence.names[-6:])}: {fault}", 0
    return None, sequence.partial


def main():
    seed, sequences, steps = map(int, sys.argv[2:5])
    content = sys.argv[5] if len(sys.argv) > 5 else "content"
    base = tempfile.mkdtemp(prefix="contents-", dir="/dev/shm" if os.path.isdir("/dev/shm") else None)
    gongkai = shutil.copy(sys.argv[1], base)  # one and the same all through
    total = failed = 0
    for number in range(seed, seed + sequences):
        scratch = tempfile.mkdtemp(dir=base)
        fault, partial = run_sequence(gongkai, number, steps, scratch, content)
        total += partial
        if number % 10 == 9:
            print(f"# {number}", file=sys.stderr, flush=True)
        if fault:
            failed += 1
            print(f"not ok - sequence {number}: {fault}", flush=True)
        if fault and "KEEP" in os.environ:
            print(f"# kept: {scratch}")
            return 1
        shutil.rmtree(scratch, ignore_errors=True)
        if fault and "GO_ON" not in os.environ:
            break
    shutil.rmtree(base, ignore_errors=True)
    if not failed:
        print(f"ok - {sequences} sequences of {steps} steps, {total} of them incremental")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
