//! The simulator behind HTTP.

use std::io::{Read, Write};
use std::net::TcpStream;

use arm_sim::Progress;
use arm_sim::server::{Expose, Options, Server};
use serde_json::{Value, json};

use crate::support::{Client, FAULTS, PRODUCTION, VERSION};

/// Starts a server on its own thread; returns its origin.
fn serve(options: Options) -> String {
    let (tell, told) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let server = Server::bind(options).await.unwrap();
            tell.send(server.origin().to_owned()).unwrap();
            server.run().await.unwrap();
        });
    });
    told.recv().unwrap()
}

/// Sends a request; returns head and body of the answer, both empty if the connection broke.
fn send(origin: &str, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> (String, Value) {
    let mut stream = TcpStream::connect(origin.trim_start_matches("http://")).unwrap();
    let mut text = format!("{method} {path} HTTP/1.1\r\nhost: sim\r\ncontent-length: {}\r\n", body.len());
    for (name, value) in headers {
        text += &format!("{name}: {value}\r\n");
    }
    stream.write_all(format!("{text}\r\n{body}").as_bytes()).unwrap();
    let mut heard = String::new();
    // A broken connection may cause an error.
    let _ = stream.read_to_string(&mut heard);
    let (head, body) = heard.split_once("\r\n\r\n").unwrap_or_default();
    (head.to_ascii_lowercase(), serde_json::from_str(body).unwrap_or(Value::Null))
}

const TOKEN: (&str, &str) = ("authorization", "Bearer t");
const PAGE: (&str, &str) = ("origin", "http://page.example");

#[test]
fn answers_pages_of_other_origins() {
    let path = format!("/subscriptions/{PRODUCTION}/resourcegroups?api-version=2022-09-01");
    for (expose, readable) in [
        (Expose::All, Some("x-ms-request-id")),
        (Expose::List("Location".to_owned()), Some("location")),
        (Expose::None, None),
    ] {
        let origin = serve(Options { expose, ..Options::default() });
        let (head, body) = send(&origin, "GET", &path, &[TOKEN, PAGE], "");
        assert!(head.starts_with("http/1.1 200") && head.contains("access-control-allow-origin: *"), "{head}");
        assert!(body["value"].as_array().unwrap().len() > 5);
        match readable {
            Some(name) => assert!(
                head.lines().any(|l| l.starts_with("access-control-expose-headers:") && l.contains(name)),
                "{head}"
            ),
            None => assert!(!head.contains("access-control-expose-headers"), "{head}"),
        }
        let (head, _) = send(
            &origin,
            "OPTIONS",
            &path,
            &[PAGE, ("access-control-request-headers", "authorization, x-ms-client-request-id, x-other")],
            "",
        );
        assert!(
            head.contains("access-control-allow-headers: authorization,x-ms-client-request-id\r\n")
                && head.contains("access-control-max-age"),
            "{head}"
        );
        let (head, body) = send(&origin, "GET", &path, &[PAGE], "");
        assert!(head.starts_with("http/1.1 401") && head.contains("www-authenticate: bearer"), "{head}");
        assert_eq!(body["error"]["code"], "AuthenticationFailed");
    }
}

#[test]
fn connections_die_and_the_control_says_why() {
    let origin = serve(Options { progress: Progress::AtOnce, seed: 1, ..Options::default() });
    // With the same seed the ids equal those of a simulator in this process, except for the dates.
    let (_, items) = send(
        &origin,
        "GET",
        &format!(
            "{}/backupProtectedItems?api-version={VERSION}&$filter=friendlyName%20eq%20'fault-lost-answer'",
            FAULTS.id()
        ),
        &[TOKEN],
        "",
    );
    let item = items["value"][0].clone();
    let (_, points) = send(
        &origin,
        "GET",
        &format!("{}/recoveryPoints?api-version={VERSION}", item["id"].as_str().unwrap()),
        &[TOKEN],
        "",
    );
    let source = crate::support::Source {
        vault: FAULTS,
        vm_id: item["properties"]["sourceResourceId"].as_str().unwrap().to_owned(),
        point: points["value"][0].clone(),
    };
    let body = json!({"properties": source.disks()}).to_string();
    let (head, _) = send(&origin, "POST", &source.url(VERSION), &[TOKEN, ("x-ms-client-request-id", "me")], &body);
    assert_eq!(head, "", "the connection died");
    let (_, triggers) = send(&origin, "GET", "/_sim/triggers", &[], "");
    assert_eq!(
        triggers,
        json!({"received": 1, "accepted": 1, "triggers": [{"item": "fault-lost-answer", "clientRequestId": "me", "accepted": true, "crossRegion": false}]})
    );
    let (_, log) = send(&origin, "GET", "/_sim/requests", &[], "");
    assert_eq!(
        (&log[2]["method"], &log[2]["status"], &log[2]["clientRequestId"]),
        (&json!("POST"), &Value::Null, &json!("me"))
    );
    assert_eq!(send(&origin, "GET", "/_sim/created", &[], "").1.as_array().unwrap().len(), 4);
    assert_eq!(send(&origin, "POST", "/_sim/advance?seconds=90", &[], "").1, json!({"aheadSeconds": 90}));
    assert!(send(&origin, "POST", "/_sim/progress?mode=per-read:2", &[], "").0.starts_with("http/1.1 200"));
    assert!(send(&origin, "POST", "/_sim/progress?mode=slow", &[], "").0.starts_with("http/1.1 400"));
    assert_eq!(send(&origin, "GET", "/_sim/sentinels", &[], "").1.as_array().unwrap().len(), arm_sim::SENTINELS.len());
    send(&origin, "POST", "/_sim/reset?seed=5", &[], "");
    assert_eq!(send(&origin, "GET", "/_sim/triggers", &[], "").1["received"], 0);
}

#[test]
fn urls_lead_back_to_the_server() {
    let origin = serve(Options { retry_after: Some(1), progress: Progress::AtOnce, ..Options::default() });
    let mut c = Client::new(Progress::AtOnce);
    let name = c.item(&FAULTS, "fault-stuck")["id"].as_str().unwrap().to_owned();
    let (_, points) = send(&origin, "GET", &format!("{name}/recoveryPoints?api-version={VERSION}"), &[TOKEN], "");
    let vm_id = c.item(&FAULTS, "fault-stuck")["properties"]["sourceResourceId"].as_str().unwrap().to_owned();
    let source = crate::support::Source { vault: FAULTS, vm_id, point: points["value"][0].clone() };
    let (head, _) =
        send(&origin, "POST", &source.url(VERSION), &[TOKEN], &json!({"properties": source.disks()}).to_string());
    assert!(
        head.contains(&format!("azure-asyncoperation: {origin}/subscriptions/")) && head.contains("retry-after: 1\r\n"),
        "{head}"
    );
}

#[test]
fn a_region_goes_down_and_comes_back() {
    let origin = serve(Options { region_down: Some("westeurope".to_owned()), ..Options::default() });
    let path = format!("{}?api-version={VERSION}", FAULTS.id());
    assert!(send(&origin, "GET", &path, &[TOKEN], "").0.starts_with("http/1.1 503"));
    assert!(send(&origin, "POST", "/_sim/reset", &[], "").0.starts_with("http/1.1 200"));
    assert!(send(&origin, "GET", &path, &[TOKEN], "").0.starts_with("http/1.1 503"), "an option outlives a reset");
    for (region, status) in [("", 200), ("northeurope", 200), ("westeurope", 503)] {
        let (_, told) = send(&origin, "POST", &format!("/_sim/region-down?region={region}"), &[], "");
        assert_eq!(told["regionDown"], if region.is_empty() { Value::Null } else { json!(region) });
        let (head, _) = send(&origin, "GET", &path, &[TOKEN], "");
        assert!(head.starts_with(&format!("http/1.1 {status}")), "{region}: {head}");
    }
    assert!(send(&origin, "POST", "/_sim/region-down", &[], "").0.starts_with("http/1.1 400"));
}
