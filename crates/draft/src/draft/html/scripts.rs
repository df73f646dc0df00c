//! Scripts and style sheets that hold data: charts, lists of numbers, figures beside the labels of a table, packed data.
//!
//! A script without any (menus, counters of visits) is passed over; a script is never run.

use std::collections::HashSet;

use crate::draft::held::{figures, numbers};
use crate::draft::words::{holds_number_word, number_words};

/// Bytes of a script that are looked through for labels and texts.
const MOST_SCANNED: usize = 2 << 20;
/// Signs between a label and a number that belongs to it.
const NEAR: usize = 40;
/// Words of a label that is looked for in texts.
const MOST_WORDS: usize = 4;
/// Numbers in a row that are data.
const ROW: usize = 2;
/// What draws charts.
const CHARTS: &[&str] = &[
    "plotly.",
    "plotly_",
    "new chart(",
    "vegaembed",
    "vega.",
    "vega-lite",
    "vegalite",
    "echarts",
    "highcharts",
    "d3.select",
    "d3.json",
    "google.visualization",
    "google.charts",
    "c3.generate",
    "bb.generate",
    "apexcharts",
    "bokeh",
    "am4core",
    "am5.",
    "amcharts",
    "chartist",
    "new uplot",
    "dygraph",
    "frappe.chart",
    "nv.models",
    "fusioncharts",
    "zingchart",
    "canvasjs",
    "morris.",
    "jqplot",
    "$.plot(",
    "sparkline(",
    "new tabulator",
    "gridjs",
    "perspective",
    "deck.gl",
    "l.geojson",
    "anychart",
    "billboard",
    "recharts",
    "\"bdata\"",
    "createcanvas(",
    "getcontext(\"2d\"",
    "getcontext('2d'",
    "htmlwidgets",
    "leaflet",
    "holoviews",
    "altair",
    "observable.plot",
    "plot.plot(",
    "mermaid",
];
/// Names of settings whose lists of numbers say nothing.
const SETTINGS: &[&str] = &[
    "lengthmenu",
    "threshold",
    "thresholds",
    "breakpoints",
    "rootmargin",
    "rgba",
    "rgb",
    "version",
    "margin",
    "padding",
];

/// Why a script is told, if it is. `labels` are those of the tables, in small letters.
pub(super) fn holds(kind: &str, code: &str, labels: &HashSet<String>) -> Option<String> {
    let kind = kind.trim().to_lowercase();
    let runs = kind.is_empty() || kind == "module" || kind.contains("javascript") || kind.contains("ecmascript");
    let template = kind.contains("template") || kind.contains("html");
    if !runs {
        let text = if template { strip_tags(code) } else { code.to_owned() };
        let found = if template { figures(&text) } else { stated(&text) };
        let what = if kind.contains("json") { "a block of data" } else { "a script that is no code" };
        return (!found.is_empty()).then(|| crate::draft::held::named(what, &found));
    }
    let end = (0..=MOST_SCANNED.min(code.len())).rev().find(|at| code.is_char_boundary(*at)).unwrap_or(0);
    // ends of lines in texts of the script part what stands there
    let code = &code.get(..end).unwrap_or_default().replace("\\n", " ").replace("\\t", " ").replace("\\r", " ");
    let lower = code.to_lowercase();
    if CHARTS.iter().any(|c| lower.contains(c)) {
        return Some("a script that draws, with the figures it draws from: not read".to_owned());
    }
    if packed(&lower) {
        return Some("a script with packed data, which is not read".to_owned());
    }
    let reason = rows_of_numbers(&lower).or_else(|| beside_labels(&lower, labels)).or_else(|| spoken(code, labels));
    reason.map(|found| crate::draft::held::named("a script", &found))
}

/// Data in base64 or in texts that a script takes apart.
fn packed(lower: &str) -> bool {
    let literal = |call: &str| {
        lower.match_indices(call).any(|(at, _)| {
            let rest = lower.get(at + call.len()..).unwrap_or_default().trim_start();
            let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\'' | '`'));
            quote.is_some_and(|q| rest.chars().skip(1).take_while(|c| *c != q).take(9).count() > 8)
        })
    };
    ["atob(", "json.parse(", "inflate(", "base64.decode(", "decodeuricomponent("].iter().any(|call| literal(call))
        || lower.contains("data:text/csv")
        || lower.contains("data:application/json")
        || lower.contains("data:application/octet")
}

/// Lists of numbers (`[12, 3, 7]`), those of settings and of shares from 0 to 1 aside.
fn rows_of_numbers(lower: &str) -> Option<Vec<String>> {
    for (at, _) in lower.match_indices('[') {
        let inner = lower.get(at + 1..).unwrap_or_default();
        let end = inner.find(|c: char| {
            !(c.is_ascii_digit() || matches!(c, ',' | '.' | '-' | ' ' | '\n' | '\t' | '"' | '\'' | 'n' | 'u' | 'l'))
        });
        let Some(end) = end.filter(|e| inner.get(*e..).is_some_and(|r| r.starts_with(']'))) else { continue };
        let items: Vec<&str> =
            inner.get(..end).unwrap_or_default().split(',').map(|i| i.trim().trim_matches(['"', '\''])).collect();
        let numbers: Vec<f64> = items.iter().filter_map(|i| i.parse().ok()).collect();
        let before = lower.get(..at).unwrap_or_default();
        let named: String = before.chars().rev().take(30).collect::<Vec<_>>().into_iter().rev().collect();
        let setting =
            SETTINGS.iter().any(|s| named.trim_end_matches([' ', ':', '=', '"', '\'', '(', '[']).ends_with(s));
        let shares = numbers.iter().all(|n| (0.0..=1.0).contains(n));
        let said: Vec<String> = items.iter().filter(|i| i.parse::<f64>().is_ok()).map(|i| (*i).to_owned()).collect();
        if numbers.len() >= ROW && !setting && !shares {
            return Some(said);
        }
    }
    None
}

/// Numbers right behind or before a label of a table.
fn beside_labels(lower: &str, labels: &HashSet<String>) -> Option<Vec<String>> {
    let mut from = 0;
    // every text in quotes, and every name before a colon, that is a label
    while let Some(at) = lower.get(from..).and_then(|rest| rest.find(|c: char| c.is_alphabetic())) {
        let start = from + at;
        let rest = lower.get(start..).unwrap_or_default();
        let word: usize = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').map(char::len_utf8).sum();
        let quoted =
            lower.get(..start).and_then(|b| b.chars().next_back()).filter(|c| matches!(c, '"' | '\'' | '`' | '>'));
        let length = match quoted {
            Some(q) => rest.find(if q == '>' { '<' } else { q }).filter(|l| *l < 200).unwrap_or(word),
            None => word,
        };
        let text = rest.get(..length).unwrap_or_default();
        if text.len() >= 2 && labels.contains(text.trim()) {
            let behind: String = rest.get(length..).unwrap_or_default().chars().take(NEAR).collect();
            let behind = behind.split([';', '\n', '}']).next().unwrap_or_default();
            let found = figures(&strip_tags(behind));
            if !found.is_empty() {
                return Some(found);
            }
        }
        from = start + if quoted.is_some() && labels.contains(text.trim()) { length.max(1) } else { word.max(1) };
    }
    None
}

/// The figures of a block of data; numbers in words where a text of several words holds one.
fn stated(text: &str) -> Vec<String> {
    let found = figures(text);
    if !found.is_empty() {
        return found;
    }
    text.split('"').filter(|t| t.trim().contains(' ')).flat_map(number_words).collect()
}

/// Whether a text names a label of a table: it, or words of it, are one.
fn names(text: &str, labels: &HashSet<String>) -> bool {
    let words: Vec<&str> = text.split(|c: char| !c.is_alphanumeric() && c != '-').filter(|w| !w.is_empty()).collect();
    let within = |length: usize| words.windows(length).any(|w| labels.contains(&w.join(" ").to_lowercase()));
    (1..=MOST_WORDS).any(within)
}

/// What a script's comments say of the labels of a table.
fn remarked(code: &str, labels: &HashSet<String>) -> Option<Vec<String>> {
    let mut rest = code;
    while let Some(at) = rest.find(['/']) {
        let after = rest.get(at + 1..).unwrap_or_default();
        let (end, text) = match after.chars().next() {
            Some('*') => {
                let end = after.find("*/").unwrap_or(after.len());
                (end, after.get(1..end).unwrap_or_default())
            }
            Some('/') => {
                let end = after.find('\n').unwrap_or(after.len());
                (end, after.get(1..end).unwrap_or_default())
            }
            _ => (0, ""),
        };
        let found = numbers(text);
        if !found.is_empty() && names(text, labels) {
            return Some(found);
        }
        rest = after.get(end..).unwrap_or_default();
    }
    None
}

/// Texts of a script that read like a sentence or a part of a page with a figure.
fn spoken(code: &str, labels: &HashSet<String>) -> Option<Vec<String>> {
    if let Some(found) = remarked(code, labels) {
        return Some(found);
    }
    let mut rest = code;
    while let Some(at) = rest.find(['"', '\'', '`']) {
        let quote = rest.get(at..).and_then(|r| r.chars().next())?;
        let inner = rest.get(at + 1..).unwrap_or_default();
        let end = inner.find(quote).unwrap_or(inner.len());
        let text = inner.get(..end).unwrap_or_default();
        rest = inner.get((end + 1).min(inner.len())..).unwrap_or_default();
        let lower = text.to_lowercase();
        let cell = lower.contains("<td") || lower.contains("<li") || lower.contains("<p");
        let counted = ["case", "person", "people", "victim", "record", "count"].iter().any(|w| lower.contains(w));
        let about = text.contains(' ') && names(text, labels);
        if !(cell || about || counted && text.contains(' ')) {
            continue;
        }
        let plain = strip_tags(text);
        let found = if about { numbers(&plain) } else { figures(&plain) };
        if !found.is_empty() {
            return Some(found);
        }
    }
    None
}

/// A text without what stands in angle brackets.
fn strip_tags(text: &str) -> String {
    let mut kept = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('<') {
        kept.push_str(before);
        kept.push(' ');
        rest = after.split_once('>').map_or("", |(_, after)| after);
    }
    kept + rest
}

/// The texts that a style sheet shows (`content: "3"`).
pub(super) fn shown_by_styles(sheet: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (at, _) in sheet.match_indices("content") {
        let rest = sheet.get(at + "content".len()..).unwrap_or_default().trim_start();
        let Some(value) = rest.strip_prefix(':') else { continue };
        let value = value.split([';', '}']).next().unwrap_or_default();
        for (i, text) in value.split(['"', '\'']).enumerate() {
            // what stands between quotes; signs written as their numbers are icons
            if i % 2 == 1 && !text.contains('\\') && is_said(text) {
                found.push(text.to_owned());
            }
        }
    }
    // what a sheet keeps under a name of its own, for rules or scripts
    for (_, value) in sheet.split([';', '{', '}']).filter_map(|d| d.split_once(':')).filter(|d| d.0.contains("--")) {
        found.extend(value.split('"').skip(1).step_by(2).filter(|t| is_said(t)).map(str::to_owned));
    }
    found
}

fn is_said(text: &str) -> bool {
    text.contains(|c: char| c.is_ascii_digit()) || holds_number_word(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_with_data_are_told_and_others_are_not() {
        let labels: HashSet<String> = ["south", "north", "12 to 17"].map(str::to_owned).into();
        for (kind, code) in [
            ("", "Plotly.newPlot('x', [])"),
            ("text/javascript", "var d = [12, 3, 7]"),
            ("", "var d = {'South': 3}"),
            ("", "const d = {north: 12, south: 3}"),
            ("", "show(\"South\", 3)"),
            ("", "el.innerHTML = '<td>3</td>'"),
            ("", "alert('There were 3 cases')"),
            ("", "var d = JSON.parse('{\"a\": [1]}')"),
            ("", "var d = atob('BwwDGQ==xx')"),
            ("", "rows.push(['12', '3'])"),
            ("application/json", "{\"x\":[\"North\"],\"y\":[3]}"),
            ("text/csv", "Area,Cases\nSouth,3\n"),
            ("text/template", "<td>3</td>"),
            ("application/ld+json", "{\"South\":3}"),
        ] {
            assert!(holds(kind, code, &labels).is_some(), "{code}");
        }
        for (kind, code) in [
            (
                "",
                "window.dataLayer = window.dataLayer || []; function gtag(){dataLayer.push(arguments)} gtag('config', 'UA-12345-6')",
            ),
            ("", "document.querySelector('.menu').addEventListener('click', () => setTimeout(hide, 300))"),
            ("", "var i = 1; for (var k = 0; k < 10; k++) i += k"),
            ("", "new IntersectionObserver(f, {threshold: [0, 0.5, 1], rootMargin: '10px 20px'})"),
            ("", "$('table').DataTable({lengthMenu: [10, 25, 50]})"),
            ("", "if (a[0] && b[1]) open('x', 'width=600, height=400')"),
            ("", "function south() { return north }"),
            (
                "application/ld+json",
                "{\"@context\":\"https://schema.org\",\"@type\":\"Dataset\",\"datePublished\":\"2026-11-30\"}",
            ),
            ("text/template", "<h3 class='c3'>Title</h3>"),
            ("", ""),
        ] {
            assert_eq!(holds(kind, code, &labels), None, "{code}");
        }
    }

    #[test]
    fn styles_that_show_text() {
        assert_eq!(
            shown_by_styles(".q::after{content:\"3\"} .i{content:'\\f101'} p{content: none} a{content:\"n = 12 \";}"),
            ["3", "n = 12 "]
        );
    }
}
