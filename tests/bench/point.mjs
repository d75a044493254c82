// A recovery point as Azure writes it in a list, 1.3 kB.

const HOUR = 3_600_000;
/** When the newest was taken. */
export const NEWEST = Date.parse("2026-11-01T00:00:00Z");

/** The `nth` of an item, counted from the newest; one an hour. */
export function point(item, nth) {
  const name = String(520_981_742_781_621 + nth);
  const old = nth > 24 * 7; // its snapshot is gone
  return {
    id: `${item}/recoveryPoints/${name}`,
    name,
    type: "Microsoft.RecoveryServices/vaults/backupFabrics/protectionContainers/protectedItems/recoveryPoints",
    properties: {
      objectType: "IaasVMRecoveryPoint",
      recoveryPointType: nth % 5 ? "CrashConsistent" : "AppConsistent",
      recoveryPointTime: new Date(NEWEST - nth * HOUR).toISOString().replace("Z", "0000Z"),
      recoveryPointAdditionalInfo: "",
      sourceVMStorageType: "PremiumVMOnPartialPremiumStorage",
      isSourceVMEncrypted: false,
      isInstantIlrSessionActive: false,
      recoveryPointTierDetails: [...(old ? [] : [{ type: "InstantRP", status: "Valid" }]), { type: "HardenedRP", status: "Valid" }],
      isManagedVirtualMachine: true,
      virtualMachineSize: "Standard_D4s_v5",
      originalStorageAccountOption: false,
      osType: "Linux",
      recoveryPointDiskConfiguration: { numberOfDisksIncludedInBackup: 3, numberOfDisksAttachedToVm: 3 },
      zones: ["1"],
      recoveryPointMoveReadinessInfo: {
        ArchivedRP: { isReadyForMove: false, additionalInfo: "It is not known yet whether this recovery point can be moved. Please look again after some time." },
      },
      securityType: "TrustedLaunch",
      isPrivateAccessEnabledOnAnyDisk: false,
      recoveryPointProperties: { expiryTime: new Date(NEWEST + (9_000 - nth) * HOUR).toISOString(), ruleName: "DefaultRetentionRule-Daily", isSoftDeleted: false },
    },
  };
}
