//! *Check with Azure*: the asynchronous validation, or the synchronous one where the service knows no other.

use std::rc::Rc;

use azure_backup::arm::cloud::RefusedUrl;
use azure_backup::arm::fault::Fault;
use azure_backup::arm::operation::{NextStep, Operation, OperationOutcome};
use azure_backup::backup::validate;
use bytes::Bytes;
use http::{Request, Response};
use serde_json::Value;
use time::{Duration, OffsetDateTime};

use super::UpdateContext;
use crate::app::check::{Check, CheckCall, CheckStage};
use crate::app::effect::CallId;
use crate::app::route::Route;
use crate::app::state::Purpose;
use crate::restore::plan::Plan;

const CALL: &str = "Validate restore";
/// The asynchronous validation exists since this api-version.
const ASYNCHRONOUS_SINCE: &str = "2021-10-01";

/// An outcome older than this is asked for again when the review is opened: quotas and locks change.
const STALE: Duration = Duration::minutes(5);

impl UpdateContext<'_> {
    /// Starts the check of the request under review if there is none yet. One that has failed is not repeated automatically.
    pub(super) fn check_on_arrival(&mut self) {
        let Route::Review(point) = &self.state.route else { return };
        if !self.state.connected() || self.state.sign_in_fault.is_some() || self.state.catalog.is_throttled() {
            return;
        }
        let Ok(plan) = self.state.plan(point) else { return };
        let checked = self.state.check.as_ref().is_some_and(|check| check.sha256 == plan.sha256);
        let started = self.state.already_running(&plan).is_some();
        if plan.secondary.is_none() && !checked && !started && self.state.facts_missing(point).is_empty() {
            self.check();
        }
    }

    /// Whoever opens the review gets a new outcome in place of an old one, and of none.
    pub(super) fn drop_old_check(&mut self) {
        let now = self.env.now;
        let old = |check: &Check| matches!(check.stage, CheckStage::Failed(_)) || now - check.since > STALE;
        self.state.check.take_if(|check| check.ended() && old(check));
    }

    pub(super) fn check(&mut self) {
        let Route::Review(point) = &self.state.route else { return };
        let Ok(plan) = self.state.plan(point) else { return };
        let synchronous = plan.version.as_str() < ASYNCHRONOUS_SINCE;
        self.start_check(plan, self.env.now, synchronous);
    }

    fn start_check(&mut self, plan: Rc<Plan>, since: OffsetDateTime, synchronous: bool) {
        let (cloud, Some(id)) = (self.state.cloud(), self.env.id()) else { return };
        let (request, sent) = if synchronous {
            let call = validate::now(&plan.vault, &plan.point, &plan.request, &plan.version);
            (call.request(&cloud, &id), CheckCall::Synchronous(Box::new(call)))
        } else {
            (
                validate::trigger(&plan.vault, &plan.point, &plan.request, &plan.version).request(&cloud, &id),
                CheckCall::Begin,
            )
        };
        let stage = self.send_check(request, sent);
        self.state.check = Some(Check { sha256: plan.sha256.clone(), plan, since, stage });
    }

    fn send_check(&mut self, request: Result<Request<Bytes>, RefusedUrl>, sent: CheckCall) -> CheckStage {
        match request {
            Ok(request) => CheckStage::Asking(self.send(CALL, request, Purpose::Check(sent))),
            Err(refused) => CheckStage::Failed(Box::new(Fault::refused(CALL, &refused))),
        }
    }

    /// A service or role that knows only the older call, or a browser that may not read where the newer one's answer will be: the older call
    /// answers at once.
    fn check_synchronously(&mut self) {
        if let Some(Check { plan, since, .. }) = self.state.check.clone() {
            self.start_check(plan, since, true);
        }
    }

    /// When the check is to be looked at; looks at it if that is now.
    pub(super) fn poll_check(&mut self) -> Option<OffsetDateTime> {
        let now = self.env.now;
        // With a token that Azure does not take, nothing is asked.
        if self.state.sign_in_fault.is_some() {
            return None;
        }
        let CheckStage::Waiting(operation) = &self.state.check.as_ref()?.stage else { return None };
        match operation.next(now) {
            NextStep::Wait(until) => Some(until),
            NextStep::Poll => {
                let operation = operation.clone();
                let (cloud, id) = (self.state.cloud(), self.env.id()?);
                let request = operation.call(&cloud).and_then(|call| call.request(&cloud, &id));
                let stage = self.send_check(request, CheckCall::Poll(operation));
                self.stage(stage);
                None
            }
            NextStep::Done(_) => None,
        }
    }

    fn stage(&mut self, stage: CheckStage) {
        if let Some(check) = &mut self.state.check {
            check.stage = stage;
        }
    }

    pub(super) fn on_check_response(&mut self, id: CallId, sent: CheckCall, result: Result<Response<Bytes>, Fault>) {
        let Some(Check { plan, stage: CheckStage::Asking(call), .. }) = &self.state.check else { return };
        if *call != id {
            return;
        }
        match sent {
            CheckCall::Synchronous(call) => match result.and_then(|answer| call.read(&answer)) {
                Ok(findings) => self.check_done(findings),
                Err(fault) => self.check_failed(fault),
            },
            CheckCall::Poll(mut operation) => {
                operation.on_response(result.as_ref(), self.env.now);
                self.advance_check(operation);
            }
            CheckCall::Begin => {
                let cloud = self.state.cloud();
                let begun = result.and_then(|answer| match answer.status().as_u16() {
                    404 | 405 => Ok(None),
                    _ => Operation::start(&answer, self.env.now, &cloud, &plan.vault, &plan.version).map(Some),
                });
                match begun {
                    Ok(Some(operation)) => self.advance_check(Box::new(operation)),
                    Ok(None) => self.check_synchronously(),
                    Err(fault) => self.check_failed(fault),
                }
            }
        }
    }

    fn advance_check(&mut self, operation: Box<Operation>) {
        match operation.next(self.env.now) {
            NextStep::Done(OperationOutcome::Succeeded { properties, .. }) => match properties.as_ref().map(findings) {
                Some(Some(findings)) => self.check_done(findings),
                Some(None) => {
                    self.check_failed(Fault::reported(CALL, "", "Azure found issues, but they couldn't be read."));
                }
                None => self.check_done(Vec::new()),
            },
            NextStep::Done(OperationOutcome::Failed(fault)) => self.check_failed(fault),
            NextStep::Done(OperationOutcome::UseJobList) => self.check_synchronously(),
            NextStep::Done(OperationOutcome::Cancelled | OperationOutcome::Unknown(_)) => {
                let said = "The check ended without a result. Run it again.";
                self.check_failed(Fault::reported(CALL, "", said));
            }
            NextStep::Poll | NextStep::Wait(_) => self.stage(CheckStage::Waiting(operation)),
        }
    }

    fn check_done(&mut self, findings: Vec<validate::Finding>) {
        let said = match findings.len() {
            0 => "Validation passed".to_owned(),
            1 => "Azure found 1 issue".to_owned(),
            n => format!("Azure found {n} issues"),
        };
        self.announce(&said);
        self.end_check(CheckStage::Done(findings));
    }

    fn check_failed(&mut self, fault: Fault) {
        self.announce("Couldn't run the check");
        self.end_check(CheckStage::Failed(Box::new(fault)));
    }

    fn end_check(&mut self, stage: CheckStage) {
        let now = self.env.now;
        if let Some(check) = &mut self.state.check {
            (check.stage, check.since) = (stage, now);
        }
    }
}

/// The findings of an operation; none when there are some that cannot be read: silence about them would read as approval.
fn findings(properties: &Value) -> Option<Vec<validate::Finding>> {
    let told = &properties["validateOperationResponse"]["validationResults"];
    let read = validate::findings(properties);
    (told.is_null() || told.as_array().is_some_and(|told| told.len() == read.len())).then_some(read)
}
