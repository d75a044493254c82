//! Cross-region restore: the calls that the secondary region answers.
//!
//! They have api-versions of their own. Calls that read a vault have the same paths as in the primary region; the api-version alone decides which
//! region answers.
//!
//! The chain: [`aad_properties`] → [`access_token`] → [`trigger`], which an
//! [`Operation`](crate::arm::operation::Operation) follows, → the job, read by [`job`] and [`jobs`]. The access token is passed on byte for byte:
//! it holds numbers with more digits than a floating-point number keeps, XML, and members that no definition names.

use super::{
    child_url, filtered,
    job::{Job, JobFilter},
    restore_request::TriggerBody,
};
use crate::arm::{
    call::{Accepted, ApiVersion, Call},
    id::{ArmId, JobId, Region, SubscriptionId},
    page::Page,
};
use bytes::Bytes;
use http::Response;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use std::fmt;

/// The text that stands in the place of the access token in a body that is shown or stored.
pub const NOT_SHOWN: &str = "(the access token as Azure gives it, fetched when the restore starts; never shown)";
/// The hours within which Azure has replicated a recovery point to the secondary region.
/// Source: <https://learn.microsoft.com/azure/backup/backup-azure-arm-restore-vms>.
pub const REPLICATED_WITHIN_HOURS: i64 = 36;

/// The id of Azure Backup in a region: `/subscriptions/{}/providers/Microsoft.RecoveryServices/locations/{region}`. `None` when the name of the
/// region cannot be part of an id.
#[must_use]
pub fn location(subscription: &SubscriptionId, region: &Region) -> Option<ArmId> {
    let id = format!("/subscriptions/{subscription}/providers/Microsoft.RecoveryServices/locations/{}", region.key());
    ArmId::parse(&id).ok()
}

/// An access token, verbatim. It has no `Serialize`, and its `Debug` does not show it.
#[derive(Clone, PartialEq)]
pub struct AccessToken(Bytes);

impl AccessToken {
    /// The bytes of the member `properties` of the answer; `None` when it is not an object.
    fn from_response(answer: &Response<Bytes>) -> Option<AccessToken> {
        #[derive(Deserialize)]
        struct Answer<'a> {
            #[serde(borrow)]
            properties: &'a RawValue,
        }
        let Answer { properties } = serde_json::from_slice(answer.body()).ok()?;
        let content = properties.get().as_bytes();
        content.starts_with(b"{").then(|| AccessToken(answer.body().slice_ref(content)))
    }

    /// The bytes, for the request alone.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for AccessToken {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("AccessToken(…)")
    }
}

/// Gets the identity of Azure Backup in the secondary region: the answer, verbatim, is the body of [`access_token`]. `None` when it is not a JSON
/// object.
#[must_use]
pub fn aad_properties(location: &ArmId, version: &ApiVersion) -> Call<Option<Bytes>> {
    let action = "Microsoft.RecoveryServices/locations/backupAadProperties/read";
    let path = child_url(location, &["backupAadProperties"], version);
    Call::get("Get AAD properties", action, path, |_| ()).map_response(|answer| {
        let object = answer.body().trim_ascii_start().starts_with(b"{");
        object.then(|| answer.body().clone())
    })
}

/// Gets an access token for a recovery point in the secondary region. It is valid for about a day. The POST changes nothing and may be repeated.
/// `None` when the answer holds no token.
#[must_use]
pub fn access_token(point: &ArmId, aad_properties: Bytes, version: &ApiVersion) -> Call<Option<AccessToken>> {
    let action = "Microsoft.RecoveryServices/vaults/backupFabrics/protectionContainers/protectedItems/recoveryPoints/accessToken/action";
    let path = child_url(point, &["accessToken"], version);
    Call::post("Get access token", action, path, Some(aad_properties), |_| ()).map_response(AccessToken::from_response)
}

/// Starts the restore in the secondary region. Azure answers 202 (its definition says 200). Send it once.
#[must_use]
pub fn trigger(location: &ArmId, body: &TriggerBody, token: &AccessToken) -> Call<Accepted> {
    let action = "Microsoft.RecoveryServices/locations/backupCrossRegionRestore/action";
    let path = trigger_path(location, body);
    Call::begin("Trigger cross-region restore", action, path, Some(body.with_access_token(token)))
}

/// The path and query of [`trigger`].
#[must_use]
pub fn trigger_path(location: &ArmId, body: &TriggerBody) -> String {
    child_url(location, &["backupCrossRegionRestore"], body.version())
}

/// Which jobs a call asks for: `CrrJobRequest`, or without the name of a job the vault's.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct JobBody<'a> {
    resource_id: &'a ArmId,
    #[serde(skip_serializing_if = "Option::is_none")]
    job_name: Option<&'a JobId>,
}

impl JobBody<'_> {
    fn bytes(&self) -> Bytes {
        serde_json::to_vec(self).unwrap_or_default().into()
    }
}

/// One job of the vault in the secondary region. The POST changes nothing and may be repeated.
#[must_use]
pub fn job(location: &ArmId, vault: &ArmId, job: &JobId, version: &ApiVersion) -> Call<Job> {
    let body = JobBody { resource_id: vault, job_name: Some(job) };
    let path = child_url(location, &["backupCrrJob"], version);
    let action = "Microsoft.RecoveryServices/locations/backupCrrJob/action";
    Call::post("Get cross-region job", action, path, Some(body.bytes()), Job::read)
}

/// The jobs of the vault in the secondary region. The POST changes nothing and may be repeated.
#[must_use]
pub fn jobs(location: &ArmId, vault: &ArmId, version: &ApiVersion, filter: &JobFilter) -> Call<Page<Job>> {
    let body = JobBody { resource_id: vault, job_name: None };
    let path = filtered(child_url(location, &["backupCrrJobs"], version), &filter.terms());
    let action = "Microsoft.RecoveryServices/locations/backupCrrJobs/action";
    Call::post("List cross-region jobs", action, path, Some(body.bytes()), |node| Page::read_listed(node, Job::read))
}

#[cfg(test)]
mod tests;
