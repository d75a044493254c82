//! Converts the site's configuration to MSAL's.
//!
//! The shapes are those of `Configuration` in `@azure/msal-browser` 5.

use serde::{Deserialize, Serialize};

/// Timeout of a sign-in window, in milliseconds. It is long because a second factor takes time; an operator who has closed the
/// window cancels in the page.
const POPUP_PATIENCE: u32 = 600_000;

/// What the site's `config.json` says about sign-in.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Settings {
    /// The client id of the registered application.
    pub client_id: String,
    /// The origin of the authority: `https://login.microsoftonline.com`.
    pub authority: String,
    /// The tenant that signs in, or `organizations`.
    pub tenant: String,
    /// The scope of the tokens.
    pub scope: String,
    /// `AAD` or `OIDC`.
    pub protocol: String,
}

impl Settings {
    /// The authority URL of a tenant; none = the configured tenant.
    pub fn authority_of(&self, tenant: Option<&str>) -> String {
        match tenant.unwrap_or(&self.tenant) {
            // An OpenID provider without tenants is its own authority.
            "" => self.authority.clone(),
            tenant => format!("{}/{tenant}", self.authority),
        }
    }

    /// MSAL's configuration; `page` is the URL of the page without its hash, `folder` the URL of its folder.
    pub fn configuration(&self, page: &str, folder: &str) -> Configuration {
        let generic = self.protocol == "OIDC";
        let host = self.authority.strip_prefix("https://").unwrap_or(&self.authority);
        Configuration {
            auth: Auth {
                client_id: self.client_id.clone(),
                authority: self.authority_of(None),
                // Naming a known authority saves its discovery through another host.
                known_authorities: vec![host.to_owned()],
                redirect_uri: format!("{folder}redirect.html"),
                post_logout_redirect_uri: page.to_owned(),
                // Tells Azure that we handle a claims challenge, so that it sends one instead of refusing.
                client_capabilities: (!generic).then(|| vec!["CP1"]),
                oidc_options: generic
                    .then_some(OidcOptions { response_mode: "fragment", default_scopes: ["openid", "profile"] }),
            },
            cache: Cache { cache_location: "sessionStorage" },
            system: System { protocol_mode: self.protocol.clone(), popup_bridge_timeout: POPUP_PATIENCE },
        }
    }
}

/// `Configuration`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Configuration {
    auth: Auth,
    cache: Cache,
    system: System,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct Auth {
    client_id: String,
    authority: String,
    known_authorities: Vec<String>,
    redirect_uri: String,
    post_logout_redirect_uri: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_capabilities: Option<Vec<&'static str>>,
    #[serde(rename = "OIDCOptions", skip_serializing_if = "Option::is_none")]
    oidc_options: Option<OidcOptions>,
}

/// MSAL's defaults also ask for `offline_access`. If a provider does not grant it, renewing the token fails.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct OidcOptions {
    response_mode: &'static str,
    default_scopes: [&'static str; 2],
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct Cache {
    cache_location: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct System {
    protocol_mode: String,
    popup_bridge_timeout: u32,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(protocol: &str, tenant: &str) -> Settings {
        Settings {
            client_id: "app".to_owned(),
            authority: "https://login.example".to_owned(),
            tenant: tenant.to_owned(),
            scope: "https://management.example/user_impersonation".to_owned(),
            protocol: protocol.to_owned(),
        }
    }

    fn json(settings: &Settings) -> serde_json::Value {
        let made = settings.configuration("https://host/tools/index.html", "https://host/tools/");
        serde_json::to_value(made).unwrap()
    }

    #[test]
    fn tokens_are_kept_for_the_tab_alone() {
        for protocol in ["AAD", "OIDC"] {
            assert_eq!(json(&settings(protocol, "t"))["cache"]["cacheLocation"], "sessionStorage");
        }
    }

    #[test]
    fn the_bridge_lies_beside_the_page_wherever_that_is() {
        let auth = &json(&settings("AAD", "organizations"))["auth"];
        assert_eq!(auth["redirectUri"], "https://host/tools/redirect.html");
        assert_eq!(auth["authority"], "https://login.example/organizations");
        assert_eq!(auth["clientCapabilities"], serde_json::json!(["CP1"]));
        assert!(auth.get("OIDCOptions").is_none());
    }

    #[test]
    fn another_provider_is_asked_for_what_it_may_have() {
        let auth = &json(&settings("OIDC", ""))["auth"];
        assert_eq!(auth["authority"], "https://login.example");
        assert_eq!(auth["knownAuthorities"], serde_json::json!(["login.example"]));
        assert_eq!(auth["OIDCOptions"]["defaultScopes"], serde_json::json!(["openid", "profile"]));
        assert!(auth.get("clientCapabilities").is_none());
    }

    #[test]
    fn a_tenant_has_an_authority_of_its_own() {
        assert_eq!(settings("AAD", "organizations").authority_of(Some("t2")), "https://login.example/t2");
    }
}
