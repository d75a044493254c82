//! The claims challenge of Entra ID: the claims that a token must have before Azure accepts a request.

use super::challenges;
use crate::arm::json;
use base64ct::{Base64UrlUnpadded, Encoding as _};

/// The authentication context that Azure asks for when it wants a second factor for a change.
/// Source: the claims challenge that the Azure CLI prints, <https://github.com/Azure/azure-cli/pull/31699>.
const SECOND_FACTOR: &str = r#"{"access_token":{"acrs":{"essential":true,"values":["p1"]}}}"#;

/// A claims request: a JSON object, character for character as it came. A sign-in library takes it as `claims`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claims(String);

impl Claims {
    /// The claims that a `WWW-Authenticate` asks for: those of the first `Bearer` challenge that has any.
    ///
    /// `error` is `insufficient_claims` when a policy wants more and `invalid_token` when a session was revoked; both mean the same
    /// here. The value is base64 of either alphabet, padded or not; anything that does not decode to a JSON object is ignored.
    #[must_use]
    pub fn from_challenge(header: &str) -> Option<Claims> {
        let of = |challenge: &super::Challenge<'_>| {
            let bearer = challenge.scheme.eq_ignore_ascii_case("Bearer");
            let text = String::from_utf8(decoded(challenge.param("claims").filter(|_| bearer)?)?).ok()?;
            let json = json::value(text.as_bytes()).ok()?;
            json.is_object().then_some(Claims(text))
        };
        challenges(header).iter().find_map(of)
    }

    /// The claims to request when Azure wants a second factor and its challenge cannot be read.
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

/// Base64 (RFC 4648) of either alphabet, padded or not.
fn decoded(text: &str) -> Option<Vec<u8>> {
    let url_safe = |c: char| match c {
        '+' => '-',
        '/' => '_',
        c => c,
    };
    let text: String = text.trim_end_matches('=').chars().map(url_safe).collect();
    Base64UrlUnpadded::decode_vec(&text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Revokes a session; as in the tests of Microsoft's own libraries.
    const REVOKED: &str = "eyJhY2Nlc3NfdG9rZW4iOnsibmJmIjp7ImVzc2VudGlhbCI6dHJ1ZSwgInZhbHVlIjoiMTYwMzc0MjgwMCJ9fX0=";

    #[test]
    fn the_claims_of_a_challenge_as_they_came() {
        let expected = r#"{"access_token":{"nbf":{"essential":true, "value":"1603742800"}}}"#;
        let bare = REVOKED.trim_end_matches('=');
        for header in [
            format!(
                r#"Bearer authorization_uri="https://login.windows.net/", error="invalid_token", claims="{REVOKED}""#
            ),
            format!(r#"Bearer error="insufficient_claims", claims="{bare}""#),
            format!(r#"bearer error_description="a, claims=\"e30=\"", CLAIMS="{REVOKED}", PoP nonce="x""#),
            format!(r#"Negotiate YII=, Basic realm="claims=e30=", Bearer realm="", Bearer claims = "{REVOKED}""#),
            format!(r#"PoP claims="e30", Bearer claims="W10=", Bearer claims={REVOKED}"#),
        ] {
            assert_eq!(Claims::from_challenge(&header).as_ref().map(Claims::as_str), Some(expected), "{header}");
        }
        let either = Claims::from_challenge(r#"Bearer claims="eyJhIjoiPz8_Pj4-In0""#);
        assert_eq!(either, Claims::from_challenge(r#"Bearer claims="eyJhIjoiPz8/Pj4+In0=""#));
        assert_eq!(either.as_ref().map(Claims::as_str), Some(r#"{"a":"???>>>"}"#));
    }

    #[test]
    fn what_is_no_json_object_is_no_claims_request() {
        for claims in ["", "=", "e30x", "W10=", "bnVsbA==", "IiI=", "e", "e3 0=", "/////w==", &REVOKED[..40]] {
            assert_eq!(Claims::from_challenge(&format!("Bearer claims=\"{claims}\"")), None, "{claims}");
        }
        for header in
            ["", "Bearer", "Bearer error=\"insufficient_claims\"", "Basic claims=\"e30=\"", "Bearer claims=\"e30="]
        {
            assert_eq!(Claims::from_challenge(header), None, "{header}");
        }
        assert!(serde_json::from_str::<serde_json::Value>(Claims::second_factor().as_str()).unwrap().is_object());
    }

    proptest! {
        #[test]
        fn never_panics(header in "\\PC{0,60}", claims in "[A-Za-z0-9+/_=-]{0,40}") {
            let _ = (Claims::from_challenge(&header), Claims::from_challenge(&format!("Bearer claims=\"{claims}\"")));
        }
    }
}
