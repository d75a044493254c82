//! The resource providers that the target subscription needs.

use azure_backup::arm::id::SubscriptionId;
use azure_backup::arm::provider::Registration;

use super::{Answers, Findings, Machine, Question};
use crate::restore::effect_sentence::quoted;

/// The providers that a restore needs in its target subscription.
fn needed(machine: &Machine<'_>) -> Vec<(SubscriptionId, &'static str)> {
    let Some(target) = machine.subscription() else { return Vec::new() };
    let own = machine.facts.vault.id.subscription();
    let elsewhere = own.is_some_and(|own| !own.eq_ignore_ascii_case(target.as_str()));
    let mut all = vec!["Microsoft.Compute"];
    all.extend(machine.makes_machine().then_some("Microsoft.Network"));
    // The vault's own subscription uses it already.
    all.extend(elsewhere.then_some("Microsoft.RecoveryServices"));
    all.into_iter().map(|namespace| (target.clone(), namespace)).collect()
}

pub(super) fn asks(machine: &Machine<'_>, _: &dyn Answers, questions: &mut Vec<Question>) {
    questions.extend(needed(machine).into_iter().map(|(target, namespace)| Question::Provider(target, namespace)));
}

pub(super) fn run(machines: &[Machine<'_>], answers: &dyn Answers) -> Findings {
    let mut found = Findings::default();
    let mut all: Vec<(SubscriptionId, &'static str)> = machines.iter().flat_map(needed).collect();
    all.sort();
    all.dedup();
    for (target, namespace) in all {
        let Some(registration) = found.known(answers.provider(&target, namespace)) else { continue };
        let sentence = |state: &str| format!("{namespace} {state} in the subscription {}.", quoted(target.as_str()));
        match &*registration {
            Registration::Registered => found.nothing(),
            Registration::Registering => {
                found.problem(sentence("is still being registered"), "Wait until it's registered.");
            }
            _ => {
                let command = format!("az provider register --namespace {namespace} --subscription {target}");
                found.problem(sentence("isn't registered"), format!("Register it: {}", quoted(&command)));
            }
        }
    }
    found
}
