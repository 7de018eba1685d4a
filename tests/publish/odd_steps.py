"""Steps that a clerk makes seldom: files that turn into folders, records that change places, clocks
that are wrong, other settings of the site, merges of many sides."""
import os
import re
import shutil
import unicodedata

import yaml

import histories
from histories import CONFIG, ITEMS, ORGS, TAGS, WORDS, new_path, record_text, text_of, without

with open("generator/record/schema.yml", encoding="utf-8") as schema:
    SCHEMA = yaml.safe_load(schema)
SHARED = ["docs/shared.pdf", "docs/shared.csv", "柳湾/表格.txt", "a/table.csv", "docs/照片.png"]
PLAIN = ["docs/plain.md", "柳湾/事.md", "石桥/事.md", "docs/deep/事.md"]


def full(repository, path):
    return os.path.join(repository.path, path)


def read(repository, path):
    with open(full(repository, path), encoding="utf-8") as file:
        return file.read()


def records(repository):
    return [path for path in repository.files((".md", ".markdown")) if "/many/" not in path]


def remove(repository, path):
    if os.path.islink(full(repository, path)) or os.path.isfile(full(repository, path)):
        os.remove(full(repository, path))
    else:
        shutil.rmtree(full(repository, path), ignore_errors=True)


def step_mode(rng, repository):
    files = repository.files()
    for path in rng.sample(files, min(3, len(files))):
        os.chmod(full(repository, path), rng.choice([0o755, 0o644]))


def step_type(rng, repository):
    """A file, a link and a folder follow each other at one path."""
    files = repository.files()
    if not files:
        return
    path = rng.choice(files)
    remove(repository, path)
    if rng.random() < 0.4:
        os.symlink(rng.choice(["README.md", "b.md", "."]), full(repository, path))
    else:
        inner = os.path.join(path, rng.choice(["README.md", "b.md", "x.csv"]))
        repository.write(inner, record_text(rng, repository, inner))


def step_type_back(rng, repository):
    """What is a link, or a folder with an ending, is a file again."""
    odd = []
    for folder, folders, names in os.walk(repository.path):
        if ".git" in folders:
            folders.remove(".git")
        odd += [os.path.join(folder, name) for name in folders if name.endswith((".md", ".csv"))]
        odd += [os.path.join(folder, name) for name in names + folders
                if os.path.islink(os.path.join(folder, name))]
    for path in rng.sample(sorted(odd), min(2, len(odd))):
        path = os.path.relpath(path, repository.path)
        remove(repository, path)
        repository.write(path, record_text(rng, repository, path))


def step_case(rng, repository):
    files = records(repository)
    if files:
        old = rng.choice(files)
        name = os.path.basename(old)
        new = os.path.join(os.path.dirname(old), rng.choice(
            [name.upper(), name.lower(), name.capitalize(), name[:-3] + ".MD", name[:-3] + ".markdown"]))
        os.replace(full(repository, old), full(repository, new))


def step_clash(rng, repository):
    """Names that fold to one address, or take that of a page which the site makes."""
    name = rng.choice(["A", "a", "Ä", unicodedata.normalize("NFD", "Ä"), "readme", "README", "INDEX",
                       "a/README", "a/index", "feed", "archive", "data", "data/x", "tags", "tags/路灯",
                       "2026", "index.html", "index.html/x", "search", "orgs/liu", "items/road"])
    folder = rng.choice(["", "docs", "柳湾", "archive", "data"])
    path = os.path.join(folder, name) + rng.choice([".md", ".md", ".markdown", "", ".csv"])
    repository.write(path, record_text(rng, repository, path))


def step_exchange(rng, repository):
    """Two or three records exchange their paths."""
    files = records(repository)
    if len(files) < 3:
        return
    chosen = rng.sample(files, rng.choice([2, 2, 3]))
    texts = [read(repository, path) for path in chosen]
    for path, text in zip(chosen, texts[1:] + texts[:1]):
        repository.write(path, text)


def step_exchange_folders(rng, repository):
    folders = sorted({os.path.dirname(path) for path in records(repository)} - {""})
    if len(folders) < 2:
        return
    one, other = rng.sample(folders, 2)
    if one.startswith(other + "/") or other.startswith(one + "/"):
        return
    spare = full(repository, "spare")
    os.replace(full(repository, one), spare)
    os.replace(full(repository, other), full(repository, one))
    os.replace(spare, full(repository, other))


def step_move_folder(rng, repository):
    folders = sorted({os.path.dirname(path) for path in repository.files()} - {""})
    if folders:
        one = rng.choice(folders)
        new = rng.choice(["柳湾/新", "石桥", "moved", "docs/moved", one + "2", "ignored/旧"])
        if not os.path.lexists(full(repository, new)) and not new.startswith(one + "/"):
            os.makedirs(os.path.dirname(full(repository, new)), exist_ok=True)
            os.replace(full(repository, one), full(repository, new))


def step_remove_folder(rng, repository):
    folders = sorted({os.path.dirname(path) for path in repository.files()} - {""})
    if folders:
        remove(repository, rng.choice(folders))


def step_exchange_numbers(rng, repository):
    """Two records exchange their index numbers."""
    numbered = [path for path in records(repository) if "\nindex: " in read(repository, path)]
    if len(numbered) > 1:
        one, other = rng.sample(numbered, 2)
        numbers = [re.search(r"\nindex: .*", read(repository, path))[0] for path in (one, other)]
        for path, number in ((one, numbers[1]), (other, numbers[0])):
            repository.write(path, re.sub(r"\nindex: .*", number, read(repository, path), count=1))


def step_reshape(rng, repository):
    """One line of the front matter, so that listings, feeds and facets move."""
    lines = [f"org: {rng.choice(ORGS)}", f"date: 202{rng.randint(4, 6)}-{rng.randint(1, 12):02}-11",
             f"tags: [{rng.choice(TAGS)}, 新]", f"title: {rng.choice(WORDS)}", "tags: []",
             f"item: {rng.choice(ITEMS)}", "kind: page", f"index: '99010110X/2026-{rng.randint(1, 9):05}'",
             f"corrects: '99010110X/2026-{rng.randint(1, 9):05}'", "date:", "draft: true", "draft: false",
             f"publish_at: 2026-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}",
             f"depublish_at: 2026-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}"]
    files = records(repository)
    for path in rng.sample(files, min(2, len(files))):
        text, line = read(repository, path), rng.choice(lines)
        if text.startswith("---\n") and "\n---\n" in text[4:]:
            key = line.split(":")[0] + ":"
            repository.write(path, f"---\n{line}\n" + without(text, key)[4:])


def step_shared(rng, repository):
    """Several records offer one file; it changes, goes and comes back."""
    path = rng.choice(SHARED)
    if rng.random() < 0.3:
        remove(repository, path)
        return
    repository.write(path, f"名,数\n{rng.choice(WORDS)},{rng.randint(1, 99)}\n")
    for record in rng.sample(PLAIN, rng.randint(0, 3)):
        target = os.path.relpath(path, os.path.dirname(record))
        head = rng.choice(["", "draft: true\n", "scope: board\n", f"attachments: [{target}]\n",
                           "withdrawn: {date: 2026-03-01, reason: 有误, approved_by: 镇}\n"])
        repository.write(record, f"---\ntitle: 件{rng.randint(1, 9)}\n{head}---\n[看]({target})\n")


def step_owner(rng, repository):
    """A record beside the shared table comes, goes or hides it."""
    path = rng.choice(SHARED)
    owner = path[:path.rindex(".")] + rng.choice([".md", ".markdown"])
    if rng.random() < 0.3:
        remove(repository, owner)
        return
    head = rng.choice(["", "draft: true\n", "scope: board\n", "board_tables: [1]\n",
                       "publish_at: 2026-06-09\n", "depublish_at: 2026-06-09\n",
                       "withdrawn: {date: 2026-03-01, reason: 有误, approved_by: 镇}\n"])
    repository.write(owner, f"---\ntitle: 主{rng.randint(1, 9)}\n{head}---\n正文。\n")
    if rng.random() < 0.3:
        repository.write(path[:path.rindex(".")] + ".board.csv", f"名,数\n甲,{rng.randint(1, 99)}\n")


def step_link_table(rng, repository):
    """A link to somebody else's table, or to its page on the board, or to a folder."""
    tables = repository.files(".csv") + [path[:path.rindex(".")] + ".board.csv" for path in SHARED]
    record = rng.choice(PLAIN)
    targets = rng.sample(tables, min(len(tables), 3)) + [rng.choice(histories.FOLDERS) or "README.md"]
    links = "\n\n".join(f"[看](<{os.path.relpath(path, os.path.dirname(record))}>)" for path in targets)
    repository.write(record, f"---\ntitle: 链{rng.randint(1, 9)}\n---\n{links}\n")


def step_table_alone(rng, repository):
    tables = repository.files(".csv")
    for path in rng.sample(tables, min(2, len(tables))):
        rows = "".join(f"{rng.choice(WORDS)},{rng.randint(1, 9)}\n" for _ in range(rng.randint(0, 4)))
        repository.write(path, rng.choice(["名,数\n", "组,户编号,本月\n", ""]) + rows)


def step_settings(rng, repository):
    """gongkai.yml comes, goes, or says something else."""
    changes = [("[低保, 最低生活保障]", "[道路, 硬化, 路灯]"), ("synonyms:", "synonyms:\n  - [电费, 电]"),
               ("ignored]", "ignored, docs/deep]"), ("name: 石桥村", "name: 石桥新村"),
               ("folder: 石桥", "folder: docs"), ("folder: 柳湾", "folder: 石桥/里"),
               ("{key: road, name: 道路工程", "{key: road, name: 道路"),
               ("category: 工程", "category: 财务"), ("/base/", "/"), ("/base/", "/other/"),
               ("title: 测试县", "title: 测试县\nlanguage: en"), ("title: 测试县", "title: 县\ndescription: 说明"),
               ("title: 测试县", "title: 测试县\ntime_zone: UTC"),
               ("title: 测试县", "title: 测试县\nlicence: {name: 甲, url: 'https://example.invalid/'}"),
               ("title: 测试县", "title: 测试县\nfooter: {host: 县局}"),
               ("R24: warning", "R24: warning, R11: warning"), (", due: 15", ", due: 5")]
    if rng.random() < 0.15:
        repository.configured = not repository.configured
        if not repository.configured:
            remove(repository, "gongkai.yml")
            return
    if repository.configured:
        text = CONFIG
        for old, new in rng.sample(changes, rng.randint(0, 2)):
            text = text.replace(old, new)
        repository.write("gongkai.yml", text)


def step_strings(rng, repository):
    """The theme's words, or a template of one kind; the commit changes nothing."""
    name = rng.choice(["strings/zh-CN.txt", "strings/en.txt", "record.mustache", "tombstone.mustache"])
    path = os.path.join(repository.theme, name)
    with open(path, encoding="utf-8") as file:
        text = file.read()
    with open(path, "w", encoding="utf-8") as file:
        file.write(text.replace("公", "共", 1) if name.endswith("txt") else text + "<!-- x -->")


def step_clock(rng, repository):
    """The next commits have the same time, an earlier one, or one far off."""
    repository.clock = rng.choice([repository.clock - 400000, 0, 1, 4102444800, 2 ** 31, 2 ** 33,
                                   histories.EPOCH, repository.clock])
    repository.pace = rng.choice([(0, 0), (1, 200000), (-100000, 100000)])
    rng.choice(histories.STEPS[:12])(rng, repository)


def step_octopus(rng, repository):
    """Three sides at once, or a merge that is nobody's tree; the published commit is any parent."""
    sides = []
    for number in range(rng.randint(2, 3)):
        repository.git("checkout", "-q", "-B", f"side{number}", "main")
        path = f"docs/side{number}.md"
        repository.write(path, record_text(rng, repository, path))
        repository.commit()
        sides.append(f"side{number}")
    repository.git("checkout", "-q", "main")
    if rng.random() < 0.5:
        step_mode(rng, repository)
        repository.commit()
    rng.shuffle(sides)
    repository.git("merge", "-q", "-m", "octopus", *sides)
    for side in sides:
        repository.git("branch", "-q", "-D", side)


def step_old_branch(rng, repository):
    """A branch that was begun long ago is merged: its commits are older than what is published."""
    _, count = repository.git("rev-list", "--count", "--first-parent", "HEAD")
    back = rng.randint(0, min(4, int(count) - 1))
    now, repository.clock = repository.clock, repository.clock - rng.choice([0, 500000])
    repository.git("checkout", "-q", "-B", "old", f"HEAD~{back}")
    path = new_path(rng)
    repository.write(path, record_text(rng, repository, path))
    repository.commit()
    repository.clock = now
    repository.git("checkout", "-q", "main")
    done, _ = repository.git("merge", "-q", "-X", rng.choice(["ours", "theirs"]), "-m", "m", "old")
    if done != 0:
        repository.git("merge", "--abort")
    repository.git("branch", "-q", "-D", "old")


def step_take_back(rng, repository):
    """A change and its opposite: the same files, another history."""
    files = records(repository)
    if files:
        path = rng.choice(files)
        text = read(repository, path)
        if rng.random() < 0.5:
            repository.write(path, text + "\n又一段。\n")
        else:
            remove(repository, path)
        repository.commit()
        repository.write(path, text)


def step_many_at_once(rng, repository):
    for _ in range(rng.randint(2, 4)):
        rng.choice(histories.STEPS + ODD_STEPS[:14])(rng, repository)
        repository.commit()


def step_repack(rng, repository):
    """The same objects, stored another way."""
    for command in rng.choice([[["gc", "-q", "--prune=now"]], [["repack", "-q"]], [["repack", "-adq", "-F"]],
                               [["pack-refs", "--all"]], [["commit-graph", "write", "--reachable"]],
                               [["multi-pack-index", "write"]]]):
        repository.git(*command)


def value_of(rng, repository, path, field):
    """A value of that field's type, as YAML text; None for those that have no plain one."""
    kind = field["type"]
    others = records(repository) + repository.files(".csv") + ["none.md"]
    link = os.path.relpath(rng.choice(others), os.path.dirname(path) or ".")
    plain = {"text": rng.choice(WORDS), "date": f"2026-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}",
             "time": f"1{rng.randint(0, 9)}:30", "integer": str(rng.randint(1, 50)),
             "number": f"{rng.randint(1, 90)}.5", "money": f"{rng.randint(1, 900)}.25",
             "boolean": rng.choice(["true", "false"]), "org": rng.choice(ORGS), "item": rng.choice(ITEMS),
             "period": rng.choice(["2026", "2026-H1", "2026-Q3", "2026-09"]), "link": f"'{link}'",
             "markdown": rng.choice(WORDS)}
    if kind == "choice":
        return rng.choice(sorted(field["values"]))
    if kind == "list":
        return f"['{link}']" if field.get("of") == "link" else f"[{rng.choice(WORDS)}, {rng.choice(WORDS)}]"
    if kind in ("map", "maps"):
        inner = {row["key"]: value_of(rng, repository, path, row) for row in field["fields"]
                 if row.get("required") or rng.random() < 0.6}
        text = "{" + ", ".join(f"{key}: {value}" for key, value in inner.items()) + "}"
        return text if kind == "map" else f"[{text}]"
    return plain[kind]


def step_any_kind(rng, repository):
    """Records of every kind, with any of its fields."""
    for _ in range(rng.randint(1, 3)):
        path = new_path(rng)
        kind = rng.choice(SCHEMA["kinds"])
        common = [row for row in SCHEMA["common"] if row["key"] not in
                  ("title", "kind", "draft", "scope", "board_tables", "exceptions", "publish_at",
                   "depublish_at", "withdrawn", "index", "corrects", "withdraws")]
        fields = kind.get("fields", []) + rng.sample(common, 6)
        lines = [f"title: {rng.choice(WORDS)}{rng.randint(1, 99)}", f"kind: {kind['key']}"]
        seen = {"title", "kind"}
        for field in fields:
            wanted = field.get("required") or field["key"] in kind.get("required", [])
            if field["key"] not in seen and (wanted or rng.random() < 0.5):
                seen.add(field["key"])
                lines.append(f"{field['key']}: {value_of(rng, repository, path, field)}")
        repository.write(path, "---\n" + "\n".join(lines) + "\n---\n" + text_of(rng) + "\n")


ODD_STEPS = [step_mode, step_type, step_type_back, step_case, step_clash, step_exchange,
             step_exchange_folders, step_move_folder, step_remove_folder, step_exchange_numbers,
             step_reshape, step_reshape, step_shared, step_owner, step_link_table, step_table_alone,
             step_settings, step_strings, step_clock, step_octopus, step_old_branch, step_take_back,
             step_repack, step_any_kind, step_any_kind, step_many_at_once]
