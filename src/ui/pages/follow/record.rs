//! What this browser knows of the restore: everything that support will ask for.

use azure_backup::arm::id::ClientRequestId;
use time::OffsetDateTime;
use yew::prelude::*;

use crate::app::msg::{Form, Msg};
use crate::app::route::Route;
use crate::restore::place::Place;
use crate::restore::preview::{Line as Said, lines};
use crate::restore::tracked::{Asked, Reached, Stage, Tracked};
use crate::ui::kit::facts::{facts, facts_wide};
use crate::ui::kit::json::{Json, Line};
use crate::ui::kit::name::name;
use crate::ui::kit::when::when_inline;
use crate::ui::kit::{button, id_text};
use crate::ui::pages::says;
use crate::ui::text::{clock_time, machine_time};

/// The summary: what, from when, where to.
pub fn summary(tracked: &Tracked, now: OffsetDateTime) -> Html {
    let point = |(place, asked): (Place, &Asked)| {
        html! { <a href={Route::Form(place).hash()}>{ crate::ui::text::utc(asked.point_time) }</a> }
    };
    facts([
        ("What".into(), html! { tracked.what() }),
        (
            "Recovery point".into(),
            tracked.place().zip(tracked.asked.as_ref()).map_or_else(|| html! { "Unknown" }, point),
        ),
        ("Vault".into(), name(tracked.vault.name())),
        ("Started".into(), when_inline(tracked.begun, now)),
    ])
}

/// The record: ids and the body as it was sent.
pub fn record(tracked: &Tracked, dispatch: &Callback<Msg>) -> Html {
    let id = |text: &str| id_text(text.to_owned());
    let asked = tracked.asked.as_ref();
    let mut pairs = vec![("Vault".into(), id(tracked.vault.as_str()))];
    if let Some(asked) = asked {
        pairs.extend([
            ("Protected item".into(), id(asked.item.as_str())),
            ("Recovery point".into(), id(asked.point.as_str())),
            ("Client request ID".into(), id(tracked.id.as_str())),
        ]);
    }
    pairs.extend(tracked.job_id().map(|job| ("Job".into(), id(job.as_str()))));
    pairs.extend(tracked.support_ids.iter().map(|(name, value)| (AttrValue::from(name.clone()), id(value))));
    pairs.push(("API version".into(), id(tracked.version.as_str())));
    let without = if tracked.secondary.is_some() { " (without access token)" } else { "" };
    pairs.extend(asked.map(|asked| (format!("Request body SHA-256{without}").into(), id(&asked.sha256))));
    let body = |asked: &Asked| {
        let line = |l: Said| Line { pointer: l.pointer.into(), text: l.text.into(), source: None, changed: false };
        let body: Vec<Line> = lines(&asked.text).into_iter().map(line).collect();
        let copy = button("Copy JSON", "", says(dispatch, Msg::Copy(asked.text.to_string())));
        // In these stages nothing was sent.
        let unsent = matches!(tracked.stage, Stage::Intent | Stage::Preparing { .. } | Stage::NotSent { .. });
        let (title, label) = if unsent {
            ("Request body in the record", "Body of the record")
        } else {
            ("Request body", "Body as sent")
        };
        html! { <details><summary>{ title }{ without }</summary><Json {label} lines={body} />{ copy }</details> }
    };
    html! {
        <section class="vmr-panel">
            <div class="vmr-panel-head"><h2>{ "Record" }</h2><div class="vmr-actions">{ records(Some(&tracked.id), dispatch) }</div></div>
            { facts_wide(pairs) }
            { timeline(tracked) }
            { for asked.map(body) }
        </section>
    }
}

/// The buttons that export the incident record of one restore, or of all.
pub fn records(id: Option<&ClientRequestId>, dispatch: &Callback<Msg>) -> Html {
    let take = |label, form| button(label, "", says(dispatch, Msg::Record(id.cloned(), form)));
    html! { <>{ take("Copy support details", Form::Copied) }{ take("Download report (.md)", Form::Markdown) }{ take("Download report (.json)", Form::Json) }</> }
}

/// The timeline: when each state was reached.
fn timeline(tracked: &Tracked) -> Html {
    let row = |at: &Reached| html! { <li>{ when_at(at.at) }{ " " }{ &at.state }</li> };
    html! { <><h3>{ "Timeline" }</h3><ol class="vmr-list">{ for tracked.timeline.0.iter().map(row) }</ol></> }
}

/// To the second, because the timeline is compared with other logs.
fn when_at(at: OffsetDateTime) -> Html {
    html! { <time translate="no" datetime={machine_time(at)}>{ format!("{} {}", at.date(), clock_time(at)) }</time> }
}
