//! The text of an OpenDocument paragraph, and what is anchored in it.

use super::styles::Styles;
use crate::draft::words::{raised, tidy};
use crate::draft::xml::{Element, Node};

/// Spaces that one element may stand for.
const MOST_SPACES: usize = 200;

/// What a paragraph or cell says.
#[derive(Debug, Default)]
pub(super) struct Said {
    /// As shown, with tabs and line breaks; spaces written as elements are hard ones.
    pub shown: String,
    /// Hidden text.
    pub hidden: String,
    /// Comments.
    pub comments: Vec<String>,
    /// Footnotes, each with its mark.
    pub notes: Vec<String>,
    /// Text boxes.
    pub boxes: Vec<String>,
    /// Alternative texts and titles of pictures and shapes.
    pub descriptions: Vec<String>,
    /// Some of the shown text is not bold.
    pub light: bool,
    /// A tracked insertion stands here.
    pub changed: bool,
}

/// What holds for a run of text.
#[derive(Clone, Copy, Debug, Default)]
struct State {
    hidden: bool,
    bold: bool,
}

impl Said {
    /// Takes a paragraph.
    pub(super) fn paragraph(&mut self, paragraph: &Element, styles: &Styles) {
        let style = paragraph.get("style-name");
        let hides = |e: &Element| e.name == "hidden-paragraph" && e.get("is-hidden") != Some("false");
        let hidden = styles.is_hidden("paragraph", style) || paragraph.elements().any(hides);
        self.inline(paragraph, styles, State { hidden, bold: styles.is_bold("paragraph", style) });
    }

    /// Takes the paragraphs of a cell, in lines.
    pub(super) fn cell(&mut self, cell: &Element, styles: &Styles) {
        for e in cell.elements() {
            match e.name.as_str() {
                "p" | "h" => {
                    if !self.shown.is_empty() {
                        self.shown.push('\n');
                    }
                    self.paragraph(e, styles);
                }
                "annotation" => self.comments.push(text_of(e)),
                "frame" | "custom-shape" | "g" | "rect" | "control" => self.shape(e),
                "detective" | "shapes" => {}
                _ => self.cell(e, styles),
            }
        }
    }

    /// Takes the text that a cell stores, where it shows another.
    pub(super) fn stored(&mut self, cell: &Element, shown: &str) {
        let kept = cell.get("string-value").unwrap_or_default();
        if kept.parse::<f64>().is_err() && tidy(kept) != tidy(shown) {
            self.hidden.push_str(kept);
        }
    }

    /// Whether there is anything beside what is shown.
    pub(super) fn says_more(&self) -> bool {
        let lists = [&self.comments, &self.notes, &self.boxes, &self.descriptions];
        self.changed || !self.hidden.is_empty() || lists.iter().any(|l| !l.is_empty())
    }

    /// A picture, shape or box.
    pub(super) fn shape(&mut self, e: &Element) {
        self.boxes.push(text_of(e));
        for name in ["title", "desc"] {
            let mut found = Vec::new();
            e.all(name, &mut found);
            self.descriptions.extend(found.iter().map(|d| d.text()));
        }
    }

    fn push(&mut self, text: &str, state: State) {
        if state.hidden {
            self.hidden.push_str(text);
        } else {
            self.light |= !state.bold && !text.trim().is_empty();
            self.shown.push_str(text);
        }
    }

    fn inline(&mut self, element: &Element, styles: &Styles, state: State) {
        for child in &element.children {
            match child {
                // white space of the markup is one space
                Node::Text(text) => self.push(&text.replace(['\n', '\t', '\r'], " "), state),
                Node::Element(e) => self.element(e, styles, state),
            }
        }
    }

    fn element(&mut self, e: &Element, styles: &Styles, state: State) {
        match e.name.as_str() {
            "s" => {
                let count: usize = e.get("c").and_then(|c| c.parse().ok()).unwrap_or(1);
                self.push(&"\u{a0}".repeat(count.min(MOST_SPACES)), state);
            }
            "tab" => self.push("\t", state),
            "line-break" => self.push("\n", state),
            "span" => {
                let style = e.get("style-name");
                let hidden = state.hidden || styles.is_hidden("text", style) || styles.is_unseen("text", style);
                let state = State { hidden, bold: state.bold || styles.is_bold("text", style) };
                if styles.is_raised(style) {
                    let mark = raised(&self.shown, &e.text());
                    self.push(&mark, state);
                } else {
                    self.inline(e, styles, state);
                }
            }
            "note" => {
                let mark = e.child("note-citation").map(Element::text).unwrap_or_default();
                self.push(&format!(" [note {}]", mark.trim()), state);
                let body = e.child("note-body").map(text_of).unwrap_or_default();
                self.notes.push(format!("[note {}] {body}", mark.trim()));
            }
            "annotation" => self.comments.push(text_of(e)),
            "placeholder" => {
                self.descriptions.extend(e.get("description").map(str::to_owned));
                self.inline(e, styles, state);
            }
            "a" => {
                self.descriptions.extend(e.get("title").map(str::to_owned));
                self.inline(e, styles, state);
            }
            "hidden-text" => {
                let text = format!(" {} ", e.get("string-value").unwrap_or_default());
                self.push(&text, State { hidden: true, ..state });
            }
            "frame" | "custom-shape" | "g" | "rect" | "control" => self.shape(e),
            // what stands here in another case
            "conditional-text" => {
                for key in ["string-value-if-true", "string-value-if-false"] {
                    let text = format!(" {} ", e.get(key).unwrap_or_default());
                    self.push(&text, State { hidden: true, ..state });
                }
                self.inline(e, styles, state);
            }
            "ruby" => e.child("ruby-base").into_iter().for_each(|base| self.inline(base, styles, state)),
            "change" | "change-start" => self.changed = true,
            _ => self.inline(e, styles, state),
        }
    }
}

/// The text of the paragraphs within an element, however deep.
fn text_of(element: &Element) -> String {
    let mut paragraphs = Vec::new();
    element.all("p", &mut paragraphs);
    paragraphs.iter().map(|p| p.text()).collect::<Vec<_>>().join(" ")
}
