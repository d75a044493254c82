// What it was measured on.

import { execFileSync } from "node:child_process";
import { cpus, release, totalmem, type } from "node:os";
import { launchOptions } from "../e2e/support/browser.mjs";

export const machine = () => ({
  cpu: cpus()[0].model.trim(),
  cores: cpus().length,
  memory: Math.round(totalmem() / 2 ** 30),
  system: `${type()} ${release()}`,
  browser: execFileSync(launchOptions.executablePath, ["--version"], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim(),
  node: process.version,
  date: new Date().toISOString().slice(0, 10),
});
