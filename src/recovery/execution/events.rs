//! The events of a run's machines.

use azure_backup::arm::id::ClientRequestId;
use time::OffsetDateTime;

use super::machine::{Ending, Progress};
use super::pace::PAUSE;
use super::{Execution, HaltReason};
use crate::recovery::plan::MachineId;

/// How often in a row a machine's request may be throttled before its restore counts as refused.
const MAX_THROTTLED: u8 = 5;

/// An event of a machine. An event that does not fit the machine's state changes nothing, so reporting it twice is harmless.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// Its restore was started under this id. Report it before the request leaves.
    Triggered(ClientRequestId),
    /// Azure has accepted the request.
    Accepted,
    /// Its job was found by machine and time alone. It is followed, but nothing proves that Azure has accepted the request, so no other starts sooner.
    JobGuessed,
    /// Azure has throttled the request, so nothing was started. The machine waits for its turn again.
    Throttled {
        /// The wait that Azure has asked for.
        until: Option<OffsetDateTime>,
    },
    /// Azure was too busy to say whether it accepted the request. The restore is searched for, and the others wait.
    Busy {
        /// The wait that Azure has asked for.
        until: Option<OffsetDateTime>,
    },
    /// Azure starts no more restores of this vault today: nothing was started.
    DailyLimit,
    /// The run was halted before the request left. It waits.
    Withdrawn,
    /// The operator has sent a request that never left or had no effect from the page of its restore.
    SentAfterAll,
    /// Its restore is over, or could not start.
    Ended(Ending),
}

impl Execution {
    /// Handles an event of a machine.
    pub fn on_event(&mut self, id: &MachineId, event: Event, now: OffsetDateTime) {
        let caps = (self.pacing.per_vault.get(), self.pacing.in_all.get());
        let Some(machine) = self.machines.iter_mut().find(|machine| machine.id == *id) else { return };
        let vault = &mut self.vaults[machine.vault];
        let restore = machine.restore().cloned();
        match (&machine.progress, event) {
            (Progress::Waiting, Event::Triggered(restore)) => {
                machine.progress = Progress::Triggered { restore, at: now };
                self.rate.spend(now);
            }
            (Progress::Triggered { restore, .. }, event @ (Event::Accepted | Event::JobGuessed)) => {
                machine.progress = Progress::Running { restore: restore.clone(), at: now };
                machine.throttled = 0;
                if event == Event::Accepted {
                    vault.pace.faster(caps.0);
                    self.pace.faster(caps.1);
                }
            }
            (Progress::Triggered { .. }, Event::Throttled { until }) => {
                let until = until.unwrap_or(now + PAUSE);
                vault.pace.slower(caps.0, until);
                self.pace.slower(caps.1, until);
                let throttled = machine.throttled.saturating_add(1);
                if throttled < MAX_THROTTLED {
                    machine.wait_again();
                    machine.throttled = throttled;
                } else {
                    machine.progress = Progress::Ended { restore, at: now, ending: Ending::Refused };
                    self.on_failure(now);
                }
            }
            (Progress::Triggered { .. }, Event::Busy { until }) => {
                vault.pace.slower(caps.0, until.unwrap_or(now + PAUSE));
            }
            (Progress::Triggered { .. }, Event::DailyLimit) => {
                vault.daily_limit = Some(now);
                machine.wait_again();
            }
            (Progress::Triggered { .. }, Event::Withdrawn) => machine.wait_again(),
            // The plan must not start a second restore of the machine beside it.
            (Progress::Ended { restore: Some(restore), ending, .. }, Event::SentAfterAll)
                if ending.can_be_sent_after_all() =>
            {
                machine.progress = Progress::Triggered { restore: restore.clone(), at: now };
            }
            (Progress::Ended { restore: Some(restore), ending, .. }, Event::Accepted | Event::JobGuessed)
                if ending.can_be_sent_after_all() =>
            {
                machine.progress = Progress::Running { restore: restore.clone(), at: now };
            }
            (Progress::Waiting | Progress::Triggered { .. } | Progress::Running { .. }, Event::Ended(ending)) => {
                machine.progress = Progress::Ended { restore, at: now, ending };
                if ending.is_failure() {
                    self.on_failure(now);
                }
                self.open_groups(now);
            }
            _ => {}
        }
    }

    fn on_failure(&mut self, now: OffsetDateTime) {
        self.failures = self.failures.saturating_add(1);
        if self.stop_after_failures.is_some_and(|most| self.failures >= most.get()) {
            self.halt(HaltReason::Failures, now);
        }
    }
}
