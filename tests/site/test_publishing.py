#!/usr/bin/env python3
"""What a build does to the folder that it publishes to: the same bytes whoever builds, nothing
touched that did not change, nothing left of what went, nothing at all where something is wrong."""
# builds: asan release
import os
import re
import shutil
import stat
import time

from support import Repository, Tap, all_files, contents, gongkai, read, run, scratch

AS_OF = ["--as-of", "2026-10-31"]
CONTENT = """title: 甲县
url: https://example.invalid/
organisations:
  - {key: jia, name: 甲县, type: county, folder: 甲}
"""


def small_site(folder):
    """A configured repository of three records and an attachment."""
    repository = Repository(os.path.join(folder, "repository"))
    repository.write("gongkai.yml", CONTENT)
    repository.write("甲/one.md", "---\ntitle: 第一\ndate: 2026-01-01\n---\n[附件](a.txt)\n")
    repository.write("甲/two.md", "---\ntitle: 第二\ndate: 2026-02-02\ntags: [水]\n---\n正文。\n")
    repository.write("three.md", "---\ntitle: 第三\ndate: 2026-03-03\n---\n| a | b |\n|---|---|\n| 1 | 2 |\n")
    repository.write("甲/a.txt", b"%PDF-1.4\n")
    repository.commit()
    return repository


def build(repository, out, *more, **options):
    return gongkai("build", "-C", repository.path, "-o", out, *AS_OF, *more, **options)


def stamps(root):
    found = {}
    for path in all_files(root):
        status = os.stat(os.path.join(root, path))
        found[path] = (status.st_mtime_ns, status.st_ino)
    return found


def difference(one, other):
    return sorted(path for path in one.keys() | other.keys() if one.get(path) != other.get(path))


def check_same_bytes(tap, folder):
    ways = {
        "the first time": ({}, 0o022, []),
        "in Los Angeles, C locale, one thread": ({"TZ": "America/Los_Angeles", "LC_ALL": "C"}, 0o022, ["-j1"]),
        "in Kiritimati, umask 077, two threads": ({"TZ": "Pacific/Kiritimati"}, 0o077, ["-j2"]),
        "in a Turkish locale, eight threads": ({"LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8", "USER": "x"}, 0o000, ["-j8"]),
    }
    first = modes = None
    for number, (name, (env, mask, more)) in enumerate(ways.items()):
        out = os.path.join(folder, f"way{number}", "deep" * number, "site")
        old = os.umask(mask)
        status, _, err = gongkai("build", "-C", ".", "--content", "content", "-o", out, *AS_OF, *more,
                                 env=env)
        os.umask(old)
        if not tap.ok(f"content/ is published {name}", status == 0, err):
            continue
        files = contents(out)
        seen = {stat.S_IMODE(os.stat(os.path.join(out, path)).st_mode) for path in files}
        if first is None:
            first, modes = files, seen
        else:
            tap.none(f"the same bytes {name}", difference(first, files))
            tap.same(f"the same permissions {name}", modes, seen)
    clone = os.path.join(folder, "clone.git")
    run("git", "clone", "-q", "--bare", ".", clone)
    run("git", "--git-dir", clone, "repack", "-q", "-a", "-d")
    head = run("git", "rev-parse", "HEAD")[1].strip()
    out = os.path.join(folder, "bare")
    status, _, err = gongkai("build", "-C", clone, "--ref", head, "--content", "content", "-o", out,
                             *AS_OF, cwd=folder)
    tap.ok("a bare clone, packed anew, is published", status == 0, err)
    tap.none("the same bytes out of the bare clone", difference(first, contents(out)))


def check_changes(tap, folder):
    repository, out = small_site(folder), os.path.join(folder, "site")
    status, said, err = build(repository, out, "--lang", "en")
    tap.ok("the first build", status == 0, err)
    before, was = contents(out), stamps(out)
    time.sleep(0.05)
    status, said, _ = build(repository, out, "--lang", "en")
    tap.none("nothing to do: no file is touched", difference(was, stamps(out)) + [status] * status)
    tap.ok("and it says so", "nothing to do" in said, said)

    repository.write("甲/two.md", "---\ntitle: 第二\ndate: 2026-02-02\ntags: [水]\n---\n重写了的段落。\n")
    repository.commit("edit", date="2026-03-06T10:00:00+0800")
    build(repository, out)
    after, now = contents(out), stamps(out)
    tap.none("a file with the same bytes keeps its time stamp",
             [p for p in before if before[p] == after.get(p) and was[p] != now[p]])
    tap.ok("an edit is on its page", "重写了的段落" in after["甲/two/index.html"].decode())
    tap.ok("and the page of another record stays", was["three/index.html"] == now["three/index.html"])

    repository.write("甲/b.txt", b"%PDF-1.4\n")
    repository.write("甲/one.md", "---\ntitle: 第一\ndate: 2026-01-01\n---\n"
                     "[乙](b.txt)、[甲](a.txt)、[又一次](a.txt)、[第三](../three.md)\n")
    repository.commit("link", date="2026-03-06T11:00:00+0800")
    build(repository, out)
    page = read(os.path.join(out, "甲/one/index.html")).decode()
    tap.same("each file is offered once, in the order of paths", ["a.txt", "b.txt"],
             re.findall(r'<a href="/%E7%94%B2/(.\.txt)" download>', page))

    repository.remove("甲/one.md")
    repository.remove("甲/a.txt")
    repository.remove("甲/b.txt")
    repository.remove("甲/two.md")
    repository.commit("remove", date="2026-03-07T10:00:00+0800")
    build(repository, out)
    gone = all_files(out)
    tap.none("what belonged to removed records is removed, folders too",
             [p for p in gone if p.startswith(("甲/", "archive/tag/水"))] +
             [f for f, _, _ in os.walk(out) if not os.listdir(f)])
    tap.ok("removed text is in no page", not any("重写了的段落".encode() in b for p, b in contents(out).items()))
    full = os.path.join(folder, "full")
    build(repository, full)
    tap.none("the site is as a build from nothing makes it, but for the database's bytes",
             [path for path in difference(contents(full), contents(out)) if not path.startswith("data/")])
    return repository, out


def check_refusals(tap, folder, repository, out):
    before, was = contents(out), stamps(out)
    repository.write("bad.md", "---\ntitel: x\ndate: 2026-02-31\n---\n")
    repository.commit("bad", date="2026-03-08T10:00:00+0800")
    status, said, err = build(repository, out, "--lang", "en")
    tap.same("errors of content: status 1", 1, status)
    tap.same("the site is untouched", (before, was), (contents(out), stamps(out)))
    tap.ok("each error has its place", "bad.md:2:1: error[" in err and "bad.md:3:7: error[" in err, err)
    tap.same("check says the same", (1, True),
             (lambda r: (r[0], "bad.md:3:7: error[" in r[1] + r[2]))(
                 gongkai("check", "-C", repository.path, "--lang", "en")))
    repository.remove("bad.md")
    repository.commit("good", date="2026-03-09T10:00:00+0800")

    fresh = os.path.join(folder, "dry")
    status, said, _ = build(repository, fresh, "--dry-run")
    tap.same("a dry run publishes nothing", (0, False), (status, os.path.exists(fresh) and bool(os.listdir(fresh))))

    for name, arguments in {
            "no command": [], "no such command": ["publish"], "no such option": ["build", "--fast"],
            "no such day": ["build", "--as-of", "2026-02-30"], "search without a query": ["search", "x"],
            "verify without a folder": ["verify"], "no threads": ["build", "-j", "0"],
            "a repository without -C": ["build", repository.path]}.items():
        tap.same(f"wrong usage, {name}: status 2", 2, gongkai(*arguments)[0])
    tap.same("--help and --version: status 0", [0, 0, 0],
             [gongkai("--help")[0], gongkai("--version")[0], gongkai("build", "--help")[0]])
    for name, arguments in {
            "no repository": ["build", "-C", "/nonexistent"],
            "no revision": ["build", "-C", repository.path, "--ref", "nowhere"],
            "no folder of content": ["build", "-C", repository.path, "--content", "nowhere"],
            "no theme": ["build", "-C", repository.path, "--theme", "/nonexistent"],
            "no database": ["search", "/nonexistent", "x"],
            "no site": ["verify", "/nonexistent"]}.items():
        more = ["-o", out] if arguments[0] == "build" else []
        status, _, err = gongkai(*arguments, *more)
        tap.ok(f"{name}: status 3 and a reason", status == 3 and err.startswith("gongkai: "), f"{status} {err}")
    tap.same("the site is untouched after all that", (before, was), (contents(out), stamps(out)))


def check_damage(tap, folder, repository, out):
    before = contents(out)
    repository.write("damaged.md", "# A record whose bytes get lost\n")
    repository.commit("more", date="2026-03-10T10:00:00+0800")
    blob = repository.git("rev-parse", "HEAD:damaged.md")
    path = os.path.join(repository.path, ".git/objects", blob[:2], blob[2:])
    saved = read(path)
    os.chmod(path, 0o644)
    for name, data in {"missing": None, "cut short": saved[:8], "of other bytes": b"x" * len(saved)}.items():
        if data is None:
            os.remove(path)
        else:
            with open(path, "wb") as file:
                file.write(data)
        status, _, err = build(repository, out)
        tap.ok(f"an object {name}: status 3, naming object and path",
               status == 3 and blob[:7] in err and "damaged.md" in err, f"{status} {err}")
        tap.none(f"an object {name}: the site is untouched", difference(before, contents(out)))
    with open(path, "wb") as file:
        file.write(saved)
    tap.same("mended, it is published", 0, build(repository, out)[0])
    tap.same("verify finds the site whole", 0, gongkai("verify", out)[0])
    for name, old, new, told in (
            ("feed.xml", rb"</channel>", b"</chanel>", "not well-formed"),
            ("feed.xml", rb"<guid.*?</guid>", b"", "an item that lacks"),
            ("feed.xml", rb"<pubDate>.*?</pubDate>", b"", "an item that lacks"),
            ("feed.xml", rb"<description>.*?</description>", b"", "channel lacks"),
            ("data/datapackage.json", rb'"bytes": *', b'"bytes":1', "another size"),
            ("data/datapackage.json", rb"{", b"[", "not JSON")):
        path = os.path.join(out, name)
        whole = read(path)
        with open(path, "wb") as file:
            file.write(re.sub(old, new, whole, count=1, flags=re.DOTALL))
        status, _, err = gongkai("verify", out + "/", "--lang", "en")
        tap.ok(f"verify finds {name} without {old.decode()}", status == 1 and told in err, f"{status} {err}")
        with open(path, "wb") as file:
            file.write(whole)
    os.remove(os.path.join(out, "damaged/index.html"))
    status, _, err = gongkai("verify", out)
    tap.ok("verify names a page that is missing", status == 1 and "damaged/index.html" in err, err)
    database = os.path.join(out, "data/search.db")
    data = bytearray(read(database))
    data[len(data) // 2] ^= 0xFF
    with open(database, "r+b") as file:
        file.write(data)
    status, _, err = gongkai("verify", out)
    tap.ok("verify names a database that was changed", status in (1, 3) and "search.db" in err, err)


def check_foreign(tap, folder, repository):
    out = os.path.join(folder, "foreign")
    os.makedirs(out)
    with open(os.path.join(out, "diary.txt"), "w", encoding="utf-8") as file:
        file.write("mine\n")
    status, _, err = build(repository, out)
    tap.ok("a folder with files of somebody else is refused", status not in (0, 1) and out in err, f"{status} {err}")
    tap.same("and keeps them", ["diary.txt"], all_files(out))
    empty = os.path.join(folder, "empty")
    os.makedirs(empty)
    tap.same("an empty folder is taken", 0, build(repository, empty)[0])
    shutil.rmtree(empty)


def main():
    with Tap() as tap, scratch() as folder:
        check_same_bytes(tap, folder)
        repository, out = check_changes(tap, folder)
        check_refusals(tap, folder, repository, out)
        check_damage(tap, folder, repository, out)
        check_foreign(tap, folder, repository)


main()
