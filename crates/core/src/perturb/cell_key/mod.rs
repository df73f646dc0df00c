#![doc = include_str!("manual.md")]

use std::path::PathBuf;

use super::table::{CountTable, Design, KeyRange};
use super::{Folder, KeysFrom, Noisy, PerturbError, Perturbation, PerturbationEntry, Work, fraction};
use crate::diag::Fault;
use crate::model::{CellId, Exposure, Interval, Measure};
use crate::parameter::{Allowed, Parameter, Values};
use crate::text::sha256;

/// The entry in the registry.
pub(super) static ENTRY: PerturbationEntry = PerturbationEntry {
    name: "cell-key",
    summary: "Adds noise to counts that is the same wherever the same group of records stands (cell key method).",
    parameters: &[
        Parameter {
            name: "d",
            meaning: "the largest noise, up or down, if the table is built",
            allowed: Allowed::Whole { min: 0, max: 50 },
            default: Some("0"),
        },
        Parameter {
            name: "variance",
            meaning: "the variance of the noise, if the table is built",
            allowed: Allowed::Number { min: 0.0, max: 1000.0 },
            default: Some("0"),
        },
        Parameter {
            name: "js",
            meaning: "no count from 1 to this is published",
            allowed: Allowed::Whole { min: 0, max: 50 },
            default: Some("0"),
        },
        Parameter {
            name: "stay",
            meaning: "the least share of counts that stay as they are",
            allowed: Allowed::Number { min: 0.0, max: 0.99 },
            default: Some("0"),
        },
        Parameter {
            name: "monotone",
            meaning: "whether a larger step down may not be likelier than a smaller one",
            allowed: Allowed::Words(&["yes", "no"]),
            default: Some("yes"),
        },
        Parameter {
            name: "variance-is",
            meaning: "whether the variance is reached in every row, or a limit",
            allowed: Allowed::Words(&["at-most", "exact"]),
            default: Some("at-most"),
        },
        TABLE,
        KEYS,
        Parameter {
            name: "show-from",
            meaning: "counts that are less than this with their noise are withheld, zeros as well",
            allowed: Allowed::Whole { min: 0, max: 1_000_000 },
            default: Some("0"),
        },
        LEAST,
    ],
    manual: include_str!("manual.md"),
    parse,
};

/// The parameter that names a file.
pub(super) const TABLE: Parameter = Parameter {
    name: "table",
    meaning: "the file of a perturbation table, or `none` to build one",
    allowed: Allowed::Text("a file, or `none`"),
    default: Some("none"),
};

/// The parameter for keys.
pub(super) const KEYS: Parameter = Parameter {
    name: "keys",
    meaning: "whether the keys of records are hashed with the secret key or stand in a column",
    allowed: Allowed::Words(&["hashed", "column"]),
    default: Some("hashed"),
};

/// The parameter for averaging.
pub(super) const LEAST: Parameter = Parameter {
    name: "least-variance",
    meaning: "the variance that must remain of an unsafe cell after all tables of the release are averaged",
    allowed: Allowed::Number { min: 0.0, max: 1000.0 },
    default: Some("0.25"),
};

/// The method with its parameters.
#[derive(Debug)]
struct CellKey {
    table: CountTable,
    /// Where the table is from: the hash of a file, or `none`.
    from: String,
    file: Option<PathBuf>,
    design: Option<Design>,
    column: bool,
    show_from: i64,
    least: f64,
}

fn parse(values: &Values, folder: &Folder) -> Result<Box<dyn Perturbation>, Fault> {
    let design = Design {
        most: values.whole("d")?,
        variance: values.number("variance")?,
        not_up_to: values.whole("js")?,
        stay: values.number("stay")?,
        monotone: values.word("monotone")? == "yes",
        exact: values.word("variance-is")? == "exact",
    };
    let (table, from, file, design) = match (values.text("table")?, design.most) {
        ("none", 0) => {
            return Err(Fault::new("the noise is not said").help("write d = 2 and variance = 1, or table = \"FILE\""));
        }
        ("none", _) if design.variance <= 0.0 => {
            return Err(Fault::new("`variance` is missing").help("write the variance of the noise: variance = 1"));
        }
        ("none", _) => (design.build().map_err(Fault::new)?, "none".to_owned(), None, Some(design)),
        (_, d) if d > 0 || design.variance > 0.0 || design.not_up_to > 0 || design.stay > 0.0 => {
            return Err(Fault::new("the noise is said by `table`").help("remove d, variance, js and stay, or table"));
        }
        (file, _) => {
            let text = folder.read(file)?;
            (CountTable::parse(&text).map_err(|e| e.of(file))?, sha256(&text), Some(folder.path(file)), None)
        }
    };
    let column = values.word("keys")? == "column";
    let (show_from, least) = (values.whole("show-from")?, values.number("least-variance")?);
    Ok(Box::new(CellKey { table, from, file, design, column, show_from, least }))
}

impl Perturbation for CellKey {
    fn entry(&self) -> &'static PerturbationEntry {
        &ENTRY
    }

    fn parameters(&self) -> Vec<(&'static str, String)> {
        let number = |of: fn(&Design) -> String| self.design.as_ref().map_or("0".to_owned(), of);
        let word = |of: fn(&Design) -> bool, yes: &str, no: &str| {
            self.design.as_ref().map_or(no, |d| if of(d) { yes } else { no }).to_owned()
        };
        vec![
            ("d", number(|d| d.most.to_string())),
            ("variance", number(|d| d.variance.to_string())),
            ("js", number(|d| d.not_up_to.to_string())),
            ("stay", number(|d| d.stay.to_string())),
            ("monotone", word(|d| d.monotone, "yes", "no")),
            ("variance-is", word(|d| d.exact, "exact", "at-most")),
            ("table", self.from.clone()),
            ("keys", if self.column { "column" } else { "hashed" }.to_owned()),
            ("show-from", self.show_from.to_string()),
            ("least-variance", self.least.to_string()),
        ]
    }

    fn record_keys(&self) -> KeysFrom {
        if self.column { KeysFrom::Column(self.table.keys()) } else { KeysFrom::Hashed }
    }

    fn covers(&self, measure: &Measure) -> bool {
        matches!(measure, Measure::Records | Measure::Persons)
    }

    fn least_variance(&self, _value: i64) -> f64 {
        self.least
    }

    fn files(&self) -> Vec<PathBuf> {
        self.file.clone().into_iter().collect()
    }

    fn notice(&self, _persons: bool) -> String {
        match self.show_from {
            0 => NOTICE.to_owned(),
            n => format!("{NOTICE} Figures below {n} are withheld."),
        }
    }

    fn warnings(&self) -> Vec<String> {
        let biased = self.table.biased();
        let worst = biased.iter().max_by(|a, b| a.1.abs().total_cmp(&b.1.abs()));
        let told = worst.map(|(count, mean)| {
            let rows = biased.len();
            format!(
                "the perturbation table is not unbiased: in {rows} of its rows the noise has another mean than 0, most for the \
                 count {count} ({mean:.3})"
            )
        });
        told.into_iter().collect()
    }

    fn allows(&self, shown: i64, _unit: i64) -> Vec<Interval> {
        if shown < self.show_from { Vec::new() } else { self.table.all_that_allow(shown) }
    }

    fn variance(&self, shown: i64) -> f64 {
        let counts = self.table.all_that_allow(shown).into_iter().filter_map(|i| Some(i.lo?..=i.hi?)).flatten();
        counts.map(|count| self.table.variance(count.max(1))).reduce(f64::max).unwrap_or(f64::INFINITY)
    }

    fn perturb(&self, work: &Work) -> Result<Vec<(CellId, Noisy)>, PerturbError> {
        let cells = work.system.cells.iter().enumerate().filter(|(_, c)| c.exposure == Exposure::Shown);
        let one = |(id, cell): (CellId, &crate::model::Cell)| {
            let by = cell.value + self.noise(work, id, cell.value)?;
            if by < self.show_from {
                return Ok((id, Noisy::withheld(self.table.allows_below(cell.value, self.show_from))));
            }
            let allows = self.table.allows(cell.value, by);
            // that a figure is a true 0 is not known, so it is treated as the smallest count is
            Ok((id, Noisy { by: Some(by), allows, variance: self.table.variance(cell.value.max(1)) }))
        };
        cells.map(one).collect()
    }
}

/// What readers are told. How large the noise can be is not said: it would narrow every figure.
pub(super) const NOTICE: &str = "Figures carry random noise that protects those behind them, so parts need not add up to \
                                 their totals. The same group has the same noise in every table.";

impl CellKey {
    fn noise(&self, work: &Work, cell: CellId, count: i64) -> Result<i64, PerturbError> {
        let whole = work.system.keys.as_ref().and_then(|k| k.cells.get(cell)).copied();
        match (self.column, self.table.keys(), whole) {
            (true, KeyRange::Below(_), Some(key)) => {
                Ok(self.table.by_key(count, u64::try_from(key).unwrap_or(u64::MAX)))
            }
            _ => Ok(self.table.by_fraction(count, fraction(work, "cell-key", cell)?)),
        }
    }
}

#[cfg(test)]
mod tests;
