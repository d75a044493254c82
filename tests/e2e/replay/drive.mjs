// `node drive.mjs FILE… [--restore N] [--expose WHICH] [--retry-after S] [--move-faults] [--headed]`: one JSON line a file.

import { parseArgs } from "node:util";
import { chromium } from "@playwright/test";
import { launchOptions } from "../support/browser.mjs";
import { replay } from "./run.mjs";

const text = { type: "string" };
const flag = { type: "boolean", default: false };
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { restore: text, expose: text, "retry-after": text, "move-faults": flag, headed: flag },
});
const options = {
  restore: values.restore && Number(values.restore),
  expose: values.expose,
  retryAfter: values["retry-after"],
  moveFaults: values["move-faults"],
};

const browser = await chromium.launch({ ...launchOptions, headless: !values.headed });
try {
  for (const file of positionals) {
    const line = await replay(browser, file, options);
    console.log(JSON.stringify(line));
    if (!line.ok) process.exitCode = 1;
  }
} finally {
  await browser.close();
}
