//! The command line, as fixed in its manual.

use std::path::PathBuf;
use std::str::FromStr;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Heading of the options that every command takes.
const EVERYWHERE: &str = "Everywhere";

/// Makes tables of statistics about people safe to publish, and proves it.
#[derive(Debug, Parser)]
#[command(
    name = "tabsafe",
    version,
    about,
    propagate_version = true,
    before_help = "Example:\n  tabsafe release examples/police-foi/release.toml --out out"
)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// Say nothing but errors.
    #[arg(long, short, global = true, help_heading = EVERYWHERE)]
    pub quiet: bool,
    /// Say all that the public files do not show: which cells are unsafe, true values, what it cost. Confidential.
    #[arg(long, short, global = true, help_heading = EVERYWHERE)]
    pub verbose: bool,
    /// When to use colours.
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto, help_heading = EVERYWHERE)]
    pub color: Color,
    /// What standard error holds: words, or a line of JSON for every stage, note and error.
    #[arg(long, global = true, value_enum, value_name = "FORMAT", default_value_t = LogFormat::Human, help_heading = EVERYWHERE)]
    pub log_format: LogFormat,
    /// How many threads to use (default: all).
    ///
    /// Results do not depend on it. Outside Linux, reading uses as many as the environment variable POLARS_MAX_THREADS
    /// says; where that is set, it counts for reading on Linux too.
    #[arg(long, global = true, value_name = "N", value_parser = threads, help_heading = EVERYWHERE)]
    pub threads: Option<usize>,
}

/// What standard error holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// Words for people; progress on a terminal.
    Human,
    /// A line of JSON for every stage, note and error.
    Json,
}

/// When to use colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal, unless NO_COLOR is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// A name or code, which can't be empty.
fn named(text: &str) -> Result<String, String> {
    match text {
        "" => Err("a name is needed; is there a comma too many?".to_owned()),
        name => Ok(name.to_owned()),
    }
}

/// A whole number.
fn whole(text: &str) -> Result<i64, String> {
    text.parse().map_err(|_| "a whole number is needed".to_owned())
}

/// A whole number that is not 0 or less.
fn from_one<T: FromStr + PartialOrd + Default>(text: &str) -> Result<T, String> {
    text.parse().ok().filter(|n| *n > T::default()).ok_or_else(|| "a whole number is needed, 1 or more".to_owned())
}

/// More threads than any machine has use for: each takes memory.
const MOST_THREADS: usize = 1024;

/// A number of threads.
fn threads(text: &str) -> Result<usize, String> {
    let n = from_one::<usize>(text)?;
    let allowed = (n <= MOST_THREADS).then_some(n);
    allowed.ok_or_else(|| format!("at most {MOST_THREADS} threads can be used; leave it out to use all that there are"))
}

/// A time limit.
fn seconds(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(seconds) if seconds.is_finite() && seconds >= 0.0 => Ok(seconds),
        _ => Err("a number of seconds is needed, 0 or more".to_owned()),
    }
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Turn case records into a release that an attack has proved safe.
    #[command(before_help = "Example:\n  tabsafe release examples/police-foi/release.toml --out out")]
    Release(ReleaseArgs),
    /// Protect one table, or several linked ones, without a specification.
    #[command(
        before_help = "Example:\n  tabsafe protect examples/police-foi/cases.csv \\\n      --by offence_code,outcome --threshold 5 --out protected.csv"
    )]
    Protect(Box<ProtectArgs>),
    /// What can an intruder work out of a published table?
    #[command(before_help = "Example:\n  tabsafe audit protected.csv --by offence_code,outcome --count count")]
    Audit(AuditArgs),
    /// Work with the files of tau-ARGUS.
    #[command(before_help = "Example:\n  tabsafe argus run examples/argus/turnover.arb", subcommand)]
    Argus(ArgusCommand),
    /// May this drafted answer go out?
    #[command(before_help = "Example:\n  tabsafe check examples/police-foi/published.tsv --policy police-foi")]
    Check(CheckArgs),
    /// Write a commented release.toml for a data file.
    #[command(before_help = "Example:\n  tabsafe init examples/police-foi/cases.csv --out release.toml")]
    Init(InitArgs),
    /// List, show and check policies.
    #[command(before_help = "Example:\n  tabsafe policy list", subcommand)]
    Policy(PolicyCommand),
    /// Explain a rule, a method, a finding, an exit code or a marker.
    #[command(before_help = "Example:\n  tabsafe explain threshold")]
    Explain {
        /// What to explain; without it, everything there is.
        name: Option<String>,
    },
    /// Write shell completions to standard output.
    #[command(before_help = "Example:\n  tabsafe completions bash > tabsafe.bash")]
    Completions {
        /// For which shell.
        shell: clap_complete::Shell,
    },
}

/// Arguments of `init`.
#[derive(Debug, Args)]
pub struct InitArgs {
    /// The data: CSV, Parquet, Arrow IPC or NDJSON.
    pub data: PathBuf,
    /// File for the specification; - or nothing for standard output. A file that is there is not replaced.
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

/// Arguments of `release`.
#[derive(Debug, Args)]
pub struct ReleaseArgs {
    /// The specification (release.toml); - for standard input.
    pub spec: PathBuf,
    /// Name or file of the policy, in place of the one the specification names.
    #[arg(long, value_name = "NAME|FILE")]
    pub policy: Option<String>,
    /// Folder for the release; - for standard output, with a single --format.
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Formats, separated by commas: text, csv, json, markdown, html, answer-text, answer-markdown, answer-docx,
    /// xlsx, ods, csvw, zip, sdmx-csv, parquet.
    #[arg(long, value_name = "LIST", default_value = "text,csv,json,markdown")]
    pub format: String,
    /// Signs for what is not a figure, in place of the policy's: "tabsafe explain vocabularies" lists them.
    #[arg(long, value_name = "NAME")]
    pub vocabulary: Option<String>,
    /// File for the confidential report: a page for the reviewer (.html) or JSON. Repeatable.
    #[arg(long, value_name = "FILE")]
    pub report: Vec<PathBuf>,
    /// File for a public proof (JSON): the figures that go out, and other tables that fit them. `tools/verify.py` checks it.
    #[arg(long, value_name = "FILE")]
    pub proof: Option<PathBuf>,
    /// The JSON report of an earlier run: the page tells what changed.
    #[arg(long, value_name = "FILE")]
    pub since: Option<PathBuf>,
    /// The last release, as CSV, or its JSON report: what was withheld then is withheld again where that is enough, at a
    /// tenth of its cost.
    #[arg(long, value_name = "FILE")]
    pub last: Option<PathBuf>,
    /// The file of the key that the choice among nearly cheapest patterns of withheld cells depends on: "tabsafe explain
    /// keyed".
    #[arg(long, value_name = "FILE")]
    pub key: Option<PathBuf>,
    /// Do everything but write.
    #[arg(long)]
    pub dry_run: bool,
    /// Show what these policies would lose and give away beside the policy of the release, separated by commas. Confidential;
    /// nothing is released.
    #[arg(long, value_name = "POLICY,POLICY", value_delimiter = ',', conflicts_with_all = ["out", "report", "proof"])]
    pub compare: Vec<String>,
    /// End after this many seconds, of which the search has three fifths at most: what is not proved by then does not go out.
    #[arg(long, value_name = "S", value_parser = seconds)]
    pub time_limit: Option<f64>,
}

/// Arguments of `protect`.
#[derive(Debug, Args)]
pub struct ProtectArgs {
    /// The data: CSV, Parquet, Arrow IPC or NDJSON, - for standard input; or a cell suppression instance (.jj), which
    /// brings cells, costs, levels and relations of its own.
    pub data: PathBuf,
    /// The variables of the table, separated by commas (not for .jj).
    #[arg(long, value_name = "VARS", value_delimiter = ',', value_parser = named)]
    pub by: Vec<String>,
    /// A row is a cell with its count in this column.
    #[arg(long, value_name = "COL", conflicts_with = "value")]
    pub count: Option<String>,
    /// A row is a contribution of a magnitude, in this column.
    #[arg(long, value_name = "COL")]
    pub value: Option<String>,
    /// The column that names the contributor of a magnitude.
    #[arg(long, value_name = "COL")]
    pub contributor: Option<String>,
    /// The column that names the record itself: what a keyed policy draws for a group of records is bound to it.
    #[arg(long, value_name = "COL")]
    pub id: Option<String>,
    /// The column of record keys, where the policy takes them from the data.
    #[arg(long, value_name = "COL")]
    pub record_key: Option<String>,
    /// A hierarchy: VAR=FILE, tau-ARGUS .hrc or CSV of child,parent.
    #[arg(long, value_name = "VAR=FILE")]
    pub hierarchy: Vec<String>,
    /// Code of the totals (default: Total); VAR=CODE: of the totals of one variable. Repeatable.
    #[arg(long, value_name = "[VAR=]CODE", value_parser = named)]
    pub total: Vec<String>,
    /// Counts below this are unsafe.
    #[arg(long, value_name = "N", value_parser = whole, conflicts_with_all = ["rule", "policy"])]
    pub threshold: Option<i64>,
    /// A rule as a policy spells it: "p-percent(10)".
    #[arg(long, value_name = "RULE", conflicts_with = "policy")]
    pub rule: Vec<String>,
    /// Name or file of a policy.
    #[arg(long, value_name = "NAME|FILE")]
    pub policy: Option<String>,
    /// How cells are chosen: auto, fast, thorough or optimal.
    #[arg(long, value_name = "METHOD")]
    pub method: Option<String>,
    /// What a withheld cell costs: counts (its value), cells (each the same), log (the logarithm of its value), contributors
    /// (how many are behind it) or column=NAME (the sum of that column).
    #[arg(long, value_name = "COST")]
    pub cost: Option<String>,
    /// Cells of a category that are withheld for others only where nothing else is enough; several variables, separated by
    /// commas: cells of all of these. Repeatable.
    #[arg(long, value_name = "VAR=CODE")]
    pub keep: Vec<String>,
    /// The same for cells that are never withheld for others. Where that leaves no way to protect those, nothing is written.
    #[arg(long, value_name = "VAR=CODE")]
    pub never_withhold: Vec<String>,
    /// The file of the key that the choice among nearly cheapest patterns of withheld cells depends on: "tabsafe explain
    /// keyed".
    #[arg(long, value_name = "FILE")]
    pub key: Option<PathBuf>,
    /// When a cell counts as protected: band, exact, above, width=W, percent=P.
    #[arg(long, value_name = "KIND")]
    pub protection: Option<String>,
    /// What the intruder knows: own-contribution=true|false (contributors attack as well), coalition=K, integers=true|false,
    /// zeros-published=true|false (a withheld count is 1 or more; left out, as the rules say), prior=PERCENT.
    #[arg(long, value_name = "KEY=VALUE")]
    pub attacker: Vec<String>,
    /// One of several linked tables: its variables, separated by commas.
    #[arg(long, value_name = "VARS")]
    pub table: Vec<String>,
    /// End after this many seconds, of which the search has three fifths at most: what is not proved by then does not go out.
    #[arg(long, value_name = "S", value_parser = seconds)]
    pub time_limit: Option<f64>,
    /// File for the protected table; - or nothing for standard output. For a .jj file: its text with `x` for each
    /// secondary cell, which holds every true value: CONFIDENTIAL.
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Format of the table (default: by the extension of --out, else csv).
    #[arg(long, value_name = "FORMAT")]
    pub format: Option<String>,
    /// File for the confidential report: a page for the reviewer (.html) or JSON. Repeatable.
    #[arg(long, value_name = "FILE")]
    pub report: Vec<PathBuf>,
    /// The JSON report of an earlier run: the page tells what changed.
    #[arg(long, value_name = "FILE")]
    pub since: Option<PathBuf>,
    /// The last release, as CSV, or its JSON report: what was withheld then is withheld again where that is enough, at a
    /// tenth of its cost.
    #[arg(long, value_name = "FILE")]
    pub last: Option<PathBuf>,
}

/// Arguments of `audit`.
#[derive(Debug, Args)]
pub struct AuditArgs {
    /// The published table, or several linked ones: CSV, a cell a line, - for standard input; or a cell suppression
    /// instance (.jj) with its pattern (`m` or `x`).
    pub table: PathBuf,
    /// Its variables, separated by commas (not for .jj).
    #[arg(long, value_name = "VARS", value_delimiter = ',', value_parser = named)]
    pub by: Vec<String>,
    /// The column of counts.
    #[arg(long, value_name = "COL")]
    pub count: Option<String>,
    /// The column of magnitudes, which may have decimals.
    #[arg(long, value_name = "COL", conflicts_with = "count")]
    pub value: Option<String>,
    /// A hierarchy: VAR=FILE, tau-ARGUS .hrc or CSV of child,parent.
    #[arg(long, value_name = "VAR=FILE")]
    pub hierarchy: Vec<String>,
    /// Code of the totals (default: Total); VAR=CODE: of the totals of one variable. Repeatable.
    #[arg(long, value_name = "[VAR=]CODE", value_parser = named)]
    pub total: Vec<String>,
    /// What a sign in a cell stands for: "tabsafe explain markers" lists the meanings. An empty TEXT is a blank cell.
    #[arg(long, value_name = "TEXT=MEANING", allow_hyphen_values = true)]
    pub marker: Vec<String>,
    /// Counts below this were to be hidden (default: 5).
    #[arg(long, value_name = "N", conflicts_with = "value", value_parser = from_one::<i64>)]
    pub threshold: Option<i64>,
    /// The figures are rounded, by this method as a policy spells it: "conventional(base=5)". With a column `status`, those
    /// that it calls rounded.
    #[arg(long, value_name = "METHOD")]
    pub rounded: Option<String>,
    /// The figures carry noise, by this method as a policy spells it: "cell-key(d=2,variance=1)". With a column `status`,
    /// those that it calls perturbed.
    #[arg(long, value_name = "METHOD", conflicts_with = "rounded")]
    pub perturbed: Option<String>,
    /// What the intruder knows: integers=true|false, zeros-published=true|false (a withheld count is 1 or more; true if left out,
    /// write false where zeros were withheld as well).
    #[arg(long, value_name = "KEY=VALUE")]
    pub attacker: Vec<String>,
    /// human or json.
    #[arg(long, value_name = "FORMAT", default_value = "human", value_parser = ["human", "json"])]
    pub format: String,
}

/// Arguments of `check`.
#[derive(Debug, Args)]
pub struct CheckArgs {
    /// The drafted answer, or several that go out together: text, Markdown, CSV, spreadsheets, web pages, Word files, PDF;
    /// - for standard input.
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Name or file of the policy (default: a threshold of 5).
    #[arg(long, value_name = "NAME|FILE")]
    pub policy: Option<String>,
    /// Counts below this are unsafe, for those who have no policy.
    #[arg(long, value_name = "N", value_parser = from_one::<i64>, conflicts_with = "policy")]
    pub threshold: Option<i64>,
    /// How the draft is to be read: a file that --save-layout wrote, edited.
    #[arg(long, value_name = "LAYOUT.toml")]
    pub layout: Option<PathBuf>,
    /// What a sign in a cell stands for: "tabsafe explain markers" lists the meanings. An empty TEXT is a blank cell.
    #[arg(long, value_name = "TEXT=MEANING", allow_hyphen_values = true)]
    pub marker: Vec<String>,
    /// Take the meaning that the arithmetic supports for signs that nobody declared.
    #[arg(long)]
    pub accept_inferred: bool,
    /// Answer a question with yes: "tabsafe explain questions". Repeatable.
    #[arg(long, value_name = "Q", value_delimiter = ',')]
    pub yes: Vec<String>,
    /// Answer a question with no. Repeatable.
    #[arg(long, value_name = "Q", value_delimiter = ',')]
    pub no: Vec<String>,
    /// Accept a finding: its code, its place as the JSON form has it ("TABLE 2/Under 10/2014", "TABLE 2", "line 12"), and the
    /// reason. It is reported, and no longer keeps the draft from going out; --save-layout keeps it. Repeatable.
    #[arg(long, value_name = "CODE@PLACE=WHY")]
    pub accept: Vec<String>,
    /// End the work after this many seconds; what is not proved by then is inconclusive (exit 4).
    #[arg(long, value_name = "S", value_parser = seconds)]
    pub time_limit: Option<f64>,
    /// Write the draft that this remedy makes, to --out.
    #[arg(long, value_name = "N", value_parser = from_one::<usize>)]
    pub fix: Option<usize>,
    /// File for the changed draft, - for standard output; a folder, where several files are checked. In the format of the
    /// draft its layout stays; .txt, .tsv, .csv, .md, .html, .docx, .xlsx and .ods can be written from any.
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// File (CSV) for what the remedies change, figure by figure; with --fix of that one alone.
    #[arg(long, value_name = "FILE")]
    pub changes: Option<PathBuf>,
    /// File for how the draft was read, to be edited and used with --layout.
    #[arg(long, value_name = "FILE")]
    pub save_layout: Option<PathBuf>,
    /// human, json, sarif or junit.
    #[arg(long, value_name = "FORMAT", default_value = "human", value_parser = ["human", "json", "sarif", "junit"])]
    pub format: String,
}

/// Commands about policies.
#[derive(Debug, Subcommand)]
pub enum PolicyCommand {
    /// The policies that ship.
    #[command(before_help = "Example:\n  tabsafe policy list")]
    List,
    /// A policy's text.
    #[command(before_help = "Example:\n  tabsafe policy show police-foi")]
    Show {
        /// Its name, or its file.
        name: String,
        /// Everything that holds, written out: defaults, and what is taken over from the policy that it extends.
        #[arg(long)]
        effective: bool,
    },
    /// Check policy files.
    ///
    /// A policy that does not hold is exit code 2, with every fault. Warnings tell what is allowed but unwise.
    #[command(before_help = "Example:\n  tabsafe policy check policies/police-foi.toml")]
    Check {
        /// The files, or names of those that ship.
        #[arg(required = true)]
        files: Vec<String>,
        /// A warning counts as a fault.
        #[arg(long)]
        strict: bool,
    },
    /// Run the examples of policies: small tables with what must come of them.
    #[command(before_help = "Example:\n  tabsafe policy test police-foi")]
    Test {
        /// The files, or names of those that ship.
        #[arg(required = true)]
        files: Vec<String>,
    },
    /// The JSON Schema of policy files, for editors.
    #[command(before_help = "Example:\n  tabsafe policy schema > policy.schema.json")]
    Schema,
}

/// Commands about files of tau-ARGUS.
#[derive(Debug, Subcommand)]
pub enum ArgusCommand {
    /// Run a batch: read, protect, attack, and write only what the attack has proved safe.
    #[command(before_help = "Example:\n  tabsafe argus run examples/argus/turnover.arb")]
    Run(ArgusArgs),
}

/// Arguments of `argus run`.
#[derive(Debug, Args)]
pub struct ArgusArgs {
    /// The batch (.arb). Files that it names are taken from its folder, and written there.
    pub batch: PathBuf,
    /// Folder for the patterns found, as a-priori files: table-1.hst and so on. CONFIDENTIAL.
    #[arg(long, value_name = "DIR")]
    pub hst: Option<PathBuf>,
    /// File for the confidential report (JSON); of several sets of data, the first.
    #[arg(long, value_name = "FILE")]
    pub report: Option<PathBuf>,
    /// End each table after this many seconds, in place of the limit in the batch.
    #[arg(long, value_name = "S", value_parser = seconds)]
    pub time_limit: Option<f64>,
}
