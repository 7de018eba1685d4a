#!/usr/bin/env python3
"""A file system that shares bytes between files copies nothing, and the site is the same.

The published database is cloned where the file system can (btrfs here, from an image), which takes
no time and no room, however large it is; where it cannot, its bytes are copied.
"""
# builds: release
import contextlib
import os
import re

from publishing import Site, can_trace, contents, difference, run, scratch_folder
from support import Tap

CLONED = re.compile(r"FICLONE[^\n]*\) = 0$", re.M)


def mount(folder, stack):
    """A folder on a file system of its own, or None."""
    image, place = os.path.join(folder, "image"), os.path.join(folder, "disk")
    os.mkdir(place)
    with open(image, "wb") as file:
        file.truncate(256 << 20)
    paths = {"PATH": os.environ["PATH"] + ":/sbin:/usr/sbin"}
    if run("mkfs.btrfs", "-q", image, env=paths)[0] != 0 or \
            run("mount", "-o", "loop", image, place)[0] != 0:
        return None
    stack.callback(run, "umount", place)
    return place


def update(site, folder):
    """The second commit over the first; what the build asked of the file system."""
    trace = os.path.join(folder, "trace")
    site.start("old")
    status, said, err = run("strace", "-f", "-qqq", "-o", trace, "-e", "trace=ioctl",
                            *site.command(site.second))
    with open(trace, encoding="utf-8", errors="replace") as file:
        return status, said + err, file.read()


def main():
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(scratch_folder())
        tap = stack.enter_context(Tap())
        place = mount(folder, stack) if os.geteuid() == 0 else None
        if place is None or not can_trace():
            tap.skip("a database is cloned", "no loop device, or no strace, to be had here")
            return
        site = Site(folder, os.path.join(place, "web"))
        status, said, calls = update(site, folder)
        tap.ok("an update clones what is published", status == 0 and CLONED.search(calls),
               said + calls)
        tap.none("and publishes the new site", difference(site.new, contents(site.out)))


main()
