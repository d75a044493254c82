// The primary region is down: a newcomer's way through the demo, by keyboard alone, and what stands in its way.

import { expect, test } from "../support/fixtures.mjs";
import { arrowTo, choose, press } from "../support/keyboard.mjs";
import { everyRecord } from "../support/records.mjs";

const SELECTABLE = (text) => !text.includes(" — ");

/** Words that only the access token holds. */
const SECRET = /eyJ[\w-]+\.|IaaSVMRecoveryPointMetadataBase|coordinatorServiceStampUri/;

test("the primary region is down: disks are restored in the secondary one", async ({ app, page, accessible }) => {
  await page.clock.install();
  await press(app.button("Try the region-outage scenario"));
  await expect(app.search()).toBeFocused();
  await accessible();
  await press(page.getByRole("link", { name: "Restore in secondary region", exact: true }));

  await expect(app.heading("Restore in the secondary region")).toBeFocused();
  const regions = page.getByRole("region", { name: "Regions" });
  await expect(regions).toContainText("Primary region North Europe not responding");
  await expect(regions).toContainText("Secondary region West Europe restore target");
  await accessible();
  await press(page.getByRole("link", { name: "shop-web-01", exact: true }));

  await expect(app.heading("Choose a recovery point for shop-web-01")).toBeFocused();
  await expect(page.getByText(/Azure normally replicates within 36 hours/)).toBeVisible();
  await accessible();
  await press(page.getByRole("table", { name: "Recovery points" }).getByRole("link").first());

  await expect(app.heading("Restore settings")).toBeFocused();
  await expect(page.getByRole("radio", { name: "Replace existing disks", exact: true })).toBeDisabled();
  await arrowTo(page.getByRole("group", { name: "What to restore" }), "Restore disks");
  await choose(page.getByRole("combobox", { name: "Target resource group" }), (text) => text.startsWith("rg-test-restore"));
  await choose(page.getByRole("combobox", { name: "Staging storage account" }), SELECTABLE);
  await press(page.getByRole("link", { name: "Review", exact: true }).first());

  await expect(app.heading("Review and start")).toBeFocused();
  const reviewed = await app.json("Request body");
  expect(Object.keys(reviewed)).toEqual(["crossRegionRestoreAccessDetails", "restoreRequest"]);
  expect(reviewed.restoreRequest).toMatchObject({ recoveryType: "RestoreDisks", region: "westeurope" });
  expect(reviewed.restoreRequest).not.toHaveProperty("restoreDiskLunList");
  await expect(regions).toContainText("West Europe");
  await accessible();
  await press(app.button("Start restore"));

  await expect(app.heading("Restore of shop-web-01")).toBeFocused();
  await expect(regions).toContainText("North Europe");
  await app.sent();
  const later = () => page.clock.fastForward("00:30").then(() => false);
  expect(await app.follow({ enough: later })).toBe("Completed");
  const stages = page.getByRole("region", { name: "Stages" }).getByRole("heading", { level: 3 });
  await expect(stages).toHaveText(["AAD properties, done", "Access token, done", "Cross-region restore, done", "Operation, done", "Job"]);
  for (const summary of await page.getByRole("region", { name: "Stages" }).locator("summary").all()) await press(summary);
  await accessible();
  expect(await app.text()).not.toMatch(SECRET);
  expect(JSON.stringify(await page.evaluate(() => ({ ...localStorage, ...sessionStorage }))) + (await everyRecord(page))).not.toMatch(SECRET);
  await expect(app.button("Cancel the job")).toHaveCount(0);

  await press(page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Activity" }));
  await expect(page.getByRole("row", { name: /^Trigger cross-region restore/ })).toHaveCount(1);
});

test("the tab is closed while the access token is fetched: nothing was sent, and it is sent by a click", async ({ app, page }) => {
  await page.clock.install();
  await app.startDemo();
  await page.evaluate(() => (location.hash = "#/secondary?vault=" + encodeURIComponent("/subscriptions/5f1c0d3a-91b2-4e6f-8a77-0c0ffee00001/resourceGroups/rg-backup-weu/providers/Microsoft.RecoveryServices/vaults/contoso-vault-faults")));
  await app.openVm("fault-token-timeout");
  await app.openFirstPoint();
  await page.getByRole("radio", { name: "Restore disks", exact: true }).check();
  await choose(page.getByRole("combobox", { name: "Target resource group" }), (text) => text.startsWith("rg-restore-neu"));
  await choose(page.getByRole("combobox", { name: "Staging storage account" }), SELECTABLE);
  await app.review();
  // Time stands still but for the steps here: the token would be there before a busy machine has looked.
  await app.stopClock();
  await app.button("Start restore").click();
  await expect(async () => {
    await page.clock.runFor(100);
    expect(await page.getByRole("status", { name: "State" }).allInnerTexts()).toEqual(["Preparing: getting the access token"]);
  }).toPass();
  await expect(page.getByText("Nothing has been sent yet")).toBeVisible();
  await page.reload();
  await page.clock.resume();
  await page.getByRole("link", { name: "Connect", exact: true }).click();
  await app.startDemo(/^Restore of/);
  await page.getByRole("heading", { name: "Not sent yet. Send it now?" }).waitFor();
  expect(await app.state()).toBe("Not started");
  await app.button("Send it now").click();
  await app.sent();
  const later = () => page.clock.fastForward("00:30").then(() => false);
  expect(await app.follow({ enough: later })).toBe("Completed");
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Activity" }).click();
  await page.getByRole("table", { name: "Requests" }).waitFor();
  // The polls that followed it stand above it.
  const more = page.getByRole("button", { name: /^Show .* more$/ });
  while (await more.count()) await more.click();
  await expect(page.getByRole("row", { name: /^Trigger cross-region restore/ })).toHaveCount(1);
});

test("a vault without cross-region restore says why", async ({ app, page, accessible }) => {
  await app.startDemo();
  await app.openFirstVm();
  await page.getByRole("link", { name: "Restore in secondary region", exact: true }).click();
  await expect(app.heading("Restore in the secondary region")).toBeVisible();
  await expect(page.getByText("Cross-region restore is off for this vault")).toBeVisible();
  await expect(page.getByText(/This vault is locally redundant/)).toBeVisible();
  await accessible();
});
