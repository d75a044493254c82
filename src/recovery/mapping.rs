//! From the mapping of a plan and the exceptions of a machine to the draft of its restore.

mod edit;

use azure_backup::arm::id::ArmId;

use super::plan::{GroupRule, Machine, Mapping, NAME, RecoveryPlan};
use crate::restore::carry::{NotCarried, carried, is_of_another_point};
use crate::restore::draft::{DiskNetworkAccess, Draft, Rehydration, StagingAccess, ZoneChoice};
use crate::restore::effect_sentence::quoted;
use crate::restore::facts::Facts;
use crate::restore::field::Field;
use crate::restore::rules::{FieldState, Reason, Weight, account_reasons, draft_reasons, field_state};
use crate::restore::scenario::Scenario;
use crate::restore::suggest::{LONGEST_NAME, Sources, Suggestion, Why, suggest};

const GROUPS: &str =
    "https://learn.microsoft.com/azure/azure-resource-manager/management/manage-resource-groups-portal";

/// The choices of a machine that the facts themselves depend on: what is restored, and into which subscription.
pub fn own_choices(mapping: &Mapping, machine: &Machine) -> Draft {
    let mut draft = machine.exceptions.clone();
    fill(&mut draft, Field::Scenario, |draft| draft.scenario = draft.scenario.or(mapping.scenario));
    fill(&mut draft, Field::TargetSubscription, |draft| {
        let is_in_place = draft.scenario.is_some_and(Scenario::is_in_place);
        if draft.target_subscription.is_none() && !is_in_place {
            draft.target_subscription.clone_from(&mapping.target_subscription);
        }
    });
    draft
}

/// The choices of a machine that do not depend on lists of Azure. The resources in such lists are checked against this draft.
pub fn without_lists(mapping: &Mapping, machine: &Machine, facts: &Facts) -> Draft {
    let mut draft = own_choices(mapping, machine);
    simple(mapping, facts, &mut draft);
    draft
}

/// The draft of a machine: its exceptions that its recovery point allows; then the mapping for empty fields; then the suggestions of the
/// single form. Also returns the reasons why the mapping does not fit this machine.
///
/// `place` is that of the machine in [`staging_account_numbers`].
pub fn draft(
    mapping: &Mapping,
    (machine, place): (&Machine, usize),
    facts: &Facts,
    sources: &Sources<'_>,
) -> (Draft, Vec<Reason>) {
    let exceptions = &machine.exceptions;
    let mut draft = match is_of_another_point(exceptions, &facts.point.name) {
        true => own_choices(mapping, &Machine { exceptions: carried(facts, exceptions), ..machine.clone() }),
        false => own_choices(mapping, machine),
    };
    let mut reasons = Vec::new();
    simple(mapping, facts, &mut draft);
    reasons.extend(group(mapping, facts, &mut draft, sources));
    name(mapping, facts, &mut draft);
    network(mapping, facts, &mut draft, sources);
    account(mapping, place, facts, &mut draft);
    (suggest(facts, &draft, sources), reasons)
}

/// A number for each machine, in the order of the plan, by which it picks one of the staging accounts: neighbors in a vault get different accounts.
pub fn staging_account_numbers(plan: &RecoveryPlan) -> Vec<usize> {
    let mut vaults: Vec<(String, usize)> = Vec::new();
    let mut place = |machine: &Machine| {
        let item = machine.place();
        let vault = item.vault().map(|id| item.with(id).key()).unwrap_or_default();
        let known = vaults.iter().position(|(known, _)| *known == vault);
        let at = known.unwrap_or_else(|| {
            // The first machines of several vaults get different accounts, too.
            vaults.push((vault, vaults.len()));
            vaults.len() - 1
        });
        vaults[at].1 += 1;
        vaults[at].1 - 1
    };
    plan.machines().map(|(_, machine)| place(machine)).collect()
}

/// A source's name put into a pattern; the name is shortened as far as Azure's limit for names demands.
pub fn name_from_pattern(pattern: &str, source: &str) -> String {
    let rest = pattern.replace(NAME, "").chars().count();
    let room = LONGEST_NAME.saturating_sub(rest).checked_div(pattern.matches(NAME).count());
    let name: String = source.chars().take(room.unwrap_or_default()).collect();
    pattern.replace(NAME, &name)
}

/// Changes a field that is neither chosen for the machine nor emptied for it, and notes that the plan has filled it.
fn fill(draft: &mut Draft, field: Field, change: impl FnOnce(&mut Draft)) {
    if draft.cleared.contains(&field) {
        return;
    }
    let before = draft.clone();
    change(draft);
    if *draft != before {
        draft.suggested.push(Suggestion { field, why: Why::Plan });
    }
}

fn simple(mapping: &Mapping, facts: &Facts, draft: &mut Draft) {
    let is_elsewhere = facts.source_region_outside_vault().is_some();
    fill(draft, Field::Region, |draft| draft.region = draft.region.or(mapping.region.filter(|_| is_elsewhere)));
    let forbids = |draft: &Draft, field: Field| {
        field_state(facts, draft, field).forbidden().map(|reason| reason.sentence.clone())
    };
    if mapping.staging_access != StagingAccess::Key && draft.staging_access == StagingAccess::Key {
        match forbids(draft, Field::StagingAccess) {
            None => fill(draft, Field::StagingAccess, |draft| draft.staging_access.clone_from(&mapping.staging_access)),
            Some(why) => leave_out(draft, Field::StagingAccess, why),
        }
    }
    if mapping.zone != ZoneChoice::Unset && draft.zone == ZoneChoice::Unset {
        let with_zone = Draft { zone: mapping.zone.clone(), ..draft.clone() };
        let refuses = |reason: &Reason| reason.field == Field::Zone && reason.blocks();
        let refusal = || draft_reasons(facts, &with_zone).into_iter().find(refuses).map(|reason| reason.sentence);
        match forbids(draft, Field::Zone).or_else(refusal) {
            None => fill(draft, Field::Zone, |draft| draft.zone.clone_from(&mapping.zone)),
            Some(why) => leave_out(draft, Field::Zone, why),
        }
    }
    if forbids(draft, Field::DiskNetworkAccess).is_none() {
        fill(draft, Field::DiskNetworkAccess, |draft| {
            draft.disk_network_access = draft.disk_network_access.or(mapping.disk_network_access);
        });
    }
    if draft.disk_network_access == Some(DiskNetworkAccess::Private) && draft.disk_access.is_none() {
        fill(draft, Field::DiskAccess, |draft| draft.disk_access.clone_from(&mapping.disk_access));
    }
    if facts.is_archived() {
        let Rehydration { priority, days } = &mapping.rehydration;
        fill(draft, Field::RehydrationPriority, |draft| {
            draft.rehydration.priority = draft.rehydration.priority.or(*priority);
        });
        if draft.rehydration.days == Rehydration::default().days {
            fill(draft, Field::RehydrationDays, |draft| draft.rehydration.days.clone_from(days));
        }
    }
}

fn leave_out(draft: &mut Draft, field: Field, why: String) {
    draft.not_carried.push(NotCarried { what: field.label().to_owned(), why });
}

/// Whether a field has to be filled and is not.
fn is_open(facts: &Facts, draft: &Draft, field: Field, is_empty: bool) -> bool {
    is_empty && draft.scenario.is_some() && field_state(facts, draft, field) == FieldState::Required
}

fn group(mapping: &Mapping, facts: &Facts, draft: &mut Draft, sources: &Sources<'_>) -> Option<Reason> {
    if !is_open(facts, draft, Field::TargetGroup, draft.target_group.is_none()) {
        return None;
    }
    let source = facts.item.source_resource_id.as_ref().and_then(ArmId::resource_group);
    let name = match &mapping.resource_group {
        GroupRule::One(id) => {
            fill(draft, Field::TargetGroup, |draft| draft.target_group = Some(id.clone()));
            return None;
        }
        // In the secondary region, the group of the original machine is in the region that is down: another one is suggested.
        GroupRule::Same if facts.secondary.is_some() => return None,
        GroupRule::Same => source?.to_owned(),
        GroupRule::Pattern(pattern) => pattern.replace(NAME, source?),
    };
    let listed = facts.lookups.groups.iter().flat_map(|all| all.iter());
    let found = listed.into_iter().find(|group| group.name.eq_ignore_ascii_case(&name)).map(|group| group.id.clone());
    let id = match found {
        Some(id) => id,
        None if (sources.is_complete)(Field::TargetGroup) => {
            draft.cleared.push(Field::TargetGroup);
            return Some(Reason {
                rule: "plan-group-exists".to_owned(),
                field: Field::TargetGroup,
                sentence: format!(
                    "The target subscription has no resource group {}. Create it, or select another one.",
                    quoted(&name)
                ),
                link: GROUPS.to_owned(),
                weight: Weight::Blocks,
            });
        }
        None => {
            let subscription = facts.target_subscription(draft)?;
            ArmId::parse(&format!("/subscriptions/{subscription}/resourceGroups/{name}")).ok()?
        }
    };
    fill(draft, Field::TargetGroup, |draft| draft.target_group = Some(id));
    None
}

fn name(mapping: &Mapping, facts: &Facts, draft: &mut Draft) {
    let is_open = is_open(facts, draft, Field::VmName, draft.vm_name.is_empty());
    let Some(source) = facts.item.source_resource_id.as_ref().filter(|_| is_open) else { return };
    fill(draft, Field::VmName, |draft| draft.vm_name = name_from_pattern(&mapping.name_pattern, source.name()));
}

fn network(mapping: &Mapping, facts: &Facts, draft: &mut Draft, sources: &Sources<'_>) {
    if is_open(facts, draft, Field::Network, draft.network.is_none())
        // While the subnet of the source is being read, it is not known which row counts.
        && let Some(subnet) = &sources.subnet
    {
        let source = subnet.as_ref().and_then(ArmId::parent);
        let row = mapping.networks.iter().find(|row| Some(&row.source) == source.as_ref()).map(|row| &row.target);
        if let Some(target) = row.or(mapping.other_network.as_ref()) {
            fill(draft, Field::Network, |draft| draft.network = Some(target.clone()));
        }
    }
    let Some(name) = sources.subnet.iter().flatten().next().map(|subnet| subnet.name().to_owned()) else { return };
    if !is_open(facts, draft, Field::Subnet, draft.subnet.is_none()) {
        return;
    }
    let networks = || facts.lookups.networks.iter().flat_map(|all| all.iter());
    let target = networks().find(|network| Some(&network.id) == draft.network.as_ref());
    let same_name = match target {
        Some(network) => network.subnets.iter().find(|s| s.name.eq_ignore_ascii_case(&name)).map(|s| s.id.clone()),
        // The network is in no list; a rule warns about that.
        None => draft.network.as_ref().map(|network| network.child("subnets", &name)),
    };
    if let Some(subnet) = same_name {
        fill(draft, Field::Subnet, |draft| draft.subnet = Some(subnet));
    }
}

fn account(mapping: &Mapping, place: usize, facts: &Facts, draft: &mut Draft) {
    if !is_open(facts, draft, Field::StagingAccount, draft.staging_account.is_none()) {
        return;
    }
    let listed = |id: &ArmId| facts.lookups.storage_accounts.iter().flat_map(|all| all.iter()).find(|a| a.id == *id);
    let pool = || mapping.staging_accounts.iter();
    let is_suitable = |id: &&ArmId| {
        listed(id).is_some_and(|account| !account_reasons(facts, draft, account).iter().any(Reason::blocks))
    };
    let mut usable: Vec<&ArmId> = pool().filter(is_suitable).collect();
    if usable.is_empty() {
        usable = pool().filter(|id| listed(id).is_none()).collect();
    }
    if usable.is_empty() {
        // None of the plan's accounts is usable: take one anyway, and a rule says why it cannot be used.
        usable = pool().collect();
    }
    if let Some(id) = usable.get(place.checked_rem(usable.len()).unwrap_or_default()).map(|id| (*id).clone()) {
        fill(draft, Field::StagingAccount, |draft| draft.staging_account = Some(id));
    }
}

#[cfg(test)]
mod tests;
