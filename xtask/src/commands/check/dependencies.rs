//! Licences, sources and known faults of what the page and its tools are made of.

use std::{env, fs, process::Command};

use serde::Deserialize;

use crate::{failure::Failure, output, process, shipped, tools, workspace};

/// Licences that are fine for tools which are never shipped: axe-core's.
const TOOLS_ONLY: &[&str] = &["MPL-2.0"];

/// The workspaces, by their manifests.
const WORKSPACES: [&str; 2] = ["Cargo.toml", "fuzz/Cargo.toml"];

#[derive(Deserialize)]
struct Deny {
    licenses: Licences,
}

#[derive(Deserialize)]
struct Licences {
    allow: Vec<String>,
}

/// Licences, sources and bans of the crates, and the licences of npm's packages; all by the lists in `deny.toml`.
pub(super) fn check() -> Result<(), Failure> {
    tools::cargo::deny()?;
    for manifest in WORKSPACES {
        process::run(deny(manifest).args(["check", "bans", "licenses", "sources"]), "This check")?;
    }
    let path = workspace::root().join("deny.toml");
    let text = fs::read_to_string(&path).map_err(Failure::io("Reading deny.toml"))?;
    let deny: Deny = toml::from_str(&text).map_err(|error| Failure::Content { path, problem: error.to_string() })?;
    let refused = refused(&shipped::npm_lock()?, &deny.licenses.allow);
    if refused.is_empty() {
        return Ok(());
    }
    Err(Failure::FellShort(format!("These licences are not on the list in deny.toml: {}.", refused.join(", "))))
}

/// Known vulnerabilities of the crates. Why they could not be looked up, where the database cannot be reached: it is
/// kept in a repository of git, which not every machine that builds may ask.
pub(super) fn advisories() -> Result<Option<String>, Failure> {
    tools::cargo::deny()?;
    let mut fetch = deny(WORKSPACES[0]);
    fetch.args(["fetch", "db"]);
    // A host that answers no more is given up.
    fetch.envs([("GIT_HTTP_LOW_SPEED_LIMIT", "1000"), ("GIT_HTTP_LOW_SPEED_TIME", "30"), ("GIT_TERMINAL_PROMPT", "0")]);
    output::step("Fetching the database of advisories (https://rustsec.org).");
    let fetched = fetch.output().map_err(|error| process::start(&fetch, error))?;
    if !fetched.status.success() {
        return Ok(Some(last_words(&String::from_utf8_lossy(&fetched.stderr))));
    }
    for manifest in WORKSPACES {
        process::run(deny(manifest).args(["check", "advisories"]), "This check")?;
    }
    Ok(None)
}

/// cargo-deny on a workspace.
fn deny(manifest: &str) -> Command {
    let mut deny = process::command("cargo");
    deny.args(["deny", "--locked", "--workspace", "--all-features", "--config", "deny.toml"]);
    deny.args(["--manifest-path", manifest]);
    if env::var_os("CARGO_TERM_COLOR").is_none() {
        deny.args(["--color", "never"]);
    }
    deny
}

/// The last line that says something.
fn last_words(said: &str) -> String {
    said.lines().map(str::trim).rfind(|line| !line.is_empty()).unwrap_or("it did not say why").to_owned()
}

/// The packages whose licence is not on the list. An expression that cannot be read admits nothing.
fn refused(lock: &shipped::NpmLock, allow: &[String]) -> Vec<String> {
    let admits = |licence: &str, dev: bool| {
        let known = |one: &str| allow.iter().any(|allowed| allowed == one) || dev && TOOLS_ONLY.contains(&one);
        spdx::Expression::parse(licence).is_ok_and(|expression| expression.evaluate(|one| known(&one.to_string())))
    };
    let packages = lock.packages.iter().filter(|(name, _)| !name.is_empty());
    let wrong = packages.filter_map(|(name, package)| {
        let licence = package.license.as_deref().unwrap_or("none");
        (!admits(licence, package.dev)).then(|| format!("{name} ({licence})"))
    });
    wrong.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn licences_that_are_not_listed_are_refused_and_tools_may_have_more() {
        let lock: shipped::NpmLock = serde_json::from_value(serde_json::json!({ "packages": {
            "": { "license": "GPL-3.0-only" },
            "a": { "license": "MIT" },
            "b": { "license": "(GPL-3.0-only OR MIT)" },
            "c": { "license": "Apache-2.0 WITH LLVM-exception" },
            "d": { "license": "MPL-2.0", "dev": true },
            "e": { "license": "MPL-2.0" },
            "f": { "license": "MIT AND GPL-3.0-only", "dev": true },
            "g": { "license": "SEE LICENSE IN x" },
            "h": {},
        } }))
        .unwrap();
        let allow = ["MIT", "Apache-2.0 WITH LLVM-exception"].map(str::to_owned);
        let names: Vec<String> = refused(&lock, &allow).iter().map(|one| one[..1].to_owned()).collect();
        assert_eq!(names, ["e", "f", "g", "h"]);
    }

    #[test]
    fn why_a_database_could_not_be_fetched_is_its_last_line() {
        assert_eq!(last_words("[ERROR] failed\nfatal: no such host\n\n"), "fatal: no such host");
        assert_eq!(last_words(""), "it did not say why");
    }
}
