//! Workbooks, written by hand: the sheet of the answer, and what a workbook can hold beside it.

use std::collections::{BTreeMap, BTreeSet};

use super::office::{HEAD, Parts, chart, properties, relationships};
use super::page::{Held, Page, escaped};

/// Places, and whether something harmless can stand there.
pub const PLACES: &[(&str, bool)] = &[
    ("number-format", true),
    ("threshold-format", true),
    ("white-font", true),
    ("hidden-row", true),
    ("hidden-column", true),
    ("flat-row", false),
    ("narrow-column", false),
    ("hidden-sheet", true),
    ("very-hidden-sheet", false),
    ("comment", false),
    ("threaded-comment", false),
    ("alt-text", true),
    ("text-box", true),
    ("chart-cache", true),
    ("chart-literal", false),
    ("chart-title", true),
    ("chart-shape", true),
    ("pivot-records", false),
    ("pivot-definition", true),
    ("name", true),
    ("name-comment", true),
    ("validation-list", true),
    ("prompt", true),
    ("newer-prompt", true),
    ("tooltip", true),
    ("property", true),
    ("custom-property", true),
    ("custom-xml", true),
    ("external-link", true),
    ("embedded-workbook", false),
    ("header", true),
    ("unused-string", true),
    ("table-label", true),
    ("formula", true),
    ("below-merge", true),
    ("filter", true),
    ("scenario", true),
    ("phonetic", true),
    ("connection", true),
    ("unknown-part", false),
    ("drawn-text", true),
    ("sheet-property", true),
];

/// A cell: its style, and what stands within `<c>`, with its type.
type Content = (usize, String);

#[derive(Default)]
struct Book {
    cells: BTreeMap<(usize, usize), Content>,
    /// Attributes of rows.
    rows: BTreeMap<usize, &'static str>,
    columns: String,
    /// What follows the cells of the sheet.
    behind: String,
    sheet_relations: Vec<(String, String)>,
    book_relations: Vec<(String, String)>,
    sheets: String,
    names: String,
    strings: String,
    parts: Parts,
    width: usize,
    title: usize,
}

/// The file.
pub fn typed(page: &Page) -> Vec<u8> {
    let mut book = Book { title: 2, ..Book::default() };
    for (r, row) in page.rows().iter().enumerate() {
        book.width = book.width.max(row.len());
        for (c, text) in row.iter().enumerate().filter(|(_, t)| !t.is_empty()) {
            book.put(r, c, text, 0);
        }
    }
    if let Some(held) = &page.held {
        let text = escaped(&held.text);
        match held.place {
            // among the properties
            "property" | "custom-property" => {}
            _ => book.hold(held, &text, page),
        }
    }
    properties(&mut book.parts, page.held.as_ref());
    book.finish()
}

/// The name of a cell.
fn name(row: usize, column: usize) -> String {
    format!("{}{}", char::from(b'A' + column as u8), row + 1)
}

impl Book {
    fn put(&mut self, row: usize, column: usize, text: &str, style: usize) {
        let content = match text.parse::<i64>() {
            Ok(n) => format!("><v>{n}</v>"),
            Err(_) => format!(" t=\"inlineStr\"><is><t xml:space=\"preserve\">{}</t></is>", escaped(text)),
        };
        self.cells.insert((row, column), (style, content));
    }

    /// Puts what is held into its place.
    fn hold(&mut self, held: &Held, text: &str, page: &Page) {
        let (row, column) = (3 + held.at.0, held.at.1);
        let n = held.number;
        let figure = if held.leak { n.to_string() } else { String::new() };
        let last = 3 + page.rows().len();
        match held.place {
            "number-format" if held.leak => self.put(row, column, &figure, 1),
            "number-format" => self.style(3),
            "threshold-format" => {
                self.style(5);
                if held.leak {
                    self.put(row, column, &figure, 5);
                }
            }
            "white-font" if held.leak => self.put(row, self.width + 1, &figure, 2),
            "white-font" => {
                self.cells.iter_mut().filter(|(at, _)| at.0 == self.title).for_each(|(_, c)| c.0 = 4);
            }
            "hidden-row" | "flat-row" => {
                if held.leak {
                    self.put(last, 0, "Kept", 0);
                    self.put(last, column, &figure, 0);
                }
                self.rows.insert(
                    last,
                    if held.place == "flat-row" { " ht=\"0\" customHeight=\"1\"" } else { " hidden=\"1\"" },
                );
            }
            "hidden-column" | "narrow-column" => {
                let at = self.width + 1;
                if held.leak {
                    self.put(row, at, &figure, 0);
                }
                let how = if held.place == "narrow-column" { "width=\"0\"" } else { "width=\"8\" hidden=\"1\"" };
                self.columns = format!("<cols><col min=\"{0}\" max=\"{0}\" {how}/></cols>", at + 1);
            }
            "hidden-sheet" => self.second_sheet("hidden", &format!("{}{figure}", lead(held, text))),
            "very-hidden-sheet" => self.second_sheet("veryHidden", &format!("{}{figure}", lead(held, text))),
            "formula" if held.leak => {
                let content = format!(" t=\"str\"><f>IF({n}&lt;5,\"*\",\"*\")</f><v>*</v>");
                self.cells.insert((row, column), (0, content));
            }
            "formula" => self.sums(page),
            "below-merge" => {
                self.put(last, 0, "Prepared by the team", 0);
                if held.leak {
                    self.put(last, 1, &figure, 0);
                }
                let (a, b) = (name(last, 0), name(last, 1));
                self.behind = format!("<mergeCells count=\"1\"><mergeCell ref=\"{a}:{b}\"/></mergeCells>");
            }
            "unused-string" => self.strings = format!("<si><t>{text}</t></si>"),
            "phonetic" => {
                let cell = format!(" t=\"inlineStr\"><is><t>Note</t><rPh sb=\"0\" eb=\"1\"><t>{text}</t></rPh></is>");
                self.cells.insert((last, 0), (0, cell));
            }
            _ => self.beside(held, text, (row, column)),
        }
    }

    fn style(&mut self, style: usize) {
        self.cells.values_mut().filter(|c| c.1.starts_with("><v>")).for_each(|c| c.0 = style);
        // years are no counts
        self.cells.iter_mut().filter(|(at, _)| at.0 == self.title).for_each(|(_, c)| c.0 = 0);
    }

    /// Sums in place of the figures of the last row.
    fn sums(&mut self, page: &Page) {
        let last = page.rows().len() - 2;
        for c in 1..self.width {
            let column: Vec<Option<i64>> = (3..last)
                .map(|r| {
                    self.cells.get(&(r, c)).and_then(|x| x.1.strip_prefix("><v>")?.strip_suffix("</v>")?.parse().ok())
                })
                .collect();
            let Some(sum) = column.iter().copied().sum::<Option<i64>>() else { continue };
            let (a, b) = (name(3, c), name(last - 1, c));
            if self.cells.get(&(last, c)).is_some_and(|x| x.1 == format!("><v>{sum}</v>")) {
                self.cells.insert((last, c), (0, format!("><f>SUM({a}:{b})</f><v>{sum}</v>")));
            }
        }
    }

    fn second_sheet(&mut self, state: &str, text: &str) {
        self.sheets = format!("<sheet name=\"Lists\" sheetId=\"2\" state=\"{state}\" r:id=\"rId2\"/>");
        self.book_relations.push(("worksheet".into(), "worksheets/sheet2.xml".into()));
        self.parts.add(
            "xl/worksheets/sheet2.xml",
            format!(
                "{HEAD}<worksheet {MAIN}><sheetData><row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>{text}</t></is></c></row></sheetData></worksheet>"
            ),
        );
    }

    /// What stands in elements behind the cells, or in parts of its own.
    fn beside(&mut self, held: &Held, text: &str, (row, column): (usize, usize)) {
        let at = name(row, column);
        let n = held.number;
        self.behind = match held.place {
            "validation-list" => {
                let list = if held.leak { format!("{},{n}", n + 40) } else { "Yes,No".to_owned() };
                format!(
                    "<dataValidations count=\"1\"><dataValidation type=\"list\" sqref=\"{at}\"><formula1>\"{list}\"</formula1></dataValidation></dataValidations>"
                )
            }
            "prompt" => format!(
                "<dataValidations count=\"1\"><dataValidation type=\"whole\" showInputMessage=\"1\" promptTitle=\"Note\" prompt=\"{text}\" sqref=\"{at}\"><formula1>0</formula1></dataValidation></dataValidations>"
            ),
            "newer-prompt" => format!(
                "<extLst><ext uri=\"{{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}}\" xmlns:x14=\"http://schemas.microsoft.com/office/spreadsheetml/2009/9/main\"><x14:dataValidations count=\"1\"><x14:dataValidation type=\"list\" prompt=\"{text}\"/></x14:dataValidations></ext></extLst>"
            ),
            "tooltip" => {
                format!("<hyperlinks><hyperlink ref=\"A1\" location=\"Answer!A1\" tooltip=\"{text}\"/></hyperlinks>")
            }
            "header" => format!("<headerFooter><oddHeader>&amp;C{text}</oddHeader></headerFooter>"),
            "filter" => {
                let value = if held.leak { n.to_string() } else { "Area".to_owned() };
                format!(
                    "<autoFilter ref=\"A3:C7\"><filterColumn colId=\"1\"><filters><filter val=\"{value}\"/></filters></filterColumn></autoFilter>"
                )
            }
            "scenario" => {
                let value = if held.leak { n.to_string() } else { String::new() };
                format!(
                    "<scenarios><scenario name=\"Best\" comment=\"\"><inputCells r=\"{at}\" val=\"{value}\"/></scenario></scenarios>"
                )
            }
            _ => String::new(),
        };
        if self.behind.is_empty() {
            self.parts_beside(held, text, (row, column));
        }
    }

    fn related(&mut self, kind: &str, target: &str) {
        self.sheet_relations.push((kind.to_owned(), format!("../{target}")));
    }

    fn parts_beside(&mut self, held: &Held, text: &str, (row, column): (usize, usize)) {
        let (n, at) = (held.number, name(row, column));
        let value = if held.leak { n.to_string() } else { String::new() };
        match held.place {
            "comment" => {
                self.related("comments", "comments1.xml");
                self.parts.add("xl/comments1.xml", format!("{HEAD}<comments {MAIN}><authors><author>A</author></authors><commentList><comment ref=\"{at}\" authorId=\"0\"><text><r><t>{text}</t></r></text></comment></commentList></comments>"));
            }
            "threaded-comment" => {
                self.related("threadedComment", "threadedComments/threadedComment1.xml");
                self.parts.add("xl/threadedComments/threadedComment1.xml", format!("{HEAD}<ThreadedComments xmlns=\"http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments\"><threadedComment ref=\"{at}\" id=\"{{1}}\"><text>{text}</text></threadedComment></ThreadedComments>"));
            }
            "alt-text" => self.drawing(&format!("<xdr:pic><xdr:nvPicPr><xdr:cNvPr id=\"2\" name=\"Frame\" descr=\"{text}\"/></xdr:nvPicPr></xdr:pic>"), &[]),
            "text-box" => self.drawing(&format!("<xdr:sp><xdr:nvSpPr><xdr:cNvPr id=\"2\" name=\"Box\"/></xdr:nvSpPr><xdr:txBody><a:p><a:r><a:t>{text}</a:t></a:r></a:p></xdr:txBody></xdr:sp>"), &[]),
            "chart-cache" | "chart-literal" | "chart-title" | "chart-shape" => self.chart(held, text, column),
            "pivot-records" => self.parts.add("xl/pivotCache/pivotCacheRecords1.xml", format!("{HEAD}<pivotCacheRecords {MAIN} count=\"1\"><r><n v=\"{n}\"/></r></pivotCacheRecords>")),
            "pivot-definition" => {
                let item = if held.leak { format!("<n v=\"{n}\"/>") } else { "<s v=\"Area\"/>".to_owned() };
                self.parts.add("xl/pivotCache/pivotCacheDefinition1.xml", format!("{HEAD}<pivotCacheDefinition {MAIN}><cacheFields count=\"1\"><cacheField name=\"Area\"><sharedItems count=\"1\">{item}</sharedItems></cacheField></cacheFields></pivotCacheDefinition>"));
            }
            "name" => {
                let refers = if held.leak { n.to_string() } else { "Answer!$A$1:$C$5".to_owned() };
                self.names = format!("<definedName name=\"kept\" hidden=\"1\">{refers}</definedName>");
            }
            "name-comment" => self.names = format!("<definedName name=\"kept\" comment=\"{text}\">Answer!$A$1</definedName>"),
            "custom-xml" => self.parts.add("customXml/item1.xml", format!("<note xmlns=\"urn:note\"><said>{text}</said></note>")),
            "external-link" => {
                let cells = if held.leak { format!("<sheetDataSet><sheetData sheetId=\"0\"><row r=\"1\"><cell r=\"A1\"><v>{n}</v></cell></row></sheetData></sheetDataSet>") } else { String::new() };
                self.book_relations.push(("externalLink".into(), "externalLinks/externalLink1.xml".into()));
                self.parts.add("xl/externalLinks/externalLink1.xml", format!("{HEAD}<externalLink {MAIN}><externalBook r:id=\"rId1\"><sheetNames><sheetName val=\"Data\"/></sheetNames>{cells}</externalBook></externalLink>"));
            }
            "embedded-workbook" => {
                let inner = Page::default().table(&["Area", "Number"], vec![vec!["Kept".to_owned(), n.to_string()]]);
                self.related("package", "embeddings/Microsoft_Excel_Worksheet.xlsx");
                self.parts.add("xl/embeddings/Microsoft_Excel_Worksheet.xlsx", typed(&inner));
            }
            "table-label" => {
                self.related("table", "tables/table1.xml");
                self.parts.add("xl/tables/table1.xml", format!("{HEAD}<table {MAIN} id=\"1\" name=\"T\" displayName=\"T\" ref=\"A3:C6\"><tableColumns count=\"1\"><tableColumn id=\"1\" name=\"Area\" totalsRowLabel=\"{text}\"/></tableColumns></table>"));
            }
            "connection" => self.parts.add("xl/connections.xml", format!("{HEAD}<connections {MAIN}><connection id=\"1\" name=\"Query\" description=\"{text}\" type=\"1\"><dbPr connection=\"\" command=\"\"/></connection></connections>")),
            "unknown-part" => self.parts.add("xl/extras/kept.xml", format!("<kept>{value}</kept>")),
            "drawn-text" => {
                self.related("vmlDrawing", "drawings/vmlDrawing1.vml");
                self.parts.add("xl/drawings/vmlDrawing1.vml", format!("<xml xmlns:v=\"urn:schemas-microsoft-com:vml\" xmlns:x=\"urn:schemas-microsoft-com:office:excel\"><v:shape><v:textbox><div>{text}</div></v:textbox><x:ClientData ObjectType=\"Note\"/></v:shape></xml>"));
            }
            "sheet-property" => {
                self.related("customProperty", "customProperty1.bin");
                let wide: Vec<u8> = held.text.encode_utf16().flat_map(u16::to_le_bytes).collect();
                self.parts.add("xl/customProperty1.bin", if held.leak { wide } else { Vec::new() });
            }
            other => panic!("no such place: {other}"),
        }
    }

    fn drawing(&mut self, shape: &str, relations: &[(String, String)]) {
        self.related("drawing", "drawings/drawing1.xml");
        self.parts.add("xl/drawings/drawing1.xml", format!("{HEAD}<xdr:wsDr xmlns:xdr=\"http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing\" xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\"><xdr:twoCellAnchor>{shape}</xdr:twoCellAnchor></xdr:wsDr>"));
        self.parts.relate("xl/drawings/drawing1.xml", relations);
    }

    fn chart(&mut self, held: &Held, text: &str, column: usize) {
        self.drawing("<xdr:graphicFrame/>", &[("chart".to_owned(), "../charts/chart1.xml".to_owned())]);
        let rows = self.cells.keys().filter(|at| at.1 == column && at.0 > self.title).map(|at| at.0);
        let rows: BTreeSet<usize> = rows.collect();
        let shown = |r: &usize| {
            self.cells.get(&(*r, column)).and_then(|c| c.1.strip_prefix("><v>")?.strip_suffix("</v>")?.parse().ok())
        };
        let mut figures: Vec<(usize, i64)> = rows.iter().filter_map(|r| Some((r - 3, shown(r)?))).collect();
        if held.place == "chart-cache" && held.leak {
            figures.push((held.at.0, held.number));
            figures.sort_unstable();
        }
        let last = rows.last().copied().unwrap_or(3);
        let letter = name(0, column).replace('1', "");
        let reference = format!("Answer!${letter}$4:${letter}${}", last + 1);
        let title = if held.place == "chart-title" { text } else { "Number by area" };
        let literal = held.place == "chart-literal";
        let own = [(0, held.number)];
        let drawn = if literal { chart(title, None, &own) } else { chart(title, Some(&reference), &figures) };
        self.parts.add("xl/charts/chart1.xml", drawn);
        if held.place == "chart-shape" {
            self.parts.relate(
                "xl/charts/chart1.xml",
                &[("chartUserShapes".to_owned(), "../drawings/drawing2.xml".to_owned())],
            );
            self.parts.add("xl/drawings/drawing2.xml", format!("{HEAD}<c:userShapes xmlns:c=\"http://schemas.openxmlformats.org/drawingml/2006/chart\" xmlns:cdr=\"http://schemas.openxmlformats.org/drawingml/2006/chartDrawing\" xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\"><cdr:relSizeAnchor><cdr:sp><cdr:txBody><a:p><a:r><a:t>{text}</a:t></a:r></a:p></cdr:txBody></cdr:sp></cdr:relSizeAnchor></c:userShapes>"));
        }
    }

    fn finish(mut self) -> Vec<u8> {
        let mut rows: BTreeMap<usize, String> = self.rows.keys().map(|r| (*r, String::new())).collect();
        for ((r, c), (style, content)) in &self.cells {
            let style = if *style == 0 { String::new() } else { format!(" s=\"{style}\"") };
            *rows.entry(*r).or_default() += &format!("<c r=\"{}\"{style}{content}</c>", name(*r, *c));
        }
        let body: String = rows
            .iter()
            .map(|(r, cells)| {
                format!("<row r=\"{}\"{}>{cells}</row>", r + 1, self.rows.get(r).copied().unwrap_or_default())
            })
            .collect();
        let sheet =
            format!("{HEAD}<worksheet {MAIN}>{}<sheetData>{body}</sheetData>{}</worksheet>", self.columns, self.behind);
        let mut relations = vec![("worksheet".to_owned(), "worksheets/sheet1.xml".to_owned())];
        relations.append(&mut self.book_relations);
        relations.push(("styles".to_owned(), "styles.xml".to_owned()));
        relations.push(("sharedStrings".to_owned(), "sharedStrings.xml".to_owned()));
        let names =
            if self.names.is_empty() { String::new() } else { format!("<definedNames>{}</definedNames>", self.names) };
        let mut parts = Parts::default();
        parts.add(
            "[Content_Types].xml",
            format!("{HEAD}<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>"),
        );
        parts.add("_rels/.rels", relationships(&[("officeDocument".to_owned(), "xl/workbook.xml".to_owned())]));
        parts.add("xl/workbook.xml", format!("{HEAD}<workbook {MAIN}><sheets><sheet name=\"Answer\" sheetId=\"1\" r:id=\"rId1\"/>{}</sheets>{names}</workbook>", self.sheets));
        parts.relate("xl/workbook.xml", &relations);
        parts.add("xl/styles.xml", STYLES);
        parts.add("xl/sharedStrings.xml", format!("{HEAD}<sst {MAIN}>{}</sst>", self.strings));
        parts.add("xl/worksheets/sheet1.xml", sheet);
        parts.relate("xl/worksheets/sheet1.xml", &self.sheet_relations);
        parts.0.append(&mut self.parts.0);
        parts.zipped()
    }
}

/// What stands before a figure in a hidden sheet; a text that the page shows, where there is none.
fn lead(held: &Held, text: &str) -> String {
    if held.leak { format!("{text} ") } else { "Area".to_owned() }
}

const MAIN: &str = "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"";

const STYLES: &str = "<styleSheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><numFmts count=\"2\"><numFmt numFmtId=\"164\" formatCode=\"&quot;*&quot;\"/><numFmt numFmtId=\"165\" formatCode=\"[&lt;5]&quot;*&quot;;0\"/></numFmts><fonts count=\"2\"><font><sz val=\"11\"/></font><font><sz val=\"11\"/><color rgb=\"FFFFFFFF\"/></font></fonts><fills count=\"2\"><fill><patternFill patternType=\"none\"/></fill><fill><patternFill patternType=\"solid\"><fgColor rgb=\"FF003366\"/></patternFill></fill></fills><borders count=\"1\"><border/></borders><cellStyleXfs count=\"1\"><xf/></cellStyleXfs><cellXfs count=\"6\"><xf numFmtId=\"0\"/><xf numFmtId=\"164\" applyNumberFormat=\"1\"/><xf numFmtId=\"0\" fontId=\"1\" applyFont=\"1\"/><xf numFmtId=\"3\" applyNumberFormat=\"1\"/><xf numFmtId=\"0\" fontId=\"1\" fillId=\"1\" applyFont=\"1\" applyFill=\"1\"/><xf numFmtId=\"165\" applyNumberFormat=\"1\"/></cellXfs></styleSheet>";
