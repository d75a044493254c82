//! The third-party components of the page: crates, and npm packages that the build bundles.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use serde::Deserialize;

use crate::{failure::Failure, process, tools, workspace};

pub(crate) mod bom;
pub(crate) mod texts;

/// The packages whose WebAssembly is in `dist`.
const PAGES: [&str; 3] = ["vm-restore", "arm-sim-page", "sign-in"];

/// Where a part comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Origin {
    /// A crate.
    Cargo,
    /// A package of npm.
    Npm,
}

/// One of them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Part {
    /// Its name.
    pub(crate) name: String,
    /// Its version.
    pub(crate) version: String,
    /// Where it comes from.
    pub(crate) origin: Origin,
    /// Its licence, as SPDX writes it.
    pub(crate) licence: String,
    /// Who wrote it, where that is told.
    pub(crate) authors: Vec<String>,
    /// The folder that it lies in.
    pub(crate) folder: PathBuf,
    /// What its package hashes to: the algorithm's name, and hexadecimal digits.
    pub(crate) hash: Option<(&'static str, String)>,
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    resolve: Resolve,
}

#[derive(Deserialize)]
struct Package {
    id: String,
    name: String,
    version: String,
    license: Option<String>,
    authors: Vec<String>,
    source: Option<String>,
    manifest_path: PathBuf,
}

#[derive(Deserialize)]
struct Resolve {
    nodes: Vec<Node>,
}

#[derive(Deserialize)]
struct Node {
    id: String,
    deps: Vec<Dependency>,
}

#[derive(Deserialize)]
struct Dependency {
    pkg: String,
    dep_kinds: Vec<Kind>,
}

#[derive(Deserialize)]
struct Kind {
    kind: Option<String>,
}

#[derive(Deserialize)]
struct CargoLock {
    package: Vec<Locked>,
}

#[derive(Deserialize)]
struct Locked {
    name: String,
    version: String,
    checksum: Option<String>,
}

/// `package-lock.json`.
#[derive(Deserialize)]
pub(crate) struct NpmLock {
    /// The packages by the folder that they are installed in; that without a name is this one.
    pub(crate) packages: BTreeMap<String, Npm>,
}

/// A package in it.
#[derive(Deserialize)]
pub(crate) struct Npm {
    /// Whether it is a tool that is not shipped.
    #[serde(default)]
    pub(crate) dev: bool,
    /// Its licence.
    pub(crate) license: Option<String>,
    version: Option<String>,
    integrity: Option<String>,
}

/// All parts, in the order of their names.
pub(crate) fn parts() -> Result<Vec<Part>, Failure> {
    let root = workspace::root();
    let mut parts = crates()?;
    for (folder, package) in npm_lock()?.packages {
        let Some((_, name)) = folder.rsplit_once("node_modules/").filter(|_| !package.dev) else { continue };
        parts.push(Part {
            name: name.to_owned(),
            version: package.version.unwrap_or_default(),
            origin: Origin::Npm,
            licence: package.license.unwrap_or_default(),
            authors: Vec::new(),
            folder: root.join(&folder),
            hash: package.integrity.as_deref().and_then(sha512),
        });
    }
    parts.sort();
    parts.dedup();
    Ok(parts)
}

/// What is installed from npm.
pub(crate) fn npm_lock() -> Result<NpmLock, Failure> {
    let path = workspace::root().join("package-lock.json");
    let text = fs::read_to_string(&path).map_err(Failure::io("Reading package-lock.json"))?;
    serde_json::from_str(&text).map_err(|error| Failure::Content { path, problem: error.to_string() })
}

/// The crates that the page is compiled with, this workspace's own left out.
fn crates() -> Result<Vec<Part>, Failure> {
    let mut cargo = process::command("cargo");
    cargo.args(["metadata", "--locked", "--format-version", "1", "--filter-platform", tools::cargo::WASM]);
    let text = process::capture(&mut cargo, "Listing the crates")?;
    let content = |what: &str, problem: String| Failure::Content { path: what.into(), problem };
    let metadata: Metadata =
        serde_json::from_str(&text).map_err(|error| content("cargo metadata", error.to_string()))?;
    let lock = fs::read_to_string(workspace::root().join("Cargo.lock")).map_err(Failure::io("Reading Cargo.lock"))?;
    let lock: CargoLock = toml::from_str(&lock).map_err(|error| content("Cargo.lock", error.to_string()))?;
    let taken = reached(&metadata, &PAGES);
    let part = |package: &Package| {
        let locked = |l: &&Locked| l.name == package.name && l.version == package.version;
        let checksum = lock.package.iter().find(locked).and_then(|locked| locked.checksum.clone());
        Part {
            name: package.name.clone(),
            version: package.version.clone(),
            origin: Origin::Cargo,
            // Crates of old write "MIT/Apache-2.0".
            licence: package.license.as_deref().unwrap_or_default().replace(" / ", " OR ").replace('/', " OR "),
            authors: package.authors.clone(),
            folder: package.manifest_path.parent().map(Path::to_path_buf).unwrap_or_default(),
            hash: checksum.map(|digits| ("SHA-256", digits)),
        }
    };
    let foreign = |p: &&Package| taken.contains(p.id.as_str()) && p.source.is_some();
    Ok(metadata.packages.iter().filter(foreign).map(part).collect())
}

/// The ids of the packages `of`, and of everything that they are compiled with: neither tests nor build scripts.
fn reached<'a>(metadata: &'a Metadata, of: &[&str]) -> BTreeSet<&'a str> {
    let mut left: Vec<&str> =
        metadata.packages.iter().filter(|p| of.contains(&p.name.as_str())).map(|p| p.id.as_str()).collect();
    let mut found = BTreeSet::new();
    while let Some(id) = left.pop() {
        if found.insert(id)
            && let Some(node) = metadata.resolve.nodes.iter().find(|node| node.id == id)
        {
            let compiled = |d: &&Dependency| d.dep_kinds.iter().any(|kind| kind.kind.is_none());
            left.extend(node.deps.iter().filter(compiled).map(|d| d.pkg.as_str()));
        }
    }
    found
}

/// `sha512-…` of a lock file in hexadecimal digits.
fn sha512(integrity: &str) -> Option<(&'static str, String)> {
    use base64ct::Encoding as _;
    let bytes = base64ct::Base64::decode_vec(integrity.strip_prefix("sha512-")?).ok()?;
    Some(("SHA-512", bytes.iter().map(|byte| format!("{byte:02x}")).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_page_is_compiled_with_is_found_and_its_tests_tools_are_not() {
        let parts = crates().unwrap();
        let names: BTreeSet<&str> = parts.iter().map(|part| part.name.as_str()).collect();
        for shipped in ["yew", "time", "serde_json", "wasm-bindgen"] {
            assert!(names.contains(shipped), "{shipped}: {names:?}");
        }
        for tool in ["proptest", "insta", "comrak", "axum", "vm-restore", "arm-sim"] {
            assert!(!names.contains(tool), "{tool}");
        }
        assert!(parts.iter().all(|part| part.hash.is_some() && !part.licence.is_empty()), "{parts:?}");
    }

    #[test]
    fn the_hash_of_a_lock_file_is_written_in_digits() {
        assert_eq!(sha512("sha512-AP8="), Some(("SHA-512", "00ff".to_owned())));
        assert_eq!(sha512("sha1-AP8="), None);
    }
}
