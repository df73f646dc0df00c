//! The pages in a real browser, where there is one: the accessibility rules of axe-core, and no network.

use std::path::PathBuf;
use std::process::Command;

use crate::cli::scene::{Scene, root};

/// The folder of the packages that the check needs.
fn tools() -> Option<PathBuf> {
    let named = std::env::var_os("TABSAFE_PAGES_TOOLS").map(PathBuf::from);
    named.or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".cache/tabsafe/pages")))
}

/// Whether a program of this name runs.
fn runs(program: &str) -> bool {
    Command::new(program).arg("--version").output().is_ok_and(|out| out.status.success())
}

/// Neither page breaks a rule of axe-core, is wider than its window, or asks for anything outside itself. Skipped with a
/// message where browser or packages are missing.
#[test]
fn pages_are_accessible_in_a_browser() {
    let browser = std::env::var("CHROMIUM").unwrap_or_else(|_| "/usr/bin/chromium".to_owned());
    let tools =
        tools().filter(|t| t.join("node_modules/axe-core").is_dir() && t.join("node_modules/playwright-core").is_dir());
    let Some(tools) = tools.filter(|_| runs(&browser) && runs("node")) else {
        eprintln!("skipped: needs Chromium, Node.js and two packages, see tools/pages/README.md");
        return;
    };
    let scene = Scene::shipped();
    let ran = scene.run(
        "tabsafe release examples/police-foi/release.toml --out out --format html --report out/review.html \
         --report out/report.json && \
         tabsafe release examples/police-foi/release.toml --out out/again --format html --report out/changes.html \
         --policy generic-round5 --since out/report.json",
    );
    assert_eq!(ran.exit, 0, "{}", ran.text());
    let out = Command::new("node")
        .arg(root().join("tools/pages/check.mjs"))
        .args(["out/release.html", "out/review.html", "out/changes.html", "out/again/release.html"])
        .current_dir(scene.path())
        .env("TABSAFE_PAGES_TOOLS", tools)
        .env("LOOKS", "wide,narrow-dark,print")
        .output()
        .expect("node runs");
    let said = String::from_utf8_lossy(&out.stdout);
    assert!(out.status.success(), "{said}{}", String::from_utf8_lossy(&out.stderr));
    assert_eq!(said.trim(), "4 pages: no rule is broken");
}
