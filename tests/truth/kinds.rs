//! Kinds: for records the combinations of the finest classes that are possible, for persons sets of these.
//!
//! A combination is possible by the definitions: by values that are listed or found, by bands, by columns nested in one
//! another. That no record has it says nothing.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::bits::Bits;
use super::sql::{Sql, Value};
use super::world::{Choice, Class, Classes, Measure, Source, Variable, World};

/// Columns that nest, and the paths that records take through them.
type Paths = (Vec<String>, HashSet<Vec<Option<String>>>);
/// Whether records of these classes are gone.
pub type Gone<'a> = dyn Fn(&[Vec<Vec<String>>]) -> bool + 'a;

/// Combinations beyond this are too many.
const MOST_COMBINATIONS: usize = 300_000;
/// Kinds beyond this are too many to be looked at.
const MOST_KINDS: usize = 400;
const MOST_PERSON_KINDS: usize = 600;

/// A kind of records.
#[derive(Clone, Debug)]
pub struct Kind {
    /// Per table: none where it is not about these records, else the cell of the joint grid of its variables.
    pub joint: Vec<Option<usize>>,
    /// Per table and axis: codes, coarse to fine.
    pub codes: Vec<Vec<Vec<String>>>,
    /// Which of the named conditions hold.
    pub named: Vec<bool>,
    /// Whether it takes a value that no record has and of which nothing says where it lies: everybody may know that it is empty.
    pub homeless: bool,
    /// Every joint cell, as one set over all tables; the named conditions; where persons stand beside other measures also the
    /// kind itself.
    pub signature: Bits,
}

/// All kinds.
#[derive(Clone, Debug, Default)]
pub struct Kinds {
    pub records: Vec<Kind>,
    /// Per record of the data its kind; none where the release is not about it.
    pub of_row: Vec<Option<usize>>,
    /// Kinds of persons, as sets of joint cells; empty where no table counts persons.
    pub persons: Vec<Bits>,
    /// The kind of each person.
    pub of_person: Vec<usize>,
    /// How many joint cells there are over all tables, and how many kinds of records.
    pub joints: usize,
    pub size: usize,
    /// Per joint cell its table.
    pub table_of_joint: Vec<usize>,
}

/// Why kinds can't be made.
#[derive(Debug)]
pub enum Trouble {
    TooMany,
    /// A record is where the release says that there is none, or where no definition allows it.
    NotThere,
}

/// The definitions of a world, ready to be asked often.
struct Definitions<'a> {
    world: &'a World,
    filter: Option<Sql>,
    tables: Vec<About>,
    names: Vec<String>,
    /// The classes that some record has, of variables whose categories are the values found.
    found: Vec<Option<BTreeSet<Class>>>,
    named: Vec<Sql>,
}

/// What a table is about; variables by their places among those in use.
struct About {
    filter: Option<Sql>,
    only: Vec<(usize, Vec<String>)>,
    axes: Vec<usize>,
    /// The variables of its joint grid: all that are made from the columns of its axes.
    joint: Vec<usize>,
}

/// The joint cell in each table, the codes of each table's axes, and which of the named conditions hold.
type Found = (Vec<Option<Vec<Class>>>, Vec<Vec<Vec<String>>>, Vec<bool>);

impl<'a> Definitions<'a> {
    fn new(world: &'a World) -> Self {
        let used = world.used();
        let at = |name: &String| used.iter().position(|v| v.name == *name).expect("a variable");
        let tables = world.tables.iter().map(|t| {
            let axes: Vec<usize> = t.axes().map(at).collect();
            let columns: BTreeSet<String> = axes.iter().flat_map(|a| used[*a].columns()).collect();
            let joint = (0..used.len()).filter(|v| used[*v].columns().is_subset(&columns)).collect();
            let only = t.only.iter().map(|(v, codes)| (at(v), codes.clone())).collect();
            About { filter: t.filter.as_deref().map(Sql::parse), only, axes, joint }
        });
        Definitions {
            world,
            filter: world.filter.as_deref().map(Sql::parse),
            tables: tables.collect(),
            names: used.iter().map(|v| v.name.clone()).collect(),
            found: used.iter().map(|v| found(world, v)).collect(),
            named: world.named.iter().map(|n| Sql::parse(n)).collect(),
        }
    }

    /// Per table the classes of its joint grid and the codes of its axes; none where no definition allows the combination,
    /// or the release is not about it.
    fn place(&self, value: &dyn Fn(&str) -> Option<String>) -> Option<Found> {
        if self.filter.as_ref().is_some_and(|f| f.truth(value) != Some(true)) {
            return None;
        }
        let classes: Vec<Class> = self.names.iter().map(|n| self.world.variable(n).class(value)).collect();
        // where every value found is a category, all of them are printed, and there are no others
        let printed = |(at, class): (usize, &Class)| match (&self.found[at], class) {
            (Some(found), Class::Codes(_)) => found.contains(class),
            _ => true,
        };
        if !classes.iter().enumerate().all(printed) {
            return None;
        }
        if classes.contains(&Class::Impossible) {
            return None;
        }
        let codes = |v: usize| match &classes[v] {
            Class::Codes(codes) => codes.clone(),
            _ => Vec::new(),
        };
        let (mut joint, mut all) = (Vec::new(), Vec::new());
        for table in &self.tables {
            let about = table.filter.as_ref().is_none_or(|f| f.truth(value) == Some(true))
                && table.only.iter().all(|(v, wanted)| codes(*v).iter().any(|c| wanted.contains(c)))
                && table.axes.iter().all(|a| classes[*a] != Class::Out);
            joint.push(about.then(|| table.joint.iter().map(|v| classes[*v].clone()).collect()));
            all.push(if about { table.axes.iter().map(|a| codes(*a)).collect() } else { Vec::new() });
        }
        let named = self.named.iter().map(|n| n.truth(value) == Some(true)).collect();
        Some((joint, all, named))
    }
}

/// The classes that records have under a variable whose categories are the values found.
fn found(world: &World, variable: &Variable) -> Option<BTreeSet<Class>> {
    let open = matches!((&variable.classes, &variable.source), (Classes::Found, Source::Column(_) | Source::Sql(_)));
    open.then(|| world.rows.iter().map(|r| variable.class(&|name| world.value(r, name))).collect())
}

/// Every value of a column that a definition tells from others or that a record has.
fn atoms(world: &World, column: &str) -> Vec<Option<String>> {
    let mut found: BTreeSet<Option<String>> = world.rows.iter().map(|r| world.value(r, column)).collect();
    let mut sqls: Vec<String> = texts(world).cloned().collect();
    for v in world.used() {
        if matches!(v.missing, Choice::Category(_)) && v.columns().contains(column) {
            // a category for missing values says that there may be some
            found.insert(None);
        }
        match (&v.source, &v.classes) {
            (Source::Column(c), Classes::Listed(all)) if c == column => {
                found.extend(all.iter().flat_map(|(code, values)| values.iter().chain([code])).cloned().map(Some));
            }
            (Source::Column(c), Classes::Bands(all)) if c == column => {
                let ends = all.iter().flat_map(|b| [b.1.map(|f| f - 1), b.1, b.2, b.2.map(|t| t + 1)]);
                found.extend(ends.flatten().map(|n| Some(n.to_string())));
            }
            (Source::Sql(text), _) => sqls.push(text.clone()),
            _ => {}
        }
    }
    let mut compared = Vec::new();
    sqls.iter().for_each(|s| Sql::parse(s).columns(&mut compared));
    for (_, literal) in compared.into_iter().filter(|c| c.0 == column) {
        match literal {
            Some(Value::Text(t)) => drop(found.insert(Some(t))),
            Some(Value::Number(n)) => found.extend([-1.0, 0.0, 1.0].map(|d| Some((n + d).to_string()))),
            _ => {}
        }
    }
    found.into_iter().collect()
}

/// The SQL of filters and named conditions.
fn texts(world: &World) -> impl Iterator<Item = &String> {
    world.tables.iter().filter_map(|t| t.filter.as_ref()).chain(&world.filter).chain(&world.named)
}

/// Columns that classify records.
fn classifying(world: &World) -> Vec<String> {
    let mut all: BTreeSet<String> = world.used().iter().flat_map(|v| v.columns()).collect();
    let mut found = Vec::new();
    texts(world).for_each(|s| Sql::parse(s).columns(&mut found));
    all.extend(found.into_iter().map(|f| f.0));
    all.into_iter().collect()
}

/// What the data say of columns that are nested in one another.
#[derive(Default)]
struct Nesting {
    /// A fine column, a coarse one, and for each fine value that a record has the coarse one of that record.
    lies_in: Vec<(String, String, HashMap<String, String>)>,
    /// Columns of a hierarchy, and the paths that records have.
    paths: Vec<Paths>,
}

impl Nesting {
    fn of(world: &World) -> Nesting {
        let seen = classifying(world);
        let mut nesting = Nesting::default();
        for (fine, coarse) in world.nested.iter().filter(|n| seen.contains(&n.0) && seen.contains(&n.1)) {
            let pairs = world.rows.iter().filter_map(|r| Some((world.value(r, fine)?, world.value(r, coarse)?)));
            let of: HashMap<String, String> = pairs.collect();
            // where all records lie in one coarse value the data show no nesting: who knows of one declares it
            if of.values().collect::<BTreeSet<_>>().len() > 1 {
                nesting.lies_in.push((fine.clone(), coarse.clone(), of));
            }
        }
        for v in world.used() {
            if let Source::Nested(all) = &v.source {
                let path = |r: &Vec<String>| all.iter().map(|c| world.value(r, c)).collect();
                nesting.paths.push((all.clone(), world.rows.iter().map(path).collect()));
            }
        }
        nesting
    }

    /// Whether nothing says where a value lies that no record has.
    fn is_homeless(&self, value: &dyn Fn(&str) -> Option<String>) -> bool {
        self.lies_in.iter().any(|(fine, _, of)| value(fine).is_some_and(|f| !of.contains_key(&f)))
    }

    fn allows(&self, value: &dyn Fn(&str) -> Option<String>) -> bool {
        let lies = self.lies_in.iter().all(|(fine, coarse, of)| {
            let expected = value(fine).and_then(|f| of.get(&f).cloned());
            expected.is_none() || expected == value(coarse)
        });
        let path = |all: &[String]| all.iter().map(|c| value(c)).collect::<Vec<_>>();
        lies && self.paths.iter().all(|(all, found)| found.contains(&path(all)))
    }
}

/// Every kind; `gone` says of a kind of records that the release prints that there are none.
pub fn kinds(world: &World, gone: &Gone) -> Result<Kinds, Trouble> {
    let definitions = Definitions::new(world);
    let columns = classifying(world);
    let atoms: Vec<Vec<Option<String>>> = columns.iter().map(|c| atoms(world, c)).collect();
    let size = atoms.iter().map(Vec::len).try_fold(1usize, |a, n| a.checked_mul(n).filter(|s| *s <= MOST_COMBINATIONS));
    let size = size.ok_or(Trouble::TooMany)?;
    let nesting = Nesting::of(world);
    let mut maker = Maker::default();
    for mut number in 0..size {
        let mut at: Vec<&Option<String>> = Vec::with_capacity(columns.len());
        for list in &atoms {
            at.push(&list[number % list.len()]);
            number /= list.len();
        }
        let value = |name: &str| columns.iter().position(|c| c == name).and_then(|i| at[i].clone());
        if !nesting.allows(&value) {
            continue;
        }
        if let Some(found) = definitions.place(&value) {
            maker.add(found, gone, nesting.is_homeless(&value));
        }
        if maker.kinds.len() > MOST_KINDS {
            return Err(Trouble::TooMany);
        }
    }
    let (joints, size) = (maker.joints.len(), maker.kinds.len());
    let mut kinds = Kinds { records: maker.kinds, joints, size, table_of_joint: maker.tables, ..Kinds::default() };
    for row in &world.rows {
        let found = definitions.place(&|name| world.value(row, name));
        let kind = found.map(|found| maker.index.get(&found).copied().flatten().ok_or(Trouble::NotThere));
        kinds.of_row.push(kind.transpose()?);
    }
    if world.tables.iter().any(|t| t.measure == Measure::Persons) {
        persons(world, &mut kinds)?;
    }
    Ok(kinds)
}

/// Gives numbers to kinds and joint cells.
#[derive(Default)]
struct Maker {
    kinds: Vec<Kind>,
    index: HashMap<Found, Option<usize>>,
    joints: HashMap<(usize, Vec<Class>), usize>,
    tables: Vec<usize>,
}

impl Maker {
    fn add(&mut self, found: Found, gone: &Gone, homeless: bool) {
        if let Some(known) = self.index.get(&found) {
            known.iter().for_each(|&k| self.kinds[k].homeless &= homeless);
            return;
        }
        if gone(&found.1) {
            self.index.insert(found, None);
            return;
        }
        let mut joint = Vec::new();
        for (t, classes) in found.0.iter().enumerate() {
            joint.push(classes.as_ref().map(|classes| {
                let next = self.joints.len();
                let id = *self.joints.entry((t, classes.clone())).or_insert(next);
                if id == next {
                    self.tables.push(t);
                }
                id
            }));
        }
        let kind = Kind { joint, codes: found.1.clone(), named: found.2.clone(), homeless, signature: Bits::default() };
        self.kinds.push(kind);
        self.index.insert(found, Some(self.kinds.len() - 1));
    }
}

/// Kinds of persons: every union of joint cells that some records make.
fn persons(world: &World, kinds: &mut Kinds) -> Result<(), Trouble> {
    // where other things are counted as well, a person's kind says which kinds of records are the person's
    let each = world.tables.iter().any(|t| t.measure != Measure::Persons);
    for (k, kind) in kinds.records.iter_mut().enumerate() {
        kind.signature = Bits::of(kind.joint.iter().flatten().copied());
        if each {
            kind.signature.add(kinds.joints + k);
        }
        let named = kind.named.iter().enumerate().filter(|n| *n.1).map(|n| kinds.joints + kinds.size + n.0);
        named.collect::<Vec<_>>().into_iter().for_each(|bit| kind.signature.add(bit));
    }
    // records that no table is about make no kind of persons
    let single: BTreeSet<Bits> = kinds.records.iter().map(|k| k.signature.clone()).filter(|s| !s.is_empty()).collect();
    let mut all: HashSet<Bits> = HashSet::new();
    for one in &single {
        let more: Vec<Bits> = all.iter().map(|b| b.or(one)).chain([one.clone()]).collect();
        all.extend(more);
        if all.len() > MOST_PERSON_KINDS {
            return Err(Trouble::TooMany);
        }
    }
    kinds.persons = all.into_iter().collect();
    kinds.persons.sort();
    let column = world.column(world.person.as_ref().expect("persons are named"));
    let mut of: HashMap<&String, Bits> = HashMap::new();
    for (row, kind) in world.rows.iter().zip(&kinds.of_row) {
        if let Some(kind) = kind {
            let own = of.entry(&row[column]).or_default();
            *own = own.or(&kinds.records[*kind].signature);
        }
    }
    let index: HashMap<&Bits, usize> = kinds.persons.iter().zip(0..).collect();
    kinds.of_person = of.values().filter(|b| !b.is_empty()).map(|b| index[b]).collect();
    Ok(())
}
