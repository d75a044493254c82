//! Which ways of restoring a recovery point allows, and why not.

use crate::ui::markup::html;
use yew::prelude::*;

use crate::restore::facts::Facts;
use crate::restore::rules::scenario_reasons;
use crate::restore::scenario::Scenario;
use crate::ui::kit::badge::tag;

/// The rule that only says that the list lacks the disks: the page of the point reads them.
const UNREAD: &str = "selected-list-unread";

/// The ways that the point in `facts` allows, and the others with the first reason against each.
pub fn allowed(facts: &Facts) -> (Vec<Scenario>, Vec<(Scenario, String)>) {
    let (mut yes, mut no) = (Vec::new(), Vec::new());
    for scenario in Scenario::ALL {
        match scenario_reasons(facts, scenario).into_iter().find(|r| r.blocks() && r.rule != UNREAD) {
            None => yes.push(scenario),
            Some(reason) => no.push((scenario, reason.sentence)),
        }
    }
    (yes, no)
}

/// The cell of the table.
pub fn cell(facts: &Facts) -> Html {
    let (yes, no) = allowed(facts);
    if no.is_empty() {
        return html! { "Every kind of restore" };
    }
    html! {
        <>
            <span class="vmr-tags">{ for yes.iter().map(|s| tag(s.title())) }</span>
            { for no.iter().map(|(s, why)| html! { <small>{ format!("Not “{}”: {why}", s.title()) }</small> }) }
        </>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::restore::sample;

    #[test]
    fn a_point_says_what_it_does_not_allow_and_why() {
        let mut facts = sample::facts();
        assert_eq!(allowed(&facts).1, []);
        facts.source_exists = Some(false);
        let (yes, no) = allowed(&facts);
        assert_eq!(yes.len(), 3);
        assert!(matches!(&no[..], [(Scenario::ReplaceDisks, why)] if why.contains("no longer exists")), "{no:?}");
        facts.detailed = false;
        assert_eq!(allowed(&facts).0.len(), 3, "that the list lacks the disks is no reason against picking them");
    }
}
