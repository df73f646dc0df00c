//! The ledger: every number of a draft has exactly one role, or the draft is not called safe.
//!
//! 1. `shapes`: what a word with a digit in it is by its form; `roles`: what a whole number is by the words around it
//!    (`vocabulary`).
//! 2. `cells`: the numbers of tables, those that were passed over included; `named`: sentences that name what is withheld.
//! 3. `ask`: what is left is asked, by table and by line.
//!
//! A number that is neither judged nor of a kind that tells nothing about few persons is *not judged*. A user may say that
//! such numbers count something else; nothing else makes the draft safe.

mod ask;
mod cells;
mod named;
mod notes;
mod roles;
mod shapes;
mod vocabulary;

pub(crate) use notes::{numbers as note_numbers, opens as opens_note, spoken as is_spoken};
pub(crate) use shapes::is_reference;
pub(crate) use vocabulary::{explained, explains, thing};

use std::collections::{BTreeMap, HashSet};

use crate::draft::{Piece, Place};

use super::driver::Check;
use super::findings::Finding;
use super::lexicon::tidy;
use super::sentences::{Told, is_difference, is_other};
use super::text::total_in;
use super::unsafe_cells::band;
use roles::{Context, Item, items};

/// What a number is in a draft.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// A figure of a table that is judged.
    Figure,
    /// A total of such a table.
    Total,
    /// A part of the label of a row, column or table.
    Label,
    /// A figure in a sentence, which is judged or too large to tell about few persons; a share.
    Sentence,
    /// A part of what explains signs and rounding.
    Legend,
    /// The mark of a footnote.
    Footnote,
    /// A year, date, time, page, section, telephone number, code.
    Reference,
    /// An amount, a measure, or the number of things that are neither persons nor cases.
    Unit,
    /// In what the file holds and does not show.
    Hidden,
    /// A user said that it counts something else.
    Excepted,
}

/// The roles with their names for machines, and what stands behind one number of the role, and behind several, for people.
pub const ROLES: &[(Role, &str, [&str; 2])] = &[
    (Role::Figure, "figures", ["in tables"; 2]),
    (Role::Total, "totals", ["total", "totals"]),
    (Role::Label, "labels", ["in labels"; 2]),
    (Role::Sentence, "sentences", ["in sentences"; 2]),
    (Role::Legend, "legends", ["in legends"; 2]),
    (Role::Footnote, "footnotes", ["mark of a footnote", "marks of footnotes"]),
    (Role::Reference, "references", ["reference", "references"]),
    (Role::Unit, "units", ["amount or measure", "amounts and measures"]),
    (Role::Hidden, "hidden", ["hidden"; 2]),
    (Role::Excepted, "excepted", ["said to count something else"; 2]),
];

/// A number without a role.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NotJudged {
    /// Number of the file.
    pub file: usize,
    /// Where it stands.
    pub place: Place,
    /// The table that it stands in.
    pub table: Option<String>,
    /// The number as typed.
    pub number: String,
    /// The words around it.
    pub text: String,
}

/// Every number of a draft by its role.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ledger {
    /// How many have each role.
    pub roles: BTreeMap<Role, usize>,
    /// Those that have none.
    pub not_judged: Vec<NotJudged>,
}

impl Ledger {
    /// How many numbers have a role.
    pub fn count(&self, role: Role) -> usize {
        self.roles.get(&role).copied().unwrap_or(0)
    }

    /// All numbers.
    pub fn numbers(&self) -> usize {
        self.roles.values().sum::<usize>() + self.not_judged.len()
    }

    fn add(&mut self, role: Role, numbers: usize) {
        if numbers > 0 {
            *self.roles.entry(role).or_default() += numbers;
        }
    }
}

/// Where a number without a role stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Owner {
    /// A line of text.
    Line(usize),
    /// Lines drawn as a table that was not read, by the first.
    Drawn(usize),
    /// A table.
    Block(usize),
}

/// A number without a role.
#[derive(Clone, Debug)]
struct Loose {
    owner: Owner,
    /// It could be what a table withholds, or belongs to a table that is not judged: it matters although it is large.
    value: Option<i64>,
    at: NotJudged,
}

/// The ledger as it is written.
struct Book<'a> {
    check: &'a Check<'a>,
    band: (i64, i64),
    ledger: Ledger,
    loose: Vec<Loose>,
}

/// The ledger of a draft, and what follows from the answers of a user; nothing is asked where the draft is not judged anyhow.
pub(crate) fn ledger(check: &Check, told: &[Told], asks: bool) -> (Ledger, Vec<Finding>) {
    let band = band(check.options.policy).unwrap_or((1, 0));
    let mut book = Book { check, band, ledger: Ledger::default(), loose: Vec::new() };
    book.lines(told);
    for number in 0..check.pages.blocks.len() {
        book.block(number);
    }
    book.sheets();
    book.residue();
    book.settle(asks)
}

impl Book<'_> {
    /// All text outside of tables.
    fn lines(&mut self, told: &[Told]) {
        let pages = &self.check.pages;
        let judged: HashSet<(usize, usize)> = told.iter().map(|t| (t.line, t.column)).collect();
        let mut numbering = numbering(pages.lines.iter().map(|l| l.text.as_str()));
        numbering.extend(notes::numbers(pages));
        let withheld = named::Withheld::new(&self.check.reading);
        for (number, line) in pages.lines.iter().enumerate() {
            let named = withheld.in_sentences(&line.text);
            let context = Context {
                band: self.band,
                judged: &|column| judged.contains(&(number, column)),
                withheld: &|column, value| named.iter().any(|(from, n)| from.contains(&column) && n.may_be(value)),
                listed: numbering.contains(&number),
                figures: line.drawn.is_some(),
                page: line.place.part.as_deref(),
            };
            let total = total_in(line).filter(|n| *n > self.band.1);
            for mut item in items(&line.text, &context) {
                if item.role.is_none() && total.is_some() && item.value == total {
                    item.role = Some(Role::Sentence);
                }
                // "Alder had 8.6% of its complaints in 2020", where that figure is withheld
                let derived = matches!(item.role, Some(Role::Sentence | Role::Unit)) && item.value.is_none();
                if derived && item.text.contains('%') && withheld.crossed(&line.text, item.column) {
                    item.role = None;
                }
                if item.role.is_none() && is_difference(&line.text, item.column, self.band.1) {
                    item.role = Some(Role::Sentence);
                }
                if item.role.is_none() && is_other(&line.text, item.column) {
                    item.role = Some(Role::Unit);
                }
                if item.value.is_some_and(|n| self.check.legends.explains(line, item.column, n)) {
                    item.role = Some(Role::Legend);
                }
                let column = if line.place.column > 0 { line.place.column + item.column } else { 0 };
                let place = Place { column, ..line.place.clone() };
                let at = NotJudged {
                    file: line.file,
                    place,
                    table: None,
                    number: item.text.clone(),
                    text: around(&line.text, item.column),
                };
                self.enter(line.drawn.map_or(Owner::Line(number), Owner::Drawn), item, at);
            }
        }
    }

    fn enter(&mut self, owner: Owner, item: Item, at: NotJudged) {
        match item.role {
            Some(role) => self.ledger.add(role, 1),
            None => self.loose.push(Loose { owner, value: item.value, at }),
        }
    }

    /// The names of sheets; "(2)" behind one marks its copy.
    fn sheets(&mut self) {
        let mut owner = self.check.pages.lines.len();
        for (file, draft) in self.check.drafts.iter().enumerate() {
            let names = draft.document.pieces.iter().filter_map(|p| match p {
                Piece::Grid(grid) => grid.name.clone(),
                Piece::Paragraph(_) => None,
            });
            for name in names {
                owner += 1;
                let name = tidy(&name);
                let copied =
                    name.strip_suffix(')').and_then(|n| n.rsplit_once(" (")).filter(|(_, n)| n.parse::<u8>().is_ok());
                let text = copied.map_or(name.as_str(), |(head, _)| head);
                let context = Context {
                    band: self.band,
                    judged: &|_| false,
                    withheld: &|_, _| false,
                    listed: false,
                    figures: false,
                    page: None,
                };
                // "Sheet1", "Tabelle2": as programs name them
                let plain = text.trim_end_matches(|c: char| c.is_ascii_digit()).trim_end();
                let plain = SHEETS.contains(&plain.to_lowercase().as_str()) || plain.is_empty();
                for mut item in items(text, &context) {
                    item.role = item.role.map(|_| Role::Label).or(plain.then_some(Role::Label));
                    let place = Place { part: Some(name.clone()), ..Place::default() };
                    let at = NotJudged { file, place, table: None, number: item.text.clone(), text: name.clone() };
                    self.enter(Owner::Line(owner), item, at);
                }
            }
        }
    }

    /// What the file hides is reported by itself.
    fn residue(&mut self) {
        let words = self.check.drafts.iter().flat_map(|d| &d.document.residue).map(|(_, words)| words);
        let numbers = words.map(|w| w.split(' ').filter(|t| t.chars().any(char::is_numeric)).count()).sum();
        self.ledger.add(Role::Hidden, numbers);
    }
}

/// Names that programs number sheets by.
const SHEETS: [&str; 14] = [
    "sheet", "table", "tab", "tabelle", "blatt", "feuil", "feuille", "hoja", "foglio", "planilha", "page", "annex",
    "question", "chart",
];

/// The lines that begin with 1, 2, 3 and so on, at least three of them.
fn numbering<'a>(lines: impl Iterator<Item = &'a str>) -> HashSet<usize> {
    let mut found = HashSet::new();
    let mut run: Vec<usize> = Vec::new();
    for (number, line) in lines.enumerate() {
        // "1." alone on its line stands before a table
        let lone = || line.ends_with(['.', ')']).then_some(line);
        let Some(first) = line.split_once(' ').map(|l| l.0).or_else(lone) else { continue };
        let first = first.trim_start_matches(['Q', '(']).trim_end_matches([')', '.', ':']);
        let Ok(value) = first.parse::<usize>() else { continue };
        if value != run.len() + 1 {
            if run.len() > 2 {
                found.extend(run.drain(..));
            }
            run.clear();
        }
        if value == run.len() + 1 {
            run.push(number);
        }
    }
    if run.len() > 2 {
        found.extend(run);
    }
    found
}

/// The words around a number: some before it, some behind.
fn around(text: &str, column: usize) -> String {
    const BEFORE: usize = 36;
    const ALL: usize = 72;
    let length = text.chars().count();
    if length <= ALL {
        return text.to_owned();
    }
    let from = column.saturating_sub(BEFORE).min(length.saturating_sub(ALL));
    let cut: String = text.chars().skip(from).take(ALL).collect();
    let head = if from > 0 { cut.split_once(' ').map_or(cut.as_str(), |c| c.1) } else { cut.as_str() };
    let whole = from + ALL >= length;
    let tail = if whole { head } else { head.rsplit_once(' ').map_or(head, |c| c.0) };
    format!("{}{tail}{}", if from > 0 { "… " } else { "" }, if whole { "" } else { " …" })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbered headings are told from figures at the beginnings of lines by their order.
    #[test]
    fn numbered_lines() {
        let lines = ["1 Scope", "text", "2 Method", "3 Results", "12 victims", "3 Arson", "1 Theft", "2 Fraud"];
        let mut found: Vec<usize> = numbering(lines.into_iter()).into_iter().collect();
        found.sort_unstable();
        assert_eq!(found, [0, 2, 3]);
    }

    /// A long line is quoted around its number.
    #[test]
    fn quotes() {
        let line = format!("{}there were 3 of them {}", "word ".repeat(30), "and more ".repeat(30));
        let quoted = around(&line, 161);
        assert!(quoted.starts_with("… ") && quoted.ends_with(" …") && quoted.contains("were 3 of"), "{quoted}");
        assert_eq!(around("There were 3.", 11), "There were 3.");
    }
}
