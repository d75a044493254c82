//! Python, in which the server of recorded traffic and Microsoft's command line are written.

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::{failure::Failure, output, process};

/// Python 3.11 or newer as `python3`; `why` says what it is for.
pub(crate) fn python(why: &str) -> Result<(), Failure> {
    let found = process::version("python3");
    if found.as_deref().and_then(minor).is_some_and(|minor| minor >= 11) {
        return Ok(());
    }
    let found = found.map_or_else(String::new, |version| format!(" (this one is {version})"));
    Err(Failure::Missing { what: "Python", remedy: format!("install Python 3.11 or newer{found}, {why}") })
}

/// A virtual environment in `folder` with the packages that the file `requirements` lists; `about` says what they are. One that has
/// them already is left alone. Gives the folder of its programs.
pub(crate) fn environment(folder: &Path, requirements: &Path, about: &str) -> Result<PathBuf, Failure> {
    python("in which Microsoft's clients are written")?;
    let programs = folder.join(if cfg!(windows) { "Scripts" } else { "bin" });
    let wanted = fs::read_to_string(requirements).map_err(Failure::io("Reading which packages are needed"))?;
    let installed = folder.join("installed.txt");
    if fs::read_to_string(&installed).is_ok_and(|installed| installed == wanted) {
        return Ok(programs);
    }
    let venv = process::capture(process::command("python3").args(["-c", "import ensurepip, venv"]), "Looking for venv");
    if venv.is_err() {
        let remedy = "install Python's modules venv and ensurepip (on Debian the package `python3-venv`)".to_owned();
        return Err(Failure::Missing { what: "Python's venv", remedy });
    }
    output::step(&format!("Installing {about} into {}.", folder.display()));
    let mut make = process::command("python3");
    process::run(make.args(["-m", "venv", "--clear"]).arg(folder), "Making a virtual environment")?;
    let mut pip = process::command(&programs.join("python").to_string_lossy());
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input", "--requirement"]);
    process::run(pip.arg(requirements), &format!("Installing {about}"))?;
    // Last, so that an installation that was interrupted is made anew.
    fs::write(&installed, wanted).map_err(Failure::io("Noting what was installed"))?;
    Ok(programs)
}

/// `Python 3.11.2` → 11.
fn minor(version: &str) -> Option<u32> {
    version.strip_prefix("Python 3.")?.split('.').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn python_versions() {
        assert_eq!(minor("Python 3.11.2"), Some(11));
        assert_eq!(minor("Python 2.7.18"), None);
    }
}
