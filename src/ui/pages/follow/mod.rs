//! One restore, from the click to its end.

pub mod actions;
pub mod chain;
pub mod created;
pub mod deploy;
pub mod ending;
pub mod leftovers;
pub mod record;
pub mod state;
pub mod unsent;

use azure_backup::arm::id::ClientRequestId;
use yew::prelude::*;

use super::PageContext;
use crate::app::msg::Msg;
use crate::app::route::Route;
use crate::app::state::NotFollowed;
use crate::restore::effect_sentence::quoted;
use crate::restore::run::RestoreRun;
use crate::ui::kit::button;
use crate::ui::kit::confirm::{Confirm, confirm};
use crate::ui::kit::each;
use crate::ui::kit::empty::empty;
use crate::ui::kit::heading::heading;
use crate::ui::kit::notice::{Notice, notice};
use crate::ui::text;
use crate::ui::translatable::translatable;

/// The properties of [`RestorePage`].
#[derive(PartialEq, Properties)]
pub struct RestorePageProps {
    /// The state, and where messages go.
    pub view: PageContext,
    /// The restore.
    pub id: ClientRequestId,
}

/// The page.
#[component]
pub fn RestorePage(RestorePageProps { view, id }: &RestorePageProps) -> Html {
    translatable(match view.state.restore(id) {
        Some(run) if !view.state.shows(run) => html! {
            <>
                { heading("Restore of a signed-out account", Html::default(), Html::default()) }
                <section class="vmr-panel">{ empty("Not shown", html! { <p>{ "The account that this restore belongs to is signed out in this browser. " }<a href={Route::Connect.hash()}>{ "Connect" }</a>{ " with that account to see and track it. Signing out didn't stop it." }</p> }) }</section>
            </>
        },
        Some(run) => one(view, run),
        None if view.state.records_unread => html! {
            <>
                { heading("Restore not loaded", html! { "This browser doesn't give this page its saved data, so it may have this restore." }, Html::default()) }
                <section class="vmr-panel">{ empty("Restore not loaded", html! { <p><a href={Route::jobs(None).hash()}>{ "Find it in the vault's jobs" }</a></p> }) }</section>
            </>
        },
        None => html! {
            <>
                { heading("Restore not found", html! { "This restore isn't in this browser's history. History stays in the browser that started the restore." }, Html::default()) }
                <section class="vmr-panel">{ empty("Restore not found", html! { <p><a href={Route::jobs(None).hash()}>{ "Find it in the vault's jobs" }</a></p> }) }</section>
            </>
        },
    })
}

fn one(view: &PageContext, run: &RestoreRun) -> Html {
    let forget = (!run.is_running()).then(|| {
        confirm(Confirm {
            id: "forget".into(),
            label: "Remove from list",
            title: "Remove from list?",
            text: "Removes the request, IDs and result from this browser. Nothing changes in Azure.".into(),
            keep: "Keep in list",
            on: view.on_confirmed_click(Msg::Forget(run.id.clone())),
            ..Confirm::default()
        })
    });
    let same = |place| html! { <a class="vmr-button" href={Route::Form(place).hash()}>{ "Restore again" }</a> };
    let again = run.place().filter(|_| !run.is_running()).map(same);
    let notify = (run.is_running() && view.state.may_notify == Some(false))
        .then(|| button("Notify me when it finishes", "", view.on_click(Msg::AskNotify)));
    html! {
        <>
            { heading(format!("Restore of {}", quoted(&run.vm)), text::with_names(&run.effect_sentence()), html! { <>{ each(again) }{ each(forget) }{ each(notify) }</> }) }
            <section class="vmr-panel">{ record::summary(run, view.state.now) }</section>
            { each(why_not_followed(view, run)) }
            { state::state(view, run, super::quota_meter::quota_meter(view, std::iter::once(run))) }
            { each(chain::chain(view, run)) }
            { ending::error(view, run) }
            { each(unsent::unsent(view, run)) }
            { created::result(view, run) }
            { ending::tasks(run) }
            { record::record(run, &view.dispatch) }
        </>
    }
}

/// Why this tab does not follow the restore, or does not show the disks of one that has ended; and what to do about it.
fn why_not_followed(view: &PageContext, run: &RestoreRun) -> Option<Html> {
    let is_over = !run.is_running();
    let why = match is_over {
        true => run.group_of_disks().and(view.state.why_not_asked(run))?,
        false => view.state.why_not_followed(run)?,
    };
    let cloud = &run.cloud;
    let (title, text) = match why {
        NotFollowed::Disconnected if is_over => (
            "Not connected",
            format!(
                "Connect to {cloud} to see this restore's disks, use them, and track requests that were sent from this page."
            ),
        ),
        NotFollowed::OtherCloud if is_over => {
            ("Disks not shown", format!("This restore ran in {cloud}. Connect to it to see the disks."))
        }
        NotFollowed::OtherIdentity if is_over => (
            "Disks not shown",
            format!(
                "This restore belongs to {}. Connect with that account, here or in another tab, to see the disks.",
                run.owner
            ),
        ),
        NotFollowed::Disconnected => {
            ("Not tracking", format!("The restore is still running in Azure. Connect to {cloud} to see its progress."))
        }
        NotFollowed::OtherCloud => {
            ("Not tracking", format!("This restore runs in {cloud}. Connect to it to see progress."))
        }
        NotFollowed::OtherIdentity => (
            "Not tracking",
            format!(
                "This restore belongs to {}. It keeps running in Azure. Connect with that account, here or in another tab, to track it.",
                run.owner
            ),
        ),
        NotFollowed::OtherTab => ("Tracked in another tab", "Progress is updated from the other tab.".to_owned()),
    };
    let connect = || html! { <a class="vmr-button" href={Route::Connect.hash()}>{ "Connect" }</a> };
    let actions = (why != NotFollowed::OtherTab).then(connect);
    let body = html! { <p>{ text }</p> };
    Some(notice(Notice { title: title.into(), body, actions, ..Notice::default() }))
}

#[cfg(test)]
mod actions_tests;
#[cfg(test)]
mod tests;
