//! The size of a new machine. It is the one of the time of the backup: a restore cannot choose another.

use azure_backup::backup::lookups::VmSize;

use super::{Answers, Findings, List, Machine, Question};
use crate::restore::effect_sentence::quoted;

const REMEDY: &str = "Restore the disks instead, then create a VM of another size from them.";

pub(super) fn asks(machine: &Machine<'_>, _: &dyn Answers, questions: &mut Vec<Question>) {
    if machine.makes_machine() {
        questions.extend(machine.place().map(|(target, region)| Question::VmSizes(target, region)));
    }
}

/// The size of a machine among those of its region.
pub(super) fn size_of<'a>(machine: &Machine<'_>, sizes: &'a List<VmSize>) -> Option<&'a VmSize> {
    let name = machine.facts.point.vm_size.as_deref()?;
    sizes.iter().find(|size| size.name.eq_ignore_ascii_case(name)).map(|size| &**size)
}

pub(super) fn run(machines: &[Machine<'_>], answers: &dyn Answers) -> Findings {
    let mut found = Findings::default();
    for machine in machines.iter().filter(|machine| machine.makes_machine()) {
        let Some((target, region)) = machine.place() else { continue };
        let Some(sizes) = found.known(answers.vm_sizes(&target, &region)) else { continue };
        let Some(name) = &machine.facts.point.vm_size else {
            found.unknown("the recovery point doesn't tell the size of its VM");
            continue;
        };
        let (vm, name) = (machine.name(), quoted(name));
        let Some(size) = size_of(machine, &sizes) else {
            found.problem(format!("{vm} has the size {name}, which isn't offered in {}.", region.as_str()), REMEDY);
            continue;
        };
        match size.restricted(machine.zone()) {
            None => found.nothing(),
            Some(restriction) => {
                let place = match (&restriction.zones, machine.zone()) {
                    (Some(_), Some(zone)) => format!("zone {zone} of {}", region.as_str()),
                    _ => region.as_str().to_owned(),
                };
                found.problem(
                    format!("{vm} has the size {name}, which this subscription can't use in {place}."),
                    REMEDY,
                );
            }
        }
    }
    found
}
