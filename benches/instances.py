"""Count tables to measure with: a folder each, read from disk or made here from a seed.

A folder holds `micro.csv` (a row is one case, or a cell where a column `freq` holds its count) and
a `.hrc` file per variable: every code in order, a `@` per level below the first, without the total.

    python3 benches/instances.py FOLDER [NAME...]     writes the generated ones (or some) there
"""

import csv
import itertools
import os
import random
import sys


class Instance:
    """One table: where its files are, which variables it has, which column counts."""

    def __init__(self, folder):
        self.folder = folder
        self.name = os.path.basename(os.path.normpath(folder))
        self.data = os.path.join(folder, "micro.csv")
        with open(self.data, newline="") as file:
            header = next(csv.reader(file))
        self.by = [column for column in header if os.path.exists(self.hierarchy(column))]
        self.count = "freq" if "freq" in header else None
        self._leaves = None
        self.trees = [read_tree(self.hierarchy(variable)) for variable in self.by]

    def hierarchy(self, variable):
        """The file that lists the codes of `variable`."""
        return os.path.join(self.folder, variable + ".hrc")

    def arguments(self):
        """What `tabsafe protect` must be told about this table."""
        words = [self.data, "--by", ",".join(self.by)]
        for variable in self.by:
            words += ["--hierarchy", f"{variable}={self.hierarchy(variable)}"]
        return words + (["--count", self.count] if self.count else [])

    def grid(self):
        """The sizes of the table, totals included: `45x6x3`."""
        return "x".join(str(len(tree) + 1) for tree in self.trees)

    def cells(self):
        """How many cells the table has, totals included."""
        product = 1
        for tree in self.trees:
            product *= len(tree) + 1
        return product

    def records(self):
        """Each row's codes and how many cases it stands for."""
        with open(self.data, newline="") as file:
            for row in csv.DictReader(file):
                yield [row[v] for v in self.by], int(row[self.count]) if self.count else 1

    def leaves(self):
        """The finest cells that are not zero, each with its count."""
        if self._leaves is None:
            self._leaves = {}
            for codes, count in self.records():
                if count:
                    self._leaves[tuple(codes)] = self._leaves.get(tuple(codes), 0) + count
        return self._leaves

    def above(self, codes, total="Total"):
        """Every cell that a finest cell is part of, itself included."""
        return itertools.product(*([*ancestors(tree, code), total] for tree, code in zip(self.trees, codes)))

    def table(self, total="Total"):
        """Every cell of the table and its count, in the order of the codes."""
        counts = dict.fromkeys(itertools.product(*([*tree, total] for tree in self.trees)), 0)
        for codes, count in self.leaves().items():
            for cell in self.above(codes, total):
                counts[cell] += count
        return counts


def read_tree(path):
    """The codes of a `.hrc` file in order, each with the code above it (None at the top)."""
    tree, above = {}, []
    with open(path) as file:
        for line in file.read().splitlines():
            code = line.strip().lstrip("@").strip()
            if not code:
                continue
            depth = line.count("@")
            above = above[:depth] + [code]
            tree[code] = above[depth - 1] if depth else None
    return tree


def ancestors(tree, code):
    """`code` and every code above it, without the total."""
    while code is not None:
        yield code
        code = tree[code]


def read_all(folder):
    """Every instance below `folder`, the smallest first."""
    names = sorted(n for n in os.listdir(folder) if os.path.exists(os.path.join(folder, n, "micro.csv")))
    return sorted((Instance(os.path.join(folder, n)) for n in names), key=Instance.cells)


# ---- generated tables --------------------------------------------------------------------------
# Cases of a country: regions in a hierarchy, whose sizes differ as those of real ones do (lognormal), age groups
# in a bell, two sexes, and up to two further variables with few frequent and many rare codes.
# Variables are independent; what makes such tables hard is the many small counts beside large ones.

LEVELS = {"country": (4, 10), "counties": (4, 10, 10)}
# name: (levels of the region, age groups, codes of `offence` by level, records, seed)
FAMILIES = {
    "gen-810": ("country", 5, None, 5_000, 11),
    "gen-8010": ("counties", 5, None, 40_000, 12),
    "gen-28035": ("counties", 20, None, 100_000, 13),
    "gen-168210": ("counties", 20, (5,), 1_000_000, 14),
    "gen-1205505": ("counties", 20, (6, 6), 7_000_000, 15),
}


def nested(prefix, levels):
    """Lines of a `.hrc` file and the leaves of a hierarchy with `levels` children per level."""
    lines, leaves = [], []

    def descend(stem, depth):
        for child in range(levels[depth]):
            code = f"{stem}{child}" if depth == 0 else f"{stem}{child:02d}"
            lines.append("@" * depth + code)
            if depth + 1 < len(levels):
                descend(code, depth + 1)
            else:
                leaves.append(code)

    descend(prefix, 0)
    return lines, leaves


def generate(name, folder):
    """Writes the family member `name` below `folder` unless it is there; returns its folder."""
    target = os.path.join(folder, name)
    done = os.path.join(target, "micro.csv")
    if os.path.exists(done):
        return target
    region, ages, offence, records, seed = FAMILIES[name]
    chance = random.Random(seed)
    os.makedirs(target, exist_ok=True)
    variables = {"region": nested("R", LEVELS[region]), "age": flat("a", ages), "sex": flat("s", 2)}
    weights = {
        "region": [chance.lognormvariate(0, 1.3) for _ in variables["region"][1]],
        "age": [1 + 8 * (i + 1) * (ages - i) / ages**2 for i in range(ages)],
        "sex": [1, 1],
    }
    if offence:
        variables["offence"] = nested("o", offence)
        weights["offence"] = [1 / (i + 1) for i in range(len(variables["offence"][1]))]
    for variable, (lines, _) in variables.items():
        with open(os.path.join(target, variable + ".hrc"), "w") as file:
            file.write("\n".join(lines) + "\n")
    with open(done + ".part", "w") as file:
        file.write(",".join(variables) + "\n")
        for start in range(0, records, 100_000):
            size = min(100_000, records - start)
            columns = [chance.choices(codes, weights[v], k=size) for v, (_, codes) in variables.items()]
            file.writelines(",".join(row) + "\n" for row in zip(*columns))
    os.rename(done + ".part", done)
    return target


def flat(prefix, number):
    """A variable without levels: lines and codes are the same."""
    codes = [f"{prefix}{i:02d}" for i in range(number)]
    return codes, codes


def main():
    if len(sys.argv) < 2 or sys.argv[1].startswith("-"):
        sys.exit(__doc__)
    for name in sys.argv[2:] or FAMILIES:
        if name not in FAMILIES:
            sys.exit(f"{name} is not among {', '.join(FAMILIES)}")
        print(generate(name, sys.argv[1]))


if __name__ == "__main__":
    main()
