//! Tables drawn with bars, with or without a frame: `a | b`, `| a | b |`, `+---+---+`, and frames of box signs.

use super::{Found, Line};
use crate::draft::blocks::Cells;
use crate::draft::separated::entry;
use crate::draft::words::is_value;
use crate::draft::{Entry, Place};

/// A field of a row: where it begins (from 1) and what it says.
type Field = (usize, String);

/// A table that begins with the first line.
pub(super) fn table(lines: &[Line]) -> Found {
    let end = lines.iter().position(|l| !l.text.contains(is_bar) && !is_rule(l.text)).unwrap_or(lines.len());
    let run = lines.get(..end).filter(|run| !run.is_empty())?;
    let rows: Vec<Line> = run.iter().filter(|l| !is_rule(l.text)).copied().collect();
    if rows.len() < 2 {
        // a lone bar, or rules with nothing between
        return Some((Cells::new(), end));
    }
    let framed_left = rows.iter().all(|l| l.text.trim_start().starts_with(is_bar));
    let framed_right = rows.iter().all(|l| l.text.trim_end().ends_with(is_bar));
    let mut groups: Vec<Vec<(usize, Vec<Field>)>> = vec![Vec::new()];
    for line in run {
        if is_rule(line.text) {
            groups.push(Vec::new());
        } else if let Some(group) = groups.last_mut() {
            group.push((line.number, fields(line.text, framed_left, framed_right)));
        }
    }
    groups.retain(|g| !g.is_empty());
    // a rule below every row: then the lines between rules are one row that takes several
    let ruled = groups.len() > 2 && groups.iter().any(|g| g.len() > 1) && groups.iter().all(|g| wraps(g));
    let rows = groups.into_iter().flat_map(|g| if ruled { vec![one_row(g)] } else { apart(g) });
    Some((cells(rows.collect()), end))
}

/// A bar, of whichever kind.
fn is_bar(sign: char) -> bool {
    matches!(sign, '|' | '│' | '┃' | '║' | '¦')
}

/// Whether a line only rules others off: at least three strokes in a row, or `|-|-|` without a space. A row of dashes
/// that are markers has spaces around them.
pub(super) fn is_rule(text: &str) -> bool {
    let text = text.trim();
    let boxed = |c: char| ('\u{2500}'..='\u{257F}').contains(&c);
    let stroke = |c: char| matches!(c, '-' | '=' | '_') || boxed(c) && !is_bar(c);
    let drawn = |c: char| stroke(c) || matches!(c, '+' | ':' | ' ') || is_bar(c) || boxed(c);
    let longest = text.split(|c| !stroke(c)).map(|run| run.chars().count()).max().unwrap_or(0);
    text.chars().all(drawn) && (longest >= 3 || longest > 0 && text.contains(is_bar) && !text.contains(' '))
}

/// The fields of a row, with the frame left out.
fn fields(text: &str, framed_left: bool, framed_right: bool) -> Vec<Field> {
    let mut fields = vec![(1, String::new())];
    let mut escaped = false;
    for (i, sign) in text.trim_end().chars().enumerate() {
        match sign {
            '\\' if !escaped => escaped = true,
            bar if is_bar(bar) && !escaped => fields.push((i + 2, String::new())),
            other => {
                let kept = escaped && !is_bar(other);
                let into = fields.last_mut().map(|f| &mut f.1);
                if let Some(field) = into {
                    field.extend(kept.then_some('\\'));
                    field.push(other);
                }
                escaped = false;
            }
        }
    }
    if framed_right && fields.len() > 1 {
        fields.pop();
    }
    if framed_left && fields.len() > 1 {
        fields.remove(0);
    }
    fields
}

/// Whether the lines of a group read as one row whose texts wrap: no line below the first holds a figure.
fn wraps(group: &[(usize, Vec<Field>)]) -> bool {
    group.iter().skip(1).all(|(_, fields)| fields.iter().all(|(_, text)| text.trim().is_empty() || !is_value(text)))
}

fn one_row(group: Vec<(usize, Vec<Field>)>) -> Vec<(usize, Field)> {
    let mut row: Vec<(usize, Field)> = Vec::new();
    for (line, fields) in group {
        for (c, (column, text)) in fields.into_iter().enumerate() {
            match row.get_mut(c) {
                Some((_, (_, before))) => {
                    before.push(' ');
                    before.push_str(text.trim());
                }
                None => row.push((line, (column, text))),
            }
        }
    }
    row
}

fn apart(group: Vec<(usize, Vec<Field>)>) -> Vec<Vec<(usize, Field)>> {
    group.into_iter().map(|(line, fields)| fields.into_iter().map(|f| (line, f)).collect()).collect()
}

fn cells(rows: Vec<Vec<(usize, Field)>>) -> Cells {
    // the space that pads every label is no indentation
    let spaces = |text: &str| text.chars().take_while(|c| *c == ' ').count();
    let labels = rows.iter().filter_map(|row| row.first()).filter(|(_, (_, text))| !text.trim().is_empty());
    let padding = labels.map(|(_, (_, text))| spaces(text)).min().unwrap_or(0);
    let mut cells = Cells::new();
    for (r, row) in rows.into_iter().enumerate() {
        for (c, (line, (column, text))) in row.into_iter().enumerate() {
            let skipped = if c == 0 { padding.min(spaces(&text)) } else { spaces(&text) };
            let place = Place { line, column: column + skipped, part: None };
            let kept: String = text.chars().skip(skipped).collect();
            let blank = kept.trim().is_empty();
            cells.insert((r, c), if blank { Entry { place, ..Entry::default() } } else { entry(&kept, place) });
        }
    }
    cells
}
