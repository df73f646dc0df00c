//! PDFs made object by object.

use crate::draft::fixture::{drawn, pdf, told};
use crate::draft::read;

/// Text at a place, in a size.
fn show(x: u32, y: u32, size: u32, text: &str) -> String {
    format!("BT /F {size} Tf 1 0 0 1 {x} {y} Tm ({text}) Tj ET\n")
}

#[test]
fn columns_without_lines_are_a_table_and_raised_marks_are_notes() {
    let row = |y: u32, cells: [&str; 4]| {
        [50, 200, 260, 320]
            .iter()
            .zip(cells)
            .filter(|c| !c.1.is_empty())
            .map(|(x, t)| show(*x, y, 10, t))
            .collect::<String>()
    };
    let content = [
        show(50, 700, 14, "TABLE 1"),
        row(670, ["Age", "2013", "2014", "Total"]),
        row(655, ["Under 10", "-", "1", "1"]),
        row(640, ["10 to 12", "9", "", "13"]),
        show(206, 644, 6, "1"),
        show(50, 600, 10, "A sentence of the answer that is"),
        show(50, 588, 10, "written on two lines."),
    ]
    .concat();
    let document = read("a.pdf", pdf(&content, "", &[])).unwrap();
    let want = [
        "# TABLE 1",
        "Age|2013|2014|Total/Under 10|-|1|1/10 to 12|9 [note 1]||13",
        "A sentence of the answer that is written on two lines.",
    ];
    assert_eq!(drawn(&document), want);
}

#[test]
fn lines_make_cells_and_a_missing_line_merges_them() {
    let lines = "1 w 50 700 m 250 700 l S 150 680 m 250 680 l S 50 660 200 0.5 re f 50 640 m 250 640 l S
        50 700 m 50 640 l S 150 700 m 150 640 l S 250 700 m 250 640 l S 200 680 m 200 640 l S\n";
    let texts =
        [show(55, 685, 10, "Age"), show(190, 685, 10, "Year"), show(155, 665, 10, "2013"), show(205, 665, 10, "2014")];
    let more =
        [show(55, 651, 8, "a label"), show(55, 642, 8, "in two"), show(155, 645, 10, "1"), show(205, 645, 10, "2")];
    let document = read("a.pdf", pdf(&format!("{lines}{}{}", texts.concat(), more.concat()), "", &[])).unwrap();
    assert_eq!(drawn(&document), ["Age|Year|^Year/^Age|2013|2014/a label in two|1|2"]);
}

#[test]
fn covered_text_comments_and_attachments_are_told() {
    let content = [
        show(50, 700, 10, "Shown 1"),
        show(50, 650, 10, "Secret 2"),
        "40 640 200 30 re f\n".to_owned(),
        show(50, 600, 10, "Over"),
    ]
    .concat();
    let more = ["<</Type/Filespec/EF<</F 4 0 R>>>>"];
    // closes the resources, and opens something that the page's end closes
    let annotations = ">>/Annots[<</Subtype/Text/Contents(who?)>>]/Rest<<";
    let document = read("a.pdf", pdf(&content, annotations, &more)).unwrap();
    assert_eq!(drawn(&document), ["Shown 1", "Over", "~Secret 2", "~who?"]);
    let want = [
        "a comment",
        "an attached file, with all that it holds",
        "text that a filled shape covers: it can still be copied",
    ];
    assert_eq!(told(&document), want);
}

/// The operators `'` and `"` begin a line; white text, and text beyond the page or its clipping, is read and told. White
/// text on a dark ground is shown.
#[test]
fn text_is_read_however_it_is_painted() {
    let content = "BT /F 10 Tf 14 TL 60 760 Td (Area  Cases) Tj (North  12) ' 0 0 (South  30) \" ET
        0 0 1 rg 40 640 400 30 re f 1 g BT /F 10 Tf 60 650 Td (On blue) Tj ET
        BT /F 10 Tf 60 600 Td (White 3) Tj ET 0 g BT /F 10 Tf 60 560 Td (Black) Tj ET
        BT /F 10 Tf 900 500 Td (Beyond 4) Tj ET
        q 50 440 100 20 re W n BT /F 10 Tf 60 450 Td (Within) Tj 300 -20 Td (Clipped 2) Tj ET Q
        BT /F 10 Tf 60 400 Td (End) Tj ET";
    let document = read("a.pdf", pdf(content, "", &[])).unwrap();
    let want =
        ["Area|Cases/North|12/South|30", "On blue", "Black", "Within", "End", "~White 3", "~Beyond 4", "~Clipped 2"];
    assert_eq!(drawn(&document), want);
    let want = [
        "text outside of what the page shows: it can still be copied",
        "white text, which only a copy of the file shows",
    ];
    assert_eq!(told(&document), want);
}

#[test]
fn fields_properties_and_alternative_texts_are_told() {
    let more = [
        "<</S/Figure/Alt(Bar chart: South 3, North 12)>>",
        "<</Title(South: 3)/Dest[3 0 R/Fit]>>",
        "<</FT/Tx/V(12 cases)>>",
        "<</S/JavaScript/JS(var d = {South: 3})>>",
    ];
    let annotations = ">>/Annots[<</Subtype/Widget/Parent 7 0 R/TU(of 3)>>]/Rest<<";
    let document = read("a.pdf", pdf(&show(50, 700, 10, "Cases by area"), annotations, &more)).unwrap();
    let told = told(&document);
    assert!(drawn(&document).contains(&"12 cases".to_owned()), "{:?}", drawn(&document));
    for what in ["an alternative text", "a bookmark", "the tooltip of a field", "a script"] {
        assert!(told.iter().any(|t| t.starts_with(what)), "{what}: {told:?}");
    }
}

#[test]
fn no_letter_vanishes() {
    let marks = [show(50, 700, 20, "12"), show(75, 708, 12, "1"), show(84, 714, 7, "2"), show(50, 650, 10, "1\\0013")];
    let document = read("a.pdf", pdf(&marks.concat(), "", &[])).unwrap();
    let letters: String =
        drawn(&document).concat().chars().filter(|c| c.is_ascii_digit() || *c == '\u{fffd}').collect();
    let mut letters: Vec<char> = letters.chars().collect();
    letters.sort_unstable();
    assert_eq!(letters, ['1', '1', '1', '2', '2', '3', '\u{fffd}']);
    assert_eq!(document.notes.len(), 1);
}

#[test]
fn what_can_not_be_read_is_refused_with_a_reason() {
    let form = |content: &str| {
        format!(
            "<</Type/XObject/Subtype/Form/Resources<</XObject<</X 5 0 R>>>>/Length {}>>stream\n{content}\nendstream",
            content.len()
        )
    };
    let (circle, fan) = (form("/X Do"), form("/X Do /X Do"));
    for (file, reason) in [
        (pdf("0 0 100 100 re f", "", &[]), "no text layer"),
        (pdf("BT /F 10 Tf (a) (b) \" ET", "", &[]), "text that is none"),
        (pdf("/X Do", "/XObject<</X 5 0 R>>", &[&circle]), "forms within forms"),
        (pdf("/X Do", "/XObject<</X 5 0 R>>", &[&fan]), "forms within forms"),
        (pdf(&"q ".repeat(2000), "", &[]), "too much"),
        (b"%PDF-1.4\nnothing".to_vec(), "damaged"),
        (pdf("BT (no font) Tj ET", "", &[]), "damaged"),
        (pdf("", "", &["<</Type/ObjStm/Filter/LZWDecode>>"]), "compression"),
        (
            pdf("/X Do", "/XObject<</X 5 0 R>>", &["<</Subtype/Form/Filter/Own/Length 1>>stream\nx\nendstream"]),
            "compression",
        ),
    ] {
        let error = read("a.pdf", file).unwrap_err();
        assert!(error.message.starts_with("a.pdf: ") && error.message.contains(reason), "{reason}: {error}");
    }
}
