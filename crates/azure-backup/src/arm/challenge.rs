//! `WWW-Authenticate`: what a token must say before Azure takes it.
//!
//! Grammar: [RFC 9110, section 11.6.1](https://www.rfc-editor.org/rfc/rfc9110#section-11.6.1). Several challenges stand in one value, separated by the
//! same commas as their parameters; a value may be quoted and hold commas, equals signs and spaces, and base64 ends in `=`.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::Value;

/// What Azure wants a token to say: JSON text, exactly as it came, to be handed to the sign-in.
/// Source: <https://learn.microsoft.com/entra/identity-platform/claims-challenge>.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claims(String);

/// A second factor: what Azure asks for where its challenge cannot be read.
const SECOND_FACTOR: &str = r#"{"access_token":{"acrs":{"essential":true,"values":["p1"]}}}"#;

impl Claims {
    /// The claims challenge of a header's value; none when there is none, or none that can be read.
    #[must_use]
    pub fn of(header: &str) -> Option<Claims> {
        let value = Challenges(header).claims()?;
        // Either alphabet, padded or not.
        let text: String = value
            .chars()
            .map(|c| match c {
                '+' => '-',
                '/' => '_',
                c => c,
            })
            .collect();
        let json = URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).ok()?;
        let object = serde_json::from_slice::<Value>(&json).is_ok_and(|value| value.is_object());
        String::from_utf8(json).ok().filter(|_| object).map(Claims)
    }

    /// A second factor.
    #[must_use]
    pub fn second_factor() -> Claims {
        Claims(SECOND_FACTOR.to_owned())
    }

    /// The JSON.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What has not been read yet of a header's value.
struct Challenges<'a>(&'a str);

impl<'a> Challenges<'a> {
    /// `claims` of the first Bearer challenge that has it. What follows a mistake is not read: it cannot be told what it belongs to.
    fn claims(mut self) -> Option<String> {
        let mut bearer = false;
        loop {
            self.skip(|b| matches!(b, b',' | b' ' | b'\t'));
            let name = self.word()?;
            let spaced = self.skip(is_space);
            if self.take(b'=') {
                self.skip(is_space);
                let value = self.value()?;
                if bearer && name.eq_ignore_ascii_case("claims") {
                    return Some(value);
                }
                continue;
            }
            bearer = name.eq_ignore_ascii_case("bearer");
            if spaced {
                self.token68();
            }
        }
    }

    fn skip(&mut self, of: impl Fn(u8) -> bool) -> bool {
        let rest = self.0.trim_start_matches(|c: char| u8::try_from(c).is_ok_and(&of));
        let skipped = rest.len() < self.0.len();
        self.0 = rest;
        skipped
    }

    fn take(&mut self, byte: u8) -> bool {
        let found = self.0.as_bytes().first() == Some(&byte);
        if found {
            self.0 = &self.0[1..];
        }
        found
    }

    /// The part until the first byte that does not belong to it.
    fn part(&mut self, of: impl Fn(u8) -> bool) -> &'a str {
        let end = self.0.bytes().position(|b| !of(b)).unwrap_or(self.0.len());
        let (part, rest) = self.0.split_at(end);
        self.0 = rest;
        part
    }

    fn word(&mut self) -> Option<&'a str> {
        Some(self.part(is_token)).filter(|word| !word.is_empty())
    }

    /// A token or a quoted string.
    fn value(&mut self) -> Option<String> {
        if !self.take(b'"') {
            return self.word().map(str::to_owned);
        }
        let mut value = String::new();
        let mut chars = self.0.chars();
        loop {
            match chars.next()? {
                '"' => break,
                '\\' => value.push(chars.next()?),
                c => value.push(c),
            }
        }
        self.0 = chars.as_str();
        Some(value)
    }

    /// Skips credentials such as padded base64 where a scheme has those instead of parameters.
    fn token68(&mut self) {
        let before = self.0;
        self.part(|b| b.is_ascii_alphanumeric() || b"-._~+/".contains(&b));
        self.part(|b| b == b'=');
        let after = self.0.trim_start_matches([' ', '\t']);
        if !after.is_empty() && !after.starts_with(',') {
            self.0 = before;
        }
    }
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

#[cfg(test)]
mod tests;
