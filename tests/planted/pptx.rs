//! Presentations, written by hand, and what they can hold beside their slides.

use super::office::{HEAD, Parts, chart, properties, relationships};
use super::page::{Held, Page, Part, escaped};
use super::xlsx;

/// Places, and whether something harmless can stand there.
pub const PLACES: &[(&str, bool)] = &[
    ("notes", true),
    ("hidden-slide", false),
    ("hidden-shape", false),
    ("outside-the-slide", false),
    ("comment", false),
    ("alt-text", true),
    ("tooltip", true),
    ("layout-text", true),
    ("text-box", true),
    ("tag", true),
    ("chart", false),
    ("embedded-workbook", false),
    ("property", true),
    ("custom-property", true),
    ("unknown-part", false),
];

const SPACES: &str = "xmlns:p=\"http://schemas.openxmlformats.org/presentationml/2006/main\" xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"";

fn body(name: &str, text: &str) -> String {
    format!("<{name}:txBody><a:bodyPr/><a:p><a:r><a:t>{text}</a:t></a:r></a:p></{name}:txBody>")
}

/// A shape with a text; keys of its name, and its place.
fn shape(keys: &str, frame: &str, text: &str) -> String {
    format!(
        "<p:sp><p:nvSpPr><p:cNvPr id=\"2\" name=\"Text\"{keys}/></p:nvSpPr><p:spPr>{frame}</p:spPr>{}</p:sp>",
        body("p", text)
    )
}

fn slide(shapes: &str, keys: &str) -> String {
    format!("{HEAD}<p:sld {SPACES}{keys}><p:cSld><p:spTree>{shapes}</p:spTree></p:cSld></p:sld>")
}

/// The file: all on one slide.
pub fn typed(page: &Page) -> Vec<u8> {
    let mut shapes = String::new();
    for part in &page.parts {
        match part {
            Part::Line(line) => shapes += &shape("", "", &escaped(line)),
            Part::Table(head, rows) => {
                let cell = |text: &String| format!("<a:tc>{}</a:tc>", body("a", &escaped(text)));
                let row = |cells: &[String]| format!("<a:tr>{}</a:tr>", cells.iter().map(cell).collect::<String>());
                let all: String = [head].into_iter().chain(rows).map(|r| row(r)).collect();
                shapes += &format!(
                    "<p:graphicFrame><a:graphic><a:graphicData><a:tbl>{all}</a:tbl></a:graphicData></a:graphic></p:graphicFrame>"
                );
            }
        }
    }
    let mut parts = Parts::default();
    let mut slides = vec![("slide".to_owned(), "slides/slide1.xml".to_owned())];
    let mut relations = vec![("slideLayout".to_owned(), "../slideLayouts/slideLayout1.xml".to_owned())];
    let mut layout = String::new();
    if let Some(held) = &page.held {
        let text = escaped(&held.text);
        match held.place {
            // among the properties
            "property" | "custom-property" => {}
            "layout-text" => layout = shape("", "", &text),
            "hidden-slide" => {
                slides.push(("slide".to_owned(), "slides/slide2.xml".to_owned()));
                parts.add("ppt/slides/slide2.xml", slide(&shape("", "", &text), " show=\"0\""));
            }
            _ => {
                shapes += &within(held, &text);
                beside(held, &text, &mut parts, &mut relations);
            }
        }
    }
    let list: String = (1..=slides.len()).map(|i| format!("<p:sldId id=\"{}\" r:id=\"rId{i}\"/>", 255 + i)).collect();
    parts.add("_rels/.rels", relationships(&[("officeDocument".to_owned(), "ppt/presentation.xml".to_owned())]));
    parts.add("ppt/presentation.xml", format!("{HEAD}<p:presentation {SPACES}><p:sldIdLst>{list}</p:sldIdLst><p:sldSz cx=\"9144000\" cy=\"6858000\"/></p:presentation>"));
    parts.relate("ppt/presentation.xml", &slides);
    parts.add("ppt/slides/slide1.xml", slide(&shapes, ""));
    parts.relate("ppt/slides/slide1.xml", &relations);
    parts.add(
        "ppt/slideLayouts/slideLayout1.xml",
        format!("{HEAD}<p:sldLayout {SPACES}><p:cSld><p:spTree>{layout}</p:spTree></p:cSld></p:sldLayout>"),
    );
    parts.add(
        "[Content_Types].xml",
        format!("{HEAD}<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>"),
    );
    properties(&mut parts, page.held.as_ref());
    parts.zipped()
}

fn within(held: &Held, text: &str) -> String {
    let frame = |x: i64| format!("<a:xfrm><a:off x=\"{x}\" y=\"0\"/><a:ext cx=\"900\" cy=\"900\"/></a:xfrm>");
    match held.place {
        "hidden-shape" => shape(" hidden=\"1\"", "", text),
        "outside-the-slide" => shape("", &frame(9_999_999), text),
        "text-box" => shape("", &frame(100), text),
        "alt-text" => shape(&format!(" descr=\"{text}\""), "", "Remark"),
        "tooltip" => format!(
            "<p:sp><p:nvSpPr><p:cNvPr id=\"3\" name=\"Link\"><a:hlinkClick tooltip=\"{text}\"/></p:cNvPr></p:nvSpPr></p:sp>"
        ),
        _ => String::new(),
    }
}

fn beside(held: &Held, text: &str, parts: &mut Parts, relations: &mut Vec<(String, String)>) {
    let n = held.number;
    let mut put = |kind: &str, name: &str, content: Vec<u8>| {
        relations.push((kind.to_owned(), format!("../{name}")));
        parts.add(&format!("ppt/{name}"), content);
    };
    match held.place {
        "notes" => put(
            "notesSlide",
            "notesSlides/notesSlide1.xml",
            format!("{HEAD}<p:notes {SPACES}><p:cSld><p:spTree>{}</p:spTree></p:cSld></p:notes>", shape("", "", text))
                .into(),
        ),
        "comment" => put(
            "comments",
            "comments/comment1.xml",
            format!("{HEAD}<p:cmLst {SPACES}><p:cm authorId=\"0\"><p:text>{text}</p:text></p:cm></p:cmLst>").into(),
        ),
        "tag" => put(
            "tags",
            "tags/tag1.xml",
            format!("{HEAD}<p:tagLst {SPACES}><p:tag name=\"NOTE\" val=\"{text}\"/></p:tagLst>").into(),
        ),
        "chart" => put("chart", "charts/chart1.xml", chart("Number by area", Some("Sheet1!$B$2"), &[(0, n)]).into()),
        "unknown-part" => put("extras", "extras/kept.xml", format!("<kept>{text}</kept>").into()),
        "embedded-workbook" => {
            let inner = Page::default().table(&["Area", "Number"], vec![vec!["Kept".to_owned(), n.to_string()]]);
            put("package", "embeddings/sheet1.xlsx", xlsx::typed(&inner));
        }
        _ => {}
    }
}
