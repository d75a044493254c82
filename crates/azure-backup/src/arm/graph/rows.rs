//! The rows of all pages of a result.

use super::ResultPage;
use crate::arm::id::ArmId;
use std::rc::Rc;

/// Something that an ARM id tells from others of its kind.
pub trait Identified {
    /// Its id.
    fn id(&self) -> &ArmId;
}

impl<T: Identified> Identified for Rc<T> {
    fn id(&self) -> &ArmId {
        (**self).id()
    }
}

/// How complete a result is. Even `Whole` is not "everything there is", because resources that the caller may not read are in no result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Completeness {
    /// Further pages follow.
    Reading,
    /// All that Resource Graph has counted has come.
    Whole,
    /// So many rows fewer have come than Resource Graph has counted, since resources came or went between two pages. Asking again may bring them.
    Missing(u64),
    /// Resource Graph has left out rows or subscriptions, and would leave them out again.
    Cut,
}

/// The rows of a result, each once, in the order in which they came.
#[derive(Clone, Debug, PartialEq)]
pub struct Rows<T> {
    rows: Vec<T>,
    /// Positions in `rows`, sorted by id.
    by_id: Vec<u32>,
    unreadable: usize,
    total: Option<u64>,
    cut: bool,
    more: bool,
}

impl<T> Default for Rows<T> {
    /// No rows yet; the first page is still to come.
    fn default() -> Self {
        Rows { rows: Vec::new(), by_id: Vec::new(), unreadable: 0, total: None, cut: false, more: true }
    }
}

impl<T: Identified> Rows<T> {
    /// Adds the rows of the next page that have not come before.
    pub fn add(&mut self, page: ResultPage<T>) {
        page.rows.into_iter().for_each(|row| self.add_row(row));
        self.unreadable += page.unreadable;
        self.total = page.total.or(self.total);
        self.cut |= page.truncated || page.subscriptions_left_out;
        self.more = page.next.is_some();
    }

    /// Adds the rows of later pages of the same result.
    pub fn append(&mut self, later: &Rows<T>)
    where
        T: Clone,
    {
        later.rows.iter().for_each(|row| self.add_row(row.clone()));
        self.unreadable += later.unreadable;
        self.total = later.total.or(self.total);
        self.cut |= later.cut;
        self.more = later.more;
    }

    fn add_row(&mut self, row: T) {
        let Ok(position) = u32::try_from(self.rows.len()) else { return };
        // Results are sorted, so a row usually belongs after all others.
        let place = match self.by_id.last().and_then(|last| self.rows.get(*last as usize)) {
            Some(last) if last.id() >= row.id() => self.find(row.id()),
            _ => Err(self.by_id.len()),
        };
        if let Err(place) = place {
            self.by_id.insert(place, position);
            self.rows.push(row);
        }
    }

    /// The place of an id in `by_id`, or where it belongs.
    fn find(&self, id: &ArmId) -> Result<usize, usize> {
        self.by_id.binary_search_by(|position| match self.rows.get(*position as usize) {
            Some(row) => row.id().cmp(id),
            None => std::cmp::Ordering::Less,
        })
    }

    /// The row of a resource.
    #[must_use]
    pub fn get(&self, id: &ArmId) -> Option<&T> {
        let place = self.find(id).ok()?;
        self.rows.get(*self.by_id.get(place)? as usize)
    }
}

impl<T: Identified> Rows<Rc<T>> {
    /// A first page, whose rows others can share.
    #[must_use]
    pub fn shared(page: ResultPage<T>) -> Self {
        let mut rows = Self::default();
        let ResultPage { rows: own, unreadable, total, next, truncated, subscriptions_left_out, quota } = page;
        let own = own.into_iter().map(Rc::new).collect();
        rows.add(ResultPage { rows: own, unreadable, total, next, truncated, subscriptions_left_out, quota });
        rows
    }
}

impl<T> Rows<T> {
    /// The rows.
    #[must_use]
    pub fn all(&self) -> &[T] {
        &self.rows
    }

    /// How many rows had no id and are left out.
    #[must_use]
    pub fn unreadable(&self) -> usize {
        self.unreadable
    }

    /// How many rows there are, as Resource Graph has counted last.
    #[must_use]
    pub fn total(&self) -> Option<u64> {
        self.total
    }

    /// How much has come.
    #[must_use]
    pub fn completeness(&self) -> Completeness {
        let came = u64::try_from(self.rows.len() + self.unreadable).unwrap_or(u64::MAX);
        let missing = self.total.unwrap_or_default().saturating_sub(came);
        match () {
            () if self.more => Completeness::Reading,
            () if self.cut => Completeness::Cut,
            () if missing > 0 => Completeness::Missing(missing),
            () => Completeness::Whole,
        }
    }
}
