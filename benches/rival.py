"""pytauargus as a rival: writes the files it wants, runs its command, reads which cells it withholds.

Its `protect` command takes no hierarchies, so its own generator of batches writes one and `tauargus run`
runs it. Making those files is not part of the time. Each case answers the value 1, so that a cell's
value is its count and its costs are counts. `FREQ(n,range)` is its threshold rule: a count below n must be uncertain by the safety
range, in percent. 20 is its default; for small counts it asks for less than a whole case, so 100 is tried as well.
"""

import json
import os
import subprocess
import sys

from instances import ancestors
from measure import Runs

# the suppression as its batches spell it, and the safety range: table 1, at most 5 minutes, and for MOD all three guards for cells
# of one or few contributors
METHODS = {"MOD": ("MOD(1,5,1,1,1)", 20), "MOD 100": ("MOD(1,5,1,1,1)", 100), "OPT": ("OPT(1,5)", 20)}

PREPARE = """
import json, sys
from pytauargus import protect
job = json.load(open(sys.argv[1]))
protect(job["micro"], job["by"], response="cases", safety_rules=job["rule"], suppress=job["suppress"],
        hrc=job["hrc"] or None, totcode="Total", workdir=job["folder"], run=False)
"""


def withheld(command, instance, threshold, method, folder, times, limit, budget):
    """Runs `method` on `instance`; the runs and the withheld cells, or None where it gave no result."""
    os.makedirs(folder, exist_ok=True)
    code, meant = names(instance)
    columns = {variable: [] for variable in [*instance.by, "cases"]}
    for codes, count in instance.records():
        for variable, own in zip(instance.by, codes):
            columns[variable].extend([code[variable][own]] * count)
        columns["cases"].extend([1] * count)
    suppress, safety = METHODS[method]
    job = {
        "micro": columns,
        "by": instance.by,
        "rule": f"FREQ({threshold},{safety})",
        "suppress": suppress,
        "hrc": hierarchies(instance, code, folder),
        "folder": folder,
    }
    with open(os.path.join(folder, "job.json"), "w") as file:
        json.dump(job, file)
    python = os.path.join(os.path.dirname(command), "python3")
    subprocess.run([python, "-c", PREPARE, os.path.join(folder, "job.json")], check=True)
    result = os.path.join(folder, "tab1.tab")
    if os.path.exists(result):
        os.remove(result)
    runs = Runs([command, "run", os.path.join(folder, "batch.arb")], times, limit, folder, budget)
    if runs.last.stopped or runs.last.code or not os.path.exists(result):
        return runs, None
    found = read(result, len(instance.by))
    return runs, {tuple(meant[v].get(c, c) for v, c in zip(instance.by, codes)) for codes in found}


def names(instance):
    """Each code padded to the width of its variable, as files of fixed width want it, and the way back."""
    code, meant = {}, {}
    for variable, tree in zip(instance.by, instance.trees):
        width = max(map(len, tree))
        code[variable] = {own: own.ljust(width, "_") for own in tree}
        meant[variable] = {padded: own for own, padded in code[variable].items()}
    return code, meant


def hierarchies(instance, code, folder):
    """A file for each variable that has levels."""
    files = {}
    for variable, tree in zip(instance.by, instance.trees):
        if any(tree.values()):
            files[variable] = os.path.join(folder, variable + ".hrc")
            with open(files[variable], "w") as file:
                for own in tree:
                    depth = len(list(ancestors(tree, own))) - 1
                    file.write("@" * depth + code[variable][own] + "\n")
    return files


def read(path, variables):
    """The codes of the cells that an intermediate file (type 5) marks as unsafe or secondary."""
    with open(path) as file:
        for line in file:
            fields = line.rstrip("\n").split(";")
            # codes; value; freq; cost; status; lower; upper
            if len(fields) > 3 and fields[-3] in ("U", "M"):
                yield tuple(code.strip().strip(chr(34)).strip() for code in fields[:variables])


def version(command):
    """What the installed package calls itself."""
    python = os.path.join(os.path.dirname(command), "python3")
    query = "import importlib.metadata as m; print('pytauargus', m.version('pytauargus'))"
    return subprocess.run([python, "-c", query], capture_output=True, text=True).stdout.strip()


if __name__ == "__main__":
    sys.exit(__doc__)
