//! Reading Azure: first pages, further pages, second tries.

use std::rc::Rc;

use azure_backup::arm::call::Call;
use azure_backup::arm::cloud::RefusedUrl;
use azure_backup::arm::fault::Fault;
use azure_backup::arm::graph::QueryQuota;
use azure_backup::arm::headers;
use azure_backup::arm::page::next_link;
use azure_backup::arm::timing;
use bytes::Bytes;
use http::{Response, StatusCode};
use time::OffsetDateTime;

use super::UpdateContext;
use crate::app::catalog::{MAX_PAGES, MAX_TRIES, PendingRead, UndecodedPage};
use crate::app::effect::{CallId, Effect};
use crate::app::key::{Answer, AnswerPage, Key};
use crate::app::needs;
use crate::app::plans::Expansions;
use crate::app::purpose::Purpose;
use crate::app::route::Route;
use crate::app::saved::Versions;

impl UpdateContext<'_> {
    /// Requests what is needed and was not requested yet, and again what failed and is due.
    pub(super) fn read_needed(&mut self) {
        if self.state.name_lookup_due_at.is_some_and(|at| at <= self.env.now) {
            self.state.name_lookup_due_at = None;
            // Machines of a plan wait for it.
            if self.state.plan_to_expand().is_some() {
                self.state.expansions = Expansions::default();
            }
        }
        for (key, next) in self.state.catalog.resume(self.env.now) {
            if let Ok(call) = key.call(&self.state.settings.versions) {
                self.ask_next(&key, &call, &next);
            }
        }
        let wanted = needs::to_request(&needs::of(self.state), &self.state.catalog);
        for key in self.state.catalog.due(self.env.now).into_iter().chain(wanted) {
            self.ask(&key);
        }
    }

    /// Reads what the page shows anew. What is known stays on screen until the new answer is complete.
    pub(super) fn refresh(&mut self) {
        if matches!(self.state.route, Route::Plan(_) | Route::PlanReview(_)) {
            // What was spelled out rests on answers of every kind, and stays until all of them are read anew.
            self.abort_reads();
            self.state.catalog.clear();
            self.state.expansions = Expansions::default();
            return self.announce("Refreshing");
        }
        if let Route::Board(id, _) = self.state.route.clone() {
            // A rehearsal may have made thousands of things: they are read again a few at a time.
            let keys = self.state.clean_up_keys(&id);
            let catalog = &mut self.state.catalog;
            let stale: Vec<Key> = keys.into_iter().filter(|key| !catalog.is_loading(key)).collect();
            catalog.forget(|key| stale.contains(key));
        }
        let checked = self.state.readiness_keys();
        for key in needs::of_screen(self.state).into_iter().chain(checked) {
            let entry = self.state.catalog.entry_mut(&key);
            entry.failures = 0;
            if entry.reading.is_none() {
                self.ask(&key);
            }
        }
        self.announce("Refreshing");
    }

    /// Reads an answer from its first page. What is known stays until the new answer is complete.
    pub(super) fn ask(&mut self, key: &Key) {
        if let Some(until) = self.query_wait(key) {
            self.state.catalog.entry_mut(key).retry_at = Some(until);
            return;
        }
        let call = key.call(&self.state.settings.versions);
        let Some(sent) = self.send_read(key, call) else { return };
        let (now, refused) = (self.env.now, self.state.settings.versions.refused);
        let entry = self.state.catalog.entry_mut(key);
        entry.retry_at = None;
        entry.reading = Some(PendingRead::new(sent, now, refused));
    }

    /// Until when Resource Graph may not be asked for `key`; none = it may, or answers no such key.
    fn query_wait(&self, key: &Key) -> Option<OffsetDateTime> {
        self.state.query_pace.wait(self.env.now).filter(|_| key.is_query())
    }

    /// Reads the page that follows the one of `call`.
    fn ask_next(&mut self, key: &Key, call: &Call<AnswerPage>, next: &str) {
        let wait = self.query_wait(key);
        let Some(reading) = self.reading(key) else { return };
        (reading.token, reading.paused_until) = (Some(next.to_owned()), wait);
        if wait.is_some() {
            return;
        }
        let call = key.next_call(call, &self.state.cloud(), next);
        let Some(sent) = self.send_read(key, call) else { return };
        if let Some(reading) = self.reading(key) {
            reading.call = sent;
        }
    }

    /// Sends a call, unless it is refused: then that is the fault of the answer.
    fn send_read(&mut self, key: &Key, call: Result<Call<AnswerPage>, RefusedUrl>) -> Option<CallId> {
        let (id, cloud) = (self.env.id()?, self.state.cloud());
        match call.and_then(|call| Ok((call.request(&cloud, &id)?, call))) {
            Ok((request, call)) => {
                if key.is_query() {
                    self.state.query_pace.spend(self.env.now);
                }
                Some(self.send(call.name, request, Purpose::Read(key.clone(), call)))
            }
            Err(refused) => {
                self.on_read_failed(key, Fault::refused(key.what(), &refused));
                None
            }
        }
    }

    pub(super) fn read(
        &mut self,
        key: &Key,
        call: &Call<AnswerPage>,
        id: CallId,
        result: Result<Response<Bytes>, Fault>,
    ) {
        if self.reading(key).is_none_or(|reading| reading.call != id) {
            return;
        }
        // Should the page before still lie there: pages have an order.
        self.decode_page(key);
        let Some(reading) = self.reading(key) else { return };
        let answer = match result {
            Ok(answer) => answer,
            Err(fault) => return self.on_read_failed(key, fault),
        };
        if answer.status() == StatusCode::ACCEPTED && call.accepts.contains(&answer.status().as_u16()) {
            return self.await_result(key, &answer);
        }
        let further = reading.pages + 1 < MAX_PAGES && answer.status() == StatusCode::OK;
        match further.then(|| next_link(answer.body())).flatten() {
            Some(next) => {
                reading.unread = Some(UndecodedPage { call: call.clone(), answer });
                self.ask_next(key, call, &next);
                self.effects.push(Effect::ReadOn(key.clone()));
            }
            None => self.store_page(key, call, &answer, false),
        }
    }

    /// Azure gives the answer later, at the URL in `Location`: it is asked for there after the wait that Azure names.
    fn await_result(&mut self, key: &Key, answer: &Response<Bytes>) {
        let now = self.env.now;
        let headers = answer.headers();
        let wait = headers::retry_after(headers).map_or(now + timing::OPERATION_POLL_INTERVAL, |wait| wait.due(now));
        let Some(reading) = self.reading(key) else { return };
        let in_time = now - reading.since <= timing::MAX_WAIT;
        match headers::location(headers).map(str::to_owned).or_else(|| reading.token.clone()).filter(|_| in_time) {
            Some(url) => {
                reading.token = Some(url);
                reading.paused_until = Some(wait.clamp(now + timing::MIN_WAIT, now + timing::MAX_WAIT));
            }
            None => self
                .on_read_failed(key, Fault::reported(key.what(), "", "Azure accepted the request and gave no result.")),
        }
    }

    /// Reads the page whose next one has been asked for: Azure is at work meanwhile.
    pub(super) fn decode_page(&mut self, key: &Key) {
        if let Some(UndecodedPage { call, answer }) = self.reading(key).and_then(|reading| reading.unread.take()) {
            self.store_page(key, &call, &answer, true);
        }
    }

    fn reading(&mut self, key: &Key) -> Option<&mut PendingRead> {
        self.state.catalog.known_mut(key)?.reading.as_mut()
    }

    /// Decodes the answer to `call` and keeps what it holds; `asked` says whether the next page was requested already.
    fn store_page(&mut self, key: &Key, call: &Call<AnswerPage>, answer: &Response<Bytes>, asked: bool) {
        let part = match call.read(answer) {
            Ok(part) => part,
            Err(fault) => return self.on_read_failed(key, fault),
        };
        let now = self.env.now;
        if key.is_query() {
            self.state.query_pace.on_response(QueryQuota::read(answer.headers()), now);
        }
        let entry = self.state.catalog.entry_mut(key);
        let Some(reading) = &mut entry.reading else { return };
        reading.pages += 1;
        reading.page_throttles = 0;
        reading.held.push(part.value);
        let too_many = reading.pages >= MAX_PAGES;
        if part.next.is_none() || too_many {
            entry.value = Answer::joined(&reading.held);
            entry.reading = None;
            entry.fault = None;
            entry.failures = 0;
            entry.at = Some(now);
            self.effects.push(Effect::Mark(key.what()));
            if too_many && part.next.is_some() {
                let fault = Fault::reported(
                    key.what(),
                    "",
                    "This list is too long to load completely. Only the first part is shown.",
                );
                self.state.catalog.entry_mut(key).fault = Some(Rc::new(fault));
            }
            return;
        }
        entry.show_pages(now);
        if let Some(next) = part.next.filter(|_| !asked) {
            self.ask_next(key, call, &next);
        }
    }

    /// Whether a refusal of the api-version lets the same be asked for with an older one; asks for it.
    fn retry_with_older_version(&mut self, key: &Key, fault: &Fault) -> bool {
        let Some(reading) = self.reading(key).filter(|reading| reading.pages == 0) else { return false };
        let (refused, versions) = (reading.refused, &mut self.state.settings.versions);
        let asked_with = Versions { refused, ..versions.clone() };
        if !key.reads_newer() || !fault.refuses_version() || *asked_with.reading() == versions.primary {
            return false;
        }
        // Of several readings that were under way, the first refusal is heard.
        if refused == versions.refused {
            versions.refused += 1;
        }
        self.state.catalog.entry_mut(key).reading = None;
        self.ask(key);
        true
    }

    /// Whether a refusal because too much was asked only lets a reading pause: what has come of a long result is kept, and its next page asked for again.
    fn pause(&mut self, key: &Key, fault: &Fault) -> bool {
        if !key.is_query() || !fault.is_throttled() {
            return false;
        }
        let now = self.env.now;
        self.state.query_pace.on_throttle(fault, now);
        let wait = self.state.query_pace.wait(now);
        let Some(reading) = self.reading(key).filter(|reading| reading.token.is_some()) else { return false };
        reading.page_throttles += 1;
        if reading.page_throttles >= MAX_TRIES {
            return false;
        }
        reading.paused_until = wait.or(Some(now));
        true
    }

    fn on_read_failed(&mut self, key: &Key, fault: Fault) {
        if self.retry_with_older_version(key, &fault) || self.pause(key, &fault) {
            return;
        }
        if self.reading(key).is_some() {
            self.decode_page(key);
            // The page before could not be read: that is the fault.
            if self.reading(key).is_none() {
                return;
            }
        }
        let now = self.env.now;
        let entry = self.state.catalog.entry_mut(key);
        entry.show_all_pages();
        entry.reading = None;
        entry.failures += 1;
        let again = fault.is_retryable() && entry.failures < MAX_TRIES;
        let at = timing::next_attempt(&fault, entry.failures, now);
        entry.retry_at = again.then_some(at);
        entry.fault = Some(Rc::new(fault));
    }

    /// Whoever leaves takes his calls along.
    pub(super) fn abort_reads(&mut self) {
        let calls: Vec<CallId> = self.state.catalog.calls().collect();
        for call in calls {
            self.state.calls.remove(&call);
            self.effects.push(Effect::Abort(call));
        }
    }
}
