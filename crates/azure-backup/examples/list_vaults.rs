//! Lists the Recovery Services vaults of a subscription.
//!
//! ```text
//! AZURE_TOKEN=$(az account get-access-token --query accessToken --output tsv) \
//!     cargo run --example list_vaults -- SUBSCRIPTION_ID
//! ```

use azure_backup::{
    arm::{
        cloud::Cloud,
        id::{ClientRequestId, SubscriptionId},
    },
    backup::vault,
};
use bytes::Bytes;
use http::Response;
use std::{
    env,
    error::Error,
    io::{Write as _, stdout},
};

fn main() -> Result<(), Box<dyn Error>> {
    let subscription = SubscriptionId::parse(&env::args().nth(1).ok_or("Name a subscription.")?)?;
    let bearer = format!("Bearer {}", env::var("AZURE_TOKEN")?).parse::<http::HeaderValue>()?;
    // A status such as 403 is an answer, too: the call decodes it into a `Fault` with Azure's own words.
    let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();

    let cloud = Cloud::public();
    let mut call = vault::list(&subscription);
    loop {
        let mut request = call.request(&cloud, &ClientRequestId::parse("list-vaults")?)?;
        request.headers_mut().insert(http::header::AUTHORIZATION, bearer.clone());
        let (head, mut body) = agent.run(request.map(|body| body.to_vec()))?.into_parts();
        let page = call.read(&Response::from_parts(head, Bytes::from(body.read_to_vec()?)))?;
        for vault in page.value {
            writeln!(stdout(), "{}\t{}\t{}", vault.name, vault.location, vault.id)?;
        }
        match page.next {
            Some(link) => call = call.follow(&cloud, &link)?,
            None => return Ok(()),
        }
    }
}
