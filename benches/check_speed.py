#!/usr/bin/env python3
"""How the time of `tabsafe check` grows with a draft.

Writes drafts of four sizes for every shape, checks each, and prints the seconds of CPU per size and the power of growth
between the two largest: 1 is linear, 2 quadratic. The figures are made up by a fixed rule.

    python3 benches/check_speed.py --tabsafe target/release/tabsafe [--shape NAME]... [--times 10] [--limit 60]
"""

import argparse
import math
import os
import random
import subprocess
import tempfile
import time

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
}


def check(tabsafe, path, limit):
    """Seconds of CPU, exit code, and the most memory in MiB; None where it took longer than the limit."""
    before = time.monotonic()
    child = subprocess.Popen([tabsafe, "check", path], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while True:
        pid, status, used = os.wait4(child.pid, os.WNOHANG)
        if pid:
            child.returncode = os.waitstatus_to_exitcode(status)
            return used.ru_utime + used.ru_stime, child.returncode, used.ru_maxrss // 1024
        if time.monotonic() - before > limit:
            child.kill()
            child.wait()
            return None
        time.sleep(0.01)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tabsafe", default="target/release/tabsafe")
    parser.add_argument("--shape", action="append", choices=SHAPES)
    parser.add_argument("--times", type=float, default=1, help="how many times as large as the smallest sizes")
    parser.add_argument("--sizes", type=int, default=4)
    parser.add_argument("--limit", type=float, default=60, help="seconds per draft")
    parser.add_argument("--keep", help="a folder for the drafts")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        folder = args.keep or folder
        for name in args.shape or SHAPES:
            make, kind, least = SHAPES[name]
            sizes = [int(least * args.times) * 2**i for i in range(args.sizes)]
            line, points = [], []
            for n in sizes:
                path = os.path.join(folder, f"{name}-{n}.{kind}")
                with open(path, "w", encoding="utf-8") as file:
                    file.write(make(n))
                found = check(args.tabsafe, path, args.limit)
                if found is None:
                    line.append(f"{n}: over {args.limit:.0f} s")
                    break
                seconds, code, memory = found
                points.append((n, seconds))
                line.append(f"{n}: {seconds:.2f} s ({code}, {memory} MiB)")
            power = ""
            if len(points) > 1 and points[-2][1] > 0:
                (a, x), (b, y) = points[-2:]
                power = f"power {math.log(max(y, 0.001) / max(x, 0.001)) / math.log(b / a):.1f}"
            print(f"{name:17} " + "  ".join(line) + "  " + power, flush=True)


if __name__ == "__main__":
    main()
