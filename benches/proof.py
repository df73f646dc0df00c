"""The public proof of releases: how long it takes to make and to check, and how large it is.

    python3 benches/proof.py --write docs/COMPARE.md
    python3 benches/proof.py --only gen-810,gen-8010

Each table (benches/instances.py makes it from its seed) is released with counts below 3 unsafe, by `fast`, with `--proof`; then
`tools/verify.py` checks the proof against the CSV file of the release. A proof that does not hold, or a release that is not safe,
ends the script with an error.
"""

import argparse
import json
import os
import sys

import instances
import measure

TABLES = ("gen-810", "gen-8010", "gen-28035", "gen-168210")
POLICY = """\
id = "proof"
title = "Counts below 3 are unsafe"
version = "1"
evidence = "generic"
[threshold]
minimum = 3
zero = "show"
[suppress]
method = "fast"
protection = "band"
choice = "cheapest"
"""


def options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", metavar="NAMES", help="only these tables, separated by commas")
    parser.add_argument("--limit", type=float, default=900, metavar="S", help="seconds after which a process is stopped")
    measure.common(parser)
    given = parser.parse_args()
    measure.settle(given)
    given.names = measure.chosen(given.only, TABLES)
    return given


def specification(table):
    """A specification of one table over all variables: the first half of them down the side."""
    lines = [f"title = {json.dumps(table.name)}", "[input]", f"file = {json.dumps(os.path.abspath(table.data))}", 'unit = "case"']
    lines.append("types = { " + ", ".join(f'{v} = "text"' for v in table.by) + " }")
    for variable in table.by:
        lines += [f"[variables.{variable}]", f'column = "{variable}"', 'missing = "error"']
        lines.append(f"hierarchy = {json.dumps(os.path.abspath(table.hierarchy(variable)))}")
    half = (len(table.by) + 1) // 2
    lines += ["[[tables]]", 'id = "1"', 'title = "All"']
    lines += [f"rows = {json.dumps(table.by[:half])}", f"columns = {json.dumps(table.by[half:])}"]
    return "\n".join(lines) + "\n"


def run(given, table):
    """Releases with a proof and checks it: a row of the table."""
    folder = os.path.join(given.work, f"proof-{table.name}")
    os.makedirs(folder, exist_ok=True)
    names = {name: os.path.join(folder, name) for name in ("release.toml", "policy.toml", "proof.json", "out")}
    for name, text in (("release.toml", specification(table)), ("policy.toml", POLICY)):
        with open(names[name], "w") as file:
            file.write(text)
    made = measure.Run(
        [given.tabsafe, "release", names["release.toml"], "--policy", names["policy.toml"], "--out", names["out"],
         "--proof", names["proof.json"], "--log-format", "json"],
        given.limit,
    )
    if made.code or made.stopped:
        sys.exit(f"{table.name}: exit {made.code}\n{made.err[-2000:]}")
    checked = measure.Run(
        [sys.executable, os.path.join(measure.ROOT, "tools", "verify.py"), names["proof.json"],
         os.path.join(names["out"], "release.csv")],
        given.limit,
    )
    if checked.code or checked.stopped:
        sys.exit(f"{table.name}: the proof does not hold: {checked.out}{checked.err}")
    size = os.path.getsize(names["proof.json"]) / 1e6
    return [table.name, table.grid(), table.cells(), figures(made), seconds_of(made, "proof"), f"{made.mebibytes:.0f}",
            f"{size:.2f}", figures(checked), f"{checked.mebibytes:.0f}"]


def figures(run):
    """`1.23 (1.40)`: seconds of the processor, and on the wall."""
    return f"{run.processor:.2f} ({run.seconds:.2f})"


def seconds_of(run, stage):
    """Seconds on the wall from the beginning of a stage to the end of the process."""
    events = [json.loads(line) for line in run.err.splitlines() if line.startswith('{"event":"stage"')]
    began = [event["seconds"] for event in events if event["stage"] == stage]
    return f"{run.seconds - began[0]:.1f}" if began else ""


def main():
    measure.end_with_children()
    given = options()
    os.makedirs(given.work, exist_ok=True)
    rows = []
    for name in given.names:
        rows.append(run(given, instances.Instance(instances.generate(name, given.work))))
        print(*rows[-1], sep=" | ", file=sys.stderr, flush=True)
    header = ["table", "grid", "cells", "release, s", "of which proof and files, s", "MiB", "proof, MB", "verify.py, s", "its MiB"]
    text = "\n\n".join([
        f"{measure.Run([given.tabsafe, '--version']).out.strip()}; {measure.circumstances()}.",
        measure.markdown(header, rows),
    ])
    print(text)
    if given.write:
        measure.insert(given.write, "proof.py", text)


if __name__ == "__main__":
    main()
