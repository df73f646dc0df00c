//! Which cells are to stay published, and from where secondary cells are taken.

use toml::Spanned;

use super::super::written::{self, Text};
use super::super::{Plan, Policy};
use super::Check;
use crate::diag::Fault;
use crate::suppress::price::{Keep, Partner, same};

impl Check {
    /// Reads `[[keep]]` and `[[partner]]` into a plan that withholds; what an extended policy says comes first.
    pub(super) fn wishes(
        &mut self,
        policy: &mut Policy,
        keep: &[Spanned<written::Keep>],
        partners: &[Spanned<written::Partner>],
        without: &[Text],
    ) {
        let places = keep.iter().map(|k| ("[[keep]]", k.span()));
        let first = places.chain(partners.iter().map(|p| ("[[partner]]", p.span()))).min_by_key(|w| w.1.start);
        let own_keep: Vec<Keep> = keep.iter().map(|k| self.keep(k)).collect();
        let own_partners: Vec<Partner> = partners.iter().map(|p| self.partner(p)).collect();
        let left_out = |name: &str| without.iter().any(|w| w.get_ref() == name);
        let (mut keep, mut partners) = (Vec::new(), Vec::new());
        if let Some(Plan::Suppress(plan)) = self.base.as_ref().map(|base| &base.plan) {
            keep.extend(plan.keep.iter().filter(|_| !left_out("keep")).cloned());
            partners.extend(plan.partners.iter().filter(|_| !left_out("partner")).cloned());
        }
        keep.extend(own_keep);
        partners.extend(own_partners);
        match &mut policy.plan {
            Plan::Suppress(plan) => (plan.keep, plan.partners) = (keep, partners),
            Plan::Round(_) | Plan::Perturb(_) => {
                if let Some((table, place)) = first.filter(|_| self.structure) {
                    let what =
                        format!("{table} is about cells that are withheld for others, and this policy withholds none");
                    self.fault(Fault::at(place, what).help(format!("remove {table}, or use [suppress]")));
                }
            }
        }
    }

    fn keep(&mut self, written: &Spanned<written::Keep>) -> Keep {
        let (place, given) = (written.span(), written.get_ref());
        if given.table.is_none() && given.categories.is_empty() && self.structure {
            let fault = Fault::at(place.clone(), "[[keep]] does not say which cells are to stay published");
            self.fault(
                fault.help("table = \"1\", or categories = { year = [\"2016\"] }; keep-totals keeps every total"),
            );
        }
        let help = "name at least one, or leave the variable out";
        let categories = self.by_variable(&given.categories, "is to stay published", help);
        Keep {
            table: self.filled("table", given.table.as_ref()),
            categories,
            never: given.never.unwrap_or_default(),
            line: self.line(&place),
        }
    }

    fn partner(&mut self, written: &Spanned<written::Partner>) -> Partner {
        let (place, given) = (written.span(), written.get_ref());
        let help = "variable = \"outcome\" says whose categories are partners";
        let variable = self.needed("[[partner]]", &place, "variable", given.variable.as_ref(), help);
        let neighbours = given.neighbours.unwrap_or_default();
        if given.prefer.is_empty() && !neighbours && self.structure {
            let fault = Fault::at(place.clone(), "[[partner]] names no partner");
            self.fault(fault.help("prefer = [\"Not recorded\"], or neighbours = true for the categories beside"));
        }
        let (of, prefer) = (self.texts("of", &given.of), self.texts("prefer", &given.prefer));
        if let Some(own) = given.prefer.iter().find(|p| of.iter().any(|o| same(o, p.get_ref()))) {
            let what = format!("`{}` can't be a partner of itself", own.get_ref());
            self.fault(Fault::at(own.span(), what).help("remove it from `of` or from `prefer`"));
        }
        Partner { variable, of, prefer, neighbours, line: self.line(&place) }
    }
}
