use std::rc::Rc;

use azure_backup::arm::fault::Fault;
use azure_backup::arm::id::ArmId;
use azure_backup::backup::machine::{self, Machine};
use serde_json::{Value, json};
use time::OffsetDateTime;
use yew::Callback;

use super::{RestorePage, RestorePageProps};
use crate::app::action::{ActionMsg, ActionPanel, ActionStage, Aim, RunningAction};
use crate::app::deployment::{DeployStage, DeployStep, TemplateDeployment};
use crate::app::follower::Follower;
use crate::app::key::{Answer, Key};
use crate::app::msg::Msg;
use crate::app::route::Route;
use crate::app::saved::Versions;
use crate::app::session::{Session, TokenClaims};
use crate::app::state::State;
use crate::restore::action::Action;
use crate::restore::sample::{self, JOB};
use crate::restore::scenario::Scenario;
use crate::ui::kit::test::html_of_component;
use crate::ui::pages::PageContext;
use crate::ui::pages::tests::assert_sound;

const NOW: OffsetDateTime = time::macros::datetime!(2026-11-23 03:41 UTC);

fn compute(kind: &str, name: &str) -> ArmId {
    sample::id(&format!("target/providers/Microsoft.Compute/{kind}/{name}"))
}

fn source() -> ArmId {
    sample::id("rg/providers/Microsoft.Compute/virtualMachines/web-01")
}

fn answered(state: &mut State, key: &Key, body: &Value) {
    let call = key.call(&Versions::default()).unwrap();
    let page = call.read(&http::Response::new(body.to_string().into())).unwrap();
    let entry = state.catalog.entry_mut(key);
    (entry.value, entry.at) = (Some(page.value), Some(NOW));
}

/// A machine with a disk at LUN 0.
fn machine(power: &str) -> Rc<Machine> {
    let disk = json!({ "lun": 0, "name": "data", "managedDisk": { "id": compute("disks", "data") } });
    let body = json!({ "id": source(), "location": "westeurope", "properties": {
        "storageProfile": { "osDisk": { "name": "old-os", "osType": "Windows", "managedDisk": { "id": compute("disks", "old-os") } }, "dataDisks": [disk] },
        "instanceView": { "statuses": [{ "code": format!("PowerState/{power}") }] } } });
    machine::get(&source()).read(&http::Response::new(body.to_string().into())).unwrap().into()
}

/// The page of a restore that has ended with an OS disk and a data disk.
fn restored() -> State {
    let bag = json!({ "Target resource group": "target", "Target Storage Account Name": "staging",
        "Config Blob Name": "config.json", "Config Blob Container Name": "web-01-0123",
        "Template Blob Uri": "https://staging.blob.core.windows.net/web-01-0123/azuredeploy1.json" });
    let run = sample::ended(Scenario::RestoreDisks, "Completed", &bag);
    let mut state = State::new(NOW);
    state.session = Session::Token(TokenClaims::default());
    state.route = Route::Restore(run.id.clone());
    let key = state.restored_disks_key(&run).unwrap();
    state.restores = vec![run].into();
    let disk = |name: &str, os: Option<&str>| {
        json!({ "id": compute("disks", name), "location": "westeurope", "tags": { "RSVaultBackup": JOB },
            "properties": { "diskSizeGB": 64, "osType": os } })
    };
    let list = json!({ "value": [disk("web-01-osdisk-1", Some("Windows")), disk("web-01-datadisk-000-1", None)] });
    answered(&mut state, &key, &list);
    state
}

fn open(state: &mut State, aim: Aim, power: &str) {
    let restore = state.restores[0].id.clone();
    state.action_panel = Some(ActionPanel { restore, aim, machine: None, lun: None });
    let entry = state.catalog.entry_mut(&Key::MachineNow(source()));
    (entry.value, entry.at) = (Some(Answer::MachineNow(machine(power))), Some(NOW));
}

fn html(state: &State) -> String {
    let view = PageContext { state: Rc::new(state.clone()).into(), dispatch: Callback::noop() };
    let html = html_of_component::<RestorePage>(RestorePageProps { view, id: state.restores[0].id.clone() });
    assert_sound(&html, "the page of a restore that has ended");
    html
}

fn assert_says(html: &str, texts: &[&str]) {
    for text in texts {
        assert!(html.contains(text), "{text}: {html}");
    }
}

#[test]
fn each_disk_that_nothing_is_attached_to_can_be_used() {
    let html = html(&restored());
    assert_says(&html, &["Attach to a VM: web-01-datadisk-000-1", "Attach to a VM: web-01-osdisk-1"]);
    assert_eq!(html.matches("Use as OS disk: ").count(), 1, "a data disk starts no machine: {html}");
    assert_says(&html, &["Left by the restore", "web-01-0123", "az disk delete --ids "]);
}

#[test]
fn the_panel_suggests_machine_and_lun_and_asks_before_the_request_leaves() {
    let mut state = restored();
    open(&mut state, Aim::Attach(compute("disks", "web-01-datadisk-000-1")), "running");
    let html = html(&state);
    assert_says(&html, &["Suggested: the VM that was backed up", "value=\"1\"", ">Running<", ">old-os<"]);
    let (_, dialog) = html.split_once("<dialog id=\"action-step\"").unwrap();
    let dialog = dialog.split("</dialog>").next().unwrap();
    assert_says(dialog, &["Attach the disk?", "POST", "/attachDetachDataDisks?", "\"lun\": 1", "at LUN 1."]);
    assert!(
        dialog.find("Don't attach") < dialog.find("class=\"vmr-primary\">Attach disk"),
        "the safe answer first: {dialog}"
    );
    let action = Action::Attach { disk: compute("disks", "web-01-datadisk-000-1"), machine: source(), lun: 1 };
    let restore = state.restores[0].id.clone();
    let send = Msg::Action(ActionMsg::Send { restore, action, sha256: String::new() });
    assert!(send.needs_confirmation(), "one press does not send it");
}

#[test]
fn what_azure_would_refuse_is_told_instead_of_asked() {
    let mut state = restored();
    open(&mut state, Aim::Attach(compute("disks", "web-01-datadisk-000-1")), "running");
    state.action_panel.as_mut().unwrap().lun = Some("0".to_owned());
    let taken = html(&state);
    assert_says(&taken, &["Azure would refuse this", "LUN 0 is taken by"]);
    assert!(!taken.contains("<dialog id=\"action-step\""), "{taken}");
    // A machine that runs is deallocated before its OS disk is swapped.
    open(&mut state, Aim::SwapOsDisk(compute("disks", "web-01-osdisk-1")), "running");
    let first = html(&state);
    assert_says(&first, &["Deallocate the VM?", "<strong>Swap OS disk</strong>", "<strong>Start VM</strong>"]);
    assert!(!first.contains("Swap the OS disk?"), "{first}");
    open(&mut state, Aim::SwapOsDisk(compute("disks", "web-01-osdisk-1")), "deallocated");
    assert_says(&html(&state), &["Swap the OS disk?", "Done.", "PATCH"]);
}

#[test]
fn how_far_it_is_and_what_has_come_of_it_stand_on_the_page() {
    let failed = |fault: Fault, unknown: bool| ActionStage::Failed { fault: Rc::new(fault), unknown };
    let start = || Action::Start { machine: source() };
    let stop = || Action::Deallocate { machine: source() };
    for (action, stage, says) in [
        (start(), ActionStage::Following(Follower::sample()), "The request is being sent."),
        (start(), ActionStage::Done, "Azure shows the VM with this change."),
        (stop(), ActionStage::Done, "doesn't show the change on the VM yet"),
        (stop(), ActionStage::Lost, "It can still happen"),
        (stop(), failed(Fault::reported("", "Locked", "No."), false), "Deallocate VM failed"),
        (stop(), failed(Fault::network("", "gone"), true), "know whether Azure received the request"),
    ] {
        let mut state = restored();
        open(&mut state, Aim::Start, "running");
        let (restore, identity) = (state.restores[0].id.clone(), state.identity());
        state.actions.push(RunningAction { action, restore, identity, stage });
        assert_says(&html(&state), &[says]);
    }
}

#[test]
fn a_machine_that_cannot_be_read_says_so_once() {
    let mut state = restored();
    open(&mut state, Aim::Start, "running");
    let entry = state.catalog.entry_mut(&Key::MachineNow(source()));
    (entry.value, entry.fault) =
        (None, Some(Rc::new(Fault::reported("GET vm", "AuthorizationFailed", "You may not."))));
    let html = html(&state);
    assert_eq!(html.matches("You may not.").count(), 1, "{html}");
    assert_says(&html, &["The VM can't be read", "Try again"]);
}

fn deploying(stage: DeployStage) -> String {
    let mut state = restored();
    let (restore, identity) = (state.restores[0].id.clone(), state.identity());
    let parameters = vec![("VirtualMachineName".to_owned(), "web-copy".to_owned())];
    state.deployments.push(TemplateDeployment { restore, identity, parameters, resumed: false, stage });
    html(&state)
}

#[test]
fn a_deployment_is_asked_about_once_its_preview_was_seen() {
    assert_says(&html(&restored()), &["Deploy the template…"]);
    let editing = deploying(DeployStage::Editing);
    assert_says(&editing, &["value=\"web-copy\"", "Preview changes", "/whatIf?", "az deployment group what-if "]);
    assert!(!editing.contains("<dialog id=\"deploy-template\""), "nothing was previewed: {editing}");
    let delta = json!([{ "path": "sku.name", "propertyChangeType": "Modify", "before": "A", "after": "B" }]);
    let vm = compute("virtualMachines", "web-copy");
    let changes = json!({ "changes": [{ "resourceId": vm, "changeType": "Modify", "delta": delta },
        { "resourceId": compute("disks", "d"), "changeType": "Ignore" }] });
    let changes = azure_backup::arm::deployment::changes(&changes).unwrap();
    let seen = deploying(DeployStage::Previewed(changes.into()));
    assert_says(&seen, &["Microsoft.Compute/virtualMachines", "sku.name", "1 other resource of the group"]);
    let (_, dialog) = seen.split_once("<dialog id=\"deploy-template\"").unwrap();
    let dialog = dialog.split("</dialog>").next().unwrap();
    assert_says(dialog, &["changed: 1, deleted: 0", "PUT", "Incremental", "(not shown: the signature", "vmr-danger"]);
    assert!(dialog.find("Don't deploy") < dialog.find(">Deploy template<"), "the safe answer first: {dialog}");
}

#[test]
fn how_far_a_deployment_is_stands_on_the_page() {
    use DeployStep::{Deploy, Preview};
    let failed = |step, unknown| {
        let fault = Rc::new(Fault::reported("", "InvalidTemplate", "No."));
        DeployStage::Failed { step, fault, unknown }
    };
    for (stage, says) in [
        (DeployStage::Following(Preview, Follower::sample()), "Previewing the changes"),
        (DeployStage::Following(Deploy, Follower::sample()), "Deploying the template"),
        (DeployStage::Done, "Azure reports that the deployment succeeded"),
        (DeployStage::Lost, "The deployment can't be tracked"),
        (failed(Preview, false), "couldn't be previewed"),
        (failed(Deploy, false), "wasn't deployed completely"),
        (failed(Deploy, true), "We don't know whether Azure received the deployment"),
    ] {
        let running = matches!(stage, DeployStage::Following(..));
        let html = deploying(stage);
        assert_says(&html, &[says]);
        assert_eq!(html.contains("Preview changes"), !running, "{says}");
    }
}

#[test]
fn whoever_is_not_connected_is_told_where_the_disks_are_seen() {
    let connect = "class=\"vmr-button\">Connect<";
    let mut state = restored();
    assert!(!html(&state).contains(connect));
    state.session = Session::Disconnected;
    let disconnected = html(&state);
    assert_says(&disconnected, &["Not connected", "to see this restore", connect]);
    assert!(!disconnected.contains("Restored disks<"), "{disconnected}");
    // Without a group there are no disks to ask for.
    let run = sample::ended(Scenario::RestoreDisks, "Completed", &json!({ "Target Storage Account Name": "staging" }));
    state.restores = vec![run].into();
    assert!(!html(&state).contains(connect));
}
