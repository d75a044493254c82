//! Restores the disks of a recovery point and waits until the job of the restore has ended.
//!
//! ```text
//! AZURE_TOKEN=$(az account get-access-token --query accessToken --output tsv) \
//!     cargo run --example restore -- RECOVERY_POINT_ID STORAGE_ACCOUNT_ID RESOURCE_GROUP_ID
//! ```

use azure_backup::{
    arm::{
        call::{ApiVersion, Call},
        cloud::Cloud,
        id::{ArmId, ClientRequestId},
        operation::{NextStep, Operation, OperationOutcome},
    },
    backup::{
        item,
        job::{JobEndpoint, JobTracker},
        restore_request::{IaasVmRestoreRequest, RecoveryType, TriggerBody, trigger},
        vault,
    },
};
use bytes::Bytes;
use http::Response;
use std::{
    env,
    error::Error,
    io::{Write as _, stdout},
    thread::sleep,
};
use time::OffsetDateTime;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [point, account, group] = arguments.as_slice() else {
        return Err("Name a recovery point, a storage account and a resource group.".into());
    };
    let (cloud, version, point) = (Cloud::public(), ApiVersion::BACKUP_DEFAULT, ArmId::parse(point)?);
    let parent = |kind: &str| point.up_to(kind).ok_or("This is not the id of a recovery point.");
    let (vault_id, item_id) = (parent("vaults")?, parent("protectedItems")?);

    // What the request needs to know of the machine and of the vault.
    let (get_item, get_vault) = (item::get(&item_id, &version), vault::get(&vault_id));
    let (item, vault) = (get_item.read(&send(&get_item)?)?, get_vault.read(&send(&get_vault)?)?);
    let mut request = IaasVmRestoreRequest::new(point.name(), RecoveryType::RestoreDisks);
    request.source_resource_id = item.source_resource_id;
    request.storage_account_id = Some(ArmId::parse(account)?);
    request.target_resource_group_id = Some(ArmId::parse(group)?);
    request.region = Some(vault.location.key());

    // This one request changes something: it is sent once, and no error is a reason to send it again.
    let restore = trigger(&point, &TriggerBody::new(&request, &version)?);
    let accepted = restore.read(&send(&restore)?)?;

    // The operation ends when the job exists, the job when the disks exist.
    let mut operation = Operation::start(&accepted.answer, OffsetDateTime::now_utc(), &cloud, &vault_id, &version)?;
    let job_id = loop {
        match operation.next(OffsetDateTime::now_utc()) {
            NextStep::Wait(until) => wait(until),
            NextStep::Poll => {
                let answer = send(&operation.call(&cloud)?)?;
                operation.on_response(Ok(&answer), OffsetDateTime::now_utc());
            }
            NextStep::Done(OperationOutcome::Succeeded { job_ids, .. }) => {
                break job_ids.into_iter().next().ok_or("No job.")?;
            }
            NextStep::Done(ending) => return Err(format!("{ending:?}").into()),
        }
    };
    let source = JobEndpoint { vault: vault_id, location: None, version };
    let mut tracker = JobTracker::start(&source, job_id, OffsetDateTime::now_utc());
    loop {
        match tracker.next(OffsetDateTime::now_utc()) {
            NextStep::Wait(until) => wait(until),
            NextStep::Poll => {
                let call = tracker.call();
                tracker.on_response(&call, Ok(&send(&call)?), OffsetDateTime::now_utc());
            }
            NextStep::Done(ending) => return Ok(writeln!(stdout(), "{ending:?}")?),
        }
    }
}

/// Sends a call with the token. A status such as 429 is an answer, too: whoever decodes it finds out what to do.
fn send<T>(call: &Call<T>) -> Result<Response<Bytes>, Box<dyn Error>> {
    let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
    let mut request = call.request(&Cloud::public(), &ClientRequestId::parse("restore")?)?;
    let bearer = format!("Bearer {}", env::var("AZURE_TOKEN")?);
    request.headers_mut().insert(http::header::AUTHORIZATION, bearer.parse()?);
    let (head, mut body) = agent.run(request.map(|body| body.to_vec()))?.into_parts();
    Ok(Response::from_parts(head, Bytes::from(body.read_to_vec()?)))
}

fn wait(until: OffsetDateTime) {
    sleep((until - OffsetDateTime::now_utc()).try_into().unwrap_or_default());
}
