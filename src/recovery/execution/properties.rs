//! Runs with drawn machines, answers and clicks, held against an account that is kept beside them.

mod account;

use std::collections::{BTreeMap, BTreeSet};

use account::{Account, Stand};
use proptest::prelude::*;
use time::Duration;

use super::tests::{machine, pacing, restore};
use super::*;
use crate::recovery::plan::Percent;

const START: OffsetDateTime = OffsetDateTime::UNIX_EPOCH;

/// What happens next.
#[derive(Clone, Debug)]
enum Step {
    /// So many milliseconds pass.
    Wait(u32),
    /// Azure tells something about one of the machines that are under way.
    Tell(usize, Told),
    /// The operator says something.
    Halt,
    GoOn,
    RetryFailed,
    Retry(usize),
    Skip(usize),
    Open(usize),
    /// Another restore of this machine begins, or ends.
    Occupy(usize),
    /// Only so many of the next restores are started; the rest was not asked for.
    Hesitate(usize),
    /// The run is stored and read again.
    Reload,
}

#[derive(Clone, Copy, Debug)]
enum Told {
    Accepted,
    JobGuessed,
    Throttled(Option<u16>),
    Busy(Option<u16>),
    DailyLimit,
    Withdrawn,
    Ended(Ending),
}

fn told() -> impl Strategy<Value = Told> {
    let wait = || prop::option::of(1_u16..400);
    prop_oneof![
        8 => Just(Told::Accepted),
        1 => Just(Told::JobGuessed),
        8 => Just(Told::Ended(Ending::Restored)),
        1 => wait().prop_map(Told::Throttled),
        1 => wait().prop_map(Told::Busy),
        1 => Just(Told::DailyLimit),
        1 => Just(Told::Withdrawn),
        3 => prop::sample::select(vec![
            Ending::Failed, Ending::Canceled, Ending::Refused, Ending::NotStarted, Ending::NeverLeft, Ending::Lost,
        ]).prop_map(Told::Ended),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    let any = || 0_usize..40;
    prop_oneof![
        6 => (1_u32..60_000).prop_map(Step::Wait),
        30 => (any(), told()).prop_map(|(at, told)| Step::Tell(at, told)),
        1 => Just(Step::Halt),
        2 => Just(Step::GoOn),
        1 => Just(Step::RetryFailed),
        2 => any().prop_map(Step::Retry),
        1 => any().prop_map(Step::Skip),
        1 => (0_usize..4).prop_map(Step::Open),
        2 => any().prop_map(Step::Occupy),
        1 => (0_usize..3).prop_map(Step::Hesitate),
        1 => Just(Step::Reload),
    ]
}

fn advance() -> impl Strategy<Value = Advance> {
    prop_oneof![
        Just(Advance::WhenRestored),
        (1_u8..=100).prop_map(|share| Percent::new(share).map_or(Advance::Manually, Advance::WhenShare)),
        Just(Advance::Manually),
    ]
}

/// What has become of each machine by the run's own words.
fn ending(run: &Execution, at: usize) -> Option<Ending> {
    match run.machine(&machine(at))?.progress {
        Progress::Ended { ending, .. } => Some(ending),
        _ => None,
    }
}

/// Starts what is next, `most` of it, and checks each.
fn start(run: &mut Execution, account: &mut Account, most: usize) -> Result<(), TestCaseError> {
    let is_free = |id: &MachineId| !account.occupied.iter().any(|&at| machine(at) == *id);
    let next = run.next(account.now, &is_free);
    prop_assert_eq!(run.next(account.now, &is_free), next.clone(), "asking changes nothing");
    prop_assert!(next.wake_at.is_none_or(|at| at > account.now));
    for id in next.trigger.into_iter().take(most) {
        let at = (0..account.stand.len()).find(|&at| machine(at) == id);
        let Some(at) = at else { return Err(TestCaseError::fail("a machine that is not of the plan")) };
        account.start(at)?;
        account.restores += 1;
        run.on_event(&id, Event::Triggered(restore(account.restores)), account.now);
    }
    Ok(())
}

fn play(run: &mut Execution, account: &mut Account, step: &Step) -> Result<(), TestCaseError> {
    let (now, count) = (account.now, account.stand.len());
    match step {
        Step::Wait(milliseconds) => account.now += Duration::milliseconds((*milliseconds).into()),
        Step::Tell(nth, told) => {
            let under_way: Vec<usize> = (0..count).filter(|&at| account.is_under_way(at)).collect();
            if !under_way.is_empty() {
                let at = under_way[nth % under_way.len()];
                if let Some(event) = account.tell(at, *told) {
                    run.on_event(&machine(at), event, now);
                }
            }
        }
        Step::Halt => {
            account.halted |= !run.is_over();
            run.halt(HaltReason::Operator, now);
            prop_assert_eq!(run.next(now, &|_| true), Next::default(), "a halt is immediate");
        }
        Step::GoOn => {
            (account.halted, account.failures) = (false, 0);
            account.stopped.clear();
            for at in (0..count).filter(|&at| ending(run, at) == Some(Ending::NeverLeft)) {
                account.again(at);
            }
            run.continue_run(now);
        }
        Step::RetryFailed => {
            account.failures = 0;
            let again = [Ending::Failed, Ending::Refused, Ending::NotStarted, Ending::NeverLeft];
            for at in (0..count).filter(|&at| ending(run, at).is_some_and(|ending| again.contains(&ending))) {
                account.again(at);
            }
            run.retry_failed(now);
        }
        Step::Retry(at) => {
            let skipped = matches!(run.machines()[at % count].progress, Progress::Skipped { .. });
            if skipped || ending(run, at % count).is_some_and(|ending| ending != Ending::Restored) {
                account.failures = 0;
                account.again(at % count);
            }
            run.retry(&machine(at % count));
        }
        Step::Skip(at) => {
            let at = at % count;
            if !account.is_under_way(at) {
                account.stand[at] = Stand::Over { restored: true };
            }
            run.skip(&machine(at), now);
        }
        Step::Open(group) => {
            if (0..*group).all(|before| account.opened.contains(&before)) && *group < account.advances.len() {
                account.opened.insert(*group);
            }
            run.open_group(*group, now);
        }
        Step::Occupy(at) => {
            if !account.occupied.remove(&(at % count)) {
                account.occupied.insert(at % count);
            }
        }
        Step::Hesitate(most) => {
            account.open();
            return start(run, account, *most);
        }
        Step::Reload => {
            let text = serde_json::to_string(run).map_err(|error| TestCaseError::fail(error.to_string()))?;
            let read = serde_json::from_str(&text).map_err(|error| TestCaseError::fail(error.to_string()))?;
            prop_assert_eq!(&read, &*run);
            *run = read;
        }
    }
    account.open();
    start(run, account, usize::MAX)
}

/// From now on Azure restores whatever is started, and the operator lets everything on: nothing may be left over.
fn finish(run: &mut Execution, account: &mut Account) -> Result<(), TestCaseError> {
    account.occupied.clear();
    for round in 0.. {
        prop_assert!(round < 2_000, "it never comes to its end");
        play(run, account, &Step::GoOn)?;
        for group in 0..account.advances.len() {
            play(run, account, &Step::Open(group))?;
        }
        let under_way: Vec<usize> = (0..account.stand.len()).filter(|&at| account.is_under_way(at)).collect();
        for at in under_way {
            for told in [Told::Accepted, Told::Ended(Ending::Restored)] {
                if let Some(event) = account.tell(at, told) {
                    run.on_event(&machine(at), event, account.now);
                }
            }
        }
        if run.is_over() {
            break;
        }
        account.open();
        match run.next(account.now, &|_| true) {
            Next { trigger, wake_at: Some(at) } if trigger.is_empty() => account.now = at,
            Next { trigger, wake_at: None } => {
                prop_assert!(!trigger.is_empty(), "nobody is started, and nothing is waited for");
            }
            Next { .. } => {}
        }
    }
    prop_assert!(!run.has_more_to_start());
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn whatever_happens_a_run_keeps_its_promises(
        machines in prop::collection::vec((0_usize..4, 0_usize..4), 1..40),
        advances in prop::collection::vec(advance(), 4),
        caps in (1_u16..6, 1_u16..12),
        most_failures in prop::option::of(1_u16..5),
        steps in prop::collection::vec(step(), 0..250),
    ) {
        let listed = machines.iter().enumerate();
        let to_run = |(at, (vault, group)): (usize, &(usize, usize))| MachineToRun { id: machine(at), vault: vault.to_string(), group: *group };
        let pacing = pacing(caps.0, caps.1);
        let stop = most_failures.and_then(NonZeroU16::new);
        let mut run = Execution::start(listed.map(to_run).collect(), &advances, pacing, stop, START);
        let count = machines.len();
        let mut account = Account {
            now: START,
            vaults: machines.iter().map(|(vault, _)| *vault).collect(),
            groups: machines.iter().map(|(_, group)| *group).collect(),
            advances,
            pacing,
            stand: vec![Stand::Waiting; count],
            asked: vec![1; count],
            started: vec![0; count],
            opened: BTreeSet::new(),
            halted: false,
            occupied: BTreeSet::new(),
            not_before: START,
            vault_not_before: BTreeMap::new(),
            stopped: BTreeSet::new(),
            accepted: BTreeSet::new(),
            left: Vec::new(),
            failures: 0,
            most_failures,
            restores: 0,
        };
        account.open();
        for step in &steps {
            play(&mut run, &mut account, step)?;
            prop_assert_eq!(run.halted().is_some(), account.halted);
        }
        finish(&mut run, &mut account)?;
    }
}
