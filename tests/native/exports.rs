//! A restore leaves the page as commands and as a link, and comes back to another browser.

use std::collections::BTreeMap;

use serde_json::Value;
use time::Duration;
use vm_restore::app::msg::{Edit, Msg};
use vm_restore::app::plans::{PlanDownload, PlanMsg};
use vm_restore::app::route::Route;
use vm_restore::export::az;
use vm_restore::export::commands::Tool;
use vm_restore::export::link::{Comparison, RestoreLink};
use vm_restore::recovery::manifest::manifest;
use vm_restore::restore::regional_id::RegionalId;
use vm_restore::restore::scenario::Scenario;

use crate::page::Page;
use crate::plans::{record, reviewed};
use crate::{clients, operator};

/// Journeys of azure-cli that spell the same request in more or fewer words than the export.
const SPELLED_OTHERWISE: [&str; 6] = [
    "VHD blobs by the flag",
    "in place, and a group",
    "rehydrated at high priority, days as az has them",
    "a priority that is not needed",
    "unmanaged disks into their own accounts",
    "unmanaged disks, and a group",
];

/// The options of a command line by their names.
fn options(line: &str) -> BTreeMap<String, String> {
    let mut found: Vec<(String, String)> = Vec::new();
    for word in line.split_whitespace() {
        match (word, found.last_mut()) {
            ("-t", _) => found.push(("--target-resource-group".to_owned(), String::new())),
            (name, _) if name.starts_with("--") => found.push((name.to_owned(), String::new())),
            (value, Some((_, last))) => *last = value.to_owned(),
            (value, None) => panic!("{value} belongs to no option"),
        }
    }
    found.into_iter().collect()
}

/// The options that azure-cli was run with, without those that name the recovery point.
fn ran_with(journey: &Value, world: &Value) -> BTreeMap<String, String> {
    let mut line = journey["options"].as_str().unwrap().to_owned();
    let account = journey["account"].as_str().unwrap_or_else(|| world["account"].as_str().unwrap());
    let account = account.rsplit('/').next().unwrap();
    let groups = &world["accountGroups"];
    let group = groups[account].as_str().unwrap_or_else(|| groups[""].as_str().unwrap());
    for (word, meant) in world["words"].as_object().unwrap() {
        line = line.replace(word.as_str(), meant.as_str().unwrap());
    }
    options(&format!("{line} --storage-account {account} --storage-account-resource-group {group}"))
}

#[test]
fn az_backup_gets_the_options_that_azure_cli_was_run_with_for_the_same_body() {
    let (world, base) = (clients::read("world.json"), clients::page());
    let (mut same, mut raw) = (0, Vec::new());
    for (name, journey, body) in clients::sent() {
        let page = &mut base.fork();
        if journey["page"]["refuses"].is_string() || journey["page"]["cannot"].is_string() {
            continue;
        }
        let point = clients::open(page, &journey, &body);
        clients::choose(page, &point, &journey);
        let plan = page.state.plan(&point).unwrap_or_else(|why| panic!("{name}: {why:?}"));
        let Ok(made) = az::restore_disks(&plan) else {
            raw.push(name);
            continue;
        };
        let of_point =
            ["--subscription", "--resource-group", "--vault-name", "--container-name", "--item-name", "--rp-name"];
        let (named, made): (Vec<_>, Vec<_>) = made.into_iter().partition(|(option, _)| of_point.contains(option));
        let value = |option: &str| named.iter().find(|(name, _)| *name == option).unwrap().1.clone();
        let item = format!(
            "/subscriptions/{}/resourceGroups/{}/providers/Microsoft.RecoveryServices/vaults/{}/backupFabrics/Azure/protectionContainers/{}/protectedItems/{}/recoveryPoints/{}",
            value(of_point[0]),
            value(of_point[1]),
            value(of_point[2]),
            value(of_point[3]),
            value(of_point[4]),
            value(of_point[5])
        );
        assert_eq!(item, point.id.as_str(), "{name}");
        if !SPELLED_OTHERWISE.contains(&name.as_str()) {
            let made: BTreeMap<String, String> =
                made.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
            assert_eq!(made, ran_with(&journey, &world), "{name}");
            same += 1;
        }
    }
    let is_raw =
        |name: &String| name.starts_with("secondary: ") || name.ends_with("data disk") || name == "two data disks";
    assert!(raw.iter().all(is_raw), "{raw:?}");
    assert!(same >= 40, "{same}");
}

/// A browser in which a restore is under review, and the link to it.
fn shared() -> (Page, RegionalId, String) {
    let mut page = operator::page();
    let point = operator::open(&mut page, "web-01");
    operator::choose(&mut page, &point, Scenario::AnotherVm);
    page.say(Msg::Edit(Edit::Reason("INC-1".to_owned())));
    page.say(Msg::CopyLink);
    let Some(Route::Linked(text)) = page.copied_address.clone() else { panic!("{:?}", page.copied_address) };
    (page, point, text)
}

#[test]
fn a_colleague_sees_the_same_request_and_starts_nothing_by_opening_the_link() {
    let (page, point, text) = shared();
    let plan = page.state.plan(&point).unwrap();
    let mut other = operator::page();
    other.say(Msg::Went(Route::Linked(text.clone())));
    assert!(other.state.drafts.is_empty(), "a link that is only opened changes nothing");
    other.say(Msg::ReviewLinked(text));
    assert_eq!(other.state.route, Route::Review(point.clone()));
    other.wait_until(Duration::minutes(1), |state| state.plan(&point).is_ok());
    let link = other.state.linked(&point).unwrap();
    assert_eq!(link.compare(&other.state.plan(&point).unwrap()), Comparison::Same);
    assert_eq!(other.state.plan(&point).unwrap().sha256, plan.sha256);
    assert_eq!(other.state.draft(&point).reason, "");
    assert_eq!(other.triggers(), 0);
    other.say(Msg::Edit(Edit::VmName("other".to_owned())));
    let link = other.state.linked(&point).unwrap();
    assert_ne!(link.compare(&other.state.plan(&point).unwrap()), Comparison::Same);
}

#[test]
fn own_settings_for_the_machine_are_not_lost_unasked() {
    let (mut page, point, text) = shared();
    let link = RestoreLink::read(&text).unwrap();
    assert!(!page.state.has_other_settings(&link), "they are the ones of the link");
    page.say(Msg::Edit(Edit::VmName("mine".to_owned())));
    assert!(page.state.has_other_settings(&link));
    page.say(Msg::Go(Route::Linked(text.clone())));
    assert_eq!(page.state.draft(&point).vm_name, "mine");
    page.say(Msg::ReviewLinked(text));
    assert_eq!(page.state.draft(&point).vm_name, "restored-by-test");
    assert_eq!(page.state.draft(&point).reason, "INC-1", "a link has none");
}

#[test]
fn a_link_of_another_cloud_is_not_taken_over() {
    let (mut page, _, text) = shared();
    let mut link: Value = serde_json::to_value(RestoreLink::read(&text).unwrap()).unwrap();
    link["cloud"] = "AzureElsewhere".into();
    let link: RestoreLink = serde_json::from_value(link).unwrap();
    let route = Route::Linked(link.text());
    page.say(Msg::Go(route.clone()));
    page.say(Msg::ReviewLinked(link.text()));
    assert_eq!((&page.state.route, page.state.linked.is_none()), (&route, true));
    assert!(!page.state.is_of_cloud(&link));
}

#[test]
fn the_files_are_those_that_the_commands_name() {
    let (mut page, point, _) = shared();
    let plan = page.state.plan(&point).unwrap();
    page.files.clear();
    page.say(Msg::DownloadCommands(None));
    page.say(Msg::DownloadCommands(Some(Tool::Curl)));
    assert_eq!(page.files[0], plan.text());
    assert!(page.files[1].contains(&plan.sha256), "{}", page.files[1]);
    assert_eq!(page.triggers(), 0);
}

#[test]
fn the_script_of_a_plan_holds_the_requests_of_its_manifest() {
    let (mut page, id) = reviewed(&[&["web-01"], &["web-02"]]);
    page.files.clear();
    page.say(Msg::Plan(PlanMsg::Download(id.clone(), PlanDownload::Script)));
    let text = page.files.remove(0);
    let manifest = manifest(&record(&page, &id).plan, &page.state.to_confirm(&record(&page, &id)));
    assert!(text.contains(&manifest.sha256) && manifest.bodies.len() == 2);
    let places: Vec<_> = manifest.bodies.iter().map(|(_, sha256)| text.find(&format!(" {sha256} ")).unwrap()).collect();
    let group = text.find("\nnext_group 2 ").unwrap();
    assert!(places[0] < group && group < places[1], "{text}");
    assert_eq!(page.triggers(), 0);
}
