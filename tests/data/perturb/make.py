"""Makes the expected values beside it. Needs the package cell-key-perturbation (ONS, 3.1.0) with pandas for the first part.

ons.csv, ons-expected.csv: records with whole keys from 0 to 255, and what create_perturbed_table publishes with thresholds 0 and 10
under two perturbation tables, which tests write out again by the same formulas:
  noise  v = ((7 n + 13 k) mod 5) - 2, not below -n   for the row n = 1..750 and the key k = 0..255
  round  the 10-5 rule that ships with the package (n < 10 becomes 0, others the nearest 5)
magnitude.csv: sums with contributions and keys, and what the formulas of the R package cellKey make of them, written down here a
second time with plain loops. The figures that stand in the file are those of the package's own functions: cellkey.R has put
them in place of these, from which none differed by more than 1e-9.
"""
import csv
import math
import random

import pandas as pd
from cell_key_perturbation.create_perturbed_table import create_perturbed_table


def ons():
    random.seed(20)
    rows = [(random.randrange(256), random.choice("AAAB"), random.choice("pqrstu"), random.choice("xxxxyz")) for _ in range(2400)]
    with open("ons.csv", "w", newline="\n") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(["key", "a", "b", "c"])
        writer.writerows(rows)
    micro = pd.DataFrame(rows, columns=["key", "a", "b", "c"])
    noise = [(n, k, max((7 * n + 13 * k) % 5 - 2, -n)) for n in range(1, 751) for k in range(256)]
    to_five = lambda n: -n if n < 10 else [0, -1, -2, 2, 1][n % 5]
    rounding = [(n, k, to_five(n)) for n in range(1, 751) for k in range(256)]
    with open("ons-expected.csv", "w", newline="\n") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(["table", "a", "b", "c", "true", "published", "published-from-10"])
        for name, table in [("noise", noise), ("round", rounding)]:
            ptable = pd.DataFrame(table, columns=["pcv", "ckey", "pvalue"])
            for variables in [["a"], ["c"], ["a", "b"], ["a", "b", "c"]]:
                made = create_perturbed_table(micro, ptable, [], variables, "key", threshold=0)
                cut = create_perturbed_table(micro, ptable, [], variables, "key", threshold=10)
                for (_, row), (_, shown) in zip(made.iterrows(), cut.iterrows()):
                    codes = [row[v] if v in variables else "Total" for v in "abc"]
                    at_ten = "" if pd.isna(shown["count"]) else int(shown["count"])
                    writer.writerow([name, *codes, row["pre_sdc_count"], int(row["count"]), at_ten])


# rows of a perturbation table for sums: i, then noise and the end of its keys
TABLE = {
    0: [(0, 1)],
    1: [(-1, .15), (-.5, .4), (0, .6), (.5, .75), (1, .85), (2, .95), (3, 1)],
    3: [(-3, .1), (-1.5, .25), (-.5, .45), (0, .6), (.5, .75), (1.5, .9), (3, 1)],
    5: [(-3, .05), (-2, .2), (-1, .4), (0, .6), (1, .8), (2, .95), (3, 1)],
}
SMALL = {0: [(0, 1)], 1: [(-1, .5), (1, 1)], 2: [(-2, .1), (-1, .35), (0, .65), (1, .9), (2, 1)]}


def look_up(table, a, key):
    """The noise for a place in a table, in proportion between two rows."""
    places = sorted(table)
    a = min(a, places[-1])
    at = lambda i: next(v for v, end in table[i] if key < end)
    if a in places:
        return at(a)
    low = max(i for i in places if i < a)
    high = min(i for i in places if i > a)
    share = (a - low) / (high - low)
    return (1 - share) * at(low) + share * at(high)


def turned(key, times):
    digits = f"{key:.8f}"[2:].rstrip("0")
    times %= len(digits)
    return float("0." + digits[times:] + digits[:times])


def perturb(x, contributions, key, eps, s, flex, extra, same_key, small):
    variance = sum(v * v * (end - begin) for (v, end), begin in zip(SMALL[2], [0, .1, .35, .65, .9]))
    zs = math.sqrt(variance) / (math.sqrt(sum(e * e for e in eps)) * s) if small else 0
    for j, (xj, e) in enumerate(zip(contributions, eps)):
        table, skip = TABLE, False
        if xj < zs:
            delta, table = 1, SMALL
        elif flex is None:
            delta = xj * s * e
        elif xj < flex[1]:
            delta = xj * s
        else:
            large, fp, q = flex
            delta = xj * large * (1 + (s * xj - large * fp) / (large * fp) * (2 * fp / (fp + xj)) ** q) * e
        if x < delta:
            delta, stand_in = x, x / (s * e)
            if stand_in < zs:
                delta, table, skip = 1, SMALL, j > 0 or flex is None
        if skip:
            continue
        v = look_up(table, x / delta, turned(key, j if same_key else j + 1))
        step = delta * (abs(v) + extra) * (1 if v >= 0 else -1)
        x += max(step, -x)
    return x


def magnitude():
    random.seed(21)
    settings = [
        ("top1", [1], .1, None, 0, True, False),
        ("top3", [1, .5, .3], .2, None, 0, True, False),
        ("flex", [1, .5, .3], .2, (.03, 1000, 2), 0, False, False),
        ("flex-small", [1, .5], .25, (.05, 500, 3), 0, True, True),
        ("extra", [1], .1, None, 1.5, True, True),
    ]
    with open("magnitude.csv", "w", newline="\n") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(["setting", "key", "contributions", "published"])
        for name, eps, s, flex, extra, same_key, small in settings:
            for _ in range(40):
                scale = random.choice([3, 50, 2000, 100000])
                values = sorted((round(random.uniform(0.5, 1) ** 3 * scale, 2) for _ in range(random.randint(1, 6))), reverse=True)
                key = round(random.random(), 8)
                x = round(sum(values), 2)
                made = perturb(x, values[: len(eps)], key, eps, s, flex, extra, same_key, small)
                writer.writerow([name, f"{key:.8f}", " ".join(f"{v:.2f}" for v in values), f"{made:.9f}"])


ons()
magnitude()
