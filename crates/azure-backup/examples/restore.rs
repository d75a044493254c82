//! Restores the disks of a recovery point, and waits until Azure has accepted that: until there is a job.
//!
//! ```text
//! AZURE_TOKEN=$(az account get-access-token --query accessToken --output tsv) \
//!     cargo run --example restore -- RECOVERY_POINT_ID STORAGE_ACCOUNT_ID RESOURCE_GROUP_ID
//! ```

mod client;

use azure_backup::arm::operation::{NextStep, Operation};
use azure_backup::arm::{call::ApiVersion, cloud::Cloud};
use azure_backup::backup::restore_request::{IaasVmRestoreRequest, RecoveryType, TriggerBody, trigger};
use azure_backup::backup::{item, vault};
use client::{ask, id, now, send, wait};
use std::{error::Error, io::Write as _};

fn main() -> Result<(), Box<dyn Error>> {
    let (point, cloud, version) = (id(1)?, Cloud::public(), ApiVersion::BACKUP_DEFAULT);
    let parent = |kind: &str| point.up_to(kind).ok_or("This is not the ID of a recovery point.");
    let vault_id = parent("vaults")?;
    let mut request = IaasVmRestoreRequest::new(point.name(), RecoveryType::RestoreDisks);
    request.source_resource_id = ask(&item::get(&parent("protectedItems")?, &version))?.source_resource_id;
    (request.storage_account_id, request.target_resource_group_id) = (Some(id(2)?), Some(id(3)?));
    request.region = Some(ask(&vault::get(&vault_id))?.location.key());
    // This one request changes something: it is sent once, and no error is a reason to send it again.
    let accepted = ask(&trigger(&point, &TriggerBody::new(&request, &version)?))?;
    let mut operation = Operation::start(&accepted.answer, now(), &cloud, &vault_id, &version)?;
    loop {
        match operation.next(now()) {
            NextStep::Wait(until) => wait(until),
            NextStep::Poll => operation.on_response(Ok(&send(&operation.call(&cloud)?)?), now()),
            NextStep::Done(ending) => return Ok(writeln!(std::io::stdout(), "{ending:?}")?),
        }
    }
}
