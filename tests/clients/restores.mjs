// The restores of azure-cli: how a journey becomes a command, and what came of it.

import { readFileSync } from "node:fs";

const world = JSON.parse(readFileSync(new URL("world.json", import.meta.url), "utf8"));
const MACHINES = new Map(Object.entries(world.machines).flatMap(([group, [vault, ...names]]) => names.map((name) => [name, { name, group, vault }])));

const DAY = 24 * 3600 * 1000;

/** The tiers from which a recovery point can be restored, as journeys name them. */
const TIERS = { InstantRP: "snapshot", HardenedRP: "vault", ArchivedRP: "archive" };

/** A journey's words, with those that `world.json` keeps for all put in. */
const spelled = (line) => Object.entries(world.words).reduce((text, [word, meant]) => text.replaceAll(word, meant), line);

const itemOf = ({ name, group, vault }) => {
  const { group: vaultGroup, subscription } = world.vaults[vault];
  const path = `backupFabrics/Azure/protectionContainers/IaasVMContainer;iaasvmcontainerv2;${group};${name}/protectedItems/VM;iaasvmcontainerv2;${group};${name}`;
  return `/subscriptions/${subscription}/resourceGroups/${vaultGroup}/providers/Microsoft.RecoveryServices/vaults/${vault}/${path}`;
};

/** What a point can be restored from: `snapshot+vault`, `archive`, `rehydrated` … */
const tiersOf = ({ properties }) => {
  const tiers = properties.recoveryPointTierDetails ?? [];
  if (tiers.some(({ status }) => status === "Rehydrated")) return "rehydrated";
  return tiers.filter(({ status }) => status === "Valid").map(({ type }) => TIERS[type] ?? type).join("+");
};

/** The name of the newest recovery point of the kind; of the secondary region, where `kind` says so. */
async function point(ask, machine, kind) {
  if (/^\d+$/.test(kind)) return kind;
  const secondary = kind === "secondary";
  const { value } = await ask(`${itemOf(machine)}/recoveryPoints?api-version=${secondary ? "2021-11-15" : "2024-04-01"}`);
  const found = value.find((it) => secondary || tiersOf(it) === kind);
  if (!found) throw new Error(`${machine.name} has no recovery point of the kind “${kind}”`);
  return found.name;
}

const container = ({ group, name }) => `IaasVMContainer;iaasvmcontainerv2;${group};${name}`;
const inContainer = ({ group, name }) => `VM;iaasvmcontainerv2;${group};${name}`;

/** A command line with the words of all journeys, `$C(vm)`, `$I(vm)` (container and item of a machine), `$POINT(vm,kind)` and `$DAY(n)` (n days from today) put in. */
export async function resolved(line, ask) {
  const points = await Promise.all([...line.matchAll(/\$POINT\(([^,)]+),([^)]+)\)/g)].map(([, vm, kind]) => point(ask, MACHINES.get(vm), kind)));
  const named = line
    .replaceAll(/\$C\(([^)]+)\)/g, (_, vm) => container(MACHINES.get(vm)))
    .replaceAll(/\$I\(([^)]+)\)/g, (_, vm) => inContainer(MACHINES.get(vm)))
    .replaceAll(/\$POINT\([^)]+\)/g, () => points.shift())
    .replaceAll(/\$DAY\((-?\d+)\)/g, (_, days) => new Date(Date.now() + days * DAY).toISOString().slice(0, 10).split("-").reverse().join("-"));
  return spelled(named);
}

/** The command line of a journey. */
export async function commandOf(journey, ask) {
  const machine = MACHINES.get(journey.vm);
  const { group, subscription } = world.vaults[machine.vault];
  const account = journey.account ?? world.account;
  const names = journey.friendly ? `-c ${machine.name} -i ${machine.name}` : `-c ${container(machine)} -i ${inContainer(machine)}`;
  const byName = account.startsWith("$") ? "" : `--storage-account-resource-group ${world.accountGroups[account] ?? world.accountGroups[""]}`;
  return spelled(
    `backup restore restore-disks --subscription ${subscription} -g ${group} -v ${machine.vault} ${names} ` +
      `-r ${await point(ask, machine, journey.point)} --storage-account ${account} ${byName} ${journey.options} -o json`,
  );
}

/** Words by which az owns to a fault of its own; the last hides the exception of its table. */
const FAULTS = /Traceback|The command failed with an unexpected error|Table output unavailable/;

/** The request that restores, among those that az sent. */
export const RESTORES = /\/(restore|backupCrossRegionRestore)$/i;

/** The body as it restores: that of a cross-region restore without the access details, which are Azure's own words. */
const bodyOf = ({ sent }) => sent?.restoreRequest ?? sent?.properties;

/**
 * Who has ended a command of az that did not come to its end: the service with a refusal, a connection that broke, az by a check of its own, or
 * az by a fault.
 * @returns {{was: "refused" | "cut off" | "stopped" | "broken", as: string}} `as` are the words of whoever ended it
 */
export function failure({ words }, exchanges) {
  const said = words.split("\n").map((line) => line.trim()).filter((line) => line && !line.startsWith("WARNING"));
  // The last line of a traceback is the error itself.
  if (FAULTS.test(words)) return { was: "broken", as: said.findLast((line) => /^\w*(Error|Exception)\b/.test(line)) ?? said.at(-1) };
  const { status, answer } = exchanges.at(-1) ?? {};
  if (exchanges.length && status === undefined) return { was: "cut off", as: said.join(" ") };
  if (status >= 400) return { was: "refused", as: `${status} ${answer?.error?.code}: ${answer?.error?.message}` };
  return { was: "stopped", as: said.join(" ").replaceAll(/\s+/g, " ") };
}

/**
 * What became of a restore.
 * @returns {{was: string, as: string, body?: object}} `body` is what az has sent, whether it was accepted or not
 */
export function outcome(ended, exchanges) {
  const triggers = exchanges.filter(({ method, path }) => method === "POST" && RESTORES.test(path));
  const body = triggers.length ? bodyOf(triggers.at(-1)) : undefined;
  // A request that was answered with a refusal, such as 429, has begun nothing; of one without an answer nobody knows.
  const begun = triggers.filter(({ status }) => status === undefined || status === 202);
  if (begun.length > 1) return { was: "sent twice", as: `${begun.length} requests that may have begun a restore`, body };
  if (ended.code !== 0) return { ...failure(ended, exchanges), body };
  // Where an operation has failed, az ends with 0 and prints no job.
  const job = statusOf(ended.out);
  if (!triggers.length || !job) return { was: "broken", as: `ended with 0 and without a job: ${ended.out.replaceAll(/\s+/g, " ").slice(0, 400)}`, body };
  return { was: "restored", as: job, body };
}

/** The status of the job that az prints. */
function statusOf(out) {
  try {
    return JSON.parse(out).properties.status;
  } catch {
    return undefined;
  }
}
