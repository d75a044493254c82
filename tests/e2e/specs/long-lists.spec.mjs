// Lists of thousands of rows: all are counted, those in sight are drawn, and the focus stays with the row that has it.

import { numbered, plantPlan, plantRestores, savedPlans, savedRestores } from "../support/records.mjs";
import { takeOption } from "../support/app.mjs";
import { accessToken } from "../support/token.mjs";
import { expect, test } from "../support/fixtures.mjs";

const MANY = "0f8fad5b-d9cb-469f-a165-708677289500";
const table = (page, name) => page.getByRole("table", { name, exact: true });
const rows = (page, name) => table(page, name).locator("tbody > tr[aria-rowindex]");
const focused = (page) => page.evaluate(() => document.activeElement.closest("[aria-rowindex]")?.getAttribute("aria-rowindex") ?? document.activeElement.tagName);
const inside = async (page) => expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(375);

/** What a printer would be given once it has this many rows: whether there is a gap, and the words about those that are left out. */
async function printed(page, name, count) {
  await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
  await page.emulateMedia({ media: "print" });
  await expect(rows(page, name).filter({ visible: true })).toHaveCount(count);
  const gap = (await table(page, name).locator(".vmr-gap").filter({ visible: true }).count()) > 0;
  const words = await page.getByText(/rows are printed/).allInnerTexts();
  await page.emulateMedia({ media: "screen" });
  await page.evaluate(() => dispatchEvent(new Event("afterprint")));
  return { gap, words };
}

/** Plans in the demo a new VM for each that a search finds, and waits until their requests are worked out. */
async function planned(app, page) {
  await app.startDemo();
  await app.machinesRead();
  await app.search().fill("app-linux");
  await page.getByRole("checkbox", { name: "Select all" }).check();
  await page.getByRole("button", { name: /^Restore \d+ VMs together…$/ }).click();
  await page.getByRole("radio", { name: "Create a new virtual machine" }).check();
  await expect(page.getByText(/\d+ loading/)).toHaveCount(0);
  await takeOption(app.field("Staging accounts"), (text) => text.includes("contosostageweu"));
}

/** Waits until the row after the one with the focus is drawn: a script presses keys faster than a browser paints. */
async function drawnAround(page, name) {
  const row = Number(await focused(page));
  await expect(table(page, name).locator(`[aria-rowindex="${row + 1}"]`)).toHaveCount(1);
}

/**
 * Scrolls to the end in steps. Each time rows come to fill the window, and the page stays where it was scrolled to; only where rows take the place of
 * others whose height was guessed, the browser keeps what is in sight where it is.
 */
async function scrolled(page, name, { guessed = false } = {}) {
  const bad = await table(page, name).evaluate(async (it, guessed) => {
    const body = it.tBodies[0];
    const filled = () => {
      const drawn = [...body.querySelectorAll("[aria-rowindex]")].map((row) => row.getBoundingClientRect());
      const [top, bottom] = [Math.max(0, body.getBoundingClientRect().top), Math.min(innerHeight, body.getBoundingClientRect().bottom)];
      for (let y = top + 10; y < bottom - 10; y += 40) if (!drawn.some((row) => row.top <= y && y <= row.bottom)) return false;
      return true;
    };
    const bad = [];
    const end = document.documentElement.scrollHeight - innerHeight;
    const step = Math.max(4_321, end / 60);
    for (let y = 0; y < end; y = y < end - 1 ? Math.min(Math.ceil(y + step), end - 1) : end) {
      scrollTo(0, y);
      const late = performance.now() + 20_000;
      do await new Promise(requestAnimationFrame);
      while (!filled() && performance.now() < late);
      if (!filled() || (!guessed && Math.abs(scrollY - y) > 1)) bad.push({ y, scrollY });
    }
    return bad;
  }, guessed);
  expect(bad, "places without rows, or that the page has left").toEqual([]);
}

test("ten thousand restores are counted, searched, sorted and scrolled, and the focus stays in the list", async ({ app, page, accessible }, info) => {
  await app.startDemo();
  await app.openVm("web-01");
  await app.openFirstPoint();
  await app.proposeDisks();
  await app.review();
  await app.start();
  await app.follow();
  const [example] = await savedRestores(page);
  await plantRestores(page, Array.from({ length: 9_999 }, (_, nth) => ({ ...example, id: numbered(nth), vm: `web-${10_000 + nth}` })));
  await page.goto("about:blank");
  await app.open();
  await app.startDemo();
  await page.getByRole("link", { name: "Restores", exact: true }).click();
  const list = table(page, "Restores");
  await expect(list).toHaveAttribute("aria-rowcount", "10001");
  expect(await rows(page, "Restores").count()).toBeLessThan(60);
  await expect(page.getByText("Your browser's own search finds only rows in view.")).toBeVisible();
  await accessible();

  await page.getByRole("button", { name: "Source" }).click();
  await expect(page.getByRole("button", { name: "Source" })).toBeFocused();
  await expect(rows(page, "Restores").first().getByRole("link")).toHaveText("web-01");
  await scrolled(page, "Restores");
  await expect(rows(page, "Restores").last()).toHaveAttribute("aria-rowindex", "10001");

  // The row with the focus stays, however far it is scrolled away; the next key goes on from it.
  await page.evaluate(() => scrollTo(0, 0));
  await rows(page, "Restores").nth(2).getByRole("link").focus();
  await page.evaluate(() => scrollTo(0, 200_000));
  await expect(rows(page, "Restores").nth(10)).toBeVisible();
  expect(await focused(page)).toBe("4");
  await page.keyboard.press("Tab");
  expect(await focused(page)).not.toBe("BODY");
  for (let key = 0; key < 30; key += 1) {
    await page.keyboard.press("Tab");
    await drawnAround(page, "Restores");
  }
  expect(await focused(page)).toMatch(/^\d+$/);

  const { gap, words } = await printed(page, "Restores", 2_000);
  expect([gap, words]).toEqual([false, ["The first 2,000 of 10,000 rows are printed. Narrow the list to print others."]]);
  await page.getByRole("searchbox", { name: "Search restores" }).fill("web-1999");
  await expect(list).toHaveAttribute("aria-rowcount", "10");
  expect((await printed(page, "Restores", 9)).words).toEqual([]);
  await page.getByRole("searchbox", { name: "Search restores" }).fill("");
  await page.setViewportSize({ width: 375, height: 800 });
  await inside(page);
  await scrolled(page, "Restores");
  await accessible();
  await page.screenshot({ path: info.outputPath("restores-375.png") });
});

test.describe("with the simulator's server", () => {
  test.use({ simulatorArgs: [] });

  test("a thousand jobs are counted, and those in sight are drawn", async ({ app, page, arm, accessible }, info) => {
    await app.connect(accessToken());
    let asked = 0;
    await page.route(/\/backupJobs\?/, async (route) => {
      const given = await route.fetch();
      const { value } = await given.json();
      const like = (nth) => ({ ...value[nth % value.length], name: numbered(nth), id: `${value[0].id.replace(/[^/]+$/, "")}${numbered(nth)}` });
      asked += 1;
      await route.fulfill({ response: given, json: { value: Array.from({ length: 1_000 }, (_, nth) => like(nth)) } });
    });
    await page.getByRole("link", { name: "Jobs", exact: true }).click();
    await app.pick("Vault", (_, text) => text === "contoso-vault-weu");
    await expect(table(page, "Jobs")).toHaveAttribute("aria-rowcount", "1001");
    expect(asked, arm.origin).toBeGreaterThan(0);
    expect(await rows(page, "Jobs").count()).toBeLessThan(60);
    await accessible();
    await scrolled(page, "Jobs");
    await page.getByRole("button", { name: "Duration" }).click();
    await expect(page.getByRole("columnheader", { name: "Duration" })).toHaveAttribute("aria-sort", "ascending");
    expect(await printed(page, "Jobs", 1_000)).toEqual({ gap: false, words: [] });
    await page.setViewportSize({ width: 375, height: 800 });
    await page.evaluate(() => scrollTo(0, 0));
    await inside(page);
    await scrolled(page, "Jobs");
    await page.screenshot({ path: info.outputPath("jobs-375.png") });
  });
});

test("the board of a thousand machines is searched, filtered and sorted, and the focus stays with its machine", async ({ app, page, accessible }, info) => {
  const look = (name) => page.screenshot({ path: info.outputPath(`${name}.png`) });
  await planned(app, page);
  await page.getByRole("link", { name: /^Review [1-9]\d*$/ }).click();
  await page.getByRole("button", { name: /^Start \d+ restores?$/ }).click();
  await page.getByRole("heading", { name: "Report" }).waitFor();
  await expect.poll(async () => (await savedPlans(page))[0]?.run).toBeTruthy();
  const [started] = await savedPlans(page);
  await plantPlan(page, grown(started));
  await page.goto("about:blank");
  await app.open();
  await app.startDemo();
  await page.evaluate((id) => (location.hash = `#/plans/${id}/board`), MANY);

  await expect(table(page, "VMs")).toHaveAttribute("aria-rowcount", "1001");
  expect(await rows(page, "VMs").count()).toBeLessThan(60);
  await accessible();
  await look("board");
  await scrolled(page, "VMs");
  await page.evaluate(() => scrollTo(0, 0));
  const search = page.getByRole("searchbox", { name: "Search the plan's VMs" });
  await search.fill("many-0999");
  await expect(rows(page, "VMs")).toHaveCount(1);
  await expect(page).toHaveURL(/board\?search=many-0999$/);
  // What is done with a machine changes its row, and the focus stays there.
  await page.getByRole("button", { name: "Skip many-0999" }).press("Enter");
  await expect(rows(page, "VMs").first()).toContainText("Skipped");
  await expect.poll(() => focused(page)).toBe("2");
  await app.button("Clear filters").click();
  await expect(search).toBeFocused();
  // With all machines, the row of a skipped one goes far down, and the focus goes with it.
  await page.getByRole("button", { name: "Skip many-0007" }).press("Enter");
  await expect.poll(() => page.evaluate(() => document.activeElement.closest("tr")?.querySelector("th").innerText)).toBe("many-0007");
  const chip = page.locator("summary").filter({ hasText: "State:" });
  await chip.click();
  await page.getByRole("group", { name: "State" }).getByRole("checkbox", { name: /^Skipped/ }).check();
  await page.keyboard.press("Escape");
  await expect(rows(page, "VMs")).toHaveCount(2);
  await page.getByRole("button", { name: "Virtual machine" }).click();
  await expect(rows(page, "VMs").first()).toContainText("many-0007");
  await app.button("Clear filters").click();
  expect(await printed(page, "VMs", 1_000)).toEqual({ gap: false, words: [] });
  await page.setViewportSize({ width: 375, height: 800 });
  await inside(page);
  await scrolled(page, "VMs");
  await accessible();
  await look("board-375");
});

test("the settings of a plan of a thousand machines are searched, scrolled and tabbed through, and so is its review", async ({ app, page, accessible }, info) => {
  const look = (name) => page.screenshot({ path: info.outputPath(`${name}.png`) });
  await planned(app, page);
  await expect.poll(async () => (await savedPlans(page))[0]?.plan.mapping.stagingAccounts.length).toBe(1);
  const [made] = await savedPlans(page);
  await plantPlan(page, { plan: { ...many(made.plan), id: MANY } });
  await page.goto("about:blank");
  await app.open();
  await app.startDemo();
  await page.evaluate((id) => (location.hash = `#/plans/${id}`), MANY);
  const list = table(page, "VMs");
  await expect(list).toHaveAttribute("aria-rowcount", "1001");
  expect(await rows(page, "VMs").count()).toBeLessThan(60);
  await expect(page.getByText(/[1-9]\d* ready/)).toBeVisible();
  await accessible();
  await rows(page, "VMs").first().scrollIntoViewIfNeeded();
  await look("settings");
  // The next key goes on from the row with the focus, also where the list was scrolled away from it.
  await rows(page, "VMs").nth(2).getByRole("link").first().focus();
  await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight / 2));
  await expect.poll(async () => Number(await rows(page, "VMs").last().getAttribute("aria-rowindex"))).toBeGreaterThan(200);
  expect(await focused(page)).toBe("4");
  await page.keyboard.press("Tab");
  expect(await focused(page)).toBe("4");
  for (let key = 0; key < 20; key += 1) {
    await drawnAround(page, "VMs");
    await page.keyboard.press("Tab");
    expect(await focused(page)).toMatch(/^\d+$/);
  }
  expect(Number(await focused(page))).toBeGreaterThan(8);
  await scrolled(page, "VMs", { guessed: true });
  await expect(list.locator('[aria-rowindex="1001"]')).toHaveCount(1);
  const search = page.getByRole("searchbox", { name: "Search the plan's VMs" });
  await search.fill("many-0999");
  await expect(rows(page, "VMs")).toHaveCount(1);
  await expect(rows(page, "VMs")).toContainText("Skipped");
  // The search is still there when the operator comes back from an exception.
  await search.fill("ready app-linux");
  await page.getByRole("link", { name: /^Change for app-linux/ }).first().click();
  await app.heading(/^Exception for /).waitFor();
  await page.getByRole("link", { name: "Done", exact: true }).click();
  await expect(search).toHaveValue("ready app-linux");
  await search.fill("no such machine");
  await expect(page.getByText("No VMs match your search")).toBeVisible();
  await search.fill("");
  await page.setViewportSize({ width: 375, height: 800 });
  await inside(page);
  await scrolled(page, "VMs", { guessed: true });
  await accessible();
  await look("settings-375");
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.getByRole("link", { name: /^Review [1-9]\d*$/ }).click();
  await app.heading(/^Review /).waitFor();
  await page.getByRole("button", { name: /Request for / }).first().click();
  await expect(page.getByRole("list", { name: "Request body" })).toContainText("targetVirtualMachineId");
  await accessible();
  await look("review");
  await page.setViewportSize({ width: 375, height: 800 });
  await inside(page);
  await look("review-375");
});

/** The same plan with so many machines more, which are left out, that it has a thousand. */
function many(plan) {
  const [group] = plan.groups;
  const [example] = group.machines;
  const like = (_, nth) => ({ ...JSON.parse(JSON.stringify(example).replaceAll(example.name, `many-${String(999 - nth).padStart(4, "0")}`)), skipped: "Not needed" });
  const more = Array.from({ length: 1_000 - group.machines.length }, like);
  return { ...plan, groups: [{ ...group, machines: [...group.machines, ...more] }] };
}

/** A run of the same plan with a thousand machines, none of which has started, and which is halted. */
function grown({ plan, run }) {
  const [group] = plan.groups;
  const [example] = group.machines;
  const like = (it, nth) => JSON.parse(JSON.stringify(it).replaceAll(example.name, `many-${String(nth).padStart(4, "0")}`));
  const many = (it) => Array.from({ length: 1_000 }, (_, nth) => like(it, nth));
  const known = run.execution.machines.find(({ id }) => id.endsWith(`;${example.name}`));
  const waits = { ...known, group: 0, progress: "waiting", before: [], throttled: 0 };
  const halted = { at: run.execution.started, why: "operator" };
  const execution = { ...run.execution, halted, groups: [run.execution.groups[0]], machines: many(waits) };
  return { plan: { ...plan, id: MANY, groups: [{ ...group, machines: many(example) }] }, run: { ...run, execution, confirmed: [] } };
}
