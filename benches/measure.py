"""Runs whole processes and tells how long they took and how much memory they held; keeps and prints what was found.

On a machine that others use too, seconds of the processor say more than seconds on the wall: both are kept.
"""

import hashlib
import json
import os
import re
import shutil
import signal
import statistics
import subprocess
import sys
import threading
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def common(parser, what="the table"):
    """The options that every measurement takes."""
    parser.add_argument("--tabsafe", metavar="FILE", help="default: the release build of this checkout")
    parser.add_argument("--work", metavar="DIR", default=os.path.join(ROOT, "target", "benches"))
    parser.add_argument("--write", metavar="FILE", help=f"put {what} between the marks of this Markdown file")


def settle(given):
    """Finds the program, and makes paths whole."""
    given.tabsafe = tabsafe(given.tabsafe)
    given.work = os.path.abspath(given.work)


class Run:
    """One run of a process: seconds, seconds of the processor, MiB, exit code, what it printed."""

    def __init__(self, command, limit=None, folder=None):
        with open(os.devnull) as nothing, Spool() as out, Spool() as err:
            start = time.monotonic()
            process = subprocess.Popen(
                command, stdin=nothing, stdout=out.file, stderr=err.file, cwd=folder, start_new_session=True
            )
            self.stopped = False
            timer = threading.Timer(limit, self._stop, [process.pid]) if limit else None
            if timer:
                timer.start()
            try:
                # `wait4` and not `Popen.wait`: it tells what this one process used
                _, status, usage = os.wait4(process.pid, 0)
            except BaseException:
                # whoever ends this script ends what it started as well
                self._stop(process.pid)
                raise
            finally:
                if timer:
                    timer.cancel()
            self.seconds = time.monotonic() - start
            process.returncode = self.code = os.waitstatus_to_exitcode(status)
            self.out, self.err = out.text(), err.text()
        self.processor = usage.ru_utime + usage.ru_stime
        self.mebibytes = usage.ru_maxrss / (1 << 20 if sys.platform == "darwin" else 1 << 10)

    def _stop(self, group):
        self.stopped = True
        try:
            os.killpg(group, signal.SIGKILL)
        except ProcessLookupError:
            pass


class Spool:
    """A nameless file for what a process prints: a pipe that nobody reads would block it."""

    def __enter__(self):
        import tempfile

        self.file = tempfile.TemporaryFile()
        return self

    def __exit__(self, *_):
        self.file.close()

    def text(self):
        self.file.seek(0)
        return self.file.read().decode(errors="replace")


class Runs:
    """Several runs of one command: the last one's output, and medians of what they took."""

    def __init__(self, command, times=3, limit=None, folder=None, budget=30.0):
        """Up to `times` runs, fewer if one more would pass `budget` seconds in all."""
        self.runs = []
        while len(self.runs) < times:
            self.runs.append(Run(command, limit, folder))
            spent = sum(run.seconds for run in self.runs)
            if self.last.stopped or spent + self.last.seconds > budget:
                break

    @property
    def last(self):
        return self.runs[-1]

    def record(self):
        """What is kept: the medians, the most memory, and whether the last one was stopped."""
        return {
            "cpu": statistics.median(run.processor for run in self.runs),
            "wall": statistics.median(run.seconds for run in self.runs),
            "mebibytes": max(run.mebibytes for run in self.runs),
            "runs": len(self.runs),
            "stopped": self.last.stopped,
        }


class Store:
    """What was measured of one version of something, in a file: tables may be measured one at a time."""

    def __init__(self, path, version):
        self.path, self.version, self.rows = path, version, {}
        if os.path.exists(path):
            with open(path) as file:
                kept = json.load(file)
            self.rows = kept["rows"] if kept["version"] == version else {}

    def put(self, key, row):
        """Keeps a row, in the place of an earlier one of that key."""
        self.rows[key] = row
        with open(self.path + ".part", "w") as file:
            json.dump({"version": self.version, "rows": self.rows}, file, indent=1)
        os.replace(self.path + ".part", self.path)


def chosen(only, standard):
    """The names that `--only` gives, or the standard ones."""
    return [] if only == "none" else only.split(",") if only else standard


def fingerprint(binary):
    """What tells one build from another."""
    with open(binary, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def end_with_children():
    """Lets `timeout` and others that end this script end what it runs as well."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))


def seconds(record):
    """`1.23 (1.40)`: of the processor, and on the wall."""
    return f"{record['cpu']:.2f} ({record['wall']:.2f})"


def tabsafe(given):
    """The binary to measure: as told, else the release build of this checkout."""
    folder = os.environ.get("CARGO_TARGET_DIR", os.path.join(ROOT, "target"))
    path = given or os.path.join(folder, "release", "tabsafe")
    if not os.path.exists(path):
        sys.exit(f"{path} is not there: build it by `cargo build --release`, or name one by --tabsafe")
    return os.path.abspath(path)


def tauargus(given):
    """The rival's command if it is installed: as told, else from the search path, else None."""
    path = given or shutil.which("tauargus")
    if given and not shutil.which(given):
        sys.exit(f"{given} is not there: `python3 -m venv DIR && DIR/bin/pip install pytauargus` makes DIR/bin/tauargus")
    return os.path.abspath(path) if path else None


def circumstances():
    """What a reader must know about the machine to judge the seconds."""
    load = os.getloadavg()[0]
    return f"{os.cpu_count()} cores, load {load:.1f} as this is printed, {time.strftime('%Y-%m-%d')}"


def insert(path, script, text):
    """Replaces what stands between the marks of a script in a Markdown file."""
    first, last = f"<!-- figures of benches/{script} -->", f"<!-- end of benches/{script} -->"
    with open(path) as file:
        page = file.read()
    pattern = re.escape(first) + ".*?" + re.escape(last)
    if not re.search(pattern, page, re.S):
        sys.exit(f"{path} has no place for the figures: it needs the lines {first} and {last}")
    with open(path, "w") as file:
        file.write(re.sub(pattern, lambda _: f"{first}\n{text}\n{last}", page, flags=re.S))


def markdown(header, rows):
    """A table in Markdown, its columns padded; numbers to the right; columns that hold nothing are left out."""
    cells = [list(map(str, header))] + [["" if c is None else str(c) for c in row] for row in rows]
    filled = [i for i in range(len(header)) if any(row[i] for row in cells[1:])]
    cells = [[row[i] for i in filled] for row in cells]
    header = cells[0]
    width = [max(len(row[i]) for row in cells) for i in range(len(header))]
    number = [all(row[i][:1].isdigit() or not row[i] for row in cells[1:]) for i in range(len(header))]
    lines = ["| " + " | ".join(pad(c, w, n) for c, w, n in zip(row, width, number)) + " |" for row in cells]
    rule = "|" + "|".join("-" * (w + 1) + (":" if n else "-") for w, n in zip(width, number)) + "|"
    return "\n".join([lines[0], rule] + lines[1:])


def pad(text, width, right):
    return text.rjust(width) if right else text.ljust(width)
