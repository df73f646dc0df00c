//! OpenDocument files made part by part.

use crate::draft::fixture::{drawn, told, zipped};
use crate::draft::{Document, Error, read};

fn file(kind: &str, body: &str) -> Result<Document, Error> {
    let styles = r#"<style:style style:name="up" style:family="text"><style:text-properties style:text-position="super 58%"/></style:style>
        <style:style style:name="no" style:family="text"><style:text-properties text:display="none"/></style:style>
        <style:style style:name="b" style:family="table-cell"><style:text-properties fo:font-weight="bold"/></style:style>"#;
    let content = format!(
        "<office:document-content><office:automatic-styles>{styles}</office:automatic-styles><office:body><office:{kind}>{body}</office:{kind}></office:body></office:document-content>"
    );
    let mime = format!("application/vnd.oasis.opendocument.{kind}");
    read("a.odt", zipped(&[("mimetype", &mime), ("content.xml", &content)]))
}

#[test]
fn a_text_is_read_with_what_it_hides() {
    let body = r#"<text:tracked-changes><text:changed-region><text:deletion><text:p>deleted 3</text:p></text:deletion></text:changed-region></text:tracked-changes>
        <text:h>Answer</text:h><text:p>In all<text:s text:c="2"/>12<text:span text:style-name="up">1</text:span><text:span text:style-name="no">names</text:span><text:note><text:note-citation>2</text:note-citation><text:note-body><text:p>To July</text:p></text:note-body></text:note></text:p>
        <table:table table:name="T"><table:table-column table:number-columns-repeated="2"/><table:table-header-rows><table:table-row><table:table-cell table:style-name="b"><text:p>Age</text:p></table:table-cell><table:table-cell table:number-columns-spanned="2"><text:p>Year</text:p></table:table-cell><table:covered-table-cell/></table:table-row></table:table-header-rows>
        <table:table-row><table:table-cell><text:p>x</text:p><office:annotation><text:p>who are the 3?</text:p></office:annotation></table:table-cell><table:table-cell><text:p>1</text:p></table:table-cell><table:table-cell><text:p>2</text:p></table:table-cell></table:table-row></table:table>
        <text:section text:display="none"><text:p>section</text:p></text:section><text:list><text:list-item><text:p>item</text:p></text:list-item></text:list>"#;
    let document = file("text", body).unwrap();
    let want = [
        "~deleted 3",
        "# Answer",
        "In all 12 [note 1] [note 2]",
        "~names",
        "[note 2] To July",
        "**Age|Year|^Year/x|1|2",
        "~who are the 3?",
        "~section",
        "item",
    ];
    assert_eq!(drawn(&document), want);
    assert_eq!(told(&document), ["a comment", "a hidden section", "a tracked deletion", "hidden text"]);
}

#[test]
fn repeated_rows_and_cells_are_counted_and_blank_ones_cost_nothing() {
    let cell = r#"<table:table-cell office:value-type="float" office:value="1"><text:p>1</text:p></table:table-cell>"#;
    let blank = r#"<table:table-cell table:number-columns-repeated="16383"/>"#;
    let body = format!(
        "<table:table table:name='S'><table:table-row>{cell}{cell}{blank}</table:table-row><table:table-row table:number-rows-repeated='1048570'><table:table-cell table:number-columns-repeated='16384'/></table:table-row><table:table-row table:number-rows-repeated='2'>{cell}</table:table-row></table:table>"
    );
    assert_eq!(drawn(&file("spreadsheet", &body).unwrap()), ["[S] 1|1", "[S] 1/1"]);
    let endless = body.replace("'1048570'", "'18446744073709551615'").replace("'16384'", "'99999999999999999999999'");
    assert_eq!(drawn(&file("spreadsheet", &endless).unwrap()), ["[S] 1|1", "[S] 1/1"]);
    let many = body.replace("number-rows-repeated='2'", "number-rows-repeated='4000000000'");
    assert!(file("spreadsheet", &many).unwrap_err().message.contains("cells"));
}

#[test]
fn a_file_that_is_cut_short_is_refused() {
    for body in ["<table:table table:name='S'><table:table-row>", "<text:p><office:annotation>"] {
        let error = file("text", body).unwrap_err();
        assert!(error.message.contains("damaged"), "{error}");
    }
}
