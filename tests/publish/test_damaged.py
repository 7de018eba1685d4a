#!/usr/bin/env python3
"""What stands in OUT was damaged, lost, or made by another version: the next build says so and makes
it whole, a rewritten history is refused all the same, and nobody else's files are taken for ours.
"""
# builds: release asan
import os
import shutil
import sqlite3

from publishing import contents, difference, scratch_folder
from publishing import Site as Published
from support import Tap, run

PAGE = 16384
ANEW = "gongkai: building everything anew: "
FOREIGN = "holds files that were not published by gongkai"


class Site(Published):
    def database(self):
        return os.path.join(self.out, "data/search.db")

    def memory(self):
        return os.path.join(self.beside(), "memory.db")

    def try_build(self, commit, *more):
        return run(*self.command(commit, *more))


def spoil(path, page, filling):
    with open(path, "r+b") as file:
        file.seek(page * PAGE)
        file.write(filling * PAGE)


def check_anew(tap, site, name, why):
    """The build went through, said why, and left the whole second site."""
    status, said, err = site.try_build(site.second)
    tap.ok(f"{name}: built anew", status == 0 and f"{ANEW}{why}" in err, f"{status} {said}{err}")
    tap.none(f"{name}: it is the site", difference(site.fresh, contents(site.out)))


def check_lost(tap, site):
    for name, lose in (("removed", os.remove), ("emptied", lambda path: os.truncate(path, 0)),
                       ("cut short", lambda path: os.truncate(path, PAGE + 100)),
                       ("no database", lambda path: spoil(path, 0, b"x"))):
        site.put_back("old")
        lose(site.database())
        check_anew(tap, site, f"search.db {name}", "its database is ")
    for name, lose in (("removed", os.remove), ("emptied", lambda path: os.truncate(path, 0)),
                       ("cut short", lambda path: os.truncate(path, PAGE + 100)),
                       ("no database", lambda path: spoil(path, 0, b"x"))):
        site.put_back("old")
        lose(site.memory())
        check_anew(tap, site, f"memory.db {name}", "the memory beside it ")


def check_pages(tap, site):
    """One page after the other is spoilt: a build may miss what it does not read, but must not fail,
    and with --full there is nothing left of it."""
    faults, anew = [], 0
    for which in (site.database, site.memory):
        for filling in (b"\0", b"\xff"):
            site.put_back("old")
            for page in range(os.path.getsize(which()) // PAGE + 1):
                site.put_back("old")
                if page * PAGE >= os.path.getsize(which()):
                    break
                spoil(which(), page, filling)
                status, _, err = site.try_build(site.second)
                anew += ANEW in err
                if status != 0:
                    faults.append(f"{which.__name__} page {page} {filling}: {status} {err}")
                status, _, err = site.try_build(site.second, "--full")
                if status != 0 or difference(site.fresh, contents(site.out)):
                    faults.append(f"{which.__name__} page {page} {filling}: full {status} {err}")
    tap.none("a spoilt page keeps no build from going through", faults)
    tap.ok("and most are noticed", anew > 10, anew)


def alter(site, statement):
    database = sqlite3.connect(site.database())
    database.execute(statement)
    database.commit()
    database.close()


def check_altered(tap, site):
    """What somebody changed in the database by hand would stay wrong for ever."""
    for name, statement in (("a row taken out", "DELETE FROM records WHERE id = 1"),
                            ("a title changed", "UPDATE records SET title = '假的'")):
        for commit, want in ((site.first, site.old), (site.second, site.fresh)):
            site.put_back("old")
            alter(site, statement)
            status, said, err = site.try_build(commit)
            tap.ok(f"{name}: built anew", status == 0 and
                   f"{ANEW}its database was changed by another hand" in err, f"{status} {said}{err}")
            tap.none(f"{name}: it is the site", difference(want, contents(site.out)))
    for end in ("-journal", "-wal"):
        site.put_back("old")
        with open(site.database() + end, "wb") as file:
            file.write(b"left by a program that fell")
        check_anew(tap, site, f"search.db{end} is left", "its database is damaged")
    site.put_back("old")
    shutil.copyfile(site.database(), site.database() + ".copy")
    os.replace(site.database() + ".copy", site.database())  # younger, with the same bytes
    status, _, err = site.try_build(site.second)
    tap.ok("a database that was only touched: gone on from", status == 0 and not err, err)
    tap.none("to the new site", difference(site.new, contents(site.out)))
    site.put_back("old")
    os.remove(os.path.join(site.out, "data/SHA256SUMS"))
    check_anew(tap, site, "no checksums", "its database was changed")


def check_order(tap, site):
    """Checksums are younger than their database, after a build that changes neither, too."""
    site.put_back("old")
    for more in ((), ("--full",), ("--full",)):
        site.build(site.first, *more)
        age = [os.stat(os.path.join(site.out, "data", name)).st_mtime_ns
               for name in ("search.db", "SHA256SUMS")]
        tap.ok(f"checksums are younger {more}", age[0] <= age[1], age)


def check_strange(tap, site):
    """A folder or a pipe where a file should be is neither waited for nor gone on from."""
    for name, make in (("a folder", os.mkdir), ("a pipe", os.mkfifo)):
        for which, why in ((site.database, "its database is damaged"),
                           (site.memory, "the memory beside it cannot be read")):
            site.put_back("old")
            os.remove(which())
            make(which())
            check_anew(tap, site, f"{name} as {os.path.basename(which())}", why)
    site.put_back("old")
    os.remove(os.path.join(site.out, "index.html"))
    os.mkfifo(os.path.join(site.out, "index.html"))
    site.build(site.second)
    tap.none("a pipe as index.html: it is the site", difference(site.new, contents(site.out)))


def check_rewritten(tap, site):
    """The published commit is known from the memory, where the database cannot tell it."""
    repository = site.repository
    other = repository.git("commit-tree", f"{site.second}^{{tree}}", "-m", "another beginning")
    for name, lose in (("removed", lambda: os.remove(site.database())),
                       ("spoilt", lambda: spoil(site.database(), 0, b"x")),
                       ("of another version", lambda: set_version(site, 1))):
        site.put_back("old")
        lose()
        status, _, err = site.try_build(other)
        tap.ok(f"search.db {name}: another history is refused", status == 1 and "rewritten" in err,
               f"{status} {err}")


def set_version(site, version):
    database = sqlite3.connect(site.database())
    database.execute(f"PRAGMA user_version = {version}")
    database.close()


def check_version(tap, site):
    site.put_back("old")
    other = site.repository.git("commit-tree", f"{site.second}^{{tree}}", "-m", "another beginning")
    site.build(other, "--allow-rewrite", "误提交了个人信息")
    set_version(site, 1)
    site.repository.git("checkout", "-q", "--detach", other)
    site.repository.write("村/新.md", "# 新\n\n正文。\n")
    third = site.repository.commit("三")
    status, _, err = site.try_build(third)
    tap.ok("another version's database: said so", status == 0 and f"{ANEW}another version" in err,
           f"{status} {err}")
    database = sqlite3.connect(site.database())
    rows = database.execute("SELECT new_commit, reason FROM rewrites").fetchall()
    database.close()
    tap.same("rewrites stay on record", [(other, "误提交了个人信息")], rows)


def check_foreign(tap, site):
    """A database by that name does not make it ours, and neither does a memory alone."""
    site.remove()
    os.makedirs(os.path.join(site.out, "data"))
    with open(os.path.join(site.out, "index.html"), "w", encoding="utf-8") as file:
        file.write("somebody else's")
    database = sqlite3.connect(site.database())
    database.execute("CREATE TABLE a (b)")
    database.commit()
    database.close()
    before = contents(site.out)
    status, _, err = site.try_build(site.second)
    tap.ok("somebody else's search.db: refused", status == 3 and FOREIGN in err, f"{status} {err}")
    tap.none("and left alone", difference(before, contents(site.out)))
    spoil(site.database(), 0, b"x")
    before = contents(site.out)
    status, _, err = site.try_build(site.second)
    tap.ok("no database by that name, nothing beside it: refused", status == 3 and FOREIGN in err,
           f"{status} {err}")
    tap.none("and left alone too", difference(before, contents(site.out)))
    site.put_back("old")
    shutil.rmtree(site.out)
    os.mkdir(site.out)
    with open(os.path.join(site.out, "index.html"), "w", encoding="utf-8") as file:
        file.write("somebody else's")
    status, _, err = site.try_build(site.second)
    tap.ok("somebody else's files where our site was: refused", status == 3 and FOREIGN in err,
           f"{status} {err}")


def check_journal(tap, site):
    """A journal that no build wrote decides nothing."""
    journal = os.path.join(site.beside(), "journal")
    for content in ("", "rubbish", "gongkai journal 9\n"):
        site.put_back("old")
        with open(journal, "w", encoding="utf-8") as file:
            file.write(content)
        status, _, err = site.try_build(site.second)
        tap.ok(f"a journal with {content!r}: told what to do",
               status == 3 and f"{journal} is damaged or not ours; remove it and build with --full" in err, err)
        tap.none("and the site stands", difference(site.old, contents(site.out)))
        os.remove(journal)
        site.build(site.second, "--full")
        tap.none("removed, the build is whole", difference(site.fresh, contents(site.out)))


with Tap() as tap, scratch_folder() as folder:
    site = Site(folder)
    for check in (check_journal, check_altered, check_order, check_strange, check_lost, check_rewritten, check_version, check_foreign, check_pages):
        check(tap, site)
