//! The face: components that render from the state and answer with messages.

pub mod kit;
pub mod text;
