//! A draft between two visits.

use azure_backup::arm::stored::{Stored, add, tag, tagged};
use azure_backup::{stored_record, stored_words};
use serde_json::{Map, Value};

use super::{
    DiskNetworkAccess, DiskTarget, Draft, Luns, RegionChoice, Rehydration, RehydrationPriority, StagingAccess,
    ZoneChoice,
};

/// A member that is missing stays as it is in an empty draft.
fn update<T: Stored>(field: &mut T, value: &Value, key: &str) -> Option<()> {
    if let Some(value) = value.get(key) {
        *field = T::from_stored(value)?;
    }
    Some(())
}

impl Stored for Luns {
    fn missing() -> Self {
        Self::default()
    }

    fn to_stored(&self) -> Value {
        self.0.to_stored()
    }

    fn from_stored(value: &Value) -> Option<Self> {
        Vec::from_stored(value).map(Self::from_iter)
    }
}

/// The typed confirmation is not among the members.
impl Stored for Draft {
    fn missing() -> Self {
        Self::default()
    }

    fn to_stored(&self) -> Value {
        let mut draft = Map::new();
        add(&mut draft, "scenario", &self.scenario);
        add(&mut draft, "diskTarget", &self.disk_target);
        add(&mut draft, "luns", &self.luns);
        add(&mut draft, "stagingAccount", &self.staging_account);
        add(&mut draft, "region", &self.region);
        add(&mut draft, "targetSubscription", &self.target_subscription);
        add(&mut draft, "targetGroup", &self.target_group);
        add(&mut draft, "vmName", &self.vm_name);
        add(&mut draft, "network", &self.network);
        add(&mut draft, "subnet", &self.subnet);
        add(&mut draft, "zone", &self.zone);
        add(&mut draft, "encryptionSet", &self.encryption_set);
        add(&mut draft, "osEncryptionSet", &self.os_encryption_set);
        add(&mut draft, "stagingAccess", &self.staging_access);
        add(&mut draft, "diskNetworkAccess", &self.disk_network_access);
        add(&mut draft, "diskAccess", &self.disk_access);
        add(&mut draft, "edgeZone", &self.edge_zone);
        add(&mut draft, "restoreAsManaged", &self.restore_as_managed);
        add(&mut draft, "originalAccounts", &self.original_accounts);
        add(&mut draft, "rehydration", &self.rehydration);
        add(&mut draft, "reason", &self.reason);
        Value::Object(draft)
    }

    fn from_stored(value: &Value) -> Option<Self> {
        let mut draft = Self::default();
        value.as_object()?;
        update(&mut draft.scenario, value, "scenario")?;
        update(&mut draft.disk_target, value, "diskTarget")?;
        update(&mut draft.luns, value, "luns")?;
        update(&mut draft.staging_account, value, "stagingAccount")?;
        update(&mut draft.region, value, "region")?;
        update(&mut draft.target_subscription, value, "targetSubscription")?;
        update(&mut draft.target_group, value, "targetGroup")?;
        update(&mut draft.vm_name, value, "vmName")?;
        update(&mut draft.network, value, "network")?;
        update(&mut draft.subnet, value, "subnet")?;
        update(&mut draft.zone, value, "zone")?;
        update(&mut draft.encryption_set, value, "encryptionSet")?;
        update(&mut draft.os_encryption_set, value, "osEncryptionSet")?;
        update(&mut draft.staging_access, value, "stagingAccess")?;
        update(&mut draft.disk_network_access, value, "diskNetworkAccess")?;
        update(&mut draft.disk_access, value, "diskAccess")?;
        update(&mut draft.edge_zone, value, "edgeZone")?;
        update(&mut draft.restore_as_managed, value, "restoreAsManaged")?;
        update(&mut draft.original_accounts, value, "originalAccounts")?;
        update(&mut draft.rehydration, value, "rehydration")?;
        update(&mut draft.reason, value, "reason")?;
        Some(draft)
    }
}

stored_record!(Rehydration { priority "priority", days "days" });
stored_words!(RehydrationPriority { Standard "standard", High "high" });
stored_words!(DiskTarget { ManagedDisks "managed-disks", UnmanagedVhds "unmanaged-vhds" });
stored_words!(RegionChoice { Vault "vault", Source "source" });
stored_words!(DiskNetworkAccess { SameAsSource "same-as-source", Public "public", Private "private" });

impl Stored for ZoneChoice {
    fn missing() -> Self {
        Self::default()
    }

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
    fn missing() -> Self {
        Self::default()
    }

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
            region: Some(RegionChoice::Source),
            os_encryption_set: Some(ArmId::parse("/subscriptions/t").unwrap()),
            original_accounts: true,
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
