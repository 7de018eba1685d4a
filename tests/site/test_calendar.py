#!/usr/bin/env python3
"""Calendars: what they hold, and that another program reads them so (Debian's python3-icalendar)."""
# builds: release asan
import datetime
import os

from support import Repository, Tap, contents, debian, gongkai, read, scratch

icalendar = debian("icalendar")

CONFIG = """title: 试验县
url: https://a.example/b/
organisations:
  - key: county
    name: 试验县
    type: county
    folder: .
    children:
      - key: liu
        name: 柳湾村
        type: village
        folder: 柳湾
        children:
          - {key: committee, name: 柳湾村村民委员会, type: committee}
      - {key: shi, name: 石桥村, type: village, folder: 石桥}
      - {key: mei, name: 梅岭村, type: village, folder: 梅岭}
items:
  - {key: road, name: 道路工程, category: 工程, every: event, issuers: [village]}
"""
LONG = "关于三组晒谷场至六组老水井一千二百米道路硬化、排水沟整修和路灯安装;以及\\筹资方案的村民代表会议"
CALL = f"""---
title: 会议通知
date: 2026-03-04
org: committee
schedule:
  - what: '{LONG}'
    date: 2026-03-20
    start: "14:30"
    end: "16:10"
    place: 村部一楼,大会议室
  - {{what: 义诊, date: 2026-03-21}}
---

正文。
"""
MEETING = """---
title: 路灯的会
kind: meeting
date: 2026-02-06
org: committee
body: courtyard
held: 2026-02-05
start: "9:00"
place: 晒谷场
motions:
  - {text: 硬化道路, result: passed, deadline: 2026-12-31}
  - {text: 装路灯, result: passed, deadline: 2026-06-30, done_date: 2026-05-01}
---

正文。
"""
NOTICE = """---
title: 道路硬化公示
kind: disclosure
item: road
date: 2026-03-01
notice_start: 2026-03-01
notice_end: 2026-03-16
contact: 0999-5550001
%s---

正文。
"""
HIDDEN = """---
title: 不该有
date: 2026-03-01
schedule: [{what: 不该有, date: 2026-03-25}]
%s---

正文。
"""


def when(event, name):
    return event[name].dt if name in event else None


def events_of(site, *path):
    calendar = icalendar.Calendar.from_ical(read(site, *path))
    return {str(event["UID"]): event for event in calendar.walk("VEVENT")}


def write(repository):
    repository.write("gongkai.yml", CONFIG)
    repository.write("柳湾/会.md", MEETING)
    repository.write("柳湾/通知.md", CALL)
    repository.write("柳湾/公示.md", NOTICE % "")
    repository.write("石桥/公示.md", NOTICE % "")
    repository.write("石桥/草稿.md", HIDDEN % "draft: true\n")
    repository.write("石桥/以后.md", HIDDEN % "publish_at: 2026-12-01\n")
    repository.write("石桥/期满.md", HIDDEN % "depublish_at: 2026-03-02\n")
    repository.write("石桥/只贴.md", NOTICE % "scope: board\n")
    repository.write("石桥/撤回.md", HIDDEN % "withdrawn: {date: 2026-03-02, reason: 有误, approved_by: 镇}\n")
    repository.write("石桥/征集.md", "---\ntitle: 征集\nkind: consultation\ndate: 2026-03-01\ntopic: 路灯装在哪里\n"
                     "opens: 2026-03-02\ncloses: 2026-03-31\ndeadline: 2026-08-01\nstatus: open\n---\n\n正文。\n")


def check_what(tap, site):
    whole = events_of(site, "calendar.ics")
    kinds = sorted(uid.split("-")[1] for uid in whole)
    tap.same("what is public is in it, and nothing else",
             ["collection", "deadline", "deadline", "meeting", "notice", "notice", "schedule", "schedule"], kinds)
    tap.same("an organisation's has its own and what is below it", ["deadline", "meeting", "notice", "schedule", "schedule"],
             sorted(uid.split("-")[1] for uid in events_of(site, "archive", "org", "liu", "calendar.ics")))
    tap.same("and one below does not have what is above", ["deadline", "meeting", "schedule", "schedule"],
             sorted(uid.split("-")[1] for uid in events_of(site, "archive", "org", "committee", "calendar.ics")))
    tap.same("an event is the same in each", set(),
             set(events_of(site, "archive", "org", "liu", "calendar.ics")) - set(whole))
    return whole


def check_times(tap, whole):
    called = next(event for uid, event in whole.items() if "-schedule-1" in uid)
    utc = datetime.timezone.utc
    tap.same("it begins in UTC", datetime.datetime(2026, 3, 20, 6, 30, tzinfo=utc), when(called, "DTSTART"))
    tap.same("and ends so", datetime.datetime(2026, 3, 20, 8, 10, tzinfo=utc), when(called, "DTEND"))
    tap.same("what it is, is what was written", LONG, str(called["SUMMARY"]))
    tap.same("the place too", "村部一楼,大会议室", str(called["LOCATION"]))
    tap.same("the address is the record's", "https://a.example/b/%E6%9F%B3%E6%B9%BE/%E9%80%9A%E7%9F%A5/",
             str(called["URL"]))
    tap.same("the stamp is the commit's", datetime.datetime(2026, 3, 5, 2, 0, tzinfo=utc), when(called, "DTSTAMP"))
    tap.ok("the name is the host's", str(called["UID"]).endswith("-schedule-1@a.example"), called["UID"])
    meeting = next(event for uid, event in whole.items() if "-meeting-" in uid)
    tap.same("one whose end is not known has none",
             (datetime.datetime(2026, 2, 5, 1, 0, tzinfo=utc), None), (when(meeting, "DTSTART"), when(meeting, "DTEND")))


def check_days(tap, whole):
    notice = next(event for uid, event in whole.items() if "-notice-" in uid)
    tap.same("a notice is of days, the last one too",
             (datetime.date(2026, 3, 1), datetime.date(2026, 3, 17)), (when(notice, "DTSTART"), when(notice, "DTEND")))
    tap.same("and says that it is one", "公示：道路硬化公示", str(notice["SUMMARY"]))
    due = sorted((when(event, "DTSTART"), str(event["SUMMARY"])) for uid, event in whole.items() if "-deadline-" in uid)
    tap.same("deadlines of what is not done", [(datetime.date(2026, 8, 1), "到期：征集"),
                                               (datetime.date(2026, 12, 31), "到期：硬化道路")], due)
    collection = next(event for uid, event in whole.items() if "-collection-" in uid)
    tap.same("when views are wanted", ("征集意见：路灯装在哪里", datetime.date(2026, 4, 1)),
             (str(collection["SUMMARY"]), when(collection, "DTEND")))


def check_lines(tap, site):
    bytes_ = read(site, "calendar.ics")
    lines = bytes_.split(b"\r\n")
    tap.none("no line is longer than 75 octets", [line for line in lines if len(line) > 75])
    tap.none("no character is cut in two", [line for line in lines if line.decode(errors="replace").count("\ufffd")])
    tap.ok("and some are folded inside Chinese text", any(line.startswith(b" ") and line[1:2] > b"\x7f" for line in lines))
    tap.ok("it ends with a line's end", bytes_.endswith(b"END:VCALENDAR\r\n") and b"\n" not in bytes_.replace(b"\r\n", b""))


def check_links(tap, site):
    link = '<link rel="alternate" type="text/calendar" href="/b/%s"'
    tap.ok("the home page leads to the site's", link % "calendar.ics" in read(site, "index.html").decode())
    page = read(site, "archive", "org", "liu", "index.html").decode()
    tap.ok("an organisation's page to both", link % "calendar.ics" in page and
           link % "archive/org/liu/calendar.ics" in page)
    tap.same("an organisation without events has one too", 0,
             len(events_of(site, "archive", "org", "mei", "calendar.ics")))


def check_days_go_on(tap, repository, folder, site):
    """With more events than a calendar holds, it is the next that are in it, on every day."""
    for number in range(620):
        day = datetime.date(2026, 1, 1) + datetime.timedelta(days=number)
        repository.write(f"石桥/多/{number}.md", f"---\ntitle: 通知\ndate: 2026-03-01\nschedule:\n"
                         f"  - {{what: 第{number}次, date: {day}}}\n---\n\n正文。\n")
    repository.commit(date="2026-03-06T10:00:00+0800")
    for as_of in ("2026-03-06", "2026-04-20"):
        fresh = os.path.join(folder, "fresh" + as_of)
        gongkai("build", "-C", repository.path, "-o", site, "--theme", "themes/default", "--as-of", as_of)
        gongkai("build", "-C", repository.path, "-o", fresh, "--theme", "themes/default", "--as-of", as_of)
        got = {name: data for name, data in contents(site).items() if name.endswith(".ics")}
        want = {name: data for name, data in contents(fresh).items() if name.endswith(".ics")}
        tap.ok(f"{as_of}: the same as one built anew", got == want, [n for n in want if got.get(n) != want[n]])
        days = sorted(when(event, "DTSTART") for uid, event in events_of(site, "calendar.ics").items()
                      if str(event["SUMMARY"]).startswith("第"))
        today = datetime.date.fromisoformat(as_of)
        tap.ok(f"{as_of}: what is next is in it", today in days and
               all(today + datetime.timedelta(days=n) in days for n in range(300)))
        tap.ok(f"{as_of}: and the last of what was, but not all that will be",
               today - datetime.timedelta(days=1) in days and datetime.date(2027, 9, 1) not in days)


with Tap() as tap, scratch() as folder:
    repository = Repository(os.path.join(folder, "repository"))
    write(repository)
    repository.commit(date="2026-03-05T10:00:00+0800")
    site = os.path.join(folder, "site")
    status, _, errors = gongkai("build", "-C", repository.path, "-o", site, "--theme", "themes/default",
                                "--as-of", "2026-03-05")
    tap.ok("it builds", status == 0, errors)
    whole = check_what(tap, site)
    check_times(tap, whole)
    check_days(tap, whole)
    check_lines(tap, site)
    check_links(tap, site)
    check_days_go_on(tap, repository, folder, site)
