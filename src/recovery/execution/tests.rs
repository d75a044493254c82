use azure_backup::arm::id::ArmId;
use time::Duration;

use super::*;
use crate::recovery::plan::Percent;
use crate::restore::regional_id::RegionalId;

const T: OffsetDateTime = OffsetDateTime::UNIX_EPOCH;

pub(super) fn machine(number: usize) -> MachineId {
    let id = format!("/subscriptions/s/resourceGroups/g/providers/p/vaults/v/items/{number:03}");
    MachineId::of(&RegionalId::from(ArmId::parse(&id).unwrap()))
}

pub(super) fn restore(number: usize) -> ClientRequestId {
    ClientRequestId::parse(&format!("0f8fad5b-d9cb-469f-a165-{number:012}")).unwrap()
}

pub(super) fn pacing(per_vault: u16, in_all: u16) -> Pacing {
    Pacing { per_vault: NonZeroU16::new(per_vault).unwrap(), in_all: NonZeroU16::new(in_all).unwrap() }
}

fn seconds(seconds: i64) -> OffsetDateTime {
    T + Duration::seconds(seconds)
}

/// One vault, with so many machines in each group.
fn run(groups: &[(usize, Advance)], pacing: Pacing, stop_after: u16) -> Execution {
    let mut machines = Vec::new();
    for (group, (count, _)) in groups.iter().enumerate() {
        for _ in 0..*count {
            machines.push(MachineToRun { id: machine(machines.len()), vault: "v".to_owned(), group });
        }
    }
    let advances: Vec<Advance> = groups.iter().map(|(_, advance)| *advance).collect();
    Execution::start(machines, &advances, pacing, NonZeroU16::new(stop_after), T)
}

/// Starts what is next and gives the numbers of the machines.
fn trigger(run: &mut Execution, now: OffsetDateTime) -> Vec<usize> {
    let started = run.next(now, &|_| true).trigger;
    let number = |id: &MachineId| (0..1000).find(|&n| machine(n) == *id).unwrap();
    for id in &started {
        run.on_event(id, Event::Triggered(restore(number(id))), now);
    }
    started.iter().map(number).collect()
}

fn told(run: &mut Execution, number: usize, event: Event, now: OffsetDateTime) {
    run.on_event(&machine(number), event, now);
}

fn restored(run: &mut Execution, number: usize, now: OffsetDateTime) {
    told(run, number, Event::Accepted, now);
    told(run, number, Event::Ended(Ending::Restored), now);
}

#[test]
fn each_acceptance_allows_one_more_request_in_the_air() {
    let mut run = run(&[(40, Advance::Manually)], pacing(10, 50), 0);
    assert_eq!(trigger(&mut run, T), [0]);
    assert_eq!(trigger(&mut run, T), [0; 0], "the first one waits for its answer");
    told(&mut run, 0, Event::Accepted, T);
    assert_eq!(trigger(&mut run, T), [1, 2]);
    for number in [1, 2] {
        told(&mut run, number, Event::Accepted, T);
    }
    assert_eq!(trigger(&mut run, T), [3, 4, 5, 6]);
    for number in 3..7 {
        told(&mut run, number, Event::Accepted, T);
    }
    assert_eq!(trigger(&mut run, T), [7, 8, 9], "ten of a vault run at a time");
    told(&mut run, 4, Event::Ended(Ending::Failed), T);
    assert_eq!(trigger(&mut run, T), [10], "the others go on when one has failed");
}

#[test]
fn a_job_that_was_only_guessed_is_no_acceptance() {
    let mut run = run(&[(40, Advance::Manually)], pacing(10, 50), 0);
    for number in 0..3 {
        assert_eq!(trigger(&mut run, T), [number], "each waits for the one before");
        told(&mut run, number, Event::JobGuessed, T);
    }
    told(&mut run, 0, Event::Ended(Ending::Lost), T);
    assert_eq!(trigger(&mut run, T), [3]);
    told(&mut run, 3, Event::Accepted, T);
    assert_eq!(trigger(&mut run, T), [4, 5]);
}

#[test]
fn a_throttle_halves_the_pace_and_the_machine_waits_its_turn_once_more() {
    let mut run = run(&[(40, Advance::Manually)], pacing(100, 100), 0);
    for _ in 0..3 {
        for number in trigger(&mut run, T) {
            told(&mut run, number, Event::Accepted, T);
        }
    }
    assert_eq!(trigger(&mut run, T).len(), 8);
    told(&mut run, 7, Event::Throttled { until: Some(seconds(30)) }, T);
    assert_eq!(run.machine(&machine(7)).unwrap().progress, Progress::Waiting);
    assert_eq!(run.machine(&machine(7)).unwrap().before, [restore(7)]);
    for number in 8..15 {
        told(&mut run, number, Event::Ended(Ending::Failed), T);
    }
    assert_eq!(run.next(T, &|_| true), Next { trigger: Vec::new(), wake_at: Some(seconds(30)) });
    assert_eq!(trigger(&mut run, seconds(30)), [7, 15, 16, 17]);
}

#[test]
fn a_machine_that_is_always_throttled_counts_as_refused() {
    let mut run = run(&[(1, Advance::Manually)], pacing(1, 1), 0);
    let mut now = T;
    for _ in 0..5 {
        assert_eq!(trigger(&mut run, now), [0]);
        told(&mut run, 0, Event::Throttled { until: None }, now);
        now += Duration::minutes(1);
    }
    let progress = &run.machine(&machine(0)).unwrap().progress;
    assert!(matches!(progress, Progress::Ended { ending: Ending::Refused, .. }), "{progress:?}");
    assert!(run.is_over());
}

#[test]
fn the_limit_of_the_day_stops_its_vault_until_the_operator_goes_on() {
    let of = |number: usize, vault: &str| MachineToRun { id: machine(number), vault: vault.to_owned(), group: 0 };
    let machines = vec![of(0, "a"), of(1, "a"), of(2, "b"), of(3, "b")];
    let mut run = Execution::start(machines, &[Advance::Manually], pacing(10, 50), None, T);
    assert_eq!(trigger(&mut run, T), [0], "the first request of the run waits for its answer alone");
    told(&mut run, 0, Event::DailyLimit, T);
    assert_eq!(run.daily_limit(run.machine(&machine(1)).unwrap()), Some(T));
    assert_eq!(trigger(&mut run, seconds(1)), [2]);
    restored(&mut run, 2, seconds(2));
    assert_eq!(trigger(&mut run, seconds(100_000)), [3]);
    restored(&mut run, 3, seconds(100_001));
    assert_eq!(run.next(seconds(200_000), &|_| true), Next::default());
    run.continue_run(seconds(200_000));
    assert_eq!(trigger(&mut run, seconds(200_000)), [0]);
}

#[test]
fn an_answer_that_never_came_holds_up_its_vault_alone() {
    let of = |number: usize, vault: &str| MachineToRun { id: machine(number), vault: vault.to_owned(), group: 0 };
    let mut run = Execution::start(
        vec![of(0, "a"), of(1, "b"), of(2, "a"), of(3, "b")],
        &[Advance::Manually],
        pacing(10, 50),
        None,
        T,
    );
    assert_eq!(trigger(&mut run, T), [0]);
    told(&mut run, 0, Event::Accepted, T);
    assert_eq!(trigger(&mut run, T), [1, 2]);
    told(&mut run, 2, Event::Busy { until: None }, T);
    told(&mut run, 1, Event::Accepted, T);
    told(&mut run, 2, Event::Ended(Ending::NotStarted), T);
    run.retry_failed(T);
    assert_eq!(run.next(T, &|_| true), Next { trigger: vec![machine(3)], wake_at: Some(seconds(60)) });
}

#[test]
fn a_group_starts_when_all_of_the_one_before_are_restored_or_skipped() {
    let mut run = run(&[(2, Advance::WhenRestored), (1, Advance::WhenRestored)], pacing(10, 50), 0);
    assert_eq!(trigger(&mut run, T), [0]);
    restored(&mut run, 0, T);
    assert_eq!(trigger(&mut run, T), [1]);
    told(&mut run, 1, Event::Accepted, T);
    told(&mut run, 1, Event::Ended(Ending::Failed), T);
    assert_eq!(trigger(&mut run, T), [0; 0], "a machine that has failed is not restored");
    assert_eq!((run.turn(0), run.turn(1)), (GroupTurn::Open, GroupTurn::Before));
    run.skip(&machine(1), T);
    assert_eq!(trigger(&mut run, T), [2]);
    assert_eq!(run.turn(1), GroupTurn::Open);
}

#[test]
fn a_group_may_start_at_a_share_of_the_one_before_or_when_the_operator_says_so() {
    let half = Advance::WhenShare(Percent::new(50).unwrap());
    let groups = [(4, Advance::Manually), (1, half), (1, Advance::Manually), (1, Advance::WhenRestored)];
    let mut run = run(&groups, pacing(10, 50), 0);
    assert_eq!(trigger(&mut run, T), [0]);
    restored(&mut run, 0, T);
    assert_eq!(trigger(&mut run, T), [1, 2]);
    restored(&mut run, 1, T);
    assert_eq!(trigger(&mut run, T), [3, 4]);
    assert_eq!((run.turn(2), run.turn(3)), (GroupTurn::Operator, GroupTurn::Before));
    run.open_group(3, T);
    assert_eq!(run.turn(3), GroupTurn::Before, "groups start in their order");
    told(&mut run, 2, Event::Accepted, T);
    run.open_group(2, T);
    assert_eq!(trigger(&mut run, T), [5]);
    // Its turn does not end when a machine before it waits once more.
    restored(&mut run, 5, T);
    assert_eq!(run.turn(3), GroupTurn::Open);
}

#[test]
fn a_halt_starts_nothing_more_and_what_was_withdrawn_waits() {
    let mut run = run(&[(5, Advance::Manually)], pacing(10, 50), 0);
    assert_eq!(trigger(&mut run, T), [0]);
    run.halt(HaltReason::Operator, seconds(1));
    told(&mut run, 0, Event::Withdrawn, seconds(1));
    assert_eq!(run.next(seconds(500), &|_| true), Next::default());
    assert_eq!(run.halted(), Some(&Halted { at: seconds(1), why: HaltReason::Operator }));
    run.halt(HaltReason::TabClosed, seconds(9));
    assert_eq!(run.halted().map(|halted| halted.why), Some(HaltReason::Operator), "it was halted before");
    run.continue_run(seconds(10));
    assert_eq!(trigger(&mut run, seconds(10)), [0]);
}

#[test]
fn it_halts_by_itself_after_as_many_failures_as_the_plan_allows_since_the_operator_went_on() {
    let mut run = run(&[(9, Advance::Manually)], pacing(10, 50), 2);
    for round in 0..2 {
        for _ in 0..2 {
            assert!(run.halted().is_none());
            let number = trigger(&mut run, T)[0];
            told(&mut run, number, Event::Ended(Ending::Refused), T);
        }
        assert_eq!(run.halted().map(|halted| halted.why), Some(HaltReason::Failures), "{round}");
        run.continue_run(T);
    }
    let number = trigger(&mut run, T)[0];
    told(&mut run, number, Event::Ended(Ending::Canceled), T);
    let number = trigger(&mut run, T)[0];
    told(&mut run, number, Event::Ended(Ending::NeverLeft), T);
    assert!(run.halted().is_none(), "neither is a failure of a restore");
}

#[test]
fn a_request_that_is_sent_again_from_its_own_page_is_the_restore_of_its_machine() {
    for ending in [Ending::Refused, Ending::NotStarted, Ending::NeverLeft] {
        let mut run = run(&[(1, Advance::Manually)], pacing(10, 50), 0);
        told(&mut run, 0, Event::Triggered(restore(0)), T);
        told(&mut run, 0, Event::Ended(ending), T);
        told(&mut run, 0, Event::SentAfterAll, T);
        assert!(run.machine(&machine(0)).unwrap().progress.is_under_way(), "{ending:?}");
        restored(&mut run, 0, T);
        run.retry_failed(T);
        let expected = Progress::Ended { restore: Some(restore(0)), at: T, ending: Ending::Restored };
        assert_eq!(run.machine(&machine(0)).unwrap().progress, expected, "{ending:?}");
    }
}

#[test]
fn retrying_what_has_failed_leaves_alone_what_needs_a_look() {
    let endings = [
        (Ending::Restored, false),
        (Ending::Failed, true),
        (Ending::Canceled, false),
        (Ending::Refused, true),
        (Ending::NotStarted, true),
        (Ending::NeverLeft, true),
        (Ending::Lost, false),
    ];
    let mut run = run(&[(7, Advance::Manually)], pacing(10, 50), 0);
    for (number, (ending, _)) in endings.iter().enumerate() {
        told(&mut run, number, Event::Triggered(restore(number)), T);
        told(&mut run, number, Event::Ended(*ending), T);
    }
    let waiting = |run: &Execution| -> Vec<usize> {
        (0..7).filter(|&n| run.machine(&machine(n)).unwrap().progress == Progress::Waiting).collect()
    };
    run.continue_run(T);
    assert_eq!(waiting(&run), [5], "what has provably never left is still to start");
    run.retry_failed(T);
    let retried: Vec<usize> = (0..7).filter(|&n| endings[n].1).collect();
    assert_eq!(waiting(&run), retried);
    for number in 0..7 {
        run.retry(&machine(number));
    }
    assert_eq!(waiting(&run), (1..7).collect::<Vec<_>>(), "what is restored is not restored again");
}

#[test]
fn an_event_that_does_not_fit_changes_nothing() {
    let mut run = run(&[(3, Advance::Manually)], pacing(10, 50), 0);
    let events = || {
        let until = Some(seconds(99));
        let accepted =
            [Event::Accepted, Event::JobGuessed, Event::Throttled { until }, Event::Busy { until }, Event::DailyLimit];
        accepted.into_iter().chain([Event::Withdrawn])
    };
    let before = run.clone();
    for event in events() {
        told(&mut run, 0, event, T);
        told(&mut run, 77, Event::Triggered(restore(7)), T);
    }
    assert_eq!(run, before);
    told(&mut run, 0, Event::Triggered(restore(0)), T);
    told(&mut run, 0, Event::Triggered(restore(1)), T);
    assert_eq!(run.machine_of(&restore(0)).map(|machine| &machine.id), Some(&machine(0)));
    restored(&mut run, 0, T);
    let before = run.clone();
    for event in events().chain([Event::Ended(Ending::Failed), Event::Triggered(restore(2))]) {
        told(&mut run, 0, event, seconds(5));
    }
    run.skip(&machine(0), T);
    assert_eq!(run, before);
}

#[test]
fn a_run_that_names_what_is_not_there_is_not_sound() {
    let mut run = run(&[(3, Advance::Manually)], pacing(10, 50), 0);
    assert!(run.is_sound());
    let stored = |run: &Execution| serde_json::to_string(run).unwrap();
    let text = stored(&run);
    assert_eq!(serde_json::from_str::<Execution>(&text).unwrap(), run);
    for (what, instead) in [("\"vault\":0", "\"vault\":7"), ("\"group\":0", "\"group\":7"), ("items/001", "items/000")]
    {
        assert!(text.contains(what), "{text}");
        let other: Execution = serde_json::from_str(&text.replace(what, instead)).unwrap();
        assert!(!other.is_sound(), "{instead}");
    }
    run.halt(HaltReason::Operator, T);
    told(&mut run, 0, Event::Triggered(restore(0)), T);
    assert_eq!(serde_json::from_str::<Execution>(&stored(&run)).unwrap(), run);
}

#[test]
fn requests_leave_no_faster_than_the_bucket_of_writes_refills() {
    let mut run = run(&[(400, Advance::Manually)], pacing(1_000, 1_000), 0);
    let (mut now, mut left) = (T, Vec::new());
    while left.len() < 400 {
        for number in trigger(&mut run, now) {
            left.push(now);
            told(&mut run, number, Event::Accepted, now);
        }
        // Answers come at once: only the bucket makes it wait.
        let next = run.next(now, &|_| true);
        if next.trigger.is_empty() {
            now = next.wake_at.unwrap_or(now);
        }
    }
    assert_eq!(left.iter().filter(|at| **at == T).count(), 100);
    assert_eq!(left[399], seconds(30));
}
