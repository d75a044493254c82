//! Tests of the whole, natively and in virtual time.
#![expect(clippy::unwrap_used, clippy::panic, clippy::print_stderr, reason = "tests")]

mod architecture;
mod bad_input;
mod counts;
mod cross_region;
mod denied;
mod elsewhere;
mod flows;
mod forged;
mod hostile;
mod justified;
mod lists;
mod matrix;
mod news;
mod offline;
mod operator;
mod page;
mod past;
mod portal;
mod reading;
mod record;
mod role;
mod security;
mod sign_in;
mod storage;
mod tabs;
mod trouble;
mod wire;
mod workflows;
