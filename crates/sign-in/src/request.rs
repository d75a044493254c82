//! Requests to MSAL.js: the members that `SilentRequest`, `PopupRequest` and `RedirectRequest` have in common.

use serde::Serialize;

/// How to get a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// Without the operator.
    Silent,
    /// In a window of its own.
    Popup,
    /// In this window: the browser leaves the page and returns.
    Redirect,
}

impl How {
    /// By its name.
    pub fn of(name: &str) -> Self {
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
    /// What the token is for.
    pub scopes: Vec<String>,
    /// Of which tenant.
    pub authority: String,
    /// The claims that Azure demands of the token, as JSON text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub claims: Option<String>,
    /// `select_account` to let the operator choose the account.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prompt: Option<&'static str>,
    /// Whether to ignore the cached token.
    pub force_refresh: bool,
    /// An abandoned sign-in must not block the next one: the operator who presses the button wants this one.
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
