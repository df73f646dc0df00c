//! From the commands of a batch to jobs: data with their metadata, the tables made of them, and what is written.
//!
//! All tables of one set of records are one job and are protected together: a cell that stands in two of them is one
//! cell, whichever `<SUPPRESS>` speaks of which table. What can't be done as the batch has it is refused here, before
//! any data are read.

use std::path::{Path, PathBuf};

use crate::read::{Error, read_text};

use super::arb::{self, Call, Line};
use super::rules::{self, SafetyRules};
use super::text::{unquoted, words};

/// A batch, ready to be run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    /// What is done, in order.
    pub jobs: Vec<Job>,
    /// What is done otherwise than the batch has it.
    pub notes: Vec<String>,
}

/// One set of data and the tables made of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// The data.
    pub data: Data,
    /// Their metadata.
    pub metadata: PathBuf,
    /// Where the files are that the batch names.
    pub folder: PathBuf,
    /// The tables.
    pub tables: Vec<TableJob>,
    /// How they are protected; `None`: unsafe cells are withheld, and nothing else.
    pub suppress: Option<Suppress>,
    /// Totals of a table are added up anew, whatever the file says.
    pub recompute: bool,
    /// The file and line that opens the data.
    pub place: String,
}

/// Where data are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Data {
    /// Records.
    Records(PathBuf),
    /// The cells of one table.
    Cells(PathBuf),
}

/// One table of a job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableJob {
    /// Its variables.
    pub variables: Vec<String>,
    /// What is summed; `None`: records are counted.
    pub response: Option<String>,
    /// The amount that rules look at, where it is not the response.
    pub shadow: Option<String>,
    /// What withholding a cell costs.
    pub cost: CostBy,
    /// Its safety rules; `None`: the statuses of the file.
    pub rules: Option<SafetyRules>,
    /// What a person decided beforehand.
    pub apriori: Vec<Apriori>,
    /// Codes that are made coarser: the variable, and a level or a file.
    pub recodes: Vec<(String, String)>,
    /// The files to be written.
    pub outputs: Vec<Output>,
    /// The file and line that specifies it.
    pub place: String,
}

/// What withholding a cell costs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CostBy {
    /// Its value.
    Response,
    /// The logarithm of its value.
    Log,
    /// The number of contributors.
    Frequency,
    /// Each cell the same.
    Unity,
    /// The sum of a variable.
    Variable(String),
}

/// A file of decisions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Apriori {
    /// The file.
    pub path: PathBuf,
    /// What parts its fields.
    pub separator: char,
    /// Decisions about cells that there are not are passed over.
    pub lenient: bool,
}

/// A file to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Output {
    /// Its format.
    pub format: Format,
    /// The options in its command, as `AS` with true for `AS+`.
    pub options: Vec<(String, bool)>,
    /// The file.
    pub path: PathBuf,
}

/// The formats of `<WRITETABLE>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// 1: a grid.
    Grid,
    /// 2: a cell a line, for pivot tables, with a line of names.
    Pivot,
    /// 3: a cell a line.
    CodeValue,
    /// 4: Structural Business Statistics. Holds true values.
    Sbs,
    /// 5: intermediate. Holds true values.
    Intermediate,
    /// 6: JJ. Holds true values.
    Jj,
}

impl Format {
    /// Whether files of this format hold values of cells that are withheld.
    pub fn confidential(self) -> bool {
        matches!(self, Format::Sbs | Format::Intermediate | Format::Jj)
    }

    fn of(number: i64) -> Option<Format> {
        let all = [Format::Grid, Format::Pivot, Format::CodeValue, Format::Sbs, Format::Intermediate, Format::Jj];
        all.get(usize::try_from(number).ok()?.checked_sub(1)?).copied()
    }
}

impl Output {
    /// Whether an option is on.
    pub fn option(&self, name: &str, default: bool) -> bool {
        self.options.iter().rev().find(|(n, _)| n == name).map_or(default, |(_, on)| *on)
    }
}

/// How cells are chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suppress {
    /// A method of tabsafe.
    pub method: &'static str,
    /// A limit in seconds.
    pub seconds: Option<u32>,
    /// A contributor who is alone behind a cell knows it, and attacks with what he knows.
    pub singletons: bool,
}

/// Reads a batch.
///
/// # Errors
/// A file that can't be read; commands in the wrong order, unknown, or not supported: the line is named.
pub fn read(path: &Path) -> Result<Batch, Error> {
    parse(&path.display().to_string(), &read_text(path)?, path.parent().unwrap_or(Path::new("")))
}

/// A batch from its text; `name` is how faults call it, `folder` where the files are that it names.
///
/// # Errors
/// As [`read`].
pub fn parse(name: &str, text: &str, folder: &Path) -> Result<Batch, Error> {
    let mut reader = Reader { name, folder, batch: Batch { jobs: Vec::new(), notes: Vec::new() }, data: None };
    for line in arb::lines(name, text)? {
        reader.command(&line).map_err(|error| match error.message.starts_with(name) {
            true => error,
            false => Error { message: format!("{name}:{}: {}", line.number, error.message), ..error },
        })?;
    }
    if reader.batch.jobs.iter().all(|job| job.tables.is_empty()) {
        return Err(Error::usage(format!("{name}: the batch makes no table"))
            .with_help("a batch opens data and metadata, then has <SPECIFYTABLE>, <SUPPRESS> and <WRITETABLE>"));
    }
    Ok(reader.batch)
}

/// A batch in the reading.
struct Reader<'a> {
    name: &'a str,
    folder: &'a Path,
    batch: Batch,
    /// Data that were opened, and whose metadata are still to come.
    data: Option<(Data, String)>,
}

impl Reader<'_> {
    fn path(&self, text: &str) -> Result<PathBuf, Error> {
        match unquoted(text) {
            "" => Err(Error::usage("the name of a file was to stand here")),
            name => Ok(self.folder.join(name.replace('\\', "/"))),
        }
    }

    fn place(&self, line: &Line) -> String {
        format!("{}:{}", self.name, line.number)
    }

    fn job(&mut self) -> Result<&mut Job, Error> {
        self.batch.jobs.last_mut().ok_or_else(|| Error::usage("no data are open here: <OPENMICRODATA> comes first"))
    }

    fn table(&mut self) -> Result<&mut TableJob, Error> {
        self.job()?.tables.last_mut().ok_or_else(|| Error::usage("no table is there yet: <SPECIFYTABLE> comes first"))
    }

    /// The tables that a number means: one, or all for 0.
    fn tables(&mut self, number: usize) -> Result<&mut [TableJob], Error> {
        let tables = &mut self.job()?.tables;
        let many = tables.len();
        let chosen = if number == 0 { Some(tables.as_mut_slice()) } else { tables.get_mut(number - 1..number) };
        chosen.ok_or_else(|| Error::usage(format!("there is no table {number}: there are {many}")))
    }

    fn command(&mut self, line: &Line) -> Result<(), Error> {
        match line.keyword.as_str() {
            "OPENMICRODATA" => self.open(Data::Records(self.path(line.rest)?), line),
            "OPENTABLEDATA" => self.open(Data::Cells(self.path(line.rest)?), line),
            "OPENMETADATA" => self.metadata(line),
            "SPECIFYTABLE" => self.specify(line),
            "SAFETYRULE" => {
                let rules = rules::parse(line.rest).map_err(Error::usage)?;
                self.table()?.rules = (!line.rest.is_empty()).then_some(rules);
                Ok(())
            }
            "READMICRODATA" | "CLEAR" => Ok(()),
            "READTABLE" => {
                match line.rest.chars().next() {
                    Some('1') => self.job()?.recompute = true,
                    Some('2') => self.batch.notes.push(format!("{}: totals are checked in any case", self.place(line))),
                    _ => {}
                }
                Ok(())
            }
            "APRIORI" | "APRIORY" => self.apriori(line),
            "RECODE" => self.recode(line),
            "SUPPRESS" => self.suppress(line),
            "WRITETABLE" => self.write(line),
            "SOLVER" | "LOGBOOK" | "VERSIONINFO" | "SILENT" | "COMMENT" | "GOINTERACTIVE" => {
                let what = format!("{}: <{}> is passed over", self.place(line), line.keyword);
                self.batch.notes.push(what);
                Ok(())
            }
            "COVER" => Err(Error::usage("<COVER> is not supported: tables are linked by the records they are made of")),
            other => Err(Error::usage(format!("<{other}> is not known")).with_help(
                "known: OPENMICRODATA, OPENTABLEDATA, OPENMETADATA, SPECIFYTABLE, SAFETYRULE, READMICRODATA, READTABLE, \
                 APRIORI, RECODE, SUPPRESS, WRITETABLE, SOLVER, CLEAR, LOGBOOK, VERSIONINFO, SILENT, GOINTERACTIVE",
            )),
        }
    }

    fn open(&mut self, data: Data, line: &Line) -> Result<(), Error> {
        self.data = Some((data, self.place(line)));
        Ok(())
    }

    fn metadata(&mut self, line: &Line) -> Result<(), Error> {
        let Some((data, place)) = self.data.take() else {
            return Err(Error::usage("<OPENMETADATA> follows <OPENMICRODATA> or <OPENTABLEDATA>"));
        };
        let (metadata, folder) = (self.path(line.rest)?, self.folder.to_owned());
        self.batch.jobs.push(Job {
            data,
            metadata,
            folder,
            tables: Vec::new(),
            suppress: None,
            recompute: false,
            place,
        });
        Ok(())
    }

    fn specify(&mut self, line: &Line) -> Result<(), Error> {
        let given = arb::specified(line.rest).map_err(Error::usage)?;
        let response = Some(given.response.clone()).filter(|r| !r.eq_ignore_ascii_case("<freq>"));
        let shadow = Some(given.shadow).filter(|s| !s.is_empty() && Some(s) != response.as_ref());
        if let (Some(shadow), None) = (&shadow, &response) {
            return Err(Error::usage(format!("records are counted, so rules can't look at {shadow}")));
        }
        let cost = match (given.cost.as_str(), given.lambda.as_str()) {
            ("", "0") => CostBy::Log,
            ("-1", "" | "1") => CostBy::Frequency,
            ("-2", _) => CostBy::Unity,
            ("-3", _) => return Err(Error::usage("costs by distance (-3) are not supported")),
            (_, power) if !["", "1", "0"].contains(&power) => {
                return Err(Error::usage(format!(
                    "costs to the power of {power} are not supported: 1 and 0 (log) are"
                )));
            }
            ("", _) => CostBy::Response,
            (variable, _) if Some(variable) == response.as_deref() => CostBy::Response,
            (variable, _) => CostBy::Variable(variable.to_owned()),
        };
        let place = self.place(line);
        let job = self.job()?;
        if matches!(job.data, Data::Cells(_)) && !job.tables.is_empty() {
            return Err(Error::usage("a file of cells holds one table")
                .with_help("open it again for each table, or make linked tables from the records"));
        }
        job.tables.push(TableJob {
            variables: given.variables,
            response,
            shadow,
            cost,
            rules: None,
            apriori: Vec::new(),
            recodes: Vec::new(),
            outputs: Vec::new(),
            place,
        });
        Ok(())
    }

    /// `"file", table, "separator", ignore errors, expand`.
    fn apriori(&mut self, line: &Line) -> Result<(), Error> {
        let arguments = super::text::fields(line.rest, ',');
        let number = arguments.get(1).and_then(|n| n.parse().ok()).ok_or_else(|| {
            Error::usage("the number of a table was to follow the file: <APRIORI> \"file.hst\", 1, \";\"")
        })?;
        let separator = arguments.get(2).and_then(|s| s.chars().next()).unwrap_or(',');
        let path = self.path(arguments.first().copied().unwrap_or_default())?;
        let lenient = arguments.get(3).is_none_or(|flag| *flag != "0");
        for table in self.tables(number)? {
            table.apriori.push(Apriori { path: path.clone(), separator, lenient });
        }
        Ok(())
    }

    /// `table, variable, level or "file"`.
    fn recode(&mut self, line: &Line) -> Result<(), Error> {
        let arguments = super::text::fields(line.rest, ',');
        let [number, variable, how] = arguments[..] else {
            return Err(Error::usage("a recoding is a table, a variable, and a level or a file: 1, Region, 2"));
        };
        let number = number.parse().map_err(|_| Error::usage("the number of a table was to stand here"))?;
        for table in self.tables(number)? {
            table.recodes.push((variable.to_owned(), how.to_owned()));
        }
        Ok(())
    }

    fn suppress(&mut self, line: &Line) -> Result<(), Error> {
        let call = arb::call(line.rest).map_err(Error::usage)?;
        self.tables(call.table().map_err(Error::usage)?)?;
        let suppress = method(&call)?;
        let place = self.place(line);
        let job = self.job()?;
        match &job.suppress {
            None => job.suppress = Some(suppress),
            Some(first) if *first != suppress => {
                let what =
                    format!("{place}: all tables of the data are protected together, by the first method asked for");
                self.batch.notes.push(what);
            }
            Some(_) => {}
        }
        if call.kind != "OPT" {
            let what = format!(
                "{place}: {} is answered by a method of tabsafe; each pattern is proved by an attack",
                call.kind
            );
            self.batch.notes.push(what);
        }
        Ok(())
    }

    fn write(&mut self, line: &Line) -> Result<(), Error> {
        let Call { arguments, .. } = arb::call(line.rest).map_err(Error::usage)?;
        let [number, format, options @ .., file] = &arguments[..] else {
            return Err(Error::usage("a table is written as (table, format, options, \"file\")"));
        };
        let number: usize = number.parse().map_err(|_| Error::usage("the number of a table was to stand here"))?;
        let format = format.parse().ok().and_then(Format::of).ok_or_else(|| {
            Error::usage(format!("there is no format {format}"))
                .with_help("1 grid, 2 for pivot tables, 3 code-value, 4 SBS, 5 intermediate, 6 JJ")
        })?;
        let path = self.path(file)?;
        let options: Result<Vec<(String, bool)>, Error> =
            options.iter().flat_map(|o| words(o)).map(|option| switch(&option)).collect();
        let options = options?;
        let [table] = self.tables(number)? else { return Err(Error::usage("one table is written at a time")) };
        table.outputs.push(Output { format, options, path });
        Ok(())
    }
}

/// An option such as `AS+`.
fn switch(option: &str) -> Result<(String, bool), Error> {
    let fault = || Error::usage(format!("{option} is no option: they are written as AS+ or AS-"));
    let on = match option.chars().last() {
        Some('+') => true,
        Some('-') => false,
        _ => return Err(fault()),
    };
    Ok((option.trim_end_matches(['+', '-']).to_uppercase(), on))
}

/// The method of tabsafe that answers one of tau-ARGUS.
fn method(call: &Call) -> Result<Suppress, Error> {
    let minutes = call.number(1).and_then(|m| u32::try_from(m).ok()).filter(|m| *m > 0);
    let any = |mut switches: std::ops::RangeInclusive<usize>| switches.any(|at| call.number(at) == Some(1));
    let suppress = |method, seconds, singletons| Ok(Suppress { method, seconds, singletons });
    match call.kind.as_str() {
        "OPT" => suppress("optimal", minutes.map(|m| m.saturating_mul(60)), false),
        "MOD" => suppress("thorough", None, any(2..=4)),
        "GH" => suppress("fast", None, any(3..=3)),
        "NET" => suppress("fast", None, false),
        "RND" | "CTA" | "CKM" => Err(Error::usage(format!("{} is not supported in a batch", call.kind))
            .with_help("supported: OPT, MOD, GH and NET; for rounding use a policy with [round]")),
        other => Err(Error::usage(format!("{other} is no method")).with_help("there are: GH, MOD, OPT, NET")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BATCH: &str = "// sizes\n<OPENMICRODATA> \"in\\a.asc\"\n<OPENMETADATA> \"a.rda\"\n\
        <SPECIFYTABLE> \"Size\"\"Region\"|\"Var2\"||\"-2\"\n<SAFETYRULE> P(10,1)|FREQ(3,20)\n<READMICRODATA>\n\
        <APRIORI> \"a.hst\", 1, \";\", 0\n<RECODE> 1, Region, 2\n<SUPPRESS> OPT(1,5)\n\
        <WRITETABLE> (1,3,AS+,\"out.txt\")\n<WRITETABLE> (1,5,AS+ SO+,\"out.tab\")\n<SOLVER> FREE\n";

    fn read(text: &str) -> Result<Batch, String> {
        parse("a.arb", text, Path::new("f")).map_err(|e| e.message)
    }

    /// A whole batch becomes one job.
    #[test]
    fn a_batch() -> Result<(), String> {
        let batch = read(BATCH)?;
        let [job] = &batch.jobs[..] else { return Err("one job".to_owned()) };
        assert_eq!(job.data, Data::Records(PathBuf::from("f/in/a.asc")));
        assert_eq!(job.suppress, Some(Suppress { method: "optimal", seconds: Some(300), singletons: false }));
        let table = &job.tables[0];
        assert_eq!((table.variables.len(), table.response.as_deref(), &table.cost), (2, Some("Var2"), &CostBy::Unity));
        assert_eq!(table.apriori, [Apriori { path: PathBuf::from("f/a.hst"), separator: ';', lenient: false }]);
        assert_eq!(table.recodes, [("Region".to_owned(), "2".to_owned())]);
        assert_eq!(
            table.outputs.iter().map(|o| o.format).collect::<Vec<_>>(),
            [Format::CodeValue, Format::Intermediate]
        );
        assert!(table.outputs[1].option("SO", false) && !table.outputs[0].option("SO", false));
        assert_eq!(batch.notes, ["a.arb:12: <SOLVER> is passed over"]);
        Ok(())
    }

    /// What can't be done is refused at its line, before any data are read.
    #[test]
    fn refusals_are_placed() {
        let told = |old: &str, new: &str| read(&BATCH.replace(old, new)).err().unwrap_or_default();
        assert!(told("OPT(1,5)", "RND(1,5)").starts_with("a.arb:9: RND is not supported"));
        assert!(told("OPT(1,5)", "OPT(2)").starts_with("a.arb:9: there is no table 2: there are 1"));
        assert!(told("FREQ(3,20)", "WGT(1)").starts_with("a.arb:5: WGT(1)"));
        assert!(told("|\"Var2\"||", "|<freq>|\"Other\"|").starts_with("a.arb:4: records are counted"));
        assert!(told("(1,3,", "(1,9,").starts_with("a.arb:10: there is no format 9"));
        assert!(told("<RECODE>", "<RECORD>").starts_with("a.arb:8: <RECORD> is not known"));
        assert!(read("<SUPPRESS> OPT(1)\n").is_err_and(|e| e.starts_with("a.arb:1: no data are open")));
        assert!(read("<OPENMICRODATA> \"a\"\n<OPENMETADATA> \"b\"\n").is_err_and(|e| e.contains("makes no table")));
    }
}
