//! Tables of the shared layout as header and data cells: what a screen reader needs to say where it stands.

use crate::model::{Measure, Role, grouped};
use crate::release::{Markers, Published, ReleaseTable};
use crate::write::layout::{self, Block, Kind, Text};

/// One table of a page.
pub(super) struct Grid {
    /// What stands in its rows and columns, and which layer it is.
    pub caption: String,
    pub header: Vec<Vec<Head>>,
    pub body: Vec<Row>,
}

/// A header cell above the figures. Fields that another covers are left out.
pub(super) struct Head {
    pub text: String,
    pub columns: usize,
    pub rows: usize,
    /// Whether it stands above figures.
    pub numeric: bool,
}

/// A row: its labels and its figures.
pub(super) struct Row {
    pub labels: Vec<Label>,
    pub fields: Vec<Field>,
    /// Whether it is the last of its kind: the grand total.
    pub total: bool,
}

pub(super) struct Label {
    pub text: String,
    pub indent: usize,
}

/// A figure, or the sign that stands in its place.
pub(super) struct Field {
    pub text: String,
    /// For the style: `number`, `withheld`, …
    pub state: &'static str,
    /// What a sign stands for.
    pub meaning: Option<&'static str>,
    /// Position in the grid of the table.
    pub cell: usize,
}

impl Grid {
    /// For paper: whether letters must be small so that all columns fit.
    pub fn size(&self) -> &'static str {
        match self.body.first().map_or(0, |row| row.labels.len() + row.fields.len()) {
            0..=8 => "",
            9..=13 => "wide",
            _ => "widest",
        }
    }
}

impl Head {
    /// What the cell is a header of.
    pub fn scope(&self) -> &'static str {
        if self.columns > 1 { "colgroup" } else { "col" }
    }
}

/// The blocks of a table, one per layer.
pub(super) fn grids(table: &ReleaseTable, markers: &Markers) -> Vec<Grid> {
    layout::blocks(table, markers).iter().map(|block| grid(table, block)).collect()
}

fn grid(table: &ReleaseTable, block: &Block) -> Grid {
    let caption = match &block.caption {
        Some(layer) => format!("{}, {layer}", subject(table)),
        None => subject(table),
    };
    let totals = totals(table);
    let body = block.body.iter().map(|row| {
        let (labels, figures) = row.split_at(block.labels.min(row.len()));
        let label = |t: &Text| Label { text: t.text.clone(), indent: t.indent };
        let first = figures.iter().find_map(|t| t.cell);
        Row {
            labels: labels.iter().map(label).collect(),
            fields: figures.iter().map(|t| field(table, t)).collect(),
            total: first.is_some_and(&totals),
        }
    });
    Grid { caption, header: header(block), body: body.collect() }
}

/// What a table shows: "Victim Age by Year", "Total by Year", "turnover by Industry and Region".
pub(super) fn subject(table: &ReleaseTable) -> String {
    let labels = |role| {
        let axes = table.axes.iter().filter(move |a| a.role == role);
        axes.map(|a| layout::clean(&a.label)).collect::<Vec<_>>().join(" and ")
    };
    let (rows, columns) = (labels(Role::Row), labels(Role::Column));
    match (rows.is_empty(), columns.is_empty()) {
        (false, false) if table.measure == Measure::Records => format!("{rows} by {columns}"),
        (false, false) => format!("{} by {rows} and {columns}", layout::value_label(table)),
        (true, true) => layout::value_label(table),
        _ => format!("{} by {rows}{columns}", layout::value_label(table)),
    }
}

/// Whether all row variables of a cell stand at their total.
fn totals(table: &ReleaseTable) -> impl Fn(usize) -> bool {
    move |cell| {
        let mut rows =
            table.entries_at(cell).into_iter().zip(&table.axes).filter(|(_, a)| a.role == Role::Row).peekable();
        rows.peek().is_some() && rows.all(|(e, _)| e.level == 0)
    }
}

/// The header with spans. The shared layout leaves the field below a label blank where nothing stands there; here the
/// label reaches down to it.
fn header(block: &Block) -> Vec<Vec<Head>> {
    let rows = block.header.len();
    let mut header: Vec<Vec<Head>> = block.header.iter().map(|_| Vec::new()).collect();
    if let Some(first) = block.header.first() {
        for text in first.iter().take(block.labels) {
            header[0].push(Head { text: text.text.clone(), columns: 1, rows, numeric: false });
        }
    }
    for (r, row) in block.header.iter().enumerate() {
        for (c, text) in row.iter().enumerate().skip(block.labels) {
            if text.text.is_empty() {
                continue;
            }
            // pairs of rows belong to one variable: its label above, its categories below
            let below = block.header.get(r + 1).filter(|_| r % 2 == 0).and_then(|next| layout::covering(next, c));
            let reach = if rows > 1 && r % 2 == 0 && below.is_none() { 2 } else { 1 };
            header[r].push(Head {
                text: text.text.clone(),
                columns: text.span.max(1),
                rows: reach,
                numeric: text.kind == Kind::Head,
            });
        }
    }
    header
}

fn field(table: &ReleaseTable, text: &Text) -> Field {
    let cell = text.cell.unwrap_or_default();
    let published = text.cell.and_then(|c| table.grid.get(c)).copied().unwrap_or(Published::NotApplicable);
    let is_sign = !text.text.starts_with(|c: char| c.is_ascii_digit()) && !is_negative(&text.text);
    let (state, meaning) = match published {
        Published::Number(_) => ("number", None),
        Published::Rounded(_) => ("rounded", None),
        Published::Perturbed(_) => ("perturbed", None),
        Published::Zero => ("zero", Some("zero")),
        Published::RoundsToZero => ("rounds-to-zero", Some("not zero, but rounds to zero")),
        Published::Withheld => ("withheld", Some("withheld")),
        Published::NotApplicable => ("not-applicable", Some("not applicable")),
    };
    let text = if is_sign { text.text.clone() } else { grouped(&text.text) };
    Field { text, state, meaning: meaning.filter(|_| is_sign), cell }
}

fn is_negative(text: &str) -> bool {
    text.strip_prefix('-').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
}
