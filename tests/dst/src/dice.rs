//! Random decisions that a seed reproduces.
//!
//! Each decision has a number and a generator of its own, so that leaving out one fault does not change the others. That makes it
//! possible to minimize a failing run.

use std::collections::BTreeSet;

use fastrand::Rng;

/// Gives each decision its random generator.
pub(crate) struct Dice {
    seed: u64,
    decisions: u64,
    /// Only these faults happen; none = all.
    only: Option<BTreeSet<u64>>,
    /// The numbers of the faults that happened.
    pub(crate) happened: Vec<u64>,
}

impl Dice {
    pub(crate) fn new(seed: u64, only: Option<BTreeSet<u64>>) -> Self {
        Self { seed, decisions: 0, only, happened: Vec::new() }
    }

    /// The dice of the next decision, and its number.
    pub(crate) fn next(&mut self) -> (u64, Rng) {
        self.decisions += 1;
        let mixed = self.seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ self.decisions.wrapping_mul(0xD1B5_4A32_D192_ED03);
        (self.decisions, Rng::with_seed(mixed))
    }

    /// Whether the fault of this decision may happen. If so, its number is recorded.
    pub(crate) fn allows(&mut self, decision: u64) -> bool {
        let allowed = self.only.as_ref().is_none_or(|only| only.contains(&decision));
        if allowed {
            self.happened.push(decision);
        }
        allowed
    }
}

/// True in `per_cent` of a hundred cases.
pub(crate) fn chance(rng: &mut Rng, per_cent: u32) -> bool {
    rng.u32(0..100) < per_cent
}

/// One of several.
pub(crate) fn one<T: Copy>(rng: &mut Rng, of: &[T]) -> T {
    of[rng.usize(0..of.len())]
}
