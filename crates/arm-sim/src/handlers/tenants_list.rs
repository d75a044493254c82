//! `GET /tenants`

use crate::answer::Answer;
use crate::errors::Refused;
use crate::paging;
use crate::seed::places::TENANTS;
use crate::sim_request::SimRequest;
use crate::simulator::Simulator;
use crate::text::fill;

const TENANT: &str = r#"{"id":"/tenants/$0","tenantId":"$0","countryCode":"NL","displayName":"$1","domains":["$2"],"tenantCategory":"$3","defaultDomain":"$2","tenantType":"AAD"}"#;

pub(super) fn handle(_: &mut Simulator, _: &SimRequest) -> Result<Answer, Refused> {
    Ok(paging::whole(TENANTS.iter().map(|t| fill(TENANT, &[t.id, t.name, t.domain, t.category]))))
}
