// An OpenID server: oidc-provider over https on loopback, with a certificate made for the run.

import { text } from "node:stream/consumers";
import { generateKeyPairSync } from "node:crypto";
import { createServer } from "node:https";
import { Provider, errors, interactionPolicy } from "oidc-provider";
import { certificate } from "./certificate.mjs";

/** What tokens are for. */
export const SCOPE = "https://management.azure.com/user_impersonation";
export const CLIENT = "vm-restore";
const RESOURCE = "https://management.azure.com/";

// It reminds of what matters in production.
for (const name of ["info", "warn"]) {
  const say = console[name];
  console[name] = (first, ...more) => (String(first).includes("oidc-provider") ? undefined : say(first, ...more));
}

const TLS = certificate();
const KEYS = generateKeyPairSync("rsa", { modulusLength: 2048 });
const FORM = `<!DOCTYPE html><html lang="en"><title>Sign in</title><form method="post">
  <label>Name <input name="login"></label> <button>Continue</button> <button name="decline">Decline</button></form></html>`;

/**
 * Starts a server that signs in anybody, and registers the page at `urls`.
 * @param {string[]} urls of the page
 * @param {{tokenSeconds?: number, tenants?: string[]}} [options] with `tenants`, each is an authority of its own below the origin, whose tokens say so
 * @returns {Promise<{origin: string, asked: string[], strict(on: boolean): void, down(on: boolean): void, close(): Promise<void>}>}
 *   `asked` are the grants that token endpoints were asked for. While `strict` is on, a refresh that carries claims is refused: the person must
 *   come. While `down` is on, nothing is answered but 503.
 */
export async function identityProvider(urls, { tokenSeconds = 3600, tenants = [""] } = {}) {
  const now = { asked: [], strict: false, down: false };
  const authorities = new Map();
  const server = createServer(TLS, (request, response) => {
    if (now.down) return response.writeHead(503).end();
    const [prefix, answer] = [...authorities].find(([prefix]) => request.url.startsWith(`${prefix}/`)) ?? [];
    if (!answer) return response.writeHead(404).end();
    request.originalUrl = request.url;
    request.url = request.url.slice(prefix.length);
    return answer(request, response);
  });
  await new Promise((listening, failed) => server.once("error", failed).listen(0, "127.0.0.1", listening));
  const origin = `https://localhost:${server.address().port}`;
  for (const tenant of tenants) {
    const prefix = tenant && `/${tenant}`;
    authorities.set(prefix, authority(`${origin}${prefix}`, { prefix, tenant, urls, tokenSeconds, now }));
  }
  const close = () => new Promise((closed) => {
    server.close(closed);
    server.closeAllConnections();
  });
  return { origin, asked: now.asked, strict: (on) => (now.strict = on), down: (on) => (now.down = on), close };
}

/** What answers the requests of one authority. */
function authority(issuer, { prefix, tenant, urls, tokenSeconds, now }) {
  const policy = interactionPolicy.base();
  policy.add(new interactionPolicy.Prompt({ name: "select_account", requestable: true }), 0);
  const provider = new Provider(issuer, {
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
      if (now.strict && /acrs/.test(oidc.body.claims ?? "")) {
        throw new errors.CustomOIDCProviderError("interaction_required", "AADSTS50076: a second factor is needed.");
      }
      return false;
    },
    ttl: { AccessToken: tokenSeconds, Session: 3600, Grant: 3600, Interaction: 600, IdToken: 3600, RefreshToken: 3600 },
    findAccount: (_, id) => ({
      accountId: id,
      claims: async () => ({ sub: id, preferred_username: `${id}@example.test`, name: id }),
    }),
    extraTokenClaims: () => ({ tid: tenant }),
    features: {
      devInteractions: { enabled: false },
      resourceIndicators: {
        enabled: Boolean(tenant),
        defaultResource: () => RESOURCE,
        useGrantedResource: () => true,
        getResourceServerInfo: () => ({ scope: SCOPE, accessTokenFormat: "jwt", accessTokenTTL: tokenSeconds, jwt: { sign: { alg: "RS256" } } }),
      },
      rpInitiatedLogout: {
        logoutSource: (context, form) => {
          context.body = `<!DOCTYPE html><html lang="en"><title>Sign out</title>${form}<button form="op.logoutForm" name="logout" value="yes">Sign me out</button></html>`;
        },
      },
    },
    interactions: { url: (_, { uid }) => `${prefix}/sign-in/${uid}`, policy },
    jwks: { keys: [{ ...KEYS.privateKey.export({ format: "jwk" }), use: "sig", alg: "RS256" }] },
    cookies: { keys: ["for this run alone"] },
    loadExistingGrant: async (context) => {
      const { client, session, provider } = context.oidc;
      const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
      grant.addOIDCScope(`openid profile offline_access ${SCOPE}`);
      grant.addResourceScope(RESOURCE, SCOPE);
      await grant.save();
      return grant;
    },
  });
  provider.use(async (context, next) => {
    await next();
    const grant = context.oidc?.params?.grant_type;
    if (grant) now.asked.push(context.status === 200 ? grant : `${grant} refused`);
  });
  const others = provider.callback();
  return async (request, response) => {
    if (!request.url.startsWith("/sign-in/")) return others(request, response);
    if (request.method === "GET") return response.writeHead(200, { "Content-Type": "text/html" }).end(FORM);
    const form = new URLSearchParams(await text(request));
    const login = { accountId: form.get("login") };
    const result = form.has("decline") ? { error: "access_denied" } : { select_account: {}, login };
    return provider.interactionFinished(request, response, result);
  };
}

/** Signs in as `name` on the server's own page. */
export async function signInAs(page, name) {
  await page.getByRole("textbox", { name: "Name" }).fill(name);
  await page.getByRole("button", { name: "Continue" }).click();
}
