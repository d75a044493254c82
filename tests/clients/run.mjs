// What `cargo xtask clients` runs: Microsoft's clients over the simulator. Prints one JSON document.
//   node run.mjs --az PROGRAM --python PROGRAM --folder FOLDER --exports FOLDER --port N [--only TEXT] [--exports-only]      ARM_SIM names the simulator's server
// The exports name the gateway's port.

import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { certificate } from "../e2e/support/certificate.mjs";
import { simulator } from "../e2e/support/simulator.mjs";
import { accessToken } from "../e2e/support/token.mjs";
import { azureCli } from "./az.mjs";
import { exported } from "./exports.mjs";
import { gateway } from "./gateway.mjs";
import { flaw, isRight, wanted } from "./judge.mjs";
import { reading } from "./reading.mjs";
import { commandOf, outcome } from "./restores.mjs";
import { sdk } from "./sdk.mjs";

const text = { type: "string" };
const { values } = parseArgs({ options: { az: text, python: text, folder: text, exports: text, port: text, only: { ...text, default: "" }, "exports-only": { type: "boolean", default: false } } });

/** The journeys of a file, each with the section that it stands in. */
function journeys(file) {
  let section = "";
  const all = JSON.parse(readFileSync(new URL(`journeys/${file}.json`, import.meta.url), "utf8")).flatMap((row) => {
    if (!row.name) section = row.section;
    return row.name ? [{ section, ...row }] : [];
  });
  const flaws = all.map(flaw).filter(Boolean);
  const twice = all.map(({ name }) => name).filter((name, at, names) => names.indexOf(name) !== at);
  if (flaws.length || twice.length) throw new Error(`journeys/${file}.json: ${[...flaws, ...twice.map((name) => `“${name}” is there twice`)].join("; ")}`);
  return all.filter(({ name }) => name.toLowerCase().includes(values.only.toLowerCase()));
}
const isAll = !values["exports-only"];
const data = isAll ? { restores: journeys("restores"), reading: journeys("reading"), sdk: journeys("sdk") } : { restores: [], reading: [], sdk: [] };
const exports = JSON.parse(readFileSync(join(values.exports, "exports.json"), "utf8")).filter(({ name }) => name.toLowerCase().includes(values.only.toLowerCase()));

const tls = certificate(["localhost"]);
mkdirSync(values.folder, { recursive: true });
const folder = mkdtempSync(join(values.folder, "run-"));
// Whatever ends this process ends what it has started: programs by their own handlers, files here.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(signal, () => process.exit(1));
process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
const sim = await simulator("--progress", "at-once");
process.once("exit", () => sim.stop());
const front = await gateway({ simulator: sim.origin, tls, port: Number(values.port) });

/** Asks the simulator itself, past the gateway. */
async function ask(url, method = "GET") {
  const answer = await fetch(sim.origin + url, { method, headers: { authorization: `Bearer ${accessToken({ tid: undefined })}` } });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${url} was answered with ${answer.status}: ${text}`);
  return JSON.parse(text);
}
const steer = (what) => ask(`/_sim/${what}`, "POST");

/** A world as it was at first, in which restores end at once or by the timetable. */
async function world(progress) {
  await steer("reset");
  await steer(`progress?mode=${progress}`);
}

/** One restore, with what was asked of the simulator and what it counts. */
async function restore(az, journey) {
  await world(journey.again ? "timetable" : "at-once");
  const command = await commandOf(journey, ask);
  if (journey.again) await az(command);
  front.exchanges.length = 0;
  const found = outcome(await az(command), front.exchanges);
  const { accepted } = await ask("/_sim/triggers");
  const due = journey.accepted ?? Number(found.was === "restored") + Number(Boolean(journey.again));
  return accepted === due ? found : { ...found, was: "miscounted", as: `${accepted} restores were accepted where ${due} are due; ${found.as}` };
}

const told = { restores: [], exports: [], reading: [], sdk: [] };
/** Keeps what came of a journey, and says it to whoever watches. */
function keep(of, journey, found) {
  const right = isRight(journey, found);
  told[of].push({ ...journey, ...found, right, wanted: wanted(journey) });
  process.stderr.write(`  ${right ? "✓" : "✗"} ${journey.name}: ${found.was}${right ? "" : `, not ${wanted(journey)}: ${found.as}`}\n`);
}

try {
  if (data.restores.length || data.reading.length || exports.length) {
    const { az, env } = await azureCli({ program: values.az, folder: join(folder, "az"), origin: front.origin, certificate: tls.cert });
    told.version = JSON.parse((await az("version -o json")).out)["azure-cli"];
    for (const journey of data.restores) keep("restores", journey, await restore(az, journey));
    for (const row of exports) {
      const tools = await exported({ row, folder: values.exports, env, program: values.az, certificate: tls.cert, world, exchanges: front.exchanges });
      for (const one of tools) {
        told.exports.push({ ...one, name: row.name });
        process.stderr.write(`  ${one.right ? "✓" : "✗"} ${row.name}, ${one.tool}: ${one.was}${one.right ? "" : `, not ${one.wanted}: ${one.as}`}\n`);
      }
    }
    for (const journey of data.reading) {
      await world("at-once");
      keep("reading", journey, await reading({ az, journey, ask, steer, exchanges: front.exchanges }));
    }
  }
  // The steps of the SDK follow one another.
  if (!values.only && isAll) {
    await world("timetable");
    for (const { journey, found } of await sdk({ python: values.python, origin: front.origin, folder, certificate: tls.cert, journeys: data.sdk })) keep("sdk", journey, found);
  }
} finally {
  await front.close();
  await sim.stop();
}
console.log(JSON.stringify(told));
