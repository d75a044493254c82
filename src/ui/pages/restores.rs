//! The restores of this browser.

use std::rc::Rc;

use azure_backup::arm::id::ClientRequestId;
use yew::prelude::*;

use super::PageContext;
use super::follow::record::records;
use super::follow::state::tone_of;
use super::list_controls::ListControls;
use super::plans::list::plans;
use super::quota_meter::quota_meter;
use crate::app::list_query::{ListQuery, STATE};
use crate::app::list_status::ListStatus;
use crate::app::msg::Msg;
use crate::app::restore_list::{HEADS, KEYS, OWN_ORDER, STATES, find, totals, totals_text};
use crate::app::route::Route;
use crate::app::saved::RESTORES;
use crate::restore::run::RestoreRun;
use crate::ui::kit::badge::badge;
use crate::ui::kit::button;
use crate::ui::kit::each;
use crate::ui::kit::empty::{empty, nothing};
use crate::ui::kit::heading::heading;
use crate::ui::kit::name::name;
use crate::ui::kit::table::small;
use crate::ui::kit::virtual_rows::{LongTable, long_row};
use crate::ui::kit::when::{clock, maybe_when, when};
use crate::ui::translatable::translatable;

/// The properties of [`RestoresPage`].
#[derive(PartialEq, Properties)]
pub struct RestoresPageProps {
    /// The state, and where messages go.
    pub view: PageContext,
    /// What is wanted of the list.
    pub query: ListQuery,
}

/// The page.
#[component]
pub fn RestoresPage(RestoresPageProps { view, query }: &RestoresPageProps) -> Html {
    let lead =
        "Restores started, tracked or imported in this browser. They keep running in Azure if you close this page.";
    let restores: Vec<&RestoreRun> = view.state.shown_restores().collect();
    let unread = view.state.quarantine.iter().filter(|unread| unread.key == RESTORES).count();
    let signed_out = view.state.restores.len() - restores.len();
    let export = (!restores.is_empty()).then(|| button("Export restores", "", view.on_click(Msg::ExportRestores)));
    translatable(html! {
        <>
            { heading("Restores", html! { lead }, html! { <>{ button("Import restores", "", view.on_click(Msg::Import)) }{ each(export) }</> }) }
            { each(other_tab(view)) }
            { quota_meter(view, restores.iter().copied()) }
            if signed_out > 0 { <p class="vmr-muted">{ format!("Not shown: restores of accounts that are signed out in this browser ({signed_out}). Connect with an account to see its restores.") }</p> }
            if unread > 0 { <p class="vmr-muted">{ format!("Restores may be missing here, because saved data couldn't be read ({unread}). See ") }<a href={Route::Settings.hash()}>{ "Settings" }</a>{ "." }</p> }
            if view.state.records_unread { <p class="vmr-muted">{ "Restores may be missing here, because this browser doesn't give this page its saved data." }</p> }
            { plans(view) }
            <section class="vmr-panel">
                if restores.is_empty() && (unread > 0 || view.state.records_unread) {
                    { nothing(ListStatus::Partial, "", Html::default) }
                } else if restores.is_empty() {
                    { empty("No restores yet", html! { <p><a href={Route::Vms(Default::default()).hash()}>{ "Choose a virtual machine" }</a>{ " to restore, or see a vault's " }<a href={Route::jobs(None).hash()}>{ "backup jobs" }</a>{ "." }</p> }) }
                } else {
                    { list(view, query, &restores) }
                }
            </section>
        </>
    })
}

fn list(view: &PageContext, query: &ListQuery, restores: &[&RestoreRun]) -> Html {
    let controls = ListControls { query, own: OWN_ORDER, dispatch: &view.dispatch };
    let found = find(restores, query);
    let counted = totals(restores).into_iter().zip(STATES);
    let states = counted.map(|(count, (_, key, _, label))| (key.to_owned(), label.to_owned(), count)).collect();
    let remark =
        if query.narrows() { format!("{} of {}", found.len(), totals_text(restores)) } else { totals_text(restores) };
    let count = found.len();
    let ids: Rc<[ClientRequestId]> = found.iter().map(|run| run.id.clone()).collect();
    let id = {
        let ids = ids.clone();
        Callback::from(move |at: usize| Some(ids.get(at)?.to_string()))
    };
    let row = {
        let view = view.clone();
        Callback::from(move |at: usize| Some(row(&view, at, view.state.restore(ids.get(at)?)?)))
    };
    html! {
        <>
            <div class="vmr-filters">
                { controls.search("Search restores", restores.len()) }
                { controls.filter(STATE, "State", states) }
                { controls.actions() }
            </div>
            { controls.announced(found.len(), restores.len(), "restores") }
            if found.is_empty() {
                { empty("No restores match", html! { <p>{ "Change the search or the filter. The search covers sources, targets and vaults." }</p> }) }
            } else {
                <LongTable caption="Restores" remark={html! { remark }} heads={controls.heads(&KEYS, &HEADS)} {count} {id} {row} />
            }
            <div class="vmr-actions">{ records(None, &view.dispatch) }</div>
        </>
    }
}

fn other_tab(view: &PageContext) -> Option<Html> {
    let running = view.state.restores.iter().any(|r| r.is_running() && view.state.may_follow(r));
    (running && !view.state.leading && view.state.connected())
        .then(|| html! { <p class="vmr-muted">{ "Another tab is tracking these restores." }</p> })
}

fn row(view: &PageContext, at: usize, run: &RestoreRun) -> Html {
    let link = html! { <a href={Route::Restore(run.id.clone()).hash()}>{ name(&run.vm) }</a> };
    let others = !run.owner.is_unknown() && view.state.connected() && !view.state.may_follow(run);
    let owner = others.then(|| html! { <>{ " · " }{ name(&run.owner.to_string()) }</> });
    let region = run.secondary.as_ref().map(|region| format!(" · {region}")).unwrap_or_default();
    let place = html! { <small>{ name(run.vault.name()) }{ region }{ each(owner) }</small> };
    let target = run.target().map_or_else(
        || html! { <span class="vmr-muted">{ "Unknown" }</span> },
        |of| html! { <>{ name(&of.name) }<small>{ of.kind }{ each(of.group.map(|group| html! { <>{ " in " }{ name(&group) }</> })) }</small></> },
    );
    let point = run.submitted.as_ref().map(|asked| html! { <small>{ "Point of " }{ clock(asked.point_time) }</small> });
    let ended = if run.is_running() { "–" } else { "Unknown" };
    let cells = vec![
        target,
        html! { <>{ run.what_is_restored() }{ each(point) }</> },
        html! { <>{ badge(tone_of(run), view.state.state_with_share(run)) }{ each(run.error_name().map(small)) }</> },
        when(run.started, view.state.now),
        maybe_when(run.ended(), view.state.now, ended),
    ];
    long_row(&HEADS, run.id.as_str(), at, html! { <>{ link }{ place }</> }, cells)
}
