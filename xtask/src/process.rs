//! Starting other programs.

use std::{
    env,
    ffi::OsString,
    io::{self, BufRead as _, BufReader, IsTerminal as _},
    path::PathBuf,
    process::{Command, Stdio},
};

use crate::{failure::Failure, output, workspace};

/// Where cargo keeps its programs and the crates.
pub(crate) fn cargo_home() -> Option<PathBuf> {
    let home = || env::var_os("HOME").or_else(|| env::var_os("USERPROFILE"));
    let cargo_home = env::var_os("CARGO_HOME").map(PathBuf::from);
    cargo_home.or_else(|| Some(PathBuf::from(home()?).join(".cargo")))
}

/// The folders that are searched for programs: cargo's, then npm's, then the system's.
fn folders() -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> = cargo_home().map(|home| home.join("bin")).into_iter().collect();
    folders.push(workspace::root().join("node_modules").join(".bin"));
    folders.extend(env::split_paths(&env::var_os("PATH").unwrap_or_default()));
    folders
}

/// The first program of this name.
pub(crate) fn find(name: &str) -> Option<PathBuf> {
    let endings: &[&str] = if cfg!(windows) { &[".exe", ".cmd"] } else { &[""] };
    folders()
        .iter()
        .flat_map(|folder| endings.iter().map(move |ending| folder.join(format!("{name}{ending}"))))
        .find(|path| path.is_file())
}

/// A command that runs in the workspace's folder, with the same search path as this program.
pub(crate) fn command(name: &str) -> Command {
    let mut command = Command::new(find(name).unwrap_or_else(|| PathBuf::from(name)));
    let path = env::join_paths(folders()).unwrap_or_else(|_| env::var_os("PATH").unwrap_or_default());
    command.current_dir(workspace::root()).env("PATH", path).stdin(Stdio::null());
    command
}

/// Runs a program as a step of a command: its output goes to standard error.
pub(crate) fn run(command: &mut Command, doing: &str) -> Result<(), Failure> {
    command.stdout(Stdio::from(io::stderr()));
    finish(command, doing)
}

/// Runs a program whose output is the command's result: it goes to standard output.
pub(crate) fn finish(command: &mut Command, doing: &str) -> Result<(), Failure> {
    let status = command.status().map_err(|error| start(command, error))?;
    if status.success() {
        Ok(())
    } else {
        Err(Failure::Ended { doing: doing.to_owned(), program: name(command), status })
    }
}

/// Runs a program and returns its standard output.
pub(crate) fn capture(command: &mut Command, doing: &str) -> Result<String, Failure> {
    let output = command.stderr(Stdio::inherit()).output().map_err(|error| start(command, error))?;
    if !output.status.success() {
        return Err(Failure::Ended { doing: doing.to_owned(), program: name(command), status: output.status });
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// A program whose output goes through while `heard` reads each line. Whether it ended well.
pub(crate) fn listen(command: &mut Command, mut heard: impl FnMut(&str)) -> Result<bool, Failure> {
    if io::stdout().is_terminal() {
        command.env("CARGO_TERM_COLOR", "always");
    }
    let mut child = command.stdout(Stdio::piped()).spawn().map_err(|error| start(command, error))?;
    if let Some(out) = child.stdout.take() {
        let mut out = BufReader::new(out);
        let mut line = Vec::new();
        while out.read_until(b'\n', &mut line).map_err(Failure::io("Reading a program's output"))? > 0 {
            output::pass_on(&line);
            heard(String::from_utf8_lossy(&line).trim_end());
            line.clear();
        }
    }
    let status = child.wait().map_err(|error| start(command, error))?;
    Ok(status.success())
}

/// The output of `NAME --version`; none if there is no such program.
pub(crate) fn version(name: &str) -> Option<String> {
    let output = command(name).arg("--version").stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// A program that could not be started.
pub(crate) fn start(command: &Command, error: io::Error) -> Failure {
    Failure::Start { program: name(command), error }
}

fn name(command: &Command) -> String {
    let program = PathBuf::from(command.get_program());
    program.file_stem().map_or_else(OsString::new, OsString::from).to_string_lossy().into_owned()
}
