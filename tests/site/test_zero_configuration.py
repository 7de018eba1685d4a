#!/usr/bin/env python3
"""A repository that was never meant for us: every Markdown file has its page, with the title, the
date and the HTML that the rules give, whatever it is called and whatever it holds."""
# builds: release asan
import html
import os
import random
import re
import sqlite3
import urllib.parse

import rules
from support import Repository, Tap, all_files, gongkai, read, run, scratch

FIRST, SECOND = "2025-01-02", "2025-06-01"
TRACED = "2025-01-01T23:30:00+0000"  # which is 2 January in the site's time zone

# Path, bytes. The rules of rules.py say what becomes of them, unless TOLD does.
FILES = {
    "README.md": "# 首页\n\n你好。\n",
    "index.md": "# 另一个首页\n",
    "plain.md": "no heading\n\nsecond paragraph\n",
    "sub/README.md": "---\ntitle: Sub folder\ndate: 2021-02-03\n---\n# Other\n",
    "sub/deep/three/four.md": "# Four *levels* `deep`\n\ntext\n",
    "motions.md": "---\ntitle: Motions\nkind: meeting\nmotions: [one, two]\n---\ntext\n",
    "name with space.md": "# space\n",
    "hash#tag.md": "# hash\n",
    "question?.md": "# question\n",
    "100%.md": "# percent\n",
    "100%25.md": "# percent encoded\n",
    "a&b<c>\"d'.md": "# markup\n",
    "+plus+.md": "# plus\n",
    "图片/图.md": "![图](../pic.png)\n",
    "UPPER.MD": "# upper\n",
    "x.markdown": "# one\n",
    "x.md": "# two\n",
    "two.md": "# file\n",
    "two/README.md": "# folder\n",
    "two/index.md": "# folder's index\n",
    "data.md": "# data\n",
    "data/search.db.md": "# no database\n",
    "orgs/x.md": "# orgs\n",
    "archive.md": "# archive\n",
    "archive/in.md": "# moved with its folder\n",
    "archive_/in.md": "# its folder has that name\n",
    "catalogue/README.md": "# catalogue\n",
    "search.md": "# search\n",
    "theme/look.md": "# theme\n",
    "feed.xml.md": "# feed\n",
    "404.html.md": "# 404\n",
    "search.cgi.md": "# program\n",
    ".hidden.md": "# hidden\n",
    ".github/issue.md": "# template\n",
    "empty.md": "",
    "blank.md": "\n\n \n",
    "only.md": "---\ntitle: only front matter\n---",
    "open.md": "---\nno front matter after all\n\n# Heading\n",
    "setext.md": "Setext\n======\n\nx\n",
    "second-level.md": "## Second level\n",
    "code.md": "```\n# no heading\n```\n\n# Real\n",
    "huge-title.md": "# " + "很长的标题" * 2000 + "\n",
    "huge-line.md": "x" * 300000 + "\n",
    "crlf.md": "---\r\ntitle: CRLF\r\ndate: 2019-09-09\r\n---\r\n\r\n第一行\r\n第二行\r\n",
    "bom.md": b"\xef\xbb\xbf---\ntitle: BOM\n---\ntext\n",
    "bom-heading.md": b"\xef\xbb\xbf# Heading behind a mark\n",
    "gb18030.md": "# 国标编码\n\n正文在此。\n".encode("gb18030"),
    "utf16.md": "# 宽字符\n".encode("utf-16"),
    "binary.md": bytes(range(256)) * 20,
    "nul.md": b"# nul\0here\n",
    "latin1.md": b"# Caf\xe9\n",
    "2024-05-06-named.md": "text\n",
    "20240507 第二.md": "text\n",
    "2024-13-45-no-day.md": "text\n",
    "_posts/2020-10-11-jekyll.md":
        "---\nlayout: post\ntitle: \"Hello: world\"\ncategories: a b\ntags: [x, \"y z\"]\n---\n{% x %}\n",
    "content/posts/hugo.md": "+++\ntitle = \"TOML title\"\ndate = 2020-01-02\n+++\n\nbody\n",
    "vault/note.md": "---\naliases: [a, b]\ntags:\n  - 读书\n---\n[[Wiki link]] ![[pic.png]]\n",
    "chinese.md": "---\n标题: 中文键\n发布日期: 2020-06-07\n标签: [一, 二]\n---\nx\n",
    "moment.md": "---\ndate: 2024-02-03T04:05:06+08:00\n---\n# Moment\n",
    "slashes.md": "---\ndate: 2024/3/4\n---\n# Slashes\n",
    "han-day.md": "---\ndate: 2024年3月5日\n---\n# Day\n",
    "no-day.md": "---\ndate: 2024-13-45\n---\n# No day\n",
    "empty-title.md": "---\ntitle: \"\"\n---\n# From the heading\n",
    "number-title.md": "---\ntitle: 2024\n---\n",
    "unknown.md": "---\ncolour: green\nnested:\n  a: 1\n---\n# Unknown keys\n",
    "list.md": "---\n- a\n- b\n---\n# Heading of a list\n",
    "anchor.md": "---\ntitle: &a T\nother: *a\n---\n# A\n",
    "unclosed.md": "---\ntitle: [unclosed\n---\n# Heading\n",
    "future.md": "---\ndate: 2099-01-01\n---\n# Future\n",
    "deep.md": "# Deep\n\n| a | b |\n|---|---|\n| 1 | 2 |\n",
    "deep/index.html.md": "# a page where its folder's stands\n",
    "deep/index.html/x.md": "# below it\n",
    "deep/table-1.csv.md": "# a page where a table stands\n",
    "deep/table-1.csv/y.md": "# below that\n",
    "bell.md": "---\ntitle: \"a\\x07b\"\nsummary: \"\\x01\"\ntags: [\"\\0\"]\n---\nx\n",
    "tags.md": "---\ntags: [index.html, feed.xml, a, a/, /, //, \"two\\nlines\", ., .., '" + "字" * 100 + "']\n---\n# Tags\n",
}
# Folders with a listing of their own, named as what stands inside the listing above them.
FILES.update({f"long{below}/{i}.md": "x\n" for i in range(201) for below in ("", "/2026", "/index.html")})
# Where front matter is odder than rules.py reads, or bytes are no text: title and date by hand.
TOLD = {
    "binary.md": ("binary", FIRST),
    "nul.md": ("nul\ufffdhere", FIRST),
    "latin1.md": ("Caf\ufffd", FIRST),
    "anchor.md": ("T", FIRST),
    "list.md": ("Heading of a list", FIRST),
    "bell.md": ("a\ufffdb", FIRST),
    "tags.md": ("Tags", FIRST),
}
RESERVED = {"search.md", "theme/look.md", "data.md", "data/search.db.md", "orgs/x.md", "archive.md", "archive/in.md", "archive_/in.md", "catalogue/README.md",
            "feed.xml.md", "404.html.md", "search.cgi.md"}
WORDS = "村务 公开 低保 the road 2026年 3.5% a_b *em* **strong** `code` <b>raw</b> &amp; \\* [x] ~ http://a.b".split()


def random_document(rng):
    """Markdown without links and without a break between two Han: nothing that we write otherwise."""
    def words(low, high):
        return " ".join(rng.choices(WORDS, k=rng.randint(low, high)))

    def table():
        columns = rng.randint(1, 4)
        line = lambda: "| " + " | ".join(words(0, 3) for _ in range(columns)) + " |"
        return "\n".join([line(), "|" + " :-: |" * columns] + [line() for _ in range(rng.randint(0, 4))])

    blocks = [
        lambda: "#" * rng.randint(1, 6) + " " + words(1, 4),
        lambda: "a " + words(3, 30),
        lambda: "\n".join("- " + words(1, 6) for _ in range(rng.randint(1, 5))),
        lambda: "\n".join(f"{i}. " + words(1, 6) for i in range(1, rng.randint(2, 5))),
        lambda: "> " + words(2, 9),
        lambda: "```\n" + words(2, 9) + "\n```",
        lambda: "<div>\n" + words(1, 4) + "\n</div>",
        lambda: "***",
        table,
    ]
    return "\n\n".join(rng.choice(blocks)() for _ in range(rng.randint(1, 12))) + "\n"


def body_of(page):
    start = page.index('<div class="record-body">') + len('<div class="record-body">')
    return page[start:page.index("</div>\n</div>\n", start)]


def file_of(url):
    return urllib.parse.unquote(url).lstrip("/") + "index.html"


def check_pages(tap, site, records):
    faults = []
    for path, data in FILES.items():
        data = data if isinstance(data, bytes) else data.encode()
        want = TOLD.get(path) or (rules.title_of(path, data), rules.date_of(path, data, FIRST))
        if path not in records:
            faults.append(f"{path}: no record")
        elif records[path][1:] != want:
            faults.append(f"{path}: {records[path][1:]}, not {want}"[:300])
        elif not os.path.isfile(os.path.join(site, file_of(records[path][0]))):
            faults.append(f"{path}: no page at {records[path][0]}")
        elif f"<title>{html.escape(want[0][:40])}" not in read(
                site, file_of(records[path][0])).decode().replace("&#39;", "&#x27;"):
            faults.append(f"{path}: its page has another title")
    tap.none(f"{len(FILES)} odd files: a page each, title and date by the rules", faults)
    urls = [row[0] for row in records.values()]
    tap.same("no two have one address", len(urls), len(set(urls)))
    tap.same("an address without odd characters is the path", "/sub/deep/three/four/",
             records["sub/deep/three/four.md"][0])
    tap.same("README.md is its folder's page", ["/", "/sub/"],
             [records["README.md"][0], records["sub/README.md"][0]])
    moved = {p for p in RESERVED if urllib.parse.unquote(records[p][0]).split("/")[1].endswith("_")}
    tap.same("names that the site needs are moved aside", RESERVED, moved)
    tap.same("a later file has the day of its own first commit", SECOND, records["later.md"][2])


def check_listings(tap, site, db):
    tags = {tag for tag, in db.execute("SELECT tag FROM tags WHERE record = (SELECT id FROM records WHERE path = 'tags.md')")}
    tap.same("a tag is one line", True, "two lines" in tags)
    pages = os.listdir(os.path.join(site, "archive/tag"))
    every = db.execute("SELECT count(DISTINCT tag) FROM tags").fetchone()[0]
    tap.same("each tag has a listing, whatever it is called", every + 1, len(pages))
    faults = [folder for folder in ("long", "long/%32026", "long/%69ndex.html")
              if not os.path.isfile(os.path.join(site, "archive/section", folder, "index.html"))]
    tap.none("each long folder has one, whatever it is called", faults)
    status, out, _ = gongkai("verify", site)
    tap.same("the site is whole", 0, status)


def check_html(tap, site, records, documents):
    different = []
    for path, text in documents.items():
        _, want, _ = run("cmark-gfm", "-e", "table", stdin=text.encode())
        got = body_of(read(site, file_of(records[path][0])).decode())
        if got != want:
            different.append(f"{path}:\n want {want!r}\n got {got!r}")
    tap.none(f"the HTML of {len(documents)} documents is that of cmark-gfm -e table", different)


def make(folder):
    repository = Repository(os.path.join(folder, "repository"))
    rng = random.Random(20260305)
    documents = {f"random/{i:03}.md": random_document(rng) for i in range(200)}
    for path, data in {**FILES, **documents, "pic.png": b"\x89PNG\r\n\x1a\n", "_config.yml": "a: b\n"}.items():
        repository.write(path, data)
    repository.commit("first", date=TRACED)
    repository.write("later.md", "# later\n")
    repository.commit("second", date="2025-06-01T12:00:00+0800")
    repository.write("plain.md", "no heading still\n")
    repository.commit("third", date="2025-07-01T12:00:00+0800")
    return repository, documents


def main():
    with Tap() as tap, scratch() as folder:
        repository, documents = make(folder)
        site = os.path.join(folder, "site")
        status, out, err = gongkai("build", "-C", repository.path, "-o", site, "--lang", "en",
                                   "--as-of", "2026-03-06")
        tap.same("it is published: status 0, no error", (0, False), (status, ": error[" in err))
        db = sqlite3.connect(os.path.join(site, "data/search.db"))
        records = {p: (u, t, d) for p, u, t, d in
                   db.execute("SELECT path, url, title, date FROM records")}
        tap.same("a text where a map should stand is no row of its view", [],
                 db.execute("SELECT * FROM motions").fetchall())
        tap.same("every Markdown file is a record", len(FILES) + len(documents) + 1, len(records))
        check_pages(tap, site, records)
        check_html(tap, site, records, documents)
        check_listings(tap, site, db)
        tap.ok("a binary file keeps its bytes", read(site, "pic.png") == b"\x89PNG\r\n\x1a\n")
        tap.ok("what no record links to is not published", "_config.yml" not in all_files(site))
        clash = re.findall(r"^(\S+?): warning\[E151\]", err, re.MULTILINE)
        tap.same("files that want one address are told",
                 ["index.md", "two/README.md", "two/index.md", "x.md"], sorted(clash))

        empty = Repository(os.path.join(folder, "empty"))
        empty.write("notes.txt", "no Markdown here\n")
        empty.commit()
        status, out, _ = gongkai("build", "-C", empty.path, "-o", folder + "/empty-site")
        tap.same("a repository without Markdown is a site too", 0, status)
        status, _, err = gongkai("build", "-C", folder, "-o", folder + "/none")
        tap.same("a folder that is no repository: status 3", 3, status)


main()
