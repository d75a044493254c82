// What `cargo xtask bench` runs: measures the built page, beside what people would use instead. Prints one JSON document.

import { parseArgs } from "node:util";
import { fleet } from "./fleet.mjs";
import { lists } from "./list.mjs";
import { machine } from "./machine.mjs";
import { starts } from "./start.mjs";
import { followed } from "./followed.mjs";
import { records } from "./records.mjs";
import { plans } from "./plan.mjs";
import { hours } from "./hour.mjs";
import { triggers } from "./trigger.mjs";
import { typing } from "./typing.mjs";

const tracking = async (options) => ({ ...(await followed(options)), hours: await hours(options) });
const CASES = { list: lists, start: starts, fleet, plan: plans, typing, tracking, records, trigger: triggers };

const { values } = parseArgs({
  options: { runs: { type: "string", default: "7" }, points: { type: "string", default: "100000" }, cases: { type: "string", default: Object.keys(CASES).join() } },
});
const options = { runs: Number(values.runs), points: Number(values.points), tell: (line) => console.error(line) };
const told = { machine: machine(), runs: options.runs };
for (const name of values.cases.split(",")) told[name] = await CASES[name](options);
console.log(JSON.stringify(told, null, 1));
