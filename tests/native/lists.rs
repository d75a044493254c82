//! Lists of several pages, one of which is hard to read.

use bytes::Bytes;
use http::{Request, Response};
use serde_json::{Value, json};
use std::cell::RefCell;
use std::rc::Rc;
use time::Duration;
use vm_restore::app::key::Key;
use vm_restore::app::msg::{Msg, Transport};
use vm_restore::app::route::Route;
use vm_restore::restore::run::JobMatch;
use vm_restore::restore::run::Stage;
use vm_restore::restore::scenario::Scenario;

use crate::operator::{page, start, vault};
use crate::page::Page;

type Answer = Result<Response<Bytes>, Transport>;

fn is_list(request: &Request<Bytes>) -> bool {
    request.method() == http::Method::GET && request.uri().path().ends_with("/backupJobs")
}

fn error(status: u16) -> Answer {
    let body = json!({ "error": { "code": "ProviderError", "message": "Page two cannot be given." } });
    Ok(Response::builder().status(status).body(Bytes::from(body.to_string())).unwrap())
}

/// The same page, with another one behind it.
fn linked(request: &Request<Bytes>, answer: Answer, link: &str) -> Answer {
    answer.map(|answer| {
        let host = request.uri().authority().unwrap();
        let scheme = request.uri().scheme_str().unwrap();
        answer.map(|body| {
            let mut body: Value = serde_json::from_slice(&body).unwrap();
            body["nextLink"] = format!("{scheme}://{host}{}?{link}", request.uri().path()).into();
            body.to_string().into()
        })
    })
}

/// The answer to the click is lost, so that only the list can tell.
fn lose_the_answer(page: &mut Page, mut list: impl FnMut(&Request<Bytes>, Answer) -> Answer + 'static) {
    page.spoil = Box::new(move |request, answer| match request.uri().path() {
        path if path.ends_with("/restore") => Err(Transport::Network("Failed to fetch".to_owned())),
        _ if is_list(request) => list(request, answer),
        _ => answer,
    });
}

#[test]
fn a_job_on_the_first_page_is_found_though_the_next_one_never_comes() {
    for status in [500, 404, 403] {
        let mut page = page();
        lose_the_answer(&mut page, move |request, answer| {
            let second = request.uri().query().is_some_and(|query| query.contains("skipToken"));
            if second { error(status) } else { linked(request, answer, "api-version=2024-04-01&$skipToken=2") }
        });
        start(&mut page, "web-01", Scenario::RestoreDisks);
        page.wait_until(Duration::minutes(5), |s| s.restores[0].job_id().is_some());
        assert!(
            matches!(page.restore().stage, Stage::Job { found: JobMatch::Activity, .. }),
            "{status}: {:?}",
            page.restore().stage
        );
        page.wait_until(Duration::hours(12), |s| !s.restores[0].is_running());
        assert_eq!(page.restore().state_text(), "Completed", "{status}");
    }
}

/// A page may be empty and still have a next page. A service with a cyclic link must not be polled forever.
#[test]
fn empty_pages_that_link_in_a_circle_are_left_and_prove_nothing() {
    let mut page = page();
    lose_the_answer(&mut page, |request, _| {
        let empty = Ok(Response::new(Bytes::from_static(b"{\"value\":[]}")));
        linked(request, empty, "api-version=2024-04-01&$skipToken=2")
    });
    start(&mut page, "web-01", Scenario::RestoreDisks);
    page.wait();
    let trouble = page.restore().last_error().map(|fault| fault.message.clone()).unwrap_or_default();
    assert!(trouble.contains("too long to load completely"), "{trouble}");
    assert!(page.restore().is_running(), "{:?}", page.restore().stage);
}

#[test]
fn what_half_a_list_lacks_is_not_said_to_be_absent() {
    let mut page = page();
    lose_the_answer(&mut page, |request, _| {
        let second = request.uri().query().is_some_and(|query| query.contains("skipToken"));
        let empty = Ok(Response::new(Bytes::from_static(b"{\"value\": []}")));
        if second { error(500) } else { linked(request, empty, "api-version=2024-04-01&$skipToken=2") }
    });
    start(&mut page, "web-01", Scenario::RestoreDisks);
    page.wait_until(Duration::hours(2), |s| !s.restores[0].is_running());
    assert!(matches!(page.restore().stage, Stage::Unknown { .. }), "{}", page.restore().state_text());
}

/// Some services leave blanks, quotes and non-ASCII letters in their links unencoded.
#[test]
fn a_link_with_blanks_and_quotes_is_followed_in_every_list() {
    for token in ["2 3", "\"2\"", "Größe", "<2>"] {
        let link = format!("api-version=2024-04-01&$filter=backupManagementType eq 'AzureIaasVM'&$skipToken={token}");
        let real = Rc::new(RefCell::new(None));
        let spoil = move |request: &Request<Bytes>, answer: Answer| {
            let query = request.uri().query().unwrap_or_default();
            assert!(query.is_ascii() && !query.contains([' ', '"', '<']), "{query}");
            let second = query.contains("skipToken=");
            // Ours is on the second page.
            let empty = Ok(Response::new(Bytes::from_static(b"{\"value\": []}")));
            if second {
                return real.take().unwrap();
            }
            real.replace(Some(answer));
            linked(request, empty, &link)
        };
        let mut followed = page();
        lose_the_answer(&mut followed, spoil.clone());
        start(&mut followed, "web-01", Scenario::RestoreDisks);
        followed.wait_until(Duration::minutes(5), |s| s.restores[0].job_id().is_some());
        assert!(followed.restore().job_id().is_some(), "{token}: {}", followed.restore().state_text());
        let mut listed = page();
        let vault = vault(&mut listed, "contoso-vault-weu");
        lose_the_answer(&mut listed, spoil);
        listed.say(Msg::Go(Route::jobs(Some(vault.clone()))));
        let entry = listed.state.catalog.entry(&Key::Jobs(vault.clone())).unwrap();
        assert!(entry.fault.is_none() && entry.at.is_some(), "{token}: {:?}", entry.fault);
        let jobs = listed.state.catalog.get::<[Rc<azure_backup::backup::job::Job>]>(&Key::Jobs(vault)).unwrap();
        assert!(!jobs.is_empty(), "{token}");
    }
}
