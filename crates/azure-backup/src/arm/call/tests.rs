use super::*;
use crate::{
    arm::{
        fault::FaultKind,
        id::{SubscriptionId, TenantId},
        page::Page,
    },
    backup::lookups::{self, Tenant},
    fixture::{answer, ok},
};
use serde_json::json;

fn client() -> ClientRequestId {
    ClientRequestId::parse("11111111-2222-3333-4444-555555555555").unwrap()
}

#[test]
fn a_request_has_everything_but_the_token() {
    let call = lookups::subscriptions();
    let request = call.request(&Cloud::public(), &client()).unwrap();
    assert_eq!(request.uri(), "https://management.azure.com/subscriptions?api-version=2022-12-01");
    assert_eq!(request.headers()["x-ms-client-request-id"], client().as_str());
    assert_eq!(
        (&request.headers()["accept"], &request.headers()["accept-language"]),
        (&"application/json".parse().unwrap(), &"en-US".parse().unwrap())
    );
    assert!(!request.headers().contains_key("authorization") && !request.headers().contains_key("content-type"));
    assert_eq!((call.action(), call.line().as_str()), ("Microsoft.Resources/subscriptions/read", "GET /subscriptions"));
    let posted = Call::begin("x", "x/action", "/x".into(), Some(Bytes::from_static(b"{}")));
    assert_eq!(posted.request(&Cloud::public(), &client()).unwrap().headers()["content-type"], "application/json");
}

#[test]
fn pages_follow_their_link_verbatim_and_only_within_the_cloud() {
    let (cloud, call) = (Cloud::public(), lookups::tenants());
    let next = "https://management.azure.com/tenants?api-version=1999-01-01&%24skiptoken=%3cT%3E";
    let page = call.read(&ok(&json!({ "value": [{ "tenantId": "t" }], "nextLink": next }))).unwrap();
    let tenant = Tenant { id: TenantId::parse("t").unwrap(), name: "t".into() };
    assert_eq!(page, Page { value: vec![tenant], next: Some(next.to_owned()) });
    let second = call.follow(&cloud, next).unwrap();
    assert_eq!(second.url(&cloud).unwrap().to_string(), next);
    assert_eq!(second.line(), "GET /tenants");
    assert!(matches!(call.follow(&cloud, "https://evil.test/tenants"), Err(RefusedUrl::OtherHost { .. })));
    let moved = Cloud { arm: "https://management.example.test".parse().unwrap(), admitted: vec![], ..cloud };
    assert!(
        second.request(&moved, &client()).is_err(),
        "a link that was admitted once is checked again when it is sent"
    );
}

#[test]
fn unusable_answers_become_faults() {
    let call = lookups::locations(&SubscriptionId::parse("s").unwrap());
    let kind = |status, body: &str| call.read(&answer(status, &[], body)).unwrap_err();
    assert_eq!(kind(200, r#"{"value":[{"na"#).kind, FaultKind::Body { path: "$".into() });
    assert_eq!(kind(200, "").kind, FaultKind::Body { path: "$".into() });
    assert_eq!(
        kind(200, r#"{"value":[{"name":"a"},{"name":{}}]}"#).kind,
        FaultKind::Body { path: "$.value[1].name".into() }
    );
    assert_eq!(kind(200, "<html>Sign in</html>").kind, FaultKind::Unexpected);
    assert_eq!(kind(204, "").kind, FaultKind::Unexpected);
    assert_eq!(kind(404, r#"{"error":{"code":"X","message":"y"}}"#).kind, FaultKind::Status);
    let huge = format!("{{\"value\":[],\"x\":\"{}\"}}", "x".repeat(10_000_000));
    assert_eq!(kind(200, &huge).kind, FaultKind::TooLarge);
    assert_eq!(kind(200, &"[".repeat(100_000)).kind, FaultKind::Body { path: "$".into() });
}
