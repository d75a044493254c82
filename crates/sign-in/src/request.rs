//! Requests to MSAL.js: the members that `SilentRequest`, `PopupRequest` and `RedirectRequest` have in common.

use serde::Serialize;

/// How to get a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// Without asking the operator.
    Silent,
    /// In a window of its own.
    Popup,
    /// In this window: the browser leaves the page and returns.
    Redirect,
}

impl How {
    /// The variant that a name from JavaScript means.
    pub fn from_name(name: &str) -> Self {
        match name {
            "popup" => Self::Popup,
            "redirect" => Self::Redirect,
            _ => Self::Silent,
        }
    }
}

/// A request for a token. The account is added later, as the object that MSAL returned.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TokenRequest {
    /// The scopes of the token.
    pub scopes: Vec<String>,
    /// The URL of the authority, which ends with the tenant.
    pub authority: String,
    /// The claims that Azure demands of the token, as JSON text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub claims: Option<String>,
    /// `select_account` to let the operator choose the account.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prompt: Option<&'static str>,
    /// Whether to ignore the cached token.
    pub force_refresh: bool,
    /// True, so that a sign-in that was abandoned does not block the next one.
    pub override_interaction_in_progress: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_wanted_is_not_said() {
        let json = serde_json::to_value(TokenRequest::default()).unwrap();
        assert!(json.get("claims").is_none() && json.get("prompt").is_none());
        assert_eq!(json["overrideInteractionInProgress"], false);
    }
}
