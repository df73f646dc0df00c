//! Texts of a workbook: plain, or of several fonts, where a raised number is a footnote's mark.

use crate::draft::Error;
use crate::draft::words::raised;
use crate::draft::xml::{Element, Step, Walk, decoded};
use crate::draft::zipped::Parts;

/// The texts that cells refer to by number.
///
/// # Errors
/// Damaged, or beyond the bounds.
pub(super) fn read(part: &str, parts: &mut Parts) -> Result<Vec<String>, Error> {
    let text = decoded(part, parts.demand(part)?)?;
    let mut walk = Walk::new(part, &text);
    let mut strings = Vec::new();
    loop {
        match walk.step()? {
            Step::Open(e) if e.name == "si" => strings.push(string(&walk.whole(e)?)),
            Step::End => return Ok(strings),
            _ => {}
        }
    }
}

/// The text of an element of plain text or runs; readings of Japanese signs are left out.
pub(super) fn string(element: &Element) -> String {
    let mut text = String::new();
    for e in element.elements() {
        match e.name.as_str() {
            "t" => text.push_str(&e.text()),
            "r" => {
                let run: String = e.elements().filter(|t| t.name == "t").map(Element::text).collect();
                let up = e.at(&["rPr", "vertAlign"]).and_then(|v| v.get("val")) == Some("superscript");
                let run = if up { raised(&text, &run) } else { run };
                text.push_str(&run);
            }
            _ => {}
        }
    }
    // signs that XML can't hold are written as their numbers
    if text.contains("_x00") {
        text.replace("_x000D_", "").replace("_x000A_", "\n").replace("_x0009_", " ")
    } else {
        text
    }
}
