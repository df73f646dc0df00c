//! From what is written to what is used: every fault of meaning, each at its place.
//!
//! Phases: the head and `[input]`, then each variable, then each table against the variables. A phase goes on after a
//! fault with what it can make of the rest, so that all faults come out together.

mod answer;
mod facts;
mod tables;
mod variables;

use std::path::{Path, PathBuf};

use toml::Spanned;

use super::written::{self, Text};
use super::{ColumnType, Input, Spec, Sql};
use crate::diag::{Diagnostics, Fault, Span, line_column};
use crate::secret::KeySource;
use crate::text::sha256;

/// Checks a file. `faults` holds its text and what structural faults were found already.
pub(super) fn check(file: written::File, path: &Path, faults: Diagnostics) -> Result<Spec, Diagnostics> {
    let mut check = Check {
        folder: path.parent().map(Path::to_owned).unwrap_or_default(),
        partial: !faults.is_empty(),
        warnings: Diagnostics::new(&faults.name, &faults.text),
        faults,
    };
    let title = check.needed(file.title, None, "the release has no title", "write title = \"…\" at the top");
    let input = check.input(file.input);
    let (variables, places) = check.variables(file.variables);
    let tables = check.tables(file.tables, &variables, input.person.is_some());
    let facts = check.facts(file.facts, &variables);
    let answer = check.answer(file.answer, &tables);
    check.warn_unused(&variables, &places, &tables);
    check.warn_marks(&variables, &places);
    check.warnings.sort();
    let spec = Spec {
        path: path.to_owned(),
        title,
        reference: check.filled(file.reference),
        source: check.filled(file.source),
        policy: check.filled(file.policy),
        key: check.key(file.key_file, file.key_env),
        input,
        variables,
        tables,
        facts,
        closing: file.closing.into_iter().map(Spanned::into_inner).collect(),
        answer,
        fingerprint: sha256(&check.faults.text),
        warnings: check.warnings,
    };
    check.faults.result(spec)
}

/// The faults so far and what messages need.
struct Check {
    /// The specification's folder: paths are relative to it.
    folder: PathBuf,
    /// Whether parts of the file could not be read: then what seems to be missing may only be misspelt.
    partial: bool,
    faults: Diagnostics,
    warnings: Diagnostics,
}

impl Check {
    fn fault(&mut self, fault: Fault) {
        self.faults.push(fault);
    }

    /// Something is not there at all.
    fn absent(&mut self, fault: Fault) {
        if !self.partial {
            self.faults.push(fault);
        }
    }

    fn line(&self, span: &Span) -> usize {
        line_column(&self.faults.text, span.start).0
    }

    /// A text that may be left out, but not be empty.
    fn filled(&mut self, text: Option<Text>) -> Option<String> {
        let text = text?;
        if text.get_ref().trim().is_empty() {
            self.fault(Fault::at(text.span(), "empty text").help("write it, or leave the key out"));
        }
        Some(text.into_inner())
    }

    /// A text that must be there.
    fn needed(&mut self, text: Option<Text>, place: Option<Span>, message: &str, help: &str) -> String {
        match text {
            Some(text) => self.filled(Some(text)).unwrap_or_default(),
            None => {
                self.absent(Fault { span: place, ..Fault::new(message).help(help) });
                String::new()
            }
        }
    }

    fn sql(&mut self, text: Option<Text>) -> Option<Sql> {
        let line = text.as_ref().map_or(0, |t| self.line(&t.span()));
        self.filled(text).map(|text| Sql { text, line })
    }

    fn path(&self, text: &str) -> PathBuf {
        self.folder.join(text)
    }

    /// Where the secret key is.
    fn key(&mut self, file: Option<Text>, variable: Option<Text>) -> Option<KeySource> {
        if let (Some(_), Some(variable)) = (&file, &variable) {
            let fault = Fault::at(variable.span(), "the key is in a file or in an environment variable, not in both");
            self.fault(fault.help("remove `key-file` or `key-env`"));
        }
        let file = self.filled(file).map(|path| KeySource::File(self.path(&path)));
        file.or(self.filled(variable).map(KeySource::Variable))
    }

    fn input(&mut self, input: Option<Spanned<written::Input>>) -> Input {
        let Some(input) = input else {
            self.absent(Fault::new("no [input]").help("say where the records are: [input] file = \"cases.csv\""));
            return Input::default();
        };
        let place = input.span();
        let input = input.into_inner();
        let files = match (input.file, input.files) {
            (Some(file), Some(files)) => {
                self.fault(Fault::at(files.span(), "both `file` and `files`").help("write one of the two"));
                vec![file]
            }
            (Some(file), None) => vec![file],
            (None, Some(files)) if files.get_ref().is_empty() => {
                self.fault(Fault::at(files.span(), "no file in `files`").help("name at least one file"));
                Vec::new()
            }
            (None, Some(files)) => files.into_inner(),
            (None, None) => {
                let fault = Fault::at(place, "[input] names no file");
                self.absent(
                    fault.help("write file = \"cases.csv\" or files = [\"2024/*.csv\"], relative to this file"),
                );
                Vec::new()
            }
        };
        let files = files.into_iter().filter_map(|f| self.filled(Some(f))).collect::<Vec<_>>();
        Input {
            files: files.iter().map(|f| self.path(f)).collect(),
            unit: self.filled(input.unit).unwrap_or_else(|| "record".to_owned()),
            person: self.filled(input.person),
            contributor: self.filled(input.contributor),
            id: self.filled(input.id),
            record_key: self.filled(input.record_key),
            count: self.filled(input.count),
            request: self.sql(input.request),
            filter: self.sql(input.filter),
            types: input.types.into_iter().map(|(column, t)| (column.into_inner(), column_type(t))).collect(),
            ..Input::default()
        }
    }
}

fn column_type(written: written::ColumnType) -> ColumnType {
    match written {
        written::ColumnType::Text => ColumnType::Text,
        written::ColumnType::Integer => ColumnType::Integer,
        written::ColumnType::Decimal => ColumnType::Decimal,
        written::ColumnType::Date => ColumnType::Date,
    }
}
