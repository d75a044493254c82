//! What an operator does with restored disks: attaches one, swaps the OS disk; sent once as it was shown, followed, and read back.

use std::cell::RefCell;
use std::rc::Rc;

use arm_sim::Role;
use azure_backup::arm::id::{ArmId, ClientRequestId};
use azure_backup::backup::machine::{Machine, PowerState};
use bytes::Bytes;
use http::{Method, Response};
use serde_json::{Value, json};
use time::Duration;
use vm_restore::app::action::{ActionMsg, ActionStage, Aim, RunningAction, Seen};
use vm_restore::app::effect::Effect;
use vm_restore::app::env::Env;
use vm_restore::app::msg::{Msg, Transport};
use vm_restore::app::route::Route;
use vm_restore::app::saved::SENT_REQUESTS;
use vm_restore::app::session::{Secret, Session};
use vm_restore::app::update::update;
use vm_restore::restore::action::Action;
use vm_restore::restore::run::RestoreRun;
use vm_restore::restore::scenario::Scenario;

use crate::operator;
use crate::page::Page;

type Answered = Result<Response<Bytes>, Transport>;
type Sent = Rc<RefCell<Vec<(Method, String, String)>>>;

/// The page of a restore of web-01's disks that is over.
fn restored() -> (Page, ClientRequestId) {
    let mut page = operator::page();
    operator::start(&mut page, "web-01", Scenario::RestoreDisks);
    page.wait_until(Duration::hours(12), |s| s.restores.iter().all(|r| !r.is_running()));
    let id = page.restore_id();
    (page, id)
}

fn run(page: &Page) -> RestoreRun {
    page.state.restores[0].clone()
}

/// The restored disk of a LUN, -1 for the OS disk.
fn disk(page: &Page, lun: i32) -> ArmId {
    let disks = page.state.restored_disks(&run(page)).expect("the disks were read");
    disks.iter().find(|disk| disk.restored_lun() == Some(lun)).unwrap().id.clone()
}

/// Records what changes something in Azure; `change` may alter the answer.
fn watch(page: &mut Page, change: impl Fn(&http::Request<Bytes>, Answered) -> Answered + 'static) -> Sent {
    let sent = Sent::default();
    let seen = sent.clone();
    page.spoil = Box::new(move |request, answer| {
        let compute = request.uri().path().contains("/Microsoft.Compute/virtualMachines/");
        if request.method() != Method::GET && compute {
            let body = String::from_utf8(request.body().to_vec()).unwrap();
            seen.borrow_mut().push((request.method().clone(), request.uri().to_string(), body));
        }
        change(request, answer)
    });
    sent
}

fn open(page: &mut Page, aim: Aim) {
    let id = page.restore_id();
    page.say(Msg::Action(ActionMsg::Open(id, aim)));
}

/// The step that can be taken, as the panel offers it.
fn next(page: &Page) -> Action {
    let (run, panel) = (run(page), page.state.action_panel.clone().unwrap());
    let action = page.state.action_chosen(&run, &panel).expect("the machine was read");
    let now = machine(page, action.machine());
    action.steps(&now).into_iter().find(|(_, done)| !done).unwrap().0
}

fn machine(page: &Page, id: &ArmId) -> Rc<Machine> {
    page.state.machine_now(id).unwrap()
}

fn press(page: &mut Page, action: &Action) {
    let sha256 = page.state.action_request(action).sha256;
    let restore = page.restore_id();
    page.say(Msg::Action(ActionMsg::Send { restore, action: action.clone(), sha256 }));
}

fn over(page: &mut Page, action: &Action) {
    let id = action.machine().clone();
    page.wait_until(Duration::hours(1), |state| !state.action_on(&id).is_some_and(RunningAction::runs));
}

#[test]
fn a_restored_disk_is_attached_at_the_lowest_free_lun_by_the_request_that_was_shown() {
    let (mut page, _) = restored();
    let sent = watch(&mut page, |_, answer| answer);
    let disk = disk(&page, 0);
    open(&mut page, Aim::Attach(disk.clone()));
    let action = next(&page);
    let Action::Attach { machine: vm, lun, .. } = &action else { panic!("{action:?}") };
    assert_eq!((vm.name(), *lun), ("web-01", 2), "the original VM, whose LUNs 0 and 1 are taken");
    assert_eq!(page.state.action_obstacles(&action).unwrap(), [""; 0]);
    let shown = page.state.action_request(&action);
    press(&mut page, &action);
    // Pressed once more while it runs.
    press(&mut page, &action);
    over(&mut page, &action);
    assert_eq!(*sent.borrow(), [(Method::POST, shown.url, shown.body.clone())], "that request, and no other");
    let body: Value = serde_json::from_str(&shown.body).unwrap();
    assert_eq!(body, json!({ "dataDisksToAttach": [{ "diskId": disk, "lun": 2 }] }), "it names no other disk");
    assert_eq!(page.state.action_on(vm).unwrap().stage, ActionStage::Done);
    assert_eq!(page.state.seen_since(&action), Seen::So, "the machine was read again");
    let disks = page.state.restored_disks(&run(&page)).unwrap();
    assert!(disks.iter().any(|one| one.id == disk && one.attached_to.as_ref() == Some(vm)), "and the disks");
    // The panel knows that this is done.
    let panel = page.state.action_panel.clone().unwrap();
    let chosen = page.state.action_chosen(&run(&page), &panel).unwrap();
    assert_eq!(chosen.steps(&machine(&page, vm)), [(action, true)]);
}

#[test]
fn an_os_disk_is_swapped_in_three_requests_each_asked_for_by_itself() {
    let (mut page, _) = restored();
    let sent = watch(&mut page, |_, answer| answer);
    let disk = disk(&page, -1);
    open(&mut page, Aim::SwapOsDisk(disk.clone()));
    let swap = Action::SwapOsDisk { disk: disk.clone(), machine: next(&page).machine().clone() };
    let vm = swap.machine().clone();
    let before = machine(&page, &vm);
    assert!(page.state.action_obstacles(&swap).unwrap()[0].contains("Deallocate it first"));
    // What Azure would refuse does not leave, even if somebody says it.
    press(&mut page, &swap);
    assert_eq!((sent.borrow().len(), page.state.notice.is_some()), (0, true));
    for (at, power) in [PowerState::Deallocated, PowerState::Deallocated, PowerState::Running].into_iter().enumerate() {
        let step = next(&page);
        press(&mut page, &step);
        over(&mut page, &step);
        assert_eq!(sent.borrow().len(), at + 1);
        assert_eq!(
            (page.state.seen_since(&step), machine(&page, &vm).power.clone()),
            (Seen::So, Some(power)),
            "{step:?}"
        );
    }
    let after = machine(&page, &vm);
    assert_eq!(after.os_disk.as_ref().unwrap().id.as_ref(), Some(&disk));
    assert_eq!(after.data_disks, before.data_disks, "no data disk is lost");
    let methods: Vec<Method> = sent.borrow().iter().map(|(method, ..)| method.clone()).collect();
    assert_eq!(methods, [Method::POST, Method::PATCH, Method::POST]);
    assert!(!sent.borrow()[1].2.contains("dataDisks"));
}

#[test]
fn another_request_than_the_one_shown_does_not_leave() {
    let (mut page, restore) = restored();
    let sent = watch(&mut page, |_, answer| answer);
    let disk = disk(&page, 0);
    open(&mut page, Aim::Attach(disk));
    let action = next(&page);
    page.say(Msg::Action(ActionMsg::Send { restore, action, sha256: "0".repeat(64) }));
    assert_eq!((sent.borrow().len(), page.state.actions.len()), (0, 0));
    assert!(page.state.notice.as_ref().is_some_and(|notice| notice.title == "Nothing was sent"));
}

#[test]
fn a_lost_answer_is_not_called_a_failure_and_the_machine_tells_what_is_so() {
    for (reaches, seen) in [(true, Seen::So), (false, Seen::NotSo)] {
        let (mut page, _) = restored();
        let disk = disk(&page, 0);
        if !reaches {
            page.simulator.set_role(Role::Reader);
        }
        let sent =
            watch(&mut page, move |request, answer| match request.uri().path().ends_with("/attachDetachDataDisks") {
                true => Err(Transport::Network("gone".to_owned())),
                false => answer,
            });
        open(&mut page, Aim::Attach(disk));
        let action = next(&page);
        press(&mut page, &action);
        over(&mut page, &action);
        let stage = page.state.action_on(action.machine()).unwrap().stage.clone();
        assert!(matches!(stage, ActionStage::Failed { unknown: true, .. }), "{stage:?}");
        // Azure needs its time.
        page.now += Duration::minutes(2);
        page.say(Msg::Refresh);
        assert_eq!((page.state.seen_since(&action), sent.borrow().len()), (seen, 1), "it is not sent again by itself");
    }
}

#[test]
fn whoever_lacks_the_right_is_told_which_one_and_nothing_has_changed() {
    let (mut page, _) = restored();
    page.simulator.set_role(Role::Reader);
    let disk = disk(&page, 0);
    open(&mut page, Aim::Attach(disk));
    let action = next(&page);
    press(&mut page, &action);
    over(&mut page, &action);
    let ActionStage::Failed { fault, unknown: false } = &page.state.action_on(action.machine()).unwrap().stage else {
        panic!("{:?}", page.state.actions)
    };
    assert!(fault.message.contains("Microsoft.Compute/virtualMachines/attachDetachDataDisks/action"), "{fault:?}");
    assert_eq!(page.state.seen_since(&action), Seen::NotSo);
}

#[test]
fn after_a_reload_a_change_is_followed_to_its_end_and_nothing_is_sent_again() {
    let (mut page, id) = restored();
    let sent = watch(&mut page, |_, answer| answer);
    let disk = disk(&page, 0);
    open(&mut page, Aim::Attach(disk));
    let action = next(&page);
    press(&mut page, &action);
    assert!(page.state.action_on(action.machine()).unwrap().runs());
    page.reload_at(Route::Restore(id.clone()));
    let one = page.state.action_on(action.machine()).expect("it was written down").clone();
    assert!(one.runs() && (one.action, one.restore) == (action.clone(), id.clone()));
    over(&mut page, &action);
    for _ in 0..2 {
        assert_eq!(page.state.action_on(action.machine()).unwrap().stage, ActionStage::Done);
        assert_eq!((page.state.seen_since(&action), sent.borrow().len()), (Seen::So, 1));
        page.reload_at(Route::Restore(id.clone()));
    }
    page.now += Duration::days(1);
    page.reload_at(Route::Restore(id));
    assert_eq!(page.state.action_on(action.machine()), None, "a day later it is history");
}

#[test]
fn a_request_is_written_down_before_it_leaves_and_told_where_no_answer_is_known() {
    let (mut page, id) = restored();
    let disk = disk(&page, 0);
    open(&mut page, Aim::Attach(disk));
    let action = next(&page);
    let sha256 = page.state.action_request(&action).sha256;
    let send = ActionMsg::Send { restore: id.clone(), action: action.clone(), sha256: sha256.clone() };
    let env = Env::new(page.now, "7d1f0a2c-0000-4000-8000-000000000001");
    let effects = update(&mut page.state.clone(), env, Msg::Action(send.clone()));
    let saved = effects.iter().position(|effect| matches!(effect, Effect::Save { key: SENT_REQUESTS, .. }));
    let left = effects.iter().position(|effect| matches!(effect, Effect::Send { .. }));
    assert!(saved.is_some() && saved < left, "{effects:?}");
    // It leaves, and the page is closed before the answer.
    page.hear(Msg::Action(send));
    page.step();
    page.reload_at(Route::Restore(id));
    let one = page.state.action_on(action.machine()).unwrap();
    let ActionStage::Failed { fault, unknown: true } = &one.stage else { panic!("{one:?}") };
    assert!(fault.message.contains(&sha256) && fault.message.contains("UTC"), "{fault:?}");
    // Azure needs its time.
    page.now += Duration::minutes(2);
    page.say(Msg::Refresh);
    assert_eq!(page.state.seen_since(&action), Seen::So, "what Azure says of the VM tells the rest");
}

#[test]
fn another_tab_follows_what_this_one_has_sent_and_hears_of_its_end() {
    let (mut page, id) = restored();
    let disk = disk(&page, 0);
    let mut other = page.fork();
    other.reload_at(Route::Restore(id));
    open(&mut page, Aim::Attach(disk));
    let action = next(&page);
    let tell = |page: &Page, other: &mut Page| {
        let value = page.storage.get(SENT_REQUESTS).cloned();
        other.say(Msg::SavedElsewhere { key: SENT_REQUESTS.to_owned(), value });
    };
    press(&mut page, &action);
    tell(&page, &mut other);
    assert!(other.state.action_on(action.machine()).unwrap().runs());
    over(&mut page, &action);
    tell(&page, &mut other);
    assert_eq!(other.state.action_on(action.machine()).unwrap().stage, ActionStage::Done);
    // Another account neither sees nor follows it.
    other.state.session = Session::Disconnected;
    let token = Secret::new("opaque".to_owned());
    other.say(Msg::Connect(token));
    assert_eq!(other.state.action_on(action.machine()), None);
}

#[test]
fn an_operation_that_cannot_be_followed_ends_with_what_azure_says_of_the_machine() {
    let (mut page, _) = restored();
    watch(&mut page, |request, answer| {
        let hidden = request.uri().path().contains("/locations/") && request.uri().path().contains("/operations/");
        match hidden {
            true => Ok(Response::builder().status(404).body(Bytes::new()).unwrap()),
            false => answer,
        }
    });
    let disk = disk(&page, 1);
    open(&mut page, Aim::Attach(disk));
    let action = next(&page);
    press(&mut page, &action);
    over(&mut page, &action);
    assert_eq!(page.state.action_on(action.machine()).unwrap().stage, ActionStage::Lost);
    assert_eq!(page.state.seen_since(&action), Seen::So);
    let asked = |part: &str| page.sent.iter().any(|(_, path)| path.contains(part));
    assert!(!asked("/virtualMachines/web-01/backupOperations"), "only Azure Backup has such a list");
}

#[test]
fn the_choices_change_the_request_and_what_is_wrong_is_told() {
    let (mut page, _) = restored();
    let disk = disk(&page, 0);
    open(&mut page, Aim::Attach(disk));
    let first = next(&page);
    for (typed, words) in [("0", "LUN 0 is taken"), ("64", "from 0 to 63"), ("x", "from 0 to 63"), ("", "from 0 to 63")]
    {
        page.say(Msg::Action(ActionMsg::Lun(typed.to_owned())));
        let found = page.state.action_obstacles(&next(&page)).unwrap();
        assert!(matches!(&found[..], [one] if one.contains(words)), "{typed}: {found:?}");
    }
    let other = ArmId::parse(&first.machine().as_str().replace("web-01", "web-02")).unwrap();
    page.say(Msg::Action(ActionMsg::Machine(Some(other.clone()))));
    assert_eq!(next(&page).machine(), &other, "and its lowest free LUN is suggested anew");
    assert_eq!(page.state.action_obstacles(&next(&page)).unwrap(), [""; 0]);
    let far = "/subscriptions/5f1c0d3a-91b2-4e6f-8a77-0c0ffee00001/resourceGroups/rg-erp-neu/providers/Microsoft.Compute/virtualMachines/erp-02";
    page.say(Msg::Action(ActionMsg::Machine(ArmId::parse(far).ok())));
    assert!(page.state.action_obstacles(&next(&page)).unwrap()[0].contains("in northeurope"));
    page.say(Msg::Action(ActionMsg::Close));
    assert!(page.state.action_panel.is_none());
}

#[test]
fn another_account_does_not_follow_what_one_has_begun() {
    let (mut page, _) = restored();
    let disk = disk(&page, 0);
    open(&mut page, Aim::Attach(disk));
    let action = next(&page);
    press(&mut page, &action);
    page.say(Msg::Connect(crate::forged::token("second@contoso.com")));
    assert_eq!((page.state.actions.len(), page.state.action_panel.is_none()), (0, true));
}

#[test]
fn the_disks_of_a_created_machine_and_of_a_restore_with_warnings_are_listed() {
    for (vm, scenario) in [
        ("web-01", Scenario::AnotherVm),
        ("fault-completes-with-warnings", Scenario::RestoreDisks),
        ("fault-completes-with-warnings", Scenario::AnotherVm),
    ] {
        let mut page = operator::page();
        operator::start(&mut page, vm, scenario);
        page.wait_until(Duration::hours(12), |s| s.restores.iter().all(|r| !r.is_running()));
        page.say(Msg::Go(Route::Restore(page.restore_id())));
        let (run, disks) = (run(&page), page.state.restored_disks(&run(&page)));
        assert!(run.is_completed() && !run.checks().is_empty(), "{vm} {scenario:?}");
        let disks = disks.unwrap_or_else(|| panic!("{vm} {scenario:?}: no list"));
        assert_eq!(disks.first().and_then(|disk| disk.restored_lun()), Some(-1), "{vm} {scenario:?}: {disks:?}");
        let attached = scenario == Scenario::AnotherVm;
        assert!(disks.iter().all(|disk| disk.attached_to.is_some() == attached), "{vm} {scenario:?}: {disks:?}");
    }
}
