#!/usr/bin/env python3
"""Checks the public proof of a release: docs/reference/proof.md says what must hold.

    python3 verify.py proof.json [release.csv]

Exit code 0: it holds. 1: it does not. 2: a file can't be read. All arithmetic is on whole numbers.
"""
import csv
import json
import sys
from bisect import bisect_left
from itertools import product
from math import prod


class Broken(Exception):
    """The proof does not hold."""


def demand(condition, reason):
    if not condition:
        raise Broken(reason)


def whole(value, what):
    demand(type(value) is int, f"{what} is no whole number")
    return value


def classes_of(runs, count):
    found = [c for lo, hi in runs for c in range(whole(lo, "a class"), whole(hi, "a class") + 1)]
    demand(found and all(a < b for a, b in zip(found, found[1:])) and 0 <= found[0] and found[-1] < count,
           "a set of classes is empty, not in order, or out of range")
    return tuple(found)


def within(value, bounds):
    return (bounds[0] is None or value >= bounds[0]) and (bounds[1] is None or value <= bounds[1])


def pairs(flat):
    demand(len(flat) % 2 == 0, "a list of cells and numbers is cut off")
    return [(whole(c, "a cell"), whole(k, "a number")) for c, k in zip(flat[::2], flat[1::2])]


def parts_of(nodes):
    """Per node, the nodes that make it up; nothing for an atom."""
    order = sorted(range(len(nodes)), key=lambda n: (len(nodes[n]), nodes[n]))
    sizes = [len(nodes[n]) for n in order]
    parts = [[] for _ in nodes]
    for n in order:
        left = set(nodes[n])
        for m in reversed(order[:bisect_left(sizes, len(nodes[n]))]):
            if left.issuperset(nodes[m]):
                parts[n].append(m)
                left.difference_update(nodes[m])
        demand(not parts[n] or not left, "a group of classes is not made up of its parts")
    return parts


class Structure:
    """Cells by number, and the relations between them, from definitions alone."""

    def __init__(self, proof):
        self.counts = [d["classes"] for d in proof["dimensions"]]
        self.all = [tuple(range(n)) for n in self.counts]
        self.number, self.measure, self.relations, self.levels = {}, [], [], []
        for grid in proof["grids"]:
            self.add(grid)
        self.in_grids = len(self.measure)
        self.measure += [None] * whole(proof["more"]["cells"], "the number of cells beyond grids")
        self.relations += [(pairs(terms), whole(constant, "a constant")) for terms, constant in proof["more"]["relations"]]
        self.uses = [[] for _ in self.measure]
        for r, (terms, _) in enumerate(self.relations):
            for cell, k in terms:
                demand(0 <= cell < len(self.uses), "a relation names a cell that there is not")
                self.uses[cell].append((r, k))

    def add(self, grid):
        names = [d["dimension"] for d in grid["dimensions"]]
        demand(names == sorted(set(names)), "a grid names its dimensions twice or not in order")
        dims = [(d, [classes_of(n, self.counts[d]) for n in g["nodes"]]) for d, g in zip(names, grid["dimensions"])]
        parts, level = [], []
        for d, nodes in dims:
            demand(len(set(nodes)) == len(nodes) and self.all[d] in nodes, "a grid lacks a total, or has a group twice")
            own = parts_of(nodes)
            atoms = sorted(nodes[n] for n in range(len(nodes)) if not own[n])
            demand(sorted(c for a in atoms for c in a) == list(self.all[d]),
                   f"the finest groups of dimension {d} are not all of it, each once")
            parts.append(own)
            level.append((d, tuple(atoms)))
        self.levels.append((grid["measure"], [l for l in level if len(l[1]) > 1]))
        cells, stride = [], prod(len(nodes) for _, nodes in dims)
        for at in product(*(nodes for _, nodes in dims)):
            sets = dict(zip(names, at))
            key = (grid["measure"], tuple(sets.get(d, everything) for d, everything in enumerate(self.all)))
            if key not in self.number:
                self.number[key] = len(self.measure)
                self.measure.append(grid["measure"])
            cells.append(self.number[key])
        for (_, nodes), own in zip(dims, parts):
            stride //= len(nodes)
            for position, cell in enumerate(cells):
                n = position // stride % len(nodes)
                if own[n]:
                    terms = [(cells[position + (m - n) * stride], 1) for m in own[n]]
                    self.relations.append(([(cell, -1)] + terms, 0))

    def check_circles(self):
        """No tables bind each other in ways that sums do not tell."""
        for measure in {m for m, _ in self.levels}:
            grids, chain = [dict(level) for m, level in self.levels if m == measure], {}
            for d in {d for g in grids for d in g}:
                chain[d] = sorted({g[d] for g in grids if d in g}, key=len)
                for coarse, fine in zip(chain[d], chain[d][1:]):
                    home = {c: i for i, atom in enumerate(coarse) for c in atom}
                    demand(all(len({home[c] for c in atom}) == 1 for atom in fine),
                           f"groups of dimension {d} cross, and no grid holds what they have in common")
            edges = [{(d, k) for d in g for k in range(chain[d].index(g[d]) + 1)} for g in grids]
            before = None
            while before != edges:
                before = edges
                edges = [{v for v in e if sum(v in f for f in edges) > 1} for e in edges]
                edges = [e for i, e in enumerate(edges)
                         if e and not any(e < f or (e == f and j < i) for j, f in enumerate(edges))]
            demand(not edges, "the tables form a circle, and no grid holds their joint groups")


def printed(proof, structure):
    """Per printed cell what stands there: a whole number, bounds, or the sign."""
    seen = {}
    for table in proof["tables"]:
        name, axes = table["id"], table["axes"]
        scope = [(d, set(classes_of(s, structure.counts[d]))) for d, s in table["scope"]]
        entries = [[(a["dimension"], set(classes_of(s, structure.counts[a["dimension"]]))) for _, s in a["entries"]]
                   for a in axes]
        figures = table["figures"]
        size = prod(len(e) for e in entries)
        demand(len(figures) == size, f"table {name} has {len(figures)} figures for {size} cells")
        for figure, at in zip(figures, product(*entries)):
            sets = dict(enumerate(structure.all))
            for d, own in scope + list(at):
                sets[d] = tuple(c for c in sets[d] if c in own)
            possible = all(sets.values())
            demand(possible == (figure is not None), f"a figure of table {name} is missing, or stands where none can be")
            if possible:
                cell = structure.number.get((table["measure"], tuple(sets[d] for d in range(len(sets)))))
                demand(cell is not None, f"a cell of table {name} is in no grid")
                figure = tuple(figure) if isinstance(figure, list) else figure
                demand(seen.setdefault(cell, figure) == figure, f"a figure of table {name} stands elsewhere as another")
    return seen


def implied(structure, seen):
    """Cells that follow from those that are seen."""
    found, todo = set(), list(range(len(structure.relations)))
    while todo:
        left = [c for c, _ in structure.relations[todo.pop()][0] if c not in seen and c not in found]
        if len(left) == 1 and left[0] < structure.in_grids:
            found.add(left[0])
            todo.extend(use for use, _ in structure.uses[left[0]])
    return found


def least_of(proof, structure, seen):
    """What each cell is at least, whatever is withheld."""
    least = []
    for cell, measure in enumerate(structure.measure):
        figure = seen.get(cell)
        zero = figure is None or figure == 0 or (isinstance(figure, tuple) and within(0, figure[1:]))
        least.append(0 if zero or measure is None else whole(proof["measures"][measure]["least"], "a least value"))
    sums = [([c for c, _ in terms[1:]], terms[0][0]) for terms, constant in structure.relations
            if constant == 0 and [k for _, k in terms] == [-1] + [1] * (len(terms) - 1)]
    while True:
        before = list(least)
        for parts, total in sums:
            least[total] = max(least[total], sum(least[c] for c in parts))
        if least == before:
            return least


def check_tables(proof, structure, bounds, common):
    """The common table and all others keep bounds and relations."""
    demand(all(map(within, common, bounds)), "the common table breaks a bound")
    for terms, constant in structure.relations:
        demand(sum(k * common[c] for c, k in terms) == constant, "a sum of the common table does not add up")
    moves = []
    for number, move in enumerate(proof["moves"]):
        by = dict(pairs(move))
        demand(len(by) * 2 == len(move) and all(0 <= c < len(common) for c in by), f"table {number} names a wrong cell")
        demand(all(within(common[c] + k, bounds[c]) for c, k in by.items()), f"table {number} breaks a bound")
        off = {}
        for cell, k in by.items():
            for r, factor in structure.uses[cell]:
                off[r] = off.get(r, 0) + factor * k
        demand(not any(off.values()), f"a sum of table {number} does not add up")
        moves.append(by)
    return moves


def kept(values, hides, least, hidden, protection):
    """Whether enough is shown of a count."""
    if any(not hidden[0] <= v <= hidden[1] for v in values):
        return True
    kind, _, amount = protection.partition("=")
    if kind in ("exact", "percent", "width"):
        return max(values) - min(values) >= (int(amount) if kind == "width" else 1)
    owed = [v for v in hides if v >= least]
    return kind == "band" and len(values) > 1 and bool(owed) and all(v in values for v in owed)


def check_promises(proof, structure, seen, bounds, common, moves):
    """Every promise that is owed is made and kept. Returns how many, and how many hidden counts are not shown."""
    hidden, protection = proof["reader"]["hidden"], proof["reader"]["protection"]
    least, follows = least_of(proof, structure, seen), implied(structure, seen)
    made = {promise[0]: promise for promise in proof["promises"]}
    missing = 0
    for cell, measure in enumerate(structure.measure):
        figure = seen.get(cell)
        if isinstance(figure, int) or measure is None or (figure is None and cell not in follows):
            continue
        sums = "sums" in proof["measures"][measure]
        hides = [v for v in range(hidden[0], hidden[1] + 1) if within(v, bounds[cell])] if hidden and not sums else []
        if (figure is None and common[cell] not in hides) or not (hides or (sums and figure == "w")):
            continue
        demand(cell in made, f"nothing is promised of cell {cell}")
        _, tables, unshown = made[cell]
        demand(all(t == -1 or 0 <= t < len(moves) for t in tables), f"a table of cell {cell} is missing")
        values = {common[cell] + (0 if t == -1 else moves[t].get(cell, 0)) for t in tables}
        enough = len(values) > 1 if sums else values and kept(values, hides, least[cell], hidden, protection)
        demand(enough, f"too little is shown of cell {cell}")
        demand(all(v in values or v in unshown for v in hides), f"a hidden count of cell {cell} is neither shown nor listed")
        missing += sum(v not in values for v in hides)
    return len(made), missing


def check_csv(proof, path):
    """The figures are those of the CSV file of the release."""
    rows = {}
    with open(path, newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            rows.setdefault(row["table"], []).append(row)
    demand(set(rows) == {t["id"] for t in proof["tables"]}, "the CSV file has other tables")
    kinds = {"published": int, "withheld": str, "not-applicable": type(None), "rounded": list, "rounds-to-zero": list}
    for table in proof["tables"]:
        demand(len(rows[table["id"]]) == len(table["figures"]), f"table {table['id']} of the CSV file has another size")
        for row, figure in zip(rows[table["id"]], table["figures"]):
            digits = list(row.values())[-2].replace(".", "")
            shown = figure[0] if isinstance(figure, list) else figure if isinstance(figure, int) else None
            same = (int(digits) if digits else None) == shown and isinstance(figure, kinds[row["status"]])
            demand(same, f"a figure of table {table['id']} differs from the CSV file")


def verify(proof):
    demand(proof.get("format") == "tabsafe-proof" and proof.get("version") == 1, "it is no proof of this version")
    structure = Structure(proof)
    structure.check_circles()
    seen = printed(proof, structure)
    bounds, common, values = [], [], iter(proof["common"])
    for cell, measure in enumerate(structure.measure):
        figure = seen.get(cell, (None, 0, None))
        exact = isinstance(figure, int)
        own = proof["measures"][measure]["sign"] if figure == "w" else (figure, figure) if exact else figure[1:]
        bounds.append(tuple(own))
        value = figure if exact else next(values, None)
        demand(value is not None, "the common table lacks cells")
        common.append(whole(value, "a value of the common table"))
    demand(next(values, None) is None, "the common table has too many cells")
    moves = check_tables(proof, structure, bounds, common)
    promised, missing = check_promises(proof, structure, seen, bounds, common, moves)
    return len(structure.measure), len(structure.relations), len(moves) + 1, promised, missing


def main(paths):
    if len(paths) not in (1, 2):
        print(__doc__, file=sys.stderr)
        return 2
    try:
        with open(paths[0], encoding="utf-8") as file:
            proof = json.load(file)
        cells, relations, tables, promised, missing = verify(proof)
        for path in paths[1:]:
            check_csv(proof, path)
    except (OSError, json.JSONDecodeError, UnicodeDecodeError) as error:
        print(f"can't be read: {error}", file=sys.stderr)
        return 2
    except (Broken, LookupError, TypeError, ValueError, AttributeError) as error:
        built = "" if isinstance(error, Broken) else f"it is not built as it should be: {type(error).__name__} "
        print(f"the proof does not hold: {built}{error}", file=sys.stderr)
        return 1
    policy, reader = proof["policy"], proof["reader"]
    print(f"The proof holds: {tables} tables fit {cells} cells and {relations} sums, and show what {promised} cells may be.")
    print(f"Hidden are {reader['hidden']} ({reader['protection']}), of which {missing} are not shown to be possible; signs")
    print(f"stand for {[m['sign'] for m in proof['measures']]}. Policy {policy['id']} {policy['version']}, {policy['fingerprint'][:12]}.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
