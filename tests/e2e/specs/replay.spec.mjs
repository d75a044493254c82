// How a recording becomes choices, and a report a verdict.

import { expect, test } from "@playwright/test";
import { choicesOf } from "../replay/choices.mjs";
import { endOf } from "../replay/recording.mjs";
import { bodyVerdict, differencesOf, justifiedIn, unmatchedThatMatter } from "../replay/verdict.mjs";

const SUB = "/subscriptions/s1/resourceGroups/rg";
const goal = (properties) => ({ kind: "restore", body: { properties: { objectType: "IaasVMRestoreRequest", ...properties } } });

test("choices: restore disks, managed or not", () => {
  const disks = goal({ recoveryType: "RestoreDisks", storageAccountId: `${SUB}/x/sa`, targetResourceGroupId: SUB });
  expect(choicesOf(disks)).toEqual({ scenario: "disks", become: "managed", subscription: "s1", group: SUB, account: `${SUB}/x/sa` });
  expect(choicesOf(goal({ recoveryType: "RestoreDisks" }))).toEqual({ scenario: "disks", become: "vhd" });
});

test("choices: an empty list of disks is the OS disk alone, not all disks", () => {
  expect(choicesOf(goal({ recoveryType: "RestoreDisks", restoreDiskLunList: [] }))).toMatchObject({ scenario: "selected", luns: [] });
});

test("choices: another virtual machine with every option", () => {
  const another = goal({
    recoveryType: "AlternateLocation",
    targetVirtualMachineId: `${SUB}/providers/Microsoft.Compute/virtualMachines/new`,
    zones: ["NoZone"],
    identityInfo: { isSystemAssignedIdentity: true },
    targetDiskNetworkAccessSettings: { targetDiskNetworkAccessOption: "EnablePrivateAccessForAllDisks", targetDiskAccessId: "da" },
    recoveryPointRehydrationInfo: { rehydrationRetentionDuration: "P15D", rehydrationPriority: "High" },
  });
  expect(choicesOf(another)).toEqual({
    scenario: "another",
    subscription: "s1",
    vmName: "new",
    zone: "NoZone",
    identity: "system",
    networkAccess: "EnablePrivateAccessForAllDisks",
    diskAccess: "da",
    rehydrate: { priority: "High", days: 15 },
  });
});

test("choices: in the secondary region, with its api-version", () => {
  const restoreRequest = { objectType: "IaasVMRestoreRequest", recoveryType: "RestoreDisks", targetResourceGroupId: SUB, region: "westus" };
  const crossing = { kind: "backupCrossRegionRestore", api_version: "2018-12-20", body: { crossRegionRestoreAccessDetails: {}, restoreRequest } };
  expect(choicesOf(crossing)).toEqual({ region: "westus", version: "2018-12-20", scenario: "disks", become: "managed", subscription: "s1", group: SUB });
});

test("choices: what the app does not do is told", () => {
  expect(choicesOf(null).unsupported).toContain("no restore");
  expect(choicesOf({ ...goal({}), kind: "revokeInstantItemRecovery" }).unsupported).toContain("revokeInstantItemRecovery");
  expect(choicesOf(goal({ objectType: "AzureWorkloadSQLRestoreRequest" })).unsupported).toContain("SQL");
  expect(choicesOf(goal({ recoveryType: "RestoreDisks", securedVMDetails: { dataDiskEncryptionSettings: {} } })).unsupported).toContain("dataDiskEncryptionSettings");
  expect(choicesOf(goal({ recoveryType: "RestoreDisks", securedVMDetails: { securedVMOsDiskEncryptionSetId: "/d" } })).osEncryptionSet).toBe("/d");
  expect(choicesOf(goal({ recoveryType: "RestoreDisks", unknownMember: 1 })).unsupported).toContain("unknownMember");
});

test("verdict: a difference is justified by path and both values only", () => {
  const justified = justifiedIn(
    "## Other\n| a | b | c | d |\n|---|---|---|---|\n| properties.x | 1 | 2 | no |\n\n## Justified differences\n\nText.\n\n" +
      "| path | recorded | sent | why |\n|---|---|---|---|\n| `properties.flag` | `true` | `false` | so |\n| properties.gone | {\"a\":1} | (absent) | so |\n\n## Next\n",
  );
  expect(justified).toHaveLength(2);
  const verdict = (report) => bodyVerdict(differencesOf(report), justified);
  expect(verdict({ missing: {}, extra: {}, different: {} })).toBe("equal");
  expect(verdict({ missing: { "properties.gone": { a: 1 } }, different: { "properties.flag": [true, false] } })).toBe("justified");
  expect(verdict({ different: { "properties.flag": [false, true] } })).toBe("different");
  expect(verdict({ different: { "properties.flag": ["true", "false"] } })).toBe("different");
  expect(verdict({ extra: { "properties.gone": 1 } })).toBe("different");
  expect(verdict({ different: { "properties.x": [1, 2] } })).toBe("different");
});

test("verdict: unknown lists are tolerated, unknown posts and polls are not", () => {
  const unmatched = [
    { method: "GET", path: "/subscriptions/s/providers/Microsoft.ManagedIdentity/userAssignedIdentities" },
    { method: "GET", path: "/v/backupJobs/1", poll: "job 1" },
    { method: "POST", path: "/v/recoveryPoints/1/restore" },
  ];
  expect(unmatchedThatMatter(unmatched)).toEqual(["GET /v/backupJobs/1", "POST /v/recoveryPoints/1/restore"]);
});

test.describe("the recorded end", () => {
  const trigger = { method: "POST", url: "https://arm/x/recoveryPoints/1/restore", status: 202,
    response_headers: { "azure-asyncoperation": "https://arm/x/operationsStatus/op?api-version=1" } };
  const operation = (body) => ({ method: "GET", url: "https://arm/X/operationsStatus/op?api-version=1", status: 200, response_body: body });
  const poll = (status, more) => ({ method: "GET", url: "https://arm/v/backupJobs/J1?api-version=1", status: 200,
    response_body: { properties: { status, ...more } } });
  const begun = [trigger, operation({ status: "Succeeded", properties: { jobId: "j1" } }), poll("InProgress")];
  const fault = { ...poll("InProgress"), status: 500, response_body: {} };

  test("is the job's last good answer", () => {
    expect(endOf({ exchanges: [...begun, poll("Completed"), fault] }, 1)).toEqual({ end: "Completed", cancelled: false, words: [] });
  });
  test("brings Azure's words", () => {
    const details = { errorDetails: [{ errorString: "No account.", recommendations: ["Make one."] }] };
    expect(endOf({ exchanges: [...begun, poll("Failed", details)] }, 1).words).toEqual(["No account.", "Make one."]);
  });
  test("knows a cancelled job", () => {
    const cancel = { method: "POST", url: "https://arm/v/backupJobs/j1/cancel", status: 202 };
    expect(endOf({ exchanges: [...begun, cancel] }, 1)).toMatchObject({ end: "Cancelled", cancelled: true });
    expect(endOf({ exchanges: [...begun, cancel, poll("Cancelling")] }, 1)).toMatchObject({ end: "Cancelling", cancelled: true });
  });
  test("is the operation's where no job came of it", () => {
    const failed = operation({ status: "Failed", error: { code: "X", message: "Not allowed." } });
    expect(endOf({ exchanges: [trigger, failed] }, 1)).toEqual({ end: "Failed", cancelled: false, words: ["Not allowed."] });
  });
});
