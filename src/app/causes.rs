//! Why answers could not be had: one cause for all that failed alike, so that one message tells of them.

use std::rc::Rc;

use azure_backup::arm::fault::{Fault, FaultKind};

use super::key::Key;

/// Answers that could not be had for one cause.
#[derive(Clone, Debug, PartialEq)]
pub struct Cause {
    /// The cause.
    pub why: CauseKind,
    /// What failed, in the order in which it matters, and how. There is at least one.
    pub failed: Vec<(Key, Rc<Fault>)>,
}

/// What calls can fail of, as far as it is one and the same for several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CauseKind {
    /// Nothing gets through: the network, a proxy, the browser.
    Unreachable,
    /// No token, or one that is not accepted.
    SignIn,
    /// Whoever gives tokens does not answer.
    TokenLate,
    /// Azure asks for fewer requests.
    Throttled,
    /// The account may not do it.
    Denied,
    /// Something else: the kind of fault, the status and Azure's code.
    Other(FaultKind, Option<u16>, String),
}

impl CauseKind {
    /// The cause of one fault.
    pub fn of(fault: &Fault) -> Self {
        match &fault.kind {
            FaultKind::Network => Self::Unreachable,
            FaultKind::TokenLate => Self::TokenLate,
            _ if fault.needs_sign_in() => Self::SignIn,
            _ if fault.is_throttled() => Self::Throttled,
            // A policy or a disabled subscription refuses with 403, too; those are nobody's lack of a role, and have advice of their own.
            FaultKind::Status if fault.status == Some(403) && says_no_more_than_no(fault) => Self::Denied,
            // Where in an answer it stands is another place in each.
            FaultKind::Body { .. } => {
                Self::Other(FaultKind::Body { path: String::new() }, fault.status, fault.code.clone())
            }
            kind => Self::Other(kind.clone(), fault.status, fault.code.clone()),
        }
    }

    /// Whether it may lie with the primary region of a vault, so that the secondary one may answer where it does not.
    ///
    /// Azure Resource Manager is one service for both regions: whoever does not reach it, or is not let in, reaches neither.
    pub const fn may_be_of_a_region(&self) -> bool {
        matches!(self, Self::Other(..))
    }
}

/// Whether a refusal's code speaks of the account, or of nothing.
fn says_no_more_than_no(fault: &Fault) -> bool {
    fault.blames_the_account() || ["", "403", "Forbidden"].iter().any(|code| fault.code.eq_ignore_ascii_case(code))
}

/// The causes, in the order in which each was met first.
pub fn causes(failed: impl IntoIterator<Item = (Key, Rc<Fault>)>) -> Vec<Cause> {
    let mut all: Vec<Cause> = Vec::new();
    for (key, fault) in failed {
        let why = CauseKind::of(&fault);
        match all.iter_mut().find(|cause| cause.why == why) {
            Some(cause) => cause.failed.push((key, fault)),
            None => all.push(Cause { why, failed: vec![(key, fault)] }),
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use azure_backup::arm::id::SubscriptionId;

    use super::*;

    fn status(status: u16, code: &str) -> Rc<Fault> {
        Rc::new(Fault::reported("GET /x", code, "Azure's words.").with_status(status))
    }

    #[test]
    fn what_fails_alike_is_one_cause() {
        let key =
            |n: usize| Key::Groups(SubscriptionId::parse(&format!("5f1c0d3a-91b2-4e6f-8a77-0c0ffee{n:05}")).unwrap());
        let offline = || Rc::new(Fault::network("GET /x", "Failed to fetch"));
        let faults = [
            status(403, "AuthorizationFailed"),
            offline(),
            status(503, "ServiceUnavailable"),
            status(403, "LinkedAuthorizationFailed"),
            offline(),
            status(429, "TooManyRequests"),
            status(401, "InvalidAuthenticationToken"),
            Rc::new(Fault::no_token("GET /x", "There is no token.")),
            Rc::new(Fault::token_late("GET /x", 60)),
            status(503, "ServiceUnavailable"),
            status(500, "InternalServerError"),
            status(403, "RequestDisallowedByPolicy"),
            status(403, "Forbidden"),
            Rc::new(Fault::timed_out("GET /x", 100)),
        ];
        let found = causes(faults.into_iter().enumerate().map(|(n, fault)| (key(n), fault)));
        let told: Vec<(CauseKind, usize)> = found.iter().map(|c| (c.why.clone(), c.failed.len())).collect();
        let other = |status: u16, code: &str| CauseKind::Other(FaultKind::Status, Some(status), code.to_owned());
        let expected = [
            (CauseKind::Denied, 3),
            (CauseKind::Unreachable, 2),
            (other(503, "ServiceUnavailable"), 2),
            (CauseKind::Throttled, 1),
            (CauseKind::SignIn, 2),
            (CauseKind::TokenLate, 1),
            (other(500, "InternalServerError"), 1),
            (other(403, "RequestDisallowedByPolicy"), 1),
            (CauseKind::Other(FaultKind::TimedOut, None, String::new()), 1),
        ];
        assert_eq!(told, expected);
        assert_eq!(found[0].failed[1].0, key(3), "each keeps its own fault");
        for cause in &found {
            assert_eq!(cause.why.may_be_of_a_region(), matches!(cause.why, CauseKind::Other(..)), "{cause:?}");
        }
        assert_eq!(causes([]), []);
    }
}
