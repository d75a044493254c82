//! Choose a recovery point: a timeline by day, tier and consistency, and a table below it.

pub mod allows;
pub mod filter;
pub mod points_summary;
pub mod table;
pub mod threats;
pub mod words;

use std::rc::Rc;

use azure_backup::arm::id::Region;
use azure_backup::backup::cross_region::REPLICATED_WITHIN_HOURS;
use azure_backup::backup::item::ProtectedItem;
use azure_backup::backup::recovery_point::RecoveryPoint;
use time::{Date, Duration, OffsetDateTime};
use yew::prelude::*;

use super::PageContext;
use super::undelete;
use super::vault_select::secondary_link;
use crate::app::key::{Key, List};
use crate::app::list_status::ListStatus;
use crate::app::local_time::Clocks;
use crate::app::msg::{Filter, Msg};
use crate::app::route::Route;
use crate::app::state::ListOptions;
use crate::restore::effect_sentence::quoted;
use crate::restore::regional_id::RegionalId;
use crate::ui::kit::Tone;
use crate::ui::kit::button;
use crate::ui::kit::each;
use crate::ui::kit::empty::{empty, nothing};
use crate::ui::kit::facts::facts;
use crate::ui::kit::heading::heading;
use crate::ui::kit::name::name;
use crate::ui::kit::notice::{Notice, notice};
use crate::ui::kit::timeline::Timeline;
use crate::ui::kit::timeline::mark::{shape_icon, threat_icon};
use crate::ui::kit::when::{clock, when_inline};
use crate::ui::shared::Shared;
use crate::ui::text;
use crate::ui::translatable::translatable;
use points_summary::PointsSummary;
use table::ListFacts;

/// The properties of [`PointsPage`].
#[derive(PartialEq, Properties)]
pub struct PointsPageProps {
    /// The state, and where messages go.
    pub view: PageContext,
    /// The protected item whose recovery points are shown.
    pub item: RegionalId,
}

/// The page.
#[component]
pub fn PointsPage(PointsPageProps { view, item }: &PointsPageProps) -> Html {
    let found = view.state.item(item);
    let machine = view.state.machine_name(item).map_or_else(|| "this virtual machine".to_owned(), |name| quoted(&name));
    let vault = item.vault().unwrap_or_else(|| item.id.clone());
    let source = source(view, item, found.as_deref());
    let group = found.as_ref().and_then(|i| Some(i.source_resource_id.as_ref()?.resource_group()?.to_owned()));
    let mut pairs =
        vec![("Vault".into(), name(vault.name())), ("Resource group".into(), name(&group.unwrap_or_default()))];
    if item.secondary.is_none() {
        pairs.push(("Original VM".into(), html! { source }));
    }
    let there = item.secondary.is_none().then(|| secondary_link(Some(&vault)));
    let actions = html! {
        <>
            { each(there) }
            { button("Refresh", "", view.on_click(Msg::Refresh)) }
        </>
    };
    translatable(html! {
        <>
            { heading(format!("Choose a recovery point for {machine}"), facts(pairs), actions) }
            { view.faults() }
            { each(gone(view, item)) }
            { undelete::of_item(view, item) }
            { each(lag(view, item)) }
            if !view.state.is_gone(item) { { content(view, item) } }
        </>
    })
}

/// That Azure Backup has no such item any longer: whoever comes from the list of machines has seen what was so some time ago.
fn gone(view: &PageContext, item: &RegionalId) -> Option<Html> {
    if !view.state.is_gone(item) {
        return None;
    }
    let vault = item.vault()?;
    let text = format!(
        "The vault {} has no backup of this VM. The list of virtual machines may be out of date.",
        quoted(vault.name())
    );
    Some(notice(Notice {
        tone: Tone::Warning,
        title: "This VM is no longer protected here".into(),
        body: html! { <p>{ text::with_names(&text) }</p> },
        actions: Some(
            html! { <a class="vmr-button" href={Route::Vms(view.state.machines_left.0.clone()).hash()}>{ "Back to virtual machines" }</a> },
        ),
        ..Notice::default()
    }))
}

/// Whether the source virtual machine exists, as far as Azure has answered.
fn source(view: &PageContext, item: &RegionalId, found: Option<&ProtectedItem>) -> &'static str {
    const READING: &str = "…";
    let catalog = &view.state.catalog;
    let Some(found) = found else {
        let vault = item.vault().unwrap_or_else(|| item.id.clone());
        let reading = [Key::Item(item.id.clone()), Key::Items(vault)].iter().any(|key| catalog.is_loading(key));
        return if reading { READING } else { "unknown" };
    };
    let Some(id) = &found.source_resource_id else { return "unknown" };
    let key = Key::Exists(id.clone());
    match catalog.get::<bool>(&key).as_deref() {
        Some(true) => "exists",
        Some(false) => "no longer exists: its disks can't be replaced",
        None if catalog.fault(&key).is_some() => "unknown: it couldn't be checked",
        None => READING,
    }
}

fn key_of(item: &RegionalId) -> Key {
    let id = item.id.clone();
    if item.secondary.is_some() { Key::SecondaryPoints(id) } else { Key::Points(id) }
}

fn points_of(view: &PageContext, item: &RegionalId) -> Option<List<RecoveryPoint>> {
    view.state.catalog.get::<[Rc<RecoveryPoint>]>(&key_of(item))
}

/// How far the copies in the secondary region lag behind.
fn lag(view: &PageContext, item: &RegionalId) -> Option<Html> {
    item.secondary.as_ref()?;
    let newest = points_of(view, item)?.iter().map(|p| p.time).max()?;
    let said = |at: OffsetDateTime| format!("{} ({})", text::utc(at), text::relative(at, view.state.now));
    let within = Duration::hours(REPLICATED_WITHIN_HOURS);
    // The secondary region only repeats older data about the item; the primary one knows the newest point.
    let primary =
        view.state.catalog.get::<ProtectedItem>(&Key::Item(item.id.clone())).and_then(|i| i.last_recovery_point);
    let behind = primary.unwrap_or(view.state.now) - newest;
    let words = match primary {
        Some(at) if at <= newest => "The latest primary recovery point has been replicated.".to_owned(),
        Some(at) => format!(
            "The primary region has a newer point ({}). Changes from the {} in between aren't in the secondary region.",
            said(at),
            text::duration(behind)
        ),
        None => "We couldn't read the primary region's latest point. Anything written after this copy isn't in the secondary region.".to_owned(),
    };
    let late = behind > within;
    let promise = if late { " This copy is older than that." } else { "" };
    let promise = format!(" Azure normally replicates within {REPLICATED_WITHIN_HOURS} hours.{promise}");
    Some(notice(Notice {
        tone: if late { Tone::Warning } else { Tone::Info },
        title: format!("Latest copy: {}", said(newest)).into(),
        body: html! { <p>{ words }{ promise }</p> },
        ..Notice::default()
    }))
}

fn content(view: &PageContext, item: &RegionalId) -> Html {
    let Some(points) = points_of(view, item) else {
        return view.not_yet("Loading recovery points…");
    };
    let Some(first) = points.first() else {
        let body =
            || html! { <p>{ "There are no recovery points for this VM. Its first backup may not have run yet." }</p> };
        let none = || empty("No recovery points", body());
        return html! { <section class="vmr-panel">{ nothing(view.known(&[key_of(item)]), view.progress("Loading recovery points…"), none) }</section> };
    };
    let panels = PointsPanelsProps {
        points: points.clone().into(),
        secondary: item.secondary.clone(),
        facts: view.state.facts_of_list(item, first).map(ListFacts),
        known: view.known(&[key_of(item)]),
        filter: view.state.view.clone(),
        now: text::to_the_minute(view.state.now),
        dispatch: view.dispatch.clone(),
    };
    html! { <PointsPanels ..panels /> }
}

/// The properties of [`PointsPanels`].
#[derive(Clone, PartialEq, Properties)]
pub struct PointsPanelsProps {
    /// The points.
    pub points: Shared<[Rc<RecoveryPoint>]>,
    /// The secondary region, when these are the points replicated there.
    pub secondary: Option<Region>,
    /// What is known of the vault and the item.
    pub facts: Option<ListFacts>,
    /// How complete the list is.
    pub known: ListStatus,
    /// The filter and the number of rows.
    pub filter: ListOptions,
    /// The time, for relative times.
    pub now: OffsetDateTime,
    /// Where messages go.
    pub dispatch: Callback<Msg>,
}

/// The picture, the filter and the table of a list of points. It is rendered again only when its properties change, because a
/// list may hold a hundred thousand points.
#[component]
pub fn PointsPanels(props: &PointsPanelsProps) -> Html {
    let clocks = use_context::<Clocks>().unwrap_or_default();
    let glance = use_memo((props.points.clone(), clocks.clone()), |(points, clocks)| PointsSummary::of(points, clocks));
    // `use_callback` returns the same callbacks until a dependency changes, so that the timeline is not rendered for new ones.
    let link = use_callback(
        (props.points.clone(), props.secondary.clone(), clocks.clone()),
        |index: usize, (points, secondary, clocks)| {
            points.get(index).map(|point| link(point, secondary, clocks)).unwrap_or_default()
        },
    );
    let on_days = use_callback(props.dispatch.clone(), |(from, to): (Date, Date), dispatch| {
        dispatch.emit(Msg::Filter(Filter::From(from.to_string())));
        dispatch.emit(Msg::Filter(Filter::To(to.to_string())));
    });
    translatable(html! {
        <>
            { each(threat_of_newest(props, &glance, &clocks)) }
            <section class="vmr-panel">
                <Timeline
                    caption_id="timeline"
                    title="Recovery points by day"
                    summary={glance.summary.clone()}
                    marks={glance.marks.clone()}
                    {link}
                    days={filter::days(&props.filter)}
                    {on_days}
                    legend={legend(&glance)}
                />
            </section>
            <section class="vmr-panel">
                { filter::fieldset(&glance, &props.filter, (&clocks, props.now), &props.dispatch) }
                { table::table_of(props, &glance, &clocks) }
            </section>
        </>
    })
}

/// The legend of the timeline.
fn legend(glance: &PointsSummary) -> Html {
    let key =
        words::CONSISTENCIES.iter().map(|(c, name)| html! { <span>{ shape_icon(words::shape(c)) }{ *name }</span> });
    let reported = glance.marks.iter().any(|mark| mark.threat);
    let reported = reported.then(|| html! { <span>{ threat_icon() }{ "A threat is reported" }</span> });
    html! {
        <div class="vmr-legend">{ each(key) }{ each(reported) }<span>{ "A number counts the recovery points of a mark. Its shape shows the most consistent of them." }</span></div>
    }
}

/// If the newest point has a reported threat: which is the newest one without.
fn threat_of_newest(of: &PointsPanelsProps, glance: &PointsSummary, clocks: &Clocks) -> Option<Html> {
    let points = &of.points;
    let newest = points.get(*glance.newest_first.first()?)?;
    if !newest.reports_threat() {
        return None;
    }
    let clean = glance.newest_first.iter().map(|&at| &points[at]).find(|point| threats::none_reported(point));
    let advice = match clean {
        Some(point) => {
            let (href, _) = link(point, &of.secondary, clocks);
            let said = match &point.threat_status {
                Some(_) => format!(": Azure reports “{}”.", threats::state(point).1),
                None => ": Azure reports no threat status for it.".to_owned(),
            };
            html! { <>{ "The latest point without a reported threat: " }<a {href}>{ clock(point.time) }</a>{ said }</> }
        }
        None => html! { "Every point has a reported threat." },
    };
    Some(notice(Notice {
        tone: Tone::Warning,
        title: "A threat is reported for the latest recovery point".into(),
        body: html! { <p>{ advice }{ " No reported threat doesn't prove that there is none." }</p> },
        ..Notice::default()
    }))
}

fn link(point: &RecoveryPoint, secondary: &Option<Region>, clocks: &Clocks) -> (AttrValue, AttrValue) {
    let place = RegionalId { id: point.id.clone(), secondary: secondary.clone() };
    let threats = if point.reports_threat() { ", a threat is reported" } else { "" };
    let words = format!("{}, {}{threats}", text::shown(point.time, clocks), words::consistency(&point.consistency));
    (Route::Form(place).hash().into(), words.into())
}

/// A point in a few words, for the next pages. These show reported threats beside it.
pub fn in_words(point: &RecoveryPoint, now: OffsetDateTime) -> Html {
    let (consistency, tier) = (words::consistency(&point.consistency), words::tier(point.tier()));
    let kind = format!(", {}, {}", consistency.to_ascii_lowercase(), tier.to_ascii_lowercase());
    html! { <>{ when_inline(point.time, now) }{ kind }</> }
}
