//! How fast long-running things go.

use serde::{Deserialize, Serialize};

/// How fast operations and jobs progress.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Progress {
    /// They are over when they are first read.
    AtOnce,
    /// They take as long as recorded restores took: about 70 s to 30 min of the time that requests carry.
    #[default]
    Timetable,
    /// They are over after this number of reads, regardless of time.
    PerRead(u32),
}

impl Progress {
    /// The progress in thousandths: after `elapsed` of `length` milliseconds, at the `reads`-th read.
    pub(crate) fn done(self, elapsed: i64, length: i64, reads: u32) -> u16 {
        let (part, whole) = match self {
            Self::AtOnce => (1, 1),
            Self::Timetable => (elapsed, length),
            Self::PerRead(n) => (i64::from(reads), i64::from(n)),
        };
        if part >= whole { 1_000 } else { u16::try_from(part.max(0) * 1_000 / whole.max(1)).unwrap_or(1_000) }
    }
}

#[cfg(test)]
mod tests {
    use super::Progress;

    #[test]
    fn goes_from_nothing_to_all() {
        assert_eq!(Progress::AtOnce.done(0, 70, 0), 1_000);
        assert_eq!(Progress::Timetable.done(0, 70, 9), 0);
        assert_eq!(Progress::Timetable.done(35, 70, 0), 500);
        assert_eq!(Progress::Timetable.done(71, 70, 0), 1_000);
        assert_eq!(Progress::PerRead(4).done(0, 70, 1), 250);
        assert_eq!(Progress::PerRead(0).done(0, 70, 0), 1_000);
    }
}
