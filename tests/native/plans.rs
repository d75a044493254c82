//! Recovery plans as an operator runs them: started, halted, gone on with, in one tab and in several.

use std::collections::BTreeMap;
use std::rc::Rc;

use azure_backup::arm::id::ClientRequestId;
use time::Duration;
use vm_restore::app::msg::{Msg, Transport};
use vm_restore::app::plans::{ConfirmedMachine, PlanMsg, PlanRecord, RunCommand};
use vm_restore::app::records::Change;
use vm_restore::app::route::Route;
use vm_restore::app::saved::{PLANS, write};
use vm_restore::app::unsent::NotSendable;
use vm_restore::recovery::execution::{Ending, Execution, HaltReason};
use vm_restore::recovery::plan::{Advance, Group, Machine, PlanId, RecoveryPlan};
use vm_restore::restore::regional_id::RegionalId;
use vm_restore::restore::scenario::Scenario;
use vm_restore::restore::visible::visible_name;

use crate::operator::{find, page};
use crate::page::{Page, Told};

/// Machines of one vault, in two groups.
const GROUPS: [&[&str]; 2] = [&["web-01", "web-02"], &["sql-02", "web-03"]];

/// A page with a plan to restore the disks of these machines, reviewed.
pub(crate) fn reviewed(groups: &[&[&str]]) -> (Page, PlanId) {
    let mut page = page();
    let point = crate::operator::review(&mut page, groups[0][0], Scenario::RestoreDisks);
    let account = page.state.drafts.get(&point).and_then(|draft| draft.staging_account.clone()).unwrap();
    let machines = |page: &mut Page, names: &[&str]| -> Vec<Machine> {
        let machine = |name: &&str| Machine::new(RegionalId::from(find(page, name).id.clone()), name);
        names.iter().map(machine).collect()
    };
    let all: Vec<Vec<Machine>> = groups.iter().map(|names| machines(&mut page, names)).collect();
    page.say(Msg::Plan(PlanMsg::New(all.concat())));
    let Route::Plan(id) = page.state.route.clone() else { panic!("{:?}", page.state.route) };
    let mut plan = record(&page, &id).plan.clone();
    plan.mapping.scenario = Some(Scenario::RestoreDisks);
    let named = all.into_iter().zip(1..);
    let group =
        |(machines, number)| Group { name: format!("Group {number}"), advance: Advance::WhenRestored, machines };
    plan.groups = named.map(group).collect();
    plan.mapping.staging_accounts = vec![account];
    put(&mut page, plan);
    page.say(Msg::Go(Route::PlanReview(id.clone())));
    page.wait_until(Duration::minutes(2), |_| false);
    (page, id)
}

fn put(page: &mut Page, plan: RecoveryPlan) {
    page.say(Msg::Plan(PlanMsg::Put(Box::new(plan))));
}

pub(crate) fn record(page: &Page, id: &PlanId) -> Rc<PlanRecord> {
    page.state.plans.get(id).expect("the plan is gone").clone()
}

fn run(page: &Page, id: &PlanId) -> Execution {
    record(page, id).run.as_ref().expect("it was not started").execution.clone()
}

/// What the review shows.
fn shown(page: &Page, id: &PlanId) -> Rc<[ConfirmedMachine]> {
    let requests = page.state.to_confirm(&record(page, id));
    requests.iter().map(|(id, ready)| ConfirmedMachine::of(id, ready)).collect()
}

fn start_click(page: &Page, id: &PlanId) -> Msg {
    Msg::Plan(PlanMsg::Start { id: id.clone(), shown: shown(page, id), typed: String::new() })
}

pub(crate) fn start(page: &mut Page, id: &PlanId) {
    page.say(start_click(page, id));
}

fn command(page: &mut Page, id: &PlanId, command: RunCommand) {
    page.say(Msg::Plan(PlanMsg::Do(id.clone(), command)));
}

pub(crate) fn finish(page: &mut Page, id: &PlanId) {
    let id = id.clone();
    page.wait_until(Duration::hours(12), move |state| {
        state.plans.get(&id).and_then(|r| r.run.clone()).is_some_and(|run| run.execution.is_over())
    });
}

/// How the machines have ended, by name.
fn endings(page: &Page, id: &PlanId) -> BTreeMap<String, Option<Ending>> {
    let record = record(page, id);
    let run = &record.run.as_ref().unwrap().execution;
    let ending = |machine: &Machine| {
        let run = run.machine(&machine.id()).expect("a machine of the plan does not run");
        match run.progress {
            vm_restore::recovery::execution::Progress::Ended { ending, .. } => Some(ending),
            _ => None,
        }
    };
    record.plan.machines().map(|(_, machine)| (machine.name.clone(), ending(machine))).collect()
}

/// How often each machine was restored, by what reached Azure.
fn accepted(page: &Page) -> BTreeMap<String, usize> {
    let mut all = BTreeMap::new();
    for trigger in page.simulator.triggers().iter().filter(|trigger| trigger.accepted) {
        let restore =
            page.state.restores.iter().find(|r| r.id.as_str().eq_ignore_ascii_case(&trigger.client_request_id));
        *all.entry(restore.expect("a restore that the page does not know").vm.clone()).or_default() += 1;
    }
    all
}

fn each_once(groups: &[&[&str]]) -> BTreeMap<String, usize> {
    groups.iter().flat_map(|names| names.iter()).map(|name| ((*name).to_owned(), 1)).collect()
}

/// A page with a plan whose first requests never left, because no token came; and the page of the first of them.
fn with_unsent(machines: &[&[&str]]) -> (Page, PlanId, ClientRequestId) {
    let (mut page, id) = reviewed(machines);
    page.token_comes = || Err(Transport::SignIn("No token came.".to_owned()));
    start(&mut page, &id);
    page.wait_until(Duration::minutes(5), |_| false);
    let unsent: Vec<_> = page.state.restores.iter().map(|restore| restore.id.clone()).collect();
    assert!(!unsent.is_empty() && accepted(&page).is_empty());
    page.token_comes = || Ok(());
    page.say(Msg::Go(Route::Restore(unsent[0].clone())));
    (page, id, unsent[0].clone())
}

#[test]
fn what_never_left_and_was_sent_from_its_own_page_is_not_restored_once_more() {
    let machines: &[&[&str]] = &[&["web-01", "web-02"]];
    let (mut page, id, unsent) = with_unsent(machines);
    page.send_unsent(&unsent);
    page.wait_until(Duration::minutes(2), |_| false);
    command(&mut page, &id, RunCommand::Continue);
    finish(&mut page, &id);
    assert_eq!(accepted(&page), each_once(machines));
}

#[test]
fn what_never_left_and_was_replaced_by_its_plan_is_not_sent_from_its_own_page() {
    let machines: &[&[&str]] = &[&["web-01", "web-02"]];
    let (mut page, id, unsent) = with_unsent(machines);
    let shown = page.state.unsent_review(&unsent).unwrap().unwrap().sha256;
    // Any answer of Azure shows that there are tokens again.
    page.say(Msg::Go(Route::parse("#/vms")));
    page.say(Msg::Refresh);
    page.wait_until(Duration::minutes(1), |_| false);
    command(&mut page, &id, RunCommand::Continue);
    finish(&mut page, &id);
    assert_eq!(accepted(&page), each_once(machines));

    let refused = page.state.unsent_review(&unsent).unwrap().unwrap_err();
    assert!(matches!(refused, NotSendable::Replaced(_)), "{refused}");
    // A screen that has not been drawn anew since sends nothing either.
    page.say(Msg::SendUnsent { id: unsent.clone(), sha256: shown });
    page.wait_until(Duration::minutes(5), |_| false);
    assert_eq!(accepted(&page), each_once(machines));
}

#[test]
fn a_plan_that_is_read_anew_knows_how_its_restores_have_ended() {
    let (mut page, id) = reviewed(&[&["web-01"]]);
    start(&mut page, &id);
    let under_way = |page: &Page| run(page, &id).machines()[0].progress.is_under_way();
    page.wait_until(Duration::minutes(5), |state| state.restores.iter().any(|restore| restore.job_id().is_some()));
    assert!(under_way(&page));
    let older = write(&*record(&page, &id));
    finish(&mut page, &id);
    page.wait_until(Duration::minutes(1), |_| false);
    assert!(page.state.leading && !page.state.runs_plan(&id));

    let changes = vec![Change::Put((id.as_str().to_owned(), older))];
    page.say(Msg::RecordsChanged { store: PLANS.to_owned(), changes, kept: true });
    assert!(!under_way(&page), "{:?}", run(&page, &id).machines()[0].progress);
}

/// The answers to the requests are lost, and the jobs do not say which request they came of.
fn hide_whose_jobs_these_are(page: &mut Page) {
    page.spoil = Box::new(|request, answer| {
        let path = request.uri().path();
        if path.ends_with("/restore") {
            return Err(Transport::Network("Failed to fetch".to_owned()));
        }
        if !path.contains("/backupJobs") {
            return answer;
        }
        answer.map(|answer| {
            answer.map(|body| String::from_utf8_lossy(&body).replace("\"activityId\"", "\"hidden\"").into())
        })
    });
}

#[test]
fn a_job_that_may_be_of_somebody_elses_restore_opens_no_group() {
    let (mut page, id) = reviewed(&[&["web-01"], &["sql-02"]]);
    hide_whose_jobs_these_are(&mut page);
    start(&mut page, &id);
    page.wait_until(Duration::hours(12), |state| state.restores.iter().any(|r| r.is_guessed() && !r.is_running()));
    page.wait_until(Duration::hours(1), |_| false);
    assert_eq!(endings(&page, &id)["web-01"], Some(Ending::Lost));
    assert_eq!(accepted(&page).get("sql-02"), None, "its group waits for a restore that nobody has proved");
    command(&mut page, &id, RunCommand::OpenGroup(1));
    page.wait_until(Duration::hours(1), |_| false);
    assert_eq!(accepted(&page).get("sql-02"), Some(&1), "the operator has looked");
}

#[test]
fn a_plan_restores_each_machine_once_in_the_order_of_its_groups() {
    let (mut page, id) = reviewed(&GROUPS);
    let confirmed = shown(&page, &id);
    assert_eq!(confirmed.len(), 4, "{:?}", page.state.expanded(&record(&page, &id)));
    start(&mut page, &id);
    assert_eq!(page.state.route, Route::board(id.clone()), "the operator stays with the plan");
    finish(&mut page, &id);
    assert_eq!(accepted(&page), each_once(&GROUPS));
    assert!(endings(&page, &id).values().all(|ending| *ending == Some(Ending::Restored)), "{:?}", endings(&page, &id));
    let begun = |name: &str| page.state.restores.iter().find(|r| r.vm == name).unwrap().started;
    let ended = |name: &str| page.state.restores.iter().find(|r| r.vm == name).unwrap().last_change();
    for (first, second) in [("web-01", "sql-02"), ("web-02", "web-03")] {
        assert!(ended(first) <= begun(second), "{second} starts before {first} is restored");
    }
    for confirmed in confirmed.iter() {
        let place = |r: &&vm_restore::restore::run::RestoreRun| {
            r.submitted.as_ref().is_some_and(|asked| asked.point == confirmed.point)
        };
        let restore = page.state.restores.iter().find(place).expect("a point that was not on the screen");
        assert_eq!(restore.submitted.as_ref().unwrap().sha256, confirmed.sha256, "what was shown is what leaves");
    }
    assert_eq!(page.clicks_sent(), 4);
}

#[test]
fn a_halt_is_immediate_and_what_had_not_left_goes_out_when_the_operator_goes_on() {
    let (mut page, id) = reviewed(&GROUPS);
    page.hear(start_click(&page, &id));
    // The first request is prepared, and has not left.
    while page.state.launches.active().next().is_none() {
        assert!(page.step(), "nothing was started");
    }
    page.say(Msg::Plan(PlanMsg::Halt(id.clone())));
    page.wait_until(Duration::hours(2), |_| false);
    assert_eq!(page.clicks_sent(), 0);
    assert_eq!(run(&page, &id).halted().map(|halted| halted.why), Some(HaltReason::Operator));
    command(&mut page, &id, RunCommand::Continue);
    finish(&mut page, &id);
    assert_eq!(accepted(&page), each_once(&GROUPS));
    assert_eq!(page.clicks_sent(), 4);
}

#[test]
fn a_plan_whose_tab_is_closed_at_any_moment_halts_and_goes_on_after_a_review_without_restoring_anything_twice() {
    let (mut page, id) = reviewed(&GROUPS);
    page.hear(start_click(&page, &id));
    let mut moments = 0;
    loop {
        let mut other = page.fork();
        other.reload_at(Route::PlanReview(id.clone()));
        other.wait_until(Duration::minutes(10), |_| false);
        let sent = other.clicks_sent();
        if let Some(run) = record(&other, &id).run.as_ref().filter(|run| run.execution.has_more_to_start()) {
            let why = run.execution.halted().map(|halted| halted.why);
            assert!(matches!(why, Some(HaltReason::TabClosed)), "{why:?} at moment {moments}");
            other.wait_until(Duration::hours(2), |_| false);
            assert_eq!(other.clicks_sent(), sent, "a stored plan starts nothing");
        }
        // One request may have been on its way: it is searched for, and restored once more where the vault has no job of it.
        for _ in 0..2 {
            other.say(Msg::Go(Route::PlanReview(id.clone())));
            other.wait_until(Duration::minutes(1), |_| false);
            start(&mut other, &id);
            finish(&mut other, &id);
            command(&mut other, &id, RunCommand::RetryFailed);
        }
        let why = format!("moment {moments}: {:?} {:?}", endings(&other, &id), other.state.notice);
        assert_eq!(accepted(&other), each_once(&GROUPS), "{why}");
        assert!(endings(&other, &id).values().all(|ending| *ending == Some(Ending::Restored)), "{why}");
        moments += 1;
        if !page.step() && !page.wait() || page.state.restores.len() == 4 {
            break;
        }
    }
    assert!(moments > 15, "{moments}");
}

#[test]
fn a_plan_that_another_tab_tells_is_not_run_and_any_tab_can_halt_it() {
    let (mut page, id) = reviewed(&GROUPS);
    let mut other = page.fork();
    other.may_claim = false;
    other.may_lead = false;
    page.saved.clear();
    page.hear(start_click(&page, &id));
    while page.state.restores.is_empty() {
        assert!(page.step());
    }
    let tell = |from: &mut Page, to: &mut Page| {
        for told in std::mem::take(&mut from.saved) {
            if matches!(told, Told::Records(..)) {
                to.say(told.on_response(true));
            }
        }
    };
    tell(&mut page, &mut other);
    assert!(record(&other, &id).has_more_to_start(), "the other tab sees that it runs");
    other.wait_until(Duration::minutes(30), |_| false);
    assert_eq!(other.clicks_sent(), 0);
    command(&mut other, &id, RunCommand::Continue);
    assert_eq!(other.state.notice.as_ref().map(|notice| notice.title.as_str()), Some("Another tab runs this plan"));
    other.say(Msg::Plan(PlanMsg::Halt(id.clone())));
    tell(&mut other, &mut page);
    page.settle();
    let sent = page.clicks_sent();
    page.wait_until(Duration::hours(3), |_| false);
    assert_eq!(page.clicks_sent(), sent);
    assert_eq!(run(&page, &id).halted().map(|halted| halted.why), Some(HaltReason::Operator));
}

#[test]
fn requests_that_are_others_than_those_on_the_screen_do_not_start() {
    let (mut page, id) = reviewed(&GROUPS);
    let good = shown(&page, &id);
    let with = |change: &dyn Fn(&mut Vec<ConfirmedMachine>)| {
        let mut shown = good.to_vec();
        change(&mut shown);
        Msg::Plan(PlanMsg::Start { id: id.clone(), shown: shown.into(), typed: String::new() })
    };
    for wrong in [
        with(&|shown| shown[0].sha256 = "0".repeat(64)),
        with(&|shown| drop(shown.pop())),
        with(&|shown| shown.swap(0, 1)),
    ] {
        page.say(wrong);
        assert_eq!(page.state.notice.take().map(|notice| notice.title), Some("The requests changed".to_owned()));
    }
    page.say(with(&Vec::clear));
    assert!(record(&page, &id).run.is_none());
    let mut plan = record(&page, &id).plan.clone();
    // Another tab edits it while the browser is asked who may run it.
    plan.name = "another".to_owned();
    let text = write(&PlanRecord { plan, run: None });
    page.hear(start_click(&page, &id));
    let put = Change::Put((id.as_str().to_owned(), text));
    page.records.commit("vm-restore/plans", &[put]);
    page.settle();
    assert_eq!(page.state.notice.take().map(|notice| notice.title), Some("The plan changed".to_owned()));
    assert_eq!((page.clicks_sent(), page.state.restores.len()), (0, 0));
}

#[test]
fn a_plan_that_replaces_disks_starts_by_its_name_as_it_is_or_as_the_page_shows_it() {
    let (mut page, id) = reviewed(&[&["web-01"]]);
    let mut plan = record(&page, &id).plan.clone();
    plan.mapping.scenario = Some(Scenario::ReplaceDisks);
    plan.name = "rg\u{200b}app".to_owned();
    put(&mut page, plan);
    page.wait_until(Duration::minutes(2), |_| false);
    let click = |page: &Page, typed: &str| {
        Msg::Plan(PlanMsg::Start { id: id.clone(), shown: shown(page, &id), typed: typed.to_owned() })
    };
    assert_eq!(shown(&page, &id).len(), 1);
    for wrong in ["", "rgapp", "RG\u{200b}APP"] {
        page.say(click(&page, wrong));
        assert!(record(&page, &id).run.is_none(), "{wrong}");
    }
    for right in ["rg\u{200b}app".to_owned(), visible_name("rg\u{200b}app").into_owned()] {
        let mut page = page.fork();
        page.say(click(&page, &right));
        assert!(record(&page, &id).run.is_some(), "{right}");
    }
}

#[test]
fn nothing_starts_that_could_not_be_saved() {
    let (mut page, id) = reviewed(&GROUPS);
    page.can_save = false;
    start(&mut page, &id);
    page.wait_until(Duration::hours(1), |_| false);
    assert_eq!(page.clicks_sent(), 0);
    assert!(page.state.restores.is_empty(), "nothing of it is left");
    assert_eq!(run(&page, &id).halted().map(|halted| halted.why), Some(HaltReason::NotSaved));
    page.can_save = true;
    command(&mut page, &id, RunCommand::Continue);
    finish(&mut page, &id);
    assert_eq!(accepted(&page), each_once(&GROUPS));
}

#[test]
fn a_machine_that_is_being_restored_is_waited_for() {
    let (page, id) = reviewed(&[&["web-01", "web-02"]]);
    let confirmed = shown(&page, &id);
    let point = RegionalId::from(confirmed[0].point.clone());
    let mut other = page.fork();
    crate::operator::start(&mut other, "web-01", Scenario::RestoreDisks);
    assert_eq!(other.clicks_sent(), 1);
    assert_eq!(other.state.restores[0].place().and_then(|place| place.item()), point.item());
    other.say(Msg::Go(Route::PlanReview(id.clone())));
    start(&mut other, &id);
    let begun = |page: &Page| page.state.restores.iter().filter(|r| r.vm == "web-01").count();
    while other.state.restores.iter().all(|r| r.vm != "web-01" || r.is_running()) {
        assert_eq!(begun(&other), 1, "the one that runs is waited for");
        assert!(other.wait());
    }
    finish(&mut other, &id);
    assert_eq!(begun(&other), 2);
    let mut own: Vec<_> = other.state.restores.iter().filter(|r| r.vm == "web-01").collect();
    own.sort_by_key(|r| r.started);
    assert!(own[0].last_change() <= own[1].started);
}

#[test]
fn a_plan_that_was_started_is_not_edited_and_one_that_runs_is_not_deleted() {
    let (mut page, id) = reviewed(&GROUPS);
    start(&mut page, &id);
    let mut plan = record(&page, &id).plan.clone();
    plan.name = "another".to_owned();
    put(&mut page, plan);
    assert_ne!(record(&page, &id).plan.name, "another");
    page.say(Msg::Plan(PlanMsg::Remove(id.clone())));
    assert!(page.state.plans.get(&id).is_some());
    finish(&mut page, &id);
    page.say(Msg::Plan(PlanMsg::Remove(id.clone())));
    assert!(page.state.plans.get(&id).is_none());
    page.reload();
    assert!(page.state.plans.get(&id).is_none(), "it is removed from the browser");
}

#[test]
fn a_damaged_plan_is_set_aside_and_the_others_stay() {
    let (mut page, id) = reviewed(&GROUPS);
    start(&mut page, &id);
    let store = page.records.0.get_mut("vm-restore/plans").unwrap();
    let text = store.values().next().unwrap().clone();
    let other = "0f8fad5b-d9cb-469f-a165-70867728950e";
    let unsound = text.replace("\"group\":1", "\"group\":7").replace(id.as_str(), other);
    store.insert(other.to_owned(), unsound.clone());
    store.insert("another key".to_owned(), text.clone());
    store.insert("no plan".to_owned(), "[]".to_owned());
    page.reload();
    assert_eq!(page.state.plans.iter().count(), 1);
    let aside: Vec<&str> = page.state.quarantine.iter().map(|entry| entry.text.as_str()).collect();
    assert_eq!(aside.len(), 3);
    assert!(aside.contains(&unsound.as_str()) && aside.contains(&text.as_str()));
    assert_eq!(page.records.all("vm-restore/plans").len(), 1, "they are kept elsewhere");
}

#[test]
fn a_refresh_reads_the_machines_of_a_plan_anew() {
    let (mut page, id) = reviewed(&GROUPS);
    let points = |page: &Page| page.sent.iter().filter(|(_, path)| path.ends_with("/recoveryPoints")).count();
    let (before, was) = (points(&page), shown(&page, &id));
    page.say(Msg::Refresh);
    page.wait_until(Duration::minutes(2), |_| false);
    assert_eq!(points(&page) - before, 4, "the recovery points of each machine");
    assert_eq!(shown(&page, &id), was, "Azure says the same");
}
