//! The restores of this browser.

use yew::prelude::*;

use super::follow::record::records;
use super::follow::state::tone_of;
use super::quota_meter::quota_meter;
use super::{PageContext, PageProps};
use crate::app::list_status::ListStatus;
use crate::app::msg::Msg;
use crate::app::route::Route;
use crate::app::saved::RESTORES;
use crate::app::state::ROWS;
use crate::restore::run::RestoreRun;
use crate::ui::kit::badge::badge;
use crate::ui::kit::button;
use crate::ui::kit::each;
use crate::ui::kit::empty::{empty, nothing};
use crate::ui::kit::field::{Field, Kind, field};
use crate::ui::kit::heading::heading;
use crate::ui::kit::name::name;
use crate::ui::kit::table::{columns, more, row as table_row, table};
use crate::ui::kit::when::when;
use crate::ui::text;
use crate::ui::translatable::translatable;

/// The page.
#[component]
pub fn RestoresPage(PageProps { view }: &PageProps) -> Html {
    let lead =
        "Restores started, tracked or imported in this browser. They keep running in Azure if you close this page.";
    let restores: Vec<&RestoreRun> = view.state.shown_restores().collect();
    let wanted = view.state.view.search.trim().to_lowercase();
    let found: Vec<&RestoreRun> =
        restores.iter().filter(|run| run.vm.to_lowercase().contains(&wanted)).copied().collect();
    let shown = view.state.view.rows.min(found.len());
    let remark =
        if wanted.is_empty() { found.len().to_string() } else { format!("{} of {}", found.len(), restores.len()) };
    let names = columns(["Virtual machine", "State", "What", "Recovery point", "Started"]);
    let rows = found.iter().take(shown).map(|t| row(view, t));
    let unread = view.state.quarantine.iter().filter(|unread| unread.key == RESTORES).count();
    let signed_out = view.state.restores.len() - restores.len();
    translatable(html! {
        <>
            { heading("Restores", html! { lead }, html! { <>{ button("Import", "", view.on_click(Msg::Import)) }if !restores.is_empty() { { button("Export", "", view.on_click(Msg::ExportRestores)) } }</> }) }
            { each(other_tab(view)) }
            { quota_meter(view, restores.iter().copied()) }
            if signed_out > 0 { <p class="vmr-muted">{ format!("Not shown: restores of accounts that are signed out in this browser ({signed_out}). Connect with an account to see its restores.") }</p> }
            if unread > 0 { <p class="vmr-muted">{ format!("Restores may be missing here, because saved data couldn't be read ({unread}). See ") }<a href={Route::Settings.hash()}>{ "Settings" }</a>{ "." }</p> }
            if view.state.records_unread { <p class="vmr-muted">{ "Restores may be missing here, because this browser doesn't give this page its saved data." }</p> }
            <section class="vmr-panel">
                if restores.len() > ROWS || !wanted.is_empty() { { search(view) } }
                if restores.is_empty() && (unread > 0 || view.state.records_unread) {
                    { nothing(ListStatus::Partial, "", Html::default) }
                } else if restores.is_empty() {
                    { empty("No restores yet", html! { <p><a href={Route::Vms { subscription: None, vault: None }.hash()}>{ "Choose a virtual machine" }</a>{ " to restore, or see a vault's " }<a href={Route::jobs(None).hash()}>{ "backup jobs" }</a>{ "." }</p> }) }
                } else if found.is_empty() {
                    { empty("No restores match your search", html! { <p>{ "Change the search. It covers names of virtual machines." }</p> }) }
                } else {
                    { table("Restores", html! { remark }, &names, false, html! { <>{ each(rows) }</> }) }
                    <div class="vmr-actions">{ records(None, &view.dispatch) }</div>
                    { more(shown, found.len(), view.on_click(Msg::ShowMore)) }
                }
            </section>
        </>
    })
}

fn search(view: &PageContext) -> Html {
    field(Field {
        id: "search".into(),
        label: "Search restores".into(),
        kind: Kind::Search,
        value: view.state.view.search.clone().into(),
        on: view.dispatch.reform(Msg::Search),
        ..Field::default()
    })
}

fn other_tab(view: &PageContext) -> Option<Html> {
    let running = view.state.restores.iter().any(|r| r.is_running() && view.state.may_follow(r));
    (running && !view.state.leading && view.state.connected())
        .then(|| html! { <p class="vmr-muted">{ "Another tab is tracking these restores." }</p> })
}

fn row(view: &PageContext, run: &RestoreRun) -> Html {
    let link = html! { <a href={Route::Restore(run.id.clone()).hash()}>{ name(&run.vm) }</a> };
    let cells = vec![
        badge(tone_of(run), view.state.state_text(run)),
        html! { run.what() },
        html! { run.asked.as_ref().map_or_else(|| "Unknown".to_owned(), |asked| text::utc(asked.point_time)) },
        when(run.begun, view.state.now),
    ];
    let others = !run.owner.is_unknown() && view.state.connected() && !view.state.may_follow(run);
    let owner = others.then(|| html! { <>{ " · " }{ name(&run.owner.to_string()) }</> });
    let region = run.secondary.as_ref().map(|region| format!(" · {region}")).unwrap_or_default();
    let place = html! { <small>{ name(run.vault.name()) }{ region }{ each(owner) }</small> };
    table_row(run.id.as_str(), html! { <>{ link }{ place }</> }, cells)
}
