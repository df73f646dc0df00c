//! What a Word document holds outside of its text: fields, controls, alternative texts, variables, properties, parts that
//! are not read.

use crate::draft::held::Held;
use crate::draft::words::tidy;
use crate::draft::xml::{Element, parse};
use crate::draft::zipped::Parts;
use crate::draft::{Document, Error, Place, office};

/// Parts that hold no text or figure of their own, or are told otherwise.
const PLAIN: &[&str] = &[
    "word/theme/",
    "word/fonts/",
    "word/fonttable.xml",
    "word/websettings.xml",
    "word/settings.xml",
    "word/styleswitheffects.xml",
    "word/people.xml",
    "word/commentsextended.xml",
    "word/commentsids.xml",
    "word/commentsextensible.xml",
    "word/printersettings",
    "word/stylesw",
    "word/attachedtoolbars",
    "word/vbadata.xml",
    "word/charts/style",
    "word/charts/colors",
    "word/diagrams/",
    "word/drawings/",
    "word/glossary/",
    "word/webextensions/",
    "word/intelligence",
    "word/documenttasks",
    "word/keymap",
];
/// Fields of programs that manage literature.
const LITERATURE: &[&str] = &["ADDIN", "CITATION", "BIBLIOGRAPHY"];

/// What a block holds beside its text.
pub(super) fn within(block: &Element, place: &Place, held: &mut Vec<Held>) {
    office::alternatives(block, place, held);
    let mut hold = |what: &str, text: &str| {
        held.push(Held { place: place.clone(), what: what.to_owned(), text: text.to_owned() });
    };
    let mut open = vec![block];
    // the instruction of a field may be written in pieces
    let mut instruction = String::new();
    while let Some(e) = open.pop() {
        match e.name.as_str() {
            "instrText" | "delInstrText" => instruction.push_str(&e.text()),
            "fldChar" => field(&std::mem::take(&mut instruction), &mut hold),
            "fldSimple" => field(e.get("instr").unwrap_or_default(), &mut hold),
            "listItem" => {
                hold("a choice of a control", e.get("displayText").unwrap_or_default());
                hold("a choice of a control", e.get("value").unwrap_or_default());
            }
            "alias" | "tag" => hold("the name of a control", e.get("val").unwrap_or_default()),
            "ffData" => {
                for name in ["default", "listEntry", "helpText", "statusText"] {
                    let mut found = Vec::new();
                    e.all(name, &mut found);
                    found.iter().filter(|f| f.get("val").is_some_and(|v| !matches!(v, "0" | "1"))).for_each(|f| {
                        hold("a field of a form", f.get("val").unwrap_or_default());
                    });
                }
            }
            "hyperlink" => hold("a tooltip", e.get("tooltip").unwrap_or_default()),
            _ => {}
        }
        // the first child is taken next
        open.extend(e.elements().collect::<Vec<_>>().into_iter().rev());
    }
    field(&instruction, &mut hold);
}

/// The label of a list without the numbers that it counts (`%1.%2`).
fn without_levels(text: &str) -> String {
    let mut kept = String::new();
    let mut signs = text.chars().peekable();
    while let Some(sign) = signs.next() {
        if sign == '%' && signs.next_if(char::is_ascii_digit).is_some() {
            kept.push(' ');
        } else {
            kept.push(sign);
        }
    }
    kept
}

fn field(instruction: &str, hold: &mut impl FnMut(&str, &str)) {
    let text = tidy(instruction);
    let first = text.split(' ').next().unwrap_or_default().to_uppercase();
    if LITERATURE.contains(&first.as_str()) {
        return;
    }
    // switches shape what is shown
    let kept: Vec<&str> = text.split(' ').take_while(|w| !w.starts_with('\\')).collect();
    hold("the instruction of a field", &kept.join(" ").replace(['=', '+', '*', '(', ')', '-'], " "));
}

/// What the other parts hold.
///
/// # Errors
/// Parts that can't be expanded.
pub(super) fn told(
    parts: &mut Parts,
    folder: &str,
    document: &mut Document,
    held: &mut Vec<Held>,
) -> Result<(), Error> {
    let named = |name: &str| Place { part: Some(name.to_owned()), ..Place::default() };
    let settings = format!("{folder}settings.xml");
    if let Some(root) = parts.read(&settings)?.and_then(|bytes| parse(&settings, bytes).ok()) {
        let mut variables = Vec::new();
        root.all("docVar", &mut variables);
        held.extend(variables.iter().map(|v| Held {
            place: named(&settings),
            what: "a variable of the document".to_owned(),
            text: format!("{}: {}", v.get("name").unwrap_or_default(), v.get("val").unwrap_or_default()),
        }));
    }
    let numbering = format!("{folder}numbering.xml");
    if let Some(root) = parts.read(&numbering)?.and_then(|bytes| parse(&numbering, bytes).ok()) {
        let mut labels = Vec::new();
        root.all("lvlText", &mut labels);
        held.extend(labels.iter().filter_map(|l| l.get("val")).map(|text| Held {
            place: named(&numbering),
            what: "the label of a list".to_owned(),
            text: without_levels(text),
        }));
    }
    let glossary = format!("{folder}glossary/document.xml");
    if let Some(root) = parts.read(&glossary)?.and_then(|bytes| parse(&glossary, bytes).ok()) {
        let mut paragraphs = Vec::new();
        root.all("p", &mut paragraphs);
        held.extend(paragraphs.iter().map(|p| {
            let mut runs = Vec::new();
            p.all("t", &mut runs);
            let text = runs.iter().map(|t| t.text()).collect::<String>();
            Held { place: named(&glossary), what: "a building block".to_owned(), text }
        }));
    }
    office::properties(parts, document, held)?;
    office::unread_of_package(parts, PLAIN, document);
    Ok(())
}
