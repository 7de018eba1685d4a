#!/usr/bin/env python3
"""`gongkai serve`: the site as it would be, pages and search, built anew as files change; on this
machine alone, nothing but the site, and nothing left behind."""
import contextlib
import glob
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from clerk import GONGKAI, THEME, page  # noqa: E402
from support import Repository, Tap, fetch, free_port, scratch  # noqa: E402

CONFIG = "title: 甲县\nurl: https://example.invalid/gov/\n"


@contextlib.contextmanager
def serving(repository, *options):
    port = free_port()
    process = subprocess.Popen([GONGKAI, "serve", "-C", repository.path, "--theme", THEME, "--port",
                                str(port), "--lang", "zh", *options], stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE)
    lines = []
    for line in process.stdout:
        lines.append(line.decode())
        if "http://" in lines[-1]:
            break
    try:
        yield process, f"http://127.0.0.1:{port}", "".join(lines)
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
        process.stdout.close()
        process.stderr.close()


def raw(address, request):
    """What comes back for bytes that no client would send."""
    host, port = address[7:].split(":")
    with socket.create_connection((host, int(port)), 30) as connection:
        answer = b""
        with contextlib.suppress(OSError):  # it may hang up before all is sent
            connection.sendall(request)
            connection.shutdown(socket.SHUT_WR)
        with contextlib.suppress(OSError):
            while piece := connection.recv(65536):
                answer += piece
        return answer


def folder_of_files(tap, repository):
    with serving(repository, "--worktree") as (process, address, said):
        tap.ok("its address is told", f"{address}/gov/" in said, said)
        status, headers, body = fetch(address + "/gov/")
        tap.ok("the first page is there", status == 200 and "甲县".encode() in body and
               headers["Content-Type"].startswith("text/html"), (status, body[:300]))
        body_of_first = body
        tap.same("a folder without its slash is sent on", f"{address}/gov/%E6%9D%91/a/",
                 _redirected(address + "/gov/%E6%9D%91/a"))
        status, _, body = fetch(address + "/gov/search.cgi?format=json&q=%E8%B7%AF%E7%81%AF")
        tap.ok("the search answers", status == 200 and b'"total":1' in body.replace(b" ", b""), body)
        sheet = re.search(rb'rel="stylesheet"[^>]*href="([^"]+)"|href="([^"]+)"[^>]*rel="stylesheet"', body_of_first)
        status, headers, _ = fetch(address + (sheet[1] or sheet[2]).decode())
        tap.ok("a style sheet is one", status == 200 and headers["Content-Type"].startswith("text/css"), sheet)
        status, _, body = fetch(address + "/gov/nothing/")
        tap.ok("what is not there is answered by the site's own page", status == 404 and b"<html" in body, body)

        repository.write("村/a.md", page("换成水渠了。"))
        tap.ok("a change is seen by the next page", "换成水渠了。".encode() in
               fetch(address + "/gov/%E6%9D%91/a/")[2])
        repository.write("村/a.md", page("错").replace("发布日期", "发步日期"))
        tap.ok("a fault leaves the page that was", "换成水渠了。".encode() in
               fetch(address + "/gov/%E6%9D%91/a/")[2])
        repository.write("村/a.md", page("又好了。"))
        tap.ok("until it is mended", "又好了。".encode() in fetch(address + "/gov/%E6%9D%91/a/")[2])

        odd = {b"GET /gov/../../../etc/passwd HTTP/1.1\r\n\r\n": b"404",
               b"GET /gov/%2e%2e/%2e%2e/etc/passwd HTTP/1.1\r\n\r\n": b"404",
               b"GET /gov/%00 HTTP/1.1\r\n\r\n": b"404", b"GET /gov/%zz HTTP/1.1\r\n\r\n": b"404",
               b"GET /elsewhere HTTP/1.1\r\n\r\n": b"404", b"POST /gov/ HTTP/1.1\r\n\r\n": b"405",
               b"\r\n\r\n": b"", b"GET": b"", b"x" * 70000: b""}
        answers = {request[:40]: raw(address, request) for request in odd}
        tap.none("nothing but the site is given", [
            (request[:40], answers[request[:40]][:80]) for request, want in odd.items()
            if want not in answers[request[:40]][:20] or b"root:" in answers[request[:40]]])
        tap.same("and it goes on", 200, fetch(address + "/gov/")[0])
        folder = glob.glob("/tmp/gongkai-serve.*")
        process.send_signal(signal.SIGINT)
        tap.same("Ctrl-C ends it well", 0, process.wait(30))
        tap.ok("and leaves nothing behind", len(set(glob.glob("/tmp/gongkai-serve.*")) & set(folder)) <
               len(folder), folder)


def _redirected(url):
    with urllib.request.urlopen(url, timeout=30) as answer:
        return answer.url


def commits(tap, repository):
    with serving(repository) as (_, address, _):
        repository.write("村/a.md", page("还没有提交。"))
        tap.ok("without --worktree only commits count", "又好了。".encode() in fetch(address + "/gov/%E6%9D%91/a/")[2])
        repository.commit()
        tap.ok("and are seen", "还没有提交。".encode() in fetch(address + "/gov/%E6%9D%91/a/")[2])


def refusals(tap, repository):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen(1)
        done = subprocess.run([GONGKAI, "serve", "-C", repository.path, "--theme", THEME, "--port",
                               str(taken.getsockname()[1])], capture_output=True, timeout=60)
        tap.ok("a port that is taken is told", done.returncode == 3 and b"127.0.0.1" in done.stderr, done.stderr)


def main():
    with scratch() as folder, Tap() as tap:
        repository = Repository(os.path.join(folder, "r"))
        repository.write("gongkai.yml", CONFIG)
        repository.write("村/a.md", page("路灯修好了。"))
        repository.commit()
        folder_of_files(tap, repository)
        repository.commit()
        commits(tap, repository)
        refusals(tap, repository)


main()
