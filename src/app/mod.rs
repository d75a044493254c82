//! The program without a screen: `update(&mut State, Env, Msg) -> Vec<Effect>`.
//!
//! Pure. Time and ids come in with each message ([`env::Env`]), requests and waits go out as [`effect::Effect`]s. After every message
//! [`update::update`] works out what the present place needs (`needs`) and what the restores wait for (`follow`), so that a reload, a deep
//! link and a click lead to the same state.

pub mod action;
pub mod activation;
pub mod activity;
pub mod board_list;
pub mod catalog;
pub mod causes;
pub mod check;
pub mod config;
pub mod csv;
pub mod deployment;
pub mod dry_run;
pub mod effect;
pub mod env;
pub mod facts;
pub mod file_recovery;
pub mod fleet;
pub mod follower;
pub mod identity;
pub mod job_list;
pub mod key;
pub mod launch;
pub mod linked;
pub mod list_query;
pub mod list_status;
pub mod local_time;
pub mod msg;
pub mod needs;
pub mod plans;
pub mod portal;
pub mod prepared;
pub mod purpose;
pub mod quotas;
pub mod readiness;
pub mod records;
pub mod regions;
pub mod rehydration;
pub mod restore_list;
pub mod restored_disks;
pub mod route;
pub mod saved;
pub mod sent;
pub mod session;
pub mod shown_request;
pub mod sign_in;
pub mod sorted;
pub mod state;
pub mod suggestions;
pub mod undelete;
pub mod unsent;
pub mod update;
