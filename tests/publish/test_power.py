#!/usr/bin/env python3
"""The power goes at any changing call, and the next run finishes what the disk kept.

A build on an ext4 image is killed at a call and the file system shut down at once, so that only
what was synced is left; with the log written, and without. A build whose files are not synced, only
its folders, must be found out. Needs root and a loop device.
"""
# builds: release
import contextlib
import fcntl
import os
import struct

from publishing import Calls, SOAK, Site, can_trace, contents, disturb, preload, run, \
    scratch_folder, spread
from support import Tap

SHUTDOWN = 0x8004587D  # EXT4_IOC_SHUTDOWN, _IOR('X', 125, __u32)
WITH_LOG, WITHOUT_LOG = 1, 2
CHANGING = {"write", "pwrite64", "renameat", "unlinkat", "unlink", "mkdirat", "mkdir", "ftruncate",
            "fsync", "fdatasync", "syncfs", "openat", "exit_group"}


class Disk:
    def __init__(self, folder):
        self.image, self.place = os.path.join(folder, "image"), os.path.join(folder, "disk")
        os.mkdir(self.place)

    def make(self):
        with open(self.image, "wb") as file:
            file.truncate(48 << 20)
        return run("mkfs.ext4", "-q", "-F", "-O", "^metadata_csum", self.image,
                   env={"PATH": os.environ["PATH"] + ":/sbin:/usr/sbin"})[0] == 0 and self.mount()

    def mount(self):
        return run("mount", "-o", "loop", self.image, self.place)[0] == 0

    def unmount(self):
        run("umount", self.place)

    def cut(self, how):
        """The power goes and comes back."""
        handle = os.open(self.place, os.O_RDONLY)
        try:
            fcntl.ioctl(handle, SHUTDOWN, struct.pack("I", how))
        finally:
            os.close(handle)
        self.unmount()
        if not self.mount():
            raise RuntimeError("the disk cannot be mounted again")

    def sync(self):
        handle = os.open(self.place, os.O_RDONLY)
        os.fsync(handle)
        os.close(handle)
        run("sync", "-f", self.place)


def cut_at(site, disk, points, how, shim=None):
    """Cuts the power at each point; faults, and how often the disk kept the decision."""
    faults, decided = [], 0
    for name, number in points:
        outcome = site.start("old")
        disk.sync()
        command = site.command(site.second)
        if shim:
            command = ["env", f"LD_PRELOAD={shim}", *command]
        disturb(command, name, number, "signal=KILL")
        disk.cut(how)
        faults += [f"{name} {number}: {path} is torn" for path in outcome.torn(contents(site.out))]
        status, _, err = run(*site.command(site.first))
        now = contents(site.out)
        decided += now in outcome.afters
        if status not in (0, 1) or now not in (outcome.before, *outcome.afters):
            faults.append(f"{name} {number}: neither site after the next run: {status} {err}")
        status, _, err = run(*site.command(site.second))
        if status != 0 or outcome.unlike(contents(site.out)):
            faults.append(f"{name} {number}: not the new site in the end: {status} {err}")
    return faults, decided


def check(tap, site, disk, shim):
    calls = Calls(site, "old")
    every = [pair for pair in calls.calls if pair[0] in CHANGING]
    end = ("exit_group", 1)
    late = [pair for pair in every if calls.calls[pair] >= calls.decided - 6]
    points = every + [end] if SOAK else spread(every, 12) + spread(late, 40) + [end]
    for how, name in ((WITH_LOG, "log written"), (WITHOUT_LOG, "log lost")):
        chosen = points if SOAK or how == WITH_LOG else spread(points, 20) + [end]
        faults, decided = cut_at(site, disk, chosen, how)
        tap.none(f"the power cut {len(chosen)} times, {name}: {decided} new sites", faults)
        tap.ok("some came after the decision, some before", 0 < decided < len(chosen), decided)
    faults, _ = cut_at(site, disk, spread(late, 6) + [end], WITH_LOG, shim)
    tap.ok(f"unsynced files are found out: {len(faults)} faults", faults)


def main():
    with scratch_folder() as folder, Tap() as tap, contextlib.ExitStack() as stack:
        disk = Disk(folder)
        if os.geteuid() != 0 or not disk.make():
            tap.skip("the power is cut", "no loop device to be had here")
            return
        stack.callback(disk.unmount)
        if not can_trace():
            tap.skip("the power is cut", "strace is not allowed here")
            return
        check(tap, Site(folder, os.path.join(disk.place, "web")), disk, preload(folder, "no_sync"))


main()
