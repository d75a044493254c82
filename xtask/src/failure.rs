//! Why a command could not do its work.

use std::{io, path::PathBuf, process::ExitStatus};

/// Each failure is one sentence that has everything a developer needs.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// The command line is wrong.
    #[error("{0} `cargo xtask help` lists what there is.")]
    Usage(String),
    /// A tool is missing and cannot be installed automatically.
    #[error("{what} is needed and was not found: {remedy}.")]
    Missing {
        /// The tool.
        what: &'static str,
        /// What to do about it.
        remedy: String,
    },
    /// A program could not be started.
    #[error("`{program}` could not be started: {error}.")]
    Start {
        /// The program.
        program: String,
        /// What the system says.
        error: io::Error,
    },
    /// A program failed after printing its own error.
    #[error("{doing} failed: `{program}` ended with {status}; its own words are above.")]
    Ended {
        /// What it was to do.
        doing: String,
        /// The program.
        program: String,
        /// How it ended.
        status: ExitStatus,
    },
    /// An operation on a file or socket failed.
    #[error("{doing} failed: {error}.")]
    Io {
        /// What was tried.
        doing: String,
        /// What the system says.
        error: io::Error,
    },
    /// A file does not have the expected content.
    #[error("{} is not as expected: {problem}.", path.display())]
    Content {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        problem: String,
    },
    /// The work was done and the result is not good enough.
    #[error("{0}")]
    FellShort(String),
}

impl Failure {
    /// For `map_err`: what was tried when the system refused.
    pub(crate) fn io(doing: impl Into<String>) -> impl FnOnce(io::Error) -> Self {
        let doing = doing.into();
        move |error| Self::Io { doing, error }
    }
}
