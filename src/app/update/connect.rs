//! Beginning, connecting, leaving.

use std::rc::Rc;

use super::Turn;
use crate::app::config::{Config, ConfigError};
use crate::app::effect::Effect;
use crate::app::route::Route;
use crate::app::saved::{self, DRAFTS, RESTORES, Saved};
use crate::app::session::{Bearer, Secret, Session};
use crate::app::sign_in::{How, SigningIn};

impl Turn<'_> {
    pub(super) fn started(&mut self, config: Result<Rc<Config>, ConfigError>, remembered: &Saved, route: Route) {
        self.state.config_error = None;
        match config {
            Ok(config) => self.state.config = config,
            Err(error) => self.state.config_error = Some(error),
        }
        if let Some(settings) = remembered.settings.as_deref().and_then(saved::read) {
            self.state.settings = settings;
        }
        self.state.quarantine = remembered.quarantine.as_deref().and_then(saved::read).unwrap_or_default();
        let drafts = remembered.drafts.as_deref().map(saved::drafts).unwrap_or_default();
        self.state.drafts = drafts.read;
        let restores = remembered.restores.as_deref().map(saved::restores).unwrap_or_default();
        self.state.restores = Rc::new(restores.read);
        self.state.budgets = remembered.reads.as_deref().and_then(saved::read).unwrap_or_default();
        self.state.started = true;
        self.went(route);
        self.set_aside(DRAFTS, drafts.unread);
        self.set_aside(RESTORES, restores.unread);
        if remembered.signed_in || self.state.hosted {
            self.sign_in(How::Resume);
        }
    }

    pub(super) fn start_demo(&mut self) {
        self.state.session = Session::Demo;
        self.effects.push(Effect::UseDemo);
        self.connected();
    }

    pub(super) fn demo_failed(&mut self, why: &str) {
        self.disconnect();
        // Now, not when the address follows: arriving at a place removes the notice.
        self.went(Route::Connect);
        self.tell("The demo could not be loaded", &format!("{why} Try again, or reload the page."));
    }

    pub(super) fn connect(&mut self, token: Secret) {
        // A token is for the cloud that was configured, and which one that is, is not known.
        if let Some(error) = &self.state.config_error {
            let why = format!("{error} The token was sent nowhere.");
            return self.tell("Only the demo can be used", &why);
        }
        match Bearer::read(token.reveal(), self.moment.now) {
            Ok(bearer) => {
                self.state.session = Session::Token(bearer);
                self.effects.push(Effect::UseToken(token));
                self.connected();
            }
            Err(error) => {
                self.announce(&error.to_string());
                self.state.token_error = Some(error);
            }
        }
    }

    pub(super) fn connected(&mut self) {
        self.state.token_error = None;
        self.state.sign_in_fault = None;
        self.state.notice = None;
        // Another token may see other things.
        self.abort_readings();
        self.state.catalog.clear();
        let cloud = self.state.cloud_name().to_owned();
        // The lead is asked for anew: another tab may have been waiting for it.
        self.state.leading = false;
        self.effects.push(Effect::Lead(cloud.clone()));
        let now = self.moment.now;
        let mut restores = self.state.restores.clone();
        for restore in Rc::make_mut(&mut restores).iter_mut().filter(|r| r.cloud == cloud) {
            if !self.state.sends(&restore.id) {
                restore.resumed(now);
                restore.note(now);
            }
            // A fresh token is a reason to look at once.
            restore.look_now(now);
        }
        self.state.restores = restores;
        if self.state.route == Route::Connect {
            let route = self.state.return_to.take().unwrap_or(Route::Vms { subscription: None, vault: None });
            self.effects.push(Effect::Go(route));
        }
    }

    /// The operator leaves; who has signed in signs out.
    pub(super) fn leave(&mut self) {
        let signed_in = matches!(self.state.session, Session::SignedIn(_));
        self.disconnect();
        if signed_in {
            self.effects.push(Effect::SignOut);
        }
    }

    pub(super) fn disconnect(&mut self) {
        self.abort_readings();
        self.state.catalog.clear();
        self.state.session = Session::Disconnected;
        self.state.sign_in = SigningIn::default();
        self.state.sign_in_fault = None;
        self.state.leading = false;
        self.state.check = None;
        self.state.return_to = None;
        self.effects.push(Effect::Disconnect);
        // Left on purpose: another connection begins at the beginning.
        self.state.route = Route::Connect;
        self.effects.push(Effect::Go(Route::Connect));
    }
}
