// The built page as a good host serves it: compressed beforehand, files asked about again answered by "as it was".

import { createHash } from "node:crypto";
import { createServer } from "node:http";
import { readFileSync, readdirSync } from "node:fs";
import { extname, join } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";
import { dist } from "../e2e/support/files.mjs";

const KINDS = { ".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".json": "application/json", ".wasm": "application/wasm", ".svg": "image/svg+xml" };
/** As in docs/hosting: files whose names are made of their content never change. */
const LASTING = /-[0-9a-f]{8,16}(_bg)?\.[a-z]+$/;

function packed(name) {
  const raw = readFileSync(join(dist, name));
  return {
    body: brotliCompressSync(raw, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: raw.length } }),
    tag: `"${createHash("sha256").update(raw).digest("base64url").slice(0, 16)}"`,
  };
}

/**
 * Serves `dist` until `close` is called. `sent` grows by each answer: `{file, bytes}`, of which the headers are no part; `wire()` is all that
 * was sent, with them.
 */
export async function servePacked() {
  const names = readdirSync(dist, { withFileTypes: true }).filter((entry) => entry.isFile()).map(({ name }) => name);
  const files = new Map(names.map((name) => [name, packed(name)]));
  const sent = [];
  const sockets = new Set();
  const server = createServer((request, response) => {
    const name = new URL(request.url, "http://site").pathname.slice(1) || "index.html";
    const file = files.get(name);
    const same = file && request.headers["if-none-match"] === file.tag;
    const body = file && !same ? file.body : Buffer.alloc(0);
    sent.push({ file: name, bytes: body.length });
    response.writeHead(file ? (same ? 304 : 200) : 404, {
      "Cache-Control": LASTING.test(name) ? "public, max-age=31536000, immutable" : "no-cache",
      ...(file && { ETag: file.tag }),
      ...(body.length && { "Content-Type": KINDS[extname(name)] ?? "text/plain", "Content-Encoding": "br", "Content-Length": body.length }),
    }).end(body);
  });
  server.on("connection", (socket) => sockets.add(socket));
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  const close = () => new Promise((closed) => {
    server.close(closed);
    server.closeAllConnections();
  });
  const wire = () => [...sockets].reduce((sum, { bytesWritten }) => sum + bytesWritten, 0);
  return { url: `http://127.0.0.1:${server.address().port}/`, sent, wire, close };
}
