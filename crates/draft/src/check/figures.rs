//! A table understood: its axes, what adds up to what, and what is known of each cell.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::model::Interval;
use crate::policy::PerturbPlan;
use crate::round::{Rounding, Tie};
use crate::text::Meaning;

use super::blocks::Block;
use super::hypotheses::titles::Title;
use super::hypotheses::{changes, layers, running};
use super::layout::{Layout, LayoutAxis, LayoutTable};
use super::lexicon::{Content, key};
use super::measures::{self, Measure};
use super::sides::{Axis, Side, side};
use super::table::{Kind, Parsed, Shape, parse};
use super::tree::{Known, infer};

/// What signs stand for, and what is known of withheld figures.
#[derive(Clone, Debug, Default)]
pub(crate) struct Signs {
    /// What each declared sign stands for; an empty one is a blank cell.
    pub meanings: BTreeMap<String, Meaning>,
    /// The least that a withheld count can be: 1 where zeros are printed.
    pub least: i64,
    /// The base to which counts are rounded.
    pub base: Option<i64>,
    /// How they are rounded.
    pub rounding: Option<Arc<dyn Rounding>>,
    /// How those of some tables are rounded, by their names, where a user says so; none: not at all.
    pub tables: BTreeMap<String, Option<Arc<dyn Rounding>>>,
    /// What noise the policy adds to them.
    pub noise: Option<PerturbPlan>,
}

impl Signs {
    /// What is known of a figure; `None` for a sign that nobody declared, or no count.
    pub fn known(&self, content: &Content) -> Option<Known> {
        self.known_in(content, Tie::Part)
    }

    /// The same where it is known how the figure hangs together with others.
    pub fn known_in(&self, content: &Content, tie: Tie) -> Option<Known> {
        self.known_under(content, tie, self.rounding.as_ref())
    }

    /// The same of a figure of a table.
    pub fn known_of(&self, table: &str, content: &Content, tie: Tie) -> Option<Known> {
        self.known_under(content, tie, self.rounding_of(table))
    }

    /// How the figures of a table are rounded.
    pub fn rounding_of(&self, table: &str) -> Option<&Arc<dyn Rounding>> {
        self.tables.get(table).map_or(self.rounding.as_ref(), Option::as_ref)
    }

    fn known_under(&self, content: &Content, tie: Tie, rounding: Option<&Arc<dyn Rounding>>) -> Option<Known> {
        let withheld = Interval::at_least(self.least);
        Some(match content {
            Content::Number(n) => self.behind(n.count()?, tie, rounding),
            Content::Range(i) => Known::Within(i.meet(withheld)),
            Content::Blank | Content::Sign(_) => match *self.meanings.get(sign_text(content))? {
                Meaning::Zero | Meaning::NotApplicable => Known::Exact(0),
                Meaning::Withheld => Known::Within(withheld),
                Meaning::RoundsToZero => Known::Within(Interval::at_least(1)),
                Meaning::Within(i) | Meaning::StandsFor(i) => Known::Within(i),
                Meaning::Replaced(v) => self.behind(v, tie, rounding),
                Meaning::NotAvailable => Known::Within(Interval::at_least(0)),
            },
        })
    }

    /// What may stand behind a printed count: itself, or all that is rounded to it, or becomes it by noise. What the method never prints is taken
    /// as it stands, and told as off the base.
    fn behind(&self, shown: i64, tie: Tie, rounding: Option<&Arc<dyn Rounding>>) -> Known {
        let noisy = || self.noise.as_ref().map(|n| n.method.allows(shown, 1)).unwrap_or_default();
        let allowed = rounding.map_or_else(noisy, |r| r.allows_in(shown, tie, None, 1));
        match (allowed.first(), allowed.last()) {
            (Some(first), Some(last)) => Known::Within(Interval { lo: first.lo, hi: last.hi }),
            _ => Known::Exact(shown),
        }
    }

    /// Whether figures stand for others than themselves.
    pub fn replaces(&self) -> bool {
        self.base.is_some() || self.noise.is_some() || self.tables.values().any(Option::is_some)
    }

    /// Whether a text is a declared sign.
    pub fn declares(&self, text: &str) -> bool {
        self.meanings.contains_key(text)
    }
}

/// The sign of a cell that is one.
pub(crate) fn sign_text(content: &Content) -> &str {
    match content {
        Content::Sign(sign) => sign,
        _ => "",
    }
}

/// A table of counts, understood.
#[derive(Clone, Debug)]
pub(crate) struct Figures {
    /// What the author calls it.
    pub name: String,
    /// Index of its file.
    pub file: usize,
    /// The table as parsed.
    pub parsed: Arc<Parsed>,
    /// Its axes, those of the rows first.
    pub axes: Vec<Axis>,
    /// How many of them stand in the rows.
    pub row_axes: usize,
    /// Per row of the table, the entries on the axes of the rows; `None` where it holds no counts.
    pub rows: Vec<Option<Vec<usize>>>,
    /// The same for columns.
    pub cols: Vec<Option<Vec<usize>>>,
    /// What was assumed.
    pub said: Vec<String>,
    /// Which axes tell something sensitive.
    pub sensitive: Vec<Option<bool>>,
    /// The names of variables that a person gave.
    pub given: Vec<bool>,
    /// What its figures are of, where they stand beside the counts of a table: its labels are those of another.
    pub measure: Option<Measure>,
    /// It is another breakdown of a total of a table that stands before it.
    pub layer: bool,
    /// The axis on which it breaks down a part of that table alone, so that all of it is not all of that.
    pub apart: Option<usize>,
    /// The words around it.
    pub title: Title,
}

impl Figures {
    /// Whether it is a table of the draft, and not what stands beside its counts or another breakdown of them.
    pub fn is_main(&self) -> bool {
        self.measure.is_none() && !self.layer
    }

    /// Whether all its figures are running totals along an axis: then none of it adds up to another.
    fn runs_along(&self, axis: usize) -> bool {
        let of_rows = axis < self.row_axes;
        let counted = |heads: &[super::table::Head], l: usize| heads.get(l).is_some_and(|h| h.kind == Kind::Count);
        let heads = if of_rows { &self.parsed.cols } else { &self.parsed.rows };
        let runs = |l: usize| self.parsed.running.iter().any(|r| r.rows != of_rows && r.line == l);
        let mut lines = (0..heads.len()).filter(|&l| counted(heads, l)).peekable();
        !self.parsed.running.is_empty() && lines.peek().is_some() && lines.all(runs)
    }

    /// The entries of a cell on all axes.
    pub fn at(&self, row: usize, col: usize) -> Option<Vec<usize>> {
        let rows = self.rows.get(row)?.as_ref()?;
        let cols = self.cols.get(col)?.as_ref()?;
        Some(rows.iter().chain(cols).copied().collect())
    }

    /// Every cell of counts: row, column and entries.
    pub fn cells(&self) -> Vec<(usize, usize, Vec<usize>)> {
        let (rows, cols) = (self.rows.len(), self.cols.len());
        (0..rows)
            .flat_map(|r| (0..cols).map(move |c| (r, c)))
            .filter_map(|(r, c)| Some((r, c, self.at(r, c)?)))
            .collect()
    }

    /// Whether a cell is blank in a line of totals that is blank elsewhere as well: a total that is not printed, and no sign.
    pub fn is_unprinted_total(&self, row: usize, col: usize) -> bool {
        let blank = |r: usize, c: usize| self.parsed.cell(r, c).is_some_and(|t| t.lexed.content == Content::Blank);
        if !blank(row, col) {
            return false;
        }
        let total = |(e, axis): (&usize, &Axis)| axis.total == Some(*e);
        let of = |entries: Option<&Option<Vec<usize>>>, axes: &[Axis]| {
            entries.and_then(Option::as_ref).is_some_and(|e| e.iter().zip(axes).any(total))
        };
        let (rows, cols) = self.axes.split_at(self.row_axes.min(self.axes.len()));
        // all that is not blank of a column beside the total is printed, so that nothing is hidden by it
        let column = || {
            (0..self.parsed.rows.len())
                .all(|r| r == row || self.rows.get(r).is_none_or(Option::is_none) || !blank(r, col))
        };
        let line = || {
            (0..self.parsed.cols.len())
                .all(|c| c == col || self.cols.get(c).is_none_or(Option::is_none) || !blank(row, c))
        };
        of(self.rows.get(row), rows) && column() || of(self.cols.get(col), cols) && line()
    }

    /// What is known of a cell.
    pub fn known(&self, row: usize, col: usize, signs: &Signs) -> Known {
        self.parsed.cell(row, col).map_or(Known::Absent, |cell| {
            signs.known_of(&self.name, &cell.lexed.content, Tie::Part).unwrap_or(Known::Within(Interval::at_least(0)))
        })
    }

    /// Whether a cell is a count that the table shows or withholds: not a figure that leaves out what is withheld.
    pub fn counts(&self, at: &[usize]) -> bool {
        !at.iter().zip(&self.axes).any(|(&e, axis)| axis.entries.get(e).is_some_and(|e| e.skips))
    }
}

/// How many rows and columns hold labels, as far as a person says so.
pub(crate) fn shape(layout: Option<&LayoutTable>) -> Shape {
    layout.map_or_else(Shape::default, |l| Shape { header_rows: l.header_rows, stub_columns: l.label_columns })
}

/// Understands a block: its table of counts, and the measures beside them as tables of their own. Empty where it holds no
/// counts. `captions` are lines around it that say something of all its figures, or call
/// them means.
pub(crate) fn figures(
    number: usize,
    block: &Block,
    (captions, means_all): (&[&str], bool),
    signs: &Signs,
    layout: Option<&LayoutTable>,
) -> Vec<Figures> {
    let Some(mut parsed) = parse(number, block, shape(layout), &|text| signs.declares(text)) else { return Vec::new() };
    changes::mark(&mut parsed, signs);
    signed(&mut parsed, signs);
    let unclear = measures::mark(&mut parsed, layout.map(|l| l.rates.as_slice()).unwrap_or_default());
    let names: Vec<&str> = captions.iter().copied().chain([block.name.as_str()]).collect();
    running::mark(&mut parsed, &names);
    if means_all {
        means(&mut parsed);
    }
    let apart = measures::apart(&parsed);
    let Some(mut counts) = of_parsed(parsed, block, signs, layout) else { return Vec::new() };
    counts.said.extend(unclear);
    counts.said.extend(block.said.iter().chain(&counts.parsed.said.clone()).cloned());
    let of_measure = |(measure, parsed): (Measure, Parsed)| {
        let figures = of_parsed(parsed, block, signs, None)?;
        // what a rate is over is known of everybody
        let sensitive = vec![Some(false); figures.axes.len()];
        Some(Figures { measure: Some(measure), sensitive, said: Vec::new(), ..figures })
    };
    let counts = layers::split(counts);
    counts.into_iter().chain(apart.into_iter().filter_map(of_measure)).collect()
}

/// Sets apart all figures of a table whose caption calls them means, unless a label says that they are numbers.
pub(crate) fn means(parsed: &mut Parsed) {
    const COUNTS: [&str; 14] = [
        "number",
        "no",
        "n",
        "count",
        "cases",
        "patients",
        "pupils",
        "people",
        "persons",
        "staff",
        "total",
        "totals",
        "headcount",
        "records",
    ];
    let counted = |h: &super::table::Head| h.path.iter().any(|l| key(l).split(' ').any(|w| COUNTS.contains(&w)));
    if !parsed.cols.iter().chain(&parsed.rows).any(counted) {
        parsed.cols.iter_mut().filter(|h| h.kind == Kind::Count).for_each(|h| h.kind = Kind::Other);
    }
}

/// Takes figures and ranges that somebody declared to be signs as what they were declared to be: -99, or `<5` that may be 0.
fn signed(parsed: &mut Parsed, signs: &Signs) {
    // a number that a file stores below a sign is read, whatever the sign says
    for typed in parsed.cells.iter_mut().flatten().filter(|t| !t.more) {
        let Some(meaning) = signs.meanings.get(&typed.text) else { continue };
        let itself = matches!(&typed.lexed.content, Content::Number(n) if n.units == 0 && *meaning == Meaning::Zero);
        if matches!(typed.lexed.content, Content::Number(_) | Content::Range(_)) && !itself {
            typed.lexed.content = Content::Sign(typed.text.clone());
        }
    }
}

fn of_parsed(parsed: Parsed, block: &Block, signs: &Signs, layout: Option<&LayoutTable>) -> Option<Figures> {
    let heads = |heads: &[super::table::Head]| -> Vec<super::table::Head> {
        heads.iter().filter(|h| h.kind == Kind::Count).cloned().collect()
    };
    let corner: Vec<String> = parsed.corner.clone();
    let (row_heads, col_heads) = (heads(&parsed.rows), heads(&parsed.cols));
    if row_heads.is_empty() || col_heads.is_empty() {
        return None;
    }
    let rows = side(&row_heads, &corner);
    let cols = side(&col_heads, &parsed.spanner.clone().into_iter().collect::<Vec<_>>());
    let spread = |side: &Side, all: &[super::table::Head]| -> Vec<Option<Vec<usize>>> {
        let mut lines = side.lines.iter();
        all.iter().map(|h| if h.kind == Kind::Count { lines.next().cloned() } else { None }).collect()
    };
    let mut figures = Figures {
        name: block.name.clone(),
        file: block.file,
        rows: spread(&rows, &parsed.rows),
        cols: spread(&cols, &parsed.cols),
        row_axes: rows.axes.len(),
        axes: rows.axes.into_iter().chain(cols.axes).collect(),
        parsed: Arc::new(parsed),
        said: Vec::new(),
        sensitive: Vec::new(),
        given: Vec::new(),
        measure: None,
        layer: false,
        apart: None,
        title: Title::default(),
    };
    for axis in 0..figures.axes.len() {
        if figures.runs_along(axis) {
            continue;
        }
        let lines = lines(&figures, axis, signs);
        let said = figures.axes.get_mut(axis).map(|a| infer(a, &lines)).unwrap_or_default();
        figures.said.extend(said);
    }
    figures.sensitive = vec![None; figures.axes.len()];
    figures.given = vec![false; figures.axes.len()];
    layout.into_iter().flat_map(|l| l.axes.iter().enumerate()).for_each(|(i, axis)| told(&mut figures, i, axis));
    Some(figures)
}

/// What is known along one axis, a line for each combination of entries of the others.
pub(crate) fn lines(figures: &Figures, axis: usize, signs: &Signs) -> Vec<Vec<Known>> {
    let entries = figures.axes.get(axis).map_or(0, |a| a.entries.len());
    let mut lines: BTreeMap<Vec<usize>, Vec<Known>> = BTreeMap::new();
    for (row, col, mut at) in figures.cells() {
        let Some(own) = at.get(axis).copied() else { continue };
        at.remove(axis);
        let line = lines.entry(at).or_insert_with(|| vec![Known::Absent; entries]);
        if let Some(slot) = line.get_mut(own) {
            *slot = figures.known(row, col, signs);
        }
    }
    lines.into_values().collect()
}

/// What a layout says of a table that the table does not have.
pub(crate) fn misfits(figures: &Figures, layout: &LayoutTable, all: &Layout) -> Vec<String> {
    let mut wrong = Vec::new();
    if layout.axes.len() > figures.axes.len() {
        wrong.push(format!(
            "{}: {} has {} variables, and the layout names {}",
            all.place(&layout.name),
            figures.name,
            figures.axes.len(),
            layout.axes.len()
        ));
    }
    for (axis, said) in figures.axes.iter().zip(&layout.axes) {
        let labels = said.total.iter().filter(|t| !t.is_empty()).chain(&said.leaves_out_withheld);
        let labels = labels.chain(said.sums.iter().flat_map(|(total, parts)| std::iter::once(total).chain(parts)));
        let missing = labels.filter(|l| !axis.entries.iter().any(|e| e.label == **l || e.key == key(l)));
        wrong.extend(
            missing
                .map(|l| format!("{}: {} has no label \"{l}\" where the layout says so", all.place(l), figures.name)),
        );
    }
    wrong
}

/// Takes over what a person says of an axis.
pub(crate) fn told(figures: &mut Figures, i: usize, layout: &LayoutAxis) {
    if let (Some(sensitive), Some(given)) = (figures.sensitive.get_mut(i), figures.given.get_mut(i)) {
        *sensitive = layout.sensitive;
        *given = !layout.variable.is_empty();
    }
    let Some(axis) = figures.axes.get_mut(i) else { return };
    if !layout.variable.is_empty() {
        axis.name.clone_from(&layout.variable);
    }
    let find = |axis: &Axis, label: &str| axis.entries.iter().position(|e| e.label == label || e.key == key(label));
    if let Some(label) = &layout.total {
        axis.settled = true;
        axis.total = find(axis, label);
        if axis.total.is_none() {
            axis.entries.iter_mut().filter(|e| e.is_total_word()).for_each(|e| e.children.clear());
        }
    }
    let roots = axis.roots();
    if let Some(total) = axis.total
        && let Some(entry) = axis.entries.get_mut(total).filter(|e| e.children.is_empty())
    {
        entry.children = roots.into_iter().filter(|r| *r != total).collect();
    }
    // that nothing is the total goes before a sum of everything, which stands there from when one was
    let none = layout.total.as_deref() == Some("");
    let everything = |label: &str, parts: &[String]| {
        let others = axis.entries.iter().filter(|e| e.label != label && e.shown && e.children.is_empty());
        none && others.count() <= parts.len()
    };
    let sums: Vec<(&String, &Vec<String>)> = layout.sums.iter().filter(|(l, p)| !everything(l, p)).collect();
    for (label, parts) in sums {
        let parts: Vec<usize> = parts.iter().filter_map(|p| find(axis, p)).collect();
        if let Some(entry) = find(axis, label).and_then(|e| axis.entries.get_mut(e)) {
            entry.children = parts;
            entry.includes.clear();
        }
    }
    for label in &layout.leaves_out_withheld {
        if let Some(entry) = find(axis, label).and_then(|e| axis.entries.get_mut(e)) {
            entry.skips = true;
        }
    }
}
