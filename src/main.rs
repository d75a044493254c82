//! VM Restore.
fn main() {}
