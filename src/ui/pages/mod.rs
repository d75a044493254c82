//! The pages: a step is one screen. Each is a function of the state; what is dear to render or remembers something is a
//! component that takes slices of it.

pub mod account;
pub mod activity;
pub mod connect;
pub mod follow;
pub mod how;
pub mod jobs;
pub mod points;
mod reads;
pub mod regions;
pub mod restores;
pub mod review;
pub mod secondary;
pub mod settings;
pub mod undelete;
pub mod vms;

use crate::ui::markup::html;
use time::OffsetDateTime;
use yew::prelude::*;

use super::fault::fault_notice;
use super::kit::empty::{empty, loading};
use super::kit::heading::heading;
use crate::app::key::Key;
use crate::app::msg::Msg;
use crate::app::needs;
use crate::app::route::Route;
use crate::app::state::State;
use crate::restore::place::Place;
use crate::restore::visible::visible_name;

/// What every page is given.
pub struct View<'a> {
    /// Everything the program knows.
    pub state: &'a State,
    /// The time, for relative times.
    pub now: OffsetDateTime,
    /// Where messages go.
    pub dispatch: &'a Callback<Msg>,
}

impl View<'_> {
    /// A callback that says `msg`.
    pub fn says(&self, msg: Msg) -> Callback<MouseEvent> {
        says(self.dispatch, msg)
    }

    /// A callback that says a message that asks first, of the button by which the operator is sure.
    pub fn is_sure(&self, msg: Msg) -> Callback<MouseEvent> {
        self.dispatch.reform(move |_| msg.clone())
    }

    /// A callback that says what `make` makes of a control's text.
    pub fn hears(&self, make: impl Fn(&str) -> Option<Msg> + 'static) -> Callback<String> {
        let dispatch = self.dispatch.clone();
        Callback::from(move |said: String| {
            if let Some(msg) = make(&said) {
                dispatch.emit(msg);
            }
        })
    }

    /// Whether any answer that the page needs is on its way.
    pub fn loading(&self) -> bool {
        needs::of(self.state).iter().any(|key| self.state.catalog.is_loading(key))
    }

    /// Whether any answer that the page needs could not be had.
    pub fn failed(&self) -> bool {
        needs::of(self.state).iter().any(|key| self.state.catalog.fault(key).is_some())
    }

    /// Whether the place is one of a cross-region restore.
    fn is_secondary(&self) -> bool {
        match &self.state.route {
            Route::Secondary { .. } => true,
            route => route.item().is_some_and(|place| place.secondary.is_some()),
        }
    }

    /// The answers that the page needs and that could not be had. A resource that is not there is an answer.
    pub fn faults(&self) -> Html {
        let failed = needs::of(self.state).into_iter().filter_map(|key| {
            let fault = self.state.catalog.fault(&key)?;
            // What the primary region does not answer is told beside its name, and stops nothing in the secondary one.
            let of_primary = matches!(key, Key::Vault(_) | Key::StorageConfig(_) | Key::Item(_) | Key::Encryption(_));
            if matches!(key, Key::Exists(_)) || of_primary && self.is_secondary() && fault.is_retryable() {
                return None;
            }
            let mut ways = vec![("Try again", Msg::Refresh)];
            let of_backup = match &key {
                Key::Vaults(_) => Some(None),
                Key::Items(id) | Key::Vault(id) | Key::Item(id) | Key::Points(id) | Key::Point(id) => {
                    Some(id.up_to("vaults"))
                }
                _ => None,
            };
            if let Some(vault) = of_backup.filter(|_| fault.is_retryable() && !self.is_secondary()) {
                ways.push(("Restore in the secondary region", Msg::Go(Route::Secondary { vault, region: None })));
            }
            let what = format!("“{}” failed{}", key.what(), of_what(&key));
            Some(fault_notice(&what, &fault, self.dispatch, &ways))
        });
        html! { <>{ for failed }</> }
    }

    /// What stands where the page's content will be: faults, or that it is being read.
    pub fn not_yet(&self, what: &'static str) -> Html {
        html! { <section class="vmr-panel">if self.loading() { { loading(what) } } else { { empty("Nothing to show", html! { <p>{ "Azure has not answered what this page needs. See the errors above, then try again." }</p> }) } }</section> }
    }
}

/// A callback that says `msg`, with one press.
pub fn says(dispatch: &Callback<Msg>, msg: Msg) -> Callback<MouseEvent> {
    debug_assert!(!msg.asks_first(), "one press must not do this: {msg:?}");
    dispatch.reform(move |_| msg.clone())
}

/// A callback of a link that says `msg` instead of leading where it points.
pub fn says_instead(dispatch: &Callback<Msg>, msg: Msg) -> Callback<MouseEvent> {
    let dispatch = dispatch.clone();
    Callback::from(move |e: MouseEvent| {
        e.prevent_default();
        dispatch.emit(msg.clone());
    })
}

/// The page of the present place.
pub fn page(view: &View<'_>) -> Html {
    let route = &view.state.route;
    if route.needs_connection() && !view.state.connected() {
        return connect::page(view);
    }
    match route {
        Route::Connect => connect::page(view),
        Route::Vms { vault, .. } => vms::page(view, vault.as_ref()),
        Route::Secondary { vault, region } => secondary::page(view, vault.as_ref(), region.as_ref()),
        Route::Points(item) => points::page(view, item),
        Route::Form(point) => how::page(view, point),
        Route::Review(point) => review::page(view, point),
        Route::Restores => restores::page(view),
        Route::Restore(id) => follow::page(view, id),
        Route::Jobs(vault) => jobs::page(view, vault.as_ref()),
        Route::Activity => activity::page(view),
        Route::Account => account::page(view),
        Route::Settings => settings::page(view),
        Route::Unknown(_) => unknown(),
    }
}

/// The resource that a key asks about, where there are several.
fn of_what(key: &Key) -> String {
    match key {
        Key::Items(id)
        | Key::DeletedVaults(id)
        | Key::SecondaryItems(id)
        | Key::Vault(id)
        | Key::Jobs(id)
        | Key::SecondaryJobs(_, id)
        | Key::Encryption(id)
        | Key::Guards(id) => {
            format!(" for {}", id.name())
        }
        _ => String::new(),
    }
}

/// What the page is called, for the window's title.
pub fn title(state: &State) -> String {
    let vm = |item: &Place| state.item(item).map(|i| i.friendly_name.clone());
    let of = |text: &str, item: Option<String>| {
        item.map_or_else(|| text.to_owned(), |name| format!("{text}: {}", visible_name(&name)))
    };
    let item = state.route.item();
    let name = item.as_ref().and_then(vm);
    match &state.route {
        Route::Connect => "Connect".to_owned(),
        Route::Vms { .. } => "Virtual machines".to_owned(),
        Route::Secondary { .. } => "Restore in the secondary region".to_owned(),
        Route::Points(_) => of("Recovery points", name),
        Route::Form(_) => of("How and where", name),
        Route::Review(_) => of("Review and start", name),
        Route::Restores => "Restores".to_owned(),
        Route::Restore(id) => of("Restore", state.restore(id).map(|t| t.vm.clone())),
        Route::Jobs(_) => "Jobs".to_owned(),
        Route::Activity => "Activity".to_owned(),
        Route::Account => "Account".to_owned(),
        Route::Settings => "Settings".to_owned(),
        Route::Unknown(_) => "No such page".to_owned(),
    }
}

fn unknown() -> Html {
    let body = html! { <p><a href={Route::Connect.hash()}>{ "Go to the start" }</a>{ " or " }<a href={Route::Restores.hash()}>{ "see your restores" }</a>{ "." }</p> };
    html! {
        <>
            { heading("There is no such page", html! { "The link is not one of VM Restore, or it was cut when it was copied." }, Html::default()) }
            <section class="vmr-panel">{ empty("Nothing is here", body) }</section>
        </>
    }
}

#[cfg(test)]
mod asks;
#[cfg(test)]
mod extremes;
#[cfg(test)]
mod tests;
