// Which choices lead to a recorded request.

const last = (id) => id.split("/").at(-1);
const subscriptionOf = (id) => /\/subscriptions\/([^/]+)/i.exec(id ?? "")?.[1];

/** Fields of a request that are a choice of the operator or follow from one; others are not offered. */
const KNOWN = new Set(["objectType", "recoveryPointId", "recoveryType", "sourceResourceId", "targetVirtualMachineId",
  "targetResourceGroupId", "storageAccountId", "virtualNetworkId", "subnetId", "targetDomainNameId", "region", "affinityGroup",
  "createNewCloudService", "originalStorageAccountOption", "encryptionDetails", "restoreDiskLunList",
  "restoreWithManagedDisks", "diskEncryptionSetId", "zones", "identityInfo", "identityBasedRestoreDetails",
  "extendedLocation", "securedVMDetails", "targetDiskNetworkAccessSettings", "resourceGuardOperationRequests", "recoveryPointRehydrationInfo"]);

const SCENARIOS = {
  RestoreDisks: (p) => (p.restoreDiskLunList ? "selected" : "disks"),
  OriginalLocation: () => "replace",
  AlternateLocation: () => "another",
};

/**
 * @param {{kind: string, body: {properties?: object}} | null} goal of a recording
 * @returns {object | {unsupported: string}} the choices, or why the app does not offer them
 */
export function choicesOf(goal) {
  if (!goal) return { unsupported: "the recording holds no restore" };
  if (goal.kind !== "restore" && goal.kind !== "backupCrossRegionRestore") return { unsupported: `the app does not do ${goal.kind}` };
  const crosses = goal.kind !== "restore";
  const p = (crosses ? goal.body?.restoreRequest : goal.body?.properties) ?? {};
  if (!/^IaasVMRestore(WithRehydration)?Request$/.test(p.objectType)) return { unsupported: `the app does not restore by ${p.objectType}` };
  const scenario = SCENARIOS[p.recoveryType]?.(p);
  if (!scenario) return { unsupported: `the app has no scenario for the recovery type ${p.recoveryType}` };
  // Of a confidential machine the set of its OS disk alone is a choice.
  const secured = Object.keys(p.securedVMDetails ?? {}).filter((field) => field !== "securedVMOsDiskEncryptionSetId");
  const foreign = [...Object.keys(p).filter((field) => !KNOWN.has(field) && p[field] !== null), ...secured.map((field) => `securedVMDetails.${field}`)];
  if (foreign.length) return { unsupported: `the app does not offer ${foreign.join(", ")}` };

  const access = p.targetDiskNetworkAccessSettings;
  const staging = p.identityInfo;
  const rehydration = p.recoveryPointRehydrationInfo;
  const target = p.targetResourceGroupId ?? p.targetVirtualMachineId;
  const days = /^P(\d+)D$/.exec(rehydration?.rehydrationRetentionDuration ?? "");
  const choices = {
    region: crosses ? p.region : undefined,
    version: crosses ? goal.api_version : undefined,
    scenario,
    luns: p.restoreDiskLunList ?? undefined,
    become: p.recoveryType === "RestoreDisks" ? (p.targetResourceGroupId ? "managed" : "vhd") : undefined,
    subscription: scenario === "replace" ? undefined : subscriptionOf(target),
    group: scenario === "replace" ? undefined : (p.targetResourceGroupId ?? undefined),
    vmName: scenario === "another" ? last(p.targetVirtualMachineId) : undefined,
    network: p.virtualNetworkId ?? undefined,
    subnet: p.subnetId ?? undefined,
    account: p.identityBasedRestoreDetails?.targetStorageAccountId ?? p.storageAccountId ?? undefined,
    zone: p.zones?.[0],
    encryptionSet: p.diskEncryptionSetId ?? undefined,
    identity: staging?.isSystemAssignedIdentity ? "system" : (staging?.managedIdentityResourceId ?? undefined),
    networkAccess: access?.targetDiskNetworkAccessOption,
    diskAccess: access?.targetDiskAccessId ?? undefined,
    edgeZone: p.extendedLocation?.name,
    originalAccounts: p.originalStorageAccountOption || undefined,
    osEncryptionSet: p.securedVMDetails?.securedVMOsDiskEncryptionSetId ?? undefined,
    rehydrate: rehydration && { priority: rehydration.rehydrationPriority ?? "Standard", days: Number(days?.[1]) },
  };
  return Object.fromEntries(Object.entries(choices).filter(([, value]) => value !== undefined));
}
