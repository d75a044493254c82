// Where things are.

import { fileURLToPath } from "node:url";
import { resolve } from "node:path";

export const root = fileURLToPath(new URL("../../..", import.meta.url));
export const dist = resolve(root, "dist");
export const shared = resolve(root, process.env.SHARED_DIR ?? "../shared");
