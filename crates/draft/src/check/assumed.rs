//! What was assumed in reading a draft: in words, and as a layout to be saved.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::text::Meaning;

use super::blocks::Pages;
use super::figures::{Figures, Signs};
use super::layout::{Layout, LayoutAxis, LayoutRate, LayoutTable};
use super::reading::Reading;
use super::sides::Axis;
use super::table::{Head, Kind};

/// Figures that are no counts and yet used, by block and row and column of it.
pub(crate) type Used = HashSet<(usize, (usize, usize))>;

/// Everything that was assumed, the most important first.
pub(crate) fn assumptions(reading: &Reading, pages: &Pages, signs: &Signs, used: &Used) -> Vec<String> {
    let mut said = Vec::new();
    said.extend(cases(reading));
    if let Some(base) = signs.base {
        said.push(format!("all counts are rounded to the nearest {base}"));
    }
    for (table, rounding) in &signs.tables {
        said.push(match rounding.as_ref().and_then(|r| r.base()) {
            Some(base) => format!("{table}: its counts are rounded to the nearest {base}"),
            None => format!("{table}: its counts are not rounded"),
        });
    }
    said.extend(used_signs(reading, signs));
    let mut about: Vec<(String, Vec<String>)> = Vec::new();
    let mut numbers: HashMap<String, usize> = HashMap::new();
    for table in reading.tables.iter().filter(|t| t.is_main()) {
        for words in std::iter::once(totals(table)).chain(table.said.iter().cloned()).chain(no_counts(table, used)) {
            match numbers.get(&words).and_then(|&n| about.get_mut(n)) {
                // those of one table follow each other
                Some((_, tables)) if tables.last() == Some(&table.name) => {}
                Some((_, tables)) => tables.push(table.name.clone()),
                None => {
                    numbers.insert(words.clone(), about.len());
                    about.push((words, vec![table.name.clone()]));
                }
            }
        }
    }
    said.extend(about.into_iter().map(|(words, tables)| format!("{}: {words}", and(&tables))));
    for (block, reason) in reading.passed.iter().filter(|p| !used.iter().any(|u| u.0 == p.0)) {
        if let Some(block) = pages.blocks.get(*block) {
            said.push(format!("{} was passed over: {reason}", block.name));
        }
    }
    said.push("each case counts as one person, because a draft does not tell persons apart".to_owned());
    said
}

/// Which tables count the same cases.
fn cases(reading: &Reading) -> Vec<String> {
    let names = |tables: &[usize]| -> Vec<String> { names_of(reading, tables) };
    let mut said = Vec::new();
    // a breakdown of a part of a table is told with the table
    let own = |c: &&super::cases::Cases| {
        c.tables.is_empty() || c.tables.iter().filter_map(|&t| reading.tables.get(t)).any(|t| t.apart.is_none())
    };
    let plain = reading.cases.iter().filter(|c| !c.measure).filter(own);
    for cases in plain.clone() {
        let names = names(&cases.tables);
        let many = names.len() > 1;
        let names = and(&names);
        let total = cases.total().map(|n| format!(" {n}")).unwrap_or_default();
        match cases.part_of.and_then(|p| reading.cases.get(p)) {
            Some(whole) => {
                let why = if cases.by_words { "the words say so, and " } else { "" };
                let (count, its) = if many { ("count", "their") } else { ("counts", "its") };
                let whole = names_of(reading, &whole.tables).first().cloned().unwrap_or_default();
                said.push(format!(
                    "{names} {count} a part of the cases of {whole}: {why}{its} figures are nowhere larger"
                ));
            }
            None if many && cases.doubted => said.push(format!(
                "{names} are taken to count the same{total} cases: nothing that they print tells otherwise"
            )),
            None if many => said.push(format!("{names} count the same{total} cases: their common totals agree")),
            None if plain.clone().count() > 1 => {
                said.push(format!("{names} counts cases of its own: it shares no totals with other tables"))
            }
            None => {}
        }
    }
    said
}

fn names_of(reading: &Reading, tables: &[usize]) -> Vec<String> {
    tables.iter().filter_map(|&t| reading.tables.get(t)).filter(|t| !t.layer).map(|t| t.name.clone()).collect()
}

/// "a, b and c".
pub(crate) fn and(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [only] => only.clone(),
        [init @ .., last] => format!("{} and {last}", init.join(", ")),
    }
}

/// What the signs stand for that occur.
fn used_signs(reading: &Reading, signs: &Signs) -> Vec<String> {
    let mut used: Vec<&str> = Vec::new();
    for placed in &reading.bound.placed {
        let Some(content) = super::knowledge::content(&reading.tables, placed) else { continue };
        let sign = match content {
            super::lexicon::Content::Sign(sign) => sign.as_str(),
            super::lexicon::Content::Blank => "",
            _ => continue,
        };
        if !used.contains(&sign) {
            used.push(sign);
        }
    }
    let words = |sign: &&str| {
        Some(format!("{} stands for {}", super::infer::called(sign), meaning(*signs.meanings.get(*sign)?, signs.least)))
    };
    used.iter().filter_map(words).collect()
}

fn meaning(meaning: Meaning, least: i64) -> String {
    match meaning {
        Meaning::Zero => "0".to_owned(),
        Meaning::NotApplicable => "a cell in which no case can be".to_owned(),
        Meaning::Withheld if least > 0 => "a withheld count that is not 0".to_owned(),
        Meaning::Withheld => "a withheld count".to_owned(),
        Meaning::Within(i) => format!("a withheld count, {i}"),
        Meaning::Replaced(_) | Meaning::StandsFor(_) => "a rounded count".to_owned(),
        Meaning::RoundsToZero => "a small count that is not 0".to_owned(),
        Meaning::NotAvailable => "a figure of which nothing is known".to_owned(),
    }
}

/// Which labels are totals: of the rows, of the columns.
fn totals(table: &Figures) -> String {
    let of = |axis: &Axis| {
        let total = axis.total.and_then(|t| axis.entries.get(t))?;
        Some(format!("\"{}\"", total.label))
    };
    let mut labels: Vec<String> = table.axes.iter().filter_map(of).collect();
    let both = labels.len() > 1;
    labels.dedup();
    match (labels.len(), both) {
        (0, _) => "no label is a total".to_owned(),
        (1, false) => format!("{} is the total of all others", labels[0]),
        (1, true) => format!("{} is the total of the rows and of the columns", labels[0]),
        _ => format!("{} are the totals", and(&labels)),
    }
}

/// Rows and columns that were passed over: neither counts, nor anything that was worked with.
fn no_counts(table: &Figures, used: &Used) -> Option<String> {
    let parsed = &table.parsed;
    let unused = |rows: bool, heads: &[Head]| -> Vec<String> {
        let worked = |at: usize| used.iter().any(|u| u.0 == parsed.block && at == if rows { u.1.0 } else { u.1.1 });
        let line = |l: usize| heads.get(l).is_some_and(|h| worked(h.at));
        let part =
            |l: usize| parsed.ratios.iter().any(|r| r.rows == rows && line(r.line) && (r.of == l || r.over == l));
        let change = |l: usize| parsed.changes.iter().any(|c| c.rows == rows && c.line == l);
        let passed = heads
            .iter()
            .enumerate()
            .filter(|(l, h)| h.kind == Kind::Other && !worked(h.at) && !part(*l) && !change(*l));
        passed.map(|(_, h)| format!("\"{}\"", h.path.join(" / "))).collect()
    };
    let labels = [unused(true, &parsed.rows), unused(false, &parsed.cols)].concat();
    let hold = if labels.len() == 1 { "holds" } else { "hold" };
    (!labels.is_empty()).then(|| format!("{} {hold} rates, means or amounts: passed over", and(&labels)))
}

/// How the draft was read, for `--save-layout`.
pub(crate) fn layout(reading: &Reading, signs: &Signs, rates: &[(String, LayoutRate)]) -> Layout {
    let several = reading.cases.iter().filter(|c| !c.measure).count() > 1;
    let rates_of = |name: &str| rates.iter().filter(|r| r.0 == name).map(|r| r.1.clone()).collect::<Vec<_>>();
    let table = |(t, figures): (usize, &Figures)| {
        let cases = reading.cases_of(t);
        let whole = cases.and_then(|c| c.part_of).and_then(|p| reading.cases.get(p));
        LayoutTable {
            name: figures.name.clone(),
            ignore: None,
            rounded_to: signs.tables.get(&figures.name).map(|r| r.as_ref().and_then(|r| r.base()).unwrap_or(1)),
            header_rows: Some(figures.parsed.header_rows),
            label_columns: Some(figures.parsed.stub_columns),
            cases: cases.filter(|_| several).map(|c| c.name.clone()),
            part_of: whole.map(|w| w.name.clone()),
            rates: rates_of(&figures.name),
            axes: figures.axes.iter().enumerate().map(|(a, axis)| layout_axis(reading, t, a, axis)).collect(),
        }
    };
    let mut tables: Vec<LayoutTable> =
        reading.tables.iter().enumerate().filter(|(_, f)| f.is_main()).map(table).collect();
    // tables that hold nothing but rates
    for (name, _) in rates {
        if !tables.iter().any(|t| t.name == *name) {
            tables.push(LayoutTable { name: name.clone(), rates: rates_of(name), ..LayoutTable::default() });
        }
    }
    Layout { rounded_to: signs.base, markers: markers(signs), tables, ..Layout::default() }
}

fn layout_axis(reading: &Reading, t: usize, a: usize, axis: &Axis) -> LayoutAxis {
    let label = |e: usize| axis.entries.get(e).map(|e| e.label.clone()).unwrap_or_default();
    let variable = reading.variables.variable(t, a).and_then(|v| reading.variables.all.get(v).map(|x| (v, x)));
    let name = variable.map(|(v, x)| if x.name.is_empty() { format!("variable {}", v + 1) } else { x.name.clone() });
    let sums: BTreeMap<String, Vec<String>> = (axis.entries.iter())
        .filter(|e| !e.children.is_empty())
        .map(|e| (e.label.clone(), e.children.iter().map(|&c| label(c)).collect()))
        .collect();
    LayoutAxis {
        variable: name.unwrap_or_default(),
        sensitive: reading.tables.get(t).and_then(|f| f.sensitive.get(a)).copied().flatten(),
        total: Some(axis.total.map(label).unwrap_or_default()),
        leaves_out_withheld: axis.entries.iter().filter(|e| e.skips).map(|e| e.label.clone()).collect(),
        sums,
    }
}

fn markers(signs: &Signs) -> BTreeMap<String, String> {
    let word = |meaning: Meaning| match meaning {
        Meaning::Zero => "zero".to_owned(),
        Meaning::NotApplicable => "not-applicable".to_owned(),
        Meaning::Withheld => "withheld".to_owned(),
        Meaning::RoundsToZero => "rounds-to-zero".to_owned(),
        Meaning::NotAvailable => "not-available".to_owned(),
        // no sign is declared so: such figures are printed
        Meaning::Replaced(v) => v.to_string(),
        Meaning::Within(i) | Meaning::StandsFor(i) => format!("{}-{}", i.lo.unwrap_or(0), i.hi.unwrap_or(i64::MAX)),
    };
    signs.meanings.iter().map(|(sign, meaning)| (sign.clone(), word(*meaning))).collect()
}
