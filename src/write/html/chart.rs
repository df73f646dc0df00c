//! Bars under a table: a group per row, a bar per column. What is withheld is shown as withheld and never as a length.
//!
//! Only what the table shows is drawn, and every text of the chart stands in the table as well; so for a screen reader
//! the chart is one picture with a name.

use crate::model::{Role, grouped};
use crate::release::{Markers, Published, ReleaseAxis, ReleaseTable};
use crate::write::layout::{self, Kind};

use super::grid;

/// Width of the picture; it is scaled to its place.
const WIDTH: f64 = 360.0;
/// Size of its letters.
const LETTER: f64 = 13.0;
/// From one bar to the next.
const STEP: f64 = 20.0;
/// Height of a bar.
const BAR: f64 = 13.0;
/// Room for the figure behind the longest bar.
const FIGURE: f64 = 76.0;
/// Labels beside bars may be this wide; longer ones stand above them.
const BESIDE: f64 = 120.0;
/// A chart of more bars says less than its table.
const MOST_BARS: usize = 48;

/// A chart, ready to be drawn.
pub(super) struct Chart {
    pub caption: String,
    /// What the picture shows, for those who do not see it.
    pub description: String,
    pub height: String,
    pub headings: Vec<Line>,
    pub bars: Vec<Bar>,
    /// The line that all bars start from.
    pub base: String,
    /// Where that line is drawn: beside the bars of each group, from top to bottom.
    pub lines: Vec<(String, String)>,
    /// Whether some bar has a sign in place of a length.
    pub hides: bool,
}

/// A line of text.
pub(super) struct Line {
    pub y: String,
    pub text: String,
}

/// A bar with its label and figure.
pub(super) struct Bar {
    pub label: String,
    /// Top of the bar.
    pub top: String,
    /// Base line of its texts.
    pub y: String,
    /// Its length; `None` where there is none to be shown.
    pub length: Option<String>,
    /// Where its figure begins.
    pub after: String,
    pub figure: String,
}

/// What is drawn for one cell.
struct Shown {
    value: Option<i64>,
    figure: String,
}

/// The chart of a table, if a picture helps: one variable down the side, at most one across, few bars, and more figures
/// than signs among them.
pub(super) fn chart(table: &ReleaseTable, markers: &Markers) -> Option<Chart> {
    let of = |role| table.axes.iter().enumerate().filter(move |(_, a)| a.role == role).collect::<Vec<_>>();
    let (rows, columns) = (of(Role::Row), of(Role::Column));
    let [(row_at, row_axis)] = rows[..] else { return None };
    if !of(Role::Layer).is_empty() || columns.len() > 1 {
        return None;
    }
    let column = columns.first().copied();
    let figures = figures(table, markers)?;
    let mut groups: Vec<(String, Vec<(String, &Shown)>)> = Vec::new();
    for r in parts(row_axis) {
        let mut at = vec![0; table.axes.len()];
        at[row_at] = r;
        let bars = match column {
            None => vec![(String::new(), at)],
            Some((c_at, axis)) => parts(axis)
                .map(|c| {
                    at[c_at] = c;
                    (layout::clean(&axis.entries[c].label), at.clone())
                })
                .collect(),
        };
        let bars = bars.into_iter().filter_map(|(label, at)| Some((label, figures.get(table.position(&at))?)));
        groups.push((layout::clean(&row_axis.entries[r].label), bars.collect()));
    }
    let all: Vec<&Shown> = groups.iter().flat_map(|g| g.1.iter().map(|b| b.1)).collect();
    let large = all.iter().filter(|s| s.value.is_some_and(|v| v > 0)).count();
    let hidden = all.iter().filter(|s| s.value.is_none()).count();
    let most = all.iter().filter_map(|s| s.value).max()?;
    let fits = (2..=MOST_BARS).contains(&all.len()) && large >= 2 && hidden * 2 <= all.len();
    fits.then(|| draw(table, groups, most, hidden > 0))
}

/// The categories of an axis that are not sums of others.
fn parts(axis: &ReleaseAxis) -> impl Iterator<Item = usize> {
    (0..axis.entries.len()).filter(|&e| !axis.entries[e].total && axis.entries[e].level > 0)
}

/// What is published in each cell; `None` for a table with negative values, which bars from zero do not show.
fn figures(table: &ReleaseTable, markers: &Markers) -> Option<Vec<Shown>> {
    let mut shown: Vec<Shown> = table.grid.iter().map(|p| Shown { value: p.value(), figure: String::new() }).collect();
    if shown.iter().any(|s| s.value.is_some_and(|v| v < 0)) {
        return None;
    }
    for field in layout::blocks(table, markers).into_iter().flat_map(|b| b.body).flatten() {
        let Some(slot) = field.cell.and_then(|cell| shown.get_mut(cell)) else { continue };
        slot.figure = match field.kind {
            Kind::Withheld => format!("{} withheld", field.text),
            _ if slot.value.is_some() => grouped(&field.text),
            _ => format!("{} not applicable", field.text),
        };
    }
    // what rounds to zero has no length, and is no zero either
    for (slot, published) in shown.iter_mut().zip(&table.grid) {
        if *published == Published::RoundsToZero {
            slot.value = None;
        }
    }
    Some(shown)
}

fn draw(table: &ReleaseTable, groups: Vec<(String, Vec<(String, &Shown)>)>, most: i64, hides: bool) -> Chart {
    let single = groups.iter().all(|(_, bars)| bars.len() == 1 && bars[0].0.is_empty());
    let names = |(heading, bars): &(String, Vec<(String, &Shown)>)| match single {
        true => vec![heading.clone()],
        false => bars.iter().map(|b| b.0.clone()).collect::<Vec<_>>(),
    };
    let widest = groups.iter().flat_map(names).map(|n| width(&n)).fold(0.0, f64::max);
    let beside = widest <= BESIDE;
    let base = if beside { (widest + 8.0).ceil() } else { 1.0 };
    let scale = (WIDTH - FIGURE - base) / most.max(1) as f64;
    let (mut headings, mut bars, mut lines, mut y) = (Vec::new(), Vec::new(), Vec::new(), 0.0);
    for (heading, own) in groups {
        if !single {
            y += 6.0;
            above(&heading, &mut y, &mut headings);
        }
        for (label, shown) in own {
            let name = if single { heading.clone() } else { label };
            if !beside {
                above(&name, &mut y, &mut headings);
            }
            let length = shown.value.map(|v| v as f64 * scale);
            lines.push((number(y), number(y + STEP)));
            bars.push(Bar {
                label: if beside { name } else { String::new() },
                top: number(y + (STEP - BAR) / 2.0),
                y: number(y + STEP / 2.0 + LETTER * 0.35),
                length: length.map(number),
                after: number(base + length.unwrap_or(22.0) + 6.0),
                figure: shown.figure.clone(),
            });
            y += STEP;
        }
    }
    Chart {
        caption: format!("{} as bars: {}", layout::title(table), grid::subject(table)),
        description: format!("Bars from 0 to {}. Every figure stands in the table.", grouped(&figure(table, most))),
        height: number(y + 4.0),
        headings,
        bars,
        base: number(base),
        lines,
        hides,
    }
}

fn figure(table: &ReleaseTable, value: i64) -> String {
    crate::release::Figure { value, decimals: table.decimals() }.to_string()
}

/// A text above bars, in as many lines as it takes.
fn above(text: &str, y: &mut f64, lines: &mut Vec<Line>) {
    let mut line = String::new();
    let mut push = |line: &mut String| {
        lines.push(Line { y: number(*y + LETTER), text: std::mem::take(line) });
        *y += LETTER * 1.3;
    };
    for word in text.split_whitespace() {
        if !line.is_empty() && width(&line) + width(word) + 4.0 > WIDTH - 8.0 {
            push(&mut line);
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    push(&mut line);
    *y += 3.0;
}

/// About how wide a text is in a sans serif of the chart's size; on the safe side.
fn width(text: &str) -> f64 {
    let one = |c: char| match c {
        'i' | 'j' | 'l' | 't' | 'f' | 'r' | ' ' | '.' | ',' | ':' | '|' | '\'' | '(' | ')' | '[' | ']' => 0.36,
        'm' | 'w' | 'M' | 'W' | '@' | '%' => 0.95,
        c if c.is_uppercase() => 0.72,
        c if c.is_ascii() => 0.58,
        _ => 0.75,
    };
    text.chars().map(one).sum::<f64>() * LETTER
}

/// A length with one decimal: the same bytes everywhere.
fn number(value: f64) -> String {
    format!("{value:.1}")
}
