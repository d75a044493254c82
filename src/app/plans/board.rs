//! What the board of a plan shows: its machines in the order in which they need the operator.

use std::collections::{BTreeMap, BTreeSet};

use azure_backup::arm::id::ClientRequestId;
use time::OffsetDateTime;

use super::wall::needs_attention;
use super::{PlanRecord, PlanRun, RunStep};
use crate::app::state::State;
use crate::recovery::execution::{Ending, GroupTurn, MachineRun, Progress};
use crate::recovery::plan::MachineId;
use crate::restore::outcome::OutcomeTone;
use crate::restore::run::RestoreRun;

/// How many machines of a run stand where.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Restored.
    pub restored: usize,
    /// On their way, or running.
    pub running: usize,
    /// Still to start.
    pub waiting: usize,
    /// Ended without being restored.
    pub failed: usize,
    /// Left out.
    pub skipped: usize,
}

impl Totals {
    /// Of some machines.
    pub fn of<'a>(machines: impl Iterator<Item = &'a MachineRun>) -> Self {
        let mut totals = Self::default();
        for machine in machines {
            *match Stage::of(&machine.progress) {
                Stage::Waiting => &mut totals.waiting,
                Stage::Running => &mut totals.running,
                Stage::Restored => &mut totals.restored,
                Stage::Failed => &mut totals.failed,
                Stage::Skipped => &mut totals.skipped,
            } += 1;
        }
        totals
    }

    /// How many are at this stage.
    pub const fn count(&self, stage: Stage) -> usize {
        match stage {
            Stage::Waiting => self.waiting,
            Stage::Running => self.running,
            Stage::Restored => self.restored,
            Stage::Failed => self.failed,
            Stage::Skipped => self.skipped,
        }
    }

    /// How many there are.
    pub const fn all(&self) -> usize {
        self.restored + self.running + self.waiting + self.failed + self.skipped
    }
}

/// How far a machine is, in the order in which machines need the operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Ended without being restored.
    Failed,
    /// On its way, or running.
    Running,
    /// Still to start.
    Waiting,
    /// Left out.
    Skipped,
    /// Restored.
    Restored,
}

impl Stage {
    const fn of(progress: &Progress) -> Self {
        match progress {
            Progress::Waiting => Self::Waiting,
            Progress::Triggered { .. } | Progress::Running { .. } => Self::Running,
            Progress::Ended { ending: Ending::Restored, .. } => Self::Restored,
            Progress::Ended { .. } => Self::Failed,
            Progress::Skipped { .. } => Self::Skipped,
        }
    }
}

/// A machine on the board.
#[derive(Clone, Debug, PartialEq)]
pub struct BoardRow {
    /// The machine.
    pub id: MachineId,
    /// Its name.
    pub name: String,
    /// Its present restore.
    pub restore: Option<ClientRequestId>,
    /// How far it is.
    pub stage: Stage,
    /// How it stands, in words.
    pub state: String,
    /// The name of the error that Azure ended its restore with.
    pub error: Option<String>,
    /// How good or bad that is.
    pub tone: OutcomeTone,
    /// Since when.
    pub since: Option<OffsetDateTime>,
    /// Whether it can be restored once more.
    pub can_retry: bool,
    /// Whether it can be left out.
    pub can_skip: bool,
    /// Whether it goes on only after a person has done something.
    pub needs_attention: bool,
}

/// What the rows of a board are made of, put in order once: a run may have a thousand machines.
struct Board<'a> {
    state: &'a State,
    run: &'a PlanRun,
    names: BTreeMap<MachineId, &'a str>,
    restores: BTreeMap<&'a ClientRequestId, &'a RestoreRun>,
    busy: BTreeSet<MachineId>,
    /// The machines whose requests were confirmed in this tab, where it runs the plan.
    confirmed: Option<BTreeSet<&'a MachineId>>,
}

impl State {
    /// How a restore stands, with how much of its job is done: for a row of a list.
    pub fn state_with_share(&self, restore: &RestoreRun) -> String {
        let state = self.state_text(restore);
        restore.percent().map_or_else(|| state.clone(), |percent| format!("{state} · {percent}%"))
    }

    /// The machines of each group: those that failed first, then those that run for the longest, those that wait, and those that are done.
    pub fn board(&self, record: &PlanRecord, run: &PlanRun) -> Vec<Vec<BoardRow>> {
        let running = self.running_plans.iter().find(|running| running.plan == record.plan.id);
        let running = running.filter(|running| running.step == RunStep::Running);
        let board = Board {
            state: self,
            run,
            names: record.plan.machines().map(|(_, machine)| (machine.id(), machine.name.as_str())).collect(),
            restores: self.restores.iter().map(|restore| (&restore.id, restore)).collect(),
            busy: self.being_restored(),
            confirmed: running.map(|running| running.requests.iter().map(|(id, _)| id).collect()),
        };
        let mut groups: Vec<Vec<BoardRow>> = vec![Vec::new(); record.plan.groups.len()];
        for machine in run.execution.machines() {
            if let Some(group) = groups.get_mut(machine.group) {
                group.push(board.row(machine));
            }
        }
        for group in &mut groups {
            group.sort_by_key(|row| (row.stage, row.since));
        }
        groups
    }

    /// Whether the requests of all machines that are still to start were confirmed in this tab.
    pub fn knows_what_is_left(&self, record: &PlanRecord, run: &PlanRun) -> bool {
        let running = self.running_plans.iter().find(|running| running.plan == record.plan.id);
        let known: BTreeSet<&MachineId> =
            running.iter().flat_map(|running| running.requests.iter().map(|(id, _)| id)).collect();
        let mut left = run.execution.machines().iter().filter(|machine| machine.progress.is_to_start());
        left.all(|machine| known.contains(&machine.id))
    }
}

impl Board<'_> {
    fn row(&self, machine: &MachineRun) -> BoardRow {
        let restore = machine.restore().and_then(|id| self.restores.get(id).copied());
        let (state, tone) = self.state(machine, restore);
        let stage = Stage::of(&machine.progress);
        BoardRow {
            id: machine.id.clone(),
            name: self.names.get(&machine.id).copied().unwrap_or_default().to_owned(),
            restore: restore.map(|restore| restore.id.clone()),
            stage,
            state,
            error: restore.and_then(RestoreRun::error_name),
            tone,
            since: machine.progress.since(),
            can_retry: machine.progress.can_retry(),
            can_skip: machine.progress.can_skip(),
            needs_attention: needs_attention(stage, tone, self.waits_for_person(machine)),
        }
    }

    fn state(&self, machine: &MachineRun, restore: Option<&RestoreRun>) -> (String, OutcomeTone) {
        match (&machine.progress, restore) {
            (Progress::Waiting, _) => (self.why_waiting(machine).to_owned(), OutcomeTone::Neutral),
            (Progress::Skipped { .. }, _) => ("Skipped".to_owned(), OutcomeTone::Neutral),
            (_, Some(restore)) => (self.state.state_with_share(restore), restore.tone()),
            (Progress::Ended { ending, .. }, None) => ending_words(*ending),
            (Progress::Triggered { .. } | Progress::Running { .. }, None) => {
                ("Its record is no longer in this browser".to_owned(), OutcomeTone::Attention)
            }
        }
    }

    /// Whether somebody has to continue the plan, to start the machine's group or to review its request.
    fn waits_for_person(&self, machine: &MachineRun) -> bool {
        let execution = &self.run.execution;
        let unseen = self.confirmed.as_ref().is_some_and(|known| !known.contains(&machine.id));
        execution.halted().is_some() || execution.turn(machine.group) == GroupTurn::Operator || unseen
    }

    fn why_waiting(&self, machine: &MachineRun) -> &'static str {
        let execution = &self.run.execution;
        match execution.turn(machine.group) {
            GroupTurn::Before => "Waiting for the previous group",
            GroupTurn::Operator => "Waiting until you start its group",
            GroupTurn::Open if execution.halted().is_some() => "Not started",
            GroupTurn::Open if self.busy.contains(&machine.id) => "Waiting: another restore of this VM is running",
            GroupTurn::Open if execution.daily_limit(machine).is_some() => {
                "Waiting: Azure starts no more restores in this vault today"
            }
            GroupTurn::Open if self.confirmed.as_ref().is_some_and(|known| !known.contains(&machine.id)) => {
                "Waiting for your review of its request"
            }
            GroupTurn::Open => "Waiting its turn",
        }
    }
}

fn ending_words(ending: Ending) -> (String, OutcomeTone) {
    let (words, tone) = match ending {
        Ending::Restored => ("Restored", OutcomeTone::Good),
        Ending::Failed => ("Failed", OutcomeTone::Bad),
        Ending::Canceled => ("Canceled", OutcomeTone::Neutral),
        Ending::Refused => ("Rejected by Azure", OutcomeTone::Bad),
        Ending::NotStarted => ("Not started: there's no job for it in Azure", OutcomeTone::Bad),
        Ending::NeverLeft => ("Not sent", OutcomeTone::Neutral),
        Ending::Lost => ("Unknown: check the vault's jobs", OutcomeTone::Attention),
    };
    (words.to_owned(), tone)
}
