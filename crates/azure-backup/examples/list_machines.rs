//! Lists the protected machines of all subscriptions of a tenant, by Azure Resource Graph.
//!
//! ```text
//! AZURE_TOKEN=$(az account get-access-token --query accessToken --output tsv) \
//!     cargo run --example list_machines -- TEXT
//! ```

#[expect(dead_code, reason = "each example needs a part of it")]
mod client;

use azure_backup::arm::graph::{Pace, Rows, Scope};
use azure_backup::backup::fleet;
use client::{ask, now, wait};
use std::{env, error::Error, io::Write as _};

fn main() -> Result<(), Box<dyn Error>> {
    let query = fleet::machines(Scope::TENANT, &env::args().nth(1).unwrap_or_default());
    let (mut rows, mut pace, mut call) = (Rows::default(), Pace::default(), query.first());
    loop {
        if let Some(until) = pace.wait(now()) {
            wait(until);
        }
        pace.spend(now());
        let page = ask(&call)?;
        let next = page.next.clone();
        rows.add(page);
        match next {
            Some(token) => call = query.after(&token),
            None => break,
        }
    }
    for row in rows.all() {
        writeln!(std::io::stdout(), "{}\t{}", row.name, row.vault_name().unwrap_or_default())?;
    }
    Ok(writeln!(std::io::stdout(), "{:?}", rows.completeness())?)
}
