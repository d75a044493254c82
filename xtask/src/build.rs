//! Building the page with Trunk.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::SystemTime,
};

use crate::{failure::Failure, process, say, shipped, tools, workspace};

mod released;

/// What the page is made of, relative to the workspace.
const SOURCES: [&str; 15] = [
    "src",
    "crates/azure-backup",
    "crates/arm-sim",
    "crates/arm-sim-page",
    "crates/sign-in",
    "www",
    "xtask/seal.mjs",
    "xtask/seal",
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

/// Builds the page into the folder `dist`, compiling in the folder `target`.
pub(crate) fn page_in(dist: &Path, target: &Path) -> Result<PathBuf, Failure> {
    tools::for_building()?;
    tools::cargo::library_source()?;
    fetch_by(released::with_library(&mut process::command("cargo")))?;
    say::step("Building the page, optimized (about two minutes the first time).");
    let mut trunk = trunk();
    trunk.args(["build", "--release", "--dist"]).arg(dist);
    trunk.env("CARGO_ENCODED_RUSTFLAGS", released::flags(target)?).env("CARGO_TARGET_DIR", target);
    process::run(released::with_library(&mut trunk), "Building the page")?;
    shipped::texts::write(dist)?;
    Ok(dist.to_owned())
}

/// Downloads the crates, since Trunk builds offline.
pub(crate) fn fetch() -> Result<(), Failure> {
    fetch_by(&mut process::command("cargo"))
}

/// A cargo that compiles the standard library along fetches the library's crates as well.
fn fetch_by(cargo: &mut Command) -> Result<(), Failure> {
    process::run(cargo.args(["fetch", "--locked", "--quiet", "--target", tools::cargo::WASM]), "Downloading crates")
}

/// Builds the page unless it is newer than everything it is made of.
pub(crate) fn page_if_stale() -> Result<PathBuf, Failure> {
    let built = fs::metadata(workspace::dist().join("index.html")).and_then(|data| data.modified()).ok();
    let root = workspace::root();
    let changed = SOURCES.iter().filter_map(|source| newest(&root.join(source))).max();
    if built.is_some() && built > changed { Ok(workspace::dist()) } else { page() }
}

/// When the newest file of a folder was changed.
pub(crate) fn newest(path: &Path) -> Option<SystemTime> {
    if path.is_dir() {
        return fs::read_dir(path).ok()?.filter_map(|entry| newest(&entry.ok()?.path())).max();
    }
    fs::metadata(path).and_then(|data| data.modified()).ok()
}
