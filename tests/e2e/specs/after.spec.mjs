// What can be done with restored disks: attached, made the OS disk of a machine; and what remains to be deleted.

import { expect, test } from "../support/fixtures.mjs";
import { accessToken } from "../support/token.mjs";

const GROUPS = "/subscriptions/5f1c0d3a-91b2-4e6f-8a77-0c0ffee00001/resourceGroups";

test.use({ simulatorArgs: ["--progress", "per-read:2", "--retry-after", "1"] });

/** Restores web-01 and gives the state that the restore ends in. */
async function restore(app, choices, vmName) {
  await app.connect(accessToken());
  await app.openVm("web-01");
  await app.openFirstPoint();
  await app.fill({ account: `${GROUPS}/rg-restore-weu/providers/Microsoft.Storage/storageAccounts/contosostageweu`, ...choices });
  await app.review();
  await app.start(vmName);
  return app.follow();
}

/** The page of a restore of web-01's disks that has ended. */
async function restored(app) {
  expect(await restore(app, { scenario: "disks", become: "managed", group: `${GROUPS}/rg-restore-weu` })).toBe("Completed");
  const table = app.page.getByRole("table", { name: "Restored disks" });
  await expect(table.getByRole("button", { name: /^Attach to a VM/ })).toHaveCount(3);
  return table;
}

/** Confirms the question of a step; the safe answer has the focus. */
async function confirm(app, label, question, accessible) {
  await app.button(label).click();
  const dialog = app.page.getByRole("dialog", { name: question });
  await expect(dialog.getByRole("button").first()).toBeFocused();
  await accessible();
  await dialog.getByRole("button", { name: label, exact: true }).click();
}

test("a restored disk is attached by the request that was shown", async ({ app, page, accessible }) => {
  const table = await restored(app);
  await table.getByRole("button", { name: /^Attach to a VM: .*datadisk-000/ }).click();
  await expect(page.getByRole("heading", { name: /^Attach .*datadisk-000.* to a VM$/ })).toBeFocused();
  await expect(page.getByRole("combobox", { name: "Virtual machine" })).toHaveValue(/web-01/);
  const lun = page.getByRole("spinbutton", { name: "LUN" });
  await expect(lun).toHaveValue("2");
  await accessible();

  await lun.fill("0");
  await expect(page.getByText("LUN 0 is taken by")).toBeVisible();
  await expect(app.button("Attach disk")).toHaveCount(0);
  await accessible();
  await lun.fill("5");

  await app.button("Attach disk").click();
  const dialog = page.getByRole("dialog", { name: "Attach the disk?" });
  await expect(dialog.getByRole("button", { name: "Don't attach" })).toBeFocused();
  await expect(dialog).toContainText("POST");
  const body = JSON.parse(await dialog.getByLabel("Request body").innerText());
  expect(body).toEqual({ dataDisksToAttach: [{ diskId: expect.stringMatching(/datadisk-000/), lun: 5 }] });
  await accessible();
  await page.keyboard.press("Enter");
  await expect(dialog).toBeHidden();
  await expect(page.getByText("Operation status")).toHaveCount(0);

  await app.button("Attach disk").click();
  await dialog.getByRole("button", { name: "Attach disk" }).click();
  await expect(page.getByText("Azure shows the VM with this change.")).toBeVisible();
  await expect(table.getByRole("row", { name: /datadisk-000/ })).toContainText("web-01");
  await expect(table.getByRole("button", { name: /^Attach to a VM/ })).toHaveCount(2);
  await accessible();
});

test("an OS disk is swapped on a deallocated machine, which is started again", async ({ app, page, accessible }) => {
  const table = await restored(app);
  await table.getByRole("button", { name: /^Use as OS disk/ }).click();
  const panel = page.getByRole("region", { name: /^Use .* as the OS disk of a VM$/ });
  await expect(panel).toContainText("Running");
  await confirm(app, "Deallocate VM", "Deallocate the VM?", accessible);
  await expect(app.button("Swap OS disk")).toBeVisible();
  await expect(panel).toContainText("Deallocated");
  await confirm(app, "Swap OS disk", "Swap the OS disk?", accessible);
  await expect(app.button("Start VM")).toBeVisible();
  await confirm(app, "Start VM", "Start the VM?", accessible);
  await expect(panel.getByText("Done.")).toHaveCount(3);
  await expect(table.getByRole("row", { name: /osdisk/ })).toContainText("web-01");
  await accessible();
});

test("what remains is listed with the commands that delete it", async ({ app, page, accessible }) => {
  await restored(app);
  const left = page.getByRole("table", { name: "Left by the restore" });
  await expect(left.getByRole("row", { name: /^azuredeploy/ })).toContainText("contosostageweu");
  await expect(left.getByRole("row", { name: /osdisk/ })).toContainText("127 GiB");
  await page.getByText("Delete with the Azure CLI").click();
  await expect(page.getByText(/az disk delete --ids \S+osdisk\S+/)).toBeVisible();
  await accessible();
  await page.setViewportSize({ width: 375, height: 812 });
  await accessible();
});

test("whoever lacks the right is told which one", async ({ app, arm, page, accessible }) => {
  const table = await restored(app);
  await fetch(`${arm.origin}/_sim/role?role=reader`, { method: "POST" });
  await table.getByRole("button", { name: /^Attach to a VM: .*datadisk-001/ }).click();
  await confirm(app, "Attach disk", "Attach the disk?", accessible);
  await expect(page.getByText("Attach disk failed")).toBeVisible();
  await expect(page.getByText(/attachDetachDataDisks\/action/).first()).toBeVisible();
  await expect(table.getByRole("row", { name: /datadisk-001/ })).toContainText("Nothing");
  await accessible();
});

test("each step of a swap is refused to whoever lacks its right, and can be taken by whoever has it", async ({ app, arm, page, accessible }) => {
  const as = (role) => fetch(`${arm.origin}/_sim/role?role=${role}`, { method: "POST" });
  const table = await restored(app);
  await table.getByRole("button", { name: /^Use as OS disk/ }).click();
  const panel = page.getByRole("region", { name: /^Use .* as the OS disk of a VM$/ });
  for (const [step, [label, question, action]] of [
    ["Deallocate VM", "Deallocate the VM?", "virtualMachines/deallocate/action"],
    ["Swap OS disk", "Swap the OS disk?", "virtualMachines/write"],
    ["Start VM", "Start the VM?", "virtualMachines/start/action"],
  ].entries()) {
    await as("reader");
    await confirm(app, label, question, accessible);
    await expect(page.getByText(`${label} failed`)).toBeVisible();
    await expect(page.getByText(action).first()).toBeVisible();
    await as("contributor");
    await confirm(app, label, question, accessible);
    await expect(panel.getByText("Done.")).toHaveCount(step + 1);
  }
});

test("a change under way is followed after a reload, and nothing is sent again", async ({ app, arm, page, accessible }) => {
  const progress = (mode) => fetch(`${arm.origin}/_sim/progress?mode=${mode}`, { method: "POST" });
  const table = await restored(app);
  await progress("timetable");
  await table.getByRole("button", { name: /^Attach to a VM: .*datadisk-000/ }).click();
  await confirm(app, "Attach disk", "Attach the disk?", accessible);
  const under_way = page.getByText("Operation status: ");
  await expect(under_way).toBeVisible();
  await page.reload();
  await expect(page.getByText(/^Connect to \S+ to see this restore's disks, use them, and track requests/)).toBeVisible();
  await accessible();
  await page.getByRole("main").getByRole("link", { name: "Connect", exact: true }).click();
  await page.getByRole("textbox", { name: "Access token" }).fill(accessToken());
  await app.button("Connect").click();
  await expect(under_way).toBeVisible();
  await expect(page.getByText(/^Sent .* UTC\. SHA-256 of method, URL and body: /)).toBeVisible();
  await accessible();
  await progress("at-once");
  await expect(page.getByText("Azure shows the VM with this change.")).toBeVisible();
  await expect(table.getByRole("row", { name: /datadisk-000/ })).toContainText("web-01");
  const requests = await (await fetch(`${arm.origin}/_sim/requests`)).json();
  expect(JSON.stringify(requests).match(/attachDetachDataDisks/g)).toHaveLength(1);
});

test("the template is previewed, then deployed by the request that was shown", async ({ app, page, accessible }) => {
  const table = await restored(app);
  await app.button("Deploy the template…").click();
  await expect(page.getByRole("heading", { name: "Deploy the template" })).toBeFocused();
  await accessible();
  const values = ["web-copy", "vnet-prod-weu", "rg-network", "app"];
  for (const [at, value] of values.entries()) {
    await app.button("Preview changes").click();
    await expect(page.getByText("The changes couldn't be previewed")).toBeVisible();
    const field = page.getByRole("textbox", { name: `Value of parameter ${at + 1}` });
    await expect(field).toBeEnabled();
    await field.fill(value);
  }
  await expect(page.getByRole("textbox", { name: "Name of parameter 1" })).toHaveValue("VirtualMachineName");
  await app.button("Preview changes").click();
  const preview = page.getByRole("table", { name: "Preview of the changes" });
  await expect(preview.getByRole("row", { name: /^web-copy .*Create/ }).first()).toBeVisible();
  await accessible();

  await app.button("Deploy template").click();
  const dialog = page.getByRole("dialog", { name: "Deploy the template?" });
  await expect(dialog.getByRole("button", { name: "Don't deploy" })).toBeFocused();
  const body = JSON.parse(await dialog.getByLabel("Request body").innerText());
  expect(body.properties.mode).toBe("Incremental");
  expect(body.properties.templateLink.queryString).toMatch(/^\(not shown/);
  await accessible();
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  await app.button("Deploy template").click();
  await dialog.getByRole("button", { name: "Deploy template" }).click();
  await expect(page.getByText("Template deployed")).toBeVisible();
  await expect(table.getByRole("row", { name: /osdisk/ })).toContainText("web-copy");
  await accessible();
  await page.setViewportSize({ width: 375, height: 812 });
  await accessible();
});

test("whoever may not sign for the template is told which right is missing", async ({ app, arm, page, accessible }) => {
  await restored(app);
  await fetch(`${arm.origin}/_sim/role?role=backup-operator`, { method: "POST" });
  await app.button("Deploy the template…").click();
  await app.button("Preview changes").click();
  await expect(page.getByText("The changes couldn't be previewed")).toBeVisible();
  await expect(page.getByText(/listServiceSas\/action/i).first()).toBeVisible();
  await page.getByText("Deploy with the Azure CLI").click();
  await expect(page.getByText(/az deployment group create .*--mode Incremental/)).toBeVisible();
  await accessible();
});

test("after disks were replaced the old ones are listed, and the machine can be started", async ({ app, page, accessible }) => {
  expect(await restore(app, { scenario: "replace" }, "web-01")).toBe("Completed");
  const left = page.getByRole("table", { name: "Left by the restore" });
  await expect(left.getByRole("row", { name: /^web-01_OsDisk/ })).toContainText("probably replaced");
  await expect(left.getByRole("row", { name: /^web-01_DataDisk_0/ })).toBeVisible();
  await app.button("Start the VM…").click();
  await expect(page.getByRole("heading", { name: "Start the VM" })).toBeFocused();
  await expect(page.getByRole("region", { name: "Start the VM" })).toContainText("Running");
  await accessible();
});

test.describe("a subscription with few vCPUs left", () => {
  test.use({ simulatorArgs: ["--progress", "per-read:2", "--retry-after", "1", "--free-vcpus", "3"] });

  test("has disks of a restore that failed, and they're listed", async ({ app, page, accessible }) => {
    const network = `${GROUPS}/rg-network/providers/Microsoft.Network/virtualNetworks/vnet-prod-weu`;
    const another = { scenario: "another", group: `${GROUPS}/rg-restore-weu`, vmName: "web-01-copy", network, subnet: `${network}/subnets/default` };
    expect(await restore(app, another)).toBe("Failed");
    const left = page.getByRole("table", { name: "Left by the restore" });
    await expect(left.getByRole("row", { name: /osdisk/ })).toContainText("Disk of a restore that didn't complete");
    await expect(page.getByRole("table", { name: "Restored disks" }).getByRole("button", { name: /^Attach to a VM/ })).toHaveCount(3);
    await accessible();
  });
});
