//! Totals whose labels are made of those of their parts: "England and Wales", "A+B", "Asian" above "Asian - Indian", "Under 18" of
//! "Under 16" and "16 to 17", "2019" behind its quarters.

use super::super::lexicon::is_year;
use super::super::variables::band;
use super::Tree;

impl Tree<'_> {
    /// Takes such labels for what they say, where no figure is against it.
    pub(super) fn by_joined(&mut self) {
        if self.grouped || self.axis.entries.len() > MOST_ENTRIES {
            return;
        }
        for entry in 0..self.axis.entries.len() {
            let roots = self.axis.roots();
            let free = self
                .axis
                .entries
                .get(entry)
                .is_some_and(|e| e.shown && e.children.is_empty() && e.includes.is_empty() && !e.is_total_word());
            if !free || !roots.contains(&entry) {
                continue;
            }
            let others: Vec<usize> = roots.into_iter().filter(|&r| r != entry).collect();
            let found = self.by_names(entry, &others).or_else(|| self.by_prefix(entry, &others));
            let found = found.or_else(|| self.by_bands(entry, &others)).or_else(|| self.by_year(entry, &others));
            let Some(parts) = found.filter(|p| p.len() > 1 && self.fit(entry, p).wrong == 0) else { continue };
            let names: Vec<String> = parts.iter().map(|&p| self.label(p)).collect();
            self.said.push(format!("{} is the sum of {} (by their labels)", self.label(entry), super::and(&names)));
            self.set_children(entry, parts);
        }
    }

    fn key(&self, entry: usize) -> &str {
        self.axis.entries.get(entry).map_or("", |e| e.key.as_str())
    }

    /// "England and Wales", "A+B", "Type I and II".
    fn by_names(&self, entry: usize, others: &[usize]) -> Option<Vec<usize>> {
        let key = self.key(entry);
        let by = [" and ", " + ", "+", " / ", "/"].iter().find(|by| key.contains(**by))?;
        let names: Vec<&str> = key.split(*by).flat_map(|n| n.split(", ")).map(str::trim).collect();
        // "type i and ii": the first words hold for all
        let first = names.first()?.rsplit_once(' ').map(|(head, _)| head);
        let find = |name: &str| {
            let longer = first.map(|head| format!("{head} {name}"));
            others.iter().copied().find(|&o| self.key(o) == name || longer.as_deref() == Some(self.key(o)))
        };
        names.into_iter().map(find).collect()
    }

    /// "Asian" above "Asian - Indian" and "Asian - Pakistani".
    fn by_prefix(&self, entry: usize, others: &[usize]) -> Option<Vec<usize>> {
        let key = self.key(entry).trim_end_matches([':', ' ']);
        if key.len() < 3 || is_year(key) {
            return None;
        }
        let part = |&o: &usize| {
            let rest = self.key(o).strip_prefix(key);
            rest.is_some_and(|r| [" - ", ": ", " / ", " > "].iter().any(|by| r.starts_with(by)))
        };
        let parts: Vec<usize> = others.iter().copied().filter(part).collect();
        // right behind it, or right before
        let beside = parts.iter().enumerate().all(|(n, &p)| p == entry + 1 + n || p + parts.len() == entry + n);
        (beside && !parts.is_empty()).then_some(parts)
    }

    /// A band that others make up without a gap, next to each other in order.
    fn by_bands(&self, entry: usize, others: &[usize]) -> Option<Vec<usize>> {
        let (lo, hi) = band(self.key(entry))?;
        let mut parts: Vec<((i64, i64), usize)> = others
            .iter()
            .filter_map(|&o| Some((band(self.key(o))?, o)))
            .filter(|((a, b), _)| *a >= lo && *b <= hi && (*a, *b) != (lo, hi))
            .collect();
        parts.sort_unstable();
        let mut next = lo;
        let mut found = Vec::new();
        for ((a, b), part) in parts {
            if a != next {
                return None;
            }
            found.push(part);
            next = b.saturating_add(1);
        }
        (next == hi.saturating_add(1)).then_some(found)
    }

    /// A year among its quarters or halves, all of them.
    fn by_year(&self, entry: usize, others: &[usize]) -> Option<Vec<usize>> {
        let key = self.key(entry);
        if !is_year(key) {
            return None;
        }
        let of = |o: usize, letter: char| {
            let rest = self.key(o).strip_prefix(key)?.trim_start();
            let rest = rest.strip_prefix(letter)?.trim_start_matches("uarter").trim();
            rest.parse::<usize>().ok()
        };
        for (letter, number) in [('q', 4), ('h', 2)] {
            let mut parts: Vec<(usize, usize)> = others.iter().filter_map(|&o| Some((of(o, letter)?, o))).collect();
            parts.sort_unstable();
            if parts.iter().map(|p| p.0).eq(1..=number) {
                return Some(parts.into_iter().map(|p| p.1).collect());
            }
        }
        None
    }
}

/// Longer lists are not looked through: every label is compared with all others.
const MOST_ENTRIES: usize = 400;
