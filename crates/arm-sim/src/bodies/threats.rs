//! What recovery points report about threats found on their virtual machine.

use crate::moment::{self, DAY, HOUR};
use crate::simulator::Simulator;
use crate::text::{array, fill};
use crate::world::item::{Item, Traits};
use crate::world::point::Point;

/// From this version on, recovery points report threats.
pub(super) const SINCE: u32 = 20_260_701;

/// Times without a zone, and a severity outside of the definition: both as recorded in September 2026.
const THREAT: &str = r#"{"threatTitle":"$0","threatDescription":"$1","lastUpdatedTime":"$2","threatState":"$3","threatStartTime":"$4","threatEndTime":"$2","threatURI":"https://portal.azure.com/#blade/Microsoft_Azure_Security_AzureDefenderForData/AlertBlade/alertId/$5/subscriptionId/$6/resourceGroup/$7/referencedFrom/alertDeepLink/location/$8","threatSeverity":"$9"}"#;

/// Title, description, state, severity.
const KINDS: [(&str, &str, &str, &str); 4] = [
    ("Ransomware indicators detected", "Files were renamed and encrypted in large numbers.", "Active", "High"),
    (
        "Suspicious file cleanup commands",
        "Commands that remove the traces of an attack were run.",
        "InProgress",
        "High",
    ),
    ("Executable in a suspicious location", "A program ran from a folder for temporary files.", "Active", "Medium"),
    (
        "Sign-in from an unusual place",
        "Somebody signed in from a country not seen before.",
        "Resolved",
        "Informational",
    ),
];

/// The status of a point: of points with threats, the newest are unhealthy and the ones before them have a warning.
fn status(sim: &Simulator, item: &Item, point: &Point) -> &'static str {
    let age = (sim.world.epoch - point.time) / DAY;
    match age {
        _ if !item.traits.has(Traits::THREATS) => "Unknown",
        0..3 => "UnHealthy",
        3..5 => "Warning",
        5..9 => "Healthy",
        _ => "NotAvailable",
    }
}

/// The members of a recovery point, each with a leading comma.
pub(super) fn members(sim: &Simulator, item: &Item, point: &Point) -> String {
    let status = status(sim, item, point);
    let found = match status {
        "UnHealthy" => &KINDS[..],
        "Warning" => &KINDS[3..],
        _ => &[],
    };
    let threats = found.iter().zip(1_i64..).map(|((title, what, state, severity), n)| {
        let (start, end) = (point.time - n * HOUR, point.time - n * HOUR / 2);
        let alert = crate::pseudo_random::guid(sim.world.seed, &format!("{}{title}", point.id));
        let (subscription, group, region) = (item.subscription(), item.group, item.region());
        let (start, end) = (moment::bare(start), moment::bare(end));
        fill(THREAT, &[title, what, &end, state, &start, &alert, subscription, group, region, severity])
    });
    let list = if found.is_empty() { String::new() } else { fill(r#","threatInfo":@0"#, &[&array(threats)]) };
    fill(r#"@0,"threatStatus":"$1""#, &[&list, status])
}
