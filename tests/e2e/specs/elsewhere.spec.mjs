// A restore on another device: taken there by a file, or found among the jobs of the vault; and the record that is filed of it.

import { readFile } from "node:fs/promises";
import { App, IN_PROGRESS } from "../support/app.mjs";
import { axe } from "../support/axe.mjs";
import { expect, test } from "../support/fixtures.mjs";
import { accessToken } from "../support/token.mjs";

const REASON = "INC-1042: disk lost";
const LATEST = 120_000;

test.use({ simulatorArgs: ["--progress", "per-read:6", "--retry-after", "1"] });

/** A restore under way on this device. */
async function running(app) {
  await app.connect(accessToken());
  await app.openVm("web-01");
  await app.openFirstPoint();
  await app.proposeDisks();
  await app.review();
  await app.page.getByRole("textbox", { name: /^Reason/ }).fill(REASON);
  await app.start();
  await app.follow({ enough: (state) => state === IN_PROGRESS, timeout: LATEST });
}

/** Another device: nothing that this browser remembers is known there. `sent` are the restores that it has asked for. */
async function device({ browser, site }) {
  const page = await (await browser.newContext()).newPage();
  const sent = [];
  page.on("request", (request) => request.method() === "POST" && /\/restore\?/.test(request.url()) && sent.push(request.url()));
  const app = new App(page, site.url);
  await app.open();
  await app.connect(accessToken());
  return { app, page, sent };
}

/** What a button offers as a file. */
async function file(page, button) {
  const [download] = await Promise.all([page.waitForEvent("download"), button.click()]);
  return readFile(await download.path(), "utf8");
}

/** Goes to a page of the menu and waits until it is there: other pages have fields of the same names. */
async function to(page, name, heading = name) {
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name, exact: true }).click();
  await page.getByRole("heading", { level: 1, name: heading }).waitFor();
}

test("a file takes the restores there, and what is no such file is refused in words", async ({ app, page, browser, site, accessible }) => {
  await running(app);
  await to(page, "Restores");
  await accessible();
  const exported = await file(page, app.button("Export restores"));
  expect(exported).toContain(REASON);
  expect(exported).not.toContain(accessToken().split(".")[2]);

  const other = await device({ browser, site });
  await to(other.page, "Restores");
  const choose = async (name, text) => {
    const [chooser] = await Promise.all([other.page.waitForEvent("filechooser"), other.app.button("Import restores").click()]);
    await chooser.setFiles({ name, mimeType: "application/json", buffer: Buffer.from(text) });
  };
  await choose("holiday.json", "{}");
  await expect(other.page.getByText("Nothing was imported")).toBeVisible();
  await choose("vm-restore-restores.json", exported);
  await expect(other.page.getByText("New here: 1.")).toBeVisible();
  await other.page.getByRole("table", { name: "Restores" }).getByRole("link", { name: "web-01" }).click();
  expect(await other.app.follow({ timeout: LATEST })).toBe("Completed");
  expect(other.sent).toEqual([]);

  const record = JSON.parse(await file(other.page, other.app.button("Download report (.json)")))[0];
  expect([record.Reason, record.State, record["Virtual machine"]]).toEqual([REASON, "Completed", "web-01"]);
  expect(record.Timeline.at(-1)).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ Completed$/);
  expect(record["Requests to Azure"].some((line) => line.includes("GET "))).toBe(true);
  expect(await file(other.page, other.app.button("Download report (.md)"))).toContain("* Reason: ` " + REASON + " `");
  await other.page.context().close();
});

test("any restore of the vault is followed from the list of its jobs", async ({ app, page, browser, site }) => {
  await running(app);
  const vault = await page.getByRole("main").getByText(/^\/subscriptions\/[^ ]+\/vaults\/[^/ ]+$/).first().innerText();
  const other = await device({ browser, site });
  await to(other.page, "Jobs", "Backup jobs");
  await other.page.getByRole("combobox", { name: "Vault" }).selectOption(vault);
  await other.page.getByRole("button", { name: "Track the restore of web-01" }).first().click();
  await other.app.heading("Restore of web-01").waitFor();
  expect(await axe(other.page)).toEqual([]);
  expect(await other.app.follow({ timeout: LATEST })).toBe("Completed");
  await expect(other.page.getByText("Started outside this browser.")).toBeVisible();
  expect(await axe(other.page)).toEqual([]);
  expect(other.sent).toEqual([]);
  await other.page.context().close();
});
