//! Reading Azure's JSON: null and missing mean the same, enums come as numbers or words, and whatever does not fit is named by its path.

use crate::arm::{id::ArmId, time};
use ::time::{Duration, OffsetDateTime};
use serde_json::Value;

/// A value that has not the shape it should have.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected {expected} at {path}, found {found}")]
pub(crate) struct WrongShape {
    /// `value[3].properties.recoveryPointTime`; the root is `$`.
    pub(crate) path: String,
    pub(crate) expected: &'static str,
    pub(crate) found: String,
}

pub(crate) type Read<T> = Result<T, WrongShape>;

#[derive(Clone, Copy)]
enum Step<'a> {
    Root,
    Key(&'a str),
    Index(usize),
}

/// One place in an answer: a value, or its absence.
#[derive(Clone, Copy)]
pub(crate) struct Node<'a> {
    value: Option<&'a Value>,
    parent: Option<&'a Node<'a>>,
    step: Step<'a>,
}

impl<'a> Node<'a> {
    pub(crate) fn root(value: &'a Value) -> Self {
        Node { value: Some(value).filter(|v| !v.is_null()), parent: None, step: Step::Root }
    }

    pub(crate) fn is_absent(&self) -> bool {
        self.value.is_none()
    }

    pub(crate) fn value(&self) -> Option<&'a Value> {
        self.value
    }

    /// The member `key`; absent when this node is. Fails when this is something else than an object.
    pub(crate) fn at<'b>(&'b self, key: &'b str) -> Read<Node<'b>> {
        let value = match self.value {
            None => None,
            Some(Value::Object(map)) => map.get(key).filter(|v| !v.is_null()),
            Some(_) => return Err(self.wrong("an object")),
        };
        Ok(Node { value, parent: Some(self), step: Step::Key(key) })
    }

    /// This node, which must be present.
    pub(crate) fn present(&self) -> Read<&Self> {
        if self.is_absent() { Err(self.wrong("a value")) } else { Ok(self) }
    }

    pub(crate) fn wrong(&self, expected: &'static str) -> WrongShape {
        let found = match self.value {
            None => "nothing".to_owned(),
            Some(Value::String(text)) => format!("\"{}\"", text.chars().take(60).collect::<String>()),
            Some(Value::Array(_)) => "an array".to_owned(),
            Some(Value::Object(_)) => "an object".to_owned(),
            Some(other) => other.to_string(),
        };
        WrongShape { path: self.path(), expected, found }
    }

    fn path(&self) -> String {
        let above = self.parent.map(Node::path).unwrap_or_default();
        match self.step {
            Step::Root => "$".to_owned(),
            Step::Key(key) => format!("{above}.{key}"),
            Step::Index(index) => format!("{above}[{index}]"),
        }
    }

    /// Text; numbers and booleans are taken as their text.
    pub(crate) fn as_text(&self) -> Read<Option<String>> {
        match self.value {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.clone())),
            Some(value @ (Value::Number(_) | Value::Bool(_))) => Ok(Some(value.to_string())),
            Some(_) => Err(self.wrong("text")),
        }
    }

    /// Text that says something: `""` counts as absent.
    pub(crate) fn text(&self, key: &str) -> Read<Option<String>> {
        Ok(self.at(key)?.as_text()?.filter(|text| !text.is_empty()))
    }

    /// Text that must be there.
    pub(crate) fn need_text(&self, key: &str) -> Read<String> {
        let node = self.at(key)?;
        node.as_text()?.filter(|text| !text.is_empty()).ok_or_else(|| node.wrong("text"))
    }

    /// A word of a closed set, from the word itself or from its place in `names`.
    pub(crate) fn word(&self, key: &str, names: &[&str]) -> Read<Option<String>> {
        let node = self.at(key)?;
        let place = node.value.and_then(Value::as_u64).and_then(|n| usize::try_from(n).ok());
        match place.and_then(|n| names.get(n)) {
            Some(name) => Ok(Some((*name).to_owned())),
            None => Ok(node.as_text()?.filter(|text| !text.is_empty())),
        }
    }

    /// True or false, also as text.
    pub(crate) fn flag(&self, key: &str) -> Read<Option<bool>> {
        let node = self.at(key)?;
        match node.value {
            None => Ok(None),
            Some(Value::Bool(flag)) => Ok(Some(*flag)),
            Some(Value::String(text)) if text.eq_ignore_ascii_case("true") => Ok(Some(true)),
            Some(Value::String(text)) if text.eq_ignore_ascii_case("false") => Ok(Some(false)),
            Some(_) => Err(node.wrong("true or false")),
        }
    }

    /// A whole number, also as text.
    pub(crate) fn whole(&self, key: &str) -> Read<Option<i64>> {
        let node = self.at(key)?;
        match node.value {
            None => Ok(None),
            Some(Value::Number(number)) if number.as_i64().is_some() => Ok(number.as_i64()),
            Some(Value::String(text)) if text.parse::<i64>().is_ok() => Ok(text.parse().ok()),
            Some(_) => Err(node.wrong("a whole number")),
        }
    }

    /// The whole part of a percentage.
    pub(crate) fn percent(&self, key: &str) -> Read<Option<u8>> {
        let node = self.at(key)?;
        match node.value {
            None => Ok(None),
            Some(Value::Number(number)) => {
                let whole = number.as_str().split('.').next().unwrap_or_default();
                Ok(whole.parse().ok().map(|percent: u8| percent.min(100)))
            }
            Some(_) => Err(node.wrong("a number")),
        }
    }

    /// A time; "never" and text that is no time count as absent, since such a field only informs.
    pub(crate) fn time(&self, key: &str) -> Read<Option<OffsetDateTime>> {
        Ok(self.text(key)?.and_then(|text| time::parse(&text)).flatten())
    }

    /// A time that must be there.
    pub(crate) fn need_time(&self, key: &str) -> Read<OffsetDateTime> {
        self.time(key)?.map_or_else(|| Err(self.at(key)?.wrong("a time")), Ok)
    }

    /// A duration; text that is none counts as absent.
    pub(crate) fn duration(&self, key: &str) -> Read<Option<Duration>> {
        Ok(self.text(key)?.and_then(|text| time::parse_duration(&text)))
    }

    /// An ARM id; text that is none (a classic resource, a bare name) counts as absent.
    pub(crate) fn id(&self, key: &str) -> Read<Option<ArmId>> {
        Ok(self.text(key)?.and_then(|text| ArmId::parse(&text).ok()))
    }

    /// An ARM id that must be there.
    pub(crate) fn need_id(&self, key: &str) -> Read<ArmId> {
        self.id(key)?.map_or_else(|| Err(self.at(key)?.wrong("an ARM id")), Ok)
    }

    /// The members of an array; a missing array has none.
    pub(crate) fn list<T>(&self, key: &str, read: impl Fn(&Node<'_>) -> Read<T>) -> Read<Vec<T>> {
        Ok(self.list_if_any(key, read)?.unwrap_or_default())
    }

    /// The members of an array, where a missing array means something else than an empty one.
    pub(crate) fn list_if_any<T>(&self, key: &str, read: impl Fn(&Node<'_>) -> Read<T>) -> Read<Option<Vec<T>>> {
        let mut list = Vec::new();
        let keep = &mut |node: &Node<'_>| {
            list.push(read(node)?);
            Ok(())
        };
        Ok(self.each(key, keep)?.then_some(list))
    }

    /// Shows each member of an array to `keep`; false when the array is missing. Compiled once for all lists.
    fn each(&self, key: &str, keep: &mut dyn FnMut(&Node<'_>) -> Read<()>) -> Read<bool> {
        let node = self.at(key)?;
        match node.value {
            None => Ok(false),
            Some(Value::Array(values)) => {
                for (index, value) in values.iter().enumerate() {
                    let value = Some(value).filter(|v| !v.is_null());
                    keep(&Node { value, parent: Some(&node), step: Step::Index(index) })?;
                }
                Ok(true)
            }
            Some(_) => Err(node.wrong("an array")),
        }
    }

    /// The texts of an array.
    pub(crate) fn texts(&self, key: &str) -> Read<Vec<String>> {
        Ok(self.list(key, |node| node.as_text())?.into_iter().flatten().collect())
    }

    /// The members of an object, in the order of the answer.
    pub(crate) fn members(&self, key: &str) -> Read<Vec<(String, Option<String>)>> {
        let node = self.at(key)?;
        match node.value {
            None => Ok(Vec::new()),
            Some(Value::Object(map)) => map.keys().map(|name| Ok((name.clone(), node.at(name)?.as_text()?))).collect(),
            Some(_) => Err(node.wrong("an object")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn null_and_missing_are_the_same_and_wrong_shapes_have_a_path() {
        let value = json!({ "a": { "b": [{ "c": 1 }, { "c": [] }] }, "n": null, "e": "", "s": "x" });
        let root = Node::root(&value);
        assert_eq!(root.text("n").unwrap(), None);
        assert_eq!(root.text("missing").unwrap(), None);
        assert_eq!(root.text("e").unwrap(), None);
        assert!(root.at("n").unwrap().at("deeper").unwrap().is_absent());
        assert_eq!(root.need_text("n").unwrap_err().path, "$.n");
        assert_eq!(root.at("s").unwrap().text("x").unwrap_err().path, "$.s");
        let error = root.at("a").unwrap().list("b", |node| node.text("c")).unwrap_err();
        assert_eq!(error.to_string(), "expected text at $.a.b[1].c, found an array");
        assert_eq!(root.list_if_any("n", |node| node.as_text()).unwrap(), None);
        assert_eq!(Node::root(&json!({ "l": ["a", null, 2] })).texts("l").unwrap(), ["a", "2"]);
    }

    #[test]
    fn words_come_as_words_or_numbers() {
        let value = json!({ "word": "Valid", "number": 1, "beyond": 9, "text": "1" });
        let names = ["Invalid", "Valid"];
        let read = |key| Node::root(&value).word(key, &names).unwrap().unwrap();
        assert_eq!([read("word"), read("number"), read("beyond"), read("text")], ["Valid", "Valid", "9", "1"]);
    }

    #[test]
    fn large_numbers_keep_every_digit_as_text() {
        let value: Value =
            serde_json::from_str(r#"{"id": 2261197147500459276, "text": "2261197147500459276"}"#).unwrap();
        assert_eq!(Node::root(&value).text("id").unwrap().unwrap(), "2261197147500459276");
        assert_eq!(Node::root(&value).whole("text").unwrap(), Some(2_261_197_147_500_459_276));
    }
}
