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

/// What several points have in common: it is said once.
#[derive(Debug, Default, PartialEq)]
pub struct Common {
    no: Vec<(Scenario, String)>,
    open: Vec<Scenario>,
    /// The scenarios that all points allow, if the points do not differ at all.
    yes: Option<Vec<Scenario>>,
}

impl Common {
    /// What all of `points` allow, do not allow, or leave open.
    pub fn of(points: &[Allowed]) -> Self {
        let Some((first, rest)) = points.split_first() else { return Self::default() };
        let no = first.no.iter().filter(|no| rest.iter().all(|other| other.no.contains(no)));
        let open = first.open.iter().filter(|open| rest.iter().all(|other| other.open.contains(open)));
        let yes = rest.iter().all(|other| other == first).then(|| first.yes.clone());
        Self { no: no.cloned().collect(), open: open.copied().collect(), yes }
    }

    /// Whether the points differ, so that each row has to say what it allows.
    pub const fn differs(&self) -> bool {
        self.yes.is_none()
    }

    /// Above the table.
    pub fn notes(&self) -> Html {
        // A reason that rules out every scenario, such as a deleted item.
        let notes = match self.no.as_slice() {
            all @ [(_, why), rest @ ..]
                if all.len() == Scenario::ALL.len() && rest.iter().all(|(_, other)| other == why) =>
            {
                vec![format!("These points can't be restored: {why}")]
            }
            no => sentences(no, &self.open).collect(),
        };
        let names = |of: &[Scenario]| of.iter().map(|s| s.title()).collect::<Vec<_>>().join(" · ");
        let yes = self.yes.as_deref().filter(|yes| !yes.is_empty());
        let yes = yes.map(|yes| format!("Restore options of these points: {}", names(yes)));
        html! { <>{ each(yes.into_iter().chain(notes).map(|note| html! { <p class="vmr-hint">{ note }</p> })) }</> }
    }

    /// The cell of the table: in what a point differs from the others.
    pub fn cell(&self, of: &Allowed) -> Html {
        let no: Vec<(Scenario, String)> = of.no.iter().filter(|no| !self.no.contains(no)).cloned().collect();
        let open: Vec<Scenario> = of.open.iter().filter(|open| !self.open.contains(open)).copied().collect();
        if no.is_empty() && open.is_empty() {
            return match (of.no.is_empty() && of.open.is_empty(), of.yes.is_empty() && of.open.is_empty()) {
                (true, _) => html! { "All restore options" },
                (_, true) => html! { "None" },
                _ => html! { <span class="vmr-tags">{ each(of.yes.iter().map(|s| tag(s.title()))) }</span> },
            };
        }
        html! {
            <>
                <span class="vmr-tags">{ each(of.yes.iter().map(|s| tag(s.title()))) }</span>
                { each(sentences(&no, &open).map(|note| html! { <small>{ note }</small> })) }
            </>
        }
    }
}

fn sentences(no: &[(Scenario, String)], open: &[Scenario]) -> impl Iterator<Item = String> {
    let open = open.iter().map(|s| format!("{}: only if the recovery point has a disk list", s.title()));
    open.chain(no.iter().map(|(s, why)| format!("{} isn't available: {why}", s.title())))
        .collect::<Vec<_>>()
        .into_iter()
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
        let of = allowed(&facts);
        let common = Common::of(std::slice::from_ref(&of));
        assert!(!common.differs() && html_of(common.notes()).contains("Restore disks · Restore selected disks · "));
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
        let (of, disk_list) = (allowed(&facts), "only if the recovery point has a disk list");
        let alone = html_of(Common::default().cell(&of));
        assert!(!alone.contains("All restore options") && alone.contains(disk_list), "{alone}");
        // What is so of all points is said above them, and not again in each row.
        let common = Common::of(&[allowed(&facts), allowed(&facts)]);
        let (notes, row) = (html_of(common.notes()), html_of(common.cell(&of)));
        assert!(notes.contains(disk_list) && !row.contains(disk_list), "{notes} {row}");
        assert!(row.contains("Restore disks") && !row.contains("All restore options"), "{row}");
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
        let common = Common::of(&[allowed(&facts)]);
        let (notes, row) = (html_of(common.notes()), html_of(common.cell(&allowed(&facts))));
        assert_eq!((notes.matches("Undelete it first").count(), row.as_str()), (1, "None"));
        let mut facts = sample::facts();
        std::rc::Rc::make_mut(&mut facts.point).tiers.truncate(1);
        let no = allowed(&facts).no;
        assert!(matches!(&no[..], [(Scenario::ReplaceDisks, why)] if why.contains("only a snapshot")), "{no:?}");
        let others = Common::of(&[allowed(&facts), allowed(&sample::facts())]);
        assert!(others.differs() && !html_of(others.notes()).contains("Restore options of these points"));
        let row = html_of(others.cell(&allowed(&facts)));
        assert!(row.contains("Replace existing disks isn") && row.contains("only a snapshot"), "{row}");
    }
}
