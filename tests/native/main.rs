//! Tests of the whole, natively and in virtual time.
#![expect(clippy::unwrap_used, clippy::panic, clippy::print_stderr, reason = "tests")]

mod architecture;
mod bad_input;
mod counts;
mod flows;
mod hostile;
mod justified;
mod matrix;
mod page;
mod reading;
mod role;
mod security;
mod sign_in;
mod tabs;
mod trouble;
mod wire;
