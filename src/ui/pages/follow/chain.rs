//! The stages of a cross-region restore, each with its request and answer. None contains the access token.

use std::rc::Rc;

use azure_backup::arm::json;
use yew::prelude::*;

use crate::app::activity::Exchange;
use crate::restore::preview::lines;
use crate::restore::run::{RestoreRun, Stage};
use crate::ui::kit::Tone;
use crate::ui::kit::each;
use crate::ui::kit::icon::icon;
use crate::ui::kit::id_text;
use crate::ui::kit::json::{Json, JsonLine};
use crate::ui::pages::PageContext;
use crate::ui::text;

/// Name, what it is for, and a part of the path of its calls.
const STAGES: [(&str, &str, &str); 5] = [
    ("AAD properties", "Gets the backup service's identity in the secondary region", "/backupaadproperties"),
    ("Access token", "Grants the secondary region access to the recovery point; never shown or stored", "/accesstoken"),
    (
        "Cross-region restore",
        "The request that you reviewed, with the access token; sent once",
        "/backupcrossregionrestore",
    ),
    ("Operation", "Azure creates the job", "/backupcrroperation"),
    ("Job", "Azure copies the disks and creates your resources", "/backupcrrjob"),
];

/// The stage that is under way or has failed, and its tone.
fn present(run: &RestoreRun) -> (usize, Tone) {
    match &run.stage {
        Stage::Preparing { identified: false, .. } => (0, Tone::Busy),
        Stage::Preparing { .. } => (1, Tone::Busy),
        Stage::Intent | Stage::Sending => (2, Tone::Busy),
        Stage::Unknown { .. } => (2, Tone::Warning),
        Stage::Operation { .. } | Stage::Searching { .. } => (3, Tone::Busy),
        Stage::Job { .. } => (4, super::state::tone_of(run)),
        Stage::OperationFailed { .. } => (3, Tone::Bad),
        Stage::NotSent { .. } => (2, Tone::Neutral),
        Stage::Refused { fault } => {
            let call = fault.call.to_ascii_lowercase();
            (STAGES.iter().position(|(.., part)| call.contains(part)).unwrap_or(2), Tone::Bad)
        }
    }
}

/// The region "Stages".
pub fn chain(view: &PageContext, run: &RestoreRun) -> Option<Html> {
    run.secondary.as_ref()?;
    let (at, tone) = present(run);
    let stage = |(index, (name, what, part)): (usize, &(&'static str, &'static str, &'static str))| {
        let tone = match index {
            _ if index < at => Tone::Good,
            _ if index == at => tone,
            _ => Tone::Neutral,
        };
        let done = if index < at { ", done" } else { "" };
        let ours =
            |e: &&Rc<Exchange>| e.restore.as_ref() == Some(&run.id) && e.path().to_ascii_lowercase().contains(part);
        let last = view.state.activity.iter().find(ours);
        html! {
            <li data-tone={tone.name()} aria-current={(index == at).then_some("step")}>
                { icon(tone.into()) }
                <div>
                    <h3>{ *name }<span class="vmr-hidden">{ done }</span></h3>
                    <p class="vmr-hint">{ *what }</p>
                    { each(last.map(|last| exchange(last))) }
                </div>
            </li>
        }
    };
    Some(html! {
        <section class="vmr-panel" aria-labelledby="stages">
            <h2 id="stages">{ "Stages" }</h2>
            <ol class="vmr-chain">{ each(STAGES.iter().enumerate().map(stage)) }</ol>
        </section>
    })
}

/// The last exchange of a stage.
fn exchange(exchange: &Exchange) -> Html {
    let answer = match &exchange.outcome {
        None => "no response yet".to_owned(),
        Some(Ok(status)) => format!("response {status}"),
        Some(Err(why)) => why.clone(),
    };
    let body = |label: &'static str, text: &Option<String>| {
        text.as_ref().map(|text| html! { <><p>{ label }</p><Json {label} lines={pretty(text)} /></> })
    };
    html! {
        <details>
            <summary>{ format!("{} {}, {answer}", exchange.method, text::clock_time(exchange.sent)) }</summary>
            <div class="vmr-stack">
                { id_text(exchange.url.clone()) }
                { each(body("Request", &exchange.body)) }
                { each(body("Answer", &exchange.answer)) }
            </div>
        </details>
    }
}

/// JSON with its lines; any other text as one line.
fn pretty(text: &str) -> Vec<JsonLine> {
    let value = json::value(text.as_bytes()).ok();
    let line = |pointer: String, text: String| JsonLine {
        pointer: pointer.into(),
        text: text.into(),
        source: None,
        changed: false,
    };
    match value {
        Some(value) => lines(&format!("{value:#}")).into_iter().map(|l| line(l.pointer, l.text)).collect(),
        None => vec![line(String::new(), text.to_owned())],
    }
}
