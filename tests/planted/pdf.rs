//! PDF files, written by hand: text at its places, and what a file can hold beside what is painted.

use std::fmt::Write as _;

use super::page::{Held, Page, Part};

/// Places, and whether something harmless can stand there.
pub const PLACES: &[(&str, bool)] = &[
    ("white-text", false),
    ("unpainted-text", false),
    ("outside-the-crop-box", false),
    ("outside-the-page", false),
    ("below-a-box", false),
    ("clipped-away", false),
    ("tiny-text", false),
    ("comment", false),
    ("field", true),
    ("field-tooltip", true),
    ("field-choices", true),
    ("subject", true),
    ("own-property", true),
    ("metadata", true),
    ("bookmark", true),
    ("other-text", true),
    ("alternative-text", true),
    ("script", false),
    ("attachment", false),
    ("layer", false),
    ("link-text", true),
    ("form-object", true),
    ("page-label", true),
    ("private-data", true),
    ("earlier-version", false),
];

/// A text within parentheses.
fn literal(text: &str) -> String {
    let safe: String = text.chars().map(|c| if c.is_ascii() { c } else { '-' }).collect();
    format!("({})", safe.replace('\\', "\\\\").replace('(', "\\(").replace(')', "\\)"))
}

fn at(x: usize, y: i64, text: &str) -> String {
    format!("BT /F 10 Tf 1 0 0 1 {x} {y} Tm {} Tj ET\n", literal(text))
}

/// What paints the lines and tables, and where the next line would stand.
fn painted(page: &Page) -> (String, i64) {
    let (mut out, mut y) = (String::new(), 740);
    for part in &page.parts {
        match part {
            Part::Line(text) => {
                out += &at(60, y, text);
                y -= 22;
            }
            Part::Table(head, rows) => {
                let width = |c: usize| {
                    let texts = [head].into_iter().chain(rows).filter_map(|r| r.get(c));
                    texts.map(|t| t.len()).max().unwrap_or(0) * 7 + 24
                };
                for row in [head].into_iter().chain(rows) {
                    let mut x = 60;
                    for (c, text) in row.iter().enumerate() {
                        if !text.is_empty() {
                            out += &at(x, y, text);
                        }
                        x += width(c);
                    }
                    y -= 14;
                }
                y -= 12;
            }
        }
    }
    (out, y)
}

/// The objects of a file.
struct File {
    content: String,
    /// Keys of the page.
    page: String,
    /// Keys of its resources.
    resources: String,
    /// Keys of the catalog.
    catalog: String,
    info: String,
    /// Objects from number 7 on.
    more: Vec<String>,
}

/// The file.
pub fn typed(page: &Page) -> Vec<u8> {
    let (content, y) = painted(page);
    let mut file = File {
        content,
        page: "/MediaBox[0 0 1200 800]".to_owned(),
        resources: String::new(),
        catalog: String::new(),
        info: "/Title(Answer)/Producer(Office 7.3)".to_owned(),
        more: Vec::new(),
    };
    if let Some(held) = &page.held {
        file.hold(held, y);
    }
    let earlier = page.holds("earlier-version").map(|h| format!("{}{}", at(60, y, &h.text), file.content));
    file.written(earlier.as_deref())
}

fn stream(keys: &str, content: &str) -> String {
    format!("<<{keys}/Length {}>>stream\n{content}\nendstream", content.len())
}

impl File {
    fn hold(&mut self, held: &Held, y: i64) {
        let said = at(60, y, &held.text);
        let text = literal(&held.text);
        match held.place {
            "white-text" => self.content += &format!("q 1 1 1 rg\n{said}Q\n"),
            "unpainted-text" => self.content += &format!("q 3 Tr\n{said}Q\n"),
            "outside-the-crop-box" => {
                self.page += "/CropBox[0 200 1200 800]";
                self.content += &at(60, 100, &held.text);
            }
            "outside-the-page" => self.content += &at(60, 900, &held.text),
            "below-a-box" => {
                self.content += &said;
                let _ = writeln!(self.content, "q 0 0 0 rg 50 {} 400 20 re f Q", y - 5);
            }
            "clipped-away" => self.content += &format!("q 0 0 10 10 re W n\n{said}Q\n"),
            "tiny-text" => self.content += &said.replace("/F 10 Tf", "/F 0.1 Tf"),
            "form-object" => {
                self.resources += "/XObject<</X 7 0 R>>";
                self.content += "/X Do\n";
                self.more
                    .push(stream("/Type/XObject/Subtype/Form/BBox[0 0 600 800]/Resources<</Font<</F 5 0 R>>>>", &said));
            }
            "layer" => {
                self.resources += "/Properties<</L 7 0 R>>";
                self.catalog += "/OCProperties<</OCGs[7 0 R]/D<</OFF[7 0 R]>>>>";
                self.content += &format!("/OC /L BDC\n{said}EMC\n");
                self.more.push("<</Type/OCG/Name(Notes)>>".to_owned());
            }
            "other-text" => {
                self.content += &format!("/Span <</ActualText{text}>> BDC\n{}EMC\n", at(60, y, "Note"));
            }
            _ => self.beside(held, &text),
        }
    }

    /// What stands in objects of its own.
    fn beside(&mut self, held: &Held, text: &str) {
        let mut annotation = |keys: String| {
            self.page += "/Annots[7 0 R]";
            self.more.push(format!("<</Type/Annot/Rect[10 10 60 30]{keys}>>"));
        };
        match held.place {
            "comment" => annotation(format!("/Subtype/Text/Contents{text}")),
            "field" => annotation(format!("/Subtype/Widget/FT/Tx/T(a)/V{text}")),
            "field-tooltip" => annotation(format!("/Subtype/Widget/FT/Tx/T(a)/TU{text}")),
            "field-choices" => annotation(format!("/Subtype/Widget/FT/Ch/T(a)/Opt[{text}]")),
            "link-text" => annotation(format!("/Subtype/Link/Contents{text}")),
            "subject" => self.info += &format!("/Subject{text}"),
            "own-property" => self.info += &format!("/Note{text}"),
            "metadata" => {
                self.catalog += "/Metadata 7 0 R";
                let escaped = super::page::escaped(&held.text);
                self.more.push(stream("/Type/Metadata/Subtype/XML", &format!("<?xpacket begin=\"\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?><x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\"><rdf:Description rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><dc:description><rdf:Alt><rdf:li xml:lang=\"x-default\">{escaped}</rdf:li></rdf:Alt></dc:description></rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end=\"w\"?>")));
            }
            "bookmark" => {
                self.catalog += "/Outlines 7 0 R";
                self.more.push("<</Type/Outlines/First 8 0 R/Last 8 0 R/Count 1>>".to_owned());
                self.more.push(format!("<</Title{text}/Parent 7 0 R/Dest[3 0 R/Fit]>>"));
            }
            "alternative-text" => {
                self.catalog += "/StructTreeRoot 7 0 R";
                self.more.push("<</Type/StructTreeRoot/K 8 0 R>>".to_owned());
                self.more.push(format!("<</Type/StructElem/S/Figure/P 7 0 R/Alt{text}>>"));
            }
            "script" => {
                self.catalog += "/OpenAction 7 0 R";
                self.more.push(format!("<</S/JavaScript/JS(var n = {};)>>", held.number));
            }
            "attachment" => {
                self.catalog += "/Names<</EmbeddedFiles<</Names[(a.csv) 7 0 R]>>>>";
                self.more.push("<</Type/Filespec/F(a.csv)/EF<</F 8 0 R>>>>".to_owned());
                self.more.push(stream("/Type/EmbeddedFile", &held.text));
            }
            "page-label" => self.catalog += &format!("/PageLabels<</Nums[0<</P{text}>>]>>"),
            "private-data" => self.page += &format!("/PieceInfo<</Tool<</Private<</Note{text}>>>>>>"),
            _ => {}
        }
    }

    fn written(self, earlier: Option<&str>) -> Vec<u8> {
        let objects = [
            format!("<</Type/Catalog/Pages 2 0 R{}>>", self.catalog),
            "<</Type/Pages/Kids[3 0 R]/Count 1>>".to_owned(),
            format!(
                "<</Type/Page/Parent 2 0 R{}/Contents 4 0 R/Resources<</Font<</F 5 0 R>>{}>>>>",
                self.page, self.resources
            ),
            stream("", earlier.unwrap_or(&self.content)),
            "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>".to_owned(),
            format!("<<{}>>", self.info),
        ];
        let mut out = String::from("%PDF-1.7\n");
        let mut places = Vec::new();
        for (i, object) in objects.iter().chain(&self.more).enumerate() {
            places.push(out.len());
            let _ = write!(out, "{} 0 obj\n{object}\nendobj\n", i + 1);
        }
        let start = out.len();
        let _ = write!(out, "xref\n0 {}\n0000000000 65535 f \n", places.len() + 1);
        places.iter().for_each(|p| out += &format!("{p:010} 00000 n \n"));
        let _ =
            write!(out, "trailer\n<</Size {}/Root 1 0 R/Info 6 0 R>>\nstartxref\n{start}\n%%EOF\n", places.len() + 1);
        if earlier.is_some() {
            // an update that puts other content in place of the first
            let place = out.len();
            let _ = write!(out, "4 0 obj\n{}\nendobj\n", stream("", &self.content));
            let table = out.len();
            let _ = write!(
                out,
                "xref\n4 1\n{place:010} 00000 n \ntrailer\n<</Size {}/Root 1 0 R/Info 6 0 R/Prev {start}>>\nstartxref\n{table}\n%%EOF\n",
                places.len() + 1
            );
        }
        out.into_bytes()
    }
}
