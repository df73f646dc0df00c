//! The lines of a draft over printed cells alone: totals that no table prints are replaced by their parts.
//!
//! What follows from these lines follows from the draft, and a person can check it without figures that stand nowhere.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::attack::Public;
use crate::model::{CellId, Relation};

/// How deep totals of totals are replaced.
const DEPTH: usize = 12;

/// The same knowledge with lines over printed cells, as far as unprinted cells are totals of something.
pub(crate) fn flattened(public: &Public, printed: &dyn Fn(CellId) -> bool) -> Public {
    let open = |c: CellId| !printed(c) && public.domain.get(c).is_some_and(|d| d.value().is_none());
    let mut definition: BTreeMap<CellId, usize> = BTreeMap::new();
    for (r, relation) in public.relations.iter().enumerate() {
        if let Some(&(total, -1)) = relation.terms.first().filter(|t| open(t.0)) {
            // the definition with the fewest unprinted parts
            let hidden = |r: usize| public.relations.get(r).map_or(0, |r| r.terms.iter().filter(|t| open(t.0)).count());
            let slot = definition.entry(total).or_insert(r);
            if hidden(r) < hidden(*slot) {
                *slot = r;
            }
        }
    }
    let mut seen = HashSet::new();
    let mut relations = Vec::new();
    for (r, relation) in public.relations.iter().enumerate() {
        let terms = expanded(public, &definition, relation, r);
        let mut key = terms.clone();
        key.sort_unstable();
        if !terms.is_empty() && seen.insert((key, relation.constant)) {
            relations.push(Relation { terms, constant: relation.constant });
        }
    }
    Public { domain: public.domain.clone(), relations }
}

/// A line with its unprinted totals replaced.
fn expanded(
    public: &Public,
    definition: &BTreeMap<CellId, usize>,
    relation: &Relation,
    own: usize,
) -> Vec<(CellId, i64)> {
    let mut terms: Vec<(CellId, i64)> = relation.terms.clone();
    for _ in 0..DEPTH {
        let replaces = |c: CellId| definition.get(&c).copied().filter(|&d| d != own);
        if !terms.iter().any(|t| replaces(t.0).is_some()) {
            break;
        }
        let mut sums: Vec<(CellId, i64)> = Vec::new();
        let mut numbers: HashMap<CellId, usize> = HashMap::new();
        let mut put = |cell: CellId, k: i64| match numbers.get(&cell).and_then(|&n| sums.get_mut(n)) {
            Some(term) => term.1 += k,
            None => {
                numbers.insert(cell, sums.len());
                sums.push((cell, k));
            }
        };
        for &(c, k) in &terms {
            match replaces(c).and_then(|d| public.relations.get(d)) {
                Some(of) => of.terms.iter().skip(1).for_each(|&(part, own)| put(part, own * k)),
                None => put(c, k),
            }
        }
        sums.retain(|t| t.1 != 0);
        terms = sums;
    }
    terms
}
