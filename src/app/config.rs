//! `config.json`: which cloud. Read at run time, so that one build serves every deployment.

use azure_backup::arm::cloud::Cloud;
use serde::Deserialize;

/// The configuration of a deployment.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The cloud that the page talks to.
    #[serde(default = "Cloud::public")]
    pub cloud: Cloud,
}

impl Default for Config {
    fn default() -> Self {
        Self { cloud: Cloud::public() }
    }
}

/// Why a configuration cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// It could not be read at all.
    #[error("config.json could not be read: {0}")]
    Unread(String),
    /// It is not what it should be; the message names key, line and column.
    #[error("config.json is not right: {0}")]
    Wrong(String),
}

impl Config {
    /// Reads the text of `config.json`.
    ///
    /// # Errors
    /// What is wrong, and at which line.
    pub fn parse(text: &str) -> Result<Self, ConfigError> {
        serde_json::from_slice(text.as_bytes()).map_err(|error| {
            let key = key_before(text, error.line(), error.column());
            ConfigError::Wrong(key.map_or_else(|| error.to_string(), |key| format!("`{key}`: {error}")))
        })
    }
}

/// The key whose value ends at a place in the text: the last one before it.
fn key_before(text: &str, line: usize, column: usize) -> Option<&str> {
    let begin: usize = text.split_inclusive('\n').take(line.checked_sub(1)?).map(str::len).sum();
    let (mut before, _) = text.split_at_checked(begin + column)?;
    loop {
        (before, _) = before.rsplit_once(':')?;
        // Another colon stands within a value.
        if let Some(quoted) = before.trim_end().strip_suffix('"') {
            return quoted.rsplit_once('"').map(|(_, key)| key);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_object_is_the_public_cloud() {
        assert_eq!(Config::parse("{}").unwrap().cloud, Cloud::public());
    }

    #[test]
    fn loopback_may_be_plain_and_nothing_else() {
        assert!(Config::parse(r#"{"cloud": {"name": "test", "arm": "http://127.0.0.1:8080"}}"#).is_ok());
        let error =
            Config::parse("{\"cloud\": {\"name\": \"test\",\n \"arm\": \"http://arm.example.com\"}}").unwrap_err();
        assert!(error.to_string().contains("line 2"), "{error}");
    }

    #[test]
    fn a_wrong_value_is_told_with_its_key() {
        for (text, key) in [
            ("{\"cloud\": {\"name\": 5,\n \"arm\": \"https://a.example\"}}", "`name`: "),
            ("{\"cloud\": {\"name\": \"a\",\n \"arm\" : \"ftp://a.example\"}}", "`arm`: "),
            (
                "{\"cloud\": {\"name\": \"a\", \"arm\": \"https://a.example\", \"admitted\": [\"http://x.example\"]}}",
                "`admitted`: ",
            ),
        ] {
            let error = Config::parse(text).unwrap_err().to_string();
            assert!(error.contains(key) && error.contains("line "), "{error}");
        }
        for text in ["", "{", "5", "{\"cloud\"", "{\"cloud\": null}"] {
            assert!(Config::parse(text).unwrap_err().to_string().contains("line 1"), "{text}");
        }
    }

    #[test]
    fn a_misspelt_key_is_named() {
        let error = Config::parse("{\n  \"clouds\": {}\n}").unwrap_err().to_string();
        assert!(error.contains("`clouds`") && error.contains("line 2"), "{error}");
    }
}
