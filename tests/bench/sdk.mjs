// Microsoft's own client of the same service, as a page would use it.

import { RecoveryServicesBackupClient } from "@azure/arm-recoveryservicesbackup";

function clientOf({ endpoint, subscription, token }) {
  const nobody = { getToken: async () => ({ token, expiresOnTimestamp: Date.now() + 3_600_000 }) };
  const client = new RecoveryServicesBackupClient(nobody, subscription, { endpoint });
  // It refuses a token over http, as it should; here everything is on this computer.
  client.pipeline.removePolicy({ name: "bearerTokenAuthenticationPolicy" });
  client.pipeline.addPolicy({
    name: "bench",
    sendRequest(request, next) {
      request.allowInsecureConnection = true;
      request.headers.set("Authorization", `Bearer ${token}`);
      return next(request);
    },
  });
  return client;
}

globalThis.sdk = {
  /** Reads every recovery point of an item and keeps them. How long that took, in milliseconds. */
  async list(asked) {
    const client = clientOf(asked);
    const begun = performance.now();
    const kept = [];
    for await (const point of client.recoveryPoints.list(asked.vault, asked.group, asked.fabric, asked.container, asked.item)) kept.push(point);
    globalThis.kept = kept;
    return performance.now() - begun;
  },
  /** Reads every protected machine of a vault and keeps them. How many there are. */
  async items(vault, asked) {
    const [, subscription, group, name] = /\/subscriptions\/([^/]+)\/resourceGroups\/([^/]+)\/.*\/([^/]+)$/i.exec(vault);
    const kept = [];
    const filter = "backupManagementType eq 'AzureIaasVM' and itemType eq 'VM'";
    for await (const item of clientOf({ ...asked, subscription }).backupProtectedItems.list(name, group, { filter })) kept.push(item);
    (globalThis.kept ??= []).push(...kept);
    return kept.length;
  },
  /** Triggers a restore and follows its operation to the end. */
  async restore(asked, body) {
    await clientOf(asked).restores.beginTriggerAndWait(asked.vault, asked.group, asked.fabric, asked.container, asked.item, asked.point, body);
  },
};
