//! Who signed in.

use serde::{Deserialize, Serialize};

/// The tenant of every personal Microsoft account.
const PERSONAL: &str = "9188040d-6c67-4c5b-b112-36a304b66dad";

/// `AccountInfo`, as far as it is used.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Account {
    /// MSAL's name of the account, the same in every tenant.
    pub home_account_id: String,
    /// The name that was typed to sign in.
    pub username: String,
    /// The tenant that signed in; empty at a provider that knows none.
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

/// `AuthenticationResult`, as far as it is used. No `Debug`: it holds the token.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Signed {
    /// The token.
    pub access_token: String,
    /// Whose it is.
    pub account: Account,
}

/// What the page is told of a sign-in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Told {
    /// Who signed in; none when nobody has yet.
    pub account: Option<Account>,
    /// All accounts of this tab.
    pub accounts: Vec<Account>,
}
