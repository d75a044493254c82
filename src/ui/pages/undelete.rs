//! Undelete: what is deleted and until when it is kept, the request before it is sent, and its progress.

use azure_backup::arm::id::ArmId;
use azure_backup::backup::item::ProtectedItem;
use azure_backup::backup::undelete::DeletedVault;
use time::Duration;
use yew::prelude::*;

use super::PageContext;
use super::shown_request::{how_far, shown_request};
use super::vault_select::subscriptions;
use crate::app::key::{Key, List};
use crate::app::list_status::ListStatus;
use crate::app::msg::Msg;
use crate::app::route::Route;
use crate::app::shown_request::ShownRequest;
use crate::app::undelete::{Stage, Undeleting};
use crate::restore::effect_sentence::quoted;
use crate::restore::regional_id::RegionalId;
use crate::ui::fault::fault_notice;
use crate::ui::kit::Tone;
use crate::ui::kit::button;
use crate::ui::kit::confirm::{Confirm, confirm};
use crate::ui::kit::each;
use crate::ui::kit::empty::{empty, nothing};
use crate::ui::kit::name::name;
use crate::ui::kit::notice::{Notice, Title, Voice, notice};
use crate::ui::kit::table::{columns, row, table};
use crate::ui::kit::when::maybe_when;
use crate::ui::text;

/// The notice above the recovery points of a deleted item, and the progress of its undeletion.
pub fn of_item(view: &PageContext, place: &RegionalId) -> Html {
    let item = view.state.item(place);
    let deleted = item.as_deref().filter(|item| item.soft_deleted);
    html! { <>{ each(deleted.map(|item| deleted_item(view, place, item))) }{ each(progress(view, &place.id, deleted.is_some())) }</> }
}

fn deleted_item(view: &PageContext, place: &RegionalId, item: &ProtectedItem) -> Html {
    let machine = quoted(&item.friendly_name);
    let until = match (item.kept_until(), item.deletion_in.filter(|left| *left > Duration::ZERO)) {
        (Some(at), _) => format!("Azure keeps its recovery points until {}.", text::utc(at)),
        (None, Some(left)) => {
            format!("When this list was loaded, Azure kept its recovery points for another {}.", text::duration(left))
        }
        (None, None) => "We don't know how long Azure keeps its recovery points.".to_owned(),
    };
    let runs = view.state.undeleting(&place.id).is_some_and(Undeleting::runs);
    let (why, ask) = match view.state.undelete_request(&place.id).filter(|_| place.secondary.is_none()) {
        _ if place.secondary.is_some() => ("It's undeleted in the primary region.", None),
        _ if runs => ("", None),
        Some(shown) => {
            let text = format!(
                "This brings back the backup of {machine} with its recovery points, so you can restore them. No new backups are made until someone resumes protection."
            );
            ("", Some(ask(view, "undelete", &place.id, "Undelete the backup?", text, &shown)))
        }
        None => ("Azure's data doesn't identify its VM, so undelete can't be requested.", None),
    };
    notice(Notice {
        tone: Tone::Warning,
        title: Title::with_names(&format!("The backup of {machine} is soft-deleted")),
        body: html! { <p>{ "Nothing can be restored until it's undeleted. " }{ until }{ " " }{ why }</p> },
        actions: ask,
        ..Notice::default()
    })
}

/// The button with the confirmation, which shows the whole request.
fn ask(view: &PageContext, id: &str, of: &ArmId, title: &'static str, text: String, shown: &ShownRequest) -> Html {
    confirm(Confirm {
        id: id.to_owned().into(),
        label: "Undelete",
        // It brings something back.
        harmless: true,
        in_row: (id != "undelete").then(|| ("Undelete…", format!("Undelete {}", of.name()))),
        title,
        text: text.into(),
        more: shown_request(shown),
        keep: "Keep deleted",
        on: view.on_confirmed_click(Msg::Undelete { id: of.clone(), sha256: shown.sha256.clone() }),
        ..Confirm::default()
    })
}

/// The progress of the undeletion of `id`; `deleted` says whether Azure lists it as deleted.
fn progress(view: &PageContext, id: &ArmId, deleted: bool) -> Option<Html> {
    let note = |tone, title: &'static str, body: Html| {
        Some(notice(Notice { tone, voice: Voice::Note, title: title.into(), body, ..Notice::default() }))
    };
    match &view.state.undeleting(id)?.stage {
        Stage::Following(follower) => note(Tone::Busy, "Undeleting", how_far(follower)),
        Stage::Job(job) => {
            let status = job.job().map_or("not loaded yet".to_owned(), |job| job.status.to_string());
            note(Tone::Busy, "Undeleting", html! { <p>{ format!("Vault job {}: ", job.id()) }{ name(&status) }</p> })
        }
        Stage::Reading { .. } => note(
            Tone::Busy,
            "Undeleting",
            html! { <p>{ "Azure has finished, or its progress can't be tracked further. This page checks Azure's lists until it's back." }</p> },
        ),
        Stage::Over if deleted => {
            let vault = id.up_to("vaults");
            let jobs =
                vault.map(|vault| html! { <a href={Route::jobs(Some(vault)).hash()}>{ "the vault's jobs" }</a> });
            note(
                Tone::Warning,
                "Azure still lists it as deleted",
                html! { <p>{ "The request was accepted. Refresh later" }{ each(jobs.map(|jobs| html! { <>{ ", or see " }{ jobs }</> })) }{ "." }</p> },
            )
        }
        Stage::Over if !view.state.is_back(id) => note(
            Tone::Info,
            "We couldn't tell whether it's back",
            html! { <p>{ "The request was accepted. Since then, Azure's lists show it neither as deleted nor as back. Refresh later." }</p> },
        ),
        Stage::Over => note(
            Tone::Good,
            "Undeleted",
            html! { <p>{ "You can restore it again. No new backups are made until someone resumes protection." }</p> },
        ),
        Stage::Failed { fault, unknown } => {
            let what = if *unknown {
                "We don't know whether Azure received the request. You can safely undelete it again"
            } else {
                "Undelete failed"
            };
            Some(fault_notice(what, fault, &view.dispatch, &[]))
        }
    }
}

/// The deleted vaults of the subscription. They are read on demand, because many operators may not list them.
pub fn of_vaults(view: &PageContext) -> Html {
    let searched = view.state.view.deleted_vaults;
    // What was asked for before a reload is shown as long as something is to come; then the lists have to tell.
    let shown = |one: &&Undeleting| one.id.up_to("vaults").is_none() && (searched || one.runs());
    let under_way = view.state.undeleting.iter().filter(shown).filter_map(|one| {
        let listed = view.state.deleted_vault(&one.id).is_some();
        Some(html! { <>{ name(one.vault.name()) }{ progress(view, &one.id, listed)? }</> })
    });
    if !searched {
        return html! {
            <section class="vmr-panel">
                <h2>{ "Soft-deleted vaults" }</h2>
                <p>{ "A deleted vault is kept for a limited time, with its backups." }</p>
                <div class="vmr-actions">{ button("Find deleted vaults", "", view.on_click(Msg::ShowDeletedVaults)) }</div>
                { each(under_way) }
            </section>
        };
    }
    let subscription = view.state.subscription();
    let vaults = subscription.clone().map(Key::Vaults);
    let keys = subscription.as_ref().map(|of| view.state.deleted_vault_lists(of)).unwrap_or_default();
    let catalog = &view.state.catalog;
    let lists = keys.iter().filter_map(|key| catalog.get::<[std::rc::Rc<DeletedVault>]>(key));
    let lists: Vec<List<DeletedVault>> = lists.collect();
    let regions: Vec<String> = keys.iter().filter_map(region_of).collect();
    let all = lists.iter().flat_map(|list| list.iter());
    let rows: Vec<Html> = all.enumerate().map(|(at, deleted)| deleted_vault(view, at, deleted)).collect();
    let first: Vec<Key> = vaults.into_iter().chain([Key::Subscriptions]).collect();
    let known = ListStatus::of(catalog, &first, &keys);
    let body = if !rows.is_empty() {
        let names = columns(["Vault", "Region", "Deleted", "Permanently deleted", "Undelete"]);
        table(
            "Found in these regions",
            html! { known.count(rows.len().to_string()) },
            &names,
            false,
            html! { <>{ each(rows) }</> },
        )
    } else {
        let none = || empty("No soft-deleted vaults", html! { <p>{ "None found in these regions." }</p> });
        nothing(known, view.progress("Loading…"), none)
    };
    html! {
        <section class="vmr-panel">
            <h2>{ "Soft-deleted vaults" }</h2>
            <div class="vmr-fields">{ subscriptions(view, subscription.as_ref()) }</div>
            if !regions.is_empty() {
                <p class="vmr-hint">{ format!("Searched the regions of the subscription's vaults: {}. Other regions may have more.", regions.join(", ")) }</p>
            }
            { body }
            { each(under_way) }
        </section>
    }
}

fn region_of(key: &Key) -> Option<String> {
    match key {
        Key::DeletedVaults(location) => Some(location.name().to_owned()),
        _ => None,
    }
}

fn deleted_vault(view: &PageContext, at: usize, deleted: &DeletedVault) -> Html {
    let called = deleted.vault.as_ref().map_or(deleted.name.as_str(), ArmId::name);
    let runs = view.state.undeleting(&deleted.id).is_some_and(Undeleting::runs);
    let empty = deleted.purged_at.is_some_and(|purged| deleted.deleted_at.is_some_and(|at| purged <= at));
    let group = deleted.vault.as_ref().and_then(|vault| vault.resource_group()).unwrap_or_default();
    let asked = view.state.undelete_request(&deleted.id).filter(|_| !runs).map(|shown| {
        let text = format!(
            "This restores the vault {} to the resource group {}, which must exist. Its items stay soft-deleted: undelete each one.",
            quoted(called),
            quoted(group)
        );
        ask(view, &format!("undelete-{at}"), &deleted.id, "Undelete the vault?", text, &shown)
    });
    let region = deleted.id.segment_after("locations").unwrap_or_default();
    let gone = match empty {
        true => html! { "Empty" },
        false => maybe_when(deleted.purged_at, view.state.now, "Unknown"),
    };
    let cells = vec![
        name(region),
        maybe_when(deleted.deleted_at, view.state.now, "Unknown"),
        gone,
        html! { <>{ each(asked) }{ if runs { "In progress" } else { "" } }</> },
    ];
    row(deleted.id.as_str(), html! { <>{ name(called) }<small>{ name(group) }</small></> }, cells)
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use azure_backup::arm::fault::Fault;
    use time::OffsetDateTime;

    use super::super::tests::{assert_sound, at, state};
    use super::*;
    use crate::app::follower::Follower;
    use crate::app::key::Answer;
    use crate::app::state::State;

    /// The sample with its item deleted on the first of May, kept for `days`.
    fn deleted(days: Option<i64>) -> (State, RegionalId) {
        let (mut state, point) = state(None);
        let place = point.item().unwrap();
        let mut item = (*state.item(&place).unwrap()).clone();
        item.soft_deleted = true;
        item.deleted_at = OffsetDateTime::from_unix_timestamp(1_777_593_600).ok();
        item.soft_delete_days = days;
        let key = Key::Items(place.vault().unwrap());
        state.catalog.entry_mut(&key).value = Some(Answer::Items([Rc::new(item)].into()));
        (state, place)
    }

    #[test]
    fn a_deleted_item_says_until_when_and_shows_the_very_request_before_it_leaves() {
        let (state, place) = deleted(Some(14));
        let html = at(&state, Route::Points(place.clone()));
        assert_sound(&html, "points of a deleted item");
        assert!(html.contains("is soft-deleted") && html.contains("until 2026-05-15 00:00 UTC"), "{html}");
        let shown = state.undelete_request(&place.id).unwrap();
        let (_, dialog) = html.split_once("<dialog id=\"undelete\"").unwrap();
        let dialog = dialog.split("</dialog>").next().unwrap();
        for part in ["PUT", shown.url.as_str(), &shown.body] {
            assert!(dialog.contains(part), "{part}: {dialog}");
        }
        assert!(
            dialog.find("Keep deleted") < dialog.find("class=\"vmr-primary\">Undelete"),
            "the safe answer takes the focus: {dialog}"
        );
        assert!(!dialog.contains("vmr-danger"), "it brings something back: {dialog}");
        let unknown = at(&deleted(None).0, Route::Points(place.clone()));
        assert!(unknown.contains("don't know how long"), "{unknown}");
        // In the secondary region nothing is undeleted.
        let there = RegionalId { secondary: Some(azure_backup::arm::id::Region::new("northeurope")), ..place };
        assert!(!at(&state, Route::Points(there)).contains("<dialog id=\"undelete\""));
    }

    #[test]
    fn how_far_it_is_stands_on_the_page_and_it_is_offered_once() {
        let fault = |fault: Fault, unknown: bool| Stage::Failed { fault: Rc::new(fault), unknown };
        for (stage, deleted_still, says, offered) in [
            (Stage::Following(Follower::sample()), true, "is being sent", false),
            (Stage::Reading { at: OffsetDateTime::UNIX_EPOCH, left: 3 }, true, "checks Azure's lists", false),
            (Stage::Over, true, "still lists it as deleted", true),
            (Stage::Over, false, "can restore it again", false),
            (fault(Fault::reported("", "Locked", "No."), false), true, "Undelete failed", true),
            (fault(Fault::network("", "gone"), true), true, "know whether Azure received", true),
        ] {
            let (mut state, place) = if deleted_still {
                deleted(Some(14))
            } else {
                let (state, point) = state(None);
                (state, point.item().unwrap())
            };
            let vault = place.vault().unwrap();
            state.undeleting.push(Undeleting {
                id: place.id.clone(),
                vault,
                identity: state.identity(),
                call: None,
                stage,
            });
            let html = at(&state, Route::Points(place));
            assert_sound(&html, says);
            assert!(html.contains(says), "{says}: {html}");
            assert_eq!(html.contains("<dialog id=\"undelete\""), offered, "{says}");
        }
    }

    #[test]
    fn deleted_vaults_are_looked_for_on_demand() {
        let (mut state, point) = state(None);
        let route = Route::Vms(Default::default());
        let html = at(&state, route.clone());
        assert!(html.contains("Find deleted vaults") && !html.contains("Keep deleted"), "{html}");
        let subscription = state.subscription().unwrap();
        let key = state.deleted_vault_lists(&subscription).remove(0);
        let Key::DeletedVaults(location) = &key else { panic!("{key:?}") };
        let deleted = |n: u8| {
            let mut deleted = DeletedVault::new(ArmId::parse(&format!("{location}/deletedVaults/gone-{n}")).unwrap());
            deleted.vault = point.vault();
            deleted.deleted_at = OffsetDateTime::from_unix_timestamp(1_777_593_600).ok();
            // Azure says so of a vault that was empty.
            deleted.purged_at = OffsetDateTime::from_unix_timestamp(if n == 1 { 1_778_803_200 } else { 0 }).ok();
            deleted
        };
        state.catalog.entry_mut(&key).value = Some(Answer::DeletedVaults([1, 2].map(|n| Rc::new(deleted(n))).into()));
        state.view.deleted_vaults = true;
        let html = at(&state, route.clone());
        assert_sound(&html, "deleted vaults");
        assert_eq!(html.matches("Undelete the vault?").count(), 2, "{html}");
        assert!(html.contains("recoveryResourceGroupId") && html.contains("Empty"), "{html}");
        assert!(html.contains("Other regions may have more"), "{html}");
        // What could not be read is not said to be absent.
        let entry = state.catalog.entry_mut(&key);
        (entry.value, entry.fault) = (None, Some(Rc::new(Fault::network("", "gone"))));
        let html = at(&state, route);
        assert!(!html.contains("No soft-deleted vaults") && html.contains("Couldn't load this list"), "{html}");
    }
}
