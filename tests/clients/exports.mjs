// The exports of the page, run as an operator runs them: each in bash, in a folder with the body, against the simulator.

import { request } from "node:https";
import { readFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { run } from "./az.mjs";
import { differing } from "./judge.mjs";
import { RESTORES } from "./restores.mjs";
import { accessToken } from "../e2e/support/token.mjs";

/** What each tool must send of the body that was exported. */
const WANTED = { "az rest": "the same values", "az backup": "the same values", curl: "the same bytes", "HTTP file": "the same bytes", script: "the same values" };

/** Sends an HTTP file as an editor does: comments, request line, headers, an empty line, and the file that `<` names. */
function send({ file, folder, token, ca }) {
  const lines = readFileSync(join(folder, file), "utf8").split("\n").filter((line) => !line.startsWith("#"));
  const [, method, url] = /^(\S+) (\S+) HTTP\/1\.1$/.exec(lines[0]);
  const end = lines.indexOf("");
  const headers = Object.fromEntries(lines.slice(1, end).map((line) => line.replace("{{$processEnv TOKEN}}", token).split(/: (.*)/).slice(0, 2)));
  const [, named] = /^< \.\/(\S+)$/.exec(lines[end + 1]);
  return new Promise((sent, failed) => {
    const asked = request(url, { method, headers, ca }, (answer) => answer.resume().once("end", () => sent({ code: answer.statusCode < 300 ? 0 : answer.statusCode, words: "" })));
    asked.once("error", failed).end(readFileSync(join(folder, named)));
  });
}

const parsed = (text) => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** How what was sent stands to the body that was exported; in a cross-region restore Azure's access token stands where that has `placeholder`. */
function compared({ bytes, sent }, exchanges, { body, placeholder }) {
  const token = exchanges.find(({ path }) => path.endsWith("/accessToken"))?.answer?.properties;
  const [before, after] = body.split(JSON.stringify(placeholder));
  const wanted = after === undefined ? JSON.parse(body) : { ...JSON.parse(body), crossRegionRestoreAccessDetails: token };
  const isAround = after !== undefined && bytes.startsWith(before) && bytes.endsWith(after) && isDeepStrictEqual(parsed(bytes.slice(before.length, -after.length)), token);
  if (bytes === body || isAround) return { was: "the same bytes", as: "" };
  const found = differing(wanted, sent);
  return found.length ? { was: "another body", as: `differs in ${found.join(", ")}` } : { was: "the same values", as: "" };
}

/**
 * Runs the exports of one restore.
 * @param {object} row what `tests/native/written_exports.rs` has written about it
 * @returns {Promise<{tool: string, was: string, as: string, wanted: string, right: boolean}[]>}
 */
export async function exported({ row, folder, env, program, certificate, world, exchanges }) {
  const cwd = join(folder, row.folder);
  const token = accessToken({ tid: undefined });
  const inBash = { ...env, PATH: [dirname(program), process.env.PATH].join(delimiter), CURL_CA_BUNDLE: env.REQUESTS_CA_BUNDLE, TOKEN: token };
  const bodies = row.bodies.map((file) => readFileSync(join(cwd, file), "utf8"));
  const told = [];
  for (const { tool, file, not } of row.tools) {
    if (not) {
      told.push({ tool, was: "not offered", as: not.join(" "), wanted: "not offered", right: true });
      continue;
    }
    await world("at-once");
    exchanges.length = 0;
    const ended = tool === "HTTP file" ? await send({ file, folder: cwd, token, ca: certificate }) : await run("bash", [file], { env: inBash, cwd, input: "\n" });
    const triggers = exchanges.filter(({ method, path }) => method === "POST" && RESTORES.test(path));
    told.push({ tool, wanted: WANTED[tool], ...judged({ tool, ended, triggers, exchanges, bodies, placeholder: row.placeholder }) });
  }
  return told.map((one) => ({ right: one.was === one.wanted || (one.wanted === "the same values" && one.was === "the same bytes"), ...one }));
}

function judged({ tool, ended, triggers, exchanges, bodies, placeholder }) {
  const said = ended.words.trim().split("\n").filter((line) => line && !line.startsWith("WARNING")).join(" ").slice(0, 400);
  if (triggers.length !== bodies.length) return { was: `${triggers.length} requests`, as: said };
  const refused = triggers.find(({ status }) => status !== 202);
  if (refused) return { was: "refused", as: `${refused.status} ${refused.answer?.error?.message ?? ""}` };
  if (ended.code !== 0) return { was: `ended with ${ended.code}`, as: said };
  const all = triggers.map((trigger, at) => compared(trigger, exchanges, { body: bodies[at], placeholder }));
  const worst = ["another body", "the same values", "the same bytes"].map((was) => all.find((one) => one.was === was)).find(Boolean);
  return tool === "az backup" && worst.was === "the same bytes" ? { ...worst, was: "the same values" } : worst;
}
