use super::*;
use crate::fixture::{VAULT, misshapen, ok};
use proptest::prelude::*;
use serde_json::{Value, json};

const ITEM: &str = "/backupFabrics/Azure/protectionContainers/IaasVMContainer;iaasvmcontainerv2;rg;vm/protectedItems/VM;iaasvmcontainerv2;rg;vm";
const SOURCE: &str = "/subscriptions/s-2/resourceGroups/RG-Web/providers/Microsoft.Compute/virtualMachines/VM";

fn read(row: &Value) -> MachineRow {
    let page = machines(Scope::TENANT, "").first().read(&ok(&json!({ "data": [row] }))).unwrap();
    assert_eq!(page.unreadable, 0);
    page.rows.into_iter().next().unwrap()
}

fn full() -> Value {
    json!({ "id": format!("{VAULT}{ITEM}"), "source": SOURCE, "machine": SOURCE.to_lowercase(), "subscriptionName": "Production",
        "location": "westeurope", "region": "northeurope", "friendlyName": "VM", "health": "ActionRequired",
        "protectionState": "ProtectionStopped", "currentState": "ProtectionConfigured", "lastBackupStatus": "Completed",
        "lastBackupTime": "2024-05-14T08:49:45Z", "lastRecoveryPoint": "2024-05-14T08:49:45.5121087Z",
        "secondaryPoint": "0001-01-01T00:00:00.0000000Z", "deferredDelete": "false", "tags": { "app": "shop", "tier": 1, "none": null } })
}

#[test]
fn a_row_says_what_a_list_of_machines_shows() {
    let row = read(&full());
    assert_eq!((row.name.as_str(), row.resource_group.as_deref()), ("VM", Some("RG-Web")));
    assert_eq!((row.vault_name(), row.subscription_name.as_deref()), (Some("vault-1"), Some("Production")));
    assert_eq!(row.subscription().map(|id| id.to_string()).as_deref(), Some("s-1"), "the vault's");
    assert_eq!(row.region.as_ref().map(Region::key).as_deref(), Some("northeurope"));
    assert_eq!(
        (row.health.clone(), row.protection_state.clone()),
        (Some(Health::ActionRequired), Some(ProtectionState::ProtectionStopped))
    );
    assert_eq!(row.last_recovery_point.map(OffsetDateTime::unix_timestamp), Some(1_715_676_585));
    assert_eq!(row.last_secondary_point, None, "there is none yet");
    assert!(row.source_found == Some(true) && !row.soft_deleted);
    let tags: Vec<(&str, &str)> = row.tags.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(tags, [("app", "shop"), ("tier", "1"), ("none", "")]);
}

#[test]
fn an_id_is_enough_for_a_row() {
    let row =
        read(&json!({ "id": format!("{VAULT}{ITEM}"), "health": "", "tags": null, "source": "gone", "machine": "" }));
    let id = ArmId::parse(&format!("{VAULT}{ITEM}")).unwrap();
    assert_eq!(row, MachineRow { source_found: Some(false), ..MachineRow::new(id) });
    assert_eq!((row.name.as_str(), row.resource_group.as_deref()), ("vm", Some("rg")));
    assert_eq!((row.source_found, row.region), (Some(false), None));
}

#[test]
fn either_form_tells_what_is_deleted() {
    let deleted = |flag: &str, state: &str| {
        read(&json!({ "id": VAULT, "deferredDelete": flag, "currentState": state })).soft_deleted
    };
    assert!(deleted("true", "") && deleted("True", "ProtectionStopped") && deleted("", "softdeleted"));
    assert!(!deleted("", "ProtectionConfigured") && !deleted("false", ""));
    let kept = |flag: &str, days: &str| {
        let row = json!({ "id": VAULT, "deferredDelete": flag, "deletedAt": "2026-05-01T08:00:00Z", "keptDays": days });
        read(&row).kept_until.map(|at| at.date().to_string())
    };
    assert_eq!(kept("true", "14").as_deref(), Some("2026-05-15"));
    assert_eq!((kept("true", ""), kept("true", "0"), kept("", "14")), (None, None, None));
}

/// The definition of rows is not published: whatever a property is, the row stays, and so do its other properties.
#[test]
fn a_property_of_another_shape_is_missing_and_nothing_else_is() {
    let good = read(&full());
    let mut kept = 0;
    for row in misshapen(&full()) {
        let page = machines(Scope::TENANT, "").first().read(&ok(&json!({ "data": [row] }))).unwrap();
        assert_eq!(page.rows.len() + page.unreadable, 1);
        if let Some(read) = page.rows.first().filter(|_| row["lastBackupTime"] == full()["lastBackupTime"]) {
            assert_eq!(read.last_backup_time, good.last_backup_time, "{row}");
            kept += 1;
        }
    }
    assert!(kept > 100, "{kept}");
}

/// The parts of a query outside of its literals.
fn bones(query: &str) -> String {
    let (mut out, mut within, mut chars) = (String::new(), false, query.chars());
    while let Some(c) = chars.next() {
        match c {
            '\\' if within => drop(chars.next()),
            '\'' => within = !within,
            _ if within => {}
            c => out.push(c),
        }
    }
    assert!(!within, "a literal does not end: {query}");
    out
}

proptest! {
    #[test]
    fn what_is_searched_for_never_changes_the_query(text in r#"([ -~]|['\\"|\n/]|\PC){1,40}"#) {
        let query = machines(Scope::TENANT, &text);
        prop_assert_eq!(bones(query.text()), bones(machines(Scope::TENANT, "x").text()));
        prop_assert!(query.text().contains(&literal(&text)));
    }
}
