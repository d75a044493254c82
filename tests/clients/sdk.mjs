// The Python SDK: `sdk.py` goes every step, here is what must come of each.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { CONFINED, run } from "./az.mjs";

/** How long all steps may take together, in milliseconds: two of them wait for restores. */
const PATIENCE = 900_000;

/** What a step gave, or how it failed. */
function found(journey, line) {
  if (!line) return { was: "not gone", as: "sdk.py said nothing of it" };
  const { gave, status, failed } = line;
  if (failed !== undefined) return { was: status >= 400 ? "refused" : "broken", as: `${status ? `${status} ` : ""}${failed}` };
  const text = JSON.stringify(gave ?? null);
  return new RegExp(journey.gives, "i").test(text) ? { was: "works", as: text.slice(0, 200) } : { was: "another answer", as: text.slice(0, 600) };
}

/**
 * Runs all steps.
 * @returns {Promise<{journey: object, found: {was: string, as: string}}[]>} a step of which `sdk.json` says nothing is among them
 */
export async function sdk({ python, origin, folder, certificate, journeys }) {
  const bundle = join(folder, "sdk-certificate.pem");
  writeFileSync(bundle, certificate);
  const env = { PATH: process.env.PATH, HOME: folder, ...CONFINED, PYTHONWARNINGS: "ignore", PYTHONDONTWRITEBYTECODE: "1" };
  const { code, out, words } = await run(python, [new URL("sdk.py", import.meta.url).pathname, origin, bundle], { env, cwd: folder, patience: PATIENCE });
  const lines = new Map(out.split("\n").filter(Boolean).map(JSON.parse).map((line) => [line.name, line]));
  if (code !== 0) throw new Error(`sdk.py ended with ${code}: ${words.trim().split("\n").at(-1)}`);
  const unknown = [...lines.keys()].filter((name) => !journeys.some((journey) => journey.name === name));
  return [
    ...journeys.filter(({ name }) => name).map((journey) => ({ journey, found: found(journey, lines.get(journey.name)) })),
    ...unknown.map((name) => ({ journey: { name, then: "be in sdk.json" }, found: { was: "unknown", as: JSON.stringify(lines.get(name)).slice(0, 300) } })),
  ];
}
