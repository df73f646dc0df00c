//! Perturbation: every printed value is replaced by one with noise.
//!
//! A folder per method, registered in [`PERTURBATIONS`]: code, parameters, tests, and `manual.md`, which is its module doc
//! and its page under `tabsafe explain`. Two kinds: noise by keys, which is the same wherever the same group of records
//! stands ([`cell_key`], [`cell_key_magnitude`]; `table` holds their perturbation tables, `entropy` builds them), and noise drawn
//! anew under a privacy budget ([`laplace`], [`gaussian`]; what they share is in `privacy`). A method says of each cell
//! what it is replaced with and which true values that allows to somebody who knows the method and its table but not its
//! key; and how large the variance of its noise is, so that the attack can see whether it can be averaged out.

pub mod cell_key;
pub mod cell_key_magnitude;
pub mod entropy;
pub mod gaussian;
pub mod laplace;

pub mod privacy;
pub mod table;

use std::path::{Path, PathBuf};

use crate::diag::{Fault, reason};
use crate::model::{CellId, Choice, Exposure, Groups, Interval, Measure, MeasureId, Protection, System, Treatment};
use crate::parameter::{Given, Parameter, Values, arguments, call, spelled};
use crate::secret::Key;

use table::KeyRange;

/// What a method works on.
#[derive(Clone, Copy)]
pub struct Work<'a> {
    /// The cells, with the keys that the method asked for.
    pub system: &'a System,
    /// The secret key, for noise by keys that are hashed.
    pub key: Option<&'a Key>,
    /// Per cell, whether a rule calls it unsafe.
    pub unsafe_cells: &'a [bool],
    /// What the policy and the release are called in a ledger of privacy budgets.
    pub release: &'a str,
}

/// Why a method did not perturb.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message} ({help})")]
pub struct PerturbError {
    /// What is wrong.
    pub message: String,
    /// What to do next.
    pub help: String,
    /// Whether a privacy budget is spent: then it is the policy that forbids the release.
    pub spent: bool,
}

impl PerturbError {
    fn new(message: impl Into<String>, help: impl Into<String>) -> Self {
        PerturbError { message: message.into(), help: help.into(), spent: false }
    }
}

/// Where a method takes the keys of records from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeysFrom {
    /// It needs none.
    None,
    /// Hashed with the secret key.
    Hashed,
    /// A column of the data.
    Column(KeyRange),
}

/// One cell with noise.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Noisy {
    /// The published value; none if it is withheld, which tells `allows`.
    pub by: Option<i64>,
    /// The true values that it allows.
    pub allows: Interval,
    /// The variance of the noise, in units of the measure's last decimal; infinite where nobody can say.
    pub variance: f64,
}

impl Noisy {
    /// A cell that is withheld because of what it would be published as.
    fn withheld(allows: Interval) -> Noisy {
        Noisy { by: None, allows, variance: f64::INFINITY }
    }

    fn treatment(self) -> Treatment {
        match self.by {
            Some(by) => Treatment::Replace { by, preimage: self.allows },
            None => Treatment::Band { within: self.allows },
        }
    }
}

/// A method with its parameters.
pub trait Perturbation: std::fmt::Debug + Send + Sync {
    /// Its entry in the registry.
    fn entry(&self) -> &'static PerturbationEntry;
    /// Its parameters as a policy spells them, in the order of the registry.
    fn parameters(&self) -> Vec<(&'static str, String)>;
    /// Where it takes the keys of records from.
    fn record_keys(&self) -> KeysFrom;
    /// How many of the largest contributions to each sum it needs.
    fn contributions(&self) -> usize {
        0
    }
    /// Whether it perturbs this measure.
    fn covers(&self, measure: &Measure) -> bool;
    /// The least variance that the best estimate of an unsafe value from the whole release may leave, in units of the
    /// measure's last decimal; 0 where averaging is no matter.
    fn least_variance(&self, value: i64) -> f64;
    /// The files that it reads or writes.
    fn files(&self) -> Vec<PathBuf> {
        Vec::new()
    }
    /// What readers of the release are told, in whole sentences; `persons`: whether the data say whose the records are.
    fn notice(&self, persons: bool) -> String;
    /// What a person should look at before it is used.
    fn warnings(&self) -> Vec<String> {
        Vec::new()
    }
    /// Whether it is differentially private. Then contributions are bounded by person, and the categories must be stated
    /// beforehand, because which there are tells something.
    fn private(&self) -> bool {
        false
    }
    /// Bounds what a person contributes, before the cells are made. How many records that leaves out is not told.
    ///
    /// # Errors
    /// If the groups of records do not say what it must know.
    fn bound(&self, _groups: &mut Groups) -> Result<(), PerturbError> {
        Ok(())
    }
    /// The true values, none below 0, that may stand behind a published one: intervals that rise and do not touch; none if the
    /// method never publishes this. `unit` is what one whole is in units of the measure's last decimal.
    fn allows(&self, shown: i64, unit: i64) -> Vec<Interval>;
    /// The largest variance that the noise of a figure published as this may have, whatever its true value; infinite where the
    /// figure alone does not tell.
    fn variance(&self, _shown: i64) -> f64 {
        f64::INFINITY
    }
    /// The noisy value of each cell of the measures it covers.
    ///
    /// # Errors
    /// If the method lacks what it needs, or a privacy budget does not suffice.
    fn perturb(&self, work: &Work) -> Result<Vec<(CellId, Noisy)>, PerturbError>;
}

/// The folder of a policy, from which it names files.
#[derive(Clone, Debug, Default)]
pub struct Folder(PathBuf);

impl Folder {
    /// The folder of this file.
    pub fn of(file: &str) -> Folder {
        Folder(Path::new(file).parent().map(Path::to_owned).unwrap_or_default())
    }

    /// Where a file is.
    pub fn path(&self, file: &str) -> PathBuf {
        self.0.join(file)
    }

    /// The text of a file.
    fn read(&self, file: &str) -> Result<String, Fault> {
        let path = self.path(file);
        std::fs::read_to_string(&path)
            .map_err(|e| Fault::new(format!("{} can't be read: {}", path.display(), reason(&e))))
    }
}

/// A method of the registry: all that help and policy files need to know of it.
#[derive(Debug)]
pub struct PerturbationEntry {
    /// Its name in a policy and its page under `tabsafe explain`.
    pub name: &'static str,
    /// What it does, in one sentence.
    pub summary: &'static str,
    /// Its parameters.
    pub parameters: &'static [Parameter],
    /// Its page of the manual, in Markdown.
    pub manual: &'static str,
    /// Makes the method from values that fit `parameters`.
    pub parse: Parse,
}

/// Makes a method from its parameters and the folder that its files are seen from.
pub type Parse = fn(&Values, &Folder) -> Result<Box<dyn Perturbation>, Fault>;

impl PerturbationEntry {
    /// The method with these parameters.
    ///
    /// # Errors
    /// Every fault of the arguments, each at its place.
    pub fn build(&self, given: &[Given], folder: &Folder) -> Result<Box<dyn Perturbation>, Vec<Fault>> {
        let values = Values::check(self.name, self.parameters, given)?;
        (self.parse)(&values, folder).map_err(|fault| vec![fault])
    }
}

/// Every method, by name.
pub static PERTURBATIONS: [&PerturbationEntry; 4] =
    [&cell_key::ENTRY, &cell_key_magnitude::ENTRY, &gaussian::ENTRY, &laplace::ENTRY];

/// A method of the registry by its name.
pub fn find(name: &str) -> Option<&'static PerturbationEntry> {
    PERTURBATIONS.into_iter().find(|entry| entry.name == name)
}

/// A method from its spelling. Parameters without a name are taken in the order of the registry; files are looked for from
/// the current folder.
///
/// # Errors
/// For the first thing that is wrong.
pub fn parse_perturbation(text: &str) -> Result<Box<dyn Perturbation>, Fault> {
    let call = call(text).map_err(|f| f.help("write a method as `cell-key(d=2,variance=1)`"))?;
    let Some(entry) = find(call.name) else {
        let names: Vec<&str> = PERTURBATIONS.iter().map(|p| p.name).collect();
        return Err(Fault::new(format!("there is no perturbation `{}`", call.name)).allowed(call.name, &names));
    };
    let given = arguments(&call, entry.parameters)?;
    entry
        .build(&given, &Folder::default())
        .map_err(|faults| faults.into_iter().next().unwrap_or_else(|| Fault::new(format!("`{text}` can't be used"))))
}

/// A method in full: its name and every parameter. Files are told by what they hold.
pub fn spelling(method: &dyn Perturbation) -> String {
    spelled(method.entry().name, &method.parameters())
}

/// A protection by noise.
#[derive(Clone, Debug)]
pub struct Perturbed {
    /// What becomes of each cell.
    pub protection: Protection,
    /// How large the noise is.
    pub noise: Noise,
}

/// How large noise is, in units of the measures' last decimals.
#[derive(Clone, Debug)]
pub struct Noise {
    /// Per cell, the variance of its noise; infinite where none is printed.
    pub variance: Vec<f64>,
    /// Per cell, the least variance that may be left of it; 0 where averaging is no matter.
    pub least: Vec<f64>,
}

/// Perturbs every printed cell.
///
/// # Errors
/// A measure that the method does not perturb; what stops the method.
pub fn apply(method: &dyn Perturbation, work: &Work) -> Result<Perturbed, PerturbError> {
    let system = work.system;
    covered(method, system)?;
    let mut treatments = vec![Treatment::Hide; system.cells.len()];
    let mut variance = vec![f64::INFINITY; system.cells.len()];
    for (cell, noisy) in method.perturb(work)? {
        if system.cells[cell].exposure == Exposure::Shown {
            treatments[cell] = noisy.treatment();
            variance[cell] = noisy.variance;
        }
    }
    let moved = system.cells.iter().zip(&treatments).map(|(c, t)| match t {
        Treatment::Replace { by, .. } => by.abs_diff(c.value),
        _ => 0,
    });
    let loss = i64::try_from(moved.fold(0, u64::saturating_add)).unwrap_or(i64::MAX);
    let protection = Protection {
        treatments,
        method: method.entry().name,
        loss,
        // there is nothing to choose: what is lost is what must be lost
        bound: loss,
        failed: Vec::new(),
        limit_reached: false,
        witnesses: Vec::new(),
        choice: Choice::None,
    };
    let least = system.cells.iter().map(|c| method.least_variance(c.value)).collect();
    Ok(Perturbed { protection, noise: Noise { variance, least } })
}

/// That a method perturbs every measure of a release.
fn covered(method: &dyn Perturbation, system: &System) -> Result<(), PerturbError> {
    let Some(other) = system.measures.iter().find(|m| !method.covers(m)) else { return Ok(()) };
    let what = match other {
        Measure::Records => "numbers of records",
        Measure::Persons => "numbers of persons",
        Measure::Sum { .. } => "sums",
    };
    let others: Vec<&str> = PERTURBATIONS.iter().map(|p| p.name).filter(|n| *n != method.entry().name).collect();
    let message = format!("`{}` does not perturb {what}, and a table counts them", method.entry().name);
    let help = format!("make a release of its own from these tables, with another method: {}", others.join(", "));
    Err(PerturbError::new(message, help))
}

/// One whole in units of a measure's last decimal.
fn unit(system: &System, measure: MeasureId) -> f64 {
    let decimals = system.measures.get(measure).map_or(0, Measure::decimals);
    10f64.powi(i32::try_from(decimals).unwrap_or(0))
}

/// Where the key of a cell stands between 0 and 1.
///
/// A key of the data is taken as it is, by the conventions of those who made it. A key that was hashed goes through the
/// secret key once more, with a purpose: sums of hashes hang together (the key of a total is the sum of those of its
/// parts), and the noise of a total must not follow from that of its parts, nor that of a sum from that of a count.
fn fraction(work: &Work, purpose: &str, cell: CellId) -> Result<f64, PerturbError> {
    let keys = work.system.keys.as_ref();
    let (Some(keys), Some(&key)) = (keys, keys.and_then(|k| k.cells.get(cell))) else {
        return Err(PerturbError::new("the cells have no keys", "this is a fault of tabsafe: please report it"));
    };
    if keys.modulus != crate::model::Modulus::FULL {
        return Ok(keys.modulus.fraction(key));
    }
    let secret = work.key.ok_or_else(|| {
        PerturbError::new("noise by keys needs a secret key", "write key-file = \"…\" or key-env = \"…\" in [perturb]")
    })?;
    Ok((secret.number(purpose, &key.to_le_bytes()) >> 11) as f64 / (1u64 << 53) as f64)
}

#[cfg(test)]
pub(crate) mod fixture;
#[cfg(test)]
mod tests;
