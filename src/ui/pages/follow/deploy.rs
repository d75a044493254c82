//! The deployment of the template that a restore of disks has written: parameters, preview, request, and how far it is.

use std::rc::Rc;

use azure_backup::arm::deployment::{ChangeType, ResourceChange};
use azure_backup::arm::id::ArmId;
use yew::prelude::*;

use super::created::{outward, portal_page};
use crate::app::deployment::{DeployMsg, DeployStage, DeployStep, TemplateDeployment, commands};
use crate::app::follower::Followed;
use crate::app::msg::Msg;
use crate::restore::deployment::{Template, change_text, property_changes};
use crate::restore::effect_sentence::quoted;
use crate::restore::run::RestoreRun;
use crate::ui::fault::fault_notice;
use crate::ui::kit::code::code;
use crate::ui::kit::confirm::{Confirm, confirm};
use crate::ui::kit::facts::facts_wide;
use crate::ui::kit::field::{Field, field};
use crate::ui::kit::field_hints::FieldHints;
use crate::ui::kit::name::{name, with_names};
use crate::ui::kit::notice::{Notice, Voice, notice};
use crate::ui::kit::table::{list_row, list_table, plain_heads};
use crate::ui::kit::{Tone, button, dom, each, id_text, small_button};
use crate::ui::pages::PageContext;
use crate::ui::pages::shown_request::{how_far, introduced_request, sent_at};
use crate::ui::translatable::translatable;

/// A signature is asked for before each request.
const THEN: &str = "Then this request is sent:";

/// The button that opens the panel, or the panel; nothing where there is no template that is known whole.
pub fn deploy(view: &PageContext, run: &RestoreRun) -> Html {
    if view.state.restored_disks_key(run).is_none() {
        return Html::default();
    }
    let Some(template) = run.template() else { return Html::default() };
    match view.state.deployment(run) {
        None => {
            let open = view.on_click(Msg::Deploy(run.id.clone(), DeployMsg::Open));
            html! { <div class="vmr-actions">{ button("Deploy the template…", "", open) }</div> }
        }
        Some(one) => {
            let (run, template, one) = (Rc::new(run.clone()), Rc::new(template), Rc::new(one.clone()));
            html! { <Panel view={view.clone()} {run} {template} {one} /> }
        }
    }
}

#[derive(PartialEq, Properties)]
struct PanelProps {
    view: PageContext,
    run: Rc<RestoreRun>,
    template: Rc<Template>,
    one: Rc<TemplateDeployment>,
}

/// Its heading takes the focus when it is opened.
#[component]
fn Panel(PanelProps { view, run, template, one }: &PanelProps) -> Html {
    let heading = use_node_ref();
    use_effect_with(one.resumed, {
        let heading = heading.clone();
        move |resumed| {
            if !resumed {
                dom::focus_node(&heading);
            }
        }
    });
    let says = |msg: DeployMsg| view.on_click(Msg::Deploy(run.id.clone(), msg));
    let commands = commands(template, &one.parameters);
    let copy = view.on_click(Msg::Copy(commands.clone()));
    translatable(html! {
        <section class="vmr-panel" aria-labelledby="deploy-title">
            <h2 id="deploy-title" ref={heading} tabindex="-1">{ "Deploy the template" }</h2>
            <p>{ "Azure Backup wrote a template that creates a VM from the restored disks. Microsoft doesn't publish its parameters, and this page can't read the file: if a parameter is missing, the preview's error says which one." }</p>
            { facts_wide([
                ("Template".into(), id_text(template.uri.clone())),
                ("Deployed to".into(), name(template.group.name())),
                ("Deployment name".into(), id_text(template.deployment.clone())),
            ]) }
            { each(obstacles(view, template)) }
            { parameters(view, run, one) }
            { progress(view, run, template, one) }
            if !one.runs() {
                <div class="vmr-actions">
                    { button("Preview changes", "", says(DeployMsg::Preview)) }
                    { each(ask(view, run, template, one)) }
                    { button("Close", "", says(DeployMsg::Close)) }
                </div>
            }
            <details>
                <summary>{ "What the preview sends" }</summary>
                <p>{ "The preview changes nothing. First, this page asks Azure for a signature that lets Azure Resource Manager read the template for 30 minutes. The signature is neither shown nor stored." }</p>
                { introduced_request(THEN, &view.state.deploy_request(one, template, DeployStep::Preview)) }
            </details>
            <details>
                <summary>{ "Deploy with the Azure CLI" }</summary>
                <p>{ "The download needs the role Storage Blob Data Reader on the account, but no account key. The Azure CLI asks for missing parameters." }</p>
                { code("the commands", commands, copy) }
            </details>
        </section>
    })
}

fn obstacles(view: &PageContext, template: &Template) -> Option<Html> {
    let found = view.state.deploy_obstacles(template);
    let lines = found.iter().map(|text| html! { <li>{ with_names(text) }</li> });
    let body = html! { <ul class="vmr-list">{ each(lines) }</ul> };
    let title = "Azure is likely to refuse this".into();
    (!found.is_empty()).then(|| notice(Notice { tone: Tone::Warning, title, body, ..Notice::default() }))
}

/// The parameters, each a name and a value.
fn parameters(view: &PageContext, run: &RestoreRun, one: &TemplateDeployment) -> Html {
    let reason = one.runs().then(|| AttrValue::from("A request is in progress"));
    let text = |id: String, label: String, value: &str, make: fn(usize, String) -> DeployMsg, row: usize| {
        let restore = run.id.clone();
        field(Field {
            id: id.into(),
            label: label.into(),
            value: value.to_owned().into(),
            on: view.on_input(move |said| Some(Msg::Deploy(restore.clone(), make(row, said.to_owned())))),
            notes: FieldHints { reason: reason.clone(), ..FieldHints::default() },
            ..Field::default()
        })
    };
    let row = |(at, (called, value)): (usize, &(String, String))| {
        let nth = at + 1;
        let remove = view.on_click(Msg::Deploy(run.id.clone(), DeployMsg::Remove(at)));
        html! {
            <div key={at} class="vmr-fields" role="group" aria-label={format!("Parameter {nth}")}>
                { text(format!("deploy-name-{at}"), format!("Name of parameter {nth}"), called, DeployMsg::Name, at) }
                { text(format!("deploy-value-{at}"), format!("Value of parameter {nth}"), value, DeployMsg::Value, at) }
                <div class="vmr-actions">{ small_button("Remove", format!("Remove parameter {nth}"), remove) }</div>
            </div>
        }
    };
    let add = view.on_click(Msg::Deploy(run.id.clone(), DeployMsg::Add));
    html! {
        <>
            <h3>{ "Parameters" }</h3>
            <p class="vmr-hint">{ "Values are sent as text, and are visible in the request. Don't enter secrets." }</p>
            { each(one.parameters.iter().enumerate().map(row)) }
            if !one.runs() { <div class="vmr-actions">{ button("Add a parameter", "", add) }</div> }
        </>
    }
}

/// How far it is, or what has come of it.
fn progress(view: &PageContext, run: &RestoreRun, template: &Template, one: &TemplateDeployment) -> Html {
    let note = |tone, title: &'static str, body: Html| {
        notice(Notice { tone, voice: Voice::Note, title: title.into(), body, ..Notice::default() })
    };
    let doing = |step: &DeployStep| match step {
        DeployStep::Preview => "Previewing the changes",
        DeployStep::Deploy => "Deploying the template",
    };
    match &one.stage {
        DeployStage::Editing => Html::default(),
        DeployStage::Signing { step, .. } => {
            note(Tone::Busy, doing(step), html! { <p>{ "Asking Azure for access to the template." }</p> })
        }
        DeployStage::Following(step, follower) => {
            let of = Followed::Deployment(run.id.clone(), *step);
            note(Tone::Busy, doing(step), html! { <>{ how_far(follower) }{ sent_at(view, &of) }</> })
        }
        DeployStage::Previewed(changes) => preview(changes),
        DeployStage::Done => note(
            Tone::Good,
            "Template deployed",
            html! { <><p>{ "Azure reports that the deployment succeeded. The table of restored disks shows what they're attached to." }</p>{ each(in_portal(view, run, template)) }</> },
        ),
        DeployStage::Lost => note(
            Tone::Warning,
            "The deployment can't be tracked",
            html! { <><p>{ "Azure accepted it, and it can still succeed or fail. Check it in the portal before you deploy again." }</p>{ each(in_portal(view, run, template)) }</> },
        ),
        DeployStage::Failed { fault, unknown: true, .. } => {
            let what =
                "We don't know whether Azure received the deployment. Check the resource group before you deploy again";
            html! { <>{ fault_notice(what, fault, &view.dispatch, &[]) }{ each(in_portal(view, run, template)) }</> }
        }
        DeployStage::Failed { step, fault, .. } => {
            let what = match step {
                DeployStep::Preview => "The changes couldn't be previewed",
                DeployStep::Deploy => "The template wasn't deployed completely",
            };
            fault_notice(what, fault, &view.dispatch, &[])
        }
    }
}

/// The list of the resource group's deployments in the portal.
fn in_portal(view: &PageContext, run: &RestoreRun, template: &Template) -> Option<Html> {
    let href = portal_page(view, run, &template.group, "/deployments")?;
    Some(html! { <p>{ outward(href, "Open the resource group's deployments in the portal", None) }</p> })
}

const HEADS: [&str; 4] = ["Resource", "Type", "Change", "Properties that change"];

/// What Azure says would change.
fn preview(changes: &[ResourceChange]) -> Html {
    let (others, named): (Vec<_>, Vec<_>) = changes.iter().partition(|change| change.kind == ChangeType::Ignore);
    let rows = each(named.iter().map(|change| row(change)));
    let others = match others.len() {
        0 => None,
        1 => Some("1 other resource of the group isn't touched.".to_owned()),
        many => Some(format!("{many} other resources of the group aren't touched.")),
    };
    html! {
        <>
            { list_table("Preview of the changes", html! { named.len().to_string() }, plain_heads(&HEADS), html! { <tbody>{ rows }</tbody> }) }
            { each(others.map(|text| html! { <p>{ text }</p> })) }
            <p class="vmr-hint">{ "This is Azure's prediction. It can list properties that don't change, and miss what only the deployment finds out." }</p>
        </>
    }
}

fn row(change: &ResourceChange) -> Html {
    // Of a resource without a name yet, Azure gives an expression.
    let id = ArmId::parse(&change.resource).ok();
    let kind = id.as_ref().and_then(|id| {
        let namespace = id.segment_after("providers")?;
        Some(format!("{namespace}/{}", id.segment_after(namespace)?))
    });
    let properties = property_changes(change).into_iter().map(|(path, before, after)| {
        html! { <li>{ name(&path) }{ ": " }{ name(&before) }{ " → " }{ name(&after) }</li> }
    });
    let reason = change.unsupported_reason.as_ref().map(|reason| html! { <p>{ reason.clone() }</p> });
    let cells = vec![
        ("Type", each(kind.as_deref().map(name))),
        ("Change", html! { change_text(&change.kind).to_owned() }),
        ("Properties that change", html! { <><ul class="vmr-list">{ each(properties) }</ul>{ each(reason) }</> }),
    ];
    list_row(&change.resource, false, name(id.as_ref().map_or(change.resource.as_str(), |id| id.name())), cells)
}

/// The button with the question, once the changes were seen.
fn ask(view: &PageContext, run: &RestoreRun, template: &Template, one: &TemplateDeployment) -> Option<Html> {
    let DeployStage::Previewed(changes) = &one.stage else { return None };
    let count = |kind: ChangeType| changes.iter().filter(|change| change.kind == kind).count();
    let (created, changed, deleted) =
        (count(ChangeType::Create), count(ChangeType::Modify) + count(ChangeType::Deploy), count(ChangeType::Delete));
    let text = format!(
        "Deploys the template to the resource group {}. According to Azure's preview, resources created: {created}, changed: {changed}, deleted: {deleted}.",
        quoted(template.group.name())
    );
    let shown = view.state.deploy_request(one, template, DeployStep::Deploy);
    Some(confirm(Confirm {
        id: "deploy-template".into(),
        label: "Deploy template",
        class: "vmr-primary",
        harmless: changed + deleted == 0,
        title: "Deploy the template?",
        text: text.into(),
        more: html! { <><p>{ "Before it, this page asks Azure for a signature that lets Azure Resource Manager read the template. The signature is sent where the request says that it's not shown." }</p>{ introduced_request(THEN, &shown) }</> },
        keep: "Don't deploy",
        on: view.on_confirmed_click(Msg::Deploy(run.id.clone(), DeployMsg::Send(shown.sha256.clone()))),
        in_row: None,
    }))
}
