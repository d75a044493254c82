//! Sign-in with MSAL.js 5, for JavaScript and for the page's own WebAssembly: a module of its own, so that nobody downloads
//! it, nor MSAL.js, who does not sign in.
//!
//! What is decided is decided in [`settings`] and [`words`], natively tested; the other modules speak with MSAL.js.

pub mod account;
#[cfg(target_arch = "wasm32")]
mod msal;
pub mod request;
pub mod settings;
#[cfg(target_arch = "wasm32")]
mod sign_in;
pub mod words;
