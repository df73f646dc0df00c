//! A table that names a method of a registry, as `[round]` does: what is the policy's own in it, and what is the method's.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use toml::{Spanned, Value};

use super::written::{Parameters, Text, given};
use super::{PerturbPlan, Plan, RoundPlan};
use crate::diag::{Fault, Span};
use crate::parameter::{Given, Parameter};
use crate::perturb::{self, Folder, KeysFrom, PERTURBATIONS};
use crate::round::{self, ROUNDINGS};
use crate::secret::KeySource;

/// What every such table may hold, whatever the method.
const OWN: [&str; 4] = ["method", "protection", "key-file", "key-env"];

/// A table taken apart.
pub(super) struct MethodTable {
    /// Where it stands.
    pub span: Option<Span>,
    /// The name of the method.
    pub method: Option<Text>,
    /// What must remain possible.
    pub protection: Option<Text>,
    /// Where the secret key is, and where that is said.
    pub key: Option<Spanned<KeySource>>,
    /// All else: for the method.
    pub given: Vec<Given>,
    /// What is wrong with the policy's own keys.
    pub faults: Vec<Fault>,
}

/// Takes a table apart. A key file is looked for from the folder of the policy `file`.
pub(super) fn table(name: &str, table: Spanned<Parameters>, file: &str) -> MethodTable {
    let span = Some(table.span());
    let mut faults = Vec::new();
    let mut own: Vec<Option<Text>> = OWN.iter().map(|_| None).collect();
    let mut rest = Parameters::new();
    for (key, value) in table.into_inner() {
        let Some(slot) = OWN.iter().position(|o| o == key.get_ref()) else {
            rest.insert(key, value);
            continue;
        };
        let at = value.span();
        match value.into_inner() {
            Value::String(text) => own[slot] = Some(Spanned::new(at, text)),
            _ => faults.push(Fault::at(at, format!("`{}` of [{name}] must be a text", key.get_ref()))),
        }
    }
    let mut own = own.into_iter();
    let mut next = || own.next().flatten();
    let (method, protection, key_file, key_env) = (next(), next(), next(), next());
    let key = key_source(key_file, key_env, file, &mut faults);
    MethodTable { span, method, protection, key, given: given(rest), faults }
}

/// Where a secret key is. A file is looked for from the folder of the policy `file`.
pub(super) fn key_source(
    key_file: Option<Text>,
    key_env: Option<Text>,
    file: &str,
    faults: &mut Vec<Fault>,
) -> Option<Spanned<KeySource>> {
    if let (Some(_), Some(variable)) = (&key_file, &key_env) {
        let fault = Fault::at(variable.span(), "the key is in a file or in an environment variable, not in both");
        faults.push(fault.help("remove `key-file` or `key-env`"));
    }
    let in_folder = |path: String| Path::new(file).parent().map_or(PathBuf::from(&path), |folder| folder.join(&path));
    key_file
        .map(|p| Spanned::new(p.span(), KeySource::File(in_folder(p.into_inner()))))
        .or(key_env.map(|v| Spanned::new(v.span(), KeySource::Variable(v.into_inner()))))
}

/// The plan to round.
///
/// # Errors
/// What is wrong with the table, the method or its parameters.
pub(super) fn round(table: MethodTable) -> Result<Plan, Vec<Fault>> {
    placed(table, |table| {
        let names: Vec<&str> = ROUNDINGS.iter().map(|r| r.name).collect();
        let name = table.named(&names, Some("conventional"))?;
        let Some(entry) = round::find(&name) else { return Err(Vec::new()) };
        table.no_others(&name, entry.parameters)?;
        let method = entry.build(&table.given)?;
        table.keyed(&name, (!method.keyed()).then_some("draws no random numbers"))?;
        Ok(Plan::Round(RoundPlan { method: Arc::from(method), key: table.key.map(Spanned::into_inner) }))
    })
}

/// The plan to perturb. Other files are looked for from the folder of the policy `file`.
///
/// # Errors
/// What is wrong with the table, the method or its parameters.
pub(super) fn perturb(table: MethodTable, file: &str) -> Result<Plan, Vec<Fault>> {
    placed(table, |table| {
        let names: Vec<&str> = PERTURBATIONS.iter().map(|p| p.name).collect();
        let name = table.named(&names, None)?;
        let Some(entry) = perturb::find(&name) else { return Err(Vec::new()) };
        table.no_others(&name, entry.parameters)?;
        let method = entry.build(&table.given, &Folder::of(file))?;
        let none = match method.record_keys() {
            KeysFrom::Hashed => None,
            KeysFrom::Column(_) => Some("takes its keys from a column of the data"),
            KeysFrom::None => Some("draws from the operating system alone"),
        };
        table.keyed(&name, none)?;
        Ok(Plan::Perturb(PerturbPlan { method: Arc::from(method), key: table.key.map(Spanned::into_inner) }))
    })
}

/// Makes a plan; a fault without a place is one of the whole table.
fn placed(table: MethodTable, make: impl FnOnce(MethodTable) -> Result<Plan, Vec<Fault>>) -> Result<Plan, Vec<Fault>> {
    if !table.faults.is_empty() {
        return Err(table.faults);
    }
    let span = table.span.clone();
    make(table).map_err(|faults| {
        faults.into_iter().map(|fault| Fault { span: fault.span.or(span.clone()), ..fault }).collect()
    })
}

impl MethodTable {
    /// The name of the method, which is one of `names`.
    fn named(&self, names: &[&str], usual: Option<&str>) -> Result<String, Vec<Fault>> {
        let Some(name) = self.method.as_ref().map(|m| m.get_ref().as_str()).or(usual) else {
            let list: Vec<String> = names.iter().map(|n| format!("`{n}`")).collect();
            let help = format!("write method = \"{}\"; allowed: {}", names.first().unwrap_or(&"…"), list.join(", "));
            return Err(vec![Fault::new("`method` is missing").help(help)]);
        };
        if names.contains(&name) {
            return Ok(name.to_owned());
        }
        let fault = Fault::new(format!("`method` can't be `{name}`")).allowed(name, names);
        Err(vec![Fault { span: self.method.as_ref().map(Spanned::span), ..fault }])
    }

    /// Refuses what neither a policy nor the method knows.
    fn no_others(&self, name: &str, parameters: &[Parameter]) -> Result<(), Vec<Fault>> {
        let allowed: Vec<&str> = OWN.into_iter().chain(parameters.iter().map(|p| p.name)).collect();
        let unknown = |g: &&Given| !allowed.contains(&g.name.as_str());
        let refuse = |g: &Given| {
            Fault::at(g.name_span.clone(), format!("unknown key `{}` for the method `{name}`", g.name))
                .allowed(&g.name, &allowed)
        };
        let faults: Vec<Fault> = self.given.iter().filter(unknown).map(refuse).collect();
        if faults.is_empty() { Ok(()) } else { Err(faults) }
    }

    /// That there is a key exactly if the method needs one; `none` says why it does not.
    fn keyed(&self, name: &str, none: Option<&str>) -> Result<(), Vec<Fault>> {
        match (none, &self.key) {
            (None, None) => {
                let fault = Fault::new(format!("`{name}` draws random numbers and needs a secret key"));
                let help = "write key-file = \"…\" or key-env = \"…\": where the key is, never the key itself";
                Err(vec![fault.help(help)])
            }
            (Some(none), Some(key)) => {
                let fault = Fault::at(key.span(), format!("`{name}` {none}, so that a key has no effect"));
                Err(vec![fault.help("remove it")])
            }
            _ => Ok(()),
        }
    }
}
