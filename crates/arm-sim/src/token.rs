//! Access tokens: one is needed, and a JWT must not be expired.

use http::HeaderMap;
use serde_json::Value;

use crate::base64;
use crate::errors::{ArmError, Refused};
use crate::moment::{self, MINUTE, Millis};
use crate::seed::places::TENANTS;

/// Refuses a request without a usable bearer token, as ARM does.
pub(crate) fn check(headers: &HeaderMap, now: Millis) -> Result<(), Refused> {
    let value = headers.get("authorization").and_then(|v| v.to_str().ok()).unwrap_or_default();
    let token = value
        .get(..7)
        .filter(|scheme| scheme.eq_ignore_ascii_case("bearer "))
        .and_then(|_| value.get(7..))
        .unwrap_or_default()
        .trim();
    if token.is_empty() {
        let message = "Authentication failed. The 'Authorization' header is missing.";
        return Err(refusal("AuthenticationFailed", message.to_owned()));
    }
    let expires = token
        .split('.')
        .nth(1)
        .and_then(base64::decode)
        .and_then(|payload| serde_json::from_slice::<Value>(&payload).ok()?["exp"].as_i64());
    match expires {
        Some(at) if at * 1_000 <= now => Err(expired(at * 1_000, now)),
        _ => Ok(()),
    }
}

/// ARM's answer to an expired token.
pub(crate) fn expired(expiry: Millis, now: Millis) -> Refused {
    let message = format!(
        "The access token expiry UTC time '{}' is earlier than current UTC time '{}'.",
        moment::us(expiry),
        moment::us(now)
    );
    refusal("ExpiredAuthenticationToken", message)
}

/// ARM's answer to a token that expired a minute ago.
pub(crate) fn expired_just_now(now: Millis) -> Refused {
    expired(now - MINUTE, now)
}

/// What a second factor is asked for by, as Entra ID writes it: base64 of JSON, padded.
const CLAIMS: &[u8] = br#"{"access_token":{"acrs":{"essential":true, "values":["p1"]}}}"#;

/// ARM's answer to a write by a token without a second factor. A challenge of another scheme stands before it, so that whoever
/// cuts the header at its commas and equals signs goes wrong.
pub(crate) fn claims_challenge(_: Millis) -> Refused {
    let message = "Caller must present a token with a second factor.";
    let claims = base64::encode(CLAIMS);
    let challenge = format!(
        "PoP nonce=\"a, b=c\", Bearer authorization_uri=\"https://login.microsoftonline.com/{}\", error=\"insufficient_claims\", claims=\"{claims}\"",
        TENANTS[0].id
    );
    ArmError::gateway(401, "InsufficientClaims", message).with("www-authenticate", challenge)
}

/// Azure Policy's answer to the same.
pub(crate) fn mfa_policy(_: Millis) -> Refused {
    let message = "Resource was disallowed by policy. Reasons: MFA is required to restore a virtual machine. See error details for policy resource IDs.";
    ArmError::gateway(403, "RequestDisallowedByPolicy", message)
}

fn refusal(code: &'static str, message: String) -> Refused {
    let challenge = format!(
        "Bearer authorization_uri=\"https://login.microsoftonline.com/{}\", error=\"invalid_token\", error_description=\"{message}\"",
        TENANTS[0].id
    );
    ArmError::gateway(401, code, message).with("www-authenticate", challenge)
}

#[cfg(test)]
mod tests {
    use http::HeaderMap;

    use super::check;
    use crate::base64;

    fn with(value: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert("authorization", value.parse().unwrap());
        headers
    }

    #[test]
    fn wants_a_token_that_is_not_expired() {
        assert_eq!(check(&HeaderMap::new(), 0).unwrap_err().code, "AuthenticationFailed");
        assert_eq!(check(&with("Basic abc"), 0).unwrap_err().code, "AuthenticationFailed");
        assert_eq!(check(&with("Bearer "), 0).unwrap_err().code, "AuthenticationFailed");
        assert!(check(&with("bearer opaque"), 0).is_ok());
        let jwt = format!("Bearer h.{}.s", base64::encode(br#"{"exp":1000}"#).trim_end_matches('='));
        assert!(check(&with(&jwt), 999_999).is_ok());
        let e = check(&with(&jwt), 1_000_000).unwrap_err();
        assert_eq!(e.code, "ExpiredAuthenticationToken");
        assert!(e.headers.iter().any(|(n, v)| *n == "www-authenticate" && v.contains("invalid_token")));
    }
}
