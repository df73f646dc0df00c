"""`optimal` and `thorough` on cell suppression instances in JJ format: loss, bound and gap, for docs/COMPARE.md.

    python3 benches/csplib.py FOLDER --time-limit 60 --write docs/COMPARE.md
    python3 benches/csplib.py FOLDER --only NINE5D,HIER13 --time-limit 300

FOLDER holds `.jj` files; they are not part of the project. `benches/csplib.tsv` holds what was known of some of them: the
best loss of a prototype and the best bound. What is measured of a binary is kept in the work folder, so instances may be run one at a
time. Each pattern is attacked by `tabsafe audit`.
"""

import argparse
import csv
import json
import os
import sys

import measure

HERE = os.path.dirname(os.path.abspath(__file__))


def options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", metavar="FOLDER")
    parser.add_argument("--only", metavar="NAMES", help="only these instances, separated by commas; none: only print what is kept")
    parser.add_argument("--methods", default="optimal,thorough", help="default: optimal,thorough")
    parser.add_argument("--time-limit", type=int, default=60, metavar="S", help="of the search; default: 60")
    measure.common(parser)
    given = parser.parse_args()
    measure.settle(given)
    return given


def names(given):
    """The instances to run, the smallest files first."""
    files = [name for name in os.listdir(given.folder) if name.endswith(".jj")]
    found = [f[:-3] for f in sorted(files, key=lambda f: os.path.getsize(os.path.join(given.folder, f)))]
    return measure.chosen(given.only, found)


def run(given, name, method):
    """Protects one instance and attacks the result."""
    out, report = (os.path.join(given.work, "csplib" + end) for end in (".jj", ".json"))
    command = [given.tabsafe, "protect", os.path.join(given.folder, name + ".jj"), "--method", method]
    command += ["--time-limit", str(given.time_limit), "--out", out, "--report", report, "--quiet"]
    protect = measure.Run(command, 2 * given.time_limit + 60)
    row = {"cpu": protect.processor, "wall": protect.seconds, "mebibytes": protect.mebibytes, "limit": given.time_limit}
    if protect.stopped:
        return row | {"verdict": f"stopped after {protect.seconds:.0f} s"}
    if protect.code:
        return row | {"verdict": f"exit {protect.code}: {protect.err.strip().splitlines()[0][:80]}"}
    with open(report) as file:
        row |= json.load(file)["summary"]
    audit = measure.Run([given.tabsafe, "audit", out, "--format", "json"], 300)
    if audit.stopped:
        row["verdict"] = f"audit stopped after {audit.seconds:.0f} s"
    elif audit.code in (0, 1, 4):
        row["verdict"] = json.loads(audit.out)["summary"]["verdict"]
    else:
        row["verdict"] = f"audit: exit {audit.code}"
    os.remove(out)
    os.remove(report)
    return row


def line(key, row, known):
    """A row of the table."""
    name, method = key.split(" ")
    before = known.get(name, {"best": "", "proven": ""})
    figures = [""] * 6
    if "loss" in row:
        gap = "proven" if row["proven_optimal"] else f"{100 * row['gap']:.1f} %"
        figures = [row["cells"], row["primaries"], row["secondaries"], grouped(row["loss"]), grouped(row["bound"]), gap]
    return [name, method, *figures, grouped(before["best"]), grouped(before["proven"]), measure.seconds(row), row["limit"],
            f"{row['mebibytes']:.0f}", row["verdict"]]


def grouped(number):
    """`2 033 155`."""
    return f"{int(number):,}".replace(",", " ") if number != "" else ""


def main():
    measure.end_with_children()
    given = options()
    os.makedirs(given.work, exist_ok=True)
    with open(os.path.join(HERE, "csplib.tsv"), newline="") as file:
        known = {row["instance"]: row for row in csv.DictReader(file, delimiter="\t")}
    store = measure.Store(os.path.join(given.work, "csplib.json"), measure.fingerprint(given.tabsafe))
    for name in names(given):
        for method in given.methods.split(","):
            key = f"{name} {method}"
            store.put(key, run(given, name, method))
            print(*line(key, store.rows[key], known), sep=" | ", file=sys.stderr, flush=True)
    rows = sorted(store.rows.items(), key=lambda kept: (kept[1].get("cells", 0), kept[0]))
    header = ["instance", "method", "cells", "primary", "secondary", "loss", "bound", "gap", "best before", "bound before",
              "seconds", "limit", "MiB", "audit says"]
    text = "\n\n".join([
        f"{measure.Run([given.tabsafe, '--version']).out.strip()}; {measure.circumstances()}.",
        measure.markdown(header, [line(name, row, known) for name, row in rows]),
    ])
    print(text)
    if given.write:
        measure.insert(given.write, "csplib.py", text)


if __name__ == "__main__":
    main()
