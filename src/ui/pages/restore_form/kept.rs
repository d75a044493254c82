//! What was kept of the settings that were made for another recovery point of the machine.

use std::rc::Rc;

use azure_backup::backup::recovery_point::RecoveryPoint;
use yew::prelude::*;

use crate::app::key::Key;
use crate::restore::carry::{NotCarried, is_of_another_point};
use crate::restore::draft::Draft;
use crate::restore::regional_id::RegionalId;
use crate::ui::kit::each;
use crate::ui::kit::notice::{Notice, notice};
use crate::ui::pages::PageContext;
use crate::ui::text;

/// The notice, as long as the operator has changed nothing for this recovery point.
pub fn kept(view: &PageContext, point: &RegionalId, draft: &Draft) -> Option<Html> {
    let before = draft.point.as_ref().filter(|_| is_of_another_point(draft, point.id.name()))?;
    let of = match time_of(view, point, before) {
        Some(point) => format!("the recovery point of {}", text::utc(point)),
        None => "another recovery point".to_owned(),
    };
    let choice = |choice: &NotCarried| html! { <li>{ format!("{}: {}", choice.what, choice.why) }</li> };
    let body = match draft.not_carried.as_slice() {
        [] => Html::default(),
        all => {
            html! { <><p>{ "No longer possible:" }</p><ul class="vmr-list">{ each(all.iter().map(choice)) }</ul></> }
        }
    };
    Some(notice(Notice { title: format!("Settings kept from {of}").into(), body, ..Notice::default() }))
}

/// When the other recovery point was taken, if the list of points is known.
fn time_of(view: &PageContext, point: &RegionalId, name: &str) -> Option<time::OffsetDateTime> {
    let item = point.item()?.id;
    let key = if point.secondary.is_some() { Key::SecondaryPoints(item) } else { Key::Points(item) };
    let points = view.state.catalog.get::<[Rc<RecoveryPoint>]>(&key)?;
    points.iter().find(|point| point.name == name).map(|point| point.time)
}
