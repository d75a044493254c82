//! `replay`: the app against recorded traffic.

use std::{fs, path::PathBuf};

use crate::{args::Args, build, failure::Failure, process, tools, workspace};

/// The driver starts the replay server and the browser, and prints one JSON line a file.
pub(super) fn run(mut args: Args) -> Result<(), Failure> {
    let mut options = Vec::new();
    for name in ["--restore", "--expose", "--retry-after"] {
        if let Some(value) = args.option::<String>(name)? {
            options.extend([name.to_owned(), value]);
        }
    }
    for name in ["--move-faults", "--headed"] {
        if args.flag(name) {
            options.push(name.to_owned());
        }
    }
    let files = files(&args.rest())?;
    let server = workspace::shared().join("replay").join("replay.py");
    if !server.is_file() {
        let remedy =
            format!("set SHARED_DIR to the folder that holds replay/replay.py ({} does not)", server.display());
        return Err(Failure::Missing { what: "The server of recorded traffic", remedy });
    }
    tools::python::python("which plays the recordings")?;
    let chrome = tools::browser::chrome()?;
    tools::npm::packages()?;
    build::page_if_stale()?;
    let mut node = process::command("node");
    node.arg("tests/e2e/replay/drive.mjs").args(options).args(files);
    process::finish(node.env("CHROME", chrome).env("SHARED_DIR", workspace::shared()), "The replay")
}

/// Absolute, since the driver runs in another folder.
fn files(named: &[String]) -> Result<Vec<PathBuf>, Failure> {
    if let Some(option) = named.iter().find(|name| name.starts_with("--")) {
        return Err(Failure::Usage(format!("`replay` does not take `{option}`.")));
    }
    if named.is_empty() {
        return Err(Failure::Usage("`replay` needs at least one recording.".to_owned()));
    }
    named.iter().map(|name| fs::canonicalize(name).map_err(Failure::io(format!("Reading {name}")))).collect()
}
