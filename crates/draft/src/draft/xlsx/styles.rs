//! What the styles of a workbook say of a cell: number format, bold, indentation, white on white.

use std::collections::BTreeMap;

use super::is_true;
use crate::draft::number_format::built_in;
use crate::draft::xml::Element;

/// The style of a cell.
#[derive(Clone, Debug, Default)]
pub(super) struct Style {
    /// Code of its number format; none for none.
    pub format: Option<String>,
    /// The font is bold.
    pub bold: bool,
    /// Steps of indentation.
    pub indent: usize,
    /// White text without a colour behind it: a reader sees nothing.
    pub unseen: bool,
}

/// The styles that cells refer to by number.
#[derive(Debug, Default)]
pub(super) struct Styles(Vec<Style>);

impl Styles {
    /// The styles of a style sheet.
    pub(super) fn of(sheet: &Element) -> Styles {
        let list = |name: &str| sheet.child(name).map(|l| l.elements().collect::<Vec<_>>()).unwrap_or_default();
        let formats: BTreeMap<&str, &str> =
            list("numFmts").iter().filter_map(|f| Some((f.get("numFmtId")?, f.get("formatCode")?))).collect();
        let (fonts, fills) = (list("fonts"), list("fills"));
        let style = |x: &&Element| {
            let font = number(x, "fontId").and_then(|i| fonts.get(i));
            let fill = number(x, "fillId").and_then(|i| fills.get(i));
            let format = x.get("numFmtId").and_then(|id| {
                let own = formats.get(id).map(|code| (*code).to_owned());
                own.or_else(|| built_in(id.parse().ok()?).map(str::to_owned))
            });
            let indent = x.child("alignment").and_then(|a| a.get("indent")).and_then(|i| i.parse().ok());
            Style {
                format: format.filter(|f| f != "General"),
                bold: font.is_some_and(|f| on(f, "b")),
                indent: indent.unwrap_or(0).min(250),
                unseen: font.is_some_and(|f| is_white(f)) && !fill.is_some_and(|f| is_filled(f))
                    || font.zip(fill).is_some_and(|(font, fill)| same_colour(font, fill)),
            }
        };
        Styles(list("cellXfs").iter().map(style).collect())
    }

    /// The style of a number; that of an unstyled cell where there is no such number.
    pub(super) fn get(&self, number: Option<&str>) -> Style {
        let index: usize = number.and_then(|n| n.parse().ok()).unwrap_or(0);
        self.0.get(index).cloned().unwrap_or_default()
    }
}

fn number(element: &Element, name: &str) -> Option<usize> {
    element.get(name)?.parse().ok()
}

/// A property that is on where it stands without a value.
fn on(element: &Element, name: &str) -> bool {
    element.child(name).is_some_and(|e| e.get("val").is_none_or(is_true))
}

fn is_white(font: &Element) -> bool {
    let Some(color) = font.child("color") else { return false };
    let rgb = color.get("rgb").is_some_and(|c| c.to_ascii_uppercase().ends_with("FFFFFF"));
    // the first colour of a theme is that of its paper
    let paper = color.get("theme") == Some("0") && color.get("tint").is_none();
    rgb || paper || color.get("indexed").is_some_and(|i| matches!(i, "1" | "9"))
}

/// Whether a font has the colour that fills the cell.
fn same_colour(font: &Element, fill: &Element) -> bool {
    let Some(pattern) = fill.child("patternFill").filter(|p| p.get("patternType") == Some("solid")) else {
        return false;
    };
    let (Some(text), Some(ground)) = (font.child("color"), pattern.child("fgColor")) else { return false };
    let names = ["rgb", "theme", "tint", "indexed"];
    names.iter().any(|n| text.get(n).is_some()) && names.iter().all(|n| text.get(n) == ground.get(n))
}

fn is_filled(fill: &Element) -> bool {
    if fill.child("gradientFill").is_some() {
        return true;
    }
    let Some(pattern) = fill.child("patternFill") else { return false };
    let white =
        pattern.child("fgColor").and_then(|c| c.get("rgb")).is_some_and(|c| c.to_ascii_uppercase().ends_with("FFFFFF"));
    !white && pattern.get("patternType").is_some_and(|p| p != "none")
}
