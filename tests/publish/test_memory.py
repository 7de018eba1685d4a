#!/usr/bin/env python3
"""An allocation that fails, once or from then on, never changes a byte of what is published.

Status 0 must mean exactly the new site. Otherwise the build ends with 3 and a line, or inside a
library by a signal, which counts as a kill, or with 1 and nothing touched, where a library without
memory says that something is not there; every file is whole and the next run gives the new site. The short form takes a sample of the allocations, SOAK=1 every one.
"""
# builds: release
import os

from publishing import SOAK, Site, contents, preload, run, scratch_folder, spread
from support import Tap, read


def count_allocations(site, shim):
    site.start("old")
    counted = os.path.join(site.folder, "count")
    run(*site.command(site.second), env={"LD_PRELOAD": shim, "MALLOC_FAIL_COUNT": counted})
    return int(read(counted))


def fail_at(site, shim, state, numbers, forever):
    """Fails each; the faults, and how the builds ended."""
    faults, ends = [], {}
    for number in numbers:
        outcome = site.start(state)
        env = {"LD_PRELOAD": shim, "MALLOC_FAIL_AT": str(number)}
        env.update({"MALLOC_FAIL_ON": "1"} if forever else {})
        status, _, err = run(*site.command(site.second), env=env)
        now = contents(site.out)
        end = "a signal" if status < 0 or status > 128 else str(status)
        ends[end] = ends.get(end, 0) + 1
        if status == 0:
            faults += [f"{number}: success, and {path} differs" for path in outcome.unlike(now)]
        elif end not in ("3", "a signal") and (end != "1" or now != outcome.before):
            faults.append(f"{number}: status {status}: {err}")
        elif end == "3" and "gongkai: " not in err:  # libxml2 has words of its own before it
            faults.append(f"{number}: says {err!r}")
        faults += [f"{number}: {path} is torn" for path in outcome.torn(now)]
        status, _, err = run(*site.command(site.second))
        faults += [f"{number}: the next run: {status} {err}"] if status != 0 else []
        faults += [f"{number}: {path} differs after the next run"
                   for path in outcome.unlike(contents(site.out))]
    return faults, ", ".join(f"{count} ended with {end}" for end, count in sorted(ends.items()))


def main():
    with scratch_folder() as folder, Tap() as tap:
        shim = preload(folder, "malloc_fail")
        site = Site(folder)
        count = count_allocations(site, shim)
        tap.ok(f"{count} allocations are seen", count > 1000, count)
        for state, forever, few in (("old", False, 60), ("old", True, 25), ("nothing", False, 35),
                                    ("nothing", True, 10)):
            numbers = list(range(1, count + 1))
            numbers = numbers if SOAK else spread(numbers, few)
            faults, ends = fail_at(site, shim, state, numbers, forever)
            what = f"{len(numbers)} allocations {'for good' if forever else 'once'}, from {state}"
            tap.none(f"{what}: {ends}", faults)


main()
