//! The checks of a restore over the simulator, by accounts with different roles; and the document that lists them:
//! `UPDATE_READINESS=1 cargo test --test native readiness` writes it anew.

use std::fs;
use std::path::Path;
use std::rc::Rc;

use arm_sim::{Progress, Role, Simulator};
use azure_backup::backup::recovery_point::{RecoveryPoint, Tier};
use time::Duration;
use vm_restore::app::key::Key;
use vm_restore::app::msg::{Edit, Msg};
use vm_restore::app::needs::{self, Priority};
use vm_restore::app::route::Route;
use vm_restore::app::state::State;
use vm_restore::readiness::{CHECKS, Findings, Outcome};
use vm_restore::restore::draft::RehydrationPriority;
use vm_restore::restore::field::Field;
use vm_restore::restore::regional_id::RegionalId;
use vm_restore::restore::scenario::Scenario;

use crate::operator::{begin, find, open, review};
use crate::page::Page;

const HEADING: &str = "## Checks";

#[test]
fn the_document_lists_every_check_with_its_source_and_remedy() {
    let rows: String = CHECKS
        .iter()
        .map(|check| format!("| {} | {} | {} | <{}> |\n", check.title, check.compares, check.remedy, check.link))
        .collect();
    let table = format!(
        "{HEADING}\n\n| check | what it compares | what to do about a problem | source |\n|---|---|---|---|\n{rows}"
    );
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/readiness.md");
    let text = fs::read_to_string(&path).unwrap();
    let at = text.find(HEADING).unwrap();
    if std::env::var_os("UPDATE_READINESS").is_some() {
        fs::write(&path, format!("{}{table}", &text[..at])).unwrap();
    } else {
        assert_eq!(&text[at..], table, "the checks are others; UPDATE_READINESS=1 writes this");
    }
}

/// A page whose account has a role, in front of the review of a restore.
fn reviewed(role: Role, scenario: Scenario) -> (Page, RegionalId) {
    let mut simulator = Simulator::new(7, begin());
    simulator.set_progress(Progress::Timetable);
    simulator.set_role(role);
    let mut page = Page::open(simulator, begin());
    let point = review(&mut page, "web-01", scenario);
    page.wait_until(Duration::minutes(2), |state| {
        state.readiness(&point).is_some_and(|all| all.iter().all(|(_, found)| !found.waits))
    });
    (page, point)
}

fn findings(page: &Page, point: &RegionalId, id: &str) -> Findings {
    let all = page.state.readiness(point).unwrap();
    all.into_iter().find(|(check, _)| check.id == id).unwrap().1
}

#[test]
fn an_owner_is_told_of_nothing_that_stands_in_the_way_and_each_scope_is_read_once() {
    for scenario in [Scenario::RestoreDisks, Scenario::AnotherVm, Scenario::ReplaceDisks] {
        let (page, point) = reviewed(Role::Owner, scenario);
        for (check, found) in page.state.readiness(&point).unwrap() {
            let fine = found.outcomes.iter().all(|one| *one == Outcome::NothingFound);
            assert!(fine && !found.waits, "{scenario:?} {}: {found:?}", check.id);
        }
        let checked = |(_, path): &&(String, String)| {
            ["Microsoft.Authorization", "/skus", "/usages", "checkPolicyRestrictions"]
                .iter()
                .any(|part| path.contains(part))
        };
        let mut reads: Vec<&(String, String)> = page.sent.iter().filter(checked).collect();
        let count = reads.len();
        reads.sort();
        reads.dedup();
        // Policies are asked for each type at one path.
        let kinds = if scenario == Scenario::AnotherVm { 3 } else { 1 };
        assert_eq!(reads.len() + kinds - 1, count, "{scenario:?}: {reads:?}");
    }
    let (page, point) = reviewed(Role::Owner, Scenario::AnotherVm);
    assert!(findings(&page, &point, "vcpu-quota").note.unwrap().ends_with(" vCPUs free"));
}

#[test]
fn a_backup_operator_is_told_what_is_missing_and_what_could_not_be_checked() {
    let (page, point) = reviewed(Role::BackupOperator, Scenario::AnotherVm);
    let scopes: Vec<String> =
        page.state.missing_actions(&point).iter().map(|one| one.scope.name().to_owned()).collect();
    assert_eq!(scopes.len(), 4, "original VM, network, account and group: {scopes:?}");
    for id in ["vm-size", "vcpu-quota", "policies", "providers", "addresses", "not-restored"] {
        let found = findings(&page, &point, id);
        let why: Vec<&str> = found.unknowns().collect();
        assert!(
            !why.is_empty() && why.iter().all(|why| why.starts_with("missing permission `Microsoft.")),
            "{id}: {why:?}"
        );
        assert!(why.iter().all(|why| why.ends_with("(built-in role: Reader)")), "{id}: {why:?}");
    }
    // What may not be read is a line of the section, not a fault of the page.
    assert!(findings(&page, &point, "locks").unknowns().next().is_none());
}

#[test]
fn who_may_activate_a_role_is_told_so_beside_the_permission_that_is_missing() {
    let remedies = |role: Role| -> Vec<String> {
        let (page, point) = reviewed(role, Scenario::RestoreDisks);
        findings(&page, &point, "permissions").problems().map(|(_, remedy)| remedy.to_owned()).collect()
    };
    let expected = "You're eligible for the role `Contributor` on `Contoso Production`: activate it in Privileged Identity Management (up to 8 hours; requires a justification).";
    let told = remedies(Role::Eligible);
    assert!(!told.is_empty() && told.iter().all(|remedy| remedy.ends_with(expected)), "{told:?}");
    assert!(remedies(Role::BackupOperator).iter().all(|remedy| !remedy.contains("eligible")));
}

#[test]
fn a_start_waits_for_no_check() {
    let (mut page, point) = reviewed(Role::Owner, Scenario::RestoreDisks);
    page.state.catalog.forget(|key| matches!(key, Key::Readiness(_)));
    assert!(page.state.readiness(&point).unwrap().iter().any(|(_, found)| found.waits));
    assert_eq!(page.state.facts_missing(&point), []);
    page.hear_first(page.click(false));
    assert!(page.step());
    assert_eq!(page.state.restores.len(), 1);
}

#[test]
fn checks_are_read_in_the_background_of_form_and_review_alone() {
    let (mut page, point) = reviewed(Role::Owner, Scenario::RestoreDisks);
    let of_checks = |page: &Page| {
        let needs = needs::of(&page.state);
        needs
            .into_iter()
            .filter(|need| matches!(need.key, Key::Readiness(_)))
            .map(|need| need.priority)
            .collect::<Vec<_>>()
    };
    let all = of_checks(&page);
    assert!(!all.is_empty() && all.iter().all(|priority| *priority == Priority::Background), "{all:?}");
    assert!(!needs::of_screen(&page.state).iter().any(|key| matches!(key, Key::Readiness(_))));
    page.say(Msg::Go(Route::Form(point)));
    assert_eq!(of_checks(&page), all);
    page.say(Msg::Go(Route::Settings));
    assert_eq!(of_checks(&page), []);
}

#[test]
fn the_form_tells_at_each_field_what_is_wrong_with_its_choice_before_the_rest_is_chosen() {
    let simulator = Simulator::new(7, begin());
    let mut page = Page::open(simulator, begin());
    let point = open(&mut page, "web-01");
    assert!(page.state.readiness(&point).is_none(), "nothing is to be restored yet");
    page.say(Msg::Edit(Edit::Scenario(Scenario::RestoreDisks)));
    let facts = page.state.facts(&point, &page.state.draft(&point)).unwrap();
    let group = |name: &str| {
        let groups = facts.lookups.groups.as_deref().unwrap();
        groups.iter().find(|group| group.id.name() == name).unwrap().id.clone()
    };
    let by_field = |page: &mut Page, name: &str| {
        page.say(Msg::Edit(Edit::TargetGroup(Some(group(name)))));
        page.wait_until(Duration::minutes(2), |state| {
            state.readiness(&point).is_some_and(|all| all.iter().all(|(_, found)| !found.waits))
        });
        page.state.readiness_by_field(&point, &page.state.readiness(&point).unwrap())
    };
    assert!(page.state.plan(&point).is_err(), "the staging account is open");
    let found = by_field(&mut page, "rg-frozen");
    assert!(
        matches!(&found[..], [(Field::TargetGroup, lock)] if lock.starts_with("The read-only lock `change-freeze`")),
        "{found:?}"
    );
    assert_eq!(by_field(&mut page, "rg-restore-weu"), []);
    // Another choice asks for what it alone needs.
    let asked = page.sent.iter().filter(|(_, path)| path.contains("/subscriptions/") && path.contains("/skus")).count();
    assert_eq!(asked, 0, "disks have no size");
}

/// A page whose account has a role, in front of the form of an archived recovery point.
fn archived(role: Role) -> (Page, RegionalId) {
    let mut simulator = Simulator::new(7, begin());
    simulator.set_progress(Progress::Timetable);
    simulator.set_role(role);
    let mut page = Page::open(simulator, begin());
    let item = find(&mut page, "files-01").id.clone();
    let points = page.state.catalog.get::<[Rc<RecoveryPoint>]>(&Key::Points(item)).unwrap();
    let point = RegionalId::from(points.iter().find(|p| p.tier() == Tier::VaultArchive).unwrap().id.clone());
    page.say(Msg::Go(Route::Form(point.clone())));
    page.say(Msg::Edit(Edit::Scenario(Scenario::RestoreDisks)));
    (page, point)
}

#[test]
fn what_a_rehydration_costs_is_asked_once_for_each_priority_that_is_chosen() {
    let asked = |page: &Page| page.sent.iter().filter(|(_, path)| path.ends_with("/fetchTieringCost")).count();
    let choose = |page: &mut Page, priority| page.say(Msg::Edit(Edit::RehydrationPriority(Some(priority))));
    let (mut page, point) = archived(Role::Owner);
    assert_eq!((asked(&page), page.state.rehydration_price(&point)), (0, None));
    choose(&mut page, RehydrationPriority::High);
    let loading = "Loading the price at high priority…";
    assert_eq!(page.state.rehydration_price(&point).as_deref(), Some(loading), "Azure tells it later");
    let told = |state: &State| state.rehydration_price(&point).is_some_and(|text| !text.starts_with("Loading"));
    page.wait_until(Duration::minutes(1), told);
    let price = page.state.rehydration_price(&point).unwrap();
    assert!(price.starts_with("Azure's retail price at high priority: 0.1 per GB per month, for "), "{price}");
    choose(&mut page, RehydrationPriority::Standard);
    page.wait_until(Duration::minutes(1), told);
    assert!(page.state.rehydration_price(&point).unwrap().contains("at standard priority: 0.02 per GB per month"));
    choose(&mut page, RehydrationPriority::High);
    page.say(Msg::Go(Route::Review(point.clone())));
    page.wait_until(Duration::hours(2), |_| false);
    assert_eq!((asked(&page), page.state.rehydration_price(&point)), (2, Some(price)), "it is read once");
    let of_cost = needs::of(&page.state).into_iter().find(|need| matches!(need.key, Key::RehydrationCost(..)));
    assert_eq!(of_cost.map(|need| need.priority), Some(Priority::Background));
}

#[test]
fn a_price_that_azure_does_not_tell_says_why_and_is_not_asked_for_again() {
    // What Azure accepts and then gives no address for, or never ends.
    let later = |address: Option<String>| {
        let answer = http::Response::builder().status(202);
        let answer = address.into_iter().fold(answer, |answer, address| answer.header("location", address));
        Ok(answer.body(bytes::Bytes::new()).unwrap())
    };
    let price = |endless: Option<bool>, role| {
        let (mut page, point) = archived(role);
        page.spoil = Box::new(move |request, answer| match (endless, request.uri().path()) {
            (Some(false), path) if path.ends_with("/fetchTieringCost") => later(None),
            (Some(true), path) if path.contains("/backupTieringCost/") => later(Some(request.uri().to_string())),
            _ => answer,
        });
        page.say(Msg::Edit(Edit::RehydrationPriority(Some(RehydrationPriority::High))));
        page.wait_until(Duration::hours(1), |_| false);
        let asked =
            page.sent.iter().filter(|(method, path)| method == "POST" && path.ends_with("/fetchTieringCost")).count();
        let polls = page.sent.iter().filter(|(_, path)| path.contains("/backupTieringCost/")).count() - asked;
        assert!(polls <= 12, "{polls} polls");
        (asked, page.state.rehydration_price(&point).unwrap())
    };
    let action = "Microsoft.RecoveryServices/vaults/backupTieringCost/fetchTieringCost/action";
    let refused =
        format!("Price at high priority not known: missing permission `{action}` (built-in role: Contributor).");
    assert_eq!(price(None, Role::BackupOperator), (1, refused));
    let nowhere = "Price at high priority not known: Azure accepted the request and gave no result.";
    for endless in [false, true] {
        assert_eq!(price(Some(endless), Role::Owner), (1, nowhere.to_owned()), "endless: {endless}");
    }
}
