//! Patterns of `LIKE` and `ILIKE`.

use std::borrow::Cow;

/// A pattern, taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::tabulate) struct Pattern {
    pieces: Vec<Piece>,
    /// The texts between the `%`, where there is no `_`: they are found faster than sign by sign.
    parts: Option<Vec<String>>,
    ignore_case: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Piece {
    /// `%`
    Any,
    /// `_`
    One,
    /// This sign.
    Sign(char),
}

impl Pattern {
    /// Takes a pattern apart. No sign escapes where none is stated, as the standard has it.
    ///
    /// # Errors
    /// An escape sign before anything but `%`, `_` and itself.
    pub fn new(text: &str, escape: Option<char>, ignore_case: bool) -> Result<Pattern, String> {
        let mut pieces = Vec::new();
        let mut signs = text.chars();
        while let Some(sign) = signs.next() {
            let piece = match sign {
                _ if Some(sign) == escape => match signs.next() {
                    Some(next) if next == '%' || next == '_' || next == sign => Piece::Sign(next),
                    _ => return Err(format!("`{sign}` escapes nothing: `%`, `_` or `{sign}` must follow it")),
                },
                '%' => Piece::Any,
                '_' => Piece::One,
                sign => Piece::Sign(sign),
            };
            // a run of `%` is one
            if piece != Piece::Any || pieces.last() != Some(&Piece::Any) {
                pieces.push(match piece {
                    Piece::Sign(sign) if ignore_case => Piece::Sign(lower(sign)),
                    other => other,
                });
            }
        }
        let parts = pieces.split(|p| *p == Piece::Any).map(plain).collect();
        Ok(Pattern { pieces, parts, ignore_case })
    }

    /// A text that fits, with this in place of each `%`.
    pub fn example(&self, any: &str) -> String {
        let text = |piece: &Piece| match piece {
            Piece::Any => any.to_owned(),
            Piece::One => "x".to_owned(),
            Piece::Sign(sign) => sign.to_string(),
        };
        self.pieces.iter().map(text).collect()
    }

    /// Whether a text fits.
    pub fn fits(&self, text: &str) -> bool {
        let text = match self.ignore_case {
            true if text.is_ascii() => Cow::Owned(text.to_ascii_lowercase()),
            true => text.chars().map(lower).collect(),
            false => Cow::Borrowed(text),
        };
        match self.parts.as_deref() {
            Some([whole]) => text == whole.as_str(),
            Some([first, middle @ .., last]) => between(first, middle, last, &text),
            _ => self.walked(&text),
        }
    }

    /// Sign by sign. Looks again from the last `%` only, so it takes at most their two lengths multiplied.
    fn walked(&self, text: &str) -> bool {
        let (mut at, mut rest) = (0, text);
        let mut again: Option<(usize, &str)> = None;
        loop {
            let mut signs = rest.chars();
            let fits = match (self.pieces.get(at), signs.next()) {
                (Some(Piece::Any), _) => {
                    at += 1;
                    again = Some((at, rest));
                    continue;
                }
                (None, None) => return true,
                (Some(Piece::One), Some(_)) => true,
                (Some(Piece::Sign(wanted)), Some(sign)) => *wanted == sign,
                _ => false,
            };
            if fits {
                (at, rest) = (at + 1, signs.as_str());
                continue;
            }
            // the last `%` takes one sign more
            let Some((from, text)) = again else { return false };
            let mut signs = text.chars();
            if signs.next().is_none() {
                return false;
            }
            (at, rest) = (from, signs.as_str());
            again = Some((from, rest));
        }
    }
}

/// The text of some pieces that are all signs.
fn plain(pieces: &[Piece]) -> Option<String> {
    let sign = |piece: &Piece| if let Piece::Sign(sign) = piece { Some(*sign) } else { None };
    pieces.iter().map(sign).collect()
}

/// Whether a text begins and ends so, with the others between them in their order.
fn between(first: &str, middle: &[String], last: &str, text: &str) -> bool {
    let Some(mut rest) = text.strip_prefix(first) else { return false };
    for part in middle {
        let Some((_, after)) = rest.split_once(part.as_str()) else { return false };
        rest = after;
    }
    rest.ends_with(last)
}

/// A letter in lower case, where that is one letter.
pub(super) fn lower(sign: char) -> char {
    let mut all = sign.to_lowercase();
    match (all.next(), all.next()) {
        (Some(one), None) => one,
        _ => sign,
    }
}

/// A letter in upper case, where that is one letter.
pub(super) fn upper(sign: char) -> char {
    let mut all = sign.to_uppercase();
    match (all.next(), all.next()) {
        (Some(one), None) => one,
        _ => sign,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every pattern of four signs, against every text of up to four, has the answer of a matcher that tries all splits.
    #[test]
    fn patterns_fit_as_by_trying_all() {
        fn slow(pattern: &[char], text: &[char]) -> bool {
            match pattern.split_first() {
                None => text.is_empty(),
                Some(('%', rest)) => (0..=text.len()).any(|n| slow(rest, &text[n..])),
                Some(('_', rest)) => !text.is_empty() && slow(rest, &text[1..]),
                Some((sign, rest)) => text.first() == Some(sign) && slow(rest, &text[1..]),
            }
        }
        fn words(signs: &[char], most: usize) -> Vec<String> {
            let mut all = vec![String::new()];
            let mut last = all.clone();
            for _ in 0..most {
                last = last.iter().flat_map(|w| signs.iter().map(move |s| format!("{w}{s}"))).collect();
                all.extend(last.clone());
            }
            all
        }
        let texts = words(&['a', 'É', '%'], 4);
        for pattern in words(&['a', 'É', '%', '_'], 4) {
            let made = Pattern::new(&pattern, None, false).unwrap();
            let signs: Vec<char> = pattern.chars().collect();
            for text in &texts {
                let want = slow(&signs, &text.chars().collect::<Vec<_>>());
                assert_eq!(made.fits(text), want, "{text} LIKE {pattern}");
            }
        }
    }

    /// An escape makes signs plain, and must escape something.
    #[test]
    fn escapes() {
        let made = |text: &str| Pattern::new(text, Some('\\'), false);
        assert!(made("10\\%").unwrap().fits("10%") && !made("10\\%").unwrap().fits("100"));
        assert!(made("a\\\\").unwrap().fits("a\\") && made("a\\b").is_err() && made("a\\").is_err());
        assert!(Pattern::new("a\\b", None, true).unwrap().fits("A\\B"));
        assert!(Pattern::new("é%", None, true).unwrap().fits("ÉCOLE"));
    }
}
