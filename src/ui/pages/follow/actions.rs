//! What can be done with restored disks: attach one, make one the OS disk, start the machine; and how far that is.

use std::rc::Rc;

use azure_backup::arm::id::ArmId;
use azure_backup::backup::lookups::ManagedDisk;
use azure_backup::backup::machine::Machine;
use yew::prelude::*;

use crate::app::action::{ActionMsg, ActionPanel, ActionStage, Aim, RunningAction, Seen};
use crate::app::follower::Followed;
use crate::app::key::{Key, List};
use crate::app::msg::Msg;
use crate::restore::action::{Action, power_text};
use crate::restore::effect_sentence::quoted;
use crate::restore::run::RestoreRun;
use crate::restore::visible::visible_name;
use crate::ui::fault::fault_notice;
use crate::ui::kit::combobox::Picker;
use crate::ui::kit::combobox::entry::ResourceKind;
use crate::ui::kit::confirm::{Confirm, confirm};
use crate::ui::kit::empty::loading;
use crate::ui::kit::facts::facts_wide;
use crate::ui::kit::field::{Field, Kind, field};
use crate::ui::kit::field_hints::FieldHints;
use crate::ui::kit::name::{name, with_names};
use crate::ui::kit::notice::{Notice, Title, Voice, notice};
use crate::ui::kit::select::{Choice, Select};
use crate::ui::kit::{Tone, button, dom, each, small_button};
use crate::ui::pages::PageContext;
use crate::ui::pages::shown_request::{how_far, sent_at, shown_request};
use crate::ui::translatable::translatable;

/// The buttons in the row of a restored disk.
pub fn of_disk(view: &PageContext, run: &RestoreRun, disk: &ManagedDisk) -> Html {
    if disk.attached_to.is_some() {
        return Html::default();
    }
    let what = visible_name(disk.id.name());
    let open = |aim: Aim| view.on_click(Msg::Action(ActionMsg::Open(run.id.clone(), aim)));
    let attach = small_button("Attach to a VM…", format!("Attach to a VM: {what}"), open(Aim::Attach(disk.id.clone())));
    let is_os = disk.os.is_some() || disk.restored_lun() == Some(-1);
    let swap = is_os.then(|| {
        small_button("Use as OS disk…", format!("Use as OS disk: {what}"), open(Aim::SwapOsDisk(disk.id.clone())))
    });
    html! { <span class="vmr-row-actions">{ attach }{ each(swap) }</span> }
}

/// What is being done, the choices for what is done next, and the button that starts a restored machine.
pub fn actions(view: &PageContext, run: &RestoreRun) -> Html {
    let running = view.state.actions.iter().filter(|one| one.restore == run.id).map(|one| progress(view, one));
    let panel = view.state.action_panel(run).cloned();
    let open = Msg::Action(ActionMsg::Open(run.id.clone(), Aim::Start));
    let may = view.state.restored_disks_key(run).is_some() && panel.is_none() && run.restored_machine().is_some();
    html! {
        <>
            { each(running) }
            if may { <div class="vmr-actions">{ button("Start the VM…", "", view.on_click(open)) }</div> }
            if let Some(panel) = panel { <Panel view={view.clone()} run={Rc::new(run.clone())} {panel} /> }
        </>
    }
}

#[derive(PartialEq, Properties)]
struct PanelProps {
    view: PageContext,
    run: Rc<RestoreRun>,
    panel: ActionPanel,
}

/// The choices, and the steps that follow from them. Its heading takes the focus when it is opened.
#[component]
fn Panel(PanelProps { view, run, panel }: &PanelProps) -> Html {
    let heading = use_node_ref();
    use_effect_with(panel.aim.clone(), {
        let heading = heading.clone();
        move |_| dom::focus_node(&heading)
    });
    let machine = view.state.action_machine(run, panel);
    let disk = view.state.action_disk(run, panel);
    let title = match &panel.aim {
        Aim::Attach(disk) => format!("Attach {} to a VM", quoted(disk.name())),
        Aim::SwapOsDisk(disk) => format!("Use {} as the OS disk of a VM", quoted(disk.name())),
        Aim::Start => "Start the VM".to_owned(),
    };
    let now = machine.as_ref().and_then(|id| view.state.machine_now(id));
    let body = match (&machine, &now) {
        (None, _) => html! { <p>{ "Choose a VM." }</p> },
        (Some(id), None) => match view.state.catalog.fault(&Key::MachineNow(id.clone())) {
            Some(fault) => fault_notice("The VM can't be read", &fault, &view.dispatch, &[("Try again", Msg::Refresh)]),
            None => loading("Loading the VM…"),
        },
        (Some(_), Some(now)) => html! { <>{ about(now) }{ steps(view, run, panel, now) }</> },
    };
    let takes_lun = matches!(panel.aim, Aim::Attach(_)) && now.is_some();
    translatable(html! {
        <section class="vmr-panel" aria-labelledby="action-title">
            <h2 id="action-title" ref={heading} tabindex="-1">{ with_names(&title) }</h2>
            if let Some(disk) = disk {
                <div class="vmr-fields">
                    { machines(view, panel, &disk, machine.as_ref()) }
                    if takes_lun { { lun(view, run, panel) } }
                </div>
            }
            { body }
            <div class="vmr-actions">{ button("Close", "", view.on_click(Msg::Action(ActionMsg::Close))) }</div>
        </section>
    })
}

/// The machines of the disk's subscription: those of its region first.
fn machines(view: &PageContext, panel: &ActionPanel, disk: &ManagedDisk, chosen: Option<&ArmId>) -> Html {
    let subscription = disk.id.subscription().and_then(|s| azure_backup::arm::id::SubscriptionId::parse(s).ok());
    let all = subscription.and_then(|s| view.state.catalog.get::<[Rc<Machine>]>(&Key::Machines(s)));
    let all: List<Machine> = all.unwrap_or_else(|| Rc::from([]));
    let choice = |machine: &Rc<Machine>| {
        let elsewhere = machine.location.key() != disk.location.key();
        Choice {
            reason: elsewhere.then(|| format!("in {}, not in the disk's region", machine.location).into()),
            also: machine.id.resource_group().unwrap_or_default().to_owned().into(),
            ..Choice::named(machine.id.as_str().to_owned(), &[machine.id.name(), machine.location.as_str()])
        }
    };
    let mut choices: Vec<Choice> = all.iter().map(choice).collect();
    choices.sort_by_cached_key(|choice| (choice.reason.is_some(), choice.label.to_ascii_lowercase()));
    let suggested =
        (panel.machine.is_none() && chosen.is_some()).then(|| "Suggested: the VM that was backed up".into());
    let value = chosen.map(|id| id.as_str().to_owned()).unwrap_or_default();
    html! {
        <Picker kind={ResourceKind("Microsoft.Compute/virtualMachines")} touch={view.state.touch} select={Select {
            id: "action-machine".into(),
            label: "Virtual machine".into(),
            choices,
            value: value.into(),
            none: Some("Choose a VM".into()),
            on: view.on_input(|said| Some(Msg::Action(ActionMsg::Machine(ArmId::parse(said).ok())))),
            notes: FieldHints { suggested, ..FieldHints::default() },
            required: true,
        }} />
    }
}

fn lun(view: &PageContext, run: &RestoreRun, panel: &ActionPanel) -> Html {
    let value = match (&panel.lun, view.state.action_chosen(run, panel)) {
        (Some(typed), _) => typed.clone(),
        (None, Some(Action::Attach { lun, .. })) => lun.to_string(),
        (None, _) => String::new(),
    };
    field(Field {
        id: "action-lun".into(),
        label: "LUN".into(),
        value: value.into(),
        on: view.on_input(|said| Some(Msg::Action(ActionMsg::Lun(said.to_owned())))),
        kind: Kind::Number,
        notes: FieldHints::hint("Suggested: the lowest free one"),
        required: true,
        min: Some("0".into()),
        max: Some("63".into()),
    })
}

/// The machine as Azure says it is.
fn about(now: &Machine) -> Html {
    let os = now.os_disk.as_ref().map_or_else(|| html! { "Unknown" }, |disk| name(&disk.name));
    let taken: Vec<String> = now.data_disks.iter().map(|(lun, _)| lun.to_string()).collect();
    let taken = if taken.is_empty() { "None".to_owned() } else { taken.join(", ") };
    facts_wide([
        ("Virtual machine".into(), name(now.id.name())),
        ("Power state".into(), html! { power_text(now.power.as_ref()).to_owned() }),
        ("OS disk".into(), os),
        ("LUNs in use".into(), html! { taken }),
    ])
}

/// The steps. The first that is not done can be taken, if nothing stands in its way.
fn steps(view: &PageContext, run: &RestoreRun, panel: &ActionPanel, now: &Machine) -> Html {
    let Some(action) = view.state.action_chosen(run, panel) else {
        return html! { <p>{ "Every LUN of this VM is in use." }</p> };
    };
    let steps = action.steps(now);
    let next = steps.iter().position(|(_, done)| !done);
    let runs = view.state.action_on(&now.id).is_some_and(RunningAction::runs);
    let row = |(at, (step, done)): (usize, &(Action, bool))| {
        let rest = match (done, Some(at) == next && !runs) {
            (true, _) => html! { <p>{ "Done." }</p> },
            (false, true) => take(view, run, step, now),
            (false, false) => Html::default(),
        };
        html! { <li><strong>{ step.label() }</strong>{ rest }</li> }
    };
    html! { <ol class="vmr-list">{ each(steps.iter().enumerate().map(row)) }</ol> }
}

/// What a step does, and the button with the question; or why it cannot be taken.
fn take(view: &PageContext, run: &RestoreRun, step: &Action, now: &Machine) -> Html {
    let Some(obstacles) = view.state.action_obstacles(step) else { return loading("Loading the disk…") };
    if !obstacles.is_empty() {
        let lines = obstacles.iter().map(|text| html! { <li>{ with_names(text) }</li> });
        return notice(Notice {
            tone: Tone::Warning,
            title: "Azure would refuse this".into(),
            body: html! { <ul class="vmr-list">{ each(lines) }</ul> },
            ..Notice::default()
        });
    }
    let effect = step.effect(now);
    let shown = view.state.action_request(step);
    let (title, keep) = match step {
        Action::Attach { .. } => ("Attach the disk?", "Don't attach"),
        Action::SwapOsDisk { .. } => ("Swap the OS disk?", "Keep the current OS disk"),
        Action::Deallocate { .. } => ("Deallocate the VM?", "Don't deallocate"),
        Action::Start { .. } => ("Start the VM?", "Don't start"),
    };
    let send = ActionMsg::Send { restore: run.id.clone(), action: step.clone(), sha256: shown.sha256.clone() };
    html! {
        <>
            <p>{ with_names(&effect) }</p>
            { confirm(Confirm {
                id: "action-step".into(),
                label: step.label(),
                harmless: step.is_harmless(),
                title,
                text: effect.into(),
                more: shown_request(&shown),
                keep,
                on: view.on_confirmed_click(Msg::Action(send)),
                ..Confirm::default()
            }) }
        </>
    }
}

/// How far an action is, or what has come of it.
fn progress(view: &PageContext, one: &RunningAction) -> Html {
    let machine = quoted(one.action.machine().name());
    let title = format!("{}: {machine}", one.action.label());
    let note = |tone, body: Html| {
        notice(Notice { tone, voice: Voice::Note, title: Title::with_names(&title), body, ..Notice::default() })
    };
    match &one.stage {
        ActionStage::Following(follower) => {
            let of = Followed::Action(one.action.machine().clone());
            note(Tone::Busy, html! { <>{ how_far(follower) }{ sent_at(view, &of) }</> })
        }
        ActionStage::Done | ActionStage::Lost => ended(view, one, &note),
        ActionStage::Failed { fault, unknown } => {
            let what = match unknown {
                true => format!("We don't know whether Azure received the request: {}", one.action.label()),
                false => format!("{} failed", one.action.label()),
            };
            let now = unknown.then(|| ended(view, one, &note));
            html! { <>{ fault_notice(&what, fault, &view.dispatch, &[]) }{ each(now) }</> }
        }
    }
}

/// What Azure says of the machine since.
fn ended(view: &PageContext, one: &RunningAction, note: &dyn Fn(Tone, Html) -> Html) -> Html {
    let done = one.stage == ActionStage::Done;
    match view.state.seen_since(&one.action) {
        Seen::Reading => note(Tone::Busy, html! { <p>{ "Loading the VM to see the result." }</p> }),
        Seen::So => {
            let checks = one.action.checks().iter().map(|text| html! { <li>{ *text }</li> });
            note(
                Tone::Good,
                html! { <><p>{ "Azure shows the VM with this change." }</p><ul class="vmr-list">{ each(checks) }</ul></> },
            )
        }
        Seen::NotSo if done => note(
            Tone::Warning,
            html! { <p>{ "Azure reported success, but doesn't show the change on the VM yet. Refresh to check again." }</p> },
        ),
        Seen::NotSo => note(
            Tone::Warning,
            html! { <p>{ "Azure doesn't show the change on the VM now. It can still happen: refresh before you try again." }</p> },
        ),
        Seen::Unreadable => note(
            Tone::Warning,
            html! { <p>{ "The VM can't be read, so we don't know whether the change was made. Refresh to check again." }</p> },
        ),
    }
}
