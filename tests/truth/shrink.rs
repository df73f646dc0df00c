//! A world that fails, made smaller as long as it fails in the same way: fewer tables, filters and records.

use super::world::World;

/// The smaller world.
pub fn smaller(mut world: World, fails: &dyn Fn(&World) -> bool) -> World {
    loop {
        let mut changed = false;
        for change in changes(&world) {
            let mut other = world.clone();
            if change(&mut other) && fails(&other) {
                world = other;
                changed = true;
            }
        }
        if !changed {
            return world;
        }
    }
}

/// A change; whether it changes anything.
type Change = Box<dyn Fn(&mut World) -> bool>;

/// Every single step, from the last table and record on, so that places stay what they were.
fn changes(world: &World) -> Vec<Change> {
    let mut all: Vec<Change> = Vec::new();
    for t in (0..world.tables.len()).rev() {
        all.push(Box::new(move |w| {
            let several = w.tables.len() > 1;
            if several {
                w.tables.remove(t);
            }
            several
        }));
    }
    for t in 0..world.tables.len() {
        all.push(Box::new(move |w| w.tables.get_mut(t).is_some_and(|t| t.only.pop().is_some())));
        all.push(Box::new(move |w| w.tables.get_mut(t).is_some_and(|t| t.filter.take().is_some())));
        all.push(Box::new(move |w| w.tables.get_mut(t).is_some_and(|t| t.layers.pop().is_some())));
        all.push(Box::new(move |w| w.tables.get_mut(t).is_some_and(|t| t.columns.pop().is_some())));
    }
    for r in (0..world.rows.len()).rev() {
        all.push(Box::new(move |w| {
            let there = r < w.rows.len() && w.rows.len() > 1;
            if there {
                w.rows.remove(r);
            }
            there
        }));
    }
    all
}
