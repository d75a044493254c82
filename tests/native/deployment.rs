//! What an operator does with the template of restored disks: previews it, deploys it as it was shown; and where the signature that reads it is.

use std::cell::RefCell;
use std::rc::Rc;

use arm_sim::Role;
use azure_backup::arm::deployment::ChangeType;
use bytes::Bytes;
use http::{Method, Request, Response};
use serde_json::{Value, json};
use time::Duration;
use vm_restore::app::activity::Exchange;
use vm_restore::app::deployment::{DeployMsg, DeployStage, DeployStep, TemplateDeployment};
use vm_restore::app::msg::{Msg, Transport};
use vm_restore::app::route::Route;
use vm_restore::app::saved::SENT_REQUESTS;
use vm_restore::restore::deployment::Template;
use vm_restore::restore::run::RestoreRun;
use vm_restore::restore::scenario::Scenario;

use crate::operator;
use crate::page::Page;

type Answered = Result<Response<Bytes>, Transport>;
type Sent = Rc<RefCell<Vec<(Method, String, String)>>>;

/// The page of a restore of web-01's disks that is over, with the panel open; and what is sent about the template.
fn opened(change: impl Fn(&Request<Bytes>, Answered) -> Answered + 'static) -> (Page, Sent) {
    let mut page = operator::page();
    operator::start(&mut page, "web-01", Scenario::RestoreDisks);
    page.wait_until(Duration::hours(12), |s| s.restores.iter().all(|r| !r.is_running()));
    let sent = Sent::default();
    let seen = sent.clone();
    page.spoil = Box::new(move |request, answer| {
        let path = request.uri().path();
        if request.method() != Method::GET && (path.contains("/deployments/") || path.contains("/storageAccounts/")) {
            let body = String::from_utf8(request.body().to_vec()).unwrap();
            seen.borrow_mut().push((request.method().clone(), request.uri().to_string(), body));
        }
        change(request, answer)
    });
    say(&mut page, DeployMsg::Open);
    (page, sent)
}

fn say(page: &mut Page, msg: DeployMsg) {
    let id = page.restore_id();
    page.say(Msg::Deploy(id, msg));
}

fn run(page: &Page) -> RestoreRun {
    page.state.restores[0].clone()
}

fn now(page: &Page) -> TemplateDeployment {
    page.state.deployment(&run(page)).expect("the panel is open").clone()
}

fn template(page: &Page) -> Template {
    run(page).template().expect("the job names the template")
}

fn over(page: &mut Page) {
    page.wait_until(Duration::hours(1), |state| state.deployments.iter().all(|one| !one.runs()));
}

fn preview(page: &mut Page) {
    say(page, DeployMsg::Preview);
    over(page);
}

/// Previews until Azure names no missing parameter, and gives each a value.
fn prepared(page: &mut Page) {
    for value in ["web-copy", "vnet-prod-weu", "rg-network", "app"] {
        preview(page);
        let row = now(page).parameters.len() - 1;
        say(page, DeployMsg::Value(row, value.to_owned()));
    }
    preview(page);
}

fn press(page: &mut Page) {
    let shown = page.state.deploy_request(&now(page), &template(page), DeployStep::Deploy);
    say(page, DeployMsg::Send(shown.sha256));
}

#[test]
fn the_template_is_previewed_and_deployed_as_shown_and_the_signature_is_nowhere_else() {
    let (mut page, sent) = opened(|_, answer| answer);
    prepared(&mut page);
    let names: Vec<String> = now(&page).parameters.into_iter().map(|(name, _)| name).collect();
    let expected = ["VirtualMachineName", "VirtualNetwork", "VirtualNetworkResourceGroup", "Subnet"];
    assert_eq!(names, expected, "Azure's errors have named them");
    let DeployStage::Previewed(changes) = now(&page).stage else { panic!("{:?}", now(&page).stage) };
    assert_eq!(changes.iter().filter(|change| change.kind == ChangeType::Create).count(), 2);
    sent.borrow_mut().clear();
    let shown = page.state.deploy_request(&now(&page), &template(&page), DeployStep::Deploy);
    press(&mut page);
    // Pressed once more while it runs.
    say(&mut page, DeployMsg::Send(shown.sha256.clone()));
    over(&mut page);
    assert_eq!(now(&page).stage, DeployStage::Done);
    let sent = sent.borrow().clone();
    let [(_, sign, _), (Method::PUT, url, body)] = &sent[..] else { panic!("{sent:?}") };
    assert!(sign.contains("/ListServiceSas?") && *url == shown.url, "{sign} {url}");
    let (mut left, said): (Value, Value) =
        (serde_json::from_str(body).unwrap(), serde_json::from_str(&shown.body).unwrap());
    let signature = left["properties"]["templateLink"]["queryString"].take();
    left["properties"]["templateLink"]["queryString"] = said["properties"]["templateLink"]["queryString"].clone();
    assert_eq!(left, said, "but for the signature, what was shown has left");
    assert_eq!(left["properties"]["mode"], "Incremental");
    let secret = signature.as_str().unwrap().rsplit_once("sig=").unwrap().1.to_owned();
    assert!(secret.len() > 8 && !format!("{:?}", page.state).contains(&secret), "the state knows no signature");
    let commands: String = page.state.activity.iter().map(|exchange: &Rc<Exchange>| exchange.curl()).collect();
    assert!(!commands.contains(&secret) && commands.contains("not shown"));
    // The disks were read again.
    let disks = page.state.restored_disks(&run(&page)).unwrap();
    assert!(disks.iter().all(|disk| disk.attached_to.as_ref().is_some_and(|vm| vm.name() == "web-copy")));
}

#[test]
fn after_a_reload_a_deployment_is_followed_to_its_end_without_parameters_or_signature() {
    let (mut page, sent) = opened(|_, answer| answer);
    prepared(&mut page);
    press(&mut page);
    assert!(matches!(now(&page).stage, DeployStage::Following(DeployStep::Deploy, _)), "{:?}", now(&page).stage);
    let count = sent.borrow().len();
    let stored = page.storage[SENT_REQUESTS].clone();
    assert!(!stored.contains("web-copy") && !stored.contains("sig="), "{stored}");
    page.reload_at(Route::Restore(page.restore_id()));
    let one = now(&page);
    assert!(one.runs() && one.resumed && one.parameters.is_empty(), "{one:?}");
    over(&mut page);
    assert_eq!((now(&page).stage, sent.borrow().len()), (DeployStage::Done, count));
    page.reload_at(Route::Restore(page.restore_id()));
    assert_eq!(now(&page).stage, DeployStage::Done);
}

#[test]
fn what_was_not_previewed_as_it_is_is_not_sent() {
    let (mut page, sent) = opened(|_, answer| answer);
    prepared(&mut page);
    let before = page.state.deploy_request(&now(&page), &template(&page), DeployStep::Deploy).sha256;
    let count = sent.borrow().len();
    say(&mut page, DeployMsg::Value(0, "another".to_owned()));
    assert_eq!(now(&page).stage, DeployStage::Editing, "the preview was of other parameters");
    say(&mut page, DeployMsg::Send(before.clone()));
    assert_eq!(page.state.notice.as_ref().unwrap().title, "Nothing was sent");
    preview(&mut page);
    let after = sent.borrow().len();
    say(&mut page, DeployMsg::Send(before));
    assert_eq!((after, sent.borrow().len()), (count + 2, after), "the preview alone was sent");
}

#[test]
fn whoever_may_not_ask_for_the_signature_is_told_before_and_after() {
    let (mut page, sent) = opened(|_, answer| answer);
    assert_eq!(page.state.deploy_obstacles(&template(&page)), [""; 0]);
    page.simulator.set_role(Role::BackupOperator);
    page.say(Msg::Refresh);
    page.wait_until(Duration::minutes(5), |state| state.calls.is_empty());
    let told = page.state.deploy_obstacles(&template(&page));
    assert!(told.len() == 1 && told[0].contains("listServiceSas"), "{told:?}");
    preview(&mut page);
    let DeployStage::Failed { step: DeployStep::Preview, fault, unknown: false } = now(&page).stage else {
        panic!("{:?}", now(&page).stage)
    };
    assert!(fault.is_denied() && sent.borrow().len() == 1, "{fault:?}");
}

#[test]
fn a_lost_answer_is_not_called_a_failure_and_nothing_is_sent_again() {
    let (mut page, sent) = opened(|request, answer| match *request.method() {
        Method::PUT => Err(Transport::Network("gone".to_owned())),
        _ => answer,
    });
    prepared(&mut page);
    press(&mut page);
    over(&mut page);
    let stage = now(&page).stage;
    assert!(matches!(stage, DeployStage::Failed { step: DeployStep::Deploy, unknown: true, .. }), "{stage:?}");
    page.now += Duration::hours(1);
    page.say(Msg::Tick);
    let puts = sent.borrow().iter().filter(|(method, ..)| *method == Method::PUT).count();
    assert_eq!(puts, 1);
}

#[test]
fn an_error_that_quotes_the_link_is_shown_without_its_signature() {
    let (mut page, _) = opened(|request, answer| match request.uri().path().ends_with("/whatIf") {
        true => {
            let body: Value = serde_json::from_slice(request.body()).unwrap();
            let link = &body["properties"]["templateLink"];
            let quoted = format!(
                "Unable to download '{}?{}'.",
                link["uri"].as_str().unwrap(),
                link["queryString"].as_str().unwrap()
            );
            let error = json!({ "error": { "code": "InvalidContentLink", "message": quoted } });
            Ok(Response::builder().status(400).body(error.to_string().into()).unwrap())
        }
        false => answer,
    });
    preview(&mut page);
    let DeployStage::Failed { fault, .. } = now(&page).stage else { panic!("{:?}", now(&page).stage) };
    assert!(fault.message.contains("sig=REDACTED"), "{fault:?}");
    let exchanges = format!("{:?}", page.state.activity);
    assert_eq!(exchanges.matches("sig=").count(), exchanges.matches("sig=REDACTED").count());
}

#[test]
fn a_deployment_that_azure_does_not_confirm_is_not_called_done() {
    let (mut page, _) = opened(|request, answer| match *request.method() {
        Method::PUT => Ok(Response::builder().status(200).body(Bytes::from_static(b"{}")).unwrap()),
        _ => answer,
    });
    prepared(&mut page);
    press(&mut page);
    over(&mut page);
    assert_eq!(now(&page).stage, DeployStage::Lost);
    page.say(Msg::Disconnect);
    assert_eq!(page.state.deployments.len(), 0, "whoever leaves follows nothing any more");
}
