"""How long after a time limit, and after Ctrl-C, tabsafe goes on: the worst over hard inputs.

    python3 benches/overshoot.py [TABSAFE] [LIMIT]

Each input is one that a program may be busy with for long, of every kind of work: reading, counting, linking, rules, choice of cells,
rounding, noise, attack, proof, reading of drafts. Each is run with `--time-limit LIMIT` (2 seconds by default), and without a limit
and ended by SIGTERM after 2 seconds. Prints what each took, and the worst. Exits with 1 where a limit of S seconds took more than
S + 10 % + 1 s, a signal more than 0.3 s, or an exit code is none of the documented ones.
"""

import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

WAIT = 2.0
PATIENCE = 60.0


def table(path: Path, sizes: list[int], value, names: str = "abcdefgh") -> str:
    """A file with a row per cell; returns its variables."""
    names = list(names[: len(sizes)])
    with path.open("w") as out:
        out.write(",".join([*names, "n"]) + "\n")
        cell = [0] * len(sizes)
        while True:
            out.write(",".join(f"{name}{i}" for name, i in zip(names, cell)) + f",{value()}\n")
            for at in reversed(range(len(sizes))):
                cell[at] += 1
                if cell[at] < sizes[at]:
                    break
                cell[at] = 0
            else:
                return ",".join(names)


def records(path: Path, rows: int, sizes: list[int]) -> str:
    names = list("abcdefgh"[: len(sizes)])
    with path.open("w") as out:
        out.write(",".join(["id", *names]) + "\n")
        for row in range(rows):
            out.write(f"{row}," + ",".join(f"{n}{random.randrange(s)}" for n, s in zip(names, sizes)) + "\n")
    return ",".join(names)


def specification(path: Path, data: str, names: list[str], pairs: list[str], extra: str = "") -> None:
    text = f'title = "T"\n[input]\nfile = "{data}"\n{extra}'
    for name in names:
        text += f'[variables.{name}]\nlabel = "{name}"\ncolumn = "{name}"\nmissing = "error"\n'
    for pair in pairs:
        row, column = pair.split(",")
        text += f'[[tables]]\ntitle = "{pair}"\nrows = ["{row}"]\ncolumns = ["{column}"]\n'
    path.write_text(text)


def policy(path: Path, body: str) -> None:
    path.write_text(f'id = "hard"\ntitle = "Hard"\nversion = "1"\nevidence = "generic"\n[threshold]\nminimum = 5\n{body}')


def small() -> int:
    return random.choice([0, 1, 2, 3, 4, 5, 7, 9, 14, 30, 80])


def inputs(folder: Path) -> list[tuple[str, list[str]]]:
    """The inputs: what each is, and the command."""
    at = lambda name: folder / name
    found: list[tuple[str, list[str]]] = []

    def protect(what: str, file: Path, by: str, *more: str) -> None:
        found.append((what, ["protect", str(file), "--by", by, "--out", str(at("out.csv")), *more]))

    by = table(at("few.csv"), [5, 4], lambda: random.randint(1, 200))
    protect("threshold of 50,000", at("few.csv"), by, "--count", "n", "--threshold", "50000")
    protect("threshold of 5,000,000", at("few.csv"), by, "--count", "n", "--threshold", "5000000")
    by = table(at("flat.csv"), [100_000], small)
    protect("100,000 categories of one variable", at("flat.csv"), by, "--count", "n", "--threshold", "5")
    by = table(at("wide.csv"), [300, 200], small)
    for method in ("fast", "thorough", "optimal"):
        protect(f"60,000 cells, {method}", at("wide.csv"), by, "--count", "n", "--threshold", "5", "--method", method)
    by = table(at("cube.csv"), [30, 25, 20], small)
    protect("three dimensions", at("cube.csv"), by, "--count", "n", "--threshold", "5")
    protect("linked tables", at("cube.csv"), by, "--count", "n", "--threshold", "5", "--table", "a,b", "--table", "b,c", "--table", "a,c")
    by = table(at("six.csv"), [4, 4, 4, 4, 4, 4], small)
    protect("six dimensions", at("six.csv"), by, "--count", "n", "--threshold", "5")
    with at("sums.csv").open("w") as out:
        out.write("a,b,who,n\n")
        for row in range(60_000):
            out.write(f"a{row % 80},b{row % 67},w{row % 1999},{random.randint(1, 10**9)}\n")
    protect("sums, p percent", at("sums.csv"), "a,b", "--value", "n", "--contributor", "who", "--rule", "p-percent(10)")
    by = table(at("base.csv"), [40, 30, 12], lambda: random.randint(0, 10**6))
    for base in (5, 100_000):
        policy(at(f"round-{base}.toml"), f'[round]\nmethod = "controlled"\nbase = {base}\n')
        protect(f"controlled rounding to {base}", at("base.csv"), by, "--count", "n", "--policy", str(at(f"round-{base}.toml")))
    names = records(at("many.csv"), 400_000, [40, 35, 30, 25])
    protect("400,000 records", at("many.csv"), names, "--threshold", "5")
    pairs = ["a,b", "b,c", "c,d", "d,a"]
    policy(at("suppress.toml"), '[suppress]\nmethod = "auto"\n')
    specification(at("ring.toml"), "many.csv", list("abcd"), pairs)
    release = ["release", str(at("ring.toml")), "--policy", str(at("suppress.toml")), "--out", str(at("out"))]
    found.append(("tables in a ring", release))
    found.append(("a proof of tables in a ring", [*release, "--proof", str(at("proof.json"))]))
    with at("long.csv").open("w") as out:
        out.write("id,a,b\n")
        block = "".join(f"{i},a{i % 50},b{i % 37}\n" for i in range(100_000))
        for _ in range(60):
            out.write(block)
    protect("reading 6,000,000 records", at("long.csv"), "a,b", "--threshold", "5")
    with at("draft.csv").open("w") as out:
        out.write("area," + ",".join(f"y{i}" for i in range(60)) + "\n")
        for row in range(400):
            out.write(f"area {row}," + ",".join(random.choice(["[c]", "5", "9", "14", "30"]) for _ in range(60)) + "\n")
    found.append(("a draft of 24,000 cells", ["check", str(at("draft.csv")), "--threshold", "5"]))
    with at("words.txt").open("w") as out:
        for i in range(6000):
            out.write(f"In {1900 + i % 120} there were {random.randint(1, 90)} cases in area {i}, of which {random.randint(1, 9)} were women.\n")
    found.append(("a draft of 6,000 sentences", ["check", str(at("words.txt")), "--threshold", "5"]))
    by = table(at("noise.csv"), [200, 100], small)
    at("key").write_text("0123456789abcdef0123456789abcdef\n")
    policy(at("noise.toml"), f'[round]\nmethod = "random"\nbase = 3\nkey-file = "{at("key")}"\n')
    protect("random rounding", at("noise.csv"), by, "--count", "n", "--policy", str(at("noise.toml")))
    deep = table(at("deep.csv"), [12, 10, 8, 6, 5], small)
    protect("five dimensions, optimal", at("deep.csv"), deep, "--count", "n", "--threshold", "5", "--method", "optimal")
    return found


def run(tabsafe: str, arguments: list[str], stop: bool) -> tuple[float, int]:
    """Seconds after the limit or the signal, and the exit code."""
    began = time.monotonic()
    process = subprocess.Popen([tabsafe, *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    if stop:
        try:
            process.wait(WAIT)
        except subprocess.TimeoutExpired:
            began = time.monotonic()
            process.send_signal(signal.SIGTERM)
    try:
        code = process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        code = 999
    return (time.monotonic() - began if not stop or code != 0 else 0.0), code


def main() -> int:
    tabsafe = sys.argv[1] if len(sys.argv) > 1 else "tabsafe"
    limit = float(sys.argv[2]) if len(sys.argv) > 2 else 2.0
    random.seed(1)
    worst, bad = [0.0, 0.0], 0
    with tempfile.TemporaryDirectory() as name:
        hard = inputs(Path(name))
        print(f"{'input':40} {'limit of ' + format(limit, 'g') + ' s':>16} {'exit':>5} {'after SIGTERM':>14} {'exit':>5}")
        for what, arguments in hard:
            took, code = run(tabsafe, [*arguments, "--time-limit", str(limit)], False)
            after, stopped = run(tabsafe, arguments, True)
            over = took > limit * 1.1 + 1
            bad += over + (after > 0.3) + sum(c not in (0, 1, 2, 3, 4) for c in (code, stopped)) + (code == 2)
            worst = [max(worst[0], took - limit), max(worst[1], after)]
            print(f"{what:40} {took:14.2f} s {code:5} {after:12.2f} s {stopped:5}", flush=True)
        print(f"{len(hard)} inputs; at worst {worst[0]:.2f} s after the limit, {worst[1]:.2f} s after SIGTERM; {bad} beyond what is promised")
    return int(bad > 0)


if __name__ == "__main__":
    sys.exit(main())
