//! Every rule is broken once; the plan, the effect and the preview of good choices.

use std::collections::BTreeSet;
use std::rc::Rc;

use azure_backup::arm::call::ApiVersion;
use azure_backup::arm::id::{Region, SubscriptionId, TenantId};
use azure_backup::backup::item::{ItemKind, ProtectedItem};
use azure_backup::backup::lookups::{DiskAccess, DiskEncryptionSet, ManagedIdentity};
use azure_backup::backup::recovery_point::{ExtendedLocation, RecoveryPoint, TierKind};
use azure_backup::backup::threat::ThreatStatus;
use azure_backup::backup::vault::{EncryptionAtRest, Switch};

use super::draft::{DiskNetworkAccess, DiskTarget, Draft, StagingAccess, ZoneChoice};
use super::facts::Facts;
use super::field::Field;
use super::plan::{confirmed, plan};
use super::preview::Preview;
use super::rules::{RULES, draft_reasons, field_state, identity_reasons};
use super::sample::{ELSEWHERE, draft, facts, id};
use super::scenario::Scenario;

struct World {
    facts: Facts,
    draft: Draft,
}

impl World {
    fn point(&mut self) -> &mut RecoveryPoint {
        Rc::make_mut(&mut self.facts.point)
    }

    fn item(&mut self) -> &mut ProtectedItem {
        Rc::make_mut(&mut self.facts.item)
    }
}

/// One member of a list of [`Lookups`](super::facts::Lookups).
fn at<T: Clone>(list: &mut Option<Rc<[Rc<T>]>>, index: usize) -> &mut T {
    Rc::make_mut(&mut Rc::make_mut(list.as_mut().unwrap())[index])
}

type Break = (&'static str, Scenario, fn(&mut World));

fn accounts(w: &mut World) -> &mut azure_backup::backup::lookups::StorageAccount {
    at(&mut w.facts.lookups.storage_accounts, 0)
}

fn only(w: &mut World, kind: TierKind) {
    w.point().tiers.truncate(1);
    w.point().tiers[0].kind = kind;
}

fn elsewhere(w: &mut World) {
    w.draft.target_subscription = Some(SubscriptionId::parse(ELSEWHERE).unwrap());
}

const VM: Scenario = Scenario::AnotherVm;
const DISKS: Scenario = Scenario::RestoreDisks;
const SELECTED: Scenario = Scenario::SelectedDisks;
const REPLACE: Scenario = Scenario::ReplaceDisks;

/// For each rule a change to a world in which it holds.
const BREAKS: &[Break] = &[
    ("scenario-chosen", DISKS, |w| w.draft.scenario = None),
    ("selected-needs-list", SELECTED, |w| w.point().disks = None),
    ("selected-list-unread", SELECTED, |w| w.facts.detailed = false),
    ("selected-not-classic", SELECTED, |w| w.item().kind = ItemKind::Classic),
    ("selected-not-encrypted", SELECTED, |w| w.point().encrypted = true),
    ("whole-vm-needs-all-disks", VM, |w| w.point().disks.as_mut().unwrap().attached_count = Some(4)),
    ("replace-source-exists", REPLACE, |w| w.facts.source_exists = Some(false)),
    ("replace-not-encrypted", REPLACE, |w| w.point().encrypted = true),
    ("replace-managed", REPLACE, |w| w.point().managed = Some(false)),
    ("replace-not-classic", REPLACE, |w| w.item().kind = ItemKind::Classic),
    ("threat-reported", DISKS, |w| w.point().threat_status = Some(ThreatStatus::UnHealthy)),
    ("source-named", DISKS, |w| w.item().source_resource_id = None),
    ("replace-in-own-region", REPLACE, secondary),
    ("secondary-not-archive", DISKS, |w| {
        secondary(w);
        only(w, TierKind::ArchivedRP);
    }),
    ("secondary-vault-tier", DISKS, |w| {
        secondary(w);
        only(w, TierKind::InstantRP);
    }),
    ("secondary-managed", DISKS, |w| {
        secondary(w);
        w.draft.disk_target = DiskTarget::UnmanagedVhds;
    }),
    ("zone-of-source", DISKS, |w| {
        secondary(w);
        w.draft.zone = ZoneChoice::Zone("1".to_owned());
    }),
    ("another-not-encrypted", VM, |w| w.point().encrypted = true),
    ("another-not-classic", VM, |w| w.item().kind = ItemKind::Classic),
    ("disks-only-selected", SELECTED, |w| w.draft.scenario = Some(DISKS)),
    ("disks-in-point", SELECTED, |w| w.draft.luns = [7].into()),
    ("disk-target-disks", DISKS, |w| w.draft.scenario = Some(VM)),
    ("vhd-slow", DISKS, |w| w.draft.disk_target = DiskTarget::UnmanagedVhds),
    ("unmanaged-stays", DISKS, |w| w.point().managed = Some(false)),
    ("account-chosen", DISKS, |w| w.draft.staging_account = None),
    ("account-region", DISKS, |w| accounts(w).location = Region::new("northeurope")),
    ("account-zrs", DISKS, |w| accounts(w).sku = "Standard_RAGZRS".to_owned()),
    ("account-kind", DISKS, |w| accounts(w).kind = "BlobStorage".to_owned()),
    ("account-premium", DISKS, |w| {
        accounts(w).sku = "Premium_LRS".to_owned();
        w.point().storage_type = Some("NormalStorage".to_owned());
    }),
    ("account-premium-network", DISKS, |w| {
        accounts(w).sku = "Premium_LRS".to_owned();
        accounts(w).network_restricted = true;
    }),
    ("account-firewall-identity", DISKS, |w| {
        accounts(w).network_restricted = true;
        w.draft.staging_access =
            StagingAccess::UserAssigned(id("rg/providers/Microsoft.ManagedIdentity/userAssignedIdentities/x"));
    }),
    ("account-shared-key", DISKS, |w| accounts(w).shared_key_access = Some(false)),
    ("account-unlisted", DISKS, |w| {
        w.draft.staging_account = Some(id("rg/providers/Microsoft.Storage/storageAccounts/other"));
    }),
    ("group-unlisted", DISKS, |w| w.draft.target_group = Some(id("other"))),
    ("network-unlisted", VM, |w| w.draft.network = Some(id("rg/providers/Microsoft.Network/virtualNetworks/other"))),
    ("subscription-not-in-place", DISKS, |w| w.draft.scenario = Some(REPLACE)),
    ("subscription-needs-group", DISKS, |w| w.draft.disk_target = DiskTarget::UnmanagedVhds),
    ("subscription-vault-allows", VM, |w| {
        elsewhere(w);
        Rc::make_mut(&mut w.facts.vault).cross_subscription_restore = Some(Switch::PermanentlyDisabled);
    }),
    ("subscription-not-snapshot", VM, |w| {
        elsewhere(w);
        only(w, TierKind::InstantRP);
    }),
    ("subscription-managed", VM, |w| {
        elsewhere(w);
        w.draft.restore_as_managed = true;
        w.point().managed = Some(false);
    }),
    ("subscription-not-encrypted", DISKS, |w| {
        elsewhere(w);
        w.point().encrypted = true;
    }),
    ("subscription-enabled", VM, |w| {
        elsewhere(w);
        at(&mut w.facts.lookups.subscriptions, 1).state = "Disabled".to_owned();
    }),
    ("subscription-same-tenant", VM, |w| {
        elsewhere(w);
        at(&mut w.facts.lookups.subscriptions, 0).tenant_id = Some(TenantId::parse("tenant-a").unwrap());
        at(&mut w.facts.lookups.subscriptions, 1).tenant_id = Some(TenantId::parse("tenant-b").unwrap());
    }),
    ("group-not-in-place", DISKS, |w| w.draft.scenario = Some(REPLACE)),
    ("group-not-vhd", DISKS, |w| w.draft.disk_target = DiskTarget::UnmanagedVhds),
    ("group-chosen", VM, |w| w.draft.target_group = None),
    ("group-subscription", VM, elsewhere),
    ("name-only-new", VM, |w| w.draft.scenario = Some(DISKS)),
    ("name-given", VM, |w| w.draft.vm_name = "  ".to_owned()),
    ("name-valid", VM, |w| w.draft.vm_name = "web 02-".to_owned()),
    ("name-free", VM, |w| w.facts.name_taken = Some(true)),
    ("network-only-new", VM, |w| w.draft.scenario = Some(DISKS)),
    ("network-chosen", VM, |w| w.draft.network = None),
    ("network-region", VM, |w| at(&mut w.facts.lookups.networks, 0).location = Region::new("northeurope")),
    ("network-subscription", VM, elsewhere),
    ("network-subnets", VM, |w| at(&mut w.facts.lookups.networks, 0).subnets.clear()),
    ("subnet-only-new", VM, |w| w.draft.scenario = Some(DISKS)),
    ("subnet-chosen", VM, |w| w.draft.subnet = None),
    ("subnet-of-network", VM, |w| {
        w.draft.subnet = Some(id("rg/providers/Microsoft.Network/virtualNetworks/other/subnets/default"));
    }),
    ("subnet-reserved", VM, |w| {
        at(&mut w.facts.lookups.networks, 0).subnets[0].name = "GatewaySubnet".to_owned();
    }),
    ("zone-not-in-place", DISKS, |w| w.draft.scenario = Some(REPLACE)),
    ("zone-managed", DISKS, |w| w.draft.disk_target = DiskTarget::UnmanagedVhds),
    ("zone-not-encrypted", DISKS, |w| w.point().encrypted = true),
    ("zone-vault", DISKS, |w| w.draft.zone = ZoneChoice::Zone("1".to_owned())),
    ("zone-tier", DISKS, |w| w.draft.zone = ZoneChoice::Zone("1".to_owned())),
    ("des-not-in-place", DISKS, |w| w.draft.scenario = Some(REPLACE)),
    ("des-managed", DISKS, |w| w.point().managed = Some(false)),
    ("des-not-encrypted", DISKS, |w| w.point().encrypted = true),
    ("des-vault-cmk", DISKS, |w| w.facts.encryption_at_rest = Some(EncryptionAtRest::MicrosoftManaged)),
    ("des-region", DISKS, |w| {
        w.facts.encryption_at_rest = Some(EncryptionAtRest::CustomerManaged);
        let set = id("rg/providers/Microsoft.Compute/diskEncryptionSets/des");
        w.draft.encryption_set = Some(set.clone());
        w.facts.lookups.encryption_sets = Some(
            [Rc::new(DiskEncryptionSet {
                id: set,
                name: "des".to_owned(),
                location: Region::new("northeurope"),
                encryption_type: None,
            })]
            .into(),
        );
    }),
    ("identity-managed", DISKS, |w| {
        w.draft.staging_access = StagingAccess::SystemAssigned;
        w.point().managed = Some(false);
    }),
    ("identity-system", DISKS, |w| {
        w.draft.staging_access = StagingAccess::SystemAssigned;
        Rc::make_mut(&mut w.facts.vault).identity = None;
    }),
    ("identity-of-vault", DISKS, |w| {
        w.draft.staging_access =
            StagingAccess::UserAssigned(id("rg/providers/Microsoft.ManagedIdentity/userAssignedIdentities/x"));
    }),
    ("identity-assigned", DISKS, |_| {}),
    ("access-not-private", DISKS, |w| w.point().private_access = Some(false)),
    ("access-chosen", DISKS, |w| w.point().private_access = Some(true)),
    ("access-id-private", DISKS, |w| {
        w.point().private_access = Some(true);
        w.draft.disk_network_access = Some(DiskNetworkAccess::Public);
    }),
    ("access-id-none", DISKS, |w| w.draft.disk_network_access = Some(DiskNetworkAccess::Private)),
    ("access-id-chosen", DISKS, |w| {
        w.point().private_access = Some(true);
        w.draft.disk_network_access = Some(DiskNetworkAccess::Private);
    }),
    ("access-id-region", DISKS, |w| {
        let access = id("rg/providers/Microsoft.Compute/diskAccesses/da");
        w.point().private_access = Some(true);
        w.draft.disk_network_access = Some(DiskNetworkAccess::Private);
        w.draft.disk_access = Some(access.clone());
        w.facts.lookups.disk_accesses = Some(
            [Rc::new(DiskAccess { id: access, name: "da".to_owned(), location: Region::new("northeurope") })].into(),
        );
    }),
    ("edge-none", DISKS, |_| {}),
    ("edge-in-place", REPLACE, edge),
    ("edge-subscription", VM, |w| {
        edge(w);
        elsewhere(w);
    }),
    ("as-managed-only-unmanaged", DISKS, |_| {}),
    ("as-managed-not-in-place", REPLACE, |w| w.point().managed = Some(false)),
    ("as-managed-not-encrypted", DISKS, |w| {
        w.point().managed = Some(false);
        w.point().encrypted = true;
    }),
    ("as-managed-not-classic", DISKS, |w| {
        w.point().managed = Some(false);
        w.item().kind = ItemKind::Classic;
    }),
    ("as-managed-vault", DISKS, |w| {
        w.point().managed = Some(false);
        only(w, TierKind::InstantRP);
    }),
    ("as-managed-new-vm", VM, |w| {
        w.point().managed = Some(false);
        only(w, TierKind::HardenedRP);
    }),
    ("another-unmanaged-vault", VM, |w| w.point().managed = Some(false)),
    ("rehydrate-only-archive", DISKS, |_| {}),
    ("rehydrate-priority", DISKS, |w| only(w, TierKind::ArchivedRP)),
    ("rehydrate-days-archive", DISKS, |_| {}),
    ("rehydrate-days", DISKS, |w| {
        only(w, TierKind::ArchivedRP);
        w.draft.rehydration.days = "7".to_owned();
    }),
];

fn secondary(w: &mut World) {
    w.facts.secondary = Some(Region::new("northeurope"));
    w.facts.version = ApiVersion::CROSS_REGION_DEFAULT;
}

fn edge(w: &mut World) {
    w.point().extended_location = Some(ExtendedLocation { name: "edge".to_owned(), kind: "EdgeZone".to_owned() });
}

/// Ids of every rule that speaks in this world.
fn speaking(w: &World) -> BTreeSet<String> {
    let mut ids: BTreeSet<String> = draft_reasons(&w.facts, &w.draft).into_iter().map(|r| r.rule).collect();
    ids.extend(
        Field::ALL.iter().filter_map(|f| field_state(&w.facts, &w.draft, *f).forbidden().map(|r| r.rule.clone())),
    );
    let stranger = ManagedIdentity {
        id: id("rg/providers/Microsoft.ManagedIdentity/userAssignedIdentities/x"),
        name: "x".to_owned(),
        location: Region::new("westeurope"),
        principal_id: None,
    };
    ids.extend(identity_reasons(&w.facts, &w.draft, &stranger).into_iter().map(|r| r.rule));
    ids
}

#[test]
fn every_rule_speaks_when_it_is_broken() {
    let known: BTreeSet<&str> = RULES.iter().map(|r| r.id).collect();
    assert_eq!(known.len(), RULES.len(), "two rules share an id");
    let mut silent = Vec::new();
    for (rule, scenario, spoil) in BREAKS {
        assert!(known.contains(rule), "no rule {rule}");
        let mut world = World { facts: facts(), draft: draft(*scenario) };
        spoil(&mut world);
        if !speaking(&world).contains(*rule) {
            silent.push(*rule);
        }
    }
    assert_eq!(silent, Vec::<&str>::new());
    let covered: BTreeSet<&str> = BREAKS.iter().map(|(r, ..)| *r).collect();
    let uncovered: Vec<_> = known.difference(&covered).copied().filter(|r| *r != "replace-stops-vm").collect();
    assert_eq!(uncovered, Vec::<&str>::new());
}

#[test]
fn good_choices_make_a_plan_without_blocking_reasons() {
    for scenario in Scenario::ALL {
        let plan = plan(&facts(), &draft(scenario)).unwrap();
        assert_eq!(plan.text().as_bytes(), &plan.body.bytes()[..]);
        assert_eq!(plan.sha256.len(), 64);
        assert_eq!(plan.text(), Preview::of(&facts(), &draft(scenario)).text(), "the preview is the body");
        assert!(confirmed(&plan, &draft(scenario)).is_ok());
    }
}

#[test]
fn luns_are_sent_only_when_disks_were_picked() {
    let body = |scenario, luns: &[i32]| {
        let mut draft = draft(scenario);
        draft.luns = luns.iter().copied().collect();
        plan(&facts(), &draft).unwrap().request.restore_disk_lun_list
    };
    assert_eq!(body(DISKS, &[1]), None);
    assert_eq!(body(SELECTED, &[]), Some(vec![]));
    assert_eq!(body(SELECTED, &[1, 0]), Some(vec![0, 1]));
    assert_eq!(body(REPLACE, &[1]), None);
    assert_eq!(body(VM, &[1]), None);
}

#[test]
fn in_place_sends_no_target_and_asks_for_the_name() {
    let mut choices = draft(REPLACE);
    let plan = plan(&facts(), &choices).unwrap();
    let request = &plan.request;
    assert!(request.target_resource_group_id.is_none() && request.target_virtual_machine_id.is_none());
    assert!(request.virtual_network_id.is_none() && request.subnet_id.is_none());
    assert!(plan.effect.starts_with("Swaps the disks of the virtual machine `web-01`"));
    choices.confirm = "WEB-01".to_owned();
    assert_eq!(confirmed(&plan, &choices).unwrap_err().field, Field::Confirm);
}

#[test]
fn a_name_that_hides_characters_is_confirmed_as_it_is_or_as_it_is_shown() {
    let mut facts = facts();
    let mut item = (*facts.item).clone();
    item.source_resource_id = Some(id("rg/providers/Microsoft.Compute/virtualMachines/web-\u{202e}10-dorp"));
    facts.item = Rc::new(item);
    let plan = plan(&facts, &draft(REPLACE)).unwrap();
    assert_eq!(plan.confirmation(), Some("web-\u{202e}10-dorp"));
    let typed = |confirm: &str| confirmed(&plan, &Draft { confirm: confirm.to_owned(), ..draft(REPLACE) }).is_ok();
    assert!(typed("web-⟨U+202E⟩10-dorp") && typed("web-\u{202e}10-dorp"));
    assert!(!typed("web-10-dorp") && !typed("web-prod-01") && !typed("web-01"), "what it looks like is not enough");
}

#[test]
fn effects_are_read_from_the_body() {
    let effect = |scenario| plan(&facts(), &draft(scenario)).unwrap().effect;
    assert_eq!(
        effect(VM),
        "Creates the virtual machine `web-02` in `target` on the network `net` and leaves `web-01` untouched."
    );
    assert_eq!(
        effect(SELECTED),
        "Restores the OS disk and the data disk with LUN 1 of `web-01` as managed disks in `target` and leaves `web-01` untouched."
    );
    assert_eq!(
        effect(DISKS),
        "Restores all disks of `web-01` as managed disks in `target` and leaves `web-01` untouched."
    );
}

#[test]
fn an_identity_moves_the_account() {
    let mut choices = draft(DISKS);
    choices.staging_access = StagingAccess::SystemAssigned;
    let request = plan(&facts(), &choices).unwrap().request;
    assert_eq!(request.storage_account_id, None);
    assert_eq!(request.identity_based_restore_details.unwrap().target_storage_account_id, choices.staging_account);
    assert_eq!(request.identity_info.unwrap().is_system_assigned_identity, Some(true));
}

#[test]
fn an_old_api_version_forbids_newer_fields_and_says_since_when() {
    let mut facts = facts();
    facts.version = ApiVersion::SEED;
    let reason = field_state(&facts, &draft(DISKS), Field::Zone).forbidden().cloned().unwrap();
    assert!(reason.sentence.contains("2020-12-01"), "{}", reason.sentence);
    let mut choices = draft(DISKS);
    choices.zone = ZoneChoice::NoZone;
    assert!(plan(&facts, &choices).unwrap().request.zones.is_none());
    facts.guard_requests = vec!["guard".to_owned()];
    assert_eq!(plan(&facts, &draft(DISKS)).unwrap_err()[0].rule, "field-in-version");
}

#[test]
fn a_changed_choice_marks_its_lines_and_no_other() {
    let before = Preview::of(&facts(), &draft(VM));
    let mut choices = draft(VM);
    choices.vm_name = "web-03".to_owned();
    let after = Preview::of(&facts(), &choices).compared_with(&before);
    let changed: Vec<_> = after.lines.iter().filter(|l| l.changed).map(|l| l.pointer.as_str()).collect();
    assert_eq!(changed, ["/properties/targetVirtualMachineId"]);
    assert!(after.lines.iter().find(|l| l.pointer == "/properties/region").unwrap().origin.is_some());
}
