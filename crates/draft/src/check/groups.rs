//! Group disclosure where figures are withheld: a group all of which must be in one category, whatever the withheld
//! figures are. Where all is printed, the rule itself looks (`unsafe_cells`).

use crate::attack::{Attack, Met};
use crate::model::{CellId, Demand, Interval, Want};
use crate::policy::Policy;
use crate::solve::Solver;

use super::reading::Reading;

/// The rule in the registry.
const RULE: &str = "group-disclosure";

/// A group that is surely in one category.
#[derive(Clone, Debug)]
pub(crate) struct Group {
    /// The category.
    pub cell: CellId,
    /// The group.
    pub margin: CellId,
    /// How many of it may be elsewhere.
    pub except: i64,
    /// The line of the policy.
    pub line: String,
}

/// Every such group.
pub(crate) fn told(reading: &Reading, policy: &Policy, base: Option<&[i64]>, solver: &dyn Solver) -> Vec<Group> {
    let mut asked: Vec<(Group, Demand)> = Vec::new();
    for rule in policy.rules.iter().filter(|r| r.rule.name() == RULE) {
        let parameters = rule.rule.parameters();
        let value = |name: &str| parameters.iter().find(|p| p.0 == name).map(|p| p.1.clone()).unwrap_or_default();
        let except: i64 = value("except").parse().unwrap_or(0);
        let all = value("variables") == "all";
        for (cell, margin) in pairs(reading, all) {
            let known = |c: CellId| reading.known.domain(c);
            let settled = known(cell).value().is_some() && known(margin).value().is_some();
            if settled || known(cell).lo.is_none_or(|l| l < 1) || cell == margin {
                continue;
            }
            let want = Want::Within(Interval::at_least(except.saturating_add(1)));
            let demand = Demand { form: vec![(margin, 1), (cell, -1)], ..Demand::on(cell, want) };
            asked.push((Group { cell, margin, except, line: rule.line.clone() }, demand));
        }
    }
    if asked.is_empty() {
        return Vec::new();
    }
    let demands: Vec<Demand> = asked.iter().map(|a| a.1.clone()).collect();
    let name = |_: CellId| String::new();
    let proofs = Attack::new(solver, &name).prove(&reading.known.public, &demands, base).unwrap_or_default();
    let unmet = asked.into_iter().zip(proofs).filter(|(_, p)| p.met != Met::Yes);
    unmet.map(|((group, _), _)| group).collect()
}

/// Printed cells and the groups that they are a category of.
fn pairs(reading: &Reading, all: bool) -> Vec<(CellId, CellId)> {
    let system = &reading.bound.system;
    let mut pairs = Vec::new();
    let total = |axis: &crate::model::Axis| axis.entries.iter().position(|e| e.level == 0);
    let totals: Vec<Vec<Option<usize>>> = system.tables.iter().map(|t| t.axes.iter().map(total).collect()).collect();
    for placed in &reading.bound.placed {
        let Some(table) = system.tables.get(placed.table) else { continue };
        let at = reading.tables.get(placed.table).and_then(|f| f.at(placed.row, placed.col));
        let Some(at) = at.and_then(|at| reading.bound.entry(placed.table, &at)) else { continue };
        for (a, axis) in table.axes.iter().enumerate().filter(|(_, axis)| all || axis.sensitive.any()) {
            let own = at.get(a).and_then(|&e| axis.entries.get(e));
            let total = totals.get(placed.table).and_then(|t| t.get(a)).copied().flatten();
            let (Some(_), Some(total)) = (own.filter(|e| e.level > 0), total) else { continue };
            let mut margin = at.clone();
            margin[a] = total;
            pairs.extend(system.cell_at(placed.table, &margin).map(|m| (placed.cell, m)));
        }
    }
    pairs.sort_unstable();
    pairs.dedup();
    pairs
}
