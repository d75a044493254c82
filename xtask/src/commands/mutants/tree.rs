//! The copy of the sources in which mutants are planted: the checkout stays as it is.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{failure::Failure, process, workspace};

/// The copy.
pub(super) fn folder() -> PathBuf {
    workspace::scratch().join("cargo-mutants").join("tree")
}

/// Copies the files that the repository holds, as they are now. What has not changed keeps its time, so that little is built anew.
pub(super) fn copy() -> Result<(), Failure> {
    let (root, tree) = (workspace::root(), folder());
    let mut git = process::command("git");
    let list = process::capture(
        git.args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]),
        "Listing the files",
    )?;
    let files: BTreeSet<&str> = list.split('\0').filter(|file| root.join(file).is_file()).collect();
    for file in &files {
        let copying = || Failure::io(format!("Copying {file}"));
        let text = fs::read(root.join(file)).map_err(copying())?;
        let to = tree.join(file);
        if fs::read(&to).is_ok_and(|old| old == text) {
            continue;
        }
        fs::create_dir_all(to.parent().unwrap_or(&tree)).and_then(|()| fs::write(&to, text)).map_err(copying())?;
    }
    remove_others(&tree, &tree, &files)
}

/// Removes files that were copied before and are no longer in the repository.
fn remove_others(folder: &Path, tree: &Path, files: &BTreeSet<&str>) -> Result<(), Failure> {
    let clearing = || Failure::io("Clearing the copy");
    for entry in fs::read_dir(folder).map_err(clearing())? {
        let path = entry.map_err(clearing())?.path();
        if path.is_dir() {
            remove_others(&path, tree, files)?;
        } else if path
            .strip_prefix(tree)
            .is_ok_and(|own| !files.contains(own.to_string_lossy().replace('\\', "/").as_str()))
        {
            fs::remove_file(&path).map_err(clearing())?;
        }
    }
    Ok(())
}

/// Cargo in the copy, cheaply: without information for debuggers, in a target folder of its own.
pub(super) fn command() -> Command {
    let mut cargo = process::command("cargo");
    let shared = workspace::shared();
    let target = workspace::scratch().join("cargo-mutants").join("target");
    cargo.current_dir(folder()).env("CARGO_TARGET_DIR", target);
    cargo.env("SHARED_DIR", shared.canonicalize().unwrap_or(shared)).env("CARGO_PROFILE_DEV_DEBUG", "0");
    // For --fail-fast of the test harness.
    cargo.env("RUSTC_BOOTSTRAP", "1");
    // Property tests try fewer texts: what a mutant breaks, they find soon or not at all.
    cargo.env("PROPTEST_CASES", "32");
    cargo
}
