//! The ledger of a privacy budget: a line for each release from the same data, with what it has spent.
//!
//! A release is written down before its noise is drawn: what is lost on the way is spent as well. The file is locked
//! meanwhile, so that two runs can't spend the same budget.

use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::Path;

use super::super::PerturbError;
use crate::diag::reason;

/// What a budget is counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// ε of pure differential privacy.
    Epsilon,
    /// ρ of zero-concentrated differential privacy.
    Rho,
}

impl Unit {
    /// Its word in a ledger.
    pub fn word(self) -> &'static str {
        match self {
            Unit::Epsilon => "epsilon",
            Unit::Rho => "rho",
        }
    }
}

/// The first line.
const HEAD: &str = "release,unit,spent";

fn fault(path: &Path, what: &str) -> PerturbError {
    let help = "a ledger begins with the line \"release,unit,spent\", and every release adds a line; it is kept as long as the data";
    PerturbError::new(format!("the ledger {}: {what}", path.display()), help)
}

/// Writes down what a release spends, in millionths.
///
/// # Errors
/// If all releases together would spend more than `limit`; if the ledger can't be read or written.
pub(super) fn charge(path: &Path, unit: Unit, amount: i64, limit: i64, release: &str) -> Result<(), PerturbError> {
    let io = |e: std::io::Error| fault(path, &format!("can't be used: {}", reason(&e)));
    let mut file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path).map_err(io)?;
    file.lock().map_err(io)?;
    let mut text = String::new();
    file.read_to_string(&mut text).map_err(io)?;
    let spent = spent(path, &text, unit)?;
    let after = spent.saturating_add(amount);
    if after > limit {
        let of = |n: i64| format!("{}", n as f64 / 1e6);
        let message = format!(
            "the privacy budget does not suffice: this release would spend {word} = {}, {} of {} is spent",
            of(amount),
            of(spent),
            of(limit),
            word = unit.word()
        );
        let help = format!("nothing is released; the ledger is {}", path.display());
        return Err(PerturbError { message, help, spent: true });
    }
    append(&mut file, &text, release, unit, amount).map_err(io)
}

fn append(file: &mut File, text: &str, release: &str, unit: Unit, amount: i64) -> std::io::Result<()> {
    file.seek(SeekFrom::End(0))?;
    let mut line = String::new();
    if text.is_empty() {
        line.push_str(&format!("{HEAD}\n"));
    } else if !text.ends_with('\n') {
        line.push('\n');
    }
    let plain: String = release.chars().filter(|c| !matches!(c, ',' | '"') && !c.is_control()).collect();
    line.push_str(&format!("{plain},{},{}.{:06}\n", unit.word(), amount / 1_000_000, amount % 1_000_000));
    file.write_all(line.as_bytes())?;
    file.sync_all()
}

/// What is spent so far, in millionths of a unit.
fn spent(path: &Path, text: &str, unit: Unit) -> Result<i64, PerturbError> {
    let mut lines = text.lines().enumerate();
    match lines.next() {
        None => return Ok(0),
        Some((_, head)) if head.trim() == HEAD => {}
        Some(_) => return Err(fault(path, "is no ledger: its first line is another")),
    }
    let mut sum = 0i64;
    for (at, line) in lines.filter(|(_, l)| !l.trim().is_empty()) {
        let wrong = |what: &str| fault(path, &format!("line {}: {what}", at + 1));
        let fields: Vec<&str> = line.split(',').map(str::trim).collect();
        let [_, word, amount] = fields[..] else { return Err(wrong("has not three fields")) };
        let amount: f64 = amount.parse().map_err(|_| wrong("the amount is no number"))?;
        if !amount.is_finite() || amount < 0.0 {
            return Err(wrong("the amount is no number from 0"));
        }
        let amount = match (word, unit) {
            ("epsilon", Unit::Epsilon) | ("rho", Unit::Rho) => amount,
            // ε-differential privacy is ε²/2-concentrated
            ("epsilon", Unit::Rho) => amount * amount / 2.0,
            ("rho", Unit::Epsilon) => {
                return Err(wrong(
                    "is in rho, which no sum of epsilon can hold; a ledger with rho takes releases by rho",
                ));
            }
            _ => return Err(wrong("the unit is neither epsilon nor rho")),
        };
        // rounded up: what is not sure to be left is spent
        sum = sum.saturating_add((amount * 1e6 - 1e-6).ceil() as i64);
    }
    Ok(sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Releases add up until the limit; the one beyond it is refused and not written; other units are converted or refused.
    #[test]
    fn adds_up() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("ledger.csv");
        let charge = |unit, amount| charge(&path, unit, amount, 2_000_000, "a \"release\", of May");
        assert_eq!(charge(Unit::Epsilon, 1_200_000), Ok(()));
        assert_eq!(charge(Unit::Epsilon, 800_000), Ok(()));
        let refused = charge(Unit::Epsilon, 1).expect_err("nothing is left");
        assert!(refused.spent && refused.message.contains("spend epsilon = 0.000001, 2 of 2 is spent"), "{refused}");
        let text = std::fs::read_to_string(&path).expect("the ledger");
        assert_eq!(text, "release,unit,spent\na release of May,epsilon,1.200000\na release of May,epsilon,0.800000\n");
        // 1.2² / 2 + 0.8² / 2 = 1.04
        assert_eq!(charge(Unit::Rho, 960_000), Ok(()));
        assert!(charge(Unit::Rho, 1).expect_err("nothing is left").spent);
        assert!(charge(Unit::Epsilon, 1).expect_err("rho in it").message.contains("line 4: is in rho"));
    }

    /// A file that is no ledger, or a damaged one, is refused.
    #[test]
    fn damaged() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("ledger.csv");
        for (text, told) in [
            ("a,b\n", "is no ledger"),
            ("release,unit,spent\nx,epsilon\n", "line 2: has not three fields"),
            ("release,unit,spent\n\nx,epsilon,-1\n", "line 3: the amount is no number from 0"),
            ("release,unit,spent\nx,delta,1\n", "line 2: the unit is neither"),
        ] {
            std::fs::write(&path, text).expect("written");
            let error = charge(&path, Unit::Epsilon, 1, 1_000_000, "r").expect_err("refused");
            assert!(error.message.contains(told) && !error.spent, "{error}");
            assert_eq!(std::fs::read_to_string(&path).expect("the ledger"), text, "nothing is changed");
        }
    }
}
