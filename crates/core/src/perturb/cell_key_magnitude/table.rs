//! Perturbation tables for sums: noise in steps of a fraction, for rows that a value lies between.

use super::super::entropy::Conditions;
use super::super::table::{TableError, grid};

/// Tables by what they are for.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct SumTables {
    tables: Vec<(String, SumTable)>,
}

/// The rows of one table, rising.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct SumTable {
    rows: Vec<SumRow>,
}

#[derive(Clone, Debug, PartialEq)]
struct SumRow {
    at: f64,
    /// Noise, and the end of the keys that get it: those below it, and not below the one before.
    steps: Vec<(f64, f64)>,
}

/// A table of least certain noise: rows 1 to `most`, steps of 1 / `steps`.
pub(super) fn built(most: i64, variance: f64, steps: i64) -> Result<SumTables, String> {
    let row = |at: i64| {
        let targets = (at - most).max(0) * steps..=(at + most) * steps;
        let support: Vec<f64> = targets.map(|t| (t - at * steps) as f64 / steps as f64).collect();
        let conditions = Conditions { support, variance, exact: false, monotone: true, stay: 0.0 };
        let shares = conditions.solve().map_err(|least| {
            format!("no noise of variance {variance} fits the row {at}: allow another, at least {least}")
        })?;
        let mut sum = 0.0;
        let ends = shares.iter().map(|p| {
            sum += p;
            sum
        });
        Ok(SumRow { at: at as f64, steps: conditions.support.iter().copied().zip(ends).collect() })
    };
    let zero = SumRow { at: 0.0, steps: vec![(0.0, 1.0)] };
    let rows = (1..=most).map(row).collect::<Result<Vec<_>, String>>()?;
    let table = SumTable { rows: [zero].into_iter().chain(rows).collect() };
    Ok(SumTables { tables: vec![("all".to_owned(), table)] })
}

impl SumTables {
    /// The tables in a text as ptable and tau-ARGUS write it.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn parse(text: &str) -> Result<SumTables, TableError> {
        let grid = grid(text)?;
        let (i, v) = (grid.needed(&["i"])?, grid.needed(&["v", "diff"])?);
        let end = grid.needed(&["p_int_ub", "p_ij_ub", "kum_p_o"])?;
        let kind = grid.column(&["type"]);
        let mut tables: Vec<(String, SumTable)> = Vec::new();
        for (line, fields) in grid.lines() {
            let number = |column: usize| grid.number(line, fields, column);
            let (at, noise, upto) = (number(i)?, number(v)?, number(end)?);
            let kind = kind.and_then(|k| fields.get(k)).map_or("all", String::as_str);
            if !KINDS.contains(&kind) {
                let what = format!("type is \"{kind}\"; there are: {}", KINDS.join(", "));
                return Err(TableError { line, what });
            }
            if at + noise < 0.0 {
                return Err(TableError { line, what: "the noise would lead below 0".to_owned() });
            }
            let table = match tables.iter().position(|t| t.0 == kind) {
                Some(at) => &mut tables[at].1,
                None => {
                    tables.push((kind.to_owned(), SumTable::default()));
                    let last = tables.len() - 1;
                    &mut tables[last].1
                }
            };
            match table.rows.last_mut() {
                Some(row) if row.at == at => {
                    if row.steps.last().is_some_and(|s| upto < s.1) {
                        return Err(TableError { line, what: "the ends of the keys do not rise".to_owned() });
                    }
                    row.steps.push((noise, upto));
                }
                Some(row) if row.at > at => {
                    return Err(TableError { line, what: "the rows do not rise".to_owned() });
                }
                _ => table.rows.push(SumRow { at, steps: vec![(noise, upto)] }),
            }
        }
        let all = SumTables { tables };
        all.check()?;
        Ok(all)
    }

    fn check(&self) -> Result<(), TableError> {
        let fault = |what: String| Err(TableError { line: 0, what });
        let has = |kind: &str| self.of(kind).is_some();
        match (has("all"), has("even"), has("odd")) {
            (true, false, false) | (false, true, true) => {}
            _ => return fault("it holds \"all\", or \"even\" and \"odd\"".to_owned()),
        }
        for (kind, table) in &self.tables {
            for row in &table.rows {
                let last = row.steps.last().map_or(0.0, |s| s.1);
                if (last - 1.0).abs() > 2e-6 {
                    return fault(format!("the keys of the row {} of \"{kind}\" end at {last} instead of 1", row.at));
                }
            }
            if table.rows.len() < 2 || table.rows.first().is_none_or(|r| r.at != 0.0) {
                return fault(format!("\"{kind}\" has no row for 0 and another"));
            }
        }
        Ok(())
    }

    /// The table for something.
    pub fn of(&self, kind: &str) -> Option<&SumTable> {
        self.tables.iter().find(|t| t.0 == kind).map(|t| &t.1)
    }

    /// The largest noise of any table that is not for small values.
    pub fn most(&self) -> f64 {
        self.tables.iter().filter(|t| t.0 != "small_cells").map(|t| t.1.most()).fold(0.0, f64::max)
    }
}

/// What tables can be for.
const KINDS: [&str; 4] = ["all", "even", "odd", "small_cells"];

impl SumTable {
    /// The last row.
    pub fn last(&self) -> f64 {
        self.rows.last().map_or(0.0, |r| r.at)
    }

    /// The largest noise, up or down.
    pub fn most(&self) -> f64 {
        self.rows.iter().flat_map(|r| &r.steps).map(|s| s.0.abs()).fold(0.0, f64::max)
    }

    /// The variance of the last row.
    pub fn variance(&self) -> f64 {
        self.rows.last().map_or(0.0, SumRow::variance)
    }

    /// The noise for a key at a place between the rows, and its variance: that of the row, or between those of two rows.
    pub fn noise(&self, at: f64, key: f64) -> (f64, f64) {
        let at = at.min(self.last());
        let above = self.rows.iter().position(|r| r.at >= at).unwrap_or(self.rows.len().saturating_sub(1));
        let Some(upper) = self.rows.get(above) else { return (0.0, 0.0) };
        match self.rows.get(above.wrapping_sub(1)) {
            Some(lower) if upper.at > at => {
                let share = (at - lower.at) / (upper.at - lower.at);
                let mix = |a: f64, b: f64| (1.0 - share) * a + share * b;
                (mix(lower.noise(key), upper.noise(key)), mix(lower.variance(), upper.variance()))
            }
            _ => (upper.noise(key), upper.variance()),
        }
    }
}

impl SumRow {
    fn noise(&self, key: f64) -> f64 {
        self.steps.iter().find(|s| key < s.1).or(self.steps.last()).map_or(0.0, |s| s.0)
    }

    fn variance(&self) -> f64 {
        let mut before = 0.0;
        let squares = self.steps.iter().map(|&(v, upto)| {
            let share = upto - before;
            before = upto;
            v * v * share
        });
        squares.sum()
    }
}
