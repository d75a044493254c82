//! Network access of the restored disks.

use super::Case;
use crate::world::item::Traits;
use crate::world::resource::Kind;

const SETTINGS: &str = "targetDiskNetworkAccessSettings";
const OPTION: &str = "targetDiskNetworkAccessSettings.targetDiskNetworkAccessOption";
const ACCESS: &str = "targetDiskNetworkAccessSettings.targetDiskAccessId";

pub(super) fn check(case: &mut Case<'_>) {
    let private = case.item.traits.has(Traits::PRIVATE) && case.version.since(20_230_201);
    match (private, case.request.has(SETTINGS)) {
        (true, false) => {
            case.refuse(SETTINGS, "Private access is enabled on a disk of the recovery point: targetDiskNetworkAccessSettings is required.");
        }
        (false, true) => {
            case.refuse(SETTINGS, "Private access is not enabled on any disk of the recovery point: targetDiskNetworkAccessSettings must be absent.");
        }
        (true, true) => {
            let id = case.request.inner(SETTINGS, "targetDiskAccessId");
            match (case.request.inner(SETTINGS, "targetDiskNetworkAccessOption"), id) {
                (Some("EnablePrivateAccessForAllDisks"), Some(id)) => access(case, id),
                (Some("EnablePrivateAccessForAllDisks"), None) => {
                    case.refuse(ACCESS, "EnablePrivateAccessForAllDisks needs a targetDiskAccessId.");
                }
                (Some("SameAsOnSourceDisks" | "EnablePublicAccessForAllDisks"), None) => {}
                (Some("SameAsOnSourceDisks" | "EnablePublicAccessForAllDisks"), Some(_)) => {
                    case.refuse(ACCESS, "targetDiskAccessId is for EnablePrivateAccessForAllDisks only.");
                }
                _ => case.refuse(OPTION, "The targetDiskNetworkAccessOption is missing or unknown."),
            }
        }
        (false, false) => {}
    }
}

fn access(case: &mut Case<'_>, id: &str) {
    match case.world.resource(id).filter(|r| r.kind == Kind::DiskAccess) {
        None => case.refuse(ACCESS, "The disk access could not be found."),
        Some(r) if r.region != case.region => {
            case.refuse(ACCESS, format!("The disk access must be in the region '{}'.", case.region));
        }
        Some(_) => {}
    }
}
