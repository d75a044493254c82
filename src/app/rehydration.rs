//! What the rehydration of an archived recovery point costs, as Azure tells it.

use azure_backup::backup::tiering_cost::RehydrationCost;

use super::key::Key;
use super::state::State;
use crate::restore::draft::RehydrationPriority;
use crate::restore::field::Field;
use crate::restore::regional_id::RegionalId;
use crate::restore::rules::field_state;

const GIB: u64 = 1 << 30;

impl State {
    /// The key of what the chosen rehydration costs; none without one.
    pub(super) fn rehydration_cost_key(&self, point: &RegionalId) -> Option<Key> {
        let prepared = self.prepared(point, &self.draft(point));
        let (facts, draft) = (prepared.facts()?, prepared.draft());
        let arises = field_state(&facts, draft, Field::RehydrationPriority).forbidden().is_none();
        let priority = draft.rehydration.priority.filter(|_| arises && draft.scenario.is_some())?;
        Some(Key::RehydrationCost(point.id.clone(), priority))
    }

    /// A sentence on what the chosen rehydration costs; none without one. Names in it are quoted.
    pub fn rehydration_price(&self, point: &RegionalId) -> Option<String> {
        let key = self.rehydration_cost_key(point)?;
        let Key::RehydrationCost(_, priority) = &key else { return None };
        let priority = match priority {
            RehydrationPriority::Standard => "standard",
            RehydrationPriority::High => "high",
        };
        let cost = self.catalog.get::<RehydrationCost>(&key);
        let fault = self.catalog.fault(&key).filter(|_| !self.catalog.is_loading(&key));
        Some(match (cost, fault) {
            (Some(cost), _) => told(priority, &cost),
            (None, Some(fault)) => format!("Price at {priority} priority not known: {}.", self.why(&key, &fault)),
            (None, None) => format!("Loading the price at {priority} priority…"),
        })
    }
}

fn told(priority: &str, cost: &RehydrationCost) -> String {
    let Some(price) = &cost.per_gb_month else {
        return format!("Price at {priority} priority not known: Azure's answer has none.");
    };
    let size = match cost.bytes {
        Some(bytes) if bytes >= GIB => {
            // Tenths, without the rounding of a float.
            let tenths = bytes.saturating_mul(10) / GIB;
            let size = format!("{}.{}", tenths / 10, tenths % 10);
            format!(", for {} GiB", size.trim_end_matches(".0"))
        }
        Some(bytes) => format!(", for {bytes} bytes"),
        None => String::new(),
    };
    format!(
        "Azure's retail price at {priority} priority: {price} per GB per month{size}. Azure doesn't tell the currency."
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_price_is_told_as_azure_tells_it() {
        let of = |bytes, price: Option<&str>| {
            let mut cost = RehydrationCost::default();
            (cost.bytes, cost.per_gb_month) = (bytes, price.map(str::to_owned));
            told("high", &cost)
        };
        let unknown = "Price at high priority not known: Azure's answer has none.";
        for (bytes, price, expected) in [
            (Some(1_204_000), Some("0.02"), "0.02 per GB per month, for 1204000 bytes."),
            (Some(137 * GIB + GIB / 2), Some("0.1"), "0.1 per GB per month, for 137.5 GiB."),
            (Some(500 * GIB), Some("0.1"), "0.1 per GB per month, for 500 GiB."),
            (None, Some("0"), "0 per GB per month."),
            (Some(GIB), None, unknown),
        ] {
            let text = of(bytes, price);
            assert!(text.contains(expected), "{text}");
            assert_eq!(text.ends_with("Azure doesn't tell the currency."), price.is_some());
        }
    }
}
