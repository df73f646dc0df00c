//! The text of a Word paragraph: runs, tabs, notes, tracked changes, hidden text, text boxes.

use std::collections::BTreeMap;

use super::styles::{Styles, switch};
use crate::draft::words::raised;
use crate::draft::xml::Element;

/// What holds for all within an element.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct State {
    /// Hidden by a row or style.
    pub hidden: bool,
    bold: bool,
    deleted: bool,
    inserted: bool,
}

impl State {
    /// What holds within an element of this name.
    pub(super) fn within(self, name: &str) -> State {
        State {
            deleted: self.deleted || matches!(name, "del" | "moveFrom"),
            inserted: self.inserted || matches!(name, "ins" | "moveTo"),
            ..self
        }
    }
}

/// Footnotes and endnotes, numbered in the order in which the text refers to them.
#[derive(Debug, Default)]
pub(super) struct Notes(BTreeMap<(&'static str, String), usize>);

impl Notes {
    /// The number of a note, given now if it has none.
    fn number(&mut self, kind: &'static str, id: &str) -> usize {
        let next = self.0.len() + 1;
        *self.0.entry((kind, id.to_owned())).or_insert(next)
    }

    /// The number of a note that the text refers to.
    pub(super) fn known(&self, kind: &'static str, id: &str) -> Option<usize> {
        self.0.get(&(kind, id.to_owned())).copied()
    }
}

/// What a paragraph or cell says.
#[derive(Debug, Default)]
pub(super) struct Said<'a> {
    /// As shown, with tabs and line breaks.
    pub shown: String,
    /// Hidden text.
    pub hidden: String,
    /// Text that a tracked change deletes.
    pub deleted: String,
    /// A tracked change inserts some of it.
    pub inserted: bool,
    /// Some of the shown text is not bold.
    pub light: bool,
    /// Text boxes anchored here.
    pub boxes: Vec<&'a Element>,
}

impl<'a> Said<'a> {
    /// Takes a paragraph. Notes are numbered by their place in `notes`.
    pub(super) fn paragraph(&mut self, e: &'a Element, styles: &Styles, state: State, notes: &mut Notes) {
        let style = e.at(&["pPr", "pStyle"]).and_then(|s| s.get("val"));
        let state = State {
            hidden: state.hidden || styles.is_hidden(style).unwrap_or(false),
            bold: styles.is_bold(style).unwrap_or(false),
            ..state
        };
        self.runs(e, styles, state, notes);
    }

    fn runs(&mut self, e: &'a Element, styles: &Styles, state: State, notes: &mut Notes) {
        for child in e.elements() {
            match child.name.as_str() {
                "pPr" | "rPr" | "sdtPr" | "sdtEndPr" | "smartTagPr" | "customXmlPr" => {}
                "r" => self.run(child, styles, state, notes),
                "p" => {
                    self.push("\n", state);
                    self.paragraph(child, styles, state, notes);
                }
                // formulas
                "oMath" | "oMathPara" => {
                    let mut texts = Vec::new();
                    child.all("t", &mut texts);
                    let text: String = texts.iter().map(|t| t.text()).collect();
                    self.push(&text, state);
                }
                name => self.runs(child, styles, state.within(name), notes),
            }
        }
    }

    fn run(&mut self, run: &'a Element, styles: &Styles, state: State, notes: &mut Notes) {
        let properties = run.child("rPr");
        let style = properties.and_then(|p| p.child("rStyle")).and_then(|s| s.get("val"));
        let says = |name: &str| properties.and_then(|p| switch(p, name));
        let white = properties.and_then(|p| p.child("color")).and_then(|c| c.get("val"));
        let behind = properties.is_some_and(|p| p.child("shd").is_some() || p.child("highlight").is_some());
        let unseen = white.is_some_and(|c| c.eq_ignore_ascii_case("FFFFFF")) && !behind;
        let state = State {
            hidden: says("vanish").or(styles.is_hidden(style)).unwrap_or(state.hidden) || state.hidden || unseen,
            bold: says("b").or(styles.is_bold(style)).unwrap_or(state.bold),
            ..state
        };
        let up = properties.and_then(|p| p.child("vertAlign")).and_then(|v| v.get("val")) == Some("superscript");
        for e in run.elements() {
            match e.name.as_str() {
                "t" | "delText" => {
                    let text = if up { raised(&self.shown, &e.text()) } else { e.text() };
                    self.push(&text, state);
                }
                "tab" | "ptab" => self.push("\t", state),
                "br" | "cr" => self.push("\n", state),
                "noBreakHyphen" => self.push("-", state),
                "sym" => {
                    let code = e.get("char").and_then(|c| u32::from_str_radix(c, 16).ok()).and_then(char::from_u32);
                    self.push(&code.unwrap_or('\u{fffd}').to_string(), state);
                }
                "footnoteReference" => self.note("footnote", e, state, notes),
                "endnoteReference" => self.note("endnote", e, state, notes),
                "drawing" | "pict" | "object" | "AlternateContent" => self.boxes(e),
                "rPr" => {}
                // a text and its reading, as phonetic guides have them; and whatever else holds runs
                _ => {
                    for part in e.elements().filter(|p| !matches!(p.name.as_str(), "rubyPr")) {
                        self.runs(part, styles, state, notes);
                        self.push(" ", state);
                    }
                }
            }
        }
    }

    fn note(&mut self, kind: &'static str, e: &Element, state: State, notes: &mut Notes) {
        let number = notes.number(kind, e.get("id").unwrap_or_default());
        self.push(&format!(" [note {number}]"), state);
    }

    /// Text boxes; where a file holds one twice, for old and new programs, the first.
    fn boxes(&mut self, e: &'a Element) {
        if e.name == "AlternateContent" {
            let choice = e.child("Choice").or_else(|| e.child("Fallback"));
            choice.into_iter().for_each(|c| self.boxes(c));
            return;
        }
        for child in e.elements() {
            if child.name == "txbxContent" { self.boxes.push(child) } else { self.boxes(child) }
        }
    }

    fn push(&mut self, text: &str, state: State) {
        let blank = text.trim().is_empty();
        if state.deleted {
            self.deleted.push_str(text);
        } else if state.hidden {
            self.hidden.push_str(text);
        } else {
            self.light |= !state.bold && !blank;
            self.inserted |= state.inserted && !blank;
            self.shown.push_str(text);
        }
    }
}
