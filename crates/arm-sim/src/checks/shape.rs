//! Is it a valid restore request of this api-version?

use serde_json::Value;

use super::Case;
use crate::restore::request::whole;
use crate::text::same;

/// Property, first api-version that has it (0: all), JSON type: s text, b truth value, i integers, t texts, o object.
const PROPERTIES: &[(&str, u32, char)] = &[
    ("objectType", 0, 's'),
    ("recoveryPointId", 0, 's'),
    ("recoveryType", 0, 's'),
    ("sourceResourceId", 0, 's'),
    ("targetVirtualMachineId", 0, 's'),
    ("targetResourceGroupId", 0, 's'),
    ("storageAccountId", 0, 's'),
    ("virtualNetworkId", 0, 's'),
    ("subnetId", 0, 's'),
    ("targetDomainNameId", 0, 's'),
    ("region", 0, 's'),
    ("affinityGroup", 0, 's'),
    ("createNewCloudService", 0, 'b'),
    ("originalStorageAccountOption", 0, 'b'),
    ("encryptionDetails", 0, 'o'),
    ("restoreDiskLunList", 0, 'i'),
    ("restoreWithManagedDisks", 20_201_001, 'b'),
    ("diskEncryptionSetId", 20_201_001, 's'),
    ("zones", 20_201_201, 't'),
    (REHYDRATION, 20_210_101, 'o'),
    ("identityInfo", 20_210_601, 'o'),
    ("identityBasedRestoreDetails", 20_210_701, 'o'),
    ("extendedLocation", 20_230_201, 'o'),
    ("securedVMDetails", 20_230_201, 'o'),
    ("targetDiskNetworkAccessSettings", 20_230_201, 'o'),
    ("resourceGuardOperationRequests", 20_240_401, 't'),
];

/// Properties of this and later versions do not apply to cross-region restores, whose versions all have the same properties.
const NOT_SECONDARY: u32 = 20_230_201;
const REHYDRATION: &str = "recoveryPointRehydrationInfo";

fn fits(value: &Value, kind: char) -> bool {
    match kind {
        's' => value.is_string(),
        'b' => value.is_boolean(),
        'i' => value.as_array().is_some_and(|a| a.iter().all(|v| whole(v).is_some())),
        't' => value.as_array().is_some_and(|a| a.iter().all(Value::is_string)),
        _ => value.is_object(),
    }
}

impl Case<'_> {
    /// Whether the api-version has requests with rehydration.
    fn rehydrates(&self) -> bool {
        self.version.since(20_210_101) && !self.is_secondary()
    }
}

pub(super) fn check(case: &mut Case<'_>) {
    for (key, value) in case.request.0.iter().filter(|(_, v)| !v.is_null()) {
        match PROPERTIES.iter().find(|(name, ..)| name == key) {
            None => case.refuse(key, format!("The property '{key}' does not exist on a restore request.")),
            Some((_, since, _)) if case.is_secondary() && (*since >= NOT_SECONDARY || key == REHYDRATION) => {
                case.refuse(key, format!("The property '{key}' does not exist for a cross-region restore."));
            }
            Some((_, since, _)) if !case.is_secondary() && !case.version.since(*since) => {
                case.refuse(key, format!("The property '{key}' does not exist in api-version '{}'.", case.version));
            }
            Some((.., kind)) if !fits(value, *kind) => {
                case.refuse(key, format!("The value of '{key}' has the wrong type."));
            }
            _ => {}
        }
    }
    let settings = case.request.0.get("securedVMDetails").and_then(|d| d.get("dataDiskEncryptionSettings"));
    if settings.is_some_and(|s| !s.is_null()) && !case.version.since(20_260_701) {
        case.refuse("securedVMDetails.dataDiskEncryptionSettings", "The property does not exist in this api-version.");
    }
    match case.request.text("objectType") {
        Some(t) if same(t, "IaasVMRestoreRequest") => {}
        Some(t) if same(t, "IaasVMRestoreWithRehydrationRequest") && case.rehydrates() => {}
        Some(t) => case.refuse(
            "objectType",
            format!("The objectType '{t}' is not a restore request of a virtual machine in this api-version."),
        ),
        None => case.refuse("objectType", "The objectType of the request is missing."),
    }
    if case.request.kind().is_none() {
        case.refuse("recoveryType", "The recoveryType must be OriginalLocation, AlternateLocation or RestoreDisks.");
    }
}
