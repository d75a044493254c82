//! The checks of the machines of a plan: each scope is read once, at low priority, and each machine is told what stands in its way.

use arm_sim::{Progress, Role, Simulator};
use time::Duration;
use vm_restore::app::fleet::status;
use vm_restore::app::key::Key;
use vm_restore::app::msg::Msg;
use vm_restore::app::needs::{self, Priority};
use vm_restore::app::plans::PlanMsg;
use vm_restore::app::route::Route;
use vm_restore::recovery::expansion::Expanded;
use vm_restore::recovery::plan::{Machine, PlanId};
use vm_restore::restore::regional_id::RegionalId;
use vm_restore::restore::scenario::Scenario;

use crate::operator::{begin, review};
use crate::page::Page;
use crate::plans::record;

/// A page with a plan of these machines, whose account has a role, in front of its settings.
fn planned(role: Role, first: &str, is_planned: impl Fn(&str) -> bool, scenario: Scenario) -> (Page, PlanId) {
    let mut simulator = Simulator::new(7, begin());
    simulator.set_progress(Progress::Timetable);
    simulator.set_role(role);
    let mut page = Page::open(simulator, begin());
    let point = review(&mut page, first, scenario);
    let draft = page.state.drafts.get(&point).unwrap().clone();
    page.say(Msg::Go(Route::Vms(Default::default())));
    let rows = status::rows(&page.state.catalog);
    let machines = rows.iter().filter(|row| is_planned(&row.name));
    let machines = machines.map(|row| Machine::new(RegionalId::from(row.id.clone()), &row.name)).collect();
    page.state.catalog.forget(|key| matches!(key, Key::Readiness(_)));
    page.sent.clear();
    page.say(Msg::Plan(PlanMsg::New(machines)));
    let Route::Plan(id) = page.state.route.clone() else { panic!("{:?}", page.state.route) };
    let mut plan = record(&page, &id).plan.clone();
    plan.mapping.scenario = Some(scenario);
    plan.mapping.staging_accounts = draft.staging_account.into_iter().collect();
    plan.mapping.other_network = draft.network;
    page.say(Msg::Plan(PlanMsg::Put(Box::new(plan))));
    page.wait_until(Duration::minutes(5), |_| false);
    (page, id)
}

/// The requests by which the page has asked what may stand in the way.
fn reads(page: &Page) -> Vec<&(String, String)> {
    let parts = ["Microsoft.Authorization", "/skus", "/usages", "checkPolicyRestrictions", "/Microsoft.Features"];
    page.sent.iter().filter(|(_, path)| parts.iter().any(|part| path.contains(part))).collect()
}

#[test]
fn each_scope_is_read_once_however_many_machines_share_it() {
    let in_plan = |name: &str| name.starts_with("fleet-00") || name.starts_with("fleet-01");
    let (page, id) = planned(Role::Owner, "fleet-0000", in_plan, Scenario::RestoreDisks);
    let record = record(&page, &id);
    let ready = page.state.expanded(&record).iter().filter_map(Expanded::ready).count();
    assert!(ready > 150, "{ready} of {}", record.plan.machines().count());
    let told = page.state.plan_readiness(&record);
    assert_eq!((told.all, told.known().count()), (ready, ready), "every machine was checked");
    assert!(told.together.is_some());
    let mut all = reads(&page);
    let count = all.len();
    all.sort();
    all.dedup();
    assert_eq!(all.len(), count, "something was read twice");
    let of_machines = all.iter().filter(|(_, path)| path.contains("/virtualMachines/")).count();
    assert!(count - of_machines < 20, "what machines share is read for all of them: {}", count - of_machines);
}

#[test]
fn what_an_account_lacks_is_told_once_for_the_whole_plan_and_at_each_machine() {
    let in_plan = |name: &str| ["web-01", "web-02", "sql-02"].contains(&name);
    let (page, id) = planned(Role::BackupOperator, "web-01", in_plan, Scenario::RestoreDisks);
    let record = record(&page, &id);
    let told = page.state.plan_readiness(&record);
    assert_eq!((told.all, told.known().count()), (3, 3));
    let missing = page.state.missing_actions_of_plan(&record);
    let mut scopes: Vec<String> = missing.iter().map(|one| one.scope.to_string()).collect();
    let count = scopes.len();
    scopes.dedup();
    assert!(count == scopes.len() && count > 3, "{scopes:?}");
    for found in told.known() {
        let problems = |id: &str| found.iter().find(|(check, _)| check.id == id).unwrap().1.problems().count();
        assert!(problems("permissions") > 0);
    }
}

#[test]
fn the_checks_of_a_plan_come_after_all_else_and_only_while_it_is_on_the_screen() {
    let in_plan = |name: &str| ["web-01", "web-02"].contains(&name);
    let (mut page, _) = planned(Role::Owner, "web-01", in_plan, Scenario::RestoreDisks);
    page.state.catalog.forget(|key| matches!(key, Key::Readiness(_)));
    page.state.plan_checks = Default::default();
    let needs = needs::of(&page.state);
    let is_check = |key: &Key| matches!(key, Key::Readiness(_));
    let first = needs.iter().position(|need| is_check(&need.key)).expect("nothing is checked");
    assert!(needs[first..].iter().all(|need| need.priority == Priority::Background));
    assert!(!needs::of_screen(&page.state).iter().any(is_check), "the page waits for none");
    page.say(Msg::Go(Route::Settings));
    assert!(!needs::of(&page.state).iter().any(|need| is_check(&need.key)));
}
