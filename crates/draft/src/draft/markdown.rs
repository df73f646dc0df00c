//! Markdown: its tables, headings and paragraphs, HTML within it, and tables drawn with signs in paragraphs and code.

use std::cell::Cell;
use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

use super::bounds::{Budget, MOST_TEXT, check_size};
use super::held::Held;
use super::html;
use super::words::{is_caption, lines, raised, tidy};
use super::{Document, Entry, Error, Grid, Paragraph, Piece, Place, text};

/// Reads a Markdown file.
///
/// # Errors
/// No text, too large, or too many cells.
pub(super) fn read(bytes: Vec<u8>) -> Result<Document, Error> {
    check_size(&bytes, MOST_TEXT)?;
    let (source, mut held) = set_apart(text::decoded(bytes)?);
    let mut walk = Walk::new(&source);
    let options = Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES | Options::ENABLE_STRIKETHROUGH;
    for (event, range) in Parser::new_ext(&source, options).into_offset_iter() {
        walk.event(event, range)?;
    }
    walk.flush(false);
    held.append(&mut walk.held);
    super::held::keep(held, &mut walk.document);
    Ok(walk.document)
}

/// A source without the settings at its head, and what those and the targets of links, which are not shown, say. Lines keep
/// their numbers.
fn set_apart(source: String) -> (String, Vec<Held>) {
    let hold = |line: usize, what: &str, text: &str| {
        let place = Place { line: line + 1, column: 1, part: None };
        Held { place, what: what.to_owned(), text: text.to_owned() }
    };
    let end = source.lines().skip(1).position(|l| matches!(l.trim_end(), "---" | "..."));
    let settings = end.filter(|_| source.lines().next().is_some_and(|l| l.trim_end() == "---")).map_or(0, |e| e + 2);
    let (mut kept, mut held, mut fenced) = (String::with_capacity(source.len()), Vec::new(), false);
    for (i, line) in source.lines().enumerate() {
        fenced ^= line.trim_start().starts_with("```") || line.trim_start().starts_with("~~~");
        let target = line.strip_prefix('[').filter(|l| !l.starts_with('^')).and_then(|l| l.split_once("]:"));
        if i < settings {
            held.push(hold(i, "a setting at the head of the file", line));
        } else {
            if let Some((_, target)) = target.filter(|_| !fenced) {
                held.push(hold(i, "the target of a link", target));
            }
            kept.push_str(line);
        }
        kept.push('\n');
    }
    (kept, held)
}

/// Where text is collected, and what holds for it.
#[derive(Default)]
struct Text {
    raw: String,
    /// Where its first word stands in the source.
    at: Option<usize>,
    bold: usize,
    light: bool,
    /// What a raised part has held since it began.
    raised: Option<String>,
}

struct Walk<'a> {
    source: &'a str,
    /// Where each line of the source begins.
    lines: Vec<usize>,
    document: Document,
    budget: Budget,
    text: Text,
    rows: Vec<Vec<Entry>>,
    in_table: bool,
    /// Titles of links and pictures.
    held: Vec<Held>,
    /// The code or HTML that is being collected, and where it began.
    block: Option<(String, usize)>,
    /// The place found last, so that a long line is not counted from its start each time.
    last: Cell<(usize, usize)>,
}

impl<'a> Walk<'a> {
    fn new(source: &'a str) -> Self {
        let lines = std::iter::once(0).chain(source.match_indices('\n').map(|(i, _)| i + 1)).collect();
        Walk {
            source,
            lines,
            document: Document::default(),
            budget: Budget::default(),
            text: Text::default(),
            rows: Vec::new(),
            in_table: false,
            held: Vec::new(),
            block: None,
            last: Cell::new((0, 1)),
        }
    }

    fn event(&mut self, event: Event, range: Range<usize>) -> Result<(), Error> {
        match event {
            Event::Start(tag) => self.start(&tag, range),
            Event::End(tag) => self.end(tag, range)?,
            Event::Text(t) | Event::Html(t) if self.block.is_some() => {
                if let Some((block, _)) = &mut self.block {
                    block.push_str(&t);
                }
            }
            Event::Text(t) | Event::Code(t) | Event::InlineMath(t) | Event::DisplayMath(t) => {
                self.push(&t, range.start)
            }
            Event::Html(t) | Event::InlineHtml(t) => {
                if t.contains('=') && !t.starts_with("<!--") {
                    // what its attributes hold
                    self.html(&t, range.start)?;
                }
                self.inline_html(&t, range.start);
            }
            Event::FootnoteReference(label) => self.push(&format!(" [note {label}]"), range.start),
            Event::SoftBreak | Event::HardBreak => self.push(" ", range.start),
            Event::Rule | Event::TaskListMarker(_) => {}
        }
        Ok(())
    }

    fn start(&mut self, tag: &Tag, range: Range<usize>) {
        match tag {
            Tag::CodeBlock(_) | Tag::HtmlBlock => {
                self.flush(false);
                if let Tag::CodeBlock(CodeBlockKind::Fenced(info)) = tag {
                    // behind the language
                    let text = info.split_once(' ').map_or("", |i| i.1).to_owned();
                    self.held.push(Held {
                        place: self.place(range.start),
                        what: "the title of a block".to_owned(),
                        text,
                    });
                }
                self.block = Some((String::new(), range.start));
            }
            Tag::Table(_) => {
                self.flush(false);
                self.in_table = true;
            }
            Tag::TableHead | Tag::TableRow => self.rows.push(Vec::new()),
            Tag::TableCell => self.text = Text::default(),
            Tag::Strong => self.text.bold += 1,
            Tag::Superscript => self.text.raised = Some(String::new()),
            // a note that begins with `*` reads like an item: the sign belongs to what it says
            Tag::Item => {
                self.flush(false);
                let sign = self.source.get(range.start..).and_then(|s| s.trim_start().chars().next());
                if let Some(sign) = sign.filter(|s| matches!(s, '*' | '+' | '-')) {
                    self.push(&format!("{sign} "), range.start);
                }
            }
            Tag::FootnoteDefinition(label) => {
                self.flush(false);
                self.push(&format!("[note {label}] "), range.start);
            }
            Tag::Link { dest_url, title, .. } => self.link(dest_url, title, range.start),
            Tag::Image { dest_url, title, .. } => {
                self.link(dest_url, title, range.start);
                let what = "a picture, which is not read";
                if !self.document.residue.iter().any(|(_, said)| said == what) {
                    self.document.residue.push((self.place(range.start), what.to_owned()));
                }
            }
            Tag::Heading { .. } => self.flush(false),
            _ => {}
        }
    }

    /// What a link holds that is not shown.
    fn link(&mut self, target: &str, title: &str, at: usize) {
        let place = self.place(at);
        if target.trim_start().to_lowercase().starts_with("data:") {
            let what = "a file that the text carries within itself (a data: address), which is not read";
            self.document.residue.push((place.clone(), what.to_owned()));
        }
        if !title.is_empty() {
            self.held.push(Held { place, what: "a tooltip".to_owned(), text: title.to_owned() });
        }
    }

    fn end(&mut self, tag: TagEnd, range: Range<usize>) -> Result<(), Error> {
        match tag {
            TagEnd::CodeBlock => {
                if let Some((code, at)) = self.block.take() {
                    // a fence takes the line above the code
                    let fenced = self.source.get(at..).is_some_and(|s| s.starts_with(['`', '~']));
                    let before = self.place(at).line - usize::from(!fenced);
                    self.document.pieces.extend(text::pieces(&code, before, &mut self.budget)?);
                }
            }
            TagEnd::HtmlBlock => {
                if let Some((markup, at)) = self.block.take() {
                    self.html(&markup, at)?;
                }
            }
            TagEnd::TableCell => self.cell(&range)?,
            TagEnd::TableRow => self.beyond(&range)?,
            TagEnd::Table => {
                self.in_table = false;
                let rows = std::mem::take(&mut self.rows);
                self.document.pieces.push(Piece::Grid(Grid { name: None, rows }));
            }
            TagEnd::Strong => self.text.bold = self.text.bold.saturating_sub(1),
            TagEnd::Superscript => self.lower(range.start),
            TagEnd::Heading(_) => self.flush(true),
            TagEnd::Paragraph => self.paragraph(range)?,
            TagEnd::Item | TagEnd::FootnoteDefinition => self.flush(false),
            _ => {}
        }
        Ok(())
    }

    fn push(&mut self, text: &str, at: usize) {
        if let Some(raised) = &mut self.text.raised {
            raised.push_str(text);
            return;
        }
        if !text.trim().is_empty() {
            self.text.at.get_or_insert(at);
            self.text.light |= self.text.bold == 0;
        }
        self.text.raw.push_str(text);
    }

    /// Ends a raised part.
    fn lower(&mut self, at: usize) {
        if let Some(mark) = self.text.raised.take() {
            let text = raised(&self.text.raw, &mark);
            self.push(&text, at);
        }
    }

    fn inline_html(&mut self, tag: &str, at: usize) {
        let lower = tag.to_ascii_lowercase();
        if let Some(comment) = tag.strip_prefix("<!--") {
            let text = tidy(comment.trim_end_matches("-->"));
            let place = self.place(at);
            self.document.residue.push((place.clone(), "a comment in the source".to_owned()));
            self.document.pieces.push(Piece::Paragraph(Paragraph { text, place, heading: false, hidden: true }));
            return;
        }
        match lower.trim_matches(['<', '>']).trim_end_matches('/').trim() {
            "br" => self.push("\u{2028}", at),
            "sup" => self.text.raised = Some(String::new()),
            "/sup" => self.lower(at),
            "b" | "strong" => self.text.bold += 1,
            "/b" | "/strong" => self.text.bold = self.text.bold.saturating_sub(1),
            _ => {}
        }
    }

    /// What HTML within the text holds.
    fn html(&mut self, markup: &str, at: usize) -> Result<(), Error> {
        let part = format!("HTML at line {}: ", self.place(at).line);
        let page = html::page(markup, &mut self.budget, &part)?;
        self.document.pieces.extend(page.pieces);
        self.document.residue.extend(page.residue);
        Ok(())
    }

    fn cell(&mut self, range: &Range<usize>) -> Result<(), Error> {
        self.lower(range.end);
        self.budget.take(1)?;
        let text = std::mem::take(&mut self.text);
        let spaces = text.raw.chars().take_while(|c| *c == '\u{a0}').count();
        let entry = Entry {
            place: self.place(text.at.unwrap_or(range.start)),
            indent: spaces / 2,
            bold: !text.light && !text.raw.trim().is_empty(),
            text: tidy(&text.raw),
            lines: lines(&text.raw.replace('\n', " ")),
            ..Entry::default()
        };
        if let Some(row) = self.rows.last_mut() {
            row.push(entry);
        }
        Ok(())
    }

    /// Cells of a row behind the last column of the header, which pages leave out and the source holds.
    fn beyond(&mut self, range: &Range<usize>) -> Result<(), Error> {
        let source = self.source.get(range.clone()).unwrap_or_default().trim_end();
        let bare = source.trim_start().strip_prefix('|').unwrap_or(source.trim_start());
        let mut cells: Vec<String> = vec![String::new()];
        let mut escaped = false;
        for sign in bare.chars() {
            match sign {
                '|' if !escaped => cells.push(String::new()),
                _ => cells.last_mut().into_iter().for_each(|c| c.push(sign)),
            }
            escaped = sign == '\\' && !escaped;
        }
        let place = self.place(range.start);
        let Some(row) = self.rows.last_mut() else { return Ok(()) };
        let known = row.len();
        for text in cells.iter().skip(known).map(|c| tidy(c)).filter(|c| !c.is_empty()) {
            self.budget.take(1)?;
            row.push(Entry { text, place: place.clone(), ..Entry::default() });
        }
        Ok(())
    }

    /// Ends a paragraph; one that holds a table drawn with signs is read as text.
    fn paragraph(&mut self, range: Range<usize>) -> Result<(), Error> {
        let line = self.place(range.start).line;
        let start = self.lines.get(line - 1).copied().unwrap_or(range.start);
        let source = self.source.get(start..range.end).unwrap_or_default();
        if !self.in_table && source.trim_end().contains('\n') && (source.contains(['\t', '|']) || source.contains("  "))
        {
            let pieces = text::pieces(source, line - 1, &mut self.budget)?;
            // lines that look drawn and are not certain keep their gaps
            let drawn = |p: &Piece| matches!(p, Piece::Paragraph(p) if p.text.contains("  "));
            if pieces.iter().any(|p| matches!(p, Piece::Grid(_)) || drawn(p)) {
                self.text = Text::default();
                self.document.pieces.extend(pieces);
                return Ok(());
            }
        }
        self.flush(false);
        Ok(())
    }

    fn flush(&mut self, heading: bool) {
        self.lower(0);
        let text = std::mem::take(&mut self.text);
        let said = tidy(&text.raw);
        if let (false, Some(at)) = (said.is_empty(), text.at) {
            let (place, heading) = (self.place(at), heading || is_caption(&said));
            self.document.pieces.push(Piece::Paragraph(Paragraph { text: said, place, heading, hidden: false }));
        }
    }

    fn place(&self, at: usize) -> Place {
        let line = self.lines.partition_point(|l| *l <= at).max(1);
        let start = self.lines.get(line - 1).copied().unwrap_or(0);
        let (before, known) = Some(self.last.get()).filter(|(b, _)| (start..=at).contains(b)).unwrap_or((start, 1));
        let column = self.source.get(before..at).map_or(0, |s| s.chars().count()) + known;
        self.last.set((at, column));
        Place { line, column, part: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(source: &str) -> Vec<String> {
        let document = read(source.as_bytes().to_vec()).unwrap();
        let show = |e: &Entry| {
            format!(
                "{}{}{}@{}:{}",
                if e.bold { "**" } else { "" },
                ">".repeat(e.indent),
                e.text,
                e.place.line,
                e.place.column
            )
        };
        let piece = |piece: &Piece| match piece {
            Piece::Paragraph(p) => {
                format!(
                    "{}{}{}@{}",
                    if p.hidden { "~" } else { "" },
                    if p.heading { "# " } else { "" },
                    p.text,
                    p.place.line
                )
            }
            Piece::Grid(g) => {
                g.rows.iter().map(|r| r.iter().map(show).collect::<Vec<_>>().join("|")).collect::<Vec<_>>().join("/")
            }
        };
        document.pieces.iter().map(piece).collect()
    }

    #[test]
    fn tables_keep_the_signs_of_their_cells_and_know_their_places() {
        let source = "# Answer\n\nText *here*\nand there.\n\n| Age | 2015\\* | N[^1] |\n|---|---|--:|\n| **All** | * | 12<sup>2</sup> |\n| &nbsp;&nbsp;x | | <5 |\n\n[^1]: a note\n";
        let want = [
            "# Answer@1",
            "Text here and there.@3",
            "Age@6:3|2015*@6:9|N [note 1]@6:18/**All@8:5|*@8:13|12 [note 2]@8:17/>x@9:3|@9:17|<5@9:19",
            "[note 1] a note@11",
        ];
        let drawn = drawn(source);
        assert_eq!(drawn.len(), want.len(), "{drawn:?}");
        assert_eq!(drawn[0..2], want[0..2]);
        assert_eq!(
            drawn[2].replace(|c: char| c.is_ascii_digit() || c == ':' || c == '@', ""),
            want[2].replace(|c: char| c.is_ascii_digit() || c == ':' || c == '@', "")
        );
        assert!(drawn[2].contains("Age@6:3|") && drawn[2].contains("|*@8:13|"), "{}", drawn[2]);
        assert_eq!(drawn[3], want[3]);
    }

    #[test]
    fn tables_drawn_with_signs_are_found_in_code_and_paragraphs() {
        let source = "```\nA  N\nx  1\ny  2\n```\n\nB\tN\nz\t3\n\n    C  N\n    u  4\n    v  5\n\n* to 16 July\n";
        let want = [
            "A@2:1|N@2:4/x@3:1|1@3:4/y@4:1|2@4:4",
            "B@7:1|N@7:3/z@8:1|3@8:3",
            "C@10:1|N@10:4/u@11:1|4@11:4/v@12:1|5@12:4",
            "* to 16 July@14",
        ];
        assert_eq!(drawn(source), want);
    }

    /// Settings at the head, titles and targets of links are told; lines keep their numbers.
    #[test]
    fn what_is_not_shown_is_told() {
        let source = "---\ntitle: Cases, 2021\nsouth: 3\n---\n\n# Answer\n\nSee [here](https://example.org/3 \"South 4\").\n\n[//]: # (really 7)\n[x]: https://example.org/5\n";
        let document = read(source.as_bytes().to_vec()).unwrap();
        let told: Vec<&str> = document.residue.iter().map(|(_, what)| what.as_str()).collect();
        assert_eq!(told.len(), 3, "{told:?}");
        for (what, number) in told.iter().zip(["3", "7", "4"]) {
            assert!(what.ends_with(number), "{what}");
        }
        let shown: Vec<(usize, String)> = document
            .pieces
            .iter()
            .filter_map(|p| match p {
                Piece::Paragraph(p) if !p.hidden => Some((p.place.line, p.text.clone())),
                _ => None,
            })
            .collect();
        assert_eq!(shown, [(6, "Answer".to_owned()), (8, "See here.".to_owned())]);
    }

    #[test]
    fn html_within_is_read_and_comments_are_told() {
        let source = "a <!-- secret 3 --> b\n\n<table><tr><td>A<td>N<tr><td>x<td>1</table>\n\n<!-- more: 4 -->\n";
        let document = read(source.as_bytes().to_vec()).unwrap();
        assert_eq!(document.residue.len(), 2);
        assert!(document.pieces.iter().any(|p| matches!(p, Piece::Grid(g) if g.rows.len() == 2)));
        assert!(document.pieces.iter().any(|p| matches!(p, Piece::Paragraph(p) if p.text == "a b" && !p.hidden)));
    }
}
