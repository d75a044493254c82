//! Which of our decoders reads the answer of which path.

use crate::shared::at;
use azure_backup::{
    arm::{
        call::{ApiVersion, Call},
        cloud::Cloud,
        fault::Fault,
        id::{ArmId, JobId, SubscriptionId},
        operation::Operation,
        page::Page,
    },
    backup::{item, job, lookups, recovery_point, validate, vault},
};
use bytes::Bytes;
use http::Response;

type Read = fn(&Response<Bytes>) -> Result<usize, Fault>;

fn id() -> ArmId {
    ArmId::parse("/subscriptions/s/resourceGroups/g/providers/Microsoft.RecoveryServices/vaults/v").unwrap()
}

fn sub() -> SubscriptionId {
    SubscriptionId::parse("s").unwrap()
}

const VERSION: ApiVersion = ApiVersion::BACKUP_DEFAULT;

fn page<T>(call: &Call<Page<T>>, answer: &Response<Bytes>) -> Result<usize, Fault> {
    call.read(answer).map(|page| page.value.len())
}

fn one<T>(call: &Call<T>, answer: &Response<Bytes>) -> Result<usize, Fault> {
    call.read(answer).map(|_| 1)
}

/// The kind of thing that a GET (or one of the POSTs that read) of this path answers with, and how it is read.
pub(crate) fn decoder(method: &str, path: &str) -> Option<(&'static str, Read)> {
    let lower = path.trim_end_matches('/').to_ascii_lowercase();
    let segments: Vec<&str> = lower.split('/').skip(1).collect();
    let kinds: Vec<&str> = match segments.iter().rposition(|segment| *segment == "providers") {
        Some(at) => segments[at + 1..].iter().take(1).chain(segments[at + 2..].iter().step_by(2)).copied().collect(),
        None => segments.iter().step_by(2).copied().collect(),
    };
    let is_list = segments.last() == kinds.last();
    let last = *kinds.last()?;
    let backup = kinds.first() == Some(&"microsoft.recoveryservices");
    let of_vm = lower.contains("iaasvmcontainer") || lower.contains('{');
    let found: (&'static str, Read) = match (method, last, is_list) {
        ("POST", "backupvalidateoperation", _) => ("validation", |a| validate_now().read(a).map(|found| found.len())),
        ("POST", "backupcrrjob", _) => ("job", |a| one(&job::get(&id(), &JobId::parse("j").unwrap(), &VERSION), a)),
        ("GET", "vaults", true) if backup => ("vault list", |a| page(&vault::list(&sub()), a)),
        ("GET", "vaults", false) if backup => ("vault", |a| one(&vault::get(&id()), a)),
        ("GET", "backupstorageconfig", _) => ("storage config", |a| one(&vault::storage_config(&id(), &VERSION), a)),
        ("GET", "backupencryptionconfigs", _) => {
            ("encryption config", |a| one(&vault::encryption_config(&id(), &VERSION), a))
        }
        ("GET", "backupresourceguardproxies", true) => {
            ("guard proxy list", |a| page(&vault::resource_guard_proxies(&id(), &VERSION), a))
        }
        ("GET", "backupprotecteditems", true) => ("item list", |a| page(&item::list(&id(), &VERSION), a)),
        ("GET", "protecteditems", false) if of_vm => ("item", |a| one(&item::get(&id(), &VERSION), a)),
        ("GET", "recoverypoints", true) if of_vm => {
            ("recovery point list", |a| page(&recovery_point::list(&id(), &VERSION), a))
        }
        ("GET", "recoverypoints", false) if of_vm => {
            ("recovery point", |a| one(&recovery_point::get(&id(), "1", &VERSION), a))
        }
        ("GET", "backupjobs", true) => {
            ("job list", |a| page(&job::list(&id(), &VERSION, &job::JobFilter::default()), a))
        }
        ("GET", "backupjobs", false) => ("job", |a| one(&job::get(&id(), &JobId::parse("j").unwrap(), &VERSION), a)),
        (
            "GET",
            "backupoperations"
            | "operationsstatus"
            | "operationstatus"
            | "backupcrroperationsstatus"
            | "backupvalidateoperationsstatuses",
            false,
        ) => ("operation status", operation_status),
        ("GET", "storageaccounts", true) if lower.contains("microsoft.storage") => {
            ("storage account list", |a| page(&lookups::storage_accounts(&sub()), a))
        }
        ("GET", "virtualnetworks", true) => ("network list", |a| page(&lookups::virtual_networks(&sub()), a)),
        ("GET", "virtualmachines", false)
            if lower.contains("microsoft.compute") && !lower.ends_with("/instanceview") =>
        {
            ("virtual machine", |a| one(&lookups::virtual_machine(&id()), a))
        }
        ("GET", "networkinterfaces", false) => ("network interface", |a| one(&lookups::network_interface(&id()), a)),
        ("GET", "virtualnetworks" | "virtualmachines" | "resourcegroups" | "storageaccounts", false) => {
            ("existence", |a| lookups::exists(&id(), &VERSION).read(a).map(usize::from))
        }
        ("GET", "tenants", true) => ("tenant list", |a| page(&lookups::tenants(), a)),
        ("GET", "subscriptions", true) => ("subscription list", |a| page(&lookups::subscriptions(), a)),
        ("GET", "locations", true) if !backup => ("location list", |a| page(&lookups::locations(&sub()), a)),
        _ => return None,
    };
    Some(found)
}

/// A status is read by the operation that it is of.
fn operation_status(answer: &Response<Bytes>) -> Result<usize, Fault> {
    let url = "https://management.azure.com/subscriptions/s/operationsStatus/o";
    let started = Response::builder().status(202).header("azure-asyncoperation", url).body(Bytes::new()).unwrap();
    let mut operation = Operation::start(&started, at(0), &Cloud::public(), &id(), &VERSION)?;
    operation.on_response(Ok(answer), at(60));
    operation.last_error().map_or(Ok(1), |fault| Err(fault.clone()))
}

fn validate_now() -> Call<Vec<validate::Finding>> {
    use azure_backup::backup::restore_request::{IaasVmRestoreRequest, RecoveryType};
    let request = IaasVmRestoreRequest::new("1", RecoveryType::RestoreDisks);
    validate::run(&id(), &id(), &request, &VERSION)
}
