//! The tables of a world as an author may type them.

use std::collections::BTreeMap;

use tabsafe::check::{Draft, Outcome};
use tabsafe::draft::{Document, Entry, Grid, Paragraph, Piece, Place as Where};

use crate::random::Rng;

use super::rates::Rates;
use super::world::{Mask, Shown, TableSpec, World};

/// A cell of a typed table: the table's number, and row and column of its text.
pub type Spot = (usize, usize, usize);

/// Names and categories of variables.
const VARIABLES: [(&str, [&str; 4]); 3] = [
    ("Year", ["2013", "2014", "2015", "2016"]),
    ("Victim age", ["Under 10", "10 to 12", "13 to 15", "16 and over"]),
    ("Offence", ["Theft", "Fraud", "Assault", "Arson"]),
];
/// Words for totals.
const TOTALS: [&str; 4] = ["Total", "Grand Total", "All", "Overall"];

/// How one table is typed.
struct Style {
    /// Columns and rows change places.
    turned: bool,
    /// Per axis, the order of its categories; the last one is the total.
    order: [Vec<usize>; 2],
    total: &'static str,
    zero: &'static str,
    /// A second header row, with the name of the column variable above.
    spanner: bool,
    /// Footnote marks on some labels.
    marks: bool,
}

fn style(world: &World, seed: u64, t: usize) -> Style {
    let mut rng = Rng(seed.wrapping_mul(31).wrapping_add(t as u64).wrapping_mul(0xD6E8_FEB8_6659_FD93));
    let table = &world.tables[t];
    let order = |a: usize, rng: &mut Rng| -> Vec<usize> {
        let Some(&v) = table.axes.get(a) else { return vec![0] };
        let mut categories: Vec<usize> = (0..world.sizes[v]).collect();
        if rng.chance(30) {
            categories.reverse();
        }
        if table.totals[a] {
            let at = if rng.chance(25) { 0 } else { categories.len() };
            categories.insert(at, world.sizes[v]);
        }
        categories
    };
    Style {
        turned: table.axes.len() == 2 && rng.chance(40),
        order: [order(0, &mut rng), order(1, &mut rng)],
        total: TOTALS[rng.below(4)],
        zero: if rng.chance(50) { "-" } else { "0" },
        spanner: rng.chance(40),
        marks: rng.chance(30),
    }
}

/// The draft: a caption and a table each, or all tables on one sheet.
pub fn draft(world: &World, seed: u64) -> Draft {
    let mut rng = Rng(seed ^ 0x5851_F42D_4C95_7F2D);
    let sheet = rng.chance(30);
    let mut pieces = vec![paragraph("Your request for information")];
    let mut whole = Grid::default();
    for t in 0..world.tables.len() {
        let rows = rows(world, seed, t);
        // that a table counts a part of the cases is said in words, never by its size alone
        let part = if world.tables[t].part { ": of these, those with a charge" } else { "" };
        let title = format!("TABLE {}{part}", t + 1);
        if sheet {
            if !whole.rows.is_empty() {
                whole.rows.push(Vec::new());
            }
            whole.rows.push(vec![entry(&title)]);
            whole.rows.extend(rows);
        } else {
            pieces.push(paragraph(&title));
            pieces.push(Piece::Grid(Grid { name: None, rows }));
        }
    }
    if sheet {
        pieces.push(Piece::Grid(whole));
    }
    pieces.push(paragraph("We hope that this answers your request."));
    Draft { name: "draft.txt".to_owned(), document: Document { pieces, ..Document::default() } }
}

fn paragraph(text: &str) -> Piece {
    Piece::Paragraph(Paragraph { text: text.to_owned(), place: Where::default(), ..Paragraph::default() })
}

fn entry(text: &str) -> Entry {
    Entry { text: text.to_owned(), ..Entry::default() }
}

/// The rows of a table, headers included.
fn rows(world: &World, seed: u64, t: usize) -> Vec<Vec<Entry>> {
    let (table, style) = (&world.tables[t], style(world, seed, t));
    let (down, across) = if style.turned { (1, 0) } else { (0, 1) };
    let name = |a: usize| table.axes.get(a).map_or("", |&v| VARIABLES[v].0);
    let columns: Vec<String> = match table.axes.get(across) {
        Some(_) => style.order[across].iter().map(|&c| label(world, table, &style, across, c)).collect(),
        None => vec!["Number".to_owned()],
    };
    let rates = world.rates.as_ref().filter(|r| r.table == t);
    let columns =
        columns.into_iter().chain(rates.iter().flat_map(|r| r.labels().map(str::to_owned))).collect::<Vec<_>>();
    let mut rows = Vec::new();
    let line = |first: &str, rest: &[String]| {
        std::iter::once(first).chain(rest.iter().map(String::as_str)).map(entry).collect::<Vec<_>>()
    };
    if style.spanner && table.axes.len() == 2 {
        let total = |i: usize| table.totals[across] && style.order[across][i] == world.sizes[table.axes[across]];
        let first = (0..columns.len()).position(|i| !total(i)).unwrap_or(0);
        let above: Vec<String> = (0..columns.len())
            .map(|i| {
                if i == first {
                    name(across).to_owned()
                } else if total(i) {
                    columns[i].clone()
                } else {
                    String::new()
                }
            })
            .collect();
        let below: Vec<String> =
            (0..columns.len()).map(|i| if total(i) { String::new() } else { columns[i].clone() }).collect();
        rows.push(line(name(down), &above));
        rows.push(line("", &below));
    } else {
        rows.push(line(name(down), &columns));
    }
    for &r in &style.order[down] {
        let mut cells: Vec<String> = style.order[across]
            .iter()
            .map(|&c| cell(world, t, &style, if style.turned { [c, r] } else { [r, c] }))
            .collect();
        cells.extend(rates.iter().flat_map(|rates| beside(world, rates, r)));
        rows.push(line(&label(world, table, &style, down, r), &cells));
    }
    rows
}

fn label(world: &World, table: &TableSpec, style: &Style, axis: usize, category: usize) -> String {
    let v = table.axes[axis];
    if category == world.sizes[v] {
        return style.total.to_owned();
    }
    let text = VARIABLES[v].1[category];
    if style.marks && category == 1 { format!("{text}*") } else { text.to_owned() }
}

/// The population or the days, and the rate or the mean, of a line.
fn beside(world: &World, rates: &Rates, category: usize) -> [String; 2] {
    let other = rates.other(category);
    let place = world.places.iter().find(|p| p.0.table == rates.table && p.0.at[0] == category).expect("a figure");
    let rate = if rates.printed(place.2) { rates.text(world.value(place.1), other) } else { "*".to_owned() };
    [other.to_string(), rate]
}

fn cell(world: &World, t: usize, style: &Style, at: [usize; 2]) -> String {
    let place = world.places.iter().find(|p| p.0.table == t && p.0.at == at);
    match place {
        Some((_, _, Shown::Hidden)) => "*".to_owned(),
        Some((_, _, Shown::Below5)) => "<5".to_owned(),
        Some((_, mask, Shown::Yes)) => match world.value(*mask) {
            0 => style.zero.to_owned(),
            n => n.to_string(),
        },
        None => String::new(),
    }
}

/// Where a figure stands in the typed tables.
pub fn places(world: &World, seed: u64, cell: Mask) -> Vec<Spot> {
    let of = |(place, _, _): &(super::world::Place, Mask, Shown)| {
        let (table, style) = (&world.tables[place.table], style(world, seed, place.table));
        let headers = 1 + usize::from(style.spanner && table.axes.len() == 2);
        let (down, across) = if style.turned { (1, 0) } else { (0, 1) };
        let line = |axis: usize| style.order[axis].iter().position(|&c| c == place.at[axis]).expect("a line");
        (place.table, headers + line(down), 1 + line(across))
    };
    world.places.iter().filter(|p| p.1 == cell).map(of).collect()
}

/// The code and place of every finding about a cell.
pub fn spots(outcome: &Outcome) -> Vec<(&'static str, Spot)> {
    let mut numbers: BTreeMap<usize, usize> = BTreeMap::new();
    for (i, table) in outcome.tables.iter().enumerate() {
        let number: usize = table.name.trim_start_matches("TABLE ").parse().expect("a numbered table");
        numbers.insert(i, number - 1);
    }
    let found = outcome.findings.iter().flat_map(|f| f.spots.iter().map(move |s| (f.code.name, s)));
    found.filter_map(|(code, s)| Some((code, (*numbers.get(&s.table?)?, s.at?.0, s.at?.1)))).collect()
}

/// The draft as text, for messages.
pub fn text(draft: &Draft) -> String {
    let row = |r: &Vec<Entry>| r.iter().map(|e| e.text.as_str()).collect::<Vec<_>>().join("\t");
    let piece = |p: &Piece| match p {
        Piece::Paragraph(p) => p.text.clone(),
        Piece::Grid(g) => g.rows.iter().map(row).collect::<Vec<_>>().join("\n"),
    };
    draft.document.pieces.iter().map(piece).collect::<Vec<_>>().join("\n")
}
