//! From the data of a job to a system: trees become the dimensions, records or cells the groups that `link` adds up.
//!
//! 1. The variables of all tables are the dimensions of one space, so that a cell that stands in two tables is one.
//! 2. Records become one group each; of a table, the cells without subtotals do.
//! 3. Totals that a file of cells holds are checked against their parts; how many contribute to a cell and by how much
//!    is taken from the file, because it can't be added up.

mod cells;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::link::{Details, link};
use crate::model::{Axis, Cell, CellId, Dimension, Groups, Measure, Role as Side, Space, System, Table};
use crate::read::Error;

use super::batch::{CostBy, Data, Job, TableJob};
use super::micro::{self, Micro};
use super::rda::{Hierarchy, Rda, Role, Variable};
use super::recode;
use super::tab::{self, TabCell};
use super::tree::Tree;

/// The largest sum that is kept exactly.
const MOST: i128 = 9_000_000_000_000_000;
/// Contributions that are kept of each cell, for those who look at the two largest.
pub(super) const LARGEST: usize = 2;

/// A job whose data are read.
#[derive(Debug)]
pub struct Loaded {
    /// Its cells; its tables are those of the job, in the same order.
    pub system: System,
    /// The variables of each table.
    pub variables: Vec<Vec<Variable>>,
    /// Per table, the same cells with the amounts that rules look at, where these are not what is published.
    pub shadows: Vec<Option<System>>,
    /// What a file of cells says of each, by the position in its one table; empty for records.
    pub given: Vec<Option<TabCell>>,
    /// Per cell, what withholding it costs; `None`: its value, or its logarithm.
    pub costs: Option<Vec<i64>>,
    /// The records behind the cells, and what rules need of them; none of a file of cells.
    pub records: Option<(Groups, Details)>,
}

/// Reads the data of a job.
///
/// # Errors
/// Files that can't be read or contradict each other: file, line and variable are named.
pub fn load(job: &Job) -> Result<Loaded, Error> {
    let rda = Rda::read(&job.metadata)?;
    match &job.data {
        Data::Records(path) => {
            let micro = micro::read(path, &rda)?;
            Records { job, rda: &rda, micro: &micro }.load()
        }
        Data::Cells(path) => {
            let tab = tab::read(path, &rda)?;
            let table = job.tables.first().ok_or_else(|| Error::usage(format!("{}: no table is made", job.place)))?;
            cells::cells(job, table, &rda, &tab)
        }
    }
}

/// The variable of a table by its name, which must have the role.
fn variable(rda: &Rda, table: &TableJob, name: &str, fits: fn(Role) -> bool) -> Result<usize, Error> {
    let at = rda.find(name).filter(|&at| rda.variables.get(at).is_some_and(|v| fits(v.role)));
    at.ok_or_else(|| {
        let there: Vec<&str> = rda.variables.iter().filter(|v| fits(v.role)).map(|v| v.name.as_str()).collect();
        Error::usage(format!("{}: the metadata have no such variable \"{name}\"", table.place))
            .with_help(format!("there are: {}", there.join(", ")))
    })
}

/// An axis on the leaves of its dimension, where codes were made coarser.
fn axis(tree: &Tree, dim: usize, recodes: &[recode::Recode]) -> Result<Axis, Error> {
    let fine = tree.leaves();
    let mut tree = tree.clone();
    // where each leaf of the dimension is now
    let mut at: BTreeMap<String, String> = fine.keys().map(|c| ((*c).to_owned(), (*c).to_owned())).collect();
    for recode in recodes {
        let (coarser, under) = recode.apply(&tree)?;
        at.values_mut().for_each(|code| {
            if let Some(new) = under.get(code) {
                code.clone_from(new);
            }
        });
        tree = coarser;
    }
    let mut axis = tree.axis(dim);
    let coarse: BTreeMap<&str, u32> = tree.leaves();
    let mut of: HashMap<u32, Vec<u32>> = HashMap::new();
    for (code, leaf) in &fine {
        if let Some(now) = at.get(*code).and_then(|c| coarse.get(c.as_str())) {
            of.entry(*now).or_default().push(*leaf);
        }
    }
    for entry in &mut axis.entries {
        entry.leaves = entry.leaves.iter().flat_map(|l| of.get(l).cloned().unwrap_or_default()).collect();
        entry.leaves.sort_unstable();
    }
    // a new code that no old one has become is a category of nobody
    axis.entries.retain(|entry| !entry.leaves.is_empty());
    Ok(axis)
}

/// A table of these axes.
fn table(index: usize, job: &TableJob, measure: usize, mut axes: Vec<Axis>) -> Table {
    if let [_, second] = &mut axes[..] {
        second.role = Side::Column;
    }
    Table {
        id: (index + 1).to_string(),
        title: job.variables.join(" x "),
        measure,
        axes,
        scope: Vec::new(),
        scope_name: String::new(),
        notes: Vec::new(),
    }
}

/// Records and what is made of them.
struct Records<'a> {
    job: &'a Job,
    rda: &'a Rda,
    micro: &'a Micro,
}

impl Records<'_> {
    fn load(&self) -> Result<Loaded, Error> {
        let (dims, trees) = self.dimensions()?;
        let space = space(&trees);
        let mut measures = Vec::new();
        let mut groups = self.groups(&dims, &trees)?;
        let mut tables = Vec::new();
        for (index, job) in self.job.tables.iter().enumerate() {
            let measure = self.measure(job, job.response.as_deref(), &mut measures, &mut groups)?;
            tables.push(table(index, job, measure, self.axes(job, &dims, &trees)?));
        }
        let wanted = self.job.tables.iter().filter_map(|t| t.rules.as_ref()).map(|r| r.largest);
        let contributions = wanted.max().unwrap_or(0).max(LARGEST);
        let insiders = usize::from(self.job.suppress.as_ref().is_some_and(|s| s.singletons));
        let details = Details { contributions, insiders, ..Details::default() };
        let system = link(space.clone(), measures, tables.clone(), &groups, details);
        let records = Some((groups.clone(), details));
        let costs = self.costs(&system, &space, &tables, &mut groups)?;
        let shadows = self.shadows(&system, &space, &tables, &mut groups, details)?;
        let variables = tables.iter().map(|t| self.variables(t)).collect();
        Ok(Loaded { system, variables, shadows, given: Vec::new(), costs, records })
    }

    /// Every variable that a table is made by, and its tree.
    fn dimensions(&self) -> Result<(Vec<usize>, Vec<Tree>), Error> {
        let mut dims = Vec::new();
        for job in &self.job.tables {
            let mut own = BTreeSet::new();
            for name in &job.variables {
                let at = variable(self.rda, job, name, |role| role == Role::Explanatory)?;
                if !own.insert(at) {
                    return Err(Error::usage(format!("{}: {name} stands twice in the table", job.place)));
                }
                if !dims.contains(&at) {
                    dims.push(at);
                }
            }
        }
        let tree = |&at: &usize| match (self.rda.variables.get(at), self.micro.codes.get(at)) {
            (Some(variable), Some(codes)) => Tree::of(variable, &codes.found()),
            _ => Err(Error::internal("a variable has no codes")),
        };
        let trees = dims.iter().map(tree).collect::<Result<_, _>>()?;
        Ok((dims, trees))
    }

    /// One group per record; the record is its own contributor.
    fn groups(&self, dims: &[usize], trees: &[Tree]) -> Result<Groups, Error> {
        let mut leaf = Vec::with_capacity(dims.len());
        for (&at, tree) in dims.iter().zip(trees) {
            let leaves = tree.leaves();
            let Some(codes) = self.micro.codes.get(at) else { continue };
            let of: Result<Vec<u32>, Error> = codes.names.iter().map(|name| {
                leaves.get(name.as_str()).copied().ok_or_else(|| {
                    Error::data(format!("{}: some records have the code \"{name}\", which has others below it", tree.name))
                        .with_help("records have codes of the lowest level; a total or subtotal can't be counted with its parts")
                })
            }).collect();
            let of = of?;
            leaf.push(codes.of.iter().filter_map(|&n| of.get(n as usize).copied()).collect());
        }
        let person = Some((0..).take(self.micro.len).collect());
        Ok(Groups { leaf, records: vec![1; self.micro.len], person, ..Groups::default() })
    }

    /// The measure of a response, with its amounts among the groups.
    fn measure(
        &self,
        job: &TableJob,
        response: Option<&str>,
        measures: &mut Vec<Measure>,
        groups: &mut Groups,
    ) -> Result<usize, Error> {
        let measure = match response {
            None => Measure::Records,
            Some(name) => {
                let at =
                    variable(self.rda, job, name, |role| matches!(role, Role::Numeric | Role::Shadow | Role::Cost))?;
                let (decimals, amounts) = self.amounts(at)?;
                let column = self.rda.variables.get(at).map(|v| v.name.clone()).unwrap_or_default();
                let known = |m: &Measure| matches!(m, Measure::Sum { column: c, .. } if *c == column);
                if let Some(known) = measures.iter().position(known) {
                    return Ok(known);
                }
                groups.sums.push(amounts);
                Measure::Sum { column, index: groups.sums.len() - 1, decimals }
            }
        };
        let known = measures.iter().position(|m| *m == measure);
        Ok(known.unwrap_or_else(|| {
            measures.push(measure);
            measures.len() - 1
        }))
    }

    /// The amounts of a variable in units of their last decimal.
    fn amounts(&self, at: usize) -> Result<(u32, Vec<i64>), Error> {
        let (Some(variable), Some(amounts)) = (self.rda.variables.get(at), self.micro.amounts.get(at)) else {
            return Err(Error::internal("a variable has no amounts"));
        };
        let name = &variable.name;
        let decimals = amounts.iter().map(|a| a.decimals).max().unwrap_or(0).max(variable.decimals);
        let scaled: Option<Vec<i64>> = amounts.iter().map(|a| a.scaled(decimals)).collect();
        let too_large =
            || Error::data(format!("{name}: amounts are too large to be kept exactly with {decimals} decimals"));
        let scaled = scaled.ok_or_else(too_large)?;
        if scaled.iter().any(|v| *v < 0) {
            return Err(Error::data(format!("{name}: some amounts are negative")).with_help(
                "tables with negative amounts are not protected: an intruder is taken to know that there are none",
            ));
        }
        match scaled.iter().map(|&v| i128::from(v)).sum::<i128>() > MOST {
            true => Err(too_large()),
            false => Ok((decimals, scaled)),
        }
    }

    fn axes(&self, job: &TableJob, dims: &[usize], trees: &[Tree]) -> Result<Vec<Axis>, Error> {
        let mut axes = Vec::new();
        for name in &job.variables {
            let found = dims.iter().zip(trees).enumerate();
            let found =
                found.map(|(dim, (_, tree))| (dim, tree)).find(|(_, tree)| tree.name.eq_ignore_ascii_case(name));
            let Some((dim, tree)) = found else { continue };
            let own = job.recodes.iter().filter(|(variable, _)| variable.eq_ignore_ascii_case(name));
            let recodes: Result<Vec<_>, Error> = own.map(|(_, how)| recode::read(how, &self.job.folder)).collect();
            axes.push(axis(tree, dim, &recodes?)?);
        }
        for (variable, _) in &job.recodes {
            if !job.variables.iter().any(|v| v.eq_ignore_ascii_case(variable)) {
                return Err(Error::usage(format!(
                    "{}: <RECODE> names {variable}, which the table does not have",
                    job.place
                )));
            }
        }
        Ok(axes)
    }

    fn variables(&self, table: &Table) -> Vec<Variable> {
        let of = |axis: &Axis| self.rda.variables.iter().find(|v| v.name == axis.variable).cloned();
        table.axes.iter().filter_map(of).collect()
    }

    /// The cells of each table with the sums of its shadow variable, and who contributes to these.
    fn shadows(
        &self,
        system: &System,
        space: &Space,
        tables: &[Table],
        groups: &mut Groups,
        details: Details,
    ) -> Result<Vec<Option<System>>, Error> {
        let mut shadows = Vec::new();
        for job in &self.job.tables {
            let Some(name) = &job.shadow else {
                shadows.push(None);
                continue;
            };
            groups.sums.clear();
            let mut measures = Vec::new();
            self.measure(job, Some(name), &mut measures, groups)?;
            let tables = tables.iter().map(|t| Table { measure: 0, ..t.clone() }).collect();
            let other = link(space.clone(), measures, tables, groups, details);
            let mut shadow = system.clone();
            for (cell, own) in shadow.cells.iter_mut().enumerate() {
                if let Some(theirs) = at_place(system, &other, cell) {
                    (own.value, own.contributions) = (theirs.value, theirs.contributions.clone());
                }
            }
            shadows.push(Some(shadow));
        }
        Ok(shadows)
    }

    /// What withholding each cell costs, where it is the sum of a variable or the number of contributors.
    fn costs(
        &self,
        system: &System,
        space: &Space,
        tables: &[Table],
        groups: &mut Groups,
    ) -> Result<Option<Vec<i64>>, Error> {
        let Some(first) = self.job.tables.first() else { return Ok(None) };
        let measure = match &first.cost {
            CostBy::Response | CostBy::Log => return Ok(None),
            CostBy::Unity => return Ok(Some(vec![1; system.cells.len()])),
            CostBy::Frequency => Measure::Records,
            CostBy::Variable(name) => {
                let mut measures = Vec::new();
                groups.sums.clear();
                self.measure(first, Some(name), &mut measures, groups)?;
                measures.pop().unwrap_or(Measure::Records)
            }
        };
        let tables: Vec<Table> = tables.iter().map(|t| Table { measure: 0, ..t.clone() }).collect();
        let other = link(space.clone(), vec![measure], tables, groups, Details::default());
        Ok(Some(by_place(system, &other)))
    }
}

/// The values that another system has at the places of the cells of this one; 1 at least.
fn by_place(system: &System, other: &System) -> Vec<i64> {
    (0..system.cells.len()).map(|cell| at_place(system, other, cell).map_or(1, |c| c.value.max(1))).collect()
}

/// The cell that another system of the same tables has in the place of one of this.
fn at_place<'a>(system: &System, other: &'a System, cell: CellId) -> Option<&'a Cell> {
    let place = system.cells.get(cell)?.places.first()?;
    other.cells.get((*other.grids.get(place.table)?.get(place.position)?)?)
}

fn space(trees: &[Tree]) -> Space {
    let dimension = |tree: &Tree| Dimension::new(&tree.name, u32::try_from(tree.leaves().len()).unwrap_or(u32::MAX));
    Space { dims: trees.iter().map(dimension).collect() }
}

/// The hierarchy of a variable as the text of a `.hrc` file, where it has one.
pub fn hrc(variable: &Variable, axis: &Axis) -> Option<String> {
    let Hierarchy::File { lead, .. } = &variable.hierarchy else { return None };
    let line = |e: &crate::model::Entry| format!("{}{}\n", lead.repeat(e.level.saturating_sub(1) as usize), e.code);
    Some(axis.entries.iter().filter(|e| e.level > 0).map(line).collect())
}
