//! Deny assignments refuse actions whatever the roles of the caller allow.

use super::permissions::{needed, needed_by};
use super::{Answers, Findings, Machine, Question};
use crate::restore::effect_sentence::quoted;

pub(super) fn asks(machine: &Machine<'_>, _: &dyn Answers, questions: &mut Vec<Question>) {
    questions.extend(needed(machine).into_iter().map(|(scope, _)| Question::DenyAssignments(scope)));
}

pub(super) fn run(machines: &[Machine<'_>], answers: &dyn Answers) -> Findings {
    let mut found = Findings::default();
    for (scope, actions) in needed_by(machines) {
        let Some(all) = found.known(answers.deny_assignments(&scope)) else { continue };
        let mut nothing = true;
        for one in all.iter().filter(|one| !one.only_scope || one.scope.as_ref() == Some(&scope)) {
            let Some(action) = actions.iter().find(|action| one.refuses(action)) else { continue };
            nothing = false;
            let (name, on) = (quoted(&one.name), quoted(scope.name()));
            let whom = match (one.applies_to_everyone(), one.excluded.is_empty()) {
                (true, true) => "to everyone",
                (true, false) => "to everyone except some accounts, which may include yours",
                (false, _) => "to some accounts, which may include yours",
            };
            found.problem_at(
                &scope,
                format!("The deny assignment {name} denies {} on {on} {whom}.", quoted(action)),
                "Ask the owner of the deny assignment to exclude you, or restore to another resource group.",
            );
        }
        if nothing {
            found.nothing();
        }
    }
    found
}
