//! What stands below a field of the form: why it cannot be used, what is wrong, what Azure says of it.

use crate::restore::draft::Draft;
use crate::restore::facts::Facts;
use crate::restore::field::Field;
use crate::restore::rules::{RULES, Reason, Test, field_state};
use crate::ui::kit::notes::Notes;

/// Whether the reason only says that nothing has been chosen yet. The form marks such fields as required and leaves it at
/// that; the list beside *Review* names them.
pub fn is_missing(reason: &Reason) -> bool {
    RULES.iter().any(|r| r.id == reason.rule && matches!(r.broken, Test::Needs(..)))
}

/// The notes of `field`. `findings` are what Azure found about it.
pub fn notes_of(facts: &Facts, draft: &Draft, reasons: &[Reason], findings: &[(Field, String)], field: Field) -> Notes {
    let own = || reasons.iter().filter(|r| r.field == field);
    let join = |mut sentences: Vec<&str>| {
        sentences.dedup();
        (!sentences.is_empty()).then(|| sentences.join(" ").into())
    };
    let found = findings.iter().filter(|(f, _)| *f == field).map(|(_, text)| text.as_str());
    let wrong = own().filter(|r| r.blocks() && !is_missing(r)).map(|r| r.sentence.as_str());
    Notes {
        hint: hint(field).map(Into::into),
        reason: field_state(facts, draft, field).forbidden().map(|r| r.sentence.clone().into()),
        warning: join(own().filter(|r| !r.blocks()).map(|r| r.sentence.as_str()).collect()),
        error: join(wrong.chain(found).collect()),
    }
}

const fn hint(field: Field) -> Option<&'static str> {
    Some(match field {
        Field::StagingAccount => "Azure Backup puts the configuration, the template and any VHD blobs here.",
        Field::VmName => "1 to 64 letters, digits, hyphens; free in the target resource group.",
        Field::StagingAccess => "How Azure Backup reaches the staging account.",
        Field::RehydrationPriority => "Standard takes up to 15 hours; High about one hour and costs more.",
        Field::RehydrationDays => "10 to 30 days.",
        Field::Zone => "The logical zone of the target subscription.",
        _ => return None,
    })
}
