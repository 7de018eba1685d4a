#!/usr/bin/env python3
"""Every byte of a site is the same whatever the machine: time zone, locale, umask, user, folder,
clock, host name, order of folders, contents of fresh memory, number of threads.

The sample county is built whole, and a small repository step by step: a build that goes on from
another machine's gives what one machine alone gives.
"""
# builds: release
import os
import pwd
import subprocess

from publishing import SOAK, difference, make_repository, preload
from support import GONGKAI, Tap, contents, run, scratch

ZONES = ["America/Los_Angeles", "Pacific/Kiritimati", "Asia/Kathmandu", "UTC"]
LOCALES = ["C", "tr_TR.UTF-8", "zh_CN.GB18030", "de_DE.ISO-8859-1"]


class Machine:
    """A way to run the program: variables, umask, threads, user."""

    def __init__(self, name, env=None, mask=0o022, threads=1, user=None):
        self.name, self.env, self.mask = name, env or {}, mask
        self.threads, self.user = threads, user

    def build(self, *arguments):
        def prepare():
            os.umask(self.mask)
            if self.user:
                os.setgroups([])
                os.setgid(self.user.pw_gid)
                os.setuid(self.user.pw_uid)

        done = subprocess.run(
            [GONGKAI, "build", *arguments, "--theme", "themes/default", f"-j{self.threads}"],
            env={**os.environ, **self.env}, preexec_fn=prepare, capture_output=True, check=False)
        return done.returncode, done.stderr.decode(errors="replace")


def machines(shim):
    strange = {"LD_PRELOAD": shim}
    yield Machine("another clock, long ago", {**strange, "STRANGE_CLOCK": "86400"})
    yield Machine("another clock, far ahead", {**strange, "STRANGE_CLOCK": "4102444800"}, threads=2)
    yield Machine("folders in the other order, another host name",
                  {**strange, "STRANGE_CLOCK": "1700000000", "STRANGE_ORDER": "1"}, threads=3)
    for number, (zone, locale) in enumerate(zip(ZONES, LOCALES)):
        yield Machine(f"{zone}, {locale}", {"TZ": zone, "LC_ALL": locale, "LANG": locale,
                                            "LANGUAGE": locale}, threads=1 + number * 2)
    yield Machine("umask 077", mask=0o077, threads=2)
    yield Machine("umask 000, no home", {"HOME": "/nonexistent", "USER": "nobody"}, mask=0)
    yield Machine("memory that is not zero", {"MALLOC_PERTURB_": "165", "MALLOC_ARENA_MAX": "1"},
                  threads=4)
    if os.geteuid() == 0:
        yield Machine("another user", {"HOME": "/nonexistent"}, user=pwd.getpwnam("nobody"),
                      threads=2)
    if SOAK:
        for threads in range(1, 65):
            yield Machine(f"{threads} threads", threads=threads)


def owned(machine, path):
    os.makedirs(path)
    if machine.user:
        os.chown(path, machine.user.pw_uid, machine.user.pw_gid)
    return path


def export(folder):
    """This repository's sample county, bare, where every user may read it."""
    county = os.path.join(folder, "county.git")
    run("git", "clone", "-q", "--bare", ".", county)
    run("git", "--git-dir", county, "config", "--add", "core.sharedRepository", "all")
    run("chmod", "-R", "a+rX", folder)
    return county


def check_county(tap, folder, county, every):
    want = None
    for number, machine in enumerate(every):
        out = os.path.join(owned(machine, os.path.join(folder, f"c{number}" + "/deep" * (number % 3))),
                           "site")
        status, err = machine.build("-C", county, "--content", "content", "-o", out, "--as-of",
                                    "2026-10-31")
        if not tap.ok(f"the county, {machine.name}", status == 0, err):
            continue
        got = contents(out)
        want = want or got
        tap.none(f"the same bytes, {machine.name}", difference(want, got))


def check_steps(tap, folder, every):
    """Each machine goes on from what the first one published."""
    os.makedirs(folder)
    repository, first, second = make_repository(folder)
    run("chmod", "-R", "a+rX", folder)
    common = ["-C", repository.path, "--as-of", "2026-10-31"]
    want = None
    for number, machine in enumerate(every):
        place = owned(machine, os.path.join(folder, f"s{number}"))
        out = os.path.join(place, "site")
        plain = Machine("", {"HOME": "/nonexistent"}, user=machine.user)
        status, err = plain.build(*common, "--ref", first, "-o", out)
        after, more = machine.build(*common, "--ref", second, "-o", out)
        if not tap.ok(f"step by step, {machine.name}", (status, after) == (0, 0) and not more,
                      err + more):
            continue
        got = contents(out)
        want = want or got
        tap.none(f"the same bytes step by step, {machine.name}", difference(want, got))


def check_control(tap, folder, shim):
    """The shim does what it says: a program that asks sees another clock, and another order."""
    script = "import os, time; print(int(time.time()), os.listdir('.'), os.uname().nodename)"
    place = os.path.join(folder, "order")
    os.makedirs(place)
    for name in "abcdef":
        with open(os.path.join(place, name), "w", encoding="utf-8"):
            pass
    plain = run("python3", "-c", script, cwd=place)[1]
    strange = run("python3", "-c", script, cwd=place, env={
        "LD_PRELOAD": shim, "STRANGE_CLOCK": "86400", "STRANGE_ORDER": "1"})[1]
    backwards = eval(plain.split(" ", 1)[1].rsplit(" ", 1)[0])[::-1]
    tap.same("the strange machine is strange", f"86400 {backwards} strange", strange.strip())


def main():
    with scratch() as folder, Tap() as tap:
        os.chmod(folder, 0o755)
        shim = preload(folder, "strange_machine")
        run("chmod", "a+rx", shim)
        check_control(tap, folder, shim)
        every = [Machine("as it is"), *machines(shim)]
        check_county(tap, folder, export(folder), every)
        check_steps(tap, os.path.join(folder, "small"), every)


main()
