#!/usr/bin/env python3
"""Limits of the machine, and listeners that go away: one line and status 3, the old site untouched,
and the next build mends it.
"""
# builds: release
import os
import resource
import subprocess

from publishing import Site, contents, scratch_folder
from support import Tap, run


def limited(site, limit, value, *more, **streams):
    """A build of the second commit below a limit of its own: its status and standard error."""
    def set_limit():
        if limit is not None:
            resource.setrlimit(limit, (value, value))
    streams = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE, **streams}
    done = subprocess.run(site.command(site.second, *more), preexec_fn=set_limit, check=False,
                          **streams)
    return done.returncode, (done.stderr or b"").decode()


def check_limit(tap, site, name, limit, values):
    faults, refused = [], 0
    for state in ("old", "nothing"):
        for value in values:
            outcome = site.start(state)
            status, err = limited(site, limit, value)
            if status == 127:
                continue  # the program never began
            refused += status == 3
            if status not in (0, 3) or (status == 3 and err.count("\n") != 1):
                faults.append(f"{name} {value} from {state}: status {status}: {err!r}")
            faults += [f"{name} {value} from {state}: {path} is torn"
                       for path in outcome.torn(contents(site.out))]
            if status == 0 and outcome.unlike(contents(site.out)):
                faults.append(f"{name} {value} from {state}: success, and the site is not the new one")
            status, _, err = run(*site.command(site.second))
            if status != 0 or outcome.unlike(contents(site.out)):
                faults.append(f"{name} {value} from {state}: the next run: {status} {err}")
    tap.none(f"{name}: a line and status 3", faults)
    tap.ok(f"{name}: some were reached", 0 < refused < 2 * len(values), refused)


def check_listeners(tap, site):
    """Whoever pushed and lost the connection, or whose disk is full, has the site all the same."""
    reading, writing = os.pipe()
    os.close(reading)
    for stream in ("stdout", "stderr"):
        outcome = site.start("old")
        os.remove(os.path.join(site.beside(), "memory.db"))  # so that something is said
        status, _ = limited(site, None, 0, "-v", **{stream: writing})
        tap.same(f"nobody reads {stream}", 0, status)
        tap.none(f"nobody reads {stream}: it is published", outcome.unlike(contents(site.out)))
    os.close(writing)
    with open("/dev/full", "wb") as full:
        outcome = site.start("old")
        status, err = limited(site, None, 0, stdout=full)
        tap.ok("an answer that cannot be written is told", status == 3 and "be written" in err, err)
        tap.none("and it is published", outcome.unlike(contents(site.out)))


with Tap() as tap, scratch_folder() as folder:
    site = Site(folder)
    sizes = [0, 1, 4096, 100_000, 300_000, 600_000, 2_000_000]
    check_limit(tap, site, "size of files", resource.RLIMIT_FSIZE, sizes)
    check_limit(tap, site, "open files", resource.RLIMIT_NOFILE, [5, 6, 7, 8, 9, 10, 12, 14, 64])
    check_limit(tap, site, "memory", resource.RLIMIT_AS,
                [n * 1_000_000 for n in (30, 50, 60, 80, 120, 1000)])
    check_listeners(tap, site)
