//! One call: first its token, then its request, each with its own timeout. If it ends before the token has arrived, it was not sent.
//!
//! The request of a restore gets its token first and leaves later, once the record says that it is leaving.

use azure_backup::arm::id::ClientRequestId;
use bytes::Bytes;
use futures_util::future::{AbortHandle, abortable};
use http::Request;
use wasm_bindgen_futures::spawn_local;
use web_sys::AbortController;

use super::saving::Job;
use super::{Shell, Source};
use crate::app::effect::CallId;
use crate::app::msg::{Msg, Transport};
use crate::app::session::Secret;
use crate::app::update::MAX_TOKEN;
use crate::web::lock::{Lock, LockMode, lead_lock, send_lock};
use crate::web::timeout::with_timeout;
use crate::web::{fetch, sign_in};

/// Handle to abort a call at any stage.
pub(super) struct Call {
    /// None while only the token is being requested.
    fetch: Option<AbortController>,
    token: AbortHandle,
}

impl Call {
    pub(super) fn abort(&self) {
        self.token.abort();
        if let Some(fetch) = &self.fetch {
            fetch.abort();
        }
    }
}

impl Shell {
    pub(super) fn call(&self, id: CallId, request: Request<Bytes>) {
        let shell = self.clone();
        let demo = self.0.demo.borrow().clone();
        if let Some(demo) = demo {
            let token = demo.token(self.0.state.borrow().sign_in.demo_role);
            // Not within this message: an answer must never be handled before the update that asked for it has finished.
            spawn_local(async move {
                let simulation = demo.simulation().await;
                let result = match simulation {
                    _ if !shell.is_current_demo(&demo) => Err(Transport::Aborted),
                    Ok(simulation) => simulation.answer(&request, &token, shell.0.clock.get().now()),
                    Err(why) => Err(Transport::Network(why)),
                };
                shell.send(Msg::Answered { id, result });
            });
            return;
        }
        let Ok(controller) = AbortController::new() else {
            let result = Err(Transport::Refused("this browser can't cancel a request".to_owned()));
            return spawn_local(async move { shell.send(Msg::Answered { id, result }) });
        };
        // The last check before the token is attached; the program has already checked the URL when it made the request.
        let refused = self.0.state.borrow().cloud().admits(request.uri()).err();
        let kept = self.0.tokens.borrow_mut().remove(&id);
        let source = kept.map_or_else(|| self.0.source.borrow().clone(), Source::Pasted);
        let asking = self.clone();
        let (token, handle) = abortable(async move {
            match refused {
                Some(refused) => Err(Transport::Refused(refused.to_string())),
                None => asking.token(source).await,
            }
        });
        self.0.calls.borrow_mut().insert(id, Call { fetch: Some(controller.clone()), token: handle });
        spawn_local(async move {
            let result = match token.await.unwrap_or(Err(Transport::Aborted)) {
                Ok(token) => fetch::send(request, token.reveal(), &controller).await,
                Err(none) => Err(none),
            };
            shell.0.calls.borrow_mut().remove(&id);
            shell.send(Msg::Answered { id, result });
        });
    }

    /// Gets the token for a call that will leave later, and keeps it. After an abort, no result is reported.
    pub(super) fn authorize(&self, id: CallId) {
        let (shell, asking) = (self.clone(), self.clone());
        let demo = self.0.demo.borrow().is_some();
        let source = self.0.source.borrow().clone();
        let (token, handle) = abortable(async move {
            // The demo makes its own tokens.
            if demo { Ok(None) } else { asking.token(source).await.map(Some) }
        });
        self.0.calls.borrow_mut().insert(id, Call { fetch: None, token: handle });
        spawn_local(async move {
            let Ok(token) = token.await else { return };
            shell.0.calls.borrow_mut().remove(&id);
            let result = token.map(|token| {
                if let Some(token) = token {
                    shell.0.tokens.borrow_mut().insert(id, token);
                }
            });
            shell.send(Msg::Authorized { id, result });
        });
    }

    /// Takes the lock of a restore that this tab has just created, so no other tab can hold it.
    pub(super) fn hold(&self, id: ClientRequestId) {
        let lock = Lock::ask(&send_lock(&id), LockMode::Wait, |_, _| {});
        self.0.held.borrow_mut().insert(id, lock);
    }

    /// Asks for the lead of an identity, and gives back any other.
    pub(super) fn lead(&self, identity: &str) {
        let shell = self.clone();
        let lead = Lock::ask(&lead_lock(identity), LockMode::Wait, move |_, wanted| {
            // The previous leader may have saved something that this tab has not received yet: that a request is leaving.
            shell.enqueue(Job::Reread(Box::new(move |shell| {
                if wanted.get() {
                    shell.read_quotas();
                    shell.send(Msg::Leading(true));
                }
            })));
        });
        *self.0.lead.borrow_mut() = lead;
    }

    /// Tries to take the lock of a restore that another tab may be sending.
    pub(super) fn claim(&self, id: ClientRequestId) {
        let (shell, claimed) = (self.clone(), id.clone());
        let lock = Lock::ask(&send_lock(&id), LockMode::IfFree, move |held, wanted| {
            let msg = Msg::Claimed { id: claimed.clone(), held };
            if !held {
                return shell.send(msg);
            }
            // The tab that held the lock may have saved just before that the request has left.
            shell.enqueue(Job::Reread(Box::new(move |shell| {
                if wanted.get() {
                    shell.send(msg);
                }
            })));
        });
        self.0.held.borrow_mut().insert(id, lock);
    }

    /// Aborts a call at any stage and forgets its token.
    pub(super) fn abort(&self, id: CallId) {
        self.0.tokens.borrow_mut().remove(&id);
        let call = self.0.calls.borrow_mut().remove(&id);
        if let Some(call) = call {
            call.abort();
        }
    }

    /// The token for a call. Its source may be slow, silent or wrong; this returns in any case.
    async fn token(&self, source: Source) -> Result<Secret, Transport> {
        match source {
            Source::Nowhere => Err(Transport::NoToken),
            Source::Pasted(token) => Ok(token),
            Source::SignIn => {
                let seconds = u32::try_from(MAX_TOKEN).unwrap_or(u32::MAX);
                let told = with_timeout(seconds, sign_in::outcome_of(self.ask_sign_in("token"))).await;
                let token = told.ok_or(Transport::TokenLate)?.map_err(|none| Transport::SignIn(none.words))?;
                Secret::checked(token).map_err(|_| Transport::SignIn(NO_TOKEN.to_owned()))
            }
        }
    }
}

/// The message for a text that cannot be a header value.
const NO_TOKEN: &str = "That's not a valid access token: it's empty or contains spaces, line breaks or invalid characters. Sign in again, on the embedding page if this page is embedded.";
