// Trunk runs this after each build (Trunk.toml, hook `post_build`).

import { fileURLToPath } from "node:url";
import { finalize } from "./finalize-dist/finalize.mjs";

finalize({
  folder: process.env.TRUNK_STAGING_DIR,
  root: fileURLToPath(new URL("..", import.meta.url)),
  released: process.env.TRUNK_PROFILE === "release",
});
