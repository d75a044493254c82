//! A single restore, run by bash.

use super::shell::{Shell, said};
use super::*;
use crate::export::{Urls, az, body_file, commands::TWICE};

const BASH: [Tool; 3] = [Tool::AzRest, Tool::AzBackup, Tool::Curl];

/// The arguments of the trigger, as they have to arrive.
fn expected(tool: Tool, plan: &Plan) -> Option<Vec<String>> {
    let url = Urls::of(plan, &Cloud::public()).unwrap().trigger.to_string();
    let body = format!("@{}", body_file(plan));
    let args: Vec<String> = match tool {
        Tool::AzRest => {
            let resource = "https://management.azure.com/";
            ["az", "rest", "--resource", resource, "--method", "post", "--url", &url, "--body", &body]
                .map(str::to_owned)
                .into()
        }
        Tool::Curl => {
            let head =
                ["curl", "--globoff", "-sS", "--fail-with-body", "-H", "Authorization: Bearer secret", "-X", "POST"];
            let rest = ["-H", "Content-Type: application/json", "--data-binary", &body, &url, "-D", "-"];
            head.into_iter().chain(rest).map(str::to_owned).collect()
        }
        _ => {
            let options = az::restore_disks(plan).ok()?;
            let options = options.into_iter().flat_map(|(name, value)| [name.to_owned(), value]);
            let words = ["az", "backup", "restore", "restore-disks"].map(str::to_owned);
            words.into_iter().chain(options.filter(|word| !word.is_empty())).collect()
        }
    };
    Some(args)
}

#[test]
fn each_command_arrives_as_it_is_meant_whatever_the_names_are() {
    for (at, name) in std::iter::once("web-01").chain(HOSTILE).enumerate() {
        let plan = disks(name);
        for tool in BASH {
            let Some(expected) = expected(tool, &plan) else { continue };
            let shell = Shell::new(&format!("names-{at}-{tool:?}"));
            shell.file(&body_file(&plan), plan.text());
            let ran = shell.run(&commands(tool, &plan), &[]);
            assert!(ran.status.success(), "{name}: {}", said(&ran));
            let called = shell.called();
            assert_eq!(called.len(), 1, "{name}");
            assert_eq!(called[0].args, expected, "{name}");
            assert_eq!(shell.files(), [body_file(&plan), "script.sh".to_owned()], "{name}");
        }
    }
}

#[test]
fn a_body_that_is_not_the_reviewed_one_is_not_sent() {
    let plan = disks("web-01");
    for tool in [Tool::AzRest, Tool::Curl] {
        let shell = Shell::new(&format!("changed-{tool:?}"));
        for text in [None, Some(plan.text().replace("target", "other"))] {
            if let Some(text) = text {
                shell.file(&body_file(&plan), &text);
            }
            let ran = shell.run(&commands(tool, &plan), &[]);
            assert!(!ran.status.success() && said(&ran).contains("Nothing was sent."), "{}", said(&ran));
            assert_eq!(shell.called().len(), 0);
        }
    }
}

#[test]
fn the_access_token_goes_through_pipes_as_it_came_and_into_no_file_or_argument() {
    // More digits than a number of JavaScript keeps, and a member of its name further in.
    const TOKEN: &str =
        r#"{"properties": 1, "big":12345678901234567890.1234567890,"text":"a\u00e9\\n$(touch pwned)" }"#;
    let plan = cross_region("web-01");
    for tool in [Tool::AzRest, Tool::Curl] {
        let shell = Shell::new(&format!("cross-{tool:?}"));
        shell.file(&body_file(&plan), plan.text());
        shell.answer(0, r#"{"aad":1}"#);
        shell.answer(
            1,
            &format!("{{\"id\": null, \"x\": {{\"properties\": 0}},\n \"properties\" : {TOKEN}, \"type\":\"x\"}}"),
        );
        let ran = shell.run(&commands(tool, &plan), &[]);
        assert!(ran.status.success(), "{}", said(&ran));
        let called = shell.called();
        assert_eq!(called.len(), 3, "{tool:?}");
        assert_eq!(called[1].input, r#"{"aad":1}"#);
        let placeholder = format!("\"{}\"", azure_backup::backup::cross_region::NOT_SHOWN);
        assert_eq!(called[2].input, plan.text().replace(&placeholder, TOKEN));
        assert!(called.iter().flat_map(|call| &call.args).all(|arg| !arg.contains("1234567890")), "{tool:?}");
        assert_eq!(shell.files(), [body_file(&plan), "script.sh".to_owned()]);
    }
}

#[test]
fn without_an_access_token_nothing_is_started() {
    let plan = cross_region("web-01");
    for (tool, answers) in [(Tool::AzRest, ["", ""]), (Tool::Curl, ["{}", "{\"id\":1}"])] {
        let shell = Shell::new(&format!("no-token-{tool:?}"));
        shell.file(&body_file(&plan), plan.text());
        answers.iter().enumerate().for_each(|(at, answer)| shell.answer(at, answer));
        let ran = shell.run(&commands(tool, &plan), &[]);
        assert!(!ran.status.success());
        assert_eq!(shell.called().len(), 2, "{tool:?}: {}", said(&ran));
    }
}

#[test]
fn each_export_says_what_it_sends_and_that_pressing_start_restores_twice() {
    for plan in [disks("web-01"), cross_region("web-01")] {
        for tool in Tool::ALL {
            let Ok(text) = tool.commands(&plan, &Cloud::public()) else { continue };
            assert!(
                text.contains(TWICE) && text.contains(tool.sends(&plan)) && text.contains("# Track it: "),
                "{text}"
            );
            assert!(text.contains(&plan.sha256) == tool.needs_body(), "{text}");
        }
    }
    assert!(commands(Tool::AzBackup, &disks("web-01")).contains("azure-cli 2.91.0"));
}

#[test]
fn az_backup_is_offered_only_where_each_member_has_an_option() {
    let reasons = |plan: &Plan| az::restore_disks(plan).unwrap_err().join(" ");
    assert!(reasons(&cross_region("web-01")).contains("its own list of region pairs"));
    let selected = |luns: &[i32]| {
        let draft = Draft { luns: luns.iter().copied().collect(), ..sample::draft(Scenario::SelectedDisks) };
        of(&sample::facts(), &draft)
    };
    assert!(reasons(&selected(&[1])).contains("as text instead of numbers"));
    assert!(az::restore_disks(&selected(&[])).is_ok());
    let mut plan = disks("web-01");
    plan.request.restore_with_managed_disks = Some(true);
    assert!(reasons(&plan).contains("restoreWithManagedDisks"));
    let mut plan = disks("web-01");
    plan.request.storage_account_id = ArmId::parse(&format!(
        "/subscriptions/{}/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/staging",
        sample::ELSEWHERE
    ))
    .ok();
    assert!(reasons(&plan).contains("storage account"));
    let mut plan = of(&sample::facts(), &sample::draft(Scenario::AnotherVm));
    assert!(az::restore_disks(&plan).is_ok());
    plan.request.subnet_id = ArmId::parse(&format!(
        "/subscriptions/{}/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/net/subnets/default",
        sample::ELSEWHERE
    ))
    .ok();
    assert!(reasons(&plan).contains("virtual network"));
    let vm = plan.request.target_virtual_machine_id.clone().unwrap().as_str().replace("web-02", "@secret");
    plan.request.target_virtual_machine_id = ArmId::parse(&vm).ok();
    assert!(reasons(&plan).contains("as an option or a file"));
}
