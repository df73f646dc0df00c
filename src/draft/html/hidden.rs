//! What hides an element of a web page: attributes, inline styles, and the plain rules of its style sheets.

use std::collections::BTreeSet;

use markup5ever_rcdom::{Handle, NodeData};

use super::{attribute, name};
use crate::draft::bounds::MOST_DEPTH;

/// Selectors of one name (`p`, `.note`, `#draft`) that the page's own style sheets hide.
#[derive(Debug, Default)]
pub(super) struct Rules {
    hiding: BTreeSet<String>,
}

impl Rules {
    /// The rules of a page.
    pub(super) fn of(page: &Handle) -> Rules {
        let mut sheets = String::new();
        collect(page, &mut sheets, 0);
        let mut rules = Rules::default();
        for rule in without_comments(&sheets).split('}') {
            if let Some((selectors, styles)) = rule.split_once('{')
                && hides(styles)
            {
                rules.hiding.extend(selectors.split(',').map(|s| s.trim().to_lowercase()));
            }
        }
        rules
    }

    /// Whether an element is hidden by its attributes, its style, or one of the rules.
    pub(super) fn hide(&self, node: &Handle) -> bool {
        let style = attribute(node, "style").unwrap_or_default();
        let font = (name(node) == "font").then(|| attribute(node, "color")).flatten();
        if attribute(node, "hidden").is_some()
            || hides(&style)
            || white_on_nothing(&style)
            || font.is_some_and(|color| is_white(&color))
        {
            return true;
        }
        if self.hiding.is_empty() {
            return false;
        }
        let name = name(node);
        let id = attribute(node, "id").map(|i| format!("#{}", i.to_lowercase()));
        let classes = attribute(node, "class").unwrap_or_default().to_lowercase();
        let named =
            |selector: &str| self.hiding.contains(selector) || self.hiding.contains(&format!("{name}{selector}"));
        self.hiding.contains(&name)
            || id.is_some_and(|i| named(&i))
            || classes.split_whitespace().any(|c| named(&format!(".{c}")))
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

/// White text without a background of its own.
fn white_on_nothing(style: &str) -> bool {
    let style = style.to_lowercase();
    let white = style
        .split(';')
        .filter_map(|s| s.split_once(':'))
        .any(|(name, value)| name.trim() == "color" && is_white(value));
    white && !style.contains("background")
}

fn is_white(color: &str) -> bool {
    let color = color.trim().to_lowercase().replace(' ', "");
    matches!(color.as_str(), "white" | "#fff" | "#ffffff" | "rgb(255,255,255)")
}
