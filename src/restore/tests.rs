//! Breaks every rule once; checks plan, sentence and preview of valid choices.

use std::collections::BTreeSet;
use std::rc::Rc;

use azure_backup::arm::call::ApiVersion;
use azure_backup::arm::id::{ArmId, Region, SubscriptionId, TenantId};
use azure_backup::backup::item::{ItemKind, ProtectedItem};
use azure_backup::backup::lookups::{DiskAccess, DiskEncryptionSet, ManagedIdentity};
use azure_backup::backup::recovery_point::{ExtendedLocation, RecoveryPoint, TierKind};
use azure_backup::backup::vault::{EncryptionAtRest, Switch};

use super::draft::{DiskNetworkAccess, DiskTarget, Draft, RegionChoice, StagingAccess, ZoneChoice};
use super::facts::Facts;
use super::field::Field;
use super::plan::{confirmed, plan};
use super::preview::Preview;
use super::rules::{RULES, Test, disk_target, draft_reasons, field_state, identity_reasons};
use super::sample::{ELSEWHERE, draft, facts, id};
use super::scenario::Scenario;

mod breaks;
mod effect;
mod holds;
mod required;
mod speaking;
mod worlds;

type Break = (&'static str, Scenario, fn(&mut World));

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

fn secondary(w: &mut World) {
    w.facts.secondary = Some(Region::new("northeurope"));
    w.facts.version = ApiVersion::CROSS_REGION_DEFAULT;
}

fn edge(w: &mut World) {
    w.point().extended_location = Some(ExtendedLocation::edge_zone("edge"));
}

/// The ids of all rules that are broken in this world.
fn speaking(w: &World) -> BTreeSet<String> {
    let mut ids: BTreeSet<String> = draft_reasons(&w.facts, &w.draft).into_iter().map(|r| r.rule).collect();
    ids.extend(
        Field::ALL.iter().filter_map(|f| field_state(&w.facts, &w.draft, *f).forbidden().map(|r| r.rule.clone())),
    );
    let identity = id("rg/providers/Microsoft.ManagedIdentity/userAssignedIdentities/x");
    let stranger = ManagedIdentity::new(identity, Region::new("westeurope"));
    ids.extend(identity_reasons(&w.facts, &w.draft, &stranger).into_iter().map(|r| r.rule));
    ids
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
    assert!(plan.effect.starts_with("Replaces the disks of `web-01`"));
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
        "Creates the VM `web-02` in `target` on the network `net`, subnet `default`, and leaves `web-01` untouched. The staging account is `staging`. The region is `westeurope`."
    );
    assert_eq!(
        effect(SELECTED),
        "Restores the OS disk and the data disk with LUN 1 of `web-01` as managed disks in `target` and leaves `web-01` untouched. The staging account is `staging`. The region is `westeurope`."
    );
    assert_eq!(
        effect(DISKS),
        "Restores all disks of `web-01` as managed disks in `target` and leaves `web-01` untouched. The staging account is `staging`. The region is `westeurope`."
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
    facts.version = ApiVersion::TUTORIAL;
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
