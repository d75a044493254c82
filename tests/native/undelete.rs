//! Soft-deleted items and vaults: undeleted by the request that was on the screen, followed to the end, and read again.

use std::cell::RefCell;
use std::rc::Rc;

use azure_backup::arm::id::{ArmId, SubscriptionId};
use azure_backup::backup::item::ProtectedItem;
use azure_backup::backup::undelete::DeletedVault;
use azure_backup::backup::vault::Vault;
use bytes::Bytes;
use http::{Method, Response};
use serde_json::{Value, json};
use time::Duration;
use vm_restore::app::effect::Effect;
use vm_restore::app::env::Env;
use vm_restore::app::key::Key;
use vm_restore::app::msg::{Msg, Transport};
use vm_restore::app::route::Route;
use vm_restore::app::saved::SENT_REQUESTS;
use vm_restore::app::undelete::{Stage, Undeleting};
use vm_restore::app::update::update;
use vm_restore::restore::regional_id::RegionalId;

use crate::operator::{self, find};
use crate::page::Page;

type Sent = Rc<RefCell<Vec<(Method, String, String)>>>;

/// The page of a soft-deleted machine's recovery points, and every write request that leaves it.
fn deleted() -> (Page, Rc<ProtectedItem>, Sent) {
    let mut page = operator::page();
    let item = find(&mut page, "deleted-01");
    assert!(item.soft_deleted && item.kept_until().is_some(), "{item:?}");
    page.say(Msg::Go(Route::Points(item.id.clone().into())));
    let sent = watch(&mut page, |_, answer| answer);
    (page, item, sent)
}

/// Records every request that is not a GET; `change` may alter its answer.
fn watch(
    page: &mut Page,
    change: impl Fn(&http::Request<Bytes>, Result<Response<Bytes>, Transport>) -> Result<Response<Bytes>, Transport>
    + 'static,
) -> Sent {
    let sent = Sent::default();
    let seen = sent.clone();
    page.spoil = Box::new(move |request, answer| {
        if request.method() != Method::GET && !request.uri().path().ends_with("/Microsoft.ResourceGraph/resources") {
            let body = String::from_utf8(request.body().to_vec()).unwrap();
            seen.borrow_mut().push((request.method().clone(), request.uri().to_string(), body));
        }
        change(request, answer)
    });
    sent
}

fn item_of(page: &Page, id: &ArmId) -> Rc<ProtectedItem> {
    page.state.item(&RegionalId::from(id.clone())).unwrap()
}

fn stage<'a>(page: &'a Page, id: &ArmId) -> &'a Stage {
    &page.state.undeleting(id).unwrap().stage
}

/// Presses *Undelete* in the dialog as it is shown.
fn press(page: &mut Page, id: &ArmId) {
    let shown = page.state.undelete_request(id).unwrap();
    page.say(Msg::Undelete { id: id.clone(), sha256: shown.sha256 });
}

fn over(page: &mut Page, id: &ArmId) {
    page.wait_until(Duration::hours(1), |state| !state.undeleting(id).is_some_and(Undeleting::runs));
}

#[test]
fn what_was_shown_leaves_once_and_is_followed_until_the_item_is_back() {
    let (mut page, item, sent) = deleted();
    let shown = page.state.undelete_request(&item.id).unwrap();
    press(&mut page, &item.id);
    // Pressed once more while it runs.
    page.say(Msg::Undelete { id: item.id.clone(), sha256: shown.sha256.clone() });
    over(&mut page, &item.id);
    assert_eq!(*sent.borrow(), [(Method::PUT, shown.url, shown.body.clone())], "that request, and no other");
    let body: Value = serde_json::from_str(&shown.body).unwrap();
    assert_eq!(body["properties"]["isRehydrate"], json!(true));
    assert!(matches!(stage(&page, &item.id), Stage::Over));
    assert!(!item_of(&page, &item.id).soft_deleted, "what Azure lists was read again");
    assert!(page.state.undelete_request(&item.id).is_none(), "it is offered no more");
    // Its operation and its job were looked at.
    let looked = |part: &str| page.state.activity.iter().any(|exchange| exchange.line().contains(part));
    assert!(looked("/operationsStatus/") && looked("/backupJobs/"), "{:?}", page.sent);
    assert!(
        page.state.catalog.entry(&Key::Points(item.id.clone())).is_some_and(|e| e.at.is_some()),
        "points are there"
    );
}

#[test]
fn another_request_than_the_one_shown_does_not_leave() {
    let (mut page, item, sent) = deleted();
    page.say(Msg::Undelete { id: item.id.clone(), sha256: "0".repeat(64) });
    assert_eq!((sent.borrow().len(), page.state.undeleting.len()), (0, 0));
    assert!(page.state.notice.as_ref().is_some_and(|notice| notice.title == "Nothing was sent"));
    // Nor is an item undeleted that is not deleted.
    let other = find(&mut page, "web-01");
    page.say(Msg::Undelete { id: other.id.clone(), sha256: String::new() });
    assert_eq!((sent.borrow().len(), page.state.undelete_request(&other.id).is_none()), (0, true));
}

#[test]
fn a_refusal_is_told_and_a_lost_answer_is_not_called_one() {
    let refused = json!({ "error": { "code": "AuthorizationFailed", "message": "No." } }).to_string();
    let answers: [(Result<Response<Bytes>, Transport>, bool); 2] = [
        (Ok(Response::builder().status(403).body(refused.into()).unwrap()), false),
        (Err(Transport::Network("gone".to_owned())), true),
    ];
    for (answer, unknown) in answers {
        let (mut page, item, _) = deleted();
        let answer = RefCell::new(Some(answer));
        let sent = watch(&mut page, move |request, usual| match request.method() == Method::PUT {
            true => answer.borrow_mut().take().unwrap_or(usual),
            false => usual,
        });
        press(&mut page, &item.id);
        over(&mut page, &item.id);
        let Stage::Failed { unknown: said, .. } = stage(&page, &item.id) else {
            panic!("{:?}", stage(&page, &item.id))
        };
        assert_eq!((sent.borrow().len(), *said), (1, unknown), "it is not sent again by itself");
        assert!(page.state.undelete_request(&item.id).is_some(), "by hand it can be");
        // The simulator had received it nevertheless: a refresh shows that.
        page.now += Duration::minutes(1);
        page.say(Msg::Refresh);
        assert!(!item_of(&page, &item.id).soft_deleted);
    }
}

#[test]
fn where_the_operation_cannot_be_followed_the_list_tells() {
    let (mut page, item, _) = deleted();
    watch(&mut page, |request, answer| {
        answer.map(|mut answer| {
            if request.method() == Method::PUT {
                answer.headers_mut().clear();
            }
            answer
        })
    });
    press(&mut page, &item.id);
    assert!(matches!(stage(&page, &item.id), Stage::Reading { .. }), "{:?}", stage(&page, &item.id));
    over(&mut page, &item.id);
    assert!(!item_of(&page, &item.id).soft_deleted);
}

#[test]
fn what_never_comes_back_is_not_called_undeleted() {
    let (mut page, item, _) = deleted();
    // Azure's lists keep saying that it is deleted.
    let old = RefCell::new(std::collections::BTreeMap::<String, Bytes>::new());
    watch(&mut page, move |request, answer| {
        let path = request.uri().path().to_owned();
        let listed = path.ends_with("/backupProtectedItems")
            || path.contains("/protectedItems/") && !path.contains("/recoveryPoints");
        answer.map(|mut answer| {
            if request.method() == Method::GET && listed && !path.contains("/operation") {
                *answer.body_mut() =
                    old.borrow_mut().entry(request.uri().to_string()).or_insert_with(|| answer.body().clone()).clone();
            }
            answer
        })
    });
    page.say(Msg::Refresh);
    press(&mut page, &item.id);
    over(&mut page, &item.id);
    assert!(matches!(stage(&page, &item.id), Stage::Over) && item_of(&page, &item.id).soft_deleted);
}

/// A page whose undeletion can be followed only by the lists, in which `item` finds what Azure says about the item.
fn read_from_lists(item: impl Fn(Value) -> Option<Value> + 'static) -> (Page, ArmId) {
    let (mut page, deleted, _) = deleted();
    let id = deleted.id.clone();
    let (name, asked) = (id.as_str().to_lowercase(), std::cell::Cell::new(false));
    watch(&mut page, move |request, answer| {
        let mut answer = answer?;
        let path = request.uri().path().to_lowercase().replace("%3b", ";");
        if request.method() == Method::PUT {
            asked.set(true);
            answer.headers_mut().clear();
        } else if asked.get() && path.ends_with("/backupprotecteditems") {
            let mut list: Value = serde_json::from_slice(answer.body()).unwrap();
            let of = |member: &Value| member["id"].as_str().is_some_and(|id| id.to_lowercase() == name);
            let members = list["value"].as_array().unwrap().clone();
            list["value"] = members.into_iter().filter_map(|m| if of(&m) { item(m) } else { Some(m) }).collect();
            *answer.body_mut() = list.to_string().into();
        } else if asked.get() && path == name {
            answer = Response::builder().status(404).body(Bytes::new()).unwrap();
        }
        Ok(answer)
    });
    press(&mut page, &id);
    assert!(matches!(stage(&page, &id), Stage::Reading { .. }), "{:?}", stage(&page, &id));
    (page, id)
}

/// Dispatches a message, and returns whether the item was announced as undeleted.
fn announces(page: &mut Page, mut does: impl FnMut(&mut Page) -> bool) -> bool {
    let mut said = false;
    while does(page) {
        said |= page.state.announcement == "Undelete finished";
    }
    said || page.state.announcement == "Undelete finished"
}

/// An item that was purged meanwhile is in no list.
#[test]
fn what_no_list_names_any_more_is_not_called_undeleted() {
    let (mut page, id) = read_from_lists(|_| None);
    let until = page.now + Duration::hours(1);
    let said = announces(&mut page, |page| {
        page.wait();
        page.now < until && page.state.undeleting(&id).is_some_and(Undeleting::runs)
    });
    assert!(matches!(stage(&page, &id), Stage::Over), "{:?}", stage(&page, &id));
    assert!(!said && !page.state.is_back(&id), "it was purged");
}

/// Another api-version, or a new token, discards what was read.
#[test]
fn lists_that_were_forgotten_meanwhile_prove_nothing_and_are_read_anew() {
    use vm_restore::app::saved::Versions;
    let (mut page, id) = read_from_lists(|mut item| {
        item["properties"]["isScheduledForDeferredDelete"] = json!(true);
        item["properties"]["protectionState"] = json!("ProtectionStopped");
        Some(item)
    });
    page.say(Msg::Go(Route::Settings));
    page.now += Duration::seconds(11);
    let version = Versions::default().primary;
    let mut messages = vec![Msg::SetVersion(version)];
    let said = announces(&mut page, |page| messages.pop().map(|msg| page.say(msg)).is_some());
    assert!(!said && !matches!(stage(&page, &id), Stage::Over), "{:?}", stage(&page, &id));
    over(&mut page, &id);
    assert!(matches!(stage(&page, &id), Stage::Over) && item_of(&page, &id).soft_deleted, "it was read anew");
}

#[test]
fn another_account_does_not_follow_what_one_has_undeleted() {
    for (second, followed) in [("first@contoso.com", true), ("second@contoso.com", false)] {
        let mut page = operator::page();
        page.say(Msg::Connect(crate::forged::token("first@contoso.com")));
        let item = find(&mut page, "deleted-01");
        let shown = page.state.undelete_request(&item.id).unwrap();
        page.hear(Msg::Undelete { id: item.id.clone(), sha256: shown.sha256 });
        assert!(page.step());
        page.hear_first(Msg::Connect(crate::forged::token(second)));
        assert!(page.step());
        assert_eq!(page.state.undeleting(&item.id).is_some(), followed, "{second}");
    }
}

#[test]
fn whoever_leaves_follows_nothing_any_more() {
    let (mut page, item, sent) = deleted();
    let shown = page.state.undelete_request(&item.id).unwrap();
    page.hear(Msg::Undelete { id: item.id.clone(), sha256: shown.sha256 });
    page.say(Msg::Disconnect);
    assert_eq!((page.state.undeleting.len(), sent.borrow().len() <= 1), (0, true));
}

#[test]
fn a_deleted_vault_comes_back_into_its_group() {
    let mut page = operator::page();
    let item = find(&mut page, "web-01");
    page.say(Msg::Go(Route::Vms(Default::default())));
    assert!(!page.sent.iter().any(|(_, path)| path.ends_with("/deletedVaults")), "asked for on demand only");
    let subscription = SubscriptionId::parse(item.id.subscription().unwrap()).unwrap();
    page.say(Msg::ShowDeletedVaults);
    page.say(Msg::ChooseSubscription(Some(subscription.clone())));
    assert_eq!(page.state.subscription().as_ref(), Some(&subscription));
    let lists = page.state.deleted_vault_lists(&subscription);
    let all: Vec<Rc<DeletedVault>> = lists
        .iter()
        .filter_map(|key| page.state.catalog.get::<[Rc<DeletedVault>]>(key))
        .flat_map(|list| list.to_vec())
        .collect();
    let deleted =
        all.iter().find(|deleted| page.state.undelete_request(&deleted.id).is_some()).expect("one is deleted");
    let sent = watch(&mut page, |_, answer| answer);
    let shown = page.state.undelete_request(&deleted.id).unwrap();
    press(&mut page, &deleted.id);
    over(&mut page, &deleted.id);
    assert_eq!(*sent.borrow(), [(Method::POST, shown.url, shown.body.clone())]);
    let group: Value = serde_json::from_str(&shown.body).unwrap();
    let vault = deleted.vault.clone().unwrap();
    let group = group["properties"]["recoveryResourceGroupId"].as_str().unwrap().to_owned();
    assert!(vault.as_str().to_lowercase().starts_with(&format!("{}/", group.to_lowercase())), "{group} {vault}");
    assert!(matches!(stage(&page, &deleted.id), Stage::Over), "{:?}", stage(&page, &deleted.id));
    assert!(page.state.deleted_vault(&deleted.id).is_none(), "it is deleted no more");
    let vaults = page.state.catalog.get::<[Rc<Vault>]>(&Key::Vaults(subscription)).unwrap();
    assert!(vaults.iter().any(|one| one.id == vault), "it is listed among the others");
}

#[test]
fn after_a_reload_it_is_followed_to_its_end_and_nothing_is_sent_again() {
    let (mut page, item, sent) = deleted();
    let place = RegionalId::from(item.id.clone());
    press(&mut page, &item.id);
    assert!(page.state.undeleting(&item.id).is_some_and(Undeleting::runs));
    page.reload_at(Route::Points(place.clone()));
    assert!(page.state.undeleting(&item.id).is_some_and(Undeleting::runs), "it was written down");
    // Nor is it sent by whoever presses once more.
    page.say(Msg::Undelete { id: item.id.clone(), sha256: String::new() });
    over(&mut page, &item.id);
    assert!(matches!(stage(&page, &item.id), Stage::Over));
    assert!(!item_of(&page, &item.id).soft_deleted);
    page.reload_at(Route::Points(place));
    assert_eq!((page.state.undeleting(&item.id), sent.borrow().len()), (None, 1), "then what Azure lists tells");
}

#[test]
fn it_is_written_down_before_it_leaves_and_told_where_no_answer_is_known() {
    let (mut page, item, sent) = deleted();
    let shown = page.state.undelete_request(&item.id).unwrap();
    let msg = Msg::Undelete { id: item.id.clone(), sha256: shown.sha256.clone() };
    let env = Env::new(page.now, "7d1f0a2c-0000-4000-8000-000000000001");
    let effects = update(&mut page.state.clone(), env, msg.clone());
    let saved = effects.iter().position(|effect| matches!(effect, Effect::Save { key: SENT_REQUESTS, .. }));
    let left = effects.iter().position(|effect| matches!(effect, Effect::Send { .. }));
    assert!(saved.is_some() && saved < left, "{effects:?}");
    // It leaves, and the page is closed before the answer.
    page.hear(msg);
    page.step();
    page.reload_at(Route::Points(item.id.clone().into()));
    let Stage::Failed { fault, unknown: true } = stage(&page, &item.id) else { panic!("{:?}", stage(&page, &item.id)) };
    assert!(fault.message.contains(&shown.sha256) && fault.message.contains("UTC"), "{fault:?}");
    assert!(sent.borrow().len() <= 1, "a reload sends nothing");
}

#[test]
fn another_tab_follows_it_and_a_refusal_stays_told() {
    let (mut page, item, _) = deleted();
    let mut other = page.fork();
    press(&mut page, &item.id);
    let tell = |page: &Page, other: &mut Page| {
        let value = page.storage.get(SENT_REQUESTS).cloned();
        other.say(Msg::SavedElsewhere { key: SENT_REQUESTS.to_owned(), value });
    };
    tell(&page, &mut other);
    assert!(other.state.undeleting(&item.id).is_some_and(Undeleting::runs));
    over(&mut page, &item.id);
    tell(&page, &mut other);
    assert!(matches!(stage(&other, &item.id), Stage::Reading { .. } | Stage::Over), "{:?}", stage(&other, &item.id));

    let (mut page, item, _) = deleted();
    let refused = json!({ "error": { "code": "AuthorizationFailed", "message": "No." } }).to_string();
    let _ = watch(&mut page, move |request, usual| match request.method() == Method::PUT {
        true => Ok(Response::builder().status(403).body(refused.clone().into()).unwrap()),
        false => usual,
    });
    press(&mut page, &item.id);
    page.reload_at(Route::Points(item.id.clone().into()));
    assert!(matches!(stage(&page, &item.id), Stage::Failed { unknown: false, .. }), "{:?}", stage(&page, &item.id));
}
