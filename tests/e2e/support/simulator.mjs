// The simulator of Azure Resource Manager as a server, on an origin of its own.

import { start } from "./program.mjs";

/** @param {string[]} args further arguments, such as `--expose none`. */
export async function simulator(...args) {
  const program = process.env.ARM_SIM;
  if (!program) throw new Error("ARM_SIM does not name the simulator; run the tests by `cargo xtask test --e2e`.");
  const { ready, stop } = await start(program, ["--port", "0", ...args]);
  return { origin: ready.origin, stop };
}
