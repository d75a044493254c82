//! *Check with Azure*: the asynchronous validation, or the synchronous one where the service knows no other.

use std::rc::Rc;

use azure_backup::arm::cloud::RefusedUrl;
use azure_backup::arm::fault::Fault;
use azure_backup::arm::operation::{Ending, Next, Operation};
use azure_backup::backup::validate;
use bytes::Bytes;
use http::{Request, Response};
use serde_json::Value;
use time::OffsetDateTime;

use super::Turn;
use crate::app::check::{Check, CheckCall, CheckStage};
use crate::app::effect::CallId;
use crate::app::route::Route;
use crate::app::state::Purpose;
use crate::restore::plan::Plan;

const CALL: &str = "Validate restore";
/// The asynchronous validation exists since this api-version.
const ASYNCHRONOUS_SINCE: &str = "2021-10-01";

impl Turn<'_> {
    pub(super) fn check(&mut self) {
        let Route::Review(point) = &self.state.route else { return };
        let Ok(plan) = self.state.plan(point) else { return };
        let synchronous = plan.version.as_str() < ASYNCHRONOUS_SINCE;
        self.ask_opinion(plan, self.moment.now, synchronous);
    }

    fn ask_opinion(&mut self, plan: Rc<Plan>, since: OffsetDateTime, synchronous: bool) {
        let (cloud, Some(id)) = (self.state.cloud(), self.moment.id()) else { return };
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
    fn ask_synchronously(&mut self) {
        if let Some(Check { plan, since, .. }) = self.state.check.clone() {
            self.ask_opinion(plan, since, true);
        }
    }

    /// When the check is to be looked at; looks at it if that is now.
    pub(super) fn next_check(&mut self) -> Option<OffsetDateTime> {
        let now = self.moment.now;
        let CheckStage::Waiting(operation) = &self.state.check.as_ref()?.stage else { return None };
        match operation.next(now) {
            Next::Wait(until) => Some(until),
            Next::Look => {
                let operation = operation.clone();
                let (cloud, id) = (self.state.cloud(), self.moment.id()?);
                let request = operation.call(&cloud).and_then(|call| call.request(&cloud, &id));
                let stage = self.send_check(request, CheckCall::Poll(operation));
                self.stage(stage);
                None
            }
            Next::Ended(_) => None,
        }
    }

    fn stage(&mut self, stage: CheckStage) {
        if let Some(check) = &mut self.state.check {
            check.stage = stage;
        }
    }

    pub(super) fn checked(&mut self, id: CallId, sent: CheckCall, result: Result<Response<Bytes>, Fault>) {
        let Some(Check { plan, stage: CheckStage::Asking(call), .. }) = &self.state.check else { return };
        if *call != id {
            return;
        }
        match sent {
            CheckCall::Synchronous(call) => match result.and_then(|answer| call.read(&answer)) {
                Ok(findings) => self.opinion(findings),
                Err(fault) => self.opinion_failed(fault),
            },
            CheckCall::Poll(mut operation) => {
                operation.heard(result.as_ref(), self.moment.now);
                self.go_on(operation);
            }
            CheckCall::Begin => {
                let cloud = self.state.cloud();
                let begun = result.and_then(|answer| match answer.status().as_u16() {
                    404 | 405 => Ok(None),
                    _ => Operation::start(&answer, self.moment.now, &cloud, &plan.vault, &plan.version).map(Some),
                });
                match begun {
                    Ok(Some(operation)) => self.go_on(Box::new(operation)),
                    Ok(None) => self.ask_synchronously(),
                    Err(fault) => self.opinion_failed(fault),
                }
            }
        }
    }

    fn go_on(&mut self, operation: Box<Operation>) {
        match operation.next(self.moment.now) {
            Next::Ended(Ending::Succeeded { properties, .. }) => match properties.as_ref().map(findings) {
                Some(Some(findings)) => self.opinion(findings),
                Some(None) => {
                    self.opinion_failed(Fault::reported(CALL, "", "Azure found issues, but they couldn't be read."));
                }
                None => self.opinion(Vec::new()),
            },
            Next::Ended(Ending::Failed(fault)) => self.opinion_failed(fault),
            Next::Ended(Ending::LookInJobList) => self.ask_synchronously(),
            Next::Ended(Ending::Cancelled | Ending::Unknown(_)) => {
                let said = "The check ended without a result. Run it again.";
                self.opinion_failed(Fault::reported(CALL, "", said));
            }
            Next::Look | Next::Wait(_) => self.stage(CheckStage::Waiting(operation)),
        }
    }

    fn opinion(&mut self, findings: Vec<validate::Finding>) {
        let said = match findings.len() {
            0 => "Validation passed".to_owned(),
            1 => "Azure found 1 issue".to_owned(),
            n => format!("Azure found {n} issues"),
        };
        self.announce(&said);
        self.stage(CheckStage::Done(findings));
    }

    fn opinion_failed(&mut self, fault: Fault) {
        self.announce("Couldn't run the check");
        self.stage(CheckStage::Failed(Box::new(fault)));
    }
}

/// The findings of an operation; none when there are some that cannot be read: silence about them would read as approval.
fn findings(properties: &Value) -> Option<Vec<validate::Finding>> {
    let told = &properties["validateOperationResponse"]["validationResults"];
    let read = validate::findings(properties);
    (told.is_null() || told.as_array().is_some_and(|told| told.len() == read.len())).then_some(read)
}
