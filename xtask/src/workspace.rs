//! Where things are.

use std::{
    env,
    path::{Path, PathBuf},
};

/// The folder of the workspace: that of the package which `cargo run` says it runs, since several checkouts may share
/// a target folder and with it this program.
pub(crate) fn root() -> PathBuf {
    let package = env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| env!("CARGO_MANIFEST_DIR").into(), PathBuf::from);
    package.parent().map_or_else(|| PathBuf::from("."), Path::to_path_buf)
}

/// Where cargo builds.
pub(crate) fn target() -> PathBuf {
    match env::var_os("CARGO_TARGET_DIR") {
        Some(folder) => root().join(folder),
        None => root().join("target"),
    }
}

/// What these commands leave behind, such as reports.
pub(crate) fn scratch() -> PathBuf {
    target().join("xtask")
}

/// The built page.
pub(crate) fn dist() -> PathBuf {
    root().join("dist")
}

/// Recorded traffic and the server that plays it, which are not part of the repository.
pub(crate) fn shared() -> PathBuf {
    match env::var_os("SHARED_DIR") {
        Some(folder) => root().join(folder),
        None => root().join("..").join("shared"),
    }
}
