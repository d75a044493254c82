//! What ends or removes something for good is asked first, everywhere.

use std::rc::Rc;

use azure_backup::arm::cloud::Cloud;
use azure_backup::arm::fault::Fault;
use azure_backup::arm::id::ClientRequestId;
use azure_backup::backup::job::JobStatus;
use time::OffsetDateTime;
use time::macros::datetime;

use super::damaged_storage_tests::job;
use super::on_click;
use super::tests::{assert_sound, at, state};
use crate::app::key::{Answer, Key};
use crate::app::launch::{ConfirmedRequest, Launch, LaunchStep};
use crate::app::msg::Msg;
use crate::app::records::Restores;
use crate::app::route::Route;
use crate::app::saved::{OnSignOut, QuarantinedEntry};
use crate::app::session::{Session, TokenClaims};
use crate::app::state::State;
use crate::restore::owner::Owner;
use crate::restore::run::RestoreRun;
use crate::restore::scenario::Scenario;
use yew::Callback;

const NOW: OffsetDateTime = datetime!(2026-05-14 12:00 UTC);
const JOB: &str = "6b2b0b2c-3a80-4a9c-9f4f-6a6f2a3b1c0d";

/// A restore whose job runs and can be cancelled, in the list of the vault's jobs, too.
fn running() -> (State, ClientRequestId) {
    let (mut state, point) = state(Some(Scenario::RestoreDisks));
    let mut restore = state.restores[0].clone();
    let id = restore.id.clone();
    restore.on_sending(NOW);
    restore.on_trigger_response(Err(&Fault::timed_out("POST restore", 100)), &Cloud::public(), NOW);
    let mut job = job();
    job.status = JobStatus::InProgress;
    (job.activity_id, job.start, job.cancellable) = (Some(id.to_string()), Some(NOW), true);
    let job = Rc::new(job);
    restore.on_job_list(Ok(std::slice::from_ref(&job)), &[], NOW);
    assert!(restore.can_cancel());
    state.restores = vec![restore].into();
    state.catalog.entry_mut(&Key::Jobs(point.vault().unwrap())).value = Some(Answer::Jobs([job].into()));
    (state, id)
}

fn change(state: &mut State, change: impl FnOnce(&mut RestoreRun)) {
    let id = state.restores[0].id.clone();
    state.restores.change(&id, change).unwrap();
}

/// The dialogs of a page, by id.
fn dialogs(html: &str) -> Vec<(&str, &str)> {
    let whole = |from: &'_ str| from.split("</dialog>").next().map(str::len).unwrap();
    html.split("<dialog id=\"").skip(1).map(|from| (from.split('"').next().unwrap(), &from[..whole(from)])).collect()
}

/// The dialog of this id. Its first button, which takes the focus, changes nothing.
fn asked(state: &State, route: Route, id: &str) -> String {
    let html = at(state, route);
    assert_sound(&html, id);
    let all = dialogs(&html);
    let (_, dialog) = all.iter().find(|(of, _)| *of == id).unwrap_or_else(|| panic!("no dialog {id}: {html}"));
    let buttons: Vec<&str> = dialog.split("<button").skip(1).collect();
    assert!(
        matches!(buttons.as_slice(), [safe, acts] if !safe.contains("vmr-danger") && acts.contains("vmr-danger")),
        "{dialog}"
    );
    (*dialog).to_owned()
}

fn assert_says(dialog: &str, all: &[&str]) {
    for text in all {
        assert!(dialog.contains(text), "{text}: {dialog}");
    }
}

#[test]
fn cancelling_a_job_of_the_list_names_machine_operation_time_and_who_began_it() {
    let (mut state, _) = running();
    let vault = state.restores[0].vault.clone();
    let (id, jobs) = (format!("cancel-{JOB}"), Route::jobs(Some(vault.clone())));
    let asks = |state: &State| asked(state, jobs.clone(), &id);
    let known = ["web-01", "<bdi>Restore</bdi>", "2026-05-14 12:00 UTC", JOB, ">Keep running<"];
    let own = asks(&state);
    assert_says(&own, &known);
    assert_says(&own, &["started 2026-05-14 12:00 UTC in this browser"]);
    change(&mut state, |r| r.owner = Owner::new(Some("eve@contoso.com"), None));
    assert_says(&asks(&state), &["which another account, <code><bdi>eve@contoso.com</bdi></code>, started"]);
    change(&mut state, |r| r.hidden = Some(NOW));
    let hidden = asks(&state);
    assert!(hidden.contains("by another account in this browser") && !hidden.contains("eve"), "{hidden}");
    change(&mut state, |r| r.submitted = None);
    change(&mut state, |r| r.hidden = None);
    assert_says(&asks(&state), &["by someone else or in another browser"]);
    // Nobody here knows it.
    state.restores = Restores::default();
    let strange = asks(&state);
    assert_says(&strange, &known);
    assert_says(&strange, &["by someone else or in another browser"]);
    let mut planned = job();
    planned.operation = "Backup".to_owned();
    (planned.user_triggered, planned.start, planned.status) = (Some(false), None, JobStatus::InProgress);
    let jobs = [Rc::new(planned)];
    state.catalog.entry_mut(&Key::Jobs(vault)).value = Some(Answer::Jobs(jobs.into()));
    let planned = asks(&state);
    assert_says(&planned, &["<bdi>Backup</bdi>", "at an unknown time by the backup policy's schedule"]);
    assert!(!planned.contains("Resources created so far"), "{planned}");
}

#[test]
fn cancelling_a_followed_restore_says_whose_it_is() {
    let (mut state, id) = running();
    let asks = |state: &State| asked(state, Route::Restore(id.clone()), "cancel");
    assert_says(
        &asks(&state),
        &["<bdi>web-01</bdi>", "started 2026-05-14 12:00 UTC in this browser", ">Keep running<"],
    );
    change(&mut state, |r| r.owner = Owner::new(Some("eve@contoso.com"), None));
    assert_says(&asks(&state), &["which another account, <code><bdi>eve@contoso.com</bdi></code>, started"]);
}

#[test]
fn what_forgets_or_discards_asks_first() {
    let (mut state, id) = running();
    assert_says(&asked(&state, Route::Settings, "forget-all"), &["One restore is running"]);
    state.quarantine.push(QuarantinedEntry { at: NOW, key: "restores".to_owned(), text: "?".to_owned() });
    asked(&state, Route::Settings, "discard");
    let refused = Fault::reported("POST restore", "UserErrorX", "No.").with_status(400);
    change(&mut state, |r| r.on_trigger_response(Err(&refused), &Cloud::public(), NOW));
    let (fresh, _) = super::tests::state(Some(Scenario::RestoreDisks));
    let mut over = fresh.restores[0].clone();
    over.on_sending(NOW);
    over.on_trigger_response(Err(&refused), &Cloud::public(), NOW);
    state.restores = vec![over].into();
    asked(&state, Route::Restore(id), "forget");
}

#[test]
fn leaving_asks_first_where_something_is_lost_by_it() {
    let (mut state, _) = running();
    let quiet = |state: &State| assert!(!at(state, Route::Account).contains("<dialog id=\"leave"));
    quiet(&state);
    let restore = state.restores[0].clone();
    let launch = |step: LaunchStep| Launch {
        identity: state.identity(),
        confirmed: ConfirmedRequest::of(&restore).unwrap(),
        saved_first: true,
        new: true,
        step,
    };
    let (preparing, sent) = (launch(LaunchStep::Preparing { properties: None }), launch(LaunchStep::Sent));
    state.launches.insert(restore.id.clone(), sent);
    quiet(&state);
    state.launches.insert(restore.id.clone(), preparing);
    for id in ["leave", "leave-account"] {
        assert_says(&asked(&state, Route::Account, id), &["won't be sent: the restore of <code><bdi>web-01"]);
    }
    // What the settings remove.
    state.launches.remove(&restore.id);
    state.session = Session::Token(TokenClaims::default());
    state.settings.on_sign_out = OnSignOut::Delete;
    assert_says(&asked(&state, Route::Account, "leave"), &["this browser removes: 1 draft.", ">Stay connected<"]);
    state.drafts.clear();
    quiet(&state);
}

#[test]
#[should_panic(expected = "one press must not do this")]
fn no_button_says_with_one_press_what_asks_first() {
    on_click(&Callback::noop(), Msg::ForgetAll);
}
