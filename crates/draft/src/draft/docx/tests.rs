//! Word documents made part by part: what they show and what they hold beside it.

use crate::draft::fixture::{drawn, told, zipped};
use crate::draft::{Document, read};

fn document(body: &str, more: &[(&str, &str)]) -> Document {
    let main = format!("<w:document><w:body>{body}</w:body></w:document>");
    let styles = r#"<w:styles><w:style w:styleId="H"><w:name w:val="heading 2"/></w:style><w:style w:styleId="H2"><w:name w:val="own"/><w:basedOn w:val="H"/></w:style>
        <w:style w:styleId="V"><w:name w:val="v"/><w:rPr><w:vanish/></w:rPr></w:style></w:styles>"#;
    let parts = [("word/document.xml", main.as_str()), ("word/styles.xml", styles)];
    read("a.docx", zipped(&[&parts, more].concat())).unwrap()
}

fn cell(properties: &str, text: &str) -> String {
    format!("<w:tc><w:tcPr>{properties}</w:tcPr><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc>")
}

#[test]
fn cells_that_span_rows_and_columns_are_spread() {
    let rows = [
        [cell("<w:vMerge w:val='restart'/>", "Age"), cell("<w:gridSpan w:val='2'/>", "Year")].concat(),
        [cell("<w:vMerge/>", ""), cell("", "2013"), cell("", "2014")].concat(),
        [cell("<w:vMerge/>", "below"), cell("", "1"), cell("", "2")].concat(),
    ];
    let rows = rows.map(|r| format!("<w:tr>{r}</w:tr>")).concat();
    let hidden = format!("<w:tr><w:trPr><w:gridBefore w:val='1'/><w:hidden/></w:trPr>{}</w:tr>", cell("", "3"));
    let document = document(&format!("<w:p/><w:tbl>{rows}{hidden}</w:tbl>"), &[]);
    assert_eq!(drawn(&document), ["Age|Year|^Year/^Age|2013|2014/^Age|1|2/~|~3|", "~below"]);
    assert_eq!(told(&document), ["a hidden row", "a text below a merged cell"]);
}

#[test]
fn text_is_read_as_shown_and_what_is_not_shown_apart() {
    let body = r#"<w:p><w:pPr><w:pStyle w:val="H2"/></w:pPr><w:r><w:t>Answer</w:t></w:r></w:p>
        <w:p><w:r><w:t xml:space="preserve">In all </w:t></w:r><w:ins><w:r><w:t>12</w:t></w:r></w:ins><w:del><w:r><w:delText>13</w:delText></w:r></w:del>
        <w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:t>1</w:t></w:r><w:r><w:rPr><w:vanish/></w:rPr><w:t>names</w:t></w:r>
        <w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t> cases</w:t></w:r><w:r><w:footnoteReference w:id="7"/></w:r></w:p>
        <w:p><w:pPr><w:pStyle w:val="V"/></w:pPr><w:r><w:t>all hidden</w:t></w:r></w:p>"#;
    let more = [
        (
            "word/footnotes.xml",
            "<w:footnotes><w:footnote w:type='separator' w:id='0'><w:p/></w:footnote><w:footnote w:id='7'><w:p><w:r><w:t>To July</w:t></w:r></w:p></w:footnote></w:footnotes>",
        ),
        (
            "word/comments.xml",
            "<w:comments><w:comment w:id='1'><w:p><w:r><w:t>who are the 3?</w:t></w:r></w:p></w:comment></w:comments>",
        ),
        ("word/header1.xml", "<w:hdr><w:p><w:r><w:t>FOI 1</w:t></w:r></w:p></w:hdr>"),
        ("word/embeddings/b.xlsx", "x"),
    ];
    let document = document(body, &more);
    let want = [
        "FOI 1",
        "# Answer",
        "In all 12 [note 1] cases [note 1]",
        "~names",
        "~13",
        "~all hidden",
        "[note 1] To July",
        "~who are the 3?",
    ];
    assert_eq!(drawn(&document), want);
    let want = [
        "a comment",
        "a tracked deletion",
        "a tracked insertion",
        "an embedded file, with all that it holds",
        "hidden text",
    ];
    assert_eq!(told(&document), want);
}

#[test]
fn tables_within_cells_boxes_and_tables_typed_with_tabs_are_found() {
    let inner = format!("<w:tbl><w:tr>{}{}</w:tr></w:tbl>", cell("", "C"), cell("", "3"));
    let outer =
        format!("<w:tbl><w:tr>{}<w:tc><w:p><w:r><w:t>B</w:t></w:r></w:p>{inner}</w:tc></w:tr></w:tbl>", cell("", "A"));
    let boxed = "<w:txbxContent><w:p><w:r><w:t>In a box: 4</w:t></w:r></w:p></w:txbxContent>";
    let shape = format!(
        "<w:p><w:r><mc:AlternateContent><mc:Choice><w:drawing>{boxed}</w:drawing></mc:Choice><mc:Fallback><w:pict>{boxed}</w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>"
    );
    let line = |a: &str, b: &str| format!("<w:p><w:r><w:t>{a}</w:t><w:tab/><w:t>{b}</w:t></w:r></w:p>");
    let tabs = [line("Year", "Total"), line("2013", "12")].concat();
    let document = document(
        &format!(
            "{outer}{shape}{tabs}<w:sdt><w:sdtContent><w:p><w:r><w:t>End</w:t></w:r></w:p></w:sdtContent></w:sdt>"
        ),
        &[],
    );
    assert_eq!(drawn(&document), ["A|B", "C|3", "In a box: 4", "Year|Total/2013|12", "End"]);
}
