//! Tables whose captions name categories: one for "Male", one for "Female" and one for all; "2020", "2021", "2020 and 2021"; "Table 2
//! (females only)" beside a table that counts females.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::model::{CellId, Interval, Relation};

use super::super::figures::Figures;
use super::super::findings::Spot;
use super::super::reading::Reading;
use super::super::sides::Axis;
use super::super::tree::joins::{named_in, without_words};
use super::super::tree::spans::{span, stem};
use super::super::words::total_word;
use super::possible::{Extra, Possible, extra};
use super::words::whole_word;

type Spotter<'a> = &'a dyn Fn(usize, (usize, usize)) -> Spot;

/// Every such relation between tables.
pub(crate) fn find(reading: &Reading, spot: Spotter) -> Vec<Possible> {
    let plain = |f: &&Figures| f.is_main() && f.parsed.running.is_empty();
    let mains: Vec<usize> =
        (0..reading.tables.len()).filter(|&t| reading.tables.get(t).is_some_and(|f| plain(&f))).collect();
    if mains.len() < 2 {
        return Vec::new();
    }
    let mut alike: BTreeMap<Vec<Vec<String>>, Vec<usize>> = BTreeMap::new();
    for &t in &mains {
        let axes = reading.tables.get(t).map(|f| f.axes.iter().map(keys).collect()).unwrap_or_default();
        alike.entry(axes).or_default().push(t);
    }
    let mut found: Vec<Possible> = Vec::new();
    for group in alike.values().filter(|g| g.len() > 1) {
        found.extend(together(reading, group, spot));
        found.extend(within(reading, group, spot));
    }
    found.extend(named(reading, &mains, spot));
    found
}

fn keys(axis: &Axis) -> Vec<String> {
    let mut keys: Vec<String> = axis.entries.iter().map(|e| e.key.clone()).collect();
    keys.sort();
    keys
}

/// What a caption says apart from the number of its table, in the singular.
fn caption(figures: &Figures) -> String {
    let words: Vec<&str> =
        figures.title.caption().split([' ', '(', ')', ':', '.', ';']).filter(|w| !w.is_empty()).collect();
    let numbered = words.first().is_some_and(|w| ["table", "tab", "sheet", "figure"].contains(w)) && words.len() > 1;
    let words = if numbered { words.get(2..).unwrap_or_default() } else { &words };
    words.iter().filter(|w| !matches!(**w, "-" | "only" | "the")).map(|w| stem(w)).collect::<Vec<_>>().join(" ")
}

/// Tables of the same lines, of which one is for all that others are for.
fn together(reading: &Reading, group: &[usize], spot: Spotter) -> Vec<Possible> {
    let captions: Vec<(usize, String)> =
        group.iter().filter_map(|&t| Some((t, caption(reading.tables.get(t)?)))).collect();
    let numbers: HashMap<&str, usize> = captions.iter().rev().map(|(t, c)| (c.as_str(), *t)).collect();
    let whole =
        |c: &str| total_word(c).is_some() || whole_word(c) || ["both sex", "all person", "all pupil"].contains(&c);
    let mut found = Vec::new();
    for (t, own) in &captions {
        let look = |text: &str| numbers.get(text).copied().filter(|x| x != t);
        let others = || {
            let others: Vec<usize> = captions.iter().filter(|(x, c)| x != t && !whole(c)).map(|x| x.0).collect();
            (whole(own) && others.len() > 1).then_some(others)
        };
        // "Boys" and "All pupils": who is in the one only
        if let [(a, x), (b, y)] = captions.as_slice()
            && (t == a && whole(own) && !whole(y) || t == b && whole(own) && !whole(x))
        {
            found.extend(part_of(reading, *t, if t == a { *b } else { *a }, spot));
            continue;
        }
        let Some(parts) = named_in(own, &look).or_else(others) else { continue };
        let mut one = Possible {
            asks: format!("Is \"{}\" the sum of {}?", name(reading, *t), names(reading, &parts)),
            said: format!(
                "{} may be the sum of {}; nothing more follows if it is",
                name(reading, *t),
                names(reading, &parts)
            ),
            ..Possible::default()
        };
        for (whole, parts) in cells(reading, *t, &parts) {
            one.relations.push(Relation::total(whole, parts));
        }
        one.spots.push(spot(*t, (0, 0)));
        if !one.relations.is_empty() {
            found.push(one);
        }
    }
    found
}

/// Of more tables with the same lines only those whose captions name a stretch of a scale are compared with all others.
const MOST_SPANNED: usize = 40;
/// Other tables are compared with so many behind them.
const NEAR: usize = 4;

/// Tables of the same lines, one of which may be a part of another: "Not charged" behind "Reported", "Pupils aged 5 to 15" and "Pupils
/// aged 5 to 16".
fn within(reading: &Reading, group: &[usize], spot: Spotter) -> Vec<Possible> {
    let mut found = Vec::new();
    let title = |t: usize| reading.tables.get(t).map(|f| f.title.caption().to_owned()).unwrap_or_default();
    for (n, &first) in group.iter().enumerate() {
        let spanned = || group.len() <= MOST_SPANNED || span(&title(first), "").is_some();
        let far = if spanned() { group.len() } else { NEAR };
        for &second in group.iter().skip(n + 1).take(far) {
            let (a, b) = (title(first), title(second));
            let spans = span(&a, "").zip(span(&b, ""));
            let (whole, part) = match spans {
                Some((x, y)) if x.holds(&y) => (first, second),
                Some((x, y)) if y.holds(&x) => (second, first),
                _ if without_words(&a, true).is_some_and(|x| without_words(&b, false) == Some(x)) => (first, second),
                _ if without_words(&b, true).is_some_and(|x| without_words(&a, false) == Some(x)) => (second, first),
                _ if ["not ", "no ", "without "].iter().any(|w| b.starts_with(w)) && !a.starts_with("not ") => {
                    (first, second)
                }
                _ => continue,
            };
            found.extend(part_of(reading, whole, part, spot));
        }
    }
    found
}

fn part_of(reading: &Reading, whole: usize, part: usize, spot: Spotter) -> Option<Possible> {
    let (outer, inner) = (name(reading, whole), name(reading, part));
    let mut one = Possible {
        asks: format!("Are the cases of \"{inner}\" a part of those of \"{outer}\"?"),
        said: format!("{inner} may be a part of {outer}; nothing more follows if it is"),
        ..Possible::default()
    };
    for (cell, parts) in cells(reading, whole, &[part]) {
        let least = parts.first().and_then(|&p| reading.known.domain(p).lo);
        if reading.known.domain(cell).hi.zip(least).is_some_and(|(most, least)| least > most) {
            return None;
        }
        let mut relation = Relation::total(cell, parts);
        relation.terms.push((extra(one.extras.len()), 1));
        one.relations.push(relation);
        let words = format!("{}, those that are not in \"{inner}\"", reading.names().cell(cell));
        one.extras.push(Extra { name: words, beside: cell, domain: Interval::at_least(0) });
    }
    one.spots.push(spot(part, (0, 0)));
    (!one.relations.is_empty()).then_some(one)
}

/// The cells of a table, each with those of others that have the same labels.
fn cells(reading: &Reading, whole: usize, parts: &[usize]) -> Vec<(CellId, Vec<CellId>)> {
    let labels = |f: &Figures, at: &[usize]| -> Vec<String> {
        at.iter().zip(&f.axes).map(|(&e, a)| a.entries.get(e).map(|e| e.key.clone()).unwrap_or_default()).collect()
    };
    let of = |t: usize| -> Vec<(Vec<String>, CellId)> {
        let Some(figures) = reading.tables.get(t) else { return Vec::new() };
        let all = figures.cells().into_iter();
        all.filter_map(|(_, _, at)| Some((labels(figures, &at), reading.bound.cell(t, &at)?))).collect()
    };
    let others: Vec<HashMap<Vec<String>, CellId>> = parts.iter().map(|&p| of(p).into_iter().collect()).collect();
    of(whole)
        .into_iter()
        .filter_map(|(at, cell)| {
            let own: Vec<CellId> = others.iter().map(|o| o.get(&at).copied()).collect::<Option<_>>()?;
            (!own.contains(&cell)).then_some((cell, own))
        })
        .collect()
}

/// A table whose caption is the name of a category in another one: all of it is that category's figure.
fn named(reading: &Reading, mains: &[usize], spot: Spotter) -> Vec<Possible> {
    let mut at: HashMap<String, Vec<(usize, usize, usize)>> = HashMap::new();
    for &t in mains {
        for (a, axis) in reading.tables.get(t).into_iter().flat_map(|f| f.axes.iter().enumerate()) {
            for (e, entry) in axis.entries.iter().enumerate().filter(|(_, e)| e.shown && !e.is_total_word()) {
                let key = entry.key.split(' ').map(stem).collect::<Vec<_>>().join(" ");
                at.entry(key).or_default().push((t, a, e));
            }
        }
    }
    let captions: HashMap<usize, BTreeSet<String>> = mains
        .iter()
        .filter_map(|&t| Some((t, caption(reading.tables.get(t)?).split(' ').map(str::to_owned).collect())))
        .collect();
    let mut found = Vec::new();
    for &t in mains {
        let Some(figures) = reading.tables.get(t) else { continue };
        let own = caption(figures);
        let head = own.split(" by ").next().unwrap_or_default().to_owned();
        let names = [own, head.clone()];
        let place = |name: &String| at.get(name).into_iter().flatten().find(|p| p.0 != t).copied();
        let whole = || names.iter().filter(|n| !n.is_empty()).find_map(place);
        // "Upheld complaints by department" behind "Complaints by outcome": the words beside the name are those of the other caption
        let parts = || {
            let words: Vec<&str> = head.split(' ').collect();
            let runs = (0..words.len()).flat_map(|a| (a + 1..=words.len()).map(move |b| (a, b)));
            runs.filter(|(a, b)| b - a < words.len()).find_map(|(a, b)| {
                let name = words.get(a..b)?.join(" ");
                let rest = || words.iter().enumerate().filter(|(i, _)| !(a..b).contains(i)).map(|(_, w)| *w);
                let those = at.get(&name)?.iter().filter(|p| p.0 != t);
                those.copied().find(|p| captions.get(&p.0).is_some_and(|c| rest().all(|w| c.contains(w))))
            })
        };
        if let Some(place) = whole().or_else(parts) {
            found.extend(figure_of(reading, t, place, spot));
        }
    }
    found
}

fn figure_of(reading: &Reading, t: usize, (u, a, e): (usize, usize, usize), spot: Spotter) -> Option<Possible> {
    let (own, other) = (reading.tables.get(t)?, reading.tables.get(u)?);
    if own.axes.iter().any(|x| other.axes.get(a).is_some_and(|y| keys(x) == keys(y))) {
        return None;
    }
    let label = other.axes.get(a)?.entries.get(e)?.label.clone();
    let mut one = Possible {
        asks: format!("Is all of \"{}\" what \"{}\" counts as \"{label}\"?", own.name, other.name),
        said: format!("{} may count what is \"{label}\" in {}; nothing more follows if it does", own.name, other.name),
        ..Possible::default()
    };
    for (_, _, at) in other.cells() {
        if at.get(a) != Some(&e) {
            continue;
        }
        // what both tables tell apart, and all of what only one does
        let mut picks: Vec<Vec<usize>> = own.axes.iter().map(everything).collect();
        let mut whole = true;
        for (n, axis) in other.axes.iter().enumerate().filter(|(n, _)| *n != a) {
            let entry = at.get(n).and_then(|&x| axis.entries.get(x))?;
            let shared = own.axes.iter().position(|x| keys(x) == keys(axis));
            match shared.and_then(|s| Some((s, own.axes.get(s)?.entries.iter().position(|x| x.key == entry.key)?))) {
                Some((s, same)) => *picks.get_mut(s)? = vec![same],
                None => whole &= axis.total == at.get(n).copied() || axis.entries.len() == 1,
            }
        }
        let mut all: Vec<Vec<usize>> = vec![Vec::new()];
        for pick in &picks {
            all = all.iter().flat_map(|p| pick.iter().map(move |&x| p.iter().copied().chain([x]).collect())).collect();
            if all.len() > 2000 {
                return None;
            }
        }
        let parts: Option<Vec<CellId>> = all.iter().map(|at| reading.bound.cell(t, at)).collect();
        if let (true, Some(cell), Some(parts)) = (whole, reading.bound.cell(u, &at), parts)
            && !parts.contains(&cell)
        {
            one.relations.push(Relation::total(cell, parts));
        }
    }
    one.spots.push(spot(t, (0, 0)));
    (!one.relations.is_empty()).then_some(one)
}

/// The entries of an axis that are all of it.
fn everything(axis: &Axis) -> Vec<usize> {
    match axis.total {
        Some(total) => vec![total],
        None => axis.roots(),
    }
}

fn name(reading: &Reading, t: usize) -> String {
    reading.tables.get(t).map(|f| f.name.clone()).unwrap_or_default()
}

fn names(reading: &Reading, all: &[usize]) -> String {
    super::super::assumed::and(&all.iter().map(|&t| format!("\"{}\"", name(reading, t))).collect::<Vec<_>>())
}
