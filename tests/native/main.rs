//! Tests of the whole, natively and in virtual time.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod answers;
mod architecture;
mod bad_input;
mod choices;
mod counts;
mod cross_region;
mod denied;
mod elsewhere;
mod fields;
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
mod promises;
mod reading;
mod record;
mod role;
mod security;
mod sign_in;
mod source;
mod storage;
mod tabs;
mod trouble;
mod undelete;
mod versions;
mod wire;
mod workflows;
