//! `--total CODE` and `--total VAR=CODE`: which code the totals of a variable have.

use std::collections::BTreeMap;

use tabsafe::diag::nearest;

use super::fault::Fault;

/// The code of totals, unless the command line names another.
pub const TOTAL: &str = "Total";

/// The codes of totals that the arguments give.
#[derive(Debug, Default)]
pub struct Totals {
    /// That of all variables without one of their own.
    all: Option<String>,
    /// Those of single variables.
    own: BTreeMap<String, String>,
}

impl Totals {
    /// Reads the arguments; `by` are the variables.
    ///
    /// # Errors
    /// A variable that there is not, two codes for one, an empty code.
    pub fn of(given: &[String], by: &[String]) -> Result<Totals, Fault> {
        let mut totals = Totals::default();
        for text in given {
            let before = match text.split_once('=') {
                Some((name, _)) if !by.iter().any(|b| b == name) => {
                    let near = nearest(name, by).map(|near| format!("did you mean \"{near}\"? ")).unwrap_or_default();
                    return Err(Fault::usage(format!("--total is given for \"{name}\", which --by does not name"))
                        .help(format!(
                            "{near}write VAR=CODE, also where a code has a = in it; --by names: {}",
                            by.join(", ")
                        )));
                }
                Some((_, "")) => {
                    return Err(Fault::usage(format!("--total {text} names no code")).help("write VAR=CODE: region=T"));
                }
                Some((name, code)) => totals.own.insert(name.to_owned(), code.to_owned()),
                None => totals.all.replace(text.clone()),
            };
            if before.is_some() {
                return Err(Fault::usage(format!("--total {text}: another code is given before"))
                    .help("a variable has one code of totals: --total region=T --total sex=both"));
            }
        }
        Ok(totals)
    }

    /// The code of the totals of a variable.
    pub fn code(&self, variable: &str) -> &str {
        self.own.get(variable).or(self.all.as_ref()).map_or(TOTAL, String::as_str)
    }

    /// Whether nobody said which code the totals of a variable have.
    pub fn is_guessed(&self, variable: &str) -> bool {
        self.all.is_none() && !self.own.contains_key(variable)
    }

    /// Whether no code was given for all variables.
    pub fn none_for_all(&self) -> bool {
        self.all.is_none()
    }

    /// The variables with a code of their own.
    pub fn given(&self) -> Vec<String> {
        self.own.keys().cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A code for a variable goes before that for all; what names no variable, or one twice, is refused.
    #[test]
    fn codes_of_totals() {
        let by = ["region".to_owned(), "sex".to_owned()];
        let of = |given: &[&str]| Totals::of(&given.iter().map(|g| (*g).to_owned()).collect::<Vec<_>>(), &by);
        let totals = of(&["All", "sex=a=b"]).expect("codes");
        assert_eq!((totals.code("region"), totals.code("sex")), ("All", "a=b"));
        assert!(!totals.is_guessed("region"));
        let totals = of(&["sex=T"]).expect("codes");
        assert_eq!((totals.code("region"), totals.code("sex"), totals.is_guessed("region")), ("Total", "T", true));
        for wrong in [&["regoin=T"][..], &["sex="], &["T", "All"], &["sex=T", "sex=All"]] {
            assert!(of(wrong).is_err(), "{wrong:?}");
        }
    }
}
