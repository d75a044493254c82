//! What a screen on the wall shows of a running plan: figures that are known, and none that is not.

use std::collections::BTreeSet;

use azure_backup::arm::id::ClientRequestId;
use time::{Duration, OffsetDateTime};

use super::board::{BoardRow, Stage, Totals};
use super::{PlanRecord, PlanRun};
use crate::app::state::State;
use crate::recovery::execution::MachineRun;
use crate::restore::outcome::OutcomeTone;
use crate::restore::run::RestoreRun;

/// The figures of a plan.
#[derive(Clone, Debug, PartialEq)]
pub struct WallFigures {
    /// How many machines stand where.
    pub totals: Totals,
    /// Those that go on only after a person has done something, as the board orders them.
    pub need_attention: Vec<BoardRow>,
    /// Of the restores that run, the longest time that Azure estimates; and how many of them it estimates.
    pub estimate: Option<(Duration, usize)>,
    /// When Azure was last asked about any of its restores.
    pub checked: Option<OffsetDateTime>,
}

impl PlanRun {
    /// How long the plan has run, or ran; and whether nothing more comes of it unless a person says so.
    pub fn elapsed(&self, now: OffsetDateTime) -> (Duration, bool) {
        let over = self.execution.is_over();
        let ends = self.execution.machines().iter().filter_map(|machine| machine.progress.since());
        (ends.max().filter(|_| over).unwrap_or(now) - self.execution.started(), over)
    }
}

impl State {
    /// The figures of a plan that runs, or ran.
    pub fn wall(&self, record: &PlanRecord, run: &PlanRun) -> WallFigures {
        let machines = run.execution.machines();
        let ids: BTreeSet<&ClientRequestId> = machines.iter().filter_map(MachineRun::restore).collect();
        let restores: Vec<&RestoreRun> = self.restores.iter().filter(|restore| ids.contains(&restore.id)).collect();
        let estimates = restores.iter().filter(|restore| restore.is_running());
        let estimates: Vec<Duration> = estimates.filter_map(|restore| restore.remaining()).collect();
        WallFigures {
            totals: Totals::of(machines.iter()),
            need_attention: self.board(record, run).into_iter().flatten().filter(|row| row.needs_attention).collect(),
            estimate: estimates.iter().max().map(|longest| (*longest, estimates.len())),
            checked: restores.iter().filter_map(|restore| restore.poll_times().1).max(),
        }
    }
}

/// Whether a machine goes on only after a person has done something: it failed, its restore asks for attention, or it waits for a person.
pub(super) fn needs_attention(stage: Stage, tone: OutcomeTone, waits_for_person: bool) -> bool {
    match stage {
        Stage::Failed => true,
        Stage::Running => matches!(tone, OutcomeTone::Attention | OutcomeTone::Bad),
        Stage::Waiting => waits_for_person,
        Stage::Skipped | Stage::Restored => false,
    }
}
