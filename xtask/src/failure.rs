//! Why a command could not do its work.

use std::{io, path::PathBuf, process::ExitStatus};

/// One clear sentence each; there is nothing behind it that a developer would need as well.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// The command line is not of the command's form.
    #[error("{0} `cargo xtask help` lists what there is.")]
    Usage(String),
    /// A tool is neither there nor can it be installed from here.
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
    /// A program ended with an error of its own, which it has told.
    #[error("{doing} failed: `{program}` ended with {status}; its own words are above.")]
    Ended {
        /// What it was to do.
        doing: String,
        /// The program.
        program: String,
        /// How it ended.
        status: ExitStatus,
    },
    /// A file or socket refused.
    #[error("{doing} failed: {error}.")]
    Io {
        /// What was tried.
        doing: String,
        /// What the system says.
        error: io::Error,
    },
    /// A file holds something else than it should.
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
