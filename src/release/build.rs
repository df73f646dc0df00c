//! From system, protection and audit to what may be seen.

use std::collections::HashSet;

use super::header::{CellNote, Header};
use super::table::{Published, ReleaseAxis, ReleaseEntry, ReleaseTable};
use crate::attack::Audit;
use crate::model::{Axis, CellId, Exposure, Measure, Protection, System, Table, Treatment, Verdict};

/// Publishable values only, with what stands around them.
#[derive(Clone, Debug)]
pub struct Release {
    header: Header,
    tables: Vec<ReleaseTable>,
}

/// Why a release was not made. Names cells in words, never a value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The attack did not end with "safe".
    #[error("the verdict of the attack is \"{}\": nothing is released", .0.word())]
    NotSafe(Verdict),
    /// The verdict and the audit's details disagree.
    #[error("the audit says \"safe\" but lists {0}: nothing is released")]
    AuditContradicts(String),
    /// A withheld cell that the attack did not look at.
    #[error("{0} is withheld but was not attacked: nothing is released")]
    NotAttacked(String),
    /// A cell that no method could protect.
    #[error("{0} could not be protected: nothing is released")]
    NotProtected(String),
    /// A printed cell for which there is nothing to print.
    #[error("{cell} is printed, but {fault}: nothing is released")]
    Treatment {
        /// The cell in words.
        cell: String,
        /// What is wrong with its treatment.
        fault: &'static str,
    },
    /// The parts that make a release do not belong together.
    #[error("the {0} do not belong to these tables: nothing is released")]
    Mismatch(&'static str),
    /// A note on a cell that is not there.
    #[error("a cell note names {what} of table \"{table}\", which is not printed there; there are: {there}")]
    NoSuchCell {
        /// The table that the note names.
        table: String,
        /// What was not found.
        what: String,
        /// What the note may name.
        there: String,
    },
}

impl Release {
    /// Copies what may be published of `system` under `protection`.
    ///
    /// # Errors
    /// A [`Refusal`] unless `audit` says [`Verdict::Safe`] (or, where the header lists exceptions, and only there,
    /// [`Verdict::SafeWithExceptions`]), without a leak or an open demand, and attacked every
    /// withheld cell that is printed; and unless every printed cell has a treatment that fits it.
    pub fn new(system: &System, protection: &Protection, audit: &Audit, header: Header) -> Result<Self, Refusal> {
        check_audit(system, protection, audit, !header.terms.exceptions.is_empty())?;
        check_cells(system, protection, audit, &header)?;
        let mut tables = Vec::with_capacity(system.tables.len());
        for index in 0..system.tables.len() {
            tables.push(copy_table(system, protection, index, header.noise)?);
        }
        for note in &header.cell_notes {
            place_note(&mut tables, note)?;
        }
        Ok(Release { header, tables })
    }

    /// What stands around the figures.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The tables in the order of the release.
    pub fn tables(&self) -> &[ReleaseTable] {
        &self.tables
    }
}

/// The verdict, and that nothing in the audit or the protection speaks against it.
fn check_audit(system: &System, protection: &Protection, audit: &Audit, excused: bool) -> Result<(), Refusal> {
    let safe = if excused { Verdict::SafeWithExceptions } else { Verdict::Safe };
    if audit.verdict != safe {
        return Err(Refusal::NotSafe(audit.verdict));
    }
    if let Some(leak) = audit.leaks.first() {
        return Err(Refusal::AuditContradicts(format!("{} as a leak", words(system, leak.cell)?)));
    }
    if let Some(open) = audit.open.first() {
        return Err(Refusal::AuditContradicts(format!("{} as unfinished", words(system, open.cell)?)));
    }
    if let Some(cell) = audit.cells.iter().find(|c| !c.protected) {
        return Err(Refusal::AuditContradicts(format!("{} as unprotected", words(system, cell.cell)?)));
    }
    match protection.failed.first() {
        Some((cell, _)) => Err(Refusal::NotProtected(words(system, *cell)?)),
        None => Ok(()),
    }
}

/// That every printed cell can be treated as planned.
fn check_cells(system: &System, protection: &Protection, audit: &Audit, header: &Header) -> Result<(), Refusal> {
    if protection.treatments.len() != system.cells.len() {
        return Err(Refusal::Mismatch("treatments"));
    }
    let attacked: HashSet<CellId> = audit.cells.iter().map(|c| c.cell).collect();
    for (id, (cell, treatment)) in system.cells.iter().zip(&protection.treatments).enumerate() {
        if cell.exposure != Exposure::Shown {
            continue;
        }
        let fault = |fault| Refusal::Treatment { cell: system.words(id), fault };
        match *treatment {
            Treatment::Publish => {}
            Treatment::Hide => return Err(fault("its treatment is to be printed nowhere")),
            Treatment::Replace { preimage: range, .. } | Treatment::Band { within: range }
                if !range.contains(cell.value) =>
            {
                return Err(fault("what stands in its place does not stand for it"));
            }
            Treatment::Replace { .. } | Treatment::Band { .. } => {}
            Treatment::Withhold { .. } if !attacked.contains(&id) => {
                return Err(Refusal::NotAttacked(system.words(id)));
            }
            // The legend and the attack both say that a withheld count is never zero; it must be so.
            Treatment::Withhold { .. } if cell.value == 0 && never_zero(system, cell.measure, header) => {
                return Err(fault("a zero is withheld under a policy that publishes zeros"));
            }
            Treatment::Withhold { .. } => {}
        }
    }
    Ok(())
}

/// Whether the legend says that a withheld figure of this measure is never zero: of counts alone, sums may be.
fn never_zero(system: &System, measure: usize, header: &Header) -> bool {
    header.never_zero && !matches!(system.measures.get(measure), Some(Measure::Sum { .. }))
}

/// The cell in words, for a cell number that came from outside.
fn words(system: &System, cell: CellId) -> Result<String, Refusal> {
    if cell < system.cells.len() { Ok(system.words(cell)) } else { Err(Refusal::Mismatch("audited cells")) }
}

/// The printed part of one table.
fn copy_table(system: &System, protection: &Protection, index: usize, noise: bool) -> Result<ReleaseTable, Refusal> {
    let table = &system.tables[index];
    let grid = system.grids.get(index).filter(|g| g.len() == table.len()).ok_or(Refusal::Mismatch("grids"))?;
    let measure = system.measures.get(table.measure).ok_or(Refusal::Mismatch("measures"))?;
    let printed = (0..table.len()).filter(|&p| table.is_shown(&table.entries_at(p)));
    let cells =
        printed.map(|p| grid[p].map_or(Ok(Published::NotApplicable), |c| publish(system, protection, c, noise)));
    Ok(ReleaseTable {
        id: table.id.clone(),
        title: table.title.clone(),
        scope: table.scope_name.clone(),
        measure: measure.clone(),
        axes: copy_axes(table),
        notes: table.notes.clone(),
        grid: cells.collect::<Result<_, _>>()?,
        cell_notes: Vec::new(),
    })
}

/// The printed part of one table as this protection would have it, whatever the verdict: for the reviewer's page alone.
/// What has no publishable value stands as withheld: a cell that the tables leave no room for is another thing.
pub(super) fn drafted(system: &System, protection: &Protection, noise: bool, index: usize) -> Option<ReleaseTable> {
    let (table, grid) = (system.tables.get(index)?, system.grids.get(index)?);
    let measure = system.measures.get(table.measure)?.clone();
    let printed = (0..table.len()).filter(|&p| table.is_shown(&table.entries_at(p)));
    let state = |cell: CellId| publish(system, protection, cell, noise).unwrap_or(Published::Withheld);
    Some(ReleaseTable {
        id: table.id.clone(),
        title: table.title.clone(),
        scope: table.scope_name.clone(),
        measure,
        axes: copy_axes(table),
        notes: table.notes.clone(),
        grid: printed.map(|p| grid.get(p).copied().flatten().map_or(Published::NotApplicable, state)).collect(),
        cell_notes: Vec::new(),
    })
}

/// The one place where a true value is looked at for printing.
fn publish(system: &System, protection: &Protection, cell: CellId, noise: bool) -> Result<Published, Refusal> {
    if cell >= system.cells.len() || system.cells[cell].exposure != Exposure::Shown {
        return Err(Refusal::Mismatch("printed cells"));
    }
    Ok(match protection.treatments.get(cell).copied().unwrap_or(Treatment::Hide) {
        Treatment::Publish if system.cells[cell].value == 0 => Published::Zero,
        Treatment::Publish => Published::Number(system.cells[cell].value),
        // every figure alike: which of them are as they were is nobody's business
        Treatment::Replace { by, .. } if noise => Published::Perturbed(by),
        // What a 0 stands for follows from what an intruder knows of the method, not from the value: else the state
        // itself would tell zeros from small counts.
        Treatment::Replace { by: 0, preimage } if preimage.value() == Some(0) => Published::Zero,
        Treatment::Replace { by: 0, preimage } if !preimage.contains(0) => Published::RoundsToZero,
        Treatment::Replace { by, .. } => Published::Rounded(by),
        Treatment::Withhold { .. } | Treatment::Band { .. } => Published::Withheld,
        Treatment::Hide => return Err(Refusal::Mismatch("treatments")),
    })
}

fn copy_axes(table: &Table) -> Vec<ReleaseAxis> {
    table.axes.iter().map(copy_axis).collect()
}

fn copy_axis(axis: &Axis) -> ReleaseAxis {
    let total = axis.entries.iter().find(|e| e.level == 0);
    let entries = axis.entries.iter().filter(|e| e.shown).map(|e| ReleaseEntry {
        code: e.code.clone(),
        label: e.label.clone(),
        note: e.note.clone(),
        level: e.level,
        total: e.total,
    });
    ReleaseAxis {
        variable: axis.variable.clone(),
        label: axis.label.clone(),
        role: axis.role,
        entries: entries.collect(),
        total_code: total.map_or_else(|| "Total".to_owned(), |e| e.code.clone()),
    }
}

/// Hangs a note on the cell it names.
fn place_note(tables: &mut [ReleaseTable], note: &CellNote) -> Result<(), Refusal> {
    let ids = || tables.iter().map(|t| t.id.as_str()).collect::<Vec<_>>().join(", ");
    let missing = |what: String, there: String| Err(Refusal::NoSuchCell { table: note.table.clone(), what, there });
    let Some(index) = tables.iter().position(|t| t.id == note.table) else {
        return missing("a cell".to_owned(), ids());
    };
    let table = &tables[index];
    if let Some((variable, _)) = note.at.iter().find(|(v, _)| table.axes.iter().all(|a| a.variable != *v)) {
        let there = table.axes.iter().map(|a| a.variable.as_str()).collect::<Vec<_>>().join(", ");
        return missing(format!("the variable \"{variable}\""), there);
    }
    let mut at = Vec::with_capacity(table.axes.len());
    for axis in &table.axes {
        let code = note.at.iter().find(|(v, _)| *v == axis.variable).map_or(&axis.total_code, |(_, code)| code);
        match axis.entries.iter().position(|e| e.code == *code) {
            Some(entry) => at.push(entry),
            None => {
                let there = axis.entries.iter().map(|e| e.code.as_str()).collect::<Vec<_>>().join(", ");
                return missing(format!("the category \"{code}\" of \"{}\"", axis.variable), there);
            }
        }
    }
    let position = table.position(&at);
    tables[index].cell_notes.push((position, note.mark.clone(), note.text.clone()));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attack::Leak;
    use crate::model::{Demand, Interval, Want};
    use crate::release::fixture;

    /// What becomes of a release after a change to its parts.
    fn outcome(change: impl Fn(&mut System, &mut Protection, &mut Audit, &mut Header)) -> Result<Release, Refusal> {
        let (mut system, mut protection) = (fixture::system(), fixture::protection());
        let (mut audit, mut header) = (fixture::audit(), fixture::header());
        change(&mut system, &mut protection, &mut audit, &mut header);
        Release::new(&system, &protection, &audit, header)
    }

    fn refusal(change: impl Fn(&mut System, &mut Protection, &mut Audit, &mut Header)) -> String {
        outcome(change).err().map(|r| r.to_string()).unwrap_or_default()
    }

    #[test]
    fn only_what_is_printed_is_copied() -> Result<(), Refusal> {
        let release = outcome(|s, _, _, _| s.tables[1].axes[1].entries[2].shown = false)?;
        let table = &release.tables()[1];
        assert_eq!(table.axes[1].entries.len(), 2);
        assert_eq!(table.axes[1].total_code, "Total");
        use Published::{NotApplicable, Number, Withheld, Zero};
        let total = Number(fixture::SECRET + fixture::SECONDARY);
        let expected = [Withheld, Zero, Withheld, Number(6), NotApplicable, NotApplicable, total, Number(6)];
        assert_eq!(table.grid, expected);
        assert_eq!(table.withheld(), 2);
        Ok(())
    }

    #[test]
    fn every_verdict_but_safe_is_refused() {
        for verdict in [Verdict::SafeWithExceptions, Verdict::Unsafe, Verdict::Inconclusive] {
            assert_eq!(outcome(|_, _, a, _| a.verdict = verdict).err(), Some(Refusal::NotSafe(verdict)));
        }
    }

    /// With exceptions the verdict must say so, and every other is refused, plain "safe" too.
    #[test]
    fn exceptions_are_named_in_the_verdict() {
        let excused = crate::release::Excused {
            cell: "Year 2014".to_owned(),
            rule: "threshold",
            finding: String::new(),
            approved_by: "A".to_owned(),
            second: None,
            reason: "because".to_owned(),
            until: "2026-12-31".to_owned(),
            policy: "ours.toml:9".to_owned(),
        };
        let with =
            |verdict| outcome(|_, _, a, h| (a.verdict, h.terms.exceptions) = (verdict, vec![excused.clone()])).err();
        assert_eq!(with(Verdict::SafeWithExceptions), None);
        for verdict in [Verdict::Safe, Verdict::Unsafe, Verdict::Inconclusive] {
            assert_eq!(with(verdict), Some(Refusal::NotSafe(verdict)));
        }
    }

    #[test]
    fn an_audit_that_contradicts_its_verdict_is_refused() {
        let leak = Leak { cell: 0, learned: Interval::exactly(1), derivation: String::new() };
        let open = Demand::on(0, Want::Spread(2));
        assert!(refusal(|_, _, a, _| a.leaks.push(leak.clone())).contains("as a leak"));
        assert!(refusal(|_, _, a, _| a.open.push(open.clone())).contains("as unfinished"));
        assert!(refusal(|_, _, a, _| a.cells[3].protected = false).contains("as unprotected"));
        assert!(refusal(|_, p, _, _| p.failed.push((3, String::new()))).contains("could not be protected"));
        let not_attacked = refusal(|_, _, a, _| drop(a.cells.remove(0)));
        assert!(not_attacked.starts_with("Victim Age Under 10, Year 2014 is withheld but was not"), "{not_attacked}");
    }

    #[test]
    fn a_treatment_that_does_not_fit_its_cell_is_refused() {
        let preimage = Interval::new(3, 7);
        let wrong = refusal(|_, p, _, _| p.treatments[1] = Treatment::Replace { by: 5, preimage });
        assert!(wrong.contains("does not stand for it"), "{wrong}");
        assert!(refusal(|_, p, _, _| p.treatments[1] = Treatment::Hide).contains("nowhere"));
        assert!(refusal(|_, p, _, _| p.treatments.truncate(8)).contains("treatments"));
        assert!(refusal(|s, _, _, _| s.grids[1].truncate(8)).contains("grids"));
        let zero = refusal(|s, _, _, _| s.cells[0].value = 0);
        assert!(zero.contains("a zero is withheld"), "{zero}");
        // the rule hides 1 to 4, and a zero may be withheld for their sake; or it hides zeros as well
        assert!(outcome(|s, _, _, h| (s.cells[0].value, h.never_zero) = (0, false)).is_ok());
        let sum = || Measure::Sum { column: "loss".to_owned(), index: 0, decimals: 0 };
        assert!(outcome(|s, _, _, _| (s.cells[0].value, s.measures[0]) = (0, sum())).is_ok());
    }

    #[test]
    fn a_refusal_names_no_value() {
        let leaks = refusal(|_, _, a, _| a.cells[0].protected = false);
        assert!(!leaks.contains(&fixture::SECRET.to_string()), "{leaks}");
    }

    #[test]
    fn a_note_on_a_cell_that_is_not_there_says_what_is() {
        let told = |table: &str, at: &[(&str, &str)]| {
            refusal(|_, _, _, h| {
                h.cell_notes[0].table = table.to_owned();
                h.cell_notes[0].at = at.iter().map(|(v, c)| ((*v).to_owned(), (*c).to_owned())).collect();
            })
        };
        assert!(told("9", &[]).ends_with("table \"9\", which is not printed there; there are: 1, 2"));
        assert!(told("1", &[("age", "u10")]).contains("the variable \"age\""));
        assert!(told("1", &[("year", "2016")]).ends_with("there are: 2014, 2015, Total"));
    }
}
