// Every scenario in the demo, by keyboard alone: from the list of virtual machines to the end of the job.

import { expect, test } from "../support/fixtures.mjs";
import { arrowTo, choose, press, tabTo, type } from "../support/keyboard.mjs";

const SELECTABLE = (text) => !text.includes(" — ");
const GROUP = "rg-restore-weu";

const group = (app) => choose(app.field("Target resource group"), (text) => text.startsWith(GROUP));
const account = (app) => choose(app.field("Staging storage account"), SELECTABLE);

const SCENARIOS = [
  {
    vm: "web-01",
    scenario: "Restore selected disks",
    async fill(app) {
      await press(app.page.getByRole("checkbox", { name: /^LUN 1\b/ }), "Space");
      await group(app);
      await account(app);
    },
    sends: { recoveryType: "RestoreDisks", restoreDiskLunList: [1] },
  },
  {
    vm: "web-01",
    scenario: "Replace existing disks",
    async fill(app) {
      await account(app);
    },
    async confirm(app) {
      await type(app.page.getByRole("textbox", { name: "Type the VM name to confirm" }), "web-01");
    },
    sends: { recoveryType: "OriginalLocation" },
  },
  {
    vm: "web-02",
    scenario: "Create a new virtual machine",
    async fill(app) {
      await group(app);
      await type(app.page.getByRole("textbox", { name: "New virtual machine name" }), "web-02-copy");
      await choose(app.field("Virtual network"), SELECTABLE);
      await choose(app.field("Subnet"), SELECTABLE);
      await account(app);
    },
    sends: { recoveryType: "AlternateLocation", targetVirtualMachineId: expect.stringMatching(/\/web-02-copy$/) },
  },
  {
    vm: "files-01",
    scenario: "Restore disks",
    archived: true,
    async fill(app) {
      await group(app);
      await account(app);
      await choose(app.field("Priority"), (text) => text === "High");
      await type(app.page.getByRole("spinbutton", { name: "Days to keep the rehydrated copy" }), "12");
    },
    sends: {
      objectType: "IaasVMRestoreWithRehydrationRequest",
      recoveryPointRehydrationInfo: { rehydrationRetentionDuration: "P12D", rehydrationPriority: "High" },
    },
  },
  {
    vm: "unmanaged-01",
    scenario: "Restore disks",
    what: "to the storage accounts that they came from",
    async fill(app) {
      await arrowTo(app.page.getByRole("group", { name: "Restore disks as" }), "Unmanaged VHD blobs in storage accounts");
      await account(app);
      await expect(app.page.getByText("as VHD blobs in the storage account ")).toBeVisible();
      await press(app.page.getByRole("checkbox", { name: "Restore VHD blobs to the disks' original storage accounts" }), "Space");
      await expect(app.page.getByText("as VHD blobs in their original storage accounts")).toBeVisible();
    },
    sends: { recoveryType: "RestoreDisks", originalStorageAccountOption: true },
  },
  {
    vm: "confidential-01",
    scenario: "Restore disks",
    what: "of a confidential virtual machine",
    async fill(app) {
      await group(app);
      await account(app);
      const set = app.field("Disk encryption set for the confidential OS disk");
      // One of another type is offered with the reason against it.
      await expect(set.getByRole("option", { name: /des-weu-01 .* — doesn't have the type/ })).toBeDisabled();
      await choose(set, (text) => text.startsWith("des-weu-confidential"));
    },
    sends: { securedVMDetails: { securedVMOsDiskEncryptionSetId: expect.stringMatching(/\/des-weu-confidential$/) } },
  },
];

for (const { vm, scenario, archived, what, fill, confirm, sends } of SCENARIOS) {
  test([scenario, archived && "from the archive", what].filter(Boolean).join(" "), async ({ app, page, accessible }) => {
    await page.clock.install();
    await press(app.button("Start the demo"));
    await expect(app.search()).toBeFocused();
    await type(app.search(), vm);
    await press(page.getByRole("table", { name: "Protected virtual machines" }).getByRole("link", { name: vm, exact: true }));
    await expect(app.heading(/^Choose a recovery point/)).toBeFocused();
    const points = page.getByRole("table", { name: "Recovery points" });
    if (archived) await choose(app.field("Tier"), (text) => text === "Archive");
    await press(points.getByRole("link").first());
    await expect(app.heading("Restore settings")).toBeFocused();

    await arrowTo(page.getByRole("group", { name: "What to restore" }), scenario);
    await fill(app);
    await press(page.getByRole("link", { name: "Review", exact: true }).first());
    await expect(app.heading("Review and start")).toBeFocused();
    const reviewed = await app.json("Request body");
    expect(reviewed.properties).toMatchObject(sends);
    await confirm?.(app);
    await accessible();

    await press(app.button("Start restore"));
    await expect(app.heading(/^Restore of /)).toBeFocused();
    // The restore takes minutes even in the demo; each look comes half a minute after the one before.
    const later = () => page.clock.fastForward("00:30").then(() => false);
    expect(await app.follow({ enough: later })).toBe("Completed");
    await accessible();

    await press(page.locator("summary", { hasText: "Request body" }));
    expect(await app.json("Body as sent")).toEqual(reviewed);
    await press(page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Activity" }));
    await expect(page.getByRole("row", { name: /^Trigger restore/ })).toHaveCount(1);
  });
}
