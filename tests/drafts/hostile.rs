//! Files that are no drafts, or no longer: each is refused or read, never more.

use std::io::{Cursor, Write};
use std::panic::catch_unwind;

use tabsafe::draft::{self, Document, Error, FORMATS};

use super::folder;
use crate::random::Rng;

/// Mutations of each draft: with some twenty drafts, more than two thousand in all.
const MUTATIONS: usize = 110;

/// Files of a folder with their names, sorted.
fn files(folder: std::path::PathBuf) -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<(String, Vec<u8>)> = std::fs::read_dir(folder)
        .expect("a folder")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.is_file() && path.extension().is_some_and(|e| e != "py"))
        .map(|path| {
            (path.file_name().expect("a name").to_string_lossy().into_owned(), std::fs::read(path).expect("bytes"))
        })
        .collect();
    files.sort();
    files
}

/// Reads a file under a name; a panic fails the test and says which file it was.
fn tried(name: &str, bytes: &[u8], what: &str) -> Result<Document, Error> {
    catch_unwind(|| draft::read(name, bytes.to_vec())).unwrap_or_else(|_| panic!("{what}: panics as {name}"))
}

/// A file cut short, with bytes changed, with a part doubled or left out.
fn mutated(good: &[u8], rng: &mut Rng) -> Vec<u8> {
    let mut bytes = good.to_vec();
    if bytes.is_empty() {
        return bytes;
    }
    let at = |rng: &mut Rng, len: usize| rng.below(len.max(1));
    match rng.below(4) {
        0 => bytes.truncate(at(rng, good.len())),
        1 => {
            for _ in 0..=rng.below(8) {
                let i = at(rng, bytes.len());
                bytes[i] = u8::try_from(rng.below(256)).expect("a byte");
            }
        }
        2 => {
            let (from, to) = (at(rng, good.len()), at(rng, good.len()));
            let part = good[from.min(to)..from.max(to)].to_vec();
            let place = at(rng, bytes.len());
            bytes.splice(place..place, part);
        }
        _ => {
            let (from, length) = (at(rng, good.len()), at(rng, 200));
            bytes.drain(from..(from + length).min(good.len()));
        }
    }
    bytes
}

/// Every file of the corpus through every reader.
#[test]
fn the_corpus_makes_no_reader_panic() {
    let corpus = files(folder().join("corpus"));
    assert!(corpus.len() >= 10, "the corpus was found");
    for (file, bytes) in &corpus {
        for format in FORMATS {
            tried(&format!("x.{}", format.extensions[0]), bytes, file).ok();
        }
        tried("-", bytes, file).ok();
    }
}

/// Drafts mutated in ways that seeds tell, under their own name and without one.
#[test]
fn mutated_drafts_make_no_reader_panic() {
    let drafts = files(folder());
    assert!(drafts.len() * MUTATIONS >= 2000, "enough mutations");
    for (i, (file, bytes)) in drafts.iter().enumerate() {
        let mut rng = Rng(1000 + i as u64);
        for n in 0..MUTATIONS {
            let bytes = mutated(bytes, &mut rng);
            let name = if n % 4 == 0 { "-" } else { file };
            tried(name, &bytes, &format!("{file}, mutation {n}")).ok();
        }
    }
}

/// Parts of office files mutated before they are packed, so that what is within is reached.
#[test]
fn mutated_parts_make_no_reader_panic() {
    let drafts = files(folder());
    let mut read = 0;
    for (i, (file, bytes)) in drafts.iter().enumerate().filter(|(_, (_, b))| b.starts_with(b"PK")) {
        let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).expect("a container");
        let names: Vec<String> = archive.file_names().map(str::to_owned).collect();
        let mut parts = Vec::new();
        for name in names {
            let mut content = Vec::new();
            std::io::copy(&mut archive.by_name(&name).expect("a part"), &mut content).expect("its bytes");
            parts.push((name, content));
        }
        parts.sort();
        let mut rng = Rng(2000 + i as u64);
        for n in 0..MUTATIONS {
            let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
            let chosen = rng.below(parts.len());
            for (p, (name, content)) in parts.iter().enumerate() {
                let content = if p == chosen { mutated(content, &mut rng) } else { content.clone() };
                writer.start_file(name.as_str(), zip::write::SimpleFileOptions::default()).expect("a part");
                writer.write_all(&content).expect("its bytes");
            }
            let bytes = writer.finish().expect("a container").into_inner();
            read += usize::from(tried(file, &bytes, &format!("{file}, part {chosen}, mutation {n}")).is_ok());
        }
    }
    assert!(read > 100, "most parts do not matter, so many of these files can be read");
}

/// Containers that expand beyond all bounds, or hold too much, are refused with the reason.
#[test]
fn bombs_are_refused_with_a_reason() {
    let packed = |parts: &[(&str, usize)]| {
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, size) in parts {
            writer.start_file(*name, zip::write::SimpleFileOptions::default()).expect("a part");
            let line = vec![b' '; 1 << 20];
            (0..*size).for_each(|_| writer.write_all(&line).expect("its bytes"));
        }
        writer.finish().expect("a container").into_inner()
    };
    let bomb = packed(&[("word/document.xml", 65)]);
    assert!(bomb.len() < 1 << 20, "a small file");
    let many: Vec<String> = (0..5000).map(|i| format!("word/{i}")).collect();
    let many = packed(&many.iter().map(|n| (n.as_str(), 0)).collect::<Vec<_>>());
    let large = [b"PK\x03\x04".as_slice(), &vec![0; 20 << 20]].concat();
    let twice = {
        let mut file = packed(&[("word/document.xml", 0), ("word/documenu.xml", 0)]);
        let at: Vec<usize> = (0..file.len() - 4).filter(|i| &file[*i..i + 4] == b"nu.x").collect();
        at.into_iter().for_each(|i| file[i + 1] = b't');
        file
    };
    for (name, bytes, reason) in [
        ("a.docx", bomb, "too large once expanded"),
        ("a.docx", many, "more than 4096 parts"),
        ("a.xlsx", large, "is 20.0 MB; a drafted answer in this format may take 16 MB"),
        ("a.docx", twice, "holds a part twice"),
        ("a.txt", vec![b'x'; 9 << 20], "may take 8 MB"),
        ("a.txt", b"a  1\n".repeat(200_000), "more than 100000 lines"),
        ("a.csv", b"1,".repeat(600_000), "cells"),
        ("a.html", b"<div>".repeat(2000), "too many left open"),
        ("a.txt", b"a\0b".to_vec(), "NUL bytes"),
        ("a.png", b"\x89PNG\r\n".to_vec(), "a picture"),
        ("a.zip", packed(&[("a", 0)]), "not an office file"),
        ("a.txt", Vec::new(), "holds no text and no tables"),
    ] {
        let error = draft::read(name, bytes).expect_err(reason);
        assert!(error.message.starts_with(&format!("{name}: ")) && error.message.contains(reason), "{error}");
        assert!(error.help.is_some(), "{error}: what to do next");
    }
}
