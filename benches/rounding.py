"""Times and closeness of rounding: controlled and small count rounding of tables of growing size.

    python3 benches/rounding.py
    python3 benches/rounding.py --write docs/methods/rounding.md

The tables come from seeds: `cube-N` are N x N x N tables without a hierarchy, `circle-…` tables over some of four variables
each that bind each other in a circle, `sparse-…` the same with hardly a count above 2, the others are those of
benches/instances.py. Each is rounded by `tabsafe protect --policy`; what is measured is the time inside the method, and
from the confidential report the sum of differences, the bound that no rounding passes, and the gap between the two.
"""

import argparse
import csv
import json
import os
import random
import sys

import instances
import measure

BASE = 5
CUBES = {"cube-10": 10, "cube-21": 21, "cube-30": 30}
CIRCLES = {
    "circle-12": ([12, 12, 12, 12], ["a,b,c", "b,c,d", "a,d"]),
    "circle-18": ([18, 18, 18, 6], ["a,b,c", "b,c,d", "a,c,d"]),
    "sparse-18": ([18, 18, 18, 6], ["a,b,c", "b,c,d", "a,c,d"]),
}
GENERATED = ("gen-810", "gen-8010", "gen-28035")
METHODS = ("controlled", "small-count")


def options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    names = [*CUBES, *CIRCLES, *GENERATED]
    parser.add_argument("--only", metavar="NAMES", help="only these tables, separated by commas: " + ", ".join(names))
    parser.add_argument("--limit", type=float, default=600, metavar="S", help="seconds after which a process is stopped")
    measure.common(parser)
    given = parser.parse_args()
    measure.settle(given)
    given.names = measure.chosen(given.only, names)
    os.makedirs(given.work, exist_ok=True)
    return given


def counts(folder, name, sizes, seed, mean=12):
    """Skewed counts with many zeros in each combination of categories; the file, and its variables."""
    path = os.path.join(folder, name + ".csv")
    by = "abcd"[: len(sizes)]
    draw = random.Random(seed)
    with open(path, "w", newline="") as file:
        out = csv.writer(file)
        out.writerow([*by, "count"])
        cells = [()]
        for size in sizes:
            cells = [(*c, i) for c in cells for i in range(size)]
        for cell in cells:
            count = 0 if draw.random() < 0.4 else int(draw.expovariate(1 / mean))
            if count:
                out.writerow([*(f"{v}{i:02}" for v, i in zip(by, cell)), count])
    return path, list(by)


def arguments(given, name):
    """What `tabsafe protect` must be told about a table."""
    if name in CUBES:
        path, by = counts(given.work, name, [CUBES[name]] * 3, 1)
        return [path, "--by", ",".join(by), "--count", "count"]
    if name in CIRCLES:
        sizes, tables = CIRCLES[name]
        path, by = counts(given.work, name, sizes, 2, 0.3 if name.startswith("sparse") else 12)
        return [path, "--by", ",".join(by), "--count", "count", *(w for t in tables for w in ("--table", t))]
    return instances.Instance(instances.generate(name, given.work)).arguments()


def policy(given, method):
    path = os.path.join(given.work, f"round-{method}.toml")
    with open(path, "w") as file:
        file.write(f'id = "bench"\ntitle = "Bench"\nversion = "1"\nevidence = "generic"\n[threshold]\nminimum = {BASE}\n'
                   f'zero = "withhold-if-needed"\n[round]\nmethod = "{method}"\nbase = {BASE}\nprotection = "exact"\n')
    return path


def run(given, name, method):
    report = os.path.join(given.work, f"round-{name}-{method}.json")
    if os.path.exists(report):
        os.remove(report)
    out = report.replace(".json", ".csv")
    command = [given.tabsafe, "protect", *arguments(given, name), "--policy", policy(given, method), "--report", report, "--out", out]
    ran = measure.Run(command, given.limit)
    if not os.path.exists(report):
        what = "stopped" if ran.stopped else ran.err.strip().splitlines()[0][:60] if ran.err.strip() else f"exit {ran.code}"
        return [name, "", method, what, "", "", "", "", ""]
    with open(report) as file:
        summary = json.load(file)["summary"]
    utility, seconds = summary["utility"], summary["seconds"]
    gap = f'{100 * summary["gap"]:.1f} %' if method == "controlled" else ""
    return [name, f'{summary["cells"]:,}', method, f'{summary["loss"]:,}', f'{summary["bound"]:,}' if gap else "", gap,
            f'{utility["mean_difference"]:.2f}', f'{utility["max_difference"]:.0f}', f'{seconds["protect"]:.1f}']


def main():
    given = options()
    header = ["table", "cells", "method", "differences", "bound", "gap", "mean", "largest", "seconds"]
    rows = [run(given, name, method) for name in given.names for method in METHODS]
    text = measure.markdown(header, rows) + f"\n\nBase {BASE}. {measure.circumstances()}"
    if given.write:
        measure.insert(given.write, "rounding.py", text)
    else:
        print(text)


if __name__ == "__main__":
    sys.exit(main())
