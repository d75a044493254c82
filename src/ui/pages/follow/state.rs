//! Where the restore stands, what is waited for, and what can be done about it.

use azure_backup::backup::job::JobStatus;
use time::OffsetDateTime;
use yew::prelude::*;

use crate::app::msg::Msg;
use crate::app::quotas::QuotaKind;
use crate::app::state::NotFollowed;
use crate::restore::effect_sentence::quoted;
use crate::restore::outcome::OutcomeTone as Outcome;
use crate::restore::run::{RestoreRun, Stage};
use crate::ui::fault::fault_notice;
use crate::ui::kit::Tone;
use crate::ui::kit::confirm::{Confirm, confirm};
use crate::ui::kit::icon::icon;
use crate::ui::kit::notice::{Notice, notice};
use crate::ui::kit::progress::progress;
use crate::ui::kit::wait::{Wait, wait};
use crate::ui::pages::quota_meter::quota_is_tight;
use crate::ui::pages::{PageContext, on_click};
use crate::ui::text;

/// The tone of a restore's state.
pub fn tone_of(run: &RestoreRun) -> Tone {
    tone(run.tone())
}

/// Color and icon of a severity.
pub const fn tone(outcome: Outcome) -> Tone {
    match outcome {
        Outcome::Running => Tone::Busy,
        Outcome::Good => Tone::Good,
        Outcome::Attention => Tone::Warning,
        Outcome::Bad => Tone::Bad,
        Outcome::Neutral => Tone::Neutral,
    }
}

/// The region "State"; `quota_meter` is the meter of calls.
pub fn state(view: &PageContext, run: &RestoreRun, reads: Html) -> Html {
    let (now, dispatch) = (view.state.now, &view.dispatch);
    let tone = tone_of(run);
    let look = on_click(dispatch, Msg::PollNow(run.id.clone()));
    // A notice above every page says that a sign-in is needed.
    let sign_in_shown = view.state.sign_in_fault.is_some();
    html! {
        <section class="vmr-panel" aria-label="State">
            <h2 class="vmr-hidden">{ "State" }</h2>
            <div class="vmr-panel-head">
                <div class="vmr-state" data-tone={tone.name()}>{ icon(tone.into()) }<span role="status" aria-label="State">{ view.state.state_text(run) }</span></div>
                if run.can_cancel() { { cancel(view, run) } }
            </div>
            { bar(run) }
            // As long as nothing was sent, that is the most important thing to know.
            if run.stage.is_being_sent() { <p>{ since(view, run) }</p> }
            if run.is_running() {
                { wait(waiting(view, run), now, look) }
                if quota_is_tight(view, run) { { reads.clone() } }
                <details class="vmr-fold">
                    <summary>{ "About these checks" }</summary>
                    <div class="vmr-stack">if !run.stage.is_being_sent() { <p>{ since(view, run) }</p> }{ reads }</div>
                </details>
            }
            if let Some(found) = run.found_text() {
                { notice(Notice { title: "Job found in the list".into(), body: html! { <p>{ found }</p> }, ..Notice::default() }) }
            }
            if let Some(denied) = denied(view, run) {
                { notice(Notice { title: "Azure doesn't report this operation to your account".into(), body: html! { <p>{ denied }</p> }, ..Notice::default() }) }
            }
            if let Some(fault) = run.last_error().filter(|fault| !(fault.needs_sign_in() && sign_in_shown)) {
                { fault_notice("Couldn't update the status. Retrying automatically.", fault, dispatch, &[]) }
            }
        </section>
    }
}

/// If Azure does not let this account read the operation: whose it is, and how the restore is followed instead.
fn denied(view: &PageContext, run: &RestoreRun) -> Option<String> {
    let operation = matches!(run.stage, Stage::Operation { .. } | Stage::Searching { .. });
    run.last_error().filter(|fault| operation && fault.is_denied() && !fault.needs_sign_in())?;
    let (own, _) = view.state.session.identity();
    let who = run.submitted.as_ref().and_then(|asked| asked.who.as_deref());
    let whose = match (who, own) {
        (Some(who), Some(own)) if !who.eq_ignore_ascii_case(own) => {
            format!("{who} started this restore, and you're connected as {own}.")
        }
        _ => "Azure reports some operations only to the account that started them, others to accounts whose role can read them.".to_owned(),
    };
    Some(format!("{whose} The restore keeps running. This page checks the vault's operations and jobs for it instead."))
}

fn cancel(view: &PageContext, run: &RestoreRun) -> Html {
    let vm = quoted(&run.vm);
    let who = whose(view, run);
    confirm(Confirm {
        id: "cancel".into(),
        label: "Cancel the job",
        title: "Cancel the job?",
        text: format!(
            "This stops the restore of {vm}, {who}. Resources created so far are kept; delete them yourself."
        )
        .into(),
        keep: "Keep running",
        on: view.on_confirmed_click(Msg::CancelRestore(run.id.clone())),
        ..Confirm::default()
    })
}

/// Who has begun a restore that this browser knows, and when: `which you began 2026-11-23 03:41 UTC`.
pub fn whose(view: &PageContext, run: &RestoreRun) -> String {
    let at = text::utc(run.job().and_then(|job| job.start).unwrap_or(run.started));
    // A record without a request was made from a job in the vault's list.
    let here = run.submitted.is_some();
    match (here, view.state.owns(run), run.owner.is_unknown()) {
        (false, ..) => format!("started {at} by someone else or in another browser"),
        (true, true, false) => format!("which you started {at}"),
        (true, false, false) => format!("which another account, {}, started {at}", quoted(&run.owner.to_string())),
        (true, _, true) => format!("started {at} in this browser"),
    }
}

fn bar(run: &RestoreRun) -> Html {
    let Some(job) = run.job() else { return Html::default() };
    let running = job.status.is_running();
    if !running && job.percent.is_none() {
        return Html::default();
    }
    let left = job.percent.map_or_else(String::new, |p| format!("{p}%"));
    let right = run.remaining().map(|r| format!("About {} left", text::duration(r)));
    progress("Progress of the job", job.percent, html! { left }, html! { right.unwrap_or_default() })
}

/// What is waited for: `Waiting for Azure to create the job. Started 2026-11-23 03:41 UTC, 2 min 05 s ago.`
fn since(view: &PageContext, run: &RestoreRun) -> String {
    let since = run.job().and_then(|job| job.start).unwrap_or(run.started);
    format!("{}. Started {}, {} ago.", waited_for(view, run), text::utc(since), text::duration(view.state.now - since))
}

fn waited_for(view: &PageContext, run: &RestoreRun) -> &'static str {
    let unfollowed = view.state.why_not_followed(run);
    match &run.stage {
        Stage::Preparing { .. } => "Preparing the request. Nothing has been sent yet",
        Stage::Intent => "Waiting for an access token. Nothing has been sent yet",
        Stage::Sending => "Waiting for Azure's response",
        _ if unfollowed.is_some_and(|why| why != NotFollowed::OtherTab) => "Not tracked in this tab",
        Stage::Unknown { .. } => "Searching the vault for the job",
        Stage::Operation { .. } | Stage::Searching { .. } => "Waiting for Azure to create the job",
        _ if run.status() == Some(&JobStatus::Cancelling) => "Waiting for the job to be canceled",
        _ => "Checking progress",
    }
}

fn waiting(view: &PageContext, run: &RestoreRun) -> Wait {
    let (next, last) = run.poll_times();
    let (held, next) = held(view, run, next).map_or((None, next), |(why, until)| (Some(why), until));
    Wait { what: waited_for(view, run).into(), last, next, held: held.map(Into::into) }
}

/// Why Azure cannot be asked now, and when it is asked next.
fn held(
    view: &PageContext,
    run: &RestoreRun,
    next: Option<OffsetDateTime>,
) -> Option<(String, Option<OffsetDateTime>)> {
    let now = view.state.now;
    let why = match (&run.stage, view.state.why_not_followed(run)) {
        (Stage::Intent, _) => Some("The request is sent as soon as a token is available."),
        (Stage::Sending, _) => Some("The request is being sent."),
        (_, Some(NotFollowed::OtherTab)) => Some("Another tab of this browser checks the status."),
        (_, Some(_)) => Some("This tab doesn't check the status, for the reason above."),
        (_, None) => None,
    };
    if let Some(why) = why {
        return Some((why.to_owned(), None));
    }
    let reads = match run.stage {
        Stage::Operation { .. } => QuotaKind::Operations,
        _ => QuotaKind::Jobs,
    };
    let throttled = run.last_error().is_some_and(azure_backup::arm::fault::Fault::is_throttled);
    let later = next.filter(|until| *until > now);
    if let Some(until) = later.filter(|_| throttled) {
        return Some((format!("Azure asked us to wait until {}.", text::utc(until)), Some(until)));
    }
    let quota = view.state.quotas.get(&run.job_list_key(), reads)?;
    let Some(until) = quota.wait(now) else {
        let until = view.state.held_on_demand(run)?;
        let kept = quota.reserve();
        let why = format!(
            "The last {kept} status checks of this hour are kept for automatic checks. You can check again at {}.",
            text::utc(until)
        );
        return Some((why, next));
    };
    let why = if quota.closed_until(now).is_some() {
        format!("Azure asked us to wait until {}.", text::utc(until))
    } else {
        let limit = quota.limit();
        format!("All {limit} status checks for this hour are used. Updates resume at {}.", text::utc(until))
    };
    Some((why, Some(later.map_or(until, |next| next.max(until)))))
}
