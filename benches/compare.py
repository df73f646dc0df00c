"""The one command behind docs/COMPARE.md: tabsafe and its rivals on the same tables, in the same run.

    python3 benches/compare.py --quick --tauargus VENV/bin/tauargus
    python3 benches/compare.py --instances FOLDER --tauargus VENV/bin/tauargus --write docs/COMPARE.md

Needs Python 3.11 and a release build of tabsafe; nothing else for tabsafe alone. The rival that pip can install
goes into an environment of its own: `python3 -m venv VENV && VENV/bin/pip install pytauargus`. GaussSuppression
needs R: where `benches/gausssuppression.tsv` knows a figure of it for a table, it is shown as taken from there.

Tables are made from seeds (benches/instances.py); `--instances` adds a folder of others. Each result is attacked by
`tabsafe audit`: "exact" counts the unsafe cells whose count can be worked out, "narrow" those where a count that
the rule hides (1 to threshold-1) can be ruled out, the exact ones included. An unsafe cell that a pattern publishes counts as both.
"""

import argparse
import csv
import json
import os
import re
import sys

import instances
import measure
import rival

HERE = os.path.dirname(os.path.abspath(__file__))
# `optimal` is for small tables: beyond this it would only use up its time limit
OPTIMAL_CELLS = 1_000
MARKS = "<!-- figures of benches/compare.py -->", "<!-- end of figures -->"


def options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="tables up to 9 000 cells, short limits: under 3 minutes")
    parser.add_argument("--instances", metavar="DIR", help="a folder of further tables, each a folder of its own")
    parser.add_argument("--only", metavar="NAMES", help="only these tables, separated by commas")
    parser.add_argument("--cells", type=int, metavar="N", help="tables up to so many cells (default 30 000)")
    parser.add_argument("--thresholds", default="3,5", help="default: 3,5")
    parser.add_argument("--runs", type=int, default=3, help="runs of each command, of which the median counts")
    parser.add_argument("--limit", type=float, metavar="S", help="seconds after which a process is stopped")
    parser.add_argument("--tabsafe", metavar="FILE", help="default: the release build of this checkout")
    parser.add_argument("--audit", metavar="FILE", help="another binary of tabsafe for the audits")
    parser.add_argument("--tauargus", metavar="FILE", help="pytauargus' command; default: from the search path")
    parser.add_argument("--work", metavar="DIR", default=os.path.join(measure.ROOT, "target", "benches"))
    parser.add_argument("--write", metavar="FILE", help="put the tables between the marks of this Markdown file")
    given = parser.parse_args()
    given.cells = given.cells or (9_000 if given.quick else 30_000)
    given.limit = given.limit or (20 if given.quick else 300)
    given.tabsafe = measure.tabsafe(given.tabsafe)
    given.audit = measure.tabsafe(given.audit) if given.audit else given.tabsafe
    given.tauargus = measure.tauargus(given.tauargus)
    given.work = os.path.abspath(given.work)
    given.thresholds = [int(word) for word in given.thresholds.split(",")]
    return given


def tables(given):
    """The tables to run, the smallest first."""
    made = []
    for name in instances.FAMILIES:
        if int(name.split("-")[1]) <= given.cells:
            made.append(instances.Instance(instances.generate(name, given.work)))
    made += instances.read_all(given.instances) if given.instances else []
    wanted = given.only.split(",") if given.only else [table.name for table in made]
    return sorted((t for t in made if t.cells() <= given.cells and t.name in wanted), key=instances.Instance.cells)


class Outcome:
    """What one method made of one table."""

    def __init__(self, runs, withheld=None, exact=None, narrow=None, note=""):
        self.runs, self.withheld, self.exact, self.narrow, self.note = runs, withheld, exact, narrow, note

    def cell(self):
        """`212 (0, 11)`: withheld, exactly known, too narrow."""
        if self.withheld is None:
            return self.note
        return f"{self.withheld} ({self.exact}, {self.narrow}){self.note}"

    def time(self):
        if self.withheld is None:
            return self.note
        median, least, most = self.runs.spread()
        return f"{median:.2f}" + (f" [{least:.2f}, {most:.2f}]" if len(self.runs.runs) > 1 else "")


def audit(given, table, counts, threshold, withheld):
    """What `tabsafe audit` can work out of a pattern: unsafe cells known exactly, and those too narrow.

    Where zeros are shown, a cell above n cells that are not zero is at least n, whatever is withheld: counts below that
    are not asked for.
    """
    path = os.path.join(given.work, "published.csv")
    with open(path, "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([*table.by, "count"])
        writer.writerows([*cell, "x" if cell in withheld else count] for cell, count in counts.items())
    command = [given.audit, "audit", path, "--by", ",".join(table.by), "--count", "count", "--marker", "x=withheld"]
    for variable in table.by:
        command += ["--hierarchy", f"{variable}={table.hierarchy(variable)}"]
    command += ["--threshold", str(threshold), "--format", "json"]
    run = measure.Run(command, given.limit)
    if run.stopped:
        return "?", "?"
    if run.code not in (0, 1):
        sys.exit(f"the audit of {table.name} ended with {run.code}: {run.err}")
    unsafe = {cell for cell, count in counts.items() if 0 < count < threshold}
    exact = narrow = len(unsafe - withheld)
    least = table.least(unsafe)
    for found in json.loads(run.out)["cells"]:
        cell = tuple(found["by"].get(variable, "Total") for variable in table.by)
        if cell in unsafe:
            low, high = found["lo"], found["hi"]
            exact += low == high
            narrow += low == high or low > least[cell] or (high is not None and high < threshold - 1)
    return exact, narrow


def tabsafe(given, table, counts, threshold, words, limit=None):
    """One method of tabsafe."""
    out, report = (os.path.join(given.work, name) for name in ("tabsafe.csv", "tabsafe.json"))
    command = [given.tabsafe, "protect", *table.arguments(), "--threshold", str(threshold), *words]
    runs = measure.Runs([*command, "--out", out, "--quiet"], given.runs, limit or given.limit)
    if runs.last.stopped:
        return Outcome(runs, note=f"stopped after {runs.last.seconds:.0f} s")
    if runs.last.code:
        return Outcome(runs, note=f"exit {runs.last.code}: {runs.last.err.strip()[:200]}")
    with open(out, newline="") as file:
        rows = list(csv.DictReader(file))
    withheld = {tuple(row[v] for v in table.by) for row in rows if row["status"] == "withheld"}
    note = ""
    if "optimal" in words:
        measure.Run([*command, "--out", out, "--report", report, "--quiet"], limit or given.limit)
        with open(report) as file:
            summary = json.load(file)["summary"]
        note = " proven" if summary["proven_optimal"] else f" gap {100 * (summary['gap'] or 0):.1f} %"
    return Outcome(runs, len(withheld), *audit(given, table, counts, threshold, withheld), note)


def pytauargus(given, table, counts, threshold, method):
    """One method of pytauargus."""
    if not given.tauargus:
        return Outcome(None, note="not installed")
    folder = os.path.join(given.work, "pytauargus", table.name)
    runs, withheld = rival.withheld(given.tauargus, table, threshold, method, folder, given.runs, given.limit)
    if runs.last.stopped:
        return Outcome(runs, note=f"stopped after {runs.last.seconds:.0f} s")
    if withheld is None:
        return Outcome(runs, note=f"failed: {(runs.last.err or runs.last.out).strip().splitlines()[-1][-80:]}")
    if withheld - counts.keys():
        sys.exit(f"pytauargus names cells of {table.name} that are not there: {sorted(withheld - counts.keys())[:3]}")
    return Outcome(runs, len(withheld), *audit(given, table, counts, threshold, withheld))


def gauss():
    """What is known of GaussSuppression, by table and threshold."""
    with open(os.path.join(HERE, "gausssuppression.tsv"), newline="") as file:
        return {(row["instance"], int(row["threshold"])): row for row in csv.DictReader(file, delimiter="\t")}


def compare(given, table, threshold, counts, known):
    """One table under one rule: a row of outcomes."""
    row = {
        "fast": tabsafe(given, table, counts, threshold, ["--method", "fast"]),
        "exact": tabsafe(given, table, counts, threshold, ["--method", "fast", "--protection", "exact"]),
        "MOD": pytauargus(given, table, counts, threshold, "MOD"),
        "optimal": Outcome(None),
        "OPT": Outcome(None),
        "gauss": known.get((table.name, threshold)),
    }
    small = table.cells() <= (200 if given.quick else OPTIMAL_CELLS)
    if small:
        words = ["--method", "optimal", "--time-limit", str(given.limit / 2)]
        row["optimal"] = tabsafe(given, table, counts, threshold, words)
    if small or not given.quick:
        row["OPT"] = pytauargus(given, table, counts, threshold, "OPT")
    return row


def ratio(ours, theirs):
    """How many times as long `theirs` took, or nothing where one of them has no result."""
    if ours.withheld is None or not theirs.runs:
        return ""
    if theirs.withheld is None:
        return f"over {theirs.runs.seconds / ours.runs.seconds:.1f}" if theirs.runs.last.stopped else ""
    return f"{theirs.runs.seconds / ours.runs.seconds:.1f}"


def report(given, rows):
    """The tables in Markdown."""
    cells, times = [], []
    for table, threshold, unsafe, row in rows:
        known = row["gauss"]
        other = f"{known['withheld']} ({known['exact']}, {known['narrow']})" if known else ""
        head = [table.name, table.grid(), f"<{threshold}"]
        cells.append([*head, unsafe, *(row[m].cell() for m in ("fast", "optimal", "exact")), other]
                     + [row[m].cell() for m in ("MOD", "OPT")])
        against = ""
        if known and row["exact"].withheld is not None:
            against = f"{float(known['seconds']) / row['exact'].runs.seconds:.1f}"
        times.append([*head, *(row[m].time() for m in ("fast", "exact", "MOD")), ratio(row["fast"], row["MOD"]),
                      row["OPT"].time(), ratio(row["fast"], row["OPT"]), known["seconds"] if known else "", against])
    machine = measure.circumstances()
    versions = measure.Run([given.tabsafe, "--version"]).out.strip()
    versions += ", " + rival.version(given.tauargus) if given.tauargus else ""
    return "\n\n".join([
        f"{versions}; {machine}.",
        "Withheld cells (of the unsafe ones among them: known exactly, too narrow):",
        measure.markdown(["table", "grid", "rule", "unsafe", "fast", "optimal", "fast, exact", "GaussSuppression",
                          "pytauargus MOD", "pytauargus OPT"], cells),
        "Seconds of whole processes, the median of the runs [least, most], and ratios; GaussSuppression's are of its "
        "method alone, on another day:",
        measure.markdown(["table", "grid", "rule", "fast", "fast, exact", "MOD", "MOD / fast", "OPT", "OPT / fast",
                          "GaussSuppression", "that / fast, exact"], times),
        *sums(rows),
    ])


def sums(rows):
    """What the tables come to, and whatever is not as it should be."""
    both = [(row["exact"].withheld, int(row["gauss"]["withheld"])) for *_, row in rows
            if row["gauss"] and row["exact"].withheld is not None]
    if both:
        ours, theirs = map(sum, zip(*both))
        yield (f"With `--protection exact` tabsafe withholds {ours} cells where GaussSuppression withholds {theirs}: "
               f"{100 * (1 - ours / theirs):.1f} % fewer over {len(both)} tables and rules.")
    faults = []
    for table, threshold, _, row in rows:
        where = f"{table.name} <{threshold}"
        known = row["gauss"]
        if known and row["exact"].withheld is not None and row["exact"].withheld > int(known["withheld"]):
            faults.append(f"{where}: {row['exact'].withheld} withheld, GaussSuppression {known['withheld']}")
        for method in ("fast", "optimal", "exact"):
            outcome = row[method]
            if outcome.runs and outcome.withheld is None:
                faults.append(f"{where}, {method}: {outcome.note}")
            elif outcome.exact or (method != "exact" and outcome.narrow):
                faults.append(f"{where}, {method}: {outcome.exact} exact, {outcome.narrow} narrow")
    if faults:
        yield "Not as it should be:"
        yield "\n".join("- " + fault for fault in faults)


def insert(path, text):
    """Replaces what stands between the marks of a Markdown file."""
    with open(path) as file:
        page = file.read()
    pattern = re.escape(MARKS[0]) + ".*?" + re.escape(MARKS[1])
    if not re.search(pattern, page, re.S):
        sys.exit(f"{path} has no place for the figures: it needs the lines {MARKS[0]} and {MARKS[1]}")
    with open(path, "w") as file:
        file.write(re.sub(pattern, lambda _: f"{MARKS[0]}\n{text}\n{MARKS[1]}", page, flags=re.S))


def main():
    given = options()
    os.makedirs(given.work, exist_ok=True)
    known, rows = gauss(), []
    for table in tables(given):
        counts = table.table()
        for threshold in given.thresholds:
            unsafe = sum(0 < count < threshold for count in counts.values())
            row = compare(given, table, threshold, counts, known)
            rows.append((table, threshold, unsafe, row))
            told = [f"{m} {row[m].cell()} {row[m].time()}" for m in ("fast", "exact", "optimal", "MOD", "OPT") if row[m].runs]
            told.append(f"gauss {row['gauss']['withheld']}" if row["gauss"] else "")
            print(f"{table.name} <{threshold}:", "; ".join(told), file=sys.stderr, flush=True)
    text = report(given, rows)
    print(text)
    if given.write:
        insert(given.write, text)


if __name__ == "__main__":
    main()
