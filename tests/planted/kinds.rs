//! Kinds of relations and hiding places: a draft that may give a figure away, and all that a reader has to work with.
//!
//! Each maker is asked for a draft with a leak or for one in the same clothes without; which of both it became is for
//! [`Truth`] to say.

use crate::random::Rng;

use super::page::Page;
use super::truth::Truth;
use super::words::{NOUNS, WHOLES, labels, large, pick, small, years};

/// A draft and its truth.
pub type Made = (Page, Truth);

/// A kind of draft.
pub struct Kind {
    /// Its name.
    pub name: &'static str,
    /// Makes one: with a leak, if that is asked for.
    pub make: fn(&mut Rng, bool) -> Made,
}

macro_rules! kinds {
    ($($name:ident),* $(,)?) => {
        /// Every kind.
        pub const KINDS: &[Kind] = &[$(Kind { name: stringify!($name), make: $name }),*];
    };
}

kinds! {
    named_total, total_column, change_column, change_in_per_cent, running_total, unprinted_base, of_whom, two_breakdowns,
    side_by_side, legend, words_in_cells, sentence_of_a_cell, small_in_a_sentence, decimal_counts, unrelated_tables,
    numeric_labels, list_of_lines, repeated_header, tidy_list, list_of_persons, minus, excluding,
}

pub fn row(label: &str, figures: &[i64]) -> Vec<String> {
    std::iter::once(label.to_owned()).chain(figures.iter().map(i64::to_string)).collect()
}

/// Places, years, large counts.
fn block(rng: &mut Rng) -> (Vec<&'static str>, Vec<String>, Vec<Vec<i64>>) {
    let (places, times) = (3 + rng.below(3), 2 + rng.below(2));
    let counts = (0..places).map(|_| (0..times).map(|_| large(rng)).collect()).collect();
    (labels(rng, places), years(rng, times), counts)
}

pub fn caption(rng: &mut Rng) -> String {
    format!("Table {}: number of {} by area and year", 1 + rng.below(4), pick(rng, &NOUNS))
}

pub fn head<'a>(first: &'a str, others: &'a [String]) -> Vec<&'a str> {
    std::iter::once(first).chain(others.iter().map(String::as_str)).collect()
}

/// Withholds figures of one column: a small one alone, or with a large one.
fn withheld(rng: &mut Rng, column: &mut [i64], leak: bool) -> Vec<usize> {
    let first = rng.below(column.len());
    column[first] = small(rng);
    if leak {
        return vec![first];
    }
    let second = (first + 1) % column.len();
    column[second] = 9 + large(rng);
    vec![first, second]
}

/// A column of figures under one that is their sum, whatever that is called.
fn summed(rng: &mut Rng, whole: &str, leak: bool, last: bool) -> Made {
    let (places, times, mut counts) = block(rng);
    let year = rng.below(times.len());
    let mut column: Vec<i64> = counts.iter().map(|r| r[year]).collect();
    let gone = withheld(rng, &mut column, leak);
    column.iter().zip(&mut counts).for_each(|(&n, r)| r[year] = n);
    let sums: Vec<i64> = (0..times.len()).map(|t| counts.iter().map(|r| r[t]).sum()).collect();
    let mut rows: Vec<Vec<String>> = places.iter().zip(&counts).map(|(p, r)| row(p, r)).collect();
    gone.iter().for_each(|&g| rows[g][year + 1] = "*".to_owned());
    rows.insert(if last { rows.len() } else { 0 }, row(whole, &sums));
    let left = gone.iter().map(|&g| counts[g][year]).sum();
    let truth = Truth {
        unknown: gone.len(),
        equations: vec![((0..gone.len()).map(|i| (i, 1)).collect(), left)],
        told: counts
            .iter()
            .enumerate()
            .flat_map(|(p, r)| r.iter().enumerate().map(move |(t, &n)| (p, t, n)))
            .filter(|(p, t, _)| !(gone.contains(p) && *t == year))
            .map(|x| x.2)
            .collect(),
    };
    (Page::default().line(caption(rng)).table(&head("Area", &times), rows), truth)
}

fn named_total(rng: &mut Rng, leak: bool) -> Made {
    let last = rng.chance(70);
    let whole = pick(rng, &WHOLES);
    summed(rng, whole, leak, last)
}

fn legend(rng: &mut Rng, leak: bool) -> Made {
    const LEGENDS: [&str; 6] = [
        "* means fewer than 5",
        "* = less than 5",
        "Note: figures below five are shown as *.",
        "* denotes a figure of 1 to 4",
        "Numbers under 5 have been replaced by *",
        "An asterisk (*) stands for a count from 1 to 4.",
    ];
    let (places, times, counts) = block(rng);
    let mut column: Vec<i64> = counts.iter().map(|r| r[0]).collect();
    let gone = withheld(rng, &mut column, true);
    let mut rows: Vec<Vec<String>> = places.iter().zip(&counts).map(|(p, r)| row(p, r)).collect();
    rows[gone[0]][1] = "*".to_owned();
    let mut truth = Truth { unknown: 1, ..Truth::default() };
    if leak {
        let sums: Vec<i64> = (0..times.len())
            .map(|t| counts.iter().enumerate().map(|(p, r)| if t == 0 { column[p] } else { r[t] }).sum())
            .collect();
        truth.equations.push((vec![(0, 1)], column[gone[0]]));
        rows.push(row("Total", &sums));
    }
    let page = Page::default().line(caption(rng)).table(&head("Area", &times), rows);
    (page.line(pick(rng, &LEGENDS)), truth)
}

/// Two columns and their sum.
fn total_column(rng: &mut Rng, leak: bool) -> Made {
    const NAMES: [[&str; 3]; 4] = [
        ["Male", "Female", "All persons"],
        ["Boys", "Girls", "Everyone"],
        ["Urban", "Rural", "Both"],
        ["Day", "Night", "Total"],
    ];
    let places = labels(rng, 5);
    let names = NAMES[rng.below(NAMES.len())];
    let mut truth = Truth::default();
    let mut rows = Vec::new();
    for (i, place) in places.iter().enumerate() {
        let pair = [if leak && i == 2 { small(rng) } else { large(rng) }, large(rng)];
        let mut cells = row(place, &[pair[0], pair[1], pair[0] + pair[1]]);
        if leak && i == 2 {
            cells[1] = "*".to_owned();
            truth.unknown = 1;
            truth.equations.push((vec![(0, 1)], pair[0]));
        }
        rows.push(cells);
    }
    (Page::default().line(caption(rng)).table(&["Area", names[0], names[1], names[2]], rows), truth)
}

/// Two years, one small count of the first withheld if there is to be a leak, and what changed.
fn changed(rng: &mut Rng, leak: bool, words: &dyn Fn(i64, i64) -> Option<String>, title: &str) -> Made {
    let (places, times) = (labels(rng, 5), years(rng, 2));
    let mut truth = Truth::default();
    let mut rows = Vec::new();
    for (i, place) in places.iter().enumerate() {
        let hidden = leak && i == 3;
        let (mut before, after) = (if hidden { small(rng) } else { large(rng) }, large(rng));
        if hidden && rng.chance(30) {
            before = 4;
        }
        let Some(change) = words(before, after) else { continue };
        let mut cells = row(place, &[before, after]);
        cells.push(change);
        if hidden {
            cells[1] = "*".to_owned();
            truth.unknown = 1;
            truth.equations.push((vec![(0, 1)], before));
        }
        rows.push(cells);
    }
    (Page::default().line(caption(rng)).table(&["Area", &times[0], &times[1], title], rows), truth)
}

fn change_column(rng: &mut Rng, leak: bool) -> Made {
    let plus = rng.chance(50);
    let words = move |a: i64, b: i64| Some(if plus && b > a { format!("+{}", b - a) } else { (b - a).to_string() });
    let title = pick(rng, &["Change", "Difference", "Change on previous year", "Increase/decrease"]);
    changed(rng, leak, &words, title)
}

fn change_in_per_cent(rng: &mut Rng, leak: bool) -> Made {
    let title = pick(rng, &["Change %", "% change", "Percentage change"]);
    changed(rng, leak, &|a, b| Some(format!("{:+.1}%", 100.0 * (b - a) as f64 / a as f64)), title)
}

fn running_total(rng: &mut Rng, leak: bool) -> Made {
    const MONTHS: [&str; 6] = ["April", "May", "June", "July", "August", "September"];
    let title = pick(rng, &["Cumulative total", "Running total", "Year to date", "Cumulative cases"]);
    let mut new: Vec<i64> = MONTHS.iter().map(|_| large(rng)).collect();
    if leak {
        new[1 + rng.below(5)] = small(rng);
    }
    let mut sum = 0;
    let rows = MONTHS.iter().zip(&new).map(|(m, n)| {
        sum += n;
        row(m, &[sum])
    });
    (Page::default().line("Cases reported by month").table(&["Month", title], rows.collect()), Truth::told(new))
}

/// The base of a percentage is withheld, or printed.
fn unprinted_base(rng: &mut Rng, leak: bool) -> Made {
    let mut truth = Truth::default();
    let mut rows = Vec::new();
    let mut total = 0;
    for (i, place) in labels(rng, 4).iter().enumerate() {
        let base = 11 + rng.below(14) as i64;
        let part = 5 + rng.below((base - 9) as usize) as i64;
        let share = format!("{:.1}%", 100.0 * part as f64 / base as f64);
        let mut cells = row(place, &[base, part]);
        cells.push(share);
        total += base;
        if leak && i == 1 {
            cells[1] = "*".to_owned();
        }
        if leak && i == 2 {
            let hidden = small(rng);
            total += hidden - base;
            cells = vec![(*place).to_owned(), "*".to_owned(), "*".to_owned(), "*".to_owned()];
            // the base beside the percentage is known, so the rest of the total is
            truth.unknown = 1;
            truth.equations.push((vec![(0, 1)], hidden));
        }
        rows.push(cells);
    }
    rows.push(vec!["Total".to_owned(), total.to_string(), String::new(), String::new()]);
    (
        Page::default()
            .line("Offences and charges")
            .table(&["Area", "Offences", "Charged", "Charged as % of offences"], rows),
        truth,
    )
}

fn of_whom(rng: &mut Rng, leak: bool) -> Made {
    let words = pick(rng, &["of whom charged", "of which resolved", "of these, closed"]);
    let mut rests = Vec::new();
    let mut rows = Vec::new();
    let (first, last): (Vec<i64>, Vec<i64>) = (0..3)
        .map(|i| {
            let rest = if leak && i == 1 { small(rng) } else { large(rng) };
            rests.push(rest);
            let part = 20 + large(rng);
            (part + rest, part)
        })
        .unzip();
    let noun = pick(rng, &NOUNS);
    rows.push(row(noun, &first));
    rows.push(row(words, &last));
    let times = years(rng, 3);
    (Page::default().line("Answer to question 1").table(&head("", &times), rows), Truth::told(rests))
}

fn excluding(rng: &mut Rng, leak: bool) -> Made {
    let noun = pick(rng, &NOUNS);
    let (mut rests, mut all, mut others) = (Vec::new(), Vec::new(), Vec::new());
    for i in 0..3 {
        let rest = if leak && i == 2 { small(rng) } else { large(rng) };
        let part = 40 + large(rng);
        rests.push(rest);
        all.push(part + rest);
        others.push(part);
    }
    let times = years(rng, 3);
    let rows = vec![row(noun, &all), row(&format!("{noun} excluding repeats"), &others)];
    (Page::default().line("Answer to question 2").table(&head("", &times), rows), Truth::told(rests))
}

fn two_breakdowns(rng: &mut Rng, leak: bool) -> Made {
    let times = years(rng, 2);
    let whole = pick(rng, &["Total", "All persons", "England", "All respondents"]);
    let mut truth = Truth::default();
    let ages: Vec<Vec<i64>> = (0..3).map(|_| (0..2).map(|_| 30 + large(rng)).collect()).collect();
    let sums: Vec<i64> = (0..2).map(|t| ages.iter().map(|a| a[t]).sum()).collect();
    let other: Vec<i64> = (0..2).map(|t| if leak && t == 1 { small(rng) } else { large(rng) }).collect();
    let men: Vec<i64> = (0..2).map(|_| 20 + rng.below(15) as i64).collect();
    let women: Vec<i64> = (0..2).map(|t| sums[t] - other[t] - men[t]).collect();
    let mut rows = vec![row(whole, &sums), row("Male", &men), row("Female", &women), row("Other", &other)];
    if leak {
        rows[3][2] = "*".to_owned();
        truth.unknown = 1;
        truth.equations.push((vec![(0, 1)], other[1]));
    }
    rows.extend(["18 to 34", "35 to 64", "65 and over"].iter().zip(&ages).map(|(l, a)| row(l, a)));
    (Page::default().line("Respondents by gender and age").table(&head("", &times), rows), truth)
}

fn side_by_side(rng: &mut Rng, leak: bool) -> Made {
    let times = years(rng, 2);
    let kinds = [["Dogs", "Cats"], ["Cars", "Vans"], ["Adults", "Children"]][rng.below(3)];
    let mut heads = vec!["Area".to_owned()];
    for kind in kinds {
        heads.extend(times.iter().map(|t| format!("{kind} {t}")));
        heads.push(format!("{kind} total"));
    }
    let mut truth = Truth::default();
    let mut rows = Vec::new();
    for (i, place) in labels(rng, 4).iter().enumerate() {
        let mut cells = vec![(*place).to_owned()];
        for k in 0..2 {
            let hidden = leak && i == 2 && k == 1;
            let pair = [if hidden { small(rng) } else { large(rng) }, large(rng)];
            cells.extend([pair[0], pair[1], pair[0] + pair[1]].map(|n| n.to_string()));
            if hidden {
                cells[4] = "*".to_owned();
                truth.unknown = 1;
                truth.equations.push((vec![(0, 1)], pair[0]));
            }
        }
        rows.push(cells);
    }
    let heads: Vec<&str> = heads.iter().map(String::as_str).collect();
    (Page::default().line("Licences issued").table(&heads, rows), truth)
}

fn words_in_cells(rng: &mut Rng, leak: bool) -> Made {
    let places = labels(rng, 4);
    let noun = pick(rng, &["cases", "claims", "calls"]);
    let counts: Vec<i64> = (0..4).map(|i| if leak && i == 1 { 2 + rng.below(3) as i64 } else { large(rng) }).collect();
    let rows = places.iter().zip(&counts).map(|(p, n)| vec![(*p).to_owned(), format!("{n} {noun}")]).collect();
    (Page::default().line("Answer by area").table(&["Area", "Number"], rows), Truth::told(counts))
}

/// A sentence gives a figure that the table withholds, or one that it prints.
fn sentence_of_a_cell(rng: &mut Rng, leak: bool) -> Made {
    let noun = pick(rng, &NOUNS);
    let places = labels(rng, 4);
    let mut counts: Vec<i64> = (0..4).map(|_| large(rng)).collect();
    counts[1] = small(rng);
    let said = if leak { 2 } else { 3 };
    let mut rows: Vec<Vec<String>> = places.iter().zip(&counts).map(|(p, n)| row(p, &[*n])).collect();
    counts[2] += 9;
    rows[1][1] = "*".to_owned();
    rows[2][1] = "*".to_owned();
    rows.push(row("Total", &[counts.iter().sum()]));
    let mut equations = vec![(vec![(0, 1), (1, 1)], counts[1] + counts[2])];
    if leak {
        equations.push((vec![(1, 1)], counts[2]));
    }
    let words = match rng.below(3) {
        0 => format!("There were {} {noun} in {}.", counts[said], places[said]),
        1 => format!("In {} {} {noun} were recorded.", places[said], counts[said]),
        _ => format!("{} recorded {} {noun}.", places[said], counts[said]),
    };
    let title = format!("Number of {noun}");
    let page = Page::default().line(words).table(&["Area", &title], rows);
    (page, Truth { unknown: 2, equations, told: vec![counts[0], counts[3]] })
}

fn small_in_a_sentence(rng: &mut Rng, leak: bool) -> Made {
    let (places, times, counts) = block(rng);
    let noun = pick(rng, &NOUNS);
    let said = if leak { small(rng) } else { large(rng) };
    let words = match (leak, rng.below(4)) {
        (true, 0) => format!("Only a single one of the {noun} led to a prosecution."),
        (true, 1) => {
            format!("{} out of twelve {noun} were withdrawn.", ["One", "Two", "Three", "Four"][said as usize - 1])
        }
        (_, 2) => format!("{said} {noun} were withdrawn."),
        _ => format!("A further {said} {noun} were transferred to another body."),
    };
    let said = if words.starts_with("Only") { 1 } else { said };
    let rows = places.iter().zip(&counts).map(|(p, r)| row(p, r)).collect();
    let page = Page::default().line(caption(rng)).table(&head("Area", &times), rows).line(words);
    (page, Truth::told(counts.into_iter().flatten().chain([said])))
}

fn decimal_counts(rng: &mut Rng, leak: bool) -> Made {
    let (places, times, mut counts) = block(rng);
    if leak {
        let at = rng.below(counts.len());
        counts[at][0] = small(rng);
    }
    let figure = |n: &i64| format!("{n}.0");
    let rows =
        places.iter().zip(&counts).map(|(p, r)| std::iter::once((*p).to_owned()).chain(r.iter().map(figure)).collect());
    let page = Page::default().line(caption(rng)).table(&head("Area", &times), rows.collect());
    (page, Truth::told(counts.into_iter().flatten()))
}

/// Tables of other things by the same years.
fn unrelated_tables(rng: &mut Rng, leak: bool) -> Made {
    let times = years(rng, 3);
    let mut page = Page::default();
    let mut told = Vec::new();
    for (i, (title, rows)) in [
        ("Dogs registered", ["Terriers", "Spaniels"]),
        ("Complaints received", ["By letter", "By telephone"]),
        ("Staff in post", ["Nurses", "Doctors"]),
    ]
    .iter()
    .enumerate()
    {
        let scale = [90, 30, 0][i];
        let mut counts: Vec<Vec<i64>> =
            rows.iter().map(|_| times.iter().map(|_| scale + large(rng)).collect()).collect();
        if leak && i == 2 {
            counts[1][1] = small(rng);
        }
        told.extend(counts.iter().flatten());
        page = page.line(format!("Q{}. {title}", i + 1));
        page = page.table(&head("", &times), rows.iter().zip(&counts).map(|(l, r)| row(l, r)).collect());
    }
    (page, Truth::told(told))
}

fn numeric_labels(rng: &mut Rng, leak: bool) -> Made {
    let first = 5 + rng.below(6) as i64;
    let mut counts: Vec<[i64; 2]> = (0..6).map(|_| [large(rng), large(rng)]).collect();
    if leak {
        counts[rng.below(6)][0] = small(rng);
    }
    let rows = counts.iter().zip(first..).map(|(r, age)| row(&age.to_string(), r)).collect();
    let page = Page::default().line("Pupils by age and sex").table(&["Age", "Boys", "Girls"], rows);
    (page, Truth::told(counts.into_iter().flatten()))
}

fn list_of_lines(rng: &mut Rng, leak: bool) -> Made {
    let noun = pick(rng, &NOUNS);
    let mark = pick(rng, &["- ", "* ", ""]);
    let between = pick(rng, &[": ", " - "]);
    let places = labels(rng, 4);
    let counts: Vec<i64> = (0..4).map(|i| if leak && i == 2 { small(rng) } else { large(rng) }).collect();
    let mut page = Page::default().line(format!("The number of {noun} in each area was:"));
    for (place, n) in places.iter().zip(&counts) {
        page = page.line(format!("{mark}{place}{between}{n}"));
    }
    (page, Truth::told(counts))
}

fn repeated_header(rng: &mut Rng, leak: bool) -> Made {
    let (places, times, mut counts) = block(rng);
    if leak {
        counts[0][1] = small(rng);
    }
    let title = caption(rng);
    let mut rows: Vec<Vec<String>> = places.iter().zip(&counts).map(|(p, r)| row(p, r)).collect();
    let again = std::iter::once("Area".to_owned()).chain(times.iter().cloned()).collect();
    rows.insert(2, again);
    (Page::default().line(title).table(&head("Area", &times), rows), Truth::told(counts.into_iter().flatten()))
}

fn tidy_list(rng: &mut Rng, leak: bool) -> Made {
    let (places, times, mut counts) = block(rng);
    let total = pick(rng, &["Total", "_T", "All"]);
    let mut column: Vec<i64> = counts.iter().map(|r| r[0]).collect();
    let gone = withheld(rng, &mut column, leak);
    column.iter().zip(&mut counts).for_each(|(&n, r)| r[0] = n);
    let mut rows = Vec::new();
    for (t, time) in times.iter().enumerate() {
        for (p, place) in places.iter().enumerate() {
            let sign = t == 0 && gone.contains(&p);
            let figure = if sign { "*".to_owned() } else { counts[p][t].to_string() };
            rows.push(vec![time.clone(), (*place).to_owned(), figure]);
        }
        rows.push(vec![time.clone(), total.to_owned(), counts.iter().map(|r| r[t]).sum::<i64>().to_string()]);
    }
    let left = gone.iter().map(|&g| counts[g][0]).sum();
    let truth = Truth {
        unknown: gone.len(),
        equations: vec![((0..gone.len()).map(|i| (i, 1)).collect(), left)],
        told: Vec::new(),
    };
    (Page::default().table(&["Year", "Area", "Number"], rows), truth)
}

/// A row for each person gives every one of them away; the twin counts them.
fn list_of_persons(rng: &mut Rng, leak: bool) -> Made {
    if !leak {
        return numeric_labels(rng, false);
    }
    const CAUSES: [&str; 4] = ["Fall", "Illness", "Drowning", "Fire"];
    const NAMES: [&str; 8] = ["A. Abel", "B. Brook", "C. Crane", "D. Dale", "E. East", "F. Ford", "G. Gale", "H. Hill"];
    let rows = NAMES.iter().map(|n| {
        vec![
            (*n).to_owned(),
            (20 + rng.below(70)).to_string(),
            pick(rng, &["M", "F"]).to_owned(),
            pick(rng, &CAUSES).to_owned(),
        ]
    });
    let rows = rows.collect();
    (Page::default().table(&["Name", "Age", "Sex", "Cause"], rows), Truth::told([1]))
}

/// A minus before a count is a slip; what is meant may be small.
fn minus(rng: &mut Rng, leak: bool) -> Made {
    let (places, times, counts) = block(rng);
    let mut rows: Vec<Vec<String>> = places.iter().zip(&counts).map(|(p, r)| row(p, r)).collect();
    let mut told: Vec<i64> = counts.into_iter().flatten().collect();
    if leak {
        let n = small(rng);
        rows[1][1] = format!("{}{n}", pick(rng, &["-", "\u{2212}", "\u{2013}"]));
        told.push(n);
    }
    (Page::default().line(caption(rng)).table(&head("Area", &times), rows), Truth::told(told))
}
