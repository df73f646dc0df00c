//! Spreadsheets in an office program: LibreOffice opens both formats, shows the same sheets, and prints them. Where it is
//! not installed, this is skipped, and says so.

use std::collections::BTreeMap;

use crate::cli::scene::Scene;

/// Every sheet as CSV, one file each: comma, quotes, UTF-8, values as shown.
const TO_CSV: &str = "--convert-to 'csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1'";

/// The sheets of a release in a format, by their names, as LibreOffice has them.
fn sheets(scene: &Scene, format: &str) -> BTreeMap<String, String> {
    let office = "HOME=. soffice -env:UserInstallation=file://$PWD/profile --headless";
    for (how, folder) in [(TO_CSV, format), ("--convert-to pdf", "pdf")] {
        let ran = scene.run(&format!("{office} {how} --outdir {folder} out/release.{format}"));
        assert_eq!(ran.exit, 0, "{format}: {}", ran.text());
    }
    let pdf = scene.files().remove("pdf/release.pdf").unwrap_or_default();
    assert!(pdf.starts_with(b"%PDF") && pdf.len() > 5000, "{format}: it prints");
    let prefix = format!("{format}/release-");
    let of = |(path, content): (String, Vec<u8>)| {
        let name = path.strip_prefix(&prefix)?.strip_suffix(".csv")?.to_owned();
        Some((name, String::from_utf8(content).expect("UTF-8")))
    };
    scene.files().into_iter().filter_map(of).collect()
}

/// Both formats show the same, and table 2 is table 2 of the release.
#[test]
fn libreoffice_shows_what_was_released() {
    let scene = Scene::shipped();
    if scene.run("command -v soffice").exit != 0 {
        eprintln!("skipped: soffice is not installed, so no office program opened the spreadsheets");
        return;
    }
    let ran = scene.run("tabsafe release examples/police-foi/release.toml --out out --format csv,xlsx,ods");
    assert_eq!(ran.exit, 0, "{}", ran.text());
    let (xlsx, ods) = (sheets(&scene, "xlsx"), sheets(&scene, "ods"));
    assert_eq!(xlsx, ods);
    let names: Vec<&str> = xlsx.keys().map(String::as_str).collect();
    assert_eq!(names, ["Contents", "Cover", "Notes", "Table_1", "Table_2", "Table_3", "Table_4", "Table_5", "Table_6"]);

    let mut released = csv::Reader::from_reader(scene.read("out/release.csv").into_bytes().as_slice())
        .into_records()
        .map(|row| row.expect("a row"))
        .filter(|row| &row[0] == "2")
        .map(|row| match &row[row.len() - 1] {
            "withheld" => "[c]".to_owned(),
            _ => row[row.len() - 2].to_owned(),
        })
        .collect::<Vec<_>>();
    let shown = xlsx["Table_2"].lines().skip_while(|line| !line.starts_with("Victim Age,")).skip(1);
    let mut shown: Vec<String> = shown.flat_map(|line| line.split(',').skip(1)).map(str::to_owned).collect();
    released.sort();
    shown.sort();
    assert_eq!(shown, released);
}
