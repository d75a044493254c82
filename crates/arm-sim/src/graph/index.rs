//! What Resource Graph keeps between requests: how far it is behind, what of the quota is spent, and the last result.

use std::sync::Arc;

use super::evaluate::Rows;
use crate::moment::{Millis, SECOND};
use crate::rights::Role;
use crate::world::changes::Changes;

/// How long after a change a query finds it.
const DELAY: Millis = 5 * SECOND;
/// How many queries a user may send within [`WINDOW`].
const QUERIES: u32 = 15;
const WINDOW: Millis = 5 * SECOND;

/// How many of the world's changes can be found. Changes are only ever added.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Indexed {
    pub(crate) undeleted: usize,
    pub(crate) undeleted_vaults: usize,
    pub(crate) machines: usize,
}

impl Indexed {
    fn all(changes: &Changes) -> Self {
        Self {
            undeleted: changes.undeleted.len(),
            undeleted_vaults: changes.undeleted_vaults.len(),
            machines: changes.machines.len(),
        }
    }
}

/// What a result answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Question {
    pub(crate) query: String,
    pub(crate) subscriptions: Vec<&'static str>,
    pub(crate) indexed: Indexed,
    pub(crate) hidden_vaults: Vec<String>,
    pub(crate) role: Role,
}

/// What Resource Graph keeps.
#[derive(Debug, Clone, Default)]
pub(crate) struct Index {
    indexed: Indexed,
    /// What will be found, and from when on.
    pending: Vec<(Millis, Indexed)>,
    /// The window of the last query, and the queries in it.
    window: (Millis, u32),
    /// Its further pages are cut from it.
    last: Option<Arc<(Question, Rows)>>,
}

impl Index {
    /// An index that has all of these changes.
    pub(crate) fn of(changes: &Changes) -> Self {
        Self { indexed: Indexed::all(changes), ..Self::default() }
    }

    /// Notes what requests have changed.
    pub(crate) fn note(&mut self, now: Millis, changes: &Changes) {
        let all = Indexed::all(changes);
        if self.pending.last().map_or(self.indexed, |(_, last)| *last) != all {
            self.pending.push((now + DELAY, all));
        }
    }

    /// What can be found.
    pub(crate) fn indexed(&mut self, now: Millis) -> Indexed {
        while let Some((due, indexed)) = self.pending.first().copied()
            && due <= now
        {
            self.indexed = indexed;
            self.pending.remove(0);
        }
        self.indexed
    }

    /// Counts a query: how many are left, or none if there was none left; and the seconds until there are as many as before.
    pub(crate) fn spend(&mut self, now: Millis) -> (Option<u32>, Millis) {
        let window = now.div_euclid(WINDOW);
        if self.window.0 != window {
            self.window = (window, 0);
        }
        let left = QUERIES.checked_sub(self.window.1 + 1);
        self.window.1 += u32::from(left.is_some());
        (left, ((window + 1) * WINDOW - now + SECOND - 1) / SECOND)
    }

    /// The last result, if it is that of this question.
    pub(crate) fn result(&self, question: &Question) -> Option<Arc<(Question, Rows)>> {
        self.last.clone().filter(|last| last.0 == *question)
    }

    pub(crate) fn keep(&mut self, question: Question, rows: Rows) -> Arc<(Question, Rows)> {
        let kept = Arc::new((question, rows));
        self.last = Some(kept.clone());
        kept
    }
}
