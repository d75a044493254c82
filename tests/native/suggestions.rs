//! What the form suggests, and what it keeps when the operator looks at another recovery point of the same machine.

use std::rc::Rc;

use azure_backup::backup::recovery_point::RecoveryPoint;
use bytes::Bytes;
use http::Response;
use serde_json::Value;
use time::Duration;
use vm_restore::app::key::Key;
use vm_restore::app::msg::{Edit, Msg};
use vm_restore::app::records::Change;
use vm_restore::app::route::Route;
use vm_restore::app::saved::DRAFTS;
use vm_restore::restore::build::Origin;
use vm_restore::restore::draft::Draft;
use vm_restore::restore::field::Field;
use vm_restore::restore::regional_id::RegionalId;
use vm_restore::restore::scenario::Scenario;
use vm_restore::restore::suggest::Why;

use crate::operator::{open, page};
use crate::page::Page;

/// Opens the form of a machine to create a new one from it.
fn another(page: &mut Page, vm: &str) -> RegionalId {
    let point = open(page, vm);
    page.say(Msg::Edit(Edit::Scenario(Scenario::AnotherVm)));
    page.wait_until(Duration::seconds(2), |s| s.name_lookup_due_at.is_none());
    point
}

fn draft(page: &Page, point: &RegionalId) -> Draft {
    page.state.draft(point)
}

fn why(page: &Page, point: &RegionalId, field: Field) -> Option<Why> {
    draft(page, point).suggestion(field).map(|suggestion| suggestion.why)
}

/// Names of the resources that are set, in the order of the form.
fn targets(draft: &Draft) -> [&str; 5] {
    let name = |id: &'_ Option<azure_backup::arm::id::ArmId>| id.as_ref().map_or("", |id| id.name()).to_owned();
    let names = [&draft.target_group, &draft.network, &draft.subnet, &draft.staging_account].map(name);
    let [group, network, subnet, account] = names.map(|name| &*name.leak());
    [group, &*draft.vm_name.clone().leak(), network, subnet, account]
}

#[test]
fn a_new_machine_is_suggested_where_the_original_one_is_and_nothing_is_saved_of_it() {
    let mut page = page();
    let point = another(&mut page, "app-linux-01");
    assert_eq!(targets(&draft(&page, &point)), ["rg-app", "app-linux-01-restored", "vnet-prod-weu", "app", ""]);
    assert_eq!(why(&page, &point, Field::Subnet), Some(Why::SourceSubnet));
    let sent = |part: &str| page.sent.iter().filter(|(_, path)| path.contains(part)).count();
    assert_eq!(sent("/networkInterfaces/app-linux-01-nic"), 1);
    let stored = &page.records.all(DRAFTS)[0].1;
    assert!(stored.contains("another-vm") && !stored.contains("rg-app") && !stored.contains("restored"), "{stored}");
    // The operator chooses only what is left, and sees in the request what was suggested.
    let facts = page.state.facts(&point, &draft(&page, &point)).unwrap();
    let account = facts.lookups.storage_accounts.as_ref().unwrap().iter().find(|a| a.name == "contosostageweu");
    page.say(Msg::Edit(Edit::StagingAccount(account.map(|a| a.id.clone()))));
    let plan = page.state.plan(&point).unwrap();
    let origin = |name: &str| plan.origins.iter().find(|(of, _)| *of == name).map(|(_, origin)| origin.clone());
    assert_eq!(origin("subnetId"), Some(Origin::Suggested(Field::Subnet, Why::SourceSubnet)));
    assert_eq!(origin("storageAccountId"), Some(Origin::Chosen(Field::StagingAccount)));
}

#[test]
fn after_a_restore_its_account_and_the_next_name_are_suggested() {
    let mut page = page();
    let point = another(&mut page, "app-linux-01");
    let facts = page.state.facts(&point, &draft(&page, &point)).unwrap();
    let accounts = facts.lookups.storage_accounts.clone().unwrap();
    let id = |name: &str| accounts.iter().find(|a| a.name == name).map(|a| a.id.clone());
    page.say(Msg::Edit(Edit::StagingAccount(id("contosostageold"))));
    page.say(Msg::Go(Route::Review(point)));
    page.start_restore();
    assert_eq!(page.state.restores.len(), 1);
    // Another machine of the region, with the account; and the same one, whose name is being taken.
    let other = another(&mut page, "web-02");
    assert_eq!(
        targets(&draft(&page, &other)),
        ["rg-web", "web-02-restored", "vnet-prod-weu", "default", "contosostageold"]
    );
    assert_eq!(why(&page, &other, Field::StagingAccount), Some(Why::UsedLast));
    let again = another(&mut page, "app-linux-01");
    assert_eq!(draft(&page, &again).vm_name, "app-linux-01-restored-2");
    page.wait_until(Duration::hours(12), |s| !s.restores[0].is_running());
    page.reload();
    let again = another(&mut page, "app-linux-01");
    assert_eq!(draft(&page, &again).vm_name, "app-linux-01-restored-2", "it exists by now");
    assert!(page.state.plan(&again).is_ok() && page.state.facts_missing(&again).is_empty());
}

#[test]
fn what_the_operator_edits_or_empties_is_the_operators() {
    let mut page = page();
    let point = another(&mut page, "app-linux-01");
    page.say(Msg::Edit(Edit::VmName(String::new())));
    assert_eq!(draft(&page, &point).vm_name, "", "an emptied name stays empty while another one is typed");
    page.say(Msg::Edit(Edit::TargetGroup(None)));
    assert_eq!(targets(&draft(&page, &point))[..2], ["", ""]);
    page.say(Msg::Edit(Edit::VmName("mine".to_owned())));
    let network = draft(&page, &point).network;
    page.say(Msg::Edit(Edit::Network(network.clone())));
    assert_eq!((why(&page, &point, Field::VmName), why(&page, &point, Field::Network)), (None, None));
    assert_eq!(draft(&page, &point).network, network, "choosing the suggested one accepts it");
    let before = draft(&page, &point);
    page.reload();
    page.say(Msg::Go(Route::Form(point.clone())));
    assert_eq!(draft(&page, &point), before);
}

#[test]
fn a_network_that_cannot_be_read_is_not_guessed() {
    let mut page = page();
    page.spoil = Box::new(|request, answer| match request.uri().path().contains("/networkInterfaces/") {
        true => Ok(Response::builder().status(403).body(Bytes::from_static(b"{}")).unwrap()),
        false => answer,
    });
    let point = another(&mut page, "sql-01");
    let found = draft(&page, &point);
    // Two networks of the region have subnets, so either could be meant.
    assert_eq!(targets(&found), ["rg-sql", "sql-01-restored", "", "", ""]);
    assert_eq!(why(&page, &point, Field::Network), None);
    let facts = page.state.facts(&point, &found).unwrap();
    assert!(page.state.source_network_unreadable(&facts));
}

#[test]
fn another_recovery_point_of_the_machine_keeps_what_still_fits() {
    let mut page = page();
    let first = another(&mut page, "app-linux-02");
    page.say(Msg::Edit(Edit::VmName("copy".to_owned())));
    let points = page.state.catalog.get::<[Rc<RecoveryPoint>]>(&Key::Points(first.item().unwrap().id)).unwrap();
    let older = points.iter().rev().map(|point| RegionalId::from(point.id.clone())).find(|id| *id != first).unwrap();
    page.say(Msg::Go(Route::Form(older.clone())));
    let kept = draft(&page, &older);
    assert_eq!((kept.vm_name.as_str(), kept.scenario), ("copy", Some(Scenario::AnotherVm)));
    assert_eq!((kept.point.as_deref(), kept.not_carried.len()), (Some(first.id.name()), 0));
    // The newest point is a snapshot alone, whose disks cannot be replaced.
    page.say(Msg::Edit(Edit::Scenario(Scenario::ReplaceDisks)));
    assert_eq!(draft(&page, &older).point.as_deref(), Some(older.id.name()), "it is edited here");
    page.say(Msg::Go(Route::Form(first.clone())));
    let kept = draft(&page, &first);
    assert_eq!((kept.scenario, kept.vm_name.as_str()), (None, "copy"));
    assert!(
        matches!(kept.not_carried.as_slice(), [one] if one.what == "Replace existing disks"),
        "{:?}",
        kept.not_carried
    );
    // Nothing is lost by looking.
    page.say(Msg::Go(Route::Form(older.clone())));
    assert_eq!(draft(&page, &older).scenario, Some(Scenario::ReplaceDisks));
    assert_eq!(page.records.all(DRAFTS).len(), 1);
}

#[test]
fn drafts_of_an_older_version_are_taken_over_from_the_recovery_points_to_their_machine() {
    let mut page = page();
    let first = another(&mut page, "app-linux-02");
    let points = page.state.catalog.get::<[Rc<RecoveryPoint>]>(&Key::Points(first.item().unwrap().id)).unwrap();
    let second = points.iter().map(|point| RegionalId::from(point.id.clone())).find(|id| *id != first).unwrap();
    let (key, text) = page.records.all(DRAFTS)[0].clone();
    let mut older: Value = serde_json::from_str(&text).unwrap();
    older.as_object_mut().unwrap().remove("point");
    older["vmName"] = "older".into();
    let empty = serde_json::json!({}).to_string();
    let changes = [
        Change::Delete(key.clone()),
        Change::Put((first.key(), older.to_string())),
        Change::Put((second.key(), empty)),
    ];
    page.records.commit(DRAFTS, &changes);
    page.reload();
    let records = page.records.all(DRAFTS);
    assert_eq!(records.iter().map(|(key, _)| key).collect::<Vec<_>>(), [&key]);
    page.say(Msg::Go(Route::Form(second.clone())));
    let kept = draft(&page, &second);
    assert_eq!((kept.vm_name.as_str(), kept.point.as_deref()), ("older", Some(first.id.name())));
    // A draft of the machine is newer than any of its points.
    page.records.commit(DRAFTS, &[Change::Put((second.key(), older.to_string().replace("older", "oldest")))]);
    page.reload();
    assert_eq!(draft(&page, &second).vm_name, "older");
    assert_eq!(page.records.all(DRAFTS).len(), 1);
}
