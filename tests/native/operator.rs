//! What an operator does to get a restore going.

use std::rc::Rc;

use arm_sim::{Progress, Simulator};
use azure_backup::arm::id::ArmId;
use azure_backup::backup::item::ProtectedItem;
use azure_backup::backup::recovery_point::{RecoveryPoint, Tier};
use time::{Duration, OffsetDateTime};
use vm_restore::app::fleet::status;
use vm_restore::app::key::Key;
use vm_restore::app::msg::{Edit, Msg};
use vm_restore::app::route::Route;
use vm_restore::restore::regional_id::RegionalId;
use vm_restore::restore::rules;
use vm_restore::restore::scenario::Scenario;

use crate::page::Page;

pub(crate) fn begin() -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(1_790_000_000).unwrap()
}

pub(crate) fn page() -> Page {
    let mut simulator = Simulator::new(7, begin());
    simulator.set_progress(Progress::Timetable);
    simulator.set_exact_access_details(true);
    Page::open(simulator, begin())
}

/// Finds a protected item by the name of its machine in the list of all machines, and opens it, as an operator would.
pub(crate) fn find(page: &mut Page, vm: &str) -> Rc<ProtectedItem> {
    page.say(Msg::Go(Route::Vms(Default::default())));
    let rows = status::rows(&page.state.catalog);
    let row = rows.iter().find(|row| row.name == vm).unwrap_or_else(|| panic!("no virtual machine {vm}"));
    let place = RegionalId::from(row.id.clone());
    page.say(Msg::Go(Route::Points(place.clone())));
    page.state.item(&place).unwrap_or_else(|| panic!("{vm} cannot be read"))
}

/// Opens the form of a recovery point of `vm`: the newest that is not archived.
pub(crate) fn open(page: &mut Page, vm: &str) -> RegionalId {
    let item = find(page, vm);
    page.say(Msg::Go(Route::Points(item.id.clone().into())));
    let points = page.state.catalog.get::<[Rc<RecoveryPoint>]>(&Key::Points(item.id.clone())).unwrap();
    let point = points.iter().find(|p| p.tier() != Tier::VaultArchive).unwrap().id.clone();
    let point = RegionalId::from(point);
    page.say(Msg::Go(Route::Form(point.clone())));
    point
}

/// Makes every choice that `scenario` needs, each the first that no rule forbids.
pub(crate) fn choose(page: &mut Page, point: &RegionalId, scenario: Scenario) {
    page.say(Msg::Edit(Edit::Scenario(scenario)));
    let draft = page.state.draft(point);
    let facts = page.state.facts(point, &draft).unwrap();
    let look = &facts.lookups;
    let fits = |reasons: Vec<rules::Reason>| reasons.iter().all(|r| !r.blocks());
    let account = look
        .storage_accounts
        .iter()
        .flat_map(|all| all.iter())
        .find(|a| fits(rules::account_reasons(&facts, &draft, a)) && a.sku.starts_with("Standard"));
    page.say(Msg::Edit(Edit::StagingAccount(account.map(|a| a.id.clone()))));
    let group = look.groups.iter().flat_map(|all| all.iter()).find(|g| fits(rules::group_reasons(&facts, &draft, g)));
    page.say(Msg::Edit(Edit::TargetGroup(group.map(|g| g.id.clone()))));
    page.say(Msg::Edit(Edit::VmName("restored-by-test".to_owned())));
    let network =
        look.networks.iter().flat_map(|all| all.iter()).find(|n| fits(rules::network_reasons(&facts, &draft, n)));
    page.say(Msg::Edit(Edit::Network(network.map(|n| n.id.clone()))));
    let subnet = network.and_then(|n| n.subnets.iter().find(|s| fits(rules::subnet_reasons(&facts, &draft, s))));
    page.say(Msg::Edit(Edit::Subnet(subnet.map(|s| s.id.clone()))));
    if scenario == Scenario::SelectedDisks {
        let lun = facts.data_disks().unwrap().first().unwrap().lun;
        page.say(Msg::Edit(Edit::Luns([lun].into())));
    }
    page.say(Msg::Go(Route::Review(point.clone())));
    page.wait_until(Duration::seconds(2), |s| s.name_lookup_due_at.is_none());
    let name = facts.item.friendly_name.clone();
    page.say(Msg::Edit(Edit::Confirm(name)));
}

/// Reviews a restore of `vm`, so that only the click is missing.
pub(crate) fn review(page: &mut Page, vm: &str, scenario: Scenario) -> RegionalId {
    let point = open(page, vm);
    choose(page, &point, scenario);
    point
}

/// Reviews a restore of disks, in the vault's region or in its secondary one.
pub(crate) fn review_disks(page: &mut Page, secondary: bool) {
    let point = match secondary {
        false => open(page, "web-01"),
        true => open_secondary(page, "contoso-vault-neu", "erp-01"),
    };
    choose(page, &point, Scenario::RestoreDisks);
}

/// Restores `vm` from choice to click.
pub(crate) fn start(page: &mut Page, vm: &str, scenario: Scenario) -> RegionalId {
    let point = review(page, vm, scenario);
    if let Err(why) = page.state.plan(&point) {
        panic!("{vm} {scenario:?}: {why:?}, missing {:?}", page.state.facts_missing(&point));
    }
    page.start_restore();
    point
}

/// The id of a vault, found by a machine that it protects.
pub(crate) fn vault(page: &mut Page, name: &str) -> ArmId {
    page.say(Msg::Go(Route::Vms(Default::default())));
    let rows = status::rows(&page.state.catalog);
    let vault = rows.iter().filter(|row| row.vault_name() == Some(name)).find_map(|row| row.vault_id());
    vault.unwrap_or_else(|| panic!("no vault {name}"))
}

/// Opens the form of a recovery point of `vm` in the secondary region, through the links of the pages.
pub(crate) fn open_secondary(page: &mut Page, vault_name: &str, vm: &str) -> RegionalId {
    let vault = vault(page, vault_name);
    page.say(Msg::Go(Route::Secondary { vault: Some(vault.clone()), region: None }));
    let secondary = page.state.secondary_of(&vault, None).region;
    assert!(secondary.is_some(), "{:?}", page.state.secondary_of(&vault, None));
    let items = page.state.catalog.get::<[Rc<ProtectedItem>]>(&Key::SecondaryItems(vault)).unwrap();
    let item = items.iter().find(|i| i.friendly_name == vm).unwrap_or_else(|| panic!("no {vm} in {vault_name}"));
    let item = RegionalId { id: item.id.clone(), secondary };
    page.say(Msg::Go(Route::Points(item.clone())));
    let points = page.state.catalog.get::<[Rc<RecoveryPoint>]>(&Key::SecondaryPoints(item.id.clone())).unwrap();
    assert!(points.iter().all(|p| p.tier() == Tier::VaultStandard), "the secondary region has the vault tier alone");
    let point = item.with(points.first().unwrap().id.clone());
    page.say(Msg::Go(Route::Form(point.clone())));
    point
}
