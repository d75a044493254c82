//! The filters of the list of machines, and its order where the page has no room for the heads of columns.

use yew::prelude::*;

use super::facet::{FacetFilter, chip};
use super::table::column_name;
use crate::app::fleet::view::FleetView;
use crate::app::fleet::{Column, Facet, Fleet};
use crate::ui::kit::dom::{chosen_of, focus};
use crate::ui::kit::icon::{Icon, icon};
use crate::ui::kit::{button, each};
use crate::ui::shared::Shared;
use crate::ui::translatable::translatable;

/// The id of the button that opens the filters where the page is narrow.
const OPEN: &str = "open-filters";
/// The id of the filters.
const FILTERS: &str = "filters";
/// The id of the order.
const SORT: &str = "sort";

/// The properties of [`Filters`].
#[derive(PartialEq, Properties)]
pub(super) struct FiltersProps {
    /// The machines.
    pub(super) fleet: Shared<Fleet>,
    /// How they are looked at, without the searched text: a key of the search renders nothing of this anew.
    pub(super) machines: FleetView,
    /// Receives another view, without the searched text.
    pub(super) on: Callback<FleetView>,
}

/// A chip for each facet, and one for each wanted value. On a phone, they are folded into a button, beside which the order is chosen.
#[component]
pub(super) fn Filters(FiltersProps { fleet, machines, on }: &FiltersProps) -> Html {
    let open = use_state_eq(|| false);
    let wanted = machines.filter.values.len();
    let said = if wanted == 0 { "Filters".to_owned() } else { format!("Filters ({wanted})") };
    let onclick = {
        let (open, now) = (open.setter(), *open);
        Callback::from(move |_: MouseEvent| open.set(!now))
    };
    let one = |facet: Facet| {
        let wanted: Vec<String> = machines.values(facet).map(str::to_owned).collect();
        let machines = machines.clone();
        let on = on.reform(move |(value, wanted): (String, bool)| machines.clone().with(facet, &value, wanted));
        html! { <FacetFilter key={facet.name()} {facet} fleet={fleet.clone()} {wanted} {on} /> }
    };
    // What removes a filter goes with it, so the focus has to go elsewhere.
    let show = |machines: FleetView| {
        let on = on.clone();
        Callback::from(move |e: MouseEvent| {
            focus(&e, FILTERS);
            on.emit(machines.clone());
        })
    };
    let chips = machines.filter.values.iter().map(|(facet, value)| {
        let fewer = machines.clone().with(*facet, value, false);
        chip(*facet, &fleet.label(*facet, value), show(fewer))
    });
    translatable(html! {
        <>
            <div class="vmr-filters-line">
                <button type="button" id={OPEN} aria-expanded={if *open { "true" } else { "false" }} aria-controls={FILTERS} {onclick}>{ said }{ icon(Icon::Open) }</button>
                <label for={SORT}>{ "Sort" }</label>
                { order(machines, on) }
            </div>
            <div id={FILTERS} class="vmr-filters" role="group" tabindex="-1" aria-label="Filters" data-open={open.then_some("")}>
                { each(Facet::ALL.into_iter().map(one)) }
                { each(chips) }
                if wanted > 0 { { button("Clear filters", "vmr-subtle", show(machines.clone().without_filters())) } }
            </div>
        </>
    })
}

/// The select of the order.
fn order(machines: &FleetView, on: &Callback<FleetView>) -> Html {
    let orders = || Column::ALL.into_iter().flat_map(|column| [(column, false), (column, true)]);
    let onchange = {
        let (machines, on) = (machines.clone(), on.clone());
        Callback::from(move |e: Event| {
            if let Some((sort, descending)) = chosen_of(&e).parse().ok().and_then(|nth| orders().nth(nth)) {
                on.emit(FleetView { sort, descending, ..machines.clone() });
            }
        })
    };
    let option = |(nth, order): (usize, (Column, bool))| {
        let way = match order {
            (Column::LatestPoint, false) => "oldest first",
            (Column::LatestPoint, true) => "most recent first",
            (_, false) => "A to Z",
            (_, true) => "Z to A",
        };
        let selected = order == (machines.sort, machines.descending);
        html! { <option value={nth.to_string()} {selected}>{ format!("{}, {way}", column_name(order.0)) }</option> }
    };
    html! { <select id={SORT} {onchange}>{ each(orders().enumerate().map(option)) }</select> }
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use super::*;
    use crate::ui::kit::test::html_of_component;

    fn shown(machines: FleetView) -> String {
        let fleet = Rc::new(Fleet::default()).into();
        html_of_component::<Filters>(FiltersProps { fleet, machines, on: Callback::noop() })
    }

    #[test]
    fn the_button_says_how_many_filters_are_on() {
        let none = shown(FleetView::default());
        assert!(none.contains("aria-controls=\"filters\">Filters<") && !none.contains("Clear filters"), "{none}");
        let one = shown(FleetView::only(Facet::Region, "westeurope"));
        assert!(one.contains(">Filters (1)<") && one.contains("Remove filter Region: westeurope"), "{one}");
        assert!(one.contains("Clear filters") && one.contains("aria-expanded=\"false\""), "{one}");
    }

    #[test]
    fn every_order_can_be_chosen_and_the_present_one_is() {
        let html = shown(FleetView::default().sorted_by(Column::LatestPoint));
        let options: Vec<&str> = html.split("<option").skip(1).collect();
        let selected: Vec<&&str> = options.iter().filter(|option| option.contains("selected")).collect();
        assert_eq!((options.len(), selected.len()), (2 * Column::ALL.len(), 1), "{html}");
        assert!(selected[0].contains("Latest recovery point, most recent first"), "{html}");
    }
}
