//! What the caller may do at a scope, and what deny assignments refuse there.
//!
//! Azure allows an action if one entry allows it, and no deny assignment refuses it. Each entry stands for one role, so its `notActions` take away
//! from its own `actions` only. The answer does not cover locks, policies and conditions, so Azure may refuse an action that it allows.

use std::borrow::Borrow;

use crate::arm::{
    call::{ApiVersion, Call},
    id::{ArmId, percent_encoded},
    json::NodeRef,
    page::Page,
};

/// What one role gives at a scope.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Permission {
    /// Patterns of actions that the role gives.
    pub actions: Vec<String>,
    /// Patterns of actions that the role excludes from these.
    pub not_actions: Vec<String>,
}

/// A deny assignment: refuses actions to principals, whatever their roles give.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DenyAssignment {
    /// Its name.
    pub name: String,
    /// Where it was made.
    pub scope: Option<ArmId>,
    /// Whether it applies to that scope only, not to resources below it.
    pub only_scope: bool,
    /// What it refuses.
    pub permissions: Vec<Permission>,
    /// The object ids that it applies to; the id of zeros is everyone.
    pub principals: Vec<String>,
    /// The object ids that it does not apply to.
    pub excluded: Vec<String>,
}

/// The object id that stands for everyone in a deny assignment.
pub const EVERYONE: &str = "00000000-0000-0000-0000-000000000000";

impl Permission {
    /// What a role with these patterns gives.
    #[must_use]
    pub fn new(actions: &[&str], not_actions: &[&str]) -> Self {
        let owned = |all: &[&str]| all.iter().map(|&one| one.to_owned()).collect();
        Self { actions: owned(actions), not_actions: owned(not_actions) }
    }

    /// Whether this entry alone gives `action`.
    #[must_use]
    pub fn allows(&self, action: &str) -> bool {
        let fits = |patterns: &[String]| patterns.iter().any(|pattern| matches(pattern, action));
        fits(&self.actions) && !fits(&self.not_actions)
    }

    /// Whether one of these entries gives `action`.
    #[must_use]
    pub fn any_allows<P: Borrow<Self>>(entries: &[P], action: &str) -> bool {
        entries.iter().any(|entry| entry.borrow().allows(action))
    }

    fn read(node: &NodeRef<'_>) -> Self {
        Self { actions: node.texts("actions"), not_actions: node.texts("notActions") }
    }
}

impl DenyAssignment {
    /// A deny assignment at `scope` and below, for everyone.
    #[must_use]
    pub fn new(name: &str, scope: ArmId, permissions: Vec<Permission>) -> Self {
        let principals = vec![EVERYONE.to_owned()];
        Self {
            name: name.to_owned(),
            scope: Some(scope),
            only_scope: false,
            permissions,
            principals,
            excluded: Vec::new(),
        }
    }

    /// Whether it refuses `action` to its principals.
    #[must_use]
    pub fn refuses(&self, action: &str) -> bool {
        Permission::any_allows(&self.permissions, action)
    }

    /// Whether it applies to everyone, but for those that it excludes.
    #[must_use]
    pub fn applies_to_everyone(&self) -> bool {
        self.principals.iter().any(|id| id == EVERYONE)
    }

    fn read(node: &NodeRef<'_>) -> Self {
        let properties = node.at("properties");
        let ids = |key| properties.list(key, |node| node.text("id")).into_iter().flatten().collect();
        Self {
            name: properties.text("denyAssignmentName").or(node.text("name")).unwrap_or_default(),
            scope: properties.id("scope"),
            only_scope: properties.flag("doNotApplyToChildScopes") == Some(true),
            permissions: properties.list("permissions", Permission::read),
            principals: ids("principals"),
            excluded: ids("excludePrincipals"),
        }
    }
}

/// Whether `pattern` of a role fits an action: `*` stands for any run of characters, slashes among them; case does not count.
#[must_use]
pub fn matches(pattern: &str, action: &str) -> bool {
    let (pattern, action) = (pattern.as_bytes(), action.as_bytes());
    let (mut p, mut a) = (0, 0);
    // Where the last `*` stands, and how much of the action it takes.
    let mut star: Option<(usize, usize)> = None;
    while let Some(have) = action.get(a) {
        match pattern.get(p) {
            Some(b'*') => {
                star = Some((p, a));
                p += 1;
            }
            Some(want) if want.eq_ignore_ascii_case(have) => (p, a) = (p + 1, a + 1),
            _ => match star {
                Some((at, taken)) => {
                    star = Some((at, taken + 1));
                    (p, a) = (at + 1, taken + 1);
                }
                None => return false,
            },
        }
    }
    pattern.iter().skip(p).all(|left| *left == b'*')
}

/// The caller's permissions at a resource group or a resource. Azure has no such call for a subscription.
#[must_use]
pub fn list(scope: &ArmId) -> Call<Page<Permission>> {
    let path = below(scope, "permissions");
    Call::get("List permissions", "Microsoft.Authorization/permissions/read", path, |node| {
        Page::read_listed(node, Permission::read)
    })
}

/// The deny assignments at a scope and above.
#[must_use]
pub fn deny_assignments(scope: &ArmId) -> Call<Page<DenyAssignment>> {
    let path = format!("{}&$filter={}", below(scope, "denyAssignments"), percent_encoded("atScope()"));
    Call::get("List deny assignments", "Microsoft.Authorization/denyAssignments/read", path, |node| {
        Page::read_listed(node, DenyAssignment::read)
    })
}

fn below(scope: &ArmId, kind: &str) -> String {
    format!("{}/providers/Microsoft.Authorization/{kind}?api-version={}", scope.path(), ApiVersion::AUTHORIZATION)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{VAULT, id, ok, survives};
    use serde_json::json;

    #[test]
    fn a_star_stands_for_any_characters_and_case_does_not_count() {
        for (pattern, action) in [
            ("*", "Microsoft.Compute/virtualMachines/write"),
            ("*/read", "Microsoft.Compute/virtualMachines/read"),
            ("microsoft.compute/*", "Microsoft.Compute/virtualMachines/write"),
            ("Microsoft.Authorization/*/Write", "Microsoft.Authorization/roleAssignments/write"),
            ("Microsoft.Compute/*/read/action", "Microsoft.Compute/a/read/b/read/action"),
            ("*a*b*", "xxaxxbxx"),
            ("a**", "a"),
        ] {
            assert!(matches(pattern, action), "{pattern} {action}");
        }
        for (pattern, action) in [
            ("*/read", "Microsoft.Compute/virtualMachines/write"),
            ("Microsoft.Compute/virtualMachines", "Microsoft.Compute/virtualMachines/write"),
            ("Microsoft.Compute/virtualMachines/write/*", "Microsoft.Compute/virtualMachines/write"),
            ("*a*b", "xaxbx"),
            ("", "a"),
        ] {
            assert!(!matches(pattern, action), "{pattern} {action}");
        }
    }

    #[test]
    fn what_is_left_out_of_one_role_another_may_give() {
        let contributor = Permission::new(&["*"], &["Microsoft.Authorization/*/Write"]);
        let administrator = Permission::new(&["*/read", "Microsoft.Authorization/*"], &[]);
        let action = "Microsoft.Authorization/roleAssignments/write";
        assert!(!contributor.allows(action) && administrator.allows(action));
        assert!(contributor.allows("Microsoft.Compute/disks/write"));
    }

    #[test]
    fn the_filter_of_deny_assignments_has_no_raw_parentheses() {
        let line = format!("{:?}", deny_assignments(&id(VAULT)).target);
        assert!(line.contains("/denyAssignments?api-version=2022-04-01&$filter=atScope%28%29"), "{line}");
    }

    #[test]
    fn answers_of_every_shape() {
        let entry = json!({ "actions": ["*/read"], "notActions": ["a/read"], "dataActions": [], "notDataActions": [] });
        let (read, refused) = survives(&list(&id(VAULT)), &json!({ "value": [entry] }));
        assert!(read > 5 && refused > 5, "{read} {refused}");
        let deny = json!({ "value": [{ "id": VAULT, "name": "n", "properties": { "denyAssignmentName": "d", "scope": VAULT,
            "doNotApplyToChildScopes": true, "permissions": [entry], "principals": [{ "id": EVERYONE, "type": "SystemDefined" }],
            "excludePrincipals": [{ "id": "p" }] } }] });
        let (read, refused) = survives(&deny_assignments(&id(VAULT)), &deny);
        assert!(read > 5 && refused > 5, "{read} {refused}");
        let found = deny_assignments(&id(VAULT)).read(&ok(&deny)).unwrap().value.remove(0);
        assert!(found.only_scope && found.refuses("b/read") && !found.refuses("a/read") && found.applies_to_everyone());
        assert_eq!((found.name.as_str(), found.excluded), ("d", vec!["p".to_owned()]));
    }
}
