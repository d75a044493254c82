//! How a choice of the operator affects other choices, and which save a step waits for. Each is decided by one line of the program.

use azure_backup::arm::id::{ArmId, ClientRequestId, SubscriptionId};
use vm_restore::app::effect::SaveId;
use vm_restore::app::msg::{Edit, ExportFormat, Filter, Msg};
use vm_restore::app::saved::{DRAFTS, RESTORES};
use vm_restore::app::state::{ListOptions, ROWS};
use vm_restore::restore::draft::{DiskNetworkAccess, Draft, ZoneChoice};
use vm_restore::restore::regional_id::RegionalId;
use vm_restore::restore::run::Stage;
use vm_restore::restore::scenario::Scenario;

use crate::operator::{page, review, review_disks, start};
use crate::page::Page;

fn id(name: &str) -> ArmId {
    ArmId::parse(&format!("/subscriptions/s/resourceGroups/rg/providers/Microsoft.X/things/{name}")).unwrap()
}

fn edited(page: &mut Page, point: &RegionalId, edit: Edit) -> Draft {
    page.say(Msg::Edit(edit));
    page.state.draft(point)
}

#[test]
fn a_confirmation_is_for_the_plan_that_was_on_the_screen_and_ends_with_it() {
    let edits = [
        Edit::StagingAccount(None),
        Edit::Zone(ZoneChoice::NoZone),
        Edit::DiskNetworkAccess(Some(DiskNetworkAccess::Public)),
        Edit::EdgeZone(true),
    ];
    for edit in edits {
        let mut page = page();
        let point = review(&mut page, "web-01", Scenario::ReplaceDisks);
        assert_eq!(page.state.draft(&point).confirm, "web-01");
        // The reason belongs to the record, not to the plan.
        assert_eq!(edited(&mut page, &point, Edit::Reason("drill".to_owned())).confirm, "web-01");
        assert_eq!(edited(&mut page, &point, edit.clone()).confirm, "", "{edit:?}");
        page.start_restore();
        assert_eq!((page.clicks_sent(), page.state.restores.len()), (0, 0), "{edit:?}");
    }
}

#[test]
fn another_target_subscription_leaves_behind_what_belonged_to_the_one_before() {
    let mut page = page();
    let point = review(&mut page, "web-01", Scenario::AnotherVm);
    page.say(Msg::Edit(Edit::EncryptionSet(Some(id("set")))));
    page.say(Msg::Edit(Edit::DiskNetworkAccess(Some(DiskNetworkAccess::Private))));
    let before = edited(&mut page, &point, Edit::DiskAccess(Some(id("access"))));
    let subscription = SubscriptionId::parse("11111111-2222-4333-8444-555555555555").unwrap();
    assert_eq!(edited(&mut page, &point, Edit::TargetSubscription(None)), before, "the same one changes nothing");
    let after = edited(&mut page, &point, Edit::TargetSubscription(Some(subscription.clone())));
    let theirs =
        |d: &Draft| [&d.target_group, &d.network, &d.subnet, &d.encryption_set, &d.disk_access].map(Option::is_some);
    assert_eq!((theirs(&before), theirs(&after)), ([true; 5], [false; 5]));
    assert_eq!(after.target_subscription, Some(subscription));
    // The staging account stays, because it belongs to the vault's subscription.
    assert_eq!((after.staging_account, after.vm_name), (before.staging_account, before.vm_name));
}

#[test]
fn another_network_leaves_its_subnet_behind_and_another_access_its_disk_access() {
    let mut page = page();
    let point = review(&mut page, "web-01", Scenario::AnotherVm);
    let before = page.state.draft(&point);
    assert!(before.network.is_some() && before.subnet.is_some());
    assert_eq!(edited(&mut page, &point, Edit::Network(before.network.clone())).subnet, before.subnet);
    assert_eq!(edited(&mut page, &point, Edit::Network(Some(id("other")))).subnet, None);
    page.say(Msg::Edit(Edit::DiskNetworkAccess(Some(DiskNetworkAccess::Private))));
    page.say(Msg::Edit(Edit::DiskAccess(Some(id("access")))));
    let private = edited(&mut page, &point, Edit::DiskNetworkAccess(Some(DiskNetworkAccess::Private)));
    assert_eq!(private.disk_access, Some(id("access")));
    let public = edited(&mut page, &point, Edit::DiskNetworkAccess(Some(DiskNetworkAccess::Public)));
    assert_eq!(public.disk_access, None);
}

#[test]
fn a_request_waits_for_the_save_that_says_that_it_leaves_and_not_for_that_of_its_intent() {
    let mut page = page();
    review_disks(&mut page, false);
    page.hear(page.click(false));
    assert!(page.step() && page.step(), "the click, and the intent is saved");
    // From here on there is no room.
    page.can_save = false;
    assert!(page.step(), "a token has come");
    assert_eq!(page.restore().stage, Stage::Sending);
    // The save of the intent is acknowledged once more, before the last save is.
    let before = SaveId(page.state.next_save - 2);
    page.hear_first(Msg::Saved { id: before, key: RESTORES, result: Ok(()) });
    page.say(Msg::Tick);
    assert_eq!((page.clicks_sent(), page.restore().state_text()), (0, "Not started".to_owned()));
}

#[test]
fn a_choice_is_saved_at_once_and_what_is_typed_as_a_confirmation_never() {
    let mut page = page();
    review(&mut page, "web-01", Scenario::ReplaceDisks);
    let mut saves = |edit: Edit| {
        page.saved.clear();
        page.say(Msg::Edit(edit));
        page.saved.iter().filter(|told| told.key() == DRAFTS).count()
    };
    assert_eq!(saves(Edit::Confirm("web".to_owned())), 0);
    assert_eq!(saves(Edit::EdgeZone(true)), 1);
    assert_eq!(saves(Edit::EdgeZone(true)), 0, "the same choice once more is no change");
}

#[test]
fn a_filter_shows_the_list_from_its_beginning_and_show_all_keeps_the_search() {
    let mut page = page();
    page.state.view.search = "web".to_owned();
    let text = |t: &str| t.to_owned();
    let filters = [
        Filter::From(text("2026-01-01")),
        Filter::To(text("2026-02-01")),
        Filter::Tier(text("Snapshot")),
        Filter::Consistency(text("Crash")),
    ];
    for filter in filters {
        page.state.view.rows = ROWS + 20;
        page.say(Msg::Filter(filter));
        assert_eq!(page.state.view.rows, ROWS);
    }
    let view = page.state.view.clone();
    assert_eq!([view.from, view.to, view.tier, view.consistency].concat(), "2026-01-012026-02-01SnapshotCrash");
    page.say(Msg::Filter(Filter::Clear));
    assert_eq!(page.state.view, ListOptions { search: text("web"), ..ListOptions::default() });
}

#[test]
fn what_is_downloaded_is_the_request_on_the_screen_and_the_record_of_one_restore_or_of_all() {
    let mut page = page();
    let point = review(&mut page, "web-01", Scenario::RestoreDisks);
    page.say(Msg::Download);
    assert_eq!(page.files, [page.state.plan(&point).unwrap().text()]);
    page.start_restore();
    start(&mut page, "web-02", Scenario::RestoreDisks);
    let (id, other) = (page.restore_id(), page.state.restores[1].id.clone());
    let json = |page: &mut Page, of: Option<ClientRequestId>| {
        page.files.clear();
        page.say(Msg::Record(of, ExportFormat::Json));
        page.files[0].clone()
    };
    let (one, all) = (json(&mut page, Some(id.clone())), json(&mut page, None));
    assert!(one.contains(id.as_str()) && all.contains(id.as_str()) && all.contains(other.as_str()));
    // The exchanges of the other one are not told with it, its trigger above all.
    assert!(one.contains(";web-02/") && !one.contains(other.as_str()) && !one.contains("web-01/"), "{one}");
    page.say(Msg::Record(Some(id.clone()), ExportFormat::Markdown));
    assert!(page.files[1].starts_with("# ") && page.files[1].contains(id.as_str()), "{}", page.files[1]);
    page.say(Msg::Record(Some(id), ExportFormat::Copied));
    assert_eq!(page.files.len(), 2, "what is copied is no file");
}
