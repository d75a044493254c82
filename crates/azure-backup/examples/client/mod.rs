//! What the examples need besides the crate: an HTTP client, a token, and a clock.

use azure_backup::arm::{
    call::Call,
    cloud::Cloud,
    id::{ArmId, ClientRequestId},
};
use bytes::Bytes;
use http::{Response, header::AUTHORIZATION};
use std::{env, error::Error, thread::sleep};
use time::OffsetDateTime;

/// Sends a call with the token. A status such as 429 is an answer, too: whoever decodes it finds out what to do.
pub(crate) fn send<T>(call: &Call<T>) -> Result<Response<Bytes>, Box<dyn Error>> {
    let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
    let mut request = call.request(&Cloud::public(), &ClientRequestId::parse("example")?)?;
    request.headers_mut().insert(AUTHORIZATION, format!("Bearer {}", env::var("AZURE_TOKEN")?).parse()?);
    let (head, mut body) = agent.run(request.map(|body| body.to_vec()))?.into_parts();
    Ok(Response::from_parts(head, Bytes::from(body.read_to_vec()?)))
}

/// Sends a call and decodes its answer.
pub(crate) fn ask<T>(call: &Call<T>) -> Result<T, Box<dyn Error>> {
    Ok(call.read(&send(call)?)?)
}

/// The `n`-th argument of the command line, from 1: a resource ID.
pub(crate) fn id(n: usize) -> Result<ArmId, Box<dyn Error>> {
    Ok(ArmId::parse(&env::args().nth(n).ok_or("An argument is missing.")?)?)
}

/// The time.
pub(crate) fn now() -> OffsetDateTime {
    OffsetDateTime::now_utc()
}

/// Waits until a time.
pub(crate) fn wait(until: OffsetDateTime) {
    sleep((until - now()).try_into().unwrap_or_default());
}
