// Releases of the built page, and hosts that have one, then another, and say different things about caching.

import { createServer } from "node:http";
import { cpSync, existsSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, extname, join } from "node:path";
import { cspHash, contentHash, integrityOf, releaseOf } from "../../../xtask/finalize-dist/page.mjs";
import { dist } from "./files.mjs";
import { KINDS } from "./site.mjs";

/** The list of the release in a folder: `{release, parts, msal, style, integrity, offline}`. */
export const filesOf = (folder = dist) => releaseOf(readFileSync(join(folder, "index.html"), "utf8"));

/** What the first page of a release says instead of "Try the demo". */
export const SAYS = { A: "Try the demo", B: "Try vers. B!" };

/** A file of the build that is another one and works alike. */
export function altered(name, bytes, mark) {
  if (name.endsWith(".wasm")) {
    const text = bytes.toString("latin1").replace(SAYS.A, SAYS[mark] ?? SAYS.A);
    const section = [...Buffer.from(`\0mark${mark}`)];
    section[0] = section.length - 1;
    return Buffer.concat([Buffer.from(text, "latin1"), Buffer.from([0, section.length, ...section])]);
  }
  const comment = { ".js": `\n// ${mark}\n`, ".css": `/* ${mark} */`, ".svg": `<!-- ${mark} -->` }[extname(name)];
  return Buffer.concat([bytes, Buffer.from(comment)]);
}

/**
 * Another release: every file of `dist` changed a little, named anew, and named and pinned by the documents.
 * @returns {{folder: string, remove(): void}}
 */
export function anotherRelease(mark = "B") {
  const folder = mkdtempSync(join(tmpdir(), "release-"));
  cpSync(dist, folder, { recursive: true });
  const list = filesOf();
  const instead = [[list.release, contentHash(mark + list.release)]];
  for (const [name, integrity] of Object.entries(list.integrity)) {
    const bytes = altered(name, readFileSync(join(folder, name)), mark);
    const next = name.replace(/-[0-9a-f]{8,16}(?=(_bg)?\.\w+$)/, `-${contentHash(bytes)}`);
    writeFileSync(join(folder, name), bytes);
    renameSync(join(folder, name), join(folder, next));
    instead.push([name, next], [integrity, integrityOf(bytes)]);
  }
  const rewritten = (text) => instead.reduce((text, [old, now]) => text.replaceAll(old, now), text);
  const map = (page) => /<script type="importmap">([^]*?)<\/script>/.exec(page)[1];
  const page = readFileSync(join(folder, "index.html"), "utf8");
  const next = rewritten(page);
  writeFileSync(join(folder, "index.html"), next.replace(cspHash(map(page)), cspHash(map(next))));
  writeFileSync(join(folder, "vm-restore.js"), rewritten(readFileSync(join(folder, "vm-restore.js"), "utf8")));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

const DAY_MS = 86_400_000;
const HASHED = /-[0-9a-f]{8,16}(_bg)?\.\w+$/;

/** What hosts say about caching: by a file's name. */
export const CACHING = {
  "the documented headers": (name) => ({ "Cache-Control": HASHED.test(name) ? "public, max-age=31536000, immutable" : "no-cache" }),
  "max-age=600 for everything": () => ({ "Cache-Control": "max-age=600" }),
  "no word of caching": () => ({}),
  "no-cache for everything": () => ({ "Cache-Control": "no-cache" }),
};

/**
 * A host of static files.
 * @param {{folders: string[], caching: (name: string, status: number) => object}} state may be changed at any time: files are those of the
 *   first of the `folders` that has them; `instead(name, request)` answers `{status, headers, body}`, "hang", or nothing for the file itself.
 *   The files of the first folder named at the beginning were written long ago.
 */
export async function host(state) {
  const asked = [];
  const [first] = state.folders;
  const server = createServer((request, response) => {
    const name = decodeURIComponent(new URL(request.url, "http://host").pathname).slice(1) || "index.html";
    asked.push(name);
    const folder = state.folders.find((one) => existsSync(join(one, name)) && statSync(join(one, name)).isFile());
    const instead = state.instead?.(name, request);
    if (instead === "hang") return;
    const body = instead?.body ?? (folder ? readFileSync(join(folder, name)) : "<h1>Not found</h1>");
    const status = instead?.status ?? (instead || folder ? 200 : 404);
    const headers = {
      "Content-Type": status === 200 ? KINDS[extname(name)] ?? "text/plain" : "text/html",
      "Access-Control-Allow-Origin": "*",
      ...(status === 200 && { ETag: `"${contentHash(body)}"`, "Last-Modified": new Date(Date.now() - (folder === first ? 300 : 30) * DAY_MS).toUTCString() }),
      ...state.caching(name, status),
      ...instead?.headers,
    };
    if (status === 200 && request.headers["if-none-match"] === headers.ETag) return response.writeHead(304, headers).end();
    response.writeHead(status, headers).end(body);
  });
  await new Promise((listening, failed) => server.once("error", failed).listen(0, "127.0.0.1", listening));
  const origin = `http://127.0.0.1:${server.address().port}`;
  const close = () => new Promise((closed) => {
    server.close(closed);
    server.closeAllConnections();
  });
  return Object.assign(state, { asked, origin, url: `${origin}/`, close });
}

/** The plain name of a file, by which a test is called. */
export const plainName = (file) => basename(file).replace(/-[0-9a-f]{8,16}/, "");
