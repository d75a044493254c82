//! Answers of Resource Graph. No row of a virtual machine was recorded: those of other workloads have the same frame.

use crate::shared::{self, Exchange};
use azure_backup::{
    arm::{
        graph::{Completeness, QueryQuota, Rows, Scope},
        id::SubscriptionId,
    },
    backup::fleet,
};
use serde_json::Value;
use std::fs;
use time::Duration;

fn recordings() -> Option<Vec<(String, Exchange)>> {
    let dir = recorded::traffic("recorded answers of Resource Graph")?.join("data-2026/recordings");
    let mut paths: Vec<_> = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.file_name().unwrap().to_string_lossy().starts_with("arg-"));
    paths.sort();
    let exchanges = paths.iter().flat_map(|path| {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let file = shared::json(path);
        file["exchanges"].as_array().unwrap().iter().map(|e| (name.clone(), Exchange::new(e))).collect::<Vec<_>>()
    });
    Some(exchanges.collect())
}

#[test]
fn every_recorded_page_is_read_with_its_rows_its_token_and_its_quota() {
    let Some(recordings) = recordings() else { return };
    let (call, mut pages, mut rows_read) = (fleet::machines(Scope::TENANT, "").first(), 0, 0);
    for (name, exchange) in recordings.iter().filter(|(_, exchange)| exchange.status == 200) {
        let page = call.read(&exchange.answer).unwrap_or_else(|fault| panic!("{name}: {fault}"));
        let data = exchange.body["data"].as_array().unwrap();
        let ids: Vec<&str> = data.iter().map(|row| row["id"].as_str().unwrap()).collect();
        let read: Vec<&str> = page.rows.iter().map(|row| row.id.as_str()).collect();
        assert_eq!(read, ids, "{name}");
        assert_eq!((page.unreadable, page.total), (0, exchange.body["totalRecords"].as_u64()), "{name}");
        assert_eq!(page.next.as_deref(), exchange.body["$skipToken"].as_str(), "{name}");
        let five = page.quota.resets_after.unwrap();
        assert!((Duration::seconds(1)..=Duration::seconds(5)).contains(&five), "{name}: {five}");
        assert!(page.quota.remaining.is_some_and(|left| (1..15).contains(&left)), "{name}: {:?}", page.quota);
        assert!(!page.truncated && !page.subscriptions_left_out, "{name}");
        (pages, rows_read) = (pages + 1, rows_read + read.len());
        // Rows of any type are asked for in the same way: tags, where they are projected, are those of the row.
        for (row, raw) in page.rows.iter().zip(data) {
            assert_eq!(row.tags.len(), raw["tags"].as_object().map_or(0, serde_json::Map::len), "{name}");
        }
    }
    println!("corpus Resource Graph: {pages} pages, {rows_read} rows, 0 mismatches");
    assert!(pages >= 7 && rows_read >= 20, "{pages} {rows_read}");
}

/// Between the two recorded pages one resource went, so that the total fell.
#[test]
fn two_recorded_pages_make_one_result_that_goes_on() {
    let Some(recordings) = recordings() else { return };
    let call = fleet::machines(Scope::TENANT, "").first();
    let page = |wanted: &str| {
        let (_, exchange) = recordings.iter().find(|(name, _)| name == wanted).unwrap();
        call.read(&exchange.answer).unwrap()
    };
    let mut rows = Rows::default();
    for name in ["arg-paged", "arg-skiptoken", "arg-skiptoken"] {
        rows.add(page(name));
    }
    assert_eq!((rows.all().len(), rows.total()), (6, Some(2_994)));
    assert_eq!(rows.completeness(), Completeness::Reading);
}

#[test]
fn the_recorded_refusal_says_that_the_query_is_invalid() {
    let Some(recordings) = recordings() else { return };
    let refused: Vec<_> = recordings.iter().filter(|(_, exchange)| exchange.status >= 400).collect();
    assert_eq!(refused.len(), 1);
    let fault = fleet::machines(Scope::TENANT, "").first().read(&refused[0].1.answer).unwrap_err();
    assert_eq!((fault.status, fault.code.as_str(), fault.details.len()), (Some(400), "BadRequest", 2));
    assert_eq!(fault.details[1].target.as_deref(), Some("line 1, character 11 at \"<EOF>\""));
    assert!(fault.sentence().starts_with("InvalidQuery: Query is invalid."), "{fault}");
    assert_eq!(fault.retry_after, None);
    assert_eq!(QueryQuota::read(refused[0].1.answer.headers()).remaining, Some(14));
}

/// Ours has no member that was not recorded, and of the same type.
#[test]
fn a_request_has_the_form_of_the_recorded_ones() {
    let Some(recordings) = recordings() else { return };
    let some = Scope::subscriptions(vec![SubscriptionId::parse("s").unwrap()]).unwrap();
    for call in [fleet::machines(some.clone(), "").first(), fleet::machines(some, "web").after("token==")] {
        let ours: Value = serde_json::from_slice(call.body.as_ref().unwrap()).unwrap();
        for part in ["", "/options"] {
            for (member, value) in ours.pointer(part).unwrap().as_object().unwrap() {
                let recorded = recordings.iter().find_map(|(_, e)| e.request.pointer(part)?.get(member));
                let recorded = recorded.unwrap_or_else(|| panic!("{member} was not recorded"));
                assert_eq!(std::mem::discriminant(recorded), std::mem::discriminant(value), "{member}");
            }
        }
        assert!(recordings.iter().all(|(_, e)| e.method == "POST" && e.url.ends_with(&call_path(&call))));
    }
}

fn call_path<T>(call: &azure_backup::arm::call::Call<T>) -> String {
    let cloud = azure_backup::arm::cloud::Cloud::public();
    call.url(&cloud).unwrap().to_string()
}
