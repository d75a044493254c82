//! Records written by somebody else, into the browser's storage, the channel between its tabs or a file: they are followed or
//! searched for, and never cause a restore request.

use bytes::Bytes;
use http::Response;
use serde_json::{Value, json};
use time::Duration;
use vm_restore::app::msg::{ExportFormat, Msg};
use vm_restore::app::route::Route;
use vm_restore::app::saved::{DRAFTS, OnSignOut, QUARANTINE, RESTORES};
use vm_restore::app::session::Secret;
use vm_restore::app::unsent::NotSendable;
use vm_restore::restore::read_back::Disagreement;
use vm_restore::restore::run::{RestoreRun, Stage};
use vm_restore::restore::scenario::Scenario;

use crate::operator::{begin, page, review, review_disks};
use crate::page::Page;

/// A page whose record of a restore was saved before its request left, and that record.
fn prepared(secondary: bool) -> (Page, Value) {
    let mut page = page();
    review_disks(&mut page, secondary);
    page.saved.clear();
    page.hear(page.click(false));
    while page.saved.iter().all(|told| told.key() != RESTORES) {
        assert!(page.step());
    }
    let saved: Value = serde_json::from_str(&page.list()).unwrap();
    (page, saved["restores"][0].clone())
}

fn list(records: &[Value]) -> String {
    json!({"version": 2, "restores": records}).to_string()
}

/// The same record with other contents; its hash fits.
fn with_text(record: &Value, change: impl Fn(&str) -> String) -> Value {
    use sha2::{Digest as _, Sha256};
    let mut record = record.clone();
    let text = change(record["asked"]["text"].as_str().unwrap());
    let hash = Sha256::digest(text.as_bytes());
    record["asked"]["sha256"] = hash.iter().map(|byte| format!("{byte:02x}")).collect::<String>().into();
    record["asked"]["text"] = text.into();
    record
}

/// `from` stands for `to` where it comes last.
fn replaced_last(text: &str, from: &str, to: &str) -> String {
    let at = text.rfind(from).unwrap();
    format!("{}{to}{}", &text[..at], &text[at + from.len()..])
}

/// Every stage in which a record says that its request has not left, or may leave again.
fn stages() -> Vec<Value> {
    let search = json!({"since": [2026, 300, 0, 0, 0, 0, 0, 0, 0], "looks": 0, "listed": null, "next": [2026, 1, 0, 0, 0, 0, 0, 0, 0], "last": null, "trouble": null});
    vec![
        json!("intent"),
        json!("sending"),
        json!({"preparing": {"properties": "{}", "identified": true, "search": search}}),
        json!({"notSent": {"fault": null, "search": null}}),
    ]
}

/// A new browser of another person, with this in its storage.
fn fresh(first: &Page, stored: Option<String>) -> Page {
    let mut page = Page::blank(first.simulator.clone(), begin());
    page.now = first.now;
    if let Some(text) = stored {
        page.plant(&text);
    }
    page.start(Route::Connect);
    page.say(Msg::StartDemo);
    page
}

/// Requests that restore, or that get access to a recovery point for a restore.
fn posts(page: &Page) -> usize {
    let opens = |(_, path): &&(String, String)| path.ends_with("/accessToken");
    page.clicks_sent() + page.sent.iter().filter(opens).count()
}

#[test]
fn a_record_in_the_storage_sends_nothing_whatever_it_says() {
    for secondary in [false, true] {
        let (first, record) = prepared(secondary);
        for stage in stages() {
            let mut record = record.clone();
            record["stage"] = stage.clone();
            let mut page = fresh(&first, Some(list(&[record])));
            page.wait_until(Duration::hours(3), |_| false);
            assert_eq!((posts(&page), page.triggers()), (0, 0), "{stage}");
            assert!(!page.restore().is_running(), "{stage}: {}", page.restore().state_text());
        }
    }
}

#[test]
fn a_record_of_the_channel_or_of_a_file_sends_nothing_either() {
    for secondary in [false, true] {
        let (first, record) = prepared(secondary);
        for stage in stages() {
            let mut record = record.clone();
            record["stage"] = stage.clone();
            let mut told = fresh(&first, None);
            told.say(Msg::SavedElsewhere { key: RESTORES.to_owned(), value: Some(list(&[record.clone()])) });
            let mut imported = fresh(&first, None);
            imported.say(Msg::Imported(list(&[record])));
            for mut page in [told, imported] {
                page.wait_until(Duration::hours(3), |_| false);
                assert_eq!((posts(&page), page.triggers()), (0, 0), "{stage}");
            }
        }
    }
}

#[test]
fn what_a_file_has_brought_is_not_offered_to_be_sent() {
    let (first, mut record) = prepared(false);
    record["stage"] = json!({"notSent": {"fault": null, "search": null}});
    let mut page = fresh(&first, None);
    page.say(Msg::Imported(list(&[record])));
    assert!(page.state.unsent_review(&page.restore_id()).is_none(), "the browser that it comes from may still send it");
    assert!(page.restore().imported.is_some());
    assert!(page.restore().next_steps()[0].starts_with("The file says"), "what reached Azure nobody knows here");
}

#[test]
fn a_record_that_says_something_else_than_its_request_is_refused_and_says_why() {
    let (first, record) = prepared(false);
    let stage = json!({"notSent": {"fault": null, "search": null}});
    let other = |from: &str, to: &str| with_text(&record, |text| text.replacen(from, to, 1));
    let cases = [
        ("in place", other("\"RestoreDisks\"", "\"OriginalLocation\"")),
        ("another machine", other("/virtualMachines/web-01", "/virtualMachines/PRODUCTION-DB")),
        (
            "another group",
            with_text(&record, |text| replaced_last(text, "resourceGroups/rg-web", "resourceGroups/rg-attacker")),
        ),
        ("a member more", other("\"recoveryType\"", "\"more\": 1, \"recoveryType\"")),
        ("no request", with_text(&record, |_| "{}".to_owned())),
    ];
    for (what, mut record) in cases {
        record["stage"] = stage.clone();
        let mut page = fresh(&first, Some(list(&[record])));
        let id = page.restore_id();
        let review = page.state.unsent_review(&id).unwrap();
        assert!(review.is_err(), "{what}: {review:?}");
        let sha256 = page.asked().sha256.clone();
        page.say(Msg::SendUnsent { id, sha256 });
        page.wait_until(Duration::hours(1), |_| false);
        assert_eq!(posts(&page), 0, "{what}");
    }
    // The sentence alone is another one.
    let mut record = record.clone();
    record["stage"] = stage;
    record["asked"]["effect"] = "Restores nothing of importance.".into();
    let page = fresh(&first, Some(list(&[record])));
    let review = page.state.unsent_review(&page.restore_id()).unwrap();
    assert_eq!(review.unwrap_err(), NotSendable::Disagreement(Disagreement::Effect));
}

#[test]
fn a_hash_that_does_not_fit_and_a_start_in_the_future_are_set_aside_with_a_sentence() {
    let (first, record) = prepared(true);
    let mut hash = record.clone();
    hash["asked"]["sha256"] = "ab".repeat(32).into();
    let mut future = record;
    future["begun"][0] = 2099.into();
    for record in [hash, future] {
        let mut page = fresh(&first, Some(list(std::slice::from_ref(&record))));
        assert!(page.state.restores.is_empty());
        let text = record.to_string();
        assert!(page.state.quarantine.iter().any(|unread| unread.text == text));
        assert!(page.storage.contains_key(QUARANTINE));
        page.wait_until(Duration::hours(1), |_| false);
        assert_eq!(posts(&page), 0);
    }
}

#[test]
fn the_channel_does_not_replace_what_a_known_restore_asks_for() {
    let (mut page, record) = prepared(false);
    while page.step() {}
    assert!(page.restore().is_running());
    let (text, vm) = (page.asked().text.clone(), page.restore().vm.clone());
    let other_text = with_text(&record, |text| text.replacen("resourceGroups/rg-", "resourceGroups/rg-attacker-", 1));
    let mut other_vm = record.clone();
    other_vm["vm"] = "test-vm-99".into();
    let mut other_vault = record.clone();
    let vault = record["vault"].as_str().unwrap().to_owned() + "-2";
    other_vault["vault"] = vault.into();
    for forged in [other_text, other_vm, other_vault] {
        page.say(Msg::SavedElsewhere { key: RESTORES.to_owned(), value: Some(list(std::slice::from_ref(&forged))) });
        assert_eq!((page.state.restores.len(), &page.asked().text, &page.restore().vm), (1, &text, &vm));
        assert!(page.state.quarantine.iter().any(|unread| unread.key == RESTORES), "{forged}");
    }
    page.wait_until(Duration::hours(12), |s| !s.restores[0].is_running());
    assert_eq!((page.restore().state_text().as_str(), page.clicks_sent()), ("Completed", 1));
}

#[test]
fn a_second_record_of_a_known_id_does_not_take_the_first_ones_place() {
    let (mut page, mut record) = prepared(false);
    while page.step() {}
    let (id, vm) = (page.restore_id(), page.restore().vm.clone());
    let own: Value = serde_json::from_str(&page.list()).unwrap();
    let own = own["restores"][0].clone();
    record["vm"] = "test-vm-99".into();
    // First both, then only the known one: the other must not be left over under that id.
    for told in [vec![own.clone(), record], vec![own]] {
        page.say(Msg::SavedElsewhere { key: RESTORES.to_owned(), value: Some(list(&told)) });
        assert_eq!((page.state.restores.len(), &page.state.restore(&id).unwrap().vm), (1, &vm));
    }
    assert!(page.state.quarantine.iter().any(|unread| unread.text.contains("test-vm-99")));
}

#[test]
fn the_channel_does_not_make_an_accepted_restore_one_that_was_not_sent() {
    let (mut first, mut record) = prepared(false);
    while first.step() {}
    // A tab that does not follow a restore trusts the one that does.
    let mut other = Page::blank(first.simulator.clone(), begin());
    (other.now, other.storage, other.records) = (first.now, first.storage.clone(), first.records.clone());
    other.may_lead = false;
    other.start(Route::restores());
    other.say(Msg::StartDemo);
    assert!(other.restore().is_running());
    record["stage"] = json!({"notSent": {"fault": null, "search": null}});
    other.say(Msg::SavedElsewhere { key: RESTORES.to_owned(), value: Some(list(&[record])) });
    assert!(other.restore().is_running() && other.state.unsent_review(&other.restore_id()).is_none());
}

#[test]
fn an_api_version_that_is_not_offered_is_not_sent_with() {
    for secondary in [false, true] {
        let (first, mut record) = prepared(secondary);
        record["stage"] = json!({"notSent": {"fault": null, "search": null}});
        record["version"] = "2016-06-01".into();
        let mut page = fresh(&first, Some(list(&[record])));
        let id = page.restore_id();
        assert!(matches!(page.state.unsent_review(&id), Some(Err(NotSendable::Version(_)))));
        let sha256 = page.asked().sha256.clone();
        page.say(Msg::SendUnsent { id, sha256 });
        page.wait_until(Duration::hours(1), |_| false);
        assert_eq!(posts(&page), 0);
    }
}

/// A token of an account; the simulator takes every token that has not expired.
pub(crate) fn token(user: &str) -> Secret {
    use base64ct::{Base64UrlUnpadded, Encoding as _};
    let claims = json!({"exp": 3_999_999_999_u64, "upn": user}).to_string();
    Secret::new(format!("e30.{}.c2ln", Base64UrlUnpadded::encode_string(claims.as_bytes())))
}

/// A page that an account has connected.
fn signed_in(user: &str) -> Page {
    let mut page = page();
    page.say(Msg::Connect(token(user)));
    page
}

/// The page as used by this account; the restore that it started is on its way or not sent.
fn connected_as(first: &Page, user: &str) -> Page {
    let mut page = Page::blank(first.simulator.clone(), begin());
    page.now = first.now;
    (page.storage, page.records) = (first.storage.clone(), first.records.clone());
    page.start(Route::Connect);
    page.say(Msg::Connect(token(user)));
    page
}

#[test]
fn one_accounts_restore_is_neither_followed_nor_sent_by_another() {
    let mut first = signed_in("first@contoso.com");
    review(&mut first, "web-01", Scenario::RestoreDisks);
    first.hear(first.click(false));
    // Closed before the request has left.
    while first.state.launches.active().next().is_none() {
        assert!(first.step());
    }
    let mut second = connected_as(&first, "second@contoso.com");
    let id = second.restore_id();
    second.wait_until(Duration::hours(1), |_| false);
    assert_eq!(posts(&second), 0);
    assert!(second.sent.iter().all(|(_, path)| !path.contains("backupJobs")), "nobody looks for another's restore");
    assert!(second.state.why_not_followed(second.restore()).is_some());
    // The page offers it to the owner, and not to the other account, even if the record says that it was not sent.
    let mut owner = connected_as(&first, "FIRST@contoso.com");
    assert!(matches!(owner.restore().stage, Stage::NotSent { .. }), "{:?}", owner.restore().stage);
    second.say(Msg::SavedElsewhere { key: RESTORES.to_owned(), value: Some(owner.list()) });
    assert!(matches!(second.state.unsent_review(&id), Some(Err(NotSendable::OtherIdentity(_)))));
    let sha256 = second.asked().sha256.clone();
    second.say(Msg::SendUnsent { id: id.clone(), sha256 });
    assert_eq!(posts(&second), 0);
    owner.send_unsent(&id);
    owner.wait_until(Duration::hours(12), |s| !s.restores[0].is_running());
    assert_eq!((owner.restore().state_text().as_str(), owner.clicks_sent()), ("Completed", 1));
}

#[test]
fn a_click_of_one_account_does_not_leave_with_the_token_of_the_next() {
    for secondary in [false, true] {
        let mut page = signed_in("first@contoso.com");
        review_disks(&mut page, secondary);
        page.hear(page.click(false));
        let mut moments = 0;
        while page.clicks_sent() == 0 {
            let mut next = page.fork();
            // Ahead of whatever comes next.
            next.hear_first(Msg::Connect(token("second@contoso.com")));
            while next.step() {}
            next.wait_until(Duration::hours(1), |_| false);
            assert_eq!((next.clicks_sent(), next.triggers()), (0, 0), "{secondary}");
            let told =
                |r: &RestoreRun| r.fault().is_some_and(|fault| fault.message.contains("another account connected"));
            assert!(next.state.restores.iter().all(told), "{:?}", next.state.restores);
            moments += 1;
            assert!(page.step() || page.rest());
        }
        assert!(moments > 2, "{moments}");
    }
}

#[test]
fn who_signs_out_hides_what_is_his_and_whoever_comes_back_sees_it_again() {
    let mut page = signed_in("first@contoso.com");
    review(&mut page, "web-01", Scenario::RestoreDisks);
    page.start_restore();
    page.say(Msg::Disconnect);
    assert_eq!((page.state.restores.len(), page.state.shown_restores().count()), (1, 0));
    assert!(page.state.activity.is_empty(), "nor what it has asked Azure for");
    page.reload_at(Route::restores());
    assert_eq!(page.state.shown_restores().count(), 0, "not after a reload either");
    page.say(Msg::Connect(token("second@contoso.com")));
    assert_eq!(page.state.shown_restores().count(), 0);
    page.say(Msg::Connect(token("first@contoso.com")));
    assert_eq!(page.state.shown_restores().count(), 1);
    page.wait_until(Duration::hours(12), |s| !s.restores[0].is_running());
    assert_eq!(page.restore().state_text(), "Completed");
    page.say(Msg::OnSignOut(OnSignOut::Delete));
    page.say(Msg::Disconnect);
    assert!(page.state.restores.is_empty() && !page.list().contains("web-01"));
}

#[test]
fn the_incident_record_of_all_restores_is_without_those_of_who_has_signed_out() {
    let mut page = signed_in("first@contoso.com");
    review(&mut page, "web-01", Scenario::RestoreDisks);
    page.start_restore();
    page.say(Msg::Disconnect);
    page.say(Msg::Connect(token("second@contoso.com")));
    page.say(Msg::Record(None, ExportFormat::Json));
    page.say(Msg::Connect(token("first@contoso.com")));
    page.say(Msg::Record(None, ExportFormat::Json));
    let holds: Vec<bool> = page.files.iter().map(|file| file.contains("web-01")).collect();
    assert_eq!(holds, [false, true]);
}

#[test]
fn who_signs_out_in_one_tab_still_sees_what_is_his_in_another_where_he_is_connected() {
    let mut first = signed_in("first@contoso.com");
    review(&mut first, "web-01", Scenario::RestoreDisks);
    first.start_restore();
    let mut other = Page::blank(first.simulator.clone(), begin());
    (other.now, other.storage, other.records) = (first.now, first.storage.clone(), first.records.clone());
    other.may_lead = false;
    other.start(Route::restores());
    other.say(Msg::Connect(token("first@contoso.com")));
    first.say(Msg::Disconnect);
    other.say(Msg::SavedElsewhere { key: RESTORES.to_owned(), value: Some(first.list()) });
    assert_eq!(other.state.shown_restores().count(), 1);
    other.say(Msg::Disconnect);
    assert_eq!(other.state.shown_restores().count(), 0);
}

#[test]
fn signing_out_removes_the_drafts_of_who_has_started_nothing_too() {
    let mut page = signed_in("first@contoso.com");
    page.say(Msg::OnSignOut(OnSignOut::Delete));
    let point = review(&mut page, "web-01", Scenario::RestoreDisks);
    assert!(!page.records.all(DRAFTS).is_empty());
    page.say(Msg::Disconnect);
    assert!(page.records.all(DRAFTS).is_empty());
    page.say(Msg::Connect(token("second@contoso.com")));
    assert_eq!(page.state.draft(&point).staging_account, None);
}

#[test]
fn what_azure_has_refused_one_account_is_not_offered_to_the_next() {
    let mut page = signed_in("first@contoso.com");
    review(&mut page, "web-01", Scenario::RestoreDisks);
    page.spoil = Box::new(|request, answer| match request.uri().path().ends_with("/restore") {
        true => Ok(Response::builder()
            .status(401)
            .body(Bytes::from_static(
                br#"{"error":{"code":"ExpiredAuthenticationToken","message":"The access token has expired."}}"#,
            ))
            .unwrap()),
        false => answer,
    });
    page.start_restore();
    let id = page.restore_id();
    assert!(page.state.can_retry_refused(&id));
    page.say(Msg::Connect(token("second@contoso.com")));
    assert!(!page.state.can_retry_refused(&id), "a button that does nothing");
    assert!(matches!(page.state.unsent_review(&id), Some(Err(NotSendable::OtherIdentity(_)))));
    page.say(Msg::SendAgain(id.clone()));
    assert_eq!(page.clicks_sent(), 1);
    page.spoil = Box::new(|_, answer| answer);
    page.say(Msg::Connect(token("first@contoso.com")));
    page.say(Msg::SendAgain(id));
    assert_eq!(page.clicks_sent(), 2);
}

#[test]
fn forget_leaves_nothing() {
    let mut page = page();
    review(&mut page, "web-01", Scenario::RestoreDisks);
    page.start_restore();
    page.say(Msg::SavedElsewhere { key: RESTORES.to_owned(), value: Some("nonsense".to_owned()) });
    page.say(Msg::KeepDays(30));
    let kept = |page: &Page| [RESTORES, DRAFTS].map(|store| page.records.all(store).len());
    assert_eq!((page.storage.len(), kept(&page)), (2, [1, 1]), "{:?}", page.storage.keys());
    page.say(Msg::ForgetAll);
    assert_eq!(page.storage.keys().collect::<Vec<_>>(), Vec::<&String>::new());
    assert_eq!(kept(&page), [0, 0]);
    page.wait_until(Duration::hours(1), |_| false);
    assert_eq!(page.storage.keys().collect::<Vec<_>>(), Vec::<&String>::new(), "and nothing comes back");
    assert_eq!(kept(&page), [0, 0]);
}

#[test]
fn what_is_over_for_long_is_forgotten_and_what_an_older_version_could_not_read_is_taken_back() {
    let (mut page, record) = prepared(false);
    while page.step() {}
    page.wait_until(Duration::hours(12), |s| !s.restores[0].is_running());
    let mut later = page.fork();
    later.now += Duration::days(89);
    later.reload();
    assert_eq!(later.state.restores.len(), 1);
    later.say(Msg::KeepDays(7));
    assert!(later.state.restores.is_empty());
    later = page.fork();
    later.now += Duration::days(91);
    later.reload();
    assert!(later.state.restores.is_empty());
    // Set aside by a version that did not know it.
    let mut back = fresh(&page, None);
    let unread = json!([{"at": [2026, 263, 0, 0, 0, 0, 0, 0, 0], "key": RESTORES, "text": record.to_string()}]);
    back.storage.insert(QUARANTINE.to_owned(), unread.to_string());
    back.reload();
    assert_eq!((back.state.restores.len(), back.state.quarantine.len()), (1, 0));
}

#[test]
fn a_request_that_waits_for_a_token_which_does_not_come_was_not_sent() {
    let mut page = page();
    review(&mut page, "web-01", Scenario::RestoreDisks);
    page.token_comes = || Err(vm_restore::app::msg::Transport::SignIn("No token came.".to_owned()));
    page.hear(page.click(false));
    let mut waited = false;
    while page.step() {
        waited |= page.state.restores.first().is_some_and(|r| page.state.awaits_token(&r.id));
    }
    assert!(waited);
    assert!(
        matches!(&page.restore().stage, Stage::NotSent { fault: Some(fault), search: None } if fault.message.contains("No token"))
    );
    assert_eq!((page.clicks_sent(), posts(&page)), (0, 0));
    page.reload();
    assert_eq!(page.restore().state_text(), "Not started", "and a reload does not make it unknown");
}

#[test]
fn the_acknowledgement_of_an_earlier_save_lets_nothing_leave() {
    let mut page = page();
    review(&mut page, "web-01", Scenario::RestoreDisks);
    page.can_save = false;
    page.hear(page.click(false));
    assert!(page.step());
    // The browser delivers what was saved before the click.
    let earlier = vm_restore::app::effect::SaveId(page.state.next_save.saturating_sub(2));
    page.hear_first(Msg::Saved { id: earlier, key: RESTORES, result: Ok(()) });
    while page.step() {}
    assert_eq!((page.clicks_sent(), page.state.restores.len()), (0, 0));
}

#[test]
fn a_click_on_a_request_that_has_changed_since_it_was_drawn_starts_nothing() {
    let mut page = page();
    review(&mut page, "web-01", Scenario::RestoreDisks);
    let Msg::Start { place, .. } = page.click(false) else { panic!("nothing can be started") };
    page.say(Msg::Start { place, sha256: "0".repeat(64), unsaved: false });
    assert!(page.state.restores.is_empty());
    assert!(page.state.notice.as_ref().is_some_and(|notice| notice.title == "The request changed"));
    page.start_restore();
    assert_eq!(page.clicks_sent(), 1);
}

#[test]
fn a_record_that_replaces_disks_is_sent_only_when_the_machines_name_was_typed() {
    let mut first = page();
    review(&mut first, "web-01", Scenario::ReplaceDisks);
    first.hear(first.click(false));
    while first.state.launches.active().next().is_none() {
        assert!(first.step());
    }
    let mut page = fresh(&first, Some(first.list()));
    let id = page.restore_id();
    page.send_unsent(&id);
    assert_eq!(page.clicks_sent(), 0);
    page.say(Msg::ConfirmUnsent(id.clone(), "web-02".to_owned()));
    page.send_unsent(&id);
    assert_eq!(page.clicks_sent(), 0);
    page.say(Msg::ConfirmUnsent(id.clone(), "web-01".to_owned()));
    page.send_unsent(&id);
    assert_eq!(page.clicks_sent(), 1);
}

#[test]
fn a_running_record_of_somebody_else_does_not_keep_a_restore_from_being_started() {
    let mut first = signed_in("first@contoso.com");
    review(&mut first, "web-01", Scenario::RestoreDisks);
    first.start_restore();
    assert!(first.restore().is_running());
    let mut second = connected_as(&first, "second@contoso.com");
    let point = review(&mut second, "web-01", Scenario::RestoreDisks);
    assert_eq!(second.state.plan(&point).unwrap().sha256, first.asked().sha256);
    second.start_restore();
    assert_eq!(second.clicks_sent(), 1);
}
