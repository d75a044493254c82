//! A rehearsal: it goes nowhere from where something can be reached unless the operator says so, and lists what is to be deleted afterwards.

use time::Duration;
use vm_restore::app::list_status::ListStatus;
use vm_restore::app::msg::Msg;
use vm_restore::app::plans::{PlanDownload, PlanMsg};
use vm_restore::app::route::Route;
use vm_restore::recovery::plan::{Mode, PlanId, RecoveryPlan};
use vm_restore::recovery::rehearsal::{TargetNetwork, networks};
use vm_restore::restore::leftovers::commands;
use vm_restore::restore::scenario::Scenario;

use crate::page::Page;
use crate::plans::{finish, record, reviewed, start};

fn edit(page: &mut Page, id: &PlanId, change: impl FnOnce(&mut RecoveryPlan)) {
    let mut plan = record(page, id).plan.clone();
    change(&mut plan);
    page.say(Msg::Plan(PlanMsg::Put(Box::new(plan))));
    page.wait_until(Duration::minutes(2), |_| false);
}

/// A rehearsal that makes new machines of two, in the network of the originals.
fn rehearsed() -> (Page, PlanId) {
    let (mut page, id) = reviewed(&[&["web-01", "web-02"]]);
    edit(&mut page, &id, |plan| {
        plan.mode = Mode::Rehearsal;
        plan.mapping.scenario = Some(Scenario::AnotherVm);
        plan.mapping.name_pattern = "{name}-rehearsal".to_owned();
    });
    (page, id)
}

fn only_network(page: &Page, id: &PlanId) -> TargetNetwork {
    let record = record(page, id);
    let mut all = networks(&record.plan, &page.state.expanded(&record), &page.state);
    assert_eq!(all.len(), 1, "{all:?}");
    all.remove(0)
}

fn ready(page: &Page, id: &PlanId) -> usize {
    page.state.to_confirm(&record(page, id)).len()
}

/// Sends the machines to the network of that name in the group of the present one.
fn send_to(page: &mut Page, id: &PlanId, name: &str) {
    let other = only_network(page, id).id.parent().unwrap().child("virtualNetworks", name);
    edit(page, id, |plan| plan.mapping.other_network = Some(other));
}

#[test]
fn a_rehearsal_is_refused_in_the_network_of_the_originals_and_starts_in_an_isolated_one() {
    let (mut page, id) = rehearsed();
    let own = only_network(&page, &id);
    assert_eq!((own.id.name(), ready(&page, &id)), ("vnet-prod-weu", 0));
    let told = own.sentence();
    for words in
        ["the network of the original `web-01` and 1 more", "peered with `vnet-hub-weu`", "route table `rt-prod-weu`"]
    {
        assert!(told.contains(words), "{words}: {told}");
    }
    start(&mut page, &id);
    assert_eq!(page.triggers(), 0);

    send_to(&mut page, &id, "vnet-rehearsal-weu");
    assert!(!only_network(&page, &id).needs_operator(), "{:?}", only_network(&page, &id));
    assert_eq!(ready(&page, &id), 2);
    start(&mut page, &id);
    assert!(page.state.clean_up(&record(&page, &id)).is_none(), "it has not ended");
    finish(&mut page, &id);
    page.wait_until(Duration::minutes(2), |_| false);

    let left = page.state.clean_up(&record(&page, &id)).unwrap();
    assert_eq!(left.known, ListStatus::Complete);
    let of = |machine: &str, what: &str| left.all.iter().filter(|(of, one)| of == machine && one.what == what).count();
    assert_eq!((of("web-01", "Virtual machine"), of("web-01", "Network interface"), of("web-01", "Disk")), (1, 1, 3));
    assert_eq!((of("web-02", "Virtual machine"), of("web-02", "Disk")), (1, 2));
    let all: Vec<_> = left.all.iter().map(|(_, one)| one.clone()).collect();
    let commands = commands(&all);
    let names = |name: &str| commands.lines().any(|line| line.starts_with("az vm delete") && line.ends_with(name));
    assert!(names("/web-01-rehearsal") && !names("/web-01"), "{commands}");

    page.files.clear();
    page.say(Msg::Plan(PlanMsg::Download(id.clone(), PlanDownload::Markdown)));
    let report = page.files.remove(0);
    assert!(report.starts_with("# Rehearsal\n") && report.contains("\n## Clean up\n"), "{report}");
    assert!(report.contains(&format!("\n```\n{commands}\n```\n")), "{report}");
    assert!(!report.contains("allowed"), "{report}");
}

#[test]
fn a_network_that_the_operator_has_allowed_stands_in_the_manifest_and_the_report() {
    let (mut page, id) = rehearsed();
    let network = only_network(&page, &id).id;
    edit(&mut page, &id, |plan| plan.connected_networks = vec![network.clone()]);
    assert_eq!(ready(&page, &id), 2);
    let line = format!("Network allowed although not known to be isolated: {network}");
    page.files.clear();
    page.say(Msg::Plan(PlanMsg::Download(id.clone(), PlanDownload::Manifest)));
    let manifest = page.files.remove(0);
    assert!(manifest.starts_with(&format!("# Rehearsal\n# {line}\n")), "{manifest}");
    let shown = {
        let record = record(&page, &id);
        vm_restore::recovery::manifest::manifest(&record.plan, &page.state.to_confirm(&record))
    };
    assert_eq!(shown.text, manifest);
    let file = {
        page.say(Msg::Plan(PlanMsg::Download(id.clone(), PlanDownload::File)));
        page.files.remove(0)
    };
    start(&mut page, &id);
    page.wait_until(Duration::minutes(2), |_| false);
    assert_eq!(
        record(&page, &id).run.as_ref().unwrap().manifests,
        [shown.sha256],
        "what was shown is what was confirmed"
    );
    page.say(Msg::Plan(PlanMsg::Download(id.clone(), PlanDownload::Markdown)));
    assert!(page.files.remove(0).contains(&line));
    page.say(Msg::Imported(file));
    assert!(
        matches!(&page.state.route, Route::Plan(new) if *new != id),
        "a file with notes is read: {:?}",
        page.state.route
    );
}

#[test]
fn what_may_not_be_read_is_not_called_isolated() {
    let (mut page, id) = rehearsed();
    page.spoil = Box::new(|request, answer| match request.uri().path().contains("/routeTables/") {
        true => answer.map(|mut answer| {
            *answer.status_mut() = http::StatusCode::FORBIDDEN;
            *answer.body_mut() = r#"{"error":{"code":"AuthorizationFailed","message":"no"}}"#.into();
            answer
        }),
        false => answer,
    });
    page.say(Msg::Refresh);
    page.wait_until(Duration::minutes(5), |_| false);
    let told = only_network(&page, &id).sentence();
    assert!(
        told.contains(
            "the route table `rt-prod-weu` couldn't be read (missing permission `Microsoft.Network/routeTables/read`"
        ),
        "{told}"
    );
    assert_eq!(ready(&page, &id), 0);
}
