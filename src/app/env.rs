//! When a message came, and fresh ids for what it causes.

use azure_backup::arm::id::ClientRequestId;
use time::OffsetDateTime;

/// How many seconds pass in the demo while one passes outside.
pub const DEMO_RATE: i64 = 20;

/// The time of a message with a source of ids: a random UUID that the shell makes for each message.
#[derive(Clone, Debug)]
pub struct Env {
    /// The time.
    pub now: OffsetDateTime,
    seed: String,
    used: u16,
}

impl Env {
    /// `seed` is a random UUID in its usual form.
    pub fn new(now: OffsetDateTime, seed: &str) -> Self {
        Self { now, seed: seed.to_owned(), used: 0 }
    }

    /// A fresh id: the seed with its last four digits counted up, so that one random number serves a whole message.
    pub fn id(&mut self) -> Option<ClientRequestId> {
        let (head, tail) = self.seed.split_at_checked(self.seed.len().checked_sub(4)?)?;
        let tail = u16::from_str_radix(tail, 16).ok()?.wrapping_add(self.used);
        self.used = self.used.wrapping_add(1);
        ClientRequestId::parse(&format!("{head}{tail:04x}")).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_differ_within_a_message() {
        let mut env = Env::new(OffsetDateTime::UNIX_EPOCH, "0f8fad5b-d9cb-469f-a165-70867728ffff");
        let first = env.id();
        assert_eq!(first.as_ref().map(ClientRequestId::as_str), Some("0f8fad5b-d9cb-469f-a165-70867728ffff"));
        assert_ne!(first, env.id());
    }
}
