//! The compiler's WebAssembly target, and the tools that come by `cargo install`.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use super::{debian, prebuilt, together::Work};
use crate::{failure::Failure, output, process, workspace};

/// The target triple of the page.
pub(crate) const WASM: &str = "wasm32-unknown-unknown";

/// The newest Trunk that the pinned compiler builds.
pub(super) const TRUNK: &str = "0.21.14";

/// Seconds of a processor's time that building them takes, roughly, for estimates.
const TRUNK_SECONDS: u64 = 480;
const WASM_BINDGEN_SECONDS: u64 = 120;

/// The cargo-deny that understands deny.toml.
const DENY: &str = "0.20.2";

/// The cargo-mutants whose names of mutants stand in tests/mutants.toml.
const MUTANTS: &str = "27.1.0";

/// The cargo-fuzz that the targets of `fuzz/` are known to work with.
const FUZZ: &str = "0.13.2";

/// The geckodriver that the journeys in Firefox are known to work with.
const GECKODRIVER: &str = "0.37.1";

/// The standard library for WebAssembly.
pub(crate) fn wasm_target() -> Result<(), Failure> {
    let library = process::capture(
        process::command("rustc").args(["--print", "target-libdir", "--target", WASM]),
        "Asking the compiler for its targets",
    )?;
    if Path::new(library.trim()).is_dir() {
        return Ok(());
    }
    if process::find("rustup").is_none() {
        return Err(Failure::Missing {
            what: "The compiler's WebAssembly target",
            remedy: format!("install rustup from https://rustup.rs, or your system's package of {WASM}"),
        });
    }
    output::step("Adding the WebAssembly target to the compiler: the app is built for it (about 20 MB).");
    process::run(process::command("rustup").args(["target", "add", WASM]), "Adding the WebAssembly target")
}

/// The folder of the pinned compiler.
pub(crate) fn sysroot() -> Result<PathBuf, Failure> {
    let mut rustc = process::command("rustc");
    let sysroot = process::capture(rustc.args(["--print", "sysroot"]), "Asking the compiler where it is")?;
    Ok(PathBuf::from(sysroot.trim()))
}

/// Where the source of the standard library is, if it is installed.
pub(crate) fn library_source() -> Result<PathBuf, Failure> {
    Ok(["lib", "rustlib", "src", "rust"].iter().fold(sysroot()?, |path, name| path.join(name)))
}

/// The commit that the compiler, and its standard library, are made of.
pub(crate) fn compiler_commit() -> Result<String, Failure> {
    let told = process::capture(process::command("rustc").arg("-vV"), "Asking the compiler for its version")?;
    let commit = told.lines().find_map(|line| line.strip_prefix("commit-hash: "));
    commit
        .map(str::to_owned)
        .ok_or_else(|| Failure::Content { path: "rustc -vV".into(), problem: "it names no commit".to_owned() })
}

/// Trunk, which bundles the page: its published program, or the work of building it from its source.
pub(crate) fn trunk() -> Option<Work> {
    // Without the part that looks for a newer Trunk.
    let more = ["--no-default-features", "--features", "rustls"];
    tool("trunk", "trunk", TRUNK, &prebuilt::TRUNK, &["trunk"], (&more, TRUNK_SECONDS))
}

/// cargo-deny, which knows licences, sources and known faults of crates.
pub(crate) fn deny() -> Result<(), Failure> {
    install("cargo-deny", "cargo-deny", DENY, "it checks the dependencies", "1 to 2 minutes")
}

/// cargo-mutants, which changes one thing at a time.
pub(crate) fn mutants() -> Result<(), Failure> {
    // It tells its version as a command of cargo alone.
    let asked = process::command("cargo").args(["mutants", "--version"]).output();
    if asked.is_ok_and(|told| String::from_utf8_lossy(&told.stdout).trim() == format!("cargo-mutants {MUTANTS}")) {
        return Ok(());
    }
    install(
        "cargo-mutants",
        "cargo-mutants",
        MUTANTS,
        "it changes the sources to see what a test notices",
        "1 to 2 minutes",
    )
}

/// geckodriver, which drives Firefox.
pub(super) fn geckodriver() -> Result<(), Failure> {
    install("geckodriver", "geckodriver", GECKODRIVER, "it drives Firefox", "2 to 3 minutes")
}

/// cargo-fuzz, and the C++ compiler with which libFuzzer is built.
pub(crate) fn fuzz() -> Result<(), Failure> {
    if !["c++", "g++", "clang++"].iter().any(|name| process::find(name).is_some()) {
        debian::install("A C++ compiler", "g++", "libFuzzer is built with it", "install one, such as g++")?;
    }
    install("cargo-fuzz", "cargo-fuzz", FUZZ, "it runs the fuzz targets", "about a minute")
}

/// wasm-bindgen's command line, which must be of the library's very version: its published programs, or the work of building it.
pub(crate) fn wasm_bindgen() -> Result<Option<Work>, Failure> {
    let path = workspace::root().join("Cargo.lock");
    let lock = fs::read_to_string(&path).map_err(Failure::io("Reading Cargo.lock"))?;
    let version = locked_version(&lock, "wasm-bindgen")
        .ok_or_else(|| Failure::Content { path, problem: "it names no version of wasm-bindgen".to_owned() })?;
    let programs = ["wasm-bindgen", "wasm-bindgen-test-runner"];
    // Without TLS, by which the runner of the tests could reach a browser's driver elsewhere.
    let more = ["--no-default-features", "--bin", programs[0], "--bin", programs[1]];
    let compile = (&more[..], WASM_BINDGEN_SECONDS);
    Ok(tool("wasm-bindgen", "wasm-bindgen-cli", version, &prebuilt::WASM_BINDGEN, &programs, compile))
}

/// A tool that is published ready to run: nothing once it is here, else the work of building it with these arguments, and how
/// many seconds of a processor that takes.
fn tool(
    program: &str,
    package: &str,
    version: &str,
    archives: &[prebuilt::Archive],
    programs: &[&str],
    (more, seconds): (&[&str], u64),
) -> Option<Work> {
    if is_installed(program, version) {
        return None;
    }
    output::step(&format!("Downloading {package} {version} as its project publishes it."));
    match prebuilt::install(archives, version, programs) {
        Ok(()) => return None,
        Err(why) => output::step(&format!("That did not work ({why}): {package} is built from its source, once.")),
    }
    let mut cargo = from_source(package, version);
    cargo.arg("--quiet").args(more);
    Some(Work { doing: format!("building {package}"), seconds, commands: vec![cargo] })
}

fn is_installed(program: &str, version: &str) -> bool {
    process::version(program).is_some_and(|found| found.split_whitespace().nth(1) == Some(version))
}

/// `cargo install` of a version. Its own release profile takes twice as long to build and gains nothing here.
fn from_source(package: &str, version: &str) -> Command {
    let mut cargo = process::command("cargo");
    cargo.args(["install", "--locked", "--force", package, "--version", version]);
    cargo.env("CARGO_PROFILE_RELEASE_LTO", "off").env("CARGO_PROFILE_RELEASE_DEBUG", "0");
    cargo.env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16").env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1");
    cargo.env_remove("CARGO_TARGET_DIR");
    cargo
}

fn install(program: &str, package: &str, version: &str, why: &str, duration: &str) -> Result<(), Failure> {
    if is_installed(program, version) {
        return Ok(());
    }
    output::step(&format!("Installing {package} {version} from its source: {why} ({duration}, once)."));
    process::run(&mut from_source(package, version), &format!("Installing {package}"))
}

/// The version of a package in `Cargo.lock`.
pub(super) fn locked_version<'lock>(lock: &'lock str, package: &str) -> Option<&'lock str> {
    let name = format!("name = \"{package}\"");
    let mut lines = lock.lines().skip_while(|line| *line != name);
    lines.nth(1)?.strip_prefix("version = \"")?.strip_suffix('"')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_locked_version_is_that_of_the_exact_name() {
        let lock = "[[package]]\nname = \"wasm-bindgen-macro\"\nversion = \"0.1.0\"\n\n[[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.129\"\n";
        assert_eq!(locked_version(lock, "wasm-bindgen"), Some("0.2.129"));
        assert_eq!(locked_version(lock, "wasm"), None);
    }
}
