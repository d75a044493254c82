//! Locks on what a restore writes to.
//!
//! One answer holds all locks of a subscription. Where that may not be read, the locks of each resource group are; they lack those of the subscription.

use azure_backup::arm::id::ArmId;
use azure_backup::arm::locks::LockLevel;

use super::{Answers, Findings, Known, Machine, Question};
use crate::restore::effect_sentence::quoted;

/// What the restore writes to, and whether it deletes there as well.
fn touched(machine: &Machine<'_>) -> Vec<(ArmId, bool)> {
    let mut all: Vec<(ArmId, bool)> = Vec::new();
    all.extend(machine.group().map(|id| (id, false)));
    all.extend(machine.request.virtual_network_id.clone().map(|id| (id, false)));
    all.extend(machine.account().map(|id| (id.clone(), true)));
    all.extend(machine.source().map(|id| (id.clone(), false)));
    all
}

fn subscription_of(id: &ArmId) -> Option<ArmId> {
    id.up_to("subscriptions")
}

pub(super) fn asks(machine: &Machine<'_>, answers: &dyn Answers, questions: &mut Vec<Question>) {
    for (id, _) in touched(machine) {
        let Some(subscription) = subscription_of(&id) else { continue };
        if matches!(answers.locks(&subscription), Known::Unreadable(_)) {
            questions.extend(id.group_id().map(Question::Locks));
        }
        questions.push(Question::Locks(subscription));
    }
}

pub(super) fn run(machines: &[Machine<'_>], answers: &dyn Answers) -> Findings {
    let mut found = Findings::default();
    let mut all: Vec<(ArmId, bool)> = machines.iter().flat_map(touched).collect();
    all.sort();
    all.dedup();
    // A lock of a group covers many resources, and is one problem.
    let mut told: Vec<ArmId> = Vec::new();
    for (id, deletes) in all {
        let Some(subscription) = subscription_of(&id) else { continue };
        let refused = match answers.locks(&subscription) {
            Known::Unreadable(why) => Some(why),
            _ => None,
        };
        let known = match id.group_id().filter(|_| refused.is_some()) {
            Some(group) => answers.locks(&group),
            None => answers.locks(&subscription),
        };
        let Some(locks) = found.known(known) else { continue };
        let mut nothing = true;
        for lock in locks.iter().filter(|lock| lock.covers(&id)) {
            let (consequence, remedy) = match lock.level {
                LockLevel::ReadOnly => (
                    "so Azure is likely to fail to write to it",
                    "Ask its owner to remove it until the restore has ended.",
                ),
                LockLevel::CanNotDelete if deletes => (
                    "so Azure Backup can't remove its temporary files there. The restore itself isn't affected",
                    "Remove the files later, or choose another account.",
                ),
                _ => continue,
            };
            nothing = false;
            if told.contains(&lock.id) {
                continue;
            }
            told.push(lock.id.clone());
            let kind = if lock.level == LockLevel::ReadOnly { "read-only" } else { "delete" };
            let notes = lock.notes.as_ref().map(|notes| format!(" Its note: {}.", quoted(notes))).unwrap_or_default();
            let (name, on) = (quoted(lock.id.name()), quoted(id.name()));
            found.problem_at(&id, format!("The {kind} lock {name} covers {on}, {consequence}.{notes}"), remedy);
        }
        match refused {
            // The group has no lock that matters; whether the subscription has one is not known.
            Some(why) if nothing => found.unknown(why),
            None if nothing => found.nothing(),
            _ => {}
        }
    }
    found
}
