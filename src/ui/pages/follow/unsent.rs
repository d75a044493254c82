//! The review of a saved request that was not sent. It is built from the text that would be sent.

use yew::prelude::*;

use crate::app::msg::Msg;
use crate::app::route::Route;
use crate::restore::effect_sentence::quoted;
use crate::restore::preview::lines;
use crate::restore::read_back::ParsedRequest;
use crate::restore::run::RestoreRun;
use crate::ui::kit::each;
use crate::ui::kit::facts::facts_wide;
use crate::ui::kit::field::{Field, field};
use crate::ui::kit::field_hints::FieldHints;
use crate::ui::kit::json::{Json, JsonLine};
use crate::ui::kit::notice::{Notice, notice};
use crate::ui::kit::when::clock;
use crate::ui::kit::{Tone, id_text};
use crate::ui::pages::PageContext;
use crate::ui::text;

/// The region "It was not sent", if there is a request that could be sent.
pub fn unsent(view: &PageContext, run: &RestoreRun) -> Option<Html> {
    Some(match view.state.unsent_review(&run.id)? {
        Ok(read) => review(view, run, &read),
        Err(why) => notice(Notice {
            tone: Tone::Warning,
            title: "Not sent".into(),
            body: html! { <p>{ why.to_string() }</p> },
            ..Notice::default()
        }),
    })
}

fn review(view: &PageContext, run: &RestoreRun, read: &ParsedRequest) -> Html {
    let in_place = read.confirmation().is_some();
    let ready = view.state.unsent_is_confirmed(&run.id, read);
    let submitted = run.submitted.as_ref();
    let line = |line: crate::restore::preview::PreviewLine| JsonLine {
        pointer: line.pointer.into(),
        text: line.text.into(),
        source: None,
        changed: false,
    };
    let text = submitted.map(|submitted| submitted.text.as_str()).unwrap_or_default();
    let body: Vec<JsonLine> = lines(text).into_iter().map(line).collect();
    let send = view.on_click(Msg::SendUnsent { id: run.id.clone(), sha256: read.sha256.clone() });
    let mut facts: Vec<(AttrValue, Html)> = vec![
        ("Virtual machine".into(), id_text(read.source.to_string())),
        ("Vault".into(), id_text(run.vault.to_string())),
    ];
    // The request does not contain the time of the point; the point's page shows Azure's.
    facts.extend(submitted.map(|submitted| {
        let time = html! { <>{ clock(submitted.point_time) }{ " (according to the record)" }</> };
        ("Taken".into(), time)
    }));
    facts.extend(run.place().map(|place| {
        let look = html! { <a href={Route::Form(place.clone()).hash()}>{ "Check in Azure when it was taken" }</a> };
        ("Recovery point".into(), html! { <>{ id_text(place.id.name().to_owned()) }{ " " }{ look }</> })
    }));
    facts.extend(read.target_group().map(|group| ("Target resource group".into(), id_text(group.to_string()))));
    facts.extend(read.region().map(|region| ("Region".into(), html! { region.to_owned() })));
    facts.push(("API version".into(), id_text(run.version.to_string())));
    facts.push(("Request body SHA-256".into(), id_text(read.sha256.clone())));
    html! {
        <section class="vmr-panel" aria-labelledby="unsent">
            <h2 id="unsent">{ "Not sent yet. Send it now?" }</h2>
            <p>{ "This is the request stored in this browser, exactly as it would be sent. If you don't recognize it, don't send it." }</p>
            <p>{ "The record says it wasn't sent. Before sending, this page checks the " }<a href={Route::jobs(Some(run.vault.clone())).hash()}>{ "vault's jobs" }</a>{ " for a job from this request. If there is one, this page tracks it instead, because a request that's sent twice restores twice." }</p>
            { each(restored_since(view, run)) }
            <p class="vmr-effect" role="note" data-tone={in_place.then_some("bad")}>{ text::with_names(&read.effect) }</p>
            { facts_wide(facts) }
            <details><summary>{ "Request body" }</summary><Json label="Request body" lines={body} /></details>
            { each(read.confirmation().map(|name| confirmation(view, run, name))) }
            <div class="vmr-actions">
                <button type="button" class={if in_place { "vmr-danger" } else { "vmr-primary" }} disabled={!ready} onclick={send}>{ "Send it now" }</button>
            </div>
        </section>
    }
}

/// What a reader has to know before sending an old request: another restore of the machine was started since.
fn restored_since(view: &PageContext, run: &RestoreRun) -> Option<Html> {
    let newer = view.state.restored_since(run)?;
    let link = html! { <a href={Route::Restore(newer.id.clone()).hash()}>{ "the newer restore" }</a> };
    let state = newer.state_text();
    Some(notice(Notice {
        tone: Tone::Warning,
        title: "Another restore of this VM was started later".into(),
        body: html! { <p>{ "See " }{ link }{ format!(" (state: {state}). Sending this request restores the VM once more.") }</p> },
        ..Notice::default()
    }))
}

fn confirmation(view: &PageContext, run: &RestoreRun, name: &str) -> Html {
    let id = run.id.clone();
    let typed = view.state.unsent_confirmation.as_ref().filter(|(of, _)| *of == id).map(|(_, typed)| typed.clone());
    let on = view.on_input(move |typed| Some(Msg::ConfirmUnsent(id.clone(), typed.to_owned())));
    let name = quoted(name);
    let notes = FieldHints::hint(format!("This stops the VM and replaces its disks. Type {name} to confirm."));
    let label = crate::restore::field::Field::Confirm.label().into();
    let value = typed.unwrap_or_default().into();
    html! { <div class="vmr-one">{ field(Field { id: "confirm-stored".into(), label, value, on, notes, required: true, ..Field::default() }) }</div> }
}
