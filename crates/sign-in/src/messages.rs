//! Messages for failed sign-ins. MSAL.js 5 gives codes and, for its own errors, a link instead of a text.

use serde::Deserialize;

/// MSAL's `AuthError`, without the members that are not used.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct AuthError {
    /// The error code of MSAL or of the authority.
    pub error_code: String,
    /// A more specific code.
    pub sub_error: String,
    /// The authority's message; a link in the case of MSAL's own errors.
    pub error_message: String,
}

/// What can help; the page offers it as a button.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Remedy {
    /// The operator canceled; nothing is wrong.
    Cancelled,
    /// A sign-in in a window or by a redirect is needed.
    Interaction,
    /// The browser blocked the window: press again, or sign in in this window.
    Popup,
    /// Try again.
    Again,
    /// Only the owner of this site or an administrator can fix it.
    Administrator,
}

impl Remedy {
    /// Its name, for the page.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Cancelled => "cancelled",
            Self::Interaction => "interaction",
            Self::Popup => "popup",
            Self::Again => "again",
            Self::Administrator => "administrator",
        }
    }
}

/// A row: error codes, remedy, message.
type Row = (&'static [&'static str], Remedy, &'static str);

const CODES: &[Row] = &[
    (&["user_cancelled", "user_canceled", "interaction_in_progress_cancelled"], Remedy::Cancelled, "Sign-in canceled."),
    (
        &["access_denied"],
        Remedy::Again,
        "Sign-in was declined. Sign in again and accept the permissions that this site requests.",
    ),
    (
        &["popup_window_error", "empty_window_error", "block_nested_popups", "popup_relay_unsupported_flow"],
        Remedy::Popup,
        "The browser blocked the sign-in pop-up. Allow pop-ups for this site and try again, or sign in without a pop-up.",
    ),
    (
        &[
            "timed_out",
            "empty_response",
            "redirect_bridge_empty_response",
            "iframe_closed_prematurely",
            "hash_empty_error",
        ],
        Remedy::Again,
        "Sign-in timed out or the window was closed. Try again.",
    ),
    (
        &["interaction_in_progress"],
        Remedy::Again,
        "A sign-in is already in progress. Finish it in the other window or try again.",
    ),
    (
        &["redirect_in_iframe", "block_iframe_reload", "silent_logout_unsupported"],
        Remedy::Administrator,
        "The browser doesn't allow this sign-in inside another page. Open this page in its own tab.",
    ),
    (
        &[
            "interaction_required",
            "login_required",
            "bad_token",
            "interrupted_user",
            "ui_not_allowed",
            "no_tokens_found",
            "refresh_token_expired",
            "token_refresh_required",
            "native_account_unavailable",
            "no_account_error",
            "no_account_found",
            "no_account_in_silent_request",
            "invalid_grant",
            "null_or_empty_token",
        ],
        Remedy::Interaction,
        "Your session expired or needs verification. Sign in again; nothing is lost.",
    ),
    (
        &["consent_required"],
        Remedy::Interaction,
        "This app doesn't have consent to use Azure on your behalf. Sign in again and accept, or ask an administrator.",
    ),
    (
        &[
            "no_network_connectivity",
            "network_error",
            "post_request_failed",
            "get_request_failed",
            "failed_to_parse_response",
        ],
        Remedy::Again,
        "Couldn't reach the sign-in service. Check your connection, proxy or browser extensions.",
    ),
    (
        &["temporarily_unavailable", "server_error"],
        Remedy::Again,
        "The sign-in service has a temporary problem. Try again in a minute.",
    ),
    (
        &[
            "hash_does_not_contain_known_properties",
            "no_state_in_hash",
            "unable_to_parse_state",
            "state_interaction_type_mismatch",
            "hash_not_deserialized",
            "invalid_state",
            "state_mismatch",
            "state_not_found",
            "nonce_mismatch",
            "no_token_request_cache_error",
            "unable_to_parse_token_request_cache_error",
            "authorization_code_missing_from_server_response",
            "auth_code_required",
            "auth_request_not_set_error",
        ],
        Remedy::Again,
        "This sign-in response is no longer valid. Sign in again.",
    ),
    (&["user_switch"], Remedy::Again, "You signed in with a different account. Choose the account again."),
    (
        &[
            "storage_not_supported",
            "cache_quota_exceeded",
            "cache_error_unknown",
            "database_not_open",
            "database_unavailable",
            "in_mem_redirect_unavailable",
        ],
        Remedy::Again,
        "The browser doesn't let this site save the sign-in. Allow site data or free up space, then sign in again.",
    ),
    (
        &[
            "crypto_nonexistent",
            "pkce_not_created",
            "no_crypto_object",
            "non_browser_environment",
            "crypto_key_not_found",
        ],
        Remedy::Administrator,
        "This page must be opened over HTTPS.",
    ),
    (
        &[
            "redirect_uri_empty",
            "claims_request_parsing_error",
            "authority_uri_insecure",
            "url_parse_error",
            "empty_url_error",
            "empty_input_scopes_error",
            "empty_input_scopeset",
            "invalid_cloud_discovery_metadata",
            "invalid_authority_metadata",
            "untrusted_authority",
            "authority_mismatch",
            "issuer_validation_failed",
            "invalid_response_mode",
            "endpoints_resolution_error",
            "openid_config_error",
            "cannot_allow_platform_broker",
            "invalid_platform_broker_configuration",
            "invalid_cache_type",
            "end_session_endpoint_not_supported",
            "invalid_client",
            "unauthorized_client",
            "invalid_scope",
            "invalid_resource",
            "invalid_request",
            "invalid_target",
            "unsupported_response_type",
            "resource_parameter_required",
            "misplaced_resource_parameter",
        ],
        Remedy::Administrator,
        "Sign-in isn't configured correctly. Site owner: compare `signIn` in config.json with the app registration (client ID, redirect URI, SPA platform, API permission).",
    ),
    (
        &[
            "native_handshake_timeout",
            "native_extension_not_installed",
            "native_connection_not_established",
            "unable_to_acquire_token_from_native_platform",
            "native_prompt_not_supported",
            "platform_broker_error",
            "nested_app_auth_bridge_disabled",
        ],
        Remedy::Again,
        "The browser's built-in sign-in failed. Sign in again, or use another browser.",
    ),
];

/// Errors that can only come from a bug in this program or in MSAL.js, so that the operator cannot fix any of them.
const INTERNAL: &str = "Sign-in failed unexpectedly. Reload and try again; if it keeps happening, report this code.";

/// The authority's error numbers, such as `AADSTS50011`, which are more specific than its codes.
/// Source: <https://learn.microsoft.com/entra/identity-platform/reference-error-codes>.
const NUMBERS: &[Row] = &[
    (
        &["50020", "70011", "500200", "500207", "9000411"],
        Remedy::Administrator,
        "Personal Microsoft accounts, and accounts outside the organization, can't be used here. Sign in with a work or school account.",
    ),
    (
        &["50076", "50079", "50158", "50074", "50072"],
        Remedy::Interaction,
        "Your organization requires multi-factor authentication. Sign in again; nothing is lost.",
    ),
    (
        &["53003", "530031", "530032"],
        Remedy::Administrator,
        "Conditional Access blocked this sign-in. Signing in again the same way doesn't help. Contact your administrator, who can see the policy in the sign-in logs.",
    ),
    (
        &["53000", "53001", "530001", "530002", "530003", "50129", "50155", "50187", "50097"],
        Remedy::Administrator,
        "Your organization requires a managed device (compliant or domain-joined) and a browser that supports device identification. Use them, or contact your administrator.",
    ),
    (
        &["53002", "530021"],
        Remedy::Administrator,
        "Conditional Access allows only approved apps, and this site isn't one. Contact your administrator.",
    ),
    (
        &["530035"],
        Remedy::Administrator,
        "Your organization's security defaults blocked this sign-in. Contact your administrator.",
    ),
    (
        &["50131"],
        Remedy::Administrator,
        "Conditional Access blocked this sign-in because of the device's state, suspicious activity or another security policy. Contact your administrator.",
    ),
    (
        &["53004", "53010"],
        Remedy::Administrator,
        "You must register for multi-factor authentication first, and can't do it from here: your sign-in is risky, or registration is limited to certain locations or devices. Contact your administrator.",
    ),
    (
        &["53011", "530034"],
        Remedy::Administrator,
        "Your account is blocked because of risk or a security policy, here or in your home organization. Signing in again doesn't unblock it. Contact an administrator there.",
    ),
    (
        &["50135", "50144"],
        Remedy::Administrator,
        "Change your password first: it has expired, or the account is at risk. Change it or ask an administrator to reset it, then sign in.",
    ),
    (
        &["50128", "51004", "50197"],
        Remedy::Again,
        "This account isn't in that organization. Sign in with another account, or ask an administrator there to invite this one.",
    ),
    (
        &["65001", "65004", "90094", "90008"],
        Remedy::Interaction,
        "This app doesn't have consent to use Azure on your behalf. Sign in again and accept, or ask an administrator.",
    ),
    (
        &["50011", "9002326", "900971", "50194", "700054"],
        Remedy::Administrator,
        "This site's address isn't registered. Site owner: add this site's redirect.html as a SPA redirect URI to the app registration.",
    ),
    (
        &["700016", "7000112", "90002", "900023", "500011", "650052", "650057"],
        Remedy::Administrator,
        "The app, the tenant or its API permission wasn't found. Site owner: compare `signIn` in config.json with the app registration.",
    ),
    (
        &["50057", "50053", "50126", "50055", "50034"],
        Remedy::Again,
        "The account is disabled, locked or unknown, or its password is wrong or expired.",
    ),
    (&["50105"], Remedy::Administrator, "Your account isn't assigned to this app. Contact your administrator."),
    (
        &["700082", "700084", "70008", "50173", "70043", "50132", "50133"],
        Remedy::Interaction,
        "Your session expired. Sign in again; nothing is lost.",
    ),
];

/// The row of a fault.
fn row(error: &AuthError) -> Option<&'static Row> {
    let of = |table: &'static [Row], name: &str| table.iter().find(|(names, ..)| names.contains(&name));
    number(&error.error_message)
        .and_then(|number| of(NUMBERS, number))
        .or_else(|| of(CODES, &error.error_code))
        .or_else(|| of(CODES, &error.sub_error))
}

/// The authority's own message: the first sentences, without the trace that follows on separate lines.
fn own_words(message: &str) -> Option<&str> {
    let (_, rest) = message.split_once("AADSTS")?;
    let words = rest.trim_start_matches(|c: char| c.is_ascii_digit()).trim_start_matches(':');
    let words = words.split(['\r', '\n']).next().unwrap_or_default();
    let words = words.split(" Trace ID:").next().unwrap_or_default().trim();
    (!words.is_empty()).then_some(words)
}

/// The digits after the first `AADSTS`.
fn number(message: &str) -> Option<&str> {
    let digits = message.split_once("AADSTS")?.1;
    let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
    digits.get(..end).filter(|digits| !digits.is_empty())
}

impl AuthError {
    /// The remedy that the page offers.
    pub fn remedy(&self) -> Remedy {
        row(self).map_or(Remedy::Again, |(_, remedy, _)| *remedy)
    }

    /// The authority's error number, if the table does not have it.
    fn unknown_number(&self) -> Option<&str> {
        number(&self.error_message).filter(|number| !NUMBERS.iter().any(|(names, ..)| names.contains(number)))
    }

    /// What happened and what to do, with the code for the person who is asked for help.
    pub fn sentence(&self) -> String {
        if let Some(number) = self.unknown_number() {
            let said = own_words(&self.error_message).map(|words| format!(" and says: “{words}”"));
            return format!(
                "Microsoft Entra ID rejected the sign-in{} For the error number, see https://login.microsoftonline.com/error?code={number}. ({}, AADSTS{number})",
                said.as_deref().unwrap_or(" without giving a reason."),
                self.error_code
            );
        }
        let words = row(self).map_or(INTERNAL, |(.., words)| words);
        if self.remedy() == Remedy::Cancelled {
            return words.to_owned();
        }
        let number = number(&self.error_message).map(|number| format!(", AADSTS{number}")).unwrap_or_default();
        format!("{words} ({}{number})", self.error_code)
    }
}

#[cfg(test)]
mod tests;
