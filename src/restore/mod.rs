//! The product's rules: what can be restored and how, what is sent, and what the result is.
//!
//! Pure: no I/O, no clock, no randomness. `facts` is what Azure said, `draft` what the operator chose;
//! [`rules`] checks one against the other, [`plan`] makes the request of both, and [`run`] follows it
//! to its end.

pub mod action;
pub mod afterwards;
pub mod build;
pub mod carry;
mod conditions;
pub mod deployment;
pub mod draft;
pub mod effect_sentence;
pub mod facts;
pub mod field;
pub mod file_recovery;
pub mod incident;
pub mod leftovers;
pub mod outcome;
pub mod owner;
pub mod plan;
pub mod preview;
pub mod read_back;
pub mod regional_id;
pub mod request_text;
pub mod rules;
pub mod run;
pub mod scenario;
pub mod suggest;
pub mod table;
pub mod target;
pub mod visible;

#[cfg(test)]
pub(crate) mod sample;
#[cfg(test)]
mod tests;
