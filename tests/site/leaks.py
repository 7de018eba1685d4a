"""Seeded leaks: numbers of persons in every disguise, in every place of a repository where one may
stand. Made independently of the program: it knows nothing of how the numbers are found.
"""
import datetime
import random

PROVINCES = ("11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63"
             " 64 65 71 81 82 83").split()
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def identity(rng):
    """GB 11643-1999."""
    day = datetime.date(1930, 1, 1) + datetime.timedelta(days=rng.randrange(33000))
    head = f"{rng.choice(PROVINCES)}{rng.randrange(10000):04}{day:%Y%m%d}{rng.randrange(1000):03}"
    return head + "10X98765432"[sum(int(c) * w for c, w in zip(head, WEIGHTS)) % 11]


def old_identity(rng):
    number = identity(rng)
    return number[:6] + number[8:17] if number[6:8] == "19" else old_identity(rng)


def mobile(rng):
    return f"1{rng.randrange(3, 10)}{rng.randrange(10 ** 9):09}"


def card(rng):
    """ISO/IEC 7812-1, with UnionPay's prefix."""
    head = f"62{rng.randrange(10 ** 13):013}" + "".join(rng.choices("0123456789", k=rng.randrange(4)))
    total = 0
    for place, digit in enumerate(reversed(head)):
        doubled = int(digit) * 2 if place % 2 == 0 else int(digit)
        total += doubled - 9 if doubled > 9 else doubled
    return head + str(-total % 10)


MAKERS = {"R16A": identity, "R16C": mobile, "R16E": card}


def groups(number):
    """How people write it: 138 0013 8000, 110105 19491231 002X, 6200 0000 0000 0005."""
    sizes = {11: (3, 4, 4), 18: (6, 8, 4)}.get(len(number)) if number[:2] != "62" else None
    parts = []
    while number:
        size = sizes[len(parts)] if sizes and len(parts) < len(sizes) else 4
        parts.append(number[:size])
        number = number[size:]
    return parts


def shift(zero, cross=None):
    table = {str(i): chr(zero + i) for i in range(10)}
    table["X"] = cross or "X"
    return lambda number: "".join(table[c] for c in number)


def spelled(digits):
    return lambda number: "".join(digits[int(c)] if c != "X" else c for c in number)


def between(text, by_group=True):
    return lambda number: text.join(groups(number) if by_group else number)


def each(form):
    return lambda number: "".join(form(c) for c in number)


def alternate(number):
    return "".join(c if i % 2 or c == "X" else chr(0xff10 + int(c)) for i, c in enumerate(number))


# Name: how the number is written. They work in any text.
DISGUISES = {
    "plain": str,
    "lower-case x": str.lower,
    "full-width": shift(0xff10, "Ｘ"),
    "full-width, small x": shift(0xff10, "ｘ"),
    "every second full-width": alternate,
    "Arabic-Indic": shift(0x660),
    "Devanagari": shift(0x966),
    "mathematical": shift(0x1d7ce),
    "subscript": shift(0x2080),
    "superscript": spelled("⁰¹²³⁴⁵⁶⁷⁸⁹"),
    "circled": spelled("⓪①②③④⑤⑥⑦⑧⑨"),
    "black circled": spelled("⓿❶❷❸❹❺❻❼❽❾"),
    "Chinese": spelled("〇一二三四五六七八九"),
    "Chinese, zero as 零": spelled("零一二三四五六七八九"),
    "Chinese in full": spelled("零壹贰叁肆伍陆柒捌玖"),
    "Roman ten": lambda number: number.replace("X", "Ⅹ"),
    "Cyrillic x": lambda number: number.replace("X", "Х"),
    "blanks": between(" "),
    "every place apart": between(" ", False),
    "hyphens": between("-"),
    "full-width hyphens": between("－"),
    "en dashes": between("–"),
    "dots": between("."),
    "middle dots": between("·"),
    "ideographic blanks": between("　"),
    "no-break blanks": between("\u00a0"),
    "thin blanks": between("\u2009"),
}

# They are seen through by Markdown and HTML alone, or refused elsewhere.
MARKUP = {
    "decimal references": each(lambda c: f"&#{ord(c)};"),
    "hexadecimal references": each(lambda c: f"&#x{ord(c):x};"),
    "references of references": each(lambda c: f"&amp;#{ord(c)};"),
    "named blanks": between("&nbsp;"),
    "soft hyphens by name": between("&shy;"),
    "zero width": between("\u200b", False),
    "zero-width joiners": between("\u200d"),
    "word joiners": between("\u2060"),
    "soft hyphens": between("\u00ad"),
    "byte-order marks": between("\ufeff"),
    "variation selectors": between("\ufe0f", False),
    "strong": between("**"),
    "emphasis": lambda number: "".join(f"*{part}*" for part in groups(number)),
    "strikethrough": between("~~"),
    "code": lambda number: "".join(f"`{part}`" for part in groups(number)),
    "tags": between("<b></b>"),
    "breaks": between("<wbr>"),
    "comments": between("<!-- x -->"),
    "escaped hyphens": between("\\-"),
}

# Where a reader sees two lines or cells: an identity number is certain there, others may be told
# as doubtful.
SPLIT = {
    "two lines": lambda number: number[:7] + "\n" + number[7:],
    "lines": between("\n"),
    "cells": between(" | "),
    "every place a cell": between("|", False),
    "HTML cells": between("</td><td>"),
    "commas": between(","),
}

PREFIXES = ("+86", "+86 ", "+86-", "0086", "86-", "（+86）")

# Name: the files of a record `stem` with the written number in it.
PLACES = {
    "paragraph": lambda stem, n: {f"{stem}.md": f"# 补贴\n\n三组张*明({n})今年补贴。\n"},
    "after a name": lambda stem, n: {f"{stem}.md": f"# 补贴\n\n户主王五{n}已经领取。\n"},
    "heading": lambda stem, n: {f"{stem}.md": f"# 关于{n}的公示\n\n正文。\n"},
    "list": lambda stem, n: {f"{stem}.md": f"# 名单\n\n- 甲\n- {n}\n"},
    "quotation": lambda stem, n: {f"{stem}.md": f"# 来信\n\n> 请回电\n> {n}\n"},
    "table": lambda stem, n: {f"{stem}.md": f"# 表\n\n| 户 | 备注 |\n|---|---|\n| 甲 | {n} |\n"},
    "code block": lambda stem, n: {f"{stem}.md": f"# 例\n\n```\n{n}\n```\n"},
    "indented code": lambda stem, n: {f"{stem}.md": f"# 例\n\n段。\n\n    {n}\n"},
    "comment": lambda stem, n: {f"{stem}.md": f"# 例\n\n<!-- 旧名单 {n} -->\n\n段。\n"},
    "alternative text": lambda stem, n: {f"{stem}.md": f"# 例\n\n![证件{n}](https://a.cn/x.png)\n"},
    "link's text": lambda stem, n: {f"{stem}.md": f"# 例\n\n[{n}](https://example.cn/)\n"},
    "link's title": lambda stem, n: {f"{stem}.md": f'# 例\n\n[甲](https://a.cn/ "{n}")\n'},
    "definition": lambda stem, n: {f"{stem}.md": f'# 例\n\n[甲]\n\n[甲]: https://a.cn/ "{n}"\n'},
    "HTML attribute": lambda stem, n: {f"{stem}.md": f'# 例\n\n<span data-x="{n}">甲</span>\n'},
    "beside 编号": lambda stem, n: {f"{stem}.md": f"# 例\n\n登记编号 2026-7,本人 {n}。\n"},
    "far from a label": lambda stem, n: {
        f"{stem}.md": f"# 例\n\n合同编号见附件,户主张三,{n}。\n"},
    "front matter": lambda stem, n: {f"{stem}.md": f"---\n标题: \"公示 {n}\"\n---\n\n段。\n"},
    "summary": lambda stem, n: {f"{stem}.md": f"---\n标题: 甲\n摘要: '{n}'\n---\n\n段。\n"},
    "block scalar": lambda stem, n: {
        f"{stem}.md": f"---\n标题: 甲\n摘要: |-\n  第一行\n  联系人 {n}\n---\n\n段。\n"},
    "tags": lambda stem, n: {f"{stem}.md": f"---\n标题: 甲\n标签:\n  - \"{n}\"\n---\n\n段。\n"},
    "YAML comment": lambda stem, n: {f"{stem}.md": f"---\n标题: 甲 # {n}\n---\n\n段。\n"},
    "CSV": lambda stem, n: {f"{stem}.md": "# 表\n\n段。\n", f"{stem}.csv": f"户,备注\n甲,\"{n}\"\n"},
    "CSV heading": lambda stem, n: {f"{stem}.md": "# 表\n\n段。\n",
                                    f"{stem}.csv": f"户,\"{n}\"\n甲,1\n"},
    "file name": lambda stem, n: {f"{stem}-{n}.md": "# 表\n\n段。\n"},
    "CSV file's name": lambda stem, n: {f"{stem}.md": "# 表\n\n段。\n", f"{stem}.名单{n}.csv": "甲\n1\n"},
}
NAMES = ("file name", "CSV file's name")
# What a file's name cannot hold, or a table's cell.
UNNAMEABLE = ("tags", "breaks", "comments", "escaped hyphens")


def percent(number):
    return "".join(f"%{ord(c):02X}" for c in number)


def yaml_escapes(number):
    return "".join(f"\\u{ord(c):04x}" if i % 2 else f"\\x{ord(c):02x}" for i, c in enumerate(number))


def folded(number):
    return "\n  ".join([number[:9] + "\\", number[9:]])


# Disguises that go with one place alone: (name, files of `stem` and the raw number).
SPECIAL = {
    "tel:": lambda stem, n: {f"{stem}.md": f"# 例\n\n[打电话](tel:{n})\n"},
    "address": lambda stem, n: {f"{stem}.md": f"# 例\n\n[查](https://a.cn/q?sfz={n}&phone={n})\n"},
    "percent-encoded": lambda stem, n: {f"{stem}.md": f"# 例\n\n[打电话](tel:{percent(n)})\n"},
    "path of a link": lambda stem, n: {f"{stem}.md": f"# 例\n\n[表](附件/{n}.pdf)\n"},
    "YAML escapes": lambda stem, n: {f"{stem}.md": f'---\n标题: "{yaml_escapes(n)}"\n---\n\n段。\n'},
    "YAML, an escaped line end": lambda stem, n: {
        f"{stem}.md": f'---\n标题: 甲\n摘要: "{folded(n)}"\n---\n\n段。\n'},
    "GB18030": lambda stem, n: {f"{stem}.md": "# 表\n\n段。\n",
                                f"{stem}.csv": f"户,备注\n甲,号{shift(0xff10, 'Ｘ')(n)}\n".encode("gb18030")},
    "UTF-16": lambda stem, n: {f"{stem}.md": "# 表\n\n段。\n",
                               f"{stem}.csv": f"户,备注\n甲,{n}\n".encode("utf-16")},
    "CRLF": lambda stem, n: {f"{stem}.md": f"# 例\r\n\r\n张三 {n}\r\n"},
    "vague heading": lambda stem, n: {
        f"{stem}.md": f"# 表\n\n| 户 | 身份证编号 |\n|---|---|\n| 甲 | {n} |\n"},
}


def leaks(seed):
    """Yields (name, code, number, files, may be told as doubtful)."""
    rng = random.Random(seed)
    stem = (f"甲村/{number:04}" for number in range(100000))
    everywhere = {**DISGUISES, **MARKUP}
    for place, files in PLACES.items():
        for disguise, write in everywhere.items():
            code = rng.choice(list(MAKERS))
            if place in NAMES and disguise in MARKUP:
                continue
            number = MAKERS[code](rng)
            while "x" in disguise and "X" not in number:
                code, number = "R16A", identity(rng)
            yield f"{disguise} in {place}", code, number, files(next(stem), write(number)), False
    for disguise, write in {**DISGUISES, **MARKUP, **SPLIT}.items():
        for code, make in MAKERS.items():
            number = make(rng)
            may_doubt = disguise in SPLIT and code != "R16A"
            yield (f"{disguise} {code}", code, number,
                   PLACES["paragraph"](next(stem), write(number)), may_doubt)
    for name, files in SPECIAL.items():
        for code, make in MAKERS.items():
            number = make(rng)
            may_doubt = name in ("vague heading", "path of a link") and code != "R16A"
            yield f"{name} {code}", code, number, files(next(stem), number), may_doubt
    for prefix in PREFIXES:
        for write in (str, between(" "), between("-"), shift(0xff10)):
            number = mobile(rng)
            yield (f"{prefix} and a mobile", "R16C", number,
                   PLACES["paragraph"](next(stem), prefix + write(number)), False)
    for label in ("身份证号:", "身份证 ", "公民身份号码："):
        number = old_identity(rng)
        yield (f"{label} of 15 places", "R16A", number,
               PLACES["paragraph"](next(stem), label + number), True)
