//! The run of a plan, as a state machine: it receives the time and the events of each machine, and says which restores start next.
//!
//! A machine starts once. It starts again only if Azure throttled its request, if its request provably never left and the plan goes on, or if the
//! operator says *Retry*; never while an earlier request of it may still start a restore.
//!
//! ```text
//! Waiting ─▶ Triggered ─┬─▶ Running ─▶ Ended
//!    ▲           │      └─▶ Ended (refused, not started)
//!    │           └─ throttled, or halted before it left ─▶ Waiting
//!    └── Retry ◀── Ended
//! ```

mod commands;
mod events;
mod machine;
pub(crate) mod pace;

pub use events::Event;
pub use machine::{Ending, MachineRun, Progress};

use std::num::NonZeroU16;

use azure_backup::arm::id::ClientRequestId;
use pace::{Pace, Rate};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::plan::{Advance, MachineId, Pacing};

/// The run of a plan. It is stored beside the plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Execution {
    /// When it was started.
    #[serde(with = "azure_backup::arm::bounds::time")]
    started: OffsetDateTime,
    /// How many restores run at once.
    pacing: Pacing,
    /// How many failures since *Start*, *Continue* or *Retry* halt the run; none = failures do not halt it.
    stop_after_failures: Option<NonZeroU16>,
    /// Failures since then.
    failures: u16,
    /// Since when and why it starts nothing.
    halted: Option<Halted>,
    groups: Vec<GroupRun>,
    machines: Vec<MachineRun>,
    /// The pace of all vaults together.
    pace: Pace,
    rate: Rate,
    vaults: Vec<VaultPace>,
}

/// A machine as the run needs it.
#[derive(Clone, Debug)]
pub struct MachineToRun {
    /// Names it.
    pub id: MachineId,
    /// Names the vault, together with the secondary region if it answers there. Machines with the same name share a cap.
    pub vault: String,
    /// The index of its group.
    pub group: usize,
}

/// Why a run starts nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Halted {
    /// Since when.
    #[serde(with = "azure_backup::arm::bounds::time")]
    pub at: OffsetDateTime,
    /// Why.
    pub why: HaltReason,
}

/// Why a run was halted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HaltReason {
    /// The operator said so.
    Operator,
    /// As many restores have failed as the plan allows.
    Failures,
    /// The tab that ran it was closed.
    TabClosed,
    /// The connection ended, or another account connected.
    Disconnected,
    /// A request could not be sent.
    NotSent,
    /// The browser could not save the run.
    NotSaved,
}

/// A group of the run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct GroupRun {
    advance: Advance,
    /// Since when its machines may start. A group that has its turn keeps it.
    #[serde(with = "azure_backup::arm::bounds::optional_time")]
    opened: Option<OffsetDateTime>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct VaultPace {
    vault: String,
    pace: Pace,
    /// Azure starts no more restores of this vault today: nothing starts there until the operator says *Continue*.
    #[serde(with = "azure_backup::arm::bounds::optional_time")]
    daily_limit: Option<OffsetDateTime>,
}

/// What happens next.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Next {
    /// The machines whose restores start now.
    pub trigger: Vec<MachineId>,
    /// When to ask again at the latest; none = when something has happened.
    pub wake_at: Option<OffsetDateTime>,
}

/// What a group waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GroupTurn {
    /// Nothing: its machines start.
    Open,
    /// The groups before it.
    Before,
    /// The operator, who has to say *Start now*.
    Operator,
}

impl Execution {
    /// Starts a run. Machines that the plan skips are no part of it.
    pub fn start(
        machines: Vec<MachineToRun>,
        groups: &[Advance],
        pacing: Pacing,
        stop_after_failures: Option<NonZeroU16>,
        now: OffsetDateTime,
    ) -> Self {
        let mut vaults: Vec<VaultPace> = Vec::new();
        let mut runs: Vec<MachineRun> = Vec::new();
        for MachineToRun { id, vault, group } in machines {
            // Restore a machine once even if the plan names it twice.
            if runs.iter().any(|run| run.id == id) {
                continue;
            }
            let known = vaults.iter().position(|one| one.vault == vault);
            let vault = known.unwrap_or_else(|| {
                vaults.push(VaultPace { vault, pace: Pace::new(now), daily_limit: None });
                vaults.len() - 1
            });
            runs.push(MachineRun::new(id, vault, group));
        }
        let groups = groups.iter().map(|&advance| GroupRun { advance, opened: None }).collect();
        let mut run = Self {
            started: now,
            pacing,
            stop_after_failures,
            failures: 0,
            halted: None,
            groups,
            machines: runs,
            pace: Pace::new(now),
            rate: Rate::new(now),
            vaults,
        };
        run.open_groups(now);
        run
    }

    /// Whether a stored run is consistent: every index and id in it refers to something in it.
    pub fn is_sound(&self) -> bool {
        let mut ids: Vec<&MachineId> = self.machines.iter().map(|machine| &machine.id).collect();
        ids.sort_unstable();
        ids.windows(2).all(|two| two[0] != two[1])
            && self.machines.iter().all(|m| m.vault < self.vaults.len() && m.group < self.groups.len())
    }

    /// The restores that start now. It changes nothing: report each start by [`Event::Triggered`].
    ///
    /// `is_ready` says whether a machine can start: its request is known, and no other restore of it is under way. One that cannot start holds
    /// up nobody.
    pub fn next(&self, now: OffsetDateTime, is_ready: &dyn Fn(&MachineId) -> bool) -> Next {
        let mut next = Next::default();
        if self.halted.is_some() {
            return next;
        }
        let mut rate = self.rate;
        let (mut pace, mut vaults) = self.loads();
        for machine in self.machines.iter().filter(|machine| self.is_due(machine)) {
            let vault = &mut vaults[machine.vault];
            if !pace.has_room() || !vault.has_room() || !is_ready(&machine.id) {
                continue;
            }
            let waits = [pace.not_before, vault.not_before, rate.not_before()].into_iter().max();
            if let Some(at) = waits.filter(|&at| at > now) {
                next.wake_at = Some(next.wake_at.map_or(at, |other| other.min(at)));
                continue;
            }
            rate.spend(now);
            for load in [&mut pace, vault] {
                load.in_the_air += 1;
                load.running += 1;
            }
            next.trigger.push(machine.id.clone());
        }
        next
    }

    /// Whether a machine waits only for the pace: its group is open, and its vault accepts restores.
    fn is_due(&self, machine: &MachineRun) -> bool {
        matches!(machine.progress, Progress::Waiting)
            && self.groups[machine.group].opened.is_some()
            && self.vaults[machine.vault].daily_limit.is_none()
    }

    /// How much of its pace the whole run uses, and each vault.
    fn loads(&self) -> (Load, Vec<Load>) {
        let mut all = Load::new(&self.pace, self.pacing.in_all);
        let mut vaults: Vec<Load> = self.vaults.iter().map(|v| Load::new(&v.pace, self.pacing.per_vault)).collect();
        for machine in self.machines.iter().filter(|machine| machine.progress.is_under_way()) {
            let in_the_air = usize::from(matches!(machine.progress, Progress::Triggered { .. }));
            for load in [&mut all, &mut vaults[machine.vault]] {
                load.in_the_air += in_the_air;
                load.running += 1;
            }
        }
        (all, vaults)
    }

    /// Opens each group whose condition is now met.
    fn open_groups(&mut self, now: OffsetDateTime) {
        for at in 0..self.groups.len() {
            if self.groups[at].opened.is_some() {
                continue;
            }
            if at > 0 && !self.lets_next_group_start(at - 1, self.groups[at].advance) {
                return;
            }
            self.groups[at].opened = Some(now);
        }
    }

    /// Whether enough of a group is restored or skipped for the next one to start.
    fn lets_next_group_start(&self, group: usize, advance: Advance) -> bool {
        let all = self.machines.iter().filter(|machine| machine.group == group);
        let done = all.clone().filter(|machine| machine.progress.lets_next_group_start()).count();
        match advance {
            Advance::Manually => false,
            Advance::WhenRestored => done == all.count(),
            Advance::WhenShare(percent) => percent.is_reached(done, all.count()),
        }
    }

    /// When it was started.
    pub const fn started(&self) -> OffsetDateTime {
        self.started
    }

    /// Since when and why it starts nothing.
    pub const fn halted(&self) -> Option<&Halted> {
        self.halted.as_ref()
    }

    /// The machines, in the order in which they start.
    pub fn machines(&self) -> &[MachineRun] {
        &self.machines
    }

    /// A machine.
    pub fn machine(&self, id: &MachineId) -> Option<&MachineRun> {
        self.machines.iter().find(|machine| machine.id == *id)
    }

    fn machine_mut(&mut self, id: &MachineId) -> Option<&mut MachineRun> {
        self.machines.iter_mut().find(|machine| machine.id == *id)
    }

    /// The machine whose present restore this is.
    pub fn machine_of(&self, restore: &ClientRequestId) -> Option<&MachineRun> {
        self.machines.iter().find(|machine| machine.restore() == Some(restore))
    }

    /// Whether a restore is no longer the present one of its machine, because the machine waits again, has another restore or was skipped.
    pub fn has_replaced(&self, restore: &ClientRequestId) -> bool {
        self.machines.iter().any(|machine| machine.before.contains(restore))
    }

    /// What a group waits for.
    pub fn turn(&self, group: usize) -> GroupTurn {
        match self.groups.get(group) {
            Some(GroupRun { opened: None, advance }) => {
                let is_next = self.groups.iter().take(group).all(|group| group.opened.is_some());
                if is_next && *advance == Advance::Manually { GroupTurn::Operator } else { GroupTurn::Before }
            }
            _ => GroupTurn::Open,
        }
    }

    /// Since when Azure starts no more restores of a machine's vault, because of its limit of the day.
    pub fn daily_limit(&self, machine: &MachineRun) -> Option<OffsetDateTime> {
        self.vaults[machine.vault].daily_limit
    }

    /// Whether nothing more is to start and nothing runs.
    pub fn is_over(&self) -> bool {
        self.machines.iter().all(|machine| machine.progress.is_over())
    }

    /// Whether a restore is still to start.
    pub fn has_more_to_start(&self) -> bool {
        self.machines.iter().any(|machine| matches!(machine.progress, Progress::Waiting))
    }
}

/// What a vault, or the whole run, has under way.
struct Load {
    in_the_air: usize,
    running: usize,
    window: usize,
    cap: usize,
    not_before: OffsetDateTime,
}

impl Load {
    fn new(pace: &Pace, cap: NonZeroU16) -> Self {
        let (window, cap) = (usize::from(pace.window), usize::from(cap.get()));
        Self { in_the_air: 0, running: 0, window, cap, not_before: pace.not_before }
    }

    const fn has_room(&self) -> bool {
        self.in_the_air < self.window && self.running < self.cap
    }
}

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;
