//! `pictures`: the screenshots of `docs/`.

use crate::{args::Args, build, failure::Failure, process, tools};

/// Takes them from the demo, so that they are always of what there is.
pub(super) fn run(args: Args) -> Result<(), Failure> {
    args.nothing_left()?;
    let chrome = tools::browser::chrome()?;
    tools::npm::packages()?;
    build::page_if_stale()?;
    let mut node = process::command("node");
    process::run(node.arg("tests/e2e/pictures.mjs").env("CHROME", chrome), "Taking the pictures")
}
