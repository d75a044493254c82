//! The networks that the machines of a plan are in.

use std::collections::BTreeSet;

use azure_backup::arm::id::ArmId;

use crate::app::state::State;
use crate::recovery::expansion::Expanded;

/// A network that machines of a plan are in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceNetwork {
    /// Its id.
    pub id: ArmId,
    /// How many machines of the plan are in it.
    pub machines: usize,
    /// The names of their subnets.
    pub subnets: BTreeSet<String>,
}

impl State {
    /// The networks of the original machines as far as they are known, the one with most machines first.
    pub fn source_networks(&self, machines: &[Expanded]) -> Vec<SourceNetwork> {
        let mut all: Vec<SourceNetwork> = Vec::new();
        let subnets = machines.iter().filter_map(|machine| self.source_subnet(machine.facts()?).flatten());
        for subnet in subnets {
            let Some(network) = subnet.parent() else { continue };
            let at = all.iter().position(|known| known.id == network).unwrap_or_else(|| {
                all.push(SourceNetwork { id: network, machines: 0, subnets: BTreeSet::new() });
                all.len() - 1
            });
            all[at].machines += 1;
            all[at].subnets.insert(subnet.name().to_owned());
        }
        all.sort_by(|one, other| other.machines.cmp(&one.machines).then_with(|| one.id.cmp(&other.id)));
        all
    }
}
