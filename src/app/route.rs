//! Places of the app. The address after `#` says where the operator is; every link is made here.

use azure_backup::arm::id::{ArmId, ClientRequestId, SubscriptionId};

/// A place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Route {
    /// Demo or token.
    Connect,
    /// Choose a virtual machine.
    Vms {
        /// The subscription looked into.
        subscription: Option<SubscriptionId>,
        /// Only this vault.
        vault: Option<ArmId>,
    },
    /// Choose a recovery point of a protected item.
    Points(ArmId),
    /// How and where to restore a recovery point (its ARM id).
    Form(ArmId),
    /// Review and start.
    Review(ArmId),
    /// This browser's restores.
    Restores,
    /// One of them.
    Restore(ClientRequestId),
    /// A vault's jobs.
    Jobs(Option<ArmId>),
    /// Every exchange with Azure.
    Activity,
    /// Who we are to Azure.
    Account,
    /// API version and saved data.
    Settings,
    /// No such place.
    Unknown(String),
}

impl Route {
    /// The place that the address names.
    pub fn parse(hash: &str) -> Self {
        let unknown = || Self::Unknown(hash.to_owned());
        let (path, query) = hash.trim_start_matches('#').split_once('?').unwrap_or((hash.trim_start_matches('#'), ""));
        let value = |key: &str| {
            let found = query.split('&').find_map(|pair| pair.split_once('=').filter(|(k, _)| *k == key));
            found.and_then(|(_, v)| decode(v)).filter(|v| !v.is_empty())
        };
        let id = |text: &str| decode(text).and_then(|t| ArmId::parse(&t).ok());
        let segments: Vec<&str> = path.split('/').filter(|s| !s.is_empty()).collect();
        let point = |item: &str, point: &str| {
            Some(id(item)?.child("recoveryPoints", &decode(point)?))
                .filter(|i| i.name().bytes().all(|b| b.is_ascii_alphanumeric()))
        };
        match segments.as_slice() {
            [] => Self::Connect,
            ["vms"] => Self::Vms {
                subscription: value("subscription").and_then(|s| SubscriptionId::parse(&s).ok()),
                vault: value("vault").and_then(|v| ArmId::parse(&v).ok()),
            },
            ["restore", item] => id(item).map_or_else(unknown, Self::Points),
            ["restore", item, name] => point(item, name).map_or_else(unknown, Self::Form),
            ["restore", item, name, "review"] => point(item, name).map_or_else(unknown, Self::Review),
            ["restores"] => Self::Restores,
            ["restores", id] => ClientRequestId::parse(id).map_or_else(|_| unknown(), Self::Restore),
            ["jobs"] => Self::Jobs(value("vault").and_then(|v| ArmId::parse(&v).ok())),
            ["activity"] => Self::Activity,
            ["account"] => Self::Account,
            ["settings"] => Self::Settings,
            _ => unknown(),
        }
    }

    /// The address, with its `#`.
    pub fn hash(&self) -> String {
        let of_point = |point: &ArmId| {
            let item = item_of(point).map(|i| encode(i.as_str())).unwrap_or_default();
            format!("#/restore/{item}/{}", encode(point.name()))
        };
        match self {
            Self::Connect => "#/".to_owned(),
            Self::Vms { subscription, vault } => {
                let query: Vec<String> = [
                    subscription.as_ref().map(|s| format!("subscription={}", encode(s.as_str()))),
                    vault.as_ref().map(|v| format!("vault={}", encode(v.as_str()))),
                ]
                .into_iter()
                .flatten()
                .collect();
                if query.is_empty() { "#/vms".to_owned() } else { format!("#/vms?{}", query.join("&")) }
            }
            Self::Points(item) => format!("#/restore/{}", encode(item.as_str())),
            Self::Form(point) => of_point(point),
            Self::Review(point) => of_point(point) + "/review",
            Self::Restores => "#/restores".to_owned(),
            Self::Restore(id) => format!("#/restores/{id}"),
            Self::Jobs(None) => "#/jobs".to_owned(),
            Self::Jobs(Some(vault)) => format!("#/jobs?vault={}", encode(vault.as_str())),
            Self::Activity => "#/activity".to_owned(),
            Self::Account => "#/account".to_owned(),
            Self::Settings => "#/settings".to_owned(),
            Self::Unknown(hash) => format!("#{}", hash.trim_start_matches('#')),
        }
    }

    /// Whether the place shows Azure's answers, for which a connection is needed.
    pub const fn needs_connection(&self) -> bool {
        matches!(
            self,
            Self::Vms { .. } | Self::Points(_) | Self::Form(_) | Self::Review(_) | Self::Jobs(_) | Self::Account
        )
    }

    /// The recovery point of the place.
    pub const fn point(&self) -> Option<&ArmId> {
        match self {
            Self::Form(point) | Self::Review(point) => Some(point),
            _ => None,
        }
    }

    /// The protected item of the place.
    pub fn item(&self) -> Option<ArmId> {
        match self {
            Self::Points(item) => Some(item.clone()),
            Self::Form(point) | Self::Review(point) => item_of(point),
            _ => None,
        }
    }
}

/// The protected item of a recovery point.
pub fn item_of(point: &ArmId) -> Option<ArmId> {
    point.up_to("protectedItems")
}

/// The vault of a protected item or recovery point.
pub fn vault_of(id: &ArmId) -> Option<ArmId> {
    id.up_to("vaults")
}

fn encode(text: &str) -> String {
    text.bytes().fold(String::with_capacity(text.len() + 16), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~;".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out += &format!("%{byte:02X}");
        }
        out
    })
}

fn decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        if first == b'%' {
            let (digits, tail) = tail.split_at_checked(2)?;
            bytes.push(u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?);
            rest = tail;
        } else {
            bytes.push(first);
            rest = tail;
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ITEM: &str = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.RecoveryServices/vaults/v/backupFabrics/Azure/protectionContainers/IaasVMContainer;iaasvmcontainerv2;rg;vm/protectedItems/VM;iaasvmcontainerv2;rg;vm";

    #[test]
    fn every_place_comes_back_from_its_address() {
        let item = ArmId::parse(ITEM).unwrap();
        let point = item.child("recoveryPoints", "2261197147500459276");
        let vault = vault_of(&item).unwrap();
        assert_eq!(vault.name(), "v");
        for route in [
            Route::Connect,
            Route::Vms { subscription: None, vault: None },
            Route::Vms { subscription: Some(SubscriptionId::parse("s").unwrap()), vault: Some(vault.clone()) },
            Route::Points(item),
            Route::Form(point.clone()),
            Route::Review(point),
            Route::Restores,
            Route::Restore(ClientRequestId::parse("0f8fad5b-d9cb-469f-a165-70867728950e").unwrap()),
            Route::Jobs(None),
            Route::Jobs(Some(vault)),
            Route::Activity,
            Route::Settings,
        ] {
            assert_eq!(Route::parse(&route.hash()), route);
        }
        assert!(matches!(Route::parse("#/nowhere"), Route::Unknown(_)));
        assert!(matches!(Route::parse("#/restore/%zz"), Route::Unknown(_)));
    }

    proptest! {
        #[test]
        fn any_address_is_a_place(hash in "\\PC{0,60}") {
            let route = Route::parse(&hash);
            let _ = route.hash();
        }
    }
}
