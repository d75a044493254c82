//! Faults of browser, computer and Azure, and the actions of the operator.

use std::rc::Rc;

use azure_backup::arm::id::Region;
use azure_backup::backup::job::Job;
use serde_json::{Value, json};
use time::Duration;
use vm_restore::app::key::Key;
use vm_restore::app::msg::{Edit, Msg};
use vm_restore::app::records::Change;
use vm_restore::app::route::Route;
use vm_restore::app::saved::RESTORES;
use vm_restore::app::session::{Secret, Session};
use vm_restore::restore::run::RestoreRun;

use crate::dice::{chance, one};
use crate::fault::Kind;
use crate::world::{Event, OPERATORS, World};

/// The most restores that are started in a run.
const MAX_CLICKS: usize = 4;
/// The operator waits at least this many milliseconds between actions, except for double clicks.
const SOONEST: i64 = 200;
/// After a refresh the operator looks at the page again after this many milliseconds, while the answers come one by one.
const LOOKS_AGAIN: i64 = 800;
/// The most tabs that are opened.
const MAX_TABS: usize = 3;

const WEATHER: [Kind; 17] = [
    Kind::NetworkDown,
    Kind::TokenExpired,
    Kind::StorageFull,
    Kind::StorageDenied,
    Kind::StorageCorrupt,
    Kind::StorageOld,
    Kind::TabKilled,
    Kind::TabReloaded,
    Kind::TabOpened,
    Kind::ClockJumped,
    Kind::Slept,
    Kind::RegionDown,
    Kind::SomebodyElse,
    Kind::StorageForged,
    Kind::ChannelForged,
    Kind::FileForged,
    Kind::GuardChanged,
];

impl World {
    /// Causes one fault, and schedules the next.
    pub(crate) fn cause_fault(&mut self) {
        if self.calm {
            return;
        }
        let (decision, mut rng) = self.dice.next();
        let kind = one(&mut rng, &WEATHER);
        self.schedule(Duration::milliseconds(rng.i64(2_000..700_000)), Event::Weather);
        let forges = matches!(kind, Kind::StorageForged | Kind::ChannelForged | Kind::FileForged);
        let rare =
            forges || matches!(kind, Kind::StorageCorrupt | Kind::StorageDenied | Kind::StorageOld | Kind::ClockJumped);
        let tabs = self.open_tabs();
        let idle = tabs.is_empty() && matches!(kind, Kind::TabKilled | Kind::TabReloaded | Kind::TokenExpired);
        let crowded = kind == Kind::TabOpened && tabs.len() >= MAX_TABS;
        if rare && chance(&mut rng, 60) || idle || crowded || !self.fault_occurs(decision, kind) {
            return;
        }
        match kind {
            Kind::NetworkDown => {
                let down = Duration::seconds(rng.i64(5..1_800));
                self.browser.offline_until = self.now + down;
                // Not every browser tells that the network is back.
                for tab in tabs.into_iter().filter(|_| rng.bool()) {
                    self.deliver(self.life(tab), down + Duration::milliseconds(100), Msg::Online);
                }
            }
            Kind::TokenExpired => {
                let tab = one(&mut rng, &tabs);
                // From now on Azure refuses the operator's token.
                let operator = self.operator_of(tab).unwrap_or_default();
                self.tabs[tab].token = Some(self.fresh_token(operator, Duration::seconds(-1)));
            }
            Kind::StorageFull | Kind::StorageDenied => {
                self.browser.can_save = !self.browser.can_save;
                self.browser.can_load = self.browser.can_save || kind == Kind::StorageFull;
                if !self.browser.can_save {
                    self.ledger.storage_failed();
                }
                if kind == Kind::StorageDenied {
                    self.disconnect_database();
                }
            }
            Kind::StorageCorrupt => {
                let records = self.browser.records.0.entry(RESTORES.to_owned()).or_default();
                // All at once, as when the browser removes what a site has saved; or some of them in part.
                let removed = rng.bool();
                if removed {
                    records.clear();
                }
                for text in records.values_mut() {
                    if rng.bool() {
                        continue;
                    }
                    let keep = rng.usize(0..=text.len());
                    let keep = (0..=keep).rev().find(|&at| text.is_char_boundary(at)).unwrap_or_default();
                    text.truncate(keep);
                }
                if removed {
                    self.disconnect_database();
                }
                self.ledger.storage_corrupted();
            }
            Kind::StorageOld => {
                // What an older version has left: each record as an entry; or all in one text, the oldest a bare list without what it did not
                // know. The records are there already, or not.
                let records = self.browser.records.all(RESTORES);
                let mut has_all = true;
                if rng.bool() {
                    let entries = records.into_iter().map(|(key, text)| (format!("{RESTORES}/{key}"), text));
                    self.browser.storage.extend(entries);
                } else if !self.browser.storage.contains_key(RESTORES) {
                    // A version that finds such a text adds to it, and loses nothing that is in it.
                    let read = records.iter().filter_map(|(_, text)| serde_json::from_str::<Value>(text).ok());
                    let text = json!({"version": 2, "restores": read.collect::<Vec<_>>()}).to_string();
                    let text = if rng.bool() { in_first_format(&text).unwrap_or(text) } else { text };
                    self.browser.storage.insert(RESTORES.to_owned(), text);
                } else {
                    has_all = false;
                }
                if rng.bool() && tabs.is_empty() && has_all {
                    self.browser.records.commit(RESTORES, &[Change::Clear]);
                }
            }
            Kind::TabKilled => self.kill(one(&mut rng, &tabs)),
            Kind::TabReloaded => {
                let tab = one(&mut rng, &tabs);
                let route = self.tabs[tab].state.route.clone();
                self.kill(tab);
                self.open(Some(tab), route);
            }
            Kind::TabOpened => self.open(None, Route::restores()),
            Kind::ClockJumped => {
                let jump = one(&mut rng, &[-50_400, -3_600, -600, -60, 60, 600, 3_600, 50_400]);
                let ahead = self.browser.ahead + Duration::seconds(jump);
                // A clock in the wrong time zone, but in the right week.
                self.browser.ahead = ahead.clamp(Duration::hours(-14), Duration::hours(14));
                self.ledger.clock_jumped();
            }
            Kind::Slept => self.browser.asleep_until = self.now + Duration::seconds(rng.i64(60..30_000)),
            Kind::RegionDown => {
                let down = if rng.bool() { None } else { Some("northeurope".to_owned()) };
                self.sim.set_region_down(down);
            }
            // From now on every restore has to name the guard's request, or no longer.
            Kind::GuardChanged => self.guarded = !self.guarded,
            _ if forges => self.forge(kind, &mut rng),
            _ => self.restore_by_somebody_else(rng.usize(..)),
        }
    }

    /// A colleague restores a machine that this operator restores as well.
    fn restore_by_somebody_else(&mut self, which: usize) {
        let mut bodies = self.ledger.bodies.clone();
        if bodies.is_empty() {
            return;
        }
        let mut request = bodies.swap_remove(which % bodies.len());
        self.ledger.somebody_else += 1;
        let id = format!("ffffffff-0000-4000-8000-{:012x}", self.ledger.somebody_else);
        let token = self.fresh_token(0, Duration::hours(1));
        if let (Ok(id), Ok(token)) = (id.parse(), format!("Bearer {token}").parse()) {
            request.headers_mut().insert("x-ms-client-request-id", id);
            request.headers_mut().insert("authorization", token);
            self.sim.handle(self.now, &request);
        }
    }

    /// The operator performs one action, and the next one is scheduled.
    pub(crate) fn act_as_operator(&mut self) {
        let (decision, mut rng) = self.dice.next();
        let next = Duration::milliseconds(rng.i64(SOONEST..240_000));
        let tabs = self.open_tabs();
        let Some(&tab) = tabs.get(rng.usize(..) % tabs.len().max(1)) else {
            self.schedule(next, Event::Operator);
            return self.open(None, Route::restores());
        };
        let life = self.life(tab);
        let reviews = matches!(self.tabs[tab].state.route, Route::Review(_));
        if reviews && self.ledger.clicks < MAX_CLICKS && chance(&mut rng, 40) {
            // Reads again what the request depends on, and moves to the button while the answers arrive.
            self.schedule(Duration::milliseconds(rng.i64(SOONEST..LOOKS_AGAIN)), Event::Operator);
            return self.deliver(life, Duration::ZERO, Msg::Refresh);
        }
        self.schedule(next, Event::Operator);
        let state = &self.tabs[tab].state;
        if !state.started {
            return;
        }
        let now = Duration::ZERO;
        if state.session == Session::Disconnected || state.sign_in_fault.is_some() {
            // Usually the same person; sometimes the other one.
            let same = self.operator_of(tab).filter(|_| chance(&mut rng, 90));
            let operator = same.unwrap_or_else(|| usize::from(chance(&mut rng, 30)));
            let token = self.fresh_token(operator, Duration::seconds(rng.i64(300..7_200)));
            return self.deliver(life, now, Msg::Connect(Secret::new(token)));
        }
        if self.operate_plan(tab, &mut rng) {
            return;
        }
        let state = &self.tabs[tab].state;
        if let Route::Review(place) = &state.route {
            if state.plan(place).is_ok() && self.ledger.clicks < MAX_CLICKS {
                let name = state.facts(place, &state.draft(place)).map(|f| f.item.friendly_name.clone());
                let unsaved = state.cannot_save.is_some() && rng.bool();
                // What is on the screen; an answer may change the request before the click.
                let plan = state.plan(place);
                let sha256 = plan.as_ref().map(|plan| plan.sha256.clone()).unwrap_or_default();
                let start = Msg::Start { place: place.clone(), sha256, unsaved };
                let finger = Duration::milliseconds(rng.i64(0..SOONEST));
                if let Ok(plan) = plan {
                    self.ledger.on_displayed(plan.text());
                }
                self.ledger.clicks += 1;
                self.deliver(life, now, Msg::Edit(Edit::Confirm(name.unwrap_or_default())));
                self.deliver(life, finger, start.clone());
                if chance(&mut rng, 30) && self.fault_occurs(decision, Kind::DoubleClick) {
                    // Before the operator does anything else.
                    self.deliver(life, finger.max(Duration::milliseconds(rng.i64(0..SOONEST))), start);
                }
            } else if chance(&mut rng, 30) {
                self.deliver(life, now, Msg::Go(Route::restores()));
            }
            return;
        }
        if let Route::Jobs(Some(vault), _) = &state.route
            && rng.bool()
        {
            // Whoever started it.
            let (region, there) = state.secondary_jobs(vault).unzip();
            let read = |key: Option<Key>| key.and_then(|key| state.catalog.get::<[Rc<Job>]>(&key));
            let of = |jobs: Option<Rc<[Rc<Job>]>>, region: Option<Region>| {
                let jobs = jobs.iter().flat_map(|jobs| jobs.iter()).filter(|job| job.is_restore());
                jobs.map(|job| (region.clone(), job.name.clone())).collect::<Vec<_>>()
            };
            let mut jobs = of(read(Some(Key::Jobs(vault.clone()))), None);
            jobs.extend(of(read(there), region));
            if !jobs.is_empty() {
                let (region, job) = jobs.swap_remove(rng.usize(0..jobs.len()));
                return self.deliver(life, now, Msg::FollowJob(vault.clone(), region, job));
            }
        }
        if let Route::Restore(id) = &state.route
            && let Some(Ok(review)) = state.unsent_review(id)
            && self.ledger.clicks < MAX_CLICKS
            && rng.bool()
        {
            let (id, sha256) = (id.clone(), review.sha256.clone());
            let typed = review.confirmation().unwrap_or_default().to_owned();
            let text = state.restore(&id).and_then(|restore| Some(restore.submitted.as_ref()?.text.clone()));
            self.ledger.on_displayed(&text.map(|text| text.to_string()).unwrap_or_default());
            let finger = Duration::milliseconds(rng.i64(0..SOONEST));
            self.ledger.clicks += 1;
            self.deliver(life, now, Msg::ConfirmUnsent(id.clone(), typed));
            return self.deliver(life, finger, Msg::SendUnsent { id, sha256 });
        }
        let restores: Vec<&RestoreRun> = state.restores.iter().collect();
        let some = (!restores.is_empty()).then(|| one(&mut rng, &restores));
        let msg = match (rng.u32(0..12), some) {
            (0..=3, _) | (_, None) => Msg::Go(Route::Review(self.places[rng.usize(0..self.places.len())].clone())),
            (4, Some(r)) => Msg::Go(Route::Restore(r.id.clone())),
            (5, Some(_)) => Msg::Go(Route::restores()),
            (6, Some(r)) => Msg::PollNow(r.id.clone()),
            (7, Some(r)) if r.can_cancel() => Msg::CancelRestore(r.id.clone()),
            (8, Some(r)) if !r.is_running() && rng.bool() => {
                self.ledger.forgotten.insert(r.id.as_str().to_owned());
                Msg::Forget(r.id.clone())
            }
            (9, Some(r)) => Msg::SendAgain(r.id.clone()),
            (10, Some(r)) => Msg::Go(Route::jobs(Some(r.vault.clone()))),
            (11, Some(_)) if chance(&mut rng, 20) => Msg::Disconnect,
            _ => Msg::Refresh,
        };
        self.deliver(life, now, msg);
    }
}

impl World {
    /// Who works in a tab.
    fn operator_of(&self, tab: usize) -> Option<usize> {
        let identity = self.tabs[tab].state.identity();
        OPERATORS.iter().position(|account| identity.owner.account() == Some(account))
    }
}

/// Restores as the first version saved them.
fn in_first_format(text: &str) -> Option<String> {
    let value: Value = serde_json::from_str(text).ok()?;
    let list = value.get("restores").unwrap_or(&value);
    let old = list.as_array()?.iter().filter(|record| record["asked"].is_object() || record["text"].is_string()).map(
        |record| {
            let mut record = record.clone();
            if let Some(members) = record.as_object_mut() {
                if let Some(Value::Object(asked)) = members.remove("asked") {
                    members.extend(asked);
                }
                for newer in ["who", "tenant", "reason", "timeline", "owner", "hidden", "imported"] {
                    members.remove(newer);
                }
            }
            record
        },
    );
    Some(Value::Array(old.collect()).to_string())
}
