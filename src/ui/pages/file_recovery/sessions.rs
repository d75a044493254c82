//! The file recoveries that run, as far as is known: those of the machine that Azure lists, and those of the vault that this browser has started.

use std::rc::Rc;

use azure_backup::arm::id::ArmId;
use azure_backup::backup::recovery_point::RecoveryPoint;
use yew::prelude::*;

use super::stop;
use crate::app::file_recovery::{FileSession, SessionStage};
use crate::app::key::Key;
use crate::app::route::Route;
use crate::restore::regional_id::RegionalId;
use crate::ui::kit::badge::badge;
use crate::ui::kit::each;
use crate::ui::kit::empty::{empty, nothing};
use crate::ui::kit::name::name;
use crate::ui::kit::table::{list_row, list_table, plain_heads};
use crate::ui::kit::when::clock;
use crate::ui::kit::when::{maybe_when, when};
use crate::ui::kit::{Tone, id_text};
use crate::ui::pages::PageContext;

const HEADS: [&str; 6] = ["Recovery point", "Virtual machine", "State", "Requested", "Script works until", "Actions"];

/// The panel.
pub(super) fn sessions(view: &PageContext, place: &RegionalId) -> Html {
    let Some(item) = place.item() else { return Html::default() };
    let key = Key::Points(item.id.clone());
    let vault = place.vault();
    let identity = view.state.identity();
    let own: Vec<&FileSession> = view
        .state
        .file_sessions
        .of(&identity)
        .filter(|one| one.stage != SessionStage::Refused && one.point.up_to("vaults") == vault)
        .collect();
    let listed = view.state.catalog.get::<[Rc<RecoveryPoint>]>(&key);
    let attached = listed.iter().flat_map(|list| list.iter()).filter(|point| point.files_session == Some(true));
    let strangers = attached.filter(|point| !own.iter().any(|one| one.point == point.id));
    let machine = view.state.machine_name(&item).unwrap_or_default();
    let strangers: Vec<(ArmId, String)> = strangers.map(|point| (point.id.clone(), machine.clone())).collect();
    let all = own.iter().map(|one| (one.point.clone(), one.machine.clone(), Some(*one)));
    let all = all.chain(strangers.into_iter().map(|(point, machine)| (point, machine, None)));
    let rows: Vec<Html> =
        all.enumerate().map(|(nth, (point, machine, own))| line(view, place, nth, &point, &machine, own)).collect();
    let body = if rows.is_empty() {
        let none = || {
            empty(
                "No file recoveries",
                html! { <p>{ "None is running for this VM, and your account has started none in this browser for this vault." }</p> },
            )
        };
        nothing(view.known(&[key]), view.progress("Loading recovery points…"), none)
    } else {
        list_table("Recoveries", Html::default(), plain_heads(&HEADS), html! { <tbody>{ each(rows) }</tbody> })
    };
    html! {
        <section class="vmr-panel">
            <h2>{ "File recoveries" }</h2>
            <p class="vmr-hint">{ "Recovery points of this VM whose disks Azure lists as attached, and recoveries of this vault that your account started in this browser. Recoveries of other VMs that were started elsewhere aren't listed." }</p>
            { body }
        </section>
    }
}

fn line(
    view: &PageContext,
    place: &RegionalId,
    nth: usize,
    point: &ArmId,
    machine: &str,
    own: Option<&FileSession>,
) -> Html {
    let now = view.state.now;
    let known = view.state.listed_point(point);
    let at = known.as_ref().map_or_else(|| id_text(point.name().to_owned()), |point| clock(point.time));
    let head = if *point == place.id {
        html! { <>{ at }{ " (this one)" }</> }
    } else {
        html! { <a href={Route::Files(point.clone().into()).hash()}>{ at }</a> }
    };
    let listed = known.and_then(|point| point.files_session);
    let over = own.is_some_and(|own| own.ends() <= now);
    let (tone, state) = match (listed, own.map(|own| own.stage)) {
        (Some(true), _) if over => (Tone::Warning, "Attached, script expired"),
        (Some(true), _) => (Tone::Busy, "Attached"),
        (_, Some(SessionStage::Stopped)) => (Tone::Neutral, "Stopped"),
        _ if over => (Tone::Neutral, "Time is over"),
        (Some(false), _) => (Tone::Neutral, "Not attached"),
        (None, Some(SessionStage::Running)) => (Tone::Busy, "Script provided"),
        _ => (Tone::Warning, "Not known"),
    };
    // The present one has its button above, and of one that is over nothing is left to stop.
    let stoppable = *point != place.id && listed != Some(false) && !matches!(state, "Stopped" | "Time is over");
    let busy = view.state.is_recovering_files(point);
    let what = format!("Stop the file recovery of {machine}, recovery point {}", point.name());
    let button = (stoppable && !busy).then(|| stop(view, &point.clone().into(), &format!("stop-{nth}"), Some(what)));
    let ends = own.filter(|own| own.stage != SessionStage::Stopped).map(FileSession::ends);
    let [_, machine_head, state_head, requested, until, actions] = HEADS;
    let cells = vec![
        (machine_head, name(machine)),
        (state_head, badge(tone, state)),
        (requested, maybe_when(own.map(|own| own.requested), now, "not known")),
        (until, ends.map_or_else(|| maybe_when(None, now, "not known"), |ends| when(ends, now))),
        (actions, each(button)),
    ];
    list_row(point.as_str(), false, head, cells)
}
