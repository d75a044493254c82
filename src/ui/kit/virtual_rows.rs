//! Of a long table, only the rows that are in sight are drawn, between two spaces as high as the others.

use gloo_events::{EventListener, EventListenerOptions};
use yew::prelude::*;

use super::dom::{self, TableInSight};
use super::each;
use crate::ui::translatable::translatable;

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
        Self { from: 0, to: 24, height: 55 }
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
        Self { from: row(seen.above).saturating_sub(AROUND), to: row(seen.below) + 3 * AROUND, height }
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
    use_effect_with((), move |&()| {
        let hear = |event: &'static str| {
            let look = look.clone();
            // Whatever scrolls around the table: the event does not bubble.
            let options = EventListenerOptions { phase: gloo_events::EventListenerPhase::Capture, passive: true };
            dom::window().map(|window| EventListener::new_with_options(&window, event, options, move |_| look()))
        };
        let listeners = [hear("scroll"), hear("resize")];
        move || drop(listeners)
    });
    *sight
}

/// Which rows of a table are drawn, and what keeps the one with the focus among them.
pub struct DrawnRows {
    sight: Sight,
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

/// Which rows are drawn of the table with this body. The row with the focus is drawn wherever it is, so that the focus does not fall to the page.
/// At first it is the one that `first` names.
#[hook]
pub fn use_drawn_rows(body: &NodeRef, count: usize, first: impl FnOnce() -> Option<usize>) -> DrawnRows {
    let sight = use_sight(body, count);
    let kept = use_state_eq(first);
    let onfocusin = {
        let kept = kept.setter();
        Callback::from(move |e: FocusEvent| kept.set(dom::row_index(&e).and_then(|row| row.checked_sub(2))))
    };
    let onfocusout = {
        let kept = kept.setter();
        Callback::from(move |_: FocusEvent| kept.set(None))
    };
    DrawnRows { sight, kept: *kept, onfocusin, onfocusout }
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
    /// Whether each row is a card where the page is narrow.
    #[prop_or_default]
    pub cards: bool,
    /// How many rows there are.
    pub count: usize,
    /// Makes a row: a [`long_row`].
    pub row: Callback<usize, Option<Html>>,
}

/// A table of any number of rows of one height, of which those in sight are drawn.
#[component]
pub fn LongTable(LongTableProps { caption, remark, heads, cards, count, row }: &LongTableProps) -> Html {
    let body = use_node_ref();
    let drawn = use_drawn_rows(&body, *count, || None);
    let class = classes!("vmr-long", cards.then_some("vmr-cards-when-narrow"));
    translatable(html! {
        <div class="vmr-table">
            <table {class} role="table" aria-label={*caption} aria-rowcount={(count + 1).to_string()}>
                <caption><strong>{ *caption }</strong>{ " " }{ remark.clone() }</caption>
                <thead role="rowgroup"><tr role="row" aria-rowindex="1">{ heads.clone() }</tr></thead>
                <tbody ref={body} role="rowgroup" onfocusin={drawn.onfocusin.clone()} onfocusout={drawn.onfocusout.clone()}>
                    { drawn.rows(*count, |at| row.emit(at)) }
                </tbody>
            </table>
        </div>
    })
}

/// A row of a [`LongTable`]: the header, whose link the whole row follows, and the cells, each with the name of its column. `key` identifies it
/// between renders: a button, or an open question about a row, must not become that of another one when the order changes.
pub fn long_row(key: &str, at: usize, head: Html, cells: Vec<(&'static str, Html)>) -> Html {
    let cells = cells.into_iter().map(|(name, cell)| html! { <td role="cell" data-name={name}>{ cell }</td> });
    html! { <tr {key} role="row" class="vmr-row-link" aria-rowindex={(at + 2).to_string()}><th scope="row" role="rowheader">{ head }</th>{ each(cells) }</tr> }
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
        assert_eq!(drawn(top, 10_000, None), (10_000, vec![Part::Gap(10_000 - 24)]));
        assert_eq!(top.parts(3, None), [0, 1, 2].map(Part::Row));
        let deep = Sight::of(seen(250_000, 250_900), Sight::default());
        assert_eq!(drawn(deep, 10_000, None), (10_000, vec![Part::Gap(4_996), Part::Gap(10_000 - 5_028)]));
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
        let row =
            Callback::from(|at: usize| (at < 500).then(|| long_row(&at.to_string(), at, html! { at }, Vec::new())));
        let heads = html! { <th>{ "Name" }</th> };
        let html = html_of(
            html! { <LongTable caption="Restores" remark={Html::default()} {heads} cards=true count=500 {row} /> },
        );
        assert!(html.contains("aria-rowcount=\"501\"") && html.contains("aria-rowindex=\"2\""), "{html}");
        assert_eq!((html.matches("vmr-row-link").count(), html.matches("vmr-gap").count()), (24, 1));
    }
}
