//! The command line as a user meets it: each case is a command in a folder of its own, and a snapshot of the command,
//! its exit status, what it says on both streams, and the files it leaves.
//!
//! - `scene`: the folder and the running of commands in it; `data`: what stands in the folder.
//! - `commands`: what each command does when all is well; `help`: its help, and the examples in it.
//! - `costs`: what withheld cells cost, cells to be kept, the last release.
//! - `bad_files`, `bad_arguments`, `bad_counts`: every fault a user can make, with what he is told.
//! - `drafts`: what `check` says of drafted answers.
//! - `formats`: the same records in every input format give the same release.
//! - `noise`: releases with noise, and what is told where there can be none.
//! - `rounding`: rounded releases, policies beside each other, audits of rounded tables.
//! - `quiet`: the terminal gives nothing away that the public files do not; `slips`: what users of every system run into.
//! - `interrupt`: Ctrl-C and a full disk leave nothing half written.
//!
//! A new case is a line in one of the tables. `INSTA_UPDATE=always cargo test --release cli` writes its snapshot; read
//! it before committing: would a reviewer with ten minutes know what is wrong, where, and what to do next?

mod bad_arguments;
mod bad_counts;
mod bad_files;
mod commands;
mod costs;
pub mod data;
mod drafts;
mod formats;
mod help;
mod interrupt;
mod noise;
mod quiet;
mod rounding;
pub mod scene;
mod slips;

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};

use scene::{Ran, Scene};

/// What no output may hold: marks of a panic, Rust's own notation, the names of libraries, numbers of the system's
/// errors, and the word that marks what belongs to a person in the data of these tests.
const NEVER: &[&str] =
    &["panicked", "RUST_BACKTRACE", "Some(", "Ok(", "Err(", "olars", "HiGHS error", "os error", data::SECRET];

/// A command and what it must come to.
pub struct Case {
    name: &'static str,
    exit: i32,
    line: &'static str,
    files: Vec<(&'static str, Vec<u8>)>,
    show: &'static [&'static str],
}

/// A case: its name, the exit status, the command as it is typed.
pub fn case(name: &'static str, exit: i32, line: &'static str) -> Case {
    Case { name, exit, line, files: Vec::new(), show: &[] }
}

impl Case {
    /// A file that stands in the folder, in place of the usual one of this name.
    pub fn file(mut self, path: &'static str, content: impl Into<Vec<u8>>) -> Case {
        self.files.push((path, content.into()));
        self
    }

    /// Files that the command writes and that the snapshot holds whole.
    pub fn show(mut self, paths: &'static [&'static str]) -> Case {
        self.show = paths;
        self
    }

    /// Runs the case; what is to be compared.
    fn session(&self) -> String {
        let scene = Scene::with_data();
        self.files.iter().for_each(|(path, content)| scene.write(path, content));
        let before = scene.files();
        let ran = scene.run(self.line);
        let after = scene.files();
        let mut text = format!("$ {}\n{}", self.line, ran.text());
        let touched = before.iter().filter(|(path, content)| after.get(*path) != Some(content));
        let touched: Vec<&String> = touched.map(|(path, _)| path).collect();
        assert!(touched.is_empty(), "{}: inputs were changed: {touched:?}", self.name);
        let new: Vec<&String> = after.keys().filter(|path| !before.contains_key(*path)).collect();
        if !new.is_empty() {
            text.push_str(&format!(
                "-- files written: {}\n",
                new.iter().map(|p| p.as_str()).collect::<Vec<_>>().join(" ")
            ));
        }
        for path in self.show {
            let content = after.get(*path).unwrap_or_else(|| panic!("{}: {path} was not written\n{text}", self.name));
            text.push_str(&format!("-- {path}\n{}", scene::steady(&String::from_utf8_lossy(content))));
        }
        decent(self.name, &ran);
        assert_eq!(ran.exit, self.exit, "{}: exit status\n{text}", self.name);
        text
    }

    fn check(&self) {
        let session = self.session();
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path("../snapshots");
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.bind(|| insta::assert_snapshot!(format!("cli-{}", self.name), session));
    }
}

/// Whether the output is fit for a user: see [`NEVER`].
pub fn decent(name: &str, ran: &Ran) {
    for (stream, text) in [("standard output", &ran.stdout), ("standard error", &ran.stderr)] {
        let found = NEVER.iter().find(|never| text.contains(**never));
        assert!(found.is_none(), "{name}: {} stands on {stream}:\n{text}", found.unwrap_or(&""));
    }
}

/// Checks every case of a table, so that one fault does not hide the others.
fn check_all(cases: Vec<Case>) {
    let failed: Vec<&str> = (cases.iter())
        .filter(|case| catch_unwind(AssertUnwindSafe(|| case.check())).is_err())
        .map(|case| case.name)
        .collect();
    assert!(failed.is_empty(), "cases that differ: {}", failed.join(", "));
}

/// Each case has a name of its own and a snapshot, and there is no snapshot without a case.
#[test]
fn snapshots_belong_to_cases() {
    let all = [
        commands::cases(),
        costs::cases(),
        help::cases(),
        bad_arguments::cases(),
        bad_counts::cases(),
        bad_files::cases(),
        noise::cases(),
        rounding::cases(),
        drafts::cases(),
        slips::cases(),
    ];
    let names: Vec<String> = all.iter().flatten().map(|case| format!("cli-{}.snap", case.name)).collect();
    let unique: BTreeSet<&String> = names.iter().collect();
    assert_eq!(unique.len(), names.len(), "names are unique");
    let folder = scene::root().join("tests/snapshots");
    let files = std::fs::read_dir(folder).expect("the snapshots");
    let files = files.map(|f| f.expect("a file").file_name().to_string_lossy().into_owned());
    let orphans: Vec<String> = files.filter(|f| f.starts_with("cli-") && !unique.contains(f)).collect();
    assert!(orphans.is_empty(), "no case makes these snapshots: {orphans:?}");
}
