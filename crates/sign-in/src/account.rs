//! Who signed in.

use serde::{Deserialize, Serialize};

/// The tenant that every personal Microsoft account belongs to.
const PERSONAL: &str = "9188040d-6c67-4c5b-b112-36a304b66dad";

/// MSAL's `AccountInfo`, without the members that are not used.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Account {
    /// MSAL's id of the account, the same in every tenant.
    pub home_account_id: String,
    /// The user name that was typed to sign in.
    pub username: String,
    /// The tenant of the account; empty if the OpenID provider has none.
    pub tenant_id: String,
    /// The person's name.
    pub name: Option<String>,
}

impl Account {
    /// Whether this is a personal Microsoft account, which cannot use Azure Resource Manager.
    pub fn is_personal(&self) -> bool {
        self.tenant_id == PERSONAL
    }
}

/// MSAL's `AuthenticationResult`, without the members that are not used. It holds the token, so it has no `Debug`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Signed {
    /// The token.
    pub access_token: String,
    /// The account that it belongs to.
    pub account: Account,
}

/// The sign-in state as the page receives it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AccountsInUse {
    /// The current account; none before the first sign-in.
    pub account: Option<Account>,
    /// All accounts of this tab.
    pub accounts: Vec<Account>,
}
