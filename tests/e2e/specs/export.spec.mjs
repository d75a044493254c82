// A reviewed restore leaves the page: as commands, as a file, and as a link that a colleague opens.

import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { App } from "../support/app.mjs";
import { axe } from "../support/axe.mjs";
import { expect, test } from "../support/fixtures.mjs";
import { accessToken } from "../support/token.mjs";

test.use({ simulatorArgs: [] });

/** Another device with another account. `sent` are the restores that it has asked for. */
async function device({ browser, site }, address) {
  const context = await browser.newContext();
  const page = await context.newPage();
  const sent = [];
  page.on("request", (request) => request.method() === "POST" && /\/restore\?/.test(request.url()) && sent.push(request.url()));
  const app = new App(page, site.url);
  await page.goto(address);
  await page.getByRole("textbox", { name: "Access token" }).fill(accessToken());
  await app.button("Connect").click();
  await app.heading("Restore from a link").waitFor();
  return { app, page, sent, context };
}

async function reviewed(app) {
  await app.connect(accessToken());
  await app.openVm("web-02");
  await app.openFirstPoint();
  await app.proposeDisks();
  await app.review();
}

async function file(page, button) {
  const [download] = await Promise.all([page.waitForEvent("download"), button.click()]);
  return { name: download.suggestedFilename(), text: await readFile(await download.path(), "utf8") };
}

test("the commands name the file of the body, and its hash is the one on the screen", async ({ app, page, accessible }, info) => {
  await reviewed(app);
  const summary = page.locator("summary", { hasText: "Export as commands" });
  await summary.focus();
  await page.keyboard.press("Enter");
  const tool = app.field("Tool");
  const body = await file(page, app.button("Download request body"));
  const hash = createHash("sha256").update(body.text).digest("hex");
  expect(body.name).toBe(`restore-${hash.slice(0, 8)}.json`);
  await app.unfoldRequest();
  await expect(page.getByRole("row", { name: /^SHA-256/ })).toContainText(hash);
  for (const [name, ending, word] of [
    ["Azure CLI: az rest", "az-rest.sh", "az rest --resource "],
    ["curl", "curl.sh", "--data-binary"],
    ["PowerShell", "ps1", "Invoke-AzRestMethod"],
    ["HTTP file", "http", "HTTP/1.1"],
    ["Azure CLI: az backup", "az-backup.sh", "az backup restore restore-disks"],
  ]) {
    await tool.selectOption(name);
    const commands = await file(page, app.button("Download commands"));
    expect(commands.name).toBe(`restore-${hash.slice(0, 8)}.${ending}`);
    expect(commands.text).toContain(word);
    expect(commands.text).toContain("Running this and pressing Start restores twice.");
    expect(commands.text.includes(hash)).toBe(name !== "Azure CLI: az backup");
  }
  await accessible();
  for (const [width, colorScheme] of [[1440, "light"], [375, "dark"]]) {
    await page.setViewportSize({ width, height: 900 });
    await page.emulateMedia({ colorScheme });
    await page.screenshot({ path: info.outputPath(`commands-${width}.png`), fullPage: true });
  }
});

test("a colleague opens the link, is told that the request is the same, and starts nothing", async ({ app, page, browser, site }, info) => {
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await reviewed(app);
  await app.button("Copy link for a colleague").click();
  await expect(page.getByText("Copied", { exact: true }).first()).toBeAttached();
  const address = await page.evaluate(() => navigator.clipboard.readText());
  expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/.*#\/linked\/1\.[0-9a-f]{8}\.[\w-]+$/);
  await info.attach("length", { body: String(address.length) });

  const other = await device({ browser, site }, address);
  expect(await axe(other.page)).toEqual([]);
  await other.page.screenshot({ path: info.outputPath("linked.png"), fullPage: true });
  await other.app.button("Review this restore").click();
  await other.app.heading("Review and start").waitFor();
  await expect(other.page.getByText("This is the linked request")).toBeVisible();
  expect(await axe(other.page)).toEqual([]);
  await other.page.screenshot({ path: info.outputPath("same.png"), fullPage: true });

  // Another choice is named, and the link asks before it replaces it.
  await other.page.getByRole("link", { name: "Back", exact: true }).click();
  await other.app.heading("Restore settings").waitFor();
  await other.page.getByRole("radio", { name: "Replace existing disks" }).check();
  await expect(other.page.getByText("This isn't the linked request")).toBeVisible();
  await other.page.goto(address);
  await expect(other.page.getByText(/You have settings for .*web-02.* in this browser/)).toBeVisible();
  await other.page.setViewportSize({ width: 375, height: 800 });
  await other.page.screenshot({ path: info.outputPath("asks-375.png"), fullPage: true });
  expect(await axe(other.page)).toEqual([]);
  await other.app.button("Replace my settings and review").click();
  await expect(other.page.getByText("This is the linked request")).toBeVisible();
  expect(other.sent).toEqual([]);

  await other.page.goto(address.slice(0, -5));
  await expect(other.page.getByText(/This link is incomplete or was changed on its way/)).toBeVisible();
  await other.context.close();
});
