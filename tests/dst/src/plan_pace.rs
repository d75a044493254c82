//! What a tab has to keep to while it runs a plan: the pauses and the limit of the day that Azure has told it, and a first request that waits for
//! its answer. Also what the operator has left out there.

use std::collections::{BTreeMap, BTreeSet};

use bytes::Bytes;
use http::Response;
use time::{Duration, OffsetDateTime};
use vm_restore::app::plans::RunCommand;
use vm_restore::app::state::State;
use vm_restore::recovery::plan::{MachineId, PlanId};

use crate::ledger::Broken;
use crate::network::DAILY_LIMIT;
use crate::world::Life;

/// What Azure and the operator have told one tab.
#[derive(Default)]
struct PaceOfTab {
    /// Until when Azure demands a pause.
    paused: Option<OffsetDateTime>,
    /// Whether Azure starts nothing more in the vault today.
    stopped: bool,
    /// The machines that the operator has left out.
    skipped: BTreeSet<MachineId>,
    /// Restores that were begun before it was told of a pause or limit: what is on its way to leave is not called back.
    begun: BTreeSet<String>,
    /// The requests of the plan that have left and that the tab has heard nothing of.
    in_the_air: BTreeSet<String>,
}

/// The same of every tab.
#[derive(Default)]
pub(crate) struct PlanPace(BTreeMap<Life, PaceOfTab>);

impl PlanPace {
    /// The operator says something in a tab.
    pub(crate) fn on_operator_command(&mut self, life: Life, state: &State, plan: &PlanId, command: &RunCommand) {
        let pace = self.0.entry(life).or_default();
        match command {
            RunCommand::Continue => pace.stopped = false,
            RunCommand::Retry(machine) => drop(pace.skipped.remove(machine)),
            RunCommand::Skip(machine) => {
                // Any other tab asks for the right to run the plan first, and what is under way is not left out.
                let run = state.plans.get(plan).and_then(|record| record.run.as_ref());
                let stands = run.and_then(|run| run.execution.machine(machine));
                if state.runs_plan(plan) && stands.is_some_and(|machine| machine.progress.can_skip()) {
                    pace.skipped.insert(machine.clone());
                }
            }
            RunCommand::RetryFailed | RunCommand::OpenGroup(_) => {}
        }
    }

    /// *Start*, also of what is left: these machines are wanted.
    pub(crate) fn on_start<'a>(&mut self, life: Life, machines: impl Iterator<Item = &'a MachineId>) {
        let pace = self.0.entry(life).or_default();
        pace.stopped = false;
        for machine in machines {
            pace.skipped.remove(machine);
        }
    }

    /// A tab hears what has become of a restore of the plan; none = nothing. `begun` are those that the plan has started so far.
    pub(crate) fn on_response<'a>(
        &mut self,
        life: Life,
        (restore, answer): (&str, Option<&Response<Bytes>>),
        begun: impl Iterator<Item = &'a String>,
        now: OffsetDateTime,
    ) {
        let pace = self.0.entry(life).or_default();
        pace.in_the_air.remove(restore);
        let Some(answer) = answer else { return };
        let text = String::from_utf8_lossy(answer.body());
        if answer.status() == 429
            && let Some(wait) = wait(&text)
        {
            pace.paused = pace.paused.max(Some(now + Duration::seconds(wait - 1)));
        } else if answer.status() == 409 && text.contains(DAILY_LIMIT) {
            pace.stopped = true;
        } else {
            return;
        }
        pace.begun.extend(begun.cloned());
    }

    /// A request of the plan is about to leave. `first` = Azure has accepted none of the plan so far.
    pub(crate) fn check_leaving(
        &mut self,
        life: Life,
        restore: &str,
        machine: &MachineId,
        (now, first): (OffsetDateTime, bool),
    ) -> Result<(), Broken> {
        let pace = self.0.entry(life).or_default();
        let is_new = !pace.begun.contains(restore);
        if let Some(until) = pace.paused.filter(|until| is_new && now < *until) {
            return Err(format!("{restore} leaves {} before Azure allows it", until - now));
        }
        if pace.stopped && is_new {
            return Err(format!("{restore} leaves after Azure's limit of the day"));
        }
        if pace.skipped.contains(machine) {
            return Err(format!("{restore} restores a machine that was left out"));
        }
        if first && let Some(other) = pace.in_the_air.iter().next() {
            return Err(format!("{restore} leaves beside {other}, before Azure has accepted any"));
        }
        pace.in_the_air.insert(restore.to_owned());
        Ok(())
    }
}

/// The seconds that a refusal for the pace asks for, as its text has them: a browser may hide its header.
fn wait(text: &str) -> Option<i64> {
    text.split_once("try again after '")?.1.split('\'').next()?.parse().ok()
}
