#!/usr/bin/env python3
"""A feed has the fifty newest records, and a listing of more than two hundred the twenty newest beside
its periods, each in order; so has the feed and listing of a county whose villages have them.
"""
import os
import re
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from support import Repository, Tap, gongkai, scratch  # noqa: E402

CONFIG = """title: 县
url: https://example.invalid/
organisations:
  - key: xian
    name: 甲县
    type: county
    folder: .
    children:
      - {key: dong, name: 东村, type: village, folder: 东}
      - {key: xi, name: 西村, type: village, folder: 西}
"""
RECORDS = 230
PLACES = ["", "archive/", "archive/org/xian/", "archive/org/dong/", "archive/org/xi/", "archive/tag/路灯/"]


def day(number):
    """One to three records a day; the oldest have the highest numbers."""
    number = (RECORDS - number) * 2 // 5
    return f"2026-{1 + number // 28:02}-{1 + number % 28:02}"


def records():
    """Path -> day, in the order of their names."""
    return {f"{'东西'[number % 2]}/{number:03}.md": day(number) for number in range(RECORDS)}


def titles(path, pattern):
    with open(path, encoding="utf-8") as file:
        return re.findall(pattern, file.read())


def newest(paths, days, count):
    """The days alone: of one day a feed has the order of the commits, a listing that of the paths."""
    return sorted((days[path] for path in paths), reverse=True)[:count]


with Tap() as tap, scratch() as folder:
    repository, out = Repository(os.path.join(folder, "repository")), os.path.join(folder, "web")
    days = records()
    repository.write("gongkai.yml", CONFIG)
    for path, date in days.items():
        repository.write(path, f"---\ntitle: 记{path[2:5]}\ndate: {date}\ntags: [路灯]\n---\n文。\n")
    repository.commit()
    status, _, said = gongkai("build", "-C", repository.path, "-o", out, "--as-of", "2026-10-31")
    tap.same("it is published", 0, status)
    named = {f"记{path[2:5]}": path for path in days}
    for place in PLACES:
        own = [path for path in days if not place.endswith(("dong/", "xi/")) or path[0] == ("东" if "dong" in place else "西")]
        if place != "archive/":
            found = titles(os.path.join(out, place, "feed.xml"), r"<item>\s*<title>(记\d+)</title>")
            tap.same(f"feed of /{place}", newest(own, days, 50), [days[named[title]] for title in found])
            tap.same(f"each of them once: /{place}", 50, len(set(found)))
        if place:
            found = titles(os.path.join(out, place, "index.html"), r">(记\d+)<")
            want = newest(own, days, 20 if len(own) > 200 else 200)
            tap.same(f"listing of /{place}", want, [days[named[title]] for title in found])
            tap.same(f"each once there: /{place}", len(want), len(set(found)))
