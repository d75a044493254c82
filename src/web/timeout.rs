//! Timeouts for everything that is awaited from the browser, MSAL.js or the surrounding page.

use std::pin::pin;

use futures_util::future::{Either, select};
use gloo_timers::future::TimeoutFuture;

/// Timeout of a file of this site, of what the surrounding page reads for us, and of the browser's database, in seconds.
pub(crate) const MAX_LOAD: u32 = 60;

/// The result of `wanted`, or none if it takes longer than `seconds`.
pub(crate) async fn with_timeout<T>(seconds: u32, wanted: impl Future<Output = T>) -> Option<T> {
    match select(pin!(wanted), TimeoutFuture::new(seconds.saturating_mul(1_000))).await {
        Either::Left((came, _)) => Some(came),
        Either::Right(_) => None,
    }
}
