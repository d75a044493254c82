//! What is done with restored disks: the choices, the request that was on the screen, the operation that follows it, and the machine read again.

use std::rc::Rc;

use azure_backup::arm::fault::Fault;
use azure_backup::arm::id::{ArmId, ClientRequestId};
use azure_backup::arm::operation::{NextStep, Operation, OperationOutcome};
use azure_backup::arm::version::ApiVersion;
use bytes::Bytes;
use http::{Response, StatusCode};
use time::OffsetDateTime;

use super::UpdateContext;
use super::shown_request::canceled;
use crate::app::action::{ActionMsg, ActionPanel, ActionStage, RunningAction};
use crate::app::effect::CallId;
use crate::app::key::Key;
use crate::app::state::Purpose;
use crate::restore::action::Action;

impl UpdateContext<'_> {
    pub(super) fn action(&mut self, msg: ActionMsg) {
        let panel = &mut self.state.action_panel;
        match (msg, panel) {
            (ActionMsg::Open(restore, aim), panel) => {
                *panel = Some(ActionPanel { restore, aim, machine: None, lun: None });
            }
            (ActionMsg::Close, panel) => *panel = None,
            (ActionMsg::Machine(machine), Some(panel)) => (panel.machine, panel.lun) = (machine, None),
            (ActionMsg::Lun(typed), Some(panel)) => panel.lun = Some(typed),
            (ActionMsg::Send { restore, action, sha256 }, _) => self.send_action(restore, action, &sha256),
            (ActionMsg::Machine(_) | ActionMsg::Lun(_), None) => {}
        }
    }

    /// Sends the request that was shown: one that has changed since, or that something stands in the way of, is not sent.
    fn send_action(&mut self, restore: ClientRequestId, action: Action, shown: &str) {
        let machine = action.machine().clone();
        if !self.state.connected() || self.state.action_on(&machine).is_some_and(RunningAction::runs) {
            return;
        }
        let request = self.state.action_request(&action);
        let clear = self.state.action_obstacles(&action).is_some_and(|found| found.is_empty());
        if request.sha256 != shown || !clear {
            return self.refuse_changed_request();
        }
        let (cloud, Some(number)) = (self.state.cloud(), self.env.id()) else { return };
        let (call, stage) = match request.call.request(&cloud, &number) {
            Ok(http) => (Some(self.send(request.call.name, http, Purpose::Action(machine.clone()))), ActionStage::Sent),
            Err(refused) => (None, failed(Fault::refused(request.call.name, &refused), false)),
        };
        self.state.actions.retain(|one| *one.action.machine() != machine);
        let identity = self.state.identity();
        self.state.actions.push(RunningAction { action, restore, identity, call, stage });
    }

    fn action_stage(&mut self, machine: &ArmId, call: Option<CallId>, stage: ActionStage) {
        if let Some(one) = self.state.actions.iter_mut().find(|one| one.action.machine() == machine) {
            (one.call, one.stage) = (call, stage);
        }
    }

    pub(super) fn on_action_response(&mut self, machine: &ArmId, call: CallId, result: Result<Response<Bytes>, Fault>) {
        let (now, cloud) = (self.env.now, self.state.cloud());
        let Some(one) = self.state.action_on(machine).filter(|one| one.call == Some(call)).cloned() else { return };
        match one.stage {
            ActionStage::Sent => {
                let begun = result.and_then(|answer| {
                    Operation::start(&answer, now, &cloud, machine, &ApiVersion::MACHINES)
                        .map(|operation| (answer.status(), operation))
                });
                match begun {
                    // Without an operation, 200 means that nothing is left to do.
                    Ok((StatusCode::OK, operation)) if operation.ending().is_some() => {
                        self.action_ended(machine, ActionStage::Done);
                    }
                    Ok((_, operation)) => self.advance_action(machine, Box::new(operation)),
                    Err(fault) => {
                        let unknown = fault.outcome_unknown();
                        self.action_ended(machine, failed(fault, unknown));
                    }
                }
            }
            ActionStage::Operation(mut operation) => {
                operation.on_response(result.as_ref(), now);
                self.advance_action(machine, operation);
            }
            ActionStage::Done | ActionStage::Lost | ActionStage::Failed { .. } => {}
        }
    }

    fn advance_action(&mut self, machine: &ArmId, operation: Box<Operation>) {
        let stage = match operation.next(self.env.now) {
            NextStep::Done(OperationOutcome::Succeeded { .. }) => ActionStage::Done,
            NextStep::Done(OperationOutcome::Failed(fault)) => failed(fault, false),
            NextStep::Done(OperationOutcome::Cancelled) => failed(canceled("Get operation status"), false),
            NextStep::Done(OperationOutcome::Unknown(_) | OperationOutcome::UseJobList) => ActionStage::Lost,
            NextStep::Poll | NextStep::Wait(_) => {
                return self.action_stage(machine, None, ActionStage::Operation(operation));
            }
        };
        self.action_ended(machine, stage);
    }

    /// It is over: what Azure says of the machine and of the disks is read anew, however it came out.
    fn action_ended(&mut self, machine: &ArmId, stage: ActionStage) {
        self.announce(match stage {
            ActionStage::Failed { .. } => "Failed",
            _ => "Finished",
        });
        self.action_stage(machine, None, stage);
        self.state.catalog.forget(|key| matches!(key, Key::Machine(id) if id == machine));
        self.ask(&Key::MachineNow(machine.clone()));
        let restore = self.state.action_on(machine).and_then(|one| self.state.restore(&one.restore));
        if let Some(disks) = restore.and_then(|run| self.state.restored_disks_key(run)) {
            self.ask(&disks);
        }
    }

    /// What is due; and when the next thing is.
    pub(super) fn poll_actions(&mut self) -> Option<OffsetDateTime> {
        let (now, cloud) = (self.env.now, self.state.cloud());
        let mut next: Option<OffsetDateTime> = None;
        for one in self.state.actions.clone().into_iter().filter(|one| one.call.is_none()) {
            let ActionStage::Operation(operation) = &one.stage else { continue };
            match operation.next(now) {
                NextStep::Wait(until) => next = next.into_iter().chain([until]).min(),
                NextStep::Done(_) => {}
                NextStep::Poll => {
                    let Some(id) = self.env.id() else { continue };
                    let machine = one.action.machine();
                    let request = operation.call(&cloud).and_then(|call| call.request(&cloud, &id));
                    match request {
                        Ok(request) => {
                            let call = self.send("Get operation status", request, Purpose::Action(machine.clone()));
                            self.action_stage(machine, Some(call), one.stage.clone());
                        }
                        Err(refused) => {
                            let mut operation = operation.clone();
                            operation.on_response(Err(&Fault::refused("GET", &refused)), now);
                            self.advance_action(machine, operation);
                        }
                    }
                }
            }
        }
        next
    }

    /// Another account has connected: what another one has begun it does not follow.
    pub(super) fn forget_actions_of_others(&mut self) {
        let identity = self.state.identity();
        self.state.actions.retain(|one| one.identity == identity);
        self.state.action_panel = None;
    }
}

fn failed(fault: Fault, unknown: bool) -> ActionStage {
    ActionStage::Failed { fault: Rc::new(fault), unknown }
}
