//! What the operator says about a run.

use time::OffsetDateTime;

use super::machine::{Ending, Progress};
use super::{Execution, HaltReason, Halted};
use crate::recovery::plan::MachineId;

impl Execution {
    /// Starts nothing more from now on. What runs goes on.
    pub fn halt(&mut self, why: HaltReason, now: OffsetDateTime) {
        if !self.is_over() {
            self.halted.get_or_insert(Halted { at: now, why });
        }
    }

    /// Goes on after a halt, also in vaults that had reached their limit of the day, and with what provably has never left.
    pub fn go_on(&mut self, now: OffsetDateTime) {
        self.halted = None;
        self.failures = 0;
        for vault in &mut self.vaults {
            vault.daily_limit = None;
        }
        self.retry_where(now, |ending| ending == Ending::NeverLeft);
    }

    /// Restores once more what has failed. What the operator has canceled or what may still run is no part of it.
    pub fn retry_failed(&mut self, now: OffsetDateTime) {
        self.failures = 0;
        self.retry_where(now, Ending::is_retried_with_others);
    }

    fn retry_where(&mut self, now: OffsetDateTime, which: impl Fn(Ending) -> bool) {
        for machine in &mut self.machines {
            if matches!(machine.progress, Progress::Ended { ending, .. } if which(ending)) {
                machine.wait_again();
            }
        }
        self.open_groups(now);
    }

    /// Restores a machine once more whose restore has ended without restoring it, or that was left out.
    pub fn retry(&mut self, id: &MachineId) {
        if let Some(machine) = self.machine_mut(id)
            && machine.progress.can_retry()
        {
            machine.wait_again();
            self.failures = 0;
        }
    }

    /// Leaves a machine out that is not under way, so that nobody waits for it any more.
    pub fn skip(&mut self, id: &MachineId, now: OffsetDateTime) {
        if let Some(machine) = self.machine_mut(id)
            && machine.progress.can_skip()
        {
            machine.wait_again();
            machine.progress = Progress::Skipped { at: now };
            self.open_groups(now);
        }
    }

    /// *Start now*: gives a group its turn whatever it waits for. The groups before it have theirs.
    pub fn open_group(&mut self, group: usize, now: OffsetDateTime) {
        let before = self.groups.iter().take(group).all(|group| group.opened.is_some());
        if let Some(group) = self.groups.get_mut(group).filter(|_| before) {
            group.opened.get_or_insert(now);
            self.open_groups(now);
        }
    }
}
