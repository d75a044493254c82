// Recovery plans as files, and what the simulator says of their restores.

const PRODUCTION = "/subscriptions/5f1c0d3a-91b2-4e6f-8a77-0c0ffee00001/resourceGroups";
export const STAGING = `${PRODUCTION}/rg-restore-weu/providers/Microsoft.Storage/storageAccounts/contosostageweu`;
export const network = (name) => `${PRODUCTION}/rg-network/providers/Microsoft.Network/virtualNetworks/${name}`;

/** A machine of the simulator's first vault, as a plan names it. */
export function machine(name, group) {
  const vault = `${PRODUCTION}/rg-backup-weu/providers/Microsoft.RecoveryServices/vaults/contoso-vault-weu`;
  const id = `iaasvmcontainerv2;${group};${name}`;
  return { item: `${vault}/backupFabrics/Azure/protectionContainers/IaasVMContainer;${id}/protectedItems/VM;${id}`, name };
}

/** A file with a plan of these groups of machines; what it decides otherwise is in `decided` and `mapped`. */
export function planFile(groups, decided = {}, mapped = {}) {
  const nobody = { tenant: null, account: null };
  const at = "2026-11-29T02:10:00Z";
  const mapping = {
    scenario: null, targetSubscription: null, resourceGroup: "same", namePattern: "", networks: [], otherNetwork: null, stagingAccounts: [],
    stagingAccess: "key", zone: "unset", diskNetworkAccess: null, diskAccess: null, region: null, rehydration: { priority: null, days: "15" }, ...mapped,
  };
  const named = groups.map((machines, nth) => ({ name: `Group ${nth + 1}`, advance: nth ? "manually" : "when-restored", machines }));
  const plan = {
    version: 1, id: "0f8fad5b-d9cb-469f-a165-70867728950e", name: "rg-app", reason: "", mode: "recovery", owner: nobody, cloud: "Demo", created: at,
    pointRule: { atOrBefore: null, appConsistent: false, vaultTier: false, skipThreatened: false }, mapping,
    groups: named, pacing: { perVault: 10, inAll: 50 }, stopAfterFailures: null, ...decided,
  };
  return JSON.stringify({ format: "vm-restore-plan", exportedAt: at, exportedBy: nobody, plan, manifest: "", requests: [] });
}

/** Imports a plan from the text of its file. */
export async function importPlan(app, page, text) {
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Restores", exact: true }).click();
  const [chooser] = await Promise.all([page.waitForEvent("filechooser"), app.button("Import restores").click()]);
  await chooser.setFiles({ name: "plan.json", mimeType: "application/json", buffer: Buffer.from(text) });
}

/** How often each protected item was restored, in the simulator's own journal. */
export async function accepted(arm) {
  const { triggers } = await (await fetch(`${arm.origin}/_sim/triggers`)).json();
  const counts = {};
  for (const { item } of triggers.filter((trigger) => trigger.accepted)) counts[item] = (counts[item] ?? 0) + 1;
  return Object.values(counts);
}
