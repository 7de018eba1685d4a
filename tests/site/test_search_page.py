#!/usr/bin/env python3
"""The search page over the sample county: every count is what its link gives, and whatever is shown
has a name in the page's language."""
# builds: release
import html
import json
import os
import re
import urllib.parse

from support import BUILD, Tap, run, sample_site, scratch

QUERIES = ["", "低保", "路灯 -维修", "title:公示", "资金 OR 补贴", "类型:会议", "单位:石桥村", "第1", "zzqx"]

# Words that stand in the front matter alone, and on the page.
IN_FIELDS = [
    ("户口簿", "柳湾镇/怎么领高龄津贴.md"),  # what a service guide asks for
    ("哪位村干部的亲戚", "柳湾镇/柳湾村/互动/2026-08-来信-招标.md"),  # a letter
    ("办红白喜事要用", "柳湾镇/柳湾村/互动/2026-停车场选址.md"),  # an opinion
    ("接头漏水", "柳湾镇/柳湾村/随手拍/2026-15.md"),  # what was done about a complaint
    ("水利饮水", "柳湾镇/柳湾村/随手拍/2026-15.md"),  # a choice
    ("六组缺路灯", "柳湾镇/柳湾村/会议/2026-05-12-屋场会.md"),  # a motion
    ("9901011B2/2024-00001", "柳湾镇/石桥村/2024-油茶林火险.md"),  # an index number
    ("村部往北60米", "柳湾镇/柳湾村/场所/卫生室.md"),  # a summary
]


class Search:
    def __init__(self, site):
        self.site = site

    def page(self, query_string):
        _, answer, _ = run(os.path.join(BUILD, "search.cgi"), env={
            "GONGKAI_SITE": self.site, "REQUEST_METHOD": "GET", "QUERY_STRING": query_string})
        head, _, body = answer.partition("\r\n\r\n")
        return int(head.split()[1]), body

    def total(self, query_string):
        status, body = self.page(query_string + "&format=json")
        return json.loads(body).get("total") if status == 200 else status


def facet_rows(page):
    """Of each row that can be chosen: query string, name, count."""
    found = re.findall(r'<a href="/search\.cgi\?([^"]*)" rel="nofollow">([^<]*)</a> '
                       r'<span class="note">(\d+)</span>', page)
    return [(html.unescape(url), name, int(count)) for url, name, count in found]


def chosen_names(page):
    return re.findall(r'<span class="badge">([^<]*)</span>', page)


def with_filters(queries):
    for query in queries:
        for extra in ({}, {"kind": "meeting"}, {"org": "liuwan-town", "year": "2026"},
                      {"from": "2026-06-01", "to": "2026-09-30", "item": "finance"}):
            yield urllib.parse.urlencode({"q": query, **extra})


with Tap() as tap, scratch() as folder:
    search = Search(sample_site(folder))
    wrong, rows = [], 0
    for asked in with_filters(QUERIES):
        for url, name, count in facet_rows(search.page(asked)[1]):
            rows += 1
            if search.total(url) != count:
                wrong.append(f"{asked} -> {name} {count}: {url} gives {search.total(url)}")
    tap.none("every count is what its link gives", wrong)
    tap.ok("and there are many", rows > 500, rows)

    names = [name for _, name, _ in facet_rows(search.page("")[1])]
    tap.none("a Chinese page has Chinese names",
             [name for name in names if re.fullmatch(r"[A-Za-z_ -]+", name)])
    tap.ok("kinds among them", "诉求办理" in names, names)
    names = [name for _, name, _ in facet_rows(search.page("lang=en")[1])]
    tap.ok("an English page spells out what has no English name", "Power item" in names, names)
    hits = re.findall(r'<p class="entry-(?:title|summary)"([^>]*)>', search.page("q=%E6%9D%91&lang=en")[1])
    tap.same("on it the records' own words are told to be Chinese", {' lang="zh-CN"'}, set(hits))
    hits = re.findall(r'<p class="entry-(?:title|summary)"([^>]*)>', search.page("q=%E6%9D%91")[1])
    tap.same("which on a Chinese page goes without saying", {""}, set(hits))
    tap.same("what was chosen has its name where nothing is found",
             ["单位：柳湾村", "类型：诉求办理", "目录事项：发展党员", "年份：1999"],
             chosen_names(search.page("q=zzqx&org=liuwan&kind=case&item=party-members&year=1999")[1]))
    for word, path in IN_FIELDS:
        status, body = search.page(urllib.parse.urlencode({"q": word, "format": "json"}))
        answer = json.loads(body)
        paths = [hit["path"] for hit in answer["results"]]
        tap.ok(f"what a field says is found: {word}", not answer["nearest"] and path in paths, paths)
    links = [search.page(urllib.parse.urlencode({"q": word}))[1].count("format=csv") for word in ("道路", "道路骉")]
    tap.same("what matches is offered as CSV, what is nearest is not", [1, 0], links)
    tap.same("a kind is asked for by a part of its name", search.total("kind=meeting"),
             search.total(urllib.parse.urlencode({"q": "类型:会议"})))
    tap.ok("and so it has records", search.total("kind=meeting") > 20)
