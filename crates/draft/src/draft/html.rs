//! Web pages: paragraphs and tables as a browser would show them, and what it would not: hidden elements, comments.

mod attributes;
mod beside;
mod guard;
mod hidden;
mod scripts;

use html5ever::tendril::TendrilSink;
use html5ever::tree_builder::TreeBuilderOpts;
use html5ever::{ParseOpts, parse_document};
use markup5ever_rcdom::{Handle, NodeData, RcDom};

use super::blocks;
use super::bounds::{Budget, MOST_DEPTH, MOST_TEXT, check_size, refuse};
use super::grid::{Spanning, spread};
use super::held::Held;
use super::number_format::beyond;
use super::words::{is_caption, lines, raised, tidy};
use super::{Document, Entry, Error, Paragraph, Piece, Place};

use hidden::{Rules, Sight, holds_figure};

/// Elements that a browser never shows as text.
const SILENT: &[&str] = &["script", "style", "head", "title", "meta", "link"];
/// Elements whose content is not read.
const UNREAD: &[(&str, &str)] = &[
    ("iframe", "a page within the page, which is not read"),
    ("object", "a page within the page, which is not read"),
    ("embed", "a page within the page, which is not read"),
    ("applet", "a page within the page, which is not read"),
    ("canvas", "a drawing that a script makes, which is not read"),
    ("video", "a film, which is not read"),
    ("audio", "a sound, which is not read"),
    ("svg", "a picture, which is not read"),
    ("img", "a picture, which is not read"),
];
/// Elements that begin a new paragraph.
const BLOCKS: &[&str] = &[
    "address",
    "article",
    "aside",
    "blockquote",
    "body",
    "caption",
    "center",
    "dd",
    "details",
    "dialog",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "li",
    "main",
    "nav",
    "ol",
    "optgroup",
    "option",
    "p",
    "pre",
    "section",
    "summary",
    "td",
    "th",
    "tr",
    "ul",
];

/// A line break of the page within a cell; white space as all others.
const BREAK: &str = "\u{2028}";

/// Reads a web page.
///
/// # Errors
/// No text, too large, or nested beyond reason.
pub(super) fn read(bytes: Vec<u8>) -> Result<Document, Error> {
    check_size(&bytes, MOST_TEXT)?;
    let text = super::text::decoded(bytes)?;
    page(&text, &mut Budget::default(), "")
}

/// A page or a part of one; `at` goes before the names of its tables.
///
/// # Errors
/// As [`read`].
pub(super) fn page(text: &str, budget: &mut Budget, at: &str) -> Result<Document, Error> {
    guard::check(text)?;
    let tree_builder = TreeBuilderOpts { scripting_enabled: false, ..TreeBuilderOpts::default() };
    let dom = parse_document(RcDom::default(), ParseOpts { tree_builder, ..ParseOpts::default() }).one(text);
    let mut walk = Walk {
        rules: Rules::of(&dom.document),
        document: Document::default(),
        budget,
        at,
        tables: 0,
        text: Text::default(),
        paragraphs: 0,
        held: Vec::new(),
        scripts: Vec::new(),
        cell: None,
        stored: Vec::new(),
    };
    walk.node(&dom.document, State::default(), 0)?;
    walk.flush(false);
    walk.finish();
    Ok(walk.document)
}

/// What holds for all within an element.
#[derive(Clone, Copy, Debug, Default)]
struct State {
    hidden: bool,
    /// Text for screen readers without a figure: neither shown nor told.
    aside: bool,
    heading: bool,
    bold: bool,
}

/// Text that is being put together.
#[derive(Default)]
struct Text {
    shown: String,
    hidden: String,
    /// Some of the shown text is not bold.
    light: bool,
}

impl Text {
    fn push(&mut self, text: &str, state: State) {
        if state.aside {
            return;
        }
        if state.hidden {
            self.hidden.push_str(text);
        } else {
            self.light |= !state.bold && !text.trim().is_empty();
            self.shown.push_str(text);
        }
    }
}

struct Walk<'a> {
    rules: Rules,
    document: Document,
    budget: &'a mut Budget,
    at: &'a str,
    tables: usize,
    paragraphs: usize,
    text: Text,
    /// Texts in attributes and other places that the page does not show.
    held: Vec<Held>,
    /// Scripts, with their kinds.
    scripts: Vec<(Place, String, String)>,
    /// The cell that is being read.
    cell: Option<Place>,
    /// Numbers that its attributes store, and whether they only order rows.
    stored: Vec<(f64, bool)>,
}

impl Walk<'_> {
    fn node(&mut self, node: &Handle, state: State, depth: usize) -> Result<(), Error> {
        if depth > MOST_DEPTH {
            return Err(refuse(format!("its elements nest deeper than {MOST_DEPTH}"), "this is no drafted answer"));
        }
        let NodeData::Element { .. } = &node.data else {
            self.leaf(node, state);
            return self.children(node, state, depth);
        };
        let name = name(node);
        let state = self.inner(node, state);
        if self.unread(node, &name, state) {
            return Ok(());
        }
        match name.as_str() {
            "head" => self.hold_within(node, depth),
            n if SILENT.contains(&n) => Ok(()),
            "table" if !holds_table(node, 0) => self.table(node, state, depth),
            "pre" if !state.hidden => self.preformatted(node),
            "table" => {
                self.flush(false);
                self.children(node, state, depth)?;
                self.flush(false);
                Ok(())
            }
            n if BLOCKS.contains(&n) => {
                let heading = state.heading || n.len() == 2 && n.starts_with('h') && n != "hr";
                self.flush(state.heading);
                self.children(node, State { heading, ..state }, depth)?;
                self.flush(heading);
                Ok(())
            }
            _ => self.inline(node, &name, state, depth),
        }
    }

    fn inline(&mut self, node: &Handle, name: &str, state: State, depth: usize) -> Result<(), Error> {
        match name {
            "br" => self.text.push(" ", state),
            "sup" => {
                self.hold_within(node, depth)?;
                let text = all_text(node, depth)?;
                let text = raised(&self.text.shown, &text);
                self.text.push(&text, state);
                return Ok(());
            }
            "input" => beside::input(node, state, &mut self.text),
            _ => {}
        }
        if let Some((contents, state)) = beside::template(node, state) {
            self.children(&contents, state, depth)?;
        }
        self.children(node, state, depth)
    }

    fn children(&mut self, node: &Handle, state: State, depth: usize) -> Result<(), Error> {
        for child in node.children.borrow().iter() {
            self.node(child, state, depth + 1)?;
        }
        Ok(())
    }

    /// Text and comments.
    fn leaf(&mut self, node: &Handle, state: State) {
        match &node.data {
            NodeData::Text { contents } => self.text.push(&contents.borrow(), state),
            NodeData::Comment { contents } => self.comment(contents),
            _ => {}
        }
    }

    fn comment(&mut self, contents: &str) {
        let text = tidy(contents);
        // what only old programs of Microsoft read
        let conditional = text.starts_with("[if ")
            || text.starts_with("[endif")
            || text.starts_with("StartFragment")
            || text.starts_with("EndFragment");
        // words alone ("end of table") give nothing away
        if super::held::tells(&text) && !conditional {
            self.hide(text, "a comment in the page's source");
        }
    }

    /// What holds within this element.
    fn inner(&mut self, node: &Handle, state: State) -> State {
        self.hold(node);
        let bold = state.bold || matches!(name(node).as_str(), "b" | "strong" | "th");
        // only where scripts do not run
        let sight = if name(node) == "noscript" { Sight::Clipped } else { self.rules.sight(node) };
        let figure = || all_text(node, 0).map_or(true, |text| holds_figure(&text));
        let hidden = state.hidden || sight == Sight::Hidden || (sight == Sight::Clipped && figure());
        State { hidden, aside: state.aside || (sight == Sight::Clipped && !hidden), bold, ..state }
    }

    fn hide(&mut self, text: String, what: &str) {
        self.paragraphs += 1;
        let place = self.paragraph_place();
        self.document.residue.push((place.clone(), what.to_owned()));
        let hidden = Paragraph { text, place, heading: false, hidden: true };
        self.document.pieces.push(Piece::Paragraph(hidden));
    }

    fn paragraph_place(&self) -> Place {
        Place { part: Some(format!("{}paragraph {}", self.at, self.paragraphs)), ..Place::default() }
    }

    /// Ends a paragraph.
    fn flush(&mut self, heading: bool) {
        let text = std::mem::take(&mut self.text);
        let (shown, hidden) = (tidy(&text.shown), tidy(&text.hidden));
        if !shown.is_empty() {
            self.paragraphs += 1;
            let (place, heading) = (self.paragraph_place(), heading || is_caption(&shown));
            self.document.pieces.push(Piece::Paragraph(Paragraph { text: shown, place, heading, hidden: false }));
        }
        if !hidden.is_empty() {
            self.hide(hidden, "hidden text");
        }
    }

    /// Text as typed, which may hold tables drawn with signs.
    fn preformatted(&mut self, node: &Handle) -> Result<(), Error> {
        self.flush(false);
        self.hold_within(node, 0)?;
        let text = all_text(node, 0)?;
        self.paragraphs += 1;
        let part = format!("{}preformatted text {}", self.at, self.paragraphs);
        let mut pieces = super::text::pieces(&text, 0, self.budget)?;
        for piece in &mut pieces {
            match piece {
                Piece::Paragraph(p) => p.place.part = Some(part.clone()),
                Piece::Grid(g) => g.rows.iter_mut().flatten().for_each(|e| e.place.part = Some(part.clone())),
            }
        }
        self.document.pieces.extend(pieces);
        Ok(())
    }

    fn table(&mut self, table: &Handle, state: State, depth: usize) -> Result<(), Error> {
        self.flush(false);
        self.tables += 1;
        let part = format!("{}table {}", self.at, self.tables);
        let mut found = Table::default();
        self.rows(table, state, depth, &mut found)?;
        let rows = spread(found.rows, &part, self.budget)?;
        if rows.iter().flatten().any(|e| e.hidden && !e.text.is_empty()) {
            let place = Place { part: Some(part.clone()), ..Place::default() };
            self.document.residue.push((place, "hidden cells".to_owned()));
        }
        let found_within = blocks::within(rows, found.caption.as_deref(), &part, self.budget)?;
        self.document.pieces.extend(found_within);
        for text in found.hidden {
            self.hide(text, &format!("hidden text in {part}"));
        }
        Ok(())
    }

    /// The rows below an element of a table.
    fn rows(&mut self, node: &Handle, state: State, depth: usize, into: &mut Table) -> Result<(), Error> {
        for child in node.children.borrow().iter() {
            if let NodeData::Comment { contents } = &child.data {
                self.comment(contents);
            }
            let state =
                if matches!(child.data, NodeData::Element { .. }) { self.inner(child, state) } else { continue };
            match name(child).as_str() {
                "tr" => {
                    let row = self.row(child, state, depth, into)?;
                    into.rows.push(row);
                }
                "caption" => {
                    self.hold_within(child, depth)?;
                    let text = tidy(&all_text(child, depth)?);
                    if state.hidden { into.hidden.push(text) } else { into.caption = Some(text) }
                }
                "thead" | "tbody" | "tfoot" => self.rows(child, state, depth + 1, into)?,
                _ => {}
            }
        }
        Ok(())
    }

    fn row(&mut self, row: &Handle, state: State, depth: usize, into: &mut Table) -> Result<Vec<Spanning>, Error> {
        let mut cells = Vec::new();
        let part = format!("{}table {}", self.at, self.tables);
        for cell in row.children.borrow().iter().filter(|c| matches!(name(c).as_str(), "td" | "th")) {
            let place = Place { line: into.rows.len() + 1, column: cells.len() + 1, part: Some(part.clone()) };
            self.stored.clear();
            self.cell = Some(place);
            let state = self.inner(cell, state);
            let span = |name: &str| attribute(cell, name).and_then(|v| v.trim().parse().ok());
            let mut text = Text::default();
            // within a hidden cell all text is the cell's; within others what is hidden is set apart
            self.cell(cell, State { hidden: false, ..state }, depth + 1, &mut text)?;
            self.cell = None;
            let indent = indentation(&text.shown, cell);
            let apart = tidy(&text.hidden);
            if !apart.is_empty() {
                into.hidden.push(apart);
            }
            let said = tidy(&text.shown);
            let label = cells.is_empty();
            let stored = self.stored.iter().filter(|(_, orders)| !(*orders && label));
            let entry = Entry {
                stored: stored.filter_map(|(number, _)| beyond(&said, *number)).next(),
                text: said,
                hidden: state.hidden,
                bold: !text.light && !text.shown.trim().is_empty(),
                indent,
                // line breaks of the source are none of the page
                lines: lines(&text.shown.replace(['\n', '\r'], " ")),
                ..Entry::default()
            };
            cells.push(Spanning { entry, across: span("colspan").unwrap_or(1), down: span("rowspan").unwrap_or(1) });
        }
        Ok(cells)
    }

    /// The text of a cell.
    fn cell(&mut self, node: &Handle, state: State, depth: usize, text: &mut Text) -> Result<(), Error> {
        if depth > MOST_DEPTH {
            return Err(refuse(format!("its elements nest deeper than {MOST_DEPTH}"), "this is no drafted answer"));
        }
        for child in node.children.borrow().iter() {
            match &child.data {
                // line breaks of the source are spaces, but for text as typed
                NodeData::Text { contents } if name(node) == "pre" => text.push(&contents.borrow(), state),
                NodeData::Text { contents } => text.push(&contents.borrow().replace(['\n', '\r'], " "), state),
                NodeData::Comment { contents } => self.comment(contents),
                NodeData::Element { .. } => self.within_cell(child, state, depth, text)?,
                _ => {}
            }
        }
        Ok(())
    }

    /// An element within a cell.
    fn within_cell(&mut self, node: &Handle, state: State, depth: usize, text: &mut Text) -> Result<(), Error> {
        let name = name(node);
        let inner = self.inner(node, state);
        if self.unread(node, &name, inner) {
            return Ok(());
        }
        let block = BLOCKS.contains(&name.as_str());
        match name.as_str() {
            n if SILENT.contains(&n) => return Ok(()),
            "sup" => {
                let mark = raised(&text.shown, &all_text(node, depth)?);
                text.push(&mark, inner);
                return self.hold_within(node, depth);
            }
            "input" => beside::input(node, inner, text),
            "br" => text.push(BREAK, inner),
            _ if block => text.push(if text.shown.trim().is_empty() { " " } else { BREAK }, inner),
            _ => {}
        }
        if let Some((contents, state)) = beside::template(node, inner) {
            self.cell(&contents, state, depth + 1, text)?;
        }
        self.cell(node, inner, depth + 1, text)?;
        if block {
            text.push(BREAK, inner);
        }
        Ok(())
    }
}

/// What a table element holds.
#[derive(Default)]
struct Table {
    rows: Vec<Vec<Spanning>>,
    caption: Option<String>,
    hidden: Vec<String>,
}

/// The local name of an element; empty for what is none.
fn name(node: &Handle) -> String {
    match &node.data {
        NodeData::Element { name, .. } => name.local.to_string(),
        _ => String::new(),
    }
}

/// An attribute of an element.
fn attribute(node: &Handle, wanted: &str) -> Option<String> {
    let NodeData::Element { attrs, .. } = &node.data else { return None };
    attrs.borrow().iter().find(|a| &*a.name.local == wanted).map(|a| a.value.to_string())
}

/// Whether a table stands within a table, which then only lays out the page.
fn holds_table(node: &Handle, depth: usize) -> bool {
    depth <= MOST_DEPTH && node.children.borrow().iter().any(|c| name(c) == "table" || holds_table(c, depth + 1))
}

/// All text within an element as it stands.
fn all_text(node: &Handle, depth: usize) -> Result<String, Error> {
    if depth > MOST_DEPTH {
        return Err(refuse(format!("its elements nest deeper than {MOST_DEPTH}"), "this is no drafted answer"));
    }
    let mut text = String::new();
    for child in node.children.borrow().iter() {
        match &child.data {
            NodeData::Text { contents } => text.push_str(&contents.borrow()),
            NodeData::Element { .. } if name(child) == "br" => text.push('\n'),
            _ => text.push_str(&all_text(child, depth + 1)?),
        }
    }
    Ok(text)
}

/// Steps of indentation of a label: hard spaces before it, or padding.
fn indentation(text: &str, cell: &Handle) -> usize {
    let spaces = text.chars().skip_while(|c| matches!(c, ' ' | '\n' | '\t')).take_while(|c| *c == '\u{a0}').count();
    let style = attribute(cell, "style").unwrap_or_default().to_lowercase();
    let padded = style.split(';').filter_map(|rule| rule.split_once(':')).find_map(|(name, value)| {
        let wanted = matches!(name.trim(), "padding-left" | "text-indent" | "margin-left");
        let digits: String = value.trim().chars().take_while(|c| c.is_ascii_digit()).collect();
        let size: usize = digits.parse().ok()?;
        let em = value.trim().ends_with("em");
        wanted.then_some(if em { size } else { size / 10 })
    });
    spaces / 2 + padded.unwrap_or(0).min(20)
}

#[cfg(test)]
mod tests;
