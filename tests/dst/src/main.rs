//! Deterministic simulation: everything that can happen to restores, their pages and Azure, drawn from a seed and played in virtual time.
//!
//! `dst --seeds N [--from S] [--first]` plays seeds S to S + N and reports the result; `dst --seed S [--only 3,17] [--trace]` replays one,
//! with only these faults; `dst --reads` counts how often Azure is polled. A failing seed is minimized: the fewest faults that still break an invariant are printed.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command")]

mod adversary;
mod dice;
mod events;
mod fault;
mod ledger;
mod network;
#[expect(dead_code, clippy::unwrap_used, clippy::panic, reason = "of the native tests, which use more of it")]
#[path = "../../native/operator.rs"]
mod operator;
#[expect(dead_code, clippy::unwrap_used, reason = "of the native tests, which use more of it")]
#[path = "../../native/page.rs"]
mod page;
mod plan_pace;
mod plans;
mod reads;
mod run;
mod template;
mod world;

use std::collections::BTreeSet;
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Instant;

use run::{Outcome, Sum, minimize, play};
use template::Template;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// How many broken seeds are shown before the command stops.
const MAX_SHOWN: u64 = 10;

fn main() -> ExitCode {
    let mut args = std::env::args().skip(1);
    let (mut seeds, mut from, mut one, mut only, mut trace, mut first) = (0_u64, 0_u64, None, None, false, false);
    while let Some(arg) = args.next() {
        let mut number = || args.next().and_then(|text| text.parse::<u64>().ok());
        match arg.as_str() {
            "--seeds" => seeds = number().unwrap_or_default(),
            "--from" => from = number().unwrap_or_default(),
            "--seed" => one = number(),
            "--trace" => trace = true,
            "--reads" => {
                println!("{}", reads::measured());
                return ExitCode::SUCCESS;
            }
            "--first" => first = true,
            "--only" => {
                let list = args.next().unwrap_or_default();
                only = Some(list.split(',').filter_map(|n| n.parse().ok()).collect::<BTreeSet<u64>>());
            }
            other => {
                eprintln!(
                    "“{other}” is not known: --seeds N [--from S], --first stops at the first broken promise; or --seed S [--only 1,2] [--trace]."
                );
                return ExitCode::FAILURE;
            }
        }
    }
    match one {
        Some(seed) => again(seed, only, trace),
        None => many(from, seeds, first),
    }
}

/// Plays one seed again.
fn again(seed: u64, only: Option<BTreeSet<u64>>, trace: bool) -> ExitCode {
    let outcome = play(&Template::new(), seed, only, trace);
    print!("{}", outcome.trace);
    match outcome.broken {
        None => {
            println!("seed {seed}: every promise was kept, {} steps, {} faults", outcome.steps, outcome.faults.len());
            ExitCode::SUCCESS
        }
        Some(why) => {
            println!("seed {seed}: {why}");
            ExitCode::FAILURE
        }
    }
}

/// Plays many.
fn many(from: u64, seeds: u64, first: bool) -> ExitCode {
    let begun = Instant::now();
    let next = AtomicU64::new(from);
    let sum = Mutex::new(Sum::default());
    let failed = AtomicU64::new(0);
    let threads = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                let template = Template::new();
                let mut own = Sum::default();
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= from + seeds || failed.load(Ordering::Relaxed) >= if first { 1 } else { MAX_SHOWN } {
                        break;
                    }
                    let outcome = play(&template, seed, None, false);
                    own.add(&outcome);
                    if outcome.broken.is_some() {
                        failed.fetch_add(1, Ordering::Relaxed);
                        report(&template, seed, &outcome, first);
                    }
                }
                if let Ok(mut sum) = sum.lock() {
                    sum.merge(&own);
                }
            });
        }
    });
    let Ok(sum) = sum.into_inner() else { return ExitCode::FAILURE };
    println!("{}", sum.json(from, begun.elapsed().as_secs_f64()));
    if sum.broken == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn report(template: &Template, seed: u64, outcome: &Outcome, first: bool) {
    if first {
        return eprintln!("seed {seed}: {}", outcome.broken.as_deref().unwrap_or_default());
    }
    let (faults, why) = minimize(template, seed, outcome);
    let list: Vec<String> = faults.iter().map(u64::to_string).collect();
    eprintln!("seed {seed}: {why}\n  again: --seed {seed} --only {} --trace", list.join(","));
}
