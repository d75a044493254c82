// The sections of a WebAssembly module, as bytes.

export const SECTION = { names: 0, imports: 2, code: 10 };

/** Reads numbers, names and pieces of `bytes`, one after the other. */
export function reader(bytes) {
  let at = 0;
  const number = () => {
    for (let value = 0, shift = 0; ; shift += 7) {
      const byte = bytes[at++];
      value += (byte & 127) * 2 ** shift;
      if (byte < 128) return value;
    }
  };
  const take = (length) => bytes.subarray(at, (at += length));
  return { number, take, name: () => take(number()).toString(), left: () => bytes.length - at };
}

/** A number and a name as a module writes them. */
export const number = (value) => (value < 128 ? [value] : [(value % 128) + 128, ...number(Math.floor(value / 128))]);
export const name = (text) => [...number(Buffer.byteLength(text)), ...Buffer.from(text)];

/** @returns {[id: number, bytes: Buffer][]} */
export function sections(wasm) {
  const read = reader(wasm.subarray(8));
  const found = [];
  while (read.left()) found.push([read.take(1)[0], read.take(read.number())]);
  return found;
}

/** The module of these sections. */
export function joined(sections) {
  const parts = sections.flatMap(([id, bytes]) => [Buffer.from([id, ...number(bytes.length)]), bytes]);
  return Buffer.concat([Buffer.from([0, 97, 115, 109, 1, 0, 0, 0]), ...parts]);
}

/** The names of what a module imports, each with what else is written about it; wasm-bindgen's modules import nothing but functions. */
export function imports(bytes) {
  const read = reader(bytes);
  return Array.from({ length: read.number() }, () => {
    const [module, name, kind, type] = [read.name(), read.name(), read.number(), read.number()];
    if (kind !== 0) throw new Error(`${module} ${name} is imported and is no function.`);
    return { module, name, type };
  });
}
