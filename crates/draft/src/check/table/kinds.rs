//! Which rows and columns hold counts, and which percentages, rates, means or money.

use super::super::lexicon::{Content, Number, key, number};
use super::super::ratio;
use super::super::shares::bounds;
use super::super::typed::Typed;
use super::super::words::total_word;
use super::{Head, Kind, Parsed};

/// Words that say that figures are no counts, beside those of rates and means.
const OTHER: &[&str] = &[
    "median",
    "quartile",
    "percentile",
    "rank",
    "ranking",
    "ranked",
    "position",
    "ci",
    "cis",
    "iqr",
    "confidence interval",
    "confidence limit",
];
/// Units behind a label in brackets: "Longest suspension (months)". What stands in them counts nobody.
const UNITS: &[&str] = &[
    "days",
    "hours",
    "hrs",
    "minutes",
    "mins",
    "months",
    "weeks",
    "years",
    "yrs",
    "seconds",
    "secs",
    "mg",
    "mcg",
    "ml",
    "km",
    "miles",
    "metres",
    "kg",
    "tonnes",
    "litres",
    "kwh",
    "hectares",
    "working days",
    "calendar days",
];
/// What is done so many times an hour or a week.
const ACTIVITIES: &[&str] = &[
    "buses",
    "trains",
    "trams",
    "flights",
    "ferries",
    "services",
    "visits",
    "inspections",
    "patrols",
    "sessions",
    "lessons",
    "collections",
    "sittings",
    "hours",
];
/// What stands beside a mean: the spread of what it is a mean of.
const SPREAD: &[&str] = &[
    "min",
    "max",
    "minimum",
    "maximum",
    "lowest",
    "highest",
    "shortest",
    "longest",
    "sd",
    "range",
    "iqr",
    "std",
    "std dev",
    "standard deviation",
    "se",
    "standard error",
    "mode",
];

/// Whether a label says by itself that its figures are measures: a unit or a scale in brackets, times per hour.
pub(crate) fn is_measure(label: &str) -> bool {
    const TIMES: [&str; 7] = ["days", "hours", "minutes", "weeks", "months", "pages", "miles"];
    const SET: [&str; 7] = ["age range", "target", "targets", "benchmark", "ceiling", "trajectory", "speed limit"];
    if SET.contains(&label) {
        return true;
    }
    if !label.bytes().any(|b| b.is_ascii_digit()) {
        let bare =
            ["number of ", "no. of ", "total ", "average "].iter().find_map(|h| label.strip_prefix(h)).unwrap_or(label);
        let first = bare.split(' ').next().unwrap_or_default();
        let within = ["in", "with", "lowest", "highest", "bottom", "top", "most", "least", "by"];
        let last = label.rsplit(' ').next().unwrap_or_default();
        let ranked = ["decile", "quintile", "quartile"].contains(&last) && label.split(' ').count() < 4;
        if TIMES.contains(&first) || ranked && !label.split(' ').any(|w| within.contains(&w)) {
            return true;
        }
    }
    let counted = ["number", "no", "count", "counts", "cases", "people", "persons", "patients", "pupils", "staff"];
    let words = || label.split(' ').map(|w| w.trim_matches(|c: char| !c.is_alphanumeric()));
    if let Some((head, unit)) = label.strip_suffix(')').and_then(|l| l.rsplit_once('(')) {
        let unit = unit.trim().trim_start_matches("in ");
        let digits = head.bytes().any(|b| b.is_ascii_digit());
        if UNITS.contains(&unit) && !digits && !head.split(' ').any(|w| counted.contains(&w)) {
            return true;
        }
        let last = head.trim().rsplit(' ').next().unwrap_or_default();
        let scored = ["score", "scores", "rating", "ratings", "mark", "marks", "index"].contains(&last);
        let whole = |t: &str| !t.trim().is_empty() && t.trim().bytes().all(|b| b.is_ascii_digit());
        let scale = [" to ", "-", "\u{2013}"]
            .iter()
            .find_map(|by| unit.split_once(by))
            .is_some_and(|(a, b)| whole(a) && whole(b));
        if scored && (scale || unit.strip_prefix("out of ").or_else(|| unit.strip_prefix("max ")).is_some_and(whole)) {
            return true;
        }
    }
    let Some((what, time)) = label.split_once(" per ") else { return false };
    let timed = ["hour", "day", "week", "month", "shift", "term", "year"].contains(&time.trim());
    timed && ACTIVITIES.contains(&what.trim().rsplit(' ').next().unwrap_or_default()) && words().count() < 7
}

/// Sets "Min", "Max" and "SD" apart where they stand beside a mean.
fn spreads(heads: &mut [Head]) {
    let last = |h: &Head| h.path.last().map(|l| l.to_lowercase()).unwrap_or_default();
    let mean = |h: &Head| {
        let label = last(h);
        ratio::said(&label).is_some_and(|s| s.mean) || label.split([' ', '(', ')']).any(|w| w == "median")
    };
    let both = |a: &[&str], b: &[&str]| {
        heads.iter().any(|h| a.contains(&last(h).as_str())) && heads.iter().any(|h| b.contains(&last(h).as_str()))
    };
    if heads.iter().any(mean) || both(&["min", "minimum"], &["max", "maximum"]) {
        heads.iter_mut().filter(|h| SPREAD.contains(&last(h).as_str())).for_each(|h| h.kind = Kind::Other);
    }
}

/// What has persons or cases, and is none: "Schools" beside "Pupils".
const THINGS: &[&str] = &[
    "schools",
    "hospitals",
    "sites",
    "wards",
    "libraries",
    "beds",
    "vehicles",
    "appliances",
    "stations",
    "offices",
    "rooms",
    "classrooms",
    "courts",
    "prisons",
    "practices",
    "pharmacies",
    "surgeries",
    "clinics",
    "trusts",
    "councils",
    "machines",
    "engines",
    "boats",
    "buses",
    "routes",
    "pcs",
    "computers",
    "cameras",
    "bays",
    "meetings",
];
/// What stands beside such a column and is counted.
const CASES: &[&str] = &[
    "pupils",
    "patients",
    "staff",
    "incidents",
    "offences",
    "crimes",
    "complaints",
    "admissions",
    "attendances",
    "cases",
    "residents",
    "children",
    "visits",
    "loans",
    "visitors",
    "deaths",
    "referrals",
    "calls",
    "passengers",
    "people",
];

/// Sets the one column of things apart that stands beside numbers of persons or cases: among other things it would be a category.
fn things(heads: &mut [Head]) {
    let label = |h: &Head| h.path.last().map(|l| l.to_lowercase()).unwrap_or_default();
    let thing = |h: &Head| {
        let label = label(h);
        h.path.len() == 1 && is_thing(&label)
    };
    let case = |h: &Head| label(h).split([' ', ',']).any(|w| CASES.contains(&w)) && !thing(h);
    let total = |h: &Head| h.path.iter().any(|l| total_word(&key(l)).is_some());
    if heads.iter().filter(|h| thing(h)).count() == 1 && heads.iter().any(case) && !heads.iter().any(total) {
        heads.iter_mut().filter(|h| h.kind == Kind::Count && thing(h)).for_each(|h| h.kind = Kind::Other);
    }
}

/// Whether a label is that of things alone.
pub(crate) fn is_thing(label: &str) -> bool {
    THINGS.contains(&label.strip_prefix("number of ").or_else(|| label.strip_prefix("public ")).unwrap_or(label))
}

/// Words that say that figures are percentages.
const PERCENT: &[&str] = &["%", "percent", "per cent", "percentage", "proportion", "pct", "pct.", "perc"];

/// Whether a label says that its figures are money: "Cost (£)", "Spend in €". "Fines over £100" are counted.
fn is_money(label: &str) -> bool {
    let unit = label.rsplit_once('(').and_then(|(_, u)| u.strip_suffix(')'));
    let unit = unit.or_else(|| label.rsplit_once(" in ").map(|(_, u)| u)).unwrap_or(if label.chars().count() == 1 {
        label
    } else {
        ""
    });
    let bare = unit.trim().trim_end_matches(|c: char| c.is_alphanumeric() || matches!(c, '\'' | ' ' | ','));
    ["£", "$", "€"].contains(&bare) || ["gbp", "usd", "eur", "pounds", "euros", "dollars"].contains(&unit.trim())
}

/// "4:1", "1:2.5", "4 to 1": one number to another.
fn ratio_of(text: &str) -> Option<(Number, Number)> {
    let (a, b) = text.split_once(':').or_else(|| text.split_once(" to "))?;
    let plain = |t: &str| number(t.trim()).filter(|n| !n.percent && !n.money && n.units > 0);
    plain(a).zip(plain(b))
}

/// Ratios as numbers: "4:1" is 4 where all are so many to one, or one to so many; else "3:2" is 1.5.
fn ratios(parsed: &mut Parsed) -> Vec<(bool, usize)> {
    let mut all = Vec::new();
    for rows in [false, true] {
        let heads = if rows { &parsed.rows } else { &parsed.cols };
        let across = if rows { parsed.cols.len() } else { parsed.rows.len() };
        let said = |h: &Head| h.path.iter().any(|l| l.to_lowercase().contains("ratio") || l.contains(':'));
        let lines: Vec<usize> = (0..heads.len()).filter(|&l| heads.get(l).is_some_and(said)).collect();
        for line in lines {
            let at = |a: usize| if rows { (line, a) } else { (a, line) };
            let found: Vec<((usize, usize), (Number, Number))> =
                (0..across).filter_map(|a| Some((at(a), ratio_of(&parsed.cell(at(a).0, at(a).1)?.text)?))).collect();
            let one = |n: &Number| n.plain().units == 1 && n.plain().decimals == 0;
            let behind = found.iter().all(|f| one(&f.1.1));
            let before = !behind && found.iter().all(|f| one(&f.1.0));
            if !found.is_empty() {
                all.push((rows, line));
            }
            for ((row, col), (a, b)) in found {
                let Some(typed) = parsed.cells.get_mut(row).and_then(|r| r.get_mut(col)) else { continue };
                let whole = |n: Number| i128::from(n.units) * 10i128.pow(9 - n.decimals.min(9));
                let value = if behind {
                    Some(a)
                } else if before {
                    Some(b)
                } else {
                    let units = (2 * 10_000 * whole(a) + whole(b)) / (2 * whole(b).max(1));
                    i64::try_from(units).ok().map(|units| Number { units, decimals: 4, percent: false, money: false })
                };
                if let Some(value) = value {
                    typed.lexed.content = Content::Number(value);
                }
            }
        }
    }
    all
}

/// What a line of cells holds by its label and by its figures.
fn kind_of(heads: &Head, cells: &[&Typed], column: bool) -> Kind {
    let label = heads.path.join(" ").to_lowercase();
    let numbers: Vec<_> = cells
        .iter()
        .filter_map(|c| match c.lexed.content {
            Content::Number(n) => Some(n),
            _ => None,
        })
        .collect();
    let says = |words: &[&str]| {
        // "95% CI" says how sure an estimate is
        let plain = |at: usize| !label.get(..at).unwrap_or_default().ends_with(|c: char| c.is_ascii_digit());
        let within = |w: &str| label.match_indices(w).any(|(at, _)| w != "%" || plain(at));
        words
            .iter()
            .any(|w| label.split([' ', '(', ')', ',']).any(|t| t == *w) || (w.contains([' ', '%']) && within(w)))
    };
    // what is stored with decimals, in half of all places, counts nothing, whatever is shown of it
    let part = |n: Number| {
        let rest = n.units.rem_euclid(10i64.pow(n.decimals.min(9))) as f64 / 10f64.powi(n.decimals.min(9) as i32);
        (0.005..0.995).contains(&rest)
    };
    let counted = label
        .split([' ', '(', ')', ','])
        .any(|w| matches!(w, "number" | "numbers" | "count" | "counts" | "cases" | "n"));
    let parts = if counted || !column { 0 } else { cells.iter().filter(|c| c.stored.is_some_and(part)).count() };
    // ">95%" and "<5%" are percentages as well
    let bounded = cells.iter().any(|c| matches!(c.lexed.content, Content::Sign(_)) && bounds(&c.text, false).is_some());
    if says(PERCENT) || ((bounded || !numbers.is_empty()) && numbers.iter().all(|n| n.percent)) {
        Kind::Percent
    } else if says(OTHER)
        || is_money(&label)
        || heads.path.last().is_some_and(|l| is_measure(&l.to_lowercase()))
        || ratio::said(&label).is_some()
        || numbers.iter().any(|n| n.has_fraction() || n.money)
        || parts > 0 && 2 * parts >= numbers.len()
    {
        Kind::Other
    } else {
        Kind::Count
    }
}

/// Sets percentages, rates and means apart.
pub(crate) fn kinds(parsed: &mut Parsed) {
    let ratios = ratios(parsed);
    let columns: Vec<Kind> = (0..parsed.cols.len())
        .map(|c| kind_of(&parsed.cols[c], &parsed.cells.iter().filter_map(|r| r.get(c)).collect::<Vec<_>>(), true))
        .collect();
    let whole = !columns.is_empty() && columns.iter().all(|k| *k != Kind::Count);
    let rows: Vec<Kind> = (0..parsed.rows.len())
        .map(|r| {
            let own = parsed.cells.get(r).into_iter().flatten().enumerate();
            let cells: Vec<&Typed> =
                own.filter(|(c, _)| columns.get(*c) == Some(&Kind::Count) || whole).map(|(_, t)| t).collect();
            kind_of(&parsed.rows[r], &cells, false)
        })
        .collect();
    // one row of percentages below counts leaves the columns what they are
    let mixed = rows.contains(&Kind::Count);
    for (head, kind) in parsed.cols.iter_mut().zip(columns) {
        head.kind = kind;
    }
    if mixed {
        for (c, head) in parsed.cols.iter_mut().enumerate().filter(|(_, h)| h.kind != Kind::Count) {
            let counted = |r: usize| rows[r] == Kind::Count;
            let cells = (0..rows.len()).filter(|&r| counted(r)).filter_map(|r| parsed.cells.get(r)?.get(c));
            head.kind = kind_of(head, &cells.collect::<Vec<_>>(), true);
        }
    }
    for (head, kind) in parsed.rows.iter_mut().zip(rows) {
        head.kind = kind;
    }
    things(&mut parsed.cols);
    spreads(&mut parsed.cols);
    spreads(&mut parsed.rows);
    for (rows, line) in ratios {
        let heads = if rows { &mut parsed.rows } else { &mut parsed.cols };
        if let Some(head) = heads.get_mut(line) {
            head.kind = Kind::Other;
        }
    }
}
