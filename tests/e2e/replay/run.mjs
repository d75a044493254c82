// One recording: the replay server, the page, the person's choices, the verdict.

import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { App, CANCELLING, ENDS, IN_PROGRESS } from "../support/app.mjs";
import { configFor } from "../support/config.mjs";
import { root, shared } from "../support/files.mjs";
import { guard } from "../support/guard.mjs";
import { start } from "../support/program.mjs";
import { serve } from "../support/site.mjs";
import { accessToken } from "../support/token.mjs";
import { choicesOf } from "./choices.mjs";
import { endOf } from "./recording.mjs";
import { bodyVerdict, differencesOf, justifiedIn, unmatchedThatMatter } from "./verdict.mjs";

/** How long one restore may be followed, in milliseconds; the server makes of Azure's minute a second. */
const PATIENCE = 180_000;
/** How long one action may take, in milliseconds. */
const ACTION = 20_000;
const STATES = { [IN_PROGRESS]: "InProgress", [CANCELLING]: "Cancelling", ...ENDS };

/**
 * @param {import("@playwright/test").Browser} browser
 * @param {string} file a recording
 * @param {{restore?: number, expose?: string, retryAfter?: string, moveFaults?: boolean}} options of the replay server
 * @returns {Promise<object>} the line to print
 */
export async function replay(browser, file, options = {}) {
  const begun = Date.now();
  const line = { scenario: basename(file, ".json").split("__")[0], file: basename(file), restore: options.restore ?? 1 };
  const finish = (rest) => ({ ...line, ...rest, seconds: Math.round((Date.now() - begun) / 100) / 10 });
  const closers = [];
  try {
    const server = await start("python3", argumentsOf(file, options));
    closers.push(server.stop);
    const { origin, goal } = server.ready;
    const choices = choicesOf(goal);
    if (choices.unsupported) return finish({ body: "unsupported", reason: choices.unsupported, ok: false });
    const site = await serve({ config: configFor(origin) });
    closers.push(site.close);
    const context = await browser.newContext({ locale: "en-GB", timezoneId: "UTC" });
    closers.push(() => context.close());
    context.setDefaultTimeout(ACTION);
    const found = await guard(context, { origins: [site.origin, origin] });
    const app = new App(await context.newPage(), site.url);
    const expected = endOf(JSON.parse(await readFile(file, "utf8")), line.restore);
    const trouble = await drive(app, goal, choices, expected).then(() => undefined, async (error) => `${oneLine(error)}, ${await app.where()}`);
    const report = await (await fetch(`${origin}/_replay/report`)).json();
    return finish(await judge({ app, report, expected, found, trouble }));
  } catch (error) {
    return finish({ body: "not sent", trouble: oneLine(error), ok: false });
  } finally {
    for (const close of closers.reverse()) await close();
  }
}

/** What went wrong, and what Playwright was waiting for if it is its error. */
function oneLine({ message }) {
  const lines = message.replace(/\u001b\[\d+m/g, "").split("\n").map((line) => line.replace(/^\s*-\s*/, "").trim());
  return [lines[0], lines.find((line) => line.startsWith("waiting for "))].filter(Boolean).join(" ");
}

function argumentsOf(file, { restore, expose, retryAfter, moveFaults }) {
  const named = { "--restore": restore, "--expose": expose, "--retry-after": retryAfter };
  const options = Object.entries(named).flatMap(([name, value]) => (value === undefined ? [] : [name, String(value)]));
  return [join(shared, "replay", "replay.py"), file, ...options, ...(moveFaults ? ["--move-faults"] : [])];
}

/** What a person does who wants what the goal says. */
async function drive(app, goal, choices, expected) {
  const [, subscription, vaultName] = /^\/subscriptions\/([^/]+)\/.*\/vaults\/([^/]+)$/i.exec(goal.vault_id);
  await app.open();
  await app.connect(accessToken());
  if (choices.region) {
    await app.chooseSecondaryVersion(choices.version);
    await app.chooseSecondaryVm({ vaultId: goal.vault_id, region: choices.region, vmName: goal.vm_name });
  } else await app.chooseVm({ subscription, vaultId: goal.vault_id, vaultName, vmName: goal.vm_name });
  await app.choosePoint(goal.recovery_point);
  await app.fill(choices);
  await app.review();
  await app.start(choices.scenario === "replace" ? goal.vm_name : undefined);
  if (expected.cancelled) {
    await app.follow({ enough: (state) => state === IN_PROGRESS, timeout: PATIENCE });
    await app.cancel();
  }
  // Some recordings end before their job does.
  const unfinished = Object.keys(STATES).find((text) => STATES[text] === expected.end && !(text in ENDS));
  await app.follow({ enough: (state) => state === unfinished, timeout: PATIENCE });
}

async function judge({ app, report, expected, found, trouble }) {
  const justified = justifiedIn(await readFile(join(root, "docs", "azure-sources.md"), "utf8"));
  const differences = report.goal.triggered ? differencesOf(report.goal) : [];
  const body = report.goal.triggered && report.goal.path_equal ? bodyVerdict(differences, justified) : "not sent";
  const state = await app.state().catch(() => "");
  const page = await app.text().catch(() => "");
  const untold = expected.words.filter((words) => !page.includes(words.replace(/\s+/g, " ").trim()));
  const unmatched = unmatchedThatMatter(report.unmatched);
  const impatient = report.throttling.filter(({ respected }) => respected === false).length;
  const faults = [report.duplicate_triggers, differences.length && body === "different", untold.length, unmatched.length, impatient, found.length];
  const ok = !trouble && (body === "equal" || body === "justified") && STATES[state] === expected.end && !faults.some(Boolean);
  return {
    body,
    ...(report.goal.triggered && { path_equal: report.goal.path_equal }),
    differences,
    duplicate_triggers: report.duplicate_triggers,
    end_state: state,
    expected_end: expected.end,
    ...(untold.length && { words_not_shown: untold }),
    ...(impatient && { throttling_not_respected: impatient }),
    unmatched,
    page_errors: found,
    ...(trouble && { trouble }),
    ok,
  };
}
