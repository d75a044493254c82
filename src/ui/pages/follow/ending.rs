//! What went wrong, and the job's tasks.

use azure_backup::backup::job::{Job, JobError, JobStatus};
use yew::prelude::*;

use crate::app::msg::Msg;
use crate::app::route::Route;
use crate::restore::effect_sentence::quoted;
use crate::restore::run::{RestoreRun, Stage};
use crate::ui::fault::fault_notice;
use crate::ui::kit::each;
use crate::ui::kit::notice::{Notice, Voice, notice};
use crate::ui::kit::table::{columns, row, small, table};
use crate::ui::kit::{Tone, badge::badge, button, muted};
use crate::ui::pages::PageContext;
use crate::ui::pages::{on_click, on_link_click};
use crate::ui::text;

/// Azure's words about what went wrong.
pub fn error(view: &PageContext, run: &RestoreRun) -> Html {
    let dispatch = &view.dispatch;
    let fault = match &run.stage {
        Stage::Refused { fault } => Some(("Azure rejected the request", fault)),
        Stage::OperationFailed { fault } => Some(("Azure couldn't start the job", fault)),
        Stage::NotSent { fault: Some(fault), .. } => Some(("The request didn't start a restore", fault)),
        Stage::Unknown { fault: Some(fault), .. } => Some(("We lost Azure's response", fault)),
        _ => None,
    };
    // A request that was refused because a sign-in was needed had no effect, so the tab that holds its bytes may send it again.
    let refused = view.state.can_retry_refused(&run.id);
    let again: Vec<_> =
        refused.then(|| ("Send the same request again", Msg::SendAgain(run.id.clone()))).into_iter().collect();
    let job = run.job().filter(|job| !job.errors.is_empty() || job.dynamic_error.is_some());
    let disks = run.wrong_disks();
    if fault.is_none() && job.is_none() && disks.is_none() && looked(run).is_none() {
        return Html::default();
    }
    html! {
        <section class="vmr-stack">
            <h2>{ if run.status() == Some(&JobStatus::CompletedWithWarnings) { "Warning" } else { "Error" } }</h2>
            if let Some(looked) = looked(run) { <p>{ text::with_names(&looked) }</p> }
            if let Some((what, fault)) = fault { { fault_notice(what, fault, dispatch, &again) } }
            if let Some(job) = job { { job_errors(run, job, dispatch) } }
            if let Some((wanted, restored)) = disks { { wrong_disks(&wanted, &restored) } }
        </section>
    }
}

/// What was searched before the page said that the request did not arrive.
fn looked(run: &RestoreRun) -> Option<String> {
    let Stage::NotSent { search: Some(search), .. } = &run.stage else { return None };
    let (listed, vm, looks) = (search.listed.unwrap_or_default(), quoted(&run.vm), search.looks);
    let last = search.last.map(text::utc).unwrap_or_default();
    Some(format!(
        "We checked the vault's jobs {looks} times (last at {last}). Among {listed} restores since the day before, none is from this request and none matches {vm} at that time."
    ))
}

fn job_errors(run: &RestoreRun, job: &Job, dispatch: &Callback<Msg>) -> Html {
    let tone = if job.status == JobStatus::Failed { Tone::Bad } else { Tone::Warning };
    let one = |error: &JobError| {
        let title = error.title.clone().unwrap_or_else(|| "Azure's error".to_owned());
        let copied = error_text(job, error);
        let field = run.likely_field(error);
        let to_field = field.zip(run.place()).map(|(field, place)| {
            let onclick = on_link_click(dispatch, Msg::ShowField(field));
            html! { <a class="vmr-button" href={Route::Form(place).hash()} {onclick}>{ format!("Fix {}", field.label()) }</a> }
        });
        notice(Notice {
            tone,
            voice: Voice::Alert,
            title: title.into(),
            body: html! {
                <>
                    if let Some(text) = &error.text { <p>{ text }</p> }
                    if !error.recommendations.is_empty() {
                        <p>{ "Azure recommends:" }</p>
                        <ul>{ each(error.recommendations.iter().map(|r| html! { <li>{ r }</li> })) }</ul>
                    }
                    if let Some(field) = field { <p>{ format!("Likely cause: {}.", field.label()) }</p> }
                </>
            },
            details: [
                error.code.map(|code| ("Code".into(), AttrValue::from(code.to_string()))),
                Some(("Job".into(), AttrValue::from(job.name.as_str().to_owned()))),
                job.activity_id.clone().map(|id| ("Activity ID".into(), AttrValue::from(id))),
            ]
            .into_iter()
            .flatten()
            .collect(),
            actions: Some(
                html! { <>{ each(to_field) }{ button("Copy details", "", on_click(dispatch, Msg::Copy(copied))) }</> },
            ),
        })
    };
    html! {
        <>
            { each(job.errors.iter().map(one)) }
            if let Some(text) = job.dynamic_error.clone().filter(|d| !job.errors.iter().any(|e| e.text.as_ref() == Some(d))) {
                { notice(Notice { tone, title: "More from Azure".into(), body: html! { <p>{ text }</p> }, ..Notice::default() }) }
            }
        </>
    }
}

fn error_text(job: &Job, error: &JobError) -> String {
    let mut lines = vec![error.title.clone().unwrap_or_default(), error.text.clone().unwrap_or_default()];
    lines.extend(error.code.map(|code| format!("Code: {code}")));
    lines.extend(error.recommendations.iter().map(|r| format!("Recommendation: {r}")));
    lines.push(format!("Job: {}", job.name.as_str()));
    lines.extend(job.activity_id.iter().map(|id| format!("Activity ID: {id}")));
    lines.retain(|line| !line.is_empty());
    lines.join("\n")
}

fn wrong_disks(wanted: &[String], restored: &[String]) -> Html {
    notice(Notice {
        tone: Tone::Warning,
        voice: Voice::Alert,
        title: "Azure restored different disks than you requested".into(),
        body: html! { <p>{ format!("Requested: {}. Restored: {}.", wanted.join(", "), restored.join(", ")) }</p> },
        ..Notice::default()
    })
}

/// The job's tasks.
pub fn tasks(run: &RestoreRun) -> Html {
    let Some(job) = run.job().filter(|job| !job.tasks.is_empty()) else { return Html::default() };
    let rows = job.tasks.iter().map(|task| {
        let progress = task.progress.map(|p| format!("{p}%"));
        let cells = vec![
            badge(task_tone(&task.status), task_words(&task.status)),
            // Azure reports a duration of zero for tasks whose duration it does not report.
            task.duration
                .filter(|took| !took.is_zero())
                .map_or_else(|| muted("Unknown"), |took| html! { text::duration(took) }),
            html! { <>{ progress.unwrap_or_default() }{ each(task.details.clone().map(small)) }</> },
        ];
        row(&task.name, html! { &task.name }, cells)
    });
    let names = columns(["Task", "State", "Duration", "Progress"]);
    html! { <section class="vmr-panel">{ table("Tasks", Html::default(), &names, true, html! { <>{ each(rows) }</> }) }</section> }
}

fn task_tone(status: &str) -> Tone {
    match status.to_ascii_lowercase().as_str() {
        "completed" => Tone::Good,
        "inprogress" => Tone::Busy,
        "failed" => Tone::Bad,
        "completedwithwarnings" | "cancelling" => Tone::Warning,
        _ => Tone::Neutral,
    }
}

fn task_words(status: &str) -> String {
    match status {
        "InProgress" => "In progress".to_owned(),
        "NotStarted" => "Not started".to_owned(),
        "CompletedWithWarnings" => "Completed with warnings".to_owned(),
        other => other.to_owned(),
    }
}
