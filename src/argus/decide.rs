//! Which cells of a job are unsafe, by its rules, the statuses of its file and what a person decided; and the number by
//! which tau-ARGUS knows the state of a cell.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{CellId, Exposure, Finding, Harm, Measure, Severity, System, Treatment};
use crate::policy::{Policy, PolicyError};
use crate::read::Error;
use crate::rules::{Rule, apply, parse_rule};

use super::apriori::{self, Decision, What};
use super::batch::{Apriori, Job, TableJob};
use super::build::Loaded;
use super::rules::SafetyRules;
use super::tab::{Letter, TabCell};

/// Rules that findings go by beside those of the registry.
const GIVEN: &str = "given";
const MANUAL: &str = "manual";
const ZERO: &str = "zero";
const THRESHOLD: &str = "threshold";

/// What is known of the cells before anything is protected.
#[derive(Clone, Debug, Default)]
pub struct Decided {
    /// What is unsafe, and by how much it must be hidden.
    pub findings: Vec<Finding>,
    /// Cells that are published in any case.
    pub fixed: BTreeSet<CellId>,
    /// Cells that are withheld for others in any case.
    pub forced: BTreeSet<CellId>,
    /// Cells that a person calls safe although a rule does not.
    pub waived: BTreeSet<CellId>,
    /// Per cell, what withholding it costs, where that is not its value.
    pub costs: Option<Vec<i64>>,
    /// What a person should know.
    pub notes: Vec<String>,
    /// The same of what tells which cells are unsafe.
    pub confidential: Vec<String>,
}

/// Applies the rules and decisions of a job.
///
/// # Errors
/// Rules that do not hold, files of decisions that can't be read or name cells that there are not.
pub fn decide(job: &Job, loaded: &Loaded) -> Result<Decided, Error> {
    let mut decided = Decided { costs: loaded.costs.clone(), ..Decided::default() };
    for (index, table) in job.tables.iter().enumerate() {
        // what the file calls unsafe is never published, whatever the rules say of it
        let letters = loaded.given.iter().flatten().any(|c| c.status.is_some());
        match &table.rules {
            Some(rules) => {
                by_rules(&mut decided, loaded, index, table, rules)?;
                if letters {
                    by_letters(&mut decided, loaded, table, rules)?;
                }
            }
            None if letters => by_letters(&mut decided, loaded, table, &SafetyRules::default())?,
            None => {
                return Err(Error::usage(format!("{}: nothing says which cells are unsafe", table.place))
                    .with_help("add <SAFETYRULE>, or a column of statuses to the table"));
            }
        }
        for file in &table.apriori {
            by_file(&mut decided, loaded, index, table, file)?;
        }
    }
    decided.findings.sort_by_key(|f| f.cell);
    Ok(decided)
}

/// The rules of all tables of a job: findings of cells are made here, by table; sums of withheld cells belong to no table and
/// are judged by all of them.
///
/// # Errors
/// Rules that do not hold.
pub fn policy(job: &Job) -> Result<Policy, PolicyError> {
    let rules = job.tables.iter().filter_map(|t| t.rules.as_ref());
    let all: BTreeSet<String> = rules
        .flat_map(|r| {
            let minimum = r.frequency.filter(|(minimum, _)| *minimum > 1).map(|(m, _)| format!("threshold({m})"));
            r.spelled.iter().cloned().chain(minimum)
        })
        .collect();
    Policy::with_rules(&all.into_iter().collect::<Vec<_>>())
}

fn percent_of(value: i64, percent: i64) -> i64 {
    let part = (i128::from(value) * i128::from(percent) + 99) / 100;
    i64::try_from(part).unwrap_or(i64::MAX).max(1)
}

/// A range of so many percent on both sides of a value, which stays above 0.
fn range(value: i64, percent: i64) -> Harm {
    let upper = percent_of(value, percent);
    Harm::Levels { lower: if value > 0 { upper.min(value) } else { upper }, upper, spread: 0 }
}

fn finding(cell: CellId, rule: &'static str, harm: Harm, place: &str, reason: &str) -> Finding {
    let (reason, policy_line) = (reason.to_owned(), place.to_owned());
    Finding { cell, rule, reason, harm, policy_line, severity: Severity::Unsafe }
}

/// The cells that a table prints, and those that can be worked out from it.
fn concerns(system: &System, index: usize, cell: CellId) -> bool {
    system
        .cells
        .get(cell)
        .is_some_and(|c| c.exposure == Exposure::Implied || c.places.iter().any(|p| p.table == index && p.shown))
}

fn by_rules(
    decided: &mut Decided,
    loaded: &Loaded,
    index: usize,
    table: &TableJob,
    rules: &SafetyRules,
) -> Result<(), Error> {
    let system = &loaded.system;
    // rules look at the shadow variable, where there is one; what is hidden is the published value
    let looked_at = loaded.shadows.get(index).and_then(Option::as_ref).unwrap_or(system);
    let built = |text: &str| -> Result<Box<dyn Rule>, Error> {
        parse_rule(text).map_err(|e| Error::usage(format!("{}: {e}", table.place)))
    };
    let own = |rule: &dyn Rule| -> Vec<Finding> {
        apply(rule, &table.place, looked_at).into_iter().filter(|f| concerns(system, index, f.cell)).collect()
    };
    let unknown = system.measures.iter().any(|m| matches!(m, Measure::Sum { .. }))
        && !loaded.given.is_empty()
        && loaded.given.iter().flatten().all(|c| c.frequency.is_none());
    if rules.frequency.is_some() && unknown {
        return Err(Error::usage(format!(
            "{}: FREQ asks how many contribute to a cell, and the table has no column of that",
            table.place
        ))
        .with_help("name it as <FREQUENCY> in the metadata, or leave FREQ out"));
    }
    for text in &rules.spelled {
        decided.findings.extend(own(&*built(text)?));
    }
    if let Some((minimum, percent)) = rules.frequency.filter(|(minimum, _)| *minimum > 1) {
        for found in own(&*built(&format!("threshold({minimum})"))?) {
            let harm = range(system.value(found.cell), percent);
            // the safety range of the batch is asked for beside what the rule itself hides
            decided.findings.push(Finding { harm, ..found.clone() });
            decided.findings.push(found);
        }
    }
    if let Some(upper) = rules.zero {
        let people =
            |cell: CellId| system.cells.get(cell).and_then(|c| c.contributions.as_ref()).map_or(0, |c| c.count);
        for cell in (0..system.cells.len()).filter(|&c| concerns(system, index, c)) {
            let decimals =
                system.measures.get(system.cells.get(cell).map_or(0, |c| c.measure)).map_or(0, Measure::decimals);
            if system.value(cell) == 0 && people(cell) > 0 {
                let upper = upper.saturating_mul(10_i64.saturating_pow(decimals));
                let harm = Harm::Levels { lower: 0, upper, spread: 0 };
                decided.findings.push(finding(
                    cell,
                    ZERO,
                    harm,
                    &table.place,
                    "a zero with contributors tells what each of them has",
                ));
            }
        }
    }
    Ok(())
}

/// What the statuses of a file say, where `rules` give the safety range.
///
/// # Errors
/// A cell that is unsafe and must be published: equal cells of a hierarchy are one.
fn by_letters(decided: &mut Decided, loaded: &Loaded, table: &TableJob, rules: &SafetyRules) -> Result<(), Error> {
    let manual = rules.manual;
    let mut earlier = 0;
    let mut protected: BTreeMap<CellId, usize> = BTreeMap::new();
    for (position, cell) in loaded.given.iter().enumerate() {
        let (Some(cell), Some(id)) = (cell, id_at(loaded, 0, position)) else { continue };
        match cell.status {
            Some(Letter::Unsafe) => {
                decided.findings.push(finding(
                    id,
                    GIVEN,
                    levels(cell, manual),
                    &table.place,
                    "the file calls it unsafe",
                ));
            }
            Some(Letter::Protected) => drop(protected.insert(id, cell.line)),
            Some(Letter::Secondary) => earlier += 1,
            Some(Letter::Safe | Letter::Empty) | None => {}
        }
    }
    let own = |id: &CellId| decided.findings.iter().any(|f| f.cell == *id && f.rule == GIVEN);
    if let Some((_, line)) = protected.iter().find(|(id, _)| own(id)) {
        let what = format!(
            "{}: line {line} of the table says that its cell is published, another line that it is unsafe",
            table.place
        );
        return Err(Error::data(what)
            .with_help("a cell that is all of another is the same cell: give both lines the same status"));
    }
    decided.fixed.extend(protected.into_keys());
    if earlier > 0 {
        decided
            .confidential
            .push(format!("{}: {earlier} cells that an earlier run withheld may be published again", table.place));
    }
    Ok(())
}

/// The protection levels of an unsafe cell: those of the file, or its safety range.
fn levels(cell: &TabCell, percent: i64) -> Harm {
    match cell.levels {
        Some((lower, upper)) if (lower, upper) != (0, 0) => Harm::Levels { lower, upper, spread: 0 },
        _ => range(cell.value, percent),
    }
}

fn id_at(loaded: &Loaded, table: usize, position: usize) -> Option<CellId> {
    *loaded.system.grids.get(table)?.get(position)?
}

/// What a file of decisions says.
fn by_file(
    decided: &mut Decided,
    loaded: &Loaded,
    index: usize,
    table: &TableJob,
    file: &Apriori,
) -> Result<(), Error> {
    let Some(printed) = loaded.system.tables.get(index) else { return Ok(()) };
    let decimals = loaded.system.measures.get(printed.measure).map_or(0, Measure::decimals);
    let decisions = apriori::read(&file.path, file.separator, printed.axes.len(), decimals)?;
    let manual = table.rules.as_ref().map_or(SafetyRules::default().manual, |r| r.manual);
    let mut unknown = 0;
    for decision in &decisions {
        match cell_of(loaded, index, decision) {
            Some(cell) => {
                decided.take(cell, decision.what, loaded, manual, &format!("{}:{}", file.path.display(), decision.line))
            }
            None if file.lenient => unknown += 1,
            None => {
                return Err(Error::data(format!("{}:{}: there is no such cell", file.path.display(), decision.line))
                    .with_help(
                        "codes as in the table, its total by its code; 1 behind the separator passes such lines over",
                    ));
            }
        }
    }
    if unknown > 0 {
        decided.notes.push(format!("{}: {unknown} lines name cells that there are not", file.path.display()));
    }
    Ok(())
}

fn cell_of(loaded: &Loaded, index: usize, decision: &Decision) -> Option<CellId> {
    let table = loaded.system.tables.get(index)?;
    let at = decision.codes.iter().zip(&table.axes).map(|(code, axis)| {
        let total = |e: &crate::model::Entry| e.level == 0 && (code.is_empty() || e.code.eq_ignore_ascii_case(code));
        axis.entries.iter().position(|e| e.code == *code).or_else(|| axis.entries.iter().position(total))
    });
    let at: Option<Vec<usize>> = at.collect();
    id_at(loaded, index, table.position(&at?))
}

impl Decided {
    fn take(&mut self, cell: CellId, what: What, loaded: &Loaded, percent: i64, place: &str) {
        let value = loaded.system.value(cell);
        match what {
            What::Safe => {
                let before = self.findings.len();
                self.findings.retain(|f| f.cell != cell);
                if self.findings.len() < before {
                    self.waived.insert(cell);
                    self.confidential
                        .push(format!("{place}: {} is unsafe by a rule and is called safe", loaded.system.words(cell)));
                }
            }
            What::Unsafe => {
                self.findings.push(finding(cell, MANUAL, range(value, percent), place, "a person calls it unsafe"))
            }
            What::Published => drop(self.fixed.insert(cell)),
            What::Withheld => drop(self.forced.insert(cell)),
            What::Cost(cost) => {
                let values = || loaded.system.cells.iter().map(|c| c.value.max(1)).collect();
                if let Some(slot) = self.costs.get_or_insert_with(values).get_mut(cell) {
                    *slot = cost;
                }
            }
            What::Levels(lower, upper) => {
                let lower = lower.min(value.max(0));
                for finding in self.findings.iter_mut().filter(|f| f.cell == cell) {
                    finding.harm = Harm::Levels { lower, upper, spread: 0 };
                }
            }
        }
    }

    /// Protection levels of each unsafe cell: the largest that anything asks for.
    pub fn levels(&self) -> BTreeMap<CellId, (i64, i64)> {
        let mut levels: BTreeMap<CellId, (i64, i64)> = BTreeMap::new();
        for finding in &self.findings {
            if let Harm::Levels { lower, upper, .. } = finding.harm {
                let slot = levels.entry(finding.cell).or_default();
                *slot = (slot.0.max(lower), slot.1.max(upper));
            }
        }
        levels
    }

    /// The number of a cell's state: 1 safe, 2 safe by hand, 3 unsafe by a rule, 5 too few, 6 zero, 9 unsafe by hand,
    /// 10 published by hand, 11 secondary, 12 secondary by hand, 14 empty.
    pub fn state(&self, system: &System, cell: Option<CellId>, treatment: Treatment) -> u8 {
        let Some(cell) = cell else { return 14 };
        let own = self.findings.iter().skip(self.findings.partition_point(|f| f.cell < cell));
        let rules: Vec<&str> = own.take_while(|f| f.cell == cell).map(|f| f.rule).collect();
        let by = |rule: &str| rules.contains(&rule);
        match treatment {
            Treatment::Withhold { .. } if by(MANUAL) => 9,
            Treatment::Withhold { .. } if by(ZERO) => 6,
            Treatment::Withhold { .. } if rules.iter().all(|r| *r == THRESHOLD) && !rules.is_empty() => 5,
            Treatment::Withhold { .. } if !rules.is_empty() => 3,
            Treatment::Withhold { .. } if self.forced.contains(&cell) => 12,
            Treatment::Withhold { .. } => 11,
            _ if self.fixed.contains(&cell) => 10,
            _ if self.waived.contains(&cell) => 2,
            _ if people(system, cell) == 0 => 14,
            _ => 1,
        }
    }
}

/// How many contribute to a cell, as far as is known.
pub(super) fn people(system: &System, cell: CellId) -> i64 {
    let Some(c) = system.cells.get(cell) else { return 0 };
    match (&c.contributions, system.measures.get(c.measure)) {
        (Some(known), _) => known.count,
        (None, _) => c.value,
    }
}
