// End-to-end tests; `cargo xtask test --e2e` builds what they need and runs them.

import { defineConfig } from "@playwright/test";
import { launchOptions } from "./support/browser.mjs";

export default defineConfig({
  testDir: "specs",
  testMatch: "*.spec.mjs",
  outputDir: "../../test-results",
  fullyParallel: true,
  workers: 2,
  retries: 0,
  forbidOnly: !!process.env.CI,
  // What hangs is ended; what is slow on a busy machine is not.
  timeout: 600_000,
  expect: { timeout: 60_000 },
  reporter: [["line"], ...(process.env.REPORT ? [["json", { outputFile: process.env.REPORT }]] : [])],
  use: {
    launchOptions,
    // What a test answers itself must not come from a copy that was kept.
    serviceWorkers: "block",
    viewport: { width: 1280, height: 900 },
    locale: "en-GB",
    timezoneId: "UTC",
    actionTimeout: 60_000,
  },
});
