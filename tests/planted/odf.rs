//! OpenDocument spreadsheets and texts, written by hand, and what they can hold beside their content.

use super::office::Parts;
use super::page::{Held, Page, Part, escaped};

/// Places of spreadsheets, and whether something harmless can stand there.
pub const SHEET_PLACES: &[(&str, bool)] = &[
    ("stored-value", true),
    ("stored-text", false),
    ("white-font", false),
    ("hidden-row", true),
    ("hidden-column", true),
    ("hidden-sheet", true),
    ("comment", false),
    ("alt-text", true),
    ("text-box", true),
    ("chart", true),
    ("name", true),
    ("validation-list", true),
    ("prompt", true),
    ("property", true),
    ("own-property", true),
    ("formula", false),
    ("filter", true),
    ("header", true),
    ("tracked-change", false),
    ("embedded-sheet", false),
    ("form-field", true),
    ("unknown-part", false),
    ("covered-cell", true),
];

/// Places of texts.
pub const TEXT_PLACES: &[(&str, bool)] = &[
    ("hidden-text", false),
    ("hidden-section", false),
    ("comment", false),
    ("alt-text", true),
    ("text-box", true),
    ("footnote", true),
    ("property", true),
    ("own-property", true),
    ("tracked-deletion", false),
    ("header", true),
    ("embedded-sheet", false),
    ("variable", true),
    ("placeholder", true),
    ("white-font", false),
    ("bookmark-text", true),
    ("list-label", true),
    ("index-source", true),
];

const SPACES: &str = "xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" xmlns:table=\"urn:oasis:names:tc:opendocument:xmlns:table:1.0\" xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\" xmlns:style=\"urn:oasis:names:tc:opendocument:xmlns:style:1.0\" xmlns:fo=\"urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0\" xmlns:draw=\"urn:oasis:names:tc:opendocument:xmlns:drawing:1.0\" xmlns:svg=\"urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" xmlns:form=\"urn:oasis:names:tc:opendocument:xmlns:form:1.0\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:meta=\"urn:oasis:names:tc:opendocument:xmlns:meta:1.0\" xmlns:chart=\"urn:oasis:names:tc:opendocument:xmlns:chart:1.0\"";

const STYLES: &str = "<style:style style:name=\"ta2\" style:family=\"table\"><style:table-properties table:display=\"false\"/></style:style><style:style style:name=\"white\" style:family=\"table-cell\"><style:text-properties fo:color=\"#ffffff\"/></style:style><style:style style:name=\"pale\" style:family=\"text\"><style:text-properties fo:color=\"#ffffff\"/></style:style><style:style style:name=\"gone\" style:family=\"text\"><style:text-properties text:display=\"none\"/></style:style>";

/// A container with this body and these further parts.
fn container(kind: &str, body: &str, held: Option<&Held>, mut more: Parts) -> Vec<u8> {
    let text = held.map(|h| escaped(&h.text)).unwrap_or_default();
    let at =
        |place: &str, written: String| if held.is_some_and(|h| h.place == place) { written } else { String::new() };
    let mut parts = Parts::default();
    parts.add("mimetype", format!("application/vnd.oasis.opendocument.{kind}"));
    parts.add(
        "content.xml",
        format!(
            "<office:document-content {SPACES}><office:automatic-styles>{STYLES}</office:automatic-styles><office:body>{body}</office:body></office:document-content>"
        ),
    );
    let header = at("header", format!("<style:header><text:p>{text}</text:p></style:header>"));
    let label = at(
        "list-label",
        format!(
            "<text:list-style style:name=\"L1\"><text:list-level-style-number text:level=\"1\" style:num-prefix=\"{text}\" style:num-format=\"\"/></text:list-style>"
        ),
    );
    parts.add(
        "styles.xml",
        format!(
            "<office:document-styles {SPACES}><office:styles>{label}</office:styles><office:master-styles><style:master-page style:name=\"Default\">{header}</style:master-page></office:master-styles></office:document-styles>"
        ),
    );
    let subject = at("property", format!("<dc:subject>{text}</dc:subject>"));
    let own = at("own-property", format!("<meta:user-defined meta:name=\"Note\">{text}</meta:user-defined>"));
    parts.add(
        "meta.xml",
        format!(
            "<office:document-meta {SPACES}><office:meta><meta:generator>Office/24.2</meta:generator><dc:title>Answer</dc:title>{subject}{own}<meta:document-statistic meta:table-count=\"1\" meta:cell-count=\"12\"/></office:meta></office:document-meta>"
        ),
    );
    parts.add(
        "META-INF/manifest.xml",
        "<manifest:manifest xmlns:manifest=\"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0\"/>",
    );
    if held.is_some_and(|h| h.place == "embedded-sheet") {
        let n = held.map_or(0, |h| h.number);
        parts.add("Object 1/content.xml", format!("<office:document-content {SPACES}><office:body><office:spreadsheet><table:table table:name=\"S\"><table:table-row>{}</table:table-row></table:table></office:spreadsheet></office:body></office:document-content>", figure(n)));
    }
    parts.0.append(&mut more.0);
    parts.zipped()
}

fn figure(n: i64) -> String {
    format!(
        "<table:table-cell office:value-type=\"float\" office:value=\"{n}\"><text:p>{n}</text:p></table:table-cell>"
    )
}

fn cell(text: &str) -> String {
    match text.parse::<i64>() {
        Ok(n) => figure(n),
        Err(_) if text.is_empty() => "<table:table-cell/>".to_owned(),
        Err(_) => format!(
            "<table:table-cell office:value-type=\"string\"><text:p>{}</text:p></table:table-cell>",
            escaped(text)
        ),
    }
}

/// A spreadsheet.
pub fn spreadsheet(page: &Page) -> Vec<u8> {
    let mut rows: Vec<Vec<String>> = page.rows().iter().map(|r| r.iter().map(|c| cell(c)).collect()).collect();
    let mut sheet = Sheet::default();
    if let Some(held) = &page.held {
        sheet.hold(held, &mut rows, page);
    }
    let rows: String = rows
        .iter()
        .map(|r| match (r.concat(), r.is_empty()) {
            (_, true) => "<table:table-row><table:table-cell/></table:table-row>".to_owned(),
            (cells, _) => format!("<table:table-row>{cells}</table:table-row>"),
        })
        .collect();
    let Sheet { before, columns, shapes, behind, last_row, second, parts } = sheet;
    let body = format!(
        "<office:spreadsheet>{before}<table:table table:name=\"Answer\">{shapes}{columns}{rows}{last_row}</table:table>{second}{behind}</office:spreadsheet>"
    );
    container("spreadsheet", &body, page.held.as_ref(), parts)
}

#[derive(Default)]
struct Sheet {
    before: String,
    columns: String,
    shapes: String,
    behind: String,
    last_row: String,
    second: String,
    parts: Parts,
}

impl Sheet {
    fn hold(&mut self, held: &Held, rows: &mut [Vec<String>], page: &Page) {
        let (row, column) = (3 + held.at.0, held.at.1);
        let (n, text) = (held.number, escaped(&held.text));
        let figure = if held.leak { figure(n) } else { "<table:table-cell/>".to_owned() };
        match held.place {
            "stored-value" if held.leak => {
                rows[row][column] = format!("<table:table-cell office:value-type=\"float\" office:value=\"{n}\"><text:p>*</text:p></table:table-cell>");
            }
            "stored-text" => {
                rows[row][column] = format!("<table:table-cell office:value-type=\"string\" office:string-value=\"{text}\"><text:p>*</text:p></table:table-cell>");
            }
            "white-font" => rows[row].push(format!("<table:table-cell/><table:table-cell table:style-name=\"white\" office:value-type=\"float\" office:value=\"{n}\"><text:p>{n}</text:p></table:table-cell>")),
            "hidden-row" => self.last_row = format!("<table:table-row table:visibility=\"collapse\"><table:table-cell/>{figure}</table:table-row>"),
            "hidden-column" => {
                let width = rows[row].len();
                self.columns = format!("<table:table-column table:number-columns-repeated=\"{}\"/><table:table-column table:visibility=\"collapse\"/>", width + 1);
                rows[row].push(format!("<table:table-cell/>{figure}"));
            }
            "hidden-sheet" => {
                let shown = if held.leak { figure } else { cell("Area") };
                self.second = format!("<table:table table:name=\"Lists\" table:style-name=\"ta2\"><table:table-row>{shown}</table:table-row></table:table>");
            }
            "comment" => rows[row][column] = format!("<table:table-cell office:value-type=\"string\"><office:annotation><text:p>{text}</text:p></office:annotation><text:p>*</text:p></table:table-cell>"),
            "alt-text" => self.shapes = format!("<table:shapes><draw:frame><draw:image/><svg:desc>{text}</svg:desc></draw:frame></table:shapes>"),
            "text-box" => self.shapes = format!("<table:shapes><draw:frame><draw:text-box><text:p>{text}</text:p></draw:text-box></draw:frame></table:shapes>"),
            "name" => {
                let refers = if held.leak { n.to_string() } else { "[$Answer.A1:C5]".to_owned() };
                self.behind = format!("<table:named-expressions><table:named-expression table:name=\"kept\" table:expression=\"{refers}\"/></table:named-expressions>");
            }
            "validation-list" => {
                let list = if held.leak { format!("&quot;{}&quot;;&quot;{n}&quot;", n + 40) } else { "&quot;Yes&quot;;&quot;No&quot;".to_owned() };
                self.before = format!("<table:content-validations><table:content-validation table:name=\"v\" table:condition=\"of:cell-content-is-in-list({list})\"/></table:content-validations>");
            }
            "prompt" => self.before = format!("<table:content-validations><table:content-validation table:name=\"v\"><table:help-message table:title=\"Note\"><text:p>{text}</text:p></table:help-message></table:content-validation></table:content-validations>"),
            "formula" => rows[row][column] = format!("<table:table-cell table:formula=\"of:=IF({n}&lt;5;&quot;*&quot;;&quot;*&quot;)\" office:value-type=\"string\" office:string-value=\"*\"><text:p>*</text:p></table:table-cell>"),
            "filter" => {
                let value = if held.leak { n.to_string() } else { "Area".to_owned() };
                self.behind = format!("<table:database-ranges><table:database-range table:target-range-address=\"Answer.A3:Answer.C7\"><table:filter><table:filter-condition table:field-number=\"1\" table:value=\"{value}\" table:operator=\"=\"/></table:filter></table:database-range></table:database-ranges>");
            }
            "tracked-change" => self.before = format!("<table:tracked-changes><table:cell-content-change><table:previous><table:change-track-table-cell office:value-type=\"float\" office:value=\"{n}\"><text:p>{n}</text:p></table:change-track-table-cell></table:previous></table:cell-content-change></table:tracked-changes>"),
            "form-field" => self.shapes = format!("<office:forms><form:form><form:text form:current-value=\"{text}\"/></form:form></office:forms>"),
            "covered-cell" => {
                let covered = figure.replace("table-cell", "covered-table-cell");
                self.last_row = format!("<table:table-row><table:table-cell table:number-columns-spanned=\"2\"><text:p>Prepared by the team</text:p></table:table-cell>{covered}</table:table-row>");
            }
            "unknown-part" => self.parts.add("Extras/kept.xml", format!("<kept>{n}</kept>")),
            "chart" => self.chart(held, page),
            _ => {}
        }
    }

    /// A chart of the column, with the figures it is drawn from.
    fn chart(&mut self, held: &Held, page: &Page) {
        let rows = page.rows();
        let letter = char::from(b'A' + held.at.1 as u8);
        let last = rows.len() - 1;
        let points: String = rows[3..last]
            .iter()
            .enumerate()
            .map(|(i, row)| {
                let kept = if held.leak && i == held.at.0 { held.number.to_string() } else { row[held.at.1].clone() };
                let value = match kept.parse::<i64>() {
                    Ok(n) => format!("<table:table-cell office:value-type=\"float\" office:value=\"{n}\">SOURCE<text:p>{n}</text:p></table:table-cell>"),
                    Err(_) => "<table:table-cell office:value-type=\"float\" office:value=\"NaN\">SOURCE<text:p>NaN</text:p></table:table-cell>".to_owned(),
                };
                let source = if i == 0 { format!("<draw:g><svg:desc>Answer.{letter}4:Answer.{letter}{last}</svg:desc></draw:g>") } else { String::new() };
                format!("<table:table-row>{}{}</table:table-row>", cell(&row[0]), value.replace("SOURCE", &source))
            })
            .collect();
        self.parts.add("Object 1/content.xml", format!("<office:document-content {SPACES}><office:body><office:chart><chart:chart><chart:title><text:p>Number by area</text:p></chart:title><table:table table:name=\"local-table\"><table:table-header-rows><table:table-row><table:table-cell/><table:table-cell/></table:table-row></table:table-header-rows><table:table-rows>{points}</table:table-rows></table:table></chart:chart></office:chart></office:body></office:document-content>"));
    }
}

/// A text.
pub fn text(page: &Page) -> Vec<u8> {
    let mut body = String::new();
    for part in &page.parts {
        match part {
            Part::Line(line) => body += &format!("<text:p>{}</text:p>", escaped(line)),
            Part::Table(head, rows) => {
                let row = |cells: &[String]| {
                    format!("<table:table-row>{}</table:table-row>", cells.iter().map(|c| cell(c)).collect::<String>())
                };
                body += &format!(
                    "<table:table table:name=\"T\">{}{}</table:table>",
                    row(head),
                    rows.iter().map(|r| row(r)).collect::<String>()
                );
            }
        }
    }
    let (mut before, mut behind) = (String::new(), String::new());
    if let Some(held) = &page.held {
        let text = escaped(&held.text);
        match held.place {
            "tracked-deletion" => {
                before = format!(
                    "<text:tracked-changes><text:changed-region text:id=\"c\"><text:deletion><text:p>{text}</text:p></text:deletion></text:changed-region></text:tracked-changes>"
                )
            }
            "index-source" => {
                behind = format!(
                    "<text:table-of-content><text:table-of-content-source><text:index-title-template>{text}</text:index-title-template></text:table-of-content-source><text:index-body><text:p>Contents</text:p></text:index-body></text:table-of-content>"
                )
            }
            _ => behind = within(held, &text),
        }
    }
    container(
        "text",
        &format!("<office:text>{before}{body}{behind}</office:text>"),
        page.held.as_ref(),
        Parts::default(),
    )
}

/// A paragraph that holds something.
fn within(held: &Held, text: &str) -> String {
    match held.place {
        "hidden-text" => format!("<text:p>Remark <text:span text:style-name=\"gone\"> {text}</text:span></text:p>"),
        "white-font" => format!("<text:p>Remark <text:span text:style-name=\"pale\"> {text}</text:span></text:p>"),
        "hidden-section" => {
            format!("<text:section text:name=\"s\" text:display=\"none\"><text:p>{text}</text:p></text:section>")
        }
        "comment" => format!("<text:p>Remark <office:annotation><text:p>{text}</text:p></office:annotation></text:p>"),
        "alt-text" => {
            format!("<text:p>Remark <draw:frame><draw:image/><svg:desc>{text}</svg:desc></draw:frame></text:p>")
        }
        "text-box" => format!(
            "<text:p>Remark <draw:frame><draw:text-box><text:p>{text}</text:p></draw:text-box></draw:frame></text:p>"
        ),
        "footnote" => format!(
            "<text:p>Remark <text:note text:note-class=\"footnote\"><text:note-citation>1</text:note-citation><text:note-body><text:p>{text}</text:p></text:note-body></text:note></text:p>"
        ),
        "variable" => format!(
            "<text:user-field-decls><text:user-field-decl text:name=\"kept\" office:value-type=\"string\" office:string-value=\"{text}\"/></text:user-field-decls>"
        ),
        "placeholder" => format!(
            "<text:p>Remark <text:placeholder text:placeholder-type=\"text\" text:description=\"{text}\"/></text:p>"
        ),
        "bookmark-text" => {
            format!("<text:p>Remark <text:a xlink:href=\"#a\" office:title=\"{text}\">there</text:a></text:p>")
        }
        "list-label" => {
            "<text:list text:style-name=\"L1\"><text:list-item><text:p>Remark </text:p></text:list-item></text:list>"
                .to_owned()
        }
        _ => String::new(),
    }
}
