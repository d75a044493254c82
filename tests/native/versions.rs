//! Items and recovery points are read with the newest api-version that the cloud has; the restore is not.

use std::cell::RefCell;
use std::rc::Rc;

use azure_backup::arm::call::ApiVersion;
use http::{Method, Response};
use serde_json::json;
use vm_restore::app::fleet::status;
use vm_restore::app::msg::Msg;
use vm_restore::app::route::Route;
use vm_restore::restore::scenario::Scenario;

use crate::operator;
use crate::page::Page;

type SubmittedRequest = Rc<RefCell<Vec<(Method, String, String)>>>;

/// A cloud whose Azure Backup supports no version after `newest`, and the calls and versions that it received.
fn cloud(newest: &str, status: u16, code: &'static str) -> (Page, SubmittedRequest) {
    let mut page = operator::page();
    let (asked, newest): (SubmittedRequest, String) = (Rc::default(), newest.to_owned());
    let seen = asked.clone();
    page.spoil = Box::new(move |request, answer| {
        let (path, query) = (request.uri().path(), request.uri().query().unwrap_or_default());
        if !path.contains("/backup") {
            return answer;
        }
        let version = query.split('&').find_map(|p| p.strip_prefix("api-version=")).unwrap().to_owned();
        let refused = version > newest;
        let tail = path.rsplit('/').next().unwrap().to_owned();
        let list = |name: &str| path.contains(name);
        let kind = match () {
            () if list("/recoveryPoints/") && tail != "restore" => "point".to_owned(),
            () if list("/protectedItems/") && tail.starts_with("VM%3B") => "item".to_owned(),
            () => tail,
        };
        seen.borrow_mut().push((request.method().clone(), kind, version));
        if !refused {
            return answer;
        }
        let body = json!({ "error": { "code": code, "message": "No registered resource provider found." } });
        Ok(Response::builder().status(status).body(body.to_string().into()).unwrap())
    });
    page.state.catalog.clear();
    page.say(Msg::Tick);
    (page, asked)
}

fn of(asked: &SubmittedRequest, kind: &str) -> Vec<String> {
    asked.borrow().iter().filter(|(_, k, _)| k == kind).map(|(_, _, version)| version.clone()).collect()
}

#[test]
fn points_are_read_with_the_newest_version_and_restored_with_the_chosen_one() {
    let (mut page, asked) = cloud("2026-10-01", 400, "");
    let point = operator::start(&mut page, "web-01", Scenario::RestoreDisks);
    assert_eq!(of(&asked, "recoveryPoints"), ["2026-10-01"]);
    assert_eq!(of(&asked, "point"), ["2026-10-01"]);
    assert_eq!(of(&asked, "restore"), ["2024-04-01"]);
    assert_eq!(of(&asked, "item"), ["2026-10-01"]);
    assert!(of(&asked, "backupResourceGuardProxies").iter().all(|version| version == "2024-04-01"));
    assert!(point.secondary.is_none());
}

#[test]
fn a_cloud_without_the_newer_versions_is_asked_with_older_ones_once_and_for_all() {
    for (newest, refused, then) in [
        ("2026-07-01", vec!["2026-10-01"], "2026-07-01"),
        ("2024-04-01", vec!["2026-10-01", "2026-07-01"], "2024-04-01"),
    ] {
        for (status, code) in
            [(400, "NoRegisteredProviderFound"), (400, "InvalidApiVersionParameter"), (404, "InvalidResourceType")]
        {
            let (mut page, asked) = cloud(newest, status, code);
            operator::start(&mut page, "web-01", Scenario::RestoreDisks);
            let lists: Vec<String> = ["item", "recoveryPoints"].iter().flat_map(|kind| of(&asked, kind)).collect();
            let tries: Vec<&str> = lists.iter().map(String::as_str).filter(|version| *version > newest).collect();
            // The item and its points are read at once, and each is refused at most once.
            assert!(refused.iter().all(|version| tries.contains(version)), "{lists:?}");
            assert_eq!(lists.last().map(String::as_str), Some(then));
            assert_eq!(of(&asked, "point"), [then], "what one reading learned, the next one knows");
            assert_eq!(of(&asked, "restore"), ["2024-04-01"]);
            let faults: Vec<_> = vm_restore::app::needs::of_screen(&page.state);
            assert!(faults.iter().all(|key| page.state.catalog.fault(key).is_none()), "nothing is told as an error");
            // The result is remembered for the session, until another version is chosen.
            page.say(Msg::SetVersion(ApiVersion::BACKUP_DEFAULT));
            assert_eq!(page.state.settings.versions.refused, 0);
        }
    }
}

#[test]
fn an_error_of_another_sort_is_told_and_the_version_is_kept() {
    for (status, code) in [(400, "BMSUserErrorInvalidInput"), (404, "ResourceNotFound"), (403, "AuthorizationFailed")] {
        let (mut page, asked) = cloud("2024-04-01", status, code);
        let row = status::rows(&page.state.catalog).remove(0);
        page.say(Msg::Go(Route::Points(row.id.clone().into())));
        page.say(Msg::Refresh);
        let versions = of(&asked, "item");
        assert!(!versions.is_empty() && versions.iter().all(|version| version == "2026-10-01"), "{code}: {versions:?}");
        assert_eq!(page.state.settings.versions.refused, 0);
    }
}

#[test]
fn an_older_version_that_was_chosen_is_used_for_everything() {
    let (mut page, asked) = cloud("2026-10-01", 400, "");
    page.say(Msg::SetVersion(ApiVersion::TUTORIAL));
    asked.borrow_mut().clear();
    operator::open(&mut page, "web-01");
    assert!(asked.borrow().iter().all(|(_, _, version)| version == "2019-05-13"), "{:?}", asked.borrow());
}

#[test]
fn a_cloud_that_has_not_even_the_chosen_version_says_so() {
    let (mut page, asked) = cloud("2021-01-01", 400, "NoRegisteredProviderFound");
    let row = status::rows(&page.state.catalog).remove(0);
    page.say(Msg::Go(Route::Points(row.id.clone().into())));
    assert_eq!(of(&asked, "item").last().map(String::as_str), Some("2024-04-01"));
    let keys = vm_restore::app::needs::of_screen(&page.state);
    let fault = keys.iter().find_map(|key| page.state.catalog.fault(key)).expect("the refusal is told");
    assert_eq!(fault.code, "NoRegisteredProviderFound");
}
