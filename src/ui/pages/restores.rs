//! The restores of this browser.

use crate::ui::markup::html;
use yew::prelude::*;

use super::View;
use super::follow::state::tone_of;
use crate::app::msg::Msg;
use crate::app::route::Route;
use crate::restore::tracked::Tracked;
use crate::ui::kit::badge::badge;
use crate::ui::kit::empty::empty;
use crate::ui::kit::heading::heading;
use crate::ui::kit::table::{columns, more, row as table_row, small, table};
use crate::ui::kit::when::when;
use crate::ui::kit::{muted, small_button};
use crate::ui::text;

/// The page.
pub fn page(view: &View<'_>) -> Html {
    let lead = "Restores that were started in this browser. They go on in Azure whether this page is open or not.";
    let restores = &view.state.restores;
    let shown = view.state.view.rows.min(restores.len());
    let names = columns(["Virtual machine", "State", "What", "Recovery point", "Started", "Actions"]);
    let rows = restores.iter().take(shown).map(|t| row(view, t));
    html! {
        <>
            { heading("Restores", html! { lead }, Html::default()) }
            { for other_tab(view) }
            <section class="vmr-panel">
                if restores.is_empty() {
                    { empty("No restore yet", html! { <p><a href={Route::Vms { subscription: None, vault: None }.hash()}>{ "Choose a virtual machine" }</a>{ " to restore, or see the " }<a href={Route::Jobs(None).hash()}>{ "jobs of a vault" }</a>{ "." }</p> }) }
                } else {
                    { table("Restores", html! { restores.len() }, &names, false, html! { <>{ for rows }</> }) }
                    { more(shown, restores.len(), view.says(Msg::ShowMore)) }
                }
            </section>
        </>
    }
}

fn other_tab(view: &View<'_>) -> Option<Html> {
    let running = view.state.restores.iter().any(Tracked::is_running);
    (running && !view.state.leading && view.state.connected())
        .then(|| html! { <p class="vmr-muted">{ "Another tab of this browser follows the restores; this one shows what it finds." }</p> })
}

fn row(view: &View<'_>, tracked: &Tracked) -> Html {
    let link = html! { <a href={Route::Restore(tracked.id.clone()).hash()}>{ &tracked.vm }</a> };
    let cells = vec![
        badge(tone_of(tracked), tracked.state_text()),
        html! { tracked.scenario.title() },
        html! { text::utc(tracked.point_time) },
        when(tracked.begun, view.now),
        if tracked.is_running() {
            muted("Running")
        } else {
            let forget = view.says(Msg::Forget(tracked.id.clone()));
            small_button("Forget", format!("Forget the restore of {}", tracked.vm), forget)
        },
    ];
    table_row(tracked.id.as_str(), html! { <>{ link }{ small(tracked.vault.name().to_owned()) }</> }, cells)
}
