//! Exceptions of a machine from the mapping of its plan, made in the ordinary form; and the plan that the demo offers to practice with.

use time::Duration;
use vm_restore::app::fleet::status;
use vm_restore::app::msg::{Edit, Msg};
use vm_restore::app::plans::{PlanMsg, is_exception};
use vm_restore::app::route::Route;
use vm_restore::recovery::expansion::{Expanded, Prospect};
use vm_restore::recovery::plan::{Machine, MachineId, PlanId};
use vm_restore::restore::regional_id::RegionalId;
use vm_restore::restore::scenario::Scenario;

use crate::operator::page;
use crate::page::Page;
use crate::plans::{record, reviewed, start};

const MACHINES: [&[&str]; 1] = [&["web-01", "web-02", "web-03"]];

fn hashes(page: &Page, id: &PlanId) -> Vec<String> {
    page.state.to_confirm(&record(page, id)).into_iter().map(|(_, ready)| ready.plan.sha256.clone()).collect()
}

fn machine(page: &Page, id: &PlanId, at: usize) -> MachineId {
    record(page, id).plan.groups[0].machines[at].id()
}

fn except(page: &mut Page, id: &PlanId, machine: &MachineId, edit: Edit) {
    page.say(Msg::Plan(PlanMsg::Except(id.clone(), machine.clone(), edit)));
    page.wait_until(Duration::minutes(1), |_| false);
}

#[test]
fn an_exception_changes_the_request_of_its_machine_alone_and_can_be_removed() {
    let (mut page, id) = reviewed(&MACHINES);
    let before = hashes(&page, &id);
    let second = machine(&page, &id, 1);
    page.say(Msg::Go(Route::PlanMachine(id.clone(), second.clone())));
    let (_, draft) = page.state.exception(&record(&page, &id), &second).expect("the form has nothing to show");
    assert_eq!(draft.scenario, Some(Scenario::RestoreDisks), "it is filled with what the plan says");
    assert!(draft.suggested.iter().any(|one| one.field == vm_restore::restore::field::Field::Scenario));
    except(&mut page, &id, &second, Edit::Scenario(Scenario::AnotherVm));
    except(&mut page, &id, &second, Edit::VmName("web-02-clean".to_owned()));
    let (facts, draft) = page.state.exception(&record(&page, &id), &second).unwrap();
    assert_eq!((draft.scenario, draft.vm_name.as_str()), (Some(Scenario::AnotherVm), "web-02-clean"));
    assert_eq!(facts.name_taken, Some(false), "the name was looked up");
    let exceptions = record(&page, &id).plan.machine(&second).unwrap().exceptions.clone();
    assert_eq!(exceptions.staging_account, None, "what the plan gives is no exception");
    let after = hashes(&page, &id);
    assert_eq!((&after[0], &after[2]), (&before[0], &before[2]));
    assert_ne!(after[1], before[1]);
    let own: Vec<bool> = record(&page, &id).plan.groups[0].machines.iter().map(is_exception).collect();
    assert_eq!(own, [false, true, false]);
    let mut plan = record(&page, &id).plan.clone();
    plan.machine_mut(&second).unwrap().exceptions = Default::default();
    page.say(Msg::Plan(PlanMsg::Put(Box::new(plan))));
    page.wait_until(Duration::minutes(1), |_| false);
    assert_eq!(hashes(&page, &id), before);
}

#[test]
fn a_finding_leads_to_its_field_of_its_machine() {
    let (mut page, id) = reviewed(&MACHINES);
    let second = machine(&page, &id, 1);
    let field = vm_restore::restore::field::Field::StagingAccount;
    page.say(Msg::Plan(PlanMsg::ShowField(id.clone(), second.clone(), field)));
    let form = Route::PlanMachine(id, second);
    assert_eq!(page.state.route, form);
    let asked = page.state.focus_request.as_ref().unwrap();
    assert_eq!((asked.field, &asked.on), (field, &form));
}

#[test]
fn a_plan_that_was_started_gets_no_exception_and_its_report_names_the_manifest() {
    let (mut page, id) = reviewed(&MACHINES);
    let manifest = {
        let record = record(&page, &id);
        vm_restore::recovery::manifest::manifest(&record.plan, &page.state.to_confirm(&record)).sha256
    };
    start(&mut page, &id);
    let first = machine(&page, &id, 0);
    except(&mut page, &id, &first, Edit::Scenario(Scenario::AnotherVm));
    assert!(!is_exception(&record(&page, &id).plan.groups[0].machines[0]));
    page.files.clear();
    page.say(Msg::Plan(PlanMsg::Download(id.clone(), vm_restore::app::plans::PlanDownload::Markdown)));
    assert!(page.files[0].contains(&manifest), "{}", page.files[0]);
}

#[test]
fn the_practice_has_forty_machines_with_the_obstacles_of_a_real_night() {
    let mut page = page();
    page.say(Msg::Go(Route::Connect));
    page.say(Msg::PractisePlan);
    let Route::Vms(view) = page.state.route.clone() else { panic!("{:?}", page.state.route) };
    let rows = status::rows(&page.state.catalog);
    let groups: Vec<&str> = view.values(vm_restore::app::fleet::Facet::Group).collect();
    let found = rows.iter().filter(|row| {
        groups.iter().any(|group| row.resource_group.as_deref().is_some_and(|of| of.eq_ignore_ascii_case(group)))
    });
    let machines: Vec<Machine> = found.map(|row| Machine::new(RegionalId::from(row.id.clone()), &row.name)).collect();
    assert_eq!(machines.len(), 40);
    page.say(Msg::Plan(PlanMsg::New(machines)));
    let Route::Plan(id) = page.state.route.clone() else { panic!("{:?}", page.state.route) };
    let mut plan = record(&page, &id).plan.clone();
    let limit = plan.point_rule.at_or_before.expect("the plan has no limit");
    assert_eq!((limit.hour(), limit.minute(), limit <= page.now), (2, 10, true));
    plan.mapping.scenario = Some(Scenario::AnotherVm);
    page.say(Msg::Plan(PlanMsg::Put(Box::new(plan))));
    page.wait_until(Duration::minutes(10), |_| false);
    let expanded = page.state.expanded(&record(&page, &id));
    let state = |name: &str| &expanded.iter().find(|one| one.name == name).unwrap_or_else(|| panic!("no {name}")).state;
    assert!(
        matches!(state("hr-encrypted-01"), Prospect::Blocked(_) | Prospect::Ready(_)),
        "{:?}",
        state("hr-encrypted-01")
    );
    assert!(matches!(state("new-01"), Prospect::NoPoint(_)), "it has no recovery point");
    assert_eq!(state("payroll-01"), &Prospect::Unread);
    let denied = expanded.iter().find(|one| one.name == "payroll-01").unwrap();
    let why = page.state.why_unread(&record(&page, &id), &denied.id).unwrap();
    assert!(why.starts_with("missing permission") && why.contains("recoveryPoints/read"), "{why}");
    assert!(expanded.iter().all(|one| one.state != Prospect::Reading), "something is never read");
    assert!(expanded.iter().filter(|one| Expanded::needs_operator(one)).count() >= 4);
}
