//! Pages built to wear a parser out are refused before it sees them: the effort of parsing grows with the square of
//! what stands open, and with the attributes of a tag.

use std::collections::BTreeMap;

use crate::draft::Error;
use crate::draft::bounds::refuse;

/// Tags of a page.
const MOST_TAGS: usize = 500_000;
/// Elements that stand open at once.
const MOST_OPEN: usize = 1_000;
/// Elements that stand open at once of the kinds that need no end tag.
const MOST_UNENDED: usize = 20_000;
/// Signs of a tag outside quotes: names of attributes.
const MOST_BARE: usize = 1_024;
/// Tags, times the formatting that each of them may begin anew.
const MOST_FORMATTING: usize = 5_000_000;

/// Elements between the cells of a table, which a parser moves out before it.
const MOST_MISPLACED: usize = 2_000;

/// Elements of a table outside its cells.
const TABLE: &[&str] = &["table", "thead", "tbody", "tfoot", "tr", "colgroup", "col"];
/// Elements that never hold anything.
const VOID: &[&str] =
    &["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"];
/// Elements whose end another element implies.
const UNENDED: &[&str] = &[
    "p", "li", "dd", "dt", "td", "th", "tr", "thead", "tbody", "tfoot", "colgroup", "option", "optgroup", "html",
    "body", "head", "rp", "rt",
];
/// Elements that begin anew in the next paragraph where they were left open.
const FORMATTING: &[&str] =
    &["a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"];
/// Elements whose text is no markup.
const RAW: &[&str] = &["script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes"];

/// Refuses such a page.
///
/// # Errors
/// What there is too much of.
pub(super) fn check(text: &str) -> Result<(), Error> {
    let mut open: BTreeMap<String, usize> = BTreeMap::new();
    let (mut outside_cells, mut misplaced) = (false, 0);
    let (mut tags, mut strict, mut unended, mut formatting, mut most_formatting) = (0, 0, 0, 0, 0);
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        rest = rest.get(at + 1..).unwrap_or_default();
        if let Some(comment) = rest.strip_prefix("!--") {
            rest = comment.split_once("-->").map_or("", |(_, after)| after);
            continue;
        }
        let ends = rest.starts_with('/');
        let name: String =
            rest.trim_start_matches('/').chars().take_while(|c| c.is_ascii_alphanumeric()).take(16).collect();
        if name.is_empty() {
            continue;
        }
        let name = name.to_ascii_lowercase();
        tags += 1;
        let length = tag_length(rest)?;
        rest = rest.get(length..).unwrap_or_default();
        if !ends && RAW.contains(&name.as_str()) {
            rest = raw_text(rest, &name);
            continue;
        }
        match name.as_str() {
            "table" if ends => outside_cells = false,
            "td" | "th" | "caption" => outside_cells = ends,
            n if TABLE.contains(&n) => outside_cells = true,
            _ => misplaced += usize::from(outside_cells),
        }
        let count = open.entry(name.clone()).or_insert(0);
        let unends = UNENDED.contains(&name.as_str());
        let formats = FORMATTING.contains(&name.as_str());
        let sum = if unends { &mut unended } else { &mut strict };
        if ends && *count > 0 {
            *count -= 1;
            *sum -= 1;
            formatting -= usize::from(formats);
        } else if !ends && !VOID.contains(&name.as_str()) {
            *count += 1;
            *sum += 1;
            formatting += usize::from(formats);
        }
        most_formatting = most_formatting.max(formatting);
        if misplaced > MOST_MISPLACED
            || tags > MOST_TAGS
            || strict > MOST_OPEN
            || unended > MOST_UNENDED
            || tags * most_formatting > MOST_FORMATTING
        {
            return Err(refuse(
                "is no page of an answer: too many elements, or too many left open",
                "save the tables alone, from the program that made them",
            ));
        }
    }
    Ok(())
}

/// The bytes of a tag up to its end.
fn tag_length(tag: &str) -> Result<usize, Error> {
    let (mut quote, mut bare) = (None, 0);
    for (i, sign) in tag.bytes().enumerate() {
        match quote {
            Some(q) if q == sign => quote = None,
            Some(_) => {}
            None => {
                match sign {
                    b'>' => return Ok(i + 1),
                    b'"' | b'\'' => quote = Some(sign),
                    _ => {}
                }
                bare += 1;
                if bare > MOST_BARE {
                    return Err(refuse(
                        "holds a tag with too many attributes",
                        "save it from the program that made it",
                    ));
                }
            }
        }
    }
    Ok(tag.len())
}

/// What follows the text of an element that holds no markup.
fn raw_text<'a>(text: &'a str, name: &str) -> &'a str {
    let mut rest = text;
    while let Some(at) = rest.find("</") {
        rest = rest.get(at + 2..).unwrap_or_default();
        if rest.get(..name.len()).is_some_and(|n| n.eq_ignore_ascii_case(name)) {
            return rest;
        }
    }
    ""
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_as_people_save_them_pass() {
        let rows = "<tr><td>1<td>2\n".repeat(2000);
        let page = format!("<html><script>if (a<b && c) {{ d = '<<' }}</script><table>{rows}</table><p>a<p>b<br>c");
        assert!(check(&page).is_ok());
        assert!(check("a < b, 1 <2, <- and <\u{e9}>").is_ok());
    }

    #[test]
    fn pages_made_to_wear_a_parser_out_are_refused() {
        let reopened = format!("{}{}", "<b>".repeat(400), "<p>x".repeat(15_000));
        let between = format!("<table>{}", "<p>x".repeat(3000));
        let attributes = format!("<a {}>", "x ".repeat(2000));
        for page in
            ["<div>".repeat(2000), "<dd><li>".repeat(20_000), "<div></x>".repeat(2000), reopened, between, attributes]
        {
            assert!(check(&page).is_err(), "{page:.30}");
        }
    }
}
