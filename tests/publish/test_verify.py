#!/usr/bin/env python3
"""`gongkai verify`: whatever file of a site is removed, altered, cut short or added is named, in both
languages; with the repository every byte counts. A site that grew by changes verifies as one made at once."""
import os
import shutil
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "site"))

from support import ROOT, Repository, Tap, all_files, gongkai, read, scratch  # noqa: E402

THEME = os.path.join(ROOT, "themes/default")


def publish(repository, site, as_of="2026-11-20"):
    status, _, said = gongkai("build", "-C", repository.path, "-o", site, "--theme", THEME, "--as-of", as_of)
    assert status == 0, said


def verify(site, *more, language="en"):
    status, out, said = gongkai("verify", site, "--lang", language, *more)
    return status, out + said


def with_repository(site, repository):
    return verify(site, "-C", repository.path, "--theme", THEME)


def every_file(tap, site):
    """Each file is removed in turn, of large sites one of each folder."""
    missed, seen = [], set()
    for path in all_files(site):
        kind = (path.split("/")[0], os.path.basename(path))
        is_listing = path.startswith(("archive/", "catalogue/", "data/")) and path.count("/") < 3
        if kind in seen and not is_listing:
            continue
        seen.add(kind)
        full = os.path.join(site, path)
        os.rename(full, full + ".away")
        status, said = verify(site)
        os.rename(full + ".away", full)
        if status == 0 or f"/{path}" not in said:
            missed.append(f"{path}: {status} {said[:200]}")
    tap.none(f"each of {len(seen)} files and more is missed where it is gone", missed)


def one_change(site, path, change):
    full = os.path.join(site, path)
    whole = read(full)
    with open(full, "wb") as file:
        file.write(change(whole))
    answers = [verify(site), verify(site, language="zh")]
    with open(full, "wb") as file:
        file.write(whole)
    return answers


def altered(tap, site, pages):
    """What the database alone tells of bytes."""
    attachment = next(path for path in all_files(site) if path.endswith((".png", ".txt")) and path != "robots.txt")
    table = next(path for path in all_files(site) if path.endswith("table-1.csv"))
    rows = [(page, lambda text: text[:-100], "is cut short", "不完整") for page in pages] + [
        (attachment, lambda text: text + b" ", "is not the file", "被改过"),
        (table, lambda text: text.replace(b"1", b"2", 1), "is not the table", "和数据库里的表不一样"),
        ("feed.xml", lambda text: text.replace(b"</channel>", b"", 1), "not well-formed", "不合格式"),
        ("feed.xml", lambda text: text.replace(b"UTF-8", b"X-NONE", 1), "not well-formed", "不合格式"),
        ("calendar.ics", lambda text: text[:-20], "not as calendars are", "不合日历的格式"),
        ("data/datapackage.json", lambda text: text[:-20], "is not JSON", "不是 JSON"),
        ("data/SHA256SUMS", lambda text: b"", "does not name search.db", "没有写 search.db"),
        ("data/search.db", lambda text: text[:-1] + b"x", "SHA256SUMS", "SHA256SUMS"),
    ]
    for path, change, en, zh in rows:
        (status, said), (_, chinese) = one_change(site, path, change)
        tap.ok(f"altered: {path}", status == 1 and f"/{path}: " in said and en in said and zh in chinese and
               "build --full" in chinese, said + chinese)


def foreign(tap, site):
    for path in ("archive/2031/index.html", "x.html", "archive/.hidden"):
        full = os.path.join(site, path)
        os.makedirs(os.path.dirname(full), exist_ok=True)
        with open(full, "w", encoding="utf-8"):
            pass
        status, said = verify(site)
        tap.ok(f"foreign: {path}", status == 1 and f"/{path}: is no file of this site" in said, said)
        os.remove(full)
    link = os.path.join(site, "link")
    os.symlink("/etc", link)
    status, said = verify(site)
    os.remove(link)
    tap.ok("foreign: a link", status == 1 and "/link: " in said, said)
    page = os.path.join(site, "catalogue/index.html")
    os.rename(page, os.path.join(os.path.dirname(site), "kept"))
    os.symlink("../kept", page)
    status, said = verify(site)
    os.remove(page)
    os.rename(os.path.join(os.path.dirname(site), "kept"), page)
    tap.ok("a link in a page's place", status == 1 and "catalogue/index.html: is missing" in said, said)


def every_byte(tap, site, repository, pages):
    status, said = with_repository(site, repository)
    tap.ok("with the repository it verifies", status == 0, said)
    for path in pages + ["feed.xml", "theme/style.css"]:
        full = os.path.join(site, path)
        whole = read(full)
        with open(full, "wb") as file:
            file.write(whole.replace("村".encode(), "镇".encode(), 1) if "村".encode() in whole else whole + b"\n")
        status, said = with_repository(site, repository)
        tap.ok(f"a word in {path}", status == 1 and f"/{path}: was changed" in said, said)
        with open(full, "wb") as file:
            file.write(whole)
    left = [name for name in os.listdir("/tmp") if name.startswith("gongkai-verify.")]
    tap.ok("nothing is left in /tmp", not left, left)


def small(tap, folder):
    """A site without configuration, which grows, and faults of the command itself."""
    repository, site = Repository(os.path.join(folder, "small")), os.path.join(folder, "small-site")
    repository.write("a.md", "# A\n\n| a | b |\n|---|---|\n| 1 | 2 |\n")
    repository.write("notes/b.md", "---\ntags: [x]\n---\n\n[a](../a.md)\n")
    repository.commit()
    publish(repository, site)
    tap.ok("a site without configuration verifies", verify(site)[0] == 0, verify(site)[1])
    repository.git("mv", "a.md", "c.md")
    repository.write("d.md", "# D\n")
    repository.remove("notes/b.md")
    repository.commit()
    publish(repository, site)
    status, said = with_repository(site, repository)
    tap.ok("one that grew verifies against its repository", status == 0, said)
    for language, word in (("en", "no site of gongkai"), ("zh", "不是 gongkai 发布的网站")):
        status, said = verify(folder, language=language)
        tap.ok(f"a folder that is no site ({language})", status == 3 and word in said and folder in said, said)
    status, said = verify(os.path.join(folder, "none"), language="zh")
    tap.ok("no folder", status == 3 and "没有这个文件或文件夹" in said, said)
    status, said = with_repository(site, Repository(os.path.join(folder, "other")))
    tap.ok("another repository", status == 3 and "gongkai: " in said, said)


def main():
    with scratch() as folder, Tap() as tap:
        repository, site = Repository(os.path.join(folder, "repo")), os.path.join(folder, "site")
        shutil.copytree("content", repository.path, dirs_exist_ok=True)
        repository.commit()
        publish(repository, site)
        status, said = verify(site)
        tap.ok("the sample county verifies", status == 0 and "0 bad" in said, said)
        pages = ["index.html", "catalogue/index.html", "archive/index.html", "archive/2026/index.html",
                 "柳湾镇/柳湾村/index.html", "404.html"]
        every_file(tap, site)
        altered(tap, site, pages)
        foreign(tap, site)
        every_byte(tap, site, repository, pages)
        small(tap, folder)


main()
