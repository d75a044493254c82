//! Node and the packages of `package-lock.json`: esbuild, `wasm-opt`, Playwright, Selenium and axe-core.

use std::{fs, path::Path, time::SystemTime};

use crate::{failure::Failure, output, process, workspace};

/// The oldest Node that the packages run on.
const NODE: u32 = 20;

/// Node itself.
pub(crate) fn node() -> Result<(), Failure> {
    let version = process::version("node");
    if version.as_deref().and_then(major).is_some_and(|major| major >= NODE) {
        return Ok(());
    }
    let found = version.map_or_else(String::new, |version| format!(" (this one is {version})"));
    Err(Failure::Missing {
        what: "Node",
        remedy: format!("install version {NODE} or newer{found} from https://nodejs.org or your system's packages"),
    })
}

/// The packages, unless those of the lock file are there.
pub(crate) fn packages() -> Result<(), Failure> {
    node()?;
    let root = workspace::root();
    let installed = modified(&root.join("node_modules").join(".package-lock.json"));
    if installed.is_some() && installed >= modified(&root.join("package-lock.json")) {
        return Ok(());
    }
    if process::find("npm").is_none() {
        return Err(Failure::Missing { what: "npm", remedy: "install it, it usually comes with Node".to_owned() });
    }
    output::step(
        "Installing npm packages: esbuild and wasm-opt make the page, Playwright, Selenium and axe-core test it (150 MB, seconds).",
    );
    process::run(process::command("npm").args(["ci", "--no-audit", "--no-fund"]), "Installing npm packages")
}

fn modified(path: &Path) -> Option<SystemTime> {
    fs::metadata(path).and_then(|data| data.modified()).ok()
}

/// `v20.20.2` → 20.
fn major(version: &str) -> Option<u32> {
    version.strip_prefix('v')?.split('.').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn node_versions() {
        assert_eq!(major("v20.20.2"), Some(20));
        assert_eq!(major("nonsense"), None);
    }
}
