// Puts functions of like code side by side: what packs a file looks back no further than 32 KB. The main module weighs 5 KB less for it.

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { imports, joined, name, number, reader, SECTION, sections } from "./module.mjs";

const WASM_OPT = fileURLToPath(new URL("../../node_modules/binaryen/bin/wasm-opt", import.meta.url));
/** How far back is looked, how many bytes a piece has, and in how many functions it says nothing about any of them; by measuring. */
const [WINDOW, PIECE, COMMON] = [30_000, 6, 20];
/** What the modules use; wasm-opt refuses one that uses more. */
const FEATURES = ["bulk-memory", "bulk-memory-opt", "multivalue", "mutable-globals", "nontrapping-float-to-int", "reference-types", "sign-ext"];

/** The pieces of each function's code that some others have as well. */
function pieces(functions) {
  const owners = new Map();
  functions.forEach((code, index) => {
    for (let at = 0; at + PIECE <= code.length; at += 1) {
      const piece = code.readUIntLE(at, PIECE);
      const known = owners.get(piece) ?? owners.set(piece, []).get(piece);
      if (known.at(-1) !== index) known.push(index);
    }
  });
  const shared = functions.map(() => []);
  for (const having of owners.values()) if (having.length > 1 && having.length <= COMMON) for (const index of having) shared[index].push(having);
  return shared;
}

/** Begins with the largest; the next is always the one that has most in common with the last ones, for its size. */
function ordered(functions) {
  const shared = pieces(functions);
  const common = functions.map(() => 0);
  const seen = new Map();
  const count = (index, by) => {
    for (const having of shared[index]) {
      const times = (seen.get(having) ?? 0) + by;
      seen.set(having, times);
      if (times === (by > 0 ? 1 : 0)) for (const other of having) common[other] += by;
    }
  };
  const left = new Set(functions.keys());
  const best = (score) => [...left].reduce((one, other) => (score(other) > score(one) ? other : one));
  const order = [];
  let [oldest, size] = [0, 0];
  while (left.size) {
    const next = order.length ? best((index) => common[index] / (functions[index].length + 20)) : best((index) => functions[index].length);
    left.delete(next);
    order.push(next);
    count(next, 1);
    for (size += functions[next].length; size > WINDOW; oldest += 1) {
      count(order[oldest], -1);
      size -= functions[order[oldest]].length;
    }
  }
  return order;
}

/** The same module. wasm-opt, which knows all the places that name a function by its number, sorts them by names that we give. */
export function reordered(wasm) {
  const found = sections(wasm).filter(([id]) => id !== SECTION.names);
  const of = (wanted) => found.find(([id]) => id === wanted)[1];
  const read = reader(of(SECTION.code));
  const functions = Array.from({ length: read.number() }, () => read.take(read.number()));
  const first = imports(of(SECTION.imports)).length;
  const ranks = new Map(ordered(functions).map((index, rank) => [index, rank]));
  const names = functions.flatMap((_, index) => [...number(first + index), ...name(String(ranks.get(index)).padStart(6, "0"))]);
  const map = [...number(functions.length), ...names];
  const section = Buffer.from([...name("name"), 1, ...number(map.length), ...map]);
  const folder = mkdtempSync(join(tmpdir(), "vm-restore-"));
  try {
    const file = join(folder, "module.wasm");
    writeFileSync(file, joined([...found, [SECTION.names, section]]));
    const features = FEATURES.map((feature) => `--enable-${feature}`);
    execFileSync(process.execPath, [WASM_OPT, ...features, "--low-memory-unused", "--reorder-functions-by-name", file, "-o", file]);
    return readFileSync(file);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
