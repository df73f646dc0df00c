//! The part of the reference page about expressions: it follows from the registries.

use super::functions::FUNCTIONS;
use super::tree::PARTS;

/// Operators, what each means where it could mean something else.
const OPERATORS: &[(&str, &str)] = &[
    (
        "`a AND b`, `a OR b`, `NOT a`",
        "of conditions, with three values: `NULL AND FALSE` is false, `NULL OR TRUE` is true, else `NULL` stays `NULL`",
    ),
    (
        "`=` `<>` `!=` `<` `<=` `>` `>=`",
        "`NULL` where one side is `NULL`; numbers by size, whole beside decimal ones exactly; texts by code points, blanks and capitals count; `FALSE` is below `TRUE`; a date with a text that is one (`day >= '2015-07-16'`)",
    ),
    ("`a IS NULL`, `a IS NOT NULL`", "true or false"),
    (
        "`c IS TRUE`, `IS FALSE`, `IS UNKNOWN`, each with `NOT`",
        "true or false, never `NULL`: `c IS NOT TRUE` holds where `c` is false and where it is `NULL`",
    ),
    ("`a IS DISTINCT FROM b`, `a IS NOT DISTINCT FROM b`", "as `<>` and `=`, with `NULL` as a value like any other"),
    (
        "`a IN (b, …)`, `a NOT IN (b, …)`",
        "`NULL` where `a` is `NULL`, or where nothing in the list is `a` and `NULL` is among it",
    ),
    ("`a BETWEEN b AND c`, `a NOT BETWEEN b AND c`", "`a >= b AND a <= c`"),
    (
        "`t LIKE 'p'`, `t ILIKE 'p'`, each with `NOT`, `ESCAPE 's'`",
        "`%` is any text, `_` one sign; `ILIKE` ignores case, letter by letter. Nothing escapes a sign unless `ESCAPE` says so. The pattern is written out",
    ),
    (
        "`a + b`, `a - b`, `a * b`, `-a`",
        "of numbers: whole numbers stay whole, and one that 64 bits do not hold stops the release; beside a decimal number it becomes one",
    ),
    ("`date - date`, `date + n`, `date - n`", "days, and the date so many days later or earlier"),
    (
        "`a / b`",
        "only where one of them is decimal; between whole numbers databases differ: `DIV(a, b)` or `CAST(a AS DOUBLE) / b`. By zero stops the release",
    ),
    ("`a % b`", "of whole numbers, with the sign of `a`; by zero stops the release"),
    ("`t || u`", "texts joined; `NULL` where one is `NULL`"),
    (
        "`CASE WHEN c THEN a … ELSE b END`, `CASE a WHEN b THEN c … END`",
        "the first that holds; `NULL` without `ELSE`. The others are not looked at",
    ),
];

/// Conversions of `CAST`.
const CASTS: &[(&str, &str)] = &[
    ("text to `INTEGER`", "`-12` with or without blanks around it, nothing else"),
    ("text to `DOUBLE`", "`-12`, `0.5`, `1e3` with or without blanks around it, nothing else"),
    ("text to `DATE`", "`2015-07-16` with or without blanks around it, nothing else"),
    ("condition to `INTEGER`", "1 and 0"),
    ("`INTEGER` to `DOUBLE`", "the nearest double"),
    ("`INTEGER` to `TEXT`", "its digits"),
    (
        "`ROUND(x)`, `TRUNC(x)`, `FLOOR(x)`, `CEIL(x)` to `INTEGER`",
        "the same number; other decimal numbers are refused, for some databases round and some cut",
    ),
    ("`DATE` to `TEXT`", "`2015-07-16`"),
    ("time stamp to `DATE`", "its day"),
];

/// The tables of the reference page, as Markdown.
pub fn reference() -> String {
    let mut page = String::new();
    let mut table = |heads: [&str; 2], rows: Vec<[String; 2]>| {
        page.push_str(&format!("| {} | {} |\n|---|---|\n", heads[0], heads[1]));
        for [left, right] in rows {
            page.push_str(&format!("| {} | {} |\n", left.replace('|', "\\|"), right.replace('|', "\\|")));
        }
        page.push('\n');
    };
    let plain = |all: &[(&str, &str)]| all.iter().map(|(a, b)| [(*a).to_owned(), (*b).to_owned()]).collect::<Vec<_>>();
    table(["operator", "what it means"], plain(OPERATORS));
    let functions = FUNCTIONS.iter().map(|f| {
        let others = match f.names {
            [_, others @ ..] if !others.is_empty() => format!("; also `{}`", others.join("`, `")),
            _ => String::new(),
        };
        [format!("`{}`", f.form), format!("{}{others}", f.about)]
    });
    table(["function", "what it gives"], functions.collect());
    table(["`CAST`, `TRY_CAST`", "what it takes and gives"], plain(CASTS));
    let parts = PARTS.iter().map(|(name, _, about)| [format!("`{name}`"), (*about).to_owned()]);
    table(["part of a date", "what it is"], parts.collect());
    page.trim_end().to_owned()
}
