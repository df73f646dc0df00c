//! Places of every format that hold what its tables and lines do not show: a withheld figure in one of them, or something
//! that gives nothing away.

use crate::random::Rng;

use super::kinds::{Made, caption, head, row};
use super::page::{Held, Page};
use super::truth::Truth;
use super::words::{NOUNS, labels, large, pick, small, years};
use super::{columns, docx, odf, pdf, pptx, web, xlsx};

/// A place: its format, its name, and whether something can stand there that gives nothing away.
pub type Place = (&'static str, &'static str, bool);

/// Every place of every format.
pub fn places() -> Vec<Place> {
    let all: [(&'static str, &[(&'static str, bool)]); 11] = [
        ("xlsx", xlsx::PLACES),
        ("ods", odf::SHEET_PLACES),
        ("odt", odf::TEXT_PLACES),
        ("docx", docx::PLACES),
        ("pptx", pptx::PLACES),
        ("pdf", pdf::PLACES),
        ("html", web::PLACES),
        ("md", web::MARKDOWN_PLACES),
        ("arrow", columns::ARROW_PLACES),
        ("arrows", columns::ARROW_PLACES),
        ("parquet", columns::PARQUET_PLACES),
    ];
    all.iter().flat_map(|(format, places)| places.iter().map(|&(place, twin)| (*format, place, twin))).collect()
}

/// Texts that give nothing away.
const HARMLESS: [&str; 8] = [
    "Prepared by the statistics team",
    "Source: case system, data as at 31 March 2021",
    "Areas are those of 2019 to 2021",
    "See table 2 and page 3",
    "Checked on 4 May 2022",
    "Version 1.2",
    "Persons aged 12 to 17",
    "Information request",
];

const WORDS: [&str; 10] = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];

/// Places whose text is shown, or stands among code: a number alone says nothing of what it counts.
const SHOWN: [&str; 22] = [
    "text-box",
    "chart-title",
    "chart-shape",
    "footnote",
    "header",
    "footer",
    "field-result",
    "list-label",
    "unused-note",
    "closed-details",
    "form-object",
    "drawn-text",
    "option",
    "text-area",
    "page-label",
    "other-text",
    "placeholder",
    "handler",
    "script-comment",
    "field",
    "tiny-text",
    "layout-text",
];

/// A draft with something in this place. Its table withholds a small count, alone where there is no total, else with a
/// large one.
pub fn planted(rng: &mut Rng, leak: bool, (format, place, twin): Place) -> Made {
    let leak = leak || !twin;
    let (places, times) = (labels(rng, 4), years(rng, 2));
    let mut counts: Vec<Vec<i64>> = places.iter().map(|_| times.iter().map(|_| large(rng)).collect()).collect();
    let (first, column) = (rng.below(4), rng.below(2));
    let second = (first + 1) % 4;
    counts[first][column] = small(rng);
    let with_total = rng.chance(50);
    let mut rows: Vec<Vec<String>> = places.iter().zip(&counts).map(|(p, r)| row(p, r)).collect();
    rows[first][column + 1] = "*".to_owned();
    let mut truth = Truth { unknown: 1, ..Truth::default() };
    if with_total {
        counts[second][column] += 9;
        rows[second][column + 1] = "*".to_owned();
        rows.push(row("Total", &(0..2).map(|t| counts.iter().map(|r| r[t]).sum()).collect::<Vec<i64>>()));
        truth.unknown = 2;
        truth.equations.push((vec![(0, 1), (1, 1)], counts[first][column] + counts[second][column]));
    }
    let told = if with_total && rng.chance(40) { second } else { first };
    let number = counts[told][column];
    if leak {
        truth.equations.push((vec![(usize::from(told != first), 1)], number));
    }
    let (area, year, noun) = (places[told], &times[column], pick(rng, &NOUNS));
    let text = match (leak, rng.below(6)) {
        (false, 0) => area.to_owned(),
        (false, _) => pick(rng, &HARMLESS).to_owned(),
        (_, 0) if !SHOWN.contains(&place) => number.to_string(),
        (_, 1) => format!("{area}: {number}"),
        (_, 2) => format!("There were {number} {noun} in {area} in {year}."),
        (_, 3) => format!("{number} {noun} in {area}"),
        (_, 4) if number <= 10 => format!("{area} had {} {noun}", WORDS[number as usize - 1]),
        _ => format!("{area} {year} = {number}"),
    };
    let lines = !matches!(format, "arrow" | "arrows" | "parquet");
    let page = if lines { Page::default().line(caption(rng)) } else { Page::default() };
    let mut page = page.table(&head("Area", &times), rows);
    page.held = Some(Held { place, leak, text, number, at: (told, column + 1) });
    (page, truth)
}
