#!/usr/bin/env python3
"""A build that is killed at any system call leaves every file whole, and the next run finishes.

Every pair of a call's name and its number is visited, since strace counts by name. The short form
visits all from the journal on and a sample of those before; SOAK=1 visits all.
"""
# builds: release
from publishing import Calls, Site, can_trace, contents, difference, disturb, run, scratch_folder, \
    torn
from support import Tap

import subprocess


def kill_points(site, state, points):
    """Kills at each point, then builds the second commit."""
    faults, killed, decided = [], 0, 0
    for name, number in points:
        before, after = site.start(state)
        status, _, _ = disturb(site.command(site.second), name, number, "signal=KILL")
        killed += status != 0
        now = contents(site.out)
        faults += [f"{name} {number}: {path} is torn" for path in torn(before, after, now)]
        decided += now != before
        status, _, err = run(*site.command(site.second))
        if status != 0:
            faults.append(f"{name} {number}: the next run says {err}")
        faults += [f"{name} {number}: {path} differs after the next run"
                   for path in difference(after, contents(site.out))]
    return faults, killed, decided


def kill_and_return(site, points):
    """Kills at each point, then builds the first commit again: all of one site or the other."""
    faults, old, new = [], 0, 0
    for name, number in points:
        before, after = site.start("old")
        disturb(site.command(site.second), name, number, "signal=KILL")
        status, _, err = run(*site.command(site.first))
        now = contents(site.out)
        if now == before and status == 0:
            old += 1
        elif now == after and status == 1:  # decided, and the first commit is now in the past
            new += 1
        else:
            faults.append(f"{name} {number}: status {status}, {err}, "
                          f"{len(difference(before, now))} files from the old, "
                          f"{len(difference(after, now))} from the new")
    return faults, old, new


def kill_twice(site, points):
    """Kills, kills the run that mends it at the same place of its own, then builds."""
    faults = []
    for name, number in points:
        before, after = site.start("old")
        disturb(site.command(site.second), "renameat", 1 + number % 9, "signal=KILL")
        disturb(site.command(site.second), name, number, "signal=KILL")
        faults += [f"{name} {number}: {path} is torn"
                   for path in torn(before, after, contents(site.out))]
        status, _, err = run(*site.command(site.second))
        faults += [f"{name} {number}: {status} {err}"] if status != 0 else []
        faults += [f"{name} {number}: {path} differs after the third run"
                   for path in difference(after, contents(site.out))]
    return faults


def check_signals(tap, site):
    for name in ("INT", "TERM", "HUP", "XFSZ"):
        faults = []
        for call, number in (("write", 1), ("pwrite64", 3), ("renameat", 2), ("renameat", 9),
                             ("syncfs", 1), ("syncfs", 2)):
            before, after = site.start("old")
            disturb(site.command(site.second), call, number, f"signal={name}")
            faults += torn(before, after, contents(site.out))
            status = subprocess.run(site.command(site.second), capture_output=True).returncode
            faults += difference(after, contents(site.out)) + ([status] if status else [])
        tap.none(f"SIG{name} while building: the next run gives the new site", faults)


def main():
    with scratch_folder() as folder, Tap() as tap:
        if not can_trace():
            tap.skip("killed at every system call", "strace is not allowed here")
            return
        site = Site(folder)
        calls, first = Calls(site, "old"), Calls(site, "nothing")
        faults, killed, changed = kill_points(site, "old", calls.chosen())
        tap.none(f"killed {killed} times on the way to a changed site", faults)
        tap.ok("some kills came after the decision, some before", 20 < changed < killed,
               f"{changed} of {killed}")
        faults, old, new = kill_and_return(site, calls.chosen(early=20))
        tap.none(f"killed, then the old commit: {old} times the old site, {new} the new", faults)
        tap.ok("both happened", old > 0 and new > 0, f"{old} old, {new} new")
        faults, killed, _ = kill_points(site, "nothing", first.chosen(early=20, late=60))
        tap.none(f"killed {killed} times on the way to a first site", faults)
        tap.none("killed, and killed again while mending", kill_twice(site, calls.chosen(
            ["renameat", "unlinkat", "syncfs", "fsync", "mkdirat"], early=4, late=30)))
        check_signals(tap, site)


main()
