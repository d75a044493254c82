//! One file per operation.

mod aad_properties_get;
mod access_token;
mod backup_status;
mod bad_answers;
pub(crate) mod blob_get;
mod containers_list;
mod cross_region_restore;
mod crr_job_get;
mod crr_jobs_list;
pub(crate) mod deleted_vaults;
pub(crate) mod deployments;
mod encryption_config_get;
mod extended_info;
pub(crate) mod find;
mod fresh_token;
mod group_get;
mod groups_list;
mod guard_proxies;
mod instance_view;
mod item_get;
mod item_put;
mod items_list;
mod job_cancel;
mod job_get;
mod job_polls;
mod jobs_list;
mod locations_list;
pub(crate) mod machine;
mod operation;
mod operation_result;
mod operation_status;
mod point_get;
mod points_list;
mod points_recommended_for_move;
mod policies;
mod protection_containers_list;
mod provision;
mod provision_result;
mod readiness;
mod resource_get;
pub(crate) mod resource_graph;
mod resources;
mod resources_list;
mod restore_trigger;
mod revoke;
mod route_table;
mod storage_config_get;
mod subnet_get;
mod subnets_list;
mod subscription_get;
mod subscriptions_list;
mod tenants_list;
mod tiering_cost;
mod validate;
mod validate_trigger;
mod vault_config_get;
mod vault_get;
mod vaults_list;

use crate::errors::{ArmError, Refused};
use crate::router::{self, Handler, Route};
use crate::seed::vaults::VAULTS;
use crate::sim_request::SimRequest;
use crate::text::same;

/// Every route except those in [`SECONDARY`]. The first match wins.
const ROUTES: &[Route] = &[
    ("GET", "/tenants", tenants_list::handle),
    ("POST", "/providers/Microsoft.ResourceGraph/resources", resource_graph::handle),
    ("GET", "/subscriptions", subscriptions_list::handle),
    ("GET", "S", subscription_get::handle),
    ("GET", "S/locations", locations_list::handle),
    ("GET", "S/resourceGroups", groups_list::handle),
    ("GET", "G", group_get::handle),
    ("GET", "S/providers/Microsoft.RecoveryServices/vaults", vaults_list::handle),
    ("GET", "G/providers/Microsoft.RecoveryServices/vaults", vaults_list::handle),
    ("GET", "V", vault_get::handle),
    ("GET", "V/backupstorageconfig/vaultstorageconfig", storage_config_get::handle),
    ("GET", "V/backupEncryptionConfigs/backupResourceEncryptionConfig", encryption_config_get::handle),
    ("GET", "V/backupconfig/vaultconfig", vault_config_get::handle),
    ("GET", "V/backupResourceGuardProxies", guard_proxies::list),
    ("GET", "V/backupResourceGuardProxies/{}", guard_proxies::get),
    ("GET", "V/backupPolicies", policies::list),
    ("GET", "V/backupPolicies/{}", policies::get),
    ("GET", "V/backupProtectionContainers", protection_containers_list::handle),
    ("GET", "V/backupProtectedItems", items_list::handle),
    ("GET", "I", item_get::handle),
    ("PUT", "I", item_put::handle),
    ("GET", "I/recoveryPoints", points_list::handle),
    ("POST", "I/recoveryPointsRecommendedForMove", points_recommended_for_move::handle),
    ("GET", "P", point_get::handle),
    ("POST", "P/restore", restore_trigger::handle),
    ("POST", "P/provisionInstantItemRecovery", provision::handle),
    ("POST", "P/listInstantItemRecoveryOperationResult", provision_result::handle),
    ("POST", "P/revokeInstantItemRecovery", revoke::handle),
    ("POST", "V/backupValidateOperation", validate::handle),
    ("POST", "V/backupTriggerValidateOperation", validate_trigger::handle),
    ("GET", "V/backupValidateOperationsStatuses/{}", operation_status::handle),
    ("GET", "V/backupValidateOperationResults/{}", operation_result::handle),
    ("GET", "I/operationsStatus/{}", operation_status::handle),
    ("GET", "I/operationResults/{}", operation_result::handle),
    ("POST", "V/backupFabrics/{}/getRPExtendedInfo", extended_info::trigger),
    ("GET", "V/backupFabrics/{}/operationsStatus/{}", operation_status::handle),
    ("GET", "V/backupFabrics/{}/getRPExtendedInfoOperationResult/{}", extended_info::result),
    ("POST", "V/backupTieringCost/default/fetchTieringCost", tiering_cost::trigger),
    ("GET", "V/backupTieringCost/default/operationsStatus/{}", operation_status::handle),
    ("GET", "V/backupTieringCost/default/operationResults/{}", tiering_cost::result),
    ("GET", "V/backupOperations/{}", operation_status::handle),
    ("GET", "V/backupOperationResults/{}", operation_result::handle),
    ("GET", "V/backupJobs", jobs_list::handle),
    ("GET", "V/backupJobs/{}", job_get::handle),
    ("POST", "V/backupJobs/{}/cancel", job_cancel::handle),
    ("GET", "V/backupJobs/operationResults/{}", operation_result::handle),
    ("GET", "V/backupJobs/{}/operationsStatus/{}", operation_status::handle),
    ("GET", "V/backupJobs/{}/operationResults/{}", operation_result::handle),
    ("POST", "L/backupStatus", backup_status::handle),
    ("GET", "L/deletedVaults", deleted_vaults::list),
    ("POST", "L/deletedVaults/{}/undelete", deleted_vaults::undelete),
    ("GET", "L/deletedVaults/{}/operations/{}", deleted_vaults::status),
    ("GET", "G/providers/Microsoft.Compute/virtualMachines/{}/instanceView", instance_view::handle),
    ("PATCH", "G/providers/Microsoft.Compute/virtualMachines/{}", machine::patch),
    ("POST", "G/providers/Microsoft.Compute/virtualMachines/{}/attachDetachDataDisks", machine::attach),
    ("POST", "G/providers/Microsoft.Compute/virtualMachines/{}/deallocate", machine::deallocate),
    ("POST", "G/providers/Microsoft.Compute/virtualMachines/{}/start", machine::start),
    ("GET", "S/providers/Microsoft.Compute/locations/{}/operations/{}", machine::operation),
    ("GET", "G/providers/Microsoft.Network/virtualNetworks/{}/subnets", subnets_list::handle),
    ("GET", "G/providers/Microsoft.Network/virtualNetworks/{}/subnets/{}", subnet_get::handle),
    (
        "GET",
        "G/providers/Microsoft.Storage/storageAccounts/{}/blobServices/default/containers",
        containers_list::handle,
    ),
    ("POST", "G/providers/Microsoft.Storage/storageAccounts/{}/ListServiceSas", deployments::list_service_sas),
    ("POST", "G/providers/Microsoft.Resources/deployments/{}/whatIf", deployments::what_if),
    ("PUT", "G/providers/Microsoft.Resources/deployments/{}", deployments::deploy),
    ("GET", "G/providers/Microsoft.Resources/deployments/{}/operationStatuses/{}", deployments::status),
    ("GET", "S/operationresults/{}", deployments::what_if_result),
    ("GET", "G/providers/Microsoft.Network/virtualNetworks/{}/usages", readiness::addresses),
    ("GET", "G/providers/Microsoft.Network/routeTables/{}", route_table::handle),
    ("GET", "G/providers/Microsoft.Authorization/permissions", readiness::permissions),
    ("GET", "G/providers/{}/{}/{}/providers/Microsoft.Authorization/permissions", readiness::permissions),
    ("GET", "G/providers/Microsoft.Authorization/denyAssignments", readiness::deny_assignments),
    ("GET", "G/providers/{}/{}/{}/providers/Microsoft.Authorization/denyAssignments", readiness::deny_assignments),
    ("GET", "G/providers/Microsoft.Authorization/roleEligibilityScheduleInstances", readiness::eligible_roles),
    (
        "GET",
        "G/providers/{}/{}/{}/providers/Microsoft.Authorization/roleEligibilityScheduleInstances",
        readiness::eligible_roles,
    ),
    ("GET", "S/providers/Microsoft.Authorization/roleManagementPolicyAssignments", readiness::activation_rules),
    ("PUT", "S/providers/Microsoft.Authorization/roleAssignmentScheduleRequests/{}", readiness::activate_role),
    ("GET", "S/providers/Microsoft.Authorization/locks", readiness::locks),
    ("GET", "G/providers/Microsoft.Authorization/locks", readiness::locks),
    ("POST", "G/providers/Microsoft.PolicyInsights/checkPolicyRestrictions", readiness::policies),
    ("GET", "S/providers/Microsoft.Compute/locations/{}/usages", readiness::compute_usages),
    ("GET", "S/providers/Microsoft.Compute/skus", readiness::sizes),
    ("GET", "S/providers/{}", readiness::provider),
    ("GET", "S/providers/{}/{}", resources_list::handle),
    ("GET", "G/providers/{}/{}", resources_list::handle),
    ("GET", "G/providers/{}/{}/{}", resource_get::handle),
];

/// The only routes that Azure Backup has in the api-versions of the secondary region.
const SECONDARY: &[Route] = &[
    ("GET", "V/backupstorageconfig/vaultstorageconfig", storage_config_get::handle),
    ("GET", "V/backupProtectedItems", items_list::handle),
    ("GET", "I/recoveryPoints", points_list::handle),
    ("GET", "P", point_get::handle),
    ("POST", "P/accessToken", access_token::handle),
    ("GET", "L/backupAadProperties", aad_properties_get::handle),
    ("POST", "L/backupCrossRegionRestore", cross_region_restore::handle),
    ("GET", "L/backupCrrOperationsStatus/{}", operation_status::handle),
    ("GET", "L/backupCrrOperationResults/{}", operation_result::handle),
    ("POST", "L/backupCrrJob", crr_job_get::handle),
    ("POST", "L/backupCrrJobs", crr_jobs_list::handle),
];

/// The handler of a request, and the segments that its path matched. The api-version selects the region: a path that exists only
/// in the other one is refused like an api-version that a type does not support.
pub(crate) fn route(ask: &SimRequest) -> Result<(Handler, Vec<String>), Refused> {
    let backup = ask.segments.iter().any(|s| same(s, "Microsoft.RecoveryServices"));
    let (own, other) = if backup && ask.version.is_secondary() { (SECONDARY, ROUTES) } else { (ROUTES, SECONDARY) };
    router::find(own, &ask.method, &ask.segments).or_else(|refused| {
        router::find(other, &ask.method, &ask.segments).map_err(|_| refused)?;
        let at = ask.segments.iter().position(|s| same(s, "Microsoft.RecoveryServices")).unwrap_or_default();
        let kind: Vec<_> = ask.segments.iter().skip(at + 1).step_by(2).map(String::as_str).collect();
        // The name of a vault or of a region.
        let name = ask.segments.get(at + 2).map_or("", String::as_str);
        let region = VAULTS.iter().find(|v| same(v.name, name)).map_or(name, |v| v.region);
        Err(ArmError::no_provider(region, &ask.version, &kind.join("/")))
    })
}
