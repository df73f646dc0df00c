//! Private folders for files that are not complete, and what a run that was killed left in them.
//!
//! A work folder stands beside what is to be written, under a name of its own, for its owner alone, and is locked as long as the
//! run lives. The system takes the lock away with the process, however that ends: a work folder without one is cleared by the
//! next run, after public files that were being replaced are put back as its plan says.

use std::collections::BTreeSet;
use std::fs::{self, File, Permissions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// Beginning of the names of work folders, so that a person can tell whose they are.
pub const PREFIX: &str = ".tabsafe-";

const LOCK: &str = "lock";
const PLAN: &str = "plan.json";
const DONE: &str = "done";
/// After so long a folder without any lock is nobody's: it gets one as soon as it is made.
const ABANDONED: Duration = Duration::from_secs(60);

/// Work folders of this process.
static LIVE: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

/// Folders that this process made for files that do not stand there yet, outer ones first.
static MADE: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

/// A folder was made for a file.
pub(super) fn made(folder: &Path) {
    MADE.lock().unwrap_or_else(PoisonError::into_inner).push(folder.to_owned());
}

/// Removes the work folders of this process, which is about to end in the middle of its work, and the folders that it made for
/// nothing: one that holds something stays.
pub fn abandon() {
    let live = std::mem::take(&mut *LIVE.lock().unwrap_or_else(PoisonError::into_inner));
    live.iter().for_each(|path| remove(path));
    let made = std::mem::take(&mut *MADE.lock().unwrap_or_else(PoisonError::into_inner));
    made.iter().rev().for_each(|folder| drop(fs::remove_dir(folder)));
}

/// Removes a work folder, its lock last: what a process that ends in the middle of this leaves is known by it.
fn remove(work: &Path) {
    for entry in fs::read_dir(work).into_iter().flatten().flatten().filter(|e| e.file_name() != LOCK) {
        let path = entry.path();
        let _ =
            if entry.file_type().is_ok_and(|t| t.is_dir()) { fs::remove_dir_all(path) } else { fs::remove_file(path) };
    }
    let _ = fs::remove_dir_all(work);
}

/// A work folder; it goes when dropped.
#[derive(Debug)]
pub struct Work {
    path: PathBuf,
    /// Open, and so locked, as long as the run lives.
    _lock: File,
}

impl Work {
    /// A work folder within `folder`, where those of killed runs are cleared first.
    ///
    /// # Errors
    /// What the system says.
    pub fn within(folder: &Path) -> io::Result<Work> {
        clear(folder);
        let mut builder = tempfile::Builder::new();
        // whose it is, until it has a lock
        let prefix = format!("{PREFIX}{}-", std::process::id());
        builder.prefix(&prefix);
        if let Some(own) = for_its_owner() {
            builder.permissions(own);
        }
        let made = builder.tempdir_in(folder)?;
        let fresh = made.path().join("fresh");
        let lock = File::create_new(&fresh)?;
        // a file system without locks: then the folder is cleared by nobody, which is better than by everybody
        let locked = lock.try_lock().is_ok();
        fs::rename(&fresh, made.path().join(if locked { LOCK } else { "unlocked" }))?;
        let path = made.keep();
        LIVE.lock().unwrap_or_else(PoisonError::into_inner).insert(path.clone());
        Ok(Work { path, _lock: lock })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// A new file in it, for its owner alone.
    ///
    /// # Errors
    /// What the system says.
    pub fn file(&self, name: &str) -> io::Result<(PathBuf, File)> {
        let path = self.path.join(name);
        super::create(&path, true).map(|file| (path, file))
    }

    /// Writes down what is about to be moved, so that the next run can undo it.
    pub(super) fn plan(&self, plan: &Plan) -> io::Result<()> {
        let text = serde_json::to_vec(plan)?;
        fs::write(self.path.join("plan.new"), text)?;
        File::open(self.path.join("plan.new")).and_then(|f| f.sync_all())?;
        fs::rename(self.path.join("plan.new"), self.path.join(PLAN))
    }

    /// Everything stands in its place: nothing is to be undone any more.
    pub(super) fn done(&self) -> io::Result<()> {
        File::create(self.path.join(DONE)).map(drop)
    }
}

impl Drop for Work {
    fn drop(&mut self) {
        LIVE.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.path);
        remove(&self.path);
    }
}

/// What is about to be moved from a work folder, and how it is undone. All names are names within folders, never paths.
#[derive(Debug, Default, Deserialize, Serialize)]
pub(super) struct Plan {
    /// The folder that is written to, beside the work folder; none is the folder that the work folder stands in.
    pub folder: Option<String>,
    /// A folder that is exchanged as a whole: the name within the work folder, and those of its entries that stay there.
    pub exchanged: Option<(String, BTreeSet<String>)>,
    /// Files moved one by one: the name of the new file and of the old one within the work folder, and that of its place.
    pub moved: Vec<(String, String, String)>,
}

#[cfg(unix)]
fn for_its_owner() -> Option<Permissions> {
    use std::os::unix::fs::PermissionsExt;
    Some(Permissions::from_mode(0o700))
}

#[cfg(not(unix))]
fn for_its_owner() -> Option<Permissions> {
    None
}

/// Whether a folder belongs to whoever this folder of ours belongs to, and to nobody else.
#[cfg(unix)]
fn is_ours(folder: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let found = fs::symlink_metadata(folder);
    let own = owner();
    found.is_ok_and(|f| f.is_dir() && f.mode() & 0o077 == 0 && own.is_none_or(|own| own == f.uid()))
}

#[cfg(not(unix))]
fn is_ours(folder: &Path) -> bool {
    fs::symlink_metadata(folder).is_ok_and(|f| f.is_dir())
}

/// Whose process this is, as the system's own view of it says.
#[cfg(unix)]
fn owner() -> Option<u32> {
    use std::os::unix::fs::MetadataExt;
    fs::metadata("/proc/self").ok().map(|f| f.uid())
}

/// Clears the work folders that killed runs left in `folder`; public files that they were replacing are put back first.
pub fn clear(folder: &Path) {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    for entry in entries.filter(|e| e.file_name().to_string_lossy().starts_with(PREFIX)) {
        let path = entry.path();
        if is_ours(&path) && is_dead(&path) && undo(&path, folder) {
            remove(&path);
        }
    }
}

/// Whether the run that made a work folder has ended.
fn is_dead(work: &Path) -> bool {
    match File::open(work.join(LOCK)) {
        Ok(lock) => !matches!(lock.try_lock(), Err(TryLockError::WouldBlock | TryLockError::Error(_))),
        Err(_) => {
            let process = work.file_name().and_then(|n| n.to_str()?.strip_prefix(PREFIX)?.split('-').next());
            if process.is_some_and(|id| Path::new("/proc/self").exists() && !Path::new("/proc").join(id).exists()) {
                return true;
            }
            let age = fs::metadata(work).and_then(|m| m.modified()).ok().and_then(|t| t.elapsed().ok());
            age.is_some_and(|age| age > ABANDONED)
        }
    }
}

/// Puts back what a killed run was replacing, as its plan says. Whether nothing of the user's is left in the work folder.
fn undo(work: &Path, parent: &Path) -> bool {
    let plan = fs::read(work.join(PLAN)).ok().and_then(|text| serde_json::from_slice::<Plan>(&text).ok());
    let Some(plan) = plan.filter(|_| !work.join(DONE).exists()) else { return true };
    let names = plan.moved.iter().flat_map(|(new, old, place)| [new, old, place]);
    let folders = plan.folder.iter().chain(plan.exchanged.iter().map(|e| &e.0));
    if names.chain(folders).any(|name| !is_name(name)) {
        return true;
    }
    let folder = plan.folder.map_or_else(|| parent.to_owned(), |name| parent.join(name));
    let carried = plan.exchanged.is_none_or(|(name, stays)| carry(&work.join(name), &folder, &stays));
    for (new, old, place) in plan.moved {
        let (new, old, place) = (work.join(new), work.join(old), folder.join(place));
        if fs::symlink_metadata(&old).is_ok() {
            let _ = fs::rename(old, place);
        } else if !new.exists() {
            let _ = fs::remove_file(place);
        }
    }
    carried
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && name != "." && name != ".." && !name.contains(['/', '\\'])
}

/// Moves what is the user's own from a folder that was exchanged into the one that took its place. Whether all of it was moved.
pub(super) fn carry(old: &Path, new: &Path, stays: &BTreeSet<String>) -> bool {
    let mut all = true;
    for entry in fs::read_dir(old).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let to = new.join(&name);
        if !stays.contains(&*name.to_string_lossy()) {
            all &= fs::symlink_metadata(&to).is_err() && fs::rename(entry.path(), to).is_ok();
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a killed run leaves is cleared and undone; what lives, and what is somebody else's, stays.
    #[test]
    fn dead_work_is_undone_and_cleared() -> io::Result<()> {
        let dir = tempfile::tempdir()?;
        let at = |name: &str| dir.path().join(name);
        let live = Work::within(dir.path())?;
        let dead = Work::within(dir.path())?;
        fs::write(at("a"), "new")?;
        fs::write(at("b"), "new")?;
        fs::write(at("c"), "foreign")?;
        fs::write(dead.path().join("old-a"), "old")?;
        fs::write(dead.path().join("new-c"), "new")?;
        let moved = ["a", "b", "c"].map(|n| (format!("new-{n}"), format!("old-{n}"), n.to_owned()));
        dead.plan(&Plan { moved: moved.into(), ..Plan::default() })?;
        fs::create_dir(at(".tabsafe-of-the-user"))?;
        let (path, kept) = (dead.path().to_owned(), live.path().to_owned());
        // as at the end of a process: the lock goes, the folder stays
        dead._lock.unlock()?;
        clear(dir.path());
        assert!(!path.exists() && kept.exists() && at(".tabsafe-of-the-user").exists());
        let text = |name: &str| fs::read_to_string(at(name)).ok();
        assert_eq!(text("a").as_deref(), Some("old"), "the old file is back");
        assert_eq!(text("b"), None, "a new one whose place was empty goes");
        assert_eq!(text("c").as_deref(), Some("foreign"), "what was not moved yet is not touched");
        Ok(())
    }

    #[test]
    fn a_plan_holds_names_and_no_paths() {
        for bad in ["", ".", "..", "../x", "/etc/x", "a\\b"] {
            assert!(!is_name(bad), "{bad}");
        }
        assert!(is_name("release.csv"));
    }
}
