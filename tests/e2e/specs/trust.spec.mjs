// What happens to a restore when the browser, the network or the operator is not there: it is sent once and followed to its end all the same.

import { App, IN_PROGRESS } from "../support/app.mjs";
import { expect, test as base } from "../support/fixtures.mjs";
import { fillStorage } from "../support/records.mjs";
import { filesOf } from "../support/release.mjs";
import { accessToken } from "../support/token.mjs";

/** A token that outlasts what a test lets pass. */
const TOKEN = accessToken({ exp: 4_000_000_000 });
const ACCEPTED = "Accepted. Waiting for Azure to create the job";
const UNKNOWN = "Checking whether Azure received the request";
/** Nothing moves until the simulator is told otherwise. */
const STILL = "per-read:1000000";
const LATEST = 120_000;

const isTrigger = (request) => request.method() === "POST" && /\/restore\?/.test(request.url());
const isLook = (request) => request.method() === "GET" && /\/(backupOperations|operationsStatus|operationResults|backupJobs)\b/i.test(request.url());

/** The requests of a page or context that fit, as they leave. */
function watched(of, fits) {
  const seen = [];
  of.on("request", (request) => fits(request) && seen.push(request.url()));
  return seen;
}

const test = base.extend({
  /** The simulator's handles. */
  azure: async ({ arm }, use) => {
    const ask = async (what, method = "POST") => (await fetch(`${arm.origin}/_sim/${what}`, { method })).json();
    await use({
      /** Progress from now on. */
      goes: (mode) => ask(`progress?mode=${mode}`),
      advance: (seconds) => ask(`advance?seconds=${seconds}`),
      accepted: async () => (await ask("triggers", "GET")).accepted,
      received: async () => (await ask("triggers", "GET")).received,
    });
  },
});

/** Reviews a restore of disks of a virtual machine. */
async function review(app, vm) {
  await app.connect(TOKEN);
  await app.openVm(vm);
  await app.openFirstPoint();
  await app.proposeDisks();
  await app.review();
}

/** Another tab of the same browser, at the one restore that it remembers. */
async function reopened({ context, site }, { clock } = {}) {
  const app = new App(await context.newPage(), site.url);
  if (clock) await app.page.clock.install();
  await app.open();
  await app.connect(TOKEN);
  await app.page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Restores", exact: true }).click();
  await app.heading("Restores").waitFor();
  const link = app.page.getByRole("table", { name: "Restores" }).getByRole("link");
  await expect(link).toHaveCount(1);
  await link.click();
  await app.heading(/^Restore of /).waitFor();
  return app;
}

const kill = (page) => page.close({ runBeforeUnload: false });
const stands = (app, state) => expect.poll(() => app.state(), { timeout: LATEST }).toBe(state);

test.describe("the page is killed", () => {
  test.use({ simulatorArgs: ["--progress", "per-read:3", "--retry-after", "1"] });

  test("before the answer to the request has come", async ({ app, page, context, site, azure, found }) => {
    // The request arrives, and its answer waits before the page for ever.
    const held = [];
    const wire = await context.newCDPSession(page);
    wire.on("Fetch.requestPaused", ({ requestId, request }) => {
      if (request.method === "POST") held.push(request.url);
      else wire.send("Fetch.continueRequest", { requestId });
    });
    await wire.send("Fetch.enable", { patterns: [{ urlPattern: "*/restore?*", requestStage: "Response" }] });
    await review(app, "web-01");
    await app.button("Start restore").click();
    await expect.poll(() => held.length).toBe(1);
    await kill(page);
    const again = await reopened({ context, site }, { clock: true });
    // Another tab might be sending it still: only after two minutes it is searched.
    await expect(async () => {
      await again.page.clock.fastForward(30_000);
      expect(await again.state()).toBe("Completed");
    }).toPass({ timeout: LATEST });
    expect([await azure.received(), await azure.accepted()]).toEqual([1, 1]);
    found.length = 0; // the call that was given up
  });

  test("while the answer is lost and the job is searched", async ({ app, page, context, site, azure }) => {
    await review(app, "fault-lost-answer");
    await app.start();
    await stands(app, UNKNOWN);
    await kill(page);
    const again = await reopened({ context, site });
    expect(await again.follow({ timeout: LATEST })).toBe("Completed");
    expect(await azure.accepted()).toBe(1);
  });

  test("while the request is lost: it is said not to have been sent, and is started again by the operator alone", async ({ app, page, context, site, azure }) => {
    const sent = watched(context, isTrigger);
    await review(app, "fault-lost-request");
    await app.start();
    await stands(app, UNKNOWN);
    await kill(page);
    const again = await reopened({ context, site }, { clock: true });
    // The search takes minutes: a job may be late.
    await expect(async () => {
      await again.page.clock.fastForward(20_000);
      expect(await again.state()).toBe("Not started");
    }).toPass({ timeout: LATEST });
    expect(await azure.accepted()).toBe(0);
    expect(sent).toHaveLength(1);
    await again.page.getByRole("link", { name: "Restore again" }).click();
    await again.heading("Restore settings").waitFor();
    await again.review();
    await again.start();
    expect(await again.follow({ timeout: LATEST })).toBe("Completed");
    expect(await azure.accepted()).toBe(1);
  });
});

test.describe("the page is killed while Azure works", () => {
  test.use({ simulatorArgs: ["--progress", STILL, "--retry-after", "600"] });

  test("at the operation", async ({ app, page, context, site, azure }) => {
    await review(app, "web-01");
    await app.start();
    await stands(app, ACCEPTED);
    await kill(page);
    await azure.goes("per-read:2");
    const again = await reopened({ context, site });
    expect(await again.follow({ timeout: LATEST })).toBe("Completed");
    expect([await azure.received(), await azure.accepted()]).toEqual([1, 1]);
  });

  test("at the job", async ({ app, page, context, site, azure }) => {
    await review(app, "web-01");
    await app.start();
    expect(await app.follow({ enough: (state) => state === IN_PROGRESS, timeout: LATEST })).toBe(IN_PROGRESS);
    await kill(page);
    await azure.goes("per-read:2");
    const again = await reopened({ context, site });
    expect(await again.follow({ timeout: LATEST })).toBe("Completed");
    expect([await azure.received(), await azure.accepted()]).toEqual([1, 1]);
  });
});

test.describe("two tabs", () => {
  test.use({ simulatorArgs: ["--progress", STILL, "--retry-after", "600"] });

  test("show a restore that could not be saved; one asks, and the other when that is closed", async ({ app, page, context, site, azure }) => {
    await review(app, "web-01");
    await fillStorage(page);
    const other = new App(await context.newPage(), site.url);
    await other.open();
    await other.connect(TOKEN);
    await fillStorage(other.page);
    const asked = watched(other.page, isLook);
    await other.page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Restores", exact: true }).click();
    await other.heading("Restores").waitFor();

    await app.button("Start restore").click();
    await expect(page.getByText("The restore wasn't started")).toBeVisible();
    expect(await azure.received()).toBe(0);
    await expect(other.page.getByText("No restores yet"), "what was not started is shown nowhere").toBeVisible();
    await app.button("Start without saving").click();
    await app.heading(/^Restore of /).waitFor();
    await stands(app, ACCEPTED);

    await other.page.getByRole("table", { name: "Restores" }).getByRole("link", { name: "web-01" }).click();
    await stands(other, ACCEPTED);
    await app.follow({ enough: (state) => state === IN_PROGRESS, timeout: LATEST });
    await stands(other, IN_PROGRESS);
    await expect(other.page).toHaveTitle(/^\(1 running\) /);
    expect(asked, "the other tab asks nothing of its own").toEqual([]);

    await kill(page);
    await azure.goes("per-read:2");
    expect(await other.follow({ timeout: LATEST })).toBe("Completed");
    expect(asked.length).toBeGreaterThan(0);
    expect([await azure.received(), await azure.accepted()]).toEqual([1, 1]);
  });
});

test.describe("without a network, or asleep", () => {
  test.use({ simulatorArgs: ["--progress", STILL] });

  /** A restore under way, on a clock that the test moves. */
  async function running({ app, page }) {
    await page.clock.install();
    await app.open();
    await review(app, "web-01");
    await app.start();
    await stands(app, ACCEPTED);
  }

  test("it goes on by itself after ten minutes offline", async ({ app, page, context, azure, found }) => {
    await running({ app, page });
    await context.setOffline(true);
    const trouble = page.getByText("Couldn't update the status. Retrying automatically.");
    for (let minute = 0; minute < 10; minute += 1) {
      await page.clock.fastForward(60_000);
      await expect(trouble).toBeVisible();
    }
    await azure.goes("at-once");
    // The next look would be minutes away: the browser's word has it looked at now, and once more after seconds where it came too early.
    await app.stopClock();
    await context.setOffline(false);
    await expect(async () => {
      await page.clock.runFor(500);
      expect(await trouble.isHidden()).toBe(true);
    }).toPass({ timeout: 10_000 });
    await page.clock.resume();
    await stands(app, "Completed");
    expect([await azure.received(), await azure.accepted()]).toEqual([1, 1]);
    expect(found.filter((it) => !it.includes("net::"))).toEqual([]);
    found.length = 0; // the network that was cut
  });

  test("it goes on after two hours of sleep", async ({ app, page, azure }) => {
    await running({ app, page });
    await azure.goes("timetable");
    await azure.advance(7_200);
    await page.clock.fastForward("02:00:00");
    await stands(app, "Completed");
    expect([await azure.received(), await azure.accepted()]).toEqual([1, 1]);
  });

  test("a timer that comes late is not waited for: whoever shows the page again sees at once how it stands", async ({ app, page, azure }) => {
    await running({ app, page });
    const looks = watched(page, isLook);
    await app.stopClock();
    for (const [target, event] of [["document", "visibilitychange"], ["document", "resume"], ["window", "pageshow"]]) {
      const before = looks.length;
      await expect.poll(async () => {
        // The clock goes on, and no timer hears of it.
        await page.clock.setSystemTime((await page.evaluate(() => Date.now())) + 900_000);
        await page.evaluate(([target, event]) => globalThis[target].dispatchEvent(new Event(event)), [target, event]);
        return looks.length;
      }, { message: event }).toBeGreaterThan(before);
    }
    expect(await azure.accepted()).toBe(1);
  });
});

test.describe("whoever looks elsewhere", () => {
  test.use({ simulatorArgs: ["--progress", "per-read:3", "--retry-after", "1"] });

  const icon = (page) => page.locator("link[rel=icon]").getAttribute("href");

  test("reads in title and icon how it stands, and what has become of it", async ({ app, page, site }) => {
    const plain = await icon(page);
    await review(app, "fault-fails-late");
    expect(await icon(page)).toBe(plain);
    await app.start();
    await expect(page).toHaveTitle("(1 running) Restore: fault-fails-late - VM Restore");
    const busy = await icon(page);
    expect(await app.follow({ timeout: LATEST })).toBe("Failed");
    await expect(page).toHaveTitle("✗ fault-fails-late: Failed · VM Restore");
    const bad = await icon(page);
    await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Restores", exact: true }).click();
    await expect(page).toHaveTitle("Restores - VM Restore");
    expect(await icon(page)).toBe(plain);
    expect(new Set([plain, busy, bad]).size).toBe(3);
    const { offline } = filesOf();
    for (const name of [plain, busy, bad]) {
      const answer = await fetch(new URL(name, site.url));
      expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "image/svg+xml"]);
      expect(offline).toContain(name.replace(/^.*\//, ""));
    }
  });

  for (const hidden of [true, false]) {
    test(`is ${hidden ? "notified" : "not notified while the page is seen"}`, async ({ page, site, found, context }) => {
      await context.grantPermissions([]);
      await page.addInitScript((hidden) => {
        globalThis.notified = [];
        let permission = "default";
        globalThis.Notification = class {
          static get permission() {
            return permission;
          }
          static async requestPermission() {
            return (permission = "granted");
          }
          constructor(title, { body, tag }) {
            globalThis.notified.push({ title, body, tag, of: this });
          }
        };
        Object.defineProperty(Document.prototype, "hidden", { get: () => hidden });
      }, hidden);
      const app = new App(page, site.url, found);
      await app.open();
      await review(app, "web-01");
      await app.start();
      await app.button("Notify me when it finishes").click();
      await expect(app.button("Notify me when it finishes")).toHaveCount(0);
      expect(await app.follow({ timeout: LATEST })).toBe("Completed");
      const notified = () => page.evaluate(() => globalThis.notified.map(({ title, tag }) => [title, tag]));
      const id = decodeURIComponent(new URL(page.url()).hash.split("/").at(-1));
      expect(await notified()).toEqual(hidden ? [["web-01: Completed", id]] : []);
      if (hidden) {
        const focused = await page.evaluate(() => {
          let focused = 0;
          globalThis.focus = () => (focused += 1);
          globalThis.notified[0].of.onclick(new Event("click"));
          return focused;
        });
        expect(focused).toBe(1);
      }
    });
  }
});

test("a wait of a month that Azure asks for ends within the hour, and is not cut to none", async ({ page, site }) => {
  // More than 2^31 ms, which is more than a timer holds.
  const asked = watched(page, (request) => /\/(subscriptions|resources)\?/.test(request.url()));
  await page.addInitScript(() => {
    const { setTimeout } = globalThis;
    globalThis.waits = [];
    globalThis.setTimeout = (done, wait, ...given) => (globalThis.waits.push(wait), setTimeout(done, wait, ...given));
  });
  await page.route(/management\.azure\.com\/(subscriptions|providers\/Microsoft\.ResourceGraph\/resources)\?/, (route) =>
    route.fulfill({ status: 503, headers: { "retry-after": "3000000", "access-control-allow-origin": "*", "access-control-expose-headers": "retry-after" }, json: {} }));
  const app = new App(page, site.url);
  await app.open();
  await app.connect(TOKEN);
  await expect.poll(() => page.evaluate(() => Math.max(...globalThis.waits))).toBeGreaterThan(3_500_000);
  expect(await page.evaluate(() => Math.max(...globalThis.waits))).toBeLessThanOrEqual(3_600_001);
  expect(asked, "each is asked for once").toEqual([...new Set(asked)]);
  expect(asked.length).toBeGreaterThan(0);
});
