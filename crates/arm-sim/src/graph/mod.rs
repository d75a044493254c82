//! Azure Resource Graph: the part of the Kusto query language that clients of Azure Backup use, over the simulated world.
//!
//! `lexer` and `parser` make a `syntax::Query` of a text, `evaluate` runs it over the rows of `tables`. What they do not understand is refused in
//! Azure's form for invalid queries, never answered by halves.

pub(crate) mod cell;
pub(crate) mod evaluate;
pub(crate) mod index;
pub(crate) mod lexer;
pub(crate) mod parser;
pub(crate) mod syntax;
pub(crate) mod tables;

#[cfg(test)]
mod tests;
