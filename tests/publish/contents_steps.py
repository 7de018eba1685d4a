"""What people do to records, tables and attachments: every step takes real text and changes it."""
import os
import re
import unicodedata

from contents_world import MARKDOWN

NUMBER = re.compile(r"^(?:索引号|index): *(\S+)", re.M)
DATE = re.compile(r"\b20\d\d-\d\d-\d\d\b")
SENTENCES = ["县里拨了路灯电费。", "见[看](<{link}>)。", "第{number}次公示。", "共{number}户，{number}.50元。",
             "# 又一节\n\n附件：[表](<{link}>)、[图](<{link}#节>)", "![图](<{link}>)",
             "| 项目 | 金额（元） |\n|---|---|\n| 路灯 | {number}.00 |", "> 引用 *斜* **粗** `码`",
             "[甲][一]\n\n[一]: <{link}>", "1. 一\n2. 二\n   - 三", "[外](https://example.invalid/{number})"]


def split(text):
    """Blocks of the front matter, each a key's lines, and the body; no block where there is none."""
    if not text.startswith("---\n") or "\n---\n" not in text[4:]:
        return [], text
    head, body = text[4:].split("\n---\n", 1)
    blocks = []
    for line in head.split("\n"):
        if blocks and (not line or line[0] in " -#"):
            blocks[-1] += "\n" + line
        else:
            blocks.append(line)
    return blocks, body


def join(blocks, body):
    return "---\n" + "\n".join(blocks) + "\n---\n" + body


def key_of(block):
    return block.split(":")[0].strip()


def with_line(text, line, *others):
    """The record says this and, of the same, nothing else."""
    blocks, body = split(text)
    gone = {key_of(line), *others}
    return join([block for block in blocks if key_of(block) not in gone] + [line] * bool(line), body)


def link(rng, world, path):
    others = world.folders() + ["nix.md", "a/b", "../x.md", ".", "gongkai.yml"]
    target = rng.choice(rng.choice([world.pool(""), world.pool((".csv", ".png", ".txt", ".pdf")), world.pool(MARKDOWN),
                                    others]) or others)
    target = os.path.relpath(target, os.path.dirname(path) or ".")
    if rng.random() < 0.3 and target.endswith(MARKDOWN):
        target = os.path.splitext(target)[0]
    return target + rng.choice(["", "", "", "#节", "/", "?q=1"])


def numbers(world):
    """Index numbers that there are, and one that nobody has."""
    found = [number for path in world.pool(MARKDOWN) for number in NUMBER.findall(world.read(path))]
    return found or ["99010110X/2026-00001"]


def step_body(rng, world):
    for path in world.some(most=rng.choice([1, 1, 2, 5])):
        blocks, body = split(world.read(path))
        parts = body.split("\n\n")
        at = rng.randint(0, len(parts))
        if rng.random() < 0.4 and parts:
            del parts[at % len(parts)]
        else:
            sentence = rng.choice(SENTENCES).format(link=link(rng, world, path), number=rng.randint(1, 99))
            parts.insert(at, sentence)
        world.write(path, join(blocks, "\n\n".join(parts)) if blocks else "\n\n".join(parts))


def step_links(rng, world):
    """Links alone, to what others have."""
    for path in world.some(most=rng.choice([1, 2])):
        links = "、".join(f"[看](<{link(rng, world, path)}>)" for _ in range(rng.randint(1, 5)))
        world.write(path, world.read(path) + "\n" + links + "\n")


def step_field(rng, world):
    """One field goes, or comes from another record."""
    for path in world.some(most=rng.choice([1, 2, 4])):
        blocks, body = split(world.read(path))
        if not blocks:
            continue
        others, _ = split(world.read(world.one()))
        chosen = rng.choice(others or blocks)
        at = next((i for i, block in enumerate(blocks) if key_of(block) == key_of(chosen)), len(blocks))
        if rng.random() < 0.3:
            del blocks[rng.randrange(len(blocks))]
        elif at == len(blocks):
            blocks.insert(rng.randint(0, at), chosen)
        else:
            blocks[at] = chosen
        world.write(path, join(blocks, body))


def step_same_field(rng, world):
    """A field that both have passes from one record to another: dates, units, items, steps, links."""
    for path in world.some(most=rng.choice([1, 3])):
        blocks, body = split(world.read(path))
        others, _ = split(world.read(world.one()))
        there = {key_of(block): block for block in others}
        both = [i for i, block in enumerate(blocks) if key_of(block) in there]
        if both:
            at = rng.choice(both)
            blocks[at] = there[key_of(blocks[at])]
            world.write(path, join(blocks, body))


def step_kind(rng, world):
    """One record becomes another's likeness: its kind, and all that it says, but for the number."""
    one, other = world.one(), world.one()
    text = world.read(other)
    own = NUMBER.search(world.read(one))
    world.write(one, with_line(text, "index: " + own[1] if own else "", "索引号", "index"))


def step_dates(rng, world):
    for path in world.some(most=rng.choice([1, 3])):
        text = world.read(path)
        found = list(DATE.finditer(text))
        if found:
            at = rng.choice(found)
            world.write(path, text[:at.start()] + world.near() + text[at.end():])


def step_due(rng, world):
    """Something comes, ends or is over near the day that is built for."""
    keys = {"publish_at": "定时发布", "depublish_at": "撤下日期", "定时发布": "publish_at", "撤下日期": "depublish_at",
            "expires": "失效日期", "effective": "生效日期", "notice_start": "公示开始", "notice_end": "公示结束",
            "date": "发布日期"}
    most = list(keys.items())[:rng.choice([4, 4, 9])]  # comes or goes, mostly
    for path in world.some(most=rng.choice([1, 2, 4, 4])):
        key, other = rng.choice(most)
        # A notice must stay for its days: without one the record may come and go on any.
        notice = ["notice_start", "notice_end", "公示开始", "公示结束"] if len(most) == 4 and rng.random() < 0.6 else []
        world.write(path, with_line(world.read(path), f"{key}: {world.near()}", other, *notice))


def step_hide(rng, world):
    lines = {"draft: true": "草稿", "草稿: 是": "draft", "draft: false": "草稿", "scope: board": "公开范围",
             "公开范围: 公示栏": "scope", "scope: web": "公开范围", "board_tables: [1]": "只贴公示栏的表"}
    for path in world.some(most=rng.choice([1, 2])):
        line, other = rng.choice(list(lines.items()))
        world.write(path, with_line(world.read(path), line, other))


def step_withdraw(rng, world):
    for path in world.some(most=rng.choice([1, 2])):
        title = rng.choice(["", ", title: 已撤回的事"])
        line = f"withdrawn: {{date: {world.near()}, reason: 有误{rng.randint(1, 9)}, approved_by: 镇{title}}}"
        world.write(path, with_line(world.read(path), line, "已撤回"))


def step_restore(rng, world):
    """What was withdrawn, hidden or taken down comes back."""
    gone = [path for path in world.files(MARKDOWN)
            if re.search(r"^(withdrawn|draft|depublish_at|publish_at|scope|withdraws):", world.read(path), re.M)]
    for path in rng.sample(gone, min(len(gone), rng.choice([1, 2, 9]))):
        world.write(path, with_line(world.read(path), "", "withdrawn", "draft", "depublish_at", "publish_at",
                                    "scope", "withdraws"))


def step_order(rng, world):
    """A record withdraws or corrects another, one that does so itself too."""
    for path in world.some(most=rng.choice([1, 1, 2])):
        key, other = rng.choice([("withdraws", "撤回"), ("withdraws", "撤回"), ("corrects", "更正")])
        number = rng.choice(numbers(world)) if rng.random() < 0.95 else "99010110X/2026-99999"
        world.write(path, with_line(world.read(path), f"{key}: {number}", other))


def step_chain(rng, world):
    """Corrections of corrections, each of which has a number of its own."""
    base = rng.choice(numbers(world))
    for number in range(rng.randint(1, 4)):
        own = f"99010110X/2026-{rng.randint(10, 99):05}"
        world.write(f"更正/{own[-5:]}.md", f"---\ntitle: 更正{number}\ndate: {world.near()}\nindex: {own}\n"
                    f"{rng.choice(['corrects', 'corrects', 'withdraws'])}: {base}\n---\n原来写错了。\n")
        base = own


def step_number(rng, world):
    """Two records exchange their numbers, or one goes."""
    paths = [path for path in world.pool(MARKDOWN) if NUMBER.search(world.read(path))]
    if len(paths) > 1:
        one, other = rng.sample(paths, 2)
        first, second = (NUMBER.search(world.read(path))[0] for path in (one, other))
        if rng.random() < 0.6:
            world.write(one, world.read(one).replace(first, second, 1))
            world.write(other, world.read(other).replace(second, first, 1))
        else:
            world.write(one, world.read(one).replace(first + "\n", "", 1))


def step_remove(rng, world):
    for path in world.some("", most=rng.choice([1, 1, 2, 6])):
        world.remove(path)


def step_copy(rng, world):
    """A record like another, in another place; it has another's number, or none."""
    for path in world.some(most=rng.choice([1, 3])):
        folder = rng.choice(world.folders() + [""])
        text = world.read(path)
        if rng.random() < 0.95:
            text = NUMBER.sub(f"index: 99010110X/2027-{rng.randint(1, 99999):05}", text)
        world.write(os.path.join(folder, f"{rng.randint(1, 40)}-抄.md"), text)


def step_table(rng, world):
    """A table beside its record, with it or without: rows, columns, another byte order mark."""
    for path in world.some(".csv", most=rng.choice([1, 1, 2])):
        rows = world.read(path).splitlines(keepends=True)
        choice = rng.random()
        if choice < 0.3 and len(rows) > 1:
            del rows[rng.randrange(1, len(rows))]
        elif choice < 0.6 and len(rows) > 1:
            rows.insert(rng.randrange(1, len(rows)), rng.choice(rows[1:]))
        elif choice < 0.7:
            rows = [row.rstrip("\r\n") + rng.choice(["\r\n", "\n"]) for row in rows]
        elif choice < 0.8:
            rows[:1] = ["\ufeff" + rows[0].lstrip("\ufeff")] if rows else []
        else:
            rows = [re.sub(r"\d", lambda found: str((int(found[0]) + 1) % 10), row, count=1) for row in rows]
        world.write(path, "".join(rows))


def step_table_comes(rng, world):
    path = rng.choice(world.files(MARKDOWN) or ["a.md"])
    table = os.path.splitext(path)[0] + rng.choice([".csv", ".明细.csv", ".board.csv", ".a.b.csv", ".CSV"])
    others = world.files(".csv")
    world.write(table, world.read(rng.choice(others)) if others and rng.random() < 0.6 else "名称,数\n甲,1\n")


def step_attachment(rng, world):
    """A file that is offered, vouched for or shown; it changes, goes and comes."""
    path = world.one()
    folder = os.path.dirname(path)
    name = rng.choice(["a b.pdf", "图 1.png", "é.txt", "照片.PNG", "数据.json", "v1.2.txt", "😀.png", "表.xlsx"])
    file = os.path.join(rng.choice([folder, folder, "", "附件"]), name)
    images = world.files(".png")
    data = f"文{rng.randint(1, 3)}\n".encode()
    if name.lower().endswith(".png") and images:
        with open(world.full(rng.choice(images)), "rb") as image:
            data = image.read()
    if rng.random() < 0.75:
        world.write(file, data)
    else:
        world.remove(file)
    target = os.path.relpath(file, folder or ".")
    text = world.read(path)
    if rng.random() < 0.5:
        text = with_line(text, f"attachments: ['{target}']", "附件")
    if rng.random() < 0.6:
        text = with_line(text, f"attestations: [{{file: '{target}', by: 甲, reason: 看过}}]", "附件声明")
    world.write(path, text + rng.choice(["", f"\n[看](<{target}>)\n", f"\n![图](<{target}>)\n"]))


def step_bytes(rng, world):
    """The same text, written by another editor; a huge one; none at all."""
    for path in world.some(most=rng.choice([1, 2])):
        text = world.read(path)
        variants = [text.replace("\n", "\r\n"), "\ufeff" + text.lstrip("\ufeff"), text.replace("\r\n", "\n"), "",
                    text.rstrip("\n"), text.encode("utf-16", "replace"), unicodedata.normalize("NFD", text), split(text)[1],
                    join(split(text)[0], ""), text + "很长的一段。" * 9000, text + "\n- 项" * 3000, "---\n---\n"]
        world.write(path, rng.choice(variants))


def step_personal(rng, world):
    """A number that must not stand there, or may, since somebody said why."""
    path = world.one()
    text = world.read(path)
    if rng.random() < 0.6:
        text = with_line(text, "exceptions: [{rule: R16C, reason: 值班, approved_by: 村委会}]", "豁免")
    world.write(path, text + f"\n值班电话 138001380{rng.randint(10, 99)}。\n")


def step_many(rng, world):
    """A listing passes its length, up and down."""
    folder, month = rng.choice(["很多", "很多/里"] + world.folders()), rng.choice(["2026-03", "2026-11", "2025-01"])
    there = [path for path in world.files(".md") if "/many-" in path]
    if there and rng.random() < 0.5:
        for path in there[rng.randint(0, len(there)):]:
            world.remove(path)
        return
    for number in range(rng.choice([20, 120, 205])):
        world.write(f"{folder}/many-{number}.md", f"---\ntitle: 第{number}件\ndate: {month}-0{number % 3 + 1}\n"
                    f"tags: [多]\n---\n文{number}。\n")


RECORD_STEPS = [step_body, step_body, step_links, step_links, step_field, step_same_field, step_same_field, step_kind,
                step_dates, step_number, step_remove, step_copy, step_table, step_table_comes, step_attachment,
                step_attachment, step_bytes, step_personal, step_many]
# What becomes of a record: it is due, hidden, withdrawn, corrected, and comes back.
FATE_STEPS = [step_due, step_due, step_due, step_hide, step_hide, step_withdraw, step_restore, step_restore, step_order,
              step_order, step_chain, step_number, step_copy]
