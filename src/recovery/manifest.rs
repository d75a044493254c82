//! What a plan is about to send, one line a request, and the hash that the operator confirms.

use super::across::Finding;
use super::expansion::{Expanded, Ready};
use super::plan::{MachineId, RecoveryPlan};
use super::rehearsal::notes;
use crate::restore::plan::sha256;

/// The requests that a plan is about to send, in its order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manifest {
    /// Each machine with the SHA-256 of its request.
    pub bodies: Vec<(MachineId, String)>,
    /// One line a request: its SHA-256, the api-version, the recovery point and, in a cross-region restore, the region. Before them, the manifest of
    /// a rehearsal says that it is one, in lines that begin with [`NOTE`].
    pub text: String,
    /// SHA-256 of that text, in lower-case hex.
    pub sha256: String,
}

/// What a line of a manifest begins with that is no request.
pub const NOTE: &str = "# ";

/// The machines whose requests can be sent: those that are ready and not stopped by what other machines of the plan need.
pub(super) fn can_start<'a>(
    machines: &'a [Expanded],
    findings: &[Finding],
) -> impl Iterator<Item = (&'a MachineId, &'a Ready)> {
    let is_stopped = |machine: &Expanded| findings.iter().any(|finding| finding.blocks(&machine.id));
    let ready = machines.iter().filter(move |machine| !is_stopped(machine));
    ready.filter_map(|machine| Some((&machine.id, machine.ready()?)))
}

/// The requests that can be sent.
pub fn starting(machines: &[Expanded], findings: &[Finding]) -> Vec<(MachineId, Ready)> {
    can_start(machines, findings).map(|(id, ready)| (id.clone(), ready.clone())).collect()
}

/// The manifest of these requests of a plan.
pub fn manifest(of: &RecoveryPlan, requests: &[(MachineId, Ready)]) -> Manifest {
    let networks = requests.iter().filter_map(|(_, ready)| ready.plan.request.virtual_network_id.clone());
    let notes = notes(of, &networks.collect::<Vec<_>>());
    let (mut bodies, mut text) = (Vec::new(), notes.iter().map(|note| format!("{NOTE}{note}\n")).collect::<String>());
    for (machine, Ready { plan, .. }) in requests {
        bodies.push((machine.clone(), plan.sha256.clone()));
        text += &format!("{}  {}  {}", plan.sha256, plan.version, plan.point);
        if let Some(region) = &plan.secondary {
            text += &format!("  {}", region.key());
        }
        text.push('\n');
    }
    Manifest { bodies, sha256: sha256(text.as_bytes()), text }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recovery::across::check;
    use crate::recovery::expansion::expand;
    use crate::recovery::sample::{plan, world};

    #[test]
    fn a_manifest_has_a_line_for_each_request_that_can_start() {
        let names = ["a", "b", "c", "d"];
        let (mut of, world) = (plan(&names), world(&names));
        of.groups[0].machines[1].skipped = Some("Not needed".to_owned());
        of.groups[0].machines[2].exceptions.vm_name = "a-clean".to_owned();
        let machines = expand(&of, &world);
        let manifest = manifest(&of, &starting(&machines, &check(&machines)));
        let ready = machines[0].ready().unwrap();
        let lines: Vec<&str> = manifest.text.lines().collect();
        assert_eq!(lines.len(), 2, "b is left out, and c has the name of a");
        assert_eq!(lines[0], format!("{}  {}  {}", ready.plan.sha256, ready.plan.version, ready.plan.point));
        assert_eq!(manifest.bodies[1], (machines[3].id.clone(), machines[3].ready().unwrap().plan.sha256.clone()));
        assert_eq!(manifest.sha256, sha256(manifest.text.as_bytes()));
    }

    #[test]
    fn any_change_of_any_request_changes_the_hash() {
        let names = ["a", "b"];
        let world = world(&names);
        let hash = |of: &RecoveryPlan| {
            let machines = expand(of, &world);
            manifest(of, &starting(&machines, &[])).sha256
        };
        let of = plan(&names);
        let mut other = of.clone();
        other.groups[0].machines[1].exceptions.vm_name = "other".to_owned();
        assert_ne!(hash(&of), hash(&other));
        other.groups[0].machines.swap(0, 1);
        assert_ne!(hash(&of), hash(&other));
        assert_eq!(hash(&of), hash(&of.clone()));
    }
}
