//! Where each run begins: a page whose operator has filled in some restores.

use std::collections::BTreeMap;
use std::rc::Rc;

use arm_sim::Simulator;
use time::OffsetDateTime;
use vm_restore::app::msg::Msg;
use vm_restore::app::session::Secret;
use vm_restore::app::state::State;
use vm_restore::restore::place::Place;
use vm_restore::restore::scenario::Scenario;

use crate::operator::{choose, open, open_secondary, page};

/// The beginning.
pub(crate) struct Template {
    pub(crate) state: State,
    pub(crate) sim: Simulator,
    pub(crate) now: OffsetDateTime,
    pub(crate) storage: BTreeMap<String, String>,
    pub(crate) places: Vec<Place>,
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
        // Expires in the year 2096.
        page.say(Msg::Connect(Secret::new("e30.eyJleHAiOiAzOTk5OTk5OTk5fQ.c2ln".to_owned())));
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
        // What the page has exchanged so far is of no use to a run, and is copied for each.
        page.state.activity = Rc::default();
        Self { state: page.state, sim, now: page.now, storage: page.storage, places }
    }
}
