//! `sbom`: what the page is made of, for machines.

use crate::{
    args::Args,
    failure::Failure,
    say,
    shipped::{self, bom},
    tools,
};

/// Prints the list as CycloneDX.
pub(super) fn run(args: Args) -> Result<(), Failure> {
    args.nothing_left()?;
    tools::cargo::library_source()?;
    say::result(&format!("{:#}", bom::cyclonedx(&shipped::parts()?, env!("CARGO_PKG_VERSION"))));
    Ok(())
}
