#!/usr/bin/env python3
"""scripts/check-layers passes the sources as they are, and each kind of breach makes it fail."""
import os
import subprocess
import sys
import tempfile

# A file, a line put into it, and words of the fault that it must give; none: it must pass.
CASES = [
    ("generator/base/str.c", '#include "base/buf.h"', ""),
    ("generator/base/str.c", '#include "record/record.h"', "base may not include record"),
    ("generator/record/record.c", '#include "source/source.h"', "record may not include source"),
    ("generator/search/run.c", '#include "store/store.h"', "search may not include store"),
    ("generator/render/page.c", '#include "store/database.h"', ""),
    ("generator/render/page.c", '#include "store/store.h"', "render draws and never writes"),
    ("generator/render/page.c", '#include "source/internal.h"', "is for source alone"),
    ("generator/store/store.c", '#include "render/render.h"', "store may not include render"),
    ("generator/commands/build.c", '#include "render/render.h"', ""),
    ("generator/main.c", '#include "store/store.h"', "main may not include store"),
    ("generator/render/page.c", "#include <git2.h>", "<git2.h> may stand in generator/source/"),
    ("generator/source/source.c", "#include <git2/sys/odb_backend.h>", ""),
    ("generator/render/page.c", "#  include <sqlite3.h>", "<sqlite3.h> may stand in"),
    ("generator/search/run.c", "#include <sqlite3.h>", ""),
    ("generator/store/store.c", "#include <cmark.h>", "<cmark.h> may stand in generator/record/"),
    ("generator/commands/build.c", "#include <libxml/tree.h>", "may stand in generator/xml/"),
    ("generator/base/utf8.c", "#include <utf8proc.h>", "may stand in generator/base/unicode.c"),
    ("generator/publish/publish.c", "#include <openssl/sha.h>", "may stand in generator/base/digest.c"),
    ("site/cgi/search_main.c", '#include "search/search.h"', ""),
    ("site/cgi/search_main.c", '#include "store/store.h"', "cgi may not include store"),
    ("site/cgi/search_main.c", '#include "xml/xml.h"', "cgi may not include xml"),
    ("site/cgi/feed_main.c", '#include "xml/xml.h"', ""),
    ("site/cgi/search_main.c", "#include <git2.h>", "<git2.h> may stand in"),
    ("generator/base/str.c", '#include "str.h"', "without its folder"),
    ("generator/base/str.c", '#include "base/nothing.h"', "is no header of the project"),
    ("generator/lobby/a.c", '#include "base/str.h"', "no layer is named lobby"),
]
HEADERS = ["generator/base/str.h", "generator/base/buf.h", "generator/record/record.h",
           "generator/source/source.h", "generator/source/internal.h", "generator/store/store.h",
           "generator/store/database.h", "generator/render/render.h", "generator/search/search.h",
           "generator/xml/xml.h"]


def write(root, path, text):
    full = os.path.join(root, path)
    os.makedirs(os.path.dirname(full), exist_ok=True)
    with open(full, "w", encoding="utf-8") as file:
        file.write(text)


def check(*root):
    done = subprocess.run(["scripts/check-layers", *root], capture_output=True, text=True)
    return done.returncode, done.stdout


def main():
    status, said = check()
    failed = status != 0
    print(f"{'not ' * failed}ok 1 - the sources keep to their layers")
    print("".join(f"# {line}\n" for line in said.splitlines()) if failed else "", end="")
    for number, (path, line, want) in enumerate(CASES, 2):
        with tempfile.TemporaryDirectory() as root:
            for header in HEADERS:
                write(root, header, "")
            write(root, path, line + "\n")
            status, said = check(root)
        is_good = (status, want in said) == (1, True) if want else status == 0
        failed |= not is_good
        print(f"{'' if is_good else 'not '}ok {number} - {path}: {line}")
        if not is_good:
            print(f"# status {status}: {said}")
    print(f"1..{len(CASES) + 1}")
    sys.exit(failed)


main()
