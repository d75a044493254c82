//! The invariants, and the records that are needed to check them.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use arm_sim::Simulator;
use azure_backup::arm::id::ArmId;
use azure_backup::arm::timing::NOT_FOUND_BEFORE_GONE;
use azure_backup::backup::cross_region::NOT_SHOWN;
use azure_backup::backup::job::JobOutcome;
use bytes::Bytes;
use http::Request;
use time::{Duration, OffsetDateTime};
use vm_restore::app::effect::CallId;
use vm_restore::app::msg::Msg;
use vm_restore::app::purpose::Purpose;
use vm_restore::app::records::Change;
use vm_restore::app::saved::RESTORES;
use vm_restore::app::session::Session;
use vm_restore::app::state::State;
use vm_restore::restore::run::{JobMatch, RestoreRun, Stage};

use crate::plans::PlanLedger;
use crate::world::{Browser, Life, id_of};

/// A broken invariant, in words.
pub(crate) type Broken = String;

/// The smallest number of job reads that ARM allows for a subscription in an hour.
pub(crate) const READS_AN_HOUR: u32 = 150;

/// What has happened in the run.
#[derive(Default)]
pub(crate) struct Ledger {
    /// SHA-256 of each request text that was on a screen when an operator clicked.
    displayed: BTreeSet<String>,
    /// Restores that an operator has confirmed.
    intents: BTreeMap<String, Intent>,
    /// Restores that were started although nothing could be saved.
    unsaved: BTreeSet<String>,
    /// Restores that the storage contained at some time as *sending*.
    saved: BTreeSet<String>,
    /// Those whose request has left.
    left: BTreeSet<String>,
    /// Records that the attacker has written or changed.
    forged: BTreeSet<String>,
    pub(crate) forgotten: BTreeSet<String>,
    /// Requests as they were sent, for a colleague who does the same restore.
    pub(crate) bodies: Vec<Request<Bytes>>,
    pub(crate) somebody_else: u64,
    pub(crate) clicks: usize,
    /// Job reads by identity and by whether they go to the secondary region.
    reads: BTreeMap<(String, usize), VecDeque<OffsetDateTime>>,
    /// The largest number of remaining reads that Azure has reported, by the same key.
    told_left: [u32; 2],
    /// Until when Azure demands a pause, by identity and action.
    closed: BTreeMap<(String, &'static str), OffsetDateTime>,
    /// The highest percentage that Azure has reported for each job.
    told: BTreeMap<String, u16>,
    /// How often Azure has said that a restore's job does not exist.
    absences: BTreeMap<String, u32>,
    storage_failed: bool,
    storage_corrupted: bool,
    clock_jumped: bool,
    pub(crate) plans: PlanLedger,
}

/// What an operator has confirmed.
struct Intent {
    /// Whose connection it was.
    identity: String,
    /// SHA-256 of what was on the screen, as the click names it.
    sha256: String,
    /// The recovery point that was on the screen, where the click names it.
    point: Option<ArmId>,
    /// How often it was clicked.
    clicks: u32,
    /// How often it was sent.
    sent: u32,
}

/// A click that may send a restore, before its message is handled.
pub(crate) struct Click {
    /// The restore, where there is a record of it.
    id: Option<String>,
    /// The restores known before: any that is new afterwards was created by the click.
    known: BTreeSet<String>,
    /// SHA-256 of the request on the screen; none = the request that was confirmed before.
    sha256: Option<String>,
    point: Option<ArmId>,
    unsaved: bool,
}

impl Click {
    /// The click in a message; none if the message cannot send anything.
    pub(crate) fn of(state: &State, msg: &Msg) -> Option<Self> {
        let known = || state.restores.iter().map(|r| r.id.as_str().to_owned()).collect();
        match msg {
            Msg::Start { place, sha256, unsaved } => Some(Self {
                id: None,
                known: known(),
                sha256: Some(sha256.clone()),
                point: Some(place.id.clone()),
                unsaved: *unsaved,
            }),
            Msg::SendUnsent { id, sha256 } => Some(Self {
                id: Some(id.as_str().to_owned()),
                known: BTreeSet::new(),
                sha256: Some(sha256.clone()),
                point: None,
                unsaved: false,
            }),
            Msg::SendAgain(id) => Some(Self {
                id: Some(id.as_str().to_owned()),
                known: BTreeSet::new(),
                sha256: None,
                point: None,
                unsaved: false,
            }),
            _ => None,
        }
    }
}

/// A request that is about to leave.
pub(crate) struct Leaving<'a> {
    pub(crate) state: &'a State,
    pub(crate) life: Life,
    pub(crate) id: CallId,
    pub(crate) request: &'a Request<Bytes>,
    /// The token that was requested for it before.
    pub(crate) token: Option<&'a str>,
}

/// Whether a request starts a restore.
pub(crate) fn is_trigger(request: &Request<Bytes>) -> bool {
    let path = request.uri().path();
    request.method() == http::Method::POST
        && (path.ends_with("/restore") || path.ends_with("/backupCrossRegionRestore"))
}

/// The action that a follower's read counts for.
fn action(purpose: &Purpose, state: &State) -> Option<&'static str> {
    let secondary = |id| state.restore(id).is_some_and(|r| r.secondary.is_some());
    match purpose {
        Purpose::Operation(id) if secondary(id) => Some("secondary operations"),
        Purpose::Operation(_) => Some("operations"),
        Purpose::Job(id, _) if secondary(id) => Some("secondary jobs"),
        Purpose::ResendCheck { restore: id, .. } if secondary(id) => Some("secondary jobs"),
        Purpose::VaultJobs { job_list_key: (_, Some(_)), .. } => Some("secondary jobs"),
        Purpose::Job(..) | Purpose::VaultJobs { .. } | Purpose::ResendCheck { .. } => Some("jobs"),
        _ => None,
    }
}

/// Which reads of jobs an action counts for.
fn reads_of(action: &str) -> Option<usize> {
    ["jobs", "secondary jobs"].iter().position(|known| *known == action)
}

impl Ledger {
    pub(crate) fn storage_failed(&mut self) {
        self.storage_failed = true;
    }

    pub(crate) fn storage_corrupted(&mut self) {
        self.storage_corrupted = true;
    }

    pub(crate) fn clock_jumped(&mut self) {
        self.clock_jumped = true;
    }

    /// The attacker has written a record.
    pub(crate) fn forged(&mut self, id: &str) {
        self.forged.insert(id.to_ascii_lowercase());
    }

    /// An operator reads this request on the screen and is about to click.
    pub(crate) fn on_displayed(&mut self, text: &str) {
        self.displayed.insert(sha256(text.as_bytes()));
    }

    /// The operator has clicked and the program has handled it: the restore that is new, or that the click names, is confirmed.
    pub(crate) fn on_click(&mut self, state: &State, click: Click) -> Result<(), Broken> {
        let identity = state.identity().key();
        let Some(id) = click.id else {
            let new = state.restores.iter().find(|r| !click.known.contains(r.id.as_str()));
            let (Some(restore), Some(sha256)) = (new, click.sha256) else { return Ok(()) };
            let id = restore.id.as_str().to_owned();
            if click.unsaved {
                self.unsaved.insert(id.clone());
            }
            self.intents.insert(id, Intent { identity, sha256, point: click.point, clicks: 1, sent: 0 });
            return Ok(());
        };
        match (self.intents.get_mut(&id), click.sha256) {
            // A request that was sent before is sent again as it was confirmed then.
            (Some(intent), None) => intent.clicks += 1,
            (None, None) => {}
            (Some(intent), Some(sha256)) => {
                *intent = Intent { identity, sha256, point: None, clicks: intent.clicks + 1, sent: intent.sent }
            }
            (None, Some(sha256)) => {
                self.intents.insert(id, Intent { identity, sha256, point: None, clicks: 1, sent: 0 });
            }
        }
        Ok(())
    }

    /// The launches of a tab that its plan has begun: each was confirmed there.
    pub(crate) fn plan_starts(&mut self, life: Life, state: &State) {
        for (id, launch) in state.launches.active() {
            if self.intents.contains_key(id.as_str()) {
                continue;
            }
            let (point, sha256) = (&launch.confirmed.submitted.point, &launch.confirmed.submitted.sha256);
            if let Some(identity) = self.plans.on_restore_started(life, state, id.as_str(), point, sha256) {
                let (sha256, point) = (sha256.clone(), Some(point.clone()));
                self.intents.insert(id.as_str().to_owned(), Intent { identity, sha256, point, clicks: 1, sent: 0 });
            }
        }
    }

    /// Whether a trigger results from a click: by the identity whose token it carries, with the bytes that were on the screen, once.
    fn confirmed(
        &mut self,
        id: &str,
        request: &Request<Bytes>,
        token: Option<&str>,
        identity: &str,
    ) -> Result<(), Broken> {
        let Some(intent) = self.intents.get_mut(id) else {
            return Err(format!("a restore is sent that nobody asked for: {id}"));
        };
        intent.sent += 1;
        if intent.sent > intent.clicks {
            return Err(format!("{id} is sent {} times after {} clicks", intent.sent, intent.clicks));
        }
        let account = token.and_then(account_of).unwrap_or_default();
        if intent.identity != identity || !identity.ends_with(&account) || account.is_empty() {
            return Err(format!("{id} was confirmed by {} and leaves with the token of {account}", intent.identity));
        }
        let left = sha256(&as_displayed(request));
        if left != intent.sha256 || !self.displayed.contains(&left) {
            return Err(format!("{id} leaves with bytes that were not on the screen"));
        }
        let path = request.uri().path().replace("%3B", ";");
        let crosses = path.ends_with("/backupCrossRegionRestore");
        if let Some(point) = intent.point.as_ref().filter(|_| !crosses)
            && !path.eq_ignore_ascii_case(&format!("{point}/restore"))
        {
            return Err(format!("{id} restores another recovery point than the one on the screen, {point}: {path}"));
        }
        Ok(())
    }

    /// Azure has answered.
    pub(crate) fn on_answer_body(&mut self, body: &[u8]) {
        let text = String::from_utf8_lossy(body);
        let Some((_, name)) = text.split_once(r#"/backupJobs/"#) else { return };
        let Some((_, percent)) = text.rsplit_once(r#""progressPercentage":"#) else { return };
        let digits: String = percent.chars().take_while(char::is_ascii_digit).collect();
        let id = name.split('"').next().unwrap_or_default().to_ascii_lowercase();
        let told = self.told.entry(id).or_default();
        *told = digits.parse::<u16>().unwrap_or_default().max(*told);
    }

    /// A tab is about to receive an answer.
    pub(crate) fn on_message(
        &mut self,
        (life, state): (Life, &State),
        msg: &Msg,
        now: OffsetDateTime,
        browser: &Browser,
    ) -> Result<(), Broken> {
        let Msg::Answered { id, result } = msg else { return Ok(()) };
        let Some(purpose) = state.calls.get(id) else { return Ok(()) };
        if let Purpose::Trigger(restore) = purpose {
            self.plans.on_response(life, restore.as_str(), result.as_ref().ok(), now);
        }
        let Ok(answer) = result else { return Ok(()) };
        if let Purpose::Job(id, _) = purpose
            && answer.status() == 404
        {
            *self.absences.entry(id.as_str().to_owned()).or_default() += 1;
        }
        let Some(action) = action(purpose, state) else { return Ok(()) };
        let left = answer.headers().get("x-ms-ratelimit-remaining-subscription-resource-requests");
        if let (Some(of), Some(left)) = (reads_of(action), left.and_then(|v| v.to_str().ok()?.parse().ok())) {
            self.told_left[of] = self.told_left[of].max(left);
        }
        let wait = answer.headers().get("retry-after").and_then(|v| v.to_str().ok()?.parse::<i64>().ok());
        let told = || {
            let text = String::from_utf8_lossy(answer.body()).into_owned();
            text.split_once("try again after '")?.1.split('\'').next()?.parse::<i64>().ok()
        };
        if answer.status() == 429
            && browser.can_save
            && let Some(wait) = wait.or_else(told)
        {
            let until = now + Duration::seconds(wait.min(3_600) - 1);
            let closed = self.closed.entry((state.identity().key(), action)).or_insert(until);
            *closed = until.max(*closed);
        }
        Ok(())
    }

    /// A request is about to leave.
    pub(crate) fn on_send(
        &mut self,
        leaving: &Leaving<'_>,
        now: OffsetDateTime,
        browser: &Browser,
        sim: &Simulator,
    ) -> Result<(), Broken> {
        let Leaving { state, life, id, request, token } = *leaving;
        let identity = state.identity().key();
        if request.headers().contains_key("authorization") {
            return Err("the program knows a token".to_owned());
        }
        if state.session == Session::Disconnected {
            return Err(format!("a call leaves without a connection: {}", request.uri().path()));
        }
        if is_trigger(request) {
            let id = id_of(request).map(|id| id.as_str().to_owned()).unwrap_or_default();
            self.confirmed(&id, request, token, &identity)?;
            if !self.saved.contains(&id) && !self.unsaved.contains(&id) && !self.storage_failed {
                return Err(format!("a restore is sent before it is saved: {id}"));
            }
            let sound = !self.storage_failed && !self.storage_corrupted && self.forged.is_empty();
            self.plans.check_leaving(life, &id, sim, (sound, (!self.clock_jumped).then_some(now)))?;
            if !self.plans.has_started(&id) {
                self.left.insert(id);
            }
            if self.left.len() > self.clicks {
                // A second click on the same restore is not a second decision.
                return Err(format!("{} restores were sent by {} decisions", self.left.len(), self.clicks));
            }
            let cross_region = request.uri().path().ends_with("/backupCrossRegionRestore");
            if !cross_region && self.bodies.len() < 4 {
                self.bodies.push(request.clone());
            }
            return Ok(());
        }
        if let Some(Purpose::Operation(of) | Purpose::Job(of, _) | Purpose::ResendCheck { restore: of, .. }) =
            state.calls.get(&id)
            && let Some(owner) = state.restore(of).and_then(|restore| restore.owner.account())
            && !identity.ends_with(owner)
        {
            return Err(format!("{of} of {owner} is followed as {identity}"));
        }
        let Some(action) = state.calls.get(&id).and_then(|purpose| action(purpose, state)) else { return Ok(()) };
        // The tab that was clicked checks by itself whether a stored request was sent before.
        let past = matches!(state.calls.get(&id), Some(Purpose::ResendCheck { .. }));
        if !past && browser.lead.get(&identity) != Some(&life) {
            return Err(format!("a tab that does not lead follows: {}", request.uri().path()));
        }
        if self.clock_jumped || self.storage_failed || self.storage_corrupted {
            return Ok(());
        }
        if let Some(until) = self.closed.get(&(identity.clone(), action))
            && now < *until
        {
            return Err(format!("{action} are read {} before Azure allows it", *until - now));
        }
        if let Some(of) = reads_of(action) {
            let reads = self.reads.entry((identity, of)).or_default();
            reads.push_back(now);
            while reads.front().is_some_and(|at| now - *at > Duration::hours(1)) {
                reads.pop_front();
            }
            // More only if Azure has reported a larger limit.
            if reads.len() > READS_AN_HOUR.max(self.told_left[of]) as usize {
                return Err(format!("{} reads of {action} within an hour", reads.len()));
            }
        }
        Ok(())
    }

    /// Something is about to be saved.
    pub(crate) fn check_saved_text(&self, key: &str, value: &str) -> Result<(), Broken> {
        // An error may name the member, but its value must not be included, however often it is quoted.
        let members = value.split("accessTokenString").skip(1);
        let told = members.filter(|rest| rest.trim_start_matches('\\').starts_with("\":")).count() > 0;
        if told || value.contains("U0VDUkVU") {
            return Err(format!("a token is saved under {key}"));
        }
        Ok(())
    }

    /// Records are about to be saved.
    pub(crate) fn check_saved_records(&self, store: &str, changes: &[Change]) -> Result<(), Broken> {
        let texts =
            changes.iter().filter_map(|change| if let Change::Put((_, text)) = change { Some(text) } else { None });
        texts.into_iter().try_for_each(|text| self.check_saved_text(store, text))
    }

    /// Records are saved.
    pub(crate) fn on_records_saved(&mut self, store: &str, changes: &[Change]) {
        for change in changes {
            if let Change::Put((id, text)) = change
                && store == RESTORES
                && self.intents.contains_key(id)
                && text.contains("\"stage\":\"sending\"")
            {
                self.saved.insert(id.clone());
            }
        }
    }

    /// The invariants of a tab after each of its messages.
    pub(crate) fn check(&self, state: &State, sim: &Simulator) -> Result<(), Broken> {
        let own = |r: &RestoreRun| !self.forged.contains(r.id.as_str());
        for (at, restore) in state.restores.iter().enumerate().filter(|(_, r)| own(r)) {
            self.check_claims(restore, sim)
                .map_err(|why| format!("{}: {why}; it says “{}”", restore.id, restore.state_text()))?;
            let twin =
                |other: &&RestoreRun| own(other) && other.job_id().is_some() && other.job_id() == restore.job_id();
            if let Some(other) = state.restores.iter().skip(at + 1).find(twin) {
                return Err(format!("{} and {} follow the same job", restore.id, other.id));
            }
        }
        Ok(())
    }

    fn check_claims(&self, restore: &RestoreRun, sim: &Simulator) -> Result<(), Broken> {
        let ours = |t: &&arm_sim::Trigger| t.accepted && t.client_request_id.eq_ignore_ascii_case(restore.id.as_str());
        let mut accepted = sim.triggers().iter().filter(ours);
        let first = accepted.next();
        if accepted.next().is_some() {
            return Err("it was accepted twice".to_owned());
        }
        match (&restore.stage, first) {
            (Stage::Intent | Stage::Sending | Stage::Unknown { .. }, _) => Ok(()),
            (Stage::Preparing { .. } | Stage::Refused { .. } | Stage::NotSent { .. }, None) => Ok(()),
            (Stage::Preparing { .. } | Stage::Refused { .. } | Stage::NotSent { .. }, Some(_)) => {
                Err("it was accepted and is given up".to_owned())
            }
            (Stage::Operation { .. } | Stage::Searching { .. }, Some(_)) => Ok(()),
            (Stage::OperationFailed { .. }, Some(t)) if t.job.is_empty() => Ok(()),
            (Stage::OperationFailed { .. }, Some(_)) => Err("its operation made a job".to_owned()),
            (Stage::Operation { .. } | Stage::Searching { .. } | Stage::OperationFailed { .. }, None) => {
                Err("it was never accepted".to_owned())
            }
            (Stage::Job { tracker, found }, accepted) => {
                let id = tracker.id().as_str();
                match accepted {
                    Some(t) if !t.job.eq_ignore_ascii_case(id) => {
                        return Err(format!("job {id} is not its own, which is {}", t.job));
                    }
                    // Said to be a guess, where it is one.
                    None if !matches!(found, JobMatch::VmAndTime | JobMatch::List) => {
                        return Err(format!("job {id} is not its own: it was never accepted"));
                    }
                    _ => {}
                }
                let Some(status) = sim.job(id) else { return Err(format!("there is no job {id}")) };
                if let Some(JobOutcome::Gone(_)) = tracker.ending()
                    && self.absences.get(restore.id.as_str()).is_none_or(|n| *n < NOT_FOUND_BEFORE_GONE)
                {
                    return Err("its job is said to be gone".to_owned());
                }
                let Some(job) = tracker.job() else { return Ok(()) };
                let said = job.status.to_string();
                if !job.status.is_running() && said != status {
                    return Err(format!("its job is {status}"));
                }
                let told = self.told.get(&id.to_ascii_lowercase()).copied().unwrap_or_default();
                match job.percent {
                    Some(percent) if u16::from(percent) > told => Err(format!("{percent} % are claimed of {told} %")),
                    _ => Ok(()),
                }
            }
        }
    }

    /// The invariants at the end, when no faults have happened for long: `state` is a tab that is connected and leads, for the restores of its identity.
    pub(crate) fn check_end(&self, state: &State, sim: &Simulator) -> Result<(), Broken> {
        for trigger in sim.triggers().iter().filter(|t| t.accepted && !t.client_request_id.starts_with("ffffffff")) {
            let id = &trigger.client_request_id;
            let Some(intent) = self.intents.get(id) else {
                return Err(format!("{id} was accepted and never confirmed"));
            };
            if intent.identity != state.identity().key() {
                continue;
            }
            let known = state.restores.iter().any(|r| r.id.as_str().eq_ignore_ascii_case(id));
            // An attacker who can write to the channel can make the tabs forget.
            let lost = self.storage_failed || self.storage_corrupted || !self.forged.is_empty();
            let excused = self.forgotten.contains(id) || self.unsaved.contains(id) || lost;
            if !known && !excused {
                return Err(format!("{id} was accepted and is lost from sight"));
            }
        }
        let own = |r: &&RestoreRun| state.may_follow(r) && !self.forged.contains(r.id.as_str());
        for restore in state.restores.iter().filter(own) {
            let ended = restore.job().map(|job| job.status.to_string());
            let truth = restore.job_id().and_then(|id| sim.job(id.as_str()));
            let gone = restore.missing_job_fault().is_some();
            if let (Some(ended), Some(truth)) = (ended, truth)
                && ended != truth
                && !gone
                && !restore.is_running()
            {
                return Err(format!("{} has ended as “{ended}”, its job is {truth}", restore.id));
            }
            if restore.is_running() {
                return Err(format!(
                    "{} is still “{}”; next look {:?}, trouble {:?}",
                    restore.id,
                    restore.state_text(),
                    restore.poll_times().0,
                    restore.last_error().map(|f| &f.message)
                ));
            }
        }
        // Records of somebody else may be followed forever.
        let own = |purpose: &&Purpose| match purpose {
            Purpose::Operation(id) | Purpose::Job(id, _) => !self.forged.contains(id.as_str()),
            Purpose::VaultJobs { .. } => self.forged.is_empty(),
            _ => true,
        };
        let waited: Vec<&Purpose> = state.calls.values().filter(own).collect();
        if !waited.is_empty() {
            return Err(format!("calls are still waited for: {waited:?}"));
        }
        Ok(())
    }
}

impl Ledger {
    /// The same of the plan, by the tab that runs it or leads for its owner.
    pub(crate) fn check_end_of_plan(&self, tabs: &[&State]) -> Result<(), Broken> {
        let sound = !self.storage_failed && !self.storage_corrupted && self.forged.is_empty();
        if sound { self.plans.check_end(tabs) } else { Ok(()) }
    }
}

/// The body of a restore as a screen shows it: that of a cross-region restore without the access token.
fn as_displayed(request: &Request<Bytes>) -> Vec<u8> {
    const MEMBER: &[u8] = b"\"crossRegionRestoreAccessDetails\": ";
    let body = request.body();
    let Some(at) = body.windows(MEMBER.len()).position(|part| part == MEMBER).map(|at| at + MEMBER.len()) else {
        return body.to_vec();
    };
    let mut details = serde_json::Deserializer::from_slice(&body[at..]).into_iter::<serde_json::Value>();
    let length = details.next().map_or(0, |_| details.byte_offset());
    [&body[..at], format!("\"{NOT_SHOWN}\"").as_bytes(), &body[at + length..]].concat()
}

/// The account that a token names.
fn account_of(token: &str) -> Option<String> {
    use base64ct::{Base64UrlUnpadded, Encoding as _};
    let claims = Base64UrlUnpadded::decode_vec(token.split('.').nth(1)?).ok()?;
    let claims: serde_json::Value = serde_json::from_slice(&claims).ok()?;
    Some(claims["upn"].as_str()?.to_owned())
}

fn sha256(bytes: &[u8]) -> String {
    use sha2::{Digest as _, Sha256};
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
