//! Cases of which everything is known, tables about them, and what is withheld.

use crate::random::Rng;

use super::rates::Rates;
use super::truth::{self, Told};

/// A set of joint categories: a bit for each, those of the part behind those of the rest.
pub type Mask = u64;

/// A table: its variables (one or two), and what it prints.
#[derive(Clone, Debug)]
pub struct TableSpec {
    /// Variables, in rows and columns.
    pub axes: Vec<usize>,
    /// It counts the part only.
    pub part: bool,
    /// Per axis, whether a total is printed.
    pub totals: Vec<bool>,
}

/// A printed or withheld figure: the cases it counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The table.
    pub table: usize,
    /// Per axis the category; the number of categories stands for the total.
    pub at: [usize; 2],
}

/// What is done with a figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// Printed.
    Yes,
    /// Withheld by a sign: not zero.
    Hidden,
    /// Withheld as "<5".
    Below5,
}

/// Everything about a draft.
#[derive(Clone, Debug)]
pub struct World {
    /// Categories per variable.
    pub sizes: Vec<usize>,
    /// Count of each joint category: first of those not in the part, then of the part.
    pub counts: Vec<i64>,
    /// The tables.
    pub tables: Vec<TableSpec>,
    /// Every figure, what it counts, and what is done with it.
    pub places: Vec<(Place, Mask, Shown)>,
    /// Rates or means beside one of the tables.
    pub rates: Option<Rates>,
    /// A leak was planted on purpose.
    pub planted: bool,
}

impl World {
    /// The world of a seed; none where the tables would not be recognisable as being about the same cases.
    pub fn new(seed: u64) -> Option<World> {
        let mut rng = Rng(seed.wrapping_mul(0x9E6C_63D0_876A_3F6B));
        let dims = [1, 2, 2, 2, 3][rng.below(5)];
        let sizes: Vec<usize> = (0..dims).map(|_| 2 + rng.below(if dims == 3 { 1 } else { 3 })).collect();
        let joint: usize = sizes.iter().product();
        let mut counts = vec![0i64; 2 * joint];
        let large = rng.chance(60);
        for count in counts.iter_mut().take(joint) {
            *count = match rng.below(10) {
                0..=2 => 0,
                3..=5 => 1 + rng.below(4) as i64,
                _ => (if large { 5 } else { 1 }) + rng.below(9) as i64,
            };
        }
        let mut tables = tables(&mut rng, dims);
        if rng.chance(25) {
            part(&mut rng, &mut counts, joint);
            tables.push(TableSpec { axes: vec![0], part: true, totals: vec![true] });
        }
        let mut world = World { sizes, counts, tables, places: Vec::new(), rates: None, planted: false };
        world.list();
        world.recognisable().then_some(())?;
        if rng.chance(60) {
            world.rates = Rates::new(&world, &mut rng);
        }
        world.withhold(&mut rng)?;
        world.tells_part().then_some(world)
    }

    /// Every figure of every table.
    fn list(&mut self) {
        for (t, table) in self.tables.clone().iter().enumerate() {
            let size = |a: usize| table.axes.get(a).map_or(1, |&v| self.sizes[v] + usize::from(table.totals[a]));
            for row in 0..size(0) {
                for col in 0..size(1) {
                    let place = Place { table: t, at: [row, col] };
                    self.places.push((place, self.mask(table, place.at), Shown::Yes));
                }
            }
        }
    }

    /// The joint categories of a figure.
    fn mask(&self, table: &TableSpec, at: [usize; 2]) -> Mask {
        let joint: usize = self.sizes.iter().product();
        let mut mask = 0;
        for index in 0..joint {
            let within = table.axes.iter().zip(at).all(|(&v, c)| c == self.sizes[v] || self.category(index, v) == c);
            if within {
                mask |= 1 << (joint + index);
                if !table.part {
                    mask |= 1 << index;
                }
            }
        }
        mask
    }

    fn category(&self, index: usize, variable: usize) -> usize {
        index / self.sizes.iter().skip(variable + 1).product::<usize>() % self.sizes[variable]
    }

    /// The true figure of a category of a list.
    pub fn count_in(&self, table: usize, category: usize) -> i64 {
        self.value(self.mask(&self.tables[table], [category, 0]))
    }

    /// The true figure.
    pub fn value(&self, mask: Mask) -> i64 {
        self.counts.iter().enumerate().filter(|(i, _)| mask >> i & 1 == 1).map(|(_, c)| c).sum()
    }

    /// Whether a reader can tell which tables are about the same cases: those without a variable in common need their
    /// grand totals, and a part must be smaller than the whole in most of what both print.
    fn recognisable(&self) -> bool {
        let grand = |t: &TableSpec| t.totals.iter().all(|p| *p);
        let together = self.tables.iter().enumerate().all(|(i, a)| {
            let others = || self.tables.iter().take(i).filter(|b| !b.part);
            i == 0 || others().any(|b| b.axes.iter().any(|v| a.axes.contains(v)) || (grand(a) && grand(b)))
        });
        let Some(part) = self.tables.iter().find(|t| t.part) else { return together };
        let compared: Vec<(i64, i64)> = (0..=self.sizes[0])
            .map(|c| {
                (
                    self.value(self.mask(part, [c, 0])),
                    self.value(self.mask(&TableSpec { part: false, ..part.clone() }, [c, 0])),
                )
            })
            .filter(|(a, b)| (*a, *b) != (0, 0))
            .collect();
        let less = compared.iter().filter(|(a, b)| a < b).count();
        together && less * 2 > compared.len() && compared.iter().any(|c| c.0 > 0) && self.whole_prints_first()
    }

    /// Whether enough is left to print that a part is seen to be one: it is smaller somewhere, and nowhere is it larger or
    /// as large as what the whole prints.
    fn tells_part(&self) -> bool {
        let Some(part) = self.tables.iter().position(|t| t.part) else { return true };
        let printed = |p: &&(Place, Mask, Shown)| p.2 == Shown::Yes;
        let joint: usize = self.sizes.iter().product();
        let seen = |p: &(Place, Mask, Shown)| {
            let whole = self.places.iter().filter(printed).find(|w| w.1 == (p.1 | p.1 >> joint))?;
            Some((self.value(p.1), self.value(whole.1)))
        };
        let compared: Vec<(i64, i64)> =
            self.places.iter().filter(|p| p.0.table == part).filter(printed).filter_map(seen).collect();
        let less = compared.iter().filter(|(a, b)| a < b).count();
        less > 0 && compared.iter().filter(|(a, b)| a == b && *a > 0).count() < less
    }

    /// Whether the first variable, which the part is about, is printed for the whole as well.
    fn whole_prints_first(&self) -> bool {
        self.tables.iter().any(|t| !t.part && t.axes.contains(&0) && t.totals.iter().all(|p| *p))
    }

    /// Hides the small figures, or some, or as many as it takes; and plants a leak in some drafts that hide enough.
    fn withhold(&mut self, rng: &mut Rng) -> Option<()> {
        let how = rng.below(13);
        if how == 0 {
            return Some(());
        }
        let sign = if rng.chance(30) { Shown::Below5 } else { Shown::Hidden };
        for i in 0..self.places.len() {
            let value = self.value(self.places[i].1);
            let small = (1..5).contains(&value);
            if small && (how > 2 || rng.chance(60)) {
                self.hide(i, sign);
            } else if value > 0 && how == 2 && rng.chance(25) {
                self.hide(i, Shown::Hidden);
            }
        }
        if how < 5 {
            return Some(());
        }
        // as many more as it takes
        for _ in 0..14 {
            let told = truth::told(self)?;
            if !told.iter().any(|t| t.leaks != Some(false)) {
                break;
            }
            let open: Vec<usize> = (0..self.places.len())
                .filter(|&i| self.places[i].2 == Shown::Yes && self.value(self.places[i].1) > 0)
                .collect();
            if open.is_empty() {
                break;
            }
            self.hide(open[rng.below(open.len())], Shown::Hidden);
        }
        if how >= 8 {
            self.plant(rng);
            // rates that give away what all else hides
            let without = truth::told(&World { rates: None, ..self.clone() })?;
            let leaks = |told: &[Told]| told.iter().filter(|t| t.leaks == Some(true)).count();
            self.planted |= leaks(&truth::told(self)?) > leaks(&without);
        }
        Some(())
    }

    /// Hides a figure wherever it stands.
    fn hide(&mut self, place: usize, sign: Shown) {
        let mask = self.places[place].1;
        for other in self.places.iter_mut().filter(|p| p.1 == mask && p.2 == Shown::Yes) {
            other.2 = sign;
        }
    }

    /// Prints figures again, one after the other, until something leaks.
    fn plant(&mut self, rng: &mut Rng) {
        let mut hidden: Vec<usize> = (0..self.places.len()).filter(|&i| self.places[i].2 != Shown::Yes).collect();
        while !hidden.is_empty() {
            let place = hidden.remove(rng.below(hidden.len()));
            if (1..5).contains(&self.value(self.places[place].1)) {
                continue;
            }
            // in one place only, or wherever it stands
            let mask = self.places[place].1;
            let once = rng.chance(40);
            for (i, other) in self.places.iter_mut().enumerate() {
                if other.1 == mask && (!once || i == place) {
                    other.2 = Shown::Yes;
                }
            }
            match truth::told(self) {
                Some(told) if told.iter().any(|t| t.leaks == Some(true)) => {
                    self.planted = true;
                    return;
                }
                _ => {}
            }
        }
    }

    /// Whether a figure that no table prints, cases that are not in the part, gives something away.
    pub fn rest_leaks(&self, told: &[Told]) -> bool {
        told.iter().any(|t| t.rest)
    }
}

/// One to three tables.
fn tables(rng: &mut Rng, dims: usize) -> Vec<TableSpec> {
    let mut tables = Vec::new();
    let spec = |axes: Vec<usize>, rng: &mut Rng| {
        let all = rng.chance(80);
        TableSpec { totals: axes.iter().map(|_| all || rng.chance(50)).collect(), axes, part: false }
    };
    match dims {
        1 => tables.push(spec(vec![0], rng)),
        2 => {
            tables.push(spec(vec![0, 1], rng));
            if rng.chance(40) {
                tables.push(spec(vec![rng.below(2)], rng));
            }
        }
        _ => {
            tables.push(spec(vec![0, 1], rng));
            tables.push(spec(vec![0, 2], rng));
            if rng.chance(30) {
                tables.push(spec(vec![1, 2], rng));
            }
        }
    }
    tables
}

/// Moves some cases into a part.
fn part(rng: &mut Rng, counts: &mut [i64], joint: usize) {
    for i in 0..joint {
        let moved = rng.below(counts[i] as usize + 1) as i64;
        counts[i] -= moved;
        counts[joint + i] += moved;
    }
}
