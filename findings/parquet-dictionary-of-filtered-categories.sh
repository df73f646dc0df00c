#!/usr/bin/env bash
# pandas 3.1.1 with pyarrow 26.0.1: a filtered categorical column takes the labels of removed rows into the Parquet file.
#
# Rows with a small count are dropped, then the frame is saved. The column is categorical (as `read_csv` makes it with
# dtype="category", and `cut`): its dictionary page holds every category, used or not, and reading the file back as a
# categorical gives all of them. A label (a school, an employer) that stood in removed rows alone is published. The same
# frame as plain text, or after `remove_unused_categories`, leaves nothing; Polars 2.1.0 writes the used categories only.
#
# tabsafe's Parquet holds no dictionary of its input: labels are those of the release.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/venv"
"$dir/venv/bin/pip" install --quiet pandas==3.1.1 pyarrow==26.0.1 polars==2.1.0
"$dir/venv/bin/python" - "$dir/table.parquet" <<'PY'
import sys

import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

FILE = sys.argv[1]
frame = pd.DataFrame({"school": pd.Categorical(["Ash", "Birch-on-the-Hill", "Cedar"]), "n": [12, 3, 40]})
kept = frame[frame["n"] >= 5]
ways = {
    "pandas, categorical": (kept, True),
    "pandas, categorical without unused categories": (
        kept.assign(school=kept["school"].cat.remove_unused_categories()),
        False,
    ),
    "pandas, text": (kept.assign(school=kept["school"].astype("str")), False),
    "polars, Categorical": (
        pl.DataFrame({"school": frame["school"].astype("str").tolist(), "n": frame["n"].tolist()})
        .with_columns(pl.col("school").cast(pl.Categorical))
        .filter(pl.col("n") >= 5),
        False,
    ),
}
print("pandas", pd.__version__, "pyarrow", pa.__version__, "polars", pl.__version__)
for name, (table, left) in ways.items():
    if isinstance(table, pl.DataFrame):
        table.write_parquet(FILE, compression="uncompressed")
    else:
        table.to_parquet(FILE, compression="none")
    rows = [str(v) for v in pq.read_table(FILE)["school"].to_pylist()]
    assert rows == ["Ash", "Cedar"], (name, rows)
    with open(FILE, "rb") as file:
        found = b"Birch-on-the-Hill" in file.read()
    print(f"{name}: the removed label is {'in' if found else 'not in'} the file")
    assert found == left, name
back = ways["pandas, categorical"][0]
back.to_parquet(FILE)
print("categories read back:", list(pd.read_parquet(FILE)["school"].cat.categories))
assert list(pd.read_parquet(FILE)["school"].cat.categories) == ["Ash", "Birch-on-the-Hill", "Cedar"]
PY
