//! Word documents, written by hand, and what they can hold beside their text.

use super::office::{HEAD, Parts, chart, properties, relationships};
use super::page::{Page, Part, escaped};
use super::xlsx;

/// Places, and whether something harmless can stand there.
pub const PLACES: &[(&str, bool)] = &[
    ("hidden-text", false),
    ("hidden-style", false),
    ("white-text", false),
    ("tracked-deletion", false),
    ("tracked-insertion", false),
    ("moved-text", false),
    ("comment", false),
    ("footnote", true),
    ("header", true),
    ("footer", true),
    ("field-instruction", true),
    ("field-result", true),
    ("text-box", true),
    ("alt-text", true),
    ("table-description", true),
    ("control-choice", true),
    ("control-name", true),
    ("variable", true),
    ("property", true),
    ("custom-property", true),
    ("custom-xml", true),
    ("building-block", true),
    ("tooltip", true),
    ("form-field", true),
    ("list-label", true),
    ("chart", false),
    ("embedded-workbook", false),
    ("alternative-chunk", false),
    ("unknown-part", false),
    ("hidden-cell", false),
    ("old-picture-text", true),
    ("recipients", false),
];

const MAIN: &str = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\" xmlns:wp=\"http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing\" xmlns:v=\"urn:schemas-microsoft-com:vml\" xmlns:wps=\"http://schemas.microsoft.com/office/word/2010/wordprocessingShape\"";

fn run(text: &str) -> String {
    format!("<w:r><w:t xml:space=\"preserve\">{text}</w:t></w:r>")
}

fn paragraph(runs: &str) -> String {
    format!("<w:p>{runs}</w:p>")
}

/// The file.
pub fn typed(page: &Page) -> Vec<u8> {
    let mut body = String::new();
    let described =
        page.holds("table-description").map(|h| format!("<w:tblDescription w:val=\"{}\"/>", escaped(&h.text)));
    for part in &page.parts {
        match part {
            Part::Line(line) => body += &paragraph(&run(&escaped(line))),
            Part::Table(head, rows) => {
                let cell = |text: &String| format!("<w:tc>{}</w:tc>", paragraph(&run(&escaped(text))));
                let row = |cells: &[String]| format!("<w:tr>{}</w:tr>", cells.iter().map(cell).collect::<String>());
                let all: String = [head].into_iter().chain(rows).map(|r| row(r)).collect();
                body += &format!("<w:tbl><w:tblPr>{}</w:tblPr>{all}</w:tbl>", described.clone().unwrap_or_default());
            }
        }
    }
    let mut parts = Parts::default();
    let mut relations = vec![("styles".to_owned(), "styles.xml".to_owned())];
    if let Some(held) = &page.held {
        let text = escaped(&held.text);
        match held.place {
            // among the properties
            "property" | "custom-property" => {}
            place => {
                body += &within(place, &text, held.number);
                beside(place, &text, held.number, &mut parts, &mut relations);
            }
        }
    }
    parts.add("word/document.xml", format!("{HEAD}<w:document {MAIN}><w:body>{body}<w:sectPr/></w:body></w:document>"));
    parts.add("_rels/.rels", relationships(&[("officeDocument".to_owned(), "word/document.xml".to_owned())]));
    parts.add("word/styles.xml", format!("{HEAD}<w:styles {MAIN}><w:style w:type=\"character\" w:styleId=\"Gone\"><w:rPr><w:vanish/></w:rPr></w:style></w:styles>"));
    parts.add(
        "[Content_Types].xml",
        format!("{HEAD}<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>"),
    );
    parts.relate("word/document.xml", &relations);
    properties(&mut parts, page.held.as_ref());
    parts.zipped()
}

/// What stands in the body.
fn within(place: &str, text: &str, n: i64) -> String {
    let styled =
        |property: &str| format!("<w:r><w:rPr>{property}</w:rPr><w:t xml:space=\"preserve\"> {text}</w:t></w:r>");
    let field = |instruction: &str, result: &str| {
        format!(
            "<w:r><w:fldChar w:fldCharType=\"begin\"/></w:r><w:r><w:instrText xml:space=\"preserve\">{instruction}</w:instrText></w:r><w:r><w:fldChar w:fldCharType=\"separate\"/></w:r>{}<w:r><w:fldChar w:fldCharType=\"end\"/></w:r>",
            run(result)
        )
    };
    let runs = match place {
        "hidden-text" => styled("<w:vanish/>"),
        "hidden-style" => styled("<w:rStyle w:val=\"Gone\"/>"),
        "white-text" => styled("<w:color w:val=\"FFFFFF\"/>"),
        "tracked-deletion" => {
            format!("<w:del w:id=\"1\" w:author=\"A\"><w:r><w:delText>{text}</w:delText></w:r></w:del>")
        }
        "tracked-insertion" => format!("<w:ins w:id=\"1\" w:author=\"A\">{}</w:ins>", run(text)),
        "moved-text" => format!("<w:moveFrom w:id=\"1\" w:author=\"A\">{}</w:moveFrom>", run(text)),
        "footnote" => "<w:r><w:footnoteReference w:id=\"2\"/></w:r>".to_owned(),
        "field-instruction" => field(&format!(" QUOTE \"{text}\" "), "*"),
        "field-result" => field(" DOCPROPERTY Note ", text),
        "text-box" => format!(
            "<w:r><w:pict><v:shape><v:textbox><w:txbxContent>{}</w:txbxContent></v:textbox></v:shape></w:pict></w:r>",
            paragraph(&run(text))
        ),
        "alt-text" => format!(
            "<w:r><w:drawing><wp:inline><wp:docPr id=\"1\" name=\"Frame\" descr=\"{text}\"/></wp:inline></w:drawing></w:r>"
        ),
        "old-picture-text" => format!("<w:r><w:pict><v:shape><v:textpath string=\"{text}\"/></v:shape></w:pict></w:r>"),
        "control-choice" => format!(
            "<w:sdt><w:sdtPr><w:dropDownList><w:listItem w:displayText=\"{text}\" w:value=\"a\"/></w:dropDownList></w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>",
            run("Choose")
        ),
        "control-name" => format!(
            "<w:sdt><w:sdtPr><w:alias w:val=\"{text}\"/></w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>",
            run("Choose")
        ),
        "tooltip" => format!("<w:hyperlink w:anchor=\"a\" w:tooltip=\"{text}\">{}</w:hyperlink>", run("there")),
        "form-field" => format!(
            "<w:r><w:fldChar w:fldCharType=\"begin\"><w:ffData><w:helpText w:type=\"text\" w:val=\"{text}\"/></w:ffData></w:fldChar></w:r>"
        ),
        "list-label" => {
            return format!(
                "<w:p><w:pPr><w:numPr><w:ilvl w:val=\"0\"/><w:numId w:val=\"1\"/></w:numPr></w:pPr>{}</w:p>",
                run("Remark")
            );
        }
        "alternative-chunk" => return "<w:altChunk r:id=\"rId2\"/>".to_owned(),
        "hidden-cell" => {
            return format!(
                "<w:tbl><w:tr><w:trPr><w:hidden/></w:trPr><w:tc>{}</w:tc><w:tc>{}</w:tc></w:tr></w:tbl>",
                paragraph(&run("Kept")),
                paragraph(&run(&n.to_string()))
            );
        }
        _ => return String::new(),
    };
    paragraph(&format!("{}{runs}", run("Remark ")))
}

/// What stands in parts of its own.
fn beside(place: &str, text: &str, n: i64, parts: &mut Parts, relations: &mut Vec<(String, String)>) {
    let said = paragraph(&run(text));
    let mut put = |kind: &str, name: &str, content: String| {
        relations.push((kind.to_owned(), name.to_owned()));
        parts.add(&format!("word/{name}"), content);
    };
    match place {
        "comment" => put(
            "comments",
            "comments.xml",
            format!("{HEAD}<w:comments {MAIN}><w:comment w:id=\"1\" w:author=\"A\">{said}</w:comment></w:comments>"),
        ),
        "footnote" => put(
            "footnotes",
            "footnotes.xml",
            format!(
                "{HEAD}<w:footnotes {MAIN}><w:footnote w:type=\"separator\" w:id=\"0\"><w:p/></w:footnote><w:footnote w:id=\"2\">{said}</w:footnote></w:footnotes>"
            ),
        ),
        "header" => put("header", "header1.xml", format!("{HEAD}<w:hdr {MAIN}>{said}</w:hdr>")),
        "footer" => put("footer", "footer1.xml", format!("{HEAD}<w:ftr {MAIN}>{said}</w:ftr>")),
        "variable" => put(
            "settings",
            "settings.xml",
            format!(
                "{HEAD}<w:settings {MAIN}><w:docVars><w:docVar w:name=\"kept\" w:val=\"{text}\"/></w:docVars></w:settings>"
            ),
        ),
        "building-block" => put(
            "glossaryDocument",
            "glossary/document.xml",
            format!(
                "{HEAD}<w:glossaryDocument {MAIN}><w:docParts><w:docPart><w:docPartBody>{said}</w:docPartBody></w:docPart></w:docParts></w:glossaryDocument>"
            ),
        ),
        "list-label" => put(
            "numbering",
            "numbering.xml",
            format!(
                "{HEAD}<w:numbering {MAIN}><w:abstractNum w:abstractNumId=\"0\"><w:lvl w:ilvl=\"0\"><w:numFmt w:val=\"bullet\"/><w:lvlText w:val=\"{text}\"/></w:lvl></w:abstractNum><w:num w:numId=\"1\"><w:abstractNumId w:val=\"0\"/></w:num></w:numbering>"
            ),
        ),
        "chart" => put("chart", "charts/chart1.xml", chart("Number by area", Some("Sheet1!$B$2"), &[(0, n)])),
        "alternative-chunk" => put("aFChunk", "afchunk1.html", format!("<p>{text}</p>")),
        "unknown-part" => put("extras", "extras/kept.xml", format!("<kept>{text}</kept>")),
        "recipients" => put(
            "recipientData",
            "mailMerge/recipients.xml",
            format!("<recipients><recipient>{text}</recipient></recipients>"),
        ),
        "embedded-workbook" => {
            let inner = Page::default().table(&["Area", "Number"], vec![vec!["Kept".to_owned(), n.to_string()]]);
            relations.push(("package".to_owned(), "embeddings/sheet1.xlsx".to_owned()));
            parts.add("word/embeddings/sheet1.xlsx", xlsx::typed(&inner));
        }
        "custom-xml" => {
            parts.add("customXml/item1.xml", format!("<note xmlns=\"urn:note\"><said>{text}</said></note>"))
        }
        _ => {}
    }
}
