//! `build`: the page as it is published.

use crate::{args::Args, build, failure::Failure, say};

/// Builds and says where it is.
pub(super) fn run(args: Args) -> Result<(), Failure> {
    args.nothing_left()?;
    say::result(&build::page()?.display().to_string());
    Ok(())
}
