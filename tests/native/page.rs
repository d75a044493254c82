//! A page without a browser: performs effects with the simulator, on a clock that jumps to the next wake-up.

use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;

use arm_sim::{Reply, Simulator};
use azure_backup::arm::headers;
use azure_backup::arm::id::ClientRequestId;
use bytes::Bytes;
use http::{Request, Response};
use time::{Duration, OffsetDateTime};
use vm_restore::app::config::Config;
use vm_restore::app::effect::Effect;
use vm_restore::app::env::Env;
use vm_restore::app::msg::{Msg, Transport};
use vm_restore::app::records::{Change, Record};
use vm_restore::app::route::Route;
use vm_restore::app::saved::{
    self, DRAFTS, FILE_RECOVERY, PLANS, QUARANTINE, READS, RESTORES, SENT_REQUESTS, SETTINGS, Saved, older_after,
};
use vm_restore::app::session::{Secret, Session};
use vm_restore::app::sign_in::{SignInError, SignInRequest, SignInResult};
use vm_restore::app::state::State;
use vm_restore::app::update::update;

/// What may be done to an answer on its way.
pub(crate) type Spoil =
    Box<dyn FnMut(&Request<Bytes>, Result<Response<Bytes>, Transport>) -> Result<Response<Bytes>, Transport>>;

/// Who answers a sign-in: none = nobody yet.
pub(crate) type SigningIn = Box<dyn FnMut(&SignInRequest) -> Option<Result<SignInResult, SignInError>>>;

/// The records of a browser, by store and key.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Records(pub(crate) BTreeMap<String, BTreeMap<String, String>>);

impl Records {
    /// A transaction that has committed.
    pub(crate) fn commit(&mut self, store: &str, changes: &[Change]) {
        let records = self.0.entry(store.to_owned()).or_default();
        for change in changes {
            match change {
                Change::Put((key, text)) => drop(records.insert(key.clone(), text.clone())),
                Change::Delete(key) => drop(records.remove(key)),
                Change::Clear => records.clear(),
            }
        }
    }

    /// All records of a store, by key, as the database gives them.
    pub(crate) fn all(&self, store: &str) -> Vec<Record> {
        let records = self.0.get(store).into_iter().flatten();
        records.map(|(key, text)| (key.clone(), text.clone())).collect()
    }

    /// The restores as the shell reads them once more for a tab: without those that the tab knows to be over.
    pub(crate) fn reread(&self, state: &State) -> Msg {
        let (all, settled) = (self.all(RESTORES), state.settled());
        let keys = all.iter().map(|(key, _)| key.clone()).collect();
        let unsettled = |(key, _): &Record| ClientRequestId::parse(key).is_ok_and(|id| !settled.contains(&id));
        Msg::RecordsRead { keys, records: all.into_iter().filter(unsettled).collect() }
    }

    /// The plans as the shell reads them once more.
    pub(crate) fn reread_plans(&self) -> Msg {
        let changes = self.all(PLANS).into_iter().map(Change::Put).collect();
        Msg::RecordsChanged { store: PLANS.to_owned(), changes, kept: true }
    }
}

/// Like the shell: what older versions have left of records that are removed goes, too.
pub(crate) fn remove_older(storage: &mut BTreeMap<String, String>, store: &str, changes: &[Change]) {
    for (name, text) in older_after(store, &older(storage, store), changes) {
        match text {
            Some(text) => drop(storage.insert(name, text)),
            None => drop(storage.remove(&name)),
        }
    }
}

/// What older versions have left of a store in `localStorage`.
pub(crate) fn older(storage: &BTreeMap<String, String>, store: &str) -> Vec<Record> {
    let below = |name: &str| name.strip_prefix(store).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    storage.iter().filter(|(name, _)| below(name)).map(|(name, text)| (name.clone(), text.clone())).collect()
}

/// What one tab tells the others.
#[derive(Clone, Debug)]
pub(crate) enum Told {
    /// A text; none = removed.
    Text(String, Option<String>),
    /// Records of a store.
    Records(String, Vec<Change>),
}

impl Told {
    pub(crate) fn key(&self) -> &str {
        match self {
            Self::Text(key, _) | Self::Records(key, _) => key,
        }
    }

    /// As another tab hears it.
    pub(crate) fn on_response(self, kept: bool) -> Msg {
        match self {
            Self::Text(key, value) => Msg::SavedElsewhere { key, value },
            Self::Records(store, changes) => Msg::RecordsChanged { store, changes, kept },
        }
    }
}

/// The page.
pub(crate) struct Page {
    pub(crate) state: State,
    pub(crate) simulator: Simulator,
    pub(crate) now: OffsetDateTime,
    pub(crate) storage: BTreeMap<String, String>,
    pub(crate) records: Records,
    /// Whether saving works.
    pub(crate) can_save: bool,
    /// Why the browser keeps nothing at all.
    pub(crate) forbidden: Option<String>,
    pub(crate) spoil: Spoil,
    pub(crate) sent: Vec<(String, String)>,
    /// How far this computer's clock is ahead of Azure's.
    pub(crate) ahead: Duration,
    /// Whether this tab gets the lead when it asks for it.
    pub(crate) may_lead: bool,
    /// Whether this tab gets the right to send a restore: no other tab holds it.
    pub(crate) may_claim: bool,
    /// What comes of the wait for a token.
    pub(crate) token_comes: fn() -> Result<(), Transport>,
    /// What could not be saved; other tabs are informed nevertheless.
    pub(crate) unsaved: Vec<Told>,
    /// The files that were offered.
    pub(crate) files: Vec<String>,
    /// What was put on the clipboard.
    pub(crate) copied: Vec<String>,
    /// The place whose whole address was copied last.
    pub(crate) copied_address: Option<Route>,
    /// Saved and not yet told to other tabs.
    pub(crate) saved: Vec<Told>,
    /// Whether the page has asked the browser not to remove what is saved.
    pub(crate) persists: bool,
    pub(crate) config: Config,
    pub(crate) sign_in: SigningIn,
    /// What the sign-in has left in this tab.
    pub(crate) signed_in: u32,
    token: Option<Secret>,
    queue: VecDeque<Msg>,
    wake: Option<OffsetDateTime>,
    ids: u32,
}

/// An answer as the shell passes it on: with only the headers in its list.
fn handed_on(mut answer: Response<Bytes>) -> Response<Bytes> {
    let told = std::mem::take(answer.headers_mut());
    for name in headers::all() {
        // A browser joins several of one name.
        let all: Vec<&[u8]> = told.get_all(name).iter().map(http::HeaderValue::as_bytes).collect();
        if !all.is_empty() {
            answer.headers_mut().insert(name, http::HeaderValue::from_bytes(&all.join(&b", "[..])).unwrap());
        }
    }
    answer
}

impl Page {
    pub(crate) fn open(simulator: Simulator, now: OffsetDateTime) -> Self {
        let mut page = Self::blank(simulator, now);
        page.start(Route::Connect);
        page.say(Msg::StartDemo);
        page
    }

    /// A page that nothing has been said to yet.
    pub(crate) fn blank(simulator: Simulator, now: OffsetDateTime) -> Self {
        Self {
            state: State::new(now),
            simulator,
            now,
            storage: BTreeMap::new(),
            records: Records::default(),
            persists: false,
            can_save: true,
            forbidden: None,
            spoil: Box::new(|_, answer| answer),
            sent: Vec::new(),
            ahead: Duration::ZERO,
            may_lead: true,
            may_claim: true,
            token_comes: || Ok(()),
            saved: Vec::new(),
            unsaved: Vec::new(),
            files: Vec::new(),
            copied: Vec::new(),
            copied_address: None,
            sign_in: Box::new(|_| Some(Ok(SignInResult::default()))),
            signed_in: 0,
            config: Config::default(),
            token: None,
            queue: VecDeque::new(),
            wake: None,
            ids: 0,
        }
    }

    /// The same page, world and time again, with answers no longer altered.
    pub(crate) fn fork(&self) -> Self {
        Self {
            state: self.state.clone(),
            simulator: self.simulator.clone(),
            storage: self.storage.clone(),
            records: self.records.clone(),
            spoil: Box::new(|_, answer| answer),
            sign_in: Box::new(|_| Some(Ok(SignInResult::default()))),
            config: self.config.clone(),
            sent: self.sent.clone(),
            saved: self.saved.clone(),
            unsaved: self.unsaved.clone(),
            forbidden: self.forbidden.clone(),
            files: self.files.clone(),
            copied: self.copied.clone(),
            copied_address: self.copied_address.clone(),
            token: self.token.clone(),
            queue: self.queue.clone(),
            ..*self
        }
    }

    pub(crate) fn start(&mut self, route: Route) {
        let saved = |key: &str| self.storage.get(key).cloned();
        let saved = Saved {
            restores: self.records.all(RESTORES),
            drafts: self.records.all(DRAFTS),
            plans: self.records.all(PLANS),
            older_restores: older(&self.storage, RESTORES),
            older_drafts: older(&self.storage, DRAFTS),
            settings: saved(SETTINGS),
            reads: saved(READS),
            file_recovery: saved(FILE_RECOVERY),
            sent_requests: saved(SENT_REQUESTS),
            quarantine: saved(QUARANTINE),
            forbidden: self.forbidden.clone(),
            signed_in: self.signed_in > 0,
        };
        self.say(Msg::Started {
            config: Ok(Rc::new(self.config.clone())),
            saved: Rc::new(saved),
            route,
            hosted: false,
        });
    }

    /// The saved restores in one text, the newest first, as an older version or a file holds them.
    pub(crate) fn list(&self) -> String {
        let all = self.records.all(RESTORES);
        let mut read: Vec<_> = all.iter().filter_map(|record| saved::restore(record, self.now)).collect();
        assert_eq!(read.len(), all.len(), "{all:?}");
        read.sort_by_key(|restore| std::cmp::Reverse(restore.started));
        saved::restores_text(read.iter())
    }

    /// Puts the restores of such a text in the place of all saved ones.
    pub(crate) fn plant(&mut self, list: &str) {
        let list: serde_json::Value = serde_json::from_str(list).unwrap();
        let list = list.get("restores").unwrap_or(&list).as_array().unwrap();
        let key = |record: &serde_json::Value| record["id"].as_str().unwrap_or("damaged").to_owned();
        let record = |record: &serde_json::Value| (key(record), record.to_string());
        self.records.0.insert(RESTORES.to_owned(), list.iter().map(record).collect());
    }

    /// The tab is closed and opened again at the same place: only what was saved is left.
    pub(crate) fn reload(&mut self) {
        let route = self.state.route.clone();
        self.reload_at(route);
    }

    /// A fresh tab follows a link: only what was saved is known.
    pub(crate) fn reload_at(&mut self, route: Route) {
        self.state = State::new(self.now);
        self.queue.clear();
        self.wake = None;
        self.start(route);
        if self.state.session == Session::Disconnected && self.config.sign_in.client_id.is_empty() {
            self.say(Msg::StartDemo);
        }
    }

    /// Dispatches `msg` and performs everything that follows without waiting.
    pub(crate) fn say(&mut self, msg: Msg) {
        self.hear(msg);
        self.settle();
    }

    pub(crate) fn settle(&mut self) {
        let mut turns = 0;
        while self.step() {
            turns += 1;
            assert!(turns < 5_000, "the program talks to itself for ever: {:?}", self.queue);
        }
    }

    /// The click on *Start restore*, with what the review page shows now.
    pub(crate) fn click(&self, unsaved: bool) -> Msg {
        let Route::Review(place) = self.state.route.clone() else { return Msg::Tick };
        // Without a plan the button is disabled.
        let Ok(plan) = self.state.plan(&place) else { return Msg::Tick };
        Msg::Start { place, sha256: plan.sha256.clone(), unsaved }
    }

    /// The operator presses *Start restore*.
    pub(crate) fn start_restore(&mut self) {
        self.say(self.click(false));
    }

    /// The click on *Send it now* for a record that was not sent, with what the page shows.
    pub(crate) fn send_unsent(&mut self, id: &ClientRequestId) {
        let review = self.state.unsent_review(id).expect("nothing is offered").expect("it cannot be sent");
        self.say(Msg::SendUnsent { id: id.clone(), sha256: review.sha256 });
    }

    /// Lines `msg` up for [`Page::step`].
    pub(crate) fn hear(&mut self, msg: Msg) {
        self.queue.push_back(msg);
    }

    /// The same, ahead of what waits already.
    pub(crate) fn hear_first(&mut self, msg: Msg) {
        self.queue.push_front(msg);
    }

    /// Handles one message and performs its effects. False if there is none.
    pub(crate) fn step(&mut self) -> bool {
        let Some(msg) = self.queue.pop_front() else { return false };
        self.ids += 1;
        let env = Env::new(self.now, &format!("{:08x}-0000-4000-8000-000000000000", self.ids));
        for effect in update(&mut self.state, env, msg) {
            self.perform(effect);
        }
        true
    }

    fn perform(&mut self, effect: Effect) {
        match effect {
            Effect::Send { id, request } => {
                assert!(!request.headers().contains_key("authorization"), "the program knows no token");
                self.sent.push((request.method().to_string(), request.uri().path().to_owned()));
                let result = self.answer(&request);
                let result = (self.spoil)(&request, result);
                self.hear(Msg::Answered { id, result });
            }
            Effect::ReadOn(key) => self.hear(Msg::ReadOn(key)),
            Effect::Authorize(id) => {
                let result = (self.token_comes)();
                self.hear(Msg::Authorized { id, result });
            }
            Effect::Save { id, key, value, broadcast_unsaved } => {
                let result = if self.can_save { Ok(()) } else { Err("The quota has been exceeded.".to_owned()) };
                if self.can_save {
                    self.saved.push(Told::Text(key.to_owned(), Some(value.clone())));
                    self.storage.insert(key.to_owned(), value);
                } else if broadcast_unsaved {
                    self.unsaved.push(Told::Text(key.to_owned(), Some(value)));
                }
                self.hear(Msg::Saved { id, key, result });
            }
            Effect::SaveRecords { id, store, changes, broadcast_unsaved } => {
                let result = if self.can_save { Ok(()) } else { Err("The quota has been exceeded.".to_owned()) };
                if self.can_save {
                    self.records.commit(store, &changes);
                    remove_older(&mut self.storage, store, &changes);
                    self.saved.push(Told::Records(store.to_owned(), changes));
                } else if broadcast_unsaved {
                    self.unsaved.push(Told::Records(store.to_owned(), changes));
                }
                self.hear(Msg::Saved { id, key: store, result });
            }
            Effect::RemoveUnchanged(entries) => {
                for (name, text) in entries {
                    if self.storage.get(&name) == Some(&text) {
                        self.storage.remove(&name);
                    }
                }
            }
            Effect::Persist => self.persists = true,
            Effect::Hold(_) | Effect::Release(_) => {}
            Effect::Claim(id) => {
                if self.may_claim {
                    self.hear(self.records.reread_plans());
                }
                self.hear(Msg::Claimed { id, held: self.may_claim });
            }
            Effect::Remove(key) => {
                self.saved.push(Told::Text(key.to_owned(), None));
                for (name, _) in older(&self.storage, key) {
                    self.storage.remove(&name);
                }
            }
            Effect::Go(route) => {
                assert_eq!(Route::parse(&route.hash()), route, "every place has an address");
                self.hear(Msg::Went(route));
            }
            Effect::Replace(route) => {
                assert_eq!(
                    (&Route::parse(&route.hash()), &route),
                    (&self.state.route, &self.state.route),
                    "the address names the place"
                );
            }
            Effect::WakeAt(at) => self.wake = Some(at),
            Effect::Lead(_) if self.may_lead => self.hear(Msg::Leading(true)),
            Effect::UseToken(token) => self.token = Some(token),
            Effect::SignIn(request) => {
                if let Some(answer) = (self.sign_in)(&request) {
                    if answer.is_ok() {
                        // Each sign-in gives another token.
                        self.signed_in += 1;
                        self.token = Some(Secret::new(format!("signed-in-{}", self.signed_in)));
                    }
                    self.hear(Msg::SignedIn(answer));
                }
            }
            Effect::UseDemo | Effect::Disconnect => self.token = None,
            Effect::UseSignIn | Effect::CancelSignIn | Effect::SignOut => {}
            Effect::Abort(_) | Effect::Lead(_) => {}
            Effect::Download { text, .. } => self.files.push(text),
            Effect::Copy(text) => self.copied.push(text),
            Effect::Mark(_) => {}
            Effect::CopyAddress(route) => self.copied_address = Some(route),
            Effect::Notify { .. } | Effect::AskNotify | Effect::ChooseFile => {}
        }
    }

    fn answer(&mut self, request: &Request<Bytes>) -> Result<Response<Bytes>, Transport> {
        let mut authorized = request.clone();
        if let Some(token) = &self.token {
            let value = format!("Bearer {}", token.reveal()).parse().unwrap();
            authorized.headers_mut().insert("authorization", value);
        }
        match self.simulator.handle(self.now - self.ahead, &authorized) {
            Reply::Answer(answer) if answer.body().len() > azure_backup::arm::call::MAX_ANSWER => {
                Err(Transport::TooLarge)
            }
            Reply::Answer(answer) => Ok(handed_on(answer)),
            Reply::Dropped { .. } => Err(Transport::Network("Failed to fetch".to_owned())),
        }
    }

    /// Jumps to the next wake-up. False when there is none.
    pub(crate) fn wait(&mut self) -> bool {
        let woke = self.rest();
        if woke {
            self.settle();
        }
        woke
    }

    /// Advances the time to the next wake-up, which the next step handles.
    pub(crate) fn rest(&mut self) -> bool {
        let Some(at) = self.wake.take() else { return false };
        self.now = at.max(self.now);
        self.hear(Msg::Woke);
        true
    }

    /// Waits until `done`, at most `longest`.
    pub(crate) fn wait_until(&mut self, longest: Duration, done: impl Fn(&State) -> bool) {
        let end = self.now + longest;
        while !done(&self.state) && self.now < end && self.wait() {}
    }

    pub(crate) fn restore(&self) -> &vm_restore::restore::run::RestoreRun {
        self.state.restores.first().unwrap()
    }

    pub(crate) fn asked(&self) -> &vm_restore::restore::run::SubmittedRequest {
        self.restore().submitted.as_ref().unwrap()
    }

    pub(crate) fn restore_id(&self) -> ClientRequestId {
        self.restore().id.clone()
    }

    /// Restore requests that left.
    pub(crate) fn clicks_sent(&self) -> usize {
        let triggers = |path: &str| path.ends_with("/restore") || path.ends_with("/backupCrossRegionRestore");
        self.sent.iter().filter(|(method, path)| method == "POST" && triggers(path)).count()
    }

    /// Restore triggers that reached the simulator.
    pub(crate) fn triggers(&self) -> usize {
        self.simulator.triggers().len()
    }
}
