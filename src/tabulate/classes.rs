//! From the values of a classifier to its classes, and from those to the categories of an axis.

use std::collections::HashMap;

use crate::read::Error;
use crate::spec::{Band, Category, Classes, Level, Missing, Source, Variable};

use super::classify::{Classifier, Kind};
use super::group::Keys;
use super::value::Value;

/// A classifier whose values have their classes.
pub(super) struct Classed {
    /// How many classes there are.
    pub count: u32,
    /// The class of records that tables with this variable leave out.
    pub out: Option<u32>,
    /// Per row of the grouped records, its class.
    pub of: Vec<u32>,
    /// Per class, how many records it has.
    pub records: Vec<i64>,
    /// The categories and subtotals in the order shown, without the total.
    pub entries: Vec<Group>,
}

/// A category or subtotal: some classes.
pub(super) struct Group {
    pub code: String,
    pub label: String,
    pub note: Option<String>,
    pub classes: Vec<u32>,
    pub level: u32,
    pub total: bool,
}

/// Gives each value of a classifier its class.
pub(super) fn classed(
    classifier: &Classifier,
    keys: &Keys,
    records: &[i64],
    warnings: &mut Vec<String>,
) -> Result<Classed, Error> {
    let mut of_value = vec![0i64; keys.values.len()];
    keys.of.iter().zip(records).for_each(|(&v, n)| of_value[v as usize] += n);
    match classifier.kind {
        Kind::Filter(_) => {
            let class = keys.values.iter().map(|v| u32::from(v.first() != Some(&Some(Value::Whole(0)))));
            let made = Classed::new(2, None, class.collect(), keys, &of_value, Vec::new());
            if made.records.first() == Some(&0) {
                warnings.push(format!("{} leaves no record", classifier.name));
            }
            Ok(made)
        }
        Kind::Variable(_, variable) => {
            let plan = plan(variable, &classifier.levels, keys);
            let made = plan.apply(variable, &classifier.columns, keys, &of_value)?;
            warn_empty(variable, &made, warnings);
            Ok(made)
        }
    }
}

impl Classed {
    fn new(
        count: u32,
        out: Option<u32>,
        class: Vec<u32>,
        keys: &Keys,
        of_value: &[i64],
        entries: Vec<Group>,
    ) -> Classed {
        let mut records = vec![0; count as usize];
        class.iter().zip(of_value).for_each(|(&c, n)| records[c as usize] += n);
        let of = keys.of.iter().map(|&v| class[v as usize]).collect();
        Classed { count, out, of, records, entries }
    }

    /// Every class that a category contains.
    pub fn kept(&self) -> impl Iterator<Item = u32> + '_ {
        (0..self.count).filter(|c| Some(*c) != self.out)
    }
}

/// What a variable's definition makes of the values found.
struct Plan {
    /// How many classes the definition has.
    count: u32,
    entries: Vec<Group>,
    /// Per value: its class; none where no category names it. A missing value has none either.
    class: Vec<Option<u32>>,
}

impl Plan {
    /// Decides on missing and other values, and gives every value its class.
    fn apply(
        mut self,
        variable: &Variable,
        columns: &[String],
        keys: &Keys,
        of_value: &[i64],
    ) -> Result<Classed, Error> {
        let missing = |v: usize| keys.values[v].iter().any(Option::is_none);
        let mut out = None;
        for (is_missing, choice, what, key) in [
            (true, &variable.missing, "no value", "missing"),
            (false, &variable.other, "a value that no category names", "other"),
        ] {
            let open: Vec<usize> =
                (0..keys.values.len()).filter(|&v| self.class[v].is_none() && missing(v) == is_missing).collect();
            let records: i64 = open.iter().map(|&v| of_value[v]).sum();
            let class = match choice {
                Missing::Error if open.is_empty() => continue,
                Missing::Error => return Err(undecided(variable, columns, records, what, key)),
                Missing::LeaveOut if open.is_empty() => continue,
                Missing::LeaveOut => *out.get_or_insert_with(|| {
                    self.count += 1;
                    self.count - 1
                }),
                Missing::Category(label) => match self.joined(label) {
                    Some(class) => class,
                    // Where every value is a category, or none is written for it, `other` has nothing to hold.
                    None if open.is_empty() && !is_missing && matches!(variable.classes, Classes::Found) => continue,
                    None => self.add(label),
                },
            };
            open.into_iter().for_each(|v| self.class[v] = Some(class));
        }
        let class = self.class.into_iter().map(|c| c.unwrap_or_default()).collect();
        if self.entries.iter().any(|e| e.code == variable.total_code) {
            return Err(Error::usage(format!("variable `{}`: a category has the code of the total", variable.name))
                .with_help("give the total another code: total-code = \"All\""));
        }
        Ok(Classed::new(self.count.max(1), out, class, keys, of_value, self.entries))
    }

    /// The class of the category with this code or label, if it is a single one.
    fn joined(&self, label: &str) -> Option<u32> {
        let same = |e: &&Group| !e.total && (e.code == label || e.label == label);
        self.entries.iter().find(same).and_then(|e| e.classes.first().copied())
    }

    fn add(&mut self, label: &str) -> u32 {
        let class = self.count;
        self.count += 1;
        self.entries.push(Group::flat(label.to_owned(), label.to_owned(), None, class));
        class
    }
}

impl Group {
    fn flat(code: String, label: String, note: Option<String>, class: u32) -> Group {
        Group { code, label, note, classes: vec![class], level: 1, total: false }
    }
}

fn undecided(variable: &Variable, columns: &[String], records: i64, what: &str, key: &str) -> Error {
    let columns: Vec<String> = columns.iter().map(|c| format!("\"{c}\"")).collect();
    let (s, have) = if records == 1 { ("", "has") } else { ("s", "have") };
    let column = if columns.len() == 1 { "column" } else { "columns" };
    Error::data(format!(
        "variable `{}` ({column} {}): {records} record{s} {have} {what}",
        variable.name,
        columns.join(", ")
    ))
    .with_help(match variable.line {
        // made from arguments, which have no word for it
        0 => "give each record a code, or leave these records out of the file".to_owned(),
        _ => format!(
            "say what becomes of them: {key} = \"leave-out\" or {key} = {{ category = \"…\" }}, or put the data right"
        ),
    })
}

fn warn_empty(variable: &Variable, made: &Classed, warnings: &mut Vec<String>) {
    let empty: Vec<String> = (made.entries.iter())
        .filter(|e| !e.total && e.classes.iter().all(|&c| made.records[c as usize] == 0))
        .map(|e| format!("`{}`", e.label))
        .collect();
    match empty.as_slice() {
        [] => {}
        [one] => warnings.push(format!("variable `{}`: no record falls in {one}", variable.name)),
        several => warnings.push(format!("variable `{}`: no record falls in {}", variable.name, several.join(", "))),
    }
}

fn plan(variable: &Variable, levels: &[Level], keys: &Keys) -> Plan {
    match (&variable.classes, &variable.source) {
        (Classes::Listed { categories, ignore_case }, _) => listed(categories, *ignore_case, keys),
        (Classes::Bands(bands), _) => banded(bands, keys),
        (Classes::Hierarchy(_) | Classes::HierarchyFile(_), _) => hierarchy(levels, keys),
        (Classes::Found, Source::Nested(_)) => nested(keys),
        (Classes::Found, _) => found(keys),
    }
}

fn single(value: &[Option<Value>]) -> Option<&Value> {
    value.first().and_then(Option::as_ref)
}

fn found(keys: &Keys) -> Plan {
    let mut values: Vec<&Value> = keys.values.iter().filter_map(|v| single(v)).collect();
    values.sort_unstable();
    let entries = values.iter().zip(0..).map(|(v, c)| Group::flat(v.code(), v.code(), None, c)).collect();
    let index: HashMap<&Value, u32> = values.iter().copied().zip(0..).collect();
    let class = keys.values.iter().map(|v| single(v).and_then(|v| index.get(v).copied())).collect();
    Plan { count: values.len() as u32, entries, class }
}

fn listed(categories: &[Category], ignore_case: bool, keys: &Keys) -> Plan {
    let fold = |text: &str| if ignore_case { text.trim().to_lowercase() } else { text.to_owned() };
    let index: HashMap<String, u32> = categories
        .iter()
        .zip(0..)
        .flat_map(|(c, i)| c.values.iter().map(move |v| (v, i)))
        .map(|(v, i)| (fold(v), i))
        .collect();
    let class = keys.values.iter().map(|v| single(v).and_then(|v| index.get(&fold(&v.code())).copied())).collect();
    let entries = categories.iter().zip(0..).map(|(c, i)| from_category(c, i)).collect();
    Plan { count: categories.len() as u32, entries, class }
}

fn banded(bands: &[Band], keys: &Keys) -> Plan {
    let class = |v: &Vec<Option<Value>>| match single(v) {
        Some(Value::Whole(band)) => u32::try_from(*band).ok(),
        _ => None,
    };
    let entries = bands.iter().zip(0..).map(|(b, i)| from_category(&b.category, i)).collect();
    Plan { count: bands.len() as u32, entries, class: keys.values.iter().map(class).collect() }
}

fn from_category(category: &Category, class: u32) -> Group {
    Group::flat(category.code.clone(), category.label.clone(), category.note.clone(), class)
}

/// Leaves of the hierarchy are classes, codes above them subtotals.
fn hierarchy(levels: &[Level], keys: &Keys) -> Plan {
    let below = |at: usize| levels.get(at + 1).is_some_and(|next| next.depth > levels[at].depth);
    let mut index: HashMap<&str, u32> = HashMap::new();
    for (_, level) in levels.iter().enumerate().filter(|(at, _)| !below(*at)) {
        let next = index.len() as u32;
        index.insert(&level.code, next);
    }
    let entries = levels.iter().enumerate().map(|(at, level)| {
        let own = 1 + levels[at + 1..].iter().take_while(|l| l.depth > level.depth).count();
        let codes = &levels[at..at + own];
        Group {
            code: level.code.clone(),
            label: level.label.clone(),
            note: None,
            classes: codes.iter().filter_map(|l| index.get(l.code.as_str()).copied()).collect(),
            level: level.depth,
            total: below(at),
        }
    });
    let entries = entries.collect();
    let class = keys.values.iter().map(|v| single(v).and_then(|v| index.get(v.code().as_str()).copied())).collect();
    Plan { count: index.len() as u32, entries, class }
}

/// The combinations found are a hierarchy. A code that stands in it twice is told apart by what it is in.
fn nested(keys: &Keys) -> Plan {
    let mut combinations: Vec<Vec<&Value>> =
        keys.values.iter().filter_map(|v| v.iter().map(Option::as_ref).collect()).collect();
    combinations.sort_unstable();
    let mut nodes: Vec<(Vec<&Value>, Vec<u32>)> = Vec::new();
    for (combination, class) in combinations.iter().zip(0..) {
        for depth in 1..=combination.len() {
            let path = &combination[..depth];
            match nodes.iter_mut().rev().take_while(|n| n.0.first() == path.first()).find(|n| n.0 == path) {
                Some(node) => node.1.push(class),
                None => nodes.push((path.to_vec(), vec![class])),
            }
        }
    }
    let mut uses: HashMap<String, usize> = HashMap::new();
    nodes.iter().filter_map(|n| n.0.last()).for_each(|v| *uses.entry(v.code()).or_default() += 1);
    let entries = nodes.iter().map(|(path, classes)| {
        let label = path.last().map(|v| v.code()).unwrap_or_default();
        let whole = || path.iter().map(|v| v.code()).collect::<Vec<_>>().join(" / ");
        let code = if uses.get(&label).is_some_and(|n| *n > 1) { whole() } else { label.clone() };
        let inner = combinations.first().is_some_and(|c| path.len() < c.len());
        Group { code, label, note: None, classes: classes.clone(), level: path.len() as u32, total: inner }
    });
    let entries = entries.collect();
    let index: HashMap<&[&Value], u32> = combinations.iter().map(Vec::as_slice).zip(0..).collect();
    let class = keys.values.iter().map(|v| {
        let parts: Option<Vec<&Value>> = v.iter().map(Option::as_ref).collect();
        parts.and_then(|p| index.get(p.as_slice()).copied())
    });
    let class = class.collect();
    Plan { count: combinations.len() as u32, entries, class }
}
