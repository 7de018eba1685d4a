#!/usr/bin/env python3
"""An allocation that fails, once or from then on, never changes a byte of what is published.

Status 0 must mean exactly the new site. Otherwise the build ends with 3 and a line, or inside a
library by a signal, which counts as a kill, or with 1 and nothing touched, where a library without
memory says that something is not there; every file is whole and the next run gives the new site. The short
form takes a sample of the allocations, SOAK=1 every one (some hours).
"""
# builds: release
import concurrent.futures
import contextlib
import os
import subprocess

from publishing import SOAK, Site, contents, preload, run, scratch_folder, spread
from support import Tap, read


def count_allocations(site, shim):
    site.start("old")
    counted = os.path.join(site.folder, "count")
    run(*site.command(site.second), env={"LD_PRELOAD": shim, "MALLOC_FAIL_COUNT": counted})
    return int(read(counted))


def fail_one(site, shim, state, number, forever):
    """Fails one allocation, or all from it on; the faults, and how the build ended."""
    outcome = site.start(state)
    env = {"LD_PRELOAD": shim, "MALLOC_FAIL_AT": str(number)}
    env.update({"MALLOC_FAIL_ON": "1"} if forever else {})
    try:
        status, _, err = run(*site.command(site.second), env=env, timeout=60)
    except subprocess.TimeoutExpired:
        return [f"{number}: does not end"], "nothing"
    now = contents(site.out)
    end = "a signal" if status < 0 or status > 128 else str(status)
    faults = [f"{number}: {path} is torn" for path in outcome.torn(now)]
    if status == 0:
        faults += [f"{number}: success, and {path} differs" for path in outcome.unlike(now)]
    elif end not in ("3", "a signal") and (end != "1" or now != outcome.before):
        faults.append(f"{number}: status {status}: {err}")
    elif end == "3" and "gongkai: " not in err:  # libxml2 has words of its own before it
        faults.append(f"{number}: says {err!r}")
    status, _, err = run(*site.command(site.second))
    faults += [f"{number}: the next run: {status} {err}"] if status != 0 else []
    faults += [f"{number}: {path} differs after the next run"
               for path in outcome.unlike(contents(site.out))]
    return faults, end


def fail_share(folder, shim, state, numbers, forever):
    """A share of them, on a site of its own: [(faults, end)]."""
    with contextlib.suppress(FileExistsError):
        os.mkdir(folder)
    site = Site(folder)
    return [fail_one(site, shim, state, number, forever) for number in numbers]


def fail_at(site, shim, state, numbers, forever):
    """Fails each; the faults, and how the builds ended. The long form uses all processors."""
    shares = os.cpu_count() if SOAK else 1
    if shares == 1:
        done = [fail_one(site, shim, state, number, forever) for number in numbers]
    else:
        with concurrent.futures.ProcessPoolExecutor(shares) as pool:
            done = sum(pool.map(fail_share, [f"{site.folder}/{state}{forever:d}{share}"
                                             for share in range(shares)],
                                [shim] * shares, [state] * shares,
                                [numbers[share::shares] for share in range(shares)],
                                [forever] * shares), [])
    ends = {}
    for _, end in done:
        ends[end] = ends.get(end, 0) + 1
    return [fault for faults, _ in done for fault in faults], \
        ", ".join(f"{count} ended with {end}" for end, count in sorted(ends.items()))


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
