//! Rates and means: whether they belong to their counts, and what they give away.
//!
//! Those within a table were found with it (`measures`). For the others what they are worked out from is looked for in the
//! other tables (`elsewhere`), by labels and arithmetic as well.

mod elsewhere;

use std::collections::HashMap;

use crate::model::{CellId, Interval, grouped};

use super::blocks::Pages;
use super::codes::{DERIVABLE, INCONSISTENT};
use super::figures::{Figures, Signs};
use super::findings::{Finding, Spot};
use super::layout::{Layout, LayoutRate};
use super::lexicon::Number;
use super::measures::{Lines, Ratio, number};
use super::ratio::{Span, divided, divisors, said};
use super::reading::Reading;
use super::shares;
use super::table::Kind;
use super::tree::Known;
use super::typed::Typed;

/// What rates and means say.
#[derive(Debug, Default)]
pub(crate) struct Rates {
    /// In words.
    pub assumptions: Vec<String>,
    /// Those that do not belong to their counts, and amounts that they give away.
    pub findings: Vec<Finding>,
    /// How one narrowed a cell.
    pub steps: HashMap<CellId, String>,
    /// Every rate that is used, for remedies: the cells it is worked out from, and where it stands.
    pub uses: Vec<Use>,
    /// What was assumed, by table, to be saved.
    pub layout: Vec<(String, LayoutRate)>,
}

/// One of the two numbers of a rate.
#[derive(Clone, Debug, PartialEq)]
enum Side {
    /// A count.
    Cell(CellId),
    /// An amount as it is typed.
    Amount(Span),
    /// An amount that is withheld: where it stands.
    Withheld(Box<Spot>),
}

/// A rate and what it is worked out from.
#[derive(Clone, Debug)]
pub(crate) struct Use {
    /// The block that it stands in, and row and column of it.
    pub block: usize,
    /// Row and column of the block.
    pub at: (usize, usize),
    spot: Spot,
    text: String,
    rate: Number,
    per: i64,
    mean: bool,
    of: Side,
    over: Side,
    /// The labels of both.
    names: (String, String),
    table: String,
}

impl Use {
    /// The counts that it tells something of.
    pub fn cells(&self) -> impl Iterator<Item = CellId> {
        let cell = |side: &Side| if let Side::Cell(c) = side { Some(*c) } else { None };
        [cell(&self.of), cell(&self.over)].into_iter().flatten()
    }

    /// Whether one of its numbers is an amount that is withheld.
    pub fn withholds(&self) -> bool {
        matches!(self.of, Side::Withheld(_)) || matches!(self.over, Side::Withheld(_))
    }

    /// "3.1 per 1,000".
    fn shown(&self) -> String {
        match (self.mean, self.per) {
            (true, _) => format!("a mean of {}", self.text),
            (false, 1) => format!("a ratio of {}", self.text),
            (false, 100) if self.text.ends_with('%') => self.text.clone(),
            (false, per) => format!("{} per {}", self.text, grouped(&per.to_string())),
        }
    }
}

/// Where a figure of a table stands.
pub(crate) type Spotter<'a> = &'a dyn Fn(usize, (usize, usize)) -> Spot;

/// Takes the rates and means of all tables into what is known.
pub(crate) fn take(
    reading: &mut Reading,
    pages: &Pages,
    signs: &Signs,
    layout: Option<&Layout>,
    spot: Spotter,
) -> Rates {
    let mut rates = Rates::default();
    for t in 0..reading.tables.len() {
        let Some(figures) = reading.tables.get(t).filter(|f| f.is_main()) else { continue };
        for ratio in &figures.parsed.ratios {
            if is_share(reading, t, figures, ratio) {
                continue;
            }
            let own = of_table(reading, t, figures, ratio, &Places { signs, spot });
            tell(&mut rates, figures, ratio);
            rates.uses.extend(own);
        }
    }
    elsewhere::take(reading, pages, signs, layout, spot, &mut rates);
    narrow(reading, &mut rates);
    rates.findings.extend(amounts(reading, &rates.uses));
    rates
}

/// Whether a percentage is better explained as a part of a total.
fn is_share(reading: &Reading, t: usize, figures: &Figures, ratio: &Ratio) -> bool {
    let heads = if ratio.rows { &figures.parsed.rows } else { &figures.parsed.cols };
    let percent = heads.get(ratio.line).is_some_and(|h| h.kind == Kind::Percent);
    percent && !ratio.given && shares::support(reading, t) >= ratio.fits
}

/// What is assumed of a ratio, in words and for the layout.
fn tell(rates: &mut Rates, figures: &Figures, ratio: &Ratio) {
    let lines = Lines::new(&figures.parsed, ratio.rows);
    let (own, of, over) = (lines.label(ratio.line), lines.label(ratio.of), lines.label(ratio.over));
    let how = how(ratio.given, ratio.fits, ratio.whole);
    rates.assumptions.push(format!("{}: \"{own}\" is {} ({how})", figures.name, formula(ratio.per, &of, &over)));
    let rate = LayoutRate { figures: own, per: ratio.per, of, over, ..LayoutRate::default() };
    rates.layout.push((figures.name.clone(), rate));
}

/// Why it is assumed.
fn how(given: bool, fits: usize, whole: usize) -> String {
    match (given, whole) {
        (true, _) => "as the layout says".to_owned(),
        (false, 0) => "by the labels; nothing printed contradicts it".to_owned(),
        (false, _) => format!("it fits in {fits} of {whole} places where all three are printed"),
    }
}

/// What is left, in a sentence.
fn number_words(interval: Interval) -> String {
    interval.value().map_or_else(|| interval.to_string(), |v| v.to_string())
}

/// "\"Offences\" per 1,000 of \"Population\"", or "\"Total days\" divided by \"Cases\"".
fn formula(per: i64, of: &str, over: &str) -> String {
    match per {
        1 => format!("\"{of}\" divided by \"{over}\""),
        per => format!("\"{of}\" per {} of \"{over}\"", grouped(&per.to_string())),
    }
}

/// The rates of one line.
fn of_table(reading: &Reading, t: usize, figures: &Figures, ratio: &Ratio, places: &Places) -> Vec<Use> {
    let lines = Lines::new(&figures.parsed, ratio.rows);
    let mean = said(&lines.label(ratio.line)).is_some_and(|s| s.mean);
    let one = |across: usize| {
        let typed = lines.cell(ratio.line, across)?;
        let rate = number(typed)?;
        let at = lines.at(ratio.line, across);
        let side = |line: usize| side(reading, t, lines.at(line, across), lines.cell(line, across), places);
        Some(Use {
            block: figures.parsed.block,
            at: place(figures, at)?,
            spot: (places.spot)(t, at),
            text: text(typed, rate),
            rate,
            per: ratio.per,
            mean,
            of: side(ratio.of)?,
            over: side(ratio.over)?,
            names: (lines.label(ratio.of), lines.label(ratio.over)),
            table: figures.name.clone(),
        })
    };
    (0..lines.across()).filter_map(one).collect()
}

/// Row and column of the block.
fn place(figures: &Figures, (row, col): (usize, usize)) -> Option<(usize, usize)> {
    Some((figures.parsed.rows.get(row)?.at, figures.parsed.cols.get(col)?.at))
}

/// A rate as a reader sees it, or as the file stores it.
fn text(typed: &Typed, rate: Number) -> String {
    match typed.stored {
        Some(_) => format!("{} (stored {})", typed.text, crate::model::scaled(rate.units, rate.decimals)),
        None => typed.text.clone(),
    }
}

/// What is needed to look at a figure: what signs stand for, and where it stands.
struct Places<'a> {
    signs: &'a Signs,
    spot: Spotter<'a>,
}

/// One number of a rate: the count of the table, or of the measure beside it; else an amount.
fn side(reading: &Reading, t: usize, at: (usize, usize), typed: Option<&Typed>, places: &Places) -> Option<Side> {
    let block = reading.tables.get(t)?.parsed.block;
    let of_block = reading.tables.iter().enumerate().filter(|(_, f)| f.parsed.block == block);
    let cell = of_block.filter_map(|(t, f)| reading.bound.cell(t, &f.at(at.0, at.1)?)).next();
    if let Some(cell) = cell {
        return Some(Side::Cell(cell));
    }
    let content = &typed?.lexed.content;
    match (Span::typed(content), places.signs.known(content)) {
        (Some(span), _) => Some(Side::Amount(span)),
        (None, Some(Known::Within(_))) => Some(Side::Withheld(Box::new((places.spot)(t, at)))),
        _ => None,
    }
}

/// What is known of one number.
fn known(reading: &Reading, side: &Side) -> Option<Span> {
    match side {
        Side::Cell(c) => Span::of(reading.known.domain(*c)),
        Side::Amount(span) => Some(*span),
        Side::Withheld(_) => None,
    }
}

/// Rounds in which what one rate gives may help another.
const ROUNDS: usize = 3;

/// Narrows both numbers of every rate by the other; what is left of none contradicts itself.
fn narrow(reading: &mut Reading, rates: &mut Rates) {
    for _ in 0..ROUNDS {
        let mut changed = false;
        for used in &rates.uses {
            let (of, over) = (known(reading, &used.of), known(reading, &used.over));
            let mut give = |cell: CellId, possible: Interval, words: String| {
                let was = reading.known.domain(cell);
                if was.meet(possible).is_empty() {
                    if rates.findings.iter().all(|f| f.spots.first() != Some(&used.spot)) {
                        rates.findings.push(contradiction(reading, used, cell, was, possible));
                    }
                } else if was.meet(possible) != was {
                    reading.known.narrow(cell, possible);
                    rates.steps.entry(cell).or_insert(words);
                    changed = true;
                }
            };
            if let (Side::Cell(cell), Some(over)) = (&used.of, over) {
                let possible = divided(used.rate, used.per, over).whole();
                give(*cell, possible, sentence(used, &used.names.0, over, possible, true));
            }
            if let (Side::Cell(cell), Some(of)) = (&used.over, of) {
                let possible = divisors(used.rate, used.per, of);
                give(*cell, possible, sentence(used, &used.names.1, of, possible, false));
            }
        }
        if !changed {
            break;
        }
    }
}

/// "TABLE 1, South: 0.4 per 1,000 of 5,200 is 2 of Offences".
fn sentence(used: &Use, name: &str, other: Span, possible: Interval, over: bool) -> String {
    let line = if used.spot.row.is_empty() { &used.spot.column } else { &used.spot.row };
    let other = number_words(other.whole());
    let is = format!("\"{name}\" is {}", number_words(possible));
    match (over, used.mean || used.per == 1) {
        (true, true) => format!("{}, {line}: {} over {other}, so {is}", used.table, used.shown()),
        (true, false) => format!("{}, {line}: {} of {other}, so {is}", used.table, used.shown()),
        (false, _) => {
            format!("{}, {line}: {} with {other} of \"{}\", so {is}", used.table, used.shown(), used.names.0)
        }
    }
}

fn contradiction(reading: &Reading, used: &Use, cell: CellId, was: Interval, possible: Interval) -> Finding {
    let exact = |side: &Side| if let Side::Cell(c) = side { reading.known.domain(*c).value() } else { None };
    let (of, over) = (&used.names.0, &used.names.1);
    let reason = match (exact(&used.of), exact(&used.over)) {
        (Some(n), Some(d)) => {
            format!("{} does not belong to \"{of}\" {n} and \"{over}\" {d}", used.shown())
        }
        _ => format!(
            "{} would make {} {}, and the draft says {}",
            used.shown(),
            reading.names().cell_in(cell, used.spot.table),
            number_words(possible),
            number_words(was)
        ),
    };
    Finding {
        spots: vec![used.spot.clone()],
        help: Some(format!(
            "correct one of them; if the figure is not {}, say so in a layout (--save-layout, then `rates`)",
            formula(used.per, of, over)
        )),
        ..Finding::plain(&INCONSISTENT, reason)
    }
}

/// Withheld amounts that the number of cases and the mean give away.
fn amounts(reading: &Reading, uses: &[Use]) -> Vec<Finding> {
    let one = |used: &Use| {
        let (Side::Withheld(spot), Some(over)) = (&used.of, known(reading, &used.over)) else { return None };
        let name = &used.names.0;
        let about = divided(used.rate, used.per, over).whole();
        Some(Finding {
            spots: vec![(**spot).clone()],
            ..Finding::plain(
                &DERIVABLE,
                format!(
                    "it can be worked out: {} over {} makes \"{name}\" {}",
                    used.shown(),
                    number_words(over.whole()),
                    if about.is_empty() { "known to within 1".to_owned() } else { number_words(about) }
                ),
            )
        })
    };
    uses.iter().filter_map(one).collect()
}
