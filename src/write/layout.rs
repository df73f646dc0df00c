//! The layout that every format for people shares: a table as header rows and body rows of texts.
//!
//! The variables of the rows stand on the left, those of the columns on top, each with its label above its
//! categories; totals come last. A table with layers becomes one block per layer.

use crate::diag::visible_line;
use crate::model::{Measure, Role};
use crate::release::{Markers, Published, ReleaseAxis, ReleaseEntry, ReleaseTable};

/// One grid of texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// Which layer it is ("Sex Female"); `None` for a table without layers.
    pub caption: Option<String>,
    /// Rows above the figures, all of the same width as the body.
    pub header: Vec<Vec<Text>>,
    /// Rows of labels and figures.
    pub body: Vec<Vec<Text>>,
    /// How many columns on the left hold labels.
    pub labels: usize,
}

impl Block {
    /// One heading per column: the labels of the rows' variables, then the categories of all column variables
    /// (`Female / 2014`).
    pub fn heads(&self) -> Vec<String> {
        let width = self.header.first().map_or(0, Vec::len);
        let head = |column: usize| {
            if column < self.labels {
                return self.header.first().map_or(String::new(), |row| row[column].text.clone());
            }
            let levels = self.header.chunks(2).map(|pair| {
                let mut texts = pair.iter().rev().filter_map(|row| covering(row, column));
                // The upper row holds the variable's own label, except above a total, where the lower is blank.
                texts.next().map_or(String::new(), |t| t.text.clone())
            });
            let parts: Vec<String> = levels.filter(|l| !l.is_empty()).collect();
            parts.join(" / ")
        };
        (0..width).map(head).collect()
    }
}

/// The text that stands over a column in a header row, if any.
pub fn covering(row: &[Text], column: usize) -> Option<&Text> {
    let mut before = row.iter().enumerate().take(column + 1).rev();
    before.find(|(start, t)| !t.text.is_empty() && start + t.span > column).map(|(_, t)| t)
}

/// One field of a grid.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text {
    /// What stands there, without control characters.
    pub text: String,
    /// What it is.
    pub kind: Kind,
    /// How many columns it takes; the fields that it covers follow it and are empty.
    pub span: usize,
    /// Depth in the hierarchy, for labels of subcategories.
    pub indent: usize,
    /// For a figure, its position in the grid of the table.
    pub cell: Option<usize>,
}

/// What a field is, for alignment and emphasis.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kind {
    /// A label: left.
    #[default]
    Label,
    /// A label above figures: right.
    Head,
    /// A figure: right.
    Figure,
    /// The sign of a withheld figure: right.
    Withheld,
}

impl Text {
    fn new(text: &str, kind: Kind) -> Self {
        Text { text: clean(text), kind, span: 1, indent: 0, cell: None }
    }
}

/// A text on one line in which control characters are written out, so that data cannot steer a terminal or break a row.
pub fn clean(text: &str) -> String {
    visible_line(text)
}

/// A text that begins with a capital letter.
pub fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}

/// The title of a table, with the part of the records it is about unless the title says so itself.
pub fn title(table: &ReleaseTable) -> String {
    if table.scope.is_empty() || table.title.contains(&table.scope) {
        clean(&table.title)
    } else {
        clean(&format!("{} ({})", table.title, table.scope))
    }
}

/// What stands above the figures of a table without a variable in its columns.
pub fn value_label(table: &ReleaseTable) -> String {
    match &table.measure {
        Measure::Records => "Total".to_owned(),
        Measure::Persons => "Persons".to_owned(),
        Measure::Sum { column, .. } => clean(column),
    }
}

/// The blocks of a table, one per layer.
pub fn blocks(table: &ReleaseTable, markers: &Markers) -> Vec<Block> {
    let of = |role| Side::new(table, role);
    let (rows, columns, layers) = (of(Role::Row), of(Role::Column), of(Role::Layer));
    let block = |layer: &Vec<usize>| {
        let caption = layers.words(layer);
        let mut header = columns.header(&value_label(table), rows.labels());
        if let Some(first) = header.first_mut() {
            for (field, (_, axis)) in first.iter_mut().zip(&rows.axes) {
                *field = Text::new(&axis.label, Kind::Label);
            }
        }
        let body = rows.combinations.iter().map(|row| {
            let mut fields = rows.row_labels(row, &value_label(table));
            fields.extend(columns.combinations.iter().map(|column| {
                let mut at = vec![0; table.axes.len()];
                let sides = [(&rows, row), (&columns, column), (&layers, layer)];
                for ((index, _), &entry) in sides.iter().flat_map(|(side, chosen)| side.axes.iter().zip(chosen.iter()))
                {
                    at[*index] = entry;
                }
                figure(table, table.position(&at), markers)
            }));
            fields
        });
        Block { caption: (!caption.is_empty()).then_some(caption), header, body: body.collect(), labels: rows.labels() }
    };
    layers.combinations.iter().map(block).collect()
}

/// The field of one cell: its figure or sign, with the marks of notes on it.
fn figure(table: &ReleaseTable, position: usize, markers: &Markers) -> Text {
    let state = table.grid.get(position).copied().unwrap_or(Published::NotApplicable);
    let number = || table.figure(position).map(|f| f.to_string()).unwrap_or_default();
    let mut text = match state {
        Published::Number(_) | Published::Rounded(_) | Published::Perturbed(_) => number(),
        Published::Zero => markers.zero.clone(),
        Published::Withheld => markers.withheld.clone(),
        Published::RoundsToZero => markers.rounds_to_zero.clone().unwrap_or_else(number),
        Published::NotApplicable => markers.not_applicable.clone(),
    };
    for (_, mark, _) in table.cell_notes.iter().filter(|(at, ..)| *at == position) {
        text.push_str(mark);
    }
    let kind = if state == Published::Withheld { Kind::Withheld } else { Kind::Figure };
    Text { cell: Some(position), ..Text::new(&text, kind) }
}

/// The variables on one side of a table and every combination of their entries.
pub(super) struct Side<'a> {
    /// Index in the table, and the axis.
    pub axes: Vec<(usize, &'a ReleaseAxis)>,
    /// An entry of each axis, in the order of printing.
    pub combinations: Vec<Vec<usize>>,
}

impl<'a> Side<'a> {
    /// The side that variables of a role make up.
    pub fn new(table: &'a ReleaseTable, role: Role) -> Self {
        let axes: Vec<_> = table.axes.iter().enumerate().filter(|(_, a)| a.role == role).collect();
        let mut combinations = vec![Vec::new()];
        for (_, axis) in &axes {
            let mut order: Vec<usize> = (0..axis.entries.len()).collect();
            order.sort_by_key(|&e| axis.entries[e].level == 0);
            combinations = (combinations.iter())
                .flat_map(|c| order.iter().map(move |&e| c.iter().copied().chain([e]).collect()))
                .collect();
        }
        Side { axes, combinations }
    }

    /// How many label columns the rows need.
    fn labels(&self) -> usize {
        self.axes.len().max(1)
    }

    /// The entry of an axis in a combination.
    pub fn entry(&self, axis: usize, chosen: &[usize]) -> &'a ReleaseEntry {
        &self.axes[axis].1.entries[chosen[axis]]
    }

    /// "Sex Female, Age Total".
    fn words(&self, chosen: &[usize]) -> String {
        let word = |i: usize| format!("{} {}", self.axes[i].1.label, self.entry(i, chosen).label);
        clean(&(0..self.axes.len()).map(word).collect::<Vec<_>>().join(", "))
    }

    fn row_labels(&self, chosen: &[usize], value_label: &str) -> Vec<Text> {
        if self.axes.is_empty() {
            return vec![Text::new(value_label, Kind::Label)];
        }
        let label = |i: usize| {
            let entry = self.entry(i, chosen);
            let indent = entry.level.saturating_sub(1) as usize;
            Text { indent, ..Text::new(&entry.label, Kind::Label) }
        };
        (0..self.axes.len()).map(label).collect()
    }

    /// For each column variable a row with its label and a row with its categories; a grand total stands in the
    /// upper one of the two, as beside a label.
    fn header(&self, value_label: &str, labels: usize) -> Vec<Vec<Text>> {
        let blank = || vec![Text { span: 1, ..Text::default() }; labels + self.combinations.len()];
        if self.axes.is_empty() {
            let mut row = blank();
            row[labels] = Text::new(value_label, Kind::Head);
            return vec![row];
        }
        let mut rows = Vec::new();
        for (depth, (_, axis)) in self.axes.iter().enumerate() {
            let (mut upper, mut lower) = (blank(), blank());
            for (start, end) in self.runs(depth) {
                let is_total = |c: usize| self.entry(depth, &self.combinations[c]).level == 0;
                let parts = (start..end).filter(|&c| !is_total(c)).count();
                if parts > 0 {
                    upper[labels + start] = Text { span: parts, ..Text::new(&axis.label, Kind::Label) };
                }
            }
            for (start, end) in self.runs(depth + 1) {
                let entry = self.entry(depth, &self.combinations[start]);
                let kind = if end - start > 1 { Kind::Label } else { Kind::Head };
                let text = Text { span: end - start, ..Text::new(&entry.label, kind) };
                let row = if entry.level == 0 { &mut upper } else { &mut lower };
                row[labels + start] = text;
            }
            rows.extend([upper, lower]);
        }
        rows
    }

    /// Stretches of columns that agree in the first `depth` variables.
    fn runs(&self, depth: usize) -> Vec<(usize, usize)> {
        let mut runs: Vec<(usize, usize)> = Vec::new();
        for (i, chosen) in self.combinations.iter().enumerate() {
            match runs.last_mut() {
                Some((start, end)) if self.combinations[*start][..depth] == chosen[..depth] => *end = i + 1,
                _ => runs.push((i, i + 1)),
            }
        }
        runs
    }
}
