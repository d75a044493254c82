//! What this browser knows of the restore: everything that support will ask for.

use crate::ui::markup::html;
use time::OffsetDateTime;
use yew::prelude::*;

use crate::app::msg::Msg;
use crate::app::route::Route;
use crate::restore::preview::lines;
use crate::restore::tracked::Tracked;
use crate::ui::kit::facts::{facts, facts_wide};
use crate::ui::kit::json::{Line, json};
use crate::ui::kit::when::when_inline;
use crate::ui::kit::{button, id_text};
use crate::ui::pages::says;

/// The summary: what, from when, where to.
pub fn summary(tracked: &Tracked, now: OffsetDateTime) -> Html {
    let point = Route::Form(tracked.point.clone()).hash();
    facts([
        ("What".into(), html! { tracked.scenario.title() }),
        ("Recovery point".into(), html! { <a href={point}>{ crate::ui::text::utc(tracked.point_time) }</a> }),
        ("Vault".into(), html! { tracked.vault.name().to_owned() }),
        ("Started".into(), when_inline(tracked.begun, now)),
    ])
}

/// The record: ids and the body as it was sent.
pub fn record(tracked: &Tracked, dispatch: &Callback<Msg>) -> Html {
    let id = |text: &str| id_text(text.to_owned());
    let mut pairs = vec![
        ("Protected item".into(), id(tracked.item.as_str())),
        ("Recovery point".into(), id(tracked.point.as_str())),
        ("Client request id".into(), id(tracked.id.as_str())),
    ];
    pairs.extend(tracked.job_id().map(|job| ("Job".into(), id(job.as_str()))));
    pairs.extend(tracked.support_ids.iter().map(|(name, value)| (AttrValue::from(name.clone()), id(value))));
    pairs.push(("API version".into(), id(tracked.version.as_str())));
    pairs.push(("SHA-256 of the body".into(), id(&tracked.sha256)));
    let body: Vec<Line> = lines(&tracked.text)
        .into_iter()
        .map(|l| Line { pointer: l.pointer.into(), text: l.text.into(), source: None, changed: false })
        .collect();
    html! {
        <section class="vmr-panel">
            <div class="vmr-panel-head"><h2>{ "Record" }</h2>{ button("Copy JSON", "", says(dispatch, Msg::Copy(tracked.text.clone()))) }</div>
            { facts_wide(pairs) }
            <details><summary>{ "The body as it was sent" }</summary>{ json("Body as sent", &body) }</details>
        </section>
    }
}
