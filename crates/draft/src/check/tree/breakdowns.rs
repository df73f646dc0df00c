//! Several breakdowns of one total in one list of labels: gender, then age, with headings of groups or without.
//!
//! Each breakdown adds up to the total by itself. The first stays on the axis; the others become layers, tables of their own
//! that have the total in common.

use super::super::sides::Layer;
use super::{Known, Tree};

/// Lists of more labels are only divided where headings of groups say how.
const MOST_PARTS: usize = 400;
/// So many lines decide on the division; all of them must agree with it.
const LINES: usize = 32;
/// Parts of a total that may overlap become a layer each, up to so many.
const MOST_LAYERS: usize = 16;

/// What lines say of a run of parts and its total.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Match {
    /// Lines that add up exactly.
    pub exact: usize,
    /// Lines of which little is left for what is withheld.
    pub near: usize,
    /// Lines of which the parts are less than the total, and those of which they are more.
    pub less: usize,
    pub more: usize,
}

impl Match {
    fn whole(self) -> bool {
        self.less == 0 && self.more == 0
    }
}

/// A run of parts under a heading, which may be empty.
struct Group {
    name: String,
    parts: Vec<usize>,
}

impl Tree<'_> {
    /// What is shown of some entries: a heading without figures stands for what is below it.
    pub(super) fn shown(&self, parts: &[usize]) -> Vec<usize> {
        let mut found = Vec::new();
        let mut todo: Vec<(usize, usize)> = parts.iter().rev().map(|&p| (p, 0)).collect();
        while let Some((part, depth)) = todo.pop() {
            match self.axis.entries.get(part) {
                Some(e) if !e.shown && !e.children.is_empty() && depth < 8 => {
                    todo.extend(e.children.iter().rev().map(|&c| (c, depth + 1)));
                }
                _ => found.push(part),
            }
        }
        found
    }

    /// What lines say of parts and a total.
    pub(super) fn matched(&self, total: usize, parts: &[usize]) -> Match {
        let mut found = Match::default();
        for line in self.lines {
            let whole = self.known(line, total).interval();
            let known = || parts.iter().map(|&p| self.known(line, p));
            if self.known(line, total) == Known::Absent || known().any(|k| k == Known::Absent) {
                continue;
            }
            let lo = known().try_fold(0i64, |s, k| Some(s.saturating_add(k.interval().lo?)));
            let hi = known().try_fold(0i64, |s, k| Some(s.saturating_add(k.interval().hi?)));
            let printed = known().filter(|k| matches!(k, Known::Exact(_))).count();
            let nonzero = known().filter(|k| matches!(k, Known::Exact(v) if *v != 0)).count();
            match (lo, hi, whole.lo, whole.hi) {
                (Some(lo), _, _, Some(total)) if lo > total => found.more += 1,
                (_, Some(hi), Some(total), _) if hi < total => found.less += 1,
                (Some(lo), Some(hi), Some(total), Some(_)) if lo == hi && lo == total && nonzero > 1 => {
                    found.exact += 1;
                }
                (Some(lo), _, Some(total), Some(_)) if printed < parts.len() && nonzero > 1 => {
                    let open = i64::try_from(parts.len() - printed).unwrap_or(i64::MAX);
                    let rest = total.saturating_sub(lo);
                    if rest <= open.saturating_mul(10) || rest <= total / 10 {
                        found.near += 1;
                    }
                }
                _ => {}
            }
        }
        found
    }

    /// Divides what stands below a total into breakdowns of it. `sure` says that words make it the total.
    pub(super) fn breakdowns(&mut self, total: usize, sure: bool) -> bool {
        let parts: Vec<usize> = self.axis.roots().into_iter().filter(|&i| i != total).collect();
        if parts.iter().any(|&p| self.axis.entries.get(p).is_some_and(|e| e.shown && !e.children.is_empty())) {
            return false;
        }
        let headed = parts.iter().any(|&p| self.axis.entries.get(p).is_some_and(|e| !e.shown));
        let by_heading = if headed { self.headed(&parts) } else { Vec::new() };
        if by_heading.len() > 1 && self.accept(total, by_heading, sure, true) {
            return true;
        }
        let shown = self.shown(&parts);
        match self.divide(total, &shown) {
            Some(groups) if groups.len() > 1 => self.accept(total, groups, sure, false),
            _ => false,
        }
    }

    /// The groups that headings make, and what stands between them.
    fn headed(&self, parts: &[usize]) -> Vec<Group> {
        let mut groups: Vec<Group> = Vec::new();
        let mut loose: Vec<usize> = Vec::new();
        for &part in parts {
            match self.axis.entries.get(part) {
                Some(e) if !e.shown && !e.children.is_empty() => {
                    if !loose.is_empty() {
                        groups.push(Group { name: String::new(), parts: std::mem::take(&mut loose) });
                    }
                    groups.push(Group { name: e.label.clone(), parts: self.shown(&[part]) });
                }
                _ => loose.push(part),
            }
        }
        if !loose.is_empty() {
            groups.push(Group { name: String::new(), parts: loose });
        }
        groups
    }

    /// Takes groups for breakdowns of a total, if the figures bear it out.
    fn accept(&mut self, total: usize, groups: Vec<Group>, sure: bool, headed: bool) -> bool {
        let matches: Vec<Match> = groups.iter().map(|g| self.matched(total, &g.parts)).collect();
        let whole = |m: &&Match| m.whole();
        let exact: usize = matches.iter().filter(whole).map(|m| m.exact).sum();
        let near: usize = matches.iter().filter(whole).map(|m| m.near).sum();
        let wholes = matches.iter().filter(whole).count();
        let enough = match (sure, headed) {
            (true, true) => exact + near >= 1,
            (true, false) => exact >= 1,
            (false, true) => exact >= 1 && (exact + near >= 2 || wholes == groups.len()),
            (false, false) => exact >= 2 || (exact >= 1 && near >= 1),
        };
        let all = matches.iter().all(Match::is_possible);
        if !enough || wholes < 1 || (!headed && wholes < groups.len()) || (headed && !sure && !all) {
            return false;
        }
        let first = matches.iter().position(|m| m.whole()).unwrap_or(0);
        let mut layers = Vec::new();
        for (g, (group, found)) in groups.iter().zip(&matches).enumerate() {
            match (g == first, found.whole(), found.more == 0) {
                (true, ..) => {}
                (_, true, _) => layers.push(self.layer(total, group, group.parts.clone(), false)),
                // parts that are not all, but none twice
                (_, _, true) => layers.push(self.layer(total, group, group.parts.clone(), true)),
                // several answers for a person: each is a part by itself
                _ => {
                    for &part in &group.parts {
                        layers.push(self.layer(total, group, vec![part], true));
                    }
                }
            }
        }
        if layers.len() > MOST_LAYERS {
            return false;
        }
        let Some(own) = groups.get(first) else { return false };
        let said: Vec<String> = groups
            .iter()
            .zip(&matches)
            .filter(|(_, m)| m.whole())
            .map(|(g, _)| super::and(&g.parts.iter().map(|&p| self.label(p)).collect::<Vec<_>>()))
            .collect();
        self.said.push(format!("{} is the total of {}", self.label(total), said.join(", and again of ")));
        // headings are no lines of their own any more
        for entry in self.axis.entries.iter_mut().filter(|e| !e.shown) {
            entry.children.clear();
        }
        let (parts, named) = (own.parts.clone(), own.name.clone());
        self.axis.total = Some(total);
        self.axis.layers.extend(layers);
        self.set_children(total, parts);
        if !named.is_empty() {
            self.axis.first_name = Some(named);
        }
        true
    }

    fn layer(&self, parent: usize, group: &Group, parts: Vec<usize>, open: bool) -> Layer {
        Layer { parent, parts, open, name: group.name.clone() }
    }

    /// The runs of neighbours that each add up to the total, under which most lines do so exactly.
    fn divide(&self, total: usize, parts: &[usize]) -> Option<Vec<Group>> {
        let n = parts.len();
        if !(4..=MOST_PARTS).contains(&n) {
            return None;
        }
        let lines: Vec<&Vec<Known>> = self
            .lines
            .iter()
            .filter(|l| matches!(self.known(l, total), Known::Exact(v) if v > 0))
            .take(LINES)
            .collect();
        if lines.is_empty() {
            return None;
        }
        let mut best: Vec<Option<(usize, usize)>> = vec![None; n + 1];
        if let Some(slot) = best.last_mut() {
            *slot = Some((0, n));
        }
        for start in (0..n).rev() {
            let mut sums = vec![Sum::default(); lines.len()];
            for end in start + 1..=n {
                let mut score = 0;
                let (mut within, mut fits) = (true, end - start > 1);
                for (sum, line) in sums.iter_mut().zip(&lines) {
                    let part = parts.get(end - 1).map_or(Known::Absent, |&p| self.known(line, p));
                    sum.add(part);
                    let whole = self.known(line, total).interval();
                    let (more, less) = sum.beside(whole);
                    within &= !more;
                    fits &= !more && !less;
                    score += sum.score(whole);
                }
                if !within {
                    break;
                }
                let Some((rest, _)) = best.get(end).copied().flatten().filter(|_| fits) else { continue };
                let all = score + rest;
                if let Some(slot) = best.get_mut(start).filter(|b| b.is_none_or(|(s, _)| all > s)) {
                    *slot = Some((all, end));
                }
            }
        }
        let mut groups = Vec::new();
        let mut at = 0;
        while at < n {
            let (_, end) = best.get(at).copied().flatten()?;
            groups.push(Group { name: String::new(), parts: parts.get(at..end)?.to_vec() });
            at = end;
        }
        Some(groups)
    }
}

impl Match {
    /// Nowhere more than the total.
    fn is_possible(&self) -> bool {
        self.more == 0
    }
}

/// What is known of a sum of parts.
#[derive(Clone, Copy, Debug, Default)]
struct Sum {
    lo: i64,
    /// Parts that are not printed; open above if one of them is.
    open: usize,
    hi: i64,
    endless: bool,
    nonzero: usize,
    absent: bool,
}

impl Sum {
    fn add(&mut self, part: Known) {
        let interval = part.interval();
        self.absent |= part == Known::Absent;
        self.lo = self.lo.saturating_add(interval.lo.unwrap_or(0));
        self.hi = self.hi.saturating_add(interval.hi.unwrap_or(0));
        self.endless |= interval.hi.is_none();
        match part {
            Known::Exact(v) => self.nonzero += usize::from(v != 0),
            _ => self.open += 1,
        }
    }

    /// Whether it is surely more than a total, or surely less.
    fn beside(&self, whole: crate::model::Interval) -> (bool, bool) {
        if self.absent {
            return (false, false);
        }
        let more = whole.hi.is_some_and(|t| self.lo > t);
        let less = !self.endless && whole.lo.is_some_and(|t| self.hi < t);
        (more, less)
    }

    fn score(&self, whole: crate::model::Interval) -> usize {
        let Some(total) = whole.value().filter(|_| !self.absent && self.nonzero > 1) else { return 0 };
        if self.open == 0 && self.lo == total {
            return 4;
        }
        let open = i64::try_from(self.open).unwrap_or(i64::MAX);
        let rest = total.saturating_sub(self.lo);
        usize::from(self.open > 0 && rest >= 0 && (rest <= open.saturating_mul(10) || rest <= total / 10))
    }
}
