#!/usr/bin/env bash
# pandas 3.1.1, polars 2.1.0, pyarrow 26.0.1, duckdb 2.0.1: which ways of blanking a count leave it in the Arrow file.
#
# A small count is replaced by a null and the table saved as Arrow (Feather). Every reader shows a null; the slot under the
# null still holds the count after `mask` and item assignment of pandas' Int64, after `when().then()` of Polars and after
# `if_else` of Arrow; it does not after `mask` of pandas' Arrow-backed type, `replace_with_mask` and `case_when` of
# Arrow, and DuckDB, which leaves a number that never stood there. Two spellings of the same step in one library differ.
#
# tabsafe writes its Parquet and Arrow outputs from values that a release holds, and `check` reads what stands under nulls.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/venv"
"$dir/venv/bin/pip" install --quiet pandas==3.1.1 polars==2.1.0 pyarrow==26.0.1 duckdb==2.0.1
"$dir/venv/bin/python" - "$dir/table.arrow" <<'PY'
import sys

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.ipc as ipc

FILE, COUNTS = sys.argv[1], [10, 3, 20]


def assigned():
    column = pd.Series(COUNTS, dtype="Int64")
    column[column < 5] = pd.NA
    return pd.DataFrame({"n": column})


def masked(dtype):
    column = pd.Series(COUNTS, dtype=dtype)
    return pd.DataFrame({"n": column.mask(column < 5)})


def arrow(column):
    return pa.table({"n": column})


counts = pa.array(COUNTS)
small = pc.less(counts, 5)
source = arrow(counts)
ways = {
    "pandas Int64, mask": (masked("Int64"), True),
    "pandas Int64, assignment of NA": (assigned(), True),
    "pandas int64[pyarrow], mask": (masked("int64[pyarrow]"), False),
    "polars when().then()": (pl.DataFrame({"n": COUNTS}).with_columns(pl.when(pl.col("n") >= 5).then("n")), True),
    "pyarrow if_else": (arrow(pc.if_else(small, None, counts)), True),
    "pyarrow replace_with_mask": (arrow(pc.replace_with_mask(counts, small, pa.scalar(None, pa.int64()))), False),
    "pyarrow case_when": (arrow(pc.case_when(pc.make_struct(pc.invert(small)), counts)), False),
    "duckdb CASE WHEN": (duckdb.sql("SELECT CASE WHEN n >= 5 THEN n END AS n FROM source").to_arrow_table(), False),
}
print("pandas", pd.__version__, "polars", pl.__version__, "pyarrow", pa.__version__, "duckdb", duckdb.__version__)
for name, (table, kept) in ways.items():
    if isinstance(table, pd.DataFrame):
        table.to_feather(FILE, compression="uncompressed")
    elif isinstance(table, pl.DataFrame):
        table.write_ipc(FILE, compression="uncompressed")
    else:
        with ipc.new_file(FILE, table.schema) as file:
            file.write_table(table)
    column = ipc.open_file(FILE).read_all()["n"].combine_chunks()
    assert column.to_pylist() == [10, None, 20], (name, column)
    under = int(np.frombuffer(column.buffers()[1], dtype="int64")[column.offset + 1])
    print(f"{name}: the slot under the null holds {'the count' if under == 3 else 'another number'}")
    assert (under == 3) == kept, (name, under)
PY
