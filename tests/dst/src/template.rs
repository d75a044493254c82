//! The start of each run: a page on which the operator has filled in some restores.

use std::collections::BTreeMap;
use std::rc::Rc;

use arm_sim::Simulator;
use base64ct::{Base64UrlUnpadded, Encoding as _};
use time::OffsetDateTime;
use vm_restore::app::msg::Msg;
use vm_restore::app::session::Secret;
use vm_restore::app::state::State;
use vm_restore::restore::regional_id::RegionalId;
use vm_restore::restore::scenario::Scenario;

use crate::operator::{choose, open, open_secondary, page};
use crate::page::Records;
use crate::world::OPERATORS;

/// The beginning.
pub(crate) struct Template {
    pub(crate) state: State,
    pub(crate) sim: Simulator,
    pub(crate) now: OffsetDateTime,
    pub(crate) storage: BTreeMap<String, String>,
    pub(crate) records: Records,
    pub(crate) places: Vec<RegionalId>,
}

/// Machines of one vault and what is restored of them.
const HERE: [(&str, Scenario); 6] = [
    ("web-01", Scenario::SelectedDisks),
    ("web-02", Scenario::RestoreDisks),
    ("sql-01", Scenario::AnotherVm),
    ("sql-02", Scenario::ReplaceDisks),
    ("fault-lost-answer", Scenario::RestoreDisks),
    ("fault-poll-errors", Scenario::RestoreDisks),
];
/// One whose copies are restored.
const ELSEWHERE: (&str, &str, Scenario) = ("contoso-vault-neu", "erp-01", Scenario::RestoreDisks);

impl Template {
    pub(crate) fn new() -> Self {
        let mut page = page();
        // Of the first operator; it expires in the year 2096.
        let claims =
            Base64UrlUnpadded::encode_string(format!(r#"{{"exp":3999999999,"upn":"{}"}}"#, OPERATORS[0]).as_bytes());
        page.say(Msg::Connect(Secret::new(format!("e30.{claims}.c2ln"))));
        let mut places = Vec::new();
        for (vm, scenario) in HERE {
            let place = open(&mut page, vm);
            choose(&mut page, &place, scenario);
            places.push(place);
        }
        let (vault, vm, scenario) = ELSEWHERE;
        let place = open_secondary(&mut page, vault, vm);
        choose(&mut page, &place, scenario);
        places.push(place);
        let mut sim = page.simulator;
        sim.set_require_token(true);
        // A run does not need the exchanges so far, and would copy them.
        page.state.activity = Rc::default();
        Self { state: page.state, sim, now: page.now, storage: page.storage, records: page.records, places }
    }
}
