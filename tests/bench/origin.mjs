// Azure Resource Manager as far as a list of recovery points needs it: answers at once, from pages prepared before anybody asks. A process
// of its own, so that it shares no thread with whoever measures. Its first line says where it is; `/counts` tells what was asked since it
// was last asked for that. Its argument is the greatest number of points that a machine has.

import { createServer } from "node:http";
import { SUBSCRIPTION, VAULT, itemId, sizes } from "./places.mjs";
import { NEWEST, point } from "./point.mjs";

const SIZES = sizes(Number(process.argv[2]));
const MAX_AGE = 600;
const TYPE = "Microsoft.RecoveryServices/vaults/backupFabrics/protectionContainers/protectedItems";

const bytes = (value) => Buffer.from(JSON.stringify(value));
const list = (value) => bytes({ value });
const machine = (name) => `${SUBSCRIPTION}/resourceGroups/rg-bench/providers/Microsoft.Compute/virtualMachines/${name}`;

const item = (name) => ({
  id: itemId(name),
  name: itemId(name).split("/").at(-1),
  type: TYPE,
  properties: {
    friendlyName: name,
    virtualMachineId: machine(name),
    sourceResourceId: machine(name),
    protectionStatus: "Healthy",
    protectionState: "Protected",
    healthStatus: "Passed",
    lastBackupStatus: "Completed",
    lastRecoveryPoint: new Date(NEWEST).toISOString(),
    protectedItemType: "Microsoft.Compute/virtualMachines",
    backupManagementType: "AzureIaasVM",
    workloadType: "VM",
  },
});

const vault = {
  id: VAULT,
  name: VAULT.split("/").at(-1),
  type: "Microsoft.RecoveryServices/vaults",
  location: "westeurope",
  sku: { name: "Standard" },
  properties: { provisioningState: "Succeeded", redundancySettings: { standardTierStorageRedundancy: "GeoRedundant", crossRegionRestore: "Disabled" } },
};

/** The pages of a machine's points. Links are as long as Azure's. */
function pages({ name, points, by }, origin) {
  const id = itemId(name);
  return Array.from({ length: points / by }, (_, nth) => {
    const value = Array.from({ length: by }, (_, at) => point(id, nth * by + at));
    const next = (nth + 1) * by < points && { nextLink: `${origin}${id}/recoveryPoints?api-version=2024-04-01&$skipToken=${nth + 1}` };
    return bytes({ value, ...next });
  });
}

/** Answers by their paths in lower case. */
const small = new Map(
  [
    ["/subscriptions", list([{ id: SUBSCRIPTION, subscriptionId: SUBSCRIPTION.split("/").at(-1), displayName: "Bench", state: "Enabled" }])],
    [`${SUBSCRIPTION}/providers/Microsoft.RecoveryServices/vaults`, list([vault])],
    [VAULT, bytes(vault)],
    [`${VAULT}/backupProtectedItems`, list(SIZES.map(({ name }) => item(name)))],
    [`${VAULT}/backupResourceGuardProxies`, list([])],
    [`${VAULT}/backupEncryptionConfigs/backupResourceEncryptionConfig`, bytes({ properties: { encryptionAtRestType: "MicrosoftManaged", infrastructureEncryptionState: "Disabled" } })],
    ...SIZES.flatMap(({ name }) => [
      [itemId(name), bytes(item(name))],
      [machine(name), bytes({ id: machine(name), name, location: "westeurope", properties: {} })],
    ]),
  ].map(([path, body]) => [path.toLowerCase(), body]),
);
const long = new Map();

let counts = {};
const server = createServer((request, response) => {
  const url = new URL(request.url, "http://origin");
  const path = decodeURIComponent(url.pathname).toLowerCase();
  const cors = { "Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": "*" };
  if (path === "/counts") {
    response.writeHead(200, cors).end(JSON.stringify(counts));
    counts = {};
    return;
  }
  const one = (counts[request.url] ??= {});
  one[request.method] = (one[request.method] ?? 0) + 1;
  if (request.method === "OPTIONS") {
    const asked = request.headers["access-control-request-headers"] ?? "";
    response.writeHead(204, { ...cors, "Access-Control-Allow-Headers": asked, "Access-Control-Allow-Methods": "GET, POST", "Access-Control-Max-Age": MAX_AGE }).end();
    return;
  }
  const body = long.get(path)?.[Number(url.searchParams.get("$skipToken") ?? 0)] ?? small.get(path);
  if (!body) one.missing = true;
  response.writeHead(body ? 200 : 404, { ...cors, "Content-Type": "application/json" }).end(body ?? '{"error":{"code":"ResourceNotFound","message":"Not here."}}');
});
server.listen(0, "127.0.0.1", () => {
  const origin = `http://127.0.0.1:${server.address().port}`;
  for (const size of SIZES) long.set(`${itemId(size.name)}/recoveryPoints`.toLowerCase(), pages(size, origin));
  console.log(JSON.stringify({ origin }));
});
