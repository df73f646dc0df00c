//! What sentences say of the sums of a table without naming them: "Beech accounted for 50 % of the cases of 2020", "9.3 per ward on
//! average", "half of the 28 cases", "of these, 65 were men". None of it is sure: it is tried, and asked where a figure follows.

use std::collections::HashMap;

use crate::model::{CellId, Interval};

use super::super::blocks::{Line, Pages};
use super::super::common::is_change;
use super::super::figures::Figures;
use super::super::findings::Spot;
use super::super::lexicon::{Number, is_year, key, number};
use super::super::numerals::numeral;
use super::super::ratio::{Span, divided, divisors};
use super::super::reading::Reading;
use super::super::shares::Sums;
use super::possible::{Extra, Possible, extra};

/// A label of a table in a sentence.
#[derive(Clone, Copy, Debug)]
struct Named {
    axis: usize,
    entry: usize,
    /// The words that it takes.
    from: usize,
    to: usize,
}

/// The labels of a table by their first words.
struct Labels {
    table: usize,
    axes: usize,
    first: HashMap<String, Vec<(Vec<String>, usize, usize)>>,
}

impl Labels {
    fn new(table: usize, figures: &Figures) -> Labels {
        let mut first: HashMap<String, Vec<(Vec<String>, usize, usize)>> = HashMap::new();
        for (a, axis) in figures.axes.iter().enumerate() {
            for (e, entry) in
                axis.entries.iter().enumerate().filter(|(e, x)| Some(*e) != axis.total && !x.is_total_word())
            {
                let words: Vec<String> = split(&entry.label);
                let number = words.iter().all(|w| w.bytes().all(|b| b.is_ascii_digit()) && !is_year(w));
                if let Some(word) = words.first().filter(|_| !number && words.iter().any(|w| w.len() > 1)) {
                    first.entry(word.clone()).or_default().push((words.clone(), a, e));
                }
            }
        }
        Labels { table, axes: figures.axes.len(), first }
    }

    /// The labels in a sentence, the longest of what begins alike.
    fn named(&self, words: &[String]) -> Vec<Named> {
        let mut found = Vec::new();
        let mut at = 0;
        while at < words.len() {
            let all = words.get(at).and_then(|w| self.first.get(w)).into_iter().flatten();
            let fits = all.filter(|(label, ..)| words.get(at..).is_some_and(|w| w.starts_with(label)));
            match fits.max_by_key(|(label, ..)| label.len()) {
                Some((label, axis, entry)) => {
                    found.push(Named { axis: *axis, entry: *entry, from: at, to: at + label.len() });
                    at += label.len();
                }
                None => at += 1,
            }
        }
        found
    }
}

fn split(text: &str) -> Vec<String> {
    let own = |w: &str| {
        let bare = w.trim_matches(|c: char| !c.is_alphanumeric() && c != '%');
        bare.strip_suffix("'s").or_else(|| bare.strip_suffix("\u{2019}s")).unwrap_or(bare).to_lowercase()
    };
    key(text).split(' ').map(own).collect()
}

/// A sentence that is read.
struct Sentence<'a> {
    /// The words as typed.
    raw: Vec<&'a str>,
    words: Vec<String>,
    quote: String,
    /// It, or the line before, speaks of "these".
    of_these: bool,
    spot: Spot,
}

impl<'a> Sentence<'a> {
    fn of(text: &'a str, line: &Line, of_these: bool) -> Sentence<'a> {
        let raw: Vec<&str> = text.split_whitespace().collect();
        let one = |w: &&str| split(w).into_iter().next().unwrap_or_default();
        let words: Vec<String> = raw.iter().map(one).collect();
        let quote: String = text.trim().chars().take(90).collect();
        let spot = Spot { file: line.file, place: line.place.clone(), ..Spot::default() };
        Sentence { of_these: of_these || these(&words), raw, words, quote, spot }
    }

    fn word(&self, at: usize) -> &str {
        self.words.get(at).map_or("", String::as_str)
    }

    fn has(&self, list: &[&str]) -> bool {
        self.words.iter().any(|w| list.contains(&w.as_str()))
    }

    /// A number, in digits or as a word.
    fn number(&self, at: usize) -> Option<Number> {
        let word = self.words.get(at)?;
        let plain = |units| Number { units, decimals: 0, percent: false, money: false };
        let digits = self.raw.get(at)?.trim_matches(|c: char| !(c.is_ascii_digit() || c == '%'));
        number(digits).filter(|n| n.units >= 0).or_else(|| numeral(word).map(plain))
    }

    /// A count of cases.
    fn count(&self, at: usize) -> Option<i64> {
        let n = self.number(at)?.count().filter(|_| !is_year(self.word(at)))?;
        let unit = ["per", "percent", "%", "times", "years", "year", "days", "months", "weeks"];
        (!unit.contains(&self.word(at + 1))).then_some(n)
    }

    /// The percentages and fractions of a sentence.
    fn shares(&self) -> Vec<(usize, Part)> {
        (0..self.words.len()).filter_map(|at| Some((at, self.share(at)?))).collect()
    }

    fn share(&self, at: usize) -> Option<Part> {
        if let Some(n) = self.number(at) {
            let cent = self.word(at + 1) == "percent" || self.word(at + 1) == "per" && self.word(at + 2) == "cent";
            return (n.percent || cent).then_some(Part::Percent(Number { percent: true, ..n })).filter(|_| n.units > 0);
        }
        let (above, word) = match self.word(at).split_once('-') {
            Some((above, part)) => (numeral(above), part),
            None => {
                let before = at.checked_sub(1).map_or("", |b| self.word(b));
                (if ["a", "one"].contains(&before) { Some(1) } else { numeral(before) }, self.word(at))
            }
        };
        if self.word(at) == "half" {
            return Some(Part::Fraction(1, 2));
        }
        Some(Part::Fraction(above?, super::super::sentences::below(word)?))
    }
}

fn these(words: &[String]) -> bool {
    words.iter().any(|w| ["these", "those", "whom", "them", "thereof"].contains(&w.as_str()))
}

/// A part of something.
#[derive(Clone, Copy, Debug)]
enum Part {
    Percent(Number),
    Fraction(i64, i64),
}

impl Part {
    /// The counts out of a base.
    fn counts(self, base: i64) -> Interval {
        match self {
            Part::Percent(n) => super::super::shares::counts(n, base),
            Part::Fraction(a, b) => {
                let all = base.saturating_mul(a);
                if all % b == 0 { Interval::exactly(all / b) } else { Interval::new(1, 0) }
            }
        }
    }

    /// The bases of a count.
    fn bases(self, count: i64) -> Interval {
        match self {
            Part::Percent(n) => divisors(n, 100, Span::exactly(count)).meet(Interval::at_least(count)),
            Part::Fraction(a, b) => {
                let all = count.saturating_mul(b);
                if all % a.max(1) == 0 { Interval::exactly(all / a.max(1)) } else { Interval::new(1, 0) }
            }
        }
    }
}

/// Everything that sentences may say of the tables.
pub(crate) fn find(reading: &Reading, pages: &Pages) -> Vec<Possible> {
    let mains = reading.tables.iter().enumerate().filter(|(_, f)| f.is_main());
    let labels: Vec<Labels> = mains.map(|(t, f)| Labels::new(t, f)).collect();
    let mut found: Vec<Possible> = Vec::new();
    if labels.is_empty() {
        return found;
    }
    let sums = Sums::new(reading);
    let mut before = [false; 2];
    for line in pages.lines.iter().chain(&pages.spoken).filter(|l| l.drawn.is_none()) {
        let mut own = false;
        for text in line.text.split_inclusive(". ") {
            let sentence = Sentence::of(text, line, before.iter().any(|b| *b));
            own |= these(&sentence.words);
            if !text.chars().any(|c| c.is_ascii_digit()) && sentence.shares().is_empty() {
                continue;
            }
            for labels in &labels {
                let named = labels.named(&sentence.words);
                if !named.is_empty() {
                    let said = Said { reading, sums: &sums, labels, sentence: &sentence, named: &named };
                    found.extend(said.all());
                }
            }
        }
        before = [before[1], own];
    }
    found
}

/// A sentence beside a table of which it names labels.
struct Said<'a> {
    reading: &'a Reading,
    sums: &'a Sums,
    labels: &'a Labels,
    sentence: &'a Sentence<'a>,
    named: &'a [Named],
}

impl Said<'_> {
    fn all(&self) -> Vec<Possible> {
        let mut found = self.shares();
        found.extend(self.means());
        found.extend(self.wholes());
        found.extend(self.times());
        found.extend(self.differences());
        if self.sentence.of_these {
            found.extend(self.parts());
        }
        found
    }

    /// The label of each axis that stands nearest to a word; one before it is nearer.
    fn nearest(&self, at: usize) -> Vec<Option<usize>> {
        let far = |n: &Named| if n.from < at { 2 * (at - n.from) } else { 2 * (n.from - at) + 1 };
        (0..self.labels.axes)
            .map(|a| self.named.iter().filter(|n| n.axis == a).min_by_key(|n| far(n)).map(|n| n.entry))
            .collect()
    }

    /// The cell of these labels; an axis without one at its total.
    fn cell(&self, place: &[Option<usize>]) -> Option<CellId> {
        let (reading, t) = (self.reading, self.labels.table);
        let axes = &reading.bound.system.tables.get(t)?.axes;
        let pick = |(a, entry): (usize, &Option<usize>)| match entry {
            Some(e) => reading.bound.entry_on(t, a, *e),
            None => axes.get(a)?.entries.iter().position(|e| e.level == 0),
        };
        let at: Vec<usize> = place.iter().enumerate().map(pick).collect::<Option<_>>()?;
        reading.bound.system.cell_at(t, &at)
    }

    fn value(&self, cell: CellId) -> Option<i64> {
        self.sums.value(self.reading, cell)
    }

    fn possible(&self, what: String, cell: CellId, to: Interval) -> Option<Possible> {
        let known = self.reading.known.domain(cell);
        let left = known.meet(to);
        if left.is_empty() || left == known || self.value(cell).is_some() {
            return None;
        }
        Some(Possible {
            asks: format!("Does \"{}\" say that {what}?", self.sentence.quote),
            narrow: vec![(cell, to)],
            spots: vec![self.sentence.spot.clone()],
            ..Possible::default()
        })
    }

    fn name(&self, cell: CellId) -> String {
        self.reading.names().cell_in(cell, Some(self.labels.table))
    }

    /// "Beech accounted for 50% of the cases of 2020".
    fn shares(&self) -> Vec<Possible> {
        let mut found = Vec::new();
        let moved = |at: usize| {
            ["by", "from", "on"].contains(&self.sentence.word(at + 1)) || self.sentence.number(at + 1).is_some()
        };
        let made = |at: usize| at > 0 && self.sentence.word(at - 1).starts_with("ma");
        let up = |at: &usize| ["up", "down"].contains(&self.sentence.word(*at)) && moved(*at) && !made(*at);
        let change = |w: &String| is_change(w) || ["more", "fewer"].contains(&w.as_str());
        if self.sentence.words.iter().any(change) || (0..self.sentence.words.len()).any(|at| up(&at)) {
            return found;
        }
        for (at, part) in self.sentence.shares() {
            let place = self.nearest(at);
            let axes: Vec<usize> = (0..place.len()).filter(|&a| place.get(a).is_some_and(Option::is_some)).collect();
            let ups = axes.iter().map(|&a| vec![a]).chain((axes.len() > 1).then(|| axes.clone()));
            let mut own: Vec<Possible> = Vec::new();
            let mut settled = false;
            for up in ups {
                let mut whole = place.clone();
                for (_, entry) in whole.iter_mut().enumerate().filter(|(a, _)| up.contains(a)) {
                    *entry = None;
                }
                let (Some(cell), Some(of)) = (self.cell(&place), self.cell(&whole)) else { continue };
                if cell == of {
                    continue;
                }
                match (self.value(cell), self.value(of)) {
                    (Some(c), Some(n)) => settled |= part.counts(n).contains(c),
                    (Some(c), None) if c > 0 => {
                        let what = format!("{} is its part of {}", self.name(cell), self.name(of));
                        own.extend(self.possible(what, of, part.bases(c)));
                    }
                    (None, Some(n)) => {
                        let what = format!("{} is its part of {}", self.name(cell), self.name(of));
                        own.extend(self.possible(what, cell, part.counts(n)));
                    }
                    _ => {}
                }
            }
            if !settled {
                found.extend(own);
            }
        }
        found
    }

    /// "On average 9.3 complaints per ward in 2020".
    fn means(&self) -> Vec<Possible> {
        let mut found = Vec::new();
        if !self.sentence.has(&["average", "mean", "averaged"]) {
            return found;
        }
        let figures = self.reading.tables.get(self.labels.table);
        for at in 0..self.sentence.words.len() {
            let number =
                self.sentence.number(at).filter(|n| !n.percent && !n.money && !is_year(self.sentence.word(at)));
            let Some(mean) = number else { continue };
            let place = self.nearest(at);
            let open: Vec<usize> = (0..place.len()).filter(|&a| place.get(a).is_some_and(Option::is_none)).collect();
            let ([axis], Some(cell)) = (&open[..], self.cell(&place)) else { continue };
            let count = figures
                .and_then(|f| f.axes.get(*axis))
                .map_or(0, |x| x.roots().into_iter().filter(|&e| Some(e) != x.total).count());
            if count > 1 {
                let whole = divided(mean, 1, Span::exactly(i64::try_from(count).unwrap_or(0))).whole();
                found.extend(self.possible(
                    format!("it is the mean of {count} figures of {}", self.name(cell)),
                    cell,
                    whole,
                ));
            }
        }
        found
    }

    /// "Half of the 28 cases of 2020 were in Beech".
    fn wholes(&self) -> Vec<Possible> {
        let mut found = Vec::new();
        for at in 1..self.sentence.words.len() {
            let led = ["the", "all", "our"].contains(&self.sentence.word(at - 1));
            let Some(count) = self.sentence.count(at).filter(|_| led) else { continue };
            let Some(next) = self.named.iter().find(|n| n.from > at && n.from <= at + 5) else { continue };
            let mut place: Vec<Option<usize>> = vec![None; self.labels.axes];
            if let Some(slot) = place.get_mut(next.axis) {
                *slot = Some(next.entry);
            }
            if let Some(cell) = self.cell(&place) {
                found.extend(self.possible(format!("{} is {count}", self.name(cell)), cell, Interval::exactly(count)));
            }
        }
        found
    }

    /// "Cases in 2021 were 4.43 times those of 2020".
    fn times(&self) -> Vec<Possible> {
        let mut found = Vec::new();
        for at in 0..self.sentence.words.len() {
            let (factor, behind) = match self.sentence.word(at) {
                "twice" | "double" => (Number { units: 2, decimals: 0, percent: false, money: false }, at + 1),
                _ if self.sentence.word(at + 1) == "times" => match self.sentence.number(at) {
                    Some(n) if !n.percent && !n.money => (n, at + 2),
                    _ => continue,
                },
                _ => continue,
            };
            let Some((first, second)) = self.two(at, behind) else { continue };
            let mut place = self.nearest(at);
            let mut of = |entry: usize| {
                *place.get_mut(first.axis)? = Some(entry);
                self.cell(&place)
            };
            let (Some(x), Some(y)) = (of(first.entry), of(second.entry)) else { continue };
            let what = format!("{} is so many times {}", self.name(x), self.name(y));
            match (self.value(x), self.value(y)) {
                (Some(x), None) => found.extend(self.possible(what, y, divisors(factor, 1, Span::exactly(x)))),
                (None, Some(y)) => found.extend(self.possible(what, x, divided(factor, 1, Span::exactly(y)).whole())),
                _ => {}
            }
        }
        found
    }

    /// Two labels of one axis: one before a word and one behind it, else both behind it.
    fn two(&self, at: usize, behind: usize) -> Option<(&Named, &Named)> {
        let after = |axis: usize, from: usize| self.named.iter().find(|n| n.from >= from && n.axis == axis);
        let around = || {
            let first = self.named.iter().rev().filter(|n| n.to <= at);
            first.filter_map(|f| Some((f, after(f.axis, behind)?))).next()
        };
        let both = || {
            let first = self.named.iter().filter(|n| n.from >= behind);
            first.filter_map(|f| Some((f, after(f.axis, f.to)?))).next()
        };
        let as_many = self.sentence.word(behind) == "as";
        if as_many { both().or_else(around) } else { around().or_else(both) }
    }

    /// "There were 8 more in Cedar than in Alder in 2020".
    fn differences(&self) -> Vec<Possible> {
        let mut found = Vec::new();
        for at in 0..self.sentence.words.len() {
            let sign = match self.sentence.word(at + 1) {
                "more" | "higher" | "greater" => 1,
                "fewer" | "less" | "lower" => -1,
                _ => continue,
            };
            let Some(n) = self.sentence.number(at).and_then(Number::count) else { continue };
            let than = (at + 2..at + 9).find(|&a| self.sentence.word(a) == "than");
            let Some(than) = than else { continue };
            let second = self.named.iter().find(|l| l.from > than);
            let first = second.and_then(|s| self.named.iter().rev().find(|l| l.to <= than && l.axis == s.axis));
            let (Some(first), Some(second)) = (first, second) else { continue };
            let mut place = self.nearest(than);
            let mut of = |entry: usize| {
                *place.get_mut(first.axis)? = Some(entry);
                self.cell(&place)
            };
            let (Some(x), Some(y)) = (of(first.entry), of(second.entry)) else { continue };
            if x == y || self.value(x).is_some() && self.value(y).is_some() {
                continue;
            }
            found.push(Possible {
                asks: format!("Does \"{}\" compare {} with {}?", self.sentence.quote, self.name(x), self.name(y)),
                relations: vec![crate::model::Relation { terms: vec![(x, -1), (y, 1)], constant: -sign * n }],
                spots: vec![self.sentence.spot.clone()],
                ..Possible::default()
            });
        }
        found
    }

    /// "Of these, 65 were men": what is left of the figure that the table prints.
    fn parts(&self) -> Vec<Possible> {
        let mut found = Vec::new();
        for at in 0..self.sentence.words.len() {
            let Some(part) = self.sentence.count(at).filter(|n| *n > 0) else { continue };
            if self.named.iter().any(|n| (n.from..n.to).contains(&at)) {
                continue;
            }
            let Some(cell) = self.cell(&self.nearest(at)) else { continue };
            let Some(whole) = self.value(cell).filter(|w| *w > part) else { continue };
            let name = self.name(cell);
            found.push(Possible {
                asks: format!("Does \"{}\" count a part of {name} ({whole})?", self.sentence.quote),
                extras: vec![Extra {
                    name: format!("the rest of {name} beside {part}"),
                    beside: cell,
                    domain: Interval::exactly(whole - part),
                }],
                relations: vec![crate::model::Relation { terms: vec![(extra(0), -1)], constant: part - whole }],
                spots: vec![self.sentence.spot.clone()],
                ..Possible::default()
            });
        }
        found
    }
}
