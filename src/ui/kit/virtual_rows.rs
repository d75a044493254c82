//! Of a long table, only the rows that are in sight are drawn, between two spaces as high as the others.

use std::cell::Cell;
use std::rc::Rc;

use gloo_events::{EventListener, EventListenerOptions};
use yew::prelude::*;

use super::dom::{self, TableInSight};
use super::each;
use crate::ui::text;
use crate::ui::translatable::translatable;

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
    /// The height of a row, in pixels.
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

    /// The row that stands for `rows` rows that are not drawn.
    pub fn gap(self, nth: usize, rows: usize) -> Html {
        let height = i32::try_from(rows).unwrap_or(i32::MAX).saturating_mul(self.height);
        // An SVG, because the page's policy allows no style attributes.
        html! { <tr key={format!("gap-{nth}")} class="vmr-gap" aria-hidden="true"><td><svg width="1" height={height.to_string()} /></td></tr> }
    }
}

/// Which rows of the table with this body are in sight. Rows that are drawn have `aria-rowindex`, and all have one height.
#[hook]
fn use_sight(body: &NodeRef, count: usize) -> Sight {
    let sight = use_state_eq(Sight::default);
    let (setter, measured) = (sight.setter(), *sight);
    let look = {
        let body = body.clone();
        move || {
            if let Some(seen) = dom::table_in_sight(&body) {
                setter.set(Sight::of(seen, measured));
            }
        }
    };
    use_effect_with(count, {
        let look = look.clone();
        move |_| look()
    });
    let setter = sight.setter();
    use_effect_with((), move |&()| {
        // Paper has other measures than the window, so the table is scrolled and resized while it is printed: that says nothing.
        let printing = Rc::new(Cell::new(false));
        let hear = |event: &'static str| {
            let (look, setter, printing) = (look.clone(), setter.clone(), printing.clone());
            // Whatever scrolls around the table: the event does not bubble.
            let options = EventListenerOptions { phase: gloo_events::EventListenerPhase::Capture, passive: true };
            let heard = move |_: &Event| {
                if matches!(event, "beforeprint" | "afterprint") {
                    printing.set(event == "beforeprint");
                }
                if event == "beforeprint" {
                    setter.set(Sight { from: 0, to: PRINTED, height: measured.height });
                } else if !printing.get() {
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
        let part = |(nth, part): (usize, Part)| match part {
            Part::Gap(rows) => Some(self.sight.gap(nth, rows)),
            Part::Row(at) => row(at),
        };
        each(self.sight.parts(count, self.kept).into_iter().enumerate().filter_map(part))
    }
}

/// Which rows are drawn of this table with this body. The row with the focus is drawn wherever it is, so that the focus does not fall to the page.
/// At first it is the one that `first` names. It is known again by what `name` gives, since rows come, go and change places: the rows must be keyed
/// by it, too. When the row with the focus goes, the table takes the focus.
#[hook]
pub fn use_drawn_rows(
    table: &NodeRef,
    body: &NodeRef,
    count: usize,
    first: impl FnOnce() -> Option<usize>,
    name: impl Fn(usize) -> Option<String> + Clone + 'static,
) -> DrawnRows {
    let sight = use_sight(body, count);
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
    DrawnRows { sight, kept: place, onfocusin, onfocusout }
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
}

/// A table of any number of rows of one height, of which those in sight are drawn. Where the page is narrow, each row is a card.
#[component]
pub fn LongTable(LongTableProps { caption, remark, heads, count, id, row }: &LongTableProps) -> Html {
    let (table, body) = (use_node_ref(), use_node_ref());
    let id = id.clone();
    let drawn = use_drawn_rows(&table, &body, *count, || None, move |at| id.emit(at));
    translatable(html! {
        <div class="vmr-table">
            <table ref={table} class="vmr-long vmr-cards-when-narrow" role="table" tabindex="-1" aria-label={*caption} aria-rowcount={(count + 1).to_string()}>
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
mod tests {
    use super::super::test::html_of;
    use super::*;

    fn drawn(sight: Sight, count: usize, kept: Option<usize>) -> (usize, Vec<Part>) {
        let parts = sight.parts(count, kept);
        let rows = parts.iter().map(|part| if let Part::Gap(rows) = part { *rows } else { 1 }).sum();
        let ends = |part: &&Part| matches!(part, Part::Gap(_));
        (rows, parts.iter().filter(ends).copied().collect())
    }

    #[test]
    fn the_rows_in_sight_and_some_around_them_are_drawn() {
        let seen = |above, below| TableInSight { above, below, row: Some(50) };
        let top = Sight::of(seen(-300, 600), Sight::default());
        assert_eq!(drawn(top, 10_000, None), (10_000, vec![Part::Gap(10_000 - 20)]));
        assert_eq!(top.parts(3, None), [0, 1, 2].map(Part::Row));
        let deep = Sight::of(seen(250_000, 250_900), Sight::default());
        assert_eq!(drawn(deep, 10_000, None), (10_000, vec![Part::Gap(4_996), Part::Gap(10_000 - 5_024)]));
        // A little further the same rows are drawn: nothing is rendered again.
        assert_eq!(Sight::of(seen(250_049, 250_949), deep), deep);
        assert!(Sight::of(seen(250_249, 251_149), deep) != deep);
    }

    #[test]
    fn the_row_with_the_focus_stays_wherever_the_table_is_scrolled_to() {
        let deep = Sight { from: 500, to: 540, height: 50 };
        let (rows, gaps) = drawn(deep, 1_000, Some(7));
        assert_eq!((rows, gaps), (1_000, vec![Part::Gap(7), Part::Gap(492), Part::Gap(460)]));
        assert_eq!(deep.parts(1_000, Some(510)), deep.parts(1_000, None));
        assert_eq!(deep.parts(1_000, Some(1_000)), deep.parts(1_000, None), "a row that is no more");
    }

    #[test]
    fn a_list_that_has_become_shorter_shows_its_end() {
        let deep = Sight { from: 500, to: 540, height: 50 };
        assert_eq!(drawn(deep, 100, None), (100, vec![Part::Gap(60)]));
        assert_eq!(deep.parts(2, None), [Part::Row(0), Part::Row(1)]);
        assert_eq!(deep.parts(0, None), []);
    }

    #[test]
    fn of_a_long_table_the_first_rows_are_drawn_and_all_are_counted() {
        let html = |count: usize| {
            let id = Callback::from(|at: usize| Some(at.to_string()));
            let row = Callback::from(|at: usize| {
                Some(long_row(&["Name", "State"], &at.to_string(), at, html! { at }, vec![html! { "Running" }]))
            });
            let heads = html! { <th>{ "Name" }</th> };
            html_of(html! { <LongTable caption="Restores" remark={Html::default()} {heads} {count} {id} {row} /> })
        };
        let long = html(500);
        assert!(long.contains("aria-rowcount=\"501\"") && long.contains("aria-rowindex=\"2\""), "{long}");
        assert!(long.contains("<td role=\"cell\" data-name=\"State\">Running</td>"), "{long}");
        assert_eq!((long.matches("vmr-row-link").count(), long.matches("vmr-gap").count()), (24, 1));
        assert!(!long.contains("vmr-printed"), "all of them are printed");
        assert!(html(2_001).contains("The first 2,000 of 2,001 rows are printed."));
    }
}
