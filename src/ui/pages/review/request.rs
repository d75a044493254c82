//! The request, byte for byte, folded.

use yew::prelude::*;

use crate::app::msg::Msg;
use crate::export::Urls;
use crate::restore::plan::Plan;
use crate::ui::kit::each;
use crate::ui::kit::json::Json;
use crate::ui::kit::table::{columns, row, table};
use crate::ui::kit::{button, id_text};
use crate::ui::pages::PageContext;
use crate::ui::pages::restore_form::preview::{legend, lines_of_plan};
use crate::ui::text;

/// The section "Exact request".
pub fn section(view: &PageContext, plan: &Plan) -> Html {
    let url = match Urls::of(plan, &view.state.cloud()) {
        Ok(urls) => urls.trigger.to_string(),
        Err(refused) => refused.to_string(),
    };
    let lines = lines_of_plan(plan);
    let headers = [
        ("Authorization", "Bearer (your token, not shown)"),
        ("Accept", "application/json"),
        ("Content-Type", "application/json"),
        ("x-ms-client-request-id", "(a new one for this restore)"),
    ];
    let headers =
        headers.map(|(name, value)| html! { <div><code translate="no">{ format!("{name}: {value}") }</code></div> });
    let row =
        |name: &'static str, value: Html| row(name, html! { <span class="vmr-nowrap">{ name }</span> }, vec![value]);
    let code = |text: String| id_text(text);
    let rows = html! {
        <>
            { row("Method", code("POST".to_owned())) }
            { row("URL", code(url)) }
            { row("API version", code(plan.version.as_str().to_owned())) }
            { row("Headers", html! { <>{ each(headers) }</> }) }
            { row("SHA-256", code(plan.sha256.clone())) }
        </>
    };
    let text = plan.text().to_owned();
    html! {
        <details class="vmr-panel">
            <summary>{ format!("Exact request: POST …/restore, {}, SHA-256 {}…", text::count(lines.len(), "line"), &plan.sha256[..8]) }</summary>
            <div class="vmr-actions">
                { button("Copy JSON", "", view.on_click(Msg::Copy(text))) }
                { button("Download JSON", "", view.on_click(Msg::Download)) }
            </div>
            { table("Request details", html! { "HTTP request" }, &columns(["Part", "Value"]), true, rows) }
            if plan.secondary.is_some() {
                <p>{ "Two calls that change nothing run first to get an access token for the recovery point. The token is inserted into this body." }</p>
            }
            <Json label="Request body" {lines} />
            { legend() }
        </details>
    }
}
