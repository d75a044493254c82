//! The timeline: days from left to right, a lane for each tier, a shape for each kind of point.
//!
//! It is a single stop of the tab key; the arrow keys move between the marks. A mark of one point leads to it, a mark of several
//! points filters the table below by its days.

pub mod columns;
pub mod mark;

use std::rc::Rc;

use time::{Date, OffsetDateTime};
use yew::prelude::*;

use columns::{Cell, Columns};
use mark::mark_of;

use crate::ui::kit::each;
use crate::ui::shared::Shared;
use crate::ui::translatable::translatable;

/// Width of a column and height of a lane in CSS pixels, large enough for a finger.
const COLUMN: i32 = 30;
const LANE: i32 = 32;
const AXIS: i32 = 24;
/// Width of a date on the axis, and the number of columns from one date to the next.
const DATE_WIDTH: i32 = 64;
const DATE_EVERY: usize = 3;

/// Where a point is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lane {
    /// As a snapshot beside the machine.
    Snapshot,
    /// In the vault.
    Vault,
    /// In the vault's archive.
    Archive,
    /// Azure does not say where.
    Unknown,
}

impl Lane {
    const ALL: [Self; 4] = [Self::Snapshot, Self::Vault, Self::Archive, Self::Unknown];

    const fn name(self) -> &'static str {
        match self {
            Self::Snapshot => "Snapshot",
            Self::Vault => "Vault",
            Self::Archive => "Archive",
            Self::Unknown => "Unknown",
        }
    }

    const fn key(self) -> &'static str {
        match self {
            Self::Snapshot => "snapshot",
            Self::Vault => "vault",
            Self::Archive => "archive",
            Self::Unknown => "unknown",
        }
    }
}

/// The kind of a point, the best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shape {
    /// A disc.
    Filled,
    /// A square.
    Square,
    /// A ring.
    Ring,
    /// A diamond.
    Diamond,
}

/// Some of the lanes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Lanes([bool; Lane::ALL.len()]);

impl Lanes {
    /// Whether a lane is one of them.
    pub const fn contains(self, lane: Lane) -> bool {
        self.0[lane as usize]
    }

    /// Whether there is none.
    pub fn is_empty(self) -> bool {
        self == Self::default()
    }
}

impl FromIterator<Lane> for Lanes {
    fn from_iter<T: IntoIterator<Item = Lane>>(lanes: T) -> Self {
        let mut some = Self::default();
        lanes.into_iter().for_each(|lane| some.0[lane as usize] = true);
        some
    }
}

/// One point. There may be a hundred thousand of them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mark {
    /// When.
    pub at: OffsetDateTime,
    /// Where it is kept.
    pub lanes: Lanes,
    /// Its kind.
    pub shape: Shape,
    /// Whether a threat is reported for it.
    pub threat: bool,
}

/// The properties of [`Timeline`].
#[derive(Clone, PartialEq, Properties)]
pub struct TimelineProps {
    /// Id of the figure's caption.
    pub caption_id: AttrValue,
    /// The title.
    pub title: AttrValue,
    /// The text alternative: how many, from when to when, where.
    pub summary: AttrValue,
    /// The points.
    pub marks: Shared<[Mark]>,
    /// The address of the point at this index, and its time and kind in words. Called only for marks of a single point.
    pub link: Callback<usize, (AttrValue, AttrValue)>,
    /// The days that the table shows.
    pub days: Option<(Date, Date)>,
    /// Receives the first and last day of a clicked mark that represents several points.
    pub on_days: Callback<(Date, Date)>,
    /// The legend.
    pub legend: Html,
}

/// The timeline.
#[component]
pub fn Timeline(props: &TimelineProps) -> Html {
    // The index of the mark that the tab key reaches; `None` = the newest.
    let reached = use_state_eq(|| None::<usize>);
    let here = *reached;
    translatable(picture(props, here, Callback::from(move |to| reached.set(Some(to)))))
}

fn picture(timeline: &TimelineProps, here: Option<usize>, go: Callback<usize>) -> Html {
    let TimelineProps { caption_id, title, summary, marks, days, legend, .. } = timeline;
    let Some(columns) = &Columns::of(marks) else { return Html::default() };
    let cells: Rc<[Cell]> = columns.cells(marks).into();
    let newest = cells.iter().enumerate().max_by_key(|(_, c)| c.column).map_or(0, |(index, _)| index);
    let current = here.filter(|index| *index < cells.len()).unwrap_or(newest);
    let lanes: Vec<Lane> = Lane::ALL.into_iter().filter(|lane| cells.iter().any(|c| c.lane == *lane)).collect();
    let row = |lane: Lane| lanes.iter().position(|l| *l == lane).unwrap_or(0) as i32;
    let (width, height) = (columns.count * COLUMN, lanes.len() as i32 * LANE + AXIS);

    let onkeydown = {
        let (cells, id) = (cells.clone(), caption_id.clone());
        Callback::from(move |e: KeyboardEvent| {
            if let Some(to) = neighbour(&cells, current, &e.key()) {
                e.prevent_default();
                go.emit(to);
                super::dom::focus(&e, &mark_id(&id, to));
            }
        })
    };
    let one = |(index, cell): (usize, &Cell)| {
        let place = (cell.column * COLUMN, row(cell.lane) * LANE);
        mark_of(cell, timeline, columns, place, mark_id(caption_id, index), index == current)
    };
    let band = days.map(|(from, to)| {
        let (from, to) = (columns.index(from).clamp(0, columns.count), (columns.index(to) + 1).clamp(0, columns.count));
        html! { <rect class="vmr-band" x={(from * COLUMN).to_string()} y="0" width={((to - from).max(0) * COLUMN).to_string()} height={height.to_string()} /> }
    });
    let room = |column: &i32| (column + 1) * COLUMN >= DATE_WIDTH;
    let dates = (0..columns.count).rev().step_by(DATE_EVERY).filter(room).map(|column| {
        let x = (column + 1) * COLUMN - 2;
        html! { <text x={x.to_string()} y={(height - 6).to_string()} text-anchor="end">{ columns.days(column).0.to_string() }</text> }
    });
    html! {
        <figure class="vmr-points" aria-labelledby={caption_id.clone()}>
            <figcaption class="vmr-panel-head"><h2 id={caption_id.clone()}>{ title }</h2>{ legend.clone() }</figcaption>
            <p class="vmr-muted">{ summary }</p>
            <div class="vmr-timeline">
                <svg width="64" height={height.to_string()} aria-hidden="true">
                    { each(lanes.iter().map(|lane| html! { <text class="vmr-lane" x="0" y={(row(*lane) * LANE + 20).to_string()}>{ lane.name() }</text> })) }
                </svg>
                <div class="vmr-scroll">
                    <svg width={width.to_string()} height={height.to_string()} role="group" aria-label={format!("{title}. Use the arrow keys to move between points")} {onkeydown}>
                        { each(band) }
                        { each(lanes.iter().map(|lane| { let y = ((row(*lane) + 1) * LANE).to_string(); html! { <path class="vmr-grid" d={format!("M0 {y}.5H{width}")} /> } })) }
                        <g aria-hidden="true">{ each(dates) }</g>
                        { each(cells.iter().enumerate().map(one)) }
                    </svg>
                </div>
            </div>
        </figure>
    }
}

fn mark_id(caption: &str, index: usize) -> String {
    format!("{caption}-mark-{index}")
}

/// The index of the mark that an arrow key leads to.
fn neighbour(cells: &[Cell], current: usize, key: &str) -> Option<usize> {
    let from = cells.get(current)?;
    let in_lane = |lane: Cell| cells.iter().position(|c| *c == lane);
    let nearest = |ahead: fn(Lane, Lane) -> bool| {
        let other = cells.iter().filter(|c| ahead(c.lane, from.lane));
        // The nearest lane first, in it the nearest column.
        other
            .min_by_key(|c| ((c.lane as i32 - from.lane as i32).abs(), (c.column - from.column).abs()))
            .cloned()
            .and_then(in_lane)
    };
    match key {
        "ArrowLeft" => current.checked_sub(1),
        "ArrowRight" => (current + 1 < cells.len()).then_some(current + 1),
        "ArrowUp" => nearest(|lane, from| lane < from),
        "ArrowDown" => nearest(|lane, from| lane > from),
        "Home" => Some(0),
        "End" => Some(cells.len() - 1),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
