//! What Word's styles say: headings, bold, hidden text. A style inherits from the one it is based on.

use std::collections::BTreeMap;

use crate::draft::xml::Element;

/// How far styles inherit.
const MOST_PARENTS: usize = 16;

#[derive(Debug, Default)]
struct Style {
    parent: Option<String>,
    heading: bool,
    bold: Option<bool>,
    hidden: Option<bool>,
}

/// The styles of a document by their numbers.
#[derive(Debug, Default)]
pub(super) struct Styles(BTreeMap<String, Style>);

impl Styles {
    /// The styles of a style sheet.
    pub(super) fn of(root: &Element) -> Styles {
        let styles = root.elements().filter(|e| e.name == "style").map(|e| {
            let name = e.child("name").and_then(|n| n.get("val")).unwrap_or_default().to_lowercase();
            let style = Style {
                parent: e.child("basedOn").and_then(|b| b.get("val")).map(str::to_owned),
                heading: name.starts_with("heading") || name == "title" || name == "caption",
                bold: e.child("rPr").and_then(|r| switch(r, "b")),
                hidden: e.child("rPr").and_then(|r| switch(r, "vanish")),
            };
            (e.get("styleId").unwrap_or_default().to_owned(), style)
        });
        Styles(styles.collect())
    }

    /// Whether paragraphs of the style are headings.
    pub(super) fn is_heading(&self, id: Option<&str>) -> bool {
        self.find(id, |s| s.heading.then_some(true)).unwrap_or(false)
    }

    /// Whether text of the style is bold.
    pub(super) fn is_bold(&self, id: Option<&str>) -> Option<bool> {
        self.find(id, |s| s.bold)
    }

    /// Whether text of the style is hidden.
    pub(super) fn is_hidden(&self, id: Option<&str>) -> Option<bool> {
        self.find(id, |s| s.hidden)
    }

    fn find<T>(&self, id: Option<&str>, says: fn(&Style) -> Option<T>) -> Option<T> {
        let mut id = id?.to_owned();
        for _ in 0..MOST_PARENTS {
            let style = self.0.get(&id)?;
            if let Some(said) = says(style) {
                return Some(said);
            }
            id = style.parent.clone()?;
        }
        None
    }
}

/// A property that is on where it stands without a value; none where it does not stand.
pub(super) fn switch(properties: &Element, name: &str) -> Option<bool> {
    let property = properties.child(name)?;
    Some(!matches!(property.get("val"), Some("0" | "false" | "off")))
}
