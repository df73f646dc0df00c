#![doc = include_str!("manual.md")]

mod scale;
mod table;

use std::path::PathBuf;

use super::cell_key::{KEYS, NOTICE, TABLE};
use super::table::KeyRange;
use super::{Folder, KeysFrom, Noisy, PerturbError, Perturbation, PerturbationEntry, Work, fraction, unit};
use crate::diag::Fault;
use crate::model::{Cell, CellId, Exposure, Interval, Measure};
use crate::parameter::{Allowed, Parameter, Percent, Values};
use crate::text::sha256;

use scale::{Flex, Scale, Sum};
use table::SumTables;

/// The entry in the registry.
pub(super) static ENTRY: PerturbationEntry = PerturbationEntry {
    name: "cell-key-magnitude",
    summary: "Adds noise to sums, in proportion to their largest contributions and the same wherever the same group stands.",
    parameters: &[
        Parameter {
            name: "d",
            meaning: "the largest noise in steps, up or down, if the table is built",
            allowed: Allowed::Whole { min: 0, max: 50 },
            default: Some("0"),
        },
        Parameter {
            name: "variance",
            meaning: "the variance of the noise in steps, if the table is built",
            allowed: Allowed::Number { min: 0.0, max: 1000.0 },
            default: Some("0"),
        },
        Parameter {
            name: "parts",
            meaning: "how many parts a step has, if the table is built",
            allowed: Allowed::Whole { min: 1, max: 20 },
            default: Some("4"),
        },
        Parameter {
            name: "by",
            meaning: "what the noise is in proportion to",
            allowed: Allowed::Words(&["top", "mean", "sum"]),
            default: Some("top"),
        },
        Parameter {
            name: "weights",
            meaning: "a weight for each of the largest contributions, the first 1, none larger than the one before",
            allowed: Allowed::Text("numbers such as \"1, 0.5, 0.3\""),
            default: Some("1"),
        },
        Parameter {
            name: "percent",
            meaning: "the step of the noise, as a share of a contribution",
            allowed: Allowed::Percent { min: 1, max: 100 },
            default: Some("10"),
        },
        Parameter {
            name: "large-percent",
            meaning: "the share that large contributions come near to, or `none`",
            allowed: Allowed::Text("a percentage, or `none`"),
            default: Some("none"),
        },
        Parameter {
            name: "from",
            meaning: "the contribution from which the share falls",
            allowed: Allowed::Number { min: 0.0, max: 1e15 },
            default: Some("0"),
        },
        Parameter {
            name: "q",
            meaning: "how fast the share falls",
            allowed: Allowed::Number { min: 1.0, max: 20.0 },
            default: Some("3"),
        },
        Parameter {
            name: "extra",
            meaning: "what is added to the noise of unsafe cells, in steps",
            allowed: Allowed::Number { min: 0.0, max: 100.0 },
            default: Some("0"),
        },
        Parameter {
            name: "same-key",
            meaning: "whether the noise for the largest contribution takes the key of the cell as it is (keys of a column)",
            allowed: Allowed::Words(&["yes", "no"]),
            default: Some("yes"),
        },
        TABLE,
        KEYS,
        Parameter {
            name: "least-percent",
            meaning: "how uncertain the best estimate of an unsafe sum must remain, as a share of it (one standard deviation)",
            allowed: Allowed::Number { min: 0.0, max: 100.0 },
            default: Some("1"),
        },
    ],
    manual: include_str!("manual.md"),
    parse,
};

/// The method with its parameters.
#[derive(Debug)]
struct Magnitude {
    tables: SumTables,
    scale: Scale,
    by: &'static str,
    same_key: bool,
    column: bool,
    least: f64,
    file: Option<PathBuf>,
    /// The parameters as spelt.
    spelt: Vec<(&'static str, String)>,
}

fn parse(values: &Values, folder: &Folder) -> Result<Box<dyn Perturbation>, Fault> {
    let (d, variance, parts) = (values.whole("d")?, values.number("variance")?, values.whole("parts")?);
    let (tables, from, file) = match (values.text("table")?, d > 0 && variance > 0.0) {
        ("none", false) => {
            return Err(Fault::new("the noise is not said").help("write d = 5 and variance = 2, or table = \"FILE\""));
        }
        ("none", true) => (table::built(d, variance, parts).map_err(Fault::new)?, "none".to_owned(), None),
        (_, _) if d > 0 || variance > 0.0 => {
            return Err(Fault::new("the noise is said by `table`").help("remove d and variance, or table"));
        }
        (file, _) => {
            let text = folder.read(file)?;
            (SumTables::parse(&text).map_err(|e| e.of(file))?, sha256(&text), Some(folder.path(file)))
        }
    };
    let by = values.word("by")?;
    let weights = weights(values.text("weights")?)?;
    if weights.len() > 1 && (by != "top" || tables.of("even").is_some()) {
        return Err(Fault::new("several weights go with by = \"top\" and one table for all numbers of contributors")
            .help("write weights = \"1\""));
    }
    let share = |p: Percent| p.millionths() as f64 / Percent::HUNDRED.millionths() as f64;
    let percent = values.percent("percent")?;
    let flex = match values.text("large-percent")? {
        "none" => None,
        text => Some(flex(text, share(percent), values.number("from")?, values.number("q")?)?),
    };
    let scale = Scale { small: share(percent), flex, weights, extra: values.number("extra")? };
    let spelt = ENTRY.parameters.iter().map(|p| {
        let text = if p.name == "table" { from.clone() } else { values.spelt(p.name) };
        (p.name, text)
    });
    Ok(Box::new(Magnitude {
        tables,
        scale,
        by,
        same_key: values.word("same-key")? == "yes",
        column: values.word("keys")? == "column",
        least: values.number("least-percent")? / 100.0,
        file,
        spelt: spelt.collect(),
    }))
}

fn weights(text: &str) -> Result<Vec<f64>, Fault> {
    let all: Result<Vec<f64>, _> = text.split(',').map(|w| w.trim().parse::<f64>()).collect();
    let help = "write them as \"1, 0.5, 0.3\": from 1 down, at most six, none below 0";
    let all = all.map_err(|_| Fault::new(format!("`weights` can't be `{text}`")).help(help))?;
    let falls = all.windows(2).all(|w| w[0] >= w[1]) && all.iter().all(|w| (0.0..=1.0).contains(w));
    if all.first() == Some(&1.0) && falls && all.len() <= 6 {
        Ok(all)
    } else {
        Err(Fault::new(format!("`weights` can't be `{text}`")).help(help))
    }
}

fn flex(text: &str, small: f64, point: f64, power: f64) -> Result<Flex, Fault> {
    let help = "write it as large-percent = 3 with from = 1000: at most `percent`, and from where the share falls";
    match text.parse::<f64>().map(|p| p / 100.0) {
        Ok(large) if large > 0.0 && large <= small && point > 0.0 => Ok(Flex { large, point, power }),
        _ => Err(Fault::new(format!("`large-percent` can't be `{text}`")).help(help)),
    }
}

impl Perturbation for Magnitude {
    fn entry(&self) -> &'static PerturbationEntry {
        &ENTRY
    }

    fn parameters(&self) -> Vec<(&'static str, String)> {
        self.spelt.clone()
    }

    fn record_keys(&self) -> KeysFrom {
        if self.column { KeysFrom::Column(KeyRange::Fraction) } else { KeysFrom::Hashed }
    }

    fn contributions(&self) -> usize {
        self.scale.weights.len()
    }

    fn covers(&self, measure: &Measure) -> bool {
        matches!(measure, Measure::Sum { .. })
    }

    fn least_variance(&self, value: i64) -> f64 {
        (self.least * value as f64).powi(2)
    }

    fn files(&self) -> Vec<PathBuf> {
        self.file.clone().into_iter().collect()
    }

    fn notice(&self, _persons: bool) -> String {
        NOTICE.to_owned()
    }

    fn allows(&self, shown: i64, unit: i64) -> Vec<Interval> {
        vec![self.around(shown, unit as f64)]
    }

    fn perturb(&self, work: &Work) -> Result<Vec<(CellId, Noisy)>, PerturbError> {
        let cells = work.system.cells.iter().enumerate().filter(|(_, c)| c.exposure == Exposure::Shown);
        cells.map(|(id, cell)| Ok((id, self.noisy(work, id, cell)?))).collect()
    }
}

impl Magnitude {
    fn noisy(&self, work: &Work, id: CellId, cell: &Cell) -> Result<Noisy, PerturbError> {
        let unit = unit(work.system, cell.measure);
        let Some(found) = &cell.contributions else {
            return Err(PerturbError::new(
                "the contributions to the sums are not known",
                "give `contributor` of [input]",
            ));
        };
        let value = cell.value as f64 / unit;
        let contributions: Vec<f64> = match self.by {
            "mean" => vec![value / found.count.max(1) as f64],
            "sum" => vec![value],
            _ => found.largest.iter().map(|&x| x as f64 / unit).collect(),
        };
        let keys = (0..contributions.len()).map(|j| self.key(work, id, j)).collect::<Result<Vec<_>, _>>()?;
        let sum = Sum {
            value,
            contributions: &contributions,
            keys: &keys,
            contributors: found.count,
            sensitive: work.unsafe_cells.get(id) == Some(&true),
        };
        let made = self.scale.perturb(&self.tables, sum);
        let by = (made.value * unit).round() as i64;
        Ok(Noisy { by: Some(by), allows: self.around(by, unit), variance: made.variance * unit * unit })
    }

    /// The key for the noise of a contribution. Keys of a column have their digits turned, as cellKey does it.
    fn key(&self, work: &Work, cell: CellId, j: usize) -> Result<f64, PerturbError> {
        if !self.column {
            return fraction(work, &format!("cell-key-magnitude {j}"), cell);
        }
        let turns = if self.same_key { j } else { j + 1 };
        Ok(turned(fraction(work, "", cell)?, turns))
    }

    /// What somebody who knows the method, but no contribution, can say of the sum: none is larger than the sum.
    fn around(&self, by: i64, unit: f64) -> Interval {
        let (share, apart) = self.scale.reach(&self.tables);
        let (by, apart) = (by as f64, apart * unit);
        // the published sum is rounded to its last decimal, so that either end may be off by one
        let lo = ((by - apart) / (1.0 + share)).floor().max(1.0) as i64 - 1;
        let hi = (share < 1.0).then(|| ((by + apart) / (1.0 - share)).ceil() as i64 + 1);
        Interval { lo: Some(lo), hi }
    }
}

/// A key with its first decimals put last, one after the other.
fn turned(key: f64, turns: usize) -> f64 {
    let digits = format!("{key:.15}");
    let digits = digits.trim_start_matches("0.").trim_end_matches('0');
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return key;
    }
    let (last, first) = digits.split_at(turns % digits.len());
    format!("0.{first}{last}").parse().unwrap_or(key)
}

#[cfg(test)]
mod tests;
