//! What is awaited of the browser, of MSAL.js and of the page around us ends: with an answer, or after a time.

use std::pin::pin;

use futures_util::future::{Either, select};
use gloo_timers::future::TimeoutFuture;

/// How long a file of this site is waited for, and what the page around us reads for us, in seconds.
pub(crate) const LONGEST_LOAD: u32 = 60;

/// What comes of `wanted` within so many seconds; none = nothing did.
pub(crate) async fn within<T>(seconds: u32, wanted: impl Future<Output = T>) -> Option<T> {
    match select(pin!(wanted), TimeoutFuture::new(seconds.saturating_mul(1_000))).await {
        Either::Left((came, _)) => Some(came),
        Either::Right(_) => None,
    }
}
