//! All tables of a draft, read together.

use std::collections::{HashMap, HashSet};

use crate::model::{CellId, Relation};

use super::bind::{Bound, bind};
use super::blocks::{Block, Pages};
use super::cases::{self, Cases, Doubt};
use super::figures::{Figures, Signs, figures};
use super::hypotheses::titles::Title;
use super::knowledge::Knowledge;
use super::layout::Layout;
use super::lexicon::{Content, is_year, key};
use super::names::Names;
use super::table::{Kind, Shape, parse};
use super::tidy;
use super::unread::is_unread;
use super::variables::Variables;

/// A draft, read.
#[derive(Debug, Default)]
pub(crate) struct Reading {
    /// Its tables of counts, then those of the measures beside them.
    pub tables: Vec<Figures>,
    /// Their variables.
    pub variables: Variables,
    /// Which cases they count.
    pub cases: Vec<Cases>,
    /// The system they make.
    pub bound: Bound,
    /// What a reader knows.
    pub known: Knowledge,
    /// Blocks that were passed over, with the reason.
    pub passed: Vec<(usize, &'static str)>,
    /// Per block, the tables of it.
    pub of_block: HashMap<usize, Vec<usize>>,
    /// Lines of tidy lists that name the same cell twice: table, and rows of figures.
    pub doubled: Vec<(usize, usize, usize)>,
    /// Why a tidy list can't be judged: block and reason.
    pub refused: Vec<(usize, String)>,
}

impl Reading {
    /// Reads all tables under these meanings of signs.
    pub fn new(pages: &Pages, signs: &Signs, layout: Option<&Layout>) -> Reading {
        let reading = Reading::under(pages, signs, layout, Doubt::Same);
        if reading.adds_up() || !reading.cases.iter().any(|c| c.doubted) {
            return reading;
        }
        let other = Reading::under(pages, signs, layout, Doubt::Part);
        if other.adds_up() { other } else { reading }
    }

    fn under(pages: &Pages, signs: &Signs, layout: Option<&Layout>, doubt: Doubt) -> Reading {
        let mut reading = Reading::default();
        let mut measures = Vec::new();
        for (number, block) in pages.blocks.iter().enumerate() {
            let said = layout.and_then(|l| l.table(&block.name));
            if said.is_some_and(|s| s.ignore == Some(true)) {
                reading.passed.push((number, "the layout says that it holds no counts of cases"));
                continue;
            }
            if let Some(listed) = tidy::read(number, block, signs, layout) {
                reading.take(number, listed, &mut measures);
                continue;
            }
            let title = Title::of(block, pages);
            let captions: Vec<&str> = captions(block, pages).filter(|t| is_cumulative(t)).collect();
            let means = called_means(block, pages).is_some();
            let mut found = figures(number, block, (&captions, means), signs, said).into_iter();
            let mut found = found.by_ref().map(|f| Figures { title: title.clone(), ..f });
            match found.next() {
                Some(table) => reading.tables.push(table),
                None => reading.passed.push((number, reason(number, block, signs))),
            }
            measures.extend(found);
        }
        // behind all others: the tables of the draft keep their numbers
        reading.tables.extend(measures);
        for (t, figures) in reading.tables.iter().enumerate() {
            reading.of_block.entry(figures.parsed.block).or_default().push(t);
        }
        reading.variables = Variables::find(&reading.tables, signs);
        reading.cases = cases::find(&reading.tables, &reading.variables, signs, layout, doubt);
        reading.bound = bind(&reading.tables, &reading.variables, &reading.cases);
        reading.known = Knowledge::new(&reading.bound, &reading.tables, signs);
        reading.bind_parts();
        reading
    }

    /// What a breakdown of a part of a table has in common with the table is one figure.
    fn bind_parts(&mut self) {
        let mut same: Vec<(CellId, CellId)> = Vec::new();
        for (t, layer) in self.tables.iter().enumerate().filter(|(_, l)| l.apart.is_some()) {
            let of_block = self.of_block.get(&layer.parsed.block).into_iter().flatten().copied();
            let mains: Vec<usize> = of_block.filter(|&m| self.tables.get(m).is_some_and(|f| f.is_main())).collect();
            for (row, col, at) in layer.cells() {
                let Some(own) = self.bound.cell(t, &at) else { continue };
                let there = |m: &usize| self.bound.cell(*m, &self.tables.get(*m)?.at(row, col)?);
                same.extend(mains.iter().find_map(there).filter(|c| *c != own).map(|c| (c, own)));
            }
        }
        for (whole, own) in same {
            self.relate(Relation::total(whole, [own]));
        }
    }

    /// Takes over the tables of a tidy list.
    fn take(&mut self, number: usize, listed: tidy::Listed, measures: &mut Vec<Figures>) {
        let before = self.tables.len();
        self.doubled.extend(listed.doubled.into_iter().map(|(t, a, b)| (before + t, a, b)));
        self.refused.extend(listed.refused.map(|why| (number, why)));
        if listed.tables.is_empty() && listed.others {
            self.passed.push((number, "it holds percentages, rates, means or amounts, and no counts"));
        }
        self.tables.extend(listed.tables);
        measures.extend(listed.measures);
    }

    /// Cells in the words of the draft.
    pub fn names(&self) -> Names<'_> {
        Names { tables: &self.tables, bound: &self.bound }
    }

    /// The signs in place of counts that nobody declared, each once, with how often each stands.
    pub fn undeclared(&self, signs: &Signs) -> Vec<(String, usize)> {
        let mut found: Vec<(String, usize)> = Vec::new();
        let mut seen = HashSet::new();
        let mut numbers: HashMap<String, usize> = HashMap::new();
        for table in &self.tables {
            for (row, col, _) in table.cells() {
                // a total stands in each breakdown of it
                if !table.parsed.listed && !seen.insert((table.parsed.block, row, col)) {
                    continue;
                }
                let Some(cell) = table.parsed.cell(row, col) else { continue };
                if table.is_unprinted_total(row, col) {
                    continue;
                }
                let sign = match &cell.lexed.content {
                    Content::Sign(sign) => sign.clone(),
                    Content::Blank => String::new(),
                    _ => continue,
                };
                // words with numbers are no signs, and are not understood rather than asked for
                if signs.declares(&sign) || is_unread(&cell.lexed.content, signs) {
                    continue;
                }
                match numbers.get(&sign).and_then(|&n| found.get_mut(n)) {
                    Some(known) => known.1 += 1,
                    None => {
                        numbers.insert(sign.clone(), found.len());
                        found.push((sign, 1));
                    }
                }
            }
        }
        found
    }

    /// The cell of a figure of a table, or of what stands beside its counts.
    pub fn cell_of(&self, table: usize, row: usize, col: usize) -> Option<CellId> {
        let block = self.tables.get(table)?.parsed.block;
        let cell = |t: usize| self.bound.cell(t, &self.tables.get(t)?.at(row, col)?);
        let beside = |t: &&usize| self.tables.get(**t).is_some_and(|f| !f.is_main());
        cell(table).or_else(|| self.of_block.get(&block)?.iter().filter(beside).find_map(|&t| cell(t)))
    }

    /// Whether nothing contradicts itself by single lines.
    pub fn adds_up(&self) -> bool {
        self.known.clashes.is_empty() && self.known.broken().is_empty()
    }

    /// Whether some total is taken to leave out what is withheld.
    pub fn skips(&self) -> bool {
        self.tables.iter().flat_map(|t| &t.axes).flat_map(|a| &a.entries).any(|e| e.skips)
    }

    /// The set of cases that a table counts.
    pub fn cases_of(&self, table: usize) -> Option<&Cases> {
        self.cases.iter().find(|c| c.tables.contains(&table))
    }
}

/// Whether a line says of all figures of a table that they are running totals.
fn is_cumulative(text: &str) -> bool {
    let low = text.to_lowercase();
    let said = ["cumulative", "cumulatively", "running total"].iter().any(|w| low.contains(w));
    said && low.split(' ').count() <= 20 && !low.contains("not cumulative")
}

/// The name of a block, and the lines around it.
fn captions<'a>(block: &'a Block, pages: &'a Pages) -> impl Iterator<Item = &'a str> {
    let lines = block.before.iter().chain(&block.after).filter_map(|&l| pages.lines.get(l));
    std::iter::once(block.name.as_str()).chain(lines.map(|l| l.text.as_str()))
}

/// What calls all figures of a block means: its name, or the line right above it.
pub(crate) fn called_means<'a>(block: &'a Block, pages: &'a Pages) -> Option<&'a str> {
    let above = block.before.last().and_then(|&l| pages.lines.get(l)).map(|l| l.text.as_str());
    std::iter::once(block.name.as_str()).chain(above).find(|t| is_mean(t))
}

/// Whether a caption says that all figures of a table are means: "Table 2: Average waiting time in days, by clinic".
fn is_mean(text: &str) -> bool {
    let low = key(text);
    let rest = match low.split_once(' ') {
        Some(("table" | "figure" | "chart", rest)) => rest.split_once(' ').map_or("", |r| r.1),
        _ => &low,
    };
    let rest = rest.trim_start_matches(|c: char| !c.is_alphanumeric());
    // "Mean pay gap: 12.4%." is a sentence of its own
    let says = rest.ends_with('.') || rest.contains(['%', '£']) || rest.contains(": ");
    let digits =
        rest.split(' ').any(|w| w.bytes().any(|b| b.is_ascii_digit()) && !is_year(w.trim_matches([',', '(', ')'])));
    let mut words = rest.split(' ');
    let first = words.next().unwrap_or_default();
    let more = ["and", "number", "numbers", "count", "cases", "total", "totals", "with"];
    let long = words.clone().count();
    ["average", "mean", "median"].contains(&first)
        && (2..14).contains(&long)
        && !says
        && !digits
        && !words.any(|w| more.contains(&w))
}

/// Why a block is no table of counts.
fn reason(number: usize, block: &super::blocks::Block, signs: &Signs) -> &'static str {
    match parse(number, block, Shape::default(), &|text| signs.declares(text)) {
        None => "it holds no figures",
        Some(parsed) if parsed.cols.iter().chain(&parsed.rows).any(|h| h.kind == Kind::Percent) => {
            "it holds percentages"
        }
        Some(_) => "it holds rates, means or amounts, and no counts",
    }
}
