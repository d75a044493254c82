//! Chromium, Firefox and WebKitGTK, and what drives them.

use std::{env, path::PathBuf};

use super::{cargo, debian};
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

/// Firefox: that of `FIREFOX`, else an installed one, else Debian's with extended support.
pub(crate) fn firefox() -> Result<PathBuf, Failure> {
    ensure("FIREFOX", "Firefox", "firefox-esr", || {
        ["firefox-esr", "firefox"].iter().find_map(|name| process::find(name))
    })
}

/// Firefox's driver: that of `GECKODRIVER`, else one that is built from its source. Debian has none.
pub(crate) fn geckodriver() -> Result<PathBuf, Failure> {
    if let Some(named) = named("GECKODRIVER", "geckodriver") {
        return named;
    }
    cargo::geckodriver()?;
    let remedy = "`cargo install` did not put it where programs are looked for";
    process::find("geckodriver").ok_or_else(|| Failure::Missing { what: "geckodriver", remedy: remedy.to_owned() })
}

/// WebKitGTK's driver, which brings the browser along: that of `WEBKIT_DRIVER`, else an installed one, else Debian's.
pub(crate) fn webkit_driver() -> Result<PathBuf, Failure> {
    ensure("WEBKIT_DRIVER", "WebKitWebDriver", "webkit2gtk-driver", || process::find("WebKitWebDriver"))
}

/// The display of WebKitGTK, which cannot do without one: that of `XVFB`, else an installed one, else Debian's.
pub(crate) fn xvfb() -> Result<PathBuf, Failure> {
    ensure("XVFB", "Xvfb", "xvfb", || process::find("Xvfb"))
}

fn ensure(
    variable: &'static str,
    what: &'static str,
    package: &str,
    find: impl Fn() -> Option<PathBuf>,
) -> Result<PathBuf, Failure> {
    if let Some(named) = named(variable, what) {
        return named;
    }
    if let Some(found) = find() {
        return Ok(found);
    }
    let remedy = format!("install it (on Debian the package `{package}`) or name it in the variable {variable}");
    debian::install(what, package, WHY, &remedy)?;
    find().ok_or_else(|| Failure::Missing { what, remedy: format!("the package {package} did not bring it") })
}

/// The program that an environment variable names, if there is one.
fn named(variable: &str, what: &'static str) -> Option<Result<PathBuf, Failure>> {
    let named = PathBuf::from(env::var_os(variable)?);
    let remedy = format!("the environment variable {variable} names {}, where no file is", named.display());
    Some(if named.is_file() { Ok(named) } else { Err(Failure::Missing { what, remedy }) })
}
