//! Whether categories may be added up: parts of one thing may; unlike measures, dates of a stock and bands that overlap may not.

use super::super::figures::Figures;
use super::super::lexicon::{is_year, key};
use super::super::sides::Axis;
use super::super::variables::band;
use super::super::words::total_word;

/// Words of labels whose figures are no sums.
const UNLIKE: &[&str] = &[
    "rank",
    "ranks",
    "ranking",
    "position",
    "mean",
    "average",
    "avg",
    "median",
    "mode",
    "sd",
    "min",
    "max",
    "minimum",
    "maximum",
    "longest",
    "shortest",
    "highest",
    "lowest",
    "oldest",
    "youngest",
    "score",
    "index",
    "ratio",
    "rate",
    "percentile",
    "target",
    "expected",
    "per",
    "change",
    "difference",
    "cumulative",
    "running",
    "length",
    "duration",
    "cost",
    "spend",
    "capacity",
];

/// Units of figures that count nobody.
const UNITS: &[&str] = &[
    "days", "weeks", "months", "years", "hours", "minutes", "mins", "km", "miles", "metres", "kg", "tonnes", "litres",
    "gbp", "eur", "usd", "£", "£m", "£k", "£000", "£000s", "€", "$",
];

/// What stands above labels that name measures, not categories.
const MEASURES: &[&str] =
    &["indicator", "indicators", "measure", "measures", "metric", "metrics", "question", "item", "statistic", "kpi"];

/// Words of stocks: figures of two dates count the same persons twice.
const STOCKS: &[&str] = &[
    "staff",
    "headcount",
    "post",
    "posts",
    "workforce",
    "establishment",
    "population",
    "stock",
    "caseload",
    "roll",
    "members",
    "membership",
    "snapshot",
    "residents",
    "prisoners",
    "inmates",
    "open",
    "outstanding",
    "pending",
    "waiting",
    "active",
    "employees",
    "registered",
    "employed",
    "officers",
    "pupils",
    "students",
    "held",
    "at",
    "headcounts",
    "licences",
    "holders",
];

/// The months, by their first letters.
const MONTHS: &[&str] = &["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

fn words(label: &str) -> Vec<String> {
    let cut = |c: char| c.is_whitespace() || matches!(c, '(' | ')' | ',' | '/' | ':' | '-' | '.');
    key(label).split(cut).filter(|w| !w.is_empty()).map(str::to_owned).collect()
}

/// Whether a label says that its figures are no sums, whatever they stand beside.
pub(super) fn is_unlike(label: &str) -> bool {
    let said = words(label).iter().any(|w| UNLIKE.contains(&w.as_str()));
    let inner = key(label).split_once('(').and_then(|(_, rest)| Some(rest.split_once(')')?.0.to_owned()));
    let unit = inner.is_some_and(|i| words(&i).iter().any(|w| UNITS.contains(&w.as_str())));
    said || unit || label.contains(['£', '€', '$'])
}

/// Whether the categories of one side may be added up. `values` holds a line for each of them.
pub(super) fn adds_up(figures: &Figures, axis: &Axis, rows: bool, values: &[Vec<i64>], across: &[String]) -> bool {
    let shown = axis.entries.iter().enumerate().filter(|(e, _)| Some(*e) != axis.total);
    let labels: Vec<&str> = shown.map(|(_, e)| e.label.as_str()).collect();
    // what is added up across must be counts that can be: a rank stays a rank
    if across.iter().chain(labels.iter().map(|l| (*l).to_owned()).collect::<Vec<_>>().iter()).any(|l| is_unlike(l)) {
        return false;
    }
    if axis.total.and_then(|t| axis.entries.get(t)).is_some_and(|e| !e.children.is_empty()) {
        return true;
    }
    let keys: Vec<String> = labels.iter().map(|l| key(l)).collect();
    if keys.iter().any(|k| total_word(k).is_some()) || joins_others(&keys) || perhaps_total(values) {
        return false;
    }
    let bands: Vec<(i64, i64)> = keys.iter().filter_map(|k| band(k)).collect();
    if bands.len() >= 2 && bands.iter().any(|b| b.0 != b.1) {
        return apart(bands);
    }
    let corner = figures.parsed.corner.iter().chain(std::iter::once(&axis.name));
    let measures = corner.flat_map(|c| words(c)).any(|w| MEASURES.contains(&w.as_str()));
    if !rows || measures || !bands.is_empty() && bands.len() == keys.len() {
        return false;
    }
    let times = keys.iter().filter(|k| is_time(k)).count();
    let stock = || {
        let mut around = across.iter().chain(std::iter::once(&figures.name)).flat_map(|l| words(l));
        around.any(|w| STOCKS.contains(&w.as_str()))
    };
    let day = |k: &String| k.starts_with(|c: char| c.is_ascii_digit()) && words(k).iter().any(|w| is_month(w));
    times == 0 && !keys.iter().any(day) || times == keys.len() && !keys.iter().any(day) && !stock()
}

fn is_month(word: &str) -> bool {
    MONTHS.iter().any(|m| word.starts_with(m)) && word.len() <= 9
}

/// A year, a quarter or a month.
fn is_time(label: &str) -> bool {
    let words = words(label);
    let quarter = |w: &String| matches!(w.as_str(), "q1" | "q2" | "q3" | "q4" | "quarter");
    is_year(label) || words.first().is_some_and(|w| is_month(w) && words.len() <= 2) || words.iter().any(quarter)
}

/// Whether a label names others of the same side together ("England and Wales").
fn joins_others(keys: &[String]) -> bool {
    let joint = |k: &String| [" and ", " or ", "&", "+", "/"].iter().any(|j| k.contains(j));
    let whole = |k: &String, other: &String| {
        let (k, other) = (words(k), words(other));
        !other.is_empty() && k.len() > other.len() && k.windows(other.len()).any(|w| w == other)
    };
    keys.iter().filter(|k| joint(k)).any(|k| keys.iter().any(|other| other != k && whole(k, other)))
}

/// Whether the first or last line is nowhere less than all others together: it may be their total.
fn perhaps_total(values: &[Vec<i64>]) -> bool {
    let all = |c: usize| values.iter().filter_map(|v| v.get(c)).fold(0i64, |s, v| s.saturating_add(*v));
    let total = |line: &Vec<i64>| {
        line.iter().any(|v| *v > 0) && line.iter().enumerate().all(|(c, &v)| v >= all(c).saturating_sub(v))
    };
    values.len() > 2 && [values.first(), values.last()].into_iter().flatten().any(total)
}

/// Whether bands do not overlap.
fn apart(mut bands: Vec<(i64, i64)>) -> bool {
    bands.sort_unstable();
    bands.windows(2).all(|w| matches!(w, [a, b] if a.1 < b.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Labels of figures that are no sums, of categories that hold others, and of times.
    #[test]
    fn labels() {
        for label in ["Rank", "Mean", "Longest suspension (months)", "Value (£m)", "Staff per shift", "Length (years)"]
        {
            assert!(is_unlike(label), "{label}");
        }
        for label in ["North", "Dismissed", "18-64", "Under 18", "MRI scanners", "Permanent"] {
            assert!(!is_unlike(label), "{label}");
        }
        let keys = |all: &[&str]| all.iter().map(|l| key(l)).collect::<Vec<_>>();
        assert!(joins_others(&keys(&["England", "Wales", "England and Wales"])));
        assert!(!joins_others(&keys(&["North", "North East", "Bath and Wells"])));
        assert!(is_time("2019") && is_time("2019/20") && is_time("q1 2020") && !is_time("alder"));
        assert!(!apart(vec![(0, 4), (5, 9), (0, 9)]) && apart(vec![(0, 4), (5, 9)]));
        assert!(perhaps_total(&[vec![3, 1], vec![20, 2], vec![25, 3]]));
    }
}
