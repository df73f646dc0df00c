"""Writes cases.json: expressions, and their value for each record of records.csv as DuckDB and SQLite have it.

Made with DuckDB 2.0.1 and the SQLite 3.40.1 of Python 3.11:

    python3 -m venv /tmp/duck && /tmp/duck/bin/pip install duckdb==2.0.1 && /tmp/duck/bin/python generate.py

Each expression is asked of both; SQLite is left out where it has not the function (`no sqlite`). Where the two differ
the case says which of them has the meaning that tabsafe takes, and why.
"""
import csv, datetime, json, math, sqlite3, sys
from pathlib import Path
import duckdb

HERE = Path(__file__).parent
COLUMNS = {"i": "BIGINT", "j": "BIGINT", "k": "BIGINT", "d": "DOUBLE", "e": "DOUBLE", "t": "VARCHAR", "u": "VARCHAR",
           "s": "VARCHAR", "day": "DATE", "day2": "DATE", "iso": "VARCHAR"}
M31, M63 = 2**31, 2**63
# the border values of each column; columns are as long as the longest, and begin again
VALUES = {
    "i": [None, 0, 1, -1, 2, -2, 3, 7, -7, 100, M31 - 1, M31, -M31, -M31 - 1, 255, 256, -128, 12],
    "j": [3, None, 2, -2, 7, -7, 1, -1, 5, 10, 127, 128, -3],
    "k": [None, 0, M63 - 1, -M63, 2**53, 2**53 + 1, -2**53 - 1, M63 - 2, -M63 + 1, 1, -1],
    "d": [None, 0.0, 0.5, -0.5, 1.5, -1.5, 2.5, -2.5, 0.1, -0.1, 0.49999999999999994, 4503599627370497.5, 1e15, -7.25, 9007199254740992.0,
          9223372036854775808.0, -9223372036854775808.0],
    "e": [0.5, 2.0, -4.0, None, 1.25, 3.0, -0.75],
    "t": [None, " ", "É", "é", "a", "A", "abc", " abc ", "ABC", "a%c", "a_c", "a\\c", "straße", "xxabxx", "88/1", "10%", "ab\tc ", "\u00e9cole",
          "日本語", "aaa", "a'b", "Zebra", "😀b", "x"],
    "u": ["a", "b", None, "abc", "É", "c", " ", "xx", "%", "aa", "日"],
    "s": [None, "0", "1", "-1", "+5", " 42 ", "007", "abc", "9223372036854775807", "-9223372036854775808", "1.5", "1e3", "12x", "-", "0.1"],
    "day": [None, "2024-02-28", "2024-02-29", "2023-02-28", "2024-03-01", "2024-12-31", "2025-01-01", "2021-01-03", "2021-01-04", "1970-01-01",
            "1969-12-31", "1900-02-28", "2000-02-29", "2024-06-30", "2024-07-01", "2026-12-28", "2027-01-03"],
    "day2": ["2024-03-01", None, "2024-02-28", "1999-12-31", "2024-02-29"],
    "iso": [None, "2024-02-29", "2023-02-28", "1970-01-01"],
}
ROWS = 53  # a prime: every value meets every other sort of row

def records():
    return [{c: VALUES[c][(r * (1 + n % 3) + n) % len(VALUES[c])] for n, c in enumerate(COLUMNS)} for r in range(ROWS)]

CASES = []

def case(kind, sql, duck=None, sqlite=None, differs=None):
    """kind: truth, whole, decimal, text, day. `duck`, `sqlite`: how the databases write it; sqlite=False: it can't."""
    CASES.append(dict(kind=kind, sql=sql, duck=duck or sql, sqlite=sql if sqlite is None else sqlite, differs=differs))

def truth(sql, **more): case("truth", sql, **more)
def whole(sql, **more): case("whole", sql, **more)
def decimal(sql, **more): case("decimal", sql, **more)
def text(sql, **more): case("text", sql, **more)

# three values of truth
CONDITIONS = ["i > 1", "t = 'a'", "d < 0.5", "i IS NULL"]
for c in CONDITIONS:
    for form in ["IS TRUE", "IS NOT TRUE", "IS FALSE", "IS NOT FALSE"]:
        truth(f"({c}) {form}")
    truth(f"({c}) IS UNKNOWN", duck=f"({c}) IS NULL", sqlite=f"({c}) IS NULL")
    truth(f"({c}) IS NOT UNKNOWN", duck=f"({c}) IS NOT NULL", sqlite=f"({c}) IS NOT NULL")
    truth(f"NOT (({c}) IS TRUE)"); truth(f"(({c}) IS TRUE) = FALSE"); truth(f"NOT ({c})"); truth(f"({c}) = TRUE"); truth(f"({c}) <> FALSE")
    truth(f"({c}) IS NULL"); truth(f"({c}) IS NOT NULL")
for a in CONDITIONS[:3]:
    for b in ["j > 1", "j IS NULL", "NULL", "TRUE", "FALSE", "u = 'a'"]:
        truth(f"{a} AND {b}"); truth(f"{a} OR {b}"); truth(f"NOT ({a} OR {b}) AND i <> 3")
truth("i > 1 OR j > 1 AND t = 'a'"); truth("NOT i > 1 AND j > 1"); truth("(i > 1) < (j > 1)")
truth("i = 1 OR i = 2 OR i = 3 OR NULL"); truth("i <> 1 AND i <> 2 AND NULL AND j > 0")
# comparisons
for op in ["=", "<>", "!=", "<", "<=", ">", ">=", "IS DISTINCT FROM", "IS NOT DISTINCT FROM"]:
    for a, b in [("i", "j"), ("i", "1"), ("d", "e"), ("i", "d"), ("t", "u"), ("t", "'a'"), ("i", "NULL"), ("d", "0.5")]:
        lite = {"IS DISTINCT FROM": f"{a} IS NOT {b}", "IS NOT DISTINCT FROM": f"{a} IS {b}"}.get(op)
        truth(f"{a} {op} {b}", sqlite=lite)
    lite = {"IS DISTINCT FROM": "IS NOT", "IS NOT DISTINCT FROM": "IS"}.get(op, op)
    truth(f"day {op} day2", sqlite=f"day {lite} day2")
    truth(f"day {op} DATE '2024-02-29'", sqlite=f"day {lite} '2024-02-29'")
    truth(f"day {op} '2024-02-29'", sqlite=f"day {lite} '2024-02-29'")
    truth(f"k {op} d", sqlite=f"k {lite} d", differs=("sqlite", "whole and decimal numbers compare by their size; DuckDB makes doubles of both"))
    truth(f"k {op} 9007199254740992.0", sqlite=f"k {lite} 9007199254740992.0", differs=("sqlite", "as above"))
    truth(f"k {op} 9223372036854775807", sqlite=f"k {lite} 9223372036854775807"); truth(f"k {op} -9223372036854775808", sqlite=f"k {lite} -9223372036854775808")
for c in ["i", "d", "t", "day"]:
    truth(f"{c} IS NULL"); truth(f"{c} IS NOT NULL"); truth(f"NOT {c} IS NULL")
# lists and ranges
for n in ["", "NOT "]:
    for l in ["1, 2", "1, NULL", "NULL", "j, 7", "j, NULL, 100", "1, 2, 3, 4, 5, 6, 7, 8, 100", "1, 2, 3, 4, 5, 6, 7, 8, NULL", "1.0, 2.5", "d, e"]:
        truth(f"i {n}IN ({l})")
    truth(f"d {n}IN (1, 0.5, 2.5)"); truth(f"t {n}IN ('a', 'É', u)"); truth(f"t {n}IN ('a', NULL)")
    truth(f"t {n}IN ('a', 'b', 'c', 'd', 'É', '日本語', ' ', 'A', '88/1')")
    truth(f"t {n}IN ('a', 'b', 'c', 'd', 'e', 'f', 'g', NULL, '88/1')")
    truth(f"day {n}IN (DATE '2024-02-29', day2)", sqlite=f"day {n}IN ('2024-02-29', day2)")
    truth(f"day {n}IN ('2024-02-29', '1970-01-01')")
    truth(f"NULL {n}IN (i, 1)"); truth(f"3 {n}IN (i, j)")
    for a, b in [("0", "3"), ("j", "100"), ("NULL", "3"), ("0", "NULL"), ("3", "0"), ("j", "i"), ("-0.5", "2.5")]:
        truth(f"i {n}BETWEEN {a} AND {b}"); truth(f"d {n}BETWEEN {a} AND {b}")
    truth(f"t {n}BETWEEN 'A' AND 'b'"); truth(f"t {n}BETWEEN u AND 'é'")
    truth(f"day {n}BETWEEN DATE '2024-01-01' AND '2024-12-31'", sqlite=f"day {n}BETWEEN '2024-01-01' AND '2024-12-31'")
    truth(f"i {n}BETWEEN 0 AND 3 AND j > 1")
# patterns: SQLite's LIKE ignores the case of ASCII letters unless told
for n in ["", "NOT "]:
    for p in ["a", "%", "_", "a%", "%b%", "_b_", "%_c", "a_c", "%%", "88/_", "", " %", "日%", "_cole", "É", "%\\%", "a'%".replace("'", "''")]:
        truth(f"t {n}LIKE '{p}'")
        truth(f"t {n}ILIKE '{p}'", sqlite=False)
    truth(f"t {n}LIKE 'a!%c' ESCAPE '!'"); truth(f"t {n}LIKE 'a!_c' ESCAPE '!'"); truth(f"t {n}LIKE '%!!%' ESCAPE '!'")
    truth(f"t {n}LIKE 'a\\\\c' ESCAPE '\\'"); truth(f"t {n}ILIKE 'A!%C' ESCAPE '!'", sqlite=False)
    truth(f"t {n}ILIKE '%ÉCO%'", sqlite=False)
# arithmetic
for op in ["+", "-", "*"]:
    for a, b in [("i", "j"), ("i", "1"), ("j", "NULL"), ("i", "-3")]:
        whole(f"{a} {op} {b}")
    for a, b in [("d", "e"), ("i", "e"), ("e", "2"), ("i", "0.5")]:
        decimal(f"{a} {op} {b}")
whole("-i"); whole("- -i"); whole("-(i + j)"); decimal("-d"); whole("i + j * 2 - 3"); whole("(i + j) * 2"); whole("i - j - 1"); whole("i * j + i % 3")
whole("k * 0"); whole("k + 0"); decimal("e / 4"); decimal("d / e"); decimal("i / e"); decimal("1 / e")
decimal("CAST(i AS DOUBLE) / NULLIF(j, 0)", sqlite="CAST(i AS REAL) / NULLIF(j, 0)")
whole("i % j"); whole("i % 7"); whole("i % -7"); whole("k % -1"); whole("k % 10"); whole("MOD(i, j)", sqlite="i % j"); whole("MOD(k, 1000)", sqlite="k % 1000")
whole("DIV(i, j)", duck="i // j", sqlite="i / j"); whole("DIV(i, 10) * 10", duck="i // 10 * 10", sqlite="i / 10 * 10"); whole("DIV(k, 7)", duck="k // 7", sqlite="k / 7")
whole("DIV(i, NULLIF(i, 0))", duck="i // NULLIF(i, 0)", sqlite="i / NULLIF(i, 0)")
whole("CASE WHEN i <> 0 THEN DIV(100, i) END", duck="CASE WHEN i <> 0 THEN 100 // i END", sqlite="CASE WHEN i <> 0 THEN 100 / i END")
truth("i <> 0 AND DIV(100, i) > 10", duck="CASE WHEN i IS NULL THEN NULL WHEN i = 0 THEN FALSE ELSE 100 // i > 10 END", sqlite="i <> 0 AND 100 / i > 10")
# numbers
for f in ["ABS", "FLOOR", "CEIL", "CEILING", "ROUND", "TRUNC"]:
    has = f in ("ABS", "ROUND")
    decimal(f"{f}(d)", sqlite=None if f == "ABS" else False); whole(f"{f}(i)", duck=f"CAST({f}(i) AS BIGINT)", sqlite=None if has else False)
decimal("ROUND(d * 10) / 10.0", sqlite=False); whole("CAST(ROUND(e * 100) AS INTEGER)", duck="CAST(ROUND(e * 100) AS BIGINT)", sqlite=False)
whole("CAST(FLOOR(e) AS BIGINT)", sqlite=False); whole("CAST(TRUNC(e) AS INTEGER)", duck="CAST(TRUNC(e) AS BIGINT)", sqlite=False); whole("CAST(CEIL(e) AS INTEGER)", duck="CAST(CEIL(e) AS BIGINT)", sqlite=False)
# texts
whole("LENGTH(t)"); whole("LENGTH(t) - 2"); truth("LENGTH(t) - 2 > 0"); whole("LENGTH(t) - 100 * LENGTH(u)"); whole("CHAR_LENGTH(t)", sqlite="LENGTH(t)"); whole("CHARACTER_LENGTH(u)", duck="LENGTH(u)", sqlite="LENGTH(u)")
text("UPPER(u)", sqlite=False); text("LOWER(t)", sqlite=False); text("UPPER(SUBSTR(t, 1, 1))", sqlite=False, differs=("none", ""))
text("UPPER(CASE WHEN t <> 'straße' THEN t END)", sqlite=False)
text("TRIM(t)"); text("LTRIM(t)"); text("RTRIM(t)"); text("TRIM(BOTH 'x' FROM t)", sqlite="TRIM(t, 'x')"); text("TRIM(LEADING 'x' FROM t)", sqlite="LTRIM(t, 'x')"); text("TRIM(TRAILING 'x' FROM t)", sqlite="RTRIM(t, 'x')")
text("LTRIM(t, 'a')"); text("RTRIM(t, 'c')"); text("TRIM(FROM t)", duck="TRIM(t)", sqlite="TRIM(t)") if False else None
whole("LENGTH(TRIM(t))"); truth("TRIM(t) = ''"); truth("TRIM(t) IS NULL")
for args in ["1", "2", "3, 1", "1, 0", "2, 100", "100", "2, 2147483647", "2147483647, 1"]:
    text(f"SUBSTR(t, {args})")
text("SUBSTRING(t FROM 2 FOR 2)", sqlite="SUBSTR(t, 2, 2)"); text("SUBSTRING(t FROM 2)", sqlite="SUBSTR(t, 2)"); text("SUBSTRING(t, 2, 1)", sqlite="SUBSTR(t, 2, 1)")
text("SUBSTRING(t FOR 2)", duck="SUBSTR(t, 1, 2)", sqlite="SUBSTR(t, 1, 2)"); text("SUBSTR(t, LENGTH(t))")
for n in ["0", "1", "3", "100"]:
    text(f"LEFT(t, {n})", sqlite=f"SUBSTR(t, 1, {n})"); text(f"RIGHT(t, {n})", sqlite=False)
whole("STRPOS(t, u)", sqlite="INSTR(t, u)"); whole("STRPOS(t, 'b')", sqlite="INSTR(t, 'b')"); whole("INSTR(t, u)"); whole("POSITION(u IN t)", duck="STRPOS(t, u)", sqlite="INSTR(t, u)")
whole("STRPOS(t, '')", sqlite="INSTR(t, '')"); whole("STRPOS(t, 'b') - 1", sqlite="INSTR(t, 'b') - 1"); truth("STRPOS(t, 'zz') > 0", sqlite="INSTR(t, 'zz') > 0"); truth("STRPOS(t, u) = 0", sqlite="INSTR(t, u) = 0")
whole("STRPOS(t, NULL)", duck="STRPOS(t, CAST(NULL AS VARCHAR))", sqlite="INSTR(t, NULL)")
text("REPLACE(t, 'a', 'bb')"); text("REPLACE(t, u, '')"); text("REPLACE(t, '', 'x')"); text("REPLACE(t, 'aa', 'a')"); text("REPLACE(t, NULL, 'a')")
truth("STARTS_WITH(t, u)", sqlite=False); truth("ENDS_WITH(t, u)", sqlite=False); truth("STARTS_WITH(t, 'a')", sqlite=False); truth("ENDS_WITH(t, 'c')", sqlite=False)
text("t || u"); text("t || '-' || u"); text("t || NULL"); text("'' || t"); text("CAST(i AS TEXT) || t")
# what is not known
for c, k in [("i", whole), ("t", text)]:
    k(f"COALESCE({c}, {c})")
whole("COALESCE(i, j)"); whole("COALESCE(i, j, 0)"); whole("COALESCE(NULL, i)"); whole("IFNULL(i, -1)"); text("COALESCE(t, u, '?')"); decimal("COALESCE(d, e)"); decimal("COALESCE(i, e)"); decimal("COALESCE(i, 0.5)")
whole("NULLIF(i, 1)"); whole("NULLIF(i, j)"); text("NULLIF(t, 'a')"); text("NULLIF(TRIM(t), '')"); whole("NULLIF(i, NULL)", duck="i", sqlite="i"); whole("NULLIF(i, 1.0)", duck="NULLIF(i, 1)", sqlite="NULLIF(i, 1.0)"); truth("NULLIF(i > 1, FALSE)")
truth("COALESCE(i > 1, FALSE)"); truth("COALESCE(i > 1, j > 1, TRUE)")
# cases
text("CASE WHEN i > 1 THEN 'high' WHEN i <= 1 THEN 'low' ELSE 'none' END"); text("CASE WHEN i > 1 THEN 'high' END"); text("CASE i WHEN 1 THEN 'one' WHEN NULL THEN 'null' WHEN j THEN 'j' ELSE 'else' END")
text("CASE t WHEN 'a' THEN 'A' WHEN u THEN 'U' END"); whole("CASE WHEN NULL THEN 1 ELSE 2 END + i"); decimal("CASE WHEN i > 1 THEN 1 ELSE 0.5 END + d * 0"); whole("CASE WHEN NOT (i > 1) THEN 1 ELSE 0 END + 0 * j")
text("CASE day WHEN DATE '2024-02-29' THEN 'leap' ELSE t END", sqlite="CASE day WHEN '2024-02-29' THEN 'leap' ELSE t END"); truth("CASE WHEN i > 1 THEN j > 1 ELSE NULL END")
text("CASE WHEN t ILIKE '%a%' THEN CASE WHEN i > 0 THEN 'x' ELSE 'y' END ELSE NULL END", sqlite=False)
# conversions
whole("TRY_CAST(s AS INTEGER)", duck="CASE WHEN regexp_full_match(trim(s), '[+-]?[0-9]+') THEN TRY_CAST(s AS BIGINT) END", sqlite=False)
decimal("TRY_CAST(s AS DOUBLE)", sqlite=False)
case("day", "TRY_CAST(iso AS DATE)", sqlite=False); case("day", "TRY_CAST(s AS DATE)", sqlite=False); case("day", "CAST(iso AS DATE)", sqlite=False); case("day", "iso::DATE", sqlite=False)
whole("CAST(i > 1 AS INTEGER)"); whole("(i > 1)::INTEGER + (j > 1)::BIGINT", sqlite=False); decimal("CAST(i AS DOUBLE)", sqlite="CAST(i AS REAL)"); decimal("CAST(k AS DOUBLE PRECISION)", duck="CAST(k AS DOUBLE)", sqlite="CAST(k AS REAL)")
text("CAST(i AS TEXT)"); text("CAST(k AS VARCHAR)", sqlite="CAST(k AS TEXT)"); text("i::TEXT", sqlite=False); text("CAST(day AS TEXT)"); text("SUBSTR(CAST(day AS VARCHAR), 1, 7)", sqlite="SUBSTR(day, 1, 7)"); whole("CAST(SUBSTR(CAST(day AS TEXT), 6, 2) AS INTEGER)")
whole("CAST(i AS BIGINT) + 1"); text("CAST(t AS TEXT)"); whole("CAST(NULL AS INTEGER) + i")
# dates
for part in ["YEAR", "QUARTER", "MONTH", "DAY", "DOY", "DOW", "ISODOW", "WEEK", "ISOYEAR"]:
    lite = {"YEAR": "%Y", "MONTH": "%m", "DAY": "%d", "DOY": "%j", "DOW": "%w"}.get(part)
    whole(f"EXTRACT({part} FROM day)", sqlite=f"CAST(STRFTIME('{lite}', day) AS INTEGER)" if lite else False)
    whole(f"DATE_PART('{part.lower()}', day)", sqlite=False)
whole("EXTRACT(MONTH FROM day) * 100 + EXTRACT(DAY FROM day)", sqlite="CAST(STRFTIME('%m', day) AS INTEGER) * 100 + CAST(STRFTIME('%d', day) AS INTEGER)")
whole("EXTRACT(MONTH FROM day) - 13", sqlite=False); whole("EXTRACT(YEAR FROM day) * 10000000", sqlite=False); whole("EXTRACT(DAY FROM day) * 10", sqlite=False); truth("EXTRACT(DOW FROM day) IN (0, 6)", sqlite=False)
for f in ["YEAR", "QUARTER", "MONTH", "DAY"]:
    whole(f"{f}(day)", duck=f"EXTRACT({f} FROM day)", sqlite=False)
whole("day - day2", sqlite="CAST(julianday(day) - julianday(day2) AS INTEGER)"); whole("day - DATE '2024-02-29'", sqlite=False); whole("DIV(day - day2, 7)", duck="(day - day2) // 7", sqlite=False)
for e, lite in [("day + 1", "DATE(day, '+1 day')"), ("day - 366", "DATE(day, '-366 day')"), ("day + j", "DATE(day, j || ' day')"), ("1 + day", "DATE(day, '+1 day')"), ("DATE('2024-02-28') + j", "DATE('2024-02-28', j || ' day')")]:
    case("day", e, duck=e.replace("day + j", "day + CAST(j AS INTEGER)").replace("+ j", "+ CAST(j AS INTEGER)") if "j" in e else e, sqlite=lite)
case("day", "COALESCE(day, day2)"); case("day", "CASE WHEN i > 1 THEN day ELSE DATE '2000-01-01' END", sqlite="CASE WHEN i > 1 THEN day ELSE '2000-01-01' END"); case("day", "NULLIF(day, '2024-02-29')")

def plain(value, kind):
    """A value as it stands in cases.json."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return None
    if kind == "truth":
        return bool(value)
    if kind == "whole":
        assert int(value) == value, value
        return int(value)
    if kind == "decimal":
        # as a text, because readers of JSON round numbers of 17 digits; the two zeros are one
        return repr(float(value) + 0.0)
    if isinstance(value, (datetime.date, datetime.datetime)):
        return value.isoformat()[:10]
    return str(value)

def main():
    rows = records()
    with open(HERE / "records.csv", "w", newline="", encoding="utf-8") as f:
        out = csv.writer(f, lineterminator="\n")
        out.writerow(["id", *COLUMNS])
        for n, row in enumerate(rows):
            # repr of a double is the shortest text that is it, without an exponent here
            out.writerow([f"r{n:02}", *("" if v is None else (format(v, "f") if isinstance(v, float) and abs(v) >= 1e15 else repr(v)) if isinstance(v, float) else v for v in row.values())])
    duck, lite = duckdb.connect(), sqlite3.connect(":memory:")
    lite.execute("PRAGMA case_sensitive_like = ON")
    duck.execute("CREATE TABLE r (n INTEGER, " + ", ".join(f"{c} {t}" for c, t in COLUMNS.items()) + ")")
    lite.execute("CREATE TABLE r (n INTEGER, " + ", ".join(f"{c} {'REAL' if t == 'DOUBLE' else 'TEXT' if t in ('VARCHAR', 'DATE') else 'INTEGER'}" for c, t in COLUMNS.items()) + ")")
    marks = ", ".join("?" * (len(COLUMNS) + 1))
    for n, row in enumerate(rows):
        for base in (duck, lite):
            base.execute(f"INSERT INTO r VALUES ({marks})", [n, *row.values()])
    cases, faults, asked = [], 0, 0
    for c in CASES:
        answers = {}
        for name, base, sql in (("duckdb", duck, c["duck"]), ("sqlite", lite, c["sqlite"])):
            if sql is False:
                continue
            try:
                got = base.execute(f"SELECT {sql} FROM r ORDER BY n").fetchall()
                answers[name] = [plain(v, c["kind"]) for (v,) in got]
            except Exception as error:
                if not (c["differs"] and c["differs"][0] != name):
                    print(f"{name}: {sql}: {str(error).splitlines()[0]}", file=sys.stderr); faults += 1
        chosen = c["differs"][0] if c["differs"] and c["differs"][0] in answers else "duckdb"
        if "sqlite" in answers and "duckdb" in answers:
            asked += 1
            if answers["sqlite"] != answers["duckdb"] and not c["differs"]:
                at = [(n, a, b) for n, (a, b) in enumerate(zip(answers["duckdb"], answers["sqlite"])) if a != b][:3]
                print(f"they differ: {c['sql']}: {at}", file=sys.stderr); faults += 1
        if chosen not in answers:
            continue
        entry = {"sql": c["sql"], "kind": c["kind"], "by": sorted(answers), "expected": answers[chosen]}
        if c["differs"] and c["differs"][1]:
            entry["differs"] = f"{chosen}: {c['differs'][1]}"
        cases.append(entry)
    with open(HERE / "cases.json", "w", encoding="utf-8") as f:
        f.write("[\n" + ",\n".join(json.dumps(c, ensure_ascii=False) for c in cases) + "\n]\n")
    print(f"{len(cases)} expressions, {asked} of them asked of both; {faults} faults")
    sys.exit(faults > 0)

main()
