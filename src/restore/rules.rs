//! The type of a rule, and the queries that the form, the pickers and the plan run on [`RULES`].

use azure_backup::arm::id::ArmId;
use azure_backup::backup::lookups::{
    DiskAccess, DiskEncryptionSet, ManagedIdentity, ResourceGroup, StorageAccount, Subnet, Subscription, VirtualNetwork,
};

pub use super::conditions::disk_target;
use super::draft::Draft;
use super::effect_sentence::quoted;
use super::facts::Facts;
use super::field::Field;
use super::scenario::Scenario;
pub use super::table::{RULES, SCENARIO_CHOSEN};

/// A rule of Azure with its source.
pub struct Rule {
    /// A stable id, for tests and documents.
    pub id: &'static str,
    /// The field that shows it.
    pub field: Field,
    /// What the operator reads: the limit, and what to do. In a rule about a resource, the predicate that follows the resource's
    /// name: a picker shows it beside the name, and [`draft_reasons`] makes a sentence of both.
    pub sentence: &'static str,
    /// Where Azure says so.
    pub link: &'static str,
    /// Whether it stops the restore or only warns.
    pub weight: Weight,
    /// When the rule is broken.
    pub broken: Test,
}

/// Whether a broken rule stops the restore.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// Azure refuses such a request.
    Blocks,
    /// Azure accepts it, but the operator should know.
    Warns,
}

/// When a rule is broken: the functions return true then. The variant says what they are called with.
#[derive(Clone, Copy)]
pub enum Test {
    /// A scenario on this recovery point.
    Scenario(fn(&Facts, Scenario) -> bool),
    /// The field may not be used with these choices.
    Forbids(fn(&Facts, &Draft) -> bool),
    /// The field is required with these choices, and empty.
    Needs(fn(&Facts, &Draft) -> bool, fn(&Draft) -> bool),
    /// The value of the field.
    Value(fn(&Facts, &Draft) -> bool),
    /// A storage account as staging account.
    Account(fn(&Facts, &Draft, &StorageAccount) -> bool),
    /// A subscription as target.
    Subscription(fn(&Facts, &Draft, &Subscription) -> bool),
    /// A resource group as target.
    Group(fn(&Facts, &Draft, &ResourceGroup) -> bool),
    /// A network of the new virtual machine.
    Network(fn(&Facts, &Draft, &VirtualNetwork) -> bool),
    /// A subnet of the new virtual machine.
    Subnet(fn(&Facts, &Draft, &Subnet) -> bool),
    /// A disk encryption set.
    EncryptionSet(fn(&Facts, &Draft, &DiskEncryptionSet) -> bool),
    /// A disk encryption set for the OS disk of a confidential virtual machine.
    OsEncryptionSet(fn(&Facts, &Draft, &DiskEncryptionSet) -> bool),
    /// A disk access resource.
    DiskAccess(fn(&Facts, &Draft, &DiskAccess) -> bool),
    /// A user-assigned identity.
    Identity(fn(&Facts, &Draft, &ManagedIdentity) -> bool),
}

/// Why something cannot be chosen or sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// [`Rule::id`].
    pub rule: String,
    /// The field it belongs to.
    pub field: Field,
    /// What the operator reads.
    pub sentence: String,
    /// Where Azure says so.
    pub link: String,
    /// Whether it stops the restore.
    pub weight: Weight,
}

impl Reason {
    /// Whether it stops the restore.
    pub fn blocks(&self) -> bool {
        self.weight == Weight::Blocks
    }
}

impl From<&Rule> for Reason {
    fn from(rule: &Rule) -> Self {
        Self {
            rule: rule.id.to_owned(),
            field: rule.field,
            sentence: rule.sentence.to_owned(),
            link: rule.link.to_owned(),
            weight: rule.weight,
        }
    }
}

fn reasons(broken: impl Fn(&Rule) -> bool) -> Vec<Reason> {
    RULES.iter().filter(|r| broken(r)).map(Reason::from).collect()
}

/// Why `scenario` is impossible (or unwise) for this recovery point.
pub fn scenario_reasons(facts: &Facts, scenario: Scenario) -> Vec<Reason> {
    reasons(|r| matches!(r.broken, Test::Scenario(broken) if broken(facts, scenario)))
}

/// The rules that a storage account breaks as staging account.
pub fn account_reasons(facts: &Facts, draft: &Draft, account: &StorageAccount) -> Vec<Reason> {
    reasons(|r| matches!(r.broken, Test::Account(broken) if broken(facts, draft, account)))
}

/// The rules that a subscription breaks as target.
pub fn subscription_reasons(facts: &Facts, draft: &Draft, subscription: &Subscription) -> Vec<Reason> {
    reasons(|r| matches!(r.broken, Test::Subscription(broken) if broken(facts, draft, subscription)))
}

/// The rules that a resource group breaks as target.
pub fn group_reasons(facts: &Facts, draft: &Draft, group: &ResourceGroup) -> Vec<Reason> {
    reasons(|r| matches!(r.broken, Test::Group(broken) if broken(facts, draft, group)))
}

/// The rules that a network breaks.
pub fn network_reasons(facts: &Facts, draft: &Draft, network: &VirtualNetwork) -> Vec<Reason> {
    reasons(|r| matches!(r.broken, Test::Network(broken) if broken(facts, draft, network)))
}

/// The rules that a subnet breaks.
pub fn subnet_reasons(facts: &Facts, draft: &Draft, subnet: &Subnet) -> Vec<Reason> {
    reasons(|r| matches!(r.broken, Test::Subnet(broken) if broken(facts, draft, subnet)))
}

/// The rules that a disk encryption set breaks.
pub fn encryption_set_reasons(facts: &Facts, draft: &Draft, set: &DiskEncryptionSet) -> Vec<Reason> {
    reasons(|r| matches!(r.broken, Test::EncryptionSet(broken) if broken(facts, draft, set)))
}

/// The rules that a disk encryption set breaks for a confidential OS disk.
pub fn os_encryption_set_reasons(facts: &Facts, draft: &Draft, set: &DiskEncryptionSet) -> Vec<Reason> {
    reasons(|r| matches!(r.broken, Test::OsEncryptionSet(broken) if broken(facts, draft, set)))
}

/// The rules that a disk access resource breaks.
pub fn disk_access_reasons(facts: &Facts, draft: &Draft, access: &DiskAccess) -> Vec<Reason> {
    reasons(|r| matches!(r.broken, Test::DiskAccess(broken) if broken(facts, draft, access)))
}

/// The rules that a user-assigned identity breaks.
pub fn identity_reasons(facts: &Facts, draft: &Draft, identity: &ManagedIdentity) -> Vec<Reason> {
    reasons(|r| matches!(r.broken, Test::Identity(broken) if broken(facts, draft, identity)))
}

/// Whether a field is required, optional or forbidden with the current choices.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldState {
    /// It must be filled.
    Required,
    /// It may be filled.
    Optional,
    /// It cannot be used, with the reason.
    Forbidden(Reason),
}

impl FieldState {
    /// Why the field cannot be used.
    pub fn forbidden(&self) -> Option<&Reason> {
        match self {
            Self::Forbidden(reason) => Some(reason),
            Self::Required | Self::Optional => None,
        }
    }
}

/// The state of `field` with the current choices.
pub fn field_state(facts: &Facts, draft: &Draft, field: Field) -> FieldState {
    if let Some(reason) = super::build::not_in_version(facts, field) {
        return FieldState::Forbidden(reason);
    }
    let forbids = RULES.iter().find(|r| {
        r.field == field && r.weight == Weight::Blocks && matches!(r.broken, Test::Forbids(f) if f(facts, draft))
    });
    if let Some(rule) = forbids {
        return FieldState::Forbidden(rule.into());
    }
    let needed =
        RULES.iter().any(|r| r.field == field && matches!(r.broken, Test::Needs(when, _) if when(facts, draft)));
    if needed { FieldState::Required } else { FieldState::Optional }
}

/// Whether the reason is only that nothing has been chosen yet. The form marks such fields as required and shows no error.
pub fn is_missing(reason: &Reason) -> bool {
    RULES.iter().any(|r| r.id == reason.rule && matches!(r.broken, Test::Needs(..)))
}

/// A warning if lists show another name than that of the virtual machine in the request. The names are
/// [`quoted`].
pub fn other_label(facts: &Facts) -> Option<Reason> {
    let machine = facts.item.source_resource_id.as_ref()?.name();
    let label = facts.item.friendly_name.as_str();
    (!machine.eq_ignore_ascii_case(label)).then(|| Reason {
        rule: "label-differs".to_owned(),
        field: Field::Scenario,
        sentence: format!(
            "The backup item is labeled {}, but the VM in the request is {}. The restore applies to the VM in the request.",
            quoted(label),
            quoted(machine)
        ),
        link: "https://learn.microsoft.com/rest/api/backup/protected-items/get".to_owned(),
        weight: Weight::Warns,
    })
}

/// Everything that is missing or wrong in the choices, in the order of the form; includes warnings.
pub fn draft_reasons(facts: &Facts, draft: &Draft) -> Vec<Reason> {
    let mut found = Vec::new();
    match draft.scenario {
        None => {
            found.extend(reasons(|r| matches!(r.broken, Test::Needs(when, is) if r.field == Field::Scenario && when(facts, draft) && !is(draft))));
            return found;
        }
        Some(scenario) => found.extend(scenario_reasons(facts, scenario)),
    }
    found.extend(other_label(facts));
    let usable = |field: Field| field_state(facts, draft, field).forbidden().is_none();
    found.extend(reasons(|r| {
        usable(r.field)
            && match r.broken {
                Test::Needs(when, is) => when(facts, draft) && !is(draft),
                Test::Value(broken) => broken(facts, draft),
                _ => false,
            }
    }));
    let look = &facts.lookups;
    if usable(Field::StagingAccount)
        && let Some(a) = chosen(draft.staging_account.as_ref(), look.storage_accounts.as_deref(), |a| &a.id)
    {
        found.extend(named(&a.name, account_reasons(facts, draft, a)));
    }
    if usable(Field::TargetSubscription)
        && let Some(s) = look
            .subscriptions
            .iter()
            .flat_map(|all| all.iter())
            .find(|s| Some(&s.id) == draft.target_subscription.as_ref())
    {
        found.extend(named(&s.name, subscription_reasons(facts, draft, s)));
    }
    if usable(Field::TargetGroup)
        && let Some(g) = chosen(draft.target_group.as_ref(), look.groups.as_deref(), |g| &g.id)
    {
        found.extend(named(&g.name, group_reasons(facts, draft, g)));
    }
    if usable(Field::Network)
        && let Some(n) = chosen(draft.network.as_ref(), look.networks.as_deref(), |n| &n.id)
    {
        found.extend(named(&n.name, network_reasons(facts, draft, n)));
        if let Some(s) = chosen(draft.subnet.as_ref(), Some(&n.subnets), |s| &s.id) {
            found.extend(named(&s.name, subnet_reasons(facts, draft, s)));
        }
    }
    if usable(Field::EncryptionSet)
        && let Some(e) = chosen(draft.encryption_set.as_ref(), look.encryption_sets.as_deref(), |e| &e.id)
    {
        found.extend(named(&e.name, encryption_set_reasons(facts, draft, e)));
    }
    if usable(Field::OsEncryptionSet)
        && let Some(e) = chosen(draft.os_encryption_set.as_ref(), look.encryption_sets.as_deref(), |e| &e.id)
    {
        found.extend(named(&e.name, os_encryption_set_reasons(facts, draft, e)));
    }
    if usable(Field::DiskAccess)
        && let Some(d) = chosen(draft.disk_access.as_ref(), look.disk_accesses.as_deref(), |d| &d.id)
    {
        found.extend(named(&d.name, disk_access_reasons(facts, draft, d)));
    }
    found.sort_by_key(|reason| reason.field);
    found
}

/// Reasons about the resource `name`, as complete sentences. The name is [`quoted`].
fn named(name: &str, reasons: Vec<Reason>) -> impl Iterator<Item = Reason> + use<> {
    let name = quoted(name);
    reasons.into_iter().map(move |reason| Reason { sentence: format!("{name} {}.", reason.sentence), ..reason })
}

fn chosen<'a, T>(id: Option<&ArmId>, all: Option<&'a [T]>, key: impl Fn(&T) -> &ArmId) -> Option<&'a T> {
    let id = id?;
    all?.iter().find(|t| key(t) == id)
}
