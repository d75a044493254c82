//! Of a long table, only the rows that are in sight are drawn, between two spaces as high as the others.

mod heights;

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use gloo_events::{EventListener, EventListenerOptions};
use yew::prelude::*;

use super::dom::{self, TableInSight};
use super::each;
use crate::ui::text;
use crate::ui::translatable::translatable;
use heights::Heights;

/// So many rows of a list are printed. To draw more takes longer than anybody waits for the print dialog.
const PRINTED: usize = 2_000;
/// Of a list with more rows, some are never in sight, and the browser's own search does not find them.
const IN_SIGHT: usize = 24;

/// So many rows are drawn before and after those in sight, and so many at once when the table is scrolled.
const AROUND: usize = 4;

/// Which rows are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sight {
    from: usize,
    to: usize,
    /// The height of a row, in pixels. Where heights differ, that of all rows before those in sight, so that the spaces are drawn anew when it changes.
    height: i32,
}

impl Default for Sight {
    /// Before anything was measured.
    fn default() -> Self {
        Self { from: 0, to: IN_SIGHT, height: 55 }
    }
}

/// A part of the table's body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// A row, by its index.
    Row(usize),
    /// Rows that are not drawn.
    Gap(usize),
}

impl Sight {
    fn of(seen: TableInSight, before: Self) -> Self {
        let height = seen.row.filter(|height| *height > 0).unwrap_or(before.height);
        let row = |pixels: i32| usize::try_from(pixels / height).unwrap_or(0) / AROUND * AROUND;
        Self { from: row(seen.above).saturating_sub(AROUND), to: row(seen.below) + 2 * AROUND, height }
    }

    /// The same of rows whose heights differ.
    fn of_rows(seen: TableInSight, heights: &Heights) -> Self {
        let row = |pixels: i32| heights.row_at(pixels) / AROUND * AROUND;
        let from = row(seen.above).saturating_sub(AROUND);
        Self { from, to: row(seen.below) + 3 * AROUND, height: heights.of_rows(0, from + AROUND) }
    }

    /// What a body of `count` rows is made of. The row `kept`, which has the focus, is drawn wherever it is.
    pub fn parts(self, count: usize, kept: Option<usize>) -> Vec<Part> {
        // A list that has become shorter has its last rows in sight.
        let to = self.to.min(count);
        let from = self.from.min(to.saturating_sub(self.to - self.from));
        let kept = kept.filter(|row| *row < count && !(from..to).contains(row));
        let mut rows: Vec<usize> = (from..to).chain(kept).collect();
        rows.sort_unstable();
        let (mut parts, mut next) = (Vec::new(), 0);
        let gap = |parts: &mut Vec<Part>, next: usize, row: usize| {
            if row > next {
                parts.push(Part::Gap(row - next));
            }
        };
        for row in rows {
            gap(&mut parts, next, row);
            parts.push(Part::Row(row));
            next = row + 1;
        }
        gap(&mut parts, next, count);
        parts
    }

    /// How high so many rows are together, where all have one height.
    fn of_one_height(self, rows: usize) -> i32 {
        i32::try_from(rows).unwrap_or(i32::MAX).saturating_mul(self.height)
    }

    /// The row that stands for rows that are not drawn and are so high together.
    fn gap(nth: usize, height: i32) -> Html {
        // An SVG, because the page's policy allows no style attributes.
        html! { <tr key={format!("gap-{nth}")} class="vmr-gap" aria-hidden="true"><td><svg width="1" height={height.to_string()} /></td></tr> }
    }
}

/// What is known of the heights of a table's rows; none where all have one.
type RowHeights = Option<Rc<RefCell<Heights>>>;

/// Which rows of the table with this body are in sight. Rows that are drawn have `aria-rowindex`.
#[hook]
fn use_sight(body: &NodeRef, count: usize, heights: &RowHeights) -> Sight {
    let sight = use_state_eq(Sight::default);
    let (setter, measured) = (sight.setter(), *sight);
    let look = {
        let (body, heights) = (body.clone(), heights.clone());
        move || {
            let Some(seen) = dom::table_in_sight(&body) else { return };
            setter.set(match &heights {
                None => Sight::of(seen, measured),
                Some(heights) => {
                    heights.borrow_mut().measure(&dom::heights_of_rows(&body));
                    Sight::of_rows(seen, &heights.borrow())
                }
            });
        }
    };
    use_effect_with(count, {
        let (look, heights) = (look.clone(), heights.clone());
        move |_| {
            forget(&heights);
            look();
        }
    });
    let heights = heights.clone();
    let setter = sight.setter();
    use_effect_with((), move |&()| {
        // Paper has other measures than the window, so the table is scrolled and resized while it is printed: that says nothing.
        let printing = Rc::new(Cell::new(false));
        let hear = |event: &'static str| {
            let (look, setter, printing) = (look.clone(), setter.clone(), printing.clone());
            let heights = heights.clone();
            // Whatever scrolls around the table: the event does not bubble.
            let options = EventListenerOptions { phase: gloo_events::EventListenerPhase::Capture, passive: true };
            let heard = move |_: &Event| {
                if matches!(event, "beforeprint" | "afterprint") {
                    printing.set(event == "beforeprint");
                }
                if event == "beforeprint" {
                    setter.set(Sight { from: 0, to: PRINTED, height: measured.height });
                } else if !printing.get() {
                    if event == "resize" {
                        forget(&heights);
                    }
                    look();
                }
            };
            dom::window().map(|window| EventListener::new_with_options(&window, event, options, heard))
        };
        let listeners = ["scroll", "resize", "beforeprint", "afterprint"].map(hear);
        move || drop(listeners)
    });
    *sight
}

fn forget(heights: &RowHeights) {
    if let Some(heights) = heights {
        heights.borrow_mut().forget();
    }
}

/// Stands on paper alone: that not all of so many rows are printed.
pub fn print_limit(count: usize) -> Option<Html> {
    (count > PRINTED).then(|| {
        let (printed, all) = (text::thousands(PRINTED), text::thousands(count));
        html! { <p class="vmr-printed">{ format!("The first {printed} of {all} rows are printed. Narrow the list to print others.") }</p> }
    })
}

/// What the search of a list of so many rows has ahead of the browser's own.
pub fn find_limit(count: usize) -> Option<AttrValue> {
    (count > IN_SIGHT).then(|| "Searches all rows. Your browser's own search finds only rows in view.".into())
}

/// Which rows of a table are drawn, and what keeps the one with the focus among them.
pub struct DrawnRows {
    sight: Sight,
    heights: RowHeights,
    /// The row that has the focus, or had it until the last rendering took it away.
    kept: Option<usize>,
    /// For the body of the table.
    pub onfocusin: Callback<FocusEvent>,
    /// For the body of the table.
    pub onfocusout: Callback<FocusEvent>,
}

impl DrawnRows {
    /// The rows in sight, each made by `row`, and the spaces between them.
    pub fn rows(&self, count: usize, row: impl Fn(usize) -> Option<Html>) -> Html {
        let mut next = 0;
        let part = |(nth, part): (usize, Part)| match part {
            Part::Gap(rows) => {
                let height = match &self.heights {
                    None => self.sight.of_one_height(rows),
                    Some(heights) => heights.borrow().of_rows(next, rows),
                };
                next += rows;
                Some(Sight::gap(nth, height))
            }
            Part::Row(at) => {
                next = at + 1;
                row(at)
            }
        };
        each(self.sight.parts(count, self.kept).into_iter().enumerate().filter_map(part))
    }
}

/// Which rows are drawn of this table with this body. The row with the focus is drawn wherever it is, so that the focus does not fall to the page.
/// At first it is the one that `first` names. It is known again by what `name` gives, since rows come, go and change places: the rows must be keyed
/// by it, too. When the row with the focus goes, the table takes the focus.
/// `rows` = how many there are, and whether their heights differ.
#[hook]
pub fn use_drawn_rows(
    table: &NodeRef,
    body: &NodeRef,
    rows: (usize, bool),
    first: impl FnOnce() -> Option<usize>,
    name: impl Fn(usize) -> Option<String> + Clone + 'static,
) -> DrawnRows {
    let (count, tall) = rows;
    let heights = use_mut_ref(Heights::default);
    let heights = tall.then_some(heights);
    let sight = use_sight(body, count, &heights);
    let kept = use_state_eq(|| first().map(|at| (at, name(at))));
    // A rendering that moves or removes what has the focus takes the focus away, too, and gives it back when it is done. Yew may let the browser do
    // other work in between, so whatever leaves until then has not been left by the operator.
    let is_rendering: Rc<Cell<bool>> = use_memo((), |&()| Cell::new(true));
    is_rendering.set(true);
    let control = use_mut_ref(|| None);
    let onfocusin = {
        let (kept, control, name) = (kept.setter(), control.clone(), name.clone());
        Callback::from(move |e: FocusEvent| {
            *control.borrow_mut() = e.target_dyn_into();
            kept.set(dom::row_index(&e).and_then(|row| row.checked_sub(2)).map(|at| (at, name(at))));
        })
    };
    let onfocusout = {
        let (kept, body, is_rendering) = (kept.setter(), body.clone(), is_rendering.clone());
        Callback::from(move |e: FocusEvent| {
            if !is_rendering.get() && !dom::focus_stays_in(&body, &e) {
                kept.set(None);
            }
        })
    };
    let place = kept.as_ref().and_then(|(at, known)| {
        let is_it = |at: &usize| name(*at) == *known;
        Some(*at).filter(is_it).or_else(|| (0..count).find(is_it))
    });
    let gone = kept.is_some() && place.is_none();
    use_effect({
        let (table, body) = (table.clone(), body.clone());
        move || {
            is_rendering.set(false);
            // What takes the focus is written into the same cell at once.
            let control = control.borrow().clone();
            match place {
                Some(at) => dom::focus_row_again(&body, at + 2, control.as_ref()),
                None if gone => dom::focus_again(&table),
                None => {}
            }
        }
    });
    DrawnRows { sight, heights, kept: place, onfocusin, onfocusout }
}

/// The properties of [`LongTable`].
#[derive(PartialEq, Properties)]
pub struct LongTableProps {
    /// The name of the table.
    pub caption: &'static str,
    /// Stands beside it.
    pub remark: Html,
    /// `th` elements.
    pub heads: Html,
    /// How many rows there are.
    pub count: usize,
    /// What a row is known by.
    pub id: Callback<usize, Option<String>>,
    /// Makes a row: a [`long_row`].
    pub row: Callback<usize, Option<Html>>,
    /// Whether rows are as high as what is in them, rather than all of one height.
    #[prop_or_default]
    pub tall: bool,
}

/// A table of any number of rows, of which those in sight are drawn. Where the page is narrow, each row is a card.
#[component]
pub fn LongTable(LongTableProps { caption, remark, heads, count, id, row, tall }: &LongTableProps) -> Html {
    let (table, body) = (use_node_ref(), use_node_ref());
    let id = id.clone();
    let drawn = use_drawn_rows(&table, &body, (*count, *tall), || None, move |at| id.emit(at));
    let class = classes!(if *tall { "vmr-tall" } else { "vmr-long" }, "vmr-cards-when-narrow");
    translatable(html! {
        <div class="vmr-table">
            <table ref={table} {class} role="table" tabindex="-1" aria-label={*caption} aria-rowcount={(count + 1).to_string()}>
                <caption><strong>{ *caption }</strong>{ " " }{ remark.clone() }</caption>
                <thead role="rowgroup"><tr role="row" aria-rowindex="1">{ heads.clone() }</tr></thead>
                <tbody ref={body} role="rowgroup" onfocusin={drawn.onfocusin.clone()} onfocusout={drawn.onfocusout.clone()}>
                    { drawn.rows(*count, |at| row.emit(at)) }
                </tbody>
            </table>
            { each(print_limit(*count)) }
        </div>
    })
}

/// A row of a [`LongTable`]: the header, whose link the whole row follows, and the cells. `heads` are those of all columns. `id` identifies the row
/// between renders: a button, or an open question about a row, must not become that of another one when the order changes.
pub fn long_row(heads: &[&'static str], id: &str, at: usize, head: Html, cells: Vec<Html>) -> Html {
    let cells = heads.iter().skip(1).zip(cells);
    let cells = cells.map(|(name, cell)| html! { <td role="cell" data-name={*name}>{ cell }</td> });
    html! { <tr key={id} role="row" class="vmr-row-link" aria-rowindex={(at + 2).to_string()}><th scope="row" role="rowheader">{ head }</th>{ each(cells) }</tr> }
}

#[cfg(test)]
mod tests;
