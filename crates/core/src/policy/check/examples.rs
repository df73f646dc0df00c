//! The small tables of a policy: whether they have the shape that they should have.

use toml::{Spanned, Value};

use super::super::example::Inner;
use super::super::written::{self, Rows};
use super::super::{Example, Expected};
use super::Check;
use crate::diag::{Fault, Span};

/// Rows or columns of an example; larger tables belong into a release.
const MOST: usize = 12;
/// The largest count of an example.
const LARGEST: i64 = 1_000_000_000;

/// Numbers with their places, row by row.
type Numbers = Rows<Spanned<i64>>;

impl Check {
    /// The examples, in the order of the file.
    pub(super) fn examples(&mut self, written: &[Spanned<written::Example>]) -> Vec<Example> {
        written.iter().map(|example| self.example(example)).collect()
    }

    fn example(&mut self, written: &Spanned<written::Example>) -> Example {
        let (place, given) = (written.span(), written.get_ref());
        let name = self.needed("[[example]]", &place, "name", given.name.as_ref(), "name = \"…\" says what it shows");
        let cells = self.cells(given, &place);
        let size = (cells.len(), cells.first().map_or(0, Vec::len));
        let variables = self.variables(given);
        for sensitive in given.sensitive.iter().filter(|s| !variables.contains(s.get_ref())) {
            let what = format!("the example has no variable `{}`", sensitive.get_ref());
            self.fault(Fault::at(sensitive.span(), what).allowed(sensitive.get_ref(), &variables));
        }
        let refused = given.refused.unwrap_or_default();
        Example {
            name,
            source: self.filled("source", given.source.as_ref()),
            sensitive: given.sensitive.iter().map(|s| s.get_ref().clone()).collect(),
            population: given.population.as_ref().map(|people| self.population(people, size.0)),
            expect: self.expectation(given.expect.as_ref(), size, refused, &place),
            variables,
            cells,
            refused,
            line: self.line(&place),
        }
    }

    fn variables(&mut self, given: &written::Example) -> [String; 2] {
        let usual = || ["row".to_owned(), "column".to_owned()];
        let Some(names) = &given.variables else { return usual() };
        let texts: Vec<&str> = names.get_ref().iter().map(|n| n.get_ref().trim()).collect();
        match texts.as_slice() {
            [rows, columns] if !rows.is_empty() && !columns.is_empty() && rows != columns => {
                [(*rows).to_owned(), (*columns).to_owned()]
            }
            _ => {
                let fault = Fault::at(names.span(), "`variables` names the two variables of an example");
                self.fault(fault.help("variables = [\"area\", \"outcome\"]: rows, columns"));
                usual()
            }
        }
    }

    /// What the cells hold: counts or contributions, not both.
    fn cells(&mut self, given: &written::Example, place: &Span) -> Vec<Vec<Inner>> {
        match (&given.counts, &given.contributions) {
            (Some(counts), None) => self.counts(counts, given.persons.as_ref()),
            (None, Some(contributions)) => {
                if let Some(persons) = &given.persons {
                    let fault = Fault::at(persons.span(), "`persons` goes with `counts`");
                    self.fault(fault.help("each contribution is one contributor's: remove `persons`"));
                }
                let rows = contributions.get_ref().iter();
                let cells: Vec<Vec<Inner>> =
                    rows.map(|row| row.iter().map(|cell| self.contributions(cell)).collect()).collect();
                self.rectangle(cells.iter().map(Vec::len), "contributions", &contributions.span());
                cells
            }
            _ => {
                if self.structure {
                    let fault = Fault::at(place.clone(), "an example has `counts` or `contributions`, one of them");
                    self.fault(fault.help("counts = [[3, 12], [7, 9]], or contributions = [[[50, 40, 10]]]"));
                }
                Vec::new()
            }
        }
    }

    fn counts(&mut self, counts: &Numbers, persons: Option<&Numbers>) -> Vec<Vec<Inner>> {
        self.rectangle(counts.get_ref().iter().map(Vec::len), "counts", &counts.span());
        if let Some(persons) = persons {
            let shape = |numbers: &Numbers| numbers.get_ref().iter().map(Vec::len).collect::<Vec<_>>();
            if shape(persons) != shape(counts) {
                let fault = Fault::at(persons.span(), "`persons` has not the shape of `counts`");
                self.fault(fault.help("give a number for each cell, row by row"));
            }
        }
        let person = |r: usize, c: usize| persons.and_then(|p| p.get_ref().get(r)?.get(c));
        let mut cells = Vec::new();
        for (r, row) in counts.get_ref().iter().enumerate() {
            let mut line = Vec::new();
            for (c, count) in row.iter().enumerate() {
                let records = self.whole("counts", count, 0, LARGEST);
                let persons = match person(r, c) {
                    Some(persons) => self.whole("persons", persons, i64::from(records > 0), records),
                    None => records,
                };
                line.push(Inner::Count { records, persons });
            }
            cells.push(line);
        }
        cells
    }

    fn contributions(&mut self, cell: &[Spanned<i64>]) -> Inner {
        Inner::Contributions(cell.iter().map(|x| self.whole("contributions", x, 0, LARGEST)).collect())
    }

    fn population(&mut self, people: &Spanned<Vec<Spanned<i64>>>, rows: usize) -> Vec<i64> {
        if people.get_ref().len() != rows && self.structure {
            let fault = Fault::at(people.span(), "`population` has not as many numbers as the example has rows");
            self.fault(fault.help(format!("give {rows}, the population of each row")));
        }
        people.get_ref().iter().map(|n| self.whole("population", n, 0, LARGEST)).collect()
    }

    /// Refuses what is empty, too large, or has rows of different lengths.
    fn rectangle(&mut self, mut widths: impl Iterator<Item = usize> + Clone, key: &str, place: &Span) {
        let rows = widths.clone().count();
        let first = widths.next().unwrap_or(0);
        let fits = (1..=MOST).contains(&rows) && (1..=MOST).contains(&first) && widths.all(|w| w == first);
        if !fits && self.structure {
            let what = format!("`{key}` is no table of up to {MOST} rows and columns");
            self.fault(
                Fault::at(place.clone(), what)
                    .help("write it row by row, all rows of the same length: [[3, 12], [7, 9]]"),
            );
        }
    }

    /// What must come of it.
    fn expectation(
        &mut self,
        written: Option<&Rows<Spanned<Value>>>,
        (rows, columns): (usize, usize),
        refused: bool,
        place: &Span,
    ) -> Vec<Vec<Expected>> {
        let Some(written) = written else {
            if !refused && self.structure {
                let fault = Fault::at(place.clone(), "the example expects nothing");
                self.fault(fault.help("expect = [[\"withheld\", 12], …] says what must be printed, or refused = true"));
            }
            return Vec::new();
        };
        if refused {
            let fault = Fault::at(written.span(), "a release that is refused prints nothing");
            self.fault(fault.help("remove `expect`, or `refused`"));
        }
        let fits = |n: usize, size: usize| n == size || (n == size + 1 && size > 1);
        let all_rows = written.get_ref();
        let width = all_rows.first().map_or(0, Vec::len);
        if self.structure
            && rows > 0
            && !(fits(all_rows.len(), rows) && fits(width, columns) && all_rows.iter().all(|row| row.len() == width))
        {
            let what =
                format!("`expect` has not the shape of the example, which has {rows} rows and {columns} columns");
            let help = "one row and one column more are the totals, where there are two or more to add up";
            self.fault(Fault::at(written.span(), what).help(help));
        }
        all_rows.iter().map(|row| row.iter().map(|value| self.expected(value)).collect()).collect()
    }

    fn expected(&mut self, value: &Spanned<Value>) -> Expected {
        let words: Vec<&str> = Expected::WORDS.iter().map(|w| w.0).collect();
        let found = match value.get_ref() {
            Value::Integer(n) => Some(Expected::Number(*n)),
            Value::Array(all) if !all.is_empty() => {
                all.iter().map(Value::as_integer).collect::<Option<Vec<i64>>>().map(Expected::OneOf)
            }
            Value::String(word) => Expected::WORDS.iter().find(|w| w.0 == word).map(|w| w.1.clone()),
            _ => None,
        };
        found.unwrap_or_else(|| {
            let text = value.get_ref().as_str().map_or_else(|| value.get_ref().to_string(), str::to_owned);
            let fault = Fault::at(value.span(), format!("`expect` can't be `{text}`")).allowed(&text, &words);
            let help = fault.help.clone().unwrap_or_default();
            self.fault(fault.help(format!("{help}, a whole number, or a list of those that may be printed")));
            Expected::Anything
        })
    }
}
