//! The answer as a Word document.
//!
//! The library builds the parts; three things are set right after it: tables repeat their header row and say so to a
//! screen reader, paragraphs carry no numbers of their own, and the metadata hold the title, the language, policy and
//! program, and nothing about who, when or where.

use std::io::{self, Cursor, Write};

use docx_rs::{
    AlignmentType, Docx, Footer, Header, NumPages, PageMargin, PageNum, Paragraph, Run, RunFonts, Shading, ShdType,
    Style, StyleType, Table, TableBorder, TableBorderPosition, TableBorders, TableCell, TableCellMargins, TableRow,
    WidthType,
};
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, Writer};

use super::{DRAFT, Part, missing, parts};
use crate::package;
use crate::release::Release;
use crate::write::layout::{self, Block, Kind, Text};
use crate::write::legend::provenance_line;

/// Twentieths of a point between the margins of an A4 page.
const PAGE: usize = 11_906 - 2 * MARGIN as usize;
/// Margin on every side.
const MARGIN: i32 = 1_134;
/// Columns of figures are at most this wide.
const FIGURES: usize = 1_300;
/// Light lines between rows.
const LINE: &str = "999999";

/// Writes the answer.
pub(in crate::write) fn write(release: &Release, out: &mut dyn Write) -> io::Result<()> {
    let mut docx = document();
    for part in parts(release) {
        docx = add(docx, &part);
    }
    let mut parts = docx.build();
    parts.document = finished(&parts.document)?;
    parts.headers = parts.headers.iter().map(|part| finished(part)).collect::<io::Result<_>>()?;
    parts.footers = parts.footers.iter().map(|part| finished(part)).collect::<io::Result<_>>()?;
    parts.styles = with_language(&parts.styles)?;
    let title = layout::clean(&release.header().title);
    parts.doc_props.core = package::properties(&title, &provenance_line(release), Some("en-GB")).into_bytes();
    let mut archive = Cursor::new(Vec::new());
    parts.pack(&mut archive).map_err(io::Error::other)?;
    out.write_all(&archive.into_inner())
}

/// An empty document with its styles, and the mark of a draft on every page.
fn document() -> Docx {
    let heading = |id: &str, name: &str, level: usize, size: usize| {
        Style::new(id, StyleType::Paragraph).name(name).bold().size(size).outline_lvl(level).q_format(true)
    };
    let margin =
        PageMargin { top: 1_418, left: MARGIN, bottom: 1_418, right: MARGIN, header: 709, footer: 709, gutter: 0 };
    let small = |text: &str| Run::new().add_text(text).size(18);
    let top = Paragraph::new().align(AlignmentType::Center).add_run(small(DRAFT).bold());
    let bottom = Paragraph::new()
        .align(AlignmentType::Center)
        .add_run(small("Page "))
        .add_page_num(PageNum::new())
        .add_run(small(" of "))
        .add_num_pages(NumPages::new());
    Docx::new()
        .default_fonts(RunFonts::new().ascii("Arial").hi_ansi("Arial").cs("Arial"))
        .default_size(22)
        .add_style(Style::new("Title", StyleType::Paragraph).name("Title").bold().size(34))
        .add_style(heading("Heading1", "heading 1", 0, 28))
        .add_style(heading("Heading2", "heading 2", 1, 24))
        .page_size(11_906, 16_838)
        .page_margin(margin)
        .header(Header::new().add_paragraph(top))
        .footer(Footer::new().add_paragraph(bottom))
}

fn add(docx: Docx, part: &Part) -> Docx {
    match part {
        // stands on every page
        Part::Draft(_) => docx,
        Part::Title(text) => docx.add_paragraph(paragraph(text).style("Title")),
        Part::Heading(depth, text) => {
            docx.add_paragraph(paragraph(text).style(&format!("Heading{depth}")).keep_next(true))
        }
        Part::Paragraph(text) => docx.add_paragraph(paragraph(text)),
        Part::Quote(text) => {
            let run = Run::new().add_text(text).italic();
            docx.add_paragraph(spaced(Paragraph::new().add_run(run)).indent(Some(567), None, Some(567), None))
        }
        Part::Missing(what) => {
            let run = Run::new().add_text(missing(what)).bold().highlight("yellow");
            docx.add_paragraph(spaced(Paragraph::new().add_run(run)))
        }
        Part::Table(caption, block) => {
            let docx = caption.iter().fold(docx, |docx, c| docx.add_paragraph(paragraph(c).keep_next(true)));
            docx.add_table(table(block)).add_paragraph(Paragraph::new())
        }
        Part::Notes(notes) => notes.iter().fold(docx, |docx, note| {
            let mark = Run::new().add_text(format!("{} ", note.mark)).bold();
            let marked = if note.mark.is_empty() { Paragraph::new() } else { Paragraph::new().add_run(mark) };
            docx.add_paragraph(marked.add_run(Run::new().add_text(&note.text)))
        }),
        Part::Signature(lines) => lines.iter().fold(docx, |docx, line| {
            docx.add_paragraph(spaced(paragraph(&format!("{line}: ________________________"))))
        }),
    }
}

fn paragraph(text: &str) -> Paragraph {
    spaced(Paragraph::new().add_run(Run::new().add_text(text)))
}

fn spaced(paragraph: Paragraph) -> Paragraph {
    paragraph.line_spacing(docx_rs::LineSpacing::new().before(120).after(120))
}

/// A table with one header row and no merged cells, as screen readers want them.
fn table(block: &Block) -> Table {
    let heads = block.heads();
    let widths = widths(block, heads.len());
    let cell = |text: &str, indent: usize, column: usize, right: bool, bold: bool| {
        let run = Run::new().add_text(text).size(20);
        let run = if bold { run.bold() } else { run };
        let left = i32::try_from(indent).unwrap_or(0).saturating_mul(240);
        let align = if right { AlignmentType::Right } else { AlignmentType::Left };
        let own = Paragraph::new().add_run(run).align(align).indent(Some(left), None, None, None);
        TableCell::new().add_paragraph(own).width(widths.get(column).copied().unwrap_or(FIGURES), WidthType::Dxa)
    };
    let shade = || Shading::new().shd_type(ShdType::Clear).color("auto").fill("E8ECF0");
    let header = heads.iter().enumerate();
    let header = header.map(|(c, text)| cell(text, 0, c, c >= block.labels, true).shading(shade()));
    let mut rows = vec![TableRow::new(header.collect()).cant_split()];
    for row in &block.body {
        let field = |(c, t): (usize, &Text)| cell(&t.text, t.indent, c, t.kind != Kind::Label, false);
        rows.push(TableRow::new(row.iter().enumerate().map(field).collect()).cant_split());
    }
    let line = |position| TableBorder::new(position).color(LINE).size(4);
    use TableBorderPosition::{Bottom, InsideH, Top};
    let borders = [Top, Bottom, InsideH].into_iter().fold(TableBorders::with_empty(), |b, p| b.set(line(p)));
    Table::new(rows)
        .set_grid(widths.clone())
        .set_borders(borders)
        .margins(TableCellMargins::new().margin(40, 100, 40, 100))
        .width(widths.iter().sum(), WidthType::Dxa)
}

/// How wide the columns are: figures as wide as they need, labels what is left.
fn widths(block: &Block, columns: usize) -> Vec<usize> {
    let figures = columns.saturating_sub(block.labels).max(1);
    let each = FIGURES.min(PAGE / 2 / figures);
    let labels = PAGE.saturating_sub(each * figures).min(5_000 * block.labels.max(1)) / block.labels.max(1);
    (0..columns).map(|c| if c < block.labels { labels } else { each }).collect()
}

/// A part without numbers of paragraphs, whose tables have a header row.
fn finished(part: &[u8]) -> io::Result<Vec<u8>> {
    let mut reader = Reader::from_reader(part);
    let mut writer = Writer::new(Vec::new());
    let (mut buffer, mut first) = (Vec::new(), false);
    loop {
        match reader.read_event_into(&mut buffer).map_err(io::Error::other)? {
            Event::Eof => return Ok(writer.into_inner()),
            Event::Start(tag) => {
                first |= tag.name().as_ref() == b"w:tbl";
                let heads = first && tag.name().as_ref() == b"w:trPr";
                writer.write_event(Event::Start(unnumbered(&tag)?))?;
                if heads {
                    writer.write_event(Event::Empty(BytesStart::new("w:tblHeader")))?;
                    first = false;
                }
            }
            Event::Empty(tag) => writer.write_event(Event::Empty(unnumbered(&tag)?))?,
            other => writer.write_event(other)?,
        }
        buffer.clear();
    }
}

/// A tag without the number of its paragraph.
fn unnumbered<'a>(tag: &BytesStart<'a>) -> io::Result<BytesStart<'a>> {
    let mut own = tag.clone();
    own.clear_attributes();
    for attribute in tag.attributes() {
        let attribute = attribute.map_err(io::Error::other)?;
        if attribute.key.as_ref() != b"w14:paraId" {
            own.push_attribute(attribute);
        }
    }
    Ok(own)
}

/// The styles with the language of the texts, which screen readers need.
fn with_language(styles: &[u8]) -> io::Result<Vec<u8>> {
    let text = std::str::from_utf8(styles).map_err(io::Error::other)?;
    let language = "<w:lang w:val=\"en-GB\"/></w:rPr></w:rPrDefault>";
    Ok(text.replacen("</w:rPr></w:rPrDefault>", language, 1).into_bytes())
}
