"""A repository whose history grows at random: what its records say, and the common steps."""
import os
import random
import re
import shutil
import subprocess

ORGS = ["county", "town", "liu", "shi"]
ITEMS = ["finance", "road"]
TAGS = ["路灯", "低保", "a/b", "道路"]
FOLDERS = ["", "柳湾", "柳湾/财务", "石桥", "docs", "docs/deep", "ignored/模板"]
WORDS = "路灯 电费 道路 硬化 会议 决定 公示 收入 支出 结余 监督 审核 鱼塘 承包 land GB/T 41374".split()
EPOCH = 1767225600  # 2026-01-01
CONFIG = """title: 测试县
url: https://example.invalid/base/
organisations:
  - key: county
    name: 测试县
    type: county
    folder: .
    children:
      - key: town
        name: 柳湾镇
        type: township
        children:
          - {key: liu, name: 柳湾村, type: village, folder: 柳湾}
          - {key: shi, name: 石桥村, type: village, folder: 石桥}
items:
  - {key: finance, name: 财务收支, category: 财务, every: month, due: 15, issuers: [village]}
  - {key: road, name: 道路工程, category: 工程, every: event, issuers: [village]}
ignore: [ignored]
synonyms:
  - [低保, 最低生活保障]
rules: {levels: {R24: warning}}
"""


class Repository:
    def __init__(self, path, rng, configured, theme):
        self.path, self.rng, self.configured, self.theme = path, rng, configured, theme
        self.clock = EPOCH
        self.pace = (1, 200000)  # seconds between two commits
        self.git("init", "-q", "-b", "main", ".")
        if configured:
            self.write("gongkai.yml", CONFIG)
        for number in range(1, 9):  # numbers that records may name, mostly; whoever names 9 may be refused
            self.write(f"docs/many/{number}.md",
                       f"---\ntitle: 草稿\ndraft: true\nindex: '99010110X/2026-{number:05}'\n---\n")

    def git(self, *arguments):
        moment = f"@{self.clock} +0800"  # without the @ git takes none after 2099
        environment = dict(
            os.environ, GIT_AUTHOR_DATE=moment, GIT_COMMITTER_DATE=moment, GIT_AUTHOR_NAME="c",
            GIT_AUTHOR_EMAIL="c@example.invalid", GIT_COMMITTER_NAME="c",
            GIT_COMMITTER_EMAIL="c@example.invalid", GIT_CONFIG_GLOBAL="/dev/null",
        )
        done = subprocess.run(
            ["git", "-c", "core.quotePath=false", *arguments], cwd=self.path, env=environment,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
        )
        return done.returncode, done.stdout.decode()

    def write(self, path, text):
        """Whatever stood there, or in its way, makes room."""
        full = os.path.join(self.path, path)
        parts = path.split("/")
        for count in range(1, len(parts)):
            above = os.path.join(self.path, *parts[:count])
            if os.path.islink(above) or os.path.isfile(above):
                os.remove(above)
        if os.path.islink(full):
            os.remove(full)
        elif os.path.isdir(full):
            shutil.rmtree(full)
        os.makedirs(os.path.dirname(full) or ".", exist_ok=True)
        with open(full, "w", encoding="utf-8") as out:
            out.write(text)

    def files(self, ending=""):
        found = []
        for folder, folders, names in os.walk(self.path):
            folders[:] = sorted(f for f in folders if f != ".git")
            for name in sorted(names):
                full = os.path.join(folder, name)
                path = os.path.relpath(full, self.path)
                if path.endswith(ending) and path != "gongkai.yml" and not os.path.islink(full):
                    found.append(path)
        return found

    def published(self):
        self.git("tag", "-f", "published")

    def give_back(self):
        """All files as they were last published."""
        self.git("rm", "-rqf", "--ignore-unmatch", ".")
        self.git("checkout", "-q", "published", "--", ".")
        self.configured = os.path.exists(os.path.join(self.path, "gongkai.yml"))
        self.commit()

    def commit(self):
        self.clock += self.rng.randint(*self.pace)
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", "step")


def text_of(rng):
    return "".join(rng.choices(WORDS, k=rng.randint(3, 20))) + "。"


def link_to(rng, repository, path):
    choices = repository.files() + ["missing.md", "docs", "柳湾/财务", "none/at/all", "a/table.csv"]
    target = os.path.relpath(rng.choice(choices), os.path.dirname(path) or ".")
    if rng.random() < 0.2 and target.endswith(".md"):
        target = target[:-3]
    return f"[看{rng.choice(WORDS)}](<{target}>)"


def ledger_of(rng):
    """A table that the schema knows, with a row of totals, or one that lost a column it needs."""
    if rng.random() < 0.3:
        return f"| 组 | 户编号 | 本月 |\n|---|---|---|\n| 一组 | L{rng.randint(1, 9)} | {rng.randint(50, 150)} |"
    rows = [f"| 2026-0{rng.randint(1, 9)}-11 | {rng.choice(WORDS)} | {rng.randint(1, 9999) / 100:.2f} | |"
            for _ in range(rng.randint(1, 4))]
    summary = "摘要" if rng.random() < 0.8 else "说了什么"
    return "\n".join([f"| 日期 | {summary} | 收入（元） | 支出（元） |", "|---|---|---|---|", *rows,
                      "| 合计 | | 1.00 | |"])


def record_text(rng, repository, path):
    day = f"2026-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}"
    lines = ["---", f"title: {rng.choice(WORDS)}{rng.randint(1, 99)}"]
    if rng.random() < 0.8:
        lines.append(f"date: {day}")
    if rng.random() < 0.5:
        lines.append(f"tags: [{rng.choice(TAGS)}, {rng.choice(TAGS)}]")
    if rng.random() < 0.1:
        lines.append("draft: true")
    if rng.random() < 0.15:
        lines.append(f"publish_at: 2026-{rng.randint(1, 12):02}-01")
    lines += lines_of_time(rng)
    if repository.configured:
        lines += configured_fields(rng, repository, path)
    has_table = rng.random() < 0.3
    if has_table and "board_tables: [1]" not in lines and rng.random() < 0.3:
        lines.append("board_tables: [1]")
    lines += ["---", ""]
    blocks = [text_of(rng) for _ in range(rng.randint(0, 3))]
    if rng.random() < 0.5:
        blocks.append(link_to(rng, repository, path))
    if has_table:
        blocks.append(f"| 项目 | 金额 |\n|---|---|\n| {rng.choice(WORDS)} | {rng.randint(1, 9)} |")
    if rng.random() < 0.3:
        blocks.append(ledger_of(rng))
    if repository.configured and rng.random() < 0.2:
        lines.insert(1, "exceptions: [{rule: R16C, reason: 值班, approved_by: 村委会}]")
        blocks.append(f"值班电话 138001380{rng.randint(10, 99)},承包方编码 621228200201010003。")
    if rng.random() < 0.2:
        blocks.insert(0, f"# {text_of(rng)}")
    return "\n".join(lines) + "\n\n".join(blocks) + "\n"


def lines_of_time(rng):
    """What changes a page on some day, or takes it off the site."""
    lines = [f"{key}: 2026-{rng.randint(1, 12):02}-{rng.choice(['01', '15'])}"
             for key in ("expires", "depublish_at", "effective") if rng.random() < 0.07]
    if rng.random() < 0.06:
        lines += ["withdrawn:", f"  date: 2026-{rng.randint(1, 12):02}-02", "  reason: 内容有误",
                  "  approved_by: 村委会"]
    if rng.random() < 0.05:
        lines.append(rng.choice(["scope: board", "board_tables: [1]"]))
    if rng.random() < 0.2:
        lines += ["schedule:"] + [
            f"  - {{what: {rng.choice(WORDS)}, date: 2026-{rng.randint(1, 12):02}-{rng.choice(['01', '15'])}, start: '9:30'}}"
            for _ in range(rng.choice([1, 1, 2, 60]))]
    return lines


def configured_fields(rng, repository, path):
    lines = []
    if rng.random() < 0.3:
        lines.append(f"org: {rng.choice(ORGS)}")
    kind = rng.random()
    if kind < 0.4:
        start = rng.randint(1, 11)
        lines += ["kind: disclosure", f"item: {rng.choice(ITEMS)}", f"amount: {rng.randint(1, 9999)}"]
        lines += [f"notice_start: 2026-{start:02}-01", f"notice_end: 2026-{start + 1:02}-01"]
        lines.append(f"index: '99010110X/2026-{rng.randint(1, 9):05}'")
        for key in ("corrects", "withdraws"):
            if rng.random() < 0.25:
                lines.append(f"{key}: '99010110X/2026-{rng.randint(1, 9):05}'")
    elif kind < 0.7:
        lines += ["kind: meeting", "body: representatives", "held: 2026-01-02", "step: decide"]
        meetings = repository.files(".md")
        if meetings and rng.random() < 0.6:
            other = os.path.relpath(rng.choice(meetings), os.path.dirname(path) or ".")
            lines.append(f"previous: {other}")
        lines += ["motions:", f"  - text: {rng.choice(WORDS)}", "    result: passed",
                  f"    deadline: 2026-{rng.randint(1, 12):02}-15"]
    elif kind < 0.8:
        lines += ["kind: letter", "received: 2026-01-02", f"question: {rng.choice(WORDS)}", "replies:",
                  f"  - {{date: 2026-01-{rng.randint(3, 28):02}, by: 村委会, text: {rng.choice(WORDS)}}}"]
    elif kind < 0.9:
        lines += ["kind: points", "form: month", f"households: {rng.randint(1, 99)}"]
        others = repository.files(".md")
        if others and rng.random() < 0.6:
            lines.append(f"rule: {os.path.relpath(rng.choice(others), os.path.dirname(path) or '.')}")
    return lines


def new_path(rng, ending=".md"):
    name = rng.choice(["README", "index", "a", "b", "data", "v1.2", f"n{rng.randint(1, 30)}",
                       f"2026-{rng.randint(1, 12):02}-0{rng.randint(1, 9)}-事"])
    return os.path.join(rng.choice(FOLDERS), name + ending)


def step_add(rng, repository):
    for _ in range(rng.choice([1, 1, 1, 3, 8])):
        path = new_path(rng)
        repository.write(path, record_text(rng, repository, path))


def step_many(rng, repository):
    """Passes the length of one listing."""
    month = rng.randint(1, 12)
    for number in range(rng.randint(150, 230)):
        repository.write(f"docs/many/m{month}-{number}.md",
                         f"---\ntitle: 第{number}件\ndate: 2026-{month:02}-0{number % 3 + 1}\n---\n{number}\n")


def step_remove_many(rng, repository):
    many = [path for path in repository.files(".md") if "/many/" in path]
    for path in many[rng.randint(0, 40):]:
        os.remove(os.path.join(repository.path, path))


def step_edit(rng, repository):
    for path in rng.sample(repository.files(".md"), min(2, len(repository.files(".md")))):
        repository.write(path, record_text(rng, repository, path))


def step_remove(rng, repository):
    files = repository.files()
    if files:
        os.remove(os.path.join(repository.path, rng.choice(files)))


def linked_files(repository):
    """Files that a link of some record leads to."""
    found = set()
    for path in repository.files(".md"):
        with open(os.path.join(repository.path, path), encoding="utf-8") as file:
            targets = re.findall(r"\]\(<([^>]*)>\)", file.read())
        for target in targets:
            full = os.path.normpath(os.path.join(os.path.dirname(path), target))
            found.update(name for name in (full, full + ".md")
                         if os.path.isfile(os.path.join(repository.path, name)))
    return sorted(found - {"gongkai.yml"})


def step_remove_target(rng, repository):
    """Pages lose what they link to."""
    linked = linked_files(repository)
    for path in rng.sample(linked, min(2, len(linked))):
        os.remove(os.path.join(repository.path, path))


def step_theme(rng, repository):
    """Not the content, but how it looks: the commit changes nothing."""
    name, text = rng.choice([("style.css", "\n/* %d */\n"), ("layout.mustache", "<!-- %d -->")])
    with open(os.path.join(repository.theme, name), "a", encoding="utf-8") as file:
        file.write(text % rng.randint(1, 999))


def step_nothing(rng, repository):
    """The same files a day later, or earlier: only the as-of date moves."""


def step_rename(rng, repository):
    files = repository.files(".md")
    if not files:
        return
    old, new = rng.choice(files), new_path(rng)
    full = os.path.join(repository.path, new)
    if os.path.isdir(full):
        return
    os.makedirs(os.path.dirname(full), exist_ok=True)
    os.replace(os.path.join(repository.path, old), full)
    if rng.random() < 0.4:
        repository.write(new, record_text(rng, repository, new))


def step_file(rng, repository):
    if rng.random() < 0.5 and repository.files(".md"):
        path = rng.choice(repository.files(".md"))[:-3] + rng.choice([".csv", ".x.csv", ".board.csv"])
        repository.write(path, f"名,数\n{rng.choice(WORDS)},{rng.randint(1, 9)}\n")
    else:
        repository.write(rng.choice(["a/table.csv", "docs/p.json", "LICENSE", "docs/x.txt"]), text_of(rng))


def change_head(rng, repository, change):
    """Lines of a record's front matter: withdrawn, given back, to the board and from it."""
    paths = [path for path in repository.files(".md") if "/many/" not in path]
    for path in rng.sample(paths, min(2, len(paths))):
        with open(os.path.join(repository.path, path), encoding="utf-8") as file:
            text = file.read()
        if text.startswith("---\n"):
            repository.write(path, change(text))


def without(text, *keys):
    head, rest = text[4:].split("\n---\n", 1)
    kept = [line for line in head.split("\n") if not line.startswith(keys)]
    return "---\n" + "\n".join(kept) + "\n---\n" + rest


def step_withdraw(rng, repository):
    line = "withdrawn: {date: 2026-03-01, reason: 有误, approved_by: 镇}\n"
    change_head(rng, repository, lambda text: "---\n" + line + without(text, "withdrawn:")[4:])


def step_give_back(rng, repository):
    change_head(rng, repository, lambda text: without(text, "withdrawn:", "depublish_at:", "withdraws:"))


def step_expire(rng, repository):
    line = f"depublish_at: 2026-{rng.randint(1, 12):02}-01\n"
    change_head(rng, repository, lambda text: "---\n" + line + without(text, "depublish_at:")[4:])


def step_board(rng, repository):
    line = rng.choice(["scope: board\n", "scope: web\n"])
    change_head(rng, repository, lambda text: "---\n" + line + without(text, "scope:")[4:])


def step_correct(rng, repository):
    """Two records that name each other by index numbers, in a site that knows kinds."""
    if repository.configured:
        number = rng.randint(1, 9)
        for name, key in (("correction", "corrects"), ("order", "withdraws")):
            if rng.random() < 0.6:
                repository.write(
                    f"柳湾/{name}-{rng.randint(1, 3)}.md",
                    f"---\ntitle: {name}{rng.randint(1, 9)}\nkind: disclosure\nitem: road\n"
                    f"index: '99010110X/2026-9000{rng.randint(1, 9)}'\n"
                    f"{key}: '99010110X/2026-{number:05}'\n---\n原来写错了。\n")


def step_restore(rng, repository):
    _, log = repository.git("log", "--diff-filter=D", "--name-only", "--format=", "-20")
    gone = [line for line in log.split("\n") if line]
    if gone:
        path = rng.choice(gone)
        _, commit = repository.git("rev-list", "-1", "HEAD", "--", path)
        repository.git("checkout", "-q", commit.strip() + "^", "--", path)


def merge(repository, strategy, other):
    """A file where the other side has a folder conflicts all the same: both are committed."""
    done, _ = repository.git("merge", "-q", "-X", strategy, "-m", "merge", other)
    if done != 0:
        repository.git("add", "-A")
        repository.git("commit", "-q", "--allow-empty", "-m", "merge")


def step_merge(rng, repository):
    """The published commit is now the first, now the second parent."""
    repository.git("checkout", "-q", "-b", "side")
    step_add(rng, repository)
    repository.commit()
    if rng.random() < 0.5:
        repository.git("checkout", "-q", "main")
        step_add(rng, repository)
        repository.commit()
        merge(repository, "ours", "side")
    else:
        _, side = repository.git("rev-parse", "HEAD")
        repository.git("checkout", "-q", "main~1")
        step_add(rng, repository)
        repository.commit()
        merge(repository, "theirs", side.strip())
        repository.git("branch", "-f", "main", "HEAD")
        repository.git("checkout", "-q", "main")
    repository.git("branch", "-q", "-D", "side")


def step_configuration(rng, repository):
    if repository.configured:
        repository.write("gongkai.yml", CONFIG.replace("测试县", f"测试县{rng.randint(1, 3)}"))


STEPS = [step_add] * 5 + [step_edit] * 4 + [step_remove] * 2 + [step_rename] * 3 + [step_file] * 2
STEPS += [step_restore, step_merge, step_merge, step_configuration, step_many, step_remove_many]
STEPS += [step_remove_target, step_theme, step_nothing]
STEPS += [step_withdraw, step_give_back, step_expire, step_board, step_correct] * 2
