use super::*;
use crate::fixture::{VAULT, answer, id};
use proptest::prelude::*;
use serde_json::{Value, json};

fn base() -> Value {
    json!({ "objectType": "IaasVMRestoreRequest", "recoveryPointId": "2261197147500459276", "recoveryType": "RestoreDisks" })
}

/// A value for every field that a body can have.
fn every_field() -> Value {
    json!({
        "objectType": "IaasVMRestoreWithRehydrationRequest", "recoveryPointId": "2261197147500459276", "recoveryType": "AlternateLocation",
        "sourceResourceId": VAULT, "targetVirtualMachineId": VAULT, "targetResourceGroupId": VAULT, "storageAccountId": VAULT,
        "virtualNetworkId": VAULT, "subnetId": VAULT, "targetDomainNameId": VAULT, "region": "westus", "affinityGroup": "",
        "createNewCloudService": false, "originalStorageAccountOption": true,
        "encryptionDetails": { "encryptionEnabled": true, "kekUrl": "a", "secretKeyUrl": "b", "kekVaultId": "c", "secretKeyVaultId": "d" },
        "restoreDiskLunList": [], "restoreWithManagedDisks": true, "diskEncryptionSetId": VAULT, "zones": ["NoZone"],
        "identityInfo": { "isSystemAssignedIdentity": false, "managedIdentityResourceId": VAULT },
        "identityBasedRestoreDetails": { "objectType": "IaasVMRestoreRequest", "targetStorageAccountId": VAULT },
        "extendedLocation": { "name": "e", "type": "EdgeZone" },
        "securedVMDetails": { "securedVMOsDiskEncryptionSetId": VAULT, "dataDiskEncryptionSettings": {
            "perDiskEncryptionSetIds": [{ "lun": 0, "diskEncryptionSetId": VAULT }], "dataDiskEncryptionSetId": VAULT, "dataDiskEncryptionIdentity": "SystemAssigned" } },
        "targetDiskNetworkAccessSettings": { "targetDiskNetworkAccessOption": "EnablePrivateAccessForAllDisks", "targetDiskAccessId": VAULT },
        "resourceGuardOperationRequests": ["r"],
        "recoveryPointRehydrationInfo": { "rehydrationRetentionDuration": "P15D", "rehydrationPriority": "High" }
    })
}

fn written(request: &IaasVmRestoreRequest) -> Value {
    serde_json::to_value(request).unwrap()
}

fn version(text: &str) -> ApiVersion {
    text.parse().unwrap()
}

#[test]
fn every_field_is_read_and_written_in_place() {
    let request: IaasVmRestoreRequest = serde_json::from_value(every_field()).unwrap();
    let body = TriggerBody::new(&request, &ApiVersion::NEWEST).unwrap();
    // As text: the order of the fields is that of Azure's definition.
    assert_eq!(body.bytes(), format!("{:#}", json!({ "properties": every_field() })).as_bytes());
    let crossed = json!({ "crossRegionRestoreAccessDetails": NOT_SHOWN, "restoreRequest": every_field() });
    assert_eq!(request.cross_region_text(), format!("{crossed:#}"));
    assert_eq!(body.version(), &ApiVersion::NEWEST);
}

#[test]
fn what_is_shown_is_what_is_sent() {
    let request = IaasVmRestoreRequest::new("42", RecoveryType::RestoreDisks);
    let body = TriggerBody::new(&request, &ApiVersion::TUTORIAL).unwrap();
    let text = "{\n  \"properties\": {\n    \"objectType\": \"IaasVMRestoreRequest\",\n    \"recoveryPointId\": \"42\",\n    \"recoveryType\": \"RestoreDisks\"\n  }\n}";
    assert_eq!(body.bytes(), text.as_bytes());
    let call = trigger(&id(VAULT).child("recoveryPoints", "42"), &body);
    assert_eq!(call.body.as_ref(), Some(body.bytes()));
    assert!(call.line().ends_with("/recoveryPoints/42/restore"));
    assert!(call.read(&answer(202, &[], "")).is_ok());
    let surprise = call.read(&answer(200, &[], "{}")).unwrap_err();
    assert!(surprise.outcome_unknown(), "a 200 is not documented: the restore may have begun");
}

#[test]
fn a_field_that_the_version_does_not_know_cannot_be_sent() {
    for field in FIELD_SINCE {
        let (outer, inner) = field.json_name.split_once('.').map_or((field.json_name, None), |(o, i)| (o, Some(i)));
        let mut value = base();
        value[outer] = every_field()[outer].clone();
        if inner.is_none() && outer == "securedVMDetails" {
            value[outer].as_object_mut().unwrap().remove("dataDiskEncryptionSettings");
        }
        let request: IaasVmRestoreRequest = serde_json::from_value(value).unwrap();
        assert!(TriggerBody::new(&request, &version(field.since)).is_ok(), "{field:?}");
        assert!(TriggerBody::new(&request, &version(&format!("{}-preview", field.since))).is_ok(), "{field:?}");
        for older in ["2019-05-13", "2016-12-01"] {
            let unsupported = TriggerBody::new(&request, &version(older)).unwrap_err();
            assert!(unsupported.fields.contains(field), "{field:?}");
        }
        // The day before the version that brought it.
        let before = version(&format!("{}00", &field.since[..8]));
        let expected = UnsupportedFields { version: before.clone(), fields: vec![*field] };
        assert_eq!(TriggerBody::new(&request, &before), Err(expected));
    }
    let request: IaasVmRestoreRequest = serde_json::from_value(every_field()).unwrap();
    assert_eq!(request.unknown_to(&ApiVersion::TUTORIAL).len(), FIELD_SINCE.len());
    let names: Vec<&str> =
        request.unknown_to(&ApiVersion::BACKUP_DEFAULT).iter().map(|field| field.json_name).collect();
    assert_eq!(names, ["securedVMDetails.dataDiskEncryptionSettings"]);
}

#[test]
fn absent_and_empty_lun_lists_stay_different() {
    let mut request = IaasVmRestoreRequest::new("42", RecoveryType::RestoreDisks);
    assert_eq!(written(&request).get("restoreDiskLunList"), None);
    request.restore_disk_lun_list = Some(vec![]);
    assert_eq!(written(&request)["restoreDiskLunList"], json!([]));
}

#[test]
fn rehydration_changes_the_type() {
    let info = RehydrationInfo {
        rehydration_retention_duration: "P15D".into(),
        rehydration_priority: RehydrationPriority::Standard,
    };
    let request = IaasVmRestoreRequest::new("42", RecoveryType::RestoreDisks).rehydrating(info);
    assert_eq!(request.object_type, "IaasVMRestoreWithRehydrationRequest");
    assert_eq!(request.unknown_to(&version("2020-12-01")).len(), 1);
    let named_only = IaasVmRestoreRequest { recovery_point_rehydration_info: None, ..request };
    assert!(TriggerBody::new(&named_only, &ApiVersion::TUTORIAL).is_err());
}

proptest! {
    /// Any subset of the fields survives being read and written.
    #[test]
    fn any_subset_round_trips(keep in prop::collection::vec(any::<bool>(), 40)) {
        let mut body = every_field();
        let mut turns = keep.into_iter();
        body.as_object_mut().unwrap().retain(|key, _| matches!(key.as_str(), "objectType" | "recoveryPointId" | "recoveryType") || turns.next().unwrap_or(true));
        let request: IaasVmRestoreRequest = serde_json::from_value(body.clone()).unwrap();
        prop_assert_eq!(written(&request), body);
    }

    #[test]
    fn bad_ids_are_an_error_not_a_panic(text in "\\PC{0,20}") {
        let mut body = base();
        body["subnetId"] = json!(text);
        let read = serde_json::from_value::<IaasVmRestoreRequest>(body);
        prop_assert_eq!(read.is_ok(), text.is_empty() || ArmId::parse(&text).is_ok());
    }
}

#[test]
fn what_a_version_does_not_declare_is_said_with_the_version_that_does() {
    let request = IaasVmRestoreRequest {
        zones: Some(vec!["1".to_owned()]),
        restore_with_managed_disks: Some(true),
        ..IaasVmRestoreRequest::new("42", RecoveryType::RestoreDisks)
    };
    assert_eq!(
        TriggerBody::new(&request, &ApiVersion::TUTORIAL).unwrap_err().to_string(),
        "API version 2019-05-13 doesn't support restoreWithManagedDisks (since 2020-10-01), zones (since 2020-12-01)"
    );
}
