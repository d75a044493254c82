//! `dev`: the app, rebuilt and reloaded on every change.

use std::{fs, process::Stdio, thread};

use crate::{
    args::Args,
    build,
    failure::Failure,
    output, process,
    serve::{self, Site},
    tools, workspace,
};

/// Trunk watches and builds, our own server serves: Trunk's injects an inline script, which the page's policy refuses.
pub(super) fn run(mut args: Args) -> Result<(), Failure> {
    let port = args.option("--port")?.unwrap_or(0);
    args.nothing_left()?;
    tools::for_building(|| Ok(None))?;
    build::fetch()?;
    let (listener, url) = serve::listen(port)?;
    let root = workspace::scratch().join("dev");
    fs::create_dir_all(&root).map_err(Failure::io("Making a folder for the page"))?;
    let mut trunk = build::trunk();
    trunk.arg("watch").arg("--dist").arg(&root).stdout(Stdio::from(std::io::stderr()));
    let mut watching = trunk.spawn().map_err(|error| process::start(&trunk, error))?;
    output::result(&format!("VM Restore, reloading on every change: {url}"));
    thread::spawn(move || serve::forever(listener, Site { root, live: true }.router()));
    let ended = watching.wait().map_err(Failure::io("Waiting for Trunk"))?;
    Err(Failure::FellShort(format!("Trunk stopped watching ({ended}).")))
}
