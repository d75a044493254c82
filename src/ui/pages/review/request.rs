//! The request, byte for byte.

use crate::ui::markup::html;
use azure_backup::backup::restore_request::trigger;
use yew::prelude::*;

use super::copy_json;
use crate::restore::plan::Plan;
use crate::ui::kit::id_text;
use crate::ui::kit::json::json;
use crate::ui::kit::table::{columns, row, table};
use crate::ui::pages::View;
use crate::ui::pages::how::preview::{legend, lines_of_plan};

/// The section "Request".
pub fn section(view: &View<'_>, plan: &Plan) -> Html {
    let call = trigger(&plan.point, &plan.body);
    let url = match call.url(&view.state.cloud()) {
        Ok(url) => url.to_string(),
        Err(refused) => refused.to_string(),
    };
    let headers = [
        ("Authorization", "Bearer (your token, not shown)"),
        ("Accept", "application/json"),
        ("Content-Type", "application/json"),
        ("x-ms-client-request-id", "(a new one for this restore)"),
    ];
    let headers = headers.map(|(name, value)| html! { <div><code>{ format!("{name}: {value}") }</code></div> });
    let row =
        |name: &'static str, value: Html| row(name, html! { <span class="vmr-nowrap">{ name }</span> }, vec![value]);
    let code = |text: String| id_text(text);
    let rows = html! {
        <>
            { row("Method", code(call.method.to_string())) }
            { row("URL", code(url)) }
            { row("API version", code(plan.version.as_str().to_owned())) }
            { row("Headers", html! { <>{ for headers }</> }) }
            { row("SHA-256", code(plan.sha256.clone())) }
        </>
    };
    html! {
        <section class="vmr-panel">
            <div class="vmr-panel-head"><h2>{ "Request" }</h2><div class="vmr-actions">{ copy_json(view, plan) }</div></div>
            { table("Request facts", html! { "What goes over the wire, besides the body" }, &columns(["Part", "Value"]), true, rows) }
            { json("Request body", &lines_of_plan(plan)) }
            { legend() }
        </section>
    }
}
