// An OpenID server: oidc-provider over https on loopback, with a certificate made for the run.

import { text } from "node:stream/consumers";
import { generateKeyPairSync } from "node:crypto";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Provider, errors, interactionPolicy } from "oidc-provider";

/** What tokens are for. */
export const SCOPE = "https://management.azure.com/user_impersonation";
export const CLIENT = "vm-restore";

/** A key and a self-signed certificate for `hosts`. */
export function certificate(hosts = ["localhost"]) {
  const folder = mkdtempSync(join(tmpdir(), "certificate-"));
  const [key, cert] = ["key.pem", "cert.pem"].map((name) => join(folder, name));
  const names = hosts.map((host) => `DNS:${host}`).join(",");
  execFileSync("openssl", ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-keyout", key, "-out", cert,
    "-subj", `/CN=${hosts[0]}`, "-addext", `subjectAltName=${names}`], { stdio: "ignore" });
  const made = { key: readFileSync(key), cert: readFileSync(cert) };
  rmSync(folder, { recursive: true });
  return made;
}

const TLS = certificate();
const KEYS = generateKeyPairSync("rsa", { modulusLength: 2048 });
const FORM = `<!DOCTYPE html><html lang="en"><title>Sign in</title><form method="post">
  <label>Name <input name="login"></label> <button>Continue</button> <button name="decline">Decline</button></form></html>`;

/**
 * Starts a server that signs in anybody, and registers the page at `url`.
 * @param {string[]} urls of the page
 * @returns {Promise<{origin: string, asked: string[], strict(on: boolean): void, down(on: boolean): void, close(): Promise<void>}>}
 *   `asked` are the grants that the token endpoint was asked for. While `strict` is on, a refresh that carries claims is refused: the person must
 *   come. While `down` is on, nothing is answered but 503.
 */
export async function identityProvider(urls, { tokenSeconds = 3600 } = {}) {
  const asked = [];
  let strict = false;
  let down = false;
  let answer = (_, response) => response.end();
  const server = createServer(TLS, (request, response) => answer(request, response));
  await new Promise((listening, failed) => server.once("error", failed).listen(0, "127.0.0.1", listening));
  const origin = `https://localhost:${server.address().port}`;
  const policy = interactionPolicy.base();
  policy.add(new interactionPolicy.Prompt({ name: "select_account", requestable: true }), 0);
  const provider = new Provider(origin, {
    clients: [{
      client_id: CLIENT,
      token_endpoint_auth_method: "none",
      grant_types: ["authorization_code", "refresh_token"],
      response_types: ["code"],
      redirect_uris: urls.flatMap((url) => [`${url}redirect.html`, url]),
      post_logout_redirect_uris: urls,
    }],
    scopes: ["openid", "profile", "offline_access", SCOPE],
    claims: { openid: ["sub"], profile: ["preferred_username", "name"] },
    conformIdTokenClaims: false,
    clientBasedCORS: () => true,
    pkce: { required: () => true },
    issueRefreshToken: async (_, client) => client.grantTypeAllowed("refresh_token"),
    rotateRefreshToken: ({ oidc }) => {
      if (strict && /acrs/.test(oidc.body.claims ?? "")) {
        throw new errors.CustomOIDCProviderError("interaction_required", "AADSTS50076: a second factor is needed.");
      }
      return false;
    },
    ttl: { AccessToken: tokenSeconds, Session: 3600, Grant: 3600, Interaction: 600, IdToken: 3600, RefreshToken: 3600 },
    findAccount: (_, id) => ({
      accountId: id,
      claims: async () => ({ sub: id, preferred_username: `${id}@example.test`, name: id }),
    }),
    features: {
      devInteractions: { enabled: false },
      rpInitiatedLogout: {
        logoutSource: (context, form) => {
          context.body = `<!DOCTYPE html><html lang="en"><title>Sign out</title>${form}<button form="op.logoutForm" name="logout" value="yes">Sign me out</button></html>`;
        },
      },
    },
    interactions: { url: (_, { uid }) => `/sign-in/${uid}`, policy },
    jwks: { keys: [{ ...KEYS.privateKey.export({ format: "jwk" }), use: "sig", alg: "RS256" }] },
    cookies: { keys: ["for this run alone"] },
    loadExistingGrant: async (context) => {
      const { client, session, provider } = context.oidc;
      const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
      grant.addOIDCScope(`openid profile offline_access ${SCOPE}`);
      await grant.save();
      return grant;
    },
  });
  provider.use(async (context, next) => {
    if (down) return void (context.status = 503);
    await next();
    const grant = context.oidc?.params?.grant_type;
    if (grant) asked.push(context.status === 200 ? grant : `${grant} refused`);
  });
  const others = provider.callback();
  answer = async (request, response) => {
    if (!request.url.startsWith("/sign-in/")) return others(request, response);
    if (request.method === "GET") return response.writeHead(200, { "Content-Type": "text/html" }).end(FORM);
    const form = new URLSearchParams(await text(request));
    const login = { accountId: form.get("login") };
    const result = form.has("decline") ? { error: "access_denied" } : { select_account: {}, login };
    return provider.interactionFinished(request, response, result);
  };
  const close = () => new Promise((closed) => {
    server.close(closed);
    server.closeAllConnections();
  });
  return { origin, asked, strict: (on) => (strict = on), down: (on) => (down = on), close };
}

/** Signs in as `name` on the server's own page. */
export async function signInAs(page, name) {
  await page.getByRole("textbox", { name: "Name" }).fill(name);
  await page.getByRole("button", { name: "Continue" }).click();
}
