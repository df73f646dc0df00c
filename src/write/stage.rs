//! Files that appear all together or not at all.
//!
//! Three steps. [`Stage::open`] sees, before the long work, that every file can be put in place. Then each file is
//! written beside its place under a temporary name and brought to the disk. Only when all of them are complete are
//! they moved into place; if a move fails, the earlier ones are undone, from a second name kept for the old file.

use std::collections::HashSet;
use std::fs::{self, File, Permissions};
use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};

use tempfile::{NamedTempFile, TempPath};

use crate::diag::reason;

/// Beginning of the names of temporary files, so that a person can tell whose they are.
const PREFIX: &str = ".tabsafe-";

/// Why files could not be written. Whatever stood there before stands there still.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// No writer has this name.
    #[error("there is no format \"{name}\"; there are: {allowed}")]
    UnknownFormat {
        /// The name given.
        name: String,
        /// The names there are.
        allowed: String,
    },
    /// The folder could not be made.
    #[error("cannot make the folder {}: {}; name another folder", path.display(), reason(source))]
    CannotMakeFolder {
        /// The folder.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A file stands where a folder should be.
    #[error("{} is not a folder: name another folder, or move that file away", .0.display())]
    NotAFolder(PathBuf),
    /// No file can be made in the folder.
    #[error("cannot write into the folder {}: {}; name another folder", path.display(), reason(source))]
    FolderNotWritable {
        /// The folder.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// Something that must not be replaced stands where the file should be.
    #[error("{} is {what}: name another place, or move it away", path.display())]
    InTheWay {
        /// The file to be written.
        path: PathBuf,
        /// What stands there.
        what: &'static str,
    },
    /// Two outputs would be one file.
    #[error("{} would be written twice: give the outputs different names", .0.display())]
    Twice(PathBuf),
    /// An output would replace an input.
    #[error("{} is an input and would be replaced: name another place for the output", .0.display())]
    Input(PathBuf),
    /// The disk is full.
    #[error("no space is left for {}: free some, or name another folder; nothing was written", .0.display())]
    NoSpace(PathBuf),
    /// A file could not be written or moved into place.
    #[error("cannot write {}: {}; nothing was written", path.display(), reason(source))]
    Failed {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The work was interrupted.
    #[error("interrupted; nothing was written")]
    Stopped,
    /// A move failed, and so did putting back what stood there before.
    #[error("cannot write {}, and {} could not be put back: its old content is kept as {}", path.display(), old.display(), kept.display())]
    NotUndone {
        /// The file that could not be written.
        path: PathBuf,
        /// A file that was replaced already.
        old: PathBuf,
        /// Where its old content is.
        kept: PathBuf,
    },
}

/// How the content of a file is made.
type Fill<'a> = Box<dyn Fn(&mut dyn Write) -> io::Result<()> + 'a>;

/// A file to be written: where, for whom, and what.
pub struct Item<'a> {
    path: PathBuf,
    confidential: bool,
    fill: Fill<'a>,
}

impl<'a> Item<'a> {
    /// A file that others may read, as far as the user's settings allow.
    pub fn public(path: PathBuf, fill: impl Fn(&mut dyn Write) -> io::Result<()> + 'a) -> Self {
        Item { path, confidential: false, fill: Box::new(fill) }
    }

    /// A file that only its owner may read.
    pub fn confidential(path: PathBuf, fill: impl Fn(&mut dyn Write) -> io::Result<()> + 'a) -> Self {
        Item { path, confidential: true, fill: Box::new(fill) }
    }
}

/// Places for files that were found fit. Folders made for them go again if nothing is written.
#[derive(Debug)]
pub struct Stage {
    paths: Vec<PathBuf>,
    /// Folders made here, outer ones first.
    made: Vec<PathBuf>,
}

impl Stage {
    /// Makes the folders of `paths` and sees that each file can be put in place.
    ///
    /// # Errors
    /// A [`WriteError`] that names the path and what is in the way.
    pub fn open<'p>(paths: impl IntoIterator<Item = &'p Path>) -> Result<Stage, WriteError> {
        let mut stage = Stage { paths: Vec::new(), made: Vec::new() };
        let mut seen = HashSet::new();
        for path in paths {
            let folder = folder(path);
            stage.make(folder)?;
            temporary(folder, true)
                .map_err(|source| WriteError::FolderNotWritable { path: folder.to_owned(), source })?;
            in_the_way(path)?;
            if !seen.insert(identity(path)) {
                return Err(WriteError::Twice(path.to_owned()));
            }
            stage.paths.push(path.to_owned());
        }
        Ok(stage)
    }

    /// Refuses where one of `inputs` would be replaced.
    ///
    /// # Errors
    /// [`WriteError::Input`] for the first one.
    pub fn keep(&self, inputs: &[PathBuf]) -> Result<(), WriteError> {
        let inputs: HashSet<PathBuf> = inputs.iter().map(|p| identity(p)).collect();
        match self.paths.iter().find(|p| inputs.contains(&identity(p))) {
            Some(path) => Err(WriteError::Input(path.clone())),
            None => Ok(()),
        }
    }

    /// Writes every item, then moves all into place. `stop` is asked before each file and before the moves.
    ///
    /// # Errors
    /// A [`WriteError`]; then every file is as it was before.
    pub fn commit(self, items: Vec<Item>, stop: &dyn Fn() -> bool) -> Result<Vec<PathBuf>, WriteError> {
        let mut written = Vec::with_capacity(items.len());
        for item in &items {
            if stop() {
                return Err(WriteError::Stopped);
            }
            written.push((write_beside(item)?, item.path.clone()));
        }
        if stop() {
            return Err(WriteError::Stopped);
        }
        move_all(written)
    }

    /// Makes a folder with those above it, remembering which were not there.
    fn make(&mut self, folder: &Path) -> Result<(), WriteError> {
        if folder.is_dir() {
            return Ok(());
        }
        let missing: Vec<&Path> = folder.ancestors().take_while(|p| !p.as_os_str().is_empty() && !p.exists()).collect();
        if let Some(file) = folder.ancestors().find(|p| p.exists() && !p.is_dir()) {
            return Err(WriteError::NotAFolder(file.to_owned()));
        }
        for path in missing.into_iter().rev() {
            match fs::create_dir(path) {
                Ok(()) => self.made.push(path.to_owned()),
                Err(_) if path.is_dir() => {}
                Err(source) => return Err(WriteError::CannotMakeFolder { path: folder.to_owned(), source }),
            }
        }
        Ok(())
    }
}

impl Drop for Stage {
    /// Takes back the folders made for nothing: a folder that holds something stays.
    fn drop(&mut self) {
        for path in self.made.iter().rev() {
            let _ = fs::remove_dir(path);
        }
    }
}

/// The folder that a file stands in.
fn folder(path: &Path) -> &Path {
    path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// A path by which the same file is known under all of its spellings, as far as it exists.
fn identity(path: &Path) -> PathBuf {
    if let Ok(real) = fs::canonicalize(path) {
        return real;
    }
    let parent = fs::canonicalize(folder(path)).unwrap_or_else(|_| folder(path).to_owned());
    parent.join(path.file_name().unwrap_or_default())
}

/// Refuses a place where something stands that is not a plain, writable file.
fn in_the_way(path: &Path) -> Result<(), WriteError> {
    let what = match fs::metadata(path) {
        _ if path.file_name().is_none() => "not the name of a file",
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(source) => return Err(WriteError::Failed { path: path.to_owned(), source }),
        Ok(found) if found.is_dir() => "a folder",
        Ok(found) if !found.is_file() => "not a plain file",
        Ok(found) if found.permissions().readonly() => "protected against writing",
        Ok(_) => return Ok(()),
    };
    Err(WriteError::InTheWay { path: path.to_owned(), what })
}

/// An empty file in `folder` under a name of its own, which goes again when dropped.
fn temporary(folder: &Path, confidential: bool) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(PREFIX);
    if let Some(open) = open_to_all().filter(|_| !confidential) {
        builder.permissions(open);
    }
    builder.tempfile_in(folder)
}

/// What a new file may be read by before the user's settings (umask) narrow it; a temporary file's default is its
/// owner alone, which is what the report wants.
#[cfg(unix)]
fn open_to_all() -> Option<Permissions> {
    use std::os::unix::fs::PermissionsExt;
    Some(Permissions::from_mode(0o666))
}

#[cfg(not(unix))]
fn open_to_all() -> Option<Permissions> {
    None
}

/// Writes an item beside its place and brings it to the disk.
fn write_beside(item: &Item) -> Result<TempPath, WriteError> {
    let write = || -> io::Result<TempPath> {
        let mut file = temporary(folder(&item.path), item.confidential)?;
        let mut out = BufWriter::new(file.as_file_mut());
        (item.fill)(&mut out)?;
        out.flush()?;
        drop(out);
        file.as_file().sync_all()?;
        Ok(file.into_temp_path())
    };
    write().map_err(|source| failed(&item.path, source))
}

fn failed(path: &Path, source: io::Error) -> WriteError {
    match source.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => WriteError::NoSpace(path.to_owned()),
        _ => WriteError::Failed { path: path.to_owned(), source },
    }
}

/// Moves every written file into place, or none.
fn move_all(written: Vec<(TempPath, PathBuf)>) -> Result<Vec<PathBuf>, WriteError> {
    let mut done: Vec<(PathBuf, Option<TempPath>)> = Vec::new();
    for (temp, path) in written {
        let moved = keep_old(&path).and_then(|old| {
            let result = in_the_way_io(&path).and_then(|()| temp.persist(&path).map_err(|e| e.error));
            result.map(|()| old)
        });
        match moved {
            Ok(old) => done.push((path, old)),
            Err(source) => {
                undo(done, &path)?;
                return Err(failed(&path, source));
            }
        }
    }
    let folders: HashSet<&Path> = done.iter().map(|(path, _)| folder(path)).collect();
    for folder in folders {
        // The names reach the disk with the folder; not every file system lets a folder be synced, and the files
        // are complete in any case.
        let _ = File::open(folder).and_then(|f| f.sync_all());
    }
    Ok(done.into_iter().map(|(path, _)| path).collect())
}

/// The checks of the beginning once more: the long work lies between.
fn in_the_way_io(path: &Path) -> io::Result<()> {
    in_the_way(path).map_err(io::Error::other)
}

/// A second name for what stands at `path`, removed when dropped; `None` where nothing stands there.
fn keep_old(path: &Path) -> io::Result<Option<TempPath>> {
    if !path.is_file() {
        return Ok(None);
    }
    let spare = temporary(folder(path), true)?.into_temp_path();
    fs::remove_file(&spare)?;
    // Not every file system knows hard links.
    fs::hard_link(path, &spare).or_else(|_| fs::copy(path, &spare).map(|_| ()))?;
    Ok(Some(spare))
}

/// Puts back what stood there before the files that are `done`: as many as it can, telling the first it cannot.
fn undo(done: Vec<(PathBuf, Option<TempPath>)>, culprit: &Path) -> Result<(), WriteError> {
    let mut result = Ok(());
    for (path, old) in done.into_iter().rev() {
        let undone = match old {
            // A file of ours, complete but not to appear alone.
            None => fs::remove_file(&path).map_err(|source| failed(&path, source)),
            Some(old) => old.persist(&path).map_err(|error| {
                let kept = error.path.keep().unwrap_or_else(|e| e.path.to_path_buf());
                WriteError::NotUndone { path: culprit.to_owned(), old: path, kept }
            }),
        };
        result = result.and(undone);
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    fn put(path: &Path, text: &'static str) -> Item<'static> {
        Item::public(path.to_owned(), move |out| out.write_all(text.as_bytes()))
    }

    fn names(dir: &Path) -> Vec<String> {
        let list = fs::read_dir(dir).into_iter().flatten().flatten();
        let mut names: Vec<String> = list.map(|e| e.file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    #[test]
    fn files_replace_old_ones_and_leave_nothing_else() -> Result<(), Box<dyn std::error::Error>> {
        let dir = tempfile::tempdir()?;
        let (a, b) = (dir.path().join("a"), dir.path().join("sub/b"));
        fs::write(&a, "old")?;
        let stage = Stage::open([a.as_path(), b.as_path()])?;
        assert_eq!(names(dir.path()), ["a", "sub"], "nothing temporary is left by the checks");
        stage.commit(vec![put(&a, "new"), put(&b, "other")], &|| false)?;
        assert_eq!((fs::read_to_string(&a)?, fs::read_to_string(&b)?), ("new".to_owned(), "other".to_owned()));
        assert_eq!(names(dir.path()), ["a", "sub"]);
        assert_eq!(names(&dir.path().join("sub")), ["b"]);
        Ok(())
    }

    #[test]
    fn a_failing_writer_leaves_nothing() -> Result<(), Box<dyn std::error::Error>> {
        let dir = tempfile::tempdir()?;
        let (a, b) = (dir.path().join("out/a"), dir.path().join("out/b"));
        let stage = Stage::open([a.as_path(), b.as_path()])?;
        let full = Item::public(b.clone(), |out| {
            out.write_all(b"half")?;
            Err(ErrorKind::StorageFull.into())
        });
        let error = stage.commit(vec![put(&a, "new"), full], &|| false).err().ok_or("no error")?;
        assert!(error.to_string().starts_with(&format!("no space is left for {}", b.display())), "{error}");
        assert_eq!(names(dir.path()), [""; 0], "the folder made for it is gone too");
        Ok(())
    }

    #[test]
    fn a_failing_move_brings_the_old_files_back() -> Result<(), Box<dyn std::error::Error>> {
        let dir = tempfile::tempdir()?;
        let [a, b, c] = ["a", "b", "c"].map(|n| dir.path().join(n));
        fs::write(&a, "old")?;
        let stage = Stage::open([a.as_path(), b.as_path(), c.as_path()])?;
        // Somebody makes a folder there during the long work.
        fs::create_dir(&c)?;
        let items = vec![put(&a, "new"), put(&b, "new"), put(&c, "new")];
        assert!(stage.commit(items, &|| false).is_err());
        assert_eq!(fs::read_to_string(&a)?, "old");
        assert_eq!(names(dir.path()), ["a", "c"]);
        Ok(())
    }

    #[test]
    fn an_interruption_leaves_nothing() -> Result<(), Box<dyn std::error::Error>> {
        let dir = tempfile::tempdir()?;
        let a = dir.path().join("a");
        let asked = std::cell::Cell::new(0);
        let second_time = || asked.replace(asked.get() + 1) == 1;
        let result = Stage::open([a.as_path()])?.commit(vec![put(&a, "new")], &second_time);
        assert!(matches!(result, Err(WriteError::Stopped)));
        assert_eq!(names(dir.path()), [""; 0]);
        Ok(())
    }

    #[test]
    fn what_is_in_the_way_is_told_before_the_work() -> Result<(), Box<dyn std::error::Error>> {
        let dir = tempfile::tempdir()?;
        let at = |name: &str| dir.path().join(name);
        fs::write(at("file"), "")?;
        fs::create_dir(at("folder"))?;
        let told = |path: &Path| Stage::open([path]).err().map(|e| e.to_string()).unwrap_or_default();
        assert!(told(&at("file/x/a")).ends_with("file is not a folder: name another folder, or move that file away"));
        assert!(told(&at("folder")).contains("folder is a folder: name another place"));
        assert!(told(Path::new("/dev/null")).contains("/dev/null is not a plain file"));
        let twice = Stage::open([at("a").as_path(), at("folder/../a").as_path()]);
        assert!(matches!(twice, Err(WriteError::Twice(_))));
        let input = Stage::open([at("file").as_path()])?.keep(&[at("folder/../file")]);
        assert!(matches!(input, Err(WriteError::Input(_))));
        Ok(())
    }

    #[cfg(unix)]
    #[test]
    fn the_report_is_for_its_owner_alone() -> Result<(), Box<dyn std::error::Error>> {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir()?;
        let path = dir.path().join("report.json");
        let item = Item::confidential(path.clone(), |out| out.write_all(b"{}"));
        Stage::open([path.as_path()])?.commit(vec![item], &|| false)?;
        assert_eq!(fs::metadata(&path)?.permissions().mode() & 0o077, 0);
        Ok(())
    }
}
