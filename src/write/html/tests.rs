//! Pages, parsed as a browser parses them.

use std::error::Error;

use html5ever::tendril::TendrilSink;
use html5ever::{ParseOpts, parse_document};
use markup5ever_rcdom::{Handle, NodeData, RcDom};

use super::*;
use crate::attack::Leak;
use crate::model::{Interval, Verdict, grouped};
use crate::release::{Earlier, Facts, Report, Review, fixture};

type Outcome = Result<(), Box<dyn Error>>;

fn parsed(page: &[u8]) -> Result<RcDom, Box<dyn Error>> {
    let dom = parse_document(RcDom::default(), ParseOpts::default()).from_utf8().read_from(&mut &page[..])?;
    assert!(dom.errors.borrow().is_empty(), "{:?}", dom.errors.borrow());
    Ok(dom)
}

fn is(node: &Handle, name: &str) -> bool {
    matches!(&node.data, NodeData::Element { name: n, .. } if &*n.local == name)
}

fn attribute(node: &Handle, key: &str) -> Option<String> {
    let NodeData::Element { attrs, .. } = &node.data else { return None };
    attrs.borrow().iter().find(|a| &*a.name.local == key).map(|a| a.value.to_string())
}

/// Every element of this name below a node, in order.
fn all(node: &Handle, name: &str) -> Vec<Handle> {
    let mut found = Vec::new();
    for child in node.children.borrow().iter() {
        if is(child, name) {
            found.push(child.clone());
        }
        found.extend(all(child, name));
    }
    found
}

fn text(node: &Handle) -> String {
    match &node.data {
        NodeData::Text { contents } => contents.borrow().to_string(),
        _ => node.children.borrow().iter().map(text).collect(),
    }
}

/// Every text below a node, apart.
fn words(node: &Handle) -> String {
    match &node.data {
        NodeData::Text { contents } => format!("{} ", contents.borrow()),
        _ => node.children.borrow().iter().map(words).collect(),
    }
}

fn release() -> Result<Release, crate::release::Refusal> {
    Release::new(&fixture::system(), &fixture::protection(), &fixture::audit(), fixture::header())
}

fn page() -> Result<Vec<u8>, Box<dyn Error>> {
    let mut out = Vec::new();
    write(&release()?, &mut out)?;
    Ok(out)
}

/// The page holds every publishable figure in its cell, and no digit of its own beside them.
#[test]
fn a_page_holds_the_publishable_cells_and_nothing_else() -> Outcome {
    let dom = parsed(&page()?)?;
    let tables = all(&dom.document, "table");
    let rows = |table: &Handle| {
        let rows = all(table, "tr").into_iter();
        rows.map(|r| {
            let cells = r.children.borrow().iter().filter(|c| is(c, "td") || is(c, "th")).map(text).collect::<Vec<_>>();
            cells.join("|")
        })
        .collect::<Vec<_>>()
    };
    assert_eq!(tables.len(), 2);
    assert_eq!(rows(&tables[0]), ["Year|Total", "2014|17,180,014", "2015*|6", "Grand Total|17,180,020"]);
    let expected = [
        "Victim Age|Year|Total",
        "2014|2015*",
        "Under 10|[c]|-|[c]",
        "10 and over|[c]|6#|[c]",
        "Without age|[z]|[z]|[z]",
        "Grand Total|17,180,014|6|17,180,020",
    ];
    assert_eq!(rows(&tables[1]), expected);
    // outside tables, digits stand in the spec's own words, in the policy's range, and in charts of published figures
    let outside: String = ["h1", "dl", "nav", "p", "ul", "footer", "svg", "figcaption"]
        .iter()
        .flat_map(|n| all(&dom.document, n))
        .map(|n| words(&n))
        .collect();
    let numbers = outside.split(|c: char| !c.is_ascii_digit() && c != ',').filter(|n| n.len() > 4);
    let published = ["17,180,014", "17,180,020"];
    assert!(numbers.clone().all(|n| published.contains(&n.trim_matches(','))), "{:?}", numbers.collect::<Vec<_>>());
    Ok(())
}

/// Header cells span what they are headers of, and say so.
#[test]
fn header_cells_have_scope() -> Outcome {
    let dom = parsed(&page()?)?;
    let table = &all(&dom.document, "table")[1];
    let told: Vec<String> = all(table, "th")
        .iter()
        .take(6)
        .map(|th| {
            let get = |key| attribute(th, key).unwrap_or_default();
            format!("{}:{}:{}x{}", text(th), get("scope"), get("colspan"), get("rowspan"))
        })
        .collect();
    assert_eq!(
        told,
        ["Victim Age:col:x2", "Year:colgroup:2x", "Total:col:x2", "2014:col:x", "2015*:col:x", "Under 10:row:x"]
    );
    assert!(all(&dom.document, "table").iter().all(|t| all(t, "caption").len() == 1));
    Ok(())
}

/// A page needs no script, no network and no other file.
#[test]
fn a_page_stands_alone() -> Outcome {
    for page in [page()?, review(|_, _| (), None)?] {
        let dom = parsed(&page)?;
        for name in ["script", "link", "img", "iframe", "object", "form", "base"] {
            assert!(all(&dom.document, name).is_empty(), "{name}");
        }
        let text = String::from_utf8(page)?;
        for outside in ["http:", "https:", "url(", "@import", "src=", " on"] {
            assert!(!text.replace(" on ", "").replace(" one", "").replace(" once", "").contains(outside), "{outside}");
        }
        assert!(all(&dom.document, "a").iter().all(|a| attribute(a, "href").is_some_and(|h| h.starts_with('#'))));
        let ids: Vec<String> = ids(&dom.document);
        for link in all(&dom.document, "a") {
            let target = attribute(&link, "href").unwrap_or_default();
            assert!(ids.iter().any(|id| format!("#{id}") == target), "{target} leads nowhere");
        }
        let unique: std::collections::HashSet<&String> = ids.iter().collect();
        assert_eq!(unique.len(), ids.len(), "ids are unique");
    }
    Ok(())
}

fn ids(node: &Handle) -> Vec<String> {
    let own = attribute(node, "id");
    own.into_iter().chain(node.children.borrow().iter().flat_map(ids)).collect()
}

/// A withheld figure has a sign and no length; a zero has the length zero.
#[test]
fn a_chart_shows_what_is_withheld_as_withheld() -> Outcome {
    let mut system = fixture::system();
    // so that enough of the table is published for a chart
    system.cells[0].value = 2;
    let mut protection = fixture::protection();
    for cell in [3, 5] {
        protection.treatments[cell] = crate::model::Treatment::Publish;
    }
    let release = Release::new(&system, &protection, &fixture::audit(), fixture::header())?;
    let markers = &release.header().markers;
    let chart = chart::chart(&release.tables()[1], markers).ok_or("no chart")?;
    let bars: Vec<(String, Option<&str>)> =
        chart.bars.iter().map(|b| (b.figure.clone(), b.length.as_deref())).collect();
    assert_eq!(bars[0], ("[c] withheld".to_owned(), None));
    assert_eq!(bars[1], ("-".to_owned(), Some("0.0")));
    assert!(bars[2].1.is_some_and(|l| l.parse::<f64>().is_ok_and(|l| l > 100.0)), "{bars:?}");
    assert_eq!(bars[4], ("[z] not applicable".to_owned(), None));
    assert!(chart.hides && chart.description.starts_with("Bars from 0 to 9,870,011."), "{}", chart.description);
    Ok(())
}

/// The reviewer's page of the fixture after a change.
fn review(
    change: impl Fn(&mut crate::attack::Audit, &mut crate::model::System),
    since: Option<&Earlier>,
) -> Result<Vec<u8>, Box<dyn Error>> {
    let (mut system, mut audit) = (fixture::system(), fixture::audit());
    change(&mut audit, &mut system);
    let (protection, findings, header) = (fixture::protection(), fixture::findings(), fixture::header());
    let facts = facts(&system, &protection, &audit, &findings, &header);
    let said = [("Verdict".to_owned(), "an attack found nothing".to_owned())];
    let mut out = Vec::new();
    write_review(&Review::new(&facts, &said, since), &mut out)?;
    Ok(out)
}

fn facts<'a>(
    system: &'a crate::model::System,
    protection: &'a crate::model::Protection,
    audit: &'a crate::attack::Audit,
    findings: &'a [crate::model::Finding],
    header: &'a crate::release::Header,
) -> Facts<'a> {
    let (seconds, warnings, by_table, cost_decimals) = (&[][..], &[][..], true, 0);
    Facts { system, findings, protection, audit, header, seconds, warnings, by_table, cost_decimals }
}

/// True and public value side by side, the reason and its line of the policy, the interval, and both tables of the proof.
#[test]
fn a_reviewer_finds_everything_about_a_cell() -> Outcome {
    let dom = parsed(&review(|_, _| (), None)?)?;
    let cell = all(&dom.document, "td").into_iter().find(|td| attribute(td, "class").as_deref() == Some("s-primary"));
    let cell = cell.ok_or("no primary cell")?;
    assert_eq!(text(&cell).split_whitespace().collect::<Vec<_>>().join(" "), "7,310,003 →, public: [c] P, primary");
    let target = attribute(&all(&cell, "a")[0], "href").ok_or("no link")?;
    let details = all(&dom.document, "details");
    let cases = || details.iter().filter(|d| attribute(d, "class").as_deref() == Some("case"));
    let own = cases().find(|d| ids(d).iter().any(|id| format!("#{id}") == target)).ok_or("no details")?;
    let told = text(own);
    for expected in [
        "Victim Age Under 10, Year 2014: true 7,310,003, public [c]; an intruder is left with 1 to 4",
        "is below the threshold of 5",
        "policies/police-foi.toml:12",
        "both ends possible and nothing beyond them",
        "That is as much of what the policy asks for as can be hidden at all.",
        "1 / 4",
    ] {
        assert!(told.contains(expected), "{expected} is not in {told}");
    }
    let page = text(&dom.document);
    assert!(page.contains("CONFIDENTIAL: holds figures that must not be published."));
    assert_eq!(cases().count(), 4, "one for each withheld cell");
    Ok(())
}

/// A leak stands before everything else, with its arithmetic.
#[test]
fn a_leak_is_told_with_its_derivation() -> Outcome {
    let leak = |audit: &mut crate::attack::Audit, _: &mut crate::model::System| {
        audit.verdict = Verdict::Unsafe;
        let derivation = format!("Total 7310005 - 2 = {}", fixture::SECRET);
        audit.leaks.push(Leak { cell: 0, learned: Interval::exactly(fixture::SECRET), derivation });
    };
    let dom = parsed(&review(leak, None)?)?;
    let leaks = all(&dom.document, "ol").first().map(text).ok_or("no list of leaks")?;
    assert!(leaks.contains("exactly 7310003") && leaks.contains("Total 7310005 - 2 = 7310003"), "{leaks}");
    assert!(text(&dom.document).contains("Verdict: Unsafe"));
    Ok(())
}

/// What was published once stays known: a cell that is withheld now is told first.
#[test]
fn changes_since_the_last_report_are_told() -> Outcome {
    let (system, audit, findings) = (fixture::system(), fixture::audit(), fixture::findings());
    let mut protection = fixture::protection();
    // the first release published what is withheld now, and withheld the total of 2014
    protection.treatments[3] = crate::model::Treatment::Publish;
    protection.treatments[6] = crate::model::Treatment::Withhold { primary: false };
    let mut header = fixture::header();
    header.policy_version = "0".to_owned();
    let before = Report::new(&facts(&system, &protection, &audit, &findings, &header));
    let earlier = Earlier::parse(&serde_json::to_string(&before)?)?;
    let grow = |_: &mut crate::attack::Audit, system: &mut crate::model::System| system.cells[7].value = 8;
    let dom = parsed(&review(grow, Some(&earlier))?)?;
    let tables = all(&dom.document, "table");
    let rows = |t: &Handle| all(t, "tr").iter().map(text).collect::<Vec<_>>();
    let changed = rows(&tables[1]);
    assert_eq!(rows(&tables[0])[1], "Policypolice-foi, version 0 (f00d)police-foi, version 1 (f00d)");
    assert_eq!(changed.len(), 4, "{changed:?}");
    assert!(changed[1].contains("this very value was published before"), "{changed:?}");
    assert!(changed[2].starts_with("Year 2014") && changed[2].contains("published now, hidden before"), "{changed:?}");
    assert!(changed[3].starts_with("Year 2015*6, published8, published"), "{changed:?}");
    let same = Report::new(&facts(&system, &fixture::protection(), &audit, &findings, &fixture::header()));
    let same = Earlier::parse(&serde_json::to_string(&same)?)?;
    assert!(String::from_utf8(review(|_, _| (), Some(&same))?)?.contains("Nothing: the same cells"));
    let refused = Earlier::parse("{\"confidential\": 48271}").err().ok_or("it was taken")?;
    assert!(!refused.contains("48271"), "{refused}");
    Ok(())
}

/// Cells are known again whether they name their table (`release`) or every variable (`protect`), and where a table stands
/// for another order of tables.
#[test]
fn cells_are_known_again_with_and_without_tables() -> Outcome {
    let (mut system, audit, findings) = (fixture::system(), fixture::audit(), fixture::findings());
    let (protection, header) = (fixture::protection(), fixture::header());
    let facts = |by_table| Facts { by_table, ..facts(&system, &protection, &audit, &findings, &header) };
    let changes = |before: &Facts, now: &Facts| -> Result<crate::release::Changes, Box<dyn Error>> {
        let earlier = Earlier::parse(&serde_json::to_string(&Report::new(before))?)?;
        Review::new(now, &[], Some(&earlier)).changes.ok_or_else(|| "no changes".into())
    };
    assert!(changes(&facts(true), &facts(true))?.is_empty());
    assert!(changes(&facts(false), &facts(false))?.is_empty());
    let earlier = Earlier::parse(&serde_json::to_string(&Report::new(&facts(true)))?)?;
    // without table 1, its cells are still those of the last row of table 2
    system.tables[0].title = "another".to_owned();
    for cell in &mut system.cells {
        cell.places.retain(|p| p.table == 1);
    }
    let now = super::tests::facts(&system, &protection, &audit, &findings, &header);
    let changes = Review::new(&now, &[], Some(&earlier)).changes.ok_or("no changes")?;
    assert!(changes.is_empty(), "{changes:?}");
    Ok(())
}

#[test]
fn digits_are_grouped_and_nothing_else() {
    assert_eq!(grouped("17180014#"), "17,180,014#");
    assert_eq!(grouped("-1234.5678"), "-1,234.5678");
    assert_eq!(grouped("999"), "999");
    assert_eq!(grouped("-"), "-");
    assert_eq!(grouped("[c]"), "[c]");
    assert_eq!(grouped(""), "");
}
