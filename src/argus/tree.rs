//! The codes of a variable and how they hang together, in the form that tables of tabsafe have them.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use crate::model::{Axis, DimId, Entry, LeafSet, Role};
use crate::read::{Error, parse_hrc_with, read_text};
use crate::spec::Level;

use super::rda::{Hierarchy, Variable};
use super::text::fields;

/// Unknown codes that a message names.
const NAMED: usize = 5;

/// A variable with its codes, each before its children.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Tree {
    /// The variable's name.
    pub name: String,
    /// The code of its total.
    pub total: String,
    /// Every code below the total.
    pub levels: Vec<Level>,
}

impl Tree {
    /// The codes of a variable: of its hierarchy, or those found in the data.
    ///
    /// # Errors
    /// Files that can't be read; codes in the data that the hierarchy does not have.
    pub fn of(variable: &Variable, found: &BTreeSet<String>) -> Result<Tree, Error> {
        let missing = |code: &&String| variable.missing.contains(code);
        let mut levels = match &variable.hierarchy {
            Hierarchy::Flat => flat(found.iter()),
            Hierarchy::Digits(digits) => by_digits(digits, found.iter().filter(|c| !missing(c))),
            Hierarchy::File { path, lead } => parse_hrc_with(&path.display().to_string(), &read_text(path)?, lead)?,
        };
        // a code for missing stands beside the top codes of a hierarchy
        let known: HashSet<String> = levels.iter().map(|l| l.code.clone()).collect();
        levels.extend(flat(found.iter().filter(|c| missing(c) && !known.contains(*c))));
        let mut tree = Tree { name: variable.name.clone(), total: variable.total.clone(), levels };
        tree.label(variable)?;
        tree.knows(found)?;
        Ok(tree)
    }

    /// Labels from the list of codes, where there is one.
    fn label(&mut self, variable: &Variable) -> Result<(), Error> {
        // labels are for the eye: where their file is not there, codes stand for themselves
        let Some(path) = variable.code_list.as_ref().filter(|path| path.is_file()) else { return Ok(()) };
        let text = read_text(path)?;
        let label = |line: &str| line.split_once(',').map(|(c, l)| (c.trim().to_owned(), fields(l, '\0').concat()));
        let labels: HashMap<String, String> = text.lines().filter_map(label).collect();
        for level in &mut self.levels {
            if let Some(label) = labels.get(&level.code).filter(|l| !l.is_empty()) {
                level.label.clone_from(label);
            }
        }
        Ok(())
    }

    fn knows(&self, found: &BTreeSet<String>) -> Result<(), Error> {
        let known: HashSet<&str> = self.levels.iter().map(|l| l.code.as_str()).chain([self.total.as_str()]).collect();
        let unknown: Vec<&str> = found.iter().map(String::as_str).filter(|c| !known.contains(c)).collect();
        if unknown.is_empty() {
            return Ok(());
        }
        let names = unknown.iter().take(NAMED).map(|c| format!("\"{c}\"")).collect::<Vec<_>>().join(", ");
        let more = if unknown.len() > NAMED { ", …" } else { "" };
        Err(Error::data(format!("{}: the hierarchy does not have the codes {names}{more}", self.name)))
    }

    /// Whether a code has others below it.
    pub fn is_parent(&self, at: usize) -> bool {
        let depth = |i: usize| self.levels.get(i).map_or(0, |l| l.depth);
        depth(at + 1) > depth(at)
    }

    /// The codes that records have, each with its number.
    pub fn leaves(&self) -> BTreeMap<&str, u32> {
        let leaves = (0..self.levels.len()).filter(|&i| !self.is_parent(i));
        leaves.zip(0_u32..).filter_map(|(i, n)| Some((self.levels.get(i)?.code.as_str(), n))).collect()
    }

    /// The variable as the axis of a table: its codes in order, the total last.
    pub fn axis(&self, dim: DimId) -> Axis {
        let mut entries: Vec<Entry> = Vec::with_capacity(self.levels.len() + 1);
        // the entries that the one at work is below of
        let mut above: Vec<usize> = Vec::new();
        let mut leaf = 0;
        for (at, level) in self.levels.iter().enumerate() {
            above.truncate(level.depth.saturating_sub(1) as usize);
            let total = self.is_parent(at);
            entries.push(entry(&level.code, &level.label, level.depth, total));
            above.push(at);
            if !total {
                for &a in &above {
                    entries.get_mut(a).into_iter().for_each(|e| e.leaves.push(leaf));
                }
                leaf += 1;
            }
        }
        entries.push(Entry { leaves: (0..leaf).collect::<LeafSet>(), ..entry(&self.total, &self.total, 0, true) });
        Axis {
            variable: self.name.clone(),
            label: self.name.clone(),
            role: Role::Row,
            dim,
            entries,
            sensitive: false.into(),
        }
    }
}

fn entry(code: &str, label: &str, level: u32, total: bool) -> Entry {
    let (code, label) = (code.to_owned(), label.to_owned());
    Entry { code, label, note: None, leaves: Vec::new(), level, total, shown: true }
}

fn flat<'a>(codes: impl Iterator<Item = &'a String>) -> Vec<Level> {
    codes.map(|code| Level { code: code.clone(), label: code.clone(), depth: 1 }).collect()
}

/// Codes and the codes above them, whose first digits they share.
fn by_digits<'a>(digits: &[usize], codes: impl Iterator<Item = &'a String>) -> Vec<Level> {
    let mut levels: Vec<Level> = Vec::new();
    let mut seen = HashSet::new();
    for code in codes {
        let mut end = 0;
        for (depth, n) in (1_u32..).zip(digits) {
            end += n;
            let prefix: String = code.chars().take(end).collect();
            // a code that ends early is the last of its branch
            let last = code.chars().count() <= end;
            if seen.insert(prefix.clone()) {
                levels.push(Level { label: prefix.clone(), code: prefix, depth });
            }
            if last {
                break;
            }
        }
    }
    levels
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::argus::rda::Role as Column;

    fn tree(hierarchy: Hierarchy, found: &[&str]) -> Result<Tree, String> {
        let variable =
            Variable { hierarchy, missing: vec!["99".to_owned()], ..Variable::of_table("R", Column::Explanatory) };
        Tree::of(&variable, &found.iter().map(|c| (*c).to_owned()).collect()).map_err(|e| e.message)
    }

    fn shape(tree: &Tree) -> String {
        let entry = |e: &Entry| format!("{}{}{:?}", e.level, e.code, e.leaves);
        tree.axis(0).entries.iter().map(entry).collect::<Vec<_>>().join(" ")
    }

    /// Digits make levels; the total comes last and holds all.
    #[test]
    fn levels_of_digits() -> Result<(), String> {
        let tree = tree(Hierarchy::Digits(vec![1, 1]), &["11", "12", "2", "99"])?;
        assert_eq!(shape(&tree), "11[0, 1] 211[0] 212[1] 12[2] 199[3] 0Total[0, 1, 2, 3]");
        assert_eq!(tree.leaves().into_iter().collect::<Vec<_>>(), [("11", 0), ("12", 1), ("2", 2), ("99", 3)]);
        Ok(())
    }

    /// A `.hrc` file gives the codes, whether they are in the data or not; others are refused.
    #[test]
    fn levels_of_a_file() -> Result<(), Box<dyn std::error::Error>> {
        let dir = tempfile::tempdir()?;
        let path = dir.path().join("r.hrc");
        std::fs::write(&path, "N\n. 1\n. 2\nS\n")?;
        let file = || Hierarchy::File { path: path.clone(), lead: ".".to_owned() };
        assert_eq!(shape(&tree(file(), &["1", "S"])?), "1N[0, 1] 21[0] 22[1] 1S[2] 0Total[0, 1, 2]");
        assert_eq!(tree(file(), &["1", "X"]), Err("R: the hierarchy does not have the codes \"X\"".to_owned()));
        Ok(())
    }
}
