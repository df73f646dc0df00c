//! Web pages, Markdown and plain texts, and what they can hold beside what is shown.

use super::page::{Held, Page, escaped};

/// Places of web pages, and whether something harmless can stand there.
pub const PLACES: &[(&str, bool)] = &[
    ("comment", true),
    ("display-none", false),
    ("hidden-attribute", false),
    ("invisible", false),
    ("white-text", false),
    ("no-size", false),
    ("transparent", false),
    ("clipped", true),
    ("rule-of-a-sheet", false),
    ("data-attribute", true),
    ("data-of-a-row", true),
    ("tooltip", true),
    ("screen-reader", true),
    ("alternative-text", false),
    ("script-data", true),
    ("script-object", true),
    ("script-comment", true),
    ("linked-data", true),
    ("template", true),
    ("no-script", true),
    ("description", true),
    ("hidden-field", true),
    ("option", true),
    ("text-area", true),
    ("drawing-text", false),
    ("drawing-title", false),
    ("generated-content", true),
    ("style-variable", true),
    ("closed-details", true),
    ("frame", false),
    ("download", true),
    ("spreadsheet-value", false),
    ("value-of-data", false),
    ("meter", false),
    ("address", false),
    ("handler", true),
    ("micro-data", true),
    ("caption-of-a-list", true),
    ("own-element", true),
    ("title", true),
    ("state", true),
    ("custom-attribute", true),
    ("image-map", true),
    ("track", false),
];

/// Places of Markdown.
pub const MARKDOWN_PLACES: &[(&str, bool)] = &[
    ("comment", true),
    ("link-title", true),
    ("image-text", false),
    ("definition", true),
    ("front-matter", true),
    ("unused-note", true),
    ("attribute", true),
    ("info-of-a-block", true),
];

/// A page.
pub fn typed(page: &Page) -> Vec<u8> {
    let mut body = page.text("html");
    let mut head = "<title>Answer</title>".to_owned();
    if let Some(held) = &page.held {
        let text = escaped(&held.text);
        match held.place {
            "rule-of-a-sheet" => head += "<style>.kept { display: none; }</style>",
            "description" => head += &format!("<meta name=\"description\" content=\"{text}\">"),
            "title" => head = format!("<title>{text}</title>"),
            "generated-content" => head += &format!("<style>.note::after {{ content: \"{}\"; }}</style>", held.text),
            "style-variable" => head += &format!("<style>:root {{ --note: \"{}\"; }}</style>", held.text),
            _ => {}
        }
        in_the_table(held, &text, &mut body);
        body += &behind(held, &text);
    }
    format!("<!DOCTYPE html>\n<html><head>{head}</head><body>\n{body}</body></html>\n").into_bytes()
}

/// What stands in a cell or row of the table: the first withheld figure's.
fn in_the_table(held: &Held, text: &str, body: &mut String) {
    let (cell, row) = match (held.place, held.leak) {
        ("data-attribute", true) => (format!("<td data-value=\"{}\">*</td>", held.number), None),
        ("data-attribute", false) => ("<td data-label=\"Area\">*</td>".to_owned(), None),
        ("spreadsheet-value", _) => (format!("<td sdval=\"{}\">*</td>", held.number), None),
        ("value-of-data", _) => (format!("<td><data value=\"{}\">*</data></td>", held.number), None),
        ("custom-attribute", _) => (format!("<td note=\"{text}\">*</td>"), None),
        ("data-of-a-row", _) => ("<td>*</td>".to_owned(), Some(format!("<tr data-note=\"{text}\"><td>"))),
        _ => return,
    };
    *body = body.replacen("<td>*</td>", &cell, 1);
    if let Some(row) = row {
        *body = body.replacen("<tr><td>", &row, 1);
    }
}

fn behind(held: &Held, text: &str) -> String {
    let n = held.number;
    let raw = &held.text;
    let figures = if held.leak { format!("[{}, {n}]", n + 40) } else { "[]".to_owned() };
    let note = if held.leak { raw.clone() } else { "Area".to_owned() };
    match held.place {
        "comment" => format!("<!-- {raw} -->"),
        "display-none" => format!("<p style=\"display: none\">{text}</p>"),
        "hidden-attribute" => format!("<p hidden>{text}</p>"),
        "invisible" => format!("<p style=\"visibility:hidden\">{text}</p>"),
        "white-text" => format!("<p style=\"color:#ffffff\">{text}</p>"),
        "no-size" => format!("<p style=\"font-size:0\">{text}</p>"),
        "transparent" => format!("<p style=\"opacity:0\">{text}</p>"),
        "clipped" => format!("<p style=\"position:absolute;left:-9999px\">{text}</p>"),
        "rule-of-a-sheet" => format!("<p class=\"kept\">{text}</p>"),
        "tooltip" => format!("<p title=\"{text}\">Note</p>"),
        "screen-reader" => format!("<p aria-label=\"{text}\">Note</p>"),
        "alternative-text" => format!("<img src=\"a.png\" alt=\"{text}\">"),
        "script-data" => format!("<script>var chart = {{ labels: [\"A\"], data: {figures} }};</script>"),
        "script-object" => format!("<script type=\"application/json\">{{\"note\": \"{raw}\"}}</script>"),
        "script-comment" => format!("<script>/* {raw} */ start();</script>"),
        "linked-data" => format!(
            "<script type=\"application/ld+json\">{{\"@type\": \"Dataset\", \"description\": \"{raw}\"}}</script>"
        ),
        "template" => format!("<template><p>{text}</p></template>"),
        "no-script" => format!("<noscript><p>{text}</p></noscript>"),
        "hidden-field" => format!("<input type=\"hidden\" value=\"{text}\">"),
        "option" => format!("<select><option>Choose</option><option>{text}</option></select>"),
        "text-area" => format!("<textarea>{text}</textarea>"),
        "drawing-text" => format!("<svg width=\"90\" height=\"20\"><text x=\"0\" y=\"9\">{text}</text></svg>"),
        "drawing-title" => format!("<svg width=\"90\" height=\"20\"><title>{text}</title></svg>"),
        "generated-content" => "<p class=\"note\">Note</p>".to_owned(),
        "closed-details" => format!("<details><summary>More</summary><p>{text}</p></details>"),
        "frame" => format!("<iframe srcdoc=\"&lt;p&gt;{text}&lt;/p&gt;\"></iframe>"),
        "download" => format!("<a href=\"data:text/csv,{}\">Download</a>", note.replace(' ', "%20")),
        "meter" => format!("<meter value=\"{n}\" max=\"100\"></meter>"),
        "address" => format!("<a href=\"/chart?count={n}\">Chart</a>"),
        "handler" => format!("<p onclick=\"show('{text}')\">Note</p>"),
        "micro-data" => format!("<p itemscope><meta itemprop=\"note\" content=\"{text}\">Note</p>"),
        "caption-of-a-list" => {
            format!("<select><optgroup label=\"{text}\"><option>Choose</option></optgroup></select>")
        }
        "own-element" => format!("<data-chart note=\"{text}\"></data-chart>"),
        "state" => format!("<div data-state='{{\"note\": \"{raw}\"}}'></div>"),
        "image-map" => {
            format!("<map name=\"m\"><area shape=\"rect\" coords=\"0,0,9,9\" alt=\"{text}\" href=\"#\"></map>")
        }
        "track" => format!("<video><track kind=\"captions\" label=\"{text}\" src=\"a.vtt\"></video>"),
        _ => String::new(),
    }
}

/// Markdown, or another plain text.
pub fn plain(page: &Page, format: &str) -> Vec<u8> {
    let body = page.text(format);
    let Some(held) = &page.held else { return body.into_bytes() };
    let text = &held.text;
    let said = match held.place {
        "front-matter" => return format!("---\ntitle: Answer\nnote: \"{text}\"\n---\n\n{body}").into_bytes(),
        "comment" => format!("<!-- {text} -->"),
        "link-title" => format!("[Source](https://example.org \"{text}\")"),
        "image-text" => format!("![{text}](a.png)"),
        "definition" => format!("[//]: # ({text})"),
        "unused-note" => format!("[^1]: {text}"),
        "attribute" => format!("<span title=\"{}\">Note</span>", escaped(text)),
        "info-of-a-block" => format!("```text {text}\nNote\n```"),
        other => panic!("no such place: {other}"),
    };
    format!("{body}\n{said}\n").into_bytes()
}
