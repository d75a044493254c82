//! Writes what the page exports of each journey of azure-cli into files, for `cargo xtask clients`, which runs them.

use std::fs;
use std::path::Path;

use azure_backup::arm::cloud::Cloud;
use azure_backup::backup::cross_region::NOT_SHOWN;
use serde_json::{Value, json};
use vm_restore::export::body_file;
use vm_restore::export::commands::{NoCommand, Tool};
use vm_restore::export::script::{Step, script};
use vm_restore::restore::plan::Plan;

use crate::clients;

/// The name of a tool in the table of the results.
const fn name(tool: Tool) -> &'static str {
    match tool {
        Tool::AzRest => "az rest",
        Tool::AzBackup => "az backup",
        Tool::PowerShell => "PowerShell",
        Tool::Curl => "curl",
        Tool::Http => "HTTP file",
    }
}

/// The journeys whose restores are also exported together, as the script of a recovery plan.
const SCRIPTED: [&str; 3] = ["managed disks", "a new VM in a zone", "secondary: disks"];

/// The exports of a restore, in `folder`; what `exports.mjs` reads of them.
fn exports(plan: &Plan, cloud: &Cloud, folder: &Path) -> Vec<Value> {
    fs::write(folder.join(body_file(plan)), plan.text()).unwrap();
    let runs = Tool::ALL.into_iter().filter(|tool| *tool != Tool::PowerShell);
    let tool = |(number, tool): (usize, Tool)| match tool.commands(plan, cloud) {
        Ok(text) => {
            let file = format!("{number}-{}", tool.file(plan));
            fs::write(folder.join(&file), text).unwrap();
            json!({"tool": name(tool), "file": file})
        }
        Err(NoCommand::Other(why)) => json!({"tool": name(tool), "not": why}),
        Err(NoCommand::Url(why)) => panic!("{why}"),
    };
    runs.enumerate().map(tool).collect()
}

#[test]
#[ignore = "`cargo xtask clients` runs it, with EXPORTS_FOLDER and EXPORTS_ORIGIN"]
fn the_exports_of_every_journey_are_written() {
    let variable = |name: &str| std::env::var(name).unwrap_or_else(|_| panic!("{name} isn't set"));
    let (folder, origin) = (variable("EXPORTS_FOLDER"), variable("EXPORTS_ORIGIN"));
    let folder = Path::new(&folder);
    let cloud = Cloud { arm: origin.parse().unwrap(), admitted: Vec::new(), ..Cloud::public() };
    let base = clients::page();
    let (mut rows, mut scripted) = (Vec::new(), Vec::new());
    let mut write = |name: &str, bodies: Vec<String>, made: &dyn Fn(&Path) -> Vec<Value>| {
        let own = format!("{:02}", rows.len());
        fs::create_dir_all(folder.join(&own)).unwrap();
        let tools = made(&folder.join(&own));
        rows.push(json!({"name": name, "folder": own, "bodies": bodies, "placeholder": NOT_SHOWN, "tools": tools}));
    };
    for (name, journey, body) in clients::sent() {
        if journey["page"]["refuses"].is_string() || journey["page"]["cannot"].is_string() {
            continue;
        }
        let page = &mut base.fork();
        let point = clients::open(page, &journey, &body);
        clients::choose(page, &point, &journey);
        let plan = page.state.plan(&point).unwrap_or_else(|why| panic!("{name}: {why:?}"));
        write(&name, vec![body_file(&plan)], &|folder| exports(&plan, &cloud, folder));
        if SCRIPTED.contains(&name.as_str()) {
            scripted.push(plan);
        }
    }
    let names: Vec<String> = (1..=scripted.len()).map(|number| format!("{number}.json")).collect();
    write("a recovery plan", names.clone(), &|folder| {
        let group = |number: usize| if number == 0 { "first" } else { "second" };
        let steps: Vec<Step<'_>> =
            scripted.iter().enumerate().map(|(number, plan)| Step { name: "vm", group: group(number), plan }).collect();
        for (name, plan) in names.iter().zip(&scripted) {
            fs::write(folder.join(name), plan.text()).unwrap();
        }
        let text = script("plan", &scripted[0].sha256, &steps, &cloud).unwrap();
        fs::write(folder.join("plan.sh"), text).unwrap();
        vec![json!({"tool": "script", "file": "plan.sh"})]
    });
    fs::write(folder.join("exports.json"), format!("{:#}\n", Value::from(rows))).unwrap();
}
