//! The account that Azure sees, its tenants, and other accounts.

use std::rc::Rc;

use azure_backup::backup::lookups::Tenant;
use yew::prelude::*;

use super::{PageContext, PageProps};
use crate::app::key::Key;
use crate::app::launch::LaunchStep;
use crate::app::msg::Msg;
use crate::app::saved::OnSignOut;
use crate::app::session::Session;
use crate::app::sign_in::Account;
use crate::restore::effect_sentence::quoted;
use crate::ui::kit::confirm::{Confirm, confirm};
use crate::ui::kit::each;
use crate::ui::kit::empty::nothing;
use crate::ui::kit::facts::facts_wide;
use crate::ui::kit::heading::heading;
use crate::ui::kit::table::{Column, columns, row, small, table};
use crate::ui::kit::{button, id_text, muted, small_button};
use crate::ui::text;
use crate::ui::translatable::translatable;

const TENANT_HEADS: [Column; 2] = columns(["Tenant", "State"]);

/// The page.
#[component]
pub fn AccountPage(PageProps { view }: &PageProps) -> Html {
    let state = &*view.state;
    let own = match &state.session {
        Session::SignedIn(account) => Some(account),
        _ => None,
    };
    let tenants = state.catalog.get::<[Rc<Tenant>]>(&Key::Tenants);
    let others: Vec<Html> = state
        .sign_in
        .accounts
        .iter()
        .filter(|a| own.is_some_and(|own| own.id != a.id))
        .map(|a| other(view, a))
        .collect();
    translatable(html! {
        <>
            { heading("Account", html! { "The identity this page uses. Every request runs with its permissions." }, Html::default()) }
            { view.faults() }
            <section class="vmr-panel">
                { facts_wide(who(view)) }
                <div class="vmr-actions">
                    if own.is_some() { { button("Use another account", "", view.on_click(Msg::UseAccount(None))) } }
                    { leave(view, "leave-account", "") }
                </div>
                if !others.is_empty() {
                    { table("Other accounts in this tab", Html::default(), &columns(["Account", "Actions"]), false, html! { <>{ each(others) }</> }) }
                }
            </section>
            <section class="vmr-panel">
                if let Some(tenants) = tenants {
                    // Only an account that has signed in can change its tenant.
                    { table("Tenants", html! { tenants.len() }, if own.is_some() { &TENANT_HEADS } else { &TENANT_HEADS[..1] }, own.is_none(), html! { <>{ each(tenants.iter().map(|t| tenant(view, own, t))) }</> }) }
                } else {
                    { nothing(view.known(&[Key::Tenants]), "Loading tenants…", Html::default) }
                }
            </section>
        </>
    })
}

/// The button that signs out or disconnects. It asks first if that loses something.
pub fn leave(view: &PageContext, id: &'static str, class: &'static str) -> Html {
    let signed_in = matches!(view.state.session, Session::SignedIn(_));
    let label = if signed_in { "Sign out" } else { "Disconnect" };
    let lost = lost(view);
    if lost.is_empty() {
        return button(label, class, view.on_click(Msg::Disconnect));
    }
    confirm(Confirm {
        id: id.into(),
        label,
        class,
        title: if signed_in { "Sign out?" } else { "Disconnect?" },
        text: lost.join(" ").into(),
        keep: "Stay connected",
        on: view.on_confirmed_click(Msg::Disconnect),
        ..Confirm::default()
    })
}

/// What signing out now would lose, one sentence each.
fn lost(view: &PageContext) -> Vec<String> {
    let state = &*view.state;
    let mut lost = Vec::new();
    let unsent = state.launches.active().filter(|(_, launch)| !matches!(launch.step, LaunchStep::Sent));
    let mut unsent: Vec<String> =
        unsent.filter_map(|(id, _)| state.restore(id)).map(|restore| quoted(&restore.vm)).collect();
    unsent.sort_unstable();
    if !unsent.is_empty() {
        lost.push(format!("Not sent yet, and won't be sent: the restore of {}.", unsent.join(", ")));
    }
    let halted: Vec<String> = state.plans_run_here().map(|record| quoted(&record.plan.name)).collect();
    if !halted.is_empty() {
        lost.push(format!("Halts before all its restores have started: the recovery plan {}.", halted.join(", ")));
    }
    if state.session != Session::Demo && state.settings.on_sign_out == OnSignOut::Delete {
        let ended = state.restores.iter().filter(|r| state.owns(r) && !r.is_running()).count();
        let removed = [
            (ended, "finished restore"),
            (state.own_plans().count(), "recovery plan"),
            (state.drafts.iter().count(), "draft"),
            (state.file_sessions.of(&state.identity()).count(), "file recovery record"),
        ];
        let removed = removed.into_iter().filter(|(n, _)| *n > 0);
        let removed: Vec<String> = removed.map(|(n, what)| text::count(n, what)).collect();
        if !removed.is_empty() {
            lost.push(format!("As your settings say, this browser removes: {}.", removed.join(", ")));
        }
    }
    lost
}

/// The account in use and its tenant.
fn who(view: &PageContext) -> Vec<(AttrValue, Html)> {
    let state = &*view.state;
    let mut facts = Vec::new();
    let mut fact = |name: &'static str, value: Html| facts.push((AttrValue::from(name), value));
    match &state.session {
        Session::SignedIn(account) => {
            fact("Account", html! { &account.user });
            if !account.tenant.is_empty() {
                fact("Tenant", html! { <>{ tenant_name(view, &account.tenant) }{ small(account.tenant.clone()) }</> });
            }
        }
        Session::Token(bearer) => {
            fact("Account", bearer.user.clone().map_or_else(|| muted("Not in the token"), |user| html! { user }));
            fact("Tenant", bearer.tenant.clone().map_or_else(|| muted("Not in the token"), id_text));
            fact(
                "Token expires",
                bearer.expires.map_or_else(|| muted("Not in the token"), |at| html! { text::utc(at) }),
            );
        }
        Session::Demo | Session::Disconnected => fact("Account", html! { "Demo" }),
    }
    fact("Cloud", html! { state.cloud_name().to_owned() });
    fact("Azure Resource Manager", id_text(state.cloud().arm.to_string()));
    facts
}

/// The tenant's name, or its id while the name is not known.
pub fn tenant_name(view: &PageContext, id: &str) -> String {
    let known = view.state.catalog.get::<[Rc<Tenant>]>(&Key::Tenants);
    let named = known.and_then(|all| all.iter().find(|t| t.id.as_str() == id).map(|t| t.name.clone()));
    named.unwrap_or_else(|| id.to_owned())
}

fn other(view: &PageContext, account: &Account) -> Html {
    let use_it = view.on_click(Msg::UseAccount(Some(account.id.clone())));
    let action = small_button("Use", format!("Use {}", account.user), use_it);
    row(&account.id, html! { &account.user }, vec![action])
}

fn tenant(view: &PageContext, own: Option<&Account>, tenant: &Tenant) -> Html {
    let current = own.is_some_and(|own| own.tenant == tenant.id.as_str());
    let why = view.state.sign_in.why_closed(tenant.id.as_str()).map(str::to_owned);
    let state = html! {
        <>
            if current {
                { "In use" }
            } else if own.is_some() {
                { small_button("Switch", format!("Switch to {}", tenant.name), view.on_click(Msg::UseTenant(tenant.id.clone()))) }
            }
            if let Some(why) = why { <p>{ why }</p> }
        </>
    };
    let states = own.map(|_| state).into_iter().collect();
    row(tenant.id.as_str(), html! { <>{ &tenant.name }{ small(tenant.id.to_string()) }</> }, states)
}
