//! Which files are meant, and what they are: patterns, formats, fingerprints.

use std::collections::HashSet;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::diag::reason;

use super::Error;
use super::records::Source;
use super::{READERS, Reader};
use crate::text::hex;

/// The files that paths and patterns name, sorted, each once.
///
/// # Errors
/// A file that is not there; a pattern that matches nothing or is none.
pub(super) fn expand(patterns: &[PathBuf], notes: &mut Vec<String>) -> Result<Vec<PathBuf>, Error> {
    let mut files = Vec::new();
    for pattern in patterns {
        if pattern.is_file() {
            files.push(pattern.clone());
        } else if pattern.to_string_lossy().contains(['*', '?', '[']) {
            files.extend(matches(pattern)?);
        } else if pattern.is_dir() {
            return Err(Error::usage(format!("{} is a folder", pattern.display()))
                .with_help(format!("name its files with a pattern: {}", pattern.join("*.csv").display())));
        } else if pattern.exists() {
            return Err(Error::data(format!("{} is not a plain file", pattern.display()))
                .with_help("write what it gives into a file first"));
        } else {
            return Err(Error::data(format!("{}: there is no such file", pattern.display())));
        }
    }
    files.sort();
    let mut seen = HashSet::new();
    let before = files.len();
    files.retain(|f| seen.insert(f.canonicalize().unwrap_or_else(|_| f.clone())));
    if files.len() < before {
        notes.push("a file that is named more than once is read once".to_owned());
    }
    if files.is_empty() {
        return Err(Error::usage("no input file is named"));
    }
    Ok(files)
}

fn matches(pattern: &Path) -> Result<Vec<PathBuf>, Error> {
    let shown = pattern.display();
    let found = glob::glob(&pattern.to_string_lossy())
        .map_err(|e| Error::usage(format!("{shown} is not a pattern for file names: {}", e.msg)))?;
    let files: Vec<PathBuf> = found.filter_map(Result::ok).filter(|p| p.is_file()).collect();
    if files.is_empty() {
        let folder = fixed_part(pattern);
        let name = pattern.strip_prefix(&folder).unwrap_or(pattern).display();
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { &folder };
        let what = if folder.is_dir() { "no file of the folder" } else { "there is no folder" };
        let verb = if folder.is_dir() { " matches" } else { ", where files were to match" };
        return Err(Error::data(format!("{what} {}{verb} \"{name}\"", folder.display())));
    }
    Ok(files)
}

/// The folders of a pattern before its first sign with a meaning.
fn fixed_part(pattern: &Path) -> PathBuf {
    let mut folder = PathBuf::new();
    for part in pattern.parent().unwrap_or(Path::new("")).components() {
        if part.as_os_str().to_string_lossy().contains(['*', '?', '[']) {
            break;
        }
        folder.push(part);
    }
    folder
}

/// The one reader for all these files: by extension, else by the first bytes.
///
/// # Errors
/// A format that no reader knows, or files of several formats.
pub(super) fn reader_for(files: &[PathBuf]) -> Result<&'static Reader, Error> {
    let mut chosen: Option<(&Path, &'static Reader)> = None;
    for file in files {
        let reader = reader_of(file)?;
        match chosen {
            None => chosen = Some((file, reader)),
            Some((first, other)) if other.name != reader.name => {
                return Err(Error::data(format!(
                    "{} is {}, but {} is {}",
                    first.display(),
                    other.name,
                    file.display(),
                    reader.name
                ))
                .with_help("all files of one input must have the same format"));
            }
            Some(_) => {}
        }
    }
    chosen.map(|(_, reader)| reader).ok_or_else(|| Error::usage("no input file is named"))
}

fn reader_of(file: &Path) -> Result<&'static Reader, Error> {
    let extension = file.extension().map(|e| e.to_string_lossy().to_lowercase()).unwrap_or_default();
    if let Some(reader) = READERS.iter().find(|r| r.extensions.contains(&extension.as_str())) {
        return Ok(reader);
    }
    let mut head = [0u8; 8];
    let length = File::open(file).and_then(|mut f| f.read(&mut head)).map_err(|e| unreadable(file, &e))?;
    let head = &head[..length];
    if let Some(reader) = READERS.iter().find(|r| !r.magic.is_empty() && head.starts_with(r.magic)) {
        return Ok(reader);
    }
    let known: Vec<String> = READERS.iter().map(|r| format!("{} (.{})", r.name, r.extensions.join(", ."))).collect();
    Err(Error::data(format!("{}: the format can't be told from the name", file.display()))
        .with_help(format!("formats: {}", known.join(", "))))
}

/// The error for a file that can't be opened or read.
pub(super) fn unreadable(file: &Path, e: &std::io::Error) -> Error {
    Error::data(format!("{}: can't be read: {}", file.display(), reason(e)))
}

/// Length and SHA-256 of a file, read in pieces.
pub(super) fn fingerprint(path: &Path, format: &'static str) -> Result<Source, Error> {
    let mut file = File::open(path).map_err(|e| unreadable(path, &e))?;
    let mut hash = Sha256::new();
    let mut buffer = vec![0u8; 1 << 18];
    let mut bytes = 0;
    loop {
        let n = file.read(&mut buffer).map_err(|e| unreadable(path, &e))?;
        if n == 0 {
            break;
        }
        hash.update(&buffer[..n]);
        bytes += n as u64;
    }
    Ok(Source { path: path.to_owned(), format, sha256: hex(&hash.finalize()), bytes })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_that_matches_nothing_names_itself_and_the_folder() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("cases-*.csv");
        let e = expand(&[path], &mut Vec::new()).unwrap_err();
        assert_eq!(e.message, format!("no file of the folder {} matches \"cases-*.csv\"", dir.path().display()));
        let e = expand(&[dir.path().join("nowhere/*.csv")], &mut Vec::new()).unwrap_err();
        assert!(e.message.starts_with("there is no folder "), "{e}");
    }

    #[test]
    fn files_are_sorted_and_read_once() {
        let dir = tempfile::tempdir().unwrap();
        for name in ["b.csv", "a.csv", "c.txt"] {
            std::fs::write(dir.path().join(name), "x\n1\n").unwrap();
        }
        let mut notes = Vec::new();
        let files = expand(&[dir.path().join("b.csv"), dir.path().join("*.csv")], &mut notes).unwrap();
        assert_eq!(files, [dir.path().join("a.csv"), dir.path().join("b.csv")]);
        assert_eq!(notes.len(), 1);
    }

    #[test]
    fn formats_do_not_mix() {
        let e = reader_for(&["a.csv".into(), "b.parquet".into()]).unwrap_err();
        assert_eq!(e.message, "a.csv is CSV, but b.parquet is Parquet");
    }

    #[test]
    fn the_fingerprint_is_sha_256() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.csv");
        std::fs::write(&path, "abc").unwrap();
        let source = fingerprint(&path, "CSV").unwrap();
        assert_eq!(source.bytes, 3);
        assert_eq!(source.sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}
