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
use crate::app::purpose::Purpose;
use crate::app::route::Route;
use crate::restore::plan::Plan;

const CALL: &str = "Validate restore";
const NO_RESULT: &str = "The check ended without a result. Run it again.";
/// The asynchronous validation exists since this api-version.
const ASYNCHRONOUS_SINCE: &str = "2021-10-01";

/// An outcome older than this is asked for again when the review is opened: quotas and locks change.
pub(super) const STALE: Duration = Duration::minutes(5);

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
        if let Some(check) = self.begin_check(plan) {
            self.state.check = Some(check);
        }
    }

    /// Asks Azure for its opinion of a request.
    pub(super) fn begin_check(&mut self, plan: Rc<Plan>) -> Option<Check> {
        let synchronous = plan.version.as_str() < ASYNCHRONOUS_SINCE;
        let stage = self.ask_azure(&plan, synchronous)?;
        Some(Check { sha256: plan.sha256.clone(), plan, since: self.env.now, stage })
    }

    fn ask_azure(&mut self, plan: &Plan, synchronous: bool) -> Option<CheckStage> {
        let (cloud, id) = (self.state.cloud(), self.env.id()?);
        let (request, sent) = if synchronous {
            let call = validate::run(&plan.vault, &plan.point, &plan.request, &plan.version);
            (call.request(&cloud, &id), CheckCall::Synchronous(Box::new(call)))
        } else {
            (
                validate::trigger(&plan.vault, &plan.point, &plan.request, &plan.version).request(&cloud, &id),
                CheckCall::Begin,
            )
        };
        Some(self.send_check(request, sent))
    }

    fn send_check(&mut self, request: Result<Request<Bytes>, RefusedUrl>, sent: CheckCall) -> CheckStage {
        match request {
            Ok(request) => CheckStage::Asking(self.send(CALL, request, Purpose::Check(sent))),
            Err(refused) => CheckStage::Failed(Box::new(Fault::refused(CALL, &refused))),
        }
    }

    /// A service or role that knows only the older call, or a browser that may not read where the newer one's answer will be: the older call
    /// answers at once.
    fn ask_synchronously(&mut self, plan: &Plan) -> CheckStage {
        let no_id = || CheckStage::Failed(Box::new(Fault::reported(CALL, "", NO_RESULT)));
        self.ask_azure(plan, true).unwrap_or_else(no_id)
    }

    /// When the check is to be looked at; looks at it if that is now.
    pub(super) fn poll_check(&mut self) -> Option<OffsetDateTime> {
        // With a token that Azure does not take, nothing is asked.
        if self.state.sign_in_fault.is_some() {
            return None;
        }
        let CheckStage::Waiting(operation) = self.state.check.as_ref()?.stage.clone() else { return None };
        match self.poll_validation(operation) {
            Ok(stage) => {
                if let Some(check) = &mut self.state.check {
                    check.stage = stage;
                }
                None
            }
            Err(until) => until,
        }
    }

    /// Polls the operation of a check if that is due; else gives the time when it is.
    pub(super) fn poll_validation(&mut self, operation: Box<Operation>) -> Result<CheckStage, Option<OffsetDateTime>> {
        match operation.next(self.env.now) {
            NextStep::Wait(until) => Err(Some(until)),
            NextStep::Poll => {
                let (cloud, id) = (self.state.cloud(), self.env.id().ok_or(None)?);
                let request = operation.call(&cloud).and_then(|call| call.request(&cloud, &id));
                Ok(self.send_check(request, CheckCall::Poll(operation)))
            }
            NextStep::Done(_) => Err(None),
        }
    }

    pub(super) fn on_check_response(&mut self, id: CallId, sent: CheckCall, result: Result<Response<Bytes>, Fault>) {
        let asks = |check: &&Check| check.stage == CheckStage::Asking(id);
        if let Some(check) = self.state.check.as_ref().filter(asks) {
            let (plan, since) = (check.plan.clone(), check.since);
            let stage = self.stage_after(&plan, sent, result);
            self.announce_check(&stage);
            let since = if stage.is_end() { self.env.now } else { since };
            self.state.check = Some(Check { sha256: plan.sha256.clone(), plan, since, stage });
        } else {
            self.on_dry_run_response(id, sent, result);
        }
    }

    /// How far a check is after an answer.
    pub(super) fn stage_after(
        &mut self,
        plan: &Plan,
        sent: CheckCall,
        result: Result<Response<Bytes>, Fault>,
    ) -> CheckStage {
        match sent {
            CheckCall::Synchronous(call) => match result.and_then(|answer| call.read(&answer)) {
                Ok(findings) => CheckStage::Done(findings),
                Err(fault) => CheckStage::Failed(Box::new(fault)),
            },
            CheckCall::Poll(mut operation) => {
                operation.on_response(result.as_ref(), self.env.now);
                self.validation_stage(plan, operation)
            }
            CheckCall::Begin => {
                let cloud = self.state.cloud();
                let begun = result.and_then(|answer| match answer.status().as_u16() {
                    404 | 405 => Ok(None),
                    // Of the built-in roles, Backup Contributor may validate by the older call alone.
                    403 if !Fault::from_answer(CALL, &answer).needs_sign_in() => Ok(None),
                    _ => Operation::start(&answer, self.env.now, &cloud, &plan.vault, &plan.version).map(Some),
                });
                match begun {
                    Ok(Some(operation)) => self.validation_stage(plan, Box::new(operation)),
                    Ok(None) => self.ask_synchronously(plan),
                    Err(fault) => CheckStage::Failed(Box::new(fault)),
                }
            }
        }
    }

    fn validation_stage(&mut self, plan: &Plan, operation: Box<Operation>) -> CheckStage {
        let failed = |said: &str| CheckStage::Failed(Box::new(Fault::reported(CALL, "", said)));
        match operation.next(self.env.now) {
            NextStep::Done(OperationOutcome::Succeeded { properties, .. }) => match properties.as_ref().map(findings) {
                Some(Some(findings)) => CheckStage::Done(findings),
                Some(None) => failed("Azure found issues, but they couldn't be read."),
                None => CheckStage::Done(Vec::new()),
            },
            NextStep::Done(OperationOutcome::Failed(fault)) => CheckStage::Failed(Box::new(fault)),
            NextStep::Done(OperationOutcome::UseJobList) => self.ask_synchronously(plan),
            NextStep::Done(OperationOutcome::Cancelled | OperationOutcome::Unknown(_)) => failed(NO_RESULT),
            NextStep::Poll | NextStep::Wait(_) => CheckStage::Waiting(operation),
        }
    }

    fn announce_check(&mut self, stage: &CheckStage) {
        let said = match stage {
            CheckStage::Done(findings) => match findings.len() {
                0 => "Validation passed".to_owned(),
                1 => "Azure found 1 issue".to_owned(),
                n => format!("Azure found {n} issues"),
            },
            CheckStage::Failed(_) => "Couldn't run the check".to_owned(),
            CheckStage::Asking(_) | CheckStage::Waiting(_) => return,
        };
        self.announce(&said);
    }
}

/// The findings of an operation; none when there are some that cannot be read: silence about them would read as approval.
fn findings(properties: &Value) -> Option<Vec<validate::Finding>> {
    let told = &properties["validateOperationResponse"]["validationResults"];
    let read = validate::findings(properties);
    (told.is_null() || told.as_array().is_some_and(|told| told.len() == read.len())).then_some(read)
}
