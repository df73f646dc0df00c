//! The program's streams: standard input and output, what is left behind, and what the number of threads changes.

use std::io::Write;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

/// Cells of a table with its totals.
const CELLS: &str = "region,sex,age,n\n\
    n,f,young,12\nn,f,old,3\nn,m,young,4\nn,m,old,21\ns,f,young,15\ns,f,old,7\ns,m,young,20\ns,m,old,9\n\
    n,f,Total,15\nn,Total,Total,40\nTotal,Total,Total,91\n";
const BY: [&str; 4] = ["--by", "region,sex,age", "--count", "n"];
const LINKED: [&str; 4] = ["--table", "sex,age", "--table", "region,sex"];

/// The program in a folder, which is its temporary folder as well.
fn program(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tabsafe"));
    command.current_dir(folder).env("TMPDIR", folder).env("NO_COLOR", "1");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Runs it with this standard input.
fn fed(command: &mut Command, input: &str) -> Output {
    let mut child: Child = command.spawn().expect("the program starts");
    child.stdin.take().expect("a pipe").write_all(input.as_bytes()).expect("it reads");
    child.wait_with_output().expect("it ends")
}

fn text(output: &Output) -> String {
    let fault = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{fault}");
    String::from_utf8(output.stdout.clone()).expect("text")
}

fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).expect("a folder");
    let mut names: Vec<String> = entries.map(|e| e.expect("an entry").file_name().to_string_lossy().into()).collect();
    names.sort();
    names
}

/// Standard input and output give what files give, and nothing is left of the copy. What is protected passes the audit.
#[test]
fn streams_and_files_are_the_same() {
    let folder = tempfile::tempdir().expect("a folder");
    let dir = folder.path();
    std::fs::write(dir.join("cells.csv"), CELLS).expect("written");
    let rest = |first: &str| {
        let mut args = vec!["protect", first];
        args.extend(BY.iter().chain(&LINKED));
        args.extend(["--threshold", "20"]);
        args.iter().map(|a| (*a).to_owned()).collect::<Vec<_>>()
    };
    let from_file = text(&fed(program(dir).args(rest("cells.csv")), ""));
    assert!(from_file.starts_with("region,sex,age,n,status\n"), "as --by has them: {from_file}");
    let piped = text(&fed(program(dir).args(rest("-")).args(["--out", "-", "--quiet"]), CELLS));
    assert_eq!(piped, from_file);
    text(&fed(program(dir).args(rest("-")).args(["--out", "p.csv"]), CELLS));
    assert_eq!(std::fs::read_to_string(dir.join("p.csv")).expect("written"), from_file);
    assert_eq!(names(dir), ["cells.csv", "p.csv"]);
    let audited = text(&fed(program(dir).args(["audit", "-", "--threshold", "20"]).args(BY), &from_file));
    assert!(audited.starts_with("SAFE: none of the "), "{audited}");
    assert_eq!(names(dir), ["cells.csv", "p.csv"]);
}

/// A fault of standard input is told by that name, and its exit code is that of the file.
#[test]
fn faults_of_standard_input_have_its_name() {
    let folder = tempfile::tempdir().expect("a folder");
    let wrong = CELLS.replace("n,Total,Total,40", "n,Total,Total,41");
    let output = fed(program(folder.path()).args(["protect", "-", "--threshold", "5"]).args(BY), &wrong);
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(3), "{told}");
    assert!(told.starts_with("error: standard input: a cell does not fit"), "{told}");
    assert!(told.contains("line 11: region n, sex Total, age Total is 1 more than its parts add up to"), "{told}");
    assert!(output.stdout.is_empty());
    assert!(names(folder.path()).is_empty());
}

/// A release on standard output is the file it would be, also when the specification comes from standard input.
#[test]
fn a_release_on_standard_output() {
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/police-foi");
    let folder = tempfile::tempdir().expect("a folder");
    let spec = example.join("release.toml").display().to_string();
    text(&fed(program(folder.path()).args(["release", &spec, "--out", "out", "--format", "csv"]), ""));
    let file = std::fs::read_to_string(folder.path().join("out/release.csv")).expect("written");
    let args = ["--out", "-", "--format", "csv"];
    assert_eq!(text(&fed(program(folder.path()).args(["release", &spec]).args(args), "")), file);
    let written = std::fs::read_to_string(&spec).expect("the specification");
    assert_eq!(text(&fed(program(&example).args(["release", "-"]).args(args), &written)), file);
    let several = fed(program(folder.path()).args(["release", &spec, "--out", "-"]), "");
    assert_eq!(several.status.code(), Some(2));
}

/// The number of threads changes no byte.
#[test]
fn threads_change_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let run = |threads: &str| {
        let args = ["protect", "-", "--threshold", "5", "--threads", threads];
        text(&fed(program(folder.path()).args(args).args(BY), CELLS))
    };
    assert_eq!(run("1"), run("3"));
}

/// Interrupted while it waits for standard input, the program leaves no copy of it.
#[cfg(unix)]
#[test]
fn an_interruption_leaves_no_copy() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut child = program(folder.path()).args(["protect", "-", "--threshold", "5"]).args(BY).spawn().expect("starts");
    let mut input = child.stdin.take().expect("a pipe");
    input.write_all(CELLS.as_bytes()).expect("it reads");
    let wait = || std::thread::sleep(std::time::Duration::from_millis(20));
    for _ in 0..500 {
        if !names(folder.path()).is_empty() {
            break;
        }
        wait();
    }
    assert_eq!(names(folder.path()).len(), 1, "the copy is there");
    for _ in 0..500 {
        if child.try_wait().expect("asked").is_some() {
            break;
        }
        let pid = child.id().to_string();
        Command::new("kill").args(["-INT", &pid]).stderr(Stdio::null()).status().expect("kill");
        wait();
    }
    assert!(!child.wait().expect("it ends").success());
    assert!(names(folder.path()).is_empty(), "{:?}", names(folder.path()));
    drop(input);
}
