// What follows a click, and who follows it: a check, a cancellation, two tabs.

import { App, CANCELLING, IN_PROGRESS } from "../support/app.mjs";
import { expect, test } from "../support/fixtures.mjs";
import { accessToken } from "../support/token.mjs";

/** Reads of a restore: of its operation, its job, the vault's jobs. */
const LOOK = /\/(backupOperations|operationsStatus|operationResults|backupJobs)\b/i;

async function reviewDisks(app) {
  await app.connect(accessToken());
  await app.openFirstVm();
  await app.openFirstPoint();
  await app.proposeDisks();
  await app.review();
}

test.describe("Check with Azure", () => {
  test.use({ simulatorArgs: ["--progress", "at-once", "--retry-after", "1"] });

  test("runs by itself and says that Azure has no objection", async ({ app, page, accessible }) => {
    await reviewDisks(app);
    const passed = page.getByRole("main").getByText("Validation passed", { exact: true });
    await expect(passed.first()).toBeVisible();
    await expect(page.getByRole("group", { name: "Actions" })).toContainText("Validation passed");
    await accessible();
  });

  test("places a finding at its field", async ({ app, page, arm, accessible }) => {
    await app.connect(accessToken());
    await app.openFirstVm();
    await app.openFirstPoint();
    await app.fill({ scenario: "another", vmName: "taken-01" });
    for (const label of ["Target resource group", "Virtual network", "Subnet", "Staging storage account"]) {
      await app.pick(label, (value) => value !== "", { allowed: true });
    }
    await app.review();
    // Somebody else is quicker: the name is taken after the page has looked.
    const [url, body] = [await app.requestUrl(), await app.json("Request body")];
    expect(new URL(url).origin).toBe(arm.origin);
    const headers = { Authorization: `Bearer ${accessToken()}`, "Content-Type": "application/json" };
    const other = await fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
    expect(other.status).toBe(202);
    const operation = other.headers.get("azure-asyncoperation");
    await expect.poll(async () => (await (await fetch(operation, { headers })).json()).status).toBe("Succeeded");

    await app.button("Check again").click();
    await expect(page.getByRole("heading", { name: /^Issues found by Azure/ })).toBeVisible();
    await accessible();
    await page.getByRole("link", { name: "Fix New virtual machine name" }).click();
    const name = page.getByRole("textbox", { name: "New virtual machine name" });
    await expect(name).toBeFocused();
    await expect(name).toHaveValue("taken-01");
  });
});

test.describe("a restore that takes its time", () => {
  test.use({ simulatorArgs: ["--progress", "per-read:12", "--retry-after", "1"] });

  test("is cancelled", async ({ app, accessible }) => {
    await reviewDisks(app);
    await app.start();
    await app.follow({ enough: (state) => state === IN_PROGRESS });
    await app.cancel();
    expect(await app.follow({ enough: (state) => state === CANCELLING })).toMatch(/^Cancel/);
    expect(await app.follow()).toBe("Canceled");
    await accessible();
  });

  test("is followed by one tab, and by the next when that closes", async ({ app, page, site, context }) => {
    const looks = (of) => {
      const seen = [];
      of.on("request", (request) => request.method() === "GET" && LOOK.test(request.url()) && seen.push(request.url()));
      return seen;
    };
    const triggers = [];
    context.on("request", (request) => request.method() === "POST" && /\/restore\?/.test(request.url()) && triggers.push(request.url()));
    await reviewDisks(app);
    await app.start();
    await app.follow({ enough: (state) => state === IN_PROGRESS });

    const second = new App(await context.newPage(), site.url);
    const seen = looks(second.page);
    await second.open(new URL(page.url()).hash);
    await second.page.getByRole("link", { name: "Connect" }).first().click();
    await second.page.getByRole("textbox", { name: "Access token" }).fill(accessToken());
    await second.button("Connect").click();
    await second.heading(/^Restore of /).waitFor();
    await expect.poll(() => second.state()).toBe(IN_PROGRESS);
    // The first tab's look is what the second one shows.
    const before = await second.text();
    await app.button("Check now").click();
    await expect.poll(() => second.text()).not.toBe(before);
    expect(seen, "the second tab asks nothing of its own").toEqual([]);

    await page.close();
    expect(await second.follow()).toBe("Completed");
    expect(seen.length).toBeGreaterThan(0);
    expect(triggers).toHaveLength(1);
  });
});
