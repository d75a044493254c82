//! Long-running operations: how they are announced, and their state.

use super::{find, fresh_token};
use crate::answer::Answer;
use crate::errors::{ArmError, Refused};
use crate::faults::Fault;
use crate::moment::{self, Millis, SECOND};
use crate::progress::Progress;
use crate::seed::vaults::VAULTS;
use crate::sim_request::SimRequest;
use crate::simulator::Simulator;
use crate::text::same;
use crate::world::operation::{Operation, Work};
use crate::world::vault::Vault;

/// Salts of the two signatures.
pub(super) const STATUS: &str = "status";
pub(super) const RESULT: &str = "result";

/// Where an operation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    Pending,
    Succeeded,
    Failed,
    /// Temporarily unavailable: answered with [`broken`].
    Broken,
}

/// Notes a new operation; its id is `id`.
pub(super) fn start(
    sim: &mut Simulator,
    id: String,
    vault: usize,
    item: Option<usize>,
    work: Work,
    length: Millis,
    version: &str,
) -> Operation {
    let operation =
        Operation { id, vault, item, work, started: sim.clock, length, reads: 0, version: version.to_owned() };
    sim.world.changes.operations.push(operation.clone());
    operation
}

/// The 202 that announces an operation: `base` is an ARM id, under which `status` and `result` lead to the operation.
pub(super) fn accepted(
    sim: &Simulator,
    ask: &SimRequest,
    operation: &Operation,
    base: &str,
    (status, result): (&str, &str),
    retry: u32,
) -> Answer {
    let fault = operation.item.and_then(|i| sim.world.items[i].fault);
    let restores = matches!(operation.work, Work::Restore { .. });
    if restores && fault == Some(Fault::NoHeaders) {
        return Answer::empty(202);
    }
    let mut base = base.to_owned();
    if !ask.version.since(20_201_002) && !operation.is_secondary() {
        base = base.replacen("/subscriptions/", "/Subscriptions/", 1);
    }
    if restores && fault == Some(Fault::DoubledUrl) {
        base = format!("/subscriptions/{base}");
    }
    let origin = match fault {
        Some(Fault::ForeignHost) if restores => "https://management.azure.example",
        _ => &sim.settings.origin,
    };
    let url =
        |part: &str, salt| format!("{origin}{base}/{part}/{}?{}", operation.id, operation.query(&sim.world, salt));
    let retry = sim.retry_after(retry);
    let retry = match fault {
        Some(Fault::RetryAfterDate) if restores => moment::http_date(sim.clock + i64::from(retry) * SECOND),
        _ => retry.to_string(),
    };
    Answer::empty(202)
        .with("azure-asyncoperation", url(status, STATUS))
        .with("location", url(result, RESULT))
        .with("retry-after", retry)
}

/// Whether an operation has ended.
pub(super) fn is_over(sim: &Simulator, operation: &Operation) -> bool {
    // An operation ends soon, however slow its job is.
    let pace = match sim.settings.progress {
        Progress::PerRead(n) => Progress::PerRead(n.min(2)),
        other => other,
    };
    pace.done(sim.clock - operation.started, operation.length, operation.reads) == 1_000
}

/// The index of the operation at the end of a path: of a vault, or of a region that is the secondary one of its vault.
fn position(sim: &Simulator, ask: &SimRequest) -> Result<usize, Refused> {
    let id = ask.segments.last().map_or("", String::as_str);
    let operations = &sim.world.changes.operations;
    let found = if ask.version.is_secondary() {
        let region = find::location(sim, ask)?;
        let here = |v: &Vault| same(v.subscription, ask.at(0)) && v.secondary() == Some(region);
        operations.iter().position(|o| o.is_secondary() && here(&VAULTS[o.vault]) && same(&o.id, id))
    } else {
        let (vault, _) = find::inside(sim, ask)?;
        operations.iter().position(|o| !o.is_secondary() && o.vault == vault && same(&o.id, id))
    };
    found.ok_or_else(|| ArmError::not_in_vault("The operation"))
}

/// Reads the operation at the end of a path: its index and its state.
///
/// URLs of a 202 are signed and must be sent back unchanged. Those of the vault (`backupOperations`) are not signed, and
/// those of the secondary region may come without the signature, because some clients know only the id.
pub(super) fn read(sim: &mut Simulator, ask: &SimRequest, salt: &str) -> Result<(usize, Standing), Refused> {
    let id = ask.segments.last().map_or("", String::as_str);
    let index = position(sim, ask)?;
    let last = ask.segments.iter().rev().nth(1).map(|s| s.to_ascii_lowercase()).unwrap_or_default();
    let unsigned = last.starts_with("backupoperation") || ask.version.is_secondary() && ask.query("s").is_none();
    let operation = &sim.world.changes.operations[index];
    if !unsigned && ask.raw_query != operation.query(&sim.world, salt) {
        let message = "The signature of the URL does not match. Use the URL of the answer as it is.";
        return Err(ArmError::gateway(403, "InvalidAsyncOperationSignature", message));
    }
    let fault = operation.item.and_then(|i| sim.world.items[i].fault);
    if let (Some(Fault::ClaimsMidway), Work::Restore { job }) = (fault, &operation.work) {
        let job = job.clone();
        fresh_token::challenged_midway(sim, ask, &job)?;
    }
    sim.world.changes.operations[index].reads += 1;
    let operation = &sim.world.changes.operations[index];
    let over = is_over(sim, operation);
    let fails = fault == Some(Fault::OperationFails) && matches!(operation.work, Work::Restore { .. });
    let standing = match (over, fails) {
        (false, _) => Standing::Pending,
        (true, true) => Standing::Failed,
        (true, false) => Standing::Succeeded,
    };
    if fault == Some(Fault::PollErrors) && sim.world.changes.tick(&format!("op:{id}")) == 0 {
        return Ok((index, Standing::Broken));
    }
    Ok((index, standing))
}

/// The answer of a result that is not there yet: the same URL again, after this number of seconds.
pub(super) fn still_runs(sim: &Simulator, ask: &SimRequest, seconds: u32) -> Answer {
    let here = format!("{}{}?{}", sim.settings.origin, ask.path, ask.raw_query);
    Answer::empty(202).with("location", here).with("retry-after", sim.retry_after(seconds).to_string())
}

/// A 500 in the second shape of errors, which is not ARM's.
pub(super) fn broken() -> Answer {
    let body = r#"{"ErrorCode":"CloudInternalError","Message":{"Language":"en-US","Value":"Microsoft Azure Backup encountered an internal error."},"Values":[]}"#;
    Answer::json(500, body.to_owned()).with("x-ms-failure-cause", "service")
}
