//! Api-versions: they decide which fields exist and how enums are written.

use std::fmt;

/// The newest version of Azure Backup: the default of azure-mgmt-recoveryservicesbackup 11.2.0.
const NEWEST: u32 = 20_261_001;

/// From this version on, jobs, items and recovery points have the shapes that were recorded in July 2026 with 2025-02-01.
pub(crate) const RECORDED_2026: u32 = 20_250_201;

/// An api-version such as `2024-04-01` or `2022-06-01-preview`, ordered by its date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Version {
    text: String,
    number: u32,
}

impl Version {
    /// Reads an api-version; `None` when it is not a date.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let date = text.strip_suffix("-preview").unwrap_or(text);
        let ok = date.len() == 10
            && date.bytes().enumerate().all(|(i, b)| if matches!(i, 4 | 7) { b == b'-' } else { b.is_ascii_digit() });
        let number = date.replace('-', "").parse().ok().filter(|_| ok)?;
        Some(Self { text: text.to_owned(), number })
    }

    /// Whether this is the version of the given date (as in `20240401`) or a later one.
    pub(crate) fn since(&self, date: u32) -> bool {
        self.number >= date
    }

    /// Whether this version is only for the secondary region (cross-region restore).
    pub(crate) fn is_secondary(&self) -> bool {
        matches!(self.number, 20_181_220 | 20_211_115 | 20_230_115)
    }

    /// Whether Azure Backup may have such a version: between its first and its newest one.
    pub(crate) fn is_backup(&self) -> bool {
        (20_160_501..=NEWEST).contains(&self.number)
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::Version;

    #[test]
    fn reads_dates_only() {
        assert!(Version::parse("2024-04-01").unwrap().since(20_240_401));
        assert!(!Version::parse("2022-06-01-preview").unwrap().since(20_230_201));
        assert!(Version::parse("2021-11-15").unwrap().is_secondary());
        for bad in ["", "2024", "2024-04-1", "latest", "2024/04/01", "2024-04-01-beta", "２０２４-04-01"] {
            assert!(Version::parse(bad).is_none(), "{bad}");
        }
        for known in ["2016-05-01", "2024-04-01", "2026-07-01", "2026-08-01", "2026-10-01"] {
            assert!(Version::parse(known).unwrap().is_backup(), "{known}");
        }
        for future in ["2026-10-02", "2031-01-01"] {
            assert!(!Version::parse(future).unwrap().is_backup(), "{future}");
        }
    }
}
