//! Access tokens: requests need one, and a JWT must not be expired.

use http::HeaderMap;
use serde_json::Value;

use crate::base64;
use crate::errors::{ArmError, Refused};
use crate::moment::{self, Millis};
use crate::seed::places::TENANTS;
use crate::text::{fill, same};
use crate::world::place::Tenant;

/// The claim of a second factor, as claims challenges spell it; its length makes base64 padding necessary.
const SECOND_FACTOR: &str = r#"{"access_token": {"acrs":{"essential":true,"values":["p1"]}}}"#;

/// Refuses a request without a usable bearer token, as ARM does.
pub(crate) fn check(headers: &HeaderMap, now: Millis) -> Result<(), Refused> {
    let Some(token) = bearer(headers.get("authorization").and_then(|v| v.to_str().ok())) else {
        let message = "Authentication failed. The 'Authorization' header is missing.";
        return Err(refusal("AuthenticationFailed", message.to_owned(), &TENANTS[0]));
    };
    match claims(token).and_then(|claims| claims["exp"].as_i64()) {
        Some(at) if at * 1_000 <= now => Err(expired(at * 1_000, now)),
        _ => Ok(()),
    }
}

/// The tenant that issued the token of an `Authorization` header; none unless it is a JWT of one of the world's tenants.
pub(crate) fn tenant(authorization: Option<&str>) -> Option<&'static Tenant> {
    let claims = claims(bearer(authorization)?)?;
    TENANTS.iter().find(|t| claims["tid"].as_str().is_some_and(|tid| same(tid, t.id)))
}

/// Refuses a token of another tenant than `right`, the subscription's.
pub(crate) fn check_tenant(authorization: Option<&str>, right: &Tenant) -> Result<(), Refused> {
    let Some(wrong) = tenant(authorization).filter(|t| t.id != right.id) else { return Ok(()) };
    let text = "The access token is from the wrong issuer 'https://sts.windows.net/$0/'. It must match the tenant 'https://sts.windows.net/$1/' associated with this subscription. Please use the authority (URL) 'https://login.windows.net/$1' to get the token. Note, if the subscription is transferred to another tenant there is no impact to the services, but information about new tenant could take time to propagate (up to an hour). If you just transferred your subscription and see this error message, please try back later.";
    Err(refusal("InvalidAuthenticationTokenTenant", fill(text, &[wrong.id, right.id]), right))
}

/// ARM's answer to an expired token.
pub(crate) fn expired(expiry: Millis, now: Millis) -> Refused {
    let message = format!(
        "The access token expiry UTC time '{}' is earlier than current UTC time '{}'.",
        moment::us(expiry),
        moment::us(now)
    );
    refusal("ExpiredAuthenticationToken", message, &TENANTS[0])
}

/// The challenge documented by Entra ID, in "Claims challenges, claims requests and client capabilities".
const CHALLENGE: &str = r#"Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", error="insufficient_claims", claims="@0""#;

/// A challenge that HTTP allows but Entra ID does not send: a parser that splits at `,`, `=` or the first scheme gets it wrong.
const TANGLED: &str = r#"PoP realm="not this, claims=e30=", nonce="bm9uY2U=", Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", error="insufficient_claims", error_description="A policy wants more, \"acrs\" for one", claims="@0""#;

/// A claims challenge, in the documented form or in the difficult one.
pub(crate) fn challenged(tangled: bool) -> Refused {
    let challenge = fill(if tangled { TANGLED } else { CHALLENGE }, &[&base64::encode(SECOND_FACTOR.as_bytes())]);
    let message = "The token does not hold the claims that a policy wants. See the header WWW-Authenticate.";
    ArmError::gateway(401, "Unauthorized", message).with("www-authenticate", challenge)
}

/// The refusal by a policy that demands a second factor, in the form for clients that Azure believes cannot read a challenge.
pub(crate) fn against_policy(resource: &str) -> Refused {
    let message = format!(
        "Resource '{resource}' was disallowed by policy. Reasons: MFA is required. See error details for policy resource IDs."
    );
    ArmError::gateway(403, "RequestDisallowedByPolicy", message)
}

/// What follows the scheme.
fn bearer(authorization: Option<&str>) -> Option<&str> {
    let (scheme, token) = authorization?.split_once(' ')?;
    Some(token.trim()).filter(|token| same(scheme, "bearer") && !token.is_empty())
}

/// The claims of a JWT, unverified.
fn claims(token: &str) -> Option<Value> {
    serde_json::from_slice(&base64::decode(token.split('.').nth(1)?)?).ok()
}

fn refusal(code: &'static str, message: String, tenant: &Tenant) -> Refused {
    let text = "Bearer authorization_uri=\"https://login.microsoftonline.com/@0\", error=\"invalid_token\", error_description=\"@1\"";
    let challenge = fill(text, &[tenant.id, &message]);
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
