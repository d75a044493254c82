//! Python, in which the server of recorded traffic is written.

use crate::{failure::Failure, process};

/// Python 3.11 or newer as `python3`.
pub(crate) fn python() -> Result<(), Failure> {
    let found = process::version("python3");
    if found.as_deref().and_then(minor).is_some_and(|minor| minor >= 11) {
        return Ok(());
    }
    let found = found.map_or_else(String::new, |version| format!(" (this one is {version})"));
    Err(Failure::Missing {
        what: "Python",
        remedy: format!("install Python 3.11 or newer{found}, which plays the recordings"),
    })
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
