//! `build`: the page as it is published.

use std::{
    collections::BTreeSet,
    fs, io,
    path::{Path, PathBuf},
};

use crate::{args::Args, build, failure::Failure, output, workspace};

/// Builds and says where it is; twice, from nothing and in two folders, to compare.
pub(super) fn run(mut args: Args) -> Result<(), Failure> {
    let twice = args.flag("--twice");
    args.nothing_left()?;
    if twice {
        return compare();
    }
    output::result(&build::page()?.display().to_string());
    Ok(())
}

/// Two builds that share nothing but the source, the compiler and the tools must have the same bytes.
fn compare() -> Result<(), Failure> {
    let scratch = workspace::scratch().join("twice");
    let doing = || format!("Emptying {}", scratch.display());
    match fs::remove_dir_all(&scratch) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(Failure::io(doing())(error)),
        _ => {}
    }
    let mut built = Vec::new();
    // Names of different lengths: a path that got into a file would change its size as well.
    for name in ["first", "the-second"] {
        let folder = scratch.join(name);
        built.push(build::page_in(&folder.join("dist"), &folder.join("target"))?);
    }
    let [first, second] = built.as_slice() else { return Ok(()) };
    let differing = differing(first, second)?;
    if !differing.is_empty() {
        return Err(Failure::FellShort(format!(
            "The builds differ in {}; they are in {}.",
            differing.join(", "),
            scratch.display()
        )));
    }
    output::result(&format!("{} files, the same bytes in both builds", names(first)?.len()));
    Ok(())
}

/// The files that are not in both folders with the same bytes.
fn differing(first: &Path, second: &Path) -> Result<Vec<String>, Failure> {
    let all: BTreeSet<PathBuf> = names(first)?.into_iter().chain(names(second)?).collect();
    let bytes = |folder: &Path, name: &PathBuf| fs::read(folder.join(name)).ok();
    let differ = |name: &&PathBuf| match (bytes(first, name), bytes(second, name)) {
        (Some(one), Some(other)) => one != other,
        _ => true,
    };
    Ok(all.iter().filter(differ).map(|name| name.display().to_string()).collect())
}

/// The files in a folder and those below it, relative to it.
fn names(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let mut found = Vec::new();
    let mut left = vec![PathBuf::new()];
    while let Some(below) = left.pop() {
        let path = folder.join(&below);
        let doing = || format!("Reading {}", path.display());
        for entry in fs::read_dir(&path).map_err(Failure::io(doing()))? {
            let name = below.join(entry.map_err(Failure::io(doing()))?.file_name());
            if folder.join(&name).is_dir() { left.push(name) } else { found.push(name) }
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_a_missing_and_another_file_differ() {
        let scratch = workspace::scratch().join("differing-test");
        let write = |name: &str, text: &str| {
            let path = scratch.join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        };
        let _ = fs::remove_dir_all(&scratch);
        for side in ["one", "other"] {
            write(&format!("{side}/same"), "x");
            write(&format!("{side}/below/changed"), side);
        }
        write("one/missing", "x");
        let found = differing(&scratch.join("one"), &scratch.join("other")).unwrap();
        assert_eq!(found, [Path::new("below").join("changed").display().to_string(), "missing".to_owned()]);
        assert!(differing(&scratch.join("one"), &scratch.join("one")).unwrap().is_empty());
        fs::remove_dir_all(&scratch).unwrap();
    }
}
