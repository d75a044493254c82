//! The shell: performs effects and reports their results to the program. The only folder that touches JavaScript.

mod clock;
mod demo;
mod dom;
pub mod fetch;
pub mod host;
mod lock;
mod notify;
mod others;
mod patience;
pub mod shell;
mod sign_in;
mod storage;
