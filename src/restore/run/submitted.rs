//! The submitted request of a restore, with its sender and reason, which only the browser that started it knows.

use azure_backup::arm::id::ArmId;
use azure_backup::arm::version::ApiVersion;
use azure_backup::backup::restore_request::TriggerBody;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::restore::facts::Facts;
use crate::restore::plan::Plan;
use crate::restore::request_text::RequestText;
use crate::restore::scenario::Scenario;

/// The request of a restore as it was submitted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SubmittedRequest {
    /// The protected item.
    #[serde(rename = "item")]
    pub item: ArmId,
    /// The recovery point.
    #[serde(rename = "point")]
    pub point: ArmId,
    /// When the recovery point was taken.
    #[serde(rename = "point_time", with = "azure_backup::arm::bounds::time")]
    pub point_time: OffsetDateTime,
    /// What is restored.
    #[serde(rename = "scenario")]
    pub scenario: Scenario,
    /// What it does, in a sentence.
    #[serde(rename = "effect")]
    pub effect: String,
    /// The body, exactly as sent; for a cross-region restore without the access token, which is never stored.
    #[serde(rename = "text")]
    pub text: RequestText,
    /// Its SHA-256.
    #[serde(rename = "sha256")]
    pub sha256: String,
    /// Names of the selected disks, to be compared with those that the job restored; none if no disks were selected.
    #[serde(rename = "expected_disks")]
    pub expected_disks: Option<Vec<String>>,
    /// Who was signed in at the click, as far as is known.
    #[serde(rename = "who")]
    pub who: Option<String>,
    /// The tenant of the token at the click.
    #[serde(rename = "tenant")]
    pub tenant: Option<String>,
    /// Why it was started, in the operator's words. It never goes to Azure.
    #[serde(rename = "reason")]
    pub reason: Option<String>,
}

impl SubmittedRequest {
    /// The request of `plan`.
    pub fn of(plan: &Plan, facts: &Facts) -> Self {
        let luns = plan.request.restore_disk_lun_list.as_ref();
        let restored = luns.and_then(|luns| facts.restored_disks(Some(luns)));
        let expected_disks = restored.map(|disks| disks.into_iter().map(|disk| disk.name.clone()).collect());
        Self {
            item: plan.item.clone(),
            point: plan.point.clone(),
            point_time: facts.point.time,
            scenario: plan.scenario,
            effect: plan.effect.clone(),
            text: RequestText::of(plan),
            sha256: plan.sha256.clone(),
            expected_disks,
            who: None,
            tenant: None,
            reason: None,
        }
    }

    /// The same bytes that were reviewed.
    pub fn body(&self, version: &ApiVersion) -> TriggerBody {
        TriggerBody::from_reviewed_text(self.text.to_string(), version)
    }
}
