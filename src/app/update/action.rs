//! What is done with restored disks: the choices, the request that was on the screen, its end, and the machine read again.

use std::rc::Rc;

use azure_backup::arm::id::{ArmId, ClientRequestId};
use azure_backup::arm::version::ApiVersion;

use super::UpdateContext;
use super::sent::of_action;
use crate::app::action::{ActionMsg, ActionPanel, ActionStage, RunningAction};
use crate::app::follower::{End, Followed};
use crate::app::key::Key;
use crate::app::sent::SentSubject;
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
        let of = Followed::Action(machine.clone());
        let subject = SentSubject::Action { restore: restore.clone(), action: action.clone() };
        self.note_sent(subject, &request.sha256);
        let stage = match self.begin(of.clone(), &request, machine.clone(), ApiVersion::MACHINES) {
            None => return self.note_sent_stage(&of, None),
            Some(Ok(follower)) => ActionStage::Following(follower),
            Some(Err(fault)) => {
                self.note_sent_stage(&of, None);
                ActionStage::Failed { fault: Rc::new(fault), unknown: false }
            }
        };
        self.state.actions.retain(|one| *one.action.machine() != machine);
        let identity = self.state.identity();
        self.state.actions.push(RunningAction { action, restore, identity, stage });
    }

    /// It is over: what Azure says of the machine and of the disks is read anew, however it came out.
    pub(super) fn action_ended(&mut self, machine: &ArmId, end: End) {
        let stage = match end {
            End::Succeeded { .. } => ActionStage::Done,
            End::Lost => ActionStage::Lost,
            End::Failed { fault, unknown } => ActionStage::Failed { fault: Rc::new(fault), unknown },
        };
        self.announce(match stage {
            ActionStage::Failed { .. } => "Failed",
            _ => "Finished",
        });
        self.note_sent_stage(&Followed::Action(machine.clone()), Some(of_action(&stage)));
        if let Some(one) = self.state.actions.iter_mut().find(|one| one.action.machine() == machine) {
            one.stage = stage;
        }
        self.read_changed(machine);
    }

    /// Reads anew what Azure says of a machine that was changed, and of the restored disks.
    pub(super) fn read_changed(&mut self, machine: &ArmId) {
        self.state.catalog.forget(|key| matches!(key, Key::Machine(id) if id == machine));
        self.ask(&Key::MachineNow(machine.clone()));
        let restore = self.state.action_on(machine).and_then(|one| self.state.restore(&one.restore));
        if let Some(disks) = restore.and_then(|run| self.state.restored_disks_key(run)) {
            self.ask(&disks);
        }
    }
}
