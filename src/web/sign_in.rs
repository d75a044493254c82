//! The sign-in as the page offers it: MSAL.js and `crates/sign-in`, fetched when somebody signs in, or the surrounding page.

use js_sys::{Array, JSON, Promise};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;

use super::dom;
use super::host_page::HostPage;
use crate::app::config;
use crate::app::sign_in::{Interaction, SignInError, SignInRequest};

/// Starts a sign-in. Its result, by [`outcome_of`], is what [`Signed::read`](crate::app::sign_in::Signed::read) reads.
pub(crate) fn sign_in(host: &HostPage, settings: &config::SignIn, request: &SignInRequest) -> Result<Promise, JsValue> {
    let (method, how) = match request.how {
        Interaction::Resume => ("accountsInUse", ""),
        Interaction::Silent => ("signIn", "silent"),
        Interaction::Popup => ("signIn", "popup"),
        Interaction::Redirect => ("signIn", "redirect"),
    };
    let refused = request.refused.then_some("refused");
    let asked = [Some(how), request.claims.as_deref(), request.tenant.as_deref(), request.account.as_deref(), refused];
    ask(host, settings, method, &asked)
}

/// Calls a method of the sign-in: `token`, `cancel` or `signOut`.
pub(crate) fn ask(
    host: &HostPage,
    settings: &config::SignIn,
    method: &str,
    asked: &[Option<&str>],
) -> Result<Promise, JsValue> {
    let arguments = Array::of2(&JSON::parse(&settings.to_json())?, &method.into());
    for one in asked {
        arguments.push(&one.map_or(JsValue::UNDEFINED, JsValue::from_str));
    }
    host.call("signIn", &arguments)
}

/// The result of a sign-in call.
///
/// # Errors
/// The message of the sign-in; the browser's message if the sign-in module could not be loaded.
pub(crate) async fn outcome_of(asked: Result<Promise, JsValue>) -> Result<String, SignInError> {
    let told = match asked {
        Ok(promise) => JsFuture::from(promise).await,
        Err(error) => Err(error),
    };
    told.map(|text| text.as_string().unwrap_or_default()).map_err(|error| SignInError {
        cancelled: error.dyn_ref::<js_sys::Error>().is_some_and(|error| error.name() == "cancelled"),
        words: dom::error_message(&error, "Sign-in failed and gave no reason. Reload the page and sign in again."),
    })
}
