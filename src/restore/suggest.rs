//! Suggests values for fields that the operator has left empty, with the reason. If two values would do equally well, it suggests none.

use azure_backup::arm::id::ArmId;

use super::draft::Draft;
use super::facts::Facts;
use super::field::Field;
use super::rules::{FieldState, Reason, account_reasons, field_state, group_reasons, network_reasons, subnet_reasons};

/// A value of a draft that is suggested.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Suggestion {
    /// The field.
    pub field: Field,
    /// Where its value comes from.
    pub why: Why,
}

/// Where a suggested value comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// The resource group of the original machine.
    SourceGroup,
    /// The network of the original machine.
    SourceNetwork,
    /// The subnet of the original machine.
    SourceSubnet,
    /// The name of the original machine with an ending, not taken as far as is known.
    FreeName,
    /// This browser has restored with it last in the region.
    UsedLast,
    /// No other one on the list can be used.
    OnlySuitable,
    /// No other one on the list can be used without a warning.
    OnlyWithoutWarning,
    /// The mapping of the recovery plan.
    Plan,
}

impl Why {
    /// In words, to follow "Suggested: ".
    pub const fn words(self) -> &'static str {
        match self {
            Self::SourceGroup => "the original VM's resource group",
            Self::SourceNetwork => "the original VM's network",
            Self::SourceSubnet => "the original VM's subnet",
            Self::FreeName => "based on the original VM's name",
            Self::UsedLast => "used last in this region",
            Self::OnlySuitable => "the only suitable one",
            Self::OnlyWithoutWarning => "the only one without warnings",
            Self::Plan => "the recovery plan",
        }
    }
}

/// What suggestions depend on besides the facts.
pub struct Sources<'a> {
    /// The subnet of the original machine. The outer `None` means that Azure is still being asked.
    pub subnet: Option<Option<ArmId>>,
    /// The staging account that this browser has restored with last in the region.
    pub account: Option<ArmId>,
    /// Whether a machine of this id exists, or is being created; `None` = not known yet.
    pub is_taken: &'a dyn Fn(&ArmId) -> Option<bool>,
    /// Whether the list that a field is chosen from is complete.
    pub is_complete: &'a dyn Fn(Field) -> bool,
}

/// How many names are tried.
const NAMES: u32 = 50;
/// Azure's limit for the name of a machine.
pub(crate) const LONGEST_NAME: usize = 64;

/// The draft, completed by suggestions.
pub fn suggest(facts: &Facts, own: &Draft, sources: &Sources<'_>) -> Draft {
    let mut draft = own.clone();
    group(facts, &mut draft, sources);
    name(facts, &mut draft, sources);
    network(facts, &mut draft, sources);
    subnet(facts, &mut draft, sources);
    account(facts, &mut draft, sources);
    draft
}

/// Whether a field is to be filled and is empty. The operator may have emptied it.
fn is_open(facts: &Facts, draft: &Draft, field: Field) -> bool {
    let value = match field {
        Field::TargetGroup => draft.target_group.is_some(),
        Field::VmName => !draft.vm_name.is_empty(),
        Field::Network => draft.network.is_some(),
        Field::Subnet => draft.subnet.is_some(),
        Field::StagingAccount => draft.staging_account.is_some(),
        _ => true,
    };
    !value
        && draft.scenario.is_some()
        && !draft.cleared.contains(&field)
        && field_state(facts, draft, field) == FieldState::Required
}

fn mark(draft: &mut Draft, field: Field, why: Why) {
    draft.suggested.push(Suggestion { field, why });
}

fn is_suitable(reasons: &[Reason]) -> bool {
    !reasons.iter().any(Reason::blocks)
}

/// The only member of which `fits` is true.
fn only<'a, T>(all: impl IntoIterator<Item = &'a T>, fits: impl Fn(&T) -> bool) -> Option<&'a T> {
    let mut fitting = all.into_iter().filter(|one| fits(one));
    fitting.next().filter(|_| fitting.next().is_none())
}

fn group(facts: &Facts, draft: &mut Draft, sources: &Sources<'_>) {
    if !is_open(facts, draft, Field::TargetGroup) {
        return;
    }
    let all = || facts.lookups.groups.iter().flat_map(|all| all.iter()).map(AsRef::as_ref);
    // In the secondary region, the group of the original machine is in the region that is down.
    let source = facts.item.source_resource_id.as_ref().filter(|_| facts.secondary.is_none());
    let of_source = source.and_then(ArmId::group_id).and_then(|id| all().find(|group| group.id == id));
    let fits = |group: &_| is_suitable(&group_reasons(facts, draft, group));
    let found = match of_source.filter(|group| fits(group)) {
        Some(group) => Some((group.id.clone(), Why::SourceGroup)),
        None if (sources.is_complete)(Field::TargetGroup) => {
            only(all(), fits).map(|group| (group.id.clone(), Why::OnlySuitable))
        }
        None => None,
    };
    if let Some((id, why)) = found {
        draft.target_group = Some(id);
        mark(draft, Field::TargetGroup, why);
    }
}

/// `{machine}-restored`, `{machine}-restored-2`, …: the first that is not taken.
fn name(facts: &Facts, draft: &mut Draft, sources: &Sources<'_>) {
    let Some(source) = &facts.item.source_resource_id else { return };
    if draft.target_group.is_none() || !is_open(facts, draft, Field::VmName) {
        return;
    }
    for n in 1..=NAMES {
        let ending = if n == 1 { "-restored".to_owned() } else { format!("-restored-{n}") };
        let start: String = source.name().chars().take(LONGEST_NAME - ending.len()).collect();
        draft.vm_name = start + &ending;
        let taken = facts.target_vm(draft).and_then(|id| (sources.is_taken)(&id));
        if taken != Some(true) {
            return mark(draft, Field::VmName, Why::FreeName);
        }
    }
    draft.vm_name.clear();
}

fn network(facts: &Facts, draft: &mut Draft, sources: &Sources<'_>) {
    if !is_open(facts, draft, Field::Network) {
        return;
    }
    // Wait for the original network: a suggestion made before it is read would change a moment later.
    let Some(source) = &sources.subnet else { return };
    let all = || facts.lookups.networks.iter().flat_map(|all| all.iter()).map(AsRef::as_ref);
    let source = source.as_ref().and_then(ArmId::parent);
    let of_source = source.and_then(|id| all().find(|network| network.id == id));
    let fits = |network: &_| is_suitable(&network_reasons(facts, draft, network));
    let found = match of_source.filter(|network| fits(network)) {
        Some(network) => Some((network.id.clone(), Why::SourceNetwork)),
        None if (sources.is_complete)(Field::Network) => {
            only(all(), fits).map(|network| (network.id.clone(), Why::OnlySuitable))
        }
        None => None,
    };
    if let Some((id, why)) = found {
        draft.network = Some(id);
        mark(draft, Field::Network, why);
    }
}

fn subnet(facts: &Facts, draft: &mut Draft, sources: &Sources<'_>) {
    if !is_open(facts, draft, Field::Subnet) {
        return;
    }
    let network =
        facts.lookups.networks.iter().flat_map(|all| all.iter()).find(|n| Some(&n.id) == draft.network.as_ref());
    let (Some(network), Some(source)) = (network, &sources.subnet) else { return };
    let fits = |subnet: &_| is_suitable(&subnet_reasons(facts, draft, subnet));
    let of_source = network.subnets.iter().find(|subnet| Some(&subnet.id) == source.as_ref() && fits(subnet));
    let found = match of_source {
        Some(subnet) => Some((subnet.id.clone(), Why::SourceSubnet)),
        None => only(&network.subnets, fits).map(|subnet| (subnet.id.clone(), Why::OnlySuitable)),
    };
    if let Some((id, why)) = found {
        draft.subnet = Some(id);
        mark(draft, Field::Subnet, why);
    }
}

fn account(facts: &Facts, draft: &mut Draft, sources: &Sources<'_>) {
    if !is_open(facts, draft, Field::StagingAccount) {
        return;
    }
    let all = || facts.lookups.storage_accounts.iter().flat_map(|all| all.iter()).map(AsRef::as_ref);
    let used_last = sources.account.as_ref().and_then(|id| all().find(|account| account.id == *id));
    let found = match used_last.filter(|account| is_suitable(&account_reasons(facts, draft, account))) {
        Some(account) => Some((account.id.clone(), Why::UsedLast)),
        None if (sources.is_complete)(Field::StagingAccount) => {
            let fits = |account: &_| account_reasons(facts, draft, account).is_empty();
            only(all(), fits).map(|account| (account.id.clone(), Why::OnlyWithoutWarning))
        }
        None => None,
    };
    if let Some((id, why)) = found {
        draft.staging_account = Some(id);
        mark(draft, Field::StagingAccount, why);
    }
}

#[cfg(test)]
mod tests;
