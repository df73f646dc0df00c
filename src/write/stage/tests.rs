//! Together or not at all, whatever fails.

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

fn whole(dir: &Path) -> Whole {
    let possible = ["a", "b", "c"].map(|n| dir.join(n)).to_vec();
    Whole { folder: dir.to_owned(), manifest: "list", possible }
}

/// A release takes the place of the one before as a whole: files of that in other formats go, unless they were changed or are
/// the same; what is the user's own stays, in folders too.
#[test]
fn a_folder_of_one_release() -> Result<(), Box<dyn std::error::Error>> {
    let dir = tempfile::tempdir()?;
    let out = dir.path().join("out");
    let at = |name: &str| out.join(name);
    let places = [at("a"), at("b"), at("c")];
    let stage = Stage::open_whole(places.iter().map(PathBuf::as_path), whole(&out))?;
    stage.commit(places.iter().map(|p| put(p, "old")).collect(), &|| false)?;
    fs::write(at("b"), "changed by the user")?;
    fs::create_dir(at("more"))?;
    fs::write(at("more/own"), "own")?;
    fs::write(at("own"), "own")?;
    let report = dir.path().join("report");
    let items = || vec![put(&places[0], "new"), Item::confidential(report.clone(), |out| out.write_all(b"r"))];
    let stage = Stage::open_whole([places[0].as_path(), report.as_path()], whole(&out))?;
    let written = stage.commit_whole(items(), &[], &|| false)?;
    assert_eq!(written.removed, [at("c")], "as it was written, and of another release");
    assert_eq!(names(&out), ["a", "b", "list", "more", "own"]);
    assert_eq!(fs::read_to_string(at("a"))?, "new");
    assert_eq!(fs::read_to_string(at("list"))?, Whole::list(&[("a".to_owned(), b"new".to_vec())].into()));
    assert_eq!(names(dir.path()), ["out", "report"], "nothing temporary is left");
    let stage = Stage::open_whole([places[2].as_path()], whole(&out))?;
    let written = stage.commit_whole(vec![put(&places[2], "new")], &places[..1], &|| false)?;
    assert_eq!(
        (written.removed, names(&out)),
        (vec![], ["a", "b", "c", "list", "more", "own"].map(str::to_owned).into())
    );
    Ok(())
}

/// Where the folder can't be exchanged, its files are moved one by one, with the same result; and back, if one can't be.
#[test]
fn a_folder_file_by_file() -> Result<(), Box<dyn std::error::Error>> {
    let dir = tempfile::tempdir()?;
    let at = |name: &str| dir.path().join(name);
    fs::write(at("a"), "old")?;
    fs::write(at("own"), "own")?;
    let whole = whole(dir.path());
    let (first, second) = (put(&at("a"), "new"), put(&at("b"), "new"));
    let folder = Folder::write(&whole, &[&first, &second], &[], &|| false)?;
    let mut moves = Moves::default();
    folder.place_each(&mut moves).map_err(|e| e.1)?;
    assert_eq!(
        (fs::read_to_string(at("a"))?, names(dir.path())),
        ("new".into(), ["a", "b", "list", "own"].map(str::to_owned).into())
    );
    moves.back().map_err(|_| "not undone")?;
    drop(folder);
    assert_eq!(
        (fs::read_to_string(at("a"))?, names(dir.path())),
        ("old".into(), ["a", "own"].map(str::to_owned).into())
    );
    Ok(())
}

/// Public files in a folder of the user's: if one can't be placed, the old ones are back.
#[test]
fn several_files_apart() -> Result<(), Box<dyn std::error::Error>> {
    let dir = tempfile::tempdir()?;
    let [a, b] = ["a", "b"].map(|n| dir.path().join(n));
    fs::write(&a, "old a")?;
    let items = [put(&a, "new a"), put(&b, "new b")];
    let mut apart = Apart::write(&items.iter().collect::<Vec<_>>(), false, &|| false)?;
    apart.before().map_err(|e| e.1)?;
    assert!(!a.exists(), "the old one goes before any new one comes");
    apart.after().map_err(|e| e.1)?;
    assert_eq!((fs::read_to_string(&a)?, fs::read_to_string(&b)?), ("new a".to_owned(), "new b".to_owned()));
    std::mem::take(&mut apart.moves).back().map_err(|_| "not undone")?;
    assert_eq!((fs::read_to_string(&a)?, b.exists()), ("old a".to_owned(), false));
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
