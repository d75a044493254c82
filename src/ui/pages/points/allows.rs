//! Which ways of restoring a recovery point allows, and why not.

use yew::prelude::*;

use crate::restore::facts::Facts;
use crate::restore::rules::scenario_reasons;
use crate::restore::scenario::Scenario;
use crate::ui::kit::badge::tag;
use crate::ui::kit::each;

/// The rule that fails only because the list does not contain the disks. The page of the point reads them.
const UNREAD: &str = "selected-list-unread";

/// What a point allows.
#[derive(Debug, Default, PartialEq)]
pub struct Allowed {
    /// The scenarios that the form will offer.
    pub yes: Vec<Scenario>,
    /// The scenarios that it will not offer, each with the first reason.
    pub no: Vec<(Scenario, String)>,
    /// The scenarios that depend on facts that only the point's own answer contains.
    pub open: Vec<Scenario>,
}

/// What the point in `facts` allows, by the rules of the form.
pub fn allowed(facts: &Facts) -> Allowed {
    let mut of = Allowed::default();
    for scenario in Scenario::ALL {
        let (unread, against): (Vec<_>, Vec<_>) =
            scenario_reasons(facts, scenario).into_iter().filter(|r| r.blocks()).partition(|r| r.rule == UNREAD);
        match against.into_iter().next() {
            Some(reason) => of.no.push((scenario, reason.sentence)),
            None if unread.is_empty() => of.yes.push(scenario),
            None => of.open.push(scenario),
        }
    }
    of
}

/// The cell of the table.
pub fn cell(facts: &Facts) -> Html {
    let Allowed { yes, no, open } = allowed(facts);
    if no.is_empty() && open.is_empty() {
        return html! { "All restore options" };
    }
    // A reason that rules out every scenario, such as a deleted item, is shown once.
    if let ([], [(_, why), rest @ ..]) = (&yes[..], &no[..])
        && open.is_empty()
        && rest.iter().all(|(_, other)| other == why)
    {
        return html! { <>{ "None" }<small>{ why.clone() }</small></> };
    }
    html! {
        <>
            <span class="vmr-tags">{ each(yes.iter().map(|s| tag(s.title()))) }</span>
            { each(open.iter().map(|s| html! { <small>{ format!("{}: only if the recovery point has a disk list", s.title()) }</small> })) }
            { each(no.iter().map(|(s, why)| html! { <small>{ format!("{} isn't available: {why}", s.title()) }</small> })) }
        </>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::restore::sample;
    use crate::ui::kit::test::html_of;

    #[test]
    fn a_point_says_what_it_does_not_allow_and_why() {
        let mut facts = sample::facts();
        assert_eq!(allowed(&facts), Allowed { yes: Scenario::ALL.into(), ..Allowed::default() });
        assert!(html_of(cell(&facts)).contains("All restore options"));
        facts.source_exists = Some(false);
        let Allowed { yes, no, open } = allowed(&facts);
        assert_eq!((yes.len(), open.len()), (3, 0));
        assert!(matches!(&no[..], [(Scenario::ReplaceDisks, why)] if why.contains("no longer exists")), "{no:?}");
    }

    #[test]
    fn what_only_the_points_own_answer_tells_is_not_promised() {
        let mut facts = sample::facts();
        facts.detailed = false;
        assert_eq!(allowed(&facts).open, [Scenario::SelectedDisks]);
        let html = html_of(cell(&facts));
        assert!(
            !html.contains("All restore options") && html.contains("only if the recovery point has a disk list"),
            "{html}"
        );
        // A reason that the list does contain counts.
        std::rc::Rc::make_mut(&mut facts.point).encrypted = true;
        assert_eq!(allowed(&facts).open, []);
    }

    #[test]
    fn a_soft_deleted_backup_allows_nothing_and_a_snapshot_replaces_no_disks() {
        let mut facts = sample::facts();
        std::rc::Rc::make_mut(&mut facts.item).soft_deleted = true;
        let Allowed { yes, no, open } = allowed(&facts);
        assert_eq!((yes.len(), no.len(), open.len()), (0, Scenario::ALL.len(), 0));
        assert!(no.iter().all(|(_, why)| why.contains("Undelete it first")), "{no:?}");
        let mut facts = sample::facts();
        std::rc::Rc::make_mut(&mut facts.point).tiers.truncate(1);
        let no = allowed(&facts).no;
        assert!(matches!(&no[..], [(Scenario::ReplaceDisks, why)] if why.contains("only a snapshot")), "{no:?}");
    }
}
