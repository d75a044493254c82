//! The app: what surrounds every page (banner, steps, notices, announcements), and the page itself.

use yew::prelude::*;

use super::fault::{SupportLine, details_of, details_text, fault_notice};
use super::kit::dom::chosen_of;
use super::kit::heading::PAGE_TITLE;
use super::kit::icon::{Icon, icon};
use super::kit::notice::{Notice, Voice, notice};
use super::kit::steps::{Step, Steps};
use super::kit::{Tone, button};
use super::pages::account::{leave, tenant_name};
use super::pages::region_banner::region_banner;
use super::pages::{Page, PageContext, PageProps};
use super::text;
use super::translatable::translatable;
use crate::app::config::Support;
use crate::app::env::DEMO_RATE;
use crate::app::local_time::Clocks;
use crate::app::msg::Msg;
use crate::app::route::Route;
use crate::app::session::{DemoRole, Session};
use crate::app::sign_in::Interaction;
use crate::app::state::State;
use crate::restore::regional_id::RegionalId;
use crate::ui::kit::each;

/// The whole page, in the time zone that the operator has chosen. Errors in it take the support from the context.
#[component]
pub fn App(PageProps { view }: &PageProps) -> Html {
    let context = view.state.clocks();
    translatable(html! {
        <ContextProvider<Clocks> {context}>
            <ContextProvider<Support> context={view.state.config.support.clone()}><Frame view={view.clone()} /></ContextProvider<Support>>
        </ContextProvider<Clocks>>
    })
}

/// What is on every page, and the page of the present route.
#[component]
fn Frame(PageProps { view }: &PageProps) -> Html {
    let copied = view.state.copied;
    // A screen on the wall has no place for what leads elsewhere.
    let on_wall = matches!(view.state.route, Route::Wall(_)) && view.state.connected();
    translatable(html! {
        <>
            <header>
                if !on_wall { <Banner view={view.clone()} /> }
                if view.state.session == Session::Demo {
                    { demo(view) }
                }
            </header>
            { each(stepper(&view.state.route, view)) }
            { each(region_banner(view)) }
            <main>
                <Notices view={view.clone()} />
                <Page view={view.clone()} />
            </main>
            <p class="vmr-hidden" role="status">{ &view.state.announcement }</p>
            <p class="vmr-hidden" role="status">{ view.faults_said() }</p>
            if copied > 0 {
                // A screen reader is told by the announcement. A new key shows it once more.
                <p key={copied} class="vmr-toast" aria-hidden="true"><span>{ icon(Icon::Good) }{ "Copied" }</span></p>
            }
        </>
    })
}

/// That nothing is real, and what the account may do.
fn demo(view: &PageContext) -> Html {
    let role_of = |word: &str| DemoRole::ALL.into_iter().find(|role| role.word() == word);
    let onchange =
        view.on_input(move |word| role_of(word).map(Msg::UseDemoRole)).reform(|event: Event| chosen_of(&event));
    let option = |role: DemoRole| {
        html! { <option value={role.word()} selected={role == view.state.sign_in.demo_role}>{ role.label() }</option> }
    };
    html! {
        <div class="vmr-demo" role="note">
            <span>{ format!("Demo mode: simulated Azure, no real resources. Time runs {DEMO_RATE} times faster.") }</span>
            <div>
                <label for="demo-role">{ "Your role" }</label>
                <select id="demo-role" {onchange}>{ each(DemoRole::ALL.into_iter().map(option)) }</select>
            </div>
        </div>
    }
}

/// Name, main navigation, and who is connected.
#[component]
fn Banner(PageProps { view }: &PageProps) -> Html {
    let route = &view.state.route;
    let vms = Route::Vms(Default::default());
    let restoring = matches!(
        route,
        Route::Vms { .. }
            | Route::Secondary { .. }
            | Route::Points(_)
            | Route::Form(_)
            | Route::Review(_)
            | Route::Files(_)
            | Route::Linked(_)
    );
    // The page of restores lists the recovery plans, too.
    let of_restores = matches!(
        route,
        Route::Restores(_)
            | Route::Restore(_)
            | Route::NewPlan(_)
            | Route::Plan(_)
            | Route::PlanMachine(..)
            | Route::PlanReview(_)
            | Route::Board(..)
    );
    let links = [
        (vms.hash(), "Virtual machines", restoring),
        (Route::restores().hash(), "Restores", of_restores),
        (Route::jobs(view.state.jobs_vault.clone()).hash(), "Jobs", matches!(route, Route::Jobs(..))),
        (Route::Activity.hash(), "Activity", *route == Route::Activity),
    ];
    let link = |(href, name, here): (String, &'static str, bool)| html! { <li><a {href} aria-current={here.then_some("page")}>{ name }</a></li> };
    // A link to the heading would change the address, which holds the route.
    let skip = Callback::from(|e: MouseEvent| super::kit::dom::focus(&e, PAGE_TITLE));
    translatable(html! {
        <div class="vmr-banner">
            { button("Skip to content", "vmr-skip", skip) }
            <a class="vmr-brand" href={Route::Connect.hash()}>{ mark() }{ "VM Restore" }</a>
            <nav aria-label="Main"><ul>{ each(links.into_iter().map(link)) }</ul></nav>
            <div class="vmr-session">
                { session(view) }
                <a href={Route::Settings.hash()} aria-current={(*route == Route::Settings).then_some("page")}>{ "Settings" }</a>
                if view.state.connected() { { leave(view, "leave", "vmr-subtle") } }
            </div>
        </div>
    })
}

fn mark() -> Html {
    html! {
        <svg width="24" height="24" viewBox="0 0 32 32" aria-hidden="true">
            <rect width="32" height="32" rx="6" fill="#0f6cbd" />
            <path d="M16 7a9 9 0 1 1-8.5 6M7 7v6h6" fill="none" stroke="#fff" stroke-width="3" stroke-linecap="round" stroke-linejoin="round" />
        </svg>
    }
}

fn session(view: &PageContext) -> Html {
    let words = match &view.state.session {
        Session::Disconnected => "Not connected".to_owned(),
        Session::Demo => "Demo".to_owned(),
        // An identity provider other than Entra ID may have no tenants.
        Session::SignedIn(account) if account.tenant.is_empty() => account.user.clone(),
        Session::SignedIn(account) => format!("{} · {}", account.user, tenant_name(view, &account.tenant)),
        Session::Token(bearer) => {
            let expiry = match bearer.expires {
                Some(at) if at <= view.state.now => "expired".to_owned(),
                Some(at) => format!("expires {}", text::hour(at)),
                None => "expiry unknown".to_owned(),
            };
            let user = bearer.user.as_ref().map(|u| format!("{u} · ")).unwrap_or_default();
            format!("{user}Token, {expiry}")
        }
    };
    if view.state.connected() {
        let here = (view.state.route == Route::Account).then_some("page");
        html! { <a href={Route::Account.hash()} aria-current={here}>{ words }</a> }
    } else {
        html! { <span>{ words }</span> }
    }
}

/// The steps of a restore, if the page is one of them.
fn stepper(route: &Route, view: &PageContext) -> Option<Html> {
    let (current, point) = match route {
        Route::Vms { .. } | Route::Secondary { .. } => (0, None),
        Route::Points(_) => (1, None),
        Route::Form(point) => (2, Some(point.clone())),
        Route::Review(point) => (3, Some(point.clone())),
        Route::Restore(id) => (4, Some(view.state.restore(id)?.place()?)),
        _ => return None,
    };
    let item = point.as_ref().and_then(RegionalId::item).or_else(|| route.item());
    let start = match item.as_ref().and_then(|i| Some((i.vault()?, i.secondary.clone()?))) {
        // The address keeps only a region that the operator chose, not the one that Azure names.
        Some((vault, region)) => {
            let named = view.state.secondary_of(&vault, None).region;
            Route::Secondary { vault: Some(vault), region: Some(region).filter(|r| named.as_ref() != Some(r)) }
        }
        None => Route::Vms(view.state.machines_left.0.clone()),
    };
    let hrefs = [Some(start), item.map(Route::Points), point.clone().map(Route::Form), point.map(Route::Review), None];
    // The operator may leave the form while something is missing or still being read.
    let chosen = match route {
        Route::Review(point) => view.state.plan(point).is_ok(),
        _ => true,
    };
    let names = ["Virtual machine", "Recovery point", "Restore settings", "Review", "Progress"];
    let all: Vec<Step> = names
        .into_iter()
        .zip(hrefs)
        .enumerate()
        .map(|(index, (name, to))| Step {
            name,
            href: to.filter(|_| index < current).map(|r| r.hash().into()),
            done: chosen || index < 2,
        })
        .collect();
    Some(html! { <Steps {current} steps={all} /> })
}

/// The two ways to sign in. The second one works where the browser blocks pop-ups.
pub const SIGN_IN: [(&str, Msg); 2] = [
    ("Sign in again", Msg::SignIn(Interaction::Popup)),
    ("Sign in without a pop-up", Msg::SignIn(Interaction::Redirect)),
];

/// What the present sign-in waits for, and for how long.
fn asked_to(state: &State) -> &'static str {
    match state.sign_in.waiting.as_ref().map(|request| request.how) {
        Some(Interaction::Resume) if state.hosted => {
            "Waiting up to a minute for an access token from the embedding page."
        }
        _ if state.hosted => {
            "Finish signing in on the embedding page within eleven minutes. If nothing prompts you, cancel and try again."
        }
        Some(Interaction::Resume) => "Checking who is signed in. This takes up to a minute.",
        Some(Interaction::Redirect) => "Opening the sign-in page. You'll return here afterward.",
        _ => {
            "Finish signing in in the pop-up within ten minutes. If you closed it or can't see it, cancel and try again."
        }
    }
}

/// Notices that concern every page: the configuration, the sign-in, and the result of the last action.
#[component]
fn Notices(PageProps { view }: &PageProps) -> Html {
    let state = &*view.state;
    let config = state.config_error.as_ref().map(|error| {
        notice(Notice {
            tone: Tone::Bad,
            voice: Voice::Alert,
            title: "This site's configuration can't be used".into(),
            body: html! { <p>{ error.to_string() }{ " Only the demo works until it's fixed." }</p> },
            ..Notice::default()
        })
    });
    let signed_out = state.sign_in_fault.as_ref().filter(|_| state.sign_in.waiting.is_none()).map(|fault| {
        let own = matches!(state.session, Session::SignedIn(_) | Session::Demo);
        let again: &[_] = match state.session {
            Session::SignedIn(_) => &SIGN_IN[..if state.hosted { 1 } else { 2 }],
            Session::Demo => &[("Sign in again", Msg::SignIn(Interaction::Popup))],
            _ => &[("Connect again", Msg::Go(Route::Connect))],
        };
        let what = if own { "Sign in again to continue" } else { "Your access token is no longer valid" };
        fault_notice(what, fault, &view.dispatch, again)
    });
    let asking = state.sign_in.is_asking().then(|| {
        notice(Notice {
            title: "Signing in".into(),
            body: html! { <p>{ asked_to(state) }</p> },
            actions: Some(button("Cancel", "", view.on_click(Msg::CancelSignIn))),
            ..Notice::default()
        })
    });
    let told = state.notice.as_ref().map(|told| {
        let copy = told
            .fault
            .as_ref()
            .map(|fault| button("Copy details", "", view.on_click(Msg::Copy(details_text(&told.title, fault)))));
        notice(Notice {
            tone: if told.bad { Tone::Bad } else { Tone::Info },
            voice: if told.bad { Voice::Alert } else { Voice::Quiet },
            title: told.title.clone().into(),
            body: html! { <><p>{ &told.text }</p>if told.bad { <SupportLine /> }</> },
            details: told.fault.as_ref().map(|fault| details_of(fault)).unwrap_or_default(),
            actions: Some(html! { <>{ each(copy) }{ button("Dismiss", "", view.on_click(Msg::Dismiss)) }</> }),
        })
    });
    translatable(html! { <>{ each(config) }{ each(signed_out) }{ each(asking) }{ each(told) }</> })
}
