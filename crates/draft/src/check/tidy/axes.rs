//! The variables of a tidy list: codes beside labels are one, areas within regions are one, and what is the total of each.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::super::blocks::Block;
use super::super::lexicon::{is_year, key, tidy};
use super::super::sides::{Axis, Entry};
use super::super::tree::{Known, infer};
use super::super::variables::band;
use super::super::words::total_word;
use super::columns::implies;
use crate::model::Interval;

/// Bands and codes of more categories than this are not searched for those that hold others.
const MOST_NESTED: usize = 400;

/// The variables of some lines of a list.
#[derive(Clone, Debug, Default)]
pub(super) struct Built {
    /// The variables.
    pub axes: Vec<Axis>,
    /// Per line, its entry on each.
    pub at: Vec<Vec<usize>>,
}

/// The texts of some lines of a list.
struct Lines<'a> {
    block: &'a Block,
    rows: &'a [usize],
}

impl Lines<'_> {
    fn text(&self, row: usize, col: usize) -> String {
        self.block.rows.get(row).and_then(|r| r.get(col)).map(|e| tidy(&e.text)).unwrap_or_default()
    }

    fn texts(&self, col: usize) -> impl Iterator<Item = String> + '_ {
        self.rows.iter().map(move |&r| self.text(r, col))
    }

    fn distinct(&self, col: usize) -> BTreeSet<String> {
        self.texts(col).map(|t| key(&t)).collect()
    }

    fn implies(&self, from: usize, to: usize) -> bool {
        implies(self.texts(from).map(|t| key(&t)).zip(self.texts(to).map(|t| key(&t))))
    }

    /// How much a column reads like words.
    fn words(&self, col: usize) -> usize {
        self.texts(col).map(|t| t.chars().filter(|c| c.is_alphabetic() || *c == ' ').count()).sum()
    }
}

/// The variables of these lines; `labels` are the columns that hold labels, `whole` all lines of the list.
pub(super) fn axes(block: &Block, rows: &[usize], labels: &[usize], whole: &[usize]) -> Built {
    let lines = Lines { block, rows };
    let list = Lines { block, rows: whole };
    let totals: HashMap<usize, BTreeSet<String>> =
        labels.iter().map(|&c| (c, total_codes(&list.distinct(c)))).collect();
    let total = |c: usize, text: &str| text.is_empty() || totals.get(&c).is_some_and(|t| t.contains(&key(text)));
    let varies = |c: &usize| {
        let own = lines.distinct(*c);
        let only_total = own.len() == 1 && own.iter().all(|k| total(*c, k));
        own.len() > 1 || !only_total && list.distinct(*c).len() > 1
    };
    let open: Vec<usize> = labels.iter().copied().filter(varies).collect();
    let chains = nested(&lines, paired(&lines, &open), &total);
    let mut built = Built { axes: Vec::new(), at: vec![Vec::new(); rows.len()] };
    for chain in chains {
        let (axis, at) = axis(&lines, &chain, &total);
        built.axes.push(axis);
        built.at.iter_mut().zip(at).for_each(|(line, entry)| line.push(entry));
    }
    built
}

/// Codes and the labels that belong to them are one: the column that reads more like words stands for both.
fn paired(lines: &Lines, open: &[usize]) -> Vec<usize> {
    let mut kept: Vec<usize> = Vec::new();
    for &c in open {
        let same = kept.iter().position(|&k| lines.implies(k, c) && lines.implies(c, k));
        match same.and_then(|at| kept.get_mut(at)) {
            Some(known) if lines.words(c) > lines.words(*known) => *known = c,
            Some(_) => {}
            None => kept.push(c),
        }
    }
    kept
}

/// Columns of which one says the other (a district is in one region), the outermost first; the others alone.
fn nested(lines: &Lines, columns: Vec<usize>, total: &dyn Fn(usize, &str) -> bool) -> Vec<Vec<usize>> {
    let inner: Vec<(usize, usize)> = columns
        .iter()
        .flat_map(|&a| columns.iter().map(move |&b| (a, b)))
        .filter(|&(a, b)| a != b && within(lines, a, b, total))
        .collect();
    let size = |c: usize| lines.distinct(c).len();
    let parent = |b: usize| inner.iter().filter(|p| p.1 == b).map(|p| p.0).max_by_key(|&a| size(a));
    let mut chains = Vec::new();
    for &c in columns.iter().filter(|&&c| !inner.iter().any(|p| p.0 == c)) {
        let mut chain: Vec<usize> = std::iter::successors(Some(c), |&c| parent(c)).take(columns.len()).collect();
        chain.reverse();
        chains.push(chain);
    }
    // a column above two others stays with the first of them
    let mut taken = BTreeSet::new();
    for chain in &mut chains {
        chain.retain(|c| taken.insert(*c));
    }
    chains.sort_by_key(|c| c.iter().min().copied());
    chains
}

/// Whether each text of `b`, totals aside, stands with one text of `a`, and some of `a` with several of `b`.
fn within(lines: &Lines, a: usize, b: usize, total: &dyn Fn(usize, &str) -> bool) -> bool {
    let pairs: Vec<(String, String)> = lines
        .rows
        .iter()
        .map(|&r| (lines.text(r, b), lines.text(r, a)))
        .filter(|(inner, outer)| !total(b, inner) && !total(a, outer))
        .map(|(inner, outer)| (key(&inner), key(&outer)))
        .collect();
    let all: BTreeSet<&(String, String)> = pairs.iter().collect();
    let outer: BTreeSet<&String> = all.iter().map(|p| &p.1).collect();
    let years = outer.iter().all(|o| is_year(o));
    // "all districts" is blank wherever "all regions" is, and in lines of regions as well
    let blank = |c: usize, r: &usize| lines.text(*r, c).is_empty();
    let levels = lines.rows.iter().all(|r| !blank(a, r) || blank(b, r))
        && lines.rows.iter().any(|r| blank(a, r))
        && lines.rows.iter().any(|r| blank(b, r) && !blank(a, r));
    outer.len() > 1 && (levels || all.len() >= outer.len() * 2) && !years && implies(pairs.iter().cloned())
}

/// One variable from a chain of columns, and the entry of each line on it.
fn axis(lines: &Lines, chain: &[usize], total: &dyn Fn(usize, &str) -> bool) -> (Axis, Vec<usize>) {
    let last = chain.last().copied().unwrap_or(0);
    let mut making =
        Making { axis: Axis { name: heading(lines.block, last), ..Axis::default() }, known: BTreeMap::new() };
    let at = lines
        .rows
        .iter()
        .map(|&r| {
            let path: Vec<String> =
                chain.iter().map(|&c| (c, lines.text(r, c))).filter(|(c, t)| !total(*c, t)).map(|(_, t)| t).collect();
            let whole = chain.iter().map(|&c| lines.text(r, c)).find(|t| !t.is_empty());
            making.entry(&path, whole)
        })
        .collect();
    (making.axis, at)
}

/// A variable in the making.
struct Making {
    axis: Axis,
    known: BTreeMap<Vec<String>, usize>,
}

impl Making {
    /// The entry of a path of labels; the total where it is empty.
    fn entry(&mut self, path: &[String], whole: Option<String>) -> usize {
        let own: Vec<String> = path.iter().map(|t| key(t)).collect();
        if let Some(&at) = self.known.get(&own) {
            if let Some(entry) = self.axis.entries.get_mut(at) {
                entry.shown = true;
            }
            return at;
        }
        let at = self.put(path, whole);
        self.known.insert(own, at);
        at
    }

    fn put(&mut self, path: &[String], whole: Option<String>) -> usize {
        let Some((label, outer)) = path.split_last() else {
            let label = whole.unwrap_or_else(|| "Total".to_owned());
            // whatever its code is, it is the total
            self.axis.entries.push(Entry { key: "total".to_owned(), shown: true, label, ..Entry::default() });
            return self.axis.entries.len() - 1;
        };
        let parent = (!outer.is_empty()).then(|| {
            let own: Vec<String> = outer.iter().map(|t| key(t)).collect();
            match self.known.get(&own) {
                Some(&at) => at,
                None => {
                    let at = self.put(outer, None);
                    if let Some(entry) = self.axis.entries.get_mut(at) {
                        entry.shown = false;
                    }
                    self.known.insert(own, at);
                    at
                }
            }
        });
        let plain = key(label);
        let taken = self.axis.entries.iter().any(|e| e.key == plain);
        let (label, own) = if taken { (path.join(" / "), key(&path.join(" / "))) } else { (label.clone(), plain) };
        self.axis.entries.push(Entry { key: own, shown: true, label, ..Entry::default() });
        let at = self.axis.entries.len() - 1;
        if let Some(entry) = parent.and_then(|p| self.axis.entries.get_mut(p)) {
            entry.children.push(at);
        }
        at
    }
}

/// The heading of a column.
pub(super) fn heading(block: &Block, col: usize) -> String {
    block.rows.first().and_then(|r| r.get(col)).map(|e| tidy(&e.text)).unwrap_or_default()
}

/// Which of these texts (as keys) are codes or words for all of the others.
fn total_codes(keys: &BTreeSet<String>) -> BTreeSet<String> {
    let has = |words: &[&str]| words.iter().any(|w| keys.contains(*w));
    let sexes =
        has(&["m", "male", "males", "men", "boys", "1"]) && has(&["f", "female", "females", "women", "girls", "2"]);
    let letters = keys.iter().filter(|k| k.chars().count() == 1 && k.as_str() != "t");
    let letter = letters.clone().all(|k| matches!(k.as_str(), "m" | "f" | "u" | "x" | "o" | "n" | "z"));
    let total = |k: &&String| match k.as_str() {
        // `_T` of SDMX and `T` of Eurostat
        "t" => letter,
        "tot" | "total" | "totals" | "all" | "overall" => true,
        "persons" | "people" | "person" | "both" | "mf" | "m f" | "fm" | "everyone" | "p" | "b" => sexes,
        k => total_word(k).is_some_and(|w| !w.sub) && !k.contains("unknown"),
    };
    let mut found: BTreeSet<String> = keys.iter().filter(total).cloned().collect();
    // one word for the total of a variable: the plainest
    let plain: BTreeSet<String> =
        found.iter().filter(|k| matches!(k.as_str(), "t" | "total" | "all" | "tot")).cloned().collect();
    if found.len() > 1 && !plain.is_empty() {
        found = plain;
    }
    if found.len() > 1 { BTreeSet::new() } else { found }
}

/// Finds what adds up to what on one variable. `lines` holds what is known of each entry, line by line.
pub(super) fn totals(axis: &mut Axis, lines: &[Vec<Known>]) -> Vec<String> {
    let mut said = Vec::new();
    if axis.entries.iter().all(|e| e.children.is_empty()) {
        said.extend(by_bands(axis));
        said.extend(by_quarters(axis));
        said.extend(by_codes(axis, lines));
    }
    said.extend(infer(axis, lines));
    if axis.total.is_none() {
        said.extend(by_sum(axis, lines));
    }
    said
}

fn label(axis: &Axis, entry: usize) -> String {
    axis.entries.get(entry).map(|e| format!("\"{}\"", e.label)).unwrap_or_default()
}

fn sum_of(axis: &Axis, whole: usize, parts: &[usize], how: &str) -> String {
    let names: Vec<String> = parts.iter().take(6).map(|&p| label(axis, p)).collect();
    let more = if parts.len() > 6 { format!(" and {} others", parts.len() - 6) } else { String::new() };
    format!("{} is the sum of {}{more} ({how})", label(axis, whole), names.join(", "))
}

/// A band that others tile is their sum: 0 to 17 of 0 to 9 and 10 to 17.
fn by_bands(axis: &mut Axis) -> Vec<String> {
    let bands: Vec<Option<(i64, i64)>> = axis.entries.iter().map(|e| band(&e.key)).collect();
    if bands.len() > MOST_NESTED {
        return Vec::new();
    }
    let holds = |a: (i64, i64), b: (i64, i64)| a != b && a.0 <= b.0 && b.1 <= a.1;
    let mut found: Vec<(usize, Vec<usize>)> = Vec::new();
    for (whole, own) in bands.iter().enumerate().filter_map(|(i, b)| Some((i, (*b)?))) {
        let inner: Vec<(usize, (i64, i64))> =
            bands.iter().enumerate().filter_map(|(i, b)| Some((i, (*b)?))).filter(|(_, b)| holds(own, *b)).collect();
        let mut largest: Vec<(usize, (i64, i64))> =
            inner.iter().copied().filter(|(_, b)| !inner.iter().any(|(_, o)| holds(*o, *b))).collect();
        largest.sort_by_key(|(_, b)| b.0);
        let ends = largest.first().is_some_and(|f| f.1.0 == own.0) && largest.last().is_some_and(|l| l.1.1 == own.1);
        let joined = largest.windows(2).all(|w| w[0].1.1.checked_add(1) == Some(w[1].1.0));
        if largest.len() > 1 && ends && joined {
            found.push((whole, largest.into_iter().map(|(i, _)| i).collect()));
        }
    }
    put(axis, found, "by the numbers in its label")
}

/// A year of which all four quarters stand there.
fn by_quarters(axis: &mut Axis) -> Vec<String> {
    let quarter = |year: &str, text: &str| {
        let rest = text.strip_prefix(year)?.trim_start_matches([' ', '-', '/']);
        rest.strip_prefix('q').filter(|q| matches!(*q, "1" | "2" | "3" | "4")).map(str::to_owned)
    };
    let years: Vec<usize> =
        (0..axis.entries.len()).filter(|&i| axis.entries.get(i).is_some_and(|e| is_year(&e.label))).collect();
    let mut found = Vec::new();
    for &year in years.iter().take(MOST_NESTED) {
        let Some(own) = axis.entries.get(year).map(|e| e.key.clone()) else { continue };
        let parts: Vec<usize> = (0..axis.entries.len())
            .filter(|&i| axis.entries.get(i).is_some_and(|e| quarter(&own, &e.key).is_some()))
            .collect();
        if parts.len() == 4 {
            found.push((year, parts));
        }
    }
    put(axis, found, "its quarters")
}

/// A code that others begin with is their sum, where that adds up at least twice and never fails: `UKC` of `UKC1`, `UKC2`.
fn by_codes(axis: &mut Axis, lines: &[Vec<Known>]) -> Vec<String> {
    let codes: Vec<&str> = axis.entries.iter().map(|e| e.key.as_str()).collect();
    if codes.len() > MOST_NESTED {
        return Vec::new();
    }
    let code = |t: &str| !t.is_empty() && t.len() <= 16 && !t.contains(' ') && t.parse::<f64>().is_err() && !is_year(t);
    let mut found: Vec<(usize, Vec<usize>)> = Vec::new();
    for (whole, own) in codes.iter().enumerate().filter(|(_, c)| code(c)) {
        let below: Vec<usize> =
            (0..codes.len()).filter(|&i| i != whole && code(codes[i]) && codes[i].starts_with(own)).collect();
        let nearest: Vec<usize> = below
            .iter()
            .copied()
            .filter(|&i| !below.iter().any(|&o| o != i && codes[i].starts_with(codes[o]) && codes[i] != codes[o]))
            .collect();
        let evidence = fit(lines, whole, &nearest);
        if nearest.len() > 1 && evidence.0 > 1 && evidence.1 == 0 {
            found.push((whole, nearest));
        }
    }
    put(axis, found, "by its code, and by arithmetic")
}

fn put(axis: &mut Axis, found: Vec<(usize, Vec<usize>)>, how: &str) -> Vec<String> {
    let mut said = Vec::new();
    for (whole, parts) in found {
        said.push(sum_of(axis, whole, &parts, how));
        if let Some(entry) = axis.entries.get_mut(whole) {
            entry.children = parts;
        }
    }
    said
}

/// Lines in which an entry is the sum of others, all printed and several of them not 0; and lines in which it can't be.
fn fit(lines: &[Vec<Known>], whole: usize, parts: &[usize]) -> (usize, usize) {
    let known = |line: &[Known], e: usize| line.get(e).copied().unwrap_or(Known::Absent);
    let (mut exact, mut wrong) = (0, 0);
    for line in lines {
        let own: Vec<Known> = parts.iter().map(|&p| known(line, p)).collect();
        let total = known(line, whole);
        if total == Known::Absent || own.contains(&Known::Absent) {
            continue;
        }
        let sum = |end: fn(Interval) -> Option<i64>| {
            own.iter().try_fold(0i64, |sum, &k| Some(sum.saturating_add(end(interval(k))?)))
        };
        let sum = Interval { lo: sum(|i| i.lo), hi: sum(|i| i.hi) };
        let printed = own.iter().filter(|k| matches!(k, Known::Exact(v) if *v != 0)).count() > 1;
        match total {
            _ if sum.meet(interval(total)).is_empty() => wrong += 1,
            Known::Exact(_) if printed && own.iter().all(|k| matches!(k, Known::Exact(_))) => exact += 1,
            _ => {}
        }
    }
    (exact, wrong)
}

fn interval(known: Known) -> Interval {
    match known {
        Known::Exact(v) => Interval::exactly(v),
        Known::Within(i) => i,
        Known::Absent => Interval::ALL,
    }
}

/// A total that no label names, wherever it stands: at least twice the sum of all others, and never not.
fn by_sum(axis: &mut Axis, lines: &[Vec<Known>]) -> Vec<String> {
    let roots: Vec<usize> =
        axis.roots().into_iter().filter(|&r| axis.entries.get(r).is_some_and(|e| !is_year(&e.label))).collect();
    let all = axis.roots();
    if roots.is_empty() || all.len() < 3 {
        return Vec::new();
    }
    let mut hits: HashMap<usize, usize> = HashMap::new();
    for line in lines {
        let values: Option<Vec<(usize, i64)>> = all
            .iter()
            .map(|&e| match line.get(e) {
                Some(Known::Exact(v)) => Some((e, *v)),
                _ => None,
            })
            .collect();
        let Some(values) = values else { continue };
        let sum: i64 = values.iter().fold(0, |s, v| s.saturating_add(v.1));
        if values.iter().filter(|v| v.1 != 0).count() > 2 {
            values.iter().filter(|v| v.1.checked_mul(2) == Some(sum)).for_each(|v| *hits.entry(v.0).or_default() += 1);
        }
    }
    let mut likely: Vec<(usize, usize)> = hits.into_iter().filter(|h| h.1 > 1 && roots.contains(&h.0)).collect();
    likely.sort_by_key(|h| (std::cmp::Reverse(h.1), h.0));
    for (total, _) in likely.into_iter().take(3) {
        let parts: Vec<usize> = all.iter().copied().filter(|&i| i != total).collect();
        if fit(lines, total, &parts).1 == 0 {
            let said = format!("{} is the total: it is the sum of all others", label(axis, total));
            axis.total = Some(total);
            if let Some(entry) = axis.entries.get_mut(total) {
                entry.children = parts;
            }
            return vec![said];
        }
    }
    Vec::new()
}
