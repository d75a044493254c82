//! A part of a JSON text as it stands there. Reading it as a value and writing it again would lose spellings, and a client that
//! keeps numbers as floating point would lose digits.

/// The text of the member `key` of the object that `json` is. `json` has been read as JSON: here its strings and brackets are only counted.
pub(crate) fn member<'a>(json: &'a [u8], key: &str) -> Option<&'a [u8]> {
    let (mut depth, mut text, mut escaped) = (0_u32, None, false);
    let (mut named, mut begin) = (false, None);
    for (at, byte) in json.iter().enumerate() {
        if let Some(from) = text {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' => {
                    named = depth == 1 && begin.is_none() && json.get(from + 1..at) == Some(key.as_bytes());
                    text = None;
                }
                _ => {}
            }
            continue;
        }
        match byte {
            b'"' => text = Some(at),
            b'{' | b'[' => depth += 1,
            b':' if named => (begin, named) = (Some(at + 1), false),
            b',' | b'}' if depth == 1 && begin.is_some() => {
                return json.get(begin?..at).map(<[u8]>::trim_ascii);
            }
            b'}' | b']' => depth = depth.saturating_sub(1),
            b',' => named = false,
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::member;
    use proptest::prelude::*;
    use serde_json::{Value, json};

    #[test]
    fn the_member_is_that_of_the_outermost_object() {
        for (text, expected) in [
            (r#"{"a":{"p":1},"p": [2, "}"] }"#, Some(r#"[2, "}"]"#)),
            (r#"{"x":"p","p":{"\"":"\\"},"q":1}"#, Some(r#"{"\"":"\\"}"#)),
            (r#" { "p" : 1.50e+2 , "p" : 3 }"#, Some("1.50e+2")),
            (r#"{"x":["p",":"]}"#, None),
            (r#"["p",1]"#, None),
            ("", None),
        ] {
            assert_eq!(member(text.as_bytes(), "p").map(|m| std::str::from_utf8(m).unwrap()), expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn it_is_the_value_that_a_parser_finds(keys in prop::collection::vec("[pq\\\\\"{}:, ]{0,3}", 0..5), text in "[\\PC]{0,8}", pretty: bool) {
            let mut object = serde_json::Map::new();
            for key in keys {
                object.insert(key, json!([text, {"p": [text, "p"]}, -1.5]));
            }
            let value = Value::Object(object);
            let text = if pretty { format!("{value:#}") } else { value.to_string() };
            let found = member(text.as_bytes(), "p").map(|m| serde_json::from_slice::<Value>(m).unwrap());
            prop_assert_eq!(found.as_ref(), value.get("p"));
        }

        #[test]
        fn anything_is_scanned(text in prop::collection::vec(any::<u8>(), 0..40)) {
            let _ = member(&text, "p");
        }
    }
}
