use super::*;
use crate::{
    arm::cloud::Cloud,
    backup::restore_request::{IaasVmRestoreRequest, RecoveryType},
    fixture::{VAULT, answer, id, ok},
};
use serde_json::{Value, json};

const V: ApiVersion = ApiVersion::CROSS_REGION_DEFAULT;

fn west() -> ArmId {
    location(&SubscriptionId::parse("s").unwrap(), &Region::new("West US")).unwrap()
}

fn point() -> ArmId {
    id(VAULT).child("recoveryPoints", "42")
}

fn token(answer_text: &str) -> Option<AccessToken> {
    access_token(&point(), Bytes::from_static(b"{}"), &V).read(&answer(200, &[], answer_text)).unwrap()
}

#[test]
fn the_region_is_a_segment_whatever_its_spelling() {
    assert_eq!(west().as_str(), "/subscriptions/s/providers/Microsoft.RecoveryServices/locations/westus");
    assert_eq!(location(&SubscriptionId::parse("s").unwrap(), &Region::new("a/../b?")), None);
}

#[test]
fn the_token_is_sent_byte_for_byte() {
    // Numbers beyond 2^53 and with odd spellings, escapes, spaces, a repeated member, a member nobody knows.
    let content = "{ \"objectType\":\"CrrAccessToken\",\"protectionContainerId\": 9007199254740993,\"x\":1.50e+2,\n\t\"tokenExtendedInformation\":\"<a i:nil=\\\"true\\\" \\/>\\u00e9é\",\"x\":null,\"bMSActiveRegion\":\"EastUS\" }";
    let token = token(&format!("{{\"id\":\"i\",\"properties\":{content},\"more\":[{{}}]}}")).unwrap();
    let request = IaasVmRestoreRequest::new("42", RecoveryType::RestoreDisks);
    let body = TriggerBody::new(&request, &V).unwrap();
    let shown = std::str::from_utf8(body.bytes()).unwrap().to_owned();
    let sent = trigger(&west(), &body, &token).body.unwrap();
    let sent = std::str::from_utf8(&sent).unwrap();
    assert_eq!(shown.matches(NOT_SHOWN).count(), 1);
    assert_eq!(sent, shown.replace(&format!("\"{NOT_SHOWN}\""), content), "everything else is sent as it is shown");
    let value: Value = serde_json::from_str(sent).unwrap();
    assert_eq!(value["restoreRequest"]["recoveryType"], "RestoreDisks");
    assert_eq!(value["restoreRequest"].get("restoreDiskLunList"), None, "no list of disks unless disks were picked");
    assert_eq!(value["crossRegionRestoreAccessDetails"]["protectionContainerId"].to_string(), "9007199254740993");
}

#[test]
fn an_answer_without_a_token_is_none_and_a_token_does_not_print() {
    for text in ["", "{}", "[]", "{\"properties\":null}", "{\"properties\":\"x\"}", "{\"properties\":{}", "<html>"] {
        assert_eq!(token(text), None, "{text}");
    }
    let token = token("{\"properties\":{\"accessTokenString\":\"secret\"}}").unwrap();
    assert_eq!(format!("{token:?}"), "AccessToken(…)");
}

#[test]
fn the_aad_properties_are_handed_on_as_they_came() {
    let text = "{\"properties\": {\"tenantId\":\"t\", \"later\": 1.0}}";
    let read = aad_properties(&west(), &V).read(&answer(200, &[], text)).unwrap().unwrap();
    let call = access_token(&point(), read, &V);
    assert_eq!(call.body.as_deref(), Some(text.as_bytes()));
    assert_eq!(call.line(), format!("POST {VAULT}/recoveryPoints/42/accessToken"));
    assert_eq!(aad_properties(&west(), &V).read(&answer(200, &[], "<html>")).unwrap(), None);
    assert!(aad_properties(&west(), &V).read(&answer(404, &[], "{}")).is_err());
}

#[test]
fn jobs_are_asked_for_by_the_vault_and_cannot_be_cancelled() {
    let cloud = Cloud::public();
    let one = job(&west(), &id(VAULT), &JobId::parse("j").unwrap(), &V);
    assert_eq!(
        serde_json::from_slice::<Value>(one.body.as_ref().unwrap()).unwrap(),
        json!({ "resourceId": VAULT, "jobName": "j" })
    );
    assert!(one.url(&cloud).unwrap().to_string().ends_with("/locations/westus/backupCrrJob?api-version=2021-11-15"));
    let read = one
        .read(&ok(&json!({ "id": format!("{}/backupJobs/j", west()), "name": "j", "properties": {
            "operation": "CrossRegionRestore", "status": "InProgress", "actionsInfo": ["Cancellable"] } })))
        .unwrap();
    assert!(!read.cancellable, "Azure says that it is, and refuses");
    let filter = JobFilter { operation: Some("CrossRegionRestore".to_owned()), ..JobFilter::default() };
    let list = jobs(&west(), &id(VAULT), &V, &filter);
    let next = list.follow(&cloud, "https://management.azure.com/next?x=1").unwrap();
    assert_eq!((next.method.as_str(), &next.body), ("POST", &list.body), "the next page is asked for in the same way");
}
