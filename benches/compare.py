"""tabsafe and its rivals on the same tables, in the same run: the first tables of docs/COMPARE.md.

    python3 benches/compare.py --quick --tauargus VENV/bin/tauargus          under 3 minutes
    python3 benches/compare.py --instances FOLDER --tauargus VENV/bin/tauargus --write docs/COMPARE.md

Needs Python 3.11 and a release build of tabsafe; nothing else for tabsafe alone. The rival that pip can install
goes into an environment of its own: `python3 -m venv VENV && VENV/bin/pip install pytauargus`. GaussSuppression
needs R: where `benches/gausssuppression.tsv` knows a figure of it for a table, it is shown as taken from there.

Tables are made from seeds (benches/instances.py); `--instances` adds a folder of others. Every pattern, whoever made it,
is attacked by `tabsafe audit`. Of the cells that the rule calls unsafe, "exact" are those whose count can be worked out, and
"narrow" further ones where a count that the rule hides (1 to threshold-1) can be ruled out although withholding could
hide it. An unsafe cell that a pattern publishes counts as exact.
"""

import argparse
import csv
import json
import os
import sys
import time

import instances
import measure
import rival

HERE = os.path.dirname(os.path.abspath(__file__))
# `optimal` is for small tables: beyond this it would only use up its time limit
OPTIMAL_CELLS = 1_000
# and the rival's optimum, where it is given the time, beyond this
RIVAL_OPT_CELLS = 10_000
# of `--quick`, so that all of it stays under 3 minutes on a busy machine
QUICK_SECONDS = 160
METHODS = {
    "fast": ["--method", "fast"],
    "thorough": ["--method", "thorough"],
    "exact": ["--method", "thorough", "--protection", "exact"],
    "optimal": ["--method", "optimal"],
}
RIVALS = tuple(rival.METHODS)


def options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="tables up to 9 000 cells, short limits: under 3 minutes")
    parser.add_argument("--instances", metavar="DIR", help="a folder of further tables, each a folder of its own")
    parser.add_argument("--only", metavar="NAMES", help="only these tables, separated by commas; none: only print what is kept")
    parser.add_argument("--cells", type=int, metavar="N", help="tables up to so many cells (default 30 000)")
    parser.add_argument("--thresholds", default="3,5", help="default: 3,5")
    parser.add_argument("--runs", type=int, default=3, help="runs of each command, of which the median counts")
    parser.add_argument("--limit", type=float, metavar="S", help="seconds after which a process is stopped")
    measure.common(parser, "the tables")
    parser.add_argument("--tauargus", metavar="FILE", help="pytauargus' command; default: from the search path")
    parser.add_argument("--keep-rivals", action="store_true", help="take the rivals' figures of earlier runs where there are any")
    given = parser.parse_args()
    given.cells = given.cells or (9_000 if given.quick else 30_000)
    given.limit = given.limit or (15 if given.quick else 300)
    given.optimal = 6 if given.quick else 60
    # a command is run again while all its runs together stay below this
    given.budget = 3 if given.quick else 30
    given.end = time.monotonic() + (QUICK_SECONDS if given.quick else 86_400)
    measure.settle(given)
    given.tauargus = measure.tauargus(given.tauargus)
    given.thresholds = [int(word) for word in given.thresholds.split(",")]
    return given


def tables(given):
    """The tables to run, the smallest first."""
    made = []
    for name in instances.FAMILIES:
        if int(name.split("-")[1]) <= given.cells:
            made.append(instances.Instance(instances.generate(name, given.work)))
    made += instances.read_all(given.instances) if given.instances else []
    wanted = measure.chosen(given.only, [table.name for table in made])
    return sorted((t for t in made if t.cells() <= given.cells and t.name in wanted), key=instances.Instance.cells)


def left(given):
    """Seconds that the next process may take; below 1 there is no time left."""
    return min(given.limit, given.end - time.monotonic())


def audit(given, table, counts, threshold, withheld):
    """What `tabsafe audit` can work out of a pattern."""
    path = os.path.join(given.work, "published.csv")
    with open(path, "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([*table.by, "count"])
        writer.writerows([*cell, "x" if cell in withheld else count] for cell, count in counts.items())
    command = [given.tabsafe, "audit", path, "--by", ",".join(table.by), "--count", "count", "--marker", "x=withheld"]
    for variable in table.by:
        command += ["--hierarchy", f"{variable}={table.hierarchy(variable)}"]
    run = measure.Run([*command, "--total", "Total", "--threshold", str(threshold), "--format", "json"], given.limit)
    if run.stopped:
        return {"verdict": f"audit stopped after {run.seconds:.0f} s"}
    # 0 safe, 1 unsafe, 4 inconclusive
    if run.code not in (0, 1, 4):
        sys.exit(f"the audit of {table.name} ended with {run.code}: {run.err}")
    found = json.loads(run.out)
    unsafe = {cell for cell, count in counts.items() if 0 < count < threshold}
    exact, narrow = len(unsafe - withheld), 0
    for cell in found["cells"]:
        if tuple(cell["by"][variable] for variable in table.by) in unsafe:
            exact += cell["exact"]
            narrow += not cell["protected"] and not cell["exact"]
    return {"exact": exact, "narrow": narrow, "verdict": found["summary"]["verdict"]}


def ended(given, table, counts, threshold, runs, withheld):
    """What is kept of a method's runs and its pattern, `None` where there is none."""
    outcome = runs.record()
    if runs.last.stopped:
        outcome["note"] = f"stopped after {runs.last.seconds:.0f} s"
    elif withheld is None:
        told = (runs.last.err or runs.last.out).strip().splitlines() or [f"exit {runs.last.code}"]
        outcome["note"] = f"failed: {told[-1][-80:]}"
    else:
        if withheld - counts.keys():
            sys.exit(f"a pattern of {table.name} names cells that are not there: {sorted(withheld - counts.keys())[:3]}")
        outcome |= {"withheld": len(withheld), **audit(given, table, counts, threshold, withheld)}
    return outcome


def tabsafe(given, table, counts, threshold, method):
    """One method of tabsafe."""
    if left(given) < 1:
        return {"note": "no time left"}
    out, report = (os.path.join(given.work, name) for name in ("tabsafe.csv", "tabsafe.json"))
    command = [given.tabsafe, "protect", *table.arguments(), "--threshold", str(threshold), *METHODS[method]]
    command += ["--out", out, "--quiet"]
    if method != "optimal":
        runs = measure.Runs(command, given.runs, left(given), budget=given.budget)
    else:
        command += ["--time-limit", str(given.optimal), "--report", report]
        runs = measure.Runs(command, 1, max(left(given), given.optimal) + 10)
    withheld = None
    if not runs.last.stopped and runs.last.code == 0:
        with open(out, newline="") as file:
            rows = csv.DictReader(file)
            withheld = {tuple(row[v] for v in table.by) for row in rows if row["status"] == "withheld"}
    outcome = ended(given, table, counts, threshold, runs, withheld)
    if withheld is not None and method == "optimal":
        with open(report) as file:
            summary = json.load(file)["summary"]
        outcome["proof"] = "proven" if summary["proven_optimal"] else f"gap {100 * summary['gap']:.1f} %"
    return outcome


def pytauargus(given, table, counts, threshold, method):
    """One method of pytauargus."""
    if not given.tauargus:
        return {"note": "not installed"}
    if left(given) < 1:
        return {"note": "no time left"}
    folder = os.path.join(given.work, "pytauargus", table.name)
    limits = given.runs, left(given), given.budget
    runs, withheld = rival.withheld(given.tauargus, table, threshold, method, folder, *limits)
    return ended(given, table, counts, threshold, runs, withheld)


def gauss():
    """What is known of GaussSuppression, by table and threshold."""
    with open(os.path.join(HERE, "gausssuppression.tsv"), newline="") as file:
        rows = csv.DictReader(file, delimiter="\t")
        return {(row["instance"], int(row["threshold"])): {
            "withheld": int(row["withheld"]),
            "exact": int(row["exact"]),
            # the file counts the exact ones as narrow too
            "narrow": int(row["narrow"]) - int(row["exact"]),
            "seconds": row["seconds"],
        } for row in rows}


def own(given, table, threshold, counts, known):
    """What tabsafe's methods make of one table under one rule, and what is known of it."""
    row = {"grid": table.grid(), "cells": table.cells(), "gauss": known.get((table.name, threshold))}
    row["unsafe"] = sum(0 < count < threshold for count in counts.values())
    for method in METHODS:
        if method != "optimal" or table.cells() <= OPTIMAL_CELLS:
            row[method] = tabsafe(given, table, counts, threshold, method)
    return row


def rivals(given, table, threshold, counts):
    """What the rivals make of it."""
    most = OPTIMAL_CELLS if given.quick else RIVAL_OPT_CELLS
    tried = [method for method in RIVALS if method != "OPT" or table.cells() <= most]
    return {method: pytauargus(given, table, counts, threshold, method) for method in tried}


def pattern(outcome):
    """`194 (69, 9)`: withheld, of the unsafe ones known exactly and too narrow; without brackets if there are none."""
    if not outcome:
        return ""
    if "withheld" not in outcome:
        return outcome["note"]
    leaks = ""
    if "exact" not in outcome:
        leaks = f" ({outcome['verdict']})"
    elif outcome["exact"] or outcome["narrow"]:
        leaks = f" ({outcome['exact']}, {outcome['narrow']})"
    return f"{outcome['withheld']}{leaks} {outcome.get('proof', '')}".rstrip()


def spent(outcome):
    """Seconds of a method that gave a result."""
    if not outcome:
        return ""
    return measure.seconds(outcome) if "withheld" in outcome else outcome["note"]


def ratio(ours, theirs):
    """How many times as much of the processor `theirs` used."""
    if not ours or not theirs or "withheld" not in ours or "cpu" not in theirs:
        return ""
    return ("over " if theirs["stopped"] else "") + f"{theirs['cpu'] / ours['cpu']:.1f}"


def report(given, rows):
    """The tables in Markdown."""
    cells, times = [], []
    for key, row in rows:
        head, gauss_known = [key.split(" ")[0], row["grid"], key.split(" ")[1]], row["gauss"]
        cells.append([*head, row["unsafe"], *(pattern(row.get(m)) for m in METHODS), pattern(gauss_known)]
                     + [pattern(row.get(m)) for m in RIVALS])
        times.append([*head, *(spent(row.get(m)) for m in ("fast", "thorough", "optimal")),
                      spent(row.get("MOD")), ratio(row["fast"], row.get("MOD")),
                      spent(row.get("OPT")), ratio(row["thorough"], row.get("OPT")),
                      gauss_known["seconds"] if gauss_known else ""])
    versions = measure.Run([given.tabsafe, "--version"]).out.strip()
    versions += ", " + version(given) if given.tauargus else ""
    return "\n\n".join([
        f"{versions}; {measure.circumstances()}.",
        "Withheld cells (in brackets, of the unsafe ones: known exactly, too narrow):",
        measure.markdown(["table", "grid", "rule", "unsafe", "fast", "thorough", "exact", "optimal", "GaussSuppression",
                          *(f"pytauargus {m}" for m in RIVALS)], cells),
        "Seconds of the processor (on the wall) of whole processes, medians; GaussSuppression's are of its method alone, on "
        "the wall, on another day:",
        measure.markdown(["table", "grid", "rule", "fast", "thorough", "optimal", "MOD", "MOD / fast", "OPT",
                          "OPT / thorough", "GaussSuppression"], times),
        *sums(rows),
    ])


def version(given):
    """The rival's version, if there is one."""
    return rival.version(given.tauargus) if given.tauargus else ""


def sums(rows):
    """What the tables come to, and whatever is not as it should be."""
    both = [(row["exact"]["withheld"], row["gauss"]["withheld"]) for _, row in rows
            if row["gauss"] and "withheld" in row["exact"]]
    if both:
        ours, theirs = map(sum, zip(*both))
        yield (f"With `--protection exact` tabsafe withholds {ours} cells where GaussSuppression withholds {theirs}: "
               f"{100 * (1 - ours / theirs):.1f} % fewer over {len(both)} tables and rules.")
    faults = []
    for key, row in rows:
        if row["gauss"] and row["exact"].get("withheld", 0) > row["gauss"]["withheld"]:
            faults.append(f"{key}: {row['exact']['withheld']} withheld, GaussSuppression {row['gauss']['withheld']}")
        for method in METHODS:
            outcome = row.get(method)
            if outcome and "exact" not in outcome:
                faults.append(f"{key}, {method}: {outcome.get('note') or outcome['verdict']}")
            elif outcome and (outcome["exact"] or (method != "exact" and outcome["verdict"] != "safe")):
                faults.append(f"{key}, {method}: {outcome['verdict']}, {pattern(outcome)}")
    if faults:
        yield "Not as it should be:"
        yield "\n".join("- " + fault for fault in faults)


def main():
    measure.end_with_children()
    given = options()
    os.makedirs(given.work, exist_ok=True)
    known = gauss()
    name = "quick" if given.quick else "compare"
    store = measure.Store(os.path.join(given.work, name + ".json"), measure.fingerprint(given.tabsafe))
    theirs = measure.Store(os.path.join(given.work, name + "-rivals.json"), version(given))
    for table in tables(given):
        counts = table.table()
        for threshold in given.thresholds:
            key = f"{table.name} <{threshold}"
            store.put(key, own(given, table, threshold, counts, known))
            if not (given.keep_rivals and key in theirs.rows):
                theirs.put(key, rivals(given, table, threshold, counts))
            row = store.rows[key] | theirs.rows[key]
            told = "; ".join(f"{m} {pattern(row[m])} in {spent(row[m])}" for m in (*METHODS, *RIVALS) if m in row)
            print(f"{key}: {told}", file=sys.stderr, flush=True)
    rows = [(key, row | theirs.rows.get(key, {})) for key, row in store.rows.items()]
    rows.sort(key=lambda kept: (kept[1]["cells"], kept[0]))
    text = report(given, rows)
    print(text)
    if given.write:
        measure.insert(given.write, "compare.py", text)


if __name__ == "__main__":
    main()
