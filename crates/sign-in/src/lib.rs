//! Sign-in with MSAL.js 5, callable from JavaScript and from the page's WebAssembly. It is a separate WebAssembly module, so that visitors
//! who do not sign in download neither this nor MSAL.js.
//!
//! All decisions are in [`settings`] and [`messages`], which are tested natively; the other modules call MSAL.js.

pub mod account;
pub mod messages;
#[cfg(target_arch = "wasm32")]
mod msal;
pub mod request;
pub mod settings;
#[cfg(target_arch = "wasm32")]
mod sign_in;
