#!/usr/bin/env python3
"""A call that fails, once or from then on, ends in exactly the new site or in a clean refusal.

Each call of a build fails with each error, is cut short or interrupted. Status 0 must mean the new
site to the last byte; otherwise the status is 3, one line says why, every file is whole, and the
next run gives the new site. The short form takes a sample; SOAK=1 takes every call.
"""
# builds: release
import collections
import os
import re
import signal

from publishing import Calls, SOAK, Site, can_trace, contents, difference, disturb, \
    preload, run, scratch_folder, spread
from support import Tap

NOTICE = ("gongkai: building everything anew: ", "gongkai: 全部重新生成：")
FILES = ["openat", "read", "pread64", "write", "pwrite64", "newfstatat", "fstat", "lseek", "close",
         "renameat", "unlinkat", "unlink", "mkdirat", "mkdir", "fsync", "syncfs", "ftruncate",
         "getdents64", "ioctl", "flock", "faccessat2", "fcntl", "readlink", "access", "statx",
         "openat2"]
CHANGING = ["write", "pwrite64", "renameat", "unlinkat", "mkdirat", "fsync", "syncfs", "ftruncate",
            "ioctl", "openat"]
ERRORS = {
    "ENOSPC": CHANGING, "EIO": FILES, "EDQUOT": ["write", "pwrite64", "mkdirat", "renameat"],
    "EMFILE": ["openat"], "ENOMEM": ["mmap", "openat", "getdents64", "clone3", "brk"],
    "EINTR": ["openat", "read", "pread64", "write", "pwrite64", "close", "fsync", "syncfs", "flock",
              "ioctl"],
    "EACCES": ["openat", "renameat", "unlinkat", "mkdirat"],
}


def judge(site, outcome, result, place):
    """What a disturbed build did wrong, and whether it went through."""
    status, _, err = result
    now = contents(site.out)
    faults = [f"{place}: {path} is torn" for path in outcome.torn(now)]
    if status == 0:
        faults += [f"{place}: success, and {path} differs" for path in outcome.unlike(now)]
    elif status == 127 and not any(line.startswith("gongkai:") for line in err.splitlines()):
        pass  # the loader's call failed: the program never began
    elif status in (-signal.SIGSEGV, -signal.SIGABRT) and "ENOMEM" in place:
        pass  # a library without memory: as good as a kill
    elif status != 3:
        faults.append(f"{place}: status {status}: {err}")
    elif place.split()[1:] and place.split()[1] == "write" and place.endswith("+"):
        pass  # standard error cannot be written either
    elif sum(not line.startswith(NOTICE) for line in err.splitlines()) != 1:
        faults.append(f"{place}: says {err!r}")
    status, _, err = run(*site.command(site.second))
    faults += [f"{place}: the next run: {status} {err}"] if status != 0 else []
    return faults + [f"{place}: {path} differs after the next run"
                     for path in outcome.unlike(contents(site.out))]


def fail_calls(site, state, points, effect, forever):
    faults, failed = [], 0
    for name, number in points:
        outcome = site.start(state)
        when = f"{number}+" if forever else str(number)
        result = disturb(site.command(site.second), name, when, effect)
        failed += result[0] != 0
        faults += judge(site, outcome, result, f"{effect} {name} {when}")
    return faults, failed


def check_errors(tap, site, calls):
    for error, names in ERRORS.items():
        for forever in (False, True):
            if forever and error == "EINTR":
                continue  # a call that is interrupted for ever is tried for ever
            points = calls.chosen(names)
            if not SOAK:
                late = [p for p in points if calls.calls[p] >= calls.decided]
                count = 16 if error in ("EIO", "ENOSPC") else 6
                points = spread(points, count) + spread(late, 0 if forever else count)
            faults, failed = fail_calls(site, "old", points, f"error={error}", forever)
            tap.none(f"{error} {'for good' if forever else 'once'}: {len(points)} calls, "
                     f"{failed} builds failed, none badly", faults)


def check_older_commit(tap, site):
    """A failure must never pass for an empty OUT: then the older commit would be published."""
    site.start("old")
    site.build(site.second)
    site.keep("newer")
    site.put_back("newer")
    calls = Calls(site, "old")
    names = ["newfstatat", "openat", "pread64", "fcntl", "faccessat2", "getdents64", "mmap"]
    points = [pair for pair in calls.calls if pair[0] in names]
    points = points if SOAK else spread(points[len(points) // 8:len(points) // 2], 70)
    for error in ("EIO", "ENOMEM"):
        faults = []
        for name, number in points:
            site.put_back("newer")
            status, _, err = disturb(site.command(site.first), name, number, f"error={error}")
            faults += [f"{name} {number}: {status} {err}"] if contents(site.out) != site.new else []
        tap.none(f"{error} at {len(points)} calls: no older commit goes over the newer", faults)


def check_moment(tap, site, calls):
    """Half of each site must not stand because one call failed once: whoever moves tries again. And
    once all is in place, litter that cannot be removed is no failure."""
    names = ["renameat", "renameat2", "getdents64"]
    points = [pair for pair in calls.calls if pair[0] in names and calls.calls[pair] >= calls.decided]
    faults = []
    for name, number in points:
        for error in ("EIO", "EBUSY"):
            outcome = site.start("old")
            status, _, err = disturb(site.command(site.second), name, number, f"error={error}")
            if status != 0 or outcome.unlike(contents(site.out)):
                faults.append(f"{error} {name} {number}: {status} {err}")
    tap.none(f"{len(points)} calls behind the decision fail once: the new site stands", faults)
    tap.ok("there were some", len(points) > 10, points)


def check_short_calls(tap, site):
    shim = preload(site.folder, "short_calls")
    for state in ("old", "nothing"):
        outcome = site.start(state)
        status, _, err = run(*site.command(site.second), env={"LD_PRELOAD": shim})
        tap.none(f"short and interrupted reads and writes, from {state}: the same bytes",
                 difference(outcome.afters[0], contents(site.out)) + ([err] if status else []))


def limited(site, limit, value):
    """The build with a limit of the shell."""
    return run("sh", "-c", f'ulimit -{limit} {value}; exec "$@"', "sh", *site.command(site.second))


def check_limits(tap, site):
    faults, failed = [], 0
    for count in range(3, 40, 1 if SOAK else 3):
        outcome = site.start("old")
        result = limited(site, "n", count)
        failed += result[0] != 0
        faults += judge(site, outcome, result, f"{count} files may be open")
    tap.none(f"few files may be open: {failed} builds failed, none badly", faults)
    faults = []
    for blocks in (1, 8, 40, 80, 100, 200):
        outcome = site.start("old")
        status, _, _ = limited(site, "f", blocks)
        faults += outcome.torn(contents(site.out))
        if status not in (0, 3, -signal.SIGXFSZ, 128 + signal.SIGXFSZ):
            faults.append(f"{blocks} blocks: status {status}")
        site.build(site.second)
        faults += outcome.unlike(contents(site.out))
    tap.none("files may be only so large: whole files, and the next run mends", faults)


def check_full_disk(tap, folder):
    place = os.path.join(folder, "small")
    os.mkdir(place)
    name = "a disk that fills up keeps the old site"
    if run("mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", place)[0] != 0:
        tap.skip(name, "mounting is not allowed here")
        return
    try:
        fill_disk(tap, name, folder, place)
    finally:
        run("umount", "-l", place)


def fill_disk(tap, name, folder, place):
    inner = os.path.join(folder, "filled")
    os.mkdir(inner)
    site = Site(inner, os.path.join(place, "web"))
    faults, failed = [], 0
    for left in (0, 16, 64, 200, 500, 800, 1200, 1600, 2400):
        outcome = site.start("old")
        fill = os.path.join(place, "fill")
        free = os.statvfs(place).f_bavail * os.statvfs(place).f_frsize
        with open(fill, "wb") as file:
            file.write(b"x" * max(0, free - left * 1024))
        result = run(*site.command(site.second))
        failed += result[0] != 0
        if result[0] != 0 and contents(site.out) != outcome.before:
            faults.append(f"{left} KB free: the old site was touched")
        os.remove(fill)
        faults += judge(site, outcome, result, f"{left} KB free")
    tap.none(f"{name}: {failed} of 9 failed", faults)
    tap.ok("some found no room, some did", 0 < failed < 9, failed)


def check_no_leave(tap, site):
    """OUT may not be written."""
    site.start("old")
    name = "an OUT on a read-only disk is refused in one line, and stays"
    if run("mount", "--bind", site.out, site.out)[0] != 0:
        tap.skip(name, "mounting is not allowed here")
        return
    try:
        run("mount", "-o", "remount,bind,ro", site.out)
        status, _, err = run(*site.command(site.second))
        now = contents(site.out)
    finally:
        run("umount", "-l", site.out)
    tap.ok(name, status == 3 and len(err.splitlines()) == 1 and now == site.old, f"{status} {err}")
    status, _, err = run(*site.command(site.second))
    tap.none("and is published once it may be written",
             difference(site.new, contents(site.out)) + ([err] if status else []))


def check_other_disk(tap, site):
    """OUT is a mount of its own: nothing can be renamed into it."""
    site.start("nothing")
    name = "an OUT that is a mount of its own is refused before anything is decided"
    if run("mount", "-t", "tmpfs", "tmpfs", site.out)[0] != 0:
        tap.skip(name, "mounting is not allowed here")
        return
    try:
        status, _, err = run(*site.command(site.second))
        is_clean = not contents(site.out) and not os.path.exists(site.beside() + "/journal")
    finally:
        run("umount", "-l", site.out)
    tap.ok(name, status == 3 and len(err.splitlines()) == 1 and is_clean, f"{status} {err}")


def words_file_calls(site, command):
    """The calls on the file for words of the index that are too many: [(name, number)]."""
    trace = os.path.join(site.folder, "trace")
    run("strace", "-f", "-y", "-o", trace, "-e", "trace=openat,unlink,write,pread64", *command)
    counts, chosen = collections.Counter(), []
    with open(trace, encoding="utf-8", errors="replace") as file:
        for line in file:
            found = re.match(r"(\d+) +(\w+)\(", line)
            if not found:
                continue
            thread, name = found.groups()
            counts[thread, name] += 1
            if "search.db-words" in line:
                chosen.append((name, counts[thread, name]))
    return chosen


def check_words_file(tap, folder):
    """More records than the index's memory takes: their words go to a file that has no name."""
    os.mkdir(folder)
    site = Site(folder)
    for number in range(4200):
        site.repository.write(f"多/{number}.md", f"# 第{number}件\n\n路灯第{number}号。\n")
    commit = site.repository.commit("多", date="2026-03-07T10:00:00+0800")
    site.second = commit
    site.remove()
    site.build(commit)
    want = contents(site.out)
    site.remove()
    calls = words_file_calls(site, site.command(commit))
    names = {name for name, _ in calls}
    tap.same("the file is opened, unnamed, written and read",
             {"openat", "unlink", "write", "pread64"}, names)
    points = [(call, error) for call in calls for error in ("EIO", "ENOSPC")
              if error == "EIO" or call[0] in ("openat", "write")]
    # strace counts each thread's calls by themselves: the first two reads are the loader's too.
    points = [point for point in points if point[0] not in (("pread64", 1), ("pread64", 2))]
    points = points if SOAK else [((name, number), error) for (name, number), error in points
                                  if number == max(n for other, n in calls if other == name)
                                  and (error == "EIO") != (name == "write")]
    faults = []
    for (name, number), error in points:
        site.remove()
        status, _, err = disturb(site.command(commit), name, number, f"error={error}")
        left = contents(site.out) if os.path.exists(site.out) else {}
        if (status != 3 or len(err.splitlines()) != 1 or left) and (status != 0 or left != want):
            faults.append(f"{error} {name} {number}: status {status}: {err}, {len(left)} files")
    tap.none(f"its {len(calls)} calls fail in {len(points)} ways, none badly", faults)
    site.remove()
    shim = preload(site.folder, "short_calls")
    status, _, err = run(*site.command(commit), env={"LD_PRELOAD": shim})
    tap.none("short and interrupted reads and writes of it: the same bytes",
             difference(want, contents(site.out)) + ([err] if status else []))


def main():
    with scratch_folder() as folder, Tap() as tap:
        site = Site(folder)
        check_limits(tap, site)
        check_short_calls(tap, site)
        check_full_disk(tap, folder)
        check_no_leave(tap, site)
        check_other_disk(tap, site)
        if not can_trace():
            tap.skip("calls that fail", "strace is not allowed here")
            return
        check_words_file(tap, os.path.join(folder, "many"))
        calls = Calls(site, "old")
        check_moment(tap, site, calls)
        check_older_commit(tap, site)
        check_errors(tap, site, calls)


main()
