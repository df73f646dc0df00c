//! What has no role is asked: by table, and by line, a few questions at most.

use super::super::codes::{NOT_UNDERSTOOD, NUMBER_IN_TEXT};
use super::super::findings::{Finding, Spot};
use super::{Book, Ledger, Loose, Owner, Role};

/// Lines that are asked about one by one; more make one question.
const LINES: usize = 3;
/// Numbers that a question quotes.
const QUOTED: usize = 5;

/// What follows from a yes.
const YES: &str = "these numbers are passed over, and all else is judged as it stands";

impl Book<'_> {
    /// Asks; the ledger, and the findings that follow from answers.
    pub(super) fn settle(mut self, asks: bool) -> (Ledger, Vec<Finding>) {
        let mut findings = Vec::new();
        for group in groups(std::mem::take(&mut self.loose)) {
            let answer = if asks { self.ask(&group) } else { None };
            match answer {
                Some(true) => self.ledger.add(Role::Excepted, group.len()),
                Some(false) => {
                    findings.extend(group.iter().map(|one| self.finding(one)));
                    // judged by the answer
                    self.ledger.add(Role::Sentence, group.len());
                }
                None => self.ledger.not_judged.extend(group.into_iter().map(|one| one.at)),
            }
        }
        self.ledger.not_judged.sort_by_key(|n| (n.file, n.place.line, n.place.column));
        (self.ledger, findings)
    }

    fn ask(&self, group: &[Loose]) -> Option<bool> {
        let spots = group.iter().map(|one| self.spot(one)).collect();
        let small = group.iter().any(|one| one.value.is_none_or(|v| v <= self.band.1));
        let no = match group.first()?.owner {
            Owner::Block(_) => {
                "the table can't be judged as it is typed: give each figure a cell of its own, under a header that says what it counts"
            }
            Owner::Drawn(_) => {
                "these lines can't be judged as they are typed: set their columns apart by tabs or bars, under a header"
            }
            Owner::Line(_) if small => "they are small counts in the text, which the policy does not allow",
            Owner::Line(_) => {
                "they may give away what a table withholds: say in the table what they count, or leave them out"
            }
        };
        let asks = format!("{} count something other than persons or cases?", self.subject(group));
        self.check.questions.ask(&asks, vec![YES.to_owned()], vec![no.to_owned()], spots)
    }

    /// "Does 3 in "In South it was 3."", "Do 12.0, 3.0 and 6 more numbers in Table 2".
    fn subject(&self, group: &[Loose]) -> String {
        let does = if group.len() == 1 { "Does" } else { "Do" };
        let quoted = group.iter().take(QUOTED);
        let more = group.len().saturating_sub(QUOTED);
        let and = |mut parts: Vec<String>| match more {
            0 => super::super::assumed::and(&parts),
            n => {
                parts.push(format!("{n} more numbers"));
                super::super::assumed::and(&parts)
            }
        };
        match group.first().map(|one| one.owner) {
            Some(Owner::Block(_)) => {
                let cells = quoted.map(|one| {
                    if one.at.text == one.at.number { one.at.number.clone() } else { format!("\"{}\"", one.at.text) }
                });
                let table = group.first().and_then(|one| one.at.table.clone()).unwrap_or_default();
                let mut cells: Vec<String> = cells.collect();
                cells.dedup();
                format!("{does} {} in {table}", and(cells))
            }
            Some(Owner::Drawn(_)) => {
                let parts: Vec<String> = quoted.map(|one| one.at.number.clone()).collect();
                let line = group.first().map(|one| one.at.place.line).filter(|l| *l > 0);
                let from = line.map(|l| format!(" from line {l} on")).unwrap_or_default();
                format!("{does} {} in the lines that are drawn as a table{from}", and(parts))
            }
            _ => {
                let single = group.windows(2).all(|w| w.first().map(|o| o.owner) == w.last().map(|o| o.owner));
                let parts: Vec<String> = match single {
                    true => quoted.map(|one| one.at.number.clone()).collect(),
                    false => quoted.map(|one| format!("{} in \"{}\"", one.at.number, one.at.text)).collect(),
                };
                let where_ = group.first().filter(|_| single).map(|one| format!(" in \"{}\"", one.at.text));
                format!("{does} {}{}", and(parts), where_.unwrap_or_default())
            }
        }
    }

    fn spot(&self, one: &Loose) -> Spot {
        Spot { file: one.at.file, place: one.at.place.clone(), ..Spot::default() }
    }

    /// What follows from a no.
    fn finding(&self, one: &Loose) -> Finding {
        let counts = "counts persons or cases, as was answered";
        let small = one.value.is_none_or(|v| v <= self.band.1);
        let (code, reason, help) = match one.owner {
            Owner::Drawn(_) => (
                &NOT_UNDERSTOOD,
                format!("\"{}\" {counts}, and its lines are not read as a table", one.at.text),
                Some("set the columns apart by tabs or bars, under a header"),
            ),
            Owner::Line(_) if small => {
                (&NUMBER_IN_TEXT, format!("{} in \"{}\" {counts}", one.at.number, one.at.text), None)
            }
            Owner::Line(_) => (
                &NOT_UNDERSTOOD,
                format!("{} in \"{}\" {counts}, and may be what a table withholds", one.at.number, one.at.text),
                Some("say in the table what it counts, or leave it out"),
            ),
            Owner::Block(_) => {
                let table = one.at.table.clone().unwrap_or_default();
                let reason = format!("{table}: \"{}\" {counts}, and is not read as a count", one.at.text);
                (
                    &NOT_UNDERSTOOD,
                    reason,
                    Some("give each figure a cell of its own, under a header that says what it counts"),
                )
            }
        };
        Finding { spots: vec![self.spot(one)], help: help.map(str::to_owned), ..Finding::plain(code, reason) }
    }
}

/// By table and by line; where there are too many lines, all those of a file together.
fn groups(loose: Vec<Loose>) -> Vec<Vec<Loose>> {
    let mut lines: Vec<Owner> = loose.iter().map(|one| one.owner).filter(|o| matches!(o, Owner::Line(_))).collect();
    lines.dedup();
    let many = lines.len() > LINES;
    let mut groups: Vec<Vec<Loose>> = Vec::new();
    for one in loose {
        let same = |last: &Vec<Loose>| {
            last.last().is_some_and(|l| {
                let both = matches!((l.owner, one.owner), (Owner::Line(_), Owner::Line(_)));
                l.owner == one.owner || many && both && l.at.file == one.at.file
            })
        };
        match groups.last_mut().filter(|last| same(last)) {
            Some(last) => last.push(one),
            None => groups.push(vec![one]),
        }
    }
    groups
}
