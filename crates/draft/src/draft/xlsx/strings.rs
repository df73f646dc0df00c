//! Texts of a workbook: plain, or of several fonts, where a raised number is a footnote's mark.

use crate::draft::Error;
use crate::draft::words::raised;
use crate::draft::xml::{Element, Step, Walk, decoded};
use crate::draft::zipped::Parts;

/// The texts that cells refer to by number, and the readings beside some of them.
///
/// # Errors
/// Damaged, or beyond the bounds.
pub(super) fn read(part: &str, parts: &mut Parts) -> Result<(Vec<String>, Vec<String>), Error> {
    let text = decoded(part, parts.demand(part)?)?;
    let mut walk = Walk::new(part, &text);
    let (mut strings, mut readings) = (Vec::new(), Vec::new());
    loop {
        match walk.step()? {
            Step::Open(e) if e.name == "si" => {
                let item = walk.whole(e)?;
                readings.extend(reading(&item));
                strings.push(string(&item));
            }
            Step::End => return Ok((strings, readings)),
            _ => {}
        }
    }
}

/// How a text is read, where the file says so beside it.
pub(super) fn reading(element: &Element) -> Option<String> {
    let said: String = element.elements().filter(|e| e.name == "rPh").map(Element::text).collect();
    (!said.trim().is_empty()).then_some(said)
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
