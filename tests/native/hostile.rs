//! Answers that want to be more than text.

use bytes::Bytes;
use http::Response;
use serde_json::Value;
use time::Duration;
use vm_restore::app::msg::Msg;
use vm_restore::app::route::Route;
use vm_restore::restore::place::Place;
use vm_restore::restore::scenario::Scenario;
use vm_restore::ui::face;
use yew::prelude::*;

use crate::operator::{choose, open, page};
use crate::page::Page;

/// Closes an attribute and an element, and begins others.
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

/// Appends to every text that is shown.
fn spoil(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(spoil),
        Value::Object(members) => {
            for (key, member) in members {
                match member {
                    Value::String(text) if SHOWN.contains(&key.as_str()) => text.push_str(EVIL),
                    other => spoil(other),
                }
            }
        }
        _ => {}
    }
}

fn spoilt(answer: Response<Bytes>) -> Response<Bytes> {
    let Ok(mut value) = serde_json::from_slice(answer.body()) else { return answer };
    spoil(&mut value);
    answer.map(|_| value.to_string().into())
}

/// The page as a browser would receive it.
fn html(page: &Page) -> String {
    #[derive(Properties, PartialEq)]
    struct Props {
        html: Html,
    }
    #[component]
    fn Whole(props: &Props) -> Html {
        props.html.clone()
    }
    let html = face(&page.state, &Callback::noop());
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(yew::LocalServerRenderer::<Whole>::with_props(Props { html }).hydratable(false).render())
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

/// How often the text is shown; it is nothing but text.
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

fn hostile(vm: &str) -> (Page, Place) {
    let mut page = page();
    page.spoil = Box::new(|_, answer| answer.map(spoilt));
    page.say(Msg::Refresh);
    page.say(Msg::Disconnect);
    page.say(Msg::StartDemo);
    let point = open(&mut page, &format!("{vm}{EVIL}"));
    (page, point)
}

#[test]
fn texts_of_azure_are_text_on_every_page() {
    let (mut page, point) = hostile("fault-fails-late");
    choose(&mut page, &point, Scenario::RestoreDisks);
    let vault = point.vault().unwrap();
    let mut seen = 0;
    for route in [
        Route::Vms { subscription: None, vault: Some(vault.clone()) },
        Route::Points(point.item().unwrap()),
        Route::Form(point.clone()),
        Route::Review(point.clone()),
    ] {
        page.say(Msg::Go(route.clone()));
        seen += usize::from(shows(&page, &format!("{route:?}")) > 0);
    }
    page.start_restore();
    page.wait_until(Duration::hours(12), |s| s.restores.first().is_some_and(|r| !r.is_running()));
    for route in [Route::Restore(page.restore_id()), Route::Restores, Route::Jobs(Some(vault)), Route::Activity] {
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
