//! Reading Azure: first pages, further pages, second tries.

use std::rc::Rc;

use azure_backup::arm::fault::Fault;
use azure_backup::arm::pace;
use bytes::Bytes;
use http::Response;

use super::Turn;
use crate::app::catalog::{MOST_PAGES, MOST_TRIES, Reading};
use crate::app::effect::{CallId, Effect};
use crate::app::key::{Key, Value};
use crate::app::needs;
use crate::app::state::Purpose;

impl Turn<'_> {
    /// Asks for what the present place needs and has not been asked for, and again for what failed and is due.
    pub(super) fn read_what_is_needed(&mut self) {
        if self.state.name_rests_at.is_some_and(|at| at <= self.moment.now) {
            self.state.name_rests_at = None;
        }
        let mut wanted = needs::of(self.state);
        wanted.retain(|key| self.state.catalog.wants(key));
        for key in self.state.catalog.due(self.moment.now).into_iter().chain(wanted) {
            self.ask(&key, None);
        }
    }

    /// Reads what the page shows anew. What is known stays on screen until the new answer is complete.
    pub(super) fn refresh(&mut self) {
        for key in needs::of(self.state) {
            let entry = self.state.catalog.entry_mut(&key);
            entry.failures = 0;
            if entry.reading.is_none() {
                self.ask(&key, None);
            }
        }
        self.announce("Refreshing");
    }

    fn ask(&mut self, key: &Key, next: Option<&str>) {
        let Some(id) = self.moment.id() else { return };
        let cloud = self.state.cloud();
        match key.request(next, &self.state.settings.versions, &cloud, &id) {
            Ok(request) => {
                let call = self.send(key.what(), request, Purpose::Read(key.clone()));
                let now = self.moment.now;
                let entry = self.state.catalog.entry_mut(key);
                entry.retry_at = None;
                match (&mut entry.reading, next) {
                    (Some(reading), Some(_)) => reading.call = call,
                    (reading, _) => *reading = Some(Reading::new(call, now)),
                }
            }
            Err(refused) => self.unread(key, Fault::refused(key.what(), &refused)),
        }
    }

    pub(super) fn read(&mut self, key: &Key, call: CallId, result: Result<Response<Bytes>, Fault>) {
        if self.state.catalog.entry(key).and_then(|e| e.reading.as_ref()).is_none_or(|r| r.call != call) {
            return;
        }
        let part = match result.and_then(|answer| key.read(&answer, &self.state.settings.versions)) {
            Ok(part) => part,
            Err(fault) => return self.unread(key, fault),
        };
        let now = self.moment.now;
        let entry = self.state.catalog.entry_mut(key);
        let Some(reading) = &mut entry.reading else { return };
        reading.pages += 1;
        reading.held.push(part.value);
        let too_many = reading.pages >= MOST_PAGES;
        if part.next.is_none() || too_many {
            entry.value = Value::joined(&reading.held);
            entry.reading = None;
            entry.fault = None;
            entry.failures = 0;
            entry.at = Some(now);
            self.effects.push(Effect::Mark(key.what()));
            if too_many && part.next.is_some() {
                let fault = Fault::reported(
                    key.what(),
                    "",
                    "Azure's list goes on beyond the longest that is read. What follows is missing here.",
                );
                self.state.catalog.entry_mut(key).fault = Some(Rc::new(fault));
            }
            return;
        }
        entry.show_pages(now);
        self.ask(key, part.next.as_deref());
    }

    fn unread(&mut self, key: &Key, fault: Fault) {
        let now = self.moment.now;
        let entry = self.state.catalog.entry_mut(key);
        entry.show_all_pages();
        entry.reading = None;
        entry.failures += 1;
        let again = fault.is_retryable() && entry.failures < MOST_TRIES;
        let asked = fault.retry_after.map(|r| r.due(now));
        entry.retry_at = again.then(|| asked.unwrap_or_else(|| now + pace::backoff(entry.failures)));
        entry.fault = Some(Rc::new(fault));
    }

    /// Whoever leaves takes his calls along.
    pub(super) fn abort_readings(&mut self) {
        let calls: Vec<CallId> = self.state.catalog.calls().collect();
        for call in calls {
            self.state.calls.remove(&call);
            self.effects.push(Effect::Abort(call));
        }
    }
}
