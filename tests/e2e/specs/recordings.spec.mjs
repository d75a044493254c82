// Recorded traffic of Microsoft's own clients: the app sends what they sent and follows it to the recorded end.

import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@playwright/test";
import { replay } from "../replay/run.mjs";
import { shared } from "../support/files.mjs";

const folder = join(shared, "corpus");
const files = (() => {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
})();

/** Scenario, options of the replay. */
const CASES = [
  ["restore-disks-managed", {}],
  ["restore-disks-managed", { expose: "none" }],
  ["selective-disks", { restore: 1 }],
  ["selective-disks", { restore: 2 }],
  ["original-location", {}],
  ["alternate-location", {}],
  ["alternate-location", { expose: "none" }],
  ["disk-access-restore", { restore: 1 }],
  ["disk-access-restore", { restore: 2 }],
  ["disk-access-restore", { restore: 3 }],
  ["cross-subscription-restore", { restore: 1 }],
  ["cross-subscription-restore", { restore: 2 }],
  ["restore-disks-midpoll-errors", {}],
  ["restore-disks-midpoll-errors", { moveFaults: true }],
  ["restore-disks-unmanaged", {}],
  ["job-failed-storage-deleted", {}],
  ["job-failed-storage-deleted", { moveFaults: true }],
  ["cross-region-restore", {}],
  ["cross-region-restore", { expose: "none" }],
  ["cross-region-restore-2018-api", {}],
  ["cross-region-restore-2018-api", { moveFaults: true }],
];

for (const [scenario, options] of CASES) {
  const said = Object.entries(options).map(([name, value]) => `${name} ${value}`);
  test(`recorded: ${[scenario, ...said].join(", ")}`, async ({ browser }) => {
    test.skip(!files.length && process.env.CORPUS === "absent", `CORPUS=absent: needs the recordings in ${folder}`);
    expect(files, `there are no recordings in ${folder}: set SHARED_DIR, or CORPUS=absent to leave these tests out`).not.toEqual([]);
    const file = files.find((name) => name.startsWith(`${scenario}__`));
    expect(file, "the recording").toBeDefined();
    const line = await replay(browser, join(folder, file), options);
    test.info().annotations.push({ type: "replay", description: JSON.stringify(line) });
    expect(line).toMatchObject({ ok: true });
  });
}
