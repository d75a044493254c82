// azure-cli as a program, with its own configuration folder, kept from everything but the gateway.

import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** How long a command may take, in milliseconds. */
const PATIENCE = 240_000;
/** The tenant of the subscriptions that az signs in to. */
const TENANT = "3c9e2f10-7d44-4c1b-9a35-5e0c0f7a1001";
const CLOUD = "simulated";

/** What keeps a client of Microsoft within this machine: whatever is not on loopback goes to a proxy that is not there. */
export const CONFINED = { HTTPS_PROXY: "http://127.0.0.1:9", HTTP_PROXY: "http://127.0.0.1:9", NO_PROXY: "localhost,127.0.0.1" };

/** Variables of the person who runs this would change what az does. */
const usual = () => Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(AZURE_|ARM_|(https?|no|all)_proxy$)/i.test(name)));

/**
 * Runs a program to its end, in the folder `cwd`.
 * @returns {Promise<{code: number | string, out: string, words: string}>} `code` says why, where there is none
 */
export function run(program, args, { env, cwd, patience = PATIENCE, input = "" }) {
  return new Promise((ended, failed) => {
    const child = spawn(program, args, { env, cwd, stdio: "pipe" });
    // Most programs end without having read it.
    child.stdin.on("error", () => {}).end(input);
    const stop = () => child.kill("SIGKILL");
    const timer = setTimeout(stop, patience);
    process.once("exit", stop);
    let out = "";
    let words = "";
    child.stdout.setEncoding("utf8").on("data", (text) => (out += text));
    child.stderr.setEncoding("utf8").on("data", (text) => (words += text));
    child.once("error", failed);
    child.once("close", (code, signal) => {
      clearTimeout(timer);
      process.off("exit", stop);
      ended({ code: code ?? `ended by ${signal}`, out, words });
    });
  });
}

/**
 * Makes a configuration of az whose only cloud is the gateway, and signs in there.
 * @param {{program: string, folder: string, origin: string, certificate: Buffer}} options
 * @returns {Promise<{az: (line: string) => Promise<{code: number | string, out: string, words: string}>, env: object}>} az, to which a command line is given, and its environment
 */
export async function azureCli({ program, folder, origin, certificate }) {
  mkdirSync(folder, { recursive: true });
  const bundle = join(folder, "certificate.pem");
  writeFileSync(bundle, certificate);
  const env = {
    ...usual(),
    ...CONFINED,
    AZURE_CONFIG_DIR: folder,
    REQUESTS_CA_BUNDLE: bundle,
    AZURE_CORE_COLLECT_TELEMETRY: "false",
    AZURE_CORE_NO_COLOR: "true",
    AZURE_CORE_SURVEY_MESSAGE: "false",
    AZURE_CORE_LOGIN_EXPERIENCE_V2: "false",
    AZURE_CORE_INSTANCE_DISCOVERY: "false",
    AZURE_AUTO_UPGRADE_ENABLE: "false",
    AZURE_EXTENSION_USE_DYNAMIC_INSTALL: "no",
    AZURE_LOGGING_ENABLE_LOG_FILE: "false",
    PYTHONWARNINGS: "ignore",
  };
  // It writes the scripts of file recovery where it runs.
  const az = (line) => run(program, line.split(" ").filter(Boolean), { env, cwd: folder });
  const endpoints = ["resource-manager", "management", "active-directory", "gallery"].map((name) => `--endpoint-${name} ${origin}`).join(" ");
  for (const line of [
    `cloud register -n ${CLOUD} --skip-endpoint-discovery ${endpoints} --endpoint-active-directory-resource-id https://management.azure.com/ --endpoint-active-directory-graph-resource-id https://graph.windows.net/`,
    `cloud set -n ${CLOUD}`,
    `login --service-principal -u 11111111-2222-3333-4444-555555555555 -p made-up --tenant ${TENANT} -o none`,
    "account set -s 5f1c0d3a-91b2-4e6f-8a77-0c0ffee00001",
  ]) {
    const { code, words: said } = await az(line);
    if (code !== 0) throw new Error(`az ${line} ended with ${code}: ${said.trim()}`);
  }
  return { az, env };
}
