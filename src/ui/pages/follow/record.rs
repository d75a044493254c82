//! What this browser knows of the restore: everything that support will ask for.

use azure_backup::arm::id::ClientRequestId;
use time::OffsetDateTime;
use yew::prelude::*;

use crate::app::msg::{ExportFormat, Msg};
use crate::app::route::Route;
use crate::restore::preview::{PreviewLine as Said, lines};
use crate::restore::regional_id::RegionalId;
use crate::restore::run::{Reached, RestoreRun, Stage, SubmittedRequest};
use crate::ui::kit::each;
use crate::ui::kit::facts::{facts, facts_wide};
use crate::ui::kit::json::{Json, JsonLine};
use crate::ui::kit::name::name;
use crate::ui::kit::when::when_inline;
use crate::ui::kit::{button, id_text};
use crate::ui::pages::on_click;
use crate::ui::text::{clock_time, machine_time};

/// The summary: what, from when, where to.
pub fn summary(run: &RestoreRun, now: OffsetDateTime) -> Html {
    let point = |(place, submitted): (RegionalId, &SubmittedRequest)| {
        html! { <a href={Route::Form(place).hash()}>{ crate::ui::text::utc(submitted.point_time) }</a> }
    };
    facts([
        ("What".into(), html! { run.what_is_restored() }),
        ("Recovery point".into(), run.place().zip(run.submitted.as_ref()).map_or_else(|| html! { "Unknown" }, point)),
        ("Vault".into(), name(run.vault.name())),
        ("Started".into(), when_inline(run.started, now)),
    ])
}

/// The record: ids and the body as it was sent.
pub fn record(run: &RestoreRun, dispatch: &Callback<Msg>) -> Html {
    let id = |text: &str| id_text(text.to_owned());
    let submitted = run.submitted.as_ref();
    let mut pairs = vec![("Vault".into(), id(run.vault.as_str()))];
    if let Some(submitted) = submitted {
        pairs.extend([
            ("Protected item".into(), id(submitted.item.as_str())),
            ("Recovery point".into(), id(submitted.point.as_str())),
            ("Client request ID".into(), id(run.id.as_str())),
        ]);
    }
    pairs.extend(run.job_id().map(|job| ("Job".into(), id(job.as_str()))));
    pairs.extend(run.support_ids.iter().map(|(name, value)| (AttrValue::from(name.clone()), id(value))));
    pairs.push(("API version".into(), id(run.version.as_str())));
    let without = if run.secondary.is_some() { " (without access token)" } else { "" };
    pairs.extend(submitted.map(|submitted| (format!("Request body SHA-256{without}").into(), id(&submitted.sha256))));
    let body = |submitted: &SubmittedRequest| {
        let line = |l: Said| JsonLine { pointer: l.pointer.into(), text: l.text.into(), source: None, changed: false };
        let body: Vec<JsonLine> = lines(&submitted.text).into_iter().map(line).collect();
        let copy = button("Copy JSON", "", on_click(dispatch, Msg::Copy(submitted.text.to_string())));
        // In these stages nothing was sent.
        let unsent = matches!(run.stage, Stage::Intent | Stage::Preparing { .. } | Stage::NotSent { .. });
        let (title, label) = if unsent {
            ("Request body in the record", "Body of the record")
        } else {
            ("Request body", "Body as sent")
        };
        html! { <details><summary>{ title }{ without }</summary><Json {label} lines={body} />{ copy }</details> }
    };
    html! {
        <section class="vmr-panel">
            <div class="vmr-panel-head"><h2>{ "Record" }</h2><div class="vmr-actions">{ records(Some(&run.id), dispatch) }</div></div>
            { facts_wide(pairs) }
            { timeline(run) }
            { each(submitted.map(body)) }
        </section>
    }
}

/// The buttons that export the incident record of one restore, or of all.
pub fn records(id: Option<&ClientRequestId>, dispatch: &Callback<Msg>) -> Html {
    let take = |label, form| button(label, "", on_click(dispatch, Msg::Record(id.cloned(), form)));
    html! { <>{ take("Copy support details", ExportFormat::Copied) }{ take("Download report (.md)", ExportFormat::Markdown) }{ take("Download report (.json)", ExportFormat::Json) }</> }
}

/// The timeline: when each state was reached.
fn timeline(run: &RestoreRun) -> Html {
    let row = |at: &Reached| html! { <li>{ when_at(at.at) }{ " " }{ &at.state }</li> };
    html! { <><h3>{ "Timeline" }</h3><ol class="vmr-list">{ each(run.timeline.0.iter().map(row)) }</ol></> }
}

/// To the second, because the timeline is compared with other logs.
fn when_at(at: OffsetDateTime) -> Html {
    html! { <time translate="no" datetime={machine_time(at)}>{ format!("{} {}", at.date(), clock_time(at)) }</time> }
}
