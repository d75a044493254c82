//! *Validate all* goes on: what is due is asked, what is under way is polled.

use std::rc::Rc;

use azure_backup::arm::fault::Fault;
use azure_backup::arm::operation::NextStep;
use bytes::Bytes;
use http::Response;
use time::{Duration, OffsetDateTime};

use super::UpdateContext;
use super::check::STALE;
use crate::app::check::{Check, CheckCall, CheckStage};
use crate::app::dry_run::{AT_ONCE, DryRun, can_be_validated};
use crate::app::effect::CallId;
use crate::recovery::execution::pace::PAUSE;
use crate::recovery::expansion::Ready;
use crate::recovery::plan::{MachineId, PlanId};

impl UpdateContext<'_> {
    /// Validates what is on the screen of a plan: what has no result yet; all of it where everything has one.
    pub(super) fn validate_plan(&mut self, id: &PlanId) {
        let Some(record) = self.state.plans.get(id).cloned().filter(|record| self.state.owns_plan(&record.plan)) else {
            return;
        };
        if self.state.dry_run.as_ref().is_some_and(|run| run.plan == *id && run.runs()) {
            return;
        }
        let now = self.env.now;
        let all: Vec<(MachineId, Ready)> = self.state.to_confirm(&record);
        let all = || all.iter().filter(|(_, ready)| can_be_validated(&ready.plan));
        let is_known = |machine: &MachineId, ready: &Ready| {
            let check = self.state.validation(id, machine, ready);
            check.is_some_and(|check| matches!(check.stage, CheckStage::Done(_)) && now - check.since <= STALE)
        };
        let mut waiting: Vec<&(MachineId, Ready)> = all().filter(|(id, ready)| !is_known(id, ready)).collect();
        if waiting.is_empty() {
            waiting = all().collect();
        }
        let waiting: Vec<_> = waiting.into_iter().map(|(id, ready)| (id.clone(), ready.plan.clone())).collect();
        let mut run = match &self.state.dry_run {
            Some(run) if run.plan == *id => (**run).clone(),
            _ => DryRun::new(id.clone(), now),
        };
        for (machine, _) in &waiting {
            run.checks.remove(machine);
        }
        run.waiting = waiting.into();
        self.state.dry_run = Some(Rc::new(run));
    }

    /// Asks Azure nothing more, and keeps the results that there are.
    pub(super) fn stop_validating(&mut self) {
        let Some(run) = self.state.dry_run.as_mut().filter(|run| run.runs()) else { return };
        let run = Rc::make_mut(run);
        run.waiting.clear();
        run.checks.retain(|_, check| check.ended());
    }

    /// Validates what is due, and gives the time of the next step.
    pub(super) fn go_on_validating(&mut self) -> Option<OffsetDateTime> {
        // With a token that Azure does not take, nothing is asked.
        if self.state.sign_in_fault.is_some() || !self.state.dry_run.as_ref()?.runs() {
            return None;
        }
        let polls = self.poll_validations();
        let begins = self.begin_validations();
        polls.into_iter().chain(begins).min()
    }

    fn poll_validations(&mut self) -> Option<OffsetDateTime> {
        let run = self.state.dry_run.clone()?;
        let mut next: Option<OffsetDateTime> = None;
        for (machine, check) in &run.checks {
            let CheckStage::Waiting(operation) = &check.stage else { continue };
            if let NextStep::Wait(until) = operation.next(self.env.now) {
                next = Some(next.map_or(until, |known| known.min(until)));
            } else if let Ok(stage) = self.poll_validation(operation.clone()) {
                self.set_stage(machine, stage);
            }
        }
        next
    }

    fn begin_validations(&mut self) -> Option<OffsetDateTime> {
        // A start comes first: it needs the same limits of Azure, and the same connections.
        if self.state.launches.active().next().is_some() || self.state.starts_restores() {
            return None;
        }
        if self.state.catalog.is_throttled() {
            return self.state.catalog.next_retry();
        }
        let now = self.env.now;
        loop {
            let (room, later) = self.state.dry_run.as_ref()?.next(now);
            if room == 0 {
                return later;
            }
            let (machine, plan) = self.state.dry_run.as_ref()?.waiting.front()?.clone();
            let check = self.begin_check(plan)?;
            let run = Rc::make_mut(self.state.dry_run.as_mut()?);
            run.waiting.pop_front();
            run.rate.spend(now);
            run.checks.insert(machine, check);
        }
    }

    fn set_stage(&mut self, machine: &MachineId, stage: CheckStage) {
        let now = self.env.now;
        if let Some(run) = &mut self.state.dry_run
            && let Some(check) = Rc::make_mut(run).checks.get_mut(machine)
        {
            if stage.is_end() {
                check.since = now;
            }
            check.stage = stage;
        }
    }

    /// An answer to a validation of a plan. One that nobody waits for any more is left aside.
    pub(super) fn on_dry_run_response(&mut self, id: CallId, sent: CheckCall, result: Result<Response<Bytes>, Fault>) {
        let Some(run) = &self.state.dry_run else { return };
        let asks = |(_, check): &(&MachineId, &Check)| check.stage == CheckStage::Asking(id);
        let Some((machine, check)) = run.checks.iter().find(asks) else { return };
        let (machine, plan) = (machine.clone(), check.plan.clone());
        let begins = !matches!(sent, CheckCall::Poll(_));
        let throttled = match &result {
            Ok(answer) if answer.status() == 429 => Some(Fault::from_answer("", answer)),
            Err(fault) if fault.is_throttled() => Some(fault.clone()),
            _ => None,
        };
        if let Some(fault) = throttled {
            let until = fault.retry_after.map_or(self.env.now + PAUSE, |wait| wait.due(self.env.now));
            self.validate_slower(until);
            if begins {
                // Azure has not looked at it: it is asked again.
                if let Some(run) = &mut self.state.dry_run {
                    let run = Rc::make_mut(run);
                    run.checks.remove(&machine);
                    run.waiting.push_front((machine, plan));
                }
                return;
            }
        }
        let stage = self.stage_after(&plan, sent, result);
        let taken = begins && !matches!(stage, CheckStage::Failed(_));
        self.set_stage(&machine, stage);
        if let Some(run) = self.state.dry_run.as_mut().filter(|_| taken) {
            Rc::make_mut(run).pace.faster(AT_ONCE);
        }
        self.announce_validations();
    }

    fn validate_slower(&mut self, until: OffsetDateTime) {
        // A wait of no time at all would ask again at once.
        let until = until.max(self.env.now + Duration::seconds(1));
        if let Some(run) = &mut self.state.dry_run {
            Rc::make_mut(run).pace.slower(AT_ONCE, until);
        }
    }

    fn announce_validations(&mut self) {
        let Some(run) = self.state.dry_run.as_ref().filter(|run| !run.runs()) else { return };
        let passed = |check: &&Check| matches!(&check.stage, CheckStage::Done(findings) if findings.is_empty());
        let said = format!("Validated {}: {} passed", run.checks.len(), run.checks.values().filter(passed).count());
        self.announce(&said);
    }
}
