//! The body of a restore request, as it was sent.

use serde_json::{Map, Value};

use crate::errors::{ArmError, Refused};
use crate::text::same;
use crate::world::job::RestoreKind;

/// A restore request. `null` and `""` count as absent, as Azure takes them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RestoreRequest<'a>(pub(crate) &'a Map<String, Value>);

/// The object under `key`, or Azure Backup's refusal.
pub(crate) fn object<'a>(value: &'a Value, key: &str) -> Result<&'a Map<String, Value>, Refused> {
    value[key]
        .as_object()
        .ok_or_else(|| ArmError::invalid_input(&format!("The property '{key}' is missing or not an object."), key))
}

/// A whole number, also as a text: azure-cli 2.91.0 sends `["0"]` where the definition says integers.
pub(crate) fn whole(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| value.as_str()?.parse().ok())
}

impl<'a> RestoreRequest<'a> {
    /// A text, when there is one.
    pub(crate) fn text(self, key: &str) -> Option<&'a str> {
        self.0.get(key)?.as_str().filter(|t| !t.is_empty())
    }

    /// A text inside an object.
    pub(crate) fn inner(self, object: &str, key: &str) -> Option<&'a str> {
        self.0.get(object)?.get(key)?.as_str().filter(|t| !t.is_empty())
    }

    /// Whether a value was sent that is not null.
    pub(crate) fn has(self, key: &str) -> bool {
        self.0.get(key).is_some_and(|v| !v.is_null())
    }

    /// A truth value; absent is false.
    pub(crate) fn flag(self, key: &str) -> bool {
        self.0.get(key).and_then(Value::as_bool).unwrap_or_default()
    }

    /// The kind of restore, if it is one of the three.
    pub(crate) fn kind(self) -> Option<RestoreKind> {
        let text = self.text("recoveryType")?;
        [RestoreKind::OriginalLocation, RestoreKind::AlternateLocation, RestoreKind::RestoreDisks]
            .into_iter()
            .find(|k| same(k.as_str(), text))
    }

    /// Whether it asks for rehydration.
    pub(crate) fn rehydrates(self) -> bool {
        self.text("objectType").is_some_and(|t| same(t, "IaasVMRestoreWithRehydrationRequest"))
    }

    /// The LUNs to restore; `None` when all are.
    pub(crate) fn luns(self) -> Option<Vec<i64>> {
        self.0.get("restoreDiskLunList")?.as_array().map(|list| list.iter().filter_map(whole).collect())
    }

    /// The zone to restore to; none for `NoZone`, which some clients send.
    pub(crate) fn zone(self) -> Option<&'a str> {
        let zone = self.0.get("zones")?.as_array()?.first()?.as_str()?;
        (!same(zone, "NoZone")).then_some(zone)
    }

    /// The staging account, from either place where it can be named.
    pub(crate) fn account(self) -> Option<&'a str> {
        self.inner("identityBasedRestoreDetails", "targetStorageAccountId").or_else(|| self.text("storageAccountId"))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::RestoreRequest;
    use crate::world::job::RestoreKind;

    #[test]
    fn null_and_empty_are_absent() {
        let body = json!({"storageAccountId": "", "zones": null, "recoveryType": "originallocation", "restoreDiskLunList": []});
        let r = RestoreRequest(body.as_object().unwrap());
        assert_eq!((r.text("storageAccountId"), r.has("zones"), r.account()), (None, false, None));
        assert_eq!(r.kind(), Some(RestoreKind::OriginalLocation));
        assert_eq!(r.luns(), Some(Vec::new()));
        let body = json!({"zones": ["NoZone"], "recoveryType": "Offline"});
        let r = RestoreRequest(body.as_object().unwrap());
        assert_eq!((r.zone(), r.kind()), (None, None));
        let body = json!({"restoreDiskLunList": [2, "0"]});
        assert_eq!(RestoreRequest(body.as_object().unwrap()).luns(), Some(vec![2, 0]));
    }
}
