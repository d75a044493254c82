//! Choose a recovery point: a picture by day, tier and consistency, and the table under it.

pub mod allows;
pub mod filter;
pub mod table;
pub mod words;

use std::rc::Rc;

use crate::ui::markup::html;
use azure_backup::arm::id::ArmId;
use azure_backup::backup::recovery_point::RecoveryPoint;
use time::{Date, OffsetDateTime};
use yew::prelude::*;

use super::View;
use crate::app::key::{Key, List};
use crate::app::msg::{Filter, Msg};
use crate::app::route::{Route, vault_of};
use crate::restore::draft::Draft;
use crate::ui::kit::button;
use crate::ui::kit::empty::empty;
use crate::ui::kit::facts::facts;
use crate::ui::kit::heading::heading;
use crate::ui::kit::memo::memo;
use crate::ui::kit::timeline::mark::shape_icon;
use crate::ui::kit::timeline::{Mark, Timeline, timeline};
use crate::ui::text;
use table::Points;

/// The page.
pub fn page(view: &View<'_>, item: &ArmId) -> Html {
    let found = view.state.item(item);
    let name = found.as_ref().map_or_else(|| "this virtual machine".to_owned(), |i| i.friendly_name.clone());
    let vault = vault_of(item).map(|v| v.name().to_owned()).unwrap_or_default();
    let source = match found.as_ref().and_then(|i| i.source_resource_id.as_ref()) {
        Some(id) if *view.state.catalog.get::<bool>(&Key::Exists(id.clone())).as_deref().unwrap_or(&true) => {
            "exists".to_owned()
        }
        Some(_) => "no longer exists: its disks cannot be replaced in place".to_owned(),
        None => "not known".to_owned(),
    };
    let group = found.as_ref().and_then(|i| Some(i.source_resource_id.as_ref()?.resource_group()?.to_owned()));
    let lead = facts([
        ("Vault".into(), html! { vault }),
        ("Resource group".into(), html! { group.unwrap_or_default() }),
        ("Source virtual machine".into(), html! { source }),
    ]);
    html! {
        <>
            { heading(format!("Choose a recovery point for {name}"), lead, button("Refresh", "", view.says(Msg::Refresh))) }
            { view.faults() }
            { content(view, item) }
        </>
    }
}

fn content(view: &View<'_>, item: &ArmId) -> Html {
    let Some(points) = view.state.catalog.get::<[Rc<RecoveryPoint>]>(&Key::Points(item.clone())) else {
        return view.not_yet("Reading the recovery points…");
    };
    let Some(first) = points.first() else {
        let body = html! { <p>{ "The vault holds no recovery point of this virtual machine. Its first backup may not have run yet." }</p> };
        return html! { <section class="vmr-panel">{ empty("No recovery point", body) }</section> };
    };
    let days = filter::days(&view.state.view);
    let dispatch = view.dispatch.clone();
    let all = Points {
        points: points.clone(),
        facts: view.state.facts(&first.id, &Draft::default()),
        filter: view.state.view.clone(),
        now: text::to_the_minute(view.now),
        dispatch: dispatch.clone(),
    };
    html! {
        <>
            <section class="vmr-panel">{ memo(Picture { points: points.clone(), days, dispatch: dispatch.clone() }, picture) }</section>
            <section class="vmr-panel">
                { filter::fieldset(view, &points) }
                { memo(all, table::table_of) }
            </section>
        </>
    }
}

#[derive(Clone)]
struct Picture {
    points: List<RecoveryPoint>,
    days: Option<(Date, Date)>,
    dispatch: Callback<Msg>,
}

impl PartialEq for Picture {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.points, &other.points) && self.days == other.days
    }
}

/// The picture.
fn picture(of: &Picture) -> Html {
    let Picture { points, days, dispatch } = of;
    let marks: Rc<[Mark]> = points.iter().map(|p| mark(p)).collect();
    let dispatch = dispatch.clone();
    let on_days = Callback::from(move |(from, to): (Date, Date)| {
        dispatch.emit(Msg::Filter(Filter::From(from.to_string())));
        dispatch.emit(Msg::Filter(Filter::To(to.to_string())));
    });
    let key =
        words::CONSISTENCIES.iter().map(|(c, name)| html! { <span>{ shape_icon(words::shape(c)) }{ *name }</span> });
    let legend = html! {
        <div class="vmr-legend">{ for key }<span>{ "A number: so many points, the best of them drawn" }</span></div>
    };
    timeline(Timeline {
        caption_id: "timeline".into(),
        title: "Recovery points by day".into(),
        summary: words::summary(points).into(),
        marks,
        days: *days,
        on_days,
        legend,
    })
}

fn mark(point: &RecoveryPoint) -> Mark {
    Mark {
        at: point.time.to_offset(time::UtcOffset::UTC),
        lanes: words::lanes(point),
        shape: words::shape(&point.consistency),
        href: Route::Form(point.id.clone()).hash().into(),
        words: format!("{}, {}", text::utc(point.time), words::consistency(&point.consistency)).into(),
    }
}

/// A point in a few words, for the pages that follow.
pub fn in_words(point: &RecoveryPoint, now: OffsetDateTime) -> String {
    format!(
        "{} ({}), {}, {}",
        text::utc(point.time),
        text::relative(point.time, now),
        words::consistency(&point.consistency).to_ascii_lowercase(),
        words::tier(point.tier()).to_ascii_lowercase()
    )
}
