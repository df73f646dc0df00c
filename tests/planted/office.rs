//! Containers of office files: parts in a zip file.

use std::io::{Cursor, Write};

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::page::{Held, escaped};

/// Parts of a container.
#[derive(Default)]
pub struct Parts(pub Vec<(String, Vec<u8>)>);

impl Parts {
    /// Adds a part.
    pub fn add(&mut self, name: &str, content: impl Into<Vec<u8>>) {
        self.0.push((name.to_owned(), content.into()));
    }

    /// The container.
    pub fn zipped(self) -> Vec<u8> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, content) in self.0 {
            writer.start_file(name, SimpleFileOptions::default()).expect("a part");
            writer.write_all(&content).expect("its bytes");
        }
        writer.finish().expect("a container").into_inner()
    }

    /// Adds the relationships of a part: kinds and targets.
    pub fn relate(&mut self, part: &str, relations: &[(String, String)]) {
        if relations.is_empty() {
            return;
        }
        let (folder, name) = part.rsplit_once('/').unwrap_or(("", part));
        let folder = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        self.add(&format!("{folder}_rels/{name}.rels"), relationships(relations));
    }
}

/// Relationships, numbered from 1.
pub fn relationships(relations: &[(String, String)]) -> String {
    let all = relations.iter().enumerate().map(|(i, (kind, target))| {
        format!(
            "<Relationship Id=\"rId{}\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}\" Target=\"{target}\"/>",
            i + 1
        )
    });
    format!(
        "{HEAD}<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">{}</Relationships>",
        all.collect::<String>()
    )
}

/// How parts of XML begin.
pub const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";

/// Properties of an Office document: the subject, and one that a person made up.
pub fn properties(parts: &mut Parts, held: Option<&Held>) {
    let text = |place: &str| held.filter(|h| h.place == place).map(|h| escaped(&h.text));
    let core = text("property").map(|s| format!("<dc:subject>{s}</dc:subject>")).unwrap_or_default();
    parts.add(
        "docProps/core.xml",
        format!(
            "{HEAD}<cp:coreProperties xmlns:cp=\"http://schemas.openxmlformats.org/package/2006/metadata/core-properties\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><dc:title>Answer</dc:title>{core}<dc:creator>Office</dc:creator></cp:coreProperties>"
        ),
    );
    if let Some(text) = text("custom-property") {
        parts.add(
            "docProps/custom.xml",
            format!(
                "{HEAD}<Properties xmlns=\"http://schemas.openxmlformats.org/officeDocument/2006/custom-properties\" xmlns:vt=\"http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes\"><property fmtid=\"{{D5CDD505-2E9C-101B-9397-08002B2CF9AE}}\" pid=\"2\" name=\"Note\"><vt:lpwstr>{text}</vt:lpwstr></property></Properties>"
            ),
        );
    }
}

/// A chart of one series over the cells of a column, with these figures kept, a title and a reference (or none: figures of
/// its own).
pub fn chart(title: &str, reference: Option<&str>, figures: &[(usize, i64)]) -> String {
    let points: String =
        figures.iter().map(|(i, n)| format!("<c:pt idx=\"{i}\"><c:v>{n}</c:v></c:pt>")).collect::<String>();
    let values = match reference {
        Some(f) => format!("<c:numRef><c:f>{f}</c:f><c:numCache>{points}</c:numCache></c:numRef>"),
        None => format!("<c:numLit>{points}</c:numLit>"),
    };
    format!(
        "{HEAD}<c:chartSpace xmlns:c=\"http://schemas.openxmlformats.org/drawingml/2006/chart\" xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\"><c:chart><c:title><c:tx><c:rich><a:p><a:r><a:t>{title}</a:t></a:r></a:p></c:rich></c:tx></c:title><c:plotArea><c:barChart><c:ser><c:idx val=\"0\"/><c:val>{values}</c:val></c:ser></c:barChart></c:plotArea></c:chart></c:chartSpace>"
    )
}
