//! The tables of a document as blocks of text, with what stands around them: titles, captions, notes.
//!
//! A grid may hold several tables (a sheet often does): blank rows divide it, and rows with one text are captions.

use crate::draft::{Document, Entry, Grid, Paragraph, Piece, Place};

use super::Draft;
use super::lexicon::{Content, lex, tidy};
use super::listed::{Item, is_list, item, spoken};
use super::reshape::{self, Numbered, Shaped};

/// A text outside the cells of a table.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Line {
    /// The file it is in.
    pub file: usize,
    /// The text.
    pub text: String,
    /// Where it stands.
    pub place: Place,
    /// Hidden in the file.
    pub hidden: bool,
    /// It is one of several lines drawn as a table that was not read: the number of the first.
    pub drawn: Option<usize>,
}

/// A table as text.
#[derive(Clone, Debug)]
pub(crate) struct Block {
    /// The file it is in.
    pub file: usize,
    /// What the author calls it.
    pub name: String,
    /// Captions before it, since the table before.
    pub before: Vec<usize>,
    /// Lines directly behind it.
    pub after: Vec<usize>,
    /// Its rows; none is blank.
    pub rows: Vec<Vec<Entry>>,
    /// The piece of the document that it is in, and the rows of the grid there.
    pub piece: usize,
    /// Per row, its number in the grid.
    pub grid_rows: Vec<usize>,
    /// What was assumed to bring it into shape, in words.
    pub said: Vec<String>,
}

/// All blocks of some documents, and all text outside of them.
#[derive(Debug, Default)]
pub(crate) struct Pages {
    /// The tables.
    pub blocks: Vec<Block>,
    /// Every line of text, in reading order.
    pub lines: Vec<Line>,
    /// Cells of tables that are sentences: they are read as those, too.
    pub spoken: Vec<Line>,
}

/// Divides documents into tables and text.
pub(crate) fn pages(drafts: &[Draft]) -> Pages {
    let mut pages = Pages::default();
    for (file, draft) in drafts.iter().enumerate() {
        let mut reader =
            Reader { pages: &mut pages, file, piece: 0, recent: Vec::new(), after: None, items: Vec::new() };
        reader.document(&draft.document);
    }
    name_once(&mut pages.blocks, drafts);
    pages
}

struct Reader<'a> {
    pages: &'a mut Pages,
    file: usize,
    piece: usize,
    /// Lines since the last table.
    recent: Vec<usize>,
    /// The table that lines may be notes of.
    after: Option<usize>,
    /// Lines of a label and a figure each that may make a list.
    items: Vec<Item>,
}

impl Reader<'_> {
    fn document(&mut self, document: &Document) {
        for (number, piece) in document.pieces.iter().enumerate() {
            self.piece = number;
            match piece {
                Piece::Paragraph(p) => self.paragraph(p),
                Piece::Grid(grid) => {
                    self.end_list();
                    self.grid(grid);
                }
            }
        }
        self.end_list();
    }

    fn paragraph(&mut self, p: &Paragraph) {
        if is_drawn(&p.text) && !p.hidden {
            self.end_list();
            return self.drawn(p);
        }
        for (offset, text) in p.text.lines().enumerate() {
            let line = if p.place.line > 0 { p.place.line + offset } else { 0 };
            let place = Place { line, ..p.place.clone() };
            match item(text).filter(|_| !p.hidden && !p.heading) {
                Some(cells) => self.items.push(Item { cells, text: text.to_owned(), place, piece: self.piece }),
                None => {
                    self.end_list();
                    self.line(text, place, p.hidden);
                }
            }
        }
    }

    /// Lines that were drawn as a table and not read as one.
    fn drawn(&mut self, p: &Paragraph) {
        let first = self.pages.lines.len();
        for (offset, text) in p.text.lines().enumerate() {
            let line = if p.place.line > 0 { p.place.line + offset } else { 0 };
            self.line(text, Place { line, ..p.place.clone() }, false);
        }
        self.pages.lines.iter_mut().skip(first).for_each(|l| l.drawn = Some(first));
    }

    /// Ends a list of labels with a figure each: several in a row are a table, fewer are text.
    fn end_list(&mut self) {
        let items = std::mem::take(&mut self.items);
        if !is_list(&items) {
            items.iter().for_each(|i| self.line(&i.text, i.place.clone(), false));
            return;
        }
        let piece = std::mem::replace(&mut self.piece, items.first().map_or(0, |i| i.piece));
        let entry =
            |text: &String, place: &Place| Entry { text: text.clone(), place: place.clone(), ..Entry::default() };
        let rows = items.iter().map(|i| (0, vec![entry(&i.cells.0, &i.place), entry(&i.cells.1, &i.place)])).collect();
        self.table(rows, &mut None);
        self.piece = piece;
    }

    fn line(&mut self, text: &str, place: Place, hidden: bool) {
        let text = tidy(text);
        if text.is_empty() {
            return;
        }
        let number = self.pages.lines.len();
        self.pages.lines.push(Line { file: self.file, text, place, hidden, drawn: None });
        self.recent.push(number);
        if let Some(block) = self.after.and_then(|b| self.pages.blocks.get_mut(b)) {
            block.after.push(number);
        }
    }

    fn grid(&mut self, grid: &Grid) {
        let mut rows: Vec<Numbered> = Vec::new();
        let mut name = grid.name.clone();
        for (number, row) in grid.rows.iter().chain([&Vec::new()]).enumerate() {
            if row.iter().any(|e| !tidy(&e.text).is_empty()) {
                rows.push((number, row.clone()));
            } else if !rows.is_empty() {
                self.block(std::mem::take(&mut rows), &mut name);
            }
        }
    }

    /// Rows without a blank one between them: captions, a table, notes.
    fn block(&mut self, mut rows: Vec<Numbered>, name: &mut Option<String>) {
        while rows.first().is_some_and(|r| caption(&r.1, rows.get(1).map(|r| &r.1))) {
            let row = rows.remove(0);
            self.alone(&row.1);
        }
        let mut notes = Vec::new();
        while rows.last().is_some_and(|r| rows.len() > 1 && note(&r.1)) {
            notes.extend(rows.pop());
        }
        if remarks(&rows, self.recent.last().and_then(|&n| self.pages.lines.get(n))) {
            rows.iter().for_each(|row| self.remark(&row.1));
            rows.clear();
        }
        let first = |row: &Numbered| {
            let text = row.1.iter().map(|e| tidy(&e.text)).find(|t| !t.is_empty()).unwrap_or_default();
            mark_of(&text) == Some(1)
        };
        let at = rows.iter().rposition(first).filter(|&at| at > 0);
        let headed = |at: usize| at > 1 && remarks(rows.get(at - 1..).unwrap_or_default(), None);
        let at = at.map(|at| if headed(at) { at - 1 } else { at });
        let at = at.filter(|&at| remarks(rows.get(at..).unwrap_or_default(), None));
        let below = at.map(|at| rows.split_off(at)).unwrap_or_default();
        if !rows.is_empty() {
            self.table(rows, name);
        }
        below.iter().for_each(|row| self.remark(&row.1));
        notes.iter().rev().for_each(|row| self.alone(&row.1));
    }

    /// A row that is one text.
    fn alone(&mut self, row: &[Entry]) {
        if let Some(entry) = row.iter().find(|e| !e.merged && !tidy(&e.text).is_empty()) {
            self.line(&entry.text.clone(), entry.place.clone(), entry.hidden);
        }
    }

    /// A row that is the number of a note and its words.
    fn remark(&mut self, row: &[Entry]) {
        let mut filled = row.iter().filter(|e| !e.merged && !tidy(&e.text).is_empty());
        let (Some(first), second) = (filled.next(), filled.next()) else { return };
        match (mark_of(&first.text), second) {
            (Some(number), Some(words)) => {
                self.line(&format!("{number}. {}", words.text), words.place.clone(), first.hidden || words.hidden);
                filled.for_each(|e| self.line(&e.text, e.place.clone(), e.hidden));
            }
            _ => row.iter().filter(|e| !e.merged).for_each(|e| self.line(&e.text, e.place.clone(), e.hidden)),
        }
    }

    fn table(&mut self, rows: Vec<Numbered>, name: &mut Option<String>) {
        let mut before = std::mem::take(&mut self.recent);
        let texts = before.iter().filter_map(|&n| self.pages.lines.get(n)).map(|l| l.text.as_str());
        let called = called(&texts.collect::<Vec<_>>());
        let named = called.or_else(|| name.take()).unwrap_or_default();
        for Shaped { rows, said } in reshape::tables(rows) {
            self.after = Some(self.pages.blocks.len());
            let (grid_rows, rows): (Vec<usize>, Vec<Vec<Entry>>) = rows.into_iter().unzip();
            self.pages.spoken.extend(spoken(self.file, &rows));
            let (file, piece, before) = (self.file, self.piece, std::mem::take(&mut before));
            let (name, after) = (named.clone(), Vec::new());
            self.pages.blocks.push(Block { file, name, before, after, rows, piece, grid_rows, said });
        }
    }
}

/// The number of a note: "1", "(1)", "[note 1]", "Note 1:".
fn mark_of(text: &str) -> Option<usize> {
    let low = tidy(text).to_lowercase();
    let bare = low.trim_matches(['(', ')', '[', ']', '.', ':', ' ']);
    let bare = bare.strip_prefix("note").unwrap_or(bare).trim();
    bare.parse().ok().filter(|n| (1..100).contains(n))
}

/// Whether rows are notes: 1, 2, 3 in one cell and words in the next, a header above them at most. `above` is the line before.
fn remarks(rows: &[Numbered], above: Option<&Line>) -> bool {
    let cells = |row: &Numbered| {
        row.1.iter().filter(|e| !e.merged).map(|e| tidy(&e.text)).filter(|t| !t.is_empty()).collect::<Vec<_>>()
    };
    let titled = above.is_some_and(|l| {
        let low = l.text.to_lowercase();
        ["note", "footnote"].iter().any(|w| low.starts_with(w))
    });
    let header = rows.first().is_some_and(|r| {
        let cells = cells(r);
        cells.first().is_some_and(|c| c.to_lowercase().starts_with("note"))
            && cells.iter().all(|c| mark_of(c).is_none())
    });
    let body: Vec<Vec<String>> = rows.iter().skip(usize::from(header)).map(cells).collect();
    let words = |t: &String| t.split(' ').count() > 1 && t.chars().filter(|c| c.is_alphabetic()).count() > 5;
    let said = |t: &String| words(t) && (t.split(' ').count() > 3 || t.ends_with('.'));
    let named = titled || header;
    let words = |t: &String| words(t) || named && t.chars().filter(|c| c.is_alphabetic()).count() > 4;
    !body.is_empty()
        && body.iter().enumerate().all(|(at, cells)| match &cells[..] {
            [mark, first, rest @ ..] => {
                let fits = mark_of(mark) == Some(at + 1) && (said(first) || named && words(first));
                // "Note mapping" and links in further columns
                fits && (rest.is_empty() || header && rest.iter().all(|t| mark_of(t).is_none()))
            }
            _ => false,
        })
        && (body.len() > 1 || named || body.iter().flatten().any(|t| t.ends_with('.')))
}

/// Whether a text is lines with wide gaps, figures behind them on two at least.
fn is_drawn(text: &str) -> bool {
    let figure = |t: &str| matches!(lex(t).content, Content::Number(_) | Content::Range(_));
    let gaps = |line: &&str| line.trim().split("  ").skip(1).map(str::trim).any(|t| !t.is_empty() && figure(t));
    text.lines().filter(gaps).count() > 1
}

/// A row of one text (a merged cell counts once) above something with more cells, or of words alone.
fn caption(row: &[Entry], next: Option<&Vec<Entry>>) -> bool {
    let filled = |row: &[Entry]| row.iter().filter(|e| !e.merged && !tidy(&e.text).is_empty()).count();
    let Some(text) = row.iter().find(|e| !tidy(&e.text).is_empty()) else { return false };
    let words = matches!(lex(&text.text).content, Content::Sign(_))
        && text.text.chars().filter(|c| c.is_alphabetic()).count() > 2;
    filled(row) == 1 && words && next.is_none_or(|n| filled(n) != 1 || caption(n, None))
}

/// A row behind a table that is one long text, or begins with a footnote mark.
fn note(row: &[Entry]) -> bool {
    let filled: Vec<&Entry> = row.iter().filter(|e| !e.merged && !tidy(&e.text).is_empty()).collect();
    let [only] = filled[..] else { return false };
    let text = tidy(&only.text);
    let marked = text.starts_with(['*', '^', '†', '‡', '§', '[', '(']) && text.len() > 3;
    let opens = ["note", "source", "footnote"].iter().any(|w| text.to_lowercase().starts_with(w));
    marked || opens || text.split(' ').count() > 6
}

/// What lines before a table call it: a line such as "TABLE 2" or "Table 2: by age", else the last short one.
fn called(lines: &[&str]) -> Option<String> {
    let heading = |l: &&&str| {
        let words: Vec<String> = l.to_lowercase().split([' ', ':', '.']).map(str::to_owned).collect();
        let numbered = words.get(1).is_some_and(|w| !w.is_empty() && w.len() <= 4 && w != "of");
        words.first().is_some_and(|w| w == "table" || w == "tab") && numbered
    };
    let short = |l: &str| l.chars().count() <= 60 && !l.ends_with('.');
    if let Some(line) = lines.iter().rev().find(heading) {
        let head: Vec<&str> = line.splitn(3, ' ').collect();
        let number = head.get(1).map(|n| n.trim_end_matches([':', '.', '-'])).unwrap_or_default();
        return Some(format!("{} {number}", head.first().copied().unwrap_or_default()));
    }
    let total = |l: &&&str| l.to_lowercase().starts_with("total");
    lines.iter().rev().find(|l| !total(l)).filter(|l| short(l)).map(|l| l.trim_end_matches(':').to_owned())
}

/// Gives every table a name of its own.
fn name_once(blocks: &mut [Block], drafts: &[Draft]) {
    let mut seen = std::collections::BTreeMap::<String, usize>::new();
    let several = drafts.len() > 1;
    for (i, block) in blocks.iter_mut().enumerate() {
        if block.name.is_empty() {
            block.name = format!("table {}", i + 1);
        }
        let taken = seen.entry(block.name.clone()).or_default();
        *taken += 1;
        if *taken > 1 {
            let file = drafts.get(block.file).map(|d| d.name.as_str()).filter(|_| several);
            block.name = match file {
                Some(file) => format!("{} of {file}", block.name),
                None => format!("{} ({taken})", block.name),
            };
        }
    }
    let mut names = std::collections::BTreeSet::new();
    for (i, block) in blocks.iter_mut().enumerate() {
        if !names.insert(block.name.clone()) {
            block.name = format!("{} ({})", block.name, i + 1);
            names.insert(block.name.clone());
        }
    }
}
