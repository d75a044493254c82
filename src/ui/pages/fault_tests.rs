//! One message for each cause, and nothing on the screen that is not so.

use std::rc::Rc;

use azure_backup::arm::fault::Fault;
use azure_backup::arm::id::{ArmId, Region};
use azure_backup::backup::vault::Vault;
use time::Duration;

use super::tests::{assert_sound, at, state, without_graph};
use crate::app::catalog::PendingRead;
use crate::app::effect::CallId;
use crate::app::fleet::Facet;
use crate::app::fleet::view::FleetView;
use crate::app::key::{Answer, Key};
use crate::app::needs;
use crate::app::quotas::QuotaKind;
use crate::app::route::Route;
use crate::app::session::{Session, TokenClaims};
use crate::app::state::State;
use crate::restore::draft::Draft;
use crate::restore::sample;
use crate::restore::scenario::Scenario;

fn refused(status: u16, code: &str) -> Fault {
    let mut fault = Fault::reported("GET /items", code, "Azure's words.").with_status(status);
    fault.request_id = Some(format!("request-{status}"));
    fault
}

/// The machines of thirty vaults, of which the first `failed` fail with `fault`.
fn thirty(failed: usize, fault: &Fault) -> (State, Route) {
    let (mut state, _) = state(None);
    let facts = sample::facts();
    let own = state.subscription().unwrap();
    let vault = |n: usize| {
        let mut vault = (*facts.vault).clone();
        vault.id = ArmId::parse(&format!("{}-{n:02}", vault.id)).unwrap();
        vault.name = format!("vault-{n:02}");
        Rc::new(vault)
    };
    let vaults: Vec<Rc<Vault>> = (0..30).map(vault).collect();
    for (n, vault) in vaults.iter().enumerate() {
        let entry = state.catalog.entry_mut(&Key::Items(vault.id.clone()));
        if n < failed {
            entry.fault = Some(Rc::new(fault.clone()));
        } else {
            entry.value = Some(Answer::Items([facts.item.clone()].into()));
        }
    }
    state.catalog.entry_mut(&Key::Vaults(own)).value = Some(Answer::Vaults(vaults.into()));
    without_graph(&mut state);
    (state, Route::Vms(Default::default()))
}

fn state_at(state: &State, route: &Route) -> State {
    State { route: route.clone(), ..state.clone() }
}

/// How many notices there are besides the one that says where the machines come from.
fn notices(html: &str) -> usize {
    assert!(html.contains("Showing each vault's list"), "{html}");
    html.matches("class=\"vmr-notice\"").count() - 1
}

/// Azure Policy refuses with the status of a missing role, and which policy it is differs from vault to vault.
#[test]
fn what_policies_refuse_is_no_missing_permission_and_each_policy_is_named() {
    let (mut state, route) = thirty(4, &refused(403, "AuthorizationFailed"));
    let by_policy = |name: &str| {
        let info = serde_json::json!([{ "type": "PolicyViolation", "info": { "policyDefinitionName": name } }]);
        let mut fault = refused(403, "RequestDisallowedByPolicy");
        fault.additional = Some(Box::new(info));
        Rc::new(fault)
    };
    let keys: Vec<Key> =
        needs::of_screen(&state_at(&state, &route)).into_iter().filter(|k| matches!(k, Key::Items(_))).collect();
    for (key, name) in keys.iter().zip(["first-policy", "second-policy"]) {
        state.catalog.entry_mut(key).fault = Some(by_policy(name));
    }
    let html = at(&state, route);
    assert_eq!(notices(&html), 2, "{html}");
    assert!(html.contains("2 of 30 vaults couldn't be loaded: no permission</p>"), "{html}");
    assert!(html.contains("2 of 30 vaults couldn't be loaded: RequestDisallowedByPolicy (HTTP 403)</p>"), "{html}");
    for name in ["first-policy", "second-policy"] {
        assert!(html.contains(&format!("blocks this: policy “{name}”")), "{name}: {html}");
    }
}

#[test]
fn ten_vaults_of_thirty_that_are_denied_are_one_line_below_the_list() {
    let (state, route) = thirty(10, &refused(403, "AuthorizationFailed"));
    let html = at(&state, route);
    assert_sound(&html, "ten of thirty");
    assert_eq!(notices(&html), 1, "{html}");
    let line = html.find("10 of 30 vaults couldn't be loaded: no permission</p>").unwrap();
    assert!(html.find("</table>").unwrap() < line, "below the list: {html}");
    assert!(html.contains("20 VMs, may be incomplete"), "{html}");
    assert!(!html.contains("role=\"alert\"") && html.contains("data-tone=\"info\""), "{html}");
    assert_eq!(html.matches("request-403").count(), 10, "every id is there: {html}");
    for text in ["<details><summary>Show all 10</summary>", "Copy details", "Try again"] {
        assert!(html.contains(text), "{text}: {html}");
    }
    let said = html.rsplit("role=\"status\"").next().unwrap();
    assert!(said.contains("10 of 30 vaults couldn't be loaded: no permission."), "politely, once: {said}");
}

#[test]
fn where_nothing_could_be_read_the_message_stands_above() {
    let (state, route) = thirty(30, &refused(403, "AuthorizationFailed"));
    let html = at(&state, route);
    assert_eq!(notices(&html), 1, "{html}");
    assert!(html.contains("<div data-tone=\"bad\" class=\"vmr-notice\">"), "nothing is shown: {html}");
    let told = html.find("30 of 30 vaults couldn't be loaded").unwrap();
    assert!(told < html.find("Couldn't load this list").unwrap(), "{html}");
}

#[test]
fn a_call_that_failed_and_waits_is_not_said_to_be_reading() {
    let (mut state, route) = thirty(30, &refused(503, "ServiceUnavailable"));
    for key in items_of(&state) {
        state.catalog.entry_mut(&key).retry_at = Some(state.now + Duration::seconds(8));
    }
    let html = at(&state, route);
    assert!(html.contains("Retrying automatically") && !html.contains("Loading vaults"), "{html}");
    // Of thirty that are read again, none has come again.
    let (mut state, route) = thirty(0, &refused(503, "ServiceUnavailable"));
    for (n, key) in items_of(&state).iter().enumerate() {
        state.catalog.entry_mut(key).reading = Some(PendingRead::new(CallId(n as u64 + 1), state.now, 0));
    }
    let html = at(&state, route);
    assert!(html.contains("Loading vaults: 0 of 30"), "{html}");
}

fn items_of(state: &State) -> Vec<Key> {
    let vaults = state.catalog.get::<[Rc<Vault>]>(&Key::Vaults(state.subscription().unwrap())).unwrap();
    vaults.iter().map(|vault| Key::Items(vault.id.clone())).collect()
}

/// The form, of which every answer but the facts fails so.
fn form(fault: &Fault) -> (State, Route) {
    let (mut state, point) = state(Some(Scenario::AnotherVm));
    state.route = Route::Form(point);
    let keys = needs::of_screen(&state)
        .into_iter()
        .filter(|key| !matches!(key, Key::Point(_) | Key::Vault(_) | Key::Exists(_)));
    for key in keys.collect::<Vec<_>>() {
        state.catalog.entry_mut(&key).fault = Some(Rc::new(fault.clone()));
    }
    let route = state.route.clone();
    (state, route)
}

#[test]
fn a_browser_without_a_network_is_told_once_and_offered_no_other_region() {
    let (state, route) = form(&Fault::network("GET /x", "Failed to fetch"));
    let html = at(&state, route);
    assert_eq!(html.matches("No response from Azure to ").count(), 2, "once to see, once to hear: {html}");
    assert_eq!(html.matches("vmr-title\">").count(), 1, "{html}");
    assert!(!html.contains("Restore in the secondary region"), "{html}");
}

#[test]
fn the_secondary_region_is_offered_where_the_primary_one_may_be_at_fault() {
    let vault = sample::facts().vault.id.clone();
    for (fault, offered) in [
        (refused(503, "ServiceUnavailable"), true),
        (refused(500, "InternalServerError"), true),
        (Fault::timed_out("GET /x", 100), true),
        (refused(403, "AuthorizationFailed"), false),
        (refused(429, "TooManyRequests"), false),
        (Fault::token_late("GET /x", 60), false),
        (Fault::network("GET /x", "Failed to fetch"), false),
        (refused(404, "ResourceNotFound"), false),
    ] {
        let (mut state, _) = state(None);
        without_graph(&mut state);
        state.catalog.entry_mut(&Key::Items(vault.clone())).fault = Some(Rc::new(fault.clone()));
        let html = at(&state, Route::Vms(FleetView::only(Facet::Vault, vault.as_str())));
        assert_eq!(html.contains("Restore in the secondary region"), offered, "{fault:?}: {html}");
    }
}

#[test]
fn a_token_that_is_not_accepted_is_told_above_the_page_alone() {
    let fault = refused(401, "InvalidAuthenticationToken");
    let (mut state, route) = form(&fault);
    state.session = Session::Token(TokenClaims::default());
    state.sign_in_fault = Some(Rc::new(fault));
    let html = at(&state, route);
    assert_eq!(html.matches("vmr-title\">").count(), 1, "{html}");
    assert!(html.contains("Your access token is no longer valid"), "{html}");
    state.sign_in_fault = None;
    assert!(at(&state, state.route.clone()).contains("requests weren't accepted: sign in again"));
}

#[test]
fn a_restore_that_was_followed_with_such_a_token_says_it_once() {
    let (mut state, _) = state(Some(Scenario::AnotherVm));
    let fault = refused(401, "InvalidAuthenticationToken");
    let mut restore = state.restores[0].clone();
    restore.on_sending(state.now);
    restore.on_trigger_response(Err(&Fault::timed_out("POST restore", 100)), &state.cloud(), state.now);
    restore.on_job_list(Err(&fault), &[], state.now);
    let route = Route::Restore(restore.id.clone());
    state.restores = vec![restore].into();
    let told = "Couldn't update the status";
    assert!(at(&state, route.clone()).contains(told));
    state.sign_in_fault = Some(Rc::new(fault));
    assert!(!at(&state, route).contains(told));
}

#[test]
fn a_look_that_the_budget_does_not_allow_is_not_said_to_be_made() {
    let (mut state, _) = state(Some(Scenario::AnotherVm));
    let mut restore = state.restores[0].clone();
    restore.on_sending(state.now);
    restore.on_trigger_response(Err(&Fault::timed_out("POST restore", 100)), &state.cloud(), state.now);
    let (job_list_key, route) = (restore.job_list_key(), Route::Restore(restore.id.clone()));
    restore.cloud = state.cloud_name().to_owned();
    state.restores = vec![restore].into();
    state.leading = true;
    state.now += Duration::minutes(2);
    let free = at(&state, route.clone());
    assert!(free.contains("Checking now") && !free.contains("aria-disabled"), "{free}");
    let quota = state.quotas.get_mut(&job_list_key, QuotaKind::Jobs);
    (0..quota.limit()).for_each(|_| quota.spend(state.now));
    let held = at(&state, route.clone());
    assert!(!held.contains("Checking now") && held.contains("aria-disabled=\"true\""), "{held}");
    assert!(held.contains("status checks for this hour are used. Updates resume at 2026-05-14 13:"), "{held}");
    state.leading = false;
    let other = at(&state, route.clone());
    assert!(
        other.contains("Another tab of this browser checks the status.") && !other.contains("Checking now"),
        "{other}"
    );
    state.session = Session::Disconnected;
    let nobody = at(&state, route);
    assert!(nobody.contains("Not tracked in this tab") && !nobody.contains("Checking now"), "{nobody}");
}

#[test]
fn a_region_where_nothing_can_be_restored_is_not_said_to_be_restored_to() {
    let (mut state, point) = state(None);
    let vault = point.vault().unwrap();
    let region = Region::new("northeurope");
    let copies = Key::SecondaryItems(vault.clone());
    let listed = state.catalog.entry_mut(&copies).value.take();
    let mut strip = |enabled: Option<bool>, chosen: bool| {
        // A region that nobody pairs with another, so that the choice is needed.
        let mut changed = (*sample::facts().vault).clone();
        changed.location = Region::new("qatarcentral");
        changed.cross_region_restore = enabled;
        state.catalog.entry_mut(&Key::Vault(vault.clone())).value = Some(Answer::Vault(Rc::new(changed)));
        let region = chosen.then(|| region.clone());
        let html = at(&state, Route::Secondary { vault: Some(vault.clone()), region });
        let from = html.find("aria-label=\"Regions\"").unwrap();
        html[from..from + html[from..].find("</section>").unwrap()].to_owned()
    };
    let on = strip(Some(true), true);
    assert!(on.contains("restore target") && on.contains("data-tone=\"good\""), "{on}");
    for (enabled, chosen, says) in [
        (Some(false), true, "cross-region restore is off"),
        (Some(true), false, "select it below"),
        (None, true, "unknown whether you can restore here"),
    ] {
        let html = strip(enabled, chosen);
        assert!(html.contains(says) && !html.contains("data-tone=\"good\""), "{html}");
        assert!(!html.contains(">restore target"), "{html}");
    }
    state.catalog.entry_mut(&copies).value = listed;
    let proved = at(&state, Route::Secondary { vault: Some(vault), region: Some(region) });
    assert!(proved.contains(">restore target"), "Azure lists copies: {proved}");
}

#[test]
fn a_form_with_something_missing_is_no_step_that_is_done() {
    let (mut state, point) = state(Some(Scenario::AnotherVm));
    let step = |state: &State| {
        let html = at(state, Route::Review(point.clone()));
        let from = html.find(">Restore settings<").unwrap();
        html[from..from + 80].to_owned()
    };
    assert!(step(&state).contains(", done"));
    state.drafts.insert(&point, Draft { vm_name: "-".to_owned(), ..state.draft(&point) });
    assert!(step(&state).contains(", not complete"));
}
