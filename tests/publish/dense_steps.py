"""A handful of records, each of which hides, withdraws, corrects, links to or offers what the others
have: every step changes one or two of them, so that all of it meets all of it.
"""
import os

PATHS = ["README.md", "甲.md", "乙.md", "柳湾/README.md", "柳湾/丙.md", "柳湾/丁.markdown", "石桥/戊.md"]
FILES = ["甲.csv", "甲.明细.csv", "乙.board.csv", "柳湾/丙.csv", "柳湾/丁.csv", "石桥/戊.csv", "石桥/名单.txt",
         "柳湾/丙.board.csv", "表.csv"]
NUMBERS = [f"99010110X/2026-0000{number}" for number in range(1, 5)]
DAYS = [f"2026-{month:02}-{day:02}" for month in (3, 4, 5) for day in (1, 10)]


def day_line(key):
    return lambda rng: f"{key}: {rng.choice(DAYS)}"


def number_line(key):
    numbers = NUMBERS if key == "index" else NUMBERS * 10 + ["99010110X/2026-00099"]
    return lambda rng: f"{key}: '{rng.choice(numbers)}'"


# What a record may say, and how often.
LINES = [
    (0.4, number_line("index")), (0.25, number_line("withdraws")), (0.25, number_line("corrects")),
    (0.1, lambda rng: "draft: true"), (0.15, day_line("publish_at")), (0.15, day_line("depublish_at")),
    (0.1, lambda rng: "withdrawn: {date: 2026-03-01, reason: 有误, approved_by: 镇}"),
    (0.1, lambda rng: rng.choice(["scope: board", "board_tables: [1]", "board_tables: [2]"])),
    (0.3, lambda rng: rng.choice(["tags: [路灯]", "tags: [路灯, 道路]"])),
    (0.3, lambda rng: f"date: {rng.choice(DAYS)}"), (0.2, lambda rng: f"org: {rng.choice(['liu', 'shi'])}"),
    (0.2, lambda rng: f"notice_start: {DAYS[0]}\nnotice_end: {rng.choice(DAYS)}\ncontact: 0999-5550121"),
]


def link(rng, path, targets):
    target = os.path.relpath(rng.choice(targets), os.path.dirname(path) or ".")
    return target[:-3] if target.endswith(".md") and rng.random() < 0.2 else target


def record(rng, path):
    lines = [f"title: 题{rng.randint(1, 99)}"]
    lines += [line(rng) for odds, line in LINES if rng.random() < odds]
    for key, targets in (("related", PATHS), ("attachments", FILES)):
        if rng.random() < 0.2:
            lines.append(f"{key}: ['{os.path.relpath(rng.choice(targets), os.path.dirname(path) or '.')}']")
    if rng.random() < 0.25:
        lines += ["kind: meeting", "body: representatives", "held: 2026-01-02", "step: decide",
                  f"previous: '{os.path.relpath(rng.choice(PATHS), os.path.dirname(path) or '.')}'"]
    rng.shuffle(lines)
    body = [f"[看](<{link(rng, path, PATHS + FILES + ['柳湾', '石桥'])}>)" for _ in range(rng.randint(0, 3))]
    if rng.random() < 0.3:
        body.append(f"| 项目 | 金额 |\n|---|---|\n| 甲 | {rng.randint(1, 9)} |")
    return "---\n" + "\n".join(lines) + "\n---\n" + "\n\n".join(body) + "\n"


def step_dense(rng, repository):
    for _ in range(rng.choice([1, 1, 2, 3])):
        path = rng.choice(PATHS + FILES)
        full = os.path.join(repository.path, path)
        if rng.random() < 0.25 and os.path.exists(full):
            os.remove(full)
        elif path in PATHS:
            repository.write(path, record(rng, path))
        else:
            repository.write(path, f"名,数\n甲,{rng.randint(1, 99)}\n")


def step_dense_move(rng, repository):
    """A record or its table goes on under another of the names."""
    old = rng.choice(PATHS + FILES)
    full = os.path.join(repository.path, old)
    if os.path.exists(full):
        new = rng.choice(PATHS if old in PATHS else FILES)
        os.makedirs(os.path.dirname(os.path.join(repository.path, new)), exist_ok=True)
        os.replace(full, os.path.join(repository.path, new))


NAMES = ["a", "a.md", "a.markdown", "A.md", "README.md", "index.md", "index.html", "table-1.csv", "a.csv",
         "a_.md", "archive", "data", "search.db", "search", "feed.xml", "archive.md", "data_", "a.b", "a.b.md",
         "sitemap.xml", "2026", "csv-metadata.json", "b.txt", "org", "tag.md", "路灯.md", "orgs"]


def all_paths(repository):
    found = []
    for folder, folders, names in os.walk(repository.path):
        folders[:] = [name for name in folders if name != ".git"]
        found += [os.path.relpath(os.path.join(folder, name), repository.path) for name in names + folders]
    return sorted(found)


def random_path(rng):
    return "/".join(rng.choice(NAMES) for _ in range(rng.choice([1, 2, 2, 3])))


def step_paths(rng, repository):
    """Names that the site keeps for itself, in each other's way: as files, folders and pages."""
    for _ in range(rng.randint(1, 4)):
        path = random_path(rng)
        targets = [os.path.relpath(other, os.path.dirname(path) or ".") for other in all_paths(repository)]
        links = [f"[看](<{rng.choice(targets)}>)" for _ in range(rng.randint(0, 4)) if targets]
        table = "| 项目 | 金额 |\n|---|---|\n| 甲 | 1 |" if rng.random() < 0.3 else ""
        head = rng.choice(["", "", "tags: [路灯, a, 2026]\n", "withdrawn: {date: 2026-03-01, reason: 误, approved_by: 镇}\n"])
        repository.write(path, f"---\ntitle: 题{rng.randint(1, 99)}\n{head}---\n" + "\n\n".join([*links, table]) + "\n")


def step_paths_move(rng, repository):
    there = all_paths(repository)
    if not there:
        return
    old, new = rng.choice(there), random_path(rng)
    if rng.random() < 0.3:
        new = old[:-3] if old.endswith(".md") else old + "/" + rng.choice(NAMES)
    spare = os.path.join(repository.path, "spare")
    os.replace(os.path.join(repository.path, old), spare)
    repository.write(new, "")
    os.remove(os.path.join(repository.path, new))
    os.replace(spare, os.path.join(repository.path, new))


PATH_STEPS = [step_paths] * 2 + [step_paths_move] * 3
DENSE_STEPS = [step_dense] * 4 + [step_dense_move]
DENSE_DAYS = ["2026-02-20", "2026-02-28", "2026-03-01", "2026-03-02", "2026-03-10", "2026-03-20", "2026-04-01",
              "2026-04-10", "2026-05-01", "2026-05-09", "2026-05-10", "2026-06-01"]
