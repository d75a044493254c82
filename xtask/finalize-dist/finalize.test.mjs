// A release made of a small build that looks like Trunk's, with the scripts of `www` as they are.

import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { finalize } from "./finalize.mjs";
import { contentHash, integrityOf, releaseOf } from "./page.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** What Trunk leaves: names are its own, contents are short. */
const BUILT = {
  "index.html": `<meta content="script-src 'self'; style-src 'self'"><title>VM Restore</title><style>p{margin:0}</style><link rel="modulepreload" href="./vm-restore-0123456789abcdef.js"><link rel="preload" href="./vm-restore-0123456789abcdef_bg.wasm"><link rel="icon" href="./icon-00112233.svg">`,
  "vm-restore-0123456789abcdef.js": "export default () => {};",
  "vm-restore-0123456789abcdef_bg.wasm": "\0asm program",
  "arm-sim-page.js": "export const simulator = 1;",
  "arm-sim-page_bg.wasm": "\0asm simulator",
  "sign-in.js": "export const signIn = 1;",
  "sign-in_bg.wasm": "\0asm sign-in",
  "msal-browser.min.js": "msal",
  "LICENSE": "MSAL's licence",
  "app-0123456789abcdef.css": "p{}",
  "icon-00112233.svg": "<svg/>",
  "icon-busy.svg": "<svg>busy</svg>",
  "icon-good.svg": "<svg>good</svg>",
  "icon-warning.svg": "<svg>warning</svg>",
  "icon-bad.svg": "<svg>bad</svg>",
  "sw.js": "worker",
  "redirect.html": `<meta content="script-src 'self'"><!-- scripts -->`,
};

/** Finalizes `BUILT` with `changes` in a folder of its own and hands that to `use`. */
function finalized(changes, use) {
  const folder = mkdtempSync(join(tmpdir(), "finalize-"));
  try {
    const built = { ...BUILT, ...changes };
    for (const [name, text] of Object.entries(built)) if (text !== undefined) writeFileSync(join(folder, name), text);
    finalize({ folder, root, released: true });
    return use((name) => readFileSync(join(folder, name)), readdirSync(folder));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test("every file of the list is there, named by its content and with the hash of its bytes", () => {
  finalized({}, (read, names) => {
    const { integrity, parts, offline, msal, style } = releaseOf(read("index.html").toString());
    for (const [name, hash] of Object.entries(integrity)) {
      assert.equal(integrityOf(read(name)), hash, name);
      // Trunk names styles and the icon by their content itself; a browser asks for the worker by one name for good.
      if (![style, "sw.js", "icon-00112233.svg"].includes(name)) assert.ok(name.includes(`-${contentHash(read(name))}`), name);
    }
    for (const { script, wasm, size } of Object.values(parts)) {
      assert.ok(integrity[script] && integrity[wasm]);
      assert.equal(size, read(wasm).length);
    }
    assert.ok(offline.every((name) => integrity[name]) && !offline.includes(msal));
    const listed = names.filter((name) => /\.(js|wasm|css|svg)$/.test(name) && name !== "vm-restore.js");
    assert.deepEqual(listed.sort(), Object.keys(integrity).sort());
  });
});

test("the modules keep their bytes", () => {
  finalized({}, (read) => {
    const { parts } = releaseOf(read("index.html").toString());
    const bytes = Object.values(parts).map(({ wasm }) => read(wasm).toString());
    assert.deepEqual(bytes, ["\0asm program", "\0asm simulator", "\0asm sign-in"]);
  });
});

test("the page links the program by its new names", () => {
  finalized({}, (read) => {
    const page = read("index.html").toString();
    const { app } = releaseOf(page).parts;
    assert.ok(page.includes(`href="./${app.script}"`) && page.includes(`href="./${app.wasm}"`));
    assert.ok(!page.includes("vm-restore-0123456789abcdef"));
  });
});

test("a portal's entry names the same release and what a portal loads of it", () => {
  finalized({}, (read) => {
    const { release, parts, integrity } = releaseOf(read("index.html").toString());
    const entry = read("vm-restore.js").toString();
    assert.ok(entry.includes(release));
    for (const { script, wasm } of Object.values(parts)) for (const name of [script, wasm]) assert.ok(entry.includes(name) && entry.includes(integrity[name]), name);
  });
});

test("another byte anywhere makes another release, the same bytes the same one", () => {
  const release = (changes) => finalized(changes, (read) => releaseOf(read("index.html").toString()).release);
  const first = release({});
  assert.equal(release({}), first);
  for (const name of ["sign-in_bg.wasm", "msal-browser.min.js", "app-0123456789abcdef.css", "sw.js", "icon-bad.svg"]) assert.notEqual(release({ [name]: `${BUILT[name]} ` }), first, name);
});

test("a build without one of its files, or with two of a kind, fails", () => {
  assert.throws(() => finalized({ "sign-in.js": undefined }, () => {}), /sign-in\.js/);
  assert.throws(() => finalized({ "vm-restore-fedcba9876543210.js": "another" }, () => {}), /one file like .* and has 2/);
});
