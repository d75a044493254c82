//! The licences of everything that is shipped or builds it.

use std::{collections::BTreeMap, fs};

use serde::Deserialize;

use super::spdx;
use crate::{failure::Failure, process, workspace};

/// Licences that ask for no more than their text be kept.
const PERMISSIVE: &[&str] = &[
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "ISC",
    "MIT",
    "MIT-0",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

/// A licence that is fine for a tool which is never shipped: axe-core's.
const TOOLS_ONLY: &[&str] = &["MPL-2.0"];

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    version: String,
    license: Option<String>,
}

#[derive(Deserialize)]
struct Lock {
    packages: BTreeMap<String, Npm>,
}

#[derive(Deserialize)]
struct Npm {
    #[serde(default)]
    dev: bool,
    license: Option<String>,
}

/// Crates by `cargo metadata`, npm packages by `package-lock.json`.
pub(super) fn check() -> Result<(), Failure> {
    let mut refused = Vec::new();
    let arguments = ["metadata", "--locked", "--format-version", "1", "--all-features"];
    let text = process::capture(process::command("cargo").args(arguments), "Listing the crates")?;
    let metadata: Metadata = read("cargo metadata", &text)?;
    for package in &metadata.packages {
        let licence = package.license.as_deref().unwrap_or_default();
        if !spdx::admits(licence, &|one| PERMISSIVE.contains(&one)) {
            refused.push(format!("{} {} ({licence})", package.name, package.version));
        }
    }
    let text = fs::read_to_string(workspace::root().join("package-lock.json"))
        .map_err(Failure::io("Reading package-lock.json"))?;
    let lock: Lock = read("package-lock.json", &text)?;
    for (name, package) in lock.packages.iter().filter(|(name, _)| !name.is_empty()) {
        let licence = package.license.as_deref().unwrap_or_default();
        if !spdx::admits(licence, &|one| PERMISSIVE.contains(&one) || package.dev && TOOLS_ONLY.contains(&one)) {
            refused.push(format!("{name} ({licence})"));
        }
    }
    if refused.is_empty() {
        return Ok(());
    }
    Err(Failure::FellShort(format!("These licences are not on the list of those we take: {}.", refused.join(", "))))
}

fn read<T: for<'de> Deserialize<'de>>(what: &str, text: &str) -> Result<T, Failure> {
    serde_json::from_str(text).map_err(|error| Failure::Content { path: what.into(), problem: error.to_string() })
}
