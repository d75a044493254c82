//! The shell: performs effects and reports their results to the program. The only folder that touches JavaScript.

mod clock;
mod database;
mod demo;
mod dom;
pub mod fetch;
pub mod host_page;
mod local_time;
mod lock;
mod notify;
pub mod shell;
mod sign_in;
mod storage;
mod tab_channel;
mod timeout;
