// Files of a recovery point: the request before it is sent, the script, the password, a reload, the end; and a role that may not.

import { readFile } from "node:fs/promises";
import { expect, test } from "../support/fixtures.mjs";
import { accessToken } from "../support/token.mjs";

const PROGRESS = ["--progress", "per-read:1", "--retry-after", "1"];

/** The page that recovers files from the latest recovery point of a machine. */
async function openFiles(app, machine) {
  await app.openVm(machine);
  await app.page.getByRole("table", { name: "Recovery points" }).getByRole("link", { name: /^Recover files from/ }).first().click();
  await app.heading(/^Recover files from/).waitFor();
}

/** Confirms a question after its safe answer was seen to have the focus. */
async function confirm(app, opener, title, safe) {
  await app.button(opener).click();
  const dialog = app.page.getByRole("dialog", { name: title });
  await expect(dialog.getByRole("button", { name: safe })).toBeFocused();
  await expect(dialog).toContainText("SHA-256");
  return dialog;
}

async function requestScript(app) {
  const dialog = await confirm(app, "Request the script", "Request a script for file recovery?", "Don't request");
  await dialog.getByRole("button", { name: "Request the script" }).click();
}

test.describe("an owner", () => {
  test.use({ simulatorArgs: PROGRESS });

  test("gets a Windows program's name and password, knows of it after a reload, and stops it", async ({ app, page, accessible }) => {
    await app.connect(accessToken());
    await openFiles(app, "web-01");
    await expect(page.getByText("No file recoveries")).toBeVisible();
    await accessible();

    const dialog = await confirm(app, "Request the script", "Request a script for file recovery?", "Don't request");
    const body = JSON.parse(await dialog.getByLabel("Request body").innerText());
    expect(body.properties.objectType).toBe("IaasVMILRRegistrationRequest");
    expect(body.properties.renewExistingRegistration).toBeUndefined();
    await accessible();
    await page.keyboard.press("Enter");
    await expect(dialog).toBeHidden();
    await expect(app.button("Request the script")).toBeFocused();

    await requestScript(app);
    await expect(page.getByRole("heading", { name: "Script for Windows" })).toBeVisible();
    await expect(page.getByRole("link", { name: "Download the program" })).toHaveAttribute("href", /^https:\/\/download\.microsoft\.com\/.*\.exe$/);
    const command = await page.getByText(/^Invoke-WebRequest /).innerText();
    const [, file] = /-OutFile '(web-01_weu_\d+_\d+_[0-9a-f]{46}\.exe)'$/.exec(command);
    await expect(page.getByText(file, { exact: true })).toBeVisible();
    await app.button("Show the password").click();
    const password = (await page.getByText(/^[0-9a-f]{15}$/).innerText()).trim();
    expect(file).not.toContain(password);
    await accessible();
    await app.button("Hide the password").click();
    await expect(page.getByText(password)).toHaveCount(0);
    await expect(page.getByText("A file recovery is running")).toBeVisible();
    await expect(app.button("Request the script")).toHaveCount(0);

    // Nothing of it is stored, and the list of exchanges does not show it.
    const stored = await page.evaluate(() => JSON.stringify({ ...localStorage }));
    expect(stored).toContain("file-recovery");
    expect(stored).not.toContain(password);
    const address = page.url();
    await page.getByRole("link", { name: "Activity" }).click();
    await expect(page.getByText(/provisionInstantItemRecovery/).first()).toBeVisible();
    expect(await page.locator("main").innerText()).not.toContain(password);

    await page.goto(address);
    await page.reload();
    await page.getByRole("textbox", { name: "Access token" }).fill(accessToken());
    await app.button("Connect").click();
    await expect(page.getByText("A file recovery is running")).toBeVisible();
    await expect(page.getByText("This page has no script or password for it", { exact: false })).toBeVisible();
    await expect(page.getByText("Its script works until")).toBeVisible();
    await accessible();

    const again = await confirm(app, "Get a new script", "Request a new script?", "Don't request");
    expect(JSON.parse(await again.getByLabel("Request body").innerText()).properties.renewExistingRegistration).toBe(true);
    await again.getByRole("button", { name: "Get a new script" }).click();
    await expect(page.getByRole("heading", { name: "Script for Windows" })).toBeVisible();

    const end = await confirm(app, "Stop (unmount)", "Stop the file recovery?", "Keep it running");
    await end.getByRole("button", { name: "Stop (unmount)" }).click();
    await expect(page.getByText("Azure has detached the disks.", { exact: false })).toBeVisible();
    await expect(page.getByRole("heading", { name: "Script for Windows" })).toHaveCount(0);
    await expect(app.button("Request the script")).toBeVisible();
    await accessible();
  });

  test("saves a Linux script under its name, without the password", async ({ app, page, accessible }) => {
    await page.setViewportSize({ width: 375, height: 812 });
    await app.connect(accessToken());
    await openFiles(app, "app-linux-01");
    await requestScript(app);
    await expect(page.getByRole("heading", { name: "Script for Linux" })).toBeVisible();
    const saving = page.waitForEvent("download");
    await app.button("Save the script").click();
    const download = await saving;
    expect(download.suggestedFilename()).toMatch(/^app-linux-01_weu_\d+_\d+_[0-9a-f]{46}\.py$/);
    const text = await readFile(await download.path(), "utf8");
    expect(text).toContain('TargetPassword="UserInput012345"');
    await app.button("Show the password").click();
    expect(text).not.toContain((await page.getByText(/^[0-9a-f]{15}$/).innerText()).trim());
    await accessible();
  });
});

test("whoever may not stop a file recovery is told so, and a Backup Operator stops it", async ({ app, page, accessible }) => {
  await app.startDemo();
  const role = page.getByRole("combobox", { name: "Your role" });
  await openFiles(app, "web-02");
  await role.selectOption("Backup Operator");
  await requestScript(app);
  await expect(page.getByText("A file recovery is running")).toBeVisible({ timeout: 60_000 });
  const stop = async () => (await confirm(app, "Stop (unmount)", "Stop the file recovery?", "Keep it running")).getByRole("button", { name: "Stop (unmount)" }).click();
  await role.selectOption("Reader");
  await stop();
  await expect(page.getByText("The file recovery wasn't stopped")).toBeVisible();
  await expect(page.getByText(/revokeInstantItemRecovery\/action/).first()).toBeVisible();
  await accessible();
  await role.selectOption("Backup Operator");
  await stop();
  await expect(page.getByText("Azure has detached the disks.", { exact: false })).toBeVisible({ timeout: 60_000 });
});

test.describe("a reader", () => {
  test.use({ simulatorArgs: [...PROGRESS, "--role", "reader"] });

  test("is told which permission is missing, and that nothing runs", async ({ app, page, accessible }) => {
    await app.connect(accessToken());
    await openFiles(app, "web-01");
    await requestScript(app);
    await expect(page.getByText("The script wasn't provided")).toBeVisible();
    await expect(page.getByText(/provisionInstantItemRecovery\/action/).first()).toBeVisible();
    await expect(page.getByText("Backup Operator", { exact: false }).first()).toBeVisible();
    await expect(page.getByText("No file recoveries")).toBeVisible();
    await accessible();
  });
});

test("an encrypted machine has no file recovery, and its pages say why", async ({ app, page, accessible }) => {
  await app.startDemo();
  await app.openVm("hr-encrypted-01");
  await expect(page.getByText("Recover files isn't available: Files can't be recovered from an encrypted VM", { exact: false })).toBeVisible();
  await expect(page.getByRole("link", { name: /^Recover files from/ })).toHaveCount(0);
  await accessible();
  await app.openFirstPoint();
  await page.getByRole("link", { name: "Recover files instead" }).click();
  await app.heading(/^Recover files from/).waitFor();
  await expect(page.getByText("Files can't be recovered from an encrypted VM", { exact: false })).toBeVisible();
  await expect(app.button("Request the script")).toHaveCount(0);
  await accessible();
});
