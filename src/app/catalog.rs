//! What has been read of Azure, what is being read, and what could not be read.

use std::rc::Rc;

use azure_backup::arm::call::Call;
use azure_backup::arm::fault::Fault;
use bytes::Bytes;
use http::Response;
use time::{Duration, OffsetDateTime};

use super::effect::CallId;
use super::key::{Answer, AnswerPage, Answered, Key};
use super::sorted::Sorted;

/// So many pages of one list are followed. The longest list seen has a handful; a service that links in a circle must not keep us for ever.
pub const MAX_PAGES: u32 = 500;
/// Further pages are shown after so many microseconds, and so many more for each entry that is shown already: to show them all costs as
/// much as there are.
const REDRAW_MICROS: i64 = 100_000;
const REDRAW_MICROS_PER_ROW: i64 = 25;
/// So often a read is tried again after a fault that may pass.
pub const MAX_TRIES: u32 = 4;

/// The state of one answer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Entry {
    /// The last complete answer, or the pages that have come so far when there was none before.
    pub value: Option<Answer>,
    /// When it was complete.
    pub at: Option<OffsetDateTime>,
    /// The reading under way.
    pub reading: Option<PendingRead>,
    /// Why the last reading failed.
    pub fault: Option<Rc<Fault>>,
    /// Faults in a row.
    pub failures: u32,
    /// When the failed reading is tried again; none = not by itself.
    pub retry_at: Option<OffsetDateTime>,
}

/// A reading under way.
#[derive(Clone, Debug, PartialEq)]
pub struct PendingRead {
    /// The call.
    pub call: CallId,
    /// Since when.
    pub since: OffsetDateTime,
    /// How many api-versions the cloud had refused when it began.
    pub refused: usize,
    /// How many pages were read.
    pub pages: u32,
    /// What they held; pages that were shown already are one.
    pub held: Vec<Answer>,
    /// A page that is decoded only after the next one was requested.
    pub unread: Option<UndecodedPage>,
    /// When they were shown last.
    pub shown: Option<OffsetDateTime>,
    /// What the page under way was asked for with; none for the first one.
    pub token: Option<String>,
    /// How often in a row that page was refused because too much was asked.
    pub page_throttles: u32,
    /// When it is asked for: nothing is sent before.
    pub paused_until: Option<OffsetDateTime>,
}

/// An answer of which only the link to the next page has been read.
#[derive(Clone, Debug)]
pub struct UndecodedPage {
    /// The call that was sent.
    pub call: Call<AnswerPage>,
    /// Its answer.
    pub answer: Response<Bytes>,
}

impl PartialEq for UndecodedPage {
    fn eq(&self, other: &Self) -> bool {
        self.call == other.call && self.answer.body() == other.answer.body()
    }
}

impl PendingRead {
    /// One that begins with this call.
    pub fn new(call: CallId, now: OffsetDateTime, refused: usize) -> Self {
        Self {
            call,
            since: now,
            refused,
            pages: 0,
            held: Vec::new(),
            unread: None,
            shown: None,
            token: None,
            page_throttles: 0,
            paused_until: None,
        }
    }
}

impl Entry {
    /// The pages of the reading under way are shown as they come, at intervals, where nothing was known before; a refresh replaces all at once.
    pub fn show_pages(&mut self, now: OffsetDateTime) {
        let Some(reading) = self.reading.as_mut() else { return };
        let shown = u32::try_from(self.value.as_ref().map_or(0, Answer::count)).unwrap_or(u32::MAX);
        let wait = Duration::microseconds(REDRAW_MICROS + REDRAW_MICROS_PER_ROW * i64::from(shown));
        if reading.shown.is_none_or(|at| now - at >= wait) {
            reading.shown = Some(now);
            self.show_all_pages();
        }
    }

    /// The same, at once.
    pub fn show_all_pages(&mut self) {
        let Some(reading) = self.reading.as_mut().filter(|_| self.at.is_none()) else { return };
        if let Some(all) = Answer::joined(&reading.held) {
            reading.held = vec![all.clone()];
            self.value = Some(all);
        }
    }

    /// Until when its reading pauses between two pages.
    fn paused_until(&self) -> Option<OffsetDateTime> {
        self.reading.as_ref()?.paused_until
    }

    /// Whether the last reading failed, and is not tried again by itself.
    pub fn has_failed(&self) -> bool {
        self.fault.is_some() && !self.is_loading()
    }

    /// Whether an answer is on its way, now or by itself later.
    pub fn is_loading(&self) -> bool {
        self.reading.is_some() || self.retry_at.is_some()
    }
}

/// Everything read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Catalog {
    /// Counts the changes. What was computed from a catalog holds until the next one.
    revision: u64,
    entries: Sorted<Key, Entry>,
}

impl Catalog {
    /// The entry, if its key was ever asked for.
    pub fn entry(&self, key: &Key) -> Option<&Entry> {
        self.entries.get(key)
    }

    /// How often the catalog was changed, or lent to be changed.
    pub const fn revision(&self) -> u64 {
        self.revision
    }

    /// The same, to be changed.
    pub fn known_mut(&mut self, key: &Key) -> Option<&mut Entry> {
        self.revision += 1;
        self.entries.get_mut(key)
    }

    /// The entry, made when there is none.
    pub fn entry_mut(&mut self, key: &Key) -> &mut Entry {
        self.revision += 1;
        self.entries.get_or_default(key)
    }

    /// The value of a key, complete or as far as it has come.
    pub fn get<T: Answered + ?Sized>(&self, key: &Key) -> Option<Rc<T>> {
        T::of(self.entries.get(key)?.value.as_ref()?).cloned()
    }

    /// The fault that keeps a key from being read.
    pub fn fault(&self, key: &Key) -> Option<Rc<Fault>> {
        self.entries.get(key)?.fault.clone()
    }

    /// Whether a key is being read.
    pub fn is_loading(&self, key: &Key) -> bool {
        self.entries.get(key).is_some_and(Entry::is_loading)
    }

    /// Whether nothing has been asked for yet or the answer is to be read anew.
    pub fn needs_read(&self, key: &Key) -> bool {
        self.entries.get(key).is_none_or(|e| e.value.is_none() && e.fault.is_none() && !e.is_loading())
    }

    /// The first moment at which a failed reading is tried again, or one that pauses goes on.
    pub fn next_retry(&self) -> Option<OffsetDateTime> {
        self.entries.values().flat_map(|e| e.retry_at.into_iter().chain(e.paused_until())).min()
    }

    /// The readings that have paused and go on now, each with what its next page is asked for with.
    pub fn resume(&mut self, now: OffsetDateTime) -> Vec<(Key, String)> {
        let is_due = |e: &Entry| e.paused_until().is_some_and(|until| until <= now);
        let due: Vec<Key> = self.entries.iter().filter(|(_, e)| is_due(e)).map(|(key, _)| key.clone()).collect();
        let token = |key: Key| {
            let reading = self.known_mut(&key)?.reading.as_mut()?;
            reading.paused_until = None;
            Some((key, reading.token.clone()?))
        };
        due.into_iter().filter_map(token).collect()
    }

    /// Whether a read waits because Azure limits requests.
    pub fn is_throttled(&self) -> bool {
        self.entries
            .values()
            .any(|e| e.retry_at.is_some() && e.fault.as_ref().is_some_and(|fault| fault.is_throttled()))
    }

    /// The keys whose second try is due.
    pub fn due(&self, now: OffsetDateTime) -> Vec<Key> {
        self.entries
            .iter()
            .filter(|(_, e)| e.retry_at.is_some_and(|at| at <= now))
            .map(|(key, _)| key.clone())
            .collect()
    }

    /// The calls under way.
    pub fn calls(&self) -> impl Iterator<Item = CallId> + '_ {
        let sent = |e: &&Entry| e.paused_until().is_none();
        self.entries.values().filter(sent).filter_map(|e| Some(e.reading.as_ref()?.call))
    }

    /// Lets what failed for a reason that is no more be read anew: at once where an answer is shown already, else where it is needed.
    pub fn retry_failed_if(&mut self, now: OffsetDateTime, reason: fn(&Fault) -> bool) {
        self.revision += 1;
        for entry in self.entries.values_mut().filter(|e| e.fault.as_deref().is_some_and(reason)) {
            entry.fault = None;
            entry.failures = 0;
            entry.retry_at = entry.value.is_some().then_some(now);
        }
    }

    /// Forgets some answers: they are read anew where they are needed.
    pub fn forget(&mut self, stale: impl Fn(&Key) -> bool) {
        self.revision += 1;
        self.entries.retain(|key| !stale(key));
    }

    /// Forgets everything: another token may see other things.
    pub fn clear(&mut self) {
        self.revision += 1;
        self.entries.clear();
    }
}
