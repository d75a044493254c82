//! An answer's JSON as a flat list of tokens that borrow from the answer.

use hifijson::{
    Error, SliceLexer,
    num::LexWrite as _,
    str::LexAlloc as _,
    token::{Expect, Lex as _},
};
use serde_json::{Map, Value};
use std::borrow::Cow;

/// Parsed JSON: texts are borrowed from the answer, numbers are the digits that Azure wrote. It is one flat list, in which each value is
/// followed by the values in it. A [`Value`] would cost an allocation for each text, a tree one for each object.
pub(crate) struct Document<'a>(pub(super) Vec<Node<'a>>);

/// A value without what lies in it, or the name of a member, in which its value lies.
#[derive(Clone)]
pub(crate) struct Node<'a> {
    pub(super) token: Token<'a>,
    /// The number of nodes that belong to the value or member, including this one.
    length: usize,
}

#[derive(Clone)]
pub(super) enum Token<'a> {
    Null,
    Flag(bool),
    /// The digits as Azure wrote them.
    Number(Cow<'a, str>),
    Text(Cow<'a, str>),
    Array,
    Object,
}

/// The deepest nesting that is parsed: the limit of [`Value`]'s own parser.
const MAX_DEPTH: usize = 128;

/// Estimated bytes of an answer for each node, to size the list. An estimate that reserves too much fragments the memory, so that the next page does
/// not fit into the gaps: with 16, a hundred thousand recovery points took 440 MiB instead of 360.
const BYTES_PER_NODE: usize = 20;

/// Text that is not JSON. Lines and columns count from 1 and 0, in bytes, up to the first byte that does not fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SyntaxError {
    /// The text ends within a value.
    #[error("text that ends too early at line {line}, column {column}")]
    EndsEarly {
        /// The line, from 1.
        line: usize,
        /// The bytes of the line before the error.
        column: usize,
    },
    /// A character that JSON does not allow there, or values nested more than 127 deep.
    #[error("something else at line {line}, column {column}")]
    Unexpected {
        /// The line, from 1.
        line: usize,
        /// The bytes of the line before the error.
        column: usize,
    },
}

/// Parses a text.
///
/// # Errors
/// [`SyntaxError`] says where the text stops being JSON.
#[inline(never)]
pub(crate) fn parse(text: &[u8]) -> Result<Document<'_>, SyntaxError> {
    let mut lexer = SliceLexer::new(text);
    let mut json = Document(Vec::with_capacity(text.len() / BYTES_PER_NODE));
    let parsed = lexer.exactly_one(SliceLexer::ws_peek, |next, lexer| json.parse(MAX_DEPTH, next, lexer));
    parsed.map(|()| json).map_err(|_| {
        let rest = lexer.as_slice();
        let read = text.get(..text.len() - rest.len()).unwrap_or_default();
        let line = read.split(|byte| *byte == b'\n').count();
        let column = read.rsplit(|byte| *byte == b'\n').next().unwrap_or_default().len();
        if rest.is_empty() { SyntaxError::EndsEarly { line, column } } else { SyntaxError::Unexpected { line, column } }
    })
}

/// Parses a text into an owned value.
///
/// # Errors
/// [`SyntaxError`] says where the text stops being JSON.
#[inline(never)]
pub fn value(text: &[u8]) -> Result<Value, SyntaxError> {
    parse(text).map(|json| to_value(&json.0))
}

impl<'a> Document<'a> {
    /// Null.
    pub(crate) fn null() -> Self {
        Self(Vec::new())
    }

    fn parse(&mut self, deep: usize, next: u8, lexer: &mut SliceLexer<'a>) -> Result<(), Error> {
        let deep = deep.checked_sub(1).ok_or(Error::Depth)?;
        let token = match next {
            b'{' => Token::Object,
            b'[' => Token::Array,
            b'"' => Token::Text(lexer.discarded().str_string().map_err(Error::Str)?),
            b'0'..=b'9' | b'-' => Token::Number(Cow::Borrowed(lexer.num_string().validated()?.0)),
            _ => lexer.null_or_bool().ok_or(Expect::Value)?.map_or(Token::Null, Token::Flag),
        };
        let within = |json: &mut Self| match next {
            b'{' => lexer.discarded().seq(b'}', SliceLexer::ws_peek, |next, lexer| {
                lexer.expect(|_| Some(next), b'"').ok_or(Expect::String)?;
                let name = lexer.str_string().map_err(Error::Str)?;
                lexer.expect(SliceLexer::ws_peek, b':').ok_or(Expect::Colon)?;
                let next = lexer.ws_peek().ok_or(Expect::Value)?;
                json.push(Token::Text(name), |json| json.parse(deep, next, lexer))
            }),
            b'[' => lexer.discarded().seq(b']', SliceLexer::ws_peek, |next, lexer| json.parse(deep, next, lexer)),
            _ => Ok(()),
        };
        self.push(token, within)
    }

    fn push_value(&mut self, value: &'a Value) {
        let token = match value {
            Value::Null => Token::Null,
            Value::Bool(flag) => Token::Flag(*flag),
            Value::Number(number) => Token::Number(Cow::Owned(number.to_string())),
            Value::String(text) => Token::Text(Cow::Borrowed(text)),
            Value::Array(_) => Token::Array,
            Value::Object(_) => Token::Object,
        };
        self.push(token, |json| match value {
            Value::Array(members) => members.iter().for_each(|member| json.push_value(member)),
            Value::Object(members) => members.iter().for_each(|(name, member)| {
                json.push(Token::Text(Cow::Borrowed(name)), |json| json.push_value(member));
            }),
            _ => {}
        });
    }

    /// Adds a node; `within` adds the values in it.
    fn push<T>(&mut self, token: Token<'a>, within: impl FnOnce(&mut Self) -> T) -> T {
        let at = self.0.len();
        self.0.push(Node { token, length: 1 });
        let done = within(self);
        self.0[at].length = self.0.len() - at;
        done
    }
}

/// The members of an array or object, one after the other.
pub(super) struct Values<'a>(&'a [Node<'a>]);

impl<'a> Values<'a> {
    /// The members of a value.
    pub(super) fn within(value: &'a [Node<'a>]) -> Self {
        Self(value.get(1..).unwrap_or_default())
    }

    /// The next member of an object.
    pub(super) fn member(&mut self) -> Option<(&'a str, &'a [Node<'a>])> {
        let (name, value) = self.next()?.split_first()?;
        match &name.token {
            Token::Text(name) => Some((name, value)),
            _ => None,
        }
    }
}

impl<'a> Iterator for Values<'a> {
    type Item = &'a [Node<'a>];

    fn next(&mut self) -> Option<Self::Item> {
        let (value, rest) = self.0.split_at_checked(self.0.first()?.length)?;
        self.0 = rest;
        Some(value)
    }
}

/// The value of an object's member `key`; of several the last, and empty if there is none. It does not use [`Values`], because a long list
/// looks up some twenty members of each recovery point, and the calls would take most of the time.
pub(super) fn member<'a>(object: &'a [Node<'a>], key: &str) -> &'a [Node<'a>] {
    let (mut value, mut at): (&[Node<'_>], _) = (&[], 1);
    while let Some(Node { token, length }) = object.get(at) {
        if matches!(token, Token::Text(name) if name == key) {
            value = object.get(at + 1..at + length).unwrap_or_default();
        }
        at += length;
    }
    value
}

/// A table, `{columns: [{name}], rows: [[…]]}`, as `{data: [{name: …}]}`. A cell without a column is left out, and so is a row that is no array.
pub(super) fn table_as_objects<'a>(table: &'a [Node<'a>]) -> Document<'a> {
    let columns: Vec<Cow<'a, str>> = Values::within(member(table, "columns"))
        .map(|column| match member(column, "name").first().map(|name| &name.token) {
            Some(Token::Text(name)) => name.clone(),
            _ => Cow::Borrowed(""),
        })
        .collect();
    let rows = Values::within(member(table, "rows"));
    let mut json = Document(Vec::with_capacity(table.len() * 2));
    json.push(Token::Object, |json| {
        json.push(Token::Text(Cow::Borrowed("data")), |json| {
            json.push(Token::Array, |json| {
                for row in rows.filter(|row| matches!(row.first(), Some(Node { token: Token::Array, .. }))) {
                    json.push(Token::Object, |json| {
                        for (name, cell) in columns.iter().zip(Values::within(row)) {
                            json.push(Token::Text(name.clone()), |json| json.0.extend_from_slice(cell));
                        }
                    });
                }
            });
        });
    });
    json
}

/// The same as an owned value.
pub(super) fn to_value(value: &[Node<'_>]) -> Value {
    let mut within = Values::within(value);
    match value.first().map(|part| &part.token) {
        None | Some(Token::Null) => Value::Null,
        Some(Token::Flag(flag)) => Value::Bool(*flag),
        // Without its feature `arbitrary_precision`, serde_json has no number as large as `1e999`: it stays as text.
        Some(Token::Number(digits)) => digits.parse().map_or_else(|_| Value::String(digits.to_string()), Value::Number),
        Some(Token::Text(text)) => Value::String(text.clone().into_owned()),
        Some(Token::Array) => Value::Array(within.map(to_value).collect()),
        Some(Token::Object) => {
            let mut members = Map::new();
            while let Some((name, value)) = within.member() {
                members.insert(name.to_owned(), to_value(value));
            }
            Value::Object(members)
        }
    }
}

/// A stored value as a document, to be read like an answer.
pub(super) fn from_value(value: &Value) -> Document<'_> {
    let mut json = Document::null();
    json.push_value(value);
    json
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_a_text_stops_being_json_is_told() {
        let wrong = |text: &str| parse(text.as_bytes()).err().unwrap().to_string();
        assert_eq!(wrong("{\"a\": [1,\n 2"), "text that ends too early at line 2, column 2");
        assert_eq!(wrong("{\"a\": 1,\n x}"), "something else at line 2, column 1");
        assert_eq!(wrong(""), "text that ends too early at line 1, column 0");
        assert_eq!(wrong("{} {}"), "something else at line 1, column 3");
        assert!(parse("[".repeat(1_000_000).as_bytes()).is_err(), "a deep text must not exhaust the stack");
    }

    proptest::proptest! {
        #[test]
        fn what_is_parsed_is_what_another_parser_reads(text in "[\\[\\]{}\",:0-9a-f \\\\nutrslE.+-]{0,40}") {
            let other = serde_json::from_str::<Value>(&text).ok();
            let parsed = parse(text.as_bytes()).ok().map(|json| to_value(&json.0));
            // A number beyond the other parser's range is none to it.
            let beyond = other.is_none() && parsed.is_some() && text.contains(['e', 'E']);
            proptest::prop_assert!(parsed == other || beyond, "{parsed:?} {other:?}");
        }

        #[test]
        fn any_value_comes_through(value in value()) {
            let text = value.to_string();
            let parsed = parse(text.as_bytes()).unwrap();
            proptest::prop_assert_eq!(to_value(&parsed.0), value.clone());
            proptest::prop_assert_eq!(to_value(&from_value(&value).0), value);
        }
    }

    fn value() -> impl proptest::strategy::Strategy<Value = Value> {
        use proptest::prelude::*;
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            ".{0,12}".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 40, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
                prop::collection::vec((".{0,6}", inner), 0..6).prop_map(|members| members.into_iter().collect()),
            ]
        })
    }
}
