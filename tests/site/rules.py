"""What a Markdown file of a site without configuration must become, told independently of the
program: its text, title and date. Front matter is understood as far as the tests use it."""
import os
import re
import subprocess
import xml.etree.ElementTree

TITLE_KEYS, DATE_KEYS = ("title", "标题"), ("date", "发布日期")
DAY = re.compile(r"(?<!\d)(\d{4})[-./年]?(\d{1,2})[-./月]?(\d{1,2})(?!\d)")


def decode(data):
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            pass
    return data.decode("utf-8", "replace")


def split(text):
    """Fields of the front matter, and the body."""
    lines = text.replace("\r\n", "\n").split("\n")
    mark = lines[0].rstrip()
    if mark not in ("---", "+++") or mark not in [line.rstrip() for line in lines[1:]]:
        return {}, "\n".join(lines)
    end = next(i for i, line in enumerate(lines) if i > 0 and line.rstrip() == mark)
    fields = {}
    for line in lines[1:end]:
        found = re.match(r"([\w]+)\s*[:=]\s*(.+)$", line)
        if found:
            fields[found[1].lower()] = found[2].strip().strip("\"'")
    return fields, "\n".join(lines[end + 1:])


def first_heading(body):
    document = subprocess.run(["cmark-gfm", "-e", "table", "-t", "xml"], input=body.encode(),
                              capture_output=True, check=True).stdout.decode()
    root = xml.etree.ElementTree.fromstring(re.sub(r'xmlns="[^"]*"|xml:space="\w+"', "", document))
    for heading in root.iter("heading"):
        text = "".join(" " if node.tag.endswith("break") else node.text or ""
                       for node in heading.iter()
                       if node.tag in ("text", "code", "softbreak", "linebreak"))
        if text.strip():
            return text.strip()
    return ""


def stem(path):
    return os.path.splitext(os.path.basename(path))[0]


def title_of(path, data):
    fields, body = split(decode(data))
    for key in TITLE_KEYS:
        if fields.get(key):
            return fields[key]
    return first_heading(body) or stem(path)


def day_in(text):
    for found in DAY.finditer(text):
        year, month, day = (int(part) for part in found.groups())
        if 1900 <= year <= 2199 and 1 <= month <= 12 and 1 <= day <= 31:
            return f"{year:04}-{month:02}-{day:02}"
    return ""


def date_of(path, data, first_commit):
    fields, _ = split(decode(data))
    for key in DATE_KEYS:
        if day_in(fields.get(key, "")):
            return day_in(fields[key])
    return day_in(stem(path)) or first_commit
