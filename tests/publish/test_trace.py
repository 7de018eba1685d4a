#!/usr/bin/env python3
"""A record that is edited or withdrawn leaves no trace of what it said, in no file of the site.

Every leaf of the full-text index is decoded, the bytes of the whole database are looked through, with
its unused places, and so are all other files. Before the change, the same looks find the words.
"""
# builds: release asan
import os
import random
import sqlite3

from fts_leaves import all_words
from publishing import Repository
from support import Tap, all_files, gongkai, read, scratch

OTHERS = 400
COMMON = "村民代表会议决定道路硬化工程资金来源收入支出结余公示监督委员会审核路灯电费清淤"
# Nothing else has these, so that their very bytes must stand in the index: the ends of words are
# stored even where the beginnings are shared.
SECRET = {
    "title": "骉骉之名", "body": "麤麤之事", "table": "鱻鱻之表", "file": "犇犇之件",
    "latin": "zqxwvkjpb", "long": "zqlong" + "hgfdsw" * 22, "number": "90817263544536",
}
PIECES = ["骉骉", "麤麤", "鱻鱻", "犇犇", "qxwvkjpb", "gfdswhgfdsw", "0817263544536"]


def other(rng, number):
    body = "".join(rng.choices(COMMON, k=rng.randint(10, 900)))
    return f"---\ntitle: {body[:6]}{number}\ndate: 2026-01-{1 + number % 28:02}\n---\n\n{body}\n"


WITHDRAWN = """withdrawn:
  date: 2026-03-20
  reason: 不该公开
  approved_by: 村委会
"""


def secret_record(more=""):
    return (f"---\ntitle: {SECRET['title']}\ndate: 2026-02-03\n{more}---\n\n{SECRET['body']}。"
            f"{SECRET['latin']} {SECRET['long']} {SECRET['number']} {COMMON}\n\n"
            f"[{SECRET['file']}]({SECRET['file']}.txt)\n\n| 表 | 数 |\n|---|---|\n"
            f"| {SECRET['table']} | 1 |\n")


def words_found(out):
    """Pieces of the secret that words of the index have."""
    with_secret = set()
    database = sqlite3.connect(f"file:{out}/data/search.db?mode=ro&immutable=1", uri=True)
    for word in all_words(database):
        text = word.decode(errors="replace")
        with_secret.update(piece for piece in PIECES if piece in text or text in piece[1:]
                           and len(text) > 5)
    database.close()
    return with_secret


def pairs_found(out):
    """The secret's characters, alone or in pairs, as the index has them."""
    database = sqlite3.connect(f"file:{out}/data/search.db?mode=ro&immutable=1", uri=True)
    words = {word.decode(errors="replace") for word in all_words(database)}
    database.close()
    return {piece[0] for piece in PIECES[:4] if any(piece[0] in word for word in words)}


def bytes_found(out):
    """Files that hold a piece, or its end, anywhere in their bytes."""
    found = set()
    for path in all_files(out):
        content = read(out, path)
        found.update(path for piece in PIECES if piece.encode() in content)
        found.update(path for piece in PIECES[4:] if piece[1:].encode() in content)
    return found


def check_database(tap, out, name):
    path = os.path.join(out, "data", "search.db")
    database = sqlite3.connect(path)  # it opens the published file, which nobody else reads now
    faults = [row for row in database.execute("PRAGMA integrity_check").fetchall() if row != ("ok",)]
    try:
        database.execute("INSERT INTO search (search) VALUES ('integrity-check')")
    except sqlite3.Error as error:
        faults.append(error)
    database.rollback()
    free, = database.execute("PRAGMA freelist_count").fetchone()
    faults += [f"{free} pages are carried for nothing"] * (free > 0)
    database.close()
    tap.none(f"{name}: the index and the database are sound", faults)


class County:
    def __init__(self, folder):
        self.repository = Repository(os.path.join(folder, "repository"))
        self.out = os.path.join(folder, "web")
        self.rng = random.Random(5)
        self.day = 0
        for number in range(OTHERS):
            self.repository.write(f"村/{number:04}.md", other(self.rng, number))

    def publish(self):
        self.day += 1
        self.repository.commit(date=f"2026-03-{self.day:02}T10:00:00+0800")
        status, _, err = gongkai("build", "-C", self.repository.path, "-o", self.out, "--as-of",
                                 "2026-10-31", "--lang", "en")
        if status != 0 or (self.day > 1 and "anew" in err):
            raise SystemExit(f"status {status}: {err}")

    def add_secret(self, more=""):
        self.repository.write(f"村/{SECRET['file']}.txt", b"%PDF-1.4\n")
        self.repository.write("村/密.md", secret_record(more))

    def remove_secret(self):
        self.repository.remove("村/密.md")
        self.repository.remove(f"村/{SECRET['file']}.txt")

    def remove_most(self):
        """So much goes that the index is written anew."""
        for number in range(OTHERS):
            if number % 5:
                self.repository.remove(f"村/{number:04}.md")

    def words(self):
        """Every word of every record, and how many places and records all have."""
        with sqlite3.connect(f"file:{self.out}/data/search.db?mode=ro", uri=True) as database:
            database.execute("CREATE VIRTUAL TABLE temp.words USING fts5vocab (main, search, instance)")
            words = database.execute("SELECT term, path, col, offset FROM temp.words JOIN records"
                                     " ON records.id = doc ORDER BY 1, 2, 3, 4").fetchall()
            totals = database.execute("SELECT block FROM search_data WHERE id = 1").fetchall()
            sizes = database.execute("SELECT path, sz FROM search_docsize JOIN records USING (id)"
                                     " ORDER BY path").fetchall()
        database.close()
        return words, totals, sizes

    def add_others(self, count):
        """A commit each: segments are added, and merged."""
        for _ in range(count):
            number = OTHERS + self.day
            self.repository.write(f"村/{number:04}.md", other(self.rng, number))
            self.publish()


def check_traces(tap, county, name):
    """After the change that `name` tells of; the same looks before it found everything."""
    tap.none(f"{name}: no leaf has a word of it", words_found(county.out) | pairs_found(county.out))
    tap.none(f"{name}: no file has a byte of it", bytes_found(county.out))
    check_database(tap, county.out, name)


def check_control(tap, county, name):
    tap.same(f"{name}: the leaves' words are found", set(PIECES), words_found(county.out))
    tap.same(f"{name}: so are their characters", {piece[0] for piece in PIECES[:4]},
             pairs_found(county.out))
    tap.ok(f"{name}: so are the database's bytes", "data/search.db" in bytes_found(county.out))


def check_fts5_leaves_traces(tap, county):
    """What FTS5's own 'delete' leaves: our looks would see it."""
    path = os.path.join(county.out, "data", "search.db")
    database = sqlite3.connect(path)
    database.execute("PRAGMA secure_delete = ON")
    rowid, = database.execute("SELECT id FROM records WHERE path = '村/密.md'").fetchone()
    words = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    words.execute("CREATE VIRTUAL TABLE temp.words USING fts5vocab (main, search, instance)")
    body = " ".join(row[0] for row in words.execute(
        "SELECT term FROM temp.words WHERE doc = ? AND col = 'body' ORDER BY offset", (rowid,)))
    words.close()
    database.execute("INSERT INTO search (search, rowid, body, title, tables, names)"
                     " VALUES ('delete', ?, ?, '', '', '')", (rowid, body))
    database.execute("DELETE FROM records WHERE id = ?", (rowid,))
    database.commit()
    database.close()
    tap.ok("FTS5's own way leaves traces, and they are found",
           "麤麤" in words_found(county.out))


def main():
    with scratch() as folder, Tap() as tap:
        county = County(folder)
        county.add_secret()
        county.publish()
        check_control(tap, county, "built with all others")
        county.repository.write("村/密.md", "---\ntitle: 改过\ndate: 2026-02-03\n---\n\n改过了。\n")
        county.repository.remove(f"村/{SECRET['file']}.txt")
        county.publish()
        check_traces(tap, county, "edited")
        county.add_secret()
        county.publish()
        check_control(tap, county, "added")
        county.remove_secret()
        county.publish()
        check_traces(tap, county, "removed at once")
        county.add_secret()
        county.publish()
        county.add_others(7)
        check_control(tap, county, "added, then merged")
        county.remove_secret()
        county.publish()
        check_traces(tap, county, "removed after merges")
        county.add_secret()
        county.publish()
        check_control(tap, county, "added to be withdrawn")
        county.add_secret(WITHDRAWN)
        county.publish()
        check_traces(tap, county, "withdrawn")
        tap.ok("a page says that it was withdrawn",
               "不该公开" in read(county.out, "村", "密", "index.html").decode())
        county.add_secret()
        county.publish()
        check_control(tap, county, "added again")
        county.remove_secret()
        county.remove_most()
        county.publish()
        check_traces(tap, county, "removed with most others")
        grown, county.out = county.words(), os.path.join(folder, "anew")
        county.day = 0
        county.publish()
        tap.ok("what is left is as a build of it alone makes it", grown == county.words())
        county.add_secret()
        county.publish()
        check_fts5_leaves_traces(tap, county)


main()
