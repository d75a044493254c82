//! `clients`: Microsoft's own clients over the simulator, and their request bodies beside the page's; see tests/clients.

use std::{
    env, fs,
    net::TcpListener,
    path::{Path, PathBuf},
};

use serde_json::{Value, json};

use crate::{args::Args, document::write_part, failure::Failure, output, process, tools, workspace};

mod exports;
mod results;
mod table;

use results::Results;

/// As the documents name it.
const COMMAND: &str = "cargo xtask clients";

/// Installs the clients, goes every journey, runs every export, compares the bodies and writes the tables. With `--exports`, runs the
/// exports alone; with `--only`, goes some journeys of azure-cli and writes nothing.
pub(super) fn run(mut args: Args) -> Result<(), Failure> {
    let only = args.option::<String>("--only")?;
    let exports_only = args.flag("--exports");
    args.nothing_left()?;
    tools::npm::node()?;
    tools::servers::openssl()?;
    let az = environment("azure-cli", "azure-cli (about 730 MB, a minute or two, once)")?;
    let sdk = environment("sdk", "the Python SDK of Azure Backup (about 200 MB, a minute, once)")?;
    output::step("Building the simulator's server.");
    let simulator = ["build", "--locked", "--package", "arm-sim", "--features", "server", "--bin", "arm-sim"];
    process::run(process::command("cargo").args(simulator), "Building the simulator's server")?;

    let port = free_port()?;
    let exports = folder().join("exports");
    write_exports(&exports, port)?;
    output::step("Going the journeys and running the exports (about 20 minutes in all).");
    let mut node = process::command("node");
    node.arg("tests/clients/run.mjs").arg("--az").arg(program(&az, "az")).arg("--python").arg(program(&sdk, "python"));
    node.arg("--folder").arg(folder()).args(only.iter().flat_map(|only| ["--only", only]));
    node.arg("--exports").arg(&exports).args(["--port", &port.to_string()]);
    node.args(exports_only.then_some("--exports-only"));
    let server = workspace::target().join("debug").join("arm-sim").with_extension(env::consts::EXE_EXTENSION);
    let printed = process::capture(node.env("ARM_SIM", server), "Going the journeys")?;
    let results = Results::read(&printed)?;
    fs::write(folder().join("told.json"), &printed).map_err(Failure::io("Writing what the clients did"))?;
    results.unexpected()?;
    if only.is_some() {
        return Ok(());
    }

    let table = exports::section(&results);
    write_part("export.md", COMMAND, &table)?;
    if exports_only {
        output::result(&exports::summary(&results));
        return Ok(());
    }

    // In this order: the bodies are data of the comparison, and the table says that it held.
    write(&data("bodies.json"), &bodies(&results))?;
    output::step("Comparing the bodies with those of the page.");
    let mut cargo = process::command("cargo");
    let compare = ["test", "--locked", "--test", "native", "clients::", "--", "--nocapture"];
    process::run(cargo.args(compare), "Comparing the bodies")?;
    let differences = fs::read_to_string(data("differences.json")).map_err(Failure::io("Reading the differences"))?;
    let text = table::section(&results, &table::differences(&differences)?);
    let document = write_part("simulator-differences.md", COMMAND, &text)?;
    output::result(&results.summary());
    output::result(&document.display().to_string());
    Ok(())
}

/// A port of loopback that nobody listens on: the exports are written before the gateway that they call listens there.
fn free_port() -> Result<u16, Failure> {
    let bound = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
    Ok(bound.map_err(Failure::io("Looking for a free port"))?.port())
}

/// Has the page export the restores of the journeys, for a cloud that is the gateway.
fn write_exports(folder: &Path, port: u16) -> Result<(), Failure> {
    output::step("Writing the exports.");
    if folder.exists() {
        fs::remove_dir_all(folder).map_err(Failure::io("Removing the exports of the last run"))?;
    }
    fs::create_dir_all(folder).map_err(Failure::io("Making the folder of the exports"))?;
    let mut cargo = process::command("cargo");
    cargo.args(["test", "--locked", "--test", "native", "written_exports::", "--", "--ignored"]);
    cargo.env("EXPORTS_FOLDER", folder).env("EXPORTS_ORIGIN", format!("https://localhost:{port}"));
    process::run(&mut cargo, "Writing the exports")
}

/// Where the clients are installed and run.
fn folder() -> PathBuf {
    workspace::target().join("clients")
}

/// A file of the journeys' data.
fn data(name: &str) -> PathBuf {
    workspace::root().join("tests").join("clients").join(name)
}

/// The programs of a virtual environment with the packages of `tests/clients/NAME.txt`.
fn environment(name: &str, about: &str) -> Result<PathBuf, Failure> {
    tools::python::environment(&folder().join(name), &data(&format!("{name}.txt")), about)
}

fn program(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!("{name}{}", if cfg!(windows) && name == "az" { ".cmd" } else { env::consts::EXE_SUFFIX }))
}

fn write(path: &Path, text: &str) -> Result<(), Failure> {
    fs::write(path, text).map_err(Failure::io(format!("Writing {}", path.display())))
}

/// What azure-cli has sent, by journey.
fn bodies(results: &Results) -> String {
    let bodies: serde_json::Map<String, Value> =
        results.restores.iter().filter_map(|it| Some((it.name.clone(), it.body.clone()?))).collect();
    format!("{:#}\n", json!({"azure-cli": results.version, "bodies": bodies}))
}
