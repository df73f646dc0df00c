#!/usr/bin/env python3
"""How the time of `tabsafe check` grows with a draft, and whether it stays within its targets.

Writes drafts of four sizes for every shape, checks each, and prints the seconds of CPU per size and the power of growth:
1 is linear, 2 quadratic. The power is the slope of a line through the logarithms of what was measured, the time to start
left out. Then drafts with a target of their own, an interruption and a time limit. The figures are made up by a fixed rule.

    python3 benches/check_speed.py --tabsafe target/release/tabsafe [--shape NAME]... [--times 10] [--limit 60]
    python3 benches/check_speed.py --write docs/COMPARE.md --chart docs/check-speed.svg
"""

import argparse
import math
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
import zipfile

import measure

WORDS = "the patient was seen again after review by another team because of concern about care at home".split()


def csv(rows):
    return "\n".join(",".join(str(c) for c in row) for row in rows) + "\n"


def rng(name, n):
    return random.Random(f"{name} {n}")


def years(count=4):
    return [str(2015 + y) for y in range(count)]


def with_totals(rows):
    """Rows of figures with a total column, and the row of totals."""
    rows = [r + [sum(r)] for r in rows]
    return rows, [sum(c) for c in zip(*rows)]


def words(n):
    """Rows of answers in words: no figures at all but a number of the row."""
    r = rng("words", n)
    text = lambda: " ".join(r.choice(WORDS) for _ in range(6))
    return csv([["Case", "Setting", "Action", "Learning"]] + [[f"Case {i}", text(), text(), text()] for i in range(n)])


def records(n):
    """A list of records: words of few letters in many columns, which could be signs."""
    r = rng("records", n)
    word = lambda: r.choice(["ash", "oak", "red", "blue", "green", "north", "east", "west"]) + str(r.randrange(60))
    head = ["id", "age"] + [f"text{i}" for i in range(6)] + ["amount"]
    row = lambda i: [f"P{i}", r.randint(18, 80)] + [word() for _ in range(6)] + [f"{r.uniform(10, 90):.1f}"]
    return csv([head] + [row(i) for i in range(n)])


def small_tables(n):
    """Many tables of three rows by the same years."""
    r, out = rng("small", n), []
    for t in range(n):
        rows, total = with_totals([[r.randint(10, 60) for _ in range(3)] for _ in range(3)])
        out += [["Table", t + 1], ["Outcome"] + years(3) + ["Total"]]
        out[-2] = [f"Table {t + 1}: hospital {t + 1}"]
        out += [[name] + row for name, row in zip(["Died", "Survived", "Moved"], rows)]
        out += [["Total"] + total, []]
    return csv(out)


def small_figures(n):
    """A tall table of small figures: each is unsafe."""
    r = rng("figures", n)
    return csv([["Area"] + years()] + [[f"Area {i}"] + [r.randint(1, 9) for _ in range(4)] for i in range(n)])


def tall(n):
    """A tall safe table with totals."""
    r = rng("tall", n)
    rows, total = with_totals([[r.randint(10, 90) for _ in range(4)] for _ in range(n)])
    head = ["Area"] + years() + ["Total"]
    return csv([head] + [[f"Area {i}"] + row for i, row in enumerate(rows)] + [["Total"] + total])


def percent(n):
    """Counts and the percentages of them."""
    r = rng("percent", n)
    a = [r.randint(10, 90) for _ in range(n)]
    total = sum(a)
    rows = [[f"Area {i}", v, f"{100 * v / total:.1f}%"] for i, v in enumerate(a)]
    return csv([["Area", "Victims", "Per cent"]] + rows + [["Total", total, "100.0%"]])


def rates(n):
    """Counts, population and a rate, whose labels do not say it all."""
    r = rng("rates", n)
    rows = []
    for i in range(n):
        v, p = r.randint(10, 90), r.randint(2000, 9000)
        rows.append([f"Area {i}", v, p, f"{1000 * v / p:.2f}"])
    return csv([["Area", "Offences", "Population", "Rate per 1000"]] + rows)


def percent_rows(n):
    """Tables across: a row of counts, a row of percentages below it, for each of n groups."""
    r, rows = rng("percent rows", n), []
    for i in range(n):
        v = [r.randint(10, 90) for _ in range(4)]
        rows.append([f"Area {i}"] + v + [sum(v)])
        rows.append([f"Area {i} %"] + [f"{100 * x / sum(v):.0f}%" for x in v] + ["100%"])
    return csv([["Area"] + years() + ["Total"]] + rows)


def withheld(n):
    """Figures withheld so that each line has two, with totals."""
    r = rng("withheld", n)
    rows, total = with_totals([[r.randint(10, 90) for _ in range(4)] for _ in range(n)])
    for i in range(0, n - 1, 2):
        a, b = r.sample(range(4), 2)
        for row in (rows[i], rows[i + 1]):
            row[a] = row[b] = "[c]"
    head = ["Area"] + years() + ["Total"]
    return csv([head] + [[f"Area {i}"] + row for i, row in enumerate(rows)] + [["Total"] + total])


def derivable(n):
    """Figures withheld alone in their row: each can be worked out."""
    r = rng("derivable", n)
    rows, total = with_totals([[r.randint(10, 90) for _ in range(4)] for _ in range(n)])
    for row in rows:
        a = r.randrange(4)
        row[4] += 3 - row[a]
        row[a] = "[c]"
    total = [r.randint(90 * n, 100 * n) for _ in range(4)]
    head = ["Area"] + years() + ["Total"]
    return csv([head] + [[f"Area {i}"] + row for i, row in enumerate(rows)])


def undeclared(n):
    """Signs that nobody declared."""
    r = rng("undeclared", n)
    rows, total = with_totals([[r.randint(10, 90) for _ in range(4)] for _ in range(n)])
    for i in range(0, n - 1, 2):
        a, b = r.sample(range(4), 2)
        for row in (rows[i], rows[i + 1]):
            row[a] = row[b] = "x"
    head = ["Area"] + years() + ["Total"]
    return csv([head] + [[f"Area {i}"] + row for i, row in enumerate(rows)] + [["Total"] + total])


def blanks(n):
    """Blank cells."""
    return undeclared(n).replace(",x", ",")


def wrong(n):
    """Row totals that are one too large."""
    r = rng("wrong", n)
    rows, total = with_totals([[r.randint(10, 90) for _ in range(4)] for _ in range(n)])
    for row in rows[::3]:
        row[4] += 1
    head = ["Area"] + years() + ["Total"]
    return csv([head] + [[f"Area {i}"] + row for i, row in enumerate(rows)])


def wide(n):
    """Few rows, many columns."""
    r = rng("wide", n)
    rows, total = with_totals([[r.randint(10, 90) for _ in range(n)] for _ in range(4)])
    head = ["Sex"] + [f"Area {i}" for i in range(n)] + ["Total"]
    return csv([head] + [[f"Group {'abcd'[i]}"] + row for i, row in enumerate(rows)] + [["Total"] + total])


def square(n):
    """As many rows as columns; n figures in all."""
    side = max(2, int(n**0.5))
    r = rng("square", n)
    rows, total = with_totals([[r.randint(10, 90) for _ in range(side)] for _ in range(side)])
    head = ["Area"] + [f"Offence {i}" for i in range(side)] + ["Total"]
    return csv([head] + [[f"Area {i}"] + row for i, row in enumerate(rows)] + [["Total"] + total])


def different_tables(n):
    """Many tables with labels of their own."""
    r, out = rng("different", n), []
    for t in range(n):
        rows, total = with_totals([[r.randint(10, 60) for _ in range(3)] for _ in range(3)])
        out += [[f"Table {t + 1}: subject {t + 1}"], [f"Kind {t}"] + [f"S{t} {x}" for x in "abc"] + ["Total"]]
        out += [[f"K{t} {name}"] + row for name, row in zip("xyz", rows)]
        out += [["Total"] + total, []]
    return csv(out)


def linked_tables(n):
    """Many tables of the same cases: areas by one variable each."""
    r, out = rng("linked", n), []
    areas = [r.randint(60, 99) for _ in range(4)]
    for t in range(n):
        out += [[f"Table {t + 1}: by variable {t + 1}"], [f"Variable {t}"] + [f"Area {x}" for x in "abcd"] + ["Total"]]
        first = [r.randint(10, 40) for _ in range(4)]
        rows, total = with_totals([first, [a - f for a, f in zip(areas, first)]])
        out += [[f"V{t} {name}"] + row for name, row in zip("xy", rows)]
        out += [["Total"] + total, []]
    return csv(out)


def sentences(n):
    """A letter of many sentences."""
    r = rng("sentences", n)
    lines = []
    for i in range(n):
        lines.append(f"In {2000 + i % 20} there were {r.randint(10, 900)} incidents at site {i}, and {r.choice(WORDS)}.")
    return "\n\n".join(lines) + "\n"


def small_sentences(n):
    """A letter whose sentences tell small numbers."""
    return "\n\n".join(f"At site {i} there were {1 + i % 4} victims in 2020." for i in range(n)) + "\n"


def indented(n):
    """A hierarchy by indentation."""
    r, body, grand = rng("indented", n), [], [0] * 5
    for i in range(n // 4):
        rows, total = with_totals([[r.randint(10, 60) for _ in range(4)] for _ in range(3)])
        body.append([f"Region {i}"] + total)
        body += [[f"    Area {i} {'abc'[k]}"] + row for k, row in enumerate(rows)]
        grand = [g + t for g, t in zip(grand, total)]
    return csv([["Area"] + years() + ["Total"]] + body + [["Total"] + grand])


def grouped(n):
    """Groups with areas below each, in two columns of labels."""
    r, body, grand = rng("grouped", n), [], [0] * 5
    for i in range(n // 4):
        rows, total = with_totals([[r.randint(10, 60) for _ in range(4)] for _ in range(3)])
        body += [[f"Region {i}" if k == 0 else "", f"Area {i} {'abc'[k]}"] + row for k, row in enumerate(rows)]
        body.append(["", "Total"] + total)
        grand = [g + t for g, t in zip(grand, total)]
    return csv([["Region", "Area"] + years() + ["Total"]] + body + [["Total", ""] + grand])


def crossed(n):
    """Areas by sex, crossing."""
    r, body = rng("crossed", n), []
    for i in range(n // 3):
        a, b = ([r.randint(10, 60) for _ in range(4)] for _ in range(2))
        for k, row in enumerate([a, b, [x + y for x, y in zip(a, b)]]):
            body.append([f"Area {i}" if k == 0 else "", ["Male", "Female", "Total"][k]] + row + [sum(row)])
    return csv([["Area", "Sex"] + years() + ["Total"]] + body)


def subtotals(n):
    """Subtotals that labels name."""
    r, body, grand = rng("subtotals", n), [], [0] * 5
    for i in range(n // 4):
        rows, total = with_totals([[r.randint(10, 60) for _ in range(4)] for _ in range(3)])
        body += [[f"Area {i} {'abc'[k]}"] + row for k, row in enumerate(rows)]
        body.append([f"Region {i} total"] + total)
        grand = [g + t for g, t in zip(grand, total)]
    return csv([["Area"] + years() + ["Total"]] + body + [["Grand total"] + grand])


def rounded(n):
    """Rounded figures with a note."""
    r = rng("rounded", n)
    rows, total = with_totals([[5 * r.randint(2, 30) for _ in range(4)] for _ in range(n)])
    head = ["Area"] + years() + ["Total"]
    note = "Figures are rounded to the nearest 5\n\n"
    return note + csv([head] + [[f"Area {i}"] + row for i, row in enumerate(rows)] + [["Total"] + total])


def twice(n):
    """The same figures printed twice."""
    return tall(n // 2) + "\n" + tall(n // 2)


def workbook(n, path):
    """A workbook of n cells, written by hand."""
    side = 10
    r = rng("workbook", n)
    rels = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    rows, total = with_totals([[r.randint(10, 90) for _ in range(side - 2)] for _ in range(n // side - 2)])
    head = ["Area"] + [f"Offence {i}" for i in range(side - 2)] + ["Total"]
    cells = lambda row: "".join(
        f"<c><v>{c}</v></c>" if isinstance(c, int) else f'<c t="inlineStr"><is><t>{c}</t></is></c>' for c in row
    )
    lines = [head] + [[f"Area {i}"] + row for i, row in enumerate(rows)] + [["Total"] + total]
    relation = lambda kind, target: (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{rels}/{kind}" Target="{target}"/></Relationships>'
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("_rels/.rels", relation("officeDocument", "xl/workbook.xml"))
        file.writestr("xl/_rels/workbook.xml.rels", relation("worksheet", "worksheets/sheet1.xml"))
        sheet = '<sheet name="Areas" sheetId="1" r:id="rId1"/>'
        file.writestr("xl/workbook.xml", f'<workbook xmlns="{main}" xmlns:r="{rels}"><sheets>{sheet}</sheets></workbook>')
        body = "".join(f"<row>{cells(row)}</row>" for row in lines)
        file.writestr("xl/worksheets/sheet1.xml", f'<worksheet xmlns="{main}"><sheetData>{body}</sheetData></worksheet>')


# name: drafts, their kind, sizes of the smallest
SHAPES = {
    "words": (words, "csv", 60),
    "records": (records, "csv", 10),
    "small-tables": (small_tables, "csv", 4),
    "small-figures": (small_figures, "csv", 60),
    "tall": (tall, "csv", 100),
    "percent": (percent, "csv", 60),
    "percent-rows": (percent_rows, "csv", 30),
    "rates": (rates, "csv", 60),
    "withheld": (withheld, "csv", 60),
    "derivable": (derivable, "csv", 60),
    "undeclared": (undeclared, "csv", 60),
    "blanks": (blanks, "csv", 60),
    "wrong": (wrong, "csv", 30),
    "wide": (wide, "csv", 60),
    "square": (square, "csv", 400),
    "different-tables": (different_tables, "csv", 10),
    "linked-tables": (linked_tables, "csv", 4),
    "sentences": (sentences, "txt", 100),
    "small-sentences": (small_sentences, "txt", 50),
    "indented": (indented, "csv", 100),
    "grouped": (grouped, "csv", 100),
    "crossed": (crossed, "csv", 100),
    "subtotals": (subtotals, "csv", 100),
    "rounded": (rounded, "csv", 60),
    "twice": (twice, "csv", 100),
    "workbook": (workbook, "xlsx", 4000),
}
# drafts with a target: shape, size, seconds and MiB at most, where they are set
TARGETS = [
    ("small-tables", 6, 0.1, None),
    ("square", 10_000, 1.0, None),
    ("workbook", 499_000, 10.0, 1024),
    ("words", 60, None, None),
    ("words", 120, None, None),
    ("small-tables", 25, None, None),
    ("small-figures", 1000, None, None),
    ("small-figures", 2000, None, None),
    ("percent-rows", 100, None, None),
    ("withheld", 10_000, None, None),
]
# growth beyond this is looked into
MOST_POWER = 1.3
# seconds below which growth is noise
NOISE = 0.04


def written(folder, name, n):
    """A draft of a shape and size."""
    make, kind, _ = SHAPES[name]
    path = os.path.join(folder, f"{name}-{n}.{kind}")
    if make is workbook:
        make(n, path)
    else:
        with open(path, "w", encoding="utf-8") as file:
            file.write(make(n))
    return path


def check(tabsafe, path, limit, *more):
    """Seconds of CPU, exit code, the most memory in MiB, seconds by the clock; None where it took longer than the limit."""
    before = time.monotonic()
    child = subprocess.Popen([tabsafe, "check", path, *more], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while True:
        pid, status, used = os.wait4(child.pid, os.WNOHANG)
        passed = time.monotonic() - before
        if pid:
            child.returncode = os.waitstatus_to_exitcode(status)
            return used.ru_utime + used.ru_stime, child.returncode, used.ru_maxrss // 1024, passed
        if passed > limit:
            child.kill()
            child.wait()
            return None
        time.sleep(0.01)


def interrupted(tabsafe, path, after):
    """Seconds from Ctrl-C to the end; none where the work ended before."""
    child = subprocess.Popen([tabsafe, "check", path], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(after)
    if child.poll() is not None:
        return None
    before = time.monotonic()
    child.send_signal(signal.SIGINT)
    child.wait()
    return time.monotonic() - before


def power(points, start):
    """The slope through the logarithms of sizes and seconds; none where all of it is noise."""
    points = [(math.log(n), math.log(s - start)) for n, s in points if s - start > NOISE]
    if len(points) < 2:
        return None
    x, y = (sum(p[i] for p in points) / len(points) for i in (0, 1))
    return sum((a - x) * (b - y) for a, b in points) / sum((a - x) ** 2 for a, _ in points)


def grown(given, folder, name, start):
    """Sizes and seconds of a shape, with the power of growth."""
    least = SHAPES[name][2]
    points, ends = [], None
    for n in [int(least * given.times) * 2**i for i in range(given.sizes)]:
        path = written(folder, name, n)
        found = [check(given.tabsafe, path, given.limit) for _ in range(given.runs)]
        if None in found:
            print(f"{name:17} {n}: over {given.limit:.0f} s", flush=True)
            break
        points.append((n, min(f[0] for f in found)))
        ends = found[-1]
    slope = power(points, start)
    said = "flat" if slope is None else f"{slope:.2f}"
    beyond = "  BEYOND" if slope is not None and slope > MOST_POWER else ""
    line = "  ".join(f"{n}: {s:.2f} s" for n, s in points)
    print(f"{name:17} {line}  (exit {ends and ends[1]}, {ends and ends[2]} MiB)  power {said}{beyond}", flush=True)
    return points, said


def targets(given, folder):
    """Drafts with a target: rows of a table."""
    rows = []
    for name, n, seconds, memory in TARGETS:
        found = check(given.tabsafe, written(folder, name, n), given.limit)
        wanted = f"{seconds:g} s" if seconds else ""
        if memory:
            wanted += f", {memory} MiB"
        if found is None:
            rows.append([name, n, wanted, f"over {given.limit:.0f}", "", ""])
            continue
        cpu, code, most, passed = found
        beyond = seconds and cpu > seconds or memory and most > memory
        rows.append([name, n, wanted, f"{cpu:.2f} ({passed:.2f})", most, "beyond" if beyond else ""])
        print(*rows[-1], f"exit {code}", sep="  ", flush=True)
    big = written(folder, "small-figures", 8000)
    for after in (0.3, 1.0, 2.0):
        gone = interrupted(given.tabsafe, big, after)
        print(f"Ctrl-C after {after} s: ended {'before' if gone is None else f'{gone:.2f} s later'}", flush=True)
        if gone is not None:
            rows.append([f"Ctrl-C after {after} s", 8000, "0.2 s", f"({gone:.2f})", "", "beyond" if gone > 0.2 else ""])
    found = check(given.tabsafe, big, given.limit, "--time-limit", "2")
    if found:
        beyond = found[3] > 3
        rows.append(["--time-limit 2", 8000, "2 s", f"({found[3]:.2f})", found[2], "beyond" if beyond else ""])
        print(*rows[-1], f"exit {found[1]}", sep="  ", flush=True)
    return rows


WIDTH, HEIGHT, LEFT, TOP = 620, 420, 60, 30
COLOURS = ["#1b6ca8", "#b8541a", "#3a7d44", "#7b3fa0", "#8a6d1d", "#a3263f", "#2b8a8a", "#555555"]


def chart(shapes):
    """Seconds against the size of a draft, both by powers of ten, a line for each shape."""
    every = [p for points, _ in shapes.values() for p in points if p[1] > 0]
    decades = lambda values: (math.floor(math.log10(min(values))), math.ceil(math.log10(max(values))))
    (x0, x1), (y0, y1) = decades([p[0] for p in every]), decades([p[1] for p in every])
    at = lambda x, y: (
        LEFT + (math.log10(x) - x0) / (x1 - x0) * WIDTH,
        TOP + (1 - (math.log10(y) - y0) / (y1 - y0)) * HEIGHT,
    )
    parts = []
    for p in range(x0, x1 + 1):
        x = at(10**p, 10**y0)[0]
        parts.append(f'<path d="M{x:.0f} {TOP}v{HEIGHT}" stroke="#ddd"/>')
        parts.append(f'<text x="{x:.0f}" y="{TOP + HEIGHT + 18}" text-anchor="middle">{10**p:,}</text>')
    for p in range(y0, y1 + 1):
        y = at(10**x0, 10**p)[1]
        parts.append(f'<path d="M{LEFT} {y:.0f}h{WIDTH}" stroke="#ddd"/>')
        parts.append(f'<text x="{LEFT - 8}" y="{y + 4:.0f}" text-anchor="end">{10**p:g}</text>')
    for number, (name, (points, slope)) in enumerate(shapes.items()):
        colour, dash = COLOURS[number % len(COLOURS)], ["", "6 4", "2 3", "9 3 2 3"][number // len(COLOURS) % 4]
        corners = " ".join("{:.1f},{:.1f}".format(*at(n, s)) for n, s in points if s > 0)
        look = f'stroke="{colour}" stroke-width="1.6" fill="none" stroke-dasharray="{dash}"'
        parts.append(f'<polyline points="{corners}" {look}/>')
        y = TOP + 6 + number * 16
        parts.append(f'<path d="M{LEFT + WIDTH + 16} {y - 4}h30" {look}/>')
        parts.append(f'<text x="{LEFT + WIDTH + 52}" y="{y}">{name} ({slope})</text>')
    parts.append(f'<text x="{LEFT}" y="{TOP - 12}" font-weight="bold">seconds of the processor (power of growth)</text>')
    parts.append(f'<text x="{LEFT + WIDTH / 2}" y="{TOP + HEIGHT + 38}" text-anchor="middle">rows, tables or cells</text>')
    size = f"0 0 {LEFT + WIDTH + 220} {TOP + max(HEIGHT, 16 * len(shapes)) + 50}"
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{size}" font-family="sans-serif" font-size="12">',
        "<title>Time of tabsafe check against the size of a draft</title>",
        '<rect width="100%" height="100%" fill="#fff"/>',
        *parts,
        "</svg>\n",
    ])


def report(given, shapes, rows):
    """The figures in Markdown."""
    sizes = [[name, *(f"{n}: {s:.2f}" for n, s in points), slope] for name, (points, slope) in shapes.items()]
    longest = max(len(row) for row in sizes)
    sizes = [row[:-1] + [""] * (longest - len(row)) + row[-1:] for row in sizes]
    header = ["draft", *(f"size {i + 1}: s" for i in range(longest - 2)), "power"]
    table = ["draft", "size", "target", "CPU, s (clock)", "MiB", ""]
    return "\n\n".join([
        f"{measure.Run([given.tabsafe, '--version']).out.strip()}; {measure.circumstances()}.",
        measure.markdown(table, rows),
        measure.markdown(header, sizes),
    ])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tabsafe", default="target/release/tabsafe")
    parser.add_argument("--shape", action="append", choices=SHAPES)
    parser.add_argument("--times", type=float, default=4, help="how many times as large as the smallest sizes")
    parser.add_argument("--sizes", type=int, default=4)
    parser.add_argument("--runs", type=int, default=1, help="runs of each draft, of which the least time counts")
    parser.add_argument("--limit", type=float, default=60, help="seconds per draft")
    parser.add_argument("--keep", help="a folder for the drafts")
    parser.add_argument("--write", metavar="FILE", help="put the figures into this Markdown file")
    parser.add_argument("--chart", metavar="FILE", help="draw the chart (SVG)")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        folder = given.keep or folder
        start = min(check(given.tabsafe, written(folder, "tall", 2), given.limit)[0] for _ in range(5))
        shapes = {name: grown(given, folder, name, start) for name in given.shape or SHAPES}
        rows = targets(given, folder) if not given.shape else []
    if given.chart:
        with open(given.chart, "w", encoding="utf-8") as file:
            file.write(chart({name: found for name, found in shapes.items() if found[0]}))
    if given.write:
        measure.insert(given.write, "check_speed.py", report(given, shapes, rows))


if __name__ == "__main__":
    sys.exit(main())
