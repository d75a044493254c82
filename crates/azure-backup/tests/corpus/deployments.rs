//! What a deployment would change: the recorded operation from its 202 to its end, and Azure's published example.

use crate::readiness::{data, example};
use crate::shared::{self, Exchange, at};
use azure_backup::arm::{
    call::ApiVersion,
    cloud::Cloud,
    deployment::{ChangeType, PropertyChangeType, changes},
    id::ArmId,
    operation::{NextStep, Operation, OperationOutcome},
};
use serde_json::json;

#[test]
fn the_recorded_preview_of_a_deployment_is_followed_to_its_changes() {
    let Some(dir) = data() else { return };
    let file = shared::json(&dir.join("recordings/arm-whatif-resource-group.json"));
    let all: Vec<Exchange> = file["exchanges"].as_array().unwrap().iter().map(Exchange::new).collect();
    let [asked, answered] = &all[..] else { panic!("two exchanges were recorded") };
    let group = ArmId::parse("/subscriptions/s/resourceGroups/g").unwrap();
    let started = Operation::start(&asked.answer, at(0), &Cloud::public(), &group, &ApiVersion::RESOURCES);
    let mut operation = started.unwrap();
    let url = operation.call(&Cloud::public()).unwrap().url(&Cloud::public()).unwrap();
    assert_eq!(url.to_string(), answered.url, "it's followed at Location, since there's no other URL");
    operation.on_response(Ok(&answered.answer), at(60));
    let NextStep::Done(OperationOutcome::Succeeded { properties, .. }) = operation.next(at(60)) else {
        panic!("{operation:?}")
    };
    let found = changes(&properties.unwrap()).unwrap();
    let [change] = &found[..] else { panic!("{found:?}") };
    assert!(change.kind == ChangeType::Modify && change.resource.ends_with("/storageAccounts/store3ltwqnrsvfhvk"));
    let [delta] = &change.delta[..] else { panic!("{change:?}") };
    assert_eq!((delta.path.as_str(), &delta.kind), ("sku.name", &PropertyChangeType::Modify));
    let (before, after) = (delta.before.clone(), delta.after.clone());
    assert_eq!((before, after), (Some(json!("Standard_LRS")), Some(json!("Standard_GRS"))));
}

#[test]
fn the_published_example_creates_one_and_changes_one() {
    let Some(dir) = data() else { return };
    let body = example(&dir, "deployments/2024-03-01/examples/PostDeploymentWhatIfOnResourceGroup.json");
    let found = changes(&body["properties"]).unwrap();
    let kinds: Vec<&ChangeType> = found.iter().map(|change| &change.kind).collect();
    assert_eq!(kinds, [&ChangeType::Modify, &ChangeType::Create]);
    assert_eq!(found[0].delta[0].after, Some(json!("my tag value")));
}
