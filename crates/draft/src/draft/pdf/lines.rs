//! Glyphs to lines of text: words where little space lies between them, raised marks where they stand.

use super::glyphs::Glyph;
use crate::draft::text::Segment;
use crate::draft::words::raised;

/// Space between words, in sizes of the font.
const SPACE: f64 = 0.17;
/// Space between columns, in sizes of the font.
const GAP: f64 = 0.95;
/// How far a raised mark stands above its line, in sizes of the line's font.
const RAISED: f64 = 0.65;

/// Rows of glyphs around a mark among which its line is looked for.
const NEAR: usize = 8;

/// A run of glyphs without a space.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Word {
    /// Left end.
    pub left: f64,
    /// Right end.
    pub right: f64,
    /// What it says.
    pub text: String,
    /// A shape covers it.
    pub hidden: bool,
    /// It is smaller than the line and stands higher.
    raised: bool,
}

/// A line of text.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Line {
    /// Where it stands, downwards.
    pub base: f64,
    /// Size of its font.
    pub size: f64,
    /// Its words from left to right.
    pub words: Vec<Word>,
}

impl Line {
    /// The words in an area, and the line without them.
    pub(super) fn parted(self, left: f64, right: f64, top: f64, bottom: f64) -> (Option<Line>, Option<Line>) {
        let middle = self.base - self.size * 0.3;
        if !(top..=bottom).contains(&middle) {
            return (None, Some(self));
        }
        let within = |w: &Word| ((left - 1.0)..=(right + 1.0)).contains(&((w.left + w.right) / 2.0));
        let (inside, outside): (Vec<Word>, Vec<Word>) = self.words.into_iter().partition(within);
        let line = |words: Vec<Word>| (!words.is_empty()).then_some(Line { base: self.base, size: self.size, words });
        (line(inside), line(outside))
    }

    /// Its text.
    pub(super) fn text(&self) -> String {
        joined(&self.words)
    }

    /// Whether a shape covers all of it.
    pub(super) fn is_hidden(&self) -> bool {
        !self.words.is_empty() && self.words.iter().all(|w| w.hidden)
    }

    /// Its texts between wide gaps; columns are counted in spaces of its font.
    pub(super) fn segments(&self) -> Vec<Segment> {
        let unit = (self.size / 4.0).max(0.1);
        let mut runs: Vec<Vec<Word>> = Vec::new();
        for word in &self.words {
            match runs.last_mut() {
                Some(run) if run.last().is_some_and(|w| word.left - w.right < self.size * GAP) => {
                    run.push(word.clone())
                }
                _ => runs.push(vec![word.clone()]),
            }
        }
        let column = |x: f64| (x / unit).round().clamp(0.0, 1e6) as usize;
        let span = |w: &Word| (column(w.left), column(w.right).max(column(w.left) + 1));
        let segment = |run: Vec<Word>| {
            let words: Vec<(usize, usize)> = run.iter().map(span).collect();
            let (start, end) = (words.first()?.0, words.last()?.1);
            Some(Segment { start, end, text: joined(&run), words })
        };
        runs.into_iter().filter_map(segment).collect()
    }
}

/// Words with the spaces between them.
pub(super) fn joined(words: &[Word]) -> String {
    let mut text = String::new();
    for word in words {
        if word.raised {
            let mark = raised(&text, &word.text);
            text.push_str(&mark);
        } else {
            if !text.is_empty() {
                text.push(' ');
            }
            text.push_str(&word.text);
        }
    }
    text
}

/// The lines of a page, from its top.
pub(super) fn of(mut glyphs: Vec<Glyph>) -> Vec<Line> {
    glyphs.sort_by(|a, b| a.base.total_cmp(&b.base).then(a.left.total_cmp(&b.left)));
    // glyphs of one size on one base
    let mut rows: Vec<Vec<Glyph>> = Vec::new();
    for glyph in glyphs {
        let fits = |row: &Vec<Glyph>| {
            row.first().is_some_and(|f| {
                (f.base - glyph.base).abs() <= 0.25 * f.size.min(glyph.size).max(0.5)
                    && (f.size - glyph.size).abs() <= 0.2 * f.size.max(glyph.size)
            })
        };
        match rows.iter_mut().rev().take(6).find(|row| fits(row)) {
            Some(row) => row.push(glyph),
            None => rows.push(vec![glyph]),
        }
    }
    // rows lie in the order of their bases: a mark's line is near
    let near = |i: usize| i.saturating_sub(NEAR)..(i + NEAR + 1).min(rows.len());
    let mains = |i: usize, glyph: &[Glyph]| {
        near(i).filter(|j| rows.get(*j).is_some_and(|main| is_mark(glyph, main))).collect::<Vec<_>>()
    };
    let mut is_line: Vec<bool> = rows.iter().enumerate().map(|(i, row)| mains(i, row).is_empty()).collect();
    let mut marks: Vec<Vec<Glyph>> = vec![Vec::new(); rows.len()];
    for (i, row) in rows.iter().enumerate() {
        let lines: Vec<usize> = mains(i, row).into_iter().filter(|j| is_line.get(*j) == Some(&true)).collect();
        if lines.is_empty() {
            // a mark beside a mark only is a line of its own
            is_line.get_mut(i).into_iter().for_each(|flag| *flag = true);
            continue;
        }
        // every glyph of a mark goes to the line that it stands beside
        for glyph in row {
            let distance = |j: &usize| {
                let main = rows.get(*j).map(Vec::as_slice).unwrap_or_default();
                main.iter().map(|g| (glyph.left - g.right).abs()).fold(f64::INFINITY, f64::min)
            };
            let beside = lines.iter().copied().min_by(|a, b| distance(a).total_cmp(&distance(b)));
            beside.and_then(|j| marks.get_mut(j)).into_iter().for_each(|list| list.push(glyph.clone()));
        }
    }
    let lines = rows.into_iter().zip(marks).zip(is_line).filter(|(_, is_line)| *is_line).map(|(line, _)| line);
    let mut lines: Vec<Line> = lines.map(|(main, marks)| line(main, marks)).collect();
    lines.retain(|l| !l.words.is_empty());
    lines.sort_by(|a, b| a.base.total_cmp(&b.base));
    same_base(lines)
}

/// Whether glyphs are smaller than those of a line and stand a little above or below it.
fn is_mark(row: &[Glyph], main: &[Glyph]) -> bool {
    let (Some(mark), Some(line)) = (row.first(), main.first()) else { return false };
    let above = line.base - mark.base;
    mark.size < line.size * 0.8
        && above < line.size * RAISED
        && above > -line.size * 0.3
        && !mark.text.trim().is_empty()
}

fn line(main: Vec<Glyph>, marks: Vec<Glyph>) -> Line {
    let (base, size) = main.first().map_or((0.0, 0.0), |g| (g.base, g.size));
    let mut words = words(main, false);
    let marks = self::words(marks, true).into_iter().map(|w| Word { raised: true, ..w });
    words.extend(marks);
    words.sort_by(|a, b| a.left.total_cmp(&b.left));
    Line { base, size, words }
}

fn words(mut glyphs: Vec<Glyph>, marks: bool) -> Vec<Word> {
    glyphs.sort_by(|a, b| a.left.total_cmp(&b.left));
    let mut words: Vec<Word> = Vec::new();
    let mut ended = true;
    for glyph in glyphs {
        if glyph.text.trim().is_empty() {
            ended = true;
            continue;
        }
        // a glyph drawn twice at one place makes it bold, not double
        let twice = |w: &Word| w.text.ends_with(&glyph.text) && (w.right - glyph.right).abs() < glyph.size * 0.05;
        match words.last_mut() {
            Some(word) if twice(word) => {}
            Some(word) if !ended && glyph.left - word.right < glyph.size * SPACE => {
                word.text.push_str(&glyph.text);
                word.right = word.right.max(glyph.right);
                word.hidden &= glyph.hidden;
            }
            _ => words.push(Word {
                left: glyph.left,
                right: glyph.right,
                text: glyph.text.clone(),
                hidden: glyph.hidden,
                raised: marks,
            }),
        }
        ended = false;
    }
    words
}

/// Lines of different sizes on one base are one line.
fn same_base(lines: Vec<Line>) -> Vec<Line> {
    let mut joined: Vec<Line> = Vec::new();
    for line in lines {
        match joined.last_mut() {
            Some(before) if (before.base - line.base).abs() <= 0.2 * before.size.min(line.size) => {
                before.words.extend(line.words);
                before.words.sort_by(|a, b| a.left.total_cmp(&b.left));
                before.size = before.size.max(line.size);
            }
            _ => joined.push(line),
        }
    }
    joined
}
