#!/usr/bin/env python3
"""A folder of the site that cannot take its files is told before anything is decided: the old site
stands whole, one line says which place and what to do, and once that is done the next build goes
through. Folders that are somebody else's, links, mounts of their own, files that may not be changed.
"""
# builds: release
import os
import shutil
import subprocess

from publishing import Site, contents, difference, run, scratch_folder
from support import Tap

NOBODY = 65534


class Place:
    """A published first commit, and one thing done to a place of it."""

    def __init__(self, tap, site):
        self.tap, self.site = tap, site
        self.user = NOBODY if os.geteuid() == 0 else None

    def build(self, *more):
        user = {} if self.user is None else {"user": self.user, "group": self.user, "extra_groups": []}
        done = subprocess.run(self.site.command(self.site.second, *more), capture_output=True,
                              check=False, env={**os.environ, "HOME": "/nonexistent"}, **user)
        return done.returncode, done.stdout.decode(), done.stderr.decode()

    def start(self):
        self.site.start("old")
        for part in (self.site.out, self.site.beside()):
            run("chown", "-R", f"{NOBODY}:{NOBODY}", part)

    def path(self, name):
        return os.path.join(self.site.out, name)

    def check(self, name, said, spoil, mend, *more):
        """`said` stands in the line; after `mend` the same command goes through."""
        self.start()
        if spoil() is False:
            self.tap.skip(name, "that cannot be done here")
            return
        before = contents(self.site.out)
        try:
            status, out, err = self.build(*more)
            lines = [line for line in err.splitlines() if "building everything anew" not in line]
            now = contents(self.site.out)
        finally:
            mend()
        self.tap.ok(f"{name}: one line and status 3",
                    status == 3 and len(lines) == 1 and said in lines[0], f"{status} {out}{err}")
        self.tap.none(f"{name}: nothing was touched", difference(before, now))
        self.tap.ok(f"{name}: nothing is left of it", sorted(os.listdir(self.site.beside())) ==
                    ["lock", "memory.db"], os.listdir(self.site.beside()))
        status, out, err = self.build(*more)
        self.tap.ok(f"{name}: mended, the next build goes through", status == 0, f"{status} {out}{err}")
        after = self.site.fresh if more else self.site.new
        self.tap.none(f"{name}: to the whole new site", difference(after, contents(self.site.out)))


def check_permissions(place):
    for folder in (".", "archive", "村", "data", "村/2026-01-01-甲"):
        for mode in (0o555, 0):
            if mode == 0 and folder in (".", "data"):
                continue  # what is published cannot be read, and is told as that
            place.check(f"{folder} has mode {mode:o}", os.path.normpath(place.path(folder)),
                        lambda: os.chmod(place.path(folder), mode),
                        lambda: os.chmod(place.path(folder), 0o755))


def check_owner(place):
    """A build by root before makes folders that the publishing user cannot change."""
    if place.user is None:
        place.tap.skip("folders of another user", "only root can make them")
        return
    place.check("a folder is root's", "belongs to another user",
                lambda: os.chown(place.path("archive"), 0, 0),
                lambda: os.chown(place.path("archive"), NOBODY, NOBODY))

    place.check("what is beside it is root's", "belongs to another user",
                lambda: os.chown(place.site.beside(), 0, 0),
                lambda: os.chown(place.site.beside(), NOBODY, NOBODY))

    def share(owner, mode):
        os.chmod(place.path("archive"), mode)
        for path in (place.path("archive"), place.path("archive/index.html")):
            os.chown(path, owner, owner)
    place.check("a shared folder has root's file", "belongs to another user",
                lambda: share(0, 0o1777), lambda: share(NOBODY, 0o755))


def check_links(place):
    """Through a link files would be put where the site is not; a whole build would take the link for
    a stray file, and lose what lies behind it."""
    elsewhere = os.path.join(place.site.folder, "elsewhere")

    def link(name):
        shutil.rmtree(elsewhere, ignore_errors=True)
        shutil.move(place.path(name), elsewhere)
        os.symlink(elsewhere, place.path(name))

    def unlink(name):
        os.remove(place.path(name))
        shutil.move(elsewhere, place.path(name))
    for name, *more in (("archive",), ("data",), ("村/2026-01-01-甲",), ("archive", "--full"),
                        ("data", "--full")):
        place.check(" ".join((name, "is a link", *more)), "symbolic link", lambda: link(name),
                    lambda: unlink(name), *more)


def check_same_commit(place):
    """The same commit anew, and a folder is a link: nothing is staged but what is below it."""
    site = place.site
    place.start()
    shutil.move(place.path("archive"), os.path.join(site.folder, "behind"))
    os.symlink(os.path.join(site.folder, "behind"), place.path("archive"))
    before = contents(site.out)
    status, _, err = run(*site.command(site.first, "--full"))
    place.tap.ok("the same commit, a folder is a link: told", status == 3 and "symbolic link" in err, err)
    place.tap.none("and nothing was touched", difference(before, contents(site.out)))
    shutil.rmtree(os.path.join(site.folder, "behind"))


def mount(place, name, *options):
    """On itself, so that nothing but its being a mount changes."""
    return run("mount", *options, place.path(name), place.path(name))[0] == 0


def check_mounts(place):
    for name in ("archive", "data", "index.html"):
        place.check(f"{name} is a mount", "mount", lambda: mount(place, name, "--bind"),
                    lambda: run("umount", "-l", place.path(name)))


def check_unchangeable(place, folder):
    """Only some file systems know it: a small one of that kind."""
    image, mounted = os.path.join(folder, "image"), os.path.join(folder, "mounted")
    os.mkdir(mounted)
    with open(image, "wb") as file:
        file.truncate(32 << 20)
    if run("mkfs.ext4", "-q", image)[0] or run("mount", "-o", "loop", image, mounted)[0]:
        place.tap.skip("files that may not be changed", "mounting is not allowed here")
        return
    try:
        os.mkdir(os.path.join(mounted, "site"))
        other = Place(place.tap, Site(os.path.join(mounted, "site")))
        run("chmod", "-R", "a+rX", mounted)
        for name in ("index.html", "archive", "村"):
            other.check(f"{name} may not be changed", "chattr -i",
                        lambda: run("chattr", "+i", other.path(name))[0] == 0,
                        lambda: run("chattr", "-i", other.path(name)))
    finally:
        run("umount", "-l", mounted)


def main():
    with scratch_folder() as folder, Tap() as tap:
        os.chmod(folder, 0o755)
        place = Place(tap, Site(folder))
        check_permissions(place)
        check_owner(place)
        check_links(place)
        check_same_commit(place)
        check_mounts(place)
        check_unchangeable(place, folder)


main()
