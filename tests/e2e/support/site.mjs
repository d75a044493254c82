// The built page on loopback, on a free port, with a configuration of the test's choice.

import { createServer } from "node:http";
import { createServer as createSecureServer } from "node:https";
import { readFile } from "node:fs/promises";
import { extname, join, normalize } from "node:path";
import { dist } from "./files.mjs";

export const KINDS = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".wasm": "application/wasm",
  ".svg": "image/svg+xml",
  ".png": "image/png",
};

/**
 * Serves `dist` until `close` is called.
 * @param {{config?: object, base?: string, pages?: Record<string, string>, headers?: object | ((path: string) => object), tls?: object, host?: string}} [options] `config` is
 *   answered as /config.json; `base` is a path that the page lies under, such as "/portal/"; `pages` are answered by their paths before
 *   anything of `dist`; `headers` come with every answer, or with that of a path; `tls` is a key and certificate for `host`.
 * @returns {Promise<{origin: string, url: string, close(): Promise<void>}>}
 */
export async function serve({ config, base = "/", pages = {}, headers: further = {}, tls, host = "127.0.0.1" } = {}) {
  const answer = async (request, response) => {
    const path = decodeURIComponent(new URL(request.url, "http://site").pathname);
    const name = path.startsWith(base) ? path.slice(base.length) || "index.html" : undefined;
    const file = name && join(dist, normalize(join("/", name)));
    const read = async () => (name === "config.json" && config ? JSON.stringify(config) : readFile(file ?? "").catch(() => undefined));
    const page = pages[path];
    const body = page ?? (await read());
    const kind = page ? KINDS[".html"] : (KINDS[extname(file ?? "")] ?? "text/plain");
    response.writeHead(body === undefined ? 404 : 200, { "Content-Type": kind, "Cache-Control": "no-cache", ...(typeof further === "function" ? further(path) : further) }).end(body ?? "Not found");
  };
  const server = tls ? createSecureServer(tls, answer) : createServer(answer);
  await new Promise((listening, failed) => server.once("error", failed).listen(0, "127.0.0.1", listening));
  const origin = `${tls ? "https" : "http"}://${host}:${server.address().port}`;
  const close = () => new Promise((closed) => {
    server.close(closed);
    server.closeAllConnections();
  });
  return { origin, url: origin + base, close };
}
