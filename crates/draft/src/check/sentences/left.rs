//! Numbers that a sentence leaves over: "ten of the 12", "a quarter of these", "the remaining pupils".

use crate::check::lexicon::{Number, number};
use crate::check::numerals::numeral;
use crate::check::shares::counts;

use super::authors::of_authors;
use super::compared::{last_count, of_the_year};
use super::small::{Hit, LEAVES, TELLS, counts_something, excluded, numbered_of};
use super::tokens::Words;
use super::vocabulary::{VERBS, before as is_before, behind as is_behind};

/// What the word of a part divides by: "third", "tenths".
pub(crate) fn below(word: &str) -> Option<i64> {
    Some(match word.strip_suffix('s').unwrap_or(word) {
        "half" | "halve" => 2,
        "third" => 3,
        "quarter" => 4,
        "fifth" => 5,
        "sixth" => 6,
        "seventh" => 7,
        "eighth" => 8,
        "ninth" => 9,
        "tenth" => 10,
        "twelfth" => 12,
        "twentieth" => 20,
        "hundredth" => 100,
        _ => return None,
    })
}

/// "half of the 6", "a third of 12 pupils", "three quarters of the 12", "one in four of the 12".
pub(super) fn fraction(words: &Words, i: usize) -> Option<Hit> {
    let number = |at: usize| words.all.get(at).and_then(|t| t.count());
    let (above, below, next) = match words.word(Some(i)) {
        "half" => (1, 2, i + 1),
        part if below(part).is_some() => {
            let above = match words.back(i, 1) {
                "a" | "one" => 1,
                _ => i.checked_sub(1).and_then(number).filter(|n| *n < 10)?,
            };
            (above, below(part)?, i + 1)
        }
        // "two-thirds of the six"
        joint if joint.contains('-') => {
            let (above, part) = joint.split_once('-')?;
            (numeral(above)?, below(part)?, i + 1)
        }
        _ => {
            let above = number(i)?;
            let below = number(i + 2).filter(|_| words.word(Some(i + 1)) == "in")?;
            (above, below, i + 3)
        }
    };
    let behind = whole_behind(words, next).or_else(|| spoken_of(words, i, next));
    let (whole, at) = behind.or_else(|| led(words, i).map(|whole| (whole, i)))?;
    let part = whole.checked_mul(above)?.checked_div(below).filter(|p| p * below == whole * above)?;
    let things = words.is_thing(words.word(Some(at + 1)));
    let rest = whole - part;
    let count = if part > 0 && part <= rest { part } else { rest };
    (!things && count > 0).then_some(Hit { count, from: i, to: at + 2, how: LEAVES })
}

/// "5% of the 40 pupils", "5 per cent of the 40".
pub(super) fn percentage(words: &Words, i: usize) -> Option<Hit> {
    let token = words.all.get(i)?;
    let digits = number(token.raw.trim_matches(|c: char| !(c.is_ascii_digit() || c == '%')));
    let word = || token.number.map(|units| Number { units, decimals: 0, percent: false, money: false });
    let own = digits.or_else(word)?;
    // "5 per cent", "5 percent"
    let spelled = match (words.word(Some(i + 1)), words.word(Some(i + 2))) {
        _ if own.percent => 0,
        ("percent", _) => 1,
        ("per", "cent") => 2,
        _ => return None,
    };
    let share = Number { percent: true, ..own };
    let next = i + 1 + spelled;
    let behind = whole_behind(words, next).or_else(|| spoken_of(words, i, next));
    let led = || {
        led(words, i)
            .or_else(|| among(words, i))
            .or_else(|| of_the_year(words, i, share))
            .or_else(|| sample(words, i))
            .map(|whole| (whole, i))
    };
    let (whole, at) = behind.or_else(led)?;
    let part = counts(share, whole);
    let (lo, hi) = (part.lo?, part.hi?);
    let things = words.is_thing(words.word(Some(at + 1)));
    // what is left over is as much told as what is counted
    let count = if lo <= whole - hi { hi } else { whole - lo };
    (!things && count > 0).then_some(Hit { count, from: i, to: at + 2, how: LEAVES })
}

/// "of the 12", "out of twelve", "of 12": the number, and where it stands.
fn whole_behind(words: &Words, at: usize) -> Option<(i64, usize)> {
    // "2. Of these", "(3) of the 12": the number of an item
    if at
        .checked_sub(1)
        .and_then(|b| words.all.get(b))
        .is_some_and(|t| t.number.is_some() && t.raw.ends_with(['.', ')', ':']))
    {
        return None;
    }
    let mut at = at;
    if words.word(Some(at)) == "out" {
        at += 1;
    }
    if words.word(Some(at)) != "of" {
        return None;
    }
    at += 1;
    while ["the", "these", "those", "all", "our", "their", "its", "his", "her", "some", "about"]
        .contains(&words.word(Some(at)))
    {
        // "2. Of these, 31 were upheld"
        if words.all.get(at).is_some_and(|t| t.ends()) {
            return None;
        }
        at += 1;
    }
    let whole = words.all.get(at).and_then(|t| t.count())?;
    let unit = is_behind(words.word(Some(at + 1))) && !words.all.get(at).is_some_and(|t| t.ends());
    (!unit).then_some((whole, at))
}

/// The number that a back reference speaks of, "57 complaints, of which 96.5 % were", "12 incidents and a quarter of these": the
/// nearest count before it, and where the reference ends.
fn spoken_of(words: &Words, i: usize, next: usize) -> Option<(i64, usize)> {
    let those = |at: Option<usize>| ["these", "those", "them", "which", "whom"].contains(&words.word(at));
    let behind = words.word(Some(next)) == "of" && those(Some(next + 1));
    let before = those(i.checked_sub(1)) && words.back(i, 2) == "of";
    let before = before || words.back(i, 1) == "about" && those(i.checked_sub(2)) && words.back(i, 3) == "of";
    if !(behind || before) {
        return None;
    }
    let whole = (0..i).rev().find_map(|at| {
        let value = words.all.get(at)?.count()?;
        (!excluded(words, at) && (counts_something(words, at) || words.back(at, 1) == "the")).then_some(value)
    })?;
    Some((whole, if behind { next + 1 } else { next }))
}

/// "Of the 40 pupils, 15 were from Ashby, 22 from Benton and the remaining pupils from Corley": what is left over of the first
/// number of the sentence.
pub(super) fn rest(words: &Words, i: usize) -> Option<Hit> {
    let left = ["rest", "remaining", "remainder", "others", "balance"].contains(&words.word(Some(i)));
    if !left || words.all.get(i + 1).is_some_and(|t| t.number.is_some()) {
        return None;
    }
    // the whole may stand in the sentence before
    let ends = |at: &usize| words.all.get(*at).is_some_and(|t| t.raw.ends_with(['.', '?', '!']));
    let mut starts = (0..i).rev().filter(ends).map(|at| at + 1).chain([0]);
    let (own, before) = (starts.next()?, starts.next().unwrap_or(0));
    let number = |at: usize| {
        let plain = words.all.get(at).filter(|t| !t.raw.contains('%')).and_then(|t| t.count());
        plain.filter(|_| !excluded(words, at))
    };
    let of = |start: usize| (start..i).filter_map(|at| Some((at, number(at)?))).collect::<Vec<_>>();
    let of_it = |at: usize| words.back(at, 1) == "of" || words.back(at, 2) == "of" && words.back(at, 1) == "the";
    // "Of these, 201 were accepted": the whole stands before
    let part = |at: usize| ["these", "those", "them", "which", "whom"].contains(&words.back(at, 1));
    let led = |at: usize| of_it(at) || counts_something(words, at) && !part(at);
    // "412 requests, 409 of them": what is counted may be things that persons sent
    let sent = |at: usize| words.is_thing(words.word(Some(at + 1))) && words.back(at, 1) == "received";
    let numbers = [own, before].into_iter().map(of).find(|n| {
        let largest = n.iter().map(|x| x.1).max();
        n.len() > 1 && n.first().is_some_and(|f| Some(f.1) == largest && (led(f.0) || sent(f.0)))
    })?;
    let ((first, whole), rest) = numbers.split_first().map(|(f, r)| (*f, r))?;
    let parts: Vec<i64> = rest.iter().filter(|r| !words.is_thing(words.word(Some(r.0 + 1)))).map(|r| r.1).collect();
    let sum = parts.iter().try_fold(0i64, |sum, n| sum.checked_add(*n))?;
    let count = whole.checked_sub(sum).filter(|c| *c > 0)?;
    (!parts.is_empty()).then_some(Hit { count, from: first, to: i + 4, how: LEAVES })
}

/// "312 nurses. Excluding the 309 who are permanent, all": what is left of the number before.
fn apart(words: &Words, i: usize, n: i64) -> Option<Hit> {
    let led = (1..4).any(|s| {
        let two = [words.back(i, s + 1), words.back(i, s)];
        words.back(i, s) == "excluding"
            || matches!(two, ["apart" | "aside", "from"] | ["other", "than"] | ["except", "for"])
    });
    if !led || words.is_thing(words.word(Some(i + 1))) || is_behind(words.word(Some(i + 1))) {
        return None;
    }
    let whole = (0..i).rev().find_map(|at| {
        let value = words.all.get(at)?.count().filter(|v| *v > n)?;
        (!excluded(words, at) && counts_something(words, at)).then_some((at, value))
    });
    let (at, value) = whole?;
    let left = value - n;
    (left < n).then_some(Hit { count: left, from: at, to: i + 3, how: LEAVES })
}

/// "Of the 200 applicants, 1.5% were": the number behind "of the" that opens the sentence.
fn led(words: &Words, i: usize) -> Option<i64> {
    let start = (0..i).rev().find(|&at| words.all.get(at).is_some_and(|t| t.stops())).map_or(0, |at| at + 1);
    let (whole, at) = whole_behind(words, start).filter(|w| w.1 < i)?;
    let plain = (at + 1..i).all(|b| words.all.get(b).is_some_and(|t| t.count().is_none()));
    (plain && !words.is_thing(words.word(Some(at + 1)))).then_some(whole)
}

/// "Pupils with a plan: 1.25% (n = 240)", "Number of pupils: 240. Percentage with a plan: 1.25%".
fn sample(words: &Words, i: usize) -> Option<i64> {
    let n = (0..words.all.len()).find_map(|at| {
        let token = words.all.get(at)?;
        if token.word == "n" && words.word(Some(at + 1)) == "=" {
            return words.all.get(at + 2)?.count();
        }
        let bare = token.word.strip_prefix("n=")?;
        number(bare).and_then(Number::count)
    });
    let start = (0..i).rev().find(|&at| words.all.get(at).is_some_and(|t| t.stops())).map_or(0, |at| at + 1);
    let opens = ["percentage", "proportion", "percent", "share"].contains(&words.word(Some(start)));
    let number = || {
        let (at, count) = last_count(words, start)?;
        let led = (1..6).any(|s| words.back(at, s) == "number");
        led.then_some(count)
    };
    n.or_else(|| if opens && start > 0 { number() } else { None })
}

/// "The share of women among the 30 wardens is 10%": the number behind "among" in the sentence.
pub(super) fn among(words: &Words, i: usize) -> Option<i64> {
    let start = (0..i).rev().find(|&at| words.all.get(at).is_some_and(|t| t.stops())).map_or(0, |at| at + 1);
    let at = (start..i).rev().find(|&at| ["among", "amongst"].contains(&words.word(Some(at))))?;
    (at + 1..(at + 4).min(i)).find_map(|at| words.all.get(at)?.count())
}

/// "The ratio of men to women among our 30 wardens is 9:1", "the proportion among the 30 wardens is 0.1": the smaller side.
pub(super) fn ratio(words: &Words, i: usize) -> Option<Hit> {
    let token = words.all.get(i)?;
    let bare = token.raw.trim_end_matches(['.', ',', ';', ')']);
    let said = |list: &[&str]| (0..i).any(|at| list.contains(&words.word(Some(at))));
    let plain = |t: &str| t.parse::<i64>().ok().filter(|n| (1..1_000).contains(n));
    let whole = || {
        among(words, i).or_else(|| led(words, i)).or_else(|| {
            let behind = (i + 1..i + 6).find(|&at| ["among", "amongst"].contains(&words.word(Some(at))))?;
            (behind + 1..behind + 4).find_map(|at| words.all.get(at)?.count())
        })
    };
    // "for every woman there are nine men among the 30"
    let every = |at: usize| words.word(Some(at)) == "for" && ["every", "each"].contains(&words.word(Some(at + 1)));
    if let Some(n) = token.count().filter(|_| (i.saturating_sub(7)..i).any(every)) {
        let part = whole()?.checked_div(n.checked_add(1)?)?;
        return (part > 0).then_some(Hit { count: part, from: i, to: i + 1, how: LEAVES });
    }
    if let Some((a, b)) = bare.split_once(':').and_then(|(a, b)| Some((plain(a)?, plain(b)?))) {
        let whole = whole().filter(|_| said(&["ratio"]))?;
        let part = whole.checked_mul(a.min(b))?.checked_div(a.checked_add(b)?)?;
        return (part > 0).then_some(Hit { count: part, from: i, to: i + 1, how: LEAVES });
    }
    let share = number(bare).filter(|n| n.decimals > 0 && !n.percent && !n.money && n.units > 0)?;
    let scale = 10i64.checked_pow(share.decimals.min(9))?;
    let whole = whole().filter(|_| share.units < scale && said(&["proportion", "share", "fraction"]))?;
    let part = counts(Number { units: share.units.checked_mul(100)?, percent: true, ..share }, whole);
    let (lo, hi) = (part.lo?, part.hi?);
    let count = if lo <= whole - hi { hi } else { whole - lo };
    (count > 0).then_some(Hit { count, from: i, to: i + 1, how: LEAVES })
}

/// "three out of twelve", "ten of the 12": what is told, or what is left over.
pub(super) fn out_of(words: &Words, i: usize, n: i64) -> Option<Hit> {
    let before_ends = i.checked_sub(1).and_then(|b| words.all.get(b)).is_some_and(|t| t.ends());
    if is_before(words.back(i, 1))
        && !before_ends
        && !["than", "under", "over", "approximately", "last", "first"].contains(&words.back(i, 1))
    {
        return None;
    }
    if numbered_of(words, i) || of_authors(words, i) {
        return None;
    }
    let (whole, at) = whole_behind(words, i + 1)?;
    let noun = |at: usize| words.is_thing(words.word(Some(at)));
    if whole < n || noun(at + 1) || noun(at + 2) && !words.all.get(at + 1).is_some_and(|t| t.ends()) {
        return None;
    }
    // "all but two of the 12" tells what is left out
    let count = if n <= whole - n || whole == n { n } else { whole - n };
    let how = if count == n { TELLS } else { LEAVES };
    Some(Hit { count, from: i, to: at + 2, how })
}

/// "none but one", "all except two", "Of the 4,112 patients, 4,105 had no injury".
pub(super) fn of_the_rest(words: &Words, i: usize, n: i64) -> Option<Hit> {
    if let Some(hit) = apart(words, i, n) {
        return Some(hit);
    }
    let before = words.back(i, 1);
    let all = ["none", "all", "everyone", "everybody", "nobody", "each"];
    if ["but", "except", "bar", "save"].contains(&before)
        && (2..5).any(|s| all.contains(&words.back(i, s)))
        && !words.is_thing(words.word(Some(i + 1)))
    {
        return Some(Hit { count: n, from: i.saturating_sub(2), to: i + 3, how: TELLS });
    }
    let first = words.word(Some(i + 1));
    // "12 people were arrested, 10 of whom were charged"
    let of_whom = first == "of" && ["whom", "which", "them", "these", "those"].contains(&words.word(Some(i + 2)));
    if of_whom
        && let Some((at, whole)) =
            last_count(words, i).filter(|b| b.1 > n && !words.is_thing(words.word(Some(b.0 + 1))))
    {
        let left = whole - n;
        return (left < n).then_some(Hit { count: left, from: at, to: i + 3, how: LEAVES });
    }
    // "Of our 240 drivers, 237 hold a clean licence"
    let opened = || led(words, i).filter(|_| words.all.get(i.wrapping_sub(1)).is_some_and(|t| t.raw.ends_with(',')));
    let other = words.is_thing(first) || is_behind(first) || first == "in" || first.is_empty();
    if let Some(whole) = opened().filter(|w| *w > n && !other) {
        return (whole - n < n).then_some(Hit { count: whole - n, from: i.saturating_sub(3), to: i + 3, how: LEAVES });
    }
    if !(VERBS.contains(&first) || first.ends_with("ed") || of_whom) || !words.opens(i) {
        return None;
    }
    // the whole stands before it in the same sentence, behind "of the" or before "of which"
    let start = (0..i).rev().find(|&at| words.all.get(at).is_some_and(|t| t.stops())).map_or(0, |at| at + 1);
    let whole = (start..i).rev().find_map(|at| {
        let value = words.all.get(at)?.count()?;
        let led =
            ["of", "the"].contains(&words.back(at, 1)) && (words.back(at, 1) == "of" || words.back(at, 2) == "of");
        let which = ["which", "whom", "these", "them"].contains(&words.back(i, 1)) || words.back(i, 1) == "of";
        let things = words.is_thing(words.word(Some(at + 1)));
        (!things && (led || which || of_whom && !excluded(words, at))).then_some(value)
    })?;
    let left = whole - n;
    (left > 0 && left < n).then_some(Hit { count: left, from: start, to: i + 3, how: LEAVES })
}
