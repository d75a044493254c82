//! The facts and the plan of a recovery point, computed once and kept as long as nothing that they depend on has changed.
//!
//! Facts depend on three things: what was read of Azure (the catalog), the api-versions of the settings, and the draft. A plan depends on its
//! facts and the same draft. All three are compared before a kept value is used, and debug builds compute it anew and compare.

use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use super::saved::Versions;
use crate::restore::draft::Draft;
use crate::restore::facts::Facts;
use crate::restore::plan::{Plan, plan};
use crate::restore::regional_id::RegionalId;
use crate::restore::rules::Reason;

/// The facts of a recovery point and the plan that a draft makes of them.
#[derive(Debug)]
pub struct PreparedRestore {
    draft: Draft,
    facts: Option<Rc<Facts>>,
    plan: OnceCell<Result<Rc<Plan>, Vec<Reason>>>,
}

impl PreparedRestore {
    /// The facts; none while they are still being read.
    pub fn facts(&self) -> Option<Rc<Facts>> {
        self.facts.clone()
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
    /// By the exact spelling of the recovery point and its secondary region: ids that Azure takes for equal may be spelled in other cases.
    points: BTreeMap<(String, Option<String>), Rc<PreparedRestore>>,
}

impl PreparedRestores {
    /// What is kept for a recovery point with this draft; else `facts` are computed and kept.
    pub(super) fn get(
        &self,
        (revision, versions): (u64, &Versions),
        (place, draft): (&RegionalId, &Draft),
        facts: impl Fn() -> Option<Facts>,
    ) -> Rc<PreparedRestore> {
        if self.0.borrow().revision != revision || self.0.borrow().versions != *versions {
            let (versions, points) = (versions.clone(), BTreeMap::new());
            self.0.replace(Kept { revision, versions, points });
        }
        let spelled = (place.id.as_str().to_owned(), place.secondary.as_ref().map(|region| region.as_str().to_owned()));
        let kept = self.0.borrow().points.get(&spelled).filter(|kept| kept.draft == *draft).cloned();
        if let Some(kept) = kept {
            debug_assert_eq!(kept.facts.as_deref(), facts().as_ref(), "kept facts are not the present ones");
            return kept;
        }
        let prepared =
            Rc::new(PreparedRestore { draft: draft.clone(), facts: facts().map(Rc::new), plan: OnceCell::new() });
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
        let get = |revision, versions: &Versions, place: &RegionalId, draft: &Draft| {
            prepared.get((revision, versions), (place, draft), || Some(facts.clone()))
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
    }

    #[test]
    fn without_facts_there_is_no_plan_and_no_reason() {
        let place = RegionalId::from(sample::facts().point.id.clone());
        let prepared = PreparedRestores::default().get((0, &Versions::default()), (&place, &Draft::default()), || None);
        assert_eq!((prepared.facts(), prepared.plan()), (None, Err(Vec::new())));
    }
}
