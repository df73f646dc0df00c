//! A-priori files (`.hst`): what a person decided about single cells before any rule was asked.
//!
//! A line is the codes of a cell and a command: `S` safe, `U` unsafe, `P` to be published, `M` (or `ML`) to be
//! withheld for others, `C n` (or `W n`) what withholding costs, `PL lower upper` protection levels.

use std::fmt::Write as _;
use std::path::Path;

use crate::read::{Error, read_text};

use super::text::{amount, fault, fields};

/// A decision about a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// The code of each variable of the table.
    pub codes: Vec<String>,
    /// What was decided.
    pub what: What,
    /// Its line in the file.
    pub line: usize,
}

/// What is decided about a cell. Amounts are in units of the last decimal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// It is safe, whatever the rules say.
    Safe,
    /// It is unsafe, whatever the rules say.
    Unsafe,
    /// It is published in any case.
    Published,
    /// It is withheld to protect others.
    Withheld,
    /// What withholding it costs.
    Cost(i64),
    /// Its lower and upper protection level.
    Levels(i64, i64),
}

/// Reads the decisions about a table of so many variables, whose amounts have so many decimals.
///
/// # Errors
/// A file that can't be read, or a line that is no decision.
pub fn read(path: &Path, separator: char, variables: usize, decimals: u32) -> Result<Vec<Decision>, Error> {
    parse(&path.display().to_string(), &read_text(path)?, separator, variables, decimals)
}

/// Decisions from their text; `name` is how faults call the file.
///
/// # Errors
/// As [`read`].
pub fn parse(name: &str, text: &str, separator: char, variables: usize, decimals: u32) -> Result<Vec<Decision>, Error> {
    let lines = text.lines().enumerate().map(|(i, raw)| (i + 1, raw)).filter(|(_, raw)| !raw.trim().is_empty());
    lines
        .map(|(line, raw)| {
            let fields = fields(raw, separator);
            let (codes, rest) = fields.split_at_checked(variables).unwrap_or((&fields, &[]));
            let what = what(rest, decimals).map_err(|what| fault(name, line, what))?;
            Ok(Decision { codes: codes.iter().map(|c| c.trim().to_owned()).collect(), what, line })
        })
        .collect()
}

fn what(fields: &[&str], decimals: u32) -> Result<What, String> {
    let number = |at: usize| {
        let value = fields.get(at).and_then(|f| amount(f)).and_then(|n| n.scaled(decimals)).filter(|n| *n >= 0);
        value.ok_or_else(|| "a number that is not negative was to stand behind the command".to_owned())
    };
    match fields.first().map(|c| c.trim().to_uppercase()).unwrap_or_default().as_str() {
        "S" => Ok(What::Safe),
        "U" => Ok(What::Unsafe),
        "P" => Ok(What::Published),
        "M" | "ML" => Ok(What::Withheld),
        "C" | "W" => Ok(What::Cost(number(1)?.max(1))),
        "PL" => Ok(What::Levels(number(1)?, number(2)?)),
        other => Err(format!(
            "\"{other}\" is no command: there are S, U, P, M, ML, C, W and PL, behind the codes of the cell"
        )),
    }
}

/// Decisions as a file has them: those that are statuses.
pub fn to_text(decisions: &[Decision], separator: char) -> String {
    let mut text = String::new();
    for decision in decisions {
        let letter = match decision.what {
            What::Safe => "S",
            What::Unsafe => "U",
            What::Published => "P",
            What::Withheld => "M",
            What::Cost(_) | What::Levels(..) => continue,
        };
        for code in &decision.codes {
            // other readers take quotes for a part of the code
            let _ = write!(text, "{code}{separator}");
        }
        text.push_str(letter);
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every command, and statuses written as they are read.
    #[test]
    fn decisions() -> Result<(), Error> {
        let text = "A;1;S\nA;2;U\nB;1;P\nB;2;M\n";
        let read = parse("a.hst", text, ';', 2, 0)?;
        assert_eq!(parse("a.hst", &text.replace("A;1", "\"A\"; \"1\""), ';', 2, 0)?, read);
        assert_eq!(
            read.iter().map(|d| d.what).collect::<Vec<_>>(),
            [What::Safe, What::Unsafe, What::Published, What::Withheld]
        );
        assert_eq!(to_text(&read, ';'), text);
        let more = parse("a.hst", "A, 1, c, 2.5\nTotal,1,PL,10,20\nA,1,ml\n", ',', 2, 1)?;
        assert_eq!(
            more.iter().map(|d| d.what).collect::<Vec<_>>(),
            [What::Cost(25), What::Levels(100, 200), What::Withheld]
        );
        assert_eq!(more[1].codes, ["Total", "1"]);
        Ok(())
    }

    /// A line that is none is refused at its place.
    #[test]
    fn faults_are_placed() {
        let told = |text: &str| parse("a.hst", text, ';', 1, 0).err().map(|e| e.message).unwrap_or_default();
        assert!(told("A;S\nB;Q\n").starts_with("a.hst:2: \"Q\" is no command"));
        assert!(told("A;PL;1\n").starts_with("a.hst:1: a number"));
        assert!(told("A\n").starts_with("a.hst:1: \"\" is no command"));
    }
}
