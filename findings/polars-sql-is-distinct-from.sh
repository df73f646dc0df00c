#!/usr/bin/env bash
# polars 2.1.0, SQL: what stands to the right of IS DISTINCT FROM takes in the AND and OR that follow.
#
# SQL binds IS DISTINCT FROM tighter than NOT, AND and OR. Polars reads `a IS DISTINCT FROM 1 AND b` as
# `a IS DISTINCT FROM (1 AND b)`, raises nothing, and counts other records than every database does: a filter on people
# (area other than 1, and consented) keeps those who did not consent. DuckDB 2.0.1 is run beside it on the same rows, and
# Polars itself with parentheses.
#
# tabsafe reads expressions by its own rules of precedence, tested against DuckDB and SQLite (tests/sql.rs).
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/venv"
"$dir/venv/bin/pip" install --quiet polars==2.1.0 duckdb==2.0.1
"$dir/venv/bin/python" - <<'PY'
import duckdb
import polars as pl

frame = pl.DataFrame({"row": [0, 1, 2, 3, 4], "a": [1, 1, 2, 2, None], "b": [True, False, True, False, True]})
VALUES = "(VALUES (0,1,true),(1,1,false),(2,2,true),(3,2,false),(4,NULL,true)) AS t(row, a, b)"


def polars(where):
    return frame.sql(f"SELECT row FROM self WHERE {where}")["row"].to_list()


def database(where):
    return sorted(r[0] for r in duckdb.sql(f"SELECT row FROM {VALUES} WHERE {where}").fetchall())


print("polars", pl.__version__, "duckdb", duckdb.__version__)
for where, seen, meant in [
    ("a IS DISTINCT FROM 1 AND b", [1, 2, 3, 4], [2, 4]),
    ("(a IS DISTINCT FROM 1) AND b", [2, 4], [2, 4]),
    ("a IS DISTINCT FROM 1 OR b", [2, 3, 4], [0, 2, 3, 4]),
    ("(a IS DISTINCT FROM 1) OR b", [0, 2, 3, 4], [0, 2, 3, 4]),
]:
    ours, theirs = polars(where), database(where)
    print(f"{where}: polars {ours}, duckdb {theirs}")
    assert (ours, theirs) == (seen, meant), where
PY
