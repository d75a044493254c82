//! Text in queries.

use std::fmt::Write as _;

/// A text as a string literal of the Kusto query language. Whatever it holds, it stays one literal.
/// Source: <https://learn.microsoft.com/kusto/query/scalar-data-types/string#string-literals>.
pub(crate) fn literal(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('\'');
    for c in text.chars() {
        match c {
            '\'' | '\\' => {
                out.push('\\');
                out.push(c);
            }
            // A literal ends with its line.
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            // These would be invisible where a query is shown.
            c if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') => {
                // Writing to a `String` cannot fail.
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('\'');
    out
}

#[cfg(test)]
mod tests {
    use super::literal;
    use proptest::prelude::*;

    /// The value of a literal, and what follows it: a reader of its own, after the definition of the language.
    fn read(query: &str) -> Option<(String, &str)> {
        let mut chars = query.strip_prefix('\'')?.chars();
        let mut value = String::new();
        loop {
            match chars.next()? {
                '\'' => return Some((value, chars.as_str())),
                '\\' => match chars.next()? {
                    'u' => {
                        let (digits, rest) = chars.as_str().split_at_checked(4)?;
                        value.push(char::from_u32(u32::from_str_radix(digits, 16).ok()?)?);
                        chars = rest.chars();
                    }
                    c @ ('\'' | '\\') => value.push(c),
                    'n' => value.push('\n'),
                    'r' => value.push('\r'),
                    't' => value.push('\t'),
                    _ => return None,
                },
                '\n' | '\r' => return None,
                c => value.push(c),
            }
        }
    }

    #[test]
    fn what_ends_or_bends_a_literal_is_escaped() {
        assert_eq!(literal("web-01"), "'web-01'");
        assert_eq!(literal(r"a' or 1==1 | project *\"), r"'a\' or 1==1 | project *\\'");
        assert_eq!(literal("a\n\u{2028}\"ü"), "'a\\n\\u2028\"ü'");
    }

    proptest! {
        #[test]
        fn any_text_stays_one_literal(text in r#"([ -~]|['\\"|\n\r\t/*;\u{85}\u{2028}]|\PC){0,40}"#) {
            let query = format!("{} | project id", literal(&text));
            prop_assert_eq!(read(&query), Some((text, " | project id")));
        }
    }
}
