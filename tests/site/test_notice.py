#!/usr/bin/env python3
"""The sheet for the notice board: names from outside, their sums, A4, the code, and where it may go.

Chromium prints it and zbarimg reads its code.
"""
import os
import re
import stat
import subprocess
import sys
import tempfile

BUILD = os.environ.get("BUILD", "build/asan")
GONGKAI = os.path.abspath(f"{BUILD}/gongkai")
CONFIG = """title: 测试县
url: https://example.invalid/base/
organisations:
  - {key: liu, name: 柳湾村, type: village, folder: .}
items:
  - {key: aid, name: 社会救助, category: 救助, every: quarter, due: 15, issuers: [village]}
"""
RECORD = """---
标题: 第一季度低保对象名单
类型: 公开事项
目录事项: 社会救助
发布日期: 2026-03-01
索引号: 9901011A3/2026-00001
公示开始: 2026-03-01
公示结束: 2026-03-20
公开范围: 公示栏
户数: 60
金额: 18300
监督电话: 0999-5550121
---

名单如下。
"""
results = []


def check(is_so, what):
    results.append(is_so)
    print(f"{'ok' if is_so else 'not ok'} {len(results)} - {what}")


def run(*arguments, cwd):
    return subprocess.run(arguments, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)


def rows(change=None):
    lines = ["姓名,组别,月金额（元）"] + [f"王小{i},第{i % 5 + 1}组,{i * 10}" for i in range(1, 61)]
    if change:
        lines[7] = change
    return "\r\n".join(lines) + "\r\n"


def write(path, text, encoding="utf-8"):
    with open(path, "w", encoding=encoding, newline="") as file:
        file.write(text)


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def notice(root, *options):
    return run(GONGKAI, "notice", "低保", "--lang", "zh", *options, cwd=os.path.join(root, "repo"))


def make_repository(root):
    folder = os.path.join(root, "repo")
    os.makedirs(folder)
    write(f"{folder}/gongkai.yml", CONFIG)
    write(f"{folder}/低保.md", RECORD)
    run("git", "init", "-q", ".", cwd=folder)
    run("git", "add", "-A", cwd=folder)
    run("git", "-c", "user.name=c", "-c", "user.email=c@example.invalid", "commit", "-qm", "x", cwd=folder)


def check_sheet(root):
    write(f"{root}/names.csv", rows(), "gb18030")
    done = notice(root, "--names", "../names.csv", "-o", "../sheet.html")
    check(done.returncode == 0, "names in GB18030 are read, and agree with the record")
    check(stat.S_IMODE(os.stat(f"{root}/sheet.html").st_mode) == 0o600, "only its owner reads the sheet")
    text = read(f"{root}/sheet.html")
    wanted = ["王小60", "共 60 行", "18300.00", "0999-5550121", "2026年3月20日", "9901011A3/2026-00001",
              '<dd class="address">https://example.invalid/base/']
    check(all(word in text for word in wanted), "names, totals, dates, telephone and index number")
    outside = re.findall(r'(?:src|href)="([^"]*)"|url\(|@import|<script', text)
    check(not outside, "nothing comes from elsewhere")
    sizes = [int(size) for size in re.findall(r"font(?:-size)?: (\d+)pt", text)]
    check(sizes and min(sizes) >= 16, "no letter is smaller than 16 pt")


def check_print(root):
    run("chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer",
        f"--print-to-pdf={root}/sheet.pdf", f"{root}/sheet.html", cwd=root)
    info = run("pdfinfo", "sheet.pdf", cwd=root).stdout.decode()
    pages = int((re.search(r"Pages: +(\d+)", info) or [0, 0])[1])
    check("A4" in info and pages > 1, "it prints on A4, on more than one page")
    texts = [run("pdftotext", "-f", str(n), "-l", str(n), "sheet.pdf", "-", cwd=root).stdout.decode()
             for n in range(1, pages + 1)]
    with_names = [text for text in texts if "王小" in text]
    check(len(with_names) > 1 and all("姓名" in text for text in with_names),
          "every page with names repeats the heading row")
    run("pdftoppm", "-r", "150", "-png", "-f", str(pages), "sheet.pdf", "page", cwd=root)
    image = [name for name in os.listdir(root) if name.startswith("page")]
    code = run("zbarimg", "-q", "--raw", *image, cwd=root).stdout.decode().strip()
    check("https://example.invalid/base/低保/" in texts[-1].replace("\n", ""), "the printed address can be typed")
    check(code == "https://example.invalid/base/%E4%BD%8E%E4%BF%9D/", f"the printed code leads to the page: {code}")


def check_refusals(root):
    refused = [
        ("../bad.csv", rows("王小7,第3组,75"), ["18300.00", "18305.00", "60 行"], "an amount that does not agree"),
        ("../bad.csv", rows("王小7,第3组,七十"), ["bad.csv:8:9", "七十"], "an amount that is no number"),
        ("../bad.csv", rows().rsplit("王小60", 1)[0], ["59 行", "“户数”是 60"], "a row that is missing"),
        ("../bad.csv", "姓名,金额\n甲,1,2\n", ["bad.csv:2"], "a row with a field too many"),
    ]
    for path, text, words, what in refused:
        write(f"{root}/bad.csv", text)
        done = notice(root, "--names", path, "-o", "../bad.html")
        said = done.stderr.decode()
        is_so = done.returncode == 1 and all(word in said for word in words) and not os.path.exists(f"{root}/bad.html")
        check(is_so, f"refused with place and figures: {what}" + ("" if is_so else f": {said}"))
    done = notice(root, "--names", "../names.csv", "-o", "sheet.html")
    check(done.returncode == 1 and not os.path.exists(f"{root}/repo/sheet.html"), "not into the repository")
    run(GONGKAI, "build", "-o", "../out", "--as-of", "2026-03-10", cwd=f"{root}/repo")
    for place in ("../out/sheet.html", "../out/data/sheet.html"):
        done = notice(root, "-o", place)
        check(done.returncode == 1 and not os.path.exists(f"{root}/repo/{place}"), f"not into the site: {place}")


def check_as_it_is(root):
    done = notice(root, "-o", "../plain.html")
    text = read(f"{root}/plain.html") if done.returncode == 0 else ""
    check("名单如下" in text and "18300.00" in text, "without names the sheet of the record as it is")
    check(notice(root, "--names", "../none.csv", "-o", "../x.html").returncode == 3, "a file of names that is not there")
    missing = run(GONGKAI, "notice", "没有", "-o", "../x.html", cwd=f"{root}/repo")
    check(missing.returncode == 2 and "“没有.md”".encode() in missing.stderr, "a record that is not there")
    check(run(GONGKAI, "notice", cwd=f"{root}/repo").returncode == 2, "no record named")
    left = [name for name in os.listdir(root) if re.search(r"\.html\.\d+$", name)]
    check(not left, "nothing unfinished is left behind")


def main():
    with tempfile.TemporaryDirectory() as root:
        make_repository(root)
        check_sheet(root)
        check_print(root)
        check_refusals(root)
        check_as_it_is(root)
    print(f"1..{len(results)}")
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
