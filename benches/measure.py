"""Runs whole processes and tells how long they took and how much memory they held."""

import os
import shutil
import signal
import statistics
import subprocess
import sys
import threading
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


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
            # `wait4` and not `Popen.wait`: it tells what this one process used
            _, status, usage = os.wait4(process.pid, 0)
            self.seconds = time.monotonic() - start
            if timer:
                timer.cancel()
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
    """Several runs of one command: the last one's output, and the median, least and most of the times."""

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

    def spread(self):
        """Median, least and most of the whole-process seconds."""
        seconds = [run.seconds for run in self.runs]
        return statistics.median(seconds), min(seconds), max(seconds)

    @property
    def seconds(self):
        return self.spread()[0]

    @property
    def mebibytes(self):
        return max(run.mebibytes for run in self.runs)

    @property
    def processor(self):
        return statistics.median(run.processor for run in self.runs)


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
    return f"{os.cpu_count()} cores, load {load:.1f} when it began, {time.strftime('%Y-%m-%d')}"


def markdown(header, rows):
    """A table in Markdown, its columns padded; numbers to the right."""
    cells = [list(map(str, header))] + [["" if c is None else str(c) for c in row] for row in rows]
    width = [max(len(row[i]) for row in cells) for i in range(len(header))]
    number = [all(row[i][:1].isdigit() or row[i][:1] in "" for row in cells[1:]) for i in range(len(header))]
    lines = ["| " + " | ".join(pad(c, w, n) for c, w, n in zip(row, width, number)) + " |" for row in cells]
    rule = "|" + "|".join("-" * (w + 1) + (":" if n else "-") for w, n in zip(width, number)) + "|"
    return "\n".join([lines[0], rule] + lines[1:])


def pad(text, width, right):
    return text.rjust(width) if right else text.ljust(width)
