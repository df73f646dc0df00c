//! The tables of a tidy list: which lines belong together, over which variables, with all their margins.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::super::blocks::Block;
use super::super::figures::{Figures, Signs, told as told_by_layout};
use super::super::layout::Layout;
use super::super::lexicon::{Content, Lexed, key, tidy};
use super::super::measures::{self, Measure};
use super::super::sides::{Axis, side};
use super::super::table::{Head, Kind, Parsed, kinds};
use super::super::tree::Known;
use super::super::typed::{Typed, typed};
use super::NO_LINE;
use super::axes::{Built, axes, heading, totals};
use super::columns::{Columns, by_text};
use super::status;

/// Combinations of labels beyond so many are no table.
const MOST_CELLS: usize = 400_000;

/// What a tidy list holds.
#[derive(Clone, Debug, Default)]
pub(crate) struct Listed {
    /// Its tables of counts.
    pub tables: Vec<Figures>,
    /// Numbers that rates are over, and the like.
    pub measures: Vec<Figures>,
    /// Lines that name the same cell and both print a figure: table, and the rows of figures there.
    pub doubled: Vec<(usize, usize, usize)>,
    /// Figures of it are no counts.
    pub others: bool,
    /// Why a part of it can't be judged.
    pub refused: Option<String>,
}

/// Lines with the same labels, one for each thing that is counted.
struct Group {
    /// What the lines count, as texts of the columns of measures.
    measures: Vec<Vec<String>>,
    /// Per combination of labels, a row of the block for each measure.
    rows: Vec<Vec<usize>>,
}

/// The tables of a list.
pub(super) fn tables(
    number: usize,
    block: &Block,
    columns: &Columns,
    signs: &Signs,
    layout: Option<&Layout>,
) -> Option<Listed> {
    let mut listed = Listed::default();
    let whole: Vec<usize> = (1..block.rows.len()).collect();
    let several = |n: usize| n > 1;
    let parts = by_text(block, columns.table);
    for (text, rows) in &parts {
        let groups = groups(block, columns, rows);
        for group in &groups {
            let lines: Vec<usize> = group.rows.iter().filter_map(|r| r.first().copied()).collect();
            let mut making =
                Making { number, block, columns, signs, group, built: axes(block, &lines, &columns.labels, &whole) };
            let said = making.totals();
            let name = name(block, columns, text, group, (several(parts.len()), several(groups.len())));
            making.put(&name, &said, layout, &mut listed);
        }
    }
    let first: Vec<String> = listed.tables.iter().map(|t| t.name.clone()).collect();
    for (t, table) in listed.tables.iter_mut().enumerate() {
        let before = first.iter().take(t).filter(|n| **n == table.name).count();
        if before > 0 {
            table.name = format!("{} ({})", table.name, before + 1);
        }
    }
    (!listed.tables.is_empty() || listed.others || listed.refused.is_some()).then_some(listed)
}

/// What a table of a list is called.
fn name(block: &Block, columns: &Columns, text: &str, group: &Group, (tables, groups): (bool, bool)) -> String {
    let table = columns.table.map(|c| heading(block, c)).unwrap_or_default();
    let short = text.chars().count() <= 3;
    let own = match (tables, short) {
        (false, _) => block.name.clone(),
        (true, true) => format!("{table} {text}"),
        (true, false) => text.to_owned(),
    };
    let measure = group.measures.first().map(|m| m.join(", ")).filter(|m| groups && !m.is_empty());
    measure.map_or(own.clone(), |m| if tables { format!("{own}, {m}") } else { m })
}

/// Lines that count the same combinations of labels stand together.
fn groups(block: &Block, columns: &Columns, rows: &[usize]) -> Vec<Group> {
    let text = |r: usize, c: usize| block.rows.get(r).and_then(|r| r.get(c)).map(|e| tidy(&e.text)).unwrap_or_default();
    let mut measures: Vec<(Vec<String>, Vec<usize>)> = Vec::new();
    let mut numbers: BTreeMap<Vec<String>, usize> = BTreeMap::new();
    for &r in rows {
        let own: Vec<String> = columns.measures.iter().map(|&c| text(r, c)).collect();
        let at = *numbers.entry(own.clone()).or_insert_with(|| {
            measures.push((own, Vec::new()));
            measures.len() - 1
        });
        if let Some((_, rows)) = measures.get_mut(at) {
            rows.push(r);
        }
    }
    // what a column says alike of all measures says nothing
    let alike: Vec<bool> = (0..columns.measures.len())
        .map(|c| measures.iter().map(|m| m.0.get(c)).collect::<BTreeSet<_>>().len() < 2)
        .collect();
    let combination = |r: usize| columns.labels.iter().map(|&c| key(&text(r, c))).collect::<Vec<String>>();
    let mut found: Vec<(Vec<Vec<String>>, Group)> = Vec::new();
    for (own, rows) in measures {
        let own: Vec<String> = own.into_iter().zip(&alike).filter(|(_, alike)| !**alike).map(|(t, _)| t).collect();
        let all: Vec<Vec<String>> = rows.iter().map(|&r| combination(r)).collect();
        let mut sorted = all.clone();
        sorted.sort();
        let apart = sorted.windows(2).all(|w| w[0] != w[1]);
        let same = found.iter().position(|f| apart && f.0 == sorted);
        match same.and_then(|at| found.get_mut(at)) {
            Some((_, group)) => {
                let place: HashMap<&Vec<String>, usize> = all.iter().zip(rows.iter().copied()).collect();
                let first: Vec<Option<usize>> = group
                    .rows
                    .iter()
                    .map(|line| line.first().and_then(|&r| place.get(&combination(r)).copied()))
                    .collect();
                for (line, row) in group.rows.iter_mut().zip(first) {
                    line.extend(row);
                }
                group.measures.push(own);
            }
            None => found.push((
                if apart { sorted } else { Vec::new() },
                Group { measures: vec![own], rows: rows.into_iter().map(|r| vec![r]).collect() },
            )),
        }
    }
    found.into_iter().map(|(_, group)| group).collect()
}

/// Tables in the making from a group of lines.
struct Making<'a> {
    number: usize,
    block: &'a Block,
    columns: &'a Columns,
    signs: &'a Signs,
    group: &'a Group,
    built: Built,
}

/// A column of figures of the tables: which measure, and which column of the list.
type Column = (usize, usize);

impl Making<'_> {
    fn columns(&self) -> Vec<Column> {
        let values = &self.columns.values;
        (0..self.group.measures.len()).flat_map(|m| values.iter().map(move |&v| (m, v))).collect()
    }

    fn content(&self, line: usize, (measure, value): Column) -> status::Told {
        let row = self.group.rows.get(line).and_then(|r| r.get(measure)).copied().unwrap_or(0);
        status::told(self.block, row, value, self.columns)
    }

    /// Finds the totals of each variable.
    fn totals(&mut self) -> Vec<String> {
        let mut said = Vec::new();
        let columns = self.columns();
        for a in 0..self.built.axes.len() {
            let entries = self.built.axes.get(a).map_or(0, |x| x.entries.len());
            let mut lines: BTreeMap<(usize, Vec<usize>), Vec<Known>> = BTreeMap::new();
            for line in 0..self.built.at.len() {
                let Some(at) = self.built.at.get(line) else { continue };
                let mut others = at.clone();
                let own = others.remove(a);
                for (c, column) in columns.iter().enumerate() {
                    let known = self.signs.known(&self.content(line, *column).content);
                    let slot = lines.entry((c, others.clone())).or_insert_with(|| vec![Known::Absent; entries]);
                    if let Some(slot) = slot.get_mut(own) {
                        *slot = known.unwrap_or(Known::Within(crate::model::Interval::at_least(0)));
                    }
                }
            }
            let lines: Vec<Vec<Known>> = lines.into_values().collect();
            said.extend(self.built.axes.get_mut(a).map(|axis| totals(axis, &lines)).unwrap_or_default());
        }
        said
    }

    /// The variables that each table uses: those of lines that use most, others stand at their total.
    fn used(&self) -> Vec<BTreeSet<usize>> {
        let total = |a: usize, e: usize| self.built.axes.get(a).is_some_and(|x| x.total == Some(e));
        let own = |at: &Vec<usize>| -> BTreeSet<usize> {
            at.iter().enumerate().filter(|(a, e)| !total(*a, **e)).map(|(a, _)| a).collect()
        };
        let all: BTreeSet<BTreeSet<usize>> = self.built.at.iter().map(own).collect();
        let mut largest: Vec<BTreeSet<usize>> =
            all.iter().filter(|s| !all.iter().any(|o| o != *s && s.is_subset(o))).cloned().collect();
        if largest.is_empty() {
            largest.push(BTreeSet::new());
        }
        largest
    }

    /// Adds the tables.
    fn put(&self, name: &str, said: &[String], layout: Option<&Layout>, listed: &mut Listed) {
        let used = self.used();
        for (part, axes) in used.iter().enumerate() {
            let name = if part == 0 { name.to_owned() } else { format!("{name} ({})", part + 1) };
            let Some(table) = Table::new(self, axes.iter().copied().collect()) else {
                let words = format!("{name} has more than {MOST_CELLS} combinations of its labels");
                listed.refused = Some(words);
                continue;
            };
            let mut parsed = table.parsed(self);
            kinds(&mut parsed);
            let given = layout.and_then(|l| l.table(&name));
            let unclear = measures::mark(&mut parsed, given.map(|l| l.rates.as_slice()).unwrap_or_default());
            let apart = measures::apart(&parsed);
            let number = listed.tables.len();
            match table.figures(self, parsed, name, None) {
                Some(mut figures) => {
                    figures.said.extend(said.iter().cloned().chain(unclear));
                    given.into_iter().flat_map(|l| l.axes.iter().enumerate()).for_each(|(i, axis)| {
                        told_by_layout(&mut figures, i, axis);
                    });
                    listed.doubled.extend(table.doubled(self).into_iter().map(|(a, b)| (number, a, b)));
                    listed.tables.push(figures);
                }
                None => listed.others = true,
            }
            for (measure, parsed) in apart {
                let label = measure.label.clone();
                listed.measures.extend(table.figures(self, parsed, label, Some(measure)));
            }
        }
    }
}

/// One table of a list.
struct Table {
    /// The variables in use.
    axes: Vec<usize>,
    /// Per row of figures its line of the group, none for a combination without one, and its entries.
    rows: Vec<(Option<usize>, Vec<usize>)>,
    /// Rows whose figure is printed against its status: their status stands in a row of its own before.
    against: Vec<usize>,
}

impl Table {
    fn new(making: &Making, used: Vec<usize>) -> Option<Table> {
        let total = |a: usize| making.built.axes.get(a).and_then(|x| x.total);
        let inside = |at: &Vec<usize>| at.iter().enumerate().all(|(a, e)| used.contains(&a) || total(a) == Some(*e));
        let mut rows: Vec<(Option<usize>, Vec<usize>)> = Vec::new();
        let mut against = Vec::new();
        for (line, at) in making.built.at.iter().enumerate().filter(|(_, at)| inside(at)) {
            let at: Vec<usize> = used.iter().filter_map(|&a| at.get(a).copied()).collect();
            if making.columns().iter().any(|&c| making.content(line, c).against.is_some()) {
                against.push(rows.len());
                rows.push((Some(line), at.clone()));
            }
            rows.push((Some(line), at));
        }
        let axes: Vec<&Axis> = used.iter().filter_map(|&a| making.built.axes.get(a)).collect();
        rows.extend(without_a_line(&axes, &rows)?.into_iter().map(|at| (None, at)));
        Some(Table { axes: used, rows, against })
    }

    /// The rows and columns of figures.
    fn parsed(&self, making: &Making) -> Parsed {
        let columns = making.columns();
        let width = making.block.rows.first().map_or(0, Vec::len);
        let measures = making.group.measures.len() > 1;
        let head = |&(m, v): &Column| {
            let mut path = making.group.measures.get(m).cloned().unwrap_or_default();
            if path.is_empty() || making.columns.values.len() > 1 {
                path.push(heading(making.block, v));
            }
            path.retain(|t| !t.is_empty());
            path
        };
        let cols: Vec<Head> = columns
            .iter()
            .enumerate()
            .map(|(c, column)| {
                let at = if measures { width + c } else { column.1 };
                Head { path: head(column), indent: 0, level: 0, at, kind: Kind::Count }
            })
            .collect();
        let mut rows = Vec::new();
        let mut cells = Vec::new();
        let mut real = BTreeMap::new();
        for (r, (line, entries)) in self.rows.iter().enumerate() {
            let own = line.and_then(|l| making.group.rows.get(l));
            let at = own.and_then(|o| o.first().copied()).unwrap_or(making.block.rows.len() + r);
            rows.push(Head { path: self.labels(making, entries), indent: 0, level: 0, at, kind: Kind::Count });
            let status = self.against.contains(&r);
            cells.push(columns.iter().map(|&column| cell(making, *line, column, status)).collect());
            for (c, &(m, v)) in columns.iter().enumerate().filter(|_| measures) {
                if let Some(&row) = own.and_then(|o| o.get(m)) {
                    real.insert((at, width + c), (row, v));
                }
            }
        }
        Parsed {
            block: making.number,
            header_rows: 1,
            stub_columns: making.columns.labels.len(),
            corner: self.axes.iter().filter_map(|&a| making.built.axes.get(a)).map(|a| a.name.clone()).collect(),
            spanner: None,
            rows,
            cols,
            cells,
            ratios: Vec::new(),
            changes: Vec::new(),
            running: Vec::new(),
            said: Vec::new(),
            listed: true,
            real,
        }
    }

    fn labels(&self, making: &Making, entries: &[usize]) -> Vec<String> {
        let label = |(&a, &e): (&usize, &usize)| making.built.axes.get(a)?.entries.get(e).map(|e| e.label.clone());
        self.axes.iter().zip(entries).filter_map(label).collect()
    }

    fn figures(&self, making: &Making, parsed: Parsed, name: String, measure: Option<Measure>) -> Option<Figures> {
        let heads: Vec<Head> = parsed.cols.iter().filter(|h| h.kind == Kind::Count).cloned().collect();
        if heads.is_empty() || !parsed.rows.iter().any(|h| h.kind == Kind::Count) {
            return None;
        }
        let (col_axes, col_lines) = match heads.as_slice() {
            [_] => (Vec::new(), vec![Vec::new()]),
            heads => {
                let side = side(heads, &[]);
                (side.axes, side.lines)
            }
        };
        let mut lines = col_lines.into_iter();
        let cols = parsed.cols.iter().map(|h| if h.kind == Kind::Count { lines.next() } else { None }).collect();
        let rows = parsed.rows.iter().zip(&self.rows);
        let rows = rows.map(|(h, (_, at))| (h.kind == Kind::Count).then(|| at.clone())).collect();
        let own: Vec<Axis> = self.axes.iter().filter_map(|&a| making.built.axes.get(a)).cloned().collect();
        let count = own.len() + col_axes.len();
        // the columns of a list say which variable each label is of
        let given: Vec<bool> = own.iter().map(|_| true).chain(col_axes.iter().map(|_| false)).collect();
        let sensitive = if measure.is_some() { vec![Some(false); count] } else { vec![None; count] };
        let mut figures = Figures {
            name,
            file: making.block.file,
            rows,
            cols,
            row_axes: own.len(),
            axes: own.into_iter().chain(col_axes).collect(),
            parsed: std::sync::Arc::new(parsed),
            said: Vec::new(),
            sensitive,
            given,
            measure,
            layer: false,
            apart: None,
            title: Default::default(),
        };
        for axis in figures.row_axes..figures.axes.len() {
            let lines = super::super::figures::lines(&figures, axis, making.signs);
            let said = figures.axes.get_mut(axis).map(|a| super::super::tree::infer(a, &lines)).unwrap_or_default();
            figures.said.extend(said);
        }
        Some(figures)
    }

    /// Rows that name the same cell and both print a figure.
    fn doubled(&self, making: &Making) -> Vec<(usize, usize)> {
        let mut first: HashMap<&Vec<usize>, usize> = HashMap::new();
        let mut found = Vec::new();
        for (r, (line, at)) in self.rows.iter().enumerate().filter(|(r, _)| !self.against.contains(r)) {
            let Some(line) = line else { continue };
            let figure =
                |l: usize| making.columns().iter().any(|&c| matches!(making.content(l, c).content, Content::Number(_)));
            match first.get(at).copied() {
                Some(before) if figure(*line) => found.push((before, r)),
                _ if figure(*line) => _ = first.insert(at, r),
                _ => {}
            }
        }
        found
    }
}

/// A cell of a table.
fn cell(making: &Making, line: Option<usize>, column: Column, status: bool) -> Typed {
    let row = line.and_then(|l| making.group.rows.get(l)).and_then(|r| r.get(column.0)).copied();
    let Some(row) = row else {
        let place = making.block.rows.first().and_then(|r| r.first()).map(|e| e.place.clone()).unwrap_or_default();
        let lexed = Lexed { content: Content::Sign(NO_LINE.to_owned()), share: None };
        return Typed { lexed, text: String::new(), place, more: false, stored: None };
    };
    let mut typed = typed(making.block.rows.get(row).and_then(|r| r.get(column.1)));
    let told = status::told(making.block, row, column.1, making.columns);
    match (status, told.against) {
        (true, Some(against)) => {
            typed.lexed = Lexed { content: Content::Sign(against.clone()), share: None };
            typed.text = against;
        }
        _ => {
            // signs and statuses in place of figures
            if !matches!(told.content, Content::Number(_) | Content::Range(_)) {
                typed.lexed.content = told.content;
            }
        }
    }
    typed
}

/// The combinations of labels that have no line, where a total says something of them. `None` for more than can be held.
fn without_a_line(axes: &[&Axis], rows: &[(Option<usize>, Vec<usize>)]) -> Option<Vec<Vec<usize>>> {
    let shown: Vec<Vec<usize>> = axes
        .iter()
        .map(|a| (0..a.entries.len()).filter(|&e| a.entries.get(e).is_some_and(|e| e.shown)).collect())
        .collect();
    let all = shown.iter().fold(1usize, |all, s| all.saturating_mul(s.len().max(1)));
    if all > MOST_CELLS {
        return None;
    }
    let present: BTreeSet<&Vec<usize>> = rows.iter().map(|r| &r.1).collect();
    let totals = axes.iter().any(|a| a.entries.iter().any(|e| !e.children.is_empty()));
    if !totals || present.len() == all {
        return Some(Vec::new());
    }
    let mut combinations: Vec<Vec<usize>> = vec![Vec::new()];
    for own in &shown {
        combinations = combinations
            .into_iter()
            .flat_map(|c| own.iter().map(move |&e| c.iter().copied().chain([e]).collect::<Vec<usize>>()))
            .collect();
    }
    combinations.retain(|c| !present.contains(c));
    Some(combinations)
}

/// What the sums of some tables say of combinations without a line: lines of printed figures that add up without them,
/// and lines that do not.
pub(super) fn evidence(listed: &Listed, signs: &Signs) -> (usize, usize) {
    let (mut zero, mut more) = (0, 0);
    for table in &listed.tables {
        let no_line = |r: usize, c: usize| {
            table.parsed.cell(r, c).is_some_and(|t| t.lexed.content == Content::Sign(NO_LINE.to_owned()))
        };
        let mut known: HashMap<Vec<usize>, Option<Known>> = HashMap::new();
        for (r, c, at) in table.cells() {
            known.insert(at, (!no_line(r, c)).then(|| table.known(r, c, signs)));
        }
        for (a, axis) in table.axes.iter().enumerate() {
            for (whole, entry) in axis.entries.iter().enumerate().filter(|(_, e)| !e.children.is_empty()) {
                for (at, total) in known.iter().filter(|(at, _)| at.get(a) == Some(&whole)) {
                    let Some(Known::Exact(total)) = total else { continue };
                    let part = |e: usize| {
                        let mut at = at.clone();
                        if let Some(slot) = at.get_mut(a) {
                            *slot = e;
                        }
                        known.get(&at)
                    };
                    let parts: Vec<_> = entry.children.iter().map(|&e| part(e)).collect();
                    let missing = parts.iter().any(|p| matches!(p, Some(None)));
                    let printed: Option<i64> = parts.iter().try_fold(0i64, |sum, p| match p {
                        Some(Some(Known::Exact(v))) => Some(sum.saturating_add(*v)),
                        Some(None) => Some(sum),
                        _ => None,
                    });
                    match printed {
                        Some(sum) if missing && sum == *total && sum != 0 => zero += 1,
                        Some(sum) if missing && sum < *total => more += 1,
                        _ => {}
                    }
                }
            }
        }
    }
    (zero, more)
}
