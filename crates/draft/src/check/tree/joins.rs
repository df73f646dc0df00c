//! Labels made of others: "England and Wales" beside England and Wales, "Under 18" beside "Under 16" and "16-17", "2019" beside
//! its quarters, "Asian" beside "Asian - Indian". What the words say is taken where the figures do not speak against it; what they
//! only suggest is kept as possible.

use std::collections::{BTreeSet, HashMap};

use super::super::assumed::and;
use super::super::sides::Maybe;
use super::super::words::total_word;
use super::spans::{Span, span, stem};
use super::which::opposite;
use super::{Known, Tree};

/// Longer lists are not divided into heads and their runs.
const MOST_DIVIDED: usize = 60;
/// Short names of totals, beside two labels that are each other's opposite.
const SHORT: &[&str] =
    &["t", "p", "b", "tot", "mf", "m/f", "f/m", "n", "both", "persons", "people", "all persons", "both genders"];
/// Places that are others together.
const PLACES: &[(&str, &[&str])] = &[
    ("great britain", &["england", "scotland", "wales"]),
    ("gb", &["england", "scotland", "wales"]),
    ("united kingdom", &["england", "scotland", "wales", "northern ireland"]),
    ("uk", &["england", "scotland", "wales", "northern ireland"]),
    ("united kingdom", &["great britain", "northern ireland"]),
    ("uk", &["great britain", "northern ireland"]),
    ("uk", &["gb", "ni"]),
];
/// Words that make no part of what else a label says.
const APART: &[&str] = &[
    "not",
    "no",
    "non",
    "without",
    "never",
    "other",
    "others",
    "partly",
    "partially",
    "part",
    "rest",
    "un",
    "average",
    "mean",
    "median",
    "rate",
    "north",
    "south",
    "east",
    "west",
    "northern",
    "southern",
    "eastern",
    "western",
    "mid",
    "central",
    "upper",
    "lower",
    "new",
    "old",
    "greater",
    "great",
    "and",
    "or",
    "than",
];

impl Tree<'_> {
    /// Takes what labels say of each other.
    pub(super) fn by_labels(&mut self) {
        let all = self.all_parts();
        if all.is_some_and(|f| f.good()) {
            return;
        }
        // a total of all as they stand leaves no room for what words only suggest
        self.calm = all.is_some_and(|f| f.wrong == 0);
        for (parent, siblings) in self.families() {
            if siblings.len() > 2 || parent.is_none() {
                self.family(parent, siblings);
            }
        }
        let roots = self.axis.roots();
        if let [only] = roots[..]
            && self.axis.total.is_none()
            && !self.children(only).is_empty()
            && !self.grouped
        {
            self.axis.total = Some(only);
        }
    }

    /// The roots, and what stands below each heading without figures.
    fn families(&self) -> Vec<(Option<usize>, Vec<usize>)> {
        let heading = |e: usize| self.axis.entries.get(e).is_some_and(|e| !e.shown && !e.children.is_empty());
        let below = (0..self.axis.entries.len()).filter(|&e| heading(e)).map(|e| (Some(e), self.children(e)));
        let roots: Vec<usize> = self.axis.roots().into_iter().filter(|&e| !heading(e)).collect();
        std::iter::once((None, roots)).chain(below).collect()
    }

    /// How a total by its words fits all others as they stand: if it adds up, none of them is a part of another.
    fn all_parts(&self) -> Option<super::Fit> {
        let total = self.grand()?;
        let parts: Vec<usize> = self.axis.roots().into_iter().filter(|&r| r != total).collect();
        (parts.len() > 1).then(|| self.fit(total, &parts))
    }

    fn family(&mut self, parent: Option<usize>, all: Vec<usize>) {
        let word = |e: &usize| self.axis.entries.get(*e).is_none_or(|e| total_word(&e.key).is_some());
        let all: Vec<usize> = all.into_iter().filter(|e| !word(e) && self.children(*e).is_empty()).collect();
        let mut left = all.clone();
        self.short(parent, &mut left);
        self.joined(parent, &mut left);
        self.stretches(parent, &mut left);
        self.prefixes(parent, &mut left);
        self.in_brackets(&left);
        self.beside_opposites(&left);
        self.of_words(&left);
    }

    /// Makes entries the parts of one among their siblings.
    fn nest(&mut self, parent: Option<usize>, left: &mut Vec<usize>, whole: usize, parts: Vec<usize>) {
        let names: Vec<String> = parts.iter().map(|&p| self.label(p)).collect();
        self.said.push(format!("{} is the sum of {} (by the labels)", self.label(whole), and(&names)));
        left.retain(|e| !parts.contains(e));
        if let Some(heading) = parent.and_then(|p| self.axis.entries.get_mut(p)) {
            heading.children.retain(|c| !parts.contains(c));
        }
        self.set_children(whole, parts);
    }

    /// Whether nothing speaks against a sum, and some line speaks of it at all.
    fn holds(&self, whole: usize, parts: &[usize]) -> bool {
        let told = |line: &Vec<Known>| {
            let some = |k: Known| matches!(k, Known::Exact(v) if v != 0) || k.interval().lo.is_some_and(|l| l > 1);
            self.known(line, whole).interval().hi.is_some() && parts.iter().any(|&p| some(self.known(line, p)))
        };
        parts.len() > 1 && self.fit(whole, parts).wrong == 0 && self.lines.iter().any(told)
    }

    fn maybe(&mut self, whole: usize, parts: Vec<usize>, open: bool) {
        if !self.calm && self.within(whole, &parts) {
            self.axis.maybe.push(Maybe { whole, parts, open });
        }
    }

    fn name(&self, entry: usize) -> String {
        self.axis.entries.get(entry).map(|e| e.key.clone()).unwrap_or_default()
    }

    /// "M", "F", "P".
    fn short(&mut self, parent: Option<usize>, left: &mut Vec<usize>) {
        let [a, b, c] = left[..] else { return };
        for (whole, x, y) in [(c, a, b), (a, b, c), (b, a, c)] {
            let sexes = |x: &str, y: &str| matches!((x, y), ("m", "f") | ("f", "m")) || opposite(x, y);
            let fits = SHORT.contains(&self.name(whole).as_str()) && sexes(&self.name(x), &self.name(y));
            if fits && self.holds(whole, &[x, y]) {
                return self.nest(parent, left, whole, vec![x, y]);
            }
        }
    }

    /// "England and Wales", "Type I and II", "A+B", "Great Britain".
    fn joined(&mut self, parent: Option<usize>, left: &mut Vec<usize>) {
        let stems = |t: &str| t.split(' ').map(stem).collect::<Vec<_>>().join(" ");
        let numbers: HashMap<String, usize> = left.iter().rev().map(|&e| (stems(&self.name(e)), e)).collect();
        for whole in left.clone() {
            let key = self.name(whole);
            let look = |t: &str| numbers.get(&stems(t)).copied().filter(|&e| e != whole);
            let placed = || {
                let look = |t: &&str| {
                    let ni = ["n. ireland", "n ireland", "ni"].iter().filter(|_| *t == "northern ireland");
                    look(t).or_else(|| ni.filter_map(|t| look(t)).next())
                };
                let of = PLACES.iter().filter(|(w, _)| *w == key);
                of.filter_map(|(_, p)| p.iter().map(look).collect::<Option<Vec<usize>>>()).next()
            };
            let Some(mut parts) = named_in(&key, &look).or_else(placed) else { continue };
            parts.sort_unstable();
            let free = parts.iter().all(|p| left.contains(p)) && parts.windows(2).all(|w| w.first() != w.last());
            if !free || !self.holds(whole, &parts) {
                continue;
            }
            // "Primary and secondary" may as well be schools that are both
            if self.calm || !self.is_tight(whole, &parts) {
                self.axis.maybe.push(Maybe { whole, parts, open: false });
            } else {
                self.nest(parent, left, whole, parts);
            }
        }
    }

    /// Whether a sum comes out exactly in some line, or leaves little for what is withheld in all.
    fn is_tight(&self, whole: usize, parts: &[usize]) -> bool {
        let close = |line: &Vec<Known>| {
            let open = parts.iter().filter(|&&p| !matches!(self.known(line, p), Known::Exact(_))).count();
            let least = parts.iter().filter_map(|&p| self.known(line, p).interval().lo).fold(0, i64::saturating_add);
            let most = least.saturating_add(i64::try_from(open).unwrap_or(0).saturating_mul(10));
            self.known(line, whole).interval().lo.is_none_or(|whole| whole <= most)
        };
        self.fit(whole, parts).exact > 0 || self.lines.iter().all(close)
    }

    /// Stretches of a scale that others fill.
    fn stretches(&mut self, parent: Option<usize>, left: &mut Vec<usize>) {
        let mut all: Vec<(Span, usize)> = Vec::new();
        for &e in left.iter() {
            let entry = self.axis.entries.get(e);
            all.extend(entry.and_then(|x| span(&x.label, &x.code)).map(|s| (s, e)));
        }
        all.extend(self.ordered(left));
        all.extend(self.grown(left));
        all.sort();
        let mut wholes: Vec<(Span, usize)> = all.iter().filter(|(s, _)| s.hi > s.lo).cloned().collect();
        wholes.sort_by_key(|(s, _)| s.hi.saturating_sub(s.lo));
        for (whole, entry) in wholes {
            let from = all.partition_point(|(s, _)| (s.scale.as_str(), s.lo) < (whole.scale.as_str(), whole.lo));
            let mut inner: Vec<&(Span, usize)> = all
                .get(from..)
                .unwrap_or_default()
                .iter()
                .take_while(|(s, _)| s.scale == whole.scale && s.lo <= whole.hi)
                .filter(|(s, e)| whole.holds(s) && *e != entry && left.contains(e))
                .collect();
            // of what begins alike the longest
            inner.sort_by_key(|(span, _)| (span.lo, std::cmp::Reverse(span.hi)));
            let mut chain: Vec<&(Span, usize)> = Vec::new();
            for one in inner {
                if chain.last().is_none_or(|l| l.0.meets(&one.0) || one.0.lo > l.0.hi) {
                    chain.push(one);
                }
            }
            let ends =
                chain.first().is_some_and(|f| f.0.lo == whole.lo) && chain.last().is_some_and(|l| l.0.hi == whole.hi);
            let filled = ends && chain.windows(2).all(|w| matches!(w, [a, b] if a.0.meets(&b.0)));
            let parts: Vec<usize> = chain.iter().map(|c| c.1).collect();
            if parts.is_empty() || !left.contains(&entry) {
                continue;
            }
            if parts.len() > 1 && (filled && self.holds(entry, &parts) || self.fit(entry, &parts).good()) {
                self.nest(parent, left, entry, parts);
            } else if !filled {
                self.maybe(entry, parts, true);
            }
        }
    }

    /// "2019", "2019-2020", "2019-2021": years that begin with one and grow, which no year that ends in the next does.
    fn grown(&self, left: &[usize]) -> Vec<(Span, usize)> {
        let year = |t: &str| t.trim().parse::<i64>().ok().filter(|y| (1900..2100).contains(y));
        let own = |e: usize| {
            let label = self.axis.entries.get(e).map(|e| e.label.replace('\u{2013}', "-"))?;
            let ends = label.split_once(" to ").or_else(|| label.split_once('-'));
            let (lo, hi) = match ends {
                Some((a, b)) => (year(a)?, year(b)?),
                None => (year(&label)?, year(&label)?),
            };
            (lo <= hi).then(|| (Span { scale: "years".to_owned(), lo, hi }, e))
        };
        let found: Vec<(Span, usize)> = left.iter().filter_map(|&e| own(e)).collect();
        let alone = |lo: i64| found.iter().any(|(s, _)| (s.lo, s.hi) == (lo, lo));
        let long = found.iter().any(|(s, _)| s.hi > s.lo + 1 && alone(s.lo));
        if long { found } else { Vec::new() }
    }

    /// "A*-C" beside A*, A, B and C: the order is that of the list.
    fn ordered(&self, left: &[usize]) -> Vec<(Span, usize)> {
        let raw = |e: usize| {
            let entry = self.axis.entries.get(e);
            let label = entry.map(|e| e.label.to_lowercase().replace('\u{2013}', "-")).unwrap_or_default();
            // what tells two labels apart that are alike but for a sign
            label.split(" (").next().unwrap_or_default().trim().to_owned()
        };
        let names: Vec<(String, usize)> = left.iter().map(|&e| (raw(e), e)).collect();
        let ends = |label: &str| -> Option<(String, String)> {
            let (a, b) = label.split_once(" to ").or_else(|| label.split_once('-'))?;
            (!a.trim().is_empty() && !b.trim().is_empty()).then(|| (a.trim().to_owned(), b.trim().to_owned()))
        };
        let single: Vec<(String, usize)> =
            names.iter().filter(|(n, _)| ends(n).is_none() || names.len() < 3).cloned().collect();
        let at = |t: &str| {
            let exact = single.iter().position(|(n, _)| n == t);
            exact.or_else(|| single.iter().position(|(n, _)| t.len() > 2 && n.starts_with(t)))
        };
        let scale = |lo: usize, hi: usize, e: usize| {
            let step = |n: usize| i64::try_from(n).unwrap_or(0);
            (Span { scale: "order".to_owned(), lo: step(lo), hi: step(hi) }, e)
        };
        let wide: Vec<(Span, usize)> = names
            .iter()
            .filter(|(n, _)| n.chars().any(char::is_alphabetic))
            .filter_map(|(n, e)| {
                let (a, b) = ends(n)?;
                let (lo, hi) = (at(&a)?, at(&b)?);
                (lo < hi).then(|| scale(lo, hi, *e))
            })
            .collect();
        if wide.is_empty() {
            return wide;
        }
        single.iter().enumerate().map(|(n, (_, e))| scale(n, n, *e)).chain(wide).collect()
    }

    /// "Asian", "Asian - Indian"; "A. Asian", "A1 Indian"; "Involuntary:" above its kinds. Taken where one of them adds up exactly and
    /// none does not; else possible.
    fn prefixes(&mut self, parent: Option<usize>, left: &mut Vec<usize>) {
        for groups in [self.prefixed(left), self.numbered(left), self.colons(left)] {
            let fits: Vec<super::Fit> = groups.iter().map(|(w, p)| self.fit(*w, p)).collect();
            let sure = fits.iter().all(|f| f.wrong == 0) && fits.iter().any(|f| f.exact > 0);
            let found = !groups.is_empty();
            for ((whole, parts), fit) in groups.into_iter().zip(fits) {
                if sure && parts.len() > 1 {
                    self.nest(parent, left, whole, parts);
                } else {
                    let open = fit.wrong > 0 || parts.len() == 1;
                    self.maybe(whole, parts, open);
                }
            }
            if found {
                return;
            }
        }
    }

    fn prefixed(&self, left: &[usize]) -> Vec<(usize, Vec<usize>)> {
        let raw = |e: usize| {
            let label = self.axis.entries.get(e).map(|e| e.label.to_lowercase()).unwrap_or_default();
            label.replace(['\u{2013}', '\u{2014}'], "-")
        };
        let numbers: HashMap<String, usize> = left.iter().rev().map(|&e| (raw(e), e)).collect();
        let mut groups: Vec<(usize, Vec<usize>)> = Vec::new();
        let mut places: HashMap<usize, usize> = HashMap::new();
        for &part in left {
            let label = raw(part);
            let heads = [" - ", ": ", ", ", " / ", " ("].iter().filter_map(|s| label.rsplit_once(s).map(|(h, _)| h));
            let Some(&whole) = heads.filter_map(|h| numbers.get(h.trim())).find(|w| **w != part) else { continue };
            let place = *places.entry(whole).or_insert_with(|| {
                groups.push((whole, Vec::new()));
                groups.len() - 1
            });
            if let Some(group) = groups.get_mut(place) {
                group.1.push(part);
            }
        }
        // innermost first
        groups.reverse();
        groups
    }

    fn numbered(&self, left: &[usize]) -> Vec<(usize, Vec<usize>)> {
        let head = |e: usize| -> Option<String> {
            let label = self.axis.entries.get(e).map(|e| e.label.to_lowercase())?;
            let (head, rest) = label.split_once(' ')?;
            let head = head.trim_matches(['.', ')', '(', ':']).to_owned();
            let plain = head.chars().all(|c| c.is_ascii_alphanumeric()) && (1..4).contains(&head.len());
            (plain && !rest.trim().is_empty()).then_some(head)
        };
        let heads: Vec<(usize, String)> = left.iter().filter_map(|&e| Some((e, head(e)?))).collect();
        if heads.len() < left.len() {
            return Vec::new();
        }
        let mut groups: Vec<(usize, Vec<usize>)> = Vec::new();
        let mut last: Option<(usize, String)> = None;
        for (e, own) in heads {
            let kind = |c: Option<char>| c.map(|c| c.is_ascii_digit());
            let below =
                last.as_ref().and_then(|(w, h)| Some((*w, own.strip_prefix(h.as_str())?, kind(h.chars().last()))));
            match below {
                Some((whole, rest, before)) if !rest.is_empty() && kind(rest.chars().next()) != before => {
                    match groups.last_mut().filter(|g| g.0 == whole) {
                        Some(group) => group.1.push(e),
                        None => groups.push((whole, vec![e])),
                    }
                }
                _ => last = Some((e, own)),
            }
        }
        groups
    }

    fn colons(&self, left: &[usize]) -> Vec<(usize, Vec<usize>)> {
        let opens = |e: usize| self.axis.entries.get(e).is_some_and(|e| e.shown && e.label.trim_end().ends_with(':'));
        let mut groups: Vec<(usize, Vec<usize>)> = Vec::new();
        for &e in left {
            match groups.last_mut() {
                _ if opens(e) => groups.push((e, Vec::new())),
                Some(group) => group.1.push(e),
                None => {}
            }
        }
        groups.retain(|g| !g.1.is_empty());
        groups
    }

    /// "Day", "Night", "24 hours": two that are each other's opposite, and a third that may be both.
    fn beside_opposites(&mut self, left: &[usize]) {
        for three in left.windows(3) {
            let [a, b, c] = *three else { continue };
            for (whole, x, y) in [(c, a, b), (a, b, c)] {
                let sure = left.len() == 3 || self.fit(whole, &[x, y]).exact > 0;
                if sure && opposite(&self.name(x), &self.name(y)) && self.fit(whole, &[x, y]).wrong == 0 {
                    self.maybe(whole, vec![x, y], false);
                }
            }
        }
    }

    /// Heads with runs that divide a whole list, of which one adds up exactly: the others may as well.
    pub(super) fn maybe_heads(&mut self) {
        let roots = self.axis.roots();
        if !(6..=MOST_DIVIDED).contains(&roots.len()) || self.axis.total.is_some() {
            return;
        }
        for behind in [true, false] {
            let order: Vec<usize> = if behind { roots.clone() } else { roots.iter().rev().copied().collect() };
            let Some(groups) = self.headed_runs(&order).filter(|g| g.len() > 1) else { continue };
            let near = |(head, run): &(usize, Vec<usize>)| self.is_tight(*head, run);
            let exact: usize = groups.iter().map(|(h, run)| self.fit(*h, run).exact).sum();
            if exact == 0 || !groups.iter().all(near) {
                continue;
            }
            for (head, mut run) in groups {
                run.sort_unstable();
                self.maybe(head, run, false);
            }
            return;
        }
    }

    /// "KSI (killed or seriously injured)" behind two rows: it may be both of them.
    fn in_brackets(&mut self, left: &[usize]) {
        for (at, &whole) in left.iter().enumerate() {
            let key = self.name(whole);
            let Some((_, inner)) = key.split_once('(') else { continue };
            let count = inner.replace(" and ", " or ").replace([',', '/', '+'], " or ").split(" or ").count();
            if count < 2 || !self.children(whole).is_empty() {
                continue;
            }
            let before = at.checked_sub(count).and_then(|s| left.get(s..at));
            let after = left.get(at + 1..at + 1 + count);
            let run = [before, after].into_iter().flatten().find(|r| self.fit(whole, r).wrong == 0);
            if let Some(run) = run.map(<[usize]>::to_vec) {
                self.maybe(whole, run, false);
            }
        }
    }

    /// "Deaths" and "Male deaths": the one may be a part of the other.
    fn of_words(&mut self, left: &[usize]) {
        let words = |e: usize| -> Vec<String> {
            let key = self.name(e);
            key.split([' ', ',', '(', ')', '-', '/']).filter(|w| !w.is_empty()).map(stem).collect()
        };
        let all: Vec<(usize, Vec<String>)> = left.iter().map(|&e| (e, words(e))).collect();
        let letters = |w: &[String]| w.iter().any(|w| w.len() > 2 && w.chars().all(char::is_alphabetic));
        let plain = |w: &[String]| letters(w) && !w.iter().any(|w| APART.contains(&w.as_str()));
        let mut wholes: HashMap<&[String], Vec<usize>> = HashMap::new();
        for (e, words) in all.iter().filter(|(_, w)| plain(w)) {
            wholes.entry(words.as_slice()).or_default().push(*e);
        }
        let mut found: BTreeSet<(usize, usize)> = BTreeSet::new();
        // the words of the whole are the first or the last of those of the part
        for (part, own) in &all {
            for length in 1..own.len() {
                let (head, tail) = own.split_at(length);
                let (first, last) = own.split_at(own.len() - length);
                // "Inspected and passed" are some of "Inspected"
                let tail = if tail.len() > 1 {
                    tail.strip_prefix(["and".to_owned()].as_slice()).unwrap_or(tail)
                } else {
                    tail
                };
                for (whole, rest) in [(head, tail), (last, first)] {
                    if plain(rest) {
                        let those = wholes.get(whole).into_iter().flatten().filter(|w| *w != part);
                        found.extend(those.map(|&w| (w, *part)));
                    }
                }
            }
        }
        let twins: HashMap<String, usize> =
            left.iter().filter_map(|&e| Some((without_words(&self.name(e), true)?, e))).collect();
        for &part in left {
            let whole = without_words(&self.name(part), false).and_then(|t| twins.get(&t).copied());
            found.extend(whole.filter(|w| *w != part).map(|w| (w, part)));
        }
        let known: BTreeSet<(usize, usize)> =
            self.axis.maybe.iter().flat_map(|m| m.parts.iter().map(|&p| (m.whole, p))).collect();
        for (whole, part) in found {
            if !known.contains(&(whole, part)) {
                self.maybe(whole, vec![part], true);
            }
        }
    }
}

/// "Including agency" and "Excluding agency" in the same words; nothing where a label says neither.
pub(crate) fn without_words(key: &str, including: bool) -> Option<String> {
    const WITH: &[&str] = &["including", "incl.", "incl", "inc.", "inc", "inclusive of", "with and without"];
    const OUT: &[&str] =
        &["not including", "excluding", "excl.", "excl", "ex.", "exc.", "exc", "exclusive of", "except"];
    let padded = format!(" {} ", key.replace(['(', ')', ','], " ").split_whitespace().collect::<Vec<_>>().join(" "));
    let words = if including { WITH } else { OUT };
    if including && OUT.iter().any(|w| padded.contains(&format!(" {w} "))) {
        return None;
    }
    words.iter().find_map(|w| {
        let word = format!(" {w} ");
        padded.contains(&word).then(|| padded.replacen(&word, " # ", 1))
    })
}

/// What a label names together, if all of it is there: with words that all share before it or behind it.
pub(crate) fn named_in(key: &str, look: &dyn Fn(&str) -> Option<usize>) -> Option<Vec<usize>> {
    let bare = key.strip_prefix("both ").unwrap_or(key);
    let bare = [" combined", " together", " (combined)"].iter().find_map(|w| bare.strip_suffix(w)).unwrap_or(bare);
    let text = bare.replace([',', '+', '/', ';'], " and ").replace(" plus ", " and ").replace(" or ", " and ");
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let parts: Vec<&str> =
        text.split(" and ").map(|p| p.trim().trim_start_matches("and ")).filter(|p| !p.is_empty()).collect();
    if parts.len() < 2 {
        return None;
    }
    let all = |name: &dyn Fn(&str) -> String| parts.iter().map(|p| look(&name(p))).collect::<Option<Vec<usize>>>();
    if let Some(found) = all(&|p| p.to_owned()) {
        return Some(found);
    }
    let first: Vec<&str> = parts.first()?.split(' ').collect();
    let last: Vec<&str> = parts.last()?.split(' ').collect();
    let led = (1..first.len()).find_map(|n| {
        let lead = first.get(..n)?.join(" ");
        all(&|p| if p.starts_with(&format!("{lead} ")) { p.to_owned() } else { format!("{lead} {p}") })
    });
    led.or_else(|| {
        (1..last.len()).find_map(|n| {
            let tail = last.get(n..)?.join(" ");
            all(&|p| if p.ends_with(&format!(" {tail}")) { p.to_owned() } else { format!("{p} {tail}") })
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Labels that name others together, with shared words and without.
    #[test]
    fn named() {
        let all = ["england", "wales", "type i", "type ii", "a", "b", "male prisoners", "female prisoners"];
        let look = |t: &str| all.iter().position(|x| *x == t);
        for (key, parts) in [
            ("england and wales", vec![0, 1]),
            ("type i and ii", vec![2, 3]),
            ("a+b", vec![4, 5]),
            ("male and female prisoners", vec![6, 7]),
            ("both a and b", vec![4, 5]),
        ] {
            assert_eq!(named_in(key, &look), Some(parts), "{key}");
        }
        for key in ["england", "england and scotland", "theft and handling", "and"] {
            assert_eq!(named_in(key, &look), None, "{key}");
        }
    }
}
