"""What the Python SDK reads and restores; prints one JSON line for each step: its name, and what it gave or how it failed.

sdk.py GATEWAY CERTIFICATE
"""

import json
import ssl
import sys
import time
import urllib.request

from azure.core.credentials import AccessToken
from azure.core.exceptions import HttpResponseError
from azure.mgmt.compute import ComputeManagementClient
from azure.mgmt.msi import ManagedServiceIdentityClient
from azure.mgmt.network import NetworkManagementClient
from azure.mgmt.recoveryservices import RecoveryServicesClient
from azure.mgmt.recoveryservicesbackup import RecoveryServicesBackupClient, models
from azure.mgmt.recoveryservicesbackup.passivestamp import RecoveryServicesBackupPassiveClient
from azure.mgmt.recoveryservicesbackup.passivestamp import models as passive
from azure.mgmt.storage import StorageManagementClient

GATEWAY, CERTIFICATE = sys.argv[1:]
TLS = ssl.create_default_context(cafile=CERTIFICATE)
SUBSCRIPTION = "5f1c0d3a-91b2-4e6f-8a77-0c0ffee00001"
FABRIKAM = "a27e4b90-3d1f-4f58-9c0e-0fab1ca00001"
GROUPS = f"/subscriptions/{SUBSCRIPTION}/resourceGroups"
ACCOUNT = f"{GROUPS}/rg-restore-weu/providers/Microsoft.Storage/storageAccounts/contosostageweu"
WEU = ("contoso-vault-weu", "rg-backup-weu")
NEU = ("contoso-vault-neu", "rg-backup-neu")
MACHINES = "backupManagementType eq 'AzureIaasVM' and itemType eq 'VM'"
# How long a poller may take, in seconds. The simulator's timetable has a restore of disks done in 70.
PATIENCE = 300


class Anybody:
    """A credential: the gateway's authority gives a token to anybody."""

    asked = []

    def get_token(self, *scopes, claims=None, **_):
        self.asked.append(claims)
        url = f"{GATEWAY}/common/oauth2/v2.0/token"
        with urllib.request.urlopen(url, data=b"grant_type=client_credentials", context=TLS) as answer:
            token = json.load(answer)
        return AccessToken(token["access_token"], int(time.time()) + token["expires_in"])


def client(kind, subscription=SUBSCRIPTION):
    return kind(
        Anybody(), subscription, base_url=GATEWAY, connection_verify=CERTIFICATE, retry_total=0,
        credential_scopes=["https://management.azure.com/.default"],
    )


def step(name, do):
    """Does one step and says what came of it. Gives what it gave, or nothing."""
    try:
        gave = do()
        print(json.dumps({"name": name, "gave": gave}, default=str), flush=True)
        return gave
    except HttpResponseError as error:
        code = error.error.code if error.error else None
        print(json.dumps({"name": name, "status": error.status_code, "failed": f"{code}: {error.message}"}), flush=True)
    except Exception as error:  # every fault of a client is a result here
        print(json.dumps({"name": name, "failed": f"{type(error).__name__}: {error}"}), flush=True)
    return None


def item_of(group, vm):
    """Container and item of a machine."""
    return (f"IaasVMContainer;iaasvmcontainerv2;{group};{vm}", f"VM;iaasvmcontainerv2;{group};{vm}")


def newest(points):
    """The newest point that is in the vault."""
    for point in points:
        if any(tier.type == "HardenedRP" and tier.status == "Valid" for tier in point.properties.recovery_point_tier_details):
            return point.name
    raise LookupError("no recovery point is in the vault")


backup = client(RecoveryServicesBackupClient)
vaults = client(RecoveryServicesClient)
compute = client(ComputeManagementClient)
network = client(NetworkManagementClient)
storage = client(StorageManagementClient)
identities = client(ManagedServiceIdentityClient)

# Vaults
step("vaults", lambda: [vault.name for vault in vaults.vaults.list_by_subscription_id()])
step("vault", lambda: vaults.vaults.get("rg-backup-weu", "contoso-vault-zrs").properties.redundancy_settings.standard_tier_storage_redundancy)
step("storage configuration", lambda: backup.backup_resource_storage_configs_non_crr.get(*NEU).properties.cross_region_restore_flag)
step("encryption", lambda: backup.backup_resource_encryption_configs.get("contoso-vault-zrs", "rg-backup-weu").properties.encryption_at_rest_type)
step("resource guards", lambda: [guard.name for guard in client(RecoveryServicesBackupClient, FABRIKAM).resource_guard_proxies.get("fabrikam-vault-guarded", "rg-fabrikam-backup")])

# Items and points
WEB, WEB_ITEM = item_of("rg-web", "web-02")
step("containers", lambda: len(list(backup.backup_protection_containers.list(*WEU, filter="backupManagementType eq 'AzureIaasVM'"))))
step("items", lambda: [item.properties["friendlyName"] for item in backup.backup_protected_items.list(*WEU, filter=MACHINES)])
step("item", lambda: backup.protected_items.get(*WEU, "Azure", WEB, WEB_ITEM).properties["protectionState"])
step("item, typed", lambda: backup.protected_items.get(*WEU, "Azure", WEB, WEB_ITEM).properties.protection_state)
step("points", lambda: len(list(backup.recovery_points.list(*WEU, "Azure", WEB, WEB_ITEM))))
POINT = newest(backup.recovery_points.list(*WEU, "Azure", WEB, WEB_ITEM))
LISTED, LISTED_ITEM = item_of("rg-web", "web-01")
LISTED_POINT = newest(backup.recovery_points.list(*WEU, "Azure", LISTED, LISTED_ITEM))
step("point", lambda: [disk.lun for disk in backup.recovery_points.get(*WEU, "Azure", LISTED, LISTED_ITEM, LISTED_POINT).properties.recovery_point_disk_configuration.included_disk_list])

# What surrounds a backup
step("machines", lambda: [vm.name for vm in compute.virtual_machines.list_all()])
step("machine's instance view", lambda: [status.code for status in compute.virtual_machines.instance_view("rg-web", "web-01").statuses])
step("disks", lambda: len(list(compute.disks.list())))
step("disk encryption sets", lambda: [it.name for it in compute.disk_encryption_sets.list()])
step("disk accesses", lambda: [it.name for it in compute.disk_accesses.list()])
step("storage accounts", lambda: [account.name for account in storage.storage_accounts.list()])
step("networks", lambda: [it.name for it in network.virtual_networks.list_all()])
step("subnets", lambda: [it.name for it in network.subnets.list("rg-network", "vnet-prod-weu")])
step("identities", lambda: [it.name for it in identities.user_assigned_identities.list_by_subscription()])

# Jobs and restores


def request(vm="rg-web/web-02", point=POINT, **more):
    """A restore of disks."""
    group, name = vm.split("/")
    return models.IaasVMRestoreRequest(
        recovery_point_id=point, recovery_type="RestoreDisks", region="westeurope", storage_account_id=ACCOUNT,
        source_resource_id=f"{GROUPS}/{group}/providers/Microsoft.Compute/virtualMachines/{name}",
        target_resource_group_id=f"{GROUPS}/rg-restore-weu", create_new_cloud_service=False,
        original_storage_account_option=False, **more,
    )


def validated():
    point = f"{GROUPS}/rg-backup-weu/providers/Microsoft.RecoveryServices/vaults/contoso-vault-weu/backupFabrics/Azure/protectionContainers/{WEB}/protectedItems/{WEB_ITEM}/recoveryPoints/{POINT}"
    return models.ValidateOperationRequestResource(id=point, properties=models.ValidateIaasVMRestoreOperationRequest(restore_request=request()))


def ended(poller):
    """How the SDK's own poller says that an operation has ended."""
    poller.result(timeout=PATIENCE)
    return poller.status()


def restored():
    return ended(backup.restores.begin_trigger(*WEU, "Azure", WEB, WEB_ITEM, POINT, models.RestoreRequestResource(properties=request())))


step("validate", lambda: backup.operation.validate(*WEU, validated()).as_dict())
step("validate by trigger", lambda: ended(backup.validate_operation.begin_trigger(*WEU, validated())))
step("restore, by the SDK's own poller", restored)
step("jobs", lambda: len(list(backup.backup_jobs.list(*WEU))))
RUNNING = step("restores under way", lambda: [job.name for job in backup.backup_jobs.list(*WEU, filter="operation eq 'Restore' and status eq 'InProgress'")])
if RUNNING:
    step("job", lambda: backup.job_details.get(*WEU, RUNNING[0]).properties.status)
    step("cancel", lambda: backup.job_cancellations.trigger(*WEU, RUNNING[0]))
step("one data disk, its LUN as a text", lambda: backup.restores.begin_trigger(
    *WEU, "Azure", LISTED, LISTED_ITEM, LISTED_POINT,
    {"properties": {**request("rg-web/web-01", LISTED_POINT).as_dict(), "restoreDiskLunList": ["0"]}},
).result(timeout=PATIENCE))

# Files
LINUX, LINUX_ITEM = item_of("rg-app", "app-linux-01")


def provisioned():
    point = newest(backup.recovery_points.list(*WEU, "Azure", LINUX, LINUX_ITEM))
    machine = backup.protected_items.get(*WEU, "Azure", LINUX, LINUX_ITEM).properties["virtualMachineId"]
    asked = models.ILRRequestResource(properties=models.IaasVMILRRegistrationRequest(recovery_point_id=point, virtual_machine_id=machine))
    return backup.item_level_recovery_connections.provision(*WEU, "Azure", LINUX, LINUX_ITEM, point, asked)


step("files", provisioned)

# Secondary region, by the SDK that is made for it
secondary = client(RecoveryServicesBackupPassiveClient)
ERP, ERP_ITEM = item_of("rg-erp-neu", "erp-db-01")
step("secondary: items", lambda: [item.properties.friendly_name for item in secondary.backup_protected_items_crr.list(*NEU, filter=MACHINES)])
ERP_POINT = step("secondary: points", lambda: newest(secondary.recovery_points_crr.list(*NEU, "Azure", ERP, ERP_ITEM)))
step("secondary: storage configuration", lambda: secondary.backup_resource_storage_configs.get(*NEU).properties.storage_model_type)


def cross_region():
    properties = secondary.aad_properties.get("westeurope").properties
    token = secondary.recovery_points.get_access_token(*NEU, "Azure", ERP, ERP_ITEM, ERP_POINT, passive.AADPropertiesResource(properties=properties)).properties
    token.object_type = "CrrAccessToken"
    asked = passive.IaasVMRestoreRequest(
        recovery_point_id=ERP_POINT, recovery_type="RestoreDisks", region="westeurope", storage_account_id=ACCOUNT,
        source_resource_id=f"{GROUPS}/rg-erp-neu/providers/Microsoft.Compute/virtualMachines/erp-db-01",
        target_resource_group_id=f"{GROUPS}/rg-restore-weu", create_new_cloud_service=False, original_storage_account_option=False,
    )
    return ended(secondary.cross_region_restore.begin_trigger("westeurope", passive.CrossRegionRestoreRequest(cross_region_restore_access_details=token, restore_request=asked)))


step("secondary: restore, by the SDK's own poller", cross_region)
VAULT = f"{GROUPS}/rg-backup-neu/providers/Microsoft.RecoveryServices/vaults/contoso-vault-neu"
CROSSED = step("secondary: jobs", lambda: [job.name for job in secondary.backup_crr_jobs.list("westeurope", passive.CrrJobRequest(resource_id=VAULT))])
if CROSSED:
    step("secondary: job", lambda: secondary.backup_crr_job_details.get("westeurope", passive.CrrJobRequest(resource_id=VAULT, job_name=CROSSED[0])).properties.operation)

# A claims challenge, of which azure-core asks for another token
FAULTS = ("contoso-vault-faults", "rg-backup-weu")
CLAIMED, CLAIMED_ITEM = item_of("rg-faults", "fault-claims-challenge")


def challenged():
    point = newest(backup.recovery_points.list(*FAULTS, "Azure", CLAIMED, CLAIMED_ITEM))
    Anybody.asked.clear()
    asked = models.RestoreRequestResource(properties=request("rg-faults/fault-claims-challenge", point))
    try:
        backup.restores.begin_trigger(*FAULTS, "Azure", CLAIMED, CLAIMED_ITEM, point, asked, polling=False)
    except HttpResponseError:
        pass  # the token that is made anew has no second factor either
    return [claims for claims in Anybody.asked if claims]


step("claims of a challenge", challenged)
