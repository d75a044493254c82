//! The facts, the completed draft and the plan of a recovery point, computed once and kept as long as nothing that they depend on has changed.
//!
//! They depend on four things: what was read of Azure (the catalog), the api-versions of the settings, the restores of this browser, and the
//! operator's choices. All four are compared before a kept value is used, and debug builds compute it anew and compare.

use std::cell::{OnceCell, RefCell};
use std::rc::Rc;

use super::records::Restores;
use super::saved::Versions;
use super::sorted::Sorted;
use crate::restore::draft::Draft;
use crate::restore::facts::Facts;
use crate::restore::plan::{Plan, plan};
use crate::restore::regional_id::RegionalId;
use crate::restore::rules::Reason;

/// The facts of a recovery point, the draft as it is completed by them, and the plan of both.
#[derive(Debug)]
pub struct PreparedRestore {
    own: Draft,
    draft: Draft,
    facts: Option<Rc<Facts>>,
    plan: OnceCell<Result<Rc<Plan>, Vec<Reason>>>,
}

impl PreparedRestore {
    /// The facts; none while they are still being read.
    pub fn facts(&self) -> Option<Rc<Facts>> {
        self.facts.clone()
    }

    /// The operator's choices, completed by suggestions.
    pub fn draft(&self) -> &Draft {
        &self.draft
    }

    /// The plan, computed when it is first asked for.
    ///
    /// # Errors
    /// The reasons that block; none while the facts are still being read.
    pub fn plan(&self) -> Result<Rc<Plan>, Vec<Reason>> {
        let compute = || plan(self.facts.as_deref().ok_or_else(Vec::new)?, &self.draft).map(Rc::new);
        self.plan.get_or_init(compute).clone()
    }
}

/// What was prepared from the present catalog and api-versions, by recovery point.
#[derive(Clone, Debug, Default)]
pub struct PreparedRestores(RefCell<Kept>);

#[derive(Clone, Debug, Default)]
struct Kept {
    /// The revision of the catalog that all of them were computed from.
    revision: u64,
    /// The api-versions that all of them were computed with.
    versions: Versions,
    /// The restores that all of them were computed with: suggestions rest on them.
    restores: Restores,
    /// By the exact spelling of the recovery point and its secondary region: ids that Azure takes for equal may be spelled in other cases.
    points: Sorted<(String, Option<String>), Rc<PreparedRestore>>,
}

impl PreparedRestores {
    /// What is kept for a recovery point with this draft, completed or not; else it is computed from the operator's choices in it, and kept.
    pub(super) fn get(
        &self,
        (revision, versions, restores): (u64, &Versions, &Restores),
        (place, draft): (&RegionalId, &Draft),
        compute: impl Fn(&Draft) -> Option<(Facts, Draft)>,
    ) -> Rc<PreparedRestore> {
        let is_current = |kept: &Kept| {
            kept.revision == revision && kept.versions == *versions && kept.restores.is_same_list(restores)
        };
        if !is_current(&self.0.borrow()) {
            let (versions, restores) = (versions.clone(), restores.clone());
            self.0.replace(Kept { revision, versions, restores, points: Sorted::default() });
        }
        let spelled = (place.id.as_str().to_owned(), place.secondary.as_ref().map(|region| region.as_str().to_owned()));
        let fits = |kept: &&Rc<PreparedRestore>| kept.own == *draft || kept.draft == *draft;
        let kept = self.0.borrow().points.get(&spelled).filter(fits).cloned();
        if let Some(kept) = kept {
            if cfg!(debug_assertions) {
                let anew = compute(&kept.own).map_or((None, kept.own.clone()), |(facts, draft)| (Some(facts), draft));
                assert!(kept.facts.as_deref() == anew.0.as_ref(), "kept facts are not the present ones");
                assert!(kept.draft == anew.1, "a kept draft is not the present one");
            }
            return kept;
        }
        let own = draft.own();
        let (facts, draft) = match compute(&own) {
            Some((facts, draft)) => (Some(Rc::new(facts)), draft),
            None => (None, own.clone()),
        };
        let prepared = Rc::new(PreparedRestore { own, draft, facts, plan: OnceCell::new() });
        self.0.borrow_mut().points.insert(spelled, prepared.clone());
        prepared
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::restore::sample;
    use crate::restore::scenario::Scenario;
    use azure_backup::arm::id::{ArmId, Region};

    #[test]
    fn a_plan_is_computed_once_until_something_it_depends_on_changes() {
        let prepared = PreparedRestores::default();
        let versions = Versions::default();
        let (facts, draft) = (sample::facts(), sample::draft(Scenario::RestoreDisks));
        let place = RegionalId::from(facts.point.id.clone());
        let restores = Restores::default();
        let get = |revision, versions: &Versions, place: &RegionalId, draft: &Draft| {
            prepared.get((revision, versions, &restores), (place, draft), |own| Some((facts.clone(), own.clone())))
        };
        let first = get(1, &versions, &place, &draft);
        let again = get(1, &versions, &place, &draft);
        assert!(Rc::ptr_eq(&first, &again));
        assert!(Rc::ptr_eq(&first.plan().unwrap(), &again.plan().unwrap()));
        let other_draft = Draft { reason: "another".to_owned(), ..draft.clone() };
        let other_place = RegionalId { secondary: Some(Region::new("westeurope")), ..place.clone() };
        let other_case = RegionalId::from(ArmId::parse(&place.id.as_str().to_uppercase()).unwrap());
        let refused = Versions { refused: 1, ..versions.clone() };
        assert!(!Rc::ptr_eq(&first, &get(1, &versions, &other_place, &draft)));
        assert!(!Rc::ptr_eq(&first, &get(1, &versions, &other_case, &draft)), "ids are sent as they are spelled");
        assert!(Rc::ptr_eq(&first, &get(1, &versions, &place, &draft)), "several recovery points are kept");
        assert!(!Rc::ptr_eq(&first, &get(1, &versions, &place, &other_draft)));
        // One thing changes at a time: each is compared with what was kept just before.
        let first = get(1, &versions, &place, &draft);
        assert!(!Rc::ptr_eq(&first, &get(2, &versions, &place, &draft)));
        let first = get(2, &versions, &place, &draft);
        assert!(!Rc::ptr_eq(&first, &get(2, &refused, &place, &draft)));
        let first = get(2, &versions, &place, &draft);
        let others: Restores = Vec::new().into();
        let new = prepared.get((2, &versions, &others), (&place, &draft), |own| Some((facts.clone(), own.clone())));
        assert!(!Rc::ptr_eq(&first, &new), "a restore may have begun");
    }

    #[test]
    fn the_completed_draft_finds_what_the_choices_alone_have_made() {
        let (facts, prepared) = (sample::facts(), PreparedRestores::default());
        let place = RegionalId::from(facts.point.id.clone());
        let complete = |own: &Draft| Draft { reason: "completed".to_owned(), ..own.clone() };
        let (versions, restores) = (Versions::default(), Restores::default());
        let get = |draft: &Draft| {
            prepared.get((0, &versions, &restores), (&place, draft), |own| Some((facts.clone(), complete(own))))
        };
        let first = get(&Draft::default());
        assert_eq!(first.draft().reason, "completed");
        assert!(Rc::ptr_eq(&first, &get(first.draft())));
    }

    #[test]
    fn without_facts_there_is_no_plan_and_no_reason() {
        let place = RegionalId::from(sample::facts().point.id.clone());
        let (versions, restores) = (Versions::default(), Restores::default());
        let kept = PreparedRestores::default();
        let prepared = kept.get((0, &versions, &restores), (&place, &Draft::default()), |_| None);
        assert_eq!((prepared.facts(), prepared.plan()), (None, Err(Vec::new())));
    }
}
