#!/usr/bin/env python3
"""What is published for programs, byte for byte: of the records in tests/golden/pages/site, against
the files in tests/golden/formats. UPDATE_GOLDEN=1 writes them anew; look at the difference then."""
import os
import shutil
import sys

sys.path.insert(0, os.path.join("tests", "site"))
from support import Repository, Tap, gongkai, read, scratch  # noqa: E402

SOURCE, WANT = "tests/golden/pages/site", "tests/golden/formats"
FILES = {
    "calendar.ics": "calendar.ics",
    "archive/org/liuwan-committee/catalog.jsonld": "catalog-committee.jsonld",
    "points/csv-metadata.json": "points.csv-metadata.json",
    "archive/org/liuwan-committee/calendar.ics": "calendar-committee.ics",
}


def main():
    with Tap() as tap, scratch() as folder:
        repository = Repository(os.path.join(folder, "repository"))
        for name in sorted(os.listdir(SOURCE)):
            shutil.copy(os.path.join(SOURCE, name), repository.path)
        repository.commit(date="2026-11-01T10:00:00+0800")
        site = os.path.join(folder, "site")
        status, _, err = gongkai("build", "-C", repository.path, "-o", site, "--as-of", "2026-11-25")
        tap.ok("it builds", status == 0, err)
        for file, name in FILES.items():
            got, path = read(site, file), os.path.join(WANT, name)
            if os.environ.get("UPDATE_GOLDEN"):
                with open(path, "wb") as out:
                    out.write(got)
            tap.same(file, read(path) if os.path.exists(path) else b"", got)


main()
