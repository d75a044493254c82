//! `config.json`: which cloud. Read at run time, so that one build serves every deployment.

use std::str::FromStr;

use azure_backup::arm::cloud::{Cloud, RefusedUrl};
use serde_json::Value;

/// The configuration of a deployment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// The cloud that the page talks to.
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
    /// It is not what it should be; the message names key and line.
    #[error("config.json is not right: {0}")]
    Wrong(String),
}

/// A key, and what is wrong with it.
type Wrong<'a> = (&'a str, String);

impl Config {
    /// Reads the text of `config.json`.
    ///
    /// # Errors
    /// What is wrong, and at which line.
    pub fn parse(text: &str) -> Result<Self, ConfigError> {
        let value: Value =
            serde_json::from_slice(text.as_bytes()).map_err(|error| ConfigError::Wrong(error.to_string()))?;
        Self::read(&value)
            .map_err(|(key, why)| ConfigError::Wrong(format!("`{key}`: {why}, at line {}", line_of(text, key))))
    }

    fn read(value: &Value) -> Result<Self, Wrong<'_>> {
        let [cloud] = members(value, "config.json", ["cloud"])?;
        let Some(cloud) = cloud else { return Ok(Self::default()) };
        let [name, arm, admitted, portal] = members(cloud, "cloud", ["name", "arm", "admitted", "portal"])?;
        let cloud = Cloud {
            name: text("name", name)?,
            arm: origin("arm", arm)?,
            admitted: match admitted {
                None => Vec::new(),
                Some(Value::Array(all)) => {
                    all.iter().map(|one| origin("admitted", Some(one))).collect::<Result<_, Wrong<'_>>>()?
                }
                Some(_) => return Err(("admitted", "expected a list of origins".to_owned())),
            },
            portal: portal.map(|portal| text("portal", Some(portal))).transpose()?,
        };
        Ok(Self { cloud })
    }
}

/// The members of an object that may have these and no others.
fn members<'a, const N: usize>(
    value: &'a Value,
    name: &'static str,
    keys: [&'static str; N],
) -> Result<[Option<&'a Value>; N], Wrong<'a>> {
    let Value::Object(object) = value else { return Err((name, "expected an object".to_owned())) };
    match object.keys().find(|key| !keys.contains(&key.as_str())) {
        Some(stranger) => Err((stranger, format!("unknown, expected {}", keys.join(", ")))),
        None => Ok(keys.map(|key| object.get(key))),
    }
}

fn text(key: &'static str, value: Option<&Value>) -> Result<String, Wrong<'static>> {
    match value {
        Some(Value::String(text)) => Ok(text.clone()),
        Some(_) => Err((key, "expected text".to_owned())),
        None => Err(("cloud", format!("`{key}` is missing"))),
    }
}

fn origin<T: FromStr<Err = RefusedUrl>>(key: &'static str, value: Option<&Value>) -> Result<T, Wrong<'static>> {
    text(key, value)?.parse().map_err(|refused: RefusedUrl| (key, refused.to_string()))
}

/// The line that names the key; the first if none does.
fn line_of(text: &str, key: &str) -> usize {
    let quoted = format!("\"{key}\"");
    text.lines().position(|line| line.contains(&quoted)).map_or(1, |index| index + 1)
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
