//! Who we are to Azure: nobody, the demo, the bearer of a pasted token, or somebody who has signed in.
//!
//! [`Session`] holds what may be shown. A pasted token is a [`Secret`] that passes through on its way to the shell and is kept nowhere here;
//! tokens of a sign-in stay between MSAL.js and the shell.

use std::fmt;

use azure_backup::arm::json;
use base64ct::{Base64UrlUnpadded, Encoding as _};
use time::OffsetDateTime;

use super::sign_in::Account;

/// A token. It cannot be printed, saved or compared by accident.
#[derive(Clone)]
pub struct Secret(String);

impl Secret {
    /// Wraps a token.
    pub const fn new(token: String) -> Self {
        Self(token)
    }

    /// Wraps what somebody else calls a token.
    ///
    /// # Errors
    /// [`TokenError`] for what cannot stand in a header.
    pub fn checked(token: String) -> Result<Self, TokenError> {
        well_formed(&token).map(|()| Self(token))
    }

    /// The token itself, for the `Authorization` header alone.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Secret(…)")
    }
}

/// The letters of a bearer token: RFC 6750, section 2.1.
fn well_formed(token: &str) -> Result<(), TokenError> {
    match token {
        "" => Err(TokenError::Empty),
        _ if token.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~+/=".contains(&b)) => Ok(()),
        _ => Err(TokenError::Malformed),
    }
}

/// Who we are to Azure.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Session {
    /// Nobody yet.
    #[default]
    Disconnected,
    /// A simulated Azure in the page.
    Demo,
    /// A pasted token.
    Token(TokenClaims),
    /// Signed in.
    SignedIn(Account),
}

impl Session {
    /// The object id of the user in the tenant of the token, as far as is known. MSAL names an account `object id.tenant` after its home tenant; a
    /// page around this one names it by the object id.
    pub fn object_id(&self) -> Option<&str> {
        match self {
            Session::Disconnected | Session::Demo => None,
            Session::Token(claims) => claims.object_id.as_deref(),
            Session::SignedIn(account) => match account.id.split_once('.') {
                Some((user, home)) => (home == account.tenant).then_some(user),
                None => Some(account.id.as_str()),
            },
        }
    }

    /// Who works in which tenant, as far as is known.
    pub fn identity(&self) -> (Option<&str>, Option<&str>) {
        match self {
            Session::Disconnected | Session::Demo => (None, None),
            Session::Token(bearer) => (bearer.user.as_deref(), bearer.tenant.as_deref()),
            Session::SignedIn(account) => {
                (Some(account.user.as_str()), Some(account.tenant.as_str()).filter(|tenant| !tenant.is_empty()))
            }
        }
    }
}

/// What the demo's account may do: so that readiness and refusals can be looked at without all rights.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DemoRole {
    /// Everything.
    #[default]
    Owner,
    /// Everything but giving rights.
    Contributor,
    /// Starts restores, but may write to nothing that a restore writes to.
    BackupOperator,
    /// The same, and may activate the role Contributor.
    Eligible,
    /// Reads.
    Reader,
    /// Reads in one resource group.
    GroupReader,
}

impl DemoRole {
    /// All, as they are offered.
    pub const ALL: [Self; 6] =
        [Self::Owner, Self::Contributor, Self::BackupOperator, Self::Eligible, Self::Reader, Self::GroupReader];

    /// What the simulator calls it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Contributor => "contributor",
            Self::BackupOperator => "backup-operator",
            Self::Eligible => "eligible",
            Self::Reader => "reader",
            Self::GroupReader => "group-reader",
        }
    }

    /// What the page calls it.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Owner => "Owner",
            Self::Contributor => "Contributor",
            Self::BackupOperator => "Backup Operator",
            Self::Eligible => "Backup Operator, eligible for Contributor",
            Self::Reader => "Reader",
            Self::GroupReader => "Reader of one resource group",
        }
    }
}

/// What a token says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TokenClaims {
    /// When it expires; none = it does not say.
    pub expires: Option<OffsetDateTime>,
    /// Whose it is.
    pub user: Option<String>,
    /// The tenant.
    pub tenant: Option<String>,
    /// The object id of the user in that tenant.
    pub object_id: Option<String>,
}

/// Why a pasted token is not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// Nothing was pasted.
    #[error("Paste an access token.")]
    Empty,
    /// It cannot stand in a header.
    #[error(
        "That's not a valid token: it contains spaces or invalid characters. Copy it again without quotes or line breaks."
    )]
    Malformed,
    /// It looks like a JSON Web Token and cannot be read as one.
    #[error("That token is incomplete. Copy the whole token again.")]
    Damaged,
    /// It has expired.
    #[error("This access token expired at {0} UTC. Get a new one.")]
    Expired(String),
}

impl TokenClaims {
    /// Reads what a token says of itself. A token that is no JSON Web Token is taken as it is: only Azure can judge it.
    ///
    /// # Errors
    /// [`TokenError`], with what to do.
    pub fn read(token: &str, now: OffsetDateTime) -> Result<Self, TokenError> {
        well_formed(token)?;
        let parts: Vec<&str> = token.split('.').collect();
        let [_, claims, _] = parts.as_slice() else { return Ok(Self::default()) };
        let claims = Base64UrlUnpadded::decode_vec(claims.trim_end_matches('=')).map_err(|_| TokenError::Damaged)?;
        let claims = json::value(&claims).map_err(|_| TokenError::Damaged)?;
        let text = |name: &str| claims[name].as_str().map(str::to_owned);
        let expires = claims["exp"].as_i64().and_then(|exp| OffsetDateTime::from_unix_timestamp(exp).ok());
        if let Some(at) = expires.filter(|at| *at <= now) {
            return Err(TokenError::Expired(minutes(at)));
        }
        let user = text("upn").or_else(|| text("unique_name")).or_else(|| text("appid"));
        Ok(Self { expires, user, tenant: text("tid"), object_id: text("oid") })
    }
}

fn minutes(at: OffsetDateTime) -> String {
    format!("{} {:02}:{:02}", at.date(), at.hour(), at.minute())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(claims: &str) -> String {
        format!("e30.{}.c2ln", Base64UrlUnpadded::encode_string(claims.as_bytes()))
    }

    fn now() -> OffsetDateTime {
        OffsetDateTime::from_unix_timestamp(1_000_000).unwrap()
    }

    #[test]
    fn a_token_says_when_it_expires_and_whose_it_is() {
        let bearer =
            TokenClaims::read(&token(r#"{"exp": 1003600, "upn": "ops@contoso.com", "tid": "t"}"#), now()).unwrap();
        assert_eq!(bearer.expires.unwrap() - now(), time::Duration::hours(1));
        assert_eq!(bearer.user.as_deref(), Some("ops@contoso.com"));
    }

    #[test]
    fn bad_tokens_say_what_to_do() {
        assert_eq!(TokenClaims::read("", now()), Err(TokenError::Empty));
        assert_eq!(TokenClaims::read("two words", now()), Err(TokenError::Malformed));
        assert_eq!(TokenClaims::read("\"quoted\"", now()), Err(TokenError::Malformed));
        assert_eq!(TokenClaims::read("a.!!.c", now()), Err(TokenError::Malformed));
        assert_eq!(TokenClaims::read("a.b.c", now()), Err(TokenError::Damaged));
        assert!(matches!(TokenClaims::read(&token(r#"{"exp": 999999}"#), now()), Err(TokenError::Expired(_))));
        assert_eq!(TokenClaims::read("opaque", now()), Ok(TokenClaims::default()));
    }

    #[test]
    fn what_no_header_can_carry_is_no_token_whoever_gives_it() {
        for (text, why) in [
            ("", TokenError::Empty),
            ("abc\r\nX-Other: 1", TokenError::Malformed),
            ("абв", TokenError::Malformed),
            ("a\u{0}b", TokenError::Malformed),
        ] {
            assert_eq!(Secret::checked(text.to_owned()).map(drop), Err(why), "{text:?}");
        }
        assert!(Secret::checked("e30.e30.c2ln".to_owned()).is_ok());
    }

    #[test]
    fn a_secret_does_not_print() {
        assert_eq!(format!("{:?}", Secret::new("abc".to_owned())), "Secret(…)");
    }
}
