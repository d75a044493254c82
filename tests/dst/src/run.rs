//! Plays one seed from the first click to the last answer, and sums up many.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};

use time::Duration;
use vm_restore::app::msg::Msg;
use vm_restore::app::route::Route;
use vm_restore::app::session::Secret;
use vm_restore::app::state::State;

use crate::dice::{Dice, chance};
use crate::fault::{Counts, Kind};
use crate::ledger::{Broken, READS_AN_HOUR};
use crate::plans::PlanLedger;
use crate::template::Template;
use crate::world::{Event, OPERATORS, World};

/// The longest time during which faults happen, in seconds.
const TROUBLED: i64 = 5_400;
/// Time limit for everything to finish after the faults have ended.
const CALM: Duration = Duration::hours(36);
/// More steps than any run should take.
const MAX_STEPS: u64 = 60_000;

/// The result of a seed.
#[derive(Default)]
pub(crate) struct Outcome {
    pub(crate) broken: Option<Broken>,
    /// The numbers of the faults that happened.
    pub(crate) faults: BTreeSet<u64>,
    pub(crate) counts: Counts,
    pub(crate) steps: u64,
    pub(crate) accepted: usize,
    pub(crate) hours: f64,
    pub(crate) trace: String,
}

/// Plays a seed, with `only` these of its faults.
pub(crate) fn play(template: &Template, seed: u64, only: Option<BTreeSet<u64>>, traced: bool) -> Outcome {
    let mut world = World::new(template, Dice::new(seed, only), traced);
    let played = catch_unwind(AssertUnwindSafe(|| play_through(&mut world, template)));
    let broken = match played {
        Ok(result) => result.err(),
        Err(panic) => {
            let words = panic.downcast_ref::<String>().cloned();
            Some(format!("panic: {}", words.unwrap_or_else(|| "without a word".to_owned())))
        }
    };
    Outcome {
        broken,
        faults: world.dice.happened.iter().copied().collect(),
        counts: world.counts.clone(),
        steps: world.steps,
        accepted: world.sim.triggers().iter().filter(|t| t.accepted).count(),
        hours: (world.now - template.now).as_seconds_f64() / 3_600.0,
        trace: world.take_trace(),
    }
}

fn play_through(world: &mut World, template: &Template) -> Result<(), Broken> {
    let (_, mut rng) = world.dice.next();
    // The limits that Azure was recorded to have, from the strictest to the most generous.
    world.sim.set_hourly_limit(rng.bool().then_some(READS_AN_HOUR));
    if chance(&mut rng, 40) {
        world.ledger.plans = PlanLedger::new(&template.plan);
    }
    world.schedule(Duration::milliseconds(10), Event::Operator);
    world.schedule(Duration::milliseconds(rng.i64(100..600_000)), Event::Weather);
    let end = world.now + Duration::seconds(rng.i64(600..TROUBLED));
    while world.next_at().is_some_and(|at| at < end) {
        if world.steps > MAX_STEPS {
            return Err("it never rests".to_owned());
        }
        world.step()?;
    }
    calm_down(world)?;
    let limit = world.now + CALM;
    while world.next_at().is_some_and(|at| at < limit) {
        if world.steps > 2 * MAX_STEPS {
            return Err("it never rests".to_owned());
        }
        world.step()?;
    }
    for operator in OPERATORS {
        let leads = |&tab: &usize| {
            let state = &world.tabs[tab].state;
            state.leading && state.identity().owner.account() == Some(operator)
        };
        let leader = world.open_tabs().into_iter().find(leads).ok_or(format!("no tab leads for {operator}"))?;
        world.ledger.check_end(&world.tabs[leader].state, &world.sim)?;
    }
    let tabs: Vec<&State> = world.open_tabs().into_iter().map(|tab| &world.tabs[tab].state).collect();
    world.ledger.check_end_of_plan(&tabs)
}

/// Ends all faults, and the operator returns with a new token.
fn calm_down(world: &mut World) -> Result<(), Broken> {
    world.calm = true;
    world.trace(|_| "-- from here on nothing goes wrong".to_owned());
    world.fault_profile.stop_faults();
    world.sim.set_region_down(None);
    world.browser.can_save = true;
    world.browser.can_load = true;
    world.now = world.now.max(world.browser.asleep_until).max(world.browser.offline_until);
    world.stop_operator();
    while world.open_tabs().len() < OPERATORS.len() {
        world.open(None, Route::restores());
    }
    // What is on its way arrives first.
    let settled = world.now + Duration::minutes(5);
    while world.next_at().is_some_and(|at| at < settled) {
        world.step()?;
    }
    for (at, tab) in world.open_tabs().into_iter().enumerate() {
        let token = world.fresh_token(at % OPERATORS.len(), Duration::days(3));
        let life = world.life(tab);
        world.deliver(life, Duration::milliseconds(1), Msg::Connect(Secret::new(token)));
        world.deliver(life, Duration::milliseconds(100), Msg::Go(Route::restores()));
    }
    Ok(())
}

/// Minimizes the faults that still break an invariant: by leaving out one half, quarter and so on, as long as it stays broken.
pub(crate) fn minimize(template: &Template, seed: u64, outcome: &Outcome) -> (Vec<u64>, Broken) {
    let mut kept: Vec<u64> = outcome.faults.iter().copied().collect();
    let mut why = outcome.broken.clone().unwrap_or_default();
    let mut part = kept.len().div_ceil(2).max(1);
    loop {
        let mut at = 0;
        let mut left_out = false;
        while at < kept.len() {
            let end = (at + part).min(kept.len());
            let tried: BTreeSet<u64> = kept[..at].iter().chain(&kept[end..]).copied().collect();
            if let Some(broken) = play(template, seed, Some(tried.clone()), false).broken {
                kept = tried.into_iter().collect();
                why = broken;
                left_out = true;
            } else {
                at = end;
            }
        }
        if part == 1 && !left_out {
            return (kept, why);
        }
        part = (part / 2).max(1);
    }
}

/// Many outcomes.
#[derive(Default)]
pub(crate) struct Sum {
    played: u64,
    pub(crate) broken: u64,
    steps: u64,
    accepted: u64,
    hours: f64,
    counts: Counts,
}

impl Sum {
    pub(crate) fn add(&mut self, outcome: &Outcome) {
        self.played += 1;
        self.broken += u64::from(outcome.broken.is_some());
        self.steps += outcome.steps;
        self.accepted += outcome.accepted as u64;
        self.hours += outcome.hours;
        self.counts.merge(&outcome.counts);
    }

    pub(crate) fn merge(&mut self, other: &Self) {
        self.played += other.played;
        self.broken += other.broken;
        self.steps += other.steps;
        self.accepted += other.accepted;
        self.hours += other.hours;
        self.counts.merge(&other.counts);
    }

    /// The report, as JSON.
    pub(crate) fn json(&self, from: u64, seconds: f64) -> String {
        let mut faults = String::new();
        for kind in Kind::ALL {
            let comma = if faults.is_empty() { "" } else { "," };
            // Writing into a text cannot fail.
            let _ = write!(faults, "{comma}\n    \"{}\": {}", kind.name(), self.counts.0[*kind as usize]);
        }
        format!(
            "{{\n  \"from\": {from}, \"seeds\": {}, \"broken\": {}, \"steps\": {}, \"acceptedRestores\": {}, \"virtualHours\": {:.0}, \"seconds\": {seconds:.1},\n  \"faults\": {{{faults}\n  }}\n}}",
            self.played, self.broken, self.steps, self.accepted, self.hours
        )
    }
}
