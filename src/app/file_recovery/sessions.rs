//! The file recoveries that this browser has started, as they are stored: without script and password.

use azure_backup::arm::id::ArmId;
use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};

use crate::app::identity::Identity;
use crate::restore::file_recovery::SCRIPT_WORKS;
use crate::restore::owner::Owner;

/// The shape in which they are stored.
const SHAPE: u64 = 1;
/// A recovery is shown for so long after its script has stopped working.
const SHOWN_AFTER: Duration = Duration::days(1);
/// So many are kept, the latest.
const MAX_SESSIONS: usize = 200;

/// How far a recovery is, as far as this browser knows. The later one counts where two tabs differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum SessionStage {
    /// The request may have left; whether Azure has heard of it is not known yet.
    Requested,
    /// Azure has handed out a script.
    Running,
    /// It was stopped here.
    Stopped,
    /// Azure has refused the request, or it never left.
    Refused,
}

/// A recovery.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FileSession {
    /// The recovery point.
    pub point: ArmId,
    /// The machine's name.
    pub machine: String,
    /// The cloud's name.
    pub cloud: String,
    /// Who has started it.
    pub owner: Owner,
    /// When its script was asked for.
    #[serde(with = "azure_backup::arm::bounds::text_time")]
    pub requested: OffsetDateTime,
    /// How far it is.
    pub stage: SessionStage,
    /// Whether the operator was told that its time is over.
    pub told: bool,
}

impl FileSession {
    /// When its script stops working.
    pub fn ends(&self) -> OffsetDateTime {
        self.requested.saturating_add(SCRIPT_WORKS)
    }

    /// Whether it may run now.
    pub fn works(&self, now: OffsetDateTime) -> bool {
        self.stage <= SessionStage::Running && now < self.ends()
    }

    fn is_of(&self, identity: &Identity) -> bool {
        self.cloud == identity.cloud && self.owner == identity.owner
    }

    fn is_same(&self, other: &Self) -> bool {
        self.point == other.point && self.cloud == other.cloud && self.owner == other.owner
    }
}

/// The recoveries of this browser, the latest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileSessions(Vec<FileSession>);

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    version: u64,
    sessions: Vec<FileSession>,
}

impl FileSessions {
    /// Those of an identity.
    pub fn of(&self, identity: &Identity) -> impl Iterator<Item = &FileSession> {
        let identity = identity.clone();
        self.0.iter().filter(move |session| session.is_of(&identity))
    }

    /// Puts a recovery in the place of the earlier one of its point.
    pub(crate) fn put(&mut self, session: FileSession) {
        self.0.retain(|other| !other.is_same(&session));
        self.0.insert(0, session);
        self.0.truncate(MAX_SESSIONS);
    }

    /// Changes the recovery of a point.
    pub(in crate::app) fn change(&mut self, identity: &Identity, point: &ArmId, change: impl FnOnce(&mut FileSession)) {
        if let Some(session) = self.0.iter_mut().find(|session| session.is_of(identity) && session.point == *point) {
            change(session);
        }
    }

    /// Takes over what another tab has stored: of two states of one recovery the later one.
    pub(in crate::app) fn merge(&mut self, theirs: Self) {
        for their in theirs.0.into_iter().rev() {
            match self.0.iter_mut().find(|own| own.is_same(&their)) {
                Some(own) if own.requested == their.requested => {
                    own.stage = own.stage.max(their.stage);
                    own.told |= their.told;
                }
                Some(own) if own.requested > their.requested => {}
                _ => self.put(their),
            }
        }
    }

    /// Forgets what is long over. Whether there was anything.
    pub(in crate::app) fn forget_old(&mut self, now: OffsetDateTime) -> bool {
        let before = self.0.len();
        self.0.retain(|session| {
            now < session.ends().saturating_add(SHOWN_AFTER) && session.stage != SessionStage::Refused
        });
        self.0.len() != before
    }

    /// Forgets those of an identity.
    pub(in crate::app) fn forget_of(&mut self, identity: &Identity) {
        self.0.retain(|session| !session.is_of(identity));
    }

    /// Forgets all.
    pub(in crate::app) fn clear(&mut self) {
        self.0.clear();
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The text that is stored.
    pub fn text(&self) -> String {
        super::super::saved::write(&Stored { version: SHAPE, sessions: self.0.clone() })
    }

    /// What was stored; none where it cannot be read.
    pub fn read(text: &str) -> Option<Self> {
        let stored: Stored = super::super::saved::read(text)?;
        (stored.version == SHAPE).then(|| Self(stored.sessions.into_iter().take(MAX_SESSIONS).collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    /// As the first version has stored it.
    const STORED: &str = r#"{"version":1,"sessions":[{"point":"/subscriptions/s/resourceGroups/g/providers/Microsoft.RecoveryServices/vaults/v/recoveryPoints/1","machine":"web-01","cloud":"AzureCloud","owner":{"tenant":"t","account":"ops@contoso.com"},"requested":"2026-05-14T12:00:00Z","stage":"running","told":false}]}"#;

    fn stored() -> (FileSessions, FileSession) {
        let sessions = FileSessions::read(STORED).unwrap();
        let one = sessions.0[0].clone();
        (sessions, one)
    }

    #[test]
    fn what_was_stored_is_read_and_written_alike_and_nothing_else_is() {
        let (sessions, one) = stored();
        assert_eq!(sessions.text(), STORED);
        assert_eq!(one.requested, datetime!(2026-05-14 12:00 UTC));
        for text in
            ["", "{}", "[]", &STORED.replace("\"version\":1", "\"version\":2"), &STORED.replace("told", "password")]
        {
            assert_eq!(FileSessions::read(text), None, "{text}");
        }
    }

    #[test]
    fn a_script_works_for_twelve_hours_and_is_shown_a_day_longer() {
        let (mut sessions, one) = stored();
        let after = |hours| one.requested + Duration::hours(hours);
        assert!(one.works(after(11)) && !one.works(after(12)));
        assert!(!FileSession { stage: SessionStage::Stopped, ..one.clone() }.works(after(1)));
        assert!(!sessions.forget_old(after(35)) && !sessions.is_empty());
        assert!(sessions.forget_old(after(36)) && sessions.is_empty());
        sessions.put(FileSession { stage: SessionStage::Refused, ..one.clone() });
        assert!(sessions.forget_old(after(0)));
    }

    #[test]
    fn of_two_tabs_the_later_state_counts() {
        let (mut sessions, one) = stored();
        let with = |stage, hours| {
            FileSessions(vec![FileSession { stage, requested: one.requested + Duration::hours(hours), ..one.clone() }])
        };
        sessions.merge(with(SessionStage::Stopped, 0));
        assert_eq!(sessions.0[0].stage, SessionStage::Stopped);
        sessions.merge(with(SessionStage::Running, 0));
        assert_eq!(sessions.0[0].stage, SessionStage::Stopped, "a late report starts nothing anew");
        sessions.merge(with(SessionStage::Running, -1));
        assert_eq!(sessions.0[0].stage, SessionStage::Stopped);
        sessions.merge(with(SessionStage::Running, 1));
        assert_eq!((sessions.0.len(), sessions.0[0].stage), (1, SessionStage::Running));
        // Another account's recovery of the same point stands beside it.
        let other = FileSession { owner: Owner::default(), ..one.clone() };
        sessions.merge(FileSessions(vec![other.clone()]));
        assert_eq!(sessions.0.len(), 2);
        let identity = Identity { cloud: one.cloud, owner: other.owner };
        sessions.forget_of(&identity);
        assert_eq!((sessions.0.len(), sessions.of(&identity).count()), (1, 0));
    }
}
