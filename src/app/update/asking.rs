//! *Check with Azure*: the asynchronous validation, or the synchronous one where the service knows no other.

use azure_backup::arm::fault::Fault;
use azure_backup::arm::operation::{Ending, Next, Operation};
use azure_backup::backup::validate;
use bytes::Bytes;
use http::Response;
use time::OffsetDateTime;

use super::Turn;
use crate::app::check::{Check, CheckStage};
use crate::app::effect::CallId;
use crate::app::route::Route;
use crate::app::state::Purpose;

/// The asynchronous validation exists since this api-version.
const ASYNCHRONOUS_SINCE: &str = "2021-10-01";

impl Turn<'_> {
    pub(super) fn check(&mut self) {
        let synchronous = self.state.settings.version.as_str() < ASYNCHRONOUS_SINCE;
        self.ask_opinion(synchronous);
    }

    fn ask_opinion(&mut self, synchronous: bool) {
        let Route::Review(point) = self.state.route.clone() else { return };
        let Ok(plan) = self.state.plan(&point) else { return };
        let (cloud, Some(id)) = (self.state.cloud(), self.moment.id()) else { return };
        let request = if synchronous {
            validate::now(&plan.vault, &plan.point, &plan.body).request(&cloud, &id)
        } else {
            validate::trigger(&plan.vault, &plan.point, &plan.body).request(&cloud, &id)
        };
        if let Ok(request) = request {
            let call = self.send("Validate restore", request, Purpose::Check);
            let stage = CheckStage::Asking { call, synchronous, operation: None };
            self.state.check = Some(Check { sha256: plan.sha256, since: self.moment.now, stage });
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
                match operation.call(&cloud).and_then(|call| call.request(&cloud, &id)) {
                    Ok(request) => {
                        let call = self.send("Validate restore", request, Purpose::Check);
                        self.stage(CheckStage::Asking { call, synchronous: false, operation: Some(operation) });
                    }
                    Err(refused) => {
                        self.stage(CheckStage::Failed(Box::new(Fault::refused("Validate restore", &refused))));
                    }
                }
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

    pub(super) fn checked(&mut self, id: CallId, result: Result<Response<Bytes>, Fault>) {
        let Some(CheckStage::Asking { call, synchronous, operation }) =
            self.state.check.as_ref().map(|c| c.stage.clone())
        else {
            return;
        };
        if call != id {
            return;
        }
        match (synchronous, operation) {
            (true, _) => self.heard_synchronous(result),
            (false, Some(mut operation)) => {
                operation.heard(result.as_ref(), self.moment.now);
                self.go_on(operation);
            }
            (false, None) => {
                let cloud = self.state.cloud();
                let vault = self.state.route.point().and_then(super::super::route::vault_of);
                let (Ok(answer), Some(vault)) = (result.as_ref(), vault) else {
                    return self.opinion_failed(result.err());
                };
                // A service or role that knows only the older call: ask that way before giving up.
                if matches!(answer.status().as_u16(), 404 | 405) {
                    return self.ask_opinion(true);
                }
                match Operation::start(answer, self.moment.now, &cloud, &vault, &self.state.settings.version) {
                    Ok(operation) => self.go_on(Box::new(operation)),
                    Err(fault) => self.opinion_failed(Some(fault)),
                }
            }
        }
    }

    fn heard_synchronous(&mut self, result: Result<Response<Bytes>, Fault>) {
        let Route::Review(point) = self.state.route.clone() else { return };
        let Ok(plan) = self.state.plan(&point) else { return };
        let call = validate::now(&plan.vault, &plan.point, &plan.body);
        match result.and_then(|answer| call.read(&answer)) {
            Ok(findings) => self.opinion(findings),
            Err(fault) => self.opinion_failed(Some(fault)),
        }
    }

    fn go_on(&mut self, operation: Box<Operation>) {
        match operation.next(self.moment.now) {
            Next::Ended(Ending::Succeeded { properties, .. }) => {
                self.opinion(properties.as_ref().map(validate::findings).unwrap_or_default());
            }
            Next::Ended(Ending::Failed(fault)) => self.opinion_failed(Some(fault)),
            Next::Ended(_) => self.opinion_failed(None),
            Next::Look | Next::Wait(_) => self.stage(CheckStage::Waiting(operation)),
        }
    }

    fn opinion(&mut self, findings: Vec<validate::Finding>) {
        let said = match findings.len() {
            0 => "Azure would accept this request".to_owned(),
            1 => "Azure has one finding".to_owned(),
            n => format!("Azure has {n} findings"),
        };
        self.announce(&said);
        self.stage(CheckStage::Done(findings));
    }

    fn opinion_failed(&mut self, fault: Option<Fault>) {
        let fault = fault.unwrap_or_else(|| {
            Fault::reported(
                "Validate restore",
                "",
                "Azure ended the check without saying how it came out. Check again.",
            )
        });
        self.announce("The check could not be made");
        self.stage(CheckStage::Failed(Box::new(fault)));
    }
}
