//! What Azure Policy would deny of what a restore makes.

use azure_backup::arm::id::{ArmId, Region};
use azure_backup::arm::policy::PolicyRestriction;

use super::{Answers, Findings, Machine, Question};
use crate::restore::effect_sentence::quoted;

/// A type of resources, and one of them in a sentence.
type Kind = (&'static str, &'static str);

const VM: Kind = ("Microsoft.Compute/virtualMachines", "a VM");
const INTERFACE: Kind = ("Microsoft.Network/networkInterfaces", "a network interface");
const DISK: Kind = ("Microsoft.Compute/disks", "a disk");

/// Where a restore makes resources, and of which types.
fn made(machine: &Machine<'_>) -> Option<(ArmId, Region, &'static [Kind])> {
    let kinds: &'static [_] = if machine.makes_machine() { &[VM, INTERFACE, DISK] } else { &[DISK] };
    Some((machine.group()?, machine.region(), kinds))
}

pub(super) fn asks(machine: &Machine<'_>, _: &dyn Answers, questions: &mut Vec<Question>) {
    let Some((group, region, kinds)) = made(machine) else { return };
    questions.extend(kinds.iter().map(|(kind, _)| Question::Policies(group.clone(), kind, region.clone())));
}

pub(super) fn run(machines: &[Machine<'_>], answers: &dyn Answers) -> Findings {
    let mut found = Findings::default();
    let mut all: Vec<(ArmId, Region, Kind)> = Vec::new();
    for (group, region, kinds) in machines.iter().filter_map(made) {
        all.extend(kinds.iter().map(|kind| (group.clone(), region.clone(), *kind)));
    }
    all.sort();
    all.dedup();
    for (group, region, (kind, thing)) in all {
        let Some(restrictions) = found.known(answers.policies(&group, kind, &region)) else { continue };
        let mut nothing = true;
        for one in restrictions.iter().filter(|one| stops(one, &region)) {
            nothing = false;
            let policy = one
                .assignment
                .as_ref()
                .map_or_else(|| "A policy".to_owned(), |id| format!("The policy assignment {}", quoted(id.name())));
            let what = match &one.field {
                Some(field) if one.result.eq_ignore_ascii_case("Required") => format!("requires {} on", quoted(field)),
                Some(field) => format!("restricts {} of", quoted(field)),
                None => "is likely to deny".to_owned(),
            };
            let reason = one
                .reason
                .as_ref()
                .map(|reason| format!(" Its reason: {}.", quoted(reason.trim_end_matches('.'))))
                .unwrap_or_default();
            let is_tag = one.field.as_ref().is_some_and(|field| field.to_ascii_lowercase().starts_with("tags"));
            let tags = if is_tag { " Azure Backup can't set tags." } else { "" };
            found.problem_at(
                &group,
                format!("{policy} {what} {thing} in {}.{reason}{tags}", quoted(group.name())),
                "Restore to a resource group that the policy exempts, or ask its owner for an exemption.",
            );
        }
        if nothing {
            found.nothing();
        }
    }
    found
}

/// Whether a restriction stands in the way of a resource in `region`.
fn stops(one: &PolicyRestriction, region: &Region) -> bool {
    let filled_in = one.result.eq_ignore_ascii_case("Required") && one.default_value.is_some();
    let removed = one.result.eq_ignore_ascii_case("Removed") || one.result.eq_ignore_ascii_case("Audit");
    // It lists the regions that are denied.
    let other_region = one.field.as_deref() == Some("location")
        && one.result.eq_ignore_ascii_case("Deny")
        && !one.values.iter().any(|value| Region::new(value) == *region);
    one.denies() && !filled_in && !removed && !other_region
}
