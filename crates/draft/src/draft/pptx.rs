//! Presentations: the texts and tables of each slide, notes, comments, hidden slides, and what lies outside of a slide.

use super::bounds::Budget;
use super::grid::{Spanning, spread};
use super::held::{self, Held};
use super::prose::Prose;
use super::words::{holds_number_word, lines, tidy};
use super::xml::{Element, Node, parse};
use super::zipped::{Parts, relations_of, resolve};
use super::{Document, Entry, Error, Paragraph, Piece, Place, blocks, office};

/// Parts that hold more than the slides show: how their names begin, and what they are.
const RESIDUES: &[(&str, &str)] = &[
    ("ppt/embeddings/", "an embedded file, with all that it holds"),
    ("ppt/charts/chart", "a chart, with the figures it is drawn from"),
    ("ppt/media/", "a picture, which is not read"),
    ("ppt/diagrams/data", "a diagram, which is not read"),
    ("ppt/vbaProject", "macros"),
    ("ppt/activeX/", "a control, which is not read"),
    ("ppt/ink/", "a drawing by hand, which is not read"),
];
/// Parts that hold no text or figure of their own, or are told otherwise.
const PLAIN: &[&str] = &[
    "ppt/theme/",
    "ppt/fonts/",
    "ppt/presprops.xml",
    "ppt/viewprops.xml",
    "ppt/tablestyles.xml",
    "ppt/commentauthors.xml",
    "ppt/authors.xml",
    "ppt/handoutmasters/",
    "ppt/notesmasters/",
    "ppt/revisioninfo.xml",
    "ppt/changesinfos/",
    "ppt/printersettings",
    "ppt/charts/style",
    "ppt/charts/colors",
    "ppt/diagrams/",
];
/// Shapes within each other.
const MOST_DEPTH: usize = 64;

/// Reads a presentation.
///
/// # Errors
/// Damaged, or beyond the bounds.
pub(super) fn read(parts: &mut Parts) -> Result<Document, Error> {
    let main = "ppt/presentation.xml";
    let root = parse(main, parts.demand(main)?)?;
    let related = relations(parts, main)?;
    let size = root.child("sldSz").map(|s| (length(s, "cx"), length(s, "cy")));
    let mut reader = Reader {
        document: Document::default(),
        budget: Budget::default(),
        prose: Prose::default(),
        held: Vec::new(),
        tables: 0,
        size: size.filter(|s| s.0 > 0.0 && s.1 > 0.0),
    };
    let slides = root.child("sldIdLst").map(|l| l.elements().collect::<Vec<_>>()).unwrap_or_default();
    let mut models = Vec::new();
    for (i, slide) in slides.iter().enumerate() {
        // the identity of a slide, and that of its part
        let ids: Vec<&str> = slide.attributes.iter().filter(|a| a.0 == "id").map(|a| a.1.as_str()).collect();
        let target = related.iter().find(|r| ids.contains(&r.0.as_str())).map(|r| r.2.clone());
        let Some(target) = target else {
            let place = Place { part: Some(format!("slide {}", i + 1)), ..Place::default() };
            reader.document.residue.push((place, "a slide that is not in the file".to_owned()));
            continue;
        };
        models.extend(reader.slide(i + 1, &target, parts)?);
    }
    models.sort_unstable();
    models.dedup();
    for model in models {
        reader.model(&model, parts)?;
    }
    reader.others(parts)?;
    held::keep(std::mem::take(&mut reader.held), &mut reader.document);
    Ok(reader.document)
}

/// The relationships of a part: identity, kind, target.
fn relations(parts: &mut Parts, part: &str) -> Result<Vec<(String, String, String)>, Error> {
    let name = relations_of(part);
    let Some(bytes) = parts.read(&name)? else { return Ok(Vec::new()) };
    let root = parse(&name, bytes)?;
    let get = |e: &Element, key: &str| e.get(key).unwrap_or_default().to_owned();
    let inner = root.elements().filter(|e| e.get("TargetMode") != Some("External"));
    Ok(inner
        .map(|e| {
            let kind = get(e, "Type").rsplit('/').next().unwrap_or_default().to_owned();
            (get(e, "Id"), kind, resolve(part, &get(e, "Target")))
        })
        .collect())
}

fn length(e: &Element, key: &str) -> f64 {
    e.get(key).and_then(|v| v.parse().ok()).unwrap_or(0.0)
}

struct Reader {
    document: Document,
    budget: Budget,
    prose: Prose,
    /// Texts in places that are not shown.
    held: Vec<Held>,
    tables: usize,
    /// Width and height of a slide.
    size: Option<(f64, f64)>,
}

impl Reader {
    /// Reads a slide with its notes and comments; returns the parts of its layout and master.
    fn slide(&mut self, number: usize, part: &str, parts: &mut Parts) -> Result<Vec<String>, Error> {
        let root = parse(part, parts.demand(part)?)?;
        let name = format!("slide {number}");
        let place = Place { part: Some(name.clone()), ..Place::default() };
        let hidden = root.get("show").is_some_and(|s| matches!(s, "0" | "false"));
        if hidden {
            self.document.residue.push((place.clone(), format!("slide {number} is hidden")));
        }
        self.prose = Prose::of(&format!("{name}, "));
        self.beside(&root, &place);
        if let Some(tree) = root.at(&["cSld", "spTree"]) {
            self.shapes(tree, hidden, 0)?;
        }
        self.prose.end(&mut self.document.pieces, &mut self.budget)?;
        let mut models = Vec::new();
        for (_, kind, target) in relations(parts, part)? {
            match kind.as_str() {
                "notesSlide" => self.notes(&target, &place, parts)?,
                "comments" | "threadedComment" => self.comments(&target, &place, parts)?,
                "slideLayout" => {
                    let above = relations(parts, &target)?;
                    models.extend(above.into_iter().filter(|r| r.1 == "slideMaster").map(|r| r.2));
                    models.push(target);
                }
                _ => {}
            }
        }
        Ok(models)
    }

    /// The shapes of a slide, those of groups too.
    fn shapes(&mut self, tree: &Element, hidden: bool, depth: usize) -> Result<(), Error> {
        if depth > MOST_DEPTH {
            return Ok(());
        }
        for shape in tree.elements() {
            let mut named = Vec::new();
            shape.elements().filter(|e| e.name.starts_with("nv")).for_each(|e| e.all("cNvPr", &mut named));
            let unseen = named.first().and_then(|n| n.get("hidden")).is_some_and(|h| matches!(h, "1" | "true"));
            let hidden = hidden || unseen || depth == 0 && self.is_outside(shape);
            match shape.name.as_str() {
                "sp" | "cxnSp" => {
                    let bodies = shape.elements().filter(|e| e.name == "txBody");
                    bodies.into_iter().try_for_each(|body| self.body(body, hidden))?;
                }
                "grpSp" => self.shapes(shape, hidden, depth + 1)?,
                "graphicFrame" => {
                    let mut tables = Vec::new();
                    shape.all("tbl", &mut tables);
                    tables.into_iter().try_for_each(|table| self.table(table, hidden))?;
                }
                "AlternateContent" => {
                    let choice = shape.child("Choice").or_else(|| shape.child("Fallback"));
                    choice.map_or(Ok(()), |c| self.shapes(c, hidden, depth + 1))?;
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Whether a shape lies outside of the slide.
    fn is_outside(&self, shape: &Element) -> bool {
        let frame = shape.at(&["spPr", "xfrm"]).or_else(|| shape.child("xfrm"));
        let (Some(frame), Some((width, height))) = (frame, self.size) else { return false };
        let (Some(at), Some(extent)) = (frame.child("off"), frame.child("ext")) else { return false };
        let (x, y) = (length(at, "x"), length(at, "y"));
        x >= width || y >= height || x + length(extent, "cx") <= 0.0 || y + length(extent, "cy") <= 0.0
    }

    /// The paragraphs of a shape.
    fn body(&mut self, body: &Element, hidden: bool) -> Result<(), Error> {
        for paragraph in body.elements().filter(|e| e.name == "p") {
            let text = said(paragraph);
            if hidden {
                self.hide(&text, "text that the slide does not show");
            } else {
                self.prose.take(&text, false, &mut self.document.pieces, &mut self.budget)?;
            }
        }
        Ok(())
    }

    fn hide(&mut self, text: &str, what: &str) {
        if !tidy(text).is_empty() {
            self.document.residue.push((self.prose.place(), what.to_owned()));
            self.prose.hide(text, &mut self.document.pieces);
        }
    }

    fn table(&mut self, table: &Element, hidden: bool) -> Result<(), Error> {
        self.prose.end(&mut self.document.pieces, &mut self.budget)?;
        self.tables += 1;
        let part = format!("{}table {}", self.prose.part, self.tables);
        let rows = table.elements().filter(|e| e.name == "tr").map(|row| {
            let own = row.elements().filter(|e| e.name == "tc");
            let covered = |c: &&Element| ["hMerge", "vMerge"].iter().any(|k| matches!(c.get(k), Some("1" | "true")));
            own.filter(|c| !covered(c)).map(|c| cell(c, hidden)).collect()
        });
        let rows = spread(rows.collect(), &part, &mut self.budget)?;
        if hidden {
            let place = Place { part: Some(part.clone()), ..Place::default() };
            self.document.residue.push((place, "a table that the slide does not show".to_owned()));
        }
        let found = blocks::within(rows, None, &part, &mut self.budget)?;
        self.document.pieces.extend(found);
        Ok(())
    }

    /// Alternative texts and tooltips.
    fn beside(&mut self, root: &Element, place: &Place) {
        office::alternatives(root, place, &mut self.held);
        let mut links = Vec::new();
        for name in ["hlinkClick", "hlinkHover", "hlinkMouseOver"] {
            root.all(name, &mut links);
        }
        let texts = links.iter().filter_map(|l| l.get("tooltip"));
        self.held.extend(texts.map(|text| Held {
            place: place.clone(),
            what: "a tooltip".to_owned(),
            text: text.to_owned(),
        }));
    }

    fn notes(&mut self, part: &str, place: &Place, parts: &mut Parts) -> Result<(), Error> {
        let Some(bytes) = parts.read(part)? else { return Ok(()) };
        let root = parse(part, bytes)?;
        self.beside(&root, place);
        let mut paragraphs = Vec::new();
        root.all("p", &mut paragraphs);
        self.held.extend(paragraphs.into_iter().map(|p| Held {
            place: place.clone(),
            what: "the notes of a slide".to_owned(),
            text: said(p),
        }));
        Ok(())
    }

    fn comments(&mut self, part: &str, place: &Place, parts: &mut Parts) -> Result<(), Error> {
        let Some(bytes) = parts.read(part)? else { return Ok(()) };
        let root = parse(part, bytes)?;
        for comment in root.elements() {
            let mut texts = Vec::new();
            for name in ["text", "t"] {
                comment.all(name, &mut texts);
            }
            let text = tidy(&texts.iter().map(|t| t.text()).collect::<Vec<_>>().join(" "));
            self.document.residue.push((place.clone(), "a comment".to_owned()));
            if !text.is_empty() {
                let place = place.clone();
                self.document.pieces.push(Piece::Paragraph(Paragraph { text, place, heading: false, hidden: true }));
            }
        }
        Ok(())
    }

    /// What a layout or master shows on every slide: texts in no place for the slide's own.
    fn model(&mut self, part: &str, parts: &mut Parts) -> Result<(), Error> {
        let Some(bytes) = parts.read(part)? else { return Ok(()) };
        let root = parse(part, bytes)?;
        let place = Place { part: Some(part.to_owned()), ..Place::default() };
        self.beside(&root, &place);
        let mut shapes = Vec::new();
        root.all("sp", &mut shapes);
        for shape in shapes {
            let mut own = Vec::new();
            shape.all("ph", &mut own);
            let mut paragraphs = Vec::new();
            shape.all("p", &mut paragraphs);
            for text in paragraphs.into_iter().filter(|_| own.is_empty()).map(|p| tidy(&said(p))) {
                if text.contains(|c: char| c.is_ascii_digit()) || holds_number_word(&text) {
                    let place = place.clone();
                    let shown = Paragraph { text, place, heading: false, hidden: false };
                    self.document.pieces.push(Piece::Paragraph(shown));
                }
            }
        }
        Ok(())
    }

    /// Parts that are told, properties, tags of programs, and what is not read.
    fn others(&mut self, parts: &mut Parts) -> Result<(), Error> {
        for name in parts.names() {
            let place = Place { part: Some(name.clone()), ..Place::default() };
            if let Some((_, what)) = RESIDUES.iter().find(|(start, _)| name.starts_with(start)) {
                if !name.contains("/_rels/") {
                    self.document.residue.push((place, (*what).to_owned()));
                }
            } else if name.starts_with("ppt/tags/") {
                let root = parts.read(&name)?.and_then(|bytes| parse(&name, bytes).ok());
                let tags = root.iter().flat_map(|r| r.elements()).filter_map(|t| t.get("val"));
                self.held.extend(tags.map(|text| Held {
                    place: place.clone(),
                    what: "a tag of a program".to_owned(),
                    text: text.to_owned(),
                }));
            } else if name.starts_with("ppt/slideLayouts/") || name.starts_with("ppt/slideMasters/") {
                // those that no slide uses show nothing
                parts.read(&name)?;
            }
        }
        office::properties(parts, &mut self.document, &mut self.held)?;
        office::unread_of_package(parts, PLAIN, &mut self.document);
        Ok(())
    }
}

/// A cell of a table.
fn cell(e: &Element, hidden: bool) -> Spanning {
    let span = |key: &str| e.get(key).and_then(|v| v.parse().ok()).unwrap_or(1);
    let paragraphs = e.child("txBody").into_iter().flat_map(Element::elements).filter(|p| p.name == "p");
    let text = paragraphs.map(said).collect::<Vec<_>>().join("\n");
    let mut runs = Vec::new();
    e.all("r", &mut runs);
    let bold = |r: &&Element| r.child("rPr").and_then(|p| p.get("b")).is_some_and(|b| matches!(b, "1" | "true"));
    let spaces = text.chars().take_while(|c| matches!(c, ' ' | '\u{a0}')).count();
    let entry = Entry {
        text: tidy(&text),
        lines: lines(&text),
        hidden,
        bold: !runs.is_empty() && runs.iter().all(bold),
        indent: spaces / 2,
        ..Entry::default()
    };
    Spanning { entry, across: span("gridSpan"), down: span("rowSpan") }
}

/// The text of a paragraph; what a program fills in (numbers of slides, dates) left out.
fn said(paragraph: &Element) -> String {
    let mut text = String::new();
    for child in &paragraph.children {
        let Node::Element(e) = child else { continue };
        match e.name.as_str() {
            "r" => text.push_str(&e.child("t").map(Element::text).unwrap_or_default()),
            "br" => text.push('\n'),
            "fld" if e.get("type").is_some_and(|t| t == "slidenum" || t.starts_with("datetime")) => {}
            "fld" => text.push_str(&e.child("t").map(Element::text).unwrap_or_default()),
            "pPr" | "endParaRPr" => {}
            _ => {
                // formulas and what else holds runs
                let mut runs = Vec::new();
                e.all("t", &mut runs);
                runs.iter().for_each(|r| text.push_str(&r.text()));
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draft::fixture::{drawn, told, zipped};

    fn slide(shapes: &str) -> Document {
        let slide = format!("<p:sld xmlns:p='p' xmlns:a='a'><p:cSld><p:spTree>{shapes}</p:spTree></p:cSld></p:sld>");
        let bytes = zipped(&[
            (
                "ppt/presentation.xml",
                "<p:presentation xmlns:p='p' xmlns:r='r'><p:sldIdLst><p:sldId id='256' r:id='rId1'/></p:sldIdLst><p:sldSz cx='100' cy='100'/></p:presentation>",
            ),
            (
                "ppt/_rels/presentation.xml.rels",
                "<Relationships><Relationship Id='rId1' Type='x/slide' Target='slides/slide1.xml'/></Relationships>",
            ),
            ("ppt/slides/slide1.xml", &slide),
        ]);
        read(&mut Parts::open(&bytes).expect("a container")).expect("a presentation")
    }

    #[test]
    fn texts_and_tables_are_read_in_their_order() {
        let cell = |t: &str| format!("<a:tc><a:txBody><a:p><a:r><a:t>{t}</a:t></a:r></a:p></a:txBody></a:tc>");
        let table = format!(
            "<p:graphicFrame><a:tbl><a:tr>{}{}</a:tr><a:tr>{}{}</a:tr></a:tbl></p:graphicFrame>",
            cell("Area"),
            cell("Cases"),
            cell("North"),
            cell("12")
        );
        let text = "<p:sp><p:txBody><a:p><a:r><a:t>By area</a:t></a:r></a:p></p:txBody></p:sp>";
        let document = slide(&format!("{text}{table}"));
        assert_eq!(drawn(&document), ["By area", "Area|Cases/North|12"]);
        assert!(told(&document).is_empty());
    }

    #[test]
    fn what_a_slide_does_not_show_is_told() {
        let text = "<p:txBody><a:p><a:r><a:t>3 cases</a:t></a:r></a:p></p:txBody>";
        for shape in [
            format!("<p:sp><p:nvSpPr><p:cNvPr id='1' hidden='1'/></p:nvSpPr>{text}</p:sp>"),
            format!(
                "<p:sp><p:spPr><a:xfrm><a:off x='200' y='0'/><a:ext cx='5' cy='5'/></a:xfrm></p:spPr>{text}</p:sp>"
            ),
        ] {
            assert_eq!(told(&slide(&shape)), ["text that the slide does not show"]);
        }
    }
}
