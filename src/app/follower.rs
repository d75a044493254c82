//! A request that has begun something in Azure, and the operation that tells how it ends.
//!
//! Undeletions, what is done with restored disks, file recovery and deployments are followed alike; what their ends mean is told by each of them.

use azure_backup::arm::call::ApiVersion;
use azure_backup::arm::cloud::Cloud;
use azure_backup::arm::fault::Fault;
use azure_backup::arm::id::{ArmId, ClientRequestId, JobId};
use azure_backup::arm::operation::{Operation, OperationOutcome};
use bytes::Bytes;
use http::{Response, StatusCode};
use serde_json::Value;
use time::OffsetDateTime;

use super::action::ActionStage;
use super::deployment::{DeployStage, DeployStep};
use super::effect::CallId;
use super::file_recovery::{FileAction, FileStage};
use super::state::State;
use super::undelete::Stage;

/// What the calls that poll an operation are named.
pub(super) const POLL: &str = "Get operation status";

/// What is followed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Followed {
    /// The undeletion of an item or a vault.
    Undeletion(ArmId),
    /// What is done to this virtual machine.
    Action(ArmId),
    /// A file recovery from this recovery point: its start or its stop.
    Files(ArmId, FileAction),
    /// The preview or the deployment of the template of this restore.
    Deployment(ClientRequestId, DeployStep),
}

impl Followed {
    /// What it is called where one of its calls fails.
    pub(super) const fn name(&self) -> &'static str {
        match self {
            Self::Undeletion(_) => "Undelete",
            Self::Action(_) => "Change virtual machine",
            Self::Files(..) => "File recovery",
            Self::Deployment(..) => "Deploy template",
        }
    }
}

/// A request that has left, and the operation that Azure has answered it with.
#[derive(Clone, Debug, PartialEq)]
pub struct Follower {
    /// The call under way.
    pub call: Option<CallId>,
    /// The operation; none until Azure has accepted the request.
    pub operation: Option<Box<Operation>>,
    resource: ArmId,
    version: ApiVersion,
}

/// How it ended.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum End {
    /// Azure says that it is done.
    Succeeded {
        /// The operation's id.
        operation: Option<String>,
        /// The job that it has made.
        job: Option<JobId>,
        /// What it has made, as Azure tells it.
        properties: Value,
    },
    /// It failed.
    Failed {
        /// Why.
        fault: Fault,
        /// Whether nobody knows if Azure has heard of the request.
        unknown: bool,
    },
    /// Azure has accepted it, and its end cannot be followed.
    Lost,
}

impl Follower {
    /// A request that has just left, about this resource.
    pub fn sent(call: CallId, resource: ArmId, version: ApiVersion) -> Self {
        Self { call: Some(call), operation: None, resource, version }
    }

    /// One whose request was accepted before this page was opened, or by another tab.
    pub fn resumed(operation: &Operation) -> Self {
        let (resource, version) = (operation.resource().clone(), operation.version().clone());
        Self { call: None, operation: Some(Box::new(operation.clone())), resource, version }
    }

    /// Takes an answer: that of the request, then those of the polls. Gives the end, if that is it.
    pub(super) fn on_response(
        &mut self,
        result: Result<Response<Bytes>, Fault>,
        now: OffsetDateTime,
        cloud: &Cloud,
    ) -> Option<End> {
        self.call = None;
        if let Some(operation) = &mut self.operation {
            operation.on_response(result.as_ref(), now);
        } else {
            let begun = result.and_then(|answer| {
                let operation = Operation::start(&answer, now, cloud, &self.resource, &self.version)?;
                Ok((answer.status(), operation))
            });
            match begun {
                // Without an operation, 200 means that nothing is left to do.
                Ok((StatusCode::OK, operation)) if operation.ending().is_some() => {
                    return Some(End::Succeeded { operation: None, job: None, properties: Value::Null });
                }
                Ok((_, operation)) => self.operation = Some(Box::new(operation)),
                Err(fault) => return Some(End::Failed { unknown: fault.outcome_unknown(), fault }),
            }
        }
        let operation = self.operation.as_ref()?;
        Some(match operation.ending()?.clone() {
            OperationOutcome::Succeeded { job_ids, properties } => End::Succeeded {
                operation: operation.id().map(str::to_owned),
                job: job_ids.into_iter().next(),
                properties: properties.unwrap_or_default(),
            },
            OperationOutcome::Failed(fault) => End::Failed { fault, unknown: false },
            OperationOutcome::Cancelled => {
                let fault = Fault::reported(POLL, "", "The operation was canceled in Azure.");
                End::Failed { fault, unknown: false }
            }
            OperationOutcome::Unknown(_) | OperationOutcome::UseJobList => End::Lost,
        })
    }
}

impl State {
    /// All that is followed.
    pub(super) fn followers(&mut self) -> impl Iterator<Item = (Followed, &mut Follower)> {
        let undeletions = self.undeleting.iter_mut().filter_map(|one| match &mut one.stage {
            Stage::Following(follower) => Some((Followed::Undeletion(one.id.clone()), follower)),
            _ => None,
        });
        let actions = self.actions.iter_mut().filter_map(|one| match &mut one.stage {
            ActionStage::Following(follower) => Some((Followed::Action(one.action.machine().clone()), follower)),
            _ => None,
        });
        let files = self.file_requests.iter_mut().filter_map(|one| match &mut one.stage {
            FileStage::Following(follower) => Some((Followed::Files(one.point.clone(), one.action), follower)),
            _ => None,
        });
        let deployments = self.deployments.iter_mut().filter_map(|one| match &mut one.stage {
            DeployStage::Following(step, follower) => {
                Some((Followed::Deployment(one.restore.clone(), *step), follower))
            }
            _ => None,
        });
        undeletions.chain(actions).chain(files).chain(deployments)
    }
}

#[cfg(test)]
impl Follower {
    /// One whose request has just left.
    pub(crate) fn sample() -> Self {
        Self::sent(CallId(1), crate::restore::sample::id("rg"), ApiVersion::MACHINES)
    }
}
