//! `sbom`: what the page is made of, for machines.

use crate::{
    args::Args,
    failure::Failure,
    output, process,
    shipped::{self, bom},
};

/// Prints the list as CycloneDX.
pub(super) fn run(args: Args) -> Result<(), Failure> {
    args.nothing_left()?;
    let compiler = process::version("rustc").unwrap_or_default();
    let rust = compiler.split_whitespace().nth(1).unwrap_or_default();
    output::result(&format!("{:#}", bom::cyclonedx(&shipped::parts()?, env!("CARGO_PKG_VERSION"), rust)));
    Ok(())
}
