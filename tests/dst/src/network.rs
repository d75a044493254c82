//! The network between page and Azure, and its faults.

use arm_sim::Reply;
use azure_backup::arm::call::MAX_ANSWER;
use azure_backup::arm::headers;
use bytes::Bytes;
use fastrand::Rng;
use http::{HeaderMap, Request, Response, StatusCode};
use time::{Duration, OffsetDateTime};
use vm_restore::app::effect::CallId;
use vm_restore::app::msg::{Msg, Transport};

use crate::dice::{Dice, chance, one};
use crate::fault::Kind;
use crate::ledger::is_trigger;
use crate::world::{Event, Life, World};

/// How long the page waits for an answer.
const PATIENCE: Duration = Duration::seconds(100);
/// What is still on its way when the page has given up arrives within this time, or never. Azure's front doors give up sooner.
const STRAGGLES: i64 = 30;

/// What happens to the answer.
#[derive(Clone, Copy)]
pub(crate) enum After {
    /// It arrives after this time.
    Comes(Duration),
    /// The page has given up.
    Told,
    /// It is lost, and the page gets this error instead, after this time.
    Lost(Duration, NoAnswer),
    /// A gateway answers for the service that has acted.
    Gateway(u16),
    /// Its body is cut off.
    Truncated,
    /// Its body is not what it should be.
    Corrupt,
    /// It comes twice.
    Twice,
}

/// Azure's code where a vault takes no more restores today.
pub(crate) const DAILY_LIMIT: &str = "CloudDosAbsoluteLimitReached";

/// The error that the page gets for a lost answer.
#[derive(Clone, Copy)]
pub(crate) enum NoAnswer {
    Network,
    TimedOut,
}

impl NoAnswer {
    fn transport(self) -> Transport {
        match self {
            Self::Network => Transport::Network("Failed to fetch".to_owned()),
            Self::TimedOut => Transport::TimedOut,
        }
    }
}

/// The faults of a run: each run has some kinds, each with its own frequency.
pub(crate) struct FaultProfile {
    /// Kinds of request faults, and how many of a thousand requests each affects.
    requests: Vec<(Kind, u32)>,
    /// Which headers the browser lets the page read.
    expose: Expose,
    /// One kind of refusal for a while.
    burst: Option<(Kind, OffsetDateTime)>,
    /// Operations whose URLs have expired.
    gone: Vec<String>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Expose {
    All,
    Some,
    None,
}

const OF_REQUESTS: [Kind; 15] = [
    Kind::RequestLost,
    Kind::AnswerLost,
    Kind::TooLate,
    Kind::Delayed,
    Kind::HeardTwice,
    Kind::Truncated,
    Kind::Corrupt,
    Kind::Unauthorized,
    Kind::Forbidden,
    Kind::NotFound,
    Kind::Conflict,
    Kind::Throttled,
    Kind::ServerError,
    Kind::GatewayError,
    Kind::OperationGone,
];

impl FaultProfile {
    pub(crate) fn new(dice: &mut Dice) -> Self {
        let (_, mut rng) = dice.next();
        let harsh = one(&mut rng, &[0, 10, 30, 60]);
        let requests = OF_REQUESTS.iter().filter_map(|&kind| {
            let often = if rng.bool() { rng.u32(0..=harsh) } else { 0 };
            (often > 0).then_some((kind, often))
        });
        let requests = requests.collect();
        let expose = one(&mut rng, &[Expose::All, Expose::All, Expose::Some, Expose::None]);
        Self { requests, expose, burst: None, gone: Vec::new() }
    }

    /// Ends all faults; headers that the browser hides stay hidden.
    pub(crate) fn stop_faults(&mut self) {
        self.requests.clear();
        self.burst = None;
    }
}

impl World {
    /// A call waits for its token.
    pub(crate) fn authorize(&mut self, life: Life, id: CallId) {
        let (decision, mut rng) = self.dice.next();
        let Some(token) = self.tabs[life.0].token.clone() else {
            let result = Err(Transport::NoToken);
            return self.deliver(life, Duration::milliseconds(1), Msg::Authorized { id, result });
        };
        let mut wait = Duration::milliseconds(rng.i64(0..20));
        let mut result = Ok(());
        if chance(&mut rng, 10) && self.fault_occurs(decision, Kind::TokenWithheld) {
            wait = Duration::milliseconds(rng.i64(1_000..60_000));
            if rng.bool() {
                result = Err(Transport::SignIn("No token came.".to_owned()));
            }
        }
        self.tabs[life.0].authorized.insert(id, token);
        self.deliver(life, wait, Msg::Authorized { id, result });
    }

    pub(crate) fn send(&mut self, life: Life, id: CallId, request: Request<Bytes>) {
        let (decision, mut rng) = self.dice.next();
        if self.tabs[life.0].token.is_none() {
            return self.deliver(
                life,
                Duration::milliseconds(1),
                Msg::Answered { id, result: Err(Transport::NoToken) },
            );
        }
        if self.now < self.browser.offline_until {
            let result = Err(NoAnswer::Network.transport());
            return self.deliver(life, Duration::milliseconds(rng.i64(5..2_000)), Msg::Answered { id, result });
        }
        let there = Duration::milliseconds(rng.i64(10..300));
        let back = After::Comes(Duration::milliseconds(rng.i64(10..400)));
        self.trace(|_| format!("  {id:?} {} {}", request.method(), short(request.uri().path())));
        let kind = self.kind_of(&request, &mut rng).filter(|&kind| self.fault_occurs(decision, kind));
        let Some(kind) = kind else { return self.schedule(there, Event::Arrive(life, id, Box::new(request), back)) };
        let lost = After::Lost(
            Duration::milliseconds(rng.i64(50..30_000)),
            if chance(&mut rng, 70) { NoAnswer::Network } else { NoAnswer::TimedOut },
        );
        let arrives =
            |world: &mut Self, after| world.schedule(there, Event::Arrive(life, id, Box::new(request.clone()), after));
        match kind {
            Kind::RequestLost => {
                let result = Err(NoAnswer::Network.transport());
                self.deliver(life, Duration::milliseconds(rng.i64(50..30_000)), Msg::Answered { id, result });
            }
            Kind::AnswerLost => arrives(self, lost),
            Kind::TooLate => {
                let straggles = Duration::seconds(rng.i64(0..PATIENCE.whole_seconds() + STRAGGLES));
                self.schedule(straggles, Event::Arrive(life, id, Box::new(request), After::Told));
                self.deliver(life, PATIENCE, Msg::Answered { id, result: Err(Transport::TimedOut) });
            }
            Kind::Delayed => {
                let slow = After::Comes(Duration::milliseconds(rng.i64(1_000..60_000)));
                self.schedule(
                    Duration::milliseconds(rng.i64(10..30_000)),
                    Event::Arrive(life, id, Box::new(request), slow),
                );
            }
            Kind::HeardTwice => arrives(self, After::Twice),
            Kind::Truncated => arrives(self, After::Truncated),
            Kind::Corrupt => arrives(self, After::Corrupt),
            Kind::GatewayError => arrives(self, After::Gateway(one(&mut rng, &[502, 504]))),
            refusal => {
                let answer = self.refusal(refusal, &request, &mut rng);
                let result = Ok(self.with_readable_headers(answer));
                self.deliver(life, there * 2, Msg::Answered { id, result });
            }
        }
    }

    /// The fault of a request, if any.
    fn kind_of(&mut self, request: &Request<Bytes>, rng: &mut Rng) -> Option<Kind> {
        if self.calm {
            return None;
        }
        let path = request.uri().path();
        if self.fault_profile.gone.iter().any(|gone| gone == path) {
            return Some(Kind::OperationGone);
        }
        if let Some((kind, _)) = self.fault_profile.burst.filter(|(_, until)| self.now < *until)
            && chance(rng, 80)
        {
            return Some(kind);
        }
        let mut roll = rng.u32(0..1_000);
        let rolled = self.fault_profile.requests.iter().find(|(_, often)| {
            let hit = roll < *often;
            roll = roll.saturating_sub(*often);
            hit
        });
        let kind = rolled.map(|(kind, _)| *kind)?;
        match kind {
            Kind::OperationGone if !path.contains("perationsStatus") => None,
            Kind::OperationGone => {
                self.fault_profile.gone.push(path.to_owned());
                Some(kind)
            }
            Kind::Unauthorized
            | Kind::Forbidden
            | Kind::NotFound
            | Kind::Conflict
            | Kind::Throttled
            | Kind::ServerError => {
                self.fault_profile.burst = Some((kind, self.now + Duration::seconds(rng.i64(1..400))));
                Some(kind)
            }
            _ => Some(kind),
        }
    }

    /// A refusal by the gateway in front of the service.
    fn refusal(&self, kind: Kind, request: &Request<Bytes>, rng: &mut Rng) -> Response<Bytes> {
        let wait = rng.i64(1..900);
        let throttled = format!(
            "Number of requests for action 'Microsoft.RecoveryServices/vaults/backupJobs/read' exceeded the limit of '150' for time interval '01:00:00'. Please try again after '{wait}' seconds."
        );
        let (status, code, message) = match kind {
            Kind::Unauthorized => (
                401,
                "ExpiredAuthenticationToken",
                "The access token expiry UTC time is earlier than current UTC time.",
            ),
            Kind::Forbidden => {
                (403, "AuthorizationFailed", "The client does not have authorization to perform action.")
            }
            Kind::NotFound | Kind::OperationGone => (404, "ResourceNotFound", "The resource was not found."),
            Kind::Conflict if is_trigger(request) && rng.bool() => {
                (409, DAILY_LIMIT, "The limit of operations of a day is reached.")
            }
            Kind::Conflict => (409, "Conflict", "Another operation is in progress."),
            Kind::Throttled => (429, "ResourceRequestsThrottled", throttled.as_str()),
            // A front door's answer; the service behind it does nothing.
            _ if is_trigger(request) => (503, "ServiceUnavailable", "The service is not available."),
            _ => (one(rng, &[500, 503]), "InternalServerError", ""),
        };
        let body = format!(r#"{{"error":{{"code":"{code}","message":"{message}"}}}}"#);
        let mut answer = Response::new(Bytes::from(body));
        *answer.status_mut() = StatusCode::from_u16(status).unwrap_or_default();
        if status == 429
            && let Ok(value) = wait.to_string().parse()
        {
            answer.headers_mut().insert("retry-after", value);
        }
        answer
    }

    pub(crate) fn arrive(&mut self, life: Life, id: CallId, request: &Request<Bytes>, after: After) {
        let mut authorized = request.clone();
        let token = self.tabs.get(life.0).and_then(|t| t.token.clone()).unwrap_or_default();
        if let Ok(value) = format!("Bearer {token}").parse() {
            authorized.headers_mut().insert("authorization", value);
        }
        let before = self.sim.triggers().len();
        let reply = self.sim.handle(self.now, &authorized);
        let new: Vec<_> = self.sim.triggers()[before..].to_vec();
        for trigger in new.iter().filter(|t| t.accepted) {
            self.trace(|_| format!("  accepted {} as job {}", trigger.client_request_id, trigger.job));
        }
        let reply = match reply {
            Reply::Answer(answer) if self.guarded => Reply::Answer(with_guard_requests(request.uri().path(), answer)),
            other => other,
        };
        if let Reply::Answer(answer) = &reply {
            self.ledger.on_answer_body(answer.body());
        }
        let result = match reply {
            Reply::Answer(answer) if answer.body().len() > MAX_ANSWER => Err(Transport::TooLarge),
            Reply::Answer(answer) => Ok(answer),
            Reply::Dropped { .. } => Err(NoAnswer::Network.transport()),
        };
        let soon = Duration::milliseconds(50);
        let (wait, result) = match (after, result) {
            (After::Told, _) => return,
            (After::Lost(wait, gave), _) => (wait, Err(gave.transport())),
            (After::Comes(wait), result) => (wait, result),
            (_, Err(error)) => (soon, Err(error)),
            (After::Gateway(status), Ok(mut answer)) => {
                *answer.status_mut() = StatusCode::from_u16(status).unwrap_or_default();
                *answer.headers_mut() = HeaderMap::new();
                *answer.body_mut() = Bytes::from_static(br#"{"error":{"code":"GatewayTimeout","message":"The gateway did not receive a response in time."}}"#);
                (soon, Ok(answer))
            }
            (After::Truncated, Ok(answer)) => (soon, Ok(answer.map(|body| body.slice(..body.len() / 2)))),
            (After::Corrupt, Ok(answer)) => {
                (soon, Ok(answer.map(|body| body.iter().map(|b| if *b == b':' { b';' } else { *b }).collect())))
            }
            (After::Twice, Ok(answer)) => {
                let result = Ok(self.with_readable_headers(answer.clone()));
                self.deliver(life, soon * 20, Msg::Answered { id, result });
                (soon, Ok(answer))
            }
        };
        // Nothing arrives while there is no network or the computer sleeps.
        let at = self.now + wait;
        let cut = at < self.browser.offline_until || at < self.browser.asleep_until;
        let result = if cut {
            Err(NoAnswer::Network.transport())
        } else {
            result.map(|answer| self.with_readable_headers(answer))
        };
        self.deliver(life, wait, Msg::Answered { id, result });
    }

    /// An answer with the headers that the browser lets the page read.
    fn with_readable_headers(&mut self, mut answer: Response<Bytes>) -> Response<Bytes> {
        // The shell hands on those of its list alone.
        let told = std::mem::take(answer.headers_mut());
        for name in headers::all() {
            for value in told.get_all(name) {
                answer.headers_mut().append(name, value.clone());
            }
        }
        let hidden: &[&str] = match self.fault_profile.expose {
            Expose::All => return answer,
            Expose::Some => &["azure-asyncoperation", "retry-after"],
            Expose::None => &[
                "azure-asyncoperation",
                "location",
                "retry-after",
                "x-ms-request-id",
                "x-ms-correlation-request-id",
                "x-ms-ratelimit-remaining-subscription-resource-requests",
                "www-authenticate",
            ],
        };
        let mut any = false;
        for name in hidden {
            any |= answer.headers_mut().remove(*name).is_some();
        }
        if any && answer.status() == StatusCode::ACCEPTED {
            self.counts.add(Kind::HeadersHidden);
        }
        answer
    }
}

/// The answer of a vault with a Resource Guard: its list contains one guard, whose request a restore has to name.
fn with_guard_requests(path: &str, mut answer: Response<Bytes>) -> Response<Bytes> {
    if path.ends_with("/backupResourceGuardProxies") && answer.status() == StatusCode::OK {
        let restore = "Microsoft.RecoveryServices/vaults/backupFabrics/protectionContainers/protectedItems/recoveryPoints/restore/action";
        let body = format!(
            r#"{{"value":[{{"id":"{path}/VaultProxy","name":"VaultProxy","properties":{{"resourceGuardOperationDetails":[{{"vaultCriticalOperation":"{restore}","defaultResourceRequest":"/subscriptions/of-security/resourceGuards/g/triggerRestoreRequests/default"}}]}}}}]}}"#
        );
        *answer.body_mut() = Bytes::from(body);
    }
    answer
}

/// The end of a path, which tells what it is.
fn short(path: &str) -> String {
    let parts: Vec<&str> = path.rsplit('/').take(3).collect();
    parts.into_iter().rev().collect::<Vec<_>>().join("/")
}
