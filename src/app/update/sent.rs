//! Requests about restored disks, and undeletions, are written down before they leave, and gone on with after a reload and in other tabs.

use std::rc::Rc;

use super::UpdateContext;
use crate::app::action::{ActionStage, RunningAction};
use crate::app::deployment::{DeployStage, DeployStep, TemplateDeployment};
use crate::app::follower::{Followed, Follower};
use crate::app::key::Key;
use crate::app::sent::{SentRequest, SentStage, SentSubject};
use crate::app::undelete::{Stage, Undeleting};

impl UpdateContext<'_> {
    /// Writes down a request that is about to leave.
    pub(super) fn note_sent(&mut self, subject: SentSubject, sha256: &str) {
        let identity = self.state.identity();
        self.state.sent_requests.put(SentRequest {
            cloud: identity.cloud,
            owner: identity.owner,
            subject,
            sha256: sha256.to_owned(),
            sent: self.env.now,
            stage: SentStage::Sent,
        });
        self.save_sent();
    }

    /// Writes down how far a request is; without a stage, that it never left.
    pub(super) fn note_sent_stage(&mut self, of: &Followed, stage: Option<SentStage>) {
        let identity = self.state.identity();
        if self.state.sent_requests.note(&identity, of, stage) {
            self.save_sent();
        }
    }

    /// Whoever connects goes on with what this account has sent.
    pub(super) fn resume_sent(&mut self) {
        let own: Vec<SentRequest> = self.state.sent_requests.of(&self.state.identity()).cloned().collect();
        for one in own {
            let is_known = match &one.subject {
                SentSubject::Action { action, .. } => self.state.action_on(action.machine()).is_some(),
                SentSubject::Deployment { restore } => {
                    self.state.deployments.iter().any(|other| other.restore == *restore)
                }
                SentSubject::Undeletion { id, .. } => self.state.undeleting(id).is_some(),
            };
            if !is_known {
                self.show_sent(&one);
            }
        }
    }

    /// Another tab has written down more.
    pub(super) fn sent_elsewhere(&mut self, new: &[SentRequest]) {
        let identity = self.state.identity();
        for one in new.iter().filter(|one| one.is_of(&identity)) {
            let of = one.followed();
            let follows = self.state.followers().any(|(other, _)| other == of);
            let is_over = !matches!(one.stage, SentStage::Sent | SentStage::Accepted(_));
            if self.state.connected() && (is_over || !follows) {
                self.show_sent(one);
            }
        }
    }

    /// Shows a request as it was written down, and follows it.
    fn show_sent(&mut self, one: &SentRequest) {
        let identity = self.state.identity();
        match one.subject.clone() {
            SentSubject::Action { restore, action } => {
                let stage = match &one.stage {
                    SentStage::Sent => ActionStage::Failed { fault: Rc::new(one.unanswered()), unknown: true },
                    SentStage::Accepted(operation) => ActionStage::Following(Follower::resumed(operation)),
                    SentStage::Done => ActionStage::Done,
                    SentStage::Lost => ActionStage::Lost,
                    SentStage::Failed { fault, unknown } => {
                        ActionStage::Failed { fault: fault.clone(), unknown: *unknown }
                    }
                };
                let machine = action.machine().clone();
                let was_read = self.state.catalog.entry(&Key::MachineNow(machine.clone())).is_some();
                self.state.actions.retain(|other| *other.action.machine() != machine);
                self.state.actions.push(RunningAction { action, restore, identity, stage });
                if was_read {
                    self.read_changed(&machine);
                }
            }
            SentSubject::Deployment { restore } => {
                let step = DeployStep::Deploy;
                let stage = match &one.stage {
                    SentStage::Sent => DeployStage::Failed { step, fault: Rc::new(one.unanswered()), unknown: true },
                    SentStage::Accepted(operation) => DeployStage::Following(step, Follower::resumed(operation)),
                    SentStage::Done => DeployStage::Done,
                    SentStage::Lost => DeployStage::Lost,
                    SentStage::Failed { fault, unknown } => {
                        DeployStage::Failed { step, fault: fault.clone(), unknown: *unknown }
                    }
                };
                self.state.deployments.retain(|other| other.restore != restore);
                let parameters = Vec::new();
                self.state.deployments.push(TemplateDeployment { restore, identity, parameters, resumed: true, stage });
            }
            SentSubject::Undeletion { id, vault } => {
                let stage = match &one.stage {
                    SentStage::Sent => Stage::Failed { fault: Rc::new(one.unanswered()), unknown: true },
                    SentStage::Accepted(operation) => Stage::Following(Follower::resumed(operation)),
                    // Azure's lists tell how it came out; they are read here only where it was not known to be over.
                    SentStage::Done | SentStage::Lost => {
                        if self.state.undeleting(&id).is_some_and(Undeleting::runs) {
                            self.start_reading_lists(&id);
                        }
                        return;
                    }
                    SentStage::Failed { fault, unknown } => Stage::Failed { fault: fault.clone(), unknown: *unknown },
                };
                self.state.undeleting.retain(|other| other.id != id);
                self.state.undeleting.push(Undeleting { id, vault, identity, call: None, stage });
            }
        }
    }
}

/// How far a change of a machine is, as it is written down.
pub(super) fn of_action(stage: &ActionStage) -> SentStage {
    match stage {
        ActionStage::Following(follower) => follower.operation.clone().map_or(SentStage::Sent, SentStage::Accepted),
        ActionStage::Done => SentStage::Done,
        ActionStage::Lost => SentStage::Lost,
        ActionStage::Failed { fault, unknown } => SentStage::Failed { fault: fault.clone(), unknown: *unknown },
    }
}

/// The same of the end of a deployment.
pub(super) fn of_deployment(stage: &DeployStage) -> Option<SentStage> {
    match stage {
        DeployStage::Done => Some(SentStage::Done),
        DeployStage::Lost => Some(SentStage::Lost),
        DeployStage::Failed { step: DeployStep::Deploy, fault, unknown } => {
            Some(SentStage::Failed { fault: fault.clone(), unknown: *unknown })
        }
        _ => None,
    }
}
