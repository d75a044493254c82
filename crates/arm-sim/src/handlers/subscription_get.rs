//! `GET /subscriptions/{id}`

use crate::answer::Answer;
use crate::errors::Refused;
use crate::sim_request::SimRequest;
use crate::simulator::Simulator;
use crate::text::fill;
use crate::world::place::Subscription;

const SUBSCRIPTION: &str = r#"{"id":"/subscriptions/$0","subscriptionId":"$0","tenantId":"$1","displayName":"$2","state":"Enabled","subscriptionPolicies":{"locationPlacementId":"Public_2014-09-01","quotaId":"EnterpriseAgreement_2014-09-01","spendingLimit":"Off"},"authorizationSource":"RoleBased","managedByTenants":[]}"#;

pub(super) fn json(s: &Subscription) -> String {
    fill(SUBSCRIPTION, &[s.id, s.tenant.id, s.name])
}

pub(super) fn handle(sim: &mut Simulator, ask: &SimRequest) -> Result<Answer, Refused> {
    Ok(Answer::ok(json(sim.world.subscription(ask.at(0))?)))
}
