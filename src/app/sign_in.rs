//! Signing in: what is asked for, what is told, what is waited for. The tokens themselves never come here.

use azure_backup::arm::id::ClientRequestId;
use azure_backup::arm::json;
use serde_json::Value;
use time::{Duration, OffsetDateTime};

use super::effect::CallId;
use super::session::DemoRole;

/// Somebody who has signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// The sign-in's name for the account, the same in every tenant.
    pub id: String,
    /// What was typed to sign in: `ops@contoso.com`.
    pub user: String,
    /// The tenant that tokens are of; empty at a provider that knows none.
    pub tenant: String,
}

/// How to sign in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Interaction {
    /// By what an earlier visit of this tab, or the way back from the sign-in, has left.
    Resume,
    /// Without the operator.
    Silent,
    /// In a window of its own.
    Popup,
    /// In this window, which leaves the page and comes back.
    Redirect,
}

impl Interaction {
    /// How long its answer is waited for, in seconds. A person takes his time, and may cancel in the page; MSAL.js itself gives a window ten minutes.
    pub const fn timeout_seconds(self) -> u32 {
        match self {
            Self::Resume | Self::Silent => 60,
            Self::Popup | Self::Redirect => 660,
        }
    }
}

/// A sign-in to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignInRequest {
    /// How.
    pub how: Interaction,
    /// What Azure wants the token to say, as JSON text.
    pub claims: Option<String>,
    /// The tenant to go to; none = as before.
    pub tenant: Option<String>,
    /// The account; none = as before, empty = to be chosen.
    pub account: Option<String>,
    /// Whether Azure has refused the token that was given last: the same one from a cache will not do.
    pub refused: bool,
}

/// Who has signed in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SignInResult {
    /// Who; none when nobody has.
    pub account: Option<Account>,
    /// Everybody who has, in this tab.
    pub accounts: Vec<Account>,
}

impl SignInResult {
    /// Reads `{account?, accounts}`, as `crates/sign-in` tells it.
    pub fn read(text: &str) -> Option<Self> {
        let value = json::value(text.as_bytes()).ok()?;
        let accounts = value["accounts"].as_array()?.iter().filter_map(account).collect();
        Some(Self { account: account(&value["account"]), accounts })
    }
}

fn account(value: &Value) -> Option<Account> {
    let text = |name: &str| Some(value[name].as_str()?.to_owned());
    Some(Account { id: text("homeAccountId")?, user: text("username")?, tenant: text("tenantId")? })
}

/// Why nobody has signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignInError {
    /// Whether the operator gave it up.
    pub cancelled: bool,
    /// What happened and what to do.
    pub words: String,
}

impl SignInError {
    /// Nothing was heard of it within so many seconds.
    pub fn late(seconds: u32) -> Self {
        let words = format!(
            "Sign-in didn't respond within {seconds} seconds. Nothing was sent to Azure. Try again; if it keeps happening, reload the page."
        );
        Self { cancelled: false, words }
    }
}

/// The state of signing in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SigningIn {
    /// What is waited for.
    pub waiting: Option<SignInRequest>,
    /// Everybody who has signed in in this tab.
    pub accounts: Vec<Account>,
    /// Tenants that could not be gone to, and why: one that fails does not hide the others.
    pub closed: Vec<(String, String)>,
    /// The last renewal that Azure's refusal of a token has led to.
    pub renewal: Option<Renewal>,
    /// The calls for which one was renewed, by method and path, and when, as long as no good answer has come of it.
    pub in_vain: Vec<(String, OffsetDateTime)>,
    /// The first call that left with the present token; none = all of them did.
    pub fresh_from: Option<CallId>,
    /// What the demo's account may do.
    pub demo_role: DemoRole,
    /// The restore to be sent again once the sign-in is there.
    pub then: Option<ClientRequestId>,
}

/// A renewal of a token without the operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Renewal {
    /// When it was asked for.
    pub at: OffsetDateTime,
    /// What has come of it.
    pub outcome: Outcome,
}

/// What has come of a renewal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing good so far.
    Nothing,
    /// There was no other token.
    Failed,
    /// Azure has accepted the new token.
    Accepted,
}

impl Renewal {
    /// Before this another renewal would bring the same. Where Azure refuses the new token as well, that is for the least time that a token of
    /// Entra ID lasts.
    fn until(self) -> OffsetDateTime {
        self.at.saturating_add(match self.outcome {
            Outcome::Accepted => Duration::minutes(1),
            Outcome::Failed => Duration::minutes(10),
            Outcome::Nothing => RENEWED_IN_VAIN,
        })
    }
}

/// So long after a renewal in vain none is tried again without the operator.
const RENEWED_IN_VAIN: Duration = Duration::hours(1);

impl SigningIn {
    /// Whether a token that Azure refuses for a call may be renewed without the operator; then it is being renewed.
    pub fn may_renew(&mut self, call: &str, now: OffsetDateTime) -> bool {
        self.in_vain.retain(|(_, at)| now - *at < RENEWED_IN_VAIN);
        let soon = self.renewal.is_some_and(|last| now < last.until());
        if soon || self.waiting.is_some() || self.in_vain.iter().any(|(of, _)| of == call) {
            return false;
        }
        self.renewal = Some(Renewal { at: now, outcome: Outcome::Nothing });
        self.in_vain.push((call.to_owned(), now));
        true
    }

    /// Azure has answered a call well.
    pub fn accepted(&mut self, id: CallId, call: &str) {
        self.in_vain.retain(|(of, _)| of != call);
        if let Some(last) = self.renewal.as_mut().filter(|_| self.fresh_from.is_some_and(|first| id >= first)) {
            last.outcome = Outcome::Accepted;
        }
    }

    /// The operator has signed in, or another token was given: what was in vain before need not be now.
    pub fn begin_anew(&mut self) {
        self.renewal = None;
        self.in_vain.clear();
    }

    /// Whether the operator is waited for.
    pub fn is_asking(&self) -> bool {
        self.waiting.as_ref().is_some_and(|request| request.how != Interaction::Silent)
    }

    /// Why a tenant could not be gone to.
    pub fn why_closed(&self, tenant: &str) -> Option<&str> {
        self.closed.iter().find(|(id, _)| id == tenant).map(|(_, why)| why.as_str())
    }
}
