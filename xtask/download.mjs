// Downloads a file and keeps it only if it is the one that is meant: `node download.mjs URL SHA256 FILE`. Node is here anyway,
// because the page is built with it; so nothing has to be compiled before the first download.

import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";

const PATIENCE_MS = 120_000;
const [url, sha256, file] = process.argv.slice(2);

try {
  const answer = await fetch(url, { signal: AbortSignal.timeout(PATIENCE_MS) });
  if (!answer.ok) throw new Error(`the server answers ${answer.status}`);
  const bytes = new Uint8Array(await answer.arrayBuffer());
  const digest = createHash("sha256").update(bytes).digest("hex");
  if (digest !== sha256) throw new Error(`its SHA-256 is ${digest}, not ${sha256}`);
  writeFileSync(file, bytes);
} catch (error) {
  // `fetch` says what went wrong in the cause of its own error.
  console.log(error.cause?.message ?? error.message);
  process.exitCode = 1;
}
