#!/usr/bin/env python3
"""Short histories by hand, each of which once gave another site when it was gone on from than when
it was built at once: what the random ones (incremental.py) find seldom or not at all.
"""
# builds: release
import os
import random
import re
import shutil

from histories import Repository
from incremental import build, difference
from publishing import scratch_folder
from support import GONGKAI, Tap

PAGE = "---\ntitle: {}\ndate: 2026-01-0{}\n---\n{}\n"
STEP = "---\ntitle: {}\nkind: meeting\nbody: representatives\nheld: 2026-01-02\nstep: {}\n{}---\n文。\n"
DAY = "2026-06-01"



def broad_chain():
    """A step, one upon it, six hundred upon that, and as many upon those."""
    files = {"甲.md": STEP.format("甲", "propose", ""),
             "乙.md": STEP.format("乙", "discuss", "previous: 甲.md\n")}
    for number in range(600):
        files[f"丙/{number}.md"] = STEP.format(number, "review", "previous: ../乙.md\n")
        files[f"丁/{number}.md"] = STEP.format(number, "decide", f"previous: ../丙/{number}.md\n")
    return files


def long_chain():
    """Each of thirty steps upon the one before it."""
    return {f"{number}.md": STEP.format(number, "review", f"previous: {number - 1}.md\n")
            for number in range(1, 31)}


def many_days():
    """Sixty records, two a day; a feed has the fifty newest, so that its last is of 2026-01-06."""
    return {f"{number:02}.md": dated(number, number // 2 + 1) for number in range(60)}


def dated(title, day, fields=""):
    return f"---\ntitle: {title}\ndate: 2026-01-{day:02}\ntags: [路灯]\n{fields}---\n{title}的正文。\n"


# Each history: commits, one behind the other, a tuple of them published at once; each of them files,
# where None takes one away. A text is no commit, but another day; a number is the clock of the
# commits behind it.
HISTORIES = {
    "a field leads out of the root, to a name that comes later": [
        {"甲.md": "---\ntitle: 甲\nrelated: [../乙.md]\n---\n文。\n",
         "丙.md": STEP.format("丙", "review", "previous: ../乙.md\n")},
        {"乙.md": STEP.format("乙", "discuss", "")},
        {"乙.md": None},
    ],
    "a folder has the name of another's address": [
        {"data/README.md": PAGE.format("甲", 1, "文。")},
        {"data_/乙/README.md": PAGE.format("乙", 2, "文。")},
        {"data/丙.md": PAGE.format("丙", 3, "文。")},
        {"data_/乙/README.md": None},
    ],
    "a field names a file that comes later": [
        {"甲.md": STEP.format("甲", "review", "previous: 乙.md\n"),
         "丙.md": STEP.format("丙", "decide", "previous: 甲.md\n")},
        {"乙.md": STEP.format("乙", "discuss", "")},
        {"乙.md": None},
        {"乙.md": STEP.format("又乙", "discuss", "")},
    ],
    "an attachment that a field names comes later": [
        {"甲.md": "---\ntitle: 甲\nattachments: [表.csv]\n---\n文。\n"},
        {"表.csv": "名,数\n甲,1\n"},
        {"表.csv": None},
    ],
    "a link whose name has a dot is a record later": [
        {"甲.md": PAGE.format("甲", 1, "[看](v1.2)")},
        {"v1.2.md": PAGE.format("版", 2, "文。")},
        {"v1.2.md": None},
        {"v1.2": "文", "v1.2.md": PAGE.format("版", 3, "文。")},
        {"v1.2": None},
        {"v1.2.md/index.md": PAGE.format("版", 4, "文。")},
        {"v1.2": "文"},
        {"v1.2": None},
        {"v1.2/index.md": PAGE.format("版", 5, "文。")},
    ],
    "a record comes hidden, and with it a table that another offers": [
        {"甲.明细.csv": "名,数\n甲,1\n", "乙.md": PAGE.format("乙", 1, "[看](甲.明细.csv)")},
        {"甲.md": "---\ntitle: 甲\ndraft: true\n---\n文。\n"},
        {"甲.md": None},
        {"甲.md": "---\ntitle: 甲\nscope: board\n---\n文。\n"},
        {"甲.md": "---\ntitle: 甲\ndepublish_at: 2026-03-01\n---\n文。\n"},
        {"甲.md": None},
        {"甲.md": "---\ntitle: 甲\nindex: '99010110X/2026-00001'\n---\n文。\n",
         "丙.md": "---\ntitle: 丙\nwithdraws: '99010110X/2026-00001'\n---\n文。\n"},
    ],
    "two records withdraw one that comes later": [
        {"乙.md": "---\ntitle: 乙\nwithdraws: '99010110X/2026-00001'\n---\n文。\n",
         "丙.md": "---\ntitle: 丙\nwithdraws: '99010110X/2026-00001'\n---\n文。\n"},
        {"甲.md": "---\ntitle: 甲\nindex: '99010110X/2026-00001'\n---\n文。\n"},
        {"甲.md": "---\ntitle: 甲\nindex: '99010110X/2026-00002'\n---\n文。\n"},
        {"甲.md": "---\ntitle: 甲\nindex: '99010110X/2026-00001'\n---\n文。\n"},
        {"甲.md": None},
    ],
    "a folder stands where a record was, below a name that is kept": [
        {f"{name}/a.md": PAGE.format(name, 1, "文。") for name in ("archive", "docs", "data/x")},
        {**{f"{name}/a.md": None for name in ("archive", "docs", "data/x")},
         **{f"{name}/b.md": PAGE.format(name, 1, "文。") for name in ("archive", "docs", "data/x")},
         **{f"{name}/a/c.md": PAGE.format(f"又{name}", 2, "文。") for name in ("archive", "docs", "data/x")}},
        {"archive/a/c.md": None},
    ],
    "a file stands where a record was, or a folder of records": [
        {"docs/a.md": PAGE.format("甲", 1, "文。"), "docs/b/x/y.md": PAGE.format("乙", 1, "文。"),
         "archive/c.md": PAGE.format("丙", 1, "文。")},
        {"docs/a.md": None, "docs/b/x/y.md": None, "archive/c.md": None,
         "新/a.md": PAGE.format("甲", 1, "文。"), "新/y.md": PAGE.format("乙", 1, "文。"),
         "新/c.md": PAGE.format("丙", 1, "文。")},
        {"docs/a": "文", "docs/b": "文", "archive/c": "文",
         "docs/看.md": PAGE.format("看", 3, "[一](a)[二](b)[三](../archive/c)")},
        {"docs/a": None, "docs/b": None, "archive/c": None},
    ],
    "the page of a folder was a record beside it": [
        {f"{name}.md": PAGE.format(name, 1, "文。") for name in ("docs", "archive", "a/b", "c")} |
        {f"{name}/甲.md": PAGE.format("甲", 2, "文。") for name in ("docs", "archive", "a/b")} |
        {"c/甲.md": "---\ntitle: 甲\ndraft: true\n---\n文。\n"},
        {"docs.md": None, "archive.md": None, "a/b.md": None, "c.md": None},
        {"c/甲.md": PAGE.format("甲", 2, "文。")},
        {f"{name}.md": PAGE.format(name, 1, "文。") for name in ("docs", "archive", "a/b", "c")},
        {"x.md": PAGE.format("docs", 1, "文。"), "docs.md": None,
         "archive.md": "---\ntitle: 甲\ndraft: true\n---\n文。\n",
         "a/b.md": "---\ntitle: 甲\nwithdrawn: {date: 2026-03-01, reason: 误, approved_by: 镇}\n---\n文。\n"},
        {"a/b.md": None, "archive.md": None, "c/甲.md": None},
    ],
    "a step that many hundreds come of": [broad_chain(), {"甲.md": STEP.format("戊", "propose", "")}],
    "what a record withholds comes to stand beside a record of its name": [
        {"表.csv": "名,数\n甲,1\n", "文.pdf": "%PDF-1.4\n", "挂.md": "---\ntitle: 挂\nscope: board\n---\n[看](表.csv)[看](文.pdf)\n",
         "链.md": PAGE.format("链", 1, "[看](表.csv)[看](文.pdf)")},
        {"表.md": PAGE.format("表", 1, "文。"), "文.md": PAGE.format("文", 1, "文。")},
        {"表.md": "---\ntitle: 表\nscope: board\n---\n文。\n"},
        {"表.md": "---\ntitle: 表\ndraft: true\n---\n文。\n", "文.md": None},
        {"表.md": None},
    ],
    "a table was changed and changed back": [
        {"甲.md": PAGE.format("甲", 1, "文。"), "甲.csv": "名,数\n甲,1\n",
         "乙.md": PAGE.format("乙", 1, "文。"), "乙.board.csv": "名,数\n甲,1\n"},
        ({"甲.csv": "名,数\n甲,2\n", "乙.board.csv": "名,数\n甲,2\n"},
         {"甲.csv": "名,数\n甲,1\n", "乙.board.csv": "名,数\n甲,1\n"}),
        ({"甲.csv": "名,数\n甲,3\n"}, {"甲.csv": None}),
    ],
    "what a field of a motion names goes and comes": [
        {"甲.md": PAGE.format("甲", 1, "文。"), "会/乙.md": "---\ntitle: 乙\nkind: meeting\nbody: representatives\n"
         "motions: [{text: 修路, done_by: ../甲.md}]\n---\n文。\n"},
        {"甲.md": None},
        {"甲.md": PAGE.format("又甲", 2, "文。")},
    ],
    "a notice that begins behind its end begins": [
        {"甲.md": "---\ntitle: 甲\nkind: disclosure\nnotice_start: 2026-09-01\nnotice_end: 2026-04-04\n---\n文。\n"},
        "2026-10-01", "2026-08-01", "2026-03-01",
    ],
    "two records had one address, and one is withdrawn": [
        {"夹/README.md": PAGE.format("甲", 1, "文。"),
         "夹/index.md": PAGE.format("乙", 2, "另一段文。").replace(
             "date", "withdrawn: {date: 2026-03-01, reason: 误, approved_by: 镇}\ndate")},
        {"夹/README.md": None, "夹/index.md": None, "新/README.md": PAGE.format("甲", 1, "文。"),
         "新/index.md": PAGE.format("乙", 2, "另一段文。").replace(
             "date", "withdrawn: {date: 2026-03-01, reason: 误, approved_by: 镇}\ndate")},
    ],
    "records change among the newest of a feed, and behind them": [
        many_days(),
        {"09.md": dated("天外", 5)},
        {"10.md": dated("末", 6)},
        {"11.md": dated("又末", 6)},
        {"10.md": dated("末", 5)},
        {"10.md": dated("末", 7)},
        {"05.md": dated("来", 6)},
        {"05.md": None},
        {"11.md": dated("又末", 6, "withdrawn: {date: 2026-01-02, reason: 误, approved_by: 镇}\n")},
        {"00.md": dated("旧", 1, "withdrawn: {date: 2026-01-01, reason: 误, approved_by: 镇}\n")},
        {"59.md": None, "01.md": dated("旧", 1)},
        {f"{number:02}.md": None for number in range(30, 60)},
    ],
    "steps in a long row": [
        long_chain(),
        {"15.md": STEP.format("中", "review", "previous: 14.md\n")},
        {"15.md": STEP.format("中", "review", "previous: 3.md\n")},
        {"15.md": None},
    ],
}

CONFIG = {"gongkai.yml": "title: 县\nurl: https://example.invalid/\n"}
NUMBERED = "---\ntitle: {}\nindex: '99010110X/2026-00001'\n---\n文。\n"
VILLAGE = {"gongkai.yml": """title: 县
url: https://example.invalid/
organisations: [{key: liu, name: 柳湾村, type: village, folder: .}]
items: [{key: finance, name: 财务收支, category: 财务, every: month, issuers: [village]}]
"""}
WITHDRAWN = NUMBERED.replace("---\n文", "withdrawn: {{date: 2026-03-01, reason: 误, approved_by: 镇}}\n---\n文")


def ledger(month, opening, closing, more=""):
    return (f"---\ntitle: 账\nkind: disclosure\nitem: finance\nperiod: 2026-0{month}\ndate: 2026-05-01\n"
            f"opening: {opening}\nincome: 0\nexpense: {opening - closing}\nclosing: {closing}\n{more}---\n文。\n")


# Two books of one month, and one of the next that begins where the first of them ends.
LEDGERS = VILLAGE | {"甲.md": ledger(1, 200, 100, "index: '99010110X/2026-00001'\n"), "乙.md": ledger(1, 200, 150),
                     "丙.md": ledger(2, 100, 50)}
# The clock of a commit later than the day that is built for, and one in between.
AHEAD, BEHIND = 1780704000, 1780272000  # 2026-06-06, 2026-06-01; a commit is up to two days later
EARLY = "---\ntitle: {}\nindex: '99010110X/2026-00002'\ndate: 2026-06-0{}\n{}---\n文。\n"


def order(title, own, other=None, more=""):
    """A record that withdraws another by its number."""
    withdraws = f"withdraws: '99010110X/2026-0000{other}'\n" if other else ""
    return f"---\ntitle: {title}\ndate: 2026-01-02\nindex: '99010110X/2026-0000{own}'\n{withdraws}{more}---\n文。\n"


TAKEN_BACK = "withdrawn: {date: 2026-03-01, reason: 误, approved_by: 镇}\n"
HISTORIES["a record that withdrew another is withdrawn itself, and comes back"] = [
    {"甲.md": order("甲", 1), "乙.md": order("乙", 2, 1)}, {"丙.md": order("丙", 3, 2)}, {"丙.md": order("丙", 3)},
    {"丙.md": order("丙", 3, 2)}, {"丙.md": None}, {"丙.md": order("丙", 3, 2), "丁.md": order("丁", 4, 3)},
    {"丁.md": None}, {"丁.md": order("丁", 4, 3)}, {"丁.md": order("丁", 4, 3, TAKEN_BACK)},
    {"丁.md": order("丁", 4, None, TAKEN_BACK)}]


# As above; the last commit is to be refused either way, each of its faults told once.
REFUSED = {
    "a record comes withdrawn, with the number of a public one": [
        CONFIG | {"甲.md": NUMBERED.format("甲")}, {"乙.md": WITHDRAWN.format("乙")}],
    "a record comes withdrawn, with the number of one withdrawn before": [
        CONFIG | {"甲.md": WITHDRAWN.format("甲")}, {"乙.md": WITHDRAWN.format("乙")}],
    "a record comes with the number of one withdrawn before": [
        CONFIG | {"甲.md": WITHDRAWN.format("甲")}, {"乙.md": NUMBERED.format("乙")}],
    "a record that comes wrong, and leads to one that is hidden": [
        CONFIG | {"甲.md": PAGE.format("甲", 1, "文。")},
        {"乙.md": PAGE.format("乙", 2, "[看](丙.md)[无](无.md)").replace("date", "previous: 无.md\ndate"),
         "丙.md": "---\ntitle: 丙\ndraft: true\n---\n[看](乙.md)\n"}],
    "a record that is changed and wrong, and leads to what goes": [
        CONFIG | {"甲.md": PAGE.format("甲", 1, "[看](乙.md)"), "乙.md": PAGE.format("乙", 2, "文。")},
        {"甲.md": PAGE.format("甲", 1, "[看](乙.md)[看](乙)"), "乙.md": None}],
    "a record that is not changed leads to what goes": [
        CONFIG | {"甲.md": PAGE.format("甲", 1, "[看](乙.md)"), "乙.md": PAGE.format("乙", 2, "文。")},
        {"乙.md": None}],
    "the configuration comes to have keys twice": [VILLAGE, {"gongkai.yml": re.sub(
        r"\[(\{.*\})\]", r"[\1, \1]", VILLAGE["gongkai.yml"])}],
    "a ledger goes, with which another began": [LEDGERS, {"甲.md": None}],
    "a ledger becomes that of another month": [LEDGERS, {"甲.md": ledger(4, 200, 100)}],
    "a ledger is withdrawn by another record, and another began with it": [
        LEDGERS, {"丁.md": "---\ntitle: 丁\nwithdraws: '99010110X/2026-00001'\n---\n文。\n"}],
    "the clock goes back behind what is to come": [
        (AHEAD, CONFIG | {"甲.md": EARLY.format("甲", 5, "publish_at: 2026-06-04\n")}), (BEHIND, {"乙.md": "文"})],
    "the clock goes back behind what was withdrawn": [
        (AHEAD, CONFIG | {"甲.md": EARLY.format("甲", 5, ""),
                          "乙.md": "---\ntitle: 乙\ndate: 2026-06-01\nwithdraws: '99010110X/2026-00002'\n---\n文。\n"}),
        (BEHIND, {"丙.md": "文"})],
}


def write(repository, files):
    for path, text in files.items():
        if text is None and os.path.isfile(os.path.join(repository.path, path)):
            os.remove(os.path.join(repository.path, path))
        elif text is not None:
            repository.write(path, text)
    repository.commit()


LATE = ("---\ntitle: 晚\nkind: disclosure\nitem: finance\nperiod: 2026-01\ndate: 2025-12-31\ncontact: 0999-5550121\n"
        "notice_start: 2026-01-01\nnotice_end: 2026-01-17\n---\n文。\n")
HISTORIES["a notice came late two commits ago, and that is called an error"] = [
    VILLAGE | {"gongkai.yml": VILLAGE["gongkai.yml"] + "rules: {levels: {R01: error}}\n"},
    ({"甲.md": LATE}, {"乙.md": PAGE.format("乙", 1, "文。")})]


def check_history(tap, scratch, name, commits, refused=None):
    """`refused` is the number of the commit that neither build publishes."""
    for part in ("work", "grown", "whole", ".grown.gongkai", ".whole.gongkai"):
        shutil.rmtree(os.path.join(scratch, part), ignore_errors=True)
    os.mkdir(os.path.join(scratch, "work"))
    repository = Repository(os.path.join(scratch, "work"), random.Random(0), False,
                            os.path.abspath("themes/default"))
    grown, whole = os.path.join(scratch, "grown"), os.path.join(scratch, "whole")
    faults, day = [], DAY
    for number, files in enumerate(commits):
        day = files if isinstance(files, str) else day
        for each in files if isinstance(files, tuple) else (files,):
            if isinstance(each, int):
                repository.clock = each
            else:
                write(repository, {} if each == day else each)
        shutil.rmtree(whole, ignore_errors=True)
        shutil.rmtree(os.path.join(scratch, ".whole.gongkai"), ignore_errors=True)
        done = [build(GONGKAI, repository, out, day) for out in (grown, whole)]
        if number == refused and [one.returncode for one in done] == [1, 1]:
            told = [sorted(re.findall(r".*: error\[.*", one.stderr.decode())) for one in done]
            faults += [f"told: {told}"] if told[0] != told[1] or len(set(told[0])) < len(told[0]) else []
            break
        if number == refused or any(one.returncode != 0 for one in done) or (number and b"anew" in done[0].stderr):
            faults += [f"commit {number}: {one.returncode} {one.stderr.decode()}" for one in done]
            break
        found = difference(grown, whole)
        faults += [f"commit {number}: {found}"] if found else []
    tap.none(name, faults)


with Tap() as tap, scratch_folder() as scratch:
    for name, commits in HISTORIES.items():
        check_history(tap, scratch, name, commits)
    for name, commits in REFUSED.items():
        check_history(tap, scratch, name, commits, refused=len(commits) - 1)
