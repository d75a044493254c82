//! JSON as text: templates that look like the answer, so that the demo carries data rather than code.

use std::fmt::Write;

/// Puts `args` into `template`.
///
/// `$0`…`$9`, `$A`…`$Z` stand for an argument as the inside of a JSON string (escaped), `@0`… for an argument that is
/// JSON already (or an empty text). Any other `$` or `@` stays as it is.
pub(crate) fn fill(template: &str, args: &[&str]) -> String {
    let mut out = String::with_capacity(template.len() + args.iter().map(|a| a.len()).sum::<usize>());
    let mut rest = template;
    while let Some(at) = rest.find(['$', '@']) {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let mut chars = from.chars();
        let mark = chars.next().unwrap_or_default();
        let index = match chars.next() {
            Some(digit @ '0'..='9') => Some(digit as usize - '0' as usize),
            Some(letter @ 'A'..='Z') => Some(letter as usize - 'A' as usize + 10),
            _ => None,
        };
        match index {
            Some(index) => {
                let value = args.get(index).copied().unwrap_or_default();
                if mark == '$' {
                    escape(&mut out, value);
                } else {
                    out.push_str(value);
                }
                rest = chars.as_str();
            }
            None => {
                out.push(mark);
                rest = &from[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

/// Appends `value` as the inside of a JSON string.
fn escape(out: &mut String, value: &str) {
    for c in value.chars() {
        match c {
            '"' | '\\' => {
                out.push('\\');
                out.push(c);
            }
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c < ' ' => {
                // Writing to a `String` cannot fail.
                let _ = write!(out, "\\u{:04x}", c as u32);
            }
            c => out.push(c),
        }
    }
}

/// A JSON string literal.
pub(crate) fn quote(value: &str) -> String {
    fill("\"$0\"", &[value])
}

/// A JSON array of the given JSON values.
pub(crate) fn array(values: impl IntoIterator<Item = String>) -> String {
    let mut out = String::from("[");
    for value in values {
        if out.len() > 1 {
            out.push(',');
        }
        out.push_str(&value);
    }
    out.push(']');
    out
}

/// ` ,"name":value` when there is a value, nothing otherwise: for members that are left out rather than null.
pub(crate) fn member(name: &str, value: Option<String>) -> String {
    value.map_or_else(String::new, |value| fill(",\"$0\":@1", &[name, &value]))
}

/// `template` when `wanted`, nothing otherwise.
pub(crate) fn when(wanted: bool, template: &str) -> &str {
    if wanted { template } else { "" }
}

/// Whether two names are the same to ARM, which ignores case.
pub(crate) fn same(a: &str, b: &str) -> bool {
    a.eq_ignore_ascii_case(b)
}

/// The text of a member of a JSON object exactly as it stands there. `json` must be an object that is well-formed.
pub(crate) fn raw_member<'a>(json: &'a str, name: &str) -> Option<&'a str> {
    let (mut depth, mut in_string, mut escaped) = (0_u32, false, false);
    let (mut start, mut name_ended, mut wanted) = (0, None, false);
    for (at, c) in json.char_indices() {
        if in_string {
            match c {
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                '"' => {
                    in_string = false;
                    name_ended = Some(at);
                }
                _ => {}
            }
            continue;
        }
        match c {
            '"' => {
                in_string = true;
                if depth == 1 && !wanted {
                    start = at + 1;
                }
            }
            // A string before a colon at the top is a name.
            ':' if depth == 1 && !wanted => {
                wanted = name_ended.is_some_and(|end| json.get(start..end) == Some(name));
                start = at + 1;
            }
            ',' | '}' if depth == 1 && wanted => return json.get(start..at).map(str::trim),
            '{' | '[' => depth += 1,
            '}' | ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{array, escape, fill, member, raw_member};

    #[test]
    fn a_member_as_it_stands() {
        let json = r#" { "b\"": "b", "x": [ "a", {"a" : 2} ], "a" : { "c":1.10, "d":"}\\\"," } , "n":-0}"#;
        assert_eq!(raw_member(json, "a"), Some(r#"{ "c":1.10, "d":"}\\\"," }"#));
        assert_eq!(raw_member(json, "x"), Some(r#"[ "a", {"a" : 2} ]"#));
        assert_eq!(raw_member(json, "n"), Some("-0"));
        assert_eq!((raw_member(json, "c"), raw_member("", "a")), (None, None));
    }

    #[test]
    fn fills_escaped_and_raw() {
        assert_eq!(
            fill(r#"{"a":"$0","b":@1,"$schema":"$A"}"#, &["x\"\n", "[1]"]),
            r#"{"a":"x\"\n","b":[1],"$schema":""}"#
        );
    }

    #[test]
    fn control_characters_stay_json() {
        let mut out = String::new();
        escape(&mut out, "\u{1}ü");
        assert_eq!(out, "\\u0001ü");
    }

    #[test]
    fn arrays_and_members() {
        assert_eq!(array(["1".to_owned(), "2".to_owned()]), "[1,2]");
        assert_eq!(array([]), "[]");
        assert_eq!(member("a", Some("1".to_owned())), ",\"a\":1");
        assert_eq!(member("a", None), "");
    }
}
