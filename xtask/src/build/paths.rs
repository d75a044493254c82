//! Replaces the folders of this machine in published files.
//!
//! A panic names its place in the source. Without this, the page would publish the folders of the machine that built it, and two
//! builds in two folders would not have the same bytes.

use std::{
    ffi::OsString,
    path::{Path, PathBuf},
};

use crate::{failure::Failure, process, tools, workspace};

/// The compiler's flags, for the variable `CARGO_ENCODED_RUSTFLAGS`, so that a folder's name may have spaces.
pub(super) fn flags(target: &Path) -> Result<OsString, Failure> {
    let mut flags = OsString::new();
    for (folder, name) in folders(target)? {
        if !flags.is_empty() {
            flags.push("\u{1f}");
        }
        flags.push("--remap-path-prefix=");
        flags.push(folder);
        flags.push("=");
        flags.push(name);
    }
    Ok(flags)
}

/// Folders of this machine that contain sources, and their names in published files. The last one that matches counts.
fn folders(target: &Path) -> Result<Vec<(PathBuf, String)>, Failure> {
    let mut folders = vec![(workspace::root(), "vm-restore".to_owned()), (target.to_owned(), "target".to_owned())];
    if let Some(home) = process::cargo_home() {
        folders.push((home.join("registry").join("src"), "crates".to_owned()));
        folders.push((home.join("git").join("checkouts"), "crates".to_owned()));
    }
    // Where its source is installed, the compiler names that folder in generic code of the standard library; elsewhere it names this.
    folders.push((tools::cargo::library_source()?, format!("/rustc/{}", tools::cargo::compiler_commit()?)));
    Ok(folders)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_folder_of_this_machine_has_another_name() {
        let flags = flags(&workspace::target()).unwrap().into_string().unwrap();
        let names: Vec<&str> = flags.split('\u{1f}').collect();
        assert!(names.iter().all(|flag| flag.starts_with("--remap-path-prefix=")), "{names:?}");
        assert!(names.iter().any(|flag| flag.ends_with("registry/src=crates")), "{names:?}");
        let library = names.iter().find(|flag| flag.contains("rustlib/src/rust=/rustc/")).unwrap();
        assert_eq!(library.rsplit('/').next().unwrap().len(), 40, "{library}: a commit");
    }
}
