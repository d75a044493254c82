// Typing a name while the request that it becomes part of is shown beside it.

import { withSimulator } from "./arm.mjs";
import { fresh } from "./pages.mjs";

const KEYS = 50;
/** Between two keys, in milliseconds: somebody who types fast. */
const PAUSE = 80;
const FIELD = "New virtual machine name";
/** What the text is called that follows. */
const PREVIEW = "Request body";
/** The simulator's subscription with a thousand virtual machines. */

/**
 * In the page: from each key to the text of the preview, and to its picture. The picture waits for the screen's next frame, up to 17 ms however
 * quick the program is; the text is the program's own part.
 */
function record(label) {
  const keys = [];
  const field = document.activeElement;
  const preview = () => document.querySelector(`[aria-label="${label}"]`).textContent;
  let key;
  addEventListener("keydown", ({ timeStamp }) => (key = { at: timeStamp }), true);
  new MutationObserver(async () => {
    if (!key || !preview().includes(`/${field.value}"`) && !preview().includes(`"${field.value}"`)) return;
    const { at } = key;
    key = undefined;
    const text = performance.now() - at;
    keys.push({ text, painted: (await bench.until(() => true)) - at });
  }).observe(document.querySelector("main"), { subtree: true, childList: true, characterData: true });
  const slow = [];
  new PerformanceObserver((list) => slow.push(...list.getEntries())).observe({ type: "event", durationThreshold: 16 });
  globalThis.typed = () => ({
    keys,
    events: slow.filter(({ name }) => /^key|input/.test(name)).map(({ duration }) => duration),
  });
}

/** Letters with a step back now and then, so that the name does not grow too long. */
const keyOf = (nth) => (nth % 3 === 2 ? "Backspace" : "abcdefghijklmnopqrstuvwxyz"[nth % 26]);

/** In the page: a field whose text stands beside it, which is the least that any page can do. */
function floor(label) {
  const main = document.body.appendChild(document.createElement("main"));
  const [field, text] = [document.createElement("input"), document.createElement("pre")].map((part) => main.appendChild(part));
  text.setAttribute("aria-label", label);
  field.addEventListener("input", () => (text.textContent = `"${field.value}"`));
  field.value = "vm-";
  field.focus();
}

/** Types into the field that has the focus; gives what the page has recorded. */
async function typed(page) {
  await page.keyboard.press("End");
  await page.evaluate(record, PREVIEW);
  for (let nth = 0; nth < KEYS; nth += 1) {
    await page.keyboard.press(keyOf(nth));
    await page.waitForTimeout(PAUSE);
  }
  const told = await page.evaluate(() => globalThis.typed());
  if (told.keys.length !== KEYS) throw new Error(`The preview changed ${told.keys.length} times for ${KEYS} keys`);
  return told;
}

/** @param {{runs: number, tell: (line: string) => void}} options */
export async function typing({ runs, tell }) {
  return withSimulator(["--progress", "at-once"], async (connected, _, site) => {
    const [all, floors] = [[], []];
    let items;
    for (let run = 0; run < runs; run += 1) {
      const told = await connected(async (app, page) => {
        await app.machinesRead();
        items = Number((await page.locator("#machine-count").innerText()).replace(/\D/g, ""));
        if (items < 1_000) throw new Error(`The list has only ${items} machines`);
        await app.openVm("fleet-0001");
        await app.openFirstPoint();
        await app.fill({ scenario: "another" });
        await app.pick("Target resource group", (value) => value !== "", { allowed: true });
        await app.unfoldRequest();
        const field = page.getByRole("textbox", { name: FIELD, exact: true });
        await field.fill("vm-");
        await field.focus();
        return typed(page);
      });
      all.push(told);
      floors.push(await fresh(async (page) => {
        await page.goto(`${site.origin}/blank`);
        await page.evaluate(floor, PREVIEW);
        return typed(page);
      }));
      tell(`typing, run ${run + 1}: slowest ${Math.max(...told.keys.map(({ painted }) => painted)).toFixed(1)} ms`);
    }
    return { items, runs: all, floor: floors };
  });
}
