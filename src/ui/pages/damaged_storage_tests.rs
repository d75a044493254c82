//! Whatever stands in the storage of this browser, in a file to import or in another tab's message: the program does not stop, on any page, at any
//! time, nor while it hands over its records.

use std::rc::Rc;

use azure_backup::arm::bounds::{self, EARLIEST, LATEST};
use azure_backup::arm::cloud::Cloud;
use azure_backup::arm::fault::Fault;
use azure_backup::arm::id::{ClientRequestId, JobId, Region};
use azure_backup::backup::job::{Job, JobError, JobStatus, Task};
use http::Response;
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Value, json};
use time::macros::datetime;
use time::{Duration, OffsetDateTime};

use super::*;
use crate::app::effect::Effect;
use crate::app::env::Env;
use crate::app::msg::{ExportFormat, Transport};
use crate::app::route::Route;
use crate::app::saved::{self, RESTORES, Saved};
use crate::app::update::update;
use crate::restore::plan::plan;
use crate::restore::run::RestoreRun;
use crate::restore::sample;
use crate::restore::scenario::Scenario;
use crate::ui::App;
use crate::ui::kit::test::html_of_component;

const NOW: OffsetDateTime = datetime!(2026-11-23 03:41 UTC);

fn id(n: usize) -> ClientRequestId {
    ClientRequestId::parse(&format!("0f8fad5b-d9cb-469f-a165-{n:012}")).unwrap()
}

/// A time as a record holds it.
fn stored(time: OffsetDateTime) -> Value {
    bounds::time::serialize(&time, serde_json::value::Serializer).unwrap()
}

/// A job with everything that one can have.
pub(super) fn job() -> Job {
    let name = JobId::parse("6b2b0b2c-3a80-4a9c-9f4f-6a6f2a3b1c0d").unwrap();
    let mut job = Job::new(sample::facts().vault.id.clone(), name, "Restore", JobStatus::InProgress);
    job.entity = Some("web-01".to_owned());
    (job.start, job.end) = (Some(NOW), Some(NOW + Duration::hours(1)));
    (job.duration, job.remaining) = (Some(Duration::minutes(59)), Some(Duration::minutes(1)));
    job.percent = Some(99);
    job.activity_id = Some(id(0).to_string());
    job.cancellable = true;
    let mut error = JobError::new(Some(400_048));
    (error.title, error.text) = (Some("UserErrorX".to_owned()), Some("It failed.".to_owned()));
    error.recommendations = vec!["Try again.".to_owned()];
    job.errors = vec![error];
    let mut task = Task::new("Transfer data from vault", "InProgress");
    (task.duration, task.progress) = (Some(Duration::minutes(3)), Some(50));
    job.tasks = vec![task];
    job.properties = vec![("Job Type".to_owned(), "Recover disks".to_owned())];
    job
}

/// The records of restores, one at each place where a restore can stand, as the program writes them.
fn records() -> Vec<Value> {
    let facts = sample::facts();
    let made = |n: usize| {
        let scenario = Scenario::ALL[n % Scenario::ALL.len()];
        let plan = plan(&facts, &sample::draft(scenario)).unwrap();
        let mut restore = RestoreRun::intent(&plan, &facts, &Cloud::public(), id(n), NOW);
        restore.note(NOW);
        restore
    };
    let refused = Fault::reported("POST restore", "Throttled", "Too many requests.").with_status(429);
    let accepted = Response::builder()
        .status(202)
        .header(
            "azure-asyncoperation",
            "https://management.azure.com/subscriptions/5f1c0d3a-91b2-4e6f-8a77-0c0ffee00001/operations/x?t=1",
        )
        .header("retry-after", "60")
        .body("".into())
        .unwrap();
    let mut all: Vec<RestoreRun> = (0..8).map(made).collect();
    all[1].on_sending(NOW);
    all[2].on_trigger_response(Ok(&accepted), &Cloud::public(), NOW);
    all[3].on_trigger_response(Err(&Fault::timed_out("POST restore", 100)), &Cloud::public(), NOW);
    all[4].on_trigger_response(Err(&refused), &Cloud::public(), NOW);
    all[5].on_trigger_response(Err(&Fault::token_late("POST restore", 60)), &Cloud::public(), NOW);
    for (restore, status) in all[6..].iter_mut().zip([JobStatus::InProgress, JobStatus::Failed]) {
        restore.on_trigger_response(Err(&Fault::timed_out("POST restore", 100)), &Cloud::public(), NOW);
        let mut job = job();
        (job.status, job.activity_id) = (status, Some(restore.id.to_string()));
        restore.on_job_list(Ok(&[Rc::new(job)]), &[], NOW);
        restore.note(NOW);
    }
    all[0].secondary = Some(Region::new("northeurope"));
    all.iter().map(|restore| json!(restore)).collect()
}

/// Where something stands in JSON.
type Path = Vec<String>;

fn places(value: &Value, at: &Path, found: &mut Vec<Path>) {
    let mut go = |key: String, value: &Value| {
        let mut path = at.clone();
        path.push(key);
        found.push(path.clone());
        places(value, &path, found);
    };
    match value {
        Value::Object(members) => members.iter().for_each(|(key, value)| go(key.clone(), value)),
        // A date is one place.
        Value::Array(all) if !numbers(value, 9) => {
            all.iter().enumerate().for_each(|(n, value)| go(n.to_string(), value));
        }
        _ => {}
    }
}

/// What may stand in a place instead of what does.
#[derive(Clone, Debug)]
struct Worst {
    date: Value,
    duration: Value,
    number: Value,
    text: Value,
    /// Something of any other kind; none = the member is missing.
    other: Option<Value>,
    /// Whether it is of the same kind as what stands there.
    fits: bool,
}

fn worst() -> impl Strategy<Value = Worst> {
    let number = prop_oneof![
        Just(json!(0)),
        Just(json!(-1)),
        Just(json!(255)),
        Just(json!(u32::MAX)),
        Just(json!(i64::MAX)),
        Just(json!(i64::MIN)),
        Just(json!(u64::MAX)),
        Just(json!(1e300)),
        any::<i64>().prop_map(|n| json!(n)),
    ];
    let year = prop_oneof![Just(-9999), Just(0), Just(1969), Just(1970), Just(9998), Just(9999), -9999..=9999i64];
    let part = |most: i64| prop_oneof![Just(0), Just(most), 0..=most];
    let offset = prop_oneof![Just((0, 0, 0)), Just((-25, -59, -59)), Just((25, 59, 59)), Just((14, 0, 0))];
    let date = (year, part(366), part(23), part(59), part(59), offset).prop_map(
        |(y, d, h, m, s, (east, minutes, seconds))| json!([y, d.max(1), h, m, s, 999_999_999, east, minutes, seconds]),
    );
    let duration = (any::<i64>(), any::<i32>()).prop_map(|(s, n)| json!([s, n]));
    let text = prop_oneof![
        Just(String::new()),
        Just("x".repeat(100_000)),
        Just("\u{0}\u{202e}`|<img src=x>\r\n# x".to_owned()),
        Just("//a/b%2e".to_owned()),
        "\\PC{0,20}",
    ]
    .prop_map(|text| json!(text));
    let other = prop_oneof![
        Just(None),
        number.clone().prop_map(Some),
        (0..2_000usize).prop_map(|n| Some(json!(vec![json!(["a", "b"]); n]))),
        Just(Some(Value::Null)),
        any::<bool>().prop_map(|b| Some(json!(b))),
        Just(Some(json!({}))),
    ];
    let fits = prop::bool::weighted(0.7);
    (date, duration, number, text, other, fits).prop_map(|(date, duration, number, text, other, fits)| Worst {
        date,
        duration,
        number,
        text,
        other,
        fits,
    })
}

impl Worst {
    fn instead_of(&self, value: &Value) -> Option<Value> {
        match value {
            _ if !self.fits => self.other.clone(),
            value if numbers(value, 9) => Some(self.date.clone()),
            value if numbers(value, 2) => Some(self.duration.clone()),
            Value::Number(_) => Some(self.number.clone()),
            Value::String(_) => Some(self.text.clone()),
            _ => self.other.clone(),
        }
    }
}

/// Whether a value is a list of so many numbers: dates have nine, durations two.
fn numbers(value: &Value, many: usize) -> bool {
    value.as_array().is_some_and(|parts| parts.len() == many && parts.iter().all(Value::is_number))
}

/// `value` with some of its places changed.
fn spoilt(mut value: Value, changes: &[(Index, Worst)]) -> Value {
    for (index, worst) in changes {
        let mut all = Vec::new();
        places(&value, &Path::new(), &mut all);
        let Some(path) = all.get(index.index(all.len().max(1))) else { continue };
        let (last, before) = path.split_last().unwrap();
        let mut inner = &mut value;
        for key in before {
            inner = match inner {
                Value::Array(all) => &mut all[key.parse::<usize>().unwrap()],
                other => &mut other[key.as_str()],
            };
        }
        match inner {
            Value::Object(members) => match worst.instead_of(&members[last]) {
                Some(new) => members[last] = new,
                None => drop(members.remove(last)),
            },
            Value::Array(all) => {
                let at = last.parse::<usize>().unwrap();
                match worst.instead_of(&all[at]) {
                    Some(new) => all[at] = new,
                    None => drop(all.remove(at)),
                }
            }
            _ => {}
        }
    }
    value
}

/// A tab: takes messages, and hears of its calls what becomes of them in a bad network.
struct Tab {
    state: State,
    turns: u32,
}

impl Tab {
    fn say(&mut self, now: OffsetDateTime, msg: Msg) {
        let mut queue = vec![msg];
        let mut left = 40;
        while let Some(msg) = queue.pop().filter(|_| left > 0) {
            left -= 1;
            self.turns += 1;
            let env = Env::new(now, &format!("{:08x}-0000-4000-8000-000000000000", self.turns));
            for effect in update(&mut self.state, env, msg) {
                let said = match effect {
                    Effect::Send { id, .. } => Msg::Answered { id, result: self.answer() },
                    Effect::Save { id, key, .. } | Effect::SaveRecords { id, store: key, .. } => {
                        Msg::Saved { id, key, result: Ok(()) }
                    }
                    Effect::Authorize(id) => Msg::Authorized { id, result: Ok(()) },
                    Effect::Claim(id) => Msg::Claimed { id, held: true },
                    Effect::Lead(_) => Msg::Leading(true),
                    Effect::Go(route) => Msg::Went(route),
                    _ => continue,
                };
                queue.insert(0, said);
            }
        }
    }

    /// Nothing of this kind is there, or Azure is not.
    fn answer(&self) -> Result<Response<bytes::Bytes>, Transport> {
        let of = |status: u16, body: &'static str| {
            Ok(Response::builder().status(status).header("retry-after", "99999999999999").body(body.into()).unwrap())
        };
        match self.turns % 5 {
            0 => Err(Transport::TimedOut),
            1 => of(503, ""),
            2 => of(404, "{}"),
            3 => of(
                429,
                r#"{"error":{"code":"x","message":"exceeded the limit of '4294967295' for time interval '01:00:00'"}}"#,
            ),
            _ => of(200, r#"{"value":[]}"#),
        }
    }

    fn look(&self) -> usize {
        let view = PageContext { state: Rc::new(self.state.clone()).into(), dispatch: Callback::noop() };
        html_of_component::<App>(PageProps { view }).len()
    }
}

fn live(saved: Saved) {
    let mut tab = Tab { state: State::new(NOW), turns: 0 };
    let msg =
        Msg::Started { config: Ok(Rc::default()), saved: Rc::new(saved), route: Route::restores(), hosted: false };
    tab.say(NOW, msg);
    assert!(tab.look() > 0);
    tab.say(NOW, Msg::Connect(crate::app::session::Secret::new("opaque".to_owned())));
    let known: Vec<ClientRequestId> = tab.state.restores.iter().map(|r| r.id.clone()).collect();
    let points: Vec<RegionalId> = tab.state.restores.iter().filter_map(RestoreRun::place).collect();
    let mut routes: Vec<Route> = known.iter().take(3).cloned().map(Route::Restore).collect();
    routes.extend(points.into_iter().take(1).flat_map(|point| [Route::Form(point.clone()), Route::Review(point)]));
    routes.extend([Route::restores(), Route::Vms(Default::default()), Route::Settings, Route::Activity]);
    for (route, now) in routes.into_iter().zip([NOW, NOW + Duration::hours(2), LATEST, EARLIEST].into_iter().cycle()) {
        tab.say(now, Msg::Went(route));
        tab.say(now, Msg::Woke);
        assert!(tab.look() > 0);
    }
    for id in known.iter().take(3) {
        for msg in [
            Msg::PollNow(id.clone()),
            Msg::Record(Some(id.clone()), ExportFormat::Markdown),
            Msg::CancelRestore(id.clone()),
        ] {
            tab.say(NOW, msg);
        }
    }
    for msg in [
        Msg::Record(None, ExportFormat::Json),
        Msg::ExportRestores,
        Msg::ExportUnread,
        Msg::Online,
        Msg::Tick,
        Msg::ForgetAll,
        Msg::Disconnect,
    ] {
        tab.say(NOW, msg);
    }
    assert!(tab.look() > 0);
}

/// Records as the browser has saved them, each under its id.
fn saved(records: &[Value]) -> Saved {
    let record = |record: &Value| (record["id"].as_str().unwrap_or_default().to_owned(), record.to_string());
    Saved { restores: records.iter().map(record).collect(), ..Saved::default() }
}

fn file(records: &[Value]) -> String {
    json!({ "version": 2, "restores": records }).to_string()
}

#[test]
fn what_the_program_writes_it_reads_again() {
    let found = saved::restores(&file(&records()), NOW);
    assert_eq!((found.read.len(), found.unread), (8, Vec::new()));
    live(saved(&records()));
    live(left(RESTORES, file(&records())));
    for record in records() {
        live(left(&format!("{RESTORES}/{}", record["id"].as_str().unwrap()), record.to_string()));
    }
}

/// What a version before the database has left in `localStorage`.
fn left(name: &str, text: String) -> Saved {
    Saved { older_restores: vec![(name.to_owned(), text)], ..Saved::default() }
}

/// The dates that stopped the program in every visit before they were bounded.
#[test]
fn no_date_at_the_end_of_time_stops_the_program() {
    let dates = [
        json!([-9999, 1, 0, 0, 0, 0, 0, 0, 0]),
        json!([9999, 365, 23, 59, 59, 999_999_999, 0, 0, 0]),
        json!([9999, 365, 23, 59, 59, 0, -25, -59, -59]),
        json!([0, 1, 0, 0, 0, 0, 0, 0, 0]),
    ];
    for record in records() {
        let mut all = Vec::new();
        places(&record, &Path::new(), &mut all);
        let is_date = |path: &&Path| {
            let value = path.iter().fold(&record, |value, key| match value {
                Value::Array(all) => &all[key.parse::<usize>().unwrap()],
                other => &other[key.as_str()],
            });
            numbers(value, 9)
        };
        for path in all.iter().filter(is_date) {
            for date in &dates {
                let mut spoilt = record.clone();
                *spoilt.pointer_mut(&format!("/{}", path.join("/"))).unwrap() = date.clone();
                live(saved(&[spoilt]));
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, max_shrink_iters: 200, ..ProptestConfig::default() })]

    #[test]
    fn no_record_stops_the_program(
        changes in prop::collection::vec((0..8usize, any::<Index>(), worst()), 1..8),
        imported in any::<bool>(),
    ) {
        let mut all = records();
        for (which, index, worst) in changes {
            all[which] = spoilt(all[which].take(), &[(index, worst)]);
        }
        let text = file(&all);
        if imported {
            let mut tab = Tab { state: State::new(NOW), turns: 0 };
            let msg = Msg::Started { config: Ok(Rc::default()), saved: Rc::default(), route: Route::restores(), hosted: false };
            tab.say(NOW, msg);
            tab.say(NOW, Msg::Imported(text.clone()));
            tab.say(NOW, Msg::SavedElsewhere { key: RESTORES.to_owned(), value: Some(text.clone()) });
            let records = saved(&all).restores;
            tab.say(NOW, Msg::RecordsRead { keys: records.iter().map(|(key, _)| key.clone()).collect(), records });
            prop_assert!(tab.look() > 0);
        }
        live(saved(&all));
        live(left(RESTORES, text));
    }

    #[test]
    fn nothing_else_that_is_remembered_stops_it(changes in prop::collection::vec((any::<Index>(), worst()), 1..4)) {
        let point = sample::facts().point.id.clone();
        let draft = spoilt(json!(sample::draft(Scenario::AnotherVm)), &changes).to_string();
        let unread = json!([{ "at": stored(NOW), "key": RESTORES, "text": "{}" }]);
        let spent = json!([NOW.unix_timestamp()]);
        let reads = json!({ "5f1c0d3a-91b2-4e6f-8a77-0c0ffee00001//jobs": {
            "limit": 150, "remaining": 3, "spent": spent, "closed": stored(NOW + Duration::minutes(3))
        } });
        live(Saved {
            drafts: vec![(RegionalId::from(point).key(), draft)],
            settings: Some(spoilt(json!(saved::Settings::default()), &changes).to_string()),
            reads: Some(spoilt(reads, &changes).to_string()),
            quarantine: Some(spoilt(unread, &changes).to_string()),
            ..saved(&records())
        });
    }
}
