//! The answer, read back.

use std::error::Error;
use std::io::{Cursor, Read};

use quick_xml::Reader;
use quick_xml::events::Event;

use crate::release::{Header, Refusal, Release, fixture};
use crate::write::find;

type Outcome = Result<(), Box<dyn Error>>;

fn release(change: impl Fn(&mut Header)) -> Result<Release, Refusal> {
    let mut header = fixture::header();
    change(&mut header);
    Release::new(&fixture::system(), &fixture::protection(), &fixture::audit(), header)
}

fn written(name: &str, release: &Release) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut out = Vec::new();
    (find(name).ok_or("no such writer")?.write)(release, &mut out)?;
    Ok(out)
}

#[test]
fn text_has_every_part_in_the_order_asked() -> Outcome {
    let text = String::from_utf8(written("answer-text", &release(|_| ())?)?)?;
    insta::assert_snapshot!(text, @r#"
    DRAFT. Not to be sent before a person has checked and signed it.

    Grooming offences
    =================

    Reference: 2572/15

    Your request was received on 3 August 2015.

    Thank you for your request.

    Your request
    ------------

        How many victims, by age & year?

    The table counts offences.

    TABLE 2

    Victim Age   Year                Total
                     2014  2015*
    Under 10          [c]      -       [c]
    10 and over       [c]     6#       [c]
    Without age       [z]    [z]       [z]
    Grand Total  17180014      6  17180020

    *  to 16 July 2015
    #  one recorded late
    Recorded age.

    4 of the 12 figures of this table are withheld, shown as [c].

    Further figures
    ---------------

    TABLE 1

    Year            Total
    2014         17180014
    2015*               6
    Grand Total  17180020

    *  to 16 July 2015

    Signs in the tables
    -------------------

    [c]  withheld: between 1 and 4, or withheld to protect another figure; never zero (shown as -)
    -    zero
    [z]  not applicable: these categories exclude each other

    About the figures
    -----------------

    Source: Crime records

    Counted: offence

    What is withheld, and why
    -------------------------

    4 of the 15 figures in the tables of this answer are withheld. Each is shown as [c]. The same sign
    stands for a figure that is withheld because of its size and for one that would reveal another, so
    that neither can be worked out.

    Section 40(2): Personal information

    Withheld under section 40(2): the figures shown as [c].

    A child could be recognised.

    The public interest:

    The exemption is absolute.

    Advice and assistance
    ---------------------

    Figures for all ages are given in full.

    Other information
    -----------------

    Nor is it said whether <more> is held.

    Nothing else is confirmed or denied.

    If you are not content with this answer
    ---------------------------------------

    Write to the review officer within 40 days.

    Information officer: ________________________
    Date: ________________________

    Protected under policy police-foi, version 1 (fingerprint ab1cd2efab1c), with tabsafe 0.1.0.
    "#);
    Ok(())
}

#[test]
fn what_only_a_person_can_say_is_asked_for() -> Outcome {
    let release = release(|h| (h.answer, h.closing) = (None, Vec::new()))?;
    let text = String::from_utf8(written("answer-text", &release)?)?;
    let asked: Vec<&str> = text.lines().filter(|l| l.starts_with("[To be written")).collect();
    assert_eq!(asked.len(), 4, "{text}");
    assert!(asked[0].contains("the questions") && asked[1].contains("the exemption"), "{asked:?}");
    assert!(text.contains("TABLE 1") && text.contains("TABLE 2"), "every table is given: {text}");
    Ok(())
}

#[test]
fn markdown_is_read_back_with_its_tables() -> Outcome {
    use pulldown_cmark::{Event, Options, Parser, Tag};
    let text = String::from_utf8(written("answer-markdown", &release(|_| ())?)?)?;
    let (mut cells, mut quoted) = (Vec::new(), false);
    let mut cell: Option<String> = None;
    for event in Parser::new_ext(&text, Options::ENABLE_TABLES) {
        match event {
            Event::Start(Tag::TableCell) => cell = Some(String::new()),
            Event::End(pulldown_cmark::TagEnd::TableCell) => cells.extend(cell.take()),
            Event::Start(Tag::BlockQuote(_)) => quoted = true,
            Event::Text(text) => {
                if let Some(cell) = &mut cell {
                    cell.push_str(&text);
                }
            }
            _ => {}
        }
    }
    assert!(quoted, "the question is quoted");
    assert_eq!(cells.join("|"), EVERY_CELL);
    assert!(text.starts_with("**DRAFT. Not to be sent"), "{text}");
    Ok(())
}

/// Headings, labels and publishable figures of the two tables, in the order of the answer.
const EVERY_CELL: &str = "Victim Age|2014|2015*|Total|Under 10|[c]|-|[c]|10 and over|[c]|6#|[c]|\
    Without age|[z]|[z]|[z]|Grand Total|17180014|6|17180020|\
    Year|Total|2014|17180014|2015*|6|Grand Total|17180020";

/// The parts of the container by name.
fn unzipped(docx: Vec<u8>) -> Result<Vec<(String, String)>, Box<dyn Error>> {
    let mut archive = zip::ZipArchive::new(Cursor::new(docx))?;
    let mut parts = Vec::new();
    for i in 0..archive.len() {
        let mut file = archive.by_index(i)?;
        let time = file.last_modified().map(|t| t.to_string());
        assert!(time.is_none_or(|t| t.starts_with("1980-01-01")), "{} tells when it was made", file.name());
        let mut text = String::new();
        file.read_to_string(&mut text)?;
        parts.push((file.name().to_owned(), text));
    }
    Ok(parts)
}

/// The document holds the cells of the tables and no others; the first row of each table is its header.
#[test]
fn docx_is_read_back_cell_by_cell() -> Outcome {
    let parts = unzipped(written("answer-docx", &release(|_| ())?)?)?;
    let document = &parts.iter().find(|p| p.0 == "word/document.xml").ok_or("no document")?.1;
    let mut reader = Reader::from_str(document);
    let (mut cells, mut cell, mut heads) = (Vec::new(), None::<String>, 0);
    loop {
        match reader.read_event()? {
            Event::Eof => break,
            Event::Start(tag) if tag.name().as_ref() == b"w:tc" => cell = Some(String::new()),
            Event::End(tag) if tag.name().as_ref() == b"w:tc" => cells.extend(cell.take()),
            Event::Empty(tag) if tag.name().as_ref() == b"w:tblHeader" => heads += 1,
            Event::Text(text) => {
                if let Some(cell) = &mut cell {
                    cell.push_str(&text.decode()?);
                }
            }
            _ => {}
        }
    }
    assert_eq!(cells.join("|"), EVERY_CELL);
    assert_eq!(heads, 2, "a header row per table");
    Ok(())
}

/// Nothing in the container tells who made it, when, where or in which order.
#[test]
fn docx_has_no_residue() -> Outcome {
    let first = written("answer-docx", &release(|_| ())?)?;
    let parts = unzipped(first.clone())?;
    let all: String = parts.iter().map(|p| p.1.as_str()).collect();
    for residue in
        ["creator", "lastModifiedBy", "unknown", "dcterms", "paraId", "rsid", "<w:comment ", "<w:del ", "docVar"]
    {
        assert!(!all.contains(residue), "{residue}");
    }
    let core = &parts.iter().find(|p| p.0 == "docProps/core.xml").ok_or("no properties")?.1;
    assert!(core.contains("<dc:title>Grooming offences</dc:title><dc:language>en-GB</dc:language>"), "{core}");
    let styles = &parts.iter().find(|p| p.0 == "word/styles.xml").ok_or("no styles")?.1;
    assert!(styles.contains("<w:lang w:val=\"en-GB\"/>"), "{styles}");
    let headers = parts.iter().filter(|p| p.0.starts_with("word/header"));
    assert!(headers.map(|p| p.1.as_str()).collect::<String>().contains("DRAFT"), "every page says that it is a draft");
    assert_eq!(written("answer-docx", &release(|_| ())?)?, first, "the same bytes");
    Ok(())
}

/// Where the specification names no exemption and offers nothing, the draft takes the words of the policy; what the
/// specification says comes first.
#[test]
fn the_policy_says_what_the_specification_does_not() -> Outcome {
    let exemption = crate::policy::Exemption {
        act: "Freedom of Information Act 2000".to_owned(),
        section: "section 38".to_owned(),
        because: "Somebody could come to harm.".to_owned(),
        advice: Some("Ask for the whole year.".to_owned()),
    };
    let text = |specified: bool| -> Result<String, Box<dyn Error>> {
        let release = release(|header| {
            header.terms.exemption = Some(exemption.clone());
            if let Some(answer) = header.answer.as_mut().filter(|_| !specified) {
                answer.exemptions.clear();
                answer.advice.clear();
            }
        })?;
        Ok(String::from_utf8(written("answer-text", &release)?)?)
    };
    let of_policy = ["section 38 of the Freedom of Information Act 2000", "come to harm", "Ask for the whole year."];
    let (without, with) = (text(false)?, text(true)?);
    assert!(of_policy.iter().all(|words| without.contains(words)), "{without}");
    assert!(!without.contains("the exemption, and why it applies"), "{without}");
    assert!(of_policy.iter().all(|words| !with.contains(words)), "{with}");
    Ok(())
}
