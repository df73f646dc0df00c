//! Plain text with tables drawn in every way.

use crate::draft::bounds::Budget;
use crate::draft::{Entry, Piece};

/// Pieces drawn as text: a grid row by row, with the place of each cell where `places`.
fn drawn(text: &str, places: bool) -> Vec<String> {
    let show = |e: &Entry| {
        let place = if places { format!("@{}:{}", e.place.line, e.place.column) } else { String::new() };
        format!("{}{}{place}", ">".repeat(e.indent), e.text)
    };
    let piece = |piece: &Piece| match piece {
        Piece::Paragraph(p) => format!("{}{}", if p.heading { "# " } else { "" }, p.text),
        Piece::Grid(g) => {
            g.rows.iter().map(|r| r.iter().map(show).collect::<Vec<_>>().join("|")).collect::<Vec<_>>().join("/")
        }
    };
    super::pieces(text, 0, &mut Budget::default()).unwrap().iter().map(piece).collect()
}

#[test]
fn tabbed_tables_stand_between_headings_and_paragraphs() {
    let text = "We hold these\nfigures.\nTABLE 1\nYear\tTotal\n2013\t12\nof\n  them\t2\nTABLE 2\nAge\tYear\t\n\t2013\t2014\nx\t-\t1\nNote: part year\n";
    let want = [
        "We hold these figures.",
        "# TABLE 1",
        "Year|Total/2013|12/of|/>them|2",
        "# TABLE 2",
        "Age|Year|/|2013|2014/x|-|1",
        "Note: part year",
    ];
    assert_eq!(drawn(text, false), want);
}

#[test]
fn every_cell_has_its_line_and_column() {
    let tabs = drawn("A\tTotal\nUnder 10\t5\n", true);
    assert_eq!(tabs, ["A@1:1|Total@1:3/Under 10@2:1|5@2:10"]);
    let bars = drawn("| A   | Total |\n|-----|-------|\n|   x |     5 |\n", true);
    assert_eq!(bars, ["A@1:3|Total@1:9/>x@3:5|5@3:13"]);
    let aligned = drawn("A       Total\n  x         5\n", true);
    assert_eq!(aligned, ["A@1:1|Total@1:9/>x@2:3|5@2:13"]);
}

#[test]
fn bars_may_have_a_frame_or_none() {
    let want = ["Age|Year||/|2013|2014*|Total/x|-|1|1"];
    let framed = "+----+------+\n|Age |Year| | |\n+====+======+\n| |2013|2014*|Total|\n| x | - | 1 | 1 |\n+----+---+\n";
    assert_eq!(drawn(framed, false), want);
    assert_eq!(drawn("Age | Year | |\n | 2013 | 2014* | Total\nx | - | 1 | 1", false), want);
    let boxes = "┌───┬───┐\n│Age│Year│ │ │\n├───┼───┤\n│ │2013│2014*│Total│\n│x│-│1│1│\n└───┴───┘";
    assert_eq!(drawn(boxes, false), want);
}

#[test]
fn rows_that_wrap_between_rules_are_one_row_and_rows_of_figures_are_not() {
    let ruled = "+---+---+\n| A | N |\n+---+---+\n| long | 1 |\n| label |  |\n+---+---+\n| y | 2 |\n+---+---+\n";
    assert_eq!(drawn(ruled, false), ["A|N/long label|1/y|2"]);
    let total = "+---+---+\n| A | N |\n+---+---+\n| x | 1 |\n| y | 2 |\n+---+---+\n| Sum | 3 |\n+---+---+\n";
    assert_eq!(drawn(total, false), ["A|N/x|1/y|2/Sum|3"]);
}

#[test]
fn aligned_columns_are_found_below_headers_that_span_them() {
    let text = "Victim Age    Year               Total\n              2013  2014  2015*\nUnder 10         -     1      -      1\n10 to 12         9     4      2     15\n";
    assert_eq!(drawn(text, false), ["Victim Age|Year|||Total/|2013|2014|2015*|/Under 10|-|1|-|1/10 to 12|9|4|2|15"]);
}

#[test]
fn sloppy_columns_are_taken_in_order_and_gaps_by_their_place() {
    let text = "Age   2013   2014   Total\nx  1    2   3\ny    5  6  11\nz             4      4\n";
    assert_eq!(drawn(text, false), ["Age|2013|2014|Total/x|1|2|3/y|5|6|11/z||4|4"]);
    // where two figures would stand in one column, nothing is guessed; the gaps stay, so that the check can ask
    let text = "Age   2013   2014   Total\nx  1    2   3\ny          4   4\n";
    assert_eq!(drawn(text, false), ["Age  2013  2014  Total\nx  1  2  3\ny  4  4"]);
}

#[test]
fn labels_with_figures_behind_are_a_table_without_any_alignment() {
    let text = "Victim Age 2013 2014 2015* Total\nUnder 10 - 1 - 1\n10 to 12 9 4 2 15\nGrand Total 12 6 7 25\n";
    let want = ["Victim Age|2013|2014|2015*|Total/Under 10|-|1|-|1/10 to 12|9|4|2|15/Grand Total|12|6|7|25"];
    assert_eq!(drawn(text, false), want);
    assert_eq!(drawn("Year Total\n2013 12\n2014 6\n", false), ["Year|Total/2013|12/2014|6"]);
}

#[test]
fn rules_are_left_out_and_rows_of_dashes_are_not() {
    let text = "Age     2013  2014\n------------------\nx          1     2\ny          -     -\n           -     -\n======  ====  ====\nSum        1     2\nSource: ours.  Two were boys.\n";
    let want = ["Age|2013|2014/x|1|2/y|-|-/|-|-/Sum|1|2", "Source: ours. Two were boys."];
    assert_eq!(drawn(text, false), want);
    assert_eq!(drawn("| A | B |\n|-|-|\n| - | - |\n|x|1|\n", false), ["A|B/-|-/x|1"]);
}

#[test]
fn sentences_are_no_tables() {
    for text in [
        "In the year 2013 there were offences of this kind, namely 12.\nIn 2014 there were 6.\nIn 2015 there were 7.",
        "First sentence.  Second sentence\nwraps here.  Third one\nis long.  It ends",
        "A | B in one line of text",
        "Reference:\t2572/15",
        "1.\tYou asked for figures.\n2.\tWe hold them.",
    ] {
        assert!(
            drawn(text, false).iter().all(|p| !p.contains('/') || p.contains("2572/15")),
            "{:?}",
            drawn(text, false)
        );
    }
}

#[test]
fn a_table_goes_on_below_a_blank_line() {
    assert_eq!(drawn("A\tN\nx\t1\ny\t2\n\nTotal\t3\n", false), ["A|N/x|1/y|2/Total|3"]);
}

/// A footnote below a table is no row of it, however far its words stand from its mark; a row that begins with a sign is.
#[test]
fn footnotes_may_stand_apart_from_their_mark() {
    let text =
        "Year         Total\n2013           [c]\n2015*            7\n*  to 16 July 2015\n^  as it was recorded\n";
    let found = drawn(text, false);
    assert_eq!(found.first().map(String::as_str), Some("Year|Total/2013|[c]/2015*|7"));
    assert!(found.iter().skip(1).all(|piece| !piece.contains('|')), "{found:?}");
    assert_eq!(drawn("Year         Total\n2013             8\n-                7\n", false), ["Year|Total/2013|8/-|7"]);
}
