//! The program reads the fleet: page by page, within the quota of Resource Graph, and from the lists where that is of no use.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Instant;

use arm_sim::{Simulator, TenantSize};
use azure_backup::arm::graph::Completeness;
use azure_backup::arm::id::ArmId;
use azure_backup::backup::fleet::MachineRow;
use http::{Response, StatusCode};
use time::Duration;
use vm_restore::app::fleet::status::{self, FleetStatus, GraphRows, NoGraph, Source};
use vm_restore::app::fleet::view::FleetView;
use vm_restore::app::fleet::{Column, Facet, Filter, Fleet};
use vm_restore::app::key::Key;
use vm_restore::app::msg::Msg;
use vm_restore::app::route::Route;
use vm_restore::restore::regional_id::RegionalId;

use crate::graph::{Azure, all};
use crate::operator::begin;
use crate::page::Page;

/// A page that is about to connect, and to read the fleet for its first screen.
fn page(size: TenantSize) -> Page {
    let mut page = Page::blank(Simulator::of_size(size, 7, begin()), begin());
    page.start(Route::Connect);
    page.hear(Msg::StartDemo);
    page
}

fn ask(page: &mut Page, key: &Key) {
    page.state.catalog.entry_mut(key).retry_at = Some(page.now);
    page.hear(Msg::Woke);
}

fn queries(page: &Page) -> usize {
    page.sent.iter().filter(|(_, path)| path.ends_with("/Microsoft.ResourceGraph/resources")).count()
}

fn read(page: &mut Page) {
    page.settle();
    page.wait_until(Duration::minutes(10), |state| !state.catalog.is_loading(&Key::Fleet));
}

#[test]
fn ten_thousand_machines_are_read_at_once_and_shown_from_the_first_page_on() {
    let mut page = page(TenantSize::Large);
    let mut shown = Vec::new();
    while page.step() {
        let rows = page.state.catalog.get::<GraphRows>(&Key::Fleet).map_or(0, |rows| rows.all().len());
        if shown.last() != Some(&rows) {
            shown.push(rows);
        }
    }
    assert_eq!(shown[..2], [0, 1_000], "the first answer has the first rows");
    assert_eq!((queries(&page), page.now), (12, begin()), "nothing waits");
    let status = FleetStatus::of(&page.state.catalog);
    assert!(!status.loading && !status.is_partial() && status.source == Source::Graph);
    let rows = status::rows(&page.state.catalog);
    assert_eq!(Some(rows.len() as u64), status.expected);
    assert_eq!(Fleet::of(&rows).rows().len(), rows.len());
    // The quota of this window is nearly spent: what is asked again waits for the next one.
    ask(&mut page, &Key::Fleet);
    read(&mut page);
    assert_eq!(queries(&page), 24);
    assert!(page.now >= begin() + Duration::seconds(5), "{}", page.now - begin());
}

#[test]
fn a_long_result_goes_on_where_it_was_when_the_quota_was_spent_by_others() {
    let mut page = page(TenantSize::Large);
    let count = Rc::new(Cell::new(0));
    let refused = count.clone();
    page.spoil = Box::new(move |request, answer| {
        if !request.uri().path().contains("Microsoft.ResourceGraph") {
            return answer;
        }
        count.set(count.get() + 1);
        if !matches!(count.get(), 3 | 4 | 9) {
            return answer;
        }
        let mut limited = Response::new(r#"{"error":{"code":"RateLimiting","message":"m","details":[]}}"#.into());
        *limited.status_mut() = StatusCode::TOO_MANY_REQUESTS;
        limited.headers_mut().insert("x-ms-user-quota-resets-after", "00:00:03".parse().unwrap());
        Ok(limited)
    });
    read(&mut page);
    let rows = page.state.catalog.get::<GraphRows>(&Key::Fleet).unwrap();
    assert_eq!((rows.completeness(), refused.get()), (Completeness::Whole, 12 + 3), "no page was read twice");
    let waited = page.now - begin();
    assert!((Duration::seconds(3 + 6 + 3)..Duration::seconds(20)).contains(&waited), "{waited}");
}

#[test]
fn a_quota_that_stays_spent_is_a_fault_and_what_came_is_shown_as_a_part() {
    let mut page = page(TenantSize::Demo);
    let mut count = 0;
    page.spoil = Box::new(move |request, answer| {
        count += usize::from(request.uri().path().contains("Microsoft.ResourceGraph"));
        if count < 3 {
            return answer;
        }
        let mut limited = Response::new("{}".into());
        *limited.status_mut() = StatusCode::TOO_MANY_REQUESTS;
        Ok(limited)
    });
    page.settle();
    page.wait_until(Duration::minutes(60), |state| !state.catalog.is_loading(&Key::Fleet));
    let status = FleetStatus::of(&page.state.catalog);
    assert!(page.state.catalog.fault(&Key::Fleet).is_some_and(|fault| fault.is_throttled()));
    assert_eq!((status.source, status.loading), (Source::Graph, false));
    assert_eq!(status.missing + status::rows(&page.state.catalog).len() as u64, status.expected.unwrap());
    assert!(status.is_partial());
}

#[test]
fn where_the_graph_is_denied_the_lists_tell_the_same_machines() {
    let mut page = page(TenantSize::Demo);
    read(&mut page);
    let of_graph = status::rows(&page.state.catalog);
    page.simulator.set_graph_denied(true);
    *page.state.catalog.entry_mut(&Key::Fleet) = Default::default();
    ask(&mut page, &Key::Fleet);
    read(&mut page);
    assert_eq!(FleetStatus::of(&page.state.catalog).source, Source::Lists(NoGraph::Denied));
    page.wait_until(Duration::minutes(30), |state| state.catalog.next_retry().is_none());
    let status = FleetStatus::of(&page.state.catalog);
    let of_lists = status::rows(&page.state.catalog);
    assert!(!status.loading, "{status:?}");
    // A region that is down: its vault has no list, and the page says so.
    let unread: Vec<_> = status.unread.iter().map(|(key, _)| key.clone()).collect();
    assert!(
        matches!(&unread[..], [Key::Items(denied), Key::Items(down)] if denied.name() == "fault-vault-denied" && down.name() == "fault-vault-region-down"),
        "{unread:?}"
    );
    let mut ids: Vec<_> = of_lists.iter().map(|row| row.id.clone()).collect();
    let mut expected: Vec<_> = of_graph.iter().map(|row| row.id.clone()).collect();
    expected.retain(|id| id.segment_after("vaults") != Some("fault-vault-region-down"));
    ids.sort();
    expected.sort();
    assert_eq!(ids, expected);
}

#[test]
fn a_refresh_keeps_the_lists_until_the_graph_has_answered() {
    let mut page = page(TenantSize::Demo);
    page.simulator.set_graph_denied(true);
    read(&mut page);
    page.wait_until(Duration::minutes(30), |state| state.catalog.next_retry().is_none());
    let before = status::rows(&page.state.catalog).len();
    assert!(before > 0);
    page.hear(Msg::Refresh);
    while page.step() {
        let status = FleetStatus::of(&page.state.catalog);
        assert_eq!(status.source, Source::Lists(NoGraph::Denied));
        assert_eq!(status::rows(&page.state.catalog).len(), before);
    }
    // Once it answers, its rows are shown.
    page.simulator.set_graph_denied(false);
    page.say(Msg::Refresh);
    assert_eq!(FleetStatus::of(&page.state.catalog).source, Source::Graph);
}

#[test]
fn the_first_screen_asks_nothing_but_the_graph_and_a_machine_is_read_when_it_is_opened() {
    let mut page = page(TenantSize::Demo);
    read(&mut page);
    assert_eq!(page.sent.len(), queries(&page), "{:?}", page.sent);
    let row = status::rows(&page.state.catalog).into_iter().find(|row| row.name == "web-01").unwrap();
    let place = RegionalId::from(row.id.clone());
    assert!(page.state.item(&place).is_none(), "nothing rests on what the graph says");
    assert_eq!(page.state.machine_name(&place).as_deref(), Some("web-01"));
    page.say(Msg::Go(Route::Points(place.clone())));
    let own = row.id.as_str().replace(';', "%3B");
    assert!(page.sent.contains(&("GET".to_owned(), own)), "{:?}", page.sent);
    assert!(page.state.item(&place).is_some() && !page.state.is_gone(&place));
    // A machine that the graph still lists and its vault no longer has.
    let gone = RegionalId::from(ArmId::parse(&row.id.as_str().replace("web-01", "gone-since")).unwrap());
    page.say(Msg::Go(Route::Points(gone.clone())));
    assert!(page.state.is_gone(&gone));
    page.say(Msg::Go(Route::Points(place.clone())));
    assert!(!page.state.is_gone(&place));
}

#[test]
fn what_the_list_is_searched_by_is_the_place_itself() {
    let mut page = page(TenantSize::Demo);
    read(&mut page);
    page.say(Msg::ShowDeletedVaults);
    let mut view = FleetView::default().with(Facet::Region, "westeurope", true).sorted_by(Column::LatestPoint);
    view.filter.text = "web ".to_owned();
    page.say(Msg::ShowMachines(view.clone()));
    assert_eq!(page.state.route, Route::Vms(view.clone()));
    assert!(page.state.view.deleted_vaults, "what else the page shows stays");
    // Of a page without this list, nothing is changed.
    page.say(Msg::Go(Route::Activity));
    page.say(Msg::ShowMachines(FleetView::default()));
    assert_eq!((&page.state.route, &page.state.machines_left), (&Route::Activity, &(view.clone(), None)));
    // The machine that was opened is where one comes back to.
    page.say(Msg::Go(Route::Vms(view.clone())));
    let row = status::rows(&page.state.catalog).remove(0);
    page.say(Msg::Go(Route::Points(row.id.clone().into())));
    assert_eq!(page.state.machines_left, (view, Some(row.id.clone())));
    page.say(Msg::Disconnect);
    assert_eq!(page.state.machines_left, Default::default(), "another account starts anew");
}

/// A key press has 16 ms to be on the screen, most of which drawing needs. Compiled without optimizations it takes many times as long.
#[test]
fn a_key_press_searches_ten_thousand_machines_in_time() {
    let rows = Azure::new(TenantSize::Large).query(&all()).unwrap();
    let rows: Vec<Rc<MachineRow>> = rows.all().iter().cloned().map(Rc::new).collect();
    let begun = Instant::now();
    let fleet = Fleet::of(&rows);
    println!("index of {} rows: {:?}", rows.len(), begun.elapsed());
    let begun = Instant::now();
    let order = fleet.order(Column::LatestPoint, true);
    println!("order: {:?}", begun.elapsed());
    let budget = std::time::Duration::from_millis(if cfg!(debug_assertions) { 100 } else { 2 });
    let text = |text: &str| Filter { text: text.to_owned(), values: Vec::new() };
    let vaults = fleet.values(Facet::Vault).into_iter().map(|value| (Facet::Vault, value.key.clone())).take(50);
    let some_vaults = Filter { text: "or".to_owned(), values: vaults.collect() };
    for filter in [text("o"), text("x"), text("web 04"), text("orders-db-01"), text("nowhere to be found"), some_vaults]
    {
        let mut times: Vec<_> = (0..15)
            .map(|_| {
                let begun = Instant::now();
                std::hint::black_box(fleet.find(&filter, &order));
                begun.elapsed()
            })
            .collect();
        times.sort();
        println!("{:?}: {:?}, {} found", filter.text, times[7], fleet.find(&filter, &order).len());
        assert!(times[7] < budget, "{:?} takes {:?}", filter.text, times[7]);
    }
}
