//! A folder whose files appear all at once: a second folder with the new files is exchanged for it.
//!
//! What is the user's own in it is kept: files by a second name in the new folder, folders by moving them right after the
//! exchange. Where folders can't be exchanged (the system or the file system does not know how, the folder is a mount point or
//! the current one), its files are moved one by one, the old ones away before the new ones come: old and new never stand together.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::work::{Work, carry};
use crate::text::sha256;

/// A folder whose public files belong together.
#[derive(Clone, Debug)]
pub struct Whole {
    /// The folder.
    pub folder: PathBuf,
    /// Name of the file that lists the files of a release with their digests, as `sha256sum` does.
    pub manifest: &'static str,
    /// Every file that a release can have in it.
    pub possible: Vec<PathBuf>,
}

impl Whole {
    /// The list, for the files of a release: names with the bytes.
    pub(super) fn list(files: &BTreeMap<String, Vec<u8>>) -> String {
        files.iter().map(|(name, bytes)| format!("{}  {name}\n", sha256(bytes))).collect()
    }

    /// Files of an earlier release, which are as they were written then: names that are not among `written`.
    pub(super) fn earlier(&self, written: &BTreeSet<String>) -> Vec<String> {
        let list = fs::read_to_string(self.folder.join(self.manifest)).unwrap_or_default();
        let listed: BTreeMap<&str, &str> =
            list.lines().filter_map(|l| l.split_once("  ").map(|(digest, name)| (name, digest))).collect();
        let names = self.possible.iter().filter_map(|p| p.file_name()).map(|n| n.to_string_lossy().into_owned());
        let unchanged = |name: &String| {
            let bytes = || fs::read(self.folder.join(name)).ok();
            listed.get(name.as_str()).is_some_and(|told| bytes().is_some_and(|b| sha256(&b) == **told))
        };
        names.filter(|name| !written.contains(name)).filter(unchanged).collect()
    }
}

/// An exchange that is ready: the new folder holds all that is to stand in the place of the old one.
pub(super) struct Exchange {
    old: PathBuf,
    new: PathBuf,
    /// Names of what does not belong into the new folder, or stands in it already.
    pub stays: BTreeSet<String>,
}

impl Exchange {
    /// Adds what is the user's own to the new folder; `ours` are the names of files of releases, old and new. `None` where the
    /// folders can't be exchanged.
    pub fn ready(folder: &Path, new: PathBuf, ours: BTreeSet<String>) -> Option<Exchange> {
        let old = fs::canonicalize(folder).ok()?;
        let current = fs::canonicalize(".").ok()?;
        if current.starts_with(&old) || !alike(&old, &new) {
            return None;
        }
        let mut stays = ours;
        for entry in fs::read_dir(&old).ok()? {
            let entry = entry.ok()?;
            let name = entry.file_name().into_string().ok()?;
            if !stays.contains(&name) && !entry.file_type().ok()?.is_dir() {
                fs::hard_link(entry.path(), new.join(&name)).ok()?;
                stays.insert(name);
            }
        }
        Some(Exchange { old, new, stays })
    }

    /// Exchanges the folders: in one step for whoever looks.
    ///
    /// # Errors
    /// What the system says; then the old folder stands, with all that was in it.
    pub fn run(&self) -> io::Result<()> {
        swap(&self.new, &self.old)?;
        if !carry(&self.new, &self.old, &self.stays) {
            // something of the user's can't be moved: then nothing is
            swap(&self.new, &self.old)?;
            carry(&self.new, &self.old, &self.stays);
            return Err(io::ErrorKind::Unsupported.into());
        }
        let _ = self.old.parent().map_or(Ok(()), |p| fs::File::open(p).and_then(|f| f.sync_all()));
        Ok(())
    }

    /// The place, and where the old folder is.
    pub fn places(&self) -> (PathBuf, PathBuf) {
        (self.old.clone(), self.new.clone())
    }

    /// Exchanges them back.
    pub fn back(&self) -> io::Result<()> {
        swap(&self.new, &self.old)?;
        carry(&self.new, &self.old, &self.stays);
        Ok(())
    }
}

/// The new folder for an exchange, open to those that the old one is open to.
pub(super) fn twin(folder: &Path, work: &Work) -> io::Result<PathBuf> {
    let new = work.path().join("new");
    fs::create_dir(&new)?;
    fs::set_permissions(&new, fs::metadata(folder)?.permissions())?;
    Ok(new)
}

/// Where the work folder for `folder` stands: beside it, as long as that is the same file system, else within it.
pub(super) fn work_for(folder: &Path) -> io::Result<Work> {
    let real = fs::canonicalize(folder)?;
    match real.parent().filter(|parent| same_device(parent, &real)).map(Work::within) {
        Some(Ok(work)) => Ok(work),
        _ => Work::within(&real),
    }
}

#[cfg(unix)]
fn same_device(a: &Path, b: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let device = |p: &Path| fs::metadata(p).ok().map(|m| m.dev());
    device(a) == device(b)
}

#[cfg(not(unix))]
fn same_device(_: &Path, _: &Path) -> bool {
    true
}

/// Whether two folders have one owner, one group and no attributes of their own.
#[cfg(target_os = "linux")]
fn alike(old: &Path, new: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let mut names = [0; 256];
    let plain = rustix::fs::listxattr(old, &mut names[..]).is_ok_and(|n| n == 0 || names.starts_with(b"security."));
    let owner = |p: &Path| fs::metadata(p).ok().map(|m| (m.uid(), m.gid(), m.mode(), m.dev()));
    plain && owner(old).is_some() && owner(old) == owner(new)
}

#[cfg(target_os = "linux")]
fn swap(a: &Path, b: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    Ok(renameat_with(CWD, a, CWD, b, RenameFlags::EXCHANGE)?)
}

#[cfg(not(target_os = "linux"))]
fn alike(_: &Path, _: &Path) -> bool {
    false
}

#[cfg(not(target_os = "linux"))]
fn swap(_: &Path, _: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}
