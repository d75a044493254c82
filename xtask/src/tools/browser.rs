//! Chromium and its driver.

use std::{env, path::PathBuf};

use super::debian;
use crate::{failure::Failure, process};

/// Names under which the browser is known, Debian's first.
const NAMES: [&str; 6] =
    ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge"];

/// Where the browser is when it is not on the search path.
const PLACES: [&str; 3] = [
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
];

const WHY: &str = "the tests drive the page in a real browser";

/// The browser: that of the environment variable `CHROME`, else an installed one, else Debian's.
pub(crate) fn chrome() -> Result<PathBuf, Failure> {
    ensure("CHROME", "Chromium or Chrome", "chromium", || {
        let place = || PLACES.iter().map(PathBuf::from).find(|path| path.is_file());
        NAMES.iter().find_map(|name| process::find(name)).or_else(place)
    })
}

/// The browser's driver: that of `CHROMEDRIVER`, else an installed one, else Debian's.
pub(crate) fn driver() -> Result<PathBuf, Failure> {
    ensure("CHROMEDRIVER", "ChromeDriver", "chromium-driver", || process::find("chromedriver"))
}

fn ensure(
    variable: &'static str,
    what: &'static str,
    package: &str,
    find: impl Fn() -> Option<PathBuf>,
) -> Result<PathBuf, Failure> {
    if let Some(named) = env::var_os(variable).map(PathBuf::from) {
        let remedy = format!("the environment variable {variable} names {}, where no file is", named.display());
        return if named.is_file() { Ok(named) } else { Err(Failure::Missing { what, remedy }) };
    }
    if let Some(found) = find() {
        return Ok(found);
    }
    let remedy = format!("install it (on Debian the package `{package}`) or name it in the variable {variable}");
    debian::install(what, package, WHY, &remedy)?;
    find().ok_or_else(|| Failure::Missing { what, remedy: format!("the package {package} did not bring it") })
}
