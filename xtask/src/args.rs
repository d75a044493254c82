//! The command line: flags, options with a value, the rest.

use std::{ffi::OsString, fmt::Display, str::FromStr};

use pico_args::Arguments;

use crate::failure::Failure;

/// Arguments that have not been read yet.
#[derive(Debug)]
pub(crate) struct Args {
    left: Arguments,
    after_dashes: Vec<String>,
}

impl Args {
    /// Everything behind `--` is kept apart, for another program.
    pub(crate) fn new(arguments: impl Iterator<Item = String>) -> Self {
        let mut left: Vec<String> = arguments.collect();
        let mut after_dashes = Vec::new();
        if let Some(at) = left.iter().position(|argument| argument == "--") {
            after_dashes = left.split_off(at);
            after_dashes.remove(0);
        }
        Self { left: Arguments::from_vec(left.into_iter().map(OsString::from).collect()), after_dashes }
    }

    /// Removes `--name`; returns whether it was there.
    pub(crate) fn flag(&mut self, name: &'static str) -> bool {
        self.left.contains(name)
    }

    /// Takes `--name VALUE` or `--name=VALUE` out.
    ///
    /// # Errors
    /// [`Failure::Usage`] when the value is missing or not of this type.
    pub(crate) fn option<T: FromStr<Err: Display>>(&mut self, name: &'static str) -> Result<Option<T>, Failure> {
        self.left.opt_value_from_str(name).map_err(|error| Failure::Usage(format!("{error}.")))
    }

    /// Takes the first argument out.
    pub(crate) fn first(&mut self) -> Option<String> {
        self.left.opt_free_from_str().ok().flatten()
    }

    /// The arguments that were not read yet, with those behind `--`.
    pub(crate) fn rest(self) -> Vec<String> {
        let left = self.left.finish().into_iter();
        left.map(|argument| argument.to_string_lossy().into_owned()).chain(self.after_dashes).collect()
    }

    /// The arguments behind `--`.
    ///
    /// # Errors
    /// [`Failure::Usage`] when an argument before it was not read.
    pub(crate) fn only_after_dashes(self) -> Result<Vec<String>, Failure> {
        match self.left.finish().first() {
            Some(argument) => Err(unknown(&argument.to_string_lossy())),
            None => Ok(self.after_dashes),
        }
    }

    /// # Errors
    /// [`Failure::Usage`] when an argument was not read.
    pub(crate) fn nothing_left(self) -> Result<(), Failure> {
        self.only_after_dashes()?.first().map_or(Ok(()), |argument| Err(unknown(argument)))
    }
}

fn unknown(argument: &str) -> Failure {
    Failure::Usage(format!("`{argument}` is not an argument of this command."))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn args(line: &str) -> Args {
        Args::new(line.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn options_flags_and_files_in_any_order() {
        let mut some = args("a.json --restore 2 --expose=none --move-faults b.json");
        assert_eq!(some.option::<u32>("--restore").unwrap(), Some(2));
        assert_eq!(some.option("--expose").unwrap(), Some("none".to_owned()));
        assert!(some.flag("--move-faults"));
        assert!(!some.flag("--move-faults"));
        assert_eq!(some.rest(), ["a.json", "b.json"]);
    }

    #[test]
    fn a_missing_value_and_an_unknown_argument_are_told() {
        assert!(args("--port").option::<u16>("--port").is_err());
        assert!(args("--port --open").option::<u16>("--port").is_err());
        assert!(args("--port x").option::<u16>("--port").is_err());
        assert!(args("--prot 1").nothing_left().is_err());
        assert!(args("-- x").nothing_left().is_err());
        assert_eq!(args("-- -g name").only_after_dashes().unwrap(), ["-g", "name"]);
    }
}
