//! Which legends are taken: what a user, a layout or a policy says goes before, and bounds narrow what is only withheld.

use std::collections::{BTreeMap, BTreeSet};

use crate::text::Meaning;

use super::super::Options;
use super::super::blocks::{Line, Pages};
use super::super::codes::INCONSISTENT;
use super::super::figures::Signs;
use super::super::findings::Finding;
use super::super::infer::called;
use super::super::knowledge::sign;
use super::super::reading::Reading;
use super::{Legend, Legends, Rounded, legends, rounded};

/// The legends of a draft, beside what is said elsewhere.
#[derive(Clone, Debug, Default)]
pub(crate) struct Taken {
    legends: Legends,
    rounded: Option<Rounded>,
    /// Signs that a user or a layout declares.
    declared: BTreeSet<String>,
}

impl Taken {
    /// Reads the legends of a draft.
    pub fn new(options: &Options, pages: &Pages) -> Taken {
        let layout = options.layout.into_iter().flat_map(|l| l.markers.keys());
        let declared = options.markers.keys().chain(layout).cloned().collect();
        let least = i64::from(options.policy.attacker.zeros_published);
        let lines = pages.lines.iter().chain(&pages.spoken);
        Taken { legends: legends(pages, least), rounded: lines.clone().find_map(|l| rounded(&l.text)), declared }
    }

    /// What they say, by sign.
    pub fn meanings(&self) -> BTreeMap<String, Meaning> {
        self.legends.meanings()
    }

    /// What the draft says of rounding.
    pub fn rounded(&self) -> Option<&Rounded> {
        self.rounded.as_ref()
    }

    /// Whether a number of a line, by its column from 0, says how small the figures are that a sign stands for.
    pub fn explains(&self, line: &Line, column: usize, number: i64) -> bool {
        self.legends.found.iter().any(|legend| {
            let Meaning::Within(within) = legend.meaning else { return false };
            let bound = within.hi.is_some_and(|hi| number <= hi + 1) && within.lo.is_none_or(|lo| number >= lo);
            let here = legend.spot.file == line.file && legend.spot.place == line.place;
            let Some(at) = line.text.find(&legend.quote).filter(|_| here && bound) else { return false };
            let from = line.text.get(..at).map_or(0, |t| t.chars().count());
            (from..from + legend.quote.chars().count()).contains(&column)
        })
    }

    /// The signs with the bounds that the draft itself gives what the policy calls withheld; `None` where it gives none.
    pub fn narrower(&self, signs: &Signs) -> Option<Signs> {
        let mut narrower = signs.clone();
        let mut any = false;
        for legend in self.legends.found.iter().filter(|l| !self.declared.contains(&l.sign)) {
            if matches!(legend.meaning, Meaning::Within(_))
                && signs.meanings.get(&legend.sign) == Some(&Meaning::Withheld)
            {
                narrower.meanings.insert(legend.sign.clone(), legend.meaning);
                any = true;
            }
        }
        any.then_some(narrower)
    }

    /// The signs whose bounds are taken from the draft, as signs of figures that are only withheld; `None` where there are none.
    pub fn wider(&self, signs: &Signs) -> Option<Signs> {
        let mut wider = signs.clone();
        let mut any = false;
        for legend in self.legends.found.iter().filter(|l| !self.declared.contains(&l.sign)) {
            if matches!(legend.meaning, Meaning::Within(_)) && signs.meanings.get(&legend.sign) == Some(&legend.meaning)
            {
                wider.meanings.insert(legend.sign.clone(), Meaning::Withheld);
                any = true;
            }
        }
        any.then_some(wider)
    }

    /// Legends that contradict each other, or the policy, about signs that nobody declared.
    pub fn findings(&self, signs: &Signs) -> Vec<Finding> {
        let mut findings = Vec::new();
        let help = |sign: &str| {
            Some(format!(
                "say which with --marker '{sign}=...', or correct the note; signs of one draft should mean one thing"
            ))
        };
        for (first, second) in self.legends.clashes.iter().filter(|c| !self.declared.contains(&c.0.sign)) {
            findings.push(Finding {
                spots: vec![second.spot.clone(), first.spot.clone()],
                help: help(&first.sign),
                ..Finding::plain(
                    &INCONSISTENT,
                    format!("\"{}\", but \"{}\": {} can't mean both", first.quote, second.quote, called(&first.sign)),
                )
            });
        }
        for legend in self.legends.found.iter().filter(|l| !self.declared.contains(&l.sign) && !l.quote.is_empty()) {
            let taken = signs.meanings.get(&legend.sign).copied();
            if taken.is_some_and(|t| !goes_with(t, legend.meaning)) {
                findings.push(Finding {
                    spots: vec![legend.spot.clone()],
                    help: help(&legend.sign),
                    ..Finding::plain(
                        &INCONSISTENT,
                        format!(
                            "\"{}\", but the policy has another meaning for {}",
                            legend.quote,
                            called(&legend.sign)
                        ),
                    )
                });
            }
        }
        findings
    }

    /// What was taken from legends about signs that occur, with the words that say so.
    pub fn assumptions(&self, reading: &Reading, signs: &Signs) -> Vec<String> {
        let used: BTreeSet<String> = reading.bound.placed.iter().map(|p| sign(&reading.tables, p)).collect();
        let taken = |l: &&Legend| {
            used.contains(&l.sign)
                && !l.quote.is_empty()
                && signs.meanings.get(&l.sign) == Some(&l.meaning)
                && !self.declared.contains(&l.sign)
        };
        let place =
            |l: &Legend| if l.spot.place.line > 0 { format!(" (line {})", l.spot.place.line) } else { String::new() };
        let words = |l: &Legend| format!("\"{}\"{} says what {} stands for", l.quote, place(l), called(&l.sign));
        let rounded = self
            .rounded
            .iter()
            .filter(|r| signs.base == Some(r.base))
            .map(|r| format!("\"{}\" says how counts are rounded", r.quote));
        self.legends.found.iter().filter(taken).map(words).chain(rounded).collect()
    }
}

/// Whether two meanings can both be said of one sign.
fn goes_with(a: Meaning, b: Meaning) -> bool {
    let hidden = |m: Meaning| matches!(m, Meaning::Withheld | Meaning::Within(_) | Meaning::NotAvailable);
    let nothing = |m: Meaning| matches!(m, Meaning::Zero | Meaning::NotApplicable);
    a == b || hidden(a) && hidden(b) || nothing(a) && nothing(b)
}
