//! More breakdowns of an entry than one: each becomes a table of its own beside the one that it stands in. They have the entry
//! in common, so that linking binds them.

use super::super::figures::Figures;
use super::super::sides::{Axis, Entry, Layer, Maybe};

/// A table without the layers of its axes, and a table for each of them.
pub(crate) fn split(figures: Figures) -> Vec<Figures> {
    let mut all = vec![figures];
    let axes = all.first().map_or(0, |f| f.axes.len());
    for axis in 0..axes {
        all = all.into_iter().flat_map(|f| along(f, axis)).collect();
    }
    all
}

fn along(mut figures: Figures, a: usize) -> Vec<Figures> {
    let layers = figures.axes.get_mut(a).map(|axis| std::mem::take(&mut axis.layers)).unwrap_or_default();
    if layers.is_empty() {
        return vec![figures];
    }
    let mut found = Vec::new();
    let mut left: Vec<Layer> = layers.clone();
    let beside: Vec<usize> = layers.iter().flat_map(|l| l.parts.iter().copied()).collect();
    let total = figures.axes.get(a).and_then(|x| x.total);
    // a layer for each entry at a time: those of different entries fit one table
    while !left.is_empty() {
        let mut now: Vec<Layer> = Vec::new();
        let mut later: Vec<Layer> = Vec::new();
        for layer in left {
            let whole = |l: &Layer| Some(l.parent) == total;
            let clear = now.iter().all(|l| apart(l, &layer) && !whole(l) && !whole(&layer));
            if clear { now.push(layer) } else { later.push(layer) }
        }
        found.extend(table(&figures, a, &now, &beside));
        left = later;
    }
    let mut kept: Vec<bool> = figures.axes.get(a).map_or_else(Vec::new, |x| vec![true; x.entries.len()]);
    beside.into_iter().for_each(|e| set(&mut kept, e, false));
    if let Some(axis) = figures.axes.get(a) {
        // headings of breakdowns that stand in layers now
        for (e, entry) in axis.entries.iter().enumerate().filter(|(_, e)| !e.shown && e.children.is_empty()) {
            set(&mut kept, e, entry.shown);
        }
    }
    let name = figures.axes.get(a).and_then(|axis| axis.first_name.clone());
    keep(&mut figures, a, &kept);
    if let (Some(axis), Some(name)) = (figures.axes.get_mut(a), name) {
        axis.name = name;
    }
    std::iter::once(figures).chain(found).collect()
}

fn set(kept: &mut [bool], at: usize, to: bool) {
    if let Some(slot) = kept.get_mut(at) {
        *slot = to;
    }
}

/// Whether two layers fit one table: of different entries, none a part of the other's.
fn apart(a: &Layer, b: &Layer) -> bool {
    a.parent != b.parent && !a.parts.contains(&b.parent) && !b.parts.contains(&a.parent) && a.name == b.name
}

/// Whether the entries that are broken down are all of an axis; `beside` are the parts of all layers.
fn whole(axis: &Axis, layers: &[Layer], beside: &[usize]) -> bool {
    let parent = |e: &usize| layers.iter().any(|l| l.parent == *e);
    let parts = axis.total.and_then(|t| axis.entries.get(t)).map(|e| e.children.clone()).filter(|c| !c.is_empty());
    let roots = || axis.roots().into_iter().filter(|r| !beside.contains(r) && Some(*r) != axis.total).collect();
    axis.total.is_some_and(|t| parent(&t)) || parts.unwrap_or_else(roots).iter().all(parent)
}

/// The table of some layers: the entries that are broken down, and their parts.
fn table(figures: &Figures, a: usize, layers: &[Layer], beside: &[usize]) -> Option<Figures> {
    let axis = figures.axes.get(a)?;
    let part = (!whole(axis, layers, beside)).then_some(a).or(figures.apart);
    let mut kept = vec![false; axis.entries.len()];
    for layer in layers {
        std::iter::once(&layer.parent).chain(&layer.parts).for_each(|&e| set(&mut kept, e, true));
    }
    let mut own = Axis { layers: Vec::new(), first_name: None, total: None, ..axis.clone() };
    own.entries.iter_mut().for_each(|e| *e = Entry { children: Vec::new(), includes: Vec::new(), ..e.clone() });
    for layer in layers {
        let entry = own.entries.get_mut(layer.parent)?;
        let into = if layer.open { &mut entry.includes } else { &mut entry.children };
        into.clone_from(&layer.parts);
    }
    if let [only] = layers
        && axis.total == Some(only.parent)
    {
        own.total = Some(only.parent);
    }
    if let Some(layer) = layers.iter().find(|l| !l.name.is_empty()) {
        own.name.clone_from(&layer.name);
    }
    let mut layer = Figures { layer: true, apart: part, said: Vec::new(), ..figures.clone() };
    *layer.axes.get_mut(a)? = own;
    keep(&mut layer, a, &kept);
    Some(layer)
}

/// Leaves out entries of an axis, and the lines that are about them.
fn keep(figures: &mut Figures, a: usize, kept: &[bool]) {
    let mut numbers: Vec<Option<usize>> = Vec::with_capacity(kept.len());
    let mut next = 0;
    for &keep in kept {
        numbers.push(keep.then_some(next));
        next += usize::from(keep);
    }
    let number = |e: usize| numbers.get(e).copied().flatten();
    if let Some(axis) = figures.axes.get_mut(a) {
        let mut entries = Vec::new();
        for (e, mut entry) in std::mem::take(&mut axis.entries).into_iter().enumerate() {
            entry.children = entry.children.into_iter().filter_map(number).collect();
            entry.includes = entry.includes.into_iter().filter_map(number).collect();
            if number(e).is_some() {
                entries.push(entry);
            }
        }
        axis.entries = entries;
        let moved = |m: Maybe| {
            let parts = m.parts.into_iter().map(number).collect::<Option<Vec<usize>>>()?;
            Some(Maybe { whole: number(m.whole)?, parts, open: m.open })
        };
        axis.maybe = std::mem::take(&mut axis.maybe).into_iter().filter_map(moved).collect();
        axis.total = axis.total.and_then(number);
    }
    let (of_rows, at) = (a < figures.row_axes, if a < figures.row_axes { a } else { a - figures.row_axes });
    let lines = if of_rows { &mut figures.rows } else { &mut figures.cols };
    for line in lines.iter_mut() {
        let Some(entries) = line.as_mut() else { continue };
        match entries.get(at).copied().and_then(number) {
            Some(new) => {
                if let Some(slot) = entries.get_mut(at) {
                    *slot = new;
                }
            }
            None => *line = None,
        }
    }
}
