//! The records of this browser: its restores and drafts, each saved under a key of its own, and what is known of their saves.
//!
//! In memory each restore is shared until it changes, so that a copy of the list costs no copy of its records, and so that what has changed
//! since the last save is known without comparing texts.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Index;
use std::rc::Rc;

use azure_backup::arm::id::ClientRequestId;
use time::OffsetDateTime;

use super::effect::SaveId;
use super::plans::Plans;
use super::sorted::Sorted;
use crate::recovery::plan::PlanId;
use crate::restore::draft::Draft;
use crate::restore::regional_id::RegionalId;
use crate::restore::run::RestoreRun;

/// A record as it is saved: its key, and its text.
pub type Record = (String, String);

/// A change of the saved records of one store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// This record is new, or has another text now.
    Put(Record),
    /// The record of this key is removed.
    Delete(String),
    /// All records of the store are removed.
    Clear,
}

/// What is known of the saves of records.
#[derive(Clone, Debug, Default)]
pub struct Saves {
    /// The restores as the last save has, or will have, written them.
    pub written: Restores,
    /// The restores whose last save failed, here or in another tab: the next save holds them, too.
    pub unsaved: BTreeSet<ClientRequestId>,
    /// The restores of each save that is not done.
    pub under_way: Vec<(SaveId, BTreeSet<ClientRequestId>)>,
    /// The keys of the drafts whose last save failed.
    pub unsaved_drafts: Vec<String>,
    /// The drafts of each save that is not done.
    pub drafts_under_way: Vec<(SaveId, Vec<String>)>,
    /// The plans as the last save has, or will have, written them.
    pub plans_written: Plans,
    /// The plans whose last save failed.
    pub unsaved_plans: Vec<PlanId>,
    /// The plans of each save that is not done.
    pub plans_under_way: Vec<(SaveId, Vec<PlanId>)>,
    /// When plans are saved of which restores have told something: that can be found out again from the restores, so it need not be saved at once.
    pub plans_due: Option<OffsetDateTime>,
    /// What versions before the database have saved in `localStorage`, until its records are in the database.
    pub older: Vec<Older>,
    /// Records that cannot be read, by store and key, until what they hold is kept elsewhere.
    pub damaged: Vec<(&'static str, String)>,
    /// Whether this tab has asked the browser not to remove what is saved.
    pub asked_to_persist: bool,
}

/// Entries of `localStorage` that an older version of this page has saved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Older {
    /// The entries, with their names.
    pub entries: Vec<Record>,
    /// The saves that hold all of them. Once they are done the entries are removed.
    pub saves: Vec<SaveId>,
}

impl Saves {
    /// Whether a save of this restore is not done or has failed, so that this tab knows more than the browser has saved.
    pub fn knows_more(&self, id: &ClientRequestId) -> bool {
        self.unsaved.contains(id) || self.under_way.iter().any(|(_, ids)| ids.contains(id))
    }

    /// The same of a plan.
    pub fn knows_more_of_plan(&self, id: &PlanId) -> bool {
        self.unsaved_plans.contains(id) || self.plans_under_way.iter().any(|(_, ids)| ids.contains(id))
    }

    /// A save is done. What failed is part of the next one.
    pub fn done(&mut self, save: SaveId, saved: bool) {
        for (_, ids) in self.under_way.extract_if(.., |(other, _)| *other == save) {
            if saved {
                self.unsaved.retain(|id| !ids.contains(id));
            } else {
                self.unsaved.extend(ids);
            }
        }
        for (_, keys) in self.drafts_under_way.extract_if(.., |(other, _)| *other == save) {
            self.unsaved_drafts.retain(|key| !keys.contains(key));
            if !saved {
                self.unsaved_drafts.extend(keys);
            }
        }
        for (_, ids) in self.plans_under_way.extract_if(.., |(other, _)| *other == save) {
            self.unsaved_plans.retain(|id| !ids.contains(id));
            if !saved {
                self.unsaved_plans.extend(ids);
            }
        }
    }

    /// The entries of an older version that are in the database altogether by this save. Where it failed, they stay.
    pub fn replaced(&mut self, save: SaveId, saved: bool) -> Vec<Older> {
        if !saved {
            self.older.retain(|older| !older.saves.contains(&save));
            return Vec::new();
        }
        for older in &mut self.older {
            older.saves.retain(|other| *other != save);
        }
        self.older.extract_if(.., |older| older.saves.is_empty()).collect()
    }
}

/// The drafts by machine: all recovery points of a protected item have one draft.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Drafts(Rc<Sorted<String, Draft>>);

impl Drafts {
    /// The draft of a recovery point or its protected item.
    pub fn get(&self, place: &RegionalId) -> Option<&Draft> {
        self.of(&place.of_draft().key())
    }

    /// The draft that is saved under a key.
    pub fn of(&self, key: &str) -> Option<&Draft> {
        self.0.get(&key.to_owned())
    }

    /// Puts a draft in the place of the one before.
    pub fn insert(&mut self, place: &RegionalId, draft: Draft) {
        Rc::make_mut(&mut self.0).insert(place.of_draft().key(), draft);
    }

    /// Takes in a draft that an older version has kept for a recovery point. Of several points of one machine, the draft that has a
    /// scenario stays: older versions have not kept which was the last.
    pub fn insert_older(&mut self, place: &RegionalId, draft: Draft) {
        if self.get(place).is_none_or(|other| other.scenario.is_none() && draft.scenario.is_some()) {
            self.insert(place, draft);
        }
    }

    /// Removes the draft that is saved under a key.
    pub fn remove(&mut self, key: &str) {
        Rc::make_mut(&mut self.0).remove(&key.to_owned());
    }

    /// All of them, by key.
    pub fn iter(&self) -> impl Iterator<Item = (&String, &Draft)> {
        self.0.iter().map(|(key, draft)| (key, draft))
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Forgets all.
    pub fn clear(&mut self) {
        *self = Self::default();
    }
}

impl FromIterator<(RegionalId, Draft)> for Drafts {
    fn from_iter<I: IntoIterator<Item = (RegionalId, Draft)>>(drafts: I) -> Self {
        let mut all = Self::default();
        for (point, draft) in drafts {
            all.insert(&point, draft);
        }
        all
    }
}

/// The restores of this browser, newest first. An id occurs once. A clone is cheap.
#[derive(Clone, Debug, Default)]
pub struct Restores(Rc<Vec<Rc<RestoreRun>>>);

/// Goes through the records, the newest first.
pub type Iter<'a> = std::iter::Map<std::slice::Iter<'a, Rc<RestoreRun>>, fn(&'a Rc<RestoreRun>) -> &'a RestoreRun>;

/// How one list of restores differs from an earlier one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Difference {
    /// Restores that are new or have changed.
    pub changed: BTreeSet<ClientRequestId>,
    /// Restores that are gone.
    pub gone: BTreeSet<ClientRequestId>,
}

impl Restores {
    /// All of them, the newest first.
    pub fn iter(&self) -> Iter<'_> {
        self.0.iter().map(AsRef::as_ref)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The newest one.
    pub fn first(&self) -> Option<&RestoreRun> {
        self.iter().next()
    }

    /// The restore of this id.
    pub fn get(&self, id: &ClientRequestId) -> Option<&RestoreRun> {
        self.iter().find(|restore| restore.id == *id)
    }

    /// Whether both are the same list in memory, so that nothing has changed. Two lists of equal records may still be told apart.
    pub fn is_same_list(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }

    /// Changes the restore of this id; none where there is no such restore.
    pub fn change<R>(&mut self, id: &ClientRequestId, change: impl FnOnce(&mut RestoreRun) -> R) -> Option<R> {
        let at = self.0.iter().position(|restore| restore.id == *id)?;
        Some(change(Rc::make_mut(&mut Rc::make_mut(&mut self.0)[at])))
    }

    /// Changes every restore that `which` names. The others count as unchanged.
    pub fn change_where(&mut self, which: impl Fn(&RestoreRun) -> bool, mut change: impl FnMut(&mut RestoreRun)) {
        let named: Vec<usize> = (0..self.len()).filter(|&at| which(&self.0[at])).collect();
        if !named.is_empty() {
            let all = Rc::make_mut(&mut self.0);
            for at in named {
                change(Rc::make_mut(&mut all[at]));
            }
        }
    }

    /// Puts a restore that was begun just now in front of the others.
    pub fn insert_newest(&mut self, restore: RestoreRun) {
        Rc::make_mut(&mut self.0).insert(0, Rc::new(restore));
    }

    /// Puts a restore where its beginning belongs.
    pub fn insert_by_time(&mut self, restore: RestoreRun) {
        let later = self.0.iter().take_while(|other| other.started > restore.started).count();
        Rc::make_mut(&mut self.0).insert(later, Rc::new(restore));
    }

    /// Keeps only the restores that `keep` names.
    pub fn retain(&mut self, keep: impl Fn(&RestoreRun) -> bool) {
        if !self.iter().all(&keep) {
            Rc::make_mut(&mut self.0).retain(|restore| keep(restore));
        }
    }

    /// Takes over from another list how it holds one restore, or that it does not hold it.
    pub fn adopt(&mut self, id: &ClientRequestId, from: &Self) {
        let theirs = from.0.iter().find(|restore| restore.id == *id);
        let all = Rc::make_mut(&mut self.0);
        match (all.iter().position(|restore| restore.id == *id), theirs) {
            (Some(at), Some(theirs)) => all[at] = theirs.clone(),
            (Some(at), None) => drop(all.remove(at)),
            (None, Some(theirs)) => all.push(theirs.clone()),
            (None, None) => {}
        }
    }

    /// Of the restores that `may_go` names, keeps the newest, so many at most.
    pub fn shorten(&mut self, most: usize, may_go: impl Fn(&RestoreRun) -> bool) {
        if self.iter().filter(|restore| may_go(restore)).count() > most {
            let mut left = most;
            Rc::make_mut(&mut self.0).retain(|restore| {
                let goes = may_go(restore);
                let stays = !goes || left > 0;
                left -= usize::from(goes && stays);
                stays
            });
        }
    }

    /// What differs from an earlier state of this list. Records that both share are not looked into.
    pub fn since(&self, before: &Self) -> Difference {
        if self.is_same_list(before) {
            return Difference::default();
        }
        let both = self.0.iter().zip(before.0.iter());
        let same_start = both.take_while(|(now, before)| Rc::ptr_eq(now, before)).count();
        let (now, before) = (&self.0[same_start..], &before.0[same_start..]);
        let both = now.iter().rev().zip(before.iter().rev());
        let same_end = both.take_while(|(now, before)| Rc::ptr_eq(now, before)).count();
        let (now, before) = (&now[..now.len() - same_end], &before[..before.len() - same_end]);
        let mut gone: BTreeMap<&ClientRequestId, &Rc<RestoreRun>> = before.iter().map(|r| (&r.id, r)).collect();
        let is_changed =
            |restore: &&Rc<RestoreRun>| gone.remove(&restore.id).is_none_or(|old| !Rc::ptr_eq(old, restore));
        let changed = now.iter().filter(is_changed).map(|restore| restore.id.clone()).collect();
        Difference { changed, gone: gone.into_keys().cloned().collect() }
    }
}

impl Index<usize> for Restores {
    type Output = RestoreRun;

    fn index(&self, at: usize) -> &RestoreRun {
        &self.0[at]
    }
}

impl FromIterator<RestoreRun> for Restores {
    fn from_iter<I: IntoIterator<Item = RestoreRun>>(restores: I) -> Self {
        Self(Rc::new(restores.into_iter().map(Rc::new).collect()))
    }
}

impl From<Vec<RestoreRun>> for Restores {
    fn from(restores: Vec<RestoreRun>) -> Self {
        restores.into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use azure_backup::arm::cloud::Cloud;
    use time::Duration;

    use super::*;
    use crate::restore::plan::plan;
    use crate::restore::sample;
    use crate::restore::scenario::Scenario;

    fn id(number: usize) -> ClientRequestId {
        ClientRequestId::parse(&format!("0f8fad5b-d9cb-469f-a165-{number:012}")).unwrap()
    }

    fn restore(number: usize) -> RestoreRun {
        let (facts, cloud) = (sample::facts(), Cloud::public());
        let plan = plan(&facts, &sample::draft(Scenario::AnotherVm)).unwrap();
        let begun = OffsetDateTime::UNIX_EPOCH + Duration::minutes(i64::try_from(number).unwrap());
        RestoreRun::intent(&plan, &facts, &cloud, id(number), begun)
    }

    fn ids(numbers: &[usize]) -> BTreeSet<ClientRequestId> {
        numbers.iter().map(|&number| id(number)).collect()
    }

    #[test]
    fn only_what_was_touched_differs_from_before() {
        let before: Restores = (0..6).rev().map(restore).collect();
        let mut now = before.clone();
        assert_eq!(now.since(&before), Difference::default());
        now.change(&id(3), |r| r.vm = "other".to_owned()).unwrap();
        now.insert_newest(restore(9));
        now.insert_by_time(restore(7));
        now.retain(|r| r.id != id(1));
        assert_eq!(now.since(&before), Difference { changed: ids(&[3, 7, 9]), gone: ids(&[1]) });
        assert_eq!(now.iter().map(|r| r.id.clone()).collect::<Vec<_>>(), [9, 7, 5, 4, 3, 2, 0].map(id));
        assert_eq!(before[2].vm, restore(3).vm, "the earlier list is as it was");
        assert_eq!(before.since(&now), Difference { changed: ids(&[1, 3]), gone: ids(&[7, 9]) });
    }

    #[test]
    fn records_that_are_not_touched_are_shared_with_the_earlier_list() {
        let before: Restores = (0..4).map(restore).collect();
        let mut now = before.clone();
        now.change_where(|r| r.id == id(2), |r| r.vm = "other".to_owned());
        let shared = now.0.iter().zip(before.0.iter()).filter(|(now, before)| Rc::ptr_eq(now, before)).count();
        assert_eq!(shared, 3);
        now.retain(|_| true);
        now.change_where(|_| false, |_| ());
        assert_eq!(now.since(&before).changed, ids(&[2]));
    }

    #[test]
    fn the_oldest_that_may_go_are_the_first_to_go() {
        let mut restores: Restores = (0..5).rev().map(restore).collect();
        let before = restores.clone();
        restores.shorten(4, |r| r.id != id(0));
        assert!(restores.is_same_list(&before), "they are no more than may stay");
        restores.shorten(2, |r| r.id != id(0));
        assert_eq!(restores.iter().map(|r| r.id.clone()).collect::<Vec<_>>(), [4, 3, 0].map(id));
    }
}
