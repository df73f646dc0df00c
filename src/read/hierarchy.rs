//! Hierarchies from files: tau-ARGUS `.hrc` and CSV of `child,parent`.
//!
//! Both give the codes in the order of the file, each before its children, with the depth below the total.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use crate::spec::Level;

use super::Error;

/// Reads a hierarchy: `.hrc` by its extension, anything else as CSV of `child,parent`.
///
/// # Errors
/// A file that can't be read, or that is no hierarchy, with the line.
pub fn read_hierarchy(path: &Path) -> Result<Vec<Level>, Error> {
    let name = path.display().to_string();
    let text = super::read_text(path)?;
    let is_hrc = path.extension().is_some_and(|e| e.eq_ignore_ascii_case("hrc"));
    let levels = if is_hrc { parse_hrc(&name, &text) } else { parse_pairs(&name, &text) }?;
    if levels.is_empty() {
        return Err(Error::data(format!("{name}: holds no codes")));
    }
    Ok(levels)
}

/// tau-ARGUS: one code a line, an `@` before it for each level below the top. Blank lines are ignored.
///
/// # Errors
/// An empty code, a code that stands twice, or a jump of more than one level; `name` names the file.
pub fn parse_hrc(name: &str, text: &str) -> Result<Vec<Level>, Error> {
    parse_hrc_with(name, text, "@")
}

/// The same where `lead` stands for a level in place of `@`.
///
/// # Errors
/// As [`parse_hrc`]; an empty `lead`.
pub fn parse_hrc_with(name: &str, text: &str, lead: &str) -> Result<Vec<Level>, Error> {
    if lead.is_empty() {
        return Err(Error::data(format!("{name}: nothing tells the levels apart: the lead string is empty")));
    }
    let mut levels: Vec<Level> = Vec::new();
    let mut lines: HashMap<String, usize> = HashMap::new();
    for (line, raw) in text.lines().enumerate().map(|(i, raw)| (i + 1, raw.trim())) {
        if raw.is_empty() {
            continue;
        }
        let mut code = raw;
        let mut depth = 1;
        while let Some(rest) = code.strip_prefix(lead) {
            (code, depth) = (rest, depth + 1);
        }
        let code = code.trim();
        if code.is_empty() {
            return Err(Error::data(format!("{name}:{line}: there is no code after the {lead} signs")));
        }
        if let Some(first) = lines.insert(code.to_owned(), line) {
            return Err(Error::data(format!("{name}:{line}: the code \"{code}\" already stands in line {first}")));
        }
        let above = levels.last().map_or(0, |l| l.depth);
        if depth > above + 1 {
            let deepest = lead.repeat(above as usize);
            return Err(Error::data(format!(
                "{name}:{line}: the code \"{code}\" is more than one level below its parent"
            ))
            .with_help(format!("at most \"{deepest}{code}\" can stand here")));
        }
        levels.push(Level { code: code.to_owned(), label: code.to_owned(), depth });
    }
    Ok(levels)
}

/// CSV of `child,parent`, with or without that header row. One root is the total and is dropped; several roots, or
/// codes with an empty parent, are the top codes.
///
/// # Errors
/// A line without two fields, a child with two parents, a cycle; `name` names the file.
pub fn parse_pairs(name: &str, text: &str) -> Result<Vec<Level>, Error> {
    let tree = Tree::read(name, text)?;
    let roots: Vec<&str> = tree.order.iter().map(String::as_str).filter(|c| !tree.parent.contains_key(*c)).collect();
    let top: Vec<&str> = match roots.as_slice() {
        [total] if tree.children.contains_key(*total) => tree.children_of(total).collect(),
        several => several.to_vec(),
    };
    let mut levels = Vec::new();
    let mut stack: Vec<(&str, u32)> = top.into_iter().rev().map(|c| (c, 1)).collect();
    while let Some((code, depth)) = stack.pop() {
        levels.push(Level { code: code.to_owned(), label: code.to_owned(), depth });
        let below: Vec<&str> = tree.children_of(code).collect();
        stack.extend(below.into_iter().rev().map(|c| (c, depth + 1)));
    }
    let reached: HashSet<&str> = levels.iter().map(|l| l.code.as_str()).chain(roots.iter().copied()).collect();
    match tree.order.iter().find(|c| !reached.contains(c.as_str())) {
        Some(code) => {
            let line = tree.parent.get(code).map_or(0, |(_, line)| *line);
            Err(Error::data(format!("{name}:{line}: the code \"{code}\" is below itself (its parents form a circle)")))
        }
        None => Ok(levels),
    }
}

/// Codes and what they are below of.
struct Tree {
    /// Every code, in the order of its first mention as a child, then as a parent.
    order: Vec<String>,
    /// Parent of each code and the line that says so.
    parent: HashMap<String, (String, u64)>,
    /// Children of each code, in the order of the file.
    children: HashMap<String, Vec<String>>,
}

impl Tree {
    fn read(name: &str, text: &str) -> Result<Tree, Error> {
        let delimiter = [b',', b';', b'\t', b'|']
            .into_iter()
            .max_by_key(|d| {
                (text.lines().next().unwrap_or("").bytes().filter(|b| b == d).count(), std::cmp::Reverse(*d))
            })
            .unwrap_or(b',');
        let mut tree = Tree { order: Vec::new(), parent: HashMap::new(), children: HashMap::new() };
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(delimiter)
            .trim(csv::Trim::All)
            .from_reader(text.as_bytes());
        let mut parents = Vec::new();
        for (i, record) in reader.records().enumerate() {
            let record = record.map_err(|e| Error::data(format!("{name}: {e}")))?;
            let line = record.position().map_or(0, |p| p.line());
            if record.len() != 2 {
                let n = record.len();
                return Err(Error::data(format!(
                    "{name}:{line}: {n} field{}, expected 2",
                    if n == 1 { "" } else { "s" }
                ))
                .with_help("each line is: child,parent"));
            }
            let (child, parent) = (&record[0], &record[1]);
            if i == 0 && child.eq_ignore_ascii_case("child") && parent.eq_ignore_ascii_case("parent") {
                continue;
            }
            tree.add(child, parent, line).map_err(|what| Error::data(format!("{name}:{line}: {what}")))?;
            parents.push(parent.to_owned());
        }
        let mut seen: HashSet<String> = tree.order.iter().cloned().collect();
        tree.order.extend(parents.into_iter().filter(|p| !p.is_empty() && seen.insert(p.clone())));
        Ok(tree)
    }

    fn add(&mut self, child: &str, parent: &str, line: u64) -> Result<(), String> {
        if child.is_empty() {
            return Err("there is no child".to_owned());
        }
        if let Some((other, first)) = self.parent.get(child) {
            return Err(if other == parent {
                format!("the child \"{child}\" already stands in line {first}")
            } else {
                format!("the child \"{child}\" has two parents: \"{other}\" (line {first}) and \"{parent}\"")
            });
        }
        if self.order.iter().any(|c| c == child) {
            return Err(format!("the child \"{child}\" already stands without a parent"));
        }
        self.order.push(child.to_owned());
        if !parent.is_empty() {
            self.parent.insert(child.to_owned(), (parent.to_owned(), line));
            self.children.entry(parent.to_owned()).or_default().push(child.to_owned());
        }
        Ok(())
    }

    fn children_of(&self, code: &str) -> impl Iterator<Item = &str> {
        self.children.get(code).into_iter().flatten().map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(levels: &[Level]) -> String {
        levels.iter().map(|l| format!("{}{}", l.depth, l.code)).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn hrc_depth_is_the_number_of_signs() {
        let levels = parse_hrc("r.hrc", "North\n@N1\n@N2\n\n@@N2a\nSouth\n").unwrap();
        assert_eq!(shape(&levels), "1North 2N1 2N2 3N2a 1South");
    }

    #[test]
    fn hrc_faults_name_the_line() {
        for (text, want) in [
            ("A\n@@B\n", "r.hrc:2: the code \"B\" is more than one level below its parent"),
            ("@A\n", "r.hrc:1: the code \"A\" is more than one level below its parent"),
            ("A\n@\n", "r.hrc:2: there is no code after the @ signs"),
            ("A\n@B\n\n@A\n", "r.hrc:4: the code \"A\" already stands in line 1"),
        ] {
            assert_eq!(parse_hrc("r.hrc", text).unwrap_err().message, want);
        }
    }

    #[test]
    fn pairs_with_one_root_drop_it_as_the_total() {
        let want = "1North 2N1 2N2 1South";
        let text = "child,parent\nNorth,All\nN1,North\nSouth,All\nN2,North\n";
        assert_eq!(shape(&parse_pairs("r.csv", text).unwrap()), want);
        assert_eq!(shape(&parse_pairs("r.csv", "North;All\nN1;North\nSouth;All\nN2;North\n").unwrap()), want);
        assert_eq!(
            shape(&parse_pairs("r.csv", "N1,North\nN2,North\nS1,South\n").unwrap()),
            "1North 2N1 2N2 1South 2S1"
        );
        assert_eq!(shape(&parse_pairs("r.csv", "North,\nN1,North\nN2,North\nSouth,\n").unwrap()), want);
    }

    #[test]
    fn pairs_faults_name_the_line() {
        for (text, want) in [
            ("A,T\nA,U\n", "r.csv:2: the child \"A\" has two parents: \"T\" (line 1) and \"U\""),
            ("A,T\nA,T\n", "r.csv:2: the child \"A\" already stands in line 1"),
            ("A,T\nB,C\nC,B\n", "r.csv:2: the code \"B\" is below itself (its parents form a circle)"),
            ("A,A\n", "r.csv:1: the code \"A\" is below itself (its parents form a circle)"),
            ("A,T\nB\n", "r.csv:2: 1 field, expected 2"),
            ("child,parent\n,T\n", "r.csv:2: there is no child"),
        ] {
            assert_eq!(parse_pairs("r.csv", text).unwrap_err().message, want, "{text}");
        }
    }

    #[test]
    fn a_file_without_codes_is_an_error() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("empty.hrc");
        std::fs::write(&path, "\n\n").unwrap();
        assert!(read_hierarchy(&path).unwrap_err().message.ends_with("holds no codes"));
    }
}
