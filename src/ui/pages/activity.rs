//! Every exchange with Azure, newest first, without tokens and signatures.

use yew::prelude::*;

use super::{PageContext, PageProps};
use crate::app::activity::{Exchange, MAX_EXCHANGES};
use crate::app::msg::Msg;
use crate::ui::kit::badge::badge;
use crate::ui::kit::each;
use crate::ui::kit::empty::empty;
use crate::ui::kit::heading::heading;
use crate::ui::kit::table::{list_row, list_table, more, plain_heads};
use crate::ui::kit::{Tone, small_button};
use crate::ui::text;
use crate::ui::translatable::translatable;

const HEADS: [&str; 7] = ["Request", "Time", "Method", "Status", "Duration", "Request ID", "Actions"];

/// The page.
#[component]
pub fn ActivityPage(PageProps { view }: &PageProps) -> Html {
    let all = &view.state.activity;
    let shown = view.state.view.rows.min(all.len());
    let rows = all.iter().take(shown).map(|exchange| row(view, exchange));
    let which = match all.len() {
        MAX_EXCHANGES.. => format!("The latest {MAX_EXCHANGES} requests this page has sent"),
        _ => "Requests this page has sent since you opened it".to_owned(),
    };
    let lead = format!("{which}. Tokens and signatures are removed.");
    translatable(html! {
        <>
            { heading("Activity", html! { lead }, Html::default()) }
            <section class="vmr-panel">
                if all.is_empty() {
                    { empty("No requests yet", html! { <p>{ "Requests appear here after you connect." }</p> }) }
                } else {
                    { list_table("Requests", html! { all.len() }, plain_heads(&HEADS), html! { <tbody>{ each(rows) }</tbody> }) }
                    { more(shown, all.len(), view.on_click(Msg::ShowMore)) }
                }
            </section>
        </>
    })
}

fn row(view: &PageContext, exchange: &Exchange) -> Html {
    let (tone, status) = match &exchange.outcome {
        None => (Tone::Busy, "In progress".to_owned()),
        Some(Ok(status)) => (if *status < 400 { Tone::Good } else { Tone::Bad }, status.to_string()),
        Some(Err(why)) => (Tone::Bad, why.clone()),
    };
    let took = exchange.answered_at.map(|heard| text::milliseconds(heard - exchange.sent));
    let copy = |label: &'static str, command: String| {
        let whole = format!("{label}: {} at {}", exchange.what, text::clock_time(exchange.sent));
        small_button(label, whole, view.on_click(Msg::Copy(command)))
    };
    let sent = text::clock_time(exchange.sent);
    let head =
        html! { <>{ &exchange.what }<small class="vmr-id" translate="no">{ exchange.path().to_owned() }</small></> };
    let cells = vec![
        nowrap(sent),
        html! { &exchange.method },
        badge(tone, status),
        nowrap(took.unwrap_or_default()),
        html! { <span class="vmr-id vmr-nowrap" translate="no">{ exchange.request_id.clone().unwrap_or_default() }</span> },
        html! {
            <>
                { copy("Copy for bash, zsh (curl)", exchange.curl()) }
                { copy("Copy for PowerShell", exchange.powershell()) }
            </>
        },
    ];
    list_row(&exchange.id.0.to_string(), false, head, HEADS.into_iter().skip(1).zip(cells).collect())
}

fn nowrap(text: String) -> Html {
    html! { <span class="vmr-nowrap">{ text }</span> }
}
