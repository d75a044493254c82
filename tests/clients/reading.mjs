// What azure-cli does besides restoring: lists, single resources, jobs, file recovery.

import { failure, resolved } from "./restores.mjs";

/**
 * Goes one journey: a command, or several steps. A step steers the simulator (`sim`), or is a command (`az`) of which `prints` is a pattern
 * of its output and `keep` the name under which later steps have that output.
 * @returns {Promise<{was: "works" | "refused" | "stopped" | "broken" | "another answer", as: string}>}
 */
export async function reading({ az, journey, ask, steer, exchanges }) {
  const kept = {};
  let printed = "";
  for (const step of journey.steps ?? [journey]) {
    if (step.sim) {
      await steer(step.sim);
      continue;
    }
    exchanges.length = 0;
    const filled = (text) => text.replaceAll(/\{(\w+)\}/g, (_, name) => kept[name]);
    const command = await resolved(filled(step.az), ask);
    const ended = await az(command);
    if (ended.code !== 0) return failure(ended, exchanges);
    printed = ended.out.trim().replaceAll(/\s+/g, " ");
    if (step.keep) kept[step.keep] = printed;
    if (step.prints && !new RegExp(filled(step.prints), "i").test(printed)) return { was: "another answer", as: `${command}: ${printed.slice(0, 600)}` };
  }
  return { was: "works", as: printed.slice(0, 200) };
}
