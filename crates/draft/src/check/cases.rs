//! Which tables count the same cases: told by their common margins.
//!
//! Tables whose common margins are equal count the same cases, if that is no chance: the more tables there are, the more
//! must be equal. Where none is larger and some are smaller, and the words around the tables say so, the one counts a part of
//! the cases of the other. Where most are equal and some are not, they contradict each other.

use std::collections::{BTreeSet, HashMap};

use super::figures::{Figures, Signs};
use super::hypotheses::titles::Title;
use super::layout::Layout;
use super::lexicon::key;
use super::margins::{Margin, Margins};
use super::tree::Known;
use super::variables::{Keys, Variables, keys_of, keys_of_all};

/// Categories by variable, as numbers of [`Sets`]; variables at their total are left out.
type Corner = Box<[(usize, usize)]>;

/// Sets of categories of variables by number.
#[derive(Default)]
struct Sets {
    numbers: HashMap<(usize, Keys), usize>,
}

impl Sets {
    /// The number of these categories of a variable; none where they are all of it.
    fn number(&mut self, variables: &Variables, v: usize, keys: &Keys) -> Option<usize> {
        let variable = variables.all.get(v)?;
        let leaves = variable.leaves_of(keys);
        let next = self.numbers.len();
        (leaves.len() < variable.leaves.len()).then(|| *self.numbers.entry((v, leaves)).or_insert(next))
    }
}

/// A set of cases that tables count.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cases {
    /// What a person calls it, or the names of its tables.
    pub name: String,
    /// The cases that these are a part of.
    pub part_of: Option<usize>,
    /// The tables that count them.
    pub tables: Vec<usize>,
    /// What their tables say.
    margins: HashMap<Corner, Margin>,
    /// A person named it.
    given: bool,
    /// The words around its first table.
    title: Title,
    /// The variables of its tables.
    variables: BTreeSet<usize>,
    /// That it is a part is said in words.
    pub by_words: bool,
    /// They are no cases of the draft, but what a rate is over, or a mean is a sum of.
    pub measure: bool,
    /// Some table is taken to count these cases although nothing that it prints tells so.
    pub doubted: bool,
}

impl Cases {
    /// Whether a user named them.
    pub fn is_given(&self) -> bool {
        self.given
    }

    /// The number of all cases, where it is printed.
    pub fn total(&self) -> Option<i64> {
        match self.margins.get(&[][..]).map(|m| m.known) {
            Some(Known::Exact(v)) => Some(v),
            _ => None,
        }
    }
}

/// What two sets of margins say of each other.
#[derive(Clone, Copy, Debug, Default)]
struct Compared {
    equal: usize,
    less: usize,
    more: usize,
    /// Figures of which one is withheld, and that can be equal; and those that can't.
    open: usize,
    apart: usize,
    /// Common figures beside the grand total.
    inner: usize,
    /// How much what is equal speaks against chance: the logarithm of how many other figures there could be.
    surprise: f64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Relation {
    Same,
    Part,
    Whole,
    Other,
}

/// What tables count of which nothing that both print tells: the same cases, unless that contradicts itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Doubt {
    /// The same cases.
    #[default]
    Same,
    /// A part of them.
    Part,
}

/// How much more must speak against chance where some figures differ: else they are other cases, and no slip.
const SLIP: f64 = 2.0;

impl Compared {
    /// `need` is how much must speak against chance.
    fn relation(self, doubt: Doubt, need: f64) -> Relation {
        let differ = self.less + self.more;
        if differ == 0 && self.apart == 0 && (self.equal == 0 || self.surprise >= need) {
            let silent = self.equal == 0 && self.open > 0 && self.inner > 0;
            return match (self.equal > 0, silent, doubt) {
                (true, ..) | (_, true, Doubt::Same) => Relation::Same,
                (_, true, Doubt::Part) => Relation::Part,
                _ => Relation::Other,
            };
        }
        if self.equal > differ + self.apart && self.surprise >= need + SLIP {
            return Relation::Same;
        }
        match (self.less, self.more) {
            (1.., 0) => Relation::Part,
            (0, 1..) => Relation::Whole,
            _ => Relation::Other,
        }
    }
}

/// All sets of cases; each table is in one.
pub(crate) fn find(
    tables: &[Figures],
    variables: &Variables,
    signs: &Signs,
    layout: Option<&Layout>,
    doubt: Doubt,
) -> Vec<Cases> {
    let mut all: Vec<Cases> = Vec::new();
    let mut of_block: HashMap<usize, usize> = HashMap::new();
    let main = tables.iter().filter(|t| t.is_main()).count() as f64;
    let pairs = (main * (main - 1.0) / 2.0).max(1.0);
    let (mut sets, mut index) = (Sets::default(), Index::default());
    for (t, table) in tables.iter().enumerate() {
        let margins = margins(t, table, variables, signs, &mut sets);
        let said = layout.and_then(|l| l.table(&table.name)).filter(|_| table.measure.is_none());
        let named = said.and_then(|s| s.cases.clone());
        let at = match (&table.measure, named) {
            (Some(measure), _) => by_measure(&mut all, &key(&measure.label)),
            // of a part of a table alone: its lines in common are bound to those of the table one by one
            (None, _) if table.apart.is_some() => {
                all.push(Cases { given: true, ..Cases::default() });
                all.len() - 1
            }
            (None, Some(name)) => by_name(&mut all, &name),
            // another breakdown of a table counts what that counts
            (None, None) if table.layer && of_block.contains_key(&table.parsed.block) => {
                of_block.get(&table.parsed.block).copied().unwrap_or(0)
            }
            (None, None) => {
                let part_of = said.and_then(|s| s.part_of.as_deref());
                let variables = variables.of.get(t).map_or(&[][..], Vec::as_slice);
                place(&mut all, &index, &margins, &Around { title: &table.title, part_of, doubt, pairs, variables })
            }
        };
        if let Some(cases) = all.get_mut(at).filter(|c| c.tables.is_empty()) {
            cases.title.clone_from(&table.title);
        }
        if table.is_main() {
            of_block.insert(table.parsed.block, at);
        }
        if let Some(whole) = said.and_then(|s| s.part_of.as_deref()) {
            let whole = by_name(&mut all, whole);
            if let Some(cases) = all.get_mut(at).filter(|_| whole != at) {
                cases.part_of = Some(whole);
            }
        }
        if let Some(cases) = all.get_mut(at) {
            cases.tables.push(t);
            cases.variables.extend(variables.of.get(t).into_iter().flatten());
            for (corner, margin) in margins {
                if table.apart.is_none() {
                    index.take(at, &corner, margin.known);
                }
                let slot = cases.margins.entry(corner).or_insert(margin);
                if !matches!(slot.known, Known::Exact(_)) {
                    *slot = margin;
                }
            }
        }
    }
    for cases in all.iter_mut().filter(|c| !c.given) {
        let mut names: Vec<&str> =
            cases.tables.iter().filter_map(|&t| tables.get(t)).map(|t| t.name.as_str()).collect();
        names.dedup();
        cases.name = names.join(", ");
    }
    all
}

/// The set of cases of this name; a new one if there is none. A table's name stands for its cases.
fn by_name(all: &mut Vec<Cases>, name: &str) -> usize {
    all.iter().position(|c| c.given && !c.measure && c.name == name).unwrap_or_else(|| {
        all.push(Cases { name: name.to_owned(), given: true, ..Cases::default() });
        all.len() - 1
    })
}

/// What a measure of this label counts, whatever table it stands in.
fn by_measure(all: &mut Vec<Cases>, label: &str) -> usize {
    all.iter().position(|c| c.measure && c.name == label).unwrap_or_else(|| {
        all.push(Cases { name: label.to_owned(), given: true, measure: true, ..Cases::default() });
        all.len() - 1
    })
}

/// What is known of a table beside its margins.
struct Around<'a> {
    title: &'a Title,
    /// What a person says.
    part_of: Option<&'a str>,
    doubt: Doubt,
    /// How many pairs of tables there are.
    pairs: f64,
    /// Its variables.
    variables: &'a [usize],
}

impl Around<'_> {
    /// Whether a table without a title of its own goes with others of a series without titles, which count the same cases and
    /// have its variables: then nothing but its size can say what it counts.
    fn untitled(&self, whole: &Cases) -> bool {
        let plain = self.title.is_empty() && whole.title.is_empty();
        plain && whole.tables.len() > 1 && self.variables.iter().all(|v| whole.variables.contains(v))
    }
}

/// The set of cases that these margins are of; a new one where they are of none.
fn place(all: &mut Vec<Cases>, index: &Index, margins: &HashMap<Corner, Margin>, around: &Around) -> usize {
    let last = all.iter().rposition(|c| !c.measure);
    let relation = |i: usize| {
        let cases = all.get(i)?;
        let untitled = around.title.is_empty() && cases.title.is_empty();
        let need = match (around.title.same(&cases.title), untitled) {
            (true, _) => 0.0,
            (false, true) => around.pairs.ln() / 2.0,
            (false, false) => around.pairs.ln(),
        };
        let compared = compare(margins, &cases.margins);
        let found = match compared.relation(around.doubt, need) {
            // what words say goes before what figures suggest: a part may be all there is in some places
            Relation::Same if around.title.other_years(&cases.title) => Relation::Other,
            Relation::Same
                if compared.less > 0 && compared.more == 0 && Some(i) == last && around.title.points_back() =>
            {
                Relation::Part
            }
            found => found,
        };
        let words = match found {
            Relation::Part => around.title.part_of(&cases.title, Some(i) == last) || around.untitled(cases),
            Relation::Whole => cases.title.part_of(around.title, false),
            Relation::Same | Relation::Other => true,
        };
        Some((i, if words { found } else { Relation::Other }))
    };
    // of all others nothing is in common that could tell
    let relations: Vec<(usize, Relation)> = index.near(margins).into_iter().filter_map(relation).collect();
    if around.part_of.is_none()
        && let Some(same) = relations.iter().find(|r| r.1 == Relation::Same).map(|r| r.0)
    {
        if let Some(cases) = all.get_mut(same) {
            cases.doubted |= compare(margins, &cases.margins).equal == 0;
        }
        return same;
    }
    let smallest = |at: &usize| all.get(*at).and_then(Cases::total).unwrap_or(i64::MAX);
    let whole = relations.iter().filter(|r| r.1 == Relation::Part).map(|r| r.0).min_by_key(smallest);
    let own = all.len();
    let by_words = whole.and_then(|w| all.get(w)).is_some_and(|w| around.title.part_of(&w.title, whole == last));
    all.push(Cases { part_of: whole, by_words, ..Cases::default() });
    for (i, relation) in relations {
        if let Some(part) = all.get_mut(i).filter(|c| relation == Relation::Whole && c.part_of.is_none()) {
            part.part_of = Some(own).filter(|_| whole != Some(i));
            part.by_words = true;
        }
    }
    own
}

/// Sets of cases by what they say.
#[derive(Default)]
struct Index {
    by_corner: HashMap<Corner, Vec<usize>>,
    by_total: HashMap<i64, Vec<usize>>,
}

impl Index {
    fn take(&mut self, cases: usize, corner: &Corner, known: Known) {
        let of = match (corner.is_empty(), known) {
            (true, Known::Exact(total)) => self.by_total.entry(total).or_default(),
            (true, _) => return,
            (false, _) => self.by_corner.entry(corner.clone()).or_default(),
        };
        if of.last() != Some(&cases) {
            of.push(cases);
        }
    }

    /// Those that have a figure in common with these margins, or the number of all cases.
    fn near(&self, margins: &HashMap<Corner, Margin>) -> BTreeSet<usize> {
        let total = margins.get(&[][..]).and_then(|m| match m.known {
            Known::Exact(total) => self.by_total.get(&total),
            _ => None,
        });
        margins.keys().filter_map(|corner| self.by_corner.get(corner)).chain(total).flatten().copied().collect()
    }
}

fn compare(own: &HashMap<Corner, Margin>, other: &HashMap<Corner, Margin>) -> Compared {
    let mut compared = Compared::default();
    let both = |c: &Corner, a: &Margin| matches!((a.known, other.get(c).map(|b| b.known)), (Known::Exact(x), Some(Known::Exact(y))) if (x, y) != (0, 0));
    let inner = own.iter().any(|(c, a)| !c.is_empty() && both(c, a));
    for (corner, a) in own {
        let Some(b) = other.get(corner) else { continue };
        match (a.known, b.known) {
            (Known::Exact(0), Known::Exact(0)) => continue,
            // one figure that differs makes the grand totals differ as well: these only count where nothing else does
            (Known::Exact(x), Known::Exact(y)) if corner.is_empty() && inner => {
                compared.surprise += if x == y { (x as f64 + 1.0).ln() } else { 0.0 };
                continue;
            }
            (Known::Exact(x), Known::Exact(y)) => match x.cmp(&y) {
                std::cmp::Ordering::Equal => {
                    compared.equal += 1;
                    compared.surprise += (x as f64 + 1.0).ln();
                }
                std::cmp::Ordering::Less => compared.less += 1,
                std::cmp::Ordering::Greater => compared.more += 1,
            },
            (x, y) => match interval(x).meet(interval(y)).is_empty() {
                true if interval(x).hi < interval(y).lo && interval(x).hi.is_some() => compared.less += 1,
                true if interval(y).hi < interval(x).lo && interval(y).hi.is_some() => compared.more += 1,
                true => compared.apart += 1,
                false => compared.open += 1,
            },
        }
        compared.inner += usize::from(!corner.is_empty());
    }
    compared
}

fn interval(known: Known) -> crate::model::Interval {
    match known {
        Known::Exact(v) => crate::model::Interval::exactly(v),
        Known::Within(i) => i,
        Known::Absent => crate::model::Interval::ALL,
    }
}

/// An axis: its variable, the number of each entry's categories, and of all of them.
type Numbered = (usize, Vec<Option<usize>>, Option<usize>);

/// The margins of a table by categories of variables.
fn margins(
    t: usize,
    table: &Figures,
    variables: &Variables,
    signs: &Signs,
    sets: &mut Sets,
) -> HashMap<Corner, Margin> {
    // per axis its variable, the number of each entry's categories, and of all
    let mut axes: Vec<Option<Numbered>> = Vec::new();
    for (a, axis) in table.axes.iter().enumerate() {
        let of_entries = |v: usize| {
            let numbers = (0..axis.entries.len()).map(|e| sets.number(variables, v, &keys_of(axis, e))).collect();
            (v, numbers, sets.number(variables, v, &keys_of_all(axis)))
        };
        axes.push(variables.variable(t, a).map(of_entries));
    }
    let mut found: HashMap<Corner, Margin> = HashMap::new();
    for (entries, margin) in Margins::new(table, signs).all() {
        let number = |(entry, axis): (&Option<usize>, &Option<Numbered>)| {
            let (v, numbers, all) = axis.as_ref()?;
            let number = entry.map_or(*all, |e| numbers.get(e).copied().flatten())?;
            Some((*v, number))
        };
        let mut corner: Vec<(usize, usize)> = entries.iter().zip(&axes).filter_map(number).collect();
        corner.sort_unstable();
        let slot = found.entry(corner.into_boxed_slice()).or_insert(margin);
        if !slot.printed && margin.printed {
            *slot = margin;
        }
    }
    found
}
