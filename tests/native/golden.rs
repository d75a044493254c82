//! What this browser keeps between visits, in every form that was released. The files in `golden/` are never changed: a browser may still hold their
//! text. Each name says until when the program wrote that form; `older-` marks what it reads and no longer writes.

use arm_sim::Simulator;
use azure_backup::arm::fault::{Fault, FaultDetail, FaultKind};
use azure_backup::arm::headers::RetryAfter;
use azure_backup::arm::id::{ArmId, ClientRequestId, JobId, Region, SubscriptionId};
use azure_backup::arm::operation::{NextStep, Operation, OperationOutcome, StatusSource};
use azure_backup::arm::version::ApiVersion;
use azure_backup::backup::job::{Job, JobError, JobOutcome, JobStatus, JobTracker, Task};
use serde_json::{Value, json};
use time::macros::datetime;
use time::{Duration, OffsetDateTime};
use vm_restore::app::identity::Identity;
use vm_restore::app::local_time::TimeZone;
use vm_restore::app::quotas::{QuotaKind, Quotas};
use vm_restore::app::records::Drafts;
use vm_restore::app::saved::{self, OnSignOut, QuarantinedEntry, Settings, Versions};
use vm_restore::app::state::JobListKey;
use vm_restore::restore::draft::{
    DiskNetworkAccess, DiskTarget, Draft, RegionChoice, Rehydration, RehydrationPriority, StagingAccess, ZoneChoice,
};
use vm_restore::restore::field::Field;
use vm_restore::restore::owner::Owner;
use vm_restore::restore::regional_id::RegionalId;
use vm_restore::restore::run::{Imported, JobMatch, Reached, RestoreRun, Search, Stage, SubmittedRequest, Timeline};
use vm_restore::restore::scenario::Scenario;

use crate::operator::{page, start};

const STAGES: &str = include_str!("golden/stages-2026-11-30.json");
const DRAFTS: &str = include_str!("golden/drafts-by-machine-2026-11-30.json");
const DRAFTS_BY_POINT: &str = include_str!("golden/older-drafts-by-point.json");
const SETTINGS: &str = include_str!("golden/settings-2026-11-30.json");
const READS: &str = include_str!("golden/reads-2026-11-30.json");
const QUARANTINE: &str = include_str!("golden/quarantine-2026-11-30.json");

const NOW: OffsetDateTime = datetime!(2026-12-01 00:00 UTC);
const SUBSCRIPTION: &str = "5f1c0d3a-91b2-4e6f-8a77-0c0ffee00001";
const VAULT: &str = "/subscriptions/5f1c0d3a-91b2-4e6f-8a77-0c0ffee00001/resourceGroups/rg-backup/providers/Microsoft.RecoveryServices/vaults/golden-vault";
const GROUP: &str = "/subscriptions/5f1c0d3a-91b2-4e6f-8a77-0c0ffee00001/resourceGroups/rg-web";
const JOB: &str = "6b2b0b2c-3a80-4a9c-9f4f-6a6f2a3b1c0d";
const TENANT: &str = "33333333-aaaa-4bbb-8ccc-000000000003";

fn id(text: &str) -> ArmId {
    ArmId::parse(text).unwrap()
}

fn item() -> ArmId {
    let container = "/backupFabrics/Azure/protectionContainers/IaasVMContainer;iaasvmcontainerv2;rg-web;web-01";
    id(&format!("{VAULT}{container}/protectedItems/VM;iaasvmcontainerv2;rg-web;web-01"))
}

fn point(name: &str) -> ArmId {
    item().child("recoveryPoints", name)
}

/// All records of a file, each of which can be read.
fn restores(text: &str) -> Vec<RestoreRun> {
    let found = saved::restores(text, NOW);
    assert!(found.known && found.unread.is_empty(), "{:?}", found.unread);
    found.read
}

/// A fault with every member.
fn full_fault() -> Fault {
    let additional = r#"[{"type":"PolicyViolation","info":{"exact":1.10,"huge":123456789012345678901234567890,"small":-0.000001e-7,"list":[true,null,-7]}}]"#;
    let mut fault = Fault::reported("", "UserErrorÜ", "Words \"quoted\"\nand\\more").with_status(200);
    fault.kind = FaultKind::Body { path: "$.properties.tasksList[3].duration".to_owned() };
    fault.target = Some("properties.zones".to_owned());
    let mut first = FaultDetail::new("InnerOne", "First.");
    first.target = Some("zones[0]".to_owned());
    fault.details = vec![first, FaultDetail::new("InnerTwo", "")];
    fault.additional = Some(Box::new(serde_json::from_str(additional).unwrap()));
    fault.request_id = Some("11111111-aaaa-4bbb-8ccc-000000000001".to_owned());
    fault.correlation_id = Some("22222222-aaaa-4bbb-8ccc-000000000002".to_owned());
    fault.failure_cause = Some("gateway".to_owned());
    fault.retry_after = Some(RetryAfter::Seconds(u64::MAX));
    fault.call = "GET /subscriptions/x/backupJobs/y".to_owned();
    fault.challenge = Some("Bearer error=\"insufficient_claims\", claims=\"e30=\"".to_owned());
    fault
}

/// A throttle until a time.
fn throttle() -> Fault {
    let message = "Please try again after '324' seconds.";
    let mut fault = Fault::reported("POST restore", "ResourceRequestsThrottled", message).with_status(429);
    fault.retry_after = Some(RetryAfter::At(datetime!(2026-11-30 02:30:01.000_000_005 UTC)));
    fault
}

/// A search that has not looked yet.
fn search() -> Search {
    Search {
        since: datetime!(2026-11-29 22:01:02.000_000_003 UTC),
        looks: 0,
        listed: None,
        unclear: None,
        next: datetime!(2026-11-29 22:01:07.000_000_003 UTC),
        last: None,
        last_error: None,
    }
}

/// A search with every member.
fn full_search() -> Search {
    Search {
        looks: 4,
        listed: Some(17),
        unclear: Some(true),
        last: Some(datetime!(2026-11-29 22:02 UTC)),
        last_error: Some(full_fault()),
        ..search()
    }
}

/// A job with every member.
fn full_job() -> Job {
    let text = |text: &str| Some(text.to_owned());
    let status = JobStatus::CompletedWithWarnings;
    let mut job = Job::new(id(&format!("{VAULT}/backupJobs/{JOB}")), JobId::parse(JOB).unwrap(), "Restore", status);
    job.entity = text("web-01");
    job.container = text("iaasvmcontainerv2;rg-web;web-01");
    job.start = Some(datetime!(2026-11-29 22:05:00.12 UTC));
    job.end = Some(datetime!(2026-11-29 23:34:33.000_000_001 UTC));
    job.duration = Some(Duration::new(5_373, 177_516_800));
    job.activity_id = text("00000001-2222-4000-8000-000000000000");
    job.cancellable = true;
    let mut error = JobError::new(Some(400_048));
    (error.title, error.text) = (text("UserErrorX"), text("It failed."));
    error.recommendations = vec!["Try again.".to_owned(), "Ask.".to_owned()];
    job.errors = vec![error, JobError::new(None)];
    let mut transfer = Task::new("Transfer data from vault", "Completed");
    (transfer.duration, transfer.progress) = (Some(Duration::milliseconds(-1_500)), Some(100));
    transfer.details = text("63.5 GBs / 127 GBs");
    job.tasks = vec![transfer, Task::new("Create the VM", "NotStarted")];
    job.properties = vec![
        ("Job Type".to_owned(), "Recover disks".to_owned()),
        ("Target Storage Account Name".to_owned(), "stage01".to_owned()),
    ];
    job.percent = Some(99);
    job.remaining = Some(Duration::minutes(1));
    job.dynamic_error = text("Look at the task list.");
    job.user_triggered = Some(true);
    job
}

/// Whether a text is the one of a file; of long texts, the place where they part is told.
fn same(written: &str, file: &str) {
    let part = written.bytes().zip(file.bytes()).position(|(a, b)| a != b).unwrap_or(written.len().min(file.len()));
    let around = |text: &str| {
        String::from_utf8_lossy(&text.as_bytes()[part.saturating_sub(60)..]).chars().take(120).collect::<String>()
    };
    assert!(written == file, "{} instead of {}", around(written), around(file));
}

fn operation(restore: &RestoreRun) -> &Operation {
    let Stage::Operation { operation } = &restore.stage else { panic!("{:?}", restore.stage) };
    operation
}

fn job(restore: &RestoreRun) -> (&JobTracker, JobMatch) {
    let Stage::Job { tracker, found } = &restore.stage else { panic!("{:?}", restore.stage) };
    (tracker, *found)
}

fn refusal(restore: &RestoreRun) -> &Fault {
    let Stage::Refused { fault } = &restore.stage else { panic!("{:?}", restore.stage) };
    fault
}

#[test]
fn restores_of_every_stage_are_written_as_they_were_read() {
    let all = restores(STAGES);
    assert_eq!(all.len(), 37);
    same(&saved::restores_text(all.iter()), STAGES);
    // One record alone is what is set aside when the rest of a list can be read.
    for record in serde_json::from_str::<Value>(STAGES).unwrap()["restores"].as_array().unwrap() {
        assert_eq!(saved::write(&restores(&record.to_string())[0]), record.to_string());
    }
}

#[test]
fn a_restore_keeps_who_asked_for_what() {
    let all = restores(STAGES);
    let text = all[1].submitted.as_ref().unwrap().text.replace("RestoreDisks", "RestoreDisks2");
    let who = Owner::new(Some("ops@contoso.com"), Some(TENANT));
    let expected = RestoreRun {
        id: ClientRequestId::parse("00000001-2222-4000-8000-000000000000").unwrap(),
        cloud: "AzureCloud".to_owned(),
        owner: who.clone(),
        hidden: Some(datetime!(2026-11-30 01:02:03.000_000_004 UTC)),
        vault: id(VAULT),
        secondary: None,
        vm: "web-01".to_owned(),
        version: ApiVersion::BACKUP_DEFAULT,
        submitted: Some(SubmittedRequest {
            item: item(),
            point: point("2261197147500459276"),
            point_time: datetime!(2026-11-28 03:04:05.678_9 UTC),
            scenario: Scenario::SelectedDisks,
            effect: "Restores all disks of `web-01`.".to_owned(),
            sha256: "903d0dde0dfba8ce0450da9edffc1b409edb2b7b3220dfba336119434b213770".to_owned(),
            text: text.into(),
            expected_disks: Some(vec!["web-01-os".to_owned(), "web-01-data".to_owned()]),
            who: Some("ops@contoso.com".to_owned()),
            tenant: Some(TENANT.to_owned()),
            reason: Some("INC-7: “drill”".to_owned()),
        }),
        started: datetime!(2026-11-29 22:00:01 UTC),
        stage: Stage::Intent,
        support_ids: vec![
            ("x-ms-request-id".to_owned(), "44444444-aaaa-4bbb-8ccc-000000000004".to_owned()),
            ("x-ms-correlation-request-id".to_owned(), "55555555-aaaa-4bbb-8ccc-000000000005".to_owned()),
        ],
        timeline: Timeline(vec![
            Reached { at: datetime!(2026-11-29 22:00:01 UTC), state: "Waiting for a token".to_owned() },
            Reached { at: datetime!(2026-11-29 22:00:02.000_000_007 UTC), state: "Sending".to_owned() },
        ]),
        imported: Some(Imported { by: Some("other@contoso.com".to_owned()), at: datetime!(2026-11-30 01:00 UTC) }),
    };
    assert_eq!(all[0], expected);
    let scenarios = all[..4].iter().map(|restore| restore.submitted.as_ref().unwrap().scenario);
    assert!(scenarios.eq([
        Scenario::SelectedDisks,
        Scenario::ReplaceDisks,
        Scenario::AnotherVm,
        Scenario::RestoreDisks
    ]));
    assert_eq!(all[1].imported, Some(Imported { by: None, at: datetime!(2026-11-30 01:00 UTC) }));
    assert!(all[1].owner.is_unknown() && all[1].timeline == Timeline::default());
    assert_eq!(all[3].secondary.as_ref().map(Region::as_str), Some("West Europe"));
    assert_eq!((all[2].version.as_str(), all[3].version.as_str()), ("2021-11-15", "2018-12-20"));
    assert_eq!(all[17].submitted, None);
}

#[test]
fn a_restore_keeps_where_it_stands() {
    let all = restores(STAGES);
    let stages = [
        (0, Stage::Intent),
        (1, Stage::Sending),
        (2, Stage::Preparing { identified: true, search: full_search() }),
        (3, Stage::Preparing { identified: false, search: search() }),
        (4, Stage::Unknown { fault: None, search: Search { listed: Some(0), unclear: Some(false), ..search() } }),
        (5, Stage::Unknown { fault: Some(throttle()), search: full_search() }),
        (13, Stage::Searching { search: full_search() }),
        (32, Stage::Refused { fault: full_fault() }),
        (33, Stage::OperationFailed { fault: throttle() }),
        (34, Stage::NotSent { fault: None, search: None }),
        (35, Stage::NotSent { fault: Some(throttle()), search: Some(full_search()) }),
        (36, Stage::NotSent { fault: Some(full_fault()), search: None }),
    ];
    for (at, stage) in stages {
        assert_eq!(all[at].stage, stage, "{at}");
    }
    let kinds: Vec<FaultKind> = all[22..32].iter().map(|restore| refusal(restore).kind.clone()).collect();
    assert_eq!(
        kinds,
        [
            FaultKind::Refused,
            FaultKind::NoUrl,
            FaultKind::NoToken,
            FaultKind::TokenLate,
            FaultKind::Network,
            FaultKind::TimedOut,
            FaultKind::Aborted,
            FaultKind::Status,
            FaultKind::Unexpected,
            FaultKind::TooLarge
        ]
    );
}

#[test]
fn an_operation_is_followed_where_it_was_left() {
    let all = restores(STAGES);
    let first = operation(&all[6]);
    assert_eq!(
        (first.status_source(), first.id(), first.status()),
        (StatusSource::AsyncOperation, Some("9b6f=="), "InProgress")
    );
    assert_eq!(first.since(), datetime!(2026-11-29 22:03 UTC));
    assert_eq!(first.last_poll(), Some(datetime!(2026-11-29 22:03:30 UTC)));
    assert_eq!(first.next_poll(), datetime!(2026-11-29 22:04 UTC));
    assert_eq!((first.last_error(), first.ending()), (Some(&throttle()), None));
    // Throttled: nobody's wish brings the next poll forward.
    let mut wanted = first.clone();
    wanted.poll_now(datetime!(2026-11-29 22:03:45 UTC));
    assert_eq!(wanted.next_poll(), first.next_poll());
    let call = first.call(&azure_backup::arm::cloud::Cloud::public()).unwrap();
    let url = call.url(&azure_backup::arm::cloud::Cloud::public()).unwrap().to_string();
    assert!(url.contains("/operationsStatus/9b6f?") && url.ends_with("&t=1&s=a%2Bb"), "{url}");
    let job_ids = vec![JobId::parse(JOB).unwrap()];
    let properties = serde_json::from_str(r#"{"objectType":"X","n":1.10}"#).unwrap();
    let endings = [
        (7, StatusSource::Location, OperationOutcome::Succeeded { job_ids, properties: Some(properties) }),
        (8, StatusSource::BackupOperations, OperationOutcome::Failed(full_fault())),
        (9, StatusSource::JobList, OperationOutcome::UseJobList),
        (10, StatusSource::AsyncOperation, OperationOutcome::Cancelled),
        (11, StatusSource::AsyncOperation, OperationOutcome::Unknown("Invalid".to_owned())),
        (12, StatusSource::AsyncOperation, OperationOutcome::Succeeded { job_ids: Vec::new(), properties: None }),
    ];
    for (at, way, ending) in endings {
        let operation = operation(&all[at]);
        assert_eq!((operation.status_source(), operation.next(NOW)), (way, NextStep::Done(ending)), "{at}");
    }
}

#[test]
fn a_job_is_followed_where_it_was_left() {
    let all = restores(STAGES);
    let (tracker, found) = job(&all[14]);
    assert_eq!((found, tracker.id().as_str(), tracker.vault()), (JobMatch::Operation, JOB, &id(VAULT)));
    assert_eq!(tracker.job(), Some(&full_job()));
    assert!(tracker.is_doubtful() && tracker.ending().is_none());
    assert_eq!(
        (tracker.last_poll(), tracker.last_error()),
        (Some(datetime!(2026-11-29 22:03:30 UTC)), Some(&full_fault()))
    );
    let line = tracker.call().line();
    assert!(line.contains("/locations/westeurope/backupCrrJob"), "{line}");
    let (tracker, found) = job(&all[15]);
    let Some(JobOutcome::Gone(fault)) = tracker.ending() else { panic!("{tracker:?}") };
    assert_eq!((found, fault.code.as_str(), tracker.job()), (JobMatch::Activity, "JobNotFound", None));
    let (tracker, found) = job(&all[16]);
    assert_eq!(
        (found, tracker.job().map(|job| job.status.clone())),
        (JobMatch::VmAndTime, Some(JobStatus::Cancelling))
    );
    let statuses = [
        JobStatus::Completed,
        JobStatus::Failed,
        JobStatus::Cancelled,
        JobStatus::CompletedWithWarnings,
        JobStatus::Other("Stalled by hand".to_owned()),
    ];
    for (restore, status) in all[17..22].iter().zip(statuses) {
        let (tracker, found) = job(restore);
        assert_eq!((found, tracker.job().map(|job| &job.status)), (JobMatch::List, Some(&status)));
        assert_eq!(tracker.ending(), Some(&JobOutcome::Job(status)));
    }
}

fn drafts(text: &str) -> Vec<(RegionalId, Draft)> {
    let found = saved::drafts(text);
    assert!(found.known && found.unread.is_empty());
    found.read
}

#[test]
fn drafts_of_every_scenario_are_read_and_written_again() {
    let texts: Value = serde_json::from_str(DRAFTS).unwrap();
    let all = drafts(DRAFTS);
    for (key, value) in texts.as_object().unwrap() {
        let record = (key.clone(), value.to_string());
        let (place, draft) = saved::draft(&record).unwrap();
        assert_eq!((place.key(), saved::write(&draft)), (key.to_ascii_lowercase(), record.1));
        assert!(all.contains(&(place, draft)), "{key}");
    }
    // They are those that an older version has kept by recovery point, each for a machine of its own.
    let of = |all: Vec<(RegionalId, Draft)>| all.into_iter().map(|(_, draft)| draft);
    let without = |draft: Draft| Draft { point: None, cleared: Vec::new(), ..draft };
    assert!(of(all.clone()).map(without).eq(of(drafts(DRAFTS_BY_POINT)).map(without)));
    let all: Drafts = all.into_iter().collect();
    let get = |machine: &str, region: Option<&str>| {
        let id = id(&item().as_str().replace("rg-web;web-01", &format!("rg-web;{machine}")));
        all.get(&RegionalId { id, secondary: region.map(Region::new) }).unwrap()
    };
    let cleared = [Field::TargetGroup, Field::VmName, Field::Network, Field::Subnet, Field::StagingAccount].to_vec();
    let marks = |machine, region| (get(machine, region).point.as_deref(), get(machine, region).cleared.clone());
    assert_eq!(marks("one", None), (None, Vec::new()));
    assert_eq!(marks("two", None), (Some("2"), cleared));
    assert_eq!(marks("FOUR", Some("westeurope")).0, Some("2261197147500459276"));
}

#[test]
fn drafts_that_were_kept_by_recovery_point_are_read() {
    let all = drafts(DRAFTS_BY_POINT);
    let get = |name: &str, region: Option<&str>| {
        let place = RegionalId { id: point(name), secondary: region.map(Region::new) };
        let (_, draft) = all.iter().find(|(other, _)| *other == place).unwrap();
        assert_eq!(draft.point.as_deref(), Some(name), "they were made for it");
        Draft { point: None, ..draft.clone() }
    };
    let below = |path: &str| Some(id(&format!("{GROUP}/providers/{path}")));
    assert_eq!(get("1", None), Draft::default());
    let disks = Draft {
        scenario: Some(Scenario::RestoreDisks),
        disk_target: DiskTarget::UnmanagedVhds,
        staging_account: below("Microsoft.Storage/storageAccounts/stage01"),
        region: Some(RegionChoice::Vault),
        original_accounts: true,
        disk_network_access: Some(DiskNetworkAccess::SameAsSource),
        ..Draft::default()
    };
    assert_eq!(get("2", None), disks);
    let selected = Draft {
        scenario: Some(Scenario::SelectedDisks),
        luns: [0, 2, 5].into(),
        target_group: Some(id(GROUP)),
        zone: ZoneChoice::NoZone,
        staging_access: StagingAccess::SystemAssigned,
        disk_network_access: Some(DiskNetworkAccess::Public),
        rehydration: Rehydration { priority: Some(RehydrationPriority::Standard), days: "12".to_owned() },
        ..Draft::default()
    };
    assert_eq!(get("3", None), selected);
    let another = Draft {
        scenario: Some(Scenario::AnotherVm),
        region: Some(RegionChoice::Source),
        target_subscription: SubscriptionId::parse("5f1c0d3a-91b2-4e6f-8a77-0c0ffee00002").ok(),
        target_group: Some(id(GROUP)),
        vm_name: "web-01-kopie-ü".to_owned(),
        network: below("Microsoft.Network/virtualNetworks/net"),
        subnet: below("Microsoft.Network/virtualNetworks/net/subnets/web"),
        zone: ZoneChoice::Zone("2".to_owned()),
        encryption_set: below("Microsoft.Compute/diskEncryptionSets/one"),
        os_encryption_set: below("Microsoft.Compute/diskEncryptionSets/two"),
        staging_access: StagingAccess::UserAssigned(
            below("Microsoft.ManagedIdentity/userAssignedIdentities/id").unwrap(),
        ),
        disk_network_access: Some(DiskNetworkAccess::Private),
        disk_access: below("Microsoft.Compute/diskAccesses/da"),
        edge_zone: true,
        rehydration: Rehydration { priority: Some(RehydrationPriority::High), days: "30".to_owned() },
        reason: "INC-7".to_owned(),
        ..Draft::default()
    };
    assert_eq!(get("2261197147500459276", Some("westeurope")), another);
    let replaced = Draft {
        scenario: Some(Scenario::ReplaceDisks),
        rehydration: Rehydration { priority: None, days: "soon".to_owned() },
        ..Draft::default()
    };
    assert_eq!(get("2261197147500459276", None), replaced);
}

#[test]
fn settings_are_read_and_written_again() {
    let read: Settings = saved::read(SETTINGS).unwrap();
    let expected = Settings {
        versions: Versions {
            primary: ApiVersion::THREATS,
            secondary: ApiVersion::CROSS_REGION_NEWEST,
            ..Versions::default()
        },
        subscription: SubscriptionId::parse(SUBSCRIPTION).ok(),
        keep_days: 365,
        on_sign_out: OnSignOut::Delete,
        time_zone: TimeZone::Utc,
    };
    assert_eq!(read, expected);
    assert_eq!(saved::write(&read), SETTINGS);
    let default = r#"{"version":"2024-04-01","secondaryVersion":"2021-11-15","subscription":null,"keepDays":90,"onSignOut":"hide"}"#;
    assert_eq!(saved::read(default), Some(Settings::default()));
    assert_eq!(saved::write(&Settings::default()), default);
    let local = SETTINGS.replace('}', r#","timeZone":"local"}"#);
    let expected = Settings { time_zone: TimeZone::Local, ..expected };
    assert_eq!((saved::write(&expected), saved::read(&local)), (local, Some(expected)));
}

#[test]
fn what_following_has_cost_is_read_and_written_again() {
    let mut read: Quotas = saved::read(READS).unwrap();
    assert_eq!(saved::write(&read), READS);
    let owner = Owner::new(Some("ops@contoso.com"), Some(TENANT));
    read.work_for(Identity { cloud: "AzureCloud".to_owned(), owner }.key());
    let now = OffsetDateTime::from_unix_timestamp(1_795_990_060).unwrap();
    let job_list_key: JobListKey = (id(VAULT), None);
    let jobs = read.get(&job_list_key, QuotaKind::Jobs).unwrap();
    assert_eq!((jobs.limit(), jobs.used(now)), (450, 2));
    assert_eq!(jobs.closed_until(datetime!(2026-11-30 02:29 UTC)), Some(datetime!(2026-11-30 02:30 UTC)));
    // Of the 450 reads an hour, Azure has left 31: one of them is for the end.
    assert_eq!(jobs.interval(now, 1, 1).whole_seconds(), 3_600 / 32);
    let job_list_key: JobListKey = (id(VAULT), Some(Region::new("West Europe")));
    let operations = read.get(&job_list_key, QuotaKind::Operations).unwrap();
    assert_eq!((operations.limit(), operations.used(now), operations.closed_until(now)), (150, 0, None));
}

#[test]
fn what_could_not_be_read_is_kept_verbatim() {
    let read: Vec<QuarantinedEntry> = saved::read(QUARANTINE).unwrap();
    let unread = |at, key: &str, text: &str| QuarantinedEntry { at, key: key.to_owned(), text: text.to_owned() };
    let expected = [
        unread(datetime!(2026-11-30 02:01:00.000_000_009 UTC), saved::RESTORES, r#"{"version":3}"#),
        unread(datetime!(2026-11-30 02:02 UTC), saved::DRAFTS, "nonsense \u{1} “x”"),
    ];
    assert_eq!(read, expected);
    assert_eq!(saved::write(&read), QUARANTINE);
}

/// `WRITE_GOLDEN=1` writes the world anew: needed when the number of its form grows, since the simulator reads no other.
#[test]
fn the_demo_goes_on_in_the_world_that_it_was_left_in() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/native/golden/demo-world-2026-11-30.json");
    if std::env::var_os("WRITE_GOLDEN").is_some() {
        let mut page = page();
        start(&mut page, "web-01", Scenario::SelectedDisks);
        start(&mut page, "web-02", Scenario::AnotherVm);
        page.wait_until(Duration::hours(12), |state| state.restores.iter().all(|restore| !restore.is_running()));
        start(&mut page, "fault-fails-late", Scenario::RestoreDisks);
        std::fs::write(path, serde_json::to_string(&page.simulator).unwrap()).unwrap();
    }
    let text = std::fs::read_to_string(path).unwrap();
    let read: Simulator = serde_json::from_str(&text).unwrap();
    assert_eq!(serde_json::to_string(&read).unwrap(), text);
    assert_eq!(read.triggers().len(), 3);
    assert!(read.created().contains(&"restored-by-test"), "{:?}", read.created());
}

/// The demo begins anew where the world that was left is of another form.
#[test]
fn a_world_of_an_older_form_is_not_read() {
    assert!(serde_json::from_str::<Simulator>(include_str!("golden/older-demo-world.json")).is_err());
}

#[test]
fn restores_of_the_first_form_are_read() {
    let all = restores(include_str!("golden/older-restores-bare-list.json"));
    assert_eq!(all[0].stage, Stage::Searching { search: Search { looks: 1, ..search() } });
    assert_eq!(all[1].stage, Stage::Intent);
    for restore in &all {
        let asked = restore.submitted.as_ref().unwrap();
        assert_eq!((&asked.item, &asked.point), (&item(), &point("2261197147500459276")));
        assert_eq!((&asked.who, &asked.reason, &asked.expected_disks), (&None, &None, &None));
        assert!(restore.owner.is_unknown() && restore.hidden.is_none() && restore.imported.is_none());
        assert_eq!(restore.timeline, Timeline::default());
    }
}

#[test]
fn restores_without_what_was_added_since_are_read() {
    let all = restores(include_str!("golden/older-restores.json"));
    assert_eq!(all[0].stage, Stage::Preparing { identified: false, search: search() });
    assert_eq!(operation(&all[1]).id(), None);
    assert_eq!(all[2].stage, Stage::Unknown { fault: None, search: search() });
    assert_eq!(all[3].stage, Stage::NotSent { fault: None, search: None });
    // Who had started it was written down, and no owner.
    let owner = Owner::new(Some("ops@contoso.com"), Some(TENANT));
    assert!(all[..2].iter().all(|restore| restore.owner == owner));
    assert!(all[2..].iter().all(|restore| restore.owner.is_unknown()));
    assert!(all.iter().all(|restore| restore.timeline == Timeline::default() && restore.imported.is_none()));
}

#[test]
fn older_drafts_settings_and_budgets_are_read() {
    let all = drafts(include_str!("golden/older-drafts.json"));
    let expected = Draft {
        scenario: Some(Scenario::AnotherVm),
        vm_name: "copy".to_owned(),
        zone: ZoneChoice::Zone("1".to_owned()),
        ..Draft::default()
    };
    let of =
        |name: &str, draft: Draft| (RegionalId::from(point(name)), Draft { point: Some(name.to_owned()), ..draft });
    assert!(all.contains(&of("2261197147500459276", expected)) && all.contains(&of("7", Draft::default())), "{all:?}");
    let settings: Settings = saved::read(include_str!("golden/older-settings.json")).unwrap();
    let versions = Versions { primary: ApiVersion::TUTORIAL, ..Versions::default() };
    assert_eq!(settings, Settings { versions, ..Settings::default() });
    let mut quotas: Quotas = saved::read(include_str!("golden/older-reads.json")).unwrap();
    let text = json!({ format!("{SUBSCRIPTION}//jobs"): {
        "limit": 150, "remaining": 3, "spent": [1_795_990_000], "closed": null, "throttles": null
    } });
    assert_eq!(saved::write(&quotas), text.to_string());
    quotas.work_for("AzureCloud".to_owned());
    assert_eq!(quotas.get(&(id(VAULT), None), QuotaKind::Jobs), None, "nobody knows whose they are");
}
