//! Worlds from seeds, over the whole language of the specification, weighted to what is small, empty and crossing.

use std::collections::BTreeSet;

use super::world::{Choice, Classes, Measure, On, Plan, Policy, Protection, Source, Table, Variable, World, Zero};
use crate::random::Rng;

/// Which features of the language a world may use.
#[derive(Clone, Debug, Default)]
pub struct Allowed {
    /// None: all.
    pub only: Option<BTreeSet<String>>,
    pub without: BTreeSet<String>,
    /// Beginnings of the labels of leaks that are not looked for.
    pub unjudged: BTreeSet<String>,
}

impl Allowed {
    pub fn has(&self, feature: &str) -> bool {
        self.only.as_ref().is_none_or(|o| o.contains(feature)) && !self.without.contains(feature)
    }
}

/// What is counted; one of these for each world.
pub const MODES: [(&str, usize); 5] =
    [("records", 55), ("persons", 14), ("persons-beside-records", 9), ("sums", 12), ("sums-beside-counts", 10)];

/// The world of a seed.
pub fn world(seed: u64, allowed: &Allowed) -> World {
    let mut maker =
        Maker { rng: Rng(seed.wrapping_mul(0xD134_2543_DE82_EF95) ^ 0x7275_7468), allowed, features: BTreeSet::new() };
    maker.world()
}

struct Maker<'a> {
    rng: Rng,
    allowed: &'a Allowed,
    features: BTreeSet<&'static str>,
}

/// A column that classifies records, and the variables made from it.
struct Column {
    name: String,
    values: Vec<String>,
    number: bool,
    /// Records without a value.
    missing: Option<Choice>,
    /// Places among the variables.
    variables: Vec<usize>,
}

impl Maker<'_> {
    /// Whether a feature is used, with so many percent.
    fn may(&mut self, feature: &'static str, percent: usize) -> bool {
        let yes = self.rng.chance(percent) && self.allowed.has(feature);
        if yes {
            self.features.insert(feature);
        }
        yes
    }

    /// One of several features by weight; the first that is allowed where none is drawn.
    fn one(&mut self, choices: &[(&'static str, usize)]) -> &'static str {
        let open: Vec<&(&str, usize)> = choices.iter().filter(|c| self.allowed.has(c.0)).collect();
        let all: usize = open.iter().map(|c| c.1).sum();
        let mut at = self.rng.below(all.max(1));
        let mut chosen = choices[0].0;
        for (name, weight) in open {
            if at < *weight {
                chosen = name;
                break;
            }
            at -= weight;
        }
        self.features.insert(chosen);
        chosen
    }

    fn world(&mut self) -> World {
        let mode = self.one(&MODES);
        let circle = mode == "records" && self.may("circle", 14);
        let mut world = World {
            columns: Vec::new(),
            rows: Vec::new(),
            person: None,
            contributor: None,
            filter: None,
            variables: Vec::new(),
            tables: Vec::new(),
            policy: self.policy(mode),
            nested: Vec::new(),
            parts: None,
            named: Vec::new(),
            features: BTreeSet::new(),
        };
        let mut columns = self.columns(mode, circle, &mut world);
        let region = columns.len() < 4
            && !circle
            && columns[0].values.len() > 2
            && !columns[0].number
            && columns[0].missing.is_none();
        if region {
            self.region(&mut columns, &mut world);
        }
        self.records(mode, &columns, &mut world);
        self.tables(mode, circle, &columns, &mut world);
        world.features = std::mem::take(&mut self.features);
        of_used_variables(&mut world);
        world
    }

    fn columns(&mut self, mode: &str, circle: bool, world: &mut World) -> Vec<Column> {
        let few = mode.starts_with("persons");
        let count = match mode {
            _ if circle => 3,
            "records" => [1, 2, 2, 2, 3, 3, 4][self.rng.below(7)],
            _ if few => [1, 2, 2][self.rng.below(3)],
            _ => [1, 2, 2, 2][self.rng.below(4)],
        };
        let mut columns = Vec::new();
        for name in ["a", "b", "c", "d"].into_iter().take(count) {
            let size = match count {
                1 => 3 + self.rng.below(if few { 2 } else { 3 }),
                2 if few => 2 + self.rng.below(2),
                2 => 2 + self.rng.below(3),
                3 => 2 + self.rng.below(2),
                _ => 2,
            };
            let number = !circle && self.may("bands", 12);
            let values: Vec<String> = (0..size)
                .map(|i| if number { (5 * i + [1, 3, 4][self.rng.below(3)]).to_string() } else { format!("{name}{i}") })
                .collect();
            let missing = match () {
                _ if few || circle => None,
                _ if self.may("missing-left-out", 6) => Some(Choice::LeaveOut),
                _ if self.may("missing-category", 5) => Some(Choice::Category("NR".to_owned())),
                _ => None,
            };
            let mut column = Column { name: name.to_owned(), values, number, missing, variables: Vec::new() };
            self.variables(&mut column, world);
            columns.push(column);
        }
        if columns.len() > 1 && !columns[0].number && !columns[1].number && self.may("sql-variable", 6) {
            let (a, b) = (&columns[0], &columns[1]);
            let sql = format!(
                "CASE WHEN {} = '{}' AND {} = '{}' THEN 'x' ELSE 'y' END",
                a.name, a.values[0], b.name, b.values[0]
            );
            let listed = Classes::Listed(["x", "y"].map(|c| (c.to_owned(), vec![c.to_owned()])).to_vec());
            add_variable(world, &mut columns[0], "s", Source::Sql(sql), listed, Choice::Error);
        }
        columns
    }

    /// The variables of a column: its values, groupings of them, bands.
    fn variables(&mut self, column: &mut Column, world: &mut World) {
        let source = Source::Column(column.name.clone());
        let n = column.values.len();
        if column.number {
            let edges: Vec<i64> = (0..=n as i64).map(|i| 5 * i).collect();
            for (suffix, cuts) in [("id", edges[1..n].to_vec()), ("g", vec![edges[1]]), ("h", vec![edges[n - 1] - 2])] {
                let mut bands = Vec::new();
                for i in 0..=cuts.len() {
                    let from = (i > 0).then(|| cuts[i - 1]);
                    let to = cuts.get(i).map(|c| c - 1);
                    bands.push((format!("{suffix}{i}"), from, to));
                }
                add_variable(world, column, suffix, source.clone(), Classes::Bands(bands), Choice::Error);
            }
            return;
        }
        let mut listed = column.values.clone();
        let empty = self.may("empty-category", 18);
        if empty {
            let at = self.rng.below(n + 1);
            listed.insert(at, format!("{}9", column.name));
        }
        let own = |values: &[String]| Classes::Listed(values.iter().map(|v| (v.clone(), vec![v.clone()])).collect());
        let two = |name: &str, first: &[String], second: &[String]| {
            Classes::Listed(vec![(format!("{name}1"), first.to_vec()), (format!("{name}2"), second.to_vec())])
        };
        if !empty && self.may("found", 8) {
            add_variable(world, column, "id", source.clone(), Classes::Found, Choice::Error);
        } else if n >= 3 && self.may("leave-out", 9) {
            let out = self.rng.below(n);
            let kept: Vec<String> = listed.iter().filter(|v| **v != column.values[out]).cloned().collect();
            add_variable(world, column, "id", source.clone(), own(&kept), Choice::LeaveOut);
        } else {
            add_variable(world, column, "id", source.clone(), own(&listed), Choice::Error);
        }
        if listed.len() >= 3 && self.may("grouping", 60) {
            let cut = 1 + self.rng.below(listed.len() - 1);
            let classes = two(&format!("G{}", column.name), &listed[..cut], &listed[cut..]);
            add_variable(world, column, "g", source.clone(), classes, Choice::Error);
        }
        if listed.len() >= 3 && self.may("crossing", 45) {
            let chosen: Vec<bool> = listed.iter().map(|_| self.rng.chance(50)).collect();
            let part =
                |yes: bool| listed.iter().zip(&chosen).filter(|c| *c.1 == yes).map(|c| c.0.clone()).collect::<Vec<_>>();
            if !part(true).is_empty() && !part(false).is_empty() {
                let classes = two(&format!("H{}", column.name), &part(true), &part(false));
                add_variable(world, column, "h", source, classes, Choice::Error);
            }
        }
    }

    /// A column of regions that the first column lies in: as a hierarchy, or as a variable of its own.
    fn region(&mut self, columns: &mut [Column], world: &mut World) {
        let (nested, two) = (self.may("nested", 8), self.may("nested-two", 8));
        if !nested && !two {
            return;
        }
        world.nested.push(("a".to_owned(), "region".to_owned()));
        if nested {
            let source = Source::Nested(vec!["region".to_owned(), "a".to_owned()]);
            add_variable(world, &mut columns[0], "nest", source, Classes::Found, Choice::Error);
        }
        if two {
            let source = Source::Column("region".to_owned());
            let listed = ["R0", "R1"].map(|r| (r.to_owned(), vec![r.to_owned()])).to_vec();
            add_variable(world, &mut columns[0], "region", source, Classes::Listed(listed), Choice::Error);
        }
    }

    fn records(&mut self, mode: &str, columns: &[Column], world: &mut World) {
        let sums = mode.starts_with("sums");
        let persons = mode.starts_with("persons");
        world.columns = columns.iter().map(|c| c.name.clone()).collect();
        let regions = !world.nested.is_empty();
        if regions {
            world.columns.push("region".to_owned());
        }
        let cut = 1 + self.rng.below(columns[0].values.len() - 1);
        let mut places = self.places(columns, sums, persons);
        if let Some(place) = places.first().cloned() {
            while places.len() < 5 {
                places.push(place.clone());
            }
        }
        let on_persons = world.policy.threshold.is_some_and(|t| t.2 == On::Persons);
        for place in &places {
            let mut row: Vec<String> = columns.iter().zip(place).map(|(c, v)| c.values[*v].clone()).collect();
            for (value, column) in row.iter_mut().zip(columns) {
                if column.missing.is_some() && self.rng.chance(12) {
                    value.clear();
                }
            }
            if regions {
                row.push(if place[0] < cut { "R0" } else { "R1" }.to_owned());
            }
            world.rows.push(row);
        }
        if persons || on_persons {
            self.people(persons, world);
        }
        if sums {
            self.amounts(world);
        }
        // a row that is all empty would be no record
        world.columns.push("n".to_owned());
        world.rows.iter_mut().zip(1..).for_each(|(row, n)| row.push(n.to_string()));
    }

    /// Where the records are: a place among the values of each column.
    fn places(&mut self, columns: &[Column], sums: bool, persons: bool) -> Vec<Vec<usize>> {
        let size: usize = columns.iter().map(|c| c.values.len()).product();
        let empty = if size > 12 { 55 } else { 28 };
        let mut places = Vec::new();
        for number in 0..size {
            let count = match () {
                _ if self.rng.chance(empty) => 0,
                _ if sums => [1, 1, 1, 2, 2, 3, 4][self.rng.below(7)],
                _ if persons => [1, 2, 3, 4, 5, 7, 9][self.rng.below(7)],
                _ => [1, 1, 2, 2, 3, 4, 5, 6, 8, 11][self.rng.below(10)],
            };
            let mut rest = number;
            let place: Vec<usize> = columns
                .iter()
                .map(|c| {
                    let v = rest % c.values.len();
                    rest /= c.values.len();
                    v
                })
                .collect();
            places.extend(std::iter::repeat_n(place, count));
        }
        if places.is_empty() {
            places.push(vec![0; columns.len()]);
        }
        places.truncate(60);
        places
    }

    /// Names the persons of the records; some have several.
    fn people(&mut self, measured: bool, world: &mut World) {
        world.person = Some("pid".to_owned());
        world.columns.push("pid".to_owned());
        let again = if measured { 25 } else { 45 };
        let mut last = 0;
        for i in 0..world.rows.len() {
            let who = if last > 0 && self.rng.chance(again) { self.rng.below(last) } else { last };
            last = last.max(who + 1);
            world.rows[i].push(format!("p{who}"));
        }
    }

    /// Firms and what they turn over.
    fn amounts(&mut self, world: &mut World) {
        world.contributor = Some("firm".to_owned());
        let two = self.may("sum-of-two", 15);
        let part = self.may("decimals", 25);
        world.columns.extend(["firm", "s1"].map(str::to_owned));
        if two {
            world.columns.extend(["s2", "s3"].map(str::to_owned));
            world.parts = Some(("s3".to_owned(), vec!["s1".to_owned(), "s2".to_owned()]));
        }
        let mut last = 0;
        for i in 0..world.rows.len() {
            let who = if last > 0 && self.rng.chance(25) { self.rng.below(last) } else { last };
            last = last.max(who + 1);
            let mut amount = || match self.rng.below(12) {
                0 => 0,
                1..=3 => 1 + self.rng.below(9),
                4..=8 => 10 + self.rng.below(90),
                _ => 100 + self.rng.below(300),
            };
            let (first, second) = (amount(), amount());
            let text = |v: usize| if part { format!("{}.{}", v, v % 10) } else { v.to_string() };
            world.rows[i].extend([format!("f{who}"), text(first)]);
            if two {
                // in tenths, so that nothing is lost
                let tenths = |v: usize| 10 * v + if part { v % 10 } else { 0 };
                let whole = tenths(first) + tenths(second);
                let sum = if part { format!("{}.{}", whole / 10, whole % 10) } else { (whole / 10).to_string() };
                world.rows[i].extend([text(second), sum]);
            }
        }
    }

    fn policy(&mut self, mode: &str) -> Policy {
        let zero = match self.one(&[("zero-show", 55), ("zero-if-needed", 20), ("zero-unsafe", 25)]) {
            "zero-if-needed" => Zero::IfNeeded,
            "zero-unsafe" => Zero::Unsafe,
            _ => Zero::Show,
        };
        let minimum = [5, 5, 3][self.rng.below(3)];
        let protection = match self.one(&[("band", 62), ("exact", 22), ("above", 16)]) {
            "exact" => Protection::Exact,
            "above" => Protection::Above,
            _ => Protection::Band,
        };
        let method = self.one(&[("auto", 60), ("fast", 25), ("optimal", 15)]);
        let mut plan = Plan::Suppress { method };
        let mut policy = Policy { threshold: None, p_percent: None, dominance: None, plan: plan.clone(), protection };
        if mode.starts_with("sums") {
            match self.one(&[("p-percent", 45), ("dominance", 25), ("contributors", 30)]) {
                "p-percent" => policy.p_percent = Some((10, [1, 1, 2][self.rng.below(3)])),
                "dominance" => policy.dominance = Some([(1, 85), (2, 90)][self.rng.below(2)]),
                _ => {
                    policy.threshold = Some((3, zero, On::Contributors));
                    policy.dominance = Some((1, 85));
                }
            }
            if mode == "sums-beside-counts" && policy.threshold.is_none() {
                policy.threshold = Some((3, zero, On::Contributors));
            }
            return policy;
        }
        let on_persons = mode == "persons" || mode == "persons-beside-records" || self.may("on-persons", 8);
        policy.threshold = Some((minimum, zero, if on_persons { On::Persons } else { On::Records }));
        if !mode.ends_with("records") || mode == "records" {
            let rounds = [("round-controlled", 3), ("round-conventional", 3), ("round-random", 3)];
            for (feature, percent) in rounds {
                if self.may(feature, percent) {
                    plan =
                        Plan::Round { method: feature.trim_start_matches("round-"), base: [3, 5][self.rng.below(2)] };
                    break;
                }
            }
        }
        policy.plan = plan;
        policy
    }

    fn tables(&mut self, mode: &str, circle: bool, columns: &[Column], world: &mut World) {
        let count = if circle { 3 } else { [1, 2, 2, 2, 3, 3, 4][self.rng.below(7)] };
        for t in 0..count {
            let mut axes = if circle {
                [vec![0, 1], vec![1, 2], vec![0, 2]][t].clone()
            } else {
                let mut all: Vec<usize> = (0..columns.len()).filter(|_| self.rng.chance(55)).collect();
                let most = if self.may("layers", 6) { 3 } else { 2 };
                while all.len() > most {
                    all.remove(self.rng.below(all.len()));
                }
                if all.is_empty() { vec![self.rng.below(columns.len())] } else { all }
            };
            if axes.len() > 1 && self.rng.chance(50) {
                axes.swap(0, 1);
            }
            let names: Vec<String> = axes.iter().map(|c| self.variable(&columns[*c], world, circle)).collect();
            let at = |i: usize| names.get(i).cloned().into_iter().collect::<Vec<_>>();
            let mut table = Table {
                id: (t + 1).to_string(),
                rows: at(0),
                columns: at(1),
                layers: at(2),
                filter: None,
                only: Vec::new(),
                margins: !self.may("no-margins", 12),
                measure: self.measure(mode, t, world),
                keep: Vec::new(),
            };
            if !circle {
                self.restrict(&mut table, columns, world);
            }
            world.tables.push(table);
        }
    }

    /// A variable of a column.
    fn variable(&mut self, column: &Column, world: &World, plain: bool) -> String {
        let at = if plain || self.rng.chance(55) { 0 } else { self.rng.below(column.variables.len()) };
        world.variables[column.variables[at]].name.clone()
    }

    fn measure(&mut self, mode: &str, table: usize, world: &World) -> Measure {
        let sum = |maker: &mut Self| {
            let column = match &world.parts {
                Some(_) => ["s1", "s2", "s3"][maker.rng.below(3)],
                None => "s1",
            };
            let has = maker.features.contains("decimals");
            let decimals = if has { 1 } else { u32::from(maker.may("two-decimals", 12)) };
            Measure::Sum(column.to_owned(), decimals)
        };
        match mode {
            "persons" => Measure::Persons,
            "persons-beside-records" if table.is_multiple_of(2) => Measure::Persons,
            "sums" => sum(self),
            "sums-beside-counts" if table.is_multiple_of(2) => sum(self),
            _ => Measure::Records,
        }
    }

    /// Filters: categories of one or two variables, or SQL.
    fn restrict(&mut self, table: &mut Table, columns: &[Column], world: &World) {
        if self.may("only", 34) {
            let c = self.rng.below(columns.len());
            let two = columns.len() > 1 && self.may("only-two", 28);
            let chosen = if two { vec![c, (c + 1) % columns.len()] } else { vec![c] };
            for c in chosen {
                let name = self.variable(&columns[c], world, false);
                let variable = world.variable(&name);
                let codes: Vec<String> = match &variable.classes {
                    Classes::Listed(all) => all.iter().map(|c| c.0.clone()).collect(),
                    Classes::Bands(all) => all.iter().map(|c| c.0.clone()).collect(),
                    Classes::Found => continue,
                };
                let kept = 1 + self.rng.below(codes.len().max(2) - 1);
                let mut codes = codes;
                while codes.len() > kept {
                    codes.remove(self.rng.below(codes.len()));
                }
                table.only.push((name, codes));
            }
        } else if self.may("where", 9) {
            let a = &columns[self.rng.below(columns.len())];
            let b = &columns[self.rng.below(columns.len())];
            let term = |c: &Column, v: usize, op: &str| {
                if c.number {
                    format!("{} {} {}", c.name, if op == "=" { ">=" } else { "<" }, c.values[v])
                } else {
                    format!("{} {op} '{}'", c.name, c.values[v])
                }
            };
            let (v, w) = (self.rng.below(a.values.len()), self.rng.below(b.values.len()));
            table.filter = Some(match self.rng.below(3) {
                0 => term(a, v, "="),
                1 => term(a, v, "<>"),
                _ => format!("{} OR {}", term(a, v, "="), term(b, w, "=")),
            });
        }
    }
}

/// Features of variables count only where a table uses the variable.
fn of_used_variables(world: &mut World) {
    let mut used: BTreeSet<&'static str> = BTreeSet::new();
    for v in world.used() {
        used.extend(match v.name.rsplit('_').next() {
            Some("g") => Some("grouping"),
            Some("h") => Some("crossing"),
            Some("s") => Some("sql-variable"),
            Some("nest") => Some("nested"),
            Some("region") => Some("nested-two"),
            _ => None,
        });
        used.extend(match (&v.classes, &v.source) {
            (Classes::Bands(_), _) => Some("bands"),
            (Classes::Found, Source::Column(_)) => Some("found"),
            (Classes::Listed(all), _) if all.iter().any(|c| c.1.iter().any(|v| v.ends_with('9'))) => {
                Some("empty-category")
            }
            _ => None,
        });
        used.extend((v.other == Choice::LeaveOut).then_some("leave-out"));
        used.extend(match v.missing {
            Choice::Error => None,
            Choice::LeaveOut => Some("missing-left-out"),
            Choice::Category(_) => Some("missing-category"),
        });
    }
    const OF_VARIABLES: [&str; 10] = [
        "grouping",
        "crossing",
        "sql-variable",
        "nested",
        "nested-two",
        "bands",
        "found",
        "empty-category",
        "leave-out",
        "missing-left-out",
    ];
    world.features.retain(|f| !OF_VARIABLES.contains(f) && *f != "missing-category");
    world.features.extend(used);
}

fn add_variable(world: &mut World, column: &mut Column, suffix: &str, source: Source, classes: Classes, other: Choice) {
    let missing = column.missing.clone().unwrap_or(Choice::Error);
    column.variables.push(world.variables.len());
    world.variables.push(Variable { name: format!("{}_{suffix}", column.name), source, classes, missing, other });
}
