//! What the original machine has and a new one does not get.

use azure_backup::backup::lookups::{NetworkInterface, VirtualMachine};

use super::{Answers, Findings, Known, Machine, Question};
use crate::restore::effect_sentence::quoted;

const RESTORE_DISKS: &str = "Restore the disks instead, and create the VM from them.";

pub(super) fn asks(machine: &Machine<'_>, answers: &dyn Answers, questions: &mut Vec<Question>) {
    let Some(source) = machine.source().filter(|_| machine.makes_machine()) else { return };
    questions.push(Question::Machine(source.clone()));
    if let Known::Is(vm) = answers.machine(source) {
        questions.extend(vm.interfaces.iter().map(|(id, _)| Question::Interface(id.clone())));
    }
}

pub(super) fn run(machines: &[Machine<'_>], answers: &dyn Answers) -> Findings {
    let mut found = Findings::default();
    for machine in machines.iter().filter(|machine| machine.makes_machine()) {
        let name = machine.name();
        let Some(source) = machine.source() else {
            found.unknown(format!("{name} no longer exists"));
            continue;
        };
        let Some(vm) = found.known(answers.machine(source)) else { continue };
        let problems = found.problems().count();
        of_machine(&mut found, &name, &vm);
        let mut all_read = true;
        for (id, _) in &vm.interfaces {
            match found.known(answers.interface(id)) {
                Some(interface) => of_interface(&mut found, &name, &interface),
                None => all_read = false,
            }
        }
        if all_read && found.problems().count() == problems {
            found.nothing();
        }
    }
    found
}

fn of_machine(found: &mut Findings, name: &str, vm: &VirtualMachine) {
    if let Some(set) = &vm.availability_set {
        found.problem(
            format!("{name} is in the availability set {}. The new VM won't be in one.", quoted(set.name())),
            RESTORE_DISKS,
        );
    }
    if let Some(plan) = &vm.plan {
        found.problem(
            format!(
                "{name} was created from a Marketplace image with the plan {}. Azure restores such VMs as disks only.",
                quoted(plan)
            ),
            RESTORE_DISKS,
        );
    }
    if vm.interfaces.len() > 1 {
        found.problem(
            format!("{name} has {} network interfaces. The new VM gets one.", vm.interfaces.len()),
            RESTORE_DISKS,
        );
    }
    if let Some(license) = &vm.license {
        found.problem(
            format!("{name} uses Azure Hybrid Benefit ({}). The new VM doesn't.", quoted(license)),
            "Turn it on again after the restore.",
        );
    }
    if !vm.extensions.is_empty() {
        let names: Vec<String> = vm.extensions.iter().map(|extension| quoted(extension)).collect();
        found.problem(
            format!("The extensions of {name} may not work on the new VM: {}.", names.join(", ")),
            "Reinstall them after the restore.",
        );
    }
    if suggests(name, vm, &["dc", "adds", "domaincontroller"]) {
        found.problem(
            format!("Is {name} a domain controller? Its name or a tag suggests it. A second copy of one can damage the domain."),
            "Restore a domain controller to an isolated network, and start it in Directory Services Restore Mode.",
        );
    }
    if suggests(name, vm, &["sql"]) {
        found.problem(
            format!("Does {name} run SQL Server? Its name or a tag suggests it. Registrations with SQL Server services of Azure aren't restored."),
            "If it does, register the new VM with the SQL IaaS Agent extension, and set up the backup of its databases again.",
        );
    }
}

fn of_interface(found: &mut Findings, name: &str, interface: &NetworkInterface) {
    for address in &interface.fixed_addresses {
        found.problem(
            format!("{name} has the fixed address {}. The new VM gets another one from Azure.", quoted(address)),
            "Set it on the new VM when the original VM no longer uses it.",
        );
    }
    for address in &interface.public_addresses {
        found.problem(
            format!("{name} has the public IP address {}, which stays with it. In a subnet with a NAT gateway, Azure doesn't create the new VM's network interface.", quoted(address.name())),
            "Give the new VM a public IP address after the restore. If its subnet has a NAT gateway, restore the disks instead.",
        );
    }
}

/// Whether a part of the machine's name, or a tag, is one of `words`; digits at its end do not count.
fn suggests(name: &str, vm: &VirtualMachine, words: &[&str]) -> bool {
    let part_fits = |text: &str| {
        let mut parts = text.split(|c: char| !c.is_ascii_alphanumeric());
        parts.any(|part| {
            let part = part.trim_end_matches(|c: char| c.is_ascii_digit());
            words.iter().any(|word| part.eq_ignore_ascii_case(word))
        })
    };
    part_fits(name) || vm.tags.iter().any(|(key, value)| part_fits(key) || part_fits(value))
}
