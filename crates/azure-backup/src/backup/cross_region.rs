//! Cross-region restore: the calls that the secondary region answers. They have api-versions of their own, and the same paths
//! as the calls of the primary region where they read a vault: the api-version alone says which region is asked.
//!
//! The chain: [`aad_properties`] → [`access_token`] → [`trigger`], which an
//! [`Operation`](crate::arm::operation::Operation) follows, → the job, read by [`job`] and [`jobs`]. What the access token
//! holds is passed on as it came, byte for byte: it has numbers beyond what a JSON value keeps in other clients, XML, and
//! members that no definition knows.

use super::{
    below, filtered,
    job::{Job, JobFilter},
    restore_request::TriggerBody,
};
use crate::arm::{
    call::{Accepted, ApiVersion, Call},
    id::{ArmId, JobId, Region, SubscriptionId},
    json,
    page::Page,
    raw,
};
use bytes::Bytes;
use http::Response;
use serde_json::json;
use std::fmt;

/// What stands for the access token wherever the body is shown.
pub const NOT_SHOWN: &str = "(the access token as Azure gives it, fetched when the restore starts; never shown)";
/// Azure has replicated a recovery point to the secondary region within so many hours.
/// Source: <https://learn.microsoft.com/azure/backup/backup-azure-arm-restore-vms>.
pub const REPLICATED_WITHIN_HOURS: i64 = 36;

/// A region as what answers in it: `/subscriptions/{}/providers/Microsoft.RecoveryServices/locations/{region}`.
#[must_use]
pub fn location(subscription: &SubscriptionId, region: &Region) -> Option<ArmId> {
    let id = format!("/subscriptions/{subscription}/providers/Microsoft.RecoveryServices/locations/{}", region.key());
    ArmId::parse(&id).ok()
}

/// The content of an access token, raw. It cannot be printed or saved by accident.
#[derive(Clone, PartialEq)]
pub struct AccessToken(Bytes);

impl AccessToken {
    /// The value of `properties` in the answer, as it stands there; none where there is none.
    fn of(answer: &Response<Bytes>) -> Option<AccessToken> {
        json::value(answer.body()).ok()?;
        let content = raw::member(answer.body(), "properties")?;
        content.starts_with(b"{").then(|| AccessToken(answer.body().slice_ref(content)))
    }

    /// The content, for the request alone.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for AccessToken {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("AccessToken(…)")
    }
}

/// Who Azure Backup is in the secondary region: the answer as it came, which [`access_token`] is asked with. `None` where it is no JSON object.
#[must_use]
pub fn aad_properties(location: &ArmId, version: &ApiVersion) -> Call<Option<Bytes>> {
    let action = "Microsoft.RecoveryServices/locations/backupAadProperties/read";
    let path = below(location, &["backupAadProperties"], version);
    Call::get("Get AAD properties", action, path, |_| ()).answered(|answer| {
        let object = answer.body().trim_ascii_start().starts_with(b"{");
        object.then(|| answer.body().clone())
    })
}

/// An access token for a recovery point in the secondary region; it lasts about a day. A read in the shape of a POST: it may be
/// repeated. `None` where the answer holds none.
#[must_use]
pub fn access_token(point: &ArmId, aad_properties: Bytes, version: &ApiVersion) -> Call<Option<AccessToken>> {
    let action = "Microsoft.RecoveryServices/vaults/backupFabrics/protectionContainers/protectedItems/recoveryPoints/accessToken/action";
    let path = below(point, &["accessToken"], version);
    Call::post("Get access token", action, path, Some(aad_properties), |_| ()).answered(AccessToken::of)
}

/// Starts the restore in the secondary region. Answered by 202 (200 in the definition). Never send it twice.
#[must_use]
pub fn trigger(location: &ArmId, body: &TriggerBody, token: &AccessToken) -> Call<Accepted> {
    let action = "Microsoft.RecoveryServices/locations/backupCrossRegionRestore/action";
    let path = trigger_path(location, body);
    Call::begin("Trigger cross-region restore", action, path, Some(body.with_access(token)))
}

/// Where it goes.
#[must_use]
pub fn trigger_path(location: &ArmId, body: &TriggerBody) -> String {
    below(location, &["backupCrossRegionRestore"], body.version())
}

/// One job of the vault in the secondary region. A read in the shape of a POST: it may be repeated.
#[must_use]
pub fn job(location: &ArmId, vault: &ArmId, job: &JobId, version: &ApiVersion) -> Call<Job> {
    let body = json!({ "resourceId": vault.as_str(), "jobName": job.as_str() });
    let path = below(location, &["backupCrrJob"], version);
    let action = "Microsoft.RecoveryServices/locations/backupCrrJob/action";
    Call::post("Get cross-region job", action, path, Some(body.to_string().into()), Job::read)
}

/// The vault's jobs in the secondary region. A read in the shape of a POST: it may be repeated.
#[must_use]
pub fn jobs(location: &ArmId, vault: &ArmId, version: &ApiVersion, filter: &JobFilter) -> Call<Page<Job>> {
    let body = json!({ "resourceId": vault.as_str() });
    let path = filtered(below(location, &["backupCrrJobs"], version), &filter.terms());
    let action = "Microsoft.RecoveryServices/locations/backupCrrJobs/action";
    Call::post("List cross-region jobs", action, path, Some(body.to_string().into()), |node| {
        Page::read_listed(node, Job::read)
    })
}

#[cfg(test)]
mod tests;
