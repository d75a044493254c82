//! *Validate all*: Azure's validation of every request of a recovery plan, before any of them is started.
//!
//! Each is the check of a single restore ([`super::check`]): one write and about two reads. They are paced as the starts of a plan are: one, then one
//! more for each that Azure has taken, half as many after a refusal for the pace. A start never waits for them: while one is on its way nothing
//! is validated.

use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;

use time::OffsetDateTime;

use super::check::{Check, CheckStage};
use super::plans::PlanRecord;
use super::state::State;
use crate::recovery::execution::pace::{Pace, Rate};
use crate::recovery::expansion::Ready;
use crate::recovery::plan::{MachineId, PlanId};
use crate::restore::plan::Plan;

/// Validations that are under way at a time. Each waits about ten seconds for its answer, so that 50 make five writes and ten reads a second:
/// less than Resource Manager's buckets refill.
pub(super) const AT_ONCE: u16 = 50;

/// The validations of one plan in this tab.
#[derive(Clone, Debug)]
pub struct DryRun {
    /// The plan.
    pub plan: PlanId,
    /// The requests that are still to be validated.
    pub waiting: VecDeque<(MachineId, Rc<Plan>)>,
    /// What Azure was asked about, by machine.
    pub checks: BTreeMap<MachineId, Check>,
    pub(super) pace: Pace,
    pub(super) rate: Rate,
}

/// How far the validations of a plan are, as the screen tells it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Validated {
    /// Requests that are on the screen and could be validated.
    pub all: usize,
    /// Of these, those that are being validated, or are about to be.
    pub under_way: usize,
    /// Those that Azure would accept.
    pub passed: usize,
    /// Those in which Azure has found something.
    pub with_findings: usize,
    /// Those that could not be validated.
    pub failed: usize,
}

impl Validated {
    /// Those that have a result.
    pub const fn ended(&self) -> usize {
        self.passed + self.with_findings + self.failed
    }
}

impl DryRun {
    pub(crate) fn new(plan: PlanId, now: OffsetDateTime) -> Self {
        Self { plan, waiting: VecDeque::new(), checks: BTreeMap::new(), pace: Pace::new(now), rate: Rate::new(now) }
    }

    /// Whether there is more to be validated, or to be waited for.
    pub fn runs(&self) -> bool {
        !self.waiting.is_empty() || self.checks.values().any(|check| !check.ended())
    }

    /// How many validations may begin now, and when the next one may where none may now. None of either = when an answer has come.
    pub(super) fn next(&self, now: OffsetDateTime) -> (usize, Option<OffsetDateTime>) {
        let under_way = self.checks.values().filter(|check| !check.ended()).count();
        let room = usize::from(self.pace.window).saturating_sub(under_way).min(self.waiting.len());
        let from = self.pace.not_before.max(self.rate.not_before());
        match room {
            0 => (0, None),
            _ if from > now => (0, Some(from)),
            room => (room, None),
        }
    }
}

impl State {
    /// Azure's opinion of a request of a plan: of exactly this one, or none.
    pub fn validation(&self, plan: &PlanId, machine: &MachineId, ready: &Ready) -> Option<&Check> {
        let run = self.dry_run.as_ref().filter(|run| run.plan == *plan)?;
        run.checks.get(machine).filter(|check| check.is_of(&ready.plan))
    }

    /// How far the validations of these requests are.
    pub fn validated(&self, record: &PlanRecord, requests: &[(MachineId, Ready)]) -> Validated {
        let id = &record.plan.id;
        let mut told = Validated::default();
        let run = self.dry_run.as_ref().filter(|run| run.plan == *id);
        for (machine, ready) in requests.iter().filter(|(_, ready)| can_be_validated(&ready.plan)) {
            told.all += 1;
            match self.validation(id, machine, ready).map(|check| &check.stage) {
                Some(CheckStage::Done(findings)) if findings.is_empty() => told.passed += 1,
                Some(CheckStage::Done(_)) => told.with_findings += 1,
                Some(CheckStage::Failed(_)) => told.failed += 1,
                Some(CheckStage::Asking(_) | CheckStage::Waiting(_)) => told.under_way += 1,
                None => {}
            }
        }
        told.under_way += run.map_or(0, |run| run.waiting.len());
        told
    }
}

/// Azure validates no restore in a secondary region.
pub const fn can_be_validated(plan: &Plan) -> bool {
    plan.secondary.is_none()
}

#[cfg(test)]
mod tests {
    use azure_backup::arm::id::ClientRequestId;
    use time::Duration;

    use super::*;
    use crate::restore::plan::plan;
    use crate::restore::sample;
    use crate::restore::scenario::Scenario;

    #[test]
    fn each_acceptance_allows_one_more_and_a_refusal_halves_them() {
        let now = OffsetDateTime::UNIX_EPOCH;
        let id = ClientRequestId::parse("0f8fad5b-d9cb-469f-a165-70867728950e").unwrap();
        let mut run = DryRun::new(PlanId::from(id), now);
        assert!(!run.runs() && run.next(now) == (0, None));
        let plan = Rc::new(plan(&sample::facts(), &sample::draft(Scenario::RestoreDisks)).unwrap());
        let machine = MachineId::of(&plan.place());
        run.waiting = vec![(machine, plan); 3].into();
        assert!(run.runs() && run.next(now) == (1, None));
        for _ in 0..9 {
            run.pace.faster(AT_ONCE);
        }
        assert_eq!(run.next(now), (3, None), "no more than there are");
        let later = now + Duration::minutes(1);
        run.pace.slower(AT_ONCE, later);
        assert_eq!((run.next(now), run.pace.window), ((0, Some(later)), 5));
        assert_eq!(run.next(later), (3, None));
    }
}
