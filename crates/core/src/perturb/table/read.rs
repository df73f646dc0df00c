//! Perturbation tables as other systems write them: those of ptable and tau-ARGUS, and those of the ONS.
//!
//! - ptable, tau-ARGUS: a line per count `i` and noise `v`, with the largest key that gets it (`p_int_ub`, `p_ij_ub` or
//!   `kum_p_o`). Semicolons, commas or tabs; a decimal comma where a comma does not separate.
//! - ONS: a line per count `pcv` and whole key `ckey`, with its noise `pvalue`. Counts above the last row use the last 250
//!   rows in turn.

use super::{CountTable, KeyRange, Lookup, Row};

/// Why a table can't be used: the line, 0 for all of it, and what is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableError {
    /// The line, counted from 1; 0 for the table as a whole.
    pub line: usize,
    /// What is wrong.
    pub what: String,
}

/// Rows of an ONS table.
const ONS_ROWS: usize = 750;
/// Rows of an ONS table that larger counts use in turn.
const ONS_CYCLE: usize = 250;
/// How far shares may be off: tables are rounded to so many digits.
const ROUNDED: f64 = 2e-6;
/// No table has as many rows or keys; a larger number is a slip.
const LARGEST: f64 = 1e6;

fn fault(line: usize, what: impl Into<String>) -> TableError {
    TableError { line, what: what.into() }
}

/// The text as lines of named fields.
#[derive(Debug)]
pub struct Grid {
    names: Vec<String>,
    lines: Vec<(usize, Vec<String>)>,
    comma: bool,
}

/// Takes a text apart.
///
/// # Errors
/// A line that is no line of a table.
pub fn grid(text: &str) -> Result<Grid, TableError> {
    let head = text.lines().next().unwrap_or_default();
    let many = |c: char| head.matches(c).count();
    let delimiter = [';', '\t', ','].into_iter().max_by_key(|&c| (many(c), c == ';')).unwrap_or(',');
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(u8::try_from(delimiter).unwrap_or(b','))
        .trim(csv::Trim::All)
        .has_headers(false)
        .from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let mut all = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|e| {
            let line = e.position().map_or(0, |p| usize::try_from(p.line()).unwrap_or(0));
            fault(line, "has another number of fields than the line before")
        })?;
        let line = record.position().map_or(0, |p| usize::try_from(p.line()).unwrap_or(0));
        all.push((line, record.iter().map(str::to_owned).collect::<Vec<String>>()));
    }
    let Some(((_, names), lines)) = all.split_first() else { return Err(fault(0, "is empty")) };
    Ok(Grid { names: names.clone(), lines: lines.to_vec(), comma: delimiter == ',' })
}

impl Grid {
    /// The column of one of these names.
    pub fn column(&self, names: &[&str]) -> Option<usize> {
        self.names.iter().position(|n| names.contains(&n.as_str()))
    }

    /// The column of one of these names, which must be there.
    ///
    /// # Errors
    /// If it is not.
    pub fn needed(&self, names: &[&str]) -> Result<usize, TableError> {
        let what = || {
            let columns = format!("there are: {}", self.names.join(", "));
            fault(1, format!("has no column {} ({columns})", names.join(" or ")))
        };
        self.column(names).ok_or_else(what)
    }

    /// The lines, with their numbers.
    pub fn lines(&self) -> impl Iterator<Item = (usize, &[String])> {
        self.lines.iter().map(|(n, fields)| (*n, fields.as_slice()))
    }

    /// A number in a line.
    ///
    /// # Errors
    /// If it is none.
    pub fn number(&self, line: usize, fields: &[String], column: usize) -> Result<f64, TableError> {
        let text = fields.get(column).map_or("", String::as_str);
        let plain = if self.comma { text.to_owned() } else { text.replace(',', ".") };
        plain.parse::<f64>().ok().filter(|x| x.is_finite() && x.abs() <= LARGEST).ok_or_else(|| {
            let name = self.names.get(column).map_or("", String::as_str);
            fault(line, format!("{name} is no number that a perturbation table can hold: \"{text}\""))
        })
    }

    fn whole(&self, line: usize, fields: &[String], column: usize) -> Result<i64, TableError> {
        let x = self.number(line, fields, column)?;
        let name = self.names.get(column).map_or("", String::as_str);
        if x.fract() == 0.0 { Ok(x as i64) } else { Err(fault(line, format!("{name} is no whole number"))) }
    }
}

impl CountTable {
    /// A table in a text, of whichever format.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn parse(text: &str) -> Result<CountTable, TableError> {
        let grid = grid(text)?;
        let table = if grid.column(&["pcv"]).is_some() { ons(&grid) } else { intervals(&grid) }?;
        for (at, row) in table.rows.iter().enumerate() {
            let count = at as i64 + 1;
            if let Some((noise, _)) = row.noises.iter().find(|n| count + n.0 < 0) {
                return Err(fault(0, format!("the noise {noise} would publish the count {count} as less than 0")));
            }
        }
        Ok(table)
    }
}

/// The table of ptable and tau-ARGUS.
fn intervals(grid: &Grid) -> Result<CountTable, TableError> {
    let (i, v) = (grid.needed(&["i"])?, grid.needed(&["v", "diff"])?);
    let end = grid.needed(&["p_int_ub", "p_ij_ub", "kum_p_o"])?;
    let mut rows: Vec<Vec<(i64, f64)>> = Vec::new();
    for (line, fields) in grid.lines() {
        let (count, noise) = (grid.whole(line, fields, i)?, grid.whole(line, fields, v)?);
        let upto = grid.number(line, fields, end)?;
        if count == 0 {
            if noise != 0 {
                return Err(fault(line, "gives noise to empty cells, which have no key"));
            }
            continue;
        }
        let at = usize::try_from(count - 1).map_err(|_| fault(line, "i is below 0"))?;
        if at > rows.len() || at + 1 < rows.len() {
            return Err(fault(line, format!("the count {count} is out of turn: counts follow each other from 1")));
        }
        if at == rows.len() {
            rows.push(Vec::new());
        }
        let row = &mut rows[at];
        if row.last().is_some_and(|last| upto < last.1) {
            return Err(fault(line, "the ends of the keys do not rise"));
        }
        row.push((noise, upto));
    }
    if rows.is_empty() {
        return Err(fault(0, "has no row for the count 1"));
    }
    let row = |(at, ends): (usize, &Vec<(i64, f64)>)| {
        let last = ends.last().map_or(0.0, |e| e.1);
        if (last - 1.0).abs() > ROUNDED {
            return Err(fault(0, format!("the keys of the count {} end at {last} instead of 1", at + 1)));
        }
        let mut before = 0.0;
        let mut noises = Vec::new();
        for &(noise, upto) in ends {
            noises.push((noise, upto - before));
            before = upto;
        }
        let mut upto: Vec<f64> = ends.iter().map(|e| e.1).collect();
        upto.last_mut().into_iter().for_each(|last| *last = 1.0);
        Ok(Row { noises, lookup: Lookup::Upto(upto) })
    };
    let rows = rows.iter().enumerate().map(row).collect::<Result<_, _>>()?;
    Ok(CountTable { rows, keys: KeyRange::Fraction, cycle: 1 })
}

/// The table of the ONS.
fn ons(grid: &Grid) -> Result<CountTable, TableError> {
    let columns = (grid.needed(&["pcv"])?, grid.needed(&["ckey"])?, grid.needed(&["pvalue"])?);
    let mut cells = Vec::new();
    for (line, fields) in grid.lines() {
        let at = |column: usize| grid.whole(line, fields, column);
        let (count, key, noise) = (at(columns.0)?, at(columns.1)?, at(columns.2)?);
        match (usize::try_from(count - 1), usize::try_from(key)) {
            (Ok(row), Ok(key)) => cells.push((row, key, noise, line)),
            (Err(_), Ok(_)) if count == 0 && noise == 0 => {}
            _ => return Err(fault(line, "pcv begins at 1 and ckey at 0")),
        }
    }
    let many = cells.iter().map(|c| c.0 + 1).max().unwrap_or(0);
    let keys = cells.iter().map(|c| c.1 + 1).max().unwrap_or(0);
    if many != ONS_ROWS {
        let want = format!("the counts 1 to {ONS_ROWS}, of which larger ones use the last {ONS_CYCLE} in turn");
        return Err(fault(0, format!("has the counts 1 to {many}; a table with pcv holds {want}")));
    }
    if cells.len() != many * keys {
        let want = format!("{many} counts and {keys} keys make {}", many * keys);
        return Err(fault(0, format!("has {} lines, but {want}: each pair stands once", cells.len())));
    }
    let mut found: Vec<Vec<Option<i64>>> = vec![vec![None; keys]; many];
    for (row, key, noise, line) in cells {
        if found[row][key].replace(noise).is_some() {
            return Err(fault(line, format!("the count {} has the key {key} twice", row + 1)));
        }
    }
    let row = |noises: Vec<Option<i64>>| {
        let by_key: Vec<i64> = noises.into_iter().flatten().collect();
        let mut shares: Vec<(i64, f64)> = Vec::new();
        for &noise in &by_key {
            let one = 1.0 / keys as f64;
            match shares.iter_mut().find(|s| s.0 == noise) {
                Some(share) => share.1 += one,
                None => shares.push((noise, one)),
            }
        }
        Row { noises: shares, lookup: Lookup::ByKey(by_key) }
    };
    Ok(CountTable { rows: found.into_iter().map(row).collect(), keys: KeyRange::Below(keys as u64), cycle: ONS_CYCLE })
}

impl TableError {
    /// As a fault of a policy that names the file.
    pub fn of(self, file: &str) -> crate::diag::Fault {
        let place = if self.line == 0 { file.to_owned() } else { format!("{file}:{}", self.line) };
        crate::diag::Fault::new(format!("{place}: {}", self.what))
            .help("`tabsafe explain cell-key` shows the formats of perturbation tables")
    }
}
