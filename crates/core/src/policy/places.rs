//! Where in its file a policy says what: for warnings that point there.

use std::collections::BTreeMap;

use toml::Spanned;

use super::written::{Text, Written};
use crate::diag::Span;

/// The places of everything that a warning may be about, by key.
pub(super) fn of(written: &Written) -> BTreeMap<String, Span> {
    let mut places = BTreeMap::new();
    let mut note = |key: &str, span: Option<Span>| {
        if let Some(span) = span {
            places.entry(key.to_owned()).or_insert(span);
        }
    };
    let text = |text: &Option<Text>| text.as_ref().map(Spanned::span);
    note("title", text(&written.title));
    note("source", text(&written.source));
    for rule in &written.rules {
        note(rule.entry.name, Some(rule.span.clone()));
    }
    if let Some(suppress) = &written.suppress {
        note("suppress", Some(suppress.span()));
        note("protection", text(&suppress.get_ref().protection));
        note("suppress.total-factor", suppress.get_ref().total_factor.as_ref().map(Spanned::span));
    }
    note("keep", written.keep.first().map(Spanned::span));
    note("partner", written.partners.first().map(Spanned::span));
    if let Some(round) = &written.round {
        note("round", Some(round.span()));
        let of = |key: &str| round.get_ref().iter().find(|(k, _)| k.get_ref() == key).map(|(_, value)| value.span());
        note("protection", of("protection"));
    }
    if let Some(markers) = &written.markers {
        note("markers.withheld", text(&markers.withheld));
        note("markers.zero", text(&markers.zero));
        note("markers.rounds-to-zero", text(&markers.rounds_to_zero));
    }
    if let Some(legend) = &written.legend {
        note("legend.withheld", text(&legend.withheld));
        note("legend.zero", text(&legend.zero));
        note("legend.rounds-to-zero", text(&legend.rounds_to_zero));
    }
    if let Some(attacker) = &written.attacker {
        note("attacker.prior", attacker.prior.as_ref().map(Spanned::span));
        note("attacker.coalition", attacker.coalition.as_ref().map(Spanned::span));
    }
    for accepted in &written.accepted {
        let place = accepted.get_ref().warning.as_ref().map_or(accepted.span(), Spanned::span);
        note(&format!("accepted.{}", accepted.get_ref().warning.as_ref().map_or("", |w| w.get_ref())), Some(place));
    }
    places
}
