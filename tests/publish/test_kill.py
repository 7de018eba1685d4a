#!/usr/bin/env python3
"""A build that is killed at any system call leaves every file whole, and the next run finishes.

Every pair of a call's name and its number is visited, since strace counts by name. The short form
visits all from the journal on and a sample of those before; SOAK=1 visits all.
"""
# builds: release
from publishing import Calls, Site, can_trace, contents, difference, disturb, run, scratch_folder
from support import Tap

import subprocess


def kill_points(site, state, points):
    """Kills at each point, then builds the second commit."""
    faults, killed, decided = [], 0, 0
    for name, number in points:
        outcome = site.start(state)
        status, _, _ = disturb(site.command(site.second), name, number, "signal=KILL")
        killed += status != 0
        now = contents(site.out)
        faults += [f"{name} {number}: {path} is torn" for path in outcome.torn(now)]
        decided += now != outcome.before
        status, _, err = run(*site.command(site.second))
        if status != 0:
            faults.append(f"{name} {number}: the next run says {err}")
        faults += [f"{name} {number}: {path} differs after the next run"
                   for path in outcome.unlike(contents(site.out))]
    return faults, killed, decided


def kill_and_return(site, points):
    """Kills at each point, then builds the first commit again: all of one site or the other."""
    faults, old, new = [], 0, 0
    for name, number in points:
        outcome = site.start("old")
        disturb(site.command(site.second), name, number, "signal=KILL")
        status, _, err = run(*site.command(site.first))
        now = contents(site.out)
        if now == outcome.before and status == 0:
            old += 1
        elif now in outcome.afters and status == 1:  # decided, and the first commit is now in the past
            new += 1
        else:
            faults.append(f"{name} {number}: status {status}, {err}, "
                          f"{len(difference(outcome.before, now))} files from the old, "
                          f"{len(outcome.unlike(now))} from the new")
    return faults, old, new


def kill_twice(site, points):
    """Kills, kills the run that mends it at the same place of its own, then builds."""
    faults = []
    for name, number in points:
        outcome = site.start("old")
        disturb(site.command(site.second), "renameat", 1 + number % 9, "signal=KILL")
        disturb(site.command(site.second), name, number, "signal=KILL")
        faults += [f"{name} {number}: {path} is torn"
                   for path in outcome.torn(contents(site.out))]
        status, _, err = run(*site.command(site.second))
        faults += [f"{name} {number}: {status} {err}"] if status != 0 else []
        faults += [f"{name} {number}: {path} differs after the third run"
                   for path in outcome.unlike(contents(site.out))]
    return faults


def check_signals(tap, site):
    for name in ("INT", "TERM", "HUP", "XFSZ"):
        faults = []
        for call, number in (("pwrite64", 3), ("renameat", 2), ("renameat", 9),
                             ("syncfs", 1), ("syncfs", 2)):
            outcome = site.start("old")
            disturb(site.command(site.second), call, number, f"signal={name}")
            faults += outcome.torn(contents(site.out))
            status = subprocess.run(site.command(site.second), capture_output=True).returncode
            faults += outcome.unlike(contents(site.out)) + ([status] if status else [])
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
        faults, old, new = kill_and_return(site, calls.chosen(early=12, late=60))
        tap.none(f"killed, then the old commit: {old} times the old site, {new} the new", faults)
        tap.ok("both happened", old > 0 and new > 0, f"{old} old, {new} new")
        faults, killed, _ = kill_points(site, "nothing", first.chosen(early=10, late=30))
        tap.none(f"killed {killed} times on the way to a first site", faults)
        tap.none("killed, and killed again while mending", kill_twice(site, calls.chosen(
            ["renameat", "unlinkat", "syncfs", "fsync", "mkdirat"], early=3, late=20)))
        check_signals(tap, site)


main()
