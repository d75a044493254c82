//! Changes to a world in which every choice is valid.

use azure_backup::backup::threat::{Threat, ThreatState};
use azure_backup::backup::vault::Redundancy;

use super::*;

pub(super) fn confidential(w: &mut World) {
    w.point().security_type = Some("ConfidentialVM".to_owned());
}

pub(super) fn threat(w: &mut World, state: Option<ThreatState>) {
    let mut threat = Threat::default();
    threat.state = state;
    w.point().threats.push(threat);
}

pub(super) fn guarded(w: &mut World, subscription: &str) {
    let guard = format!(
        "/subscriptions/{subscription}/resourceGroups/g/providers/Microsoft.DataProtection/resourceGuards/guard"
    );
    w.facts.guard_requests = vec![format!("{guard}/getBackupSecurityPINRequests/default")];
}

pub(super) fn source_in_northeurope(w: &mut World) {
    w.item().source_location = Some(Region::new("North Europe"));
}

pub(super) fn source_in_other_subscription(w: &mut World) {
    let source =
        format!("/subscriptions/{ELSEWHERE}/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/web-01");
    w.item().source_resource_id = Some(ArmId::parse(&source).unwrap());
}

/// The chosen account, in another subscription than the vault's.
pub(super) fn account_in(w: &mut World, subscription: &str) {
    let account =
        format!("/subscriptions/{subscription}/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/staging");
    accounts(w).id = ArmId::parse(&account).unwrap();
    w.draft.staging_account = Some(accounts(w).id.clone());
}

pub(super) fn unmanaged_vhds(w: &mut World) {
    w.point().managed = Some(false);
    w.point().original_storage_account = true;
    w.draft.disk_target = DiskTarget::UnmanagedVhds;
}

pub(super) fn subnet(w: &mut World, name: &str) {
    at(&mut w.facts.lookups.networks, 0).subnets[0].name = name.to_owned();
}

/// A zone, in a zone-redundant vault, of a point that is only in this tier.
pub(super) fn zone_of(w: &mut World, zone: &str, tier: TierKind) {
    Rc::make_mut(&mut w.facts.vault).redundancy = Some(Redundancy::ZoneRedundant);
    only(w, tier);
    w.draft.zone = if zone == "NoZone" { ZoneChoice::NoZone } else { ZoneChoice::Zone(zone.to_owned()) };
}

/// The only encryption set in the list.
pub(super) fn encryption_set(w: &mut World, region: &str, kind: Option<&str>) -> ArmId {
    let set = id("rg/providers/Microsoft.Compute/diskEncryptionSets/des");
    let mut listed = DiskEncryptionSet::new(set.clone(), Region::new(region));
    listed.encryption_type = kind.map(str::to_owned);
    w.facts.lookups.encryption_sets = Some([Rc::new(listed)].into());
    set
}
