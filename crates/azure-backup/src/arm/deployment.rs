//! Deployments of a template, such as the one that a restore of disks writes: the right to read it, what it would change, and the deployment itself.
//!
//! Resource Manager fetches the template from a link, without our token. What lets it do so is a signature ([`Sas`]), which stands apart from the
//! address: it is a secret, has no `Serialize`, and no `Debug` shows it. A request that is shown has [`Sas::not_shown`] in its place.

use crate::arm::{
    call::{Accepted, ApiVersion, Call},
    id::{ArmId, percent_encoded},
    json::{self, NodeRef},
    open_enum::open_enum,
};
use ::time::{OffsetDateTime, UtcOffset, format_description::well_known::Rfc3339};
use bytes::Bytes;
use serde::Serialize;
use serde_json::Value;
use std::fmt;

open_enum! {
    /// What a deployment does to a resource.
    ChangeType {
        /// Creates it.
        Create = "Create",
        /// Deletes it. An incremental deployment does not.
        Delete = "Delete",
        /// Leaves it alone, since the template does not name it.
        Ignore = "Ignore",
        /// Deploys it; whether it changes is not known.
        Deploy = "Deploy",
        /// Leaves it as it is.
        NoChange = "NoChange",
        /// Changes it.
        Modify = "Modify",
        /// Azure cannot tell what happens to it.
        Unsupported = "Unsupported",
    }
}

open_enum! {
    /// What a deployment does to a property.
    PropertyChangeType {
        /// Sets it.
        Create = "Create",
        /// Removes it.
        Delete = "Delete",
        /// Changes it.
        Modify = "Modify",
        /// Changes members of a list.
        Array = "Array",
        /// Names it without effect.
        NoEffect = "NoEffect",
    }
}

/// What a deployment does to a property.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct PropertyChange {
    /// `sku.name`.
    pub path: String,
    /// What is done.
    pub kind: PropertyChangeType,
    /// The value before.
    pub before: Option<Value>,
    /// The value after.
    pub after: Option<Value>,
    /// The changes of the members of a list.
    pub children: Vec<PropertyChange>,
}

/// What a deployment does to a resource.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ResourceChange {
    /// The resource: an ARM id, if it has its name yet.
    pub resource: String,
    /// What is done.
    pub kind: ChangeType,
    /// Why Azure cannot tell what happens to it.
    pub unsupported_reason: Option<String>,
    /// What changes in it.
    pub delta: Vec<PropertyChange>,
}

/// A shared access signature (SAS): anyone who has it may read a blob until it expires. It is a secret.
#[derive(Clone, PartialEq, Eq)]
pub struct Sas(String);

impl Sas {
    /// The placeholder for the signature in a request that is shown.
    #[must_use]
    pub fn not_shown() -> Self {
        Self("(not shown: the signature that lets Azure read the template)".to_owned())
    }
}

impl fmt::Debug for Sas {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Sas(…)")
    }
}

/// Asks for a signature with which a blob can be read over HTTPS until `expires`. Azure makes it with a key of the account: where keys are off, it
/// refuses. `None` where Azure gives none.
#[must_use]
pub fn blob_sas(account: &ArmId, container: &str, blob: &str, expires: OffsetDateTime) -> Call<Option<Sas>> {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Body {
        canonicalized_resource: String,
        signed_resource: &'static str,
        signed_permission: &'static str,
        signed_protocol: &'static str,
        signed_expiry: String,
    }
    let whole = expires.replace_nanosecond(0).unwrap_or(expires);
    let body = Body {
        canonicalized_resource: format!("/blob/{}/{container}/{blob}", account.name()),
        signed_resource: "b",
        signed_permission: "r",
        signed_protocol: "https",
        signed_expiry: whole.to_offset(UtcOffset::UTC).format(&Rfc3339).unwrap_or_default(),
    };
    let action = "Microsoft.Storage/storageAccounts/listServiceSas/action";
    let path = format!("{}/ListServiceSas?api-version={}", account.path(), ApiVersion::STORAGE);
    let body = serde_json::to_vec(&body).ok().map(Bytes::from);
    Call::post("Get access to template", action, path, body, |node| node.text("serviceSasToken").map(Sas))
}

/// A deployment to a resource group.
#[derive(Clone, Debug, PartialEq)]
pub struct Deployment {
    /// Where the template is, without a signature.
    pub uri: String,
    /// The values of the template's parameters.
    pub parameters: Vec<(String, Value)>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Link<'a> {
    uri: &'a str,
    query_string: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Properties<'a> {
    /// Never another mode: `Complete` deletes what the template does not name.
    mode: &'static str,
    template_link: Link<'a>,
    parameters: serde_json::Map<String, Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    what_if_settings: Option<Value>,
}

impl Deployment {
    fn body(&self, sas: &Sas, what_if_settings: Option<Value>) -> Option<Bytes> {
        let parameters = self.parameters.iter();
        let parameters =
            parameters.map(|(name, value)| (name.clone(), serde_json::json!({ "value": value }))).collect();
        let template_link = Link { uri: &self.uri, query_string: &sas.0 };
        let properties = Properties { mode: "Incremental", template_link, parameters, what_if_settings };
        serde_json::to_vec_pretty(&serde_json::json!({ "properties": properties })).ok().map(Bytes::from)
    }
}

fn path(group: &ArmId, name: &str, last: &str) -> String {
    let name = percent_encoded(name);
    let version = ApiVersion::RESOURCES;
    format!("{}/providers/Microsoft.Resources/deployments/{name}{last}?api-version={version}", group.path())
}

/// Asks what a deployment would change. Azure answers 202; [`changes`] reads what its operation ends with.
#[must_use]
pub fn what_if(group: &ArmId, name: &str, deployment: &Deployment, sas: &Sas) -> Call<Accepted> {
    let body = deployment.body(sas, Some(serde_json::json!({ "resultFormat": "FullResourcePayloads" })));
    let action = "Microsoft.Resources/deployments/whatIf/action";
    Call::begin("Preview deployment", action, path(group, name, "/whatIf"), body).accepting(&[200, 202])
}

/// Deploys. Azure answers 201, or 200 for a deployment of the same name.
#[must_use]
pub fn deploy(group: &ArmId, name: &str, deployment: &Deployment, sas: &Sas) -> Call<Accepted> {
    let action = "Microsoft.Resources/deployments/write";
    let mut call = Call::begin("Deploy template", action, path(group, name, ""), deployment.body(sas, None));
    call.method = http::Method::PUT;
    call.accepting(&[200, 201])
}

/// The changes in the properties that the operation of [`what_if`] ends with; none if they have not that shape.
#[must_use]
pub fn changes(properties: &Value) -> Option<Vec<ResourceChange>> {
    json::read(properties, |node| node.list_if_any("changes", change)).ok().flatten()
}

fn change(node: &NodeRef<'_>) -> ResourceChange {
    ResourceChange {
        resource: node.need_text("resourceId"),
        kind: ChangeType::from(node.need_text("changeType")),
        unsupported_reason: node.text("unsupportedReason"),
        delta: node.list("delta", property),
    }
}

fn property(node: &NodeRef<'_>) -> PropertyChange {
    PropertyChange {
        path: node.need_text("path"),
        kind: PropertyChangeType::from(node.need_text("propertyChangeType")),
        before: node.at("before").owned_value(),
        after: node.at("after").owned_value(),
        children: node.list("children", property),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{answer, at, id, misshapen, ok};
    use serde_json::json;

    const ACCOUNT: &str = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/staging";

    fn sas() -> Sas {
        let call = blob_sas(&id(ACCOUNT), "vm-1", "azuredeploy1.json", at(0));
        call.read(&ok(&json!({ "serviceSasToken": "sv=1&sig=SECRET" }))).unwrap().unwrap()
    }

    fn deployment() -> Deployment {
        let uri = "https://staging.blob.core.windows.net/vm-1/azuredeploy1.json".to_owned();
        Deployment { uri, parameters: vec![("name".to_owned(), json!("web-02"))] }
    }

    fn sent<T>(call: &Call<T>) -> Value {
        serde_json::from_slice(call.body.as_ref().unwrap()).unwrap()
    }

    #[test]
    fn a_signature_is_asked_for_one_blob_and_shown_by_nothing() {
        let call = blob_sas(&id(ACCOUNT), "vm-1", "azuredeploy1.json", at(0));
        assert_eq!(call.line(), format!("POST {ACCOUNT}/ListServiceSas"));
        let expected = json!({ "canonicalizedResource": "/blob/staging/vm-1/azuredeploy1.json", "signedResource": "b",
            "signedPermission": "r", "signedProtocol": "https", "signedExpiry": "2023-11-14T22:13:20Z" });
        assert_eq!(sent(&call), expected);
        assert_eq!(call.read(&ok(&json!({}))).unwrap(), None);
        assert!(!format!("{:?}", sas()).contains("SECRET"));
        assert!(sas() != Sas::not_shown());
    }

    #[test]
    fn a_deployment_only_adds_and_its_address_has_no_signature() {
        let group = id("/subscriptions/s/resourceGroups/g");
        let (ask, act) =
            (what_if(&group, "restore-1", &deployment(), &sas()), deploy(&group, "restore-1", &deployment(), &sas()));
        let path = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Resources/deployments/restore-1";
        assert_eq!([ask.line(), act.line()], [format!("POST {path}/whatIf"), format!("PUT {path}")]);
        for call in [&ask, &act] {
            let properties = sent(call)["properties"].clone();
            assert_eq!(properties["mode"], "Incremental");
            assert_eq!(properties["parameters"], json!({ "name": { "value": "web-02" } }));
            let link = json!({ "uri": deployment().uri, "queryString": "sv=1&sig=SECRET" });
            assert_eq!(properties["templateLink"], link);
            assert!(!format!("{call:?}").contains("SECRET"));
        }
        assert_eq!(sent(&ask)["properties"]["whatIfSettings"]["resultFormat"], "FullResourcePayloads");
        assert!(sent(&act)["properties"].get("whatIfSettings").is_none());
        assert!(act.read(&answer(201, &[], "{}")).is_ok() && ask.read(&answer(202, &[], "")).is_ok());
    }

    #[test]
    fn changes_of_lists_have_children_and_what_has_another_shape_is_none() {
        let child = json!({ "path": "0", "propertyChangeType": "Modify", "before": 1, "after": 2 });
        let delta = json!({ "path": "properties.rules", "propertyChangeType": "Array", "children": [child] });
        let good = json!({ "changes": [
            { "resourceId": "/a", "changeType": "Modify", "delta": [delta] },
            { "resourceId": "/b", "changeType": "Unsupported", "unsupportedReason": "a reference" }] });
        let read = changes(&good).unwrap();
        assert_eq!(read[0].delta[0].children[0].after, Some(json!(2)));
        assert_eq!(
            (&read[1].kind, read[1].unsupported_reason.as_deref()),
            (&ChangeType::Unsupported, Some("a reference"))
        );
        for value in misshapen(&good) {
            let _ = changes(&value);
        }
        assert_eq!(changes(&json!({ "correlationId": "x" })), None, "not known is not nothing");
        assert_eq!(changes(&json!({ "changes": [] })), Some(Vec::new()));
    }
}
