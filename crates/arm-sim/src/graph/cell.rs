//! The value of one column in one row.

use std::borrow::Cow;

use serde_json::Value;

use crate::text::quote;

/// A value. Text that is missing is empty, as in the query language.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Cell {
    Null,
    Flag(bool),
    Number(i64),
    Text(String),
    /// An array, an object, or a number with a fraction.
    Json(Box<Value>),
}

impl Cell {
    pub(crate) fn text(text: &str) -> Self {
        Self::Text(text.to_owned())
    }

    /// A JSON value.
    pub(crate) fn of(value: Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(flag) => Self::Flag(flag),
            Value::String(text) => Self::Text(text),
            Value::Number(number) => {
                number.as_i64().map_or_else(|| Self::Json(Box::new(Value::Number(number.clone()))), Self::Number)
            }
            other => Self::Json(Box::new(other)),
        }
    }

    /// The member of an object; anything else has none.
    pub(crate) fn member(&self, name: &str) -> Self {
        match self {
            Self::Json(value) => value.get(name).map_or(Self::Null, |value| Self::of(value.clone())),
            _ => Self::Null,
        }
    }

    /// As `tostring` writes it.
    pub(crate) fn as_text(&self) -> Cow<'_, str> {
        match self {
            Self::Null => Cow::Borrowed(""),
            Self::Flag(flag) => Cow::Borrowed(if *flag { "true" } else { "false" }),
            Self::Number(number) => Cow::Owned(number.to_string()),
            Self::Text(text) => Cow::Borrowed(text),
            Self::Json(value) => {
                let mut text = String::new();
                write(value, &mut text);
                Cow::Owned(text)
            }
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        match self {
            Self::Null => true,
            Self::Text(text) => text.is_empty(),
            _ => false,
        }
    }

    pub(crate) fn is_true(&self) -> bool {
        *self == Self::Flag(true)
    }

    /// What rows are sorted by: what is missing comes first.
    pub(crate) fn sort_text(&self) -> String {
        match self {
            Self::Number(number) => format!("{number:020}"),
            other => other.as_text().into_owned(),
        }
    }

    /// How a table names the type of its column; none where the value is missing.
    pub(crate) fn type_name(&self) -> Option<&'static str> {
        match self {
            Self::Null => None,
            Self::Flag(_) => Some("boolean"),
            Self::Number(_) => Some("integer"),
            Self::Text(_) => Some("string"),
            Self::Json(_) => Some("object"),
        }
    }

    /// Appends it as JSON.
    pub(crate) fn write(&self, out: &mut String) {
        match self {
            Self::Null => out.push_str("null"),
            Self::Text(text) => out.push_str(&quote(text)),
            Self::Flag(_) | Self::Number(_) => out.push_str(&self.as_text()),
            Self::Json(value) => write(value, out),
        }
    }
}

fn write(value: &Value, out: &mut String) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(flag) => out.push_str(if *flag { "true" } else { "false" }),
        Value::Number(number) => out.push_str(number.as_str()),
        Value::String(text) => out.push_str(&quote(text)),
        Value::Array(members) => {
            out.push('[');
            for (nth, member) in members.iter().enumerate() {
                if nth > 0 {
                    out.push(',');
                }
                write(member, out);
            }
            out.push(']');
        }
        Value::Object(members) => {
            out.push('{');
            for (nth, (name, member)) in members.iter().enumerate() {
                if nth > 0 {
                    out.push(',');
                }
                out.push_str(&quote(name));
                out.push(':');
                write(member, out);
            }
            out.push('}');
        }
    }
}
