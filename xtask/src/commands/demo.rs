//! `demo`: the app as it is published, on loopback.

use crate::{
    args::Args,
    build,
    failure::Failure,
    output,
    serve::{self, Site},
};

/// Builds, serves, prints the URL.
pub(super) fn run(mut args: Args) -> Result<(), Failure> {
    let port = args.option("--port")?.unwrap_or(0);
    args.nothing_left()?;
    // A port that is taken is told before the build, not after it.
    let (listener, url) = serve::listen(port)?;
    let site = Site { root: build::page()?, live: false };
    output::result(&format!("VM Restore demo: {url}"));
    output::step("Serving until Ctrl+C.");
    serve::forever(listener, site.router())
}
