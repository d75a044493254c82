//! Decodes Azure's JSON.
//!
//! # Why not serde's derive
//!
//! Azure writes one thing in several ways: a word of an enum or its number, `null` or nothing, a number or its text, `""` for "none". With serde
//! each field needs a helper for that, and a second library to name the place of a field that does not fit. Both were measured with lists of
//! recovery points. Natively serde is faster. In WebAssembly this reader takes a fifth to a third less time for the first lists after a start, which
//! is when people wait. The figures are in `docs/performance.md` of the repository.
//!
//! # What a decoder may rely on
//!
//! * **`null` and a missing member are the same**, and so is an object with neither: `node.at("a").at("b")` is absent where `a` is.
//! * **Scalars are taken as they come.** Text may be a number or a flag, whole numbers and flags may be text, and `""` counts as absent. A number
//!   keeps every digit that Azure wrote.
//! * **A word of an enum may be its number** in Azure's own order, where the decoder names that order. Words are compared without case, and a
//!   word that is not known is kept as it is.
//! * **What only informs may be nonsense**: a time, a duration or an id that is none counts as absent. What must be there is asked for by
//!   `need_text`, `need_time` and `need_id`.
//! * **A shape that does not fit is an error with its place**, `$.value[3].properties.zones`. Nothing is decoded by halves: the caller gets the
//!   whole answer or a [`Fault`](crate::arm::fault::Fault) of the kind [`Body`](crate::arm::fault::FaultKind::Body).
//!
//! ```
//! use azure_backup::{
//!     arm::{call::ApiVersion, fault::FaultKind, id::ArmId},
//!     backup::recovery_point::{TierKind, get},
//! };
//! # fn answer(body: &'static str) -> http::Response<bytes::Bytes> {
//! #     http::Response::new(bytes::Bytes::from_static(body.as_bytes()))
//! # }
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let item = ArmId::parse("/subscriptions/s/resourceGroups/g/providers/Microsoft.RecoveryServices/vaults/v")?;
//! let call = get(&item, "42", &ApiVersion::BACKUP_DEFAULT);
//!
//! // The tier is a number, the zone too, the flag is text, the type of the machine is null, the expiry is no time.
//! let point = call.read(&answer(
//!     r#"{"id": "/vaults/v/recoveryPoints/42", "properties": {
//!         "recoveryPointTime": "2024-05-14T08:49:45Z", "recoveryPointTierDetails": [{"type": 1, "status": "valid"}],
//!         "zones": [1], "isManagedVirtualMachine": "true", "osType": null,
//!         "recoveryPointProperties": {"expiryTime": "soon"}}}"#,
//! ))?;
//! assert_eq!(point.tiers[0].kind, TierKind::InstantRP);
//! assert_eq!((point.zones[0].as_str(), point.managed, point.os, point.expires), ("1", Some(true), None, None));
//!
//! let fault = call.read(&answer(r#"{"id": "/vaults/v/recoveryPoints/42", "properties": {"zones": "1"}}"#)).unwrap_err();
//! assert_eq!(fault.kind, FaultKind::Body { path: "$.properties.recoveryPointTime".to_owned() });
//! # Ok(())
//! # }
//! ```
//!
//! # How it works
//!
//! `parse` turns the body into a `Document`: one flat list of tokens in the order of the text, each with the number of tokens that belong to it.
//! Texts and digits are borrowed from the body, so a list of a thousand recovery points costs one allocation before its records are made.
//! A `NodeRef` is one place in that list together with the path that led there; looking up a member steps over the tokens of its siblings.
//!
//! A decoder is a plain function from `&NodeRef` to a struct. It never returns early: what does not fit is read as absent, and the first such place
//! is remembered in a cell that all nodes of the answer share. `read` looks into the cell at the end and fails if there is something in it.
//! A part of an answer that must not fail it (a size that only informs) is read with a cell of its own, `NodeRef::lenient`.
//!
//! [`value`] is for whoever needs the whole body as a `serde_json` value. Whether that keeps the order of members and every digit of a number
//! depends on the features of `serde_json` that the application has chosen; this crate chooses none of them.

use crate::arm::{id::ArmId, time};
use ::time::{Duration, OffsetDateTime};
use serde_json::Value;
use std::cell::OnceCell;

mod parsed;

pub(crate) use parsed::{Document, parse};
use parsed::{Node, Token, Values, from_value, to_value};
pub use parsed::{SyntaxError, value};

/// A value that does not have the expected shape.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected {expected} at {path}, found {found}")]
pub(crate) struct WrongShape {
    /// `value[3].properties.recoveryPointTime`; the root is `$`.
    pub(crate) path: String,
    pub(crate) expected: &'static str,
    pub(crate) found: String,
}

pub(crate) type Read<T> = Result<T, WrongShape>;

/// The first value of an answer that does not fit.
pub(crate) type FirstMismatch = OnceCell<WrongShape>;

/// Reads a stored value.
///
/// # Errors
/// The first place that does not have the expected shape.
pub(crate) fn read<T>(value: &Value, read: impl FnOnce(&NodeRef<'_>) -> T) -> Read<T> {
    read_parsed(&from_value(value), read)
}

/// Reads what was parsed.
///
/// # Errors
/// The first place that does not have the expected shape.
pub(crate) fn read_parsed<T>(value: &Document<'_>, read: impl FnOnce(&NodeRef<'_>) -> T) -> Read<T> {
    let first = FirstMismatch::new();
    let read = read(&NodeRef::root(value, &first));
    first.into_inner().map_or(Ok(read), Err)
}

#[derive(Clone, Copy)]
enum PathStep<'a> {
    Root,
    Key(&'a str),
    Index(usize),
}

/// One place in an answer: a value, or its absence.
#[derive(Clone, Copy)]
pub(crate) struct NodeRef<'a> {
    /// Empty where there is none, or null.
    value: &'a [Node<'a>],
    parent: Option<&'a NodeRef<'a>>,
    step: PathStep<'a>,
    first: &'a FirstMismatch,
}

impl<'a> NodeRef<'a> {
    pub(crate) fn root(json: &'a Document<'a>, first: &'a FirstMismatch) -> Self {
        NodeRef { value: present(&json.0), parent: None, step: PathStep::Root, first }
    }

    /// The same place, but values that do not fit are recorded in `first`, so that they do not fail the whole answer.
    pub(crate) fn lenient(&self, first: &'a FirstMismatch) -> Self {
        NodeRef { first, ..*self }
    }

    fn token(&self) -> Option<&'a Token<'a>> {
        self.value.first().map(|part| &part.token)
    }

    pub(crate) fn is_absent(&self) -> bool {
        self.value.is_empty()
    }

    pub(crate) fn is_object(&self) -> bool {
        matches!(self.token(), Some(Token::Object))
    }

    /// A table, `{columns: [{name}], rows: [[…]]}`, as `{data: [{name: …}]}`.
    pub(crate) fn table_as_objects(&self) -> Document<'a> {
        self.at("columns").present();
        self.at("rows").present();
        parsed::table_as_objects(self.value)
    }

    /// This value, owned.
    pub(crate) fn owned_value(&self) -> Option<Value> {
        (!self.is_absent()).then(|| to_value(self.value))
    }

    /// The member `key`; absent when this node is. This node must be an object or absent.
    pub(crate) fn at<'b>(&'b self, key: &'b str) -> NodeRef<'b> {
        let value = match self.token() {
            Some(Token::Object) => present(parsed::member(self.value, key)),
            token => {
                if token.is_some() {
                    self.record_mismatch("an object");
                }
                &[]
            }
        };
        NodeRef { value, parent: Some(self), step: PathStep::Key(key), first: self.first }
    }

    /// This node, which must be present.
    pub(crate) fn present(&self) -> &Self {
        if self.is_absent() {
            self.record_mismatch("a value");
        }
        self
    }

    /// Records that this place does not fit, if no earlier one was recorded.
    pub(crate) fn record_mismatch(&self, expected: &'static str) {
        self.first.get_or_init(|| WrongShape { path: self.path(), expected, found: self.found() });
    }

    fn mismatch<T>(&self, expected: &'static str) -> Option<T> {
        self.record_mismatch(expected);
        None
    }

    fn found(&self) -> String {
        match self.token() {
            None | Some(Token::Null) => "nothing".to_owned(),
            Some(Token::Text(text)) => format!("\"{}\"", text.chars().take(60).collect::<String>()),
            Some(Token::Array) => "an array".to_owned(),
            Some(Token::Object) => "an object".to_owned(),
            Some(Token::Number(digits)) => digits.to_string(),
            Some(Token::Flag(flag)) => flag.to_string(),
        }
    }

    fn path(&self) -> String {
        let above = self.parent.map(NodeRef::path).unwrap_or_default();
        match self.step {
            PathStep::Root => "$".to_owned(),
            PathStep::Key(key) => format!("{above}.{key}"),
            PathStep::Index(index) => format!("{above}[{index}]"),
        }
    }

    /// Text; numbers and booleans are taken as their text.
    pub(crate) fn as_text(&self) -> Option<&'a str> {
        match self.token()? {
            Token::Text(text) => Some(text),
            Token::Number(digits) => Some(digits),
            Token::Flag(true) => Some("true"),
            Token::Flag(false) => Some("false"),
            _ => self.mismatch("text"),
        }
    }

    /// Text that is not empty, borrowed from the answer.
    fn non_empty_text<'b>(&'b self, key: &'b str) -> Option<&'b str> {
        self.at(key).as_text().filter(|text| !text.is_empty())
    }

    /// Text; `""` counts as absent.
    pub(crate) fn text(&self, key: &str) -> Option<String> {
        self.non_empty_text(key).map(str::to_owned)
    }

    /// Text that must be there.
    pub(crate) fn need_text(&self, key: &str) -> String {
        self.need(key, "text", self.text(key)).unwrap_or_default()
    }

    /// `value`, which the member `key` must have.
    fn need<T>(&self, key: &str, expected: &'static str, value: Option<T>) -> Option<T> {
        if value.is_none() {
            self.at(key).record_mismatch(expected);
        }
        value
    }

    /// A word of a closed set, from the word itself or from its place in `names`.
    pub(crate) fn word(&self, key: &str, names: &[&str]) -> Option<String> {
        let place = match self.at(key).token() {
            Some(Token::Number(digits)) => digits.parse::<usize>().ok(),
            _ => None,
        };
        match place.and_then(|n| names.get(n)) {
            Some(name) => Some((*name).to_owned()),
            None => self.text(key),
        }
    }

    /// True or false, also as text.
    pub(crate) fn flag(&self, key: &str) -> Option<bool> {
        let node = self.at(key);
        match node.token()? {
            Token::Flag(flag) => Some(*flag),
            Token::Text(text) if text.eq_ignore_ascii_case("true") => Some(true),
            Token::Text(text) if text.eq_ignore_ascii_case("false") => Some(false),
            _ => node.mismatch("true or false"),
        }
    }

    /// A whole number, also as text.
    pub(crate) fn integer(&self, key: &str) -> Option<i64> {
        let node = self.at(key);
        let number = match node.token()? {
            Token::Number(digits) => digits.parse().ok(),
            Token::Text(text) => text.parse().ok(),
            _ => None,
        };
        number.or_else(|| node.mismatch("a whole number"))
    }

    /// The whole part of a number, which Azure may write with a decimal point: `2.0`, `-1.0`.
    pub(crate) fn whole_part(&self, key: &str) -> Option<i64> {
        let node = self.at(key);
        let whole = |digits: &str| digits.split('.').next().unwrap_or_default().parse().ok();
        let number = match node.token()? {
            Token::Number(digits) => whole(digits),
            Token::Text(text) => whole(text),
            _ => None,
        };
        number.or_else(|| node.mismatch("a number"))
    }

    /// The whole part of a number that must be there.
    pub(crate) fn need_whole_part(&self, key: &str) -> i64 {
        self.need(key, "a number", self.whole_part(key)).unwrap_or_default()
    }

    /// The whole part of a percentage.
    pub(crate) fn percent(&self, key: &str) -> Option<u8> {
        let node = self.at(key);
        match node.token()? {
            Token::Number(digits) => {
                let whole = digits.split('.').next().unwrap_or_default();
                whole.parse().ok().map(|percent: u8| percent.min(100))
            }
            _ => node.mismatch("a number"),
        }
    }

    /// A time; "never" and text that is no time count as absent, since such a field only informs.
    pub(crate) fn time(&self, key: &str) -> Option<OffsetDateTime> {
        time::parse(self.non_empty_text(key)?).flatten()
    }

    /// A time that must be there.
    pub(crate) fn need_time(&self, key: &str) -> OffsetDateTime {
        self.need(key, "a time", self.time(key)).unwrap_or(OffsetDateTime::UNIX_EPOCH)
    }

    /// A duration; text that is none counts as absent.
    pub(crate) fn duration(&self, key: &str) -> Option<Duration> {
        time::parse_duration(self.non_empty_text(key)?)
    }

    /// An ARM id; text that is none (a classic resource, a bare name) counts as absent.
    pub(crate) fn id(&self, key: &str) -> Option<ArmId> {
        ArmId::parse(self.non_empty_text(key)?).ok()
    }

    /// An ARM id that must be there.
    pub(crate) fn need_id(&self, key: &str) -> ArmId {
        self.need(key, "a resource ID", self.id(key)).unwrap_or_else(ArmId::placeholder)
    }

    /// The members of an array; a missing array has none.
    pub(crate) fn list<T>(&self, key: &str, read: impl Fn(&NodeRef<'_>) -> T) -> Vec<T> {
        self.list_if_any(key, read).unwrap_or_default()
    }

    /// The members of an array, where a missing array means something else than an empty one.
    pub(crate) fn list_if_any<T>(&self, key: &str, read: impl Fn(&NodeRef<'_>) -> T) -> Option<Vec<T>> {
        let mut list = Vec::new();
        self.for_each_member(key, &mut |node| list.push(read(node))).then_some(list)
    }

    /// Calls `keep` with each member of an array; false when the array is missing. Not generic, so that it is compiled once for all lists.
    fn for_each_member(&self, key: &str, keep: &mut dyn FnMut(&NodeRef<'_>)) -> bool {
        let node = self.at(key);
        match node.token() {
            None => false,
            Some(Token::Array) => {
                for (index, value) in Values::within(node.value).enumerate() {
                    let (value, step) = (present(value), PathStep::Index(index));
                    keep(&NodeRef { value, parent: Some(&node), step, first: self.first });
                }
                true
            }
            Some(_) => {
                node.record_mismatch("an array");
                false
            }
        }
    }

    /// The texts of an array.
    pub(crate) fn texts(&self, key: &str) -> Vec<String> {
        self.list(key, |node| node.as_text().map(str::to_owned)).into_iter().flatten().collect()
    }

    /// The members of an object, in the order of the answer.
    pub(crate) fn members(&self, key: &str) -> Vec<(String, Option<String>)> {
        let node = self.at(key);
        if !node.is_object() && !node.is_absent() {
            node.record_mismatch("an object");
        }
        let member = |name: String| {
            let text = node.at(&name).as_text().map(str::to_owned);
            (name, text)
        };
        node.names().into_iter().map(member).collect()
    }

    /// The names of the members of an object; anything else has none.
    pub(crate) fn names(&self) -> Vec<String> {
        let mut names = Vec::new();
        if self.is_object() {
            let mut members = Values::within(self.value);
            while let Some((name, _)) = members.member() {
                names.push(name.to_owned());
            }
        }
        names
    }
}

/// A value that is not null.
fn present<'a>(value: &'a [Node<'a>]) -> &'a [Node<'a>] {
    match value.first() {
        Some(Node { token: Token::Null, .. }) => &[],
        _ => value,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn null_and_missing_are_the_same_and_wrong_shapes_have_a_path() {
        let value = json!({ "a": { "b": [{ "c": 1 }, { "c": [] }] }, "n": null, "e": "", "s": "x" });
        let absent = read(&value, |root| {
            assert_eq!((root.text("n"), root.text("missing"), root.text("e")), (None, None, None));
            assert_eq!(root.list_if_any("n", |node| node.is_absent()), None);
            root.at("n").at("deeper").is_absent()
        });
        assert_eq!(absent, Ok(true));
        assert_eq!(read(&value, |root| root.need_text("n")).unwrap_err().path, "$.n");
        assert_eq!(read(&value, |root| root.at("s").text("x")).unwrap_err().path, "$.s");
        let error = read(&value, |root| root.at("a").list("b", |node| node.text("c"))).unwrap_err();
        assert_eq!(error.to_string(), "expected text at $.a.b[1].c, found an array");
        assert_eq!(read(&json!({ "l": ["a", null, 2] }), |root| root.texts("l")).unwrap(), ["a", "2"]);
    }

    #[test]
    fn the_first_of_several_is_named_and_the_others_are_read() {
        let value = json!({ "a": [], "b": {}, "c": "kept" });
        let first = FirstMismatch::new();
        let value = from_value(&value);
        let root = NodeRef::root(&value, &first);
        assert_eq!((root.text("a"), root.flag("b"), root.text("c")), (None, None, Some("kept".to_owned())));
        assert_eq!(first.into_inner().unwrap().path, "$.a");
    }

    #[test]
    fn words_come_as_words_or_numbers() {
        let value = json!({ "word": "Valid", "number": 1, "beyond": 9, "text": "1" });
        let names = ["Invalid", "Valid"];
        let word = |key| read(&value, |root| root.word(key, &names)).unwrap().unwrap();
        assert_eq!([word("word"), word("number"), word("beyond"), word("text")], ["Valid", "Valid", "9", "1"]);
    }

    #[test]
    fn large_numbers_keep_every_digit_as_text() {
        let value: Value =
            serde_json::from_str(r#"{"id": 2261197147500459276, "text": "2261197147500459276"}"#).unwrap();
        let both = read(&value, |root| (root.text("id"), root.integer("text"))).unwrap();
        assert_eq!(both, (Some("2261197147500459276".to_owned()), Some(2_261_197_147_500_459_276)));
    }

    #[test]
    fn numbers_with_a_decimal_point_have_a_whole_part() {
        let value = json!({ "a": 251.0, "b": -1.0, "c": 7, "d": "12.0", "e": null, "f": "many", "g": [] });
        let whole = |key| read(&value, |root| root.whole_part(key));
        assert_eq!(["a", "b", "c", "d", "e"].map(whole), [Some(251), Some(-1), Some(7), Some(12), None].map(Ok));
        assert_eq!([whole("f").unwrap_err().path, whole("g").unwrap_err().path], ["$.f", "$.g"]);
    }

    #[test]
    fn percentages_are_whole() {
        let value = json!({ "a": 45.9, "b": 140, "c": -1, "d": "50" });
        let percent = |key| read(&value, |root| root.percent(key));
        assert_eq!(
            [percent("a"), percent("b"), percent("c"), percent("e")],
            [Ok(Some(45)), Ok(Some(100)), Ok(None), Ok(None)]
        );
        assert!(percent("d").is_err());
    }
}
