"""Kills `tabsafe release` at random moments (SIGKILL) over a folder that holds an earlier release, and looks at what stands there.

    python3 benches/kills.py [RUNS] [TABSAFE]

Two data sets give two releases. In turn the one is released over the other, in all formats, and killed after a random time, most of
them while files are written. Whatever the moment: every file is of one release, none is missing, the user's own files and folders
are there, and nothing temporary stands among them. The next run that is left alone clears what killed runs left.
Exits with 1 where a folder was mixed, half or not cleared.
"""

import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

FORMATS = "text,csv,json,markdown,html,xlsx,ods,csvw,zip,sdmx-csv,parquet,answer-text,answer-markdown,answer-docx"
ROOT = Path(__file__).resolve().parent.parent


def spec(folder: Path, name: str, shift: int) -> Path:
    """A specification with its records; `shift` makes another release of it."""
    rows = ["region,sex"]
    for i in range(12):
        rows += [f"r{i % 4},s{i % 3}"] * (3 + (i * 7 + shift) % 23)
    (folder / f"{name}.csv").write_text("\n".join(rows) + "\n")
    text = f'title = "T"\n[input]\nfile = "{name}.csv"\n'
    for variable in ("region", "sex"):
        text += f'[variables.{variable}]\nlabel = "{variable}"\ncolumn = "{variable}"\nmissing = "error"\n'
    text += '[[tables]]\ntitle = "Region by sex"\nrows = ["region"]\ncolumns = ["sex"]\n'
    path = folder / f"{name}.toml"
    path.write_text(text)
    return path


def command(tabsafe: str, path: Path, out: Path, folder: Path) -> list[str]:
    extra = ["--report", str(folder / "private" / "report.json"), "--format", FORMATS, "--policy", str(folder / "policy.toml")]
    return [tabsafe, "release", str(path), "--out", str(out), *extra]


def content(out: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in out.iterdir() if p.is_file()}


def main() -> int:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    tabsafe = sys.argv[2] if len(sys.argv) > 2 else "tabsafe"
    random.seed(1)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "private").mkdir()
        (folder / "policy.toml").write_text(POLICY)
        specs = [spec(folder, "a", 0), spec(folder, "b", 5)]
        whole, spent = [], []
        for path in specs:
            out = folder / f"whole-{path.stem}"
            began = time.monotonic()
            subprocess.run(command(tabsafe, path, out, folder), check=True, capture_output=True)
            spent.append(time.monotonic() - began)
            whole.append(content(out))
        out = folder / "out"
        subprocess.run(command(tabsafe, specs[0], out, folder), check=True, capture_output=True)
        (out / "notes.txt").write_text("of the user")
        (out / "more").mkdir()
        (out / "more" / "own.txt").write_text("of the user")
        counts = {"old": 0, "new": 0, "mixed": 0, "half": 0, "lost": 0, "temporary": 0}
        stands = 0
        for run in range(runs):
            new = 1 - stands
            process = subprocess.Popen(command(tabsafe, specs[new], out, folder), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(random.uniform(0.5, 1.1) * max(spent))
            process.kill()
            process.wait()
            # the worker ends with the process that waits for it
            time.sleep(0.05)
            found = content(out)
            if found.pop("notes.txt", b"") != b"of the user":
                counts["lost"] += 1
            counts["temporary"] += any(p.name.startswith(".tabsafe-") for p in out.iterdir())
            if found == whole[stands]:
                counts["old"] += 1
            elif found == whole[new]:
                counts["new"] += 1
                stands = new
            else:
                olds = [n for n in found if found[n] == whole[stands].get(n)]
                news = [n for n in found if found[n] == whole[new].get(n)]
                counts["mixed" if set(olds) - set(news) and set(news) - set(olds) else "half"] += 1
        subprocess.run(command(tabsafe, specs[1 - stands], out, folder), check=True, capture_output=True)
        if not (out / "more" / "own.txt").exists():
            counts["lost"] += 1
        places = [folder, folder / "private", out]
        left = [str(p) for place in places for p in place.iterdir() if p.name.startswith(".tabsafe-")]
        print(", ".join(f"{n} {what}" for what, n in counts.items()), f"of {runs} kills; left after the next run: {len(left)}")
        return int(any(counts[k] for k in ("mixed", "half", "lost", "temporary")) or bool(left))


POLICY = """\
id = "kills"
title = "Kills"
version = "1"
evidence = "generic"
[threshold]
minimum = 5
[suppress]
method = "fast"
"""

if __name__ == "__main__":
    sys.exit(main())
