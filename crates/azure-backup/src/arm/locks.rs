//! Management locks.

use crate::arm::{
    call::{ApiVersion, Call},
    id::ArmId,
    json::NodeRef,
    open_enum::open_enum,
    page::Page,
};

open_enum! {
    /// What a lock prevents.
    LockLevel {
        /// Deleting.
        CanNotDelete = "CanNotDelete",
        /// Deleting and changing, and every other action that is no read.
        ReadOnly = "ReadOnly",
        /// Azure does not say.
        NotSpecified = "NotSpecified",
    }
}

/// A lock.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Lock {
    /// Its id, which holds its scope.
    pub id: ArmId,
    /// What it prevents.
    pub level: LockLevel,
    /// The note of the person who created it.
    pub notes: Option<String>,
}

impl Lock {
    /// A lock without notes.
    #[must_use]
    pub fn new(id: ArmId, level: LockLevel) -> Self {
        Self { id, level, notes: None }
    }

    /// What it locks: a subscription, a group or a resource, as text.
    #[must_use]
    pub fn scope(&self) -> &str {
        const BELOW: &str = "/providers/microsoft.authorization/locks/";
        let id = self.id.as_str();
        let end = id.to_ascii_lowercase().rfind(BELOW);
        end.and_then(|end| id.get(..end)).unwrap_or(id)
    }

    /// Whether it locks `resource`: itself, or something above it.
    #[must_use]
    pub fn covers(&self, resource: &ArmId) -> bool {
        let scope = self.scope();
        let rest = resource.as_str().get(scope.len()..);
        let begins = resource.as_str().get(..scope.len()).is_some_and(|head| head.eq_ignore_ascii_case(scope));
        begins && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    fn read(node: &NodeRef<'_>) -> Self {
        let properties = node.at("properties");
        Self {
            id: node.need_id("id"),
            level: properties.text("level").unwrap_or_default().into(),
            notes: properties.text("notes"),
        }
    }
}

/// The locks at a scope and below it. For a group, the answer lacks the locks of its subscription.
#[must_use]
pub fn list(scope: &ArmId) -> Call<Page<Lock>> {
    let path = format!("{}/providers/Microsoft.Authorization/locks?api-version={}", scope.path(), ApiVersion::LOCKS);
    Call::get("List locks", "Microsoft.Authorization/locks/read", path, |node| Page::read_listed(node, Lock::read))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{VAULT, id, survives};
    use serde_json::json;

    #[test]
    fn a_lock_covers_what_is_below_its_scope() {
        let lock = |scope: &str| {
            Lock::new(id(&format!("{scope}/providers/Microsoft.Authorization/locks/l")), LockLevel::ReadOnly)
        };
        let vault = id(VAULT);
        for scope in [VAULT, "/subscriptions/s-1/resourceGroups/RG-1", "/subscriptions/s-1"] {
            assert_eq!(lock(scope).scope(), scope);
            assert!(lock(scope).covers(&vault), "{scope}");
        }
        for scope in ["/subscriptions/s-1/resourceGroups/rg", "/subscriptions/s", &format!("{VAULT}/x/y")] {
            assert!(!lock(scope).covers(&vault), "{scope}");
        }
    }

    #[test]
    fn answers_of_every_shape() {
        let lock = json!({ "id": format!("{VAULT}/providers/Microsoft.Authorization/locks/l"), "name": "l",
            "properties": { "level": "ReadOnly", "notes": "n", "owners": [{ "applicationId": "a" }] } });
        let (read, refused) = survives(&list(&id(VAULT)), &json!({ "value": [lock] }));
        assert!(read > 5 && refused > 5, "{read} {refused}");
    }
}
