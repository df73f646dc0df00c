//! Files that appear all together or not at all.
//!
//! [`Stage::open`] sees, before the long work, that every file can be put in place, and clears what a killed run left. Then each
//! file is written into a work folder ([`work`]), for its owner alone, and brought to the disk. Only when all are complete are they
//! put in place: confidential ones first, each in one step; the folder of a release in one step as a whole ([`folder`]), whatever
//! ends the program; and public files that stand elsewhere after the old ones of them are gone, so that files of two releases never
//! stand together. If that fails in the middle, it is undone.

mod folder;
mod moves;
mod work;

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};

use crate::diag::reason;

pub use folder::Whole;
pub use work::{PREFIX, Work, abandon, clear};

use folder::Exchange;
use moves::Moves;
use work::Plan;

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
    /// The folder whose files belong together.
    whole: Option<Whole>,
}

/// What came of writing.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// The files written.
    pub files: Vec<PathBuf>,
    /// Files of an earlier release, unchanged since, that were removed: they would stand beside other figures.
    pub removed: Vec<PathBuf>,
    /// Files in other formats that stood there already and are of this very release.
    pub same: Vec<PathBuf>,
}

impl Stage {
    /// Makes the folders of `paths` and sees that each file can be put in place.
    ///
    /// # Errors
    /// A [`WriteError`] that names the path and what is in the way.
    pub fn open<'p>(paths: impl IntoIterator<Item = &'p Path>) -> Result<Stage, WriteError> {
        let mut stage = Stage { paths: Vec::new(), made: Vec::new(), whole: None };
        let mut seen = HashSet::new();
        for path in paths {
            let folder = folder(path);
            stage.make(folder)?;
            clear(folder);
            tempfile::Builder::new()
                .prefix(PREFIX)
                .tempfile_in(folder)
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

    /// The same for files of which those in one folder belong together: they appear in one step, and none of an earlier release
    /// stays among them.
    ///
    /// # Errors
    /// A [`WriteError`] that names the path and what is in the way.
    pub fn open_whole<'p>(paths: impl IntoIterator<Item = &'p Path>, whole: Whole) -> Result<Stage, WriteError> {
        let mut stage = Stage::open(paths)?;
        stage.whole = Some(whole);
        if let Some(parent) =
            stage.whole.iter().find_map(|w| fs::canonicalize(&w.folder).ok()?.parent().map(Path::to_owned))
        {
            clear(&parent);
        }
        Ok(stage)
    }

    /// Writes every item, then puts all in place. `stop` is asked before each file and before they are put in place.
    ///
    /// # Errors
    /// A [`WriteError`]; then every file is as it was before.
    pub fn commit(self, items: Vec<Item>, stop: &dyn Fn() -> bool) -> Result<Vec<PathBuf>, WriteError> {
        Ok(self.commit_whole(items, &[], stop)?.files)
    }

    /// The same; `same`: files that stand in the folder already and are of this very release.
    ///
    /// # Errors
    /// A [`WriteError`]; then every file is as it was before.
    pub fn commit_whole(
        self,
        items: Vec<Item>,
        same: &[PathBuf],
        stop: &dyn Fn() -> bool,
    ) -> Result<Written, WriteError> {
        let together = |i: &Item| self.whole.as_ref().is_some_and(|w| identity(folder(&i.path)) == identity(&w.folder));
        let released = items.iter().any(|i| !i.confidential && together(i));
        let (inside, apart): (Vec<&Item>, Vec<&Item>) = items.iter().partition(|i| released && together(i));
        let whole = self.whole.as_ref().filter(|_| released);
        let staged = whole.map(|w| Folder::write(w, &inside, same, stop)).transpose()?;
        let mut apart = Apart::write(&apart, staged.is_some(), stop)?;
        if stop() {
            return Err(WriteError::Stopped);
        }
        self.paths.iter().filter(|p| items.iter().any(|i| i.path == **p)).try_for_each(|p| in_the_way(p))?;
        let removed = staged.iter().flat_map(Folder::removed).collect();
        let done = apart.before().and_then(|()| match &staged {
            Some(staged) => staged.place(&mut apart.moves),
            None => Ok(()),
        });
        match done.and_then(|()| apart.after()) {
            Ok(()) => {
                apart.settled(staged.as_ref());
                Ok(Written { files: items.into_iter().map(|i| i.path).collect(), removed, same: same.to_vec() })
            }
            Err((path, source)) => {
                let undone = apart.moves.back();
                let kept = |(old, kept)| WriteError::NotUndone { path: path.clone(), old, kept };
                undone.map_err(kept)?;
                Err(failed(&path, source))
            }
        }
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
                Ok(()) => {
                    work::made(path);
                    self.made.push(path.to_owned());
                }
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

/// What went wrong, and with which file.
type Moved = Result<(), (PathBuf, io::Error)>;

/// Writes an item as `file` and brings it to the disk. A confidential one is for its owner alone; for a public one the user's
/// settings (umask) count.
fn write_as(item: &Item, file: &Path) -> Result<(), WriteError> {
    let write = || -> io::Result<()> {
        let mut out = BufWriter::new(create(file, item.confidential)?);
        (item.fill)(&mut out)?;
        out.flush()?;
        out.get_ref().sync_all()
    };
    write().map_err(|source| failed(&item.path, source))
}

#[cfg(unix)]
fn create(file: &Path, confidential: bool) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    let mode = if confidential { 0o600 } else { 0o666 };
    OpenOptions::new().write(true).create_new(true).mode(mode).open(file)
}

#[cfg(not(unix))]
fn create(file: &Path, _: bool) -> io::Result<File> {
    OpenOptions::new().write(true).create_new(true).open(file)
}

fn failed(path: &Path, source: io::Error) -> WriteError {
    match source.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => WriteError::NoSpace(path.to_owned()),
        _ => WriteError::Failed { path: path.to_owned(), source },
    }
}

fn name_of(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// A release in a folder of its own, complete beside its place.
struct Folder<'a> {
    whole: &'a Whole,
    work: Work,
    /// The folder that holds the new files.
    new: PathBuf,
    /// Names of the new files, the list of them last.
    names: Vec<String>,
    /// Names of files of an earlier release.
    earlier: Vec<String>,
}

impl<'a> Folder<'a> {
    fn write(
        whole: &'a Whole,
        items: &[&Item],
        same: &[PathBuf],
        stop: &dyn Fn() -> bool,
    ) -> Result<Folder<'a>, WriteError> {
        let fault = |source| failed(&whole.folder, source);
        let work = folder::work_for(&whole.folder).map_err(fault)?;
        let new = folder::twin(&whole.folder, &work).map_err(fault)?;
        let mut listed: BTreeMap<String, Vec<u8>> = BTreeMap::new();
        let mut names = Vec::new();
        for item in items {
            if stop() {
                return Err(WriteError::Stopped);
            }
            let name = name_of(&item.path);
            write_as(item, &new.join(&name))?;
            if !item.confidential {
                listed.insert(name.clone(), fs::read(new.join(&name)).map_err(fault)?);
            }
            names.push(name);
        }
        for path in same {
            listed.insert(name_of(path), fs::read(path).map_err(fault)?);
        }
        let text = Whole::list(&listed);
        let list = Item::public(whole.folder.join(whole.manifest), move |out| out.write_all(text.as_bytes()));
        write_as(&list, &new.join(whole.manifest))?;
        names.push(whole.manifest.to_owned());
        let kept: BTreeSet<String> = names.iter().cloned().chain(listed.into_keys()).collect();
        let earlier = whole.earlier(&kept);
        Ok(Folder { whole, work, new, names, earlier })
    }

    /// Files of an earlier release that go.
    fn removed(&self) -> Vec<PathBuf> {
        self.earlier.iter().map(|name| self.whole.folder.join(name)).collect()
    }

    /// Puts all in place: in one step, or where that can't be, after everything old is gone.
    fn place(&self, moves: &mut Moves) -> Moved {
        let fault = |source| (self.whole.folder.clone(), source);
        let ours: BTreeSet<String> = self.names.iter().chain(&self.earlier).cloned().collect();
        if let Some(exchange) = Exchange::ready(&self.whole.folder, self.new.clone(), ours) {
            let folder = fs::canonicalize(&self.whole.folder).map_err(fault)?;
            let exchanged = Some((name_of(&self.new), exchange.stays.clone()));
            self.work.plan(&Plan { folder: Some(name_of(&folder)), exchanged, moved: Vec::new() }).map_err(fault)?;
            if exchange.run().is_ok() {
                moves.exchanged(exchange);
                return Ok(());
            }
        }
        self.place_each(moves)
    }

    fn place_each(&self, moves: &mut Moves) -> Moved {
        let folder = fs::canonicalize(&self.whole.folder).map_err(|e| (self.whole.folder.clone(), e))?;
        let beside = (self.work.path().parent() != Some(folder.as_path())).then(|| name_of(&folder));
        // the list of files goes first and comes last: whoever reads in between sees that something is missing
        let old: Vec<&String> = self.names.iter().rev().chain(&self.earlier).collect();
        let new = self.work.path().join("each");
        fs::rename(&self.new, &new).map_err(|e| (folder.clone(), e))?;
        let kept = |name: &str| format!("old-{name}");
        // new files are planned by names within the work folder alone
        for name in &self.names {
            let to = self.work.path().join(format!("new-{name}"));
            fs::rename(new.join(name), to).map_err(|e| (folder.join(name), e))?;
        }
        let moved = old.iter().map(|name| (format!("new-{name}"), kept(name), (*name).clone())).collect();
        self.work.plan(&Plan { folder: beside, exchanged: None, moved }).map_err(|e| (folder.clone(), e))?;
        for name in old {
            let away = moves.away(&folder.join(name), self.work.path().join(kept(name)));
            away.map_err(|e| (folder.join(name), e))?;
        }
        for name in &self.names {
            let placed = moves.place(&self.work.path().join(format!("new-{name}")), &folder.join(name));
            placed.map_err(|e| (folder.join(name), e))?;
        }
        Ok(())
    }
}

/// Files that stand on their own, each complete in a work folder beside its place.
struct Apart<'a> {
    works: BTreeMap<PathBuf, Work>,
    files: Vec<(&'a Item<'a>, PathBuf, PathBuf)>,
    /// Whether public files among them belong to others: then what stood in their places goes before those appear.
    several: bool,
    moves: Moves,
}

impl<'a> Apart<'a> {
    fn write(items: &[&'a Item<'a>], with_folder: bool, stop: &dyn Fn() -> bool) -> Result<Apart<'a>, WriteError> {
        let mut works: BTreeMap<PathBuf, Work> = BTreeMap::new();
        let mut files = Vec::new();
        for (index, &item) in items.iter().enumerate() {
            if stop() {
                return Err(WriteError::Stopped);
            }
            let place = folder(&item.path).to_owned();
            if !works.contains_key(&place) {
                let work = Work::within(&place).map_err(|source| failed(&item.path, source))?;
                works.insert(place.clone(), work);
            }
            let Some(work) = works.get(&place) else { continue };
            let new = work.path().join(format!("new-{index}"));
            write_as(item, &new)?;
            files.push((item, new, work.path().join(format!("old-{index}"))));
        }
        let public = files.iter().filter(|f| !f.0.confidential).count() + usize::from(with_folder);
        let apart = Apart { works, files, several: public > 1, moves: Moves::default() };
        if apart.several && !with_folder {
            apart.planned().map_err(|(path, source)| failed(&path, source))?;
        }
        Ok(apart)
    }

    /// What the next run undoes if this one is killed between two public files.
    fn planned(&self) -> Moved {
        for (place, work) in &self.works {
            let here = self.files.iter().filter(|(item, ..)| !item.confidential && folder(&item.path) == place);
            let moved = here.map(|(item, new, old)| (name_of(new), name_of(old), name_of(&item.path))).collect();
            work.plan(&Plan { moved, ..Plan::default() }).map_err(|e| (place.clone(), e))?;
        }
        Ok(())
    }

    /// Before a release appears: confidential files come, and the old ones of public files go.
    fn before(&mut self) -> Moved {
        for (item, new, old) in &self.files {
            let moved = match (item.confidential, self.several) {
                (false, true) => self.moves.away(&item.path, old.clone()),
                _ => self.moves.replace(new, &item.path, old.clone()),
            };
            moved.map_err(|e| (item.path.clone(), e))?;
        }
        Ok(())
    }

    /// Once it stands: the public files that belong to it.
    fn after(&mut self) -> Moved {
        for (item, new, _) in self.files.iter().filter(|(item, ..)| self.several && !item.confidential) {
            self.moves.place(new, &item.path).map_err(|e| (item.path.clone(), e))?;
        }
        Ok(())
    }

    /// Everything stands: nothing is undone by the next run, and the names reach the disk with their folders. Not every file
    /// system lets a folder be synced, and the files are complete in any case.
    fn settled(&self, whole: Option<&Folder>) {
        for work in self.works.values().chain(whole.map(|w| &w.work)) {
            let _ = work.done();
        }
        for place in self.works.keys().map(PathBuf::as_path).chain(whole.map(|w| w.whole.folder.as_path())) {
            let _ = File::open(place).and_then(|f| f.sync_all());
        }
    }
}

#[cfg(test)]
mod tests;
