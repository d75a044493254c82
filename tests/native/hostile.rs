//! Answers that want to be more than text.

use std::rc::Rc;

use bytes::Bytes;
use http::Response;
use serde_json::Value;
use time::Duration;
use vm_restore::app::fleet::Facet;
use vm_restore::app::fleet::view::FleetView;
use vm_restore::app::msg::Msg;
use vm_restore::app::route::Route;
use vm_restore::restore::regional_id::RegionalId;
use vm_restore::restore::scenario::Scenario;
use vm_restore::ui::App;
use vm_restore::ui::pages::{PageContext, PageProps};
use yew::prelude::*;

use crate::operator::{choose, open, page};
use crate::page::Page;

/// Closes an attribute and an element, and opens others.
const EVIL: &str = "\"'><img src=x onerror=alert(1)><script>alert(2)</script>";
/// Members whose text the page shows.
const SHOWN: [&str; 8] = [
    "friendlyName",
    "displayName",
    "message",
    "code",
    "entityFriendlyName",
    "errorString",
    "dynamicErrorMessage",
    "taskId",
];

/// Names that the page shows: labels, and the names of resources with a place.
const NAMES: [&str; 3] = ["friendlyName", "displayName", "entityFriendlyName"];

/// Appends `evil` to every text for which `shown` is true; `shown` gets the member's name and its siblings.
fn spoil(value: &mut Value, evil: &str, shown: &dyn Fn(&str, bool) -> bool) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| spoil(item, evil, shown)),
        Value::Object(members) => {
            let placed = members.contains_key("location");
            for (key, member) in members {
                match member {
                    Value::String(text) if shown(key, placed) => text.push_str(evil),
                    other => spoil(other, evil, shown),
                }
            }
        }
        _ => {}
    }
}

fn spoilt(answer: Response<Bytes>, evil: &str, shown: &dyn Fn(&str, bool) -> bool) -> Response<Bytes> {
    let Ok(mut value) = serde_json::from_slice(answer.body()) else { return answer };
    spoil(&mut value, evil, shown);
    answer.map(|_| value.to_string().into())
}

/// The page as a browser would receive it.
fn html(page: &Page) -> String {
    let view = PageContext { state: Rc::new(page.state.clone()).into(), dispatch: Callback::noop() };
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(yew::LocalServerRenderer::<App>::with_props(PageProps { view }).hydratable(false).render())
}

/// The tags, without what stands in quotes.
fn tags(html: &str) -> Vec<String> {
    let (mut found, mut tag, mut quoted) = (Vec::new(), None::<String>, false);
    for c in html.chars() {
        match (&mut tag, c) {
            (None, '<') => tag = Some("<".to_owned()),
            (None, _) => {}
            (Some(_), '"') => quoted = !quoted,
            (Some(_), '>') if !quoted => found.extend(tag.take()),
            (Some(text), c) if !quoted => text.push(c),
            _ => {}
        }
    }
    assert!(tag.is_none() && found.len() > 20);
    found
}

/// How often the text is shown, always as text only.
fn shows(page: &Page, told: &str) -> usize {
    let html = html(page);
    for tag in tags(&html) {
        assert!(
            !["<img", "<script"].iter().any(|begin| tag.starts_with(begin)) && !tag.contains("onerror"),
            "{told}: {tag}"
        );
    }
    html.matches("&lt;img src=x").count()
}

fn hostile(vm: &str) -> (Page, RegionalId) {
    opened(vm, EVIL, |key, _| SHOWN.contains(&key))
}

/// The page of the machine's newest recovery point, with `evil` at the end of the texts that `shown` says so of.
fn opened(vm: &str, evil: &'static str, shown: fn(&str, bool) -> bool) -> (Page, RegionalId) {
    let mut page = page();
    page.spoil = Box::new(move |_, answer| answer.map(|answer| spoilt(answer, evil, &shown)));
    page.say(Msg::Refresh);
    page.say(Msg::Disconnect);
    page.say(Msg::StartDemo);
    let point = open(&mut page, &format!("{vm}{evil}"));
    (page, point)
}

#[test]
fn texts_of_azure_are_text_on_every_page() {
    let (mut page, point) = hostile("fault-fails-late");
    choose(&mut page, &point, Scenario::RestoreDisks);
    let vault = point.vault().unwrap();
    let mut seen = 0;
    for route in [
        Route::Vms(FleetView::only(Facet::Vault, vault.as_str())),
        Route::Points(point.item().unwrap()),
        Route::Form(point.clone()),
        Route::Review(point.clone()),
    ] {
        page.say(Msg::Go(route.clone()));
        seen += usize::from(shows(&page, &format!("{route:?}")) > 0);
    }
    page.start_restore();
    page.wait_until(Duration::hours(12), |s| s.restores.first().is_some_and(|r| !r.is_running()));
    for route in [Route::Restore(page.restore_id()), Route::restores(), Route::jobs(Some(vault)), Route::Activity] {
        page.say(Msg::Go(route.clone()));
        seen += usize::from(shows(&page, &format!("{route:?}")) > 0);
    }
    assert!(seen >= 6, "the text is shown on {seen} pages only");
}

#[test]
fn a_refusal_in_hostile_words_is_text() {
    let (mut page, point) = hostile("fault-refused");
    choose(&mut page, &point, Scenario::RestoreDisks);
    page.start_restore();
    page.say(Msg::Go(Route::Restore(page.restore_id())));
    assert!(shows(&page, "refused") > 0);
}

/// Changes the direction, has no width, contains the quotation marks of sentences, and a blank that is not a space.
const UNSEEN: &str = "\u{202e}\u{200b}`\u{a0}";
/// The same as the page shows it.
const SEEN: &str = "⟨U+202E⟩⟨U+200B⟩`⟨U+00A0⟩";

/// Finds the names in `html`: each is complete and isolates its direction.
fn names_shown(html: &str, told: &str) -> usize {
    // Every text stands in such an element, for translators of the page.
    let html = &html.replace("<vmr-text>", "").replace("</vmr-text>", "");
    let options = html.split("<option").skip(1).map(|option| option.split("</option>").next().unwrap());
    let own = |c: char| matches!(c, '\u{2068}' | '\u{2069}');
    let kept_apart = options.map(|option| option.matches(own).count()).sum::<usize>();
    for c in html.chars().filter(|c| !own(*c)) {
        assert_eq!(vm_restore::restore::visible::visible(&c.to_string()), c.to_string(), "{told}");
    }
    assert_eq!(html.matches(own).count(), kept_apart, "{told}: marks of direction stand in lists alone");
    let places: Vec<(usize, &str)> = html.match_indices(SEEN).collect();
    assert_eq!(places.len(), html.matches("U+202E").count(), "{told}: a character of a name was lost");
    for (at, name) in &places {
        let (before, after) = (&html[..*at], &html[at + name.len()..]);
        let of_element =
            before.rsplit_once('<').is_some_and(|(_, tag)| tag.starts_with("bdi")) && after.starts_with("</bdi>");
        let of_list = before.rsplit_once('\u{2068}').is_some_and(|(_, within)| !within.contains('\u{2069}'));
        let of_attribute = |name: &str| before.rsplit_once(name).is_some_and(|(_, within)| !within.contains('"'));
        let of_label = of_attribute(" aria-label=\"") || of_attribute(" title=\"");
        assert!(of_element || of_list || of_label, "{told}: …{}", &before[before.len().saturating_sub(200)..]);
    }
    places.len()
}

#[test]
fn a_name_hides_nothing_and_turns_nothing_around_on_every_page() {
    let (mut page, point) =
        opened("fault-fails-late", UNSEEN, |key, placed| NAMES.contains(&key) || key == "name" && placed);
    choose(&mut page, &point, Scenario::RestoreDisks);
    let vault = point.vault().unwrap();
    let mut pages = 0;
    let mut look = |page: &mut Page, route: Route| {
        page.say(Msg::Go(route.clone()));
        let shown = names_shown(&html(page), &format!("{route:?}"));
        pages += usize::from(shown > 0);
        shown
    };
    assert!(look(&mut page, Route::Vms(FleetView::only(Facet::Vault, vault.as_str()))) > 20);
    for route in [Route::Points(point.item().unwrap()), Route::Form(point.clone()), Route::Review(point.clone())] {
        look(&mut page, route);
    }
    page.start_restore();
    page.wait_until(Duration::hours(12), |s| s.restores.first().is_some_and(|r| !r.is_running()));
    for route in [Route::Restore(page.restore_id()), Route::restores(), Route::jobs(Some(vault))] {
        look(&mut page, route);
    }
    assert!(pages >= 5, "such names are shown on {pages} pages only");
}
