//! What the page around this one is told of the restores and the recovery plans: states and outcomes as codes, which stay the same when a text is changed.

use azure_backup::arm::fault::{Fault, FaultKind};
use azure_backup::arm::id::{ClientRequestId, JobId};
use azure_backup::backup::job::JobStatus;
use serde_json::{Value, json};
use time::OffsetDateTime;

use super::identity::Identity;
use super::plans::board::Totals;
use super::plans::{PlanRecord, PlanRun, Plans};
use super::records::Restores;
use super::state::State;
use crate::recovery::execution::HaltReason;
use crate::restore::run::{RestoreRun, Stage};

/// Remembers what was told last, so that nothing is told twice.
#[derive(Debug, Default)]
pub struct Portal {
    /// When the page was opened: what has begun since then is news, even if it is over by the first look.
    since: Option<OffsetDateTime>,
    restores: Restores,
    /// Those that have come to an end and are sent again all the same.
    again: Vec<ClientRequestId>,
    identity: Identity,
    list: String,
    plans: Plans,
    plan_list: String,
}

impl Portal {
    /// The events that the page around this one has not been told yet: name and detail, which is JSON.
    pub fn new_events(&mut self, state: &State) -> Vec<(&'static str, String)> {
        // The plans are compared with those of the identity before, so they come first.
        let plans = self.plans_event(state);
        self.restore_events(state).into_iter().chain(plans).collect()
    }

    /// The plans that were started, if they stand otherwise than was told last.
    fn plans_event(&mut self, state: &State) -> Option<(&'static str, String)> {
        if !state.started || self.plans.is_same_list(&state.plans) && self.identity == state.identity() {
            return None;
        }
        self.plans = state.plans.clone();
        let started = state.own_plans().filter_map(|record| Some(plan_row(record, record.run.as_ref()?)));
        let list: Vec<Value> = started.collect();
        // Where no plan was ever started, there is nothing to tell.
        let list =
            if list.is_empty() && self.plan_list.is_empty() { String::new() } else { Value::Array(list).to_string() };
        let is_news = list != self.plan_list;
        self.plan_list = list;
        is_news.then(|| ("plans", self.plan_list.clone()))
    }

    fn restore_events(&mut self, state: &State) -> Vec<(&'static str, String)> {
        let resent = |restore: &&RestoreRun| {
            !restore.is_running()
                && (state.launches.is_active(&restore.id) || state.sign_in.then.as_ref() == Some(&restore.id))
        };
        let again: Vec<_> = state.restores.iter().filter(resent).map(|restore| restore.id.clone()).collect();
        let identity = state.identity();
        let same = self.restores.is_same_list(&state.restores) && self.again == again && self.identity == identity;
        if !state.started || same && !self.list.is_empty() {
            return Vec::new();
        }
        // The page around this one has given the token of one account, and is told of no other's.
        let mine: Vec<&RestoreRun> = state.shown_restores().filter(|r| state.may_follow(r)).collect();
        let ran = |restore: &RestoreRun| match self.restores.get(&restore.id) {
            Some(before) => runs(before, &self.again),
            None => self.since.is_some_and(|since| since <= restore.started),
        };
        let mut last_finished: Vec<_> = mine
            .iter()
            .filter(|restore| !runs(restore, &again) && ran(restore))
            .map(|restore| ("restoreEnded", ended(restore).to_string()))
            .collect();
        let list = Value::Array(mine.iter().map(|r| row(r, &again)).collect()).to_string();
        if list != self.list {
            last_finished.insert(0, ("restores", list.clone()));
        }
        (self.since, self.restores) = (self.since.or(Some(state.now)), state.restores.clone());
        (self.again, self.identity, self.list) = (again, identity, list);
        last_finished
    }
}

/// Whether a restore goes on. One that is sent again after a sign-in has not ended by the refusal.
fn runs(restore: &RestoreRun, again: &[ClientRequestId]) -> bool {
    restore.is_running() || again.contains(&restore.id)
}

fn row(restore: &RestoreRun, again: &[ClientRequestId]) -> Value {
    json!({
        "id": restore.id.as_str(),
        "vm": restore.vm,
        "vault": restore.vault.as_str(),
        "jobId": restore.job_id().map(JobId::as_str),
        "code": code(restore),
        "state": restore.state_text(),
        "running": runs(restore, again),
    })
}

fn plan_row(record: &PlanRecord, run: &PlanRun) -> Value {
    let Totals { restored, running, waiting, failed, skipped } = Totals::of(run.execution.machines().iter());
    let halted = run.execution.halted().filter(|_| waiting > 0);
    let state = match () {
        () if halted.is_some() => "halted",
        () if waiting + running > 0 => "running",
        () => "ended",
    };
    json!({
        "id": record.plan.id.as_str(),
        "name": record.plan.name,
        "state": state,
        "halted": halted.map(|halted| why_halted(halted.why)),
        "restored": restored,
        "running": running,
        "waiting": waiting,
        "notRestored": failed,
        "skipped": skipped,
    })
}

/// Why a plan is halted, in a word that never changes.
const fn why_halted(why: HaltReason) -> &'static str {
    match why {
        HaltReason::Operator => "operator",
        HaltReason::Failures => "failures",
        HaltReason::TabClosed => "tabClosed",
        HaltReason::Disconnected => "disconnected",
        HaltReason::NotSent => "notSent",
        HaltReason::NotSaved => "notSaved",
    }
}

fn ended(restore: &RestoreRun) -> Value {
    json!({
        "id": restore.id.as_str(),
        "jobId": restore.job_id().map(JobId::as_str),
        "vault": restore.vault.as_str(),
        "machine": restore.vm,
        "outcome": code(restore),
        "error": error(restore),
    })
}

/// Where a restore stands, in a word that never changes.
fn code(restore: &RestoreRun) -> &'static str {
    match &restore.stage {
        Stage::Intent => "awaitingToken",
        Stage::Sending => "sending",
        Stage::Preparing { .. } => "preparing",
        Stage::Unknown { .. } => "unknown",
        Stage::Operation { .. } | Stage::Searching { .. } => "accepted",
        Stage::Job { .. } if restore.missing_job_fault().is_some() => "jobGone",
        Stage::Job { .. } => match restore.status() {
            None => "accepted",
            Some(JobStatus::InProgress) => "inProgress",
            Some(JobStatus::Cancelling) => "canceling",
            Some(JobStatus::Completed) => "completed",
            Some(JobStatus::CompletedWithWarnings) => "completedWithWarnings",
            Some(JobStatus::Failed) => "failed",
            Some(JobStatus::Cancelled) => "canceled",
            Some(_) => "other",
        },
        Stage::Refused { .. } => "refused",
        Stage::OperationFailed { .. } => "failed",
        Stage::NotSent { .. } => "notSent",
    }
}

/// Azure's code and words, or ours where Azure has none; null where all is well.
fn error(restore: &RestoreRun) -> Value {
    let coded = |code: &str, message: &str| json!({"code": code, "message": message});
    if let Some(fault) = restore.missing_job_fault().or_else(|| restore.fault()) {
        return coded(code_of(fault), &fault.message);
    }
    let Some(job) = restore.job() else { return Value::Null };
    match (job.errors.first(), job.status.clone()) {
        (Some(error), _) => {
            let code = error.code.map(|code| code.to_string()).or_else(|| error.title.clone()).unwrap_or_default();
            coded(&code, error.text.as_deref().or(error.title.as_deref()).unwrap_or_default())
        }
        // A job that failed without a word is told as that.
        (None, JobStatus::Failed) => coded("", ""),
        (None, _) => Value::Null,
    }
}

/// Azure's code of a fault; where the call had no answer of Azure, what happened instead.
fn code_of(fault: &Fault) -> &str {
    if !fault.code.is_empty() {
        return &fault.code;
    }
    match fault.kind {
        FaultKind::Refused | FaultKind::NoUrl => "urlRefused",
        FaultKind::NoToken => "noToken",
        FaultKind::TokenLate => "tokenLate",
        FaultKind::Network => "network",
        FaultKind::TimedOut => "timedOut",
        FaultKind::Aborted => "aborted",
        FaultKind::Status => "status",
        FaultKind::Body { .. } => "unreadableAnswer",
        FaultKind::TooLarge => "answerTooLarge",
        _ => "unexpectedAnswer",
    }
}
