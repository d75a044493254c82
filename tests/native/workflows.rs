//! What builds and publishes on GitHub.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// The workflows by the names of their files.
fn workflows() -> BTreeMap<String, String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(".github/workflows");
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
    files.map(|file| (file.file_name().into_string().unwrap(), fs::read_to_string(file.path()).unwrap())).collect()
}

/// The jobs of a workflow: name and text.
fn jobs(workflow: &str) -> Vec<(String, String)> {
    let mut jobs: Vec<(String, String)> = Vec::new();
    for line in workflow.split_once("\njobs:\n").unwrap().1.lines() {
        match line.strip_prefix("  ").and_then(|line| line.strip_suffix(':')).filter(|name| !name.starts_with(' ')) {
            Some(name) => jobs.push((name.to_owned(), String::new())),
            None => jobs.last_mut().unwrap().1 += &format!("{line}\n"),
        }
    }
    jobs
}

#[test]
fn actions_are_named_by_the_commit_and_say_which_version_it_is() {
    let mut found = 0;
    for (file, text) in workflows() {
        for line in text.lines().filter(|line| line.contains("uses:")) {
            let (_, action) = line.split_once("uses: ").unwrap();
            let (commit, version) =
                action.split_once('@').and_then(|(_, at)| at.split_once(" # v")).unwrap_or_default();
            let hex = commit.len() == 40 && commit.chars().all(|c| matches!(c, '0'..='9' | 'a'..='f'));
            assert!(hex && version.split('.').count() == 3, "{file}: {line}");
            found += 1;
        }
    }
    assert!(found >= 10, "{found}");
}

#[test]
fn what_publishes_runs_nothing_of_the_repository_and_what_builds_may_not_publish() {
    let mut publishing = Vec::new();
    for (file, text) in workflows() {
        let next = ["jobs:", "concurrency:", "env:"];
        assert!(next.iter().any(|k| text.contains(&format!("\npermissions:\n  contents: read\n{k}"))), "{file}");
        for (name, job) in jobs(&text) {
            let writes = job.lines().filter(|line| line.ends_with(": write")).count();
            let runs = ["actions/checkout@", "cargo ", "npm ", "node ", ".ci/"].iter().any(|part| job.contains(part));
            assert!(writes == 0 || !runs, "{file}, {name}: it may write, and runs what the repository holds");
            assert!(!job.contains("actions/checkout@") || job.contains("persist-credentials: false"), "{file}, {name}");
            assert!(job.contains("timeout-minutes: "), "{file}, {name}");
            if job.contains("contents: write") {
                publishing.push(format!("{file}, {name}"));
            }
        }
    }
    assert_eq!(publishing, ["release.yml, publish"]);
    let release = &workflows()["release.yml"];
    for part in ["attest-build-provenance@", "cargo xtask sbom", "sha256sum --check", "cargo xtask check --advisories"]
    {
        assert!(release.contains(part), "{part}");
    }
}

#[test]
fn what_is_published_is_built_without_a_cache() {
    for (file, text) in workflows() {
        let cached = text.contains("actions/cache@");
        assert_eq!(cached, file == "ci.yml", "{file}: whoever can write the cache could change what is published");
    }
}

#[test]
fn advisories_are_looked_up_on_a_schedule_and_new_versions_are_proposed() {
    let advisories = &workflows()["advisories.yml"];
    assert!(
        advisories.contains("    - cron: ") && advisories.contains("cargo xtask check --advisories"),
        "{advisories}"
    );
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let dependabot = fs::read_to_string(root.join(".github/dependabot.yml")).unwrap();
    for ecosystem in ["cargo", "npm", "github-actions"] {
        assert!(dependabot.contains(&format!("package-ecosystem: {ecosystem}\n")), "{ecosystem}");
    }
}

#[test]
fn what_runs_tests_without_recordings_says_so() {
    let mut found = 0;
    for (file, text) in workflows() {
        let tests = [".ci/run", "cargo xtask test"].iter().any(|command| text.contains(command));
        assert_eq!(tests, text.contains("\n  CORPUS: absent\n"), "{file}");
        found += usize::from(tests);
    }
    assert_eq!(found, 3);
}
