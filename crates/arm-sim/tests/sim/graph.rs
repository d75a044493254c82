//! Resource Graph: its frame as recorded, its refusals, its pages, and how it lags behind.

use arm_sim::{Progress, Simulator, TenantSize};
use serde_json::{Map, Value, json};

use crate::support::{Client, Heard, NEWS, VERSION, start};

const URL: &str = "/providers/Microsoft.ResourceGraph/resources?api-version=2021-03-01";
const ITEMS: &str =
    "recoveryservicesresources | project id, name, deleted = properties.isScheduledForDeferredDelete | order by id asc";

fn ask(c: &mut Client, query: &str, options: &Value) -> Heard {
    // The quota is the matter of one test.
    c.wait(1);
    c.send("POST", URL, Some(&json!({"query": query, "options": options}))).unwrap()
}

fn recordings() -> Option<Vec<Value>> {
    let dir = recorded::traffic("recorded answers of Resource Graph")?.join("data-2026/recordings");
    let files = std::fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path());
    let files = files.filter(|path| path.file_name().unwrap().to_string_lossy().starts_with("arg-"));
    let read = |path| serde_json::from_str::<Value>(&std::fs::read_to_string(path).unwrap()).unwrap();
    Some(files.map(read).flat_map(|file| file["exchanges"].as_array().unwrap().clone()).collect())
}

/// The members of an object, and the type of each; texts of digits only are numbers in disguise.
fn shape(value: &Value) -> Vec<(String, &'static str)> {
    let kind = |value: &Value| match value {
        Value::Null => "null",
        Value::Bool(_) => "flag",
        Value::Number(_) => "number",
        Value::String(_) => "text",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    value.as_object().unwrap_or(&Map::new()).iter().map(|(name, value)| (name.clone(), kind(value))).collect()
}

/// Every recorded request whose query the simulator understands is answered in the recorded shape, the others as the recorded refusal.
#[test]
fn answers_have_the_shape_of_the_recorded_ones() {
    let Some(recordings) = recordings() else { return };
    let mut c = Client { sim: Simulator::of_size(TenantSize::Demo, 1, start()), ..Client::new(Progress::AtOnce) };
    let refused = recordings.iter().find(|e| e["status"] == 400).unwrap();
    let (mut answered, mut rows, mut not_understood) = (0, 0, 0);
    for recorded in &recordings {
        let query = recorded["request_body"]["query"].as_str().unwrap();
        let heard = ask(&mut c, query, &recorded["request_body"]["options"]);
        let like = if heard.status == 200 { recorded } else { refused };
        if heard.status == 200 {
            answered += 1;
        } else {
            not_understood += 1;
            let details = heard.body["error"]["details"].as_array().unwrap();
            let shapes = |e: &Value| e["error"]["details"].as_array().unwrap().iter().map(shape).collect::<Vec<_>>();
            assert_eq!(details[0], like["response_body"]["error"]["details"][0]);
            assert_eq!(shapes(&heard.body), shapes(&like["response_body"]), "{query}");
        }
        assert_eq!(json!(heard.status), like["status"], "{query}");
        assert_eq!(shape(&heard.body), shape(&like["response_body"]), "{query}");
        // There are no management groups here, which one of the recorded requests asks for.
        if let (Some(row), Some(own)) = (like["response_body"]["data"].get(0), heard.body["data"].get(0)) {
            let names = |row: &Value| row.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
            assert_eq!(names(own), names(row), "{query}");
            rows += 1;
        }
        for (name, _) in shape(&like["response_headers"]) {
            assert!(!heard.header(&name).is_empty(), "{name}: {query}");
        }
    }
    println!("corpus Resource Graph: {answered} requests answered in their shape, {not_understood} refused as invalid");
    assert!(answered >= 4 && rows >= 3 && not_understood >= 3, "{answered} {rows} {not_understood}");
    // The recorded refusal, to the place.
    let heard = ask(&mut c, "where where", &json!({}));
    let expected = &refused["response_body"]["error"]["details"];
    assert_eq!(heard.body["error"]["details"], *expected);
}

#[test]
fn pages_follow_each_other_by_an_offset() {
    let mut c = Client::new(Progress::AtOnce);
    let whole = ask(&mut c, ITEMS, &json!({"$top": 1_000}));
    let total = whole.body["totalRecords"].as_u64().unwrap();
    assert!(total > 1_000 && whole.body["count"] == 1_000, "{total}");
    let (mut ids, mut options) = (Vec::new(), json!({"$top": 400}));
    let mut pages = 0;
    loop {
        let page = ask(&mut c, ITEMS, &options);
        ids.extend(page.body["data"].as_array().unwrap().iter().map(|row| row["id"].as_str().unwrap().to_owned()));
        pages += 1;
        assert_eq!(page.body["resultTruncated"], "false");
        match page.body["$skipToken"].as_str() {
            // As recorded, the token knows the size of the page.
            Some(token) => options = json!({"$skipToken": token}),
            None => break,
        }
    }
    assert_eq!((ids.len() as u64, pages), (total, total.div_ceil(400)));
    assert!(ids.is_sorted());
    assert_eq!(ask(&mut c, ITEMS, &json!({})).body["count"], 100, "a page has a hundred rows unless told otherwise");
    let cut = ask(&mut c, "recoveryservicesresources | project name", &json!({"$top": 5}));
    assert_eq!((&cut.body["resultTruncated"], &cut.body["$skipToken"]), (&json!("true"), &Value::Null));
    for bad in [
        json!({"$top": 1_001}),
        json!({"$top": 0}),
        json!({"$skip": -1}),
        json!({"$skipToken": "e30="}),
        json!({"$skipToken": 7}),
    ] {
        let heard = ask(&mut c, ITEMS, &bad);
        assert_eq!((heard.status, heard.code()), (400, "BadRequest"), "{bad}");
    }
}

#[test]
fn a_table_has_the_same_values_as_objects() {
    let mut c = Client::new(Progress::AtOnce);
    let objects = ask(&mut c, ITEMS, &json!({"$top": 200})).body;
    let table = ask(&mut c, ITEMS, &json!({"$top": 200, "resultFormat": "Table"})).body;
    let columns = table["data"]["columns"].as_array().unwrap();
    assert_eq!(columns[0], json!({"name": "id", "type": "string"}));
    assert_eq!(columns[2], json!({"name": "deleted", "type": "boolean"}));
    let rows = table["data"]["rows"].as_array().unwrap();
    assert_eq!(rows.len(), 200);
    for (row, object) in rows.iter().zip(objects["data"].as_array().unwrap()) {
        let named = columns.iter().zip(row.as_array().unwrap());
        let named: Map<String, Value> =
            named.map(|(c, v)| (c["name"].as_str().unwrap().to_owned(), v.clone())).collect();
        assert_eq!(&Value::Object(named), object);
    }
}

#[test]
fn a_query_sees_the_subscriptions_that_it_names_and_the_token_may_see() {
    let mut c = Client::new(Progress::AtOnce);
    let query =
        "resourcecontainers | where type =~ 'microsoft.resources/subscriptions' | project id, name | order by id asc";
    let mut scoped = |scope: &[&str]| {
        c.wait(1);
        c.send("POST", URL, Some(&json!({"query": query, "subscriptions": scope}))).unwrap()
    };
    assert_eq!(scoped(&[]).body["totalRecords"], 4);
    assert_eq!(scoped(&[crate::support::TEST]).body["data"][0]["name"], "Contoso Test");
    let nobody = scoped(&["00000000-0000-0000-0000-000000000000"]);
    assert_eq!(nobody.body["error"]["details"][0]["code"], "NoValidSubscriptionsInQueryRequest");
}

#[test]
fn the_quota_is_told_with_each_answer_and_a_refusal_is_azures() {
    let mut c = Client::new(Progress::AtOnce);
    for left in (0..15).rev() {
        let heard = c.send("POST", URL, Some(&json!({"query": "project id | limit 1"}))).unwrap();
        assert_eq!((heard.status, heard.header("x-ms-user-quota-remaining")), (200, left.to_string().as_str()));
        assert_eq!(heard.header("x-ms-user-quota-resets-after"), "00:00:05");
    }
    let heard = c.send("POST", URL, Some(&json!({"query": "project id"}))).unwrap();
    assert_eq!((heard.status, heard.code()), (429, "RateLimiting"));
    assert!(heard.body["error"]["message"].as_str().unwrap().starts_with("Please provide below info"));
    assert_eq!(heard.body["error"]["details"][0]["code"], "RateLimiting");
    c.wait(5);
    assert_eq!(ask(&mut c, "project id", &json!({})).status, 200);
}

/// A client that acts on what the graph says must read the item first.
#[test]
fn a_change_is_found_some_seconds_later() {
    let mut c = Client::new(Progress::AtOnce);
    let query = "recoveryservicesresources | where properties.friendlyName == 'deleted-02' | project id, state = properties.currentProtectionState";
    let state = |c: &mut Client| ask(c, query, &json!({})).body["data"][0]["state"].clone();
    assert_eq!(state(&mut c), "SoftDeleted");
    let item = c.item(&NEWS, "deleted-02");
    let body = json!({"properties": {"protectedItemType": "Microsoft.Compute/virtualMachines",
        "sourceResourceId": item["properties"]["sourceResourceId"], "policyId": "", "isRehydrate": true, "protectionState": "ProtectionStopped"}});
    let accepted =
        c.send("PUT", &format!("{}?api-version={VERSION}", item["id"].as_str().unwrap()), Some(&body)).unwrap();
    let job = c.job_of(&accepted);
    c.end_of(&NEWS, &job);
    assert!(c.item(&NEWS, "deleted-02")["properties"]["isScheduledForDeferredDelete"].is_null());
    assert_eq!(state(&mut c), "SoftDeleted", "not yet");
    c.wait(10);
    assert_eq!(state(&mut c), "ProtectionStopped");
}

#[test]
fn a_vault_that_may_not_be_read_is_in_no_list_and_refuses() {
    let mut c = Client::new(Progress::AtOnce);
    c.sim.set_hidden_vaults(vec!["CONTOSO-vault-2026".to_owned()]);
    let heard = c.get(&format!("{}?api-version={VERSION}", NEWS.id()));
    assert_eq!((heard.status, heard.code()), (403, "AuthorizationFailed"));
    let vaults = c.list(&format!(
        "/subscriptions/{}/providers/Microsoft.RecoveryServices/vaults?api-version={VERSION}",
        NEWS.subscription
    ));
    assert!(!vaults.is_empty() && !vaults.iter().any(|vault| vault["name"] == NEWS.name));
    let rows =
        ask(&mut c, "recoveryservicesresources | where id contains 'contoso-vault-2026' | project id", &json!({}));
    assert_eq!(rows.body["totalRecords"], 0);
    let saved = serde_json::to_string(&c.sim).unwrap();
    c.sim = serde_json::from_str(&saved).unwrap();
    assert_eq!(c.get(&format!("{}?api-version={VERSION}", NEWS.id())).status, 403, "saved with the world");
}
