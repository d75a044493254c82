// Gives what a module imports short names, in the module and in the JavaScript beside it: wasm-bindgen's are long and end in digits that
// do not pack. The main module weighs 3 KB less for it.

import { imports, joined, name, number, SECTION, sections } from "./module.mjs";

/** How wasm-bindgen writes a function that the module imports. */
const FUNCTION = /^ {8}(\w+)(?=: function\()/gm;

/** `a` to `z`, then `a0`, `b0` and so on. */
const short = (index) => String.fromCharCode(97 + (index % 26)) + (index < 26 ? "" : Math.floor(index / 26 - 1).toString(36));

/** @returns {[Buffer, string]} the module and its JavaScript */
export function shortened(wasm, script) {
  const given = [...script.matchAll(FUNCTION)].map(([, name]) => name);
  const names = new Map(given.map((name, index) => [name, short(index)]));
  const wanted = [];
  const changed = sections(wasm).map(([id, bytes]) => {
    if (id !== SECTION.imports) return [id, bytes];
    wanted.push(...imports(bytes));
    const entries = wanted.flatMap((one) => [...name(one.module), ...name(names.get(one.name) ?? ""), 0, ...number(one.type)]);
    return [id, Buffer.from([...number(wanted.length), ...entries])];
  });
  // Each is wanted once and given once; otherwise one of the two would be named wrongly.
  const all = new Set(wanted.map(({ name }) => name));
  const same = [wanted.length, given.length, names.size].every((count) => count === all.size) && given.every((name) => all.has(name));
  if (!same) throw new Error(`The module imports ${wanted.length} functions and its JavaScript gives ${given.length}, or others.`);
  return [joined(changed), script.replace(FUNCTION, (_, name) => `        ${names.get(name)}`)];
}
