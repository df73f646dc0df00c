//! Workbooks made part by part: what they show and what they hold beside it.

use crate::draft::fixture::{drawn, told, zipped};
use crate::draft::{Document, Error, read};

const ROOT: &str =
    r#"<Relationships><Relationship Id="r" Type="x/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
const BOOK: &str =
    r#"<workbook><sheets><sheet name="S" r:id="a"/><sheet name="H" state="veryHidden" r:id="b"/></sheets></workbook>"#;
const RELATIONS: &str = r#"<Relationships><Relationship Id="a" Type="x/worksheet" Target="worksheets/1.xml"/>
    <Relationship Id="b" Type="x/worksheet" Target="/xl/worksheets/2.xml"/>
    <Relationship Id="s" Type="x/sharedStrings" Target="strings.xml"/><Relationship Id="t" Type="x/styles" Target="styles.xml"/></Relationships>"#;
const STRINGS: &str = r#"<sst><si><t>Age</t></si><si><r><t>12</t></r><r><rPr><vertAlign val="superscript"/></rPr><t>1</t></r></si>
    <si><t xml:space="preserve">  Under 10</t><rPh><t>reading</t></rPh></si></sst>"#;
const STYLES: &str = r#"<styleSheet><numFmts><numFmt numFmtId="170" formatCode="[&lt;5]&quot;&lt;5&quot;;0"/><numFmt numFmtId="171" formatCode=";;;"/></numFmts>
    <fonts><font/><font><b/></font><font><color rgb="FFFFFFFF"/></font></fonts><fills><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="solid"><fgColor rgb="FF000000"/></patternFill></fill></fills>
    <cellXfs><xf/><xf fontId="1"/><xf numFmtId="170"/><xf numFmtId="171"/><xf numFmtId="10"/><xf fontId="2"/><xf fontId="2" fillId="1"/><xf><alignment indent="2"/></xf></cellXfs></styleSheet>"#;
const OTHER: &str =
    r#"<worksheet><sheetData><row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>2</v></c></row></sheetData></worksheet>"#;

fn book(sheet: &str, more: &[(&str, &str)]) -> Result<Document, Error> {
    let parts = [
        ("_rels/.rels", ROOT),
        ("xl/workbook.xml", BOOK),
        ("xl/_rels/workbook.xml.rels", RELATIONS),
        ("xl/strings.xml", STRINGS),
        ("xl/styles.xml", STYLES),
        ("xl/worksheets/1.xml", sheet),
        ("xl/worksheets/2.xml", OTHER),
    ];
    read("a.xlsx", zipped(&[&parts, more].concat()))
}

#[test]
fn a_cell_says_what_its_format_shows_and_keeps_what_it_stores() {
    let sheet = r#"<worksheet><sheetData>
        <row r="1"><c r="A1" t="s" s="1"><v>0</v></c><c r="B1" t="inlineStr"><is><t>N &amp; M</t></is></c></row>
        <row r="2"><c r="A2" t="s"><v>2</v></c><c r="B2" s="2"><v>3</v></c><c r="C2" s="2"><v>12</v></c></row>
        <row r="3"><c r="A3" s="7" t="str"><f>A2</f><v>x</v></c><c r="B3" t="s"><v>1</v></c><c r="C3" s="4"><f>B3/C3</f><v>0.12345</v></c></row>
        <row r="4"><c r="A4" t="b"><v>1</v></c><c r="B4" s="3"><v>7</v></c><c r="C4" t="e"><v>#REF!</v></c></row>
        <row r="5"><c t="inlineStr"><is><t>no name</t></is></c><c s="5"><v>4</v></c><c s="6"><v>5</v></c></row></sheetData></worksheet>"#;
    let document = book(sheet, &[]).unwrap();
    let want = "[S] **Age|N & M|/>Under 10|<5{3}|12/=>>x|12 [note 1]|=12.35%{0.12345}/TRUE|~{7}|#REF!/no name|~4|5";
    assert_eq!(drawn(&document), [want, "[H] ~1|~2"]);
    let told_want = [
        "a number that its format does not show",
        "sheet \"H\" is hidden",
        "white text, which only a copy of the file shows",
    ];
    assert_eq!(told(&document), told_want);
}

#[test]
fn what_is_hidden_is_read_and_told() {
    let sheet = r#"<worksheet><cols><col min="2" max="2" hidden="1"/><col min="9" max="99" width="0"/></cols><sheetData>
        <row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1"><v>1</v></c><c r="C1"><v>2</v></c><c r="D1"><v>9</v></c></row>
        <row r="2" hidden="true"><c r="A2"><v>3</v></c><c r="B2"><v>4</v></c><c r="C2"><v>5</v></c></row></sheetData>
        <mergeCells><mergeCell ref="C1:XFD1"/></mergeCells></worksheet>"#;
    let relations = r#"<Relationships><Relationship Id="c" Type="x/comments" Target="../comments1.xml"/><Relationship Id="d" Type="x/drawing" Target="../d.xml"/></Relationships>"#;
    let more = [
        ("xl/worksheets/_rels/1.xml.rels", relations),
        (
            "xl/comments1.xml",
            r#"<comments><commentList><comment ref="B2"><text><r><t>one </t></r><r><t>boy</t></r></text></comment></commentList></comments>"#,
        ),
        ("xl/d.xml", r#"<wsDr><sp><txBody><p><r><t>All </t></r><r><t>of 12</t></r></p></txBody></sp></wsDr>"#),
        ("xl/pivotCache/pivotCacheRecords1.xml", "<r/>"),
    ];
    let document = book(sheet, &more).unwrap();
    assert_eq!(drawn(&document), ["[S] Age|~1|2/~3|~4|~5", "~9", "~one boy", "All of 12", "[H] ~1|~2", "~12 [note 1]"]);
    let want = [
        "a comment",
        "a text that no cell shows holds what the page does not show: 12",
        "a value below a merged cell",
        "column B of sheet \"S\" is hidden",
        "row 2 of sheet \"S\" is hidden",
        "sheet \"H\" is hidden",
        "the records behind a pivot table, each with all its values",
    ];
    assert_eq!(told(&document), want);
}

#[test]
fn damage_is_refused_with_its_place() {
    for (sheet, what) in [
        ("<worksheet><sheetData><row r='0'/></sheetData></worksheet>", "row has the number 0"),
        ("<worksheet><sheetData><row r='1'><c r='XFE1'><v>1</v></c></row></sheetData></worksheet>", "beyond the end"),
        (
            "<worksheet><sheetData><row r='1'><c r='A1' t='s'><v>99</v></c></row></sheetData></worksheet>",
            "a text that is not there",
        ),
        ("<worksheet><sheetData><row r='1'><c r='A1'><v>1e</v></c></row></sheetData></worksheet>", "a number is none"),
        ("<worksheet><sheetData><row r='1'>", "cut short"),
    ] {
        let error = book(sheet, &[]).unwrap_err();
        assert!(error.message.starts_with("a.xlsx: ") && error.message.contains(what), "{error}");
    }
}

#[test]
fn far_cells_and_wide_merges_do_not_fill_the_memory() {
    let sheet = r#"<worksheet><sheetData><row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row></sheetData></worksheet>"#;
    assert_eq!(drawn(&book(sheet, &[]).unwrap()), ["[S] 1", "[S] 2", "[H] ~1|~2", "~12 [note 1]"]);
    let merged = sheet.replace("</sheetData>", "</sheetData><mergeCells><mergeCell ref='A1:XFD1048576'/></mergeCells>");
    assert!(book(&merged, &[]).unwrap_err().message.contains("cells"));
}
