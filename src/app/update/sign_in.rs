//! Signing in, and going on after it: nothing that was begun is lost when Azure wants another token.

use azure_backup::arm::fault::Fault;
use azure_backup::arm::id::{ClientRequestId, TenantId};

use super::UpdateContext;
use crate::app::effect::{CallId, Effect};
use crate::app::session::Session;
use crate::app::sign_in::{Interaction, Outcome, SignInError, SignInRequest, SignInResult};

impl UpdateContext<'_> {
    /// Signs in as before, or for the first time, with the claims that Azure has asked for.
    pub(super) fn sign_in(&mut self, how: Interaction) {
        let fault = self.state.sign_in_fault.clone();
        let claims = fault.as_ref().and_then(|fault| fault.step_up()).map(|claims| claims.as_str().to_owned());
        // A token that could not be had was not refused: then Azure has said nothing.
        let refused = fault.is_some_and(|fault| fault.status.is_some());
        self.ask_sign_in(SignInRequest { how, claims, tenant: None, account: None, refused });
    }

    pub(super) fn use_account(&mut self, account: Option<String>) {
        let how = if account.is_some() { Interaction::Silent } else { Interaction::Popup };
        let account = Some(account.unwrap_or_default());
        self.ask_sign_in(SignInRequest { how, claims: None, tenant: None, account, refused: false });
    }

    pub(super) fn use_tenant(&mut self, tenant: &TenantId) {
        self.state.sign_in.closed.retain(|(id, _)| id != tenant.as_str());
        let (how, tenant) = (Interaction::Popup, Some(tenant.to_string()));
        self.ask_sign_in(SignInRequest { how, claims: None, tenant, account: None, refused: false });
    }

    fn ask_sign_in(&mut self, request: SignInRequest) {
        if !self.state.can_sign_in() && self.state.session != Session::Demo {
            return;
        }
        if request.how != Interaction::Silent {
            self.state.notice = None;
        }
        self.state.sign_in.waiting = Some(request.clone());
        self.effects.push(Effect::SignIn(request));
    }

    pub(super) fn cancel_sign_in(&mut self) {
        if self.state.sign_in.waiting.take().is_some() {
            self.state.sign_in.then = None;
            self.effects.push(Effect::CancelSignIn);
            self.announce("Sign-in canceled");
        }
    }

    pub(super) fn on_signed_in(&mut self, result: Result<SignInResult, SignInError>) {
        // One that nobody waits for any more changes nothing.
        let Some(request) = self.state.sign_in.waiting.take() else { return };
        match (&result, request.how) {
            (Ok(_), Interaction::Silent) => {}
            (Ok(_), _) => self.state.sign_in.begin_anew(),
            (Err(_), _) => self.state.sign_in.renewal.iter_mut().for_each(|last| last.outcome = Outcome::Failed),
        }
        match result {
            Ok(SignInResult { account: None, .. }) if self.state.session == Session::Demo => self.on_token_renewed(),
            Ok(SignInResult { account, accounts }) => {
                self.state.sign_in.accounts = accounts;
                let Some(account) = account else { return };
                let session = Session::SignedIn(account);
                if self.state.session == session {
                    return self.on_token_renewed();
                }
                self.state.session = session;
                self.state.sign_in.then = None;
                self.effects.push(Effect::UseSignIn);
                self.connected();
                self.announce("Signed in");
            }
            Err(SignInError { cancelled, words }) => self.not_signed_in(&request, cancelled, words),
        }
    }

    fn not_signed_in(&mut self, request: &SignInRequest, cancelled: bool, words: String) {
        if let (Some(tenant), false) = (&request.tenant, cancelled) {
            self.announce(&words);
            return self.state.sign_in.closed.push((tenant.clone(), words));
        }
        // What could not be had silently is what the operator is asked for: the page says so already.
        if !cancelled && (request.how != Interaction::Silent || request.account.is_some()) {
            self.show_notice("Couldn't sign in", &words);
        }
    }

    /// The same person has a token that Azure may like better: everything goes on where it stood.
    fn on_token_renewed(&mut self) {
        let now = self.env.now;
        self.state.sign_in_fault = None;
        self.token_is_fresh();
        self.state.catalog.retry_failed_if(now, Fault::needs_sign_in);
        self.poll_all();
        self.announce("Signed in again");
        if let Some(id) = self.state.sign_in.then.take() {
            self.send_refused(&id);
        }
    }

    /// A fresh token is a reason to look at once.
    pub(super) fn poll_all(&mut self) {
        let now = self.env.now;
        let mut restores = self.state.restores.clone();
        restores.change_where(
            |restore| restore.is_running() && self.state.may_follow(restore),
            |restore| restore.on_token_renewed(now),
        );
        self.state.restores = restores;
    }

    /// The calls that leave from now on have a token that Azure has not refused yet.
    pub(super) fn token_is_fresh(&mut self) {
        self.state.sign_in.fresh_from = Some(CallId(self.state.next_call));
    }

    /// Azure does not accept the token for a call. Who has signed in may get a better one without being asked, once: what it does not cure is no
    /// fault of the token.
    pub(super) fn token_refused(&mut self, fault: Fault, call: &str) {
        let now = self.env.now;
        self.state.sign_in_fault = Some(std::rc::Rc::new(fault));
        if matches!(self.state.session, Session::SignedIn(_)) && self.state.sign_in.may_renew(call, now) {
            self.sign_in(Interaction::Silent);
        }
    }

    /// Sends a restore of this tab again that Azure has refused, after a sign-in where Azure wants one.
    pub(super) fn send_again(&mut self, id: &ClientRequestId) {
        if !self.state.can_retry_refused(id) || !self.state.connected() {
            return;
        }
        let own = matches!(self.state.session, Session::SignedIn(_) | Session::Demo);
        if own && self.state.sign_in_fault.is_some() {
            self.state.sign_in.then = Some(id.clone());
            self.sign_in(Interaction::Popup);
        } else {
            self.send_refused(id);
        }
    }
}
