use super::*;
use crate::arm::{
    cloud::Cloud,
    fault::{Fault, FaultKind},
    id::{ArmId, ClientRequestId},
};
use crate::fixture::{answer, misshapen, ok};
use ::time::Duration;
use proptest::prelude::*;
use serde_json::{Value, json};

#[derive(Clone, Debug, PartialEq)]
struct Row {
    id: ArmId,
    name: Option<String>,
}

impl Identified for Row {
    fn id(&self) -> &ArmId {
        &self.id
    }
}

fn query(scope: Scope) -> Query<Row> {
    let row: ReadRow<Row> = |node| Some(Row { id: node.id("id")?, name: node.text("name") });
    Query::new("Query rows", "resources | project id, name | order by id asc".to_owned(), scope, row)
}

fn id(n: usize) -> String {
    format!("/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/virtualMachines/vm-{n:03}")
}

fn page(ids: impl IntoIterator<Item = usize>, total: usize, next: Option<&str>) -> ResultPage<Row> {
    let data: Vec<Value> = ids.into_iter().map(|n| json!({ "id": id(n) })).collect();
    let body = json!({ "totalRecords": total, "count": data.len(), "data": data, "facets": [], "resultTruncated": "false", "$skipToken": next });
    query(Scope::TENANT).first().read(&ok(&body)).unwrap()
}

#[test]
fn the_request_is_the_one_that_was_recorded() {
    let sent = |call: Call<ResultPage<Row>>| {
        let request = call.request(&Cloud::public(), &ClientRequestId::parse("c").unwrap()).unwrap();
        assert_eq!(request.method(), http::Method::POST);
        let url = "https://management.azure.com/providers/Microsoft.ResourceGraph/resources?api-version=2021-03-01";
        assert_eq!(request.uri().to_string(), url);
        serde_json::from_slice::<Value>(request.body()).unwrap()
    };
    let text = "resources | project id, name | order by id asc";
    assert_eq!(
        sent(query(Scope::TENANT).first()),
        json!({ "query": text, "options": { "$top": 1_000, "resultFormat": "objectArray", "allowPartialScopes": true } })
    );
    let ids = ["s-1", "s-2"].map(|id| SubscriptionId::parse(id).unwrap());
    let some = Scope::subscriptions(ids.to_vec()).unwrap();
    assert_eq!(
        sent(query(some).after("t==")),
        json!({ "subscriptions": ["s-1", "s-2"], "query": text,
            "options": { "$top": 1_000, "$skipToken": "t==", "resultFormat": "objectArray", "allowPartialScopes": false } })
    );
    assert_eq!(Scope::subscriptions(Vec::new()), None, "no subscription is not every subscription");
}

#[test]
fn both_formats_give_the_same_rows() {
    let objects = json!({ "totalRecords": 3, "count": 3, "resultTruncated": "false", "facets": [],
        "data": [{ "id": id(1), "name": "a" }, { "id": id(2), "name": null }, { "name": "nobody" }] });
    let mut table = objects.clone();
    table["data"] = json!({
        "columns": [{ "name": "name", "type": "string" }, { "name": "x", "type": "object" }, { "name": "id", "type": "string" }],
        "rows": [["a", { "deep": [1, { "id": "not this one" }] }, id(1)], [null, [], id(2)], ["nobody"], "no row"]
    });
    let read = |body: &Value| query(Scope::TENANT).first().read(&ok(body)).unwrap();
    let found = read(&objects);
    assert_eq!((found.rows.len(), found.unreadable, found.total), (2, 1, Some(3)));
    assert_eq!(found.rows[0].name.as_deref(), Some("a"));
    assert_eq!(read(&table), found);
}

#[test]
fn what_only_informs_may_be_missing_or_nonsense_but_not_the_data() {
    let good = json!({ "totalRecords": 1, "count": 1, "resultTruncated": "false", "facets": [], "$skipToken": "t",
        "data": [{ "id": id(1), "name": "a" }] });
    let call = query(Scope::TENANT).first();
    let (mut read, mut refused) = (0, 0);
    for body in misshapen(&good) {
        match call.read(&ok(&body)) {
            Ok(page) => {
                read += 1;
                assert_eq!(page.rows.len() + page.unreadable, body["data"].as_array().map_or(0, Vec::len), "{body}");
            }
            Err(fault) => {
                refused += 1;
                let FaultKind::Body { path } = &fault.kind else { panic!("{fault:?}") };
                assert!(["$", "$.data", "$.data.columns", "$.$skipToken"].contains(&path.as_str()), "{path} {body}");
            }
        }
    }
    assert!(read > 40 && refused > 10, "{read} read, {refused} refused");
}

#[test]
fn quota_and_limits_are_read_where_the_headers_are_shown() {
    let body = json!({ "totalRecords": 5, "count": 0, "data": [], "resultTruncated": "true" }).to_string();
    let call = query(Scope::TENANT).first();
    let headers = [
        ("x-ms-user-quota-remaining", "14"),
        ("x-ms-user-quota-resets-after", "00:00:05"),
        ("x-ms-tenant-subscription-limit-hit", "True"),
    ];
    let page = call.read(&answer(200, &headers, &body)).unwrap();
    assert_eq!((page.quota.remaining, page.quota.resets_after), (Some(14), Some(Duration::seconds(5))));
    assert!(page.truncated && page.subscriptions_left_out);
    let hidden = call.read(&answer(200, &[("x-ms-user-quota-remaining", "many")], &body)).unwrap();
    assert_eq!((hidden.quota, hidden.subscriptions_left_out), (QueryQuota::default(), false));
}

#[test]
fn an_error_says_what_stands_in_its_details() {
    let about = "Please provide below info when asking for support: timestamp = 2021-04-28T17:36:59.4026726Z, correlationId = 27cf573d.";
    let error = |code: &str, details: Value| json!({ "error": { "code": code, "message": about, "details": details } });
    let invalid = json!([{ "code": "InvalidQuery", "message": "Query is invalid." },
        { "code": "ParserFailure", "message": "ParserFailure", "line": 1, "characterPositionInLine": 11, "token": "<EOF>" }]);
    let fault =
        query(Scope::TENANT).first().read(&answer(400, &[], &error("BadRequest", invalid).to_string())).unwrap_err();
    assert_eq!(fault.to_string(), "InvalidQuery: Query is invalid.");
    assert_eq!(fault.details[1].target.as_deref(), Some("line 1, character 11 at \"<EOF>\""));
    assert!(!fault.is_retryable());

    let limited =
        error("RateLimiting", json!([{ "code": "RateLimiting", "message": "Client application has been throttled." }]));
    let after = [("x-ms-user-quota-resets-after", "00:00:03"), ("x-ms-user-quota-remaining", "0")];
    let fault = query(Scope::TENANT).first().read(&answer(429, &after, &limited.to_string())).unwrap_err();
    assert!(fault.is_throttled() && fault.is_retryable());
    assert_eq!(fault.retry_after, Some(crate::arm::headers::RetryAfter::Seconds(3)));
    let other = Fault::from_answer("", &answer(400, &after, &limited.to_string()));
    assert_eq!(other.retry_after, None, "what is left of a quota is no wait");
}

#[test]
fn rows_that_come_twice_count_once_and_rows_that_did_not_come_are_missing() {
    let mut rows = Rows::default();
    assert_eq!(rows.completeness(), Completeness::Reading);
    rows.add(page(0..3, 8, Some("t")));
    // Between the pages, a resource went: one row moved up and is never seen.
    rows.add(page([2, 5, 4], 7, Some("t")));
    assert_eq!((rows.all().len(), rows.completeness()), (5, Completeness::Reading));
    let mut upper = page([6, 0], 7, None);
    upper.rows[1].id = ArmId::parse(&id(0).to_ascii_uppercase()).unwrap();
    rows.add(upper);
    assert_eq!((rows.all().len(), rows.total(), rows.completeness()), (6, Some(7), Completeness::Missing(1)));
    for n in [0, 1, 2, 4, 5, 6] {
        assert_eq!(
            rows.get(&ArmId::parse(&id(n)).unwrap()).map(|row| row.id.name().to_owned()),
            Some(format!("vm-{n:03}"))
        );
    }
    assert!(rows.get(&ArmId::parse(&id(3)).unwrap()).is_none());
}

#[test]
fn a_result_that_was_cut_is_not_whole() {
    let with = |change: fn(&mut ResultPage<Row>)| {
        let (mut rows, mut page) = (Rows::default(), page(0..3, 3, None));
        change(&mut page);
        rows.add(page);
        rows.completeness()
    };
    assert_eq!(with(|_| {}), Completeness::Whole);
    assert_eq!(with(|page| page.total = None), Completeness::Whole);
    assert_eq!(with(|page| page.truncated = true), Completeness::Cut);
    assert_eq!(with(|page| page.subscriptions_left_out = true), Completeness::Cut);
    assert_eq!(with(|page| page.total = Some(5)), Completeness::Missing(2));
    // A row that cannot be told from others has come, too.
    assert_eq!(with(|page| (page.total, page.unreadable) = (Some(4), 1)), Completeness::Whole);
}

proptest! {
    #[test]
    fn however_pages_overlap_each_row_is_there_once(pages in prop::collection::vec(prop::collection::vec(0..40_usize, 0..12), 0..8)) {
        let mut rows = Rows::default();
        for ids in &pages {
            rows.add(page(ids.iter().copied(), 40, None));
        }
        let mut expected: Vec<usize> = Vec::new();
        for n in pages.iter().flatten() {
            if !expected.contains(n) {
                expected.push(*n);
            }
        }
        let found: Vec<String> = rows.all().iter().map(|row| row.id.to_string()).collect();
        prop_assert_eq!(found, expected.iter().map(|n| id(*n)).collect::<Vec<_>>());
        for n in 0..40 {
            prop_assert_eq!(rows.get(&ArmId::parse(&id(n)).unwrap()).is_some(), expected.contains(&n));
        }
    }
}
