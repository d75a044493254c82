//! The only place that prints.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command line tool speaks on its standard streams")]

use std::io::{self, Write as _};

use crate::failure::Failure;

/// What is being done, and why.
pub(crate) fn step(text: &str) {
    eprintln!("▸ {text}");
}

/// A result, on standard output.
pub(crate) fn result(text: &str) {
    println!("{text}");
}

/// Output of a program, passed on as it comes. A closed standard output is not this program's business.
pub(crate) fn pass_on(line: &[u8]) {
    let mut out = io::stdout().lock();
    let _ = out.write_all(line).and_then(|()| out.flush());
}

/// The one sentence in which a command ends that could not do its work.
pub(crate) fn failed(failure: &Failure) {
    eprintln!("error: {failure}");
}
