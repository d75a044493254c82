//! Permissions, deny assignments and locks.

use azure_backup::arm::call::ApiVersion;
use azure_backup::arm::locks::LockLevel;

use super::*;

const VM_WRITE: &str = "Microsoft.Compute/virtualMachines/write";

/// The caller has these roles at every scope that is asked about.
fn everywhere(restored: &Restored, roles: &[Permission]) -> Fake {
    let scopes = questions(&[restored.machine()], &Fake::new());
    let scopes = scopes.into_iter().filter(|question| matches!(question, Question::Permissions(_)));
    scopes.fold(Fake::new(), |fake, scope| fake.with(scope, Value::Permissions(roles.to_vec())))
}

fn owner() -> Permission {
    Permission::new(&["*"], &[])
}

/// The patterns of Backup Operator that matter here.
fn backup_operator() -> Permission {
    Permission::new(
        &[
            "Microsoft.RecoveryServices/Vaults/backupFabrics/protectionContainers/protectedItems/recoveryPoints/*",
            "Microsoft.RecoveryServices/Vaults/backupJobs/*",
            "Microsoft.Compute/virtualMachines/read",
            "Microsoft.Network/virtualNetworks/read",
        ],
        &[],
    )
}

#[test]
fn every_action_that_a_restore_needs_has_a_built_in_role() {
    for action in permissions::ALL {
        assert!(roles::role_for(action).is_some(), "{action}");
    }
}

#[test]
fn an_owner_lacks_nothing() {
    for scenario in Scenario::ALL {
        let restored = Restored::new(scenario, |_| {});
        let found = findings("permissions", &[restored.machine()], &everywhere(&restored, &[owner()]));
        assert!(
            !found.outcomes.is_empty() && found.outcomes.iter().all(|one| *one == Outcome::NothingFound),
            "{found:?}"
        );
        assert!(!found.waits, "{scenario:?}");
    }
}

#[test]
fn what_a_backup_operator_lacks_is_named_with_its_scope_and_a_role() {
    let restored = new_vm();
    let answers = everywhere(&restored, &[backup_operator()]);
    let missing = missing_actions(&[restored.machine()], &answers);
    let lacking: Vec<(&str, &[&str])> = missing.iter().map(|one| (one.scope.name(), &one.actions[..])).collect();
    let group = "Microsoft.Resources/subscriptions/resourceGroups/write";
    let expected: [(&str, &[&str]); 4] = [
        ("web-01", &[VM_WRITE]),
        ("net", &["Microsoft.Network/virtualNetworks/subnets/join/action"]),
        ("staging", &["Microsoft.Storage/storageAccounts/write"]),
        ("target", &[group, VM_WRITE]),
    ];
    assert_eq!(lacking, expected);
    let roles: Vec<Vec<&str>> = missing.iter().map(MissingActions::roles).collect();
    let vm = "Virtual Machine Contributor";
    assert_eq!(roles, [vec![vm], vec![vm], vec!["Storage Account Contributor"], vec!["Contributor"]]);
    let found = findings("permissions", &[restored.machine()], &answers);
    let vault_is_fine = found.outcomes.iter().filter(|one| **one == Outcome::NothingFound).count();
    assert_eq!((found.problems().count(), vault_is_fine), (4, 1));

    let text = request_text(&missing, &restored.plan.effect);
    for part in [
        "Scope: /subscriptions/",
        group,
        "Built-in role that includes it: Contributor",
        "Needed for: Creates the VM web-02",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let role: serde_json::Value = serde_json::from_str(&custom_role(&missing)).unwrap();
    assert_eq!(role["Actions"].as_array().unwrap().len(), 4, "each action once: {role}");
    assert_eq!(role["AssignableScopes"], serde_json::json!([format!("/subscriptions/{}", subscription())]));
}

#[test]
fn an_action_that_one_role_leaves_out_another_gives() {
    let restored = Restored::new(Scenario::RestoreDisks, |_| {});
    let without = Permission::new(&["*"], &["microsoft.compute/virtualmachines/WRITE"]);
    let found = problems("permissions", &restored, &everywhere(&restored, std::slice::from_ref(&without)));
    assert!(found.len() == 1 && found[0].contains("`web-01`") && found[0].contains(VM_WRITE), "{found:?}");
    let both = [without, Permission::new(&["Microsoft.Compute/*"], &[])];
    assert_eq!(problems("permissions", &restored, &everywhere(&restored, &both)), Vec::<String>::new());
}

#[test]
fn of_a_cross_region_restore_other_actions_are_needed() {
    let restored = Restored::new(Scenario::RestoreDisks, |facts| {
        let there = Region::new("northeurope");
        let mut account = (*facts.lookups.storage_accounts.as_ref().unwrap()[0]).clone();
        account.location = there.clone();
        facts.lookups.storage_accounts = Some([Rc::new(account)].into());
        (facts.secondary, facts.version) = (Some(there), ApiVersion::CROSS_REGION_DEFAULT);
    });
    let vault = restored.plan.vault.clone();
    let answers = everywhere(&restored, &[backup_operator()]);
    let missing = missing_actions(&[restored.machine()], &answers);
    let of_vault = missing.iter().find(|one| one.scope == vault).unwrap();
    assert_eq!(of_vault.actions, ["Microsoft.RecoveryServices/locations/backupCrossRegionRestore/action"]);
    assert!(missing.iter().all(|one| one.scope.name() != "web-01"), "the primary region is left alone");
}

#[test]
fn a_deny_assignment_counts_where_it_refuses_what_is_needed() {
    let restored = new_vm();
    let group = id("target");
    let deny =
        |actions: &[&str]| DenyAssignment::new("managed", group.clone(), vec![Permission::new(actions, &["*/read"])]);
    let with =
        |one: DenyAssignment| Fake::new().with(Question::DenyAssignments(group.clone()), Value::Denies(vec![one]));
    let found = problems("deny-assignments", &restored, &with(deny(&["*"])));
    assert!(found.len() == 1 && found[0].contains("`managed`") && found[0].ends_with("to everyone."), "{found:?}");
    let mut some = deny(&["*"]);
    some.principals = vec!["p".to_owned()];
    let found = problems("deny-assignments", &restored, &with(some));
    assert!(found[0].ends_with("to some accounts, which may include yours."), "{found:?}");
    assert_eq!(problems("deny-assignments", &restored, &with(deny(&["Microsoft.Web/*"]))), Vec::<String>::new());
    let mut above = deny(&["*"]);
    above.scope = group.up_to("subscriptions");
    assert_eq!(problems("deny-assignments", &restored, &with(above.clone())).len(), 1, "what is above covers it");
    above.only_scope = true;
    assert_eq!(problems("deny-assignments", &restored, &with(above)).len(), 0, "unless it says otherwise");
}

fn lock(scope: &ArmId, level: LockLevel) -> Lock {
    Lock::new(ArmId::parse(&format!("{scope}/providers/Microsoft.Authorization/locks/frozen")).unwrap(), level)
}

fn locked(locks: Vec<Lock>) -> Fake {
    let whole = id("x").up_to("subscriptions").unwrap();
    Fake::new().with(Question::Locks(whole), Value::Locks(locks))
}

#[test]
fn a_read_only_lock_on_what_is_written_to_is_a_problem_once() {
    let restored = new_vm();
    let subscription = id("x").up_to("subscriptions").unwrap();
    for scope in [id("target"), network(), subscription, id("rg/providers/Microsoft.Compute/virtualMachines/web-01")] {
        let found = problems("locks", &restored, &locked(vec![lock(&scope, LockLevel::ReadOnly)]));
        assert!(found.len() == 1 && found[0].contains("The read-only lock `frozen`"), "{scope}: {found:?}");
    }
    for scope in [id("other"), id("rg/providers/Microsoft.Compute/virtualMachines/web-02")] {
        assert_eq!(
            problems("locks", &restored, &locked(vec![lock(&scope, LockLevel::ReadOnly)])),
            Vec::<String>::new()
        );
    }
    let account = id("rg/providers/Microsoft.Storage/storageAccounts/staging");
    let found = problems("locks", &restored, &locked(vec![lock(&account, LockLevel::CanNotDelete)]));
    assert!(found.len() == 1 && found[0].contains("temporary files"), "{found:?}");
    assert_eq!(problems("locks", &restored, &locked(vec![lock(&id("target"), LockLevel::CanNotDelete)])).len(), 0);
}

#[test]
fn where_the_subscription_may_not_be_read_its_groups_are_and_the_rest_is_unknown() {
    let restored = new_vm();
    let whole = Question::Locks(id("x").up_to("subscriptions").unwrap());
    let refused = || Fake::new().with(whole.clone(), Value::Unreadable("missing permission"));
    let asked = questions(&[restored.machine()], &refused());
    for group in [id("target"), id("rg")] {
        assert!(asked.contains(&Question::Locks(group)), "{asked:?}");
    }
    assert!(!questions(&[restored.machine()], &Fake::new()).contains(&Question::Locks(id("target"))));
    let groups = |target: Vec<Lock>| {
        refused()
            .with(Question::Locks(id("rg")), Value::Locks(Vec::new()))
            .with(Question::Locks(id("target")), Value::Locks(target))
    };
    let found = findings("locks", &[restored.machine()], &groups(Vec::new()));
    assert_eq!((found.unknowns().collect::<Vec<_>>(), found.problems().count()), (vec!["missing permission"], 0));
    assert!(!found.outcomes.contains(&Outcome::NothingFound));
    let found = findings("locks", &[restored.machine()], &groups(vec![lock(&id("target"), LockLevel::ReadOnly)]));
    assert_eq!(found.problems().count(), 1);
}

#[test]
fn a_role_that_can_be_activated_is_named_with_its_rules_and_one_that_does_not_help_is_not() {
    let restored = new_vm();
    let group = restored.machine().group().unwrap();
    let subscription = group.up_to("subscriptions").unwrap();
    let contributor = EligibleRole::new("Contributor", "/d/contributor", subscription.as_str());
    let crew = EligibleRole::new("Restore crew", "/d/crew", group.as_str());
    let elsewhere = EligibleRole::new("Contributor", "/d/contributor", &format!("{}x", group.as_str()));
    let eligible = vec![
        contributor.clone(),
        contributor,
        EligibleRole::new("Reader", "/d/reader", group.as_str()),
        crew,
        elsewhere,
    ];
    let mut rules = ActivationRules::default();
    (rules.definition, rules.longest) = ("/d/contributor".to_owned(), Some(time::Duration::hours(8)));
    (rules.justification, rules.approval) = (true, true);
    let reader = vec![Permission::new(&["*/read"], &[])];
    let answers = Fake::new()
        .with(Question::Permissions(group.clone()), Value::Permissions(reader))
        .with(Question::EligibleRoles(group.clone()), Value::Eligible(eligible))
        .with(Question::ActivationRules(subscription.clone(), "/d/contributor".to_owned()), Value::Rules(vec![rules]));
    let machine = [restored.machine()];
    let asked = questions(&machine, &answers);
    assert!(asked.contains(&Question::ActivationRules(group.clone(), "/d/crew".to_owned())), "{asked:?}");
    assert!(
        !asked.iter().any(|one| matches!(one, Question::ActivationRules(_, role) if role == "/d/reader")),
        "{asked:?}"
    );
    let found = findings("permissions", &machine, &answers);
    let (_, remedy) = found.problems().next().unwrap();
    let expected = format!(
        " You're eligible for the role `Contributor` on `{}`: activate it in Privileged Identity Management (up to 8 hours; requires a justification and an approval). \
         You're eligible for the role `Restore crew` on `{}`, which may include it: activate it in Privileged Identity Management.",
        subscription.name(),
        group.name()
    );
    assert!(remedy.ends_with(&expected), "{remedy}");
    // Without Privileged Identity Management, nothing is said of it.
    let refused = answers.with(Question::EligibleRoles(group), Value::Unreadable("missing permission"));
    let found = findings("permissions", &machine, &refused);
    assert!(found.unknowns().next().is_none() && !found.problems().next().unwrap().1.contains("eligible"), "{found:?}");
}
