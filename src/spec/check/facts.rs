//! `[facts]`: what everybody knows of the columns, against the variables.

use std::collections::BTreeMap;

use toml::Spanned;

use super::Check;
use crate::diag::Fault;
use crate::spec::written::{self, Text};
use crate::spec::{Facts, Impossible, Variable};

impl Check {
    /// The facts, in the order written.
    pub(super) fn facts(&mut self, written: Option<written::Facts>, variables: &[Variable]) -> Facts {
        let Some(written) = written else { return Facts::default() };
        let pairs = |check: &mut Check, pairs: Vec<Spanned<Vec<Text>>>, help: &str| {
            pairs.into_iter().filter_map(|pair| check.pair(pair, variables, help)).collect()
        };
        Facts {
            nested: pairs(
                self,
                written.nested,
                "nested = [[\"district\", \"region\"]]: every district lies in one region",
            ),
            free: pairs(self, written.free, "free = [[\"region\", \"sex\"]]: every combination can occur"),
            sums: written.adds_up.into_iter().filter_map(|columns| self.adds_up(columns)).collect(),
            impossible: written.impossible.into_iter().filter_map(|fact| self.impossible(fact, variables)).collect(),
        }
    }

    /// Two different variables.
    fn pair(&mut self, pair: Spanned<Vec<Text>>, variables: &[Variable], help: &str) -> Option<(String, String)> {
        let place = pair.span();
        let names = pair.into_inner();
        let [inner, outer] = names.as_slice() else {
            self.fault(Fault::at(place, "a pair names two variables").help(help));
            return None;
        };
        let (a, b) = (self.find(inner, variables), self.find(outer, variables));
        let (a, b) = (a?, b?);
        if a == b {
            self.fault(Fault::at(place, format!("`{}` stands twice in the pair", inner.get_ref())).help(help));
            return None;
        }
        Some((variables[a].name.clone(), variables[b].name.clone()))
    }

    /// A column and those that it is the sum of.
    fn adds_up(&mut self, columns: Spanned<Vec<Text>>) -> Option<Vec<String>> {
        let place = columns.span();
        let columns = columns.into_inner();
        if columns.len() < 2 {
            let fault = Fault::at(place, "a sum needs the total and its parts");
            self.fault(
                fault.help("adds-up = [[\"staff\", \"full_time\", \"part_time\"]]: staff is the sum of the others"),
            );
            return None;
        }
        self.repeated(&columns, "column");
        Some(columns.into_iter().map(Spanned::into_inner).collect())
    }

    /// Categories of at least two variables.
    fn impossible(&mut self, fact: Spanned<BTreeMap<Text, Text>>, variables: &[Variable]) -> Option<Impossible> {
        let (place, line) = (fact.span(), self.line(&fact.span()));
        let mut categories = Vec::new();
        for (name, code) in fact.into_inner() {
            let Some(v) = self.find(&name, variables) else { continue };
            categories.push((v, self.code(code, &variables[v], false)));
        }
        if categories.len() < 2 {
            let fault = Fault::at(place, "an impossible combination names categories of two variables or more");
            self.fault(fault.help("impossible = [{ age = \"Under 10\", status = \"Married\" }]"));
            return None;
        }
        categories.sort_unstable();
        Some(Impossible { categories, line })
    }
}
