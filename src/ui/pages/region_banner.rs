//! The banner with both regions of a cross-region restore. It is on every page of one.

use std::rc::Rc;

use azure_backup::arm::id::{ArmId, Region};
use azure_backup::backup::item::ProtectedItem;
use yew::prelude::*;

use super::PageContext;
use crate::app::key::Key;
use crate::app::route::Route;
use crate::app::state::State;
use crate::ui::kit::Tone;

/// Vault and secondary region, if the page belongs to a cross-region restore. The region is `None` until it is chosen.
fn of(state: &State) -> Option<(ArmId, Option<Region>)> {
    match &state.route {
        Route::Secondary { vault: Some(vault), region } => {
            Some((vault.clone(), state.secondary_of(vault, region.as_ref()).region))
        }
        Route::Points(place) | Route::Form(place) | Route::Review(place) => {
            Some((place.vault()?, Some(place.secondary.clone()?)))
        }
        Route::Restore(id) => {
            let restore = state.restore(id)?;
            Some((restore.vault.clone(), Some(restore.secondary.clone()?)))
        }
        _ => None,
    }
}

/// The banner with both regions.
pub fn region_banner(view: &PageContext) -> Option<Html> {
    let state = &*view.state;
    let (vault, secondary) = of(state)?;
    let name = |region: &Region| state.region_name(&vault, region);
    let own = state.vault(&vault).map(|v| name(&v.location));
    let down = state.primary_fault(&vault).is_some();
    let (tone, words) = match own {
        _ if down => (Tone::Bad, "not responding"),
        Some(_) => (Tone::Neutral, "original location"),
        None => (Tone::Neutral, "no response yet"),
    };
    let region = |tone: Tone, what: &'static str, name: String, words: &'static str| {
        html! { <p data-tone={tone.name()}><small>{ what }</small>{ " " }<strong>{ name }</strong>{ " " }<small>{ words }</small></p> }
    };
    let there = secondary.as_ref().map_or_else(|| "Not selected yet".to_owned(), name);
    let items = state.catalog.get::<[Rc<ProtectedItem>]>(&Key::SecondaryItems(vault.clone()));
    let listed = items.is_some_and(|items| !items.is_empty());
    let (there_tone, there_words) = match (&secondary, state.cross_region(&vault)) {
        // A restore in that region proves that cross-region restore is on.
        _ if matches!(state.route, Route::Restore(_)) => (Tone::Good, "restore target"),
        (_, Some(false)) => (Tone::Neutral, "cross-region restore is off"),
        (None, _) => (Tone::Neutral, "select it below"),
        (_, Some(true)) => (Tone::Good, "restore target"),
        // So does a list of copies.
        (_, None) if listed => (Tone::Good, "restore target"),
        (_, None) => (Tone::Neutral, "unknown whether you can restore here"),
    };
    Some(html! {
        <section class="vmr-regions" aria-label="Regions">
            { region(tone, "Primary region", own.unwrap_or_else(|| "Unknown".to_owned()), words) }
            <span aria-hidden="true">{ "→" }</span>
            { region(there_tone, "Secondary region", there, there_words) }
        </section>
    })
}
