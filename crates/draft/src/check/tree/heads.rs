//! Groups above their items without indentation, as pivots in compact form print them: "North, Ash, Birch, South, Elm, Fen, Grand Total".

use super::super::assumed::and;
use super::Tree;

/// Longer lists are not searched.
const MOST: usize = 200;
/// So many ways to divide a list are tried.
const MOST_STEPS: usize = 4000;

impl Tree<'_> {
    /// Divides the parts of a total into groups, each a heading with its own figure and at least two items below it, so that the headings
    /// add up to the total and the items to their heading.
    pub(super) fn by_heads(&mut self, total: usize, parts: &[usize]) -> bool {
        let plain = |&p: &usize| self.axis.entries.get(p).is_some_and(|e| e.shown && e.children.is_empty());
        if !(5..=MOST).contains(&parts.len()) || !parts.iter().all(plain) || parts.iter().any(|p| *p > total) {
            return false;
        }
        let mut steps = 0;
        let mut groups = Vec::new();
        if !self.divided(parts, &mut groups, &mut steps) || groups.len() < 2 {
            return false;
        }
        let heads: Vec<usize> = groups.iter().map(|g: &(usize, Vec<usize>)| g.0).collect();
        let whole = self.fit(total, &heads);
        let exact = groups.iter().filter(|(head, items)| self.fit(*head, items).exact > 0).count();
        if whole.wrong > 0 || whole.exact == 0 || exact == 0 {
            return false;
        }
        for (head, items) in groups {
            let names: Vec<String> = items.iter().map(|&p| self.label(p)).collect();
            self.said.push(format!("{} is the sum of {}", self.label(head), and(&names)));
            self.set_children(head, items);
        }
        self.set_children(total, heads);
        true
    }

    /// The first way to divide a list so that each group adds up, longer groups first.
    fn divided(&self, parts: &[usize], groups: &mut Vec<(usize, Vec<usize>)>, steps: &mut usize) -> bool {
        let Some((&head, rest)) = parts.split_first() else { return true };
        for length in (2..=rest.len()).rev() {
            *steps += 1;
            if *steps > MOST_STEPS {
                return false;
            }
            let (items, behind) = rest.split_at(length);
            if self.fit(head, items).wrong > 0 {
                continue;
            }
            groups.push((head, items.to_vec()));
            if self.divided(behind, groups, steps) {
                return true;
            }
            groups.pop();
        }
        false
    }
}
