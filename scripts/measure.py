"""What bench and bench-search share: running programs and measuring them."""
import os
import statistics
import subprocess
import tempfile
import time

REPETITIONS = int(os.environ.get("BENCH_REPETITIONS", "3"))


class Cost:
    """Seconds of the wall clock and of processors, the most memory, in MB, and standard output."""

    def __init__(self, wall, cpu, memory, said=""):
        self.wall, self.cpu, self.memory, self.said = wall, cpu, memory, said

    def after(self, other):
        """One after the other."""
        return Cost(self.wall + other.wall, self.cpu + other.cpu, max(self.memory, other.memory))


def run(*command, **options):
    """Runs the program and those that it starts; gives their cost."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as errors:
        start = time.monotonic()
        process = subprocess.Popen(command, stdout=out, stderr=errors, **options)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        wall = time.monotonic() - start
        out.seek(0)
        errors.seek(0)
        if process.returncode != 0:
            said = errors.read().decode(errors="replace")
            raise SystemExit(f"bench: {command[0]}: {said[-600:]}")
        return Cost(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024,
                    out.read().decode(errors="replace"))


def median(costs):
    """Each measure's own median; of memory the most."""
    return Cost(statistics.median(cost.wall for cost in costs),
                statistics.median(cost.cpu for cost in costs), max(cost.memory for cost in costs))


def seconds(value):
    return f"{value * 1000:.0f} ms" if value < 1 else f"{value:.2f} s"


def ratio(value, base):
    return f"{value / base:.1f}" if base > 0 else ""


def table(title, head, rows):
    """Lines of a Markdown table."""
    return [f"### {title}", "", "| " + " | ".join(head) + " |",
            "|" + "---|" * len(head)] + ["| " + " | ".join(row) + " |" for row in rows] + [""]


def output_of(*command):
    try:
        return subprocess.run(command, capture_output=True, check=True).stdout.decode().strip()
    except (OSError, subprocess.CalledProcessError):
        return ""
