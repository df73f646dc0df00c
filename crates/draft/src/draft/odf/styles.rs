//! What OpenDocument styles say of cells, tables and runs of text; a style inherits from its parent.

use std::collections::BTreeMap;

use crate::draft::xml::Element;

/// How far styles inherit.
const MOST_PARENTS: usize = 16;

/// What one style says itself.
#[derive(Debug, Default)]
struct Style {
    parent: Option<String>,
    bold: Option<bool>,
    indent: Option<usize>,
    /// Not shown: tables and texts.
    hidden: Option<bool>,
    raised: Option<bool>,
    white: Option<bool>,
    filled: Option<bool>,
}

/// All styles of a document, by family and name.
#[derive(Debug, Default)]
pub(super) struct Styles(BTreeMap<(String, String), Style>);

impl Styles {
    /// Adds the styles of a group.
    pub(super) fn add(&mut self, group: &Element) {
        for e in group.elements().filter(|e| e.name == "style") {
            let key = |name: &str| e.get(name).unwrap_or_default().to_owned();
            self.0.insert((key("family"), key("name")), style(e));
        }
    }

    /// Whether the style is bold.
    pub(super) fn is_bold(&self, family: &str, name: Option<&str>) -> bool {
        self.find(family, name, |s| s.bold).unwrap_or(false)
    }

    /// Steps of indentation.
    pub(super) fn indent(&self, family: &str, name: Option<&str>) -> usize {
        self.find(family, name, |s| s.indent).unwrap_or(0)
    }

    /// Whether a table or text of the style is hidden.
    pub(super) fn is_hidden(&self, family: &str, name: Option<&str>) -> bool {
        self.find(family, name, |s| s.hidden).unwrap_or(false)
    }

    /// Whether a text of the style is raised.
    pub(super) fn is_raised(&self, name: Option<&str>) -> bool {
        self.find("text", name, |s| s.raised).unwrap_or(false)
    }

    /// Whether a text of the style is white on no colour.
    pub(super) fn is_unseen(&self, family: &str, name: Option<&str>) -> bool {
        self.find(family, name, |s| s.white).unwrap_or(false) && !self.find(family, name, |s| s.filled).unwrap_or(false)
    }

    fn find<T>(&self, family: &str, name: Option<&str>, says: fn(&Style) -> Option<T>) -> Option<T> {
        let mut name = name?.to_owned();
        for _ in 0..MOST_PARENTS {
            let style = self.0.get(&(family.to_owned(), name))?;
            if let Some(said) = says(style) {
                return Some(said);
            }
            name = style.parent.clone()?;
        }
        None
    }
}

fn style(e: &Element) -> Style {
    let text = |name: &str| e.child("text-properties").and_then(|p| p.get(name));
    let margin = e.child("paragraph-properties").and_then(|p| p.get("margin-left"));
    let display = e.child("table-properties").and_then(|p| p.get("display"));
    let background = e.child("table-cell-properties").and_then(|p| p.get("background-color"));
    Style {
        parent: e.get("parent-style-name").map(str::to_owned),
        bold: text("font-weight").map(|w| w == "bold" || w.parse::<u32>().is_ok_and(|n| n >= 600)),
        indent: margin.map(steps),
        hidden: display.map(|d| d == "false").or_else(|| text("display").map(|d| d == "none")),
        raised: text("text-position")
            .map(|p| p.starts_with("super") || p.starts_with(|c: char| c.is_ascii_digit() && c != '0')),
        white: text("color").map(|c| c.eq_ignore_ascii_case("#ffffff")),
        filled: background.map(|c| c != "transparent" && !c.eq_ignore_ascii_case("#ffffff")),
    }
}

/// Steps of indentation of a length: a step is the 10 points of a spreadsheet's.
fn steps(length: &str) -> usize {
    let digits = length.trim_end_matches(|c: char| c.is_alphabetic() || c == '%');
    let number: f64 = digits.parse().unwrap_or(0.0);
    let points = match length.strip_prefix(digits).unwrap_or_default() {
        "in" => number * 72.0,
        "cm" => number * 28.35,
        "mm" => number * 2.835,
        "pt" => number,
        "px" => number * 0.75,
        _ => 0.0,
    };
    (points / 10.0).round().clamp(0.0, 20.0) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_steps_of_ten_points() {
        for (length, indent) in
            [("0.353cm", 1), ("0.139in", 1), ("20pt", 2), ("0", 0), ("-1cm", 0), ("x", 0), ("7.06mm", 2)]
        {
            assert_eq!(steps(length), indent, "{length}");
        }
    }

    #[test]
    fn styles_that_inherit_in_a_circle_end() {
        let mut styles = Styles::default();
        let e = crate::draft::xml::parse("p", b"<s><style name='a' family='text' parent-style-name='a'/></s>".to_vec());
        styles.add(&e.unwrap());
        assert!(!styles.is_bold("text", Some("a")));
    }
}
