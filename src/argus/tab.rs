//! `.tab`: a table of cells, margins among them, a cell a line: codes, then what its `.rda` says.

use std::collections::BTreeSet;
use std::path::Path;

use crate::read::{Amount, Error, read_text};

use super::rda::{Rda, Role, Variable};
use super::text::{amount, fault, fields};

/// A table as read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tab {
    /// Digits after the decimal point that amounts are kept with.
    pub decimals: u32,
    /// The cells in the order of the file.
    pub cells: Vec<TabCell>,
}

/// A cell as read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TabCell {
    /// The code of each explanatory variable.
    pub codes: Vec<String>,
    /// Its value.
    pub value: i64,
    /// The amount that rules look at.
    pub shadow: Option<i64>,
    /// How many contribute to it.
    pub frequency: Option<i64>,
    /// The largest contributions, in falling order.
    pub largest: Vec<i64>,
    /// What withholding it costs.
    pub cost: Option<i64>,
    /// What its letter says.
    pub status: Option<Letter>,
    /// Lower and upper protection level.
    pub levels: Option<(i64, i64)>,
    /// Its line in the file.
    pub line: usize,
}

/// The status of a cell as a letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Letter {
    /// May be published.
    Safe,
    /// Must be protected.
    Unsafe,
    /// Must be published.
    Protected,
    /// Withheld to protect others, by an earlier run.
    Secondary,
    /// Nobody contributes.
    Empty,
}

/// Reads a table.
///
/// # Errors
/// A file that can't be read, a line with too few fields, a number or letter that is none, a cell that stands twice.
pub fn read(path: &Path, rda: &Rda) -> Result<Tab, Error> {
    parse(&path.display().to_string(), &read_text(path)?, rda)
}

/// A table from its text; `name` is how faults call the file.
///
/// # Errors
/// As [`read`].
pub fn parse(name: &str, text: &str, rda: &Rda) -> Result<Tab, Error> {
    let separator = rda.separator.unwrap_or(';');
    let lines = text.lines().enumerate().map(|(i, raw)| (i + 1, raw)).filter(|(_, raw)| !raw.trim().is_empty());
    let mut raws = Vec::new();
    let mut seen = BTreeSet::new();
    for (line, text) in lines {
        let raw = raw(name, line, &fields(text, separator), rda)?;
        if !seen.insert(raw.cell.codes.clone()) {
            return Err(fault(name, line, format!("the cell {} stands here again", raw.cell.codes.join(", "))));
        }
        raws.push(raw);
    }
    if raws.is_empty() {
        return Err(Error::data(format!("{name}: holds no cells")));
    }
    let decimals = raws.iter().flat_map(|r| &r.amounts).map(|(_, a)| a.decimals).max().unwrap_or(0);
    let cells = raws.into_iter().map(|raw| raw.settle(name, decimals)).collect::<Result<_, _>>()?;
    Ok(Tab { decimals, cells })
}

/// A cell whose amounts are not scaled yet.
struct Raw {
    cell: TabCell,
    amounts: Vec<(Role, Amount)>,
}

fn raw(name: &str, line: usize, fields: &[&str], rda: &Rda) -> Result<Raw, Error> {
    if fields.len() < rda.variables.len() {
        let what = format!("{} fields are here, and the metadata name {}", fields.len(), rda.variables.len());
        return Err(fault(name, line, what));
    }
    let mut raw = Raw { cell: TabCell { line, ..TabCell::default() }, amounts: Vec::new() };
    for (variable, field) in rda.variables.iter().zip(fields) {
        match variable.role {
            Role::Explanatory => raw.cell.codes.push(field.trim().to_owned()),
            Role::Status => raw.cell.status = Some(letter(name, line, field.trim(), rda)?),
            Role::Weight | Role::Holding | Role::Request | Role::RecordKey => {}
            Role::Frequency => raw.cell.frequency = Some(frequency(name, line, field, variable)?),
            role => {
                let none = || fault(name, line, format!("{} is no number", variable.name));
                raw.amounts.push((role, amount(field).ok_or_else(none)?));
            }
        }
    }
    Ok(raw)
}

fn frequency(name: &str, line: usize, field: &str, variable: &Variable) -> Result<i64, Error> {
    let whole = amount(field).and_then(|a| a.scaled(0)).filter(|n| *n >= 0);
    whole.ok_or_else(|| fault(name, line, format!("{} is no whole number", variable.name)))
}

fn letter(name: &str, line: usize, field: &str, rda: &Rda) -> Result<Letter, Error> {
    let [safe, unsafe_, protected] = &rda.statuses;
    match field {
        f if f == safe => Ok(Letter::Safe),
        f if f == unsafe_ => Ok(Letter::Unsafe),
        f if f == protected => Ok(Letter::Protected),
        "M" | "m" => Ok(Letter::Secondary),
        "E" | "-" | "" => Ok(Letter::Empty),
        _ => Err(fault(name, line, "this status is not known")
            .with_help(format!("known: {safe} safe, {unsafe_} unsafe, {protected} protected, M secondary, E empty"))),
    }
}

impl Raw {
    fn settle(self, name: &str, decimals: u32) -> Result<TabCell, Error> {
        let Raw { mut cell, amounts } = self;
        let mut levels = (None, None);
        for (role, amount) in amounts {
            let value = amount.scaled(decimals).ok_or_else(|| {
                fault(name, cell.line, format!("a number is too large to be kept exactly with {decimals} decimals"))
            })?;
            match role {
                Role::Numeric => cell.value = value,
                Role::Shadow => cell.shadow = Some(value),
                Role::Cost => cell.cost = Some(value),
                Role::MaxScore => cell.largest.push(value),
                Role::LowerLevel => levels.0 = Some(value),
                Role::UpperLevel => levels.1 = Some(value),
                _ => {}
            }
        }
        if let (Some(lower), Some(upper)) = levels {
            cell.levels = Some((lower.max(0), upper.max(0)));
        }
        if cell.value < 0 {
            return Err(fault(name, cell.line, "the value is negative").with_help(
                "tables with negative values are not protected: an intruder is taken to know that there are none",
            ));
        }
        // a cell that nobody contributes to has no largest contributions, whatever stands there
        let people = cell.frequency.and_then(|n| usize::try_from(n).ok()).unwrap_or(cell.largest.len());
        cell.largest.truncate(people);
        let known: i128 = cell.largest.iter().map(|&c| i128::from(c)).sum();
        if known > i128::from(cell.shadow.unwrap_or(cell.value)) {
            return Err(fault(name, cell.line, "its largest contributions add up to more than its value")
                .with_help("put the table right: what is contributed to a cell is a part of it"));
        }
        Ok(cell)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RDA: &str = "<SEPARATOR> \";\"\nR\n<RECODEABLE>\nV\n<NUMERIC>\nF\n<FREQUENCY>\nT\n<MAXSCORE>\nS\n<STATUS>\n\
                       L\n<NUMERIC> <LOWERPL>\nU\n<NUMERIC> <UPPERPL>\n";

    fn parse_with(text: &str) -> Result<Tab, String> {
        let rda = Rda::parse("a.rda", RDA, Path::new("")).map_err(|e| e.message)?;
        parse("a.tab", text, &rda).map_err(|e| e.message)
    }

    /// Amounts with a decimal comma are exact; a cell without contributors has no largest one.
    #[test]
    fn cells() -> Result<(), String> {
        let tab = parse_with("\"Total\";10,50;3;7,00;S;0,01;0,01\n\" 1\";0;0;0;E;0;0\n2;10,5;3;7;U;1;1\n")?;
        assert_eq!(tab.decimals, 2);
        assert_eq!(tab.cells[0].value, 1050);
        assert_eq!((&tab.cells[1].codes[..], tab.cells[1].status), (&["1".to_owned()][..], Some(Letter::Empty)));
        assert!(tab.cells[1].largest.is_empty());
        assert_eq!((tab.cells[2].status, tab.cells[2].levels), (Some(Letter::Unsafe), Some((100, 100))));
        Ok(())
    }

    /// Faults name the line, never the value.
    #[test]
    fn faults_are_placed() {
        assert_eq!(parse_with("1;2\n"), Err("a.tab:1: 2 fields are here, and the metadata name 7".to_owned()));
        assert_eq!(parse_with("1;x;1;1;S;0;0\n"), Err("a.tab:1: V is no number".to_owned()));
        assert_eq!(parse_with("1;5;1;5;Q;0;0\n"), Err("a.tab:1: this status is not known".to_owned()));
        assert_eq!(parse_with("1;-5;1;5;S;0;0\n"), Err("a.tab:1: the value is negative".to_owned()));
        assert_eq!(
            parse_with("1;5;1;5;S;0;0\n1;5;1;5;S;0;0\n"),
            Err("a.tab:2: the cell 1 stands here again".to_owned())
        );
    }
}
