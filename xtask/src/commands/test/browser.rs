//! The tests of the layer that touches JavaScript, in Chromium.

use std::fs;

use serde_json::json;

use super::{Tally, answers};
use crate::{failure::Failure, process, tools, workspace};

/// Seconds that all of the tests may take together.
const SECONDS: &str = "180";

/// Builds `tests/browser` for WebAssembly and runs it by wasm-bindgen's runner.
pub(super) fn run(more: &[String]) -> Result<Tally, Failure> {
    tools::for_browser_tests()?;
    let (chrome, driver) = (tools::browser::chrome()?, tools::browser::driver()?);
    let resolver = format!("--host-resolver-rules=MAP {} {}", answers::HOST, answers::serve()?);
    let arguments = [
        &resolver,
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
    ];
    let capabilities = json!({ "goog:chromeOptions": { "binary": chrome, "args": arguments } });
    let file = workspace::scratch().join("webdriver.json");
    fs::create_dir_all(workspace::scratch())
        .and_then(|()| fs::write(&file, capabilities.to_string()))
        .map_err(Failure::io("Writing the driver's configuration"))?;
    let mut cargo = process::command("cargo");
    cargo.args([
        "test",
        "--locked",
        "--package",
        "vm-restore",
        "--target",
        tools::cargo::WASM,
        "--test",
        "browser",
        "--",
    ]);
    cargo.args(more).env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", "wasm-bindgen-test-runner");
    cargo.env("CHROMEDRIVER", driver).env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", file);
    Tally::of_cargo(cargo.env("WASM_BINDGEN_TEST_TIMEOUT", SECONDS))
}
