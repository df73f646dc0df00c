//! The search for alternative tables within one component.
//!
//! Each question is first put to a linear program that stays warm from one question to the next; if the corner it
//! ends in is not whole, to a whole program, or where cells need not be whole to exact work in fractions (`exact`). Every
//! table that is handed out has been checked in whole numbers or in fractions.
//!
//! That there is no table is a solver's word where cells are whole and numbers small enough for it to tell them apart;
//! everywhere else it counts only with a certificate.

use std::sync::Arc;

use crate::model::Interval;
use crate::solve::{Changes, Column, Effort, Program, Row, Session, Solver, Status};
use crate::witness::{FARTHEST, FEW_NODES};

use super::exact::{Exact, Guide, Point, Ratio, Reach};
use super::reduce::Component;
use super::run::Attack;

/// In components of more cells than this some table is looked for among fractions first.
const WHOLE_FIRST: usize = 2_000;
/// How far a solver's number may be from a whole one and still be read as that one.
const NEAR: f64 = 1e-6;
/// Cells of the largest move in fractions that a whole program is asked about.
const MOST_MOVING: usize = 400;

/// The answer to "is there a table with the cell within these bounds?".
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// Yes: the values of the component's cells.
    Table(Vec<i64>),
    /// Yes, for an intruder who does not know that cells are whole: in fractions.
    Fractions(Arc<Point>),
    /// No.
    Impossible,
    /// A limit ended the search.
    Unknown,
}

/// The answer to "how small (large) can the cell be?".
#[derive(Clone, Debug)]
pub(crate) struct Extreme {
    /// The value; `None` where there is no bound.
    pub value: Option<i64>,
    /// A table that reaches it.
    pub table: Option<Vec<i64>>,
    /// Whether a limit ended the search: the true extreme may lie beyond `value`.
    pub stopped: bool,
    /// Rows of the component that together prove the value, where one relaxation did.
    pub proof: Vec<usize>,
}

/// Asks questions about one component.
pub(crate) struct Probe<'a> {
    part: &'a Component,
    attack: &'a Attack<'a>,
    solver: &'a dyn Solver,
    effort: Effort,
    /// Whether the cells are known to be whole.
    whole: bool,
    /// The linear programs speak of differences to this point, which keeps their numbers small.
    base: Vec<i64>,
    /// Whether that point is a table.
    fits: bool,
    /// Whether numbers are so large that a solver's word is not enough, once that was asked.
    delicate: Option<bool>,
    exact: Option<Exact<'a>>,
    linear: Option<Box<dyn Session>>,
    /// The same cells, each with a way up and a way down from the base at a cost of 1: its corners are short moves, which
    /// are whole far more often.
    short: Option<Box<dyn Session>>,
}

impl<'a> Probe<'a> {
    /// A probe of a component; `base` is a table near which the search takes place, if one is known.
    pub fn new(part: &'a Component, base: Option<Vec<i64>>, attack: &'a Attack<'a>) -> Self {
        let base = base.unwrap_or_else(|| part.domain.iter().map(|d| d.lo.or(d.hi).unwrap_or(0)).collect());
        Probe {
            fits: fits(part, &base),
            delicate: None,
            part,
            attack,
            solver: attack.solver,
            effort: attack.effort(),
            whole: attack.whole,
            base,
            exact: None,
            linear: None,
            short: None,
        }
    }

    /// Whether numbers are so large that a solver's word is not enough.
    fn is_delicate(&mut self) -> bool {
        let known = self.delicate.unwrap_or_else(|| self.program(false).is_delicate());
        self.delicate = Some(known);
        known
    }

    /// Whether the cells are known to be whole.
    pub fn whole(&self) -> bool {
        self.whole
    }

    /// The smallest (`sign` 1) or largest (`sign` -1) value of a cell.
    pub fn extreme(&mut self, cell: usize, sign: i64) -> Extreme {
        let answer = {
            let session = self.linear();
            session.set_cost(cell, sign as f64);
            let answer = session.solve();
            session.set_cost(cell, 0.0);
            answer
        };
        let bounded = answer.status == Status::Optimal;
        let proof: Vec<usize> = (0..answer.row_duals.len()).filter(|&r| answer.row_duals[r].abs() > NEAR).collect();
        // the distance first: a large base would swallow what is left of it
        let far = (answer.objective - NEAR).ceil() as i64;
        let outer = self.base[cell].saturating_add(sign.saturating_mul(far));
        if let Some(table) = self.whole_table(&answer.columns) {
            // whole and optimal for the relaxation: optimal
            if bounded && table[cell] == outer {
                return self.vouch(
                    cell,
                    sign,
                    Extreme { value: Some(outer), table: Some(table), stopped: false, proof },
                );
            }
        }
        if answer.status == Status::Unbounded {
            let stopped = self.is_delicate() && !self.reach((cell, sign), None).0.endless;
            return Extreme { value: None, table: None, stopped, proof: vec![] };
        }
        if bounded && let Found::Table(table) = self.nearest(cell, outer, Interval::exactly(outer)) {
            return self.vouch(cell, sign, Extreme { value: Some(outer), table: Some(table), stopped: false, proof });
        }
        let extreme = self.whole_extreme(cell, sign);
        self.vouch(cell, sign, extreme)
    }

    /// An end as it is, or one that may lie beyond, where the solver's word is not enough and there is no certificate.
    fn vouch(&mut self, cell: usize, sign: i64, extreme: Extreme) -> Extreme {
        if extreme.stopped || !self.is_delicate() {
            return extreme;
        }
        let beyond = extreme.value.and_then(|v| v.checked_sub(sign)).map(Ratio::from);
        let none = beyond.is_some_and(|far| self.reach((cell, sign), Some(&far)).0.ends_before(&far, sign));
        Extreme { stopped: !none, ..extreme }
    }

    /// What is proved about the smallest (`sign` 1) or largest (-1) value of a cell in fractions, at least as far as it takes
    /// to tell whether it can go `far`; and a whole table, if the solver came upon one.
    pub fn reach(&mut self, (cell, sign): (usize, i64), far: Option<&Ratio>) -> (Reach, Option<Vec<i64>>) {
        let known = self.exact().known(cell, sign);
        if known.settled(cell, sign, far) {
            return (known, None);
        }
        let (lo, hi) = self.bounds(cell, self.part.domain[cell]);
        let end = far.map(|far| (far - Ratio::from(self.base[cell])).to_f64_fast());
        let session = self.linear();
        session.set_cost(cell, sign as f64);
        match end {
            Some(end) if sign > 0 => session.set_bounds(cell, lo.max(end), hi.max(end)),
            Some(end) => session.set_bounds(cell, lo.min(end), hi.min(end)),
            None => {}
        }
        let answer = session.solve();
        session.set_cost(cell, 0.0);
        session.set_bounds(cell, lo, hi);
        let table = self.whole_table(&answer.columns);
        let base = self.base.clone();
        let guide = Guide { base: &base, moved: &answer.columns, multipliers: &answer.row_duals };
        let guide = Some(&guide).filter(|_| answer.status == Status::Optimal);
        let attack = self.attack;
        let reach = self.exact().reach((cell, sign), far, guide, &|| attack.out_of_time());
        (reach, table)
    }

    /// Exact work on the component.
    fn exact(&mut self) -> &mut Exact<'a> {
        let table = Some(&self.base[..]).filter(|_| self.fits);
        self.exact.get_or_insert_with(|| Exact::new(self.part, table))
    }

    /// Some table in fractions: the base, if it is one.
    pub fn some_point(&mut self) -> Option<Arc<Point>> {
        let attack = self.attack;
        self.exact().table(&|| attack.out_of_time())
    }

    fn whole_extreme(&self, cell: usize, sign: i64) -> Extreme {
        if self.solver.stopped() {
            return Extreme { value: None, table: None, stopped: true, proof: vec![] };
        }
        let mut program = self.program(true);
        program.columns[cell].cost = sign as f64;
        let answer = self.solver.solve(&program, self.effort);
        let table = self.whole_table(&answer.columns);
        let value = table.as_ref().map(|t| t[cell]).filter(|_| answer.status != Status::Unbounded);
        let complete =
            matches!(answer.status, Status::Unbounded) || (answer.status == Status::Optimal && table.is_some());
        Extreme { value, table, stopped: !complete, proof: vec![] }
    }

    /// Any table at all.
    pub fn any(&self) -> Option<Vec<i64>> {
        // corners of tables with two sides are whole, and found far sooner than a whole program is solved
        if self.base.len() > WHOLE_FIRST {
            let answer = self.solver.solve(&self.program(false), self.effort);
            if let Some(table) = self.whole_table(&answer.columns) {
                return Some(table);
            }
        }
        let answer = self.solver.solve(&self.program(true), self.effort);
        self.whole_table(&answer.columns)
    }

    /// A table with the cell within these bounds.
    pub fn within(&mut self, cell: usize, bounds: Interval) -> Found {
        let narrowed = self.part.domain[cell].meet(bounds);
        if narrowed.is_empty() {
            return Found::Impossible;
        }
        let close = narrowed.lo.map_or(self.base[cell], |lo| self.base[cell].max(lo));
        let close = narrowed.hi.map_or(close, |hi| close.min(hi));
        if self.fits {
            // what is possible is convex for the relaxation: if the nearest value is not, none beyond it is
            match self.nearest(cell, close, narrowed) {
                Found::Impossible if self.whole => return self.impossible(cell, bounds),
                Found::Unknown | Found::Impossible => {}
                found => return found,
            }
        }
        if !self.whole {
            return self.within_fractions(cell, bounds);
        }
        let (lo, hi) = self.bounds(cell, narrowed);
        let (old_lo, old_hi) = self.bounds(cell, self.part.domain[cell]);
        let session = self.linear();
        session.set_bounds(cell, lo, hi);
        let answer = session.solve();
        session.set_bounds(cell, old_lo, old_hi);
        if let Some(table) = self.whole_table(&answer.columns).filter(|t| bounds.contains(t[cell])) {
            return Found::Table(table);
        }
        if answer.status == Status::Infeasible {
            return self.impossible(cell, bounds);
        }
        if self.solver.stopped() {
            return Found::Unknown;
        }
        let mut program = self.program(true);
        (program.columns[cell].lo, program.columns[cell].hi) = (lo, hi);
        let answer = self.solver.solve(&program, self.effort);
        match (answer.status, self.whole_table(&answer.columns)) {
            (_, Some(table)) if bounds.contains(table[cell]) => Found::Table(table),
            (Status::Infeasible, _) => self.impossible(cell, bounds),
            // what a solver can't say of such numbers a certificate may
            _ if self.is_delicate() => self.impossible(cell, bounds),
            _ => Found::Unknown,
        }
    }

    /// That no whole table has a cell within these bounds: as a solver says, or with a certificate where that is not enough.
    fn impossible(&mut self, cell: usize, bounds: Interval) -> Found {
        let proved = !self.is_delicate()
            || [(bounds.lo, -1), (bounds.hi, 1)].into_iter().any(|(end, sign)| {
                let far = end.map(Ratio::from);
                far.is_some_and(|far| self.reach((cell, sign), Some(&far)).0.ends_before(&far, sign))
            });
        if proved { Found::Impossible } else { Found::Unknown }
    }

    /// A table in fractions with the cell within these bounds.
    fn within_fractions(&mut self, cell: usize, bounds: Interval) -> Found {
        let Some(from) = self.some_point() else { return Found::Unknown };
        let (lo, hi) = (bounds.lo.map(Ratio::from), bounds.hi.map(Ratio::from));
        let (far, sign) = match (lo, hi) {
            (Some(lo), _) if *from.at(cell) < lo => (lo, -1),
            (_, Some(hi)) if *from.at(cell) > hi => (hi, 1),
            _ => return Found::Fractions(from),
        };
        let (reach, table) = self.reach((cell, sign), Some(&far));
        if let Some(table) = table.filter(|t| bounds.contains(t[cell])) {
            return Found::Table(table);
        }
        match reach.as_far(cell, &far, sign).and_then(|p| Point::between(self.part, &from, p, cell, &far)) {
            Some(point) => Found::Fractions(Arc::new(point)),
            None if reach.ends_before(&far, sign) => Found::Impossible,
            None => Found::Unknown,
        }
    }

    /// A whole table that differs little from the base, with this value of a cell, or another one within the bounds; if a
    /// linear program comes upon one, or a whole one over the cells that it moves.
    fn nearest(&mut self, cell: usize, value: i64, bounds: Interval) -> Found {
        let n = self.base.len();
        let Some(by) = value.checked_sub(self.base[cell]).map(|by| by as f64) else { return Found::Unknown };
        let (up, down) = (by.max(0.0), (-by).max(0.0));
        let (lo, hi) = self.bounds(cell, self.part.domain[cell]);
        let mut session = match self.short.take() {
            Some(session) => session,
            None => self.solver.open(&self.short_moves(), Effort { changes: Changes::Push, ..self.effort }),
        };
        session.set_bounds(cell, up, up);
        session.set_bounds(cell + n, down, down);
        let answer = session.solve();
        session.set_bounds(cell, 0.0, hi.max(0.0));
        session.set_bounds(cell + n, 0.0, (-lo).max(0.0));
        self.short = Some(session);
        if answer.status == Status::Infeasible {
            return Found::Impossible;
        }
        let Some((ups, downs)) = answer.columns.split_at_checked(n) else { return Found::Unknown };
        let moved: Vec<f64> = ups.iter().zip(downs).map(|(up, down)| up - down).collect();
        let found = self.whole_table(&moved).filter(|t| t[cell] == value);
        // where cells need not be whole, fractions are as good, and cheaper
        let among = || if self.whole { self.among(&moved, cell, bounds) } else { None };
        found.or_else(among).map_or(Found::Unknown, Found::Table)
    }

    /// A whole table with a cell within these bounds, where only those cells differ from the base that a linear program
    /// moves, in fractions: a halved move may be whole when it goes twice as far.
    fn among(&self, moved: &[f64], cell: usize, bounds: Interval) -> Option<Vec<i64>> {
        let moving: Vec<usize> = (0..moved.len()).filter(|&c| moved[c].abs() > NEAR).collect();
        if moving.len() > MOST_MOVING {
            return None;
        }
        let far = moving.iter().map(|&c| moved[c].abs()).fold(1.0, f64::max) * FARTHEST;
        let mut at = vec![usize::MAX; moved.len()];
        moving.iter().enumerate().for_each(|(i, &c)| at[c] = i);
        let column = |&c: &usize| {
            let (lo, hi) = self.bounds(c, if c == cell { bounds } else { self.part.domain[c] });
            Column { cost: 0.0, lo: if c == cell { lo } else { lo.max(-far) }, hi: hi.min(far).max(lo), whole: true }
        };
        let row = |row: &Vec<(usize, i64)>| {
            let terms = row.iter().filter(|t| at[t.0] != usize::MAX).map(|&(c, k)| (at[c], k as f64));
            Row { lo: 0.0, hi: 0.0, terms: terms.collect() }
        };
        let rows = self.part.rows.iter().map(row).filter(|r| !r.terms.is_empty()).collect();
        let program = Program { columns: moving.iter().map(column).collect(), rows };
        let answer = self.solver.solve(&program, Effort { nodes: FEW_NODES, ..self.effort });
        let mut whole = vec![0.0; moved.len()];
        moving.iter().zip(&answer.columns).for_each(|(&c, &by)| whole[c] = by);
        self.whole_table(&whole).filter(|t| bounds.contains(t[cell]))
    }

    /// The program of short moves: ways up, then ways down.
    fn short_moves(&self) -> Program {
        let n = self.base.len();
        let mut program = self.program(false);
        let way = |hi: f64| Column { cost: 1.0, lo: 0.0, hi: hi.max(0.0), whole: false };
        let down: Vec<Column> = program.columns.iter().map(|c| way(-c.lo)).collect();
        program.columns.iter_mut().for_each(|c| *c = way(c.hi));
        program.columns.extend(down);
        for row in &mut program.rows {
            let back: Vec<(usize, f64)> = row.terms.iter().map(|&(c, k)| (c + n, -k)).collect();
            row.terms.extend(back);
        }
        program
    }

    /// The warm linear program.
    fn linear(&mut self) -> &mut Box<dyn Session> {
        let open = match self.linear.take() {
            Some(open) => open,
            None => self.solver.open(&self.program(false), self.effort),
        };
        self.linear.insert(open)
    }

    /// A cell's bounds as differences to the base.
    fn bounds(&self, cell: usize, d: Interval) -> (f64, f64) {
        let shift = |b: i64| (i128::from(b) - i128::from(self.base[cell])) as f64;
        (d.lo.map_or(f64::NEG_INFINITY, shift), d.hi.map_or(f64::INFINITY, shift))
    }

    fn program(&self, whole: bool) -> Program {
        let columns = (0..self.part.cells.len()).map(|c| {
            let (lo, hi) = self.bounds(c, self.part.domain[c]);
            Column { cost: 0.0, lo, hi, whole }
        });
        let rows = self.part.rows.iter().zip(&self.part.constants).map(|(row, &constant)| {
            let at_base: i128 = row.iter().map(|&(c, k)| i128::from(k) * i128::from(self.base[c])).sum();
            let rest = (constant - at_base) as f64;
            Row { lo: rest, hi: rest, terms: row.iter().map(|&(c, k)| (c, k as f64)).collect() }
        });
        Program { columns: columns.collect(), rows: rows.collect() }
    }

    /// A solver's answer as whole numbers, if it is one and satisfies every relation and bound exactly.
    fn whole_table(&self, answer: &[f64]) -> Option<Vec<i64>> {
        if answer.len() != self.base.len() {
            return None;
        }
        let table: Option<Vec<i64>> = answer
            .iter()
            .zip(&self.base)
            .map(|(&x, &b)| {
                let rounded = x.round();
                let near = (x - rounded).abs() <= NEAR * rounded.abs().max(1.0) && rounded.abs() < 9e15;
                near.then(|| b.checked_add(rounded as i64)).flatten()
            })
            .collect();
        table.filter(|t| fits(self.part, t))
    }
}

/// Whether a table satisfies every bound and relation of a component, in whole numbers.
pub(crate) fn fits(part: &Component, table: &[i64]) -> bool {
    let bounded = part.domain.iter().zip(table).all(|(d, &v)| d.contains(v));
    bounded
        && part.rows.iter().zip(&part.constants).all(|(row, &constant)| {
            let sum: i128 = row.iter().map(|&(c, k)| i128::from(k) * i128::from(table[c])).sum();
            sum == constant
        })
}
