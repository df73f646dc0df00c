//! A temporary folder with data, and commands run in it as a shell runs them.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use super::data;

/// The repository.
pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The program.
pub fn program() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_tabsafe"))
}

/// A folder that goes when the test ends.
pub struct Scene {
    folder: TempDir,
}

/// What came of a command.
pub struct Ran {
    /// The exit status; 128 and the signal's number where a signal ended it.
    pub exit: i32,
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
}

impl Ran {
    /// Exit status and both streams, as a snapshot shows them.
    pub fn text(&self) -> String {
        let mut text = format!("[exit {}]\n", self.exit);
        for (name, stream) in [("standard output", &self.stdout), ("standard error", &self.stderr)] {
            if !stream.is_empty() {
                text.push_str(&format!("-- {name}\n{}", steady(stream)));
            }
            if !text.ends_with('\n') {
                text.push_str("[no line break]\n");
            }
        }
        text
    }
}

impl Scene {
    /// An empty folder.
    pub fn empty() -> Scene {
        Scene { folder: tempfile::tempdir().expect("a temporary folder") }
    }

    /// What the repository ships for users: `examples` and `policies`.
    pub fn shipped() -> Scene {
        let scene = Scene::empty();
        for folder in ["examples/police-foi", "examples/argus", "policies"] {
            for entry in fs::read_dir(root().join(folder)).expect("a folder of the repository") {
                let path = entry.expect("an entry").path();
                let name = path.file_name().expect("a name").to_string_lossy();
                scene.write(&format!("{folder}/{name}"), &fs::read(&path).expect("a file"));
            }
        }
        scene
    }

    /// The same, and the small files of [`data`].
    pub fn with_data() -> Scene {
        let scene = Scene::shipped();
        data::files().iter().for_each(|(path, text)| scene.write(path, text.as_bytes()));
        scene
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Puts a file in it.
    pub fn write(&self, path: &str, content: &[u8]) {
        let path = self.path().join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("the folder is made");
        fs::write(path, content).expect("the file is written");
    }

    /// The text of a file in it.
    pub fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path().join(path)).unwrap_or_else(|e| panic!("{path}: {e}"))
    }

    /// Every file in it.
    pub fn files(&self) -> BTreeMap<String, Vec<u8>> {
        let mut files = BTreeMap::new();
        let mut folders = vec![self.path().to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(&folder).expect("a folder") {
                let path = entry.expect("an entry").path();
                let name = path.strip_prefix(self.path()).expect("below").to_string_lossy().into_owned();
                if path.is_dir() {
                    files.insert(format!("{name}/"), Vec::new());
                    folders.push(path);
                } else {
                    files.insert(name, fs::read(&path).expect("a file"));
                }
            }
        }
        files
    }

    /// Runs a line as a shell does; `tabsafe` in it is the program under test.
    pub fn run(&self, line: &str) -> Ran {
        let folder = program().parent().expect("the program stands in a folder").display();
        let out = Command::new("sh")
            .args(["-c", line])
            .current_dir(self.path())
            .env_clear()
            .env("PATH", format!("{folder}:/usr/local/bin:/usr/bin:/bin"))
            .output()
            .expect("a shell");
        let text = |bytes: &[u8]| self.placeless(&String::from_utf8_lossy(bytes));
        Ran { exit: out.status.code().unwrap_or(-1), stdout: text(&out.stdout), stderr: text(&out.stderr) }
    }

    /// A text without the name of the folder.
    fn placeless(&self, text: &str) -> String {
        let real = fs::canonicalize(self.path()).unwrap_or_else(|_| self.path().to_owned());
        text.replace(&*real.to_string_lossy(), "[FOLDER]").replace(&*self.path().to_string_lossy(), "[FOLDER]")
    }
}

/// A text without what differs from run to run: the seconds that the report counts, and the version of the program.
pub fn steady(text: &str) -> String {
    let mut steady = String::new();
    let mut seconds = false;
    for line in text.split_inclusive('\n') {
        match line.split_once(": ") {
            Some((key, _)) if seconds => steady.push_str(&format!("{key}: [SECONDS]\n")),
            _ => steady.push_str(&line.replace(env!("CARGO_PKG_VERSION"), "[VERSION]")),
        }
        seconds = line.trim_end().ends_with("\"seconds\": {") || (seconds && !line.contains('}'));
    }
    steady
}
