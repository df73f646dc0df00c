//! Numbers that a comparison gives away: "halved from 6", "half as many", "seven more than in 2021", "95 of the latter", "that
//! makes 24".

use crate::check::common::is_change;
use crate::check::lexicon::{Number, is_year, number};
use crate::check::numerals::numeral;

use super::alone::{is_count, year_of};
use super::left::below;
use super::small::{Hit, LEAVES, excluded};
use super::tokens::Words;
use super::vocabulary::behind as is_behind;

/// Further words of changes, and of percentages that are no part.
const ALSO: [&str; 4] = ["reduced", "declined", "decline", "points"];

/// What a word compares, if the result is a number of persons or cases.
pub(super) fn compared(words: &Words, i: usize) -> Option<Hit> {
    difference(words, i)
        .or_else(|| multiple(words, i))
        .or_else(|| changed(words, i))
        .or_else(|| by_part(words, i))
        .or_else(|| latter(words, i))
        .or_else(|| makes(words, i))
}

fn hit(count: i64, from: usize, to: usize) -> Option<Hit> {
    (count > 0).then_some(Hit { count, from, to, how: LEAVES })
}

/// Where the sentence of a word begins.
fn start(words: &Words, i: usize) -> usize {
    (0..i).rev().find(|&at| words.all.get(at).is_some_and(|t| t.raw.ends_with(['.', '?', '!']))).map_or(0, |at| at + 1)
}

/// The words behind a place up to the end of its sentence, so many at most.
fn behind<'a>(words: &'a Words, i: usize, most: usize) -> impl Iterator<Item = usize> + 'a {
    (i + 1..(i + 1 + most).min(words.all.len())).take_while(|&at| !words.all.get(at - 1).is_none_or(|t| t.stops()))
}

/// A number that can count persons or cases.
fn plain(words: &Words, at: usize) -> Option<i64> {
    let token = words.all.get(at)?;
    let unit = !token.ends()
        && is_behind(words.word(Some(at + 1)))
        && !["in", "to", "and"].contains(&words.word(Some(at + 1)));
    let things = words.is_thing(words.word(Some(at + 1)));
    token.count().filter(|_| !things && !unit && !token.raw.contains('%'))
}

/// Whether a number counts something, by its own noun or by what it looks like: "310 trainees".
fn counted(words: &Words, at: usize) -> bool {
    let next = words.word(Some(at + 1));
    let plural =
        next.len() > 3 && next.ends_with('s') && next.chars().all(char::is_alphabetic) && !words.is_thing(next);
    is_count(words, at) || plural && !excluded(words, at) && plain(words, at).is_some()
}

/// The last number before a place in its sentence; else the last count of the sentence before.
pub(super) fn last_count(words: &Words, i: usize) -> Option<(usize, i64)> {
    let own = start(words, i);
    let of = |from: usize, to: usize| {
        (from..to).rev().filter(|&at| !excluded(words, at)).find_map(|at| plain(words, at).map(|n| (at, n)))
    };
    of(own, i).or_else(|| {
        let earlier = start(words, own.checked_sub(1)?);
        of(earlier, own).filter(|(at, _)| {
            counted(words, *at) || words.all.get(at.wrapping_sub(1)).is_some_and(|t| t.raw.ends_with(':'))
        })
    })
}

/// "10 arrests in 2020, seven more than in 2021", "7 fewer than the 10 arrests".
fn difference(words: &Words, i: usize) -> Option<Hit> {
    let n = words.all.get(i)?.count()?;
    let sign = match words.word(Some(i + 1)) {
        "more" => 1,
        "fewer" | "less" => -1,
        _ => return None,
    };
    if ["no", "not"].contains(&words.back(i, 1)) || words.all.get(i).is_some_and(|t| t.ends()) {
        return None;
    }
    let than = behind(words, i + 1, 5).find(|&at| words.word(Some(at)) == "than")?;
    if (i + 2..than).any(|at| words.is_thing(words.word(Some(at)))) {
        return None;
    }
    let named = behind(words, than, 3).find_map(|at| plain(words, at).map(|m| (at, m)));
    match named {
        Some((at, whole)) => hit(whole + sign * n, i, at + 2),
        None => {
            // "eleven fewer in 2018 than in 2019", where the text tells 2019
            let year = behind(words, than, 3).map(|at| words.word(Some(at))).find(|w| is_year(w));
            let told = year.and_then(|year| {
                let of = |at: &usize| is_count(words, *at) && year_of(words, *at).is_some_and(|y| y == year);
                (0..i).rev().filter(of).find_map(|at| plain(words, at).map(|n| (at, n)))
            });
            if let Some((at, other)) = told {
                return hit(other + sign * n, at, than + 3);
            }
            let (at, other) = last_count(words, i)?;
            hit(other - sign * n, at, than + 3)
        }
    }
}

/// Whether the number at a column is a difference, and leads to no small number that the text tells.
pub(crate) fn is_difference(text: &str, column: usize, most: i64) -> bool {
    let none = std::collections::HashSet::new();
    let words = Words::of(text, &none);
    let at = words.all.iter().position(|t| t.column == column);
    let than = |i: usize| {
        let compares = ["more", "fewer", "less", "higher", "lower"].contains(&words.word(Some(i + 1)));
        compares && behind(&words, i + 1, 8).any(|at| words.word(Some(at)) == "than")
    };
    at.is_some_and(|i| than(i) && difference(&words, i).is_none_or(|hit| hit.count > most))
}

/// A share of one, in words: "half", "a third", "two thirds", "three quarters"; above and below, and how many words it takes.
fn part(words: &Words, at: usize) -> Option<(i64, i64, usize)> {
    let word = words.word(Some(at));
    if word == "half" {
        return Some((1, 2, 1));
    }
    if let Some((above, part)) = word.split_once('-') {
        return Some((numeral(above)?, below(part)?, 1));
    }
    let above = if ["a", "one"].contains(&word) { 1 } else { words.all.get(at)?.count()? };
    Some((above, below(words.word(Some(at + 1)))?, 2))
}

/// A number times a part, where that is a whole number.
fn times(n: i64, above: i64, below: i64) -> Option<i64> {
    n.checked_mul(above)?.checked_div(below).filter(|p| p.checked_mul(below) == n.checked_mul(above))
}

/// "half as many in 2021", "3 times as many as in 2020", "twice as many".
fn multiple(words: &Words, i: usize) -> Option<Hit> {
    if words.word(Some(i)) != "as" || !["many", "often"].contains(&words.word(Some(i + 1))) {
        return None;
    }
    let (above, below) = match words.back(i, 1) {
        "half" => (1, 2),
        "twice" | "double" => (2, 1),
        "thrice" => (3, 1),
        "times" => (i.checked_sub(2).and_then(|at| words.all.get(at)?.count()).filter(|n| *n > 1)?, 1),
        _ => i.checked_sub(2).and_then(|at| part(words, at)).filter(|p| p.2 == 2).map(|p| (p.0, p.1))?,
    };
    let as_many_as = behind(words, i + 1, 4).find(|&at| words.word(Some(at)) == "as");
    if let Some(at) = as_many_as {
        // "twice as many as the 6 of 2020"
        if let Some((to, n)) = behind(words, at, 3).find_map(|at| plain(words, at).map(|n| (at, n))) {
            return hit(times(n, above, below)?, i.saturating_sub(2), to + 2);
        }
    }
    let (at, n) = last_count(words, i.saturating_sub(2))?;
    let other = if as_many_as.is_some() { times(n, below, above) } else { times(n, above, below) };
    hit(other?, at, i + 5)
}

/// The number behind "from" or "to" after a change, and whether it is the earlier one.
fn ends(words: &Words, i: usize) -> Vec<(usize, i64, bool)> {
    let led = |at: usize| match words.back(at, 1) {
        "from" => Some(true),
        "to" => Some(false),
        "the" => match words.back(at, 2) {
            "from" => Some(true),
            "to" => Some(false),
            _ => None,
        },
        _ => None,
    };
    behind(words, i, 9).filter_map(|at| Some((at, plain(words, at)?, led(at)?))).collect()
}

/// "halved, from 6 in 2020", "doubled to 6".
fn changed(words: &Words, i: usize) -> Option<Hit> {
    let (above, below) = match words.word(Some(i)) {
        "halved" | "halving" => (1, 2),
        "doubled" | "doubling" => (2, 1),
        "trebled" | "tripled" | "trebling" | "tripling" => (3, 1),
        "quadrupled" => (4, 1),
        "quintupled" => (5, 1),
        _ => return None,
    };
    let ends = ends(words, i);
    let [(at, n, from)] = ends[..] else { return None };
    let other = if from { times(n, above, below) } else { times(n, below, above) };
    hit(other?, i, at + 2)
}

/// "fell by half from 6", "rose by 300% to 12".
fn by_part(words: &Words, i: usize) -> Option<Hit> {
    let up = |w: &str| ["rose", "increased", "grew", "up", "rise", "increase", "risen", "grown"].contains(&w);
    let down = |w: &str| {
        ["fell", "dropped", "declined", "decreased", "reduced", "down", "fall", "drop", "decrease", "fallen", "cut"]
            .contains(&w)
    };
    let word = words.word(Some(i));
    if !(up(word) || down(word)) {
        return None;
    }
    let near = (i + 1..i + 3).find(|&at| ["by", "of"].contains(&words.word(Some(at))));
    let by = near.or_else(|| behind(words, i, 8).find(|&at| words.word(Some(at)) == "by"))?;
    let (above, below) = match part(words, by + 1) {
        Some((above, below, _)) => (above, below),
        None => {
            let raw = words.all.get(by + 1)?.raw.trim_matches([',', '.', ';', '(', ')']);
            let share = number(raw)?;
            let cent = share.percent || words.word(Some(by + 2)) == "per" || words.word(Some(by + 2)) == "percent";
            let scale = 100i64.checked_mul(10i64.checked_pow(share.decimals.min(6))?)?;
            (share.units, if cent { scale } else { return None })
        }
    };
    let ends = ends(words, i);
    let [(at, n, from)] = ends[..] else { return None };
    let factor = if up(word) { below.checked_add(above)? } else { below.checked_sub(above)? };
    // percentages are rounded: the nearest whole number
    let near = |n: i64, a: i64, b: i64| (2 * n.checked_mul(a)?).checked_add(b)?.checked_div(b.checked_mul(2)?);
    let other = if from { near(n, factor, below) } else { near(n, below, factor) };
    hit(other?, i, at + 2)
}

/// "145 in 2019 and 98 in 2020; 95 of the latter were".
fn latter(words: &Words, i: usize) -> Option<Hit> {
    let n = words.all.get(i)?.count()?;
    let behind = |s: usize| words.word(Some(i + s));
    if (behind(1), behind(2)) != ("of", "the") || !["latter", "former", "total"].contains(&behind(3)) {
        return None;
    }
    // "from 145 in 2019 to 98 in 2020"
    let ends = |at: usize| ["from", "to"].contains(&words.back(at, 1)) && words.word(Some(at + 1)) == "in";
    let numbers: Vec<(usize, i64)> = (0..i)
        .filter_map(|at| plain(words, at).map(|n| (at, n)))
        .filter(|(at, _)| ends(*at) || is_count(words, *at))
        .collect();
    let (at, whole) = match behind(3) {
        "former" => *numbers.get(numbers.len().checked_sub(2)?)?,
        _ => *numbers.last()?,
    };
    hit(whole.checked_sub(n)?, at, i + 5).filter(|h| h.count < n)
}

/// "In 2019, 12 left; in 2020, fewer than five; in 2021, 9. That makes 24 in all": what the bound stands for.
fn makes(words: &Words, i: usize) -> Option<Hit> {
    let whole = words.all.get(i)?.count()?;
    let led = ["makes", "making", "made", "totalling", "altogether"].contains(&words.back(i, 1));
    let closed = behind(words, i, 5).any(|at| {
        words.word(Some(at)) == "altogether"
            || words.word(Some(at)) == "in" && ["all", "total"].contains(&words.word(Some(at + 1)))
    });
    let total = words.back(i, 1) == "of" && words.back(i, 2) == "total";
    if !(led || closed || total) || excluded(words, i) {
        return None;
    }
    let mut bounds = 0;
    let mut sum = 0i64;
    let mut first = None;
    for at in 0..i {
        let Some(n) = plain(words, at).filter(|_| !is_year(words.word(Some(at)))) else { continue };
        let two = [words.back(at, 2), words.back(at, 1)];
        if matches!(two, ["fewer" | "less", "than"]) || words.back(at, 1) == "under" {
            bounds += 1;
        } else if !excluded(words, at) {
            sum = sum.checked_add(n)?;
            first = first.or(Some(at));
        }
    }
    (bounds == 1 && sum > 0).then_some(())?;
    hit(whole.checked_sub(sum)?, first?, i + 1)
}

/// "1,310 in 2020. In 2020, 0.2 per cent led to a charge": the count of the same year is what the percentage is of.
pub(super) fn of_the_year(words: &Words, i: usize, share: Number) -> Option<i64> {
    let own = start(words, i);
    let sentence =
        (own..words.all.len()).take_while(|&at| at == own || !words.all.get(at - 1).is_none_or(|t| t.stops()));
    let changes = sentence.clone().map(|at| words.word(Some(at))).any(|w| is_change(w) || ALSO.contains(&w));
    let beside = words.all.get(i)?.raw.starts_with('(');
    let named = sentence.clone().any(|at| words.word(Some(at)) == "of" && at > i && at < i + 4);
    if changes || beside || named || share.units <= 0 {
        return None;
    }
    let year = year_of(words, i)?;
    (0..own)
        .rev()
        .find_map(|at| plain(words, at).filter(|_| counted(words, at) && year_of(words, at).as_ref() == Some(&year)))
}
