//! The command line: flags, options with a value, the rest.

use crate::failure::Failure;

/// Arguments that have not been asked for yet.
#[derive(Debug)]
pub(crate) struct Args {
    left: Vec<String>,
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
        Self { left, after_dashes }
    }

    /// Takes `--name` out; whether it was there.
    pub(crate) fn flag(&mut self, name: &str) -> bool {
        let before = self.left.len();
        self.left.retain(|argument| argument != name);
        self.left.len() < before
    }

    /// Takes `--name VALUE` or `--name=VALUE` out.
    ///
    /// # Errors
    /// [`Failure::Usage`] when the value is missing.
    pub(crate) fn option(&mut self, name: &str) -> Result<Option<String>, Failure> {
        let with_value = format!("{name}=");
        let Some(at) = self.left.iter().position(|argument| argument == name || argument.starts_with(&with_value))
        else {
            return Ok(None);
        };
        let argument = self.left.remove(at);
        if let Some(value) = argument.strip_prefix(&with_value) {
            return Ok(Some(value.to_owned()));
        }
        if at < self.left.len() && !self.left[at].starts_with("--") {
            return Ok(Some(self.left.remove(at)));
        }
        Err(Failure::Usage(format!("`{name}` needs a value.")))
    }

    /// As [`Self::option`], read as a number.
    ///
    /// # Errors
    /// [`Failure::Usage`] when it is missing or none of the kind.
    pub(crate) fn number<T: std::str::FromStr>(&mut self, name: &str) -> Result<Option<T>, Failure> {
        self.option(name)?
            .map(|value| {
                value.parse().map_err(|_| Failure::Usage(format!("`{name} {value}` is not a number it takes.")))
            })
            .transpose()
    }

    /// Takes the first argument out.
    pub(crate) fn first(&mut self) -> Option<String> {
        (!self.left.is_empty()).then(|| self.left.remove(0))
    }

    /// What stands behind `--`, or anywhere else and was not asked for.
    pub(crate) fn rest(self) -> Vec<String> {
        self.left.into_iter().chain(self.after_dashes).collect()
    }

    /// What stands behind `--`.
    ///
    /// # Errors
    /// [`Failure::Usage`] when anything before it was not asked for.
    pub(crate) fn only_after_dashes(self) -> Result<Vec<String>, Failure> {
        match self.left.first() {
            Some(argument) => Err(Failure::Usage(format!("`{argument}` is not an argument of this command."))),
            None => Ok(self.after_dashes),
        }
    }

    /// # Errors
    /// [`Failure::Usage`] when anything was not asked for.
    pub(crate) fn nothing_left(self) -> Result<(), Failure> {
        let after_dashes = self.only_after_dashes()?;
        match after_dashes.first() {
            Some(argument) => Err(Failure::Usage(format!("`{argument}` is not an argument of this command."))),
            None => Ok(()),
        }
    }
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
        assert_eq!(some.number::<u32>("--restore").unwrap(), Some(2));
        assert_eq!(some.option("--expose").unwrap().as_deref(), Some("none"));
        assert!(some.flag("--move-faults"));
        assert!(!some.flag("--move-faults"));
        assert_eq!(some.rest(), ["a.json", "b.json"]);
    }

    #[test]
    fn a_missing_value_and_an_unknown_argument_are_told() {
        assert!(args("--port").option("--port").is_err());
        assert!(args("--port --open").option("--port").is_err());
        assert!(args("--port x").number::<u16>("--port").is_err());
        assert!(args("--prot 1").nothing_left().is_err());
        assert!(args("-- x").nothing_left().is_err());
        assert_eq!(args("-- -g name").only_after_dashes().unwrap(), ["-g", "name"]);
    }
}
