//! `.rda`: what the columns of a file hold. One form serves records, another tables; both are read by one reader.
//!
//! A variable is a line with its name, for records of fixed width also where it begins and how wide it is, and up to
//! two codes for missing; the lines below say what it is (`<RECODEABLE>`, `<NUMERIC>`, …).

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use crate::read::{Error, read_text};

use super::text::{fault, words};

/// The code of a total where the file says nothing.
const TOTAL: &str = "Total";
/// What stands before a code of a `.hrc` file, a level each, where the file says nothing.
const LEAD: &str = "@";

/// Metadata of a file of records or cells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rda {
    /// What parts the fields; `None`: every field has its place in the line.
    pub separator: Option<char>,
    /// The letters of a table for safe, unsafe and protected cells.
    pub statuses: [String; 3],
    /// The variables in the order of the file.
    pub variables: Vec<Variable>,
}

/// A column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variable {
    /// Its name.
    pub name: String,
    /// Where it begins in a line of fixed fields, from 0.
    pub start: usize,
    /// How wide its codes are; 0 where nothing says so.
    pub width: usize,
    /// Codes that stand for missing.
    pub missing: Vec<String>,
    /// What it is.
    pub role: Role,
    /// The code of its total.
    pub total: String,
    /// How its codes hang together.
    pub hierarchy: Hierarchy,
    /// File of its codes and labels.
    pub code_list: Option<PathBuf>,
    /// Digits after the decimal point.
    pub decimals: u32,
    /// Where it stands in the file.
    pub line: usize,
}

/// What a variable is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// A code by which tables are made.
    Explanatory,
    /// An amount.
    Numeric,
    /// The weight of a record.
    Weight,
    /// Which holding a record belongs to.
    Holding,
    /// Whether the contributor asked for protection.
    Request,
    /// The record key of the cell key method.
    RecordKey,
    /// Of a table: how many contribute to the cell.
    Frequency,
    /// Of a table: a largest contribution; the first such column holds the largest of all.
    MaxScore,
    /// Of a table: the letter of its status.
    Status,
    /// Of a table: the amount that rules look at.
    Shadow,
    /// What withholding costs.
    Cost,
    /// Of a table: the lower protection level.
    LowerLevel,
    /// Of a table: the upper protection level.
    UpperLevel,
}

/// How the codes of a variable hang together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Hierarchy {
    /// All below the total.
    #[default]
    Flat,
    /// By digits: the first so many are the top level, and so on.
    Digits(Vec<usize>),
    /// A `.hrc` file, and what stands before a code for each level.
    File {
        /// The file.
        path: PathBuf,
        /// The lead string.
        lead: String,
    },
}

impl Rda {
    /// Reads a file of metadata. Files that it names are taken from its folder.
    ///
    /// # Errors
    /// A file that can't be read, or says what is not known: the line is named.
    pub fn read(path: &Path) -> Result<Rda, Error> {
        let text = read_text(path)?;
        Rda::parse(&path.display().to_string(), &text, path.parent().unwrap_or(Path::new("")))
    }

    /// Metadata from its text; `name` is how faults call the file, `folder` where the files are that it names.
    ///
    /// # Errors
    /// As [`Rda::read`].
    pub fn parse(name: &str, text: &str, folder: &Path) -> Result<Rda, Error> {
        let mut rda = Rda { separator: None, statuses: ["S", "U", "P"].map(str::to_owned), variables: Vec::new() };
        for (line, raw) in text.lines().enumerate().map(|(i, raw)| (i + 1, raw.trim())) {
            if raw.is_empty() || raw.starts_with("//") {
                continue;
            }
            match raw.strip_prefix('<').and_then(|tag| tag.split_once('>')) {
                Some((tag, rest)) => Tag { name, line, folder, tag: &tag.to_uppercase(), rest }.apply(&mut rda)?,
                None => rda.variables.push(variable(name, line, raw, rda.separator.is_some())?),
            }
        }
        match rda.variables.is_empty() {
            true => Err(Error::data(format!("{name}: names no variable"))),
            false => Ok(rda),
        }
    }

    /// A variable by its name, whatever the size of its letters.
    pub fn find(&self, name: &str) -> Option<usize> {
        self.variables.iter().position(|v| v.name.eq_ignore_ascii_case(name))
    }

    /// The metadata of a table as text.
    pub fn to_text(&self) -> String {
        let mut text = format!("<SEPARATOR> \"{}\"\n", self.separator.unwrap_or(';'));
        let tags = ["SAFE", "UNSAFE", "PROTECT"];
        for ((tag, letter), default) in tags.iter().zip(&self.statuses).zip(["S", "U", "P"]) {
            if letter != default {
                let _ = writeln!(text, "<{tag}> {letter}");
            }
        }
        for variable in &self.variables {
            variable.put(&mut text);
        }
        text
    }
}

/// The line that declares a variable.
fn variable(name: &str, line: usize, raw: &str, separated: bool) -> Result<Variable, Error> {
    let mut words = words(raw).into_iter();
    let own = words.next().unwrap_or_default();
    let mut rest: Vec<String> = words.collect();
    // the place is left out where a separator parts the fields; codes for missing follow
    let most = if separated { 1 } else { 2 };
    let numbers = rest.iter().take(most).take_while(|w| !w.is_empty() && w.bytes().all(|b| b.is_ascii_digit())).count();
    let places: Result<Vec<usize>, Error> = rest
        .drain(..numbers)
        .map(|w| w.parse().map_err(|_| fault(name, line, format!("the place or width of {own} is too large"))))
        .collect();
    let (start, width) = match places?[..] {
        [start, width, ..] => (start, width),
        [width] => (0, width),
        [] => (0, 0),
    };
    Ok(Variable {
        name: own,
        start: start.saturating_sub(1),
        width,
        missing: rest.into_iter().filter(|code| !code.is_empty()).collect(),
        role: Role::Explanatory,
        total: TOTAL.to_owned(),
        hierarchy: Hierarchy::Flat,
        code_list: None,
        decimals: 0,
        line,
    })
}

/// A line `<TAG> …`.
struct Tag<'a> {
    name: &'a str,
    line: usize,
    folder: &'a Path,
    tag: &'a str,
    rest: &'a str,
}

impl Tag<'_> {
    fn fault(&self, what: impl std::fmt::Display) -> Error {
        fault(self.name, self.line, what)
    }

    /// The first word behind the tag.
    fn word(&self) -> Result<String, Error> {
        words(self.rest).into_iter().next().ok_or_else(|| self.fault(format!("nothing stands behind <{}>", self.tag)))
    }

    fn file(&self) -> Result<PathBuf, Error> {
        Ok(self.folder.join(self.word()?.replace('\\', "/")))
    }

    fn numbers(&self) -> Result<Vec<usize>, Error> {
        let number = |w: String| w.parse().map_err(|_| self.fault(format!("<{}> takes whole numbers", self.tag)));
        words(self.rest).into_iter().map(number).collect()
    }

    fn apply(&self, rda: &mut Rda) -> Result<(), Error> {
        match self.tag {
            "SEPARATOR" => {
                rda.separator = Some(self.word()?.chars().next().ok_or_else(|| self.fault("the separator is empty"))?);
                return Ok(());
            }
            "SPSS" => return Err(self.fault("files of SPSS are not read: save them as text first")),
            "SAFE" | "UNSAFE" | "PROTECT" => {
                let at = ["SAFE", "UNSAFE", "PROTECT"].iter().position(|t| *t == self.tag).unwrap_or(0);
                rda.statuses[at] = self.word()?;
                return Ok(());
            }
            _ => {}
        }
        let Some(variable) = rda.variables.last_mut() else {
            return Err(self.fault(format!("<{}> stands before the first variable", self.tag)));
        };
        self.describe(variable)
    }

    /// What the tag says of the variable above it.
    fn describe(&self, variable: &mut Variable) -> Result<(), Error> {
        match self.tag {
            "RECODEABLE" | "RECODABLE" => variable.role = Role::Explanatory,
            "NUMERIC" => variable.role = self.amount()?,
            "WEIGHT" => variable.role = Role::Weight,
            "HOLDING" => variable.role = Role::Holding,
            "REQUEST" => variable.role = Role::Request,
            "RECORDKEY" => variable.role = Role::RecordKey,
            "FREQUENCY" => variable.role = Role::Frequency,
            "MAXSCORE" => variable.role = Role::MaxScore,
            "STATUS" => variable.role = Role::Status,
            "TOTCODE" => variable.total = self.word()?,
            "CODELIST" => variable.code_list = Some(self.file()?),
            "HIERARCHICAL" => {}
            "HIERLEVELS" => {
                let digits = self.numbers()?;
                variable.hierarchy = Hierarchy::Digits(digits.into_iter().filter(|n| *n > 0).collect());
            }
            "HIERCODELIST" => {
                let lead = match &variable.hierarchy {
                    Hierarchy::File { lead, .. } => lead.clone(),
                    _ => LEAD.to_owned(),
                };
                variable.hierarchy = Hierarchy::File { path: self.file()?, lead };
            }
            "HIERLEADSTRING" => {
                let path = match &variable.hierarchy {
                    Hierarchy::File { path, .. } => path.clone(),
                    _ => PathBuf::new(),
                };
                variable.hierarchy = Hierarchy::File { path, lead: self.word()? };
            }
            "DECIMALS" => {
                let decimals = self.numbers()?.first().and_then(|n| u32::try_from(*n).ok());
                variable.decimals = decimals.ok_or_else(|| self.fault("<DECIMALS> takes a number of digits"))?;
            }
            // how far apart codes are, how they are cut short on a screen, and what the cell key method needs: nothing here
            // depends on it
            "DISTANCE" | "TRUNCABLE" | "TRUNCATABLE" | "CKM" | "INCLUDEZEROS" | "SEPARATION" | "PARITY" | "SCALING"
            | "PFILE" | "PFILE_FREQ" | "PFILE_CONT" | "PFILE_SEP" => {}
            tag => {
                let known = "RECODEABLE, NUMERIC, FREQUENCY, MAXSCORE, STATUS, WEIGHT, HOLDING, REQUEST, TOTCODE, \
                             CODELIST, HIERARCHICAL, HIERLEVELS, HIERCODELIST, HIERLEADSTRING, DECIMALS, DISTANCE";
                return Err(self.fault(format!("<{tag}> is not known")).with_help(format!("known: {known}")));
            }
        }
        Ok(())
    }

    /// The sort of amount behind `<NUMERIC>`.
    fn amount(&self) -> Result<Role, Error> {
        match self.rest.trim().to_uppercase().as_str() {
            "" => Ok(Role::Numeric),
            "<SHADOW>" => Ok(Role::Shadow),
            "<COST>" | "<COSTVAR>" => Ok(Role::Cost),
            "<LOWERPL>" => Ok(Role::LowerLevel),
            "<UPPERPL>" => Ok(Role::UpperLevel),
            other => Err(self.fault(format!("{other} is not known behind <NUMERIC>"))),
        }
    }
}

impl Variable {
    /// A variable of a table.
    pub fn of_table(name: &str, role: Role) -> Variable {
        Variable {
            name: name.to_owned(),
            start: 0,
            width: 0,
            missing: Vec::new(),
            role,
            total: TOTAL.to_owned(),
            hierarchy: Hierarchy::Flat,
            code_list: None,
            decimals: 0,
            line: 0,
        }
    }

    /// Writes the variable as metadata of a table have it.
    fn put(&self, text: &mut String) {
        let role = match self.role {
            Role::Explanatory => "RECODEABLE>",
            Role::Numeric => "NUMERIC>",
            Role::Shadow => "NUMERIC> <SHADOW>",
            Role::Cost => "NUMERIC> <COSTVAR>",
            Role::LowerLevel => "NUMERIC> <LOWERPL>",
            Role::UpperLevel => "NUMERIC> <UPPERPL>",
            Role::Frequency => "FREQUENCY>",
            Role::MaxScore => "MAXSCORE>",
            Role::Status => "STATUS>",
            Role::Weight => "WEIGHT>",
            Role::Holding => "HOLDING>",
            Role::Request => "REQUEST>",
            Role::RecordKey => "RECORDKEY>",
        };
        let _ = writeln!(text, "{}\n  <{role}", self.name);
        if self.role == Role::Explanatory {
            let _ = writeln!(text, "  <TOTCODE> \"{}\"", self.total);
        }
        if let Hierarchy::File { path, lead } = &self.hierarchy {
            let file = path.file_name().map(|f| f.to_string_lossy()).unwrap_or_default();
            let _ = writeln!(text, "  <HIERARCHICAL>\n  <HIERCODELIST> \"{file}\"\n  <HIERLEADSTRING> \"{lead}\"");
        }
        if self.decimals > 0 {
            let _ = writeln!(text, "  <DECIMALS> {}", self.decimals);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Rda, String> {
        Rda::parse("a.rda", text, Path::new("in")).map_err(|e| e.message)
    }

    /// Records of fixed width: places, widths, codes for missing, and every sort of hierarchy.
    #[test]
    fn records_of_fixed_width() -> Result<(), String> {
        let rda = parse(
            "YEAR 1 2 \"99\"\n  <RECODEABLE>\n  <TOTCODE> \"All\"\nRegion 12 2 \"99\" \"98\"\n <RECODEABLE>\n <HIERARCHICAL>\n \
             <HIERCODELIST> \"sub\\region.hrc\"\n <HIERLEADSTRING> \".\"\nSBI 3 5\n<RECODEABLE>\n<HIERLEVELS> 3 1 1 0 0\n\
             Var2 19 9 999999999\n<NUMERIC>\n<DECIMALS> 2\nFirm 30 4\n<HOLDING>\n",
        )?;
        let of = |name: &str| rda.find(name).and_then(|i| rda.variables.get(i)).cloned().expect("a variable");
        assert_eq!((of("year").start, of("YEAR").width, of("YEAR").total.as_str()), (0, 2, "All"));
        assert_eq!(of("Region").missing, ["99", "98"]);
        let hierarchy = Hierarchy::File { path: PathBuf::from("in/sub/region.hrc"), lead: ".".to_owned() };
        assert_eq!(of("Region").hierarchy, hierarchy);
        assert_eq!(of("SBI").hierarchy, Hierarchy::Digits(vec![3, 1, 1]));
        assert_eq!((of("Var2").role, of("Var2").decimals, of("Var2").start), (Role::Numeric, 2, 18));
        assert_eq!(of("Var2").missing, ["999999999"]);
        assert_eq!(of("Firm").role, Role::Holding);
        Ok(())
    }

    /// Free format has a width and no place.
    #[test]
    fn records_with_separators() -> Result<(), String> {
        let rda = parse("<SEPARATOR> \",\"\nSize 2 99\n<RECODEABLE>\nVar 9\n<NUMERIC>\n")?;
        assert_eq!(rda.separator, Some(','));
        assert_eq!(rda.variables.iter().map(|v| v.width).collect::<Vec<_>>(), [2, 9]);
        Ok(())
    }

    /// Metadata of a table, and the same after writing it.
    #[test]
    fn tables_are_written_as_they_are_read() -> Result<(), String> {
        let text = "<SEPARATOR> \";\"\n<UNSAFE> X\nSize\n  <RECODEABLE>\n  <TOTCODE> \"Total\"\nRegion\n  <RECODEABLE>\n  \
                    <TOTCODE> \"T\"\n  <HIERARCHICAL>\n  <HIERCODELIST> \"r.hrc\"\n  <HIERLEADSTRING> \"@\"\nVar\n  <NUMERIC>\n  \
                    <DECIMALS> 2\nFreq\n  <FREQUENCY>\nTop1\n  <MAXSCORE>\nStatus\n  <STATUS>\nLow\n  <NUMERIC> <LOWERPL>\nUp\n  \
                    <NUMERIC> <UPPERPL>\n";
        let rda = parse(text)?;
        assert_eq!(rda.statuses, ["S", "X", "P"]);
        assert_eq!(rda.to_text(), text);
        Ok(())
    }

    /// Faults name the line.
    #[test]
    fn faults_are_placed() {
        assert_eq!(parse("<NUMERIC>\n"), Err("a.rda:1: <NUMERIC> stands before the first variable".to_owned()));
        assert_eq!(parse("A\n<NUMBER>\n"), Err("a.rda:2: <NUMBER> is not known".to_owned()));
        assert_eq!(parse("A\n<TOTCODE>\n"), Err("a.rda:2: nothing stands behind <TOTCODE>".to_owned()));
        assert_eq!(parse("\n"), Err("a.rda: names no variable".to_owned()));
    }
}
