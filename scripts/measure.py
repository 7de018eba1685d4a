"""What bench and bench-search share: running programs and measuring them."""
import os
import statistics
import subprocess
import time

REPETITIONS = int(os.environ.get("BENCH_REPETITIONS", "3"))


class Cost:
    """Seconds of the wall clock and of processors, and the most memory, in MB, of one process."""

    def __init__(self, wall, cpu, memory):
        self.wall, self.cpu, self.memory = wall, cpu, memory


def run(*command, **options):
    """Runs the program and those that it starts; gives their cost."""
    start = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, **options)
    errors = process.stderr.read()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.monotonic() - start
    if process.returncode != 0:
        raise SystemExit(f"bench: {command[0]}: {errors.decode(errors='replace')[-600:]}")
    return Cost(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


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
