// Records in the browser's storage that somebody else has written, and two people at one browser.

import { App } from "../support/app.mjs";
import { axe } from "../support/axe.mjs";
import { expect, test } from "../support/fixtures.mjs";
import { leftByOlder, plantBefore, plantOlder, plantOneByOne, plantRestore, savedRestores } from "../support/records.mjs";
import { accessToken } from "../support/token.mjs";

const OURS = accessToken({ exp: 4_000_000_000 });
const THEIRS = accessToken({ exp: 4_000_000_000, upn: "second@example.com" });
const FORGED = "eeeeeeee-0000-4000-8000-000000000001";
const LATEST = 120_000;
const OFFER = "Not sent yet. Send it now?";

const isTrigger = (request) => request.method() === "POST" && /\/restore\?/.test(request.url());
const isLook = (request) => /\/(backupOperations|operationsStatus|operationResults|backupJobs)\b/i.test(request.url());

/** The requests of a page or context that fit, as they leave. */
function watched(of, fits) {
  const seen = [];
  of.on("request", (request) => fits(request) && seen.push(request));
  return seen;
}

async function started(app, vm, token) {
  await app.connect(token);
  await app.openVm(vm);
  await app.openFirstPoint();
  await app.proposeDisks();
  await app.review();
  await app.start();
}

/** Another tab, which has connected; it is at the record. */
async function atRecord({ context, site }, token) {
  const app = new App(await context.newPage(), site.url);
  await app.open();
  await app.connect(token);
  await app.page.goto(`${site.url}#/restores/${FORGED}`);
  await app.heading(/^Restore of /).waitFor();
  return app;
}

test.use({ simulatorArgs: ["--progress", "per-read:3", "--retry-after", "1"] });

test("what a record asks for is not sent; it is shown, and one click sends the bytes that were shown", async ({ app, page, context, site }) => {
  await started(app, "web-01", OURS);
  expect(await app.follow({ timeout: LATEST })).toBe("Completed");
  // The same request once more, by another page of this origin.
  const [first] = await savedRestores(page);
  await plantRestore(page, { ...first, id: FORGED, stage: "intent", timeline: [] });
  const { text } = first.asked;
  await page.close();
  const sent = watched(context, isTrigger);
  const again = await atRecord({ context, site }, OURS);
  await again.heading(/^Restore of /).waitFor();
  await again.page.getByRole("heading", { name: OFFER }).waitFor();
  expect(await again.state()).toBe("Not started");
  expect(sent).toHaveLength(0);
  expect(await axe(again.page), "axe-core's violations").toEqual([]);
  await again.page.getByText("Request body", { exact: true }).click();
  expect(await again.json("Request body")).toEqual(JSON.parse(text));
  await again.button("Send it now").click();
  // The browser is asked first whether another tab sends it.
  expect(await again.follow({ past: ["Not started"], timeout: LATEST })).toBe("Completed");
  expect(sent.map((request) => request.postData())).toEqual([text]);
});

test("a record whose hash does not fit is set aside with a sentence", async ({ app, page, context, site }) => {
  await started(app, "web-01", OURS);
  const [first] = await savedRestores(page);
  const asked = { ...first.asked, sha256: "ab".repeat(32) };
  await plantRestore(page, { ...first, id: FORGED, asked, stage: "intent" });
  await page.close();
  const sent = watched(context, isTrigger);
  const again = new App(await context.newPage(), site.url);
  await again.open();
  await expect(again.page.getByText("Some saved data can't be read")).toBeVisible();
  await again.connect(OURS);
  await again.page.goto(`${site.url}#/restores/${FORGED}`);
  await again.heading("Restore not found").waitFor();
  expect(sent).toHaveLength(0);
});

test("two people at one browser: each tab follows what its account has started, and no other", async ({ app, page, context, site }) => {
  const second = new App(await context.newPage(), site.url);
  await second.open();
  await app.connect(OURS);
  const looks = watched(page, isLook);
  await started(second, "web-01", THEIRS);
  expect(await second.follow({ timeout: LATEST })).toBe("Completed");
  expect(looks, "the tab of the other account looks for nothing").toHaveLength(0);
  const id = second.page.url().split("/").at(-1);
  await page.goto(`${site.url}#/restores/${id}`);
  await app.heading(/^Restore of /).waitFor();
  expect(await app.state()).toBe("Completed");
});

test("a restore of another account is not followed, and says whose it is; who signs out hides what is his", async ({ app, page, context, site }) => {
  await page.goto(site.url);
  await started(app, "web-01", OURS);
  expect(await app.follow({ timeout: LATEST })).toBe("Completed");
  const id = page.url().split("/").at(-1);
  const [first] = await savedRestores(page);
  await plantRestore(page, { ...first, stage: "sending" });
  await page.close();
  const second = new App(await context.newPage(), site.url);
  const looks = watched(second.page, isLook);
  await second.open();
  await second.connect(THEIRS);
  await second.page.goto(`${site.url}#/restores/${id}`);
  await expect(second.page.getByText("This restore belongs to operator@example.com")).toBeVisible();
  expect(looks).toHaveLength(0);
  await second.page.close();
  const owner = new App(await context.newPage(), site.url);
  await owner.open();
  await owner.connect(OURS);
  await owner.button("Disconnect").click();
  await owner.page.goto(`${site.url}#/restores/${id}`);
  await owner.heading("Restore of a signed-out account").waitFor();
  await owner.page.goto(`${site.url}#/restores`);
  await expect(owner.page.getByText("Not shown: restores of accounts that are signed out in this browser (1)")).toBeVisible();
});

for (const [how, plant] of [["in one text", plantOlder], ["as entries of localStorage", plantOneByOne]]) {
  test(`what an older version has saved ${how} is followed on, and moves into the database`, async ({ app, page, context, site }) => {
    await started(app, "web-01", OURS);
    expect(await app.follow({ timeout: LATEST })).toBe("Completed");
    const restores = await savedRestores(page);
    await plant(page, restores);
    await page.close();
    const again = new App(await context.newPage(), site.url);
    await again.open();
    await again.connect(OURS);
    await again.page.goto(`${site.url}#/restores/${restores[0].id}`);
    await again.heading(/^Restore of /).waitFor();
    expect(await again.state()).toBe("Completed");
    expect((await savedRestores(again.page)).map((restore) => restore.id)).toEqual([restores[0].id]);
    expect(await leftByOlder(again.page)).toEqual([]);
  });
}

test("a newer version in another tab gets the database at once, and this tab says that it can't save any more", async ({ app, page, context, site }) => {
  await app.connect(OURS);
  await app.openVm("web-01");
  await app.openFirstPoint();
  await app.proposeDisks();
  await app.review();
  const newer = await context.newPage();
  await newer.goto(site.url);
  // As a version does that changes the shape of the database.
  const version = await newer.evaluate(() => new Promise((done, failed) => {
    const open = indexedDB.open("vm-restore", 3);
    open.onsuccess = () => (done(open.result.version), open.result.close());
    open.onblocked = open.onerror = () => failed(new Error("the tabs keep the database"));
  }));
  expect(version).toBe(3);
  const sent = watched(page, isTrigger);
  await app.button("Start restore").click();
  const alert = page.getByRole("alert").filter({ hasText: "The restore wasn't started" });
  await expect(alert).toContainText("A newer version of this page has taken over this site's data. Reload this page to get that version.");
  expect(sent).toHaveLength(0);
});

test("thousands of restores are searched by the name of their machine", async ({ app, page, context, site }) => {
  await started(app, "web-01", OURS);
  expect(await app.follow({ timeout: LATEST })).toBe("Completed");
  const [first] = await savedRestores(page);
  await page.close();
  const many = await context.browser().newContext();
  const again = new App(await many.newPage(), site.url);
  const numbered = (nth) => `0a000000-0000-4000-8000-${String(nth).padStart(12, "0")}`;
  await plantBefore(again.page, Array.from({ length: 2_000 }, (_, nth) => ({ ...first, id: numbered(nth), vm: `web-${String(nth).padStart(4, "0")}` })));
  await again.open();
  await again.connect(OURS);
  await again.page.getByRole("link", { name: "Restores" }).click();
  const table = again.page.getByRole("table", { name: "Restores" });
  await expect(table).toHaveAttribute("aria-rowcount", "2001");
  expect(await table.getByRole("row").count()).toBeLessThan(60);
  const search = again.page.getByRole("searchbox", { name: "Search restores" });
  await search.fill("WEB-199");
  await expect(table.locator("caption")).toContainText("10 of 2000");
  await search.fill("none of them");
  await expect(again.page.getByText("No restores match", { exact: true })).toBeVisible();
  await many.close();
});
