//! The tables as typed, the figures that something was found about marked by a sign and a colour, side by side where
//! there is room.

use std::collections::HashMap;

use anstyle::{AnsiColor, Style};
use tabsafe::check::{Outcome, TableSeen};

/// A label longer than this is cut, outside of tables.
const LABEL: usize = 24;
/// Where labels of tables are cut, the most generous first; the one that takes the fewest lines is used.
const LABELS: [usize; 4] = [32, 28, 24, 20];
/// Rows of a table that are shown.
const ROWS: usize = 40;
/// What stands between tables.
const GAP: usize = 4;

/// A mark of a figure: its sign and its colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// The sign behind the figure.
    pub sign: char,
    /// The colour.
    pub color: AnsiColor,
}

/// The sign of each kind of finding, with what it says; the first that applies counts.
pub const MARKS: &[(&[&str], Mark, &str)] = &[
    (
        &["not-additive", "inconsistent", "unknown-marker", "off-base", "not-understood"],
        Mark { sign: '#', color: AnsiColor::Magenta },
        "contradicts the rest, or was not understood",
    ),
    (
        &["small-count", "group-disclosure", "dominance", "number-in-text"],
        Mark { sign: '!', color: AnsiColor::Red },
        "unsafe as printed",
    ),
    (&["derivable"], Mark { sign: '?', color: AnsiColor::Yellow }, "can be worked out"),
];

/// The marks of all figures of the tables, by table, row and column as typed.
pub fn marks(outcome: &Outcome) -> HashMap<(usize, usize, usize), Mark> {
    let mut marks = HashMap::new();
    for (codes, mark, _) in MARKS {
        for spot in outcome.findings.iter().filter(|f| codes.contains(&f.code.name)).flat_map(|f| &f.spots) {
            if let (Some(table), Some((row, col))) = (spot.table, spot.at) {
                marks.entry((table, row, col)).or_insert(*mark);
            }
        }
    }
    marks
}

/// A piece of a line: its text, and how wide it is on the terminal.
struct Piece {
    text: String,
    width: usize,
}

/// The lines of all tables.
pub fn lines(outcome: &Outcome, color: bool, width: usize) -> Vec<String> {
    let marks = marks(outcome);
    let drawn = |label: usize| -> Vec<Vec<Piece>> {
        outcome.tables.iter().enumerate().map(|(t, table)| draw(t, table, &marks, label, color)).collect()
    };
    let height = |label: &usize| columns(&drawn(*label), width).0;
    let drawn = drawn(LABELS.iter().copied().min_by_key(height).unwrap_or(LABEL));
    let columns = columns(&drawn, width).1;
    let mut lines: Vec<String> = Vec::new();
    let mut at = 0;
    let mut offset = 0;
    for column in columns {
        let mut line = 0;
        let mut width = 0;
        for table in drawn.get(at..at + column).unwrap_or_default() {
            for piece in table {
                if lines.len() <= line {
                    lines.resize(line + 1, String::new());
                }
                if let Some(text) = lines.get_mut(line) {
                    let have = anstream::adapter::strip_str(text).to_string().chars().count();
                    text.push_str(&" ".repeat(offset.max(have) - have));
                    text.push_str(&piece.text);
                }
                width = width.max(piece.width);
                line += 1;
            }
            line += 1;
        }
        at += column;
        offset += width + GAP;
    }
    lines.iter_mut().for_each(|l| l.truncate(l.trim_end().len()));
    lines
}

/// How many lines it takes, and how many tables stand in each column of the screen: one column, or two where they fit.
fn columns(drawn: &[Vec<Piece>], most: usize) -> (usize, Vec<usize>) {
    let width = |tables: &[Vec<Piece>]| tables.iter().flatten().map(|p| p.width).max().unwrap_or(0);
    let height = |tables: &[Vec<Piece>]| tables.iter().map(|t| t.len() + 1).sum::<usize>();
    let mut best = (height(drawn), vec![drawn.len()]);
    for first in 1..drawn.len() {
        let (left, right) = drawn.split_at(first);
        if width(left) + GAP + width(right) <= most {
            let tall = height(left).max(height(right));
            if tall < best.0 {
                best = (tall, vec![left.len(), right.len()]);
            }
        }
    }
    best
}

/// A table as typed, its title above.
fn draw(
    number: usize,
    table: &TableSeen,
    marks: &HashMap<(usize, usize, usize), Mark>,
    label: usize,
    color: bool,
) -> Vec<Piece> {
    let columns = table.typed.iter().map(Vec::len).max().unwrap_or(0);
    let short = |text: &str, c: usize| if c == 0 { cut_at(text, label) } else { text.to_owned() };
    let mark = |r: usize, c: usize| marks.get(&(number, r, c));
    let cells: Vec<Vec<String>> = (table.typed.iter().enumerate().take(ROWS))
        .map(|(r, row)| {
            let text = |c: usize| {
                let text = short(row.get(c).map_or("", String::as_str), c);
                let text = if text.is_empty() && mark(r, c).is_some() { "(blank)".to_owned() } else { text };
                format!("{text}{}", mark(r, c).map_or(' ', |m| m.sign))
            };
            (0..columns).map(text).collect()
        })
        .collect();
    let width = |c: usize| cells.iter().filter_map(|r| r.get(c)).map(|t| t.chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let title = Piece { width: table.name.chars().count(), text: paint(&table.name, Style::new().bold(), color) };
    let body = cells.iter().enumerate().map(|(r, row)| {
        let mut text = String::new();
        for (c, cell) in row.iter().enumerate() {
            let pad = " ".repeat(widths.get(c).copied().unwrap_or(0).saturating_sub(cell.chars().count()));
            let shown = match mark(r, c) {
                Some(m) => paint(cell, Style::new().bold().fg_color(Some(m.color.into())), color),
                None => cell.clone(),
            };
            text.push_str(&if c == 0 { format!("{shown}{pad}") } else { format!(" {pad}{shown}") });
        }
        Piece { width: widths.iter().map(|w| w + 1).sum::<usize>().saturating_sub(1), text }
    });
    let mut pieces: Vec<Piece> = std::iter::once(title).chain(body).collect();
    if table.typed.len() > ROWS {
        let text = format!("(and {} more rows)", table.typed.len() - ROWS);
        pieces.push(Piece { width: text.chars().count(), text });
    }
    pieces
}

/// A label that fits.
pub fn cut(text: &str) -> String {
    cut_at(text, LABEL)
}

/// A text that is no longer than this.
pub fn cut_at(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let head: String = text.chars().take(most - 1).collect();
    format!("{}…", head.trim_end())
}

/// A text in a style, where colours are shown.
pub fn paint(text: &str, style: Style, color: bool) -> String {
    if color { format!("{style}{text}{style:#}") } else { text.to_owned() }
}
