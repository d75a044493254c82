//! The review: what decides comes first, what was shown is what leaves, and each value says who has set it.

use std::rc::Rc;

use azure_backup::arm::eligible_roles::EligibleRole;
use azure_backup::arm::fault::Fault;
use azure_backup::arm::id::ClientRequestId;
use azure_backup::arm::role_activation::ActivationStatus;
use azure_backup::backup::validate::Finding;
use time::Duration;

use super::*;
use crate::app::activation::{Activation, ActivationStage};
use crate::app::check::{Check, CheckStage};
use crate::app::key::Answer;
use crate::app::needs;
use crate::app::records::Restores;
use crate::app::state::State;
use crate::export::link::RestoreLink;
use crate::readiness::Question;
use crate::restore::draft::Draft;
use crate::restore::scenario::Scenario;
use crate::ui::pages::tests::{assert_sound, at, state};

fn reviewed(scenario: Scenario) -> (State, RegionalId) {
    let (mut state, point) = state(Some(scenario));
    state.restores = Restores::default();
    (state, point)
}

fn bar(html: &str) -> &str {
    html.split("aria-label=\"Actions\"").nth(1).unwrap_or_else(|| panic!("no bar: {html}"))
}

#[test]
fn what_decides_stands_before_the_bytes() {
    let (state, point) = reviewed(Scenario::AnotherVm);
    let html = at(&state, Route::Review(point));
    let parts = [
        "id=\"effect\"",
        "<table aria-label=\"Settings\">",
        ">Check with Azure<",
        ">Readiness<",
        "Stored in this browser only",
        "<summary>Exact request",
        "aria-label=\"Request body\"",
        "<summary>Export as commands",
        "aria-label=\"Actions\"",
        ">Start restore<",
    ];
    let places = parts.map(|part| html.find(part).unwrap_or_else(|| panic!("{part}: {html}")));
    assert!(places.is_sorted(), "{places:?}: {html}");
}

#[test]
fn the_bar_names_the_hash_of_what_is_sent() {
    let (mut state, point) = reviewed(Scenario::AnotherVm);
    let plan = state.plan(&point).unwrap();
    let html = at(&state, Route::Review(point.clone()));
    assert!(bar(&html).contains(&plan.sha256[..8]) && html.contains(&plan.sha256), "{html}");
    let mut draft = state.draft(&point);
    draft.subnet = None;
    state.drafts.insert(&point, draft.own());
    let html = at(&state, Route::Review(point));
    assert!(!bar(&html).contains("SHA-256") && bar(&html).contains("1 field left:"), "{html}");
    assert_sound(&html, "a review with a field left");
}

#[test]
fn every_value_of_the_request_is_a_row_with_its_way_back() {
    for scenario in Scenario::ALL {
        let (state, point) = reviewed(scenario);
        let plan = state.plan(&point).unwrap();
        let html = at(&state, Route::Review(point));
        for field in Named::ALL.into_iter().filter(|field| field.is_set_in(&plan.request)) {
            // That no VHD goes to an original account is said by what the disks become.
            if field == Named::OriginalAccounts && plan.request.original_storage_account_option == Some(false) {
                continue;
            }
            let edit = format!("aria-label=\"Edit {}\"", field.label());
            assert!(html.contains(&edit), "{scenario:?}, {field:?}: {html}");
        }
        // The region follows from the vault: the form has no field that could change it.
        assert!(html.contains(">Restore region<") && !html.contains("Edit Restore region"), "{scenario:?}: {html}");
    }
}

#[test]
fn the_check_says_how_it_stands_in_its_panel_and_in_the_bar() {
    let (mut state, point) = reviewed(Scenario::AnotherVm);
    let plan = state.plan(&point).unwrap();
    assert!(at(&state, Route::Review(point.clone())).contains("Not checked yet."));
    let finding = Finding::new("QuotaReached", "Too many cores.");
    let failed = Box::new(Fault::reported("POST /validate", "Denied", "No."));
    let cases = [
        (CheckStage::Asking(crate::app::effect::CallId(1)), "Azure is validating", "Checking with Azure"),
        (CheckStage::Done(vec![]), "12 s ago, for this exact request.", "Validation passed"),
        (CheckStage::Done(vec![finding]), "Issues found by Azure (12 s ago)", "1 issue"),
        (CheckStage::Failed(failed), "run the check", "Not checked"),
    ];
    for (stage, panel, short) in cases {
        let since = state.now - Duration::seconds(12);
        state.check = Some(Check { sha256: plan.sha256.clone(), plan: plan.clone(), since, stage });
        let html = at(&state, Route::Review(point.clone()));
        assert!(html.contains(panel) && bar(&html).contains(short), "{panel}: {html}");
        assert!(!html.contains("role=\"alert\""), "the live region tells it: {html}");
        assert_sound(&html, panel);
    }
    // An opinion of another body is none of this one.
    if let Some(check) = &mut state.check {
        check.sha256.push('0');
    }
    assert!(at(&state, Route::Review(point)).contains("Not checked yet."));
}

/// The review after each question of the checks was answered, or refused where there is no answer.
fn checked(answer: impl Fn(&Question) -> Option<Answer>) -> String {
    let (mut state, point) = reviewed(Scenario::AnotherVm);
    state.route = Route::Review(point.clone());
    let asked: Vec<Key> = needs::of(&state).into_iter().map(|need| need.key).collect();
    let mut refused = 0;
    for key in asked {
        let Key::Readiness(question) = &key else { continue };
        let (value, now) = (answer(question), state.now);
        refused += usize::from(value.is_none());
        let entry = state.catalog.entry_mut(&key);
        let fault = Fault::reported("GET /x", "AuthorizationFailed", "No.").with_status(403);
        entry.fault = value.is_none().then(|| fault.into());
        (entry.at, entry.value) = (value.is_some().then_some(now), value);
    }
    assert!(refused > 0);
    let html = at(&state, Route::Review(point));
    assert_sound(&html, "a review with checks");
    html
}

#[test]
fn a_check_that_could_not_be_made_says_which_permission_is_missing_and_stops_nothing() {
    let html = checked(|_| None);
    assert!(html.contains(">Couldn&#39;t check<") || html.contains(">Couldn't check<"), "{html}");
    assert!(html.contains("Microsoft.Compute/skus/read") && html.contains("built-in role: Reader"), "{html}");
    assert!(!html.contains("You don&#39;t have permission"), "it is no fault of the page: {html}");
}

#[test]
fn missing_permissions_come_first_with_what_an_administrator_needs() {
    let html = checked(|question| match question {
        Question::Permissions(_) => Some(Answer::Permissions([].into())),
        _ => None,
    });
    let parts = ["Your roles on", ">Copy message for an administrator<", ">Copy custom role<", "t check<"];
    let places = parts.map(|part| html.find(part).unwrap_or_else(|| panic!("{part}: {html}")));
    assert!(places.is_sorted(), "{places:?}: {html}");
}

#[test]
fn who_came_by_a_link_is_told_whether_it_is_the_same_request() {
    let (mut state, point) = reviewed(Scenario::AnotherVm);
    assert!(!at(&state, Route::Review(point.clone())).contains("linked request"));
    let plan = state.plan(&point).unwrap();
    let link = RestoreLink::of(state.cloud_name(), &plan, &state.draft(&point));
    state.linked = Some(Rc::new(link));
    let told = |state: &State| {
        ["This is the linked", "This isn't the linked", "can't be created here"]
            .map(|part| at(state, Route::Review(point.clone())).contains(part))
    };
    assert_eq!(told(&state), [true, false, false]);
    let draft = Draft { subnet: None, ..state.draft(&point) };
    state.drafts.insert(&point, draft.own());
    assert_eq!(told(&state), [false, false, true]);
    let draft = Draft { scenario: Some(Scenario::RestoreDisks), ..state.draft(&point) };
    state.drafts.insert(&point, draft.own());
    assert_eq!(told(&state), [false, true, false]);
}

#[test]
fn each_role_that_was_activated_here_stays_on_the_review_with_a_question_of_its_own() {
    let (mut state, point) = reviewed(Scenario::RestoreDisks);
    let activation = |nth: u8, ends: bool, stage: ActivationStage| Activation {
        ends,
        end: ClientRequestId::parse(&format!("7d1f0a2c-0000-4000-8000-00000000000{nth}"))
            .ok()
            .map(|name| ("p".to_owned(), name)),
        role: Rc::new(EligibleRole::new(&format!("Role {nth}"), "/definitions/d", &format!("/subscriptions/s{nth}"))),
        identity: state.identity(),
        stage,
    };
    let done = || ActivationStage::Answered(Some(ActivationStatus::Done));
    let fault = Rc::new(Fault::reported("", "ActiveDurationTooShort", "Too early."));
    let failed = ActivationStage::Failed { fault, unknown: false };
    let all = vec![activation(1, false, done()), activation(2, true, failed), activation(3, true, done())];
    state.activations = all;
    let html = at(&state, Route::Review(point));
    assert_sound(&html, "the review with activated roles");
    for (nth, offered) in [(1, true), (2, true), (3, false)] {
        assert_eq!(html.contains(&format!("Deactivate the role Role {nth}\"")), offered, "{nth}: {html}");
    }
    for text in ["The role wasn't deactivated", "Azure has deactivated the role", "SelfDeactivate", "Keep active"] {
        assert!(html.contains(text), "{text}: {html}");
    }
}
