"""A repository that begins with real contents and is changed in every way that git and people know:
files, commits, the theme beside it, and the day as of which it is built."""
import datetime
import os
import shutil
import subprocess

START = datetime.datetime(2026, 12, 15, 9, tzinfo=datetime.timezone.utc)
MARKDOWN = (".md", ".markdown")
# So that a history goes on where a link leads nowhere, or what is due is not there.
LENIENT = "  级别:\n    R24: 警告\n"


class World:
    def __init__(self, folder, rng, content):
        self.path, self.rng = os.path.join(folder, "work"), rng
        self.theme = os.path.join(folder, "theme")
        self.root = rng.choice(["", "", "content", "内 容/a.b"])  # the content's folder in a commit
        self.clock = int(START.timestamp()) - rng.randint(0, 40) * 86400
        self.day = START.date() + datetime.timedelta(days=rng.randint(-20, 20))
        self.is_rewritten = False  # the published commit is to be left behind
        self.few = set()  # files that most steps choose from, so that they meet each other
        self.is_narrow = rng.random() < 0.7
        os.mkdir(self.path)
        self.git("init", "-q", "-b", "main", ".")
        shutil.copytree("themes/default", self.theme)
        shutil.copytree(content, self.full(), dirs_exist_ok=True,
                        ignore=shutil.ignore_patterns(".git"))

    # ---- git ----

    def git(self, *arguments, data=None, folder=None):
        moment = f"@{self.clock} +0800"  # without the @ git takes none after 2099
        environment = {**os.environ, "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1",
                       "GIT_AUTHOR_DATE": moment, "GIT_COMMITTER_DATE": moment}
        for role in ("AUTHOR", "COMMITTER"):
            environment |= {f"GIT_{role}_NAME": "c", f"GIT_{role}_EMAIL": "c@example.invalid"}
        done = subprocess.run(["git", "-c", "core.quotePath=false", "-c", "protocol.file.allow=always",
                               *arguments],
                              cwd=folder or self.path, env=environment, input=data,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        return done.returncode, done.stdout.decode("utf-8", "surrogateescape").strip()

    def commit(self):
        self.clock += self.rng.choice([0, 1, 60, 3600, 40000, 86400, 200000])
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", "step")

    def merge(self, *options):
        """Both sides are kept as well as may be: where they clash, one of them wins."""
        done, _ = self.git("merge", "-q", "--no-edit", *options)
        if done != 0:
            side = self.rng.choice(["--ours", "--theirs"])
            self.git("checkout", side, "--", ".")
            self.git("add", "-A")
            done, _ = self.git("commit", "-q", "--no-edit")
        if done != 0:
            self.git("merge", "--abort")
            self.git("reset", "-q", "--hard")

    # ---- files, by their paths in the content ----

    def full(self, path=""):
        return os.path.join(self.path, self.root, path) if path else os.path.join(self.path, self.root)

    def files(self, endings=""):
        found = []
        for folder, folders, names in os.walk(self.full()):
            folders[:] = sorted(name for name in folders if name != ".git")
            for name in sorted(names):
                path = os.path.relpath(os.path.join(folder, name), self.full())
                if path.lower().endswith(endings) and path != "gongkai.yml" and os.path.isfile(self.full(path)):
                    found.append(path)
        return found

    def folders(self):
        found = {os.path.dirname(path) for path in self.files()}
        for path in list(found):
            while path:
                path = os.path.dirname(path)
                found.add(path)
        return sorted(found - {""})

    def pool(self, endings):
        """All files of these endings, or a few that are chosen again and again."""
        found = self.files(endings)
        if not self.is_narrow or self.rng.random() < 0.3:
            return found
        few = [path for path in found if path in self.few]
        if len(few) < 2 and found:
            folder = os.path.dirname(self.rng.choice(self.files(".csv") or found))
            near = [path for path in self.files() if os.path.dirname(path) == folder]
            chosen = self.rng.sample(near, min(8, len(near))) + self.rng.sample(found, min(4, len(found)))
            self.few |= set(chosen) | {os.path.splitext(path)[0] + ".csv" for path in chosen}
            few = [path for path in found if path in self.few]
        return few or found

    def some(self, endings=MARKDOWN, most=1):
        found = self.pool(endings)
        return self.rng.sample(found, min(most, len(found)))

    def one(self):
        """A record; where there is none any more, a first one."""
        if not self.files(MARKDOWN):
            self.write("先.md", "---\ntitle: 先\n---\n文。\n")
        return self.some()[0]

    def read(self, path):
        with open(self.full(path), encoding="utf-8", errors="surrogateescape", newline="") as file:
            return file.read()

    def write(self, path, text):
        """Whatever stood there, or in its way, makes room."""
        data = text if isinstance(text, bytes) else text.encode("utf-8", "surrogateescape")
        parts = path.split("/")
        for count in range(1, len(parts)):
            above = self.full("/".join(parts[:count]))
            if os.path.islink(above) or os.path.isfile(above):
                os.remove(above)
        self.remove(path)
        os.makedirs(os.path.dirname(self.full(path)), exist_ok=True)
        with open(self.full(path), "wb") as file:
            file.write(data)

    def remove(self, path):
        full = self.full(path)
        if os.path.islink(full) or os.path.isfile(full):
            os.remove(full)
        elif os.path.isdir(full):
            shutil.rmtree(full)

    def move(self, old, new):
        """A file or folder; nothing where the one stands within the other."""
        if old == new or new.startswith(old + "/") or old.startswith(new + "/"):
            return
        spare = os.path.join(self.path, ".git", "spare")
        os.replace(self.full(old), spare)
        self.write(new, "")
        os.remove(self.full(new))
        os.replace(spare, self.full(new))

    # ---- days ----

    def near(self):
        """A day on which something begins or ends, seen from the one that is built for."""
        days = self.rng.choice([-400, -60, -31, -15, -2, -1, -1, 0, 0, 1, 1, 1, 1, 2, 2, 3, 15, 16, 31, 60])
        return (self.day + datetime.timedelta(days=days)).isoformat()

    def pass_days(self):
        far = self.rng.random() < 0.1
        days = self.rng.choice([-30, 45, 400] if far else [-16, -3, -1, -1, 1, 1, 1, 2, 3, 7, 15, 16])
        self.day += datetime.timedelta(days=days)
