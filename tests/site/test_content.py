#!/usr/bin/env python3
"""content/ as a visitor and as a machine find it, under the web server: every link answers, all XML
and HTML is as it should be, the database is sound, and a search finds what is there."""
# builds: release
import collections
import glob
import hashlib
import html.parser
import json
import os
import random
import re
import sqlite3
import unicodedata
import urllib.parse
import xml.etree.ElementTree as etree

import feeds
from support import GONGKAI, Tap, all_files, fetch, gongkai, read, run, scratch, server

BASE = "https://gongkai.yunxi.example"
VNU = "node_modules/vnu-jar/build/dist/vnu.jar"
SEARCHES = 200
THOUSANDS = re.compile(r"(?<![0-9a-z])(?<![0-9],)[0-9]{1,3}(?:,[0-9]{3})+(?![0-9a-z])")


class Links(html.parser.HTMLParser):
    """Addresses that a page names, and the anchors that it has."""

    def __init__(self, text):
        super().__init__()
        self.links, self.ids = [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        for name, value in attributes:
            if name in ("href", "src", "action") and value is not None:
                self.links.append(value)
            elif name == "id":
                self.ids.append(value)


def page_url(path):
    return "/" + urllib.parse.quote(path[:-len("index.html")] if path.endswith("index.html") else path)


def is_ours(url):
    return url.startswith(("/", BASE)) and not url.startswith("//")


def check_links(tap, site, address):
    """Follows every address on every page, in what the search programs answer too."""
    todo = collections.OrderedDict()
    anchors = {}
    faults, outside = [], set()

    def note(page, text):
        parsed = Links(text)
        anchors[page] = set(parsed.ids)
        if len(parsed.ids) != len(anchors[page]):
            faults.append(f"{page}: an id twice")
        for link in parsed.links:
            url = urllib.parse.urljoin(BASE + page, link)
            if is_ours(url):
                target, _, fragment = url[len(BASE):].partition("#")
                todo.setdefault(target or "/", []).append((page, fragment))
            else:
                outside.add(url)

    pages = [path for path in all_files(site) if path.endswith(".html")]
    for path in pages:
        note(page_url(path), read(site, path).decode())
    tap.ok(f"{len(pages)} pages name {len(todo)} addresses", len(pages) > 300 and len(todo) > 300)
    seen = {}
    while todo:
        url, asked = todo.popitem(last=False)
        if url not in seen and not (url.startswith("/search") and len(seen) > 20000):
            status, headers, body = fetch(address + url)
            seen[url] = status
            if status != 200:
                faults.append(f"{status} {url} on {asked[0][0]}")
            if url not in anchors and "html" in headers.get("Content-Type", "") and "?" not in url:
                note(url, body.decode())
        for page, fragment in asked:
            if fragment and url in anchors and urllib.parse.unquote(fragment) not in anchors[url]:
                faults.append(f"{page}: {url} has no #{fragment}")
    tap.none(f"every address answers ({len(seen)})", faults)
    tap.none("what leads out of the site is http, mail or telephone",
             [url for url in outside if not url.startswith(("https://", "http://", "mailto:", "tel:"))])


def check_xml(tap, site):
    faults, count, feed_count = [], 0, 0
    for path in all_files(site):
        if not path.endswith(".xml"):
            continue
        count += 1
        data = read(site, path)
        try:
            etree.fromstring(data)
        except etree.ParseError as error:
            faults.append(f"{path}: {error}")
            continue
        if path.endswith("feed.xml"):
            feed_count += 1
            faults += [f"{path}: {fault}" for fault in
                       feeds.check_feed(data, BASE + "/" + urllib.parse.quote(path))]
    tap.none(f"{count} XML files are well-formed, {feed_count} feeds keep the rules", faults)
    status, _, err = run("xmllint", "--noout", *[os.path.join(site, p) for p in all_files(site)
                                                 if p.endswith(".xml")])
    tap.same("xmllint finds nothing either", (0, ""), (status, err))
    sitemap = etree.fromstring(read(site, "sitemap.xml"))
    named = [node.text for node in sitemap.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]
    missing = [url for url in named if not os.path.isfile(os.path.join(
        site, urllib.parse.unquote(url[len(BASE) + 1:]), "index.html"))]
    tap.none(f"the {len(named)} addresses of the sitemap are pages", missing)


def check_html(tap, site):
    pages = [os.path.join(site, path) for path in all_files(site) if path.endswith(".html")]
    status, _, err = run("java", "-jar", VNU, "--errors-only", "--format", "gnu", *pages, timeout=900)
    tap.ok(f"the Nu HTML checker finds no error on {len(pages)} pages", status == 0, err)
    status, _, err = run("java", "-jar", VNU, "--errors-only", "--css", "--format", "gnu",
                         *glob.glob(os.path.join(site, "theme/*.css")))
    tap.ok("nor in the style sheet", status == 0, err)


def check_answers(tap, address, folder):
    """Pages of the search program, by the Nu checker; its feed, by the rules of feeds."""
    for number, query in enumerate(["q=低保", "q=zzzzqqqq", "", "q=%E4%BD%8E%E4%BF%9D&org=liuwan&year=2026",
                                    "q=" + "a" * 300, "page=99"]):
        _, _, body = fetch(f"{address}/search.cgi?{urllib.parse.quote(query, safe='=&%')}")
        with open(os.path.join(folder, f"search{number}.html"), "wb") as file:
            file.write(body)
    pages = sorted(glob.glob(os.path.join(folder, "search*.html")))
    status, _, err = run("java", "-jar", VNU, "--errors-only", "--format", "gnu", *pages)
    tap.ok("the Nu HTML checker finds no error on pages of searches", status == 0, err)
    for query in ("q=%E4%BD%8E%E4%BF%9D", "", "q=zzzzqqqq"):
        path = "/search-feed.cgi" + ("?" + query if query else "")
        status, headers, body = fetch(address + path)
        tap.none(f"the feed of a search keeps the rules ({query or 'all'})",
                 feeds.check_feed(body, BASE + path) if status == 200 else [status])
        tap.same("and its type is that of RSS", "application/rss+xml; charset=utf-8",
                 headers.get("Content-Type"))


def check_database(tap, site):
    status, out, err = run("sha256sum", "-c", "SHA256SUMS", cwd=os.path.join(site, "data"))
    tap.ok("sha256sum -c", status == 0 and "search.db: OK" in out, out + err)
    tap.ok("the digest is that of Python too", hashlib.sha256(read(site, "data/search.db")).hexdigest()
           in read(site, "data/SHA256SUMS").decode())
    path = os.path.join(site, "data/search.db")
    tap.same("integrity_check", [("ok",)], sqlite3.connect(path).execute("PRAGMA integrity_check").fetchall())
    tap.same("no foreign key is broken", [], sqlite3.connect(path).execute("PRAGMA foreign_key_check").fetchall())
    with scratch() as folder:
        copy = os.path.join(folder, "copy.db")
        with open(copy, "wb") as file:
            file.write(read(path))
        db = sqlite3.connect(copy)
        try:
            db.execute("INSERT INTO search (search) VALUES ('integrity-check')")
            tap.ok("FTS5's own integrity-check", True)
        except sqlite3.DatabaseError as error:
            tap.ok("FTS5's own integrity-check", False, error)
    tap.same("gongkai verify", 0, gongkai("verify", site)[0])


def fold(text):
    """As the search sees text: width, case, compatibility forms and Latin accents do not matter;
    blanks are nothing."""
    text = unicodedata.normalize("NFKC", text).casefold()
    text = unicodedata.normalize("NFKC", text).replace("○", "〇").replace("◯", "〇")
    plain = unicodedata.normalize("NFD", text)
    plain = "".join(c for c in plain if unicodedata.category(c) != "Mn")
    return unicodedata.normalize("NFC", plain)


def is_han(c):
    return "\u4e00" <= c <= "\u9fff" or "\u3400" <= c <= "\u4dbf" or c == "〇"


def is_word(c):
    return c.isalnum() and not is_han(c)


def pieces(text):
    """The text as a list of tokens that a search compares: Han one by one, words and numbers whole,
    marks one by one; blanks are none, nor are the commas of thousands."""
    out, word = [], ""
    for c in THOUSANDS.sub(lambda found: found[0].replace(",", ""), fold(text)):
        if is_word(c):
            word += c
            continue
        if word:
            out.append(word)
            word = ""
        if not c.isspace() or c in "\n\t":
            out.append(c)
    return out + ([word] if word else [])


def holds(text, query):
    n = len(query)
    return any(text[i:i + n] == query for i in range(len(text) - n + 1))


def random_queries(records, rng):
    """Strings of one to eight characters out of the records: what a person could copy from one."""
    queries = set()
    while len(queries) < SEARCHES:
        title, text = rng.choice(records)
        source = title if rng.random() < 0.2 else text
        length = rng.randint(1, 8)
        start = rng.randrange(max(1, len(source) - length))
        query = source[start:start + length]
        kept = [c for c in query if is_han(c) or c.isascii() and c.isalnum() or c in ".、。（）《》"]
        cut = (source[start - 1:start] + query[:1]).isalnum() and is_word(query[0]) and is_word(source[start - 1:start] or " ")
        cut |= is_word(query[-1:] or " ") and is_word(source[start + length:start + length + 1] or " ")
        if len(kept) == len(query) and query.strip() and not cut and not set(query) <= set("."):
            queries.add(query)
    return sorted(queries)


def check_search(tap, site, address):
    database = os.path.join(site, "data/search.db")
    records = sqlite3.connect(database).execute("SELECT title, text FROM records").fetchall()
    known = [(pieces(title), pieces(text)) for title, text in records]
    faults, both = [], 0
    for query in random_queries(records, random.Random(1999)):
        want = sum(holds(title, pieces(query)) or holds(text, pieces(query)) for title, text in known)
        _, out, err = gongkai("search", "--json", database, f'"{query}"')
        status, _, body = fetch(f"{address}/search.cgi?format=json&q=" + urllib.parse.quote(f'"{query}"'))
        try:
            got = [0 if answer["nearest"] else answer["total"]
                   for answer in (json.loads(out), json.loads(body))]
        except (ValueError, KeyError):
            got = [out[:80] + err[:80], status]
        if got != [want, want]:
            faults.append(f"{query!r}: {want} records hold it; found {got}")
        both += 1
    tap.none(f"{both} random strings: the program and the CGI find each record that holds it, and no "
             "other", faults)


def check_self_test(tap):
    """The checks above can fail."""
    good = read("tests/site/good-feed.xml")
    tap.none("a good feed is found good", feeds.check_feed(good, "https://a.example/feed.xml"))
    spoilt = {
        "a relative link": (b"<link>https://a.example/1/</link>", b"<link>/1/</link>"),
        "an address not encoded": (b"https://a.example/1/", "https://a.example/一/".encode()),
        "a wrong day of the week": (b"Thu, 05 Mar 2026 10:00:00", b"Fri, 05 Mar 2026 10:00:00"),
        "a date of the future": (b"05 Mar 2026", b"05 Mar 2126"),
        "two equal dates": (b"09:59:59", b"10:00:00"),
        "a relative address inside": (b"&lt;p&gt;one", b"&lt;a href=\"/x\"&gt;one"),
        "another self": (b'href="https://a.example/feed.xml"', b'href="https://a.example/f.xml"'),
        "a permanent guid": (b'isPermaLink="false">b', b'isPermaLink="true">b'),
    }
    for name, (old, new) in spoilt.items():
        assert old in good, name
        tap.ok(f"a feed with {name} is not", feeds.check_feed(good.replace(old, new), "https://a.example/feed.xml"))
    tap.ok("a string that is there is held, across blanks", holds(pieces("第 12 条，Café"), pieces("第12条")))
    tap.ok("a part of a number is not", not holds(pieces("第123条"), pieces("第12")))


def main():
    with Tap() as tap, scratch() as folder:
        check_self_test(tap)
        site = os.path.join(folder, "site")
        status, out, err = run(GONGKAI, "build", "-C", ".", "--content", "content", "-o", site)
        tap.same("content/ is published without a word", (0, ""), (status, err))
        check_database(tap, site)
        check_xml(tap, site)
        check_html(tap, site)
        with server(site) as address:
            check_links(tap, site, address)
            check_answers(tap, address, folder)
            check_search(tap, site, address)


main()
