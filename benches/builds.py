"""Two builds on the same tables, side by side: what each withholds, and what it takes.

    python3 benches/builds.py --before FILE --instances FOLDER --methods fast,thorough
    python3 benches/builds.py --before FILE --specs examples/police-foi/release.toml

Runs of the two builds alternate, so that what else the machine does meets both; medians count. With `--same`, a build that
withholds another number of cells than the one before ends the script with an error.
"""

import argparse
import json
import os
import sys

import instances
import measure


def options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--before", metavar="FILE", required=True, help="the other build")
    parser.add_argument("--instances", metavar="DIR", help="a folder of tables, each a folder of its own")
    parser.add_argument("--only", metavar="NAMES", help="only these tables, separated by commas")
    parser.add_argument("--methods", default="fast,thorough")
    parser.add_argument("--thresholds", default="3,5")
    parser.add_argument("--specs", nargs="*", default=[], metavar="FILE", help="specifications to release by both")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--limit", type=float, default=300, metavar="S", help="seconds after which a process is stopped")
    parser.add_argument("--same", action="store_true")
    measure.common(parser)
    given = parser.parse_args()
    measure.settle(given)
    given.before = os.path.abspath(given.before)
    return given


def jobs(given):
    """Name of each job, and what follows the program's name."""
    tables = instances.read_all(given.instances) if given.instances else []
    for table in tables:
        if given.only and table.name not in given.only.split(","):
            continue
        for threshold in given.thresholds.split(","):
            for method in given.methods.split(","):
                words = ["protect", *table.arguments(), "--method", method, "--threshold", threshold]
                yield [table.name, f"<{threshold}", method], words
    for spec in given.specs:
        yield [os.path.basename(os.path.dirname(os.path.abspath(spec))), "", ""], ["release", spec]


def main():
    measure.end_with_children()
    given = options()
    os.makedirs(given.work, exist_ok=True)
    rows, differ = [], []
    for name, words in jobs(given):
        before, after = alternate(given, words)
        row = [*name, before[0], after[0], seconds(before[1]), seconds(after[1]), f"{ratio(before[1], after[1]):.2f}"]
        differ += [" ".join(name)] if before[0] != after[0] else []
        rows.append(row)
        print(*row, sep=" | ", file=sys.stderr, flush=True)
    header = ["table", "rule", "method", "withheld before", "withheld", "seconds before", "seconds", "ratio"]
    text = f"{measure.circumstances()}.\n\n{measure.markdown(header, rows)}"
    print(text)
    if given.write:
        measure.insert(given.write, "builds.py", text)
    if given.same and differ:
        sys.exit(f"not the same number of cells: {', '.join(differ)}")


def alternate(given, words):
    """For both builds: how many cells are withheld, and the seconds of the processor of each run."""
    found = [[None, []], [None, []]]
    for _ in range(given.runs):
        for build, kept in zip((given.before, given.tabsafe), found):
            out = os.path.join(given.work, "builds-out")
            target = os.path.join(out, "table.csv") if words[0] == "protect" else out
            report = os.path.join(given.work, "builds.json")
            os.makedirs(out, exist_ok=True)
            run = measure.Run([build, *words, "--out", target, "--report", report, "--quiet"], given.limit)
            if run.stopped or run.code not in (0, 1, 4):
                sys.exit(f"{build} {' '.join(words)}: exit {run.code} {run.err[-500:]}")
            with open(report) as file:
                kept[0] = withheld(json.load(file))
            kept[1].append(run.processor)
    return found


def withheld(report):
    """The number of withheld cells that a report tells."""
    return report["summary"]["primaries"] + report["summary"]["secondaries"]


def seconds(runs):
    return f"{sorted(runs)[len(runs) // 2]:.2f}"


def ratio(before, after):
    """The median of the second runs by that of the first."""
    return sorted(after)[len(after) // 2] / max(sorted(before)[len(before) // 2], 1e-9)


if __name__ == "__main__":
    main()
