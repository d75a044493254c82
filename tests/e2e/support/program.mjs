// Programs that tell on their first line that they are ready.

import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

/**
 * Starts a program and reads its ready line, which is JSON.
 * @returns {Promise<{ready: object, stop(): Promise<void>}>}
 */
export async function start(command, args) {
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"] });
  const ended = new Promise((done) => child.once("close", done));
  let words = "";
  child.stderr.on("data", (data) => (words += data));
  const line = await new Promise((first, failed) => {
    createInterface({ input: child.stdout }).once("line", first);
    child.once("error", failed);
    ended.then((code) => failed(new Error(words.trim().split("\n").at(-1) || `${command} ended with ${code}`)));
  });
  const stop = async () => {
    child.kill("SIGTERM");
    await ended;
  };
  try {
    return { ready: JSON.parse(line), stop };
  } catch {
    await stop();
    throw new Error(`${command} did not say that it is ready but: ${line}`);
  }
}
