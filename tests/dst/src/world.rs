//! One run: tabs of a browser, a network, Azure and an operator, in virtual time, with one queue of events.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap, VecDeque};
use std::fmt::Write as _;

use arm_sim::Simulator;
use azure_backup::arm::id::ClientRequestId;
use bytes::Bytes;
use http::Request;
use time::{Duration, OffsetDateTime};
use vm_restore::app::effect::{CallId, Effect, SaveId};
use vm_restore::app::env::Env;
use vm_restore::app::msg::{Msg, Transport};
use vm_restore::app::records::{Change, Record};
use vm_restore::app::route::Route;
use vm_restore::app::saved::{
    DRAFTS, FILE_RECOVERY, PLANS, QUARANTINE, READS, RESTORES, SENT_REQUESTS, SETTINGS, Saved,
};
use vm_restore::app::state::State;
use vm_restore::app::update::update;

use crate::dice::Dice;
use crate::fault::{Counts, Kind};
use crate::ledger::{Broken, Click, Leaving, Ledger};
use crate::network::{After, FaultProfile};
use crate::page::{Records, Told, older, remove_older};
use crate::template::Template;

/// Two people work at this browser.
pub(crate) const OPERATORS: [&str; 2] = ["first@contoso.com", "second@contoso.com"];

/// A tab that is closed and opened again is another life of the same slot: messages to the former life are dropped.
pub(crate) type Life = (usize, u64);

/// A scheduled event.
pub(crate) enum Event {
    /// A tab receives a message.
    Hear(Life, Box<Msg>),
    /// A tab that was opened has its configuration and starts, at an address.
    Start(Life, Route),
    /// A tab's timer, unless it was set anew.
    Wake(Life, u64),
    /// A transaction of a tab ends.
    Commit(Life, Box<Transaction>),
    /// A tab begins to read the restores again, and then handles this message.
    Reread(Life, Box<Msg>),
    /// A tab has read them; none = the read failed.
    Read(Life, Option<Records>, Box<Msg>),
    /// A request reaches Azure.
    Arrive(Life, CallId, Box<Request<Bytes>>, After),
    /// The lead goes to the tab that has waited longest.
    Grant,
    /// The operator does something.
    Operator,
    /// A fault of browser, network or Azure.
    Weather,
}

/// Records that a tab saves.
pub(crate) struct Transaction {
    id: SaveId,
    store: &'static str,
    changes: Vec<Change>,
    broadcast_unsaved: bool,
    /// Whether it fails although there is room.
    fails: bool,
    /// Whether it commits even if its tab is gone by then.
    outlives: bool,
}

struct Due {
    at: OffsetDateTime,
    order: u64,
    event: Event,
}

impl PartialEq for Due {
    fn eq(&self, other: &Self) -> bool {
        (self.at, self.order) == (other.at, other.order)
    }
}
impl Eq for Due {}
impl PartialOrd for Due {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Due {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.at, self.order).cmp(&(other.at, other.order))
    }
}

/// One tab.
pub(crate) struct Tab {
    pub(crate) state: State,
    pub(crate) life: u64,
    pub(crate) open: bool,
    pub(crate) token: Option<String>,
    /// The tokens of calls that requested one before they leave.
    pub(crate) authorized: BTreeMap<CallId, String>,
    /// When the last of its transactions ends: they end in their order.
    commits_until: OffsetDateTime,
    /// Messages of other tabs that arrived while it reads the restores again.
    heard: Option<Vec<Msg>>,
    /// Whether the browser has closed its connection to the database.
    disconnected: bool,
    wake: u64,
}

/// What the tabs share.
pub(crate) struct Browser {
    pub(crate) storage: BTreeMap<String, String>,
    pub(crate) records: Records,
    pub(crate) can_save: bool,
    pub(crate) can_load: bool,
    /// How far its clock is ahead of Azure's.
    pub(crate) ahead: Duration,
    pub(crate) asleep_until: OffsetDateTime,
    pub(crate) offline_until: OffsetDateTime,
    /// Who leads, by identity.
    pub(crate) lead: BTreeMap<String, Life>,
    waiting: VecDeque<(Life, String)>,
    /// Who holds the right to send a restore.
    claims: BTreeMap<ClientRequestId, Life>,
}

impl Browser {
    /// Whether a tab has some lead.
    fn leads(&self, life: Life) -> bool {
        self.lead.values().any(|leader| *leader == life)
    }
}

/// The run.
pub(crate) struct World {
    pub(crate) sim: Simulator,
    pub(crate) now: OffsetDateTime,
    pub(crate) browser: Browser,
    pub(crate) tabs: Vec<Tab>,
    pub(crate) dice: Dice,
    pub(crate) fault_profile: FaultProfile,
    pub(crate) counts: Counts,
    pub(crate) ledger: Ledger,
    pub(crate) places: Vec<vm_restore::restore::regional_id::RegionalId>,
    /// Whether a Resource Guard watches the vaults. It only changes what their lists of guards say: the simulator takes a restore that names one that it does not know.
    pub(crate) guarded: bool,
    /// No fault happens any more.
    pub(crate) calm: bool,
    pub(crate) steps: u64,
    trace: Option<String>,
    queue: BinaryHeap<Reverse<Due>>,
    order: u64,
    ids: u64,
    lives: u64,
}

impl World {
    pub(crate) fn new(template: &Template, mut dice: Dice, traced: bool) -> Self {
        let fault_profile = FaultProfile::new(&mut dice);
        let mut world = Self {
            sim: template.sim.clone(),
            now: template.now,
            browser: Browser {
                storage: template.storage.clone(),
                records: template.records.clone(),
                can_save: true,
                can_load: true,
                ahead: Duration::ZERO,
                asleep_until: template.now,
                offline_until: template.now,
                lead: BTreeMap::from([(template.state.identity().key(), (0, 0))]),
                waiting: VecDeque::new(),
                claims: BTreeMap::new(),
            },
            tabs: Vec::new(),
            dice,
            fault_profile,
            counts: Counts::default(),
            ledger: Ledger::default(),
            places: template.places.clone(),
            guarded: false,
            calm: false,
            steps: 0,
            trace: traced.then(String::new),
            queue: BinaryHeap::new(),
            order: 0,
            ids: 0,
            lives: 0,
        };
        let token = world.fresh_token(0, Duration::hours(1));
        world.tabs.push(Tab {
            state: template.state.clone(),
            life: 0,
            open: true,
            token: Some(token),
            authorized: BTreeMap::new(),
            commits_until: template.now,
            heard: None,
            disconnected: false,
            wake: 0,
        });
        world
    }

    /// A token of an operator that Azure accepts for this long; it must appear nowhere else.
    pub(crate) fn fresh_token(&mut self, operator: usize, lasts: Duration) -> String {
        use base64ct::{Base64UrlUnpadded, Encoding as _};
        let (exp, upn) = ((self.now + lasts).unix_timestamp(), OPERATORS[operator]);
        let claims = format!(r#"{{"exp":{exp},"upn":"{upn}"}}"#);
        format!("e30.{}.U0VDUkVU", Base64UrlUnpadded::encode_string(claims.as_bytes()))
    }

    /// What the browser's clock says.
    pub(crate) fn clock(&self) -> OffsetDateTime {
        self.now + self.browser.ahead
    }

    pub(crate) fn trace(&mut self, words: impl FnOnce(&Self) -> String) {
        if self.trace.is_some() {
            let line = words(self);
            let at = self.now;
            if let Some(trace) = &mut self.trace {
                // Writing into a text cannot fail.
                let _ = writeln!(
                    trace,
                    "{:02}:{:02}:{:02}.{:03} {line}",
                    at.hour(),
                    at.minute(),
                    at.second(),
                    at.millisecond()
                );
            }
        }
    }

    pub(crate) fn take_trace(&mut self) -> String {
        self.trace.take().unwrap_or_default()
    }

    /// A fault happens, unless this run leaves it out.
    pub(crate) fn fault_occurs(&mut self, decision: u64, kind: Kind) -> bool {
        let happens = !self.calm && self.dice.allows(decision);
        if happens {
            self.counts.add(kind);
            self.trace(|_| format!("  #{decision} {}", kind.name()));
        }
        happens
    }

    pub(crate) fn schedule(&mut self, wait: Duration, event: Event) {
        self.order += 1;
        self.queue.push(Reverse(Due { at: self.now + wait, order: self.order, event }));
    }

    pub(crate) fn deliver(&mut self, life: Life, wait: Duration, msg: Msg) {
        self.schedule(wait, Event::Hear(life, Box::new(msg)));
    }

    pub(crate) fn life(&self, tab: usize) -> Life {
        (tab, self.tabs[tab].life)
    }

    fn is_open(&self, (tab, life): Life) -> bool {
        self.tabs.get(tab).is_some_and(|t| t.open && t.life == life)
    }

    /// The tabs that are open.
    pub(crate) fn open_tabs(&self) -> Vec<usize> {
        (0..self.tabs.len()).filter(|&t| self.tabs[t].open).collect()
    }

    /// Takes what is due next. False when nothing is.
    pub(crate) fn step(&mut self) -> Result<bool, Broken> {
        let Some(Reverse(due)) = self.queue.pop() else { return Ok(false) };
        let of_browser = matches!(
            due.event,
            Event::Hear(..)
                | Event::Start(..)
                | Event::Wake(..)
                | Event::Commit(..)
                | Event::Reread(..)
                | Event::Read(..)
                | Event::Operator
        );
        if of_browser && due.at < self.browser.asleep_until {
            self.order += 1;
            let at = self.browser.asleep_until;
            self.queue.push(Reverse(Due { at, order: due.order, event: due.event }));
            return Ok(true);
        }
        self.now = self.now.max(due.at);
        self.steps += 1;
        match due.event {
            Event::Hear(life, msg) if self.is_open(life) && self.is_held_back(life, &msg) => {}
            Event::Hear(life, msg) if self.is_open(life) => self.take(life.0, *msg)?,
            Event::Reread(life, then) if self.is_open(life) => self.begin_reading(life, then),
            Event::Read(life, records, then) if self.is_open(life) => {
                self.end_reading(life, records.as_ref(), *then)?;
            }
            Event::Wake(life, wake) if self.is_open(life) && self.tabs[life.0].wake == wake => {
                self.take(life.0, Msg::Woke)?;
            }
            Event::Start(life, route) if self.is_open(life) => {
                let started = self.started(route);
                self.take(life.0, started)?;
            }
            Event::Hear(..) | Event::Start(..) | Event::Wake(..) | Event::Reread(..) | Event::Read(..) => {}
            Event::Commit(life, transaction) => self.commit(life, *transaction)?,
            Event::Arrive(life, id, request, after) => self.arrive(life, id, &request, after),
            Event::Grant => self.grant(),
            Event::Operator => self.act_as_operator(),
            Event::Weather => self.cause_fault(),
        }
        Ok(true)
    }

    /// The operator stops acting.
    pub(crate) fn stop_operator(&mut self) {
        let queue = std::mem::take(&mut self.queue);
        self.queue =
            queue.into_iter().filter(|Reverse(due)| !matches!(due.event, Event::Operator | Event::Weather)).collect();
    }

    /// When the next thing is due.
    pub(crate) fn next_at(&self) -> Option<OffsetDateTime> {
        self.queue.peek().map(|Reverse(due)| due.at)
    }

    fn take(&mut self, tab: usize, msg: Msg) -> Result<(), Broken> {
        self.update(tab, msg)?;
        self.check(tab)
    }

    fn update(&mut self, tab: usize, msg: Msg) -> Result<(), Broken> {
        self.ids += 1;
        let now = self.clock();
        let env = Env::new(now, &format!("{:08x}-0000-4000-8000-000000000000", self.ids));
        self.trace(|_| format!("tab {tab} {}", brief(&msg)));
        let life = self.life(tab);
        let heard_fault = self.ledger.on_message((life, &self.tabs[tab].state), &msg, self.now, &self.browser);
        let click = Click::of(&self.tabs[tab].state, &msg);
        self.ledger.plans.on_operator_message(life, &self.tabs[tab].state, &msg);
        let effects = update(&mut self.tabs[tab].state, env, msg);
        heard_fault?;
        if let Some(click) = click {
            self.ledger.on_click(&self.tabs[tab].state, click)?;
        }
        self.ledger.plan_starts(life, &self.tabs[tab].state);
        for effect in effects {
            self.perform(tab, effect)?;
        }
        Ok(())
    }

    fn perform(&mut self, tab: usize, effect: Effect) -> Result<(), Broken> {
        let life = self.life(tab);
        let soon = Duration::milliseconds(1);
        match effect {
            Effect::Send { id, request } => {
                let token = self.tabs[tab].authorized.remove(&id);
                let state = &self.tabs[tab].state;
                let leaving = Leaving { state, life, id, request: &request, token: token.as_deref() };
                self.ledger.on_send(&leaving, self.now, &self.browser, &self.sim)?;
                self.send(life, id, request);
            }
            Effect::Authorize(id) => self.authorize(life, id),
            Effect::Hold(id) => {
                self.browser.claims.entry(id).or_insert(life);
            }
            Effect::Claim(id) => {
                let holder = *self.browser.claims.entry(id.clone()).or_insert(life);
                let held = holder == life;
                let claimed = Msg::Claimed { id, held };
                if held {
                    // Like the shell: what was saved last is read first.
                    self.reread(life, claimed);
                } else {
                    self.deliver(life, soon, claimed);
                }
            }
            Effect::Release(id) => self.browser.claims.retain(|of, holder| *of != id || *holder != life),
            Effect::ReadOn(key) => self.deliver(life, soon, Msg::ReadOn(key)),
            Effect::Abort(id) => self.deliver(life, soon, Msg::Answered { id, result: Err(Transport::Aborted) }),
            Effect::WakeAt(at) => {
                let wait = (at - self.clock()).max(Duration::ZERO);
                self.tabs[tab].wake += 1;
                let wake = self.tabs[tab].wake;
                self.schedule(wait, Event::Wake(life, wake));
            }
            Effect::Save { id, key, value, broadcast_unsaved } => {
                self.ledger.check_saved_text(key, &value)?;
                let kept = self.browser.can_save;
                let result = if kept { Ok(()) } else { Err("The quota has been exceeded.".to_owned()) };
                // Nothing follows from an intent that could not be saved, so it is not broadcast.
                if kept || broadcast_unsaved {
                    self.tell(tab, &Told::Text(key.to_owned(), Some(value.clone())), kept);
                }
                if kept {
                    self.browser.storage.insert(key.to_owned(), value);
                }
                self.deliver(life, Duration::ZERO, Msg::Saved { id, key, result });
            }
            Effect::SaveRecords { id, store, changes, broadcast_unsaved } => {
                self.ledger.check_saved_records(store, &changes)?;
                let (decision, mut rng) = self.dice.next();
                let mut wait = Duration::milliseconds(rng.i64(0..20));
                let outlives = rng.bool();
                let late = Duration::milliseconds(rng.i64(100..20_000));
                let mut fails = false;
                match rng.u32(0..60) {
                    0 => fails = self.fault_occurs(decision, Kind::SaveFailed),
                    1 | 2 if self.fault_occurs(decision, Kind::SaveLate) => wait = late,
                    _ => {}
                }
                let ends = self.tabs[tab].commits_until.max(self.now + wait);
                self.tabs[tab].commits_until = ends;
                let transaction = Transaction { id, store, changes, broadcast_unsaved, fails, outlives };
                self.schedule(ends - self.now, Event::Commit(life, Box::new(transaction)));
            }
            Effect::Remove(key) => {
                for (name, _) in older(&self.browser.storage, key) {
                    self.browser.storage.remove(&name);
                }
                self.tell(tab, &Told::Text(key.to_owned(), None), true);
            }
            Effect::RemoveUnchanged(entries) => {
                for (name, text) in entries {
                    if self.browser.storage.get(&name) == Some(&text) {
                        self.browser.storage.remove(&name);
                    }
                }
            }
            Effect::Go(route) => self.deliver(life, soon, Msg::Went(route)),
            Effect::UseToken(token) => {
                self.release(life);
                self.tabs[tab].token = Some(token.reveal().to_owned());
            }
            Effect::Disconnect | Effect::UseDemo | Effect::UseSignIn => {
                self.release(life);
                self.tabs[tab].token = None;
            }
            Effect::Lead(identity) => {
                self.release(life);
                self.browser.waiting.push_back((life, identity));
                self.schedule(soon, Event::Grant);
            }
            _ => {}
        }
        Ok(())
    }

    /// A transaction ends.
    fn commit(&mut self, life: Life, transaction: Transaction) -> Result<(), Broken> {
        let Transaction { id, store, changes, broadcast_unsaved, fails, .. } = transaction;
        if !self.is_open(life) {
            return Ok(());
        }
        if self.tabs[life.0].disconnected && self.browser.can_load {
            // Like the shell: a database that is opened anew is read first.
            self.tabs[life.0].disconnected = false;
            let (read, plans) =
                (self.browser.records.reread(&self.tabs[life.0].state), self.browser.records.reread_plans());
            self.take(life.0, read)?;
            self.take(life.0, plans)?;
        }
        let kept = self.browser.can_save && !fails;
        if kept {
            self.browser.records.commit(store, &changes);
            self.ledger.on_records_saved(store, &changes);
            remove_older(&mut self.browser.storage, store, &changes);
        }
        // An intent that could not be saved is not sent, so it is not broadcast.
        if kept || broadcast_unsaved {
            self.tell(life.0, &Told::Records(store.to_owned(), changes), kept);
        }
        let result = if kept { Ok(()) } else { Err("The quota has been exceeded.".to_owned()) };
        self.take(life.0, Msg::Saved { id, key: store, result })
    }

    /// What a tab was saving when it was closed has committed, or has not; nobody is told. Of its transactions none commits after one that does not.
    fn end_transactions(&mut self, life: Life) {
        let mut pending: Vec<(u64, &Transaction)> = Vec::new();
        for Reverse(due) in &self.queue {
            if let Event::Commit(of, transaction) = &due.event
                && *of == life
            {
                pending.push((due.order, transaction));
            }
        }
        pending.sort_by_key(|(order, _)| *order);
        let commits = |transaction: &&Transaction| transaction.outlives && !transaction.fails && self.browser.can_save;
        for transaction in pending.into_iter().map(|(_, transaction)| transaction).take_while(commits) {
            self.browser.records.commit(transaction.store, &transaction.changes);
            self.ledger.on_records_saved(transaction.store, &transaction.changes);
        }
    }

    fn tell(&mut self, tab: usize, told: &Told, kept: bool) {
        for other in self.open_tabs().into_iter().filter(|other| *other != tab) {
            self.deliver(self.life(other), Duration::milliseconds(2), told.clone().on_response(kept));
        }
    }

    /// A tab gives up the lead, or stops waiting for it.
    fn release(&mut self, life: Life) {
        self.browser.waiting.retain(|(waiting, _)| *waiting != life);
        if self.browser.leads(life) {
            self.browser.lead.retain(|_, leader| *leader != life);
            self.schedule(Duration::milliseconds(1), Event::Grant);
        }
    }

    fn grant(&mut self) {
        let free = |(_, identity): &&(Life, String)| !self.browser.lead.contains_key(identity);
        let Some(next) = self.browser.waiting.iter().find(free).cloned() else { return };
        self.browser.waiting.retain(|waiting| *waiting != next);
        let (life, identity) = next;
        self.browser.lead.insert(identity, life);
        // Somebody may wait for another identity's.
        self.schedule(Duration::milliseconds(1), Event::Grant);
        // Like the shell: first what was saved last, then the lead.
        self.reread(life, Msg::Leading(true));
    }

    /// A tab reads the restores again after its own transactions, and then handles a message.
    fn reread(&mut self, life: Life, then: Msg) {
        let at = self.tabs[life.0].commits_until.max(self.now);
        self.tabs[life.0].commits_until = at;
        self.schedule(at - self.now, Event::Reread(life, Box::new(then)));
    }

    fn begin_reading(&mut self, life: Life, then: Box<Msg>) {
        let records = self.browser.can_load.then(|| self.browser.records.clone());
        let (decision, mut rng) = self.dice.next();
        let mut wait = Duration::milliseconds(rng.i64(0..20));
        let late = Duration::milliseconds(rng.i64(100..5_000));
        if rng.u32(0..30) == 0 && self.fault_occurs(decision, Kind::ReadLate) {
            wait = late;
        }
        let tab = &mut self.tabs[life.0];
        tab.heard.get_or_insert_default();
        tab.commits_until = tab.commits_until.max(self.now + wait);
        self.schedule(wait, Event::Read(life, records, then));
    }

    fn end_reading(&mut self, life: Life, records: Option<&Records>, then: Msg) -> Result<(), Broken> {
        // What it was told meanwhile is shown together with what it reads: a picture comes after both.
        let read = records.map(|records| [records.reread(&self.tabs[life.0].state), records.reread_plans()]);
        let told = self.tabs[life.0].heard.take().unwrap_or_default();
        for msg in read.into_iter().flatten().chain(told) {
            self.update(life.0, msg)?;
        }
        self.check(life.0)?;
        // What it has given back meanwhile, it is not told that it has.
        let stale = match &then {
            Msg::Claimed { id, .. } => self.browser.claims.get(id) != Some(&life),
            _ => !self.browser.leads(life),
        };
        if stale {
            return Ok(());
        }
        if let (Msg::Leading(_), Some(text)) = (&then, self.loaded(READS)) {
            self.take(life.0, Told::Text(READS.to_owned(), Some(text)).on_response(true))?;
        }
        self.take(life.0, then)
    }

    /// Whether a message waits because its tab is reading: what another tab tells may be newer than what is read.
    fn is_held_back(&mut self, (tab, _): Life, msg: &Msg) -> bool {
        let told = matches!(msg, Msg::RecordsChanged { .. } | Msg::SavedElsewhere { .. });
        let Some(heard) = self.tabs[tab].heard.as_mut().filter(|_| told) else { return false };
        heard.push(msg.clone());
        true
    }

    /// What older versions have left of a store.
    fn legacy_entries(&self, store: &str) -> Vec<Record> {
        if self.browser.can_load { older(&self.browser.storage, store) } else { Vec::new() }
    }

    /// The browser closes the connections to the database.
    pub(crate) fn disconnect_database(&mut self) {
        for tab in &mut self.tabs {
            tab.disconnected = true;
        }
    }

    pub(crate) fn loaded(&self, key: &str) -> Option<String> {
        self.browser.can_load.then(|| self.browser.storage.get(key).cloned()).flatten()
    }

    /// A tab is closed without notice.
    pub(crate) fn kill(&mut self, tab: usize) {
        let life = self.life(tab);
        self.end_transactions(life);
        self.tabs[tab].open = false;
        self.release(life);
        self.browser.claims.retain(|_, holder| *holder != life);
    }

    /// A tab is opened at an address, with what is saved.
    pub(crate) fn open(&mut self, slot: Option<usize>, route: Route) {
        self.lives += 1;
        let tab = Tab {
            state: State::new(self.clock()),
            life: self.lives,
            open: true,
            token: None,
            authorized: BTreeMap::new(),
            commits_until: self.now,
            heard: None,
            disconnected: false,
            wake: 0,
        };
        let at = match slot {
            Some(at) => {
                self.tabs[at] = tab;
                at
            }
            None => {
                self.tabs.push(tab);
                self.tabs.len() - 1
            }
        };
        self.schedule(Duration::milliseconds(30), Event::Start(self.life(at), route));
    }

    /// The data that a tab starts with: like the shell, it reads the storage at that moment.
    fn started(&self, route: Route) -> Msg {
        let saved = Saved {
            restores: if self.browser.can_load { self.browser.records.all(RESTORES) } else { Vec::new() },
            drafts: if self.browser.can_load { self.browser.records.all(DRAFTS) } else { Vec::new() },
            plans: if self.browser.can_load { self.browser.records.all(PLANS) } else { Vec::new() },
            older_restores: self.legacy_entries(RESTORES),
            older_drafts: self.legacy_entries(DRAFTS),
            settings: self.loaded(SETTINGS),
            reads: self.loaded(READS),
            file_recovery: self.loaded(FILE_RECOVERY),
            sent_requests: self.loaded(SENT_REQUESTS),
            quarantine: self.loaded(QUARANTINE),
            signed_in: false,
            ..Saved::default()
        };
        Msg::Started {
            config: Ok(std::rc::Rc::new(vm_restore::app::config::Config::default())),
            saved: std::rc::Rc::new(saved),
            route,
            hosted: false,
        }
    }

    fn check(&mut self, tab: usize) -> Result<(), Broken> {
        // It is about to hear what it was told while it reads.
        if self.tabs[tab].heard.as_ref().is_some_and(|heard| !heard.is_empty()) {
            return Ok(());
        }
        let World { ledger, sim, tabs, .. } = self;
        ledger.check(&tabs[tab].state, sim)
    }
}

/// A message in a line.
fn brief(msg: &Msg) -> String {
    match msg {
        Msg::Answered { id, result: Ok(answer) } => format!("answered {id:?}: {}", answer.status()),
        Msg::Answered { id, result: Err(why) } => format!("answered {id:?}: {why:?}"),
        Msg::Saved { key, result, .. } => format!("saved {key}: {result:?}"),
        Msg::RecordsChanged { store, changes, kept } => {
            format!("told {store}: {} changes, saved: {kept}", changes.len())
        }
        Msg::RecordsRead { keys, records } => format!("read {} of {} records", records.len(), keys.len()),
        Msg::SavedElsewhere { key, value } => format!("told {key}: {} bytes", value.as_ref().map_or(0, String::len)),
        Msg::Started { .. } => "started".to_owned(),
        Msg::Connect(_) => "connect".to_owned(),
        other => {
            let text = format!("{other:?}");
            text.chars().take(120).collect()
        }
    }
}

/// The id that a request carries.
pub(crate) fn id_of(request: &Request<Bytes>) -> Option<ClientRequestId> {
    ClientRequestId::parse(request.headers().get("x-ms-client-request-id")?.to_str().ok()?).ok()
}
