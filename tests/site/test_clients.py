#!/usr/bin/env python3
"""What researchers open our data with: R runs the recipe of site/README.md, and LibreOffice under
a Chinese locale opens every CSV of the site and of a search with the cells that the database has.

# builds: release
"""
import csv
import io
import os
import re
import sqlite3
import xml.etree.ElementTree
import zipfile

from support import BUILD, Tap, all_files, gongkai, run, scratch

README = "site/README.md"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"


def block(language):
    with open(README, encoding="utf-8") as file:
        return re.search(rf"```{language}\n(.*?)```", file.read(), re.DOTALL)[1]


def check_r(tap, folder, path):
    """The recipe, as it stands, beside a copy of the database."""
    script = os.path.join(folder, "recipe.R")
    with open(script, "w", encoding="utf-8") as file:
        file.write(block("r"))
    status, out, err = run("Rscript", "--vanilla", "--encoding=UTF-8", script,
                           cwd=os.path.dirname(path), env={"LC_ALL": "C.UTF-8"})
    tap.ok("R runs the recipe", status == 0, err)
    db = sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)
    lamps = db.execute("SELECT strftime('%Y', date), sum(expense) / 100.0 FROM ledger WHERE org_code ="
                       " '990101100201' AND subject = '公共照明' GROUP BY 1 ORDER BY 1").fetchall()
    found = [(year, float(yuan)) for year, yuan in re.findall(r"^\d+\s+(\d{4})\s+([\d.]+)$", out, re.M)]
    tap.ok("and sums what SQLite sums", lamps and [(y, round(s, 2)) for y, s in lamps] ==
           [(y, round(s, 2)) for y, s in found], f"{lamps}\n{out}")
    titles = db.execute("SELECT title FROM records WHERE id IN (SELECT rowid FROM search WHERE search"
                        " MATCH '\"低保\"') ORDER BY date DESC, path LIMIT 5").fetchall()
    missing = [title for title, in titles if title not in out]
    tap.ok("and finds Chinese", titles and not missing, f"{missing}\n{out}")


def cells_of_sheet(path):
    """What a spreadsheet's cells show, and the numbers behind those that are numbers."""
    with zipfile.ZipFile(path) as ods:
        tree = xml.etree.ElementTree.fromstring(ods.read("content.xml"))
    rows = []
    for row in tree.iter(TABLE + "table-row"):
        cells = []
        for cell in row.iter(TABLE + "table-cell"):
            text = "\n".join("".join(part.itertext()) for part in cell.iter(TEXT + "p"))
            kind = cell.get(OFFICE + "value-type")
            value = cell.get(OFFICE + "value") if kind in ("float", "percentage", "currency") else \
                cell.get(OFFICE + "date-value") if kind == "date" else text
            cells += [value] * min(int(cell.get(TABLE + "number-columns-repeated", 1)), 100)
        while cells and not cells[-1]:
            cells.pop()
        rows += [cells] * min(int(row.get(TABLE + "number-rows-repeated", 1)), 1000 if cells else 1)
    while rows and not rows[-1]:
        rows.pop()
    return rows


def is_same(want, got):
    """A cell of ours and what became of it: text as it is but for blanks, which the format writes in
    ways of its own; a number as one; a day as one, of this year where none is named."""
    got = got or ""
    if "".join(want.split()) == "".join(got.split()):
        return True
    try:
        return float(want.replace(",", "").rstrip("%")) == float(got) * (100 if "%" in want else 1)
    except ValueError:
        day = "-".join(f"{int(part):02}" for part in re.findall(r"\d+", want))
        return bool(re.fullmatch(r"\d{4}-\d\d-\d\d", got[:10])) and got[:10].endswith(day) and len(day) > 4


def compare(name, data, sheet):
    want = [row for row in csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))]
    faults = []
    if len(want) != len(sheet):
        return [f"{name}: {len(want)} rows, {len(sheet)} in the sheet"]
    for number, (ours, theirs) in enumerate(zip(want, sheet), 1):
        theirs = theirs + [""] * (len(ours) - len(theirs))
        faults += [f"{name}:{number}: {a!r} became {b!r}" for a, b in zip(ours, theirs) if not is_same(a, b)]
    return faults


def check_office(tap, folder, site):
    # What we write: the tables. A file that the clerk wrote is handed on as it is.
    files = [path for path in all_files(site) if re.search(r"/table-\d+\.csv$", path)][::8]
    answer = run(os.path.join(BUILD, "search.cgi"),
                 env={"GONGKAI_SITE": site, "REQUEST_METHOD": "GET", "SCRIPT_NAME": "/search.cgi",
                      "QUERY_STRING": "q=%E8%B7%AF%E7%81%AF&format=csv"})[1]
    inputs, outputs = os.path.join(folder, "in"), os.path.join(folder, "out")
    os.mkdir(inputs)
    tables = {}
    for number, path in enumerate(files):
        with open(os.path.join(site, path), "rb") as file:
            tables[f"{number}"] = (path, file.read())
    tables["search"] = ("search.cgi", answer.split("\r\n\r\n", 1)[-1].encode())
    tap.none("every CSV begins with a byte-order mark", [name for name, data in tables.values()
                                                         if not data.startswith(b"\xef\xbb\xbf")])
    for stem, (_, data) in tables.items():
        with open(os.path.join(inputs, stem + ".csv"), "wb") as file:
            file.write(data)
    command = block("sh").strip().split("\n")[0].split(" --convert-to")[0]
    options = re.search(r"--infilter='([^']*)'", command)[1]
    status, out, err = run("soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless",
                           f"--infilter={options}", "--convert-to", "ods", "--outdir", outputs,
                           *[os.path.join(inputs, stem + ".csv") for stem in tables],
                           env={"LC_ALL": "zh_CN.UTF-8", "HOME": folder})
    left = [name for stem, (name, _) in tables.items()
            if not os.path.exists(os.path.join(outputs, stem + ".ods"))]
    if not tap.ok("LibreOffice opens all of them", status == 0 and not left, f"{left}\n{out}\n{err}"):
        return
    faults = []
    for stem, (name, data) in tables.items():
        faults += compare(name, data, cells_of_sheet(os.path.join(outputs, stem + ".ods")))
    tap.none("with the cells that they have", faults)


def main():
    with Tap() as tap, scratch() as folder:
        site = os.path.join(folder, "site")
        status, _, err = gongkai("build", "-C", ".", "--content", "content", "-o", site)
        tap.ok("content/ is published", status == 0, err)
        check_r(tap, folder, os.path.join(site, "data/search.db"))
        check_office(tap, folder, site)


main()
