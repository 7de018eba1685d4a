#!/usr/bin/env python3
"""Help and what is said of wrong words stand in the language asked for, each command and option."""
import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "site"))

from support import Tap, gongkai  # noqa: E402

HAN = re.compile("[\u4e00-\u9fff]")
COMMANDS = ("build", "check", "init", "new", "notice", "search", "serve", "verify")


def ask(*arguments, language):
    return gongkai(*arguments, env={"LANG": f"{language}.UTF-8", "LC_ALL": "", "LC_MESSAGES": ""})


def main():
    with Tap() as tap:
        for language, is_zh in (("zh_CN", True), ("en_GB", False), ("", True)):
            status, out, said = ask("--help", language=language)
            rows = re.findall(r"^  (\w+) +(.+)$", out, re.MULTILINE)
            tap.same(f"every command is listed ({language})", list(COMMANDS), [row[0] for row in rows])
            tap.none(f"in its language ({language})", [row for row in rows if bool(HAN.search(row[1])) != is_zh])
            for command in COMMANDS:
                status, out, said = ask(command, "--help", language=language)
                options = re.findall(r"^ +(?:-\w, )?--\S+(?: \S+)? {2,}(.+)$", out, re.MULTILINE)
                wrong = [text for text in options if bool(HAN.search(text)) != is_zh]
                tap.ok(f"{command} --help ({language})", status == 0 and len(options) > 1 and not wrong, out + said)
        tap.ok("--lang behind --help counts", not HAN.search(ask("build", "--help", "--lang", "en", language="zh_CN")[1]))
        for words, zh, en in ((("build", "--nope"), "没有“--nope”这个选项", "no option “--nope”"),
                              (("build", "--ref"), "“--ref”后面要写内容", "takes an argument"),
                              (("build", "-j", "0"), "后面不能写“0”", "does not take “0”"),
                              (("check", "x"), "仓库写在 -C 后面", "behind -C"),
                              (("nope",), "没有“nope”这个命令", "no command “nope”"),
                              (("notice",), "如 gongkai notice", "as in gongkai notice"),
                              (("verify",), "如 gongkai verify", "as in gongkai verify"),
                              (("search",), "如 gongkai search", "as in gongkai"),
                              (("init",), "如 gongkai init", "as in gongkai init"),
                              (("new",), "如 gongkai new", "as in gongkai new")):
            for language, want in (("zh_CN", zh), ("en_GB", en)):
                status, out, said = ask(*words, language=language)
                tap.ok(f"{' '.join(words)} ({language})", status == 2 and want in said, said)
        said = ask("new", "没有的", "-C", ".", "--content", "content", language="zh_CN")[2]
        tap.ok("kinds and items can be told apart and copied", "会议记录；民主协商" in said and
               "章程、村规民约与制度；" in said and "如 gongkai new 公开事项" in said, said)


main()
