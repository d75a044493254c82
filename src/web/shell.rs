//! The loop: a message in, the state changed, effects performed, the screen told.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;

use bytes::Bytes;
use gloo_net::http::Request as Get;
use gloo_timers::callback::Timeout;
use http::Request;
use js_sys::Promise;
use wasm_bindgen::{JsCast as _, JsValue, closure::Closure};
use wasm_bindgen_futures::spawn_local;
use web_sys::{AbortController, StorageEvent};

use super::clock::Clock;
use super::demo::Demo;
use super::lock::{Lead, is_led};
use super::sign_in;
use super::{dom, fetch, storage};
use crate::app::config::{Config, ConfigError};
use crate::app::effect::{CallId, Effect};
use crate::app::moment::Moment;
use crate::app::msg::{Msg, Transport};
use crate::app::route::Route;
use crate::app::saved::{DRAFTS, RESTORES, SETTINGS, Saved};
use crate::app::session::Secret;
use crate::app::sign_in::{NotSignedIn, SignInRequest, Signed};
use crate::app::sorted::Sorted;
use crate::app::state::State;
use crate::app::update::update;

/// While something is waited for, the screen is told the time once a second.
const TICK_MS: u32 = 1_000;

/// Each tab has a simulator of its own, and there is one place to save its world.
const ELSEWHERE: &str = "It is open in another tab of this browser. Go on there, or close that tab first.";

/// The program in the page. Cheap to clone: every clone is the same one.
#[derive(Clone)]
pub struct Shell(Rc<Inner>);

struct Inner {
    state: RefCell<Rc<State>>,
    queue: RefCell<VecDeque<Msg>>,
    busy: Cell<bool>,
    changed: Box<dyn Fn(Rc<State>)>,
    clock: Cell<Clock>,
    source: RefCell<Source>,
    demo: RefCell<Option<Rc<Demo>>>,
    calls: RefCell<Sorted<CallId, AbortController>>,
    wake: RefCell<Option<Timeout>>,
    tick: RefCell<Option<Timeout>>,
    lead: RefCell<Option<Lead>>,
}

/// Where tokens come from.
#[derive(Clone)]
enum Source {
    Nowhere,
    Pasted(Secret),
    SignIn,
}

impl Shell {
    /// Starts the program; `changed` is told every new state.
    pub fn start(changed: impl Fn(Rc<State>) + 'static) -> Self {
        let clock = Clock::real();
        let shell = Self(Rc::new(Inner {
            state: RefCell::new(Rc::new(State::new(clock.now()))),
            queue: RefCell::default(),
            busy: Cell::new(false),
            changed: Box::new(changed),
            clock: Cell::new(clock),
            source: RefCell::new(Source::Nowhere),
            demo: RefCell::default(),
            calls: RefCell::default(),
            wake: RefCell::default(),
            tick: RefCell::default(),
            lead: RefCell::default(),
        }));
        shell.listen();
        let begun = shell.clone();
        spawn_local(async move {
            let config = load_config().await;
            let saved = Saved {
                restores: storage::load(RESTORES),
                drafts: storage::load(DRAFTS),
                settings: storage::load(SETTINGS),
                signed_in: storage::has_signed_in(),
            };
            let route = Route::parse(&dom::hash());
            begun.send(Msg::Started { config: Box::new(config), saved: Box::new(saved), route });
        });
        shell
    }

    /// The state as it stands.
    pub fn state(&self) -> Rc<State> {
        self.0.state.borrow().clone()
    }

    /// Takes a message. Messages that effects cause meanwhile wait their turn.
    pub fn send(&self, msg: Msg) {
        self.0.queue.borrow_mut().push_back(msg);
        if self.0.busy.replace(true) {
            return;
        }
        loop {
            let next = self.0.queue.borrow_mut().pop_front();
            let Some(msg) = next else { break };
            let seed = dom::uuid().unwrap_or_default();
            let moment = Moment::new(self.0.clock.get().now(), &seed);
            let effects = update(Rc::make_mut(&mut self.0.state.borrow_mut()), moment, msg);
            for effect in effects {
                self.perform(effect);
            }
        }
        self.0.busy.set(false);
        self.keep_ticking();
        (self.0.changed)(self.state());
    }

    fn perform(&self, effect: Effect) {
        match effect {
            Effect::Send { id, request } => self.call(id, request),
            Effect::Abort(id) => {
                if let Some(abort) = self.0.calls.borrow_mut().remove(&id) {
                    abort.abort();
                }
            }
            Effect::WakeAt(at) => {
                let shell = self.clone();
                let wait = self.0.clock.get().until(at);
                *self.0.wake.borrow_mut() = Some(Timeout::new(wait, move || shell.send(Msg::Woke)));
            }
            Effect::Save { key, value } => {
                let result = storage::save(key, &value);
                self.send(Msg::Saved { key, result });
            }
            Effect::Remove(key) => storage::remove(key),
            Effect::Go(route) => dom::go(&route.hash()),
            Effect::UseToken(token) => {
                self.disconnect();
                self.0.clock.set(Clock::real());
                *self.0.source.borrow_mut() = Source::Pasted(token);
            }
            Effect::SignIn(request) => {
                let shell = self.clone();
                spawn_local(async move { shell.send(Msg::SignedIn(shell.sign_in(&request).await)) });
            }
            Effect::CancelSignIn => drop(self.ask_sign_in("cancel")),
            Effect::UseSignIn => {
                self.disconnect();
                self.0.clock.set(Clock::real());
                *self.0.source.borrow_mut() = Source::SignIn;
            }
            Effect::SignOut => drop(self.ask_sign_in("signOut")),
            Effect::UseDemo => {
                self.disconnect();
                let (demo, clock) = Demo::begin();
                self.0.clock.set(clock);
                let demo = Rc::new(demo);
                *self.0.demo.borrow_mut() = Some(demo.clone());
                let shell = self.clone();
                // Asked before this tab wishes to lead.
                let led = is_led(&self.0.state.borrow().cloud().name);
                spawn_local(async move {
                    let begun = if led.await { Err(ELSEWHERE.to_owned()) } else { demo.simulation().await.map(drop) };
                    if let Err(why) = begun
                        && shell.uses(&demo)
                    {
                        shell.send(Msg::DemoFailed(why));
                    }
                });
            }
            Effect::Disconnect => {
                self.disconnect();
                self.0.clock.set(Clock::real());
            }
            Effect::Lead(cloud) => {
                let shell = self.clone();
                let lead = Lead::ask(&cloud, move || shell.send(Msg::Leading(true)));
                *self.0.lead.borrow_mut() = lead;
            }
            Effect::Copy(text) => {
                let shell = self.clone();
                spawn_local(async move { shell.send(Msg::Copied(dom::copy(&text).await)) });
            }
            Effect::Download { name, mime, text } => {
                if let Err(error) = dom::download(&name, mime, &text) {
                    self.send(Msg::Copied(Err(dom::words(&error, "The browser did not allow the download."))));
                }
            }
            Effect::Focus(id) => {
                // After the screen has been drawn anew: the field may be on the next page.
                Timeout::new(50, move || dom::focus(&id)).forget();
            }
        }
    }

    fn disconnect(&self) {
        *self.0.source.borrow_mut() = Source::Nowhere;
        *self.0.demo.borrow_mut() = None;
        *self.0.lead.borrow_mut() = None;
    }

    async fn sign_in(&self, request: &SignInRequest) -> Result<Signed, NotSignedIn> {
        let Some(settings) = &request.settings else {
            if let Some(demo) = &*self.0.demo.borrow() {
                demo.sign_in();
            }
            return Ok(Signed::default());
        };
        let told = sign_in::told(sign_in::sign_in(settings, request)).await?;
        Ok(Signed::read(&told).unwrap_or_default())
    }

    /// Begins to ask the sign-in of the configuration for something.
    fn ask_sign_in(&self, method: &str) -> Result<Promise, JsValue> {
        match &self.0.state.borrow().config.sign_in {
            Some(settings) => sign_in::ask(settings, method, &[]),
            None => Err(JsValue::UNDEFINED),
        }
    }

    /// Whether this demo has not been left meanwhile.
    fn uses(&self, demo: &Rc<Demo>) -> bool {
        self.0.demo.borrow().as_ref().is_some_and(|current| Rc::ptr_eq(current, demo))
    }

    fn call(&self, id: CallId, request: Request<Bytes>) {
        let shell = self.clone();
        let demo = self.0.demo.borrow().clone();
        if let Some(demo) = demo {
            // Not within this message: an answer is never known before its question is.
            spawn_local(async move {
                let simulation = demo.simulation().await;
                let result = match simulation {
                    _ if !shell.uses(&demo) => Err(Transport::Aborted),
                    Ok(simulation) => simulation.answer(&request, &demo.token(), shell.0.clock.get().now()),
                    Err(why) => Err(Transport::Network(why)),
                };
                shell.send(Msg::Answered { id, result });
            });
            return;
        }
        // The last gate before the token: the program has checked the URL when it made the request.
        if let Err(refused) = self.0.state.borrow().cloud().admits(request.uri()) {
            let result = Err(Transport::Refused(refused.to_string()));
            spawn_local(async move { shell.send(Msg::Answered { id, result }) });
            return;
        }
        let source = self.0.source.borrow().clone();
        let Ok(abort) = AbortController::new() else { return };
        self.0.calls.borrow_mut().insert(id, abort.clone());
        spawn_local(async move {
            let token = match source {
                Source::Nowhere => Err(Transport::NoToken),
                Source::Pasted(token) => Ok(token),
                Source::SignIn => {
                    let told = sign_in::told(shell.ask_sign_in("token")).await;
                    told.map(Secret::new).map_err(|none| Transport::SignIn(none.words))
                }
            };
            let result = match token {
                Ok(_) if abort.signal().aborted() => Err(Transport::Aborted),
                Ok(token) => fetch::send(request, token.reveal(), &abort).await,
                Err(none) => Err(none),
            };
            shell.0.calls.borrow_mut().remove(&id);
            shell.send(Msg::Answered { id, result });
        });
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

    fn listen(&self) {
        let Some(window) = dom::window() else { return };
        let shell = self.clone();
        let moved = Closure::<dyn FnMut()>::new(move || shell.send(Msg::Went(Route::parse(&dom::hash()))));
        let shell = self.clone();
        let stored = Closure::<dyn FnMut(StorageEvent)>::new(move |event: StorageEvent| {
            if let Some(key) = event.key() {
                shell.send(Msg::SavedElsewhere { key, value: event.new_value() });
            }
        });
        window.set_onhashchange(Some(moved.as_ref().unchecked_ref()));
        // A window that refuses a listener only leaves the tabs unaware of each other.
        let _ = window.add_event_listener_with_callback("storage", stored.as_ref().unchecked_ref());
        // They live as long as the page.
        moved.forget();
        stored.forget();
    }
}

async fn load_config() -> Result<Config, ConfigError> {
    let response = Get::get("config.json").send().await.map_err(|e| ConfigError::Unread(e.to_string()))?;
    if !response.ok() {
        return Err(ConfigError::Unread(format!("the server answered {}", response.status())));
    }
    let text = response.text().await.map_err(|e| ConfigError::Unread(e.to_string()))?;
    Config::parse(&text)
}
