//! The main loop: takes a message, updates the state, performs the effects, renders.

mod address;
mod calls;
mod saving;

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;

use azure_backup::arm::id::ClientRequestId;
use futures_util::future::{AbortHandle, abortable, join};
use gloo_events::{EventListener, EventListenerOptions};
use gloo_timers::callback::Timeout;
use js_sys::Promise;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Element, EventTarget};

use calls::Call;
use saving::{Changes, Job};

use super::clock::Clock;
use super::database::Database;
use super::demo::Demo;
use super::host_page::HostPage;
use super::local_time::local_time;
use super::lock::{Lock, is_led};
use super::sign_in;
use super::tab_channel::TabChannel;
use super::timeout::{MAX_LOAD, with_timeout};
use super::{dom, notify, storage};
use crate::app::config::{Config, ConfigError};
use crate::app::effect::{CallId, Effect};
use crate::app::env::Env;
use crate::app::msg::Msg;
use crate::app::portal::Portal;
use crate::app::route::Route;
use crate::app::saved::{DRAFTS, FILE_RECOVERY, QUARANTINE, READS, RESTORES, SENT_REQUESTS, SETTINGS, Saved};
use crate::app::session::Secret;
use crate::app::sign_in::{SignInError, SignInRequest, SignInResult};
use crate::app::sorted::Sorted;
use crate::app::state::State;
use crate::app::update::update;

/// Interval of re-rendering while a wait is counted on the screen.
const TICK_MS: u32 = 1_000;

/// Delay between an answer of Azure and the rendering, so that answers of the same frame are rendered together.
const RENDER_DELAY_MS: u32 = 16;

/// The same while further answers are on their way, which rendering would delay.
const BUSY_RENDER_DELAY_MS: u32 = 200;

/// Each tab has its own simulator, but the storage has room for one world only.
const ELSEWHERE: &str = "The demo is open in another tab. Continue there or close it first.";

/// The running program. Clones share it.
#[derive(Clone)]
pub struct Shell(Rc<Inner>);

struct Inner {
    host: HostPage,
    /// Whether the window's address is ours.
    own_address: bool,
    closed: Cell<bool>,
    /// The restores that were last reported to the surrounding page.
    portal: RefCell<Portal>,
    listeners: RefCell<Vec<EventListener>>,
    state: RefCell<Rc<State>>,
    queue: RefCell<VecDeque<Msg>>,
    busy: Cell<bool>,
    changed: Box<dyn Fn(Rc<State>)>,
    clock: Cell<Clock>,
    source: RefCell<Source>,
    demo: RefCell<Option<Rc<Demo>>>,
    calls: RefCell<Sorted<CallId, Call>>,
    signing_in: RefCell<Option<AbortHandle>>,
    wake: RefCell<Option<Timeout>>,
    tick: RefCell<Option<Timeout>>,
    /// The pending rendering: whether it is the early one, and its timer.
    pending_render: RefCell<Option<(bool, Timeout)>>,
    lead: RefCell<Option<Lock>>,
    /// The locks of restores that this tab may send.
    held: RefCell<Sorted<ClientRequestId, Option<Lock>>>,
    /// The tokens of calls that are about to leave.
    tokens: RefCell<Sorted<CallId, Secret>>,
    others: RefCell<Option<TabChannel>>,
    database: Database,
    /// The jobs that wait for the database. `is_working` is true while they are done.
    jobs: RefCell<VecDeque<Job>>,
    is_working: Cell<bool>,
    /// Messages of other tabs that arrived while the restores are read again; none = no read is under way.
    held_back: RefCell<Option<Vec<Msg>>>,
}

/// Where tokens come from.
#[derive(Clone)]
enum Source {
    Nowhere,
    Pasted(Secret),
    SignIn,
}

impl Shell {
    /// Starts the program; `changed` receives each state to render.
    pub fn start(host: HostPage, changed: impl Fn(Rc<State>) + 'static) -> Self {
        let clock = Clock::real();
        let address = host.address();
        let hosted = host.is_hosted();
        let shell = Self(Rc::new(Inner {
            host,
            own_address: address.is_none(),
            closed: Cell::default(),
            portal: RefCell::default(),
            listeners: RefCell::default(),
            state: RefCell::new(Rc::new(State::new(clock.now()))),
            queue: RefCell::default(),
            busy: Cell::new(false),
            changed: Box::new(changed),
            clock: Cell::new(clock),
            source: RefCell::new(Source::Nowhere),
            demo: RefCell::default(),
            calls: RefCell::default(),
            signing_in: RefCell::default(),
            wake: RefCell::default(),
            tick: RefCell::default(),
            pending_render: RefCell::default(),
            lead: RefCell::default(),
            held: RefCell::default(),
            tokens: RefCell::default(),
            others: RefCell::default(),
            database: Database::default(),
            jobs: RefCell::default(),
            is_working: Cell::default(),
            held_back: RefCell::default(),
        }));
        shell.listen();
        let begun = shell.clone();
        spawn_local(async move {
            let (config, records) = join(begun.0.load_config(), begun.read_records()).await;
            let unread = records.as_ref().err().cloned();
            let [restores, drafts, plans] = records.unwrap_or_default();
            let saved = Saved {
                restores,
                drafts,
                plans,
                older_restores: storage::legacy_entries(RESTORES),
                older_drafts: storage::legacy_entries(DRAFTS),
                settings: storage::load(SETTINGS),
                reads: storage::load(READS),
                file_recovery: storage::load(FILE_RECOVERY),
                sent_requests: storage::load(SENT_REQUESTS),
                quarantine: storage::load(QUARANTINE),
                forbidden: storage::forbidden().or(unread),
                signed_in: storage::has_signed_in(),
            };
            let route = Route::parse(&address.unwrap_or_else(dom::hash));
            begun.send(Msg::LocalTime(Rc::new(local_time())));
            begun.send(Msg::Started { config: config.map(Rc::new), saved: Rc::new(saved), route, hosted });
            begun.send(Msg::MayNotify(begun.may_notify()));
            begun.send(Msg::Touch(dom::coarse_pointer().is_some_and(|query| query.matches())));
            // The program may have been closed during the read.
            begun.release();
        });
        shell
    }

    /// The current state.
    pub fn state(&self) -> Rc<State> {
        self.0.state.borrow().clone()
    }

    /// Handles a message of the operator and renders at once.
    pub fn say(&self, msg: Msg) {
        self.send(msg);
        self.render();
    }

    /// Handles a message. Messages that effects cause meanwhile wait in a queue.
    fn send(&self, msg: Msg) {
        if self.0.closed.get() {
            return;
        }
        self.0.queue.borrow_mut().push_back(msg);
        if self.0.busy.replace(true) {
            return;
        }
        let mut answers_only = true;
        loop {
            let next = self.0.queue.borrow_mut().pop_front();
            let Some(msg) = next else { break };
            answers_only &= matches!(msg, Msg::Answered { .. } | Msg::ReadOn(_));
            let seed = dom::uuid().unwrap_or_default();
            let env = Env::new(self.0.clock.get().now(), &seed);
            let effects = update(Rc::make_mut(&mut self.0.state.borrow_mut()), env, msg);
            for effect in effects {
                self.perform(effect);
            }
        }
        self.0.busy.set(false);
        self.keep_ticking();
        self.publish_runs();
        self.schedule_render(!answers_only || self.0.state.borrow().calls.is_empty());
    }

    fn schedule_render(&self, now: bool) {
        let mut pending_render = self.0.pending_render.borrow_mut();
        if pending_render.as_ref().is_none_or(|(soon, _)| now && !soon) {
            let shell = self.clone();
            let wait = if now { RENDER_DELAY_MS } else { BUSY_RENDER_DELAY_MS };
            *pending_render = Some((now, Timeout::new(wait, move || shell.render())));
        }
    }

    fn render(&self) {
        self.0.pending_render.borrow_mut().take();
        (self.0.changed)(self.state());
    }

    fn perform(&self, effect: Effect) {
        match effect {
            Effect::Send { id, request } => self.call(id, request),
            Effect::ReadOn(key) => {
                // The requests of this message leave first. If the browser delays the timer, the next answer triggers the decoding.
                let shell = self.clone();
                Timeout::new(0, move || shell.send(Msg::ReadOn(key))).forget();
            }
            Effect::Authorize(id) => self.authorize(id),
            Effect::Abort(id) => self.abort(id),
            Effect::WakeAt(at) => {
                let shell = self.clone();
                let wait = self.0.clock.get().until(at);
                *self.0.wake.borrow_mut() = Some(Timeout::new(wait, move || shell.send(Msg::Woke)));
            }
            Effect::Save { id, key, value, broadcast_unsaved } => self.save_text(id, key, &value, broadcast_unsaved),
            Effect::SaveRecords { id, store, changes, broadcast_unsaved } => {
                self.enqueue(Job::Save(Changes { id, store, changes, broadcast_unsaved }));
            }
            Effect::RemoveUnchanged(entries) => {
                for (name, text) in entries {
                    storage::remove_unchanged(&name, &text);
                }
            }
            // Embedded in another page, the program asks for no permissions of that page's origin.
            Effect::Persist if self.0.own_address => storage::persist(),
            Effect::Persist => {}
            Effect::Remove(key) => {
                storage::remove_all(key);
                self.broadcast(key, None, true);
            }
            Effect::Go(route) => self.go(route),
            Effect::Replace(route) => self.replace(&route),
            Effect::UseToken(token) => {
                self.disconnect();
                self.0.clock.set(Clock::real());
                *self.0.source.borrow_mut() = Source::Pasted(token);
            }
            Effect::SignIn(request) => {
                let (shell, asking) = (self.clone(), self.clone());
                let (signing_in, handle) = abortable(async move { asking.sign_in(&request).await });
                // Only one at a time: the previous sign-in is abandoned.
                self.leave_sign_in(Some(handle));
                spawn_local(async move {
                    if let Ok(result) = signing_in.await {
                        shell.send(Msg::SignedIn(result));
                    }
                });
            }
            Effect::CancelSignIn => {
                self.leave_sign_in(None);
                let asked = self.ask_sign_in("cancel");
                // The sign-in is abandoned, so the result does not matter.
                spawn_local(async move { drop(sign_in::outcome_of(asked).await) });
            }
            Effect::UseSignIn => {
                self.disconnect();
                self.0.clock.set(Clock::real());
                *self.0.source.borrow_mut() = Source::SignIn;
            }
            Effect::SignOut => {
                let (shell, asked) = (self.clone(), self.ask_sign_in("signOut"));
                spawn_local(async move {
                    if let Err(none) = sign_in::outcome_of(asked).await {
                        shell.send(Msg::NotSignedOut(none.words));
                    }
                });
            }
            Effect::UseDemo => {
                self.disconnect();
                let (demo, clock) = Demo::begin(&self.0.host);
                self.0.clock.set(clock);
                let demo = Rc::new(demo);
                *self.0.demo.borrow_mut() = Some(demo.clone());
                let shell = self.clone();
                // Queried before this tab requests the lead.
                let led = is_led(&self.0.state.borrow().identity().key());
                spawn_local(async move {
                    let begun = if led.await { Err(ELSEWHERE.to_owned()) } else { demo.simulation().await.map(drop) };
                    if let Err(why) = begun
                        && shell.is_current_demo(&demo)
                    {
                        shell.send(Msg::DemoFailed(why));
                    }
                });
            }
            Effect::Disconnect => {
                self.disconnect();
                self.0.clock.set(Clock::real());
            }
            Effect::Hold(id) => self.hold(id),
            Effect::Claim(id) => self.claim(id),
            Effect::Release(id) => drop(self.0.held.borrow_mut().remove(&id)),
            Effect::Lead(identity) => self.lead(&identity),
            Effect::Mark(what) => dom::mark(what),
            Effect::Copy(text) => self.copy(text),
            Effect::CopyAddress(route) => self.copy(dom::absolute(&route.hash())),
            Effect::Download { name, mime, text } => {
                if let Err(error) = dom::download(&name, mime, &text) {
                    self.send(Msg::Copied(Err(dom::error_message(&error, "The browser didn't allow the download."))));
                }
            }
            Effect::ChooseFile => {
                let shell = self.clone();
                dom::choose_file(move |text| shell.send(Msg::Imported(text)));
            }
            Effect::AskNotify => {
                let shell = self.clone();
                spawn_local(async move { shell.send(Msg::MayNotify(notify::ask().await)) });
            }
            Effect::Notify { title, body, tag } if self.0.own_address => notify::show(&title, &body, &tag),
            Effect::Notify { .. } => {}
        }
    }

    /// The operator's permission for notifications; a page that is embedded in another does not ask for it.
    fn may_notify(&self) -> Option<bool> {
        notify::allowed().filter(|_| self.0.own_address)
    }

    fn disconnect(&self) {
        *self.0.source.borrow_mut() = Source::Nowhere;
        *self.0.demo.borrow_mut() = None;
        *self.0.lead.borrow_mut() = None;
        self.0.tokens.borrow_mut().clear();
    }

    async fn sign_in(&self, request: &SignInRequest) -> Result<SignInResult, SignInError> {
        if let Some(demo) = &*self.0.demo.borrow() {
            demo.sign_in();
            return Ok(SignInResult::default());
        }
        let config = self.0.state.borrow().config.clone();
        let asked = sign_in::outcome_of(sign_in::sign_in(&self.0.host, &config.sign_in, request));
        let seconds = request.how.timeout_seconds();
        let Some(told) = with_timeout(seconds, asked).await else {
            // The result of an abandoned sign-in is dropped.
            let canceled = self.ask_sign_in("cancel");
            spawn_local(async move { drop(sign_in::outcome_of(canceled).await) });
            return Err(SignInError::late(seconds));
        };
        Ok(SignInResult::read(&told?).unwrap_or_default())
    }

    /// Abandons the sign-in under way and remembers `next` instead.
    fn leave_sign_in(&self, next: Option<AbortHandle>) {
        if let Some(before) = self.0.signing_in.replace(next) {
            before.abort();
        }
    }

    /// Starts a call of the configured sign-in.
    fn ask_sign_in(&self, method: &str) -> Result<Promise, JsValue> {
        sign_in::ask(&self.0.host, &self.0.state.borrow().config.sign_in, method, &[])
    }

    /// Whether this demo is still the current session.
    fn is_current_demo(&self, demo: &Rc<Demo>) -> bool {
        self.0.demo.borrow().as_ref().is_some_and(|current| Rc::ptr_eq(current, demo))
    }

    fn keep_ticking(&self) {
        if self.0.state.borrow().shows_waiting() {
            let mut tick = self.0.tick.borrow_mut();
            if tick.is_none() {
                let shell = self.clone();
                *tick = Some(Timeout::new(TICK_MS, move || {
                    *shell.0.tick.borrow_mut() = None;
                    shell.send(Msg::Tick);
                }));
            }
        }
    }

    /// Reports the restores to the surrounding page, if they have changed.
    fn publish_runs(&self) {
        if !self.0.host.hears_events() {
            return;
        }
        let events = self.0.portal.borrow_mut().new_events(&self.0.state.borrow());
        for (event, detail) in events {
            self.0.host.dispatch_event(event, &detail);
        }
    }

    fn listen(&self) {
        let (Some(window), Some(document)) = (dom::window(), dom::document()) else { return };
        let mut listeners = self.0.listeners.borrow_mut();
        // Timers are throttled in hidden tabs and stop while the computer sleeps.
        let awake: [(&EventTarget, &'static str, Msg); 4] = [
            (&window, "online", Msg::Online),
            (&window, "pageshow", Msg::Woke),
            (&document, "visibilitychange", Msg::Woke),
            (&document, "resume", Msg::Woke),
        ];
        for (target, event, msg) in awake {
            let shell = self.clone();
            listeners.push(EventListener::new(target, event, move |_| shell.send(msg.clone())));
        }
        if let Some(coarse) = dom::coarse_pointer() {
            let (shell, query) = (self.clone(), coarse.clone());
            listeners.push(EventListener::new(&coarse, "change", move |_| shell.send(Msg::Touch(query.matches()))));
        }
        listeners.extend(self.ask_before_closing(&window));
        let shell = self.clone();
        listeners.push(if self.0.own_address {
            EventListener::new(&window, "hashchange", move |_| {
                let route = Route::parse(&dom::hash());
                shell.publish_route(&route);
                shell.send(Msg::Went(route));
            })
        } else {
            let options = EventListenerOptions::enable_prevent_default();
            EventListener::new_with_options(&self.0.host.root, "click", options, move |event| {
                let link = event.target().and_then(|target| target.dyn_into::<Element>().ok());
                let link = link.and_then(|target| target.closest("a[href^='#']").ok().flatten());
                if let Some(address) = link.and_then(|link| link.get_attribute("href")) {
                    event.prevent_default();
                    shell.go(Route::parse(&address));
                }
            })
        });
        let shell = self.clone();
        *self.0.others.borrow_mut() = TabChannel::listen(move |told| shell.on_tab_message(told));
    }

    /// Ends the program: removes its listeners and timers, and stops polling. Restores go on in Azure.
    pub fn close(&self) {
        self.0.closed.set(true);
        for (_, call) in self.0.calls.borrow().iter() {
            call.abort();
        }
        self.leave_sign_in(None);
        self.0.listeners.borrow_mut().clear();
        self.0.wake.borrow_mut().take();
        self.0.tick.borrow_mut().take();
        self.0.pending_render.borrow_mut().take();
        // Another tab may take the lead now, and send what this tab had the right to send.
        self.disconnect();
        self.0.held.borrow_mut().clear();
        self.release();
    }
}

impl Inner {
    async fn load_config(&self) -> Result<Config, ConfigError> {
        let told = match self.host.config() {
            Ok(text) => with_timeout(MAX_LOAD, JsFuture::from(text)).await,
            Err(error) => Some(Err(error)),
        };
        let late = || ConfigError::Unread(format!("it didn't load within {MAX_LOAD} seconds"));
        let text = told
            .ok_or_else(late)?
            .map_err(|error| ConfigError::Unread(dom::error_message(&error, "no reason was given")))?;
        Config::chosen(&text.as_string().unwrap_or_default(), self.host.cloud().as_deref())
    }
}
