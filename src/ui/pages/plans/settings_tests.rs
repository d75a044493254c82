use std::rc::Rc;

use azure_backup::arm::id::{ClientRequestId, Region, SubscriptionId};
use azure_backup::backup::lookups::DiskAccess;
use azure_backup::backup::validate::Finding;
use time::Duration;

use crate::app::check::{Check, CheckStage};
use crate::app::dry_run::DryRun;
use crate::app::effect::CallId;
use crate::app::key::{Answer, Key};
use crate::app::plans::PlanRecord;
use crate::app::route::Route;
use crate::app::state::State;
use crate::recovery::plan::{GroupRule, Machine, PlanId, RecoveryPlan};
use crate::restore::draft::DiskNetworkAccess;
use crate::restore::regional_id::RegionalId;
use crate::restore::sample;
use crate::restore::scenario::Scenario;
use crate::ui::pages::tests::{assert_sound, at, state};

fn id() -> PlanId {
    PlanId::from(ClientRequestId::parse("0f8fad5b-d9cb-469f-a165-70867728950e").unwrap())
}

/// A state with a plan of the machine of the sample that restores disks into a group, after a change.
fn planned(change: impl Fn(&mut RecoveryPlan)) -> State {
    let (mut state, _) = state(Some(Scenario::RestoreDisks));
    state.restores = Vec::new().into();
    let mut plan = crate::recovery::sample::plan(&[]);
    plan.owner = state.identity().owner;
    plan.cloud = state.cloud_name().to_owned();
    plan.groups[0].machines = vec![Machine::new(RegionalId::from(sample::facts().item.id.clone()), "web-01")];
    plan.mapping.scenario = Some(Scenario::RestoreDisks);
    plan.mapping.resource_group = GroupRule::One(sample::id("target"));
    change(&mut plan);
    state.plans.put(Rc::new(PlanRecord { plan, run: None }));
    state
}

fn settings(state: &State) -> String {
    let html = at(state, Route::Plan(id()));
    assert_sound(&html, "settings of a plan");
    html
}

fn review(state: &State) -> String {
    let html = at(state, Route::PlanReview(id()));
    assert_sound(&html, "review of a plan");
    html
}

#[test]
fn a_machine_that_is_ready_shows_its_point_and_what_will_happen() {
    let html = settings(&planned(|_| {}));
    assert!(html.contains("1 of 1 VMs can start") && html.contains(">Ready<"), "{html}");
    assert!(html.contains("as managed disks in") && html.contains("App-consistent"), "{html}");
}

#[test]
fn a_machine_without_a_point_in_time_offers_the_first_one_after() {
    let taken = sample::facts().point.time;
    let html = settings(&planned(|plan| plan.point_rule.at_or_before = Some(taken - Duration::HOUR)));
    assert!(html.contains("no recovery point at or before") && html.contains("0 of 1 VMs can start"), "{html}");
    assert!(
        html.contains("aria-label=\"Use 08:49 for web-01: the first point after the cut-off, 2026-05-14 08:49 UTC\""),
        "{html}"
    );
    assert!(html.contains("aria-label=\"Use another point for web-01\""), "{html}");
    let mut without = planned(|_| {});
    let key = Key::Points(sample::facts().item.id.clone());
    without.catalog.entry_mut(&key).value = Some(Answer::Points([].into()));
    let none = settings(&without);
    assert!(none.contains("This VM has no recovery point.") && !none.contains("Use another point"), "{none}");
    let by_hand = settings(&planned(|plan| {
        plan.point_rule.at_or_before = Some(taken - Duration::HOUR);
        plan.groups[0].machines[0].point = Some(sample::facts().point.name.clone());
    }));
    assert!(
        by_hand.contains("1 h 00 min after the cut-off") && by_hand.contains("Undo the exception for web-01"),
        "{by_hand}"
    );
}

#[test]
fn what_the_whole_plan_lacks_is_told_once_and_no_machine_needs_a_decision_for_it() {
    const ASKED: &str = "Choose what to restore";
    let html = settings(&planned(|plan| plan.mapping.scenario = None));
    assert_eq!(html.matches(ASKED).count(), 1, "{html}");
    assert!(html.contains(">Waiting<") && !html.contains("Needs your decision"), "{html}");
    assert!(html.contains("1 VM: 1 waiting") && !html.contains("data-tone=\"bad\""), "{html}");
    assert!(review(&planned(|plan| plan.mapping.scenario = None)).contains(ASKED));
    assert!(!settings(&planned(|_| {})).contains(ASKED));
}

#[test]
fn the_age_of_a_point_says_what_it_is_counted_from() {
    let taken = sample::facts().point.time;
    let age = |limit| settings(&planned(move |plan| plan.point_rule.at_or_before = Some(limit)));
    assert!(age(taken + Duration::minutes(163)).contains(">2 h 43 min before the cut-off<"));
    assert!(age(taken).contains(">At the cut-off<"));
    assert!(!settings(&planned(|_| {})).contains("before the cut-off"));
}

#[test]
fn what_was_left_out_can_be_included_again() {
    let html = settings(&planned(|plan| plan.groups[0].machines[0].skipped = Some("No".to_owned())));
    assert!(html.contains("Include web-01") && !html.contains("aria-label=\"Skip web-01\""), "{html}");
}

#[test]
fn the_review_shows_every_request_and_the_manifest_of_all() {
    let state = planned(|_| {});
    let html = review(&state);
    let record = state.plans.get(&id()).unwrap();
    let requests = state.to_confirm(record);
    let manifest = crate::recovery::manifest::manifest(&record.plan, &requests);
    assert_eq!(requests.len(), 1);
    assert!(html.contains(&manifest.sha256) && html.contains(&requests[0].1.plan.sha256[..8]), "{html}");
    assert!(html.contains(">Start 1 restore</button>") && !html.contains("confirm"), "{html}");
}

#[test]
fn a_plan_that_changes_machines_in_place_asks_for_its_name() {
    let html = review(&planned(|plan| plan.mapping.scenario = Some(Scenario::ReplaceDisks)));
    assert!(html.contains("1 VM is stopped, and the disks are replaced"), "{html}");
    let (before, _) = html.split_once(">Start 1 restore</button>").unwrap();
    assert!(before.rsplit('<').next().unwrap().contains(" disabled"), "{html}");
}

#[test]
fn nothing_can_be_started_where_nothing_is_ready() {
    let html = review(&planned(|plan| plan.mapping.scenario = None));
    assert!(html.contains(">Start 0 restores</button>"), "{html}");
    let (before, _) = html.split_once(">Start 0 restores</button>").unwrap();
    assert!(before.rsplit('<').next().unwrap().contains(" disabled"), "{html}");
    assert!(html.contains(">1 VM not included</a>") && html.contains("1 VM: 1 waiting"), "{html}");
}

#[test]
fn azures_opinion_stands_at_the_request_that_it_is_of_alone() {
    let mut state = planned(|_| {});
    assert!(review(&state).contains(">Validate all</button>"));
    let requests = state.to_confirm(state.plans.get(&id()).unwrap());
    let (machine, ready) = &requests[0];
    let plan = ready.plan.clone();
    let check = |sha256: &str, stage: CheckStage| {
        let mut run = DryRun::new(id(), state.now);
        let check = Check { sha256: sha256.to_owned(), plan: plan.clone(), since: state.now, stage };
        run.checks.insert(machine.clone(), check);
        Some(Rc::new(run))
    };
    let passed = check(&plan.sha256, CheckStage::Done(Vec::new()));
    let of_another = check("another", CheckStage::Done(Vec::new()));
    let found = check(&plan.sha256, CheckStage::Done(vec![Finding::new("UserErrorName", "The name vmName is taken.")]));
    let waits = check(&plan.sha256, CheckStage::Asking(CallId(1)));
    state.dry_run = passed;
    let html = review(&state);
    assert!(html.contains(">Validation passed<") && html.contains("1 passed"), "{html}");
    assert!(html.contains(">Validate again</button>"), "{html}");
    state.dry_run = of_another;
    let html = review(&state);
    assert!(!html.contains("Validation passed") && html.contains(">Validate all</button>"), "{html}");
    state.dry_run = found;
    let html = review(&state);
    assert!(html.contains("Azure found 1 issue") && html.contains("0 passed · 1 with issues"), "{html}");
    assert!(html.contains("The name vmName is taken."), "{html}");
    state.dry_run = waits;
    let html = review(&state);
    assert!(html.contains(">Stop</button>") && html.contains("1 to go"), "{html}");
    assert!(!html.contains("Validate all"), "{html}");
}

#[test]
fn the_form_of_an_exception_is_filled_with_what_the_plan_says() {
    let exception = |state: &State| {
        let machine = state.plans.get(&id()).unwrap().plan.groups[0].machines[0].id();
        let html = at(state, Route::PlanMachine(id(), machine));
        assert_sound(&html, "an exception");
        html
    };
    let html = exception(&planned(|_| {}));
    assert!(html.contains("As the plan decides") && html.contains("What you change here counts"), "{html}");
    assert!(!html.contains("Remove exception") && html.contains(">Done</a>"), "{html}");
    let own = planned(|plan| plan.groups[0].machines[0].point = Some(sample::facts().point.name.clone()));
    assert!(exception(&own).contains("Remove exception"));
    assert!(settings(&own).contains(">Exception<"));
    let gone = at(&own, Route::PlanMachine(id(), Machine::new(RegionalId::from(sample::id("x")), "x").id()));
    assert!(gone.contains("This plan isn"), "{gone}");
}

#[test]
fn a_plan_of_another_account_is_not_shown() {
    let html = settings(&planned(|plan| plan.owner = crate::restore::owner::Owner::new(Some("other"), None)));
    assert!(html.contains("This plan isn"), "{html}");
}

#[test]
fn each_network_of_the_machines_has_a_row_where_there_are_several() {
    let network = |name: &str| sample::id(&format!("rg/providers/Microsoft.Network/virtualNetworks/{name}"));
    let html = settings(&planned(|plan| {
        plan.mapping.scenario = Some(Scenario::AnotherVm);
        plan.mapping.networks =
            vec![crate::recovery::plan::NetworkRow { source: network("prod"), target: network("net") }];
    }));
    assert!(html.contains("In place of prod (0 VMs)"), "{html}");
    assert!(!settings(&planned(|plan| plan.mapping.scenario = Some(Scenario::AnotherVm))).contains("In place of"));
}

/// The select of this id, as HTML.
fn select_of<'a>(html: &'a str, id: &str) -> Option<&'a str> {
    let (_, rest) = html.split_once(&format!("<select id=\"{id}\""))?;
    rest.split("</select>").next()
}

#[test]
fn what_the_disks_of_some_machines_ask_for_is_asked_where_some_have_such_disks() {
    const ACCESS: &str = "plan-field-disk-network-access";
    let private = |decided: Option<DiskNetworkAccess>, away: bool| {
        let mut state = planned(|plan| plan.mapping.disk_network_access = decided);
        let mut point = sample::facts().point;
        Rc::make_mut(&mut point).private_access = Some(true);
        let own = sample::facts().vault_subscription().unwrap();
        let region = Region::new(if away { "eastus" } else { "westeurope" });
        let access = DiskAccess::new(sample::id("rg/providers/Microsoft.Compute/diskAccesses/access"), region);
        let mut read = |key: Key, answer: Answer| state.catalog.entry_mut(&key).value = Some(answer);
        read(Key::Point(point.id.clone()), Answer::Point(point.clone()));
        read(Key::DiskAccesses(own), Answer::DiskAccesses([Rc::new(access)].into()));
        settings(&state)
    };
    assert_eq!(select_of(&settings(&planned(|_| {})), ACCESS), None);
    let open = private(None, false);
    assert!(select_of(&open, ACCESS).unwrap().contains("Private access"), "{open}");
    assert!(
        open.contains("For 1 VM whose disks use private access.") && open.contains("0 of 1 VMs can start"),
        "{open}"
    );
    assert!(!open.contains("plan-field-disk-access"), "{open}");
    assert!(private(Some(DiskNetworkAccess::Public), false).contains("1 of 1 VMs can start"));
    let chosen = private(Some(DiskNetworkAccess::Private), false);
    let access = select_of(&chosen, "plan-field-disk-access").unwrap();
    assert!(access.contains("access · rg · westeurope") && !access.contains(" disabled"), "{access}");
    let away = private(Some(DiskNetworkAccess::Private), true);
    let access = select_of(&away, "plan-field-disk-access").unwrap();
    assert!(access.contains("isn't in the target region") && access.contains(" disabled"), "{access}");
}

#[test]
fn a_choice_that_some_machines_cannot_use_says_so_and_can_be_selected() {
    // The vault of the sample has no user-assigned identity; while the other machine is read, nobody knows of its vault.
    let html = settings(&planned(|_| {}));
    let access = select_of(&html, "plan-field-staging-access").unwrap();
    assert!(access.contains("Storage account key") && access.contains("system-assigned identity"), "{access}");
    assert!(!access.contains("not for all VMs"), "{access}");
    let without = |others: bool| {
        let mut state = planned(|plan| {
            let other = sample::id(
                "rg/providers/Microsoft.RecoveryServices/vaults/other/backupFabrics/Azure/protectionContainers/c/protectedItems/i",
            );
            if others {
                plan.groups[0].machines.push(Machine::new(RegionalId::from(other), "web-02"));
            }
        });
        let mut vault = sample::facts().vault;
        Rc::make_mut(&mut vault).identity = None;
        state.catalog.entry_mut(&Key::Vault(vault.id.clone())).value = Some(Answer::Vault(vault.clone()));
        settings(&state)
    };
    let html = without(false);
    assert!(select_of(&html, "plan-field-staging-access").unwrap().contains(" disabled"), "{html}");
    let html = without(true);
    let access = select_of(&html, "plan-field-staging-access").unwrap();
    assert!(access.contains("not for all VMs: the vault has no system-assigned identity"), "{access}");
    assert!(!access.contains(" disabled"), "{access}");
}

#[test]
fn the_target_subscription_is_asked_for_where_the_scenario_has_one() {
    const TARGET: &str = "plan-field-target-subscription";
    let html = settings(&planned(|_| {}));
    let target = select_of(&html, TARGET).unwrap();
    assert!(target.contains("Same as the vault") && target.contains(sample::ELSEWHERE), "{target}");
    assert_eq!(
        select_of(&settings(&planned(|plan| plan.mapping.scenario = Some(Scenario::ReplaceDisks))), TARGET),
        None
    );
    // While the machines are read anew, it is still there.
    let elsewhere = planned(|plan| plan.mapping.set_target_subscription(SubscriptionId::parse(sample::ELSEWHERE).ok()));
    let html = settings(&elsewhere);
    let target = select_of(&html, TARGET).unwrap();
    assert!(html.contains("1 loading") && target.contains("selected") && !target.contains("not in the list"), "{html}");
}
