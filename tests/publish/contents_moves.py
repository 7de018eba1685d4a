"""Steps that leave what the records say and change where they stand, in which commits, and under
which settings and theme."""
import os
import re
import unicodedata

import yaml

from contents_steps import FATE_STEPS, RECORD_STEPS
from contents_world import MARKDOWN

NAMES = ["README.md", "index.md", "a.md", "A.md", "a.markdown", "é.md", unicodedata.normalize("NFD", "é") + ".md",
         "名 字.md", "😀.md", "v1.2.md", "v1.2", "archive.md", "data", "长" * 60 + ".md", "a.csv", "feed.xml", "2026.md",
         "%41.md", "a+b&c.md", "#1.md", "'\".md", "org.md", "tags", "search.md", "index.html.md"]

HARD_NAMES = ["尾 .md", "a:b.md", "con.md", "x\\y.md", "~.md", "\udcff.md", "\u202e.md", "a\tb.md", ".hid.md", "\u200b.md"]


def record_step(rng, world):
    rng.choice(RECORD_STEPS + FATE_STEPS)(rng, world)


def step_rename(rng, world):
    for path in world.some("", most=rng.choice([1, 1, 2])):
        folder = rng.choice([os.path.dirname(path), "", rng.choice(world.folders() + ["新"])])
        ending = os.path.splitext(path)[1]
        name = rng.choice([rng.choice(NAMES), os.path.basename(path), f"{rng.randint(1, 20)}{ending}"])
        world.move(path, os.path.join(folder, name))
        if rng.random() < 0.3 and os.path.isfile(world.full(os.path.join(folder, name))):
            world.write(os.path.join(folder, name), world.read(os.path.join(folder, name)) + "\n改了名又改了字。\n")


def step_rename_with_tables(rng, world):
    """A record takes its tables with it."""
    path = world.one()
    stem, ending = os.path.splitext(path)
    new = os.path.join(os.path.dirname(path), f"新名{rng.randint(1, 9)}")
    for table in world.files(".csv"):
        if table.startswith(stem + "."):
            world.move(table, new + table[len(stem):])
    world.move(path, new + ending)


def step_case(rng, world):
    for path in world.some("", most=2) + rng.sample(world.folders(), min(1, len(world.folders()))):
        folder, name = os.path.split(path)
        new = rng.choice([name.upper(), name.lower(), name.capitalize(), unicodedata.normalize("NFD", name),
                          unicodedata.normalize("NFC", name), name.replace(".md", ".MD"),
                          name.replace(".md", ".markdown")])
        if os.path.lexists(world.full(path)):
            world.move(path, os.path.join(folder, new))


def step_exchange(rng, world):
    """Two or three files, or two folders, change places."""
    pool = world.folders() if rng.random() < 0.4 else world.files(MARKDOWN)
    chosen = rng.sample(pool, min(len(pool), rng.choice([2, 2, 3])))
    if len(chosen) < 2 or any(a != b and a.startswith(b + "/") for a in chosen for b in chosen):
        return
    for index, path in enumerate(chosen):
        os.replace(world.full(path), world.full(f".spare{index}"))
    for index, path in enumerate(chosen[1:] + chosen[:1]):
        os.replace(world.full(f".spare{index}"), world.full(path))


def step_folder(rng, world):
    """A folder goes elsewhere, or goes; its village goes with it, or does not."""
    folders = world.folders()
    if not folders:
        return
    old = rng.choice(folders)
    if rng.random() < 0.15:
        world.remove(old)
        return
    new = os.path.join(rng.choice([os.path.dirname(old), "", rng.choice(folders)]),
                       rng.choice([os.path.basename(old) + "新", os.path.basename(old), "搬", "data", "a.md"]))
    if os.path.lexists(world.full(new)) or new.startswith(old + "/") or old.startswith(new + "/"):
        return
    world.move(old, new)
    text = configuration(world)
    if text and rng.random() < 0.6:
        world.write("gongkai.yml", re.sub(rf"folder: {re.escape(old)}(?=[/}},\n])", lambda _: f"folder: {new}", text))


def step_type(rng, world):
    """A file becomes a folder, a link or a submodule; a folder becomes a file."""
    files, folders = world.files(), world.folders()
    if not files:
        return
    path, text = rng.choice(files), "---\ntitle: 变\n---\n文。\n"
    choice = rng.random()
    if choice < 0.4:
        world.write(os.path.join(path, rng.choice(["README.md", "里.md", "x.csv"])), text)
    elif choice < 0.6:
        world.remove(path)
        os.symlink(rng.choice(["README.md", "..", "/nix"]), world.full(path))
    elif folders:
        folder = rng.choice(folders)
        world.write(rng.choice([folder, folder + ".md"]), text)
        if rng.random() < 0.5:
            world.remove(folder + ".md")
            world.write(folder, text)


def step_mode(rng, world):
    for path in world.some("", most=3):
        os.chmod(world.full(path), rng.choice([0o755, 0o644]))


def step_names(rng, world):
    """Names that the site keeps for itself, that clash, or that nobody can publish."""
    for _ in range(rng.randint(1, 3)):
        folder = rng.choice(["", "", "data", "archive", rng.choice(world.folders() + ["a"])])
        name = rng.choice(NAMES + HARD_NAMES * (rng.random() < 0.1))
        world.write(os.path.join(folder, name), f"---\ntitle: 名{rng.randint(1, 9)}\ntags: [a/b, 路灯]\n---\n文。\n")


# ---- settings and theme ----

def configuration(world):
    return world.read("gongkai.yml") if os.path.isfile(world.full("gongkai.yml")) else ""


def step_line(rng, world):
    """A line of gongkai.yml says something else: nothing, the same of another line, another word."""
    lines = configuration(world).split("\n")
    full = [i for i, line in enumerate(lines) if line.strip() and not line.strip().startswith("#")]
    if not full:
        return
    at = rng.choice(full)
    choice = rng.random()
    if choice < 0.25:
        del lines[at]
    elif choice < 0.6:
        lines[at] = re.sub(r"(\w+): ([^{}\[\],]+)", lambda found: f"{found[1]}: {found[2].strip()}新", lines[at],
                           count=1)
    elif choice < 0.8:
        key = lines[at].split(":")[0]
        lines[at] = rng.choice([line for line in lines if line.split(":")[0] == key])
    else:
        lines.insert(at, lines[at])
    world.write("gongkai.yml", "\n".join(lines))


SETTINGS = [("title", "甲县"), ("title", None), ("description", "说明"), ("url", "https://a.invalid/b/"),
            ("url", "https://a.invalid/"), ("language", "en"), ("language", "zh-CN"), ("time_zone", "UTC"),
            ("time_zone", "America/New_York"), ("licence", None), ("contact", None), ("footer", {"host": "甲"}),
            ("synonyms", [["路灯", "亮化", "灯"], ["低保", "救助"]]), ("synonyms", None), ("ignore", ["全县"]),
            ("ignore", ["柳湾镇/柳湾村"]), ("ignore", None), ("items", None), ("organisations", None),
            ("rules", {"levels": {"R24": "warning"}}), ("rules", {"levels": {"R24": "warning", "R11": "error"}}),
            ("rules", {"levels": {"R24": "warning", "R06": "error"}}),
            ("rules", {"levels": {"R24": "warning", "R13": "error"}}),
            ("rules", {"levels": {"R24": "warning", "R02": "error"}})]


def step_setting(rng, world):
    text = configuration(world)
    try:
        settings = yaml.safe_load(text) or {}
    except yaml.YAMLError:
        settings = None
    if not isinstance(settings, dict):
        return
    for key, value in rng.sample(SETTINGS, rng.choice([1, 1, 2])):
        settings[key] = value
    settings = {key: value for key, value in settings.items() if value is not None}
    world.write("gongkai.yml", yaml.safe_dump(settings, allow_unicode=True, sort_keys=False))


def step_no_configuration(rng, world):
    """It goes, or is no file, and comes back as it was."""
    if configuration(world):
        world.git("tag", "-f", "configured")
        world.remove("gongkai.yml")
        if rng.random() < 0.3:
            os.symlink("README.md", world.full("gongkai.yml"))
        elif rng.random() < 0.3:
            world.write("gongkai.yml/a.md", "文。")
    else:
        path = os.path.join(world.root, "gongkai.yml")
        world.remove("gongkai.yml")
        world.git("checkout", "-q", "configured", "--", path)


def step_theme(rng, world):
    """The look, whatever the commit: a template, a word, the style; a file more or less."""
    templates = sorted(name for name in os.listdir(world.theme) if name.endswith((".mustache", ".css")))
    name = rng.choice(templates + ["strings/zh-CN.txt", "strings/en.txt"])
    path = os.path.join(world.theme, name)
    with open(path, encoding="utf-8") as file:
        text = file.read()
    changed = {".txt": text.replace(rng.choice("的公开文记录on"), "它", 1), ".css": text + "\n/* x */\n"}
    with open(path, "w", encoding="utf-8") as file:
        file.write(changed.get(os.path.splitext(name)[1], text + rng.choice(["<!-- x -->", "{{site.title}}", "{{days_left}}"])))
    if rng.random() < 0.2:
        with open(os.path.join(world.theme, "更.css"), "w", encoding="utf-8") as file:
            file.write("a{}")


def step_root(rng, world):
    """The contents stand in another folder of the commit, or those of another folder are meant."""
    new = rng.choice(["", "content", "内 容/a.b", "别处"])
    if os.path.isdir(os.path.join(world.path, new)) and rng.random() < 0.5:
        world.root = new
    elif world.root and world.files() and not os.path.lexists(os.path.join(world.path, new)):
        os.makedirs(os.path.dirname(os.path.join(world.path, new)), exist_ok=True)
        os.replace(world.full(), os.path.join(world.path, new))
        world.root = new


def step_outside(rng, world):
    """What is beside the contents changes, and passes in and out of them."""
    if not world.root:
        return
    names = ["外.md", "docs/外.md", world.root + "2/甲.md", world.root + ".md"]
    outside = os.path.join(world.path, rng.choice(names))
    os.makedirs(os.path.dirname(outside), exist_ok=True)
    inside = world.full(os.path.join(rng.choice(world.folders() + [""]), "外.md"))
    if os.path.exists(outside) and rng.random() < 0.5:
        os.replace(outside, inside)
    elif os.path.exists(inside) and os.path.isfile(inside):
        os.replace(inside, outside)
    elif rng.random() < 0.5:
        os.replace(world.full(world.one()), outside)
    else:
        with open(outside, "a", encoding="utf-8") as file:
            file.write("---\ntitle: 外\n---\n外面的文。\n" * rng.randint(1, 3))


# ---- commits ----

def step_branches(rng, world):
    """A branch or three, begun here or long ago, whose commits may be older; merged either way."""
    _, count = world.git("rev-list", "--count", "--first-parent", "HEAD")
    sides, now = [], world.clock
    for number in range(rng.choice([1, 1, 2, 3])):
        back = rng.choice([0, 0, 1, 3])
        world.git("checkout", "-q", "-B", f"side{number}", f"main~{min(back, int(count) - 1)}")
        world.clock = now - rng.choice([0, 0, 500000])
        record_step(rng, world) if rng.random() < 0.5 else rng.choice(MOVES)(rng, world)
        world.commit()
        sides.append(f"side{number}")
    world.clock = now
    world.git("checkout", "-q", "main")
    if rng.random() < 0.5:
        record_step(rng, world)
        world.commit()
    choice = rng.random()
    if choice < 0.3:
        world.merge("-s", "octopus", *sides)
    elif choice < 0.4:
        world.merge("-s", "ours", *sides)
    elif choice < 0.7:
        for side in sides:
            world.merge("-X", rng.choice(["ours", "theirs"]), side)
    else:  # the published commit is the second parent
        world.git("checkout", "-q", sides[0])
        world.merge("-X", rng.choice(["ours", "theirs"]), "main")
        world.git("branch", "-f", "main", "HEAD")
        world.git("checkout", "-q", "main")
    for side in sides:
        world.git("branch", "-q", "-D", side)


def step_criss_cross(rng, world):
    """Two branches, each of which merges what the other was."""
    world.git("checkout", "-q", "-B", "side", "main")
    for branch in ("side", "main"):
        world.git("checkout", "-q", branch)
        record_step(rng, world)
        world.commit()
    _, before = world.git("rev-parse", "main")
    world.merge("-X", "theirs", "side")
    world.git("checkout", "-q", "side")
    world.merge("-X", "ours", before)
    rng.choice(MOVES)(rng, world)
    world.commit()
    world.git("checkout", "-q", "main")
    record_step(rng, world)
    world.commit()
    world.merge("-X", rng.choice(["ours", "theirs"]), "side")
    world.git("branch", "-q", "-D", "side")


def step_unrelated(rng, world):
    """A history that began by itself is joined to this one."""
    world.git("checkout", "-q", "--orphan", "other")
    for path in world.some("", most=50):
        world.remove(path)
    record_step(rng, world)
    world.commit()
    world.git("checkout", "-q", "main")
    world.git("merge", "-q", "--no-edit", "--allow-unrelated-histories", "-X", rng.choice(["ours", "theirs"]), "other")
    world.git("reset", "-q", "--hard")
    world.git("branch", "-q", "-D", "other")


def step_take_back(rng, world):
    """Changes, and their opposite in a commit of its own."""
    record_step(rng, world)
    world.commit()
    done, _ = world.git("revert", "--no-edit", "HEAD")
    if done != 0:
        world.git("revert", "--abort")


def step_come_back(rng, world):
    """A file that is gone comes back as it was, or all are as they were some commits ago."""
    _, count = world.git("rev-list", "--count", "--first-parent", "HEAD")
    old = f"HEAD~{rng.randint(0, min(6, int(count) - 1))}"
    if rng.random() < 0.25:
        world.git("read-tree", "-u", "--reset", old)
        return
    _, names = world.git("diff", "--name-only", "--no-renames", "-z", "HEAD", old)
    there = [name for name in names.split("\0") if name]
    for name in rng.sample(there, min(2, len(there))):
        done, _ = world.git("checkout", "-q", old, "--", name)
        if done != 0:
            world.git("rm", "-q", "--ignore-unmatch", "--", name)


def step_rewrite(rng, world):
    """What was published is history no more: amended, dropped, or put upon something else."""
    world.is_rewritten = True
    choice = rng.random()
    if choice < 0.4:
        record_step(rng, world)
        world.git("add", "-A")
        world.git("commit", "-q", "--amend", "--no-edit", "--allow-empty")
    elif choice < 0.7:
        world.git("reset", "-q", "--hard", "HEAD~1")
    else:
        world.git("rebase", "-q", "--force-rebase", "-X", "theirs", "HEAD~1")
        world.git("rebase", "--abort")


def step_clock(rng, world):
    """The next commits are older than these, of the same second, or of another age."""
    world.clock = rng.choice([world.clock - 400000, 0, 2 ** 31, 2 ** 33, world.clock + 10 ** 7, world.clock])
    record_step(rng, world)


def step_store(rng, world):
    """The same objects, kept another way."""
    world.git(*rng.choice([["gc", "-q", "--prune=now"], ["repack", "-q"], ["repack", "-adq", "-F", "--depth=50"],
                           ["pack-refs", "--all"], ["commit-graph", "write", "--reachable"],
                           ["multi-pack-index", "write"], ["repack", "-dq", "--write-bitmap-index", "-a"]]))
    if rng.random() < 0.4:  # all objects are another repository's
        other = os.path.join(os.path.dirname(world.path), f"alternate{rng.randint(0, 10 ** 9)}")
        world.git("clone", "-q", "--bare", ".", other)
        with open(os.path.join(world.path, ".git/objects/info/alternates"), "a", encoding="utf-8") as file:
            file.write(other + "/objects\n")
        world.git("repack", "-adlq")
        world.git("prune")


def step_submodule(rng, world):
    """Committed at once: no file of it stands in the folder."""
    _, head = world.git("rev-parse", "HEAD")
    world.git("add", "-A")
    path = os.path.join(world.root, rng.choice(["子", "a.md"]))
    world.git("update-index", "--add", "--cacheinfo", f"160000,{head},{path}")
    world.git("commit", "-q", "-m", "submodule")


def step_nothing(rng, world):
    """Only the day moves."""
    world.pass_days()


MOVES = [step_rename] * 3 + [step_rename_with_tables, step_case, step_exchange, step_exchange, step_folder, step_folder,
                             step_type, step_mode, step_names, step_outside, step_outside]
SITE_STEPS = [step_line, step_setting, step_setting, step_no_configuration, step_theme, step_theme, step_root]
COMMIT_STEPS = [step_branches] * 3 + [step_criss_cross, step_unrelated, step_take_back, step_come_back,
                                      step_come_back, step_rewrite, step_clock, step_store, step_submodule,
                                      step_nothing, step_nothing]
