//! vCPUs and disks: what all machines need together, and what is left.

use azure_backup::arm::id::{Region, SubscriptionId};

use super::sizes::size_of;
use super::{Answers, Findings, Machine, Question};
use crate::restore::effect_sentence::quoted;

/// What is needed of one quota, machine by machine.
struct Demand<'a> {
    place: (SubscriptionId, Region),
    /// The name of the quota in Azure's list.
    quota: String,
    of: Vec<(&'a Machine<'a>, i64)>,
}

impl<'a> Demand<'a> {
    /// Adds what a machine needs.
    fn add(all: &mut Vec<Self>, place: &(SubscriptionId, Region), quota: &str, machine: &'a Machine<'a>, count: i64) {
        let same = |one: &&mut Self| one.place == *place && one.quota.eq_ignore_ascii_case(quota);
        match all.iter_mut().find(same) {
            Some(demand) => demand.of.push((machine, count)),
            None => all.push(Demand { place: place.clone(), quota: quota.to_owned(), of: vec![(machine, count)] }),
        }
    }
}

/// Compares what is needed with what is left. `unit` names what is counted.
fn compare(found: &mut Findings, demands: Vec<Demand<'_>>, answers: &dyn Answers, unit: &str, remedy: &str) {
    for Demand { place: (subscription, region), quota, of } in demands {
        let Some(usages) = found.known(answers.compute_usages(&subscription, &region)) else { continue };
        let Some(usage) = usages.iter().find(|usage| usage.name.eq_ignore_ascii_case(&quota)) else {
            found.unknown(format!("Azure lists no quota {} in {}", quoted(&quota), region.as_str()));
            continue;
        };
        let needed: i64 = of.iter().map(|(_, count)| count).sum();
        let free = usage.free();
        if needed <= free {
            found.nothing();
            // The first one is that of the region, which people know.
            found.note.get_or_insert_with(|| format!("{free} of {} {unit}s free", usage.limit));
            continue;
        }
        let mut left = free;
        let does_not_fit = |(_, count): &&(&Machine<'_>, i64)| {
            left -= count;
            left < 0
        };
        let several = of.windows(2).any(|two| matches!(two, [(a, _), (b, _)] if !std::ptr::eq(*a, *b)));
        let first = match of.iter().find(does_not_fit) {
            Some((machine, _)) if several => format!(" {} is the first VM that no longer fits.", machine.name()),
            _ => String::new(),
        };
        let (label, region, s) = (quoted(&usage.label), region.as_str(), if needed == 1 { "" } else { "s" });
        found.problem(
            format!(
                "Needs {needed} {unit}{s}; the quota {label} in {region} has {free} of {} free.{first}",
                usage.limit
            ),
            remedy,
        );
    }
}

pub(super) fn asks_vcpus(machine: &Machine<'_>, _: &dyn Answers, questions: &mut Vec<Question>) {
    let Some((target, region)) = machine.place().filter(|_| machine.makes_machine()) else { return };
    questions.push(Question::ComputeUsages(target.clone(), region.clone()));
    questions.push(Question::VmSizes(target, region));
}

pub(super) fn run_vcpus(machines: &[Machine<'_>], answers: &dyn Answers) -> Findings {
    let mut found = Findings::default();
    let mut demands = Vec::new();
    for machine in machines.iter().filter(|machine| machine.makes_machine()) {
        let Some(place) = machine.place() else { continue };
        let Some(sizes) = found.known(answers.vm_sizes(&place.0, &place.1)) else { continue };
        let size = size_of(machine, &sizes).and_then(|size| Some((size.vcpus?, size.family.as_deref()?)));
        let Some((vcpus, family)) = size else {
            found.unknown(format!("the number of vCPUs of {} isn't known", machine.name()));
            continue;
        };
        Demand::add(&mut demands, &place, "cores", machine, vcpus);
        Demand::add(&mut demands, &place, family, machine, vcpus);
    }
    compare(&mut found, demands, answers, "vCPU", "Request a higher quota, or restore the disks instead.");
    found
}

pub(super) fn asks_disks(machine: &Machine<'_>, _: &dyn Answers, questions: &mut Vec<Question>) {
    questions.extend(machine.place().map(|(target, region)| Question::ComputeUsages(target, region)));
}

/// The quota that disks of a kind count in.
fn disk_quota(kind: &str) -> Option<&'static str> {
    let known = [
        ("Standard_LRS", "StandardDiskCount"),
        ("StandardSSD_LRS", "StandardSSDDiskCount"),
        ("StandardSSD_ZRS", "StandardSSDZRSDiskCount"),
        ("Premium_LRS", "PremiumDiskCount"),
        ("Premium_ZRS", "PremiumZRSDiskCount"),
        ("PremiumV2_LRS", "PremiumV2DiskCount"),
        ("UltraSSD_LRS", "UltraSSDDiskCount"),
    ];
    known.into_iter().find(|(name, _)| name.eq_ignore_ascii_case(kind)).map(|(_, quota)| quota)
}

pub(super) fn run_disks(machines: &[Machine<'_>], answers: &dyn Answers) -> Findings {
    let mut found = Findings::default();
    let mut demands = Vec::new();
    for machine in machines {
        let Some(place) = machine.place() else { continue };
        let Some(disks) = machine.disks() else {
            found.unknown("the recovery point doesn't list its disks");
            continue;
        };
        for disk in disks {
            match disk.storage_type.as_deref().and_then(disk_quota) {
                Some(quota) => Demand::add(&mut demands, &place, quota, machine, 1),
                None => found.unknown("the recovery point doesn't tell the type of its disks"),
            }
        }
    }
    compare(&mut found, demands, answers, "disk", "Delete disks that aren't needed, or request a higher quota.");
    found.note = None;
    found
}
