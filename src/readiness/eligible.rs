//! Roles that the caller may activate in Privileged Identity Management, beside a permission that is missing.
//!
//! Many tenants don't have it. So an answer that cannot be read is no gap of the check, and nothing is said of it.

use std::rc::Rc;

use azure_backup::arm::eligible_roles::{ActivationRules, EligibleRole};
use azure_backup::arm::id::ArmId;
use time::Duration;

use super::permissions::MissingActions;
use super::roles::includes;
use super::{Answers, Known, Question};
use crate::restore::effect_sentence::quoted;

/// The eligible roles that have one of the missing actions, or may have it, each with whether that is known.
fn roles(missing: &MissingActions, answers: &dyn Answers) -> Vec<(Rc<EligibleRole>, bool)> {
    let Known::Is(all) = answers.eligible_roles(&missing.scope) else { return Vec::new() };
    let mut found: Vec<(Rc<EligibleRole>, bool)> = Vec::new();
    for one in all.iter().filter(|one| one.covers(&missing.scope)) {
        let same =
            |(known, _): &(Rc<EligibleRole>, bool)| known.definition == one.definition && known.scope == one.scope;
        let of_actions: Vec<Option<bool>> = missing.actions.iter().map(|action| includes(&one.role, action)).collect();
        let is_known = !of_actions.contains(&None);
        // A role comes once for the caller and once for each of his groups.
        if (!is_known || of_actions.contains(&Some(true))) && !found.iter().any(same) {
            found.push((one.clone(), is_known));
        }
    }
    found
}

/// The scope that the rules of a role are asked at.
fn scope(role: &EligibleRole) -> Option<ArmId> {
    ArmId::parse(&role.scope).ok()
}

pub(super) fn asks(missing: &MissingActions, answers: &dyn Answers, questions: &mut Vec<Question>) {
    questions.push(Question::EligibleRoles(missing.scope.clone()));
    let roles = roles(missing, answers).into_iter();
    questions
        .extend(roles.filter_map(|(role, _)| Some(Question::ActivationRules(scope(&role)?, role.definition.clone()))));
}

/// The eligible roles that have one of the missing actions, or may have it, with the rules of their activation as far as they have been read.
pub fn activatable(
    missing: &MissingActions,
    answers: &dyn Answers,
) -> Vec<(Rc<EligibleRole>, Option<Rc<ActivationRules>>)> {
    roles(missing, answers)
        .into_iter()
        .map(|(role, _)| {
            let (rules, _) = rules(&role, answers);
            (role, rules)
        })
        .collect()
}

/// The rules of a role's activation, none where they cannot be had; and whether they are still to come.
fn rules(role: &EligibleRole, answers: &dyn Answers) -> (Option<Rc<ActivationRules>>, bool) {
    let Some(scope) = scope(role) else { return (None, false) };
    let of = |rules: &&Rc<ActivationRules>| rules.definition.eq_ignore_ascii_case(&role.definition);
    match answers.activation_rules(&scope, &role.definition) {
        Known::Is(all) => (all.iter().find(of).or(all.first()).cloned(), false),
        Known::NotYet => (None, true),
        Known::Unreadable(_) => (None, false),
    }
}

/// What the caller can do by himself about a missing permission: a sentence for each role, each with a blank before it. And whether answers are
/// still to come.
pub(super) fn activation_advice(missing: &MissingActions, answers: &dyn Answers) -> (String, bool) {
    let mut waits = matches!(answers.eligible_roles(&missing.scope), Known::NotYet);
    let mut text = String::new();
    for (role, is_known) in roles(missing, answers) {
        let place = role.scope_name.as_deref().or_else(|| role.scope.rsplit('/').next()).unwrap_or_default();
        let (rules, waits_for_rules) = rules(&role, answers);
        waits |= waits_for_rules;
        text += &format!(
            " You're eligible for the role {} on {}{}: activate it in Privileged Identity Management{}.",
            quoted(&role.role),
            quoted(place),
            if is_known { "" } else { ", which may include it" },
            rules.map(|rules| words(&rules)).unwrap_or_default()
        );
    }
    (text, waits)
}

/// ` (up to 8 hours; requires a justification and an approval)`
fn words(rules: &ActivationRules) -> String {
    let longest = rules.longest.filter(|longest| *longest >= Duration::MINUTE).map(|longest| {
        let (hours, minutes) = (longest.whole_hours(), longest.whole_minutes());
        match hours * 60 == minutes {
            true if hours == 1 => "up to 1 hour".to_owned(),
            true => format!("up to {hours} hours"),
            false => format!("up to {minutes} minutes"),
        }
    });
    let required = [
        (rules.justification, "a justification"),
        (rules.ticket, "a ticket"),
        (rules.strong_sign_in, "a stronger sign-in"),
        (rules.approval, "an approval"),
    ];
    let required: Vec<&str> = required.into_iter().filter(|(is, _)| *is).map(|(_, what)| what).collect();
    let required = (!required.is_empty()).then(|| format!("requires {}", required.join(" and ")));
    let parts: Vec<String> = longest.into_iter().chain(required).collect();
    if parts.is_empty() { String::new() } else { format!(" ({})", parts.join("; ")) }
}
