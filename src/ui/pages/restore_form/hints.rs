//! The notes below a field of the form: why its value is suggested, what is wrong, what Azure found.

use crate::restore::draft::Draft;
use crate::restore::effect_sentence::{plain, quoted};
use crate::restore::facts::Facts;
use crate::restore::field::Field;
use crate::restore::rules::{Reason, is_missing};
use crate::ui::kit::field_hints::FieldHints;

/// The notes of `field`. `findings` are Azure's, by field.
pub fn hints_of(
    facts: &Facts,
    draft: &Draft,
    reasons: &[Reason],
    findings: &[(Field, String)],
    field: Field,
) -> FieldHints {
    let own = || reasons.iter().filter(|r| r.field == field);
    let join = |mut sentences: Vec<&str>| {
        sentences.dedup();
        (!sentences.is_empty()).then(|| sentences.join(" ").into())
    };
    let found = findings.iter().filter(|(f, _)| *f == field).map(|(_, text)| text.as_str());
    // An error is shown without quoted names: it may contain Azure's words, in which a backtick quotes nothing.
    let wrong: Vec<String> = own().filter(|r| r.blocks() && !is_missing(r)).map(|r| plain(&r.sentence)).collect();
    let suggested = draft.suggestion(field).map(|suggestion| format!("Suggested: {}", suggestion.why.words()));
    FieldHints {
        suggested: suggested.map(Into::into),
        hint: free(facts, draft, field).map(Into::into).or(hint(field).map(Into::into)),
        reason: None,
        warning: join(own().filter(|r| !r.blocks()).map(|r| r.sentence.as_str()).collect()),
        error: join(wrong.iter().map(String::as_str).chain(found).collect()),
    }
}

/// That the name is free, once Azure has said so.
fn free(facts: &Facts, draft: &Draft, field: Field) -> Option<String> {
    let group = draft.target_group.as_ref().filter(|_| field == Field::VmName && facts.name_taken == Some(false))?;
    Some(format!("Available: {} has no VM with this name.", quoted(group.name())))
}

/// What to know about a field, whatever is chosen.
pub const fn hint(field: Field) -> Option<&'static str> {
    Some(match field {
        Field::StagingAccount => {
            "Azure Backup stores the configuration and deployment template here, and VHD blobs unless you restore them elsewhere."
        }
        Field::VmName => "1–64 letters, numbers, hyphens, underscores or periods.",
        Field::StagingAccess => {
            "How Azure Backup signs in to the storage account. An identity needs the roles Storage Account Backup Contributor and Storage Blob Data Contributor on the account, or VM Restore Operator on the account and the target resource group."
        }
        Field::OsEncryptionSet => "Select one only if the original disk encryption set or its key no longer exists.",
        Field::OriginalAccounts => {
            "Otherwise they're restored to the staging account, away from the disks in use. The configuration always goes to the staging account."
        }
        Field::RehydrationPriority => "Standard takes up to 15 hours. High takes about one hour and costs more.",
        Field::RehydrationDays => "10–30 days.",
        Field::Zone => "Zone number as shown in the target subscription.",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::restore::draft::StagingAccess;
    use crate::restore::sample;
    use crate::restore::scenario::Scenario;

    fn notes(draft: &Draft, findings: &[(Field, String)], field: Field) -> FieldHints {
        let facts = sample::facts();
        let reasons = crate::restore::rules::draft_reasons(&facts, draft);
        hints_of(&facts, draft, &reasons, findings, field)
    }

    #[test]
    fn what_is_missing_is_no_error_and_what_is_wrong_is() {
        let draft = Draft { vm_name: String::new(), ..sample::draft(Scenario::AnotherVm) };
        assert_eq!(notes(&draft, &[], Field::VmName).error, None);
        let draft = Draft { vm_name: "-bad-".to_owned(), ..draft };
        assert!(notes(&draft, &[], Field::VmName).error.is_some());
    }

    #[test]
    fn azures_findings_stand_at_their_fields() {
        let draft = Draft { staging_access: StagingAccess::Key, ..sample::draft(Scenario::RestoreDisks) };
        let found = [(Field::StagingAccount, "Azure: not found".to_owned())];
        assert_eq!(notes(&draft, &found, Field::StagingAccount).error.as_deref(), Some("Azure: not found"));
        assert_eq!(notes(&draft, &found, Field::TargetGroup).error, None);
    }
}
