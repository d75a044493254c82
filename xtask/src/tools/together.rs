//! Long work at the same time, with word of how far it is.

use std::{
    process::Command,
    sync::mpsc::{self, RecvTimeoutError},
    thread,
    time::{Duration, Instant},
};

use crate::{failure::Failure, output, process};

/// How often is told how far the work is.
const TELL: Duration = Duration::from_secs(20);

/// Work for some processors.
pub(crate) struct Work {
    /// What it does, as a part of a sentence.
    pub(crate) doing: String,
    /// Seconds of one processor's time that it takes, roughly: for the estimate alone.
    pub(crate) seconds: u64,
    /// Its commands, one after the other.
    pub(crate) commands: Vec<Command>,
}

/// Does all of it at the same time and waits for all of it; the first failure, if there is one.
pub(crate) fn run(all: Vec<Work>) -> Result<(), Failure> {
    let begun = Instant::now();
    let processors = thread::available_parallelism().map_or(1, |n| n.get() as u64);
    let estimate = estimate(&all, processors);
    let mut left: Vec<String> = all.iter().map(|work| work.doing.clone()).collect();
    output::step(&format!(
        "At the same time: {}. About {} on {processors} processors that do nothing else.",
        left.join(", "),
        minutes(estimate)
    ));
    let (done, ended) = mpsc::channel();
    for mut work in all {
        let done = done.clone();
        thread::spawn(move || {
            let result = work.commands.iter_mut().try_for_each(|command| process::run(command, &work.doing));
            // Nobody listens any more only where all are told to have ended.
            let _ = done.send((work.doing, result));
        });
    }
    let mut failed = None;
    let mut told = Instant::now();
    while !left.is_empty() {
        match ended.recv_timeout(TELL.saturating_sub(told.elapsed())) {
            Ok((doing, result)) => {
                left.retain(|one| *one != doing);
                if let Err(failure) = result {
                    failed.get_or_insert(failure);
                }
            }
            Err(RecvTimeoutError::Timeout) => {
                told = Instant::now();
                output::step(&progress(begun.elapsed(), estimate, &left));
            }
            Err(RecvTimeoutError::Disconnected) => break,
        }
    }
    failed.map_or(Ok(()), Err)
}

/// How long all of it takes: on so many processors together, and no less than the longest, most of which is one after the other.
fn estimate(all: &[Work], processors: u64) -> Duration {
    let sum: u64 = all.iter().map(|work| work.seconds).sum();
    let longest = all.iter().map(|work| work.seconds).max().unwrap_or(0);
    Duration::from_secs((sum / processors.max(1)).max(longest / 4))
}

fn progress(elapsed: Duration, estimate: Duration, left: &[String]) -> String {
    let late = if elapsed < estimate { "" } else { " (longer than expected)" };
    format!("{} of about {}{late}; still {}.", minutes(elapsed), minutes(estimate), left.join(", "))
}

fn minutes(time: Duration) -> String {
    let seconds = time.as_secs();
    format!("{}:{:02} min", seconds / 60, seconds % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn work(doing: &str, seconds: u64, program: &str) -> Work {
        Work { doing: doing.to_owned(), seconds, commands: vec![Command::new(program)] }
    }

    #[test]
    fn the_estimate_shares_the_processors() {
        let all = [work("a", 300, "x"), work("b", 100, "x")];
        assert_eq!(estimate(&all, 2), Duration::from_secs(200));
        assert_eq!(estimate(&all, 64), Duration::from_secs(75));
        assert_eq!(estimate(&[], 2), Duration::ZERO);
    }

    #[test]
    fn progress_says_what_is_left_and_never_less_than_no_time() {
        let left = ["building Trunk".to_owned()];
        assert_eq!(
            progress(Duration::from_secs(65), Duration::from_secs(200), &left),
            "1:05 min of about 3:20 min; still building Trunk."
        );
        assert_eq!(
            progress(Duration::from_secs(205), Duration::from_secs(200), &left),
            "3:25 min of about 3:20 min (longer than expected); still building Trunk."
        );
    }

    #[test]
    fn what_fails_is_told_after_all_have_ended() {
        let mut asking = work("asking", 1, "rustc");
        asking.commands.iter_mut().for_each(|rustc| {
            rustc.arg("--version");
        });
        let mut asking = work("asking", 1, "rustc");
        asking.commands.iter_mut().for_each(|rustc| {
            rustc.arg("--version");
        });
        let failure = run(vec![work("failing", 1, "no-such-program-anywhere"), asking]).unwrap_err();
        assert!(failure.to_string().contains("no-such-program-anywhere"), "{failure}");
    }
}
