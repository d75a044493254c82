//! How often Azure is polled: by the program, and for comparison by one poller per job, with the same jobs and limit.

use std::cell::RefCell;
use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashSet};
use std::rc::Rc;

use arm_sim::{Progress, Simulator};
use bytes::Bytes;
use http::{Response, StatusCode};
use serde_json::{Value, json};
use time::{Duration, OffsetDateTime};
use vm_restore::app::msg::Msg;
use vm_restore::app::route::Route;
use vm_restore::restore::scenario::Scenario;

use crate::operator::{begin, choose, open};
use crate::page::Page;

/// Job reads that Azure allows an hour, in fixed windows.
const LIMIT: u32 = 150;
const HOUR: i64 = 3_600;
/// How much slower jobs are than in the simulator, where they take at most half an hour.
const SLOWER: i32 = 60;
/// The longest time that is simulated.
const LONGEST: Duration = Duration::hours(12);
/// The interval of one poller per job, in seconds.
const POLL: i64 = 30;

/// What was counted on one side.
#[derive(Clone, Default)]
struct Side {
    /// When jobs were read, in seconds.
    reads: Vec<i64>,
    throttled: u32,
    /// The longest time from the end of a job until it is known, in seconds.
    latest: i64,
}

impl Side {
    /// The most reads within an hour.
    fn most(&self) -> usize {
        let within = |at: &i64| self.reads.iter().filter(|read| (*at..at + HOUR).contains(*read)).count();
        self.reads.iter().map(within).max().unwrap_or_default()
    }

    fn json(&self) -> Value {
        json!({ "reads": self.most(), "all": self.reads.len(), "throttled": self.throttled, "latest": self.latest })
    }
}

/// Azure's count of an hour's reads.
#[derive(Default)]
struct Window {
    hour: i64,
    used: u32,
}

impl Window {
    /// Counts a read at `at`; returns the wait in seconds if it is refused.
    fn refuses(&mut self, at: i64) -> Option<i64> {
        let hour = at.div_euclid(HOUR);
        if hour != self.hour {
            *self = Self { hour, used: 0 };
        }
        self.used += 1;
        (self.used > LIMIT).then(|| (hour + 1) * HOUR - at)
    }
}

/// The numbers for 1, 10 and 100 restores in flight, as JSON.
pub(crate) fn measured() -> Value {
    [1, 10, 100].into_iter().map(row).collect()
}

fn row(restores: usize) -> Value {
    let (here, jobs) = here(restores);
    json!({ "restores": restores, "here": here.json(), "alone": alone(&jobs).json() })
}

/// Runs the program with `restores` machines of one vault to their ends. Also returns the start and end of every job.
fn here(restores: usize) -> (Side, Vec<(i64, i64)>) {
    let mut simulator = Simulator::new(7, begin());
    simulator.set_progress(Progress::Timetable);
    let mut page = Page::open(simulator, begin());
    let places: Vec<_> = (0..restores)
        .map(|n| {
            let place = open(&mut page, &format!("fleet-{n:04}"));
            choose(&mut page, &place, Scenario::RestoreDisks);
            place
        })
        .collect();
    let counted = Rc::new(RefCell::new((Side::default(), Window::default(), page.now)));
    let counting = counted.clone();
    page.spoil = Box::new(move |request, answer| {
        if !request.uri().path().to_ascii_lowercase().contains("/backupjobs") {
            return answer;
        }
        let (side, window, now) = &mut *counting.borrow_mut();
        side.reads.push(now.unix_timestamp());
        let Some(wait) = window.refuses(now.unix_timestamp()) else {
            // Like a browser that hides the header with the remaining reads.
            return answer.map(|mut answer| {
                answer.headers_mut().remove("x-ms-ratelimit-remaining-subscription-resource-requests");
                answer
            });
        };
        side.throttled += 1;
        let body = format!(
            r#"{{"error":{{"code":"ResourceRequestsThrottled","message":"Please try again after '{wait}' seconds."}}}}"#
        );
        let mut refused = Response::new(Bytes::from(body));
        *refused.status_mut() = StatusCode::TOO_MANY_REQUESTS;
        Ok(refused)
    });
    for place in places {
        page.say(Msg::Go(Route::Review(place)));
        page.start_restore();
    }
    page.say(Msg::Go(Route::restores()));
    let begun = page.now;
    // Azure's clock runs slower, so that jobs take hours.
    let in_azure = |now: OffsetDateTime| begun + (now - begun) / SLOWER;
    let out_of_azure = |at: OffsetDateTime| begun + (at - begun) * SLOWER;
    let mut known = HashSet::new();
    let mut jobs = Vec::new();
    while jobs.len() < restores && page.now - begun < LONGEST && page.rest() {
        page.ahead = page.now - in_azure(page.now);
        counted.borrow_mut().2 = page.now;
        while page.step() {}
        for restore in page.state.restores.iter().filter(|r| r.status().is_some_and(|s| !s.is_running())) {
            if let Some((start, over)) = restore.job().and_then(|job| Some((job.start?, job.end?)))
                && known.insert(restore.id.as_str().to_owned())
            {
                let over = out_of_azure(over);
                let side = &mut counted.borrow_mut().0;
                side.latest = side.latest.max((page.now - over).whole_seconds());
                jobs.push((out_of_azure(start).unix_timestamp(), over.unix_timestamp()));
            }
        }
    }
    let side = counted.borrow().0.clone();
    (side, jobs)
}

/// One poller for each job: it polls every 30 s and, when refused, waits as told.
fn alone(jobs: &[(i64, i64)]) -> Side {
    let mut side = Side::default();
    let mut window = Window::default();
    let mut due: BinaryHeap<Reverse<(i64, i64)>> = jobs.iter().map(|job| Reverse((job.0 + POLL, job.1))).collect();
    while let Some(Reverse((at, end))) = due.pop() {
        side.reads.push(at);
        match window.refuses(at) {
            Some(wait) => {
                side.throttled += 1;
                due.push(Reverse((at + wait.max(1), end)));
            }
            None if at >= end => side.latest = side.latest.max(at - end),
            None => due.push(Reverse((at + POLL, end))),
        }
    }
    side
}
