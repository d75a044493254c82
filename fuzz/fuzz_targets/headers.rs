//! The headers of an answer: whatever they hold, an operation is followed at a sane time and at an admitted place.
#![no_main]

use azure_backup::arm::call::ApiVersion;
use azure_backup::arm::cloud::Cloud;
use azure_backup::arm::fault::Fault;
use azure_backup::arm::headers;
use azure_backup::arm::id::ArmId;
use azure_backup::arm::operation::{NextStep, Operation};
use bytes::Bytes;
use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;
use time::{Duration, OffsetDateTime};

static CLOUD: LazyLock<Cloud> = LazyLock::new(Cloud::public);
static VAULT: LazyLock<ArmId> = LazyLock::new(|| {
    ArmId::parse("/subscriptions/s/resourceGroups/g/providers/Microsoft.RecoveryServices/vaults/v").expect("an id")
});

const NAMES: [&str; 6] =
    ["retry-after", "azure-asyncoperation", "location", "www-authenticate", "x-ms-request-id", "x-ms-failure-cause"];

fuzz_target!(|bytes: &[u8]| {
    // One line for each header; an empty one leaves it out.
    let mut answer = http::Response::new(Bytes::new());
    for (name, value) in NAMES.into_iter().zip(bytes.split(|b| *b == b'\n')) {
        if let Ok(value) = http::HeaderValue::from_bytes(value)
            && !value.is_empty()
        {
            answer.headers_mut().insert(name, value);
        }
    }
    *answer.status_mut() = http::StatusCode::ACCEPTED;
    let now = OffsetDateTime::UNIX_EPOCH + Duration::days(20_000);
    let _ = headers::retry_after(answer.headers()).map(|wait| wait.due(now));
    let (_, _) = (headers::operation_url(answer.headers()), headers::location(answer.headers()));

    let mut operation =
        Operation::start(&answer, now, &CLOUD, &VAULT, &ApiVersion::BACKUP_DEFAULT).expect("a 202 starts an operation");
    let mut at = now;
    for _ in 0..4 {
        match operation.next(at) {
            NextStep::Wait(until) => {
                assert!(until > at && until - now < Duration::days(3), "{until}");
                at = until;
            }
            NextStep::Poll => {
                let call = operation.call(&CLOUD).expect("what is followed was admitted");
                CLOUD.admits(&call.url(&CLOUD).expect("it has a URL")).expect("and is admitted still");
                operation.on_response(Ok(&answer), at);
            }
            NextStep::Done(_) => break,
        }
    }
    *answer.status_mut() = http::StatusCode::UNAUTHORIZED;
    let fault = Fault::from_answer("GET /x", &answer);
    assert!(fault.needs_sign_in() && !fault.sentence().is_empty());
    let _ = fault.step_up();
});
