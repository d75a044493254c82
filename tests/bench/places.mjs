// What there is at the origin: one vault, whose machines say by their names how many recovery points they have, and in pages of how many.

export const SUBSCRIPTION = "/subscriptions/be9c4000-0000-4000-8000-000000000001";
export const VAULT = `${SUBSCRIPTION}/resourceGroups/rg-bench/providers/Microsoft.RecoveryServices/vaults/vault-bench`;

/** Recovery points and page sizes that are measured, up to a number of points. */
export const sizes = (most) =>
  [1_000, 10_000, 100_000].filter((points) => points <= most).flatMap((points) => [200, 1_000].map((by) => ({ points, by, name: `points-${points}-by-${by}` })));

/** The protected item of a machine. */
export const itemId = (name) =>
  `${VAULT}/backupFabrics/Azure/protectionContainers/IaasVMContainer;iaasvmcontainerv2;rg-bench;${name}/protectedItems/VM;iaasvmcontainerv2;rg-bench;${name}`;
