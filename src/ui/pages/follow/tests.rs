use std::rc::Rc;

use azure_backup::arm::cloud::Cloud;
use azure_backup::arm::fault::Fault;
use time::{Duration, OffsetDateTime};

use super::*;
use crate::app::session::{Session, TokenClaims};
use crate::app::state::State;
use crate::restore::plan::plan;
use crate::restore::sample::{self, JOB};
use crate::restore::scenario::Scenario;
use crate::ui::kit::test::html_of_component;

const NOW: OffsetDateTime = time::macros::datetime!(2026-11-23 03:41 UTC);

fn run() -> RestoreRun {
    let facts = sample::facts();
    let plan = plan(&facts, &sample::draft(Scenario::AnotherVm)).unwrap();
    let id = ClientRequestId::parse("0f8fad5b-d9cb-469f-a165-70867728950e").unwrap();
    let mut run = RestoreRun::intent(&plan, &facts, &Cloud::public(), id, NOW);
    run.on_sending(NOW);
    run
}

fn page_at(state: &State, id: &ClientRequestId) -> String {
    let view = PageContext { state: Rc::new(state.clone()).into(), dispatch: Callback::noop() };
    html_of_component::<RestorePage>(RestorePageProps { view, id: id.clone() })
}

fn page_of(run: RestoreRun) -> String {
    let mut state = State::new(NOW + Duration::minutes(1));
    let id = run.id.clone();
    state.restores = vec![run].into();
    page_at(&state, &id)
}

#[test]
fn a_request_on_its_way_cannot_be_looked_at_and_says_why() {
    let html = page_of(run());
    assert!(html.contains("role=\"status\" aria-label=\"State\">Sending the request<"), "{html}");
    assert!(html.contains("The request is being sent."), "{html}");
    assert!(
        html.contains("<h1")
            && html.contains("Restore of <bdi>web-01</bdi>")
            && html.contains("<code><bdi>web-02</bdi></code>"),
        "{html}"
    );
}

#[test]
fn a_request_without_its_token_says_that_nothing_was_sent() {
    let facts = sample::facts();
    let plan = plan(&facts, &sample::draft(Scenario::AnotherVm)).unwrap();
    let id = ClientRequestId::parse("0f8fad5b-d9cb-469f-a165-70867728950e").unwrap();
    let waiting = page_of(RestoreRun::intent(&plan, &facts, &Cloud::public(), id, NOW));
    assert!(waiting.contains("aria-label=\"State\">Waiting for a token<"), "{waiting}");
    assert!(waiting.contains("Nothing has been sent yet") && !waiting.contains("is being sent"), "{waiting}");
    assert!(page_of(run()).contains("The request is being sent."));
}

#[test]
fn a_restore_that_this_tab_does_not_follow_says_why() {
    let mut state = State::new(NOW);
    let own = run();
    let html = |state: &State| page_at(state, &own.id);
    state.restores = vec![own.clone()].into();
    assert!(html(&state).contains("Connect to AzureCloud to see its progress."));
    state.session = Session::Demo;
    assert!(html(&state).contains("This restore runs in AzureCloud."));
    state.session = Session::Token(TokenClaims::default());
    assert!(html(&state).contains("Tracked in another tab"));
    state.leading = true;
    assert!(!html(&state).contains("ollowed"));
}

/// An operation that Azure shows only to the account that started it.
#[test]
fn whose_operation_it_is_is_said_and_how_it_is_followed_instead() {
    let answer = |status: u16, body: &'static str| {
        let url = "https://management.azure.com/subscriptions/s/operationsStatus/op?api-version=2024-04-01";
        let answer = http::Response::builder().status(status).header("azure-asyncoperation", url);
        answer.body(bytes::Bytes::from_static(body.as_bytes())).unwrap()
    };
    let refused = |code: &'static str| match code {
        "account" => answer(401, r#"{"error":{"code":"AuthorizationFailed","message":"Unable to verify."}}"#),
        _ => answer(401, r#"{"error":{"code":"ExpiredAuthenticationToken","message":"Late."}}"#),
    };
    let html = |who: Option<&str>, user: &str, code: &'static str| {
        let mut own = run();
        own.submitted.as_mut().unwrap().who = who.map(str::to_owned);
        own.on_trigger_response(Ok(&answer(202, "")), &Cloud::public(), NOW);
        own.on_operation_response(Ok(&refused(code)), NOW + Duration::minutes(1));
        let mut state = State::new(NOW);
        state.session = Session::Token(TokenClaims { user: Some(user.to_owned()), ..TokenClaims::default() });
        let id = own.id.clone();
        state.restores = vec![own].into();
        page_at(&state, &id)
    };
    let other = html(Some("ada@example.com"), "bob@example.com", "account");
    assert!(
        other.contains("ada@example.com started this restore, and you're connected as bob@example.com.")
            && other.contains("operations and jobs for it instead"),
        "{other}"
    );
    for own in [html(Some("ADA@example.com"), "ada@example.com", "account"), html(None, "ada@example.com", "account")] {
        assert!(
            own.contains("Azure reports some operations only to the account") && !own.contains("started this restore"),
            "{own}"
        );
        assert!(own.contains("a new token doesn't change that") && !own.contains("ign in again"), "{own}");
    }
    let expired = html(Some("ada@example.com"), "bob@example.com", "token");
    assert!(!expired.contains("started this restore") && expired.contains("Sign in again"), "{expired}");
}

#[test]
fn a_notification_is_offered_while_it_runs_and_may_be_asked_for() {
    let mut refused = run();
    let mut fault = Fault::reported("POST /restore", "UserErrorX", "The account is unsuitable.");
    fault.status = Some(400);
    refused.on_trigger_response(Err(&fault), &Cloud::public(), NOW);
    for (restore, may_notify, offered) in
        [(run(), Some(false), true), (run(), Some(true), false), (run(), None, false), (refused, Some(false), false)]
    {
        let mut state = State::new(NOW);
        let id = restore.id.clone();
        state.restores = vec![restore].into();
        state.may_notify = may_notify;
        let html = page_at(&state, &id);
        assert_eq!(html.contains("Notify me when it finishes"), offered, "{may_notify:?}: {html}");
    }
}

#[test]
fn a_lost_answer_says_not_to_send_again() {
    let mut lost = run();
    lost.on_trigger_response(Err(&Fault::network("POST /restore", "Failed to fetch")), &Cloud::public(), NOW);
    let html = page_of(lost);
    assert!(html.contains("Checking whether Azure received the request"), "{html}");
    assert!(html.contains("Don't start this restore again") && html.contains("Failed to fetch"), "{html}");
}

#[test]
fn a_refusal_keeps_azures_words() {
    let mut refused = run();
    let mut fault = Fault::reported("POST /restore", "UserErrorX", "The account is unsuitable.");
    fault.status = Some(400);
    refused.on_trigger_response(Err(&fault), &Cloud::public(), NOW);
    let html = page_of(refused);
    for text in ["Rejected by Azure", "UserErrorX", "The account is unsuitable.", "Copy details", "Remove from list"] {
        assert!(html.contains(text), "{text}: {html}");
    }
    assert!(!html.contains("Check now"), "there is nothing to wait for: {html}");
}

/// A restore whose job has completed with these properties.
fn completed(scenario: Scenario, bag: &serde_json::Value) -> RestoreRun {
    sample::ended(scenario, "Completed", bag)
}

#[test]
fn the_disks_of_a_completed_restore_are_a_table_with_their_size_and_id() {
    let bag = serde_json::json!({"Job Type": "Recover disks", "Target resource group": "target", "Config Blob Name": "config.json",
        "Config Blob Uri": "https://staging.blob.core.windows.net/c/config.json", "Target Storage Account Name": "staging"});
    let run = completed(Scenario::RestoreDisks, &bag);
    let mut state = State::new(NOW);
    state.session = Session::Token(TokenClaims::default());
    state.restores = vec![run.clone()].into();
    state.route = Route::Restore(run.id.clone());
    let reading = page_at(&state, &run.id);
    assert!(reading.contains("Loading the restored disks…") && !reading.contains("no disk of this job"), "{reading}");
    let key = state.restored_disks_key(&run).unwrap();
    let disk = |name: &str, job: &str| {
        let id = format!("/subscriptions/s/resourceGroups/target/providers/Microsoft.Compute/disks/{name}");
        serde_json::json!({"id": id, "tags": {"RSVaultBackup": job}, "properties": {"diskSizeGB": 64}})
    };
    let list = serde_json::json!({"value": [disk("web-01-datadisk-001-20261123-034100", JOB), disk("other-osdisk-20261123-034100", "another job")]});
    let call = key.call(&crate::app::saved::Versions::default()).unwrap();
    let page = call.read(&http::Response::new(bytes::Bytes::from(list.to_string()))).unwrap();
    let entry = state.catalog.entry_mut(&key);
    (entry.value, entry.at) = (Some(page.value), Some(NOW));
    let html = page_at(&state, &run.id);
    for text in [
        "Created resources",
        "aria-label=\"Restored disks\"",
        ">64 GiB<",
        ">1<",
        "VM configuration",
        "Check the result",
    ] {
        assert!(html.contains(text), "{text}: {html}");
    }
    assert!(html.contains("az vm disk attach --resource-group rg --vm-name web-01 --name /subscriptions/s/"), "{html}");
    assert!(html.contains("Copy ID of web-01-datadisk-001-20261123-034100"), "{html}");
    assert!(!html.contains("other-osdisk") && !html.contains("Config Blob"), "{html}");
}

#[test]
fn a_new_machine_is_linked_to_what_shows_whether_it_works() {
    let bag = serde_json::json!({"Job Type": "Recover VM to an alternate location", "Target VM Name": "web-02", "Target resource group": "target"});
    let html = page_of(completed(Scenario::AnotherVm, &bag));
    let machine = "https://portal.azure.com/#resource/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/target/providers/Microsoft.Compute/virtualMachines/web-02";
    for text in [
        format!("{machine}/bootDiagnostics\""),
        format!("{machine}\""),
        "computer name and the domain account".to_owned(),
    ] {
        assert!(html.contains(&text), "{text}: {html}");
    }
}
