//! What moving data between tiers costs.

use super::{child_url, restore_request::RehydrationPriority};
use crate::arm::{
    call::{ApiVersion, Call},
    id::ArmId,
    json::NodeRef,
};
use serde::Serialize;

/// `TieringCostRehydrationInfo`: what Azure says that the rehydration of a recovery point costs. Azure names no currency.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct RehydrationCost {
    /// How much is rehydrated, in bytes.
    pub bytes: Option<u64>,
    /// The retail price of a GB a month, in the digits that Azure wrote.
    pub per_gb_month: Option<String>,
}

/// `FetchTieringCostInfoForRehydrationRequest`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    object_type: &'static str,
    container_name: &'a str,
    protected_item_name: &'a str,
    recovery_point_id: &'a str,
    rehydration_priority: &'a RehydrationPriority,
    source_tier_type: &'static str,
    target_tier_type: &'static str,
}

/// What it costs to rehydrate `point` at this priority; none for an id that is no recovery point. It changes nothing, though it is sent as a POST.
///
/// Azure answers 200 with the cost, or 202 with a `Location`, at which the [`result`](Call::result) can be read. Since 2023-06-01.
#[must_use]
pub fn of_rehydration(
    point: &ArmId,
    priority: &RehydrationPriority,
    version: &ApiVersion,
) -> Option<Call<RehydrationCost>> {
    let body = Body {
        object_type: "FetchTieringCostInfoForRehydrationRequest",
        container_name: point.segment_after("protectionContainers")?,
        protected_item_name: point.segment_after("protectedItems")?,
        recovery_point_id: point.segment_after("recoveryPoints")?,
        rehydration_priority: priority,
        source_tier_type: "ArchivedRP",
        target_tier_type: "HardenedRP",
    };
    let path = child_url(&point.up_to("vaults")?, &["backupTieringCost", "default", "fetchTieringCost"], version);
    let action = "Microsoft.RecoveryServices/vaults/backupTieringCost/fetchTieringCost/action";
    let body = serde_json::to_vec(&body).ok()?.into();
    Some(Call::post("Get rehydration cost", action, path, Some(body), read).accepting(&[200, 202]))
}

fn read(node: &NodeRef<'_>) -> RehydrationCost {
    let price = node.text("retailRehydrationCostPerGBPerMonth");
    RehydrationCost {
        bytes: node.whole_part("rehydrationSizeInBytes").and_then(|bytes| bytes.try_into().ok()),
        per_gb_month: price.filter(|digits| digits.parse::<f64>().is_ok_and(|price| price.is_finite() && price >= 0.0)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        arm::cloud::Cloud,
        fixture::{VAULT, id, ok},
    };
    use http::Method;
    use serde_json::{Value, json};

    fn call() -> Call<RehydrationCost> {
        let point = id(&format!(
            "{VAULT}/backupFabrics/Azure/protectionContainers/IaasVMContainer;c;g;vm/protectedItems/VM;c;g;vm/recoveryPoints/42"
        ));
        of_rehydration(&point, &RehydrationPriority::High, &ApiVersion::BACKUP_DEFAULT).unwrap()
    }

    #[test]
    fn the_request_is_that_of_the_definition() {
        let sent: Value = serde_json::from_slice(call().body.as_ref().unwrap()).unwrap();
        let expected = json!({
            "objectType": "FetchTieringCostInfoForRehydrationRequest", "containerName": "IaasVMContainer;c;g;vm",
            "protectedItemName": "VM;c;g;vm", "recoveryPointId": "42", "rehydrationPriority": "High",
            "sourceTierType": "ArchivedRP", "targetTierType": "HardenedRP"
        });
        assert_eq!(
            (sent, call().line()),
            (expected, format!("POST {VAULT}/backupTieringCost/default/fetchTieringCost"))
        );
        assert!(of_rehydration(&id(VAULT), &RehydrationPriority::High, &ApiVersion::BACKUP_DEFAULT).is_none());
    }

    #[test]
    fn a_price_keeps_its_digits_and_what_is_no_price_is_none() {
        let read = |body: Value| call().read(&ok(&body)).unwrap();
        let told = read(
            json!({ "objectType": "TieringCostRehydrationInfo", "rehydrationSizeInBytes": 1_204_000, "retailRehydrationCostPerGBPerMonth": 0.02 }),
        );
        assert_eq!((told.bytes, told.per_gb_month.as_deref()), (Some(1_204_000), Some("0.02")));
        let odd =
            read(json!({ "rehydrationSizeInBytes": -1, "retailRehydrationCostPerGBPerMonth": "free", "more": {} }));
        assert_eq!(odd, RehydrationCost::default());
        assert_eq!(read(json!({ "objectType": "TieringCostSavingInfo" })), RehydrationCost::default());
    }

    #[test]
    fn the_result_is_read_where_azure_says() {
        let url = "https://management.azure.com/subscriptions/s/operationResults/1?api-version=2024-04-01&s=%2B";
        let result = call().result(&Cloud::public(), url).unwrap();
        assert_eq!((&result.method, &result.body), (&Method::GET, &None));
        assert_eq!(result.url(&Cloud::public()).unwrap().to_string(), url);
        assert!(call().result(&Cloud::public(), "https://example.com/").is_err());
    }
}
