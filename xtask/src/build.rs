//! Building the page with Trunk.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::SystemTime,
};

use crate::{
    failure::Failure,
    output, process, shipped,
    tools::{self, together::Work},
    workspace,
};

mod paths;

/// The sources of the page, relative to the workspace.
const SOURCES: [&str; 15] = [
    "src",
    "crates/azure-backup",
    "crates/arm-sim",
    "crates/arm-sim-page",
    "crates/sign-in",
    "www",
    "xtask/finalize-dist.mjs",
    "xtask/finalize-dist",
    "xtask/src/build",
    "index.html",
    "Trunk.toml",
    "Cargo.toml",
    "Cargo.lock",
    "rust-toolchain.toml",
    "package-lock.json",
];

/// Trunk, kept from downloading anything: all its tools are on the search path.
pub(crate) fn trunk() -> Command {
    let mut trunk = process::command("trunk");
    trunk.env("TRUNK_OFFLINE", "true").env_remove("NO_COLOR");
    trunk
}

/// Builds the page as it is published.
pub(crate) fn page() -> Result<PathBuf, Failure> {
    page_in(&workspace::dist(), &workspace::target())
}

/// The arguments that select the packages of the page's three modules.
const MODULES: [&[&str]; 3] = [&["vm-restore", "--bin", "vm-restore"], &["arm-sim-page"], &["sign-in"]];

/// Seconds of a processor's time that compiling them takes, roughly, for the estimate.
const SECONDS: u64 = 240;

/// Builds the page into the folder `dist`, compiling in the folder `target`.
pub(crate) fn page_in(dist: &Path, target: &Path) -> Result<PathBuf, Failure> {
    tools::for_building(|| modules(target).map(Some))?;
    fetch()?;
    output::step("Building the page, optimized (about two minutes the first time).");
    let mut trunk = trunk();
    trunk.args(["build", "--release", "--dist"]).arg(dist);
    process::run(for_release(&mut trunk, target)?, "Building the page")?;
    shipped::texts::write(dist)?;
    Ok(dist.to_owned())
}

/// Lets cargo, or Trunk, which calls it, compile the released page.
fn for_release<'a>(command: &'a mut Command, target: &Path) -> Result<&'a mut Command, Failure> {
    Ok(command.env("CARGO_ENCODED_RUSTFLAGS", paths::flags(target)?).env("CARGO_TARGET_DIR", target))
}

/// Compiles the modules as Trunk will, which then finds them ready: there is something to do for all processors while Trunk itself is
/// being built.
fn modules(target: &Path) -> Result<Work, Failure> {
    let mut commands = Vec::new();
    for module in MODULES {
        let mut cargo = process::command("cargo");
        cargo
            .args(["build", "--release", "--locked", "--quiet", "--target", tools::cargo::WASM, "--package"])
            .args(module);
        for_release(&mut cargo, target)?;
        commands.push(cargo);
    }
    Ok(Work { doing: "compiling the page".to_owned(), seconds: SECONDS, commands })
}

/// Downloads the crates, since Trunk builds offline.
pub(crate) fn fetch() -> Result<(), Failure> {
    let mut cargo = process::command("cargo");
    process::run(cargo.args(["fetch", "--locked", "--quiet", "--target", tools::cargo::WASM]), "Downloading crates")
}

/// Builds the page as it is published, unless it is newer than everything it is made of.
pub(crate) fn page_if_stale() -> Result<PathBuf, Failure> {
    let root = workspace::root();
    let changed = SOURCES.iter().filter_map(|source| newest(&root.join(source))).max();
    let built = released_at(&workspace::dist());
    if built.is_some() && built > changed { Ok(workspace::dist()) } else { page() }
}

/// When the released page in `dist` was built.
///
/// [`page_in`] writes the licenses last. A page without them, or newer than them, is incomplete or was built by another command, such
/// as a plain `trunk build`, so tests must not use it as the released one.
fn released_at(dist: &Path) -> Option<SystemTime> {
    let licences = modified(&dist.join(shipped::texts::NAME))?;
    (licences >= modified(&dist.join("index.html"))?).then_some(licences)
}

/// When the newest file of a folder was changed.
pub(crate) fn newest(path: &Path) -> Option<SystemTime> {
    if path.is_dir() {
        return fs::read_dir(path).ok()?.filter_map(|entry| newest(&entry.ok()?.path())).max();
    }
    modified(path)
}

fn modified(path: &Path) -> Option<SystemTime> {
    fs::metadata(path).and_then(|data| data.modified()).ok()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_page_that_another_command_has_built_is_not_taken_for_the_released_one() {
        let dist = workspace::scratch().join("released-test");
        let _ = fs::remove_dir_all(&dist);
        fs::create_dir_all(&dist).unwrap();
        let write = |name: &str, at: u64| {
            let file = fs::File::create(dist.join(name)).unwrap();
            file.set_modified(SystemTime::UNIX_EPOCH + Duration::from_secs(at)).unwrap();
        };
        write("index.html", 2);
        assert_eq!(released_at(&dist), None, "Trunk alone writes no licences");
        write(shipped::texts::NAME, 3);
        assert_eq!(released_at(&dist), Some(SystemTime::UNIX_EPOCH + Duration::from_secs(3)));
        write("index.html", 4);
        assert_eq!(released_at(&dist), None, "those of an earlier build");
        fs::remove_dir_all(&dist).unwrap();
    }
}
