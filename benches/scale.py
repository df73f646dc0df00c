"""Time and memory against the number of cells: docs/scale.svg and its table in docs/COMPARE.md.

    python3 benches/scale.py --write docs/COMPARE.md --chart docs/scale.svg
    python3 benches/scale.py --only gen-1205505 --limit 900

Each table (benches/instances.py makes it from its seed) is protected by `tabsafe protect --method fast`, and the result attacked by
`tabsafe audit`. What is measured of a binary is kept in the work folder, so tables may be run one at a time.
"""

import argparse
import json
import math
import os
import sys

import instances
import measure

# the largest is run only when it is asked for: it takes minutes to make
LARGEST = 200_000
THRESHOLDS = (3, 5)
STAGES = ("protect", "audit")


def options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", metavar="NAMES", help="only these tables, separated by commas; none: only print what is kept")
    parser.add_argument("--thresholds", default="3,5", help="default: 3,5")
    parser.add_argument("--runs", type=int, default=3, help="runs of each command, of which the median counts")
    parser.add_argument("--limit", type=float, default=300, metavar="S", help="seconds after which a process is stopped")
    measure.common(parser)
    parser.add_argument("--chart", metavar="FILE", help="draw the chart (SVG)")
    given = parser.parse_args()
    measure.settle(given)
    given.thresholds = [int(word) for word in given.thresholds.split(",")]
    standard = [name for name in instances.FAMILIES if int(name.split("-")[1]) <= LARGEST]
    given.names = measure.chosen(given.only, standard)
    unknown = [name for name in given.names if name not in instances.FAMILIES]
    if unknown:
        sys.exit(f"{unknown[0]} is not among {', '.join(instances.FAMILIES)}")
    return given


def run(given, table, threshold):
    """Protects and audits one table: what both took, and what came of it."""
    out = os.path.join(given.work, f"scale-{table.name}.csv")
    command = [given.tabsafe, "protect", *table.arguments(), "--method", "fast", "--threshold", str(threshold)]
    protect = measure.Runs([*command, "--out", out, "--quiet"], given.runs, given.limit)
    row = {"cells": table.cells(), "grid": table.grid(), "protect": protect.record()}
    if protect.last.stopped or protect.last.code:
        row["verdict"] = "stopped" if protect.last.stopped else f"exit {protect.last.code}: {protect.last.err.strip()[:80]}"
        return row
    words = ["--by", ",".join(table.by), "--count", "count", "--marker", "=withheld", "--format", "json"]
    for variable in table.by:
        words += ["--hierarchy", f"{variable}={table.hierarchy(variable)}"]
    audit = measure.Runs([given.tabsafe, "audit", out, *words, "--threshold", str(threshold)], given.runs, given.limit)
    row["audit"] = audit.record()
    if audit.last.stopped or audit.last.code not in (0, 1, 4):
        row["verdict"] = "audit stopped" if audit.last.stopped else f"audit: exit {audit.last.code}"
    else:
        row |= json.loads(audit.last.out)["summary"]
    os.remove(out)
    return row


def line(key, row):
    """A row of the table."""
    stages = [row.get(stage) for stage in STAGES]
    figures = [measure.seconds(s) + (" stopped" if s["stopped"] else "") if s else "" for s in stages]
    memory = [f"{s['mebibytes']:.0f}" if s else "" for s in stages]
    name, rule = key.split(" ")
    return [name, row["grid"], row["cells"], rule, row.get("withheld", ""), *figures, *memory, row["verdict"]]


def report(given, rows):
    """The table in Markdown."""
    header = ["table", "grid", "cells", "rule", "withheld", "protect, s", "audit, s", "protect, MiB", "audit, MiB", "audit says"]
    return "\n\n".join([
        f"{measure.Run([given.tabsafe, '--version']).out.strip()}; {measure.circumstances()}.",
        measure.markdown(header, [line(key, row) for key, row in rows]),
    ])


# ---- the chart ---------------------------------------------------------------------------------
WIDTH, HEIGHT, LEFT, TOP, GAP = 330, 250, 60, 40, 90
SERIES = [(stage, threshold) for stage in STAGES for threshold in THRESHOLDS]
LOOK = {("protect", 3): ("#1b6ca8", ""), ("protect", 5): ("#1b6ca8", "6 4"), ("audit", 3): ("#b8541a", ""),
        ("audit", 5): ("#b8541a", "6 4")}


def decades(values):
    """The powers of ten around values."""
    return math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))


def panel(title, left, points):
    """One chart, both axes by powers of ten. `points`: per series, pairs of cells and the figure."""
    every = [point for series in points.values() for point in series]
    (x0, x1), (y0, y1) = decades([p[0] for p in every]), decades([p[1] for p in every])

    def at(x, y):
        across = (math.log10(x) - x0) / (x1 - x0)
        up = (math.log10(y) - y0) / max(1, y1 - y0)
        return left + across * WIDTH, TOP + (1 - up) * HEIGHT

    parts = [f'<text x="{left}" y="{TOP - 14}" font-weight="bold">{title}</text>']
    for power in range(x0, x1 + 1):
        x = left + (power - x0) / (x1 - x0) * WIDTH
        parts.append(f'<path d="M{x:.0f} {TOP}v{HEIGHT}" stroke="#ddd"/>')
        parts.append(f'<text x="{x:.0f}" y="{TOP + HEIGHT + 18}" text-anchor="middle">{10**power:,}</text>')
    for power in range(y0, y1 + 1):
        y = TOP + (1 - (power - y0) / max(1, y1 - y0)) * HEIGHT
        parts.append(f'<path d="M{left} {y:.0f}h{WIDTH}" stroke="#ddd"/>')
        label = f"{10**power:,}" if power >= 0 else f"{10**power:g}"
        parts.append(f'<text x="{left - 8}" y="{y + 4:.0f}" text-anchor="end">{label}</text>')
    parts.append(f'<text x="{left + WIDTH / 2:.0f}" y="{TOP + HEIGHT + 38}" text-anchor="middle">cells</text>')
    for series, pairs in points.items():
        colour, dashes = LOOK[series]
        corners = [at(*pair) for pair in sorted(pairs)]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in corners)
        dash = f' stroke-dasharray="{dashes}"' if dashes else ""
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"{dash}/>')
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{colour}"/>' for x, y in corners]
    return parts


def chart(rows):
    """The chart as SVG: seconds of the processor, and memory."""
    def points(figure):
        series = {}
        for key, row in rows:
            for stage in STAGES:
                measured = row.get(stage)
                if measured and not measured["stopped"]:
                    series.setdefault((stage, int(key.split("<")[1])), []).append((row["cells"], measured[figure]))
        return {s: series[s] for s in SERIES if s in series}

    second = LEFT + WIDTH + GAP
    parts = panel("seconds of the processor", LEFT, points("cpu")) + panel("memory at most, MiB", second, points("mebibytes"))
    for number, (stage, threshold) in enumerate(SERIES):
        colour, dashes = LOOK[stage, threshold]
        x, y = LEFT + number * 190, TOP + HEIGHT + 66
        dash = f' stroke-dasharray="{dashes}"' if dashes else ""
        parts.append(f'<path d="M{x} {y - 4}h34" stroke="{colour}" stroke-width="2"{dash}/>')
        parts.append(f'<text x="{x + 42}" y="{y}">{stage}, threshold {threshold}</text>')
    width, height = second + WIDTH + 30, TOP + HEIGHT + 86
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="12">',
        "<title>Time and memory of tabsafe against the number of cells</title>",
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
        *parts,
        "</svg>\n",
    ])


def main():
    measure.end_with_children()
    given = options()
    os.makedirs(given.work, exist_ok=True)
    store = measure.Store(os.path.join(given.work, "scale.json"), measure.fingerprint(given.tabsafe))
    for name in given.names:
        table = instances.Instance(instances.generate(name, given.work))
        for threshold in given.thresholds:
            key = f"{name} <{threshold}"
            store.put(key, run(given, table, threshold))
            print(*line(key, store.rows[key]), sep=" | ", file=sys.stderr, flush=True)
    rows = sorted(store.rows.items(), key=lambda kept: (kept[1]["cells"], kept[0]))
    text = report(given, rows)
    print(text)
    if given.chart:
        with open(given.chart, "w") as file:
            file.write(chart(rows))
    if given.write:
        measure.insert(given.write, "scale.py", text)


if __name__ == "__main__":
    main()
