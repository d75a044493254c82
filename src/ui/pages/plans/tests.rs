use std::rc::Rc;

use azure_backup::arm::cloud::Cloud;
use azure_backup::arm::fault::Fault;
use azure_backup::arm::id::ClientRequestId;
use time::Duration;

use crate::app::plans::{PlanRecord, PlanRun, RunStep, RunningPlan};
use crate::app::route::Route;
use crate::app::saved::OnSignOut;
use crate::app::session::{Session, TokenClaims};
use crate::app::state::State;
use crate::recovery::execution::{Ending, Event, Execution, HaltReason, MachineToRun};
use crate::recovery::plan::{
    Advance, FormatVersion, Group, Machine, MachineId, Mapping, Mode, Pacing, PlanId, PointRule, RecoveryPlan,
};
use crate::restore::regional_id::RegionalId;
use crate::restore::sample;
use crate::restore::scenario::Scenario;
use crate::ui::pages::tests::{assert_sound, at, state};

fn restore(number: usize) -> ClientRequestId {
    ClientRequestId::parse(&format!("0f8fad5b-d9cb-469f-a165-{number:012}")).unwrap()
}

fn id() -> PlanId {
    PlanId::from(restore(77))
}

fn machine(name: &str) -> Machine {
    let vault = sample::facts().vault.id.clone();
    Machine::new(RegionalId::from(vault.child("protectedItems", name)), name)
}

fn key(name: &str) -> MachineId {
    machine(name).id()
}

/// A plan of two groups that runs, after these events.
fn board(events: &[(&str, Event)], change: impl Fn(&mut Execution)) -> State {
    let (mut state, _) = state(Some(Scenario::RestoreDisks));
    let names = [["dc-01", "dc-02"], ["web-01", "web-02"]];
    let group = |names: &[&str; 2]| Group {
        name: format!("Group of {}", names[0]),
        advance: Advance::WhenRestored,
        machines: names.iter().map(|name| machine(name)).collect(),
    };
    let plan = RecoveryPlan {
        version: FormatVersion,
        id: id(),
        name: "rg-app".to_owned(),
        reason: String::new(),
        mode: Mode::Recovery,
        owner: state.identity().owner,
        cloud: state.cloud_name().to_owned(),
        created: state.now,
        point_rule: PointRule::default(),
        mapping: Mapping::default(),
        connected_networks: Vec::new(),
        groups: names.iter().map(group).collect(),
        pacing: Pacing::default(),
        stop_after_failures: None,
    };
    let to_run =
        plan.machines().map(|(group, machine)| MachineToRun { id: machine.id(), vault: "v".to_owned(), group });
    let advances = [Advance::WhenRestored; 2];
    let mut execution = Execution::start(to_run.collect(), &advances, plan.pacing, None, state.now);
    for (number, (name, event)) in events.iter().enumerate() {
        let at = state.now + Duration::minutes(i64::try_from(number).unwrap());
        execution.on_event(&key(name), event.clone(), at);
    }
    change(&mut execution);
    state.plans.put(Rc::new(PlanRecord {
        plan,
        run: Some(PlanRun { execution, confirmed: Vec::new(), manifests: Vec::new() }),
    }));
    state
}

/// The tab that runs it.
fn runs(mut state: State) -> State {
    let identity = state.identity();
    state.running_plans.push(RunningPlan { plan: id(), identity, step: RunStep::Running, requests: Rc::default() });
    state
}

fn html(state: &State) -> String {
    let html = at(state, Route::board(id()));
    assert_sound(&html, "board");
    html
}

/// The places of these texts in the page.
fn order(html: &str, texts: &[&str]) -> Vec<usize> {
    let mut places: Vec<(usize, usize)> = texts
        .iter()
        .enumerate()
        .map(|(at, text)| (html.find(text).unwrap_or_else(|| panic!("no {text}: {html}")), at))
        .collect();
    places.sort_unstable();
    places.into_iter().map(|(_, at)| at).collect()
}

#[test]
fn what_failed_comes_first_and_what_runs_leads_to_its_restore() {
    let running = ClientRequestId::parse("0f8fad5b-d9cb-469f-a165-70867728950e").unwrap();
    let events = [
        ("dc-01", Event::Triggered(running.clone())),
        ("dc-01", Event::Accepted),
        ("dc-02", Event::Triggered(restore(2))),
        ("dc-02", Event::Ended(Ending::Refused)),
    ];
    let html = html(&runs(board(&events, |_| ())));
    assert_eq!(order(&html, &[">dc-02<", ">dc-01</", ">web-01<"]), [0, 1, 2], "{html}");
    assert!(html.contains(&format!("href=\"{}\"", Route::Restore(running).hash())), "{html}");
    assert!(!html.contains(&Route::Restore(restore(2)).hash()), "its record is gone: nothing leads there");
    assert!(html.contains("0 restored · 1 running · 2 waiting · 1 not restored"), "{html}");
    assert!(html.contains(">Retry failed</button>") && html.contains(">Halt</button>"), "{html}");
    assert!(html.contains("aria-label=\"Start now: Group of web-01\""), "{html}");
    assert!(html.contains("aria-label=\"Skip dc-02\"") && !html.contains("aria-label=\"Skip dc-01\""), "{html}");
}

/// The number beside a label of the wall.
fn figure<'a>(html: &'a str, label: &str) -> &'a str {
    let after = html.split_once(&format!("<dt>{label}</dt><dd>")).unwrap_or_else(|| panic!("no {label}: {html}")).1;
    after.split_once('<').unwrap().0
}

#[test]
fn the_wall_shows_the_figures_that_are_known_and_no_others() {
    let wall = |state: &State| {
        let html = at(state, Route::Wall(id()));
        assert_sound(&html, "wall");
        html
    };
    let events = [
        ("dc-01", Event::Triggered(restore(1))),
        ("dc-01", Event::Ended(Ending::Restored)),
        ("dc-02", Event::Triggered(restore(2))),
        ("dc-02", Event::Ended(Ending::Refused)),
    ];
    let html = wall(&board(&events, |_| ()));
    let figures = ["Restored", "Running", "Waiting", "Not restored", "Skipped"].map(|of| figure(&html, of));
    assert_eq!(figures, ["1", "0", "2", "1", "0"], "each of the four once: {html}");
    assert!(html.contains(">1 of these needs attention<"), "{html}");
    assert!(html.contains("25%") && html.contains("1 of 4 VMs restored") && html.contains(">dc-02<"), "{html}");
    assert!(html.contains("Running for") && !html.contains(">dc-01<"), "{html}");
    assert!(!html.contains("Azure estimates") && !html.contains("Last checked"), "nobody knows: {html}");
    assert!(html.contains(&Route::board(id()).hash()) && !html.contains("aria-label=\"Main\""), "{html}");
    // In the tab that runs it, what nobody has reviewed here waits for somebody.
    assert!(wall(&runs(board(&events, |_| ()))).contains(">3 of these need attention<"));
    let halted = wall(&board(&events, |execution| execution.halt(HaltReason::Operator, sample_time())));
    assert!(halted.contains(">3 of these need attention<"), "{halted}");
    assert!(halted.contains("vmr-wall-halted"), "{halted}");
    assert!(wall(&state(None).0).contains("This plan isn't running"));
}

#[test]
fn a_halted_plan_says_why_and_how_it_continues() {
    let state = board(&[], |execution| execution.halt(HaltReason::TabClosed, sample_time()));
    let html = html(&state);
    assert!(html.contains("The tab that ran this plan was closed.") && !html.contains(">Halt</button>"), "{html}");
    assert!(html.contains("Review what's left") && !html.contains(">Continue</button>"), "{html}");
}

fn sample_time() -> time::OffsetDateTime {
    time::macros::datetime!(2026-05-14 11:46 UTC)
}

#[test]
fn a_plan_that_is_not_there_or_another_accounts_is_not_shown() {
    let gone = html(&state(None).0);
    assert!(gone.contains("This plan isn't running"), "{gone}");
    let mut other = board(&[], |_| ());
    let mut record = (**other.plans.get(&id()).unwrap()).clone();
    record.plan.cloud = "another".to_owned();
    other.plans.put(Rc::new(record));
    assert!(html(&other).contains("This plan isn't running"));
}

#[test]
fn the_plans_of_the_account_are_listed_beside_its_restores() {
    let listed = |state: &State| {
        let html = at(state, Route::restores());
        assert_sound(&html, "restores");
        html
    };
    assert!(!listed(&state(None).0).contains("Recovery plans"), "there is none");
    let waits = listed(&board(&[], |_| ()));
    assert!(waits.contains(&Route::board(id()).hash()) && waits.contains("0 restored · 4 waiting"), "{waits}");
    let halted = listed(&board(&[], |execution| execution.halt(HaltReason::Operator, sample_time())));
    assert!(halted.contains(">Halted<"), "{halted}");
    let mut other = board(&[], |_| ());
    let mut record = (**other.plans.get(&id()).unwrap()).clone();
    record.run = None;
    other.plans.put(Rc::new(record.clone()));
    let ready = listed(&other);
    assert!(ready.contains(&Route::Plan(id()).hash()) && ready.contains("4 VMs"), "{ready}");
    record.plan.cloud = "another".to_owned();
    other.plans.put(Rc::new(record));
    assert!(!listed(&other).contains("Recovery plans"));
}

#[test]
fn another_tab_that_runs_the_plan_is_named() {
    let html = html(&board(&[], |_| ()));
    assert!(html.contains("Another tab runs this plan.") && html.contains(">Halt</button>"), "{html}");
}

#[test]
fn leaving_or_clearing_says_which_plan_it_halts_or_removes() {
    let elsewhere = board(&[], |_| ());
    let here = runs(board(&[], |_| ()));
    let halts = "Halts before all its restores have started: the recovery plan <code><bdi>rg-app</bdi></code>.";
    assert!(!at(&elsewhere, Route::Account).contains("Halts before"));
    assert!(at(&here, Route::Account).contains(halts), "{}", at(&here, Route::Account));
    let clears = "Recovery plans that this tab runs halt";
    assert!(!at(&elsewhere, Route::Settings).contains(clears) && at(&here, Route::Settings).contains(clears));
    let mut leaves = elsewhere;
    leaves.session = Session::Token(TokenClaims::default());
    leaves.settings.on_sign_out = OnSignOut::Delete;
    let mut record = (**leaves.plans.get(&id()).unwrap()).clone();
    (record.plan.owner, record.plan.cloud) = (leaves.identity().owner, leaves.cloud_name().to_owned());
    leaves.plans.put(Rc::new(record));
    assert!(at(&leaves, Route::Account).contains("1 recovery plan"), "{}", at(&leaves, Route::Account));
}

#[test]
fn a_rejected_restore_names_azures_error_in_its_row() {
    let (mut state, id) = (board(&[], |_| ()), restore(1));
    let mut refused = state.restores[0].clone();
    refused.id = id.clone();
    refused.on_sending(state.now);
    let fault = Fault::reported("POST restore", "UserErrorX", "No.").with_status(400);
    refused.on_trigger_response(Err(&fault), &Cloud::public(), state.now);
    state.restores = vec![refused].into();
    let events = [("dc-01", Event::Triggered(id)), ("dc-01", Event::Ended(Ending::Refused))];
    state.plans = board(&events, |_| ()).plans;
    for page in [html(&state), at(&state, Route::restores())] {
        assert!(page.contains("Rejected by Azure</span><small>UserErrorX</small>"), "{page}");
    }
}

#[test]
fn a_plan_that_is_over_says_how_long_it_took() {
    let running = board(&[], |_| ());
    let names = ["dc-01", "dc-02", "web-01", "web-02"];
    let over = names.map(|name| (name, Event::Triggered(restore(1))));
    let ends = names.map(|name| (name, Event::Ended(Ending::Restored)));
    let mut over = board(&[over, ends].concat(), |_| ());
    over.now += Duration::hours(5);
    assert!(html(&running).contains("Running for"), "{}", html(&running));
    assert!(html(&over).contains("Took 7 min"), "{}", html(&over));
}
