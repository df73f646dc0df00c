//! Writes a release: one shared layout, one file per format, all files together or none.
//!
//! A writer sees a [`Release`] and nothing else, so it cannot print what is withheld. Adding a format is a file and a
//! line in [`WRITERS`].

mod answer;
mod book;
mod bundle;
pub mod csv;
mod csvw;
mod html;
mod json;
pub mod layout;
pub mod legend;
mod manuals;
mod markdown;
mod ods;
mod parquet;
mod sdmx;
mod stage;
pub mod text;
mod xlsx;

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::release::{Earlier, Facts, Proof, Release, Report, Review};

pub use manuals::MANUALS;
pub use stage::{Item, Stage, Whole, Work, WriteError, Written, abandon, clear};

/// A format that a release can be written in.
#[derive(Debug)]
pub struct Writer {
    /// Its name (`text`).
    pub name: &'static str,
    /// Extension of its files, without the dot.
    pub extension: &'static str,
    /// What it is, in a line.
    pub summary: &'static str,
    /// Writes a release.
    pub write: fn(&Release, &mut dyn Write) -> io::Result<()>,
}

/// Every format, in the order of the help.
pub const WRITERS: &[Writer] = &[
    Writer {
        name: "text",
        extension: "txt",
        summary: "plain text with aligned columns, notes and the legend of signs",
        write: text::write,
    },
    Writer {
        name: "csv",
        extension: "csv",
        summary: "tidy CSV: a row per cell of every table, with its status",
        write: csv::write,
    },
    Writer {
        name: "json",
        extension: "json",
        summary: "the whole release with labels, notes and statuses, for programs",
        write: json::write,
    },
    Writer {
        name: "markdown",
        extension: "md",
        summary: "Markdown tables with notes and the legend of signs",
        write: markdown::write,
    },
    Writer {
        name: "xlsx",
        extension: "xlsx",
        summary: "accessible spreadsheet for Excel: cover, contents, a sheet per table, notes",
        write: xlsx::write,
    },
    Writer {
        name: "ods",
        extension: "ods",
        summary: "accessible OpenDocument spreadsheet: cover, contents, a sheet per table, notes",
        write: ods::write,
    },
    Writer {
        name: "csvw",
        extension: "csv-metadata.json",
        summary: "what the columns of csv hold, as CSV on the Web; written with csv beside it",
        write: csvw::write,
    },
    Writer {
        name: "zip",
        extension: "zip",
        summary: "a tidy CSV file per table, with their description as CSV on the Web",
        write: bundle::write,
    },
    Writer {
        name: "sdmx-csv",
        extension: "sdmx.csv",
        summary: "SDMX-CSV 2.1: observations with status and confidentiality, for portals",
        write: sdmx::write,
    },
    Writer {
        name: "parquet",
        extension: "parquet",
        summary: "the rows of csv as Parquet, with types",
        write: parquet::write,
    },
    Writer {
        name: "html",
        extension: "html",
        summary: "a page for reading: tables, signs, notes and bars in one file without scripts",
        write: html::write,
    },
    Writer {
        name: "answer-text",
        extension: "answer.txt",
        summary: "the whole answer to a request as plain text, a draft to be signed",
        write: answer::text::write,
    },
    Writer {
        name: "answer-markdown",
        extension: "answer.md",
        summary: "the whole answer to a request as Markdown, a draft to be signed",
        write: answer::markdown::write,
    },
    Writer {
        name: "answer-docx",
        extension: "docx",
        summary: "the whole answer to a request as a Word document, a draft to be signed",
        write: answer::docx::write,
    },
];

/// Name of the files of a release, without extension.
const STEM: &str = "release";
/// Name of the list of the files of a release with their digests: `sha256sum -c` shows that they are whole and of one release.
pub const LIST: &str = "release.sha256";

/// Every file that a release in this folder can have, whatever its formats.
pub fn possible(dir: &Path) -> impl Iterator<Item = PathBuf> + use<'_> {
    WRITERS.iter().map(move |w| dir.join(STEM).with_extension(w.extension))
}

/// The format of this name, or of this extension (`md`).
pub fn find(name: &str) -> Option<&'static Writer> {
    let name = name.trim().to_ascii_lowercase();
    WRITERS.iter().find(|w| w.name == name).or_else(|| WRITERS.iter().find(|w| w.extension == name))
}

/// The format of a file by its name: the longest extension that fits.
pub fn by_extension(path: &Path) -> Option<&'static Writer> {
    let name = path.file_name()?.to_string_lossy().to_ascii_lowercase();
    let fits = WRITERS.iter().filter(|w| name.strip_suffix(w.extension).is_some_and(|stem| stem.ends_with('.')));
    fits.max_by_key(|w| w.extension.len())
}

/// The formats of a list such as `text,csv`, each once. A description of a file brings the file with it.
///
/// # Errors
/// [`WriteError::UnknownFormat`] with what is allowed.
pub fn formats(list: &str) -> Result<Vec<&'static Writer>, WriteError> {
    let mut found: Vec<&'static Writer> = Vec::new();
    for name in list.split(',') {
        let writer = find(name).ok_or_else(|| WriteError::UnknownFormat {
            name: name.trim().to_owned(),
            allowed: WRITERS.iter().map(|w| w.name).collect::<Vec<_>>().join(", "),
        })?;
        let needed = (writer.name == "csvw").then(|| find("csv")).flatten();
        for writer in needed.into_iter().chain([writer]) {
            if found.iter().all(|w| w.name != writer.name) {
                found.push(writer);
            }
        }
    }
    Ok(found)
}

/// An output folder that was found fit, before the long work.
#[derive(Debug)]
pub struct Output {
    dir: PathBuf,
    files: Vec<(PathBuf, &'static Writer)>,
    reports: Vec<PathBuf>,
    proof: Option<PathBuf>,
    stage: Stage,
}

/// What the confidential reports are made from.
#[derive(Clone, Copy, Debug)]
pub struct Reporting<'a> {
    /// What came of the run.
    pub facts: &'a Facts<'a>,
    /// What was said about it: a heading and a sentence each, the verdict first.
    pub said: &'a [(String, String)],
    /// The report of an earlier run, to compare with.
    pub since: Option<&'a Earlier>,
}

/// Makes the folder `dir`, and sees that a file per format, and the confidential `reports`, can be put in place.
///
/// What was made here is removed again when the [`Output`] is dropped without being used.
///
/// # Errors
/// A [`WriteError`] that names the path and says what is in the way.
pub fn prepare(dir: &Path, formats: &[&'static Writer], reports: &[PathBuf]) -> Result<Output, WriteError> {
    prepare_proved(dir, formats, reports, None)
}

/// The same, with a file for the public proof.
///
/// # Errors
/// A [`WriteError`] that names the path and says what is in the way.
pub fn prepare_proved(
    dir: &Path,
    formats: &[&'static Writer],
    reports: &[PathBuf],
    proof: Option<&Path>,
) -> Result<Output, WriteError> {
    let file = |w: &'static Writer| (dir.join(STEM).with_extension(w.extension), w);
    let files: Vec<_> = formats.iter().map(|w| file(w)).collect();
    let paths = files.iter().map(|(path, _)| path).chain(reports).map(PathBuf::as_path);
    let whole = Whole { folder: dir.to_owned(), manifest: LIST, possible: possible(dir).collect() };
    let stage = match files.is_empty() {
        true => Stage::open(paths.chain(proof))?,
        false => Stage::open_whole(paths.chain(proof), whole)?,
    };
    Ok(Output { dir: dir.to_owned(), files, reports: reports.to_vec(), proof: proof.map(Path::to_owned), stage })
}

impl Output {
    /// Refuses to go on where one of the files to be read would be replaced.
    ///
    /// # Errors
    /// [`WriteError::Input`] for the first of `inputs` that is also an output.
    pub fn keep(&self, inputs: &[PathBuf]) -> Result<(), WriteError> {
        self.stage.keep(inputs)
    }

    /// The files that a release will be written to.
    pub fn files(&self) -> impl Iterator<Item = &Path> {
        self.files.iter().map(|(path, _)| path.as_path())
    }

    /// Writes the files together: the release, where there is one, and the reports that were asked for.
    ///
    /// `stop` is asked before every file and before the files are moved into place.
    ///
    /// # Errors
    /// A [`WriteError`]; then every file is as it was before.
    pub fn commit(
        self,
        release: Option<&Release>,
        reporting: Option<&Reporting>,
        stop: &dyn Fn() -> bool,
    ) -> Result<Vec<PathBuf>, WriteError> {
        Ok(self.commit_proved(release, None, reporting, stop)?.files)
    }

    /// The same, with the public proof of the release if a file was prepared for it, and what was removed.
    ///
    /// # Errors
    /// A [`WriteError`]; then every file is as it was before.
    pub fn commit_proved(
        self,
        release: Option<&Release>,
        proof: Option<&Proof>,
        reporting: Option<&Reporting>,
        stop: &dyn Fn() -> bool,
    ) -> Result<Written, WriteError> {
        let mut items: Vec<Item> = Vec::new();
        let same = release.map(|release| self.same(release)).unwrap_or_default();
        if let Some(release) = release {
            items.extend(self.files.iter().map(|&(ref path, writer)| {
                Item::public(path.clone(), move |out: &mut dyn Write| (writer.write)(release, out))
            }));
        }
        if let (Some(path), Some(proof)) = (&self.proof, proof) {
            items.push(Item::public(path.clone(), move |out: &mut dyn Write| proof.write(out)));
        }
        if let Some(reporting) = reporting {
            items.extend(self.reports.iter().map(|path| report_item(path, reporting)));
        }
        self.stage.commit_whole(items, &same, stop)
    }

    /// Files in other formats that stand in the folder and are what this release would be in them: they may stay.
    fn same(&self, release: &Release) -> Vec<PathBuf> {
        let asked = |w: &Writer| self.files.iter().any(|(_, asked)| asked.name == w.name);
        let others = WRITERS.iter().filter(|w| !self.files.is_empty() && !asked(w));
        let places = others.map(|w| (self.dir.join(STEM).with_extension(w.extension), w));
        let is_same = |path: &Path, writer: &Writer| {
            let mut bytes = Vec::new();
            std::fs::read(path).is_ok_and(|old| (writer.write)(release, &mut bytes).is_ok() && bytes == old)
        };
        places.filter(|(path, writer)| is_same(path, writer)).map(|(path, _)| path).collect()
    }
}

/// Writes a release into a folder, a file per format; all files appear together or none does.
///
/// # Errors
/// A [`WriteError`]; then the folder is as it was before.
pub fn write_all(release: &Release, dir: &Path, formats: &[&'static Writer]) -> Result<Vec<PathBuf>, WriteError> {
    prepare(dir, formats, &[])?.commit(Some(release), None, &|| false)
}

/// The confidential report in the format of its extension: `.html` is a page for a reviewer, all else JSON.
pub fn report_item<'a>(path: &Path, reporting: &'a Reporting<'a>) -> Item<'a> {
    let page = is_page(path);
    Item::confidential(path.to_owned(), move |out| match page {
        true => html::write_review(&Review::new(reporting.facts, reporting.said, reporting.since), out),
        false => write_report(&Report::new(reporting.facts), out),
    })
}

/// Whether a report of this name is a page.
pub fn is_page(path: &Path) -> bool {
    path.extension().is_some_and(|e| e.eq_ignore_ascii_case("html") || e.eq_ignore_ascii_case("htm"))
}

/// Writes the confidential report as JSON.
///
/// # Errors
/// What `out` says.
pub fn write_report(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, report)?;
    out.write_all(b"\n")
}

#[cfg(test)]
mod tests;
