//! How the released page is compiled: with the standard library along, and panics that do nothing but stop.
//!
//! Measured with gzip, the main WebAssembly weighs 4 KB less for a standard library that is optimized together with it, 16 KB less
//! for panics without words (www/program.js shows each stop) and 1 KB less without the places in the source that only those words
//! would name. These are unstable features of the pinned compiler, used for the released page alone; every other build and all tests
//! do without.

use std::{
    ffi::OsString,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{failure::Failure, process, tools, workspace};

/// Lets a command of cargo, or Trunk, compile the standard library along. Only what is built for `--target` changes: build
/// scripts and procedural macros are compiled as ever.
pub(super) fn with_library(command: &mut Command) -> &mut Command {
    command.env("RUSTC_BOOTSTRAP", "1").env("CARGO_UNSTABLE_BUILD_STD", "std,panic_abort")
}

/// The compiler's flags, handed over so that a folder's name may have spaces. They come after those of the profile, whose
/// `panic = "abort"` they narrow.
pub(super) fn flags(target: &Path) -> Result<OsString, Failure> {
    let mut flags =
        OsString::from(["-Zunstable-options", "-Cpanic=immediate-abort", "-Zlocation-detail=none"].join("\u{1f}"));
    for (folder, name) in folders(target)? {
        flags.push("\u{1f}--remap-path-prefix=");
        flags.push(folder);
        flags.push("=");
        flags.push(name);
    }
    Ok(flags)
}

/// Folders of this machine that source files lie in, and what the published files call them instead. The last that fits counts.
fn folders(target: &Path) -> Result<Vec<(PathBuf, &'static str)>, Failure> {
    let mut folders = vec![(workspace::root(), "vm-restore"), (target.to_owned(), "target")];
    if let Some(home) = process::cargo_home() {
        folders.push((home.join("registry").join("src"), "crates"));
        folders.push((home.join("git").join("checkouts"), "crates"));
    }
    folders.push((tools::cargo::library()?, "library"));
    Ok(folders)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_folder_of_this_machine_has_another_name() {
        let flags = flags(&workspace::target()).unwrap().into_string().unwrap();
        let names: Vec<&str> = flags.split('\u{1f}').skip(3).collect();
        assert!(names.iter().all(|flag| flag.starts_with("--remap-path-prefix=")), "{names:?}");
        assert!(names.iter().any(|flag| flag.ends_with("src/rust/library=library")), "{names:?}");
        assert!(names.iter().any(|flag| flag.ends_with("registry/src=crates")), "{names:?}");
    }
}
