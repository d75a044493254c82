//! Lists the Recovery Services vaults of a subscription.
//!
//! ```text
//! AZURE_TOKEN=$(az account get-access-token --query accessToken --output tsv) \
//!     cargo run --example list_vaults -- SUBSCRIPTION_ID
//! ```

#[expect(dead_code, reason = "each example needs a part of it")]
mod client;

use azure_backup::arm::{cloud::Cloud, id::SubscriptionId};
use azure_backup::backup::vault;
use std::io::{Write as _, stdout};
use std::{env, error::Error};

fn main() -> Result<(), Box<dyn Error>> {
    let subscription = SubscriptionId::parse(&env::args().nth(1).ok_or("Name a subscription.")?)?;
    let mut call = vault::list(&subscription);
    loop {
        let page = client::ask(&call)?;
        for vault in page.value {
            writeln!(stdout(), "{}\t{}\t{}", vault.name, vault.location, vault.id)?;
        }
        match page.next {
            Some(link) => call = call.follow(&Cloud::public(), &link)?,
            None => return Ok(()),
        }
    }
}
