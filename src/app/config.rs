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
        serde_json::from_slice(text.as_bytes()).map_err(|error| ConfigError::Wrong(error.to_string()))
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
    fn a_misspelt_key_is_named() {
        let error = Config::parse("{\n  \"clouds\": {}\n}").unwrap_err().to_string();
        assert!(error.contains("`clouds`") && error.contains("line 2"), "{error}");
    }
}
