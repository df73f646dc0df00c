//! What ends the work from outside: Ctrl-C, and a disk that is full. Nothing half written is left.

use super::{Case, Scene, case};

/// Writes where there is no room.
fn full() -> Vec<Case> {
    vec![
        case("full-table", 2, "tabsafe protect cases.csv --by area,sex --threshold 5 > /dev/full"),
        case("full-terminal", 2, "tabsafe release release.toml --dry-run > /dev/full"),
        case("full-audit", 2, "tabsafe audit safe.csv --by area,sex --count count --format json > /dev/full"),
        case("full-release", 2, "tabsafe release release.toml --out - --format csv > /dev/full"),
        case(
            "full-report",
            2,
            "tabsafe protect cases.csv --by area,sex --threshold 5 --out t.csv --report - > /dev/full",
        ),
        case("full-init", 2, "tabsafe init cases.csv > /dev/full"),
        case("full-completions", 2, "tabsafe completions bash > /dev/full"),
    ]
}

/// A full disk is told and is no success: a table that nobody received is not there.
#[cfg(target_os = "linux")]
#[test]
fn no_space_is_no_success() {
    for case in full() {
        let ran = Scene::with_data().run(case.line);
        assert_eq!(ran.exit, case.exit, "{}: {}", case.line, ran.text());
        assert!(ran.stderr.starts_with("error: no space is left"), "{}: {}", case.line, ran.stderr);
    }
}

/// A reader that wants no more (`| head -1`) is no fault.
#[test]
fn a_closed_pipe_is_no_fault() {
    let ran = Scene::with_data()
        .run("{ tabsafe protect cases.csv --by area,sex,year --threshold 5; echo $? >&2; } | head -1");
    let told: Vec<&str> = ran.stderr.lines().filter(|l| !l.starts_with("note: ")).collect();
    assert_eq!((ran.stdout.as_str(), told.as_slice()), ("area,sex,year,count,status\n", &["0"][..]));
}

#[cfg(target_os = "linux")]
mod signals {
    use std::fs;
    use std::io::Read;
    use std::process::{Child, Command, Stdio};
    use std::thread::sleep;
    use std::time::{Duration, Instant};

    use super::super::scene::program;
    use super::Scene;

    /// No test waits longer than this.
    const PATIENCE: Duration = Duration::from_secs(120);

    /// Records that keep the program busy for a minute or so: thousands of small cells.
    fn many() -> String {
        let mut text = String::from("id,a,b,c\n");
        let mut seed: u64 = 1;
        for id in 0..40_000 {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let n = seed >> 40;
            text.push_str(&format!("{id},a{},b{},c{}\n", n % 23, n / 23 % 19, n / 437 % 17));
        }
        text
    }

    /// Begins a command that writes into `out` and waits until it listens for Ctrl-C.
    fn begin(scene: &Scene, arguments: &[&str]) -> Child {
        let mut child = Command::new(program())
            .args(arguments)
            .current_dir(scene.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let began = Instant::now();
        while !listens(&child) {
            assert!(began.elapsed() < PATIENCE && child.try_wait().expect("a status").is_none(), "it never listened");
            sleep(Duration::from_millis(1));
        }
        child
    }

    /// Whether the process has a handler of its own for SIGINT: bit 1 of the signals that it catches.
    fn listens(child: &Child) -> bool {
        let status = fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
        let caught = status.lines().find_map(|l| l.strip_prefix("SigCgt:")).map(str::trim).unwrap_or_default();
        u64::from_str_radix(caught, 16).is_ok_and(|mask| mask & 0b10 != 0)
    }

    fn interrupt(child: &Child) {
        let sent = Command::new("kill").args(["-INT", &child.id().to_string()]).stderr(Stdio::null()).status();
        sent.expect("kill");
    }

    /// The exit status and standard error of a process that ends in time.
    fn end(mut child: Child, mut while_waiting: impl FnMut(&Child)) -> (Option<i32>, String) {
        let began = Instant::now();
        let status = loop {
            if let Some(status) = child.try_wait().expect("a status") {
                break status;
            }
            if began.elapsed() > PATIENCE {
                child.kill().expect("it ends");
                panic!("it did not stop");
            }
            while_waiting(&child);
            sleep(Duration::from_millis(20));
        };
        let mut text = String::new();
        child.stderr.take().expect("standard error").read_to_string(&mut text).expect("text");
        (status.code(), text)
    }

    /// The commands that are interrupted, all with files to write.
    const COMMANDS: &[&[&str]] = &[
        &[
            "protect",
            "many.csv",
            "--by",
            "a,b,c",
            "--threshold",
            "5",
            "--out",
            "out/table.csv",
            "--report",
            "report.json",
        ],
        &["release", "many.toml", "--out", "out/deep", "--report", "report.json"],
    ];

    fn scene() -> Scene {
        let scene = Scene::with_data();
        scene.write("many.csv", many().as_bytes());
        let variable = |name: &str| format!("[variables.{name}]\ncolumn = \"{name}\"\nmissing = \"error\"\n");
        let spec = format!(
            "title = \"Many\"\npolicy = \"police-foi\"\n[input]\nfile = \"many.csv\"\n{}{}{}[[tables]]\ntitle = \"TABLE 1\"\nrows = [\"a\", \"c\"]\ncolumns = [\"b\"]\n",
            variable("a"),
            variable("b"),
            variable("c")
        );
        scene.write("many.toml", spec.as_bytes());
        scene
    }

    /// Ctrl-C ends the work with exit 4; no file and no folder is left, and the input is as it was.
    #[test]
    fn one_ctrl_c_stops_the_work() {
        let scene = scene();
        let before = scene.files();
        for arguments in COMMANDS {
            let child = begin(&scene, arguments);
            interrupt(&child);
            let (exit, said) = end(child, |_| ());
            assert_eq!(exit, Some(4), "{arguments:?}: {said}");
            assert!(said.starts_with("error: interrupted"), "{arguments:?}: {said}");
            assert!(scene.files() == before, "{arguments:?} left something behind");
        }
    }

    /// Who presses it again and again is obeyed at once, and still nothing is left.
    #[test]
    fn a_second_ctrl_c_ends_it_at_once() {
        let scene = scene();
        let before = scene.files();
        let child = begin(&scene, COMMANDS[0]);
        let (exit, said) = end(child, interrupt);
        assert!(matches!(exit, Some(4 | 130)), "{exit:?}: {said}");
        let left: Vec<String> =
            scene.files().into_keys().filter(|name| !before.contains_key(name) && name != "out/").collect();
        assert!(left.is_empty(), "{left:?} was left behind");
    }
}
