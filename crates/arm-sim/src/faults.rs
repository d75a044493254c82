//! Faults that a person can trigger by hand: VMs and vaults whose names say what happens to them.

/// A VM or vault that misbehaves, as an entry of a list for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sentinel {
    /// The name of the VM or vault.
    pub name: &'static str,
    /// One sentence: what happens.
    pub what: &'static str,
}

macro_rules! faults {
    ($($variant:ident $name:literal $what:literal)*) => {
        /// What goes wrong.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum Fault { $($variant),* }

        /// Every sentinel of the world, VMs first, in list order. The VMs are in the vault [`FAULTS_VAULT`].
        pub const SENTINELS: &[Sentinel] = &[$(Sentinel { name: $name, what: $what }),*];

        const ALL: &[Fault] = &[$(Fault::$variant),*];
    };
}

faults! {
    Throttled "fault-throttled" "The restore is answered 429 until the wait that Retry-After names is over."
    LostAnswer "fault-lost-answer" "The restore starts, but the connection dies before the answer arrives."
    LostRequest "fault-lost-request" "The connection dies before the first restore request arrives; the second one works."
    Refused "fault-refused" "The restore is refused with 403 AuthorizationFailed."
    FailsLate "fault-fails-late" "The restore job fails when it is nearly done, because its storage account is gone."
    CompletesWithWarnings "fault-completes-with-warnings" "The restore job ends as CompletedWithWarnings."
    Cancelled "fault-cancelled" "Somebody else cancels the restore job half-way."
    TokenExpires "fault-token-expires" "The access token turns out to be expired when the restore is sent: 401."
    TokenExpiresMidway "fault-token-expires-midway" "The access token expires while the restore is being followed: reads are answered 401."
    ClaimsChallenge "fault-claims-challenge" "The restore is answered 401 with a claims challenge until a request comes with another token."
    ClaimsMidway "fault-claims-midway" "While the restore is being followed, reads are answered 401 with a claims challenge until another token comes."
    MfaPolicy "fault-mfa-policy" "The restore is refused with 403 RequestDisallowedByPolicy, because MFA is required, until another token comes."
    OperationFails "fault-operation-fails" "The restore is accepted, but its operation fails and no job is made."
    PollErrors "fault-poll-errors" "Following the restore meets 500, 504, 502 and 429 before it goes on."
    NoHeaders "fault-no-headers" "The 202 carries neither Azure-AsyncOperation nor Location nor Retry-After."
    RetryAfterDate "fault-retry-after-date" "Retry-After is an HTTP date instead of seconds."
    DoubledUrl "fault-doubled-url" "The URLs to follow hold /subscriptions//subscriptions/, which is answered 404."
    ForeignHost "fault-foreign-host" "The URLs to follow lead to a host that is not Azure Resource Manager."
    UnknownStatus "fault-unknown-status" "Operation and job are in a status that nobody has heard of before they go on."
    Stuck "fault-stuck" "The restore job stays at 42 per cent for ever."
    HtmlError "fault-html-error" "The recovery points are answered with an HTML error page."
    TruncatedJson "fault-truncated-json" "The list of recovery points breaks off in the middle."
    HugeAnswer "fault-huge-answer" "The list of recovery points is 10 MB long."
    WrongTypes "fault-wrong-types" "The list of recovery points has wrong types in its fields."
    TokenTimeout "fault-token-timeout" "The access token for a cross-region restore is answered 504 three times before it comes."
    TokenStale "fault-token-stale" "The first access token for a cross-region restore is refused as expired; a fresh one is accepted."
    ClaimsTangled "fault-claims-tangled" "As fault-claims-challenge, but the header is written so that only a real parser reads it: two schemes, commas and quotes inside of texts."
    Denied "fault-vault-denied" "A vault whose contents nobody may read: 403 AuthorizationFailed."
    PointsDenied "fault-vault-points-denied" "A vault whose machines may be seen, and whose recovery points nobody may read: 403 AuthorizationFailed."
    RegionDown "fault-vault-region-down" "A vault whose primary region is down: its primary calls are answered 503, its secondary region works."
}

/// The vault that holds the sentinel VMs.
pub const FAULTS_VAULT: &str = "contoso-vault-faults";

impl Fault {
    /// The fault that a name stands for.
    pub(crate) fn of(name: &str) -> Option<Self> {
        let at = SENTINELS.iter().position(|s| s.name.eq_ignore_ascii_case(name))?;
        ALL.get(at).copied()
    }

    /// The names of the sentinel VMs.
    pub(crate) fn machines() -> impl Iterator<Item = &'static str> {
        SENTINELS.iter().map(|s| s.name).filter(|n| !n.starts_with("fault-vault-"))
    }
}

#[cfg(test)]
mod tests {
    use super::{ALL, Fault, SENTINELS};

    #[test]
    fn names_and_faults_go_together() {
        assert_eq!(ALL.len(), SENTINELS.len());
        assert_eq!(Fault::of("FAULT-stuck"), Some(Fault::Stuck));
        assert_eq!(Fault::of("web-01"), None);
        assert_eq!(Fault::machines().count(), SENTINELS.len() - 3);
    }
}
