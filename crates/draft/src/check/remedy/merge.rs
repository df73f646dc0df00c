//! Merging categories and leaving variables out, table by table.
//!
//! For each table the cheapest of: rows merged; columns merged; one side left out and the other merged where it takes it;
//! nothing but the total. Bands and years are merged with their neighbours only; other categories are pooled, the unsafe
//! ones and then the smallest.

use std::collections::HashMap;

use super::super::driver::Check;
use super::super::figures::Figures;
use super::super::lexicon::key;
use super::super::sides::Axis;
use super::super::table::Kind;
use super::super::tree::Known;
use super::super::unsafe_cells::band;
use super::super::variables::{band as number_band, joined_label};
use super::super::words::is_unknown_label;
use super::Proposal;
use super::edit::{Change, apply};

/// Categories of more than this are pooled under a label that does not name them.
const NAMED: usize = 3;

/// Bands and years of more categories than this are not merged.
const MOST_CATEGORIES: usize = 150;

/// A table of two sides at most, all figures known: `values[row][column]`, totals aside.
struct Flat<'a> {
    figures: &'a Figures,
    /// Rows and columns of categories, as rows and columns of the block; and of the totals.
    rows: Line<'a>,
    cols: Line<'a>,
    values: Vec<Vec<i64>>,
    small: (i64, i64),
}

/// One side.
struct Line<'a> {
    axis: Option<&'a Axis>,
    /// Entries of the axis that are categories.
    entries: Vec<usize>,
    /// Their rows or columns in the block.
    at: Vec<usize>,
    total: Option<usize>,
}

/// A way to make a table safe.
struct Plan {
    change: Change,
    words: String,
    lost: usize,
}

/// Every unsafe table made safe by merging, its cheapest way.
pub(crate) fn merged(check: &Check) -> Option<Proposal> {
    propose(check, "merge", None)
}

/// For each variable that stands in a table: that one left out everywhere.
pub(crate) fn left_out(check: &Check) -> Vec<Proposal> {
    (0..check.reading.variables.all.len()).filter_map(|v| propose(check, "leave-out", Some(v))).collect()
}

fn propose(check: &Check, kind: &'static str, variable: Option<usize>) -> Option<Proposal> {
    let small = band(check.options.policy).map(|b| (b.0.max(1), b.1))?;
    if check.options.layout.is_some_and(|l| l.tables.iter().any(|t| !t.axes.is_empty())) {
        return None;
    }
    let (mut changes, mut words) = (Vec::new(), Vec::new());
    for (t, figures) in check.reading.tables.iter().enumerate().filter(|(_, f)| f.is_main()) {
        let without =
            variable.and_then(|v| (0..figures.axes.len()).find(|&a| check.reading.variables.variable(t, a) == Some(v)));
        // a list for machines has its categories in lines: it is made anew, not merged by hand
        if figures.parsed.listed {
            return None;
        }
        let flat = Flat::new(check, figures, small);
        let unsafe_table = flat.as_ref().is_none_or(|f| !f.safe());
        if without.is_none() && !unsafe_table {
            continue;
        }
        let plan = flat?.plan(without.map(|a| a < figures.row_axes))?;
        words.push(plan.words);
        changes.push(plan.change);
    }
    if changes.is_empty()
        || (variable.is_some() && !changes.iter().any(|c| !c.drop_cols.is_empty() || !c.drop_rows.is_empty()))
    {
        return None;
    }
    let list = super::changed::list(check, &changes);
    Some(Proposal { kind, words, edited: apply(check, &changes, None), changes: list, proven: false })
}

impl<'a> Flat<'a> {
    fn new(check: &Check, figures: &'a Figures, small: (i64, i64)) -> Option<Flat<'a>> {
        let (row_axes, col_axes) = figures.axes.split_at(figures.row_axes.min(figures.axes.len()));
        if row_axes.len() > 1 || col_axes.len() > 1 {
            return None;
        }
        let rows = side(row_axes.first(), &figures.rows, |i| figures.parsed.rows.get(i).map(|h| h.at))?;
        let cols = side(col_axes.first(), &figures.cols, |i| figures.parsed.cols.get(i).map(|h| h.at))?;
        let numbers = |heads: &[super::super::table::Head]| -> HashMap<usize, usize> {
            heads.iter().enumerate().map(|(i, h)| (h.at, i)).collect()
        };
        let (row_numbers, col_numbers) = (numbers(&figures.parsed.rows), numbers(&figures.parsed.cols));
        let value = |row: usize, col: usize| {
            let (r, c) = (*row_numbers.get(&row)?, *col_numbers.get(&col)?);
            match figures.known(r, c, &check.signs) {
                Known::Exact(v) => Some(v),
                _ => None,
            }
        };
        let line = |&row: &usize| cols.at.iter().map(|&col| value(row, col)).collect::<Option<Vec<i64>>>();
        let values: Vec<Vec<i64>> = rows.at.iter().map(line).collect::<Option<_>>()?;
        Some(Flat { figures, rows, cols, values, small })
    }

    fn bad(&self, value: i64) -> bool {
        (self.small.0..=self.small.1).contains(&value)
    }

    /// Whether nothing in the table and its margins is small.
    fn safe(&self) -> bool {
        let sums =
            |lines: &[Vec<i64>]| lines.iter().all(|l| !self.bad(l.iter().sum()) && l.iter().all(|v| !self.bad(*v)));
        let turned = turn(&self.values);
        sums(&self.values) && sums(&turned) && !self.bad(self.values.iter().flatten().sum())
    }

    /// The cheapest way; `without` says that the rows (`true`) or columns must go.
    fn plan(&self, without: Option<bool>) -> Option<Plan> {
        let turned = turn(&self.values);
        let row_sums: Vec<Vec<i64>> = self.values.iter().map(|r| vec![r.iter().sum()]).collect();
        let col_sums: Vec<Vec<i64>> = turned.iter().map(|c| vec![c.iter().sum()]).collect();
        let both = |lines: &[Vec<i64>]| -> Vec<Vec<i64>> {
            lines.iter().map(|l| l.iter().copied().chain([l.iter().sum()]).collect()).collect()
        };
        let (row_sum, col_sum) = (self.adds_up(true), self.adds_up(false));
        let mut plans: Vec<Plan> = Vec::new();
        if without.is_none() {
            plans.extend(
                self.partition(&self.rows, &both(&self.values))
                    .filter(|_| row_sum && !self.margins_bad(&turned))
                    .map(|g| self.merging(true, g, false)),
            );
            plans.extend(
                self.partition(&self.cols, &both(&turned))
                    .filter(|_| col_sum && !self.margins_bad(&self.values))
                    .map(|g| self.merging(false, g, false)),
            );
        }
        if row_sum && col_sum && without != Some(true) && self.cols.axis.is_some() && self.rows.axis.is_some() {
            plans.extend(self.partition(&self.rows, &row_sums).map(|g| self.merging(true, g, true)));
        }
        if row_sum && col_sum && without != Some(false) && self.cols.axis.is_some() && self.rows.axis.is_some() {
            plans.extend(self.partition(&self.cols, &col_sums).map(|g| self.merging(false, g, true)));
        }
        // what stands in the rows is what the table is about: it goes last
        let about = |p: &Plan| (!p.change.drop_rows.is_empty(), p.lost);
        plans.into_iter().min_by_key(about).or_else(|| self.only_total())
    }

    /// Whether the categories of a side may be added up.
    fn adds_up(&self, rows: bool) -> bool {
        let (own, other) = if rows { (&self.rows, &self.cols) } else { (&self.cols, &self.rows) };
        let across: Vec<String> = other.axis.iter().flat_map(|a| &a.entries).map(|e| e.label.clone()).collect();
        let values = if rows { self.values.clone() } else { turn(&self.values) };
        own.axis.is_none_or(|axis| super::additive::adds_up(self.figures, axis, rows, &values, &across))
    }

    /// Whether a margin over merged lines stays small, whatever is merged.
    fn margins_bad(&self, lines: &[Vec<i64>]) -> bool {
        lines.iter().any(|l| self.bad(l.iter().sum()))
    }

    /// The groups of categories under which no figure is small; each is one or more.
    fn partition(&self, line: &Line, values: &[Vec<i64>]) -> Option<Vec<Vec<usize>>> {
        let axis = line.axis?;
        let keys: Vec<&str> =
            line.entries.iter().filter_map(|&e| axis.entries.get(e)).map(|e| e.key.as_str()).collect();
        let ordered = keys
            .iter()
            .filter(|k| !is_unknown_label(k))
            .all(|k| number_band(k).is_some() || super::super::lexicon::is_year(k));
        if ordered && keys.len() > MOST_CATEGORIES {
            return None;
        }
        let groups = if ordered { self.neighbours(values)? } else { self.pooled(values)? };
        (groups.len() > 1).then_some(groups)
    }

    fn fine(&self, values: &[Vec<i64>], group: &[usize]) -> bool {
        let columns = values.first().map_or(0, Vec::len);
        (0..columns).all(|c| !self.bad(group.iter().filter_map(|&g| values.get(g)?.get(c)).sum()))
    }

    /// Runs of neighbours, as many as possible.
    fn neighbours(&self, values: &[Vec<i64>]) -> Option<Vec<Vec<usize>>> {
        let n = values.len();
        // best[i]: the most groups of the first i categories, and where the last one begins
        let mut best: Vec<Option<(usize, usize)>> = vec![None; n + 1];
        best[0] = Some((0, 0));
        for end in 1..=n {
            for start in 0..end {
                let Some((count, _)) = best[start] else { continue };
                let group: Vec<usize> = (start..end).collect();
                if self.fine(values, &group) && best[end].is_none_or(|b| count + 1 > b.0) {
                    best[end] = Some((count + 1, start));
                }
            }
        }
        let mut groups = Vec::new();
        let mut end = n;
        while end > 0 {
            let (_, start) = best[end]?;
            groups.push((start..end).collect());
            end = start;
        }
        groups.reverse();
        Some(groups)
    }

    /// The unsafe categories pooled, with the smallest others until the pool is safe.
    fn pooled(&self, values: &[Vec<i64>]) -> Option<Vec<Vec<usize>>> {
        let mut pool: Vec<usize> = (0..values.len()).filter(|&i| !self.fine(values, &[i])).collect();
        let mut pooled = vec![false; values.len()];
        pool.iter().for_each(|&i| pooled[i] = true);
        let mut rest: Vec<usize> = (0..values.len()).filter(|&i| !pooled[i]).collect();
        rest.sort_by_key(|&i| values.get(i).map_or(0, |v| v.iter().sum::<i64>()));
        let mut rest = rest.into_iter();
        let columns = values.first().map_or(0, Vec::len);
        let mut sums: Vec<i64> =
            (0..columns).map(|c| pool.iter().filter_map(|&g| values.get(g)?.get(c)).sum()).collect();
        while sums.iter().any(|s| self.bad(*s)) || pool.len() == 1 {
            let next = rest.next()?;
            sums.iter_mut().zip(&values[next]).for_each(|(sum, v)| *sum += v);
            pooled[next] = true;
            pool.push(next);
        }
        pool.sort_unstable();
        let mut groups: Vec<Vec<usize>> = (0..values.len()).filter(|&i| !pooled[i]).map(|i| vec![i]).collect();
        if !pool.is_empty() {
            let first = pool[0];
            let at = groups.iter().position(|g| g[0] > first).unwrap_or(groups.len());
            groups.insert(at, pool);
        }
        Some(groups)
    }

    /// Rows or columns merged; the other side left out if asked for.
    fn merging(&self, rows: bool, groups: Vec<Vec<usize>>, alone: bool) -> Plan {
        let (own, other) = if rows { (&self.rows, &self.cols) } else { (&self.cols, &self.rows) };
        let values = if rows { self.values.clone() } else { turn(&self.values) };
        let mut change = self.change();
        let mut said: Vec<String> = Vec::new();
        if alone && let Some(axis) = other.axis {
            let name =
                if axis.name.is_empty() { if rows { "the columns" } else { "the rows" } } else { axis.name.as_str() };
            said.push(format!("leave out {name}"));
            let dropped: Vec<usize> = match other.total {
                Some(_) => other.at.clone(),
                None => other.at.iter().skip(1).copied().collect(),
            };
            if rows { change.drop_cols.extend(dropped) } else { change.drop_rows.extend(dropped) }
        }
        let total = other.total.or(other.at.first().copied());
        // what stays of a side without a total is all of it, and is called so
        if alone
            && other.total.is_none()
            && let Some(&kept) = other.at.first()
        {
            let (header, stub) = (self.figures.parsed.header_rows, self.figures.parsed.stub_columns);
            let at =
                if rows { header.checked_sub(1).map(|h| (h, kept)) } else { stub.checked_sub(1).map(|s| (kept, s)) };
            change.texts.extend(at.map(|at| (at, "Total".to_owned())));
        }
        for group in &groups {
            let sums: Vec<i64> =
                (0..other.at.len()).map(|c| group.iter().filter_map(|&g| values.get(g)?.get(c)).sum()).collect();
            let at: Vec<usize> = group.iter().filter_map(|&g| own.at.get(g)).copied().collect();
            let Some(&first) = at.first() else { continue };
            let mut put = |across: usize, value: i64| {
                change.texts.insert(if rows { (first, across) } else { (across, first) }, self.text(value));
            };
            if group.len() > 1 || (alone && other.total.is_none()) {
                if !alone {
                    other.at.iter().zip(&sums).for_each(|(&c, &v)| put(c, v));
                }
                let whole = if alone { total } else { other.total };
                whole.into_iter().for_each(|t| put(t, sums.iter().sum()));
            }
            if group.len() > 1 {
                let labels: Vec<String> = group.iter().filter_map(|&g| own.label(g)).collect();
                let label = joined(&labels);
                said.push(format!("merge {} into \"{label}\"", listed(&labels)));
                if rows { change.merge_rows.push((at, label)) } else { change.merge_cols.push((at, label)) }
            }
        }
        let single: usize = groups.iter().filter(|g| g.len() == 1).count();
        let kept = if alone { single } else { single * other.at.len().max(1) + single };
        let lost = (self.rows.at.len() + 1) * (self.cols.at.len() + 1)
            - kept.min((self.rows.at.len() + 1) * (self.cols.at.len() + 1));
        Plan { change, words: format!("{}: {}", self.figures.name, said.join(", ")), lost }
    }

    /// Nothing but the total.
    fn only_total(&self) -> Option<Plan> {
        let (row, col) =
            (self.rows.total, self.cols.total.or(self.cols.at.first().copied().filter(|_| self.cols.axis.is_none())));
        let (row, col) = (row.or(self.rows.at.first().copied().filter(|_| self.rows.axis.is_none()))?, col?);
        let total: i64 = self.values.iter().flatten().sum();
        if self.bad(total) {
            return None;
        }
        let mut change = self.change();
        change.drop_rows.extend(self.rows.at.iter().filter(|&&r| r != row));
        change.drop_cols.extend(self.cols.at.iter().filter(|&&c| c != col));
        let words = format!("{}: leave nothing but the total", self.figures.name);
        Some(Plan { change, words, lost: (self.rows.at.len() + 1) * (self.cols.at.len() + 1) })
    }

    /// A change that leaves out what is no count: percentages and rates of what is merged say nothing any more.
    fn change(&self) -> Change {
        let parsed = &self.figures.parsed;
        let no_counts = |heads: &[super::super::table::Head]| -> Vec<usize> {
            heads.iter().filter(|h| h.kind != Kind::Count).map(|h| h.at).collect()
        };
        Change {
            block: parsed.block,
            header_rows: parsed.header_rows,
            drop_rows: no_counts(&parsed.rows),
            drop_cols: no_counts(&parsed.cols),
            ..Change::default()
        }
    }

    fn text(&self, value: i64) -> String {
        value.to_string()
    }
}

impl Line<'_> {
    fn label(&self, category: usize) -> Option<String> {
        let entry = self.axis?.entries.get(*self.entries.get(category)?)?;
        Some(super::super::lexicon::without_marks(&entry.label).0)
    }
}

/// The categories of one side, if it is flat: one total at most, and nothing within it.
fn side<'a>(
    axis: Option<&'a Axis>,
    lines: &[Option<Vec<usize>>],
    at: impl Fn(usize) -> Option<usize>,
) -> Option<Line<'a>> {
    let mut first: HashMap<usize, usize> = HashMap::new();
    for (i, line) in lines.iter().enumerate() {
        line.iter().filter_map(|l| l.first()).for_each(|&e| _ = first.entry(e).or_insert(i));
    }
    let place = |entry: usize| first.get(&entry).copied().and_then(&at);
    let Some(axis) = axis else {
        let only = lines.iter().position(Option::is_some).and_then(&at)?;
        return Some(Line { axis: None, entries: Vec::new(), at: vec![only], total: None });
    };
    let entries: Vec<usize> = (0..axis.entries.len()).filter(|&e| Some(e) != axis.total).collect();
    let nested =
        entries.iter().any(|&e| axis.entries.get(e).is_some_and(|e| !e.children.is_empty() || !e.includes.is_empty()));
    let skips = axis.entries.iter().any(|e| e.skips);
    if nested || skips {
        return None;
    }
    let at: Vec<usize> = entries.iter().map(|&e| place(e)).collect::<Option<_>>()?;
    Some(Line { axis: Some(axis), entries, at, total: axis.total.and_then(place) })
}

fn turn(values: &[Vec<i64>]) -> Vec<Vec<i64>> {
    let columns = values.first().map_or(0, Vec::len);
    (0..columns).map(|c| values.iter().filter_map(|r| r.get(c)).copied().collect()).collect()
}

/// The label of merged categories.
fn joined(labels: &[String]) -> String {
    let (bands, others): (Vec<String>, Vec<String>) =
        labels.iter().cloned().partition(|l| number_band(&key(l)).is_some());
    if let Some(label) = joined_label(&bands).filter(|_| !bands.is_empty() && others.len() < NAMED) {
        return std::iter::once(label).chain(others).collect::<Vec<_>>().join(" or ");
    }
    if labels.len() <= NAMED { labels.join(" or ") } else { format!("Other ({} categories)", labels.len()) }
}

fn listed(labels: &[String]) -> String {
    match labels {
        [init @ .., last] if init.len() <= 4 => format!("{} and {last}", init.join(", ")),
        [first, ..] => format!("{first} and {} others", labels.len() - 1),
        [] => String::new(),
    }
}
