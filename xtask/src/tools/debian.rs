//! Packages of Debian, where this runs as root there.

use std::path::Path;

use crate::{failure::Failure, output, process};

/// Installs a package with apt and prints why. Fails with `remedy` if this is not Debian or the user is not root.
pub(crate) fn install(what: &'static str, package: &str, why: &str, remedy: &str) -> Result<(), Failure> {
    if !is_here_and_ours() {
        return Err(Failure::Missing { what, remedy: remedy.to_owned() });
    }
    output::step(&format!("Installing Debian's package {package}: {why} (about a minute, once)."));
    let apt = |arguments: &[&str]| {
        let mut apt = process::command("apt-get");
        process::run(apt.env("DEBIAN_FRONTEND", "noninteractive").args(arguments), &format!("Installing {package}"))
    };
    apt(&["update", "-qq"])?;
    apt(&["install", "-qq", "--yes", "--no-install-recommends", package])
}

fn is_here_and_ours() -> bool {
    let root =
        || process::capture(process::command("id").arg("-u"), "Asking who runs this").is_ok_and(|id| id.trim() == "0");
    Path::new("/etc/debian_version").is_file() && process::find("apt-get").is_some() && root()
}
