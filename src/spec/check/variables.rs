//! `[variables.NAME]`: what each is made from, and its categories.

use std::collections::{BTreeMap, HashMap, HashSet};

use toml::Spanned;

use super::Check;
use crate::diag::{Fault, Span};
use crate::spec::written::{self, CategoryChoice, Choice, Text};
use crate::spec::{Band, Category, Classes, Missing, Source, TableSpec, Variable};

/// What `missing` and `other` may say.
const CHOICES: &str = "write \"error\" (stop and tell how many), \"leave-out\" (leave the record out of tables that \
                       use the variable) or { category = \"Not Recorded\" } (a category of its own)";

impl Check {
    /// Every variable in the order written, and the place of each name.
    pub(super) fn variables(&mut self, written: BTreeMap<Text, written::Variable>) -> (Vec<Variable>, Vec<Span>) {
        if written.is_empty() {
            self.absent(Fault::new("no variable").help("describe one: [variables.year] column = \"year\""));
        }
        let mut written: Vec<_> = written.into_iter().collect();
        written.sort_by_key(|(name, _)| name.span().start);
        let places = written.iter().map(|(name, _)| name.span()).collect();
        (written.into_iter().map(|(name, v)| self.variable(name, v)).collect(), places)
    }

    fn variable(&mut self, key: Text, written: written::Variable) -> Variable {
        let place = key.span();
        let name = key.into_inner();
        let missing = match written.missing {
            Some(choice) => self.choice(choice),
            None => {
                let fault = Fault::at(place.clone(), format!("variable `{name}` does not say what a missing value is"));
                self.absent(fault.help(format!("missing = …: {CHOICES}")));
                Missing::Error
            }
        };
        let found = written.categories.is_none()
            && written.order.is_none()
            && written.bands.is_none()
            && written.hierarchy.is_none();
        if let (Some(other), true) = (&written.other, found) {
            let fault = Fault::at(other.span(), "`other` has no meaning here: every value found is a category");
            self.absent(fault.help("list the `categories`, or leave `other` out"));
        }
        let other = written.other.map_or(Missing::Error, |choice| self.choice(choice));
        let source = self.source(&name, &place, written.column, written.sql, written.columns);
        if let (Source::Nested(_), false) = (&source, found) {
            let fault = Fault::at(place.clone(), format!("nested columns of `{name}` already give its categories"));
            self.fault(fault.help("leave out `categories`, `order`, `bands` and `hierarchy`"));
        }
        let given = Given {
            categories: written.categories,
            order: written.order,
            bands: written.bands,
            hierarchy: written.hierarchy,
            ignore_case: written.ignore_case,
        };
        let classes = self.classes(given);
        let total = self.filled(written.total).unwrap_or_else(|| "Total".to_owned());
        let total_code = written.total_code.as_ref().map(Spanned::span);
        let variable = Variable {
            label: self.filled(written.label).unwrap_or_else(|| name.clone()),
            source,
            classes,
            missing,
            other,
            total_across: self.filled(written.total_across).unwrap_or_else(|| total.clone()),
            total,
            total_code: self.filled(written.total_code).unwrap_or_else(|| "Total".to_owned()),
            sensitive: written.sensitive,
            line: self.line(&place),
            name,
        };
        if variable.known_codes().is_some_and(|codes| codes.contains(&variable.total_code.as_str())) {
            let message = format!("`{}` is the code of a category and of the total", variable.total_code);
            let fault = Fault::at(total_code.unwrap_or(place), message);
            self.fault(fault.help("give the total another code: total-code = \"All\""));
        }
        variable
    }

    fn choice(&mut self, choice: Spanned<Choice<CategoryChoice>>) -> Missing {
        let place = choice.span();
        match choice.into_inner() {
            Choice::Word(word) if word == "error" => Missing::Error,
            Choice::Word(word) if word == "leave-out" => Missing::LeaveOut,
            Choice::Word(word) => {
                self.fault(Fault::at(place, format!("`{word}` is none of the choices")).help(CHOICES));
                Missing::Error
            }
            Choice::Table(table) => Missing::Category(self.filled(Some(table.category)).unwrap_or_default()),
        }
    }

    fn source(
        &mut self,
        name: &str,
        place: &Span,
        column: Option<Text>,
        sql: Option<Text>,
        nested: Option<Spanned<Vec<Text>>>,
    ) -> Source {
        if usize::from(column.is_some()) + usize::from(sql.is_some()) + usize::from(nested.is_some()) > 1 {
            let fault = Fault::at(place.clone(), format!("variable `{name}` is made from more than one thing"));
            self.fault(fault.help("write one of `column`, `sql` and `columns`"));
        }
        match (column, sql, nested) {
            (Some(column), _, _) => Source::Column(self.filled(Some(column)).unwrap_or_default()),
            (None, Some(sql), _) => self.sql(Some(sql)).map_or(Source::Column(String::new()), Source::Sql),
            (None, None, Some(nested)) => {
                if nested.get_ref().len() < 2 {
                    let fault = Fault::at(nested.span(), "nested columns are at least two, coarse to fine");
                    self.fault(fault.help("columns = [\"region\", \"district\"], or column = \"district\""));
                }
                let names = nested.into_inner();
                self.repeated(&names, "column");
                Source::Nested(names.into_iter().filter_map(|n| self.filled(Some(n))).collect())
            }
            (None, None, None) => {
                let fault = Fault::at(place.clone(), format!("variable `{name}` does not say what it is made from"));
                self.absent(fault.help(format!(
                    "write column = \"{name}\", sql = \"…\" or columns = [\"coarse\", \"fine\"] (nested)"
                )));
                Source::Column(name.to_owned())
            }
        }
    }

    fn classes(&mut self, given: Given) -> Classes {
        let mut places = given.places();
        if let Some((second, place)) = places.split_off(places.len().min(1)).into_iter().next() {
            let first = places.first().map_or("", |p| p.0);
            self.fault(Fault::at(place, format!("both `{first}` and `{second}`")).help("write one of the two"));
        }
        if let Some(flag) = &given.ignore_case
            && given.categories.is_none()
            && given.order.is_none()
        {
            let fault = Fault::at(flag.span(), "`ignore-case` has no meaning here: no categories are listed");
            self.absent(fault.help("list the `categories`, or leave `ignore-case` out"));
        }
        let ignore_case = given.ignore_case.is_some_and(Spanned::into_inner);
        if let Some(list) = given.categories {
            self.at_least_one(list.span(), list.get_ref().is_empty(), "category");
            Classes::Listed { categories: self.categories(list.into_inner(), ignore_case), ignore_case }
        } else if let Some(list) = given.order {
            self.at_least_one(list.span(), list.get_ref().is_empty(), "category");
            let plain = list.into_inner().into_iter().map(|code| {
                let place = code.span();
                let category = written::Category { code: Some(code), label: None, note: None, values: Vec::new() };
                Spanned::new(place, category)
            });
            Classes::Listed { categories: self.categories(plain.collect(), ignore_case), ignore_case }
        } else if let Some(list) = given.bands {
            self.at_least_one(list.span(), list.get_ref().is_empty(), "band");
            Classes::Bands(self.bands(list.into_inner()))
        } else if let Some(file) = given.hierarchy {
            let file = self.filled(Some(file)).unwrap_or_default();
            Classes::HierarchyFile(self.path(&file))
        } else {
            Classes::Found
        }
    }

    fn at_least_one(&mut self, place: Span, empty: bool, what: &str) {
        if empty {
            self.absent(Fault::at(place, format!("no {what} in the list")).help("name at least one"));
        }
    }

    /// One category from its parts: the code stands for a label that is not given, and the other way round.
    fn category(&mut self, place: &Span, code: Option<Text>, label: Option<Text>, note: Option<Text>) -> Category {
        let note_place = note.as_ref().map(Spanned::span);
        let (code, label, note) = (self.filled(code), self.filled(label), self.filled(note));
        if code.is_none() && label.is_none() {
            self.absent(Fault::at(place.clone(), "neither `code` nor `label`").help("name it: label = \"…\""));
        }
        let unmarked = || label.as_deref().map(|l| l.trim_end_matches(crate::spec::is_mark).trim_end().to_owned());
        let code = code.or_else(unmarked).unwrap_or_default();
        let label = label.unwrap_or_else(|| code.clone());
        let category = Category { values: vec![code.clone()], code, label, note };
        if let (Some(place), None) = (note_place, category.mark()) {
            let fault = Fault::at(place, format!("nothing on the label `{}` points to this note", category.label));
            self.fault(fault.help("end the label with a mark, such as label = \"2015*\""));
        }
        category
    }

    fn categories(&mut self, written: Vec<Spanned<written::Category>>, ignore_case: bool) -> Vec<Category> {
        let mut owner: HashMap<String, String> = HashMap::new();
        let mut codes: HashSet<String> = HashSet::new();
        let mut all = Vec::new();
        for category in written {
            let place = category.span();
            let parts = category.into_inner();
            let code_place = parts.code.as_ref().map_or(place.clone(), Spanned::span);
            let mut made = self.category(&place, parts.code, parts.label, parts.note);
            if !codes.insert(made.code.clone()) {
                let fault = Fault::at(code_place, format!("category `{}` stands twice", made.code));
                self.fault(fault.help("leave one out, or join their `values`"));
                continue;
            }
            let own = std::mem::take(&mut made.values).into_iter().map(|v| (code_place.clone(), v));
            for (place, value) in
                own.chain(parts.values.into_iter().map(|v| (v.span(), v.into_inner()))).collect::<Vec<_>>()
            {
                let key = if ignore_case { value.trim().to_lowercase() } else { value.clone() };
                match owner.get(&key) {
                    Some(other) if *other != made.code => {
                        let message = format!("the value `{value}` belongs to `{other}` and to `{}`", made.code);
                        self.fault(Fault::at(place, message).help("a value belongs to one category"));
                    }
                    Some(_) => {}
                    None => {
                        owner.insert(key, made.code.clone());
                        made.values.push(value);
                    }
                }
            }
            all.push(made);
        }
        all
    }

    fn bands(&mut self, written: Vec<Spanned<written::Band>>) -> Vec<Band> {
        let last = written.len().saturating_sub(1);
        let mut codes: HashSet<String> = HashSet::new();
        let mut bands: Vec<Band> = Vec::new();
        for (i, band) in written.into_iter().enumerate() {
            let place = band.span();
            let parts = band.into_inner();
            let from_place = parts.from.as_ref().map_or(place.clone(), Spanned::span);
            let mut category = self.category(&place, parts.code, parts.label, parts.note);
            category.values.clear();
            let band =
                Band { category, from: parts.from.map(Spanned::into_inner), to: parts.to.map(Spanned::into_inner) };
            if !codes.insert(band.category.code.clone()) {
                self.fault(Fault::at(place.clone(), format!("band `{}` stands twice", band.category.code)));
            }
            self.band_ends(&place, &band, i == 0, i == last);
            if let Some(fault) = bands.last().and_then(|before| join(before, &band, from_place)) {
                self.fault(fault);
            }
            bands.push(band);
        }
        bands
    }

    /// Only the first and the last band may be open, and a band holds at least one value.
    fn band_ends(&mut self, place: &Span, band: &Band, first: bool, last: bool) {
        let label = &band.category.label;
        for (end, key, may, which) in [(band.from, "from", first, "first"), (band.to, "to", last, "last")] {
            match end {
                None if !may => {
                    let fault = Fault::at(place.clone(), format!("band `{label}` has no `{key}`"));
                    self.absent(fault.help(format!("only the {which} band may be open at that end")));
                }
                Some(end) if !end.is_finite() => {
                    self.fault(Fault::at(place.clone(), format!("`{key}` of band `{label}` is not a number")));
                }
                _ => {}
            }
        }
        if let (Some(from), Some(to)) = (band.from, band.to)
            && from > to
        {
            let fault = Fault::at(place.clone(), format!("band `{label}` holds nothing: {from} is more than {to}"));
            self.fault(fault.help("`from` and `to` are both in the band, the smaller first"));
        }
    }

    /// A variable that stands in no table is not read; somebody may have meant to use it.
    pub(super) fn warn_unused(&mut self, variables: &[Variable], places: &[Span], tables: &[TableSpec]) {
        let used: HashSet<usize> =
            tables.iter().flat_map(|t| t.axes.iter().map(|a| a.0).chain(t.only.iter().map(|o| o.0))).collect();
        for (i, (variable, place)) in variables.iter().zip(places).enumerate() {
            if !used.contains(&i) {
                let fault = Fault::at(place.clone(), format!("no table uses the variable `{}`", variable.name));
                self.warnings.push(fault.help("it is not read; leave it out, or use it in a table"));
            }
        }
    }

    /// A mark that means two things leaves the reader to guess.
    pub(super) fn warn_marks(&mut self, variables: &[Variable], places: &[Span]) {
        let mut meaning: HashMap<String, String> = HashMap::new();
        for (variable, place) in variables.iter().zip(places) {
            for category in variable.known_categories().unwrap_or_default() {
                let (Some(mark), Some(note)) = (category.mark(), &category.note) else { continue };
                let first = meaning.entry(mark.to_owned()).or_insert_with(|| note.clone());
                if first != note {
                    let message = format!("the mark `{mark}` means \"{first}\" and \"{note}\"");
                    self.warnings.push(Fault::at(place.clone(), message).help("use another mark for one of them"));
                }
            }
        }
    }
}

/// The keys that say what the categories are.
struct Given {
    categories: Option<Spanned<Vec<Spanned<written::Category>>>>,
    order: Option<Spanned<Vec<Text>>>,
    bands: Option<Spanned<Vec<Spanned<written::Band>>>>,
    hierarchy: Option<Text>,
    ignore_case: Option<Spanned<bool>>,
}

impl Given {
    fn places(&self) -> Vec<(&'static str, Span)> {
        let places = [
            ("categories", self.categories.as_ref().map(Spanned::span)),
            ("order", self.order.as_ref().map(Spanned::span)),
            ("bands", self.bands.as_ref().map(Spanned::span)),
            ("hierarchy", self.hierarchy.as_ref().map(Spanned::span)),
        ];
        places.into_iter().filter_map(|(key, place)| Some((key, place?))).collect()
    }
}

/// What is wrong between two bands that follow each other: an overlap, or a gap between whole numbers. Between decimal
/// numbers a gap can't be told from the step of the data; a value that falls in it is `other`.
fn join(before: &Band, band: &Band, place: Span) -> Option<Fault> {
    let (to, from) = (before.to?, band.from?);
    let names = format!("bands `{}` and `{}`", before.category.label, band.category.label);
    if from <= to {
        let fault = Fault::at(place, format!("{names} overlap: {from} is not more than {to}"));
        return Some(fault.help("bands stand from low to high, and both ends are in the band"));
    }
    let next = to + 1.0;
    if to.fract() != 0.0 || from.fract() != 0.0 || from == next {
        return None;
    }
    let last = from - 1.0;
    let gap = if next == last { format!("{next} is") } else { format!("{next} to {last} are") };
    Some(Fault::at(place, format!("{names} leave a gap: {gap} in no band")).help(format!("write from = {next}")))
}
