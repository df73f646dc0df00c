//! `<RECODE>`: coarser codes. A hierarchy is cut at a level or below given codes; a flat variable gets new codes for old
//! ones from a `.grc` file.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::read::{Error, read_text};
use crate::spec::Level;

use super::text::fault;
use super::tree::Tree;

/// How the codes of a variable become coarser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Recode {
    /// Nothing below this level.
    Level(u32),
    /// Nothing below these codes.
    Below(BTreeSet<String>),
    /// New codes, in their order, for old ones.
    Codes(Vec<(String, Vec<Old>)>),
}

/// Old codes that one new code stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Old {
    /// One code.
    One(String),
    /// Every code from one to another, as texts; without an end, all from or up to it.
    Range(Option<String>, Option<String>),
}

impl Old {
    fn holds(&self, code: &str) -> bool {
        // numbers are compared as numbers, padded as fixed fields are
        let key = |text: &str| (text.parse::<i64>().ok(), text.to_owned());
        match self {
            Old::One(one) => one == code,
            Old::Range(from, to) => {
                from.as_deref().is_none_or(|f| key(f) <= key(code)) && to.as_deref().is_none_or(|t| key(code) <= key(t))
            }
        }
    }
}

/// A recoding: a level, or what a file says.
///
/// # Errors
/// A file that can't be read, or is no recoding.
pub(super) fn read(text: &str, folder: &Path) -> Result<Recode, Error> {
    if let Ok(level) = text.parse() {
        return Ok(Recode::Level(level));
    }
    let path = folder.join(text.replace('\\', "/"));
    parse(&path.display().to_string(), &read_text(&path)?)
}

fn parse(name: &str, text: &str) -> Result<Recode, Error> {
    let lines = || text.lines().enumerate().map(|(i, raw)| (i + 1, raw.trim())).filter(|(_, raw)| !raw.is_empty());
    if lines().next().is_some_and(|(_, first)| first.eq_ignore_ascii_case("<TREERECODE>")) {
        return Ok(Recode::Below(lines().skip(1).map(|(_, code)| code.trim_matches('"').trim().to_owned()).collect()));
    }
    let mut codes = Vec::new();
    for (line, raw) in lines() {
        if raw.starts_with('<') {
            let known = raw.to_uppercase();
            if known.starts_with("<MISSING>") || known.starts_with("<CODELIST>") {
                continue;
            }
            return Err(fault(name, line, "this is not known: <TREERECODE>, <MISSING> and <CODELIST> are"));
        }
        let Some((new, old)) = raw.split_once(':') else {
            return Err(fault(name, line, "a line is a new code, a colon, and the old codes: 1:1-5,8"));
        };
        let olds = old.split(',').map(str::trim).filter(|o| !o.is_empty()).map(|part| match part.split_once('-') {
            None => Old::One(part.to_owned()),
            Some((from, to)) => {
                let end = |text: &str| Some(text.trim().to_owned()).filter(|t| !t.is_empty());
                Old::Range(end(from), end(to))
            }
        });
        codes.push((new.trim().to_owned(), olds.collect()));
    }
    if codes.is_empty() { Err(Error::data(format!("{name}: holds no codes"))) } else { Ok(Recode::Codes(codes)) }
}

impl Recode {
    /// The coarser tree, and for each old leaf the code that it falls under.
    ///
    /// # Errors
    /// Codes that the variable does not have, or that no new code stands for.
    pub fn apply(&self, tree: &Tree) -> Result<(Tree, BTreeMap<String, String>), Error> {
        let fault = |what: String| Error::usage(format!("<RECODE> of {}: {what}", tree.name));
        let leaves: Vec<String> = tree.leaves().into_keys().map(str::to_owned).collect();
        let (levels, under): (Vec<Level>, BTreeMap<String, String>) = match self {
            Recode::Level(level) => cut(tree, |l| l.depth >= *level),
            Recode::Below(codes) => {
                if let Some(unknown) = codes.iter().find(|c| tree.levels.iter().all(|l| l.code != **c)) {
                    return Err(fault(format!("there is no code \"{unknown}\"")));
                }
                cut(tree, |l| codes.contains(&l.code))
            }
            Recode::Codes(codes) => {
                let mut under = BTreeMap::new();
                for leaf in &leaves {
                    let new = codes.iter().find(|(_, olds)| olds.iter().any(|old| old.holds(leaf)));
                    let new = new.ok_or_else(|| fault(format!("no new code stands for \"{leaf}\"")))?;
                    under.insert(leaf.clone(), new.0.clone());
                }
                let level = |(code, _): &(String, _)| Level { code: code.clone(), label: code.clone(), depth: 1 };
                (codes.iter().map(level).collect(), under)
            }
        };
        if levels.is_empty() {
            return Err(fault("nothing is left of the variable".to_owned()));
        }
        Ok((Tree { levels, ..tree.clone() }, under))
    }
}

/// A tree whose codes end where `last` says, and where each old leaf went.
fn cut(tree: &Tree, last: impl Fn(&Level) -> bool) -> (Vec<Level>, BTreeMap<String, String>) {
    let mut kept: Vec<Level> = Vec::new();
    let mut under = BTreeMap::new();
    let mut end: Option<&Level> = None;
    for (at, level) in tree.levels.iter().enumerate() {
        if end.is_some_and(|e| level.depth <= e.depth) {
            end = None;
        }
        if end.is_none() {
            kept.push(level.clone());
        }
        if !tree.is_parent(at) {
            under.insert(level.code.clone(), end.map_or(&level.code, |e| &e.code).clone());
        }
        if end.is_none() && last(level) {
            end = Some(level);
        }
    }
    (kept, under)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::argus::rda::{Hierarchy, Role, Variable};

    fn tree() -> Tree {
        let digits = Hierarchy::Digits(vec![1, 1]);
        let variable = Variable { hierarchy: digits, ..Variable::of_table("R", Role::Explanatory) };
        Tree::of(&variable, &["11", "12", "21"].map(str::to_owned).into()).expect("a tree")
    }

    fn shape(recode: &Recode) -> Result<String, Error> {
        let (tree, under) = recode.apply(&tree())?;
        Ok(format!("{:?} {under:?}", tree.levels.iter().map(|l| l.code.as_str()).collect::<Vec<_>>()))
    }

    /// Cut at a level, or below some codes.
    #[test]
    fn hierarchies_are_cut() -> Result<(), Error> {
        let all = "[\"1\", \"2\"] {\"11\": \"1\", \"12\": \"1\", \"21\": \"2\"}";
        assert_eq!(shape(&Recode::Level(1))?, all);
        assert_eq!(
            shape(&parse("a.grc", "<TREERECODE>\n1\n")?)?,
            "[\"1\", \"2\", \"21\"] {\"11\": \"1\", \"12\": \"1\", \"21\": \"21\"}"
        );
        assert!(shape(&parse("a.grc", "<TREERECODE>\n3\n")?).is_err());
        Ok(())
    }

    /// New codes for old ones; each must have one.
    #[test]
    fn codes_are_grouped() -> Result<(), Error> {
        let grouped = parse("a.grc", "a:11-12\nb:13-\n<MISSING> 9\n")?;
        assert_eq!(shape(&grouped)?, "[\"a\", \"b\"] {\"11\": \"a\", \"12\": \"a\", \"21\": \"b\"}");
        assert!(shape(&parse("a.grc", "a:11,12\n")?).is_err());
        assert_eq!(parse("a.grc", "11\n").err().map(|e| e.message.starts_with("a.grc:1: ")), Some(true));
        Ok(())
    }
}
