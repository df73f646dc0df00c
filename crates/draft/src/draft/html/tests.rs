//! Web pages as browsers show them, and what they hold beside it.

use crate::draft::fixture::drawn;
use crate::draft::{Document, Piece};

fn read(text: &str) -> Document {
    super::read(text.as_bytes().to_vec()).unwrap()
}

#[test]
fn spans_captions_bold_and_raised_marks_are_read() {
    let page =
        "<h1>Answer</h1>Some<br>text<table><caption>Table 1</caption><tr><th rowspan=2>Age<th colspan=2>Year</tr>
        <tr><th>2013<th>2014<sup>1</sup></tr><tr><td>&nbsp;&nbsp;Under 10</td><td>&lt;5</td><td>12<sup>2</sup></td></tr>
        <tr><td style='padding-left:20px'><b>All</b></td><td>7</td><td> 1 <b>2</b></td></tr></table>After";
    let document = read(page);
    let want = [
        "# Answer",
        "Some text",
        "[Table 1] **Age|**Year|^**Year/^**Age|**2013|**2014 [note 1]/>Under 10|<5|12 [note 2]/**>>All|7|1 2",
        "After",
    ];
    assert_eq!(drawn(&document), want);
    let Piece::Grid(grid) = &document.pieces[2] else { panic!("a grid") };
    let place = &grid.rows[2][1].place;
    assert_eq!((place.part.as_deref(), place.line, place.column), (Some("table 1"), 3, 2));
}

#[test]
fn what_a_browser_does_not_show_is_read_and_told() {
    let page =
        "<style>.x, td#y { Display : none } p { color: red }</style><p>a<!-- names: A B, 7 --><!-- end of table --><span hidden>b</span></p>
        <p class='x z'>c</p><table><tr><td>A<td>N<tr style='visibility:hidden'><td>d<td>2<tr><td>e<td id=y>3</table>
        <p style='color:#FFF'>f</p><p><font color=White>F</font></p><input type=hidden value='g 3'><input type=hidden value=g><svg><text>7</text></svg><template><p>h 3</p></template><template><p>of words alone</p></template><script>var i = 1</script><img src=a><img src=b>";
    let document = read(page);
    let want = ["~names: A B, 7", "a", "~b", "~c", "A|N/~d|~2/e|~3", "~f", "~F", "~g 3", "~h 3"];
    assert_eq!(drawn(&document), want);
    assert_eq!(document.residue.len(), 9, "{:?}", document.residue);
}

/// What is hidden in print alone is shown; text that is clipped away is left out, unless it holds a figure: then it is told.
#[test]
fn print_and_screen_readers() {
    let page = "<style>.vh { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%) }
        @media screen { .away { text-indent: -9999px } .off { display: none } } @media print { nav, .skip { display: none } }
        p { margin: 0 }</style><nav>Tables</nav><a class=skip>Skip</a>
        <table><tr><td>A<td>[c]<span class=vh>, withheld</span><tr><td>B<td>9<span class=vh>, was 3</span></table>
        <p class=away>two of them</p><p class=off>gone</p><p class=vh>see below</p>";
    let document = read(page);
    assert_eq!(drawn(&document), ["Tables", "Skip", "A|[c]/B|9", "~, was 3", "~two of them", "~gone"]);
    assert_eq!(document.residue.len(), 3, "{:?}", document.residue);
}

#[test]
fn tables_that_lay_out_a_page_are_no_tables() {
    let page =
        "<table><tr><td>Menu<td><p>Text<table><tr><td>A<td>1<tr><td>B<td>2</table></table><pre>C  N\nx  1\ny  2</pre>";
    assert_eq!(drawn(&read(page)), ["Menu", "Text", "A|1/B|2", "C|N/x|1/y|2"]);
}

#[test]
fn depth_is_bounded() {
    let page = "<div>".repeat(900);
    assert!(super::read(page.into_bytes()).is_err());
}
