//! *Check with Azure*: the server-side validation of exactly the body under review.
//!
//! It changes nothing in Azure and costs one write and about two reads of Azure Resource Manager's limits, which are 200 writes and 250 reads at
//! once. So it runs automatically when the review is opened.

use std::rc::Rc;

use azure_backup::arm::call::Call;
use azure_backup::arm::fault::Fault;
use azure_backup::arm::operation::Operation;
use azure_backup::backup::validate::Finding;
use time::OffsetDateTime;

use super::effect::CallId;
use crate::restore::field::Field;
use crate::restore::plan::Plan;

/// Azure's opinion of one body.
#[derive(Clone, Debug, PartialEq)]
pub struct Check {
    /// SHA-256 of the body it is of. Another body has no opinion yet.
    pub sha256: String,
    /// The plan that is judged, wherever the operator has gone meanwhile.
    pub plan: Rc<Plan>,
    /// When it was started; when it ended, once it has.
    pub since: OffsetDateTime,
    /// How far it is.
    pub stage: CheckStage,
}

impl Check {
    /// Whether it has ended.
    pub const fn ended(&self) -> bool {
        self.stage.is_end()
    }

    /// Whether it is of exactly this request, at this recovery point.
    pub fn is_of(&self, plan: &Plan) -> bool {
        self.sha256 == plan.sha256 && self.plan.point == plan.point && self.plan.version == plan.version
    }
}

impl CheckStage {
    /// Whether nothing follows it.
    pub const fn is_end(&self) -> bool {
        matches!(self, Self::Done(_) | Self::Failed(_))
    }
}

/// How far a check is.
#[derive(Clone, Debug, PartialEq)]
pub enum CheckStage {
    /// A call is under way.
    Asking(CallId),
    /// The operation is waited for.
    Waiting(Box<Operation>),
    /// Azure has answered; no findings = it would accept the request.
    Done(Vec<Finding>),
    /// It could not be had.
    Failed(Box<Fault>),
}

/// A call that a check makes.
#[derive(Clone, Debug, PartialEq)]
pub enum CheckCall {
    /// The older, synchronous validation: its answer holds the findings.
    Synchronous(Box<Call<Vec<Finding>>>),
    /// Starts the asynchronous validation, which an operation follows.
    Begin,
    /// A poll of that operation.
    Poll(Box<Operation>),
}

/// The field that a finding speaks of, if its words name one.
pub fn field_of(finding: &Finding) -> Option<Field> {
    Field::spoken_of(&format!("{} {}", finding.code, finding.message))
}
