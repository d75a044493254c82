//! The operator's commands for a run.

use time::OffsetDateTime;

use super::machine::{Ending, Progress};
use super::{Execution, HaltReason, Halted};
use crate::recovery::plan::MachineId;

impl Execution {
    /// Starts no more restores. Restores that run go on.
    pub fn halt(&mut self, why: HaltReason, now: OffsetDateTime) {
        if !self.is_over() {
            self.halted.get_or_insert(Halted { at: now, why });
        }
    }

    /// Goes on after a halt, also in vaults that had reached their daily limit, and with requests that provably never left.
    pub fn continue_run(&mut self, now: OffsetDateTime) {
        self.halted = None;
        self.failures = 0;
        for vault in &mut self.vaults {
            vault.daily_limit = None;
        }
        self.retry_where(now, |ending| ending == Ending::NeverLeft);
    }

    /// Restores failed machines again, but none whose restore was canceled or may still run.
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

    /// Restores a machine again whose restore ended without restoring it, or that was skipped.
    pub fn retry(&mut self, id: &MachineId) {
        if let Some(machine) = self.machine_mut(id)
            && machine.progress.can_retry()
        {
            machine.wait_again();
            self.failures = 0;
        }
    }

    /// Skips a machine that is not under way, so that no group waits for it.
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
