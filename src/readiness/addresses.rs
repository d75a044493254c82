//! The free addresses of the subnets that new machines go to.

use azure_backup::arm::id::ArmId;

use super::{Answers, Findings, Machine, Question};
use crate::restore::effect_sentence::quoted;

/// The network and the subnet of a new machine.
fn target<'a>(machine: &Machine<'a>) -> Option<(&'a ArmId, &'a ArmId)> {
    let request = machine.request;
    Some((request.virtual_network_id.as_ref()?, request.subnet_id.as_ref()?))
}

pub(super) fn asks(machine: &Machine<'_>, _: &dyn Answers, questions: &mut Vec<Question>) {
    questions.extend(target(machine).map(|(network, _)| Question::SubnetUsages(network.clone())));
}

pub(super) fn run(machines: &[Machine<'_>], answers: &dyn Answers) -> Findings {
    let mut found = Findings::default();
    let mut all: Vec<(&ArmId, &ArmId)> = machines.iter().filter_map(target).collect();
    all.sort();
    all.dedup();
    for (network, subnet) in all {
        let Some(usages) = found.known(answers.subnet_usages(network)) else { continue };
        let name = quoted(subnet.name());
        let usage = usages.iter().find(|usage| usage.subnet == *subnet);
        let Some((free, limit)) = usage.and_then(|usage| Some((usage.free()?, usage.limit?))) else {
            found.unknown(format!("Azure doesn't count the addresses of {name}"));
            continue;
        };
        // A restored machine has one interface with one address.
        let new: Vec<&Machine<'_>> =
            machines.iter().filter(|machine| target(machine).is_some_and(|(_, of)| of == subnet)).collect();
        match usize::try_from(free).ok().and_then(|free| new.get(free)) {
            None => {
                found.nothing();
                found.note.get_or_insert_with(|| format!("{free} of {limit} free"));
            }
            Some(first) => {
                let first = if new.len() > 1 {
                    format!(" {} is the first VM that no longer fits.", first.name())
                } else {
                    String::new()
                };
                let (needed, s) = (new.len(), if new.len() == 1 { "" } else { "s" });
                let free = if free == 1 { "1 free address".to_owned() } else { format!("{free} free addresses") };
                found.problem_at(
                    subnet,
                    format!("The subnet {name} has {free} for {needed} new VM{s}.{first}"),
                    "Choose another subnet, or extend this one.",
                );
            }
        }
    }
    found
}
