// Listens for what must never happen while a page is used.

/** The browser reports every answer of 400 and above as an error of the console; that is Azure's word, not the page's. */
const AN_ANSWER = /^Failed to load resource: the server responded with a status of/;
/** A connection that a test has cut on purpose is told in the same way. */
const NO_ANSWER = /^Failed to load resource: net::/;

/**
 * Watches all pages of a context from now on.
 * @param {import("@playwright/test").BrowserContext} context
 * @param {{origins: string[]}} allowed origins that may be asked
 * @returns {Promise<string[]>} what was found, one sentence each; grows
 */
export async function guard(context, { origins }) {
  const found = [];
  await context.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => {
      console.error(`Content-Security-Policy: ${event.effectiveDirective} refused ${event.blockedURI || "inline"}`);
    });
  });
  context.on("weberror", (error) => found.push(`uncaught: ${error.error().message}`));
  context.on("console", (message) => {
    const text = message.text();
    if (message.type() === "error" && !AN_ANSWER.test(text) && !NO_ANSWER.test(text)) found.push(`console: ${text}`);
  });
  context.on("request", (request) => {
    const { protocol, origin } = new URL(request.url());
    const outside = protocol.startsWith("http") && !origins.includes(origin);
    if (outside) found.push(`request to another origin: ${request.method()} ${request.url().split("?")[0]}`);
  });
  return found;
}
