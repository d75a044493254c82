//! What is known of a run without looking into it.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use time::{Duration, OffsetDateTime};

use super::{START, Told};
use crate::recovery::execution::{Ending, Event};
use crate::recovery::plan::{Advance, Pacing};

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Stand {
    Waiting,
    InTheAir,
    Running,
    Over { restored: bool },
}

/// What is known without looking into the run.
pub(super) struct Account {
    pub(super) now: OffsetDateTime,
    pub(super) vaults: Vec<usize>,
    pub(super) groups: Vec<usize>,
    pub(super) advances: Vec<Advance>,
    pub(super) pacing: Pacing,
    pub(super) stand: Vec<Stand>,
    /// How often a machine may have been started by now, and was.
    pub(super) asked: Vec<u32>,
    pub(super) started: Vec<u32>,
    pub(super) opened: BTreeSet<usize>,
    pub(super) halted: bool,
    pub(super) occupied: BTreeSet<usize>,
    pub(super) not_before: OffsetDateTime,
    pub(super) vault_not_before: BTreeMap<usize, OffsetDateTime>,
    pub(super) stopped: BTreeSet<usize>,
    pub(super) accepted: BTreeSet<usize>,
    pub(super) left: Vec<OffsetDateTime>,
    pub(super) failures: u16,
    pub(super) most_failures: Option<u16>,
    pub(super) restores: usize,
}

impl Account {
    /// Which groups have their turn by now.
    pub(super) fn open(&mut self) {
        for group in 0..self.advances.len() {
            let before = || self.groups.iter().zip(&self.stand).filter(|(of, _)| **of + 1 == group);
            let done = before().filter(|(_, stand)| **stand == Stand::Over { restored: true }).count();
            let all = before().count();
            let goes_on = group == 0
                || self.opened.contains(&(group - 1))
                    && match self.advances[group] {
                        Advance::Manually => false,
                        Advance::WhenRestored => done == all,
                        Advance::WhenShare(share) => done * 100 >= all * usize::from(share.get()),
                    };
            if goes_on {
                self.opened.insert(group);
            }
        }
    }

    pub(super) fn count(&self, which: impl Fn(usize) -> bool) -> usize {
        (0..self.stand.len()).filter(|&at| which(at)).count()
    }

    pub(super) fn is_under_way(&self, at: usize) -> bool {
        matches!(self.stand[at], Stand::InTheAir | Stand::Running)
    }

    pub(super) fn again(&mut self, at: usize) {
        self.stand[at] = Stand::Waiting;
        self.asked[at] += 1;
    }

    /// A restore is started: everything that the run promises about it.
    pub(super) fn start(&mut self, at: usize) -> Result<(), TestCaseError> {
        prop_assert!(!self.halted, "a halted run starts {at}");
        prop_assert_eq!(self.stand[at], Stand::Waiting, "{} is started beside its other restore", at);
        prop_assert!(!self.occupied.contains(&at), "{at} is started beside somebody else's restore");
        self.started[at] += 1;
        prop_assert!(self.started[at] <= self.asked[at], "{at} is started {} times", self.started[at]);
        prop_assert!(self.opened.contains(&self.groups[at]), "{at} is started before its group");
        let vault = self.vaults[at];
        prop_assert!(!self.stopped.contains(&vault), "the vault takes no more restores today");
        prop_assert!(self.now >= self.not_before, "Azure has asked for a pause");
        prop_assert!(self.vault_not_before.get(&vault).is_none_or(|until| self.now >= *until), "its vault has");
        self.stand[at] = Stand::InTheAir;
        let of_vault = |other| self.vaults[other] == vault;
        prop_assert!(self.count(|other| self.is_under_way(other)) <= usize::from(self.pacing.in_all.get()));
        let here = self.count(|other| of_vault(other) && self.is_under_way(other));
        prop_assert!(here <= usize::from(self.pacing.per_vault.get()), "{here} of a vault");
        let air = self.count(|other| of_vault(other) && self.stand[other] == Stand::InTheAir);
        prop_assert!(air == 1 || self.accepted.contains(&vault), "{air} are sent before the first is answered");
        self.left.push(self.now);
        let soon = |left: &&OffsetDateTime| self.now - **left < Duration::seconds(10);
        prop_assert!(self.left.iter().filter(soon).count() <= 200, "faster than the bucket of writes refills");
        Ok(())
    }

    /// What Azure tells about a machine that is under way.
    pub(super) fn tell(&mut self, at: usize, told: Told) -> Option<Event> {
        let (vault, in_the_air) = (self.vaults[at], self.stand[at] == Stand::InTheAir);
        let until = |wait: Option<u16>| wait.map(|wait| self.now + Duration::seconds(wait.into()));
        let usual = self.now + Duration::minutes(1);
        let event = match told {
            Told::Accepted if in_the_air => {
                self.stand[at] = Stand::Running;
                self.accepted.insert(vault);
                Event::Accepted
            }
            Told::JobGuessed if in_the_air => {
                self.stand[at] = Stand::Running;
                Event::JobGuessed
            }
            Told::Throttled(wait) if in_the_air && self.started[at] < 4 => {
                let until = until(wait);
                self.not_before = self.not_before.max(until.unwrap_or(usual));
                self.again(at);
                Event::Throttled { until }
            }
            Told::Busy(wait) if in_the_air => {
                let until = until(wait);
                let before = self.vault_not_before.entry(vault).or_insert(START);
                *before = until.unwrap_or(usual).max(*before);
                Event::Busy { until }
            }
            Told::DailyLimit if in_the_air => {
                self.stopped.insert(vault);
                self.again(at);
                Event::DailyLimit
            }
            Told::Withdrawn if in_the_air => {
                self.again(at);
                Event::Withdrawn
            }
            Told::Ended(ending) => {
                self.stand[at] = Stand::Over { restored: ending == Ending::Restored };
                if matches!(ending, Ending::Failed | Ending::Refused | Ending::NotStarted | Ending::Lost) {
                    self.failures += 1;
                    let left = (0..self.stand.len()).any(|at| !matches!(self.stand[at], Stand::Over { .. }));
                    self.halted |= left && self.most_failures.is_some_and(|most| self.failures >= most);
                }
                Event::Ended(ending)
            }
            _ => return None,
        };
        Some(event)
    }
}
