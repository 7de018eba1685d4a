#!/usr/bin/env python3
"""The page of each kind of record: the article of every record in tests/golden/pages/site against
the .html beside. UPDATE_GOLDEN=1 writes them anew; look at the difference then."""
import os
import re
import shutil
import sys

sys.path.insert(0, os.path.join("tests", "site"))
from support import Repository, Tap, gongkai, read, scratch  # noqa: E402

SOURCE, WANT = "tests/golden/pages/site", "tests/golden/pages"


def kinds():
    with open("generator/record/schema.yml", encoding="utf-8") as file:
        text = file.read()
    part = text[text.index("\nkinds:"):text.index("\ntables:")]
    return re.findall(r"^  - key: (\w+)$", part, re.MULTILINE)


def article(page):
    text = re.search(r"<article.*?</article>", page, re.DOTALL).group(0)
    return "\n".join(line.rstrip() for line in text.splitlines() if line.strip()) + "\n"


def main():
    with Tap() as tap, scratch() as folder:
        repository = Repository(os.path.join(folder, "repository"))
        for name in sorted(os.listdir(SOURCE)):
            shutil.copy(os.path.join(SOURCE, name), repository.path)
        repository.commit(date="2026-11-01T10:00:00+0800")
        site = os.path.join(folder, "site")
        status, _, err = gongkai("build", "-C", repository.path, "-o", site, "--as-of", "2026-11-25")
        tap.ok("a record of each kind passes every check", status == 0, err)
        for kind in kinds():
            path = os.path.join(WANT, kind + ".html")
            got = article(read(site, kind, "index.html").decode())
            if os.environ.get("UPDATE_GOLDEN"):
                with open(path, "w", encoding="utf-8") as file:
                    file.write(got)
            want = read(path).decode() if os.path.exists(path) else ""
            tap.same(f"{kind}: its page", want, got)
            tap.ok(f"{kind}: is of its kind", f"record-{kind}" in got)


main()
