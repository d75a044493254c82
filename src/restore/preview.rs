//! The request as the operator reads it: line by line, each with its origin, changed lines marked.

use azure_backup::arm::json;
use serde_json::Value;

use super::build::{Origin, build};
use super::conditions::makes_managed_disks;
use super::draft::Draft;
use super::effect_sentence::effect_so_far;
use super::facts::Facts;

/// The JSON for the current choices, complete or not.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Preview {
    /// The lines; joined by line feeds they are exactly the body.
    pub lines: Vec<PreviewLine>,
    /// What it would do.
    pub effect: String,
}

/// One line of the JSON.
#[derive(Clone, Debug, PartialEq)]
pub struct PreviewLine {
    /// JSON pointer (RFC 6901) of the value that the line contains or opens.
    pub pointer: String,
    /// The text, indented.
    pub text: String,
    /// Where the value comes from; on the first line of each property.
    pub origin: Option<Origin>,
    /// Whether it differs from the previous preview.
    pub changed: bool,
}

impl Preview {
    /// The preview of the current choices.
    pub fn of(facts: &Facts, draft: &Draft) -> Self {
        let Some((request, origins)) = build(facts, draft) else { return Self::default() };
        // An incomplete request has no body yet.
        let secondary = facts.secondary.as_ref();
        let text = if secondary.is_some() { request.cross_region_text() } else { request.body_text() };
        let mut lines = lines(&text);
        for (name, origin) in origins {
            let pointer = format!("{}{name}", prefix(secondary.is_some()));
            if let Some(line) = lines.iter_mut().find(|l| l.pointer == pointer) {
                line.origin = Some(origin);
            }
        }
        Self { lines, effect: effect_so_far(&request, secondary, makes_managed_disks(facts, draft)) }
    }

    /// Marks the lines that `before` does not have.
    #[must_use]
    pub fn compared_with(mut self, before: &Self) -> Self {
        for line in &mut self.lines {
            line.changed = !before.lines.iter().any(|b| b.pointer == line.pointer && b.text == line.text);
        }
        self
    }

    /// The whole text.
    pub fn text(&self) -> String {
        self.lines.iter().map(|l| l.text.as_str()).collect::<Vec<_>>().join("\n")
    }
}

/// The JSON pointer of the restore request in the body.
pub const fn prefix(secondary: bool) -> &'static str {
    if secondary { "/restoreRequest/" } else { "/properties/" }
}

/// The lines of pretty-printed JSON, each with the pointer of its value.
pub fn lines(text: &str) -> Vec<PreviewLine> {
    let Ok(value) = json::value(text.as_bytes()) else { return Vec::new() };
    let mut pointers = Vec::new();
    walk(&value, String::new(), &mut pointers);
    text.lines()
        .zip(pointers)
        .map(|(text, pointer)| PreviewLine { pointer, text: text.to_owned(), origin: None, changed: false })
        .collect()
}

/// The pointers of the lines that serde_json's pretty printer produces for `value`.
fn walk(value: &Value, pointer: String, out: &mut Vec<String>) {
    out.push(pointer.clone());
    match value {
        Value::Object(map) if !map.is_empty() => {
            for (key, child) in map {
                walk(child, format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1")), out);
            }
        }
        Value::Array(list) if !list.is_empty() => {
            for (index, child) in list.iter().enumerate() {
                walk(child, format!("{pointer}/{index}"), out);
            }
        }
        _ => return,
    }
    out.push(pointer); // the closing bracket
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i32>().prop_map(Value::from),
            "[a-z/~ ]{0,6}".prop_map(Value::from)
        ];
        leaf.prop_recursive(3, 24, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::btree_map("[a-z/~]{1,4}", inner, 0..4)
                    .prop_map(|m| Value::Object(m.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn every_line_has_its_pointer(value in json()) {
            let text = format!("{value:#}");
            let lines = lines(&text);
            prop_assert_eq!(lines.iter().map(|l| l.text.as_str()).collect::<Vec<_>>().join("\n"), text);
            for line in &lines {
                prop_assert!(value.pointer(&line.pointer).is_some());
            }
        }
    }
}
