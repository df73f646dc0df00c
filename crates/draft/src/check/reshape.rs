//! Blocks of text brought into the shape of tables before they are read as such:
//!
//! - a cell that holds a column of figures by line breaks becomes rows, where the labels beside it have as many lines;
//! - a row that repeats the header begins a table of its own;
//! - a column of labels that stands last is put first;
//! - a column of separators ("North - 60") goes;
//! - a column of cells that each list several counts in words ("2 died, 9 recovered") becomes a column for each word.
//!
//! What does not fit stays as it stands, and is then not understood.

use crate::draft::Entry;

use super::lexicon::{Content, is_year, key, lex, number, tidy};
use super::worded::{Part, parts};
use super::words::is_common_sign;

/// A row of a grid and its number.
pub(crate) type Numbered = (usize, Vec<Entry>);

/// Rows that make one table, and what was done to get them.
#[derive(Debug, Default)]
pub(crate) struct Shaped {
    /// The rows.
    pub rows: Vec<Numbered>,
    /// What was assumed, in words.
    pub said: Vec<String>,
}

/// The tables that rows without a blank one between make.
pub(crate) fn tables(rows: Vec<Numbered>) -> Vec<Shaped> {
    let (rows, stacked) = unstacked(rows);
    let mut shaped = repeated(rows);
    for one in &mut shaped {
        if labels_first(&mut one.rows) {
            one.said.push("its labels stand in the last column".to_owned());
        }
        if stacked {
            one.said.push("line breaks within its cells are rows: labels and figures pair up".to_owned());
        }
        without_separators(&mut one.rows);
        if in_brackets(&mut one.rows) {
            one.said.push("figures in brackets are read as a column of their own, as their header says".to_owned());
        }
        if by_words(&mut one.rows) {
            one.said.push("cells that list several counts in words are read as a column for each word".to_owned());
        }
    }
    shaped
}

fn text(row: &[Entry], col: usize) -> String {
    row.get(col).map(|e| tidy(&e.text)).unwrap_or_default()
}

/// Whether a line of a cell is a figure, or a sign in place of one.
fn is_figure(line: &str) -> bool {
    !line.starts_with('(')
        && (matches!(lex(line).content, Content::Number(_) | Content::Range(_)) || is_common_sign(line))
}

/// Whether the lines of a cell are a column of figures; in the first row of a table a header may stand on top.
fn is_column(lines: &[String], first: bool) -> bool {
    let all = lines.iter().all(|l| is_figure(l)) && !(lines.len() == 2 && lines.iter().all(|l| is_year(l)));
    let below = || first && lines.len() > 2 && lines.iter().skip(1).all(|l| is_figure(l));
    let percent = lines.iter().filter(|l| l.ends_with('%')).count();
    (all || below()) && (percent == 0 || percent + 1 >= lines.len())
}

/// Rows whose cells hold lines that pair up, as rows of their own.
fn unstacked(rows: Vec<Numbered>) -> (Vec<Numbered>, bool) {
    let mut out = Vec::with_capacity(rows.len());
    let mut any = false;
    for (at, (number, row)) in rows.into_iter().enumerate() {
        match lines_of(&row, at == 0) {
            Some(lines) => {
                any = true;
                let entry = |e: &Entry, i: usize| {
                    let text = match e.lines.get(i) {
                        Some(line) => line.clone(),
                        None if i == 0 => e.text.clone(),
                        None => String::new(),
                    };
                    Entry { text, lines: Vec::new(), stored: None, ..e.clone() }
                };
                out.extend((0..lines).map(|i| (number, row.iter().map(|e| entry(e, i)).collect())));
            }
            None => out.push((number, row)),
        }
    }
    (out, any)
}

/// How many rows the lines of a row's cells make, if they pair up.
fn lines_of(row: &[Entry], first: bool) -> Option<usize> {
    let stacked: Vec<&Entry> = row.iter().filter(|e| e.lines.len() > 1 && !e.merged).collect();
    let lines = stacked.first()?.lines.len();
    let paired = stacked.len() > 1 && stacked.iter().all(|e| e.lines.len() == lines);
    let figures = stacked.iter().any(|e| is_column(&e.lines, first));
    // a figure for all of the rows together belongs to none of them
    let lone = row.iter().any(|e| e.lines.len() < 2 && !e.merged && is_figure(&tidy(&e.text)));
    (paired && figures && !lone).then_some(lines)
}

/// Divides rows where the header stands again.
fn repeated(rows: Vec<Numbered>) -> Vec<Shaped> {
    let mut shaped = vec![Shaped::default()];
    let mut header: Vec<String> =
        rows.first().map(|r| (0..r.1.len()).map(|c| text(&r.1, c)).collect()).unwrap_or_default();
    let names = header.iter().filter(|t| t.chars().any(char::is_alphabetic) && !is_figure(t)).count();
    let mut first = rows.first().map(|r| r.1.clone()).unwrap_or_default();
    for (at, (number, mut row)) in rows.into_iter().enumerate() {
        let filled: Vec<usize> = (0..row.len()).filter(|&c| !text(&row, c).is_empty()).collect();
        let same = filled.iter().all(|&c| header.get(c).is_some_and(|h| key(h) == key(&text(&row, c))));
        let again = at > 0
            && names > 1
            && filled.len() > 1
            && filled.len() + 1 >= header.iter().filter(|t| !t.is_empty()).count()
            && same;
        // "Sex | Number" below "Area | Number": the same columns by another variable
        let named = |t: &str| t.chars().any(char::is_alphabetic) && !is_figure(t);
        let behind: Vec<usize> = filled.iter().copied().filter(|&c| c > 0).collect();
        let other = at > 1
            && names > 1
            && named(&text(&row, 0))
            && !behind.is_empty()
            && behind.len() + 1 == header.iter().filter(|t| !t.is_empty()).count()
            && behind.iter().all(|&c| header.get(c).is_some_and(|h| named(h) && key(h) == key(&text(&row, c))));
        // "Academic year: | 2020/21" below "Academic year: | 2021/22"
        let period = at > 1
            && filled.as_slice() == [0, 1]
            && header.len() == 2
            && header.first().is_some_and(|h| !h.is_empty() && key(h) == key(&text(&row, 0)))
            && header.get(1).is_some_and(|h| is_year(h) && is_year(&text(&row, 1)) && key(h) != key(&text(&row, 1)));
        if (other || period) && !again {
            let line = row.iter().map(|e| e.place.line).find(|l| *l > 0);
            let place = line.map(|l| format!(" at line {l}")).unwrap_or_default();
            let said = vec![format!("a header row stands{place} among the rows: what follows is a table of its own")];
            header = (0..row.len()).map(|c| text(&row, c)).collect();
            first.clone_from(&row);
            shaped.push(Shaped { rows: vec![(number, row)], said });
        } else if again {
            let line = row.iter().map(|e| e.place.line).find(|l| *l > 0);
            for (c, entry) in first.iter().enumerate().filter(|(c, _)| !filled.contains(c)) {
                if let Some(slot) = row.get_mut(c) {
                    slot.text.clone_from(&entry.text);
                }
            }
            let place = line.map(|l| format!(" at line {l}")).unwrap_or_default();
            let said = vec![format!("a header row is repeated{place}: what follows is a table of its own")];
            shaped.push(Shaped { rows: vec![(number, row)], said });
        } else if let Some(last) = shaped.last_mut() {
            last.rows.push((number, row));
        }
    }
    // a header at the foot of a table
    shaped.retain(|s| s.rows.len() > 1 || s.said.is_empty());
    shaped
}

/// Puts a last column of labels before the figures: all others hold figures under names, and it holds names or years, each once.
fn labels_first(rows: &mut [Numbered]) -> bool {
    let width = rows.iter().map(|r| r.1.len()).max().unwrap_or(0);
    let merged = rows.iter().any(|r| r.1.iter().any(|e| e.merged) || r.1.len() != width);
    if rows.len() < 3 || width < 2 || merged {
        return false;
    }
    let last = width - 1;
    let name = |t: &str| t.chars().any(char::is_alphabetic) && !is_figure(t);
    let header = rows.first().is_some_and(|r| (0..width).all(|c| name(&text(&r.1, c))));
    let body = || rows.iter().skip(1).map(|r| &r.1);
    let figures = body().all(|r| (0..last).all(|c| is_figure(&text(r, c)) && !is_year(&text(r, c))));
    let mut labels: Vec<String> = body().map(|r| key(&text(r, last))).collect();
    let named = body().all(|r| name(&text(r, last)) || is_year(&text(r, last)));
    labels.sort();
    labels.dedup();
    // signs alone are notes; 1, 2, 3 number the rows
    let number = |t: &str| matches!(lex(t).content, Content::Number(_));
    let counts = body().all(|r| (0..last).any(|c| number(&text(r, c))));
    let numbered = rows.iter().skip(1).enumerate().all(|(at, r)| text(&r.1, 0) == (at + 1).to_string());
    let fits = header && figures && counts && !numbered && named && labels.len() == rows.len() - 1;
    if fits {
        rows.iter_mut().for_each(|r| r.1.rotate_right(1));
    }
    fits
}

/// Takes out a column in which nothing stands but what parts a label from its figure.
fn without_separators(rows: &mut [Numbered]) {
    const SEPARATORS: [&str; 7] = ["-", ":", "=", "|", "->", "...", "\u{2026}"];
    let width = rows.iter().map(|r| r.1.len()).max().unwrap_or(0);
    let all = |test: &dyn Fn(&[Entry]) -> bool| rows.len() > 1 && rows.iter().all(|r| test(&r.1));
    let figure = |row: &[Entry]| is_figure(&text(row, 2)) && text(row, 2).bytes().any(|b| b.is_ascii_digit());
    let parted = width == 3 && all(&|row| SEPARATORS.contains(&text(row, 1).as_str()) && figure(row));
    let alike = rows.iter().all(|r| text(&r.1, 1) == rows.first().map(|f| text(&f.1, 1)).unwrap_or_default());
    let labels = all(&|row| text(row, 0).chars().any(char::is_alphanumeric));
    if parted && alike && labels {
        rows.iter_mut().for_each(|r| drop(r.1.remove(1)));
    }
}

/// Columns of cells that list several counts in words, as a column for each word. Says whether there were any.
fn by_words(rows: &mut Vec<Numbered>) -> bool {
    let width = rows.iter().map(|r| r.1.len()).max().unwrap_or(0);
    let mut any = false;
    for col in (0..width).rev() {
        let headed = rows.first().is_some_and(|r| parts(&text(&r.1, col)).is_none_or(|p| p.len() < 2));
        let body: Vec<String> =
            rows.iter().skip(usize::from(headed)).map(|r| text(&r.1, col)).filter(|t| !t.is_empty()).collect();
        if body.is_empty() || !body.iter().any(|t| t.contains([',', ';', '/', '|', '+']) || t.contains(" and ")) {
            continue;
        }
        let Some(found) = body.iter().map(|t| parts(t)).collect::<Option<Vec<_>>>() else { continue };
        let mut labels: Vec<String> = Vec::new();
        for part in found.iter().flatten() {
            if !labels.contains(&part.label) {
                labels.push(part.label.clone());
            }
        }
        if found.iter().any(|p| p.len() > 1) && labels.len() <= MOST_WORDS {
            any = true;
            spread(rows, col, &labels, headed);
        }
    }
    any
}

/// "Cases (children)" above "45 (3)", "Cases [children]" above "45 [2]": what stands before the brackets, and in them.
fn bracketed(text: &str) -> Option<(String, String, char)> {
    let text = tidy(text);
    let (open, sign) = match text.chars().last()? {
        ')' => (text.rfind('(')?, ')'),
        ']' => (text.rfind('[')?, ']'),
        _ => return None,
    };
    let before = text.get(..open)?.trim().to_owned();
    let inner = text.get(open + 1..text.len() - 1)?.trim().to_owned();
    (!before.is_empty() && !inner.is_empty()).then_some((before, inner, sign))
}

/// Columns whose header names two figures, one of them in brackets, as two columns.
fn in_brackets(rows: &mut [Numbered]) -> bool {
    const OTHER: [&str; 12] =
        ["%", "note", "notes", "per cent", "percent", "percentage", "n", "no", "number", "rate", "£", "provisional"];
    let width = rows.iter().map(|r| r.1.len()).max().unwrap_or(0);
    let mut any = false;
    for col in (1..width).rev() {
        let Some((head, own, sign)) = rows.first().and_then(|r| bracketed(&text(&r.1, col))) else { continue };
        let words = key(&own);
        // "n (%)" above "45 (12.5)"
        if ["%", "per cent", "percent", "col %", "row %", "column %"].contains(&own.to_lowercase().as_str()) {
            let counts = rows.iter().skip(1).any(|r| bracketed(&text(&r.1, col)).is_some());
            if let Some(entry) = rows.first_mut().and_then(|r| r.1.get_mut(col)).filter(|_| counts) {
                entry.text.clone_from(&head);
            }
            for (_, row) in rows.iter_mut().skip(1) {
                let plain = |t: &str| number(t).is_some_and(|n| !n.percent && !n.money);
                if let Some(entry) = row.get_mut(col)
                    && let Some((a, b, _)) = bracketed(&entry.text).filter(|(a, b, _)| plain(a) && plain(b))
                {
                    entry.text = format!("{a} ({b}%)");
                }
            }
            continue;
        }
        let named =
            words.chars().filter(|c| c.is_alphabetic()).count() > 2 && !words.contains(|c: char| c.is_ascii_digit());
        if !named || OTHER.iter().any(|w| words == *w || words.split(' ').any(|x| x == *w)) {
            continue;
        }
        let pair = |t: &str| bracketed(t).filter(|(a, b, s)| *s == sign && is_figure(a) && is_figure(b));
        let counts = |t: &str| matches!(lex(t).content, Content::Number(n) if n.count().is_some());
        let body: Vec<String> = rows.iter().skip(1).map(|r| text(&r.1, col)).filter(|t| !t.is_empty()).collect();
        let found: Vec<_> = body.iter().filter_map(|t| pair(t)).collect();
        // a sign may stand for both
        let rest = body.iter().filter(|t| pair(t).is_none()).all(|t| is_common_sign(t));
        if !rest || !found.iter().any(|f| counts(&f.1)) || found.len() * 2 < body.len() {
            continue;
        }
        any = true;
        for (at, (_, row)) in rows.iter_mut().enumerate() {
            let Some(entry) = row.get(col).cloned() else { continue };
            let (first, second) = match pair(&entry.text) {
                _ if at == 0 => (head.clone(), format!("{head}, {own}")),
                Some((a, b, _)) => (a, b),
                None => (tidy(&entry.text), tidy(&entry.text)),
            };
            let new = [first, second].map(|text| Entry { text, stored: None, lines: Vec::new(), ..entry.clone() });
            row.splice(col..=col, new);
        }
    }
    any
}

/// Words that one column is divided by, at most.
const MOST_WORDS: usize = 12;

/// Puts a column for each label in the place of one.
fn spread(rows: &mut Vec<Numbered>, col: usize, labels: &[String], headed: bool) {
    if !headed && let Some((number, first)) = rows.first().cloned() {
        let blank = |e: &Entry| Entry { text: String::new(), stored: None, formula: None, ..e.clone() };
        rows.insert(0, (number, first.iter().map(blank).collect()));
    }
    for (at, (_, row)) in rows.iter_mut().enumerate() {
        let Some(entry) = row.get(col).cloned() else { continue };
        let found: Vec<Part> = if at == 0 { Vec::new() } else { parts(&tidy(&entry.text)).unwrap_or_default() };
        let head = tidy(&entry.text);
        let new = labels.iter().map(|label| {
            let text = match found.iter().find(|p| p.label == *label) {
                Some(part) => part.figure.clone(),
                None if at == 0 && head.is_empty() => label.clone(),
                None if at == 0 => format!("{head}: {label}"),
                None => String::new(),
            };
            Entry { text, stored: None, lines: Vec::new(), ..entry.clone() }
        });
        let new: Vec<Entry> = new.collect();
        row.splice(col..=col, new);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(texts: &[&[&str]]) -> Vec<Numbered> {
        let entry = |t: &&str| {
            let lines: Vec<String> = t.split('\n').map(str::to_owned).collect();
            Entry {
                text: t.replace('\n', " "),
                lines: if lines.len() > 1 { lines } else { Vec::new() },
                ..Entry::default()
            }
        };
        texts.iter().enumerate().map(|(n, row)| (n, row.iter().map(entry).collect())).collect()
    }

    fn shaped(texts: &[&[&str]]) -> Vec<Vec<String>> {
        let line = |r: &Numbered| r.1.iter().map(|e| e.text.clone()).collect::<Vec<_>>().join("|");
        tables(rows(texts)).iter().map(|s| s.rows.iter().map(line).collect()).collect()
    }

    /// Lines of figures beside lines of labels are rows; a wrapped label is none, and a lone figure belongs to no line.
    #[test]
    fn stacked() {
        assert_eq!(
            shaped(&[&["Region", "Treated"], &["North\nSouth", "2\n41"]]),
            [["Region|Treated", "North|2", "South|41"]]
        );
        assert_eq!(shaped(&[&["Region\nNorth\nSouth", "Treated\n2\n41"]]), [["Region|Treated", "North|2", "South|41"]]);
        assert_eq!(shaped(&[&["Region", "Treated"], &["North\nWest", "41"]]), [["Region|Treated", "North West|41"]]);
        assert_eq!(shaped(&[&["a", "b", "c"], &["x\ny", "2\n3", "5"]]), [["a|b|c", "x y|2 3|5"]]);
        assert_eq!(shaped(&[&["a", "b"], &["x\ny", "12\n(48%)"]]), [["a|b", "x y|12 (48%)"]]);
    }

    /// A header that stands again begins a table; separators go; lists of counts become columns.
    #[test]
    fn other_shapes() {
        let found =
            shaped(&[&["Year", "Kind", "Cases"], &["2014", "a", "9"], &["", "Kind", "Cases"], &["2015", "a", "8"]]);
        assert_eq!(found, [vec!["Year|Kind|Cases", "2014|a|9"], vec!["Year|Kind|Cases", "2015|a|8"]]);
        assert_eq!(shaped(&[&["North", "-", "60"], &["South", "-", "3"]]), [["North|60", "South|3"]]);
        assert_eq!(shaped(&[&["Area", "2021", "2022"], &["South", "-", "3"]]), [["Area|2021|2022", "South|-|3"]]);
        let found = shaped(&[&["2021", "2022"], &["3 resigned, 1 dismissed", "2 resigned, 4 dismissed"]]);
        assert_eq!(found, [["2021: resigned|2021: dismissed|2022: resigned|2022: dismissed", "3|1|2|4"]]);
    }
}
