//! *Check with Azure*: the server-side validation of exactly the body under review.

use std::rc::Rc;

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
    /// Since when.
    pub since: OffsetDateTime,
    /// How far it is.
    pub stage: CheckStage,
}

/// How far a check is.
#[derive(Clone, Debug, PartialEq)]
pub enum CheckStage {
    /// A request is under way. `synchronous`: the service knows no asynchronous validation, so the older call is used.
    Asking {
        /// The call.
        call: CallId,
        /// The older, synchronous call.
        synchronous: bool,
        /// The operation, once there is one.
        operation: Option<Box<Operation>>,
    },
    /// The operation is waited for.
    Waiting(Box<Operation>),
    /// Azure has answered; no findings = it would accept the request.
    Done(Vec<Finding>),
    /// It could not be had.
    Failed(Box<Fault>),
}

/// The field that a finding speaks of, if its words name one.
pub fn field_of(finding: &Finding) -> Option<Field> {
    let text = format!("{} {}", finding.code, finding.message);
    let lower = text.to_ascii_lowercase();
    let words: [(&str, Field); 9] = [
        ("storageaccount", Field::StagingAccount),
        ("storage account", Field::StagingAccount),
        ("subnet", Field::Subnet),
        ("virtual network", Field::Network),
        ("encryptionset", Field::EncryptionSet),
        ("resource group", Field::TargetGroup),
        ("virtual machine name", Field::VmName),
        ("quota", Field::VmName),
        ("zone", Field::Zone),
    ];
    Field::of_property(&text).or_else(|| words.iter().find(|(word, _)| lower.contains(word)).map(|(_, field)| *field))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn findings_lead_to_fields() {
        let finding = |code: &str, message: &str| Finding {
            code: code.to_owned(),
            message: message.to_owned(),
            recommendations: Vec::new(),
        };
        assert_eq!(field_of(&finding("UserErrorBCMRestoreStorageAccountNotFound", "")), Some(Field::StagingAccount));
        assert_eq!(field_of(&finding("X", "properties.subnetId is wrong")), Some(Field::Subnet));
        assert_eq!(field_of(&finding("UserErrorCoreCountSubscriptionQuotaReached", "")), Some(Field::VmName));
        assert_eq!(field_of(&finding("X", "")), None);
    }
}
