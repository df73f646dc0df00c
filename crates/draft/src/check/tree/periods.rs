//! Subtotals by period among their months or quarters: "Q1" behind January, February and March, "H1" behind two quarters.

use super::super::common::month_number;
use super::Tree;

/// How many months a label stands for: 1, 3, 6 or 12; and the number of the month where it is one.
fn months(key: &str) -> Option<(usize, Option<usize>)> {
    let words: Vec<&str> = key.split([' ', '-', '/', '(', ')', ',', '.']).filter(|w| !w.is_empty()).collect();
    let first = *words.first()?;
    // "January", "Jan 2020"; longer labels say something else
    if let Some(number) = month_number(first).filter(|_| words.len() <= 2 && words.iter().skip(1).all(|w| digits(w))) {
        return Some((1, Some(number)));
    }
    let numbered = |w: &str, letter: char, most: u32| {
        let number = w.strip_prefix(letter).and_then(|n| n.parse::<u32>().ok());
        number.is_some_and(|n| (1..=most).contains(&n))
    };
    let others = |own: &str| words.iter().all(|w| *w == own || digits(w));
    if words.iter().any(|w| numbered(w, 'q', 4) && others(w)) {
        return Some((3, None));
    }
    if words.iter().any(|w| numbered(w, 'h', 2) && others(w)) {
        return Some((6, None));
    }
    let ordinal =
        ["first", "second", "third", "fourth", "1st", "2nd", "3rd", "4th", "total", "half", "quarter", "year", "full"];
    let plain = words.iter().all(|w| ordinal.contains(w) || digits(w));
    match () {
        _ if !plain => None,
        _ if words.contains(&"quarter") => Some((3, None)),
        _ if words.contains(&"half") => Some((6, None)),
        _ => None,
    }
}

fn digits(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|b| b.is_ascii_digit())
}

impl Tree<'_> {
    /// Quarters are the sum of the months beside them, halves of the quarters, where the figures bear it out: in one line at least
    /// for one of them, and nowhere against it. Three months in a row before a quarter say it themselves.
    pub(super) fn by_periods(&mut self) {
        let spans: Vec<Option<(usize, Option<usize>)>> = self.axis.entries.iter().map(|e| months(&e.key)).collect();
        let of = |e: usize| spans.get(e).copied().flatten();
        if self.grouped || !spans.iter().flatten().any(|s| s.0 > 1) {
            return;
        }
        for level in [3, 6] {
            let roots = self.axis.roots();
            let mut found: Vec<(usize, Vec<usize>, bool)> = Vec::new();
            for (at, &entry) in roots.iter().enumerate().filter(|(_, e)| of(**e).is_some_and(|s| s.0 == level)) {
                let lower = |e: &&usize| of(**e).is_some_and(|s| s.0 < level);
                let mut before: Vec<usize> =
                    roots.get(..at).unwrap_or_default().iter().rev().take_while(lower).copied().collect();
                before.reverse();
                let after: Vec<usize> =
                    roots.get(at + 1..).unwrap_or_default().iter().take_while(lower).copied().collect();
                let Some(run) =
                    [before, after].into_iter().find(|run| run.len() > 1 && self.fit(entry, run).wrong == 0)
                else {
                    continue;
                };
                let numbers: Option<Vec<usize>> = run.iter().map(|&e| of(e)?.1).collect();
                let follow = |n: &[usize]| n.windows(2).all(|w| matches!(w, [a, b] if a % 12 + 1 == *b));
                let said = level == 3 && numbers.is_some_and(|n| n.len() == 3 && follow(&n));
                found.push((entry, run, said));
            }
            let confirmed = found.iter().any(|(entry, run, _)| self.fit(*entry, run).exact > 0);
            for (entry, run, said) in found {
                if !(confirmed || said) {
                    continue;
                }
                let names: Vec<String> = run.iter().map(|&p| self.label(p)).collect();
                self.said.push(format!("{} is the sum of {} (by the periods)", self.label(entry), names.join(", ")));
                self.set_children(entry, run);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Labels of months, quarters and halves; others are none.
    #[test]
    fn periods() {
        for (key, span) in [
            ("january", 1),
            ("jan 2020", 1),
            ("q1", 3),
            ("q2 2020", 3),
            ("quarter 1", 3),
            ("first quarter", 3),
            ("quarter total", 3),
            ("h1", 6),
            ("first half", 6),
        ] {
            assert_eq!(months(key).map(|m| m.0), Some(span), "{key}");
        }
        for key in ["mary", "march against", "q5", "total", "2020", "h1n1", "quarter pounder", "year"] {
            assert_eq!(months(key), None, "{key}");
        }
    }
}
