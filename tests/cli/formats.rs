//! The same records in every way in which they can be written: the release is the same, byte by byte.

use super::data::{self, cases, edited};
use super::{Scene, decent};

/// The release made from a file of this name, and what the terminal notes about it.
fn release(name: &str, content: Vec<u8>) -> (String, String) {
    let scene = Scene::with_data();
    let spec = edited(data::SPEC, "cases.csv", name);
    scene.write("in/release.toml", spec.as_bytes());
    scene.write(&format!("in/{name}"), &content);
    released(&scene, name)
}

fn released(scene: &Scene, name: &str) -> (String, String) {
    scene.write("in/examples/police-foi/example.key", scene.read("examples/police-foi/example.key").as_bytes());
    let ran = scene.run("tabsafe release in/release.toml --out out --format csv,text");
    decent(name, &ran);
    assert_eq!(ran.exit, 0, "{name}\n{}", ran.text());
    let notes = ran.stdout.lines().filter_map(|l| l.strip_prefix("Note")).map(str::trim).collect::<Vec<_>>();
    (scene.read("out/release.csv") + &scene.read("out/release.txt"), notes.join("; "))
}

/// Records with an area that UTF-8 and Windows-1252 write differently.
fn umlauts() -> String {
    cases().replace(",S2,", ",Süd,")
}

/// UTF-8, Windows-1252 or UTF-16, byte order mark or none, any delimiter, any line end, any format: one release. What
/// was found out about the file is told.
#[test]
fn one_release_from_every_format() {
    let text = umlauts();
    let (expect, _) = release("cases.csv", text.clone().into_bytes());
    assert!(expect.contains("Süd"), "{expect}");
    let windows: Vec<u8> = text.chars().map(|c| u8::try_from(u32::from(c)).expect("Latin")).collect();
    let utf16: Vec<u8> = format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    let no_blanks = text.replace("\n", "\n\n");
    for (name, content, note) in [
        ("bom.csv", format!("\u{feff}{text}").into_bytes(), ""),
        ("windows.csv", windows, "in/windows.csv: read as Windows-1252 text"),
        ("utf16.csv", utf16, "in/utf16.csv: read as UTF-16 text"),
        ("semicolon.csv", text.replace(',', ";").into_bytes(), "in/semicolon.csv: fields are separated by semicolons"),
        ("tab.tsv", text.replace(',', "\t").into_bytes(), "in/tab.tsv: fields are separated by tabs"),
        ("returns.csv", text.replace('\n', "\r\n").into_bytes(), ""),
        ("blank.csv", no_blanks.into_bytes(), ""),
        ("quoted.csv", text.replace(",Süd,", ",\"Süd\",").into_bytes(), ""),
        ("cases.ndjson", data::ndjson(&text).into_bytes(), ""),
        ("cases.parquet", data::parquet(&text), ""),
        ("cases.arrow", data::ipc(&text), ""),
    ] {
        let (found, noted) = release(name, content);
        assert!(found == expect, "{name}:\n{found}\ninstead of\n{expect}");
        assert_eq!(noted, note, "{name}");
    }
}

/// Several files, named by a pattern or one by one, are one input; the order of the lines does not matter.
#[test]
fn several_files_are_one_input() {
    let (expect, _) = release("cases.csv", umlauts().into_bytes());
    let text = umlauts();
    let (header, lines) = text.split_once('\n').expect("a header");
    let lines: Vec<&str> = lines.lines().collect();
    for files in ["files = [\"part-*.csv\"]", "files = [\"part-2.csv\", \"part-1.csv\", \"part-3.csv\"]"] {
        let scene = Scene::with_data();
        for part in 0..3 {
            let own: Vec<&str> = lines.iter().skip(part).step_by(3).copied().collect();
            scene.write(&format!("in/part-{}.csv", part + 1), format!("{header}\n{}\n", own.join("\n")).as_bytes());
        }
        scene.write("in/release.toml", edited(data::SPEC, "file = \"cases.csv\"", files).as_bytes());
        assert_eq!(released(&scene, files).0, expect, "{files}");
    }
}
