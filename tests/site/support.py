"""What the end-to-end tests share: TAP, repositories, the programs, a web server.

The tests run in the repository's root; BUILD names the folder of the programs.
"""
import contextlib
import importlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

BUILD = os.path.abspath(os.environ.get("BUILD", "build"))
GONGKAI = os.path.join(BUILD, "gongkai")
ROOT = os.path.abspath(".")


class Tap:
    """Cases, counted. `with Tap() as tap: tap.ok("what it proves", condition, "why not")`."""

    def __init__(self):
        self.number, self.failed = 0, 0

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        if kind is None:
            print(f"1..{self.number}")
            sys.exit(1 if self.failed else 0)

    def ok(self, name, is_good, why=""):
        self.number += 1
        self.failed += not is_good
        print(f"{'ok' if is_good else 'not ok'} {self.number} - {name}")
        if not is_good:
            for line in str(why).splitlines()[:40]:
                print(f"# {line[:400]}")
        sys.stdout.flush()
        return is_good

    def same(self, name, want, got):
        return self.ok(name, want == got, f"want {want!r}\n got {got!r}")

    def none(self, name, faults):
        """The list of faults is empty."""
        return self.ok(name, not faults, f"{len(faults)}:\n" + "\n".join(map(str, faults)))

    def skip(self, name, reason):
        self.number += 1
        print(f"ok {self.number} - {name} # SKIP {reason}")


@contextlib.contextmanager
def scratch():
    """A folder of this test's own, on the disk where the build is."""
    path = tempfile.mkdtemp(prefix="gongkai-test.")
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def run(*command, env=None, cwd=None, stdin=None, timeout=300):
    """Status, standard output and standard error as text."""
    done = subprocess.run(command, cwd=cwd, input=stdin, capture_output=True, timeout=timeout,
                          env={**os.environ, **(env or {})})
    return done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace")


def debian(module):
    """A module of one of Debian's python3-* packages, whichever Python runs the test."""
    sys.path.append("/usr/lib/python3/dist-packages")
    try:
        return importlib.import_module(module)
    finally:
        sys.path.remove("/usr/lib/python3/dist-packages")


def gongkai(*arguments, **options):
    return run(GONGKAI, *arguments, **options)


class Repository:
    """A git repository whose commits are made by hand, with days of our choosing."""

    def __init__(self, path):
        self.path = path
        self.git("init", "-q", "-b", "main", path, cwd=".")

    def git(self, *arguments, date="2026-03-05T10:00:00+0800", cwd=None, stdin=None):
        env = {
            **os.environ, "GIT_AUTHOR_DATE": date, "GIT_COMMITTER_DATE": date,
            "GIT_AUTHOR_NAME": "文书", "GIT_AUTHOR_EMAIL": "clerk@example.invalid",
            "GIT_COMMITTER_NAME": "文书", "GIT_COMMITTER_EMAIL": "clerk@example.invalid",
            "GIT_CONFIG_GLOBAL": "/dev/null",
        }
        done = subprocess.run(["git", *arguments], cwd=cwd or self.path, env=env, input=stdin,
                              capture_output=True, check=True)
        return done.stdout.decode(errors="replace").strip()

    def write(self, path, content):
        full = os.path.join(os.fsencode(self.path), os.fsencode(path))
        os.makedirs(os.path.dirname(full), exist_ok=True)
        with open(full, "wb") as file:
            file.write(content if isinstance(content, bytes) else content.encode())

    def remove(self, path):
        os.remove(os.path.join(os.fsencode(self.path), os.fsencode(path)))

    def commit(self, message="change", date="2026-03-05T10:00:00+0800"):
        self.git("add", "-A")
        self.git("-c", "commit.gpgsign=false", "commit", "-q", "--allow-empty", "-m", message,
                 date=date)
        return self.git("rev-parse", "HEAD")


def sample_site(folder):
    """The sample county, built below `folder`; the site's path."""
    repository = Repository(os.path.join(folder, "county"))
    shutil.copytree("content", repository.path, dirs_exist_ok=True)
    repository.commit("sample")
    out = os.path.join(folder, "site")
    status, _, errors = gongkai("build", "-C", repository.path, "-o", out, "--as-of", "2026-11-20",
                                "--theme", "themes/default")
    if status != 0:
        raise SystemExit(f"Bail out! {errors}")
    return out


def all_files(root):
    """Relative paths of all files below, sorted."""
    found = []
    for folder, _, names in os.walk(root):
        found += [os.path.relpath(os.path.join(folder, name), root) for name in names]
    return sorted(found)


def read(*parts):
    with open(os.path.join(*parts), "rb") as file:
        return file.read()


def contents(root):
    """Path -> bytes of all files below."""
    return {path: read(root, path) for path in all_files(root)}


def answers(port):
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
        return True
    except OSError:
        return False


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def server(site):
    """lighttpd over the site with the search programs, as in `make demo`; gives its address."""
    with scratch() as folder:
        port = free_port()
        env = {
            **os.environ, "GONGKAI_SITE": os.path.abspath(site), "GONGKAI_CGI": BUILD,
            "GONGKAI_ADDRESS": "127.0.0.1", "GONGKAI_PORT": str(port), "GONGKAI_RUN": folder,
            "PATH": os.environ["PATH"] + ":/usr/sbin:/sbin",
        }
        process = subprocess.Popen(["lighttpd", "-D", "-f", "site/server/lighttpd.conf"], env=env,
                                   stderr=subprocess.DEVNULL)
        try:
            for _ in range(100):
                if answers(port):
                    break
                if process.poll() is not None:
                    raise RuntimeError("lighttpd did not start")
                time.sleep(0.1)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait()


def fetch(url):
    """Status, headers and body; no exception for 4xx and 5xx."""
    try:
        with urllib.request.urlopen(url, timeout=60) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read()
