//! The pages of a recovery plan.

pub mod board;
pub mod list;

#[cfg(test)]
mod tests;
