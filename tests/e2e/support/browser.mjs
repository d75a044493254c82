// The browser: the system's own, nothing is downloaded.

/** Options of Playwright's launch. */
export const launchOptions = {
  executablePath: process.env.CHROME ?? "/usr/bin/chromium",
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
  ],
};
