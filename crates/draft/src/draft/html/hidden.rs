//! What hides an element of a web page: attributes, inline styles, and the plain rules of its style sheets. What is hidden
//! in print alone is shown.
//!
//! Text that is clipped away, for screen readers, is no part of what a page shows. Without a figure it only repeats or
//! explains ("withheld" behind a sign), and is left out; with one it is hidden text like any other.

use std::collections::BTreeSet;

use markup5ever_rcdom::{Handle, NodeData};

use super::{attribute, name};
use crate::draft::bounds::MOST_DEPTH;
use crate::draft::held;
use crate::draft::words::holds_number_word;

/// Selectors of one name (`p`, `.note`, `#draft`) that the page's own style sheets hide.
#[derive(Debug, Default)]
pub(super) struct Rules {
    hiding: BTreeSet<String>,
    clipping: BTreeSet<String>,
}

/// How an element is kept from sight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sight {
    /// Not at all.
    Shown,
    /// It is hidden.
    Hidden,
    /// It is clipped away: screen readers read it.
    Clipped,
}

impl Rules {
    /// The rules of a page.
    pub(super) fn of(page: &Handle) -> Rules {
        let mut sheets = String::new();
        collect(page, &mut sheets, 0);
        let mut rules = Rules::default();
        for (selectors, styles) in blocks(&without_comments(&sheets)) {
            let names = || selectors.split(',').map(|s| s.trim().to_lowercase());
            if hides(&styles)
                || white_on_nothing(&styles) && (styles.contains("background") || styles.contains("transparent"))
            {
                rules.hiding.extend(names());
            } else if clips(&styles) {
                rules.clipping.extend(names());
            }
        }
        rules
    }

    /// Whether an element is hidden by its attributes, its style, or one of the rules.
    pub(super) fn sight(&self, node: &Handle) -> Sight {
        let style = attribute(node, "style").unwrap_or_default();
        let font = (name(node) == "font").then(|| attribute(node, "color")).flatten();
        if attribute(node, "hidden").is_some()
            || hides(&style)
            || white_on_nothing(&style)
            || font.is_some_and(|color| is_white(&color))
        {
            return Sight::Hidden;
        }
        let name = name(node);
        let id = attribute(node, "id").map(|i| format!("#{}", i.to_lowercase()));
        let classes = attribute(node, "class").unwrap_or_default().to_lowercase();
        let within = |rules: &BTreeSet<String>| {
            let named = |selector: &str| rules.contains(selector) || rules.contains(&format!("{name}{selector}"));
            rules.contains(&name)
                || id.as_ref().is_some_and(|i| named(i))
                || classes.split_whitespace().any(|c| named(&format!(".{c}")))
        };
        if within(&self.hiding) {
            Sight::Hidden
        } else if clips(&style) || within(&self.clipping) {
            Sight::Clipped
        } else {
            Sight::Shown
        }
    }
}

fn collect(node: &Handle, into: &mut String, depth: usize) {
    if depth > MOST_DEPTH {
        return;
    }
    for child in node.children.borrow().iter() {
        if name(child) == "style" {
            for text in child.children.borrow().iter() {
                if let NodeData::Text { contents } = &text.data {
                    into.push_str(&contents.borrow());
                }
            }
        } else {
            collect(child, into, depth + 1);
        }
    }
}

fn without_comments(sheet: &str) -> String {
    let mut kept = String::new();
    let mut rest = sheet;
    while let Some((before, after)) = rest.split_once("/*") {
        kept.push_str(before);
        rest = after.split_once("*/").map_or("", |(_, after)| after);
    }
    kept + rest
}

/// The rules of a style sheet, those within `@media` and the like too, but for print: selectors and styles.
fn blocks(sheet: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut rest = sheet;
    while let Some(at) = rest.find(['{', '}']) {
        let (before, after) = rest.split_at(at);
        let opens = after.starts_with('{');
        rest = after.get(1..).unwrap_or_default();
        let prelude = before.rsplit(';').next().unwrap_or_default().trim();
        if !opens {
            continue;
        }
        if prelude.starts_with('@') {
            if for_print(prelude) {
                rest = behind(rest);
            }
            continue;
        }
        let (styles, after) = rest.split_once('}').unwrap_or((rest, ""));
        found.push((prelude.to_owned(), styles.to_owned()));
        rest = after;
    }
    found
}

/// `@media print`, and nothing else.
fn for_print(prelude: &str) -> bool {
    let prelude = prelude.to_lowercase();
    let Some(media) = prelude.strip_prefix("@media") else { return false };
    media.split(',').all(|m| m.trim().trim_start_matches("only ").starts_with("print"))
}

/// What follows a block that is open.
fn behind(text: &str) -> &str {
    let mut open = 1usize;
    for (at, c) in text.char_indices() {
        match c {
            '{' => open += 1,
            '}' => open -= 1,
            _ => {}
        }
        if open == 0 {
            return text.get(at + 1..).unwrap_or_default();
        }
    }
    ""
}

/// Whether a list of styles clips away what it applies to, or puts it beside the page.
fn clips(styles: &str) -> bool {
    let styles = styles.to_lowercase();
    let all: Vec<(&str, &str)> =
        styles.split(';').filter_map(|s| s.split_once(':')).map(|(n, v)| (n.trim(), v.trim())).collect();
    let tiny = |name: &str| all.iter().any(|(n, v)| *n == name && (v.starts_with("1px") || v.starts_with('0')));
    all.iter().any(|(name, value)| {
        let digits = value.chars().filter(char::is_ascii_digit).count();
        match *name {
            "clip" => value.replace([' ', ','], "").starts_with("rect(0") || value.contains("rect(1px"),
            "clip-path" => value.contains("inset(50%") || value.contains("inset(100%"),
            "left" | "top" | "right" | "text-indent" | "margin-left" => value.starts_with('-') && digits > 3,
            "overflow" => value.starts_with("hidden") && tiny("width") && tiny("height"),
            _ => false,
        }
    })
}

/// Whether a text holds a figure, in digits or in words.
pub(super) fn holds_figure(text: &str) -> bool {
    !held::figures(text).is_empty() || holds_number_word(text)
}

/// Whether a list of styles hides what it applies to.
fn hides(styles: &str) -> bool {
    styles.to_lowercase().split(';').filter_map(|s| s.split_once(':')).any(|(name, value)| {
        let value = value.trim().trim_end_matches("!important").trim();
        let zero = value.trim_end_matches(|c: char| c.is_alphabetic() || c == '%') == "0";
        match name.trim() {
            "display" => value == "none",
            "visibility" => matches!(value, "hidden" | "collapse"),
            "opacity" | "font-size" => zero,
            "mso-hide" => value == "all",
            _ => false,
        }
    })
}

/// White text without a background of its own, text that is transparent, or of the colour of what is behind it.
fn white_on_nothing(style: &str) -> bool {
    let style = style.to_lowercase();
    let value = |names: [&str; 2]| {
        let all = style.split(';').filter_map(|s| s.split_once(':'));
        all.filter(|(name, _)| names.contains(&name.trim()))
            .map(|(_, v)| v.trim().trim_end_matches("!important").replace(' ', ""))
            .next_back()
    };
    let behind = value(["background", "background-color"]);
    let Some(color) = value(["color", "color"]) else { return false };
    color == "transparent"
        || behind.as_ref().map_or(is_white(&color) && !style.contains("background"), |b| {
            *b == color || is_white(b) && is_white(&color)
        })
}

fn is_white(color: &str) -> bool {
    let color = color.trim().to_lowercase().replace(' ', "");
    matches!(color.as_str(), "white" | "#fff" | "#ffffff" | "rgb(255,255,255)")
}
