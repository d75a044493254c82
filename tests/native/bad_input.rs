//! Invalid input gives a clear error and does not lose the form.

use std::rc::Rc;

use azure_backup::arm::fault::FaultKind;
use azure_backup::backup::recovery_point::RecoveryPoint;
use time::Duration;
use vm_restore::app::key::Key;
use vm_restore::app::msg::{Edit, Msg};
use vm_restore::app::route::Route;
use vm_restore::app::session::{Secret, Session, TokenError};
use vm_restore::restore::scenario::Scenario;

use crate::operator::{choose, find, open, page};

#[test]
fn recovery_points_that_cannot_be_read_are_told_and_the_rest_works() {
    for (vm, told) in [
        ("fault-html-error", "web page"),
        ("fault-truncated-json", ""),
        ("fault-huge-answer", ""),
        ("fault-wrong-types", "$."),
    ] {
        let mut page = page();
        let item = find(&mut page, vm);
        let key = Key::Points(item.id.clone());
        page.say(Msg::Go(Route::Points(item.id.clone().into())));
        page.wait_until(Duration::hours(1), |s| s.catalog.entry(&key).is_some_and(|e| !e.is_loading()));
        let fault = page.state.catalog.fault(&key).unwrap_or_else(|| panic!("{vm}: no fault"));
        let words = format!("{} {:?}", fault.sentence(), fault.kind);
        assert!(words.contains(told), "{vm}: {words}");
        assert!(page.state.catalog.get::<[Rc<RecoveryPoint>]>(&key).is_none(), "{vm}");
        let point = open(&mut page, "web-01");
        choose(&mut page, &point, Scenario::RestoreDisks);
        assert!(page.state.plan(&point).is_ok(), "{vm}: another virtual machine can still be restored");
    }
}

#[test]
fn an_unknown_vault_is_told_in_azures_words() {
    let mut page = page();
    let link = "#/restore/%2Fsubscriptions%2F5f1c0d3a-91b2-4e6f-8a77-0c0ffee00001%2FresourceGroups%2Fnone%2Fproviders%2FMicrosoft.RecoveryServices%2Fvaults%2Fnone%2FbackupFabrics%2FAzure%2FprotectionContainers%2FIaasVMContainer%3Biaasvmcontainerv2%3Brg%3Bvm%2FprotectedItems%2FVM%3Biaasvmcontainerv2%3Brg%3Bvm/123";
    let route = Route::parse(link);
    let point = route.point().cloned().unwrap();
    page.say(Msg::Went(route));
    let fault = page.state.catalog.fault(&Key::Point(point.id.clone())).unwrap();
    assert!(fault.status == Some(404) && !fault.code.is_empty(), "{fault:?}");
    page.say(Msg::Edit(Edit::VmName("kept".to_owned())));
    assert_eq!(page.state.draft(&point).vm_name, "kept");
}

#[test]
fn bad_tokens_are_refused_and_good_ones_keep_the_place() {
    let mut page = page();
    let point = open(&mut page, "web-01");
    choose(&mut page, &point, Scenario::AnotherVm);
    let draft = page.state.draft(&point);
    page.say(Msg::Connect(Secret::new("not a token".to_owned())));
    assert_eq!(page.state.token_error, Some(TokenError::Malformed));
    assert_eq!(page.state.session, Session::Demo, "the session goes on");
    // {"exp": 1}
    page.say(Msg::Connect(Secret::new("e30.eyJleHAiOiAxfQ.c2ln".to_owned())));
    assert!(matches!(page.state.token_error, Some(TokenError::Expired(_))));
    assert_eq!(page.state.draft(&point), draft);
}

#[test]
fn an_answer_of_the_wrong_shape_anywhere_is_told_with_its_place() {
    let mut page = page();
    page.spoil = Box::new(|request, answer| {
        if request.uri().path().contains("/storageAccounts") {
            return Ok(http::Response::new(r#"{"value": [{"id": 5}]}"#.into()));
        }
        answer
    });
    let point = open(&mut page, "web-01");
    let facts = page.state.facts(&point, &page.state.draft(&point)).unwrap();
    let fault = page.state.catalog.fault(&Key::Accounts(facts.vault_subscription().unwrap())).unwrap();
    assert!(matches!(&fault.kind, FaultKind::Body { path } if path.contains("value[0]")), "{fault:?}");
    page.say(Msg::Edit(Edit::Scenario(Scenario::AnotherVm)));
    assert_eq!(page.state.draft(&point).scenario, Some(Scenario::AnotherVm));
}
