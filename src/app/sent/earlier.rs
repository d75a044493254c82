//! The form of December 2026: without undeletions, and with the restore beside what was asked for on its page.

use azure_backup::arm::id::ClientRequestId;
use serde::Deserialize;
use time::OffsetDateTime;

use super::{SentRequest, SentStage, SentSubject, Stored};
use crate::restore::action::Action;
use crate::restore::owner::Owner;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EarlierStored {
    version: u64,
    requests: Vec<EarlierRequest>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EarlierRequest {
    restore: ClientRequestId,
    cloud: String,
    owner: Owner,
    subject: EarlierSubject,
    sha256: String,
    #[serde(with = "azure_backup::arm::bounds::text_time")]
    sent: OffsetDateTime,
    stage: SentStage,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
enum EarlierSubject {
    Action(Action),
    Deployment,
}

impl From<EarlierStored> for Stored {
    fn from(EarlierStored { version, requests }: EarlierStored) -> Self {
        Self { version, requests: requests.into_iter().map(SentRequest::from).collect() }
    }
}

impl From<EarlierRequest> for SentRequest {
    fn from(EarlierRequest { restore, cloud, owner, subject, sha256, sent, stage }: EarlierRequest) -> Self {
        let subject = match subject {
            EarlierSubject::Action(action) => SentSubject::Action { restore, action },
            EarlierSubject::Deployment => SentSubject::Deployment { restore },
        };
        Self { cloud, owner, subject, sha256, sent, stage }
    }
}

#[cfg(test)]
mod tests {
    use crate::app::sent::SentRequests;

    const STORED: &str = r#"{"version":1,"requests":[{"restore":"7d1f0a2c-0000-4000-8000-000000000001","cloud":"AzureCloud","owner":{"tenant":"t","account":"ops@contoso.com"},"subject":{"action":{"attach":{"disk":"/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/disks/d","machine":"/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/virtualMachines/m","lun":2}}},"sha256":"ab","sent":"2026-05-14T12:00:00Z","stage":"sent"},{"restore":"7d1f0a2c-0000-4000-8000-000000000001","cloud":"AzureCloud","owner":{"tenant":"t","account":"ops@contoso.com"},"subject":"deployment","sha256":"cd","sent":"2026-05-14T11:00:00Z","stage":"done"}]}"#;

    #[test]
    fn what_was_stored_without_undeletions_is_read_and_stored_in_the_present_form() {
        let all = SentRequests::read(STORED).unwrap();
        let present = all.text();
        for moved in [
            r#""subject":{"action":{"restore":"7d1f0a2c-0000-4000-8000-000000000001","action":{"attach":"#,
            r#""subject":{"deployment":{"restore":"7d1f0a2c-0000-4000-8000-000000000001"}},"sha256":"cd","sent":"2026-05-14T11:00:00Z","stage":"done""#,
        ] {
            assert!(present.contains(moved), "{present}");
        }
        assert_eq!(SentRequests::read(&present), Some(all));
        assert_eq!(SentRequests::read(&STORED.replace("\"version\":1", "\"version\":2")), None);
    }
}
