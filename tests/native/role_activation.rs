//! An eligible role is activated by the request that was on the screen, and the permissions are read again.

use std::cell::RefCell;
use std::rc::Rc;

use arm_sim::{Progress, Role, Simulator};
use azure_backup::arm::role_activation::ActivationStatus;
use http::{Method, Response};
use serde_json::{Value, json};
use time::Duration;
use vm_restore::app::activation::{ActivatableRole, ActivationMsg, ActivationStage};
use vm_restore::app::msg::{Msg, Transport};
use vm_restore::app::session::{Session, TokenClaims};
use vm_restore::restore::regional_id::RegionalId;
use vm_restore::restore::scenario::Scenario;

use crate::operator::{begin, review};
use crate::page::Page;

type Sent = Rc<RefCell<Vec<(String, Value)>>>;

/// The review of a restore by an account that may become Contributor, where the deployment offers the activation.
fn reviewed(role: Role) -> (Page, RegionalId, Sent) {
    let mut simulator = Simulator::new(7, begin());
    simulator.set_progress(Progress::Timetable);
    simulator.set_role(role);
    let mut page = Page::open(simulator, begin());
    page.state.session = Session::Token(TokenClaims::default());
    Rc::make_mut(&mut page.state.config).allow.role_activation = true;
    let sent = Sent::default();
    let seen = sent.clone();
    page.spoil = Box::new(move |request, answer| {
        if request.method() == Method::PUT {
            seen.borrow_mut()
                .push((request.uri().to_string(), serde_json::from_slice(request.body()).unwrap_or_default()));
        }
        answer
    });
    let point = review(&mut page, "web-01", Scenario::RestoreDisks);
    checked(&mut page, &point);
    (page, point, sent)
}

fn checked(page: &mut Page, point: &RegionalId) {
    page.wait_until(Duration::minutes(2), |state| {
        state.readiness(point).is_some_and(|all| all.iter().all(|(_, found)| !found.waits))
    });
}

fn offered(page: &Page, point: &RegionalId) -> Vec<ActivatableRole> {
    page.state.activatable(&page.state.missing_actions(point))
}

fn say(page: &mut Page, msg: ActivationMsg) {
    page.say(Msg::Activation(msg));
}

/// The SHA-256 of the request that the form shows; none while it shows none.
fn shown(page: &Page) -> Option<String> {
    let form = page.state.activation_form.as_ref()?;
    page.state.activation_request(form).map(|request| request.sha256)
}

#[test]
fn a_role_is_activated_by_the_request_that_was_shown_and_the_permissions_are_read_again() {
    let (mut page, point, sent) = reviewed(Role::Eligible);
    let role = offered(&page, &point).remove(0);
    assert_eq!((role.role.role.as_str(), role.longest()), ("Contributor", Some(480)));
    say(&mut page, ActivationMsg::Open(role.clone()));
    assert_eq!(shown(&page), None, "the justification is missing");
    say(&mut page, ActivationMsg::Justification("Restore after the outage".to_owned()));
    let old = shown(&page).unwrap();
    for nonsense in ["", "0", "-5", "1e3", "9223372036854775807", "99999999999999999999"] {
        say(&mut page, ActivationMsg::Minutes(nonsense.to_owned()));
        assert_eq!(shown(&page), None, "{nonsense:?} minutes");
    }
    say(&mut page, ActivationMsg::Minutes("481".to_owned()));
    assert_eq!(shown(&page), None, "longer than the role's rules allow");
    say(&mut page, ActivationMsg::Minutes("30".to_owned()));
    let new = shown(&page).unwrap();
    say(&mut page, ActivationMsg::Send(old));
    assert_eq!(sent.borrow().len(), 0, "another request than the one on the screen doesn't leave");
    say(&mut page, ActivationMsg::Send(new));
    checked(&mut page, &point);

    let (url, body) = sent.borrow()[0].clone();
    assert!(url.contains("/roleAssignmentScheduleRequests/") && url.ends_with("api-version=2020-10-01"), "{url}");
    assert_eq!(body["properties"]["justification"], "Restore after the outage");
    assert_eq!(
        body["properties"]["scheduleInfo"],
        json!({"expiration": {"type": "AfterDuration", "duration": "PT30M"}})
    );
    assert_eq!(
        page.state.activation_of(&role.role).map(|one| one.stage.clone()),
        Some(ActivationStage::Answered(Some(ActivationStatus::Done)))
    );
    assert_eq!((sent.borrow().len(), page.state.activation_form.is_none()), (1, true));
    // What the account may do now was read.
    assert!(page.state.missing_actions(&point).is_empty() && offered(&page, &point).is_empty());
    let found = page.state.readiness(&point).unwrap();
    let permissions = found.iter().find(|(check, _)| check.id == "permissions").unwrap();
    assert!(permissions.1.problems().next().is_none(), "{:?}", permissions.1);
    let unreadable: Vec<&str> = found.iter().flat_map(|(_, found)| found.unknowns()).collect();
    assert!(!unreadable.iter().any(|why| why.contains("missing permission")), "{unreadable:?}");
}

#[test]
fn a_duration_beyond_all_time_is_refused_also_where_the_rules_are_not_known() {
    let (mut page, point, _) = reviewed(Role::Eligible);
    let role = offered(&page, &point).remove(0);
    say(&mut page, ActivationMsg::Open(ActivatableRole { rules: None, ..role }));
    assert!(shown(&page).is_some(), "nothing is known to be required");
    say(&mut page, ActivationMsg::Minutes("9223372036854775807".to_owned()));
    assert_eq!(shown(&page), None);
    say(&mut page, ActivationMsg::Minutes("4294967295".to_owned()));
    assert!(shown(&page).is_some(), "Azure decides where no limit is known");
}

#[test]
fn it_is_offered_only_where_the_deployment_allows_it_and_the_account_is_eligible() {
    let (mut page, point, _) = reviewed(Role::Eligible);
    assert_eq!(offered(&page, &point).len(), 1);
    Rc::make_mut(&mut page.state.config).allow.role_activation = false;
    assert_eq!(offered(&page, &point), []);
    let (page, point, _) = reviewed(Role::BackupOperator);
    assert!(!page.state.missing_actions(&point).is_empty());
    assert_eq!(offered(&page, &point), []);
}

#[test]
fn a_refusal_keeps_the_form_and_a_lost_answer_is_not_called_a_refusal() {
    for (lost, says) in [(false, "JustificationRule"), (true, "")] {
        let (mut page, point, _) = reviewed(Role::Eligible);
        page.spoil = Box::new(move |request, answer| {
            if request.method() != Method::PUT {
                return answer;
            }
            if lost {
                return Err(Transport::Network("gone".to_owned()));
            }
            let body = json!({"error": {"code": "RoleAssignmentRequestPolicyValidationFailed",
                "message": "The following policy rules failed: [\"JustificationRule\"]"}});
            Ok(Response::builder().status(400).body(body.to_string().into()).unwrap())
        });
        let role = activate(&mut page, &point);
        let Some(ActivationStage::Failed { fault, unknown }) =
            page.state.activation_of(&role.role).map(|one| one.stage.clone())
        else {
            panic!("{:?}", page.state.activations);
        };
        assert_eq!((unknown, fault.message.contains(says)), (lost, true), "{fault:?}");
        assert_eq!(page.state.activation_form.as_ref().map(|form| form.justification.as_str()), Some("outage"));
    }
}

/// Asks for the one role that is offered, and waits until the permissions are read again.
fn activate(page: &mut Page, point: &RegionalId) -> ActivatableRole {
    let role = offered(page, point).remove(0);
    say(page, ActivationMsg::Open(role.clone()));
    say(page, ActivationMsg::Justification("outage".to_owned()));
    let hash = shown(page).unwrap();
    say(page, ActivationMsg::Send(hash));
    checked(page, point);
    role
}

/// The page of an account that has activated its role.
fn activated() -> (Page, RegionalId, Sent, ActivatableRole) {
    let (mut page, point, sent) = reviewed(Role::Eligible);
    let role = activate(&mut page, &point);
    (page, point, sent, role)
}

fn end_shown(page: &Page, role: &ActivatableRole) -> Option<String> {
    page.state.deactivation_request(page.state.activation_of(&role.role)?).map(|request| request.sha256)
}

#[test]
fn an_activated_role_is_deactivated_by_the_request_that_was_shown_and_the_permissions_are_read_again() {
    let (mut page, point, sent, role) = activated();
    assert_eq!(
        page.state.activated(&page.state.missing_actions(&point)).len(),
        1,
        "it is shown though nothing is missing"
    );
    let hash = end_shown(&page, &role).unwrap();
    say(&mut page, ActivationMsg::Deactivate(role.role.clone(), "0".repeat(64)));
    assert_eq!(sent.borrow().len(), 1, "another request than the one on the screen doesn't leave");
    say(&mut page, ActivationMsg::Deactivate(role.role.clone(), hash.clone()));
    // Pressed once more.
    say(&mut page, ActivationMsg::Deactivate(role.role.clone(), hash));
    checked(&mut page, &point);
    let (first, second) = (sent.borrow()[0].clone(), sent.borrow()[1].clone());
    assert_eq!(sent.borrow().len(), 2);
    assert_ne!(first.0, second.0, "each request has a name of its own");
    assert_eq!(second.1["properties"]["requestType"], "SelfDeactivate");
    assert_eq!(second.1["properties"]["principalId"], first.1["properties"]["principalId"]);
    let one = page.state.activation_of(&role.role).unwrap();
    assert_eq!((one.ends, &one.stage), (true, &ActivationStage::Answered(Some(ActivationStatus::Done))));
    assert_eq!((end_shown(&page, &role), offered(&page, &point).len()), (None, 1), "it can be activated again");
}

#[test]
fn a_role_that_azure_keeps_active_can_be_deactivated_again_by_another_request() {
    for lost in [false, true] {
        let (mut page, point, _, role) = activated();
        let hash = end_shown(&page, &role).unwrap();
        page.spoil = Box::new(move |request, answer| match request.method() == Method::PUT {
            true if lost => Err(Transport::Network("gone".to_owned())),
            true => {
                let body = json!({"error": {"code": "ActiveDurationTooShort", "message": "Too early."}});
                Ok(Response::builder().status(400).body(body.to_string().into()).unwrap())
            }
            false => answer,
        });
        say(&mut page, ActivationMsg::Deactivate(role.role.clone(), hash.clone()));
        checked(&mut page, &point);
        let stage = page.state.activation_of(&role.role).unwrap().stage.clone();
        assert!(matches!(stage, ActivationStage::Failed { unknown, .. } if unknown == lost), "{stage:?}");
        assert!(end_shown(&page, &role).is_some_and(|new| new != hash), "it has another name");
    }
}
