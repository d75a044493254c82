//! A draft between two visits.

use azure_backup::arm::stored::{Stored, object, tag, tagged};
use azure_backup::{stored_record, stored_words};
use serde_json::Value;

use super::{DiskNetworkAccess, DiskTarget, Draft, Luns, Rehydration, RehydrationPriority, StagingAccess, ZoneChoice};

/// A member that is missing stays as it is in an empty draft.
fn update<T: Stored>(field: &mut T, value: &Value, key: &str) -> Option<()> {
    if let Some(value) = value.get(key) {
        *field = T::from_stored(value)?;
    }
    Some(())
}

impl Stored for Luns {
    fn to_stored(&self) -> Value {
        self.0.to_stored()
    }

    fn from_stored(value: &Value) -> Option<Self> {
        Vec::from_stored(value).map(Self::from_iter)
    }
}

/// The typed confirmation is not among the members.
impl Stored for Draft {
    fn to_stored(&self) -> Value {
        object(vec![
            ("scenario", self.scenario.to_stored()),
            ("diskTarget", self.disk_target.to_stored()),
            ("luns", self.luns.to_stored()),
            ("stagingAccount", self.staging_account.to_stored()),
            ("targetSubscription", self.target_subscription.to_stored()),
            ("targetGroup", self.target_group.to_stored()),
            ("vmName", self.vm_name.to_stored()),
            ("network", self.network.to_stored()),
            ("subnet", self.subnet.to_stored()),
            ("zone", self.zone.to_stored()),
            ("encryptionSet", self.encryption_set.to_stored()),
            ("stagingAccess", self.staging_access.to_stored()),
            ("diskNetworkAccess", self.disk_network_access.to_stored()),
            ("diskAccess", self.disk_access.to_stored()),
            ("edgeZone", self.edge_zone.to_stored()),
            ("restoreAsManaged", self.restore_as_managed.to_stored()),
            ("rehydration", self.rehydration.to_stored()),
        ])
    }

    fn from_stored(value: &Value) -> Option<Self> {
        let mut draft = Self::default();
        value.as_object()?;
        update(&mut draft.scenario, value, "scenario")?;
        update(&mut draft.disk_target, value, "diskTarget")?;
        update(&mut draft.luns, value, "luns")?;
        update(&mut draft.staging_account, value, "stagingAccount")?;
        update(&mut draft.target_subscription, value, "targetSubscription")?;
        update(&mut draft.target_group, value, "targetGroup")?;
        update(&mut draft.vm_name, value, "vmName")?;
        update(&mut draft.network, value, "network")?;
        update(&mut draft.subnet, value, "subnet")?;
        update(&mut draft.zone, value, "zone")?;
        update(&mut draft.encryption_set, value, "encryptionSet")?;
        update(&mut draft.staging_access, value, "stagingAccess")?;
        update(&mut draft.disk_network_access, value, "diskNetworkAccess")?;
        update(&mut draft.disk_access, value, "diskAccess")?;
        update(&mut draft.edge_zone, value, "edgeZone")?;
        update(&mut draft.restore_as_managed, value, "restoreAsManaged")?;
        update(&mut draft.rehydration, value, "rehydration")?;
        Some(draft)
    }
}

stored_record!(Rehydration { priority "priority", days "days" });
stored_words!(RehydrationPriority { Standard "standard", High "high" });
stored_words!(DiskTarget { ManagedDisks "managed-disks", UnmanagedVhds "unmanaged-vhds" });
stored_words!(DiskNetworkAccess { SameAsSource "same-as-source", Public "public", Private "private" });

impl Stored for ZoneChoice {
    fn to_stored(&self) -> Value {
        match self {
            Self::Unset => Value::from("unset"),
            Self::NoZone => Value::from("no-zone"),
            Self::Zone(zone) => tagged("zone", zone.to_stored()),
        }
    }

    fn from_stored(value: &Value) -> Option<Self> {
        Some(match tag(value)? {
            ("unset", _) => Self::Unset,
            ("no-zone", _) => Self::NoZone,
            ("zone", zone) => Self::Zone(Stored::from_stored(zone)?),
            _ => return None,
        })
    }
}

impl Stored for StagingAccess {
    fn to_stored(&self) -> Value {
        match self {
            Self::Key => Value::from("key"),
            Self::SystemAssigned => Value::from("system-assigned"),
            Self::UserAssigned(identity) => tagged("user-assigned", identity.to_stored()),
        }
    }

    fn from_stored(value: &Value) -> Option<Self> {
        Some(match tag(value)? {
            ("key", _) => Self::Key,
            ("system-assigned", _) => Self::SystemAssigned,
            ("user-assigned", identity) => Self::UserAssigned(Stored::from_stored(identity)?),
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use azure_backup::arm::id::ArmId;

    #[test]
    fn a_draft_is_read_back_without_its_confirmation() {
        let mut draft = Draft {
            luns: [2, 0].into(),
            vm_name: "copy".to_owned(),
            zone: ZoneChoice::Zone("2".to_owned()),
            staging_access: StagingAccess::UserAssigned(ArmId::parse("/subscriptions/s").unwrap()),
            disk_network_access: Some(DiskNetworkAccess::Private),
            rehydration: Rehydration { priority: Some(RehydrationPriority::High), days: "12".to_owned() },
            confirm: "typed".to_owned(),
            ..Draft::default()
        };
        let stored = draft.to_stored();
        draft.confirm.clear();
        assert_eq!(Draft::from_stored(&stored), Some(draft));
    }

    #[test]
    fn what_is_missing_is_as_in_an_empty_draft() {
        assert_eq!(Draft::from_stored(&serde_json::json!({})), Some(Draft::default()));
        assert_eq!(Draft::from_stored(&serde_json::json!([])), None);
        assert_eq!(Draft::from_stored(&serde_json::json!({ "luns": "all" })), None);
    }
}
