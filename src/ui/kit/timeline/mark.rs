//! A mark of the timeline: a link if it represents one point, a button if it represents several.

use yew::prelude::*;

use super::columns::{Cell, Columns};
use super::{COLUMN, LANE, Shape, TimelineProps};

/// The mark of `cell` at `place`, its upper left corner.
pub(super) fn mark_of(
    cell: &Cell,
    timeline: &TimelineProps,
    columns: &Columns,
    place: (i32, i32),
    id: String,
    reached: bool,
) -> Html {
    let TimelineProps { marks, link, on_days, .. } = timeline;
    let (x, y) = place;
    let Some(newest) = cell.marks.first().and_then(|&index| marks.get(index)) else { return Html::default() };
    let best = cell.marks.iter().filter_map(|&index| marks.get(index)).map(|m| m.shape).min().unwrap_or(newest.shape);
    let threats = cell.marks.iter().filter_map(|&index| marks.get(index)).filter(|m| m.threat).count();
    let tabindex = if reached { "0" } else { "-1" };
    let key = id.clone();
    let inner = |words: &str| {
        html! {
            <>
                <title>{ words.to_owned() }</title>
                <rect class="vmr-hit" x={(x + 1).to_string()} y={(y + 1).to_string()} width={(COLUMN - 2).to_string()} height={(LANE - 2).to_string()} rx="4" />
                { picture(best, cell.marks.len(), x, y) }
                if threats > 0 { { threat(x + COLUMN - 7, y + 7) } }
        </>
        }
    };
    if let [only] = cell.marks[..] {
        let (href, words) = link.emit(only);
        let words = format!("{words}, {}", cell.lane.name());
        return html! {
            <a {key} {id} class="vmr-point" data-tier={cell.lane.key()} {href} {tabindex} aria-label={words.clone()}>{ inner(&words) }</a>
        };
    }
    let (from, to) = columns.days(cell.column);
    let days = if from == to { from.to_string() } else { format!("{from} to {to}") };
    let reported = if threats > 0 { format!(", {threats} with a reported threat") } else { String::new() };
    let (n, lane) = (cell.marks.len(), cell.lane.name());
    let words = format!("{days}: {n} recovery points{reported}, {lane}. Select to filter the table");
    let onclick = on_days.reform(move |_: MouseEvent| (from, to));
    let onkeydown = {
        let on_days = on_days.clone();
        Callback::from(move |e: KeyboardEvent| {
            if matches!(e.key().as_str(), "Enter" | " ") {
                e.prevent_default();
                on_days.emit((from, to));
            }
        })
    };
    html! {
        <g {key} {id} class="vmr-point" data-tier={cell.lane.key()} role="button" {tabindex} aria-label={words.clone()} {onclick} {onkeydown}>{ inner(&words) }</g>
    }
}

/// A shape, with a number beside it if the mark represents several points; the best point gives the shape. From a hundred points
/// on there is room for the number only.
fn picture(best: Shape, count: usize, x: i32, y: i32) -> Html {
    let middle = y + LANE / 2;
    let number = |x: i32, anchor: &'static str, text: String| {
        html! { <text x={x.to_string()} y={(middle + 4).to_string()} text-anchor={anchor} aria-hidden="true">{ text }</text> }
    };
    match count {
        1 => shape(best, x + COLUMN / 2, middle),
        2..100 => html! { <>{ shape(best, x + 8, middle) }{ number(x + 15, "start", count.to_string()) }</> },
        _ => number(x + COLUMN / 2, "middle", "99+".to_owned()),
    }
}

/// A shape around its center, 10 px wide. Shapes can be told apart without color.
pub(super) fn shape(shape: Shape, x: i32, y: i32) -> Html {
    let open = matches!(shape, Shape::Ring).then_some("");
    let d = match shape {
        Shape::Filled | Shape::Ring => format!("M{} {y}a5 5 0 1 0 10 0a5 5 0 1 0-10 0", x - 5),
        Shape::Square => format!("M{} {}h9v9h-9z", x - 4, y - 4),
        Shape::Diamond => format!("M{x} {}l6 6l-6 6l-6-6z", y - 6),
    };
    html! { <path class="vmr-shape" data-open={open} stroke-width="2" {d} /> }
}

/// The sign of a reported threat around its center: a triangle, which no point has as its shape.
fn threat(x: i32, y: i32) -> Html {
    html! { <path class="vmr-threat" d={format!("M{x} {}l5 9h-10z", y - 5)} /> }
}

/// The sign alone, for the legend.
pub fn threat_icon() -> Html {
    html! { <svg class="vmr-key" width="14" height="14" aria-hidden="true">{ threat(7, 7) }</svg> }
}

/// The shape alone, for the legend.
pub fn shape_icon(of: Shape) -> Html {
    html! { <svg class="vmr-key" width="14" height="14" aria-hidden="true">{ shape(of, 7, 7) }</svg> }
}
