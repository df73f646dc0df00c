//! Records, as `.rda` describes them: of fixed width, or with a separator and without a line of names.

use std::collections::{BTreeSet, HashMap};
use std::path::Path;

use crate::read::{Amount, Error, read_text};

use super::rda::{Rda, Role};
use super::text::{amount, fault, fields};

/// Records, column by column.
#[derive(Debug, Default)]
pub(super) struct Micro {
    /// How many there are.
    pub len: usize,
    /// Per variable, the codes of the records; empty for amounts.
    pub codes: Vec<Codes>,
    /// Per variable, the amounts; empty for codes.
    pub amounts: Vec<Vec<Amount>>,
}

/// The codes of a column, each kept once.
#[derive(Debug, Default)]
pub(super) struct Codes {
    /// The codes in the order met.
    pub names: Vec<String>,
    index: HashMap<String, u32>,
    /// Which one each record has.
    pub of: Vec<u32>,
}

impl Codes {
    fn push(&mut self, code: &str) {
        let next = u32::try_from(self.names.len()).unwrap_or(u32::MAX);
        let number = *self.index.entry(code.to_owned()).or_insert(next);
        if number == next {
            self.names.push(code.to_owned());
        }
        self.of.push(number);
    }

    /// The codes, sorted.
    pub fn found(&self) -> BTreeSet<String> {
        self.names.iter().cloned().collect()
    }
}

/// Reads the records of a file.
///
/// # Errors
/// A file that can't be read; a line that is too short; an amount that is none: the line and the variable are named.
pub(super) fn read(path: &Path, rda: &Rda) -> Result<Micro, Error> {
    let name = path.display().to_string();
    let text = read_text(path)?;
    let many = rda.variables.len();
    let mut micro = Micro { len: 0, codes: Vec::new(), amounts: vec![Vec::new(); many] };
    micro.codes.resize_with(many, Codes::default);
    for (line, raw) in text.lines().enumerate().map(|(i, raw)| (i + 1, raw)).filter(|(_, raw)| !raw.trim().is_empty()) {
        let parted = rda.separator.map(|separator| fields(raw, separator));
        let chars: Vec<char> = if parted.is_none() { raw.chars().collect() } else { Vec::new() };
        for (at, variable) in rda.variables.iter().enumerate() {
            let field = match &parted {
                Some(fields) => fields.get(at).map(|f| (*f).to_owned()),
                None => chars.get(variable.start..).map(|rest| rest.iter().take(variable.width).collect()),
            };
            let own = &variable.name;
            let Some(field) = field else { return Err(fault(&name, line, format!("the line ends before {own}"))) };
            match (variable.role, micro.codes.get_mut(at), micro.amounts.get_mut(at)) {
                (Role::Numeric | Role::Weight | Role::Cost | Role::Shadow, _, Some(amounts)) => {
                    amounts.push(amount(&field).ok_or_else(|| fault(&name, line, format!("{own} is no number")))?);
                }
                (Role::Explanatory, Some(codes), _) => codes.push(field.trim()),
                // nothing is made of keys, requests and holdings
                _ => {}
            }
        }
        micro.len += 1;
    }
    if micro.len == 0 {
        return Err(Error::data(format!("{name}: holds no records")));
    }
    Ok(micro)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The same records, of fixed width and with separators.
    #[test]
    fn both_forms_of_records() -> Result<(), Box<dyn std::error::Error>> {
        let dir = tempfile::tempdir()?;
        let read = |rda: &str, data: &str| -> Result<String, Box<dyn std::error::Error>> {
            let path = dir.path().join("data");
            std::fs::write(&path, data)?;
            let micro = read(&path, &Rda::parse("a.rda", rda, dir.path())?)?;
            let amounts: Vec<_> = micro.amounts[1].iter().map(|a| a.scaled(1)).collect();
            Ok(format!("{} {:?} {:?} {amounts:?}", micro.len, micro.codes[0].names, micro.codes[0].of))
        };
        let expect = "3 [\"1\", \"2\"] [0, 1, 0] [Some(105), Some(20), Some(0)]";
        assert_eq!(read("A 1 2\n<RECODEABLE>\nV 4 5\n<NUMERIC>\n", " 1  10.5\n 2   2\n\n 1   0\n")?, expect);
        assert_eq!(read("<SEPARATOR> \";\"\nA 2\n<RECODEABLE>\nV 5\n<NUMERIC>\n", "1;10,5\n\"2\";2\n1;0\n")?, expect);
        let error = read("A 1 2\n<RECODEABLE>\nV 4 5\n<NUMERIC>\n", " 1  x\n").err().map(|e| e.to_string());
        assert!(error.is_some_and(|e| e.ends_with("data:1: V is no number")));
        Ok(())
    }
}
