//! A cell of figures: its text taken apart, and the number that its file stores where that is another.

use crate::draft::{Entry, Place};

use super::lexicon::{Content, Lexed, Number, lex, tidy};
use super::worded::body;

/// A cell of figures.
#[derive(Clone, Debug)]
pub(crate) struct Typed {
    /// The text taken apart.
    pub lexed: Lexed,
    /// The text as typed.
    pub text: String,
    /// Where it stands.
    pub place: Place,
    /// The file stores a number that differs from the one it shows.
    pub more: bool,
    /// The number that it stores then.
    pub stored: Option<Number>,
}

/// Decimals of stored percentages and rates that are used at most.
const STORED: usize = 9;

/// Decimals of a stored number, as far as they are used: of 2.65 that was stored so, nobody knows the third.
fn decimals(stored: f64, percent: bool) -> u32 {
    let text = stored.abs().to_string();
    let all = text.split_once('.').map_or(0, |(_, d)| d.len());
    let used = if percent { all.saturating_sub(2) } else { all };
    u32::try_from(used.min(STORED)).unwrap_or(0)
}

/// A cell of a grid as one of figures.
pub(crate) fn typed(entry: Option<&Entry>) -> Typed {
    let text = entry.map(|e| tidy(&e.text)).unwrap_or_default();
    let place = entry.map(|e| e.place.clone()).unwrap_or_default();
    let mut lexed = body(&text);
    if let Some(lines) = entry.map(|e| &e.lines).filter(|l| is_stacked(l, &lexed)) {
        lexed = Lexed { content: Content::Sign(lines.join(" / ")), share: None };
    }
    let (mut more, mut exact) = (false, None);
    if let Some(stored) = entry.and_then(|e| e.stored) {
        match lexed.content {
            Content::Number(shown) => {
                let whole = if shown.percent { stored * 100.0 } else { stored };
                let differs = (whole - shown.units as f64 / 10f64.powi(shown.decimals as i32)).abs() > 1e-9;
                more = differs && !shown.percent;
                // what a workbook stores of a percentage or a rate is as public as what it shows
                if differs && whole.abs() < 1e6 {
                    let decimals = decimals(stored, shown.percent);
                    let units = (whole * 10f64.powi(decimals as i32)).round() as i64;
                    let number = Number { units, decimals, ..shown };
                    if shown.percent {
                        lexed.content = Content::Number(number);
                    } else {
                        exact = Some(number);
                    }
                }
            }
            // a number below a sign or a bound is as public as one that is shown
            Content::Blank | Content::Range(_) | Content::Sign(_) => {
                // a dash for a zero says what it is
                more = stored != 0.0 || !text.chars().all(|c| matches!(c, '-' | ' '));
                lexed.content = count(stored).map_or(lexed.content, Content::Number);
            }
        }
    }
    Typed { lexed, text, place, more, stored: exact }
}

/// A stored number as a count.
fn count(stored: f64) -> Option<Number> {
    let whole = stored.fract() == 0.0 && (0.0..1e15).contains(&stored);
    whole.then_some(Number { units: stored as i64, decimals: 0, percent: false, money: false })
}

/// Whether a cell's lines are figures that nothing pairs up with: "2", "341" below each other are no 2,341.
fn is_stacked(lines: &[String], lexed: &Lexed) -> bool {
    let figures = lines.iter().filter(|l| l.bytes().any(|b| b.is_ascii_digit())).count();
    let first = lines.first().map(|l| lex(l).content);
    figures > 1 && lexed.share.is_none() && first.as_ref() != Some(&lexed.content)
}
