//! One call: its token, then its request, each with a limit of its own. What ends before the token is there was not sent.
//!
//! A request that restores asks for its token first and leaves later, when the record says that it does.

use bytes::Bytes;
use futures_util::future::{AbortHandle, abortable};
use http::Request;
use wasm_bindgen_futures::spawn_local;
use web_sys::AbortController;

use super::{Shell, Source};
use crate::app::effect::CallId;
use crate::app::msg::{Msg, Transport};
use crate::app::session::Secret;
use crate::app::update::LONGEST_TOKEN;
use crate::web::patience::within;
use crate::web::{fetch, sign_in};

/// Ends a call, whatever it waits for.
pub(super) struct Call {
    fetch: AbortController,
    token: AbortHandle,
}

impl Call {
    pub(super) fn abort(&self) {
        self.token.abort();
        self.fetch.abort();
    }
}

impl Shell {
    pub(super) fn call(&self, id: CallId, request: Request<Bytes>) {
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
        let Ok(controller) = AbortController::new() else {
            let result = Err(Transport::Refused("this browser cannot give up a request".to_owned()));
            return spawn_local(async move { shell.send(Msg::Answered { id, result }) });
        };
        // The last gate before the token: the program has checked the URL when it made the request.
        let refused = self.0.state.borrow().cloud().admits(request.uri()).err();
        let asking = self.clone();
        let known = self.0.authorized.borrow_mut().remove(&id);
        let (token, handle) = abortable(async move {
            match (refused, known) {
                (Some(refused), _) => Err(Transport::Refused(refused.to_string())),
                (None, Some(token)) => Ok(token),
                (None, None) => asking.token().await,
            }
        });
        self.0.calls.borrow_mut().insert(id, Call { fetch: controller.clone(), token: handle });
        spawn_local(async move {
            let result = match token.await.unwrap_or(Err(Transport::Aborted)) {
                Ok(token) => fetch::send(request, token.reveal(), &controller).await,
                Err(none) => Err(none),
            };
            shell.0.calls.borrow_mut().remove(&id);
            shell.send(Msg::Answered { id, result });
        });
    }

    /// Gets the token for a call that leaves later.
    pub(super) fn authorize(&self, id: CallId) {
        let shell = self.clone();
        let Ok(controller) = AbortController::new() else {
            let result = Err(Transport::Refused("this browser cannot give up a request".to_owned()));
            return spawn_local(async move { shell.send(Msg::Authorized { id, result }) });
        };
        let asking = self.clone();
        let (token, handle) = abortable(async move { asking.token().await });
        self.0.calls.borrow_mut().insert(id, Call { fetch: controller, token: handle });
        spawn_local(async move {
            let token = token.await.unwrap_or(Err(Transport::Aborted));
            shell.0.calls.borrow_mut().remove(&id);
            let result = token.map(|token| drop(shell.0.authorized.borrow_mut().insert(id, token)));
            shell.send(Msg::Authorized { id, result });
        });
    }

    /// The token for a call. Whoever gives it may be slow, silent or wrong: this ends all the same.
    async fn token(&self) -> Result<Secret, Transport> {
        let (demo, source) = (self.0.demo.borrow().clone(), self.0.source.borrow().clone());
        if let Some(demo) = demo {
            return Ok(Secret::new(demo.token()));
        }
        match source {
            Source::Nowhere => Err(Transport::NoToken),
            Source::Pasted(token) => Ok(token),
            Source::SignIn => {
                let seconds = u32::try_from(LONGEST_TOKEN).unwrap_or(u32::MAX);
                let told = within(seconds, sign_in::told(self.ask_sign_in("token"))).await;
                let token = told.ok_or(Transport::TokenLate)?.map_err(|none| Transport::SignIn(none.words))?;
                Secret::checked(token).map_err(|_| Transport::SignIn(NO_TOKEN.to_owned()))
            }
        }
    }
}

/// What is said of a text that no header can carry.
const NO_TOKEN: &str = "What came instead of an access token is none: it is empty, or holds spaces, line breaks or letters that no token has. Sign in again, in the page around this one if there is one.";
