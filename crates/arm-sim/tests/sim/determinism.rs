//! The same seed and requests give the same replies, also across saving and loading.

use arm_sim::{Progress, Reply, Simulator};
use bytes::Bytes;
use http::Request;
use proptest::prelude::{Just, Strategy, any, prop, prop_oneof, proptest};
use serde_json::json;
use time::Duration;

use crate::support::{Client, FAULTS, VERSION, WEU, start};

fn transcript(c: &mut Client) -> Vec<String> {
    let mut out = Vec::new();
    let source = c.source(WEU, "web-01", 0);
    for body in [source.another("copy-01"), source.disks(), source.in_place()] {
        let accepted = c.restore(&source, &body).unwrap();
        out.push(format!("{accepted:?}"));
        let job = c.job_of(&accepted);
        out.push(c.end_of(&WEU, &job).to_string());
    }
    out
}

#[test]
fn the_same_again() {
    let (mut a, mut b) = (Client::new(Progress::Timetable), Client::new(Progress::Timetable));
    assert_eq!(transcript(&mut a), transcript(&mut b));
    assert_eq!(serde_json::to_string(&a.sim).unwrap(), serde_json::to_string(&b.sim).unwrap());
    let mut other = Client { sim: Simulator::new(2, start()), ..a.clone() };
    assert_ne!(other.points(&WEU, "web-01")[0]["name"], a.points(&WEU, "web-01")[0]["name"]);
}

#[test]
fn saved_at_every_step() {
    let mut plain = Client::new(Progress::Timetable);
    let mut saved = plain.clone();
    let source = plain.source(FAULTS, "fault-poll-errors", 0);
    saved.source(FAULTS, "fault-poll-errors", 0);
    let accepted = plain.restore(&source, &source.disks()).unwrap();
    saved.restore(&source, &source.disks()).unwrap();
    let urls = [
        accepted.header("azure-asyncoperation").to_owned(),
        accepted.header("location").to_owned(),
        format!("{}/backupJobs?api-version={VERSION}", FAULTS.id()),
        format!("{}/backupJobs?api-version={VERSION}&$filter=operation%20eq%20'Restore'", FAULTS.id()),
        format!(
            "{}/providers/Microsoft.Compute/disks?api-version=2024-03-02",
            crate::support::group(crate::support::PRODUCTION, "rg-restore-weu")
        ),
    ];
    let mut length = 0;
    for step in 0..40 {
        let text = serde_json::to_string(&saved.sim).unwrap();
        length = length.max(text.len());
        saved.sim = serde_json::from_str(&text).unwrap();
        let url = &urls[step % urls.len()];
        let (a, b) = (plain.get(url), saved.get(url));
        assert_eq!((a.status, a.headers, a.raw), (b.status, b.headers, b.raw), "step {step}: {url}");
        plain.wait(7);
        saved.wait(7);
    }
    assert!(length < 20_000, "what is saved is small: {length} bytes");
    assert!(!plain.sim.created().is_empty());
}

#[test]
fn what_another_version_saved_is_refused() {
    let saved = serde_json::to_value(Simulator::new(1, start())).unwrap();
    let load = |saved: serde_json::Value| serde_json::from_value::<Simulator>(saved);
    assert!(load(saved.clone()).is_ok());
    let mut older = saved.clone();
    older["form"] = json!(5);
    let mut cut = saved.clone();
    cut.as_object_mut().unwrap().remove("jobs");
    let mut spoilt = saved;
    // There are not so many items.
    spoilt["changes"]["undeleted"] = json!([99_999]);
    // Up to form 5 it was a text of its own.
    for bad in [older, cut, spoilt, json!("5\n1\n0\n"), json!("")] {
        assert!(load(bad.clone()).is_err(), "{bad}");
    }
}

/// Parts of paths and queries, valid and invalid.
fn url() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("subscriptions".to_owned()),
        Just(crate::support::PRODUCTION.to_owned()),
        Just("resourceGroups".to_owned()),
        Just("rg-backup-weu".to_owned()),
        Just("providers/Microsoft.RecoveryServices/vaults/contoso-vault-weu".to_owned()),
        Just("providers/Microsoft.RecoveryServices/locations/northeurope".to_owned()),
        Just("providers/Microsoft.RecoveryServices/vaults/contoso-vault-faults".to_owned()),
        Just("backupCrossRegionRestore".to_owned()),
        Just("backupCrrJob".to_owned()),
        Just("backupAadProperties".to_owned()),
        Just("backupJobs".to_owned()),
        Just("backupProtectedItems".to_owned()),
        Just("%".to_owned()),
        Just(String::new()),
        "[a-z%0-9;.-]{0,12}",
    ];
    let query = prop_oneof![
        Just("api-version=2024-04-01".to_owned()),
        Just("api-version=2021-11-15".to_owned()),
        "[a-z$%=&'+-]{0,20}",
        Just("api-version=2024-04-01&$filter=a".to_owned())
    ];
    (prop::collection::vec(piece, 0..9), query).prop_map(|(p, q)| format!("/{}?{q}", p.join("/")))
}

proptest! {
    #[test]
    fn survives_anything(urls in prop::collection::vec((url(), any::<bool>(), prop::collection::vec(any::<u8>(), 0..64)), 1..4), seed in any::<u64>()) {
        let mut sim = Simulator::new(seed, start());
        for (n, (url, post, body)) in urls.into_iter().enumerate() {
            let request = Request::builder().method(if post { "POST" } else { "GET" }).uri(&url);
            let Ok(request) = request.body(Bytes::from(body)) else { continue };
            let now = start() + Duration::seconds(i64::try_from(n).unwrap());
            let Reply::Answer(answer) = sim.handle(now, &request) else { panic!("{url} was dropped") };
            if !answer.body().is_empty() {
                assert!(serde_json::from_slice::<serde_json::Value>(answer.body()).is_ok(), "{url}");
            }
        }
    }
}
