//! Follows a job of Azure Backup, such as that of a restore, to its end.
//!
//! ```text
//! AZURE_TOKEN=$(az account get-access-token --query accessToken --output tsv) \
//!     cargo run --example follow_job -- VAULT_ID JOB_NAME
//! ```

#[expect(dead_code, reason = "each example needs a part of it")]
mod client;

use azure_backup::arm::{call::ApiVersion, id::JobId, operation::NextStep};
use azure_backup::backup::job::{JobEndpoint, JobTracker};
use client::{id, now, send, wait};
use std::{env, error::Error, io::Write as _};

fn main() -> Result<(), Box<dyn Error>> {
    let job = JobId::parse(&env::args().nth(2).ok_or("Name a job.")?)?;
    let source = JobEndpoint { vault: id(1)?, location: None, version: ApiVersion::BACKUP_DEFAULT };
    let mut tracker = JobTracker::start(&source, job, now());
    loop {
        match tracker.next(now()) {
            NextStep::Wait(until) => wait(until),
            NextStep::Poll => {
                let call = tracker.call();
                tracker.on_response(&call, Ok(&send(&call)?), now());
            }
            NextStep::Done(ending) => return Ok(writeln!(std::io::stdout(), "{ending:?}")?),
        }
    }
}
