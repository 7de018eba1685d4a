"""The rules of RSS 2.0 that readers and the W3C's validator hold feeds to, checked independently."""
import datetime
import email.utils
import re
import xml.etree.ElementTree as etree

ATOM = "{http://www.w3.org/2005/Atom}"
CREATOR = "{http://purl.org/dc/elements/1.1/}creator"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
URI = re.compile(r"https?://[A-Za-z0-9.:\[\]-]+(/([A-Za-z0-9\-._~!$&'()*+,;=:@/?#]|%[0-9A-Fa-f]{2})*)?$")
RFC822 = re.compile(r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d [+-]\d{4}$")
RELATIVE = re.compile(r"""<[^>]*\s(?:href|src)=["'](?!https?:|mailto:|tel:|#)([^"']*)""")
ACTIVE = re.compile(r"<(script|style|iframe|object|embed|form|meta|link)\b|\son\w+=", re.IGNORECASE)


def only(parent, tag, faults, where):
    found = parent.findall(tag)
    if len(found) != 1:
        faults.append(f"{where}: {len(found)} {tag}")
    return (found[0].text or "") if found else ""


def check_uri(text, what, faults):
    if not URI.match(text):
        faults.append(f"{what}: no absolute, encoded address: {text!r}")


def check_item(item, faults, where):
    title = only(item, "title", faults, where)
    if re.search(r"<\w+|&\w+;", title):
        faults.append(f"{where}: markup in the title {title!r}")
    if not title.strip() and not only(item, "description", faults, where).strip():
        faults.append(f"{where}: neither title nor description")
    check_uri(only(item, "link", faults, where), f"{where} link", faults)
    guid = item.find("guid")
    if guid is None or not guid.text:
        faults.append(f"{where}: no guid")
    elif guid.get("isPermaLink") != "false" or guid.text.isdigit():
        faults.append(f"{where}: guid {guid.text!r} {guid.attrib}")
    if item.find("author") is not None:
        faults.append(f"{where}: author beside dc:creator")
    if not only(item, CREATOR, faults, where).strip():
        faults.append(f"{where}: no dc:creator")
    tags = [child.tag for child in item]
    if CONTENT in tags and ("description" not in tags or tags.index("description") > tags.index(CONTENT)):
        faults.append(f"{where}: content:encoded before description")
    content = item.findtext(CONTENT) or ""
    for address in RELATIVE.findall(content):
        faults.append(f"{where}: relative address in the content: {address!r}")
    if ACTIVE.search(content):
        faults.append(f"{where}: active content: {ACTIVE.search(content)[0]!r}")
    return guid.text if guid is not None else "", check_date(item, faults, where)


def check_date(item, faults, where):
    text = only(item, "pubDate", faults, where)
    if not RFC822.match(text):
        faults.append(f"{where}: date {text!r}")
        return None
    moment = email.utils.parsedate_to_datetime(text)
    if moment.strftime("%a") != text[:3]:
        faults.append(f"{where}: {text} is no {text[:3]}")
    if moment.year < 1990 or moment > datetime.datetime.now(moment.tzinfo) + datetime.timedelta(minutes=10):
        faults.append(f"{where}: implausible date {text}")
    return moment


def check_feed(data, own_address):
    """The list of faults of one feed that stands at own_address."""
    faults = []
    rss = etree.fromstring(data)
    channel = rss.find("channel")
    if not data.startswith(b'<?xml version="1.0" encoding="UTF-8"?>'):
        faults.append("no declaration of UTF-8")
    if rss.tag != "rss" or rss.get("version") != "2.0" or channel is None:
        return ["no RSS 2.0"]
    for tag in ("title", "link", "description"):
        if not only(channel, tag, faults, "channel").strip():
            faults.append(f"channel without {tag}")
    check_uri(channel.findtext("link"), "channel link", faults)
    self_links = [link.get("href") for link in channel.findall(ATOM + "link") if link.get("rel") == "self"]
    if self_links != [own_address]:
        faults.append(f"self is {self_links}, not {own_address}")
    tags = [child.tag for child in channel]
    if "item" in tags and any(tag != "item" for tag in tags[tags.index("item"):]):
        faults.append("an element of the channel behind its items")
    guids, dates = [], []
    for number, item in enumerate(channel.findall("item"), 1):
        guid, date = check_item(item, faults, f"item {number}")
        guids.append(guid)
        dates.append(date)
    if len(set(guids)) != len(guids):
        faults.append("two items with one guid")
    if len(set(dates)) != len(dates):
        faults.append("two items with one date")
    if None not in dates and dates != sorted(dates, reverse=True):
        faults.append("not the newest first")
    if len(guids) > 50:
        faults.append(f"{len(guids)} items")
    return faults
